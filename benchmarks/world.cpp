// SPDX-License-Identifier: BSL-1.0
// Many different countries: wages under Pareto laws of one shape, beside how fast the matrix can be read at all.
#include "common/gravity.hpp"

#include <benchmark/benchmark.h>
#include <algorithm>
#include <cmath>
#include <string>

namespace {

constexpr int sizes[] = {100, 1000, 3000};

/// In eps, against the same code with long doubles; it takes long, so only where there are few countries. `compare`
/// holds all sizes against it through the rivals' answers.
double worst_error(Eigen::VectorXd const& answers, int n) {
  static Eigen::VectorX<long double> truth;
  if (truth.size() != answers.size()) truth = benchmarks::answers_of(solve(benchmarks::gravity_world<long double>(n)));
  auto const off = (answers.cast<long double>().array() / truth.array() - 1).abs();
  return static_cast<double>(off.maxCoeff()) * 0x1p52;
}

/// All: checks of the primitives, the matrix of trade costs, wages and what follows for each country.
void whole(benchmark::State& state, int n) {
  auto const economy = benchmarks::gravity_world(n);
  melitz::acr_equilibrium<> e;
  for (auto _ : state) {
    e = try_solve(economy);
    benchmark::DoNotOptimize(e.countries.wage.data());
  }
  if (!e) return state.SkipWithError("the world was not solved");
  state.counters["evaluations"] = e.iterations;
  if (n <= 1000) state.counters["error_eps"] = worst_error(benchmarks::answers_of(e), n);
}

void trade_costs(benchmark::State& state, int n) {
  auto const economy = benchmarks::gravity_world(n);
  for (auto _ : state) {
    auto const world = melitz::detail::gravity_of(economy);
    benchmark::DoNotOptimize(world.access.data());
  }
}

void wages(benchmark::State& state, int n) {
  auto const world = melitz::detail::gravity_of(benchmarks::gravity_world(n));
  int iterations = 0;
  for (auto _ : state) {
    melitz::detail::gravity_solver<double> solver(world);
    solver.solve({});
    benchmark::DoNotOptimize(solver.solution().wage.data());
    iterations = solver.iterations();
  }
  state.counters["evaluations"] = iterations;
}

/// The bound on what an iteration takes: one product with a vector, and the sum of all numbers, which computes less.
template <class Read>
void reading(benchmark::State& state, int n, Read const& read) {
  Eigen::MatrixXd const matrix = benchmarks::gravity_world(n).fixed_cost;
  Eigen::VectorXd out = Eigen::VectorXd::Ones(n), x = out;
  for (auto _ : state) {
    read(matrix, x, out);
    benchmark::DoNotOptimize(out.data());
    benchmark::ClobberMemory();
  }
}

[[maybe_unused]] bool const registered = [] {
  for (int const n : sizes) {
    auto const job = "gravity/" + std::to_string(n);
    auto const add = [&](std::string const& what, auto const& run) {
      benchmark::RegisterBenchmark((job + what).c_str(), [=](benchmark::State& state) {
        run(state, n);
      })->Unit(benchmark::kMillisecond);
    };
    add("", whole);
    add("/trade costs", trade_costs);
    add("/wages", wages);
    add("/a product with the matrix", [](benchmark::State& state, int m) {
      reading(state, m, [](auto const& a, auto const& x, auto& out) { out.noalias() = a.transpose() * x; });
    });
    add("/a sum of the matrix", [](benchmark::State& state, int m) {
      reading(state, m, [](auto const& a, auto const&, auto& out) { out[0] = a.sum(); });
    });
  }
  return true;
}();

}  // namespace
