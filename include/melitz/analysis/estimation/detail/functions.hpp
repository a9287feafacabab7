// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/numerics/curved.hpp>
#include <melitz/numerics/erfcx_taylor.hpp>
#include <melitz/numerics/gamma.hpp>

#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/trigamma.hpp>

#include <cmath>
#include <limits>
#include <numbers>
#include <type_traits>

namespace melitz::detail {

inline constexpr double log_sqrt_two_pi = 0.91893853320467274178;

/// Of the standard normal law at y: the hazard h = n/Q, K = h - y > 0, and ln Q.
struct normal_upper_tail {
  double hazard, beyond, log_survival;

  explicit normal_upper_tail(double y) {
    double const x = y / std::numbers::sqrt2;
    if (y < 0) {
      double const survival = std::erfc(x) / 2;
      hazard = std::exp(-y * y / 2 - log_sqrt_two_pi) / survival;
      beyond = hazard - y;
      log_survival = std::log1p(-std::erfc(-x) / 2);
      return;
    }
    auto const c = taylor_of_erfcx<1>(x);  // K without the difference of nearly equal numbers
    hazard = std::numbers::sqrt2 * std::numbers::inv_sqrtpi / c[0];
    beyond = -c[1] / (std::numbers::sqrt2 * c[0]);
    log_survival = -y * y / 2 + std::log(c[0] / 2);
  }
};

/// ln Q(y), the share of the standard normal law above y.
template <class Number>
[[nodiscard]] Number log_normal_survival(Number const& y) {
  double const at = value_of(y);
  if constexpr (std::is_same_v<Number, double>) {
    return at < 0 ? std::log1p(-std::erfc(-at / std::numbers::sqrt2) / 2)
                  : -at * at / 2 + std::log(erfcx(at / std::numbers::sqrt2) / 2);
  } else {
    normal_upper_tail const n(at);
    return composed(y, n.log_survival, -n.hazard, -n.hazard * n.beyond);
  }
}

/// ln of Mills' ratio m(y) = Q(y)/n(y).
template <class Number>
[[nodiscard]] Number log_mills(Number const& y) {
  double const at = value_of(y);
  if constexpr (std::is_same_v<Number, double>) {
    return at < 0 ? log_normal_survival(at) + at * at / 2 + log_sqrt_two_pi
                  : std::log(erfcx(at / std::numbers::sqrt2) * std::numbers::sqrt2 / (2 * std::numbers::inv_sqrtpi));
  } else {
    normal_upper_tail const n(at);
    double const f = at < 0 ? n.log_survival + at * at / 2 + log_sqrt_two_pi : -std::log(n.hazard);
    return composed(y, f, -n.beyond, 1 - n.hazard * n.beyond);
  }
}

/// ln Gamma(x), x > 0.
template <class Number>
[[nodiscard]] Number log_gamma(Number const& x) {
  double const at = value_of(x);
  double const f = boost::math::lgamma(at, math_policy{});
  if constexpr (std::is_same_v<Number, double>) {
    return f;
  } else {
    return composed(x, f, boost::math::digamma(at, math_policy{}), boost::math::trigamma(at, math_policy{}));
  }
}

/// ln(1 + e^v), for any v.
template <class Number>
[[nodiscard]] Number log_one_plus_exp(Number const& v) {
  double const at = value_of(v), small = std::exp(-std::abs(at)), less = small / (1 + small), more = 1 / (1 + small);
  return composed(v, (at > 0 ? at : 0) + std::log1p(small), at > 0 ? more : less, less * more);
}

/// ln(1 - e^d) for d < 0; -inf for d = 0, NaN above.
template <class Number>
[[nodiscard]] Number log_one_less_exp(Number const& d) {
  double const at = value_of(d);
  if (!(at < 0))
    return Number(at == 0 ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::quiet_NaN());
  double const left = -std::expm1(at), share = std::exp(at) / left;  // e^d/(1 - e^d)
  return composed(d, at > -std::numbers::ln2 ? std::log(left) : std::log1p(-std::exp(at)), -share, -share / left);
}

/// ln(e^a + e^b).
template <class Number>
[[nodiscard]] Number log_of_sum(Number const& a, Number const& b) {
  return value_of(a) > value_of(b) ? Number(a + log_one_plus_exp(Number(b - a)))
                                   : Number(b + log_one_plus_exp(Number(a - b)));
}

/// ln(e^a - e^b) for a > b.
template <class Number>
[[nodiscard]] Number log_of_difference(Number const& a, Number const& b) {
  return Number(a + log_one_less_exp(Number(b - a)));
}

}  // namespace melitz::detail
