// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/economy/primitives.hpp>
#include <melitz/economy/solve.hpp>
#include <melitz/tail/tail.hpp>

#include <cmath>

namespace melitz {

/// The equilibrium conditions as curves over the productivity cutoff, so that one can plot them and see them cross.
///
/// At the equilibrium cutoff value_of_entry equals the entry cost, and average_profit equals
/// average_profit_required (Melitz 2003, figures 1 and 2). Cutoffs are productivities > 0; one below the support is
/// legal and means that every entrant produces.
/// Example: auto const curves = conditions(trade, draws);  curves.value_of_entry(2.0);
template <productivity_tail Tail>
class entry_conditions {
 public:
  using real_type = typename Tail::real_type;
  using Real = real_type;

  /// @throws domain_error naming a primitive that is out of range
  entry_conditions(open_economy<Real> const& economy, Tail tail)
      : economy_(economy), tail_(std::move(tail)), menu_((economy.validate(), economy)) {}

  /// Export cutoff that goes with a domestic one: the lecture's (8). Infinite in a closed economy; the same cutoff
  /// where every producer exports.
  [[nodiscard]] Real export_cutoff(Real const& cutoff) const {
    using std::exp, std::log;
    if (regime_of(economy_) == regime::closed) return detail::infinity<Real>;
    return menu_.count == 1 ? cutoff : Real(exp(Real(log(cutoff) + menu_.kinks[1].log_ratio / tail_.power())));
  }

  /// Expected value of a draw, [(f) J(phi*) + n (f_x) J(phi_x*)]/delta: the left side of (4) and, with n partners, (9).
  /// Falls in the cutoff from infinity to 0.
  [[nodiscard]] Real value_of_entry(Real const& cutoff) const {
    return Real(expected_profit(cutoff) / economy_.domestic.death_rate);
  }

  /// Average profit of producers that the zero-profit condition implies, pi-bar (slides 13 and 22; figure 1's ZCP).
  /// NaN where no draw reaches the cutoff.
  [[nodiscard]] Real average_profit(Real const& cutoff) const { return per_producer(expected_profit(cutoff), cutoff); }

  /// Average profit of producers that free entry requires, delta f_e/(1 - G(phi*)): (3), figure 1's FE.
  [[nodiscard]] Real average_profit_required(Real const& cutoff) const {
    return per_producer(economy_.domestic.required_profit(), cutoff);
  }

  /// Average productivity of firms at or above a cutoff, phi~ = [V/(1 - G)]^(1/(sigma-1)): (5), and (10) at phi_x*.
  [[nodiscard]] Real average_productivity(Real const& cutoff) const {
    using std::exp, std::log, std::log1p;
    auto const p = tail_.at(Real(log(cutoff)));
    return Real(cutoff * exp(Real(log1p(Real(p.excess / p.survival)) / tail_.power())));
  }

 private:
  [[nodiscard]] Real expected_profit(Real const& cutoff) const {
    using std::log;
    Real sum(0);
    for (std::size_t k = 0; k < menu_.count; ++k) {
      auto const p = tail_.at(Real(log(cutoff) + menu_.kinks[k].log_ratio / tail_.power()));
      sum += menu_.fixed_cost.value * menu_.kinks[k].weight * p.excess * p.scale();
    }
    return sum;
  }

  /// A value per entrant by producer.
  [[nodiscard]] Real per_producer(Real const& value, Real const& cutoff) const {
    using std::exp, std::log;
    auto const home = tail_.at(Real(log(cutoff)));
    return Real(value * exp(Real(-home.log_scale)) / home.survival);
  }

  open_economy<Real> economy_;
  Tail tail_;
  detail::market_menu<Real> menu_;
};

/// The conditions of an open economy under a law. @throws domain_error
template <productivity_law Law>
[[nodiscard]] auto conditions(open_economy<law_real_t<Law>> const& economy, Law const& law) {
  economy.validate();
  return entry_conditions<tail_of_t<Law>>(economy, tail_of(law, law_real_t<Law>(economy.domestic.elasticity - 1)));
}

/// The conditions of a closed economy under a law. @throws domain_error
template <productivity_law Law>
[[nodiscard]] auto conditions(closed_economy<law_real_t<Law>> const& economy, Law const& law) {
  return conditions(as_open(economy), law);
}

}  // namespace melitz
