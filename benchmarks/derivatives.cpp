// SPDX-License-Identifier: BSL-1.0
// One equilibrium with first derivatives, beside one without. Central differences would take two solves for each
// variable.
#include "common/economy.hpp"

#include <benchmark/benchmark.h>
#include <cstddef>
#include <melitz/numerics/autodiff.hpp>
#include <melitz/numerics/gradient.hpp>
#include <string>

namespace {

/// Elasticity, iceberg cost, fixed cost of exporting, fixed cost and entry cost, of which the first few are variables.
template <class Number>
melitz::open_economy<Number> economy(auto const& variable) {
  auto out = benchmarks::open_economy<Number>();
  variable(out.iceberg_cost, 0);
  variable(out.domestic.elasticity, 1);
  variable(out.export_fixed_cost, 2);
  variable(out.domestic.fixed_cost, 3);
  variable(out.domestic.entry_cost, 4);
  return out;
}

template <class Case, class Number>
void add(std::string const& name, auto const& variable) {
  std::string const job = std::string("derivatives/") + Case::name + "/" + name;
  benchmark::RegisterBenchmark(job.c_str(), [=](benchmark::State& state) {
    auto trade = economy<Number>(variable);
    auto law = Case::template law<Number>();
    for (auto _ : state) {
      benchmark::DoNotOptimize(trade);
      benchmark::DoNotOptimize(law);
      benchmark::DoNotOptimize(melitz::try_solve(trade, law));
    }
  });
}

template <std::size_t N>
auto const first_variables = [](melitz::gradient<N>& x, std::size_t k) {
  if (k < N) x = melitz::gradient<N>::variable(x.value, k);
};

template <class Case>
void add_all() {
  using boost_number = boost::math::differentiation::autodiff_fvar<double, 1>;
  add<Case, double>("none", [](double&, std::size_t) {});
  add<Case, melitz::gradient<1>>("gradient, 1 variable", first_variables<1>);
  add<Case, melitz::gradient<5>>("gradient, 5 variables", first_variables<5>);
  add<Case, boost_number>("Boost, 1 variable", [](boost_number& x, std::size_t k) {
    if (k == 0) x = boost::math::differentiation::make_fvar<double, 1>(static_cast<double>(x));
  });
}

[[maybe_unused]] bool const registered = [] {
  add_all<benchmarks::pareto>();
  add_all<benchmarks::lognormal>();
  add_all<benchmarks::weibull>();
  return true;
}();

}  // namespace
