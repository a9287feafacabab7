// SPDX-License-Identifier: BSL-1.0
#include "describe.hpp"

#include <melitz/models/technology.hpp>

namespace melitz_solve {

model technology_model() {
  using enum section;
  using e = melitz::technology_equilibrium<double>;
  std::vector<field<e>> const own{
      {{"cutoff", cutoffs, "productivity", "phi*"}, get<&e::cutoff>},
      {{"export_cutoff", cutoffs, "productivity", "phi_x"}, get<&e::export_cutoff>},
      {{"upgrade_cutoff", cutoffs, "productivity", "phi_h"}, get<&e::upgrade_cutoff>},
      {{"share_exporting", averages, "share of producers"}, get<&e::share_exporting>},
      {{"share_upgrading", averages, "share of producers"}, get<&e::share_upgrading>},
      {{"export_intensity", averages, "share of revenue"}, get<&e::export_intensity>},
      {{"upgraded_revenue", averages, "share of revenue"}, get<&e::upgraded_revenue>},
  };
  return model_of("technology", "Technology upgrading with export choice, after Bustos (2011)",
                  joined(trade_parameters(),
                         std::vector<parameter>{
                             {"productivity_gain", "of the new technology", "be positive and finite", 1.3},
                             {"cost_ratio", "fixed cost, new over old", "be positive and finite", 4},
                         }),
                  joined(solution_fields<e>(), own, market_fields<e>()), [](std::span<double const> p) {
                    auto const q = p.subspan(trade_count);
                    return melitz::technology_economy<double>{
                        .trade = read_trade(p), .productivity_gain = q[0], .cost_ratio = q[1]};
                  });
}

}  // namespace melitz_solve
