// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/worlds/policy/conditions.hpp>
#include <melitz/worlds/policy/slopes.hpp>

#include <Eigen/Core>
#include <Eigen/LU>

namespace melitz::detail {

/// The conditions' slopes at a point, factored: for Newton's steps, and for derivatives forward and backward.
template <real Real>
class policy_factors {
 public:
  using vector = Eigen::VectorX<Real>;
  using matrix = Eigen::MatrixX<Real>;

  void factor(policy_system<Real> const& system, policy_conditions<Real> const& at, policy_slopes<Real>& slopes) {
    auto const size = at.layout.size;
    matrix jacobian(size, size);
    vector unit = vector::Zero(size), column;
    for (Eigen::Index k = 0; k < size; ++k) {
      unit[k] = 1;
      slopes.forward(system, at, unit, nullptr, column);
      jacobian.col(k) = column;
      unit[k] = 0;
    }
    lu_.compute(jacobian);
  }
  void solve(vector const& right, vector& out) { out = lu_.solve(right); }
  void solve_transposed(vector const& right, vector& out) { out = lu_.transpose().solve(right); }

 private:
  Eigen::PartialPivLU<matrix> lu_;
};

}  // namespace melitz::detail
