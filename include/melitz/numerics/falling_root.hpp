// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/numerics/real.hpp>

#include <cmath>

namespace melitz::detail {

/// A function that falls, at a place: minus infinity where it is below all numbers.
template <real Real>
struct falling_value {
  Real value, slope;
};

/// Where such a function is 0, or why that was not found, and the function there: not 0 where it jumps over it.
template <real Real>
struct falling_root {
  status reason = status::not_solved;
  Real place = not_a_number<Real>, value = not_a_number<Real>, slope = not_a_number<Real>;
};

/// Newton's method between ends that become known on the way; where it leaves them, or has no slope, the middle. It
/// ends where a step is a rounding, or no number is left between the ends.
/// @param look  the falling_value at a place; its slope is below 0, and need not be right to the last digit
template <real Real, class Look>
[[nodiscard]] falling_root<Real> find_falling_root(Look const& look, Real start) {
  using std::abs;
  Real low = -infinity<Real>, high = infinity<Real>, jump(1);
  falling_root<Real> best;
  for (int left = 400; left > 0; --left) {
    falling_value<Real> const f = look(start);
    if (!(f.value == f.value) || !is_finite(start)) return {status::not_finite};
    if (!(abs(f.value) >= abs(best.value))) best = {status::converged, start, f.value, f.slope};
    if (f.value == 0) return best;
    (f.value > 0 ? low : high) = start;
    Real const rounding = 2 * epsilon<Real>() * (abs(start) > 1 ? Real(abs(start)) : Real(1));
    Real const step = -f.value / f.slope;
    if (abs(step) <= rounding) return best;
    Real next = start + step;
    if (!(next > low && next < high)) {  // also where the step is no number
      if (!is_finite(low) || !is_finite(high)) {
        next = f.value > 0 ? Real(low + jump) : Real(high - jump);
        jump *= 2;
      } else {
        if (high - low <= rounding) return best;
        next = low + (high - low) / 2;
      }
    }
    start = next;
  }
  return {status::iteration_limit};
}

}  // namespace melitz::detail
