// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/countries/entry_rule.hpp>
#include <melitz/countries/matrices.hpp>
#include <melitz/countries/options.hpp>
#include <melitz/error.hpp>
#include <melitz/numerics/members.hpp>
#include <melitz/numerics/real.hpp>

#include <Eigen/Core>

namespace melitz {

/// Many different countries with one sector whose productivities are Pareto, of one shape everywhere: trade is gravity,
/// and what trade brings is in one formula. Countries are counted from 0; vectors are by country, matrices
/// [exporter][importer]. The numeraire is the wage of country 0.
///
/// Source: C. Arkolakis, S. Demidova, P. J. Klenow and A. Rodriguez-Clare (2008), "Endogenous Variety and the Gains
/// from Trade", American Economic Review 98(2), 444-450.
///
/// Fixed costs are paid for each market, the home market among them; there is no other overhead.
template <real Real = double>
struct acr_economy {
  using real_type = Real;
  using options_type = wage_options;
  using vector = Eigen::VectorX<Real>;
  using matrix = Eigen::MatrixX<Real>;

  Real elasticity = detail::not_a_number<Real>;  ///< sigma > 1
  Real shape = detail::not_a_number<Real>;       ///< theta > sigma - 1
  vector labor{};                                ///< L_i > 0
  vector productivity_scale{};                   ///< b_i > 0
  entry_rule entry = entry_rule::free;
  vector entry_cost{};         ///< f_e,i > 0; under free entry only
  Real death_rate{1};          ///< delta in (0, 1]; 1 is the static model
  vector mass_entrants{};      ///< N_i > 0; under fixed entry only
  matrix iceberg_cost{};       ///< tau_ij >= 1, 1 at home; infinite: no trade
  matrix fixed_cost{};         ///< f_ij > 0; infinite abroad: no trade
  Real source_labor_share{1};  ///< a in [0, 1]: f_ij costs w_i^a w_j^(1-a) per unit, labour of both countries
  vector deficit{};            ///< D_j; they sum to 0

  static constexpr char const* name = "acr";
  static constexpr char const* title =
      "Gravity: Pareto laws of one shape, Arkolakis, Demidova, Klenow and Rodriguez-Clare (2008)";
  static constexpr auto parameters() {
    using e = acr_economy;
    return told::table{
        told::parameter("labor", &e::labor, rule::positive, "of each country", "workers", "[100, 60, 40]"),
        told::parameter("elasticity", &e::elasticity, rule::above_one, "of substitution between varieties", "", 4),
        told::parameter("shape", &e::shape, rule::positive, "of the Pareto laws; above elasticity - 1", "", 4.25),
        told::parameter("productivity_scale", &e::productivity_scale, rule::positive, "least of the country",
                        "productivity", 1)
            .or_none(1),
        told::choice("entry", &e::entry, "how many draw a productivity"),
        told::parameter("entry_cost", &e::entry_cost, rule::positive,
                        "paid once to draw a productivity, where entry is free", "labor", 2)
            .or_none(),
        told::parameter("death_rate", &e::death_rate, rule::rate, "of firms, per period", "", 0.05),
        told::parameter("mass_entrants", &e::mass_entrants, rule::positive, "where entry is fixed", "firms", 0)
            .or_none(),
        told::parameter("iceberg_cost", &e::iceberg_cost, rule::at_least_one_or_infinite,
                        "units shipped for one to arrive", "", "[[1, 1.6, 1.9], [1.6, 1, 1.7], [1.9, 1.7, 1]]")
            .at_home(1),
        told::parameter("fixed_cost", &e::fixed_cost, rule::positive_or_infinite, "of serving a market, per period",
                        "labor", 1.3),
        told::parameter("source_labor_share", &e::source_labor_share, rule::share,
                        "of fixed costs, paid to the exporter's workers", "", 1),
        told::parameter("deficit", &e::deficit, rule::finite, "spending above income; they sum to 0", "numeraire", 0)
            .or_none(),
    };
  }

  [[nodiscard]] Eigen::Index countries() const { return labor.size(); }
  [[nodiscard]] Real size_exponent() const { return Real(elasticity - 1); }
  /// Expected profit per period and draw that pays for entry, delta f_e, in labour of the country.
  [[nodiscard]] Real required_profit(Eigen::Index country) const { return Real(death_rate * entry_cost[country]); }
  /// b_i.
  [[nodiscard]] Real scale_of(Eigen::Index country) const {
    return productivity_scale.size() == 0 ? Real(1) : productivity_scale[country];
  }
  [[nodiscard]] vector log_scales() const {
    return productivity_scale.size() == 0 ? vector(vector::Zero(countries()))
                                          : vector(productivity_scale.array().log());
  }
  /// eta = theta/(sigma - 1) - 1: how flows answer to fixed costs.
  [[nodiscard]] Real fixed_cost_exponent() const { return Real(shape / size_exponent() - 1); }
  /// What firms spend on fixed costs of serving markets, and what is left to them, of their sales.
  [[nodiscard]] Real fixed_cost_share() const { return Real((shape - size_exponent()) / (shape * elasticity)); }
  [[nodiscard]] Real profit_share() const { return Real(size_exponent() / (shape * elasticity)); }
  /// The part of fixed costs that is paid to workers of the markets, of sales.
  [[nodiscard]] Real abroad_share() const { return Real(fixed_cost_share() * (1 - source_labor_share)); }
  /// Income over wages, without deficits.
  [[nodiscard]] Real spending_per_wage() const {
    return entry == entry_rule::free ? Real(1) : Real(1 / (1 - profit_share()));
  }

  /// @throws domain_error naming the first member that is out of range, with row and column
  void validate() const {
    detail::type_name<acr_economy> const where;
    detail::check_parameters(*this);
    if (!(shape > size_exponent())) detail::reject_divergent_moment(where, "shape", shape, size_exponent());
    bool const free = entry == entry_rule::free;
    detail::require_extent(where, free ? "entry_cost" : "mass_entrants", free ? entry_cost : mass_entrants,
                           countries());
    auto const& other = free ? mass_entrants : entry_cost;
    detail::require(other.size() == 0, where, free ? "size of mass_entrants" : "size of entry_cost",
                    static_cast<double>(other.size()), free ? "be 0 under free entry" : "be 0 under fixed entry");
    detail::require_sum_of_zero(where, deficit, labor);
  }
};

static_assert(detail::tells_every_member<acr_economy<double>>());

}  // namespace melitz
