// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/economy/solve.hpp>

namespace melitz {

/// An open economy, or a model that has one in its member `trade`, or partners.
template <class Economy>
concept trading_economy = requires(Economy e) {
  e.trade.partners;
}
|| requires(Economy e) { e.partners; };

/// The same economy with nobody to trade with.
template <trading_economy Economy>
[[nodiscard]] Economy autarky_of(Economy economy) {
  if constexpr (requires { economy.trade; }) {
    economy.trade.partners = 0;
  } else {
    economy.partners = 0;
  }
  return economy;
}

/// Welfare over that in autarky, of the open economy and of every model of symmetric countries that has it: real income
/// per worker in the one over that in the other, both solved. In the open economy it is domestic_share^(-1/shape) under
/// a Pareto law whose support begins below the cutoffs, that of autarky too; see models/acr_formula.hpp.
/// @param law  what productivity is drawn from, or its tail bound to the model's power
/// @throws domain_error naming what is out of range; convergence_error when one of the two cannot be solved
template <trading_economy Economy, class LawOrTail>
requires requires(Economy const& e, LawOrTail const& law, solve_options const& how) { solve(e, law, how).welfare; }
[[nodiscard]] auto gains_from_trade(Economy const& economy, LawOrTail const& law, solve_options const& how = {}) {
  auto const welfare = [&](Economy const& e) { return solve(e, law, how).welfare; };
  return typename Economy::real_type(welfare(economy) / welfare(autarky_of(economy)));
}

/// The same of an economy that has its productivities in itself.
template <trading_economy Economy>
requires requires(Economy const& e) { solve(e).welfare; }
[[nodiscard]] auto gains_from_trade(Economy const& economy) {
  return typename Economy::real_type(solve(economy).welfare / solve(autarky_of(economy)).welfare);
}

}  // namespace melitz
