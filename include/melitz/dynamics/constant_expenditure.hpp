// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/dynamics/newton_path.hpp>

#include <boost/math/tools/roots.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace melitz::detail {

/// The path with constant expenditure, in closed form but for the cutoffs of periods without entry.
///
/// Spending on the sector R and the discount factor are the same in all periods, so that two periods of entry in a row
/// have the cutoff of the new steady state. Firms of before earn less and less of R, and entrants the rest; should they
/// alone supply more than R buys at that cutoff, nobody enters until enough of them have died, and the cutoff that
/// makes them supply R lies above it. An entrant who would expect less than the entry cost is thus one who does not
/// come.
///
/// @param profits  on return the expected profit of each period of the path
/// @return whether out.path is complete; else out says why not
template <productivity_tail Tail>
bool sector_path(transition_economy<typename Tail::real_type> const& t, Tail const& tail,
                 steady_state<typename Tail::real_type> const& before,
                 steady_state<typename Tail::real_type> const& after, transition_options const& options,
                 transition_equilibrium<typename Tail::real_type>& out,
                 std::vector<typename Tail::real_type>& profits) {
  using Real = typename Tail::real_type;
  using std::abs, std::log1p, std::max, std::min;
  bool const sunk = t.export_cost == export_cost_kind::sunk, for_good = t.exit == exit_rule::irreversible;
  auto const& d = t.after.domestic;
  Real const living = 1 - d.death_rate, variable_profit = d.labor / d.elasticity;
  period_market<Tail> const market(tail, t.after, after.abroad);

  auto const firms_of_before = [&](period_firms<Real> const& young) {
    Real const home = for_good ? Real(max(young.log_cutoff, before.log_cutoff)) : young.log_cutoff;
    Real abroad = young.log_export_cutoff;
    if (sunk) abroad = min(abroad, before.log_export_cutoff);
    if (for_good) abroad = max(abroad, before.log_cutoff);
    return old_firms_at(market, young, home, abroad);
  };
  auto const new_young = market(after.log_cutoff, after.log_export_cost);
  auto const new_old = firms_of_before(new_young);
  Real mass = before.numbers.mass_entrants, old_mass = mass;
  Real exporters = sunk ? before.numbers.mass_exporters : Real(-1);
  Real const new_mass = after.numbers.mass_entrants, settled = 64 * epsilon<Real>() * new_mass;
  for (bool done = false; !done;) {
    old_mass *= living;
    Real const supplied = old_mass * new_old.variable;  // by firms of before, at the new cutoff
    auto young = new_young;
    auto old = new_old;
    Real next_mass = old_mass;
    if (supplied <= variable_profit) {
      next_mass += (variable_profit - supplied) / new_young.variable;
      Real const entry = next_mass - living * mass;
      done = abs(Real(next_mass - new_mass)) <= settled && abs(Real(entry - d.death_rate * new_mass)) <= settled;
    } else {
      if (for_good) return blocked_by(out, transition_obstacle::cutoff_falls);
      // The log of supply over demand falls in x by at least r a unit: that brackets the root.
      auto const gap = [&](Real const& x) {
        auto const here = market(x, after.log_export_cost);
        return Real(old_mass * firms_of_before(here).variable / variable_profit - 1);
      };
      Real const excess = supplied / variable_profit - 1, lower = after.log_cutoff;
      Real const upper = lower + log1p(excess) / market.power + 8 * epsilon<Real>() * (1 + abs(lower));
      Real const above = gap(upper);
      Real x = upper;
      if (excess > 0 && above < 0) {
        using value = value_t<Real>;
        auto const plain = [](Real const& number) { return static_cast<value>(number); };
        std::uintmax_t budget = 100;
        auto const close = [](value const& a, value const& b) {
          return abs(value(b - a)) <= 4 * epsilon<value>() * (1 + abs(a));
        };
        auto const root =
            boost::math::tools::toms748_solve([&](value const& at) { return plain(gap(Real(at))); }, plain(lower),
                                              plain(upper), plain(excess), plain(above), close, budget);
        x = Real(value((root.first + root.second) / 2));
      }
      young = market(x, after.log_export_cost);
      old = firms_of_before(young);
      if constexpr (carries_derivatives<Real>) {  // Newton steps from there, whose values are roundings
        for (std::size_t k = 0; k < differentiation<Real>::order; ++k) {
          Real const r = market.power, marginal = young.export_cost * young.abroad.density;
          bool const fixed_abroad = sunk && before.log_export_cutoff < young.log_export_cutoff;
          Real const slope =
              young.variable_slope + (fixed_abroad ? Real(r * (young.exported - old.exported) + marginal) : Real(0));
          x -= (old.variable - variable_profit / old_mass) / slope;
          young = market(x, after.log_export_cost);
          old = firms_of_before(young);
        }
      }
      if (!is_finite(x)) return failed_with(out, status::not_finite);
      if (abs(gap(x)) > root_of_epsilon<2, Real>()) return blocked_by(out, transition_obstacle::atom_at_cutoff);
    }
    if (sunk && before.log_export_cutoff < young.log_export_cutoff && before.log_export_cutoff < young.log_cutoff) {
      return blocked_by(out, transition_obstacle::exporter_cannot_produce);
    }
    auto numbers = period_numbers(market, young, old, next_mass, old_mass, mass, exporters);
    if (supplied > variable_profit) numbers.mass_entrants_per_period = numbers.labor_entry = 0;
    numbers.user_cost = after.numbers.user_cost;
    if (sunk) exporters = numbers.mass_exporters;
    mass = next_mass;
    profits.push_back(young.profit);
    out.path.push_back(numbers);
    if (!done && out.path.size() >= static_cast<std::size_t>(options.max_horizon)) {
      return failed_with(out, status::iteration_limit);
    }
  }
  return true;
}

}  // namespace melitz::detail
