// SPDX-License-Identifier: BSL-1.0
#include <melitz/worlds/policy/autarky_gains.hpp>
#include <melitz/worlds/policy/final_shares.hpp>
#include <melitz/worlds/policy/parameter_sets.hpp>
#include <melitz/worlds/policy/solver.hpp>

#include "support/catch.hpp"
#include "support/policy_worlds.hpp"

#include <cmath>
#include <limits>
#include <vector>

namespace test::policy_sets {

using melitz::entry_rule;
using melitz::policy_solver;

namespace {

/// Three countries, with as little as a sector can have, or with taxes, deficits, and inputs.
policy_world<> world_of(std::vector<policy_sector<>> sectors, random_world_kind const& kind = {.taxes = false}) {
  uniform_numbers random(77);
  auto out = random_world(random, 3, std::move(sectors), kind);
  for (auto& g : out.input_share) g *= 0.4;  // so that nobody buys more than is made
  if (out.has_inputs()) out.labor_share = (1 - 0.4 * (1 - out.labor_share.array())).matrix();
  return out;
}

policy_world<> balanced(policy_world<> world) {
  world.closure = melitz::policy_closure::zero;
  policy_solver<> solver(world);
  REQUIRE(solver.solve(solver.unchanged()) == melitz::status::converged);
  world.flows = solver.flows();
  return world;
}

}  // namespace

TEST_CASE("gains over autarky are the formula's where it holds, and others where not", "[policy][gains]") {
  SECTION("perfect competition, and one sector of any kind") {
    for (auto const& sectors :
         std::vector<std::vector<policy_sector<>>>{{policy_sector<>::armington(4.0), policy_sector<>::armington(7.0)},
                                                   {policy_sector<>::krugman(4.0)},
                                                   {policy_sector<>::krugman(4.0, entry_rule::fixed)},
                                                   {policy_sector<>::melitz_pareto(4.5, 4.0, entry_rule::free, 0.5)},
                                                   {policy_sector<>::external_economies(5.0, 0.1)}}) {
      auto const found = gains_over_autarky(balanced(world_of(sectors)));
      REQUIRE(found);
      for (Eigen::Index j = 0; j < 3; ++j) CHECK_THAT(found.gains[j], WithinRel(found.acr[j], 1e-12));
      CHECK(found.gains.minCoeff() > 1.001);
    }
  }
  SECTION("sectors with scale, selection, inputs, taxes and labor supply, against trade that is all but ended") {
    for (bool const inputs : {false, true}) {
      auto const world =
          balanced(world_of({policy_sector<>::external_economies(4.0, 0.12), policy_sector<>::armington(5.0),
                             policy_sector<>::melitz_pareto(4.5, 4.5, entry_rule::fixed, 0.5)},
                            {.inputs = inputs, .labor_supply = 0.4}));
      auto const found = gains_over_autarky(world);
      REQUIRE(found);
      policy_solver<> solver(world);
      auto change = solver.unchanged();
      double last[3] = {1, 1, 1};
      for (double far = 1.25; far < 60; far *= 1.25) {
        for (Eigen::Index s = 0; s < 3; ++s) {
          for (Eigen::Index j = 0; j < 3; ++j) {
            for (Eigen::Index i = 0; i < 3; ++i) {
              if (i != j) change.iceberg_hat(i, j, s) = far;
            }
          }
        }
        REQUIRE(solver.solve(change) == melitz::status::converged);
        for (Eigen::Index j = 0; j < 3; ++j) {
          double const gap = std::abs(std::exp(-solver.log_welfare()[j]) / found.gains[j] - 1);
          CHECK(gap < last[j]);
          last[j] = gap;
        }
      }
      for (double const gap : last) CHECK(gap < 1e-5);
      CHECK((found.gains - found.acr).cwiseAbs().maxCoeff() > 1e-4);
    }
  }
}

TEST_CASE("what is in sales is made and consumed alike in sum", "[policy][content]") {
  auto const world = world_of({policy_sector<>::armington(4.0), policy_sector<>::armington(7.0)}, {});
  policy_solver<> solver(world);
  Eigen::MatrixXd intensity(3, 2);
  intensity << 1, 0, 0.5, 2, 0, 0;
  auto const content = melitz::content_of_sales(world.flows, solver.unchanged(), intensity);
  CHECK_THAT(content.made.sum(), WithinRel(content.consumed.sum(), 1e-14));
  CHECK(content.made[2] == 0);
  double sold = 0;
  for (Eigen::Index j = 0; j < 3; ++j) {
    sold += world.flows(0, j, 0) /
            ((1 + world.import_tax(0, j, 0)) * (1 + world.export_tax(0, j, 0)) * (1 + world.production_tax(0, 0)));
  }
  CHECK_THAT(content.made[0], WithinRel(sold, 1e-14));
  CHECK_THROWS_WITH(melitz::content_of_sales(world.flows, solver.unchanged(), Eigen::MatrixXd::Ones(2, 3)),
                    contains("size of intensity is 2 by 3"));
  intensity(1, 1) = -1;
  CHECK_THROWS_WITH(melitz::content_of_sales(world.flows, solver.unchanged(), intensity), contains("intensity is -1"));
}

TEST_CASE("sets of elasticities give the same answers on any number of threads", "[policy][sets]") {
  auto const world = world_of({policy_sector<>::krugman(4.0), policy_sector<>::external_economies(5.0, 0.05)}, {});
  auto const draws = melitz::draw_elasticities(Eigen::Vector2d(4, 5), Eigen::Vector2d(0.5, 0.4), 25, 11);
  CHECK(draws == melitz::draw_elasticities(Eigen::Vector2d(4, 5), Eigen::Vector2d(0.5, 0.4), 40, 11).topRows(25));
  CHECK(draws != melitz::draw_elasticities(Eigen::Vector2d(4, 5), Eigen::Vector2d(0.5, 0.4), 25, 12));
  CHECK(draws.minCoeff() > 0);
  Eigen::RowVectorXd const spread =
      (draws.array().log().rowwise() - draws.array().log().colwise().mean()).square().colwise().mean();
  CHECK_THAT(std::sqrt(spread[0]), WithinAbs(0.5 / 4, 0.06));
  auto const question = [](policy_world<> const& w) {
    CHECK_THAT(w.sectors[0].scale_elasticity * w.sectors[0].trade_elasticity, WithinRel(1.0, 1e-14));
    CHECK(w.sectors[1].scale_elasticity == 0.05);
    policy_solver<> solver(w);
    auto change = solver.unchanged();
    change.import_tax(1, 0, 0) += 0.2;
    if (solver.solve(change) != melitz::status::converged) return Eigen::VectorXd();
    return Eigen::VectorXd(solver.log_welfare());
  };
  std::size_t told = 0;
  auto const one =
      melitz::under_elasticities(world, draws, question, {.progress = [&](std::size_t done, std::size_t all) {
                                   told += done;
                                   CHECK(all == 25);
                                 }});
  CHECK(told == 25 * 26 / 2);
  CHECK(one.failed == 0);
  REQUIRE(one.results.rows() == 25);
  REQUIRE(one.results.cols() == 3);
  auto const two = melitz::under_elasticities(world, draws,
                                              [&](auto const& w) {
                                                policy_solver<> solver(w);
                                                auto change = solver.unchanged();
                                                change.import_tax(1, 0, 0) += 0.2;
                                                return solver.solve(change) == melitz::status::converged
                                                           ? Eigen::VectorXd(solver.log_welfare())
                                                           : Eigen::VectorXd();
                                              },
                                              {.threads = 3});
  CHECK(one.results == two.results);
  auto const low = one.quantile(0.05), middle = one.quantile(0.5), high = one.quantile(0.95);
  CHECK((low.array() < middle.array()).all());
  CHECK((middle.array() < high.array()).all());
  CHECK(one.quantile(0)[0] == one.results.col(0).minCoeff());
  CHECK(one.quantile(1)[0] == one.results.col(0).maxCoeff());
}

TEST_CASE("sets without an answer are counted, and mistakes come back", "[policy][sets][errors]") {
  auto const world = world_of({policy_sector<>::armington(4.0)});
  Eigen::MatrixXd const sets = Eigen::Vector4d(2, 3, 4, 5);
  auto const some = melitz::under_elasticities(world, sets, [](policy_world<> const& w) {
    double const e = w.sectors[0].trade_elasticity;
    if (e == 3) throw melitz::convergence_error("here", melitz::status::iteration_limit);
    return e == 4 ? Eigen::VectorXd() : Eigen::VectorXd::Constant(1, e);
  });
  CHECK(some.failed == 2);
  CHECK(std::isnan(some.results(1, 0)));
  CHECK(some.quantile(0.5)[0] == 3.5);
  Eigen::MatrixXd const wrong = Eigen::Vector2d(2, -1);
  auto const validated = [](policy_world<> const& w) {
    w.validate();
    return Eigen::VectorXd::Ones(1).eval();
  };
  CHECK_THROWS_WITH(melitz::under_elasticities(world, wrong, validated, {.threads = 2}), contains("trade_elasticity"));
  CHECK_THROWS_WITH(melitz::under_elasticities(world, Eigen::MatrixXd::Ones(2, 2), validated),
                    contains("size of elasticities is 2"));
  CHECK_THROWS_WITH(some.quantile(1.5), contains("q is 1.5"));
  CHECK_THROWS_WITH(some.quantile(std::nan("")), contains("q is nan"));
  CHECK_THROWS_WITH(melitz::draw_elasticities(Eigen::Vector2d(4, 5), Eigen::Vector3d(1, 1, 1), 3, 1),
                    contains("size of standard_error is 3"));
  CHECK_THROWS_WITH(melitz::draw_elasticities(Eigen::Vector2d(4, -5), Eigen::Vector2d(1, 1), 3, 1),
                    contains("estimate is -5"));
  CHECK_THROWS_WITH(melitz::draw_elasticities(Eigen::Vector2d(4, 5), Eigen::Vector2d(1, 1), 0, 1),
                    contains("draws is 0"));
}

TEST_CASE("shares of final demand that are given, and what is missing of it", "[policy][final_shares]") {
  auto const world = world_of({policy_sector<>::krugman(5), policy_sector<>::armington(4)}, {.inputs = true});
  CHECK(melitz::negative_final_demand(world).empty());
  auto const base = melitz::baseline_of(world);
  auto const same = melitz::with_final_shares(world, base.final_share);
  CHECK((same.flows.values() - world.flows.values()).cwiseAbs().maxCoeff() <= 1e-11 * world.flows.values().maxCoeff());
  // Firms of country 1 take more of good 0 than it buys: all of it is told, and a share of final demand mends it.
  auto odd = world;
  odd.input_share[1].col(0) << 1 - odd.labor_share(1, 0), 0;
  odd.flows.sector(0).col(1) *= 1e-3;
  auto const gaps = melitz::negative_final_demand(odd);
  REQUIRE(gaps.size() == 1);
  CHECK(gaps[0].country == 1);
  CHECK(gaps[0].sector == 0);
  CHECK(gaps[0].missing() > 0);
  CHECK(gaps[0].factor() < 1);
  CHECK_THROWS_AS(melitz::baseline_of(odd), melitz::domain_error);
  auto const mended = melitz::with_final_shares(odd, base.final_share);
  auto const after = melitz::baseline_of(mended);
  CHECK((after.final_share - base.final_share).cwiseAbs().maxCoeff() <= 1e-11);
  for (Eigen::Index s = 0; s < 2; ++s) {
    for (Eigen::Index j = 0; j < 3; ++j) {
      double const share = mended.flows(0, j, s) / mended.flows.sector(s).col(j).sum();
      CHECK_THAT(share, WithinRel(odd.flows(0, j, s) / odd.flows.sector(s).col(j).sum(), 1e-11));
    }
  }
  CHECK_THROWS_WITH(melitz::with_final_shares(world, Eigen::MatrixXd::Constant(3, 2, 0.4)),
                    contains("sum of shares of country 0 is 0.8"));
  CHECK_THROWS_WITH(melitz::with_final_shares(world, Eigen::MatrixXd::Constant(2, 2, 0.5)),
                    contains("size of share is 2 by 2; it must be 3 by 2"));
}

}  // namespace test::policy_sets
