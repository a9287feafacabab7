// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/economy/ces.hpp>
#include <melitz/error.hpp>
#include <melitz/numerics/real.hpp>

#include <cmath>
#include <string_view>

// What closes an industry whose firms change over time. Firms are solved for the demand shifter A alone, in which a
// firm of size x = phi^(sigma-1) earns A x - f, has sales sigma A x and uses (sigma - 1) A x + f workers. That is a
// firm under monopolistic competition with elasticity sigma, and as well one that takes the price and produces (phi
// l)^alpha with alpha = 1 - 1/sigma: only what A says of the price differs.

namespace melitz {

/// How firms compete.
enum class industry_market {
  monopolistic_competition,  ///< varieties with this elasticity of substitution
  perfect_competition,       ///< one good; output is (phi l)^(1 - 1/elasticity)
};

/// The market in words: "monopolistic_competition", "perfect_competition".
[[nodiscard]] constexpr std::string_view to_string(industry_market m) noexcept {
  return detail::word_of(m, {"monopolistic_competition", "perfect_competition"});
}

/// Sums over the firms of a steady state, per entrant of a period.
template <real Real = double>
struct industry_sums {
  Real firms = detail::not_a_number<Real>;  ///< N, operating
  Real size = detail::not_a_number<Real>;   ///< X, of phi^(sigma-1), that sold abroad times tau^(1-sigma) included
  Real fixed = detail::not_a_number<Real>;  ///< labour for fixed costs of every kind, but for entry
};

/// What the market makes of A and of these sums. The wage is the numeraire.
template <real Real = double>
struct industry_totals {
  Real mass_entrants_per_period = detail::not_a_number<Real>;  ///< M_e
  Real revenue = detail::not_a_number<Real>;                   ///< R, all sales; above L by the interest on entry
  Real price_index = detail::not_a_number<Real>;               ///< P, or the price of the one good
  Real consumption = detail::not_a_number<Real>;               ///< C = R/P
  Real labor_entry = detail::not_a_number<Real>;
  Real labor_fixed = detail::not_a_number<Real>;  ///< of every kind
  Real labor_variable = detail::not_a_number<Real>;
};

namespace detail {

/// ln of the price at which firms that take it earn e^log_demand x: A = (1-alpha) alpha^(alpha/(1-alpha)) p^sigma.
template <real Real>
[[nodiscard]] Real log_competitive_price(Real const& log_demand, Real const& elasticity) {
  using std::log;
  Real const alpha = inverse_markup(elasticity);
  return Real((log_demand + log(elasticity)) / elasticity - alpha * log(alpha));
}

/// ln P, by market.
template <real Real>
[[nodiscard]] Real log_price_of(industry_market market, Real const& log_demand, Real const& revenue,
                                Real const& elasticity) {
  return market == industry_market::perfect_competition ? log_competitive_price(log_demand, elasticity)
                                                        : log_price_index(log_demand, revenue, elasticity);
}

/// All that follows for so many entrants.
template <real Real>
[[nodiscard]] industry_totals<Real> totals_of(industry_market market, Real const& entrants, Real const& elasticity,
                                              Real const& entry_cost, Real const& demand,
                                              industry_sums<Real> const& sums) {
  using std::exp, std::log;
  industry_totals<Real> out;
  Real const variable = (elasticity - 1) * demand * sums.size;
  out.mass_entrants_per_period = entrants;
  out.revenue = entrants * elasticity * demand * sums.size;
  out.price_index = exp(log_price_of(market, Real(log(demand)), out.revenue, elasticity));
  out.consumption = out.revenue / out.price_index;
  out.labor_entry = entrants * entry_cost;
  out.labor_fixed = entrants * sums.fixed;
  out.labor_variable = entrants * variable;
  return out;
}

/// General equilibrium, one sector: entrants are as many as use all labour, M_e = L/(f_e + (sigma - 1) A X + fixed).
/// @param demand  A
template <real Real>
[[nodiscard]] industry_totals<Real> close_industry(industry_market market, Real const& elasticity,
                                                   Real const& entry_cost, Real const& labor, Real const& demand,
                                                   industry_sums<Real> const& sums) {
  Real const per_entrant = entry_cost + (elasticity - 1) * demand * sums.size + sums.fixed;
  return totals_of(market, Real(labor / per_entrant), elasticity, entry_cost, demand, sums);
}

/// One sector of many: entrants are as many as consumers' spending on it pays, M_e = spending/(sigma A X). A
/// competitive industry with demand D(p) has the spending p D(p), with p from log_competitive_price.
template <real Real>
[[nodiscard]] industry_totals<Real> close_industry_at_spending(industry_market market, Real const& elasticity,
                                                               Real const& entry_cost, Real const& spending,
                                                               Real const& demand, industry_sums<Real> const& sums) {
  return totals_of(market, Real(spending / (elasticity * demand * sums.size)), elasticity, entry_cost, demand, sums);
}

}  // namespace detail
}  // namespace melitz
