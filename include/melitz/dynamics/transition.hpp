// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/dynamics/changed_economy.hpp>
#include <melitz/dynamics/constant_expenditure.hpp>
#include <melitz/dynamics/free_exporters.hpp>
#include <melitz/dynamics/period_firms.hpp>
#include <melitz/dynamics/sunk_exporters.hpp>
#include <melitz/numerics/larger.hpp>
#include <melitz/tail/tail.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

namespace melitz {

namespace detail {

/// Consumption for ever over that after the change that is as good as the path: for utility of curvature gamma, and
/// nothing but the logs of consumption over that after.
template <real Real>
[[nodiscard]] Real log_equivalent(std::vector<transition_period<Real>> const& path, Real const& consumption_after,
                                  Real const& discount_factor, Real const& curvature) {
  using std::expm1, std::log, std::log1p;
  Real const exponent = 1 - curvature;
  Real sum(0), weight = 1 - discount_factor;
  for (auto const& period : path) {
    Real const c = log(Real(period.consumption / consumption_after));
    sum += weight * (exponent == 0 ? c : Real(expm1(Real(exponent * c))));
    weight *= discount_factor;
  }
  return exponent == 0 ? sum : Real(log1p(sum) / exponent);
}

/// The path in general equilibrium.
template <productivity_tail Tail>
bool equilibrium_path(transition_economy<typename Tail::real_type> const& t, Tail const& tail,
                      steady_state<typename Tail::real_type> const& before,
                      steady_state<typename Tail::real_type> const& after, transition_options const& options,
                      transition_equilibrium<typename Tail::real_type>& out,
                      std::vector<typename Tail::real_type>& profits) {
  path_setting<Tail> const setting(t, tail, after);
  return setting.sunk ? path_of_export_cohorts(setting, before, options, out, profits)
                      : path_of_free_exporters(setting, before, options, out, profits);
}

/// What follows from the periods of a path: values, gains, residuals.
template <real Real>
void finish_transition(transition_economy<Real> const& t, std::vector<Real> const& profits,
                       transition_equilibrium<Real>& out) {
  using std::abs, std::exp, std::log, std::pow;
  bool const sector = t.spending == spending_rule::constant_expenditure;
  auto const& d = t.after.domestic;
  Real const living = 1 - d.death_rate;
  out.free_entry_residual = out.euler_residual = out.market_residual = 0;
  Real value(1);
  for (std::size_t k = out.path.size(); k-- > 0;) {
    auto& here = out.path[k];
    auto const& next = out.at(k + 1);
    value = profits[k] / d.entry_cost + (1 - here.user_cost) * value;
    here.entrant_value = value;
    bool const idle = here.mass_entrants_per_period == 0;
    out.periods_without_entry += idle ? 1 : 0;
    Real const open = idle && value <= 1 ? Real(0) : Real(abs(value - 1));
    out.free_entry_residual = larger_or_nan(out.free_entry_residual, open);
    if (!sector) {
      Real const money =
          pow(Real(here.consumption / next.consumption), t.curvature) * here.price_index / next.price_index;
      out.euler_residual =
          larger_or_nan(out.euler_residual, Real(abs(1 - t.discount_factor * living * money - here.user_cost)));
    }
    out.market_residual =
        larger_or_nan(out.market_residual, Real(abs((sector ? here.expenditure : here.labor()) / d.labor - 1)));
  }
  out.residual = larger_or_nan(larger_or_nan(out.free_entry_residual, out.euler_residual), out.market_residual);
  Real const falls = root_of_epsilon<2, Real>() / 64;
  Real last = out.before.cutoff;
  for (auto const& period : out.path) {
    out.cutoff_fell = out.cutoff_fell || period.cutoff < last * (1 - falls);
    last = period.cutoff;
  }
  out.terminal_residual = abs(Real(out.path.back().mass_entrants / out.after.mass_entrants - 1));
  out.steady_state_gain = out.after.consumption / out.before.consumption;
  out.consumption_equivalent_gain =
      out.steady_state_gain *
      exp(log_equivalent(out.path, out.after.consumption, t.discount_factor, sector ? Real(1) : t.curvature));
}

}  // namespace detail

/// The transition when its law is already bound to elasticity - 1: many solves, one tail.
///
/// @throws domain_error naming a primitive that is out of range, or when tail.power() is not elasticity - 1
/// @return numbers, or NaN and in `reason` why; see try_solve of a law
template <productivity_tail Tail>
[[nodiscard]] transition_equilibrium<typename Tail::real_type> try_solve(
    transition_economy<typename Tail::real_type> const& economy, Tail const& tail,
    transition_options const& options = {}) {
  using Real = typename Tail::real_type;
  economy.validate();
  detail::require(detail::same(Real(tail.power()), Real(economy.after.domestic.elasticity - 1)), "try_solve",
                  "tail.power()", tail.power(), "equal elasticity - 1");
  transition_equilibrium<Real> out;
  auto const before = detail::solve_steady_state(economy, economy.before, tail, options.max_evaluations);
  auto const after = detail::solve_steady_state(economy, economy.after, tail, options.max_evaluations);
  auto const failed = [&] {
    transition_equilibrium<Real> nothing;
    nothing.reason = out.reason;
    nothing.obstacle = out.obstacle;
    nothing.evaluations = out.evaluations;
    return nothing;
  };
  for (auto const* steady : {&before, &after}) {
    if (steady->reason == status::converged) continue;
    out.reason = steady->reason;
    return out;
  }
  if (economy.export_cost == export_cost_kind::sunk && after.abroad.regime == regime::all_export) {
    detail::blocked_by(out, transition_obstacle::every_producer_exports);
    return out;
  }
  std::vector<Real> profits;
  bool const sector = economy.spending == spending_rule::constant_expenditure;
  bool const solved = sector ? detail::sector_path(economy, tail, before, after, options, out, profits)
                             : detail::equilibrium_path(economy, tail, before, after, options, out, profits);
  if (!solved) return failed();
  out.before = before.numbers;
  out.after = after.numbers;
  detail::finish_transition(economy, profits, out);
  if (!sector && economy.exit == exit_rule::irreversible && out.cutoff_fell) {
    detail::blocked_by(out, transition_obstacle::cutoff_falls);
    return failed();
  }
  out.error_estimate = detail::error_estimate_of(tail);
  out.reason = status::converged;
  // What the path was solved for are other numbers than those reported, whose accounts decide.
  Real const open = 4096 * detail::epsilon<Real>();
  if (!(out.residual <= open)) {
    out.reason = detail::is_finite(out.residual) ? status::iteration_limit : status::not_finite;
    return failed();
  }
  return out;
}

/// The path of an economy from the steady state before a change to that after it, without throwing on numerical
/// failure.
///
/// With constant expenditure the path is a closed form (but for the cutoffs in periods without entry); in general
/// equilibrium Newton's method solves for all periods at once, with a horizon that doubles until the last period is the
/// steady state to rounding. Entry is never negative: where an entrant would be worth less than the entry cost nobody
/// enters. Where the export cost is sunk, firms that had paid it before the change go on exporting until they die, also
/// those that would not pay it now.
///
/// @param law  what productivity is drawn from; see productivity_law
/// @throws domain_error naming a parameter of the economy or of the law that is out of range
/// @return numbers, or NaN and in `reason` why: not_covered for what `obstacle` names, iteration_limit when Newton's
///         method or the horizon gave out or left a condition open by more than 4096 eps, out_of_range when a steady
///         state exceeds the number type
/// Accuracy: 1e-12 relative; cost: some microseconds with constant expenditure, else about a millisecond.
template <productivity_law Law>
[[nodiscard]] auto try_solve(transition_economy<law_real_t<Law>> const& economy, Law const& law,
                             transition_options const& options = {}) {
  economy.validate();
  return try_solve(economy, tail_of(law, law_real_t<Law>(economy.after.domestic.elasticity - 1)), options);
}

/// As try_solve, but a failure is an exception, whose message says what `obstacle` there is.
/// @throws domain_error, convergence_error
template <real Real, class LawOrTail>
requires requires(transition_economy<Real> const& e, LawOrTail const& l) { try_solve(e, l, transition_options{}); }
[[nodiscard]] auto solve(transition_economy<Real> const& economy, LawOrTail const& law,
                         transition_options const& options = {}) {
  auto out = try_solve(economy, law, options);
  if (out) return out;
  std::string where = "melitz::solve";
  if (out.obstacle != transition_obstacle::none) where += ": " + std::string(to_string(out.obstacle));
  throw convergence_error(where, out.reason);
}

}  // namespace melitz
