// SPDX-License-Identifier: BSL-1.0
// Who upgrades when trade costs fall, after Bustos (2011). Two countries alike; a better technology divides variable
// cost by 1.3 and costs six times the fixed cost. The least productive firm that upgrades, and the share that do, as
// the iceberg cost falls; then the same welfare gain with nobody allowed to upgrade.
//
//   technology [CSV]     also writes the table to a file

#include <cmath>
#include <cstdio>
#include <exception>
#include <melitz/law/lognormal.hpp>
#include <melitz/models/technology.hpp>

namespace {

// [primitives]
melitz::technology_economy<> economy(double iceberg_cost) {
  melitz::closed_economy<> const home{
      .elasticity = 4, .fixed_cost = 1, .entry_cost = 15, .death_rate = 0.1, .labor = 100};
  melitz::open_economy<> const trade{
      .domestic = home, .partners = 1, .iceberg_cost = iceberg_cost, .export_fixed_cost = 0.7};
  return {.trade = trade, .productivity_gain = 1.3, .cost_ratio = 6};
}
// [/primitives]

void print(std::FILE* out, bool csv) {
  melitz::lognormal<> const draws{.log_mean = 0, .log_sd = 0.6};
  double const costs[] = {2.2, 2, 1.8, 1.6, 1.4, 1.2, 1.1, 1};
  std::fputs(csv ? "iceberg_cost,cutoff,export_cutoff,upgrade_cutoff,share_exporting,share_upgrading,upgraded_revenue,"
                   "welfare\n"
                 : "   tau     phi*    phi_x    phi_h  exporters  upgraders  their revenue  welfare\n",
             out);
  for (double const tau : costs) {
    // [solve]
    auto const e = melitz::solve(economy(tau), draws);
    // [/solve]
    std::fprintf(out,
                 csv ? "%g,%.15g,%.15g,%.15g,%.15g,%.15g,%.15g,%.15g\n"
                     : "%6.2f  %7.4f  %7.4f  %7.4f  %9.4f  %9.4f  %13.4f  %7.4f\n",
                 tau, e.cutoff, e.export_cutoff, e.upgrade_cutoff, e.share_exporting, e.share_upgrading,
                 e.upgraded_revenue, e.welfare);
  }
}

}  // namespace

int main(int count, char** arguments) try {
  print(stdout, false);

  melitz::lognormal<> const draws{.log_mean = 0, .log_sd = 0.6};
  auto const before = melitz::solve(economy(2.2), draws), after = melitz::solve(economy(1), draws);
  auto const without = melitz::solve(economy(1).trade, draws),
             without_before = melitz::solve(economy(2.2).trade, draws);
  std::printf("\nFrom tau = 2.2 to free trade, welfare rises by %.2f %%; by %.2f %% if nobody can upgrade.\n",
              100 * (after.welfare / before.welfare - 1), 100 * (without.welfare / without_before.welfare - 1));
  std::printf("At tau = 2.2, one percent off trade costs is worth %.3f %%, a technology one percent better %.3f %%.\n",
              -before.welfare_elasticity_of_iceberg_cost(), before.welfare_elasticity_of_productivity_gain());

  if (count > 1) {
    std::FILE* const file = std::fopen(arguments[1], "w");
    if (file == nullptr) {
      std::fprintf(stderr, "technology: cannot write %s\n", arguments[1]);
      return 1;
    }
    print(file, true);
    if (std::fclose(file) != 0) {
      std::fprintf(stderr, "technology: cannot write %s\n", arguments[1]);
      return 1;
    }
  }
} catch (std::exception const& e) {
  std::fprintf(stderr, "technology: %s\n", e.what());
  return 1;
}
