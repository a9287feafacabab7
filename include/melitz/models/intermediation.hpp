// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/economy/primitives.hpp>
#include <melitz/entry/menu_entry.hpp>
#include <melitz/error.hpp>
#include <melitz/models/market.hpp>

#include <cstddef>
#include <string_view>

namespace melitz {

/// What becomes of the difference between the price that consumers abroad pay for an indirect export and the one that
/// its producer gets.
enum class intermediary_margin {
  earned,  ///< it pays for the intermediaries' labour: producers sell gamma^(-sigma) of what direct exports sell
  melted,  ///< gamma is one more iceberg cost, borne in kind by the producer: gamma^(1-sigma)
};

/// The margin in words: "earned", "melted".
[[nodiscard]] constexpr std::string_view to_string(intermediary_margin m) noexcept {
  return detail::word_of(m, {"earned", "melted"});
}

/// Exports through intermediaries: a firm may pay one fixed cost to reach all partners through a wholesaler, who
/// resells at a markup, instead of a fixed cost for each of them. The most productive export directly, those below them
/// indirectly.
///
/// Ahn, J., A. K. Khandelwal and S.-J. Wei (2011), "The Role of Intermediaries in Facilitating Trade", Journal of
/// International Economics 84, 73-85.
template <real Real = double>
struct intermediation_economy {
  using real_type = Real;

  open_economy<Real> trade{};                                ///< with direct exports
  Real indirect_fixed_cost = detail::not_a_number<Real>;     ///< f_i > 0, per period, for all partners together
  Real intermediary_markup = detail::not_a_number<Real>;     ///< gamma > 1, consumers' price over the producer's
  intermediary_margin margin = intermediary_margin::earned;  ///< what the markup pays for

  /// A firm's size is its productivity to this power.
  [[nodiscard]] Real size_exponent() const { return Real(trade.domestic.elasticity - 1); }

  static constexpr char const* name = "intermediation";
  static constexpr char const* title = "Exports through intermediaries, Ahn, Khandelwal and Wei (2011)";
  static constexpr auto parameters() {
    using e = intermediation_economy;
    return told::table{
        told::nested(&e::trade),
        told::parameter("indirect_fixed_cost", &e::indirect_fixed_cost, rule::positive,
                        "of indirect exports to all partners, per period", "labor", 1.2),
        told::parameter("intermediary_markup", &e::intermediary_markup, rule::above_one,
                        "consumers' price over the producer's", "", 1.15),
        told::choice("margin", &e::margin, "what the markup pays for"),
    };
  }

  /// @throws domain_error naming the first member that is out of range
  void validate() const { detail::check_parameters(*this); }

  /// What consumers spend on an indirect export over what they would on a direct one, gamma^(1-sigma). @pre valid
  [[nodiscard]] Real indirect_spending() const {
    return Real(1 / detail::power_of(intermediary_markup, size_exponent()));
  }
  /// What its producer earns, over the same. @pre valid
  [[nodiscard]] Real indirect_revenue() const {
    return margin == intermediary_margin::earned ? Real(indirect_spending() / intermediary_markup)
                                                 : indirect_spending();
  }

  /// The three ways to sell, or the one without trade: home, direct, indirect. @pre valid
  [[nodiscard]] menu<Real> options() const {
    Real const f = trade.domestic.fixed_cost;
    menu<Real> out{{"home", Real(1), f}};
    foreign_market<Real> const abroad = add_exports(out, trade, {"direct"});
    if (abroad.regime == regime::closed) return out;
    Real const slope = 1 + trade.partners * abroad.freeness * indirect_revenue();
    out.push_back({"indirect", slope, Real(f + indirect_fixed_cost)});
    return out;
  }
};

/// Equilibrium of an intermediation_economy. An exporter is one of any kind; `exports`, and their share of revenue, are
/// what producers get for them, `indirect_exports` what consumers pay.
template <real Real = double>
struct intermediation_equilibrium : market_equilibrium<Real> {
  Real direct_export_cutoff = detail::not_a_number<Real>;  ///< least productivity of a direct exporter
  Real share_indirect = detail::not_a_number<Real>;        ///< of producers
  Real share_direct = detail::not_a_number<Real>;          ///< of producers
  Real domestic_sales = detail::not_a_number<Real>;
  Real direct_exports = detail::not_a_number<Real>;
  Real indirect_exports = detail::not_a_number<Real>;     ///< at what their consumers pay
  Real intermediary_income = detail::not_a_number<Real>;  ///< of that, what pays intermediaries' labour
  Real intermediary_share_of_exports = detail::not_a_number<Real>;

  static constexpr auto results() {
    using e = intermediation_equilibrium;
    using enum part;
    constexpr char const* producers = "share of producers";
    return told::table{
        told::base<market_equilibrium<Real>>(),
        told::quantity("direct_export_cutoff", &e::direct_export_cutoff, cutoffs, "productivity", "phi_X").of_trade(),
        told::quantity("share_indirect", &e::share_indirect, averages, producers).of_trade(),
        told::quantity("share_direct", &e::share_direct, averages, producers).of_trade(),
        told::positive("domestic_sales", &e::domestic_sales, aggregates, "wages"),
        told::quantity("direct_exports", &e::direct_exports, aggregates, "wages").of_trade(),
        told::quantity("indirect_exports", &e::indirect_exports, aggregates, "wages, at consumers' prices").of_trade(),
        told::quantity("intermediary_income", &e::intermediary_income, aggregates, "wages").of_trade(),
        told::quantity("intermediary_share_of_exports", &e::intermediary_share_of_exports, averages,
                       "at consumers' prices")
            .of_trade(),
    };
  }
};

static_assert(detail::tells_every_member<intermediation_economy<double>>() &&
              detail::tells_every_member<intermediation_equilibrium<double>>());

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
  auto const& home = economy.trade.domestic;
  auto const options = detail::checked_options(economy, tail);
  auto out =
      detail::choose<intermediation_equilibrium<Real>>(options, tail, home.required_profit(), home.elasticity, how);
  if (!out) return out;

  auto const direct = firms_that(out.choices, options.size(), [](std::size_t k) { return k == 1; });
  auto const indirect = firms_that(out.choices, options.size(), [](std::size_t k) { return k == 2; });
  Real const markets = economy.trade.partners * foreign_market<Real>(economy.trade).freeness;
  auto const to_all = exports_to_all(economy.trade);
  auto const exported = [&](std::size_t k) -> sales_abroad<Real> {
    if (k < 2) return k == 1 ? to_all : sales_abroad<Real>();
    Real const received = markets * economy.indirect_revenue();
    return {Real(received / (1 + received)), economy.indirect_fixed_cost};
  };
  auto const firms = firms_of(out.choices, options.size(), economy.size_exponent(), Real(1), exported);
  // Per entrant, then for all of them.
  Real const abroad = home.elasticity * out.choices.demand * markets, directly = abroad * direct.moment,
             indirectly = abroad * economy.indirect_spending() * indirect.moment,
             received = abroad * economy.indirect_revenue() * indirect.moment, spent_abroad = directly + indirectly;
  close_market(out, economy.trade, firms, Real(firms.domestic_sales + spent_abroad));
  out.direct_export_cutoff = direct.cutoff;
  out.share_indirect = indirect.mass / firms.producers.mass;
  out.share_direct = direct.mass / firms.producers.mass;
  out.domestic_sales = out.mass_entrants * firms.domestic_sales;
  out.direct_exports = out.mass_entrants * directly;
  out.indirect_exports = out.mass_entrants * indirectly;
  out.intermediary_income = out.mass_entrants * (indirectly - received);
  out.intermediary_share_of_exports = spent_abroad > 0 ? Real(indirectly / spent_abroad) : Real(0);
  return detail::if_representable(out);
}

}  // namespace melitz
