// SPDX-License-Identifier: BSL-1.0
#include <melitz/menu/piecewise_linear.hpp>

#include "support/catch.hpp"
#include "support/random.hpp"

#include <algorithm>
#include <cmath>

namespace test::menu_piecewise_linear {

using melitz::convex_piecewise_linear;
using melitz::menu;
using test::contains;
using test::WithinAbs;

namespace {

using function = convex_piecewise_linear<>;

menu<> random_menu(test::uniform_numbers& draw) {
  menu<> out;
  int const count = static_cast<int>(draw(1, 6));
  for (int k = 0; k < count; ++k) out.push_back({"", draw(0.01, 3), std::exp(draw(-3, 2))});
  return out;
}

double best(menu<> const& options, double size) {
  double out = 0;
  for (auto const& o : options) out = std::max(out, o.slope * size - o.fixed_cost);
  return out;
}

void check_convex(function const& f) {
  for (std::size_t k = 0; k < f.bends().size(); ++k) {
    CHECK(f.bends()[k].gain > 0);
    CHECK(f.bends()[k].at > (k == 0 ? 0 : f.bends()[k - 1].at));
  }
}

}  // namespace

TEST_CASE("a menu as a function of size", "[menu]") {
  test::uniform_numbers draw(23);
  for (int trial = 0; trial < 200; ++trial) {
    auto const options = random_menu(draw);
    function const f(options);
    check_convex(f);
    for (double size = 0; size < 20; size += 0.37) CHECK_THAT(f(size), WithinAbs(best(options, size), 1e-12));
  }
  function const exit;
  CHECK(exit(5) == 0);
  CHECK(exit.slope(5) == 0);
}

TEST_CASE("sums, maxima and multiples of profit functions are those of their values", "[menu][property]") {
  test::uniform_numbers draw(23);
  for (int trial = 0; trial < 400; ++trial) {
    CAPTURE(trial);
    function const f(random_menu(draw)), g(random_menu(draw));
    double const factor = draw(0.1, 4), shift = draw(-3, 1);
    auto const sum = f + g, more = factor * f, wider = f.stretched(factor), less = f + shift;
    auto const active = max(f + g + shift, {}), better = max(g + shift, f);
    for (auto const* h : {&sum, &more, &wider, &less, &better, &active}) check_convex(*h);
    for (double size = 0; size < 20; size += 0.37) {
      CAPTURE(size);
      CHECK_THAT(sum(size), WithinAbs(f(size) + g(size), 1e-11));
      CHECK_THAT(more(size), WithinAbs(factor * f(size), 1e-11));
      CHECK_THAT(wider(size), WithinAbs(f(factor * size), 1e-11));
      CHECK_THAT(less(size), WithinAbs(f(size) + shift, 1e-11));
      CHECK_THAT(active(size), WithinAbs(std::max(0.0, f(size) + g(size) + shift), 1e-11));
      CHECK_THAT(better(size), WithinAbs(std::max(g(size) + shift, f(size)), 1e-11));
    }
  }
}

TEST_CASE("adding and scaling move no kink", "[menu][property]") {
  function const f(menu<>{{"home", 1, 0.3}}), g(menu<>{{"abroad", 0.37, 0.71}});
  auto const both = 0.1 * (f + g);
  REQUIRE(both.bends().size() == 2);
  CHECK(both.bends()[0].at == f.bends()[0].at);
  CHECK(both.bends()[1].at == g.bends()[0].at);
  // An overhead before any sale: exit below one crossing, the kinks above it stay.
  auto const active = max(both + (-0.05), {});
  REQUIRE(active.bends().size() == 2);
  CHECK(active.bends()[1].at == g.bends()[0].at);
  // Kinks at one place are one.
  CHECK((f + f).bends().size() == 1);
  CHECK(max(f, f).bends().size() == 1);
}

TEST_CASE("profit functions that are none are refused", "[menu][errors]") {
  function const f(menu<>{{"home", 1, 1}});
  CHECK_THROWS_WITH(-1.0 * f, contains("factor is -1"));
  CHECK_THROWS_WITH(f.stretched(0), contains("factor is 0"));
  CHECK_THROWS_WITH(f + std::nan(""), contains("shift is nan"));
  CHECK_THROWS_WITH(envelope_of(function()), contains("largest slope is 0"));
  CHECK_THROWS_WITH(envelope_of(function(0, -1)), contains("slope at size 0 is -1"));
}

}  // namespace test::menu_piecewise_linear
