// SPDX-License-Identifier: BSL-1.0
// Derivatives of equilibrium results with respect to parameters; docs/how-to.md shows them.

#include <cmath>
#include <cstddef>
#include <cstdio>
#include <melitz/analysis/size_moments.hpp>
#include <melitz/economy/solve.hpp>
#include <melitz/law/lognormal.hpp>
#include <melitz/numerics/autodiff.hpp>
#include <melitz/numerics/gradient.hpp>

namespace {

void first_derivatives() {
  std::printf("first derivatives\n");
  // [first]
  using number = melitz::gradient<2>;
  auto const iceberg_cost = number::variable(1.6, 0), log_sd = number::variable(0.8, 1);
  melitz::open_economy<number> const trade{
      .domestic = {.elasticity = 4, .fixed_cost = 1, .entry_cost = 2, .death_rate = 0.05, .labor = 1000},
      .partners = 3,
      .iceberg_cost = iceberg_cost,
      .export_fixed_cost = 1.3};
  auto const e = melitz::solve(trade, melitz::lognormal<number>{.log_mean = 0, .log_sd = log_sd});
  std::printf("welfare %.5f, by the iceberg cost %.5f, by log_sd %.5f\n", e.welfare.value, e.welfare.derivative[0],
              e.welfare.derivative[1]);
  std::printf("d ln W / d ln tau  %.15f\n", e.welfare.derivative[0] * 1.6 / e.welfare.value);
  std::printf("-(1 - lambda)      %.15f\n", e.domestic_share.value - 1);
  // [/first]
}

void fit() {
  std::printf("\nfit\n");
  // [fit]
  // The iceberg cost and the spread of productivity at which 18 % of firms export and 68 % is spent at home: Newton's
  // method with the Jacobian.
  using number = melitz::gradient<2>;
  double iceberg_cost = 1.6, log_sd = 0.8;
  for (int k = 0; k < 4; ++k) {
    melitz::open_economy<number> const trade{
        .domestic = {.elasticity = 4, .fixed_cost = 1, .entry_cost = 2, .death_rate = 0.05, .labor = 1000},
        .partners = 3,
        .iceberg_cost = number::variable(iceberg_cost, 0),
        .export_fixed_cost = 1.3};
    auto const e =
        melitz::solve(trade, melitz::lognormal<number>{.log_mean = 0, .log_sd = number::variable(log_sd, 1)});
    number const a = e.share_exporting - 0.18, b = e.domestic_share - 0.68;
    std::printf("%.10f %.10f  off by %.0e %.0e\n", iceberg_cost, log_sd, std::abs(a.value), std::abs(b.value));
    double const determinant = a.derivative[0] * b.derivative[1] - a.derivative[1] * b.derivative[0];
    iceberg_cost -= (a.value * b.derivative[1] - b.value * a.derivative[1]) / determinant;
    log_sd -= (b.value * a.derivative[0] - a.value * b.derivative[0]) / determinant;
  }
  // [/fit]
}

void second_derivatives() {
  std::printf("\nsecond derivatives\n");
  // [second]
  using number = boost::math::differentiation::autodiff_fvar<double, 2, 1>;  // twice by the first, once by the second
  auto const [tau, sd] = boost::math::differentiation::make_ftuple<double, 2, 1>(1.6, 0.8);
  melitz::open_economy<number> const trade{
      .domestic = {.elasticity = 4, .fixed_cost = 1, .entry_cost = 2, .death_rate = 0.05, .labor = 1000},
      .partners = 3,
      .iceberg_cost = tau,
      .export_fixed_cost = 1.3};
  auto const e = melitz::solve(trade, melitz::lognormal<number>{.log_mean = 0, .log_sd = sd});
  std::printf("W         %9.5f\n", e.welfare.derivative(0, 0));
  std::printf("dW/dtau   %9.5f   d2W/dtau2    %9.5f\n", e.welfare.derivative(1, 0), e.welfare.derivative(2, 0));
  std::printf("dW/dsd    %9.5f   d2W/dtau dsd %9.5f\n", e.welfare.derivative(0, 1), e.welfare.derivative(1, 1));
  // [/second]
}

void what_sizes_tell() {
  std::printf("\nwhat sizes tell\n");
  // [identify]
  // Four moments of sales by the logs of the elasticity and of the spread of productivity: a Jacobian of rank one.
  using number = melitz::gradient<2>;
  melitz::closed_economy<number> const economy{
      .elasticity = number::variable(4, 0), .fixed_cost = 1, .entry_cost = 2, .death_rate = 0.05, .labor = 1000};
  melitz::lognormal<number> const draws{.log_mean = 0, .log_sd = number::variable(0.8, 1)};
  auto const sales = melitz::sizes_of(melitz::solve(economy, draws), draws);
  number const moments[] = {sales.log_moments().variance, sales.top_share(0.01), sales.top_share(0.1),
                            sales.log_quantile(0.1) - sales.log_quantile(0.5)};
  double squares = 0, minors = 0;  // sums of squares: of the singular values, and of their product
  for (std::size_t i = 0; i < 4; ++i) {
    double const by_elasticity = 4 * moments[i].derivative[0], by_spread = 0.8 * moments[i].derivative[1];
    squares += by_elasticity * by_elasticity + by_spread * by_spread;
    for (std::size_t j = 0; j < i; ++j) {
      minors += std::pow(by_elasticity * 0.8 * moments[j].derivative[1] - 4 * moments[j].derivative[0] * by_spread, 2);
    }
    std::printf("%8.5f  by ln elasticity %8.5f, by ln log_sd %8.5f\n", moments[i].value, by_elasticity, by_spread);
  }
  std::printf("the smaller singular value is %s\n", std::sqrt(minors) / squares < 1e-14 ? "rounding" : "a number");
  // [/identify]
}

}  // namespace

int main() {
  first_derivatives();
  fit();
  second_derivatives();
  what_sizes_tell();
}
