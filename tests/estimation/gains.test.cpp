// SPDX-License-Identifier: BSL-1.0
#include <melitz/analysis/calibrate.hpp>
#include <melitz/analysis/compare.hpp>
#include <melitz/analysis/estimation.hpp>

#include "support/catch.hpp"
#include "support/reference.hpp"

#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace test::gains_of_sizes {

namespace {

using melitz::size_law;
constexpr double inf = std::numeric_limits<double>::infinity();

melitz::size_law law_called(std::string const& name) {
  return melitz::size_law_named(name == "spliced" ? "spliced_lognormal_pareto" : name).value();
}
melitz::size_sample bds_2014() {
  double const bounds[] = {1, 5, 10, 20, 50, 100, 250, 500, 1000, 2500, 5000, 10000, inf};
  double const counts[] = {2867751, 991035, 598112, 380472, 118603, 65384, 19626, 9606, 5874, 2191, 1206, 1546};
  return melitz::classes_of(bounds, counts);
}
melitz::size_sample susb_2002() {
  double const bounds[] = {1, 5, 10, 20, 100, 500, inf}, counts[] = {2695606, 1010804, 613880, 508249, 82334, 16845};
  return melitz::classes_of(bounds, counts);
}
melitz::trade_facts<> facts() {
  return {.share_exporting = 0.18,
          .export_sales_share = 0.14,
          .elasticity = 4,
          .share_exporting_error = 0.005,
          .export_sales_share_error = 0.005};
}
/// A law that nothing was fitted for.
melitz::law_fit given(size_law law, json const& parameters) {
  melitz::law_fit out;
  out.asked = out.law = law;
  out.reason = melitz::status::converged;
  melitz::detail::with_law(law, [&](auto tag) {
    for (auto const* name : melitz::detail::family<tag>::names) {
      out.names.emplace_back(name);
      out.parameters.push_back(number(parameters.at(name)));
    }
  });
  out.log_lower = 0;
  return out;
}
void check_economy(melitz::trade_from_sizes<> const& got, json const& want) {
  CHECK_THAT(got.gain_percent, WithinAbs(number(want.at("gain_percent")), 1e-9));
  CHECK_THAT(got.domestic_share, WithinRel(number(want.at("domestic_share")), 1e-11));
  if (!want.contains("entry_cost_over_fixed_cost")) return;
  CHECK_THAT(got.share_producing, WithinRel(number(want.at("share_producing")), 1e-11));
  CHECK_THAT(got.export_fixed_cost, WithinRel(number(want.at("export_fixed_cost_over_fixed_cost")), 1e-11));
  CHECK_THAT(got.entry_cost, WithinRel(number(want.at("entry_cost_over_fixed_cost")), 1e-10));
  CHECK_THAT(got.iceberg_cost, WithinRel(number(want.at("iceberg_cost")), 1e-12));
  CHECK_THAT(got.autarky_share_producing, WithinRel(number(want.at("autarky_share_producing")), 1e-11));
}

}  // namespace

TEST_CASE("gains from a size distribution are those of forty digits", "[estimation][gains]") {
  auto const file = reference("firms_gains");
  auto const bds = bds_2014(), susb = susb_2002();
  int fitted = 0, assumed = 0, bounded = 0;
  for (auto const& row : file.at("cases")) {
    auto const& want = row.at("result");
    auto const dataset = row.at("dataset").get<std::string>();
    auto const law = law_called(want.at("law"));
    CAPTURE(dataset, to_string(law));
    auto const& sample = dataset.find("2002") != std::string::npos ? susb : bds;
    if (row.contains("upper_bound")) {
      double const bound = number(row.at("upper_bound"));
      auto const got = gains_from(fit(law, sample), sample, facts(), {.largest = bound});
      check_economy(got.bounded, want);
      CHECK_THAT(got.share_beyond,
                 WithinRel(number(want.at("share_of_total_size_above_bound_in_the_unbounded_law")), 1e-9));
      CHECK_THAT(got.firms_beyond, WithinRel(number(want.at("expected_firms_above_bound")), 1e-9));
      CHECK_THAT(got.trade.mean_size, WithinRel(number(want.at("mean_size_of_producers_unbounded")), 1e-9));
      CHECK_THAT(got.bounded.mean_size, WithinRel(number(want.at("mean_size_of_producers")), 1e-9));
      CHECK(got.warnings.empty() == (got.share_beyond <= 0.05));
      if (!got.warnings.empty()) CHECK_THAT(got.warnings.back(), contains("larger than the largest"));
      ++bounded;
    } else if (dataset.find("assumed") != std::string::npos) {
      auto const got = gains_from(given(law, row.at("parameters")), bds, facts(),
                                  {.share_producing = number(want.at("share_producing"))});
      check_economy(got.trade, want);
      ++assumed;
    } else {
      bool const given_law = law == size_law::pareto;
      auto const got = gains_from(given_law ? given(law, row.at("parameters")) : fit(law, sample), sample, facts());
      check_economy(got.trade, want);
      CHECK(got.refused.empty());
      auto const& gradient = want.at("gradient");
      for (std::size_t k = 0; k < got.fit.names.size(); ++k) {
        CHECK_THAT(got.per_parameter[k], WithinRel(number(gradient.at(std::string(got.fit.names[k]))), 1e-8));
      }
      CHECK_THAT(got.per_share_exporting, WithinRel(number(gradient.at("share_exporting")), 1e-8));
      CHECK_THAT(got.per_export_sales_share, WithinRel(number(gradient.at("export_sales_share")), 1e-9));
      CHECK_THAT(got.by_delta.error_from_facts, WithinRel(number(want.at("se_from_targets")), 1e-9));
      if (given_law) {
        CHECK(std::isnan(got.by_delta.error));
        continue;
      }
      CHECK_THAT(got.per_elasticity, WithinRel(number(gradient.at("elasticity")), 1e-9));
      CHECK_THAT(got.by_delta.error_from_law, WithinRel(number(want.at("se_from_law")), 1e-7));
      CHECK_THAT(got.by_delta.error, WithinRel(number(want.at("se")), 1e-8));
      CHECK_THAT(got.by_delta.lower, WithinAbs(number(want.at("interval_95")[0]), 1e-8));
      CHECK_THAT(got.by_delta.upper, WithinAbs(number(want.at("interval_95")[1]), 1e-8));
      ++fitted;
    }
  }
  CHECK(fitted == 7);
  CHECK(assumed == 10);
  CHECK(bounded == 8);
}

TEST_CASE("gains from sizes are those of the full model", "[estimation][gains]") {
  // Of productivity, which is size to the power 1/(elasticity - 1).
  melitz::lognormal<> const sizes{0.3, 1.7}, productivity{0.1, 1.7 / 3};
  auto known = facts();
  known.partners = 2;
  auto const got = melitz::gains_from_sizes(sizes, known, 1.5);
  auto const calibrated = melitz::calibrate<melitz::lognormal<>>({.share_exporting = 0.18,
                                                                  .export_sales_share = 0.14,
                                                                  .share_producing = got.share_producing,
                                                                  .elasticity = 4,
                                                                  .partners = 2},
                                                                 productivity);
  auto const autarky = melitz::solve(calibrated.economy.domestic, productivity);
  double const gain = 100 * (calibrated.achieved.welfare / autarky.welfare - 1);
  CHECK_THAT(got.gain_percent, WithinAbs(gain, 1e-11));
  CHECK_THAT(got.entry_cost, WithinRel(calibrated.economy.domestic.entry_cost, 1e-12));
  CHECK_THAT(got.export_fixed_cost, WithinRel(calibrated.economy.export_fixed_cost, 1e-12));
  CHECK_THAT(got.domestic_share, WithinRel(calibrated.achieved.domestic_share, 1e-12));
}

TEST_CASE("the bootstrap agrees with the delta method", "[estimation][gains]") {
  auto const sample = bds_2014();
  for (auto const law : {size_law::lognormal, size_law::pareto_lognormal}) {
    CAPTURE(to_string(law));
    auto const got = gains_from(fit(law, sample), sample, facts(), {.replications = 200, .seed = 3});
    CHECK(got.replications == 200);
    CHECK(got.failed == 0);
    // Within three standard errors of a deviation from 200 replications.
    CHECK_THAT(got.by_bootstrap.error_from_law, WithinRel(got.by_delta.error_from_law, 3 / std::sqrt(400.0)));
    CHECK_THAT(got.by_bootstrap.error_from_facts, WithinRel(got.by_delta.error_from_facts, 3 / std::sqrt(400.0)));
    CHECK_THAT(got.by_bootstrap.error, WithinRel(got.by_delta.error, 3 / std::sqrt(400.0)));
    CHECK(got.by_bootstrap.lower < got.trade.gain_percent);
    CHECK(got.by_bootstrap.upper > got.trade.gain_percent);
  }
  // A few points: the law is what is uncertain, and some of the samples have no mean.
  std::vector<double> sizes;
  for (int k = 0; k < 100; ++k) sizes.push_back(2 * std::pow((k + 0.5) / 100, -1 / 1.3));
  auto const points = melitz::points_of(sizes, {.lower = 2});
  auto const got = gains_from(fit(size_law::pareto, points), points, facts(), {.largest = 1e4, .replications = 100});
  CHECK(got.by_delta.error_from_law > got.by_delta.error_from_facts);
  CHECK(got.replications + got.failed == 100);
  CHECK_FALSE(got.warnings.empty());
}

TEST_CASE("no gains where sizes have no mean, and by name where facts are wrong", "[estimation][gains]") {
  auto const sample = bds_2014();
  auto const got = gains_from(fit(size_law::pareto, sample), sample, facts());
  CHECK_THAT(got.refused, contains("shape is 0.64999"));
  CHECK(std::isnan(got.trade.gain_percent));
  auto const good = fit(size_law::lognormal, sample);
  auto const message = [&](auto const& change, melitz::gain_options const& options = {}) -> std::string {
    auto wrong = facts();
    change(wrong);
    try {
      (void)gains_from(good, sample, wrong, options);
    } catch (melitz::domain_error const& e) {
      return e.what();
    }
    return "nothing";
  };
  auto const nothing = [](auto&) {};
  CHECK_THAT(message([](auto& f) { f.share_exporting = 1; }), contains("share_exporting is 1"));
  CHECK_THAT(message([](auto& f) { f.share_exporting = std::nan(""); }), contains("share_exporting is nan"));
  CHECK_THAT(message([](auto& f) { f.export_sales_share = 0.6; }), contains("partners/(1 + partners)"));
  CHECK_THAT(message([](auto& f) { f.elasticity = 1; }), contains("elasticity is 1"));
  CHECK_THAT(message([](auto& f) { f.partners = 0; }), contains("partners is 0"));
  CHECK_THAT(message([](auto& f) { f.share_exporting_error = -1; }), contains("share_exporting_error is -1"));
  CHECK_THAT(message(nothing, {.largest = 0.5}), contains("largest is 0.5"));
  CHECK_THAT(message(nothing, {.share_producing = 1}), contains("share_producing is 1"));
  CHECK_THAT(message(nothing, {.replications = -1}), contains("replications is -1"));
  melitz::law_fit const nobody;
  CHECK_THROWS_AS(gains_from(nobody, sample, facts()), melitz::convergence_error);
  double const bounds[] = {0, 5, 10, inf}, counts[] = {5, 3, 1};
  auto const from_zero = melitz::classes_of(bounds, counts);
  CHECK_THROWS_AS(gains_from(fit(size_law::lognormal, from_zero), from_zero, facts()), melitz::domain_error);
  auto const rows = gains_by_law(sample, facts(), {.largest = 2e6});
  for (auto const& row : rows) {
    CAPTURE(to_string(row.fit.asked));
    CHECK(row.refused.empty() == !std::isnan(row.trade.gain_percent));
    CHECK((!row.refused.empty() || row.bounded.gain_percent <= row.trade.gain_percent + 1e-6));
  }
}

}  // namespace test::gains_of_sizes
