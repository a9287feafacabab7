// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/numerics/real.hpp>

#include <boost/math/tools/roots.hpp>

#include <cmath>
#include <cstdint>

namespace melitz::detail {

/// A step towards a root from a point where the function and four derivatives are known.
template <real Real>
struct local_expansion {
  Real value, first, second, third, fourth;

  /// Householder's step of order four: the error of the next point goes with the fifth power of this one's. Far out
  /// under a thin tail, where ln J runs away like -exp(k t), the root of a + b exp(k t) with the same two derivatives.
  [[nodiscard]] Real step() const {
    using std::log;
    Real const inverse = 1 / first, newton = -value * inverse;
    Real const bend = newton * inverse / 2 * second, twist = newton * newton * inverse / 6 * third;
    Real const turn = newton * newton * newton * inverse / 24 * fourth;
    Real const above = 1 + bend, below = above + bend + twist, bottom = below + bend * above + twist + turn;
    if (Real const left = 1 + 2 * bend; bend < 0 && left < Real(0.05) && left > -Real(0.05)) {
      Real const least = 1 / (1 - value);  // the root is where exp(k t) is that much smaller, about; left is rounded
      return Real(newton * log(left > least ? left : least) / (2 * bend));
    }
    if (above > Real(0.25) && below > Real(0.25) && above < 2 * below) {
      bool const settled = bottom > Real(0.25) && below < 2 * bottom && bottom < 2 * below;
      return settled ? Real(newton * below / bottom) : Real(newton * above / below);
    }
    return above > Real(0.25) ? Real(newton / above) : newton;
  }
};

/// How far numbers near x may be apart and still be one to a function with its pole at `pole`: a rounding of x and one
/// of 1, since a root may be at zero. Unless the pole is at zero too: close to it a function changes over distances as
/// small as its own, and numbers are as dense.
template <real Real>
[[nodiscard]] Real spacing_at(Real const& x, Real const& pole) {
  using std::abs;
  Real const room = pole - x;
  return Real(epsilon<Real>() * (abs(x) + (room < 1 ? room : Real(1))));
}

/// Where an iteration ended: the point evaluated last, and the step that is left from there to the root.
template <real Real>
struct located_root {
  Real point = not_a_number<Real>;
  Real step = Real(0);
};

/// A root of a decreasing function inside [lower, upper]: steps of order three kept inside a bracket that shrinks with
/// every evaluation, then, where those do not get there (functions with kinks), Boost's TOMS 748 on what is left of it.
///
/// Not boost::math::tools::halley_iterate: it bisects the bracket whenever two steps in a row fail to halve, which
/// under a thin tail throws the iteration far out: over the stress test (laws without atoms) it took up to 64
/// evaluations where this takes up to 11. And its stopping rule, relative to x, cannot be met by a root at zero.
///
/// @param f       f(x) returns a local_expansion
/// @param accept  accept(x, f(x), step) says whether the step from x may be taken without another evaluation
/// @param pole    where f goes to -infinity like the logarithm of the distance; infinity if nowhere
/// @param guess   where to start; must lie in the bracket
/// @param budget  evaluations allowed; what is left of it on return
/// @return where f was evaluated last and the accepted step from there; NaN when the budget ran out or the values at
/// the
///         ends do not differ in sign
template <real Real, class F, class Accept>
[[nodiscard]] located_root<Real> decreasing_root(F const& f, Accept const& accept, Real const& pole, Real const& guess,
                                                 Real lower, Real upper, std::uintmax_t& budget) {
  using std::abs, std::exp;
  Real x = guess, previous = infinity<Real>, previous_step = infinity<Real>;
  bool seen_above = false, seen_below = false;
  for (int k = 0; k < 60 && budget > 0; ++k) {
    local_expansion<Real> const here = f(x);
    --budget;
    Real const step = here.step();
    if (here.value == 0) return {x, step};
    if (here.value > 0) {
      lower = x;
      seen_below = true;
    } else if (here.value < 0) {
      upper = x;
      seen_above = true;
    } else {
      return {};
    }
    // A step that has stopped shrinking at the level of rounding is as small as it gets.
    Real const size = abs(step), rounding = 2 * spacing_at(x, pole);
    if (size <= rounding || (size <= 16 * rounding && size > previous_step / 2) || accept(x, here, step)) {
      return {x, step};
    }
    previous_step = size;
    Real const newton = -here.value / here.first;
    Real next = x + step;
    if (!(next > lower && next < upper)) next = x + newton;
    // Going back and forth without getting much closer, as around the bend of a very thin tail: bisect. The first step
    // may well land as far out on the other side.
    bool slow = k > 1 && seen_above && seen_below && abs(here.value) > previous / 2;
    // Past an end of the bracket, or back from close to the pole: the Newton step in the log distance to that end,
    // exact for a power of the distance, which is how a tail ends at the top of a bounded support.
    if (x == upper && -newton > (pole - x) / 2) {
      next = pole - (pole - x) * exp(Real(-newton / (pole - x)));
      slow = false;
    }
    if (!(next < upper)) next = upper - (upper - x) * exp(Real(-newton / (upper - x)));
    if (!(next > lower)) next = lower + (x - lower) * exp(Real(newton / (x - lower)));
    if (slow || !(next > lower && next < upper)) next = (lower + upper) / 2;
    previous = abs(here.value);
    x = next;
  }
  if (budget < 5) return {};

  // By the values alone: the step from there has the derivatives that numbers may carry.
  using plain = value_t<Real>;
  auto const value = [&](plain const& at) { return static_cast<plain>(f(Real(at)).value); };
  auto const last_pole = static_cast<plain>(pole);
  auto const close = [&](plain const& a, plain const& b) { return abs(plain(b - a)) <= 4 * spacing_at(a, last_pole); };
  auto const low = static_cast<plain>(lower), high = static_cast<plain>(upper);
  plain const at_low = value(low), at_high = value(high);
  budget -= 2;
  plain root = low;
  if (at_high == 0) {
    root = high;
  } else if (at_low != 0) {
    if (!(at_low > 0 && at_high < 0)) return {};
    if (!close(low, high)) {
      std::uintmax_t left = budget - 1;
      auto const bracket = boost::math::tools::toms748_solve(value, low, high, at_low, at_high, close, left);
      budget -= left < budget ? left : budget;
      if (!close(bracket.first, bracket.second) || budget == 0) return {};
      root = (bracket.first + bracket.second) / 2;
    }
  }
  --budget;
  Real const point(root);
  Real const step = f(point).step();
  return {point, abs(step) <= 4 * spacing_at(point, pole) ? step : Real(0)};
}

}  // namespace melitz::detail
