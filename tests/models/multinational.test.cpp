// SPDX-License-Identifier: BSL-1.0
#include <melitz/models/acr_formula.hpp>
#include <melitz/models/multinational.hpp>
#include <melitz/numerics/gradient.hpp>

#include "support/catch.hpp"
#include "support/choices.hpp"
#include "support/laws.hpp"
#include "support/reference.hpp"
#include "support/told.hpp"

#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace test::models_multinational {

using melitz::fixed_cost_covers;
using melitz::multinational_economy;
using melitz::pareto_exports_over_affiliate_sales;
using melitz::solve;
using test::contains;
using test::has_atoms;
using test::number;
using test::WithinAbs;
using test::WithinRel;

namespace {

double const infinity = std::numeric_limits<double>::infinity();

/// A case whose countries are all alike, or its parameters, as one country sees it: of a vector its own number, of a
/// matrix that of one foreign market.
test::json of_one_country(test::json const& row) {
  test::json out;
  for (auto const& [key, value] : row.items()) {
    out[key] = !value.is_array() ? value : value.at(0).is_array() ? value.at(0).at(1) : value.at(0);
  }
  return out;
}

multinational_economy<> economy_of(test::json const& p) {
  auto country = of_one_country(p);
  country["death_rate"] = 1;
  country["partners"] = p.at("labor").size() - 1;
  auto out = test::economy_from<multinational_economy<>>(country);
  if (p.contains("covers")) out.covers = fixed_cost_covers::home_sales;
  return out;
}

multinational_economy<> example() {
  return {.trade = {.domestic = {.elasticity = 4, .fixed_cost = 1, .entry_cost = 20, .death_rate = 0.1, .labor = 100},
                    .partners = 2,
                    .iceberg_cost = 1.4,
                    .export_fixed_cost = 0.6},
          .affiliate_fixed_cost = 4,
          .expenditure_share = 0.6};
}

multinational_economy<> example(fixed_cost_covers what, double iceberg_cost) {
  auto out = example();
  out.covers = what;
  out.trade.iceberg_cost = iceberg_cost;
  return out;
}

}  // namespace

TEST_CASE("exports against affiliates agree with the references", "[models][reference]") {
  // tests/reference/multinational.json, remade by tools/reference/multinational.py.
  auto const file = test::reference("multinational");
  int compared = 0;
  for (auto const& row : file.at("cases")) {
    auto const& p = row.at("params");
    auto const name = row.at("case").get<std::string>();
    // Those of different countries are melitz/worlds/multinational/multinational_world.hpp's.
    if (name.find("asymmetric") == 0 || name.find("corner") == 0 || name.find("N3") != std::string::npos) {
      if (name != "symmetric_pareto_N3") continue;
    }
    CAPTURE(name);
    auto const economy = economy_of(p);
    auto const e = solve(economy, test::law(p.at("distribution")));
    auto country = of_one_country(row);
    for (auto const* sales : {"exports", "affiliate_sales"})  // to all partners
      country[sales] = economy.trade.partners * number(country.at(sales));
    test::validates const here("multinational", name + ", as one of countries alike");
    CHECK(test::compare_all(country, e, 1e-12) == 13);
    ++compared;
  }
  CHECK(compared == 5);
}

TEST_CASE("several sectors share the income that the outside good leaves", "[models][reference]") {
  auto const file = test::reference("multinational");
  auto const& row = file.at("several_sectors").at(0);
  std::vector<melitz::multinational_equilibrium<>> sectors;
  double spent = 0;
  for (auto const& p : row.at("params")) {
    sectors.push_back(solve(economy_of(p), test::law(p.at("distribution"))));
    auto const& s = sectors.back();
    spent += s.domestic_sales + s.exports + s.affiliate_sales;
  }
  test::validates const here("multinational", "two sectors, as one of countries alike");
  test::validate("welfare", welfare_of(sectors), number(row.at("welfare").at(0)));
  test::validate("outside_labor", 100 - spent, number(row.at("outside_labor").at(0)));
  CHECK_THAT(welfare_of(sectors), WithinRel(number(row.at("welfare").at(0)), 1e-12));
  CHECK_THAT(100 - spent, WithinRel(number(row.at("outside_labor").at(0)), 1e-12));
  sectors.push_back(sectors[0]);
  CHECK(welfare_of(sectors) > 0);
  sectors.push_back(sectors[1]);
  CHECK_THROWS_WITH(welfare_of(sectors), contains("sum of expenditure shares is 1.2; it must be below 1"));
  sectors[0].reason = melitz::status::iteration_limit;
  CHECK_THROWS_WITH(welfare_of(sectors), contains("status of a sector is iteration_limit; it must be converged"));
}

TEST_CASE("accounts of goods, labour and entry close under every law", "[models][property]") {
  for (auto const& [name, law] : test::laws()) {
    for (auto const what : {fixed_cost_covers::any_sale, fixed_cost_covers::home_sales}) {
      for (double const tau : {1.0, 1.15, 1.4, 3.0, infinity}) {
        CAPTURE(name, static_cast<int>(what), tau);
        auto const economy = example(what, tau);
        auto const& home = economy.trade.domestic;
        auto const e = solve(economy, law);
        double const spent = 0.6 * 100;
        CHECK_THAT(e.domestic_sales + e.exports + e.affiliate_sales, WithinRel(spent, 1e-12));
        double const fixed = e.mass_entrants * e.choices.expected_fixed_cost;
        CHECK_THAT(e.labor_entry, WithinRel(e.mass_entrants * home.required_profit(), 1e-14));
        CHECK_THAT(e.labor_fixed + e.labor_export_fixed, WithinRel(fixed, 1e-12));
        CHECK_THAT(e.labor_export_fixed, WithinRel(2 * 0.6 * e.mass_exporters, 1e-12));
        CHECK_THAT(e.labor_entry + fixed + e.labor_variable, WithinRel(spent, 1e-12));
        CHECK_THAT(e.domestic_share, WithinRel(e.domestic_sales / spent, 1e-12));
        double varieties = 2 * (e.mass_exporters + e.mass_multinationals);
        for (auto const& s : e.choices.segments) varieties += s.index < 3 ? e.mass_entrants * s.mass : 0;
        CHECK_THAT(e.mass_varieties, WithinRel(varieties, 1e-14));
        CHECK_THAT(e.revenue, WithinRel(spent, 1e-12));
        CHECK_THAT(e.export_share + e.affiliate_share, WithinAbs(1 - e.domestic_sales / spent, 1e-14));
        // A firm's profit is the best it can make of each market, one by one.
        double const a = e.choices.demand;
        for (double const phi : {0.3, 1.0, 1.5, 2.0, 2.5, 4.0, 8.0}) {
          double const y = a * phi * phi * phi, f_x = 0.6;
          double const abroad = 2 * std::max({0.0, y / (tau * tau * tau) - f_x, y - 4});
          double const best =
              what == fixed_cost_covers::any_sale ? std::max(0.0, y - 1 + abroad) : std::max(0.0, y - 1) + abroad;
          CHECK_THAT(e.choices.profit(phi), WithinAbs(best, 1e-12 * (1 + y)));
        }
      }
    }
  }
}

TEST_CASE("where some produce abroad, exports answer to trade costs as the trade elasticity says",
          "[models][property]") {
  for (auto const& [name, law] : test::laws()) {
    for (auto const what : {fixed_cost_covers::any_sale, fixed_cost_covers::home_sales}) {
      for (double const tau : {1.2, 1.4}) {
        auto const economy = example(what, tau);
        auto const e = solve(economy, law);
        if (has_atoms(name) || !(e.exports > 1e-6)) continue;
        CAPTURE(name, static_cast<int>(what), tau);
        double const by_differences = test::trade_elasticity_by_differences(
            law, e.choices,
            [&](double change) {
              auto moved = economy;
              moved.trade.iceberg_cost *= std::exp(change);
              return moved.options();
            },
            [](double change, std::size_t k) { return k == 1 || k == 3 ? std::exp(-3 * change) : 0; });
        CHECK_THAT(e.trade_elasticity, WithinRel(by_differences, 1e-8));
      }
    }
  }
  // Without affiliates, under a Pareto law, it is the shape; affiliates take over from the largest exporters.
  auto economy = example();
  melitz::pareto<> const law{0.5, 4.6};
  double const with_affiliates = solve(economy, law).trade_elasticity;
  economy.affiliate_fixed_cost = infinity;
  CHECK_THAT(solve(economy, law).trade_elasticity, WithinRel(4.6, 1e-13));
  CHECK(with_affiliates > 4.7);
}

TEST_CASE("the price index answers to trade costs by the share of exports", "[models][property]") {
  double const h = 1e-5;  // central differences: right to about 1e-14 / h
  int compared = 0;
  for (auto const& [name, law] : test::laws()) {
    if (has_atoms(name)) continue;  // one-sided there
    for (auto const what : {fixed_cost_covers::any_sale, fixed_cost_covers::home_sales}) {
      for (double const tau : {1.1, 1.3}) {
        CAPTURE(name, static_cast<int>(what), tau);
        auto const e = solve(example(what, tau), law);
        auto const less = solve(example(what, tau * std::exp(-h)), law),
                   more = solve(example(what, tau * std::exp(h)), law);
        CHECK_THAT(std::log(more.price_index / less.price_index) / (2 * h),
                   WithinAbs(e.price_elasticity_of_iceberg_cost(), 1e-9));
        CHECK_THAT(std::log(more.welfare / less.welfare) / (2 * h),
                   WithinAbs(e.welfare_elasticity_of_iceberg_cost, 1e-9));
        CHECK(e.welfare_elasticity_of_iceberg_cost <= 0);
        ++compared;
      }
    }
  }
  CHECK(compared == 64);
  // And exactly, in numbers that carry their derivative.
  using number = melitz::gradient<1>;
  multinational_economy<number> const economy{
      {{number(4), number(1), number(20), number(0.1), number(100)}, number(2), number::variable(1.4, 0), number(0.6)},
      number(4),
      number(0.6)};
  auto const e = solve(economy, melitz::lognormal<number>{number(0), number(0.7)});
  CHECK_THAT(e.welfare.derivative[0] * 1.4 / e.welfare.value,
             WithinRel(e.welfare_elasticity_of_iceberg_cost.value, 1e-13));
}

TEST_CASE("who serves foreign markets how", "[models][property]") {
  melitz::lognormal<> const law{0, 0.7};
  auto economy = example();
  auto const at = [&](double tau, double f_x, double f_i) {
    economy.trade.iceberg_cost = tau;
    economy.trade.export_fixed_cost = f_x;
    economy.affiliate_fixed_cost = f_i;
    return solve(economy, law);
  };
  auto const all_three = at(1.4, 0.6, 4);
  CHECK(all_three.cutoff < all_three.export_cutoff);
  CHECK(all_three.export_cutoff < all_three.affiliate_cutoff);
  // phi_X^r = f_X tau^r/A, phi_I^r = (f_I - f_X)/((1 - tau^-r) A)
  CHECK_THAT(all_three.export_cutoff / all_three.cutoff, WithinRel(1.4 * std::cbrt(0.6), 1e-13));
  CHECK_THAT(all_three.affiliate_cutoff / all_three.cutoff,
             WithinRel(std::cbrt(3.4 / (1 - 1 / (1.4 * 1.4 * 1.4))), 1e-13));
  CHECK_THAT(all_three.mass_exporters, WithinRel(all_three.mass_producers * all_three.share_exporting, 1e-13));
  CHECK_THAT(all_three.mass_multinationals, WithinRel(all_three.mass_producers * all_three.share_multinational, 1e-13));

  auto const no_exports = at(2, 0.6, 4);  // 4 <= 8 * 0.6
  CHECK(no_exports.export_cutoff == infinity);
  CHECK(no_exports.exports == 0);
  CHECK(no_exports.exports_over_affiliate_sales == 0);
  CHECK_THAT(no_exports.affiliate_cutoff / no_exports.cutoff, WithinRel(std::cbrt(4.0), 1e-13));
  auto const no_affiliates = at(1, 0.6, 4);  // free trade: an affiliate saves nothing
  CHECK(no_affiliates.affiliate_cutoff == infinity);
  CHECK(no_affiliates.affiliate_sales == 0);
  CHECK(no_affiliates.exports_over_affiliate_sales == infinity);
  auto const all_export = at(1.1, 0.3, 4);
  CHECK(all_export.cutoff == all_export.export_cutoff);
  CHECK(all_export.share_exporting + all_export.share_multinational == 1);
  auto const all_multinational = at(2, 0.6, 0.7);
  CHECK(all_multinational.cutoff == all_multinational.affiliate_cutoff);
  CHECK_THAT(all_multinational.share_multinational, WithinRel(1, 1e-14));
  CHECK_THAT(all_multinational.choices.demand * std::pow(all_multinational.cutoff, 3), WithinRel(2.4 / 3, 1e-13));
  auto const autarky = at(infinity, 0.6, infinity);
  CHECK(autarky.share_exporting + autarky.share_multinational == 0);
  CHECK(std::isnan(autarky.exports_over_affiliate_sales));
  CHECK_THAT(autarky.domestic_sales, WithinRel(60, 1e-13));
}

TEST_CASE("where the fixed cost is that of the home market, exporters may not sell at home", "[models][property]") {
  melitz::lognormal<> const law{0, 0.7};
  auto economy = example(fixed_cost_covers::home_sales, 1.1);
  economy.trade.export_fixed_cost = 0.3;  // 1.331 * 0.3 < 1
  auto const e = solve(economy, law);
  CHECK(e.cutoff == e.export_cutoff);
  CHECK(e.export_cutoff < e.home_cutoff);
  CHECK_THAT(e.home_cutoff / e.export_cutoff, WithinRel(1 / (1.1 * std::cbrt(0.3)), 1e-13));
  economy.covers = fixed_cost_covers::any_sale;
  auto const overhead = solve(economy, law);
  CHECK(overhead.cutoff == overhead.home_cutoff);
  CHECK(e.welfare > overhead.welfare);  // who saves the cost of home sells abroad for less
  // A firm that sells abroad sells at home too where that is dearer: the two are the same.
  CHECK(solve(example(fixed_cost_covers::home_sales, 1.4), law).welfare == solve(example(), law).welfare);
  // Affiliates only.
  economy.covers = fixed_cost_covers::home_sales;
  economy.affiliate_fixed_cost = 0.2;
  auto const abroad = solve(economy, law);
  CHECK(abroad.cutoff == abroad.affiliate_cutoff);
  CHECK(abroad.affiliate_cutoff < abroad.home_cutoff);
}

TEST_CASE("without affiliates and other goods this is the open economy", "[models][property]") {
  auto economy = example();
  economy.affiliate_fixed_cost = infinity;
  economy.expenditure_share = 1;
  for (auto const& [name, law] : test::laws()) {
    CAPTURE(name);
    auto const e = solve(economy, law);
    auto const open = solve(economy.trade, law);
    CHECK_THAT(e.cutoff, WithinRel(open.cutoff, 1e-12));
    CHECK_THAT(e.welfare, WithinRel(open.welfare, 1e-12));
    CHECK_THAT(e.mass_producers, WithinRel(open.mass_producers, 1e-11));
    CHECK_THAT(e.export_cutoff, WithinRel(open.export_cutoff, 1e-12));
    CHECK(e.share_multinational == 0);
  }
}

TEST_CASE("exports over affiliates' sales fall with dispersion and trade costs", "[models][property]") {
  auto const ratio = [](double tau, auto const& law, double f_x = 0.6) {
    auto economy = example(fixed_cost_covers::any_sale, tau);
    economy.trade.export_fixed_cost = f_x;
    return solve(economy, law).exports_over_affiliate_sales;
  };
  double before = infinity;
  for (double const shape : {6.0, 5.0, 4.6, 4.0, 3.5, 3.1}) {
    double const now = ratio(1.4, melitz::pareto<>{0.5, shape});
    // The closed form, which sees neither sizes nor the number of partners.
    auto economy = example();
    CHECK_THAT(now, WithinRel(pareto_exports_over_affiliate_sales(economy, shape), 1e-12));
    economy.trade.domestic.labor *= 3;
    economy.trade.partners = 5;
    CHECK_THAT(solve(economy, melitz::pareto<>{0.5, shape}).exports_over_affiliate_sales, WithinRel(now, 1e-12));
    CHECK(now < before);
    before = now;
  }
  before = infinity;
  for (double const spread : {0.3, 0.5, 0.7, 0.9, 1.2}) {
    double const now = ratio(1.4, melitz::lognormal<>{0, spread});
    CHECK(now < before);
    before = now;
  }
  before = infinity;
  for (double const tau : {1.2, 1.3, 1.4, 1.5, 1.6, 1.8, 1.9}) {
    double const now = ratio(tau, melitz::lognormal<>{0, 0.7});
    CHECK(now < before);
    before = now;
    if (now == 0) continue;
    CHECK(ratio(tau, melitz::pareto<>{0.5, 4.6}) > ratio(tau + 0.05, melitz::pareto<>{0.5, 4.6}));
    CHECK(ratio(tau, melitz::pareto<>{0.5, 4.6}) > ratio(tau, melitz::pareto<>{0.5, 4.6}, 0.65));
  }
  CHECK(before == 0);  // 4 < 6.859 * 0.6
  auto economy = example(fixed_cost_covers::any_sale, 1.9);
  CHECK(pareto_exports_over_affiliate_sales(economy, 4.6) == 0);
  CHECK(pareto_exports_over_affiliate_sales(example(fixed_cost_covers::home_sales, 1.0), 4.6) == infinity);
  CHECK_THROWS_WITH(pareto_exports_over_affiliate_sales(economy, 3.0), contains("shape is 3"));
  CHECK_THROWS_WITH(pareto_exports_over_affiliate_sales(example(fixed_cost_covers::any_sale, 1.0), 4.6),
                    contains("export_fixed_cost is 0.6; it must be at least fixed_cost"));
}

TEST_CASE("under a Pareto law entry does not answer to trade or affiliates", "[models][property]") {
  double const expected = 0.6 * 100 * 3 / (4.6 * 4 * 2);  // beta L r/(k sigma delta f_e)
  for (auto const what : {fixed_cost_covers::any_sale, fixed_cost_covers::home_sales}) {
    for (double const tau : {1.0, 1.4, 2.0, infinity}) {
      CHECK_THAT(solve(example(what, tau), melitz::pareto<>{0.5, 4.6}).mass_entrants, WithinRel(expected, 1e-12));
    }
  }
}

TEST_CASE("gains from trade are welfare over that in autarky", "[models][property]") {
  auto const economy = example();
  auto alone = economy;
  alone.trade.partners = 0;
  for (auto const& [name, law] : test::laws()) {
    CAPTURE(name);
    double const by_hand = solve(economy, law).welfare / solve(alone, law).welfare;
    CHECK_THAT(gains_from_trade(economy, law), WithinRel(by_hand, 1e-14));
    CHECK(gains_from_trade(economy, law) > 1);
    CHECK(gains_from_trade(alone, law) == 1);
    auto const tail = tail_of(law, 3.0);
    CHECK_THAT(gains_from_trade(economy, tail), WithinRel(by_hand, 1e-12));
    // Without affiliates there is less of it; of the sector's gain income has the share that is spent on it.
    auto exports_only = economy;
    exports_only.affiliate_fixed_cost = infinity;
    CHECK(gains_from_trade(exports_only, law) <= gains_from_trade(economy, law));
    CHECK_THAT(gains_from_trade(exports_only, law),
               WithinRel(std::pow(gains_from_trade(economy.trade, law), 0.6), 1e-12));
  }
  // The closed form of the open economy under a Pareto law, in autarky too with its cutoff in the support.
  melitz::pareto<> const law{1, 4.6};
  auto trade = economy.trade;
  trade.domestic.entry_cost = 10;
  double const domestic_share = solve(trade, law).domestic_share;
  CHECK_THAT(gains_from_trade(trade, law), WithinRel(std::pow(domestic_share, -1 / 4.6), 1e-12));
  CHECK_THAT(gains_from_trade(trade, law), WithinRel(melitz::formula_gains_from_trade(domestic_share, 4.6), 1e-12));
  // And that of the sector with affiliates: what is bought from home firms is the domestic share.
  auto cheap_entry = economy;
  cheap_entry.trade.domestic.entry_cost = 10;
  CHECK_THAT(gains_from_trade(cheap_entry, law),
             WithinRel(std::pow(solve(cheap_entry, law).domestic_share, -0.6 / 4.6), 1e-12));
  CHECK_THROWS_AS(gains_from_trade(economy, law, {.max_evaluations = 0}), melitz::convergence_error);
  alone.trade.iceberg_cost = 0.5;
  CHECK_THROWS_WITH(gains_from_trade(alone, law), contains("iceberg_cost is 0.5"));
}

TEST_CASE("multinational economies that are none are refused by name", "[models][errors]") {
  melitz::lognormal<> const law{0, 0.6};
  auto economy = example();
  economy.affiliate_fixed_cost = 0;
  CHECK_THROWS_WITH(solve(economy, law),
                    contains("multinational_economy: affiliate_fixed_cost is 0; it must be positive"));
  economy = example();
  economy.affiliate_fixed_cost = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_WITH(solve(economy, law), contains("affiliate_fixed_cost is nan"));
  for (double const share : {0.0, 1.5, std::numeric_limits<double>::quiet_NaN()}) {
    economy = example();
    economy.expenditure_share = share;
    CHECK_THROWS_WITH(solve(economy, law), contains("expenditure_share is"));
    CHECK_THROWS_WITH(solve(economy, law), contains("it must lie in (0, 1]"));
  }
  economy = example();
  economy.trade.iceberg_cost = 0.9;
  CHECK_THROWS_WITH(solve(economy, law), contains("iceberg_cost is 0.9; it must be at least 1"));
  CHECK_THROWS_WITH(solve(example(), tail_of(law, 2.0)),
                    contains("tail.power() is 2; it must equal the model's size exponent, 3"));
  CHECK_THROWS_WITH(solve(example(), melitz::pareto<>{1, 3}), contains("shape"));
  auto const stopped = try_solve(example(), law, {.max_evaluations = 1});
  CHECK(stopped.reason == melitz::status::iteration_limit);
  CHECK(!stopped);
  CHECK(std::isnan(stopped.welfare));
  CHECK(std::isnan(stopped.affiliate_sales));
}

TEST_CASE("a firm at the cutoff of serving a market picks what its cutoff says", "[models][property]") {
  test::uniform_numbers uniform(34);
  for (int trial = 0; trial < 300; ++trial) {
    auto const economy = multinational_economy<>{
        .trade = test::random_trade(uniform),
        .affiliate_fixed_cost = uniform(0.5, 10),
        .expenditure_share = uniform(0.1, 1),
        .covers = trial % 2 == 0 ? melitz::fixed_cost_covers::any_sale : melitz::fixed_cost_covers::home_sales};
    CAPTURE(trial);
    test::check_cutoffs(solve(economy, test::random_lognormal(uniform)).choices);
  }
}

TEST_CASE("multinational production beyond the number type is out of range", "[models][failure]") {
  test::check_beyond_number_type(example());
}

}  // namespace test::models_multinational
