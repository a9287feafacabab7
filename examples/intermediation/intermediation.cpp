// SPDX-License-Identifier: BSL-1.0
// Who exports through intermediaries, after Ahn, Khandelwal and Wei (2011). Four countries alike; a wholesaler reaches
// all three partners for one fixed cost and adds 15 percent to the price. The harder it is to enter a market directly,
// the larger the part of exports that goes through wholesalers; then what they are worth.
//
//   intermediation [--figure]

#include "../common/figure.hpp"

#include <cstdio>
#include <melitz/law/lognormal.hpp>
#include <melitz/models/intermediation.hpp>

namespace {

constexpr melitz::lognormal<> draws{.log_mean = 0, .log_sd = 0.6};

// [primitives]
melitz::intermediation_economy<> economy(double export_fixed_cost, double markup = 1.15) {
  melitz::closed_economy<> const home{
      .elasticity = 4, .fixed_cost = 1, .entry_cost = 15, .death_rate = 0.1, .labor = 100};
  melitz::open_economy<> const trade{
      .domestic = home, .partners = 3, .iceberg_cost = 1.4, .export_fixed_cost = export_fixed_cost};
  return {.trade = trade, .indirect_fixed_cost = 1.2, .intermediary_markup = markup};
}
// [/primitives]

void print_table() {
  std::puts("   f_x     phi*    phi_I    phi_X  indirect  direct  wholesalers' share of exports  welfare");
  for (double const cost : {0.5, 0.7, 1.0, 1.5, 2.0, 3.0, 5.0}) {
    // [solve]
    auto const e = melitz::solve(economy(cost), draws);
    // [/solve]
    std::printf("%6.2f  %7.4f  %7.4f  %7.4f  %8.4f  %6.4f  %29.4f  %7.4f\n", cost, e.cutoff, e.export_cutoff,
                e.direct_export_cutoff, e.share_indirect, e.share_direct, e.intermediary_share_of_exports, e.welfare);
  }
  std::puts(
      "\nphi_I is the least productive exporter, phi_X the least productive direct one; shares are of producers.");
}

void print_gains() {
  auto const with = economy(3);
  auto const e = melitz::solve(with, draws);
  auto const without = melitz::solve(with.trade, draws);
  std::printf("At f_x = 3 wholesalers bring %.1f %% of producers to foreign markets instead of %.1f %%,\n",
              100 * (e.share_indirect + e.share_direct), 100 * without.share_exporting);
  std::printf("earn %.2f %% of all income, and raise welfare by %.2f %%.\n",
              100 * e.intermediary_income / with.trade.domestic.labor, 100 * (e.welfare / without.welfare - 1));
}

int draw() {
  figure f("intermediation", figure::picture);
  f.columns("f_x share_at_markup_1.05 1.15 1.3");
  for (int k = 0; k <= 100; ++k) {
    double const cost = 0.4 + 0.046 * k;
    auto const share = [&](double markup) {
      return 100 * melitz::solve(economy(cost, markup), draws).intermediary_share_of_exports;
    };
    f.row(cost, share(1.05), share(1.15), share(1.3));
  }
  f.draw(R"gnuplot(set title "Markets that are hard to enter are served through intermediaries"
set xlabel "fixed cost of a direct export market f_x"
set ylabel "percent of exports through intermediaries"
set xrange [0.4:5]
set yrange [0:100]
set key Left reverse top left
plot data using 1:2 with lines ls 1 title "markup γ = 1.05", \
     data using 1:3 with lines ls 2 title "γ = 1.15", \
     data using 1:4 with lines ls 3 title "γ = 1.30"
)gnuplot");
  return finish_figure(f, "intermediation");
}

}  // namespace

int main(int count, char** arguments) {
  return run_example(count, arguments, "intermediation", {print_table, print_gains}, draw);
}
