// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/law/located_tail.hpp>
#include <melitz/law/tail_point.hpp>
#include <melitz/numerics/gamma.hpp>
#include <melitz/numerics/members.hpp>

#include <cmath>
#include <limits>
#include <numbers>
#include <type_traits>
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
    if (y > ratio_ && y > 1) return {Real(-y), Real(1), Real(ratio_ * upper_fraction(y)), Real(shape_ * y)};
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

  /// y^-a e^y Gamma(a, y), for y > a.
  [[nodiscard]] Real upper_fraction(Real const& y) const {
    if constexpr (carries_derivatives<Real>) {
      return fraction_from_below(y);
    } else if (y > 2) {
      return continued_fraction(ratio_, y);
    } else {  // many steps, and as many roundings
      return Real(continued_fraction<wider_t<Real>>(ratio_, y));
    }
  }

  /// The same by Legendre's continued fraction 1/(y+1-a - 1(1-a)/(y+3-a - 2(2-a)/(y+5-a - ...))), its
  /// numerators and denominators by recurrence: a division in every step would take most of the time.
  template <class T>
  [[nodiscard]] static T continued_fraction(T const& a, T const& y) {
    T const tolerance = epsilon<T>() / 2, large = 1 / (epsilon<T>() * epsilon<T>());
    if (y > large) return 1 / (y + 1 - a);  // the rest is nothing beside it, and its products leave the type
    // Each as n + 1 times the one before and y times a number that has a recurrence of its own, of positive terms once
    // n > a; the fraction's own would subtract in every step. The old numbers alone give the next ones, so that a step
    // waits for one product and one sum.
    T top(1), top_more = 1 / y, bottom = y + 1 - a, bottom_more = (y - a) / y;
    for (T n(1); n < 10000; n += 1) {
      T const kept = n - a, own = n + 1 + y, of_more = y * kept;
      T const next_top = own * top + of_more * top_more, next_bottom = own * bottom + of_more * bottom_more;
      top_more = kept * top_more + top;
      bottom_more = kept * bottom_more + bottom;
      T const cross = next_top * bottom, change = cross - top * next_bottom;
      top = next_top, bottom = next_bottom;
      if (change <= tolerance * cross && -change <= tolerance * cross) break;
      if (bottom > large) {
        T const shrink = 1 / bottom;
        top *= shrink, top_more *= shrink;
        bottom_more *= shrink, bottom = 1;
      }
    }
    return top / bottom;
  }

  /// The same from a level on that is deep enough, since at a whole a the fraction ends but not its derivatives. The
  /// error of starting at level n falls like exp(-4 sqrt(n y)) where a is small; as many more are needed where it is
  /// not.
  [[nodiscard]] Real fraction_from_below(Real const& y) const {
    using std::sqrt;
    using value = value_t<Real>;
    value const needed = (std::numeric_limits<value>::digits + 12) * std::numbers::ln2;
    value const a = static_cast<value>(ratio_);
    value const depth = (needed * needed / 16 + 4 * a * sqrt(a)) / static_cast<value>(y);
    Real rest(0);
    for (value n(4 + static_cast<int>(depth)); n > 0; n -= 1) {
      rest = n * (ratio_ - n) / (y + 1 - ratio_ + 2 * n + rest);
    }
    return 1 / (y + 1 - ratio_ + rest);
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
