// SPDX-License-Identifier: BSL-1.0
// A closed economy, the same economy open to trade, and what the opening does.

// [program]
#include <cstdio>
#include <melitz/melitz.hpp>

int main() {
  melitz::lognormal<> draws{.log_mean = 0, .log_sd = 0.8};
  melitz::closed_economy<> autarky{
      .elasticity = 4, .fixed_cost = 1, .entry_cost = 2, .death_rate = 0.05, .labor = 1000};
  melitz::open_economy<> trade{.domestic = autarky, .partners = 3, .iceberg_cost = 1.6, .export_fixed_cost = 1.3};

  auto before = melitz::solve(autarky, draws);
  auto after = melitz::solve(trade, draws);
  std::printf("cutoff in autarky         %.6f\n", before.cutoff);
  std::printf("cutoff with trade         %.6f\n", after.cutoff);
  std::printf("export cutoff             %.6f\n", after.export_cutoff);
  std::printf("share of firms exporting  %.4f\n", after.share_exporting);
  std::printf("profit at productivity 9  %.4f, before %.4f\n", after.profit(9), before.profit(9));

  auto effects = melitz::compare(before, after);
  std::printf("firms that exit           %.4f\n", effects.share_of_firms_exiting);
  std::printf("gain in welfare           %.2f %%\n", effects.change("welfare").percent());
}
// [/program]
