// SPDX-License-Identifier: BSL-1.0
#include <melitz/worlds/melitz/derivatives.hpp>
#include <melitz/worlds/melitz/outside_good.hpp>
#include <melitz/worlds/melitz/solve_world.hpp>

#include "support/catch.hpp"
#include "support/laws.hpp"
#include "support/matrices.hpp"
#include "support/reference.hpp"
#include "support/told.hpp"

#include <cmath>
#include <stdexcept>
#include <string>

// tests/reference/world.json, remade by tools/reference/world.py: cases of worlds, and what is derived from them.
namespace test::world_reference {

using melitz::solve;
using melitz::world_economy;

namespace {

struct given {
  world_economy<> economy;
  melitz::by_country<melitz::any_law<double>> laws;
};

given world_of(json const& p) { return {test::economy_from<world_economy<>>(p), {test::laws_of(p.at("dists"))}}; }

/// The case of this name.
json const& named(json const& cases, json const& name) {
  for (auto const& c : cases) {
    if (c.at("name") == name) return c;
  }
  throw std::runtime_error("no such case");
}

}  // namespace

TEST_CASE("worlds in general equilibrium agree with the references", "[world][reference]") {
  auto const file = test::reference("world");
  int tariffs = 0;
  for (auto const& c : file.at("general")) {
    CAPTURE(c.at("name").get<std::string>());
    auto const [economy, laws] = world_of(c.at("params"));
    auto const e = solve(economy, laws);
    test::validates const here("world", c.at("name"));
    CHECK(test::compare_all(c.at("outputs"), e, 1e-13) == (economy.tariff.size() == 0 ? 11 : 12));
    CHECK(e.residual < 1e-12);
    CHECK(e.error_estimate < 1e-12);
    if (economy.tariff.size() == 0) {
      CHECK(e.tariff_revenue.isZero(0));
    } else {
      ++tariffs;
    }
  }
  CHECK(file.at("general").size() == 19);
  CHECK(tariffs == 10);
}

TEST_CASE("worlds with an outside good agree with the references", "[world][reference]") {
  auto const file = test::reference("world");
  int empty = 0;
  for (auto const& c : file.at("outside_good")) {
    CAPTURE(c.at("name").get<std::string>());
    auto const& p = c.at("params");
    auto [economy, laws] = world_of(p);
    economy.deficit.resize(0);
    auto const outside = test::economy_from<melitz::outside_good<>>(p);
    melitz::world_with_outside_good_economy<> const both{economy, outside};
    auto const e = solve(both, laws, {.allow_no_entrants = true});
    test::validates const here("world", c.at("name"));
    CHECK(test::compare_all(c.at("outputs"), e, 1e-13) == 13);
    empty += (e.mass_entrants.array() == 0).any() ? 1 : 0;
  }
  CHECK(file.at("outside_good").size() == 4);
  CHECK(empty == 2);
}

TEST_CASE("derivatives of a world agree with the references", "[world][reference]") {
  auto const file = test::reference("world");
  for (auto const& row : file.at("derivatives")) {
    auto const& shock = row.at("shock");
    auto const name = shock.at("of").get<std::string>();
    CAPTURE(row.at("of_case").get<std::string>(), name);
    auto const [economy, laws] = world_of(named(file.at("general"), row.at("of_case")).at("params"));
    auto const n = economy.countries();
    auto const i = shock.at("i").get<Eigen::Index>();
    Eigen::MatrixXd pair = Eigen::MatrixXd::Zero(n, n);
    if (shock.contains("j")) pair(i, shock.at("j").get<Eigen::Index>()) = 1;
    Eigen::VectorXd const country = Eigen::VectorXd::Unit(n, i);
    melitz::world_changes<> by;
    if (name == "iceberg_cost") by.iceberg_cost = pair;
    if (name == "fixed_cost") by.fixed_cost = pair;
    if (name == "tariff") by.tariff = pair;
    if (name == "labor") by.labor = country;
    if (name == "entry_cost") by.entry_cost = country;
    if (name == "deficit") by.deficit = country;
    auto d = derivatives(economy, laws, solve(economy, laws)).response(by);
    CHECK(std::abs(d.wage[0]) < 1e-15);  // the numeraire
    d.wage[0] = 0;
    test::validates const here("world", "slopes of " + row.at("of_case").get<std::string>() + " by " + name + " " +
                                            shock.at("i").dump() +
                                            (shock.contains("j") ? "-" + shock.at("j").dump() : ""));
    CHECK(test::compare_all(row, d, 2e-12) == 7);
  }
  CHECK(file.at("derivatives").size() == 15);
}

TEST_CASE("levels change as exact hat algebra says", "[world][reference]") {
  // Dekle, Eaton and Kortum (2008) need flows and tariffs alone, no productivity.
  auto const file = test::reference("world");
  for (auto const& row : file.at("changes")) {
    auto const [old_economy, old_laws] = world_of(named(file.at("general"), row.at("from_case")).at("params"));
    auto const [new_economy, new_laws] = world_of(named(file.at("general"), row.at("to_case")).at("params"));
    auto const before = solve(old_economy, old_laws), after = solve(new_economy, new_laws);
    auto change = after;
    change.wage = after.wage.cwiseQuotient(before.wage);
    change.price_index = after.price_index.cwiseQuotient(before.price_index);
    change.welfare = after.welfare.cwiseQuotient(before.welfare);
    test::validates const here("world", "changes from " + row.at("from_case").get<std::string>() + " to " +
                                            row.at("to_case").get<std::string>());
    CHECK(test::compare_all(row, change, 1e-13) == 4);
  }
  CHECK(file.at("changes").size() == 1);
}

}  // namespace test::world_reference
