// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/worlds/melitz_ottaviano/melitz_ottaviano.hpp>

#include <Eigen/LU>
#include <cmath>
#include <string>
#include <type_traits>

namespace melitz {

/// What has a closed form in a melitz_ottaviano_economy with pareto_costs of a common shape.
template <real Real = double>
struct melitz_ottaviano_closed_form {
  Eigen::VectorX<Real> price_cutoff{};      ///< c_D
  Eigen::VectorX<Real> mass_entrants{};     ///< N_E, by origin
  Eigen::VectorX<Real> mass_varieties{};    ///< N = 2 (k+1) gamma (alpha - c_D)/(eta c_D)
  Eigen::VectorX<Real> average_price{};     ///< (2k+1)/(2k+2) c_D
  Eigen::VectorX<Real> average_markup{};    ///< c_D/(2(k+1))
  Eigen::VectorX<Real> consumer_surplus{};  ///< (alpha - c_D)(alpha - (k+1)/(k+2) c_D)/(2 eta)
};

/// Closed form where costs are Pareto with the same shape k everywhere (Melitz and Ottaviano, 2008, section 3 and their
/// appendix on many countries): free entry is linear in c_D^(k+2),
///   sum_h L_h tau_lh^-k c_h^(k+2) = 2 (k+1)(k+2) gamma delta f_l c_M,l^k,
/// and demand is linear in N_E,l/c_M,l^k.
///
/// @param highest_cost  c_M by country, the largest labour per unit
/// @param shape         k > 0
/// @throws domain_error naming a primitive that is out of range; a country that nobody enters; a market that all of a
///         country's entrants serve: the closed form is for the case that the least productive of them do not
template <real Real>
[[nodiscard]] melitz_ottaviano_closed_form<Real> pareto_melitz_ottaviano(melitz_ottaviano_economy<Real> const& world,
                                                                         Eigen::VectorX<Real> const& highest_cost,
                                                                         std::type_identity_t<Real> const& shape) {
  using std::pow;
  using vector = Eigen::VectorX<Real>;
  char const* const where = "pareto_melitz_ottaviano";
  world.validate();
  auto const n = world.countries();
  detail::require_extent(where, "highest_cost", highest_cost, n);
  detail::require_each(rule::positive, where, "highest_cost", highest_cost);
  detail::require(rule::positive, where, "shape", shape);
  Real const &k = shape, alpha = world.choke_price, gamma = world.differentiation, eta = world.substitution;
  Eigen::MatrixX<Real> const freeness = world.iceberg_cost.unaryExpr(
      [&](Real const& tau) { return detail::is_finite(tau) ? Real(pow(tau, Real(-k))) : Real(0); });
  Eigen::PartialPivLU<Eigen::MatrixX<Real>> const from(freeness), to(freeness.transpose().eval());
  vector const below = highest_cost.unaryExpr([&](Real const& c) { return Real(pow(c, k)); });
  vector const power =
      from.solve(vector(2 * (k + 1) * (k + 2) * gamma * world.death_rate * world.entry_cost.cwiseProduct(below)))
          .cwiseQuotient(world.consumers);
  melitz_ottaviano_closed_form<Real> out;
  out.price_cutoff = vector(n);
  vector demand(n);
  for (Eigen::Index h = 0; h < n; ++h) {
    auto const name = "price_cutoff of country " + std::to_string(h);
    Real const c = power[h] > 0 ? Real(pow(power[h], Real(1 / (k + 2)))) : Real(0);
    detail::require(c > 0 && c < alpha, where, name.c_str(), c, "lie between 0 and choke_price");
    for (Eigen::Index l = 0; l < n; ++l) {
      detail::require(!(c > highest_cost[l] * world.iceberg_cost(l, h)), where, name.c_str(), c,
                      "be at most the highest delivered cost from each country");
    }
    out.price_cutoff[h] = c;
    demand[h] = 2 * (k + 1) * gamma * (alpha - c) / (eta * pow(c, Real(k + 1)));
  }
  out.mass_entrants = to.solve(demand).cwiseProduct(below);
  for (Eigen::Index l = 0; l < n; ++l) {
    detail::require(out.mass_entrants[l] > 0, where, ("mass_entrants(" + std::to_string(l) + ')').c_str(),
                    out.mass_entrants[l], "be positive: where nobody enters there is no closed form");
  }
  auto const c = out.price_cutoff.array();
  out.mass_varieties = 2 * (k + 1) * gamma / eta * (alpha - c) / c;
  out.average_price = (2 * k + 1) / (2 * k + 2) * c;
  out.average_markup = c / (2 * (k + 1));
  out.consumer_surplus = (alpha - c) * (alpha - (k + 1) / (k + 2) * c) / (2 * eta);
  return out;
}

}  // namespace melitz
