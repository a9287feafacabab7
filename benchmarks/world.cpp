// SPDX-License-Identifier: BSL-1.0
// Many different countries: wages under Pareto laws of one shape, beside how fast the matrix can be read at all; and
// under log-normal laws, beside how fast matrices can be multiplied at all.
#include "common/world.hpp"
#include "common/comparative_advantage.hpp"

#include <benchmark/benchmark.h>
#include <Eigen/LU>
#include <algorithm>
#include <cmath>
#include <melitz/worlds/melitz/derivatives.hpp>
#include <memory>
#include <string>
#include <vector>

namespace {

constexpr int sizes[] = {100, 1000, 3000}, sizes_under_other_laws[] = {100, 1000};

/// In eps, against the same code with long doubles; it takes long, so only where there are few countries. `compare`
/// holds all sizes against it through the rivals' answers.
double worst_error(Eigen::VectorXd const& answers, Eigen::VectorX<long double> const& truth) {
  auto const off = (answers.cast<long double>().array() / truth.array() - 1).abs();
  return static_cast<double>(off.maxCoeff()) * 0x1p52;
}

/// All: checks of the primitives, the matrix of trade costs, wages and what follows for each country.
void whole(benchmark::State& state, int n) {
  auto const economy = benchmarks::gravity_world(n);
  melitz::acr_equilibrium<> e;
  for (auto _ : state) {
    e = try_solve(economy);
    benchmark::DoNotOptimize(e.wage.data());
  }
  if (!e) return state.SkipWithError("the world was not solved");
  state.counters["evaluations"] = e.evaluations;
  if (n > 1000) return;
  static Eigen::VectorX<long double> truth;
  if (truth.size() != 3 * n) truth = benchmarks::answers_of(solve(benchmarks::gravity_world<long double>(n)));
  state.counters["error_eps"] = worst_error(benchmarks::answers_of(e), truth);
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
  int evaluations = 0;
  for (auto _ : state) {
    melitz::detail::gravity_solver<double> solver(world);
    solver.solve({});
    benchmark::DoNotOptimize(solver.solution().wage.data());
    evaluations = solver.evaluations();
  }
  state.counters["evaluations"] = evaluations;
}

/// What an iteration takes at least: one product of the matrix with a vector, which reads it once.
void product(benchmark::State& state, int n) {
  Eigen::MatrixXd const matrix = benchmarks::gravity_world(n).fixed_cost;
  Eigen::VectorXd out = Eigen::VectorXd::Ones(n), x = out;
  for (auto _ : state) {
    out.noalias() = matrix.transpose() * x;
    benchmark::DoNotOptimize(out.data());
    benchmark::ClobberMemory();
  }
}

/// All under log-normal laws: checks of the primitives, Newton's method, and what follows for each pair of countries.
void lognormal_whole(benchmark::State& state, int n) {
  auto const economy = benchmarks::lognormal_world(n);
  auto const laws = benchmarks::lognormal_laws(n);
  melitz::world_equilibrium<> e;
  for (auto _ : state) {
    e = try_solve(economy, laws);
    benchmark::DoNotOptimize(e.wage.data());
  }
  if (!e) return state.SkipWithError("the world was not solved");
  state.counters["evaluations"] = e.evaluations;
  if (n > 100) return;
  static Eigen::VectorX<long double> const truth = benchmarks::lognormal_truth(n);
  state.counters["error_eps"] = worst_error(benchmarks::answers_of(e), truth);
}

/// Two countries, industries and factors under one log-normal law.
void comparative_advantage(benchmark::State& state) {
  auto const economy = benchmarks::two_by_two();
  auto const law = benchmarks::law_of_two_by_two();
  melitz::comparative_advantage_equilibrium<> e;
  for (auto _ : state) {
    e = try_solve(economy, law);
    benchmark::DoNotOptimize(e.welfare.data());
  }
  if (!e) return state.SkipWithError("it was not solved");
  state.counters["evaluations"] = e.evaluations;
  auto const truth = solve(benchmarks::two_by_two<long double>(), benchmarks::law_of_two_by_two<long double>());
  state.counters["error_eps"] = worst_error(benchmarks::answers_of(e), benchmarks::answers_of(truth));
}

/// A world that has been solved, for its parts.
struct solved_world {
  explicit solved_world(int n)
      : economy(benchmarks::lognormal_world(n)),
        laws(benchmarks::lognormal_laws(n)),
        at(solve(economy, laws)),
        pairs(melitz::detail::pairs_under(economy, laws)),
        point(benchmarks::point_of<double>(at)) {}

  static solved_world& of(int n) {
    static std::unique_ptr<solved_world> kept;
    if (!kept || kept->economy.countries() != n) kept = std::make_unique<solved_world>(n);
    return *kept;
  }

  melitz::world_economy<> economy;
  melitz::by_country<melitz::lognormal<>> laws;
  melitz::world_equilibrium<> at;
  std::unique_ptr<melitz::detail::world_pairs<double>> pairs;
  melitz::detail::world_point<double> point;
};

void tails(benchmark::State& state, int n) {
  auto& world = solved_world::of(n);
  for (auto _ : state) {
    world.pairs->evaluate(world.point.log_wage, world.point.log_demand, world.point.at);
    benchmark::DoNotOptimize(world.point.at.variable.data());
  }
}

/// The matrix of a Newton step, made and factored, and one step with it.
void step(benchmark::State& state, int n) {
  auto& world = solved_world::of(n);
  for (auto _ : state) {
    state.PauseTiming();
    melitz::detail::wage_solver<double> solver(*world.pairs);
    int none = 0;
    auto const reason = solver.solve(world.point, none);  // evaluates
    state.ResumeTiming();
    if (reason != melitz::status::converged) return state.SkipWithError("the world was not solved");
    benchmark::DoNotOptimize(solver.error_estimate(world.point));
  }
}

/// What a matrix of the same size costs to factor, or to multiply with another.
template <class Work>
void dense(benchmark::State& state, int n, Work const& work) {
  Eigen::MatrixXd const a = solved_world::of(n).at.share;
  Eigen::MatrixXd out(n, n);
  for (auto _ : state) {
    work(a, out);
    benchmark::ClobberMemory();
  }
}

void derivatives_factored(benchmark::State& state, int n) {
  auto const& world = solved_world::of(n);
  for (auto _ : state) benchmark::DoNotOptimize(derivatives(world.economy, world.laws, world.at));
}

template <class Ask>
void derivatives_asked(benchmark::State& state, int n, Ask const& ask) {
  auto const& world = solved_world::of(n);
  auto const d = derivatives(world.economy, world.laws, world.at);
  for (auto _ : state) benchmark::DoNotOptimize(ask(d));
}

[[maybe_unused]] bool const registered = [] {
  auto const add = [](std::string const& kind, int n, std::string const& what, auto const& run) {
    benchmark::RegisterBenchmark((kind + '/' + std::to_string(n) + what).c_str(), [=](benchmark::State& state) {
      run(state, n);
    })->Unit(benchmark::kMillisecond);
  };
  for (int const size : sizes) {
    add("gravity", size, "", whole);
    add("gravity", size, "/trade costs", trade_costs);
    add("gravity", size, "/wages", wages);
    add("gravity", size, "/a product with the matrix", product);
  }
  for (int const size : sizes_under_other_laws) {
    add("world", size, "", lognormal_whole);
    add("world", size, "/tails of all pairs", tails);
    add("world", size, "/matrix of a step, factored", step);
    add("world", size, "/a matrix factored", [](benchmark::State& state, int n) {
      dense(state, n, [](auto const& a, auto& out) { out = a.partialPivLu().matrixLU(); });
    });
    add("world", size, "/a product of matrices", [](benchmark::State& state, int n) {
      dense(state, n, [](auto const& a, auto& out) { out.noalias() = a * a; });
    });
  }
  add("world", 100, "/derivatives, factored", derivatives_factored);
  add("world", 100, "/derivatives, one response", [](benchmark::State& state, int n) {
    derivatives_asked(state, n, [](auto const& d) { return d.to_iceberg_cost(0, 1); });
  });
  add("world", 100, "/derivatives, one gradient", [](benchmark::State& state, int n) {
    derivatives_asked(state, n, [](auto const& d) { return d.gradient_of_welfare(2); });
  });
  benchmark::RegisterBenchmark("comparative_advantage/lognormal", comparative_advantage)->Unit(benchmark::kMicrosecond);
  return true;
}();

}  // namespace
