// SPDX-License-Identifier: BSL-1.0
#include "describe.hpp"

#include <melitz/models/multinational.hpp>

namespace melitz_solve {

model multinational_model() {
  using enum section;
  using e = melitz::multinational_equilibrium<double>;
  std::vector<field<e>> const own{
      {{"cutoff", cutoffs, "productivity", "phi_D"}, get<&e::cutoff>},
      {{"home_cutoff", cutoffs, "productivity"}, get<&e::home_cutoff>},
      {{"export_cutoff", cutoffs, "productivity", "phi_X"}, get<&e::export_cutoff>},
      {{"affiliate_cutoff", cutoffs, "productivity", "phi_I"}, get<&e::affiliate_cutoff>},
      {{"share_exporting", averages, "share of producers"}, get<&e::share_exporting>},
      {{"share_multinational", averages, "share of producers"}, get<&e::share_multinational>},
      {{"export_intensity", averages, "share of sales"}, get<&e::export_intensity>},
      {{"affiliate_intensity", averages, "share of sales"}, get<&e::affiliate_intensity>},
      {{"exports_over_affiliate_sales", averages, "", "s_X/s_I"}, get<&e::exports_over_affiliate_sales>},
      {{"mass_entrants", masses, "firms, ever active or not"}, get<&e::mass_entrants>},
      {{"mass_producers", masses, "firms"}, get<&e::mass_producers>},
      {{"mass_exporters", masses, "firms"}, get<&e::mass_exporters>},
      {{"mass_multinationals", masses, "firms"}, get<&e::mass_multinationals>},
      {{"domestic_sales", aggregates, "wages"}, get<&e::domestic_sales>},
      {{"export_sales", aggregates, "wages"}, get<&e::export_sales>},
      {{"affiliate_sales", aggregates, "wages"}, get<&e::affiliate_sales>},
      {{"price_index", aggregates, "wages", "P"}, get<&e::price_index>},
      {{"welfare", aggregates, "factor of the real wage", "P^-beta"}, get<&e::welfare>},
  };
  return model_of(
      "multinational", "Exports or affiliates abroad, after Helpman, Melitz and Yeaple (2004)",
      joined(trade_parameters(),
             std::vector<parameter>{
                 {"affiliate_fixed_cost", "labor per period and market", "be positive (\"inf\": none)", 12},
                 {"expenditure_share", "of income, on this sector", "lie in (0, 1]", 0.6},
                 {"home_market_cost", "1: fixed_cost is that of home sales only", "be 0 or 1", 0},
             }),
      joined(solution_fields<e>(), own), [](std::span<double const> p) {
        auto const q = p.subspan(trade_count);
        melitz::detail::require(q[2] == 0 || q[2] == 1, "multinational_economy", "home_market_cost", q[2], "be 0 or 1");
        return melitz::multinational_economy<double>{
            .trade = read_trade(p),
            .affiliate_fixed_cost = q[0],
            .expenditure_share = q[1],
            .fixed_cost = q[2] == 1 ? melitz::fixed_cost_covers::home_sales : melitz::fixed_cost_covers::any_sale};
      });
}

}  // namespace melitz_solve
