// SPDX-License-Identifier: BSL-1.0
#include <melitz/worlds/separable_demand/separable_demand_world.hpp>

#include "support/catch.hpp"
#include "support/matrices.hpp"
#include "support/random.hpp"
#include "support/reference.hpp"
#include "support/told.hpp"

#include <cmath>
#include <limits>
#include <string>

namespace test::world_separable_demand {

using melitz::separable_demand;
using melitz::separable_demand_constants;
using melitz::separable_demand_economy;
using melitz::solve;
using test::contains;
using test::number;
using test::WithinAbs;
using test::WithinRel;

namespace {

separable_demand<> demand_of(test::json const& row) {
  auto const name = row.at("demand").get<std::string>();
  if (name == "linear") return melitz::linear_demand();
  if (name == "cara") return melitz::exponential_utility_demand();
  REQUIRE(name == "pollak");
  return melitz::pollak_demand(number(row.at("k")));
}

separable_demand_economy<> world() {
  auto const file = test::reference("separable_demand");
  auto const& p = file.at("equilibrium").at("params");
  auto out = test::economy_from<separable_demand_economy<>>(p);
  out.demand = demand_of(p);
  return out;
}

}  // namespace

TEST_CASE("constants of separable demand agree with the references", "[world][reference]") {
  // tests/reference/separable_demand.json, remade by tools/reference/separable_demand.py.
  int compared = 0;
  auto const file = test::reference("separable_demand");
  for (auto const& row : file.at("integrals")) {
    CAPTURE(row.dump());
    auto const s = separable_demand_constants(demand_of(row), number(row.at("shape")));
    test::validates const here("separable_demand", row.at("demand").get<std::string>() +
                                                       (row.contains("k") ? " with k " + row.at("k").dump() : "") +
                                                       ", shape " + row.at("shape").dump());
    auto const write = [&](char const* key, double ours) { test::validate(key, ours, number(row.at(key))); };
    write("markup_elasticity", s.markup_elasticity);
    write("revenue", s.revenue);
    write("utility", s.utility);
    write("profit_share", s.profit_share);
    write("welfare_elasticity", s.welfare_elasticity());
    write("relative_welfare_elasticity", s.relative_welfare_elasticity());
    CHECK_THAT(s.markup_elasticity, WithinRel(number(row.at("markup_elasticity")), 1e-13));
    CHECK_THAT(s.revenue, WithinRel(number(row.at("revenue")), 1e-13));
    CHECK_THAT(s.utility, WithinRel(number(row.at("utility")), 1e-13));
    CHECK_THAT(s.profit_share, WithinRel(number(row.at("profit_share")), 1e-15));
    CHECK_THAT(s.welfare_elasticity(), WithinRel(number(row.at("welfare_elasticity")), 1e-13));
    CHECK_THAT(s.relative_welfare_elasticity(), WithinRel(number(row.at("relative_welfare_elasticity")), 1e-13));
    ++compared;
  }
  CHECK(compared == 8);
}

TEST_CASE("an equilibrium under separable demand agrees with the reference", "[world][reference]") {
  auto const file = test::reference("separable_demand");
  auto const& expected = file.at("equilibrium").at("outputs");
  auto const e = solve(world());
  test::validates const here("separable_demand", "three countries");
  CHECK(test::compare_all(expected, e, 1e-13) == 5);
  CHECK(e.residual < 1e-13);
}

TEST_CASE("closed forms of linear demand, and revenue, profit and utility by integrating over firms", "[world]") {
  for (double const theta : {0.3, 1.0, 2.5, 20.0, 80.0, 1000.0}) {
    CAPTURE(theta);
    auto const s = separable_demand_constants(melitz::linear_demand(), theta);
    CHECK_THAT(s.markup_elasticity, WithinRel((theta + 2) / (2 * (theta + 1)), 1e-12));
    CHECK_THAT(s.revenue, WithinRel(1 / (2 * (theta + 2)), 1e-13));
  }
  // Pollak with k = 1/2: the most productive firm's price is (1 - k)^(1/k), with k = 2 it is 0.
  for (double const k : {0.5, 2.0}) {
    double const theta = 5;
    CAPTURE(k);
    auto const demand = melitz::pollak_demand(k);
    auto const s = separable_demand_constants(demand, theta);
    double revenue = 0, profit = 0, utility = 0, step = 1e-4, x = 1;
    for (double cost = 1 - step / 2; cost > 0; cost -= step) {
      for (int i = 0; i < 60; ++i) {  // marginal revenue = cost, by Newton's method on a convex or concave function
        double const here = x + demand.value(x) / demand.slope(x) - cost;
        double const h = 1e-6 * x, up = (x + h) + demand.value(x + h) / demand.slope(x + h) - cost;
        double const next = x - here * h / (up - here);
        x = next > 0 ? next : x / 2;
        if (std::abs(here) < 1e-12) break;
      }
      double const weight = theta * std::pow(cost, theta - 1) * step, q = demand.value(x);
      revenue += weight * x * q;
      profit += weight * (x - cost) * q;
      // u(q) with u' = (1 + q)^(-1/k)
      utility += weight * (std::pow(1 + q, 1 - 1 / k) - 1) / (1 - 1 / k);
    }
    // By the midpoint rule, which the power of cost at 0 makes a slow one.
    CHECK_THAT(s.revenue, WithinRel(revenue, 1e-5));
    CHECK_THAT(s.utility, WithinRel(utility, 1e-5));
    CHECK_THAT(s.profit_share, WithinRel(profit / revenue, 1e-5));
  }
}

TEST_CASE("demand with a kink, at which firms of many costs have their price", "[world]") {
  // Marginal revenue is 2x - 6/5 below, 2x - 1 above.
  separable_demand<> const demand{"kinked", [](double const& x) { return x < 0.8 ? 0.6 - x / 2 : 1 - x; },
                                  [](double const& x) { return x < 0.8 ? -0.5 : -1.0; }};
  auto const s = separable_demand_constants(demand, 4.0);
  double const below = 16 * std::pow(0.2, 6) / 6, above = (1 - std::pow(0.6, 6)) / 12;
  double const bought = 16 * (0.3 * std::pow(0.2, 5) / 5 - std::pow(0.2, 6) / 12) +
                        ((1 - std::pow(0.6, 5)) / 5 - (1 - std::pow(0.6, 6)) / 6) / 4;
  CHECK_THAT(s.revenue, WithinRel(below + above, 1e-13));
  CHECK_THAT(s.markup_elasticity, WithinRel(1 - 4 * bought / (below + above), 1e-13));
}

TEST_CASE("welfare follows from the home share, and less so than with constant markups", "[world][property]") {
  for (auto const& demand :
       {melitz::linear_demand(), melitz::exponential_utility_demand(), melitz::pollak_demand(1.5)}) {
    CAPTURE(demand.name);
    auto w = world();
    w.demand = demand;
    auto const summary = separable_demand_constants(demand, w.shape);
    CHECK(summary.relative_welfare_elasticity() < 1);
    auto const before = solve(w);
    w.iceberg_cost(0, 1) *= 0.9;
    w.iceberg_cost(2, 1) *= 0.8;
    w.labor[0] *= 1.5;  // abroad, seen from country 1
    auto const after = solve(w);
    double const home = std::log(after.share(1, 1) / before.share(1, 1));
    CHECK_THAT(gains_from_trade(w)[1], WithinRel(std::pow(after.share(1, 1), summary.welfare_elasticity()), 1e-14));
    CHECK(gains_from_trade(w)[1] < std::pow(after.share(1, 1), -1 / w.shape));  // less than with constant markups
    CHECK(home < 0);
    CHECK_THAT(std::log(after.utility[1] / before.utility[1]), WithinRel(-home / 6, 1e-11));
    for (Eigen::Index j = 0; j < 3; ++j) {
      CHECK_THAT(after.share.col(j).sum(), WithinRel(1.0, 1e-14));
      CHECK_THAT(after.sales.row(j).sum(), WithinRel(after.sales.col(j).sum(), 1e-13));
    }
  }
}

TEST_CASE("random worlds with separable demand solve", "[world][property]") {
  test::uniform_numbers random(20190211);
  int evaluations = 0;
  for (int k = 0; k < 60; ++k) {
    auto const n = static_cast<Eigen::Index>(k < 58 ? 1 + k % 8 : 80);
    separable_demand_economy<> w{.demand = melitz::linear_demand(),
                                 .shape = random(1, 12),
                                 .labor = Eigen::VectorXd(n),
                                 .productivity_scale = Eigen::VectorXd(n),
                                 .entry_cost = Eigen::VectorXd(n),
                                 .iceberg_cost = Eigen::MatrixXd::Ones(n, n)};
    for (Eigen::Index i = 0; i < n; ++i) {
      w.labor[i] = 1e4 * std::exp(random(-2, 2));
      w.productivity_scale[i] = std::exp(random(-0.5, 0.5));
      w.entry_cost[i] = 1e-9 * random(1, 2);
      for (Eigen::Index j = 0; j < n; ++j) {
        if (i != j) w.iceberg_cost(i, j) = random(1, 4);
      }
    }
    CAPTURE(k, n, w.shape);
    auto const e = try_solve(w);
    REQUIRE(e.reason == melitz::status::converged);
    CHECK(e.residual < 1e-12);
    CHECK(e.wage[0] == 1);
    CHECK(e.wage.minCoeff() > 0);
    evaluations += e.evaluations;
  }
  CHECK(evaluations < 60 * 25);
}

TEST_CASE("separable demands and their worlds that are none are refused by name", "[world][errors]") {
  double const infinity = std::numeric_limits<double>::infinity();
  auto const refused = [](separable_demand<> const& d, double theta, std::string const& text) {
    CHECK_THROWS_WITH(separable_demand_constants(d, theta), contains(text));
  };
  refused(melitz::linear_demand(), 0, "separable_demand 'linear': shape is 0; it must be positive and finite");
  refused(melitz::pollak_demand(3.0), 1.9, "shape is 1.9; it must be larger: expected revenue is infinite");
  CHECK_THAT(separable_demand_constants(melitz::pollak_demand(3.0), 2.5).profit_share, WithinRel(1 / 3.5, 1e-14));
  auto const minus_one = [](double const&) { return -1.0; };
  refused({"none", {}, minus_one}, 4, "function is 0; it must be set, value and slope both");
  refused({"shifted", [](double const& x) { return 2 - x; }, minus_one}, 4, "value(1) is 1; it must be 0");
  refused({"rising", [](double const& x) { return 1 - x; }, [](double const&) { return 1.0; }}, 4, "slope at a price");
  refused({"bent", [](double const& x) { return (1 - x) + 0.15 * std::sin(20 * (1 - x)); },
           [](double const& x) { return -1 - 3 * std::cos(20 * (1 - x)); }},
          4, "it must");
  // Noise is not integrated to a few digits only.
  auto const noisy = [](double const& x) { return (1 - x) * (1 + 1e-9 * std::sin(1e9 * x)); };
  CHECK_THROWS_AS(separable_demand_constants(separable_demand<>{"noisy", noisy, minus_one}, 4.0),
                  melitz::convergence_error);
  CHECK_THROWS_WITH(melitz::pollak_demand(0.0), contains("pollak_demand: power is 0"));

  auto const message = [](auto const& spoil, std::string const& text) {
    auto w = world();
    spoil(w);
    CHECK_THROWS_WITH(solve(w), contains(text));
  };
  message([](auto& w) { w.labor.resize(0); }, "separable_demand_economy: number of countries is 0");
  message([](auto& w) { w.labor[1] = -1; }, "labor(1) is -1");
  message([](auto& w) { w.productivity_scale[0] = 0; }, "productivity_scale(0) is 0");
  message([](auto& w) { w.entry_cost[2] = 0; }, "entry_cost(2) is 0");
  message([](auto& w) { w.iceberg_cost(0, 1) = 0.5; }, "iceberg_cost(0, 1) is 0.5");
  message([](auto& w) { w.entry_cost *= 1e4; }, "highest delivered cost from 0 to 0 is 0.");

  auto one_way = world();
  one_way.iceberg_cost(0, 1) = infinity;
  auto const e = solve(one_way);
  CHECK(e.share(0, 1) == 0);
  CHECK_THAT(e.sales.row(1).sum(), WithinRel(e.sales.col(1).sum(), 1e-12));
  one_way.iceberg_cost(2, 1) = infinity;  // country 1 sells and cannot buy
  CHECK(try_solve(one_way).reason == melitz::status::disconnected);

  auto const failed = try_solve(world(), {.max_evaluations = 1});
  CHECK(failed.reason == melitz::status::iteration_limit);
  CHECK(!failed);
  CHECK((failed.wage.array().isNaN().all() && failed.share.array().isNaN().all()));
  CHECK((failed.utility.array().isNaN().all() && failed.sales.array().isNaN().all()));
  CHECK(std::isnan(failed.residual));
  CHECK_THROWS_AS(solve(world(), {.max_evaluations = 1}), melitz::convergence_error);
}

}  // namespace test::world_separable_demand
