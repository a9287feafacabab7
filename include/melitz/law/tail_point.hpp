// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/numerics/log_pair.hpp>
#include <melitz/numerics/real.hpp>

#include <cmath>

namespace melitz {

/// What every model asks of a productivity law at one productivity x, for one power r = elasticity - 1.
///
/// The three numbers are scaled: the true ones are exp(log_scale) times the fields. That keeps them finite deep in a
/// thin tail, or at elasticity 50, where the true ones leave the range of a double.
///
///   survival  S(x) = Pr(phi >= x); an atom at x counts
///   excess    J(x) = E[((phi/x)^r - 1) 1{phi >= x}], the expected profit per unit of fixed cost
///   density   x g(x), the density of log productivity at log x
///   density_slope, density_curvature, density_third   its first three derivatives with respect to log x
///
/// From these come the derivatives of J to the fifth order and of S to the fourth: J' = -r (J + S), S' = -density. A
/// tail that does not know the last three leaves them zero and does not have smooth_between; see productivity_tail.
template <real Real>
struct tail_point {
  Real log_scale{0};
  Real survival{0};
  Real excess{0};
  Real density{0};
  Real density_slope{0};
  Real density_curvature{0};
  Real density_third{0};

  /// E[(phi/x)^r 1{phi >= x}] = J + S, scaled like the fields: variable profit per unit of fixed cost.
  [[nodiscard]] Real moment() const { return Real(excess + survival); }
  /// What the fields are to be multiplied by.
  [[nodiscard]] Real scale() const {
    using std::exp;
    return detail::same(log_scale, Real(0)) ? Real(1) : Real(exp(log_scale));
  }
  /// Survival, excess and density themselves, where they are numbers; their derivatives are left out.
  [[nodiscard]] tail_point in_levels() const {
    Real const by = scale();
    return {Real(0), Real(survival * by), Real(excess * by), Real(density * by)};
  }
};

/// Moments of log productivity above x, of a law that has them in closed form: E[(ln phi - ln x)^k 1{phi >= x}] for k =
/// 0, 1, 2, each over exp(log_scale). None is a difference of others.
template <real Real>
struct tail_in_logs {
  Real log_scale{0};
  Real survival{0};
  Real first{0};
  Real second{0};
};

namespace detail {

/// Completes a point by the derivatives of the density, given those of its logarithm.
template <real Real>
[[nodiscard]] tail_point<Real> with_log_density_slopes(tail_point<Real> point, Real const& first, Real const& second,
                                                       Real const& third) {
  if (point.density > 0) {
    Real const square = first * first;
    point.density_slope = point.density * first;
    point.density_curvature = point.density * (square + second);
    point.density_third = point.density * (first * (square + 3 * second) + third);
  }
  return point;
}

/// A part of a tail: every number times a weight.
template <real Real>
[[nodiscard]] tail_point<Real> scaled(tail_point<Real> p, Real const& weight) {
  for (Real* member : {&p.survival, &p.excess, &p.density, &p.density_slope, &p.density_curvature, &p.density_third}) {
    *member *= weight;
  }
  return p;
}

/// Sum of two tails given on scales of their own.
template <real Real>
[[nodiscard]] tail_point<Real> add(tail_point<Real> const& a, tail_point<Real> const& b) {
  using std::exp;
  auto const empty = [](tail_point<Real> const& p) { return p.survival == 0 && p.excess == 0 && p.density == 0; };
  if (empty(b)) return a;
  if (empty(a)) return b;
  tail_point<Real> const& large = a.log_scale >= b.log_scale ? a : b;
  tail_point<Real> const& small = a.log_scale >= b.log_scale ? b : a;
  Real const shrink = exp(Real(small.log_scale - large.log_scale));
  return {large.log_scale,
          Real(large.survival + shrink * small.survival),
          Real(large.excess + shrink * small.excess),
          Real(large.density + shrink * small.density),
          Real(large.density_slope + shrink * small.density_slope),
          Real(large.density_curvature + shrink * small.density_curvature),
          Real(large.density_third + shrink * small.density_third)};
}

/// Moves a tail by a small step in log x with its own Taylor terms. They end with the third derivative of the density,
/// which is the fifth of J and the fourth of S.
template <real Real>
[[nodiscard]] tail_point<Real> shifted(tail_point<Real> const& p, Real const& power, Real const& step) {
  Real const moment = p.moment(), second = power * moment + p.density, third = p.density_slope - power * second;
  Real const fourth = p.density_curvature - power * third, fifth = p.density_third - power * fourth;
  Real const half = step / 2, last_third = step / 3, quarter = step / 4, fraction = step / 5;
  tail_point<Real> out = p;
  out.excess +=
      power * step * (-moment + half * (second + last_third * (third + quarter * (fourth + fraction * fifth))));
  out.survival -=
      step * (p.density + half * (p.density_slope + last_third * (p.density_curvature + quarter * p.density_third)));
  out.density += step * (p.density_slope + half * (p.density_curvature + last_third * p.density_third));
  return out;
}

/// The same for a step of the size of rounding, after which only survival and excess are wanted.
template <real Real>
[[nodiscard]] tail_point<Real> nudged(tail_point<Real> p, Real const& power, Real const& step) {
  p.excess -= power * step * p.moment();
  p.survival -= step * p.density;
  return p;
}

/// The tail at exp(distance) below a point where it is known, when no mass lies in between.
///
/// J(x) = e^(r d) J(y) + (e^(r d) - 1) S(y) with d = ln(y/x) >= 0: a sum of non-negative terms, nothing cancels. What
/// rounding takes from r d is put back, since there r d may be many times ln(1 + J).
/// @param distance  d
/// @param rest      what rounding took from it
/// @tparam Sum      may be wider, for many steps
template <real Sum, real Real>
[[nodiscard]] tail_point<Sum> extend_below(tail_point<Sum> const& at, Real const& power, Real const& distance,
                                           Real const& rest = Real(0)) {
  using std::exp, std::expm1;
  auto const rise = product_with_rest(power, distance);
  auto const more = static_cast<Sum>(rise.rest + power * rest);
  tail_point<Sum> out;
  if (rise.value > 1) {
    auto const shrink = static_cast<Sum>(Real(exp(Real(-rise.value))));
    out.log_scale = at.log_scale + static_cast<Sum>(rise.value);
    out.survival = at.survival * shrink;
    out.excess = at.excess + at.survival * (1 - shrink);
  } else {
    auto const growth = static_cast<Sum>(Real(expm1(rise.value)));
    out.log_scale = at.log_scale;
    out.survival = at.survival;
    out.excess = at.excess + growth * (at.excess + at.survival);
  }
  out.excess += more * (out.excess + out.survival);
  return out;
}

}  // namespace detail
}  // namespace melitz
