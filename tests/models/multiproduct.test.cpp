// SPDX-License-Identifier: BSL-1.0
#include <melitz/analysis/compare.hpp>
#include <melitz/models/multiproduct.hpp>
#include <melitz/numerics/gradient.hpp>

#include "support/catch.hpp"
#include "support/laws.hpp"
#include "support/reference.hpp"
#include "support/told.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <string>

namespace test::models_multiproduct {

using melitz::ability_and_attributes;
using melitz::lognormal;
using melitz::multiproduct_economy;
using melitz::multiproduct_equilibrium;
using melitz::pareto;
using melitz::solve;
using test::contains;
using test::number;
using test::WithinAbs;
using test::WithinRel;

namespace {

multiproduct_economy<> example() { return test::example_of<multiproduct_economy<>>(); }

multiproduct_economy<> closed(multiproduct_economy<> economy) {
  economy.trade.partners = 0;
  return economy;
}

double labor_used(multiproduct_equilibrium<> const& e) {
  return e.labor_entry + e.labor_fixed + e.labor_export_fixed + e.labor_product_fixed + e.labor_product_export_fixed +
         e.labor_variable;
}

template <class Laws>
void check_against(json const& row, Laws const& laws, double tolerance) {
  auto const economy = test::economy_from<multiproduct_economy<>>(row.at("params"));
  test::validates const here("multiproduct", row.at("case"));
  for (auto const* key : {"closed", "open"}) {
    CAPTURE(key);
    test::validates const part(key);
    bool const open = std::string(key) == "open";
    auto const& expected = row.at(key);
    auto const e = solve(open ? economy : closed(economy), laws);
    CHECK(test::compare_all(expected, e, tolerance) == static_cast<int>(expected.size()) - 1);  // all but the firms
    CHECK(expected.size() >= (open ? 28 : 23));
    CHECK_THAT(labor_used(e), WithinRel(economy.trade.domestic.labor, 1e-12));
    if (open) {
      CHECK_THAT(e.firms_elasticity + e.products_elasticity + e.sales_elasticity, WithinRel(e.trade_elasticity, 1e-12));
    }
    std::size_t k = 0;
    for (auto const& ability : row.at("params").at("abilities")) {
      auto const& firm = expected.at("firms").at(k++);
      double const phi = number(ability);
      CAPTURE(phi);
      test::validates const its("firm of ability " + test::in_few_digits(phi));
      auto const same = [&](char const* name, double ours, double within) {
        test::check_number(name, {}, ours, firm.at(name), within);
      };
      same("profit", e.profit(phi), 1e-11);
      same("products", e.products(phi), tolerance);
      same("least_attribute", e.least_attribute(phi), tolerance);
      same("domestic_revenue", e.domestic_revenue(phi), tolerance);
      same("exported_products", e.exported_products(phi), tolerance);
      same("least_exported_attribute", e.least_exported_attribute(phi), tolerance);
      same("export_revenue", e.export_revenue(phi), tolerance);
      if (firm.contains("average_attribute")) {
        same("average_attribute", e.average_attribute(phi), tolerance);
      } else {
        CHECK(std::isnan(e.average_attribute(phi)));
        CHECK(e.choice(phi) == melitz::firm_choice::exits);
      }
    }
  }
  test::validate("gains_from_trade", gains_from_trade(economy, laws), number(row.at("welfare_gain")));
  CHECK_THAT(gains_from_trade(economy, laws), WithinRel(number(row.at("welfare_gain")), tolerance));
}

}  // namespace

TEST_CASE("firms with many products agree with brute force at 30 digits", "[models][reference]") {
  // tests/reference/multiproduct.json, remade by tools/reference/multiproduct.py, which tries every option.
  auto const file = test::reference("multiproduct");
  int compared = 0, regimes = 0;
  for (auto const& row : file.at("cases")) {
    CAPTURE(row.at("case").get<std::string>());
    auto const &of_ability = row.at("params").at("ability"), &of_attributes = row.at("params").at("attributes");
    auto const ability = test::law(of_ability), attributes = test::law(of_attributes);
    check_against(row, ability_and_attributes{ability, attributes}, 1e-12);
    auto const economy = test::economy_from<multiproduct_economy<>>(row.at("params"));
    auto const e = solve(economy, ability_and_attributes{ability, attributes});
    regimes |= (e.regime == melitz::regime::all_export ? 1 : 2)
               << (e.product_regime == melitz::regime::all_export ? 2 : 0);
    if (of_ability.at("type") == "pareto" && of_attributes.at("type") == "pareto") {  // in closed form
      auto const pareto_of = [](json const& law) { return pareto<>{number(law.at("phi_min")), number(law.at("k"))}; };
      ability_and_attributes const laws{pareto_of(of_ability), pareto_of(of_attributes)};
      check_against(row, laws, 1e-12);
      CHECK(solve(economy, laws).evaluations == 1);
    }
    ++compared;
  }
  CHECK(compared == 8);
  CHECK(regimes == 15);  // each of the two menus with and without its corner, and both together
}

TEST_CASE("trade moves all cutoffs of firms with many products by the gain in welfare", "[models][property]") {
  int pairs = 0;
  double worst = 0;
  for (auto const& [of_attributes, attributes] : test::laws()) {
    if (test::has_atoms(of_attributes)) continue;
    for (auto const& [of_ability, ability] : test::laws()) {
      CAPTURE(of_ability);
      CAPTURE(of_attributes);
      ability_and_attributes const laws{ability, attributes};
      auto const after = solve(example(), laws), before = solve(closed(example()), laws);
      REQUIRE(after.regime == melitz::regime::selection);
      REQUIRE(after.product_regime == melitz::regime::selection);
      double const gain = after.cutoff / before.cutoff;
      CHECK_THAT(after.welfare / before.welfare, WithinRel(gain, 1e-12));
      CHECK_THAT(after.product_cutoff, WithinRel(before.product_cutoff, 1e-12));
      CHECK(gain >= 1 - 1e-12);
      for (auto const& e : {before, after}) worst = std::max(worst, std::abs(labor_used(e) - e.revenue) / e.revenue);
      // Every firm that goes on drops products, and none gains any.
      for (double const times : {1.001, 1.3, 2.0, 5.0}) {
        double const phi = times * after.cutoff;
        CHECK(after.products(phi) <= before.products(phi) * (1 + 1e-12));
        if (after.products(phi) > 0) CHECK(within_firm_growth(before, after, phi) >= 1 - 1e-12);
      }
      ++pairs;
    }
  }
  CHECK(pairs == 16 * 19);
  CHECK(worst < 1e-12);
}

TEST_CASE("under Pareto attributes productivity within a firm grows by the gain or not at all", "[models][property]") {
  pareto<> const attributes{0.5, 4.5};
  for (auto const& [name, ability] : test::laws()) {
    CAPTURE(name);
    ability_and_attributes const laws{ability, attributes};
    auto const before = solve(closed(example()), laws), after = solve(example(), laws);
    double const gain = after.welfare / before.welfare;
    int grows = 0, stays = 0;
    for (double times = 1.001; times < 100; times *= 1.05) {
      double const phi = times * after.cutoff;
      if (before.least_attribute(phi) >= attributes.scale) {
        CHECK_THAT(within_firm_growth(before, after, phi), WithinRel(gain, 1e-12));
        CHECK_THAT(share_of_products_dropped(before, after, phi), WithinAbs(1 - std::pow(gain, -4.5), 1e-12));
        ++grows;
      } else if (after.least_attribute(phi) <= attributes.scale) {
        CHECK_THAT(within_firm_growth(before, after, phi), WithinRel(1, 1e-12));
        CHECK_THAT(share_of_products_dropped(before, after, phi), WithinAbs(0, 1e-14));
        ++stays;
      }
    }
    CHECK(grows > 3);
    CHECK(stays > 3);
  }
}

TEST_CASE("under Pareto ability trade costs move the number of exporters and nothing else", "[models][property]") {
  double const shape = 4.6;
  for (auto const& [name, attributes] : test::laws()) {
    if (test::has_atoms(name)) continue;
    CAPTURE(name);
    ability_and_attributes const laws{pareto<>{0.01, shape}, attributes};
    auto const e = solve(example(), laws), alone = solve(closed(example()), laws);
    if (e.every_entrant_produces || alone.every_entrant_produces) continue;
    CHECK_THAT(e.trade_elasticity, WithinRel(shape, 1e-10));
    CHECK_THAT(e.firms_elasticity, WithinRel(shape, 1e-10));
    CHECK_THAT(e.products_elasticity, WithinAbs(0, 1e-9));
    CHECK_THAT(e.sales_elasticity, WithinAbs(0, 1e-9));
    // Entry and products per firm are those of autarky.
    CHECK_THAT(e.mass_entrants, WithinRel(alone.mass_entrants, 1e-11));
    CHECK_THAT(e.products_per_firm, WithinRel(alone.products_per_firm, 1e-10));
  }
}

TEST_CASE("in equilibrium demand takes back the export share of what trade costs do to each margin",
          "[models][property]") {
  double const h = 1e-4;  // central differences: right to about h^2 and 1e-14 / h
  for (auto const& [name, ability] : test::laws()) {
    if (test::has_atoms(name)) continue;
    CAPTURE(name);
    ability_and_attributes const laws{ability, melitz::any_law<>(lognormal<>{0, 0.3})};
    auto const e = solve(example(), laws);
    if (e.mass_exporters == 0) continue;
    auto const at = [&](double log_tau) {
      auto economy = example();
      economy.trade.iceberg_cost *= std::exp(log_tau);
      return solve(economy, laws);
    };
    auto const dear = at(h), cheap = at(-h);
    auto const answer = [&](auto const& of) { return (std::log(of(cheap)) - std::log(of(dear))) / (2 * h); };
    CHECK_THAT(e.domestic_share + e.export_share, WithinRel(1, 1e-15));
    double const left = e.domestic_share, tolerance = 1e-6 * (1 + std::abs(e.trade_elasticity));
    CHECK_THAT(answer([](auto const& x) { return x.mass_exporters / x.mass_entrants; }),
               WithinAbs(left * e.firms_elasticity, tolerance));
    CHECK_THAT(answer([](auto const& x) { return x.products_per_exporter; }),
               WithinAbs(left * e.products_elasticity, tolerance));
    CHECK_THAT(answer([](auto const& x) { return x.exports_per_product; }),
               WithinAbs(left * e.sales_elasticity, tolerance));
    CHECK_THAT(answer([](auto const& x) { return 1 / x.welfare; }), WithinAbs(-e.export_share, 1e-7));
  }
}

TEST_CASE("products of a firm by rank", "[models][property]") {
  double const z = 4.5;
  auto const e = solve(example(), ability_and_attributes{lognormal<>{0, 0.6}, pareto<>{1, z}});
  double const home = std::sqrt(e.cutoff * e.export_cutoff), b = 3;
  CHECK(e.choice(home) == melitz::firm_choice::serves_home);
  double const rank = e.products(home) / 2;
  // Attributes by rank are rank^(-1/z).
  CHECK_THAT(e.product_revenue(home, rank) / e.product_revenue(home, rank / 8), WithinRel(std::pow(8, -b / z), 1e-12));
  CHECK(e.product_revenue(home, e.products(home) * 1.001) == 0);
  CHECK_THAT(e.product_revenue(home, e.products(home) * (1 - 1e-12)), WithinRel(4 * 3.0, 1e-10));  // sigma f
  double const away = 1.1 * e.export_cutoff, last = e.exported_products(away);
  double const markets = 1 + 3 * std::pow(1.6, -b);
  CHECK_THAT(e.product_revenue(away, last * 0.9999999) / e.product_revenue(away, last * 1.0000001),
             WithinRel(markets, 1e-6));
  CHECK_THAT(e.product_revenue(away, last * (1 - 1e-12)) / markets * std::pow(1.6, -b), WithinRel(4 * 4.0, 1e-10));
  CHECK_THROWS_WITH(e.product_revenue(away, 0), contains("rank is 0"));
  CHECK_THAT(e.average_productivity(away), WithinRel(away * e.average_attribute(away), 1e-15));
}

TEST_CASE("equilibria of firms with many products are compared", "[models][property]") {
  ability_and_attributes const laws{lognormal<>{0, 0.6}, lognormal<>{0, 0.5}};
  auto const before = solve(closed(example()), laws), after = solve(example(), laws);
  auto const changes = compare(before, after);
  CHECK_THAT(changes.change("welfare").percent() / 100, WithinRel(gains_from_trade(example(), laws) - 1, 1e-10));
  CHECK(changes.change("products_per_firm").difference() < 0);
}

TEST_CASE("slopes of firms with many products are those of differences at 30 digits", "[models][derivatives]") {
  using slope = melitz::gradient<1>;
  int compared = 0;
  auto const file = test::reference("multiproduct");
  for (auto const& row : file.at("cases")) {
    if (!row.contains("slopes")) continue;
    CAPTURE(row.at("case").get<std::string>());
    for (auto const& [key, expected] : row.at("slopes").items()) {
      std::string const parameter = key;
      CAPTURE(parameter);
      multiproduct_economy<slope> economy;
      auto const law = [&](char const* which) {
        auto const& l = row.at("params").at(which);
        lognormal<slope> out{number(l.at("mu")), number(l.at("s"))};
        if (parameter == std::string(which) + ".s") out.log_sd.derivative[0] = 1;
        if (parameter == std::string(which) + ".mu") out.log_mean.derivative[0] = 1;
        return out;
      };
      melitz::detail::for_each_parameter<multiproduct_economy<slope>>(
          [&](auto const& what, auto const& access, std::string_view, bool) {
            access(economy) = number(row.at("params").at(what.name));
            if (parameter == what.name) access(economy).derivative[0] = 1;
          });
      auto const e = solve(economy, ability_and_attributes{law("ability"), law("attributes")});
      for (auto const& [name, number_of] : test::numbers_of(e)) {
        if (!expected.contains(name)) continue;
        CAPTURE(name);
        double const wanted = number(expected.at(name));
        test::validates const here("multiproduct", row.at("case").get<std::string>() + ", slopes by " + parameter);
        test::validate(name, number_of.derivative[0], wanted, {}, std::max(std::abs(wanted), number_of.value));
        CHECK_THAT(number_of.derivative[0], WithinAbs(wanted, 1e-10 * std::max(std::abs(wanted), number_of.value)));
        ++compared;
      }
    }
  }
  CHECK(compared == 2 * 3 * 12);
}

TEST_CASE("wide ranges of economies with many products are solved, or it is said why not", "[models][failure]") {
  std::mt19937_64 random(7);
  auto const between = [&](double low, double high) {
    return low * std::exp(std::log(high / low) * std::uniform_real_distribution<>()(random));
  };
  int solved = 0, trials = 0;
  for (int trial = 0; trial < 200; ++trial, ++trials) {
    CAPTURE(trial);
    double const b = between(0.2, 12);
    multiproduct_economy<> const economy{{{b + 1, between(1e-6, 1e6), between(1e-6, 1e6), between(1e-3, 1), 100},
                                          std::floor(between(1, 50)),
                                          between(1, 20),
                                          between(1e-6, 1e6)},
                                         between(1e-6, 1e6),
                                         between(1e-6, 1e6)};
    bool const fat = trial % 3 == 0, thin = trial % 2 == 0;
    auto const pick = [&](bool is_pareto) {
      return is_pareto ? melitz::any_law<>(pareto<>{between(1e-3, 1e3), b * between(1.05, 4)})
                       : melitz::any_law<>(lognormal<>{std::log(between(1e-3, 1e3)), between(0.02, 3) / b});
    };
    auto const laws = ability_and_attributes{pick(fat), pick(thin)};
    auto const e = try_solve(economy, laws);
    CAPTURE(to_string(e.reason));
    if (!e) {
      CHECK(std::isnan(e.welfare));
      continue;
    }
    ++solved;
    CHECK_THAT(labor_used(e), WithinRel(100, 1e-11));
    CHECK(e.products_per_firm <= 1 + 1e-12);
    CHECK(e.error_estimate < 1e-9);
    auto const alone = try_solve(closed(economy), laws);
    if (alone) CHECK(e.welfare >= alone.welfare * (1 - 1e-9));
  }
  CHECK(trials == 200);
  CHECK(solved > 190);
}

TEST_CASE("economies with many products that are none are refused by name", "[models][errors]") {
  ability_and_attributes const laws{lognormal<>{0, 0.6}, lognormal<>{0, 0.5}};
  auto economy = example();
  economy.product_fixed_cost = 0;
  CHECK_THROWS_WITH(solve(economy, laws), contains("product_fixed_cost is 0"));
  economy = example();
  economy.product_export_fixed_cost = -1;
  CHECK_THROWS_WITH(solve(economy, laws), contains("product_export_fixed_cost is -1"));
  economy = example();
  economy.trade.domestic.labor = 0;
  CHECK_THROWS_WITH(solve(economy, laws), contains("labor is 0"));
  CHECK_THROWS_WITH(solve(example(), ability_and_attributes{pareto<>{1, 3}, pareto<>{1, 5}}), contains("shape"));
  CHECK_THROWS_WITH(solve(example(), ability_and_attributes{pareto<>{1, 5}, pareto<>{1, 3}}), contains("shape"));
  melitz::any_law<> const atoms = melitz::discrete<>{{1, 2, 3}, {0.5, 0.25, 0.25}};
  CHECK_THROWS_WITH(solve(example(), ability_and_attributes{melitz::any_law<>(laws.ability), atoms}),
                    contains("attributes are drawn from a law with a density"));
  // What makes trade impossible makes it closed.
  auto const alone = solve(closed(example()), laws);
  for (auto member : {&melitz::open_economy<>::iceberg_cost, &melitz::open_economy<>::export_fixed_cost}) {
    economy = example();
    economy.trade.*member = std::numeric_limits<double>::infinity();
    CHECK(solve(economy, laws).welfare == alone.welfare);
  }
  economy = example();
  economy.product_export_fixed_cost = std::numeric_limits<double>::infinity();
  auto const e = solve(economy, laws);
  CHECK(e.welfare == alone.welfare);
  CHECK(std::isinf(e.export_cutoff));
  CHECK(e.exports == 0);
  // Nothing of a failure is a number.
  economy.trade.domestic.fixed_cost = 1e308;
  economy.product_fixed_cost = 1e-308;
  auto const failed = try_solve(economy, laws);
  CHECK(failed.reason == melitz::status::out_of_range);
  CHECK(std::isnan(failed.profit(2)));
  CHECK(failed.choice(2) == melitz::firm_choice::exits);
}

}  // namespace test::models_multiproduct
