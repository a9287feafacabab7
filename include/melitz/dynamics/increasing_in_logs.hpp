// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/dynamics/newton_from_above.hpp>
#include <melitz/numerics/real.hpp>

#include <cmath>

namespace melitz::detail {

/// Where an increasing convex function of A > 0 has a positive value: Newton's method on the logarithms of both, inside a
/// bracket that every evaluation narrows. A value of entry is nearly a power of A, and its logarithm nearly a line; where
/// it bends, Newton's method on the function itself, which lands below a root from above and above it from below, says
/// how far a step may go.
///
/// @param f       f(a) returns value_and_slope; the value may be 0, as where nobody would produce
/// @param budget  evaluations at most
/// @pre the value is at most the target at lower, and at least at upper
template <real Real, class F>
[[nodiscard]] newton_root<Real> increasing_in_logs(F const& f, Real const& target, Real lower, Real upper, int budget) {
  using std::abs, std::exp, std::log, std::sqrt;
  newton_root<Real> out{upper};
  Real last = infinity<Real>;
  while (out.evaluations < budget) {
    value_and_slope<Real> const here = f(out.at);
    ++out.evaluations;
    if (!is_finite(here.value) || !is_finite(here.slope)) return out;
    Real const at = out.at;
    bool const above = here.value > target;
    (above ? upper : lower) = at;
    Real step = infinity<Real>;  // of ln A
    if (here.value > 0 && here.slope > 0) step = -log(Real(here.value / target)) * here.value / (at * here.slope);
    Real const size = abs(step);
    bool const settled = size <= 4 * epsilon<Real>();
    if (settled || (size <= root_of_epsilon<2, Real>() && !(size < last / 2))) {
      out.at = at * (1 + step);
      out.converged = true;
      return out;
    }
    last = size;
    Real next = size < 700 ? Real(at * exp(step)) : Real(0);
    if (here.slope > 0) {
      Real const line = at - (here.value - target) / here.slope;
      if (above ? next < line : next > line) next = line;
    }
    if (!(next > lower && next < upper)) next = sqrt(lower) * sqrt(upper);
    if (!(next > lower && next < upper)) {  // neighbours: no number lies between them
      out.converged = true;
      return out;
    }
    out.at = next;
  }
  return out;
}

}  // namespace melitz::detail
