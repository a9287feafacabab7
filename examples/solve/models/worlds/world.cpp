// SPDX-License-Identifier: BSL-1.0
#include "describe_world.hpp"

#include <melitz/worlds/melitz/solve_world.hpp>

namespace melitz_solve {

namespace {

/// Reads one of the residuals.
template <auto Member>
result_value get_residual(melitz::world_equilibrium<double> const& e) {
  return get<Member>(e.residuals);
}

}  // namespace

model world_model() {
  using enum section;
  using e = melitz::world_equilibrium<double>;
  using r = melitz::world_residuals<double>;
  constexpr std::string_view positive = "be positive and finite", numeraire = "wages of country 0";
  std::vector<field<e>> const residuals{
      {{"free_entry_residual", solution, "of the cost of entry"}, get_residual<&r::free_entry>},
      {{"goods_residual", solution, "of expenditure"}, get_residual<&r::goods>},
      {{"labor_residual", solution, "of workers"}, get_residual<&r::labor>},
      {{"payments_residual", solution, "of exports or imports, services among them"}, get_residual<&r::payments>},
      {{"price_index_residual", solution, "of the price index"}, get_residual<&r::price_index>},
      {{"error_estimate", solution, "of wages and masses, from rounding"}, get<&e::error_estimate>},
      {{"iterations", work, "of the solver"}, get<&e::iterations>},
      {{"continuation_steps", work, "worlds tried on the way"}, get<&e::continuation_steps>},
  };
  std::vector<field<e>> const own{
      {by_country({"domestic_share", averages, "of expenditure", "lambda_jj"}),
       [](e const& x) { return value_of(x.domestic_share()); }},
      {by_country({"demand", work, "operating profit at delivered cost 1", "B"}), get<&e::demand>},
      {by_country({"tariff_revenue", aggregates, numeraire}), get<&e::tariff_revenue>},
      {by_pair({"trade_elasticity", elasticities, "partial, of sales in the iceberg cost"}), get<&e::trade_elasticity>},
  };
  return world_model_of<e>(
      "world", "Different countries with wages of their own, Melitz (2003) as in Melitz and Redding (2014)",
      {
          by_country({"labor", "workers", positive}, "[100, 60, 40]"),
          {"elasticity", "of substitution between varieties", "exceed 1 and be finite", 4},
          by_country({"entry_cost", "labor, paid once to draw a productivity", positive, 2}),
          left_out(1, {"death_rate", "per period", "lie in (0, 1]", 0.05}),
          at_home(1, by_pair({"iceberg_cost", "units shipped for one to arrive", "be at least 1, 1 at home"},
                             "[[1, 1.6, 1.9], [1.6, 1, 1.7], [1.9, 1.7, 1]]")),
          by_pair({"fixed_cost", "labor per period, of serving a market", "be positive (\"inf\": no trade)"},
                  "[[1, 1.3, 1.3], [1.3, 1, 1.3], [1.3, 1.3, 1]]"),
          left_out(1, {"source_labor_share", "of fixed costs, paid to the exporter's workers", "lie in [0, 1]", 1}),
          left_out(0, by_country({"deficit", "wages of country 0, spending above income", "sum to 0", 0})),
          at_home(0, left_out(0, by_pair({"tariff", "ad valorem", "exceed -1 and be finite, 0 at home", 0}))),
          left_out(0, {"tariff_on_cost", "1: of production cost, 0: of the price", "be 0 or 1", 0}),
      },
      joined(residuals, countries_fields<e>(), own, flows_fields<e>(numeraire)),
      [](parameter_reader p, std::vector<bound_law>& laws) {
        melitz::world_economy<double> economy;
        economy.labor = p.vector();
        economy.elasticity = p.number();
        economy.entry_cost = p.vector();
        economy.death_rate = p.number();
        economy.iceberg_cost = p.matrix();
        economy.fixed_cost = p.matrix();
        economy.source_labor_share = p.number();
        economy.deficit = p.vector();
        economy.tariff = p.matrix();
        if ((economy.deficit.array() == 0).all()) economy.deficit.resize(0);
        if ((economy.tariff.array() == 0).all()) economy.tariff.resize(0, 0);
        if (p.yes_or_no("world", "tariff_on_cost")) economy.tariff_on = melitz::tariff_base::production_cost;
        economy.validate();  // before the laws, whose power depends on the parameters
        return solved_with(laws, economy.size_exponent(), [&] { return try_solve(economy, unbound(laws)); });
      },
      laws_wanted::by_country);
}

}  // namespace melitz_solve
