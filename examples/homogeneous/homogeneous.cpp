// SPDX-License-Identifier: BSL-1.0
// What heterogeneity of firms adds to the gains from trade, after Melitz, Redding (2015), with that paper's parameters.
// Two economies of homogeneous firms are made from the one of heterogeneous firms: one is the same at autarky, the
// other at an iceberg cost of 1.83. Then trade costs change, and selection sets the three apart. And Krugman (1980):
// what a fixed cost of exporting does to the formula for the gains, and two countries of unequal size.
//
//   homogeneous [--figure]

#include "../common/figure.hpp"

#include <cmath>
#include <cstdio>
#include <limits>
#include <melitz/law/pareto.hpp>
#include <melitz/models/homogeneous.hpp>
#include <melitz/models/krugman.hpp>

namespace {

constexpr double autarky = std::numeric_limits<double>::infinity(), traded = 1.83;

// [primitives]
constexpr melitz::pareto<> draws{.scale = 1, .shape = 4.25};

melitz::open_economy<> economy(double iceberg_cost) {
  melitz::closed_economy<> const home{.elasticity = 4, .fixed_cost = 1, .entry_cost = 1, .death_rate = 1, .labor = 1};
  return {.domestic = home, .partners = 1, .iceberg_cost = iceberg_cost, .export_fixed_cost = 0.545};
}
// [/primitives]

void print_laws() {
  // [laws]
  auto const as_in_autarky = melitz::homogeneous_firms(melitz::solve(economy(autarky), draws));
  auto const as_traded = melitz::homogeneous_firms(melitz::solve(economy(1.83), draws));
  // [/laws]
  std::puts("Homogeneous firms      productivity (probability)");
  for (auto const* law : {&as_in_autarky, &as_traded}) {
    std::printf("%-21s", law == &as_in_autarky ? "as in autarky" : "as at tau = 1.83");
    for (std::size_t k = 0; k < law->values.size(); ++k) std::printf("  %.4f (%.4f)", law->values[k], law->weights[k]);
    std::puts("");
  }
}

/// By how many percent a number exceeds another; no sign of a rounding where they are the same.
double percent_above(double welfare, double other) {
  double const percent = 100 * (welfare / other - 1);
  return std::fabs(percent) < 1e-9 ? 0 : percent;
}

void print_table() {
  std::puts("\n                   gain over autarky in percent, firms:            heterogeneity adds, percent");
  std::puts("   tau  exporters  heterogeneous  as in autarky  as at 1.83   to autarky's  to those at 1.83");
  for (double const tau : {3.0, 2.5, 2.2, 2.0, 1.83, 1.7, 1.6, 1.5, 1.4, 1.3, 1.2, 1.1, 1.0}) {
    // [solve]
    auto const from_autarky = melitz::solve(melitz::homogeneous_economy<>{economy(tau), autarky}, draws);
    auto const from_trade = melitz::solve(melitz::homogeneous_economy<>{economy(tau), 1.83}, draws);
    // [/solve]
    auto const gain = [&](double welfare) { return percent_above(welfare, from_autarky.calibration_welfare()); };
    std::printf("%6.2f  %9.4f  %13.4f  %13.4f  %10.4f   %12.4f  %16.4f\n", tau,
                from_autarky.heterogeneous.share_exporting, gain(from_autarky.heterogeneous.welfare),
                gain(from_autarky.homogeneous.welfare), gain(from_trade.homogeneous.welfare),
                percent_above(from_autarky.welfare_ratio(), 1), percent_above(from_trade.welfare_ratio(), 1));
  }
}

void print_krugman() {
  // [formula]
  auto const c = melitz::solve(melitz::homogeneous_economy<>{economy(1), autarky}, draws);
  double const by_formula = std::pow(c.homogeneous.domestic_share, -1.0 / 3);
  // [/formula]
  std::printf(
      "\nWith free trade homogeneous firms as in autarky gain %.2f %%; the formula of Krugman, lambda^(-1/3), says\n"
      "%.2f %%. It knows no fixed cost of exporting.\n",
      100 * (c.homogeneous_welfare_change() - 1), 100 * (by_formula - 1));
  // [countries]
  melitz::krugman_countries_economy<> const unequal{
      .elasticity = 4, .fixed_cost = 1, .productivity = 1, .iceberg_cost = 1.4, .labor = 2, .foreign_labor = 1};
  auto const e = melitz::solve(unequal);
  double const firms = melitz::home_market_effect(1.3, std::pow(1.4, -3));
  // [/countries]
  std::printf(
      "Krugman's country of twice the size pays %.2f %% more at tau = 1.4. Where wages are the same, a country\n"
      "that spends 1.3 times as much on a good has %.2f times as many of its firms.\n",
      100 * (e.wage - 1), firms);
}

int draw() {
  figure f("homogeneous", figure::picture);
  f.columns("tau gain_heterogeneous gain_as_in_autarky gain_as_at_1.83 adds_to_autarky adds_to_1.83");
  for (int k = 0; k <= 200; ++k) {
    double const tau = 3 - 0.01 * k;
    auto const from_autarky = melitz::solve(melitz::homogeneous_economy<>{economy(tau), autarky}, draws);
    auto const from_trade = melitz::solve(melitz::homogeneous_economy<>{economy(tau), traded}, draws);
    auto const gain = [&](double welfare) { return percent_above(welfare, from_autarky.calibration_welfare()); };
    f.row(tau, gain(from_autarky.heterogeneous.welfare), gain(from_autarky.homogeneous.welfare),
          gain(from_trade.homogeneous.welfare), percent_above(from_autarky.welfare_ratio(), 1),
          percent_above(from_trade.welfare_ratio(), 1));
  }
  f.draw(R"gnuplot(set multiplot layout 1,2 title "Homogeneous firms gain less from trade"
set xlabel "iceberg cost τ"
set xrange [3:1]
set key Left reverse left top
set ylabel "welfare over that in autarky, percent"
set yrange [-1:21]
plot data using 1:2 with lines ls 1 title "heterogeneous firms", \
     data using 1:3 with lines ls 2 title "as in autarky", \
     data using 1:4 with lines ls 3 title "as at τ = 1.83"
set ylabel "what heterogeneity adds to welfare, percent"
set yrange [0:2.8]
set arrow from 1.83,0 to 1.83,2.22 nohead ls 4
plot data using 1:5 with lines ls 2 title "to firms as in autarky", \
     data using 1:6 with lines ls 3 title "to firms as at τ = 1.83"
unset multiplot
)gnuplot");
  return finish_figure(f, "homogeneous");
}

}  // namespace

int main(int count, char** arguments) {
  return run_example(count, arguments, "homogeneous", {print_laws, print_table, print_krugman}, draw);
}
