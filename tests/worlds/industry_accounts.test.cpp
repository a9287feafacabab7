// SPDX-License-Identifier: BSL-1.0
#include <melitz/dynamics/states/chain.hpp>
#include <melitz/dynamics/states/industry_dynamics.hpp>
#include <melitz/dynamics/states/kernel_industry.hpp>

#include "support/catch.hpp"
#include "support/random.hpp"
#include "support/told.hpp"
#include "support/widths.hpp"
#include "worlds/industries.hpp"

#include <cmath>
#include <limits>
#include <string>

namespace test::worlds_industry_accounts {

using melitz::exit_timing;
using melitz::industry_economy;
using melitz::industry_equilibrium;
using melitz::industry_market;
using melitz::productivity_kernel;
using melitz::productivity_shocks;
using melitz::solve;
using melitz::status;
using melitz::try_solve;
using test::contains;
using test::WithinAbs;
using test::WithinRel;
using test::industries::draws;
using test::industries::example;
using test::industries::law;

namespace {

double const infinity = std::numeric_limits<double>::infinity();
double const nan = std::numeric_limits<double>::quiet_NaN();

double normal_density(double t, double mean, double sd) {
  double const z = (t - mean) / sd;
  return std::exp(-z * z / 2) / (sd * std::sqrt(2 * std::acos(-1.0)));
}
/// The autoregression of an economy, as its user may write it.
productivity_kernel<> kernel_of(industry_economy<> const& e) {
  double const rho = e.persistence, mean = e.shock_mean, sd = e.shock_sd;
  return {.density = [=](double to, double from) { return normal_density(to, mean + rho * (from - mean), sd); },
          .lowest = -5,
          .highest = 6};
}
/// Both have the same numbers and lists, to this accuracy.
void agree(industry_equilibrium<> const& a, industry_equilibrium<> const& b, double relative) {
  auto const one = test::numbers_of(a), other = test::numbers_of(b);
  for (std::size_t k = 0; k < one.size(); ++k) {
    CAPTURE(one[k].first);
    if (one[k].second == other[k].second) continue;
    CHECK_THAT(one[k].second, WithinRel(other[k].second, relative) || WithinAbs(other[k].second, relative));
  }
  REQUIRE(a.exit_hazard_by_age.size() == b.exit_hazard_by_age.size());
  for (std::size_t age = 0; age < a.exit_hazard_by_age.size(); ++age) {
    CAPTURE(age);
    CHECK_THAT(a.exit_hazard_by_age[age], WithinAbs(b.exit_hazard_by_age[age], relative));
    CHECK_THAT(a.relative_size_by_age[age], WithinRel(b.relative_size_by_age[age], 10 * relative));
    CHECK_THAT(a.share_of_firms_by_age[age], WithinAbs(b.share_of_firms_by_age[age], relative));
  }
}

}  // namespace

TEST_CASE("random industries close their accounts", "[industry]") {
  test::uniform_numbers uniform(16);
  int solved = 0, corners = 0;
  for (int k = 0; k < 500; ++k) {
    bool const redraws = k % 2 == 0;
    auto e = example(redraws ? productivity_shocks::redraws : productivity_shocks::autoregression);
    e.elasticity = uniform(1.8, 6);
    e.fixed_cost = std::exp(uniform(-1, 1));
    e.entry_cost = std::exp(uniform(-1.5, 2));
    e.death_rate = k % 5 == 0 ? 0 : uniform(0.005, 0.2);
    e.discount_factor = k % 3 == 0 && e.death_rate > 0 ? 1 : uniform(0.85, 0.99);
    e.partners = std::floor(uniform(0, 4));
    e.iceberg_cost = uniform(1, 2.5);
    e.export_fixed_cost = std::exp(uniform(-2, 1.5));
    e.redraw_probability = uniform(0.02, 1);
    e.persistence = uniform(0, 0.97);
    e.shock_mean = uniform(-0.3, 0.3);
    e.shock_sd = uniform(0.05, 0.4) * std::sqrt(1 - e.persistence * e.persistence) + 0.02;
    if (!redraws && k % 7 == 0) e.timing = exit_timing::before;
    if (k % 11 == 0) e.market = industry_market::perfect_competition;
    int const family = uniform.whole(5);
    auto const drawn = [&]() -> law {
      switch (family) {
        case 0:
          return law(melitz::pareto<>{uniform(0.5, 1), (e.elasticity - 1) * uniform(1.1, 2.5)});
        case 1:
          return law(melitz::discrete<>{{0.6, 1, 1.7}, {0.3, 0.4, 0.3}});
        case 2:
          return law(melitz::uniform<>{0.5, 2});
        case 3:
          return law(melitz::bounded_pareto<>{uniform(0.5, 1), uniform(2, 8), uniform(0.5, 6)});
        default:
          return law(melitz::lognormal<>{uniform(-0.3, 0.3), uniform(0.1, 0.6)});
      }
    }();
    CAPTURE(k, family);
    industry_equilibrium<> r;
    try {
      r = try_solve(e, drawn);
    } catch (melitz::domain_error const& mistake) {
      CHECK(mistake.parameter() == "death_rate");  // nobody exits, and nobody dies
      CHECK(e.death_rate == 0);
      continue;
    }
    if (r.reason == status::not_covered) continue;
    // Without death, firms that live for more periods than can be counted.
    if (r.reason == status::out_of_range && e.death_rate == 0) continue;
    REQUIRE(r.reason == status::converged);
    ++solved;
    corners += r.nobody_exits ? 1 : 0;
    CHECK(r.residual < 1e-12);
    CHECK(r.discretization_error < 1e-11);
    CHECK(std::abs(r.job_creation_rate - r.job_destruction_rate) < 1e-12);
    if (e.timing == exit_timing::after) CHECK(r.cutoff <= r.zero_profit_cutoff * (1 + 1e-15));
    CHECK(r.share_exporting >= 0);
    CHECK(r.share_exporting <= 1);
    CHECK(r.export_share >= 0);
    CHECK(r.revenue >= e.labor * (1 - 1e-12));
    if (e.discount_factor == 1) CHECK_THAT(r.revenue, WithinRel(e.labor, 1e-12));
    double firms = 0;
    for (double const share : r.share_of_firms_by_age) firms += share;
    CHECK(firms <= 1 + 1e-12);
    for (double const size : r.relative_size_by_age) CHECK(size > 0);
    auto const& hazards = r.exit_hazard_by_age;
    if (auto const ages = hazards.size(); ages > 1) CHECK_THAT(hazards[ages - 1], WithinAbs(hazards[ages - 2], 0.05));
  }
  CAPTURE(solved, corners);
  CHECK(solved > 420);
  CHECK(corners > 20);
}

TEST_CASE("an autoregression on registers of any width", "[industry]") {
  auto const e = example(productivity_shocks::autoregression);
  auto const widest = solve(e, draws);
  test::in_each_width([&] { agree(solve(e, draws), widest, 1e-13); });
}

TEST_CASE("an autoregression as its user's own density", "[industry]") {
  law const atoms(melitz::discrete<>{{0.6, 1, 1.7}, {0.3, 0.4, 0.3}});
  for (auto const timing : {exit_timing::after, exit_timing::before}) {
    for (double const partners : {0.0, 2.0}) {
      for (auto const* entrants : {&draws, &atoms}) {
        auto e = example(productivity_shocks::autoregression);
        e.timing = timing;
        e.partners = partners;
        if (entrants == &atoms) e.market = industry_market::perfect_competition;
        CAPTURE(to_string(timing), partners, entrants == &atoms);
        auto const own = try_solve(e, kernel_of(e), *entrants), known = solve(e, *entrants);
        REQUIRE(own.reason == status::converged);
        CHECK(own.residual < 1e-12);
        CHECK(own.discretization_error < 1e-13);
        CHECK_THAT(own.demand, WithinRel(known.demand, own.discretization_error + known.discretization_error + 1e-14));
        agree(own, known, 1e-12);
      }
    }
  }
  // Finer nodes move nothing beyond the bound.
  auto const e = example(productivity_shocks::autoregression);
  auto const once = try_solve(e, kernel_of(e), draws), finer = try_solve(e, kernel_of(e), draws, {.refinement = 2});
  CHECK(finer.nodes > 1.5 * once.nodes);
  CHECK_THAT(finer.demand, WithinRel(once.demand, once.discretization_error + 1e-14));
}

TEST_CASE("a density that forgets is a redraw every period", "[industry]") {
  auto e = example(productivity_shocks::redraws);
  e.redraw_probability = 1;
  // A law with kinks: two pieces of a line, in log productivity; entrants draw from another one.
  auto const triangle = [](double t) { return t < 0.2 ? (t + 0.8) / 0.9 : (1 - t) / 0.72; };
  productivity_kernel<> const kernel{
      .density = [&](double to, double) { return triangle(to); }, .lowest = -0.8, .highest = 1, .breaks = {0.2}};
  // The same as a law.
  struct piecewise {
    using real_type = double;
    double log_density(double t) const { return std::log(t < 0.2 ? (t + 0.8) / 0.9 : (1 - t) / 0.72); }
    double log_lower_bound() const { return -0.8; }
    double log_upper_bound() const { return 1; }
    std::vector<double> log_breakpoints() const { return {0.2}; }
  };
  law const known(piecewise{});
  for (double const entry_cost : {2.0, 0.3}) {
    CAPTURE(entry_cost);
    e.entry_cost = entry_cost;
    auto const own = try_solve(e, kernel, known), drawn = solve(e, known);
    REQUIRE(own.reason == status::converged);
    CHECK(own.nobody_exits == drawn.nobody_exits);
    agree(own, drawn, 1e-11);
    auto const entrants = draws.tail(e.elasticity - 1), redraws = known.tail(e.elasticity - 1);
    auto const mixed = try_solve(e, kernel, draws), two = try_solve_redraws(e, entrants, redraws);
    REQUIRE(mixed.reason == status::converged);
    agree(mixed, two, 1e-11);
  }
}

TEST_CASE("what is wrong with an industry is named", "[industry]") {
  auto const refused = [](auto const& change, char const* message) {
    auto e = example(productivity_shocks::autoregression);
    change(e);
    CHECK_THROWS_WITH(try_solve(e, draws), contains(message));
  };
  refused([](auto& e) { e.discount_factor = 1, e.death_rate = 0; },
          "discount_factor is 1; it must lie below 1 where death");
  refused([](auto& e) { e.discount_factor = 1.01; }, "discount_factor is 1.01; it must lie in (0, 1]");
  refused([](auto& e) { e.persistence = 1; }, "persistence is 1; it must lie in [0, 1)");
  refused([](auto& e) { e.persistence = -0.1; }, "persistence is -0.1; it must lie in [0, 1)");
  refused([](auto& e) { e.shock_sd = 0; }, "shock_sd is 0; it must be positive where shocks are an autoregression");
  refused([](auto& e) { e.shock_sd = nan; }, "shock_sd");
  refused([](auto& e) { e.fixed_cost = 0; }, "fixed_cost is 0; it must be positive");
  refused([](auto& e) { e.entry_cost = -1; }, "entry_cost is -1; it must be positive");
  refused([](auto& e) { e.labor = infinity; }, "labor is inf; it must be positive and finite");
  refused([](auto& e) { e.partners = 1.5; }, "partners is 1.5; it must be a whole number");
  refused([](auto& e) { e.death_rate = 1.5; }, "death_rate is 1.5; it must lie in [0, 1]");
  refused([](auto& e) { e.shocks = productivity_shocks::redraws, e.timing = exit_timing::before; },
          "timing is before; it must be after where shocks are redraws");
  refused([](auto& e) { e.shocks = productivity_shocks::redraws, e.death_rate = 0, e.redraw_probability = 0; },
          "death_rate is 0; it must be positive where redraw_probability is 0");
  // A redraw is worth more than it costs to wait for it: nobody exits, and without death nobody ever does.
  refused([](auto& e) { e.shocks = productivity_shocks::redraws, e.death_rate = 0, e.entry_cost = 50; },
          "death_rate is 0; it must be positive where no firm ever exits");
  auto const e = example(productivity_shocks::autoregression);
  CHECK_THROWS_WITH(try_solve(e, law(melitz::pareto<>{1, 2.9})),
                    contains("shape is 2.9; it must exceed the size exponent 3"));
  CHECK_THROWS_WITH(try_solve(e, draws.tail(2.5)), contains("tail.power() is 2.5; it must equal elasticity - 1"));
  CHECK_THROWS_WITH(try_solve(e, draws, {.max_evaluations = 0}), contains("max_evaluations is 0"));
  CHECK_THROWS_WITH(try_solve(e, draws, {.ages = 0}), contains("ages is 0"));
  CHECK_THROWS_WITH(try_solve(e, draws, {.refinement = nan}), contains("refinement is nan"));
  auto small = e;
  small.persistence = 0.99999;
  small.shock_sd = 0.01;
  CHECK(try_solve(small, draws).reason == status::not_covered);
  CHECK(try_solve(e, draws, {.max_evaluations = 2}).reason == status::iteration_limit);

  melitz::productivity_chain<> chain;
  CHECK_THROWS_WITH(try_solve(e, chain), contains("number of productivities is 0"));
  chain.productivity = Eigen::Vector2d{1, 2};
  chain.entrants = Eigen::Vector2d{0.5, 0.5};
  chain.transition = Eigen::Matrix2d{{0.5, 0.5}, {0.25, 0.5}};
  CHECK_THROWS_WITH(try_solve(e, chain), contains("sum of transition[1] is 0.75"));
  chain.transition(1, 1) = 0.75;
  chain.productivity[1] = -2;
  CHECK_THROWS_WITH(try_solve(e, chain), contains("productivity[1] is -2; it must be positive"));
}

TEST_CASE("what is wrong with a density is named, and where", "[industry]") {
  auto const e = example(productivity_shocks::autoregression);
  auto const refused = [&](auto const& change, char const* message) {
    auto kernel = kernel_of(e);
    change(kernel);
    CHECK_THROWS_WITH(try_solve(e, kernel, draws), contains(message));
  };
  refused([](auto& k) { k.density = {}; }, "productivity_kernel: density is empty; it must be a function");
  refused([](auto& k) { k.lowest = -infinity; }, "lowest is -inf; it must be finite");
  refused([](auto& k) { k.highest = -5; }, "highest is -5; it must be finite and exceed lowest");
  refused([](auto& k) { k.highest = nan; }, "highest is nan");
  refused([](auto& k) { k.breaks = {1, 0}; }, "breaks[1] is 0; it must exceed those before it and lie between");
  refused([](auto& k) { k.breaks = {nan}; }, "breaks[0] is nan");
  refused([](auto& k) { k.breaks = {6}; }, "breaks[0] is 6");
  auto const times = [](auto factor) {
    return [=](auto& k) { k.density = [factor, f = k.density](double to, double t) { return factor(t) * f(to, t); }; };
  };
  refused(times([](double) { return 0.875; }), "; it must be 1 (within 1e-9)");
  refused(times([](double) { return 1 + 1e-7; }), "integral of density given log productivity ");
  refused(times([](double) { return 0.0; }), "is 0; it must be 1 (within 1e-9)");
  refused(times([](double t) { return t > 0.5 ? 0.99 : 1.0; }), "integral of density given log productivity 0.5");
  refused(times([](double) { return -1.0; }), "it must be finite and at least 0");
  refused(times([](double) { return nan; }), "is nan; it must be finite and at least 0");
  refused(times([](double t) { return t > 0.5 ? nan : 1.0; }), "density at log productivity ");
  refused(times([](double) { return infinity; }), "is inf; it must be finite and at least 0");

  // So narrow that nodes would be too many, and with an edge that moves: nothing is claimed.
  auto narrow = e;
  narrow.shock_sd = 0.005;
  CHECK(try_solve(narrow, kernel_of(narrow), draws).reason == status::not_covered);
  productivity_kernel<> const edges{
      .density = [](double to, double t) { return std::abs(to - t) < 0.5 ? 1.0 : 0.0; }, .lowest = -5, .highest = 6};
  CHECK(try_solve(e, edges, draws).reason == status::not_covered);
  // The better today the worse tomorrow, and surely so: who stays is not told by a threshold.
  auto swap = e;
  swap.shock_sd = 0.2;
  swap.entry_cost = 0.5;
  productivity_kernel<> const back{
      .density = [](double to, double t) { return normal_density(to, -2 * t, 0.2); }, .lowest = -14, .highest = 14};
  CHECK(try_solve(swap, back, draws).reason == status::not_covered);
  CHECK(try_solve(e, kernel_of(e), draws, {.max_evaluations = 2}).reason == status::iteration_limit);
  CHECK_THROWS_WITH(try_solve(e, kernel_of(e), draws, {.ages = 0}), contains("ages is 0"));
}

}  // namespace test::worlds_industry_accounts
