// SPDX-License-Identifier: BSL-1.0
#include <melitz/numerics/taylor.hpp>

#include "support/catch.hpp"

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

}  // namespace test::numerics_taylor
