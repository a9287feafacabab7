// SPDX-License-Identifier: BSL-1.0
#include <melitz/numerics/erfcx.hpp>

#include <melitz/error.hpp>
#include <melitz/numerics/polynomial.hpp>
#include <melitz/numerics/roots.hpp>

#include "support/catch.hpp"

#include <array>
#include <boost/math/special_functions/erf.hpp>
#include <boost/multiprecision/cpp_bin_float.hpp>
#include <cmath>

namespace test::numerics_room {

using test::WithinAbs;
using test::WithinRel;

namespace {

using fifty_digits =
    boost::multiprecision::number<boost::multiprecision::cpp_bin_float<50>, boost::multiprecision::et_off>;

fifty_digits exact_erfcx(fifty_digits const& y) { return exp(y * y) * erfc(y); }

}  // namespace

TEST_CASE("the scaled complementary error function", "[numerics]") {
  for (double y = 0; y < 30; y += 0.0371) {
    CAPTURE(y);
    double const exact = static_cast<double>(exact_erfcx(y));
    CHECK_THAT(melitz::detail::erfcx(y), WithinRel(exact, 1e-15));
    CHECK_THAT(static_cast<double>(melitz::detail::erfcx(static_cast<long double>(y))), WithinRel(exact, 1e-15));
  }
  CHECK_THAT(melitz::detail::erfcx(1e10), WithinRel(5.6418958354775628695e-11, 1e-15));  // 1/(y sqrt(pi))
  CHECK_THAT(melitz::detail::erfcx(1e300), WithinRel(5.6418958354775628695e-301, 1e-15));
}

TEST_CASE("its drop over a short distance does not cancel", "[numerics]") {
  for (double const d : {1e-12, 1e-6, 1e-3, 0.1, 0.9}) {
    for (double const y : {0.95, 2.0, 5.0, 9.0, 15.0, 40.0}) {
      CAPTURE(y, d);
      double const exact = static_cast<double>(exact_erfcx(fifty_digits(y) - d) - exact_erfcx(y));
      auto const wide_y = static_cast<long double>(y);
      auto const wide = melitz::detail::erfcx_drop(wide_y, static_cast<long double>(d), melitz::detail::erfcx(wide_y));
      CHECK_THAT(static_cast<double>(wide), WithinRel(exact, 1e-16 + 2e-17 / d));
    }
  }
}

TEST_CASE("roots of decreasing functions", "[numerics][roots]") {
  using expansion = melitz::detail::local_expansion<double>;
  auto const solve = [](auto const& f, double guess, double lower, double upper, std::uintmax_t budget = 200) {
    auto const accept = [](double, expansion const&, double step) { return std::abs(step) < 1e-8; };
    auto const root = melitz::detail::decreasing_root(f, accept, HUGE_VAL, guess, lower, upper, budget);
    return root.point + root.step;
  };
  // A root at zero, where relative tolerances cannot be met.
  auto const through_zero = [](double x) { return expansion{-x - x * x * x, -1 - 3 * x * x, -6 * x, -6, 0}; };
  CHECK_THAT(solve(through_zero, -0.9, -1, 1), WithinAbs(0, 1e-15));
  // A kink, where Halley has no business.
  auto const kinked = [](double x) {
    return x < 0.3 ? expansion{0.001 * (0.3 - x), -0.001, 0, 0, 0} : expansion{-1000 * (x - 0.3), -1000.0, 0, 0, 0};
  };
  CHECK_THAT(solve(kinked, 0.9, 0, 1), WithinAbs(0.3, 1e-15));
  // Roots at the ends of the bracket.
  auto const at_one = [](double x) { return expansion{1 - x, -1, 0, 0, 0}; };
  CHECK_THAT(solve(at_one, 0.5, 0, 1), WithinAbs(1, 1e-15));
  CHECK_THAT(solve(at_one, 1.5, 1, 2), WithinAbs(1, 1e-15));
  // No root, and no budget: NaN, not a number.
  CHECK(std::isnan(solve([](double x) { return expansion{2 - x, -1, 0, 0, 0}; }, 0.5, 0, 1)));
  CHECK(std::isnan(solve(through_zero, -0.9, -1, 1, 1)));
}

TEST_CASE("a step is of order four where four derivatives are known", "[numerics][roots]") {
  // 1 - e^x has its root at 0: the error of the next point goes with x^5.
  for (double const x : {0.3, 0.1, 0.03}) {
    CAPTURE(x);
    double const slope = -std::exp(x);
    melitz::detail::local_expansion<double> const f{1 - std::exp(x), slope, slope, slope, slope};
    CHECK(std::abs(x + f.step()) < x * x * x * x * x / 30);
  }
  // Far from a root the formula loses its meaning; the step still goes the right way.
  melitz::detail::local_expansion<double> const far{5, -1, 100, 1e6, -1e7};
  CHECK(far.step() > 0);
}

TEST_CASE("a polynomial is the sum of its powers", "[numerics]") {
  std::array<double, 6> const c{1, -2, 3, 0.5, 0, 4};
  for (double const x : {-1.5, 0.0, 0.25, 3.0}) {
    CHECK_THAT(melitz::detail::polynomial(c, x),
               WithinRel(1 + x * (-2 + x * (3 + x * (0.5 + x * (0 + x * 4)))), 1e-14));
  }
  CHECK(melitz::detail::polynomial(std::array<double, 1>{7}, 2.0) == 7);
}

TEST_CASE("messages do not depend on the locale", "[error]") {
  CHECK(melitz::detail::to_text(0.1) == "0.1");
  CHECK(melitz::detail::to_text(1e300) == "1e+300");
  CHECK(melitz::detail::to_text(-HUGE_VAL) == "-inf");
  CHECK(melitz::to_string(melitz::status::out_of_range) == "out_of_range");
}

}  // namespace test::numerics_room
