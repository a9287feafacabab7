// SPDX-License-Identifier: BSL-1.0
#include <melitz/worlds/policy/solver.hpp>

#include "support/catch.hpp"
#include "support/matrices.hpp"
#include "support/policy_worlds.hpp"
#include "support/reference.hpp"

#include <string>
#include <vector>

namespace test::policy_reference {

using melitz::entry_rule;
using melitz::policy_change;
using melitz::policy_closure;
using melitz::policy_numeraire;
using melitz::policy_solver;
using melitz::policy_world;
using melitz::status;
using melitz::tariff_base;

namespace {

/// The inputs at the top of policy_general.json under a case's sectors.
policy_world<> world_of(json const& inputs, json const& c) {
  auto const& told = c.at("sectors");
  policy_world<> out;
  out.flows = pairs_of(inputs.at("X"));
  out.import_tax = pairs_of(inputs.at("import_tax"));
  out.export_tax = pairs_of(inputs.at("export_tax"));
  out.production_tax = matrix_of(inputs.at("production_tax"));
  Eigen::MatrixXd const eta = matrix_of(told.at("eta")), nu = matrix_of(told.at("destination_cost_share"));
  for (std::size_t s = 0; s < told.at("trade_elasticity").size(); ++s) {
    auto const column = static_cast<Eigen::Index>(s);
    policy_sector<> one{.trade_elasticity = number(told.at("trade_elasticity").at(s)),
                        .scale_elasticity = number(told.at("scale_elasticity").at(s)),
                        .selection = Eigen::VectorXd(eta.col(column)),
                        .destination_cost_share = Eigen::VectorXd(nu.col(column))};
    if (told.at("entry").at(s) == "restricted") one.entry = entry_rule::fixed;
    if (told.at("tariff_convention").at(s) == "C") one.tariff_on = tariff_base::production_cost;
    out.sectors.push_back(one);
  }
  if (!told.at("labour_share").is_null()) {
    out.labor_share = matrix_of(told.at("labour_share"));
    for (auto const& g : told.at("input_share")) out.input_share.push_back(matrix_of(g));
  }
  out.labor_supply_elasticity = number(told.at("labour_supply_elasticity"));
  if (told.at("revenue") == "income_tax_cut") out.revenue = melitz::policy_revenue::income_tax_cut;
  auto const& shock = c.at("shock");
  if (shock.at("closure") == "share") {
    out.closure = policy_closure::share_of_world_income;
  } else {
    out.closure = policy_closure::list;
  }
  if (shock.at("numeraire").is_number()) {
    out.numeraire = policy_numeraire::wage;
    out.numeraire_country = shock.at("numeraire").get<int>();
  } else if (shock.at("numeraire") == "mean_price") {
    out.numeraire = policy_numeraire::mean_price;
  }
  return out;
}

policy_change<> change_of(json const& shock, policy_closure closure) {
  policy_change<> out;
  out.import_tax = pairs_of(shock.at("import_tax"));
  out.export_tax = pairs_of(shock.at("export_tax"));
  out.production_tax = matrix_of(shock.at("production_tax"));
  if (!shock.at("tau_hat").is_null()) out.iceberg_hat = pairs_of(shock.at("tau_hat"));
  if (!shock.at("f_hat").is_null()) out.fixed_cost_hat = pairs_of(shock.at("f_hat"));
  if (closure == policy_closure::list) out.deficit = vector_of(shock.at("deficit"));
  return out;
}

}  // namespace

TEST_CASE("changes of policy agree with the references, and so do their derivatives", "[policy][reference]") {
  // tests/reference/policy_general.json, remade by tools/reference/policy.py.
  auto const file = test::reference("policy_general");
  for (auto const& c : file.at("cases")) {
    auto const name = c.at("name").get<std::string>();
    CAPTURE(name);
    auto const world = world_of(file.at("inputs"), c);
    policy_solver<> solver(world);
    auto const& told = c.at("baseline");
    auto const& base = solver.baseline();
    agree(base.labor_income, vector_of(told.at("labour_income")), 1e-14, "labor income");
    agree(base.income, vector_of(told.at("income")), 1e-14, "income");
    agree(base.final_share, matrix_of(told.at("beta")), 1e-13, "final share");
    CHECK((base.deficit - vector_of(told.at("deficit"))).cwiseAbs().maxCoeff() < 1e-12);
    CHECK((base.revenue - vector_of(told.at("revenue"))).cwiseAbs().maxCoeff() < 1e-13);
    CHECK((base.profits - vector_of(told.at("profits"))).cwiseAbs().maxCoeff() < 1e-13);

    REQUIRE(solver.solve(change_of(c.at("shock"), world.closure)) == status::converged);
    auto const e = solver.equilibrium();
    auto const& out = c.at("outputs");
    CHECK(e.residual < 1e-12);
    CHECK(e.evaluations < 80);
    agree(e.wage_hat, vector_of(out.at("wage_hat")), 1e-11, "wage");
    agree(e.income_hat, vector_of(out.at("income_hat")), 1e-11, "income");
    agree(e.labor_hat, vector_of(out.at("labour_hat")), 1e-11, "labor");
    agree(e.price_hat, matrix_of(out.at("price_hat")), 1e-11, "price");
    agree(e.consumer_price_hat, vector_of(out.at("consumer_price_hat")), 1e-11, "consumer price");
    agree(e.welfare_hat, vector_of(out.at("welfare_hat")), 1e-11, "welfare");
    agree(e.entrants_hat, matrix_of(out.at("scale_hat")), 1e-11, "entrants");
    agree(e.labor_income, vector_of(out.at("labour_income_new")), 1e-11, "labor income");
    CHECK((e.revenue - vector_of(out.at("revenue_new"))).cwiseAbs().maxCoeff() < 1e-9);
    CHECK((e.profits - vector_of(out.at("profits_new"))).cwiseAbs().maxCoeff() < 1e-9);
    CHECK((e.deficit - vector_of(out.at("deficit_new"))).cwiseAbs().maxCoeff() < 1e-10);
    check_pairs(e.flows, pairs_of(out.at("X_new")), 1e-10, "flows");
    if (out.contains("welfare_hat_without_tax_term_in_disutility")) {
      agree(e.welfare_hat_without_tax_term, vector_of(out.at("welfare_hat_without_tax_term_in_disutility")), 1e-11,
            "welfare as published code has it");
    }
    if (c.contains("no_entrants")) {
      REQUIRE(e.exits.size() == c.at("no_entrants").size());
      CHECK(e.exits[0].country == c.at("no_entrants").at(0).at(0).get<int>());
      CHECK(e.exits[0].sector == c.at("no_entrants").at(0).at(1).get<int>());
      auto const value = matrix_of(out.at("entrant_value_over_cost"));
      CHECK_THAT(e.exits[0].entrant_value, WithinRel(value(e.exits[0].country, e.exits[0].sector), 1e-10));
    } else {
      CHECK(e.exits.empty());
    }
    if (!c.contains("gradient") || c.at("gradient").is_null()) continue;
    auto const& slopes = c.at("gradient");
    auto const of = slopes.at("of").get<std::string>();
    REQUIRE(of.substr(0, of.size() - 1) == "ln welfare of country ");
    auto const g = solver.gradient({.log_welfare = Eigen::Vector4d::Unit(of.back() - '0')});
    check_pairs(g.log_import_tax, pairs_of(slopes.at("by_ln_one_plus_import_tax")), 1e-9, "import tax", 0.1);
    check_pairs(g.log_export_tax, pairs_of(slopes.at("by_ln_one_plus_export_tax")), 1e-9, "export tax", 0.1);
    check_pairs(g.log_iceberg, pairs_of(slopes.at("by_ln_tau")), 1e-9, "iceberg", 0.1);
    check_pairs(g.log_fixed_cost, pairs_of(slopes.at("by_ln_f")), 1e-9, "fixed cost", 0.1);
    auto const by_production = matrix_of(slopes.at("by_ln_one_plus_production_tax"));
    CHECK((g.log_production_tax - by_production).cwiseAbs().maxCoeff() < 1e-10);
  }
}

TEST_CASE("changes of trade costs and tariffs agree with the older references", "[policy][reference]") {
  // tests/reference/model5_hat.json, remade by tools/reference/hats.py.
  auto const file = test::reference("model5_hat");
  for (auto const& c : file.at("cases")) {
    auto const name = c.at("name").get<std::string>();
    CAPTURE(name);
    policy_world<> world;
    world.flows = pairs_of_sectors(c.at("X"));
    world.import_tax = pairs_of_sectors(c.at("baseline_tariffs"));
    for (auto const& s : c.at("sectors")) {
      double const elasticity = number(s.at("trade_elasticity"));
      auto sector = policy_sector<>::armington(elasticity);
      if (s.at("type") == "krugman") sector = policy_sector<>::krugman(elasticity);
      if (s.at("type") == "melitz") sector = policy_sector<>::melitz_pareto(elasticity, number(s.at("sigma")));
      if (c.at("tariff_convention") == "C") sector.tariff_on = tariff_base::production_cost;
      world.sectors.push_back(sector);
    }
    if (!c.at("io_share_input_k_in_sector_s").is_null()) {
      world.labor_share = matrix_of(c.at("labor_cost_share"));
      for (auto const& g : c.at("io_share_input_k_in_sector_s")) world.input_share.push_back(matrix_of(g));
    }
    world.closure = policy_closure::list;
    policy_change<> change;
    change.import_tax = pairs_of_sectors(c.at("shock").at("new_tariffs"));
    change.iceberg_hat = pairs_of_sectors(c.at("shock").at("tau_hat"));
    if (!c.at("shock").at("f_hat").is_null()) change.fixed_cost_hat = pairs_of_sectors(c.at("shock").at("f_hat"));
    change.deficit = vector_of(c.at("shock").at("new_deficit"));

    auto const e = melitz::solve(world, change);
    auto const& out = c.at("outputs");
    agree(e.wage_hat, vector_of(out.at("w_hat")), 1e-11, "wage");
    agree(e.entrants_hat, matrix_of(out.at("N_hat")), 1e-11, "entrants");
    agree(e.price_hat, matrix_of(out.at("P_hat")), 1e-11, "price");
    agree(e.income_hat, vector_of(out.at("income_hat")), 1e-11, "income");
    agree(e.welfare_hat, vector_of(out.at("welfare_hat")), 1e-11, "welfare");
    agree(e.real_wage_hat, vector_of(out.at("real_wage_hat")), 1e-11, "real wage");
    check_pairs(e.flows, pairs_of_sectors(out.at("X_new")), 1e-11, "flows");
  }
}

TEST_CASE("two worlds in levels, and the change between them", "[policy][world][reference]") {
  // Pareto laws of one shape, all cutoffs inside the supports. The levels are those of tests/reference/world.json, with
  // which tests/worlds agrees; the change needs the flows and tariffs of the first world and no other level.
  auto const file = test::reference("world");
  auto const& cases = file.at("general");
  auto const named = [&](std::string const& name) -> json const& {
    for (auto const& c : cases) {
      if (c.at("name") == name) return c;
    }
    throw std::runtime_error("no case " + name);
  };
  for (auto const& name : {"pareto3_tariff", "pareto3_services_on_cost"}) {
    CAPTURE(name);
    auto const &before = named(name), &after = named(std::string(name) + "_war");
    auto const &p = before.at("params"), &q = after.at("params");
    auto const &one = before.at("outputs"), &two = after.at("outputs");
    policy_world<> world{
        .sectors = {policy_sector<>::melitz_pareto(number(p.at("dists").at(0).at("shape")), number(p.at("elasticity")),
                                                   entry_rule::free, 1 - number(p.at("source_labor_share")))},
        .flows = trade_array<>(3, 1),
        .import_tax = trade_array<>(3, 1),
        .closure = policy_closure::list,
        .numeraire = policy_numeraire::wage};
    if (p.at("tariff_on") == "production_cost") world.sectors[0].tariff_on = tariff_base::production_cost;
    world.flows.sector(0) = matrix_of(one.at("sales"));
    world.import_tax.sector(0) = matrix_of(p.at("tariff"));
    policy_change<> change;
    change.import_tax = change.iceberg_hat = change.fixed_cost_hat = trade_array<>(3, 1);
    change.import_tax.sector(0) = matrix_of(q.at("tariff"));
    change.iceberg_hat.sector(0) = matrix_of(q.at("iceberg_cost")).cwiseQuotient(matrix_of(p.at("iceberg_cost")));
    change.fixed_cost_hat.sector(0) = matrix_of(q.at("fixed_cost")).cwiseQuotient(matrix_of(p.at("fixed_cost")));
    change.deficit = vector_of(q.at("deficit"));
    policy_solver<> solver(world);
    auto const hat = [&](char const* what) -> Eigen::VectorXd {
      return vector_of(two.at(what)).cwiseQuotient(vector_of(one.at(what)));
    };
    agree(solver.baseline().labor_income, vector_of(one.at("wage")).cwiseProduct(vector_of(p.at("labor"))), 1e-13,
          "labor income");
    CHECK((solver.baseline().deficit - vector_of(p.at("deficit"))).cwiseAbs().maxCoeff() < 1e-12);
    REQUIRE(solver.solve(change) == status::converged);
    auto const e = solver.equilibrium();
    agree(e.flows.sector(0), matrix_of(two.at("sales")), 1e-11, "sales");
    agree(e.wage_hat, hat("wage"), 1e-11, "wage");
    agree(e.welfare_hat, hat("welfare"), 1e-11, "welfare");
    agree(e.consumer_price_hat, hat("price_index"), 1e-11, "price index");
    agree(e.entrants_hat, hat("mass_entrants"), 1e-11, "entrants");
  }
}

}  // namespace test::policy_reference
