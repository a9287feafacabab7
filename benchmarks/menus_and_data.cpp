// SPDX-License-Identifier: BSL-1.0
// Cost against the size of the problem: options in a menu, data points in an empirical law.
#include "common/economy.hpp"

#include <melitz/entry/menu_entry.hpp>
#include <melitz/law/discrete.hpp>

#include <benchmark/benchmark.h>
#include <cmath>
#include <random>
#include <string>
#include <vector>

namespace {

/// Technologies that a firm can choose from, each one chosen by somebody: slopes from 1 to 8, costs rising faster.
melitz::menu<> technologies(int count) {
  melitz::menu<> out;
  for (int k = 0; k < count; ++k) {
    double const position = static_cast<double>(k) / (count - 1);
    out.push_back({.name = std::to_string(k),
                   .slope = std::exp(position * std::log(8)),
                   .fixed_cost = std::exp(position * std::log(8) * 2)});
  }
  return out;
}

template <class Case>
void menu(benchmark::State& state) {
  auto const options = technologies(static_cast<int>(state.range(0)));
  auto const tail = melitz::tail_of(Case::template law<double>(), 3.0);
  int evaluations = 0;
  for (auto _ : state) {
    auto const e = melitz::try_solve_free_entry(options, tail, 0.1, 4.0);
    benchmark::DoNotOptimize(e.demand);
    evaluations = e.evaluations;
    if (!e) return state.SkipWithError("free entry was not solved");
  }
  state.counters["free_entry_evaluations"] = evaluations;
  state.SetComplexityN(state.range(0));
}

melitz::discrete<> data(std::int64_t count) {
  std::mt19937_64 generator(1);
  std::lognormal_distribution<> draw(0, 0.8);
  melitz::discrete<> out;
  for (std::int64_t k = 0; k < count; ++k) out.values.push_back(draw(generator));
  return out;
}

/// Data as they come: checked, sorted and summed, then one equilibrium.
void data_and_solve(benchmark::State& state) {
  auto const law = data(state.range(0));
  auto const economy = benchmarks::open_economy();
  for (auto _ : state) {
    auto const e = melitz::try_solve(economy, law);
    benchmark::DoNotOptimize(e.cutoff);
    if (!e) return state.SkipWithError("not solved");
  }
  state.SetComplexityN(state.range(0));
}

/// One equilibrium more from the same data.
void solve_once_more(benchmark::State& state) {
  auto const tail = melitz::tail_of(data(state.range(0)), 3.0);
  auto const economy = benchmarks::open_economy();
  int evaluations = 0;
  for (auto _ : state) {
    auto const e = melitz::try_solve(economy, tail);
    benchmark::DoNotOptimize(e.cutoff);
    evaluations = e.evaluations;
    if (!e) return state.SkipWithError("not solved");
  }
  state.counters["free_entry_evaluations"] = evaluations;
  state.SetComplexityN(state.range(0));
}

void sizes_of_menus(benchmark::internal::Benchmark* b) {
  for (int const options : {2, 10, 100, 1'000, 10'000}) b->Arg(options);
}
void sizes_of_data(benchmark::internal::Benchmark* b) {
  for (int const points : {100, 10'000, 1'000'000, 10'000'000}) b->Arg(points);
}

BENCHMARK_TEMPLATE(menu, benchmarks::pareto)->Name("menu/pareto")->Apply(sizes_of_menus);
BENCHMARK_TEMPLATE(menu, benchmarks::lognormal)->Name("menu/lognormal")->Apply(sizes_of_menus);
BENCHMARK(data_and_solve)->Name("data/from raw data")->Apply(sizes_of_data)->Unit(benchmark::kMicrosecond);
BENCHMARK(solve_once_more)->Name("data/once more")->Apply(sizes_of_data);

}  // namespace
