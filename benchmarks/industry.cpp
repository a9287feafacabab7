// SPDX-License-Identifier: BSL-1.0
// Industries whose firms change: redraws, and an autoregression beside course codes on grids.
#include "common/industry.hpp"

#include <benchmark/benchmark.h>
#include <melitz/dynamics/states/sunk_exports.hpp>
#include <melitz/tail/tail.hpp>

namespace {

using melitz::productivity_shocks;

void solve_industry(benchmark::State& state, productivity_shocks shocks, bool flows) {
  auto const economy = benchmarks::industry(shocks);
  auto const tail = tail_of(benchmarks::entrants_of_industry(), economy.elasticity - 1);
  melitz::industry_equilibrium<> e;
  for (auto _ : state) {
    e = try_solve(economy, tail, {.flows = flows});
    benchmark::DoNotOptimize(e.demand);
  }
  if (!e) return state.SkipWithError("it was not solved");
  state.counters["evaluations"] = e.evaluations;
  if (shocks == productivity_shocks::redraws) return;
  auto const off = (benchmarks::answers_of(e).array() / benchmarks::truth_of_industry().array() - 1).abs().maxCoeff();
  state.counters["error_eps"] = static_cast<double>(off) * 0x1p52;
}

void sunk(benchmark::State& state) {
  auto economy = benchmarks::industry(productivity_shocks::autoregression);
  economy.partners = 2;
  economy.iceberg_cost = 1.4;
  economy.export_fixed_cost = 0.5;
  melitz::sunk_export_equilibrium<> e;
  for (auto _ : state) {
    e = try_solve_sunk_exports(economy, 2.0, benchmarks::entrants_of_industry());
    benchmark::DoNotOptimize(e.demand);
  }
  if (!e) return state.SkipWithError("it was not solved");
  state.counters["evaluations"] = e.evaluations;
}

[[maybe_unused]] bool const registered = [] {
  auto const add = [](char const* name, productivity_shocks shocks, bool flows) {
    benchmark::RegisterBenchmark(name, [=](benchmark::State& state) {
      solve_industry(state, shocks, flows);
    })->Unit(benchmark::kMicrosecond);
  };
  add("industry/autoregression", productivity_shocks::autoregression, false);
  add("industry/autoregression/with cohorts and jobs", productivity_shocks::autoregression, true);
  add("industry/redraws", productivity_shocks::redraws, false);
  add("industry/redraws/with cohorts and jobs", productivity_shocks::redraws, true);
  benchmark::RegisterBenchmark("industry/sunk export costs", sunk)->Unit(benchmark::kMicrosecond);
  return true;
}();

}  // namespace
