// SPDX-License-Identifier: BSL-1.0
#include <melitz/worlds/melitz/derivatives.hpp>
#include <melitz/worlds/melitz/outside_good.hpp>
#include <melitz/worlds/melitz/solve_world.hpp>

#include "support/catch.hpp"
#include "support/laws.hpp"
#include "support/matrices.hpp"
#include "support/reference.hpp"

#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

// tests/reference/world.json, remade by tools/reference/world.py: cases of worlds, and what is derived from them.
namespace test::world_reference {

using melitz::solve;
using melitz::tariff_base;
using melitz::world_economy;
using test::matrix_of;
using test::number;
using test::vector_of;

namespace {

struct given {
  world_economy<> economy;
  std::vector<melitz::any_law<double>> laws;
};

given world_of(json const& p) {
  given out{{.elasticity = number(p.at("sigma")),
             .labor = vector_of(p.at("L")),
             .entry_cost = vector_of(p.at("fe")),
             .iceberg_cost = matrix_of(p.at("tau")),
             .fixed_cost = matrix_of(p.at("f")),
             .source_labor_share = number(p.at("source_labour_share_a"))},
            test::laws_of(p.at("dists"))};
  if (p.contains("beta")) return out;
  out.economy.deficit = vector_of(p.at("D"));
  if (!p.contains("tariff")) return out;
  out.economy.tariff = matrix_of(p.at("tariff"));
  auto const base = p.at("tariff_on").get<std::string>();
  if (base == to_string(tariff_base::production_cost)) out.economy.tariff_on = tariff_base::production_cost;
  REQUIRE(to_string(out.economy.tariff_on) == base);
  return out;
}

/// The case of this name.
json const& named(json const& cases, json const& name) {
  for (auto const& c : cases) {
    if (c.at("name") == name) return c;
  }
  throw std::runtime_error("no such case");
}

/// Compares what a file holds under this key.
struct comparison {
  json const& expected;
  double tolerance;

  void countries(Eigen::VectorXd const& values, char const* key) const {
    test::check_within(values, vector_of(expected.at(key)), tolerance, key);
  }
  void pairs(Eigen::MatrixXd const& values, char const* key) const {
    test::check_within(values, matrix_of(expected.at(key)), tolerance, key);
  }
  void all(melitz::world_equilibrium<> const& e) const {
    countries(e.wage, "w");
    countries(e.demand, "B");
    countries(e.mass_entrants, "M_entrants");
    countries(e.expenditure, "expenditure");
    countries(e.price_index, "price_index");
    countries(e.welfare, "real_expenditure_per_capita");
    pairs(e.cutoff, "cutoff");
    pairs(e.mass_firms, "n_firms");
    pairs(e.sales, "trade");
    pairs(e.share, "lambda_");
    pairs(e.trade_elasticity, "partial_trade_elasticity");
  }
};

}  // namespace

TEST_CASE("worlds in general equilibrium agree with the references", "[world][reference]") {
  auto const file = test::reference("world");
  int tariffs = 0;
  for (auto const& c : file.at("general")) {
    CAPTURE(c.at("name").get<std::string>());
    auto const [economy, laws] = world_of(c.at("params"));
    auto const e = solve(economy, laws);
    comparison const same{c.at("outputs"), 1e-13};
    same.all(e);
    CHECK(e.residuals.largest() < 1e-12);
    CHECK(e.error_estimate < 1e-12);
    if (economy.tariff.size() == 0) {
      CHECK(e.tariff_revenue.isZero(0));
    } else {
      same.countries(e.tariff_revenue, "tariff_revenue");
      ++tariffs;
    }
  }
  CHECK(file.at("general").size() == 17);
  CHECK(tariffs == 8);
}

TEST_CASE("worlds with an outside good agree with the references", "[world][reference]") {
  auto const file = test::reference("world");
  int empty = 0;
  for (auto const& c : file.at("outside_good")) {
    CAPTURE(c.at("name").get<std::string>());
    auto const& p = c.at("params");
    auto const [economy, laws] = world_of(p);
    melitz::outside_good<> const outside{vector_of(p.at("w")), vector_of(p.at("beta"))};
    auto const e = solve(economy, outside, laws, {.allow_no_entrants = true});
    comparison const same{c.at("outputs"), 1e-13};
    same.all(e);
    same.countries(e.profit_over_entry_cost, "profit_over_entry_cost");
    same.countries(e.outside_labor, "labor_outside");
    same.countries(e.real_wage, "real_wage_outside_numeraire");
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
    if (name == "tau") by.iceberg_cost = pair;
    if (name == "f") by.fixed_cost = pair;
    if (name == "tariff") by.tariff = pair;
    if (name == "L") by.labor = country;
    if (name == "fe") by.entry_cost = country;
    if (name == "D") by.deficit = country;
    auto d = derivatives(economy, laws, solve(economy, laws)).response(by);
    CHECK(std::abs(d.wage[0]) < 1e-15);  // the numeraire
    d.wage[0] = 0;
    comparison const same{row, 2e-12};
    same.countries(d.wage, "dln_wage");
    same.countries(d.mass_entrants, "dln_entrants");
    same.countries(d.welfare, "dln_welfare");
    same.pairs(d.cutoff, "dln_cutoff");
    same.pairs(d.mass_firms, "dln_firms");
    same.pairs(d.sales, "dln_trade");
    same.pairs(d.share, "dln_lambda");
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
    comparison const same{row, 1e-13};
    same.countries(after.wage.cwiseQuotient(before.wage), "wage");
    same.countries(after.price_index.cwiseQuotient(before.price_index), "price_index");
    same.countries(after.welfare.cwiseQuotient(before.welfare), "welfare");
    same.pairs(after.share, "lambda_");
  }
  CHECK(file.at("changes").size() == 1);
}

}  // namespace test::world_reference
