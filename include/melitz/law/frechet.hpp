// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/law/located_tail.hpp>
#include <melitz/law/tail_point.hpp>
#include <melitz/numerics/gamma.hpp>
#include <melitz/numerics/members.hpp>

#include <cmath>

namespace melitz {

namespace detail {

/// The Frechet tail in units of its scale.
template <real Real>
class frechet_in_own_units {
 public:
  using real_type = Real;

  frechet_in_own_units(Real const& shape, Real const& power) : power_(power), shape_(shape), ratio_(power / shape) {
    using std::log;
    one_minus_ratio_ = (shape - power) / shape;
    // ln Gamma(1 - a) = ln Gamma(2 - a) - ln(1 - a), which is exact as a -> 1; near a = 0 the other form is.
    log_gamma_ = ratio_ < Real(0.5) ? log_gamma_of_one_plus(Real(-ratio_))
                                    : Real(log_gamma_of_one_plus(one_minus_ratio_) - log(one_minus_ratio_));
  }

  [[nodiscard]] Real power() const { return power_; }
  [[nodiscard]] Real log_lower_bound() const { return -infinity<Real>; }
  [[nodiscard]] Real log_upper_bound() const { return infinity<Real>; }
  [[nodiscard]] Real log_moment() const { return log_gamma_; }

  [[nodiscard]] tail_point<Real> at(Real const& above) const {
    using std::exp;
    Real const y = exp(Real(-shape_ * above));  // y = (x/scale)^-shape, so S = 1 - e^-y
    return with_log_density_slopes<Real>(at(above, y), Real(shape_ * (y - 1)), Real(-shape_ * shape_ * y),
                                         Real(shape_ * shape_ * shape_ * y));
  }
  [[nodiscard]] tail_point<wider_t<Real>> at_in_wider_type(wider_t<Real> const& above) const {
    return in_wider_type<frechet_in_own_units>(above, shape_, power_);
  }
  [[nodiscard]] bool smooth_between(Real const&, Real const&) const { return true; }

 private:
  [[nodiscard]] tail_point<Real> at(Real const& above, Real const& y) const {
    using std::exp, std::expm1, std::log;
    if (y > 2 - log(epsilon<Real>())) {  // S = 1 to rounding: x^-r E[phi^r] - 1
      Real const growth = log_gamma_ - power_ * above;
      if (!is_finite(y)) return {growth, Real(exp(Real(-growth))), Real(-expm1(Real(-growth))), Real(0)};
      Real const log_factor = growth > 1 ? growth : Real(0);
      return {log_factor, Real(exp(Real(-log_factor))), growth > 1 ? Real(-expm1(Real(-growth))) : Real(expm1(growth)),
              Real(shape_ * y * exp(Real(-y - log_factor)))};
    }
    // J = e^-y sum_n y^n (1/(1-a)_n - 1/n!), every term positive; p and d are the two factors' n-th terms.
    Real q(1), d(0), sum(0);
    for (value_t<Real> n(1); n < 1000; n += 1) {
      Real const factor = y / (n - 1 + one_minus_ratio_), ratio_over_n = ratio_ / n;  // divide beside the chain
      d = factor * (d + ratio_over_n * q);
      q *= y / n;
      sum += d;
      if (n > y && d <= epsilon<Real>() * sum / 8) break;
    }
    Real const decay = exp(Real(-y));
    if (y >= 1) return {Real(0), Real(-expm1(Real(-y))), Real(decay * sum), Real(shape_ * y * decay)};
    // Deep in the tail y underflows; scale by it.
    Real sum_over_y = sum / y, survival_over_y = -expm1(Real(-y)) / y;
    if (!(y > (std::numeric_limits<Real>::min)() / epsilon<Real>())) {
      sum_over_y = ratio_ / one_minus_ratio_;
      survival_over_y = 1;
    }
    return {Real(-shape_ * above), survival_over_y, Real(decay * sum_over_y), Real(shape_ * decay)};
  }

  Real power_, shape_, ratio_, one_minus_ratio_, log_gamma_;
};

}  // namespace detail

/// Frechet law of productivity, Pr(phi <= x) = exp(-(x / scale)^-shape).
///
/// Restrictions: scale > 0, shape > 0; a solve also needs shape > elasticity - 1.
/// Accuracy: closed form, by a series of positive terms. Source: Eaton, Kortum (2002) for its use in trade, where
/// scale^shape is the country's technology T.
template <real Real = double>
struct frechet {
  using real_type = Real;

  Real scale = detail::not_a_number<Real>;
  Real shape = detail::not_a_number<Real>;

  static constexpr char const* name = "frechet";
  static constexpr auto parameters() {
    using l = frechet;
    return told::table{
        told::parameter("scale", &l::scale, rule::positive, "", "productivity", 1),
        told::parameter("shape", &l::shape, rule::positive,
                        "of the tail; above the size exponent, elasticity - 1 in the open economy", "", 4.25),
    };
  }

  /// @throws domain_error naming the parameter that is out of range
  void validate() const { detail::check_parameters(*this); }

  [[nodiscard]] Real log_lower_bound() const { return -detail::infinity<Real>; }
  [[nodiscard]] Real log_upper_bound() const { return detail::infinity<Real>; }

  /// Log density of log productivity.
  [[nodiscard]] Real log_density(Real const& log_x) const {
    using std::exp, std::log;
    Real const log_y = -shape * (log_x - log(scale));
    return Real(log(shape) + log_y - exp(log_y));
  }

  /// E[phi^power] is finite for powers below this.
  [[nodiscard]] Real moments_below() const { return shape; }

  /// Tail for one power; see productivity_tail.
  using tail_type = located_tail<detail::frechet_in_own_units<Real>>;

  /// @throws domain_error also when shape <= power, since then E[phi^power] diverges
  [[nodiscard]] tail_type tail(Real const& power) const {
    validate();
    if (!(shape > power)) detail::reject_divergent_moment("frechet", "shape", shape, power);
    return {{shape, power}, detail::log_with_rest(scale), log_lower_bound(), log_upper_bound()};
  }
};

}  // namespace melitz
