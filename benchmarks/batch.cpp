// SPDX-License-Identifier: BSL-1.0
// Many different economies: how many a core solves in a second, and how much work the hardest of a million takes.
#include "common/economy.hpp"
#include "common/random_economies.hpp"

#if __has_include(<melitz/analysis/sweep.hpp>)
#include <melitz/analysis/sweep.hpp>
#define MELITZ_HAS_SWEEP
#endif

#include <benchmark/benchmark.h>
#include <string>
#include <vector>

namespace {

using melitz::try_solve;

/// Work per solve over random economies and laws. One pass; its time says little, its counters everything.
template <class Case>
void work(benchmark::State& state, benchmarks::ranges const& within, int draws) {
  double evaluations = 0, most = 0, above_four = 0, failed = 0;
  for (auto _ : state) {
    benchmarks::random_economies random(within);
    for (int i = 0; i < draws; ++i) {
      auto const economy = random.economy();
      auto const e = try_solve(economy, random.law(Case{}, economy.domestic.elasticity - 1));
      evaluations += e.evaluations;
      most = std::max<double>(most, e.evaluations);
      above_four += e.evaluations > 4;
      failed += !e;
    }
  }
  state.counters["solves"] = draws;
  state.counters["free_entry_evaluations"] = evaluations / draws;
  state.counters["most_free_entry_evaluations"] = most;
  state.counters["share_above_four"] = above_four / draws;
  state.counters["failed"] = failed;
}

std::vector<melitz::open_economy<>> economies() {
  benchmarks::random_economies random(benchmarks::plausible());
  std::vector<melitz::open_economy<>> out(10'000);
  for (auto& e : out) e = random.economy();
  return out;
}

/// Economies that differ in everything but the law, one after the other.
template <class Case>
void one_by_one(benchmark::State& state) {
  auto const batch = economies();
  auto const law = Case::template law<double>();
  for (auto _ : state) {
    for (auto const& e : batch) benchmark::DoNotOptimize(try_solve(e, law));
  }
  state.counters["solves"] = static_cast<double>(batch.size());
}

#ifdef MELITZ_HAS_SWEEP
/// The same economies as one batch.
template <class Case>
void together(benchmark::State& state) {
  auto const batch = economies();
  auto const law = Case::template law<double>();
  melitz::equilibria<double> table;
  for (auto _ : state) {
    melitz::solve_each_into(table, batch, law);
    benchmark::DoNotOptimize(table.cutoff.data());
    benchmark::ClobberMemory();
  }
  state.counters["solves"] = static_cast<double>(batch.size());
  state.counters["failed"] = static_cast<double>(batch.size() - table.converged());
}
#endif

[[maybe_unused]] bool const registered = [] {
  auto const add = []<class Case>(Case, std::string const& group, benchmarks::ranges const& within, int draws) {
    benchmark::RegisterBenchmark((group + Case::name).c_str(),
                                 [=](benchmark::State& state) { work<Case>(state, within, draws); })
        ->Iterations(1)
        ->Unit(benchmark::kMillisecond);
  };
  auto const add_all = [&](std::string const& group, benchmarks::ranges const& within) {
    add(benchmarks::pareto{}, group, within, 1'000'000);
    add(benchmarks::lognormal{}, group, within, 1'000'000);
    add(benchmarks::weibull{}, group, within, 1'000'000);
    add(benchmarks::frechet{}, group, within, 1'000'000);
  };
  add_all("work, plausible economies/", benchmarks::plausible());
  add_all("work, wide ranges/", benchmarks::wide());
  auto const add_batch = []<class Case>(Case) {
    std::string const job = std::string("batch/") + Case::name;
    benchmark::RegisterBenchmark((job + "/loop").c_str(), one_by_one<Case>)->Unit(benchmark::kMillisecond);
#ifdef MELITZ_HAS_SWEEP
    benchmark::RegisterBenchmark(job.c_str(), together<Case>)->Unit(benchmark::kMillisecond);
#endif
  };
  add_batch(benchmarks::lognormal{});
  add_batch(benchmarks::weibull{});
  return true;
}();

}  // namespace
