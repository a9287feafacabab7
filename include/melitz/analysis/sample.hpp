// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/numerics/real.hpp>

#include <cstddef>
#include <utility>
#include <vector>

namespace melitz {

/// Points (x, f(x)) of a curve at `count` evenly spaced x from `from` to `to`, both included: for plotting.
/// @throws domain_error when count < 2
template <real Real, class F>
[[nodiscard]] std::vector<std::pair<Real, Real>> sample(F const& f, Real const& from, Real const& to,
                                                        std::size_t count) {
  detail::require(count >= 2, "sample", "count", count, "be at least 2");
  std::vector<std::pair<Real, Real>> out;
  out.reserve(count);
  for (std::size_t k = 0; k < count; ++k) {
    Real const share = Real(static_cast<double>(k)) / static_cast<double>(count - 1);
    Real const x = from * (1 - share) + to * share;
    out.emplace_back(x, f(x));
  }
  return out;
}

}  // namespace melitz
