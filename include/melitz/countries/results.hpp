// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/numerics/real.hpp>

#include <Eigen/Core>
#include <algorithm>
#include <initializer_list>

namespace melitz {

/// What is sold between countries: matrices [exporter][importer], home sales on the diagonal.
template <real Real = double>
struct world_flows {
  using matrix = Eigen::MatrixX<Real>;

  matrix cutoff{};      ///< from here on a firm serves the market; may lie below the support, where all entrants
                        ///< do, or above it, where none does; infinite where trade costs are
  matrix mass_firms{};  ///< firms of the exporter in the market: the extensive margin
  matrix sales{};       ///< what consumers pay, tariffs included, in the numeraire
  matrix share{};       ///< lambda, of the importer's expenditure; columns sum to 1

  /// Sales per firm, the intensive margin; NaN where nobody exports.
  [[nodiscard]] matrix average_sales() const { return sales.cwiseQuotient(mass_firms); }
};

/// What the countries of a world have in equilibrium, by country. The numeraire is the wage of country 0.
template <real Real = double>
struct world_countries {
  using vector = Eigen::VectorX<Real>;

  vector wage{};
  vector mass_entrants{};  ///< that draw their productivity in the country, alive
  vector expenditure{};    ///< X, on the differentiated good
  vector price_index{};    ///< P
  vector welfare{};        ///< real expenditure per worker, X/(P L)
};

namespace detail {

/// By how much of its larger side an account may be open in what has converged: 9e-13 for doubles, all of it rounding.
template <real Real>
[[nodiscard]] Real open_account() {
  return Real(4096 * epsilon<Real>());
}

/// Whether accounts close that are open by these shares of their larger sides; NaN is open.
template <real Real>
[[nodiscard]] bool accounts_close(std::initializer_list<Real> shares) {
  return std::all_of(shares.begin(), shares.end(), [](Real const& x) { return x <= open_account<Real>(); });
}

}  // namespace detail
}  // namespace melitz
