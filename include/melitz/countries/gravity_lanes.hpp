// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/numerics/lane_functions.hpp>
#include <melitz/numerics/widest_lanes.hpp>

#include <algorithm>
#include <cstddef>

#if MELITZ_HAS_LANES
namespace melitz::detail::lanes {
inline namespace MELITZ_LANES_NAMESPACE {

/// (tau_i)^-on_iceberg (f_i/home)^-on_fixed for the n numbers from tau and f on; 0 where one is infinite.
template <class Pack>
MELITZ_LANES_INLINE void barriers_in(double const* tau, double const* f, double* out, std::size_t n, double home,
                                     double on_iceberg, double on_fixed) {
  double const per_home = 1 / home;
  auto const at = [&](Pack const& t, Pack const& c) MELITZ_LANES_LAMBDA {
    Pack const relative = c * per_home;
    Pack const power = -(on_iceberg * log_of_normal(t) + on_fixed * log_of_normal(relative));
    if (all((t < 1e300) & (relative < 1e300) & (relative > 1e-300) & (abs(power) < 708))) return exp_of_ordinary(power);
    return exp(-(on_iceberg * log(t) + on_fixed * log(relative)));
  };
  for (std::size_t i = 0; i < n; i += Pack::width) {
    store_first(out + i, n - i, at(load_first<Pack>(tau + i, n - i), load_first<Pack>(f + i, n - i)));
  }
}
inline void barriers(double const* tau, double const* f, double* out, std::size_t n, double home, double on_iceberg,
                     double on_fixed) {
  in_widest([&]<class Pack>() MELITZ_LANES_LAMBDA { barriers_in<Pack>(tau, f, out, n, home, on_iceberg, on_fixed); });
}

/// exports += four columns times their weights, and in the same loop the products of four columns further on with the
/// supply: while the processor computes with the first, which are in its cache, it waits for the second from memory.
template <class Pack>
MELITZ_LANES_INLINE void read_four(double const* const (&here)[4], double const (&weight)[4],
                                   double const* const (&ahead)[4], double const* supply, double* exports,
                                   std::size_t n, double (&product)[4]) {
  constexpr std::size_t width = Pack::width;
  Pack p0{}, p1{}, p2{}, p3{};
  std::size_t i = 0;
  for (; i + width <= n; i += width) {
    Pack const a = load<Pack>(supply + i);
    p0 += load<Pack>(ahead[0] + i) * a;
    p1 += load<Pack>(ahead[1] + i) * a;
    p2 += load<Pack>(ahead[2] + i) * a;
    p3 += load<Pack>(ahead[3] + i) * a;
    Pack const first = load<Pack>(here[0] + i) * weight[0] + load<Pack>(here[1] + i) * weight[1];
    Pack const second = load<Pack>(here[2] + i) * weight[2] + load<Pack>(here[3] + i) * weight[3];
    store(exports + i, load<Pack>(exports + i) + (first + second));
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
template <class Pack>
MELITZ_LANES_INLINE void read_columns_in(double const* matrix, std::size_t n, double const* supply,
                                         double const* expenditure, double* imported, double* total, double* weight,
                                         double* exports) {
  double const *here[4], *ahead[4];
  double weights[4] = {}, products[4];
  auto const column = [&](std::size_t j) MELITZ_LANES_LAMBDA { return matrix + n * std::min(j, n - 1); };
  for (std::size_t k = 0; k < 4; ++k) here[k] = column(k);  // with no weight at first
  for (std::size_t j = 0; j < n + 4; j += 4) {
    for (std::size_t k = 0; k < 4; ++k) ahead[k] = column(j + k);
    read_four<Pack>(here, weights, ahead, supply, exports, n, products);
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
inline void read_columns(double const* matrix, std::size_t n, double const* supply, double const* expenditure,
                         double* imported, double* total, double* weight, double* exports) {
  in_widest([&]<class Pack>() MELITZ_LANES_LAMBDA {
    read_columns_in<Pack>(matrix, n, supply, expenditure, imported, total, weight, exports);
  });
}

}  // namespace MELITZ_LANES_NAMESPACE
}  // namespace melitz::detail::lanes
#endif
