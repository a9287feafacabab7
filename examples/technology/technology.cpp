// SPDX-License-Identifier: BSL-1.0
// Who upgrades when trade costs fall, after Bustos (2011). Two countries alike; a better technology divides variable
// cost by 1.3 and costs six times the fixed cost. The least productive firm that upgrades, and the share that do, as
// the iceberg cost falls; then the same welfare gain with nobody allowed to upgrade.
//
//   technology [--figure]

#include "../common/figure.hpp"

#include <cstdio>
#include <melitz/law/lognormal.hpp>
#include <melitz/models/technology.hpp>

namespace {

constexpr melitz::lognormal<> draws{.log_mean = 0, .log_sd = 0.6};

// [primitives]
melitz::technology_economy<> economy(double iceberg_cost) {
  melitz::closed_economy<> const home{
      .elasticity = 4, .fixed_cost = 1, .entry_cost = 15, .death_rate = 0.1, .labor = 100};
  melitz::open_economy<> const trade{
      .domestic = home, .partners = 1, .iceberg_cost = iceberg_cost, .export_fixed_cost = 0.7};
  return {.trade = trade, .productivity_gain = 1.3, .cost_ratio = 6};
}
// [/primitives]

void print_table() {
  std::puts("   tau     phi*    phi_x    phi_h  exporters  upgraders  their revenue  welfare");
  for (double const tau : {2.2, 2.0, 1.8, 1.6, 1.4, 1.2, 1.1, 1.0}) {
    // [solve]
    auto const e = melitz::solve(economy(tau), draws);
    // [/solve]
    std::printf("%6.2f  %7.4f  %7.4f  %7.4f  %9.4f  %9.4f  %13.4f  %7.4f\n", tau, e.cutoff, e.export_cutoff,
                e.upgrade_cutoff, e.share_exporting, e.share_upgrading, e.upgraded_revenue, e.welfare);
  }
}

void print_gains() {
  auto const before = melitz::solve(economy(2.2), draws), after = melitz::solve(economy(1), draws);
  auto const without = melitz::solve(economy(1).trade, draws),
             without_before = melitz::solve(economy(2.2).trade, draws);
  std::printf("\nFrom tau = 2.2 to free trade, welfare rises by %.2f %%; by %.2f %% if nobody can upgrade.\n",
              100 * (after.welfare / before.welfare - 1), 100 * (without.welfare / without_before.welfare - 1));
  std::printf("At tau = 2.2, one percent off trade costs is worth %.3f %%, a technology one percent better %.3f %%.\n",
              -before.welfare_elasticity_of_iceberg_cost, before.welfare_elasticity_of_productivity_gain());
}

int draw() {
  figure f("technology", figure::picture);
  f.columns("tau exporters upgraders revenue_of_upgraders");
  for (int k = 0; k <= 120; ++k) {
    double const tau = 2.2 - 0.01 * k;
    auto const e = melitz::solve(economy(tau), draws);
    f.row(tau, 100 * e.share_exporting, 100 * e.share_upgrading, 100 * e.upgraded_revenue);
  }
  f.draw(R"gnuplot(set title "Cheaper trade makes firms export, and exporters upgrade"
set xlabel "iceberg cost τ"
set ylabel "percent"
set xrange [2.2:1]
set yrange [0:100]
set key Left reverse left at graph 0.03,0.66
plot data using 1:2 with lines ls 1 title "of producers: export", \
     data using 1:3 with lines ls 2 title "of producers: use the new technology", \
     data using 1:4 with lines ls 3 title "of revenue: earned with it"
)gnuplot");
  return finish_figure(f, "technology");
}

}  // namespace

int main(int count, char** arguments) {
  return run_example(count, arguments, "technology", {print_table, print_gains}, draw);
}
