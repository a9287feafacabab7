// SPDX-License-Identifier: BSL-1.0
// Whose exports suffer where contracts are hard to enforce, after Manova (2013). Lenders pay a share of the fixed cost
// of exporting in advance and are repaid with a probability. Weak enforcement keeps more firms from exporting, the more
// a sector depends on outside finance and the less it can pledge.
//
//   credit [--figure]

#include "../common/figure.hpp"

#include <cstdio>
#include <melitz/law/lognormal.hpp>
#include <melitz/models/credit.hpp>

namespace {

constexpr melitz::lognormal<> draws{.log_mean = 0, .log_sd = 0.6};

// [primitives]
melitz::credit_economy<> sector(double external_share, double collateral_share, double enforcement) {
  melitz::closed_economy<> const home{
      .elasticity = 4, .fixed_cost = 1, .entry_cost = 15, .death_rate = 0.1, .labor = 100};
  melitz::open_economy<> const trade{.domestic = home, .partners = 1, .iceberg_cost = 1.4, .export_fixed_cost = 1.2};
  return {.trade = trade,
          .external_share = external_share,
          .collateral_share = collateral_share,
          .contract_enforcement = enforcement};
}
// [/primitives]

void print_table() {
  std::puts("Half of the export cost comes from outside, and nothing can be pledged.");
  std::puts("enforcement   kappa    phi_x  exporters  kept out  exports  welfare");
  for (double const enforcement : {1.0, 0.9, 0.7, 0.5, 0.3}) {
    auto const economy = sector(0.5, 0, enforcement);
    // [solve]
    auto const e = melitz::solve(economy, draws);
    // [/solve]
    std::printf("%11.2f  %6.3f  %7.4f  %9.4f  %8.4f  %7.3f  %7.4f\n", enforcement, economy.finance_wedge(),
                e.export_cutoff, e.share_exporting, e.share_kept_out, e.exports, e.welfare);
  }
}

/// The interaction that the paper measures: enforcement matters where finance does.
void print_interaction() {
  std::puts("\nExports at an enforcement of 0.5, percent of those at 1:");
  std::puts("                        nothing pledged  2 % of entry cost pledged");
  for (double const external : {0.2, 0.5, 0.8}) {
    auto const ratio = [&](double collateral) {
      return 100 * melitz::solve(sector(external, collateral, 0.5), draws).exports /
             melitz::solve(sector(external, collateral, 1), draws).exports;
    };
    std::printf("%.0f %% from outside  %20.1f  %25.1f\n", 100 * external, ratio(0), ratio(0.02));
  }
}

int draw() {
  figure f("credit", figure::picture);
  f.columns("enforcement exports_at_external_share_0.2 0.5 0.8");
  for (int k = 0; k <= 90; ++k) {
    double const enforcement = 0.1 + 0.01 * k;
    auto const share = [&](double external) {
      return 100 * melitz::solve(sector(external, 0, enforcement), draws).exports /
             melitz::solve(sector(external, 0, 1), draws).exports;
    };
    f.row(enforcement, share(0.2), share(0.5), share(0.8));
  }
  f.draw(R"gnuplot(set title "Weak enforcement hurts the exports of sectors that need outside finance"
set xlabel "contract enforcement λ"
set ylabel "exports, percent of those at λ = 1"
set xrange [0.1:1]
set yrange [0:105]
set key Left reverse bottom right
plot data using 1:2 with lines ls 1 title "20 % from outside", \
     data using 1:3 with lines ls 2 title "50 %", \
     data using 1:4 with lines ls 3 title "80 %"
)gnuplot");
  return finish_figure(f, "credit");
}

}  // namespace

int main(int count, char** arguments) {
  return run_example(count, arguments, "credit", {print_table, print_interaction}, draw);
}
