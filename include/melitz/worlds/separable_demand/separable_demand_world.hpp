// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/countries/gravity.hpp>
#include <melitz/countries/matrices.hpp>
#include <melitz/error.hpp>
#include <melitz/models/separable_demand.hpp>
#include <melitz/numerics/real.hpp>

#include <Eigen/Core>
#include <cmath>
#include <string>

// Needs Eigen: CMake target melitz::world.

namespace melitz {

/// A world of consumers with separable demand: one factor, labour, one sector, balanced trade. Countries are counted
/// from 0.
template <real Real = double>
struct separable_demand_world {
  using real_type = Real;

  separable_demand<Real> demand{};
  Real shape = detail::not_a_number<Real>;    ///< theta > 0, of the Pareto law of productivity
  Eigen::VectorX<Real> labor{};               ///< L > 0, by country
  Eigen::VectorX<Real> productivity_scale{};  ///< b > 0, least productivity, by country
  Eigen::VectorX<Real> entry_cost{};          ///< f_e > 0, in labour, by country
  Eigen::MatrixX<Real> iceberg_cost{};        ///< tau(from, to) >= 1, 1 at home; infinite: no trade

  /// @throws domain_error naming the first member that is out of range
  void validate() const {
    char const* const where = "separable_demand_world";
    detail::require(labor.size() > 0, where, "number of countries", 0.0, "be at least 1");
    detail::require_positive_by_country(where, "labor", labor, labor.size());
    detail::require_positive_by_country(where, "productivity_scale", productivity_scale, labor.size());
    detail::require_positive_by_country(where, "entry_cost", entry_cost, labor.size());
    detail::require_iceberg_costs(where, "iceberg_cost", iceberg_cost, labor.size());
  }
};

/// Its equilibrium; vectors are by country, matrices (from, to). Unless `reason` is converged the numbers are NaN.
template <real Real = double>
struct separable_demand_equilibrium {
  using real_type = Real;
  using vector = Eigen::VectorX<Real>;
  using matrix = Eigen::MatrixX<Real>;

  status reason = status::not_solved;
  Real residual = detail::not_a_number<Real>;  ///< of balanced trade: greatest gap, over exports and imports
  int iterations = 0;                          ///< readings of the matrix of trade costs
  vector wage{};                               ///< that of country 0 is 1
  vector mass_entrants{};                      ///< L/((1 + theta) f_e)
  vector choke_price{};                        ///< P*
  vector utility{};                            ///< omega/chi w/P*
  matrix share{};                              ///< lambda, of the importer's spending; columns sum to 1
  matrix sales{};                              ///< in wages of country 0

  separable_demand_equilibrium() = default;
  /// All numbers NaN, for that many countries.
  separable_demand_equilibrium(status why, Eigen::Index n) : reason(why) {
    for (auto* v : {&wage, &mass_entrants, &choke_price, &utility}) v->setConstant(n, detail::not_a_number<Real>);
    for (auto* m : {&share, &sales}) m->setConstant(n, n, detail::not_a_number<Real>);
  }

  [[nodiscard]] explicit operator bool() const noexcept { return reason == status::converged; }
};

/// Solves for wages: gravity, with elasticity theta,
///   w_i L_i = sum_j lambda_ij w_j L_j,   lambda_ij proportional to N_i b_i^theta (w_i tau_ij)^-theta,
///   P_j^(1+theta) = w_j/(chi sum_i N_i b_i^theta (w_i tau_ij)^-theta).
/// Source: Arkolakis, Costinot, Donaldson and Rodriguez-Clare (2019).
///
/// @throws domain_error naming a primitive that is out of range; a pair of countries between which even the least
///         productive firm would sell: gravity is for the case that it does not
/// @return numbers, or NaN and in `reason` why: disconnected where countries do not trade, not even through others
template <real Real>
[[nodiscard]] separable_demand_equilibrium<Real> try_solve(separable_demand_world<Real> const& world,
                                                           wage_options const& how = {}) {
  using std::exp, std::log;
  char const* const where = "separable_demand_world";
  world.validate();
  auto const summary = separable_demand_constants(world.demand, world.shape);
  auto const n = world.labor.size();
  Real const theta = world.shape;
  separable_demand_equilibrium<Real> out(status::not_solved, n);
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
  out.iterations = solver.evaluations();
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
    out.choke_price[j] = exp(Real((log(out.wage[j]) - log(summary.revenue) - log_supply) / (1 + theta)));
    out.utility[j] = summary.utility / summary.revenue * out.wage[j] / out.choke_price[j];
    for (Eigen::Index i = 0; i < n; ++i) {
      Real const highest = out.wage[i] * world.iceberg_cost(i, j) / world.productivity_scale[i];
      detail::require(highest >= out.choke_price[j], where,
                      ("highest delivered cost from " + std::to_string(i) + " to " + std::to_string(j)).c_str(),
                      Real(highest / out.choke_price[j]),
                      "be at least 1 relative to the choke price, or the least productive firms sell too");
    }
  }
  return out;
}

/// As try_solve, but a failure is an exception. @throws domain_error, convergence_error
template <real Real>
[[nodiscard]] separable_demand_equilibrium<Real> solve(separable_demand_world<Real> const& world,
                                                       wage_options const& how = {}) {
  auto out = try_solve(world, how);
  if (!out) throw convergence_error("melitz::solve", out.reason);
  return out;
}

}  // namespace melitz
