// SPDX-License-Identifier: BSL-1.0
#include <melitz/worlds/policy/cooperation.hpp>
#include <melitz/worlds/policy/formula_taxes.hpp>
#include <melitz/worlds/policy/nash_taxes.hpp>
#include <melitz/worlds/policy/optimal_taxes.hpp>

#include "support/catch.hpp"
#include "support/matrices.hpp"
#include "support/policy_reference.hpp"

#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace test::optimal_policy {

using melitz::policy_goal;
using melitz::policy_solver;
using melitz::search_status;
using melitz::tariff_formula;
using melitz::tax_choice;
using melitz::tax_pattern;

namespace {

/// The world of a case of policy_optimal.json, in which nobody has a deficit.
policy_world<> world_of(json const& inputs, json const& c) {
  auto out = policy_world_of(c.at("sectors"), pairs_of(c.at("baseline_X")));
  auto const& task = c.at("task");
  if (task.contains("baseline_import_tax")) {
    out.import_tax = pairs_of(task.at("baseline_import_tax"));
  } else if (!task.contains("baseline_taxes")) {
    out.import_tax = pairs_of(inputs.at("import_tax"));
  }
  out.closure = melitz::policy_closure::zero;
  return out;
}

tax_pattern pattern_of(json const& task) {
  auto const name = task.value("pattern", "all");
  return name == "uniform" ? tax_pattern::uniform : name == "sector" ? tax_pattern::sector : tax_pattern::all;
}

void check_taxes(trade_array<> const& found, json const& expected) {
  auto const taxes = pairs_of(expected);
  for (Eigen::Index k = 0; k < taxes.values().size(); ++k) {
    CAPTURE(k);
    CHECK_THAT(found.values()[k], WithinAbs(taxes.values()[k], 1e-7));
  }
}

void check_welfare(Eigen::VectorXd const& found, json const& expected) {
  REQUIRE(found.size() == static_cast<Eigen::Index>(expected.size()));
  for (Eigen::Index j = 0; j < found.size(); ++j) {
    CHECK_THAT(found[j], WithinRel(number(expected.at(static_cast<std::size_t>(j))), 1e-11));
  }
}

/// All distinct optima of a unilateral problem: one, in all cases of the file.
melitz::optimal_taxes unilateral(json const& task, policy_solver<>& solver) {
  auto const country = task.at("country").get<Eigen::Index>();
  tax_choice choice{.country = country, .pattern = pattern_of(task)};
  if (task.contains("upper")) {
    choice.lower = number(task.at("lower"));
    choice.upper = number(task.at("upper"));
  }
  policy_goal goal = melitz::welfare_of(country);
  if (task.contains("political_weights")) {
    goal = melitz::government_welfare(country, matrix_of(task.at("political_weights")).row(country).transpose());
  }
  return maximise_taxes(solver, {choice}, solver.unchanged(), goal);
}

policy_goal goal_of(json const& task, policy_solver<> const& solver) {
  auto const objective = task.at("objective").get<std::string>();
  if (objective.find("w_j") != std::string::npos) return melitz::weighted_welfare(melitz::income_weights(solver));
  if (objective.find("equal weights") != std::string::npos) return melitz::weighted_welfare(Eigen::Vector3d::Ones());
  return melitz::nash_bargaining(vector_of(task.at("threat_welfare_hat")));
}

}  // namespace

TEST_CASE("optimal taxes of one country agree with the references", "[policy][optimal][reference]") {
  // tests/reference/policy_optimal.json, verified by tools/reference/policy_optimal.py.
  auto const file = test::reference("policy_optimal");
  int cases = 0;
  for (auto const& c : file.at("cases")) {
    auto const& task = c.at("task");
    if (task.at("kind") != "unilateral") continue;
    CAPTURE(c.at("name").get<std::string>());
    ++cases;
    policy_solver<> solver(world_of(file.at("inputs"), c));
    auto const found = unilateral(task, solver);
    auto const& expected = c.at("outputs");
    REQUIRE(found);
    CHECK(found.optima.size() == 1);
    CHECK(found.searches.size() == 5);
    CHECK(found.undetermined == 0);
    auto const& best = found.best();
    CHECK(best.scaled_gradient <= 1e-8);
    CHECK(best.largest_curvature < 0);
    CHECK(best.gradients <= 100);
    check_taxes(best.change.import_tax, expected.at("import_tax"));
    check_welfare(best.welfare_hat, expected.at("welfare_hat"));
    CHECK(best.binding.size() == (task.contains("upper") ? 2 : 0));
    for (std::size_t k = 0; k < best.binding.size(); ++k) {
      CHECK(best.binding[k].upper);
      CHECK_THAT(best.binding[k].multiplier, WithinRel(number(expected.at("gradient_at_upper_bound").at(k)), 1e-7));
    }
    if (task.contains("political_weights")) {
      auto const country = task.at("country").get<Eigen::Index>();
      auto const goal =
          melitz::government_welfare(country, matrix_of(task.at("political_weights")).row(country).transpose());
      solver.restart();
      REQUIRE(solver.solve(solver.unchanged()) == melitz::status::converged);
      CHECK_THAT(std::exp(best.value - goal(solver).value),
                 WithinRel(number(expected.at("government_welfare_hat").at(static_cast<std::size_t>(country))), 1e-11));
    }
    if (c.at("name") == "optimal_armington_all") {  // perfect competition: partners' differ, sectors' do not
      auto const& t = best.change.import_tax;
      CHECK_THAT(t(1, 0, 0), WithinAbs(t(1, 0, 1), 1e-9));
      CHECK(std::abs(t(1, 0, 0) - t(2, 0, 0)) > 1e-3);
    }
  }
  CHECK(cases == 16);
}

TEST_CASE("formulas are exact where they are said to be, and off where not", "[policy][optimal][formula][reference]") {
  auto const file = test::reference("policy_optimal");
  int cases = 0;
  for (auto const& c : file.at("cases")) {
    auto const name = c.at("name").get<std::string>();
    CAPTURE(name);
    auto const world = world_of(file.at("inputs"), c);
    if (name.rfind("two_countries", 0) == 0) {
      ++cases;
      bool const perfect = name == "two_countries_armington";
      auto const formula = perfect ? tariff_formula::perfect_competition : tariff_formula::one_sector;
      auto const routes = melitz::routes_of(world, 0, formula);
      REQUIRE(routes.numerical);
      REQUIRE(routes.formula);
      CHECK(routes.gap_in_tax < 1e-9);
      CHECK(std::abs(routes.gap_in_welfare) < 1e-14);
      auto const key = perfect ? "formula_at_optimum" : "formula_with_net_shares";
      CHECK_THAT(routes.formula.tax[0], WithinRel(number(c.at("outputs").at(key)), 1e-8));
      if (!perfect) {  // as printed, with shares at consumers' prices, it misses
        auto const gross =
            melitz::routes_of(world, 0, formula, tax_pattern::uniform, {}, {.shares = melitz::formula_shares::gross});
        CHECK(gross.gap_in_tax > 1e-3);
        CHECK(gross.gap_in_welfare > 0);
      }
    }
    if (name == "optimal_armington_uniform") {
      ++cases;
      auto const routes = melitz::routes_of(world, 0, tariff_formula::perfect_competition);
      REQUIRE(routes.formula);
      CHECK(routes.gap_in_tax > 1e-4);
      CHECK(routes.gap_in_welfare > 0);
      CHECK(routes.gap_in_welfare < 1e-5);
    }
  }
  CHECK(cases == 4);
}

TEST_CASE("a trade war by formula is one of Nash where the formula is exact", "[policy][formula][nash]") {
  auto const file = test::reference("policy_optimal");
  for (auto const& c : file.at("cases")) {
    auto const name = c.at("name").get<std::string>();
    auto world = world_of(file.at("inputs"), c);
    if (name == "two_countries_partner_tariff_scale") {
      world.sectors = {policy_sector<>::armington(5.0)};
      auto const war = melitz::formula_war(world);
      auto const nash = melitz::nash_taxes_of(world, tax_pattern::uniform);
      REQUIRE(war);
      REQUIRE(nash);
      CHECK_THAT(war.tax[0], WithinRel(nash.change.import_tax(1, 0, 0), 1e-8));
      CHECK_THAT(war.tax[1], WithinRel(nash.change.import_tax(0, 1, 0), 1e-8));
      auto const gross = melitz::formula_war(world, {.shares = melitz::formula_shares::gross});
      REQUIRE(gross);
      CHECK(std::abs(gross.tax[0] - war.tax[0]) > 1e-3);
    }
    if (name == "nash_armington_uniform") {  // three countries: near, and each the formula's answer to the others
      auto const war = melitz::formula_war(world);
      REQUIRE(war);
      for (Eigen::Index j = 0; j < 3; ++j) {
        auto const nash = pairs_of(c.at("outputs").at("import_tax"))((j + 1) % 3, j, 0);
        CHECK(std::abs(war.tax[j] - nash) > 1e-6);
        CHECK(std::abs(war.tax[j] - nash) < 0.02);
        policy_solver<> solver(world);
        REQUIRE(solver.solve(war.change) == melitz::status::converged);
        double const delta =
            melitz::detail::export_elasticity(world, solver.flows(), war.change, j, melitz::formula_shares::net_of_tax,
                                              [](Eigen::Index, Eigen::Index) { return 1.0; });
        CHECK_THAT(war.tax[j], WithinRel(1 / delta, 1e-11));
      }
    }
  }
}

TEST_CASE("Nash taxes agree with the references", "[policy][nash][reference]") {
  auto const file = test::reference("policy_optimal");
  int cases = 0;
  for (auto const& c : file.at("cases")) {
    if (c.at("task").at("kind") != "nash") continue;
    CAPTURE(c.at("name").get<std::string>());
    ++cases;
    auto const world = world_of(file.at("inputs"), c);
    auto const found = melitz::nash_taxes_of(world, pattern_of(c.at("task")));
    REQUIRE(found);
    CHECK(found.scaled_gradient <= 1e-8);
    CHECK(found.largest_curvature.maxCoeff() < 0);
    CHECK(found.rounds == 0);
    check_taxes(found.change.import_tax, c.at("outputs").at("import_tax"));
    check_welfare(found.welfare_hat, c.at("outputs").at("welfare_hat"));
    policy_solver<> solver(world);
    std::vector<melitz::nash_player> players;
    for (Eigen::Index j = 0; j < 3; ++j) {
      players.push_back({{{.country = j, .pattern = pattern_of(c.at("task"))}}, melitz::welfare_of(j)});
    }
    // Nobody gains by leaving them.
    for (Eigen::Index j = 0; j < 3; ++j) {
      auto const alone = maximise_taxes(solver, players[static_cast<std::size_t>(j)].choices, found.change,
                                        melitz::welfare_of(j), {.starts = {melitz::tax_start::tenth}});
      REQUIRE(alone);
      CHECK_THAT(alone.best().welfare_hat[j], WithinRel(found.welfare_hat[j], 1e-12));
    }
  }
  CHECK(cases == 5);
}

TEST_CASE("cooperative taxes agree with the references", "[policy][cooperation][reference]") {
  auto const file = test::reference("policy_optimal");
  int cases = 0;
  for (auto const& c : file.at("cases")) {
    auto const& task = c.at("task");
    if (task.at("kind") != "cooperative") continue;
    CAPTURE(c.at("name").get<std::string>());
    ++cases;
    policy_solver<> solver(world_of(file.at("inputs"), c));
    auto const& expected = c.at("outputs");
    auto const choices = melitz::all_import_taxes(3);
    melitz::optimal_tax_options const once{.starts = {melitz::tax_start::free_trade}};
    if (expected.contains("common_log_gain")) {
      auto const found =
          equal_gains_of(solver, choices, solver.unchanged(), vector_of(task.at("threat_welfare_hat")), once);
      REQUIRE(found);
      check_taxes(found.optimum.change.import_tax, expected.at("import_tax"));
      check_welfare(found.optimum.welfare_hat, expected.at("welfare_hat"));
      CHECK_THAT(found.optimum.value, WithinRel(number(expected.at("common_log_gain")), 1e-9));
      CHECK(found.log_gain.maxCoeff() - found.log_gain.minCoeff() < 1e-11);
      CHECK_THAT(found.multipliers.sum(), WithinRel(1.0, 1e-12));
      for (Eigen::Index j = 0; j < 3; ++j) {
        CHECK_THAT(found.multipliers[j],
                   WithinRel(number(expected.at("multipliers").at(static_cast<std::size_t>(j))), 1e-7));
      }
      CHECK(found.optimum.largest_curvature < 0);
      continue;
    }
    auto const found = maximise_taxes(solver, choices, solver.unchanged(), goal_of(task, solver), once);
    REQUIRE(found);
    check_taxes(found.best().change.import_tax, expected.at("import_tax"));
    check_welfare(found.best().welfare_hat, expected.at("welfare_hat"));
    CHECK(found.best().largest_curvature < 0);
    if (task.contains("threat_welfare_hat")) {
      CHECK((found.best().welfare_hat.array() > vector_of(task.at("threat_welfare_hat")).array()).all());
    }
  }
  CHECK(cases == 5);
}

}  // namespace test::optimal_policy
