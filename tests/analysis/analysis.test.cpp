// SPDX-License-Identifier: BSL-1.0
#include <melitz/analysis/calibrate.hpp>
#include <melitz/analysis/compare.hpp>
#include <melitz/analysis/sample.hpp>
#include <melitz/models/technology.hpp>

#include "support/catch.hpp"
#include "support/laws.hpp"

#include <cmath>
#include <limits>
#include <vector>

using melitz::calibrate;
using melitz::closed_economy;
using melitz::compare;
using melitz::firm_effect;
using melitz::open_economy;
using melitz::trade_targets;
using test::contains;
using test::WithinAbs;
using test::WithinRel;

namespace {

closed_economy<> home() { return {.elasticity = 4, .fixed_cost = 1, .entry_cost = 2, .death_rate = 0.1, .labor = 100}; }
open_economy<> trade(double tau = 1.6) { return {home(), 3, tau, 1.3}; }

}  // namespace

TEST_CASE("slide 29: four groups of firms", "[analysis][compare]") {
  for (auto const& [name, law] : test::laws()) {
    auto const before = melitz::solve(home(), law), after = melitz::solve(trade(), law);
    if (after.domestic_share > 0.9999) continue;  // next to no trade: the groups are too thin to tell apart
    CAPTURE(name);
    auto const effects = compare(before, after);
    REQUIRE(effects.firms.size() == 4);
    CHECK(effects.firms[0].effect == firm_effect::exits);
    CHECK(effects.firms[1].effect == firm_effect::sells_and_earns_less);
    CHECK(effects.firms[2].effect == firm_effect::sells_more_earns_less);
    CHECK(effects.firms[3].effect == firm_effect::earns_more);
    CHECK(effects.firms[0].lower == before.cutoff);
    CHECK(effects.firms[1].lower == after.cutoff);
    CHECK(effects.firms[2].lower == after.export_cutoff);
    // At the last bound profit is the same before and after.
    double const turn = effects.firms[3].lower;
    CHECK(turn > after.export_cutoff);
    CHECK_THAT(after.profit(turn), WithinRel(before.profit(turn), 1e-12));
    CHECK(std::isinf(effects.firms[3].upper));
    for (std::size_t k = 0; k < 3; ++k) CHECK(effects.firms[k].upper == effects.firms[k + 1].lower);
    // Inside the groups, firm by firm.
    for (auto const& g : effects.firms) {
      double const phi = std::isinf(g.upper) ? 2 * g.lower : std::sqrt(g.lower * g.upper);
      CHECK((after.profit(phi) > before.profit(phi)) == (g.effect == firm_effect::earns_more));
      CHECK((after.revenue_of(phi) > before.revenue_of(phi)) ==
            (g.effect == firm_effect::earns_more || g.effect == firm_effect::sells_more_earns_less));
    }
    CHECK(effects.cutoff_rises);
  }
}

TEST_CASE("protection is the mirror image", "[analysis][compare]") {
  auto const law = melitz::lognormal<>{0, 0.8};
  auto const effects = compare(melitz::solve(trade(), law), melitz::solve(home(), law));
  REQUIRE(effects.firms.size() == 4);
  CHECK(effects.firms[0].effect == firm_effect::enters);
  CHECK(effects.firms[1].effect == firm_effect::earns_more);
  CHECK(effects.firms[2].effect == firm_effect::sells_less_earns_more);
  CHECK(effects.firms[3].effect == firm_effect::sells_and_earns_less);
  CHECK_FALSE(effects.cutoff_rises);
  CHECK(effects.share_of_firms_exiting == 0);
  CHECK(effects.log_welfare_change < 0);
}

TEST_CASE("nothing changes when nothing changes", "[analysis][compare]") {
  auto const e = melitz::solve(trade(), melitz::pareto<>{1, 4.25});
  auto const effects = compare(e, e);
  REQUIRE(effects.firms.size() == 1);
  CHECK(effects.firms[0].effect == firm_effect::unchanged);
  CHECK(effects.log_welfare_change == 0);
  for (auto const& a : effects.aggregates)
    CHECK((a.before == a.after || (std::isnan(a.before) && std::isnan(a.after))));
}

TEST_CASE("lower trade costs among traders: a fifth group appears", "[analysis][compare]") {
  auto const law = melitz::lognormal<>{0, 0.8};
  auto const before = melitz::solve(trade(1.6), law), after = melitz::solve(trade(1.3), law);
  auto const effects = compare(before, after);
  CHECK(effects.firms.front().effect == firm_effect::exits);
  CHECK(effects.firms.back().effect == firm_effect::earns_more);
  CHECK(after.export_cutoff < before.export_cutoff);
}

TEST_CASE("welfare splits exactly, and ACR is exact under Pareto", "[analysis][compare]") {
  for (auto const& [name, law] : test::laws()) {
    CAPTURE(name);
    auto const before = melitz::solve(home(), law), after = melitz::solve(trade(), law);
    auto const effects = compare(before, after);
    CHECK_THAT(effects.from_variety + effects.from_productivity, WithinAbs(effects.log_welfare_change, 1e-13));
    CHECK_THAT(effects.share_of_firms_exiting,
               WithinAbs(1 - after.probability_of_producing / before.probability_of_producing, 1e-15));
    CHECK_THAT(effects.change("welfare").percent(), WithinAbs(100 * std::expm1(effects.log_welfare_change), 1e-11));
    CHECK_THAT(effects.change("cutoff").difference(), WithinAbs(after.cutoff - before.cutoff, 0));
  }
  auto const pareto = melitz::pareto<>{1, 4.25};
  auto const effects = compare(melitz::solve(home(), pareto), melitz::solve(trade(), pareto));
  CHECK_THAT(effects.acr_with_pareto_shape, WithinRel(effects.log_welfare_change, 1e-12));
  CHECK_THAT(effects.acr_with_local_elasticity, WithinRel(effects.log_welfare_change, 1e-12));
  auto const normal = melitz::lognormal<>{0, 0.8};
  auto const other = compare(melitz::solve(home(), normal), melitz::solve(trade(), normal));
  CHECK(std::isnan(other.acr_with_pareto_shape));
  double const share = other.change("domestic_share").after;
  CHECK_THAT(compare(melitz::solve(home(), normal), melitz::solve(trade(), normal), 4.25).acr_with_pareto_shape,
             WithinRel(-std::log(share) / 4.25, 1e-14));
  CHECK(std::abs(other.acr_with_local_elasticity / other.log_welfare_change - 1) > 0.01);  // only an approximation
}

TEST_CASE("a marginal change obeys ACR with the local elasticity", "[analysis][compare]") {
  // Melitz, Redding (2015): for a small foreign change d ln W = (d ln M_e - d ln lambda)/(domestic elasticity).
  auto const law = melitz::lognormal<>{0, 0.8};
  auto const before = melitz::solve(trade(1.6), law), after = melitz::solve(trade(1.6 * (1 - 1e-6)), law);
  double const entrants = std::log(after.mass_entrants / before.mass_entrants);
  double const share = std::log(after.domestic_share / before.domestic_share);
  // To first order in a change of 1e-6, with rounding over it.
  CHECK_THAT((entrants - share) / before.domestic_elasticity,
             WithinRel(compare(before, after).log_welfare_change, 1e-5));
}

TEST_CASE("every number of an equilibrium is compared", "[analysis][compare]") {
  auto const law = melitz::lognormal<>{0, 0.8};
  auto const closed = melitz::solve(home(), law), open = melitz::solve(trade(), law);
  auto const effects = compare(closed, open);
  CHECK(effects.aggregates.size() == 31);
  // A side that is infinite has no percentage, and one that is zero an infinite one.
  auto const& cutoff = effects.change("export_cutoff");
  CHECK(cutoff.before == std::numeric_limits<double>::infinity());
  CHECK(cutoff.after == open.export_cutoff);
  CHECK(std::isnan(cutoff.percent()));
  CHECK(std::isnan(compare(open, closed).change("export_cutoff").percent()));
  CHECK(std::isinf(effects.change("mass_exporters").percent()));
  CHECK(compare(closed, closed).change("mass_exporters").percent() == 0);
  CHECK(effects.change("exporter_intensity").after == open.exporter_intensity);
  CHECK_THROWS_WITH(effects.change("residual"), contains("be a number of the equilibrium"));

  // Other models.
  melitz::technology_economy<> const old{trade(), 1.3, 2.5}, cheaper{trade(), 1.3, 2};
  auto const a = melitz::solve(old, law), b = melitz::solve(cheaper, law);
  auto const changes = compare(a, b);
  CHECK(changes.change("share_upgrading").before == a.share_upgrading);
  CHECK_THAT(changes.change("welfare").percent(), WithinRel(100 * (b.welfare / a.welfare - 1), 1e-13));
  auto const failed = melitz::try_solve(old, law, {.max_evaluations = 1});
  CHECK_THROWS_WITH(compare(a, failed), contains("after is iteration_limit"));

  // Arrays number by number, as many before and after.
  struct several {
    using real_type = double;
    melitz::status reason = melitz::status::converged;
    std::vector<std::vector<double>> flows{};
    int count = 3;
    static constexpr auto results() {
      using enum melitz::part;
      return melitz::told::table{melitz::told::aside(&several::reason),
                                 melitz::told::quantity("flows", &several::flows, aggregates, "wages"),
                                 melitz::told::quantity("count", &several::count, aggregates, "countries")};
    }
  };
  several const before{.flows = {{1, 2}, {3, 4}}}, after{.flows = {{1, 5}, {3, 4}}}, fewer{.flows = {{1, 2}}};
  auto const flows = compare(before, after);
  CHECK(flows.aggregates.size() == 4);
  CHECK(flows.change("flows[0][1]").percent() == 150);
  CHECK_THROWS_WITH(compare(before, fewer),
                    contains("the count of numbers in flows after is 2; it must be that before, 4"));
  CHECK_THROWS_WITH(compare(fewer, before), contains("flows after is 4; it must be that before, 2"));
}

TEST_CASE("what compare refuses", "[analysis][compare][failure]") {
  auto const good = melitz::solve(trade(), melitz::pareto<>{1, 8});
  auto const failed = melitz::try_solve(trade(), melitz::lognormal<>{0, 1}, {.max_evaluations = 1});
  CHECK_THROWS_WITH(compare(good, failed), contains("after is iteration_limit") && contains("solved equilibrium"));
  CHECK_THROWS_WITH(compare(failed, good), contains("before is iteration_limit"));
  auto other = trade();
  other.domestic.elasticity = 5;
  CHECK_THROWS_WITH(compare(good, melitz::solve(other, melitz::pareto<>{1, 8})), contains("elasticity after is 5"));
  CHECK_THROWS_WITH(compare(good, good).change("wellfare"), contains("wellfare"));
}

TEST_CASE("calibration hits its targets", "[analysis][calibrate]") {
  trade_targets<> targets{.share_exporting = 0.18, .export_sales_share = 0.14, .share_producing = 0.5, .elasticity = 4};
  auto const c = calibrate(targets, melitz::pareto<>{1, 4.25});
  CHECK_THAT(c.economy.iceberg_cost, WithinRel(1.83142921812236, 1e-14));        // (s/(1-s))^(-1/3)
  CHECK_THAT(c.economy.export_fixed_cost, WithinRel(0.546159611393766, 1e-13));  // chi^(-3/4.25) tau^-3
  for (auto const& [name, law] : test::laws()) {
    if (test::has_atoms(name)) continue;  // steps hit no share exactly
    for (double const partners : {1.0, 5.0}) {
      CAPTURE(name, partners);
      targets.partners = partners;
      auto const found = calibrate(targets, law);
      CHECK_THAT(found.achieved.share_exporting, WithinRel(0.18, 1e-11));
      CHECK_THAT(found.achieved.exporter_intensity, WithinRel(0.14, 1e-13));
      CHECK_THAT(found.achieved.probability_of_producing, WithinRel(0.5, 1e-11));
      CHECK(found.economy.iceberg_cost >= 1);
    }
  }
  // With one partner, exporters that sell half abroad pay no iceberg cost: the last feasible share.
  targets.partners = 1;
  targets.export_sales_share = 0.5;
  CHECK(calibrate(targets, melitz::pareto<>{1, 4.25}).economy.iceberg_cost == 1);
}

TEST_CASE("infeasible targets are named", "[analysis][calibrate][failure]") {
  auto const refused = [](auto change, std::string const& target, std::string const& reason) {
    trade_targets<> targets{
        .share_exporting = 0.18, .export_sales_share = 0.14, .share_producing = 0.5, .elasticity = 4};
    change(targets);
    CAPTURE(target);
    CHECK_THROWS_WITH(calibrate(targets, melitz::pareto<>{1, 4.25}), contains(target + " is ") && contains(reason));
  };
  refused([](auto& t) { t.export_sales_share = 0.51; }, "export_sales_share", "at most partners/(1 + partners) = 0.5");
  refused([](auto& t) { t.export_sales_share = 0; }, "export_sales_share", "positive");
  refused([](auto& t) { t.share_exporting = 0; }, "share_exporting", "strictly between 0 and 1");
  refused([](auto& t) { t.share_exporting = 1; }, "share_exporting", "strictly between 0 and 1");
  refused([](auto& t) { t.share_producing = 1; }, "share_producing", "strictly between 0 and 1");
  refused([](auto& t) { t.partners = 0; }, "partners", "at least 1");
  refused([](auto& t) { t.partners = 1.5; }, "partners", "whole number");
  refused([](auto& t) { t.elasticity = 1; }, "elasticity", "exceed 1");
  refused([](auto& t) { t.elasticity = 6; }, "shape", "exceed the size exponent 5");
}

TEST_CASE("sampling a curve", "[analysis][sample]") {
  auto const points = melitz::sample([](double x) { return x * x; }, 1.0, 3.0, 5);
  REQUIRE(points.size() == 5);
  CHECK(points.front() == std::pair{1.0, 1.0});
  CHECK(points.back() == std::pair{3.0, 9.0});
  CHECK(points[2].first == 2.0);
  CHECK_THROWS_WITH(melitz::sample([](double x) { return x; }, 0.0, 1.0, 1), contains("count is 1"));
}
