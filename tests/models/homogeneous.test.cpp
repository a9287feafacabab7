// SPDX-License-Identifier: BSL-1.0
#include <melitz/models/homogeneous.hpp>
#include <melitz/models/technology.hpp>
#include <melitz/numerics/gradient.hpp>

#include "support/catch.hpp"
#include "support/laws.hpp"
#include "support/random.hpp"
#include "support/reference.hpp"
#include "support/told.hpp"

#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace test::models_homogeneous {

using melitz::closed_economy;
using melitz::discrete;
using melitz::homogeneous_economy;
using melitz::homogeneous_firms;
using melitz::open_economy;
using melitz::solve;
using melitz::try_solve;
using test::contains;
using test::number;
using test::WithinAbs;
using test::WithinRel;

namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();

/// The parameters of Melitz, Redding (2015), at another iceberg cost.
open_economy<> paper(double iceberg_cost) {
  return {{.elasticity = 4, .fixed_cost = 1, .entry_cost = 1, .death_rate = 1, .labor = 1}, 1, iceberg_cost, 0.545};
}
constexpr melitz::pareto<> paper_law{1, 4.25};

/// Elasticities that every law of the tests has a moment for.
open_economy<> some_economy(test::uniform_numbers& uniform) {
  auto const magnitude = [&](double orders) { return std::pow(10, uniform(-orders, orders)); };
  closed_economy<> const home{.elasticity = uniform(1.3, 4),
                              .fixed_cost = magnitude(1),
                              .entry_cost = magnitude(2),
                              .death_rate = uniform(0.01, 1),
                              .labor = magnitude(2)};
  return {home, std::floor(uniform(1, 6)), uniform(1, 3), home.fixed_cost * magnitude(1)};
}

void check_same(melitz::equilibrium<> const& a, melitz::equilibrium<> const& b) {
  CHECK_THAT(b.cutoff, WithinRel(a.cutoff, 1e-12));
  CHECK_THAT(b.welfare, WithinRel(a.welfare, 1e-12));
  CHECK_THAT(b.mass_entrants, WithinRel(a.mass_entrants, 1e-11));
  CHECK_THAT(b.mass_producers, WithinRel(a.mass_producers, 1e-11));
  CHECK_THAT(b.mass_exporters, WithinRel(a.mass_exporters, 1e-11) || WithinAbs(0, 1e-11 * a.mass_producers));
  CHECK_THAT(b.domestic_share, WithinRel(a.domestic_share, 1e-12));
  CHECK_THAT(b.average_revenue, WithinRel(a.average_revenue, 1e-11));
}

}  // namespace

TEST_CASE("homogeneous benchmarks agree with the references", "[models][reference][krugman]") {
  // tests/reference/krugman.json, remade by tools/reference/krugman.py. What the two laws are worth is compared in
  // tests/economy/reference.test.cpp; here the library makes the laws itself.
  auto const file = test::reference("krugman");
  int compared = 0;
  for (auto const& block : file.at("heterogeneous_vs_homogeneous")) {
    auto p = block.at("params");
    p["death_rate"] = p["iceberg_cost"] = 1;
    auto const trade = test::economy_from<open_economy<>>(p);
    auto const& home = trade.domestic;
    auto const law = test::law(p.at("distribution"));
    CAPTURE(block.at("case").get<std::string>());

    test::validates const of_case("krugman", block.at("case"));
    auto const& one = block.at("homogeneous_autarky_calibration");
    auto const at_autarky = homogeneous_firms(solve(home, law));
    REQUIRE(at_autarky.values.size() == 2);
    CHECK(at_autarky.values[0] == 0);
    test::validate("productivity of homogeneous firms", at_autarky.values[1], number(one.at("phi_bar")));
    test::validate("success_probability", at_autarky.weights[1], number(one.at("success_probability")));
    CHECK_THAT(at_autarky.values[1], WithinRel(number(one.at("phi_bar")), 1e-13));
    CHECK_THAT(at_autarky.weights[1], WithinRel(number(one.at("success_probability")), 1e-13));

    auto const& two = block.at("homogeneous_open_calibration");
    double const tau0 = number(two.at("calibration_iceberg_cost"));
    auto calibrated = trade;
    calibrated.iceberg_cost = tau0;
    auto const at_trade = homogeneous_firms(solve(calibrated, law));
    REQUIRE(at_trade.values.size() == 3);
    for (std::size_t k = 0; k < 3; ++k) {
      test::validate("productivity of homogeneous firms, open", at_trade.values[k], number(two.at("atoms").at(k)),
                     {static_cast<long>(k)});
      test::validate("weight of homogeneous firms, open", at_trade.weights[k], number(two.at("weights").at(k)),
                     {static_cast<long>(k)});
      CHECK_THAT(at_trade.values[k], WithinRel(number(two.at("atoms").at(k)), 1e-12));
      CHECK_THAT(at_trade.weights[k], WithinRel(number(two.at("weights").at(k)), 1e-12));
    }

    for (auto const& row : block.at("rows")) {
      auto here = trade;
      here.iceberg_cost = number(row.at("iceberg_cost"));
      CAPTURE(here.iceberg_cost);
      auto const from_autarky = solve(homogeneous_economy<>{here, infinite}, law);
      CHECK_THAT(from_autarky.calibration_welfare(), WithinRel(number(block.at("autarky_welfare")), 1e-13));
      test::validates const at("iceberg cost " + test::in_few_digits(here.iceberg_cost));
      CHECK(test::compare_all(row, from_autarky, 1e-13) == 8);
      auto const from_trade = solve(homogeneous_economy<>{here, tau0}, law);
      test::validates const calibrated_there("calibrated to the open economy");
      CHECK(test::compare_all(row.at("open_calibration"), from_trade, 1e-12) == 2);
      ++compared;
    }
  }
  CHECK(compared == 20);
}

TEST_CASE("homogeneous firms are told from heterogeneous ones nowhere but away from where they are calibrated",
          "[models][property]") {
  test::uniform_numbers uniform(1980);
  int economies = 0, selective = 0, better = 0;
  for (auto const& [name, law] : test::laws()) {
    for (int k = 0; k < 60; ++k) {
      auto const economy = some_economy(uniform);
      bool const autarky = k % 3 == 0;
      auto const point = autarky ? solve(economy.domestic, law) : solve(economy, law);
      auto const alike = homogeneous_firms(point);
      CAPTURE(name, k, autarky);
      REQUIRE(alike.values.size() <= 3);
      check_same(point, autarky ? solve(economy.domestic, alike) : solve(economy, alike));

      // Elsewhere: other iceberg and export costs, other partners, other fixed and entry costs.
      auto other = economy;
      other.iceberg_cost = uniform(1, 4);
      if (k % 2 == 0) other.export_fixed_cost *= std::pow(10, uniform(-1, 1));
      if (k % 4 == 0) other.partners = std::floor(uniform(0, 9));
      if (k % 5 == 0) other.domestic.fixed_cost *= uniform(0.5, 2);
      if (k % 7 == 0) other.domestic.entry_cost *= uniform(0.5, 2);
      double const heterogeneous = solve(other, law).welfare, homogeneous = solve(other, alike).welfare;
      CHECK(heterogeneous >= homogeneous * (1 - 1e-13));
      ++economies;
      selective += alike.values.size() == 3;
      better += heterogeneous > homogeneous * (1 + 1e-9);
    }
  }
  CHECK(economies >= 1000);
  CHECK(selective > 200);
  CHECK(better > economies / 2);
}

TEST_CASE("the comparison solves either law at either iceberg cost", "[models][property]") {
  for (auto const& [name, law] : test::laws()) {
    CAPTURE(name);
    for (double const at : {1.0, 1.5, infinite}) {
      open_economy<> const trade{
          {.elasticity = 3.5, .fixed_cost = 1, .entry_cost = 4, .death_rate = 0.1, .labor = 20}, 2, 1.7, 0.8};
      auto const c = solve(homogeneous_economy<>{trade, at}, law);
      auto calibrated = trade;
      calibrated.iceberg_cost = at;
      check_same(c.calibration, solve(calibrated, law));
      check_same(c.calibration, solve(calibrated, c.homogeneous_law));
      check_same(c.heterogeneous, solve(trade, law));
      check_same(c.homogeneous, solve(trade, c.homogeneous_law));
      CHECK(c.calibration_welfare() == c.calibration.welfare);
      CHECK(c.welfare_ratio() >= 1 - 1e-13);
      CHECK_THAT(c.welfare_change() / c.homogeneous_welfare_change(), WithinRel(c.welfare_ratio(), 1e-14));
      for (auto const* e : {&c.heterogeneous, &c.homogeneous}) {
        CHECK_THAT(e->labor_entry + e->labor_fixed + e->labor_export_fixed + e->labor_variable, WithinRel(20, 1e-12));
      }
      auto const same = solve(homogeneous_economy<>{calibrated, at}, law);
      CHECK_THAT(same.welfare_ratio(), WithinRel(1, 1e-12));
      CHECK_THAT(same.homogeneous_welfare_change(), WithinRel(1, 1e-12));
    }
  }
}

TEST_CASE("homogeneous firms have the closed form of one productivity and a chance to fail", "[models][property]") {
  test::uniform_numbers uniform(7);
  int trading = 0, closed = 0;
  for (int k = 0; k < 300; ++k) {
    auto const e = some_economy(uniform);
    double const success = uniform(0.05, 1), phi = uniform(0.5, 3), r = e.domestic.elasticity - 1;
    double const cost = e.domestic.fixed_cost + e.domestic.required_profit() / success;
    double const abroad = e.partners * e.export_fixed_cost, markets = 1 + e.partners * std::pow(e.iceberg_cost, -r);
    bool const exports = abroad / cost <= markets - 1;
    discrete<> const law{{0, phi}, {1 - success, success}};
    auto const open = solve(e, law), autarky = solve(e.domestic, law);
    CAPTURE(k);
    CHECK((open.mass_exporters > 0) == exports);
    double const gain = exports ? std::pow(markets * cost / (cost + abroad), 1 / r) : 1;
    CHECK_THAT(open.welfare / autarky.welfare, WithinRel(gain, 1e-12));
    double const lambda = exports ? 1 / markets : 1;
    CHECK_THAT(open.domestic_share, WithinRel(lambda, 1e-12));
    CHECK_THAT(open.mass_producers,
               WithinRel(e.domestic.labor / e.domestic.elasticity / (exports ? cost + abroad : cost), 1e-12));
    // The share of spending at home overstates the gain from autarky, since export costs cost firms ...
    if (exports) {
      CHECK(open.welfare / autarky.welfare < std::pow(lambda, -1 / r));
      // ... but not that between two iceberg costs at which they export.
      auto freer = e;
      freer.iceberg_cost = 1 + (e.iceberg_cost - 1) / 2;
      auto const after = solve(freer, law);
      CHECK_THAT(after.welfare / open.welfare,
                 WithinRel(std::pow(after.domestic_share / open.domestic_share, -1 / r), 1e-12));
    }
    (exports ? trading : closed) += 1;
  }
  CHECK(trading > 50);
  CHECK(closed > 50);
}

TEST_CASE("a mean-preserving spread of size raises welfare", "[models][property]") {
  double const r = 3;
  auto const size = [&](double x) { return std::pow(x, 1 / r); };
  double least = infinite;
  for (double const tau : {1.0, 1.3, 1.83, 3.0}) {
    double before = solve(paper(tau), melitz::degenerate<>{size(8)}).welfare;
    for (double const spread : {1.0, 3.0, 5.0, 7.9}) {
      auto const e = solve(paper(tau), discrete<>{{size(8 - spread), size(8 + spread)}, {}});
      CHECK(e.welfare >= before * (1 - 1e-14));
      before = e.welfare;
    }
    // The widest loses the small firms, and the large ones are worth more.
    CHECK(before > solve(paper(tau), melitz::degenerate<>{size(8)}).welfare * 1.05);
    double log_normal = 0;
    for (double const sd : {0.05, 0.1, 0.2, 0.4, 0.6, 0.8}) {  // E[phi^r] = 8 throughout
      double const welfare = solve(paper(tau), melitz::lognormal<>{std::log(8) / r - r * sd * sd / 2, sd}).welfare;
      CHECK(welfare > log_normal * (1 - 1e-14));
      if (log_normal > 0) least = std::min(least, welfare / log_normal);
      log_normal = welfare;
    }
  }
  CHECK(least >= 1 - 1e-14);
}

TEST_CASE("any menu has its homogeneous firms", "[models][property]") {
  test::uniform_numbers uniform(2015);
  int compared = 0, rich = 0;
  for (auto const& [name, law] : test::laws()) {
    CAPTURE(name);
    for (int k = 0; k < 10; ++k) {
      melitz::technology_economy<> economy{some_economy(uniform), uniform(1.1, 1.8), uniform(1.5, 6)};
      auto const e = solve(economy, law);
      auto const alike = homogeneous_firms(e.choices);
      REQUIRE(alike.values.size() <= e.choices.segments.size());
      auto const again = solve(economy, alike);
      CAPTURE(k, alike.values, alike.weights);
      CHECK_THAT(again.welfare, WithinRel(e.welfare, 1e-12));
      CHECK_THAT(again.mass_producers, WithinRel(e.mass_producers, 1e-11));
      CHECK_THAT(again.mass_entrants, WithinRel(e.mass_entrants, 1e-11));
      CHECK_THAT(again.share_upgrading, WithinAbs(e.share_upgrading, 1e-11));
      CHECK_THAT(again.share_exporting, WithinAbs(e.share_exporting, 1e-11));
      economy.trade.iceberg_cost = uniform(1, 3);
      economy.productivity_gain = uniform(1, 2);
      CHECK(solve(economy, law).welfare >= solve(economy, alike).welfare * (1 - 1e-13));
      ++compared;
      rich += alike.values.size() >= 4;
    }
  }
  CHECK(compared == 190);
  CHECK(rich > 20);
}

TEST_CASE("the open economy and its menu have the same homogeneous firms", "[models]") {
  auto const e = solve(paper(1.83), paper_law);
  melitz::menu<> const options{{"home", 1, 1}, {"both", 1 + std::pow(1.83, -3), 1.545}};
  auto const choices = melitz::solve_free_entry(options, tail_of(paper_law, 3.0), 1.0, 4.0);
  auto const one = homogeneous_firms(e), other = homogeneous_firms(choices);
  REQUIRE(one.values.size() == other.values.size());
  for (std::size_t k = 0; k < one.values.size(); ++k) {
    CHECK_THAT(one.values[k], WithinRel(other.values[k], 1e-12));
    CHECK_THAT(one.weights[k], WithinRel(other.weights[k], 1e-12));
  }
  // The targets that the paper's parameters are chosen for, in ten digits.
  CHECK_THAT(e.share_exporting, WithinRel(0.1811428336, 1e-9));
  CHECK_THAT(e.exporter_intensity, WithinRel(0.1402822226, 1e-9));
  CHECK_THAT(e.welfare / solve(paper(1.83).domestic, paper_law).welfare, WithinRel(1.0223997678, 1e-9));
}

TEST_CASE("homogeneous firms at the corners", "[models][corner]") {
  open_economy<> trade{{.elasticity = 3, .fixed_cost = 1, .entry_cost = 1, .death_rate = 0.1, .labor = 5}, 1, 1.2, 2};
  SECTION("the firms are homogeneous to begin with") {
    auto const c = solve(homogeneous_economy<>{trade, infinite}, melitz::degenerate<>{1.5});
    REQUIRE(c.homogeneous_law.values.size() == 1);
    CHECK_THAT(c.homogeneous_law.values[0], WithinRel(1.5, 1e-14));
    CHECK_THAT(c.welfare_ratio(), WithinRel(1, 1e-14));
  }
  SECTION("nobody exits") {
    trade.domestic.entry_cost = 1000;
    auto const alike = homogeneous_firms(solve(trade.domestic, melitz::uniform<>{1, 3}));
    REQUIRE(alike.values.size() == 1);
    CHECK_THAT(alike.weights[0], WithinRel(1, 1e-14));
    CHECK_THAT(alike.values[0], WithinRel(std::sqrt(26.0 / 6), 1e-13));  // E[phi^2]
  }
  SECTION("all producers export") {
    trade.export_fixed_cost = 0.1;
    auto const e = solve(trade, melitz::lognormal<>{0, 0.7});
    CHECK(e.regime == melitz::regime::all_export);
    auto const alike = homogeneous_firms(e);
    REQUIRE(alike.values.size() == 2);
    CHECK_THAT(alike.values[1], WithinRel(e.average_productivity, 1e-15));
  }
  SECTION("no firm of the support exports") {
    trade.iceberg_cost = 20;
    auto const e = solve(trade, melitz::uniform<>{1, 3});
    CHECK(e.regime == melitz::regime::selection);
    CHECK(e.mass_exporters == 0);
    CHECK(homogeneous_firms(e).values.size() == 2);
  }
  SECTION("few stay at home") {
    trade.export_fixed_cost = 1 + 1e-9;
    trade.iceberg_cost = 1;
    auto const e = solve(trade, melitz::lognormal<>{0, 0.7});
    CHECK(e.regime == melitz::regime::selection);
    auto const alike = homogeneous_firms(e);
    REQUIRE(alike.values.size() == 3);
    CHECK(alike.values[1] >= e.cutoff);
    CHECK(alike.values[1] <= e.export_cutoff);
    CHECK_THAT(solve(trade, alike).welfare, WithinRel(e.welfare, 1e-13));
  }
  SECTION("firms that are paid to exist") {
    melitz::menu<> const options{{"subsidised", 1, -0.1}, {"large", 2, 1}};
    auto const tail = tail_of(melitz::lognormal<>{0, 0.7}, 2.0);
    auto const e = melitz::solve_free_entry(options, tail, 0.5, 3.0);
    auto const alike = homogeneous_firms(e);
    REQUIRE(alike.values.size() == 2);
    CHECK(alike.values[0] > 0);
    auto const again = melitz::solve_free_entry(options, tail_of(alike, 2.0), 0.5, 3.0);
    CHECK_THAT(again.demand, WithinRel(e.demand, 1e-13));
    CHECK_THAT(again.expected_revenue, WithinRel(e.expected_revenue, 1e-13));
  }
}

TEST_CASE("homogeneous firms in other number types", "[models][number_types]") {
  auto const ratio = []<class Real>(Real) {
    open_economy<Real> const trade{
        {.elasticity = Real(4), .fixed_cost = Real(1), .entry_cost = Real(1), .death_rate = Real(1), .labor = Real(1)},
        Real(1),
        Real(1),
        Real(0.545)};
    auto const c = solve(homogeneous_economy<Real>{trade, Real(2)}, melitz::pareto<Real>{Real(1), Real(4.25)});
    return static_cast<double>(c.welfare_ratio());
  };
  double const expected = ratio(1.0L);
  CHECK(expected > 1.001);
  CHECK_THAT(ratio(1.0), WithinRel(expected, 1e-13));
  CHECK_THAT(ratio(1.0f), WithinRel(expected, 1e-5));  // some roundings of a float
  // Derivatives: of either welfare, the share of imports.
  using number = melitz::gradient<1>;
  open_economy<number> const trade{{.elasticity = 4, .fixed_cost = 1, .entry_cost = 1, .death_rate = 1, .labor = 1},
                                   1,
                                   number::variable(1.5, 0),
                                   0.545};
  auto const c = solve(homogeneous_economy<number>{trade, 2}, melitz::pareto<number>{1, 4.25});
  for (auto const* e : {&c.heterogeneous, &c.homogeneous}) {
    CHECK_THAT(1.5 * e->welfare.derivative[0] / e->welfare.value, WithinRel(-(1 - e->domestic_share.value), 1e-12));
  }
}

TEST_CASE("benchmarks that are none are refused by name, and failures have a status", "[models][errors]") {
  CHECK_THROWS_WITH(solve(homogeneous_economy<>{paper(1.5), 0.9}, paper_law),
                    contains("homogeneous_economy: calibration_iceberg_cost is 0.9; it must be at least 1"));
  CHECK_THROWS_WITH(solve(homogeneous_economy<>{paper(1.5)}, paper_law), contains("calibration_iceberg_cost is nan"));
  CHECK_THROWS_WITH(solve(homogeneous_economy<>{paper(0.5), 2}, paper_law), contains("iceberg_cost is 0.5"));
  CHECK_THROWS_WITH(solve(homogeneous_economy<>{paper(1.5), 2}, tail_of(paper_law, 2.0)),
                    contains("tail.power() is 2; it must equal the model's size exponent, 3"));
  CHECK_THROWS_WITH(solve(homogeneous_economy<>{paper(1.5), 2}, melitz::pareto<>{1, 3}), contains("shape"));

  auto const failed = try_solve(homogeneous_economy<>{paper(1.5), 2}, melitz::lognormal<>{0, 0.6},
                                melitz::solve_options{.max_evaluations = 0});
  CHECK_FALSE(failed);
  CHECK(failed.reason == melitz::status::iteration_limit);
  CHECK(std::isnan(failed.heterogeneous.welfare));
  CHECK(std::isnan(failed.homogeneous.welfare));
  CHECK(std::isnan(failed.welfare_ratio()));
  CHECK(failed.homogeneous_law.values.empty());
  CHECK_THROWS_WITH(homogeneous_firms(failed.calibration),
                    contains("homogeneous_firms: reason is not_solved; it must be converged"));
  CHECK_THROWS_WITH(homogeneous_firms(melitz::menu_equilibrium<>{}),
                    contains("homogeneous_firms: reason is not_solved; it must be converged"));
}

}  // namespace test::models_homogeneous
