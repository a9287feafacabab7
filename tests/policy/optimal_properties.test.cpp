// SPDX-License-Identifier: BSL-1.0
#include <melitz/worlds/policy/cooperation.hpp>
#include <melitz/worlds/policy/formula_taxes.hpp>
#include <melitz/worlds/policy/nash_taxes.hpp>
#include <melitz/worlds/policy/optimal_taxes.hpp>

#include "support/catch.hpp"
#include "support/policy_reference.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace test::optimal_policy_properties {

using melitz::policy_instrument;
using melitz::policy_solver;
using melitz::search_status;
using melitz::tax_pattern;
using melitz::tax_start;
using melitz::detail::climbing;
using melitz::detail::first_order_point;
using melitz::detail::first_order_search;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

/// Three countries and two sectors, with deficits and tariffs.
policy_world<> world_with_deficits(policy_sector<> const& one, policy_sector<> const& two) {
  auto const file = test::reference("policy_optimal");
  return {.sectors = {one, two},
          .flows = pairs_of(file.at("inputs").at("X")),
          .import_tax = pairs_of(file.at("inputs").at("import_tax"))};
}

policy_world<> armington_world() {
  return melitz::without_deficits(
      world_with_deficits(policy_sector<>::armington(5.0), policy_sector<>::armington(3.5)));
}

/// -1/2 (x - a)'A(x - a), with A a diagonal plus a matrix of low rank, some entries of the diagonal tiny.
struct hill {
  Eigen::MatrixXd a{};
  Eigen::VectorXd top{}, size{};

  explicit hill(Eigen::Index n) : top(n), size(n) {
    uniform_numbers random(7);
    Eigen::VectorXd low(n);
    for (Eigen::Index k = 0; k < n; ++k) {
      top[k] = random(-0.5, 0.5);
      size[k] = std::pow(10, random(-9, 0));
      low[k] = random(-1, 1) * size[k];
    }
    a = (5 * size).asDiagonal();
    a += 3 * low * low.transpose();
  }

  first_order_point operator()(Eigen::VectorXd const& x) const {
    Eigen::VectorXd const off = x - top;
    return {true, -off.dot(a * off) / 2, -(a * off), size, 5 * size};
  }
};

Eigen::VectorXd bound(Eigen::Index n, double at) { return Eigen::VectorXd::Constant(n, at); }

}  // namespace

TEST_CASE("a search finds the top of a hill whose slopes differ by nine orders of magnitude", "[policy][search]") {
  hill f(60);
  auto const end = first_order_search(f, bound(60, -9), bound(60, 9), {}, climbing::one_objective).from(bound(60, 0.2));
  REQUIRE(end.reason == search_status::converged);
  CHECK(end.scaled_gradient <= 1e-11);
  CHECK(end.evaluations < 15);
  CHECK((end.x - f.top).cwiseAbs().maxCoeff() < 1e-10);
  int count = 0;
  double const eigenvalue = melitz::detail::largest_curvature(f, end, count);
  CHECK_THAT(eigenvalue, WithinAbs(-1, 1e-3));
  CHECK(count <= 48);

  SECTION("and the best point of a box, where what binds has its sign") {
    auto const boxed =
        first_order_search(f, bound(60, -0.1), bound(60, 0.15), {}, climbing::one_objective).from(bound(60, 0.0));
    REQUIRE(boxed.reason == search_status::converged);
    auto const slopes = f(boxed.x).gradient;
    int binding = 0;
    for (Eigen::Index k = 0; k < 60; ++k) {
      if (boxed.binds[static_cast<std::size_t>(k)]) {
        ++binding;
        CHECK((boxed.x[k] == 0.15 ? slopes[k] > 0 : boxed.x[k] == -0.1 && slopes[k] < 0));
      } else {
        CHECK(std::abs(slopes[k]) <= 1e-8 * f.size[k]);
      }
    }
    CHECK(binding > 20);
    CHECK(binding < 60);
  }
  SECTION("but says so where its budget ends") {
    auto const early = first_order_search(f, bound(60, -9), bound(60, 9), {.evaluations = 2}, climbing::one_objective)
                           .from(bound(60, 0.2));
    CHECK(early.reason == search_status::evaluation_limit);
    CHECK(early.evaluations == 2);
  }
}

TEST_CASE("a search that meets nothing, a wall, or a pass says which", "[policy][search]") {
  auto nothing = [](Eigen::VectorXd const&) { return first_order_point{}; };
  CHECK(first_order_search(nothing, bound(1, -1), bound(1, 1), {}, climbing::one_objective).from(bound(1, 0)).reason ==
        search_status::not_solved);
  // Its values are no numbers beyond 0.3, and rise up to there.
  auto wall = [](Eigen::VectorXd const& x) {
    return first_order_point{true, x[0] > 0.3 ? not_a_number : x[0], bound(1, 1), bound(1, 1), bound(1, 1)};
  };
  auto const stuck = first_order_search(wall, bound(1, -1), bound(1, 1), {}, climbing::one_objective).from(bound(1, 0));
  CHECK(stuck.reason == search_status::no_progress);
  CHECK(stuck.x[0] <= 0.3);
  CHECK(stuck.x[0] > 0.25);
  // x^2 - y^2: the slopes vanish where it is no maximum.
  auto pass = [](Eigen::VectorXd const& x) {
    Eigen::VectorXd const slopes = Eigen::Vector2d(2 * x[0], -2 * x[1]);
    return first_order_point{true, x[0] * x[0] - x[1] * x[1], slopes, bound(2, 1), bound(2, 2)};
  };
  auto const end = first_order_search(pass, bound(2, -1), bound(2, 1), {}, climbing::one_objective)
                       .from(Eigen::VectorXd(Eigen::Vector2d(0, 0.5)));
  REQUIRE(end.reason == search_status::converged);
  int count = 0;
  CHECK_THAT(melitz::detail::largest_curvature(pass, end, count), WithinAbs(1, 1e-6));
}

TEST_CASE("deficits that stay are refused, or let welfare rise without bound", "[policy][optimal]") {
  auto world = world_with_deficits(policy_sector<>::armington(5.0), policy_sector<>::armington(3.5));
  CHECK_THROWS_WITH(optimal_taxes_of(world, {.country = 0}), contains("be 0: see without_deficits"));
  CHECK_THROWS_WITH(nash_taxes_of(world, tax_pattern::uniform), contains("be 0: see without_deficits"));
  policy_solver<> const solver(world);
  Eigen::Index borrower = 0;
  solver.baseline().deficit.maxCoeff(&borrower);
  auto const found =
      optimal_taxes_of(world, {.country = borrower, .pattern = tax_pattern::uniform}, {.keep_deficits = true});
  auto const unbounded = std::count_if(found.searches.begin(), found.searches.end(),
                                       [](auto const& s) { return s.second == search_status::unbounded; });
  CHECK(unbounded >= 1);
  CHECK(found.optima.size() == 2);
  CHECK(found.best().reason == search_status::unbounded);
  CHECK_FALSE(found);
  CHECK(found.optima[1].reason == search_status::converged);
  // With a bound there are two good answers: the bound, and the local maximum.
  auto const bounded = optimal_taxes_of(world, {.country = borrower, .pattern = tax_pattern::uniform, .upper = 3.0},
                                        {.keep_deficits = true});
  REQUIRE(bounded);
  CHECK(bounded.optima.size() == 2);
  CHECK(bounded.best().binding.size() == 1);
  // Without deficits there is one answer.
  auto const resolved =
      optimal_taxes_of(melitz::without_deficits(world), {.country = borrower, .pattern = tax_pattern::uniform});
  REQUIRE(resolved);
  CHECK(resolved.optima.size() == 1);
}

TEST_CASE("taxes on flows that hardly exist are left alone, and counted", "[policy][optimal]") {
  auto world = armington_world();
  world.flows(1, 0, 0) = 1e-12 * world.flows(1, 0, 0);
  world.flows(2, 0, 1) = 0;
  world = melitz::without_deficits(world);
  auto const found = optimal_taxes_of(world, {.country = 0});
  REQUIRE(found);
  CHECK(found.undetermined == 2);
  CHECK(found.best().change.import_tax(1, 0, 0) == world.import_tax(1, 0, 0));
  CHECK(found.best().change.import_tax(2, 0, 1) == world.import_tax(2, 0, 1));
  CHECK(found.best().change.import_tax(2, 0, 0) > 0.1);
  melitz::optimal_tax_options strict;
  strict.smallest_flow = 1;
  auto const none = optimal_taxes_of(world, {.country = 0}, strict);
  CHECK_FALSE(none);
  CHECK(none.best().reason == search_status::undetermined);
  CHECK(none.undetermined == 4);
}

TEST_CASE("a uniform tax on exports does what one on imports does", "[policy][optimal]") {  // Lerner (1936)
  auto world = armington_world();
  world.import_tax = trade_array<>();
  world = melitz::without_deficits(world);
  auto const imports = optimal_taxes_of(world, {.country = 1, .pattern = tax_pattern::uniform});
  auto const exports = optimal_taxes_of(
      world, {.country = 1, .pattern = tax_pattern::uniform, .instrument = policy_instrument::export_tax});
  REQUIRE(imports);
  REQUIRE(exports);
  CHECK_THAT(exports.best().welfare_hat[1], WithinRel(imports.best().welfare_hat[1], 1e-13));
  CHECK_THAT(exports.best().change.export_tax(1, 0, 1), WithinRel(imports.best().change.import_tax(0, 1, 1), 1e-8));
}

TEST_CASE("a subsidy to production mends markups, where labor is supplied elastically", "[policy][optimal]") {
  using melitz::entry_rule;
  auto raw = armington_world();
  raw.sectors = {policy_sector<>::lashkaripour_lugovskyy(5, 0.05, entry_rule::fixed),
                 policy_sector<>::lashkaripour_lugovskyy(3.5, 0.25, entry_rule::fixed)};
  melitz::tax_choice const choice{
      .country = 0, .pattern = tax_pattern::sector, .instrument = policy_instrument::production_tax};
  // In given supply all sectors' taxes together do nothing: no maximum is strict.
  auto const given = optimal_taxes_of(melitz::without_deficits(raw), choice, {.starts = {tax_start::baseline}});
  CHECK(given.best().reason == search_status::not_a_maximum);
  CHECK(std::abs(given.best().largest_curvature) < 1e-6);
  raw.labor_supply_elasticity = 0.5;
  auto const found = optimal_taxes_of(melitz::without_deficits(raw), choice);
  REQUIRE(found);
  auto const& r = found.best().change.production_tax;
  CHECK(r(0, 0) > r(0, 1));  // the sector with the larger markup is the one that is too small
  CHECK(r(0, 1) < 0);
  CHECK(found.best().welfare_hat[0] > 1);
  CHECK(r.bottomRows(2).isZero(0));
}

TEST_CASE("governments that weigh all sectors alike want welfare", "[policy][optimal]") {
  auto const world =
      melitz::without_deficits(world_with_deficits(policy_sector<>::krugman(5.0, melitz::entry_rule::fixed),
                                                   policy_sector<>::krugman(3.5, melitz::entry_rule::fixed)));
  policy_solver<> solver(world);
  auto change = solver.unchanged();
  change.import_tax(1, 0, 0) = 0.4;
  REQUIRE(solver.solve(solver.unchanged()) == melitz::status::converged);
  auto const goal = melitz::government_welfare(0, Eigen::Vector2d::Ones()),
             uneven = melitz::government_welfare(0, Eigen::Vector2d(1.3, 0.7));
  double const before = goal(solver).value;
  REQUIRE(solver.solve(change) == melitz::status::converged);
  CHECK_THAT(goal(solver).value - before, WithinAbs(solver.log_welfare()[0], 1e-14));
  // Slopes of an uneven one by differences.
  auto const slopes = solver.gradient(uneven(solver).slopes);
  for (Eigen::Index s = 0; s < 2; ++s) {
    double ends[2] = {};
    for (int side = 0; side < 2; ++side) {
      auto moved = change;
      moved.import_tax(2, 0, s) = (1 + moved.import_tax(2, 0, s)) * std::exp(side == 0 ? -1e-5 : 1e-5) - 1;
      REQUIRE(solver.solve(moved) == melitz::status::converged);
      ends[side] = uneven(solver).value;
    }
    REQUIRE(solver.solve(change) == melitz::status::converged);
    CHECK_THAT(slopes.log_import_tax(2, 0, s), WithinAbs((ends[1] - ends[0]) / 2e-5, 1e-10));
  }
}

TEST_CASE("players who answer in turn end where all at once do", "[policy][nash]") {
  auto const world = armington_world();
  auto const at_once = nash_taxes_of(world, tax_pattern::all);
  REQUIRE(at_once);
  policy_solver<> solver(world);
  std::vector<std::vector<melitz::detail::tax_group>> groups;
  std::vector<melitz::policy_goal> goals;
  Eigen::Index left_out = 0;
  for (Eigen::Index j = 0; j < 3; ++j) {
    groups.push_back(melitz::detail::groups_of({.country = j}, solver, 1e-11, left_out));
    goals.push_back(melitz::welfare_of(j));
  }
  auto change = solver.unchanged();
  Eigen::VectorXd x = Eigen::VectorXd::Constant(12, 0.1);
  int const rounds = melitz::detail::answer_in_turn(solver, groups, goals, change, x, {});
  CHECK(rounds > 1);
  CHECK(rounds < 30);
  CHECK((change.import_tax.values() - at_once.change.import_tax.values()).cwiseAbs().maxCoeff() < 1e-2);
  // Too small a budget is said.
  melitz::nash_options poor{.search = {.evaluations = 2}, .rounds = 1};
  auto const unfinished = nash_taxes_of(world, tax_pattern::all, poor);
  CHECK_FALSE(unfinished);
  CHECK(unfinished.reason == search_status::evaluation_limit);
  CHECK(unfinished.rounds == 1);
}

TEST_CASE("retaliation in kind, and by the best answers of all others", "[policy][nash]") {
  auto const world = armington_world();
  auto const first = optimal_taxes_of(world, {.country = 0}, {.starts = {tax_start::tenth}});
  REQUIRE(first);
  auto const answered = melitz::reciprocal_retaliation(first.best().change, 0);
  for (Eigen::Index s = 0; s < 2; ++s) {
    CHECK(answered.import_tax(0, 2, s) == first.best().change.import_tax(2, 0, s));
    CHECK(answered.import_tax(1, 2, s) == world.import_tax(1, 2, s));
  }
  policy_solver<> solver(world);
  REQUIRE(solver.solve(answered) == melitz::status::converged);
  CHECK(std::exp(solver.log_welfare()[0]) < first.best().welfare_hat[0]);
  auto const others = nash_taxes_of(solver, {{{{.country = 1}}, {}}, {{{.country = 2}}, {}}}, first.best().change);
  REQUIRE(others);
  CHECK(others.welfare_hat[0] < first.best().welfare_hat[0]);
  CHECK(others.change.import_tax(1, 0, 0) == first.best().change.import_tax(1, 0, 0));
}

TEST_CASE("choices of taxes that make no sense are refused by name", "[policy][optimal][errors]") {
  auto const world = armington_world();
  CHECK_THROWS_WITH(optimal_taxes_of(world, {.country = 3}), contains("country is 3"));
  CHECK_THROWS_WITH(optimal_taxes_of(world, {.country = -1}), contains("country is -1"));
  CHECK_THROWS_WITH(optimal_taxes_of(world, {.country = 0, .lower = 0.2, .upper = 0.1}), contains("lower is 0.2"));
  CHECK_THROWS_WITH(optimal_taxes_of(world, {.country = 0, .lower = not_a_number}), contains("lower is nan"));
  CHECK_THROWS_WITH(optimal_taxes_of(world, {.country = 0, .upper = not_a_number}), contains("upper is nan"));
  CHECK_THROWS_WITH(optimal_taxes_of(world, {.country = 0, .upper = -1.0}), contains("upper is -1"));
  CHECK_THROWS_WITH(
      optimal_taxes_of(
          world, {.country = 0, .pattern = tax_pattern::partner, .instrument = policy_instrument::production_tax}),
      contains("pattern is partner"));
  policy_solver<> solver(world);
  auto const none = solver.unchanged();
  CHECK_THROWS_WITH(nash_taxes_of(solver, {{{}, {}}}, none), contains("choices is empty"));
  CHECK_THROWS_WITH(nash_taxes_of(solver, {{{{.country = 1}, {.country = 2}}, {}}}, none),
                    contains("is 2; it must be"));
  CHECK_THROWS_WITH(nash_taxes_of(solver, {{{{.country = 1}}, {}}, {{{.country = 1}}, {}}}, none),
                    contains("one player only"));
  REQUIRE(solver.solve(none) == melitz::status::converged);
  CHECK_THROWS_WITH(melitz::welfare_of(7)(solver), contains("country is 7"));
  CHECK_THROWS_WITH(melitz::weighted_welfare(Eigen::Vector2d::Ones())(solver), contains("size of weights is 2"));
  CHECK_THROWS_WITH(melitz::government_welfare(0, Eigen::Vector3d::Ones())(solver), contains("size of weights is 3"));
  CHECK_THROWS_WITH(equal_gains_of(solver, melitz::all_import_taxes(3), none, Eigen::Vector3d(1, 0, 1)),
                    contains("threat is 0"));
  CHECK_THROWS_WITH(formula_taxes_of(world, 0, melitz::tariff_formula::one_sector), contains("number of sectors is 2"));
  auto free_entry = world;
  free_entry.sectors[0] = policy_sector<>::external_economies(5, 0.1);
  CHECK_THROWS_WITH(formula_taxes_of(free_entry, 0, melitz::tariff_formula::third_best), contains("entry is free"));
}

}  // namespace test::optimal_policy_properties
