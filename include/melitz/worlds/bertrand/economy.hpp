// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/countries/matrices.hpp>
#include <melitz/error.hpp>
#include <melitz/numerics/gamma.hpp>
#include <melitz/numerics/members.hpp>
#include <melitz/numerics/real.hpp>

#include <boost/math/constants/constants.hpp>

#include <Eigen/Core>
#include <cmath>
#include <cstdint>
#include <string>

namespace melitz {

/// How to solve a bertrand_economy.
struct bertrand_options {
  int max_evaluations = 500;  ///< readings of the matrix of trade costs, at most

  // Where plants of more than bertrand_exact_countries are asked for, which are simulated.
  std::uint64_t goods = 0;  ///< how many; 0 for 100,000, or fewer where that would take more than some seconds
  std::uint64_t seed = 1;   ///< another one for other goods
  int threads = 1;          ///< at most, none of which changes a number; 0 for as many as there are processors
};

/// Up to here plants are told exactly, at a cost that doubles with each country; beyond, they are simulated.
inline constexpr Eigen::Index bertrand_exact_countries = 15;

/// Markups of all goods, whoever sells them wherever: Pareto, up to that of a monopoly.
///
/// Of a seller's two best efficiencies and its rivals' only the ratio of the second-lowest cost to the lowest says what
/// the markup is, and Pr(C_2/C_1 >= m) = m^-theta whatever C_2 is.
template <real Real>
struct bertrand_markups {
  Real elasticity;  ///< sigma > 0
  Real shape;       ///< theta > sigma - 1

  /// s = (sigma - 1)/theta: sales go with the power -s of what the least of exponential numbers is.
  [[nodiscard]] Real sales_exponent() const { return Real((elasticity - 1) / shape); }
  /// Of the monopoly's markup sigma/(sigma - 1); infinite where demand is inelastic.
  [[nodiscard]] Real log_highest() const {
    using std::log1p;
    return elasticity > 1 ? Real(log1p(Real(1 / (elasticity - 1)))) : detail::infinity<Real>;
  }
  /// Of goods with that markup.
  [[nodiscard]] Real capped_share() const {
    using std::exp;
    return elasticity > 1 ? Real(exp(Real(-shape * log_highest()))) : Real(0);
  }
  [[nodiscard]] Real average_log() const { return Real((1 - capped_share()) / shape); }
  /// Price over variable cost, over all goods; infinite where demand and shape are at most 1. Weighted by costs it is
  /// (1 + theta)/theta in every market.
  [[nodiscard]] Real average() const {
    using std::expm1;
    Real const power = 1 - shape, top = log_highest();
    if (!detail::is_finite(top)) return power < 0 ? Real(1 - 1 / power) : detail::infinity<Real>;
    return Real(1 + (power == 0 ? top : Real(expm1(Real(power * top)) / power)));
  }
  /// ln of P Phi^(1/theta), Phi what costs are low by: P^(1-sigma) = Phi^s Gamma(1 - s) (1 - s + s capped_share).
  [[nodiscard]] Real log_price_constant() const {
    using std::log1p;
    Real const s = sales_exponent();
    if (s == 0) {  // its limit, and slope
      using value = detail::value_t<Real>;
      Real const euler(boost::math::constants::euler<value>()), zeta(boost::math::constants::pi_sqr_div_six<value>());
      return Real((1 - euler - (zeta - 1) / 2 * s) / shape);
    }
    Real const logs = detail::log_gamma_of_one_plus(Real(-s)) + log1p(Real(-s * (1 - capped_share())));
    return Real(-logs / (s * shape));
  }
};

/// Many different countries whose producers of each good compete in prices: the one with the lowest cost of serving a
/// market has it, at a price that keeps the second out. Countries are counted from 0; vectors are by country, matrices
/// [exporter][importer]. The numeraire is the wage of country 0.
///
/// Source: A. B. Bernard, J. Eaton, J. B. Jensen and S. Kortum (2003), "Plants and Productivity in International
/// Trade", American Economic Review 93(4), 1268-1290.
///
/// Of each good on [0, 1] country k has a best and a second-best efficiency (E_1/T_k)^(-1/theta) and
/// ((E_1 + E_2)/T_k)^(-1/theta), E_1 and E_2 exponential. Costs are those of a bundle of labor and of goods.
template <real Real = double>
struct bertrand_economy {
  using real_type = Real;
  using options_type = bertrand_options;
  using vector = Eigen::VectorX<Real>;
  using matrix = Eigen::MatrixX<Real>;

  Real elasticity = detail::not_a_number<Real>;  ///< sigma > 0
  Real shape = detail::not_a_number<Real>;       ///< theta > sigma - 1
  vector labor{};                                ///< L_i > 0
  vector technology{};                           ///< T_i > 0
  matrix iceberg_cost{};                         ///< d_ij >= 1, 1 at home; infinite: no trade
  Real labor_share{1};                           ///< beta in (0, 1]: a bundle costs w^beta P^(1-beta)

  static constexpr char const* name = "bertrand";
  static constexpr char const* title = "Competition in prices, Bernard, Eaton, Jensen and Kortum (2003)";
  static constexpr auto parameters() {
    using e = bertrand_economy;
    return told::table{
        told::parameter("labor", &e::labor, rule::positive, "of each country", "workers", "[100, 60, 40]"),
        told::parameter("elasticity", &e::elasticity, rule::positive, "of substitution between varieties", "", 3.79),
        told::parameter("shape", &e::shape, rule::positive, "of the laws of efficiency; above elasticity - 1", "", 3.6),
        told::parameter("technology", &e::technology, rule::positive, "level of each country's efficiencies", "",
                        "[1, 0.8, 1.2]"),
        told::parameter("iceberg_cost", &e::iceberg_cost, rule::at_least_one_or_infinite,
                        "units shipped for one to arrive", "", "[[1, 1.6, 1.9], [1.7, 1, 1.8], [1.9, 1.7, 1]]")
            .at_home(1),
        told::parameter("labor_share", &e::labor_share, rule::rate, "of costs; the rest is spent on goods", "", 0.5),
    };
  }

  [[nodiscard]] Eigen::Index countries() const { return labor.size(); }
  [[nodiscard]] bertrand_markups<Real> markups() const { return {elasticity, shape}; }
  /// By which power of the home share a country gains: beta theta.
  [[nodiscard]] Real gains_exponent() const { return Real(labor_share * shape); }
  /// Of sales, everywhere and in every country.
  [[nodiscard]] Real profit_share() const { return Real(1 / (1 + shape)); }
  /// Sales of a country's producers over its wages.
  [[nodiscard]] Real sales_per_wage() const { return Real((1 + shape) / gains_exponent()); }
  /// What consumers of a country have, wages and profits, over wages.
  [[nodiscard]] Real income_per_wage() const { return Real(1 + 1 / gains_exponent()); }

  /// @throws domain_error naming the first member that is out of range, with row and column
  void validate() const {
    detail::type_name<bertrand_economy> const where;
    detail::check_parameters(*this);
    if (!(shape > elasticity - 1)) {
      throw domain_error(where, "shape", to_text(static_cast<double>(shape)),
                         "exceed " + to_text(static_cast<double>(elasticity - 1)) +
                             ", elasticity - 1, or what is spent on the cheapest goods is infinite");
    }
  }
};

static_assert(detail::tells_every_member<bertrand_economy<double>>());

}  // namespace melitz
