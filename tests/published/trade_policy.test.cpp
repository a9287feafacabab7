// SPDX-License-Identifier: BSL-1.0
#include <melitz/worlds/policy/decomposition.hpp>
#include <melitz/worlds/policy/formula_taxes.hpp>
#include <melitz/worlds/policy/nash_taxes.hpp>
#include <melitz/worlds/policy/optimal_taxes.hpp>

#include "support/catch.hpp"
#include "support/external_data.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

// What papers have printed, from their data.

namespace test::published_policy {

using melitz::policy_solver;
using melitz::status;
using melitz::tariff_formula;
using melitz::tax_pattern;
using melitz::tax_start;

namespace {

double percent(double ratio) { return 100 * (ratio - 1); }

/// Agrees with a number of so many decimals.
auto as_printed(double expected, double decimals) { return WithinAbs(expected, 0.5000001 * std::pow(10.0, -decimals)); }

/// The USA less the mean of all.
double above_mean(Eigen::VectorXd const& hat, Eigen::Index j) { return 100 * (hat[j] - hat.mean()); }

/// The mean of all but one.
double mean_of_others(Eigen::VectorXd const& x, Eigen::Index j) {
  return (x.sum() - x[j]) / static_cast<double>(x.size() - 1);
}

double median_tariff(melitz::trade_array<> const& t, Eigen::Index j) {
  std::vector<double> rates;
  for (Eigen::Index s = 0; s < t.sectors(); ++s) {
    for (Eigen::Index i = 0; i < t.countries(); ++i) {
      if (i != j) rates.push_back(100 * t(i, j, s));
    }
  }
  std::sort(rates.begin(), rates.end());
  auto const half = rates.size() / 2;
  return rates.size() % 2 == 1 ? rates[half] : (rates[half - 1] + rates[half]) / 2;
}

/// Welfare as the package computes it: the tax cut is in its weights, but not in the disutility of labor.
melitz::policy_goal published_welfare_of(Eigen::Index j) {
  return [j](policy_solver<> const& solver) {
    auto const& base = solver.baseline();
    auto const n = solver.world().countries();
    double const chi = solver.world().labor_supply_elasticity;
    double const price = solver.log_consumer_price()[j];
    double const labor_income = solver.income()[j] - solver.revenue()[j] - solver.deficit()[j];  // nobody has profits
    double const wages = std::log(labor_income / base.labor_income[j]);
    double const rate = (solver.revenue()[j] - base.revenue[j]) / labor_income;
    double const income = base.income[j], taxed = chi / (1 + chi) * base.labor_income[j];
    double const d = income / (income - taxed * (1 - rate)), by_rate = -d * d * taxed / income;
    double const real_income = std::exp(solver.log_income()[j] - price), real_wages = std::exp(wages - price);
    double const welfare = d * real_income + (1 - d) * real_wages;
    double const by_wages = ((1 - d) * real_wages - rate * (real_income - real_wages) * by_rate) / welfare;
    auto const unit = Eigen::VectorXd::Unit(n, j);
    melitz::policy_goal_value out{.value = std::log(welfare)};
    out.slopes.log_income = d * real_income / welfare * unit;
    out.slopes.log_wage = by_wages * unit;
    out.slopes.log_labor = by_wages * unit;
    out.slopes.log_consumer_price = -unit;
    out.slopes.revenue = (real_income - real_wages) * by_rate / labor_income / welfare * unit;
    return out;
  };
}

}  // namespace

TEST_CASE("Ossa (2014), Table 2: one sector's tariffs raised by 50 points", "[published][ossa]") {
  auto const data = read_ossa();
  auto const printed = csv_rows("ossa_2014/expected_table2.csv");
  auto const usa = data.regions.at("USA");
  // Full digits of the same, from a program of its own.
  double const wage[] = {1.4493974, 0.6656372}, sales[] = {5.7316344, 33.3456581}, others[] = {-1.4004613, -0.9742128},
               welfare[] = {0.1686652, -0.1415944};
  std::string const sectors[] = {"crp", "wap"};
  for (std::size_t row = 0; row < 2; ++row) {
    CAPTURE(sectors[row]);
    auto const s = data.sectors.at(sectors[row]);
    policy_solver<> solver(data.world);
    auto change = solver.unchanged();
    for (Eigen::Index i = 0; i < data.regions.size(); ++i) {
      if (i != usa) change.import_tax(i, usa, s) += 0.5;
    }
    REQUIRE(solver.solve(change) == status::converged);
    auto const e = solver.equilibrium();
    auto const output = [&](Eigen::Index k) {
      return percent(e.sector_profits(usa, k) / solver.baseline().sector_profits(usa, k) / e.wage_hat[usa]);
    };
    double rest = 0;
    for (Eigen::Index k = 0; k < data.sectors.size(); ++k) rest += k == s ? 0 : output(k);
    rest /= static_cast<double>(data.sectors.size() - 1);
    CHECK_THAT(above_mean(e.wage_hat, usa), WithinAbs(wage[row], 6e-8));
    CHECK_THAT(output(s), WithinAbs(sales[row], 6e-8));
    CHECK_THAT(rest, WithinAbs(others[row], 6e-8));
    CHECK_THAT(percent(e.welfare_hat[usa]), WithinAbs(welfare[row], 6e-8));
    CHECK_THAT(above_mean(e.wage_hat, usa), as_printed(cell(printed[row][0]), 2));
    CHECK_THAT(output(s), as_printed(cell(printed[row][1]), 2));
    CHECK_THAT(rest, as_printed(cell(printed[row][2]), 2));
    auto const& below = printed[row + 2];
    CHECK_THAT(percent(e.welfare_hat[usa]), as_printed(cell(below[0]), 2));
    auto const parts = melitz::ossa_parts(solver, change, e);
    CHECK_THAT(100 * parts.terms_of_trade[usa], as_printed(cell(below[1]), 2));
    CHECK_THAT(100 * parts.profits[usa], as_printed(cell(below[2]), 2));
    if (row == 0) {  // their sum is not welfare; the exact parts' is
      CHECK_THAT(100 * parts.sum()[usa], WithinAbs(0.46, 0.005));
      auto const exact = melitz::decompose_along_path(data.world, change);
      REQUIRE(exact);
      CHECK_THAT(100 * exact.sum()[usa], WithinAbs(100 * std::log(e.welfare_hat[usa]), 1e-10));
    }
  }
}

TEST_CASE("Ossa (2014), Table 3a: optimal tariffs", "[published][ossa]") {
  auto const data = read_ossa();
  auto const printed = csv_rows("ossa_2014/expected_table3a.csv");
  policy_solver<> solver(data.world);
  auto const n = data.regions.size();
  Eigen::VectorXd own(n), others(n), wage(n), wage_of_others(n), median(n);
  for (Eigen::Index j = 0; j < n; ++j) {
    CAPTURE(data.regions.names[static_cast<std::size_t>(j)]);
    auto const found =
        maximise_taxes(solver, {{.country = j}}, solver.unchanged(), melitz::welfare_of(j),
                       {.starts = {tax_start::inverse_elasticity, tax_start::baseline, tax_start::tenth}});
    REQUIRE(found);
    CHECK(found.optima.size() == 1);
    auto const& best = found.best();
    CHECK(best.gradients <= 100);
    CHECK(best.scaled_gradient <= 1e-8);
    CHECK(best.largest_curvature < 0);
    auto const e = solver.equilibrium();
    Eigen::VectorXd const change = 100 * (e.welfare_hat.array() - 1);
    Eigen::VectorXd const wages = 100 * (e.wage_hat.array() - e.wage_hat.mean());
    own[j] = change[j];
    others[j] = mean_of_others(change, j);
    wage[j] = wages[j];
    wage_of_others[j] = mean_of_others(wages, j);
    median[j] = median_tariff(best.change.import_tax, j);
    auto const& row = printed[static_cast<std::size_t>(j)];
    CHECK_THAT(own[j], as_printed(cell(row[2]), 1));
    CHECK_THAT(others[j], as_printed(cell(row[3]), 1));
    CHECK_THAT(wage[j], as_printed(cell(row[4]), 1));
    CHECK_THAT(wage_of_others[j], as_printed(cell(row[5]), 1));
    CHECK_THAT(median[j], WithinAbs(cell(row[8]), 0.2 + 0.05));
    // The archive's own stop is not an optimum yet: never better.
    auto stored = solver.unchanged();
    for (Eigen::Index i = 0; i < n; ++i) {
      for (Eigen::Index s = 0; i != j && s < data.sectors.size(); ++s) {
        stored.import_tax(i, j, s) = data.stored_optimum(i, j, s);
      }
    }
    REQUIRE(solver.solve(stored) == status::converged);
    CHECK(solver.log_welfare()[j] <= std::log(best.welfare_hat[j]) + 1e-15);
    CHECK_THAT(100 * solver.log_welfare()[j], WithinAbs(100 * std::log(best.welfare_hat[j]), 1e-6));
  }
  auto const& mean = printed[static_cast<std::size_t>(n)];
  CHECK_THAT(own.mean(), as_printed(cell(mean[2]), 1));
  CHECK_THAT(others.mean(), as_printed(cell(mean[3]), 1));
  CHECK_THAT(wage.mean(), as_printed(cell(mean[4]), 1));
  CHECK_THAT(wage_of_others.mean(), as_printed(cell(mean[5]), 1));
  CHECK_THAT(median.mean(), WithinAbs(cell(mean[8]), 0.2 + 0.05));
}

TEST_CASE("Ossa (2014): Japan's government has two best policies", "[published][ossa]") {
  auto const data = read_ossa();
  auto const japan = data.regions.at("JPN");
  policy_solver<> solver(data.world);
  auto const goal = melitz::government_welfare(japan, data.political_weights.row(japan).transpose());
  REQUIRE(solver.solve(solver.unchanged()) == status::converged);
  double const before = goal(solver).value;
  auto const found = maximise_taxes(solver, {{.country = japan}}, solver.unchanged(), goal);
  REQUIRE(found);
  REQUIRE(found.optima.size() >= 2);
  auto const gain = [&](std::size_t k) { return percent(std::exp(found.optima[k].value - before)); };
  CHECK(gain(0) >= 2.588);
  bool other = false;
  for (std::size_t k = 1; k < found.optima.size(); ++k) {
    other = other ||
            (std::abs(gain(k) - 2.434) < 5e-4 && std::abs(percent(found.optima[k].welfare_hat[japan]) - 3.38) < 5e-3);
  }
  CHECK(other);
}

TEST_CASE("Ossa (2014): Nash tariffs of all regions", "[published][ossa]") {
  auto const data = read_ossa();
  auto const found = melitz::nash_taxes_of(data.world, tax_pattern::all);
  REQUIRE(found);
  CHECK(found.scaled_gradient <= 1e-9);
  CHECK(found.largest_curvature.maxCoeff() < 0);
  CHECK_THAT(percent(found.welfare_hat[data.regions.at("BRA")]), WithinAbs(-1.942, 5e-4));
}

TEST_CASE("Lashkaripour and Lugovskyy (2023), Table 4: retaliation and third best", "[published][lugovskyy]") {
  auto const data = read_lashkaripour_lugovskyy();
  auto const printed = csv_rows("lashkaripour_lugovskyy_2023/expected_table4_every_second_country.csv");
  auto const n = data.countries.size();
  policy_solver<> solver(data.world);
  for (std::size_t row = 1; row < printed.size(); ++row) {
    CAPTURE(printed[row][0]);
    auto const j = data.countries.at(printed[row][0]);
    auto change = solver.unchanged();
    change.import_tax = melitz::trade_array<>(n, data.world.sector_count());
    for (Eigen::Index s = 0; s < data.world.sector_count(); ++s) {
      auto const& sector = data.world.sectors[static_cast<std::size_t>(s)];
      change.production_tax(j, s) = 1 / (1 + sector.scale_elasticity) - 1;
      for (Eigen::Index i = 0; i < n; ++i) {
        for (Eigen::Index k = 0; k < n; ++k) {
          if (i != k) change.export_tax(i, k, s) = 1 / sector.trade_elasticity;
        }
      }
    }
    solver.restart();
    REQUIRE(solver.solve(change) == status::converged);
    CHECK_THAT(percent(std::exp(solver.log_welfare()[j])), as_printed(cell(printed[row][7]), 2));
  }
  auto const australia = data.countries.at("AUS");
  auto const formula = melitz::formula_taxes_of(data.world, australia, tariff_formula::third_best,
                                                {.shares = melitz::formula_shares::gross});
  REQUIRE(formula);
  CHECK_THAT(percent(formula.welfare_hat[australia]), WithinAbs(0.140529618536, 2e-12));
  auto const best = optimal_taxes_of(data.world, {.country = australia}, {.starts = {tax_start::inverse_elasticity}});
  REQUIRE(best);
  CHECK_THAT(percent(best.best().welfare_hat[australia]), WithinAbs(0.178084752, 1e-9));
}

TEST_CASE("Ignatenko et al. (2025): tariffs of Liberation Day", "[published][liberation]") {
  auto const data = read_liberation_day();
  auto const usa = data.countries.at("USA");
  auto const n = data.countries.size();
  policy_solver<> solver(data.world);
  auto change = solver.unchanged();
  for (Eigen::Index i = 0; i < n; ++i) change.import_tax(i, usa, 0) = data.announced[i];
  REQUIRE(solver.solve(change) == status::converged);
  auto const e = solver.equilibrium();
  auto const& base = solver.baseline();
  auto const printed = csv_rows("liberation_day_2025/expected_case1_ustr_tariffs.csv");
  REQUIRE(printed.size() == static_cast<std::size_t>(n) + 1);
  for (Eigen::Index j = 0; j < n; ++j) {
    auto const& row = printed[static_cast<std::size_t>(j) + 1];
    CAPTURE(row[0]);
    double imports[2] = {0, 0}, exports[2] = {0, 0};
    for (Eigen::Index i = 0; i < n; ++i) {
      if (i == j) continue;
      imports[0] += data.world.flows(i, j, 0);
      imports[1] += e.flows(i, j, 0) / (1 + change.import_tax(i, j, 0));
      exports[0] += data.world.flows(j, i, 0);
      exports[1] += e.flows(j, i, 0) / (1 + change.import_tax(j, i, 0));
    }
    double const deficit = imports[0] - exports[0], now = imports[1] - exports[1];
    double const gdp = e.labor_income[j] / base.labor_income[j];
    CHECK_THAT(percent(e.welfare_hat_without_tax_term[j]), WithinAbs(cell(row[1]), 5e-9));
    // A small difference of imports and exports is known to fewer digits than these.
    double const conditioning = std::max(1.0, imports[0] / std::abs(deficit));
    CHECK_THAT(100 * (now - deficit) / std::abs(deficit), WithinAbs(cell(row[2]), 5e-9 * conditioning));
    CHECK_THAT(percent(exports[1] / exports[0] / gdp), WithinAbs(cell(row[3]), 5e-9));
    CHECK_THAT(percent(imports[1] / imports[0] / gdp), WithinAbs(cell(row[4]), 5e-9));
    CHECK_THAT(percent(e.labor_hat[j]), WithinAbs(cell(row[5]), 5e-9));
    CHECK_THAT(percent(e.consumer_price_hat[j]), WithinAbs(cell(row[6]), 5e-9));
    CHECK_THAT(e.revenue[j] / base.income[j], WithinAbs(cell(row[7]), 5e-9));
  }
  // Published and consistent: the tax cut belongs into the disutility of labor.
  CHECK_THAT(percent(e.welfare_hat_without_tax_term[usa]), WithinAbs(1.1307, 5e-5));
  CHECK_THAT(percent(e.welfare_hat[usa]), WithinAbs(0.6332, 5e-5));

  // The paper's formula at the shares of the data, and what is best.
  auto const formula = melitz::formula_taxes_of(data.world, usa, tariff_formula::at_initial_shares);
  REQUIRE(formula);
  CHECK_THAT(formula.tax[0], WithinAbs(0.217988, 5e-7));
  melitz::optimal_tax_options const held{.starts = {tax_start::inverse_elasticity}, .keep_deficits = true};
  melitz::tax_choice const choice{.country = usa, .pattern = tax_pattern::uniform};
  auto const best = optimal_taxes_of(data.world, choice, held);
  REQUIRE(best);
  CHECK_THAT(best.best().change.import_tax(0, usa, 0), WithinAbs(0.2106, 5e-5));
  CHECK(best.best().welfare_hat[usa] > formula.welfare_hat[usa]);
  auto const published = maximise_taxes(solver, {choice}, solver.unchanged(), published_welfare_of(usa), held);
  REQUIRE(published);
  CHECK_THAT(published.best().change.import_tax(0, usa, 0), WithinAbs(0.2512, 5e-5));
  auto lump_sum = data.world;
  lump_sum.revenue = melitz::policy_revenue::lump_sum;
  auto const other = optimal_taxes_of(lump_sum, choice, held);
  REQUIRE(other);
  CHECK_THAT(other.best().change.import_tax(0, usa, 0), WithinAbs(0.1423, 5e-5));
}

TEST_CASE("what a tariff is a share of, in the data of 2006", "[published]") {  // of docs/models/trade_policy.md
  auto const data = read_countries_of_2006();
  REQUIRE(data.countries.size() == 30);
  auto const usa = data.countries.at("USA");
  auto const gain = [&](melitz::tariff_base base) {
    melitz::policy_world<> world;
    world.flows = data.flows;
    world.sectors = {melitz::policy_sector<>::melitz_pareto(5, 4)};
    world.sectors[0].tariff_on = base;
    policy_solver<> solver(world);
    auto change = solver.unchanged();
    for (Eigen::Index i = 0; i < data.countries.size(); ++i) {
      if (i != usa) change.import_tax(i, usa, 0) = 0.1;
    }
    REQUIRE(solver.solve(change) == status::converged);
    return percent(std::exp(solver.log_welfare()[usa]));
  };
  CHECK_THAT(gain(melitz::tariff_base::delivered_price), as_printed(0.78, 2));
  CHECK_THAT(gain(melitz::tariff_base::production_cost), as_printed(0.40, 2));
}

}  // namespace test::published_policy
