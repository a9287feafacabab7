// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/economy/primitives.hpp>
#include <melitz/entry/menu_entry.hpp>
#include <melitz/models/market.hpp>

#include <cstddef>

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

  /// A firm's size is its productivity to this power.
  [[nodiscard]] Real size_exponent() const { return Real(trade.domestic.elasticity - 1); }

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
    Real const f = home.fixed_cost, gain = detail::power_of(productivity_gain, size_exponent());
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
/// @param tail  the law bound to elasticity - 1, tail_of(law, economy.size_exponent()); or the law itself
/// @throws domain_error naming a primitive that is out of range, or when tail.power() is not elasticity - 1
/// @return numbers, or NaN and in `reason` why
template <productivity_tail Tail>
[[nodiscard]] technology_equilibrium<typename Tail::real_type> try_solve(
    technology_economy<typename Tail::real_type> const& economy, Tail const& tail, solve_options const& how = {}) {
  using Real = typename Tail::real_type;
  economy.validate();
  detail::require_size_exponent(economy, tail);
  auto const& home = economy.trade.domestic;
  auto const options = economy.options();
  technology_equilibrium<Real> out;
  out.choices = detail::try_solve_choices(options, tail, home.required_profit(), home.elasticity, how);
  out.reason = out.choices.reason;
  if (!out) return out;

  auto const group = [&](auto const& fits) { return firms_that(out.choices, options.size(), fits); };
  auto const producers = group([](std::size_t) { return true; });
  auto const exporters = group([](std::size_t k) { return k >= 2; });
  auto const upgraders = group([](std::size_t k) { return k % 2 == 1; });
  Real const markets = economy.trade.partners * foreign_market<Real>(economy.trade).freeness;
  out.cutoff = producers.cutoff;
  out.export_cutoff = exporters.cutoff;
  out.upgrade_cutoff = upgraders.cutoff;
  out.share_exporting = exporters.mass / producers.mass;
  out.share_upgrading = upgraders.mass / producers.mass;
  out.export_intensity = exporters.revenue * (markets / (1 + markets)) / producers.revenue;
  out.upgraded_revenue = upgraders.revenue / producers.revenue;
  set_market(out, close_market(home, out.choices));
  return detail::if_representable(out);
}

}  // namespace melitz
