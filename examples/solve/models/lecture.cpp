// SPDX-License-Identifier: BSL-1.0
#include "describe.hpp"

#include <melitz/economy/solve.hpp>

namespace melitz_solve {

namespace {

using lecture_equilibrium = melitz::equilibrium<double>;

/// One result of the lecture's economies.
struct lecture_field {
  result what;
  result_value (*read)(lecture_equilibrium const&);
  bool open_only = false;
};

std::vector<lecture_field> const& lecture_fields() {
  using enum section;
  constexpr std::string_view phi = "productivity", wages = "wages", per_firm = "wages per firm", firms = "firms";
  constexpr std::string_view workers = "workers";
  constexpr bool open_only = true;
  using e = lecture_equilibrium;
  static std::vector<lecture_field> const table{
      {{"residual", solution, "of free entry", "", "(4), (9)"}, get<&e::residual>},
      {{"error_estimate", solution, "of the law's tail", "", ""}, get<&e::error_estimate>},
      {{"evaluations", work, "of free entry", "", ""}, get<&e::evaluations>},
      {{"regime", solution, "who exports", "", "slide 20"}, get<&e::regime>},
      {{"every_entrant_produces", solution, "", "", "slide 12"}, get<&e::every_entrant_produces>},

      {{"cutoff", cutoffs, phi, "phi*", "(2), (4), (9)"}, get<&e::cutoff>},
      {{"log_cutoff", work, "log productivity", "ln phi*", ""}, get<&e::log_cutoff>},
      {{"lowest_producing_productivity", cutoffs, phi, "", "slide 12"}, get<&e::lowest_producing_productivity>},
      {{"export_cutoff", cutoffs, phi, "phi_x*", "(7), (8)"}, get<&e::export_cutoff>, open_only},
      {{"domestic_cutoff", cutoffs, phi, "", "slide 19"}, get<&e::domestic_cutoff>},

      {{"probability_of_producing", averages, "share of entrants", "1-G(phi*)", "slide 13"},
       get<&e::probability_of_producing>},
      {{"share_exporting", averages, "share of producers", "chi", "slide 21"}, get<&e::share_exporting>, open_only},
      {{"average_productivity", averages, phi, "phi~", "(5)"}, get<&e::average_productivity>},
      {{"average_export_productivity", averages, phi, "phi~_x", "(10)"},
       get<&e::average_export_productivity>,
       open_only},
      {{"average_variety_productivity", averages, phi, "phi~_t", "slide 23"}, get<&e::average_variety_productivity>},
      {{"average_revenue", averages, per_firm, "r-bar", "slides 17, 22"}, get<&e::average_revenue>},
      {{"average_profit", averages, per_firm, "pi-bar", "slides 13, 22"}, get<&e::average_profit>},
      {{"average_domestic_revenue", averages, per_firm, "r_d(phi~)", "slide 22"}, get<&e::average_domestic_revenue>},
      {{"average_export_revenue", averages, "per exporter, market", "r_x(phi~_x)", "slide 22"},
       get<&e::average_export_revenue>,
       open_only},

      {{"mass_entrants_per_period", masses, "firms per period", "M_e", "slide 16"}, get<&e::mass_entrants_per_period>},
      {{"mass_entrants", masses, "firms, ever active or not", "M_e/delta", "slide 16"}, get<&e::mass_entrants>},
      {{"mass_producers", masses, firms, "M", "slides 17, 26"}, get<&e::mass_producers>},
      {{"mass_exporters", masses, firms, "M_x", "slides 23, 26"}, get<&e::mass_exporters>, open_only},
      {{"mass_varieties", masses, "varieties consumed", "M_t", "slide 23"}, get<&e::mass_varieties>},

      {{"revenue", aggregates, wages, "R", "slides 16, 25"}, get<&e::revenue>},
      {{"price_index", aggregates, wages, "P", "(6)"}, get<&e::price_index>},
      {{"welfare", aggregates, "real wage", "1/P", ""}, get<&e::welfare>},
      {{"domestic_share", aggregates, "share of spending", "", ""}, get<&e::domestic_share>},
      {{"export_intensity", aggregates, "share of exporter's sales", "", "slide 19"},
       get<&e::export_intensity>,
       open_only},

      {{"labor_entry", labor, workers, "M_e f_e", "slide 16"}, get<&e::labor_entry>},
      {{"labor_fixed", labor, workers, "M f", "slide 9"}, get<&e::labor_fixed>},
      {{"labor_export_fixed", labor, workers, "n M_x f_x", "slide 18"}, get<&e::labor_export_fixed>, open_only},
      {{"labor_variable", labor, workers, "", "slide 9"}, get<&e::labor_variable>},

      {{"trade_elasticity", elasticities, "of exports to trade cost", "", ""}, get<&e::trade_elasticity>, open_only},
      {{"domestic_elasticity", elasticities, "the same at the cutoff", "", ""}, get<&e::domestic_elasticity>},
  };
  return table;
}

/// Those that an economy with or without partners has.
[[nodiscard]] std::vector<field<lecture_equilibrium>> fields_of(bool open) {
  std::vector<field<lecture_equilibrium>> out;
  for (auto const& f : lecture_fields()) {
    if (open || !f.open_only) out.push_back({f.what, f.read});
  }
  return out;
}

}  // namespace

model closed_model() {
  return model_of("closed", "Closed economy (Melitz 2003; lecture, slides 7-17)", domestic_parameters(),
                  fields_of(false), [](std::span<double const> p) { return melitz::as_open(read_domestic(p)); });
}

model open_model() {
  return model_of("open", "Open economy with symmetric partners (Melitz 2003; lecture, slides 18-26)",
                  trade_parameters(), fields_of(true), read_trade);
}

}  // namespace melitz_solve
