// SPDX-License-Identifier: BSL-1.0
#include <melitz/economy/solve.hpp>
#include <melitz/law/discrete.hpp>
#include <melitz/models/krugman.hpp>

#include "support/catch.hpp"
#include "support/random.hpp"
#include "support/reference.hpp"
#include "support/told.hpp"

#include <boost/multiprecision/cpp_bin_float.hpp>

#include <cmath>
#include <limits>

namespace test::models_krugman {

using melitz::closed_economy;
using melitz::home_market_effect;
using melitz::krugman_countries_economy;
using melitz::krugman_economy;
using melitz::solve;
using melitz::try_solve;
using test::contains;
using test::number;
using test::WithinAbs;
using test::WithinRel;

namespace {

krugman_countries_economy<> unequal() {
  return {.elasticity = 4, .fixed_cost = 1, .productivity = 1, .iceberg_cost = 1.4, .labor = 2, .foreign_labor = 1};
}
closed_economy<> home() {
  return {.elasticity = 4, .fixed_cost = 0.5, .entry_cost = 10, .death_rate = 0.1, .labor = 100};
}

}  // namespace

TEST_CASE("Krugman's economies agree with the references", "[models][reference][krugman]") {
  // tests/reference/krugman.json, remade by tools/reference/krugman.py.
  auto const file = test::reference("krugman");
  int compared = 0;
  for (auto const& row : file.at("krugman_symmetric")) {
    auto p = row.at("params");
    p["death_rate"] = 1;
    auto const economy = test::economy_from<krugman_economy<>>(p);
    test::validates const here("krugman",
                               "homogeneous firms, partners " + test::in_few_digits(number(p.at("partners"))));
    test::validate("gains_from_trade", gains_from_trade(economy), number(row.at("gains_from_trade")));
    CHECK(test::compare_all(row, solve(economy), 1e-14) == 5);
    CHECK_THAT(gains_from_trade(economy), WithinRel(number(row.at("gains_from_trade")), 1e-14));
    ++compared;
  }
  for (auto const& row : file.at("krugman_asymmetric_two_country")) {
    auto const e = solve(test::economy_from<krugman_countries_economy<>>(row.at("params")));
    test::validates const here("krugman", "two countries, iceberg cost " +
                                              test::in_few_digits(number(row.at("params").at("iceberg_cost"))) +
                                              ", labor " + test::in_few_digits(number(row.at("params").at("labor"))));
    CHECK(test::compare_all(row, e, 1e-14) == 7);
    ++compared;
  }
  for (auto const& row : file.at("home_market_effect").at("rows")) {
    test::validates const here("krugman", "home market of relative demand " +
                                              test::in_few_digits(number(row.at("relative_demand"))) + ", freeness " +
                                              test::in_few_digits(number(row.at("freeness"))));
    test::validate("relative_mass", home_market_effect(number(row.at("relative_demand")), number(row.at("freeness"))),
                   number(row.at("relative_mass")));
    CHECK_THAT(home_market_effect(number(row.at("relative_demand")), number(row.at("freeness"))),
               WithinRel(number(row.at("relative_mass")), 1e-14));
    CHECK(row.at("interior").get<bool>());
    ++compared;
  }
  CHECK(compared == 7);
}

TEST_CASE("Krugman's economy is that of one productivity with exporting almost for free", "[models][property]") {
  for (double const tau : {1.0, 1.2, 2.0, std::numeric_limits<double>::infinity()}) {
    CAPTURE(tau);
    auto const e = solve(krugman_economy<>{home(), 1.3, 3, tau});
    auto const same = solve(melitz::open_economy<>{home(), 3, tau, 1e-15}, melitz::degenerate<>{1.3});
    CHECK_THAT(e.welfare, WithinRel(same.welfare, 1e-13));
    CHECK_THAT(e.mass_producers, WithinRel(same.mass_producers, 1e-13));
    CHECK_THAT(e.domestic_share, WithinRel(same.domestic_share, 1e-13));
    CHECK_THAT(e.output_per_firm, WithinRel(same.output_of(1.3), 1e-13));
    auto const alone = solve(krugman_economy<>{home(), 1.3});
    double const gains = gains_from_trade(krugman_economy<>{home(), 1.3, 3, tau});
    CHECK_THAT(gains, WithinRel(e.welfare / alone.welfare, 1e-14));
    CHECK_THAT(gains, WithinRel(std::pow(e.domestic_share, -1.0 / 3), 1e-14));
    CHECK_THAT(e.mass_varieties, WithinRel(same.mass_varieties, 1e-13));
    CHECK_THAT(e.exports, WithinAbs(same.exports, 1e-11));
    CHECK_THAT(e.labor_entry + e.labor_fixed + e.labor_variable, WithinRel(e.revenue, 1e-14));
    CHECK_THAT(e.labor_fixed, WithinRel(same.labor_fixed, 1e-13));
    CHECK(std::isnan(e.trade_elasticity) == std::isinf(tau));
    if (e.exports > 0) CHECK(e.trade_elasticity == same.trade_elasticity);
    CHECK(e.mass_producers == alone.mass_producers);
    CHECK(gains_from_trade(krugman_economy<>{home(), 1.3}) == 1);
    // Labour: firms' output and their fixed and entry cost.
    double const per_firm = e.output_per_firm / 1.3 + 0.5 + 0.1 * 10;
    CHECK_THAT(e.mass_producers * per_firm, WithinRel(100, 1e-14));
  }
}

TEST_CASE("wages balance trade between two countries", "[models][property]") {
  test::uniform_numbers uniform(4);
  int most = 0;
  for (int k = 0; k < 2000; ++k) {
    krugman_countries_economy<> c{.elasticity = uniform(1.05, 12),
                                  .fixed_cost = uniform(0.1, 10),
                                  .productivity = uniform(0.1, 10),
                                  .iceberg_cost = 1 + std::pow(10, uniform(-6, 1)),
                                  .labor = std::pow(10, uniform(-3, 3)),
                                  .foreign_labor = std::pow(10, uniform(-3, 3))};
    CAPTURE(k, c.elasticity, c.iceberg_cost, c.labor, c.foreign_labor);
    auto const e = solve(c);
    most = std::max(most, e.evaluations);
    // Each firm's price is a markup over its wage; spending is income.
    double const sigma = c.elasticity, w = e.wage, price = sigma / (sigma - 1) / c.productivity;
    double const exports = e.home.mass_producers *
                           std::pow(w * price * c.iceberg_cost / e.foreign.price_index, 1 - sigma) * c.foreign_labor;
    double const imports =
        e.foreign.mass_producers * std::pow(price * c.iceberg_cost / e.home.price_index, 1 - sigma) * w * c.labor;
    CHECK_THAT(exports, WithinRel(imports, 2e-13 * sigma));
    double const at_home = e.home.mass_producers * std::pow(w * price / e.home.price_index, 1 - sigma) * w * c.labor;
    CHECK_THAT(at_home + imports, WithinRel(w * c.labor, 1e-12));
    // Of what home spends, the share at home says what trade brings.
    auto const gains = gains_from_trade(c);
    CHECK_THAT(gains[0], WithinRel(std::pow(at_home / (w * c.labor), 1 / (1 - sigma)), 1e-12));
    CHECK_THAT(gains[1], WithinRel(std::pow(1 - exports / c.foreign_labor, 1 / (1 - sigma)), 1e-9));
    CHECK((w > 1) == (c.labor > c.foreign_labor));  // the larger market pays more
    CHECK(e.home.welfare >=
          solve(krugman_economy<>{{sigma, c.fixed_cost / 2, c.fixed_cost / 2, 1, c.labor}, c.productivity}).welfare *
              (1 - 1e-13));
    // The same countries the other way round.
    std::swap(c.labor, c.foreign_labor);
    auto const mirrored = solve(c);
    CHECK_THAT(mirrored.wage * w, WithinRel(1, 1e-14));
    CHECK_THAT(mirrored.foreign.welfare, WithinRel(e.home.welfare, 1e-13));
  }
  CHECK(most <= 15);
}

TEST_CASE("two countries at the corners", "[models][corner]") {
  auto c = unequal();
  SECTION("of one size") {
    c.labor = c.foreign_labor = 3;
    auto const e = solve(c);
    CHECK(e.wage == 1);
    auto const symmetric = solve(krugman_economy<>{{4, 0.5, 0.5, 1, 3}, 1, 1, 1.4});
    CHECK_THAT(e.home.welfare, WithinRel(symmetric.welfare, 1e-14));
    CHECK_THAT(e.foreign.welfare, WithinRel(symmetric.welfare, 1e-14));
  }
  SECTION("free trade") {
    c.iceberg_cost = 1;
    auto const e = solve(c);
    CHECK(e.wage == 1);
    CHECK(e.home.welfare == e.foreign.welfare);
  }
  SECTION("nearly of one size, or nearly free trade: no digits are lost") {
    using wide = boost::multiprecision::cpp_bin_float_50;
    for (auto const& [tau, labor] : {std::pair{1.4, 1 + 1e-12}, {1 + 1e-12, 2.0}, {1 + 1e-9, 1 + 1e-6}}) {
      c.iceberg_cost = tau;
      c.labor = labor;
      krugman_countries_economy<wide> const same{wide(4), wide(1), wide(1), wide(tau), wide(labor), wide(1)};
      auto const exact = solve(same).wage;
      CHECK(exact > 1);
      CHECK_THAT(solve(c).wage - 1, WithinAbs(static_cast<double>(wide(exact - 1)), 2.3e-16));
    }
  }
  SECTION("trade costs without bound leave a finite wage") {
    c.iceberg_cost = 1e80;  // w^(2 sigma - 1) = L_1/L_2
    CHECK_THAT(solve(c).wage, WithinRel(std::pow(2, 1.0 / 7), 1e-14));
  }
}

TEST_CASE("the home market attracts more than its share of firms", "[models][property]") {
  for (double const t : {0.0, 0.1, 0.5, 0.9}) {
    CHECK_THAT(home_market_effect(1.0, t), WithinRel(1, 1e-15));
    double const demand = 1 + 0.5 * (1 - t);
    double const firms = home_market_effect(demand, t);
    CHECK(firms >= demand);
    CHECK((firms > demand) == (t > 0));
    CHECK_THAT(home_market_effect(1 / demand, t), WithinRel(1 / firms, 1e-14));
    // Both countries' firms sell what they need: the index of a market, over its spending, is the same in both.
    CHECK_THAT((firms + t) / demand, WithinRel(firms * t + 1, 1e-14));
  }
}

TEST_CASE("Krugman's economies that are none are refused by name", "[models][errors]") {
  auto const refused = [](auto change, std::string const& message) {
    auto c = unequal();
    change(c);
    CHECK_THROWS_WITH(solve(c), contains(message));
  };
  refused([](auto& c) { c.elasticity = 1; },
          "krugman_countries_economy: elasticity is 1; it must exceed 1 and be finite");
  refused([](auto& c) { c.fixed_cost = 0; }, "fixed_cost is 0; it must be positive and finite");
  refused([](auto& c) { c.productivity = -1; }, "productivity is -1; it must be positive and finite");
  refused([](auto& c) { c.iceberg_cost = 0.5; }, "iceberg_cost is 0.5; it must be at least 1");
  refused([](auto& c) { c.iceberg_cost = HUGE_VAL; }, "iceberg_cost is inf; it must be finite, or there is no trade");
  refused([](auto& c) { c.labor = std::nan(""); }, "labor is nan; it must be positive and finite");
  refused([](auto& c) { c.foreign_labor = 0; }, "foreign_labor is 0; it must be positive and finite");

  CHECK_THROWS_WITH(solve(krugman_economy<>{home()}), contains("krugman_economy: productivity is nan"));
  CHECK_THROWS_WITH(solve(krugman_economy<>{home(), 1, 0.5}), contains("partners is 0.5; it must be a whole number"));
  CHECK_THROWS_WITH(solve(krugman_economy<>{home(), 1, 1, 0.5}), contains("iceberg_cost is 0.5"));
  CHECK_THROWS_WITH(solve(krugman_economy<>{{}, 1}), contains("elasticity is nan"));

  CHECK_THROWS_WITH(home_market_effect(1.0, 1.0), contains("freeness is 1; it must lie in [0, 1)"));
  for (double const bad : {0.3, 0.25, 4.0, HUGE_VAL, std::nan("")}) {
    CHECK_THROWS_WITH(home_market_effect(bad, 0.3),
                      contains("relative_demand is") && contains("strictly between freeness, 0.3, and its inverse"));
  }
  CHECK_THROWS_WITH(home_market_effect(2.0, 0.5), contains("relative_demand is 2"));  // the border itself
}

TEST_CASE("two countries that cannot be solved have a status", "[models][failure]") {
  for (int const budget : {-1, 0, 3, 4}) {
    auto const failed = try_solve(unequal(), {.max_evaluations = budget});
    CHECK(failed.reason == melitz::status::iteration_limit);
    CHECK(std::isnan(failed.wage));
    CHECK(std::isnan(failed.foreign.welfare));
  }
  CHECK_THROWS_WITH(solve(unequal(), {.max_evaluations = 3}), contains("iteration_limit"));
  auto c = unequal();
  c.iceberg_cost = 1e300;
  c.elasticity = 40;
  c.labor = 1e308;
  c.foreign_labor = 1e-308;
  auto const failed = try_solve(c);
  CHECK(failed.reason == melitz::status::out_of_range);
  CHECK(std::isnan(failed.wage));
  c = unequal();
  c.fixed_cost = 1e308;
  c.labor = 1e-300;
  c.foreign_labor = 2e-300;
  CHECK(try_solve(c).reason == melitz::status::out_of_range);  // a mass of firms that no double holds

  auto const too_little = krugman_economy<>{{4, 1e300, 1, 1, 1e-300}, 1};
  CHECK(try_solve(too_little).reason == melitz::status::out_of_range);
  CHECK(std::isnan(try_solve(too_little).welfare));
  CHECK_THROWS_AS(solve(too_little), melitz::convergence_error);
}

}  // namespace test::models_krugman
