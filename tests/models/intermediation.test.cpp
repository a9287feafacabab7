// SPDX-License-Identifier: BSL-1.0
#include <melitz/models/intermediation.hpp>

#include "support/catch.hpp"
#include "support/choices.hpp"
#include "support/laws.hpp"
#include "support/told.hpp"

#include <cmath>
#include <string>

namespace test::models_intermediation {

using melitz::intermediary_margin;
using melitz::intermediation_economy;
using melitz::solve;
using test::contains;
using test::number;
using test::WithinAbs;
using test::WithinRel;

namespace {

intermediation_economy<> economy_of(test::json const& p) {
  auto out = test::economy_from<intermediation_economy<>>(p);
  out.margin = p.at("margin") == "earned" ? intermediary_margin::earned : intermediary_margin::melted;
  return out;
}

intermediation_economy<> example(intermediary_margin margin = intermediary_margin::earned) {
  return {{{.elasticity = 4, .fixed_cost = 1, .entry_cost = 15, .death_rate = 0.1, .labor = 100}, 3, 1.4, 1.2},
          1.1,
          1.15,
          margin};
}

}  // namespace

TEST_CASE("intermediated exports agree with the references", "[models][reference]") {
  // tests/reference/intermediation.json, remade by tools/reference/intermediation.py.
  auto const file = test::reference("intermediation");
  int rows = 0;
  for (auto const& row : file.at("cases")) {
    CAPTURE(row.at("case").get<std::string>());
    auto const e = solve(economy_of(row.at("params")), test::law(row.at("params").at("distribution")));
    test::validates const here("intermediation", test::case_and_law(row));
    test::validate("indirect_exports at producers' prices", e.indirect_exports - e.intermediary_income,
                   number(row.at("indirect_exports_at_producers_prices")));
    CHECK(test::compare_all(row, e, 1e-12) == 15);
    CHECK_THAT(e.indirect_exports - e.intermediary_income,
               WithinRel(number(row.at("indirect_exports_at_producers_prices")), 1e-12));
    ++rows;
  }
  CHECK(rows == 6);
  for (auto const& row : file.at("comparative_static_fx")) {
    auto const& base = file.at("cases").at(0).at("params");
    auto economy = economy_of(base);
    economy.trade.export_fixed_cost = number(row.at("export_fixed_cost"));
    test::validates const here("intermediation",
                               "export_fixed_cost " + test::in_few_digits(economy.trade.export_fixed_cost));
    CHECK(test::compare_all(row, solve(economy, test::law(base.at("distribution"))), 1e-12) == 3);
  }
}

TEST_CASE("spending and labour add up, whatever the markup pays for", "[models][property]") {
  for (auto const margin : {intermediary_margin::earned, intermediary_margin::melted}) {
    for (auto const& [name, law] : test::laws()) {
      CAPTURE(name);
      auto const economy = example(margin);
      auto const e = solve(economy, law);
      auto const& home = economy.trade.domestic;
      CHECK_THAT(e.domestic_sales + e.direct_exports + e.indirect_exports, WithinRel(home.labor, 1e-12));
      CHECK_THAT(e.revenue + e.intermediary_income, WithinRel(home.labor, 1e-12));
      CHECK_THAT(e.labor_entry + e.labor_fixed + e.labor_export_fixed + e.labor_variable + e.intermediary_income,
                 WithinRel(home.labor, 1e-12));
      CHECK_THAT(e.labor_fixed, WithinRel(e.mass_producers, 1e-12));
      CHECK_THAT(e.labor_export_fixed,
                 WithinRel((3 * 1.2 * e.share_direct + 1.1 * e.share_indirect) * e.mass_producers, 1e-12));
      CHECK_THAT(e.domestic_share, WithinRel(e.domestic_sales / home.labor, 1e-12));
      CHECK_THAT(e.mass_varieties, WithinRel(e.mass_producers + 3 * e.mass_exporters, 1e-14));
      CHECK_THAT(e.domestic_sales + e.exports, WithinRel(e.revenue, 1e-12));
      CHECK_THAT(e.share_direct + e.share_indirect, WithinRel(e.share_exporting, 1e-12));
      CHECK((e.intermediary_income > 0) == (margin == intermediary_margin::earned && e.share_indirect > 0));
      CHECK(e.share_direct + e.share_indirect <= 1 + 1e-14);
    }
  }
}

TEST_CASE("welfare answers to trade costs by the exports of producers", "[models][property]") {
  double const h = 1e-5;  // central differences: right to about 1e-14 / h
  for (auto const margin : {intermediary_margin::earned, intermediary_margin::melted}) {
    for (auto const& [name, law] : test::laws()) {
      if (test::has_atoms(name)) continue;  // one-sided at atoms
      CAPTURE(name);
      auto const log_welfare = [&, &draws = law](double log_tau) {
        auto economy = example(margin);
        economy.trade.iceberg_cost *= std::exp(log_tau);
        return std::log(solve(economy, draws).welfare);
      };
      CHECK_THAT((log_welfare(h) - log_welfare(-h)) / (2 * h),
                 WithinAbs(solve(example(margin), law).welfare_elasticity_of_iceberg_cost, 1e-9));
    }
  }
}

TEST_CASE("where some export through intermediaries, exports answer to trade costs as the trade elasticity says",
          "[models][property]") {
  for (auto const margin : {intermediary_margin::earned, intermediary_margin::melted}) {
    auto const economy = example(margin);
    for (auto const& [name, law] : test::laws()) {
      auto const e = solve(economy, law);
      if (test::has_atoms(name) || !(e.exports > 1e-6)) continue;
      CAPTURE(name);
      double const by_differences = test::trade_elasticity_by_differences(
          law, e.choices,
          [&](double change) {
            auto moved = economy;
            moved.trade.iceberg_cost *= std::exp(change);
            return moved.options();
          },
          [&](double change, std::size_t k) {
            return k == 0 ? 0 : std::exp(-3 * change) * (k == 1 ? 1 : economy.indirect_revenue());
          });
      CHECK_THAT(e.trade_elasticity, WithinRel(by_differences, 1e-8));
    }
    // Under a Pareto law with cutoffs in the support both cutoffs move with tau, and it is the shape; the price index
    // is what home varieties make of it.
    melitz::pareto<> const law{1, 4.6};
    auto const e = solve(economy, law);
    auto alone = economy;
    alone.trade.partners = 0;
    CHECK_THAT(e.trade_elasticity, WithinRel(4.6, 1e-13));
    CHECK_THAT(
        gains_from_trade(economy, law),
        WithinRel(std::pow(e.domestic_share / e.mass_entrants * solve(alone, law).mass_entrants, -1 / 4.6), 1e-12));
  }
}

TEST_CASE("under a Pareto law the intermediaries' share of exports has a closed form", "[models][property]") {
  double const k = 4.6, r = 3;
  melitz::pareto<> const law{1, k};
  for (auto const margin : {intermediary_margin::earned, intermediary_margin::melted}) {
    for (double const f_x : {0.8, 1.2, 3.0}) {
      auto economy = example(margin);
      economy.trade.export_fixed_cost = f_x;
      auto const e = solve(economy, law);
      double const gamma = economy.intermediary_markup, m = economy.indirect_revenue();
      double const q = std::pow((3 * f_x / economy.indirect_fixed_cost - 1) * m / (1 - m), 1 / r);  // phi_X over phi_I
      CHECK_THAT(e.direct_export_cutoff / e.export_cutoff, WithinRel(q, 1e-13));
      double const ratio = std::pow(gamma, -r) * (std::pow(q, k - r) - 1);
      CHECK_THAT(e.intermediary_share_of_exports, WithinRel(ratio / (1 + ratio), 1e-12));
      // Entry: what producers earn is the same for every menu, and so is their number where nobody else earns.
      CHECK_THAT(e.choices.expected_revenue, WithinRel(4 * k / r * 1.5, 1e-12));
      if (margin == intermediary_margin::melted) CHECK_THAT(e.mass_entrants, WithinRel(100 * r / (k * 4 * 1.5), 1e-12));
    }
  }
  // It rises with the cost of direct exports, and falls with that of indirect ones.
  auto dearer = example(), cheaper = example();
  dearer.trade.export_fixed_cost *= 1.1;
  cheaper.indirect_fixed_cost *= 0.9;
  double const share = solve(example(), law).intermediary_share_of_exports;
  CHECK(solve(dearer, law).intermediary_share_of_exports > share);
  CHECK(solve(cheaper, law).intermediary_share_of_exports > share);
}

TEST_CASE("intermediaries that nobody uses leave the open economy", "[models][property]") {
  for (auto const& [name, law] : test::laws()) {
    CAPTURE(name);
    auto economy = example();
    economy.indirect_fixed_cost = 3.6;  // as dear as reaching all partners by oneself
    auto const e = solve(economy, law);
    auto const open = solve(economy.trade, law);
    CHECK_THAT(e.cutoff, WithinRel(open.cutoff, 1e-12));
    CHECK_THAT(e.welfare, WithinRel(open.welfare, 1e-12));
    CHECK_THAT(e.mass_producers, WithinRel(open.mass_producers, 1e-11));
    CHECK(e.share_indirect == 0);
    CHECK(e.intermediary_share_of_exports == 0);
    CHECK(e.export_cutoff == e.direct_export_cutoff);
  }
  auto autarky = example();
  autarky.trade.partners = 0;
  auto const e = solve(autarky, melitz::lognormal<>{0, 0.6});
  CHECK(std::isinf(e.export_cutoff));
  CHECK(e.export_share == 0);
  CHECK(e.intermediary_share_of_exports == 0);
  // So dear that nobody exports directly.
  auto only_indirect = example();
  only_indirect.trade.export_fixed_cost = 1e6;
  auto const none = solve(only_indirect, melitz::lognormal<>{0, 0.6});
  CHECK(none.share_direct < 1e-12);
  CHECK_THAT(none.intermediary_share_of_exports, WithinRel(1, 1e-12));
}

TEST_CASE("intermediation economies that are none are refused by name", "[models][errors]") {
  melitz::lognormal<> const law{0, 0.6};
  auto economy = example();
  economy.indirect_fixed_cost = 0;
  CHECK_THROWS_WITH(solve(economy, law), contains("indirect_fixed_cost is 0; it must be positive"));
  economy = example();
  economy.intermediary_markup = 1;
  CHECK_THROWS_WITH(solve(economy, law), contains("intermediary_markup is 1; it must exceed 1"));
  economy = example();
  economy.trade.iceberg_cost = 0.9;
  CHECK_THROWS_WITH(solve(economy, law), contains("iceberg_cost is 0.9"));
  CHECK_THROWS_WITH(solve(example(), tail_of(law, 2.0)), contains("tail.power() is 2"));
  CHECK_THROWS_WITH(solve(example(), melitz::pareto<>{1, 3}), contains("shape"));
}

TEST_CASE("a firm at the cutoff of a way to export picks what its cutoff says", "[models][property]") {
  test::uniform_numbers uniform(35);
  for (int trial = 0; trial < 300; ++trial) {
    auto const economy = intermediation_economy<>{test::random_trade(uniform), uniform(0.05, 2), uniform(1.01, 1.5)};
    CAPTURE(trial);
    test::check_cutoffs(solve(economy, test::random_lognormal(uniform)).choices);
  }
}

TEST_CASE("intermediation beyond the number type is out of range", "[models][failure]") {
  test::check_beyond_number_type(example());
}

}  // namespace test::models_intermediation
