// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/entry/menu_entry.hpp>
#include <melitz/error.hpp>

#include <cstddef>
#include <vector>

namespace melitz {

/// How the demand shifter A answers to what a menu is made of, at an equilibrium: first derivatives.
///
/// By the envelope theorem nothing need be solved again: a firm at a threshold is indifferent, so only the firms inside
/// a segment count, and expected profit per entrant stays at the entry cost. For any primitive p,
///   dA/dp = -(sum_k (A da_k/dp V_k - dF_k/dp m_k) - df_e/dp) / E'(A)
/// with V_k the moment and m_k the mass of the firms that pick option k. Where a least size binds, profit jumps, and
/// the firms that it keeps out count too: as it rises by dc, jump phi g/(r c) dc of expected profit is lost.
template <real Real = double>
struct demand_response {
  std::vector<Real> to_slope;       ///< dA/da_k = -A V_k/E', in the menu's order; 0 where no firm picks the option
  std::vector<Real> to_fixed_cost;  ///< dA/dF_k = m_k/E', in the menu's order; 0 where no firm picks the option
  std::vector<Real> to_least_size;  ///< dA/dc_k of a least size, in the menu's order; 0 where it does not bind
  Real to_entry_cost;               ///< dA/df_e = 1/E'

  /// dA/dp of a primitive that moves several of these at once and leaves least sizes alone.
  /// @param slopes, fixed_costs  da_k/dp and dF_k/dp, in the menu's order
  /// @throws domain_error when there are not as many as the menu has options
  [[nodiscard]] Real along(std::vector<Real> const& slopes, std::vector<Real> const& fixed_costs,
                           Real const& entry_cost = Real(0)) const {
    detail::require(slopes.size() == to_slope.size(), "demand_response", "number of slopes",
                    static_cast<double>(slopes.size()), "be the number of the menu's options");
    detail::require(fixed_costs.size() == to_slope.size(), "demand_response", "number of fixed costs",
                    static_cast<double>(fixed_costs.size()), "be the number of the menu's options");
    Real sum = to_entry_cost * entry_cost;
    for (std::size_t k = 0; k < to_slope.size(); ++k) {
      sum += to_slope[k] * slopes[k] + to_fixed_cost[k] * fixed_costs[k];
    }
    return sum;
  }
};

/// The derivatives of a menu's demand shifter. One-sided where two thresholds coincide, or where the law has an atom at
/// a threshold.
///
/// @param options      the menu that was solved
/// @param equilibrium  its equilibrium
/// @throws domain_error when the solve had failed
/// Example: by how much a subsidy to the first option moves demand:
///   auto const s = solve_free_entry(options, tail, entry_cost, 4.0);
///   double const change = -comparative_statics(options, s).to_fixed_cost[0];
template <real Real>
[[nodiscard]] demand_response<Real> comparative_statics(menu<Real> const& options,
                                                        menu_equilibrium<Real> const& equilibrium) {
  if (!equilibrium) {
    throw domain_error("comparative_statics", "status of the equilibrium", to_string(equilibrium.reason),
                       "be converged");
  }
  Real const per_slope = 1 / equilibrium.expected_profit_slope;
  std::vector<Real> const zeros(options.size(), Real(0));
  demand_response<Real> out{zeros, zeros, zeros, per_slope};
  for (auto const& s : equilibrium.segments) {
    if (s.index >= options.size()) continue;  // exit
    out.to_slope[s.index] = -equilibrium.demand * s.moment * per_slope;
    out.to_fixed_cost[s.index] = s.mass * per_slope;
    if (s.boundary > 0) out.to_least_size[s.index] = s.boundary / s.threshold * per_slope;
  }
  return out;
}

}  // namespace melitz
