// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/law/located_tail.hpp>
#include <melitz/law/tail_point.hpp>
#include <melitz/numerics/gamma.hpp>
#include <melitz/numerics/members.hpp>
#include <melitz/numerics/upper_gamma.hpp>

#include <cmath>
#include <utility>

namespace melitz {

namespace detail {

/// The Weibull tail in units of its scale.
template <real Real>
class weibull_in_own_units {
 public:
  using real_type = Real;

  weibull_in_own_units(Real const& shape, Real const& power) : power_(power), shape_(shape), ratio_(power / shape) {
    using std::log;
    log_gamma_ = log_gamma_of_one_plus(ratio_);
  }

  [[nodiscard]] Real power() const { return power_; }
  [[nodiscard]] Real log_lower_bound() const { return -infinity<Real>; }
  [[nodiscard]] Real log_upper_bound() const { return infinity<Real>; }
  [[nodiscard]] Real log_moment() const { return log_gamma_; }

  /// With y = (x/scale)^shape and a = r/shape: S = e^-y and, integrating by parts, J = a y^-a Gamma(a, y).
  [[nodiscard]] tail_point<Real> at(Real const& above) const {
    using std::exp;
    Real const y = exp(Real(shape_ * above));
    return with_log_density_slopes<Real>(at(above, y), Real(shape_ * (1 - y)), Real(-shape_ * shape_ * y),
                                         Real(-shape_ * shape_ * shape_ * y));
  }
  [[nodiscard]] tail_point<wider_t<Real>> at_in_wider_type(wider_t<Real> const& above) const {
    return in_wider_type<weibull_in_own_units>(above, shape_, power_);
  }
  [[nodiscard]] bool smooth_between(Real const&, Real const&) const { return true; }

 private:
  [[nodiscard]] tail_point<Real> at(Real const& above, Real const& y) const {
    using std::exp, std::expm1;
    if (!is_finite(Real(shape_ * y))) return {};  // S = exp(-y) is out of reach even in logs
    if (y > ratio_ && y > 1)
      return {Real(-y), Real(1), Real(ratio_ * upper_gamma_fraction(ratio_, y)), Real(shape_ * y)};
    Real const growth = log_gamma_ - power_ * above;  // ln(Gamma(1+a) y^-a)
    Real const level = growth > 1 ? growth : Real(0), survival = exp(Real(-y - level));
    auto const [series, shortfall] = lower_series(y);
    Real const excess = growth > 1             ? Real(1 - survival * series)
                        : growth < -Real(0.25) ? Real(exp(growth) - survival * series)
                                               : Real(expm1(growth) + survival * shortfall);
    return {level, survival, excess, Real(shape_ * y * survival)};
  }

  /// F = sum_n y^n / ((a+1)...(a+n)), of which J = Gamma(1+a) y^-a - e^-y F, and e^y - F, all in positive terms.
  [[nodiscard]] std::pair<Real, Real> lower_series(Real const& y) const {
    Real of_exponential(1), term(1), gap(0), sum(1), shortfall(0);
    for (value_t<Real> n(1); n < 10000; n += 1) {
      Real const factor = y / (ratio_ + n), ratio_over_n = ratio_ / n;
      gap = factor * (gap + ratio_over_n * of_exponential);
      term *= factor;
      of_exponential = term + gap;
      sum += term;
      shortfall += gap;
      // Derivatives in a and y converge a little later.
      if (n > y && of_exponential <= epsilon<Real>() / 1024 * (shortfall < sum ? shortfall : sum)) break;
    }
    return {sum, shortfall};
  }

  Real power_, shape_, ratio_, log_gamma_;
};

}  // namespace detail

/// Weibull law of productivity, Pr(phi >= x) = exp(-(x / scale)^shape).
///
/// Restrictions: scale > 0, shape > 0. All moments exist.
/// Accuracy: closed form through the incomplete gamma function, a few roundings.
template <real Real = double>
struct weibull {
  using real_type = Real;

  Real scale = detail::not_a_number<Real>;
  Real shape = detail::not_a_number<Real>;

  static constexpr char const* name = "weibull";
  static constexpr auto parameters() {
    using l = weibull;
    return told::table{
        told::parameter("scale", &l::scale, rule::positive, "", "productivity", 1),
        told::parameter("shape", &l::shape, rule::positive, "1: exponential", "", 2),
    };
  }

  /// @throws domain_error naming the parameter that is out of range
  void validate() const { detail::check_parameters(*this); }

  [[nodiscard]] Real log_lower_bound() const { return -detail::infinity<Real>; }
  [[nodiscard]] Real log_upper_bound() const { return detail::infinity<Real>; }

  /// Log density of log productivity.
  [[nodiscard]] Real log_density(Real const& log_x) const {
    using std::exp, std::log;
    Real const log_y = shape * (log_x - log(scale));
    return Real(log(shape) + log_y - exp(log_y));
  }

  /// Tail for one power; see productivity_tail.
  using tail_type = located_tail<detail::weibull_in_own_units<Real>>;

  [[nodiscard]] tail_type tail(Real const& power) const {
    validate();
    return {{shape, power}, detail::log_with_rest(scale), log_lower_bound(), log_upper_bound()};
  }
};

/// Exponential law of productivity, Pr(phi >= x) = exp(-rate x): a Weibull law with shape 1 and scale 1/rate.
///
/// Restriction: rate > 0, in units of 1/productivity.
template <real Real = double>
struct exponential {
  using real_type = Real;

  Real rate = detail::not_a_number<Real>;

  static constexpr char const* name = "exponential";
  static constexpr auto parameters() {
    using l = exponential;
    return told::table{
        told::parameter("rate", &l::rate, rule::positive, "one over the mean", "1/productivity", 1),
    };
  }

  /// @throws domain_error naming the parameter that is out of range
  void validate() const { detail::check_parameters(*this); }

  [[nodiscard]] Real log_lower_bound() const { return -detail::infinity<Real>; }
  [[nodiscard]] Real log_upper_bound() const { return detail::infinity<Real>; }

  /// Log density of log productivity.
  [[nodiscard]] Real log_density(Real const& log_x) const { return as_weibull().log_density(log_x); }

  [[nodiscard]] typename weibull<Real>::tail_type tail(Real const& power) const {
    validate();
    return as_weibull().tail(power);
  }

 private:
  [[nodiscard]] weibull<Real> as_weibull() const { return {.scale = 1 / rate, .shape = Real(1)}; }
};

}  // namespace melitz
