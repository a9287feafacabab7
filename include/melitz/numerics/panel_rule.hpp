// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/numerics/gauss_legendre.hpp>
#include <melitz/numerics/real.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <limits>

namespace melitz::detail {

/// The Gauss-Legendre rule on one panel, scaled to u in [-1, 1], and what else the values at its nodes tell: their
/// Legendre series, whose last terms show whether the panel resolves the function; the polynomial through them; and its
/// integral from every node to the end of the panel.
template <real Real>
struct panel_rule {
  static constexpr std::size_t size = std::numeric_limits<Real>::digits <= 64 ? 20 : 30;
  using values = std::array<Real, size>;
  using matrix = std::array<values, size>;

  values nodes{};     ///< ascending
  values weights{};   ///< of Gauss
  matrix legendre{};  ///< legendre[k][m] = share of f(nodes[k]) in the coefficient of P_m
  matrix to_end{};    ///< to_end[k][j] = share of f(nodes[k]) in the integral from nodes[j] to 1
  matrix powers{};    ///< powers[m][i] = coefficient of u^i in P_m

  panel_rule() {
    gauss_legendre<value_t<Real>, size> const half;
    for (std::size_t i = 0; i < size / 2; ++i) {
      nodes[size / 2 + i] = Real(half.nodes[i]);
      nodes[size / 2 - 1 - i] = -Real(half.nodes[i]);
      weights[size / 2 + i] = weights[size / 2 - 1 - i] = Real(half.weights[i]);
    }
    matrix integrals{};
    for (std::size_t k = 0; k < size; ++k) {
      std::array<Real, size + 1> p{Real(1), nodes[k]};  // P_m at the node
      for (std::size_t m = 1; m < size; ++m)
        p[m + 1] = (Real(2 * m + 1) * nodes[k] * p[m] - Real(m) * p[m - 1]) / Real(m + 1);
      for (std::size_t m = 0; m < size; ++m) legendre[k][m] = Real(2 * m + 1) / 2 * weights[k] * p[m];
      integrals[k][0] = 1 - nodes[k];  // of P_m, from the node to 1
      for (std::size_t m = 1; m < size; ++m) integrals[k][m] = (p[m - 1] - p[m + 1]) / Real(2 * m + 1);
    }
    for (std::size_t j = 0; j < size; ++j) {
      for (std::size_t k = 0; k < size; ++k) {
        for (std::size_t m = 0; m < size; ++m) to_end[k][j] += integrals[j][m] * legendre[k][m];
      }
    }
    powers[0][0] = powers[1][1] = 1;
    for (std::size_t m = 1; m + 1 < size; ++m) {
      for (std::size_t i = 0; i < size; ++i) {
        powers[m + 1][i] =
            ((i > 0 ? Real(Real(2 * m + 1) * powers[m][i - 1]) : Real(0)) - Real(m) * powers[m - 1][i]) / Real(m + 1);
      }
    }
  }

  /// The rule for this number type, made once.
  [[nodiscard]] static panel_rule const& get() {
    static panel_rule const rule;
    return rule;
  }

  /// sum_k weights[k] f[k]
  [[nodiscard]] Real integral(values const& f) const {
    Real even(0), odd(0);
    for (std::size_t k = 0; k < size; k += 2) {
      even += weights[k] * f[k];
      odd += weights[k + 1] * f[k + 1];
    }
    return Real(even + odd);
  }

  /// All sums over k at once: out[j] = sum_k shares[k][j] f[k].
  [[nodiscard]] static values apply(matrix const& shares, values const& f) {
    values out{};
    for (std::size_t k = 0; k < size; ++k) {
      for (std::size_t j = 0; j < size; ++j) out[j] += shares[k][j] * f[k];
    }
    return out;
  }

  /// How much the last three terms of a Legendre series contribute: the size of what the panel does not resolve.
  [[nodiscard]] static Real last_terms(values const& series) {
    using std::abs;
    return Real(abs(series[size - 3]) + abs(series[size - 2]) + abs(series[size - 1]));
  }
  /// The same from values at the nodes.
  [[nodiscard]] Real unresolved(values const& f) const {
    using std::abs;
    Real third_last(0), second_last(0), last(0);
    for (std::size_t k = 0; k < size; ++k) {
      third_last += legendre[k][size - 3] * f[k];
      second_last += legendre[k][size - 2] * f[k];
      last += legendre[k][size - 1] * f[k];
    }
    return Real(abs(third_last) + abs(second_last) + abs(last));
  }

  /// The polynomial through the values, by powers of u. Safe where the series is resolved: its coefficients then fall
  /// faster than those of the Legendre polynomials grow.
  /// @param last  on return, last_terms of its series
  [[nodiscard]] values polynomial_through(values const& f, Real& last) const {
    values const series = apply(legendre, f);
    last = last_terms(series);
    values out{};
    for (std::size_t m = 0; m < size; ++m) {
      for (std::size_t i = m % 2; i <= m; i += 2) out[i] += series[m] * powers[m][i];
    }
    return out;
  }
};

/// What rounding alone leaves in the last terms of a series of logarithms of this size.
template <real Real>
[[nodiscard]] Real resolution(Real const& log_size) {
  using std::abs;
  return 64 * epsilon<Real>() * (1 + abs(log_size));
}

}  // namespace melitz::detail
