// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/law/lognormal.hpp>
#include <melitz/worlds/comparative_advantage/comparative_advantage.hpp>

namespace benchmarks {

/// Two countries, industries and factors; rivals/scipy_comparative_advantage.py has the same.
template <class Real = double>
melitz::comparative_advantage_economy<Real> two_by_two() {
  using vector = Eigen::VectorX<Real>;
  auto const pair = [](double a, double b) -> vector { return Eigen::Vector2d(a, b).template cast<Real>(); };
  auto const all = [](double x) { return Eigen::MatrixX<Real>::Constant(2, 2, Real(x)).eval(); };
  return {.elasticity = Real(3.8),
          .death_rate = Real(0.025),
          .skilled_labor = pair(1200, 1000),
          .unskilled_labor = pair(900, 1200),
          .expenditure_share = Real(0.5),
          .skill_intensity = pair(0.6, 0.4),
          .fixed_cost = all(0.1),
          .entry_cost = all(2),
          .export_fixed_cost = all(0.1),
          .iceberg_cost = all(1.4)};
}

template <class Real = double>
melitz::lognormal<Real> law_of_two_by_two() {
  return {Real(-1.2), Real(0.6)};
}

/// What is held against the right answers.
template <class Real>
Eigen::VectorX<Real> answers_of(melitz::comparative_advantage_equilibrium<Real> const& e) {
  Eigen::VectorX<Real> out(13);
  auto const by_row = [](auto const& m) { return m.transpose().reshaped(); };
  out << e.skilled_wage, e.unskilled_wage[1], e.welfare, by_row(e.cutoff), by_row(e.mass_entrants);
  return out;
}

}  // namespace benchmarks
