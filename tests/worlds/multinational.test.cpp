// SPDX-License-Identifier: BSL-1.0
#include <melitz/worlds/multinational/multinational_world.hpp>

#include "support/catch.hpp"
#include "support/laws.hpp"
#include "support/matrices.hpp"
#include "support/random.hpp"
#include "support/reference.hpp"
#include "support/told.hpp"

#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace test::world_multinational {

using melitz::fixed_cost_covers;
using melitz::multinational_sector;
using melitz::multinational_world_economy;
using melitz::solve;
using test::contains;
using test::vector_of;
using test::WithinAbs;
using test::WithinRel;

namespace {

double const infinity = std::numeric_limits<double>::infinity();

multinational_sector<> sector_of(test::json const& p) {
  auto out = test::economy_from<multinational_sector<>>(p);
  out.death_rate = 1;
  return out;
}

multinational_sector<> sector() {
  return {.elasticity = 4,
          .fixed_cost = 1,
          .entry_cost = 20,
          .death_rate = 0.1,
          .export_fixed_cost = 0.6,
          .affiliate_fixed_cost = 4,
          .expenditure_share = 0.4,
          .iceberg_cost = Eigen::Matrix3d{{1, 1.5, 1.6}, {1.55, 1, 1.45}, {1.6, 1.5, 1}}};
}

/// The same with costs that differ.
multinational_sector<> unequal_sector() {
  auto out = sector();
  out.fixed_cost_factor = Eigen::Vector3d{1, 1.01, 0.99};
  out.entry_cost_factor = Eigen::Vector3d{1.002, 1, 0.998};
  out.export_fixed_cost_factor = Eigen::Matrix3d{{1, 1.3, 0.9}, {0.8, 1, 1.1}, {1.2, 0.9, 1}};
  out.affiliate_fixed_cost_factor = Eigen::Matrix3d{{1, 1.05, 0.95}, {0.9, 1, 1.1}, {1, 0.9, 1}};
  return out;
}

multinational_world_economy<> world() { return {.labor = Eigen::Vector3d{110, 100, 95}, .sectors = {sector()}}; }

}  // namespace

TEST_CASE("different countries agree with the references", "[world][reference]") {
  // tests/reference/multinational.json, remade by tools/reference/multinational.py.
  auto const file = test::reference("multinational");
  int compared = 0;
  for (auto const& row : file.at("cases")) {
    auto const& p = row.at("params");
    CAPTURE(row.at("case").get<std::string>());
    multinational_world_economy<> const economy{.labor = vector_of(p.at("labor")), .sectors = {sector_of(p)}};
    auto const solved = solve(economy, test::law(p.at("distribution")), {.allow_no_entrants = row.contains("hosts")});
    test::validates const here("multinational", row.at("case"));
    CHECK(test::compare_all(row, solved, 2e-12) == 15);
    ++compared;
  }
  CHECK(compared == 11);
}

TEST_CASE("several sectors and the outside good", "[world][reference]") {
  auto const file = test::reference("multinational");
  auto const& row = file.at("several_sectors").at(0);
  multinational_world_economy<> economy{.labor = Eigen::Vector2d{100, 100}, .sectors = {}};
  melitz::by_sector<melitz::any_law<double>> laws;
  for (auto const& p : row.at("params")) {
    economy.sectors.push_back(sector_of(p));
    laws.laws.push_back(test::law(p.at("distribution")));
  }
  auto const e = solve(economy, laws);
  {
    test::validates const here("multinational", "two sectors");
    CHECK(test::compare_all(row, e, 1e-12) == 2);
  }
  // One law for all sectors is as many times the same.
  CHECK(solve(economy, laws.laws[0]).welfare ==
        solve(economy, melitz::by_sector{std::vector{laws.laws[0], laws.laws[0]}}).welfare);
  CHECK_THROWS_WITH(solve(economy, melitz::by_sector{std::vector(3, laws.laws[0])}),
                    contains("number of laws is 3; it must be 1, or the number of sectors, 2"));
}

TEST_CASE("accounts close, and a firm does the best it can in each market", "[world][property]") {
  int interior = 0;
  for (auto const& [name, law] : test::laws()) {
    if (test::has_atoms(name)) continue;  // see below
    for (auto const covers : {fixed_cost_covers::any_sale, fixed_cost_covers::home_sales}) {
      CAPTURE(name, static_cast<int>(covers));
      auto economy = world();
      if (covers == fixed_cost_covers::any_sale) economy.sectors[0] = unequal_sector();
      economy.sectors[0].covers = covers;
      auto const solved = solve(economy, law, {.allow_no_entrants = true});
      auto const& e = solved.sectors[0];
      Eigen::VectorXd const spending = 0.4 * economy.labor;
      Eigen::VectorXd const bought = e.domestic_sales + (e.exports + e.affiliate_sales).colwise().sum().transpose();
      for (Eigen::Index j = 0; j < 3; ++j) CHECK_THAT(bought[j], WithinRel(spending[j], 1e-11));
      CHECK_THAT(e.sector_labor.sum(), WithinRel(spending.sum(), 1e-11));
      CHECK_THAT(solved.outside_labor.sum() + e.sector_labor.sum(), WithinRel(305.0, 1e-13));
      CHECK(e.residual <= 1e-13);
      for (Eigen::Index i = 0; i < 3; ++i) {
        CHECK(e.profit_over_entry_cost[i] <= 1 + 1e-12);
        CHECK((e.mass_entrants[i] > 0 ? std::abs(e.profit_over_entry_cost[i] - 1) <= 1e-12
                                      : e.profit_over_entry_cost[i] < 1));
        CHECK_THAT(solved.welfare[i], WithinRel(std::pow(e.price_index[i], -0.4), 1e-13));
        CHECK_THAT(e.domestic_share[i] * spending[i], WithinAbs(e.domestic_sales[i], 1e-13));
        CHECK_THAT(e.demand[i], WithinRel(spending[i] * std::pow(0.75 * e.price_index[i], 3) / 4, 1e-12));
      }
      interior += e.mass_entrants.minCoeff() > 0;
      // Exports at given demand and entrants, at another iceberg cost.
      auto const exports = [&, &draws = law](double change) {
        auto moved = economy.sectors[0];
        moved.iceberg_cost(0, 1) *= std::exp(change);
        auto const tail = tail_of(draws, 3.0);
        auto there = e;
        melitz::detail::multinational_firms const firms(moved, tail);
        melitz::detail::fill(there, moved, economy.labor, firms);
        return there.exports(0, 1);
      };
      double const h = 1e-4;  // of the fourth order
      if (!(exports(2 * h) > 1e-6)) continue;
      double const by_differences =
          -(8 * std::log(exports(h) / exports(-h)) - std::log(exports(2 * h) / exports(-2 * h))) / (12 * h);
      CHECK_THAT(e.trade_elasticity(0, 1), WithinRel(by_differences, 1e-8));
    }
  }
  CHECK(interior > 10);
}

TEST_CASE("expected profit is what integrating the best choices gives, and its derivatives are right", "[world]") {
  auto const profit = [](multinational_sector<> const& s, Eigen::Index i, Eigen::VectorXd const& a) {
    // A log-normal law with spread 0.7, in steps so fine that only the kinks are seen.
    double sum = 0;
    double const step = 2e-5;
    for (double z = -9; z <= 12; z += step) {
      double const x = std::exp(3 * 0.7 * z);
      double here = a[i] * x - s.fixed_cost_of(i);
      if (s.covers == fixed_cost_covers::home_sales) here = std::max(here, 0.0);
      for (Eigen::Index j = 0; j < 3; ++j) {
        if (j == i) continue;
        double const exports = a[j] * x * std::pow(s.iceberg_cost(i, j), -3) - s.export_fixed_cost_of(i, j);
        here += std::max({0.0, exports, a[j] * x - s.affiliate_fixed_cost_of(i, j)});
      }
      sum += std::max(here, 0.0) * std::exp(-z * z / 2) * step;
    }
    return sum / std::sqrt(2 * std::acos(-1.0)) / s.required_profit_in(i);
  };
  auto const tail = tail_of(melitz::lognormal<>{0, 0.7}, 3.0);
  for (auto const covers : {fixed_cost_covers::any_sale, fixed_cost_covers::home_sales}) {
    auto s = unequal_sector();
    s.covers = covers;
    s.iceberg_cost(0, 1) = 1.05;  // cheaper to reach than home
    melitz::detail::multinational_firms const firms(s, tail);
    Eigen::VectorXd const a = Eigen::Vector3d{0.15, 0.2, 0.1};
    // Where hardly anything is sold nobody can be large enough.
    Eigen::VectorXd const hardly = Eigen::VectorXd::Constant(3, 1e-320);
    CHECK(firms.least_size(0, hardly) == (covers == fixed_cost_covers::any_sale ? HUGE_VAL : 0));
    CHECK(firms.prospects(0, hardly).profit == 0);
    auto const here = firms.prospects(0, a);
    CHECK_THAT(here.profit, WithinRel(profit(s, 0, a), 1e-8));
    for (Eigen::Index j = 0; j < 3; ++j) {
      double const h = 1e-5;  // central differences: right to about 1e-14 / h
      Eigen::VectorXd more = a, less = a;
      more[j] *= std::exp(h);
      less[j] *= std::exp(-h);
      auto const up = firms.prospects(0, more), down = firms.prospects(0, less);
      CHECK_THAT(here.by_market[j], WithinAbs((up.profit - down.profit) / (2 * h), 1e-8));
      for (Eigen::Index k = 0; k < 3; ++k)
        CHECK_THAT(here.curvature(j, k), WithinAbs((up.by_market[k] - down.by_market[k]) / (2 * h), 1e-7));
    }
  }
}

TEST_CASE("countries alike are the symmetric economy, whatever the law", "[world][property]") {
  auto economy = world();
  economy.labor.setConstant(100);
  auto& s = economy.sectors[0];
  s.iceberg_cost.setConstant(1.4);
  s.iceberg_cost.diagonal().setOnes();
  for (auto const& [name, law] : test::laws()) {
    CAPTURE(name);
    if (name == "discrete with failures") {  // all who survive have affiliates everywhere: they may be from anywhere
      CHECK_THROWS_WITH(solve(economy, law), contains("where firms enter is undetermined; it must be determined"));
      continue;
    }
    auto const world = try_solve(economy, law, {.allow_no_entrants = true});
    auto const symmetric = solve(s.symmetric(100), law);
    CHECK(world.reason == melitz::status::converged);
    auto const& e = world.sectors[0];
    for (Eigen::Index i = 0; i < 3; ++i) {
      CHECK_THAT(e.demand[i], WithinRel(symmetric.choices.demand, 1e-12));
      CHECK_THAT(e.mass_entrants[i], WithinRel(symmetric.mass_entrants, 1e-12));
      CHECK_THAT(e.cutoff[i], WithinRel(symmetric.cutoff, 1e-12));
      CHECK_THAT(e.affiliate_sales.row(i).sum(), WithinRel(symmetric.affiliate_sales, 1e-12) || WithinAbs(0, 1e-300));
      CHECK_THAT(world.welfare[i], WithinRel(symmetric.welfare, 1e-12));
      CHECK_THAT(world.outside_labor[i], WithinRel(60.0, 1e-12));
      CHECK_THAT(e.mass_varieties[i], WithinRel(symmetric.mass_varieties, 1e-12));
      CHECK_THAT(e.domestic_share[i], WithinRel(symmetric.domestic_share, 1e-12));
      if (symmetric.export_cutoff > symmetric.cutoff * (1 + 1e-9) && symmetric.exports > 1e-6) {
        CHECK_THAT(e.trade_elasticity(i, (i + 1) % 3), WithinRel(symmetric.trade_elasticity, 1e-10));
      }
    }
    if (world) {
      double const gains = gains_from_trade(s.symmetric(100), law);
      auto const of_world = gains_from_trade(economy, law, {.allow_no_entrants = true});
      for (Eigen::Index i = 0; i < 3; ++i) CHECK_THAT(of_world[i], WithinRel(gains, 1e-12));
    }
  }
  // What is one country's own stays with it.
  economy.sectors[0] = unequal_sector();
  auto const alone = economy.autarky(1);
  auto const closed = solve(melitz::closed_economy<>{4, 1.01, 20, 0.1, 0.4 * 100}, melitz::lognormal<>{0, 0.7});
  CHECK_THAT(solve(alone, melitz::lognormal<>{0, 0.7}).welfare[0], WithinRel(std::pow(closed.welfare, 0.4), 1e-12));
}

TEST_CASE("factors that are the same everywhere are part of the costs", "[world][property]") {
  melitz::lognormal<> const law{0, 0.7};
  auto economy = world(), scaled = world();
  auto& s = economy.sectors[0];
  s.fixed_cost_factor = Eigen::Vector3d::Constant(2);
  s.entry_cost_factor = Eigen::Vector3d::Constant(0.5);
  s.export_fixed_cost_factor = Eigen::Matrix3d::Constant(4);
  s.affiliate_fixed_cost_factor = Eigen::Matrix3d::Constant(2);
  scaled.sectors[0].fixed_cost *= 2;
  scaled.sectors[0].entry_cost *= 0.5;
  scaled.sectors[0].export_fixed_cost *= 4;
  scaled.sectors[0].affiliate_fixed_cost *= 2;
  auto const one = solve(economy, law).sectors[0], other = solve(scaled, law).sectors[0];
  for (Eigen::Index i = 0; i < 3; ++i) {
    CHECK_THAT(one.demand[i], WithinRel(other.demand[i], 1e-13));
    CHECK_THAT(one.mass_entrants[i], WithinRel(other.mass_entrants[i], 1e-11));
    CHECK_THAT(one.sector_labor[i], WithinRel(other.sector_labor[i], 1e-12));
  }
}

TEST_CASE("where distances are alike, size moves entry and nothing else", "[world][property]") {
  auto economy = world();
  auto& s = economy.sectors[0];
  s.iceberg_cost.setConstant(1.6);
  s.iceberg_cost.diagonal().setOnes();
  s.affiliate_fixed_cost = 6;
  economy.labor = Eigen::Vector3d{104, 100, 98};
  melitz::pareto<> const law{0.5, 4.6};
  auto const solved = solve(economy, law);
  auto const& e = solved.sectors[0];
  for (Eigen::Index i = 1; i < 3; ++i) CHECK_THAT(e.demand[i], WithinRel(e.demand[0], 1e-13));
  // The home-market effect: the larger country has more than its share of firms.
  CHECK(e.mass_entrants[0] / e.mass_entrants.sum() > 104.0 / 302);
  CHECK(e.mass_entrants[2] / e.mass_entrants.sum() < 98.0 / 302);
  // Entry in the world as under every menu with a Pareto law: sum beta L r/(k sigma f_e).
  CHECK_THAT(e.mass_entrants.sum(), WithinRel(0.4 * 302 * 3 / (4.6 * 4 * 2), 1e-12));
  // Sales ratios do not see sizes.
  CHECK_THAT(e.exports_over_affiliate_sales(0, 2), WithinRel(e.exports_over_affiliate_sales(2, 0), 1e-12));
  CHECK_THAT(e.exports_over_affiliate_sales(0, 2),
             WithinRel(pareto_exports_over_affiliate_sales(s.symmetric(1), 4.6), 1e-12));
}

TEST_CASE("without trade and affiliates, countries are closed economies", "[world][property]") {
  auto economy = world();
  auto& s = economy.sectors[0];
  s.iceberg_cost.setConstant(infinity);
  s.iceberg_cost.diagonal().setOnes();
  s.affiliate_fixed_cost = infinity;
  melitz::lognormal<> const law{0, 0.7};
  auto const check = [&](multinational_world_economy<> const& w) {
    auto const solved = solve(w, law);
    auto const& e = solved.sectors[0];
    for (Eigen::Index i = 0; i < w.labor.size(); ++i) {
      auto const closed = solve(melitz::closed_economy<>{4, 1, 20, 0.1, 0.4 * w.labor[i]}, law);
      CHECK_THAT(e.cutoff[i], WithinRel(closed.cutoff, 1e-13));
      CHECK_THAT(e.mass_producers[i], WithinRel(closed.mass_producers, 1e-12));
      CHECK_THAT(e.price_index[i], WithinRel(closed.price_index, 1e-12));
      CHECK_THAT(solved.outside_labor[i], WithinRel(0.6 * w.labor[i], 1e-12));
    }
    CHECK(e.exports.sum() + e.affiliate_sales.sum() == 0);
  };
  check(economy);
  economy.labor = Eigen::VectorXd::Constant(1, 70);
  s.iceberg_cost = Eigen::MatrixXd::Ones(1, 1);
  check(economy);
}

TEST_CASE("random worlds solve, with entrants wherever entry pays", "[world][property]") {
  test::uniform_numbers random(20040301);
  std::vector<melitz::any_law<double>> const laws{melitz::pareto<>{1, 4.6},    melitz::pareto<>{1, 3.4},
                                                  melitz::lognormal<>{0, 0.7}, melitz::lognormal<>{0, 0.4},
                                                  melitz::weibull<>{1, 1.5},   melitz::bounded_pareto<>{1, 20, 3}};
  int corners = 0, evaluations = 0;
  for (int k = 0; k < 600; ++k) {
    auto const n = static_cast<Eigen::Index>(2 + k % 4);
    multinational_world_economy<> economy{.labor = Eigen::VectorXd(n), .sectors = {sector()}};
    auto& s = economy.sectors[0];
    s.iceberg_cost = Eigen::MatrixXd::Ones(n, n);
    double const center = random(1.2, 1.9), spread = random(0, 0.2), sizes = random(0, 0.4);
    for (Eigen::Index i = 0; i < n; ++i) {
      economy.labor[i] = 100 * std::exp(random(-sizes, sizes));
      for (Eigen::Index j = 0; j < n; ++j) {
        if (i != j) s.iceberg_cost(i, j) = std::max(1.02, center + random(-spread, spread));
      }
    }
    s.fixed_cost = random(0.3, 2);
    s.export_fixed_cost = random(0.2, 2);
    s.affiliate_fixed_cost = random(2, 12);
    s.entry_cost = std::exp(random(-1, 5));
    s.expenditure_share = 0.05;  // so that the outside good is made everywhere
    s.covers = k % 3 == 0 ? fixed_cost_covers::home_sales : fixed_cost_covers::any_sale;
    CAPTURE(k, n);
    auto const law = laws[static_cast<std::size_t>(k) % laws.size()];
    auto const solved = try_solve(economy, law, {.allow_no_entrants = true});
    auto const& e = solved.sectors[0];
    REQUIRE(solved.reason == melitz::status::converged);
    Eigen::VectorXd const bought = e.domestic_sales + (e.exports + e.affiliate_sales).colwise().sum().transpose();
    CHECK((bought.array() / (0.05 * economy.labor.array()) - 1).abs().maxCoeff() <= 1e-12);
    CHECK(std::abs(e.sector_labor.sum() / bought.sum() - 1) <= 1e-12);
    CHECK(e.mass_entrants.minCoeff() >= 0);
    CHECK(e.profit_over_entry_cost.maxCoeff() <= 1 + 1e-12);
    CHECK(e.residual <= 1e-12);
    corners += e.mass_entrants.minCoeff() == 0;
    evaluations += e.evaluations;
  }
  CHECK(corners > 100);
  CHECK(corners < 500);
  CHECK(evaluations < 600 * 14);
}

TEST_CASE("countries that nobody enters, and an outside good that nobody makes", "[world][errors]") {
  auto const file = test::reference("multinational");
  for (auto const& row : file.at("cases")) {
    if (row.at("case") != "corner_small_country_no_entry") continue;
    auto const& p = row.at("params");
    multinational_world_economy<> economy{.labor = vector_of(p.at("labor")), .sectors = {sector_of(p)}};
    auto const law = test::law(p.at("distribution"));
    CHECK_THROWS_WITH(
        solve(economy, law),
        contains("multinational_world_economy, sector 0: expected profit over entry cost in country 2 is 0.80"));
    CHECK_THROWS_WITH(solve(economy, law), contains("it must be 1: nobody enters there"));
    // Its consumers are served by affiliates and exports, its workers make the outside good and work for affiliates.
    auto const e = solve(economy, law, {.allow_no_entrants = true});
    CHECK(e.sectors[0].domestic_sales[2] == 0);
    CHECK(e.sectors[0].mass_producers[2] == 0);
    CHECK_THAT(e.sectors[0].exports.col(2).sum() + e.sectors[0].affiliate_sales.col(2).sum(), WithinRel(12.0, 1e-12));
    CHECK(e.sectors[0].sector_labor[2] > 0);
    CHECK(e.welfare[2] < e.welfare[1]);
    economy.sectors[0].expenditure_share = 0.98;
    CHECK_THROWS_WITH(solve(economy, law, {.allow_no_entrants = true}),
                      contains("outside_labor(0) is -") && contains("the outside good is not made there"));
  }
}

TEST_CASE("worlds that are none are refused by name, and a failure leaves no numbers", "[world][errors]") {
  melitz::lognormal<> const law{0, 0.7};
  auto const message = [&](auto const& spoil, std::string const& text) {
    auto economy = world();
    spoil(economy);
    CHECK_THROWS_WITH(solve(economy, law), contains(text));
  };
  message([](auto& w) { w.labor[1] = 0; },
          "multinational_world_economy: labor(1) is 0; it must be positive and finite");
  message([](auto& w) { w.labor.resize(0); }, "number of countries is 0");
  message([](auto& w) { w.sectors.clear(); }, "number of sectors is 0");
  message([](auto& w) { w.sectors.resize(3, w.sectors[0]); }, "sum of expenditure shares is 1.2");
  auto const in_sector = [&](auto const& spoil, std::string const& text) {
    message([&](auto& w) { spoil(w.sectors[0]); }, text);
  };
  in_sector([](auto& s) { s.iceberg_cost = Eigen::Matrix2d::Ones(); },
            "shape of iceberg_cost is 2 x 2; it must be 3 x 3");
  in_sector([](auto& s) { s.entry_cost_factor = Eigen::Vector2d::Ones(); },
            "size of entry_cost_factor is 2; it must be the number of countries, 3");
  in_sector([](auto& s) { s.fixed_cost_factor = Eigen::Vector3d{1, 0, 1}; }, "fixed_cost_factor(1) is 0");
  in_sector(
      [](auto& s) {
        s.export_fixed_cost_factor = Eigen::Matrix3d{{0, 1, -1}, {1, 0, 1}, {1, 1, 0}};
      },
      "export_fixed_cost_factor(0, 2) is -1; it must be positive and finite");
  in_sector([](auto& s) { s.iceberg_cost(0, 2) = 0.9; }, "iceberg_cost(0, 2) is 0.9; it must be at least 1");
  in_sector([](auto& s) { s.iceberg_cost(1, 1) = 1.1; }, "iceberg_cost(1, 1) is 1.1; it must be 1 at home");
  in_sector([](auto& s) { s.elasticity = 1; }, "elasticity is 1");
  in_sector([](auto& s) { s.fixed_cost = 0; }, "fixed_cost is 0");
  in_sector([](auto& s) { s.entry_cost = -1; }, "entry_cost is -1");
  in_sector([](auto& s) { s.death_rate = 2; }, "death_rate is 2");
  in_sector([](auto& s) { s.export_fixed_cost = 0; }, "export_fixed_cost is 0");
  in_sector([](auto& s) { s.affiliate_fixed_cost = 0; }, "affiliate_fixed_cost is 0");
  in_sector([](auto& s) { s.expenditure_share = 0; }, "expenditure_share is 0");
  CHECK_THROWS_WITH(solve(world(), melitz::pareto<>{1, 3}), contains("shape"));

  auto const failed = try_solve(world(), law, {.max_evaluations = 1});
  CHECK(failed.reason == melitz::status::iteration_limit);
  CHECK(!failed);
  CHECK((failed.welfare.array().isNaN().all() && failed.outside_labor.array().isNaN().all()));
  CHECK(failed.sectors[0].demand.size() == 3);
  CHECK(failed.sectors[0].demand.array().isNaN().all());
  CHECK(failed.sectors[0].affiliate_sales.array().isNaN().all());
  CHECK(failed.sectors[0].sector_labor.array().isNaN().all());
  CHECK_THROWS_AS(solve(world(), law, {.max_evaluations = 1}), melitz::convergence_error);
}

TEST_CASE("a fixed cost beside which profits are rounding ends in a status", "[world][errors]") {
  // Under a law with atoms the search for profits below the cost of entry used to go on for ever.
  for (double const cost : {1e12, 1e14, 1e16, 1e18}) {
    for (melitz::any_law<double> const& law : {melitz::any_law<double>(melitz::degenerate<>{2}),
                                               melitz::any_law<double>(melitz::discrete<>{{1.0, 2.0}, {0.5, 0.5}})}) {
      multinational_world_economy<> economy{
          .labor = Eigen::Vector3d{110, 100, 90},
          .sectors = {{.elasticity = 4,
                       .fixed_cost = cost,
                       .entry_cost = 20,
                       .death_rate = 0.1,
                       .export_fixed_cost = 1.5,
                       .affiliate_fixed_cost = 60,
                       .expenditure_share = 0.3,
                       .iceberg_cost = Eigen::Matrix3d{{1, 1.8, 2.1}, {1.9, 1, 2}, {2.1, 2, 1}}}}};
      CAPTURE(cost);
      try {
        auto const e = try_solve(economy, law, {.allow_no_entrants = true});
        if (e) {
          CHECK(e.sectors[0].residual <= 1e-12);
        } else {
          CHECK(e.sectors[0].demand.array().isNaN().all());
        }
      } catch (melitz::domain_error const& error) {
        CHECK(error.value() == "undetermined");
      }
    }
  }
}

TEST_CASE("under a law with atoms the world is solved or says that it is not", "[world][property]") {
  int solved = 0, failed = 0;
  for (auto const& [name, law] : test::laws()) {
    if (!test::has_atoms(name)) continue;
    for (double const size : {40.0, 95.0, 99.0}) {
      CAPTURE(name, size);
      auto economy = world();
      economy.labor[2] = size;
      melitz::multinational_world_equilibrium<> e;
      try {
        e = try_solve(economy, law, {.allow_no_entrants = true});
      } catch (melitz::domain_error const& error) {
        CHECK(error.value() == "undetermined");
        ++failed;
        continue;
      }
      auto const& s = e.sectors[0];
      if (!e) {
        CHECK(s.demand.array().isNaN().all());
        ++failed;
        continue;
      }
      CHECK(s.profit_over_entry_cost.maxCoeff() <= 1 + 1e-12);
      Eigen::VectorXd const bought = s.domestic_sales + (s.exports + s.affiliate_sales).colwise().sum().transpose();
      for (Eigen::Index j = 0; j < 3; ++j) CHECK_THAT(bought[j], WithinRel(0.4 * economy.labor[j], 1e-12));
      ++solved;
    }
  }
  CHECK(solved > 0);
  CHECK(solved + failed == 9);
}

}  // namespace test::world_multinational
