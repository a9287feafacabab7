// SPDX-License-Identifier: BSL-1.0
#include "describe.hpp"

#include <melitz/models/sourcing.hpp>

#include <array>

namespace melitz_solve {

namespace {

using equilibrium = melitz::sourcing_equilibrium<double>;
using forms = melitz::sourcing_forms<double>;

/// Reads the number of one form.
template <auto Member, auto Form>
result_value get_form(equilibrium const& e) {
  return e.*Member.*Form;
}

/// A number of each form.
template <auto Member>
std::vector<field<equilibrium>> form_fields(std::array<std::string_view, 4> const& names, section where,
                                            std::string_view unit) {
  return {
      {{names[0], where, unit}, get_form<Member, &forms::north_outsourcing>},
      {{names[1], where, unit}, get_form<Member, &forms::north_integration>},
      {{names[2], where, unit}, get_form<Member, &forms::south_outsourcing>},
      {{names[3], where, unit}, get_form<Member, &forms::south_integration>},
  };
}

}  // namespace

model sourcing_model() {
  using enum section;
  using e = equilibrium;
  std::vector<field<e>> const type{
      {{"sector", solution, "whose input matters more"}, get<&e::sector>},
      {{"cutoff", cutoffs, "productivity"}, get<&e::cutoff>},
  };
  auto const cutoff = form_fields<&e::cutoffs>(
      {"north_outsourcing_cutoff", "north_integration_cutoff", "south_outsourcing_cutoff", "south_integration_cutoff"},
      cutoffs, "productivity");
  auto const firms =
      form_fields<&e::share_of_firms>({"north_outsourcing_share_of_firms", "north_integration_share_of_firms",
                                       "south_outsourcing_share_of_firms", "south_integration_share_of_firms"},
                                      averages, "of active firms");
  auto const sales =
      form_fields<&e::share_of_sales>({"north_outsourcing_share_of_sales", "north_integration_share_of_sales",
                                       "south_outsourcing_share_of_sales", "south_integration_share_of_sales"},
                                      averages, "of revenue");
  constexpr std::string_view outside = "outside good";
  std::vector<field<e>> const rest{
      {{"share_offshoring", averages, "of active firms"}, get<&e::share_offshoring>},
      {{"share_integrating", averages, "of active firms"}, get<&e::share_integrating>},
      {{"imported_components", averages, "of cost of components"}, get<&e::imported_components>},
      {{"mass_entrants", masses, "firms, ever active or not"}, get<&e::mass_entrants>},
      {{"mass_producers", masses, "firms"}, get<&e::mass_producers>},
      {{"aggregate_consumption", aggregates, "of the sector", "X"}, get<&e::aggregate_consumption>},
      {{"price_index", aggregates, outside, "P"}, get<&e::price_index>},
      {{"revenue", aggregates, outside, "P X"}, get<&e::revenue>},
      {{"headquarter_cost", aggregates, outside}, get<&e::headquarter_cost>},
      {{"north_component_cost", aggregates, outside}, get<&e::north_component_cost>},
      {{"south_component_cost", aggregates, outside}, get<&e::south_component_cost>},
      {{"fixed_costs", aggregates, outside}, get<&e::fixed_costs>},
      {{"entry_costs", aggregates, outside}, get<&e::entry_costs>},
      {{"welfare", aggregates, "consumers' surplus", "(1/mu - 1) P X"}, get<&e::welfare>},
  };
  constexpr std::string_view of_north = "labor of the North, per period", cost = "be positive (\"inf\": no such form)";
  constexpr std::string_view positive = "be positive and finite";
  return model_of(
      "sourcing", "Global sourcing, after Antras and Helpman (2004)",
      {
          {"substitution_parameter", "alpha, between varieties", "lie in (0, 1)", 0.5},
          {"sector_substitution_parameter", "mu, between sectors", "be positive and below substitution_parameter", 0.3},
          {"headquarter_intensity", "eta", "lie in [0, 1]", 0.7},
          {"bargaining_share", "beta, headquarters' share of surplus", "lie in (0, 1)", 0.35},
          {"north_recovery_share", "delta, of output, if own supplier leaves", "be at least 0 and below 1", 0.06},
          {"south_recovery_share", "the same in the South", "be at least 0 and at most north_recovery_share", 0.05},
          {"north_wage", outside, positive, 1},
          {"south_wage", outside, positive, 0.4},
          {"north_outsourcing_fixed_cost", of_north, cost, 1},
          {"north_integration_fixed_cost", of_north, cost, 1.35},
          {"south_outsourcing_fixed_cost", of_north, cost, 1.8},
          {"south_integration_fixed_cost", of_north, cost, 2.4},
          {"entry_cost", "labor of the North, paid once", positive, 30},
          {"death_rate", "per period", "lie in (0, 1]", 0.1},
      },
      joined(solution_fields<e>(), type, cutoff, firms, sales, rest), [](std::span<double const> p) {
        return melitz::sourcing_economy<double>{.substitution_parameter = p[0],
                                                .sector_substitution_parameter = p[1],
                                                .headquarter_intensity = p[2],
                                                .bargaining_share = p[3],
                                                .north_recovery_share = p[4],
                                                .south_recovery_share = p[5],
                                                .north_wage = p[6],
                                                .south_wage = p[7],
                                                .north_outsourcing_fixed_cost = p[8],
                                                .north_integration_fixed_cost = p[9],
                                                .south_outsourcing_fixed_cost = p[10],
                                                .south_integration_fixed_cost = p[11],
                                                .entry_cost = p[12],
                                                .death_rate = p[13]};
      });
}

}  // namespace melitz_solve
