// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/law/located_tail.hpp>
#include <melitz/law/singh_maddala.hpp>
#include <melitz/law/tail_point.hpp>
#include <melitz/numerics/gamma.hpp>
#include <melitz/numerics/log_pair.hpp>
#include <melitz/numerics/members.hpp>
#include <melitz/numerics/mills.hpp>
#include <melitz/numerics/upper_gamma.hpp>

#include <cmath>
#include <limits>

namespace melitz {

namespace detail {

/// ln(y^A e^-y/Gamma(A)) at y = e^v: from the peak at y = A, since for a large A its parts cancel.
template <real Real>
class generalized_gamma_weight {
 public:
  explicit generalized_gamma_weight(Real const& shape) : shape_(shape) {
    using std::log;
    using wide = wider_t<Real>;
    wide const a = static_cast<wide>(shape), log_a = log(a);
    log_shape_ = static_cast<Real>(log_a);
    at_peak_ =
        static_cast<Real>(a < stirling_from<wide>() ? wide(a * log_a - a - log_gamma(a))
                                                    : wide(log_a / 2 - log_root_two_pi<wide>() - stirling_rest(a)));
  }
  [[nodiscard]] Real log_weight(Real const& v) const {
    using std::expm1;
    Real const from_peak = v - log_shape_;
    return Real(at_peak_ + shape_ * (from_peak - expm1(from_peak)));
  }

 private:
  Real shape_, log_shape_{}, at_peak_{};
};

/// The tail of the generalised gamma law in units of its scale.
template <real Real>
class generalized_gamma_in_own_units {
 public:
  using real_type = Real;

  generalized_gamma_in_own_units(Real const& gamma_shape, Real const& exponent, Real const& power)
      : power_(power), shape_(gamma_shape), exponent_(exponent), ratio_(power / exponent), density_(gamma_shape) {
    using std::log;
    wide const shape = static_cast<wide>(shape_), more = static_cast<wide>(power) / static_cast<wide>(exponent);
    log_moment_ = in_two<Real>(log_gamma_ratio(wide(shape + more), shape, more));
    log_of_one_more_ = log_gamma_of_one_plus(shape);
    log_factor_ = log_gamma_ratio(wide(1 + shape + more), wide(1 + shape), more);
  }

  [[nodiscard]] Real power() const { return power_; }
  [[nodiscard]] Real log_lower_bound() const { return -infinity<Real>; }
  [[nodiscard]] Real log_upper_bound() const { return infinity<Real>; }
  [[nodiscard]] Real log_moment() const { return log_moment_.value; }

  /// With y = (x/scale)^c and w = y^A e^-y/Gamma(A): S = Gamma(A, y)/Gamma(A), the density is c w.
  [[nodiscard]] tail_point<Real> at(Real const& above) const {
    using std::exp, std::expm1;
    auto const place = product_with_rest(exponent_, above);
    Real const &v = place.value, &c = exponent_, y = exp(v);
    if (!is_finite(Real(y * c))) return {};  // out of reach even in logs
    auto const out = with_log_density_slopes<Real>(at(v, y, density_.log_weight(v)), Real(c * (shape_ - y)),
                                                   Real(-c * c * y), Real(-c * c * c * y));
    // What rounding took from the place. Far out, where ln S = -y, that counts much, and goes into the scale of all.
    Real const step = place.rest / exponent_, fall = out.density * step;
    if (fall * fall <= Real(1e-12) * out.survival * out.survival) return nudged(out, power_, step);
    auto moved = out;
    Real const rate = out.density / out.survival;
    moved.log_scale -= rate * step;
    moved.excess -= step * (power_ * out.moment() - rate * out.excess);
    return moved;
  }
  [[nodiscard]] tail_point<wider_t<Real>> at_in_wider_type(wider_t<Real> const& above) const {
    return in_wider_type<generalized_gamma_in_own_units>(above, shape_, exponent_, power_);
  }
  [[nodiscard]] bool smooth_between(Real const&, Real const&) const { return true; }

 private:
  using wide = wider_t<Real>;

  [[nodiscard]] tail_point<Real> at(Real const& v, Real const& y, Real const& log_weight) const {
    using std::exp, std::expm1;
    if (y > shape_ + ratio_ && y > 1) {
      // Scaled by w: fractions of Gamma(A, y) and Gamma(A + r/c, y). Far out their difference is small beside them, and
      // further out there is a series of its own for it.
      if (y > std::numeric_limits<value_t<Real>>::digits + 8 * (shape_ + ratio_)) {
        return {log_weight, upper_gamma_fraction(shape_, y), difference_far_out(y), exponent_};
      }
      wide const a = static_cast<wide>(shape_), far = static_cast<wide>(y);
      wide const own = upper_gamma_fraction(a, far),
                 moved = upper_gamma_fraction(wide(a + static_cast<wide>(ratio_)), far);
      return {log_weight, static_cast<Real>(own), static_cast<Real>(wide(moved - own)), exponent_};
    }
    // J = e^growth - 1 + w (what the series of the lower incomplete gamma functions differ by).
    Real const growth = less_product(log_moment_, quotient_with_rest(power_, exponent_), v),
               level = growth > 1 ? growth : Real(0), shrink = exp(Real(-level));
    Real const weight = exp(Real(log_weight - level));
    tail_point<Real> out{level,
                         Real(shrink * upper(shape_, v, y, exp(log_weight), static_cast<Real>(log_of_one_more_))),
                         Real(0), Real(exponent_ * weight)};
    if (growth < 0 && ratio_ < Real(0.5)) {
      wide const far = static_cast<wide>(v), shape = static_cast<wide>(shape_);
      out.excess = static_cast<Real>(
          excess_of_few(shape, wide(static_cast<wide>(power_) / static_cast<wide>(exponent_)), far,
                        generalized_gamma_weight<wide>(shape).log_weight(far), log_of_one_more_, log_factor_));
      return out;
    }
    auto const [sum, shortfall] = lower_series(shape_, ratio_, y);
    out.excess = growth > 1    ? Real(1 - (weight * sum + out.survival))
                 : growth >= 0 ? Real(expm1(growth) + weight * shortfall)
                               : Real(exp(growth) - (weight * sum + out.survival));
    return out;
  }

  /// Of the asymptotic series sum_k (a - 1)...(a - k)/y^(k + 1), that with a = A + r/c less that with a = A.
  [[nodiscard]] Real difference_far_out(Real const& y) const {
    Real own = 1 / y, difference(0), sum(0);
    for (value_t<Real> k(1); k < 200; k += 1) {
      difference = ((shape_ + ratio_ - k) * difference + ratio_ * own) / y;
      own *= (shape_ - k) / y;
      sum += difference;
      Real const least = negligible<Real>() * sum;
      if (difference * difference <= least * least && own * own * ratio_ * ratio_ <= least * least) break;
    }
    return sum;
  }

  /// J for a small power, where the place is not far out but most draws lie below: with p = r/c, E[phi^r] = (A/(A + p))
  /// (1 + d) x^r and W = w/A, (A + p) J is A (d + W m) - p S, where m is what two series differ by. For a small p that
  /// is a difference of nearly equal numbers.
  template <class T>
  [[nodiscard]] static T excess_of_few(T const& a, T const& p, T const& v, T const& log_weight,
                                       T const& log_of_one_more, T const& log_factor) {
    using std::exp, std::expm1;
    T const y = exp(v), weight = exp(log_weight);
    T const shortfall = lower_series(T(a + 1), p, y).shortfall * y;  // sum_n y^n/(1 + A)_n begins with one
    return T((a * expm1(T(log_factor - p * v)) + weight * shortfall - p * upper(a, v, y, weight, log_of_one_more)) /
             (a + p));
  }

  /// Gamma(A, y)/Gamma(A).
  template <class T>
  [[nodiscard]] static T upper(T const& a, T const& v, T const& y, T const& weight, T const& log_of_one_more) {
    using std::exp, std::expm1;
    if (y > a && y > 1) return T(weight * upper_gamma_fraction(a, y));
    if (a >= 1) {
      T term = 1 / a, sum = term;
      for (value_t<T> n(1); n < 100'000; n += 1) {
        term *= y / (a + n);
        sum += term;
        if (term <= negligible<T>() * sum * (1 - y / (a + n))) break;
      }
      return T(1 - weight * sum);
    }
    // Most draws lie below: 1 - y^A/Gamma(1 + A) (1 - A sum_n (-1)^(n+1) y^n/(n! (A + n))).
    T const log_below = a * v - log_of_one_more;
    T term = y, sum(0);
    for (value_t<T> n(1); n < 1000; n += 1) {
      T const more = term / (a + n);
      sum += more;
      term *= -y / (n + 1);
      if (more * more <= negligible<T>() * negligible<T>() * sum * sum) break;
    }
    return T(-expm1(log_below) + exp(log_below) * a * sum);
  }

  template <class T>
  struct series {
    T sum, shortfall;
  };
  /// sum_n y^n/(A + p)_(n+1), and how much less that is than the same with p = 0, in positive terms.
  template <class T>
  [[nodiscard]] static series<T> lower_series(T const& a, T const& p, T const& y) {
    T const far = a + p;
    T own = 1 / a, moved = 1 / far, gap = p / (a * far), sum = moved, shortfall = gap;
    for (value_t<T> n(1); n < 1'000'000; n += 1) {
      T const factor = y / (far + n);
      gap = factor * (gap + p / (a + n) * own);
      own *= y / (a + n);
      moved *= factor;
      sum += moved;
      shortfall += gap;
      if (2 * y < 2 * a + n && own <= negligible<T>() * (shortfall < sum ? shortfall : sum)) break;
    }
    return {sum, shortfall};
  }

  Real power_, shape_, exponent_, ratio_;
  with_rest<Real> log_moment_{};
  generalized_gamma_weight<Real> density_;
  wide log_of_one_more_{}, log_factor_{};  ///< ln Gamma(1 + A), ln(Gamma(1 + A + r/c)/Gamma(1 + A))
};

}  // namespace detail

/// Generalised gamma law of productivity: (phi / scale)^power is gamma-distributed with shape gamma_shape, so that
/// Pr(phi >= x) = Gamma(gamma_shape, y)/Gamma(gamma_shape) at y = (x / scale)^power.
///
/// A Weibull law where gamma_shape is one, a gamma law where power is one (see gamma_law), close to a log-normal law
/// where gamma_shape is large. Restrictions: all parameters > 0. All moments exist.
/// Accuracy: closed form through incomplete gamma functions. Source: after Stacy (1962).
template <real Real = double>
struct generalized_gamma {
  using real_type = Real;

  Real scale = detail::not_a_number<Real>;
  Real gamma_shape = detail::not_a_number<Real>;
  Real power = detail::not_a_number<Real>;

  static constexpr char const* name = "generalized_gamma";
  static constexpr auto parameters() {
    using l = generalized_gamma;
    return told::table{
        told::parameter("scale", &l::scale, rule::positive, "", "productivity", 1),
        told::parameter("gamma_shape", &l::gamma_shape, rule::positive, "1: Weibull", "", 2.5),
        told::parameter("power", &l::power, rule::positive, "1: gamma", "", 1),
    };
  }

  /// @throws domain_error naming the parameter that is out of range
  void validate() const { detail::check_parameters(*this); }

  [[nodiscard]] Real log_lower_bound() const { return -detail::infinity<Real>; }
  [[nodiscard]] Real log_upper_bound() const { return detail::infinity<Real>; }

  /// Log density of log productivity.
  [[nodiscard]] Real log_density(Real const& log_x) const {
    using std::log;
    Real const v = power * (log_x - log(scale));
    return Real(log(power) + detail::generalized_gamma_weight<Real>(gamma_shape).log_weight(v));
  }

  /// Tail for one power; see productivity_tail.
  using tail_type = located_tail<detail::generalized_gamma_in_own_units<Real>>;

  [[nodiscard]] tail_type tail(Real const& size_power) const {
    validate();
    return {{gamma_shape, power, size_power}, detail::log_with_rest(scale), log_lower_bound(), log_upper_bound()};
  }
};

/// Gamma law of productivity, with density proportional to phi^(shape - 1) e^(-phi/scale).
/// Restrictions: those of generalized_gamma, of which it is the one with a power of one.
template <real Real>
[[nodiscard]] generalized_gamma<Real> gamma_law(Real const& scale, Real const& shape) {
  return {scale, shape, Real(1)};
}

}  // namespace melitz
