// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/numerics/lanes.hpp>

#include <algorithm>
#include <cstddef>

#if MELITZ_HAS_LANES
namespace melitz::detail::lanes {
inline namespace MELITZ_LANES_NAMESPACE {

/// (tau_i)^-on_iceberg (f_i/home)^-on_fixed for the n numbers from tau and f on; 0 where one is infinite.
inline void barriers(double const* tau, double const* f, double* out, std::size_t n, double home, double on_iceberg,
                     double on_fixed) {
  double const per_home = 1 / home;
  auto const at = [&](pack t, pack c) MELITZ_LANES_LAMBDA {
    pack const relative = c * per_home;
    pack const power = -(on_iceberg * log_of_normal(t) + on_fixed * log_of_normal(relative));
    if (all((t < 1e300) & (relative < 1e300) & (relative > 1e-300) & (abs(power) < 708))) return exp_of_ordinary(power);
    return exp(-(on_iceberg * log(t) + on_fixed * log(relative)));
  };
  std::size_t i = 0;
  for (; i + width <= n; i += width) store(out + i, at(load(tau + i), load(f + i)));
  if (i == n) return;
  double rest[3][width];
  for (std::size_t k = 0; k < width; ++k) {
    rest[0][k] = i + k < n ? tau[i + k] : 1;
    rest[1][k] = i + k < n ? f[i + k] : home;
  }
  store(rest[2], at(load(rest[0]), load(rest[1])));
  std::copy(rest[2], rest[2] + (n - i), out + i);
}

/// exports += four columns times their weights, and in the same loop the products of four columns further on with the
/// supply: while the processor computes with the first, which are in its cache, it waits for the second from memory.
inline void read_four(double const* const (&here)[4], double const (&weight)[4], double const* const (&ahead)[4],
                      double const* supply, double* exports, std::size_t n, double (&product)[4]) {
  pack p0{}, p1{}, p2{}, p3{};
  std::size_t i = 0;
  for (; i + width <= n; i += width) {
    pack const a = load(supply + i);
    p0 += load(ahead[0] + i) * a;
    p1 += load(ahead[1] + i) * a;
    p2 += load(ahead[2] + i) * a;
    p3 += load(ahead[3] + i) * a;
    pack const first = load(here[0] + i) * weight[0] + load(here[1] + i) * weight[1];
    pack const second = load(here[2] + i) * weight[2] + load(here[3] + i) * weight[3];
    store(exports + i, load(exports + i) + (first + second));
  }
  for (std::size_t k = 0; k < 4; ++k) product[k] = 0;
  for (std::size_t lane = 0; lane < width; ++lane) {
    product[0] += p0[lane];
    product[1] += p1[lane];
    product[2] += p2[lane];
    product[3] += p3[lane];
  }
  for (; i < n; ++i) {
    for (std::size_t k = 0; k < 4; ++k) {
      product[k] += ahead[k][i] * supply[i];
      exports[i] += here[k][i] * weight[k];
    }
  }
}

/// For each column j of the matrix: imported_j, its product with the supply; total_j = imported_j + supply_j; weight_j
/// = expenditure_j/total_j. exports += the matrix times the weights. Every number is read from memory once.
inline void read_columns(double const* matrix, std::size_t n, double const* supply, double const* expenditure,
                         double* imported, double* total, double* weight, double* exports) {
  double const *here[4], *ahead[4];
  double weights[4] = {}, products[4];
  auto const column = [&](std::size_t j) { return matrix + n * std::min(j, n - 1); };
  for (std::size_t k = 0; k < 4; ++k) here[k] = column(k);  // with no weight at first
  for (std::size_t j = 0; j < n + 4; j += 4) {
    for (std::size_t k = 0; k < 4; ++k) ahead[k] = column(j + k);
    read_four(here, weights, ahead, supply, exports, n, products);
    for (std::size_t k = 0; k < 4; ++k) {
      here[k] = ahead[k];
      weights[k] = 0;
      if (j + k >= n) continue;
      imported[j + k] = products[k];
      total[j + k] = products[k] + supply[j + k];
      weights[k] = weight[j + k] = expenditure[j + k] / total[j + k];
    }
  }
}

}  // namespace MELITZ_LANES_NAMESPACE
}  // namespace melitz::detail::lanes
#endif
