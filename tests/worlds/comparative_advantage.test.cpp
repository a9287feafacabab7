// SPDX-License-Identifier: BSL-1.0
#include <melitz/countries/eigen_gradient.hpp>

#include <melitz/law/bounded_pareto.hpp>
#include <melitz/law/lognormal.hpp>
#include <melitz/law/pareto.hpp>
#include <melitz/tail/variant.hpp>
#include <melitz/worlds/comparative_advantage/job_flows.hpp>

#include "support/catch.hpp"
#include "support/random.hpp"
#include "support/reference.hpp"
#include "support/told.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iostream>
#include <limits>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace test::world_comparative_advantage {

using melitz::by_industry_and_country;
using melitz::comparative_advantage_economy;
using melitz::comparative_advantage_equilibrium;
using melitz::solve;
using melitz::status;
using melitz::trade_pattern;
using melitz::try_solve;
using test::contains;
using test::WithinAbs;
using test::WithinRel;

namespace {

double const infinity = std::numeric_limits<double>::infinity();
constexpr melitz::pareto<> power{.scale = 0.2, .shape = 3.4};
constexpr melitz::lognormal<> normal{.log_mean = -1.2, .log_sd = 0.6};

template <class Real>
using law = std::variant<melitz::pareto<Real>, melitz::lognormal<Real>>;
template <class Real>
using laws = by_industry_and_country<law<Real>>;

template <class Real>
laws<Real> laws_of(test::json const& p) {
  laws<Real> out;
  for (auto const& row : p.at("laws")) {
    out.laws.emplace_back();
    for (auto const& d : row) {
      if (d.at("family") == "pareto") {
        out.laws.back().push_back(melitz::pareto<Real>{number(d.at("scale")), number(d.at("shape"))});
      } else {
        out.laws.back().push_back(melitz::lognormal<Real>{number(d.at("log_mean")), number(d.at("log_sd"))});
      }
    }
  }
  return out;
}

template <class Real>
comparative_advantage_economy<Real> with_derivatives(comparative_advantage_economy<> const& w) {
  return {.elasticity = w.elasticity,
          .death_rate = w.death_rate,
          .skilled_labor = w.skilled_labor.cast<Real>(),
          .unskilled_labor = w.unskilled_labor.cast<Real>(),
          .expenditure_share = w.expenditure_share,
          .skill_intensity = w.skill_intensity.cast<Real>(),
          .fixed_cost = w.fixed_cost.cast<Real>(),
          .entry_cost = w.entry_cost.cast<Real>(),
          .export_fixed_cost = w.export_fixed_cost.cast<Real>(),
          .iceberg_cost = w.iceberg_cost.cast<Real>()};
}

/// The paper's example, as its numbers are remembered: countries mirror one another, the first has more skilled
/// workers.
comparative_advantage_economy<> mirror(double tau) {
  using Eigen::Matrix2d, Eigen::Vector2d;
  return {.elasticity = 3.8,
          .death_rate = 0.025,
          .skilled_labor = Vector2d(1200, 1000),
          .unskilled_labor = Vector2d(1000, 1200),
          .expenditure_share = 0.5,
          .skill_intensity = Vector2d(0.6, 0.4),
          .fixed_cost = Matrix2d::Constant(0.1),
          .entry_cost = Matrix2d::Constant(2),
          .export_fixed_cost = Matrix2d::Constant(0.1),
          .iceberg_cost = Matrix2d::Constant(tau)};
}

/// That factors, goods and firms are accounted for, from primitives, masses and averages; and what specialisation is.
void check_accounts(comparative_advantage_economy<> const& w, comparative_advantage_equilibrium<> const& e) {
  double const r = w.size_exponent(), tolerance = 1e-12;
  for (int k = 0; k < 2; ++k) {
    int const n = 1 - k;
    CHECK_THAT(e.skilled_employment.col(k).sum(), WithinRel(w.skilled_labor[k], tolerance));
    CHECK_THAT(e.unskilled_employment.col(k).sum(), WithinRel(w.unskilled_labor[k], tolerance));
    CHECK_THAT(e.revenue.col(k).sum(), WithinRel(e.income[k], tolerance));
    for (int i = 0; i < 2; ++i) {
      CAPTURE(i, k);
      double const spent = w.spending_share(i) * e.income[k];
      CHECK_THAT(e.domestic_sales(i, k) + e.exports(i, n), WithinRel(spent, tolerance));
      double const bundles =
          e.mass_entrants_per_period(i, k) * w.entry_cost(i, k) + e.mass_producers(i, k) * w.fixed_cost(i, k) +
          e.mass_exporters(i, k) * w.export_fixed_cost(i, k) + r / w.elasticity * e.revenue(i, k) / e.unit_cost(i, k);
      if (e.mass_entrants(i, k) > 0) {
        CHECK_THAT(bundles * e.unit_cost(i, k), WithinRel(e.revenue(i, k), tolerance));
        CHECK_THAT(e.entry_value(i, k), WithinRel(1, tolerance));
      } else {  // complementarity
        CHECK(e.pattern == trade_pattern::specialized);
        CHECK(e.mass_entrants(i, k) == 0);
        CHECK(bundles == 0);
        CHECK(e.entry_value(i, k) <= 1 + tolerance);
      }
      double prices = 0;  // to the power -r, over that of the price index
      for (int from = 0; from < 2; ++from) {
        bool const home = from == k;
        double const firms = home ? e.mass_producers(i, from) : e.mass_exporters(i, from);
        if (!(firms > 0)) continue;
        double const average = home ? e.average_productivity(i, from) : e.average_export_productivity(i, from);
        double const price = w.elasticity / r * e.unit_cost(i, from) * (home ? 1 : w.iceberg_cost(i, from)) / average;
        prices += firms * std::pow(price / e.price_index(i, k), -r);
      }
      CHECK_THAT(prices, WithinRel(1, tolerance));
    }
  }
  if (e.pattern != trade_pattern::autarky) {
    CHECK_THAT(e.exports.col(0).sum(), WithinRel(e.exports.col(1).sum(), tolerance));
  }
}

/// Countries different in everything, sizes to 100:1.
comparative_advantage_economy<> random_economy(test::uniform_numbers& any) {
  auto const between = [&](double a, double b) { return std::exp(any(std::log(a), std::log(b))); };
  comparative_advantage_economy<> w;
  w.elasticity = any(1.8, 6);
  w.death_rate = between(0.02, 1);
  double const size = between(0.01, 100);
  w.skilled_labor = Eigen::Vector2d(between(100, 1000), between(100, 1000) * size);
  w.unskilled_labor = Eigen::Vector2d(between(100, 1000), between(100, 1000) * size);
  double const share = any(0.15, 0.85), first = any(0.1, 0.5), second = any(0.05, 0.4);
  w.expenditure_share = share;
  w.skill_intensity = Eigen::Vector2d(first, first + second);
  for (auto* m : {&w.fixed_cost, &w.entry_cost, &w.export_fixed_cost, &w.iceberg_cost}) m->resize(2, 2);
  for (int i = 0; i < 2; ++i) {
    for (int k = 0; k < 2; ++k) {
      w.fixed_cost(i, k) = between(0.3, 3);
      w.entry_cost(i, k) = between(0.5, 20);
      w.export_fixed_cost(i, k) = between(0.05, 20);
      w.iceberg_cost(i, k) = between(1.01, 5);
    }
  }
  return w;
}

laws<double> random_laws(test::uniform_numbers& any, double least) {
  laws<double> out;
  for (int i = 0; i < 2; ++i) {
    out.laws.emplace_back();
    for (int k = 0; k < 2; ++k) {
      if (any(0, 1) < 0.5) {
        out.laws.back().push_back(melitz::pareto<>{any(0.7, 1.4), least * any(1.05, 2.5)});
      } else {
        out.laws.back().push_back(melitz::lognormal<>{any(-0.3, 0.3), any(0.2, 1.2)});
      }
    }
  }
  return out;
}

/// @return how many were not solved
int check_random_economies(int draws) {
  test::uniform_numbers any(20071);
  int unsolved = 0, at_limit = 0, specialized = 0, most = 0;
  for (int draw = 0; draw < draws; ++draw) {
    CAPTURE(draw);
    auto const w = random_economy(any);
    auto const drawn = random_laws(any, w.size_exponent());
    auto const e = try_solve(w, drawn);
    most = std::max(most, e.evaluations);
    if (e) {
      check_accounts(w, e);
      if (e.pattern == trade_pattern::specialized) ++specialized;
    } else {
      ++unsolved;
      if (e.reason == status::iteration_limit) ++at_limit;
    }
  }
  std::cout << "comparative advantage, random economies: " << draws << ", unsolved " << unsolved << ", at a limit "
            << at_limit << ", specialized " << specialized << ", evaluations at most " << most << '\n';
  CHECK(at_limit == 0);
  CHECK(specialized > draws / 5);
  CHECK(specialized < draws * 4 / 5);
  return unsolved;
}

}  // namespace

TEST_CASE("comparative advantage meets its references", "[worlds][comparative-advantage]") {
  int compared = 0;
  auto const file = test::reference("comparative_advantage");
  for (auto const& row : file.at("cases")) {
    CAPTURE(row.at("name").get<std::string>());
    auto const w = test::economy_from<comparative_advantage_economy<>>(row.at("params"));
    auto const drawn = laws_of<double>(row.at("params"));
    auto const e = solve(w, drawn);
    test::validates const here("comparative_advantage", row.at("name"));
    CHECK(test::compare_all(row.at("outputs"), e, 1e-12) == 27);
    ++compared;
    check_accounts(w, e);
    CHECK(e.residual <= 1e-13);
    if (e.pattern != trade_pattern::autarky) {
      CHECK(e.error_estimate < 1e-12);
      CHECK(e.condition_number > 10);
      CHECK(e.condition_number < 1e4);
    }
    if (!row.contains("flows_from_autarky")) continue;
    auto const before = solve(w.autarky(), drawn);
    auto const flows = melitz::job_flows(w.autarky(), before, w, e, drawn);
    for (auto const* skill : {"skilled", "unskilled"}) {
      test::validates const part(std::string("flows from autarky of ") + skill + " jobs");
      auto const& of_skill = skill == std::string("skilled") ? flows.skilled : flows.unskilled;
      CHECK(test::compare_all(row.at("flows_from_autarky").at(skill), of_skill, 1e-10) == 5);
    }
    for (int i = 0; i < 2; ++i) {
      for (int k = 0; k < 2; ++k) {
        auto const& s = flows.skilled;
        CHECK_THAT(s.firm_creation(i, k) - s.firm_destruction(i, k),
                   WithinAbs(s.cohort_creation(i, k) - s.cohort_destruction(i, k), 1e-9));
        CHECK_THAT(s.net()(i, k), WithinAbs(e.skilled_employment(i, k) - before.skilled_employment(i, k), 1e-9));
        CHECK_THAT(flows.unskilled.net()(i, k),
                   WithinAbs(e.unskilled_employment(i, k) - before.unskilled_employment(i, k), 1e-9));
      }
    }
  }
  CHECK(compared == 18);
}

TEST_CASE("comparative advantage has derivatives", "[worlds][comparative-advantage]") {
  using number_type = melitz::gradient<1>;
  int compared = 0;
  auto const file = test::reference("comparative_advantage");
  for (auto const& row : file.at("cases")) {
    if (!row.contains("derivatives")) continue;
    for (auto const& slope : row.at("derivatives")) {
      auto w = with_derivatives<number_type>(test::economy_from<comparative_advantage_economy<>>(row.at("params")));
      auto drawn = laws_of<number_type>(row.at("params"));
      auto const& by = slope.at("by");
      auto const name = by.at(0).get<std::string>();
      auto const place = [&](std::size_t k) { return by.size() > k ? by.at(k).get<int>() : 0; };
      auto& one = drawn.laws[static_cast<std::size_t>(place(1))][static_cast<std::size_t>(place(2))];
      auto& moved = name == "iceberg_cost"        ? w.iceberg_cost(place(1), place(2))
                    : name == "export_fixed_cost" ? w.export_fixed_cost(place(1), place(2))
                    : name == "skilled_labor"     ? w.skilled_labor[place(1)]
                    : name == "skill_intensity"   ? w.skill_intensity[place(1)]
                    : name == "elasticity"        ? w.elasticity
                    : by.at(3) == "shape"         ? std::get<0>(one).shape
                                                  : std::get<1>(one).log_sd;
      moved = number_type::variable(moved.value, 0);
      auto const e = solve(w, drawn);
      CAPTURE(row.at("name").get<std::string>(), by.dump());
      std::string slopes = row.at("name").get<std::string>() + ", slopes by";
      for (auto const& part : by) slopes += ' ' + (part.is_string() ? part.get<std::string>() : part.dump());
      test::validates const here("comparative_advantage", slopes);
      auto const check = [&](char const* of, auto const& values) {
        for (int k = 0; k < 2; ++k) {
          double const expected = number(slope.at("of").at(of).at(static_cast<std::size_t>(k)));
          test::validate(of, values[k].derivative[0], expected, {static_cast<long>(k)},
                         std::max(1.0, std::abs(expected)));
          CHECK_THAT(values[k].derivative[0], WithinRel(expected, 1e-10) || WithinAbs(expected, 1e-13));
          ++compared;
        }
      };
      check("skilled_wage", e.skilled_wage);
      check("unskilled_wage", e.unskilled_wage);
      check("welfare", e.welfare);
    }
  }
  CHECK(compared == 60);
}

TEST_CASE("comparative advantage does what the paper says", "[worlds][comparative-advantage]") {
  // Industry 0 uses more skilled workers, of whom country 0 has more; countries mirror one another.
  auto const check = [](auto const& drawn) {
    auto const apart = solve(mirror(2).autarky(), drawn);
    auto last = apart;
    double magnified = 1;
    for (double tau = 2; tau > 1.04; tau -= 0.1) {
      auto const w = mirror(tau > 1.06 ? tau : 1.05);
      CAPTURE(tau);
      auto const e = solve(w, drawn);
      check_accounts(w, e);
      // Selection is harder everywhere, and more so where the country has comparative advantage.
      CHECK(e.cutoff(1, 0) > apart.cutoff(1, 0));
      CHECK(e.cutoff(0, 0) > e.cutoff(1, 0));
      CHECK(e.export_cutoff(0, 0) / e.cutoff(0, 0) < e.export_cutoff(1, 0) / e.cutoff(1, 0));
      CHECK(e.share_exporting(0, 0) > e.share_exporting(1, 0));
      // There is turnover of jobs everywhere, and relatively more firms come and go where there is comparative
      // advantage.
      CHECK(e.creative_destruction(0, 0) > e.creative_destruction(1, 0));
      CHECK(e.creative_destruction(1, 0) > apart.creative_destruction(1, 0));
      auto const flows = melitz::job_flows(w.autarky(), apart, w, e, drawn);
      for (auto const* f : {&flows.skilled, &flows.unskilled}) {
        CHECK(f->firm_creation.minCoeff() > 0);
        CHECK(f->firm_destruction.minCoeff() > 0);
        CHECK(f->net()(0, 0) > 0);
        CHECK(f->net()(1, 0) < 0);
      }
      // Selection magnifies comparative advantage.
      magnified = melitz::magnified_comparative_advantage(w, apart, e);
      CHECK(magnified > 1);
      // The abundant factor gains relatively; the real wage of the other rises nevertheless.
      CHECK(e.relative_wage[0] > last.relative_wage[0]);
      CHECK(e.relative_wage[0] < 1);
      CHECK(e.real_unskilled_wage[0] > apart.real_unskilled_wage[0]);
      CHECK(e.real_unskilled_wage[0] > last.real_unskilled_wage[0]);
      CHECK(e.welfare[0] > last.welfare[0]);
      last = e;
    }
  };
  check(power);
  check(normal);
}

TEST_CASE("comparative advantage between all and no trade", "[worlds][comparative-advantage]") {
  SECTION("free trade pays factors the same while endowments are alike enough") {
    auto w = mirror(1);
    w.export_fixed_cost.setZero();
    auto const inside = solve(w, power);
    CHECK(inside.pattern == trade_pattern::equalized);
    CHECK_THAT(inside.equalization_margin, WithinRel(3.0 / 11, 1e-13));
    CHECK_THAT(inside.skilled_wage[1], WithinRel(inside.skilled_wage[0], 1e-13));
    CHECK_THAT(inside.unskilled_wage[1], WithinRel(1, 1e-13));
    CHECK_THAT(inside.revenue(0, 0), WithinRel(1600, 1e-12));
    w.skilled_labor << 1500, 700;
    w.unskilled_labor << 700, 1500;
    auto const outside = solve(w, power);
    CHECK(outside.equalization_margin < 0);
    CHECK(outside.pattern == trade_pattern::specialized);
    CHECK(outside.relative_wage[0] < 0.99 * outside.relative_wage[1]);
    check_accounts(w, outside);
    w.skilled_labor << 1200, 1000;
    w.unskilled_labor << 1000, 1200;
    w.fixed_cost(0, 0) = 0.11;  // other technologies
    CHECK(solve(w, power).pattern != trade_pattern::equalized);
  }
  SECTION("nearly free trade is no harder than any other") {
    for (double const tau : {1.01, 1.001, 1.00001, 1.0}) {
      auto const e = solve(mirror(tau), power);
      CAPTURE(tau);
      check_accounts(mirror(tau), e);
      CHECK(e.condition_number < 500);
      CHECK(e.error_estimate < 1e-12);
    }
  }
  SECTION("one industry alone can be traded") {
    auto w = mirror(1.3);
    w.iceberg_cost.row(1).setConstant(infinity);
    auto const e = try_solve(w, power);
    REQUIRE(e);
    check_accounts(w, e);
    CHECK(e.exports.row(1).sum() == 0);
    CHECK(e.export_cutoff(1, 0) == infinity);
  }
  SECTION("goods that can be shipped, but that nobody is productive enough to ship") {
    auto w = mirror(50);
    w.export_fixed_cost.setConstant(20);
    auto const e = try_solve(w, melitz::bounded_pareto<>{.lower = 0.2, .upper = 2, .shape = 3.4});
    CHECK(e.reason == status::disconnected);
    CHECK(e.pattern == trade_pattern::none);
    CHECK(std::isnan(e.welfare[0]));
    w.export_fixed_cost.setConstant(0.1);
    w.iceberg_cost.setConstant(1.4);
    auto const close = solve(w, melitz::bounded_pareto<>{.lower = 0.2, .upper = 2, .shape = 3.4});
    check_accounts(w, close);
    w.fixed_cost(0, 0) = 5000;  // more than the most productive could earn
    auto const nobody = solve(w, melitz::bounded_pareto<>{.lower = 0.2, .upper = 2, .shape = 3.4});
    check_accounts(w, nobody);
    CHECK(nobody.entry_value(0, 0) == 0);
    CHECK(nobody.probability_of_producing(0, 0) == 0);
    CHECK(nobody.cutoff(0, 0) > 2);
    CHECK(nobody.average_productivity(0, 0) == nobody.cutoff(0, 0));
    CHECK(std::isnan(nobody.creative_destruction(0, 0)));
  }
  SECTION("a failure has no numbers") {
    auto const e = try_solve(mirror(1.2), power, {.max_evaluations = 3});
    CHECK(e.reason == status::iteration_limit);
    CHECK(std::isnan(e.skilled_wage[1]));
    CHECK(std::isnan(e.mass_entrants(0, 1)));
    CHECK(std::isnan(e.residuals.goods));
    CHECK_THROWS_AS(melitz::job_flows(mirror(1.2), e, mirror(1.2), e, power), melitz::domain_error);
  }
}

TEST_CASE("comparative advantage says what is wrong", "[worlds][comparative-advantage]") {
  auto const said = [](auto const& change) {
    auto w = mirror(1.2);
    change(w);
    std::string out;
    try {
      (void)try_solve(w, power);
    } catch (melitz::domain_error const& e) {
      out = e.what();
    }
    return out;
  };
  CHECK_THAT(said([](auto& w) { w.iceberg_cost(1, 0) = 0.8; }), contains("iceberg_cost(1, 0) is 0.8"));
  CHECK_THAT(said([](auto& w) { w.expenditure_share = 1; }), contains("expenditure_share is 1"));
  CHECK_THAT(said([](auto& w) { w.skill_intensity[1] = 0.6; }), contains("differ from skill_intensity(0)"));
  CHECK_THAT(said([](auto& w) { w.skilled_labor.resize(3); }), contains("number of countries is 3"));
  CHECK_THAT(said([](auto& w) { w.skill_intensity.setConstant(3, 0.2); }), contains("number of industries is 3"));
  CHECK_THAT(said([](auto& w) { w.fixed_cost.setConstant(2, 1, 1.0); }), contains("shape of fixed_cost is 2 x 1"));
  CHECK_THAT(said([](auto& w) { w.elasticity = 5; }), contains("exceed the size exponent"));
  CHECK_THROWS_AS(try_solve(mirror(1.2), by_industry_and_country<melitz::pareto<>>{{{power}, {power}, {power}}}),
                  melitz::domain_error);
}

TEST_CASE("comparative advantage in random economies", "[worlds][comparative-advantage]") {
  CHECK(check_random_economies(60) <= 1);
}

TEST_CASE("comparative advantage in a thousand random economies", "[.thousand]") {
  CHECK(check_random_economies(1000) <= 10);
}

}  // namespace test::world_comparative_advantage
