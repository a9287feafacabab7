// SPDX-License-Identifier: BSL-1.0
#include <melitz/numerics/erfcx.hpp>

#include <melitz/error.hpp>
#include <melitz/numerics/block_tridiagonal.hpp>
#include <melitz/numerics/gauss_legendre.hpp>
#include <melitz/numerics/gauss_rule.hpp>
#include <melitz/numerics/larger.hpp>
#include <melitz/numerics/log_pair.hpp>
#include <melitz/numerics/panel_integrals.hpp>
#include <melitz/numerics/panel_rule.hpp>
#include <melitz/numerics/polynomial.hpp>
#include <melitz/numerics/roots.hpp>
#include <melitz/numerics/to_number.hpp>
#include <melitz/numerics/to_text.hpp>

#include "support/catch.hpp"
#include "support/random.hpp"

#include <algorithm>
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
#include <utility>
#include <vector>

namespace test::numerics_room {

using test::WithinAbs;
using test::WithinRel;

namespace {

using fifty_digits =
    boost::multiprecision::number<boost::multiprecision::cpp_bin_float<50>, boost::multiprecision::et_off>;

using expansion = melitz::detail::local_expansion<double>;

fifty_digits exact_erfcx(fifty_digits const& y) { return exp(y * y) * erfc(y); }

}  // namespace

TEST_CASE("the larger of two residuals is NaN if one of them is", "[numerics]") {
  double const none = std::numeric_limits<double>::quiet_NaN();
  using melitz::detail::larger_or_nan;
  CHECK((larger_or_nan(1.0, 2.0) == 2 && larger_or_nan(2.0, 1.0) == 2 && larger_or_nan(0.0, 0.0) == 0));
  CHECK((std::isnan(larger_or_nan(none, 2.0)) && std::isnan(larger_or_nan(2.0, none))));
}

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

TEST_CASE("Gauss-Legendre rules of as many points as a program asks for", "[numerics]") {
  using rule = melitz::detail::gauss_rule<double>;
  CHECK(rule::of(0).nodes.size() == 4);
  CHECK(rule::of(20).nodes.size() == 20);
  CHECK(rule::of(21).nodes.size() == 24);
  CHECK(rule::of(1000).nodes.size() == 128);
  CHECK(&rule::of(22) == &rule::of(24));
  melitz::detail::gauss_legendre<double, 20> const tabulated;
  for (std::size_t i = 0; i < 10; ++i) {
    CHECK(rule::of(20).nodes[10 + i] == tabulated.nodes[i]);
    CHECK(rule::of(20).nodes[9 - i] == -tabulated.nodes[i]);
    CHECK_THAT(rule::of(20).weights[9 - i], test::WithinRel(tabulated.weights[i], 4e-16));
  }
  for (std::size_t size = 4; size <= 128; size += 4) {
    CAPTURE(size);
    auto const& r = rule::of(size);
    CHECK(std::is_sorted(r.nodes.begin(), r.nodes.end()));
    for (int degree = 0; degree < 2 * static_cast<int>(size); degree += 2) {
      double sum = 0;
      for (std::size_t i = 0; i < size; ++i) sum += r.weights[i] * std::pow(r.nodes[i], degree);
      CHECK_THAT(sum * (degree + 1), test::WithinAbs(2, 1e-13));
    }
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
  test::uniform_numbers uniform(11);
  for (int k = 0; k < 300; ++k) {
    auto const value = std::bit_cast<double>(std::uint64_t{bits()});
    if (std::isfinite(value)) check(value);
    check(std::round(uniform(-1e4, 1e4)) / 1000);
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

TEST_CASE("sums and products keep what rounding takes from them, to the last bit", "[numerics][property]") {
  test::uniform_numbers uniform(21);
  auto const number = [&] { return std::ldexp(uniform(-1, 1), static_cast<int>(uniform(-40, 40))); };
  for (int k = 0; k < 300; ++k) {
    double const a = number(),
                 b = k % 3 == 0 ? -a * (1 + std::ldexp(uniform(-1, 1), -50)) : number();  // or they cancel
    CAPTURE(a, b);
    auto const sum = melitz::detail::sum_with_rest(a, b);
    CHECK(sum.value == a + b);
    CHECK(fifty_digits(sum.value) + sum.rest == fifty_digits(a) + b);
    auto const product = melitz::detail::product_with_rest(a, b);
    CHECK(product.value == a * b);
    CHECK(fifty_digits(product.value) + product.rest == fifty_digits(a) * b);
    auto const c = static_cast<float>(a), d = static_cast<float>(b);
    auto const small_product = melitz::detail::product_with_rest(c, d);
    CHECK(double{small_product.value} + double{small_product.rest} == double{c} * double{d});
    auto const small_sum = melitz::detail::sum_with_rest(c, d);
    CHECK(fifty_digits(small_sum.value) + small_sum.rest == fifty_digits(c) + d);
    long double const wide = a + static_cast<long double>(b) / 3;
    auto const wide_sum = melitz::detail::sum_with_rest(wide, static_cast<long double>(a));
    CHECK(fifty_digits(wide_sum.value) + wide_sum.rest == fifty_digits(wide) + a);
    if (!(wide > 0)) continue;
    auto const wide_log = melitz::detail::log_with_rest(wide);
    fifty_digits const error = log(fifty_digits(wide)) - wide_log.value - wide_log.rest;
    CHECK(abs(error) < 1.3 * std::numeric_limits<long double>::epsilon());  // as below, of its own rounding
  }
  // No fused product: the value alone. Fifty digits carry no rest.
  CHECK(melitz::detail::product_with_rest(0.1L, 0.7L).rest == 0);
  CHECK(melitz::detail::sum_with_rest(fifty_digits(0.1), fifty_digits(1e40)).rest == 0);
  // At the ends of the type there is no exp to compare with: no rest, rather than a wrong one.
  for (double const x : {5e-324, 1e-320, 1.7976931348623157e308, HUGE_VAL}) {
    auto const here = melitz::detail::log_with_rest(x);
    CHECK(here.value == std::log(x));
    CHECK(std::abs(here.rest) <= 750 * 2.3e-16);
  }
}

TEST_CASE("a panel's integrals, series and polynomial", "[numerics]") {
  auto const check = [](auto zero, double tolerance) {
    using real = decltype(zero);
    using rule = melitz::detail::panel_rule<real>;
    using std::abs, std::exp, std::pow;
    auto const& panel = rule::get();
    CHECK(&panel == &rule::get());
    CHECK(std::is_sorted(panel.nodes.begin(), panel.nodes.end()));
    auto const values_of = [&](auto const& f) {
      typename rule::values out{};
      for (std::size_t k = 0; k < rule::size; ++k) out[k] = f(panel.nodes[k]);
      return out;
    };
    for (unsigned degree = 0; degree < 2 * rule::size; ++degree) {
      CAPTURE(degree);
      auto const power = values_of([&](real const& u) { return real(pow(u, static_cast<int>(degree))); });
      real const whole = degree % 2 == 0 ? real(real(2) / (degree + 1)) : real(0);
      CHECK(abs(panel.integral(power) - whole) <= tolerance);
      if (degree >= rule::size) continue;
      auto const to_end = rule::apply(panel.to_end, power);
      for (std::size_t j = 0; j < rule::size; ++j) {
        real const exact = (1 - pow(panel.nodes[j], static_cast<int>(degree) + 1)) / (degree + 1);
        CHECK(abs(to_end[j] - exact) <= tolerance);
      }
      real last(-1);
      auto const through = panel.polynomial_through(power, last);
      CHECK(last == rule::last_terms(rule::apply(panel.legendre, power)));
      if (degree + 3 < rule::size) CHECK(panel.unresolved(power) <= tolerance);
      for (std::size_t i = 0; degree < 8 && i < 8; ++i) {
        CHECK(abs(through[i] - (i == degree ? 1 : 0)) <= 1e4 * tolerance);  // coefficients of P_19 are near 1e5
      }
    }
    // A resolved function, one whose kink the panel does not resolve, and one that is only a last term.
    CHECK(panel.unresolved(values_of([](real const& u) { return real(exp(u / 16)); })) < 2 * tolerance);
    CHECK(panel.unresolved(values_of([](real const& u) { return real(abs(u)); })) > 1e-3);
    std::array<real, rule::size> const last_power = panel.powers[rule::size - 1];
    auto const last_term = values_of([&](real const& u) { return melitz::detail::polynomial(last_power, u); });
    CHECK(abs(panel.unresolved(last_term) - 1) < 1e6 * tolerance);
    real const nowhere = std::numeric_limits<real>::quiet_NaN();
    CHECK(!(panel.unresolved(values_of([&](real const& u) { return u > 0 ? nowhere : u; })) <= 1));
  };
  check(0.0, 1e-14);
  check(fifty_digits(0), 1e-45);
}

TEST_CASE("integrals on panels that are halved where they have to be", "[numerics]") {
  using integrals = melitz::detail::panel_integrals<double, 2>;
  std::array<double, 0> const no_kinks{};
  auto const whole = [](integrals& sum, auto const& f, double a, double end, auto const& kinks) {
    double const tolerance = 16 * std::numeric_limits<double>::epsilon();
    auto const resolved = [&](std::array<double, 2> const& own, auto const& unresolved, double from, double to) {
      CHECK(from < to);
      return unresolved(0) <= tolerance * (sum.sums[0] + own[0]) && unresolved(1) <= tolerance * (sum.sums[1] + own[1]);
    };
    double before = 0;
    auto const more = [&](double, double) { return sum.sums[0] > std::exchange(before, sum.sums[0]); };
    sum.add_all(f, resolved, a, end, 1.0, kinks, more);
  };
  integrals smooth;  // to infinity
  whole(
      smooth,
      [](double t) {
        return std::array{std::exp(-t), t * std::exp(-t)};
      },
      0, HUGE_VAL, no_kinks);
  CHECK_THAT(smooth.sums[0], WithinRel(1, 1e-15));
  CHECK_THAT(smooth.sums[1], WithinRel(1, 1e-15));
  integrals rough;  // a root at the begin, and a jump, which halvings locate
  auto const broken = [](double t) { return std::array{std::sqrt(t), t < 0.7 ? 1.0 : 2.0}; };
  whole(rough, broken, 0, 1, no_kinks);
  CHECK_THAT(rough.sums[0], WithinRel(2.0 / 3, 1e-15));
  CHECK_THAT(rough.sums[1], WithinRel(1.3, 1e-14));
  integrals told;  // of the jump: no halving is for it
  whole(
      told,
      [&](double t) {
        return std::array{1.0, broken(t)[1]};
      },
      0, 1, std::array{-3.0, 0.7, 5.0});
  CHECK_THAT(told.sums[1], WithinRel(1.3, 1e-15));
  CHECK(told.halvings_left == integrals{}.halvings_left);
  integrals noise;  // is no function: the halvings are used up, and it ends
  noise.halvings_left = 500;
  test::uniform_numbers uniform(5);
  whole(
      noise,
      [&](double) {
        return std::array{uniform(0, 1), 1.0};
      },
      0, 1, no_kinks);
  CHECK(noise.halvings_left == 0);
  CHECK_THAT(noise.sums[1], WithinRel(1, 1e-13));
}

namespace {

/// Whether polynomials of all numbers of terms up to N are Horner's, in whole numbers.
template <std::size_t N>
constexpr bool polynomials_are_exact(long long x) {
  std::array<long long, N> c{};
  for (std::size_t k = 0; k < N; ++k) c[k] = static_cast<long long>(k * k % 7) - 3;
  long long horner = 0;
  for (std::size_t k = N; k-- > 0;) horner = horner * x + c[k];
  if (melitz::detail::polynomial(c, x) != horner) return false;
  if constexpr (N > 1) return polynomials_are_exact<N - 1>(x);
  return true;
}

}  // namespace

TEST_CASE("polynomials of any number of terms", "[numerics]") {
  static_assert(polynomials_are_exact<20>(-3) && polynomials_are_exact<20>(0) && polynomials_are_exact<20>(7));
  CHECK(std::isnan(melitz::detail::polynomial(std::array<double, 3>{1, 2, 3}, std::nan(""))));
}

TEST_CASE("the search for a root stays in its bracket and within its budget", "[numerics][roots][property]") {
  // Smooth ones of all tempers, with the root at c: as good as flat, as good as a step, running away on either side,
  // triple, bounded, and with a kink or a jump there or a derivative that says nothing.
  double c = 0;
  std::vector<expansion (*)(double)> const shapes = {
      [](double x) {
        return expansion{-1e-200 * x, -1e-200, 0, 0, 0};
      },
      [](double x) {
        return expansion{-1e200 * x, -1e200, 0, 0, 0};
      },
      [](double x) {
        return expansion{1 - std::exp(x), -std::exp(x), -std::exp(x), -std::exp(x), -std::exp(x)};
      },
      [](double x) {
        return expansion{std::exp(-x) - 1, -std::exp(-x), std::exp(-x), -std::exp(-x), std::exp(-x)};
      },
      [](double x) {
        double const e = std::exp(40 * x);
        return expansion{1 - e, -40 * e, -1600 * e, -64e3 * e, -256e4 * e};
      },
      [](double x) {
        return expansion{-x * x * x, -3 * x * x, -6 * x, -6, 0};
      },
      [](double x) {
        double const t = std::tanh(1e6 * x), s = 1 - t * t;
        return expansion{-t, -1e6 * s, 2e12 * t * s, 0, 0};
      },
      [](double x) {
        return x < 0 ? expansion{-1e-3 * x, -1e-3, 0, 0, 0} : expansion{-1e3 * x, -1e3, 0, 0, 0};
      },
      [](double x) {
        return expansion{x < 0 ? 1.0 : -1.0, 0, 0, 0, 0};
      },
      [](double x) {
        return expansion{-x, 1e-9, 1, 1, 1};
      },
  };
  test::uniform_numbers uniform(22);
  std::array<std::uintmax_t, 10> const at_most{2, 2, 5, 5, 30, 45, 30, 3, 66, 60};
  REQUIRE(shapes.size() == at_most.size());
  for (std::size_t shape = 0; shape < shapes.size(); ++shape) {
    for (int trial = 0; trial < 20; ++trial) {
      c = uniform(-1, 1);
      double const lower = c - uniform(0, 3), upper = c + uniform(0, 3), guess = uniform(lower, upper);
      CAPTURE(shape, c, lower, upper, guess);
      std::uintmax_t evaluations = 0;
      bool inside = true;
      auto const f = [&](double x) {
        ++evaluations;
        inside = inside && x >= lower && x <= upper;
        return shapes[shape](x - c);
      };
      auto const never = [](double, expansion const&, double) { return false; };
      auto const search = [&](std::uintmax_t budget) {
        evaluations = 0;
        std::uintmax_t left = budget;
        auto const root = melitz::detail::decreasing_root(f, never, HUGE_VAL, guess, lower, upper, left);
        CHECK(evaluations <= budget);
        CHECK(left == budget - evaluations);
        return root.point + root.step;
      };
      double const found = search(300);
      CHECK_THAT(found, WithinAbs(c, 4e-15));
      CHECK(inside);
      auto const needed = evaluations;
      CHECK(needed <= at_most[shape]);
      for (std::uintmax_t budget = 0; budget < needed; ++budget) {
        double const early = search(budget);
        CHECK((std::isnan(early) || std::abs(early - c) <= 4e-15));
      }
      CHECK(inside);
    }
  }
}

namespace {

/// Of the system written out, by elimination with pivoting in more digits.
template <std::size_t N>
std::vector<long double> solved_densely(std::vector<melitz::detail::block_row<double, N>> const& rows) {
  std::size_t const size = rows.size() * N;
  std::vector<std::vector<long double>> a(size, std::vector<long double>(size + 1, 0.0L));
  for (std::size_t t = 0; t < rows.size(); ++t) {
    for (std::size_t i = 0; i < N; ++i) {
      auto& row = a[t * N + i];
      for (std::size_t j = 0; j < N; ++j) {
        if (t > 0) row[(t - 1) * N + j] = rows[t].lower[i][j];
        row[t * N + j] = rows[t].diagonal[i][j];
        if (t + 1 < rows.size()) row[(t + 1) * N + j] = rows[t].upper[i][j];
      }
      row[size] = rows[t].right[i];
    }
  }
  for (std::size_t k = 0; k < size; ++k) {
    std::size_t best = k;
    for (std::size_t i = k; i < size; ++i) {
      if (std::abs(a[i][k]) > std::abs(a[best][k])) best = i;
    }
    std::swap(a[k], a[best]);
    for (std::size_t i = k + 1; i < size; ++i) {
      long double const factor = a[i][k] / a[k][k];
      for (std::size_t j = k; j <= size; ++j) a[i][j] -= factor * a[k][j];
    }
  }
  std::vector<long double> x(size);
  for (std::size_t k = size; k-- > 0;) {
    x[k] = a[k][size];
    for (std::size_t j = k + 1; j < size; ++j) x[k] -= a[k][j] * x[j];
    x[k] /= a[k][k];
  }
  return x;
}

template <std::size_t N>
void check_block_tridiagonal(test::uniform_numbers& uniform) {
  for (std::size_t length = 1; length <= 12; ++length) {
    std::vector<melitz::detail::block_row<double, N>> rows(length);
    for (auto& row : rows) {
      for (std::size_t i = 0; i < N; ++i) {
        for (std::size_t j = 0; j < N; ++j) {
          row.lower[i][j] = uniform(-1, 1);
          row.upper[i][j] = uniform(0, 1) < 0.3 ? 0 : uniform(-1, 1);
          // The large one of each row is not on the diagonal, where there is a zero: without pivots nothing is solved.
          row.diagonal[i][j] = j == (i + 1) % N ? uniform(4, 5) * static_cast<double>(N) : i == j ? 0 : uniform(-1, 1);
        }
        row.right[i] = uniform(-1, 1);
      }
    }
    auto const exact = solved_densely(rows);
    for (std::size_t i = 0; i < N; ++i) rows.front().lower[i][0] = rows.back().upper[0][i] = std::nan("");  // not read
    REQUIRE(melitz::detail::solve_block_tridiagonal(rows));
    for (std::size_t t = 0; t < length; ++t) {
      for (std::size_t i = 0; i < N; ++i) {
        CHECK_THAT(rows[t].right[i], WithinAbs(static_cast<double>(exact[t * N + i]), 1e-15));
      }
    }
  }
}

}  // namespace

TEST_CASE("block tridiagonal systems are solved as they are written out", "[numerics][property]") {
  test::uniform_numbers uniform(23);
  check_block_tridiagonal<1>(uniform);
  check_block_tridiagonal<2>(uniform);
  check_block_tridiagonal<3>(uniform);
}

TEST_CASE("singular blocks are told", "[numerics][failure]") {
  using row = melitz::detail::block_row<double, 2>;
  using melitz::detail::solve_block_tridiagonal;
  melitz::detail::small_matrix<double, 2> const zero{}, one{{{1, 0}, {0, 1}}}, rank_one{{{1, 2}, {2, 4}}};
  auto const solves = [](std::vector<row> rows) { return solve_block_tridiagonal(rows); };
  CHECK(solves({}));
  CHECK(solves({{zero, one, zero, {1, 2}}, {one, one, zero, {1, 2}}}));
  CHECK(!solves({{zero, zero, zero, {0, 0}}}));
  CHECK(!solves({{zero, rank_one, zero, {1, 2}}}));
  CHECK(!solves({{zero, one, one, {1, 2}}, {one, rank_one, zero, {1, 2}}, {zero, rank_one, zero, {}}}));
  // Regular until the block before is taken out: 1 - 1 * 1.
  CHECK(!solves({{zero, one, one, {1, 2}}, {one, one, zero, {1, 2}}}));
  // What is no number is told, or seen in the solution: never a finite one.
  for (std::size_t i = 0; i < 2; ++i) {
    for (std::size_t j = 0; j < 2; ++j) {
      auto broken = one;
      broken[i][j] = std::nan("");
      std::vector<row> rows{{zero, broken, zero, {1, 2}}};
      CHECK((!solve_block_tridiagonal(rows) || std::isnan(rows[0].right[0] + rows[0].right[1])));
    }
  }
}

}  // namespace test::numerics_room
