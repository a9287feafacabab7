// SPDX-License-Identifier: BSL-1.0
// Trade policy at the sizes of published papers: one scenario, one gradient, optimal taxes, trade wars.
#include "common/policy_worlds.hpp"

#include <benchmark/benchmark.h>
#include <melitz/worlds/policy/formula_taxes.hpp>
#include <melitz/worlds/policy/nash_taxes.hpp>
#include <stdexcept>

namespace {

using melitz::policy_solver;
using melitz::status;

void require(bool holds) {
  if (!holds) throw std::runtime_error("it was not solved");
}

/// One country's tariffs raised by 20 points on all it buys, from the data each time.
void scenario(benchmark::State& state, melitz::policy_world<> const& world) {
  policy_solver<> solver(world);
  auto change = solver.unchanged();
  for (Eigen::Index s = 0; s < world.sector_count(); ++s) {
    for (Eigen::Index i = 1; i < world.countries(); ++i) change.import_tax(i, 0, s) += 0.2;
  }
  for (auto _ : state) {
    solver.restart();
    require(solver.solve(change) == status::converged);
    benchmark::DoNotOptimize(solver.log_welfare()[0]);
  }
  state.counters["evaluations"] = solver.evaluations();
  state.counters["answer"] = solver.log_welfare()[0];
}

/// Welfare and its gradient in all taxes, from near by.
void gradient(benchmark::State& state) {
  auto const world = melitz::without_deficits(benchmarks::fixed_entry_world(7, 33));
  policy_solver<> solver(world);
  melitz::policy_change<> changes[2] = {solver.unchanged(), solver.unchanged()};
  for (Eigen::Index s = 0; s < 33; ++s) {
    for (Eigen::Index i = 1; i < 7; ++i) {
      changes[0].import_tax(i, 0, s) = 0.25;
      changes[1].import_tax(i, 0, s) = 0.26;
    }
  }
  melitz::policy_objective<> const objective{.log_welfare = Eigen::VectorXd::Unit(7, 0)};
  melitz::policy_gradient<> out;
  int k = 0;
  for (auto _ : state) {
    require(solver.solve(changes[k ^= 1]) == status::converged);
    solver.gradient(objective, out);
    benchmark::DoNotOptimize(out.log_import_tax(1, 0, 0));
  }
  require(solver.solve(changes[0]) == status::converged);
  state.counters["answer"] = solver.gradient(objective).log_import_tax(1, 0, 0);
}

void optimum(benchmark::State& state) {
  auto const world = melitz::without_deficits(benchmarks::fixed_entry_world(7, 33));
  policy_solver<> solver(world);
  melitz::optimal_tax_options options{.starts = {melitz::tax_start::inverse_elasticity}};
  options.search.check_second_order = false;
  int gradients = 0;
  for (auto _ : state) {
    auto const found = maximise_taxes(solver, {{.country = 0}}, solver.unchanged(), melitz::welfare_of(0), options);
    require(static_cast<bool>(found));
    gradients = found.best().gradients;
  }
  state.counters["gradients"] = gradients;
}

void war(benchmark::State& state) {
  auto const world = melitz::without_deficits(benchmarks::fixed_entry_world(7, 33));
  melitz::nash_options options;
  options.search.check_second_order = false;
  int equilibria = 0;
  for (auto _ : state) {
    auto const found = nash_taxes_of(world, melitz::tax_pattern::all, options);
    require(static_cast<bool>(found));
    equilibria = found.equilibria;
  }
  state.counters["equilibria"] = equilibria;
}

void formula_war(benchmark::State& state, int countries, int sectors) {
  auto const world = melitz::without_deficits(benchmarks::armington_world(countries, sectors));
  melitz::formula_taxes found;
  for (auto _ : state) {
    found = melitz::formula_war(world);
    require(static_cast<bool>(found));
  }
  state.counters["equilibria"] = found.equilibria;
  state.counters["answer"] = found.tax[0];
}

[[maybe_unused]] bool const registered = [] {
  auto const add = [](char const* name, auto const& run) {
    benchmark::RegisterBenchmark(name, run)->Unit(benchmark::kMicrosecond);
  };
  add("policy/scenario_194x1", [](benchmark::State& s) { scenario(s, benchmarks::one_sector_world(194)); });
  add("policy/scenario_31x40_inputs", [](benchmark::State& s) { scenario(s, benchmarks::inputs_world(31, 40)); });
  add("policy/gradient_7x33", gradient);
  add("policy/optimum_7x33", optimum);
  add("policy/nash_7x33", war);
  add("policy/formula_war_44x16", [](benchmark::State& s) { formula_war(s, 44, 16); });
  add("policy/formula_war_81x28", [](benchmark::State& s) { formula_war(s, 81, 28); });
  return true;
}();

}  // namespace
