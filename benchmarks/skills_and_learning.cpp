// SPDX-License-Identifier: BSL-1.0
// Workers who differ in skill, and firms that learn: one equilibrium from cold, with how far its accounts are open.
#include <melitz/dynamics/learning.hpp>
#include <melitz/law/discrete.hpp>
#include <melitz/law/lognormal.hpp>
#include <melitz/law/pareto.hpp>
#include <melitz/models/skill_technology.hpp>

#include <benchmark/benchmark.h>
#include <cmath>
#include <cstdint>

namespace {

melitz::skill_technology_economy<> skills() {
  return {.elasticity = 4,
          .expenditure_share = 0.5,
          .outside_skill_elasticity = 0.3,
          .low_skill_elasticity = 0.8,
          .high_skill_elasticity = 1.2,
          .low_fixed_cost = 1,
          .high_fixed_cost = 4,
          .labor = 1000,
          .partners = 1,
          .iceberg_cost = 1.3,
          .export_fixed_cost = 0.7};
}

template <class Law>
void skill_technology(benchmark::State& state, Law law) {
  auto economy = skills();
  for (auto _ : state) {
    benchmark::DoNotOptimize(economy);
    benchmark::DoNotOptimize(law);
    benchmark::DoNotOptimize(try_solve(economy, law));
  }
  auto const e = try_solve(economy, law);
  if (!e) return state.SkipWithError("not solved");
  state.counters["evaluations"] = e.evaluations;
  state.counters["residual"] = std::abs(e.residual);
}

/// @param state  its range is the death rate in per cent, which sets the horizon
void learning(benchmark::State& state) {
  melitz::learning_economy<> economy{.domestic = {.elasticity = 4,
                                                  .fixed_cost = 1,
                                                  .entry_cost = 1,
                                                  .death_rate = static_cast<double>(state.range(0)) / 100,
                                                  .labor = 1000},
                                     .discount_factor = 0.96,
                                     .prior_mean = 0,
                                     .prior_variance = 0.25,
                                     .noise_variance = 0.25};
  for (auto _ : state) {
    benchmark::DoNotOptimize(economy);
    benchmark::DoNotOptimize(try_solve(economy));
  }
  auto const e = try_solve(economy);
  if (!e) return state.SkipWithError("not solved");
  state.counters["horizon"] = e.horizon;
  state.counters["value_identity"] = std::abs(e.value_identity);
}

[[maybe_unused]] bool const registered = [] {
  auto const add = [](char const* name, auto law) {
    benchmark::RegisterBenchmark(name, [=](benchmark::State& state) { skill_technology(state, law); });
  };
  add("skill_technology/lognormal", melitz::lognormal<>{0, 0.7});
  add("skill_technology/pareto", melitz::pareto<>{0.5, 2.5});
  add("skill_technology/discrete", melitz::discrete<>{{0.5, 1.25, 2, 4}, {0.25, 0.5, 0.125, 0.125}});
  benchmark::RegisterBenchmark("learning", learning)->Arg(5)->Arg(20)->Unit(benchmark::kMillisecond);
  return true;
}();

}  // namespace
