// SPDX-License-Identifier: BSL-1.0
// A model of one's own, in a page: firms choose between a dirty and a clean technology, and emissions are taxed.
//
// The dirty technology emits one ton for each unit of labour in production, on which the tax is due; the clean one
// emits nothing and costs a higher fixed cost. What the tax raises goes back to workers. One country; labour is the
// numeraire.
//
// What is written here is the menu and the closing of the market. The profit envelope, the cutoffs, the masses and
// moments of each group of firms and free entry come from the library.

#include <cmath>
#include <cstdio>
#include <melitz/melitz.hpp>
#include <string>
#include <string_view>

namespace {

// [primitives]
struct emission_economy {
  double elasticity, fixed_cost, entry_cost, labor;  // entry_cost: expected profit per draw that pays for it
  double clean_fixed_cost, tax;                      // tax per ton, in wages
};
// [/primitives]

// [menu]
// Operating profit is A * slope * phi^(elasticity - 1), with A the demand shifter that entry will determine. A unit of
// output costs a dirty firm 1 + tax times as much, so that it earns (1 + tax)^(1 - elasticity) times as much.
melitz::menu<> options(emission_economy const& m) {
  return {{"dirty", std::pow(1 + m.tax, 1 - m.elasticity), m.fixed_cost}, {"clean", 1, m.clean_fixed_cost}};
}
// [/menu]

// [solve]
struct emission_equilibrium {
  melitz::menu_equilibrium<double> firms;
  double mass_entrants, emissions, income, real_income;

  // Of the firms that produce, the share that picks this option.
  double share(std::string_view option) const {
    double chosen = 0, producing = 0;
    for (auto const& s : firms.segments) {
      if (s.option != "exit") producing += s.mass;
      if (s.option == option) chosen += s.mass;
    }
    return chosen / producing;
  }
};

template <melitz::productivity_law Law>
emission_equilibrium solve(emission_economy const& m, Law const& draws) {
  auto const tail = melitz::tail_of(draws, m.elasticity - 1);
  auto const firms = melitz::solve_free_entry(options(m), tail, m.entry_cost, m.elasticity);

  // Per entrant: of a dirty firm's revenue 1 - 1/sigma covers variable cost, labour and the tax on it.
  double labor_that_emits = 0;
  for (auto const& s : firms.segments) {
    if (s.option == "dirty") labor_that_emits += s.revenue * (1 - 1 / m.elasticity) / (1 + m.tax);
  }
  // Income is wages and the tax, and all of it is spent on what entrants sell.
  double const entrants = m.labor / (firms.expected_revenue - m.tax * labor_that_emits);
  double const emissions = entrants * labor_that_emits, income = m.labor + m.tax * emissions;
  // Demand A = P^(sigma-1) income rho^(sigma-1) / sigma gives the price index.
  double const rho = melitz::inverse_markup(m.elasticity);
  double const price_index = std::pow(m.elasticity * firms.demand / income, 1 / (m.elasticity - 1)) / rho;
  return {firms, entrants, emissions, income, income / price_index / m.labor};
}
// [/solve]

// [accounts]
// Labour is used for entry, for fixed costs and in production; a mistake in the closing of the market would show here.
double labor_used(emission_economy const& m, emission_equilibrium const& e) {
  double per_entrant = m.entry_cost + e.firms.expected_fixed_cost;
  for (auto const& s : e.firms.segments) {
    per_entrant += s.revenue * (1 - 1 / m.elasticity) / (s.option == "dirty" ? 1 + m.tax : 1);
  }
  return e.mass_entrants * per_entrant;
}
// [/accounts]

}  // namespace

int main() {
  // [parameters]
  emission_economy model{
      .elasticity = 4, .fixed_cost = 1, .entry_cost = 1.5, .labor = 100, .clean_fixed_cost = 3, .tax = 0.2};
  melitz::lognormal<> const draws{.log_mean = 0, .log_sd = 0.6};
  // [/parameters]

  std::printf("who does what at a tax of %.1f\n", model.tax);
  // [who]
  auto const now = solve(model, draws);
  for (auto const& s : now.firms.segments) {
    std::printf("%-6s from productivity %.4f   %.4f of entrants\n", s.option.c_str(), s.cutoff, s.mass);
  }
  // [/who]

  std::printf("\nas the tax rises\n");
  std::printf("  tax   dirty firms   clean firms   emissions   tax over income   real income per worker\n");
  // [rising]
  auto taxed = model;
  for (double const tax : {0.0, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6}) {
    taxed.tax = tax;
    auto const e = solve(taxed, draws);
    std::printf("%5.2f   %11.4f   %11.4f   %9.3f   %15.4f   %22.4f\n", tax, e.share("dirty"), e.share("clean"),
                e.emissions, tax * e.emissions / e.income, e.real_income);
  }
  // [/rising]

  std::printf("\nlabour used at a tax of %.1f: %.10f\n", model.tax, labor_used(model, now));
}
