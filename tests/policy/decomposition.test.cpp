// SPDX-License-Identifier: BSL-1.0
#include <melitz/worlds/policy/decomposition.hpp>

#include "support/catch.hpp"
#include "support/policy_reference.hpp"

#include <limits>
#include <string>

namespace test::policy_decomposition {

namespace {

policy_world<> world_of(json const& inputs, json const& c) {
  auto out = policy_world_of(c.at("sectors"), pairs_of(inputs.at("X")));
  out.import_tax = pairs_of(inputs.at("import_tax"));
  out.export_tax = pairs_of(inputs.at("export_tax"));
  out.production_tax = matrix_of(inputs.at("production_tax"));
  return out;
}

policy_change<> change_of(json const& shock) {
  policy_change<> out;
  out.import_tax = pairs_of(shock.at("import_tax"));
  out.export_tax = pairs_of(shock.at("export_tax"));
  out.production_tax = matrix_of(shock.at("production_tax"));
  out.iceberg_hat = pairs_of(shock.at("tau_hat"));
  out.fixed_cost_hat = pairs_of(shock.at("f_hat"));
  return out;
}

void check_part(Eigen::VectorXd const& part, json const& expected, std::string const& name) {
  REQUIRE(part.size() == static_cast<Eigen::Index>(expected.size()));
  for (Eigen::Index j = 0; j < part.size(); ++j) {
    CAPTURE(name, j);
    CHECK_THAT(part[j], WithinAbs(number(expected.at(static_cast<std::size_t>(j))), 1e-12));
  }
}

}  // namespace

TEST_CASE("what changes of real income are made of agrees with the references", "[policy][decomposition][reference]") {
  // tests/reference/policy_decomposition.json, remade by tools/reference/policy_decomposition.py.
  auto const file = test::reference("policy_decomposition");
  for (auto const& c : file.at("cases")) {
    CAPTURE(c.at("name").get<std::string>());
    auto const world = world_of(file.at("inputs"), c);
    auto const change = change_of(c.at("shock"));
    auto const parts = melitz::decompose_along_path(world, change);
    REQUIRE(parts);
    auto const& expected = c.at("outputs");
    check_part(parts.terms_of_trade, expected.at("terms_of_trade"), "terms_of_trade");
    check_part(parts.trade_costs, expected.at("trade_costs"), "trade_costs");
    check_part(parts.fiscal_volume, expected.at("fiscal_volume"), "fiscal_volume");
    check_part(parts.scale, expected.at("scale"), "scale");
    check_part(parts.profits, expected.at("profits"), "profits");
    check_part(parts.selection, expected.at("selection"), "selection");
    check_part(parts.market_services, expected.at("market_services"), "market_services");
    check_part(parts.deficit, expected.at("deficit"), "deficit");
    check_part(parts.labor, expected.at("labour"), "labor");
    check_part(parts.log_real_income, expected.at("log_real_income"), "log_real_income");
    CHECK((parts.sum() - parts.log_real_income).cwiseAbs().maxCoeff() < 1e-13);
    if (!expected.contains("caliendo_parro_first_order")) continue;
    melitz::policy_solver<> solver(world);
    auto const full = melitz::detail::filled(change, solver.unchanged());
    REQUIRE(solver.solve(full) == melitz::status::converged);
    for (auto const kind : {melitz::first_order_changes::percent, melitz::first_order_changes::log}) {
      auto const name = kind == melitz::first_order_changes::percent ? "percent" : "log";
      auto const& published = expected.at("caliendo_parro_first_order").at(name);
      auto const first = melitz::caliendo_parro_parts(solver, full, solver.equilibrium(), kind);
      check_part(first.terms_of_trade, published.at("terms_of_trade"), name);
      check_part(first.volume_of_trade, published.at("volume_of_trade"), name);
      if (change.iceberg_hat.values() == solver.unchanged().iceberg_hat.values()) {
        CHECK(first.trade_costs.isZero(0));
      } else {
        CHECK(first.trade_costs.cwiseAbs().maxCoeff() > 1e-4);
      }
    }
  }
}

TEST_CASE("the parts sum to the change where deficits move and labor is supplied elastically",
          "[policy][decomposition]") {
  uniform_numbers random(20260117);
  int solved = 0;
  for (int k = 0; k < 12; ++k) {
    std::vector<policy_sector<>> sectors;
    for (int s = 0; s < 3; ++s) sectors.push_back(sector_of_kind((k + 2 * s) % 9, random, 4));
    for (auto& s : sectors) s.tariff_on = melitz::tariff_base::delivered_price;
    auto world = random_world(random, 4, sectors, {.inputs = k % 2 == 1, .labor_supply = k % 3 == 0 ? 0.4 : 0});
    world.closure = k % 4 < 2 ? melitz::policy_closure::zero : melitz::policy_closure::share_of_world_income;
    for (auto& g : world.input_share) g *= 0.4;  // so that nobody buys more than is made
    if (world.has_inputs()) world.labor_share = (1 - 0.4 * (1 - world.labor_share.array())).matrix();
    policy_change<> change;
    change.import_tax = world.import_tax;
    for (Eigen::Index i = 1; i < 4; ++i) change.import_tax(i, 0, k % 3) += 0.15;
    change.iceberg_hat = trade_array<>(4, 3, 1.0);
    change.iceberg_hat(2, 1, 1) = 0.9;
    auto const parts = melitz::decompose_along_path(world, change);
    if (!parts) continue;  // a sector that lost all its firms in one of Krugman's or Melitz's kind
    ++solved;
    CAPTURE(k);
    CHECK((parts.sum() - parts.log_real_income).cwiseAbs().maxCoeff() < 1e-10);
    if (world.closure == melitz::policy_closure::zero) CHECK(parts.deficit.cwiseAbs().maxCoeff() > 1e-6);
    if (k % 3 == 0) CHECK(parts.labor.cwiseAbs().maxCoeff() > 1e-9);
  }
  CHECK(solved >= 10);
}

TEST_CASE("decompositions refuse what they cannot split", "[policy][decomposition][errors]") {
  auto const file = test::reference("policy_decomposition");
  auto const& c = file.at("cases").at(0);
  auto world = world_of(file.at("inputs"), c);
  auto change = change_of(c.at("shock"));
  CHECK_THROWS_WITH(melitz::decompose_along_path(world, change, 0), contains("panels is 0"));
  change.iceberg_hat(0, 1, 0) = std::numeric_limits<double>::infinity();
  CHECK_THROWS_WITH(melitz::decompose_along_path(world, change), contains("iceberg_hat is inf; it must be finite"));
  world.sectors[1].tariff_on = melitz::tariff_base::production_cost;
  CHECK_THROWS_WITH(melitz::decompose_along_path(world, change), contains("tariff_on of sector 1"));
}

}  // namespace test::policy_decomposition
