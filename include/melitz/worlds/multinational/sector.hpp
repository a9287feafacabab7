// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/countries/matrices.hpp>
#include <melitz/error.hpp>
#include <melitz/models/multinational.hpp>
#include <melitz/numerics/members.hpp>
#include <melitz/numerics/real.hpp>

#include <Eigen/Core>

namespace melitz {

/// One sector of a multinational_world_economy. Fixed costs and the cost of entry are the same everywhere unless
/// factors say how they differ.
template <real Real = double>
struct multinational_sector {
  using real_type = Real;

  Real elasticity = detail::not_a_number<Real>;            ///< sigma
  Real fixed_cost = detail::not_a_number<Real>;            ///< f_D
  Real entry_cost = detail::not_a_number<Real>;            ///< f_E, sunk
  Real death_rate = detail::not_a_number<Real>;            ///< delta
  Real export_fixed_cost = detail::not_a_number<Real>;     ///< f_X
  Real affiliate_fixed_cost = detail::not_a_number<Real>;  ///< f_I
  Real expenditure_share = detail::not_a_number<Real>;     ///< beta
  Eigen::MatrixX<Real> iceberg_cost{};                     ///< tau
  fixed_cost_covers covers = fixed_cost_covers::any_sale;

  // Where costs differ: what each is times its number above; left empty, 1 everywhere.
  Eigen::VectorX<Real> fixed_cost_factor{};            ///< of firms from each country
  Eigen::VectorX<Real> entry_cost_factor{};            ///< in each country
  Eigen::MatrixX<Real> export_fixed_cost_factor{};     ///< [exporter][importer]
  Eigen::MatrixX<Real> affiliate_fixed_cost_factor{};  ///< [origin][host]

  static constexpr char const* name = "multinational_sector";
  static constexpr auto parameters() {
    using e = multinational_sector;
    using enum rule;
    return told::table{
        told::parameter("elasticity", &e::elasticity, above_one, "of substitution between varieties", "", 4),
        told::parameter("fixed_cost", &e::fixed_cost, positive, "per period, of producing", "labor", 1),
        told::parameter("entry_cost", &e::entry_cost, positive, "paid once to draw a productivity", "labor", 20),
        told::parameter("death_rate", &e::death_rate, rate, "of firms, per period", "", 0.1),
        told::parameter("export_fixed_cost", &e::export_fixed_cost, positive_or_infinite,
                        "of exporting, per period and market", "labor", 1.5),
        told::parameter("affiliate_fixed_cost", &e::affiliate_fixed_cost, positive_or_infinite,
                        "of an affiliate, per period and market", "labor", 60),
        told::parameter("expenditure_share", &e::expenditure_share, inner_share, "of income, on this sector", "", 0.3),
        told::parameter("iceberg_cost", &e::iceberg_cost, at_least_one_or_infinite, "units shipped for one to arrive",
                        "", "[[1, 1.8, 2.1], [1.9, 1, 2], [2.1, 2, 1]]")
            .at_home(1),
        told::parameter("fixed_cost_factor", &e::fixed_cost_factor, positive, "times fixed_cost", "", 1).or_none(1),
        told::parameter("entry_cost_factor", &e::entry_cost_factor, positive, "times entry_cost", "", 1).or_none(1),
        told::parameter("export_fixed_cost_factor", &e::export_fixed_cost_factor, positive, "times export_fixed_cost",
                        "", 1)
            .or_none(1)
            .abroad(),
        told::parameter("affiliate_fixed_cost_factor", &e::affiliate_fixed_cost_factor, positive,
                        "times affiliate_fixed_cost", "", 1)
            .or_none(1)
            .abroad(),
        told::choice("covers", &e::covers, "what fixed_cost is paid for"),
    };
  }

  [[nodiscard]] Eigen::Index countries() const { return iceberg_cost.rows(); }
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
  void validate(Eigen::Index of_world) const {
    detail::require_extent(detail::type_name<multinational_sector>{}, "iceberg_cost", iceberg_cost, of_world);
    detail::check_parameters(*this);
  }

 private:
  template <class Factors>
  [[nodiscard]] static Real factor(Factors const& factors, Eigen::Index row, Eigen::Index column) {
    return factors.size() == 0 ? Real(1) : factors(row, column);
  }
};

/// Equilibrium of one sector; vectors are by country, matrices [origin][market], their diagonals 0 for flows and shares
/// and infinite for cutoffs. A choice that no firm would make, however productive or not, has an infinite cutoff.
template <real Real = double>
struct multinational_sector_equilibrium {
  using real_type = Real;
  using vector = Eigen::VectorX<Real>;
  using matrix = Eigen::MatrixX<Real>;

  status reason = status::not_solved;
  Real residual = detail::not_a_number<Real>;  ///< of free entry, what each market buys and the sector's labour
  int evaluations = 0;                         ///< Newton steps

  vector demand{};                  ///< A
  vector profit_over_entry_cost{};  ///< 1, or less where nobody enters
  vector mass_entrants{};           ///< alive, that drew their productivity in the country; 0 where entry does not pay
  vector mass_producers{};
  vector mass_varieties{};       ///< sold in the country, by anybody from anywhere
  vector price_index{};          ///< P
  vector cutoff{};               ///< phi_D, of producing
  vector home_cutoff{};          ///< least productivity of who sells at home
  matrix export_cutoff{};        ///< phi_X
  matrix affiliate_cutoff{};     ///< phi_I
  matrix share_exporting{};      ///< of producers at the origin
  matrix share_multinational{};  ///< of producers at the origin, those with an affiliate in the market
  vector domestic_sales{};
  vector domestic_share{};  ///< of what consumers spend, on varieties of home firms
  matrix exports{};
  matrix trade_elasticity{};  ///< of exports, at given demand, what affiliates take over included; NaN without
  matrix affiliate_sales{};   ///< made where they are sold
  vector sector_labor{};      ///< employed by the sector in the country, foreigners' affiliates included

  static constexpr auto results() {
    using e = multinational_sector_equilibrium;
    using enum part;
    constexpr char const *phi = "productivity", *wages = "wages", *of_producers = "share of producers";
    return told::table{
        told::aside(&e::reason),
        told::quantity("residual", &e::residual, solution, "the largest"),
        told::quantity("evaluations", &e::evaluations, work, "of entry"),
        told::quantity("cutoff", &e::cutoff, cutoffs, phi, "phi_D"),
        told::quantity("home_cutoff", &e::home_cutoff, cutoffs, phi),
        told::quantity("export_cutoff", &e::export_cutoff, cutoffs, phi, "phi_X"),
        told::quantity("affiliate_cutoff", &e::affiliate_cutoff, cutoffs, phi, "phi_I"),
        told::quantity("share_exporting", &e::share_exporting, averages, of_producers),
        told::quantity("share_multinational", &e::share_multinational, averages, of_producers),
        told::quantity("mass_entrants", &e::mass_entrants, masses, "firms, ever active or not"),
        told::quantity("mass_producers", &e::mass_producers, masses, "firms"),
        told::quantity("mass_varieties", &e::mass_varieties, masses, "varieties consumed"),
        told::quantity("profit_over_entry_cost", &e::profit_over_entry_cost, masses, "below 1: nobody enters"),
        told::quantity("domestic_sales", &e::domestic_sales, aggregates, wages),
        told::quantity("domestic_share", &e::domestic_share, aggregates, "share of spending"),
        told::quantity("exports", &e::exports, aggregates, wages),
        told::quantity("affiliate_sales", &e::affiliate_sales, aggregates, wages),
        told::positive("demand", &e::demand, work, "operating profit at size 1", "A"),
        told::positive("price_index", &e::price_index, aggregates, wages, "P"),
        told::quantity("sector_labor", &e::sector_labor, labor_uses, "workers"),
        told::quantity("trade_elasticity", &e::trade_elasticity, elasticities, "of exports to iceberg cost, minus"),
    };
  }

  [[nodiscard]] explicit operator bool() const noexcept { return reason == status::converged; }
  /// Exports over what affiliates sell; infinite without affiliates, NaN if neither sells.
  [[nodiscard]] Real exports_over_affiliate_sales(Eigen::Index from, Eigen::Index to) const {
    return Real(exports(from, to) / affiliate_sales(from, to));
  }
};

static_assert(detail::tells_every_member<multinational_sector<double>>() &&
              detail::tells_every_member<multinational_sector_equilibrium<double>>());

}  // namespace melitz
