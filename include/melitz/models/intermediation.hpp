// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/economy/primitives.hpp>
#include <melitz/entry/menu_entry.hpp>
#include <melitz/models/market.hpp>

#include <cstddef>

namespace melitz {

/// What becomes of the difference between the price that consumers abroad pay for an indirect export and the one that
/// its producer gets.
enum class intermediary_margin {
  earned,  ///< it pays for the intermediaries' labour: producers sell gamma^(-sigma) of what direct exports sell
  melted,  ///< gamma is one more iceberg cost, borne in kind by the producer: gamma^(1-sigma)
};

/// Exports through intermediaries, after Ahn, Khandelwal and Wei (2011): a firm may pay one fixed cost to reach all
/// partners through a wholesaler, who resells at a markup, instead of a fixed cost for each of them. The most
/// productive export directly, those below them indirectly.
template <real Real = double>
struct intermediation_economy {
  using real_type = Real;

  open_economy<Real> trade{};                                ///< with direct exports
  Real indirect_fixed_cost = detail::not_a_number<Real>;     ///< f_i > 0, per period, for all partners together
  Real intermediary_markup = detail::not_a_number<Real>;     ///< gamma > 1, consumers' price over the producer's
  intermediary_margin margin = intermediary_margin::earned;  ///< what the markup pays for

  /// A firm's size is its productivity to this power.
  [[nodiscard]] Real size_exponent() const { return Real(trade.domestic.elasticity - 1); }

  /// @throws domain_error naming the first member that is out of range
  void validate() const {
    trade.validate();
    char const* const where = "intermediation_economy";
    detail::require(indirect_fixed_cost > 0 && detail::is_finite(indirect_fixed_cost), where, "indirect_fixed_cost",
                    indirect_fixed_cost, "be positive and finite");
    detail::require(intermediary_markup > 1 && detail::is_finite(intermediary_markup), where, "intermediary_markup",
                    intermediary_markup, "exceed 1 and be finite");
  }

  /// What consumers spend on an indirect export over what they would on a direct one, gamma^(1-sigma). @pre valid
  [[nodiscard]] Real indirect_spending() const {
    return Real(1 / detail::power_of(intermediary_markup, size_exponent()));
  }
  /// What its producer earns, over the same. @pre valid
  [[nodiscard]] Real indirect_revenue() const {
    return margin == intermediary_margin::earned ? Real(indirect_spending() / intermediary_markup)
                                                 : indirect_spending();
  }

  /// The three ways to sell, or the one without trade: home, indirect, direct. @pre valid
  [[nodiscard]] menu<Real> options() const {
    foreign_market<Real> const abroad(trade);
    Real const f = trade.domestic.fixed_cost, n = trade.partners;
    menu<Real> out{{"home", Real(1), f}};
    if (abroad.regime != regime::closed) {
      Real const markets = n * abroad.freeness;
      out.push_back({"indirect", Real(1 + markets * indirect_revenue()), Real(f + indirect_fixed_cost)});
      out.push_back({"direct", Real(1 + markets), Real(f + n * trade.export_fixed_cost)});
    }
    return out;
  }
};

/// Equilibrium of an intermediation_economy. Check `reason` (or the conversion to bool) first: unless it converged the
/// numbers are NaN. A choice that no firm would make, however productive or not, has an infinite cutoff.
template <real Real = double>
struct intermediation_equilibrium {
  using real_type = Real;

  status reason = status::not_solved;
  menu_equilibrium<Real> choices{};                                 ///< who does what, and the demand shifter
  Real cutoff = detail::not_a_number<Real>;                         ///< phi*, of producing
  Real export_cutoff = detail::not_a_number<Real>;                  ///< least productivity of an exporter of any kind
  Real direct_export_cutoff = detail::not_a_number<Real>;           ///< of a direct one
  Real share_indirect = detail::not_a_number<Real>;                 ///< of producers
  Real share_direct = detail::not_a_number<Real>;                   ///< of producers
  Real domestic_sales = detail::not_a_number<Real>;                 ///< of all firms, in labour, as is what follows
  Real direct_exports = detail::not_a_number<Real>;                 ///< to all partners
  Real indirect_exports = detail::not_a_number<Real>;               ///< to all partners, at what their consumers pay
  Real intermediary_income = detail::not_a_number<Real>;            ///< of that, what pays intermediaries' labour
  Real intermediary_share_of_exports = detail::not_a_number<Real>;  ///< at consumers' prices
  Real export_intensity = detail::not_a_number<Real>;               ///< exports over revenue, at producers' prices
  Real mass_entrants = detail::not_a_number<Real>;                  ///< alive
  Real mass_producers = detail::not_a_number<Real>;
  Real price_index = detail::not_a_number<Real>;
  Real welfare = detail::not_a_number<Real>;  ///< real wage

  [[nodiscard]] explicit operator bool() const noexcept { return reason == status::converged; }

  /// d ln W / d ln tau: minus the share of exports in what producers earn, under every law.
  [[nodiscard]] Real welfare_elasticity_of_iceberg_cost() const { return Real(-export_intensity); }
};

/// Solves the choice between markets and ways to them. Income is spent on varieties at consumers' prices, so that the
/// intermediaries' part of it is not earned by entrants.
/// @param tail  the law bound to elasticity - 1, tail_of(law, economy.size_exponent()); or the law itself
/// @throws domain_error naming a primitive that is out of range, or when tail.power() is not elasticity - 1
/// @return numbers, or NaN and in `reason` why
/// Example:
///   auto const e = solve(intermediation_economy<>{trade, 0.4, 1.15}, lognormal<>{0, 0.6});  e.share_indirect;
template <productivity_tail Tail>
[[nodiscard]] intermediation_equilibrium<typename Tail::real_type> try_solve(
    intermediation_economy<typename Tail::real_type> const& economy, Tail const& tail, solve_options const& how = {}) {
  using Real = typename Tail::real_type;
  economy.validate();
  detail::require_size_exponent(economy, tail);
  auto const& home = economy.trade.domestic;
  auto const options = economy.options();
  intermediation_equilibrium<Real> out;
  out.choices = detail::try_solve_choices(options, tail, home.required_profit(), home.elasticity, how);
  out.reason = out.choices.reason;
  if (!out) return out;

  auto const group = [&](auto const& fits) { return firms_that(out.choices, options.size(), fits); };
  auto const producers = group([](std::size_t) { return true; });
  auto const indirect = group([](std::size_t k) { return k == 1; });
  auto const direct = group([](std::size_t k) { return k == 2; });
  out.cutoff = producers.cutoff;
  out.direct_export_cutoff = direct.cutoff;
  out.export_cutoff = indirect.cutoff < direct.cutoff ? indirect.cutoff : direct.cutoff;
  out.share_indirect = indirect.mass / producers.mass;
  out.share_direct = direct.mass / producers.mass;

  // Per entrant, then for all of them.
  Real const per_moment = home.elasticity * out.choices.demand;
  Real const abroad = per_moment * economy.trade.partners * foreign_market<Real>(economy.trade).freeness;
  Real const at_home = per_moment * producers.moment, directly = abroad * direct.moment,
             indirectly = abroad * economy.indirect_spending() * indirect.moment,
             received = abroad * economy.indirect_revenue() * indirect.moment;
  auto const market = close_market(home, out.choices, Real(at_home + directly + indirectly));
  set_market(out, market);
  out.domestic_sales = market.mass_entrants * at_home;
  out.direct_exports = market.mass_entrants * directly;
  out.indirect_exports = market.mass_entrants * indirectly;
  out.intermediary_income = market.mass_entrants * (indirectly - received);
  Real const exports = directly + indirectly;
  out.intermediary_share_of_exports = exports > 0 ? Real(indirectly / exports) : Real(0);
  out.export_intensity = (directly + received) / producers.revenue;
  return detail::if_representable(out);
}

}  // namespace melitz
