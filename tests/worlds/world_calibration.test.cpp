// SPDX-License-Identifier: BSL-1.0
#include <melitz/tail/erased.hpp>
#include <melitz/worlds/melitz/calibration/calibrate.hpp>
#include <melitz/worlds/melitz/calibration/counterfactual.hpp>
#include <melitz/worlds/melitz/derivatives.hpp>
#include <melitz/worlds/policy/solver.hpp>

#include "support/catch.hpp"
#include "support/laws.hpp"
#include "support/matrices.hpp"
#include "support/random.hpp"
#include "support/reference.hpp"
#include "support/told.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// tests/reference/calibrated_world.json, remade by tools/reference/calibrated_world.py, and what must hold of any data.
namespace test::calibration {

using melitz::any_law;
using melitz::calibrate;
using melitz::log_moment_quantile;
using melitz::pareto;
using melitz::scale_rule;
using melitz::world_economy;
using melitz::world_targets;

namespace {

// Whatever laws they are, one type: what is compiled for it serves all.
using law_type = melitz::erased_law<double>;
using laws = melitz::by_country<law_type>;
using found_world = melitz::calibrated_world<double, law_type>;

laws by(std::vector<any_law<double>> const& each) {
  laws out;
  for (auto const& law : each) out.laws.emplace_back(law);
  return out;
}
laws laws_in(json const& c) { return by(laws_of(c.at("dists"))); }

/// The economy after one of the file's shocks: "tau_minus_10", "fixed_minus_20", "tariff_plus_10_by_0".
world_economy<> shocked(world_economy<> economy, std::string const& shock) {
  bool const plus = shock.find("_plus_") != std::string::npos;
  double const change =
      (plus ? 1 : -1) * std::stod(shock.substr(shock.find(plus ? "plus_" : "minus_") + (plus ? 5 : 6))) / 100;
  auto const n = economy.countries();
  for (Eigen::Index i = 0; i < n; ++i) {
    for (Eigen::Index j = 0; j < n; ++j) {
      if (i == j) continue;
      if (shock.starts_with("tau")) economy.iceberg_cost(i, j) *= 1 + change;
      if (shock.starts_with("fixed")) economy.fixed_cost(i, j) *= 1 + change;
      if (shock.starts_with("tariff") && j == 0) economy.tariff(i, j) += change;
    }
  }
  return economy;
}

/// The four countries of the references, whose laws and shares a test may change.
world_targets<> four() {
  world_targets<> out{.elasticity = 4};
  out.sales.resize(4, 4);
  out.sales << 400, 10.462026, 17.255516, 15.411498, 21.182428, 180, 10.483696, 0, 8.06099, 10.990312, 260, 22.328364,
      24.96788, 13.00164, 0, 90;
  out.tariff.resize(4, 4);
  out.tariff << 0, 0.04, 0.06, 0.08, 0.05, 0, 0.02, 0.04, 0.08, 0.03, 0, 0.07, 0.04, 0.06, 0.08, 0;
  out.share_producing = Eigen::Vector4d{0.3, 0.2, 0.25, 0.35};
  out.share_selling.resize(4, 4);
  out.share_selling << 1, 0.07, 0.1, 0.13, 0.09, 1, 0.15, 0, 0.14, 0.17, 1, 0.06, 0.19, 0.05, 0, 1;
  return out;
}

/// The same with fixed costs that are assumed.
world_targets<> with_fixed_costs(world_targets<> seen) {
  seen.share_selling.resize(0, 0);
  seen.fixed_cost.resize(4, 4);
  seen.fixed_cost << 1, 0.7, 0.8, 0.9, 0.8, 1, 1, 0.6, 1, 0.6, 1, 0.8, 0.7, 0.8, 0.9, 1;
  return seen;
}

laws mixed() {
  using two = melitz::mixture<melitz::family_law<>>;
  return by({pareto<>{1, 4.6}, melitz::lognormal<>{0, 0.7}, melitz::bounded_pareto<>{1, 5, 3},
             two{{0.8, 0.2}, {melitz::lognormal<>{0, 0.5}, pareto<>{1.3, 4.5}}}});
}

}  // namespace

TEST_CASE("calibrated worlds and their counterfactuals agree with the references", "[calibration][reference]") {
  auto const file = test::reference("calibrated_world");
  int shocks = 0, gains = 0, cycles = 0;
  for (auto const& c : file.at("cases")) {
    auto const name = c.at("name").get<std::string>();
    CAPTURE(name);
    auto const seen = test::economy_from<world_targets<>>(c.at("targets"));
    auto const found = calibrate(seen, laws_in(c));
    auto const& economy = found.economy;
    auto const& p = c.at("primitives");
    check_within(economy.labor, vector_of(p.at("labor")), 1e-14, "labor");
    check_within(economy.entry_cost, vector_of(p.at("entry_cost")), 1e-13, "entry_cost");
    check_within(economy.fixed_cost, matrix_of(p.at("fixed_cost")), 1e-13, "fixed_cost");
    check_within(economy.iceberg_cost, matrix_of(p.at("iceberg_cost")), 1e-13, "iceberg_cost");
    CHECK((economy.deficit - vector_of(p.at("deficit"))).cwiseAbs().maxCoeff() < 1e-14 * economy.labor.sum());
    auto const scales = vector_of(c.at("law_scale"));
    for (std::size_t i = 0; i < found.laws.laws.size(); ++i) {
      CHECK_THAT(found.laws.laws[i].scale, WithinRel(scales[static_cast<Eigen::Index>(i)], 1e-13));
    }
    CHECK(to_string(found.rule) == c.at("rule").get<std::string>());
    if (c.contains("cycle_product")) {
      CHECK_THAT(found.cycle.product, WithinRel(test::number(c.at("cycle_product")), 1e-14));
      ++cycles;
    }
    auto const now = solve(economy, found.laws, found.start);
    {
      test::validates const here("calibrated_world", name);
      CHECK(test::compare_all(c.at("outputs"), now, 1e-13) == 11);
    }
    CHECK(now.evaluations <= 2);
    check_within(now.sales, seen.sales, 1e-13, "the data");
    if (c.contains("log_gains")) {
      Eigen::VectorXd const over_autarky = gains_from_trade(economy, found.laws, now).array().log();
      check_within(over_autarky, vector_of(c.at("log_gains")), 1e-12, "gains");
      ++gains;
    }
    for (auto const& row : c.at("counterfactuals")) {
      auto const shock = row.at("shock").get<std::string>();
      CAPTURE(shock);
      auto const then = solve(shocked(economy, shock), found.laws, melitz::world_start<>(now));
      test::validates const after("calibrated_world", name + ", " + shock);
      CHECK(test::compare_all(row.at("outputs"), then, 1e-13) == 11);
      ++shocks;
    }
  }
  CHECK(file.at("cases").size() == 11);
  CHECK(shocks == 29);
  CHECK(gains == 2);
  CHECK(cycles == 1);
}

TEST_CASE("a calibrated world shows its data", "[calibration]") {
  using enum melitz::tariff_base;
  for (auto const& [what, draws] :
       {std::pair{"pareto", by({pareto<>{2, 4.6}})}, std::pair{"lognormal", by({melitz::lognormal<>{-1, 0.7}})},
        std::pair{"mixed", mixed()}}) {
    for (auto const base : {delivered_price, production_cost}) {
      for (double const a : {1.0, 0.3, 0.0}) {
        CAPTURE(what, to_string(base), a);
        auto seen = four();
        seen.tariff_on = base;
        seen.source_labor_share = a;
        auto const shares = calibrate(seen, draws);
        auto const now = solve(shares.economy, shares.laws, shares.start);
        check_within(now.sales, seen.sales, 1e-13, "sales");
        check_within(now.wage, Eigen::Vector4d::Ones(), 1e-13, "wages");
        Eigen::MatrixXd const selling = now.mass_sellers.array().colwise() / now.mass_sellers.diagonal().array();
        check_within(selling, seen.share_selling, 1e-12, "shares selling");
        Eigen::VectorXd const producing = now.mass_sellers.diagonal().cwiseQuotient(now.mass_entrants);
        check_within(producing, seen.share_producing, 1e-13, "shares producing");
        auto const cold = solve(shares.economy, shares.laws);  // no start is needed
        check_within(cold.welfare, now.welfare, 1e-13, "welfare");

        auto const costs = calibrate(with_fixed_costs(seen), draws);
        auto const costly = solve(costs.economy, costs.laws, costs.start);
        check_within(costly.sales, seen.sales, 1e-13, "sales at given fixed costs");

        // Its own costs in levels tell the same world, and so do other units of all of a country's fixed costs.
        auto levels = with_fixed_costs(seen);
        levels.death_rate = 0.25;
        levels.share_producing.resize(0);
        levels.fixed_cost = costs.economy.fixed_cost;
        levels.entry_cost = costs.economy.entry_cost * 4;
        auto const again = calibrate(levels, draws);
        check_within(again.economy.labor, costs.economy.labor, 1e-12, "labor of given costs");
        check_within(again.economy.iceberg_cost, costs.economy.iceberg_cost, 1e-12, "icebergs of given costs");
        CHECK(again.economy.entry_cost == levels.entry_cost);
        auto units = with_fixed_costs(seen);
        units.fixed_cost *= 7;
        auto const larger = calibrate(units, draws);
        check_within(larger.economy.iceberg_cost, costs.economy.iceberg_cost, 1e-13, "icebergs in other units");
        check_within(larger.economy.labor, costs.economy.labor, 1e-13, "labor in other units");
      }
    }
  }
}

TEST_CASE("under Pareto laws changes are those of exact hat algebra", "[calibration]") {
  using enum melitz::tariff_base;
  for (auto const base : {delivered_price, production_cost}) {
    for (double const a : {1.0, 0.4}) {
      CAPTURE(to_string(base), a);
      auto seen = four();
      seen.tariff_on = base;
      seen.source_labor_share = a;
      melitz::policy_world<> world;
      world.sectors = {melitz::policy_sector<>::melitz_pareto(4.6, 4, melitz::entry_rule::free, 1 - a)};
      world.sectors[0].tariff_on = base;
      world.numeraire = melitz::policy_numeraire::wage;
      world.flows = world.import_tax = melitz::trade_array<>(4, 1);
      melitz::policy_change<> change;
      change.import_tax = change.iceberg_hat = change.fixed_cost_hat = melitz::trade_array<>(4, 1);
      for (Eigen::Index i = 0; i < 4; ++i) {
        for (Eigen::Index j = 0; j < 4; ++j) {
          world.flows(i, j, 0) = seen.sales(i, j);
          world.import_tax(i, j, 0) = seen.tariff(i, j);
          change.import_tax(i, j, 0) = seen.tariff(i, j) + (i != j && j == 1 ? 0.1 : 0);
          change.iceberg_hat(i, j, 0) = i != j && i != 2 ? 0.9 : 1;
          change.fixed_cost_hat(i, j, 0) = i != j && j != 3 ? 0.8 : 1;
        }
      }
      auto const hats = solve(world, change);
      for (auto const& assumed : {seen, with_fixed_costs(seen)}) {
        auto const found = calibrate(assumed, by({pareto<>{3, 4.6}}));
        auto const before = solve(found.economy, found.laws, found.start);
        auto economy = found.economy;
        for (Eigen::Index i = 0; i < 4; ++i) {
          for (Eigen::Index j = 0; j < 4; ++j) {
            economy.tariff(i, j) = change.import_tax(i, j, 0);
            economy.iceberg_cost(i, j) *= change.iceberg_hat(i, j, 0);
            economy.fixed_cost(i, j) *= change.fixed_cost_hat(i, j, 0);
          }
        }
        auto const after = solve(economy, found.laws, melitz::world_start<>(before));
        check_within(after.wage, hats.wage_hat, 1e-12, "wages");
        check_within(after.welfare.cwiseQuotient(before.welfare), hats.welfare_hat, 1e-12, "welfare");
        check_within(after.mass_entrants.cwiseQuotient(before.mass_entrants), hats.entrants_hat, 1e-12, "entrants");
        for (Eigen::Index i = 0; i < 4; ++i) {
          for (Eigen::Index j = 0; j < 4; ++j) {
            CHECK_THAT(after.sales(i, j), WithinRel(hats.flows(i, j, 0), 1e-12) || WithinAbs(0, 0));
          }
        }
      }
    }
  }
}

TEST_CASE("what scales and numbering of countries do not change", "[calibration]") {
  auto const seen = four();
  auto const found = calibrate(seen, mixed());
  auto larger = seen;
  larger.sales *= 1e6;
  auto const rich = calibrate(larger, mixed());
  check_within(rich.economy.labor, found.economy.labor * 1e6, 1e-13, "labor");
  check_within(rich.economy.iceberg_cost, found.economy.iceberg_cost, 1e-13, "icebergs");

  Eigen::PermutationMatrix<4> order(Eigen::Vector4i{2, 0, 3, 1});
  auto other = seen;
  other.sales = order * seen.sales * order.transpose();
  other.tariff = order * seen.tariff * order.transpose();
  other.share_selling = order * seen.share_selling * order.transpose();
  other.share_producing = order * seen.share_producing;
  laws draws = mixed();
  for (Eigen::Index i = 0; i < 4; ++i) {
    draws.laws[static_cast<std::size_t>(order.indices()[i])] = mixed().laws[static_cast<std::size_t>(i)];
  }
  auto const renamed = calibrate(other, draws);
  Eigen::MatrixXd const icebergs = order.transpose() * renamed.economy.iceberg_cost * order;
  check_within(icebergs, found.economy.iceberg_cost, 1e-13, "icebergs of renamed countries");

  // So it is where the least iceberg is made as large as it can be.
  auto const file = test::reference("calibrated_world");
  for (auto const& c : file.at("cases")) {
    if (c.at("name") != "largest_slack") continue;
    auto const slack = test::economy_from<world_targets<>>(c.at("targets"));
    auto const first = calibrate(slack, laws_in(c));
    REQUIRE(first.rule == scale_rule::largest_slack);
    CHECK(first.economy.iceberg_cost.minCoeff() >= 1);
    auto turned = slack;
    turned.sales = slack.sales.reverse().eval();
    turned.share_selling = slack.share_selling.reverse().eval();
    turned.share_producing = slack.share_producing.reverse().eval();
    auto reversed = laws_in(c);
    std::reverse(reversed.laws.begin(), reversed.laws.end());
    auto const second = calibrate(turned, reversed);
    check_within(second.economy.iceberg_cost.reverse().eval(), first.economy.iceberg_cost, 1e-13, "turned round");
  }
}

TEST_CASE("icebergs that cannot all be above one are named", "[calibration]") {
  using matrix = Eigen::MatrixXd;
  double const none = std::numeric_limits<double>::infinity();
  matrix length = matrix::Constant(4, 4, 1);
  length(0, 1) = -0.5;
  length(1, 3) = -0.5;
  length(3, 0) = 0.2;
  auto const choose = [](matrix const& from) { return melitz::detail::scale_chooser<double>(from).choose(); };
  auto const found = choose(length);
  CHECK(found.rule == scale_rule::negative_cycle);
  CHECK(found.cycle.countries == std::vector<Eigen::Index>{0, 1, 3});
  CHECK_THAT(found.cycle.product, WithinRel(std::exp(-0.8), 1e-15));
  length(3, 0) = 1.6;  // now it can: the cycle's icebergs are all alike, and no other is lower
  auto const slack = choose(length);
  CHECK(slack.rule == scale_rule::largest_slack);
  for (auto const& [i, j] : {std::pair{0, 1}, std::pair{1, 3}, std::pair{3, 0}}) {
    CHECK_THAT(length(i, j) + slack.log_scale[i] - slack.log_scale[j], WithinRel(0.2, 1e-14));
  }
  CHECK(slack.log_scale[0] == 0);
  // Goods that never come back: no cycle, and scales for everything.
  matrix chain = matrix::Constant(3, 3, none);
  chain(0, 1) = chain(1, 2) = -2;
  auto const away = choose(chain);
  CHECK(away.rule == scale_rule::largest_slack);
  CHECK(chain(0, 1) + away.log_scale[0] - away.log_scale[1] >= -1e-15);
  CHECK(chain(1, 2) + away.log_scale[1] - away.log_scale[2] >= -1e-15);
  CHECK(choose(matrix::Zero(1, 1)).log_scale == Eigen::VectorXd::Zero(1));
  // Two pairs of countries, each by itself.
  matrix apart = matrix::Constant(4, 4, none);
  apart(0, 2) = apart(1, 3) = 1;
  apart(2, 0) = apart(3, 1) = 0.5;
  auto const pairs = choose(apart);
  CHECK(pairs.rule == scale_rule::nearly_symmetric);
  check_within(pairs.log_scale, Eigen::Vector4d{0, 0, 0.25, 0.25}, 1e-15, "pairs");
}

TEST_CASE("given GDP is compared, not absorbed", "[calibration]") {
  auto seen = four();
  seen.gdp = calibrate(seen, mixed()).economy.labor;
  seen.source_labor_share = 0.3;  // who pays whom for entry into markets depends on the law
  auto const found = calibrate(seen, mixed());
  for (Eigen::Index i = 0; i < 4; ++i) CHECK(found.gdp_gap[i] == found.economy.labor[i] / seen.gdp[i] - 1);
  CHECK(found.gdp_gap.cwiseAbs().minCoeff() > 1e-4);
  CHECK(calibrate(four(), mixed()).gdp_gap.size() == 0);
}

TEST_CASE("a calibrated world and what it becomes, as a model of its own", "[calibration]") {
  double const none = std::numeric_limits<double>::infinity();
  melitz::calibrated_world_economy<> model{.seen = four()};
  auto const same = solve(model, mixed());
  check_within(same.welfare_change, Eigen::Vector4d::Ones(), 1e-14, "no change");
  CHECK(same.sales_error_estimate < 1e-13);
  CHECK(same.gdp_gap.array().isNaN().all());

  model.seen.gdp = Eigen::Vector4d{440, 210, 300, 126};
  model.iceberg_cost_change = Eigen::MatrixXd::Constant(4, 4, 0.9);
  model.iceberg_cost_change.diagonal().setOnes();
  model.fixed_cost_change = Eigen::MatrixXd::Constant(4, 4, 1.1);
  model.tariff_change = Eigen::MatrixXd::Zero(4, 4);
  model.tariff_change(2, 0) = 0.1;
  model.deficit_change = Eigen::Vector4d{-3, 0, 1, 2};
  auto const found = calibrate(model.seen, mixed());
  auto changed = found.economy;
  changed.iceberg_cost.array() *= model.iceberg_cost_change.array();
  changed.fixed_cost *= 1.1;
  changed.tariff(2, 0) += 0.1;
  changed.deficit += model.deficit_change;
  auto const before = solve(found.economy, found.laws, found.start);
  auto const after = solve(changed, found.laws, melitz::world_start<>(before));
  auto const e = solve(model, mixed());
  check_within(e.before.sales, before.sales, 1e-14, "before");
  check_within(e.after.sales, after.sales, 1e-14, "after");
  Eigen::VectorXd const welfare = after.welfare.cwiseQuotient(before.welfare);
  check_within(e.welfare_change, welfare, 1e-14, "change of welfare");
  check_within(e.gains_from_trade, gains_from_trade(found.economy, found.laws, before), 1e-14, "gains");
  check_within(gains_from_trade(model, mixed()), e.gains_from_trade, 0, "the same gains");
  CHECK(e.labor == found.economy.labor);
  CHECK(e.iceberg_cost == found.economy.iceberg_cost);
  CHECK(e.gdp_gap == found.gdp_gap);
  CHECK(e.cycle_place == Eigen::VectorXd::Zero(4));
  CHECK(e.after.evaluations < 12);

  model.iceberg_cost_change(0, 1) = none;
  CHECK(solve(model, mixed()).after.sales(0, 1) == 0);
  model.iceberg_cost_change.row(0).tail(3).setConstant(none);  // nothing relates its wage to the others'
  auto const apart = try_solve(model, mixed());
  CHECK(apart.reason == melitz::status::disconnected);
  CHECK(apart.welfare_change.array().isNaN().all());
  CHECK(apart.before.sales.array().isNaN().all());
  auto const says = [&](auto const& spoil, std::string const& text) {
    melitz::calibrated_world_economy<> wrong{.seen = four()};
    wrong.tariff_change = Eigen::MatrixXd::Zero(4, 4);
    spoil(wrong);
    CHECK_THROWS_WITH(solve(wrong, mixed()), contains(text));
  };
  says([](auto& m) { m.seen.sales(1, 1) = 0; }, "world_targets: sales(1, 1) is 0; it must be positive at home");
  says([](auto& m) { m.tariff_change(3, 0) = -1.5; }, "tariff plus tariff_change(3, 0) is -1.46; it must exceed -1");
  says([](auto& m) { m.tariff_change(1, 1) = 0.5; }, "tariff_change(1, 1) is 0.5; it must be 0 at home");
  says([](auto& m) { m.tariff_change.resize(4, 3); }, "shape of tariff_change is 4 x 3; it must be 4 x 4");
  says([](auto& m) { m.deficit_change = Eigen::Vector4d{1, 0, 0, 0}; }, "sum of deficit is 1; it must be 0");
  says([](auto& m) { m.iceberg_cost_change = Eigen::MatrixXd::Zero(4, 4); }, "iceberg_cost_change(0, 0) is 0");
}

TEST_CASE("derivatives at a calibrated world", "[calibration]") {
  auto const found = calibrate(four(), mixed());
  auto const now = solve(found.economy, found.laws, found.start);
  auto const slope = derivatives(found.economy, found.laws, now).gradient_of_welfare(3);
  auto const welfare = [&](double change) {
    auto economy = found.economy;
    economy.iceberg_cost(0, 3) *= std::exp(change);
    return std::log(solve(economy, found.laws, melitz::world_start<>(now)).welfare[3]);
  };
  CHECK_THAT(slope.iceberg_cost(0, 3), WithinRel((welfare(1e-4) - welfare(-1e-4)) / 2e-4, 1e-6));
}

TEST_CASE("a start is only where a search begins", "[calibration]") {
  auto const found = calibrate(four(), mixed());
  auto const now = solve(found.economy, found.laws, found.start);
  auto far = found.start;
  far.demand *= 1e9;
  far.mass_entrants[2] *= 1e-6;
  far.wage *= 3;
  check_within(solve(found.economy, found.laws, far).welfare, now.welfare, 1e-13, "welfare");
  far.mass_entrants[2] = 0;
  CHECK_THROWS_WITH(solve(found.economy, found.laws, far),
                    contains("world_start: mass_entrants(2) is 0; it must be positive and finite"));
  far.wage.resize(3);
  CHECK_THROWS_WITH(solve(found.economy, found.laws, far), contains("size of wage is 3; it must be the number of"));
}

TEST_CASE("targets that no world shows are named", "[calibration][errors]") {
  double const nan = std::numeric_limits<double>::quiet_NaN(), infinite = std::numeric_limits<double>::infinity();
  auto const says = [&](auto const& spoil, std::string const& text, laws const& draws = mixed()) {
    auto seen = four();
    spoil(seen);
    CHECK_THROWS_WITH(calibrate(seen, draws), contains(text));
  };
  says([](auto& s) { s.sales(2, 2) = 0; }, "world_targets: sales(2, 2) is 0; it must be positive at home");
  says([](auto& s) { s.sales(2, 1) = -1; }, "sales(2, 1) is -1; it must be at least 0 and finite");
  says([&](auto& s) { s.sales(0, 1) = nan; }, "sales(0, 1) is nan; it must be at least 0 and finite");
  says([&](auto& s) { s.sales(0, 1) = infinite; }, "sales(0, 1) is inf; it must be at least 0 and finite");
  says([](auto& s) { s.sales.resize(4, 3); }, "shape of sales is 4 x 3; it must be 4 x 4");
  says([](auto& s) { s.sales.resize(0, 0); }, "number of countries is 0");
  says([](auto& s) { s.elasticity = 1; }, "elasticity is 1; it must exceed 1");
  says([](auto& s) { s.tariff(1, 0) = -1; }, "tariff(1, 0) is -1; it must exceed -1");
  says([](auto& s) { s.tariff(1, 1) = 0.1; }, "tariff(1, 1) is 0.1; it must be 0 at home");
  says([](auto& s) { s.share_producing[3] = 1; }, "share_producing(3) is 1; it must lie in (0, 1)");
  says([](auto& s) { s.share_producing.resize(0); }, "size of share_producing is 0; it must be the number of");
  says([](auto& s) { s.share_selling(0, 1) = 0; }, "share_selling(0, 1) is 0; it must be positive where sales are");
  says(
      [](auto& s) { s.share_selling(1, 0) = 5; },
      "share_producing times share_selling(1, 0) is 1; it must lie below 1: where all entrants sell no cutoff is seen");
  says([](auto& s) { s.share_selling(1, 1) = 0.5; }, "share_selling(1, 1) is 0.5; it must be 1 at home");
  says([](auto& s) { s.share_selling.resize(0, 0); }, "shape of share_selling is 0 x 0; it must be 4 x 4");
  says([](auto& s) { s.fixed_cost = Eigen::Matrix4d::Ones(); },
       "size of share_selling is 16; it must be 0 beside fixed_cost");
  says([](auto& s) { s.entry_cost = Eigen::Vector4d::Ones(); },
       "size of entry_cost is 4; it must be 0 beside share_selling");
  says(
      [](auto& s) {
        s = with_fixed_costs(s);
        s.entry_cost = Eigen::Vector4d::Ones();
      },
      "size of share_producing is 4; it must be 0 beside entry_cost");
  says(
      [&](auto& s) {
        s = with_fixed_costs(s);
        s.fixed_cost(0, 2) = infinite;
      },
      "fixed_cost(0, 2) is inf; it must be finite where sales are positive");
  says([](auto& s) { s.gdp = Eigen::Vector4d{1, 2, 0, 4}; }, "gdp(2) is 0; it must be positive");
  says([](auto&) {}, "pareto: shape is 2.5", by({pareto<>{1, 2.5}}));
  says([](auto&) {}, "number of laws is 2; it must be 1, or the number of countries, 4",
       laws{{mixed().laws[0], mixed().laws[1]}});
  // A law with atoms jumps over shares, and over what firms earn at given fixed costs.
  auto const three = by({melitz::discrete<>{{1, 2, 3}, {0.5, 0.25, 0.25}}});
  says([](auto&) {}, "share_producing(0) is 0.3; it must be the share of draws above some productivity", three);
  says([](auto& s) { s.share_producing.setConstant(0.5); },
       "share_producing times share_selling(0, 1) is 0.035; it must be the share of draws", three);
  says([](auto& s) { (s = with_fixed_costs(s)).share_producing.setConstant(0.5); },
       "sales(0, 1) is 10.462026; it must be what some cutoff brings at this fixed_cost", three);
}

namespace {

/// Data of so many countries, with whatever laws; every third has fixed costs that are given, every third all costs.
std::pair<world_targets<>, laws> random_data(int k, test::uniform_numbers& draw) {
  static auto const all = test::laws<double>();
  auto const n = static_cast<Eigen::Index>(2 + 38 * std::pow(draw(0, 1), 4));
  bool const costs = k % 3 == 1, levels = k % 3 == 2;
  world_targets<> seen{.elasticity = 1.5 + 2 * draw(0, 1)};
  seen.source_labor_share = k % 4 == 0 ? 1 : draw(0, 1);
  seen.sales = seen.tariff = seen.share_selling = seen.fixed_cost = Eigen::MatrixXd::Zero(n, n);
  seen.share_producing = seen.entry_cost = Eigen::VectorXd(n);
  laws draws;
  for (Eigen::Index i = 0; i < n; ++i) {
    auto which = static_cast<std::size_t>(draw.whole(static_cast<int>(all.size())));
    while (test::has_atoms(all[which].first)) which = (which + 1) % all.size();
    draws.laws.emplace_back(all[which].second);
    seen.share_producing[i] = draw(0.05, 0.9);
    seen.entry_cost[i] = std::exp(draw(-1, 1));
    double const size = std::exp(draw(-3, 3));
    for (Eigen::Index j = 0; j < n; ++j) {
      bool const home = i == j, next = (i + 1) % n == j;  // all countries are reached, one after the other
      seen.sales(i, j) = home ? 100 * size : !next && draw(0, 1) < 0.1 ? 0 : size * std::exp(draw(-3, 2));
      seen.tariff(i, j) = home ? 0 : draw(-0.1, 0.6);
      seen.share_selling(i, j) = home ? 1 : draw(0.01, 1);
      seen.fixed_cost(i, j) = std::exp(draw(-1.5, 1.5));
    }
  }
  if (costs || levels) seen.share_selling.resize(0, 0);
  if (levels) {
    seen.share_producing.resize(0);
  } else {
    seen.entry_cost.resize(0);
    if (!costs) seen.fixed_cost.resize(0, 0);
  }
  return {seen, draws};
}

void try_random_data(int count) {
  test::uniform_numbers draw(18);
  int cycles = 0, refused = 0;
  for (int k = 0; k < count; ++k) {
    auto const [seen, draws] = random_data(k, draw);
    CAPTURE(k, seen.countries(), seen.elasticity, seen.source_labor_share);
    found_world found;
    try {
      found = calibrate(seen, draws);
    } catch (melitz::domain_error const& e) {
      CHECK_THAT(e.what(), contains("cannot be told from the top of the law"));
      ++refused;
      continue;
    }
    auto const now = try_solve(found.economy, found.laws, found.start);
    if (now.reason == melitz::status::out_of_range) {  // what a country sells abroad is so near the top of its law
      CHECK(found.error_estimate > 4e-12);
      ++refused;
      continue;
    }
    REQUIRE(now.reason == melitz::status::converged);
    check_within(now.sales, seen.sales, 1e-12 + found.error_estimate, "sales");
    if (found.rule == scale_rule::negative_cycle) {
      ++cycles;
      double product = 1;
      auto const& round = found.cycle.countries;
      for (std::size_t c = 0; c < round.size(); ++c) {
        product *= found.economy.iceberg_cost(round[c], round[(c + 1) % round.size()]);
      }
      CHECK_THAT(product, WithinRel(found.cycle.product, 1e-12));
      CHECK(product < 1);
    } else {
      CHECK(found.economy.iceberg_cost.minCoeff() > 1 - 1e-12);
    }
  }
  CHECK(cycles > 0);
  CHECK(20 * refused <= count);
}

}  // namespace

TEST_CASE("data drawn at random are calibrated and shown", "[calibration]") { try_random_data(40); }
TEST_CASE("five hundred of them", "[.five-hundred]") { try_random_data(500); }

TEST_CASE("where the moment of a law is a given number", "[calibration][tail]") {
  for (auto const& [what, law] : test::laws<double>()) {
    if (test::has_atoms(what)) continue;
    CAPTURE(what);
    for (double const power : {0.5, 3.0}) {
      auto const tail = tail_of(law, power);
      for (double const log_moment : {std::isfinite(tail.log_upper_bound()) ? -20.0 : -60.0, -3.0, 0.0, 0.7, 40.0}) {
        double const t = log_moment_quantile(tail, std::exp(log_moment));
        auto const p = tail.at(t);
        // Just below the top of a law rounding of t is seen.
        double const slope = power + p.density / p.moment(), rounding = 0x1p-52 * (1 + slope * (1 + std::abs(t)));
        CHECK_THAT(p.log_scale + std::log(p.moment()),
                   WithinAbs(log_moment, 4 * rounding + 2e-15 * std::abs(log_moment)));
      }
      CHECK_THROWS_WITH(log_moment_quantile(tail, 0.0), contains("moment is 0; it must be positive and finite"));
    }
  }
  auto const two = tail_of(melitz::discrete<>{{1, 2}, {0.5, 0.5}}, 3.0);
  CHECK_THROWS_WITH(log_moment_quantile(two, 4.2), contains("it must not lie in the gap of an atom"));
}

}  // namespace test::calibration
