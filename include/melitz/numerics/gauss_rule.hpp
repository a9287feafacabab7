// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/numerics/gauss_legendre.hpp>
#include <melitz/numerics/real.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>
#include <vector>

namespace melitz::detail {

/// The Gauss-Legendre rule on [-1, 1] of a number of points that is known when a program runs, ascending.
template <real Real>
struct gauss_rule {
  std::vector<Real> nodes{}, weights{};

  static constexpr std::size_t step = 4, most = 128;

  /// The least rule of at least so many points, at most 128. Made when it is first asked for, once.
  [[nodiscard]] static gauss_rule const& of(std::size_t points) {
    static constexpr auto makers = list(std::make_index_sequence<most / step>{});
    std::size_t const size = (std::clamp<std::size_t>(points, 1, most) + step - 1) / step;
    return makers[size - 1]();
  }

 private:
  // One rounding in place of some, where there is a wider type.
  using wide = wider_t<Real>;

  template <std::size_t Size>
  [[nodiscard]] static gauss_rule const& made() {
    static gauss_rule const rule(Size);
    return rule;
  }
  template <std::size_t... K>
  [[nodiscard]] static constexpr auto list(std::index_sequence<K...>) {
    return std::array{&made<step*(K + 1)>...};
  }

  explicit gauss_rule(std::size_t size) : nodes(size), weights(size) {
    for (std::size_t i = 0; i < size / 2; ++i) {
      auto const [node, weight] = legendre_root<wide>(size, i);
      nodes[size / 2 + i] = static_cast<Real>(node);
      nodes[size / 2 - 1 - i] = -nodes[size / 2 + i];
      weights[size / 2 + i] = weights[size / 2 - 1 - i] = static_cast<Real>(weight);
    }
  }
};

}  // namespace melitz::detail
