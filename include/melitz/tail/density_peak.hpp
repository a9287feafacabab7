// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/law/concepts.hpp>

#include <cmath>
#include <string>
#include <vector>

namespace melitz::detail {

/// Where a density is largest, and over what distance in log productivity it changes by a factor of about e.
template <real Real>
struct peak_of_density {
  Real location;
  Real scale;
};

/// The log density of a law, which is a number or -inf.
/// @throws domain_error when it is NaN or +inf
template <density_law Law>
[[nodiscard]] law_real_t<Law> log_density_of(Law const& law, law_real_t<Law> const& t) {
  law_real_t<Law> const value = law.log_density(t);
  if (!(value < infinity<law_real_t<Law>>)) [[unlikely]] {
    reject("productivity law", "log_density(" + to_text(static_cast<double>(t)) + ")", static_cast<double>(value),
           "be a number, or -inf where there are no firms");
  }
  return value;
}

/// Finds the peak of a log density by probing the support and climbing from the best probe.
///
/// A log density is finite far from where a density would underflow, so the climb finds a single mode wherever it is.
/// @throws domain_error when no probe is finite
template <density_law Law>
[[nodiscard]] peak_of_density<law_real_t<Law>> density_peak(Law const& law) {
  using Real = law_real_t<Law>;
  using std::abs;
  Real const lower = law.log_lower_bound(), upper = law.log_upper_bound();
  auto const inside = [&](Real const& t) { return t < lower ? lower : (t > upper ? upper : t); };
  auto const height = [&](Real const& t) {
    Real const value = law.log_density(t);
    return value == value ? value : Real(-infinity<Real>);
  };

  std::vector<Real> probes;
  if (is_finite(lower) && is_finite(upper)) {
    for (int k = 0; k <= 64; ++k) probes.push_back(lower + (upper - lower) * k / 64);
  } else {
    Real const origin = inside(Real(0));
    probes.push_back(origin);
    for (Real offset(1.0 / 1024); offset < 2000; offset *= 2) {
      probes.push_back(inside(Real(origin + offset)));
      probes.push_back(inside(Real(origin - offset)));
    }
  }
  if constexpr (requires { law.log_breakpoints(); }) {
    for (Real const& t : law.log_breakpoints()) probes.push_back(inside(t));
  }
  Real best = probes.front(), top = -infinity<Real>;
  for (Real const& t : probes) {
    Real const h = height(t);
    if (h > top && is_finite(h)) {
      best = t;
      top = h;
    }
  }
  if (!is_finite(top)) {
    for (Real const& t : probes) (void)log_density_of(law, t);
    reject("productivity law", "log_density at every probe", static_cast<double>(top),
           "be finite somewhere; list a point of the support in log_breakpoints()");
  }

  // Climb with growing and shrinking steps; the scale is met on the way, so a rough peak is enough.
  Real step(0.25);
  bool level = false;  // at the last step, too: once may be the two sides of a peak in between
  for (int k = 0; k < 400 && step > epsilon<Real>() * (1 + abs(best)); ++k) {
    Real const up = inside(Real(best + step)), down = inside(Real(best - step));
    Real const h_up = height(up), h_down = height(down);
    Real const better = h_up > h_down ? h_up : h_down;
    if (better > top) {
      level = false;
      best = h_up > h_down ? up : down;
      if (better - top < Real(1e-3)) {
        top = better;
        break;
      }
      top = better;
      step *= 2;
    } else {
      bool const again = top - better < Real(0.05);
      if (level && again) break;
      level = again;
      step /= 2;
    }
  }
  // The step over which the density falls by about a factor e, on the side where it falls slowest; past a bound it is
  // gone at once.
  Real scale = step > 0 ? step : Real(1);
  auto const fall = [&](Real const& s) {
    Real const h_up = best + s > upper ? Real(-infinity<Real>) : height(Real(best + s));
    Real const h_down = best - s < lower ? Real(-infinity<Real>) : height(Real(best - s));
    return Real(top - (h_up > h_down ? h_up : h_down));
  };
  for (int k = 0; k < 100 && fall(scale) < 1 && scale < 1000; ++k) scale *= 2;
  for (int k = 0; k < 100 && fall(scale) > 2 && scale > epsilon<Real>(); ++k) scale /= 2;
  return {best, scale};
}

}  // namespace melitz::detail
