// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/worlds/policy/equilibrium.hpp>
#include <melitz/worlds/policy/solver.hpp>

#include <Eigen/Core>
#include <cmath>
#include <string>
#include <utility>

// Needs Eigen: CMake target melitz::policy.

namespace melitz {

/// The same world at the same taxes when nobody lends to anybody: its flows are those of that equilibrium, and it has
/// no deficits. What is asked about policy is asked of this world, as in Ossa (2014).
/// @throws domain_error of the world, convergence_error where there is no such equilibrium
[[nodiscard]] inline policy_world<> without_deficits(policy_world<> world, policy_options const& options = {}) {
  auto asked = world;
  asked.closure = policy_closure::zero;
  policy_solver<> solver(asked, options);
  auto const reason = solver.solve(solver.unchanged());
  if (reason != status::converged) throw convergence_error("without_deficits", reason);
  world.flows = solver.flows();
  world.closure = policy_closure::zero;
  return world;
}

namespace detail {

/// Deficits that stay make an optimal tariff mean little: with them welfare may rise with it without bound.
inline void require_balance(char const* where, policy_solver<> const& solver) {
  auto const& base = solver.baseline();
  if (solver.world().closure == policy_closure::zero) return;
  Eigen::Index largest = 0;
  double const gap = base.deficit.cwiseAbs().maxCoeff(&largest);
  if (gap <= 1e-9 * base.income.maxCoeff()) return;
  throw domain_error(where, "deficit of " + solver.world().country_name(largest), to_text(base.deficit[largest]),
                     "be 0: see without_deficits");
}

}  // namespace detail
}  // namespace melitz
