// SPDX-License-Identifier: BSL-1.0
#include <melitz/menu/average.hpp>

#include "support/catch.hpp"
#include "support/random.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

namespace test::menu_average {

using melitz::average_of;
using melitz::menu;
using melitz::menu_share;
using test::contains;
using test::WithinAbs;
using test::WithinRel;

namespace {

/// What firms of one size earn on average, and which share of them picks which option: by asking each of them.
struct asked {
  double profit = 0;
  std::vector<double> picking{};
};

asked ask(std::vector<menu_share<>> const& menus, double size) {
  asked out{0, std::vector<double>(menus.front().options.size(), 0.0)};
  for (auto const& [share, options] : menus) {
    double best = 0;  // exit
    auto chosen = options.size();
    for (std::size_t k = 0; k < options.size(); ++k) {
      double const profit = options[k].slope * size - options[k].fixed_cost;
      if (size < options[k].least_size || profit <= best) continue;
      best = profit;
      chosen = k;
    }
    out.profit += share * best;
    if (chosen < options.size()) out.picking[chosen] += share;
  }
  return out;
}

/// Menus of the same options at other costs and least sizes. Dearer options are steeper and need more: whatever becomes
/// feasible is then steeper and dearer than what it replaces.
std::vector<menu_share<>> random_menus(test::uniform_numbers& uniform) {
  auto const options = static_cast<std::size_t>(uniform(1, 5)), menus = static_cast<std::size_t>(uniform(1, 6));
  std::vector<menu_share<>> out(menus);
  double all = 0;
  for (auto& m : out) {
    m.share = std::exp(uniform(-8, 0));
    all += m.share;
    double slope = 0, cost = uniform(0, 1) < 0.3 ? -0.5 : 0, least = 0;  // some are paid to enter
    for (std::size_t k = 0; k < options; ++k) {
      if (cost >= 0 && uniform(0, 1) < 0.5) least += uniform(0, 4);
      m.options.push_back({"", slope += uniform(0.1, 1), cost += uniform(0, 2), 0.0, least});
    }
  }
  for (auto& m : out) m.share /= all;
  return out;
}

}  // namespace

TEST_CASE("an average of menus is what firms do on average", "[menu][property]") {
  test::uniform_numbers uniform(31);
  for (int trial = 0; trial < 20; ++trial) {
    CAPTURE(trial);
    auto const menus = random_menus(uniform);
    auto const pieces = average_of(menus);
    REQUIRE(!pieces.empty());
    CHECK(pieces.front().line.threshold == 0);
    for (std::size_t k = 0; k < pieces.size(); ++k) {
      CHECK(pieces[k].line.index == k);
      REQUIRE(pieces[k].picking.size() == menus.front().options.size());
      if (k == 0) continue;
      auto const &before = pieces[k - 1].line, &here = pieces[k].line;
      double const t = here.threshold;
      CAPTURE(t);
      CHECK(t > before.threshold);
      CHECK_THAT(here.slope - before.slope, WithinAbs(pieces[k].gain, 1e-14));
      CHECK_THAT((here.slope - before.slope) * t - (here.fixed_cost - before.fixed_cost), WithinAbs(here.jump, 1e-13));
    }
    for (int probe = 0; probe < 200; ++probe) {
      double const size = std::exp(uniform(-4, 4));
      auto const next =
          std::find_if(pieces.begin(), pieces.end(), [&](auto const& p) { return p.line.threshold > size; });
      auto const& chosen = *(next - 1);
      auto const exact = ask(menus, size);
      CAPTURE(size);
      CHECK_THAT(chosen.line.slope * size - chosen.line.fixed_cost,
                 WithinAbs(exact.profit, 1e-13 * (1 + chosen.line.slope * size)));
      for (std::size_t k = 0; k < exact.picking.size(); ++k) {
        CHECK_THAT(chosen.picking[k], WithinAbs(exact.picking[k], 1e-15));
      }
    }
  }
}

TEST_CASE("the average of one menu, or of many that are alike, is its hull", "[menu]") {
  menu<> const options{{"D", 1, 1}, {"X", 2, 3, 2.0, 3.0}, {"never", 1, 9}, {"F", 2.5, 8}};
  auto const kept = melitz::hull(options);
  for (auto const& pieces :
       {average_of<double>({{1, options}}), average_of<double>({{0.25, options}, {0.75, options}})}) {
    REQUIRE(pieces.size() == kept.size());
    auto const whole = melitz::envelope_of(kept), parts = melitz::envelope_of(pieces);
    CHECK_THAT(parts.fixed_cost, WithinRel(whole.fixed_cost, 1e-15));
    CHECK_THAT(parts.slope, WithinRel(whole.slope, 1e-15));
    REQUIRE(parts.kinks.size() == whole.kinks.size());
    for (std::size_t k = 0; k < kept.size(); ++k) {
      CHECK(pieces[k].line.threshold == kept[k].threshold);
      for (std::size_t o = 0; o < options.size(); ++o) CHECK(pieces[k].picking[o] == (o == kept[k].index ? 1 : 0));
      if (k + 1 == kept.size()) continue;
      CHECK_THAT(parts.kinks[k].weight, WithinRel(whole.kinks[k].weight, 1e-15));
      CHECK_THAT(parts.kinks[k].log_ratio, WithinAbs(whole.kinks[k].log_ratio, 1e-15));
      CHECK_THAT(parts.kinks[k].jump, WithinAbs(whole.kinks[k].jump, 1e-15));
    }
  }
}

TEST_CASE("a share too small to see in the slopes still has its gain", "[menu]") {
  auto const pieces = average_of<double>({{1 - 1e-18, {{"D", 1, 1}}}, {1e-18, {{"D", 1, 0.5}}}});
  REQUIRE(pieces.size() == 3);
  CHECK(pieces[1].gain == 1e-18);
  CHECK(pieces[1].picking[0] == 1e-18);
  CHECK(melitz::envelope_of(pieces).slope == 1e-18);
}

TEST_CASE("averages that are none are refused", "[menu][failure]") {
  double const nan = std::numeric_limits<double>::quiet_NaN();
  menu<> const one{{"D", 1, 1}}, two{{"D", 1, 1}, {"X", 2, 3}};
  using list = std::vector<menu_share<>>;
  CHECK_THROWS_WITH(average_of(list{}), contains("average_of: sum of weights is 0"));
  CHECK_THROWS_WITH(average_of(list{{0.5, one}}), contains("average_of: sum of weights is 0.5"));
  CHECK_THROWS_WITH(average_of(list{{-0.5, one}, {1.5, one}}), contains("weights is -0.5"));
  CHECK_THROWS_WITH(average_of(list{{nan, one}}), contains("weights is nan"));
  CHECK_THROWS_WITH(average_of(list{{1, one}, {0, one}}), contains("share is 0") && contains("be positive"));
  CHECK_THROWS_WITH(average_of(list{{0.5, one}, {0.5, two}}), contains("number of options is 2"));
  CHECK_THROWS_WITH(average_of(list{{0.5, one}, {0.5, {{"D", nan, 1}}}}), contains("slope is nan"));
  CHECK_THROWS_WITH(average_of(list{{1, {}}}), contains("largest slope"));
}

}  // namespace test::menu_average
