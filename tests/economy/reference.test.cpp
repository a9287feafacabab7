// SPDX-License-Identifier: BSL-1.0
#include <melitz/economy/solve.hpp>

#include "support/catch.hpp"
#include "support/reference.hpp"
#include "support/told.hpp"
#include "support/validation.hpp"

#include <cmath>
#include <limits>

namespace test::economy_reference {

using melitz::closed_economy;
using melitz::open_economy;
using test::number;
using test::WithinAbs;
using test::WithinRel;

namespace {

double const eps = std::numeric_limits<double>::epsilon();

/// The economy of a row, closed or open.
template <class Law>
melitz::equilibrium<> solve(test::json const& p, Law const& law) {
  if (p.contains("partners")) return melitz::solve(test::economy_from<open_economy<>>(p), law);
  return melitz::solve(test::economy_from<closed_economy<>>(p), law);
}

}  // namespace

TEST_CASE("all results agree with the 20-digit references", "[economy][reference]") {
  // tests/reference/symmetric.json, remade by tools/reference/symmetric.py. Inputs there are decimals, ours doubles,
  // so agreement is to a few eps times conditioning.
  auto const file = test::reference("symmetric");
  int compared = 0;
  for (auto const& row : file.at("cases")) {
    CAPTURE(row.at("name").get<std::string>());
    test::validates const here("symmetric", row.at("name"));
    auto const law = test::law(row.at("dist"));
    auto const& want = row.at("outputs");
    auto const e = solve(row.at("params"), law);
    CHECK(melitz::to_string(e.regime) == want.at("regime").get<std::string>());
    compared += test::compare_all(want, e, 1e-13);
  }
  CHECK(compared == 240);
}

TEST_CASE("cutoffs are right to the last bits over wide ranges", "[economy][reference][accuracy]") {
  // tests/reference/cutoffs.json: 440 random economies solved at 80 digits and more by tools/reference/cutoffs.py, with
  // elasticity in [1.2, 20], costs over 12 orders of magnitude, death rate in [1e-4, 1]; inputs are exact doubles.
  auto const file = test::reference("cutoffs");
  int compared = 0, below_support = 0;
  for (auto const& row : file.at("rows")) {
    CAPTURE(row.dump());
    auto const e = solve(row.at("economy"), test::law(row.at("law")));
    CHECK(melitz::to_string(e.regime) == row.at("regime").get<std::string>());

    // The promise: 4 eps max(1, |ln cutoff|) for closed forms, 1e-13 by quadrature.
    double const log_cutoff = number(row.at("log_cutoff"));
    double const promise = e.error_estimate > 0 ? 1e-13 : 4 * eps * std::max(1.0, std::abs(log_cutoff));
    CHECK_THAT(e.log_cutoff, WithinAbs(log_cutoff, promise));
    if (row.contains("export_cutoff")) {
      double const export_cutoff = number(row.at("export_cutoff"));
      double const log_export = std::log(export_cutoff);
      CHECK_THAT(std::log(e.export_cutoff),
                 WithinAbs(log_export, promise + 4 * eps * (1 + std::abs(log_export - log_cutoff))));
    }
    test::validates const here("cutoffs", std::to_string(compared) + ", " +
                                              row.at("law").at("family").get<std::string>() + ", " +
                                              row.at("regime").get<std::string>());
    test::validate("cutoff", e.cutoff, number(row.at("cutoff")));
    test::validate("welfare", e.welfare, number(row.at("welfare")));
    test::validate("domestic_share", e.domestic_share, number(row.at("domestic_share")));
    test::validate("average_productivity", e.average_productivity, number(row.at("average_productivity")));
    if (row.contains("export_cutoff")) {
      test::validate("export_cutoff", e.export_cutoff, number(row.at("export_cutoff")));
    }
    // exp() turns the cutoff's absolute error in logs into a relative one; the others follow from it.
    double const relative = 100 * eps * (1 + std::abs(log_cutoff)) * (1 + e.elasticity() / 10);
    CHECK_THAT(e.welfare, WithinRel(number(row.at("welfare")), relative));
    CHECK_THAT(e.domestic_share, WithinRel(number(row.at("domestic_share")), relative));
    CHECK_THAT(e.average_productivity, WithinRel(number(row.at("average_productivity")), relative));
    if (e.every_entrant_produces) ++below_support;
    ++compared;
  }
  CHECK(compared == 440);
  CHECK(below_support > 20);
}

TEST_CASE("the house's own example", "[economy][reference]") {
  closed_economy<> const autarky{.elasticity = 4, .fixed_cost = 1, .entry_cost = 2, .death_rate = 0.05, .labor = 1};
  open_economy<> const trade{.domestic = autarky, .partners = 3, .iceberg_cost = 1.6, .export_fixed_cost = 1.3};
  melitz::lognormal<> const draws{.log_mean = 0, .log_sd = 0.8};
  CHECK_THAT(melitz::solve(autarky, draws).cutoff, WithinRel(4.5740487172218359, 2e-15));
  auto const e = melitz::solve(trade, draws);
  CHECK_THAT(e.cutoff, WithinRel(4.9632668106938912, 2e-15));
  CHECK_THAT(e.export_cutoff, WithinRel(8.6669985182795293, 2e-15));
  CHECK_THAT(e.share_exporting, WithinRel(0.1536053281459032, 1e-14));
}

TEST_CASE("a published program's example", "[economy][reference]") {
  // Uniform on (0, 100), elasticity 2.5, one partner, iceberg 2, f = f_x = 1, f_e = 2, death rate 0.5.
  closed_economy<> const autarky{.elasticity = 2.5, .fixed_cost = 1, .entry_cost = 2, .death_rate = 0.5, .labor = 1};
  open_economy<> const trade{.domestic = autarky, .partners = 1, .iceberg_cost = 2, .export_fixed_cost = 1};
  melitz::uniform<> const draws{.lower = 0, .upper = 100};
  double const closed = melitz::solve(autarky, draws).cutoff;
  CHECK_THAT(closed, WithinRel(36.9891999467605, 1e-13));
  auto const e = melitz::solve(trade, draws);
  CHECK_THAT(e.cutoff, WithinRel(37.9362575655328, 1e-13));
  CHECK_THAT(e.export_cutoff, WithinRel(75.8725151310656, 1e-13));
  test::validates const here("programs", "one partner, productivity uniform on (0, 100)");
  test::validate("cutoff in autarky", closed, 36.9891999467605);
  test::validate("cutoff", e.cutoff, 37.9362575655328);
  test::validate("export_cutoff", e.export_cutoff, 75.8725151310656);
}

TEST_CASE("homogeneous firms go through the same code", "[economy][reference][krugman]") {
  // tests/reference/krugman.json, remade by tools/reference/krugman.py: Melitz, Redding (2015) with the heterogeneous
  // economy, and the two homogeneous benchmarks calibrated to it, as laws with one or two atoms and failures at 0.
  auto const file = test::reference("krugman");
  int compared = 0;
  for (auto const& block : file.at("heterogeneous_vs_homogeneous")) {
    auto p = block.at("params");
    p["death_rate"] = 1;
    auto open = test::economy_from<open_economy<>>(p);
    auto const& closed = open.domestic;
    auto const heterogeneous = test::law(p.at("distribution"));
    auto const& one = block.at("homogeneous_autarky_calibration");
    double const success = number(one.at("success_probability"));
    melitz::discrete<> const autarky_benchmark{{0, number(one.at("phi_bar"))}, {1 - success, success}};
    auto const& two = block.at("homogeneous_open_calibration");
    melitz::discrete<> open_benchmark;
    for (auto const& v : two.at("atoms")) open_benchmark.values.push_back(number(v));
    for (auto const& w : two.at("weights")) open_benchmark.weights.push_back(number(w));

    test::validates const here("krugman", block.at("case"));
    test::validate("autarky_welfare", melitz::solve(closed, heterogeneous).welfare,
                   number(block.at("autarky_welfare")));
    CHECK_THAT(melitz::solve(closed, heterogeneous).welfare, WithinRel(number(block.at("autarky_welfare")), 1e-13));
    CHECK_THAT(melitz::solve(closed, autarky_benchmark).welfare, WithinRel(number(block.at("autarky_welfare")), 1e-13));
    for (auto const& row : block.at("rows")) {
      open.iceberg_cost = number(row.at("iceberg_cost"));
      CAPTURE(block.at("case").get<std::string>(), open.iceberg_cost);
      auto const het = melitz::solve(open, heterogeneous);
      CHECK_THAT(het.welfare, WithinRel(number(row.at("welfare")), 1e-13));
      CHECK_THAT(het.domestic_share, WithinRel(number(row.at("domestic_share")), 1e-13));
      CHECK_THAT(melitz::solve(open, autarky_benchmark).welfare,
                 WithinRel(number(row.at("homogeneous_welfare")), 1e-13));
      double const hom = melitz::solve(open, open_benchmark).welfare;
      CHECK_THAT(hom, WithinRel(number(row.at("open_calibration").at("homogeneous_welfare")), 1e-13));
      CHECK(het.welfare >= hom * (1 - 1e-13));  // the coarsening theorem
      test::validates const part("iceberg cost " + test::in_few_digits(open.iceberg_cost));
      test::validate("welfare", het.welfare, number(row.at("welfare")));
      test::validate("domestic_share", het.domestic_share, number(row.at("domestic_share")));
      ++compared;
    }
  }
  CHECK(compared == 20);
}

}  // namespace test::economy_reference
