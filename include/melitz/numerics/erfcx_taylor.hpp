// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/numerics/erfcx.hpp>
#include <melitz/numerics/real.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numbers>

namespace melitz::detail {

/// f(x), f'(x), f''(x)/2!, ..., f^(Order)(x)/Order!: what it takes to compose f with a number that carries derivatives.
template <real Real, std::size_t Order>
using taylor_coefficients = std::array<Real, Order + 1>;

/// Of e^(y^2) erfc(y) for y >= 0: c_k = (-2)^k e^(y^2) i^k erfc(y), with the repeated integrals of erfc.
///
/// Their recurrence w_k = (w_(k-2)/2 - y w_(k-1))/k loses digits for large y; there their quotients
/// w_k/w_(k-1) = 1/(2y + 2(k+1) w_(k+1)/w_k) come from the top down, as a continued fraction.
template <std::size_t Order, real Real>
[[nodiscard]] taylor_coefficients<Real, Order> taylor_of_erfcx(Real const& y) {
  using std::sqrt;
  taylor_coefficients<Real, Order> c{erfcx(y)};
  if (y < 2) {
    Real before = 2 / root_pi<Real>(), power(1), here = c[0];
    for (std::size_t k = 1; k <= Order; ++k) {
      Real const next = (before / 2 - y * here) / Real(k);
      before = here;
      here = next;
      power *= -2;
      c[k] = power * next;
    }
    return c;
  }
  // The error that starting at n leaves at k is about exp(-2 y (sqrt(2 n) - sqrt(2 k))).
  Real const root = Real((std::numeric_limits<Real>::digits + 4) * std::numbers::ln2) / (2 * y) + sqrt(Real(2 * Order));
  std::size_t const start = Order + 2 + static_cast<std::size_t>(root * root / 2);
  std::array<Real, Order + 1> quotients{};  // w_k / w_(k-1)
  Real quotient(0);
  for (std::size_t k = start; k > 0; --k) {
    quotient = 1 / (2 * (y + Real(k + 1) * quotient));
    if (k <= Order) quotients[k] = quotient;
  }
  for (std::size_t k = 1; k <= Order; ++k) c[k] = -2 * quotients[k] * c[k - 1];
  return c;
}

}  // namespace melitz::detail
