// SPDX-License-Identifier: BSL-1.0
// Trade and unemployment, after Egger and Kreickemeier (2009). Two countries alike, whose workers hold more productive
// firms to owe them more. Unemployment, wages and their dispersion as the iceberg cost falls; then how much of it is
// due to fairness.
//
//   fair_wage [--figure]

#include "../common/figure.hpp"

#include <cstdio>
#include <melitz/economy/solve.hpp>
#include <melitz/law/lognormal.hpp>
#include <melitz/models/fair_wage.hpp>

namespace {

constexpr melitz::lognormal<> draws{.log_mean = 0, .log_sd = 0.8};

// [primitives]
melitz::fair_wage_economy<> economy(double iceberg_cost, double fairness) {
  melitz::closed_economy<> const home{
      .elasticity = 4, .fixed_cost = 1, .entry_cost = 20, .death_rate = 0.1, .labor = 100};
  melitz::open_economy<> const trade{
      .domestic = home, .partners = 1, .iceberg_cost = iceberg_cost, .export_fixed_cost = 1.2};
  return {.trade = trade, .fairness = fairness};
}
// [/primitives]

void print_table() {
  std::puts("   tau     phi*    phi_x  exporters  unemployed  mean wage   Theil    Gini  welfare");
  for (double const tau : {2.6, 2.2, 1.8, 1.6, 1.4, 1.2, 1.1, 1.0}) {
    // [solve]
    auto const e = melitz::solve(economy(tau, 0.4), draws);
    // [/solve]
    std::printf("%6.2f  %7.4f  %7.4f  %9.4f  %10.4f  %9.4f  %6.4f  %6.4f  %7.4f\n", tau, e.cutoff, e.export_cutoff,
                e.share_exporting, e.unemployment, e.mean_wage, e.wage_theil, e.wage_gini, e.welfare);
  }
}

void print_fairness() {
  std::puts("\n fairness  unemployed at tau = 2.6     at 1.2   Gini at 2.6     at 1.2");
  for (double const fairness : {0.0, 0.2, 0.4, 0.6}) {
    auto const dear = melitz::solve(economy(2.6, fairness), draws),
               cheap = melitz::solve(economy(1.2, fairness), draws);
    std::printf("%9.1f  %23.4f  %9.4f  %12.4f  %9.4f\n", fairness, dear.unemployment, cheap.unemployment,
                dear.wage_gini, cheap.wage_gini);
  }
}

int draw() {
  figure f("fair_wage", figure::picture);
  f.columns("tau exporters unemployed gini");
  for (int k = 0; k <= 160; ++k) {
    double const tau = 2.6 - 0.01 * k;
    auto const e = melitz::solve(economy(tau, 0.4), draws);
    f.row(tau, 100 * e.share_exporting, 100 * e.unemployment, 100 * e.wage_gini);
  }
  f.draw(R"gnuplot(set title "Cheaper trade, unemployment and the dispersion of wages"
set xlabel "iceberg cost τ"
set ylabel "unemployed, percent of workers"
set y2label "Gini index of wages of those in work, percent"
set ytics nomirror
set y2tics
set border 11
set xrange [2.6:1]
set key Left reverse left bottom
plot data using 1:3 with lines ls 1 title "unemployed (left)", \
     data using 1:4 axes x1y2 with lines ls 2 title "Gini index (right)"
)gnuplot");
  return finish_figure(f, "fair_wage");
}

}  // namespace

int main(int count, char** arguments) {
  return run_example(count, arguments, "fair_wage", {print_table, print_fairness}, draw);
}
