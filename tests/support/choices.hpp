// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "catch.hpp"
#include "random.hpp"

#include <melitz/economy/primitives.hpp>
#include <melitz/entry/menu_entry.hpp>
#include <melitz/law/lognormal.hpp>
#include <melitz/tail/any_law.hpp>

#include <cmath>
#include <cstddef>

namespace test {

/// Some open economy.
inline melitz::open_economy<> random_trade(uniform_numbers& uniform) {
  return {{.elasticity = uniform(2, 8),
           .fixed_cost = uniform(0.1, 3),
           .entry_cost = uniform(1, 30),
           .death_rate = uniform(0.01, 0.3),
           .labor = uniform(1, 100)},
          std::floor(uniform(1, 6)),
          uniform(1, 2.5),
          uniform(0.05, 3)};
}

inline melitz::lognormal<> random_lognormal(uniform_numbers& uniform) { return {uniform(-2, 2), uniform(0.1, 1)}; }

/// Every segment begins at its cutoff: a firm there is in it, one just below is not.
inline void check_cutoffs(melitz::menu_equilibrium<> const& choices) {
  auto const& all = choices.segments;
  for (std::size_t k = 0; k < all.size(); ++k) {
    if (k + 1 < all.size() && all[k + 1].cutoff == all[k].cutoff) continue;  // they round to the same number
    CAPTURE(k, all[k].option);
    if (all[k].cutoff > 0) CHECK(&choices.choice(all[k].cutoff) == &all[k]);
    if (k > 0) CHECK(choices.choice(std::nextafter(all[k].cutoff, 0)).cutoff < all[k].cutoff);
    CHECK(all[k].mass >= 0);
    CHECK(all[k].moment >= 0);
  }
}

/// At death rates so low that masses are infinite, or expected profit is 0, the model says so and has no numbers.
template <class Economy>
void check_beyond_number_type(Economy economy) {
  for (double const death_rate : {1e-320, 1e-323}) {  // masses are infinite; expected profit is 0
    economy.trade.domestic.death_rate = death_rate;
    economy.trade.domestic.entry_cost = 0.1;
    auto const e = try_solve(economy, melitz::lognormal<>{0, 0.6});
    CHECK(e.reason == melitz::status::out_of_range);
    CHECK(e.choices.reason == melitz::status::out_of_range);
    CHECK(std::isnan(e.mass_entrants));
  }
}

/// Minus d ln exports/d ln tau at given demand, by differences: what entrants export under menus for changed costs.
/// @param menu_at   of a change of ln tau
/// @param exported  of such a change and of an option's position: exports per unit of A phi^r
template <class MenuAt, class Exported>
double trade_elasticity_by_differences(melitz::any_law<> const& law, melitz::menu_equilibrium<> const& choices,
                                       MenuAt const& menu_at, Exported const& exported) {
  double const r = choices.size_exponent;
  auto const tail = tail_of(law, r);
  auto const log_exports = [&](double change) {
    auto const options = menu_at(change);
    auto const kept = hull(options);
    double sum = 0, last = 0;
    for (std::size_t k = kept.size(); k-- > 0;) {
      double const log_x = (std::log(kept[k].threshold) - choices.log_demand) / r;  // from here on
      auto const point = k > 0 ? tail.at(log_x) : melitz::tail_point<double>{};
      double const moment =
          k > 0 ? point.moment() * std::exp(point.log_scale + r * log_x) : std::exp(tail.log_moment());
      if (kept[k].index < options.size()) sum += exported(change, kept[k].index) * (moment - last);
      last = moment;
    }
    return std::log(sum);
  };
  double const h = 2e-4;  // of the fourth order: right to about 1e-11
  return (log_exports(2 * h) - log_exports(-2 * h) - 8 * (log_exports(h) - log_exports(-h))) / (12 * h);
}

}  // namespace test
