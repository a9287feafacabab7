// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/dynamics/increasing_in_logs.hpp>
#include <melitz/dynamics/industry.hpp>
#include <melitz/dynamics/redraw_flows.hpp>
#include <melitz/economy/solve.hpp>
#include <melitz/error.hpp>
#include <melitz/tail/tail.hpp>

#include <cmath>

namespace melitz {

namespace detail {

/// Values where productivity stays or is drawn anew. With gamma the discount, kappa = 1 - gamma (1 - lambda) and u the
/// expected value of a draw before the choice to exit, a firm is worth (profit + gamma lambda u)/kappa or nothing: it
/// chooses like Melitz's with the overhead f - gamma lambda u.
template <productivity_tail Tail>
struct redraw_values {
  using Real = typename Tail::real_type;

  industry_economy<Real> const& economy;
  Tail const &entrants, &redraws;
  industry_menu<Real> menu;
  Real kappa, hope;  ///< 1 - gamma (1 - lambda); gamma lambda

  redraw_values(industry_economy<Real> const& e, Tail const& entry, Tail const& redraw)
      : economy(e), entrants(entry), redraws(redraw), menu(e), hope(e.discount() * e.redraw_probability) {
    kappa = e.impatience() + hope;
  }

  /// What firms do at a demand shifter, and with what overhead net of hope.
  struct policy {
    Real demand, overhead, log_cutoff, log_export_cutoff;
    bool all_export = false;
  };
  [[nodiscard]] policy at(Real const& demand, Real const& value_of_redraw) const {
    using std::log;
    policy out{demand, Real(menu.overhead - hope * value_of_redraw), -infinity<Real>, menu.log_export_cutoff(demand)};
    if (out.overhead > 0) out.log_cutoff = log(Real(out.overhead / demand)) / menu.power;
    // Every firm that stays exports where the threshold of exports lies below: then both costs are covered at once.
    if (menu.open() && !(out.log_export_cutoff > out.log_cutoff)) {
      Real const both = out.overhead + menu.export_cost;
      out.all_export = true;
      out.log_cutoff =
          both > 0 ? Real(log(Real(both / (demand * (1 + menu.reach)))) / menu.power) : Real(-infinity<Real>);
      out.log_export_cutoff = out.log_cutoff;
    }
    return out;
  }
  [[nodiscard]] static law_level<Real> level(Tail const& tail, Real const& t) {
    if (t > -infinity<Real>) return t < infinity<Real> ? law_level_at(tail, t) : law_level<Real>{0, 0, 0};
    return {1, 1, 0};
  }
  /// Sums over those draws of a law that stay.
  [[nodiscard]] firm_sums<Real> sums(Tail const& tail, policy const& p) const {
    using std::exp;
    Real const moment = exp(tail.log_moment());
    auto const home = level(tail, p.log_cutoff),
               abroad = menu.open() ? level(tail, p.log_export_cutoff) : law_level<Real>{0, 0, 0};
    return {home.survival, Real(moment * home.share), abroad.survival, Real(moment * abroad.share)};
  }
  /// E[max(0, profit + gamma lambda u)] of a draw: without a difference of nearly equal numbers where somebody exits.
  [[nodiscard]] Real gain(Tail const& tail, policy const& p, firm_sums<Real> const& s) const {
    auto const excess = [&](Real const& t) {
      auto const point = tail.at(t);
      return Real(point.excess * point.scale());
    };
    Real const overhead = p.all_export ? Real(p.overhead + menu.export_cost) : p.overhead;
    Real const slope = p.all_export ? Real(1 + menu.reach) : Real(1);
    Real out = p.log_cutoff > -infinity<Real> ? Real(overhead * excess(p.log_cutoff))
                                              : Real(p.demand * slope * s.size - overhead);
    if (menu.open() && !p.all_export) out += menu.export_cost * excess(p.log_export_cutoff);
    return out;
  }
  /// The value of a redraw, by Howard's iteration. @param guess  where to start, and on return that value
  policy settle(Real const& demand, Real& guess, int budget) const {
    using std::abs;
    policy out = at(demand, guess);
    if (same(hope, Real(0))) return out;
    Real last = infinity<Real>;
    for (int k = 0; k < budget; ++k) {
      auto const s = sums(redraws, out);
      Real const step = (gain(redraws, out, s) - kappa * guess) / (kappa - hope * s.firms), size = abs(step);
      guess += step;
      out = at(demand, guess);
      Real const scale = abs(guess);
      if (size <= 4 * epsilon<Real>() * scale || (size <= root_of_epsilon<2, Real>() * scale && !(size < last / 2))) {
        break;
      }
      last = size;
    }
    return out;
  }
};

/// The industry with redraws from a law that entrants may or may not draw from as well.
/// @param one_law  whether they do
template <productivity_tail Tail>
[[nodiscard]] industry_equilibrium<typename Tail::real_type> solve_redraws(
    industry_economy<typename Tail::real_type> const& e, Tail const& entrants, Tail const& redraws, bool one_law,
    industry_options const& how) {
  using Real = typename Tail::real_type;
  using std::exp, std::log;
  redraw_values<Tail> const values(e, entrants, redraws);
  auto const& menu = values.menu;
  Real const keep = 1 - e.redraw_probability, stay = 1 - e.death_rate;
  industry_equilibrium<Real> out;
  out.error_estimate = error_estimate_of(entrants);
  if (Real const other = error_estimate_of(redraws); other > out.error_estimate) out.error_estimate = other;

  Real u = e.entry_cost;
  Real const shifted = e.fixed_cost - values.hope * u;
  if ((one_law || same(values.hope, Real(0))) && shifted > 0) {
    // A draw is worth what it costs: Melitz's economy with another overhead and another death rate.
    auto const melitz = solve_checked(e.as_open(shifted, values.kappa), entrants, solve_options{how.max_evaluations});
    out.evaluations = melitz.evaluations;
    out.reason = melitz.reason;
    if (!melitz) return out;
    out.demand = exp(Real(log(shifted) - menu.power * log(melitz.domestic_cutoff)));
  } else {
    auto const value = [&](Real const& demand) {
      auto const p = values.settle(demand, u, how.max_evaluations);
      auto const own = values.sums(entrants, p), later = values.sums(redraws, p);
      Real const slope =
          menu.sold(own) + values.hope * own.firms * menu.sold(later) / (values.kappa - values.hope * later.firms);
      return value_and_slope<Real>{values.gain(entrants, p, own), slope};
    };
    // What a firm that never exits sells, in expectation, bounds the demand shifter from both sides.
    Real const moment = exp(entrants.log_moment()), later = exp(redraws.log_moment());
    Real const patience = 1 / e.impatience(), expected = moment / values.kappa + later * (patience - 1 / values.kappa);
    Real const lower = e.entry_cost / (expected * (1 + menu.reach));
    Real const upper = (e.entry_cost + e.fixed_cost * patience) / expected;
    if (!(lower > 0 && is_finite(upper))) {
      out.reason = status::out_of_range;
      return out;
    }
    auto const root = increasing_in_logs(value, Real(values.kappa * e.entry_cost), Real(lower / 2), Real(2 * upper),
                                         how.max_evaluations);
    out.evaluations = root.evaluations;
    if (!root.converged) {
      out.reason = status::iteration_limit;
      return out;
    }
    out.demand = root.at;
  }

  auto const p = values.settle(out.demand, u, how.max_evaluations);
  auto const own = values.sums(entrants, p), drawn = values.sums(redraws, p);
  out.log_cutoff = p.log_cutoff;
  out.nobody_exits = !(p.log_cutoff > -infinity<Real>);
  out.export_cutoff = menu.open() ? Real(exp(p.log_export_cutoff)) : infinity<Real>;
  out.free_entry_residual = values.gain(entrants, p, own) / (values.kappa * e.entry_cost) - 1;

  // Firms on their first draw leave by death, redraws and what follows; the same for those on a later one.
  auto const mix = [&](Real const& first, Real const& later) {
    return firm_sums<Real>{Real(first * own.firms + later * drawn.firms), Real(first * own.size + later * drawn.size),
                           Real(first * own.exporters + later * drawn.exporters),
                           Real(first * own.exported + later * drawn.exported)};
  };
  Real const leave = e.death_rate + e.redraw_probability * stay, lost = e.redraw_probability * (1 - drawn.firms);
  Real const end = e.death_rate + stay * lost;  // the hazard of exit
  require(end > 0, "industry_dynamics_economy", "death_rate", e.death_rate, "be positive where no firm ever exits");
  Real const first = 1 / leave, later = stay * e.redraw_probability * own.firms / (leave * end);
  auto const sums = mix(first, later);
  fill_industry(out, e, menu, sums);
  // The same by what a firm expects: x now, and what a redraw will bring.
  Real const expected = menu.sold(drawn) / end, counted = menu.sold(sums);
  out.mass_residual = (menu.sold(own) + stay * e.redraw_probability * own.firms * expected) / (leave * counted) - 1;
  out.entry_rate = own.firms / sums.firms;
  auto const discounted =
      mix(Real(1 / values.kappa),
          Real(values.hope * own.firms / (values.kappa * (values.kappa - values.hope * drawn.firms))));
  out.discounted_export_share = menu.reach * discounted.exported / menu.sold(discounted);
  out.discretization_error = 0;

  if (how.flows) {
    redraw_flows(out, e, menu, entrants, redraws, {p.log_cutoff, p.log_export_cutoff}, own, drawn, first, later);
    // By age: those who never drew again, and the others.
    Real never = own.firms, again(0), mass = own.firms;
    Real const mean = sums.size / sums.firms, mean_own = own.size / own.firms;
    Real const mean_drawn = drawn.firms > 0 ? Real(drawn.size / drawn.firms) : Real(0);
    for (int age = 0; age < how.ages; ++age) {
      out.share_of_firms_by_age.push_back(mass / sums.firms);
      out.relative_size_by_age.push_back((never * mean_own + again * mean_drawn) / (mass * mean));
      out.exit_hazard_by_age.push_back(end);
      again = stay * (keep * again + e.redraw_probability * drawn.firms * mass);
      never *= stay * keep;
      mass = never + again;
      if (!(mass > 0)) break;
    }
  }
  return checked_industry(out, Real(4096 * epsilon<Real>()), how.flows);
}

/// @throws domain_error unless shocks are redraws, both tails have the economy's power, and options make sense
template <productivity_tail Tail>
void require_redraws(industry_economy<typename Tail::real_type> const& economy, Tail const& tail,
                     industry_options const& how) {
  using Real = typename Tail::real_type;
  economy.validate();
  require_options(how);
  if (economy.shocks != productivity_shocks::redraws) {
    throw domain_error("try_solve", "shocks", to_string(economy.shocks), "be redraws");
  }
  require(same(Real(tail.power()), Real(economy.elasticity - 1)), "try_solve", "tail.power()", tail.power(),
          "equal elasticity - 1");
}

}  // namespace detail

/// Steady state with redraws: a firm keeps its productivity, or with probability redraw_probability draws anew from the
/// law that entrants draw from. Exact for every law; with probability 0 it is Melitz's economy.
///
/// @param tail  the law bound to elasticity - 1
/// @throws domain_error naming a parameter that is out of range; also where no firm ever exits
/// @return numbers, or NaN and in `reason` why
/// Accuracy: 1e-13 relative for closed-form laws.
template <productivity_tail Tail>
[[nodiscard]] auto try_solve_redraws(industry_economy<typename Tail::real_type> const& economy, Tail const& tail,
                                     industry_options const& how = {}) {
  detail::require_redraws(economy, tail, how);
  return detail::solve_redraws(economy, tail, tail, true, how);
}

/// The same where firms redraw from another law than entrants draw from.
template <productivity_tail Tail>
[[nodiscard]] auto try_solve_redraws(industry_economy<typename Tail::real_type> const& economy, Tail const& entrants,
                                     Tail const& redraws, industry_options const& how = {}) {
  detail::require_redraws(economy, entrants, how);
  detail::require_redraws(economy, redraws, how);
  return detail::solve_redraws(economy, entrants, redraws, false, how);
}

}  // namespace melitz
