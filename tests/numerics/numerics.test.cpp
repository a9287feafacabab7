// SPDX-License-Identifier: BSL-1.0
#include <melitz/numerics/erfcx.hpp>

#include <melitz/error.hpp>
#include <melitz/numerics/gauss_legendre.hpp>
#include <melitz/numerics/log_pair.hpp>
#include <melitz/numerics/polynomial.hpp>
#include <melitz/numerics/roots.hpp>
#include <melitz/numerics/to_number.hpp>
#include <melitz/numerics/to_text.hpp>

#include "support/catch.hpp"

#include <array>
#include <bit>
#include <boost/math/special_functions/erf.hpp>
#include <boost/multiprecision/cpp_bin_float.hpp>
#include <clocale>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <string>

namespace test::numerics_room {

using test::WithinAbs;
using test::WithinRel;

namespace {

using fifty_digits =
    boost::multiprecision::number<boost::multiprecision::cpp_bin_float<50>, boost::multiprecision::et_off>;

using expansion = melitz::detail::local_expansion<double>;

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

TEST_CASE("the Gauss-Legendre rule", "[numerics]") {
  melitz::detail::gauss_legendre<double, 20> const tabulated;
  melitz::detail::gauss_legendre<fifty_digits, 20> const solved;
  for (std::size_t i = 0; i < 10; ++i) {
    CHECK(tabulated.nodes[i] == static_cast<double>(solved.nodes[i]));
    CHECK(tabulated.weights[i] == static_cast<double>(solved.weights[i]));
  }
  // Exact up to degree 2 n - 1.
  melitz::detail::gauss_legendre<fifty_digits, 30> const longer;
  for (int degree = 0; degree < 60; degree += 2) {
    fifty_digits sum = 0;
    for (std::size_t i = 0; i < 15; ++i) sum += 2 * longer.weights[i] * pow(longer.nodes[i], degree);
    CHECK(abs(sum * (degree + 1) - 2) < fifty_digits("1e-47"));
  }
}

// Where the standard library has no std::to_chars or std::from_chars for doubles, as LLVM's before version 14 or 20.
TEST_CASE("numbers as text without the help of the standard library", "[numerics][error]") {
  namespace detail = melitz::detail;
  auto const check = [](double value) {
    std::string const shortest = melitz::to_text(value);
    CAPTURE(shortest);
    CHECK(detail::printed_shortest(value) == shortest);
    CHECK(detail::scanned(shortest) == value);
    CHECK(melitz::to_number(shortest) == value);
    for (auto const format : {std::chars_format::general, std::chars_format::fixed, std::chars_format::scientific}) {
      CHECK(detail::printed_with_point(value, format, 6) == melitz::to_text(value, format, 6));
    }
  };
  auto const check_all = [&] {
    for (double const value : {0.0, -0.0, 0.1, -1.5, 100.0, 1e5, 123456.0, 1e-4, 0.00123, 0x1p60, 1e22, 1e23, 5e-324,
                               2.2250738585072014e-308, 1.7976931348623157e308, HUGE_VAL, -HUGE_VAL}) {
      check(value);
    }
  };
  check_all();
  std::mt19937_64 bits(11);
  for (int k = 0; k < 300; ++k) {
    auto const value = std::bit_cast<double>(std::uint64_t{bits()});
    if (std::isfinite(value)) check(value);
    check(std::round(std::uniform_real_distribution(-1e4, 1e4)(bits)) / 1000);
  }
  for (int k = -1074; k < 1024; ++k) {  // beside powers of two it may take a digit more
    double const power = std::ldexp(1.0, k);
    CHECK(detail::scanned(detail::printed_shortest(power)) == power);
  }
  for (char const* const text :
       {"",    "-",    ".",        "1.",      ".5",    "-.5e1",  "+1",     " 1",     "1 ",    "1e",
        "1e+", "1e5x", "0x10",     "1,5",     "1e999", "-1e999", "1e-999", "0e-999", "00012", "1E5",
        "inf", "-INF", "Infinity", "infinit", "nano",  "1..2",   "--1",    "e5",     "1_000"}) {
    CAPTURE(text);
    CHECK(detail::scanned(text) == melitz::to_number(text));
  }
  CHECK(melitz::to_text(-1.7976931348623157e308, std::chars_format::fixed, 600).size() == 911);
  CHECK(std::isnan(melitz::to_number("nan").value()));
  CHECK(std::isnan(detail::scanned("NaN").value()));
  CHECK(melitz::to_text(-std::numeric_limits<double>::quiet_NaN()) == "nan");

  std::string const before = std::setlocale(LC_NUMERIC, nullptr);
  bool comma = false;
  for (char const* const name : {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "fr_FR.utf8", "de_DE", "fr_FR"}) {
    comma = comma || std::setlocale(LC_NUMERIC, name) != nullptr;
  }
  if (comma) check_all();
  std::setlocale(LC_NUMERIC, before.c_str());
}

TEST_CASE("messages do not depend on the locale", "[error]") {
  CHECK(melitz::detail::to_text(0.1) == "0.1");
  CHECK(melitz::detail::to_text(1e300) == "1e+300");
  CHECK(melitz::detail::to_text(-HUGE_VAL) == "-inf");
  CHECK(melitz::to_string(melitz::status::out_of_range) == "out_of_range");
}

TEST_CASE("a root as close to a pole at zero as numbers go", "[numerics][roots]") {
  // Twice the logarithm of the distance to zero, as of an expected profit at the top of a support.
  for (double const distance : {1e-3, 1e-16, 1e-60, 1e-250}) {
    CAPTURE(distance);
    auto const f = [&](double x) {
      return expansion{2 * std::log(-x / distance), 2 / x, -2 / (x * x), 4 / (x * x * x), -12 / (x * x * x * x)};
    };
    auto const never = [](double, expansion const&, double) { return false; };
    std::uintmax_t budget = 200;
    auto const root = melitz::detail::decreasing_root(f, never, 0.0, -0.5, -1.0, 0.0, budget);
    CHECK_THAT(root.point + root.step, WithinRel(-distance, 1e-14));
  }
}

TEST_CASE("logarithms with what rounding took", "[numerics]") {
  for (double const x : {1e-300, 1.1e-7, 0.3, 1.0, 2.0, 5.25, 1e6, 1.5e300}) {
    CAPTURE(x);
    auto const here = melitz::detail::log_with_rest(x);
    CHECK(here.value == std::log(x));
    fifty_digits const error = log(fifty_digits(x)) - here.value - here.rest;
    CHECK(abs(error) < 1.3e-16);  // of 700, and less: 0.6 roundings of one
  }
  auto const product = melitz::detail::product_with_rest(0.1, 0.7);
  CHECK(fifty_digits(product.value) + product.rest == fifty_digits(0.1) * 0.7);
  auto const sum = melitz::detail::sum_with_rest(0.1, 1e9);
  CHECK(fifty_digits(sum.value) + sum.rest == fifty_digits(0.1) + 1e9);
}

}  // namespace test::numerics_room
