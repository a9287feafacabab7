// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/economy/primitives.hpp>
#include <melitz/error.hpp>
#include <melitz/numerics/members.hpp>
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

/// The rule in words: "constant_expenditure", "general_equilibrium".
[[nodiscard]] constexpr std::string_view to_string(spending_rule r) noexcept {
  return detail::word_of(r, {"constant_expenditure", "general_equilibrium"});
}

/// What trade.export_fixed_cost is.
enum class export_cost_kind {
  per_period,  ///< paid in every period of exporting, to every market
  sunk,        ///< paid once, in the first period of exporting, for every market; good until the firm dies
};

/// The rule in words: "per_period", "sunk".
[[nodiscard]] constexpr std::string_view to_string(export_cost_kind r) noexcept {
  return detail::word_of(r, {"per_period", "sunk"});
}

/// What a firm does that cannot cover its overhead.
enum class exit_rule {
  mothballing,   ///< it rests at no cost, and produces again when that pays
  irreversible,  ///< it is gone for good
};

/// The rule in words: "mothballing", "irreversible".
[[nodiscard]] constexpr std::string_view to_string(exit_rule r) noexcept {
  return detail::word_of(r, {"mothballing", "irreversible"});
}

struct transition_options;

/// A change of an open economy's primitives, foreseen by nobody, from period 0 on and for good: the dynamics of Melitz
/// (2003), whose own analysis is of steady states. Plain data, built with designated initialisers.
///
/// Every country changes alike. Entrants draw and produce in the period in which they enter; a share death_rate of all
/// firms dies at the end of each period; the future is discounted by discount_factor per period.
template <real Real = double>
struct transition_economy {
  using real_type = Real;
  using options_type = transition_options;

  open_economy<Real> before{};                        ///< in whose steady state period -1 is
  open_economy<Real> after{};                         ///< from period 0 on; all but the elasticity may differ
  Real discount_factor = detail::not_a_number<Real>;  ///< beta in (0, 1), per period; 1 too with constant expenditure
  Real curvature{1};  ///< gamma > 0, of utility C^(1-gamma)/(1-gamma), 1 for ln C; of no use to constant_expenditure
  spending_rule spending = spending_rule::general_equilibrium;  ///< constant_expenditure spends `labor` on the sector
  export_cost_kind export_cost = export_cost_kind::per_period;
  exit_rule exit = exit_rule::mothballing;

  static constexpr char const* name = "transition";
  static constexpr char const* title = "The path after a change, between two steady states of Melitz (2003)";
  static constexpr char const* example_change = R"({"new_iceberg_cost": 1.3})";
  static constexpr auto parameters() {
    using e = transition_economy;
    return told::table{
        told::nested(&e::before),
        told::nested(&e::after, "new_", &e::before),
        told::parameter("discount_factor", &e::discount_factor, rule::rate,
                        "per period; 1 with constant_expenditure only", "", 0.95),
        told::parameter("curvature", &e::curvature, rule::positive, "of utility, 1: logarithmic", "", 1),
        told::choice("spending", &e::spending, "one sector of many, or the only one"),
        told::choice("export_cost", &e::export_cost, "export_fixed_cost in every period, or once"),
        told::choice("exit", &e::exit, "of firms that do not cover the overhead"),
    };
  }

  /// @throws domain_error naming the first member that is out of range, one of `after` as new_...
  void validate() const {
    detail::check_parameters(*this);
    char const* const where = "transition_economy";
    detail::require(detail::same(before.domestic.elasticity, after.domestic.elasticity), where, "new_elasticity",
                    after.domestic.elasticity, "be the elasticity before");
    detail::require(discount_factor < 1 || spending == spending_rule::constant_expenditure, where, "discount_factor",
                    discount_factor, "lie between 0 and 1, or be 1 with constant expenditure");
    if (export_cost != export_cost_kind::sunk) return;
    detail::require(detail::same(before.partners, after.partners), where, "new_partners", after.partners,
                    "be the partners before, whose markets exporters have paid for");
    detail::require(detail::is_finite(before.export_fixed_cost), where, "export_fixed_cost", before.export_fixed_cost,
                    "be finite where it is sunk");
    detail::require(detail::is_finite(after.export_fixed_cost), where, "new_export_fixed_cost", after.export_fixed_cost,
                    "be finite where it is sunk");
  }
};

static_assert(detail::tells_every_member<transition_economy<double>>());

/// One period of a transition, or a steady state. The wage is the numeraire.
template <real Real = double>
struct transition_period {
  using real_type = Real;

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

  static constexpr auto results() {
    using e = transition_period;
    using enum part;
    constexpr char const *phi = "productivity", *paid = "workers";
    return told::table{
        told::positive("cutoff", &e::cutoff, cutoffs, phi, "phi*"),
        told::quantity("export_cutoff", &e::export_cutoff, cutoffs, phi, "phi_x*"),
        told::positive("mass_entrants", &e::mass_entrants, masses, "firms, ever active or not", "m"),
        told::quantity("mass_entrants_per_period", &e::mass_entrants_per_period, masses, "firms per period", "M_e"),
        told::positive("mass_producers", &e::mass_producers, masses, "firms"),
        told::quantity("mass_exporters", &e::mass_exporters, masses, "firms"),
        told::quantity("mass_new_exporters", &e::mass_new_exporters, masses, "firms, who pay a sunk cost"),
        told::quantity("expenditure", &e::expenditure, aggregates, "wages", "R"),
        told::quantity("exports", &e::exports, aggregates, "wages"),
        told::positive("price_index", &e::price_index, aggregates, "wages", "P"),
        told::positive("consumption", &e::consumption, aggregates, "real income of all consumers", "C"),
        told::quantity("user_cost", &e::user_cost, aggregates, "of a sunk cost, per period", "kappa"),
        told::quantity("entrant_value", &e::entrant_value, aggregates, "over the entry cost", "v"),
        told::quantity("labor_entry", &e::labor_entry, labor_uses, paid, "M_e f_e"),
        told::quantity("labor_fixed", &e::labor_fixed, labor_uses, paid),
        told::quantity("labor_export_fixed", &e::labor_export_fixed, labor_uses, paid),
        told::quantity("labor_variable", &e::labor_variable, labor_uses, paid, "rho R"),
    };
  }

  /// All labour that the firms use.
  [[nodiscard]] Real labor() const { return Real(labor_entry + labor_fixed + labor_export_fixed + labor_variable); }

 private:
  [[nodiscard]] static Real nan() { return detail::not_a_number<Real>; }
};

static_assert(detail::tells_every_member<transition_period<double>>());

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
  return detail::word_of(o, {"none", "export_cutoff_turns", "every_producer_exports", "exporter_cannot_produce",
                             "cutoff_falls", "atom_at_cutoff"});
}

/// A transition_economy's path. Check `reason` (or the conversion to bool) first: unless it converged `path` is empty
/// and every number is NaN, and where it is not_covered `obstacle` says what stands in the way.
template <real Real = double>
struct transition_equilibrium {
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
  Real residual = nan();             ///< the largest of the next three
  Real free_entry_residual = nan();  ///< of the value of entry, relative to its cost
  Real euler_residual = nan();       ///< of the user cost against consumption and prices
  Real market_residual = nan();      ///< labour used over the endowment, minus 1; with constant expenditure sales
  Real terminal_residual = nan();    ///< mass of entrants in the last period over that of the steady state, minus 1
  Real error_estimate = nan();       ///< relative error of the law's tail; 0 for closed forms
  int evaluations = 0;               ///< of the conditions of the whole path: Newton steps

  static constexpr auto results() {
    using e = transition_equilibrium;
    using enum part;
    return told::table{
        told::aside(&e::reason),
        told::quantity("residual", &e::residual, solution, "the largest, relative"),
        told::quantity("free_entry_residual", &e::free_entry_residual, solution, "of the value of entry, relative"),
        told::quantity("euler_residual", &e::euler_residual, solution, "of the user cost"),
        told::quantity("market_residual", &e::market_residual, solution, "of labour, or of sales, relative"),
        told::quantity("terminal_residual", &e::terminal_residual, solution, "of the last mass of entrants, relative"),
        told::quantity("error_estimate", &e::error_estimate, solution, "of the law's tail"),
        told::quantity("obstacle", &e::obstacle, solution, "to a solution"),
        told::quantity("evaluations", &e::evaluations, work, "of the whole path"),
        told::quantity("horizon", &e::horizon, aggregates, "periods until nothing moves"),
        told::quantity("periods_without_entry", &e::periods_without_entry, aggregates, "periods"),
        told::quantity("cutoff_fell", &e::cutoff_fell, solution, "at some time"),
        told::quantity("consumption_equivalent_gain", &e::consumption_equivalent_gain, aggregates,
                       "of the path, over before"),
        told::quantity("steady_state_gain", &e::steady_state_gain, aggregates, "of the last period, over before"),
        told::aside(&e::before),
        told::aside(&e::after),
        told::periods(&e::path),
    };
  }

  [[nodiscard]] explicit operator bool() const noexcept { return reason == status::converged; }

  /// Periods until nothing moves any more.
  [[nodiscard]] std::size_t horizon() const noexcept { return path.size(); }

  /// Any period t >= 0: of the path, or beyond it the steady state.
  [[nodiscard]] transition_period<Real> const& at(std::size_t t) const { return t < path.size() ? path[t] : after; }

 private:
  [[nodiscard]] static Real nan() { return detail::not_a_number<Real>; }
};

static_assert(detail::tells_every_member<transition_equilibrium<double>>());

/// How hard to try. The horizon of a path grows until its last period is the steady state to rounding.
struct transition_options {
  int max_evaluations = 200;  ///< of free entry, for each steady state; of the whole path, for each horizon
  int max_horizon = 1 << 15;  ///< periods, at most
};

}  // namespace melitz
