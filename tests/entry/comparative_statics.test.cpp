// SPDX-License-Identifier: BSL-1.0
#include <melitz/entry/comparative_statics.hpp>

#include "support/catch.hpp"
#include "support/laws.hpp"
#include "support/reference.hpp"

#include <cmath>

using melitz::comparative_statics;
using melitz::menu;
using melitz::solve_free_entry;
using melitz::tail_of;
using test::number;
using test::WithinAbs;
using test::WithinRel;

TEST_CASE("the demand shifter's derivatives agree with the references", "[entry][reference]") {
  auto const file = test::reference("menu");
  auto const& base = file.at("cases").at(1);
  REQUIRE(base.at("case").get<std::string>() == "kitchen_sink_lognormal");
  menu<> options;
  for (auto const& o : base.at("options")) {
    auto const name = o.at("name").get<std::string>();
    if (name != "collinear" && name != "exit") options.push_back({name, number(o.at("slope")), number(o.at("fixed"))});
  }
  auto const tail = tail_of(test::law(base.at("distribution")), number(base.at("beta")));
  auto const s = solve_free_entry(options, tail, number(base.at("entry_cost")), 4.0);
  auto const response = comparative_statics(options, s);
  int compared = 0;
  for (auto const& row : file.at("comparative_statics_lognormal").at("rows")) {
    CAPTURE(row.dump());
    auto const name = row.value("option", std::string());
    if (row.contains("dA_dfe")) CHECK_THAT(response.to_entry_cost, WithinRel(number(row.at("dA_dfe")), 1e-12));
    for (std::size_t k = 0; k < options.size(); ++k) {
      if (options[k].name != name) continue;
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
    double const h = 1e-5;
    auto const near = [&](double derivative, double up, double down) {
      // A step across an atom, or a kink of the density, spoils the difference by its size.
      CHECK_THAT(derivative, WithinAbs((up - down) / (2 * h), 1e-6 * s.demand));
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
