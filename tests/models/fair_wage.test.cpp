// SPDX-License-Identifier: BSL-1.0
#include <melitz/models/fair_wage.hpp>

#include "support/agrees.hpp"
#include "support/catch.hpp"
#include "support/choices.hpp"
#include "support/laws.hpp"
#include "support/told.hpp"

#include <melitz/numerics/gradient.hpp>
#include <melitz/tail/quadrature.hpp>

#include <cmath>
#include <vector>

namespace test::models_fair_wage {

using melitz::fair_wage_economy;
using melitz::solve;
using test::contains;
using test::number;
using test::WithinAbs;
using test::WithinRel;

namespace {

fair_wage_economy<> example() {
  return {{{.elasticity = 4, .fixed_cost = 1, .entry_cost = 2, .death_rate = 0.1, .labor = 100}, 1, 1.4, 1}, 0.4};
}

/// E[phi^p 1{phi >= x}] by the law's own closed form or table.
double moment_beyond(melitz::any_law<> const& law, double p, double x) {
  auto const point = tail_of(law, p).at(std::log(x));
  return point.moment() * std::exp(point.log_scale + p * std::log(x));
}

}  // namespace

TEST_CASE("fair wages agree with the references", "[models][reference]") {
  // tests/reference/fair_wage.json, remade by tools/reference/fair_wage.py.
  int rows = 0;
  auto const file = test::reference("fair_wage");
  for (auto const& row : file.at("cases")) {
    CAPTURE(row.at("case").get<std::string>());
    auto const economy = test::economy_from<fair_wage_economy<>>(row.at("params"));
    auto const e = solve(economy, test::law(row.at("params").at("distribution")));
    test::validates const here("fair_wage", row.at("case"));
    CHECK(test::compare_all(row, e, 1e-12) == 11);
    auto const close = test::agrees_with(row);
    close(economy.size_exponent(), "size_exponent");
    close(economy.trade.domestic.death_rate * e.mass_entrants, "mass_entrants_per_period");
    close(e.wage(e.cutoff), "wage_at_cutoff");
    close(e.wage(2 * e.cutoff), "wage_at_2_cutoff");
    ++rows;
  }
  CHECK(rows == 7);
}

TEST_CASE("costs in the final good are told so", "[models]") {
  int in_goods = 0;
  melitz::detail::for_each_parameter<fair_wage_economy<>>([&](auto const& row, auto const&, std::string_view, bool) {
    if constexpr (requires { row.unit; }) in_goods += std::string_view(row.unit) == "final good";
  });
  CHECK(in_goods == 3);
}

TEST_CASE("the accounts of fair wages close", "[models][property]") {
  auto const economy = example();
  auto const& home = economy.trade.domestic;
  double const rho = 1 - 1 / home.elasticity, theta = economy.fairness, xi = economy.size_exponent();
  for (auto const& [name, law] : test::laws()) {
    CAPTURE(name);
    auto const e = solve(economy, law);
    // Output that is not paid as wages pays for entry and fixed costs; what workers earn is what they consume.
    double const costs = home.required_profit() + e.choices.expected_fixed_cost;
    CHECK_THAT(e.output * (1 - rho), WithinRel(e.mass_entrants * costs, 1e-12));
    CHECK_THAT(e.welfare * home.labor + e.mass_entrants * costs, WithinRel(e.output, 1e-12));
    CHECK_THAT((1 - e.unemployment) * e.mean_wage, WithinRel(e.welfare, 1e-12));
    // Labour: a firm's wage bill is rho of its revenue.
    double workers = 0, varieties = 0, price = 0;
    for (auto const& s : e.choices.segments) {
      if (s.index > 1) continue;
      bool const exports = s.index == 1;
      double const next = exports ? 0 : moment_beyond(law, xi - theta, e.export_cutoff);
      double const part = moment_beyond(law, xi - theta, s.cutoff) - next;
      workers +=
          e.mass_entrants * rho * home.elasticity * e.choices.demand * s.slope * part / std::pow(e.welfare, 1 - theta);
      varieties += s.mass * (exports ? 2 : 1);
      // p = w/(rho phi), to the power 1 - sigma, and tau more abroad: in sum over varieties slope phi^xi.
      price += s.slope * s.moment * std::pow(std::pow(e.welfare, 1 - theta) / rho, 1 - home.elasticity);
    }
    CHECK_THAT(workers, WithinRel(home.labor * (1 - e.unemployment), 1e-12));
    CHECK_THAT(price / varieties, WithinRel(1, 1e-11));
    // Demand at price 1: A = Y/M_t (w/(rho phi))^(1 - sigma)/sigma.
    CHECK_THAT(e.output / (e.mass_entrants * varieties) *
                   std::pow(std::pow(e.welfare, 1 - theta) / rho, 1 - home.elasticity) / home.elasticity,
               WithinRel(e.choices.demand, 1e-11));
    CHECK(e.wage_theil >= 0);
    CHECK(e.wage_gini >= 0);
    CHECK(e.wage_gini < 1);
    // (1 - theta)(sigma - 1) = 1.8 >= theta: unemployment is no less than this.
    CHECK(e.unemployment >= 1 - std::pow(rho, theta / (1 - theta)) - 1e-12);
  }
}

TEST_CASE("exports of fair employers answer to trade costs as the trade elasticity says", "[models][property]") {
  for (double const tau : {1.0, 1.4}) {  // all producers export under most laws, and some
    auto economy = example();
    economy.trade.export_fixed_cost = tau == 1 ? 0.5 : 1;
    economy.trade.iceberg_cost = tau + 0.1;
    for (auto const& [name, law] : test::laws()) {
      CAPTURE(tau, name);
      auto const e = solve(economy, law);
      CHECK_THAT(e.revenue, WithinRel(e.output, 1e-14));
      CHECK_THAT(e.exports, WithinRel(e.export_share * e.output, 1e-14));
      CHECK_THAT(e.domestic_share, WithinRel(1 - e.export_share, 1e-14));
      CHECK_THAT(e.mass_varieties, WithinRel(e.mass_producers + e.mass_exporters, 1e-14));
      if (test::has_atoms(name) || !(e.export_share > 1e-6)) continue;
      double const by_differences = test::trade_elasticity_by_differences(
          law, e.choices,
          [&](double change) {
            auto moved = economy;
            moved.trade.iceberg_cost *= std::exp(change);
            return moved.options();
          },
          [](double change, std::size_t k) { return k == 1 ? std::exp(-3 * change) : 0; });
      CHECK_THAT(e.trade_elasticity, WithinRel(by_differences, 1e-8));
    }
  }
  // Wages take a part of what productivity saves: under a Pareto law it is the shape over 1 - theta.
  CHECK_THAT(solve(example(), melitz::pareto<>{1, 3.6}).trade_elasticity, WithinRel(3.6 / 0.6, 1e-13));
}

TEST_CASE("fair wages under a Pareto law without trade", "[models][property]") {
  auto economy = example();
  economy.trade.partners = 0;
  double const k = 3.6, theta = 0.4, xi = 1.8, rho = 0.75;
  for (double const scale : {0.5, 3.0}) {  // nothing but k, theta and sigma matters
    economy.trade.domestic.fixed_cost = scale;
    economy.trade.domestic.labor = 10 / scale;
    auto const e = solve(economy, melitz::pareto<>{scale, k});
    CHECK_THAT(1 - e.unemployment, WithinRel(std::pow(rho, theta / (1 - theta)) * std::pow(k / (k - xi), theta / xi) *
                                                 (k - xi) / (k - xi + theta),
                                             1e-12));
    double const mu = theta / (k - xi);  // wages of the employed: Pareto with shape 1 + 1/mu
    CHECK_THAT(e.wage_theil, WithinRel(mu - std::log1p(mu), 1e-12));
    CHECK_THAT(e.wage_gini, WithinRel(mu / (2 + mu), 1e-13));
    CHECK_THAT(e.mean_wage / e.wage(e.cutoff), WithinRel(1 + mu, 1e-13));
    CHECK(e.share_exporting == 0);
    CHECK(e.export_share == 0);
  }
  for (double const tau : {1.0, 1.4, 3.0}) {  // trade moves entry by as much as output
    economy = example();
    economy.trade.iceberg_cost = tau;
    auto const e = solve(economy, melitz::pareto<>{1, k});
    CHECK_THAT(e.mass_entrants * economy.trade.domestic.required_profit() / e.output, WithinRel(xi / (k * 4), 1e-13));
  }
}

TEST_CASE("without a concern for fairness all work and the cutoffs are Melitz's", "[models][property]") {
  auto economy = example();
  economy.fairness = 0;
  for (auto const& [name, law] : test::laws()) {
    CAPTURE(name);
    auto const e = solve(economy, law);
    auto const open = solve(economy.trade, law);
    CHECK_THAT(e.unemployment, WithinAbs(0, 1e-13));
    CHECK(e.unemployment >= 0);
    CHECK(e.wage_theil == 0);
    CHECK(e.wage_gini == 0);
    CHECK_THAT(e.mean_wage, WithinRel(e.wage(e.cutoff), 1e-13));
    CHECK_THAT(e.cutoff, WithinRel(open.cutoff, 1e-12));
    CHECK_THAT(e.share_exporting, WithinAbs(open.share_exporting, 1e-12));
    CHECK_THAT(e.export_share, WithinAbs(1 - open.domestic_share, 1e-12));
  }
}

TEST_CASE("wages of a few firms, by hand", "[models][property]") {
  auto economy = example();
  economy.trade.iceberg_cost = 1.5;
  economy.trade.domestic.entry_cost = 12;
  melitz::discrete<> const law{{1, 1.5, 2, 4}, {0.4, 0.3, 0.2, 0.1}};
  auto const e = solve(economy, law);
  REQUIRE(e.export_cutoff > 1);
  REQUIRE(e.export_cutoff < 4);
  double bill = 0, workers = 0;
  std::vector<double> wages, jobs;
  for (std::size_t i = 0; i < law.values.size(); ++i) {
    double const phi = law.values[i];
    if (phi < e.cutoff) continue;
    double const b = law.weights[i] * e.choices.choice(phi).slope * std::pow(phi, economy.size_exponent());
    wages.push_back(e.wage(phi));
    jobs.push_back(b / wages.back());
    bill += b;
    workers += jobs.back();
  }
  REQUIRE(wages.size() >= 3);
  double theil = 0, gini = 0;
  for (std::size_t i = 0; i < wages.size(); ++i) {
    double const relative = wages[i] * workers / bill;
    theil += jobs[i] / workers * relative * std::log(relative);
    for (std::size_t j = 0; j < wages.size(); ++j) {
      gini += jobs[i] * jobs[j] * std::abs(wages[i] - wages[j]) / (2 * bill * workers);
    }
  }
  CHECK_THAT(e.mean_wage, WithinRel(bill / workers, 1e-12));
  CHECK_THAT(e.wage_theil, WithinRel(theil, 1e-12));
  CHECK_THAT(e.wage_gini, WithinRel(gini, 1e-12));
}

TEST_CASE("fair wages of a law known only by its density", "[models][property]") {
  melitz::lognormal<> const closed_form{0, 0.6};
  auto const e = solve(example(), test::density_only<melitz::lognormal<>>{closed_form}),
             exact = solve(example(), closed_form);
  CHECK_THAT(e.unemployment, WithinRel(exact.unemployment, 1e-11));
  CHECK_THAT(e.wage_theil, WithinRel(exact.wage_theil, 1e-11));
  CHECK_THAT(e.wage_gini, WithinRel(exact.wage_gini, 1e-11));
}

TEST_CASE("fair wages carry derivatives", "[models][property]") {
  using number_type = melitz::gradient<1>;
  auto const at = [](double fairness) {
    auto economy = example();
    economy.fairness = fairness;
    return solve(economy, melitz::lognormal<>{0, 0.6});
  };
  fair_wage_economy<number_type> const economy{{{4, 1, 2, 0.1, 100}, 1, 1.4, 1}, number_type::variable(0.4, 0)};
  auto const e = solve(economy, melitz::lognormal<number_type>{0, 0.6});
  double const h = 1e-5;  // central differences of numbers right to 1e-13
  auto const more = at(0.4 + h), less = at(0.4 - h);
  CHECK_THAT(e.unemployment.derivative[0], WithinRel((more.unemployment - less.unemployment) / (2 * h), 1e-8));
  CHECK_THAT(e.wage_theil.derivative[0], WithinRel((more.wage_theil - less.wage_theil) / (2 * h), 1e-8));
  CHECK_THAT(e.wage_gini.derivative[0], WithinRel((more.wage_gini - less.wage_gini) / (2 * h), 1e-8));
}

TEST_CASE("fair-wage economies that are none are refused by name", "[models][errors]") {
  melitz::lognormal<> const law{0, 0.6};
  auto economy = example();
  economy.fairness = 1;
  CHECK_THROWS_WITH(solve(economy, law), contains("fair_wage_economy: fairness is 1; it must lie in [0, 1)"));
  economy.fairness = -0.1;
  CHECK_THROWS_WITH(solve(economy, law), contains("fairness is -0.1"));
  CHECK_THROWS_WITH(solve(fair_wage_economy<>{example().trade}, law), contains("fairness is nan"));
  economy = example();
  economy.trade.iceberg_cost = 0.5;
  CHECK_THROWS_WITH(solve(economy, law), contains("iceberg_cost is 0.5"));
  CHECK_THROWS_WITH(solve(example(), tail_of(law, 3.0)), contains("equal the model's size exponent"));
  CHECK_THROWS_WITH(solve(example(), melitz::pareto<>{1, 1.7}), contains("shape"));
  // Where wages rise more steeply in productivity than size does, and few firms exit.
  economy = example();
  economy.trade.domestic.elasticity = 2;
  economy.trade.domestic.fixed_cost = 1e-6;
  economy.fairness = 0.6;
  CHECK_THROWS_WITH(solve(economy, melitz::lognormal<>{0, 5}), contains("fair_wage_economy: unemployment is -"));
  economy.fairness = 0.4;
  CHECK(solve(economy, melitz::lognormal<>{0, 5}).unemployment > 0);
  auto const short_of = try_solve(example(), law, {.max_evaluations = 1});
  CHECK(short_of.reason == melitz::status::iteration_limit);
  CHECK(std::isnan(short_of.unemployment));
  CHECK(std::isnan(short_of.welfare));
}

TEST_CASE("a firm at the cutoff pays a fair wage, one below it none", "[models][property]") {
  test::uniform_numbers uniform(32);
  for (int trial = 0; trial < 500; ++trial) {
    auto const e =
        solve(fair_wage_economy<>{test::random_trade(uniform), uniform(0, 0.5)}, test::random_lognormal(uniform));
    CAPTURE(trial, e.cutoff);
    test::check_cutoffs(e.choices);
    CHECK_THAT(e.wage(e.cutoff),
               WithinRel(std::pow(e.cutoff, e.fairness) * std::pow(e.welfare, 1 - e.fairness), 1e-14));
    CHECK(e.wage(std::nextafter(e.cutoff, 0)) == 0);
  }
}

TEST_CASE("fair wages beyond the number type are out of range", "[models][failure]") {
  auto economy = example();
  economy.trade.domestic.death_rate = 1e-300;
  economy.trade.domestic.entry_cost = 1e-7;
  auto const e = try_solve(economy, melitz::lognormal<>{0, 0.6});
  CHECK(e.reason == melitz::status::out_of_range);
  CHECK(std::isnan(e.welfare));
  CHECK(std::isnan(e.wage(1)));
}

TEST_CASE("wages far above the lowest keep their digits", "[models][property]") {
  // Nearly all entrants produce, down to productivities that nobody has: wages are as unequal as productivity to the
  // power theta, here log-normal with s = 0.8 sd.
  double const sd = 0.4, s = 0.8 * sd;
  fair_wage_economy<> const economy{{{1.02, 7, 60, 0.006, 1}, 1, 1.1, 20}, 0.8};
  auto const tail = tail_of(melitz::lognormal<>{-3, sd}, economy.size_exponent());
  auto const choices = try_solve_free_entry(economy.options(), tail, economy.trade.domestic.required_profit(), 1.02);
  REQUIRE(choices);
  REQUIRE(choices.segments[1].cutoff < std::exp(-3 - 20 * sd));
  auto const wages = melitz::wages_of_employed(choices, tail, 0.8, 0.0);
  REQUIRE(wages.reason == melitz::status::converged);
  CHECK_THAT(wages.gini, WithinRel(std::erf(s / 2), 1e-12));
  CHECK_THAT(wages.theil, WithinRel(s * s / 2, 1e-11));  // a difference of logs near 10
  // Firms that a file lists, the least of them of no weight: integrals cancel, and there is no density instead.
  auto const few = tail_of(melitz::discrete<>{{1e-12, 1, 2}, {0.2, 0.4, 0.4}}, 3.0);
  auto const all = try_solve_free_entry(melitz::menu<>{{"all", 1, 0}}, few, 0.1, 4.0);
  CHECK(melitz::wages_of_employed(all, few, 0.8, 0.0).reason == melitz::status::not_covered);
  // A Gini index that was infinite.
  fair_wage_economy<> const unequal{{{1.4468063110860314, 0.7928148323043633, 2.202883208113977, 0.2757765587874229, 1},
                                     23,
                                     1.3700023787091231,
                                     0.6906338293350903},
                                    0.9983378749691332};
  auto const e = try_solve(unequal, melitz::exponential<>{7.987440335587321});
  CHECK(e.reason == melitz::status::out_of_range);  // its welfare is below 1e-1000
  auto const thin = tail_of(melitz::exponential<>{7.987440335587321}, unequal.size_exponent());
  auto const picks =
      try_solve_free_entry(unequal.options(), thin, unequal.trade.domestic.required_profit(), 1.4468063110860314);
  auto const spread = melitz::wages_of_employed(picks, thin, unequal.fairness, 0.0);
  CHECK(spread.reason == melitz::status::converged);
  CHECK(spread.gini > 0.9);
  CHECK(spread.gini < 1);
}

}  // namespace test::models_fair_wage
