// SPDX-License-Identifier: BSL-1.0
// Competition in prices: wages and all plants of a few countries, and how fast goods are simulated.
#include <melitz/worlds/bertrand/bertrand.hpp>

#include <benchmark/benchmark.h>
#include <cstdint>

namespace {

/// Countries that differ in everything, somewhat.
melitz::bertrand_economy<> world(Eigen::Index n) {
  melitz::bertrand_economy<> out{.elasticity = 3.79, .shape = 3.6};
  out.labor = out.technology = Eigen::VectorXd::Ones(n);
  out.iceberg_cost = Eigen::MatrixXd::Ones(n, n);
  for (Eigen::Index i = 0; i < n; ++i) {
    out.labor[i] = 100.0 / static_cast<double>(i + 1);
    out.technology[i] = 1 + 0.1 * static_cast<double>(i);
    for (Eigen::Index j = 0; j < n; ++j) {
      if (i != j) out.iceberg_cost(i, j) = 1.6 + 0.03 * static_cast<double>((3 * i + 7 * j) % 11);
    }
  }
  return out;
}

void wages(benchmark::State& state) {
  auto const economy = world(state.range(0));
  for (auto _ : state) benchmark::DoNotOptimize(melitz::try_solve(economy).wage.data());
}
BENCHMARK(wages)->Name("bertrand/wages")->Arg(5)->Arg(15)->Unit(benchmark::kMicrosecond);

void with_plants(benchmark::State& state) {
  auto const economy = world(state.range(0));
  melitz::bertrand_equilibrium_with_flows<> e;
  for (auto _ : state) {
    e = try_solve_with_flows(economy);
    benchmark::DoNotOptimize(e.share_exporting.data());
  }
  if (!e) state.SkipWithError("the world was not solved");
}
BENCHMARK(with_plants)->Name("bertrand/wages and plants")->Arg(3)->Arg(5)->Arg(10)->Unit(benchmark::kMicrosecond);

/// A million goods, of which the mean markup is held against the exact one.
void goods(benchmark::State& state) {
  auto const economy = world(3);
  auto const e = try_solve_with_flows(economy);
  melitz::bertrand_simulation s;
  for (auto _ : state)
    s = simulate(economy, e.share, {.goods = 1'000'000, .threads = static_cast<int>(state.range(0))});
  auto const& markups = s.countries[0].exporters.log_markup;
  state.counters["standard_errors_off"] = (markups.mean() - e.exporter_log_markup[0]) / markups.standard_error();
}
BENCHMARK(goods)->Name("bertrand/a million goods")->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
