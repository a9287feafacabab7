// SPDX-License-Identifier: BSL-1.0
#include <melitz/worlds/bertrand/bertrand.hpp>

#include "support/catch.hpp"
#include "support/matrices.hpp"
#include "support/random.hpp"
#include "support/reference.hpp"
#include "support/told.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace test::world_bertrand {

using melitz::bertrand_economy;
using melitz::bertrand_markups;
using melitz::regime;
using melitz::status;
using melitz::try_solve_with_flows;
using test::check_within;
using test::contains;
using test::WithinAbs;
using test::WithinRel;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// Three countries that differ in everything.
bertrand_economy<> world() {
  return {.elasticity = 3.79,
          .shape = 3.6,
          .labor = Eigen::Vector3d{100, 60, 40},
          .technology = Eigen::Vector3d{1, 0.8, 1.2},
          .iceberg_cost = Eigen::Matrix3d{{1, 1.6, 1.9}, {1.7, 1, 1.8}, {1.9, 1.7, 1}}};
}

/// It costs less to send goods from 0 to 2 by way of 1, which nobody does.
bertrand_economy<> with_a_detour() {
  auto out = world();
  out.iceberg_cost = Eigen::Matrix3d{{1, 1.1, 2.5}, {1.2, 1, 1.15}, {2.4, 1.2, 1}};
  return out;
}

/// n countries alike.
bertrand_economy<> alike(Eigen::Index n, double iceberg_cost) {
  auto out = world();
  out.labor = out.technology = Eigen::VectorXd::Ones(n);
  out.iceberg_cost = Eigen::MatrixXd::Constant(n, n, iceberg_cost);
  out.iceberg_cost.diagonal().setOnes();
  return out;
}

bertrand_economy<> random_world(test::uniform_numbers& random, Eigen::Index n) {
  auto const between = [&](double low, double high) { return std::exp(random(std::log(low), std::log(high))); };
  bertrand_economy<> out;
  out.shape = between(0.8, 15);
  out.elasticity = random(0.3, 0.98) * (1 + out.shape);
  out.labor = out.technology = Eigen::VectorXd(n);
  out.iceberg_cost = Eigen::MatrixXd::Ones(n, n);
  double const sizes = between(1.1, 1000), distance = between(0.01, 3);
  for (Eigen::Index i = 0; i < n; ++i) {
    out.labor[i] = between(1 / sizes, sizes);
    out.technology[i] = between(1 / sizes, sizes);
    for (Eigen::Index j = 0; j < n; ++j) {
      if (i != j) out.iceberg_cost(i, j) = 1 + distance * random(0, 1);
    }
  }
  return out;
}

}  // namespace

TEST_CASE("competition in prices agrees with the references", "[world][bertrand][reference]") {
  // tests/reference/bertrand.json, remade by tools/reference/bertrand.py.
  auto const file = test::reference("bertrand");
  int compared = 0;
  for (auto const& row : file.at("cases")) {
    CAPTURE(row.at("name").get<std::string>());
    auto const economy = test::economy_from<bertrand_economy<>>(row.at("params"));
    auto const e = try_solve_with_flows(economy);
    REQUIRE(e);
    CHECK(test::compare_all(row.at("outputs"), e, 1e-12) == 19);
    CHECK_THAT(economy.markups().average(), WithinRel(test::number(row.at("average_markup")), 1e-14));
    CHECK_THAT(economy.markups().log_price_constant(),
               WithinRel(std::log(test::number(row.at("price_constant"))), 1e-13));
    ++compared;
  }
  CHECK(compared == 10);
}

TEST_CASE("markups are those of a Pareto law up to the monopoly's", "[world][bertrand]") {
  // Inelastic demand has no such bound, and its prices a limit where it is one.
  bertrand_markups<double> const unit{1, 3.6};
  CHECK(unit.log_highest() == infinity);
  CHECK(unit.capped_share() == 0);
  CHECK_THAT(unit.average(), WithinRel(1 + 1 / 2.6, 1e-15));
  CHECK_THAT(unit.log_price_constant(), WithinRel((1 - 0.57721566490153286) / 3.6, 1e-15));
  for (double const h : {1e-3, 1e-5, 1e-7}) {
    CAPTURE(h);
    double const above = bertrand_markups<double>{1 + h, 3.6}.log_price_constant();
    double const below = bertrand_markups<double>{1 - h, 3.6}.log_price_constant();
    CHECK_THAT((above + below) / 2, WithinRel(unit.log_price_constant(), h * h + 1e-9 * h + 1e-13));
  }
  CHECK(bertrand_markups<double>{0.5, 1}.average() == infinity);
  CHECK_THAT((bertrand_markups<double>{1.5, 1}.average()), WithinRel(1 + std::log(3), 1e-15));
  // The sum over goods of what they cost is theta/(1 + theta) of what they sell for.
  bertrand_markups<double> const usual{3.79, 3.6};
  CHECK_THAT(usual.average_log(), WithinRel((1 - usual.capped_share()) / 3.6, 1e-15));
  CHECK_THAT(usual.capped_share(), WithinRel(std::pow(3.79 / 2.79, -3.6), 1e-14));
}

TEST_CASE("accounts close in random worlds, and gains are the formula's", "[world][bertrand][property]") {
  test::uniform_numbers random(20030901);
  int solved = 0, with_inputs = 0, most = 0;
  for (int k = 0; k < 500; ++k) {
    CAPTURE(k);
    auto const n = static_cast<Eigen::Index>(1 + k % 6);
    auto economy = random_world(random, n);
    if (k % 2 == 1) economy.labor_share = random(0.2, 1);
    auto const e = try_solve_with_flows(economy);
    REQUIRE(e);
    ++solved;
    with_inputs += economy.labor_share < 1 ? 1 : 0;
    most = std::max(most, e.evaluations);
    double const theta = economy.shape, beta = economy.labor_share;
    CHECK(e.residual < 1e-12);
    CHECK(e.wage[0] == 1);
    check_within(e.gains_from_trade(), e.formula_gains_from_trade, 1e-12);
    CHECK(e.gains_from_trade().minCoeff() >= 1 - 1e-13);
    for (Eigen::Index j = 0; j < n; ++j) {
      // Goods, payments to labor, and to owners.
      CHECK_THAT(e.share.col(j).sum(), WithinRel(1.0, 1e-13));
      CHECK_THAT(e.sales.row(j).sum(), WithinRel(e.revenue[j], 1e-12));
      CHECK_THAT(beta * theta / (1 + theta) * e.revenue[j], WithinRel(e.wage[j] * economy.labor[j], 1e-13));
      CHECK_THAT(e.profits[j], WithinRel(e.revenue[j] / (1 + theta), 1e-13));
      CHECK_THAT(e.income[j], WithinRel(e.wage[j] * economy.labor[j] + e.profits[j], 1e-13));
      // What producers and consumers buy is what is sold in the country.
      CHECK_THAT(e.income[j] + (1 - beta) * theta / (1 + theta) * e.revenue[j], WithinRel(e.revenue[j], 1e-13));
      // The price index of all countries' costs, and not of the home share.
      double phi = 0;
      for (Eigen::Index i = 0; i < n; ++i) {
        double const cost = std::pow(e.wage[i], beta) * std::pow(e.price_index[i], 1 - beta);
        phi += economy.technology[i] * std::pow(cost * economy.iceberg_cost(i, j), -theta);
      }
      double const expected = std::exp(economy.markups().log_price_constant()) * std::pow(phi, -1 / theta);
      CHECK_THAT(e.price_index[j], WithinRel(expected, 1e-11));
      CHECK((e.share_exporting[j] >= 0 && e.share_exporting[j] <= 1));
      CHECK(e.error_estimate == 0);
      if (std::isnan(e.exporter_productivity_gap[j])) continue;
      // Exporters have the better draws, sell more at home, and charge more there.
      CHECK(e.exporter_efficiency_gap[j] > 0);
      CHECK(e.exporter_log_markup[j] <= economy.markups().log_highest());
      // All home sellers together have the markups of all goods, and the cost share of all sales.
      double const x = e.share_exporting[j];
      CHECK_THAT(x * e.exporter_log_markup[j] + (1 - x) * e.nonexporter_log_markup[j],
                 WithinRel(e.average_log_markup, 1e-11));
    }
    // The same country by itself.
    auto alone = economy;
    alone.labor = economy.labor.tail(1);
    alone.technology = economy.technology.tail(1);
    alone.iceberg_cost = Eigen::MatrixXd::Ones(1, 1);
    auto const by_itself = melitz::solve(alone);
    CHECK_THAT(by_itself.welfare[0], WithinRel(e.autarky_welfare[n - 1], 1e-13));
    CHECK(by_itself.domestic_share[0] == 1);
  }
  CHECK(solved == 500);
  CHECK(with_inputs == 250);
  CHECK(most < 100);
}

TEST_CASE("many countries, far apart, solve with any share of labor", "[world][bertrand][property]") {
  test::uniform_numbers random(4);
  for (int k = 0; k < 60; ++k) {
    CAPTURE(k);
    auto economy = random_world(random, 30);
    economy.labor_share = k % 3 == 0 ? 1 : random(0.05, 1);
    CAPTURE(economy.shape, economy.labor_share);
    auto const e = melitz::try_solve(economy);
    REQUIRE(e.reason == status::converged);
    check_within(e.gains_from_trade(), e.formula_gains_from_trade, 1e-12);
  }
}

TEST_CASE("two countries' share exporting is what one buys from the other", "[world][bertrand]") {
  auto economy = world();
  economy.labor = Eigen::Vector2d{1, 2};
  economy.technology = Eigen::Vector2d{1, 3};
  economy.iceberg_cost = Eigen::Matrix2d{{1, 1.4}, {1.3, 1}};
  auto const e = try_solve_with_flows(economy);
  CHECK_THAT(e.share_exporting[0], WithinRel(e.share(0, 1) / e.share(0, 0), 1e-14));
  CHECK_THAT(e.share_exporting[1], WithinRel(e.share(1, 0) / e.share(1, 1), 1e-14));
}

TEST_CASE("under free trade everybody exports, and there is nobody to compare with", "[world][bertrand][corner]") {
  for (Eigen::Index const n : {2, 5, 9}) {
    CAPTURE(n);
    auto economy = alike(n, 1);
    economy.labor[0] = 3;
    economy.technology[1] = 2;
    auto const e = try_solve_with_flows(economy);
    REQUIRE(e);
    for (Eigen::Index i = 0; i < n; ++i) {
      auto const p = plants(economy, e.share, i);
      CHECK(p.regime == regime::all_export);
      CHECK(p.share_exporting == 1);
      CHECK_THAT(p.exporter_log_markup.value(), WithinRel(economy.markups().average_log(), 1e-12));
      CHECK_THAT(p.exporter_cost_share.value(), WithinRel(3.6 / 4.6, 1e-12));
      CHECK_THAT(p.exporter_capped_share.value(), WithinRel(economy.markups().capped_share(), 1e-12));
      CHECK((!p.nonexporter_log_markup && !p.exporter_productivity_gap && !p.exporter_efficiency_gap &&
             !p.exporter_size_ratio));
      CHECK(std::isnan(e.exporter_size_ratio[i]));
    }
  }
  // A little dearer, and there are some who do not.
  auto const nearly = try_solve_with_flows(alike(3, 1.001));
  auto const p = plants(alike(3, 1.001), nearly.share, 0);
  CHECK(p.regime == regime::selection);
  CHECK(p.share_exporting > 0.98);
  CHECK(p.exporter_size_ratio.value() > 1);
}

TEST_CASE("by itself a country has no exporters", "[world][bertrand][corner]") {
  auto const economy = alike(1, 1);
  auto const e = try_solve_with_flows(economy);
  REQUIRE(e);
  auto const p = plants(economy, e.share, 0);
  CHECK(p.regime == regime::closed);
  CHECK(p.share_exporting == 0);
  CHECK_THAT(p.nonexporter_log_markup.value(), WithinRel(economy.markups().average_log(), 1e-15));
  CHECK((!p.exporter_log_markup && !p.exporter_productivity_gap && !p.exporter_size_ratio));
  // Nor where nobody can be reached: no numeraire, but the status says so.
  auto apart = world();
  apart.iceberg_cost.setConstant(infinity);
  apart.iceberg_cost.diagonal().setOnes();
  auto const none = try_solve_with_flows(apart);
  CHECK(none.reason == status::disconnected);
  CHECK((std::isnan(none.wage[0]) && std::isnan(none.share_exporting[2]) && std::isnan(none.share(0, 1))));
  // One that is reached through another.
  auto chain = world();
  chain.iceberg_cost(0, 2) = chain.iceberg_cost(2, 0) = infinity;
  auto const through = try_solve_with_flows(chain);
  REQUIRE(through);
  CHECK(through.share(0, 2) == 0);
  CHECK_THAT(through.share_exporting[0], WithinRel(through.share(0, 1) / through.share(0, 0), 1e-12));
  // So far away that next to nothing is traded, of which there are numbers all the same.
  auto dear = world();
  dear.iceberg_cost.row(0).tail(2).setConstant(1e40);
  dear.iceberg_cost.col(0).tail(2).setConstant(1e40);
  auto const far = try_solve_with_flows(dear);
  REQUIRE(far);
  CHECK((far.share_exporting[0] > 0 && far.share_exporting[0] < 1e-100));
  CHECK(far.exporter_efficiency_gap[0] > 10);
  CHECK(far.exporter_log_markup[0] <= dear.markups().log_highest());
  CHECK(far.exporter_size_ratio[0] > 1e10);
}

TEST_CASE("mistakes are named", "[world][bertrand][error]") {
  auto const complains = [](auto const& change, std::string const& message) {
    auto economy = world();
    change(economy);
    CHECK_THROWS_WITH(melitz::try_solve(economy), contains(message));
    CHECK_THROWS_AS(try_solve_with_flows(economy), melitz::domain_error);
  };
  double const nan = std::nan("");
  complains([](auto& e) { e.shape = 0; }, "bertrand_economy: shape is 0; it must be positive and finite");
  complains([&](auto& e) { e.shape = nan; }, "shape is nan; it must be positive and finite");
  complains([](auto& e) { e.elasticity = 4.75; }, "shape is 3.6; it must exceed 3.75");
  complains([](auto& e) { e.elasticity = infinity; }, "elasticity is inf; it must be positive and finite");
  complains([](auto& e) { e.elasticity = 0; }, "elasticity is 0; it must be positive and finite");
  complains([](auto& e) { e.labor[1] = 0; }, "labor(1) is 0; it must be positive and finite");
  complains([](auto& e) { e.technology[2] = -1; }, "technology(2) is -1; it must be positive and finite");
  complains([](auto& e) { e.technology = Eigen::Vector2d{1, 1}; }, "size of technology is 2; it must be the number of");
  complains([](auto& e) { e.iceberg_cost(0, 2) = 0.9; }, "iceberg_cost(0, 2) is 0.9; it must be at least 1");
  complains([](auto& e) { e.iceberg_cost(1, 1) = 1.1; }, "iceberg_cost(1, 1) is 1.1; it must be 1 at home");
  complains([&](auto& e) { e.iceberg_cost(1, 0) = nan; }, "iceberg_cost(1, 0) is nan");
  complains([](auto& e) { e.labor_share = 0; }, "labor_share is 0; it must lie in (0, 1]");
  complains([](auto& e) { e.labor_share = 1.5; }, "labor_share is 1.5; it must lie in (0, 1]");
  complains([](auto& e) { e.labor = {}; }, "number of countries is 0; it must be at least 1");

  auto const e = try_solve_with_flows(world());
  CHECK_THROWS_WITH(plants(world(), e.share, 3), contains("country is 3; it must be at least 0 and below"));
  CHECK_THROWS_WITH(plants(world(), e.share, -1), contains("country is -1"));
  CHECK_THROWS_WITH(plants(alike(16, 2), Eigen::MatrixXd(Eigen::MatrixXd::Identity(16, 16)), 0),
                    contains("number of countries is 16; it must be at most 15: simulate"));
  CHECK_THROWS_WITH(plants(alike(2, 2), e.share, 0), contains("number of countries in share is 3"));
  CHECK_THROWS_WITH(simulate(alike(2, 2), e.share), contains("number of countries in share is 3"));
  CHECK_THROWS_WITH(simulate(world(), Eigen::MatrixXd(-e.share)), contains("be shares"));
  CHECK_THROWS_WITH(simulate(world(), Eigen::MatrixXd(nan * e.share)), contains("be shares"));
  CHECK_THROWS_WITH(simulate(world(), e.share, {.threads = -1}), contains("threads is -1"));
  CHECK(melitz::try_solve(world(), {.max_evaluations = 1}).reason == status::iteration_limit);
}

TEST_CASE("simulated plants do not depend on who simulates them", "[world][bertrand][threads]") {
  auto const economy = with_a_detour();
  auto const e = try_solve_with_flows(economy);
  std::uint64_t const goods = 3 * melitz::detail::elements_of_block + 5;
  auto const alone = simulate(economy, e.share, {.goods = goods});
  CHECK(alone.goods == goods);
  for (int const threads : {0, 2, 3, 16}) {
    auto const together = simulate(economy, e.share, {.goods = goods, .threads = threads});
    for (std::size_t i = 0; i < 3; ++i) {
      auto const &a = alone.countries[i], &b = together.countries[i];
      CHECK((a.count() == b.count() && a.only_abroad == b.only_abroad && a.exporters.capped == b.exporters.capped));
      CHECK((a.exporters.log_markup.sum == b.exporters.log_markup.sum &&
             a.others.log_markup.squares == b.others.log_markup.squares &&
             a.others.log_efficiency.sum == b.others.log_efficiency.sum));
    }
  }
  auto const others = simulate(economy, e.share, {.goods = goods, .seed = 2});
  CHECK(others.countries[0].exporters.log_markup.sum != alone.countries[0].exporters.log_markup.sum);
}

TEST_CASE("simulated plants are the exact ones, as far as chance allows", "[world][bertrand][simulation]") {
  // Counts and logs, whose variance is finite; the seed is given, so that this is no matter of luck.
  double worst = 0;
  std::uint64_t only_abroad = 0;
  auto const z = [&](double simulated, double exact, double standard_error) {
    double const out = std::abs(simulated - exact) / standard_error;
    CHECK(out < 4);
    worst = std::max(worst, out);
  };
  for (auto const& economy : {world(), with_a_detour(), alike(6, 1.4)}) {
    auto const e = try_solve_with_flows(economy);
    std::uint64_t const goods = 100'000;
    auto const s = simulate(economy, e.share, {.goods = goods, .seed = 7, .threads = 2});
    bool const detour = economy.iceberg_cost(0, 2) == 2.5;
    for (Eigen::Index i = 0; i < economy.countries(); ++i) {
      CAPTURE(economy.countries(), detour, i);
      auto const exact = plants(economy, e.share, i);
      auto const& p = s.countries[static_cast<std::size_t>(i)];
      auto const simulated = plants(s, i);
      auto const binomial = [](double share, auto count) {
        return std::sqrt(share * (1 - share) / static_cast<double>(count));
      };
      z(static_cast<double>(p.count()) / goods, e.share(i, i), binomial(e.share(i, i), goods));
      z(simulated.share_exporting, exact.share_exporting, simulated.standard_error);
      z(*simulated.exporter_capped_share, *exact.exporter_capped_share,
        binomial(*exact.exporter_capped_share, p.exporters.log_markup.count));
      z(*simulated.exporter_log_markup, *exact.exporter_log_markup, p.exporters.log_markup.standard_error());
      z(*simulated.nonexporter_log_markup, *exact.nonexporter_log_markup, p.others.log_markup.standard_error());
      z(*simulated.exporter_efficiency_gap, *exact.exporter_efficiency_gap,
        std::hypot(p.exporters.log_efficiency.standard_error(), p.others.log_efficiency.standard_error()));
      CHECK((!simulated.exporter_size_ratio && !simulated.exporter_cost_share));
      if (!detour) CHECK(p.only_abroad == 0);
      only_abroad += p.only_abroad;
    }
  }
  CHECK(only_abroad > 0);  // or the joint formula has not been tried where exporters need not sell at home
  CHECK(worst > 0.5);
}

TEST_CASE("plants of more than fifteen countries are simulated", "[world][bertrand][simulation]") {
  // Of countries alike a set of markets counts by how many it has: a rival is as close in its own as we are at home.
  auto const exporting_of_alike = [](Eigen::Index n, Eigen::MatrixXd const& share) {
    double const near = share(0, 0) / share(0, 1), markets = static_cast<double>(n - 1);
    double sum = 0, choose = 1;
    for (double k = 1; k <= markets; ++k) {
      choose *= (markets + 1 - k) / k;
      sum += (std::fmod(k, 2) == 1 ? 1 : -1) * choose / (1 + k * near + (markets - k));
    }
    return sum / share(0, 0);
  };
  auto const eleven = alike(11, 2);
  auto const exact = try_solve_with_flows(eleven);
  CHECK_THAT(exact.share_exporting[4], WithinRel(exporting_of_alike(11, exact.share), 1e-12));

  auto const e = try_solve_with_flows(alike(16, 2), {.goods = 20'000});
  REQUIRE(e);
  double const exporting = exporting_of_alike(16, e.share);
  CHECK(e.error_estimate > 0);
  CHECK(e.error_estimate < 0.01);
  for (Eigen::Index i = 0; i < 16; ++i) {
    CAPTURE(i);
    CHECK_THAT(e.share_exporting[i], WithinAbs(exporting, 4 * e.error_estimate));
    CHECK(e.exporter_productivity_gap[i] > 0.05);
    CHECK(std::isnan(e.exporter_size_ratio[i]));
  }
  CHECK(melitz::detail::goods_to_simulate(0, 16) == 100'000);
  CHECK(melitz::detail::goods_to_simulate(0, 100) == 25'000);
  CHECK(melitz::detail::goods_to_simulate(0, 10'000) == 1'000);
  CHECK(melitz::detail::goods_to_simulate(5, 10'000) == 5);
}

}  // namespace test::world_bertrand
