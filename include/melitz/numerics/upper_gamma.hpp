// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/numerics/real.hpp>

#include <cmath>
#include <limits>
#include <numbers>

namespace melitz::detail {

/// y^-a e^y Gamma(a, y) by Legendre's continued fraction 1/(y+1-a - 1(1-a)/(y+3-a - 2(2-a)/(y+5-a - ...))), its
/// numerators and denominators by recurrence: a division in every step would take most of the time. @pre y > a, y > 1
template <class T>
[[nodiscard]] T legendre_fraction(T const& a, T const& y) {
  T const tolerance = epsilon<T>() / 2, large = 1 / (epsilon<T>() * epsilon<T>());
  if (y * epsilon<T>() > 1 + a) return 1 / (y + 1 - a);  // the rest is nothing beside it, and steps only add noise
  // Each as n + 1 times the one before and y times a number that has a recurrence of its own, of positive terms once
  // n > a; the fraction's own would subtract in every step. The old numbers alone give the next ones, so that a step
  // waits for one product and one sum.
  T top(1), top_more = 1 / y, bottom = y + 1 - a, bottom_more = (y - a) / y;
  for (T n(1); n < 10000; n += 1) {
    T const kept = n - a, own = n + 1 + y, of_more = y * kept;
    T const next_top = own * top + of_more * top_more, next_bottom = own * bottom + of_more * bottom_more;
    top_more = kept * top_more + top;
    bottom_more = kept * bottom_more + bottom;
    T const cross = next_top * bottom, change = cross - top * next_bottom;
    top = next_top, bottom = next_bottom;
    if (change <= tolerance * cross && -change <= tolerance * cross) break;
    if (bottom > large) {
      T const shrink = 1 / bottom;
      top *= shrink, top_more *= shrink;
      bottom_more *= shrink, bottom = 1;
    }
  }
  return top / bottom;
}

/// The same from a level on that is deep enough, since at a whole a the fraction ends but not its derivatives. The
/// error of starting at level n falls like exp(-4 sqrt(n y)) where a is small; as many more are needed where it is
/// not.
template <real Real>
[[nodiscard]] Real legendre_fraction_from_below(Real const& a, Real const& y) {
  using std::sqrt;
  using value = value_t<Real>;
  value const needed = (std::numeric_limits<value>::digits + 12) * std::numbers::ln2, at = static_cast<value>(a);
  value const depth = (needed * needed / 16 + 4 * at * sqrt(at)) / static_cast<value>(y);
  Real rest(0);
  for (value n(4 + static_cast<int>(depth)); n > 0; n -= 1) rest = n * (a - n) / (y + 1 - a + 2 * n + rest);
  return 1 / (y + 1 - a + rest);
}

/// y^-a e^y Gamma(a, y) for a > 0 and y > a, y > 1.
template <real Real>
[[nodiscard]] Real upper_gamma_fraction(Real const& a, Real const& y) {
  if constexpr (carries_derivatives<Real>) {
    return legendre_fraction_from_below(a, y);
  } else if (y > 2) {
    return legendre_fraction(a, y);
  } else {  // many steps, and as many roundings
    return Real(legendre_fraction<wider_t<Real>>(a, y));
  }
}

}  // namespace melitz::detail
