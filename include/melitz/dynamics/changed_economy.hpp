// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/economy/primitives.hpp>
#include <melitz/error.hpp>
#include <melitz/numerics/real.hpp>

#include <cstddef>
#include <string_view>
#include <vector>

namespace melitz {

/// What consumers spend, and how they value tomorrow's money.
enum class spending_rule {
  constant_expenditure,  ///< one sector of many: spending on it and the discount factor do not move
  general_equilibrium,   ///< the only sector: spending is income, savings finance entry, the interest rate moves
};

/// What trade.export_fixed_cost is.
enum class export_cost_kind {
  per_period,  ///< paid in every period of exporting, to every market
  sunk,        ///< paid once, in the first period of exporting, for every market; good until the firm dies
};

/// What a firm does that cannot cover its overhead.
enum class exit_rule {
  mothballing,   ///< it rests at no cost, and produces again when that pays
  irreversible,  ///< it is gone for good
};

/// A change of an open economy's primitives, foreseen by nobody, from period 0 on and for good: the dynamics of Melitz
/// (2003), whose own analysis is of steady states. Plain data, built with designated initialisers.
///
/// Every country changes alike. Entrants draw and produce in the period in which they enter; a share death_rate of all
/// firms dies at the end of each period; the future is discounted by discount_factor per period.
template <real Real = double>
struct transition_economy {
  using real_type = Real;

  open_economy<Real> before{};                        ///< in whose steady state period -1 is
  open_economy<Real> after{};                         ///< from period 0 on; all but the elasticity may differ
  Real discount_factor = detail::not_a_number<Real>;  ///< beta in (0, 1), per period; 1 too with constant expenditure
  Real curvature{1};  ///< gamma > 0, of utility C^(1-gamma)/(1-gamma), 1 for ln C; of no use to constant_expenditure
  spending_rule spending = spending_rule::general_equilibrium;  ///< constant_expenditure spends `labor` on the sector
  export_cost_kind export_cost = export_cost_kind::per_period;
  exit_rule exit = exit_rule::mothballing;

  /// @throws domain_error naming the first member that is out of range
  void validate() const {
    before.validate();
    after.validate();
    char const* const where = "transition_economy";
    detail::require(detail::same(before.domestic.elasticity, after.domestic.elasticity), where,
                    "after.domestic.elasticity", after.domestic.elasticity, "be the elasticity before");
    bool const patient = spending == spending_rule::constant_expenditure && discount_factor == 1;
    detail::require((discount_factor > 0 && discount_factor < 1) || patient, where, "discount_factor", discount_factor,
                    "lie between 0 and 1, or be 1 with constant expenditure");
    detail::require(curvature > 0 && detail::is_finite(curvature), where, "curvature", curvature,
                    "be positive and finite");
    if (export_cost != export_cost_kind::sunk) return;
    detail::require(detail::same(before.partners, after.partners), where, "after.partners", after.partners,
                    "be the partners before, whose markets exporters have paid for");
    detail::require(detail::is_finite(before.export_fixed_cost), where, "before.export_fixed_cost",
                    before.export_fixed_cost, "be finite where it is sunk");
    detail::require(detail::is_finite(after.export_fixed_cost), where, "after.export_fixed_cost",
                    after.export_fixed_cost, "be finite where it is sunk");
  }
};

/// One period of a transition, or a steady state. The wage is the numeraire.
template <real Real = double>
struct transition_period {
  Real cutoff = nan();         ///< phi*, least productivity that covers the overhead; not clipped to the support
  Real export_cutoff = nan();  ///< phi_x*, of those who decide to export; infinite if nobody can
  Real mass_entrants = nan();  ///< m, all who ever entered and live, producing or not
  Real mass_entrants_per_period = nan();  ///< M_e
  Real mass_producers = nan();
  Real mass_exporters = nan();      ///< those of earlier times who would not pay to export now included
  Real mass_new_exporters = nan();  ///< who pay a sunk export cost; NaN where it is paid in every period
  Real expenditure = nan();         ///< R, all sales
  Real exports = nan();             ///< to all partners
  Real price_index = nan();         ///< P
  Real consumption = nan();         ///< C = R/P, of all consumers
  Real user_cost = nan();           ///< kappa = 1 - (1 - delta) x price of next period's money: rent of a sunk cost
  Real entrant_value = nan();       ///< expected value of a draw over the entry cost: 1, or less where nobody enters
  Real labor_entry = nan();         ///< M_e f_e
  Real labor_fixed = nan();         ///< overhead
  Real labor_export_fixed = nan();  ///< export costs paid in this period
  Real labor_variable = nan();      ///< rho R

  /// All labour that the firms use.
  [[nodiscard]] Real labor() const { return Real(labor_entry + labor_fixed + labor_export_fixed + labor_variable); }

 private:
  [[nodiscard]] static Real nan() { return detail::not_a_number<Real>; }
};

/// What a transition is not solved for: where the status is not_covered.
enum class transition_obstacle {
  none,
  export_cutoff_turns,  ///< a sunk export cost, and a cutoff that falls after it has risen: firms would wait for long
  every_producer_exports,   ///< a sunk export cost so low that it does not select exporters
  exporter_cannot_produce,  ///< exporters of before, their cost sunk, who no longer cover the overhead
  cutoff_falls,             ///< irreversible exit and a falling cutoff, but for one fall with constant expenditure
  atom_at_cutoff,           ///< the cutoff rests on an atom of the law, whose firms would have to mix
};

/// The obstacle in words: "export_cutoff_turns", ...
[[nodiscard]] constexpr std::string_view to_string(transition_obstacle o) noexcept {
  switch (o) {
    case transition_obstacle::none:
      return "none";
    case transition_obstacle::export_cutoff_turns:
      return "export_cutoff_turns";
    case transition_obstacle::every_producer_exports:
      return "every_producer_exports";
    case transition_obstacle::exporter_cannot_produce:
      return "exporter_cannot_produce";
    case transition_obstacle::cutoff_falls:
      return "cutoff_falls";
    case transition_obstacle::atom_at_cutoff:
      return "atom_at_cutoff";
  }
  return "unknown";
}

/// A transition_economy's path. Check `reason` (or the conversion to bool) first: unless it converged `path` is empty
/// and every number is NaN, and where it is not_covered `obstacle` says what stands in the way.
template <real Real = double>
struct transition {
  using real_type = Real;

  status reason = status::not_solved;
  transition_obstacle obstacle = transition_obstacle::none;

  transition_period<Real> before{}, after{};  ///< the steady states
  std::vector<transition_period<Real>> path;  ///< periods 0, 1, ... until nothing moves any more

  Real consumption_equivalent_gain = nan();  ///< consumption for ever that is as good as the path, over that before
  Real steady_state_gain = nan();            ///< C after over C before
  int periods_without_entry = 0;             ///< in which a draw is worth less than it costs
  bool cutoff_fell = false;                  ///< at some time, from period -1 on: where the rules of exit differ

  // Whether to trust it: the conditions, checked on the numbers above, worst period.
  Real free_entry_residual = nan();  ///< of the value of entry, relative to its cost
  Real euler_residual = nan();       ///< of the user cost against consumption and prices
  Real market_residual = nan();      ///< labour used over the endowment, minus 1; with constant expenditure sales
  Real terminal_gap = nan();         ///< mass of entrants in the last period over that of the steady state, minus 1
  Real error_estimate = nan();       ///< relative error of the law's tail; 0 for closed forms
  int iterations = 0;                ///< Newton steps on the whole path

  [[nodiscard]] explicit operator bool() const noexcept { return reason == status::converged; }

  /// Periods until nothing moves any more.
  [[nodiscard]] std::size_t horizon() const noexcept { return path.size(); }

  /// Any period t >= 0: of the path, or beyond it the steady state.
  [[nodiscard]] transition_period<Real> const& at(std::size_t t) const { return t < path.size() ? path[t] : after; }

 private:
  [[nodiscard]] static Real nan() { return detail::not_a_number<Real>; }
};

/// How hard to try. The horizon of a path grows until its last period is the steady state to rounding.
struct transition_options {
  int max_evaluations = 200;  ///< of the free-entry condition, for each steady state
  int max_iterations = 100;   ///< Newton steps on the whole path, for each horizon
  int max_horizon = 1 << 15;  ///< periods, at most
};

}  // namespace melitz
