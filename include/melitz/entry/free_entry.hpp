// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/entry/differentiate.hpp>
#include <melitz/entry/expected_profit.hpp>
#include <melitz/entry/locate_entry.hpp>
#include <melitz/error.hpp>
#include <melitz/menu/envelope.hpp>
#include <melitz/numerics/log_pair.hpp>
#include <melitz/tail/tail.hpp>

#include <span>

namespace melitz {

namespace detail {

/// try_solve_free_entry for a target that is known to more digits than a number of its type has. Solved in the law's
/// own units where it has them.
template <productivity_tail Tail, class Kinks>
[[nodiscard]] free_entry_solution<typename Tail::real_type> solve_for_target(
    envelope<typename Tail::real_type, Kinks> const& menu, Tail const& tail,
    entry_target<typename Tail::real_type> const& target, std::span<tail_point<typename Tail::real_type>> points,
    solve_options const& options) {
  using Real = typename Tail::real_type;
  auto const solve = [&](auto const& own, Real const& log_unit) {
    if constexpr (carries_derivatives<Real>) {
      return differentiate_entry(menu, own, target, log_unit, points, options);
    } else {
      return locate_entry(menu, own, target, log_unit, points, options);
    }
  };
  auto found = [&] {
    if constexpr (has_own_units<Tail>) {
      return solve(tail.own(), Real(tail.log_unit().value));
    } else {
      return solve(tail, Real(0));
    }
  }();
  if (found.solution) {
    found.solution.log_cutoff = log_cutoff_at(tail, found.place);
    found.solution.error_estimate = error_estimate_of(tail);
  }
  return found.solution;
}

}  // namespace detail

/// Solves free entry: expected profit per draw equals the entry cost.
///
/// One equation, E(A) = sum_k dF_k J(phi_k) = f_e (plus jump_k S(phi_k) where profit jumps) with phi_k the productivity
/// at the envelope's k-th kink (the lecture's (4) for one kink, (9) for two). It is solved for t = ln phi of the
/// reference kink, as ln E against t: that is linear for a Pareto law and nearly so for others. The bracket always
/// holds and costs no evaluation: its lower end is the cutoff of homogeneous firms with the same E[phi^r] (Jensen), the
/// upper end ignores fixed costs.
///
/// @param menu        the profit envelope
/// @param tail        the law bound to r = elasticity - 1
/// @param entry_cost  expected profit per draw that makes entry worth while: death rate times sunk cost, > 0
/// @param points      on return the tails at the menu's kinks; as long as menu.kinks
/// @throws domain_error when entry_cost is out of range, or not above what every entrant is paid for nothing
/// @return reason, log cutoff, residual; NaN where it failed
template <productivity_tail Tail, class Kinks>
[[nodiscard]] free_entry_solution<typename Tail::real_type> try_solve_free_entry(
    envelope<typename Tail::real_type, Kinks> const& menu, Tail const& tail, typename Tail::real_type const& entry_cost,
    std::span<tail_point<typename Tail::real_type>> points, solve_options const& options = {}) {
  detail::require(entry_cost > 0 && detail::is_finite(entry_cost), "free entry", "entry_cost", entry_cost,
                  "be positive and finite");
  auto const to_earn = detail::sum_with_rest(entry_cost, menu.base_fixed_cost);
  detail::require(to_earn.value > 0, "free entry", "entry_cost", entry_cost,
                  "exceed what the cheapest option pays every entrant");
  auto const target = detail::entry_target_of(to_earn, {menu.fixed_cost});
  return detail::solve_for_target(menu, tail, target, points, options);
}

}  // namespace melitz
