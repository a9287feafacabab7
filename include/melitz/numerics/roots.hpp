// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/numerics/real.hpp>

#include <boost/math/tools/roots.hpp>

#include <cmath>
#include <cstdint>
#include <tuple>

namespace melitz::detail {

/// A root of a decreasing function inside [lower, upper], to about half of the digits: Halley steps kept inside a
/// bracket that shrinks with every evaluation, then, where those do not get there (functions with kinks), Boost's
/// TOMS 748 on what is left of the bracket.
///
/// Not boost::math::tools::halley_iterate: it bisects the bracket whenever two steps in a row fail to halve, which
/// under a thin tail throws the iteration far out: over the stress test (laws without atoms) it took up to 64
/// evaluations where this takes up to 16. And its stopping rule, relative to x, cannot be met by a root at zero.
///
/// @param f       f(x) returns the tuple (value, first derivative, second derivative)
/// @param guess   where to start; must lie in the bracket
/// @param budget  evaluations allowed; what is left of it on return
/// @return the root, or NaN when the budget ran out or the values at the ends do not differ in sign
template <real Real, class F>
[[nodiscard]] Real decreasing_root(F const& f, Real const& guess, Real lower, Real upper, std::uintmax_t& budget) {
  using std::abs, std::exp, std::sqrt;
  Real const small = sqrt(epsilon<Real>());
  Real x = guess, previous = infinity<Real>;
  bool seen_above = false, seen_below = false;
  for (int k = 0; k < 60 && budget > 0; ++k, --budget) {
    auto const [value, first, second] = f(x);
    if (value == 0) return x;
    if (value > 0) {
      lower = x;
      seen_below = true;
    } else if (value < 0) {
      upper = x;
      seen_above = true;
    } else {
      return not_a_number<Real>;
    }
    Real const newton = -value / first;
    Real step = newton / (1 + newton * second / (2 * first));  // Halley
    Real const size = abs(step), rounding = 4 * epsilon<Real>() * (1 + abs(x));
    if (size * (1 + abs(first)) <= small || size <= rounding) return Real(x + step);
    Real next = x + step;
    if (!(next > lower && next < upper)) next = x + newton;
    // Past an end of the bracket: the Newton step in the log distance to that end, exact for a power of the distance,
    // which is how a tail ends at the top of a bounded support.
    if (!(next < upper)) next = upper - (upper - x) * exp(Real(-newton / (upper - x)));
    if (!(next > lower)) next = lower + (x - lower) * exp(Real(newton / (x - lower)));
    // Going back and forth without getting much closer, as around the bend of a very thin tail: bisect.
    bool const slow = seen_above && seen_below && abs(value) > previous / 2;
    if (slow || !(next > lower && next < upper)) next = (lower + upper) / 2;
    previous = abs(value);
    x = next;
  }
  if (budget < 4) return not_a_number<Real>;

  auto const value = [&](Real const& at) { return Real(std::get<0>(f(at))); };
  auto const close = [](Real const& a, Real const& b) {
    Real const size = abs(a) > 1 ? Real(abs(a)) : Real(1);
    return abs(Real(b - a)) <= 4 * epsilon<Real>() * size;
  };
  Real const at_lower = value(lower), at_upper = value(upper);
  budget -= 2;
  if (at_lower == 0) return lower;
  if (at_upper == 0) return upper;
  if (!(at_lower > 0 && at_upper < 0)) return not_a_number<Real>;
  if (close(lower, upper)) return lower;
  std::uintmax_t left = budget;
  auto const bracket = boost::math::tools::toms748_solve(value, lower, upper, at_lower, at_upper, close, left);
  budget -= left < budget ? left : budget;
  return close(bracket.first, bracket.second) ? Real((bracket.first + bracket.second) / 2) : not_a_number<Real>;
}

}  // namespace melitz::detail
