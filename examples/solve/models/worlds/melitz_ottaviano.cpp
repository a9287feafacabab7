// SPDX-License-Identifier: BSL-1.0
#include "describe_world.hpp"

#include <melitz/worlds/melitz_ottaviano/melitz_ottaviano.hpp>

namespace melitz_solve {

model melitz_ottaviano_model() {
  using enum section;
  using e = melitz::melitz_ottaviano_equilibrium<double>;
  constexpr std::string_view positive = "be positive and finite";
  std::vector<field<e>> fields{
      {{"residual", solution, "of free entry and demand, the largest"}, get<&e::residual>},
      {{"iterations", work, "of the solver"}, get<&e::iterations>},
      {by_country({"cutoff", cutoffs, "delivered cost, and price", "c_D"}), get<&e::cutoff>},
      {by_country({"mass_entrants", masses, "firms, ever active or not"}), get<&e::mass_entrants>},
      {by_country({"profit_over_entry_cost", masses, "below 1: nobody enters"}), get<&e::profit_over_entry_cost>},
      {by_country({"mass_sellers", masses, "firms, from everywhere"}), get<&e::mass_sellers>},
      {by_country({"average_cost", averages, "delivered"}), get<&e::average_cost>},
      {by_country({"average_price", averages, "wages"}), get<&e::average_price>},
      {by_country({"average_markup", averages, "price less cost"}), get<&e::average_markup>},
      {by_country({"price_variance", averages, "wages squared"}), get<&e::price_variance>},
      {by_country({"average_quantity", averages, "units"}), get<&e::average_quantity>},
      {by_country({"average_profit", averages, "wages"}), get<&e::average_profit>},
      {by_country({"spending_per_consumer", aggregates, "wages"}), get<&e::spending_per_consumer>},
      {by_country({"outside_labor", aggregates, "workers"}), get<&e::outside_labor>},
      {by_country({"utility_minus_income", aggregates, "outside good"}), get<&e::utility_minus_income>},
      {by_country({"welfare", aggregates, "utility, outside good"}), get<&e::welfare>},
      {by_pair({"sellers", masses, "firms"}), get<&e::sellers>},
      {by_pair({"cost_cutoff", cutoffs, "labor per unit"}), get<&e::cost_cutoff>},
      {by_pair({"sales", aggregates, "wages"}), get<&e::sales>},
  };
  auto out = world_model_of<e>(
      "melitz_ottaviano", "Markups that answer to competition, after Melitz and Ottaviano (2008)",
      {
          {"choke_price", "wages, above which nothing is bought", positive, 10},
          {"differentiation", "gamma, how much varieties differ", positive, 2},
          {"substitution", "eta, for the outside good", positive, 1.5},
          by_country({"consumers", "people", positive}, "[10, 14, 12]"),
          by_country({"entry_cost", "labor, paid once", positive, 1}),
          at_home(1, by_pair({"iceberg_cost", "units shipped for one to arrive", "be at least 1, 1 at home"},
                             "[[1, 1.3, 1.5], [1.4, 1, 1.4], [1.5, 1.4, 1]]")),
          left_out(1, {"death_rate", "per period", "lie in (0, 1]", 1}),
          left_out(1, {"labor_per_consumer", "workers: with wages of 1 also income", positive, 60}),
          left_out(0, {"allow_no_entrants", "1: in some countries nobody may enter", "be 0 or 1", 0}),
      },
      std::move(fields),
      [](parameter_reader p, std::vector<bound_law>& laws) {
        melitz::melitz_ottaviano_world<double> world;
        world.choke_price = p.number();
        world.differentiation = p.number();
        world.substitution = p.number();
        world.consumers = p.vector();
        world.entry_cost = p.vector();
        world.iceberg_cost = p.matrix();
        world.death_rate = p.number();
        world.labor_per_consumer = p.number();
        bool const allowed = p.yes_or_no("melitz_ottaviano", "allow_no_entrants");
        return solved_with(laws, 0, [&] { return try_solve(world, unbound(laws), {.allow_no_entrants = allowed}); });
      },
      laws_wanted::by_country);
  out.example_law = R"({"family": "pareto", "scale": 0.125, "shape": 2})";
  return out;
}

}  // namespace melitz_solve
