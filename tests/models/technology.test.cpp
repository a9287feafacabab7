// SPDX-License-Identifier: BSL-1.0
#include <melitz/models/technology.hpp>

#include "support/catch.hpp"
#include "support/choices.hpp"
#include "support/laws.hpp"
#include "support/reference.hpp"
#include "support/told.hpp"

#include <cmath>
#include <string>

namespace test::models_technology {

using melitz::solve;
using melitz::technology_economy;
using test::contains;
using test::number;
using test::WithinAbs;
using test::WithinRel;

namespace {

technology_economy<> example() {
  return {{{.elasticity = 4, .fixed_cost = 1, .entry_cost = 15, .death_rate = 0.1, .labor = 100}, 2, 1.5, 0.7}, 1.3, 4};
}

}  // namespace

TEST_CASE("technology choice agrees with the references", "[models][reference]") {
  // tests/reference/technology.json, remade by tools/reference/technology.py.
  auto const file = test::reference("technology");
  int compared = 0;
  for (auto const& row : file.at("cases")) {
    CAPTURE(row.at("case").get<std::string>());
    auto const economy = test::economy_from<technology_economy<>>(row.at("params"));
    auto const e = solve(economy, test::law(row.at("params").at("distribution")));
    test::validates const here("technology", test::case_and_law(row));
    CHECK(test::compare_all(row, e, 1e-12) == 10);
    auto const& shares = row.at("shares_of_active_firms");
    CHECK_THAT(e.share_exporting, WithinRel(number(shares.at("lX")) + number(shares.at("hX")), 1e-11));
    CHECK_THAT(e.share_upgrading, WithinRel(number(shares.at("hD")) + number(shares.at("hX")), 1e-11));
    ++compared;
  }
  CHECK(compared == 6);
  int on_path = 0;
  for (auto const& row : file.at("liberalisation_path")) {
    CAPTURE(row.at("iceberg_cost").dump());
    auto const& base = file.at("cases").at(0);
    auto economy = test::economy_from<technology_economy<>>(base.at("params"));
    economy.trade.iceberg_cost = number(row.at("iceberg_cost"));
    auto const e = solve(economy, test::law(base.at("params").at("distribution")));
    test::validates const here("technology", "iceberg cost " + test::in_few_digits(economy.trade.iceberg_cost));
    CHECK(test::compare_all(row, e, 1e-12) == 4);
    ++on_path;
  }
  CHECK(on_path == static_cast<int>(file.at("liberalisation_path").size()));
}

TEST_CASE("welfare answers to trade costs by the export share, to technology by the upgraded one",
          "[models][property]") {
  double const h = 1e-5;  // central differences: right to about 1e-14 / h
  for (auto const& [name, law] : test::laws()) {
    if (test::has_atoms(name)) continue;  // one-sided at atoms
    CAPTURE(name);
    auto const log_welfare = [&, &draws = law](double log_tau, double log_gain) {
      auto economy = example();
      economy.trade.iceberg_cost *= std::exp(log_tau);
      economy.productivity_gain *= std::exp(log_gain);
      return std::log(solve(economy, draws).welfare);
    };
    auto const e = solve(example(), law);
    CHECK_THAT((log_welfare(h, 0) - log_welfare(-h, 0)) / (2 * h),
               WithinAbs(e.welfare_elasticity_of_iceberg_cost, 1e-9));
    CHECK_THAT((log_welfare(0, h) - log_welfare(0, -h)) / (2 * h),
               WithinAbs(e.welfare_elasticity_of_productivity_gain(), 1e-9));
  }
}

TEST_CASE("labour is used for entry, fixed costs at home and abroad, and goods", "[models][property]") {
  auto economy = example();
  for (double const tau : {1.0, 1.5, 3.0, std::numeric_limits<double>::infinity()}) {
    economy.trade.iceberg_cost = tau;
    for (auto const& [name, law] : test::laws()) {
      CAPTURE(tau, name);
      auto const e = solve(economy, law);
      CHECK_THAT(e.labor_entry + e.labor_fixed + e.labor_export_fixed + e.labor_variable, WithinRel(100, 1e-12));
      CHECK_THAT(e.labor_fixed, WithinRel(e.mass_producers * (1 + 3 * e.share_upgrading), 1e-12));
      CHECK_THAT(e.labor_export_fixed, WithinRel(2 * 0.7 * e.mass_exporters, 1e-12));
      CHECK_THAT(e.labor_variable, WithinRel(0.75 * e.revenue, 1e-12));
      CHECK_THAT(e.mass_varieties, WithinRel(e.mass_producers + 2 * e.mass_exporters, 1e-14));
      CHECK_THAT(e.domestic_share, WithinRel(1 - e.export_share, 1e-14));
    }
  }
}

TEST_CASE("where technologies differ, exports answer to trade costs as the trade elasticity says",
          "[models][property]") {
  for (auto const& [name, law] : test::laws()) {
    CAPTURE(name);
    for (double const tau :
         {1.05, 1.5, 2.2}) {  // all producers export, upgraders among exporters, exporters among them
      CAPTURE(tau);
      auto economy = example();
      economy.trade.iceberg_cost = tau;
      auto const e = solve(economy, law);
      if (test::has_atoms(name)) {  // no cutoff moves past anybody
        if (e.exports > 0) CHECK_THAT(e.trade_elasticity, WithinRel(3, 1e-14));
        continue;
      }
      double const by_differences = test::trade_elasticity_by_differences(
          law, e.choices,
          [&](double change) {
            auto moved = economy;
            moved.trade.iceberg_cost *= std::exp(change);
            return moved.options();
          },
          [&](double change, std::size_t k) {
            return k < 2 ? 0 : std::exp(-3 * change) * (k == 3 ? std::pow(1.3, 3) : 1);
          });
      if (e.exports > 1e-6) CHECK_THAT(e.trade_elasticity, WithinRel(by_differences, 1e-8));
    }
    auto economy = example();
    economy.productivity_gain = 1;
    CHECK_THAT(solve(economy, law).trade_elasticity, WithinRel(solve(economy.trade, law).trade_elasticity, 1e-9));
    economy.trade.partners = 0;
    CHECK(std::isnan(solve(economy, law).trade_elasticity));
  }
}

TEST_CASE("the five orderings of technology and trade", "[models][property]") {
  melitz::lognormal<> const law{0, 0.6};
  auto economy = example();
  auto const at = [&](double tau, double f_x, double gain, double ratio) {
    economy.trade.iceberg_cost = tau;
    economy.trade.export_fixed_cost = f_x;
    economy.productivity_gain = gain;
    economy.cost_ratio = ratio;
    return solve(economy, law);
  };
  auto const exporters_first = at(1.5, 0.7, 1.3, 8);
  CHECK(exporters_first.cutoff < exporters_first.export_cutoff);
  CHECK(exporters_first.export_cutoff < exporters_first.upgrade_cutoff);
  auto const upgraders_first = at(1.8, 2.5, 1.3, 2.5);
  CHECK(upgraders_first.cutoff < upgraders_first.upgrade_cutoff);
  CHECK(upgraders_first.upgrade_cutoff < upgraders_first.export_cutoff);
  auto const together = at(1.8, 1, 1.3, 6.5);
  CHECK(together.cutoff < together.upgrade_cutoff);
  CHECK(together.upgrade_cutoff == together.export_cutoff);
  auto const all_upgrade = at(1.5, 0.7, 1.5, 1.5);
  CHECK(all_upgrade.cutoff == all_upgrade.upgrade_cutoff);
  CHECK_THAT(all_upgrade.share_upgrading, WithinRel(1, 1e-14));
  auto const all_export = at(1.1, 0.2, 1.3, 8);
  CHECK(all_export.cutoff == all_export.export_cutoff);
  CHECK_THAT(all_export.share_exporting, WithinRel(1, 1e-14));
  auto const autarky = at(std::numeric_limits<double>::infinity(), 1, 1.3, 8);
  CHECK(std::isinf(autarky.export_cutoff));
  CHECK(autarky.share_exporting == 0);
  CHECK(autarky.export_share == 0);
  CHECK(autarky.share_upgrading > 0);
}

TEST_CASE("an upgrade that is worth nothing is the open economy", "[models][property]") {
  auto economy = example();
  economy.productivity_gain = 1;
  for (auto const& [name, law] : test::laws()) {
    CAPTURE(name);
    auto const e = solve(economy, law);
    auto const open = solve(economy.trade, law);
    CHECK_THAT(e.cutoff, WithinRel(open.cutoff, 1e-12));
    CHECK_THAT(e.welfare, WithinRel(open.welfare, 1e-12));
    CHECK_THAT(e.mass_producers, WithinRel(open.mass_producers, 1e-11));
    CHECK_THAT(e.mass_varieties, WithinRel(open.mass_varieties, 1e-11));
    CHECK_THAT(e.domestic_share, WithinRel(open.domestic_share, 1e-11));
    CHECK_THAT(e.labor_fixed, WithinRel(open.labor_fixed, 1e-11));
    CHECK_THAT(e.labor_export_fixed, WithinRel(open.labor_export_fixed, 1e-11));
    CHECK(e.share_upgrading == 0);
  }
}

TEST_CASE("gains from trade of a technology that firms may choose", "[models][property]") {
  auto alone = example();
  alone.trade.partners = 0;
  for (auto const& [name, law] : test::laws()) {
    CAPTURE(name);
    CHECK_THAT(gains_from_trade(example(), law),
               WithinRel(solve(example(), law).welfare / solve(alone, law).welfare, 1e-14));
  }
}

TEST_CASE("technology economies that are none are refused by name", "[models][errors]") {
  auto economy = example();
  economy.productivity_gain = 0;
  CHECK_THROWS_WITH(solve(economy, melitz::lognormal<>{0, 0.6}), contains("productivity_gain is 0"));
  economy = example();
  economy.cost_ratio = -1;
  CHECK_THROWS_WITH(solve(economy, melitz::lognormal<>{0, 0.6}), contains("cost_ratio is -1"));
  economy = example();
  economy.trade.domestic.labor = 0;
  CHECK_THROWS_WITH(solve(economy, melitz::lognormal<>{0, 0.6}), contains("labor is 0"));
  CHECK_THROWS_WITH(solve(example(), tail_of(melitz::lognormal<>{0, 0.6}, 2.0)),
                    contains("tail.power() is 2; it must equal the model's size exponent, 3"));
  CHECK_THROWS_WITH(solve(example(), melitz::pareto<>{1, 3}), contains("shape"));
}

TEST_CASE("a firm at the cutoff of a technology picks what its cutoff says", "[models][property]") {
  test::uniform_numbers uniform(33);
  for (int trial = 0; trial < 300; ++trial) {
    auto const economy = technology_economy<>{test::random_trade(uniform), uniform(1.05, 1.6), uniform(1.1, 6)};
    CAPTURE(trial);
    test::check_cutoffs(solve(economy, test::random_lognormal(uniform)).choices);
  }
}

TEST_CASE("technology beyond the number type is out of range", "[models][failure]") {
  test::check_beyond_number_type(example());
}

}  // namespace test::models_technology
