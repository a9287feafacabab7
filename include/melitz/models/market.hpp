// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/economy/ces.hpp>
#include <melitz/economy/primitives.hpp>
#include <melitz/entry/menu_entry.hpp>

#include <cmath>

namespace melitz {

/// What the market of one sector makes of a menu: all income is spent on it, the wage is the numeraire.
template <real Real = double>
struct menu_market {
  Real mass_entrants;   ///< alive, whether they produce or not: labor / expected revenue per entrant
  Real mass_producers;  ///< of them, those that do not exit
  Real price_index;     ///< P, from A = L P^(sigma-1) rho^(sigma-1) / sigma
  Real welfare;         ///< 1/P, the real wage
};

/// Probability that an entrant does anything but exit. @pre the solve converged
template <real Real>
[[nodiscard]] Real active_share(menu_equilibrium<Real> const& choices) {
  Real sum(0);
  for (auto const& s : choices.segments) {
    if (s.slope > 0 || s.fixed_cost != 0) sum += s.mass;
  }
  return sum;
}

/// Closes the market of options that earn elasticity times operating profit, in every country alike.
/// @pre the solve converged
template <real Real>
[[nodiscard]] menu_market<Real> close_market(closed_economy<Real> const& economy,
                                             menu_equilibrium<Real> const& choices) {
  using std::exp, std::log;
  Real const sigma = economy.elasticity;
  Real const log_price =
      (log(Real(sigma / economy.labor)) + choices.log_demand) / (sigma - 1) - log(inverse_markup(sigma));
  Real const entrants = economy.labor / choices.expected_revenue;
  return {entrants, Real(entrants * active_share(choices)), Real(exp(log_price)), Real(exp(Real(-log_price)))};
}

}  // namespace melitz
