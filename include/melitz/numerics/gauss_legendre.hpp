// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/numerics/real.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numbers>

namespace melitz::detail {

/// A node of the Gauss-Legendre rule and its weight.
template <real Real>
struct legendre_point {
  Real node, weight;
};

/// The positive node of this rank, ascending from 0, of the rule of an even number of points on [-1, 1]: by Newton's
/// method on the Legendre polynomial, to some roundings of this type.
template <real Real>
[[nodiscard]] legendre_point<Real> legendre_root(std::size_t size, std::size_t rank) {
  using std::abs;
  Real x(
      std::cos(std::numbers::pi * (static_cast<double>(size / 2 - rank) - 0.25) / (static_cast<double>(size) + 0.5)));
  Real before(1), here(0);  // P_{size-1} and P_size at x
  for (int steps = 0; steps < 20; ++steps) {
    before = Real(1);
    here = x;
    for (std::size_t m = 1; m < size; ++m) {
      Real const next = (Real(2 * m + 1) * x * here - Real(m) * before) / Real(m + 1);
      before = here;
      here = next;
    }
    Real const step = here * (1 - x * x) / (Real(size) * (before - x * here));
    x -= step;
    if (abs(step) <= 4 * epsilon<Real>()) break;
  }
  Real const slope = Real(size) * before;  // P'(x) (1 - x^2)
  return {x, Real(2 * (1 - x * x) / (slope * slope))};
}

/// The Gauss-Legendre rule of an even number of points on [-1, 1]: the positive nodes, ascending, and their weights.
///
/// Boost has it too, and brings the gamma function for its Legendre polynomials: half of what many headers cost.
template <real Real, std::size_t Size>
struct gauss_legendre {
  static_assert(Size % 2 == 0);
  std::array<Real, Size / 2> nodes{};
  std::array<Real, Size / 2> weights{};

  gauss_legendre() {
    if constexpr (Size == 20 && std::numeric_limits<Real>::digits <= 64) {
      tabulated();
    } else {
      for (std::size_t i = 0; i < Size / 2; ++i) {
        auto const root = legendre_root<Real>(Size, i);
        nodes[i] = root.node;
        weights[i] = root.weight;
      }
    }
  }

 private:
  /// From tools/reference/gauss_legendre.py.
  void tabulated() {
    constexpr long double table[10][2] = {{0.07652652113349733375464040940L, 0.1527533871307258506980843320L},
                                          {0.2277858511416450780804961954L, 0.1491729864726037467878287370L},
                                          {0.3737060887154195606725481770L, 0.1420961093183820513292983251L},
                                          {0.5108670019508270980043640510L, 0.1316886384491766268984944997L},
                                          {0.6360536807265150254528366962L, 0.1181945319615184173123773777L},
                                          {0.7463319064601507926143050704L, 0.1019301198172404350367501355L},
                                          {0.8391169718222188233945290617L, 0.08327674157670474872475814322L},
                                          {0.9122344282513259058677524412L, 0.06267204833410906356950653519L},
                                          {0.9639719272779137912676661312L, 0.04060142980038694133103995227L},
                                          {0.9931285991850949247861223885L, 0.01761400713915211831186196235L}};
    for (std::size_t i = 0; i < Size / 2; ++i) {
      nodes[i] = static_cast<Real>(table[i][0]);
      weights[i] = static_cast<Real>(table[i][1]);
    }
  }
};

}  // namespace melitz::detail
