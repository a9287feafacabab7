// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/economy/equilibrium.hpp>
#include <melitz/error.hpp>
#include <melitz/numerics/members.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
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
  return detail::word_of(e, {"exits", "enters", "sells and earns less", "sells more, earns less", "earns more",
                             "sells less, earns more", "unchanged"});
}

/// The firms with productivity in [lower, upper), and what happens to all of them.
template <real Real = double>
struct firm_group {
  firm_effect effect;
  Real lower;
  Real upper;  ///< infinite for the last
};

/// One aggregate before and after.
template <real Real = double>
struct aggregate_change {
  std::string name;  ///< of the result; of one of several with its place: "wage[1]"
  Real before;
  Real after;

  [[nodiscard]] Real difference() const { return Real(after - before); }
  /// 100 (after/before - 1): infinite where it starts at 0. NaN where a side is infinite, as a cutoff that nobody
  /// reaches: there is no percentage of that, and `before` and `after` say which side it is.
  [[nodiscard]] Real percent() const {
    if (!detail::is_finite(before) || !detail::is_finite(after)) return detail::not_a_number<Real>;
    return before == after ? Real(0) : Real(100 * (after / before - 1));
  }
};

/// What becomes of every number of an equilibrium, but for those that say how well it was solved.
template <real Real = double>
struct aggregate_changes {
  std::vector<aggregate_change<Real>> aggregates{};  ///< in the order of the table of results

  /// One aggregate by its name, e.g. change("welfare").percent(). @throws domain_error when there is none
  [[nodiscard]] aggregate_change<Real> const& change(std::string_view name) const {
    auto const found =
        std::find_if(aggregates.begin(), aggregates.end(), [&](auto const& a) { return a.name == name; });
    if (found == aggregates.end()) throw domain_error("compare", "aggregate", name, "be a number of the equilibrium");
    return *found;
  }
};

/// What moving from one equilibrium to another does: Proposition 1 and slide 29, with numbers.
template <real Real = double>
struct trade_effects : aggregate_changes<Real> {
  std::vector<firm_group<Real>> firms{};  ///< ascending in productivity; never-producers left out

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
};

namespace detail {

/// The numbers of a result before and after, as many of both.
template <class Value, real Real>
void compare_result(std::string const& name, Value const& before, Value const& after,
                    std::vector<aggregate_change<Real>>& out) {
  std::size_t const first = out.size();
  for_each_number(before, [&](Real const& x, std::string const& index) { out.push_back({name + index, x, x}); });
  std::size_t next = first;
  for_each_number(after, [&](Real const& x, std::string const&) {
    if (next < out.size()) out[next].after = x;
    ++next;
  });
  if (next != out.size()) {
    throw domain_error("compare", "the count of numbers in " + name + " after", std::to_string(next - first),
                       "be that before, " + std::to_string(out.size() - first));
  }
}

/// The same by period: after its end a path stands still.
template <real Real>
void compare_result(std::string const& name, told::by_period<Real> before, told::by_period<Real> after,
                    std::vector<aggregate_change<Real>>& out) {
  std::size_t const periods = std::max(before.size(), after.size());
  for (auto* path : {&before, &after}) path->resize(periods, path->empty() ? not_a_number<Real> : path->back());
  for (std::size_t t = 0; t < periods; ++t) out.push_back({name + '[' + std::to_string(t) + ']', before[t], after[t]});
}

template <told_equilibrium Equilibrium>
[[nodiscard]] aggregate_changes<typename Equilibrium::real_type> compare_results(Equilibrium const& before,
                                                                                 Equilibrium const& after) {
  for (auto const* e : {&before, &after}) {
    if (e->reason == status::converged) continue;
    throw domain_error("compare", e == &before ? "before" : "after", to_string(e->reason), "be a solved equilibrium");
  }
  aggregate_changes<typename Equilibrium::real_type> out;
  for_each_result<Equilibrium>([&](auto const& row, auto const& access, std::string_view prefix) {
    if (row.part == part::solution || row.part == part::work) return;
    compare_result(std::string(prefix) + row.name, access(before), access(after), out.aggregates);
  });
  return out;
}

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

/// Compares two equilibria of a model: every number of its table of results, arrays number by number.
///
/// @throws domain_error when one has failed, or when they have different counts of countries
/// Example: compare(solve(economy, law), solve(cheaper, law)).change("welfare").percent()
template <told_equilibrium Equilibrium>
[[nodiscard]] aggregate_changes<typename Equilibrium::real_type> compare(Equilibrium const& before,
                                                                         Equilibrium const& after) {
  return detail::compare_results(before, after);
}

/// Compares two equilibria of the closed or the open economy: besides all numbers, which firms exit, shrink and grow,
/// where welfare comes from, and what the formula of Arkolakis, Costinot and Rodriguez-Clare says of it.
///
/// @pre both solved, with the same elasticity; the trade costs, fixed costs, partners and size may differ
/// @param pareto_shape  for the first ACR number; left out, it is the law's own if that is Pareto
/// @throws domain_error when an equilibrium has failed or the elasticities differ
template <real Real>
[[nodiscard]] trade_effects<Real> compare(equilibrium<Real> const& before, equilibrium<Real> const& after,
                                          std::type_identity_t<Real> const& pareto_shape = detail::not_a_number<Real>) {
  using std::log, std::sqrt;
  trade_effects<Real> out{detail::compare_results(before, after)};
  detail::require(before.elasticity() == after.elasticity(), "compare", "elasticity after", after.elasticity(),
                  "equal the elasticity before");

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
