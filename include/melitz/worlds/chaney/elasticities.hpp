// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/numerics/real.hpp>
#include <melitz/worlds/chaney/chaney.hpp>

#include <cstddef>
#include <utility>

// Needs Eigen: CMake target melitz::world.

namespace melitz {

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
  Real firms = detail::not_a_number<Real>;           ///< of the mass of firms
  Real average_sales = detail::not_a_number<Real>;   ///< of sales per firm
  Real in_equilibrium = detail::not_a_number<Real>;  ///< of the flow, as price index and dividends answer
};

/// See elasticities_by_margin.
template <real Real = double>
struct chaney_elasticities {
  margin_elasticities<Real> iceberg_cost{};
  margin_elasticities<Real> fixed_cost{};
};

namespace detail {

/// A pair of one sector of a solved chaney_economy, for elasticities with respect to its costs.
template <real Real>
class chaney_pair {
 public:
  chaney_pair(chaney_economy<Real> const& world, chaney_equilibrium<Real> const& e, std::size_t sector, Eigen::Index i,
              Eigen::Index j)
      : world_(world), e_(e), sector_(sector), i_(i), j_(j) {}

  [[nodiscard]] chaney_elasticities<Real> elasticities() const {
    auto const& own = e_.sectors[sector_];
    Real const r = world_.sectors[sector_].size_exponent(), sigma = world_.sectors[sector_].elasticity;
    Real const total = own.trade_elasticity(i_, j_), hazard = total - r, firms = own.firms_elasticity(i_, j_);
    Real const mean = mean_elasticity(sector_, j_), share = own.share(i_, j_);
    Real const kept = is_finite(mean)
                          ? Real(share / mean)
                          : Real(0);  // times the pair's elasticity: how far its shock moves x, see chaney_markets
    Real const spent = world_.sectors[sector_].expenditure_share * e_.income[j_];

    // What a cost that is one percent higher does to profits at given incomes, and through the dividend to incomes.
    Real const iceberg_profits = -r / sigma * spent * (share - total * kept);
    Real const fixed_profits =
        -world_.sectors[sector_].fixed_cost(i_, j_) * own.mass_sellers(i_, j_) + spent / sigma * hazard * kept;
    Real const through_income = is_finite(mean) ? Real(total / mean) : Real(0);

    chaney_elasticities<Real> out;
    out.iceberg_cost = {.flow = -total,
                        .intensive = -r,
                        .extensive = -hazard,
                        .firms = -firms,
                        .average_sales = firms - total,
                        .in_equilibrium = -total * (1 - total * kept) + through_income * of_income(iceberg_profits)};
    out.fixed_cost = {.flow = -hazard / r,
                      .intensive = Real(0),
                      .extensive = -hazard / r,
                      .firms = -firms / r,
                      .average_sales = (firms - hazard) / r,
                      .in_equilibrium = -hazard / r * (1 - total * kept) + through_income * of_income(fixed_profits)};
    return out;
  }

 private:
  /// Mean of a market's trade elasticities, by sales.
  [[nodiscard]] Real mean_elasticity(std::size_t sector, Eigen::Index importer) const {
    auto const& own = e_.sectors[sector];
    Real out(0);
    for (Eigen::Index i = 0; i < e_.income.size(); ++i) {
      Real const share = own.share(i, importer);
      if (share > 0) out += share * own.trade_elasticity(i, importer);
    }
    return out;
  }

  /// dln Y, of every country, when profits are higher by so much at given incomes.
  [[nodiscard]] Real of_income(Real const& profits) const {
    Real const wages = e_.world_income / (1 + e_.dividend);
    Real slope(1);
    for (std::size_t h = 0; h < world_.sectors.size(); ++h) {
      auto const& s = world_.sectors[h];
      for (Eigen::Index j = 0; j < e_.income.size(); ++j) {
        slope -= s.expenditure_share * e_.income[j] / e_.world_income * s.size_exponent() /
                 (s.elasticity * mean_elasticity(h, j));
      }
    }
    return Real(profits / (wages * slope * (1 + e_.dividend)));
  }

  chaney_economy<Real> const& world_;
  chaney_equilibrium<Real> const& e_;
  std::size_t sector_;
  Eigen::Index i_, j_;
};

}  // namespace detail

/// Elasticities of what `exporter` sells in `importer` with respect to the iceberg cost and the fixed cost of that
/// pair, by margin; see margin_elasticities. Under a Pareto law of shape k the first is -k = -(sigma - 1) - (k - sigma
/// + 1) and the second -(k/(sigma - 1) - 1) = 0 - (k/(sigma - 1) - 1): a higher elasticity of substitution magnifies
/// the intensive margin and dampens the extensive one, by as much (Chaney 2008). Under another law the shape gives way
/// to sigma - 1 + hazard of the moment at the cutoff, which differs between pairs.
///
/// @param world  the one that `e` is the equilibrium of
/// @throws domain_error naming a sector or country that there is not
/// @return NaN where nobody sells, and if `e` did not converge. Infinite where firms of positive mass
///         stand at the cutoff
template <real Real>
[[nodiscard]] chaney_elasticities<Real> elasticities_by_margin(chaney_economy<Real> const& world,
                                                               chaney_equilibrium<Real> const& e, std::size_t sector,
                                                               Eigen::Index exporter, Eigen::Index importer) {
  char const* const where = "elasticities_by_margin";
  detail::require(sector < world.sectors.size(), where, "sector", static_cast<double>(sector),
                  "be below the number of sectors");
  for (auto const& [name, country] : {std::pair{"exporter", exporter}, std::pair{"importer", importer}}) {
    detail::require(country >= 0 && country < world.labor.size(), where, name, static_cast<double>(country),
                    "be below the number of countries");
  }
  if (!e) return {};
  detail::require(e.sectors.size() == world.sectors.size() && e.income.size() == world.labor.size(), where,
                  "number of sectors of the equilibrium", static_cast<double>(e.sectors.size()),
                  "be the world's, and so must be its countries");
  return detail::chaney_pair<Real>(world, e, sector, exporter, importer).elasticities();
}

}  // namespace melitz
