// SPDX-License-Identifier: BSL-1.0
#pragma once

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

/// int_0^u (e^(p v) - e^(q v)) dv for p >= q, without cancellation for short u.
template <real Real>
[[nodiscard]] Real exponential_integral_gap(Real const& p, Real const& q, Real const& u) {
  Real const steepest = p > -q ? p : Real(-q);
  if (steepest * u > Real(0.5)) {
    using wide = wider_t<Real>;
    return static_cast<Real>(exponential_integral_to(static_cast<wide>(p), static_cast<wide>(u)) -
                             exponential_integral_to(static_cast<wide>(q), static_cast<wide>(u)));
  }
  Real factor = u, gap(0), q_power(1), sum(0), before = infinity<Real>;  // sum_n u^n (p^(n-1) - q^(n-1)) / n!
  for (Real n(2); n < 200; n += 1) {
    factor *= u / n;
    gap = p * gap + (p - q) * q_power;
    q_power *= q;
    Real const term = factor * gap;
    sum += term;
    // Two in a row: where p is about -q every other term vanishes.
    if (term * term + before * before <= epsilon<Real>() * epsilon<Real>() / 64 * sum * sum) break;
    before = term;
  }
  return sum;
}

/// Tail of the law whose density is proportional to phi^(-shape-1) on [lower, upper]: the bounded Pareto law for
/// shape > 0, the log-uniform for shape = 0, the uniform for shape = -1.
template <real Real>
class power_interval_tail {
 public:
  using real_type = Real;

  /// @param lower, upper  bounds of productivity
  power_interval_tail(Real const& lower, Real const& upper, Real const& shape, Real const& power)
      : power_(power), shape_(shape) {
    using std::log, std::log1p;
    // Distances to the upper bound count, and its logarithm is rounded: what was lost is kept beside it.
    wider_t<Real> const log_upper = log(static_cast<wider_t<Real>>(upper));
    log_upper_ = static_cast<Real>(log_upper);
    log_upper_rest_ = static_cast<Real>(log_upper - static_cast<wider_t<Real>>(log_upper_));
    log_lower_ = lower > 0 ? Real(log(lower)) : Real(-infinity<Real>);
    if (lower > 0) {
      wider_t<Real> const log_width = log(static_cast<wider_t<Real>>(upper) / static_cast<wider_t<Real>>(lower));
      mass_ = exponential_integral_to(Real(shape > 0 ? -shape : shape), static_cast<Real>(log_width));
      at_lower_ = inside(log_lower_);
      log_moment_ = power_ * log_lower_ + at_lower_.log_scale +
                    (at_lower_.log_scale == 0 ? Real(log1p(at_lower_.excess)) : Real(log(at_lower_.moment())));
    } else {  // only the uniform law starts at zero
      mass_ = -1 / shape;
      log_moment_ = power_ * log_upper_ + log(Real(-shape / (power - shape)));
    }
  }

  [[nodiscard]] Real power() const { return power_; }
  [[nodiscard]] Real log_lower_bound() const { return log_lower_; }
  [[nodiscard]] Real log_upper_bound() const { return log_upper_; }
  [[nodiscard]] Real log_moment() const { return log_moment_; }

  [[nodiscard]] tail_point<Real> at(Real const& log_x) const {
    if (log_x >= log_upper_) return {};
    if (log_x < log_lower_) return extend_below(at_lower_, Real(power_ * (log_lower_ - log_x)));
    return with_log_density_slopes<Real>(inside(log_x), -shape_, Real(0), Real(0));
  }
  [[nodiscard]] bool smooth_between(Real const& a, Real const& b) const {
    return (a < log_lower_) == (b < log_lower_) && (a < log_upper_) == (b < log_upper_);
  }

 private:
  /// With u = ln(upper/x), E(p) = int_0^u e^(p v) dv and the mass normalised at the bound where the density peaks:
  /// S = E(-shape), J = E(r - shape) - E(-shape), both times (x/lower)^-shape (shape > 0), or, times
  /// e^(shape u) for shape <= 0, where the density per log unit peaks at the upper bound.
  [[nodiscard]] tail_point<Real> inside(Real const& log_x) const {
    using std::exp;
    Real const u = (log_upper_ - log_x) + log_upper_rest_;
    Real const log_peak = shape_ > 0 ? Real(-shape_ * (log_x - log_lower_)) : Real(shape_ * u);
    Real const growth = (power_ - shape_) * u;
    if (growth > 300) {  // e^growth would overflow; S and J part company by as much
      Real const shrink = exp(Real(-growth));
      Real const survival = -shape_ * u > 300 ? Real(exp(Real(-power_ * u)) / -shape_)
                                              : Real(exponential_integral_to(Real(-shape_), u) * shrink);
      return {Real(log_peak + growth), Real(survival / mass_),
              Real(((1 - shrink) / (power_ - shape_) - survival) / mass_), Real(shrink / mass_)};
    }
    return {log_peak, Real(exponential_integral_to(Real(-shape_), u) / mass_),
            Real(exponential_integral_gap(Real(power_ - shape_), Real(-shape_), u) / mass_), Real(1 / mass_)};
  }

  Real power_, shape_, log_lower_{}, log_upper_{}, log_upper_rest_{}, mass_{}, log_moment_{};
  tail_point<Real> at_lower_;
};

}  // namespace melitz::detail
