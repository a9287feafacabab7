// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/countries/gravity.hpp>
#include <melitz/countries/matrices.hpp>
#include <melitz/countries/results.hpp>
#include <melitz/economy/solve_or_throw.hpp>
#include <melitz/error.hpp>
#include <melitz/models/separable_demand.hpp>
#include <melitz/numerics/members.hpp>
#include <melitz/numerics/real.hpp>

#include <Eigen/Core>
#include <cmath>
#include <string>

// Needs Eigen: CMake target melitz::world.

namespace melitz {

/// A world of consumers with additively separable demand: one factor, labour, one sector, balanced trade. Countries are
/// counted from 0.
///
/// Arkolakis, C., Costinot, A., Donaldson, D., Rodriguez-Clare, A. (2019), The Elusive Pro-Competitive Effects of
/// Trade, Review of Economic Studies 86(1), 46-80.
template <real Real = double>
struct separable_demand_economy {
  using real_type = Real;
  using options_type = wage_options;

  separable_demand<Real> demand{};
  Real shape = detail::not_a_number<Real>;    ///< theta
  Eigen::VectorX<Real> labor{};               ///< L
  Eigen::VectorX<Real> productivity_scale{};  ///< b
  Eigen::VectorX<Real> entry_cost{};          ///< f_e
  Eigen::MatrixX<Real> iceberg_cost{};        ///< tau

  static constexpr char const* name = "separable_demand";
  static constexpr char const* title =
      "Separable demand with a choke price, Arkolakis, Costinot, Donaldson and Rodriguez-Clare (2019)";
  static constexpr auto parameters() {
    using e = separable_demand_economy;
    using enum rule;
    return told::table{
        told::aside(&e::demand),
        told::parameter("shape", &e::shape, positive, "of the Pareto law of productivity", "", 5),
        told::parameter("labor", &e::labor, positive, "of each country", "workers", "[100, 60, 40]"),
        told::parameter("productivity_scale", &e::productivity_scale, positive, "of the law: the least", "productivity",
                        1),
        told::parameter("entry_cost", &e::entry_cost, positive, "paid to draw a productivity", "labor", 0.01),
        told::parameter("iceberg_cost", &e::iceberg_cost, at_least_one_or_infinite, "units shipped for one to arrive",
                        "", "[[1, 1.6, 1.9], [1.6, 1, 1.7], [1.9, 1.7, 1]]")
            .at_home(1),
    };
  }

  [[nodiscard]] Eigen::Index countries() const { return labor.size(); }

  /// @throws domain_error naming the first member that is out of range
  void validate() const { detail::check_parameters(*this); }
};

/// Its equilibrium; vectors are by country, matrices [exporter][importer]. Unless `reason` is converged the numbers are
/// NaN.
template <real Real = double>
struct separable_demand_equilibrium {
  using real_type = Real;
  using vector = Eigen::VectorX<Real>;
  using matrix = Eigen::MatrixX<Real>;

  status reason = status::not_solved;
  Real residual = detail::not_a_number<Real>;  ///< greatest gap of trade, over exports and imports
  int evaluations = 0;                         ///< readings of the matrix of trade costs
  vector wage{};                               ///< that of country 0 is 1
  vector mass_entrants{};                      ///< L/((1 + theta) f_e)
  vector price_cutoff{};                       ///< P*, the choke price
  vector utility{};                            ///< omega/chi w/P*
  matrix share{};                              ///< lambda, of the importer's spending; columns sum to 1
  matrix sales{};                              ///< in wages of country 0

  static constexpr auto results() {
    using e = separable_demand_equilibrium;
    using enum part;
    return told::table{
        told::aside(&e::reason),
        told::quantity("residual", &e::residual, solution, "of balanced trade"),
        told::quantity("evaluations", &e::evaluations, work, "of gravity"),
        told::positive("wage", &e::wage, aggregates, "numeraire", "w"),
        told::positive("mass_entrants", &e::mass_entrants, masses, "firms, ever active or not", "N"),
        told::positive("price_cutoff", &e::price_cutoff, cutoffs, "numeraire", "P*"),
        told::positive("utility", &e::utility, aggregates, "per consumer", "omega/chi w/P*"),
        told::quantity("share", &e::share, aggregates, "share of the importer's expenditure", "lambda"),
        told::quantity("sales", &e::sales, aggregates, "numeraire"),
    };
  }

  [[nodiscard]] explicit operator bool() const noexcept { return reason == status::converged; }
};

static_assert(detail::tells_every_member<separable_demand_economy<double>>() &&
              detail::tells_every_member<separable_demand_equilibrium<double>>());

/// Solves for wages: gravity, with elasticity theta,
///   w_i L_i = sum_j lambda_ij w_j L_j,   lambda_ij proportional to N_i b_i^theta (w_i tau_ij)^-theta,
///   P_j^(1+theta) = w_j/(chi sum_i N_i b_i^theta (w_i tau_ij)^-theta).
///
/// @throws domain_error naming a primitive that is out of range; a pair of countries between which even the least
///         productive firm would sell: gravity is for the case that it does not
/// @return numbers, or NaN and in `reason` why: disconnected where countries do not trade, not even through others
template <real Real>
[[nodiscard]] separable_demand_equilibrium<Real> try_solve(separable_demand_economy<Real> const& world,
                                                           wage_options const& how = {}) {
  using std::exp, std::log;
  detail::type_name<separable_demand_economy<Real>> const where;
  world.validate();
  auto const summary = separable_demand_constants(world.demand, world.shape);
  auto const n = world.countries();
  Real const theta = world.shape;
  separable_demand_equilibrium<Real> out;
  detail::forget(out, n);
  Eigen::VectorX<Real> const entrants = world.labor.cwiseQuotient((1 + theta) * world.entry_cost);
  detail::gravity_world<Real> gravity;
  gravity.access = detail::relative_access(world.iceberg_cost, Eigen::MatrixX<Real>(Eigen::MatrixX<Real>::Ones(n, n)),
                                           theta, Real(0));
  gravity.labor = world.labor;
  gravity.log_supply = detail::vector_log(entrants) + theta * detail::vector_log(world.productivity_scale);
  gravity.on_wage = theta;
  detail::gravity_solver<Real> solver(gravity);
  solver.solve(how);
  out.reason = solver.reason();
  out.evaluations = solver.evaluations();
  if (!out) return out;
  auto const& p = solver.solution();
  out.residual = p.residual;
  out.wage = p.wage / p.wage[0];
  out.mass_entrants = entrants;
  out.share = gravity.access;
  out.share.diagonal().setOnes();
  out.share = p.supply.asDiagonal() * out.share;
  out.share = (out.share * p.total.cwiseInverse().asDiagonal()).eval();
  out.sales = out.share * out.wage.cwiseProduct(world.labor).asDiagonal();
  for (Eigen::Index j = 0; j < n; ++j) {
    Real const log_supply = p.log_scale + log(p.total[j]) + theta * log(p.wage[0]);  // in wages of country 0
    out.price_cutoff[j] = exp(Real((log(out.wage[j]) - log(summary.revenue) - log_supply) / (1 + theta)));
    out.utility[j] = summary.utility / summary.revenue * out.wage[j] / out.price_cutoff[j];
    for (Eigen::Index i = 0; i < n; ++i) {
      Real const highest = out.wage[i] * world.iceberg_cost(i, j) / world.productivity_scale[i];
      detail::require(highest >= out.price_cutoff[j], where,
                      ("highest delivered cost from " + std::to_string(i) + " to " + std::to_string(j)).c_str(),
                      Real(highest / out.price_cutoff[j]),
                      "be at least 1 relative to the choke price, or the least productive firms sell too");
    }
  }
  if (!detail::representable(out)) {
    out.reason = status::out_of_range;
    detail::forget(out, n);
  }
  return out;
}

/// Welfare over that in autarky, by country: home spending to the power of what changes of real income of equal worth
/// answer to it by, lambda_jj^welfare_elasticity(), which does not depend on lambda.
/// @throws domain_error, convergence_error
template <real Real>
[[nodiscard]] Eigen::VectorX<Real> gains_from_trade(separable_demand_economy<Real> const& world,
                                                    wage_options const& how = {}) {
  Real const elasticity = separable_demand_constants(world.demand, world.shape).welfare_elasticity();
  return solve(world, how).share.diagonal().array().pow(elasticity);
}

}  // namespace melitz
