// SPDX-License-Identifier: BSL-1.0
// A model of one's own, in a page: firms choose a technology as well as whether to export, in the manner of Bustos
// (2011). (The library's own, with its results named, is in melitz/models/technology.hpp; this is how one starts.)
//
// The better technology divides variable cost by `improvement` and costs `upgrade_cost` times the
// fixed cost. There are n + 1 identical countries; labour is the numeraire.
//
// What is written here is the menu and the closing of the market. The profit envelope, the cutoffs, the masses and
// moments of each group of firms and free entry come from the library.

#include <cmath>
#include <cstdio>
#include <limits>
#include <melitz/melitz.hpp>
#include <string_view>

namespace {

// [primitives]
struct technology_choice {
  double elasticity, fixed_cost, entry_cost, labor;  // entry_cost: expected profit per draw that pays for it
  double partners, iceberg_cost, export_fixed_cost;  // export_fixed_cost per market
  double improvement, upgrade_cost;                  // both > 1
};
// [/primitives]

// [menu]
// Operating profit is A * slope * phi^(elasticity - 1), with A the demand shifter that entry will determine.
melitz::menu<> options(technology_choice const& m) {
  double const better = std::pow(m.improvement, m.elasticity - 1);
  double const world = 1 + m.partners * std::pow(m.iceberg_cost, 1 - m.elasticity);
  double const exporting = m.partners * m.export_fixed_cost;
  return {{"low, home", 1, m.fixed_cost},
          {"low, exports", world, m.fixed_cost + exporting},
          {"high, home", better, m.upgrade_cost * m.fixed_cost},
          {"high, exports", better * world, m.upgrade_cost * m.fixed_cost + exporting}};
}
// [/menu]

// [solve]
struct technology_equilibrium {
  melitz::menu_equilibrium<double> firms;
  double mass_entrants, price_index, welfare;

  // Of the firms that produce, the share whose option satisfies `is`.
  double share(bool (*is)(std::string_view)) const {
    double chosen = 0, producing = 0;
    for (auto const& s : firms.segments) {
      if (s.option == "exit") continue;
      producing += s.mass;
      if (is(s.option)) chosen += s.mass;
    }
    return chosen / producing;
  }
};

template <melitz::productivity_law Law>
technology_equilibrium solve(technology_choice const& m, Law const& draws) {
  auto const tail = melitz::tail_of(draws, m.elasticity - 1);
  auto const firms = melitz::solve_free_entry(options(m), tail, m.entry_cost, m.elasticity);
  // Workers spend what they earn on what entrants sell, and demand A = P^(sigma-1) L rho^(sigma-1) / sigma gives P.
  double const rho = melitz::inverse_markup(m.elasticity);
  double const price_index = std::pow(m.elasticity * firms.demand / m.labor, 1 / (m.elasticity - 1)) / rho;
  return {firms, m.labor / firms.expected_revenue, price_index, 1 / price_index};
}
// [/solve]

// [groups]
bool produces(std::string_view option) { return option != "exit"; }
bool exports(std::string_view option) { return option.ends_with("exports"); }
bool upgrades(std::string_view option) { return option.starts_with("high"); }

double lowest(technology_equilibrium const& e, bool (*is)(std::string_view)) {
  for (auto const& s : e.firms.segments) {
    if (is(s.option)) return s.cutoff;
  }
  return std::numeric_limits<double>::infinity();  // nobody
}
// [/groups]

// [envelope]
// By the envelope theorem d ln W / d ln tau = -(share of exports in revenue), whatever the menu and the law.
void check_envelope(technology_choice model, melitz::pareto<> const& draws) {
  auto const e = solve(model, draws);
  double const abroad = model.partners * std::pow(model.iceberg_cost, 1 - model.elasticity);
  double exported = 0;
  for (auto const& s : e.firms.segments) {
    if (exports(s.option)) exported += s.revenue * abroad / (1 + abroad);
  }
  double const step = 1e-4, tau = model.iceberg_cost;
  model.iceberg_cost = tau * std::exp(step);
  double const up = solve(model, draws).welfare;
  model.iceberg_cost = tau * std::exp(-step);
  double const down = solve(model, draws).welfare;
  std::printf("d ln W / d ln tau at tau = %.1f: %.6f; minus the export share: %.6f\n", tau,
              std::log(up / down) / (2 * step), -exported / e.firms.expected_revenue);
}
// [/envelope]

}  // namespace

int main() {
  // [parameters]
  technology_choice model{.elasticity = 4,
                          .fixed_cost = 1,
                          .entry_cost = 1.5,
                          .labor = 100,
                          .partners = 1,
                          .iceberg_cost = 1.5,
                          .export_fixed_cost = 0.7,
                          .improvement = 1.3,
                          .upgrade_cost = 6};
  melitz::pareto<> const draws{.scale = 1, .shape = 4.6};
  // [/parameters]

  std::printf("who does what at iceberg cost %.1f\n", model.iceberg_cost);
  // [who]
  auto const now = solve(model, draws);
  for (auto const& s : now.firms.segments) {
    std::printf("%-14s from productivity %.4f   %.4f of entrants\n", s.option.c_str(), s.cutoff, s.mass);
  }
  // [/who]

  std::printf("\nas the iceberg cost falls\n");
  std::printf("            lowest productivity that          share of producers that\n");
  std::printf("iceberg   produces   exports  upgrades           export   upgrade       entrants  welfare\n");
  // [falling]
  auto falling = model;
  for (double const tau : {2.5, 2.0, 1.75, 1.5, 1.25, 1.0}) {
    falling.iceberg_cost = tau;
    auto const e = solve(falling, draws);
    std::printf("%7.2f   %8.4f  %8.4f  %8.4f         %8.4f  %8.4f       %8.4f   %6.4f\n", tau, lowest(e, produces),
                lowest(e, exports), lowest(e, upgrades), e.share(exports), e.share(upgrades), e.mass_entrants,
                e.welfare);
  }
  // [/falling]

  std::printf("\nwhat theory says\n");
  check_envelope(model, draws);
}
