// SPDX-License-Identifier: BSL-1.0
#include <melitz/worlds/policy/solver.hpp>
#include <melitz/worlds/policy/trade_policy.hpp>

#include "support/catch.hpp"
#include "support/matrices.hpp"
#include "support/policy_worlds.hpp"
#include "support/reference.hpp"

#include <cmath>
#include <cstddef>
#include <limits>
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

constexpr double infinity = std::numeric_limits<double>::infinity();

/// The same world and change as one model with its sectors in a list.
melitz::trade_policy_economy<> as_one_model(policy_world<> const& world, policy_change<> const& change) {
  melitz::trade_policy_economy<> out{.sectors = {},
                                     .labor_supply_elasticity = world.labor_supply_elasticity,
                                     .revenue = world.revenue,
                                     .closure = world.closure,
                                     .new_deficit = change.deficit,
                                     .numeraire = world.numeraire,
                                     .numeraire_country = static_cast<double>(world.numeraire_country)};
  auto const n = world.countries();
  auto const of = [](trade_array<> const& x, Eigen::Index s) {
    return x.empty() ? Eigen::MatrixXd() : Eigen::MatrixXd(x.sector(s));
  };
  auto const column = [](Eigen::MatrixXd const& x, Eigen::Index s) {
    return x.size() == 0 ? Eigen::VectorXd() : Eigen::VectorXd(x.col(s));
  };
  for (Eigen::Index s = 0; s < world.sector_count(); ++s) {
    auto const& told = world.sectors[static_cast<std::size_t>(s)];
    auto& to = out.sectors.emplace_back();
    to.flows = of(world.flows, s);
    to.trade_elasticity = told.trade_elasticity;
    to.scale_elasticity = told.scale_elasticity;
    to.selection.resize(n);
    to.destination_cost_share.resize(n);
    for (Eigen::Index j = 0; j < n; ++j) {
      to.selection[j] = told.selection[j];
      to.destination_cost_share[j] = told.destination_cost_share[j];
    }
    to.entry = told.entry;
    to.tariff_on = told.tariff_on;
    to.import_tax = of(world.import_tax, s);
    to.export_tax = of(world.export_tax, s);
    to.production_tax = column(world.production_tax, s);
    to.new_import_tax = of(change.import_tax, s);
    to.new_export_tax = of(change.export_tax, s);
    to.new_production_tax = column(change.production_tax, s);
    to.iceberg_hat = of(change.iceberg_hat, s);
    to.fixed_cost_hat = of(change.fixed_cost_hat, s);
  }
  return out;
}

/// That the one model says what the solver does, to the last bit. @return how many sectors there are; 0 with inputs,
/// which it does not have
Eigen::Index check_one_model(policy_world<> const& world, policy_change<> const& change) {
  if (world.has_inputs()) return 0;
  auto const one = melitz::solve(as_one_model(world, change));
  policy_solver<> solver(world);
  REQUIRE(solver.solve(change) == status::converged);
  auto const e = solver.equilibrium();
  auto const& base = solver.baseline();
  CHECK(one.residual == e.residual);
  CHECK(one.evaluations == e.evaluations);
  CHECK(one.welfare_hat == e.welfare_hat);
  CHECK(one.real_wage_hat == e.real_wage_hat);
  CHECK(one.wage_hat == e.wage_hat);
  CHECK(one.income_hat == e.income_hat);
  CHECK(one.labor_hat == e.labor_hat);
  CHECK(one.consumer_price_hat == e.consumer_price_hat);
  CHECK(one.before.income == base.income);
  CHECK(one.before.labor_income == base.labor_income);
  CHECK(one.before.profits == base.profits);
  CHECK(one.before.tax_revenue == base.revenue);
  CHECK(one.before.deficit == base.deficit);
  CHECK(one.after.income == e.income);
  CHECK(one.after.labor_income == e.labor_income);
  CHECK(one.after.profits == e.profits);
  CHECK(one.after.tax_revenue == e.revenue);
  CHECK(one.after.deficit == e.deficit);
  CHECK_THAT(one.after.exports.sum(), WithinRel(one.after.imports.sum(), 1e-14));
  REQUIRE(static_cast<Eigen::Index>(one.sectors.size()) == world.sector_count());
  for (Eigen::Index s = 0; s < world.sector_count(); ++s) {
    auto const& sector = one.sectors[static_cast<std::size_t>(s)];
    CHECK(sector.price_hat == e.price_hat.col(s));
    CHECK(sector.entrants_hat == e.entrants_hat.col(s));
    CHECK(sector.new_flows == e.flows.sector(s));
    for (Eigen::Index j = 0; j < world.countries(); ++j) {
      CHECK_THAT(sector.new_share(0, j), WithinRel(e.share(0, j, s), 1e-14));
      CHECK_THAT(sector.share(0, j), WithinRel(world.flows(0, j, s) / base.spending(j, s), 1e-14));
    }
  }
  return world.sector_count();
}

}  // namespace

TEST_CASE("changes of policy agree with the references, and so do their derivatives", "[policy][reference]") {
  // tests/reference/policy_general.json, remade by tools/reference/policy.py.
  auto const file = test::reference("policy_general");
  int as_one = 0;
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
    as_one += check_one_model(world, change_of(c.at("shock"), world.closure)) == 3;
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
  CHECK(as_one == 20);  // of 22: those without goods as inputs
}

TEST_CASE("changes of trade costs and tariffs agree with the older references", "[policy][reference]") {
  // tests/reference/model5_hat.json, remade by tools/reference/hats.py.
  auto const file = test::reference("model5_hat");
  int with_one = 0, with_three = 0;
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
    auto const sectors = check_one_model(world, change);
    with_one += sectors == 1;
    with_three += sectors == 3;
  }
  CHECK(with_one == 2);
  CHECK(with_three == 8);  // four have goods as inputs
}

TEST_CASE("trade policy as one model: what is left out, what is refused, and gains", "[policy]") {
  melitz::trade_policy_economy<> economy{.sectors = std::vector<melitz::trade_policy_sector<>>(2)};
  auto& cars = economy.sectors[0];
  cars.flows = Eigen::Matrix3d{{80, 10, 12}, {8, 40, 6}, {14, 9, 200}};
  cars.trade_elasticity = 5;
  cars.scale_elasticity = 0.2;
  cars.import_tax = Eigen::Matrix3d{{0, 0.1, 0}, {0, 0, 0}, {0, 0, 0}};
  economy.sectors[1].flows = Eigen::Matrix3d{{50, 4, 5}, {6, 60, 9}, {4, 3, 150}};
  economy.sectors[1].trade_elasticity = 4;

  // Taxes that are left out stay; those that are 0 go.
  auto const same = melitz::solve(economy);
  CHECK(same.welfare_hat.isOnes(1e-13));
  CHECK(same.after.tax_revenue[1] > 0.9);
  cars.new_import_tax = Eigen::Matrix3d::Zero();
  CHECK(melitz::solve(economy).after.tax_revenue == Eigen::Vector3d::Zero());
  CHECK(gains_from_trade(economy) == melitz::gains_over_autarky(economy.world()).gains);
  CHECK(gains_from_trade(economy).minCoeff() > 1);

  auto const refuses = [&](auto const& spoil, std::string const& text) {
    auto wrong = economy;
    spoil(wrong);
    CHECK_THROWS_WITH(try_solve(wrong), contains(text));
  };
  refuses([](auto& e) { e.sectors.clear(); }, "number of sectors is 0; it must be at least 1");
  refuses([](auto& e) { e.sectors[0].flows.resize(0, 0); }, "number of countries is 0");
  refuses([](auto& e) { e.sectors[1].flows.resize(2, 2); }, "shape of flows is 2 x 2");
  refuses([](auto& e) { e.sectors[1].flows(2, 0) = -1; }, "flows(2, 0) is -1; it must be at least 0 and finite");
  refuses([](auto& e) { e.sectors[1].flows(2, 0) = infinity; }, "flows(2, 0) is inf");
  refuses([](auto& e) { e.sectors[1].flows.setZero(), e.sectors[0].flows.row(1).setZero(); },
          "labor income of country 1 is 0");
  refuses([](auto& e) { e.sectors[1].trade_elasticity = std::nan(""); }, "trade_elasticity is nan");
  refuses([](auto& e) { e.sectors[0].scale_elasticity = 0.3; },
          "trade_elasticity times scale_elasticity of sector 0 is 1.5");
  refuses([](auto& e) { e.sectors[0].selection = Eigen::Vector3d{0, -1, 0}; }, "selection(1) is -1");
  refuses(
      [](auto& e) {
        e.sectors[0].destination_cost_share = Eigen::Vector2d{0, 1};
      },
      "size of destination_cost_share is 2; it must be the number of countries, 3");
  refuses([](auto& e) { e.sectors[0].import_tax(1, 1) = 0.1; }, "import_tax(1, 1) is 0.1; it must be 0 at home");
  refuses([](auto& e) { e.sectors[0].new_import_tax(1, 0) = -1; }, "new_import_tax(1, 0) is -1; it must exceed -1");
  refuses([](auto& e) { e.sectors[0].new_import_tax(1, 0) = std::nan(""); }, "new_import_tax(1, 0) is nan");
  refuses([](auto& e) { e.sectors[0].new_production_tax = Eigen::Vector3d{-1, 0, 0}; }, "new_production_tax(0) is -1");
  refuses([](auto& e) { e.sectors[0].iceberg_hat = Eigen::Matrix3d::Zero(); }, "iceberg_hat(0, 0) is 0");
  refuses([](auto& e) { e.sectors[0].fixed_cost_hat = Eigen::Matrix3d::Constant(infinity); },
          "fixed_cost_hat(0, 0) is inf");
  refuses([](auto& e) { e.labor_supply_elasticity = -1; }, "labor_supply_elasticity is -1");
  refuses(
      [](auto& e) {
        e.new_deficit = Eigen::Vector3d{1, -1, 0};
      },
      "new_deficit is given; it must be left out unless closure is list");
  refuses(
      [](auto& e) {
        e.closure = policy_closure::list;
        e.new_deficit = Eigen::Vector3d{1, 0, 0};
      },
      "sum of new_deficit is 1");
  refuses(
      [](auto& e) {
        e.closure = policy_closure::zero_with_one_partner;
        e.closure_partner = 1e300;
      },
      "closure_partner is 1e+300; it must be a country, counted from 0");
  refuses(
      [](auto& e) {
        e.numeraire = policy_numeraire::wage;
        e.numeraire_country = 3;
      },
      "numeraire_country is 3; it must be a country");

  economy.closure = policy_closure::list;  // without a list nobody has a deficit
  CHECK(melitz::solve(economy).after.deficit.isZero(1e-12));
  for (auto& s : economy.sectors) {  // countries that do not trade
    s.iceberg_hat = Eigen::Matrix3d::Constant(infinity);
    s.iceberg_hat.diagonal().setOnes();
  }
  auto const apart = try_solve(economy);
  CHECK(apart.reason == status::disconnected);
  CHECK(apart.welfare_hat.array().isNaN().all());
  REQUIRE(apart.sectors.size() == 2);
  CHECK(apart.sectors[1].new_flows.array().isNaN().all());
  CHECK(apart.sectors[1].share.rows() == 3);
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
