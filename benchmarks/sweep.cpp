// SPDX-License-Identifier: BSL-1.0
// 10,000 open economies that differ in the iceberg cost.
#include "common/economy.hpp"
#include "common/reference.hpp"

#if __has_include(<melitz/analysis/sweep.hpp>)
#include <melitz/analysis/sweep.hpp>
#define MELITZ_HAS_SWEEP
#endif

#include <benchmark/benchmark.h>
#include <algorithm>
#include <string>
#include <vector>

namespace {

using benchmarks::results;

/// The answers are checked at every hundredth point and at the last: fifty digits take a thousand times as long.
double worst_error(std::string const& law, auto const& results_at) {
  double worst = 0;
  for (int i = 0; i <= benchmarks::sweep_length; i += 100) {
    int const k = std::min(i, benchmarks::sweep_length - 1);
    auto const truth = benchmarks::reference(law, benchmarks::swept_iceberg_cost(k));
    double const error = benchmarks::worst_error(results_at(k), truth);
    if (!(error <= worst)) worst = error;
  }
  return worst;
}

std::vector<double> iceberg_costs() {
  std::vector<double> out(benchmarks::sweep_length);
  for (int i = 0; i < benchmarks::sweep_length; ++i)
    out[static_cast<std::size_t>(i)] = benchmarks::swept_iceberg_cost(i);
  return out;
}

/// A loop over solve with the law bound before it: what one writes without the sweep.
template <class Case>
void loop(benchmark::State& state) {
  auto economy = benchmarks::open_economy();
  auto const law = Case::template law<double>();
  auto const costs = iceberg_costs();
  double evaluations = 0;
  for (auto _ : state) {
    auto const tail = melitz::tail_of(law, economy.domestic.elasticity - 1);
    evaluations = 0;
    for (double const cost : costs) {
      economy.iceberg_cost = cost;
      auto const e = melitz::try_solve(economy, tail);
      benchmark::DoNotOptimize(e);
      evaluations += e.evaluations;
    }
  }
  state.counters["solves"] = benchmarks::sweep_length;
  state.counters["free_entry_evaluations"] = evaluations / benchmarks::sweep_length;
  state.counters["error_eps"] = worst_error(Case::name, [&](int i) {
    economy.iceberg_cost = benchmarks::swept_iceberg_cost(i);
    return benchmarks::results_of(melitz::try_solve(economy, law));
  });
}

#ifdef MELITZ_HAS_SWEEP
/// The sweep as a whole, into a table that is kept from one sweep to the next or into a new one.
template <class Case>
void whole(benchmark::State& state, bool table_kept) {
  auto economy = benchmarks::open_economy();
  auto const law = Case::template law<double>();
  auto const costs = iceberg_costs();
  melitz::equilibria<double> table;
  for (auto _ : state) {
    benchmark::DoNotOptimize(economy);
    if (!table_kept) table = {};
    melitz::sweep_into(table, economy, &melitz::open_economy<>::iceberg_cost, costs, law);
    benchmark::DoNotOptimize(table.cutoff.data());
    benchmark::ClobberMemory();
  }
  state.counters["solves"] = benchmarks::sweep_length;
  state.counters["error_eps"] = worst_error(Case::name, [&](int i) -> results<double> {
    auto const k = static_cast<std::size_t>(i);
    return {table.cutoff[k],
            table.export_cutoff[k],
            table.share_exporting[k],
            table.average_productivity[k],
            table.average_export_productivity[k],
            table.average_profit[k],
            table.average_revenue[k],
            table.mass_producers[k],
            table.mass_exporters[k],
            table.mass_varieties[k],
            table.average_variety_productivity[k],
            table.price_index[k],
            table.welfare[k]};
  });
}
#endif

[[maybe_unused]] bool const registered = [] {
  benchmarks::for_each_law([](auto law) {
    using Case = decltype(law);
    std::string const job = std::string("sweep/") + Case::name;
    benchmark::RegisterBenchmark((job + "/loop").c_str(), loop<Case>)->Unit(benchmark::kMillisecond);
#ifdef MELITZ_HAS_SWEEP
    for (bool const kept : {true, false}) {
      benchmark::RegisterBenchmark((job + (kept ? "" : "/new table")).c_str(), [=](benchmark::State& state) {
        whole<Case>(state, kept);
      })->Unit(benchmark::kMillisecond);
    }
#endif
  });
  return true;
}();

}  // namespace
