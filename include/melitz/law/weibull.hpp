// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/law/tail_point.hpp>
#include <melitz/numerics/gamma.hpp>

#include <cmath>
#include <limits>
#include <numbers>

namespace melitz {

/// Weibull law of productivity, Pr(phi >= x) = exp(-(x / scale)^shape).
///
/// Restrictions: scale > 0, shape > 0. All moments exist.
/// Accuracy: closed form through the incomplete gamma function, a few roundings.
template <real Real = double>
struct weibull {
  using real_type = Real;

  Real scale = detail::not_a_number<Real>;
  Real shape = detail::not_a_number<Real>;

  /// @throws domain_error naming the parameter that is out of range
  void validate() const {
    detail::require(scale > 0 && detail::is_finite(scale), "weibull", "scale", scale, "be positive and finite");
    detail::require(shape > 0 && detail::is_finite(shape), "weibull", "shape", shape, "be positive and finite");
  }

  [[nodiscard]] Real log_lower_bound() const { return -detail::infinity<Real>; }
  [[nodiscard]] Real log_upper_bound() const { return detail::infinity<Real>; }

  /// Log density of log productivity.
  [[nodiscard]] Real log_density(Real const& log_x) const {
    using std::exp, std::log;
    Real const log_y = shape * (log_x - log(scale));
    return Real(log(shape) + log_y - exp(log_y));
  }

  /// Tail for one power; see productivity_tail.
  class tail_type {
   public:
    using real_type = Real;

    tail_type(weibull const& law, Real const& power) : power_(power), shape_(law.shape), ratio_(power / law.shape) {
      using std::log;
      log_scale_ = log(law.scale);
      log_gamma_ = detail::log_gamma_of_one_plus(ratio_);
    }

    [[nodiscard]] Real power() const { return power_; }
    [[nodiscard]] Real log_lower_bound() const { return -detail::infinity<Real>; }
    [[nodiscard]] Real log_upper_bound() const { return detail::infinity<Real>; }
    [[nodiscard]] Real log_moment() const { return Real(power_ * log_scale_ + log_gamma_); }

    /// With y = (x/scale)^shape and a = r/shape: S = e^-y and, integrating by parts, J = a y^-a Gamma(a, y).
    [[nodiscard]] tail_point<Real> at(Real const& log_x) const {
      using std::exp;
      Real const above = log_x - log_scale_;
      Real const y = exp(Real(shape_ * above));
      return detail::with_log_density_slopes<Real>(at(above, y), Real(shape_ * (1 - y)), Real(-shape_ * shape_ * y));
    }
    [[nodiscard]] bool smooth_between(Real const&, Real const&) const { return true; }

   private:
    [[nodiscard]] tail_point<Real> at(Real const& above, Real const& y) const {
      using std::exp, std::expm1;
      if (!detail::is_finite(Real(shape_ * y))) return {};  // S = exp(-y) is out of reach even in logs
      if (y > ratio_ + 1 && y > 2) return {Real(-y), Real(1), Real(ratio_ * continued_fraction(y)), Real(shape_ * y)};
      Real const growth = log_gamma_ - power_ * above;  // J = Q(a, y) e^growth
      if constexpr (detail::carries_derivatives<Real>) {
        return by_series(growth, y);
      } else {
        Real const density = shape_ * y * exp(Real(-y - (growth > 1 ? growth : Real(0))));
        // Where y underflows, 1 - Q(a, y) = y^a / Gamma(1 + a) need not: it is e^-growth.
        Real const upper = y > (std::numeric_limits<Real>::min)() ? detail::gamma_upper_regularised(ratio_, y)
                                                                  : Real(-expm1(Real(-growth)));
        if (growth <= 1) return {Real(0), Real(exp(Real(-y))), Real(upper * exp(growth)), density};
        return {growth, Real(exp(Real(-y - growth))), upper, density};
      }
    }

    /// As at(), by series that can be differentiated in y and in a: J = e^growth - e^-y sum_n y^n/(1+a)_n or, where a
    /// is so small that this would cancel, e^growth - 1 + e^-y sum_n y^n (1/n! - 1/(1+a)_n). Every term is positive.
    [[nodiscard]] tail_point<Real> by_series(Real const& growth, Real const& y) const {
      using std::exp, std::expm1;
      bool const direct = growth > 1 || ratio_ > 1;
      Real q(1), d(direct ? 1 : 0), sum(d);
      for (detail::value_t<Real> n(1); n < 1000; n += 1) {
        if (direct) {
          d *= y / (n + ratio_);
        } else {
          d = (n * d + ratio_ * q) * y / (n * (n + ratio_));
          q *= y / n;
        }
        sum += d;
        if (n > y && d <= detail::epsilon<Real>() * sum / 1024) break;  // derivatives converge a little later
      }
      Real const survival = exp(Real(-y)), density = shape_ * y * survival, rest = survival * sum;
      if (!direct) return {Real(0), survival, Real(expm1(growth) + rest), density};
      if (growth <= 1) return {Real(0), survival, Real(exp(growth) - rest), density};
      Real const shrink = exp(Real(-growth));
      return {growth, Real(survival * shrink), Real(1 - rest * shrink), Real(density * shrink)};
    }

    /// y^-a e^y Gamma(a, y) by Legendre's continued fraction 1/(y+1-a - 1(1-a)/(y+3-a - 2(2-a)/(y+5-a - ...))),
    /// evaluated forwards (Lentz).
    [[nodiscard]] Real continued_fraction(Real const& y) const {
      if constexpr (detail::carries_derivatives<Real>) return backwards(y);
      Real b = y + 1 - ratio_;
      Real c = 1 / detail::epsilon<Real>() / detail::epsilon<Real>();
      Real d = 1 / b;
      Real value = d;
      for (Real n(1); n < 10000; n += 1) {
        Real const numerator = -n * (n - ratio_);
        b += 2;
        d = 1 / (numerator * d + b);
        c = b + numerator / c;
        Real const factor = c * d;
        value *= factor;
        Real const change = factor - 1;
        if (change * change <= detail::epsilon<Real>() * detail::epsilon<Real>()) break;
      }
      return value;
    }

    /// The same from a level on that is deep enough, since at a whole a the fraction ends but not its derivatives. The
    /// error of starting at level n falls like exp(-4 sqrt(n y)) where a is small; as many more are needed where it is
    /// not.
    [[nodiscard]] Real backwards(Real const& y) const {
      using std::sqrt;
      using value = detail::value_t<Real>;
      value const needed = (std::numeric_limits<value>::digits + 12) * std::numbers::ln2;
      value const a = static_cast<value>(ratio_);
      value const depth = (needed * needed / 16 + 4 * a * sqrt(a)) / static_cast<value>(y);
      Real rest(0);
      for (value n(4 + static_cast<int>(depth)); n > 0; n -= 1) {
        rest = n * (ratio_ - n) / (y + 1 - ratio_ + 2 * n + rest);
      }
      return 1 / (y + 1 - ratio_ + rest);
    }

    Real power_, shape_, ratio_, log_scale_, log_gamma_;
  };

  [[nodiscard]] tail_type tail(Real const& power) const {
    validate();
    return {*this, power};
  }
};

/// Exponential law of productivity, Pr(phi >= x) = exp(-rate x): a Weibull law with shape 1 and scale 1/rate.
///
/// Restriction: rate > 0, in units of 1/productivity.
template <real Real = double>
struct exponential {
  using real_type = Real;

  Real rate = detail::not_a_number<Real>;

  /// @throws domain_error naming the parameter that is out of range
  void validate() const {
    detail::require(rate > 0 && detail::is_finite(rate), "exponential", "rate", rate, "be positive and finite");
  }

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
