// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/numerics/real.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

namespace melitz::detail {

/// A small vector and a small square matrix, rows first.
template <real Real, std::size_t N>
using small_vector = std::array<Real, N>;
template <real Real, std::size_t N>
using small_matrix = std::array<std::array<Real, N>, N>;

/// One row of blocks: lower x_(t-1) + diagonal x_t + upper x_(t+1) = right.
template <real Real, std::size_t N>
struct block_row {
  small_matrix<Real, N> lower{}, diagonal{}, upper{};
  small_vector<Real, N> right{};
};

/// Solves a block by elimination with partial pivoting: on return `matrix` has its inverse times `block`, `vector` its
/// inverse times itself. @return false where a pivot is zero or no number
template <real Real, std::size_t N>
[[nodiscard]] bool solve_block(small_matrix<Real, N> pivots, small_matrix<Real, N>& block,
                               small_vector<Real, N>& vector) {
  using std::abs;
  for (std::size_t k = 0; k < N; ++k) {
    std::size_t best = k;
    for (std::size_t i = k + 1; i < N; ++i) {
      if (abs(pivots[i][k]) > abs(pivots[best][k])) best = i;
    }
    if (!(abs(pivots[best][k]) > 0)) return false;
    std::swap(pivots[k], pivots[best]);
    std::swap(block[k], block[best]);
    std::swap(vector[k], vector[best]);
    Real const inverse = 1 / pivots[k][k];
    for (std::size_t i = 0; i < N; ++i) {
      if (i == k || pivots[i][k] == 0) continue;
      Real const factor = pivots[i][k] * inverse;
      for (std::size_t j = k + 1; j < N; ++j) pivots[i][j] -= factor * pivots[k][j];
      for (std::size_t j = 0; j < N; ++j) block[i][j] -= factor * block[k][j];
      vector[i] -= factor * vector[k];
    }
    for (std::size_t j = k + 1; j < N; ++j) pivots[k][j] *= inverse;
    for (std::size_t j = 0; j < N; ++j) block[k][j] *= inverse;
    vector[k] *= inverse;
  }
  return true;
}

/// Solves a block-tridiagonal system by block elimination without pivoting between blocks, in time and memory that grow
/// with the number of rows. The first row's `lower` and the last row's `upper` do not enter.
///
/// @param rows  overwritten; on return `right` has the solution
/// @return false where a block on the diagonal turned out singular
template <real Real, std::size_t N>
[[nodiscard]] bool solve_block_tridiagonal(std::vector<block_row<Real, N>>& rows) {
  for (std::size_t t = 0; t < rows.size(); ++t) {
    auto& here = rows[t];
    if (t > 0) {
      auto const& before = rows[t - 1];
      for (std::size_t i = 0; i < N; ++i) {
        for (std::size_t k = 0; k < N; ++k) {
          Real const factor = here.lower[i][k];
          if (factor == 0) continue;
          for (std::size_t j = 0; j < N; ++j) here.diagonal[i][j] -= factor * before.upper[k][j];
          here.right[i] -= factor * before.right[k];
        }
      }
    }
    if (!solve_block(here.diagonal, here.upper, here.right)) return false;
  }
  for (std::size_t t = rows.size(); t-- > 1;) {
    auto& before = rows[t - 1];
    for (std::size_t i = 0; i < N; ++i) {
      for (std::size_t j = 0; j < N; ++j) before.right[i] -= before.upper[i][j] * rows[t].right[j];
    }
  }
  return true;
}

}  // namespace melitz::detail
