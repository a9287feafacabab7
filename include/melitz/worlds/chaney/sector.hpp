// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/countries/matrices.hpp>
#include <melitz/countries/results.hpp>
#include <melitz/error.hpp>
#include <melitz/numerics/members.hpp>
#include <melitz/numerics/real.hpp>

#include <Eigen/Core>

// Needs Eigen: CMake target melitz::world.

namespace melitz {

/// One sector of a chaney_economy.
template <real Real = double>
struct chaney_sector {
  using real_type = Real;

  Real elasticity = detail::not_a_number<Real>;         ///< sigma
  Real expenditure_share = detail::not_a_number<Real>;  ///< mu
  Real entrants_per_labor_income = Real(1);             ///< xi: a country has xi w_i L_i entrants, whatever they earn
  Eigen::MatrixX<Real> iceberg_cost{};                  ///< tau
  Eigen::MatrixX<Real> fixed_cost{};                    ///< f

  static constexpr char const* name = "chaney_sector";
  static constexpr auto parameters() {
    using e = chaney_sector;
    return told::table{
        told::parameter("elasticity", &e::elasticity, rule::above_one, "of substitution between varieties", "", 4),
        told::parameter("expenditure_share", &e::expenditure_share, rule::inner_share, "of income, on this sector", "",
                        0.3),
        told::parameter("entrants_per_labor_income", &e::entrants_per_labor_income, rule::positive,
                        "per unit of the outside good", "firms", 0.1),
        told::parameter("iceberg_cost", &e::iceberg_cost, rule::at_least_one_or_infinite,
                        "units shipped for one to arrive", "", "[[1, 1.6, 1.9], [1.6, 1, 1.7], [1.9, 1.7, 1]]")
            .at_home(1),
        told::parameter("fixed_cost", &e::fixed_cost, rule::positive_or_infinite, "of serving a market", "outside good",
                        1.3),
    };
  }

  [[nodiscard]] Real size_exponent() const { return Real(elasticity - 1); }
  [[nodiscard]] Eigen::Index countries() const { return iceberg_cost.rows(); }

  /// @throws domain_error naming the first member that is out of range
  void validate(Eigen::Index of_world) const {
    detail::require_extent(detail::type_name<chaney_sector>{}, "iceberg_cost", iceberg_cost, of_world);
    detail::check_parameters(*this);
  }
};

/// Equilibrium of one sector; vectors are by country, matrices [exporter][importer]. Values are in the outside good.
/// Cutoffs are infinite where nobody sells.
template <real Real = double>
struct chaney_sector_equilibrium : world_markets<Real> {
  using real_type = Real;
  using vector = Eigen::VectorX<Real>;
  using matrix = Eigen::MatrixX<Real>;

  vector price_index{};       ///< P
  vector remoteness{};        ///< theta of a country, under one Pareto shape in all countries; otherwise NaN
  vector profits{};           ///< of the firms of a country, net of fixed costs
  vector fixed_costs{};       ///< that the firms of a country pay
  matrix trade_elasticity{};  ///< at given price index: sigma - 1 + hazard of the moment
  matrix firms_elasticity{};  ///< -dln mass_sellers/dln iceberg cost, the same: hazard of the law at the cutoff
  vector marginal_share{};    ///< of firms exactly at the cutoff, those that sell: 1 unless the law has an atom there

  static constexpr auto results() {
    using e = chaney_sector_equilibrium;
    using enum part;
    constexpr char const* outside = "outside good";
    return told::table{
        told::positive("price_index", &e::price_index, aggregates, outside, "P"),
        told::quantity("remoteness", &e::remoteness, averages, "under one Pareto shape", "theta"),
        told::quantity("profits", &e::profits, aggregates, outside),
        told::quantity("fixed_costs", &e::fixed_costs, aggregates, outside),
        told::quantity("marginal_share", &e::marginal_share, masses, "of firms at the cutoff, those that sell"),
        told::base<world_markets<Real>>(),
        told::quantity("trade_elasticity", &e::trade_elasticity, elasticities, "of sales to iceberg cost, minus"),
        told::quantity("firms_elasticity", &e::firms_elasticity, elasticities, "of mass_sellers to it, minus"),
    };
  }
};

static_assert(detail::tells_every_member<chaney_sector<double>>() &&
              detail::tells_every_member<chaney_sector_equilibrium<double>>());

}  // namespace melitz
