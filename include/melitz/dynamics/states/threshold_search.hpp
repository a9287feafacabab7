// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/numerics/real.hpp>

#include <cmath>

namespace melitz::detail {

/// Where a search for a threshold ended.
template <real Real>
struct found_threshold {
  Real at = not_a_number<Real>, slope = not_a_number<Real>;
  int evaluations = 0;
  bool converged = false;
  bool below = false;  ///< the root lies below the least threshold that was allowed
};

/// Where to start, and the slope there if it is known.
template <real Real>
struct guessed_threshold {
  Real at, slope = not_a_number<Real>;
};

/// The root of a decreasing function of a log threshold: secants inside a bracket that every evaluation narrows.
///
/// The value of entry falls in the exit threshold, its logarithm nearly like a line. Numbers that carry derivatives get
/// two steps more with the last slope, each of which leaves of their error as much as the slope is off.
/// @param f         f(t), which may be infinite or -infinite far out
/// @param least     below which the root is not wanted
/// @param width     a first step
/// @param accuracy  of t that is enough; 0: what rounding allows
template <real Real, class F>
[[nodiscard]] found_threshold<Real> decreasing_threshold(F const& f, guessed_threshold<Real> const& guess,
                                                         Real const& least, Real const& width, Real const& accuracy,
                                                         int budget) {
  using std::abs;
  found_threshold<Real> out;
  Real low = -infinity<Real>, high = infinity<Real>, t = guess.at, step = width;
  Real last_at = not_a_number<Real>, last = not_a_number<Real>, slope = guess.slope;
  Real bracket = infinity<Real>, last_step = infinity<Real>;
  int slow = 0, more = carries_derivatives<Real> ? 2 : 0;
  while (out.evaluations < budget) {
    out.at = t;
    Real const here = f(t);
    ++out.evaluations;
    if (!(here == here)) return out;
    (here > 0 ? low : high) = t;
    if (!(here > 0) && !(t > least)) {
      out.below = true;
      return out;
    }
    Real const moved = abs(Real(t - last_at));
    if (is_finite(here) && is_finite(last) && moved > Real(1e-7)) slope = (here - last) / (t - last_at);
    Real const size = 1 + abs(t);
    bool const straight = slope < 0 && is_finite(here);
    Real wanted = straight ? Real(-here / slope) : Real(here > 0 ? step : Real(-step));
    Real const distance = abs(wanted);
    // As small as rounding, or no longer getting smaller where it is nearly that.
    bool const still = moved <= Real(1e-6) * size && abs(here) >= abs(last) / 2 && distance <= Real(1e-12) * size;
    // Or two steps along the slope are so short that the next one will be nothing: of its length it leaves no more than
    // the last one has left of its own.
    bool const last_one =
        last_step <= Real(1e-4) * size && distance * distance <= 4 * epsilon<Real>() * size * last_step;
    last_step = straight ? distance : infinity<Real>;
    if (straight && (distance <= 32 * epsilon<Real>() * size || distance <= accuracy || still || last_one)) {
      t += wanted;
      out.slope = slope;
      if (more-- > 0) continue;
      out.at = t;
      out.converged = true;
      return out;
    }
    // Steps out of the bracket double until there is one; inside, three slow ones in a row make it half as wide.
    if (!is_finite(low) || !is_finite(high)) {
      if (distance > 4 * step) {
        wanted = here > 0 ? Real(4 * step) : Real(-4 * step);
        last_step = infinity<Real>;
      }
      step *= 2;
    } else {
      Real const now = high - low;
      slow = now > bracket / 2 ? slow + 1 : 0;
      bracket = now;
      if (!(t + wanted > low && t + wanted < high) || (slow >= 3 && distance > Real(1e-6) * size)) {
        wanted = (low + high) / 2 - t;
        last_step = infinity<Real>;
        slow = 0;
      }
      if (!(now > 4 * epsilon<Real>() * size)) {
        out.converged = true;
        return out;
      }
    }
    last_at = t;
    last = here;
    t += wanted;
    if (t < least) t = least;
  }
  return out;
}

}  // namespace melitz::detail
