// SPDX-License-Identifier: BSL-1.0
// Markups that answer to competition, after Melitz and Ottaviano (2008). Larger markets are more competitive: fewer of
// the entrants survive, and those that do charge less. Trade makes all markets larger, until the smaller country loses
// its firms. What variable markups do to the gains from trade, after Arkolakis, Costinot, Donaldson and Rodriguez-Clare
// (2019). Needs Eigen.
//
//   melitz_ottaviano [--figure]

#include "../common/figure.hpp"

#include <cstdio>
#include <melitz/worlds/melitz_ottaviano/melitz_ottaviano.hpp>
#include <melitz/worlds/separable_demand/separable_demand_world.hpp>

namespace {

void print_size() {
  std::puts("Larger closed economies, under costs with a Pareto law of shape 2 up to 8\n");
  std::puts("  consumers  cutoff  sellers  price  markup  quantity  profit  utility less income");
  for (double const consumers : {5.0, 10.0, 20.0, 40.0}) {
    // [closed]
    melitz::melitz_ottaviano_economy<> const closed{.choke_price = 10,
                                                    .differentiation = 2,
                                                    .substitution = 1.5,
                                                    .consumers = Eigen::VectorXd::Constant(1, consumers),
                                                    .entry_cost = Eigen::VectorXd::Ones(1),
                                                    .iceberg_cost = Eigen::MatrixXd::Ones(1, 1),
                                                    .labor_per_consumer = 60};
    auto const e = melitz::solve(closed, melitz::pareto_costs(8.0, 2.0));
    // [/closed]
    std::printf("  %9.0f  %6.4f  %7.3f  %5.3f  %6.4f  %8.3f  %6.3f  %19.3f\n", consumers, e.price_cutoff[0],
                e.mass_varieties[0], e.average_price[0], e.average_markup[0], e.average_quantity[0],
                e.average_profit[0], e.consumer_surplus[0]);
  }
}

// [world]
melitz::melitz_ottaviano_economy<> two_countries(double iceberg_cost) {
  return {.choke_price = 10,
          .differentiation = 2,
          .substitution = 1.5,
          .consumers = Eigen::Vector2d{10, 14},
          .entry_cost = Eigen::Vector2d{1, 1},
          .iceberg_cost = Eigen::Matrix2d{{1, iceberg_cost}, {iceberg_cost, 1}},
          .labor_per_consumer = 60};
}

/// Costs are labour per unit: log-normal, like productivity.
auto const costs = melitz::lognormal_costs(1.6, 0.6);

auto trade_at(double iceberg_cost) {
  return melitz::solve(two_countries(iceberg_cost), costs, {.allow_no_entrants = true});
}
// [/world]

void print_trade() {
  std::puts("\nTwo countries of 10 and 14 consumers, log-normal costs, and cheaper trade\n");
  std::puts("        --- cutoff ---   --- markup ---   -- entrants --   profit over   -- utility less --");
  std::puts("   tau   small   large    small   large    small   large    entry cost   income: small   large");
  for (double const tau : {4.0, 3.0, 2.5, 2.0, 1.7, 1.5, 1.4, 1.3, 1.2, 1.1}) {
    // [fields]
    auto const e = trade_at(tau);
    std::printf("%6.2f  %6.4f  %6.4f   %6.4f  %6.4f  %7.3f %7.3f  %12.4f  %14.3f  %6.3f\n", tau, e.price_cutoff[0],
                e.price_cutoff[1], e.average_markup[0], e.average_markup[1], e.mass_entrants[0], e.mass_entrants[1],
                e.profit_over_entry_cost[0], e.consumer_surplus[0], e.consumer_surplus[1]);
    // [/fields]
  }
}

void print_firm() {
  // [firm]
  auto const e = trade_at(1.7);
  double const cost = 1.5;  // of a firm of country 0, labour per unit
  double const at_home = e.markup(0, cost), abroad = e.markup(1, 1.7 * cost);
  // [/firm]
  std::printf(
      "\nAt tau = 1.7 a firm of the small country that needs %.1f workers per unit adds %.3f at home, where it\n"
      "sells %.2f units, and %.3f abroad, where it sells %.2f: it absorbs part of the trade cost.\n",
      cost, at_home, e.quantity(0, cost), abroad, e.quantity(1, 1.7 * cost));
}

void print_gains() {
  std::puts(
      "\nGains from trade under other demands, Pareto productivity of shape 5: d ln W = elasticity d ln lambda\n");
  std::puts("  demand                markup elasticity  elasticity  over that of constant markups");
  // [gains]
  for (auto const& demand :
       {melitz::linear_demand(), melitz::exponential_utility_demand(), melitz::pollak_demand(2.0)}) {
    auto const s = melitz::separable_demand_constants(demand, 5.0);
    std::printf("  %-20s  %17.4f  %10.4f  %29.4f\n", demand.name.c_str(), s.markup_elasticity, s.welfare_elasticity(),
                s.relative_welfare_elasticity());
  }
  // [/gains]
}

int draw() {
  figure f("melitz_ottaviano", figure::picture);
  f.columns("tau markup_small markup_large entrants_small entrants_large");
  for (int k = 0; k <= 195; ++k) {
    double const tau = 3 - 0.01 * k;
    auto const e = trade_at(tau);
    f.row(tau, e.average_markup[0], e.average_markup[1], e.mass_entrants[0], e.mass_entrants[1]);
  }
  f.draw(
      R"gnuplot(set multiplot layout 1,2 title "Cheaper trade, lower markups, and a country that loses its firms"
set xlabel "iceberg cost τ"
set xrange [3:1.05]
set ylabel "average markup of a market's sellers"
set key bottom left
plot data using 1:2 with lines ls 1 title "small country", \
     data using 1:3 with lines ls 2 title "large country"
set ylabel "entrants"
set yrange [0:*]
set key top left
plot data using 1:4 with lines ls 1 title "small country", \
     data using 1:5 with lines ls 2 title "large country"
unset multiplot
)gnuplot");
  return finish_figure(f, "melitz_ottaviano");
}

}  // namespace

int main(int count, char** arguments) {
  return run_example(count, arguments, "melitz_ottaviano", {print_size, print_trade, print_firm, print_gains}, draw);
}
