// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/countries/results.hpp>
#include <melitz/error.hpp>
#include <melitz/numerics/real.hpp>
#include <melitz/worlds/melitz/world_conditions.hpp>

#include <Eigen/Core>
#include <algorithm>
#include <cmath>

namespace melitz {

/// By how much the accounts of a world are open, relative to their larger sides; the largest over the countries. In
/// what has converged none by more than 4096 eps.
template <real Real = double>
struct world_residuals {
  Real free_entry = detail::not_a_number<Real>;   ///< expected profit against the cost of entry
  Real goods = detail::not_a_number<Real>;        ///< sales against expenditure, in every market
  Real labor = detail::not_a_number<Real>;        ///< workers employed against workers
  Real payments = detail::not_a_number<Real>;     ///< what a country receives from all others against what it owes them
  Real price_index = detail::not_a_number<Real>;  ///< from the prices of all varieties against that from demand

  [[nodiscard]] Real largest() const { return std::max({free_entry, goods, labor, payments, price_index}); }
};

/// Equilibrium of a world_economy. Vectors are by country, matrices [exporter][importer]; money is in wages of country
/// 0. Check `reason` (or the conversion to bool) first: unless it converged the numbers are NaN.
template <real Real = double>
struct world_equilibrium : world_countries<Real>, world_flows<Real> {
  using real_type = Real;
  using vector = Eigen::VectorX<Real>;
  using matrix = Eigen::MatrixX<Real>;

  status reason = status::not_solved;
  int iterations = 0;          ///< steps, all in all
  int continuation_steps = 0;  ///< tatonnements, and worlds tried on the way from an easier one; deficits take one
  Real error_estimate = detail::not_a_number<Real>;  ///< of the logs of wages and masses, from rounding
  world_residuals<Real> residuals{};

  vector demand{};            ///< B_j: operating profit in j of a firm with productivity 1 and delivered cost 1
  vector tariff_revenue{};    ///< part of consumers' income
  matrix trade_elasticity{};  ///< -d ln sales/d ln tau at given wages and masses: r, of each firm, plus that of entry
                              ///< into the market (Leibniz' split at the cutoff); NaN where nobody exports

  [[nodiscard]] explicit operator bool() const noexcept { return reason == status::converged; }
  /// lambda_jj: what each country spends on its own goods, of its expenditure.
  [[nodiscard]] vector domestic_share() const { return this->share.diagonal(); }
};

namespace detail {

/// Makes every number NaN.
template <real Real>
void forget(world_equilibrium<Real>& out, Eigen::Index countries) {
  Real const none = not_a_number<Real>;
  for (auto* v : {&out.wage, &out.mass_entrants, &out.expenditure, &out.price_index, &out.welfare, &out.demand,
                  &out.tariff_revenue})
    v->setConstant(countries, none);
  for (auto* m : {&out.cutoff, &out.mass_firms, &out.sales, &out.share, &out.trade_elasticity})
    m->setConstant(countries, countries, none);
  out.residuals = {};
  out.error_estimate = none;
}

/// All that follows from wages, demand and masses of entrants. Residuals of conditions are those of all countries.
template <real Real>
void fill(world_equilibrium<Real>& out, world_pairs<Real> const& pairs, world_point<Real> const& point) {
  using std::abs, std::exp, std::log, std::pow;
  auto const n = pairs.countries();
  auto const& e = pairs.economy();
  Real const r = pairs.power(), sigma = e.elasticity;
  world_conditions<Real> const conditions(pairs, point);
  out.wage = conditions.wage();
  out.mass_entrants = conditions.entrants();
  out.demand = point.log_demand.array().exp();
  out.tariff_revenue = Eigen::VectorX<Real>::Zero(n);
  for (auto* m : {&out.cutoff, &out.mass_firms, &out.sales, &out.share, &out.trade_elasticity}) m->resize(n, n);
  for (Eigen::Index j = 0; j < n; ++j) {
    for (Eigen::Index i = 0; i < n; ++i) {
      Real const entrants = out.mass_entrants[i];
      Real const v = point.at.variable(i, j), q = point.at.fixed(i, j);
      out.cutoff(i, j) = exp(pairs.log_cutoff(i, j, point.log_wage, point.log_demand));
      out.mass_firms(i, j) = q > 0 ? Real(entrants * (q / pairs.cost(i, j, point.log_wage))) : Real(0);
      out.sales(i, j) = entrants * (pairs.income(i, j) + pairs.revenue(i, j)) * v;
      out.tariff_revenue[j] += entrants * pairs.revenue(i, j) * v;
      out.trade_elasticity(i, j) = v > 0 ? Real(r + point.at.jump(i, j) / v) : not_a_number<Real>;
    }
  }
  out.expenditure = conditions.income() + out.tariff_revenue;
  if (e.deficit.size() != 0) out.expenditure += e.deficit;
  out.share = out.sales * out.expenditure.cwiseInverse().asDiagonal();
  auto const gaps = conditions.gaps();
  auto& left = out.residuals;
  left = {gaps.head(n).template lpNorm<Eigen::Infinity>(), gaps.segment(n, n).template lpNorm<Eigen::Infinity>(),
          gaps.tail(n).template lpNorm<Eigen::Infinity>(), conditions.imbalances().template lpNorm<Eigen::Infinity>(),
          Real(0)};
  out.price_index.resize(n);
  for (Eigen::Index j = 0; j < n; ++j) {
    left.goods = std::max(left.goods, Real(abs(out.share.col(j).sum() - 1)));
    Real const log_price = (log(Real(sigma / out.expenditure[j])) + point.log_demand[j]) / r + log(Real(sigma / r));
    out.price_index[j] = exp(log_price);
    Real prices(0);  // to the power -r, over that of the price index
    for (Eigen::Index i = 0; i < n; ++i) {
      if (!(point.at.variable(i, j) > 0)) continue;
      // E[phi^r] of the sellers, over what they charge to the same power
      Real const charged =
          log(Real(sigma / r)) + point.log_wage[i] + log(e.iceberg_cost(i, j)) + log(Real(1 + pairs.tariff(i, j)));
      Real const log_c = pairs.log_cutoff(i, j, point.log_wage, point.log_demand);
      prices += out.mass_entrants[i] * (point.at.variable(i, j) / pairs.cost(i, j, point.log_wage)) *
                exp(Real(r * (log_c - charged + log_price)));
    }
    left.price_index = std::max(left.price_index, Real(abs(pow(prices, Real(-1 / r)) - 1)));
  }
  out.welfare = out.expenditure.cwiseQuotient(out.price_index).cwiseQuotient(e.labor);
}

}  // namespace detail
}  // namespace melitz
