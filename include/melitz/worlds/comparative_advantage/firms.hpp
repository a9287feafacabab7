// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/law/tail_point.hpp>
#include <melitz/numerics/real.hpp>
#include <melitz/tail/tail.hpp>

#include <cmath>

namespace melitz::detail {

/// What firms of one industry and country pay, in logs of bundles.
template <real Real>
struct trading_costs {
  Real fixed, export_fixed;          ///< f, f_x
  Real log_fixed, log_export_fixed;  ///< the latter -inf where f_x is 0
};

/// What an entrant of one industry and country expects, in bundles, and how that answers to the logs of its slopes: of
/// operating profit in size phi^r at home, a, and abroad, a_x.
///
/// Firms produce where a phi^r >= f, and also export where a_x phi^r >= f_x; where all producers would export, they
/// produce where (a + a_x) phi^r >= f + f_x.
template <real Real>
struct trading_prospects {
  Real profit;                       ///< E; its slopes are the two that follow, by the envelope theorem
  Real home, abroad;                 ///< operating profit in either market, V and V_x
  Real at_home, between, at_abroad;  ///< what their slopes have in addition to themselves: dV/da - V, dV/da_x, ...
  Real log_cutoff, log_export_cutoff;
  tail_point<Real> producers, exporters;  ///< the tails there
  bool all_export;
};

/// @param log_home, log_abroad  ln a, ln a_x; the latter -inf without trade
template <productivity_tail Tail>
[[nodiscard]] trading_prospects<typename Tail::real_type> prospects_of(
    Tail const& tail, trading_costs<typename Tail::real_type> const& costs, typename Tail::real_type const& log_home,
    typename Tail::real_type const& log_abroad) {
  using Real = typename Tail::real_type;
  using std::exp, std::log, std::log1p;
  Real const power = tail.power();
  trading_prospects<Real> out{};
  bool const trade = log_abroad > -infinity<Real>;
  out.all_export = trade && costs.log_export_fixed - log_abroad <= costs.log_fixed - log_home;
  if (out.all_export) {
    Real const gap = log_abroad - log_home, both = costs.fixed + costs.export_fixed;
    Real const log_both =
        gap > 0 ? Real(log_abroad + log1p(Real(exp(Real(-gap))))) : Real(log_home + log1p(Real(exp(gap))));
    out.log_cutoff = out.log_export_cutoff = (log(both) - log_both) / power;
    out.producers = out.exporters = tail.at(out.log_cutoff);
    Real const scale = both * out.producers.scale(), operating = scale * out.producers.moment();
    Real const margin = scale * out.producers.density / power;
    Real const of_home = exp(Real(log_home - log_both)), of_abroad = exp(Real(log_abroad - log_both));
    out.profit = scale * out.producers.excess;
    out.home = of_home * operating;
    out.abroad = of_abroad * operating;
    out.at_home = of_home * of_home * margin;
    out.between = of_home * of_abroad * margin;
    out.at_abroad = of_abroad * of_abroad * margin;
    return out;
  }
  out.log_cutoff = (costs.log_fixed - log_home) / power;
  out.producers = tail.at(out.log_cutoff);
  Real const scale = costs.fixed * out.producers.scale();
  out.profit = scale * out.producers.excess;
  out.home = scale * out.producers.moment();
  out.at_home = scale * out.producers.density / power;
  out.between = out.abroad = out.at_abroad = Real(0);
  out.log_export_cutoff = infinity<Real>;
  if (!trade) return out;
  out.log_export_cutoff = (costs.log_export_fixed - log_abroad) / power;
  out.exporters = tail.at(out.log_export_cutoff);
  if (!(out.exporters.moment() > 0)) {  // above the support, where the scale means nothing
    out.exporters = {};
    return out;
  }
  Real const abroad = costs.export_fixed * out.exporters.scale();
  out.profit += abroad * out.exporters.excess;
  out.abroad = abroad * out.exporters.moment();
  out.at_abroad = abroad * out.exporters.density / power;
  return out;
}

}  // namespace melitz::detail
