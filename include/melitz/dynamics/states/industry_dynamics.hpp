// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/dynamics/industry.hpp>
#include <melitz/dynamics/redraw.hpp>
#include <melitz/dynamics/states/industry_states.hpp>
#include <melitz/economy/solve_or_throw.hpp>
#include <melitz/models/autarky.hpp>
#include <melitz/tail/tail.hpp>

// Needs Eigen: CMake target melitz::world. Industries with redraws alone do not: melitz/dynamics/redraw.hpp.

namespace melitz {

/// Steady state of an industry when its law is already bound to elasticity - 1: many solves, one tail.
/// @throws domain_error naming a parameter that is out of range, or when tail.power() is not elasticity - 1
/// @return numbers, or NaN and in `reason` why
template <productivity_tail Tail>
[[nodiscard]] industry_equilibrium<typename Tail::real_type> try_solve(
    industry_economy<typename Tail::real_type> const& economy, Tail const& tail, industry_options const& how = {}) {
  using Real = typename Tail::real_type;
  if (economy.shocks == productivity_shocks::redraws) return try_solve_redraws(economy, tail, how);
  economy.validate();
  detail::require_options(how);
  detail::require(detail::same(Real(tail.power()), Real(economy.elasticity - 1)), "try_solve", "tail.power()",
                  tail.power(), "equal elasticity - 1");
  return detail::industry_states<Tail>(economy, tail, how).solve();
}

/// Steady state of an industry in which firms enter, change and exit, without throwing on numerical failure.
///
/// Redraws are solved in closed form but for one root (see try_solve_redraws). With an autoregression what firms expect
/// solves a linear integral equation at each candidate of the exit threshold, on nodes that the solve chooses; the
/// demand shifter that makes the candidate the best one follows from it, and free entry is one equation in the
/// threshold.
///
/// @param law  what entrants draw from, and redraws with them
/// @throws domain_error naming a parameter of the economy or of the law that is out of range
/// @return numbers, or NaN and in `reason` why: not_covered where more than some 500 nodes would be needed, as with
///         shocks that are small beside their long-run spread; out_of_range where an entrant of a period leaves behind
///         more than some 5e7 firms, which happens without death; iteration_limit where accounts stay open
/// Accuracy: redraws 1e-13; an autoregression 1e-11, with a bound in discretization_error.
template <productivity_law Law>
[[nodiscard]] auto try_solve(industry_economy<law_real_t<Law>> const& economy, Law const& law,
                             industry_options const& how = {}) {
  economy.validate();
  return try_solve(economy, tail_of(law, law_real_t<Law>(economy.elasticity - 1)), how);
}

/// Welfare over that in autarky, both solved.
/// @throws domain_error naming what is out of range; convergence_error when one of the two cannot be solved
template <real Real, class LawOrTail>
requires requires(industry_economy<Real> const& e, LawOrTail const& law, industry_options const& how) {
  try_solve(e, law, how);
}
[[nodiscard]] Real gains_from_trade(industry_economy<Real> const& economy, LawOrTail const& law,
                                    industry_options how = {}) {
  how.flows = false;
  return Real(solve(economy, law, how).welfare / solve(autarky_of(economy), law, how).welfare);
}

}  // namespace melitz
