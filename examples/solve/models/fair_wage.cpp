// SPDX-License-Identifier: BSL-1.0
#include "describe.hpp"

#include <melitz/models/fair_wage.hpp>

namespace melitz_solve {

model fair_wage_model() {
  using enum section;
  using e = melitz::fair_wage_equilibrium<double>;
  constexpr std::string_view goods = "final good";
  auto parameters = trade_parameters();
  for (auto& p : parameters) {  // costs are not in labour here
    if (p.name == "fixed_cost") p.unit = "final good per period, of producing";
    if (p.name == "entry_cost") p.unit = "final good, paid once to draw a productivity";
    if (p.name == "export_fixed_cost") p.unit = "final good per period and market";
  }
  std::vector<field<e>> const own{
      {{"cutoff", cutoffs, "productivity", "phi*"}, get<&e::cutoff>},
      {{"export_cutoff", cutoffs, "productivity", "phi_x"}, get<&e::export_cutoff>},
      {{"share_exporting", averages, "share of producers", "chi"}, get<&e::share_exporting>},
      {{"export_intensity", averages, "share of revenue"}, get<&e::export_intensity>},
      {{"unemployment", averages, "share of workers", "U"}, get<&e::unemployment>},
      {{"mean_wage", averages, goods, "w-bar"}, get<&e::mean_wage>},
      {{"wage_theil", averages, "index, of those in work"}, get<&e::wage_theil>},
      {{"wage_gini", averages, "index, of those in work"}, get<&e::wage_gini>},
      {{"mass_entrants", masses, "firms, ever active or not"}, get<&e::mass_entrants>},
      {{"mass_producers", masses, "firms", "M"}, get<&e::mass_producers>},
      {{"output", aggregates, goods, "Y"}, get<&e::output>},
      {{"welfare", aggregates, "consumption per worker", "(1-U) w-bar"}, get<&e::welfare>},
  };
  return model_of("fair_wage", "Fair wages and unemployment, after Egger and Kreickemeier (2009)",
                  joined(std::move(parameters),
                         std::vector<parameter>{
                             {"fairness", "weight of productivity in a fair wage", "lie in [0, 1)", 0.4},
                         }),
                  joined(solution_fields<e>(), own), [](std::span<double const> p) {
                    return melitz::fair_wage_economy<double>{.trade = read_trade(p), .fairness = p[trade_count]};
                  });
}

}  // namespace melitz_solve
