// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace melitz::detail {

/// A small symmetric matrix, by rows.
struct symmetric_matrix {
  std::size_t size = 0;
  std::vector<double> entries;

  symmetric_matrix() = default;
  explicit symmetric_matrix(std::size_t n) : size(n), entries(n * n, 0.0) {}
  [[nodiscard]] double& operator()(std::size_t i, std::size_t j) { return entries[i * size + j]; }
  [[nodiscard]] double operator()(std::size_t i, std::size_t j) const { return entries[i * size + j]; }
};

/// Solves a positive definite system by Cholesky's decomposition, for each column of `right` in place.
/// @param columns  how many columns `right` has; by rows
/// @returns false where the matrix is not positive definite, to rounding
[[nodiscard]] inline bool solve_positive(symmetric_matrix a, std::vector<double>& right, std::size_t columns) {
  std::size_t const n = a.size;
  for (std::size_t j = 0; j < n; ++j) {
    double const whole = a(j, j);
    for (std::size_t k = 0; k < j; ++k) a(j, j) -= a(j, k) * a(j, k);
    if (!(a(j, j) > 1e-15 * whole)) return false;
    double const root = a(j, j) = std::sqrt(a(j, j));
    for (std::size_t i = j + 1; i < n; ++i) {
      for (std::size_t k = 0; k < j; ++k) a(i, j) -= a(i, k) * a(j, k);
      a(i, j) /= root;
    }
  }
  for (std::size_t c = 0; c < columns; ++c) {
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t k = 0; k < i; ++k) right[i * columns + c] -= a(i, k) * right[k * columns + c];
      right[i * columns + c] /= a(i, i);
    }
    for (std::size_t i = n; i-- > 0;) {
      for (std::size_t k = i + 1; k < n; ++k) right[i * columns + c] -= a(k, i) * right[k * columns + c];
      right[i * columns + c] /= a(i, i);
    }
  }
  return true;
}

/// The inverse of a positive definite matrix; empty where it is none.
[[nodiscard]] inline symmetric_matrix inverse_of(symmetric_matrix const& a) {
  symmetric_matrix out(a.size);
  for (std::size_t k = 0; k < a.size; ++k) out(k, k) = 1;
  if (!solve_positive(a, out.entries, a.size)) return {};
  for (std::size_t i = 0; i < a.size; ++i) {
    for (std::size_t j = 0; j < i; ++j) out(i, j) = out(j, i) = (out(i, j) + out(j, i)) / 2;
  }
  return out;
}

/// j' a j.
[[nodiscard]] inline symmetric_matrix between(symmetric_matrix const& a, symmetric_matrix const& j) {
  std::size_t const n = a.size;
  symmetric_matrix half(n), out(n);
  for (std::size_t r = 0; r < n; ++r) {
    for (std::size_t c = 0; c < n; ++c) {
      for (std::size_t k = 0; k < n; ++k) half(r, c) += a(r, k) * j(k, c);
    }
  }
  for (std::size_t r = 0; r < n; ++r) {
    for (std::size_t c = 0; c < n; ++c) {
      for (std::size_t k = 0; k < n; ++k) out(r, c) += j(k, r) * half(k, c);
    }
  }
  return out;
}

/// Eigenvalues and, by columns, eigenvectors, by Jacobi's rotations; ascending.
struct spectrum {
  std::vector<double> values;
  symmetric_matrix vectors;  ///< not symmetric

  explicit spectrum(symmetric_matrix a) : vectors(a.size) {
    std::size_t const n = a.size;
    for (std::size_t k = 0; k < n; ++k) vectors(k, k) = 1;
    for (int sweep = 0; sweep < 60; ++sweep) {
      double off = 0, all = 0;
      for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < n; ++j) (i == j ? all : off) += a(i, j) * a(i, j);
      }
      if (!(off > 1e-40 * all)) break;
      for (std::size_t p = 0; p + 1 < n; ++p) {
        for (std::size_t q = p + 1; q < n; ++q) rotate(a, p, q);
      }
    }
    std::vector<std::size_t> order(n);
    for (std::size_t k = 0; k < n; ++k) order[k] = k;
    std::sort(order.begin(), order.end(), [&](std::size_t x, std::size_t y) { return a(x, x) < a(y, y); });
    auto const unsorted = vectors;
    for (std::size_t c = 0; c < n; ++c) {
      values.push_back(a(order[c], order[c]));
      for (std::size_t r = 0; r < n; ++r) vectors(r, c) = unsorted(r, order[c]);
    }
  }

 private:
  void rotate(symmetric_matrix& a, std::size_t p, std::size_t q) {
    if (a(p, q) == 0) return;
    double const theta = (a(q, q) - a(p, p)) / (2 * a(p, q));
    double const t = (theta < 0 ? -1 : 1) / (std::abs(theta) + std::sqrt(theta * theta + 1));
    double const c = 1 / std::sqrt(t * t + 1), s = t * c;
    auto const turn = [&](double& x, double& y) {
      double const before = x;
      x = c * before - s * y;
      y = s * before + c * y;
    };
    for (std::size_t k = 0; k < a.size; ++k) turn(a(k, p), a(k, q));
    for (std::size_t k = 0; k < a.size; ++k) turn(a(p, k), a(q, k));
    for (std::size_t k = 0; k < a.size; ++k) turn(vectors(k, p), vectors(k, q));
  }
};

/// What a matrix of information says of what the data can tell apart: the condition number of the matrix scaled to a
/// diagonal of ones, and the direction in which it knows least, in those units.
struct scaled_condition {
  double number;
  std::vector<double> weakest;

  explicit scaled_condition(symmetric_matrix a) : number(HUGE_VAL) {
    std::vector<double> root;
    for (std::size_t k = 0; k < a.size; ++k) root.push_back(a(k, k) > 0 ? std::sqrt(a(k, k)) : 1);
    for (std::size_t i = 0; i < a.size; ++i) {
      for (std::size_t j = 0; j < a.size; ++j) a(i, j) /= root[i] * root[j];
    }
    spectrum const s(a);
    if (s.values.empty()) return;
    if (s.values.front() > 0) number = s.values.back() / s.values.front();
    for (std::size_t k = 0; k < a.size; ++k) weakest.push_back(s.vectors(k, 0));
  }
};

}  // namespace melitz::detail
