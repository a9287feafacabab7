// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/economy/equilibrium.hpp>
#include <melitz/economy/primitives.hpp>
#include <melitz/economy/solve_or_throw.hpp>
#include <melitz/entry/free_entry.hpp>
#include <melitz/numerics/log_pair.hpp>
#include <melitz/tail/tail.hpp>

#include <array>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <limits>
#include <span>

namespace melitz {

namespace detail {

/// The economy's menu: serve home (slope 1, cost f), or also n foreign markets (slope + n tau^(1-sigma), cost + n f_x).
template <real Real>
struct market_menu {
  foreign_market<Real> abroad;
  std::array<kink<Real>, 2> kinks{};
  std::size_t count = 1;
  with_rest<Real> fixed_cost;
  Real slope{1};

  explicit market_menu(open_economy<Real> const& e) : abroad(e), fixed_cost{e.domestic.fixed_cost} {
    Real const n = e.partners;
    switch (abroad.regime) {
      case regime::closed:
        break;
      case regime::selection:
        kinks[1] = {Real(n * (e.export_fixed_cost / fixed_cost.value)), abroad.log_cost_ratio};
        kinks[1].log_ratio_rest = abroad.log_cost_ratio_rest;
        if (e.domestic.elasticity < 2) {  // there a rounding of profit is several of ln phi*
          using wide = wider_t<Real>;
          auto const weight = static_cast<wide>(n) * static_cast<wide>(e.export_fixed_cost);
          kinks[1].weight_rest =
              static_cast<Real>(weight / static_cast<wide>(fixed_cost.value) - static_cast<wide>(kinks[1].weight));
        }
        count = 2;
        break;
      case regime::all_export: {
        auto const foreign = product_with_rest(n, e.export_fixed_cost);
        fixed_cost = sum_with_rest(fixed_cost.value, foreign.value);
        fixed_cost.rest += foreign.rest;
        slope += n * abroad.freeness;
        break;
      }
    }
  }
  [[nodiscard]] envelope<Real, std::span<kink<Real> const>> view() const {
    return {fixed_cost.value, slope, Real(0), Real(0), std::span<kink<Real> const>(kinks.data(), count)};
  }
};

/// Everything that follows from the cutoff, without solving anything more (the lecture's recursive structure, slide
/// 15): masses from labour-market clearing, then the price index.
///
/// @pre out.log_cutoff and out.economy are set
/// @param home    the tail at the cutoff
/// @param beyond  the tail at the export cutoff; `home` again where all producers export
template <real Real>
void fill_aggregates(equilibrium<Real>& out, foreign_market<Real> const& market, tail_point<Real> const& home,
                     tail_point<Real> const& beyond) {
  using std::exp, std::log, std::log1p;
  auto const& e = out.economy;
  auto const& d = e.domestic;
  bool const open = market.regime != regime::closed, all_export = market.regime == regime::all_export;
  Real const r = d.elasticity - 1, root = 1 / r, n = open ? e.partners : Real(0);
  out.regime = market.regime;
  out.cutoff = exp(out.log_cutoff);
  out.export_cutoff = all_export ? out.cutoff
                      : open     ? Real(exp(Real(out.log_cutoff + market.log_cost_ratio / r)))
                                 : infinity<Real>;
  // Above the support there is nothing to scale.
  Real const shrink = all_export || same(beyond.log_scale, home.log_scale) ? Real(1)
                      : beyond.moment() > 0 ? Real(exp(Real(beyond.log_scale - home.log_scale)))
                                            : Real(0);
  Real const survival_x = beyond.survival * shrink, moment_x = beyond.moment() * shrink;
  Real const cost_x = open ? Real(n * (e.export_fixed_cost / d.fixed_cost)) : Real(0);  // n f_x / f
  Real const trade = n * market.freeness;                                               // n tau^(1-sigma)

  // Per entrant alive, in units of f exp(log_scale): variable profit V, of which at home, and net profit.
  Real const variable =
      home.moment() * (all_export ? Real(1 + cost_x) : Real(1)) + (all_export ? Real(0) : Real(cost_x * moment_x));
  Real const variable_home = all_export ? Real(variable / (1 + trade)) : home.moment();
  Real const net = all_export ? Real((1 + cost_x) * home.excess) : Real(home.excess + cost_x * beyond.excess * shrink);

  Real const income = d.labor / d.elasticity, scale = home.scale();
  Real const entrants = income / d.fixed_cost / variable;  // times 1/scale: L = sigma m V
  // Where exp(log_scale) leaves the range of the type its product with a huge or tiny number need not.
  bool const extreme = !(scale > (std::numeric_limits<Real>::min)() && scale < (std::numeric_limits<Real>::max)());
  out.mass_entrants = extreme ? Real(entrants * exp(Real(-home.log_scale))) : Real(entrants / scale);
  out.mass_entrants_per_period = d.death_rate * out.mass_entrants;
  out.mass_producers = entrants * home.survival;
  out.mass_exporters = open ? Real(entrants * survival_x) : Real(0);
  Real const varieties = home.survival + n * survival_x;
  out.mass_varieties = entrants * varieties;

  out.probability_of_producing = home.survival * scale;
  if (out.probability_of_producing > 1) out.probability_of_producing = 1;  // by a rounding
  out.share_exporting = open ? Real(survival_x / home.survival) : Real(0);
  if (out.share_exporting > 1) out.share_exporting = 1;  // by a rounding, where both cutoffs lie below the support
  Real const revenue_per_unit = d.elasticity * d.fixed_cost;
  out.average_revenue = revenue_per_unit * (variable / home.survival);
  out.average_profit = d.fixed_cost * (net / home.survival);
  out.average_domestic_revenue = revenue_per_unit * (variable_home / home.survival);
  out.average_productivity = out.cutoff * exp(Real(log1p(Real(home.excess / home.survival)) * root));
  if (out.mass_exporters > 0) {
    Real const ratio = beyond.excess / beyond.survival;
    out.average_export_productivity = out.export_cutoff * exp(Real(log1p(ratio) * root));
    // Not through variable profit in all, in which few exporters leave few digits.
    out.average_export_revenue = all_export ? Real(revenue_per_unit * (variable_home * market.freeness / home.survival))
                                            : Real(d.elasticity * e.export_fixed_cost * (1 + ratio));
  }

  out.revenue = d.labor;
  Real const log_domestic_cutoff = out.log_cutoff + (all_export ? Real((log1p(trade) - log1p(cost_x)) / r) : Real(0));
  out.domestic_cutoff = all_export ? Real(exp(log_domestic_cutoff)) : out.cutoff;
  Real const rho = inverse_markup(d.elasticity);
  out.welfare = rho * exp(Real(log_domestic_cutoff + log_of_ratio(income, d.fixed_cost) * root));
  out.price_index = 1 / out.welfare;
  // M_t phi~_t^r = m V phi_d^r / f, since every variety's size is measured by the domestic cutoff's.
  out.average_variety_productivity = exp(Real(log_domestic_cutoff + log(Real(variable / varieties)) * root));
  out.domestic_share = variable_home / variable;
  out.export_share = all_export ? Real(trade / (1 + trade)) : Real(cost_x * moment_x / variable);
  out.exports = d.labor * out.export_share;
  out.exporter_intensity = trade / (1 + trade);

  Real const per_unit = income / variable, entry = d.required_profit() / d.fixed_cost;
  bool const extreme_entry = extreme || !(entry > (std::numeric_limits<Real>::min)() && is_finite(entry));
  out.labor_entry =
      per_unit * (extreme_entry ? Real(exp(Real(log_of_ratio(d.required_profit(), d.fixed_cost) - home.log_scale)))
                                : Real(entry / scale));
  out.labor_fixed = per_unit * home.survival;
  out.labor_export_fixed = per_unit * (cost_x * survival_x);
  out.labor_variable = d.labor * rho;

  out.domestic_elasticity = r + home.density / home.moment();
  if (open && beyond.moment() > 0) out.trade_elasticity = r + beyond.density / beyond.moment();
}

/// The equilibrium of an economy that has been checked. @pre tail.power() is elasticity - 1
template <productivity_tail Tail>
[[nodiscard]] equilibrium<typename Tail::real_type> solve_checked(open_economy<typename Tail::real_type> const& economy,
                                                                  Tail const& tail, solve_options const& options) {
  using Real = typename Tail::real_type;
  using std::exp;
  market_menu<Real> const menu(economy);
  equilibrium<Real> out;
  out.economy = economy;
  out.regime = menu.abroad.regime;
  Real const required = economy.domestic.required_profit();
  if (!(required > 0)) {  // the product of two small numbers has underflowed
    out.reason = status::out_of_range;
    return out;
  }
  std::array<tail_point<Real>, 2> points{};
  auto const to_earn = product_with_rest(economy.domestic.death_rate, economy.domestic.entry_cost);
  auto const entry = solve_for_target(menu.view(), tail, entry_target_of(to_earn, menu.fixed_cost),
                                      std::span<tail_point<Real>>(points.data(), menu.count), options);
  out.reason = entry.reason;
  out.evaluations = entry.evaluations;
  if (!entry) return out;

  out.residual = entry.residual;
  out.error_estimate = entry.error_estimate;
  out.log_cutoff = entry.log_cutoff;
  fill_aggregates(out, menu.abroad, points[0], points[menu.count - 1]);
  Real const lower = tail.log_lower_bound();
  out.every_entrant_produces = entry.log_cutoff <= lower && out.probability_of_producing > 1 - Real(1e-9);
  out.lowest_producing_productivity = entry.log_cutoff < lower ? Real(exp(lower)) : out.cutoff;
  if (!representable(out)) {
    equilibrium<Real> failed;
    failed.economy = economy;
    failed.regime = menu.abroad.regime;
    failed.reason = status::out_of_range;
    failed.evaluations = entry.evaluations;
    out = failed;
  }
  return out;
}

}  // namespace detail

/// Equilibrium of the open economy when its law is already bound to elasticity - 1: many solves, one tail.
///
/// @throws domain_error naming a primitive that is out of range, or when tail.power() is not elasticity - 1
/// @return numbers, or NaN and in `reason` why
template <productivity_tail Tail>
[[nodiscard]] equilibrium<typename Tail::real_type> try_solve(open_economy<typename Tail::real_type> const& economy,
                                                              Tail const& tail, solve_options const& options = {}) {
  using Real = typename Tail::real_type;
  economy.validate();
  detail::require(detail::same(Real(tail.power()), Real(economy.domestic.elasticity - 1)), "try_solve", "tail.power()",
                  tail.power(), "equal elasticity - 1");
  return detail::solve_checked(economy, tail, options);
}

/// Equilibrium of the open economy (lecture, slides 18-26), without throwing on numerical failure.
///
/// Solves free entry (9), with the export term counted n times, for the cutoff; all else follows in closed form.
/// Every regime has exactly one equilibrium (expected profit falls from infinity to zero in the cutoff).
///
/// @param law  what productivity is drawn from; see productivity_law
/// @throws domain_error naming a parameter of the economy or of the law that is out of range
/// @return numbers, or NaN and in `reason` why: out_of_range when the cutoff or a mass exceeds the number type
/// Accuracy: cutoffs within 4 eps max(1, |ln cutoff|) for closed-form laws, 1e-13 by quadrature.
template <productivity_law Law>
[[nodiscard]] equilibrium<law_real_t<Law>> try_solve(open_economy<law_real_t<Law>> const& economy, Law const& law,
                                                     solve_options const& options = {}) {
  economy.validate();
  using Real = law_real_t<Law>;
  auto out =
      detail::solve_checked(economy, detail::tail_for_one_solve(law, Real(economy.domestic.elasticity - 1)), options);
  if constexpr (requires { law.pareto_shape(); }) {
    if (out) out.pareto_shape = law.pareto_shape();
  }
  return out;
}

/// Equilibrium of the closed economy (lecture, slides 7-17): free entry (4), then the rest. As the open one.
template <detail::law_or_tail LawOrTail>
[[nodiscard]] auto try_solve(closed_economy<law_real_t<LawOrTail>> const& economy, LawOrTail const& law,
                             solve_options const& options = {}) {
  return try_solve(as_open(economy), law, options);
}

/// No law; see tail/mistake.hpp.
template <real Real, class Law, class Mistake = detail::mistake_of<open_economy<Real>, Law>>
requires(!std::same_as<Mistake, mistake::none>) void try_solve(open_economy<Real> const&, Law const&,
                                                               solve_options const& = {}) = delete;
template <real Real, class Law, class Mistake = detail::mistake_of<closed_economy<Real>, Law>>
requires(!std::same_as<Mistake, mistake::none>) void try_solve(closed_economy<Real> const&, Law const&,
                                                               solve_options const& = {}) = delete;

}  // namespace melitz
