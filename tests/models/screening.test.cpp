// SPDX-License-Identifier: BSL-1.0
#include <melitz/models/screening.hpp>

#include "support/agrees.hpp"
#include "support/catch.hpp"
#include "support/choices.hpp"
#include "support/laws.hpp"
#include "support/told.hpp"

#include <melitz/economy/solve.hpp>

#include <cmath>
#include <limits>
#include <utility>
#include <vector>

namespace test::models_screening {

using melitz::screening_economy;
using melitz::solve;
using test::contains;
using test::number;
using test::WithinAbs;
using test::WithinRel;

namespace {

constexpr double none = std::numeric_limits<double>::infinity();

screening_economy<> example() {
  return {.elasticity = 4,
          .sector_elasticity = 2,
          .fixed_cost = 1,
          .entry_cost = 0.3,
          .iceberg_cost = 1.4,
          .export_fixed_cost = 0.15,
          .returns_to_labor = 0.3,
          .least_ability = 0.9,
          .ability_shape = 2,
          .screening_cost = 0.3,
          .screening_exponent = 4,
          .search_cost = 1.2,
          .search_exponent = 1.5,
          .outside_income = 0.8};
}

}  // namespace

TEST_CASE("screening agrees with the references", "[models][reference]") {
  // tests/reference/screening.json, remade by tools/reference/screening.py.
  int rows = 0;
  auto const file = test::reference("screening");
  for (auto const& row : file.at("cases")) {
    CAPTURE(row.at("case").get<std::string>());
    auto const economy = test::economy_from<screening_economy<>>(row.at("params"));
    auto const e = solve(economy, test::law(row.at("params").at("distribution")));
    test::validates const here("screening", row.at("case"));
    CHECK(test::compare_all(row, e, 1e-12) == 21);
    auto const close = test::agrees_with(row);
    close(economy.profit_exponent(), "profit_exponent");
    close(economy.size_exponent(), "size_exponent");
    close(std::exp(e.log_wage_level + e.wage_elasticity * std::log(economy.fixed_cost)), "w_d");
    close(economy.least_ability * std::exp(economy.log_threshold_at_cutoff()), "a_c_d");
    ++rows;
  }
  CHECK(rows == 6);
}

TEST_CASE("the accounts of screening close", "[models][property]") {
  auto const economy = example();
  double const beta = 0.75, gamma = economy.returns_to_labor, k = economy.ability_shape;
  for (auto const& [name, law] : test::laws()) {
    CAPTURE(name);
    auto const e = solve(economy, law);
    // Revenue pays wages, search, screening, fixed costs and entry.
    double const wages = e.employment * e.mean_wage, search = e.cost_of_finding * e.tightness * e.sector_labor;
    double const screening = beta * (1 - gamma * k) / (economy.screening_exponent * (1 + beta * gamma)) * e.revenue;
    double const rest = e.mass_entrants * (e.choices.expected_fixed_cost + economy.entry_cost);
    CHECK_THAT(wages, WithinRel(search, 1e-12));
    CHECK_THAT(wages + search + screening + rest, WithinRel(e.revenue, 1e-12));
    CHECK_THAT(e.price_index * e.output, WithinRel(e.revenue, 1e-12));
    CHECK_THAT(e.employment / e.sector_labor, WithinRel(1 - e.unemployment, 1e-12));
    // A worker who chooses the sector expects what leaving it gives.
    CHECK_THAT((1 - e.unemployment) * e.mean_wage, WithinRel(economy.outside_income, 1e-12));
    CHECK(e.hiring_rate > 0);
    CHECK(e.hiring_rate <= 1);
    CHECK(e.exporter_employment <= e.exporter_wage_bill + 1e-12);  // they pay more
    // Those hired, from the law's moment at the power of productivity that hiring is.
    double const power = e.choices.size_exponent * (1 - e.wage_elasticity);
    auto const tail = tail_of(law, power);
    auto const beyond = [&](double log_x) {
      auto const point = tail.at(log_x);
      return point.moment() * std::exp(point.log_scale + power * log_x);
    };
    double hired = 0;
    for (std::size_t j = 0; j < e.choices.segments.size(); ++j) {
      auto const& s = e.choices.segments[j];
      if (!(s.slope > 0)) continue;
      double const next = j + 1 < e.choices.segments.size() ? beyond(e.choices.segments[j + 1].log_cutoff) : 0;
      double const bill =
          beta * gamma / economy.profit_exponent() * std::pow(s.slope * e.choices.demand, 1 - e.wage_elasticity);
      hired += e.mass_entrants * bill * (beyond(s.log_cutoff) - next) / std::exp(e.log_wage_level);
    }
    CHECK_THAT(e.employment, WithinRel(hired, 1e-12));
  }
}

TEST_CASE("exports of firms that screen answer to trade costs as the trade elasticity says", "[models][property]") {
  for (double const tau : {1.05, 1.4}) {
    auto economy = example();
    economy.iceberg_cost = tau;
    for (auto const& [name, law] : test::laws()) {
      CAPTURE(tau, name);
      auto const e = solve(economy, law);
      CHECK_THAT(e.exports, WithinRel(e.export_share * e.revenue, 1e-14));
      CHECK_THAT(e.domestic_share, WithinRel(1 - e.export_share, 1e-14));
      CHECK_THAT(e.mass_varieties, WithinRel(e.mass_producers + e.mass_exporters, 1e-14));
      if (test::has_atoms(name) || !(e.export_share > 1e-6)) continue;
      auto const moved = [&](double change) {
        auto out = economy;
        out.iceberg_cost *= std::exp(change);
        return out;
      };
      double const by_differences = test::trade_elasticity_by_differences(
          law, e.choices, [&](double change) { return moved(change).options(); },
          [&](double change, std::size_t k) {
            auto const there = moved(change);
            return k == 1 ? there.options()[1].revenue_slope * (1 - 1 / there.markets()) : 0;
          });
      CHECK_THAT(e.trade_elasticity, WithinRel(by_differences, 1e-8));
    }
  }
}

TEST_CASE("a firm's choices maximise its profit", "[models][property]") {
  auto const economy = example();
  auto const e = solve(economy, melitz::lognormal<>{0, 0.4});
  double const beta = 0.75, gamma = economy.returns_to_labor, k = economy.ability_shape, c = economy.screening_cost;
  double const delta = economy.screening_exponent, markets = 1 + std::pow(economy.iceberg_cost, -3);
  for (auto const& [phi, reach] : {std::pair{1.02 * e.cutoff, 1.0}, std::pair{2 * e.export_cutoff, markets}}) {
    auto const profit = [&, phi = phi, reach = reach](double log_found, double log_ability) {
      double const n = std::exp(log_found), a = std::exp(log_ability);
      double const y = k * std::pow(economy.least_ability, gamma * k) / (k - 1) * phi * std::pow(n, gamma) *
                       std::pow(a, 1 - gamma * k);
      return std::pow(reach, 1 - beta) * e.demand_shifter * std::pow(y, beta) / (1 + beta * gamma) -
             e.cost_of_finding * n - c * std::pow(a, delta) / delta;
    };
    double const revenue =
        (e.choices.profit(phi) + e.choices.choice(phi).fixed_cost) * (1 + beta * gamma) / economy.profit_exponent();
    double const n = beta * gamma / (1 + beta * gamma) * revenue / e.cost_of_finding;
    double const a = std::pow(beta * (1 - gamma * k) / (1 + beta * gamma) * revenue / c, 1 / delta);
    double const best = profit(std::log(n), std::log(a));
    CHECK_THAT(best - e.choices.choice(phi).fixed_cost, WithinAbs(e.choices.profit(phi), 1e-12));
    for (double const h : {-1e-4, 1e-4}) {
      CHECK(profit(std::log(n) + h, std::log(a)) < best);
      CHECK(profit(std::log(n), std::log(a) + h) < best);
      CHECK_THAT(profit(std::log(n) + h, std::log(a) + h), WithinAbs(best, 1e-7));  // flat to first order: h^2 is left
    }
    // Bargaining leaves workers b n in all, and hires are the able of those found.
    double const hired = n * std::pow(economy.least_ability / a, k);
    CHECK_THAT(e.wage(phi), WithinRel(e.cost_of_finding * n / hired, 1e-12));
  }
  CHECK(e.wage(e.cutoff / 2) == 0);
  double const x = e.export_cutoff, step = e.wage(x) / e.wage(std::nextafter(x, 0));
  CHECK_THAT(step, WithinRel(e.exporter_premium, 1e-13));
  CHECK(e.exporter_premium > 1.05);
}

TEST_CASE("wage inequality under a Pareto law: the same without trade and where all export, more in between",
          "[models][property]") {
  melitz::pareto<> const law{1, 3.2};
  auto economy = example();
  double const r = economy.size_exponent(), mu = economy.wage_elasticity() * r / (3.2 - r);
  auto const at = [&](double f_x) {
    economy.export_fixed_cost = f_x;
    return solve(economy, law);
  };
  auto const closed = at(none), some = at(0.15), all = at(0.05);
  REQUIRE(some.share_exporting < 1);
  REQUIRE(some.share_exporting > 0);
  CHECK_THAT(all.share_exporting, WithinRel(1, 1e-14));
  CHECK(all.export_cutoff == all.cutoff);
  for (auto const* e : {&closed, &all}) {
    CHECK_THAT(e->wage_theil, WithinRel(mu - std::log1p(mu), 1e-12));
    CHECK_THAT(e->wage_gini, WithinRel(mu / (2 + mu), 1e-13));
  }
  CHECK(some.wage_theil > 1.1 * closed.wage_theil);
  CHECK(some.wage_gini > 1.05 * closed.wage_gini);
  // Opening to trade lowers the hiring rate: tightness is the same, unemployment rises.
  CHECK(some.unemployment > closed.unemployment + 0.01);
  CHECK(some.tightness == closed.tightness);
  CHECK(closed.exporter_premium == 1);
  CHECK(closed.exporter_employment == 0);
  CHECK(std::isinf(closed.export_cutoff));
  // Entry is r/k of what profit is of revenue, whatever trade costs.
  for (auto const* e : {&closed, &some, &all}) {
    double const profit_share = economy.profit_exponent() / (1 + 0.75 * economy.returns_to_labor);
    CHECK_THAT(e->mass_entrants * economy.entry_cost / e->revenue, WithinRel(profit_share * r / 3.2, 1e-13));
  }
  economy.export_fixed_cost = 0.15;
  economy.iceberg_cost = none;
  CHECK_THAT(solve(economy, law).wage_theil, WithinRel(closed.wage_theil, 1e-14));
}

TEST_CASE("wages of a few firms that screen, by hand", "[models][property]") {
  melitz::discrete<> const law{{1, 1.2, 1.5, 2, 4}, {0.4, 0.2, 0.2, 0.1, 0.1}};
  auto const economy = example();
  auto const e = solve(economy, law);
  double bill = 0, workers = 0, of_exporters = 0;
  std::vector<double> wages, jobs;
  for (std::size_t i = 0; i < law.values.size(); ++i) {
    double const phi = law.values[i], slope = e.choices.choice(phi).slope;
    if (!(slope > 0)) continue;
    double const b = law.weights[i] * slope * std::pow(phi, economy.size_exponent());
    wages.push_back(e.wage(phi));
    jobs.push_back(b / wages.back());
    bill += b;
    workers += jobs.back();
    if (phi >= e.export_cutoff) of_exporters += jobs.back();
  }
  REQUIRE(of_exporters > 0);
  REQUIRE(of_exporters < workers);
  double theil = 0, gini = 0;
  for (std::size_t i = 0; i < wages.size(); ++i) {
    double const relative = wages[i] * workers / bill;
    theil += jobs[i] / workers * relative * std::log(relative);
    for (std::size_t j = 0; j < wages.size(); ++j) {
      gini += jobs[i] * jobs[j] * std::abs(wages[i] - wages[j]) / (2 * bill * workers);
    }
  }
  CHECK_THAT(e.mean_wage, WithinRel(bill / workers, 1e-12));
  CHECK_THAT(e.exporter_employment, WithinRel(of_exporters / workers, 1e-12));
  CHECK_THAT(e.wage_theil, WithinRel(theil, 1e-12));
  CHECK_THAT(e.wage_gini, WithinRel(gini, 1e-12));
}

TEST_CASE("screening economies that are none are refused by name", "[models][errors]") {
  melitz::lognormal<> const law{0, 0.4};
  using e = screening_economy<>;
  struct wrong {
    double e::*member;
    double value;
    char const* message;
  };
  for (auto const& [member, value, message] : std::vector<wrong>{
           {&e::elasticity, 1, "elasticity is 1; it must exceed 1"},
           {&e::sector_elasticity, 4, "sector_elasticity is 4; it must be less than elasticity"},
           {&e::sector_elasticity, 1, "sector_elasticity is 1"},
           {&e::fixed_cost, 0, "fixed_cost is 0"},
           {&e::entry_cost, -1, "entry_cost is -1"},
           {&e::iceberg_cost, 0.9, "iceberg_cost is 0.9; it must be at least 1"},
           {&e::export_fixed_cost, 0, "export_fixed_cost is 0"},
           {&e::returns_to_labor, 0, "returns_to_labor is 0"},
           {&e::returns_to_labor, 0.5, "returns_to_labor is 0.5; it must be less than 1 / ability_shape"},
           {&e::least_ability, 0, "least_ability is 0"},
           {&e::ability_shape, 1, "ability_shape is 1; it must exceed 1"},
           {&e::screening_cost, 0, "screening_cost is 0"},
           {&e::screening_cost, 1, "screening_cost is 1; it must be so low that a firm at the cutoff screens"},
           {&e::screening_exponent, 2, "screening_exponent is 2; it must exceed ability_shape"},
           {&e::search_exponent, 0, "search_exponent is 0"},
           {&e::search_cost, 0.7, "search_cost is 0.7; it must be at least outside_income"},
           {&e::outside_income, 0, "outside_income is 0"},
           {&e::outside_income, 1.3, "search_cost is 1.2; it must be at least outside_income"},
           {&e::fixed_cost, 0.2, "(screening corner)"},
       }) {
    CAPTURE(message);
    auto economy = example();
    economy.*member = value;
    CHECK_THROWS_WITH(solve(economy, law), contains("screening_economy: ") && contains(message));
  }
  for (auto const member : {&e::elasticity, &e::entry_cost, &e::screening_cost, &e::search_exponent}) {
    auto economy = example();
    economy.*member = std::numeric_limits<double>::quiet_NaN();
    CHECK_THROWS_WITH(solve(economy, law), contains("is nan"));
  }
  CHECK_THROWS_WITH(solve(example(), tail_of(law, 3.0)), contains("equal the model's size exponent"));
  CHECK_THROWS_WITH(solve(example(), melitz::pareto<>{1, 1.05}), contains("shape is 1.05"));
  auto const short_of = try_solve(example(), law, {.max_evaluations = 1});
  CHECK(short_of.reason == melitz::status::iteration_limit);
  CHECK(std::isnan(short_of.unemployment));
  auto economy = example();  // a sector as elastic as its varieties is as large as it likes
  economy.sector_elasticity = std::nextafter(4.0, 0.0);
  auto const endless = try_solve(economy, law);
  CHECK(endless.reason == melitz::status::out_of_range);
  CHECK(std::isnan(endless.revenue));
  // On the edge every worker who searches is found, and the least able firm hires all of them.
  economy = example();
  economy.search_cost = economy.outside_income;
  CHECK_THAT(solve(economy, law).tightness, WithinRel(1, 1e-15));
}

TEST_CASE("a firm at the cutoff screens and pays, one below it does neither", "[models][property]") {
  test::uniform_numbers uniform(31);
  for (int trial = 0; trial < 1000; ++trial) {
    auto economy = example();
    economy.entry_cost = uniform(0.1, 3);
    economy.iceberg_cost = uniform(1, 2);
    economy.export_fixed_cost = uniform(0.02, 1);
    auto const e = solve(economy, test::random_lognormal(uniform));
    CAPTURE(trial, e.cutoff, e.export_cutoff);
    test::check_cutoffs(e.choices);
    CHECK(e.wage(e.cutoff) > 0);
    CHECK(e.wage(std::nextafter(e.cutoff, 0)) == 0);
    if (e.export_cutoff == e.cutoff) continue;
    CHECK_THAT(e.wage(e.export_cutoff) / e.wage(std::nextafter(e.export_cutoff, 0)),
               WithinRel(e.exporter_premium, 1e-13));
  }
}

TEST_CASE("screening beyond the number type is out of range", "[models][failure]") {
  auto economy = example();
  economy.entry_cost = 1e-300;  // infinitely many entrants
  auto const e = try_solve(economy, melitz::lognormal<>{0, 0.6});
  CHECK(e.reason == melitz::status::out_of_range);
  CHECK(e.choices.reason == melitz::status::out_of_range);
  CHECK(std::isnan(e.mass_entrants));
  CHECK(std::isnan(e.wage(1)));
}

}  // namespace test::models_screening
