// SPDX-License-Identifier: BSL-1.0
#include <melitz/numerics/lane_functions.hpp>
#include <melitz/numerics/widest_lanes.hpp>

#include "support/catch.hpp"
#include "support/random.hpp"
#include "support/sanitized.hpp"
#include "support/widths.hpp"

#include <algorithm>
#include <boost/multiprecision/cpp_bin_float.hpp>
#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <limits>
#include <string>
#include <vector>
#if defined(__x86_64__) && defined(__GNUC__)
#include <cpuid.h>
#endif

namespace test::numerics_lanes {

#if MELITZ_HAS_LANES

namespace {

namespace lanes = melitz::detail::lanes;
using fifty_digits =
    boost::multiprecision::number<boost::multiprecision::cpp_bin_float<50>, boost::multiprecision::et_off>;
constexpr double infinity = std::numeric_limits<double>::infinity();

/// Spacing of doubles at x.
double ulp(double x) { return std::nextafter(std::abs(x), infinity) - std::abs(x); }

/// Largest error of `f` against `exact`, in ulp, over numbers that `draw` makes, in the widest registers. Every lane
/// gets another number. What takes long is the fifty digits, which are not what a sanitizer is for.
template <class F, class Exact, class Draw>
double worst_error(F const& f, Exact const& exact, Draw const& draw, int count) {
  test::uniform_numbers random(20021115);
  double worst = 0;
  std::size_t at = 0;
  std::vector<double> in(static_cast<std::size_t>(test::fewer_if_sanitized(count, count / 10)) * 4), out(in.size());
  for (double& x : in) x = draw(random);
  std::vector<fifty_digits> right;
  for (double const x : in) right.push_back(exact(x));
  auto const compare = [&]<class Pack>() MELITZ_LANES_LAMBDA {
    for (at = 0; at < in.size(); at += Pack::width) {
      lanes::store_first(out.data() + at, in.size() - at, f(lanes::load_first<Pack>(in.data() + at, in.size() - at)));
    }
    for (at = 0; at < in.size(); ++at) {
      double const error = static_cast<double>(abs(right[at] - out[at])) / ulp(static_cast<double>(right[at]));
      if (!(error <= worst)) worst = error;
    }
  };
  test::in_each_width([&] { lanes::in_widest(compare); });
  return worst;
}

fifty_digits exact_exp(double x) { return exp(fifty_digits(x)); }
fifty_digits exact_log(double x) { return log(fifty_digits(x)); }

fifty_digits exact_erfcx(double x) {
  fifty_digits const y(x);
  if (x < 25) return exp(fifty_digits(y * y)) * erfc(y);
  fifty_digits term(1), sum(1);  // asymptotic series
  for (int k = 1; k < 30; ++k) {
    term *= -(2 * k - 1) / (2 * y * y);
    sum += term;
  }
  return sum / (y * sqrt(acos(fifty_digits(-1))));
}

using own_pack = lanes::pack_of<lanes::register_width>;
double exp_of(double x) { return lanes::exp(lanes::all_of<own_pack>(x))[0]; }
double log_of(double x) { return lanes::log(lanes::all_of<own_pack>(x))[0]; }

}  // namespace

TEST_CASE("exp over lanes", "[numerics][lanes]") {
  auto const f = [](auto const& x) MELITZ_LANES_LAMBDA { return lanes::exp(x); };
  CHECK(worst_error(
            f, exact_exp, [](auto& r) { return r(-708, 709.7); }, 2000) <= 1.2);
  CHECK(worst_error(
            f, exact_exp, [](auto& r) { return r(-1, 1); }, 2000) <= 1.2);
  auto const inner = [](auto const& x) MELITZ_LANES_LAMBDA { return lanes::exp_of_ordinary(x); };
  CHECK(worst_error(
            inner, exact_exp, [](auto& r) { return r(-708, 708); }, 2000) <= 1.2);
  CHECK(exp_of(0) == 1);
  CHECK(exp_of(-708.1) == 0);
  CHECK(exp_of(-infinity) == 0);
  CHECK(exp_of(709.78) < infinity);
  CHECK(exp_of(709.79) == infinity);
  CHECK(exp_of(infinity) == infinity);
  CHECK(std::isnan(exp_of(std::numeric_limits<double>::quiet_NaN())));
}

TEST_CASE("log over lanes", "[numerics][lanes]") {
  auto const f = [](auto const& x) MELITZ_LANES_LAMBDA { return lanes::log(x); };
  CHECK(worst_error(
            f, exact_log, [](auto& r) { return std::exp(r(-708, 709)); }, 2000) <= 1);
  CHECK(worst_error(
            f, exact_log, [](auto& r) { return r(0.5, 2); }, 2000) <= 1);
  CHECK(worst_error(
            f, exact_log, [](auto& r) { return 1 + r(-1e-6, 1e-6); }, 2000) <= 1);
  auto const small = [](auto& r) { return std::exp(r(-740, -708)); };  // subnormal
  CHECK(worst_error(f, exact_log, small, 500) <= 1);
  CHECK(log_of(1) == 0);
  CHECK(log_of(0) == -infinity);
  CHECK(log_of(infinity) == infinity);
  CHECK(log_of((std::numeric_limits<double>::max)()) == std::log((std::numeric_limits<double>::max)()));
  CHECK(std::isnan(log_of(-1)));
  CHECK(std::isnan(log_of(std::numeric_limits<double>::quiet_NaN())));
}

TEST_CASE("the scaled complementary error function over lanes", "[numerics][lanes]") {
  auto const f = [](auto const& y) MELITZ_LANES_LAMBDA { return lanes::erfcx(y); };
  CHECK(worst_error(
            f, exact_erfcx, [](auto& r) { return r(0, 1); }, 500) <= 3.5);
  CHECK(worst_error(
            f, exact_erfcx, [](auto& r) { return r(0, 30); }, 500) <= 3.5);
  CHECK(worst_error(
            f, exact_erfcx, [](auto& r) { return std::exp(r(-40, 690)); }, 500) <= 3.5);
  double const at_zero = f(own_pack{})[0];
  CHECK(std::abs(at_zero - 1) <= 3.5 * ulp(1));
}

TEST_CASE("choices between lanes", "[numerics][lanes]") {
  auto const check = []<class Pack>() MELITZ_LANES_LAMBDA {
    double in[Pack::width];
    for (std::size_t k = 0; k < Pack::width; ++k) in[k] = static_cast<double>(k) - 0.5;
    Pack const x = lanes::load<Pack>(in);  // -0.5, 0.5, ...
    CHECK(lanes::any(x < 0));
    CHECK_FALSE(lanes::all(x < 0));
    CHECK(lanes::all(x < 100));
    CHECK_FALSE(lanes::any(x > 100));
    for (std::size_t k = 0; k < Pack::width; ++k) {  // one lane alone, and all but it
      CHECK(lanes::any(x == in[k]));
      CHECK_FALSE(lanes::all(x != in[k]));
    }
    Pack const chosen = lanes::select(x < 0, lanes::all_of<Pack>(7), x);
    CHECK(chosen[0] == 7);
    CHECK(chosen[Pack::width - 1] == in[Pack::width - 1]);
    CHECK(lanes::abs(x)[0] == 0.5);
    CHECK(lanes::larger(x, Pack{})[0] == 0);
    CHECK(lanes::smaller(x, Pack{})[1] == 0);
    // A part of a pack: the last number again and again, and nothing written behind it.
    Pack const part = lanes::load_first<Pack>(in, 2);
    CHECK(part[1] == in[1]);
    CHECK(part[Pack::width - 1] == in[1]);
    double out[Pack::width] = {};
    lanes::store_first(out, 2, x);
    CHECK(out[1] == in[1]);
    CHECK(out[2] == 0);
  };
  test::in_each_width([&] { lanes::in_widest(check); });
}

TEST_CASE("kernels take the widest registers that there are, or that are allowed", "[numerics][lanes]") {
  std::vector<std::size_t> widths;
  auto const note = [&]<class Pack>() { widths.push_back(Pack::register_width); };
  lanes::in_widest(note);
  CHECK(widths[0] == std::max(lanes::register_width, std::min(lanes::processor_width(), lanes::asked_width())));
  widths.clear();
  test::in_each_width([&] { lanes::in_widest(note); });
  CHECK(widths == test::register_widths());
  CHECK(widths.front() == lanes::register_width);
  CHECK(widths.back() == lanes::width_in_use());
#if !defined(__AVX__) && defined(__x86_64__)
  std::vector<std::size_t> const possible{2, 4, 8};
  CHECK(widths == std::vector<std::size_t>(possible.begin(),
                                           std::upper_bound(possible.begin(), possible.end(), lanes::chosen_width())));
#endif
}

TEST_CASE("the environment limits the width, or says what is wrong", "[numerics][lanes]") {
  auto const with = [](char const* value) {
    REQUIRE(setenv("MELITZ_REGISTER_WIDTH", value, 1) == 0);
    return lanes::asked_width();
  };
  char const* const now = std::getenv("MELITZ_REGISTER_WIDTH");
  std::string const before = now == nullptr ? "" : now;
  CHECK(with("2") == 2);
  CHECK(with("4") == 4);
  CHECK(with("8") == 8);
  CHECK(with("") == 8);
  for (char const* const bad : {"3", "16", "-2", "2 ", "two", "8.0"}) {
    CHECK_THROWS_WITH(with(bad),
                      std::string("environment: MELITZ_REGISTER_WIDTH is ") + bad + "; it must be 2, 4 or 8");
  }
  with(before.c_str());
}

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__AVX__)

namespace {

/// Whether the upper halves of registers hold something, as the processor says: bits of AVX and of AVX-512 in XINUSE.
[[gnu::noinline]] bool wide_registers_hold_something() {
  unsigned low = 0, high = 0;
  asm volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(1));
  return (low & ((1U << 2) | (1U << 6))) != 0;
}

}  // namespace

TEST_CASE("wide registers are left empty, or what follows in narrow ones takes several times as long",
          "[numerics][lanes]") {
  unsigned a = 0, b = 0, c = 0, d = 0;
  if (__get_cpuid_count(0xd, 1, &a, &b, &c, &d) == 0 || (a & (1U << 2)) == 0) {
    WARN("this processor does not say what its registers hold");
    return;
  }
  std::vector<double> numbers(64, 0.5);
  auto const halve = [&]<class Pack>() MELITZ_LANES_LAMBDA {
    for (std::size_t at = 0; at < numbers.size(); at += Pack::width) {
      auto const x = lanes::load_first<Pack>(numbers.data() + at, numbers.size() - at);
      lanes::store_first(numbers.data() + at, numbers.size() - at, lanes::exp(x));
    }
  };
  test::in_each_width([&] {
    lanes::in_widest(halve);
    CHECK(!wide_registers_hold_something());
  });
}

#endif

#endif

}  // namespace test::numerics_lanes
