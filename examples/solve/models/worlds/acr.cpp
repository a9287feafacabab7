// SPDX-License-Identifier: BSL-1.0
#include "describe_world.hpp"

#include <melitz/worlds/acr/acr.hpp>

namespace melitz_solve {

namespace {

/// An equilibrium with its flows.
struct acr_solution : melitz::acr_equilibrium<double>, melitz::world_flows<double> {};

}  // namespace

model acr_model() {
  using enum section;
  using e = acr_solution;
  constexpr std::string_view positive = "be positive and finite";
  std::vector<field<e>> const solution_of{
      {{"residual", solution, "of balanced trade, relative"}, get<&e::residual>},
      {{"iterations", work, "of the solver"}, get<&e::iterations>},
  };
  std::vector<field<e>> const own{
      {by_country({"firms_sales", aggregates, "wages of country 0", "R"}), get<&e::firms_sales>},
      {by_country({"varieties", masses, "firms that sell in the country"}), get<&e::varieties>},
      {by_country({"domestic_share", averages, "of expenditure", "lambda_jj"}), get<&e::domestic_share>},
      {by_country({"formula_gains", aggregates, "lambda_jj^(-1/theta)"}), get<&e::formula_gains>},
      {by_country({"gains", aggregates, "welfare over that in autarky"}),
       [](e const& x) { return value_of(x.gains()); }},
  };
  auto out = world_model_of<e>(
      "acr", "Gravity: Pareto laws of one shape, after Arkolakis, Demidova, Klenow and Rodriguez-Clare (2008)",
      {
          by_country({"labor", "workers", positive}, "[100, 60, 40]"),
          {"elasticity", "of substitution between varieties", "exceed 1 and be finite", 4},
          {"shape", "of the Pareto laws, theta", "exceed elasticity - 1 and be finite", 4.25},
          left_out(1, by_country({"productivity_scale", "least productivity", positive, 1})),
          left_out(0, by_country(
                          {"entry_cost", "labor, paid once", "be positive and finite, unless entrants are given", 2})),
          left_out(1, {"death_rate", "per period", "lie in (0, 1]", 0.05}),
          left_out(0, by_country({"entrants", "firms, where entry is fixed", "be positive and finite, or all 0", 0})),
          at_home(1, by_pair({"iceberg_cost", "units shipped for one to arrive", "be at least 1, 1 at home"},
                             "[[1, 1.6, 1.9], [1.6, 1, 1.7], [1.9, 1.7, 1]]")),
          by_pair({"fixed_cost", "labor per period, of serving a market", "be positive (\"inf\": no trade)", 1.3}),
          left_out(1, {"source_labor_share", "of fixed costs, paid to the exporter's workers", "lie in [0, 1]", 1}),
          left_out(0, by_country({"deficit", "wages of country 0, spending above income", "sum to 0", 0})),
      },
      joined(solution_of, countries_fields<e>(), own, flows_fields<e>("wages of country 0")),
      [](parameter_reader p, std::vector<bound_law>&) {
        melitz::acr_economy<double> economy;
        economy.labor = p.vector();
        economy.elasticity = p.number();
        economy.shape = p.number();
        economy.productivity_scale = p.vector();
        economy.entry_cost = p.vector();
        economy.death_rate = p.number();
        economy.entrants = p.vector();
        economy.iceberg_cost = p.matrix();
        economy.fixed_cost = p.matrix();
        economy.source_labor_share = p.number();
        economy.deficit = p.vector();
        if ((economy.entrants.array() == 0).all()) {
          economy.entrants.resize(0);
        } else {
          economy.entry = melitz::entry_rule::fixed;
          melitz::detail::require_each(
              "acr", "entry_cost", economy.entry_cost, [](double x) { return x == 0; },
              "be left out where entrants are given");
          economy.entry_cost.resize(0);
        }
        auto solved = try_solve(economy);
        auto between = flows(economy, solved);
        return e{std::move(solved), std::move(between)};
      },
      laws_wanted::none);
  return out;
}

}  // namespace melitz_solve
