// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/countries/matrices.hpp>
#include <melitz/economy/primitives.hpp>
#include <melitz/error.hpp>
#include <melitz/numerics/real.hpp>

#include <Eigen/Core>
#include <string_view>

namespace melitz {

/// What an ad valorem tariff is a share of.
enum class tariff_base {
  delivered_price,  ///< the producer's price: what consumers pay is 1 + t times what the firm earns
  production_cost,  ///< the cost of the goods: the firm pays it and adds its markup on top
};

/// The tariff's base in words: "delivered_price", "production_cost".
[[nodiscard]] constexpr std::string_view to_string(tariff_base b) noexcept {
  return b == tariff_base::delivered_price ? "delivered_price" : "production_cost";
}

/// Many different countries, each with one sector of heterogeneous firms, that trade with one another: Melitz (2003) as
/// in Melitz and Redding (2014), with wages that clear the labour markets. Countries are counted from 0; vectors are by
/// country, matrices [exporter][importer]. The numeraire is the wage of country 0.
///
/// Fixed costs are paid for each market, the home market among them; there is no other overhead.
template <real Real = double>
struct world_economy {
  using real_type = Real;
  using vector = Eigen::VectorX<Real>;
  using matrix = Eigen::MatrixX<Real>;

  Real elasticity = detail::not_a_number<Real>;  ///< sigma > 1, of substitution between varieties
  Real death_rate{1};                            ///< delta in (0, 1], per period; 1 is the static model
  vector labor{};                                ///< L_i > 0, workers
  vector entry_cost{};                           ///< f_e,i > 0, sunk, in labour
  matrix iceberg_cost{};                         ///< tau_ij >= 1, 1 at home; infinite: no trade
  matrix fixed_cost{};                           ///< f_ij > 0, per period, for selling in j; infinite abroad: no trade
  Real source_labor_share{1};  ///< a in [0, 1]: f_ij costs w_i^a w_j^(1-a) per unit, labour of both countries

  vector deficit{};  ///< D_j, spending above income, in the numeraire; they sum to 0. Empty: none
  matrix tariff{};   ///< t_ij > -1, ad valorem, 0 at home; consumers get the revenue. Empty: none
  tariff_base tariff_on = tariff_base::delivered_price;

  [[nodiscard]] Eigen::Index countries() const { return labor.size(); }
  [[nodiscard]] Real size_exponent() const { return Real(elasticity - 1); }
  /// Expected profit per period and draw that pays for entry, delta f_e, in labour of the country.
  [[nodiscard]] Real required_profit(Eigen::Index country) const { return Real(death_rate * entry_cost[country]); }

  /// A country by itself, without trade. @pre valid
  [[nodiscard]] closed_economy<Real> autarky(Eigen::Index country) const {
    return {elasticity, fixed_cost(country, country), entry_cost[country], death_rate, labor[country]};
  }

  /// @throws domain_error naming the first member that is out of range, with row and column
  void validate() const {
    char const* const where = "world_economy";
    auto const n = countries();
    detail::require(elasticity > 1 && detail::is_finite(elasticity), where, "elasticity", elasticity,
                    "exceed 1 and be finite");
    detail::require(death_rate > 0 && death_rate <= 1, where, "death_rate", death_rate, "lie in (0, 1]");
    detail::require(n > 0, where, "number of countries", 0.0, "be at least 1");
    detail::require_positive_by_country(where, "labor", labor, n);
    detail::require_positive_by_country(where, "entry_cost", entry_cost, n);
    detail::require_iceberg_costs(where, "iceberg_cost", iceberg_cost, n);
    detail::require_fixed_costs(where, "fixed_cost", fixed_cost, n);
    detail::require(source_labor_share >= 0 && source_labor_share <= 1, where, "source_labor_share", source_labor_share,
                    "lie in [0, 1]");
    detail::require_deficits(where, deficit, labor);
    if (tariff.size() != 0) {
      detail::require_by_pair(where, "tariff", tariff, n);
      detail::require_each_pair(
          where, "tariff", tariff, [](Real const& t) { return t > -1 && detail::is_finite(t); },
          "exceed -1 and be finite");
      for (Eigen::Index i = 0; i < n; ++i) {
        auto const name = "tariff(" + std::to_string(i) + ", " + std::to_string(i) + ')';
        detail::require(tariff(i, i) == 0, where, name.c_str(), tariff(i, i), "be 0 at home");
      }
    }
  }
};

}  // namespace melitz
