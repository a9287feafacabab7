// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/countries/matrices.hpp>
#include <melitz/error.hpp>
#include <melitz/numerics/real.hpp>

#include <Eigen/Core>
#include <string_view>

namespace melitz {

/// How many draw a productivity in each country.
enum class entry_rule {
  free,   ///< as many as make entry worth its cost, as in Melitz (2003)
  fixed,  ///< a given number, and profits belong to the country's consumers, as in Chaney (2008)
};

/// The rule in words: "free", "fixed".
[[nodiscard]] constexpr std::string_view to_string(entry_rule r) noexcept {
  return r == entry_rule::free ? "free" : "fixed";
}

/// Many different countries with one sector whose productivities are Pareto, of one shape everywhere, after Arkolakis,
/// Demidova, Klenow and Rodriguez-Clare (2008): trade is gravity, and what trade brings is in one formula. Countries
/// are counted from 0; vectors are by country, matrices [exporter][importer]. The numeraire is the wage of country 0.
///
/// Fixed costs are paid for each market, the home market among them; there is no other overhead.
template <real Real = double>
struct acr_economy {
  using real_type = Real;
  using vector = Eigen::VectorX<Real>;
  using matrix = Eigen::MatrixX<Real>;

  Real elasticity = detail::not_a_number<Real>;  ///< sigma > 1, of substitution between varieties
  Real shape = detail::not_a_number<Real>;       ///< theta > sigma - 1, of the Pareto law
  vector labor{};                                ///< L_i > 0, workers
  vector productivity_scale{};                   ///< b_i > 0, least productivity
  entry_rule entry = entry_rule::free;
  vector entry_cost{};         ///< f_e,i > 0, sunk, in labour; under free entry only
  Real death_rate{1};          ///< delta in (0, 1], per period; 1 is the static model
  vector entrants{};           ///< N_i > 0; under fixed entry only
  matrix iceberg_cost{};       ///< tau_ij >= 1, 1 at home; infinite: no trade
  matrix fixed_cost{};         ///< f_ij > 0, per period, for selling in j; infinite abroad: no trade
  Real source_labor_share{1};  ///< a in [0, 1]: f_ij costs w_i^a w_j^(1-a) per unit, labour of both countries
  vector deficit{};            ///< D_j, spending above income, in the numeraire; they sum to 0. Empty: none

  [[nodiscard]] Eigen::Index countries() const { return labor.size(); }
  [[nodiscard]] Real size_exponent() const { return Real(elasticity - 1); }
  /// Expected profit per period and draw that pays for entry, delta f_e, in labour of the country.
  [[nodiscard]] Real required_profit(Eigen::Index country) const { return Real(death_rate * entry_cost[country]); }
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
    char const* const where = "acr_economy";
    auto const n = countries();
    detail::require(elasticity > 1 && detail::is_finite(elasticity), where, "elasticity", elasticity,
                    "exceed 1 and be finite");
    detail::require(detail::is_finite(shape), where, "shape", shape, "be finite");
    if (!(shape > size_exponent())) detail::reject_divergent_moment(where, "shape", shape, size_exponent());
    detail::require(n > 0, where, "number of countries", 0.0, "be at least 1");
    detail::require_positive_by_country(where, "labor", labor, n);
    detail::require_positive_by_country(where, "productivity_scale", productivity_scale, n);
    bool const free = entry == entry_rule::free;
    detail::require_positive_by_country(where, free ? "entry_cost" : "entrants", free ? entry_cost : entrants, n);
    auto const& other = free ? entrants : entry_cost;
    detail::require(other.size() == 0, where, free ? "size of entrants" : "size of entry_cost",
                    static_cast<double>(other.size()), free ? "be 0 under free entry" : "be 0 under fixed entry");
    detail::require(death_rate > 0 && death_rate <= 1, where, "death_rate", death_rate, "lie in (0, 1]");
    detail::require_iceberg_costs(where, "iceberg_cost", iceberg_cost, n);
    detail::require_fixed_costs(where, "fixed_cost", fixed_cost, n);
    detail::require(source_labor_share >= 0 && source_labor_share <= 1, where, "source_labor_share", source_labor_share,
                    "lie in [0, 1]");
    detail::require_deficits(where, deficit, labor);
  }
};

}  // namespace melitz
