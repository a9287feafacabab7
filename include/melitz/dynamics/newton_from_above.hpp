// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/numerics/real.hpp>

#include <cmath>

namespace melitz::detail {

/// A function of the demand shifter and its derivative.
template <real Real>
struct value_and_slope {
  Real value, slope;
};

/// Where an iteration from above ended.
template <real Real>
struct newton_root {
  Real at = not_a_number<Real>;
  int evaluations = 0;
  bool converged = false;
};

/// The root of an increasing convex function, such as the value of entry less its cost as a function of the demand
/// shifter: a supremum of lines over what firms can do. From above Newton's method comes down to it and never passes.
///
/// Where steps have come down to rounding it ends; numbers that carry derivatives get a last step from there.
/// @param f       f(a) returns value_and_slope
/// @param above   where the function is not negative
/// @param budget  evaluations at most
template <real Real, class F>
[[nodiscard]] newton_root<Real> newton_from_above(F const& f, Real const& above, int budget) {
  using std::abs;
  newton_root<Real> out{above};
  Real last = infinity<Real>;
  while (out.evaluations < budget) {
    value_and_slope<Real> const here = f(out.at);
    ++out.evaluations;
    if (!is_finite(here.value) || !(here.slope > 0)) return out;
    Real const step = here.value / here.slope, size = abs(step);
    out.at -= step;
    // Quadratic convergence: once a step is below the square root of rounding the next would be rounding, unless a
    // kink lies in between; one that has stopped shrinking is rounding.
    Real const scale = abs(out.at);
    bool const settled = size <= 4 * epsilon<Real>() * scale;
    if (settled || (size <= root_of_epsilon<2, Real>() * scale && !(size < last / 2))) {
      out.converged = true;
      return out;
    }
    last = size;
  }
  return out;
}

}  // namespace melitz::detail
