// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/law/located_tail.hpp>
#include <melitz/law/tail_point.hpp>
#include <melitz/numerics/gamma.hpp>
#include <melitz/numerics/log_pair.hpp>
#include <melitz/numerics/members.hpp>

#include <cmath>
#include <limits>
#include <numbers>
#include <string>

namespace melitz {

namespace detail {

/// ln(1 + e^v).
template <real Real>
[[nodiscard]] Real log_of_one_plus_exp(Real const& v) {
  using std::exp, std::log1p;
  return v > 0 ? Real(v + log1p(Real(exp(Real(-v))))) : Real(log1p(Real(exp(v))));
}

/// How small the last terms of a series must be against its sum: those of derivatives end a little later.
template <real Real>
[[nodiscard]] value_t<Real> negligible() {
  return epsilon<value_t<Real>>() / (carries_derivatives<Real> ? 65536 : 8);
}

/// a b - c, for positive numbers that may nearly cancel.
template <real Real>
[[nodiscard]] Real product_less(Real const& a, Real const& b, Real const& c) {
  auto const product = product_with_rest(a, b);
  return Real((product.value - c) + product.rest);
}

/// The Singh-Maddala tail in units of its scale.
template <real Real>
class singh_maddala_in_own_units {
 public:
  using real_type = Real;

  singh_maddala_in_own_units(Real const& steepness, Real const& tail_power, Real const& power)
      : power_(power),
        steepness_(steepness),
        tail_power_(tail_power),
        ratio_(power / steepness),
        excess_(power / product_less(steepness, tail_power, power)),
        left_(product_less(steepness, tail_power, power) / steepness) {
    // ln(Gamma(l) Gamma(1 + p)/Gamma(g)) with l + p = g, in the wider type since it is small where the power is.
    using wide = wider_t<Real>;
    wide const a = static_cast<wide>(steepness), g = static_cast<wide>(tail_power), r = static_cast<wide>(power);
    wide const left = product_less(a, g, r) / a, p = r / a;
    log_moment_ = in_two<Real>(p < left ? wide(log_gamma_ratio(left, g, wide(-p)) + log_gamma_of_one_plus(p))
                                        : wide(log_gamma_ratio(wide(1 + p), g, wide(1 - left)) + log_gamma(left)));
  }

  [[nodiscard]] Real power() const { return power_; }
  [[nodiscard]] Real log_lower_bound() const { return -infinity<Real>; }
  [[nodiscard]] Real log_upper_bound() const { return infinity<Real>; }
  [[nodiscard]] Real log_moment() const { return log_moment_.value; }

  /// With v = a ln(x/scale): S = (1 + e^v)^-g.
  [[nodiscard]] tail_point<Real> at(Real const& above) const {
    using std::exp;
    auto const place = product_with_rest(steepness_, above);
    Real const& v = place.value;
    if (!is_finite(v) && v > 0) return {};
    bool const high = v > 0;
    Real const small = exp(high ? Real(-v) : v);
    Real const upper = high ? Real(small / (1 + small)) : Real(1 / (1 + small)),  // w = 1/(1 + e^v), and 1 - w
        lower = high ? Real(1 / (1 + small)) : Real(small / (1 + small));
    auto point = at(v, upper, lower);
    point.density = steepness_ * tail_power_ * lower * point.survival;
    Real const a = steepness_, bend = (tail_power_ + 1) * lower * upper;
    auto const out = with_log_density_slopes<Real>(point, Real(a * (1 - (tail_power_ + 1) * lower)),
                                                   Real(-a * a * bend), Real(-a * a * a * bend * (upper - lower)));
    return nudged(out, power_, Real(place.rest / steepness_));  // what rounding took from the place
  }
  [[nodiscard]] tail_point<wider_t<Real>> at_in_wider_type(wider_t<Real> const& above) const {
    return in_wider_type<singh_maddala_in_own_units>(above, steepness_, tail_power_, power_);
  }
  [[nodiscard]] bool smooth_between(Real const&, Real const&) const { return true; }

 private:
  [[nodiscard]] tail_point<Real> at(Real const& v, Real const& upper, Real const& lower) const {
    using std::exp, std::expm1;
    Real const log_survival = -tail_power_ * log_of_one_plus_exp(v),
               growth = less_product(log_moment_, quotient_with_rest(power_, steepness_), v);
    if (v < 0 && growth >= 0) {  // J = e^growth - 1 + (1 - S F): the whole moment, less that of draws below
      Real const level = growth > 1 ? growth : Real(0), survival = exp(Real(log_survival - level));
      auto const [sum, shortfall] = lower_series(lower);
      return {level, survival, growth > 1 ? Real(1 - survival * sum) : Real(expm1(growth) + survival * shortfall),
              Real(0)};
    }
    return lower < Real(0.125) ? upper_fraction(log_survival, upper, lower) : upper_series(log_survival, upper);
  }

  /// J = S r/(a g - r) 2F1(1, g; 1 + (a g - r)/a; w), of positive terms, which first grow where r/a is large.
  [[nodiscard]] tail_point<Real> upper_series(Real const& log_survival, Real const& upper) const {
    using std::log;
    Real term(1), sum(1), survival(1), log_scale = log_survival;
    value_t<Real> const large = 1 / (epsilon<value_t<Real>>() * epsilon<value_t<Real>>());
    for (value_t<Real> n(0); n < 1'000'000; n += 1) {
      Real const factor = (tail_power_ + n) / (1 + left_ + n) * upper;
      term *= factor;
      sum += term;
      if (factor < 1 && term <= negligible<Real>() * (1 - factor) * sum) {
        return {log_scale, survival, Real(excess_ * sum), Real(0)};
      }
      if (sum > large) {
        Real const shrink = 1 / sum;
        log_scale += log(sum);
        term *= shrink, survival *= shrink;
        sum = 1;
      }
    }
    return {log_scale, survival, not_a_number<value_t<Real>>, Real(0)};
  }

  /// J = r/a (1 - w)^(-r/a) w^(r/a) B(g - r/a, r/a; w), the incomplete beta function by a continued fraction (that of
  /// Didonato, Morris, 1992). Here w is close to one and g is large, so that with y = g (1 - w) it is close to
  /// Legendre's for the incomplete gamma function, and needs as many levels.
  [[nodiscard]] tail_point<Real> upper_fraction(Real const& log_survival, Real const& upper, Real const& lower) const {
    using std::sqrt;
    using value = value_t<Real>;
    value const needed = (std::numeric_limits<value>::digits + 12) * std::numbers::ln2, r = static_cast<value>(ratio_);
    value const y = static_cast<value>(tail_power_) * static_cast<value>(lower);
    value const depth = (needed * needed / 12 + 4 * r * sqrt(r)) / y;
    if (!(depth < 1e6)) return {log_survival, Real(1), not_a_number<value>, Real(0)};
    Real const& a = left_;
    Real rest(0);
    for (value m(6 + static_cast<int>(depth)); m > 0; m -= 1) {
      Real const before = a + 2 * m - 1;
      Real const top = (a + m - 1) * (tail_power_ + m - 1) * m * (ratio_ - m) * upper * upper / (before * before);
      Real const here = m + m * (ratio_ - m) * upper / before +
                        (a + m) * (a * lower - ratio_ * upper + 1 + m * (1 + lower)) / (before + 2);
      rest = top / (here + rest);
    }
    Real const first = a * (a * lower - ratio_ * upper + 1) / (a + 1);
    return {log_survival, Real(1), Real(ratio_ / (first + rest)), Real(0)};
  }

  struct series {
    Real sum, shortfall;
  };
  /// F = 2F1(1, g; 1 + r/a; 1 - w), and 1/S - F: sums of positive terms.
  [[nodiscard]] series lower_series(Real const& lower) const {
    Real whole(1), term(1), gap(0), sum(1), shortfall(0);
    for (value_t<Real> n(1); n < 100'000; n += 1) {
      Real const grow = (tail_power_ + n - 1) * lower, factor = grow / (ratio_ + n);
      gap = factor * (gap + ratio_ / n * whole);
      whole *= grow / n;
      term *= factor;
      sum += term;
      shortfall += gap;
      Real const& least = shortfall < sum ? shortfall : sum;
      if (grow < n && whole <= negligible<Real>() * least) break;
      // Beyond the type's range the sum is all that is asked for.
      if (!is_finite(whole) && factor < 1 && term <= negligible<Real>() * (1 - factor) * sum) break;
    }
    return {sum, shortfall};
  }

  Real power_, steepness_, tail_power_, ratio_;
  Real excess_, left_;  ///< r/(a g - r) and g - r/a
  with_rest<Real> log_moment_{};
};

}  // namespace detail

/// Singh-Maddala law of productivity, Pr(phi >= x) = (1 + (x/scale)^steepness)^-tail_power; also Burr's of type XII. A
/// Pareto tail of index steepness tail_power above, a power tail of index steepness below.
///
/// With a tail_power of one it is the log-logistic law, see log_logistic_law; with a large one close to a Weibull law.
/// Restrictions: all parameters > 0; a solve also needs steepness tail_power > elasticity - 1.
/// Accuracy: closed form, by series of positive terms. Source: after Singh, Maddala (1976).
template <real Real = double>
struct singh_maddala {
  using real_type = Real;

  Real scale = detail::not_a_number<Real>;
  Real steepness = detail::not_a_number<Real>;
  Real tail_power = detail::not_a_number<Real>;

  static constexpr char const* name = "singh_maddala";
  static constexpr auto parameters() {
    using l = singh_maddala;
    return told::table{
        told::parameter("scale", &l::scale, rule::positive, "", "productivity", 1),
        told::parameter("steepness", &l::steepness, rule::positive, "of the body, and index of the lower tail", "", 3),
        told::parameter("tail_power", &l::tail_power, rule::positive,
                        "index of the upper tail over steepness; above the size exponent, elasticity - 1 in the open "
                        "economy, over steepness. 1: log-logistic",
                        "", 1.5),
    };
  }

  /// @throws domain_error naming the parameter that is out of range
  void validate() const { detail::check_parameters(*this); }

  [[nodiscard]] Real log_lower_bound() const { return -detail::infinity<Real>; }
  [[nodiscard]] Real log_upper_bound() const { return detail::infinity<Real>; }

  /// Log density of log productivity.
  [[nodiscard]] Real log_density(Real const& log_x) const {
    using std::log;
    Real const v = steepness * (log_x - log(scale));
    // v - ln(1 + e^v), which for large v is -e^-v.
    return Real(log(steepness) + log(tail_power) - detail::log_of_one_plus_exp(Real(-v)) -
                tail_power * detail::log_of_one_plus_exp(v));
  }

  /// E[phi^power] is finite for powers below this.
  [[nodiscard]] Real moments_below() const { return Real(steepness * tail_power); }

  /// Tail for one power; see productivity_tail.
  using tail_type = located_tail<detail::singh_maddala_in_own_units<Real>>;

  /// @throws domain_error also when steepness tail_power <= power, since then E[phi^power] diverges
  [[nodiscard]] tail_type tail(Real const& power) const {
    validate();
    if (!(detail::product_less(steepness, tail_power, power) > 0)) {
      throw domain_error(name, "tail_power", detail::to_text(static_cast<double>(tail_power)),
                         "exceed " + detail::to_text(static_cast<double>(Real(power / steepness))) +
                             ", the size exponent (elasticity - 1 in the open economy) over steepness, or average "
                             "productivity is infinite");
    }
    return {{steepness, tail_power, power}, detail::log_with_rest(scale), log_lower_bound(), log_upper_bound()};
  }
};

/// Log-logistic law of productivity, Pr(phi >= x) = 1/(1 + (x/scale)^steepness), whose median is the scale: also
/// Fisk's. Restrictions: those of singh_maddala, of which it is the one with a tail_power of one.
template <real Real>
[[nodiscard]] singh_maddala<Real> log_logistic_law(Real const& scale, Real const& steepness) {
  return {scale, steepness, Real(1)};
}

}  // namespace melitz
