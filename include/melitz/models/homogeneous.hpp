// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/economy/ces.hpp>
#include <melitz/economy/equilibrium.hpp>
#include <melitz/economy/primitives.hpp>
#include <melitz/economy/solve.hpp>
#include <melitz/entry/menu_entry.hpp>
#include <melitz/law/discrete.hpp>
#include <melitz/models/market.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>

// Homogeneous firms as a benchmark for heterogeneous ones, after Melitz, Redding (2015). They are a law with few atoms
// and need no solver of their own; what they have in closed form is in krugman.hpp.

namespace melitz {

namespace detail {

/// @throws domain_error unless the equilibrium converged
template <class Equilibrium>
void require_solved(Equilibrium const& e, char const* where) {
  if (!e) throw domain_error(where, "reason", to_string(e.reason), "be converged");
}

/// Adds the atom that stands for a group of firms. It lies between the ends of the group, which rounding does not know.
/// @param remaining  probability of a draw from this group or a more productive one; a mass that is nothing beside it
///                   is a rounding
template <real Real>
void add_group(discrete<Real>& law, Real const& mass, Real const& remaining, Real const& productivity,
               Real const& least, Real const& most) {
  if (!(mass > 4 * epsilon<Real>() * remaining)) return;
  law.values.push_back((std::min)((std::max)(productivity, least), most));
  law.weights.push_back(mass);
}

}  // namespace detail

/// The law in which all firms that choose alike are alike: every segment of a menu's equilibrium becomes one atom, at
/// its mean size E[phi^r | segment], and entrants that exit draw 0.
///
/// Under it the same economy has the same equilibrium. Any change of the menu or of the entry cost then leaves demand
/// A at least as high as under the law it was made from, and welfare at most as high: profit of the best option is
/// convex in size (Jensen), unless an option needs a least size.
/// @throws domain_error when the equilibrium is not a solved one
/// Example: auto const alike = homogeneous_firms(solve(technology, draws).choices);
template <real Real>
[[nodiscard]] discrete<Real> homogeneous_firms(menu_equilibrium<Real> const& choices) {
  using std::pow;
  detail::require_solved(choices, "homogeneous_firms");
  discrete<Real> law;
  Real remaining(0), next = detail::infinity<Real>;
  for (std::size_t k = choices.segments.size(); k-- > 0;) {  // from the top, so that small masses add up exactly
    auto const& s = choices.segments[k];
    bool const sells = s.slope > 0;
    Real const mean = sells ? Real(pow(Real(s.moment / s.mass), Real(1 / choices.size_exponent))) : Real(0);
    remaining += s.mass;
    detail::add_group(law, s.mass, remaining, mean, s.cutoff, sells ? next : Real(0));
    next = s.cutoff;
  }
  std::reverse(law.values.begin(), law.values.end());
  std::reverse(law.weights.begin(), law.weights.end());
  return law;
}

/// The same for the closed and the open economy: the homogeneous firms of Melitz, Redding (2015). Calibrated at
/// autarky, or where all producers export, entrants succeed with the probability of producing and then have the average
/// productivity; where some export, those that do and those that do not each have the average of their group.
/// @throws domain_error when the equilibrium is not a solved one
/// Example: auto const alike = homogeneous_firms(solve(trade, draws));
template <real Real>
[[nodiscard]] discrete<Real> homogeneous_firms(equilibrium<Real> const& e) {
  using std::pow;
  detail::require_solved(e, "homogeneous_firms");
  Real const producing = e.probability_of_producing, top = detail::infinity<Real>;
  discrete<Real> law;
  detail::add_group(law, Real(1 - producing), Real(1), Real(0), Real(0), Real(0));
  if (e.regime != regime::selection || !(e.share_exporting > 0 && e.share_exporting < 1)) {
    detail::add_group(law, producing, producing, e.average_productivity, e.lowest_producing_productivity, top);
    return law;
  }
  Real const exporting = e.share_exporting, staying = 1 - exporting;
  Real const exporters = exporting * relative_revenue(e.average_export_productivity, e.average_productivity,
                                                      e.elasticity());  // of all firms' size
  Real const rest = exporters < 1 ? Real(1 - exporters) : Real(0);
  Real const mean = e.average_productivity * pow(Real(rest / staying), Real(1 / (e.elasticity() - 1)));
  detail::add_group(law, Real(producing * staying), producing, mean, e.lowest_producing_productivity, e.export_cutoff);
  Real const abroad = producing * exporting;
  detail::add_group(law, abroad, abroad, e.average_export_productivity, e.export_cutoff, top);
  return law;
}

/// The comparison of Melitz, Redding (2015): heterogeneous firms, and homogeneous ones that cannot be told from them
/// where the iceberg cost is `calibration_iceberg_cost`, both in the economy `trade`.
template <real Real = double>
struct homogeneous_benchmark {
  using real_type = Real;

  open_economy<Real> trade{};                                  ///< where the two are compared
  Real calibration_iceberg_cost = detail::not_a_number<Real>;  ///< tau >= 1 where they are the same; infinite: autarky

  [[nodiscard]] Real size_exponent() const { return Real(trade.domestic.elasticity - 1); }

  /// @throws domain_error naming the first member that is out of range
  void validate() const {
    trade.validate();
    detail::require(calibration_iceberg_cost >= 1, "homogeneous_benchmark", "calibration_iceberg_cost",
                    calibration_iceberg_cost, "be at least 1");
  }
};

/// Heterogeneous beside homogeneous firms. Check `reason` (or the conversion to bool) first: unless it converged the
/// numbers are NaN.
///
/// welfare_heterogeneous >= welfare_homogeneous under every law, with equality where the two are calibrated.
template <real Real = double>
struct benchmark_comparison {
  using real_type = Real;

  status reason = status::not_solved;
  equilibrium<Real> calibration{};                          ///< of both laws, at the iceberg cost of calibration
  discrete<Real> homogeneous_law{};                         ///< one productivity for all firms that choose alike there
  equilibrium<Real> heterogeneous{};                        ///< of the economy, under the law itself
  equilibrium<Real> homogeneous{};                          ///< of the economy, under homogeneous_law
  Real welfare_calibration = detail::not_a_number<Real>;    ///< real wage at the iceberg cost of calibration
  Real welfare_heterogeneous = detail::not_a_number<Real>;  ///< real wage in the economy
  Real welfare_homogeneous = detail::not_a_number<Real>;    ///< the same, at most as high

  [[nodiscard]] explicit operator bool() const noexcept { return reason == status::converged; }

  /// Welfare over that at the calibration point: the gain (or the loss, below 1) from the change in trade costs.
  [[nodiscard]] Real gain_heterogeneous() const { return Real(welfare_heterogeneous / welfare_calibration); }
  [[nodiscard]] Real gain_homogeneous() const { return Real(welfare_homogeneous / welfare_calibration); }
  /// What heterogeneity adds: welfare over that of homogeneous firms, at least 1.
  [[nodiscard]] Real welfare_ratio() const { return Real(welfare_heterogeneous / welfare_homogeneous); }
};

/// Solves the economy at the calibration point, makes its firms homogeneous, and solves it at its own iceberg cost
/// under either law.
///
/// @param tail  the law bound to elasticity - 1, tail_of(law, economy.size_exponent()); or the law itself
/// @throws domain_error naming a primitive that is out of range, or when tail.power() is not elasticity - 1
/// @return numbers, or NaN and in `reason` why
template <productivity_tail Tail>
[[nodiscard]] benchmark_comparison<typename Tail::real_type> try_solve(
    homogeneous_benchmark<typename Tail::real_type> const& economy, Tail const& tail, solve_options const& how = {}) {
  economy.validate();
  detail::require_size_exponent(economy, tail);
  benchmark_comparison<typename Tail::real_type> out;
  auto calibrated_at = economy.trade;
  calibrated_at.iceberg_cost = economy.calibration_iceberg_cost;
  auto const calibration = try_solve(calibrated_at, tail, how);
  out.reason = calibration.reason;
  if (!out) return out;
  auto const law = homogeneous_firms(calibration);
  auto const heterogeneous = try_solve(economy.trade, tail, how), homogeneous = try_solve(economy.trade, law, how);
  out.reason = heterogeneous ? homogeneous.reason : heterogeneous.reason;
  if (!out) return out;
  out.calibration = calibration;
  out.homogeneous_law = law;
  out.heterogeneous = heterogeneous;
  out.homogeneous = homogeneous;
  out.welfare_calibration = calibration.welfare;
  out.welfare_heterogeneous = heterogeneous.welfare;
  out.welfare_homogeneous = homogeneous.welfare;
  return out;
}

}  // namespace melitz
