// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/economy/primitives.hpp>
#include <melitz/economy/solve.hpp>
#include <melitz/entry/menu_entry.hpp>
#include <melitz/models/market.hpp>

#include <algorithm>

namespace melitz {

/// Technology upgrading with export choice, after Bustos (2011): in symmetric countries a firm may pay a fixed cost
/// `cost_ratio` times as high to be `productivity_gain` times as productive, whether it exports or not. More sales make
/// an upgrade pay, and an upgrade makes exporting pay, so that cheaper trade brings some firms to do both.
template <real Real = double>
struct technology_economy {
  using real_type = Real;

  open_economy<Real> trade{};                           ///< with the old technology
  Real productivity_gain = detail::not_a_number<Real>;  ///< iota > 0, of the new technology over the old; pays above 1
  Real cost_ratio = detail::not_a_number<Real>;         ///< eta > 0, fixed cost with the new over f; costs more above 1

  /// @throws domain_error naming the first member that is out of range
  void validate() const {
    trade.validate();
    char const* const where = "technology_economy";
    detail::require(productivity_gain > 0 && detail::is_finite(productivity_gain), where, "productivity_gain",
                    productivity_gain, "be positive and finite");
    detail::require(cost_ratio > 0 && detail::is_finite(cost_ratio), where, "cost_ratio", cost_ratio,
                    "be positive and finite");
  }

  /// The four ways to produce, or the two without trade: old, old_export, new, new_export. @pre valid
  [[nodiscard]] menu<Real> options() const {
    auto const& home = trade.domestic;
    foreign_market<Real> const abroad(trade);
    Real const f = home.fixed_cost, gain = detail::power_of(productivity_gain, Real(home.elasticity - 1));
    menu<Real> out{{"old", Real(1), f}, {"new", gain, Real(cost_ratio * f)}};
    if (abroad.regime != regime::closed) {
      Real const markets = 1 + trade.partners * abroad.freeness, cost = trade.partners * trade.export_fixed_cost;
      out.push_back({"old_export", markets, Real(f + cost)});
      out.push_back({"new_export", Real(gain * markets), Real(cost_ratio * f + cost)});
    }
    return out;
  }
};

/// Equilibrium of a technology_economy. Check `reason` (or the conversion to bool) first: unless it converged the
/// numbers are NaN. A choice that no firm would make, however productive or not, has an infinite cutoff. As in the open
/// economy a cutoff is not clipped to the support of the law.
template <real Real = double>
struct technology_equilibrium {
  using real_type = Real;

  status reason = status::not_solved;
  menu_equilibrium<Real> choices{};                    ///< who does what, and the demand shifter
  Real cutoff = detail::not_a_number<Real>;            ///< phi*, of producing; 0 if nobody exits
  Real export_cutoff = detail::not_a_number<Real>;     ///< phi_x, least productivity of an exporter
  Real upgrade_cutoff = detail::not_a_number<Real>;    ///< phi_h, least productivity with the new technology
  Real share_exporting = detail::not_a_number<Real>;   ///< of producers
  Real share_upgrading = detail::not_a_number<Real>;   ///< of producers
  Real export_intensity = detail::not_a_number<Real>;  ///< exports over revenue, of all firms together
  Real upgraded_revenue = detail::not_a_number<Real>;  ///< share of revenue that firms with the new technology earn
  Real mass_entrants = detail::not_a_number<Real>;     ///< alive
  Real mass_producers = detail::not_a_number<Real>;
  Real price_index = detail::not_a_number<Real>;
  Real welfare = detail::not_a_number<Real>;  ///< real wage

  [[nodiscard]] explicit operator bool() const noexcept { return reason == status::converged; }

  /// d ln W / d ln tau: minus the share of revenue that exports earn, under every law.
  [[nodiscard]] Real welfare_elasticity_of_iceberg_cost() const { return Real(-export_intensity); }
  /// d ln W / d ln iota: the share of revenue that firms with the new technology earn, under every law.
  [[nodiscard]] Real welfare_elasticity_of_productivity_gain() const { return upgraded_revenue; }
};

/// Solves the choice between technologies and markets: free entry E(A) = delta f_e for the menu of four, then the
/// market.
///
/// @param tail  the law bound to elasticity - 1, tail_of(law, economy.trade.domestic.elasticity - 1)
/// @throws domain_error naming a primitive that is out of range, or when tail.power() is not elasticity - 1
/// @return numbers, or NaN and in `reason` why
template <productivity_tail Tail>
[[nodiscard]] technology_equilibrium<typename Tail::real_type> try_solve(
    technology_economy<typename Tail::real_type> const& economy, Tail const& tail, solve_options const& how = {}) {
  using Real = typename Tail::real_type;
  economy.validate();
  auto const& home = economy.trade.domestic;
  Real const r = home.elasticity - 1;
  detail::require(detail::same(Real(tail.power()), r), "try_solve", "tail.power()", tail.power(),
                  "equal elasticity - 1");
  auto const options = economy.options();
  technology_equilibrium<Real> out;
  out.choices = try_solve_free_entry(options, tail, home.required_profit(), home.elasticity, how);
  out.reason = out.choices.reason;
  if (!out) return out;

  Real const markets = economy.trade.partners * foreign_market<Real>(economy.trade).freeness;
  Real const active = active_share(out.choices);
  Real exporting(0), upgrading(0), exports(0), upgraded(0);
  out.cutoff = out.export_cutoff = out.upgrade_cutoff = detail::infinity<Real>;
  for (auto const& s : out.choices.segments) {
    if (s.index >= options.size()) continue;  // exit
    bool const sells_abroad = s.index >= 2, is_new = s.index % 2 == 1;
    out.cutoff = std::min(out.cutoff, s.cutoff);
    if (sells_abroad) {
      out.export_cutoff = std::min(out.export_cutoff, s.cutoff);
      exporting += s.mass;
      exports += s.revenue * (markets / (1 + markets));
    }
    if (is_new) {
      out.upgrade_cutoff = std::min(out.upgrade_cutoff, s.cutoff);
      upgrading += s.mass;
      upgraded += s.revenue;
    }
  }
  out.share_exporting = exporting / active;
  out.share_upgrading = upgrading / active;
  out.export_intensity = exports / out.choices.expected_revenue;
  out.upgraded_revenue = upgraded / out.choices.expected_revenue;
  auto const market = close_market(home, out.choices);
  out.mass_entrants = market.mass_entrants;
  out.mass_producers = market.mass_producers;
  out.price_index = market.price_index;
  out.welfare = market.welfare;
  return out;
}

/// The same under a law of productivity.
/// @throws domain_error naming a parameter of the economy or of the law that is out of range
/// Example:
///   technology_economy<> const economy{trade, 1.3, 2.5};
///   auto const e = solve(economy, lognormal<>{0, 0.6});  e.upgrade_cutoff; e.share_upgrading;
template <productivity_law Law>
[[nodiscard]] technology_equilibrium<law_real_t<Law>> try_solve(technology_economy<law_real_t<Law>> const& economy,
                                                                Law const& law, solve_options const& how = {}) {
  economy.validate();
  using Real = law_real_t<Law>;
  return try_solve(economy, detail::tail_for_one_solve(law, Real(economy.trade.domestic.elasticity - 1)), how);
}

}  // namespace melitz
