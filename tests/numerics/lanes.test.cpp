// SPDX-License-Identifier: BSL-1.0
#include <melitz/numerics/lanes.hpp>

#include "support/catch.hpp"
#include "support/random.hpp"
#include "support/sanitized.hpp"

#include <boost/multiprecision/cpp_bin_float.hpp>
#include <cmath>
#include <limits>

namespace test::numerics_lanes {

#if MELITZ_HAS_LANES

namespace {

namespace lanes = melitz::detail::lanes;
using fifty_digits =
    boost::multiprecision::number<boost::multiprecision::cpp_bin_float<50>, boost::multiprecision::et_off>;
constexpr double infinity = std::numeric_limits<double>::infinity();

/// Spacing of doubles at x.
double ulp(double x) { return std::nextafter(std::abs(x), infinity) - std::abs(x); }

/// Largest error of `f` against `exact`, in ulp, over numbers that `draw` makes. Every lane gets another number. What
/// takes long is the fifty digits, which are not what a sanitizer is for.
template <class F, class Exact, class Draw>
double worst_error(F const& f, Exact const& exact, Draw const& draw, int count) {
  test::uniform_numbers random(20021115);
  double worst = 0;
  for (int i = 0; i < test::fewer_if_sanitized(count, count / 10); ++i) {
    double in[lanes::width], out[lanes::width];
    for (double& x : in) x = draw(random);
    lanes::store(out, f(lanes::load(in)));
    for (std::size_t k = 0; k < lanes::width; ++k) {
      auto const right = exact(in[k]);
      double const error = static_cast<double>(abs(right - out[k])) / ulp(static_cast<double>(right));
      if (!(error <= worst)) worst = error;
    }
  }
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

double exp_of(double x) { return lanes::exp(lanes::all_of(x))[0]; }
double log_of(double x) { return lanes::log(lanes::all_of(x))[0]; }

}  // namespace

TEST_CASE("exp over lanes", "[numerics][lanes]") {
  auto const f = [](lanes::pack x) { return lanes::exp(x); };
  CHECK(worst_error(
            f, exact_exp, [](auto& r) { return r(-708, 709.7); }, 2000) <= 1.2);
  CHECK(worst_error(
            f, exact_exp, [](auto& r) { return r(-1, 1); }, 2000) <= 1.2);
  auto const inner = [](lanes::pack x) { return lanes::exp_of_ordinary(x); };
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
  auto const f = [](lanes::pack x) { return lanes::log(x); };
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
  auto const f = [](lanes::pack y) { return lanes::erfcx(y); };
  CHECK(worst_error(
            f, exact_erfcx, [](auto& r) { return r(0, 1); }, 500) <= 3.5);
  CHECK(worst_error(
            f, exact_erfcx, [](auto& r) { return r(0, 30); }, 500) <= 3.5);
  CHECK(worst_error(
            f, exact_erfcx, [](auto& r) { return std::exp(r(-40, 690)); }, 500) <= 3.5);
  double const at_zero = f(lanes::pack{})[0];
  CHECK(std::abs(at_zero - 1) <= 3.5 * ulp(1));
}

TEST_CASE("choices between lanes", "[numerics][lanes]") {
  double in[lanes::width];
  for (std::size_t k = 0; k < lanes::width; ++k) in[k] = static_cast<double>(k) - 0.5;
  auto const x = lanes::load(in);  // -0.5, 0.5, ...
  CHECK(lanes::any(x < 0));
  CHECK_FALSE(lanes::all(x < 0));
  CHECK(lanes::all(x < 100));
  CHECK_FALSE(lanes::any(x > 100));
  // Only the last lane.
  CHECK(lanes::any(x > static_cast<double>(lanes::width) - 2));
  auto const chosen = lanes::select(x < 0, lanes::all_of(7), x);
  CHECK(chosen[0] == 7);
  CHECK(chosen[lanes::width - 1] == in[lanes::width - 1]);
  CHECK(lanes::abs(x)[0] == 0.5);
  CHECK(lanes::larger(x, lanes::pack{})[0] == 0);
  CHECK(lanes::smaller(x, lanes::pack{})[1] == 0);
}

#endif

}  // namespace test::numerics_lanes
