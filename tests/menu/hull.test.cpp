// SPDX-License-Identifier: BSL-1.0
#include <melitz/menu/menu.hpp>

#include "support/catch.hpp"
#include "support/random.hpp"
#include "support/reference.hpp"
#include "support/validation.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace test::menu_hull {

using melitz::hull;
using melitz::menu;
using test::contains;
using test::WithinAbs;
using test::WithinRel;

namespace {

double const missing = std::numeric_limits<double>::quiet_NaN();
double const inf = std::numeric_limits<double>::infinity();

std::vector<std::string> names(menu<> const& options) {
  std::vector<std::string> out;
  for (auto const& o : hull(options)) out.push_back(o.name);
  return out;
}

}  // namespace

TEST_CASE("hulls and thresholds agree with the references", "[menu][reference]") {
  // tests/reference/menu.json, remade by tools/reference/menu.py. The option called "collinear" is collinear in
  // decimals only, so whether doubles keep it is a matter of rounding: it is left out.
  auto const file = test::reference("menu");
  for (auto const& row : file.at("cases")) {
    CAPTURE(row.at("case").get<std::string>());
    auto const options = test::menu_of(row);
    auto const kept = hull(options);
    test::validates const here("menu", row.at("case"));
    REQUIRE(kept.size() == row.at("hull").size());
    for (std::size_t k = 0; k < kept.size(); ++k) {
      CHECK(kept[k].name == row.at("hull")[k].get<std::string>());
      double const t = test::number(row.at("t")[k]);
      test::validate("threshold of " + kept[k].name, kept[k].threshold, t);
      CHECK_THAT(kept[k].threshold, WithinRel(t, 1e-14) || WithinAbs(t, 1e-300));
    }
  }
}

TEST_CASE("the hull picks what a firm of any size would", "[menu][property]") {
  test::uniform_numbers uniform(5);
  for (int trial = 0; trial < 2000; ++trial) {
    menu<> options;
    int const count = static_cast<int>(uniform(1, 9));
    for (int k = 0; k < count; ++k) options.push_back({"", uniform(0, 3), uniform(trial % 3 == 0 ? -0.5 : 0.0, 5)});
    auto const kept = hull(options);
    for (int probe = 0; probe < 30; ++probe) {
      double const size = std::exp(uniform(-4, 5));
      double best = 0;  // exit
      for (auto const& o : options) best = std::max(best, o.slope * size - o.fixed_cost);
      auto chosen = kept.front();
      for (auto const& o : kept) {
        if (size >= o.threshold) chosen = o;
      }
      CAPTURE(trial, size);
      CHECK_THAT(chosen.slope * size - chosen.fixed_cost, WithinAbs(best, 1e-12 * (1 + best)));
    }
    for (std::size_t k = 1; k < kept.size(); ++k) {
      CHECK(kept[k].slope > kept[k - 1].slope);
      CHECK(kept[k].threshold > kept[k - 1].threshold);
    }
  }
}

TEST_CASE("corner menus", "[menu][corner]") {
  using list = std::vector<std::string>;
  CHECK(names({{"D", 1, 1}}) == list{"exit", "D"});
  CHECK(names({{"D", 1, 1}, {"worse", 1, 2}}) == list{"exit", "D"});   // as steep and dearer
  CHECK(names({{"D", 1, 1}, {"X", 2, 1.5}}) == list{"exit", "X"});     // X pays before D does
  CHECK(names({{"D", 1, 1}, {"X", 2, 2}}) == list{"exit", "X"});       // a tie goes to the steeper option
  CHECK(names({{"D", 1, 1}, {"same", 1, 1}}) == list{"exit", "D"});    // the first of two equal ones
  CHECK(names({{"free", 1, 0}, {"X", 1.5, 1}}) == list{"free", "X"});  // nobody exits
  CHECK(names({{"paid", 1, -1}, {"X", 1.5, 1}}) == list{"paid", "X"});
  CHECK(names({{"subsidised exit", 0, -0.5}, {"D", 1, 1}}) == list{"subsidised exit", "D"});
  CHECK(names({{"idle", 0, 1}, {"D", 1, 1}}) == list{"exit", "D"});  // dearer than exit
  CHECK(hull(menu<>{{"D", 1, 1}}).back().index == 0);
  CHECK(hull(menu<>{{"D", 1, 1}}).front().index == 1);  // exit: the menu's length
}

TEST_CASE("bad menus are refused by name", "[menu][failure]") {
  CHECK_THROWS_WITH(hull(menu<>{}), contains("largest slope is 0") && contains("be positive"));
  CHECK_THROWS_WITH(hull(menu<>{{"idle", 0, 1}}), contains("largest slope"));
  CHECK_THROWS_WITH(hull(menu<>{{"D", -1, 1}}), contains("menu option 'D': slope is -1") && contains("at least 0"));
  CHECK_THROWS_WITH(hull(menu<>{{"", missing, 1}}), contains("menu option 0: slope is nan"));
  CHECK_THROWS_WITH(hull(menu<>{{"D", inf, 1}}), contains("slope is inf"));
  CHECK_THROWS_WITH(hull(menu<>{{"D", 1, missing}}), contains("fixed_cost is nan") && contains("be finite"));
  CHECK_THROWS_WITH(hull(menu<>{{"D", 1, inf}}), contains("fixed_cost is inf"));
  CHECK_THROWS_WITH(hull(menu<>{{"D", 1, 1}, {"X", 2, 3}, {"D", 3, 4}}),
                    contains("menu option 'D': name is 'D'; it must be of no other option"));
  CHECK_THROWS_WITH(hull(menu<>{{"D", 1, 1}, {"exit", 2, 3}}), contains("menu option 'exit': name is 'exit'"));
  CHECK_THROWS_WITH(hull(menu<>{{"", 1, 1}, {"", 0.5, 0.1, missing, 3}, {"", 2, 0, missing, 3}}),
                    contains("menu option 2: fixed_cost is 0; it must be at least that of the option it replaces"));
  CHECK(hull(menu<>{{"", 1, 1}, {"", 2, 3}}).size() == 3);  // without names
}

TEST_CASE("a long menu is read in any order, and no name stands in it twice", "[menu][failure]") {
  menu<> options;
  for (int k = 0; k < 40; ++k) options.push_back({std::to_string(k), 1.0 + k, 1.0 + k * (k + 1)});
  auto const kept = hull(options);
  REQUIRE(kept.size() == 41);
  CHECK(kept.front().name == "exit");
  auto reversed = options;
  std::reverse(reversed.begin(), reversed.end());
  auto const again = hull(reversed);
  REQUIRE(again.size() == 41);
  for (std::size_t k = 1; k < kept.size(); ++k) {
    CHECK(again[k].name == kept[k].name);
    CHECK(again[k].index == 40 - k);
    CHECK(again[k].threshold == kept[k].threshold);
  }
  auto const renamed = [&](std::size_t k, std::string const& name) {
    auto out = options;
    out[k].name = name;
    return out;
  };
  CHECK_THROWS_WITH(hull(renamed(37, "3")), contains("menu option '3': name is '3'; it must be of no other option"));
  CHECK_THROWS_WITH(hull(renamed(20, "exit")), contains("menu option 'exit': name is 'exit'"));
  auto nameless = renamed(5, "");
  nameless[6].name = "";
  CHECK(hull(nameless).size() == 41);
}

}  // namespace test::menu_hull
