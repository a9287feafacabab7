// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/numerics/real.hpp>
#include <melitz/worlds/policy/economy.hpp>

#include <Eigen/Core>
#include <string>
#include <vector>

namespace melitz {

/// Firms of a sector that are gone altogether, which happens where epsilon psi = 1.
template <real Real = double>
struct policy_exit {
  Eigen::Index country = 0, sector = 0;
  Real entrant_value = detail::not_a_number<Real>;  ///< over the cost of entry, of the first that entered: at most 1
};

/// By how much the accounts of a world are open, relative to their larger sides; the largest.
template <real Real = double>
struct policy_residuals {
  Real labor = detail::not_a_number<Real>;   ///< in the country whose condition the numeraire replaces too
  Real income = detail::not_a_number<Real>;  ///< against wages, profits, revenue and deficit
  Real entry = detail::not_a_number<Real>;   ///< value against cost
  Real goods = detail::not_a_number<Real>;   ///< spending against demand of consumers and firms
  Real price = detail::not_a_number<Real>;
  Real numeraire = detail::not_a_number<Real>;
};

/// A world after a change. What ends in _hat is new over old; vectors are by country, matrices [country][sector].
/// Check `reason` (or the conversion to bool) first: unless it converged the numbers are NaN.
template <real Real = double>
struct policy_equilibrium {
  using real_type = Real;
  using vector = Eigen::VectorX<Real>;
  using matrix = Eigen::MatrixX<Real>;

  status reason = status::not_solved;
  Real residual = detail::not_a_number<Real>;  ///< the largest of `residuals`
  policy_residuals<Real> residuals{};
  int evaluations = 0;  ///< of the conditions, on the way
  Real followed{0};     ///< how much of the way from the world as it is to the change was solved, if not all: up to
                        ///< there taxes and costs, in logs, may go

  vector wage_hat{}, income_hat{}, labor_hat{};
  vector consumer_price_hat{};  ///< prod_s P_s^beta_s
  vector real_wage_hat{};       ///< wage over consumer price
  vector welfare_hat{};         ///< income over consumer price; with elastic labor supply less the disutility of labor
  vector welfare_hat_without_tax_term{};  ///< the same as it is computed in published code for the income tax cut:
                                          ///< disutility from wage and price, but not from the tax
  matrix price_hat{};                     ///< [importer][sector]
  matrix entrants_hat{};                  ///< [exporter][sector] N; 1 where entry is fixed or does not matter
  trade_array<Real> flows{};              ///< new, all taxes in
  vector labor_income{}, income{}, revenue{}, profits{}, deficit{};  ///< new, in the numeraire
  matrix spending{};                                                 ///< [importer][sector] new
  matrix sector_profits{};                                           ///< [exporter][sector] new
  std::vector<policy_exit<Real>> exits{};                            ///< sectors that lost all firms

  [[nodiscard]] explicit operator bool() const noexcept { return reason == status::converged; }
  /// Share of the importer's spending on the sector.
  [[nodiscard]] Real share(Eigen::Index i, Eigen::Index j, Eigen::Index s) const {
    return Real(flows(i, j, s) / spending(j, s));
  }
};

namespace detail {

/// That what is by country, by place (country and sector) or by pair and sector has a number for each, or none.
/// @throws domain_error
class policy_shapes {
 public:
  policy_shapes(char const* where, Eigen::Index countries, Eigen::Index sectors)
      : where_(where), n_(countries), count_(sectors) {}

  template <real Real>
  void operator()(char const* what, Eigen::VectorX<Real> const& x) const {
    if (x.size() != 0 && x.size() != n_) reject_shape(what, std::to_string(x.size()), std::to_string(n_));
  }
  template <real Real>
  void operator()(char const* what, Eigen::MatrixX<Real> const& x) const {
    if (x.size() == 0 || (x.rows() == n_ && x.cols() == count_)) return;
    reject_shape(what, std::to_string(x.rows()) + " x " + std::to_string(x.cols()),
                 std::to_string(n_) + " x " + std::to_string(count_));
  }
  template <real Real>
  void operator()(char const* what, trade_array<Real> const& x) const {
    if (x.empty() || (x.countries() == n_ && x.sectors() == count_)) return;
    reject_shape(what, std::to_string(x.countries()) + " countries and " + std::to_string(x.sectors()) + " sectors",
                 std::to_string(n_) + " and " + std::to_string(count_));
  }

 private:
  [[noreturn]] void reject_shape(char const* what, std::string const& is, std::string const& must) const {
    throw domain_error(where_, std::string("size of ") + what, is, "be that of the world, " + must + ", or none");
  }

  char const* where_;
  Eigen::Index n_, count_;
};

}  // namespace detail

/// A smooth function of results, told by its derivatives with respect to them (at the equilibrium at hand). What is
/// empty does not enter. Any of them may be given.
/// Example:  policy_objective<>{.log_welfare = Eigen::Vector3d{1, 0, 0}}  is ln of country 0's welfare.
template <real Real = double>
struct policy_objective {
  using vector = Eigen::VectorX<Real>;
  using matrix = Eigen::MatrixX<Real>;

  vector log_welfare{}, log_wage{}, log_income{}, log_labor{}, log_consumer_price{};
  vector revenue{}, deficit{};                         ///< by country, of levels in the numeraire
  matrix bundle{}, services{}, sector_profits{};       ///< [country][sector], of levels, as in policy_baseline
  matrix log_spending{}, log_price{}, log_entrants{};  ///< [country][sector]
  trade_array<Real> flows{};                           ///< of levels

  /// @throws domain_error naming what has another size than the world
  void validate(Eigen::Index countries, Eigen::Index sectors) const {
    detail::policy_shapes const check("policy_objective", countries, sectors);
    check("log_welfare", log_welfare);
    check("log_wage", log_wage);
    check("log_income", log_income);
    check("log_labor", log_labor);
    check("log_consumer_price", log_consumer_price);
    check("revenue", revenue);
    check("deficit", deficit);
    check("bundle", bundle);
    check("services", services);
    check("sector_profits", sector_profits);
    check("log_spending", log_spending);
    check("log_price", log_price);
    check("log_entrants", log_entrants);
    check("flows", flows);
  }
};

/// Derivatives with respect to all instruments of all pairs and sectors, at an equilibrium.
template <real Real = double>
struct policy_gradient {
  using matrix = Eigen::MatrixX<Real>;

  trade_array<Real> log_import_tax{};  ///< with respect to ln(1 + t)
  trade_array<Real> log_export_tax{};  ///< ln(1 + z)
  matrix log_production_tax{};         ///< ln(1 + r), [country][sector]
  trade_array<Real> log_iceberg{};     ///< ln tau
  trade_array<Real> log_fixed_cost{};  ///< ln f
};

/// A direction in which instruments move: derivatives of the same logs along it. Empty: they do not.
template <real Real = double>
struct policy_direction {
  using vector = Eigen::VectorX<Real>;
  using matrix = Eigen::MatrixX<Real>;

  trade_array<Real> log_import_tax{}, log_export_tax{};
  matrix log_production_tax{};
  trade_array<Real> log_iceberg{}, log_fixed_cost{};
  vector deficit{};  ///< of levels in the numeraire; of the closures nominal and list

  /// @throws domain_error naming what has another size than the world
  void validate(Eigen::Index countries, Eigen::Index sectors) const {
    detail::policy_shapes const check("policy_direction", countries, sectors);
    check("log_import_tax", log_import_tax);
    check("log_export_tax", log_export_tax);
    check("log_production_tax", log_production_tax);
    check("log_iceberg", log_iceberg);
    check("log_fixed_cost", log_fixed_cost);
    check("deficit", deficit);
  }
};

/// How results answer to a direction: derivatives.
template <real Real = double>
struct policy_response {
  using vector = Eigen::VectorX<Real>;
  using matrix = Eigen::MatrixX<Real>;

  vector log_wage{}, log_income{}, log_labor{}, log_consumer_price{}, log_welfare{};
  vector revenue{}, profits{};                         ///< of levels
  matrix log_price{}, log_entrants{}, log_spending{};  ///< [country][sector]
  matrix log_cost{};                                   ///< [exporter][sector], of the bundle
  matrix bundle{}, sector_profits{};                   ///< of levels
  trade_array<Real> flows{};                           ///< of levels
};

}  // namespace melitz
