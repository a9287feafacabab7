// SPDX-License-Identifier: BSL-1.0
// Firms with many products, two economies of tests/reference/multiproduct.json: in closed form, and by quadrature.
#include <melitz/law/lognormal.hpp>
#include <melitz/models/multiproduct.hpp>

#include <algorithm>
#include <array>
#include <benchmark/benchmark.h>
#include <cmath>

namespace {

/// What compare asks of all contenders, in this order.
std::array<double, 9> results_of(melitz::multiproduct_equilibrium<> const& e) {
  return {e.cutoff,
          e.export_cutoff,
          e.product_cutoff,
          e.export_product_cutoff,
          e.share_exporting,
          e.products_per_firm,
          e.mass_entrants,
          e.export_share,
          e.welfare};
}

template <class Law>
void one_solve(benchmark::State& state, melitz::multiproduct_economy<> economy,
               melitz::ability_and_attributes<Law, Law> laws, std::array<double, 9> const& truth) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(economy);
    benchmark::DoNotOptimize(laws);
    benchmark::DoNotOptimize(try_solve(economy, laws));
  }
  auto const e = try_solve(economy, laws);
  if (!e) return state.SkipWithError("not solved");
  double worst = 0;
  auto const found = results_of(e);
  for (std::size_t k = 0; k < truth.size(); ++k) worst = std::max(worst, std::abs(found[k] / truth[k] - 1));
  state.counters["error_eps"] = worst * 0x1p52;
  state.counters["free_entry_evaluations"] = e.evaluations;
}

using melitz::lognormal, melitz::pareto;

BENCHMARK_CAPTURE(one_solve, pareto, melitz::multiproduct_economy<>{{{4, 0.1, 0.05, 1, 100}, 1, 1.4, 0.08}, 0.5, 0.4},
                  melitz::ability_and_attributes<pareto<>, pareto<>>{{1, 5.5}, {1, 4.2}},
                  std::array<double, 9>{1.38495965646709552, 1.79995571740932104, 1.82460579859038611, 1.82460579859038611, 0.23657244640285981, 0.22019111299355619, 272.727272727272727, 0.15913953401686344, 6.98217567339621378})
    ->Name("multiproduct/pareto");
BENCHMARK_CAPTURE(one_solve, lognormal, melitz::multiproduct_economy<>{{{4, 0.2, 1, 1, 100}, 2, 1.5, 0.15}, 0.5, 0.4},
                  melitz::ability_and_attributes<lognormal<>, lognormal<>>{{0, 0.4}, {0, 0.5}},
                  std::array<double, 9>{0.90410478281137790, 1.24063942031298855, 1.56424333072094513, 1.58732341871305437, 0.49195255952321948, 0.43150111096174395, 17.6161883426014597, 0.31229090544538213, 3.90757818953360513})
    ->Name("multiproduct/lognormal");

}  // namespace
