// SPDX-License-Identifier: BSL-1.0
// A stranger's program: what the README shows, and nothing else of this repository.
#include <cmath>
#include <cstdio>
#include <melitz/melitz.hpp>

int main() {
  melitz::closed_economy<> const economy{
      .elasticity = 4, .fixed_cost = 1, .entry_cost = 2, .death_rate = 0.05, .labor = 1};
  melitz::lognormal<> const draws{.log_mean = 0, .log_sd = 0.8};
  auto const equilibrium = melitz::solve(economy, draws);
  std::printf("melitz %d.%d.%d: cutoff %.12f\n", MELITZ_VERSION_MAJOR, MELITZ_VERSION_MINOR, MELITZ_VERSION_PATCH,
              equilibrium.cutoff);
  return std::abs(equilibrium.cutoff - 4.5740487172218359) < 1e-12 ? 0 : 1;
}
