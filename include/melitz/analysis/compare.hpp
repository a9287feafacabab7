// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/economy/equilibrium.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <string_view>
#include <type_traits>
#include <vector>

namespace melitz {

/// What a change of the economy does to a firm of given productivity (slide 29, and its mirror image).
enum class firm_effect {
  exits,                  ///< produced before, does not after
  enters,                 ///< the reverse
  sells_and_earns_less,   ///< survives and contracts
  sells_more_earns_less,  ///< expands abroad, but the fixed export costs eat more than it gains
  earns_more,             ///< sells more and earns more
  sells_less_earns_more,  ///< gives up a market that hardly paid, and gains at home
  unchanged,              ///< nothing changes for it
};

/// The effect in words, for tables.
[[nodiscard]] constexpr std::string_view to_string(firm_effect e) noexcept {
  switch (e) {
    case firm_effect::exits:
      return "exits";
    case firm_effect::enters:
      return "enters";
    case firm_effect::sells_and_earns_less:
      return "sells and earns less";
    case firm_effect::sells_more_earns_less:
      return "sells more, earns less";
    case firm_effect::earns_more:
      return "earns more";
    case firm_effect::sells_less_earns_more:
      return "sells less, earns more";
    case firm_effect::unchanged:
      return "unchanged";
  }
  return "unknown";
}

/// The firms with productivity in [lower, upper), and what happens to all of them.
template <real Real = double>
struct firm_group {
  firm_effect effect;
  Real lower;
  Real upper;  ///< infinite for the last
};

/// One aggregate before and after. percent() is infinite where it starts at 0, -100 where it starts at infinity.
template <real Real = double>
struct aggregate_change {
  std::string_view name;
  Real before;
  Real after;

  [[nodiscard]] Real difference() const { return Real(after - before); }
  [[nodiscard]] Real percent() const { return Real(100 * (after / before - 1)); }
};

/// What moving from one equilibrium to another does: Proposition 1 and slide 29, with numbers.
template <real Real = double>
struct trade_effects {
  std::vector<firm_group<Real>> firms{};  ///< ascending in productivity; never-producers left out
  std::vector<aggregate_change<Real>> aggregates{};

  bool cutoff_rises = false;       ///< Proposition 1
  Real share_of_firms_exiting{0};  ///< of producers before, those below the new cutoff; 0 if the cutoff falls
  Real log_welfare_change{0};      ///< d ln W
  Real from_variety{0};            ///< d ln M_t/(sigma - 1); with the next one sums to d ln W
  Real from_productivity{0};       ///< d ln phi~_t

  /// The gain by the formula of Arkolakis, Costinot, Rodriguez-Clare (2012), -d ln lambda/elasticity: with the Pareto
  /// shape (of the law, or the one passed to compare; NaN if neither) and with the trade elasticity at the equilibrium
  /// after (before, if that one is closed). Compare with log_welfare_change: equal under Pareto as long as there is
  /// selection and the support does not bind, an approximation otherwise.
  Real acr_with_pareto_shape = detail::not_a_number<Real>;
  Real acr_with_local_elasticity = detail::not_a_number<Real>;

  /// One aggregate by its name, e.g. change("welfare").percent(). @throws domain_error when there is none
  [[nodiscard]] aggregate_change<Real> const& change(std::string_view name) const {
    auto const found =
        std::find_if(aggregates.begin(), aggregates.end(), [&](auto const& a) { return a.name == name; });
    if (found == aggregates.end()) throw domain_error("trade_effects", "aggregate", name, "be a field of equilibrium");
    return *found;
  }
};

namespace detail {

template <real Real>
struct named_aggregate {
  std::string_view name;
  Real equilibrium<Real>::*field;
};

template <real Real>
inline constexpr std::array compared_aggregates{
    named_aggregate<Real>{"cutoff", &equilibrium<Real>::cutoff},
    named_aggregate<Real>{"export_cutoff", &equilibrium<Real>::export_cutoff},
    named_aggregate<Real>{"probability_of_producing", &equilibrium<Real>::probability_of_producing},
    named_aggregate<Real>{"share_exporting", &equilibrium<Real>::share_exporting},
    named_aggregate<Real>{"average_productivity", &equilibrium<Real>::average_productivity},
    named_aggregate<Real>{"average_variety_productivity", &equilibrium<Real>::average_variety_productivity},
    named_aggregate<Real>{"average_revenue", &equilibrium<Real>::average_revenue},
    named_aggregate<Real>{"average_profit", &equilibrium<Real>::average_profit},
    named_aggregate<Real>{"mass_entrants_per_period", &equilibrium<Real>::mass_entrants_per_period},
    named_aggregate<Real>{"mass_producers", &equilibrium<Real>::mass_producers},
    named_aggregate<Real>{"mass_exporters", &equilibrium<Real>::mass_exporters},
    named_aggregate<Real>{"mass_varieties", &equilibrium<Real>::mass_varieties},
    named_aggregate<Real>{"price_index", &equilibrium<Real>::price_index},
    named_aggregate<Real>{"welfare", &equilibrium<Real>::welfare},
    named_aggregate<Real>{"domestic_share", &equilibrium<Real>::domestic_share},
    named_aggregate<Real>{"labor_entry", &equilibrium<Real>::labor_entry},
    named_aggregate<Real>{"labor_fixed", &equilibrium<Real>::labor_fixed},
    named_aggregate<Real>{"labor_export_fixed", &equilibrium<Real>::labor_export_fixed},
    named_aggregate<Real>{"labor_variable", &equilibrium<Real>::labor_variable},
};

template <real Real>
[[nodiscard]] firm_effect effect_on(Real const& productivity, equilibrium<Real> const& before,
                                    equilibrium<Real> const& after) {
  bool const was = before.choice(productivity) != firm_choice::exits;
  bool const is = after.choice(productivity) != firm_choice::exits;
  if (was != is) return was ? firm_effect::exits : firm_effect::enters;
  using std::abs;
  Real const sales = after.revenue_of(productivity), old_sales = before.revenue_of(productivity);
  Real const profit = after.profit(productivity), old_profit = before.profit(productivity);
  Real const noise = 64 * epsilon<Real>() * (old_sales + sales);
  if (!was || (abs(Real(sales - old_sales)) <= noise && abs(Real(profit - old_profit)) <= noise)) {
    return firm_effect::unchanged;
  }
  if (profit > old_profit) return sales >= old_sales ? firm_effect::earns_more : firm_effect::sells_less_earns_more;
  return sales > old_sales ? firm_effect::sells_more_earns_less : firm_effect::sells_and_earns_less;
}

/// Productivities at which some firm's fate changes: the cutoffs, and where profits before and after cross.
template <real Real>
[[nodiscard]] std::vector<Real> turning_points(equilibrium<Real> const& before, equilibrium<Real> const& after) {
  using std::exp, std::log;
  std::vector<Real> points;
  for (Real const& x : {before.cutoff, before.export_cutoff, after.cutoff, after.export_cutoff}) {
    if (is_finite(x)) points.push_back(x);
  }
  std::sort(points.begin(), points.end());
  points.erase(std::unique(points.begin(), points.end()), points.end());
  // Between two of them, and above the last, each profit is linear in phi^(sigma-1), so the difference has one zero.
  Real const r = before.elasticity() - 1;
  std::vector<Real> crossings;
  for (std::size_t k = 0; k < points.size(); ++k) {
    Real const from = points[k], to = k + 1 < points.size() ? points[k + 1] : infinity<Real>;
    Real const one = from * (is_finite(to) ? Real(exp(Real(log(Real(to / from)) / 3))) : Real(2));
    Real const two = from * (is_finite(to) ? Real(exp(Real(2 * log(Real(to / from)) / 3))) : Real(4));
    auto const gain = [&](Real const& x) { return Real(after.profit(x) - before.profit(x)); };
    auto const size = [&](Real const& x) { return relative_revenue(x, from, before.elasticity()); };
    Real const slope = (gain(two) - gain(one)) / (size(two) - size(one));
    Real const zero = size(one) - gain(one) / slope;  // in units of from^r
    if (!(zero > 1) || !is_finite(zero)) continue;
    Real const crossing = from * exp(Real(log(zero) / r));
    if (crossing < to) crossings.push_back(crossing);
  }
  points.insert(points.end(), crossings.begin(), crossings.end());
  std::sort(points.begin(), points.end());
  return points;
}

}  // namespace detail

/// Compares two equilibria of the same country: which firms exit, shrink and grow, and what happens to aggregates.
///
/// @pre both solved, with the same elasticity; the trade costs, fixed costs, partners and size may differ
/// @param pareto_shape  for the first ACR number; left out, it is the law's own if that is Pareto
/// @throws domain_error when an equilibrium has failed or the elasticities differ
template <real Real>
[[nodiscard]] trade_effects<Real> compare(equilibrium<Real> const& before, equilibrium<Real> const& after,
                                          std::type_identity_t<Real> const& pareto_shape = detail::not_a_number<Real>) {
  using std::log, std::sqrt;
  for (auto const* e : {&before, &after}) {
    if (!*e)
      throw domain_error("compare", e == &before ? "before" : "after", to_string(e->reason), "be a solved equilibrium");
  }
  detail::require(before.elasticity() == after.elasticity(), "compare", "elasticity after", after.elasticity(),
                  "equal the elasticity before");

  trade_effects<Real> out;
  auto const points = detail::turning_points(before, after);
  for (std::size_t k = 0; k < points.size(); ++k) {
    Real const upper = k + 1 < points.size() ? points[k + 1] : detail::infinity<Real>;
    Real const inside = detail::is_finite(upper) ? Real(sqrt(points[k]) * sqrt(upper)) : Real(2 * points[k]);
    auto const effect = detail::effect_on(inside, before, after);
    if (!out.firms.empty() && out.firms.back().effect == effect) {
      out.firms.back().upper = upper;
    } else {
      out.firms.push_back({effect, points[k], upper});
    }
  }
  for (auto const& a : detail::compared_aggregates<Real>) {
    out.aggregates.push_back({a.name, before.*(a.field), after.*(a.field)});
  }

  out.cutoff_rises = after.cutoff > before.cutoff;
  if (out.cutoff_rises) {
    out.share_of_firms_exiting = 1 - after.probability_of_producing / before.probability_of_producing;
  }
  out.log_welfare_change = log(Real(after.welfare / before.welfare));
  out.from_variety = log(Real(after.mass_varieties / before.mass_varieties)) / (before.elasticity() - 1);
  out.from_productivity = log(Real(after.average_variety_productivity / before.average_variety_productivity));
  Real const log_share = log(Real(after.domestic_share / before.domestic_share));
  out.acr_with_pareto_shape = -log_share / (pareto_shape == pareto_shape ? pareto_shape : after.pareto_shape);
  auto const& open = after.regime == regime::closed ? before : after;
  out.acr_with_local_elasticity =
      open.regime == regime::closed ? Real(-log_share) : Real(-log_share / open.trade_elasticity);
  return out;
}

}  // namespace melitz
