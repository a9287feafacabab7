// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/numerics/real.hpp>

#include <Eigen/Core>
#include <string>

namespace melitz::detail {

/// That workers are left for the good that keeps wages where they are; rounding below 0 becomes 0.
/// @param where  in messages  @throws domain_error naming a country
template <class Where, real Real>
void require_outside_labor(Where const& where, Eigen::VectorX<Real>& left, Eigen::VectorX<Real> const& labor) {
  for (Eigen::Index i = 0; i < left.size(); ++i) {
    Real const slack = 1024 * epsilon<Real>() * labor[i];
    require(left[i] >= -slack, where, ("outside_labor(" + std::to_string(i) + ')').c_str(), left[i],
            "be at least 0: the outside good is not made there, and does not set the wage");
    if (left[i] < 0) left[i] = Real(0);
  }
}

}  // namespace melitz::detail
