// SPDX-License-Identifier: BSL-1.0
#include <melitz/economy/solve.hpp>
#include <melitz/tail/any_law.hpp>

#include "support/catch.hpp"
#include "support/told.hpp"

#include <cmath>
#include <cstddef>
#include <variant>
#include <vector>

namespace test::economy_number_types {

using test::WithinAbs;
using test::WithinRel;

namespace {

template <class Real>
auto laws() {
  using law = std::variant<melitz::pareto<Real>, melitz::bounded_pareto<Real>, melitz::lognormal<Real>,
                           melitz::weibull<Real>, melitz::discrete<Real>>;
  return std::vector<law>{melitz::pareto<Real>{1, 4.25},    melitz::bounded_pareto<Real>{0.5, 20, 2},
                          melitz::lognormal<Real>{0, 0.75}, melitz::lognormal<Real>{0.5, 0.125},
                          melitz::weibull<Real>{1, 1.5},    melitz::discrete<Real>{{1, 2, 9}, {}}};
}

// Every number here has an exact float, so that all types solve the same economies.
template <class Real>
melitz::open_economy<Real> trade(Real iceberg_cost) {
  return {.domestic = {.elasticity = 4, .fixed_cost = 1, .entry_cost = 2, .death_rate = 0.0625, .labor = 1000},
          .partners = 3,
          .iceberg_cost = iceberg_cost,
          .export_fixed_cost = 1.25};
}

/// The largest relative difference between the results of two number types.
template <class A, class B>
double difference() {
  auto const first = laws<A>();
  auto const second = laws<B>();
  double worst = 0;
  for (double const iceberg_cost : {1.0, 1.25, 2.0}) {
    for (std::size_t k = 0; k < first.size(); ++k) {
      auto const a = melitz::solve(trade<A>(static_cast<A>(iceberg_cost)), first[k]);
      auto const b = melitz::solve(trade<B>(static_cast<B>(iceberg_cost)), second[k]);
      CHECK(a.regime == b.regime);
      auto const numbers = test::numbers_of(a);
      auto const wider = test::numbers_of(b);
      for (std::size_t f = 0; f < wider.size(); ++f) {
        B const x = static_cast<B>(numbers[f].second), y = wider[f].second;
        if (!std::isfinite(y)) continue;
        double const error = static_cast<double>(std::abs(x - y) / std::max(std::abs(y), static_cast<B>(1e-3)));
        if (!(error <= worst)) worst = error;
      }
    }
  }
  return worst;
}

}  // namespace

TEST_CASE("the same code in float and in long double", "[economy][accuracy]") {
  CHECK(difference<double, long double>() < 1e-13);
  CHECK(difference<float, double>() < 1e-4);  // a thousand roundings of a float
}

}  // namespace test::economy_number_types
