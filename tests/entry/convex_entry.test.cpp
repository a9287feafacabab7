// SPDX-License-Identifier: BSL-1.0
// Options whose profit is a convex function of size.
#include <melitz/entry/convex_entry.hpp>
#include <melitz/entry/menu_entry.hpp>

#include "support/catch.hpp"
#include "support/laws.hpp"
#include "support/reference.hpp"
#include "support/validation.hpp"

#include <cmath>
#include <string>

namespace test::entry_convex_entry {

using melitz::convex_menu;
using melitz::convex_option;
using melitz::convex_part;
using melitz::tail_of;
using test::contains;
using test::number;
using test::WithinAbs;
using test::WithinRel;

namespace {

/// A firm with a continuum of products that differ in appeal lambda, each with a fixed cost f: h(Y) = f J_Z(l) with
/// l = (f/Y)^(1/b) the least appealing one it sells, h' = V_Z(l), h'' = l^b z(l)/(b Y), z the density of ln lambda.
template <class Tail>
convex_part<> products(std::string name, Tail const& appeal, double f) {
  double const b = appeal.power();
  auto const at = [=](double y) { return appeal.at(std::log(f / y) / b); };
  convex_part<> out{std::move(name),
                    [=](double y) { return f * at(y).excess * std::exp(at(y).log_scale); },
                    [=](double y) { return f / y * at(y).moment() * std::exp(at(y).log_scale); },
                    [=](double y) { return f / (b * y * y) * at(y).density * std::exp(at(y).log_scale); },
                    {}};
  if (std::isfinite(appeal.log_lower_bound())) out.bends.push_back(f * std::exp(-b * appeal.log_lower_bound()));
  return out;
}

/// The same n times in a market where demand is `freeness` times as large.
convex_part<> abroad(convex_part<> const& home, double freeness, double n) {
  convex_part<> out{"abroad",
                    [=](double y) { return n * home.profit(freeness * y); },
                    [=](double y) { return n * freeness * home.slope(freeness * y); },
                    [=](double y) { return n * freeness * freeness * home.curvature(freeness * y); },
                    {}};
  for (double const bend : home.bends) out.bends.push_back(bend / freeness);
  return out;
}

convex_option<> power(double exponent, double fixed_cost) {
  double const p = exponent;
  return {"power " + std::to_string(exponent),
          fixed_cost,
          {{"",
            [=](double y) { return std::pow(y, p); },
            [=](double y) { return p * std::pow(y, p - 1); },
            [=](double y) { return p * (p - 1) * std::pow(y, p - 2); },
            {}}}};
}

}  // namespace

TEST_CASE("firms with many products agree with the references", "[entry][reference]") {
  // tests/reference/convex.json, remade by tools/reference/convex.py.
  auto const file = test::reference("convex");
  int compared = 0;
  for (auto const& row : file.at("cases")) {
    CAPTURE(row.at("case").get<std::string>());
    auto const& p = row.at("params");
    double const sigma = number(p.at("sigma")), b = sigma - 1, n = number(p.at("n"));
    auto const appeal = tail_of(test::law(p.at("lambda_distribution")), b);
    auto const draws = tail_of(test::law(p.at("phi_distribution")), b);
    auto const home = products("home", appeal, number(p.at("f_product")));
    auto const exports = abroad(products("", appeal, number(p.at("f_x"))), std::pow(number(p.at("tau")), -b), n);
    double const fixed_cost = number(p.at("F_firm"));
    auto const check = [&](convex_menu<> const& options, char const* key) {
      auto const& expected = row.at(key);
      auto const e = try_solve_free_entry(options, draws, number(p.at("f_e")));
      REQUIRE(e);
      test::validates const here("convex", row.at("case").get<std::string>() + ", " + key);
      test::validate("demand", e.demand, number(expected.at("D")));
      test::validate("size at the cutoff", e.segments.at(1).threshold, number(expected.at("y_star")));
      test::validate("cutoff", e.segments.at(1).cutoff, number(expected.at("phi_star")));
      test::validate("expected_revenue", sigma * e.demand * e.expected_profit_slope,
                     number(expected.at("expected_revenue_per_entrant")));
      CHECK_THAT(e.demand, WithinRel(number(expected.at("D")), 1e-12));
      CHECK_THAT(e.segments.at(1).threshold, WithinRel(number(expected.at("y_star")), 1e-12));
      CHECK_THAT(e.segments.at(1).cutoff, WithinRel(number(expected.at("phi_star")), 1e-12));
      CHECK_THAT(sigma * e.demand * e.expected_profit_slope,
                 WithinRel(number(expected.at("expected_revenue_per_entrant")), 1e-12));
      if (expected.contains("phi_x")) {
        test::validate("export_cutoff", e.segments.at(2).cutoff, number(expected.at("phi_x")));
        CHECK_THAT(e.segments.at(2).cutoff, WithinRel(number(expected.at("phi_x")), 1e-12));
      }
      CHECK(e.error_estimate < 1e-13);
      ++compared;
    };
    check({{"home", fixed_cost, {home}}}, "closed");
    check({{"home", fixed_cost, {home}}, {"both", fixed_cost + n * number(p.at("F_x")), {home, exports}}}, "open");
  }
  CHECK(compared == 2 * static_cast<int>(file.at("cases").size()));
}

TEST_CASE("profit that is a power of size has a closed form under every law", "[entry][property]") {
  // h = Y^p without a fixed cost: E = A^p E[phi^(p r)]. With one: integrated over the density.
  for (auto const& [name, law] : test::laws()) {
    if (name == "pareto, fat") continue;  // E[phi^(p r)] is infinite
    CAPTURE(name);
    double const p = 1.25, r = 2.5, cost = 0.3;
    auto const tail = tail_of(law, r), larger = tail_of(law, p * r);
    auto const free = try_solve_free_entry(convex_menu<>{power(p, 0)}, tail, cost);
    REQUIRE(free);
    CHECK_THAT(free.log_demand, WithinAbs((std::log(cost) - larger.log_moment()) / p, 1e-11));
    CHECK_THAT(free.demand * free.expected_profit_slope, WithinRel(p * cost, 1e-11));
    CHECK_THAT(free.expected_operating_profit, WithinRel(cost, 1e-11));
    // With a fixed cost it is the menu of one line with another size exponent: Y^p = A^p phi^(p r).
    auto const costly = try_solve_free_entry(convex_menu<>{power(p, 1)}, tail, cost);
    auto const line = solve_free_entry(melitz::menu<>{{"line", 1, 1}}, larger, cost, std::nan(""));
    REQUIRE(costly);
    CHECK_THAT(p * costly.log_demand, WithinAbs(line.log_demand, 1e-11));
    CHECK_THAT(costly.segments.at(1).cutoff, WithinRel(line.segments.at(1).cutoff, 1e-11));
    CHECK_THAT(costly.segments.at(1).mass, WithinRel(line.segments.at(1).mass, 1e-11) || WithinAbs(1, 1e-12));
    CHECK_THAT(costly.expected_operating_profit - costly.expected_fixed_cost, WithinRel(cost, 1e-11));
  }
}

TEST_CASE("curved options that hardly curve are lines", "[entry][property]") {
  melitz::lognormal<> const law{0, 0.6};
  auto const tail = tail_of(law, 3.0);
  auto const nearly = [](std::string name, double slope, double cost) {
    // slope Y + 1e-9 (Y - ln(1 + Y))
    return convex_option<>{std::move(name),
                           cost,
                           {{"",
                             [=](double y) { return slope * y + 1e-9 * (y - std::log1p(y)); },
                             [=](double y) { return slope + 1e-9 * y / (1 + y); },
                             [=](double y) { return 1e-9 / ((1 + y) * (1 + y)); },
                             {}}}};
  };
  auto const curved = try_solve_free_entry(
      convex_menu<>{nearly("small", 1, 1), nearly("never", 1.2, 9), nearly("large", 1.5, 2)}, tail, 0.4);
  auto const straight =
      solve_free_entry(melitz::menu<>{{"small", 1, 1}, {"never", 1.2, 9}, {"large", 1.5, 2}}, tail, 0.4, 4.0);
  REQUIRE(curved);
  // What curves them is 1e-9 of a slope.
  CHECK_THAT(curved.demand, WithinRel(straight.demand, 1e-8));
  REQUIRE(curved.segments.size() == 3);
  for (std::size_t k = 0; k < 3; ++k) {
    CHECK(curved.segments[k].index == straight.segments[k].index);
    CHECK_THAT(curved.segments[k].mass, WithinRel(straight.segments[k].mass, 1e-7));
    CHECK_THAT(curved.segments[k].operating_profit,
               WithinAbs(straight.demand * straight.segments[k].slope * straight.segments[k].moment, 1e-7));
  }
  CHECK_THAT(curved.expected_fixed_cost, WithinRel(straight.expected_fixed_cost, 1e-7));
  CHECK_THAT(curved.expected_operating_profit - curved.expected_fixed_cost, WithinRel(0.4, 1e-12));
}

TEST_CASE("under a Pareto law curved options leave the elasticity of expected profit alone", "[entry][property]") {
  double const k = 5, r = 3;
  auto const tail = tail_of(melitz::pareto<>{1, k}, r);
  auto const appeal = tail_of(melitz::lognormal<>{0, 0.5}, r);
  auto const home = products("home", appeal, 0.5);
  for (double const cost : {0.01, 0.1, 0.5}) {
    auto const e = try_solve_free_entry(
        convex_menu<>{{"home", 0.2, {home}}, {"both", 1, {home, abroad(products("", appeal, 0.6), 0.4, 2)}}}, tail,
        cost);
    REQUIRE(e);
    REQUIRE(e.segments.at(1).cutoff > 1);
    CHECK_THAT(e.demand * e.expected_profit_slope / cost, WithinRel(k / r, 1e-11));
  }
}

TEST_CASE("convex menus that are none are refused by name", "[entry][errors]") {
  auto const tail = tail_of(melitz::lognormal<>{0, 0.6}, 3.0);
  auto const solve = [&](convex_menu<> const& options, double cost = 0.3) {
    return try_solve_free_entry(options, tail, cost);
  };
  CHECK_THROWS_WITH(solve({}), contains("number of options is 0"));
  CHECK_THROWS_WITH(solve({{"none", 1, {}}}), contains("convex option 'none': number of parts is 0"));
  CHECK_THROWS_WITH(solve({{"empty", 1, {{}}}}), contains("convex option 'empty': profit, slope or curvature"));
  CHECK_THROWS_WITH(solve({power(1.2, std::nan(""))}), contains("fixed_cost is nan"));
  CHECK_THROWS_WITH(solve({power(0.8, 1)}), contains("curvature"));
  CHECK_THROWS_WITH(solve({power(1.3, 1), power(1.1, 2)}), contains("list the flattest option first"));
  CHECK_THROWS_WITH(solve({power(1.2, 1), power(1.2, 2)}),
                    contains("name is 'power 1.2") && contains("no other option"));
  auto exit = power(1.2, 1);
  exit.name = "exit";
  CHECK_THROWS_WITH(solve({exit}), contains("convex option 'exit': name is 'exit'"));
  CHECK_THROWS_WITH(solve({power(1.2, 1)}, 0), contains("entry_cost is 0"));
  CHECK_THROWS_WITH(solve({power(1.2, -1)}, 0.5), contains("exceed what the cheapest option pays"));
  convex_option<> bounded{
      "bounded",
      1,
      {{"", [](double y) { return y / (1 + y) / 2; }, [](double) { return 0.1; }, [](double) { return 0.0; }, {}}}};
  CHECK_THROWS_WITH(solve({bounded}), contains("number of options that ever pay is 0"));
  convex_option<> const line{
      "line", 0, {{"", [](double y) { return y; }, [](double) { return 1.0; }, [](double) { return 0.0; }, {}}}};
  CHECK_THROWS_WITH(solve({line}), contains("a linear option is an option"));
  // What cannot be had in the type is named.
  CHECK(try_solve_free_entry(convex_menu<>{power(1.2, 1)}, tail, 0.3, {.max_evaluations = 0}).reason ==
        melitz::status::iteration_limit);
}

}  // namespace test::entry_convex_entry
