// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/numerics/lane_functions.hpp>
#include <melitz/numerics/widest_lanes.hpp>

#include <cstddef>

// Normal densities between many states, in lanes: half of what an industry's solve computes.

#if MELITZ_HAS_LANES
namespace melitz::detail::lanes {
inline namespace MELITZ_LANES_NAMESPACE {

/// See gaussian_columns.
template <class Pack>
MELITZ_LANES_INLINE void gaussian_columns_in(double const* means, std::size_t from, double const* at,
                                             double const* weights, std::size_t to, double per_sd, double* out) {
  for (std::size_t k = 0; k < to; ++k) {
    double* const column = out + k * from;
    for (std::size_t i = 0; i < from; i += Pack::width) {
      Pack const z = (load_first<Pack>(means + i, from - i) - at[k]) * per_sd;
      store_first(column + i, from - i, exp(z * z * -0.5) * weights[k]);
    }
  }
}

/// See gaussian_sums.
template <class Pack>
MELITZ_LANES_INLINE void gaussian_sums_in(double const* means, double const* counts, std::size_t from, double const* at,
                                          double const* weights, std::size_t to, double per_sd, double* out) {
  for (std::size_t k = 0; k < to; k += Pack::width) {
    Pack const here = load_first<Pack>(at + k, to - k) * per_sd;
    Pack sum{};
    for (std::size_t i = 0; i < from; ++i) {
      Pack const z = here - means[i] * per_sd;
      sum += exp(z * z * -0.5) * counts[i];
    }
    store_first(out + k, to - k, sum * load_first<Pack>(weights + k, to - k));
  }
}

/// out[k * from + i] = weights[k] e^(-z^2/2) with z = (at[k] - means[i]) per_sd.
inline void gaussian_columns(double const* means, std::size_t from, double const* at, double const* weights,
                             std::size_t to, double per_sd, double* out) {
  in_widest([&]<class Pack>()
                MELITZ_LANES_LAMBDA { gaussian_columns_in<Pack>(means, from, at, weights, to, per_sd, out); });
}
/// out[k] = weights[k] times the sum over i of counts[i] e^(-z^2/2).
inline void gaussian_sums(double const* means, double const* counts, std::size_t from, double const* at,
                          double const* weights, std::size_t to, double per_sd, double* out) {
  in_widest([&]<class Pack>()
                MELITZ_LANES_LAMBDA { gaussian_sums_in<Pack>(means, counts, from, at, weights, to, per_sd, out); });
}

}  // namespace MELITZ_LANES_NAMESPACE
}  // namespace melitz::detail::lanes
#endif
