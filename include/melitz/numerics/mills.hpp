// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/numerics/erfcx.hpp>
#include <melitz/numerics/real.hpp>

#include <cmath>
#include <limits>
#include <numbers>

namespace melitz::detail {

/// ln of the square root of 2 pi.
template <real Real>
[[nodiscard]] Real log_root_two_pi() {
  using std::log, std::sqrt;
  using value = value_t<Real>;
  return Real(value(log(value(root_pi<value>() * sqrt(value(2))))));
}

/// Pr(z <= x) of a standard normal z.
template <real Real>
[[nodiscard]] Real normal_below(Real const& x) {
  using std::erfc, std::sqrt;
  return Real(erfc(Real(-x / sqrt(value_t<Real>(2)))) / 2);
}

/// The hazard of the standard normal law, h(y) = n(y)/Pr(z >= y), and what is far out lost in differences: none of
/// these is one there. With the Mills ratio m = 1/h, h' = h (h - y) and m' = y m - 1.
template <real Real>
struct normal_hazard {
  Real hazard;  ///< h
  Real gap;     ///< K = h - y
  Real bend;    ///< K (h + K) - 1, which is h'' / h

  /// 1/y - m = K/(y (y + K)). @pre y > 0
  [[nodiscard]] Real shortfall(Real const& y) const { return Real(gap / (y * hazard)); }
};

/// Far out by the continued fraction K = 1/(y + 2/(y + 3/(y + ...))), whose terms are positive.
/// Accuracy: h a few roundings, K up to 40, the bend up to a thousand times as many.
template <real Real>
[[nodiscard]] normal_hazard<Real> normal_hazard_at(Real const& y) {
  using std::erfc, std::exp, std::sqrt;
  using value = value_t<Real>;
  value const root_two = sqrt(value(2));
  if (y < 6) {
    value const root_half_pi = root_pi<value>() / root_two;
    Real const h = y < 0 ? Real(exp(Real(-y * y / 2)) / (root_half_pi * erfc(Real(y / root_two))))
                         : Real(1 / (root_half_pi * erfcx(Real(y / root_two))));
    Real const gap = h - y;
    return {h, gap, Real(gap * (h + gap) - 1)};
  }
  // The error that starting at n leaves is about exp(-2 y sqrt(n)), or n!/y^(2n) where y is large.
  constexpr int digits = std::numeric_limits<value>::digits;
  value const needed = (digits + 10) * std::numbers::ln2 / (2 * static_cast<value>(y));
  Real rest(0), before(0), last(0);  // n/(y + ...) at n = 1, 2, 3
  for (value n(digits / 4 + static_cast<int>(needed * needed)); n > 0; n -= 1) {
    last = before;
    before = rest;
    rest = n / (y + rest);
  }
  return {Real(y + rest), rest, Real(2 * rest * rest * (last - before) / (y + last))};
}

}  // namespace melitz::detail
