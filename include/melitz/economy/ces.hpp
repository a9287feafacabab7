// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/numerics/real.hpp>

#include <cmath>

// CES demand and monopolistic pricing (lecture, slides 8-10), one function per equation. Arguments are not checked:
// these are the formulas, for use at parameters that a solve has accepted.

namespace melitz {

/// rho = (sigma - 1)/sigma: the share of revenue that pays for variable cost, and one over the markup.
template <real Real>
[[nodiscard]] Real inverse_markup(Real const& elasticity) {
  return Real((elasticity - 1) / elasticity);
}

/// Price at the factory gate of a firm with this productivity, p = w/(rho phi) with w = 1 (slide 9).
template <real Real>
[[nodiscard]] Real price(Real const& productivity, Real const& elasticity) {
  return Real(1 / (inverse_markup(elasticity) * productivity));
}

/// Expenditure on a variety, r = R (p/P)^(1-sigma) (slide 8).
template <real Real>
[[nodiscard]] Real demand_revenue(Real const& variety_price, Real const& price_index, Real const& expenditure,
                                  Real const& elasticity) {
  using std::pow;
  return Real(expenditure * pow(Real(variety_price / price_index), Real(1 - elasticity)));
}

/// Revenue of one firm over that of another in the same market, (phi/phi')^(sigma-1): the lecture's (1).
template <real Real>
[[nodiscard]] Real relative_revenue(Real const& productivity, Real const& other, Real const& elasticity) {
  using std::pow;
  return Real(pow(Real(productivity / other), Real(elasticity - 1)));
}

/// Revenue in a market whose cutoff firm just covers the fixed cost, r = (phi/phi*)^(sigma-1) sigma f: (2) with (1).
/// At the cutoff itself it is sigma f, the zero-profit condition (2); with f_x it is the export condition (7).
template <real Real>
[[nodiscard]] Real market_revenue(Real const& productivity, Real const& cutoff, Real const& fixed_cost,
                                  Real const& elasticity) {
  return Real(relative_revenue(productivity, cutoff, elasticity) * elasticity * fixed_cost);
}

/// Profit in that market, pi = r/sigma - f (slide 10); negative below the cutoff.
template <real Real>
[[nodiscard]] Real market_profit(Real const& productivity, Real const& cutoff, Real const& fixed_cost,
                                 Real const& elasticity) {
  return Real(fixed_cost * (relative_revenue(productivity, cutoff, elasticity) - 1));
}

/// Value of a firm with this profit per period, v = max(0, pi/delta) (slide 12).
template <real Real>
[[nodiscard]] Real value_of_firm(Real const& profit, Real const& death_rate) {
  return profit > 0 ? Real(profit / death_rate) : Real(0);
}

/// Productivity cutoff for exporting given the domestic one, phi_x = tau (f_x/f)^(1/(sigma-1)) phi*: the lecture's (8).
template <real Real>
[[nodiscard]] Real export_cutoff(Real const& cutoff, Real const& iceberg_cost, Real const& export_fixed_cost,
                                 Real const& fixed_cost, Real const& elasticity) {
  using std::pow;
  return Real(cutoff * iceberg_cost * pow(Real(export_fixed_cost / fixed_cost), Real(1 / (elasticity - 1))));
}

/// Price index of a mass of varieties whose producers have this average productivity,
/// P = M^(1/(1-sigma)) / (rho phi~): the lecture's (6), and slide 23 with M_t and phi~_t.
template <real Real>
[[nodiscard]] Real price_index(Real const& mass_varieties, Real const& average_productivity, Real const& elasticity) {
  using std::pow;
  return Real(pow(mass_varieties, Real(1 / (1 - elasticity))) * price(average_productivity, elasticity));
}

/// ln P of a market from its demand: where e^b is the operating profit there of a firm with productivity 1 and
/// delivered cost 1, e^b = R (rho P)^(sigma-1) / sigma.
template <real Real>
[[nodiscard]] Real log_price_index(Real const& log_demand, Real const& expenditure, Real const& elasticity) {
  using std::log;
  return Real((log(Real(elasticity / expenditure)) + log_demand) / (elasticity - 1) - log(inverse_markup(elasticity)));
}

}  // namespace melitz
