// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/economy/solve.hpp>
#include <melitz/tail/quantile.hpp>
#include <melitz/tail/tail.hpp>

#include <cmath>

namespace melitz {

/// What is observed of an industry, and what is assumed about it.
template <real Real = double>
struct trade_targets {
  using real_type = Real;

  Real share_exporting = detail::not_a_number<Real>;     ///< of producers, in (0, 1)
  Real export_sales_share = detail::not_a_number<Real>;  ///< exports over sales of exporters, in (0, n/(1+n)]
  Real share_producing = detail::not_a_number<Real>;     ///< of entrants, in (0, 1), in the trade equilibrium

  Real elasticity = detail::not_a_number<Real>;  ///< sigma
  Real partners{1};                              ///< n >= 1
  Real fixed_cost{1};                            ///< f, the unit in which costs come out
  Real death_rate{1};                            ///< delta; 1 makes entry_cost the static one
  Real labor{1};                                 ///< L

  static constexpr char const* name = "trade_targets";
  static constexpr auto parameters() {
    using t = trade_targets;
    return told::table{
        told::parameter("share_exporting", &t::share_exporting, rule::inner_share, "of producers", "", 0.18),
        told::parameter("export_sales_share", &t::export_sales_share, rule::inner_share,
                        "exports over sales of exporters; at most partners/(1 + partners)", "", 0.14),
        told::parameter("share_producing", &t::share_producing, rule::inner_share, "of entrants", "", 0.5),
        told::parameter("elasticity", &t::elasticity, rule::above_one, "of substitution between varieties", "", 4),
        told::parameter("partners", &t::partners, rule::whole, "to trade with", "countries", 1),
        told::parameter("fixed_cost", &t::fixed_cost, rule::positive, "of producing, per period", "labor", 1),
        told::parameter("death_rate", &t::death_rate, rule::rate, "of firms, per period", "", 1),
        told::parameter("labor", &t::labor, rule::positive, "of the country", "workers", 1),
    };
  }
};

static_assert(detail::tells_every_member<trade_targets<double>>());

/// An economy that meets the targets, and its equilibrium, from which the achieved ones can be read: share_exporting,
/// exporter_intensity, probability_of_producing.
template <real Real = double>
struct trade_calibration {
  open_economy<Real> economy;
  equilibrium<Real> achieved;
};

/// Finds the iceberg cost, the export fixed cost and the entry cost at which the open economy shows the targets.
///
/// In turn, without any search but the quantiles of the law:
///   tau  = (s/(n (1-s)))^(-1/(sigma-1)),  s the export share of exporters' sales;
///   phi* and phi_x* are the quantiles that a share p, and a share p chi, of draws exceed;
///   f_x/f = (phi_x*/phi*)^(sigma-1) tau^(1-sigma), from (8);   delta f_e = f J(phi*) + n f_x J(phi_x*), from (9).
/// Under Pareto f_x/f does not depend on p as long as the support does not bind; under other laws it does.
///
/// @throws domain_error naming a target that no such economy can meet, or a parameter that is out of range;
///         convergence_error when the economy found does not solve
template <productivity_law Law>
[[nodiscard]] trade_calibration<law_real_t<Law>> calibrate(trade_targets<law_real_t<Law>> const& targets,
                                                           Law const& law) {
  using Real = law_real_t<Law>;
  using std::exp, std::pow;
  char const* const where = "trade_targets";
  Real const n = targets.partners, s = targets.export_sales_share;
  open_economy<Real> economy{
      {targets.elasticity, targets.fixed_cost, Real(1), targets.death_rate, targets.labor}, n, Real(1), Real(1)};
  economy.validate();
  detail::require(n >= 1, where, "partners", n, "be at least 1, or nobody can export");
  detail::require(targets.share_exporting > 0 && targets.share_exporting < 1, where, "share_exporting",
                  targets.share_exporting,
                  "lie strictly between 0 and 1: only then is there an export cutoff to match");
  detail::require(targets.share_producing > 0 && targets.share_producing < 1, where, "share_producing",
                  targets.share_producing, "lie strictly between 0 and 1");
  detail::require(s > 0, where, "export_sales_share", s, "be positive");
  if (!(s <= n / (1 + n))) {
    throw domain_error(
        where, "export_sales_share", detail::to_text(static_cast<double>(s)),
        "be at most partners/(1 + partners) = " + detail::to_short_text(static_cast<double>(n / (1 + n))) +
            ": at a higher share the iceberg cost would be below 1");
  }

  Real const r = targets.elasticity - 1;
  auto const tail = tail_of(law, r);
  Real const freeness = s / (n * (1 - s));  // tau^(1-sigma)
  // Quantiles need no moment; at a low power the tail's scale stays near the survival's.
  auto const draws = tail_of(law, r < 1 ? r : Real(1));
  Real const log_cutoff = log_quantile(draws, targets.share_producing);
  Real const log_export_cutoff = log_quantile(draws, Real(targets.share_producing * targets.share_exporting));
  economy.iceberg_cost = freeness < 1 ? Real(pow(freeness, Real(-1 / r))) : Real(1);
  economy.export_fixed_cost = targets.fixed_cost * exp(Real(r * (log_export_cutoff - log_cutoff))) * freeness;
  auto const home = tail.at(log_cutoff), abroad = tail.at(log_export_cutoff);
  economy.domestic.entry_cost = (targets.fixed_cost * home.excess * home.scale() +
                                 n * economy.export_fixed_cost * abroad.excess * abroad.scale()) /
                                targets.death_rate;
  return {economy, solve(economy, law)};
}

}  // namespace melitz
