// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/models/constrained_exports.hpp>

namespace melitz {

/// Exporters that need outside finance: a lender advances a share of the fixed cost of each export market and is paid
/// with a probability, and otherwise left with collateral. It lends only to firms that earn enough abroad: exporting
/// needs an operating profit there of kappa f_x, with kappa as finance_wedge() has it. Finance is fairly priced, so
/// that expected payoffs of those who export are what they were: only the export cutoff moves.
///
/// Manova, K. (2013), "Credit Constraints, Heterogeneous Firms, and International Trade", Review of Economic Studies
/// 80, 711-744.
template <real Real = double>
struct credit_economy {
  using real_type = Real;

  open_economy<Real> trade{};
  Real external_share = detail::not_a_number<Real>;    ///< d in [0, 1], of the export fixed cost, paid from outside
  Real collateral_share = detail::not_a_number<Real>;  ///< t in [0, 1], of the sunk entry cost, pledged in each market
  Real contract_enforcement = detail::not_a_number<Real>;  ///< lambda in (0, 1], probability that the lender is paid

  /// A firm's size is its productivity to this power.
  [[nodiscard]] Real size_exponent() const { return Real(trade.domestic.elasticity - 1); }

  static constexpr char const* name = "credit";
  static constexpr char const* title = "Exporters that need outside finance, Manova (2013)";
  static constexpr auto parameters() {
    using e = credit_economy;
    return told::table{
        told::nested(&e::trade),
        told::parameter("external_share", &e::external_share, rule::share,
                        "of the export fixed cost, paid from outside", "", 0.7),
        told::parameter("collateral_share", &e::collateral_share, rule::share,
                        "of the entry cost, pledged in each market", "", 0.1),
        told::parameter("contract_enforcement", &e::contract_enforcement, rule::rate,
                        "probability that lenders are paid", "", 0.6),
    };
  }

  /// @throws domain_error naming the first member that is out of range
  void validate() const { detail::check_parameters(*this); }

  /// kappa = 1 - d + d/lambda - (1-lambda)/lambda t f_e/f_x: the operating profit abroad that a lender asks for, over
  /// the export fixed cost. It binds above 1, where d f_x > t f_e.
  [[nodiscard]] Real finance_wedge() const {
    Real const risk = (1 - contract_enforcement) / contract_enforcement;
    return Real(1 + risk * (external_share - collateral_share * (trade.domestic.entry_cost / trade.export_fixed_cost)));
  }
};

static_assert(detail::tells_every_member<credit_economy<double>>());

/// Solves the economy with outside finance. @param tail the law bound to elasticity - 1, or the law itself
/// @throws domain_error naming a primitive that is out of range, or when tail.power() is not elasticity - 1
/// @return numbers, or NaN and in `reason` why
/// Example:
///   auto const e = solve(credit_economy<>{trade, 0.7, 0.3, 0.8}, lognormal<>{0, 0.6});  e.share_kept_out;
template <productivity_tail Tail>
[[nodiscard]] constrained_export_equilibrium<typename Tail::real_type> try_solve(
    credit_economy<typename Tail::real_type> const& economy, Tail const& tail, solve_options const& how = {}) {
  using Real = typename Tail::real_type;
  detail::require_size_exponent(economy, tail);
  auto const& trade = economy.trade;
  Real const wedge = economy.finance_wedge(), freeness = foreign_market<Real>(trade).freeness;
  Real const least = wedge > 1 ? Real(wedge * trade.export_fixed_cost / freeness) : Real(0);
  return detail::solve_constrained_exports(trade, detail::constrained_export_menu(trade, least), true, tail, how);
}

}  // namespace melitz
