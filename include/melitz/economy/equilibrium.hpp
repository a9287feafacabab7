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
  return detail::word_of(c, {"exits", "serves_home", "exports"});
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
  Real revenue = nan();             ///< R = L
  Real price_index = nan();         ///< P, (6) and slide 23
  Real welfare = nan();             ///< 1/P, real wage and consumption per worker
  Real domestic_share = nan();      ///< share of expenditure on home varieties, lambda
  Real exports = nan();             ///< R_x, of all firms to all partners
  Real export_share = nan();        ///< of revenue, exports
  Real exporter_intensity = nan();  ///< exports over sales of an exporter, n tau^(1-sigma)/(1 + n tau^(1-sigma))

  // Uses of labour; they sum to L.
  Real labor_entry = nan();         ///< M_e f_e
  Real labor_fixed = nan();         ///< M f
  Real labor_export_fixed = nan();  ///< n M_x f_x
  Real labor_variable = nan();      ///< the rest of L_p: what producing and shipping takes

  // Elasticities of Arkolakis, Costinot, Rodriguez-Clare (2012) and Melitz, Redding (2015).
  Real trade_elasticity = nan();     ///< partial, of exports to tau: sigma - 1 + hazard of the moment at phi_x*
  Real domestic_elasticity = nan();  ///< the same at phi*, of domestic sales; equal to it under Pareto
  Real pareto_shape = nan();         ///< of the law, if it is Pareto

  static constexpr auto results() {
    using e = equilibrium;
    using enum part;
    constexpr char const *phi = "productivity", *per_firm = "wages per firm";
    return told::table{
        told::aside(&e::reason),
        told::quantity("residual", &e::residual, solution, "of free entry", "", "(4), (9)"),
        told::quantity("error_estimate", &e::error_estimate, solution, "of the law's tail"),
        told::quantity("evaluations", &e::evaluations, work, "of free entry"),
        told::aside(&e::economy),
        told::quantity("regime", &e::regime, solution, "who exports", "", "slide 20"),
        told::quantity("every_entrant_produces", &e::every_entrant_produces, solution, "", "", "slide 12"),
        told::positive("cutoff", &e::cutoff, cutoffs, phi, "phi*", "(2), (4), (9)"),
        told::quantity("log_cutoff", &e::log_cutoff, work, "log productivity", "ln phi*"),
        told::quantity("lowest_producing_productivity", &e::lowest_producing_productivity, cutoffs, phi, "",
                       "slide 12"),
        told::quantity("export_cutoff", &e::export_cutoff, cutoffs, phi, "phi_x*", "(7), (8)").of_trade(),
        told::positive("domestic_cutoff", &e::domestic_cutoff, cutoffs, phi, "", "slide 19"),
        told::positive("probability_of_producing", &e::probability_of_producing, averages, "share of entrants",
                       "1-G(phi*)", "slide 13"),
        told::quantity("share_exporting", &e::share_exporting, averages, "share of producers", "chi", "slide 21")
            .of_trade(),
        told::positive("average_productivity", &e::average_productivity, averages, phi, "phi~", "(5)"),
        told::quantity("average_export_productivity", &e::average_export_productivity, averages, phi, "phi~_x", "(10)")
            .of_trade(),
        told::positive("average_variety_productivity", &e::average_variety_productivity, averages, phi, "phi~_t",
                       "slide 23"),
        told::positive("average_revenue", &e::average_revenue, averages, per_firm, "r-bar", "slides 17, 22"),
        told::positive("average_profit", &e::average_profit, averages, per_firm, "pi-bar", "slides 13, 22"),
        told::quantity("average_domestic_revenue", &e::average_domestic_revenue, averages, per_firm, "r_d(phi~)",
                       "slide 22"),
        told::quantity("average_export_revenue", &e::average_export_revenue, averages, "wages per exporter and market",
                       "r_x(phi~_x)", "slide 22")
            .of_trade(),
        told::positive("mass_entrants_per_period", &e::mass_entrants_per_period, masses, "firms per period", "M_e",
                       "slide 16"),
        told::positive("mass_entrants", &e::mass_entrants, masses, "firms, ever active or not", "M_e/delta",
                       "slide 16"),
        told::positive("mass_producers", &e::mass_producers, masses, "firms", "M", "slides 17, 26"),
        told::quantity("mass_exporters", &e::mass_exporters, masses, "firms", "M_x", "slides 23, 26").of_trade(),
        told::positive("mass_varieties", &e::mass_varieties, masses, "varieties consumed", "M_t", "slide 23"),
        told::quantity("revenue", &e::revenue, aggregates, "wages", "R", "slides 16, 25"),
        told::positive("price_index", &e::price_index, aggregates, "wages", "P", "(6)"),
        told::positive("welfare", &e::welfare, aggregates, "real income per worker", "1/P"),
        told::quantity("domestic_share", &e::domestic_share, aggregates, "share of spending", "lambda"),
        told::quantity("exports", &e::exports, aggregates, "wages", "R_x", "slide 18").of_trade(),
        told::quantity("export_share", &e::export_share, aggregates, "share of revenue").of_trade(),
        told::quantity("exporter_intensity", &e::exporter_intensity, aggregates, "share of an exporter's sales", "",
                       "slide 19")
            .of_trade(),
        told::positive("labor_entry", &e::labor_entry, labor_uses, "workers", "M_e f_e", "slide 16"),
        told::quantity("labor_fixed", &e::labor_fixed, labor_uses, "workers", "M f", "slide 9"),
        told::quantity("labor_export_fixed", &e::labor_export_fixed, labor_uses, "workers", "n M_x f_x", "slide 18")
            .of_trade(),
        told::quantity("labor_variable", &e::labor_variable, labor_uses, "workers", "", "slide 9"),
        told::quantity("trade_elasticity", &e::trade_elasticity, elasticities, "of exports to trade cost, minus")
            .of_trade(),
        told::quantity("domestic_elasticity", &e::domestic_elasticity, elasticities, "the same at the cutoff"),
        told::aside(&e::pareto_shape),
    };
  }

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
  [[nodiscard]] Real output_of(Real const& productivity) const {
    return Real(revenue_of(productivity) / price(productivity));
  }
  /// Workers: fixed costs and output over productivity.
  [[nodiscard]] Real labor_of(Real const& productivity) const {
    if (!active(productivity)) return none();
    Real const fixed = domestic().fixed_cost +
                       (exporting(productivity) ? Real(economy.partners * economy.export_fixed_cost) : Real(0));
    return Real(fixed + output_of(productivity) / productivity);
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

static_assert(detail::tells_every_member<equilibrium<double>>());

/// The equilibrium of a closed economy: the same fields, with nobody exporting.
template <real Real = double>
using closed_equilibrium = equilibrium<Real>;
/// The equilibrium of an open economy.
template <real Real = double>
using open_equilibrium = equilibrium<Real>;

}  // namespace melitz
