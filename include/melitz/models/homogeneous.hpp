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

/// Heterogeneous firms, and homogeneous ones that cannot be told from them where the iceberg cost is
/// `calibration_iceberg_cost`, both in the economy `trade`.
///
/// Melitz, M.J., Redding, S.J. (2015), New Trade Models, New Welfare Implications, American Economic Review 105(3),
/// 1105-1146.
template <real Real = double>
struct homogeneous_economy {
  using real_type = Real;

  open_economy<Real> trade{};                                  ///< where the two are compared
  Real calibration_iceberg_cost = detail::not_a_number<Real>;  ///< tau; infinite: autarky

  [[nodiscard]] Real size_exponent() const { return Real(trade.domestic.elasticity - 1); }

  static constexpr char const* name = "homogeneous";
  static constexpr char const* title = "Heterogeneous beside homogeneous firms, Melitz and Redding (2015)";
  static constexpr auto parameters() {
    using e = homogeneous_economy;
    return told::table{
        told::nested(&e::trade),
        told::parameter("calibration_iceberg_cost", &e::calibration_iceberg_cost, rule::at_least_one_or_infinite,
                        "where the two economies are the same", "", 2.5),
    };
  }

  /// @throws domain_error naming the first member that is out of range
  void validate() const { detail::check_parameters(*this); }
};

/// Heterogeneous beside homogeneous firms. Check `reason` (or the conversion to bool) first: unless it converged the
/// numbers are NaN. The results of heterogeneous firms have the names of the open economy's, those of homogeneous ones
/// begin with homogeneous_.
///
/// Welfare of heterogeneous firms is at least that of homogeneous ones under every law, and the same where the two are
/// calibrated.
template <real Real = double>
struct homogeneous_equilibrium {
  using real_type = Real;

  status reason = status::not_solved;
  equilibrium<Real> calibration{};    ///< of both laws, at the iceberg cost of calibration
  discrete<Real> homogeneous_law{};   ///< one productivity for all firms that choose alike there
  equilibrium<Real> heterogeneous{};  ///< of the economy, under the law itself
  equilibrium<Real> homogeneous{};    ///< of the economy, under homogeneous_law

  static constexpr auto results() {
    using e = homogeneous_equilibrium;
    using enum part;
    constexpr char const* change = "over calibration_welfare";
    return told::table{
        told::aside(&e::reason),
        told::aside(&e::calibration),
        told::aside(&e::homogeneous_law),
        told::nested(&e::heterogeneous),
        told::nested(&e::homogeneous, "homogeneous_"),
        told::quantity("calibration_welfare", &e::calibration_welfare, aggregates, "real income per worker"),
        told::quantity("welfare_change", &e::welfare_change, aggregates, change),
        told::quantity("homogeneous_welfare_change", &e::homogeneous_welfare_change, aggregates, change),
        told::quantity("welfare_ratio", &e::welfare_ratio, aggregates, "heterogeneous over homogeneous"),
    };
  }

  [[nodiscard]] explicit operator bool() const noexcept { return reason == status::converged; }

  /// Of both, where they are the same.
  [[nodiscard]] Real calibration_welfare() const { return calibration.welfare; }
  /// Welfare over that at the calibration point: what the change in trade costs does to it.
  [[nodiscard]] Real welfare_change() const { return Real(heterogeneous.welfare / calibration.welfare); }
  [[nodiscard]] Real homogeneous_welfare_change() const { return Real(homogeneous.welfare / calibration.welfare); }
  /// What heterogeneity adds: welfare over that of homogeneous firms, at least 1.
  [[nodiscard]] Real welfare_ratio() const { return Real(heterogeneous.welfare / homogeneous.welfare); }
};

static_assert(detail::tells_every_member<homogeneous_economy<double>>() &&
              detail::tells_every_member<homogeneous_equilibrium<double>>());

/// Solves the economy at the calibration point, makes its firms homogeneous, and solves it at its own iceberg cost
/// under either law.
///
/// @param tail  the law bound to elasticity - 1, tail_of(law, economy.size_exponent()); or the law itself
/// @throws domain_error naming a primitive that is out of range, or when tail.power() is not elasticity - 1
/// @return numbers, or NaN and in `reason` why
template <productivity_tail Tail>
[[nodiscard]] homogeneous_equilibrium<typename Tail::real_type> try_solve(
    homogeneous_economy<typename Tail::real_type> const& economy, Tail const& tail, solve_options const& how = {}) {
  using Equilibrium = homogeneous_equilibrium<typename Tail::real_type>;
  economy.validate();
  detail::require_size_exponent(economy, tail);
  auto calibrated_at = economy.trade;
  calibrated_at.iceberg_cost = economy.calibration_iceberg_cost;
  auto const calibration = try_solve(calibrated_at, tail, how);
  if (!calibration) return Equilibrium{.reason = calibration.reason};
  auto const law = homogeneous_firms(calibration);
  auto const heterogeneous = try_solve(economy.trade, tail, how), homogeneous = try_solve(economy.trade, law, how);
  if (!heterogeneous || !homogeneous) {
    return Equilibrium{.reason = heterogeneous ? homogeneous.reason : heterogeneous.reason};
  }
  return {status::converged, calibration, law, heterogeneous, homogeneous};
}

/// Welfare of heterogeneous firms over that in autarky; of homogeneous ones it is that of their law.
/// @throws domain_error, convergence_error
template <real Real, class LawOrTail>
[[nodiscard]] Real gains_from_trade(homogeneous_economy<Real> const& economy, LawOrTail const& law,
                                    solve_options const& how = {}) {
  return gains_from_trade(economy.trade, law, how);
}

}  // namespace melitz
