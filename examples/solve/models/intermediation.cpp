// SPDX-License-Identifier: BSL-1.0
#include "describe.hpp"

#include <melitz/models/intermediation.hpp>

namespace melitz_solve {

model intermediation_model() {
  using enum section;
  using e = melitz::intermediation_equilibrium<double>;
  constexpr std::string_view phi = "productivity", producers = "share of producers";
  std::vector<field<e>> const own{
      {{"cutoff", cutoffs, phi, "phi*"}, get<&e::cutoff>},
      {{"export_cutoff", cutoffs, phi, "phi_I"}, get<&e::export_cutoff>},
      {{"direct_export_cutoff", cutoffs, phi, "phi_X"}, get<&e::direct_export_cutoff>},
      {{"share_indirect", averages, producers}, get<&e::share_indirect>},
      {{"share_direct", averages, producers}, get<&e::share_direct>},
      {{"intermediary_share_of_exports", averages, "at consumers' prices"}, get<&e::intermediary_share_of_exports>},
      {{"export_intensity", averages, "share of producers' revenue"}, get<&e::export_intensity>},
  };
  std::vector<field<e>> const sales{
      {{"domestic_sales", aggregates, "wages"}, get<&e::domestic_sales>},
      {{"direct_exports", aggregates, "wages"}, get<&e::direct_exports>},
      {{"indirect_exports", aggregates, "wages, at consumers' prices"}, get<&e::indirect_exports>},
      {{"intermediary_income", aggregates, "wages"}, get<&e::intermediary_income>},
  };
  return model_of(
      "intermediation", "Exports through intermediaries, after Ahn, Khandelwal and Wei (2011)",
      joined(trade_parameters(),
             std::vector<parameter>{
                 {"indirect_fixed_cost", "labor per period, all partners", "be positive and finite", 1.2},
                 {"intermediary_markup", "consumers' price over producer's", "exceed 1 and be finite", 1.15},
                 {"margin_melts", "0: the markup pays labor, 1: it is lost", "be 0 or 1", 0},
             }),
      joined(solution_fields<e>(), own, market_fields<e>(), sales), [](std::span<double const> p) {
        auto const q = p.subspan(trade_count);
        melitz::detail::require(q[2] == 0 || q[2] == 1, "intermediation", "margin_melts", q[2], "be 0 or 1");
        return melitz::intermediation_economy<double>{
            .trade = read_trade(p),
            .indirect_fixed_cost = q[0],
            .intermediary_markup = q[1],
            .margin = q[2] == 0 ? melitz::intermediary_margin::earned : melitz::intermediary_margin::melted};
      });
}

}  // namespace melitz_solve
