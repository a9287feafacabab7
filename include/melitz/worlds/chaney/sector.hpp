// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/countries/matrices.hpp>
#include <melitz/countries/results.hpp>
#include <melitz/error.hpp>
#include <melitz/numerics/real.hpp>

#include <Eigen/Core>

// Needs Eigen: CMake target melitz::world.

namespace melitz {

/// One sector of a chaney_world.
template <real Real = double>
struct chaney_sector {
  using real_type = Real;

  Real elasticity = detail::not_a_number<Real>;         ///< sigma > 1, of substitution between varieties
  Real expenditure_share = detail::not_a_number<Real>;  ///< mu in (0, 1), of income
  Real entrants_per_labor_income = Real(1);  ///< xi > 0: a country has xi w_i L_i entrants, whatever they earn
  Eigen::MatrixX<Real> iceberg_cost{};       ///< tau(from, to) >= 1, 1 at home; may be infinite abroad
  Eigen::MatrixX<Real>
      fixed_cost{};  ///< f(from, to) > 0, of serving a market, in the outside good; may be infinite abroad

  [[nodiscard]] Real size_exponent() const { return Real(elasticity - 1); }

  /// @throws domain_error naming the first member that is out of range
  void validate(Eigen::Index countries) const {
    char const* const where = "chaney_sector";
    detail::require(elasticity > 1 && detail::is_finite(elasticity), where, "elasticity", elasticity,
                    "exceed 1 and be finite");
    detail::require(expenditure_share > 0 && expenditure_share < 1, where, "expenditure_share", expenditure_share,
                    "lie between 0 and 1");
    detail::require(entrants_per_labor_income > 0 && detail::is_finite(entrants_per_labor_income), where,
                    "entrants_per_labor_income", entrants_per_labor_income, "be positive and finite");
    detail::require_iceberg_costs(where, "iceberg_cost", iceberg_cost, countries);
    detail::require_fixed_costs(where, "fixed_cost", fixed_cost, countries);
  }
};

/// Equilibrium of one sector; vectors are by country, matrices (from, to). Values are in the outside good. Cutoffs are
/// infinite where nobody sells.
template <real Real = double>
struct chaney_sector_equilibrium : world_flows<Real> {
  using real_type = Real;
  using vector = Eigen::VectorX<Real>;
  using matrix = Eigen::MatrixX<Real>;

  vector price_index{};       ///< P
  vector remoteness{};        ///< theta of a country, under one Pareto shape in all countries; otherwise NaN
  vector profits{};           ///< of the firms of a country, net of fixed costs
  vector fixed_costs{};       ///< that the firms of a country pay
  matrix trade_elasticity{};  ///< -dln sales/dln iceberg cost at given price index: sigma - 1 + hazard of the moment
  matrix firms_elasticity{};  ///< -dln firms/dln iceberg cost at given price index: hazard of the law at the cutoff
  vector marginal_share{};    ///< of firms exactly at the cutoff, those that sell: 1 unless the law has an atom there

  chaney_sector_equilibrium() = default;
  /// All numbers the same, for that many countries.
  chaney_sector_equilibrium(Eigen::Index countries, Real const& number) {
    matrix const pairs = matrix::Constant(countries, countries, number);
    vector const each = vector::Constant(countries, number);
    this->cutoff = this->mass_firms = this->sales = this->share = pairs;
    price_index = remoteness = profits = fixed_costs = marginal_share = each;
    trade_elasticity = firms_elasticity = pairs;
  }
};

/// Elasticities of what one country sells in another, X_ij, with respect to a cost of that pair. All but the last hold
/// the importer's price index and income, the multilateral terms, as they are.
///
/// There are two ways to tell the margins apart, and both sum to the flow's. By who was selling before: sales of those
/// firms (intensive), and the sales of entrants to the market (extensive); Leibniz's rule on N int x dG, Chaney's
/// (2008). By an accounting identity: the number of firms, and the average sales of a firm.
template <real Real = double>
struct margin_elasticities {
  Real flow = detail::not_a_number<Real>;
  Real intensive = detail::not_a_number<Real>;       ///< of the firms that sell already
  Real extensive = detail::not_a_number<Real>;       ///< from firms that start or stop selling
  Real firms = detail::not_a_number<Real>;           ///< of the number of firms
  Real average_sales = detail::not_a_number<Real>;   ///< of sales per firm
  Real in_equilibrium = detail::not_a_number<Real>;  ///< of the flow, as price index and dividends answer
};

/// See trade_elasticities.
template <real Real = double>
struct chaney_elasticities {
  margin_elasticities<Real> iceberg_cost{};
  margin_elasticities<Real> fixed_cost{};
};

}  // namespace melitz
