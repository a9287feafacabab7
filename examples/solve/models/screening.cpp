// SPDX-License-Identifier: BSL-1.0
#include "describe.hpp"

#include <melitz/models/screening.hpp>

namespace melitz_solve {

namespace {

std::vector<parameter> screening_parameters() {
  return {
      {"elasticity", "of substitution between varieties", "exceed 1 and be finite", 4},
      {"sector_elasticity", "of demand for the sector", "lie between 1 and elasticity", 2},
      {"fixed_cost", "outside good, of producing", "be positive and finite", 1},
      {"entry_cost", "outside good, to draw a productivity", "be positive and finite", 0.3},
      {"iceberg_cost", "units shipped for one to arrive", "be at least 1 (\"inf\": no trade)", 1.4},
      {"export_fixed_cost", "outside good, of exporting", "be positive (\"inf\": no trade)", 0.15},
      {"returns_to_labor", "elasticity of output in workers", "lie between 0 and 1 / ability_shape", 0.3},
      {"least_ability", "scale of ability's Pareto law", "be positive and finite", 1},
      {"ability_shape", "of ability's Pareto law", "exceed 1 and be finite", 2},
      {"screening_cost", "outside good, at ability 1", "be positive, and so low that every firm screens", 0.3},
      {"screening_exponent", "by which the cost rises in ability", "exceed ability_shape and be finite", 4},
      {"search_cost", "of finding a worker where all are found", "be at least outside_income and finite", 1.2},
      {"search_exponent", "by which that rises in tightness", "be positive and finite", 1},
      {"outside_income", "expected outside the sector", "be positive and finite", 1},
  };
}

}  // namespace

model screening_model() {
  using enum section;
  using e = melitz::screening_equilibrium<double>;
  constexpr std::string_view goods = "outside good";
  std::vector<field<e>> const own{
      {{"cutoff", cutoffs, "productivity", "theta_d"}, get<&e::cutoff>},
      {{"export_cutoff", cutoffs, "productivity", "theta_x"}, get<&e::export_cutoff>},
      {{"share_exporting", averages, "share of producers"}, get<&e::share_exporting>},
      {{"tightness", averages, "found per worker searching", "x"}, get<&e::tightness>},
      {{"cost_of_finding", averages, "outside good per worker", "b"}, get<&e::cost_of_finding>},
      {{"hiring_rate", averages, "share of workers found", "H/N"}, get<&e::hiring_rate>},
      {{"unemployment", averages, "share of workers", "u"}, get<&e::unemployment>},
      {{"mean_wage", averages, goods}, get<&e::mean_wage>},
      {{"exporter_premium", averages, "wage, over a non-exporter's"}, get<&e::exporter_premium>},
      {{"exporter_employment", averages, "share of those in work"}, get<&e::exporter_employment>},
      {{"exporter_wage_bill", averages, "share of wages"}, get<&e::exporter_wage_bill>},
      {{"wage_theil", averages, "index, of those in work"}, get<&e::wage_theil>},
      {{"wage_gini", averages, "index, of those in work"}, get<&e::wage_gini>},
      {{"mass_entrants", masses, "firms, ever active or not"}, get<&e::mass_entrants>},
      {{"mass_producers", masses, "firms"}, get<&e::mass_producers>},
      {{"demand_shifter", aggregates, "revenue where output is 1", "A"}, get<&e::demand_shifter>},
      {{"output", aggregates, "the sector's", "Q"}, get<&e::output>},
      {{"price_index", aggregates, goods, "P"}, get<&e::price_index>},
      {{"revenue", aggregates, goods, "P Q"}, get<&e::revenue>},
      {{"consumer_surplus", aggregates, goods}, get<&e::consumer_surplus>},
      {{"labor", aggregates, "workers who choose the sector", "L"}, get<&e::labor>},
      {{"employment", aggregates, "workers", "H"}, get<&e::employment>},
  };
  return model_of("screening", "Screening and bargaining, after Helpman, Itskhoki and Redding (2010)",
                  screening_parameters(), joined(solution_fields<e>(), own), [](std::span<double const> p) {
                    return melitz::screening_economy<double>{.elasticity = p[0],
                                                             .sector_elasticity = p[1],
                                                             .fixed_cost = p[2],
                                                             .entry_cost = p[3],
                                                             .iceberg_cost = p[4],
                                                             .export_fixed_cost = p[5],
                                                             .returns_to_labor = p[6],
                                                             .least_ability = p[7],
                                                             .ability_shape = p[8],
                                                             .screening_cost = p[9],
                                                             .screening_exponent = p[10],
                                                             .search_cost = p[11],
                                                             .search_exponent = p[12],
                                                             .outside_income = p[13]};
                  });
}

}  // namespace melitz_solve
