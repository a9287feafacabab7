// SPDX-License-Identifier: BSL-1.0
#include <melitz/dynamics/learning.hpp>

#include "support/catch.hpp"
#include "support/random.hpp"
#include "support/reference.hpp"
#include "support/told.hpp"

#include <melitz/law/lognormal.hpp>
#include <melitz/numerics/gradient.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>

namespace test::dynamics_learning {

using melitz::industry_market;
using melitz::learning_economy;
using melitz::solve;
using melitz::try_solve;
using test::contains;
using test::number;
using test::WithinAbs;
using test::WithinRel;

namespace {

/// One whose firms are short-lived, so that its horizon is near.
learning_economy<> brief() {
  return {.domestic = {.elasticity = 4, .fixed_cost = 1, .entry_cost = 1, .death_rate = 0.3, .labor = 100},
          .discount_factor = 0.9,
          .prior_mean = 0.2,
          .prior_variance = 0.2,
          .noise_variance = 0.3};
}

double above(double x) { return std::erfc(x / std::sqrt(2.0)) / 2; }

}  // namespace

TEST_CASE("firms that learn agree with the references", "[dynamics][reference]") {
  // tests/reference/learning.json; tools/reference/learning.py remakes what is in closed form.
  int rows = 0, by_age = 0;
  auto const file = test::reference("learning");
  for (auto const& row : file.at("cases")) {
    CAPTURE(row.at("case").get<std::string>());
    auto const economy = test::economy_from<learning_economy<>>(row.at("params"));
    auto const e = solve(economy);
    bool const closed_form = economy.noise_variance == 0;
    CHECK(test::compare_all(row, e, closed_form ? 1e-12 : 1e-9) == (closed_form ? 7 : 9));
    CHECK(std::abs(e.value_identity) < 1e-12);
    CHECK(e.error_estimate < 1e-10);
    auto const check = [&](char const* key, std::vector<double> const& found, bool in_logs = false) {
      if (!row.contains(key)) return;
      for (auto const& [age, expected] : row.at(key).items()) {
        CAPTURE(key, age);
        double const x = found.at(static_cast<std::size_t>(std::stoi(age)));
        CHECK_THAT(in_logs ? std::log(x) : x, WithinAbs(number(expected), 1e-9 * (1 + std::abs(number(expected)))));
        ++by_age;
      }
    };
    check("log_threshold_at_age", e.exit_threshold_by_age, true);
    check("threshold_size_at_age", e.threshold_size_by_age);
    check("exit_hazard_at_age", e.exit_hazard_by_age);
    check("survival_at_age", e.survival_by_age);
    check("mean_size_at_age", e.mean_size_by_age);
    if (rows == 0) {
      auto competitive = economy;
      competitive.market = industry_market::perfect_competition;
      auto const same = solve(competitive);
      CHECK_THAT(same.price_index, WithinRel(number(row.at("competitive_price")), 1e-9));
      CHECK(same.mass_entrants_per_period == e.mass_entrants_per_period);
      CHECK(same.demand == e.demand);
      CHECK_THAT(same.consumption * same.price_index, WithinRel(same.revenue, 1e-14));
    }
    // What all these have, though not every prior must: thresholds rise with age, hazards fall, and so does what is
    // learned; size rises.
    for (std::size_t n = 1; n + 1 < e.exit_hazard_by_age.size() && n < 60; ++n) {
      CHECK(e.threshold_size_by_age[n] <= e.threshold_size_by_age[n + 1]);
      CHECK(e.exit_hazard_by_age[n] <= e.exit_hazard_by_age[n - 1]);
      CHECK(e.mean_size_by_age[n] >= e.mean_size_by_age[n - 1]);
      CHECK(e.news_variance_by_age[n] <= e.news_variance_by_age[n - 1]);
      CHECK(e.growth_variance_by_age[n] <= e.news_variance_by_age[n] * (1 + 1e-12));
    }
    ++rows;
  }
  CHECK(rows == 5);
  CHECK(by_age == 4 * (7 + 7 + 8 + 7 + 8) + 3);
}

TEST_CASE("what is learned at once, and what there is nothing to learn about, in closed form", "[dynamics]") {
  auto economy = brief();
  double const b = 3, gamma = 0.9 * 0.7, f = 1;
  economy.noise_variance = 0;
  auto const at_once = solve(economy);
  // A x_0 - f + gamma/(1 - gamma) f J(z*) = f_e with A e^(b z*) = f.
  double const log_cutoff = std::log(at_once.exit_threshold_by_age[1]);
  auto const tail = tail_of(melitz::lognormal<>{0.2, std::sqrt(0.2)}, b).at(log_cutoff);
  CHECK_THAT(at_once.demand * std::pow(at_once.exit_threshold_by_age[1], b), WithinRel(f, 1e-14));
  CHECK_THAT(
      at_once.demand * std::exp(b * 0.2 - b * 0.2 / 2) - f + gamma / (1 - gamma) * f * tail.excess * tail.scale(),
      WithinRel(1, 1e-13));
  CHECK_THAT(at_once.exit_hazard_by_age[0], WithinRel(1 - 0.7 * tail.survival * tail.scale(), 1e-14));
  CHECK(at_once.horizon == 1);
  economy.noise_variance = 1e-9;
  CHECK_THAT(solve(economy).demand, WithinRel(at_once.demand, 2e-9 * b * b));

  economy = brief();
  economy.prior_variance = 0;
  auto const alike = solve(economy);
  CHECK_THAT(alike.demand * std::exp(b * 0.2 - b * 0.3 / 2), WithinRel(f + (1 - gamma) * 1, 1e-14));
  CHECK_THAT(alike.firms_per_entrant, WithinRel(1 / 0.3, 1e-14));
  CHECK(alike.exit_hazard_by_age == std::vector<double>{1 - (1 - 0.3)});
  CHECK(alike.news_variance_by_age == std::vector<double>{0});
  economy.prior_variance = 1e-9;
  CHECK_THAT(solve(economy).demand, WithinRel(alike.demand, 1e-8 * b * b));

  economy = brief();
  economy.domestic.death_rate = 1;  // nobody has a second period
  auto const once = solve(economy);
  CHECK_THAT(once.demand * std::exp(b * 0.2 - b * 0.5 / 2), WithinRel(2, 1e-14));
  CHECK_THAT(once.firms_per_entrant, WithinRel(1, 1e-14));
  CHECK_THAT(once.revenue, WithinRel(100, 1e-13));
}

TEST_CASE("the accounts of firms that learn close", "[dynamics][property]") {
  test::uniform_numbers uniform(1982);
  for (int trial = 0; trial < 500; ++trial) {
    learning_economy<> const economy{
        .domestic = {.elasticity = uniform(1.3, 5),
                     .fixed_cost = std::exp(uniform(-2, 2)),
                     .entry_cost = std::exp(uniform(-2, 3)),
                     .death_rate = trial % 20 == 0 ? uniform(0.25, 0.6) : uniform(0.6, 0.95),
                     .labor = std::exp(uniform(0, 6))},
        .discount_factor = trial % 3 == 0 ? 1 : uniform(0.3, 1),
        .prior_mean = uniform(-2, 2),
        .prior_variance = std::exp(uniform(-5, -1)),
        .noise_variance = std::exp(uniform(-5, 2))};
    CAPTURE(trial, economy.domestic.elasticity, economy.prior_variance, economy.noise_variance);
    auto const& home = economy.domestic;
    auto const e = solve(economy);
    CHECK(std::abs(e.value_identity) < 1e-12);
    CHECK_THAT(e.labor_entry + e.labor_fixed + e.labor_variable, WithinRel(home.labor, 1e-13));
    CHECK_THAT(e.consumption, WithinRel(e.welfare * home.labor, 1e-14));
    CHECK_THAT(e.consumption * e.price_index, WithinRel(e.revenue, 1e-13));
    // Who enters exits; and firms of all ages are all firms.
    double exits = 0, firms = 0, sizes = 0;
    auto const last = static_cast<std::size_t>(e.horizon);
    for (std::size_t n = 0; n < last; ++n) {
      exits += e.survival_by_age[n] * e.exit_hazard_by_age[n];
      firms += e.survival_by_age[n];
      sizes += e.survival_by_age[n] * e.mean_size_by_age[n];
      if (n > 0)
        CHECK_THAT(std::log(e.demand / home.fixed_cost) + (home.elasticity - 1) * std::log(e.exit_threshold_by_age[n]) -
                       (home.elasticity - 1) *
                           (1 / (1 / economy.prior_variance + static_cast<double>(n) / economy.noise_variance) +
                            economy.noise_variance) /
                           2,
                   WithinAbs(std::log(e.threshold_size_by_age[n]), 1e-12));
    }
    CHECK_THAT(exits + e.survival_by_age[last], WithinRel(1, 1e-12));
    CHECK_THAT(firms + e.survival_by_age[last] / home.death_rate, WithinRel(e.firms_per_entrant, 1e-12));
    sizes += e.survival_by_age[last] * e.mean_size_by_age[last] / home.death_rate;
    CHECK_THAT(sizes, WithinRel(e.size_per_entrant, 1e-9));
    CHECK_THAT(e.entry_rate * e.firms_per_entrant, WithinRel(1, 1e-15));
    // Without interest on entry all revenue is wages.
    if (economy.discount_factor == 1) {
      CHECK_THAT(e.revenue, WithinRel(home.labor, 1e-12));
    } else {
      CHECK(e.revenue > home.labor);
    }
    // Of entrants those stay whose first signal is good enough.
    double const v1 = 1 / (1 / economy.prior_variance + 1 / economy.noise_variance);
    double const sd = std::sqrt(economy.prior_variance - v1), b = home.elasticity - 1;
    double const least = (std::log(e.exit_threshold_by_age[1]) - economy.prior_mean) / sd;
    CHECK_THAT(e.exit_hazard_by_age[0], WithinRel(1 - (1 - home.death_rate) * above(least), 1e-11));
    double const mills = std::exp(-least * least / 2) / std::sqrt(2 * std::acos(-1.0)) / above(least);
    CHECK_THAT(e.growth_by_age[0], WithinAbs(b * sd * sd / 2 + b * sd * mills, 1e-10));
    CHECK_THAT(e.growth_variance_by_age[0], WithinRel(b * b * sd * sd * (1 + least * mills - mills * mills), 1e-8));
  }
}

TEST_CASE("the horizon is as far off as the error that is reported", "[dynamics]") {
  auto const economy = brief();
  auto const exact = solve(economy);
  double last = 1;
  for (std::size_t const horizon : {4U, 8U, 16U, 32U}) {
    auto const e = melitz::detail::solve_learning(economy, horizon, {});
    CAPTURE(horizon, e.error_estimate);
    double const error = std::abs(std::log(e.demand / exact.demand));
    if (!e) continue;
    CHECK(error <= e.error_estimate);
    CHECK(std::abs(e.value_identity) < 1e-12);
    CHECK(e.error_estimate < last / 4);
    last = e.error_estimate;
  }
  CHECK(last < 1e-6);
  // Beyond the default nothing moves.
  auto const longer = melitz::detail::solve_learning(economy, 2 * static_cast<std::size_t>(exact.horizon), {});
  CHECK_THAT(longer.demand, WithinRel(exact.demand, 1e-13));
  CHECK_THAT(longer.firms_per_entrant, WithinRel(exact.firms_per_entrant, 1e-11));
  CHECK_THAT(longer.size_per_entrant, WithinRel(exact.size_per_entrant, 1e-11));
}

TEST_CASE("firms that learn carry derivatives", "[dynamics][property]") {
  using slope = melitz::gradient<2>;
  auto economy = brief();
  economy.domestic.death_rate = 0.5;
  auto const at = [&](double fixed, double noise) {
    auto moved = economy;
    moved.domestic.fixed_cost += fixed;
    moved.noise_variance += noise;
    return solve(moved);
  };
  learning_economy<slope> const variable{.domestic = {.elasticity = slope(4),
                                                      .fixed_cost = slope::variable(1, 0),
                                                      .entry_cost = slope(1),
                                                      .death_rate = slope(0.5),
                                                      .labor = slope(100)},
                                         .discount_factor = slope(0.9),
                                         .prior_mean = slope(0.2),
                                         .prior_variance = slope(0.2),
                                         .noise_variance = slope::variable(0.3, 1)};
  auto const e = solve(variable);
  double const h = 1e-5;
  for (std::size_t k = 0; k < 2; ++k) {
    auto const up = k == 0 ? at(h, 0) : at(0, h), down = k == 0 ? at(-h, 0) : at(0, -h);
    auto const check = [&](slope const& x, double more, double less) {
      CHECK_THAT(x.derivative[k], WithinAbs((more - less) / (2 * h), 3e-8 * (1 + std::abs(x.value))));
    };
    check(e.demand, up.demand, down.demand);
    check(e.welfare, up.welfare, down.welfare);
    check(e.firms_per_entrant, up.firms_per_entrant, down.firms_per_entrant);
    for (std::size_t const n : {1U, 3U, 10U}) {
      check(e.threshold_size_by_age[n], up.threshold_size_by_age[n], down.threshold_size_by_age[n]);
      check(e.exit_hazard_by_age[n], up.exit_hazard_by_age[n], down.exit_hazard_by_age[n]);
      check(e.growth_variance_by_age[n], up.growth_variance_by_age[n], down.growth_variance_by_age[n]);
    }
  }
}

TEST_CASE("learning economies that are none are refused by name", "[dynamics][errors]") {
  double const infinite = std::numeric_limits<double>::infinity();
  auto const refused = [](auto change, char const* words) {
    auto economy = brief();
    change(economy);
    CHECK_THROWS_WITH(solve(economy), contains(words));
  };
  refused([](auto& e) { e.prior_variance = -1; },
          "learning_economy: prior_variance is -1; it must be at least 0 and finite");
  refused([](auto& e) { e.noise_variance = -0.1; }, "noise_variance is -0.1; it must be at least 0");
  refused([&](auto& e) { e.noise_variance = infinite; }, "noise_variance is inf");
  refused([](auto& e) { e.domestic.death_rate = 0; }, "death_rate is 0; it must lie in (0, 1]");
  refused([](auto& e) { e.discount_factor = 1.1; }, "discount_factor is 1.1; it must lie in (0, 1]");
  refused([](auto& e) { e.domestic.fixed_cost = 0; }, "fixed_cost is 0");
  refused([](auto& e) { e.domestic.entry_cost = 0; }, "entry_cost is 0");
  refused([](auto& e) { e.domestic.elasticity = 1; }, "elasticity is 1");
  refused([](auto& e) { e.prior_mean = std::nan(""); }, "prior_mean is nan; it must be finite");
  auto const short_of = try_solve(brief(), {.max_evaluations = 1});
  CHECK(short_of.reason == melitz::status::iteration_limit);
  CHECK(std::isnan(short_of.welfare));
  CHECK(short_of.exit_hazard_by_age.empty());
  // Deaths that rounding does not know: the horizon is as far as it gets, and that is not said to be enough.
  auto deathless = brief();
  deathless.domestic.death_rate = 1e-18;
  deathless.discount_factor = 1;
  CHECK(melitz::detail::learning_horizon(deathless) == 5000);
  deathless.discount_factor = 0.9;
  CHECK(melitz::detail::learning_horizon(deathless) == 5000);
  auto wide = brief();
  wide.prior_variance = 100;  // E[x] is e^600
  CHECK(try_solve(wide).reason == melitz::status::out_of_range);
  CHECK(to_string(industry_market::perfect_competition) == "perfect_competition");
}

}  // namespace test::dynamics_learning
