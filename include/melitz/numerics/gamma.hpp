// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/numerics/real.hpp>

#include <boost/math/policies/policy.hpp>
#include <boost/math/special_functions/gamma.hpp>

#include <cmath>
#include <limits>

namespace melitz::detail {

/// How the library calls Boost.Math: double stays double (promotion to long double is 6 to 12 times slower and
/// changes no result beyond rounding), and out-of-range values come back as infinities instead of exceptions.
using math_policy =
    boost::math::policies::policy<boost::math::policies::promote_double<false>,
                                  boost::math::policies::overflow_error<boost::math::policies::ignore_error>,
                                  boost::math::policies::underflow_error<boost::math::policies::ignore_error>,
                                  boost::math::policies::denorm_error<boost::math::policies::ignore_error>>;

/// ln Gamma(1 + a) for a > -1, exact near a = 0 and thread-safe (std::lgamma is not).
template <real Real>
[[nodiscard]] Real log_gamma_of_one_plus(Real const& a) {
  using std::log1p;
  if constexpr (carries_derivatives<Real>) {
    return differentiation<Real>::log_gamma_of_one_plus(a);
  } else if (a > -Real(0.5) && a < 2) {
    return Real(log1p(Real(boost::math::tgamma1pm1(a, math_policy{}))));
  } else {
    return Real(boost::math::lgamma(Real(1 + a), math_policy{}));
  }
}

/// ln Gamma(a) for a > 0.
template <real Real>
[[nodiscard]] Real log_gamma(Real const& a) {
  using std::log;
  return Real(log_gamma_of_one_plus(a) - log(a));
}

/// From here on Stirling's series ends with the terms that stirling_rest has.
template <real Real>
[[nodiscard]] value_t<Real> stirling_from() {
  return std::numeric_limits<value_t<Real>>::digits10 <= 20 ? value_t<Real>(100) : value_t<Real>(1e7);
}

/// ln Gamma(a) - (a - 1/2) ln a + a - ln(2 pi)/2 for large a.
template <real Real>
[[nodiscard]] Real stirling_rest(Real const& a) {
  Real const q = 1 / (a * a);
  return Real((1 - q * (1 - q * (1 - q * 3 / 4) * 2 / 7) / 30) / (12 * a));
}

/// ln(Gamma(sum)/Gamma(a)) for positive a and sum = a + b, to the digits that b has where a is large.
template <real Real>
[[nodiscard]] Real log_gamma_ratio(Real const& sum, Real const& a, Real const& b) {
  using std::log, std::log1p;
  if (a < stirling_from<Real>() || sum < stirling_from<Real>()) return Real(log_gamma(sum) - log_gamma(a));
  return Real((sum - Real(0.5)) * log1p(Real(b / a)) - b + b * log(a) + (stirling_rest(sum) - stirling_rest(a)));
}

}  // namespace melitz::detail
