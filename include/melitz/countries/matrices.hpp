// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/numerics/real.hpp>

#include <Eigen/Core>
#include <string>

// Vectors by country and matrices by pair of countries, [exporter][importer], as input. Countries are counted from 0,
// and an error names the country or the pair: "iceberg_cost(2, 0) is 0.8; it must be at least 1".

namespace melitz::detail {

/// Which pairs of countries a matrix is about.
enum class pairs { all, foreign };

/// @throws domain_error unless there is a number for each country
template <class Vector>
void require_by_country(char const* where, char const* name, Vector const& x, Eigen::Index countries) {
  if (x.size() == countries) return;
  throw domain_error(where, std::string("size of ") + name, std::to_string(x.size()),
                     "be the number of countries, " + std::to_string(countries));
}

/// @throws domain_error unless there is a number for each pair of countries
template <class Matrix>
void require_by_pair(char const* where, char const* name, Matrix const& x, Eigen::Index countries) {
  if (x.rows() == countries && x.cols() == countries) return;
  auto const n = std::to_string(countries);
  throw domain_error(where, std::string("shape of ") + name,
                     std::to_string(x.rows()) + " x " + std::to_string(x.cols()),
                     "be " + n + " x " + n + ", a row for each exporter and a column for each importer");
}

/// @param holds  of one number
/// @throws domain_error naming the first number for which it does not
template <class Vector, class Holds>
void require_each(char const* where, char const* name, Vector const& x, Holds const& holds, char const* restriction) {
  for (Eigen::Index i = 0; i < x.size(); ++i) {
    if (holds(x[i])) [[likely]]
      continue;
    reject(where, std::string(name) + '(' + std::to_string(i) + ')', static_cast<double>(x[i]), restriction);
  }
}

/// @param holds  of one number
/// @throws domain_error naming row and column of the first number for which it does not
template <class Matrix, class Holds>
void require_each_pair(char const* where, char const* name, Matrix const& x, Holds const& holds,
                       char const* restriction, pairs which = pairs::all) {
  bool good = true;
  for (Eigen::Index j = 0; j < x.cols() && good; ++j) {  // in the order of memory, by far the fastest
    for (Eigen::Index i = 0; i < x.rows(); ++i) good &= (which == pairs::foreign && i == j) || holds(x(i, j));
  }
  if (good) [[likely]]
    return;
  for (Eigen::Index i = 0; i < x.rows(); ++i) {
    for (Eigen::Index j = 0; j < x.cols(); ++j) {
      if ((which == pairs::foreign && i == j) || holds(x(i, j))) continue;
      reject(where, std::string(name) + '(' + std::to_string(i) + ", " + std::to_string(j) + ')',
             static_cast<double>(x(i, j)), restriction);
    }
  }
}

/// A number for each country, all positive and finite. @throws domain_error
template <class Vector>
void require_positive_by_country(char const* where, char const* name, Vector const& x, Eigen::Index countries) {
  require_by_country(where, name, x, countries);
  require_each(
      where, name, x, [](auto const& v) { return v > 0 && is_finite(v); }, "be positive and finite");
}

/// Iceberg costs: 1 at home, elsewhere at least 1; infinite where there is no trade. @throws domain_error
template <class Matrix>
void require_iceberg_costs(char const* where, char const* name, Matrix const& x, Eigen::Index countries) {
  require_by_pair(where, name, x, countries);
  require_each_pair(
      where, name, x, [](auto const& v) { return v >= 1; }, "be at least 1");
  for (Eigen::Index i = 0; i < countries; ++i) {
    require(x(i, i) == 1, where, (std::string(name) + '(' + std::to_string(i) + ", " + std::to_string(i) + ')').c_str(),
            x(i, i), "be 1 at home");
  }
}

/// A positive number for each pair of countries, infinite where there is no trade, and finite at home.
/// @throws domain_error
template <class Matrix>
void require_fixed_costs(char const* where, char const* name, Matrix const& x, Eigen::Index countries) {
  require_by_pair(where, name, x, countries);
  require_each_pair(
      where, name, x, [](auto const& v) { return v > 0; }, "be positive");
  for (Eigen::Index i = 0; i < countries; ++i) {
    require(is_finite(x(i, i)), where,
            (std::string(name) + '(' + std::to_string(i) + ", " + std::to_string(i) + ')').c_str(), x(i, i),
            "be finite at home");
  }
}

/// Spending above income by country, which sums to 0 over the world; none if empty. @throws domain_error
template <class Vector>
void require_deficits(char const* where, Vector const& deficit, Vector const& labor) {
  if (deficit.size() == 0) return;
  require_by_country(where, "deficit", deficit, labor.size());
  require_each(
      where, "deficit", deficit, [](auto const& d) { return is_finite(d); }, "be finite");
  auto const sum = deficit.sum();
  auto const slack = 1e-12 * (labor.sum() + deficit.cwiseAbs().sum());
  require(sum <= slack && -sum <= slack, where, "sum of deficit", sum,
          "be 0: what some countries overspend others lend");
}

}  // namespace melitz::detail
