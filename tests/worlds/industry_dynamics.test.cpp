// SPDX-License-Identifier: BSL-1.0
#include <melitz/dynamics/redraw.hpp>
#include <melitz/dynamics/states/chain.hpp>
#include <melitz/dynamics/states/industry_dynamics.hpp>
#include <melitz/dynamics/states/industry_firms.hpp>
#include <melitz/dynamics/states/sunk_exports.hpp>
#include <melitz/economy/solve.hpp>

#include "support/catch.hpp"
#include "support/reference.hpp"
#include "support/told.hpp"
#include "worlds/industries.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <variant>
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
using test::industries::draws;
using test::industries::example;
using test::industries::law;

namespace {

double const nan = std::numeric_limits<double>::quiet_NaN();

/// A law of the reference.
law law_of(json const& p) {
  auto const family = test::family<double>(p);
  if (auto const* pareto = std::get_if<melitz::pareto<>>(&family)) return law(*pareto);
  if (auto const* bounded = std::get_if<melitz::bounded_pareto<>>(&family)) return law(*bounded);
  return law(std::get<melitz::lognormal<>>(family));
}

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
  check("firms", e.mass_producers);
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

}  // namespace

TEST_CASE("industries with redraws agree with the references", "[industry][reference]") {
  auto const file = test::reference("industry_dynamics");
  int compared = 0;
  for (auto const& row : file.at("redraws")) {
    CAPTURE(row.at("name"));
    auto const& p = row.at("params");
    auto const e = economy_of(p);
    auto const entrants = law_of(p.at("entry_law")).tail(e.elasticity - 1);
    auto const redraws = law_of(p.at("redraw_law")).tail(e.elasticity - 1);
    auto const two = try_solve_redraws(e, entrants, redraws);
    REQUIRE(two.reason == status::converged);
    CHECK(two.residual < 1e-13);
    compared += compare(row.at("outputs"), two, 1e-12);
    if (p.at("entry_law") != p.at("redraw_law")) continue;
    auto const one = solve(e, law_of(p.at("entry_law")));
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
      auto const entrants = law_of(row.at("params").at("entry"));
      auto const r = try_solve(e, entrants);
      REQUIRE(r.reason == status::converged);
      CHECK(r.residual < 1e-12);
      CHECK(r.discretization_error < 1e-11);
      compared += compare(row.at("outputs"), r, 1e-11);
      // On panels half as wide, of which there are whole ones, nothing moves beyond the bound.
      auto const finer = solve(e, entrants, {.refinement = 2});
      CHECK(finer.nodes >= 1.5 * r.nodes);
      CHECK_THAT(finer.demand, WithinRel(r.demand, r.discretization_error + 1e-13));
      auto const tail = entrants.tail(e.elasticity - 1);
      melitz::industry_firms const firms(e, tail, r);
      if (row.at("outputs").contains("value_at_cutoff_plus_0_25_50_100")) {
        auto const& expected = row.at("outputs").at("value_at_cutoff_plus_0_25_50_100");
        for (std::size_t k = 0; k < 4; ++k) {
          double const above[] = {0, 0.25, 0.5, 1};
          CHECK_THAT(firms.value(r.cutoff * std::exp(above[k])), WithinAbs(number(expected.at(k)), 1e-10));
        }
      }
      CHECK_THAT(firms.share_above(r.cutoff / 1e6), WithinRel(1.0, 1e-12));
      if (e.partners > 0) CHECK_THAT(firms.share_above(r.export_cutoff), WithinRel(r.share_exporting, 1e-11));
      double const step = 1e-4, at = r.cutoff * 1.7;
      double const slope =
          (firms.share_above(at * std::exp(-step)) - firms.share_above(at * std::exp(step))) / (2 * step);
      CHECK_THAT(firms.density(at), WithinRel(slope, 1e-5));
      if (!row.at("outputs").contains("competitive_price")) continue;
      e.market = industry_market::perfect_competition;
      auto const taken = solve(e, entrants);
      CHECK_THAT(taken.price_index, WithinRel(number(row.at("outputs").at("competitive_price")), 1e-11));
      CHECK(taken.mass_entrants_per_period == r.mass_entrants_per_period);
    }
  }
  CHECK(compared == 275);
}

TEST_CASE("without shocks an industry is Melitz's economy", "[industry]") {
  auto e = example(productivity_shocks::redraws);
  e.discount_factor = 1;
  std::vector<law> const laws{draws, law(melitz::pareto<>{1, 4.25}),
                              law(melitz::discrete<>{{1, 2, 3}, {0.5, 0.3, 0.2}})};
  for (auto const& entrants : laws) {
    for (double const partners : {0.0, 2.0}) {
      for (double const redraw : {0.0, 0.3}) {
        CAPTURE(&entrants - laws.data(), partners, redraw);
        e.partners = partners;
        e.redraw_probability = redraw;
        e.fixed_cost = 1;
        auto const r = solve(e, entrants);
        // Redraws are hope: the overhead is lower, and the death rate higher.
        double const hope = redraw * (1 - e.death_rate);
        melitz::open_economy<> m{{4, 1 - hope * e.entry_cost, 2, e.death_rate + hope, 1000}, partners, 1.5, 1.2};
        auto const melitz = solve(m, entrants);
        double const few = redraw > 0 ? 1e-13 : 1e-15;
        CHECK_THAT(r.cutoff, WithinRel(melitz.cutoff, few));
        if (partners > 0) CHECK_THAT(r.export_cutoff, WithinRel(melitz.export_cutoff, few));
        if (redraw > 0) continue;
        // "To the last digits": sums in another order.
        CHECK_THAT(r.mass_entrants_per_period, WithinRel(melitz.mass_entrants_per_period, 4e-15));
        CHECK_THAT(r.mass_producers, WithinRel(melitz.mass_producers, 4e-15));
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

TEST_CASE("sunk export costs make firms wait and stay", "[industry][reference]") {
  auto const file = test::reference("industry_dynamics");
  for (auto const& row : file.at("chain_and_sunk")) {
    auto const& p = row.at("params");
    if (!p.contains("F0")) continue;
    CAPTURE(row.at("name"));
    auto e = economy_of(p);
    e.export_fixed_cost = p.at("F1");
    auto const& expected = row.at("outputs");
    auto const r = try_solve_sunk_exports(e, number(p.at("F0")), draws);
    REQUIRE(r.reason == status::converged);
    auto const agrees = [&](char const* key, double value) {
      CAPTURE(key);
      test::check_number(value, expected.at(key), 1e-11);
    };
    agrees("A", r.demand);
    agrees("log_exit_cutoff_non_exporter", r.log_exit_cutoff);
    agrees("log_exit_cutoff_exporter", r.log_exporter_exit_cutoff);
    agrees("log_start_cutoff", r.log_start_cutoff);
    agrees("log_stop_cutoff", r.log_stop_cutoff);
    agrees("firms_per_entrant", r.firms_per_entrant);
    agrees("size_per_entrant", r.size_per_entrant);
    agrees("share_exporting", r.share_exporting);
    agrees("starter_rate", r.start_rate);
    agrees("stopper_rate", r.stop_rate);
    agrees("export_share_of_sales", r.export_share);
    agrees("entrants", r.mass_entrants_per_period);
    agrees("firms", r.mass_producers);
    agrees("revenue", r.revenue);
    agrees("price_index", r.price_index);
    agrees("real_consumption", r.welfare * e.labor);
  }
  // Where beginning costs what going on costs, nothing is sunk.
  auto const e = example(productivity_shocks::autoregression);
  auto const sunk = try_solve_sunk_exports(e, e.export_fixed_cost, draws);
  auto const free = solve(e, draws);
  REQUIRE(sunk);
  CHECK_THAT(sunk.demand, WithinRel(free.demand, 1e-13));
  CHECK_THAT(sunk.log_stop_cutoff, WithinRel(sunk.log_start_cutoff, 1e-12));
  CHECK_THAT(std::exp(sunk.log_start_cutoff), WithinRel(free.export_cutoff, 1e-12));
  CHECK_THAT(sunk.welfare, WithinRel(free.welfare, 1e-12));
  CHECK_THROWS_WITH(try_solve_sunk_exports(e, 1.1, draws),
                    contains("start_cost is 1.1; it must be finite and at least"));
  CHECK_THROWS_WITH(try_solve_sunk_exports(e, nan, draws), contains("start_cost"));
  CHECK_THROWS_WITH(try_solve_sunk_exports(example(productivity_shocks::redraws), 2.0, draws),
                    contains("shocks is redraws; it must be an autoregression"));
}

TEST_CASE("what trade does in industries that change, beside Melitz", "[industry][reference]") {
  auto const file = test::reference("industry_dynamics");
  int rows = 0;
  for (auto const& row : file.at("compare").at("rows")) {
    auto const name = row.at("model").get<std::string>();
    CAPTURE(name, row.at("beta"));
    bool const redraws = name.find("redraw") != std::string::npos;
    auto e = example(redraws ? productivity_shocks::redraws : productivity_shocks::autoregression);
    e.discount_factor = row.at("beta");
    if (redraws) e.redraw_probability = name.find("0.2") != std::string::npos ? 0.2 : 0;
    auto const r = solve(e, draws), alone = solve(autarky_of(e), draws);
    auto const agrees = [&](char const* key, double value) {
      if (row.contains(key)) CHECK_THAT(value, WithinRel(number(row.at(key)), 1e-11));
    };
    agrees("gain", gains_from_trade(e, draws));
    agrees("share_exporting", r.share_exporting);
    agrees("entry_rate", r.entry_rate);
    agrees("cutoff_autarky", alone.cutoff);
    agrees("cutoff_trade", r.cutoff);
    agrees("export_cutoff", r.export_cutoff);
    agrees("export_share", r.export_share);
    CHECK_THAT(alone.revenue, WithinRel(number(row.at("revenue").at(0)), 1e-11));
    CHECK_THAT(r.revenue, WithinRel(number(row.at("revenue").at(1)), 1e-11));
    // The rows have hazards of the closed economy for a model, of the open one for another: those with trade.
    for (std::size_t age = 0; age < row.at("hazard").size(); ++age) {
      CHECK_THAT(r.exit_hazard_by_age[age], WithinRel(number(row.at("hazard").at(age)), 1e-11));
    }
    // The option to wait: the cutoff lies below where this period pays for itself.
    CHECK((e.redraw_probability == 0 && redraws ? std::abs(r.cutoff / r.zero_profit_cutoff - 1) < 1e-14
                                                : r.cutoff < r.zero_profit_cutoff));
    ++rows;
  }
  CHECK(rows == 6);

  for (auto const shocks : {productivity_shocks::redraws, productivity_shocks::autoregression}) {
    for (double const beta : {1.0, 0.96}) {
      auto e = example(shocks);
      e.discount_factor = beta;
      auto const r = solve(e, draws);
      double const h = 1e-3;
      auto const moved = [&](double d) {
        auto there = e;
        there.iceberg_cost *= std::exp(d);
        return solve(there, draws, {.flows = false});
      };
      auto const slope = [&](double industry_equilibrium<>::*member) {
        auto const ln = [&](double d) { return std::log(moved(d).*member); };
        return (8 * (ln(h) - ln(-h)) - (ln(2 * h) - ln(-2 * h))) / (12 * h);
      };
      CHECK_THAT(slope(&industry_equilibrium<>::demand), WithinRel(3 * r.discounted_export_share, 1e-9));
      if (beta == 1) {
        CHECK_THAT(slope(&industry_equilibrium<>::welfare), WithinRel(-r.export_share, 1e-9));
        CHECK_THAT(r.revenue, WithinRel(e.labor, 1e-12));
        CHECK_THAT(r.discounted_export_share, WithinRel(r.export_share, 1e-12));
      }
    }
  }

  // Pareto redraws at beta = 1: the formula of Arkolakis, Costinot and Rodriguez-Clare, exactly; not at 0.96.
  law const fat(melitz::pareto<>{1, 4.25});
  auto e = example(productivity_shocks::redraws);
  e.discount_factor = 1;
  auto const formula = [&] { return std::pow(1 - solve(e, fat).export_share, -1 / 4.25); };
  CHECK_THAT(gains_from_trade(e, fat), WithinRel(formula(), 1e-13));
  e.discount_factor = 0.96;
  CHECK(std::abs(gains_from_trade(e, fat) / formula() - 1) > 1e-6);
}

TEST_CASE("an autoregression without memory is a redraw every period", "[industry]") {
  auto a = example(productivity_shocks::autoregression), d = example(productivity_shocks::redraws);
  a.persistence = 0;
  d.redraw_probability = 1;
  law const long_run(melitz::lognormal<>{0, 0.5});
  a.shock_sd = 0.5;
  for (double const entry_cost : {2.0, 0.6, 1.3}) {  // where entry is dear nobody exits
    for (double const partners : {0.0, 1.0}) {
      CAPTURE(entry_cost, partners);
      a.entry_cost = d.entry_cost = entry_cost;
      a.partners = d.partners = partners;
      auto const moving = solve(a, long_run), drawn = solve(d, long_run);
      CHECK(moving.nobody_exits == drawn.nobody_exits);
      CHECK(moving.nobody_exits == (entry_cost > 1.1));
      auto const one = test::numbers_of(moving), other = test::numbers_of(drawn);
      for (std::size_t k = 0; k < one.size(); ++k) {
        CAPTURE(one[k].first);
        if (one[k].second != other[k].second) CHECK_THAT(one[k].second, WithinRel(other[k].second, 1e-11));
      }
      for (std::size_t age = 0; age < 5; ++age) {
        CHECK_THAT(moving.relative_size_by_age[age], WithinRel(drawn.relative_size_by_age[age], 1e-10));
      }
    }
  }
}

}  // namespace test::worlds_industry_dynamics
