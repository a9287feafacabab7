// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/countries/matrices.hpp>
#include <melitz/error.hpp>
#include <melitz/models/multinational.hpp>
#include <melitz/numerics/real.hpp>

#include <Eigen/Core>

namespace melitz {

/// One sector of a multinational_world. Fixed costs and the cost of entry are the same everywhere unless factors say
/// how they differ.
template <real Real = double>
struct multinational_sector {
  using real_type = Real;

  Real elasticity = detail::not_a_number<Real>;            ///< sigma > 1, of substitution between varieties
  Real fixed_cost = detail::not_a_number<Real>;            ///< f_D > 0, per period, in labour
  Real entry_cost = detail::not_a_number<Real>;            ///< f_E > 0, sunk, in labour
  Real death_rate = detail::not_a_number<Real>;            ///< delta in (0, 1], per period
  Real export_fixed_cost = detail::not_a_number<Real>;     ///< f_X > 0, per period and market; may be infinite
  Real affiliate_fixed_cost = detail::not_a_number<Real>;  ///< f_I > 0, per period and market; may be infinite
  Real expenditure_share = detail::not_a_number<Real>;     ///< beta in (0, 1), of income
  Eigen::MatrixX<Real> iceberg_cost{};                     ///< tau(from, to) >= 1, 1 at home; may be infinite
  fixed_cost_covers covers = fixed_cost_covers::any_sale;  ///< what fixed_cost is paid for

  // Where costs differ: what each is times its number above, > 0; left empty, 1 everywhere.
  Eigen::VectorX<Real> fixed_cost_factor{};            ///< of firms from each country
  Eigen::VectorX<Real> entry_cost_factor{};            ///< in each country
  Eigen::MatrixX<Real> export_fixed_cost_factor{};     ///< (from, to); what stands on the diagonal is not used
  Eigen::MatrixX<Real> affiliate_fixed_cost_factor{};  ///< (from, to); what stands on the diagonal is not used

  [[nodiscard]] Real size_exponent() const { return Real(elasticity - 1); }
  /// Expected profit per period and draw that pays for entry, where its factor is 1.
  [[nodiscard]] Real required_profit() const { return Real(death_rate * entry_cost); }

  /// The costs in a country, or between two of them. @pre valid
  [[nodiscard]] Real required_profit_in(Eigen::Index country) const {
    return Real(required_profit() * factor(entry_cost_factor, country, 0));
  }
  [[nodiscard]] Real fixed_cost_of(Eigen::Index from) const {
    return Real(fixed_cost * factor(fixed_cost_factor, from, 0));
  }
  [[nodiscard]] Real export_fixed_cost_of(Eigen::Index from, Eigen::Index to) const {
    return Real(export_fixed_cost * factor(export_fixed_cost_factor, from, to));
  }
  [[nodiscard]] Real affiliate_fixed_cost_of(Eigen::Index from, Eigen::Index to) const {
    return Real(affiliate_fixed_cost * factor(affiliate_fixed_cost_factor, from, to));
  }

  /// The same sector where all foreign markets are as far away as they are on average, and all countries as large.
  /// @pre the iceberg costs are square
  [[nodiscard]] multinational_economy<Real> symmetric(Real const& labor) const {
    auto const n = iceberg_cost.rows();
    Real const mean =
        n > 1 ? Real((iceberg_cost.sum() - iceberg_cost.trace()) / static_cast<double>(n * (n - 1))) : Real(1);
    return {{{elasticity, fixed_cost, entry_cost, death_rate, labor},
             Real(static_cast<double>(n - 1)),
             mean,
             export_fixed_cost},
            affiliate_fixed_cost,
            expenditure_share,
            covers};
  }

  /// @throws domain_error naming the first member that is out of range
  void validate(Eigen::Index countries) const {
    detail::require_iceberg_costs("multinational_sector", "iceberg_cost", iceberg_cost, countries);
    validate_factors("fixed_cost_factor", fixed_cost_factor, countries);
    validate_factors("entry_cost_factor", entry_cost_factor, countries);
    validate_factors("export_fixed_cost_factor", export_fixed_cost_factor, countries);
    validate_factors("affiliate_fixed_cost_factor", affiliate_fixed_cost_factor, countries);
    symmetric(Real(1)).validate();
  }

 private:
  template <class Factors>
  [[nodiscard]] static Real factor(Factors const& factors, Eigen::Index row, Eigen::Index column) {
    return factors.size() == 0 ? Real(1) : factors(row, column);
  }
  template <class Factors>
  static void validate_factors(char const* what, Factors const& factors, Eigen::Index countries) {
    char const* const where = "multinational_sector";
    if (factors.size() == 0) return;
    if constexpr (Factors::IsVectorAtCompileTime) {
      detail::require_positive_by_country(where, what, factors, countries);
    } else {
      detail::require_by_pair(where, what, factors, countries);
      detail::require_each_pair(
          where, what, factors, [](Real const& x) { return x > 0 && detail::is_finite(x); }, "be positive and finite",
          detail::pairs::foreign);
    }
  }
};

/// Equilibrium of one sector; vectors are by country, matrices (from, to), their diagonals 0 for flows and shares and
/// infinite for cutoffs. A choice that no firm would make, however productive or not, has an infinite cutoff.
template <real Real = double>
struct multinational_sector_equilibrium {
  using real_type = Real;
  using vector = Eigen::VectorX<Real>;
  using matrix = Eigen::MatrixX<Real>;

  status reason = status::not_solved;
  Real residual =
      detail::not_a_number<Real>;  ///< of free entry, what each market buys and the sector's labour, the largest
  int iterations = 0;              ///< Newton steps

  vector demand{};                  ///< A
  vector profit_over_entry_cost{};  ///< 1, or less where nobody enters
  vector mass_entrants{};           ///< alive, that drew their productivity in the country; 0 where entry does not pay
  vector mass_producers{};
  vector price_index{};          ///< P
  vector cutoff{};               ///< phi_D, of producing
  vector home_cutoff{};          ///< least productivity of who sells at home
  matrix export_cutoff{};        ///< phi_X
  matrix affiliate_cutoff{};     ///< phi_I
  matrix share_exporting{};      ///< of producers at the origin
  matrix share_multinational{};  ///< of producers at the origin, those with an affiliate in the market
  vector domestic_sales{};       ///< in wages
  matrix export_sales{};         ///< in wages
  matrix affiliate_sales{};      ///< in wages; made where they are sold
  vector labor{};                ///< employed by the sector in the country, foreigners' affiliates included

  multinational_sector_equilibrium() = default;
  /// All numbers NaN, for that many countries.
  multinational_sector_equilibrium(status why, Eigen::Index countries) : reason(why) {
    Real const none = detail::not_a_number<Real>;
    for (vector multinational_sector_equilibrium::*v :
         {&multinational_sector_equilibrium::demand, &multinational_sector_equilibrium::profit_over_entry_cost,
          &multinational_sector_equilibrium::mass_entrants, &multinational_sector_equilibrium::mass_producers,
          &multinational_sector_equilibrium::price_index, &multinational_sector_equilibrium::cutoff,
          &multinational_sector_equilibrium::home_cutoff, &multinational_sector_equilibrium::domestic_sales,
          &multinational_sector_equilibrium::labor}) {
      (this->*v).setConstant(countries, none);
    }
    for (matrix multinational_sector_equilibrium::*m :
         {&multinational_sector_equilibrium::export_cutoff, &multinational_sector_equilibrium::affiliate_cutoff,
          &multinational_sector_equilibrium::share_exporting, &multinational_sector_equilibrium::share_multinational,
          &multinational_sector_equilibrium::export_sales, &multinational_sector_equilibrium::affiliate_sales}) {
      (this->*m).setConstant(countries, countries, none);
    }
  }

  [[nodiscard]] explicit operator bool() const noexcept { return reason == status::converged; }
  /// Exports over what affiliates sell; infinite without affiliates, NaN if neither sells.
  [[nodiscard]] Real exports_over_affiliate_sales(Eigen::Index from, Eigen::Index to) const {
    return Real(export_sales(from, to) / affiliate_sales(from, to));
  }
};

}  // namespace melitz
