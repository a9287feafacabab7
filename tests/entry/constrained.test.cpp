// SPDX-License-Identifier: BSL-1.0
// Options that need a least size, where profit jumps, profit functions that are sums of menus, and derivatives.
#include <melitz/entry/comparative_statics.hpp>

#include "support/catch.hpp"
#include "support/laws.hpp"
#include "support/random.hpp"
#include "support/reference.hpp"
#include "support/validation.hpp"

#include <cmath>

namespace test::entry_constrained {

using melitz::convex_piecewise_linear;
using melitz::menu;
using melitz::solve_free_entry;
using melitz::tail_of;
using test::contains;
using test::number;
using test::WithinAbs;
using test::WithinRel;

TEST_CASE("a least size that does not bind changes no digit", "[entry][property]") {
  for (auto const& [name, law] : test::laws()) {
    CAPTURE(name);
    auto const tail = tail_of(law, 2.5);
    menu<> const free{{"home", 1, 1}, {"both", 1.4, 1.7}};
    auto slack = free;
    slack[0].least_size = 0.9;
    slack[1].least_size = 1.7;
    CHECK(solve_free_entry(slack, tail, 0.3, 3.5).demand == solve_free_entry(free, tail, 0.3, 3.5).demand);
  }
}

TEST_CASE("with a constraint the derivatives are those of the solver", "[entry][property]") {
  double const h = 1e-5, entry_cost = 0.3;  // central differences: right to about 1e-14 / h
  for (auto const& [name, law] : test::laws()) {
    if (test::has_atoms(name)) continue;  // below
    CAPTURE(name);
    auto const tail = tail_of(law, 2.5);
    menu<> const base{{"home", 1, 1}, {"both", 1.4, 1.3, std::nan(""), 1.6}};
    auto const at = [&](menu<> const& options, double cost) {
      return solve_free_entry(options, tail, cost, 3.5).demand;
    };
    auto const s = solve_free_entry(base, tail, entry_cost, 3.5);
    // The condition holds, and its slope is that of the curve.
    CHECK_THAT(melitz::expected_profit(base, tail, s.demand).value, WithinRel(entry_cost, 1e-12));
    CHECK_THAT(melitz::expected_profit(base, tail, s.demand).slope, WithinRel(s.expected_profit_slope, 1e-12));
    auto const response = comparative_statics(base, s);
    auto const near = [&](double derivative, double up, double down) {
      CHECK_THAT(derivative, WithinAbs((up - down) / (2 * h), 1e-9 * s.demand));
    };
    near(response.to_entry_cost, at(base, entry_cost + h), at(base, entry_cost - h));
    auto up = base, down = base;
    up[1].least_size += h;
    down[1].least_size -= h;
    near(response.to_least_size[1], at(up, entry_cost), at(down, entry_cost));
    up = down = base;
    up[1].slope += h;
    down[1].slope -= h;
    near(response.to_slope[1], at(up, entry_cost), at(down, entry_cost));
    // Keeping firms from what pays them leaves less to be expected: demand must be higher.
    auto free = base;
    free[1].least_size = 0;
    CHECK(s.demand >= at(free, entry_cost));
  }
}

TEST_CASE("where profit jumps an atom may leave no equilibrium, and that has a name", "[entry][errors]") {
  // All firms alike: at A = 1.6 they are let in at once and earn 0.94 - 0.6 = 0.34 more.
  menu<> const options{{"home", 1, 1}, {"both", 1.4, 1.3, std::nan(""), 1.6}};
  auto const tail = tail_of(melitz::degenerate<>{1.0}, 2.5);
  auto const gap = melitz::try_solve_free_entry(options, tail, 0.75, 3.5);
  CHECK_FALSE(gap);
  CHECK(std::isnan(gap.demand));
  CHECK_THAT(solve_free_entry(options, tail, 0.5, 3.5).demand, WithinRel(1.5, 1e-14));
  CHECK_THAT(solve_free_entry(options, tail, 1.0, 3.5).demand, WithinRel(2.3 / 1.4, 1e-14));
}

TEST_CASE("an option that becomes feasible must be steeper and dearer", "[entry][errors]") {
  auto const tail = tail_of(melitz::lognormal<>{0, 0.8}, 3.0);
  auto const solve = [&](melitz::option<> late) {
    return melitz::try_solve_free_entry(menu<>{{"home", 1, 1}, late}, tail, 0.3, 4.0);
  };
  CHECK_THROWS_WITH(solve({"flat", 0.9, 0.1, std::nan(""), 3}), contains("'flat'") && contains("slope is 0.9"));
  CHECK_THROWS_WITH(solve({"cheap", 1.2, 0.5, std::nan(""), 3}), contains("'cheap'") && contains("fixed_cost is 0.5"));
  CHECK_THROWS_WITH(solve({"odd", 1.2, 1.5, std::nan(""), -1}), contains("least_size is -1"));
  CHECK_THROWS_WITH(convex_piecewise_linear<>(menu<>{{"home", 1, 1}, {"late", 1.4, 1.3, std::nan(""), 1.6}}),
                    contains("jump of profit"));
}

TEST_CASE("free entry of sums of menus", "[entry][property]") {
  // Two markets, an overhead: the same as the menu of all combinations.
  test::uniform_numbers uniform(5);
  auto const laws = test::laws();
  int solved = 0;
  for (int trial = 0; trial < 200; ++trial) {
    CAPTURE(trial);
    menu<> const home{{"", uniform(0.5, 1.5), uniform(0, 1)}},
        abroad{{"export", uniform(0.1, 0.6), uniform(0.2, 1)}, {"affiliate", uniform(0.6, 1.2), uniform(0.5, 4)}};
    double const overhead = uniform(0, 1), entry_cost = std::exp(uniform(-2, 1));
    menu<> all;
    for (auto const& a : home) {
      all.push_back({"", a.slope, a.fixed_cost + overhead});
      for (auto const& b : abroad) all.push_back({"", a.slope + b.slope, a.fixed_cost + b.fixed_cost + overhead});
    }
    for (auto const& b : abroad) all.push_back({"", b.slope, b.fixed_cost + overhead});
    using function = convex_piecewise_linear<>;
    auto const profit = max(function(home) + function(abroad) + (-overhead), {});
    auto const tail = tail_of(laws[static_cast<std::size_t>(trial) % laws.size()].second, 2.5);
    auto const one = solve_free_entry(all, tail, entry_cost, 3.5),
               sum = solve_free_entry(profit, tail, entry_cost, 3.5);
    CHECK_THAT(sum.demand, WithinRel(one.demand, 1e-12));
    CHECK_THAT(sum.expected_profit_slope, WithinRel(one.expected_profit_slope, 1e-12));
    CHECK_THAT(sum.expected_revenue, WithinRel(one.expected_revenue, 1e-12));
    ++solved;
  }
  CHECK(solved == 200);
}

TEST_CASE("the demand shifter's derivatives agree with the references", "[entry][reference]") {
  auto const file = test::reference("menu");
  auto const& base = file.at("cases").at(1);
  REQUIRE(base.at("case").get<std::string>() == "kitchen_sink_lognormal");
  auto const options = test::menu_of(base);
  auto const tail = tail_of(test::law(base.at("distribution")), number(base.at("beta")));
  auto const s = solve_free_entry(options, tail, number(base.at("entry_cost")), 4.0);
  auto const response = comparative_statics(options, s);
  int compared = 0;
  for (auto const& row : file.at("comparative_statics_lognormal").at("rows")) {
    CAPTURE(row.dump());
    auto const name = row.value("option", std::string());
    test::validates const here("menu",
                               "kitchen_sink_lognormal, slopes of demand" + (name.empty() ? "" : ", option " + name));
    if (row.contains("dA_dfe")) test::validate("by entry_cost", response.to_entry_cost, number(row.at("dA_dfe")));
    if (row.contains("dA_dfe")) CHECK_THAT(response.to_entry_cost, WithinRel(number(row.at("dA_dfe")), 1e-12));
    for (std::size_t k = 0; k < options.size(); ++k) {
      if (options[k].name != name) continue;
      test::validate("by slope", response.to_slope[k], number(row.at("dA_dslope")));
      test::validate("by fixed_cost", response.to_fixed_cost[k], number(row.at("dA_dfixed")));
      CHECK_THAT(response.to_slope[k], WithinRel(number(row.at("dA_dslope")), 1e-11));
      CHECK_THAT(response.to_fixed_cost[k], WithinRel(number(row.at("dA_dfixed")), 1e-11));
      ++compared;
    }
  }
  CHECK(compared == 5);
}

TEST_CASE("the demand shifter's derivatives are those of the solver", "[entry][property]") {
  menu<> const base{{"old", 1, 1}, {"hopeless", 0.2, 3}, {"new", 2, 2.5}, {"both", 3.2, 6}};
  for (auto const& [name, law] : test::laws()) {
    CAPTURE(name);
    auto const tail = tail_of(law, 2.5);
    double const entry_cost = 0.3;
    auto const at = [&](menu<> const& options, double cost) {
      return solve_free_entry(options, tail, cost, 3.5).demand;
    };
    auto const s = solve_free_entry(base, tail, entry_cost, 3.5);
    auto const response = comparative_statics(base, s);
    double const h = 1e-5;  // as above
    auto const near = [&](double derivative, double up, double down) {
      // A step across an atom, or a kink of the density, spoils the difference by its size.
      CHECK_THAT(derivative, WithinAbs((up - down) / (2 * h), 1e-9 * s.demand));
    };
    near(response.to_entry_cost, at(base, entry_cost + h), at(base, entry_cost - h));
    for (std::size_t k = 0; k < base.size(); ++k) {
      auto up = base, down = base;
      up[k].slope += h;
      down[k].slope -= h;
      near(response.to_slope[k], at(up, entry_cost), at(down, entry_cost));
      up[k] = down[k] = base[k];
      up[k].fixed_cost += h;
      down[k].fixed_cost -= h;
      near(response.to_fixed_cost[k], at(up, entry_cost), at(down, entry_cost));
    }
    // An iceberg cost moves the slopes of two options at once.
    CHECK_THAT(response.along({0, 0, 2, 3.2}, {0, 0, 0, 0}, 1),
               WithinRel(2 * response.to_slope[2] + 3.2 * response.to_slope[3] + response.to_entry_cost, 1e-14));
    CHECK(response.to_slope[1] == 0);
    CHECK(response.to_fixed_cost[1] == 0);
    CHECK_THROWS_WITH(response.along({0}, {0, 0, 0, 0}), test::contains("number of slopes is 1"));
  }
}

TEST_CASE("no derivatives of a solve that failed", "[entry][errors]") {
  CHECK_THROWS_WITH(comparative_statics(menu<>{{"a", 1, 1}}, melitz::menu_equilibrium<>{}),
                    test::contains("status of the equilibrium is not_solved"));
}

}  // namespace test::entry_constrained
