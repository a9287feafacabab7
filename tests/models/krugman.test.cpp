// SPDX-License-Identifier: BSL-1.0
#include <melitz/economy/solve.hpp>
#include <melitz/law/discrete.hpp>
#include <melitz/models/krugman.hpp>

#include "support/catch.hpp"
#include "support/random.hpp"
#include "support/reference.hpp"

#include <boost/multiprecision/cpp_bin_float.hpp>

#include <cmath>
#include <limits>

namespace test::models_krugman {

using melitz::closed_economy;
using melitz::home_market_effect;
using melitz::krugman_countries;
using melitz::krugman_economy;
using melitz::solve;
using melitz::try_solve;
using test::contains;
using test::number;
using test::WithinAbs;
using test::WithinRel;

namespace {

krugman_countries<> unequal() {
  return {.elasticity = 4, .fixed_cost = 1, .productivity = 1, .iceberg_cost = 1.4, .labor = {2, 1}};
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
    auto const& p = row.at("params");
    closed_economy<> const country{number(p.at("sigma")), number(p.at("f_d")), number(p.at("f_e")), 1,
                                   number(p.at("L"))};
    auto const e = solve(krugman_economy<>{country, number(p.at("phi")), number(p.at("n")), number(p.at("tau"))});
    CHECK_THAT(e.demand, WithinRel(number(row.at("A")), 1e-14));
    CHECK_THAT(e.mass_producers, WithinRel(number(row.at("mass_firms")), 1e-14));
    CHECK_THAT(e.output, WithinRel(number(row.at("firm_output")), 1e-14));
    CHECK_THAT(e.price_index, WithinRel(number(row.at("price_index")), 1e-14));
    CHECK_THAT(e.welfare, WithinRel(number(row.at("welfare")), 1e-14));
    CHECK_THAT(e.gains_from_trade, WithinRel(number(row.at("gain_vs_autarky")), 1e-14));
    ++compared;
  }
  for (auto const& row : file.at("krugman_asymmetric_two_country")) {
    auto const& p = row.at("params");
    auto const e = solve(krugman_countries<>{.elasticity = number(p.at("sigma")),
                                             .fixed_cost = number(p.at("fixed_cost")),
                                             .productivity = number(p.at("phi")),
                                             .iceberg_cost = number(p.at("tau")),
                                             .labor = {number(p.at("L").at(0)), number(p.at("L").at(1))}});
    CHECK_THAT(e.relative_wage, WithinRel(number(row.at("rel_wage_w1_over_w2")), 1e-14));
    for (std::size_t k = 0; k < 2; ++k) {
      CHECK_THAT(e.price_index[k], WithinRel(number(row.at("price_index").at(k)), 1e-14));
      CHECK_THAT(e.welfare[k], WithinRel(number(row.at("real_wage").at(k)), 1e-14));
      CHECK_THAT(e.mass_producers[k], WithinRel(number(row.at("varieties").at(k)), 1e-14));
    }
    ++compared;
  }
  for (auto const& row : file.at("home_market_effect").at("rows")) {
    CHECK_THAT(home_market_effect(number(row.at("rel_demand")), number(row.at("freeness_tau_1_minus_sigma"))),
               WithinRel(number(row.at("rel_varieties")), 1e-14));
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
    CHECK_THAT(e.output, WithinRel(same.output_of(1.3), 1e-13));
    auto const alone = solve(krugman_economy<>{home(), 1.3});
    CHECK_THAT(e.gains_from_trade, WithinRel(e.welfare / alone.welfare, 1e-14));
    CHECK_THAT(e.gains_from_trade, WithinRel(std::pow(e.domestic_share, -1.0 / 3), 1e-14));
    CHECK(e.mass_producers == alone.mass_producers);
    CHECK(alone.gains_from_trade == 1);
    // Labour: firms' output and their fixed and entry cost.
    double const per_firm = e.output / 1.3 + 0.5 + 0.1 * 10;
    CHECK_THAT(e.mass_producers * per_firm, WithinRel(100, 1e-14));
  }
}

TEST_CASE("wages balance trade between two countries", "[models][property]") {
  test::uniform_numbers uniform(4);
  int most = 0;
  for (int k = 0; k < 2000; ++k) {
    krugman_countries<> c{.elasticity = uniform(1.05, 12),
                          .fixed_cost = uniform(0.1, 10),
                          .productivity = uniform(0.1, 10),
                          .iceberg_cost = 1 + std::pow(10, uniform(-6, 1)),
                          .labor = {std::pow(10, uniform(-3, 3)), std::pow(10, uniform(-3, 3))}};
    CAPTURE(k, c.elasticity, c.iceberg_cost, c.labor[0], c.labor[1]);
    auto const e = solve(c);
    most = std::max(most, e.evaluations);
    // Each firm's price is a markup over its wage; spending is income.
    double const sigma = c.elasticity, w = e.relative_wage, price = sigma / (sigma - 1) / c.productivity;
    double const exports =
        e.mass_producers[0] * std::pow(w * price * c.iceberg_cost / e.price_index[1], 1 - sigma) * c.labor[1];
    double const imports =
        e.mass_producers[1] * std::pow(price * c.iceberg_cost / e.price_index[0], 1 - sigma) * w * c.labor[0];
    CHECK_THAT(exports, WithinRel(imports, 2e-13 * sigma));
    double const at_home = e.mass_producers[0] * std::pow(w * price / e.price_index[0], 1 - sigma) * w * c.labor[0];
    CHECK_THAT(at_home + imports, WithinRel(w * c.labor[0], 1e-12));
    CHECK((w > 1) == (c.labor[0] > c.labor[1]));  // the larger market pays more
    CHECK(e.welfare[0] >=
          solve(krugman_economy<>{{sigma, c.fixed_cost / 2, c.fixed_cost / 2, 1, c.labor[0]}, c.productivity}).welfare *
              (1 - 1e-13));
    // The same countries the other way round.
    std::swap(c.labor[0], c.labor[1]);
    auto const mirrored = solve(c);
    CHECK_THAT(mirrored.relative_wage * w, WithinRel(1, 1e-14));
    CHECK_THAT(mirrored.welfare[1], WithinRel(e.welfare[0], 1e-13));
  }
  CHECK(most <= 15);
}

TEST_CASE("two countries at the corners", "[models][corner]") {
  auto c = unequal();
  SECTION("of one size") {
    c.labor = {3, 3};
    auto const e = solve(c);
    CHECK(e.relative_wage == 1);
    auto const symmetric = solve(krugman_economy<>{{4, 0.5, 0.5, 1, 3}, 1, 1, 1.4});
    CHECK_THAT(e.welfare[0], WithinRel(symmetric.welfare, 1e-14));
    CHECK_THAT(e.welfare[1], WithinRel(symmetric.welfare, 1e-14));
  }
  SECTION("free trade") {
    c.iceberg_cost = 1;
    auto const e = solve(c);
    CHECK(e.relative_wage == 1);
    CHECK(e.welfare[0] == e.welfare[1]);
  }
  SECTION("nearly of one size, or nearly free trade: no digits are lost") {
    using wide = boost::multiprecision::cpp_bin_float_50;
    for (auto const& [tau, labor] : {std::pair{1.4, 1 + 1e-12}, {1 + 1e-12, 2.0}, {1 + 1e-9, 1 + 1e-6}}) {
      c.iceberg_cost = tau;
      c.labor = {labor, 1};
      krugman_countries<wide> const same{wide(4), wide(1), wide(1), wide(tau), {wide(labor), wide(1)}};
      auto const exact = solve(same).relative_wage;
      CHECK(exact > 1);
      CHECK_THAT(solve(c).relative_wage - 1, WithinAbs(static_cast<double>(wide(exact - 1)), 2.3e-16));
    }
  }
  SECTION("trade costs without bound leave a finite wage") {
    c.iceberg_cost = 1e80;  // w^(2 sigma - 1) = L_1/L_2
    CHECK_THAT(solve(c).relative_wage, WithinRel(std::pow(2, 1.0 / 7), 1e-14));
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
  refused([](auto& c) { c.elasticity = 1; }, "krugman_countries: elasticity is 1; it must exceed 1 and be finite");
  refused([](auto& c) { c.fixed_cost = 0; }, "fixed_cost is 0; it must be positive and finite");
  refused([](auto& c) { c.productivity = -1; }, "productivity is -1; it must be positive and finite");
  refused([](auto& c) { c.iceberg_cost = 0.5; }, "iceberg_cost is 0.5; it must be at least 1 and finite");
  refused([](auto& c) { c.iceberg_cost = HUGE_VAL; }, "iceberg_cost is inf; it must be at least 1 and finite");
  refused([](auto& c) { c.labor[0] = std::nan(""); }, "labor[0] is nan; it must be positive and finite");
  refused([](auto& c) { c.labor[1] = 0; }, "labor[1] is 0; it must be positive and finite");

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
    CHECK(std::isnan(failed.relative_wage));
    CHECK(std::isnan(failed.welfare[1]));
  }
  CHECK_THROWS_WITH(solve(unequal(), {.max_evaluations = 3}), contains("iteration_limit"));
  auto c = unequal();
  c.iceberg_cost = 1e300;
  c.elasticity = 40;
  c.labor = {1e308, 1e-308};
  auto const failed = try_solve(c);
  CHECK(failed.reason == melitz::status::out_of_range);
  CHECK(std::isnan(failed.relative_wage));
  c = unequal();
  c.fixed_cost = 1e308;
  c.labor = {1e-300, 2e-300};
  CHECK(try_solve(c).reason == melitz::status::out_of_range);  // a mass of firms that no double holds
}

}  // namespace test::models_krugman
