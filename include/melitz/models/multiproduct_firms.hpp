// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/economy/equilibrium.hpp>
#include <melitz/economy/primitives.hpp>
#include <melitz/numerics/members.hpp>
#include <melitz/tail/erased.hpp>
#include <melitz/tail/quantile.hpp>

#include <cmath>
#include <type_traits>

// Firms with many products: what they are told of, and what each of them does. models/multiproduct.hpp solves it.

namespace melitz {

/// Firms that choose their products: a firm draws an ability phi, and each product line it could be in an attribute
/// lambda of its own; at home and abroad it pays once for being there, and once more for each product. A product's
/// revenue goes with (phi lambda)^(sigma-1), so that abler firms sell more products, and trade makes all firms drop
/// their worst ones.
///
/// There is a unit mass of product lines, all alike; products are counted in shares of it. The fixed costs of `trade`
/// are the firm's, F and F_x. Those of a product sold at home, f, are an overhead: a product that is exported pays them
/// too.
///
/// Bernard, A., Redding, S., Schott, P. (2006), "Multi-Product Firms and Product Switching", NBER Working Paper 12782,
/// with the open economy of (2011), "Multiproduct Firms and Trade Liberalization", Quarterly Journal of Economics 126,
/// 1271-1318.
template <real Real = double>
struct multiproduct_economy {
  using real_type = Real;

  open_economy<Real> trade{};                                   ///< its fixed costs are those of a firm
  Real product_fixed_cost = detail::not_a_number<Real>;         ///< f > 0, of a product, in labour
  Real product_export_fixed_cost = detail::not_a_number<Real>;  ///< f_x > 0, of a product abroad; may be infinite

  static constexpr char const* name = "multiproduct";
  static constexpr char const* title = "Firms with many products, Bernard, Redding, Schott (2006, 2011)";
  static constexpr char const* example_law = R"({"ability": {"family": "lognormal", "log_mean": 0, "log_sd": 0.6},)"
                                             R"( "attributes": {"family": "pareto", "scale": 1, "shape": 4.5}})";
  static constexpr auto parameters() {
    using e = multiproduct_economy;
    return told::table{
        told::nested(&e::trade),
        told::parameter("product_fixed_cost", &e::product_fixed_cost, rule::positive,
                        "of each product that a firm sells, per period", "labor", 3),
        told::parameter("product_export_fixed_cost", &e::product_export_fixed_cost, rule::positive_or_infinite,
                        "of each product that a firm exports, per period and market", "labor", 4),
    };
  }

  /// @throws domain_error naming the first member that is out of range
  void validate() const { detail::check_parameters(*this); }
};

/// At which operating profit at home, Y lambda^(sigma-1), products pay, in logs.
template <real Real = double>
struct product_thresholds {
  melitz::regime regime = melitz::regime::closed;  ///< of an exporter's products: whether it exports all of them
  Real freeness{0};                                ///< tau^(1-sigma)
  Real home{};                                     ///< ln f, of a firm that does not export
  Real home_of_exporters{};  ///< the same, or where all products are exported ln((f + n f_x)/(1 + n tau^(1-sigma)))
  Real abroad{};             ///< ln(tau^(sigma-1) f_x), or the same again; nothing where no trade is possible

  /// @pre the economy is valid
  explicit product_thresholds(multiproduct_economy<Real> const& e) {
    using std::log;
    home = home_of_exporters = log(e.product_fixed_cost);
    auto of_product = e.trade;
    of_product.domestic.fixed_cost = e.product_fixed_cost;
    of_product.export_fixed_cost = e.product_export_fixed_cost;
    foreign_market<Real> const market(of_product);
    if (!detail::is_finite(e.trade.export_fixed_cost)) return;
    regime = market.regime;
    freeness = market.freeness;
    if (regime == melitz::regime::selection) abroad = home + market.log_cost_ratio + market.log_cost_ratio_rest;
    if (regime == melitz::regime::all_export) {
      Real const n = e.trade.partners;
      abroad = home_of_exporters =
          log(Real(e.product_fixed_cost + n * e.product_export_fixed_cost)) - log(Real(1 + n * freeness));
    }
  }
};

namespace detail {

/// A firm's products in a market.
template <real Real>
struct range_of_products {
  bool sold = false;
  Real log_threshold{}, log_attribute = infinity<Real>;
  tail_point<Real> tail{};
  [[nodiscard]] Real excess() const { return sold ? Real(tail.excess * tail.scale()) : Real(0); }
};

}  // namespace detail

/// Equilibrium of a multiproduct_economy. Check `reason` (or the conversion to bool) first: unless it converged the
/// numbers are NaN. As in the open economy a cutoff is not clipped to the support of its law.
template <real Real = double>
struct multiproduct_equilibrium {
  using real_type = Real;

  status reason = status::not_solved;
  Real residual = nan();        ///< expected profit over delta f_e, minus one
  Real error_estimate = nan();  ///< relative, of the laws' tails and of the quadrature; 0 for closed forms
  int evaluations = 0;          ///< of free entry
  multiproduct_economy<Real> economy{};
  erased_tail<Real> attributes{};                  ///< of the law of attributes, for what is asked of one firm
  melitz::regime regime = regime::closed;          ///< which firms export; all_export: every producer
  melitz::regime product_regime = regime::closed;  ///< which products of an exporter; all_export: all of them
  bool every_entrant_produces = false;             ///< the cutoff lies below the support of abilities

  Real cutoff = nan();                 ///< phi*, ability of the least firm
  Real export_cutoff = nan();          ///< phi_x*, of the least exporter; infinite without trade
  Real product_cutoff = nan();         ///< lambda*(phi*), least attribute that the least firm sells
  Real export_product_cutoff = nan();  ///< lambda_x*(phi_x*), least attribute that the least exporter exports

  Real probability_of_producing = nan();  ///< of an entrant
  Real share_exporting = nan();           ///< of producers
  Real products_per_firm = nan();         ///< share of product lines that a producer is in, on average
  Real products_per_exporter = nan();     ///< the same of what an exporter exports to a market
  Real exports_per_product = nan();       ///< of a product that is exported, to one market

  Real mass_entrants = nan();   ///< alive, whether they produce or not
  Real mass_producers = nan();  ///< M
  Real mass_exporters = nan();
  Real mass_varieties = nan();  ///< firms times products, consumed in a country

  Real log_demand = nan();      ///< ln A; A (phi lambda)^(sigma-1) is operating profit at home
  Real revenue = nan();         ///< of all firms
  Real exports = nan();         ///< of all firms to all partners
  Real export_share = nan();    ///< of revenue
  Real domestic_share = nan();  ///< lambda, of spending, that stays at home: the rest
  Real price_index = nan();     ///< P
  Real welfare = nan();         ///< real wage, 1/P

  Real labor_entry = nan();
  Real labor_fixed = nan();                 ///< of firms, F
  Real labor_export_fixed = nan();          ///< of exporters, n F_x
  Real labor_product_fixed = nan();         ///< of products, f
  Real labor_product_export_fixed = nan();  ///< of products abroad, f_x
  Real labor_variable = nan();

  /// Minus d ln exports/d ln tau at given demand and masses of entrants, and what of it is in the number of exporters,
  /// in products per exporter, and in exports per product and market: the three add up to it.
  Real trade_elasticity = nan();
  Real firms_elasticity = nan();
  Real products_elasticity = nan();
  Real sales_elasticity = nan();
  Real welfare_elasticity_of_iceberg_cost = nan();  ///< d ln W/d ln tau = -export share, under every pair of laws

  static constexpr auto results() {
    using e = multiproduct_equilibrium;
    using enum part;
    constexpr char const *phi = "ability", *lambda = "attribute", *lines = "share of product lines";
    return told::table{
        told::aside(&e::reason),
        told::quantity("residual", &e::residual, solution, "of free entry"),
        told::quantity("error_estimate", &e::error_estimate, solution, "of the laws' tails"),
        told::quantity("evaluations", &e::evaluations, work, "of free entry"),
        told::aside(&e::economy),
        told::aside(&e::attributes),
        told::quantity("regime", &e::regime, solution, "which firms export"),
        told::quantity("product_regime", &e::product_regime, solution, "which products of exporters"),
        told::quantity("every_entrant_produces", &e::every_entrant_produces, solution, ""),
        told::positive("cutoff", &e::cutoff, cutoffs, phi, "phi*"),
        told::quantity("export_cutoff", &e::export_cutoff, cutoffs, phi, "phi_x*").of_trade(),
        told::positive("product_cutoff", &e::product_cutoff, cutoffs, lambda, "lambda*(phi*)"),
        told::quantity("export_product_cutoff", &e::export_product_cutoff, cutoffs, lambda, "lambda_x*(phi_x*)")
            .of_trade(),
        told::positive("probability_of_producing", &e::probability_of_producing, averages, "share of entrants"),
        told::quantity("share_exporting", &e::share_exporting, averages, "share of producers").of_trade(),
        told::positive("products_per_firm", &e::products_per_firm, averages, lines),
        told::quantity("products_per_exporter", &e::products_per_exporter, averages, lines).of_trade(),
        told::quantity("exports_per_product", &e::exports_per_product, averages, "wages per product and market")
            .of_trade(),
        told::positive("mass_entrants", &e::mass_entrants, masses, "firms, ever active or not"),
        told::positive("mass_producers", &e::mass_producers, masses, "firms"),
        told::quantity("mass_exporters", &e::mass_exporters, masses, "firms").of_trade(),
        told::positive("mass_varieties", &e::mass_varieties, masses, "varieties consumed"),
        told::aside(&e::log_demand),
        told::positive("revenue", &e::revenue, aggregates, "wages"),
        told::quantity("exports", &e::exports, aggregates, "wages").of_trade(),
        told::quantity("export_share", &e::export_share, aggregates, "share of revenue").of_trade(),
        told::quantity("domestic_share", &e::domestic_share, aggregates, "share of spending", "lambda"),
        told::positive("price_index", &e::price_index, aggregates, "wages", "P"),
        told::positive("welfare", &e::welfare, aggregates, "real income per worker"),
        told::positive("labor_entry", &e::labor_entry, labor_uses, "workers"),
        told::positive("labor_fixed", &e::labor_fixed, labor_uses, "workers"),
        told::quantity("labor_export_fixed", &e::labor_export_fixed, labor_uses, "workers").of_trade(),
        told::positive("labor_product_fixed", &e::labor_product_fixed, labor_uses, "workers"),
        told::quantity("labor_product_export_fixed", &e::labor_product_export_fixed, labor_uses, "workers").of_trade(),
        told::positive("labor_variable", &e::labor_variable, labor_uses, "workers"),
        told::quantity("trade_elasticity", &e::trade_elasticity, elasticities, "of exports to trade cost, minus")
            .of_trade(),
        told::quantity("firms_elasticity", &e::firms_elasticity, elasticities, "of exporters to trade cost, minus")
            .of_trade(),
        told::quantity("products_elasticity", &e::products_elasticity, elasticities,
                       "of products per exporter to trade cost, minus")
            .of_trade(),
        told::quantity("sales_elasticity", &e::sales_elasticity, elasticities,
                       "of exports per product to trade cost, minus")
            .of_trade(),
        told::quantity("welfare_elasticity_of_iceberg_cost", &e::welfare_elasticity_of_iceberg_cost, elasticities,
                       "of welfare to trade cost")
            .of_trade(),
    };
  }

  [[nodiscard]] explicit operator bool() const noexcept { return reason == status::converged; }

  // One firm, of any ability > 0 inside or outside the support. A failed result answers NaN and `exits`.

  [[nodiscard]] firm_choice choice(Real const& ability) const {
    if (!(ability >= cutoff)) return firm_choice::exits;
    return ability >= export_cutoff ? firm_choice::exports : firm_choice::serves_home;
  }
  /// lambda*(phi), least attribute of a product that the firm sells; infinite if it exits.
  [[nodiscard]] Real least_attribute(Real const& ability) const { return least(home(ability)); }
  /// lambda_x*(phi), the same of a product that it exports.
  [[nodiscard]] Real least_exported_attribute(Real const& ability) const { return least(abroad(ability)); }
  /// Share of product lines in which the firm sells something, at home; 0 if it exits.
  [[nodiscard]] Real products(Real const& ability) const { return lines(home(ability)); }
  /// The same in a market abroad.
  [[nodiscard]] Real exported_products(Real const& ability) const { return lines(abroad(ability)); }
  /// lambda~(phi), the power mean of the attributes of what the firm sells, E[lambda^(sigma-1)]^(1/(sigma-1)); NaN if
  /// it exits.
  [[nodiscard]] Real average_attribute(Real const& ability) const {
    using std::exp, std::log1p;
    auto const at = home(ability);
    return at.sold ? Real(exp(Real(at.log_attribute + log1p(Real(at.tail.excess / at.tail.survival)) / power())))
                   : nan();
  }
  /// Productivity within the firm, phi lambda~(phi).
  [[nodiscard]] Real average_productivity(Real const& ability) const {
    return Real(ability * average_attribute(ability));
  }
  /// Revenue at home; 0 if it exits.
  [[nodiscard]] Real domestic_revenue(Real const& ability) const { return sales(home(ability), Real(1)); }
  /// Revenue in a market abroad.
  [[nodiscard]] Real export_revenue(Real const& ability) const {
    return choice(ability) == firm_choice::exports ? sales(abroad(ability), thresholds().freeness) : none();
  }
  /// Of all markets.
  [[nodiscard]] Real revenue_of(Real const& ability) const {
    return Real(domestic_revenue(ability) + economy.trade.partners * export_revenue(ability));
  }
  /// Per period; 0 if it exits.
  [[nodiscard]] Real profit(Real const& ability) const {
    auto const does = choice(ability);
    if (does == firm_choice::exits) return none();
    auto const at = home(ability);
    Real const n = economy.trade.partners, f = economy.product_fixed_cost, f_x = economy.product_export_fixed_cost;
    Real out = f * at.excess() - economy.trade.domestic.fixed_cost;
    if (does == firm_choice::exports) out += n * (f_x * abroad(ability).excess() - economy.trade.export_fixed_cost);
    return out;
  }
  /// Revenue, of all markets, of the firm's product of this rank: so many product lines have a better attribute.
  /// @param rank  in (0, 1], a share of product lines
  /// @throws domain_error unless it is
  [[nodiscard]] Real product_revenue(Real const& ability, Real const& rank) const {
    using std::exp;
    detail::require(rank > 0 && rank <= 1, "product_revenue", "rank", rank, "lie in (0, 1]");
    auto const at = home(ability);
    if (!at.sold) return none();
    Real const log_attribute = rank < 1 ? log_quantile(attributes, rank) : Real(attributes.log_lower_bound());
    if (log_attribute < at.log_attribute) return none();
    Real const one = economy.trade.domestic.elasticity * exp(Real(log_size(ability) + power() * log_attribute));
    auto const away = abroad(ability);
    bool const exported = away.sold && log_attribute >= away.log_attribute;
    return exported ? Real(one * (1 + economy.trade.partners * thresholds().freeness)) : one;
  }

 private:
  using range = detail::range_of_products<Real>;

  [[nodiscard]] static Real nan() { return detail::not_a_number<Real>; }
  [[nodiscard]] Real none() const { return reason == status::converged ? Real(0) : nan(); }
  [[nodiscard]] Real power() const { return Real(economy.trade.domestic.elasticity - 1); }
  [[nodiscard]] product_thresholds<Real> thresholds() const { return product_thresholds<Real>(economy); }
  [[nodiscard]] Real log_size(Real const& ability) const {
    using std::log;
    return Real(log_demand + power() * log(ability));
  }
  [[nodiscard]] range range_from(Real const& log_threshold, Real const& ability) const {
    Real const log_attribute = (log_threshold - log_size(ability)) / power();
    return {true, log_threshold, log_attribute, attributes.at(log_attribute)};
  }
  [[nodiscard]] range home(Real const& ability) const {
    auto const does = choice(ability);
    if (does == firm_choice::exits) return {};
    auto const t = thresholds();
    return range_from(does == firm_choice::exports ? t.home_of_exporters : t.home, ability);
  }
  [[nodiscard]] range abroad(Real const& ability) const {
    return choice(ability) == firm_choice::exports ? range_from(thresholds().abroad, ability) : range{};
  }
  [[nodiscard]] Real least(range const& r) const {
    using std::exp;
    if (!r.sold) return reason == status::converged ? detail::infinity<Real> : nan();
    return exp(r.log_attribute);
  }
  [[nodiscard]] Real lines(range const& r) const { return r.sold ? Real(r.tail.survival * r.tail.scale()) : none(); }
  [[nodiscard]] Real sales(range const& r, Real const& freeness) const {
    using std::exp;
    if (!r.sold) return none();
    return Real(economy.trade.domestic.elasticity * freeness * exp(Real(r.log_threshold + r.tail.log_scale)) *
                r.tail.moment());
  }
};

static_assert(detail::tells_every_member<multiproduct_economy<double>>() &&
              detail::tells_every_member<multiproduct_equilibrium<double>>());

/// Share of a firm's products that it does not sell any more, 1 - after/before; negative where it sells more, NaN where
/// it sold none.
template <real Real>
[[nodiscard]] Real share_of_products_dropped(multiproduct_equilibrium<Real> const& before,
                                             multiproduct_equilibrium<Real> const& after,
                                             std::type_identity_t<Real> const& ability) {
  return Real(1 - after.products(ability) / before.products(ability));
}

/// Productivity within a firm after over that before; NaN where it exits in either.
template <real Real>
[[nodiscard]] Real within_firm_growth(multiproduct_equilibrium<Real> const& before,
                                      multiproduct_equilibrium<Real> const& after,
                                      std::type_identity_t<Real> const& ability) {
  return Real(after.average_attribute(ability) / before.average_attribute(ability));
}

}  // namespace melitz
