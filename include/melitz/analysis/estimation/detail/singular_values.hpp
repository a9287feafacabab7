// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/analysis/estimation/detail/symmetric.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <utility>
#include <vector>

namespace melitz::detail {

/// A small matrix by its columns, all of one length.
using column_matrix = std::vector<std::vector<double>>;

[[nodiscard]] inline double inner(std::vector<double> const& a, std::vector<double> const& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

/// A matrix that has no more columns than rows as products of singular values and vectors, by rotations of pairs of
/// columns (Hestenes 1958).
///
/// Not by the eigenvalues of its square, in which what is below 1e-8 of the largest drowns: that is where one sees
/// whether a direction is weak or not there at all.
struct singular_values {
  std::vector<double> values;  ///< descending
  column_matrix left;          ///< times the singular values
  column_matrix right;
  std::size_t rank = 0;  ///< how many are above 1e-9 of the largest

  explicit singular_values(column_matrix columns) {
    std::size_t const n = columns.size();
    column_matrix turned(n, std::vector<double>(n, 0.0));
    for (std::size_t k = 0; k < n; ++k) turned[k][k] = 1;
    bool moved = true;
    for (int sweep = 0; sweep < 60 && moved; ++sweep) {
      moved = false;
      for (std::size_t p = 0; p + 1 < n; ++p) {
        for (std::size_t q = p + 1; q < n; ++q) {
          double const a = inner(columns[p], columns[p]), b = inner(columns[q], columns[q]);
          double const c = inner(columns[p], columns[q]);
          if (!(std::abs(c) > 1e-16 * std::sqrt(a * b))) continue;
          moved = true;
          double const zeta = (b - a) / (2 * c);
          double const t = (zeta < 0 ? -1 : 1) / (std::abs(zeta) + std::sqrt(1 + zeta * zeta));
          double const cosine = 1 / std::sqrt(1 + t * t);
          turn(columns[p], columns[q], cosine, cosine * t);
          turn(turned[p], turned[q], cosine, cosine * t);
        }
      }
    }
    std::vector<std::size_t> order(n);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::vector<double> lengths;
    for (auto const& column : columns) lengths.push_back(std::sqrt(inner(column, column)));
    std::stable_sort(order.begin(), order.end(), [&](std::size_t x, std::size_t y) { return lengths[x] > lengths[y]; });
    for (std::size_t const k : order) {
      values.push_back(lengths[k]);
      left.push_back(std::move(columns[k]));
      right.push_back(std::move(turned[k]));
    }
    while (rank < n && values[rank] > 1e-9 * values.front()) ++rank;
  }

  /// Coefficients of `target` on the left singular vectors, over the singular values: those of the right ones in the
  /// shortest of the vectors that come nearest to it.
  [[nodiscard]] std::vector<double> coefficients(std::vector<double> const& target) const {
    std::vector<double> out;
    for (std::size_t k = 0; k < rank; ++k) out.push_back(inner(left[k], target) / (values[k] * values[k]));
    return out;
  }

 private:
  static void turn(std::vector<double>& x, std::vector<double>& y, double cosine, double sine) {
    for (std::size_t k = 0; k < x.size(); ++k) {
      double const before = x[k];
      x[k] = cosine * before - sine * y[k];
      y[k] = sine * before + cosine * y[k];
    }
  }
};

/// A matrix R of which R'R is a, or a's inverse; by rows.
///
/// By the eigenvalues of a scaled to a diagonal of ones, so that the units of its rows do not matter.
/// @param a  positive semidefinite; definite where its inverse is wanted
/// @returns empty where a is none, to rounding
[[nodiscard]] inline column_matrix root_of(symmetric_matrix a, bool of_inverse) {
  std::size_t const n = a.size;
  std::vector<double> unit;
  for (std::size_t k = 0; k < n; ++k) {
    if (!(a(k, k) >= 0) || (of_inverse && !(a(k, k) > 0))) return {};
    unit.push_back(a(k, k) > 0 ? std::sqrt(a(k, k)) : 1);
  }
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) a(i, j) /= unit[i] * unit[j];
  }
  spectrum const s(a);
  double const rounding = 1e-13 * s.values.back();
  if (!(of_inverse ? s.values.front() > rounding : s.values.front() >= -rounding)) return {};
  column_matrix out(n, std::vector<double>(n, 0.0));
  for (std::size_t r = 0; r < n; ++r) {
    double const root = std::sqrt(std::max(s.values[r], 0.0));
    for (std::size_t k = 0; k < n; ++k) {
      out[r][k] = of_inverse ? s.vectors(k, r) / root / unit[k] : root * s.vectors(k, r) * unit[k];
    }
  }
  return out;
}

/// A matrix by rows times a vector.
[[nodiscard]] inline std::vector<double> product(column_matrix const& rows, std::vector<double> const& x) {
  std::vector<double> out;
  for (auto const& row : rows) out.push_back(inner(row, x));
  return out;
}

}  // namespace melitz::detail
