// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/worlds/acr/acr.hpp>

#include <cmath>

namespace benchmarks {

/// A world of n countries that rivals/numpy_gravity.py makes in the same way: places, sizes and productivities are
/// multiples of irrational numbers, less their whole parts. Trade costs grow with n, so that countries buy somewhat
/// more than half of what they spend at home, however many there are.
template <class Real = double>
melitz::acr_economy<Real> gravity_world(Eigen::Index n) {
  auto const part = [](Eigen::Index i, double irrational) {
    return std::fmod(static_cast<double>(i + 1) * irrational, 1.0);
  };
  melitz::acr_economy<Real> out;
  out.elasticity = Real(4);
  out.shape = Real(4.25);
  out.labor = out.productivity_scale = Eigen::VectorX<Real>(n);
  out.entry_cost = Eigen::VectorX<Real>::Constant(n, Real(0.5));
  out.iceberg_cost = out.fixed_cost = Eigen::MatrixX<Real>::Ones(n, n);
  double const remoteness = 0.75 * std::sqrt(std::sqrt(static_cast<double>(n)));
  for (Eigen::Index j = 0; j < n; ++j) {
    double const x = part(j, 0.6180339887498949), y = part(j, 0.7548776662466927);
    out.labor[j] = Real(1 / (0.02 + part(j, 0.4142135623730951)));
    out.productivity_scale[j] = Real(0.8 + 0.4 * part(j, 0.7320508075688772));
    for (Eigen::Index i = 0; i < n; ++i) {
      if (i == j) continue;
      double const dx = part(i, 0.6180339887498949) - x, dy = part(i, 0.7548776662466927) - y;
      out.iceberg_cost(i, j) = Real(1 + remoteness * (0.5 + std::sqrt(dx * dx + dy * dy)));
      out.fixed_cost(i, j) = Real(2 + x + part(i, 0.7548776662466927));
    }
  }
  return out;
}

/// What is held against the right answers: wage, domestic share and welfare of every country.
template <class Real>
Eigen::VectorX<Real> answers_of(melitz::acr_equilibrium<Real> const& e) {
  Eigen::VectorX<Real> out(3 * e.domestic_share.size());
  out << e.wage, e.domestic_share, e.welfare;
  return out;
}

}  // namespace benchmarks
