// SPDX-License-Identifier: BSL-1.0
#include "describe_world.hpp"

#include <melitz/worlds/chaney/chaney.hpp>

namespace melitz_solve {

namespace {

melitz::chaney_sector_equilibrium<double> const& only_sector(melitz::chaney_equilibrium<double> const& e) {
  return e.sectors[0];
}

/// Reads a member of the only sector.
template <auto Member>
result_value get_chaney(melitz::chaney_equilibrium<double> const& e) {
  return get<Member>(only_sector(e));
}

}  // namespace

model chaney_model() {
  using enum section;
  using e = melitz::chaney_equilibrium<double>;
  using s = melitz::chaney_sector_equilibrium<double>;
  constexpr std::string_view positive = "be positive and finite", outside = "outside good";
  std::vector<field<e>> const of_the_world{
      {{"residual", solution, "of the accounts, relative"}, get<&e::residual>},
      {{"method", solution, "pareto_closed_form, or any_law"},
       [](e const& x) -> result_value {
         return std::string_view(x.method == melitz::chaney_method::pareto_closed_form ? "pareto_closed_form"
                                                                                       : "any_law");
       }},
      {{"iterations", work, "of the solver"}, get<&e::iterations>},
      {{"dividend", aggregates, "outside good, of a share of the fund", "d"}, get<&e::dividend>},
      {{"world_income", aggregates, outside}, get<&e::world_income>},
      {by_country({"income", aggregates, outside, "Y"}), get<&e::income>},
      {by_country({"price_index", aggregates, outside, "P"}), get_chaney<&s::price_index>},
      {by_country({"remoteness", averages, "under one Pareto shape", "theta"}), get_chaney<&s::remoteness>},
      {by_country({"profits", aggregates, outside}), get_chaney<&s::profits>},
      {by_country({"outside_labor", aggregates, "workers"}), get<&e::outside_labor>},
      {by_country({"real_income", aggregates, "utility per worker"}), get<&e::real_income>},
  };
  std::vector<field<e>> const elasticities_of_flows{
      {by_pair({"trade_elasticity", elasticities, "of sales in the iceberg cost"}), get_chaney<&s::trade_elasticity>},
      {by_pair({"firms_elasticity", elasticities, "of the number of firms"}), get_chaney<&s::firms_elasticity>},
  };
  auto out = world_model_of<e>(
      "chaney", "Entrants given, wages of an outside good, after Chaney (2008)",
      {
          by_country({"labor", "workers", positive}, "[100, 60, 40]"),
          left_out(1, by_country({"outside_productivity", "outside good per worker: the wage", positive, 1})),
          {"elasticity", "of substitution between varieties", "exceed 1 and be finite", 4},
          {"expenditure_share", "of income, on this sector", "lie in (0, 1)", 0.3},
          left_out(1, {"entrants_per_labor_income", "firms, per unit of the outside good", positive, 0.1}),
          at_home(1, by_pair({"iceberg_cost", "units shipped for one to arrive", "be at least 1, 1 at home"},
                             "[[1, 1.6, 1.9], [1.6, 1, 1.7], [1.9, 1.7, 1]]")),
          by_pair({"fixed_cost", "outside good, of serving a market", "be positive (\"inf\": no trade)", 1.3}),
      },
      joined(of_the_world, flows_fields<e, only_sector>(outside), elasticities_of_flows),
      [](parameter_reader p, std::vector<bound_law>& laws) {
        melitz::chaney_world<double> world;
        world.labor = p.vector();
        world.outside_productivity = p.vector();
        auto& sector = world.sectors.emplace_back();
        sector.elasticity = p.number();
        sector.expenditure_share = p.number();
        sector.entrants_per_labor_income = p.number();
        sector.iceberg_cost = p.matrix();
        sector.fixed_cost = p.matrix();
        world.validate();  // before the laws, whose power depends on the parameters
        return solved_with(laws, sector.size_exponent(),
                           [&] { return try_solve(world, std::vector<std::vector<law>>{unbound(laws)}); });
      },
      laws_wanted::by_country);
  out.example_law = R"({"family": "pareto", "scale": 1, "shape": 4.25})";
  return out;
}

}  // namespace melitz_solve
