// SPDX-License-Identifier: BSL-1.0
#include "describe.hpp"

#include <melitz/models/homogeneous.hpp>

namespace melitz_solve {

namespace {

using comparison = melitz::benchmark_comparison<double>;
using side = melitz::equilibrium<double>;

/// A number of one of the equilibria that are compared.
template <side comparison::*Side, auto Member>
result_value get_of(comparison const& e) {
  return get<Member>(e.*Side);
}

/// The same number of both economies, side by side.
template <auto Member>
std::vector<field<comparison>> both(std::string_view heterogeneous, std::string_view homogeneous,
                                    melitz_solve::section where, std::string_view unit, std::string_view symbol = {}) {
  return {
      {{heterogeneous, where, unit, symbol}, get_of<&comparison::heterogeneous, Member>},
      {{homogeneous, where, unit, symbol}, get_of<&comparison::homogeneous, Member>},
  };
}

}  // namespace

model homogeneous_model() {
  using enum section;
  using e = comparison;
  std::vector<field<e>> const solution_of_law{
      {{"residual", solution, "of free entry"}, get_of<&e::heterogeneous, &side::residual>},
      {{"error_estimate", solution, "of the law's tail"}, get_of<&e::heterogeneous, &side::error_estimate>},
      {{"evaluations", work, "of free entry"}, get_of<&e::heterogeneous, &side::evaluations>},
  };
  std::vector<field<e>> const gains{
      {{"welfare_calibration", aggregates, "real wage, where calibrated"}, get<&e::welfare_calibration>},
      {{"gain_heterogeneous", aggregates, "over welfare_calibration"},
       [](e const& c) -> result_value { return c.gain_heterogeneous(); }},
      {{"gain_homogeneous", aggregates, "over welfare_calibration"},
       [](e const& c) -> result_value { return c.gain_homogeneous(); }},
      {{"welfare_ratio", aggregates, "heterogeneous over homogeneous"},
       [](e const& c) -> result_value { return c.welfare_ratio(); }},
  };
  auto parameters = joined(trade_parameters(),
                           std::vector<parameter>{{"calibration_iceberg_cost", "where the two economies are the same",
                                                   "be at least 1 (\"inf\": autarky)", 2.5}});
  return model_of(
      "homogeneous", "Heterogeneous beside homogeneous firms, after Melitz, Redding (2015)", std::move(parameters),
      joined(
          solution_of_law,
          both<&side::cutoff>("cutoff_heterogeneous", "cutoff_homogeneous", cutoffs, "productivity", "phi*"),
          both<&side::export_cutoff>("export_cutoff_heterogeneous", "export_cutoff_homogeneous", cutoffs,
                                     "productivity", "phi_x*"),
          both<&side::probability_of_producing>("probability_of_producing_heterogeneous",
                                                "probability_of_producing_homogeneous", averages, "share of entrants"),
          both<&side::share_exporting>("share_exporting_heterogeneous", "share_exporting_homogeneous", averages,
                                       "share of producers"),
          both<&side::average_productivity>("average_productivity_heterogeneous", "average_productivity_homogeneous",
                                            averages, "productivity", "phi~"),
          both<&side::mass_entrants>("mass_entrants_heterogeneous", "mass_entrants_homogeneous", masses,
                                     "firms, ever active or not"),
          both<&side::mass_producers>("mass_producers_heterogeneous", "mass_producers_homogeneous", masses, "firms"),
          both<&side::mass_varieties>("mass_varieties_heterogeneous", "mass_varieties_homogeneous", masses,
                                      "varieties consumed"),
          both<&side::domestic_share>("domestic_share_heterogeneous", "domestic_share_homogeneous", aggregates,
                                      "share of spending"),
          both<&side::welfare>("welfare_heterogeneous", "welfare_homogeneous", aggregates, "real wage", "1/P"), gains),
      [](std::span<double const> p) {
        return melitz::homogeneous_benchmark<double>{.trade = read_trade(p),
                                                     .calibration_iceberg_cost = p[trade_count]};
      });
}

}  // namespace melitz_solve
