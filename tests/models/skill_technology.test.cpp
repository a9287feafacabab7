// SPDX-License-Identifier: BSL-1.0
#include <melitz/models/skill_technology.hpp>

#include "support/catch.hpp"
#include "support/laws.hpp"
#include "support/random.hpp"
#include "support/reference.hpp"
#include "support/told.hpp"

#include <melitz/numerics/gradient.hpp>
#include <melitz/tail/erased.hpp>
#include <melitz/tail/quadrature.hpp>

#include <boost/multiprecision/cpp_bin_float.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace test::models_skill_technology {

using melitz::skill_technology_economy;
using melitz::solve;
using melitz::try_solve;
using melitz::workplace;
using test::contains;
using test::json;
using test::number;
using test::WithinAbs;
using test::WithinRel;

namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
using law = melitz::erased_law<>;  // one tail for all: the model is compiled once for them
law const skills(melitz::lognormal<>{0, 0.7});

/// Laws with and without atoms.
template <class Real>
using either = std::variant<melitz::lognormal<Real>, melitz::discrete<Real>>;

/// A law of the reference.
law law_of(json const& p) {
  auto const family = test::family<double>(p);
  if (auto const* known = std::get_if<melitz::pareto<>>(&family)) return law(*known);
  if (auto const* known = std::get_if<melitz::uniform<>>(&family)) return law(*known);
  if (auto const* known = std::get_if<melitz::weibull<>>(&family)) return law(*known);
  if (auto const* known = std::get_if<melitz::discrete<>>(&family)) return law(*known);
  if (auto const* known = std::get_if<melitz::degenerate<>>(&family)) return law(*known);
  return law(std::get<melitz::lognormal<>>(family));
}

/// With and without atoms, narrow and wide, bounded and not: few families, since each is compiled.
std::vector<std::pair<char const*, law>> const laws{
    {"pareto", law(melitz::pareto<>{1, 4.25})},
    {"pareto, fat", law(melitz::pareto<>{2, 3.0625})},
    {"lognormal", skills},
    {"lognormal, narrow", law(melitz::lognormal<>{0.5, 0.0625})},
    {"lognormal, wide", law(melitz::lognormal<>{-1, 2})},
    {"weibull", law(melitz::weibull<>{1, 1.5})},
    {"weibull, fat", law(melitz::weibull<>{0.5, 0.5})},
    {"uniform", law(melitz::uniform<>{1, 3})},
    {"uniform from zero", law(melitz::uniform<>{0, 100})},
    {"discrete", law(melitz::discrete<>{{1, 2, 3}, {0.5, 0.25, 0.25}})},
    {"discrete with failures", law(melitz::discrete<>{{0, 2}, {0.75, 0.25}})},
    {"degenerate", law(melitz::degenerate<>{1.5})},
};

skill_technology_economy<> example() { return test::example_of<skill_technology_economy<>>(); }

skill_technology_economy<> random_economy(test::uniform_numbers& uniform) {
  skill_technology_economy<> e{.elasticity = uniform(1.2, 9),
                               .expenditure_share = uniform(0.02, 0.98),
                               .outside_skill_elasticity = uniform(-0.1, 0.8),
                               .low_fixed_cost = std::exp(uniform(-3, 3)),
                               .high_fixed_cost = std::exp(uniform(-2, 5)),
                               .labor = std::exp(uniform(-3, 7)),
                               .partners = std::floor(uniform(0, 5)),
                               .iceberg_cost = 1 + std::exp(uniform(-5, 1.5)),
                               .export_fixed_cost = std::exp(uniform(-4, 3)),
                               .reference_skill = std::exp(uniform(-2, 2))};
  if (e.outside_skill_elasticity < 0) e.outside_skill_elasticity = 0;  // one in nine
  e.low_skill_elasticity = e.outside_skill_elasticity + uniform(0.05, 0.9);
  e.high_skill_elasticity = e.low_skill_elasticity + uniform(0.05, 0.9);
  return e;
}

}  // namespace

TEST_CASE("technologies for workers who differ agree with the references", "[models][reference]") {
  // tests/reference/skill_technology.json, remade by tools/reference/skill_technology.py.
  int rows = 0;
  auto const file = test::reference("skill_technology");
  for (auto const& row : file.at("cases")) {
    CAPTURE(row.at("case").get<std::string>());
    auto const economy = test::economy_from<skill_technology_economy<>>(row.at("params"));
    auto const e = solve(economy, law_of(row.at("params").at("distribution")));
    CHECK(test::compare_all(row, e, 1e-12) == 27);
    CHECK(e.low_technology_exports == row.at("low_technology_exports").get<bool>());
    CHECK(e.high_technology_exports == row.at("high_technology_exports").get<bool>());
    for (auto const& [log_skill, wage] : row.at("wages_at_log_skill").items()) {
      double const skill = std::exp(std::stod(log_skill));
      CHECK_THAT(e.wage(skill), WithinRel(number(wage), 1e-12));
      CHECK_THAT(e.real_wage(skill) * std::pow(e.price_index, economy.expenditure_share),
                 WithinRel(e.wage(skill), 1e-14));
      CHECK_THAT(e.premium(skill) * std::pow(skill, economy.outside_skill_elasticity), WithinRel(e.wage(skill), 1e-14));
      CHECK(e.premium(skill) >= 1);
    }
    CHECK(std::abs(e.residual) < 1e-14);
    ++rows;
  }
  CHECK(rows == 13);
}

TEST_CASE("no firm of any kind has a profit, and those that there are have none to lose", "[models][property]") {
  test::uniform_numbers uniform(16);
  int used[2] = {}, unused[2] = {}, exporting = 0, selected = 0, divided = 0;
  for (int trial = 0; trial < 500; ++trial) {
    auto const economy = random_economy(uniform);
    auto const& [name, drawn] = laws[static_cast<std::size_t>(trial) % laws.size()];
    CAPTURE(trial, name);
    auto const e = solve(economy, drawn);
    CHECK(std::abs(e.residual) < 1e-12);
    double const sigma = economy.elasticity, beta = economy.expenditure_share, n = economy.partners;
    double const markets = 1 + n * std::pow(economy.iceberg_cost, 1 - sigma);
    double sales = 0, price = 0;
    for (auto const technology : {workplace::low, workplace::high}) {
      bool const high = technology == workplace::high;
      double const mass = high ? e.mass_high_technology : e.mass_low_technology;
      bool const exports = high ? e.high_technology_exports : e.low_technology_exports;
      double const cost = high ? e.unit_cost_high : e.unit_cost_low;
      ++(mass > 0 ? used : unused)[high];
      for (bool const exporter : {false, true}) {
        CAPTURE(high, exporter);
        double const profit = e.profit(technology, exporter);
        CHECK(profit <= 1e-12 * (exporter ? 1 + n * economy.export_fixed_cost / economy.low_fixed_cost : 1));
        if (mass > 0 && exporter == exports)
          CHECK_THAT(profit, WithinAbs(0, 1e-11 * (1 + n * economy.export_fixed_cost)));
      }
      // All revenue pays a firm's workers.
      double const f = high ? economy.high_fixed_cost : economy.low_fixed_cost;
      double const fixed = exports ? f + n * economy.export_fixed_cost : f;
      sales += mass * sigma * cost * fixed;
      price += mass * (exports ? markets : 1) * std::pow(cost * sigma / (sigma - 1), 1 - sigma);
    }
    CHECK_THAT(sales, WithinRel(beta * e.income, 1e-12));
    CHECK_THAT(std::log(price) / (1 - sigma), WithinAbs(std::log(e.price_index), 1e-12 * sigma / (sigma - 1)));
    double const workers = e.share_of_workers_outside + e.share_of_workers_low + e.share_of_workers_high;
    CHECK_THAT(workers, WithinRel(1, 1e-14));
    // What workers earn is income.
    auto const earned = [](double share, double mean) { return share > 0 ? share * mean : 0; };
    CHECK_THAT(economy.labor * (earned(e.share_of_workers_outside, e.mean_wage_outside) +
                                earned(e.share_of_workers_low, e.mean_wage_low) +
                                earned(e.share_of_workers_high, e.mean_wage_high)),
               WithinRel(e.income, 1e-12));
    CHECK_THAT(e.welfare * economy.labor * std::pow(e.price_index, beta), WithinRel(e.income, 1e-13));
    CHECK_THAT(e.revenue - e.exports, WithinRel(e.domestic_share * e.revenue, 1e-12));
    // Nobody earns more elsewhere.
    for (double const skill : {0.1, 0.5, 0.999, 1.001, 2.0, 10.0}) {
      double const s = skill * e.skill_cutoff;
      double const best = std::max({std::pow(s, economy.outside_skill_elasticity),
                                    e.unit_cost_low * std::pow(s, economy.low_skill_elasticity),
                                    e.unit_cost_high * std::pow(s, economy.high_skill_elasticity)});
      CHECK_THAT(e.wage(s), WithinRel(best, 1e-12));
    }
    exporting += e.low_technology_exports && e.high_technology_exports;
    selected += e.high_technology_exports && !e.low_technology_exports;
    divided += test::has_atoms(name) && std::abs(std::remainder(e.share_of_workers_outside, 0.25)) > 1e-9;
    if (n > 0) CHECK(gains_from_trade(economy, drawn) >= 1 - 1e-12);
  }
  for (int const count : {used[0], used[1], unused[0], unused[1], exporting, selected, divided}) CHECK(count > 5);
}

TEST_CASE("cheaper trade moves wages at given skill otherwise than mean wages", "[models][property]") {
  auto economy = example();
  auto const before = solve(economy, skills);
  economy.iceberg_cost = 1.15;
  auto const after = solve(economy, skills);
  auto const change = [&](double skill) { return 100 * (after.real_wage(skill) / before.real_wage(skill) - 1); };
  CHECK(after.high_technology_cutoff < before.high_technology_cutoff);
  CHECK_THAT(change(1), WithinAbs(0.45, 0.005));
  CHECK_THAT(change(std::exp(0.5)), WithinAbs(-0.0116, 0.0001));
  CHECK_THAT(change(std::exp(1.0)), WithinAbs(3.297, 0.001));
  CHECK(before.place_of(1) == workplace::outside);
  CHECK(before.place_of(std::exp(0.5)) == workplace::low);
  CHECK(before.place_of(std::exp(1.0)) == workplace::high);
  CHECK(to_string(before.place_of(std::exp(1.0))) == "high");
  CHECK(after.premium(std::exp(1.0)) > before.premium(std::exp(1.0)));
  CHECK(after.mean_wage_ratio < before.mean_wage_ratio);  // of others
  CHECK(before.revenue_ratio > 1);
}

TEST_CASE("who exports and what is used, at the corners", "[models][corner]") {
  auto economy = example();
  economy.partners = 0;
  auto const alone = solve(economy, skills);
  CHECK(alone.share_exporting == 0);
  CHECK(alone.domestic_share == 1);
  CHECK(alone.mass_varieties == alone.mass_producers);
  for (int const k : {0, 1, 2}) {  // no trade, however it is said
    auto closed = example();
    if (k == 0) closed.iceberg_cost = infinite;
    if (k == 1) closed.export_fixed_cost = infinite;
    if (k == 2) closed.iceberg_cost = 3;
    auto const e = solve(closed, skills);
    CHECK(e.welfare == alone.welfare);
    CHECK(e.skill_cutoff == alone.skill_cutoff);
    if (k < 2) CHECK(e.profit(workplace::high, true) == -infinite);
    CHECK(gains_from_trade(closed, skills) == 1);
  }
  // A tie: without a loss on the way n f_x = f_H (T - 1).
  economy = example();
  economy.iceberg_cost = 1;
  economy.export_fixed_cost = economy.high_fixed_cost;
  CHECK(!solve(economy, skills).high_technology_exports);
  economy.export_fixed_cost = std::nextafter(economy.high_fixed_cost, 0);
  auto const barely = solve(economy, skills);
  CHECK(barely.high_technology_exports);
  CHECK(!barely.low_technology_exports);
  economy.partners = 0;
  CHECK_THAT(barely.welfare, WithinRel(solve(economy, skills).welfare, 1e-14));
  // The technologies are as dear as one another: the high one is better wherever skill exceeds one.
  economy = example();
  economy.high_fixed_cost = economy.low_fixed_cost;
  auto const same = solve(economy, skills);
  CHECK(same.share_of_workers_low == 0);
  CHECK(same.mass_low_technology == 0);
  CHECK(std::isnan(same.mean_wage_low));
  CHECK(std::isnan(same.revenue_ratio));
  CHECK(same.high_technology_cutoff == same.skill_cutoff);
  CHECK(same.profit(workplace::low, false) < 0);
  // The same economy for any number of workers, and in other units of skill.
  auto const one = solve(example(), skills);
  auto larger = example();
  larger.labor *= 8;
  auto const more = solve(larger, skills);
  CHECK(more.skill_cutoff == one.skill_cutoff);
  CHECK_THAT(more.mass_producers, WithinRel(8 * one.mass_producers, 1e-15));
  auto const doubled = solve(example(), law(melitz::lognormal<>{std::log(2.0), 0.7}));
  CHECK_THAT(doubled.residual, WithinAbs(0, 1e-15));
}

TEST_CASE("workers of one skill are divided between two places", "[models][corner]") {
  // All alike: a share beta of them work in the sector, for what they would earn outside.
  auto const e = solve(example(), law(melitz::degenerate<>{1.5}));
  CHECK_THAT(e.skill_cutoff, WithinRel(1.5, 1e-15));
  CHECK_THAT(e.share_of_workers_low, WithinRel(0.5, 1e-14));
  CHECK(e.share_of_workers_high == 0);
  CHECK_THAT(e.mean_wage_low, WithinRel(std::pow(1.5, 0.3), 1e-14));
  CHECK_THAT(e.income, WithinRel(1000 * std::pow(1.5, 0.3), 1e-14));
  // A narrow law of skill tends to it.
  auto const narrow = solve(example(), law(melitz::lognormal<>{std::log(1.5), 1e-9}));
  CHECK_THAT(narrow.share_of_workers_low, WithinRel(0.5, 1e-8));
  CHECK(std::abs(narrow.residual) < 1e-14);
  CHECK_THAT(narrow.price_index, WithinRel(e.price_index, 1e-8));
}

TEST_CASE("a law of skill known only by its density", "[models][property]") {
  auto const e = solve(example(), law(test::density_only<melitz::lognormal<>>{{0, 0.7}}));
  auto const exact = solve(example(), skills);
  CHECK_THAT(e.welfare, WithinRel(exact.welfare, 1e-12));
  CHECK_THAT(e.skill_cutoff, WithinRel(exact.skill_cutoff, 1e-12));
  CHECK_THAT(e.mean_wage_ratio, WithinRel(exact.mean_wage_ratio, 1e-11));
  CHECK(e.error_estimate < 1e-10);
  CHECK(exact.error_estimate == 0);
}

TEST_CASE("skills in other number types", "[models][number_types]") {
  using wide = boost::multiprecision::cpp_bin_float_50;
  auto const e = solve(example(), skills);
  skill_technology_economy<wide> economy;
  auto const small = example();
  economy = {small.elasticity,
             small.expenditure_share,
             small.outside_skill_elasticity,
             small.low_skill_elasticity,
             small.high_skill_elasticity,
             small.low_fixed_cost,
             small.high_fixed_cost,
             small.labor,
             small.partners,
             small.iceberg_cost,
             small.export_fixed_cost,
             small.reference_skill};
  auto const exact = solve(economy, melitz::lognormal<wide>{0, 0.7});
  CHECK(abs(exact.residual) < wide(1e-47));
  auto const numbers = test::numbers_of(e);
  auto const wide_numbers = test::numbers_of(exact);
  REQUIRE(numbers.size() == wide_numbers.size());
  for (std::size_t k = 0; k < numbers.size(); ++k) {
    CAPTURE(numbers[k].first);
    if (numbers[k].second != 0)
      CHECK_THAT(numbers[k].second, WithinRel(static_cast<double>(wide_numbers[k].second), 1e-13));
  }

  // Derivatives, with and without workers of one skill that are divided.
  using slope = melitz::gradient<1>;
  auto const moved = [](double tau, double value, bool atoms) {
    auto other = example();
    other.iceberg_cost = tau;
    if (!atoms) return solve(other, law(melitz::lognormal<>{0, value}));
    return solve(other, law(melitz::discrete<>{{0.5, 1.25 + value, 2, 4}, {0.25, 0.5, 0.125, 0.125}}));
  };
  for (bool const atoms : {false, true}) {
    for (bool const of_law : {false, true}) {
      CAPTURE(atoms, of_law);
      auto const given = test::example_of<skill_technology_economy<slope>>();
      auto variable = given;
      slope value(0.7);
      if (of_law) {
        value = slope::variable(0.7, 0);
      } else {
        variable.iceberg_cost = slope::variable(1.3, 0);
      }
      either<slope> drawn = melitz::lognormal<slope>{0, value};
      if (atoms) drawn = melitz::discrete<slope>{{0.5, slope(1.25) + value, 2, 4}, {0.25, 0.5, 0.125, 0.125}};
      auto const d = solve(variable, drawn);
      double const h = 1e-5;
      auto const up = of_law ? moved(1.3, 0.7 + h, atoms) : moved(1.3 + h, 0.7, atoms);
      auto const down = of_law ? moved(1.3, 0.7 - h, atoms) : moved(1.3 - h, 0.7, atoms);
      auto const all = test::numbers_of(d);
      auto const above = test::numbers_of(up), below = test::numbers_of(down);
      for (std::size_t k = 0; k < all.size(); ++k) {
        CAPTURE(all[k].first);
        if (std::isnan(all[k].second.value)) continue;  // an average over nobody
        double const size = std::abs(all[k].second.value) + 1;
        CHECK_THAT(all[k].second.derivative[0], WithinAbs((above[k].second - below[k].second) / (2 * h), 2e-8 * size));
      }
    }
  }
  // At 0 the derivative by the outside good's elasticity is another problem, and nothing is said.
  auto flat = test::example_of<skill_technology_economy<slope>>();
  flat.outside_skill_elasticity = slope::variable(0, 0);
  CHECK(try_solve(flat, either<slope>(melitz::lognormal<slope>{0, 0.7})).reason == melitz::status::not_covered);
}

TEST_CASE("skill economies that are none are refused by name", "[models][errors]") {
  auto const refused = [](auto change, char const* words) {
    auto economy = example();
    change(economy);
    CHECK_THROWS_WITH(solve(economy, skills), contains(words));
  };
  refused([](auto& e) { e.low_skill_elasticity = 0.3; },
          "skill_technology_economy: low_skill_elasticity is 0.3; it must exceed outside_skill_elasticity");
  refused([](auto& e) { e.high_skill_elasticity = 0.7; }, "high_skill_elasticity is 0.7; it must exceed low_skill");
  refused([](auto& e) { e.outside_skill_elasticity = -0.1; },
          "outside_skill_elasticity is -0.1; it must be at least 0");
  refused([](auto& e) { e.expenditure_share = 1; }, "expenditure_share is 1; it must lie in (0, 1)");
  refused([](auto& e) { e.expenditure_share = 0; }, "expenditure_share is 0");
  refused([](auto& e) { e.low_fixed_cost = 0; }, "low_fixed_cost is 0; it must be positive and finite");
  refused([](auto& e) { e.high_fixed_cost = infinite; }, "high_fixed_cost is inf");
  refused([](auto& e) { e.export_fixed_cost = 0; }, "export_fixed_cost is 0; it must be positive");
  refused([](auto& e) { e.iceberg_cost = 0.9; }, "iceberg_cost is 0.9; it must be at least 1");
  refused([](auto& e) { e.elasticity = 1; }, "elasticity is 1; it must exceed 1");
  refused([](auto& e) { e.labor = std::nan(""); }, "labor is nan");
  refused([](auto& e) { e.partners = 1.5; }, "partners is 1.5; it must be a whole number");
  refused([](auto& e) { e.reference_skill = 0; }, "reference_skill is 0");
  CHECK_THROWS_WITH(solve(example(), law(melitz::pareto<>{1, 1.2})), contains("shape is 1.2"));
  auto const short_of = try_solve(example(), skills, {.max_evaluations = 1});
  CHECK(short_of.reason == melitz::status::iteration_limit);
  CHECK(std::isnan(short_of.welfare));
  CHECK(std::isnan(short_of.wage(1)));
  CHECK(std::isnan(short_of.profit(workplace::low, false)));
  auto beyond = example();
  beyond.labor = 1e300;
  beyond.low_fixed_cost = beyond.high_fixed_cost = 1e-300;
  auto const e = try_solve(beyond, skills);
  CHECK(e.reason == melitz::status::out_of_range);
  CHECK(std::isnan(e.mass_producers));
}

}  // namespace test::models_skill_technology
