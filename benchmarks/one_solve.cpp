// SPDX-License-Identifier: BSL-1.0
// One equilibrium from cold, everything included: checks of the input, the law's constants, all results.
#include "common/counting.hpp"
#include "common/economy.hpp"
#include "common/reference.hpp"

#include <benchmark/benchmark.h>
#include <cmath>
#include <string>

namespace {

using melitz::tail_of, melitz::try_solve;

/// What a solve costs, counted in a run of its own, and how far it is off.
template <class Case, class Economy>
void report(benchmark::State& state, Economy const& economy, bool bound_before, double iceberg_cost) {
  auto law = Case::template law<double>();
  auto const e = try_solve(economy, law);
  state.counters["free_entry_evaluations"] = e.evaluations;
  long count = 0;
  if constexpr (std::is_same_v<Case, benchmarks::density>) {
    benchmarks::counting_density<decltype(law)> const counted{law, &count};
    auto const tail = tail_of(counted, 3.0);
    if (bound_before) count = 0;
    benchmark::DoNotOptimize(try_solve(economy, tail));
  } else {
    benchmarks::counting_tail<decltype(tail_of(law, 3.0))> const counted{tail_of(law, 3.0), &count};
    benchmark::DoNotOptimize(try_solve(economy, counted));
  }
  state.counters["evaluations"] = static_cast<double>(count);
  auto const truth = benchmarks::reference(Case::name, iceberg_cost);
  state.counters["error_eps"] = benchmarks::worst_error(benchmarks::results_of(e), truth);
}

template <class Case>
void law_each_time(benchmark::State& state, auto economy, double iceberg_cost) {
  auto law = Case::template law<double>();
  for (auto _ : state) {
    benchmark::DoNotOptimize(economy);
    benchmark::DoNotOptimize(law);
    benchmark::DoNotOptimize(try_solve(economy, law));
  }
  report<Case>(state, economy, false, iceberg_cost);
}

/// tail_of(law, elasticity - 1) done before, as in the page on how to solve many economies with one law.
template <class Case>
void law_bound_before(benchmark::State& state, auto economy, double iceberg_cost) {
  auto tail = tail_of(Case::template law<double>(), economy.domestic.elasticity - 1);
  for (auto _ : state) {
    benchmark::DoNotOptimize(economy);
    benchmark::DoNotOptimize(tail);
    benchmark::DoNotOptimize(try_solve(economy, tail));
  }
  report<Case>(state, economy, true, iceberg_cost);
}

template <class Case>
void add() {
  auto const open = benchmarks::open_economy();
  std::string const job = std::string("/") + Case::name;
  benchmark::RegisterBenchmark(("closed" + job).c_str(),
                               [=](benchmark::State& state) { law_each_time<Case>(state, open.domestic, INFINITY); });
  benchmark::RegisterBenchmark(("open" + job).c_str(),
                               [=](benchmark::State& state) { law_each_time<Case>(state, open, open.iceberg_cost); });
  benchmark::RegisterBenchmark(("open" + job + "/law bound before").c_str(), [=](benchmark::State& state) {
    law_bound_before<Case>(state, open, open.iceberg_cost);
  });
}

[[maybe_unused]] bool const registered = [] {
  benchmarks::for_each_law([](auto law) { add<decltype(law)>(); });
  return true;
}();

}  // namespace
