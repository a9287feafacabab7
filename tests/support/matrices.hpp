// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "catch.hpp"
#include "reference.hpp"

#include <Eigen/Core>
#include <string>
#include <vector>

namespace test {

/// A list of numbers, by country.
template <class Real = double>
Eigen::VectorX<Real> vector_of(json const& list) {
  Eigen::VectorX<Real> out(static_cast<Eigen::Index>(list.size()));
  for (std::size_t i = 0; i < list.size(); ++i) out[static_cast<Eigen::Index>(i)] = number<Real>(list.at(i));
  return out;
}

/// A list of rows, [exporter][importer].
template <class Real = double>
Eigen::MatrixX<Real> matrix_of(json const& rows) {
  auto const n = static_cast<Eigen::Index>(rows.size());
  Eigen::MatrixX<Real> out(n, n == 0 ? 0 : static_cast<Eigen::Index>(rows.at(0).size()));
  for (Eigen::Index i = 0; i < n; ++i) out.row(i) = vector_of<Real>(rows.at(static_cast<std::size_t>(i))).transpose();
  return out;
}

/// The laws of the countries.
inline std::vector<melitz::any_law<double>> laws_of(json const& list) {
  std::vector<melitz::any_law<double>> out;
  for (auto const& l : list) out.push_back(law(l));
  return out;
}

/// Compares vectors or matrices number by number, relative; NaN and infinities must stand at the same places.
template <class Derived, class Other>
void check_within(Eigen::MatrixBase<Derived> const& values, Eigen::MatrixBase<Other> const& expected, double tolerance,
                  std::string const& what = {}) {
  REQUIRE(values.rows() == expected.rows());
  REQUIRE(values.cols() == expected.cols());
  for (Eigen::Index i = 0; i < values.rows(); ++i) {
    for (Eigen::Index j = 0; j < values.cols(); ++j) {
      if (values(i, j) == expected(i, j)) continue;  // zeros and infinities among them
      CAPTURE(what, i, j);
      if (std::isnan(static_cast<double>(expected(i, j)))) {
        CHECK(std::isnan(static_cast<double>(values(i, j))));
      } else {
        CHECK_THAT(static_cast<double>(values(i, j)), WithinRel(static_cast<double>(expected(i, j)), tolerance));
      }
    }
  }
}

}  // namespace test
