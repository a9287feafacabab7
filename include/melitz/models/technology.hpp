// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/economy/primitives.hpp>
#include <melitz/entry/menu_entry.hpp>
#include <melitz/models/market.hpp>

#include <cstddef>

namespace melitz {

/// Technology upgrading with export choice: in symmetric countries a firm may pay a fixed cost `cost_ratio` times as
/// high to be `productivity_gain` times as productive, whether it exports or not. More sales make an upgrade pay, and
/// an upgrade makes exporting pay, so that cheaper trade brings some firms to do both.
///
/// Bustos, P. (2011), "Trade Liberalization, Exports, and Technology Upgrading: Evidence on the Impact of MERCOSUR on
/// Argentinian Firms", American Economic Review 101, 304-340.
template <real Real = double>
struct technology_economy {
  using real_type = Real;

  open_economy<Real> trade{};                           ///< with the old technology
  Real productivity_gain = detail::not_a_number<Real>;  ///< iota > 0, of the new technology over the old; pays above 1
  Real cost_ratio = detail::not_a_number<Real>;         ///< eta > 0, fixed cost with the new over f; costs more above 1

  /// A firm's size is its productivity to this power.
  [[nodiscard]] Real size_exponent() const { return Real(trade.domestic.elasticity - 1); }

  static constexpr char const* name = "technology";
  static constexpr char const* title = "Technology upgrading with export choice, Bustos (2011)";
  static constexpr auto parameters() {
    using e = technology_economy;
    return told::table{
        told::nested(&e::trade),
        told::parameter("productivity_gain", &e::productivity_gain, rule::positive,
                        "of the new technology over the old", "", 1.3),
        told::parameter("cost_ratio", &e::cost_ratio, rule::positive, "fixed cost with the new technology over the old",
                        "", 2.5),
    };
  }

  /// @throws domain_error naming the first member that is out of range
  void validate() const { detail::check_parameters(*this); }

  /// The four ways to produce, or the two without trade: old, old_export, new, new_export. @pre valid
  [[nodiscard]] menu<Real> options() const {
    Real const f = trade.domestic.fixed_cost, gain = detail::power_of(productivity_gain, size_exponent());
    menu<Real> out{{"old", Real(1), f}, {"new", gain, Real(cost_ratio * f)}};
    add_exports(out, trade, {"old_export", "new_export"});
    return out;
  }
};

/// Equilibrium of a technology_economy.
template <real Real = double>
struct technology_equilibrium : market_equilibrium<Real> {
  Real upgrade_cutoff = detail::not_a_number<Real>;    ///< phi_h, least productivity with the new technology
  Real share_upgrading = detail::not_a_number<Real>;   ///< of producers
  Real upgraded_revenue = detail::not_a_number<Real>;  ///< share of revenue that firms with the new technology earn

  static constexpr auto results() {
    using e = technology_equilibrium;
    using enum part;
    return told::table{
        told::base<market_equilibrium<Real>>(),
        told::quantity("upgrade_cutoff", &e::upgrade_cutoff, cutoffs, "productivity", "phi_h"),
        told::quantity("share_upgrading", &e::share_upgrading, averages, "share of producers"),
        told::quantity("upgraded_revenue", &e::upgraded_revenue, averages, "share of revenue"),
    };
  }

  /// d ln W / d ln iota: the share of revenue that firms with the new technology earn, under every law.
  [[nodiscard]] Real welfare_elasticity_of_productivity_gain() const { return upgraded_revenue; }
};

static_assert(detail::tells_every_member<technology_economy<double>>() &&
              detail::tells_every_member<technology_equilibrium<double>>());

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
  auto const& home = economy.trade.domestic;
  auto const options = detail::checked_options(economy, tail);
  auto out = detail::choose<technology_equilibrium<Real>>(options, tail, home.required_profit(), home.elasticity, how);
  if (!out) return out;

  auto const upgraders = firms_that(out.choices, options.size(), [](std::size_t k) { return k % 2 == 1; });
  auto const abroad = exports_to_all(economy.trade);
  close_market(out, economy.trade, options.size(),
               [&](std::size_t k) { return k >= 2 ? abroad : sales_abroad<Real>(); });
  out.upgrade_cutoff = upgraders.cutoff;
  out.share_upgrading = out.mass_entrants * upgraders.mass / out.mass_producers;
  out.upgraded_revenue = upgraders.revenue / out.choices.expected_revenue;
  return detail::if_representable(out);
}

}  // namespace melitz
