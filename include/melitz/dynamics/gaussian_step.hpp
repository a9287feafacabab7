// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/numerics/erfcx.hpp>
#include <melitz/numerics/gauss_legendre.hpp>
#include <melitz/numerics/real.hpp>

#include <cmath>
#include <cstddef>

// One step of a state that is normal given today's: what expectations over a half line are made of.

namespace melitz::detail {

/// Pr(z >= x) of a standard normal z.
template <real Real>
[[nodiscard]] Real normal_above(Real const& x) {
  using std::erfc, std::sqrt;
  static Real const root_half = sqrt(Real(0.5));
  return Real(erfc(Real(x * root_half)) / 2);
}

/// Tomorrow's state, normal with this mean and standard deviation.
template <real Real>
struct gaussian_step {
  Real mean, sd;

  /// The density at t.
  [[nodiscard]] Real density(Real const& t) const {
    using std::exp;
    Real const z = (t - mean) / sd;
    return Real(exp(Real(-z * z / 2)) * peak());
  }
  /// The density at the mean.
  [[nodiscard]] Real peak() const {
    using std::sqrt;
    static Real const of_standard = 1 / (root_pi<Real>() * sqrt(Real(2)));
    return Real(of_standard / sd);
  }

  /// E[e^(p t) 1{t >= from}], for any p; no difference of nearly equal numbers.
  [[nodiscard]] Real moment_above(Real const& p, Real const& from) const {
    return tail(p, Real((from - mean) / sd - p * sd));
  }
  /// E[e^(p t) 1{t < to}].
  [[nodiscard]] Real moment_below(Real const& p, Real const& to) const {
    return tail(p, Real(p * sd - (to - mean) / sd));
  }
  /// E[e^(p t)].
  [[nodiscard]] Real moment(Real const& p) const {
    using std::exp;
    return Real(exp(growth(p)));
  }

  /// E[f(t) 1{from <= t < to}] by Gauss's rule on panels, without what lies more than `reach` standard deviations from
  /// the mean. @pre f is smooth over a few standard deviations between from and to
  template <class F>
  [[nodiscard]] Real expectation(F const& f, Real from, Real to, Real const& reach = Real(8.7)) const {
    static gauss_legendre<Real, 20> const rule;
    if (Real const least = mean - reach * sd; !(from > least)) from = least;
    if (Real const most = mean + reach * sd; !(to < most)) to = most;
    if (!(to > from)) return Real(0);
    int const panels = 1 + static_cast<int>(Real((to - from) / (6 * sd)));  // at most 3, whatever sd is
    Real const half = (to - from) / (2 * Real(panels));
    Real sum(0);
    for (int k = 0; k < panels; ++k) {
      Real const middle = from + half * Real(2 * k + 1);
      for (std::size_t i = 0; i < rule.nodes.size(); ++i) {
        Real const up = middle + half * rule.nodes[i], down = middle - half * rule.nodes[i];
        sum += rule.weights[i] * half * (density(up) * f(up) + density(down) * f(down));
      }
    }
    return sum;
  }

 private:
  [[nodiscard]] Real growth(Real const& p) const { return Real(p * (mean + p * sd * sd / 2)); }

  /// e^growth Pr(z >= x); far out the product of a large and a small number is taken in logs.
  [[nodiscard]] Real tail(Real const& p, Real const& x) const {
    using std::exp, std::sqrt;
    static Real const root_half = sqrt(Real(0.5));
    if (!(x > 5)) return Real(exp(growth(p)) * normal_above(x));
    return Real(exp(Real(growth(p) - x * x / 2)) * erfcx(Real(x * root_half)) / 2);
  }
};

}  // namespace melitz::detail
