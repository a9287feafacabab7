// SPDX-License-Identifier: BSL-1.0
// A million open economies in C++, for benchmarks/python/run.py: prints the processor's seconds of the shortest run.
#include <melitz/analysis/sweep.hpp>
#include <melitz/law/lognormal.hpp>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <vector>

int main() {
  melitz::open_economy<> const economy{
      .domestic = {.elasticity = 4, .fixed_cost = 1, .entry_cost = 2, .death_rate = 0.05, .labor = 1},
      .partners = 3,
      .iceberg_cost = 1.6,
      .export_fixed_cost = 1.3};
  constexpr std::size_t count = 1'000'000;
  std::vector<double> costs(count);
  for (std::size_t k = 0; k < count; ++k) {
    costs[k] = 1.1 + 1.9 * static_cast<double>(k) / static_cast<double>(count - 1);
  }
  double shortest = 1e9;
  for (int run = 0; run < 5; ++run) {
    auto const begin = std::clock();
    auto const all = melitz::sweep(economy, &melitz::open_economy<>::iceberg_cost, costs, melitz::lognormal<>{0, 0.8});
    shortest = std::min(shortest, static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC);
    if (all.converged() != count) return 1;
  }
  std::printf("%.4f\n", shortest);
}
