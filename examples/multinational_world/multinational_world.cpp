// SPDX-License-Identifier: BSL-1.0
// Exports or affiliates among three different countries, after Helpman, Melitz and Yeaple (2004): a large one, one near
// it, and a small one far from both. Who enters where and what is sold how; then the same as the small country gets
// smaller, until nobody enters there. Needs Eigen.

#include <cstdio>
#include <exception>
#include <melitz/law/lognormal.hpp>
#include <melitz/worlds/multinational/multinational_world.hpp>

namespace {

constexpr melitz::lognormal<> draws{.log_mean = 0, .log_sd = 0.7};

// [primitives]
melitz::multinational_world_economy<> world(double small_country) {
  melitz::multinational_sector<> const sector{
      .elasticity = 4,
      .fixed_cost = 1,
      .entry_cost = 20,
      .death_rate = 0.1,
      .export_fixed_cost = 0.6,
      .affiliate_fixed_cost = 20,
      .expenditure_share = 0.3,
      .iceberg_cost = Eigen::Matrix3d{{1, 1.6, 2.1}, {1.6, 1, 2.0}, {2.1, 2.0, 1}}};
  return {.labor = Eigen::Vector3d{120, 100, small_country}, .sectors = {sector}};
}
// [/primitives]

void print_flows() {
  // [solve]
  auto const solved = melitz::solve(world(90), draws);
  auto const& cars = solved.sectors[0];
  // [/solve]
  std::puts("Sales, from the firms of one country to the consumers of another\n");
  std::puts("  from  to  export cutoff  affiliate cutoff  exports  affiliates'   ratio");
  for (int from = 0; from < 3; ++from) {
    for (int to = 0; to < 3; ++to) {
      if (from == to) continue;
      std::printf("  %4d  %2d  %13.4f  %16.4f  %7.3f  %11.3f  %6.3f\n", from, to, cars.export_cutoff(from, to),
                  cars.affiliate_cutoff(from, to), cars.exports(from, to), cars.affiliate_sales(from, to),
                  cars.exports_over_affiliate_sales(from, to));
    }
  }
  std::puts("\n  country  workers  entrants  cutoff  price index  workers of the sector  outside  real wage");
  for (int i = 0; i < 3; ++i) {
    std::printf("  %7d  %7.0f  %8.3f  %6.4f  %11.4f  %21.3f  %7.3f  %9.4f\n", i, world(90).labor[i],
                cars.mass_entrants[i], cars.cutoff[i], cars.price_index[i], cars.sector_labor[i],
                solved.outside_labor[i], solved.welfare[i]);
  }
}

void print_corner() {
  std::puts("\nA smaller and smaller country 2\n");
  std::puts("  workers  entrants  profit over entry cost  real wage");
  for (double const workers : {100.0, 95.0, 90.0, 85.0, 80.0, 70.0, 60.0, 40.0}) {
    // [corner]
    auto const solved = melitz::solve(world(workers), draws, {.allow_no_entrants = true});
    // [/corner]
    auto const& cars = solved.sectors[0];
    std::printf("  %7.0f  %8.3f  %22.4f  %9.4f\n", workers, cars.mass_entrants[2], cars.profit_over_entry_cost[2],
                solved.welfare[2]);
  }
}

}  // namespace

int main() try {
  print_flows();
  print_corner();
  return 0;
} catch (std::exception const& e) {
  std::fprintf(stderr, "multinational_world: %s\n", e.what());
  return 1;
}
