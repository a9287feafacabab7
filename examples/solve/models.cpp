// SPDX-License-Identifier: BSL-1.0
#include "models.hpp"

#include <melitz/economy/solve.hpp>

#include <limits>

namespace melitz_solve {

namespace {

using equilibrium = melitz::equilibrium<double>;

/// One result of the lecture's economies and how to read it.
struct field {
  result what;
  result_value (*read)(equilibrium const&);
  bool open_only = false;
};

template <auto Member>
result_value get(equilibrium const& e) {
  if constexpr (requires { melitz::to_string(e.*Member); }) {
    return melitz::to_string(e.*Member);
  } else if constexpr (std::is_same_v<decltype(e.*Member), bool const&>) {
    return e.*Member;
  } else {
    return static_cast<double>(e.*Member);
  }
}

std::vector<field> const& fields() {
  using enum section;
  constexpr std::string_view phi = "productivity", wages = "wages", per_firm = "wages per firm", firms = "firms";
  constexpr std::string_view workers = "workers";
  constexpr bool open_only = true;
  using e = equilibrium;
  static std::vector<field> const table{
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

template <bool Open>
[[nodiscard]] bool belongs(field const& f) {
  return Open || !f.open_only;
}

template <bool Open>
[[nodiscard]] std::vector<result> results() {
  std::vector<result> out;
  for (auto const& f : fields()) {
    if (belongs<Open>(f)) out.push_back(f.what);
  }
  return out;
}

[[nodiscard]] std::vector<parameter> parameters(bool open) {
  std::vector<parameter> out{
      {"elasticity", "of substitution between varieties", "exceed 1 and be finite", 4},
      {"fixed_cost", "labor per period, of producing", "be positive and finite", 1},
      {"entry_cost", "labor, paid once to draw a productivity", "be positive and finite", 2},
      {"death_rate", "per period", "lie in (0, 1]", 0.05},
      {"labor", "workers", "be positive and finite", 1},
  };
  if (open) {
    out.push_back({"partners", "countries to trade with", "be a whole number of at least 0", 3});
    out.push_back({"iceberg_cost", "units shipped for one to arrive", "be at least 1 (\"inf\": no trade)", 1.6});
    out.push_back({"export_fixed_cost", "labor per period and market", "be positive (\"inf\": no trade)", 1.3});
  }
  return out;
}

/// Both economies of the lecture: the closed one has no partners.
template <bool Open>
[[nodiscard]] answer solve_lecture(std::span<double const> p, bound_law& productivity) {
  double const never = std::numeric_limits<double>::infinity();
  melitz::open_economy<double> const economy{
      .domestic = {.elasticity = p[0], .fixed_cost = p[1], .entry_cost = p[2], .death_rate = p[3], .labor = p[4]},
      .partners = Open ? p[5] : 0,
      .iceberg_cost = Open ? p[6] : never,
      .export_fixed_cost = Open ? p[7] : never};
  economy.validate();  // before the law, whose power is elasticity - 1
  auto const solved = melitz::try_solve(economy, productivity.tail(economy.domestic.elasticity - 1));
  answer out{.reason = solved.reason};
  for (auto const& f : fields()) {
    if (belongs<Open>(f)) out.values.push_back(f.read(solved));
  }
  return out;
}

}  // namespace

std::vector<model> const& models() {
  static std::vector<model> const table{
      {"closed", "Closed economy (Melitz 2003; lecture, slides 7-17)", parameters(false), results<false>(),
       solve_lecture<false>},
      {"open", "Open economy with symmetric partners (Melitz 2003; lecture, slides 18-26)", parameters(true),
       results<true>(), solve_lecture<true>},
  };
  return table;
}

model const& model_named(json const& name, std::string const& path) {
  std::vector<std::string_view> names;
  for (auto const& m : models()) names.push_back(m.name);
  auto const word = read_word(name, path, names);
  for (auto const& m : models()) {
    if (m.name == word) return m;
  }
  throw std::logic_error("no such model");
}

}  // namespace melitz_solve
