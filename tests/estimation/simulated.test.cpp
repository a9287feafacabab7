// SPDX-License-Identifier: BSL-1.0
#include <melitz/analysis/simulation/simulate_firms.hpp>
#include <melitz/economy/solve.hpp>
#include <melitz/law/lognormal.hpp>
#include <melitz/law/pareto.hpp>
#include <melitz/law/spliced_lognormal_pareto.hpp>
#include <melitz/models/technology.hpp>
#include <melitz/numerics/philox.hpp>

#include "support/catch.hpp"
#include "support/reference.hpp"

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace test::simulated_firms {

namespace {

melitz::open_economy<> lecture() { return {{4, 1, 0.2, 1, 1}, 1, 1.83, 0.545}; }

template <class Firms>
void check_rows(Firms const& firms, json const& row) {
  for (auto const& want : row.at("first_firms")) {
    auto const f = firms.firm(want.at("firm").get<std::uint64_t>());
    CAPTURE(f.firm);
    CHECK_THAT(f.uniform, WithinAbs(number(want.at("uniform")), 0x1p-53));
    CHECK_THAT(f.log_productivity, WithinAbs(number(want.at("log_productivity")), 1e-13));
    auto const option = want.at("option").get<std::string>();
    bool const exits = option == "exit";
    CHECK(firms.plan().options[f.option].name == (exits ? "exits" : option == "D" ? "serves_home" : "exports"));
    auto const home = firms.sale(f, 0), abroad = firms.sale(f, 1);
    CHECK_THAT(home.sales, WithinRel(number(want.at("domestic_sales")), 1e-11));
    CHECK_THAT(abroad.sales, WithinRel(number(want.at("export_sales")), 1e-11));
    CHECK_THAT(f.profit, WithinAbs(number(want.at("profit")), 1e-11));
    CHECK(f.weight == 0.001);
    CHECK(std::isnan(home.price) == exits);
    CHECK(std::isnan(abroad.price) == (option != "DX"));
    if (exits) continue;
    CHECK_THAT(home.price, WithinRel(number(want.at("price_at_home")), 1e-12));
    CHECK_THAT(home.price * home.quantity, WithinRel(home.sales, 1e-14));
    CHECK_THAT(f.production_labor, WithinRel(number(want.at("employment_in_production")), 1e-11));
    CHECK(f.fixed_labor == number(want.at("employment_fixed")));
  }
}

/// Aggregates are those of the rows, and of options: the identity holds whatever the tail.
template <class Firms>
void check_totals(Firms const& firms) {
  auto const totals = firms.totals();
  double sales = 0, labor = 0, profit = 0, from_options = 0;
  for (std::uint64_t k = 0; k < firms.options().firms; ++k) {
    auto const f = firms.firm(k);
    for (std::size_t m = 0; m < firms.plan().markets.size(); ++m) {
      sales += firms.sale(f, m).sales * firms.plan().markets[m].count;
    }
    labor += f.production_labor + f.fixed_labor;
    profit += f.profit;
  }
  for (std::size_t k = 0; k < firms.plan().options.size(); ++k) {
    auto const& o = firms.plan().options[k];
    double factor = 0;
    for (std::size_t m = 0; m < firms.plan().markets.size(); ++m) {
      if (o.in_market[m]) factor += std::exp(firms.plan().markets[m].log_sales) * firms.plan().markets[m].count;
    }
    from_options += factor * o.profit_share * totals.size[k] - o.fixed_labor * totals.count[k];
  }
  double all = 0;
  for (double const s : totals.sales) all += s;
  CHECK_THAT(all, WithinRel(sales, 1e-12));
  CHECK_THAT(totals.production_labor + totals.fixed_labor, WithinRel(labor, 1e-12));
  CHECK_THAT(totals.profit, WithinAbs(profit, 1e-11 * labor));
  CHECK_THAT(totals.profit, WithinAbs(from_options, 1e-11 * labor));
  CHECK_THAT(all, WithinRel(totals.profit + totals.production_labor + totals.fixed_labor, 1e-12));
}

}  // namespace

TEST_CASE("numbers of firms are those of Philox, and what laws make of them", "[estimation][simulated]") {
  auto const file = reference("firms_random");
  for (auto const& row : file.at("known_answers")) {
    if (row.at("name") != "philox4x32-10") continue;
    auto const words = [&](char const* name) {
      std::vector<std::uint32_t> out;
      for (auto const& w : row.at(name))
        out.push_back(static_cast<std::uint32_t>(std::stoul(w.get<std::string>(), nullptr, 16)));
      return out;
    };
    auto const c = words("counter"), k = words("key"), want = words("output");
    auto const got = melitz::philox::encrypt({c[0], c[1], c[2], c[3]}, {k[0], k[1]});
    for (std::size_t i = 0; i < 4; ++i) CHECK(got[i] == want[i]);
  }
  melitz::detail::quantile_table const pareto(tail_of(melitz::pareto<>{1, 4.25}, 3.0));
  melitz::detail::quantile_table const lognormal(tail_of(melitz::lognormal<>{0, 0.797}, 3.0));
  melitz::detail::quantile_table const spliced(tail_of(melitz::spliced_lognormal_pareto<>{0.1, 0.6, 4.25}, 3.0));
  for (auto const& row : file.at("cases")) {
    auto const block = melitz::philox(row.at("seed").get<std::uint64_t>())
                           .at(row.at("firm").get<std::uint64_t>(), row.at("stream").get<std::uint32_t>());
    CHECK(block.words[0] == std::stoul(row.at("words")[0].get<std::string>(), nullptr, 16));
    double const u = block.uniform(0);
    CHECK_THAT(u, WithinAbs(number(row.at("uniform")), 0x1p-53));  // half a unit is rounded off
    CHECK_THAT(pareto(u), WithinAbs(number(row.at("log_pareto_1_4_25")), 1e-13));
    CHECK_THAT(lognormal(u), WithinAbs(number(row.at("log_lognormal_0_0797")), 1e-13));
    CHECK_THAT(spliced(u), WithinAbs(number(row.at("log_spliced_01_06_425")), 1e-13));
  }
  for (double const u : {0x1p-54, 1e-12, 0.3, 0.5, 0.9999, 1 - 1e-9}) {
    CAPTURE(u);
    double const slack = 1e-13 + 1e-16 / (1 - u);  // a survival near one tells no more
    CHECK_THAT(lognormal(u), WithinAbs(log_quantile(lognormal.tail(), u), slack));
    CHECK_THAT(spliced(u), WithinAbs(log_quantile(spliced.tail(), u), slack));
  }
}

TEST_CASE("simulated firms are those of the equilibrium", "[estimation][simulated]") {
  auto const file = reference("firms_simulation");
  for (auto const& row : file.at("cases")) {
    auto const& law = row.at("law");
    melitz::simulation_options options{.firms = 1000, .seed = row.at("seed").get<std::uint64_t>()};
    auto const check = [&](auto const& draws) {
      auto const e = solve(lecture(), draws);
      auto const firms = simulate(e, draws, options);
      check_rows(firms, row);
      check_totals(firms);
      // Counts, ln productivity and trimmed sales have standard errors under any law.
      auto many = options;
      many.firms = 200000;
      auto const totals = simulate(e, draws, many).totals();
      auto const n = static_cast<double>(many.firms);
      auto const& exact = row.at("exact_per_entrant");
      double const producing = number(exact.at("producers"));
      CHECK_THAT((n - totals.count[0]) / n, WithinAbs(producing, 4 * std::sqrt(producing / n)));
      double const exporting = number(exact.at("exporters"));
      CHECK_THAT(totals.count[2] / n, WithinAbs(exporting, 4 * std::sqrt(exporting / n)));
      auto const& trimmed = row.at("sales_below_top_permille");
      double const deviation = std::sqrt(number(trimmed.at("variance")) / n);
      CHECK_THAT(totals.trimmed / n, WithinAbs(number(trimmed.at("mean")), 4 * deviation));
      CHECK_THAT(std::sqrt(totals.trimmed_squared / n - std::pow(totals.trimmed / n, 2)),
                 WithinRel(std::sqrt(number(trimmed.at("variance"))), 0.1));
      CHECK_THAT(totals.above_trim, WithinAbs(200, 4 * std::sqrt(200.0)));
      bool const finite = row.at("variance_of_sales") != "inf";
      CHECK(firms.errors().levels_hold == finite);
      CHECK_THAT(firms.errors().said, contains(finite ? "errors of all means hold" : "do not hold"));
      if (finite) {
        double const sd = std::sqrt(number(row.at("variance_of_sales")) / n);
        CHECK_THAT(totals.sales[0] / n, WithinAbs(number(exact.at("domestic_sales")), 5 * sd));
      }
    };
    if (law.at("type") == "pareto") {
      check(melitz::pareto<>{number(law.at("scale")), number(law.at("shape"))});
    } else {
      check(melitz::lognormal<>{number(law.at("log_mean")), number(law.at("log_sd"))});
    }
  }
}

TEST_CASE("no thread and no later firm changes a bit", "[estimation][simulated]") {
  melitz::pareto<> const draws{1, 4.25};
  auto const e = solve(lecture(), draws);
  auto const totals = [&](std::uint64_t firms, int threads, bool stratified) {
    return simulate(e, draws, {.firms = firms, .seed = 9, .stratified = stratified, .threads = threads}).totals();
  };
  for (bool const stratified : {false, true}) {
    auto const one = totals(50001, 1, stratified);
    for (int const threads : {2, 3, 7, 0}) {
      auto const more = totals(50001, threads, stratified);
      CHECK(more.sales == one.sales);
      CHECK(more.profit == one.profit);
      CHECK(more.trimmed_squared == one.trimmed_squared);
      CHECK(more.log_productivity == one.log_productivity);
    }
    CHECK(one.firms == 50001);
  }
  auto const few = simulate(e, draws, {.firms = 10, .seed = 9}), many = simulate(e, draws, {.firms = 10000, .seed = 9});
  for (std::uint64_t k = 0; k < 10; ++k) CHECK(few.firm(k).sales == many.firm(k).sales);
  CHECK(few.firm(3).uniform != few.replicated(1).firm(3).uniform);
  // Each stratum has its firm, not at the same place in it.
  auto const strata = simulate(e, draws, {.firms = 100, .stratified = true});
  for (std::uint64_t k = 0; k < 100; ++k) {
    double const u = strata.firm(k).uniform * 100 - static_cast<double>(k);
    CHECK(u > 0);
    CHECK(u <= 1);
  }
}

TEST_CASE("firms of any menu, and of countries with few firms", "[estimation][simulated]") {
  melitz::lognormal<> const draws{0, 0.797};
  melitz::technology_economy<> economy;
  economy.trade = lecture();
  economy.productivity_gain = 1.25;
  economy.cost_ratio = 2;
  auto const e = solve(economy, draws);
  auto const firms = simulate(e.choices, draws, {.firms = 3000, .seed = 4});
  check_totals(firms);
  CHECK(firms.plan().markets.size() + 1 == e.choices.segments.size());
  auto const totals = simulate(e.choices, draws, {.firms = 100000, .seed = 4}).totals();
  for (std::size_t k = 0; k < e.choices.segments.size(); ++k) {
    double const share = e.choices.segments[k].mass;
    CHECK_THAT(totals.count[k] / 1e5, WithinAbs(share, 4.5 * std::sqrt(share / 1e5) + 1e-9));
  }

  // Everyone sells, in proportion to phi: sizes are Pareto's.
  auto const file = reference("firms_simulation");
  for (auto const& row : file.at("herfindahl")) {
    if (row.at("firms").get<int>() > 100) continue;
    melitz::pareto<> const sizes{1, number(row.at("shape"))};
    melitz::firm_plan plan;
    plan.size_exponent = 1;
    plan.markets.push_back({"home", 0, 1, 1});
    plan.options.push_back({"serves_home", -std::numeric_limits<double>::infinity(), true, {true}, 0, 0.25});
    melitz::firm_simulation const few(plan, tail_of(sizes, 1.0), {}, {.firms = row.at("firms").get<std::uint64_t>()});
    auto const found = granular(few, 3000);
    CAPTURE(number(row.at("shape")), row.at("firms").get<int>());
    // Few replications have most of the index, so that there must be many for their error to say how far off it is.
    CHECK_THAT(found.mean_herfindahl, WithinAbs(number(row.at("expected_herfindahl")), 3.5 * found.error));
    CHECK(found.error < 0.03 * found.mean_herfindahl);
    CHECK_THAT(found.volatility, WithinRel(std::sqrt(found.mean_herfindahl), 1e-14));
    CHECK(found.sales_quantile(0.1) < found.sales_quantile(0.9));
  }
}

TEST_CASE("what cannot be simulated is refused by name", "[estimation][simulated]") {
  melitz::pareto<> const draws{1, 4.25};
  auto const e = solve(lecture(), draws);
  auto const message = [&](melitz::simulation_options const& options) -> std::string {
    try {
      (void)simulate(e, draws, options);
    } catch (melitz::domain_error const& error) {
      return error.what();
    }
    return "nothing";
  };
  CHECK_THAT(message({.firms = 0}), contains("firms is 0"));
  CHECK_THAT(message({.trimmed_share = 1}), contains("trimmed_share is 1"));
  CHECK_THAT(message({.trimmed_share = std::nan("")}), contains("trimmed_share is nan"));
  CHECK_THAT(message({.threads = -1}), contains("threads is -1"));
  CHECK_THROWS_AS(granular(simulate(e, draws), 1), melitz::domain_error);
  CHECK_THROWS_AS(melitz::plan_of(melitz::equilibrium<>{}), melitz::convergence_error);
  CHECK_THROWS_AS(melitz::plan_of(melitz::menu_equilibrium<>{}), melitz::convergence_error);
}

}  // namespace test::simulated_firms
