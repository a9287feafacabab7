// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/economy/ces.hpp>
#include <melitz/economy/primitives.hpp>
#include <melitz/error.hpp>

#include <cmath>
#include <string_view>

namespace melitz {

/// What a firm does.
enum class firm_choice { exits, serves_home, exports };

/// The choice in words: "exits", "serves_home", "exports".
[[nodiscard]] constexpr std::string_view to_string(firm_choice c) noexcept {
  switch (c) {
    case firm_choice::exits:
      return "exits";
    case firm_choice::serves_home:
      return "serves_home";
    case firm_choice::exports:
      return "exports";
  }
  return "unknown";
}

/// Steady state of the closed or the open economy; labour is the numeraire. Equation numbers are the lecture's.
///
/// Check `reason` (or the conversion to bool) first: unless it is status::converged every number is NaN.
/// In a closed economy, or where no firm of the law's support exports, the export cutoff is what it would take
/// (infinite if nothing would), masses of exporters are 0 and averages over exporters are NaN.
template <real Real = double>
struct equilibrium {
  using real_type = Real;

  // Whether to trust it.
  status reason = status::not_solved;
  Real residual = nan();        ///< expected profit over delta f_e, minus one: free entry (4), (9)
  Real error_estimate = nan();  ///< relative error of the law's tail; 0 for closed forms, whose error is rounding
  int evaluations = 0;          ///< of the free-entry condition

  open_economy<Real> economy{};            ///< the primitives it solves; a closed economy has no partners
  melitz::regime regime = regime::closed;  ///< who exports
  bool every_entrant_produces = false;     ///< the cutoff lies below the support of the law

  // Cutoffs, in productivity.
  Real cutoff = nan();                         ///< phi*, zero profit (2); latent: never clipped to the support
  Real log_cutoff = nan();                     ///< ln phi*
  Real lowest_producing_productivity = nan();  ///< the cutoff, or the lower bound of the law where that is higher
  Real export_cutoff = nan();                  ///< phi_x*, (7), (8); infinite if nobody can export
  Real domestic_cutoff = nan();                ///< where home sales alone cover f; differs from phi* in all_export only

  // Averages over producers or exporters.
  Real probability_of_producing = nan();      ///< 1 - G(phi*), of an entrant
  Real share_exporting = nan();               ///< chi, probability of exporting given production (slide 21)
  Real average_productivity = nan();          ///< phi~, (5)
  Real average_export_productivity = nan();   ///< phi~_x, (10)
  Real average_variety_productivity = nan();  ///< phi~_t, over all varieties consumed, net of melting (slide 23)
  Real average_revenue = nan();               ///< r-bar, per producer (slides 17, 22)
  Real average_profit = nan();                ///< pi-bar, per producer (slides 13, 22)
  Real average_domestic_revenue = nan();      ///< r_d(phi~), per producer
  Real average_export_revenue = nan();        ///< r_x(phi~_x), per exporter and market

  // Masses of firms.
  Real mass_entrants_per_period = nan();  ///< M_e (slide 16)
  Real mass_entrants = nan();             ///< entrants alive, M_e/delta, producing or not
  Real mass_producers = nan();            ///< M
  Real mass_exporters = nan();            ///< M_x = chi M
  Real mass_varieties = nan();            ///< M_t = M + n M_x, consumed in a country

  // Aggregates.
  Real revenue = nan();           ///< R = L
  Real price_index = nan();       ///< P, (6) and slide 23
  Real welfare = nan();           ///< 1/P, real wage and consumption per worker
  Real domestic_share = nan();    ///< share of expenditure on home varieties, lambda
  Real export_intensity = nan();  ///< exports over sales of an exporter, n tau^(1-sigma)/(1 + n tau^(1-sigma))

  // Uses of labour; they sum to L.
  Real labor_entry = nan();         ///< M_e f_e
  Real labor_fixed = nan();         ///< M f
  Real labor_export_fixed = nan();  ///< n M_x f_x
  Real labor_variable = nan();      ///< the rest of L_p: what producing and shipping takes

  // Elasticities of Arkolakis, Costinot, Rodriguez-Clare (2012) and Melitz, Redding (2015).
  Real trade_elasticity = nan();     ///< partial, of exports to tau: sigma - 1 + hazard of the moment at phi_x*
  Real domestic_elasticity = nan();  ///< the same at phi*, of domestic sales; equal to it under Pareto
  Real pareto_shape = nan();         ///< of the law, if it is Pareto

  [[nodiscard]] explicit operator bool() const noexcept { return reason == status::converged; }

  // One firm, at any productivity > 0 inside or outside the support. A failed result answers NaN and `exits`.

  [[nodiscard]] firm_choice choice(Real const& productivity) const {
    if (!(productivity >= cutoff)) return firm_choice::exits;
    return productivity >= export_cutoff ? firm_choice::exports : firm_choice::serves_home;
  }
  /// Price at home, 1/(rho phi) (slide 9).
  [[nodiscard]] Real price(Real const& productivity) const { return melitz::price(productivity, elasticity()); }
  /// Price abroad, tau times that at home (slide 18).
  [[nodiscard]] Real export_price(Real const& productivity) const {
    return Real(economy.iceberg_cost * price(productivity));
  }
  /// Revenue at home if it produces, r_d (slide 10); 0 if it exits.
  [[nodiscard]] Real domestic_revenue(Real const& productivity) const {
    return active(productivity) ? Real(elasticity() * domestic().fixed_cost * relative_size(productivity)) : none();
  }
  /// Revenue per foreign market if it exports, r_x = tau^(1-sigma) r_d (slide 18); else 0.
  [[nodiscard]] Real export_revenue(Real const& productivity) const {
    return exporting(productivity) ? Real(domestic_revenue(productivity) * freeness()) : none();
  }
  /// Total revenue, r_d + n r_x (slide 19).
  [[nodiscard]] Real revenue_of(Real const& productivity) const {
    return Real(domestic_revenue(productivity) + economy.partners * export_revenue(productivity));
  }
  /// Profit at home before the choice to exit, r_d/sigma - f: the line of slide 11, negative below the cutoff.
  [[nodiscard]] Real domestic_profit_line(Real const& productivity) const {
    return Real(domestic().fixed_cost * (relative_size(productivity) - 1));
  }
  /// Profit when also exporting, before any choice: the steeper line of slide 28; the same line in a closed economy.
  [[nodiscard]] Real export_profit_line(Real const& productivity) const {
    if (regime == regime::closed) return domestic_profit_line(productivity);
    return Real(domestic_profit_line(productivity) +
                economy.partners *
                    (domestic().fixed_cost * relative_size(productivity) * freeness() - economy.export_fixed_cost));
  }
  /// Profit per period of the best choice; 0 if it exits.
  [[nodiscard]] Real profit(Real const& productivity) const {
    switch (choice(productivity)) {
      case firm_choice::exports:
        return export_profit_line(productivity);
      case firm_choice::serves_home:
        return domestic_profit_line(productivity);
      case firm_choice::exits:
        break;
    }
    return none();
  }
  /// Units produced, including those that melt on the way.
  [[nodiscard]] Real output(Real const& productivity) const {
    return Real(revenue_of(productivity) / price(productivity));
  }
  /// Workers: fixed costs and output over productivity.
  [[nodiscard]] Real labor(Real const& productivity) const {
    if (!active(productivity)) return none();
    Real const fixed = domestic().fixed_cost +
                       (exporting(productivity) ? Real(economy.partners * economy.export_fixed_cost) : Real(0));
    return Real(fixed + output(productivity) / productivity);
  }

  /// tau^(1-sigma), the freeness of trade.
  [[nodiscard]] Real freeness() const {
    using std::pow;
    return regime == regime::closed ? Real(0) : Real(pow(economy.iceberg_cost, Real(1 - elasticity())));
  }
  [[nodiscard]] Real elasticity() const { return economy.domestic.elasticity; }

 private:
  [[nodiscard]] static Real nan() { return detail::not_a_number<Real>; }
  [[nodiscard]] Real none() const { return reason == status::converged ? Real(0) : nan(); }
  [[nodiscard]] closed_economy<Real> const& domestic() const { return economy.domestic; }
  [[nodiscard]] bool active(Real const& productivity) const { return choice(productivity) != firm_choice::exits; }
  [[nodiscard]] bool exporting(Real const& productivity) const { return choice(productivity) == firm_choice::exports; }
  [[nodiscard]] Real relative_size(Real const& productivity) const {
    return relative_revenue(productivity, domestic_cutoff, elasticity());
  }
};

/// The equilibrium of a closed economy: the same fields, with nobody exporting.
template <real Real = double>
using closed_equilibrium = equilibrium<Real>;
/// The equilibrium of an open economy.
template <real Real = double>
using open_equilibrium = equilibrium<Real>;

}  // namespace melitz
