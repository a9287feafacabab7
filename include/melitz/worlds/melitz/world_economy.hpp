// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/countries/matrices.hpp>
#include <melitz/countries/options.hpp>
#include <melitz/economy/primitives.hpp>
#include <melitz/numerics/real.hpp>
#include <melitz/worlds/melitz/tariff.hpp>

#include <Eigen/Core>

namespace melitz {

/// Many different countries, each with one sector of heterogeneous firms, that trade with one another, with wages that
/// clear the labour markets. Countries are counted from 0; vectors are by country, matrices [exporter][importer]. The
/// numeraire is the wage of country 0.
///
/// Sources: M. J. Melitz (2003), "The Impact of Trade on Intra-Industry Reallocations and Aggregate Industry
/// Productivity", Econometrica 71(6), 1695-1725; with many countries as in M. J. Melitz and S. J. Redding (2014),
/// "Heterogeneous Firms and Trade", Handbook of International Economics 4, 1-54.
///
/// Fixed costs are paid for each market, the home market among them; there is no other overhead.
template <real Real = double>
struct world_economy {
  using real_type = Real;
  using options_type = world_options;
  using vector = Eigen::VectorX<Real>;
  using matrix = Eigen::MatrixX<Real>;

  Real elasticity = detail::not_a_number<Real>;  ///< sigma > 1
  Real death_rate{1};                            ///< delta in (0, 1]; 1 is the static model
  vector labor{};                                ///< L_i > 0
  vector entry_cost{};                           ///< f_e,i > 0
  matrix iceberg_cost{};                         ///< tau_ij > 0, 1 at home; infinite: no trade; usually at least 1
  matrix fixed_cost{};                           ///< f_ij > 0; infinite abroad: no trade
  Real source_labor_share{1};  ///< a in [0, 1]: f_ij costs w_i^a w_j^(1-a) per unit, labour of both countries

  vector deficit{};  ///< D_j; they sum to 0
  matrix tariff{};   ///< t_ij > -1, 0 at home; consumers get the revenue
  tariff_base tariff_on = tariff_base::delivered_price;

  static constexpr char const* name = "world";
  static constexpr char const* title =
      "Different countries with wages of their own, Melitz (2003) as in Melitz and Redding (2014)";
  static constexpr auto parameters() {
    using e = world_economy;
    return told::table{
        told::parameter("labor", &e::labor, rule::positive, "of each country", "workers", "[100, 60, 40]"),
        told::parameter("elasticity", &e::elasticity, rule::above_one, "of substitution between varieties", "", 4),
        told::parameter("entry_cost", &e::entry_cost, rule::positive, "paid once to draw a productivity", "labor", 2),
        told::parameter("death_rate", &e::death_rate, rule::rate, "of firms, per period", "", 0.05),
        told::parameter("iceberg_cost", &e::iceberg_cost, rule::positive_or_infinite,
                        "units shipped for one to arrive; usually at least 1", "",
                        "[[1, 1.6, 1.9], [1.6, 1, 1.7], [1.9, 1.7, 1]]")
            .at_home(1),
        told::parameter("fixed_cost", &e::fixed_cost, rule::positive_or_infinite, "of serving a market, per period",
                        "labor", "[[1, 1.3, 1.3], [1.3, 1, 1.3], [1.3, 1.3, 1]]"),
        told::parameter("source_labor_share", &e::source_labor_share, rule::share,
                        "of fixed costs, paid to the exporter's workers", "", 1),
        told::parameter("deficit", &e::deficit, rule::finite, "spending above income; they sum to 0", "numeraire", 0)
            .or_none(),
        told::parameter("tariff", &e::tariff, rule::above_minus_one, "ad valorem", "", 0).at_home(0).or_none(),
        told::choice("tariff_on", &e::tariff_on, "what the tariff is a share of"),
    };
  }

  [[nodiscard]] Eigen::Index countries() const { return labor.size(); }
  [[nodiscard]] Real size_exponent() const { return Real(elasticity - 1); }
  /// Expected profit per period and draw that pays for entry, delta f_e, in labour of the country.
  [[nodiscard]] Real required_profit(Eigen::Index country) const { return Real(death_rate * entry_cost[country]); }
  /// What tariffs do to what i sells in j.
  [[nodiscard]] detail::tariff_split<Real> split(Eigen::Index i, Eigen::Index j) const {
    return {tariff_on, elasticity, tariff.size() == 0 ? Real(0) : tariff(i, j)};
  }

  /// A country by itself, without trade. @pre valid
  [[nodiscard]] closed_economy<Real> autarky(Eigen::Index country) const {
    return {elasticity, fixed_cost(country, country), entry_cost[country], death_rate, labor[country]};
  }

  /// @throws domain_error naming the first member that is out of range, with row and column
  void validate() const {
    detail::check_parameters(*this);
    detail::require_sum_of_zero(detail::type_name<world_economy>{}, deficit, labor);
  }
};

static_assert(detail::tells_every_member<world_economy<double>>());

}  // namespace melitz
