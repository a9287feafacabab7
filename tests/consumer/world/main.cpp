// SPDX-License-Identifier: BSL-1.0
// A stranger's program with two different countries.
#include <cmath>
#include <cstdio>
#include <melitz/law/lognormal.hpp>
#include <melitz/worlds/multinational/multinational_world.hpp>

int main() {
  melitz::multinational_sector<> const sector{.elasticity = 4,
                                              .fixed_cost = 1,
                                              .entry_cost = 2,
                                              .death_rate = 1,
                                              .export_fixed_cost = 0.6,
                                              .affiliate_fixed_cost = 4,
                                              .expenditure_share = 0.6,
                                              .iceberg_cost = Eigen::Matrix2d{{1, 1.5}, {1.5, 1}}};
  melitz::multinational_world_economy<> const world{.labor = Eigen::Vector2d{100, 100}, .sectors = {sector}};
  auto const e = melitz::solve(world, melitz::lognormal<>{.log_mean = 0, .log_sd = 0.7});
  std::printf("demand %.12f\n", e.sectors[0].demand[1]);
  return std::abs(e.sectors[0].demand[1] - 0.16666383879826025) < 1e-12 ? 0 : 1;
}
