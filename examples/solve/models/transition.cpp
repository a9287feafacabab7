// SPDX-License-Identifier: BSL-1.0
#include "describe.hpp"

#include <melitz/dynamics/transition.hpp>

#include <cmath>
#include <limits>

namespace melitz_solve {

namespace {

using transition_path = melitz::transition<double>;
using transition_moment = melitz::transition_period<double>;

/// A number of every period.
struct path_field {
  result what;
  double transition_moment::*member;
};

[[nodiscard]] std::vector<path_field> path_fields() {
  using enum section;
  using m = transition_moment;
  std::vector<path_field> out{
      {{"cutoff", cutoffs, "productivity"}, &m::cutoff},
      {{"export_cutoff", cutoffs, "productivity"}, &m::export_cutoff},
      {{"mass_entrants", masses, "firms, ever active or not"}, &m::mass_entrants},
      {{"mass_entrants_per_period", masses, "firms"}, &m::mass_entrants_per_period},
      {{"mass_producers", masses, "firms"}, &m::mass_producers},
      {{"mass_exporters", masses, "firms"}, &m::mass_exporters},
      {{"mass_new_exporters", masses, "firms, who pay a sunk cost"}, &m::mass_new_exporters},
      {{"expenditure", aggregates, "wages"}, &m::expenditure},
      {{"exports", aggregates, "wages"}, &m::exports},
      {{"price_index", aggregates, "wages"}, &m::price_index},
      {{"consumption", aggregates, "of all consumers"}, &m::consumption},
      {{"user_cost", aggregates, "of a sunk cost, per period"}, &m::user_cost},
      {{"entrant_value", aggregates, "over the entry cost"}, &m::entrant_value},
      {{"labor_entry", labor, "workers"}, &m::labor_entry},
      {{"labor_fixed", labor, "workers"}, &m::labor_fixed},
      {{"labor_export_fixed", labor, "workers"}, &m::labor_export_fixed},
      {{"labor_variable", labor, "workers"}, &m::labor_variable},
  };
  for (auto& f : out) f.what.extent = shape::by_period;
  return out;
}

[[nodiscard]] std::vector<field<transition_path>> transition_fields() {
  using enum section;
  using t = transition_path;
  return {
      {{"free_entry_residual", solution, "of the value of entry, relative"}, get<&t::free_entry_residual>},
      {{"euler_residual", solution, "of the user cost"}, get<&t::euler_residual>},
      {{"market_residual", solution, "of labour, or of sales, relative"}, get<&t::market_residual>},
      {{"terminal_gap", solution, "of the last mass of entrants, relative"}, get<&t::terminal_gap>},
      {{"error_estimate", solution, "of the law's tail"}, get<&t::error_estimate>},
      {{"obstacle", solution, "to a solution"}, get<&t::obstacle>},
      {{"iterations", work, "of the solver"}, get<&t::iterations>},
      {{"horizon", aggregates, "periods until nothing moves"},
       [](t const& x) -> result_value { return static_cast<double>(x.horizon()); }},
      {{"periods_without_entry", aggregates, "periods"}, get<&t::periods_without_entry>},
      {{"cutoff_fell", solution, "at some time"}, get<&t::cutoff_fell>},
      {{"consumption_equivalent_gain", aggregates, "of the path, over before"}, get<&t::consumption_equivalent_gain>},
      {{"steady_state_gain", aggregates, "of the last period, over before"}, get<&t::steady_state_gain>},
  };
}

/// A yes or no that is written 1 or 0.
[[nodiscard]] bool is_one(double given, char const* name) {
  melitz::detail::require(given == 0 || given == 1, "transition", name, given, "be 0 or 1");
  return given == 1;
}

[[nodiscard]] melitz::transition_economy<double> read_transition(std::span<double const> p) {
  auto const own = p.subspan(trade_count);
  melitz::transition_economy<double> out{.before = read_trade(p), .after = read_trade(p)};
  out.after.iceberg_cost = own[0];
  if (own[1] != 0) out.after.export_fixed_cost = own[1];
  out.discount_factor = own[2];
  out.curvature = own[3];
  if (is_one(own[4], "constant_expenditure")) out.spending = melitz::spending_rule::constant_expenditure;
  if (is_one(own[5], "sunk_export_cost")) out.export_cost = melitz::export_cost_kind::sunk;
  if (is_one(own[6], "irreversible_exit")) out.exit = melitz::exit_rule::irreversible;
  return out;
}

}  // namespace

model transition_model() {
  auto parameters =
      joined(trade_parameters(),
             std::vector<parameter>{
                 {"new_iceberg_cost", "from period 0 on", "be at least 1 (\"inf\": no trade)", 1.3},
                 {"new_export_fixed_cost", "from period 0 on", "be positive; 0: as before", 0},
                 {"discount_factor", "per period", "lie in (0, 1), or be 1 with constant_expenditure", 0.95},
                 {"curvature", "of utility, 1: logarithmic", "be positive and finite", 1},
                 {"constant_expenditure", "1: one sector of many", "be 0 or 1", 0},
                 {"sunk_export_cost", "1: export_fixed_cost is paid once", "be 0 or 1", 0},
                 {"irreversible_exit", "1: firms that rest are gone", "be 0 or 1", 0},
                 {"periods", "of the path, in the answer", "be a whole number from 1 to 1000000", 40},
             });
  for (auto& p : parameters) {  // what most paths have
    if (p.name == "new_export_fixed_cost" || p.name == "constant_expenditure" || p.name == "sunk_export_cost" ||
        p.name == "irreversible_exit") {
      p.if_left_out = 0;
    }
    if (p.name == "curvature") p.if_left_out = 1;
    if (p.name == "periods") p.if_left_out = 40;
  }
  model out{.name = "transition",
            .title = "The path after a change of trade costs, between two steady states of Melitz (2003)",
            .parameters = std::move(parameters),
            .results = {},
            .solve = {}};
  for (auto const& f : transition_fields()) out.results.push_back(f.what);
  for (auto const& f : path_fields()) out.results.push_back(f.what);
  out.solve = [](std::vector<array> const& given, std::vector<bound_law>& laws) {
    std::vector<double> numbers;
    for (auto const& p : given) numbers.push_back(p.numbers[0]);
    auto const economy = read_transition(std::span<double const>(numbers));
    economy.before.validate();
    try {
      economy.after.validate();
    } catch (melitz::domain_error const& e) {  // it has the same members
      throw melitz::domain_error("transition", "new_" + e.parameter(), e.value(), e.restriction());
    }
    economy.validate();
    auto const solved = try_solve(economy, laws[0].tail(economy.after.domestic.elasticity - 1));
    answer reply{.reason = solved.reason};
    if (solved.obstacle != melitz::transition_obstacle::none) reply.detail = to_string(solved.obstacle);
    for (auto const& f : transition_fields()) reply.values.push_back(f.read(solved));
    auto const periods = static_cast<std::size_t>(numbers.back());
    for (auto const& f : path_fields()) {
      array path{periods, 1, {}};
      for (std::size_t t = 0; t < periods; ++t) path.numbers.push_back(solved.at(t).*f.member);
      reply.values.emplace_back(std::move(path));
    }
    return reply;
  };
  return out;
}

}  // namespace melitz_solve
