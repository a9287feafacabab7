// SPDX-License-Identifier: BSL-1.0
#include <melitz/numerics/taylor.hpp>

#include "support/catch.hpp"

#include <boost/math/constants/constants.hpp>
#include <boost/math/special_functions/erf.hpp>
#include <boost/multiprecision/cpp_bin_float.hpp>
#include <cmath>
#include <cstddef>

namespace test::numerics_taylor {

using test::WithinRel;

namespace {

using fifty_digits =
    boost::multiprecision::number<boost::multiprecision::cpp_bin_float<50>, boost::multiprecision::et_off>;
constexpr std::size_t order = 4;

template <class Coefficients, class Exact>
void agree(Coefficients const& got, Exact const& exact, double tolerance) {
  for (std::size_t k = 0; k <= order; ++k) {
    CAPTURE(k);
    CHECK_THAT(got[k], WithinRel(static_cast<double>(exact[k]), tolerance));
  }
}

}  // namespace

TEST_CASE("Taylor coefficients of the scaled complementary error function", "[numerics][derivatives]") {
  for (double const y : {0.0, 0.1, 0.99, 1.5, 1.99, 2.0, 3.0, 7.0, 10.0, 20.0}) {
    CAPTURE(y);
    // By f' = 2 y f - 2/sqrt(pi), that is (k+1) c_(k+1) = 2 y c_k + 2 c_(k-1), with digits to lose.
    fifty_digits const x(y);
    melitz::detail::taylor_coefficients<fifty_digits, order> exact{exp(x * x) * erfc(x)};
    exact[1] = 2 * x * exact[0] - 2 / sqrt(acos(fifty_digits(-1)));
    for (std::size_t k = 1; k < order; ++k) exact[k + 1] = (2 * x * exact[k] + 2 * exact[k - 1]) / fifty_digits(k + 1);
    agree(melitz::detail::taylor_of_erfcx<order>(y), exact, y > 1 && y < 2 ? 1e-12 : 1e-14);
  }
}

TEST_CASE("Taylor coefficients of (e^x - 1)/x", "[numerics][derivatives]") {
  for (double const x : {-300.0, -9.0, -2.1, -1.9, -0.1, -1e-9, 0.0, 1e-9, 0.3, 3.0, 5.9, 6.1, 300.0}) {
    CAPTURE(x);
    melitz::detail::taylor_coefficients<fifty_digits, order> exact{};
    for (std::size_t k = 0; k <= order; ++k) {
      if (std::abs(x) > 1e-3) {  // by x c_k = e^x/k! - c_(k-1)
        fifty_digits factorial(1);
        for (std::size_t j = 2; j <= k; ++j) factorial *= fifty_digits(j);
        fifty_digits const e = exp(fifty_digits(x)) / factorial;
        exact[k] = (e - (k == 0 ? fifty_digits(1) : exact[k - 1])) / x;
      } else {  // 1/(k+1)! and the next term
        fifty_digits factorial(1);
        for (std::size_t j = 2; j <= k + 1; ++j) factorial *= fifty_digits(j);
        exact[k] = (1 + x * fifty_digits(k + 1) / fifty_digits(k + 2)) / factorial;
      }
    }
    agree(melitz::detail::taylor_of_expm1_over<order>(x), exact, 1e-14);
  }
}

TEST_CASE("Taylor coefficients of e^x - 1 and ln(1 + x)", "[numerics][derivatives]") {
  for (double const x : {-0.999, -0.5, -1e-9, 0.0, 1e-12, 0.3, 5.0, 300.0}) {
    CAPTURE(x);
    melitz::detail::taylor_coefficients<fifty_digits, order> of_expm1{}, of_log1p{};
    fifty_digits const wide(x);
    fifty_digits factorial(1);
    of_expm1[0] = boost::multiprecision::expm1(wide);
    of_log1p[0] = boost::multiprecision::log1p(wide);
    for (std::size_t k = 1; k <= order; ++k) {
      factorial *= fifty_digits(k);
      of_expm1[k] = exp(wide) / factorial;
      of_log1p[k] = (k % 2 == 1 ? 1 : -1) / (fifty_digits(k) * pow(1 + wide, static_cast<int>(k)));
    }
    agree(melitz::detail::taylor_of_expm1<order>(x), of_expm1, 1e-15);
    agree(melitz::detail::taylor_of_log1p<order>(x), of_log1p, 2e-15);
  }
}

TEST_CASE("Taylor coefficients of ln Gamma(1 + a)", "[numerics][derivatives]") {
  // At 0: -gamma, then (-1)^k zeta(k)/k. Elsewhere by ln Gamma(2 + a) = ln Gamma(1 + a) + ln(1 + a).
  fifty_digits const pi = boost::math::constants::pi<fifty_digits>();
  melitz::detail::taylor_coefficients<fifty_digits, order> exact{
      fifty_digits(0), -boost::math::constants::euler<fifty_digits>(), pi * pi / 12,
      -boost::math::constants::zeta_three<fifty_digits>() / 3, pow(pi, 4) / 360};
  auto const at_zero = exact;
  agree(melitz::detail::taylor_of_log_gamma_of_one_plus<order>(0.0), exact, 1e-15);
  for (int a = 0; a < 40; ++a) {
    CAPTURE(a);
    auto const log_next = melitz::detail::taylor_of_log1p<order>(fifty_digits(a));
    for (std::size_t k = 0; k <= order; ++k) exact[k] += log_next[k];
    agree(melitz::detail::taylor_of_log_gamma_of_one_plus<order>(a + 1.0), exact, 4e-15);
  }
  for (std::size_t k = 0; k <= order; ++k) {  // and at -1/2, by the duplication formula
    fifty_digits const two_k = pow(fifty_digits(2), static_cast<int>(k));
    fifty_digits const zeta_at_half = k > 0 ? fifty_digits(two_k - 1) : fifty_digits(0);
    exact[k] = k > 0 ? fifty_digits(at_zero[k] * zeta_at_half) : fifty_digits(log(pi) / 2);
    if (k == 1) exact[k] -= 2 * log(fifty_digits(2));
  }
  agree(melitz::detail::taylor_of_log_gamma_of_one_plus<order>(-0.5), exact, 4e-15);
}

}  // namespace test::numerics_taylor
