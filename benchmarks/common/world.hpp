// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "gravity.hpp"

#include <melitz/law/lognormal.hpp>
#include <melitz/worlds/melitz/solve_world.hpp>

#include <cmath>
#include <stdexcept>
#include <vector>

namespace benchmarks {

/// The countries, sizes and trade costs of gravity_world, where productivity is log-normal. rivals/numpy_world.py makes
/// the same world.
template <class Real = double>
melitz::world_economy<Real> lognormal_world(Eigen::Index n) {
  auto const gravity = gravity_world<Real>(n);
  melitz::world_economy<Real> out;
  out.elasticity = gravity.elasticity;
  out.labor = gravity.labor;
  out.entry_cost = gravity.entry_cost;
  out.iceberg_cost = gravity.iceberg_cost;
  out.fixed_cost = gravity.fixed_cost;
  return out;
}

/// Of each country; they differ in the mean.
template <class Real = double>
melitz::by_country<melitz::lognormal<Real>> lognormal_laws(Eigen::Index n) {
  auto const scale = gravity_world<Real>(n).productivity_scale;
  melitz::by_country<melitz::lognormal<Real>> out;
  for (Eigen::Index i = 0; i < n; ++i) out.laws.push_back({std::log(scale[i]), Real(0.8)});
  return out;
}

/// What is held against the right answers: wage, domestic share and welfare of every country.
template <class Real>
Eigen::VectorX<Real> answers_of(melitz::world_equilibrium<Real> const& e) {
  Eigen::VectorX<Real> out(3 * e.wage.size());
  out << e.wage, e.domestic_share, e.welfare;
  return out;
}

/// An equilibrium as Newton's method sees it.
template <class Real, class From>
melitz::detail::world_point<Real> point_of(melitz::world_equilibrium<From> const& e) {
  auto const log_of = [](Eigen::VectorX<From> const& x) -> Eigen::VectorX<Real> {
    return x.template cast<Real>().array().log();
  };
  return {log_of(e.wage), log_of(e.demand), log_of(e.mass_entrants)};
}

/// Answers with long doubles. Newton's method takes them from the equilibrium in doubles to rounding of its own, since
/// each of its steps takes seconds where there are a thousand countries.
/// @throws melitz::convergence_error, std::runtime_error if the answers in doubles are off by more than 1e-9
inline Eigen::VectorX<long double> lognormal_truth(Eigen::Index n) {
  using melitz::detail::pairs_under;
  auto const in_doubles = solve(lognormal_world(n), lognormal_laws(n));
  auto point = point_of<long double>(in_doubles);
  auto const pairs = pairs_under(lognormal_world<long double>(n), lognormal_laws<long double>(n));
  melitz::world_equilibrium<long double> out;
  int steps = 10;
  out.reason = melitz::detail::wage_solver<long double>(*pairs).solve(point, steps);
  if (!out) throw melitz::convergence_error("benchmarks::lognormal_truth", out.reason);
  fill(out, *pairs, point);
  Eigen::VectorX<long double> const truth = answers_of(out);
  auto const off = (answers_of(in_doubles).cast<long double>().array() / truth.array() - 1).abs().eval();
  if (!(off.maxCoeff() < 1e-9L)) throw std::runtime_error("benchmarks::lognormal_truth: doubles give another answer");
  return truth;
}

}  // namespace benchmarks
