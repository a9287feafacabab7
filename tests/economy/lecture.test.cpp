// SPDX-License-Identifier: BSL-1.0
#include <melitz/economy/ces.hpp>
#include <melitz/economy/conditions.hpp>
#include <melitz/economy/solve.hpp>

#include "support/catch.hpp"
#include "support/choices.hpp"
#include "support/laws.hpp"

#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <cmath>
#include <vector>

namespace test::economy_lecture {

using melitz::closed_economy;
using melitz::firm_choice;
using melitz::open_economy;
using test::WithinAbs;
using test::WithinRel;

namespace {

closed_economy<> home(double entry_cost = 2) {
  return {.elasticity = 4, .fixed_cost = 1, .entry_cost = entry_cost, .death_rate = 0.1, .labor = 100};
}

/// Economies of every regime: closed, selection, all export (and a tie), cutoff below the support.
std::vector<std::pair<std::string, open_economy<>>> economies() {
  return {{"closed", melitz::as_open(home())},
          {"selection", {home(), 3, 1.6, 1.3}},
          {"one partner", {home(), 1, 1.83, 0.545}},
          {"all export", {home(), 2, 1.1, 0.4}},
          {"tie", {home(), 2, 2, 0.125}},
          {"costly entry", {home(200), 3, 1.6, 1.3}}};
}

// In every regime a law with atoms makes averages jump; the identities below hold for them too.
template <class F>
void for_all(F const& f) {
  for (auto const& [economy_name, economy] : economies()) {
    for (auto const& [law_name, law] : test::laws()) {
      CAPTURE(economy_name, law_name);
      f(economy, law, melitz::solve(economy, law));
    }
  }
}

}  // namespace

TEST_CASE("labour and masses close", "[lecture][property]") {
  for_all([](auto const& economy, auto const&, auto const& e) {
    double const n = e.regime == melitz::regime::closed ? 0 : economy.partners;
    auto const& d = economy.domestic;
    // Slides 16 and 25: all labour is used, in entry and in production; profits pay for entry.
    CHECK_THAT(e.labor_entry + e.labor_fixed + e.labor_export_fixed + e.labor_variable, WithinRel(d.labor, 1e-13));
    CHECK_THAT(e.mass_entrants_per_period * d.entry_cost, WithinRel(e.labor_entry, 1e-13));
    CHECK_THAT(e.mass_producers * e.average_profit, WithinRel(e.labor_entry, 1e-12));
    CHECK_THAT(e.mass_producers * d.fixed_cost, WithinRel(e.labor_fixed, 1e-13));
    if (n > 0) {
      CHECK_THAT(n * e.mass_exporters * economy.export_fixed_cost,
                 WithinRel(e.labor_export_fixed, 1e-13) || WithinAbs(0, 1e-300));
    }
    // Steady state: successful entrants replace the dying.
    CHECK_THAT(e.probability_of_producing * e.mass_entrants_per_period,
               WithinRel(d.death_rate * e.mass_producers, 1e-13));
    CHECK_THAT(e.mass_entrants * e.probability_of_producing, WithinRel(e.mass_producers, 1e-13));
    CHECK_THAT(e.mass_producers * e.share_exporting, WithinRel(e.mass_exporters, 1e-13) || WithinAbs(0, 1e-300));
    CHECK_THAT(e.mass_producers + n * e.mass_exporters, WithinRel(e.mass_varieties, 1e-13));
    // Slides 17 and 26: M = R / r-bar = L / (sigma (pi-bar + f + chi n f_x)).
    CHECK(e.revenue == d.labor);
    CHECK_THAT(e.mass_producers * e.average_revenue, WithinRel(e.revenue, 1e-13));
    double const fixed = d.fixed_cost + (n > 0 ? e.share_exporting * n * economy.export_fixed_cost : 0.0);
    CHECK_THAT(e.mass_producers, WithinRel(d.labor / (d.elasticity * (e.average_profit + fixed)), 1e-12));
  });
}

TEST_CASE("the price index comes out the same three ways", "[lecture][property]") {
  for_all([](auto const& economy, auto const&, auto const& e) {
    double const sigma = economy.domestic.elasticity, r = sigma - 1;
    double const n = e.regime == melitz::regime::closed ? 0 : economy.partners;
    // Slide 23: from M_t and phi~_t; and phi~_t from its parts.
    CHECK_THAT(melitz::price_index(e.mass_varieties, e.average_variety_productivity, sigma),
               WithinRel(e.price_index, 1e-13));
    CHECK_THAT(e.welfare * e.price_index, WithinRel(1, 1e-15));
    double parts = e.mass_producers * std::pow(e.average_productivity, r);
    if (e.mass_exporters > 0)
      parts += n * e.mass_exporters * std::pow(e.average_export_productivity / economy.iceberg_cost, r);
    CHECK_THAT(std::pow(parts / e.mass_varieties, 1 / r), WithinRel(e.average_variety_productivity, 1e-13));
    // The share of spending on home varieties.
    CHECK_THAT(e.mass_producers * std::pow(e.average_productivity, r) / parts, WithinRel(e.domestic_share, 1e-12));
    // Demand (slide 8): a home variety at its price sells what the firm's revenue says.
    double const phi = 1.5 * e.lowest_producing_productivity;
    CHECK_THAT(melitz::demand_revenue(e.price(phi), e.price_index, e.revenue, sigma),
               WithinRel(e.domestic_revenue(phi), 1e-12));
  });
}

TEST_CASE("cutoffs satisfy the conditions that define them", "[lecture][property]") {
  for_all([](auto const& economy, auto const& law, auto const& e) {
    auto const& d = economy.domestic;
    auto const curves = melitz::conditions(economy, law);
    // Free entry (4), (9), and its two average-profit forms, which is Melitz (2003), figure 1.
    CHECK_THAT(curves.value_of_entry(e.cutoff), WithinRel(d.entry_cost, 1e-12));
    CHECK_THAT(curves.average_profit(e.cutoff), WithinRel(e.average_profit, 1e-12));
    CHECK_THAT(curves.average_profit_required(e.cutoff), WithinRel(e.average_profit, 1e-12));
    CHECK_THAT(curves.average_productivity(e.cutoff), WithinRel(e.average_productivity, 1e-12));  // (5)
    switch (e.regime) {
      case melitz::regime::closed:
        CHECK(std::isinf(e.export_cutoff));
        break;
      case melitz::regime::selection:
        // Zero profit (2), export condition (7), relative cutoffs (8).
        CHECK_THAT(e.domestic_revenue(e.cutoff * (1 + 1e-15)), WithinRel(d.elasticity * d.fixed_cost, 1e-13));
        CHECK_THAT(e.domestic_profit_line(e.cutoff), WithinAbs(0, 1e-13));
        CHECK_THAT(e.export_revenue(e.export_cutoff * (1 + 1e-15)),
                   WithinRel(d.elasticity * economy.export_fixed_cost, 1e-12));
        CHECK_THAT(melitz::export_cutoff(e.cutoff, economy.iceberg_cost, economy.export_fixed_cost, d.fixed_cost,
                                         d.elasticity),
                   WithinRel(e.export_cutoff, 1e-14));
        CHECK_THAT(curves.export_cutoff(e.cutoff), WithinRel(e.export_cutoff, 1e-14));
        CHECK(e.export_cutoff > e.cutoff);
        if (e.mass_exporters > 0) {
          CHECK_THAT(curves.average_productivity(e.export_cutoff),
                     WithinRel(e.average_export_productivity, 1e-11));  // (10)
        }
        break;
      case melitz::regime::all_export:
        CHECK(e.export_cutoff == e.cutoff);
        CHECK_THAT(e.export_profit_line(e.cutoff), WithinAbs(0, 1e-12));
        CHECK(e.domestic_cutoff >= e.cutoff * (1 - 1e-15));  // on home sales alone the marginal firm would not produce
        CHECK(e.share_exporting == 1);
        break;
    }
  });
}

TEST_CASE("averages are averages over firms", "[lecture][quadrature]") {
  // The second route: integrate each firm's own revenue, profit and labour over the density, by adaptive quadrature.
  auto const integrate = [](auto const& law, double from, double split, auto const& f) {
    using rule = boost::math::quadrature::gauss_kronrod<double, 61>;
    auto const g = [&](double t) { return f(std::exp(t)) * std::exp(law.log_density(t)); };
    double const top = from + 25;
    if (split > from && split < top)
      return rule::integrate(g, from, split, 12, 1e-13) + rule::integrate(g, split, top, 12, 1e-13);
    return rule::integrate(g, from, top, 12, 1e-13);
  };
  auto const check = [&](auto const& law) {
    for (auto const& [name, economy] : economies()) {
      CAPTURE(name);
      auto const e = melitz::solve(economy, law);
      double const from = std::log(e.lowest_producing_productivity), split = std::log(e.export_cutoff);
      auto const mean = [&](auto const& f) { return integrate(law, from, split, f) / e.probability_of_producing; };
      CHECK_THAT(mean([](double) { return 1.0; }), WithinRel(1, 1e-12));
      CHECK_THAT(mean([&](double x) { return e.revenue_of(x); }), WithinRel(e.average_revenue, 1e-12));
      CHECK_THAT(mean([&](double x) { return e.domestic_revenue(x); }), WithinRel(e.average_domestic_revenue, 1e-12));
      CHECK_THAT(mean([&](double x) { return e.profit(x); }), WithinRel(e.average_profit, 1e-12));
      CHECK_THAT(mean([&](double x) { return e.labor_of(x); }) * e.mass_producers,
                 WithinRel(e.labor_fixed + e.labor_export_fixed + e.labor_variable, 1e-12));
      if (e.mass_exporters > 0) {
        CHECK_THAT(mean([&](double x) { return e.export_revenue(x); }),
                   WithinRel(e.share_exporting * e.average_export_revenue, 1e-12));
      }
    }
  };
  check(melitz::lognormal<>{0, 0.8});
  check(melitz::pareto<>{1, 6});
  check(melitz::weibull<>{1, 1.5});
}

TEST_CASE("firms, one by one", "[lecture][firm]") {
  open_economy<> const economy{home(), 3, 1.6, 1.3};
  auto const e = melitz::solve(economy, melitz::lognormal<>{0, 0.8});
  double const small = 0.9 * e.cutoff, middle = std::sqrt(e.cutoff * e.export_cutoff), large = 2 * e.export_cutoff;

  CHECK(e.choice(small) == firm_choice::exits);
  CHECK(e.choice(middle) == firm_choice::serves_home);
  CHECK(e.choice(large) == firm_choice::exports);
  CHECK(e.choice(e.cutoff) == firm_choice::serves_home);  // at a threshold the firm takes the larger option
  CHECK(e.choice(e.export_cutoff) == firm_choice::exports);

  // Slide 9 and 18: prices.
  CHECK_THAT(e.price(middle), WithinRel(4.0 / 3 / middle, 1e-15));
  CHECK_THAT(e.export_price(middle), WithinRel(1.6 * 4.0 / 3 / middle, 1e-15));
  // (1): relative revenue in one market; slide 18: abroad it is tau^(1-sigma) times that at home.
  CHECK_THAT(e.domestic_revenue(large) / e.domestic_revenue(middle),
             WithinRel(melitz::relative_revenue(large, middle, 4.0), 1e-14));
  CHECK_THAT(e.export_revenue(large) / e.domestic_revenue(large), WithinRel(std::pow(1.6, -3), 1e-14));
  CHECK_THAT(e.revenue_of(large), WithinRel((1 + 3 * std::pow(1.6, -3)) * e.domestic_revenue(large), 1e-14));
  CHECK_THAT(3 * e.export_revenue(large) / e.revenue_of(large), WithinRel(e.exporter_intensity, 1e-14));
  CHECK_THAT(melitz::market_revenue(large, e.cutoff, 1.0, 4.0), WithinRel(e.domestic_revenue(large), 1e-13));
  CHECK_THAT(melitz::market_profit(middle, e.cutoff, 1.0, 4.0), WithinRel(e.profit(middle), 1e-12));
  CHECK_THAT(melitz::value_of_firm(e.profit(large), 0.1), WithinRel(10 * e.profit(large), 1e-15));
  CHECK(melitz::value_of_firm(e.domestic_profit_line(small), 0.1) == 0);
  // Profit = revenue - wages, for every firm; output is what the workers beyond the fixed ones make.
  for (double const phi : {middle, large}) {
    CHECK_THAT(e.revenue_of(phi) - e.labor_of(phi), WithinRel(e.profit(phi), 1e-12));
    CHECK_THAT(e.output_of(phi) * e.price(phi), WithinRel(e.revenue_of(phi), 1e-14));
  }
  CHECK(e.revenue_of(small) == 0);
  CHECK(e.profit(small) == 0);
  CHECK(e.labor_of(small) == 0);
  CHECK(e.export_revenue(middle) == 0);
  CHECK(e.domestic_profit_line(small) < 0);
  CHECK(e.export_profit_line(middle) < e.domestic_profit_line(middle));
}

TEST_CASE("Proposition 1: trade raises the cutoff and welfare", "[lecture][property]") {
  for (auto const& [law_name, law] : test::laws()) {
    CAPTURE(law_name);
    auto const closed = melitz::solve(home(), law);
    double last_cutoff = closed.domestic_cutoff, last_welfare = closed.welfare;
    for (double const tau : {8.0, 4.0, 2.0, 1.5, 1.2}) {  // f_x > f: selection throughout
      CAPTURE(tau);
      auto const e = melitz::solve(open_economy<>{home(), 2, tau, 1.5}, law);
      REQUIRE(e.regime == melitz::regime::selection);
      CHECK(e.cutoff >= last_cutoff * (1 - 1e-14));
      CHECK(e.welfare >= last_welfare * (1 - 1e-14));
      if (e.domestic_share < 1 - 1e-12) CHECK(e.welfare > closed.welfare);
      last_cutoff = e.cutoff;
      last_welfare = e.welfare;
    }
  }
}

TEST_CASE("Pareto closed forms", "[lecture][closed-form]") {
  for (double const shape : {3.05, 4.25, 9.0}) {
    for (auto const& [name, economy] : economies()) {
      CAPTURE(shape, name);
      auto const e = melitz::solve(economy, melitz::pareto<>{1, shape});
      if (e.every_entrant_produces || e.regime == melitz::regime::all_export) continue;
      double const r = 3, f = 1, required = economy.domestic.required_profit();
      double const market = e.regime == melitz::regime::closed
                                ? 1
                                : 1 + economy.partners * std::pow(economy.iceberg_cost, -shape) *
                                          std::pow(economy.export_fixed_cost / f, 1 - shape / r);
      CHECK_THAT(e.cutoff, WithinRel(std::pow(r / (shape - r) * f / required * market, 1 / shape), 1e-14));
      CHECK_THAT(e.domestic_share, WithinRel(1 / market, 1e-13));
      CHECK_THAT(e.mass_entrants_per_period, WithinRel(100 * r / (4 * shape * economy.domestic.entry_cost), 1e-13));
      CHECK_THAT(e.mass_producers, WithinRel(100 * (shape - r) / (4 * shape * f * market), 1e-13));
      CHECK_THAT(e.domestic_elasticity, WithinRel(shape, 1e-14));
      if (e.regime == melitz::regime::selection) CHECK_THAT(e.trade_elasticity, WithinRel(shape, 1e-14));
      CHECK(e.pareto_shape == shape);
    }
  }
}

TEST_CASE("the envelope: welfare falls with trade costs by the import share", "[lecture][property]") {
  // d ln W / d ln tau = -(1 - domestic share) for every law; by central differences of the solution.
  for_all([](auto economy, auto const& law, auto const& e) {
    if (e.regime == melitz::regime::closed) return;
    // Where selection just ends welfare is smooth, but its slope has a kink.
    if (std::abs(std::pow(economy.iceberg_cost, 3) * economy.export_fixed_cost - 1) < 0.01) return;
    double const h = 1e-5, tau = economy.iceberg_cost;
    economy.iceberg_cost = tau * std::exp(h);
    double const up = std::log(melitz::solve(economy, law).welfare);
    economy.iceberg_cost = tau * std::exp(-h);
    double const down = std::log(melitz::solve(economy, law).welfare);
    CHECK_THAT((up - down) / (2 * h), WithinAbs(-(1 - e.domestic_share), 3e-9));
  });
}

TEST_CASE("a firm at a cutoff does what begins there", "[economy][property]") {
  test::uniform_numbers uniform(38);
  for (int trial = 0; trial < 1000; ++trial) {
    auto const e = melitz::solve(test::random_trade(uniform), test::random_lognormal(uniform));
    CAPTURE(trial, e.cutoff, e.export_cutoff);
    CHECK(e.choice(e.cutoff) != melitz::firm_choice::exits);
    CHECK(e.choice(std::nextafter(e.cutoff, 0)) == melitz::firm_choice::exits);
    CHECK(e.choice(e.export_cutoff) == melitz::firm_choice::exports);
    CHECK(e.choice(std::nextafter(e.export_cutoff, 0)) != melitz::firm_choice::exports);
  }
}

}  // namespace test::economy_lecture
