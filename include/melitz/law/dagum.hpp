// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/law/located_tail.hpp>
#include <melitz/law/singh_maddala.hpp>
#include <melitz/law/tail_point.hpp>
#include <melitz/numerics/gamma.hpp>
#include <melitz/numerics/log_pair.hpp>
#include <melitz/numerics/members.hpp>

#include <cmath>
#include <limits>

namespace melitz {

namespace detail {

/// The Dagum tail in units of its scale.
template <real Real>
class dagum_in_own_units {
 public:
  using real_type = Real;

  dagum_in_own_units(Real const& steepness, Real const& lower_power, Real const& power)
      : power_(power), steepness_(steepness), lower_power_(lower_power), ratio_(power / steepness) {
    using std::log;
    one_minus_ratio_ = (steepness - power) / steepness;
    wide const g = static_cast<wide>(lower_power), more = static_cast<wide>(power) / static_cast<wide>(steepness);
    wide const left = (static_cast<wide>(steepness) - static_cast<wide>(power)) / static_cast<wide>(steepness);
    wide const log_gamma_left =
        ratio_ < Real(0.5) ? wide(log_gamma_of_one_plus(wide(-more))) : wide(log_gamma_of_one_plus(left) - log(left));
    log_moment_ = in_two<Real>(log_gamma_left + log_gamma_ratio(wide(g + more), g, more));
    log_factor_ = log_gamma_left + log_gamma_ratio(wide(1 + g + more), wide(1 + g), more);
  }

  [[nodiscard]] Real power() const { return power_; }
  [[nodiscard]] Real log_lower_bound() const { return -infinity<Real>; }
  [[nodiscard]] Real log_upper_bound() const { return infinity<Real>; }
  [[nodiscard]] Real log_moment() const { return log_moment_.value; }

  /// With v = a ln(x/scale): Pr(phi < x) = (1 + e^-v)^-g.
  [[nodiscard]] tail_point<Real> at(Real const& above) const {
    using std::exp;
    auto const place = product_with_rest(steepness_, above);
    Real const& v = place.value;
    if (!is_finite(v) && v > 0) return {};
    bool const high = v > 0;
    Real const small = exp(high ? Real(-v) : v);
    Real const upper = high ? Real(small / (1 + small)) : Real(1 / (1 + small)),  // w = 1/(1 + e^v), and 1 - w
        lower = high ? Real(1 / (1 + small)) : Real(small / (1 + small));
    Real const g = lower_power_, a = steepness_, bend = (g + 1) * lower * upper;
    auto const out = with_log_density_slopes<Real>(at(v, upper, lower), Real(a * (g * upper - lower)),
                                                   Real(-a * a * bend), Real(-a * a * a * bend * (upper - lower)));
    return nudged(out, power_, Real(place.rest / steepness_));  // what rounding took from the place
  }
  [[nodiscard]] tail_point<wider_t<Real>> at_in_wider_type(wider_t<Real> const& above) const {
    return in_wider_type<dagum_in_own_units>(above, steepness_, lower_power_, power_);
  }
  [[nodiscard]] bool smooth_between(Real const&, Real const&) const { return true; }

 private:
  using wide = wider_t<Real>;

  [[nodiscard]] tail_point<Real> at(Real const& v, Real const& upper, Real const& lower) const {
    using std::exp, std::expm1, std::log;
    Real const log_below = -lower_power_ * log_of_one_plus_exp(Real(-v)), below = exp(log_below);
    if (v >= 0 && -log_below < 4 - log(epsilon<value_t<Real>>())) {
      // Scaled by w = 1/(1 + e^v), which is close to e^-v: S = w g (1 + ...), J = w g G (r/(a - r) + ...).
      Real const survival = upper > (std::numeric_limits<value_t<Real>>::min)() / epsilon<value_t<Real>>()
                                ? Real(-expm1(log_below) / upper)
                                : lower_power_;
      return {Real(-log_of_one_plus_exp(v)), survival, Real(lower_power_ * below * upper_series(upper)),
              Real(steepness_ * lower_power_ * below)};
    }
    // J = e^growth - 1 + (G less the moment of draws below). Where G is nothing beside one its series need not end.
    Real const growth = less_product(log_moment_, quotient_with_rest(power_, steepness_), v),
               level = growth > 1 ? growth : Real(0), shrink = exp(Real(-level));
    tail_point<Real> out{level, Real(-expm1(log_below) * shrink), Real(0),
                         Real(steepness_ * lower_power_ * upper * below * shrink)};
    if (growth >= 0) {
      auto const [moment, shortfall] = v < 0 ? lower_series(upper, lower) : series{Real(0), Real(0)};
      out.excess =
          growth > 1 ? Real(1 - (moment * below * shrink + out.survival)) : Real(expm1(growth) + below * shortfall);
    } else if (ratio_ < Real(0.5)) {
      out.excess = static_cast<Real>(
          excess_of_few(static_cast<wide>(lower_power_), static_cast<wide>(ratio_), static_cast<wide>(v), log_factor_));
    } else {
      out.excess = excess_of_few(lower_power_, ratio_, v, static_cast<Real>(log_factor_));
    }
    return out;
  }

  /// J where most draws lie below the place and those above are few, since g is small: with E[phi^r] = (g/(g + p)) (1 +
  /// d) x^r and the moment of draws below G (g/(g + p)) (1 - m), both multiplied by g + p, J is g (d + m G) - p S. For
  /// a small p = r/a that is a difference of nearly equal numbers. @pre v < 0
  template <class T>
  [[nodiscard]] static T excess_of_few(T const& g, T const& p, T const& v, T const& log_factor) {
    using std::exp, std::expm1, std::log1p;
    T const small = exp(v), upper = 1 / (1 + small), lower = small * upper;
    T const log_below = g * (v - log1p(small)), below = exp(log_below), more = expm1(T(log_factor - p * v));
    T weight = upper, lost(0), sum(0);
    for (value_t<T> n(1); n < 100'000; n += 1) {
      weight *= lower;
      lost = (p + (g + n) * lost) / (g + p + n);
      sum += weight * lost;
      if (weight <= negligible<T>() * sum) break;
    }
    return T((g * (more + sum * below) + p * expm1(log_below)) / (g + p));
  }

  /// sum_n (1 + g)_n w^n (1/(1 - r/a)_(n+1) - 1/(n + 1)!), every term positive.
  [[nodiscard]] Real upper_series(Real const& upper) const {
    Real whole(1), gap = ratio_ / one_minus_ratio_, sum = gap;
    for (value_t<Real> n(1); n < 100'000; n += 1) {
      Real const grow = (lower_power_ + n) * upper, factor = grow / (one_minus_ratio_ + n);
      gap = (gap + whole * ratio_ / (n + 1)) * factor;
      whole *= grow / (n + 1);
      sum += gap;
      if (2 * factor < 1 + upper && gap <= negligible<Real>() * (1 - upper) * sum) break;
    }
    return sum;
  }

  struct series {
    Real moment, shortfall;
  };
  /// E[(phi/x)^r; below x] over G, and one less that: w sum_n (1 - w)^n p_n and w sum_n (1 - w)^n (1 - p_n), where p_n
  /// is the product of (g + j)/(g + r/a + j) for j from 0 to n.
  [[nodiscard]] series lower_series(Real const& upper, Real const& lower) const {
    Real weight = upper, kept(1), lost(0), moment(0), shortfall(0);
    for (value_t<Real> n(0); n < 100'000; n += 1) {
      Real const here = lower_power_ + n, all = here + ratio_;
      lost = (ratio_ + here * lost) / all;
      kept *= here / all;
      moment += weight * kept;
      shortfall += weight * lost;
      weight *= lower;
      // What is left of either is at most the weights that are left, which sum to weight/w.
      if (weight <= negligible<Real>() * (shortfall < moment ? shortfall : moment)) break;
    }
    return {moment, shortfall};
  }

  Real power_, steepness_, lower_power_, ratio_, one_minus_ratio_{};
  with_rest<Real> log_moment_{};
  wide log_factor_{};
};

}  // namespace detail

/// Dagum law of productivity, Pr(phi < x) = (1 + (x/scale)^-steepness)^-lower_power; also Burr's of type III. A Pareto
/// tail of index steepness above, a power tail of index steepness lower_power below.
///
/// Its reciprocal has a Singh-Maddala law. With a large lower_power it is close to a Frechet law.
/// Restrictions: all parameters > 0; a solve also needs steepness > elasticity - 1.
/// Accuracy: closed form, by series of positive terms. Source: after Dagum (1977).
template <real Real = double>
struct dagum {
  using real_type = Real;

  Real scale = detail::not_a_number<Real>;
  Real steepness = detail::not_a_number<Real>;
  Real lower_power = detail::not_a_number<Real>;

  static constexpr char const* name = "dagum";
  static constexpr auto parameters() {
    using l = dagum;
    return told::table{
        told::parameter("scale", &l::scale, rule::positive, "", "productivity", 1),
        told::parameter("steepness", &l::steepness, rule::positive,
                        "index of the upper tail; above the size exponent, elasticity - 1 in the open economy", "",
                        4.5),
        told::parameter("lower_power", &l::lower_power, rule::positive,
                        "index of the lower tail over steepness. 1: log-logistic", "", 0.75),
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
    return Real(log(steepness) + log(lower_power) - detail::log_of_one_plus_exp(v) -
                lower_power * detail::log_of_one_plus_exp(Real(-v)));
  }

  /// E[phi^power] is finite for powers below this.
  [[nodiscard]] Real moments_below() const { return steepness; }

  /// Tail for one power; see productivity_tail.
  using tail_type = located_tail<detail::dagum_in_own_units<Real>>;

  /// @throws domain_error also when steepness <= power, since then E[phi^power] diverges
  [[nodiscard]] tail_type tail(Real const& power) const {
    validate();
    if (!(steepness > power)) detail::reject_divergent_moment(name, "steepness", steepness, power);
    return {{steepness, lower_power, power}, detail::log_with_rest(scale), log_lower_bound(), log_upper_bound()};
  }
};

}  // namespace melitz
