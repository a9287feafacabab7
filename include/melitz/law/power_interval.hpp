// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/law/located_tail.hpp>
#include <melitz/law/tail_point.hpp>

#include <cmath>

namespace melitz::detail {

/// int_0^u e^(p v) dv = (e^(p u) - 1)/p, and u where p = 0.
template <real Real>
[[nodiscard]] Real exponential_integral_to(Real const& p, Real const& u) {
  using std::expm1;
  if constexpr (carries_derivatives<Real>) return Real(u * differentiation<Real>::expm1_over(Real(p * u)));
  return p == 0 ? u : Real(expm1(Real(p * u)) / p);
}

/// int_0^u e^(q v) dv, and by how much int_0^u e^(p v) dv exceeds it for p >= q, without cancellation for short u.
template <real Real>
struct exponential_integrals {
  Real lesser, gap{0};

  exponential_integrals(Real const& p, Real const& q, Real const& u) {
    Real const steepest = p > -q ? p : Real(-q);
    if (steepest * u > Real(0.5)) {
      using wide = wider_t<Real>;
      wide const of_q = exponential_integral_to(static_cast<wide>(q), static_cast<wide>(u));
      lesser = static_cast<Real>(of_q);
      gap = static_cast<Real>(exponential_integral_to(static_cast<wide>(p), static_cast<wide>(u)) - of_q);
      return;
    }
    lesser = exponential_integral_to(q, u);
    Real factor = u, coefficient(0), q_power(1), before = infinity<Real>;  // sum_n u^n (p^(n-1) - q^(n-1)) / n!
    for (Real n(2); n < 200; n += 1) {
      factor *= u / n;
      coefficient = p * coefficient + (p - q) * q_power;
      q_power *= q;
      Real const term = factor * coefficient;
      gap += term;
      // Two in a row: where p is about -q every other term vanishes.
      if (term * term + before * before <= epsilon<Real>() * epsilon<Real>() / 64 * gap * gap) break;
      before = term;
    }
  }
};

/// Tail of the law whose density is proportional to phi^(-shape-1) between bounds, in units of the upper one: the
/// bounded Pareto law for shape > 0, the log-uniform for shape = 0, the uniform for shape = -1.
template <real Real>
class power_interval_in_own_units {
 public:
  using real_type = Real;

  /// @param lower, upper  bounds of productivity; only the uniform law may start at zero
  power_interval_in_own_units(Real const& lower, Real const& upper, Real const& shape, Real const& power)
      : power_(power), shape_(shape), lower_(lower), upper_(upper) {
    using std::log, std::log1p;
    if (lower > 0) {
      Real const rise = (upper - lower) / lower;  // exact to a rounding, however close the bounds
      width_ = is_finite(rise) ? Real(log1p(rise)) : Real(log(upper) - log(lower));
      mass_ = exponential_integral_to(Real(shape > 0 ? -shape : shape), width_);
      at_lower_ = inside(width_);
      log_moment_ = at_lower_.log_scale - power_ * width_ +
                    (at_lower_.log_scale == 0 ? Real(log1p(at_lower_.excess)) : Real(log(at_lower_.moment())));
    } else {
      mass_ = -1 / shape;
      log_moment_ = log(Real(-shape / (power - shape)));
    }
  }

  [[nodiscard]] Real power() const { return power_; }
  [[nodiscard]] Real log_lower_bound() const { return -width_; }
  [[nodiscard]] Real log_upper_bound() const { return Real(0); }
  [[nodiscard]] Real log_moment() const { return log_moment_; }

  [[nodiscard]] tail_point<Real> at(Real const& log_x) const {
    if (log_x >= 0) return {};
    if (-log_x > width_) return extend_below(at_lower_, power_, Real(-log_x - width_));
    return with_log_density_slopes<Real>(inside(Real(-log_x)), -shape_, Real(0), Real(0));
  }
  [[nodiscard]] tail_point<wider_t<Real>> at_in_wider_type(wider_t<Real> const& log_x) const {
    return in_wider_type<power_interval_in_own_units>(log_x, lower_, upper_, shape_, power_);
  }
  [[nodiscard]] bool smooth_between(Real const& a, Real const& b) const {
    return (-a > width_) == (-b > width_) && (a < 0) == (b < 0);
  }

 private:
  /// With u = ln(upper/x), E(p) = int_0^u e^(p v) dv and the mass normalised at the bound where the density peaks:
  /// S = E(-shape), J = E(r - shape) - E(-shape), both times (x/lower)^-shape (shape > 0), or, times
  /// e^(shape u) for shape <= 0, where the density per log unit peaks at the upper bound.
  [[nodiscard]] tail_point<Real> inside(Real const& u) const {
    using std::exp;
    Real const log_peak = shape_ > 0 ? Real(-shape_ * (width_ - u)) : Real(shape_ * u);
    Real const growth = (power_ - shape_) * u;
    if (growth > 300) {  // e^growth would overflow; S and J part company by as much
      Real const shrink = exp(Real(-growth));
      Real const survival = -shape_ * u > 300 ? Real(exp(Real(-power_ * u)) / -shape_)
                                              : Real(exponential_integral_to(Real(-shape_), u) * shrink);
      return {Real(log_peak + growth), Real(survival / mass_),
              Real(((1 - shrink) / (power_ - shape_) - survival) / mass_), Real(shrink / mass_)};
    }
    exponential_integrals<Real> const to_end(Real(power_ - shape_), Real(-shape_), u);
    return {log_peak, Real(to_end.lesser / mass_), Real(to_end.gap / mass_), Real(1 / mass_)};
  }

  Real power_, shape_, lower_, upper_, width_ = infinity<Real>, mass_{}, log_moment_{};
  tail_point<Real> at_lower_;
};

template <real Real>
using power_interval_tail = located_tail<power_interval_in_own_units<Real>>;

/// @param lower, upper  bounds of productivity
template <real Real>
[[nodiscard]] power_interval_tail<Real> tail_of_power_interval(Real const& lower, Real const& upper, Real const& shape,
                                                               Real const& power) {
  using std::log;
  auto const unit = log_with_rest(upper);
  return {{lower, upper, shape, power}, unit, lower > 0 ? Real(log(lower)) : Real(-infinity<Real>), unit.value};
}

}  // namespace melitz::detail
