// SPDX-License-Identifier: BSL-1.0
#include <melitz/dynamics/redraw.hpp>
#include <melitz/dynamics/states/chain.hpp>
#include <melitz/dynamics/states/industry_dynamics.hpp>
#include <melitz/economy/solve.hpp>

#include "support/catch.hpp"
#include "support/laws.hpp"
#include "support/random.hpp"
#include "support/reference.hpp"
#include "support/told.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace test::worlds_industry_dynamics {

using melitz::exit_timing;
using melitz::industry_economy;
using melitz::industry_equilibrium;
using melitz::industry_market;
using melitz::productivity_shocks;
using melitz::solve;
using melitz::status;
using melitz::try_solve;
using test::contains;
using test::number;
using test::WithinAbs;
using test::WithinRel;

namespace {

double const infinity = std::numeric_limits<double>::infinity();
double const nan = std::numeric_limits<double>::quiet_NaN();

/// The economy of a reference row, whose names are those of the specification.
industry_economy<> economy_of(json const& p) {
  auto const get = [&](char const* key, double otherwise) {
    return p.contains(key) ? p.at(key).get<double>() : otherwise;
  };
  industry_economy<> e{.elasticity = p.contains("sigma") ? get("sigma", 0) : get("b", 0) + 1,
                       .fixed_cost = get("f", nan),
                       .entry_cost = get("fe", nan),
                       .death_rate = get("delta", nan),
                       .discount_factor = get("beta", nan),
                       .labor = get("L", nan),
                       .partners = get("n", 0),
                       .iceberg_cost = get("tau", 1),
                       .export_fixed_cost = get("fx", 1),
                       .redraw_probability = get("lam", 0),
                       .persistence = get("rho", 0),
                       .shock_mean = get("log_mean", 0),
                       .shock_sd = get("log_sd", 0)};
  if (p.contains("rho")) e.shocks = productivity_shocks::autoregression;
  if (p.contains("timing") && p.at("timing") == "before") e.timing = exit_timing::before;
  return e;
}

/// Compares what a reference row has of an equilibrium. @return how many numbers
int compare(json const& row, industry_equilibrium<> const& e, double relative) {
  int compared = 0;
  auto const check = [&](char const* key, double value) {
    if (!row.contains(key)) return;
    CAPTURE(key);
    test::check_number(value, row.at(key), relative);
    ++compared;
  };
  check("cutoff", e.cutoff);
  check("log_cutoff", e.log_cutoff);
  check("A", e.demand);
  check("export_cutoff", e.export_cutoff);
  check("firms_per_entrant", e.firms_per_entrant);
  check("size_per_entrant", e.size_per_entrant);
  check("share_exporting", e.share_exporting);
  check("entrants", e.mass_entrants_per_period);
  check("firms", e.mass_firms);
  check("revenue", e.revenue);
  check("price_index", e.price_index);
  check("real_consumption", e.revenue / e.price_index);
  check("entry_rate", e.entry_rate);
  check("exit_rate", e.entry_rate);
  check("export_share_of_sales", e.export_share);
  check("job_creation_rate", e.job_creation_rate);
  check("job_destruction_rate", e.job_destruction_rate);
  check("job_creation_by_entrants", e.job_creation_by_entrants);
  check("job_destruction_by_exit", e.job_destruction_by_exit);
  auto const ages = [&](char const* key, std::vector<double> const& values) {
    if (!row.contains(key)) return;
    CAPTURE(key);
    REQUIRE(values.size() >= row.at(key).size());
    for (std::size_t age = 0; age < row.at(key).size(); ++age, ++compared) {
      CAPTURE(age);
      test::check_number(values[age], row.at(key).at(age), relative);
    }
  };
  ages("exit_hazard_by_age", e.exit_hazard_by_age);
  ages("relative_size_by_age", e.relative_size_by_age);
  return compared;
}

/// Two countries to trade with, and shocks of either kind.
industry_economy<> example(productivity_shocks shocks) {
  return {.elasticity = 4,
          .fixed_cost = 1,
          .entry_cost = 2,
          .death_rate = 0.05,
          .discount_factor = 0.96,
          .labor = 1000,
          .partners = 2,
          .iceberg_cost = 1.5,
          .export_fixed_cost = 1.2,
          .redraw_probability = 0.2,
          .persistence = 0.9,
          .shock_sd = 0.2,
          .shocks = shocks};
}
melitz::lognormal<> const draws{0, 0.4588314677411235};

}  // namespace

TEST_CASE("industries with redraws agree with the references", "[industry][reference]") {
  auto const file = test::reference("industry_dynamics");
  int compared = 0;
  for (auto const& row : file.at("redraws")) {
    CAPTURE(row.at("name"));
    auto const& p = row.at("params");
    auto const e = economy_of(p);
    auto const entrants = tail_of(test::law(p.at("entry_law")), e.elasticity - 1);
    auto const redraws = tail_of(test::law(p.at("redraw_law")), e.elasticity - 1);
    auto const two = try_solve_redraws(e, entrants, redraws);
    REQUIRE(two.reason == status::converged);
    CHECK(two.residual < 1e-13);
    compared += compare(row.at("outputs"), two, 1e-12);
    if (p.at("entry_law") != p.at("redraw_law")) continue;
    auto const one = solve(e, test::law(p.at("entry_law")));
    compared += compare(row.at("outputs"), one, 1e-12);
  }
  CHECK(compared == 266);
}

TEST_CASE("autoregressions agree with the references", "[industry][reference]") {
  int compared = 0;
  auto const file = test::reference("industry_dynamics");
  for (char const* const list : {"autoregression", "pareto_entrants"}) {
    for (auto const& row : file.at(list)) {
      CAPTURE(row.at("name"));
      auto e = economy_of(row.at("params"));
      auto const law = test::law(row.at("params").at("entry"));
      auto const r = try_solve(e, law);
      REQUIRE(r.reason == status::converged);
      CHECK(r.residual < 1e-12);
      CHECK(r.discretization_error < 1e-11);
      compared += compare(row.at("outputs"), r, 1e-11);
      if (!row.at("outputs").contains("competitive_price")) continue;
      e.market = industry_market::perfect_competition;
      auto const taken = solve(e, law);
      CHECK_THAT(taken.price_index, WithinRel(number(row.at("outputs").at("competitive_price")), 1e-11));
      CHECK(taken.mass_entrants_per_period == r.mass_entrants_per_period);
    }
  }
  CHECK(compared == 200);
}

TEST_CASE("without shocks an industry is Melitz's economy", "[industry]") {
  auto e = example(productivity_shocks::redraws);
  e.discount_factor = 1;
  for (melitz::any_law<> const& law : {melitz::any_law<>(draws), melitz::any_law<>(melitz::pareto<>{1, 4.25}),
                                       melitz::any_law<>(melitz::discrete<>{{1, 2, 3}, {0.5, 0.3, 0.2}})}) {
    for (double const partners : {0.0, 2.0}) {
      for (double const redraw : {0.0, 0.3}) {
        CAPTURE(law.index(), partners, redraw);
        e.partners = partners;
        e.redraw_probability = redraw;
        e.fixed_cost = 1;
        auto const r = solve(e, law);
        // Redraws are hope: the overhead is lower, and the death rate higher.
        double const hope = redraw * (1 - e.death_rate);
        melitz::open_economy<> m{{4, 1 - hope * e.entry_cost, 2, e.death_rate + hope, 1000}, partners, 1.5, 1.2};
        auto const melitz = solve(m, law);
        double const few = redraw > 0 ? 1e-13 : 1e-15;
        CHECK_THAT(r.cutoff, WithinRel(melitz.cutoff, few));
        if (partners > 0) CHECK_THAT(r.export_cutoff, WithinRel(melitz.export_cutoff, few));
        if (redraw > 0) continue;
        // "To the last digits": sums in another order.
        CHECK_THAT(r.mass_entrants_per_period, WithinRel(melitz.mass_entrants_per_period, 4e-15));
        CHECK_THAT(r.mass_firms, WithinRel(melitz.mass_producers, 4e-15));
        CHECK_THAT(r.share_exporting, WithinAbs(melitz.share_exporting, 4e-15));
        CHECK_THAT(r.welfare, WithinRel(melitz.welfare, 4e-15));
        CHECK_THAT(r.export_share, WithinAbs(melitz.export_share, 4e-15));
        CHECK_THAT(r.entry_rate, WithinRel(e.death_rate, 1e-15));
        CHECK_THAT(r.labor_export_fixed, WithinAbs(melitz.labor_export_fixed, 1e-11));
      }
    }
  }
}

TEST_CASE("finite chains need no threshold, and give the published prices", "[industry][reference]") {
  auto const file = test::reference("industry_dynamics");
  int compared = 0;
  for (auto const& row : file.at("chain_and_sunk")) {
    auto const& p = row.at("params");
    if (!p.contains("shock")) continue;
    CAPTURE(row.at("name"));
    auto const& expected = row.at("outputs");
    double const theta = p.at("theta");
    melitz::productivity_chain<> chain;
    auto const n = static_cast<Eigen::Index>(p.at("shock").size());
    chain.productivity.resize(n);
    chain.entrants.resize(n);
    chain.transition.resize(n, n);
    for (Eigen::Index i = 0; i < n; ++i) {
      auto const k = static_cast<std::size_t>(i);
      // Output s l^theta is (phi l)^theta.
      chain.productivity[i] = std::pow(p.at("shock").at(k).get<double>(), 1 / theta);
      chain.entrants[i] = p.at("entry_law").at(k);
      for (Eigen::Index j = 0; j < n; ++j)
        chain.transition(i, j) = p.at("transition").at(k).at(static_cast<std::size_t>(j));
    }
    industry_economy<> const e{.elasticity = 1 / (1 - theta),
                               .fixed_cost = p.at("fixed_cost"),
                               .entry_cost = p.at("entry_cost"),
                               .death_rate = 0,
                               .discount_factor = p.at("beta"),
                               .labor = 1,
                               .partners = 0,
                               .iceberg_cost = 1,
                               .export_fixed_cost = 1,
                               .timing = exit_timing::before,
                               .market = industry_market::perfect_competition};
    auto const r = try_solve(e, chain);
    REQUIRE(r.industry.reason == status::converged);
    CHECK(r.industry.residual < 1e-12);
    double const price = melitz::price_with_costs_in_output(r.industry.demand, e.elasticity);
    CHECK_THAT(price, WithinRel(number(expected.at("price")), 1e-13));
    // What is left of output is consumed; log C - N/200 makes that worth 200 wages.
    auto const& i = r.industry;
    double const output = e.elasticity * i.demand * i.size_per_entrant;
    double const entrants = 1 / p.at("labour_disutility").get<double>() /
                            (price * (output - e.fixed_cost * i.firms_per_entrant - e.entry_cost));
    CHECK_THAT(entrants, WithinRel(number(expected.at("entrants")), 1e-12));
    CHECK_THAT(entrants * i.firms_per_entrant, WithinRel(number(expected.at("firms")), 1e-12));
    CHECK_THAT(i.entry_rate, WithinRel(number(expected.at("exit_rate")), 1e-12));
    CHECK_THAT(entrants * price * (e.elasticity - 1) * i.demand * i.size_per_entrant,
               WithinRel(number(expected.at("labour")), 1e-12));
    for (std::size_t k = 0; k < r.stays.size(); ++k, ++compared) {
      CAPTURE(k);
      CHECK(r.stays[k] == expected.at("stay").at(k).get<bool>());
      auto const s = static_cast<Eigen::Index>(k);
      CHECK_THAT(price * r.values[s], WithinRel(number(expected.at("values").at(k)), 1e-11));
      CHECK_THAT(entrants * r.masses[s], WithinRel(number(expected.at("mass").at(k)), 1e-12));
    }
  }
  CHECK(compared == 10);
}

}  // namespace test::worlds_industry_dynamics
