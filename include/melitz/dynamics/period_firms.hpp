// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/dynamics/changed_economy.hpp>
#include <melitz/economy/ces.hpp>
#include <melitz/economy/solve.hpp>
#include <melitz/entry/free_entry.hpp>
#include <melitz/tail/tail.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <span>

// What firms do in one period of a transition, given the cutoff and the export cost of a period.

namespace melitz::detail {

/// The tail in levels: survival, excess, and density at x.
template <productivity_tail Tail>
[[nodiscard]] auto level_of(Tail const& tail, typename Tail::real_type const& log_x) {
  return is_finite(log_x) ? tail.at(log_x).in_levels() : tail_point<typename Tail::real_type>{};
}

/// Firms alive of one period, per entrant who may do what it likes, with derivatives with respect to the log cutoff x.
template <real Real>
struct period_firms {
  Real log_cutoff, log_export_cutoff;
  Real export_cost{0};  ///< n F
  tail_point<Real> home{}, abroad{};
  Real profit{0};                 ///< Pi; its derivatives are -r variable and -export_cost abroad.survival
  Real variable{0};               ///< V, variable profit
  Real exported{0};               ///< of it, earned abroad
  Real variable_slope{0};         ///< with respect to x
  Real fixed{0}, fixed_slope{0};  ///< overhead, export costs where all export; with respect to x
  Real log_demand{0};             ///< ln B: variable profit at home is B phi^r; its derivative is -r
};

/// An economy after the change, or before, with what does not depend on the period.
template <productivity_tail Tail>
struct period_market {
  using Real = typename Tail::real_type;

  Tail const& tail;
  open_economy<Real> const& economy;
  melitz::regime regime;
  Real power, partners, freeness{0}, log_loss{0}, all_export_cost{0}, all_export_shift{0};

  /// @param steady  the economy with the export cost per period of its steady state
  period_market(Tail const& law_tail, open_economy<Real> const& e, foreign_market<Real> const& steady)
      : tail(law_tail), economy(e), regime(steady.regime), power(e.domestic.elasticity - 1), partners(0) {
    using std::log, std::log1p;
    if (regime == melitz::regime::closed) return;
    partners = e.partners;
    freeness = steady.freeness;
    log_loss = power * log(e.iceberg_cost);
    if (regime != melitz::regime::all_export) return;
    Real const f = e.domestic.fixed_cost;
    all_export_cost = f + partners * e.export_fixed_cost;
    all_export_shift = log1p(Real(partners * freeness)) - log(Real(all_export_cost / f));
  }

  [[nodiscard]] bool selects() const { return regime == melitz::regime::selection; }

  [[nodiscard]] period_firms<Real> operator()(Real const& x, Real const& log_export_cost) const {
    using std::exp, std::log;
    Real const f = economy.domestic.fixed_cost, log_f = log(f);
    period_firms<Real> out{};
    out.log_cutoff = x;
    out.home = level_of(tail, x);
    Real const cost = regime == melitz::regime::all_export ? all_export_cost : f;
    out.profit = cost * out.home.excess;
    out.variable = cost * out.home.moment();
    out.variable_slope = -cost * (power * out.home.moment() + out.home.density);
    out.fixed = cost * out.home.survival;
    out.fixed_slope = -cost * out.home.density;
    out.log_demand = log_f - power * x - all_export_shift;
    out.log_export_cutoff = regime == melitz::regime::closed ? infinity<Real> : x;
    if (regime == melitz::regime::all_export) {
      out.abroad = out.home;
      out.exported = out.variable * (partners * freeness / (1 + partners * freeness));
    }
    if (!selects()) return out;
    out.log_export_cutoff = x + (log_loss + log_export_cost - log_f) / power;
    out.abroad = level_of(tail, out.log_export_cutoff);
    out.export_cost = partners * exp(log_export_cost);
    out.profit += out.export_cost * out.abroad.excess;
    out.exported = out.export_cost * out.abroad.moment();
    out.variable += out.exported;
    Real const marginal = out.export_cost * out.abroad.density;
    out.variable_slope -= power * out.exported + marginal;
    return out;
  }
};

/// Firms that were there before the change and are not free to do what younger ones do: they have paid to export, or
/// they may have left for good. Per entrant of those times who is alive.
template <real Real>
struct old_firms {
  Real survival{0}, survival_abroad{0}, variable{0}, exported{0};
};

/// What old firms do that produce from log productivity `home` on and export from `abroad` on.
template <productivity_tail Tail>
[[nodiscard]] auto old_firms_at(period_market<Tail> const& market, period_firms<typename Tail::real_type> const& young,
                                typename Tail::real_type const& home, typename Tail::real_type const& abroad) {
  using Real = typename Tail::real_type;
  using std::exp;
  old_firms<Real> out;
  Real const r = market.power;
  auto const at_home = home == young.log_cutoff ? young.home : level_of(market.tail, home);
  Real const demand = exp(young.log_demand);
  out.survival = at_home.survival;
  out.variable = at_home.moment() * exp(Real(r * home)) * demand;
  if (market.regime == regime::closed) return out;
  auto const there = abroad == young.log_export_cutoff ? young.abroad : level_of(market.tail, abroad);
  out.survival_abroad = there.survival;
  out.exported = market.partners * market.freeness * demand * there.moment() * exp(Real(r * abroad));
  out.variable += out.exported;
  return out;
}

/// A steady state and what the transition needs of it.
template <real Real>
struct steady_state {
  status reason = status::not_solved;
  foreign_market<Real> abroad;
  Real log_cutoff{}, log_export_cutoff{}, log_export_cost{}, log_mass{}, log_marginal_utility{};
  transition_period<Real> numbers{};
};

/// Who is there less who was there before and still is: not below 0, where they are the same but for rounding.
template <real Real>
[[nodiscard]] Real newcomers(Real const& now, Real const& of_before) {
  Real const out = now - of_before;
  return out < 0 && -out <= 64 * epsilon<Real>() * of_before ? Real(0) : out;
}

/// Numbers of a period from its firms.
/// @param mass        all entrants alive, of whom `old_mass` as in `old`
/// @param last_mass   entrants alive a period ago
/// @param last_exporters  exporters a period ago; negative where the export cost is paid in every period
template <productivity_tail Tail>
[[nodiscard]] auto period_numbers(period_market<Tail> const& market,
                                  period_firms<typename Tail::real_type> const& young,
                                  old_firms<typename Tail::real_type> const& old, typename Tail::real_type const& mass,
                                  typename Tail::real_type const& old_mass, typename Tail::real_type const& last_mass,
                                  typename Tail::real_type const& last_exporters) {
  using Real = typename Tail::real_type;
  using std::exp, std::log;
  auto const& e = market.economy;
  auto const& d = e.domestic;
  Real const sigma = d.elasticity, living = 1 - d.death_rate, new_mass = mass - old_mass;
  transition_period<Real> out;
  out.cutoff = exp(young.log_cutoff);
  out.export_cutoff = exp(young.log_export_cutoff);
  out.mass_entrants = mass;
  out.mass_entrants_per_period = newcomers(mass, Real(living * last_mass));
  out.mass_producers = new_mass * young.home.survival + old_mass * old.survival;
  out.mass_exporters = new_mass * young.abroad.survival + old_mass * old.survival_abroad;
  out.expenditure = sigma * (new_mass * young.variable + old_mass * old.variable);
  out.exports = sigma * (new_mass * young.exported + old_mass * old.exported);
  out.price_index = exp(log_price_index(young.log_demand, out.expenditure, sigma));
  out.consumption = out.expenditure / out.price_index;
  out.labor_entry = out.mass_entrants_per_period * d.entry_cost;
  out.labor_fixed = out.mass_producers * d.fixed_cost;
  out.labor_variable = out.expenditure * inverse_markup(sigma);
  if (last_exporters < 0) {
    out.labor_export_fixed =
        market.regime == regime::closed ? Real(0) : Real(market.partners * e.export_fixed_cost * out.mass_exporters);
  } else {
    out.mass_new_exporters =
        market.regime == regime::closed ? Real(0) : newcomers(out.mass_exporters, Real(living * last_exporters));
    out.labor_export_fixed = market.partners * e.export_fixed_cost * out.mass_new_exporters;
  }
  return out;
}

/// The steady state of an economy in a transition, `before` or `after`.
template <productivity_tail Tail>
[[nodiscard]] auto solve_steady_state(transition_economy<typename Tail::real_type> const& t,
                                      open_economy<typename Tail::real_type> const& economy, Tail const& tail,
                                      int max_evaluations) {
  using Real = typename Tail::real_type;
  using std::exp, std::log;
  bool const sunk = t.export_cost == export_cost_kind::sunk;
  Real const living = 1 - economy.domestic.death_rate, user_cost = 1 - t.discount_factor * living;
  auto per_period = economy;
  if (sunk) per_period.export_fixed_cost *= user_cost;
  market_menu<Real> const menu(per_period);
  steady_state<Real> out{.reason = status::out_of_range, .abroad = menu.abroad};
  Real const required = economy.domestic.entry_cost * user_cost;
  if (!(required > 0)) return out;
  std::array<tail_point<Real>, 2> points{};
  auto const entry = try_solve_free_entry(menu.view(), tail, required,
                                          std::span<tail_point<Real>>(points.data(), menu.count), {max_evaluations});
  out.reason = entry.reason;
  if (!entry) return out;
  period_market<Tail> const market(tail, economy, menu.abroad);
  out.log_export_cost = log(per_period.export_fixed_cost);
  out.log_cutoff = entry.log_cutoff;
  auto const firms = market(out.log_cutoff, out.log_export_cost);
  out.log_export_cutoff = firms.log_export_cutoff;
  auto const& d = economy.domestic;
  Real mass = d.labor / (d.elasticity * firms.variable);
  if (t.spending == spending_rule::general_equilibrium) {
    Real const exporting = market.selects() ? Real(market.partners * economy.export_fixed_cost * firms.abroad.survival *
                                                   (sunk ? d.death_rate : Real(1)))
                                            : Real(0);
    mass = d.labor / (d.entry_cost * d.death_rate + market.power * firms.variable + firms.fixed + exporting);
  }
  out.log_mass = log(mass);
  old_firms<Real> const none{};
  out.numbers =
      period_numbers(market, firms, none, mass, Real(0), mass, sunk ? Real(mass * firms.abroad.survival) : Real(-1));
  out.numbers.mass_entrants_per_period = d.death_rate * mass;
  out.numbers.labor_entry = d.death_rate * mass * d.entry_cost;
  if (sunk && market.regime != regime::closed) {
    out.numbers.mass_new_exporters = d.death_rate * out.numbers.mass_exporters;
    out.numbers.labor_export_fixed = market.partners * economy.export_fixed_cost * out.numbers.mass_new_exporters;
  }
  out.numbers.user_cost = user_cost;
  out.numbers.entrant_value = 1;
  out.log_marginal_utility = -t.curvature * log(out.numbers.consumption) - log(out.numbers.price_index);
  if (!representable(out.numbers)) out.reason = status::out_of_range;
  return out;
}

}  // namespace melitz::detail
