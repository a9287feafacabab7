// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/numerics/real.hpp>

#include <boost/math/policies/policy.hpp>
#include <boost/math/special_functions/gamma.hpp>

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

}  // namespace melitz::detail
