// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <bit>
#include <cstddef>

namespace melitz::detail {

/// The part of a polynomial whose powers are First, First + Step, ...: even and odd terms apart, again and again.
template <std::size_t First, std::size_t Step, class T, class Coefficient, std::size_t N>
[[nodiscard]] constexpr T polynomial_part(std::array<Coefficient, N> const& c, T const* powers) {
  if constexpr (First + Step >= N) {
    return T{} + c[First];
  } else {
    return polynomial_part<First, 2 * Step>(c, powers + 1) +
           powers[0] * polynomial_part<First + Step, 2 * Step>(c, powers + 1);
  }
}

/// c[0] + c[1] x + c[2] x^2 + ..., by Estrin's scheme: a tree, whose branches a processor works on side by side, where
/// Horner's rule is a chain in which every step waits for the last.
template <class T, class Coefficient, std::size_t N>
[[nodiscard]] constexpr T polynomial(std::array<Coefficient, N> const& c, T const& x) {
  constexpr std::size_t levels = N > 1 ? std::bit_width(N - 1) : 1;
  std::array<T, levels> powers{};  // x, x^2, x^4, ...
  powers[0] = x;
  for (std::size_t k = 1; k < levels; ++k) powers[k] = powers[k - 1] * powers[k - 1];
  return polynomial_part<0, 1>(c, powers.data());
}

}  // namespace melitz::detail
