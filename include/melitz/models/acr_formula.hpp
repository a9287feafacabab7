// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/numerics/real.hpp>
#include <melitz/numerics/rule.hpp>

namespace melitz {

/// Welfare over that in autarky by the formula, lambda^(-1/theta); what it is in any model, gains_from_trade() says.
///
/// Arkolakis, C., Costinot, A., Rodriguez-Clare, A. (2012), New Trade Models, Same Old Gains?, American Economic Review
/// 102(1), 94-130.
///
/// Under a Pareto law of shape theta that is the same everywhere, with cutoffs inside the support, balanced trade and
/// one sector; whatever fixed costs are paid in, under free entry or with a given number of entrants.
///
/// @param domestic_share  lambda in (0, 1], what a country buys from itself, of its expenditure
/// @param shape           theta > 0, the trade elasticity
/// @throws domain_error
template <real Real>
[[nodiscard]] Real formula_gains_from_trade(Real const& domestic_share, Real const& shape) {
  detail::require(rule::rate, "formula_gains_from_trade", "domestic_share", domestic_share);
  detail::require(rule::positive, "formula_gains_from_trade", "shape", shape);
  return detail::power_of(domestic_share, Real(-1 / shape));
}

/// What has changed in one country between two equilibria, each as new over old.
template <real Real = double>
struct country_change {
  using real_type = Real;

  Real domestic_share{1};       ///< lambda_jj
  Real expenditure_in_wage{1};  ///< X_j/w_j: expenditure as so many workers' pay
  Real mass_entrants{1};        ///< N_j
  Real productivity_scale{1};   ///< b_j
  Real fixed_cost{1};           ///< f_jj
  Real labor{1};                ///< L_j

  /// @throws domain_error unless all are positive and finite
  void validate() const {
    auto const check = [](char const* name, Real const& x) {
      detail::require(rule::positive, "country_change", name, x);
    };
    check("domestic_share", domestic_share);
    check("expenditure_in_wage", expenditure_in_wage);
    check("mass_entrants", mass_entrants);
    check("productivity_scale", productivity_scale);
    check("fixed_cost", fixed_cost);
    check("labor", labor);
  }
};

/// Welfare per worker, new over old, whatever has changed at home or abroad, deficits included:
///   [(X/w)^(theta+eta) N b^theta f^(-eta) / lambda]^(1/theta) / L,   eta = theta/r - 1,   r = elasticity - 1,
/// where each letter is the ratio of new to old. Where trade is balanced and the shock is foreign only lambda changes,
/// and this is lambda^(-1/theta).
///
/// Under a Pareto law with cutoffs inside the support; it follows from the price index and the home share alone.
/// @param elasticity  sigma > 1
/// @param shape       theta > sigma - 1
/// @throws domain_error
template <real Real>
[[nodiscard]] Real welfare_change(country_change<Real> const& c, Real const& elasticity, Real const& shape) {
  char const* const where = "welfare_change";
  detail::require(rule::above_one, where, "elasticity", elasticity);
  Real const r = elasticity - 1;
  if (!(shape > r) || !detail::is_finite(shape)) detail::reject_divergent_moment(where, "shape", shape, r);
  c.validate();
  Real const eta = shape / r - 1;
  Real const to_theta = c.mass_entrants / c.domestic_share;
  return Real(c.productivity_scale * c.expenditure_in_wage / c.labor *
              detail::power_of(Real(c.expenditure_in_wage / c.fixed_cost), Real(eta / shape)) *
              detail::power_of(to_theta, Real(1 / shape)));
}

}  // namespace melitz
