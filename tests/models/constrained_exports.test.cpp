// SPDX-License-Identifier: BSL-1.0
// Exporters that need liquidity or outside finance.
#include <melitz/models/credit.hpp>
#include <melitz/models/liquidity.hpp>
#include <melitz/tail/quantile.hpp>

#include "support/catch.hpp"
#include "support/choices.hpp"
#include "support/laws.hpp"
#include "support/random.hpp"
#include "support/told.hpp"
#include "support/validation.hpp"

#include <cmath>
#include <string>

namespace test::models_constrained_exports {

using melitz::credit_economy;
using melitz::liquidity_economy;
using melitz::random_liquidity_economy;
using melitz::solve;
using test::contains;
using test::has_atoms;
using test::number;
using test::WithinAbs;
using test::WithinRel;

namespace {

/// Exporting pays from 1.3 f on.
melitz::open_economy<> example(double partners = 2) {
  return {{.elasticity = 4, .fixed_cost = 1, .entry_cost = 15, .death_rate = 0.1, .labor = 100}, partners, 1.1, 1};
}

}  // namespace

TEST_CASE("exporters that need liquidity or finance agree with the references", "[models][reference]") {
  // tests/reference/credit.json, remade by tools/reference/credit.py.
  auto const file = test::reference("credit");
  int rows = 0, binding = 0;
  auto const check = [&](test::json const& row, melitz::constrained_export_equilibrium<> const& e) {
    test::validates const here("credit", test::case_and_law(row));
    test::validate("expected_revenue", e.choices.expected_revenue, number(row.at("expected_revenue")));
    CHECK(test::compare_all(row, e, 1e-12) == 8);
    CHECK(e.every_export_cutoff == e.export_cutoff);
    CHECK_THAT(e.choices.expected_revenue, WithinRel(number(row.at("expected_revenue")), 1e-12));
    bool const binds = row.at("binding").get<bool>();
    CHECK((e.export_cutoff > e.unconstrained_export_cutoff * (1 + 1e-12)) == binds);
    CHECK((e.share_kept_out > 1e-12) == binds);
    binding += binds;
    ++rows;
  };
  for (auto const& row : file.at("liquidity")) {
    CAPTURE(row.at("case").get<std::string>());
    auto const& p = row.at("params");
    check(row, solve(test::economy_from<liquidity_economy<>>(p), test::law(p.at("distribution"))));
  }
  for (auto const& row : file.at("credit")) {
    CAPTURE(row.at("case").get<std::string>());
    auto const& p = row.at("params");
    auto const economy = test::economy_from<credit_economy<>>(p);
    {
      test::validates const here("credit", test::case_and_law(row));
      test::validate("finance_wedge", economy.finance_wedge(), number(row.at("finance_wedge")));
    }
    CHECK_THAT(economy.finance_wedge(), WithinRel(number(row.at("finance_wedge")), 1e-14));
    check(row, solve(economy, test::law(p.at("distribution"))));
  }
  CHECK(rows == 14);
  CHECK(binding == 4);
}

TEST_CASE("random liquidity agrees with the reference", "[models][reference]") {
  auto const file = test::reference("credit");
  for (auto const& row : file.at("random_liquidity")) {
    auto const& p = row.at("params");
    auto const& of = p.at("liquidity_lognormal");
    auto economy = test::economy_from<random_liquidity_economy<melitz::lognormal<>>>(p);
    economy.liquidity = {number(of.at(0)), number(of.at(1))};
    auto const e = solve(economy, test::law(p.at("distribution")));
    test::validates const here("credit", "random liquidity, " + test::case_and_law(row));
    test::validate("share_exporting_if_unconstrained", e.share_exporting + e.share_kept_out,
                   number(row.at("share_exporting_if_unconstrained")));
    CHECK(test::compare_all(row, e, 1e-12) == 5);
    CHECK(e.export_cutoff == e.unconstrained_export_cutoff);
    CHECK_THAT(e.share_exporting + e.share_kept_out,
               WithinRel(number(row.at("share_exporting_if_unconstrained")), 1e-12));
    CHECK(e.choices.error_estimate < 1e-13);
  }
}

TEST_CASE("who needs no liquidity, or pays every lender, is in the open economy", "[models][property]") {
  for (auto const& [name, law] : test::laws()) {
    CAPTURE(name);
    auto const open = solve(example(), law);
    auto const same = [&](melitz::constrained_export_equilibrium<> const& e) {
      CHECK_THAT(e.cutoff, WithinRel(open.cutoff, 1e-12));
      CHECK_THAT(e.export_cutoff, WithinRel(open.export_cutoff, 1e-12));
      CHECK_THAT(e.share_exporting, WithinRel(open.share_exporting, 1e-12));
      CHECK_THAT(e.mass_producers, WithinRel(open.mass_producers, 1e-11));
      CHECK_THAT(e.welfare, WithinRel(open.welfare, 1e-12));
      CHECK_THAT(e.share_kept_out, WithinAbs(0, 1e-12));
    };
    same(solve(liquidity_economy<>{example(), std::numeric_limits<double>::infinity()}, law));
    same(solve(liquidity_economy<>{example(), 0.8}, law));  // f + f_x - 0.8 is less than 1.3
    same(solve(credit_economy<>{example(), 0.9, 0, 1}, law));
    same(solve(credit_economy<>{example(), 0, 0, 0.5}, law));
  }
  auto autarky = example(0);
  auto const e = solve(liquidity_economy<>{autarky, 0}, melitz::lognormal<>{0, 0.6});
  CHECK(std::isinf(e.export_cutoff));
  CHECK(e.share_exporting == 0);
  CHECK(e.welfare_elasticity_of_iceberg_cost == 0);
  CHECK_THAT(e.welfare, WithinRel(solve(autarky, melitz::lognormal<>{0, 0.6}).welfare, 1e-14));
  random_liquidity_economy<melitz::lognormal<>> const random{autarky, {0, 1}};
  CHECK(solve(random, melitz::lognormal<>{0, 0.6}).welfare == e.welfare);
}

TEST_CASE("a tighter constraint lowers welfare and the cutoff of producing", "[models][property]") {
  for (auto const& [name, law] : test::laws()) {
    if (has_atoms(name)) continue;
    CAPTURE(name);
    auto last = solve(credit_economy<>{example(), 0.8, 0, 1}, law);
    for (double const enforcement : {0.9, 0.7, 0.5, 0.2}) {
      auto const e = solve(credit_economy<>{example(), 0.8, 0, enforcement}, law);
      CHECK(e.welfare <= last.welfare);
      CHECK(e.cutoff <= last.cutoff);
      CHECK(e.export_cutoff >= last.export_cutoff);
      last = e;
    }
    last = solve(liquidity_economy<>{example(), 0.8}, law);
    for (double const liquidity : {0.6, 0.3, 0.0}) {
      auto const e = solve(liquidity_economy<>{example(), liquidity}, law);
      CHECK(e.welfare <= last.welfare);
      CHECK(e.cutoff <= last.cutoff);
      last = e;
    }
  }
}

TEST_CASE("accounts close and welfare answers to trade costs as it says, constrained or not", "[models][property]") {
  double const h = 1e-5;  // central differences: right to about 1e-14 / h
  for (auto const& [name, law] : test::laws()) {
    CAPTURE(name);
    auto const check = [&, &draws = law, atoms = has_atoms(name)](auto const& economy) {
      auto const e = try_solve(economy, draws);
      if (!e) {
        CHECK(atoms);  // see below
        return;
      }
      double const labor = economy.trade.domestic.labor;
      CHECK_THAT(e.labor_entry + e.labor_fixed + e.labor_export_fixed + e.labor_variable, WithinRel(labor, 1e-12));
      CHECK_THAT(e.labor_fixed, WithinRel(e.mass_producers, 1e-12));
      CHECK_THAT(e.labor_export_fixed, WithinRel(2 * e.mass_exporters, 1e-12));
      CHECK_THAT(e.mass_varieties, WithinRel(e.mass_producers + 2 * e.mass_exporters, 1e-14));
      CHECK_THAT(e.domestic_share, WithinRel(1 - e.export_share, 1e-12));
      CHECK_THAT(e.revenue, WithinRel(labor, 1e-12));
      CHECK_THAT(e.exports, WithinRel(e.export_share * labor, 1e-12));
      CHECK_THAT(e.mass_exporters, WithinRel(e.share_exporting * e.mass_producers, 1e-12));
      CHECK(e.share_exporting + e.share_kept_out <= 1 + 1e-12);
      if (atoms) return;
      auto const log_welfare = [&](double log_tau) {
        auto moved = economy;
        moved.trade.iceberg_cost *= std::exp(log_tau);
        return std::log(solve(moved, draws).welfare);
      };
      CHECK_THAT((log_welfare(h) - log_welfare(-h)) / (2 * h), WithinAbs(e.welfare_elasticity_of_iceberg_cost, 1e-9));
    };
    check(liquidity_economy<>{example(), 0.2});          // binds
    check(liquidity_economy<>{example(), 0.8});          // does not
    check(credit_economy<>{example(), 0.7, 0, 0.6});     // binds
    check(credit_economy<>{example(), 0.7, 0.06, 0.6});  // does not: collateral covers it
    check(random_liquidity_economy<melitz::discrete<>>{example(), {{0, 0.3, 0.9}, {0.2, 0.5, 0.3}}});
    check(random_liquidity_economy<melitz::weibull<>>{example(), {0.5, 2}});
  }
}

TEST_CASE("a constraint says how exports answer to trade costs", "[models][property]") {
  for (auto const& [name, law] : test::laws()) {
    if (has_atoms(name)) continue;
    CAPTURE(name);
    auto const check = [&, &draws = law](auto const& economy, auto const& least_size_at) {
      auto const e = solve(economy, draws);
      if (!(e.exports > 1e-6)) return;
      double const by_differences = test::trade_elasticity_by_differences(
          draws, e.choices,
          [&](double change) {
            auto moved = economy.trade;
            moved.iceberg_cost *= std::exp(change);
            return melitz::detail::constrained_export_menu(moved, least_size_at(change));
          },
          [](double change, std::size_t k) { return k == 1 ? std::exp(-3 * change) : 0; });
      CHECK_THAT(e.trade_elasticity, WithinRel(by_differences, 1e-8));
    };
    check(liquidity_economy<>{example(), 0.2}, [](double) { return 1.8; });  // binds
    check(liquidity_economy<>{example(), 0.8}, [](double) { return 1.2; });  // does not
    credit_economy<> const credit{example(), 0.7, 0, 0.6};
    check(credit, [&](double change) { return credit.finance_wedge() * std::pow(1.1 * std::exp(change), 3); });
  }
  melitz::pareto<> const law{1, 4.6};
  CHECK_THAT(solve(credit_economy<>{example(), 0.7, 0, 0.6}, law).trade_elasticity, WithinRel(4.6, 1e-13));
  CHECK_THAT(solve(liquidity_economy<>{example(), 0.8}, law).trade_elasticity, WithinRel(4.6, 1e-13));
  // Where a given liquidity says who exports, sales fall, and nobody stops: of all, or of those that it keeps out.
  CHECK_THAT(solve(liquidity_economy<>{example(), 0.2}, law).trade_elasticity, WithinRel(3, 1e-14));
  double const short_of_it = std::pow(2, -1.6 / 3), rich = std::pow(1.331, -1.6 / 3);
  CHECK_THAT(solve(random_liquidity_economy<melitz::discrete<>>{example(), {{0, 2}, {0.5, 0.5}}}, law).trade_elasticity,
             WithinRel(3 + 1.6 * rich / (rich + short_of_it), 1e-13));
}

TEST_CASE("few firms short of liquidity are between none and all", "[models][property]") {
  melitz::lognormal<> const law{0, 0.6};
  auto const short_of_it = solve(liquidity_economy<>{example(), 0}, law);
  auto const rich = solve(liquidity_economy<>{example(), 2}, law);
  // Everybody, or nobody, has none.
  random_liquidity_economy<melitz::discrete<>> economy{example(), {{0, 2}, {1, 0}}};
  CHECK(solve(economy, law).choices.demand == short_of_it.choices.demand);
  economy.liquidity.weights = {0, 1};
  CHECK(solve(economy, law).choices.demand == rich.choices.demand);
  double last = 0;
  for (double const share : {0.9, 0.5, 0.1}) {
    economy.liquidity.weights = {share, 1 - share};
    auto const e = solve(economy, law);
    CHECK(e.welfare > short_of_it.welfare);
    CHECK(e.welfare < rich.welfare);
    CHECK(e.share_exporting > last);
    CHECK_THAT(e.every_export_cutoff / e.unconstrained_export_cutoff, WithinRel(std::pow(2 / 1.331, 1. / 3), 1e-12));
    last = e.share_exporting;
  }
  // A density that narrows down to a point.
  auto const point = solve(liquidity_economy<>{example(), 0.3}, law);
  double gap = 1;
  for (double const log_sd : {0.1, 0.01, 0.001}) {
    random_liquidity_economy<melitz::lognormal<>> const narrow{example(), {std::log(0.3), log_sd}};
    double const next = std::abs(solve(narrow, law).welfare / point.welfare - 1);
    CHECK(next < gap / 10);
    gap = next;
  }
}

TEST_CASE("joint production and exporting under random liquidity", "[models][property]") {
  // Exporting is so cheap that it pays before producing for home alone does: the constraint then keeps firms from both.
  auto trade = example();
  trade.iceberg_cost = 1;
  trade.export_fixed_cost = 0.25;
  melitz::lognormal<> const law{0, 0.6};
  auto const free = solve(trade, law);
  REQUIRE(free.regime == melitz::regime::all_export);
  random_liquidity_economy<melitz::lognormal<>> const economy{trade, {-1.5, 0.7}};
  auto const e = solve(economy, law);
  CHECK(e.welfare < free.welfare);
  CHECK(e.cutoff == e.export_cutoff);
  CHECK(e.share_exporting < 1);
  CHECK(e.share_kept_out > 0);
  CHECK(e.choices.error_estimate < 1e-12);
  // By brute force: expected profit at this demand, firm by firm over liquidity.
  double const demand = e.choices.demand, f = 1, f_x = 0.25;
  double sum = 0;
  int const count = 20000;
  auto const tail = melitz::tail_of(law, 3.0);
  for (int k = 0; k < count; ++k) {
    double const share = (k + 0.5) / count;
    double const liquidity = std::exp(log_quantile(melitz::tail_of(economy.liquidity, 1.0), share));
    melitz::menu<> const options{{"home", 1, f}, {"export", 3, f + 2 * f_x, std::nan(""), f + f_x - liquidity}};
    auto allowed = options;
    allowed[1].least_size = std::max(0.0, allowed[1].least_size);
    sum += melitz::expected_profit(allowed, tail, demand).value / count;
  }
  CHECK_THAT(sum, WithinRel(trade.domestic.required_profit(), 1e-6));  // by the midpoint rule
}

TEST_CASE("constrained economies that are none, or have no equilibrium, are refused by name", "[models][errors]") {
  melitz::lognormal<> const law{0, 0.6};
  CHECK_THROWS_WITH(solve(liquidity_economy<>{example(), -0.1}, law),
                    contains("liquidity is -0.1; it must be at least 0"));
  CHECK_THROWS_WITH(solve(liquidity_economy<>{example()}, law), contains("liquidity is nan"));
  CHECK_THROWS_WITH(solve(credit_economy<>{example(), 1.1, 0, 1}, law), contains("external_share is 1.1"));
  CHECK_THROWS_WITH(solve(credit_economy<>{example(), 1, -1, 1}, law), contains("collateral_share is -1"));
  CHECK_THROWS_WITH(solve(credit_economy<>{example(), 1, 0, 0}, law), contains("contract_enforcement is 0"));
  auto wrong = example();
  wrong.iceberg_cost = 0.5;
  CHECK_THROWS_WITH(solve(credit_economy<>{wrong, 1, 0, 1}, law), contains("iceberg_cost is 0.5"));
  CHECK_THROWS_WITH(solve(liquidity_economy<>{example(), 1}, tail_of(law, 2.0)), contains("size exponent, 3"));
  using discrete_liquidity = random_liquidity_economy<melitz::discrete<>>;
  CHECK_THROWS_WITH(solve(discrete_liquidity{example(), {{1, -1}, {}}}, law), contains("values"));
  random_liquidity_economy<melitz::lognormal<>> const no_spread{example(), {0, -1}};
  CHECK_THROWS_WITH(solve(no_spread, law), contains("log_sd"));
  // A law of liquidity with an atom that does not say so.
  melitz::any_law<> const atom = melitz::degenerate<>{0.3};
  CHECK_THROWS_WITH(solve(random_liquidity_economy<melitz::any_law<>>{example(), atom}, law),
                    contains("mass of liquidity without a density"));
  // Productivity with atoms and liquidity with a density: the rule cannot settle.
  melitz::discrete<> const atoms{{1.35, 1.4, 1.45, 1.5, 1.55, 1.6, 1.65, 1.7, 1.75, 1.8, 1.85, 1.9}, {}};
  auto const e = try_solve(random_liquidity_economy<melitz::weibull<>>{example(), {0.5, 2}}, atoms);
  CHECK_FALSE(e);
  CHECK(e.reason == melitz::status::iteration_limit);
  CHECK(e.choices.evaluations > 0);  // what it took is kept
  CHECK(std::isnan(e.welfare));
  CHECK(std::isnan(e.choices.demand));
}

TEST_CASE("a constrained firm picks what its cutoff says", "[models][property]") {
  test::uniform_numbers uniform(37);
  for (int trial = 0; trial < 300; ++trial) {
    CAPTURE(trial);
    auto const trade = test::random_trade(uniform);
    auto const law = test::random_lognormal(uniform);
    test::check_cutoffs(solve(liquidity_economy<>{trade, uniform(0, 2)}, law).choices);
    test::check_cutoffs(solve(credit_economy<>{trade, uniform(0, 1), uniform(0, 0.1), uniform(0.3, 1)}, law).choices);
  }
}

TEST_CASE("producers kept out are some of all, cheap though exporting be", "[models][corner]") {
  // Exporting pays before producing for home alone does: of those that a constraint then keeps from both, most exit.
  melitz::open_economy<> const credit{{1.8404615377518725, 2.1636173522501734, 1.2832290103151553, 0.999999999, 1.45},
                                      6,
                                      1.4599650464552205,
                                      0.8686859965212247};
  auto const a = solve(credit_economy<>{credit, 0.3227020479278867, 0.19875126300709312, 0.0035137859206758604},
                       melitz::lognormal<>{1.6603322617370022, 0.5987075648730033});
  CHECK(a.unconstrained_export_cutoff < a.cutoff);
  CHECK_THAT(a.share_exporting + a.share_kept_out, WithinRel(1.0, 1e-14));
  melitz::open_economy<> const liquidity{
      {1.665130089294578, 3.022087258175414, 0.8446593102437547, 0.9166290449370855, 1.73},
      7,
      1.186382970671406,
      0.8714475269624585};
  melitz::bounded_pareto<> const bounded{0.16581905740762257, 0.3174304656244982, 0.9735984137958515};
  random_liquidity_economy<melitz::lognormal<>> const some{liquidity,
                                                           {std::log(0.11116604002068678), 0.01693653644260402}};
  auto const b = solve(some, bounded);
  CHECK(b.unconstrained_export_cutoff < b.cutoff);
  CHECK_THAT(b.share_exporting + b.share_kept_out, WithinRel(1.0, 1e-12));  // 1e-12: shares of liquidity by quadrature
  // One by one, from liquidity that few have.
  auto const c =
      solve(random_liquidity_economy<melitz::discrete<>>{liquidity, {{0, 0.1, 5}, {0.9, 0.09, 0.01}}}, bounded);
  CHECK(c.share_kept_out > 0.7);
  CHECK(c.share_exporting + c.share_kept_out <= 1 + 1e-15);
}

TEST_CASE("all export where those without liquidity do", "[models][property]") {
  melitz::lognormal<> const law{0, 0.6};
  for (double const log_sd : {0.1, 0.8, 2.0}) {
    random_liquidity_economy<melitz::lognormal<>> const economy{example(), {-1, log_sd}};
    auto const e = solve(economy, law);
    CHECK_THAT(e.every_export_cutoff, WithinRel(std::cbrt(2 / e.choices.demand), 1e-14));  // A phi^3 = f + f_x
  }
  // Where all have some, with what the poorest have.
  auto const e = solve(random_liquidity_economy<melitz::uniform<>>{example(), {0.25, 0.5}}, law);
  CHECK_THAT(e.every_export_cutoff, WithinRel(std::cbrt(1.75 / e.choices.demand), 1e-14));
  auto const ample = solve(random_liquidity_economy<melitz::uniform<>>{example(), {0.75, 0.9}}, law);
  CHECK(ample.every_export_cutoff == ample.unconstrained_export_cutoff);
  CHECK(ample.every_export_cutoff == ample.export_cutoff);
}

TEST_CASE("constrained exports beyond the number type are out of range", "[models][failure]") {
  auto trade = example();
  for (double const death_rate : {1e-320, 1e-323}) {  // masses are infinite; expected profit is 0
    trade.domestic.death_rate = death_rate;
    trade.domestic.entry_cost = 0.1;
    melitz::lognormal<> const law{0, 0.6};
    for (auto const& e :
         {try_solve(liquidity_economy<>{trade, 0.2}, law), try_solve(credit_economy<>{trade, 0.7, 0, 0.6}, law),
          try_solve(random_liquidity_economy<melitz::lognormal<>>{trade, {-1, 0.8}}, law)}) {
      CHECK(e.reason == melitz::status::out_of_range);
      CHECK(std::isnan(e.mass_entrants));
    }
  }
}

}  // namespace test::models_constrained_exports
