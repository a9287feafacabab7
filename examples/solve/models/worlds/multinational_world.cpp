// SPDX-License-Identifier: BSL-1.0
#include "describe_world.hpp"

#include <melitz/worlds/multinational/multinational_world.hpp>

namespace melitz_solve {

namespace {

using equilibrium = melitz::multinational_world_equilibrium<double>;
using sector = melitz::multinational_sector_equilibrium<double>;

/// Reads a member of the only sector.
template <auto Member>
result_value get_sector(equilibrium const& e) {
  return get<Member>(e.sectors[0]);
}

}  // namespace

model multinational_world_model() {
  using enum section;
  using e = equilibrium;
  using s = sector;
  constexpr std::string_view positive = "be positive and finite", reach = "be positive (\"inf\": none)";
  return world_model_of<e>(
      "multinational_world", "Exports or affiliates among different countries, after Helpman, Melitz, Yeaple (2004)",
      {
          by_country({"labor", "workers", positive}, "[110, 100, 90]"),
          {"elasticity", "of substitution between varieties", "exceed 1 and be finite", 4},
          {"fixed_cost", "labor per period, of producing", positive, 1},
          {"entry_cost", "labor, paid once to draw a productivity", positive, 20},
          {"death_rate", "per period", "lie in (0, 1]", 0.1},
          {"export_fixed_cost", "labor per period and market", reach, 1.5},
          {"affiliate_fixed_cost", "labor per period and market", reach, 60},
          {"expenditure_share", "of income, on this sector", "lie in (0, 1)", 0.3},
          at_home(1, by_pair({"iceberg_cost", "units shipped for one to arrive", "be at least 1, 1 at home"},
                             "[[1, 1.8, 2.1], [1.9, 1, 2], [2.1, 2, 1]]")),
          left_out(1, by_country({"fixed_cost_factor", "times fixed_cost", positive, 1})),
          left_out(1, by_country({"entry_cost_factor", "times entry_cost", positive, 1})),
          left_out(1, by_pair({"export_fixed_cost_factor", "times export_fixed_cost", positive, 1})),
          left_out(1, by_pair({"affiliate_fixed_cost_factor", "times affiliate_fixed_cost", positive, 1})),
          left_out(0, {"home_market_cost", "1: fixed_cost is that of home sales only", "be 0 or 1", 0}),
          left_out(0, {"allow_no_entrants", "1: in some countries nobody may enter", "be 0 or 1", 0}),
      },
      {
          {{"residual", solution, "of free entry, the largest"}, get_sector<&s::residual>},
          {{"iterations", work, "of the solver"}, get_sector<&s::iterations>},
          {by_country({"cutoff", cutoffs, "productivity", "phi_D"}), get_sector<&s::cutoff>},
          {by_country({"home_cutoff", cutoffs, "productivity"}), get_sector<&s::home_cutoff>},
          {by_pair({"export_cutoff", cutoffs, "productivity", "phi_X"}), get_sector<&s::export_cutoff>},
          {by_pair({"affiliate_cutoff", cutoffs, "productivity", "phi_I"}), get_sector<&s::affiliate_cutoff>},
          {by_pair({"share_exporting", averages, "share of producers"}), get_sector<&s::share_exporting>},
          {by_pair({"share_multinational", averages, "share of producers"}), get_sector<&s::share_multinational>},
          {by_country({"mass_entrants", masses, "firms, ever active or not"}), get_sector<&s::mass_entrants>},
          {by_country({"mass_producers", masses, "firms"}), get_sector<&s::mass_producers>},
          {by_country({"profit_over_entry_cost", masses, "below 1: nobody enters"}),
           get_sector<&s::profit_over_entry_cost>},
          {by_country({"domestic_sales", aggregates, "wages"}), get_sector<&s::domestic_sales>},
          {by_pair({"export_sales", aggregates, "wages"}), get_sector<&s::export_sales>},
          {by_pair({"affiliate_sales", aggregates, "wages"}), get_sector<&s::affiliate_sales>},
          {by_country({"demand", work, "operating profit at size 1", "A"}), get_sector<&s::demand>},
          {by_country({"price_index", aggregates, "wages", "P"}), get_sector<&s::price_index>},
          {by_country({"sector_labor", aggregates, "workers"}), get_sector<&s::labor>},
          {by_country({"outside_labor", aggregates, "workers"}), get<&e::outside_labor>},
          {by_country({"welfare", aggregates, "factor of the real wage", "P^-beta"}), get<&e::welfare>},
      },
      [](parameter_reader p, std::vector<bound_law>& laws) {
        melitz::multinational_world<double> world{.labor = p.vector()};
        auto& own = world.sectors.emplace_back();
        own.elasticity = p.number();
        own.fixed_cost = p.number();
        own.entry_cost = p.number();
        own.death_rate = p.number();
        own.export_fixed_cost = p.number();
        own.affiliate_fixed_cost = p.number();
        own.expenditure_share = p.number();
        own.iceberg_cost = p.matrix();
        own.fixed_cost_factor = p.vector();
        own.entry_cost_factor = p.vector();
        own.export_fixed_cost_factor = p.matrix();
        own.affiliate_fixed_cost_factor = p.matrix();
        if (p.yes_or_no("multinational_world", "home_market_cost")) own.covers = melitz::fixed_cost_covers::home_sales;
        bool const allowed = p.yes_or_no("multinational_world", "allow_no_entrants");
        world.validate();  // before the law, whose power depends on the parameters
        return solved_with(laws, own.size_exponent(),
                           [&] { return try_solve(world, laws[0].unbound(), {.allow_no_entrants = allowed}); });
      });
}

}  // namespace melitz_solve
