// SPDX-License-Identifier: BSL-1.0
// Wage inequality against openness, after Helpman, Itskhoki and Redding (2010). Two countries alike, whose exporters
// screen more and pay more. As the fixed cost of exporting falls, wages grow more unequal while exporters are few, then
// less: where all firms export, inequality is what it was without trade.
//
//   screening [--figure]

#include "../common/figure.hpp"

#include <cmath>
#include <cstdio>
#include <limits>
#include <melitz/economy/solve.hpp>
#include <melitz/law/pareto.hpp>
#include <melitz/models/screening.hpp>

namespace {

constexpr melitz::pareto<> draws{.scale = 1, .shape = 3.2};

// [primitives]
melitz::screening_economy<> economy(double export_fixed_cost) {
  return {.elasticity = 4,
          .sector_elasticity = 2,
          .fixed_cost = 1,
          .entry_cost = 0.3,
          .iceberg_cost = 1.2,
          .export_fixed_cost = export_fixed_cost,
          .returns_to_labor = 0.3,
          .least_ability = 1,
          .ability_shape = 2,
          .screening_cost = 0.3,
          .screening_exponent = 4,
          .search_cost = 1.2,
          .search_exponent = 1,
          .outside_income = 1};
}
// [/primitives]

void print_table() {
  std::puts("    f_x  theta_d  theta_x  exporters  their jobs  unemployed  mean wage   Theil    Gini       Q");
  for (double const f_x : {std::numeric_limits<double>::infinity(), 2.0, 1.0, 0.7, 0.5, 0.4, 0.3, 0.25, 0.2, 0.1}) {
    // [solve]
    auto const e = melitz::solve(economy(f_x), draws);
    // [/solve]
    std::printf("%7.2f  %7.4f  %7.4f  %9.4f  %10.4f  %10.4f  %9.4f  %6.4f  %6.4f  %6.4f\n", f_x, e.cutoff,
                e.export_cutoff, e.share_exporting, e.exporter_employment, e.unemployment, e.mean_wage, e.wage_theil,
                e.wage_gini, e.output);
  }
}

void print_premium() {
  auto const e = melitz::solve(economy(0.5), draws);
  std::printf("\nAn exporter pays %.1f %% more than the same firm would if it did not export.\n",
              100 * (e.exporter_premium - 1));
  std::printf("At f_x = 0.5 a firm at the cutoff pays %.4f, one twice as productive %.4f.\n", e.wage(e.cutoff),
              e.wage(2 * e.cutoff));
}

int draw() {
  figure f("screening", figure::picture);
  f.columns("exporters theil gini unemployed");
  double const all = economy(1).options()[1].slope - 1;  // f_x/f_d at which all export
  for (int k = 0; k <= 200; ++k) {
    // The share that exports is (all f_d/f_x)^(shape/size exponent): even steps in it, none to all.
    double const share = k == 0 ? 1e-9 : k / 200.0;
    double const f_x = all * std::pow(share, -economy(1).size_exponent() / draws.shape);
    auto const e = melitz::solve(economy(f_x), draws);
    f.row(100 * e.share_exporting, e.wage_theil, e.wage_gini, 100 * e.unemployment);
  }
  f.draw(R"gnuplot(set title "Wage inequality rises, then falls, as more firms export"
set xlabel "producers that export, percent"
set ylabel "Theil index of wages of those in work"
set y2label "unemployed, percent of workers"
set ytics nomirror
set y2tics
set border 11
set xrange [0:100]
set key bottom center
plot data using 1:2 with lines ls 1 title "Theil index (left)", \
     data using 1:4 axes x1y2 with lines ls 2 title "unemployed (right)"
)gnuplot");
  return finish_figure(f, "screening");
}

}  // namespace

int main(int count, char** arguments) {
  return run_example(count, arguments, "screening", {print_table, print_premium}, draw);
}
