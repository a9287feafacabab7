// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/numerics/erfcx.hpp>
#include <melitz/numerics/erfcx_taylor.hpp>
#include <melitz/numerics/gamma.hpp>
#include <melitz/numerics/real.hpp>
#include <melitz/numerics/values_of.hpp>

#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/polygamma.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numbers>

namespace melitz::detail {

/// Of e^x.
template <std::size_t Order, real Real>
[[nodiscard]] taylor_coefficients<Real, Order> taylor_of_exp(Real const& x) {
  using std::exp;
  taylor_coefficients<Real, Order> c{Real(exp(x))};
  for (std::size_t k = 1; k <= Order; ++k) c[k] = c[k - 1] / Real(k);
  return c;
}

/// Of e^x - 1, exact near 0.
template <std::size_t Order, real Real>
[[nodiscard]] taylor_coefficients<Real, Order> taylor_of_expm1(Real const& x) {
  using std::exp, std::expm1;
  taylor_coefficients<Real, Order> c{Real(expm1(x))};
  if constexpr (Order > 0) c[1] = exp(x);
  for (std::size_t k = 2; k <= Order; ++k) c[k] = c[k - 1] / Real(k);
  return c;
}

/// Of ln(1 + x), exact near 0.
template <std::size_t Order, real Real>
[[nodiscard]] taylor_coefficients<Real, Order> taylor_of_log1p(Real const& x) {
  using std::log1p;
  taylor_coefficients<Real, Order> c{Real(log1p(x))};
  Real power(-1);
  for (std::size_t k = 1; k <= Order; ++k) {
    power /= -(1 + x);
    c[k] = power / Real(k);
  }
  return c;
}

/// Of (e^x - 1)/x, which is 1 at 0.
///
/// Away from 0 by x c_k = e^x/k! - c_(k-1); that loses digits near 0 and, for positive x, at orders above x. There by
/// the series sum_n binomial(n, k) x^(n-k)/(n+1)!.
template <std::size_t Order, real Real>
[[nodiscard]] taylor_coefficients<Real, Order> taylor_of_expm1_over(Real const& x) {
  using std::abs, std::exp, std::expm1;
  taylor_coefficients<Real, Order> c{};
  if ((x < -2 || x > 2 + Real(Order)) && x < std::numeric_limits<Real>::max_exponent * std::numbers::ln2) {
    Real derivative = exp(x);
    c[0] = expm1(x) / x;
    for (std::size_t k = 1; k <= Order; ++k) {
      derivative /= Real(k);
      c[k] = (derivative - c[k - 1]) / x;
    }
    return c;
  }
  c[0] = x == 0 ? Real(1) : Real(expm1(x) / x);
  Real first(1);  // k!/(k+1)!/k!, the term n = k
  for (std::size_t k = 1; k <= Order; ++k) {
    first /= Real(k + 1);
    Real term = first, sum(0);
    for (std::size_t n = k; n < k + 200; ++n) {
      sum += term;
      if (abs(term) <= epsilon<Real>() * abs(sum) / 8) break;
      term *= x * Real(n + 1) / (Real(n + 1 - k) * Real(n + 2));
    }
    c[k] = sum;
  }
  return c;
}

/// Of ln Gamma(1 + a), a > -1.
template <std::size_t Order, real Real>
[[nodiscard]] taylor_coefficients<Real, Order> taylor_of_log_gamma_of_one_plus(Real const& a) {
  taylor_coefficients<Real, Order> c{log_gamma_of_one_plus(a)};
  Real factorial(1);
  if constexpr (Order > 0) c[1] = boost::math::digamma(Real(1 + a), math_policy{});
  for (std::size_t k = 2; k <= Order; ++k) {
    factorial *= Real(k);
    c[k] = boost::math::polygamma(static_cast<int>(k - 1), Real(1 + a), math_policy{}) / factorial;
  }
  return c;
}

/// What `differentiation` offers besides value, compose and same; the same for every number that carries derivatives.
template <class Number, class How>
struct functions_by_taylor {
  /// x^y for x > 0.
  [[nodiscard]] static Number power(Number const& x, Number const& y) { return exp(Number(y * log(x))); }

  [[nodiscard]] static Number exp(Number const& x) { return How::compose(x, taylor_of_exp<How::order>(How::value(x))); }
  [[nodiscard]] static Number expm1(Number const& x) {
    return How::compose(x, taylor_of_expm1<How::order>(How::value(x)));
  }
  [[nodiscard]] static Number log1p(Number const& x) {
    return How::compose(x, taylor_of_log1p<How::order>(How::value(x)));
  }
  [[nodiscard]] static Number expm1_over(Number const& x) {
    return How::compose(x, taylor_of_expm1_over<How::order>(How::value(x)));
  }
  [[nodiscard]] static Number erfcx(Number const& y) {
    return How::compose(y, taylor_of_erfcx<How::order>(How::value(y)));
  }
  [[nodiscard]] static Number log_gamma_of_one_plus(Number const& a) {
    return How::compose(a, taylor_of_log_gamma_of_one_plus<How::order>(How::value(a)));
  }

  /// A law or an economy without its derivatives.
  template <class T>
  [[nodiscard]] static auto values_of(T const& x) {
    return detail::values_of(x);
  }
};

}  // namespace melitz::detail
