// SPDX-License-Identifier: BSL-1.0
// The generalised method of moments with the equilibrium's own moments; docs/how-to.md shows it.

#include <cmath>
#include <cstdio>
#include <melitz/analysis/estimation/moments_fit.hpp>
#include <melitz/analysis/size_moments.hpp>
#include <melitz/economy/solve.hpp>
#include <melitz/law/lognormal.hpp>
#include <melitz/numerics/gradient.hpp>
#include <span>
#include <vector>

namespace {

// [model]
using number = melitz::gradient<4>;  // derivatives by four parameters

/// Costs in units of fixed_cost; productivity in a unit in which its median is one.
struct industry {
  number log_sd, iceberg_cost, fixed_cost, export_fixed_cost, entry_cost;

  melitz::lognormal<number> law() const { return {.log_mean = 0, .log_sd = log_sd}; }
  melitz::open_economy<number> economy() const {
    return {
        .domestic = {.elasticity = 4, .fixed_cost = fixed_cost, .entry_cost = entry_cost, .death_rate = 1, .labor = 1},
        .partners = 1,
        .iceberg_cost = iceberg_cost,
        .export_fixed_cost = export_fixed_cost};
  }
  std::vector<number> moments() const {
    auto const tail = melitz::tail_of(law(), number(3));
    auto const e = melitz::solve(economy(), tail);
    auto const logs = [&](melitz::firm_kind who) {
      return melitz::sizes_of(e, tail, melitz::firm_size::domestic_sales, who).log_moments();
    };
    return {e.share_exporting, sqrt(logs(melitz::firm_kind::producers).variance),
            logs(melitz::firm_kind::exporters).mean - logs(melitz::firm_kind::non_exporters).mean, e.exporter_intensity,
            e.probability_of_producing};
  }
};
// [/model]

void report(melitz::moments_fit const& fit) {
  for (auto const& warning : fit.warnings) std::printf("%s\n", warning.c_str());
  auto const errors = fit.standard_errors();  // none where something is not identified
  for (std::size_t k = 0; k < errors.size(); ++k) {
    std::printf("%-18s %.4f (%.4f)\n", fit.names[k].c_str(), fit.parameters[k], errors[k]);
  }
}

}  // namespace

int main() {
  std::printf("estimates\n");
  // [fit]
  melitz::moment_data const data{
      .names = {"share exporting", "sd ln domestic sales", "exporters' premium in it", "export share",
                "share producing"},
      .values = {0.262, 1.012, 1.891, 0.1702, 0.2079},
      .covariance = {0.1911, 0.2007, 0,      0,       0,         //
                     0.2007, 0.9326, 1.3190, 0,       0,         //
                     0,      1.3190, 2.7230, 0,       0,         //
                     0,      0,      0,      0.03888, 0,         //
                     0,      0,      0,      0,       0.08365},  // of one firm: n times that of the moments
      .observations = 2000};
  auto const model = [](std::span<number const> x) {
    return industry{
        .log_sd = x[0], .iceberg_cost = x[1], .fixed_cost = 1, .export_fixed_cost = x[2], .entry_cost = x[3]}
        .moments();
  };
  auto const fit = melitz::fit_moments(
      {{"log_sd", 0.3, 1.5}, {"iceberg_cost", 1.05, 3}, {"export_fixed_cost", 0.3, 5}, {"entry_cost", 0.1, 20}}, data,
      model, {.starts = 20});
  report(fit);
  std::printf("J %.3f with %d degree of freedom, p %.3f\n", fit.statistic, fit.degrees_of_freedom, fit.p_value);
  std::printf("%d of %d starts ended here, %d without moments\n", fit.minima[0].starts, fit.starts,
              fit.without_moments);
  // [/fit]

  std::printf("\ngains\n");
  // [gains]
  std::vector<number> x;  // the estimates as variables: what is computed with them has a standard error
  for (std::size_t k = 0; k < 4; ++k) x.push_back(number::variable(fit.parameters[k], k));
  industry const there{x[0], x[1], 1, x[2], x[3]};
  auto const trade = melitz::solve(there.economy(), there.law());
  auto const autarky = melitz::solve(there.economy().domestic, there.law());
  number const gain = 100 * (trade.welfare / autarky.welfare - 1);
  std::printf("gains from trade %.3f %% (%.3f)\n", gain.value, fit.error_of(gain));
  // [/gains]

  std::printf("\nnot identified\n");
  // [unidentified]
  auto const costs = melitz::fit_moments(
      {{"log_sd", 0.3, 1.5}, {"fixed_cost", 0.1, 10}, {"export_fixed_cost", 0.1, 10}, {"entry_cost", 0.1, 10}}, data,
      [](std::span<number const> free) {
        return industry{free[0], 1.697, free[1], free[2], free[3]}.moments();
      });
  if (!costs.identified()) report(costs);
  // [/unidentified]
}
