// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/economy/ces.hpp>
#include <melitz/economy/primitives.hpp>
#include <melitz/economy/solve.hpp>
#include <melitz/entry/menu_entry.hpp>

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <initializer_list>

namespace melitz {

/// What the market of one sector makes of a menu: all income is spent on it, the wage is the numeraire.
template <real Real = double>
struct menu_market {
  Real mass_entrants;   ///< alive, whether they produce or not: labor / expected revenue per entrant
  Real mass_producers;  ///< of them, those that do not exit
  Real price_index;     ///< P, from A = L P^(sigma-1) rho^(sigma-1) / sigma
  Real welfare;         ///< 1/P, the real wage
};

/// Firms that some of a menu's options have in common, per entrant.
template <real Real = double>
struct chosen_group {
  Real cutoff = detail::infinity<Real>;  ///< the least productive of them; infinite where no firm would be one
  Real mass{0};                          ///< probability that an entrant is one
  Real moment{0};                        ///< E[phi^r 1{is one}]
  Real revenue{0};                       ///< expected revenue that they earn
};

/// The firms whose option fits a description.
/// @param count  how many options the menu has; exit fits no description
/// @param fits   of an option's position in the menu
/// @pre the solve converged
template <real Real, class Fits>
[[nodiscard]] chosen_group<Real> firms_that(menu_equilibrium<Real> const& choices, std::size_t count,
                                            Fits const& fits) {
  chosen_group<Real> out;
  for (auto const& s : choices.segments) {
    if (s.index >= count || !fits(s.index)) continue;
    out.cutoff = std::min(out.cutoff, s.cutoff);
    out.mass += s.mass;
    out.moment += s.moment;
    out.revenue += s.revenue;
  }
  return out;
}

/// Probability that an entrant does anything but exit. @pre the solve converged
template <real Real>
[[nodiscard]] Real active_share(menu_equilibrium<Real> const& choices) {
  Real sum(0);
  for (auto const& s : choices.segments) {
    if (s.slope > 0 || s.fixed_cost != 0) sum += s.mass;
  }
  return sum;
}

/// Closes the market of options in every country alike.
/// @param spending  expected spending on an entrant's varieties, which adds up to income over all entrants: revenue,
///                  unless somebody else earns a part of what consumers pay
/// @pre the solve converged
template <real Real>
[[nodiscard]] menu_market<Real> close_market(closed_economy<Real> const& economy, menu_equilibrium<Real> const& choices,
                                             Real const& spending) {
  using std::exp, std::log;
  Real const sigma = economy.elasticity;
  Real const log_price =
      (log(Real(sigma / economy.labor)) + choices.log_demand) / (sigma - 1) - log(inverse_markup(sigma));
  Real const entrants = economy.labor / spending;
  return {entrants, Real(entrants * active_share(choices)), Real(exp(log_price)), Real(exp(Real(-log_price)))};
}

/// Closes the market where entrants earn all that consumers spend. @pre the solve converged
template <real Real>
[[nodiscard]] menu_market<Real> close_market(closed_economy<Real> const& economy,
                                             menu_equilibrium<Real> const& choices) {
  return close_market(economy, choices, choices.expected_revenue);
}

/// Gives an equilibrium what the market makes of its menu.
template <class Equilibrium, real Real>
void set_market(Equilibrium& out, menu_market<Real> const& market) {
  out.mass_entrants = market.mass_entrants;
  out.mass_producers = market.mass_producers;
  out.price_index = market.price_index;
  out.welfare = market.welfare;
}

/// A model of this room: primitives that know which power of productivity a firm's size is.
template <class Economy>
concept model_economy = requires(Economy const& economy) {
  typename Economy::real_type;
  economy.validate();
  { economy.size_exponent() } -> std::convertible_to<typename Economy::real_type>;
};

namespace detail {

/// What a model's firms choose where entry pays. Its primitives are legal, so that a slope, a cost or a required profit
/// beyond the number type is nobody's mistake: out_of_range.
/// @param required_profit  expected profit per entrant that pays for entry
template <productivity_tail Tail>
[[nodiscard]] menu_equilibrium<typename Tail::real_type> try_solve_choices(
    menu<typename Tail::real_type> const& options, Tail const& tail, typename Tail::real_type const& required_profit,
    typename Tail::real_type const& elasticity, solve_options const& how) {
  using Real = typename Tail::real_type;
  bool fits = required_profit > 0 && is_finite(required_profit), any_slope = false;
  for (auto const& o : options) {
    fits = fits && is_finite(o.slope) && is_finite(o.fixed_cost);
    any_slope = any_slope || o.slope > 0;
  }
  if (fits && any_slope) return try_solve_free_entry(options, tail, required_profit, elasticity, how);
  menu_equilibrium<Real> failed;
  failed.reason = status::out_of_range;
  return failed;
}

/// No numbers, and why; what was spent on them is kept.
template <class Equilibrium>
[[nodiscard]] Equilibrium failed_as(Equilibrium const& out, status why) {
  Equilibrium failed;
  failed.reason = failed.choices.reason = why;
  failed.choices.evaluations = out.choices.evaluations;
  return failed;
}

/// The last step of every model: its equilibrium, if the numbers that it always has are positive and finite, or else
/// out_of_range.
template <class Equilibrium>
[[nodiscard]] Equilibrium if_representable(Equilibrium const& out,
                                           std::initializer_list<typename Equilibrium::real_type> numbers) {
  for (auto const& x : numbers) {
    if (!(x > 0) || !is_finite(x)) return failed_as(out, status::out_of_range);
  }
  return out;
}

/// The same where those numbers are what the market makes of its menu.
template <class Equilibrium>
[[nodiscard]] Equilibrium if_representable(Equilibrium const& out) {
  return if_representable(out, {out.mass_entrants, out.mass_producers, out.price_index, out.welfare});
}

/// @throws domain_error unless the tail is bound to the model's power of productivity
template <model_economy Economy, productivity_tail Tail>
void require_size_exponent(Economy const& economy, Tail const& tail) {
  using Real = typename Tail::real_type;
  Real const r = economy.size_exponent();
  if (!same(Real(tail.power()), r)) {
    reject("try_solve", "tail.power()", static_cast<double>(tail.power()),
           "equal the model's size exponent, " + to_text(static_cast<double>(r)));
  }
}

}  // namespace detail

/// Solves any model of this room under a law of productivity.
/// @throws domain_error naming a parameter of the economy or of the law that is out of range
/// Example:
///   technology_economy<> const economy{trade, 1.3, 2.5};
///   auto const e = solve(economy, lognormal<>{0, 0.6});  e.upgrade_cutoff; e.share_upgrading;
template <model_economy Economy, productivity_law Law>
requires requires(Economy const& e, tail_of_t<Law> const& tail, solve_options const& how) { try_solve(e, tail, how); }
[[nodiscard]] auto try_solve(Economy const& economy, Law const& law, solve_options const& how = {}) {
  economy.validate();
  return try_solve(economy, detail::tail_for_one_solve(law, economy.size_exponent()), how);
}

/// No law; see tail/mistake.hpp.
template <model_economy Economy, class Law, class Mistake = detail::mistake_of<Economy, Law>>
requires(!std::same_as<Mistake, mistake::none>) void try_solve(Economy const&, Law const&,
                                                               solve_options const& = {}) = delete;

}  // namespace melitz
