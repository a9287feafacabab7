// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/countries/matrices.hpp>
#include <melitz/error.hpp>
#include <melitz/numerics/members.hpp>
#include <melitz/numerics/real.hpp>

#include <Eigen/Core>

namespace melitz {

/// How to solve a comparative_advantage_economy.
struct comparative_advantage_options {
  int max_evaluations = 2000;  ///< of the conditions, at most
};

/// Two countries, two industries, two factors: skilled and unskilled labor, of which countries have different amounts
/// and industries use different shares; in each industry firms as in Melitz (2003). Countries and industries are
/// counted from 0; vectors are by country or by industry, matrices [industry][country]. All costs of an industry are
/// paid in its own bundle of factors, which costs c = w_S^beta w_L^(1-beta). The numeraire is unskilled labor of
/// country 0.
///
/// Source: A. B. Bernard, S. J. Redding and P. K. Schott (2007), "Comparative Advantage and Heterogeneous Firms",
/// Review of Economic Studies 74(1), 31-66. There costs and laws are the same everywhere but for transport between
/// industries.
template <real Real = double>
struct comparative_advantage_economy {
  using real_type = Real;
  using options_type = comparative_advantage_options;
  using vector = Eigen::VectorX<Real>;
  using matrix = Eigen::MatrixX<Real>;

  Real elasticity = detail::not_a_number<Real>;         ///< sigma > 1
  Real death_rate{1};                                   ///< delta in (0, 1]; 1 is the static model
  vector skilled_labor{};                               ///< S_k > 0
  vector unskilled_labor{};                             ///< L_k > 0
  Real expenditure_share = detail::not_a_number<Real>;  ///< alpha in (0, 1), of income, on industry 0
  vector skill_intensity{};    ///< beta_i in (0, 1), by industry: the share of skilled labor in costs; they differ
  matrix fixed_cost{};         ///< f_ik > 0
  matrix entry_cost{};         ///< f_e,ik > 0
  matrix export_fixed_cost{};  ///< f_x,ik >= 0, paid by exporters on top of f
  matrix iceberg_cost{};       ///< tau_ik >= 1, of k's exports; infinite: none

  static constexpr char const* name = "comparative_advantage";
  static constexpr char const* title = "Two industries and two factors, Bernard, Redding and Schott (2007)";
  static constexpr char const* example_law = R"({"family": "pareto", "scale": 0.2, "shape": 3.4})";
  static constexpr auto parameters() {
    using e = comparative_advantage_economy;
    using by = told::by;
    return told::table{
        told::parameter("skilled_labor", &e::skilled_labor, rule::positive, "of each country", "workers",
                        "[1200, 1000]"),
        told::parameter("unskilled_labor", &e::unskilled_labor, rule::positive, "of each country", "workers",
                        "[1000, 1200]"),
        told::parameter("elasticity", &e::elasticity, rule::above_one, "of substitution between varieties", "", 3.8),
        told::parameter("expenditure_share", &e::expenditure_share, rule::inner_share,
                        "of income, on industry 0; the rest is spent on industry 1", "", 0.5),
        told::parameter("skill_intensity", &e::skill_intensity, rule::inner_share, "share of skilled labor in costs",
                        "", "[0.6, 0.4]")
            .indexed(by::industry),
        told::parameter("fixed_cost", &e::fixed_cost, rule::positive, "of producing, per period", "bundles",
                        "[[0.1, 0.1], [0.1, 0.1]]")
            .indexed(by::industry, by::country),
        told::parameter("entry_cost", &e::entry_cost, rule::positive, "paid once to draw a productivity", "bundles",
                        "[[2, 2], [2, 2]]")
            .indexed(by::industry, by::country),
        told::parameter("death_rate", &e::death_rate, rule::rate, "of firms, per period", "", 0.025),
        told::parameter("export_fixed_cost", &e::export_fixed_cost, rule::at_least_zero, "of exporting, per period",
                        "bundles", "[[0.1, 0.1], [0.1, 0.1]]")
            .indexed(by::industry, by::country),
        told::parameter("iceberg_cost", &e::iceberg_cost, rule::at_least_one_or_infinite,
                        "units shipped for one to arrive, of the exporter", "", "[[1.4, 1.4], [1.4, 1.4]]")
            .indexed(by::industry, by::country),
    };
  }

  [[nodiscard]] Eigen::Index countries() const { return skilled_labor.size(); }
  [[nodiscard]] Eigen::Index industries() const { return skill_intensity.size(); }
  /// The share of income that is spent on an industry.
  [[nodiscard]] Real spending_share(Eigen::Index industry) const {
    return industry == 0 ? expenditure_share : Real(1 - expenditure_share);
  }
  [[nodiscard]] Real size_exponent() const { return Real(elasticity - 1); }
  /// Expected profit per period and draw that pays for entry, delta f_e, in bundles.
  [[nodiscard]] Real required_profit(Eigen::Index industry, Eigen::Index country) const {
    return Real(death_rate * entry_cost(industry, country));
  }
  /// The share of a factor in an industry's costs: 0 for skilled labor, 1 for unskilled.
  [[nodiscard]] Real factor_share(Eigen::Index factor, Eigen::Index industry) const {
    return factor == 0 ? skill_intensity[industry] : Real(1 - skill_intensity[industry]);
  }
  /// What a country has of a factor.
  [[nodiscard]] Real endowment(Eigen::Index factor, Eigen::Index country) const {
    return factor == 0 ? skilled_labor[country] : unskilled_labor[country];
  }
  /// The same countries without trade.
  [[nodiscard]] comparative_advantage_economy autarky() const {
    auto out = *this;
    out.iceberg_cost.setConstant(detail::infinity<Real>);
    return out;
  }

  /// Without the derivatives that numbers may carry.
  [[nodiscard]] comparative_advantage_economy<detail::value_t<Real>> values() const {
    comparative_advantage_economy<detail::value_t<Real>> out;
    auto const copy = [](auto const& from, auto& to) {
      to.resize(from.rows(), from.cols());
      for (Eigen::Index k = 0; k < from.size(); ++k) to.data()[k] = detail::values_of(from.data()[k]);
    };
    out.elasticity = detail::values_of(elasticity);
    out.expenditure_share = detail::values_of(expenditure_share);
    out.death_rate = detail::values_of(death_rate);
    copy(skilled_labor, out.skilled_labor);
    copy(unskilled_labor, out.unskilled_labor);
    copy(skill_intensity, out.skill_intensity);
    copy(fixed_cost, out.fixed_cost);
    copy(entry_cost, out.entry_cost);
    copy(export_fixed_cost, out.export_fixed_cost);
    copy(iceberg_cost, out.iceberg_cost);
    return out;
  }

  /// @throws domain_error naming the first member that is out of range, with industry and country
  void validate() const {
    detail::type_name<comparative_advantage_economy> const where;
    detail::require(countries() == 2, where, "number of countries", static_cast<double>(countries()), "be 2");
    detail::require(industries() == 2, where, "number of industries", static_cast<double>(industries()), "be 2");
    detail::check_parameters(*this);
    detail::require(skill_intensity[0] != skill_intensity[1], where, "skill_intensity(1)", skill_intensity[1],
                    "differ from skill_intensity(0), or there is no comparative advantage");
  }
};

static_assert(detail::tells_every_member<comparative_advantage_economy<double>>());

}  // namespace melitz
