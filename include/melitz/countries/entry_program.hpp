// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/numerics/real.hpp>

#include <Eigen/Core>

namespace melitz::detail {

/// What an entrant of one country expects, over the cost of entry, and how that answers to the unknowns u of the
/// markets.
///
/// @tparam Curvature  a matrix; a vector, its diagonal, where what is earned in one market depends on no other
template <real Real, class Curvature = Eigen::MatrixX<Real>>
struct entrant_prospects {
  using curvature_type = Curvature;

  Real profit;
  Eigen::VectorX<Real> by_market;  ///< first derivatives
  Curvature curvature;             ///< second derivatives
};

/// A separable objective that is linear: sum_j market_j u_j. Others have the same members.
template <real Real>
struct linear_objective {
  using vector = Eigen::VectorX<Real>;

  /// How many times as many entrants as could serve a market alone there may be on the way: a loose bound where what
  /// is sold answers to u in proportion, a tight one where it may fall much faster and they would never leave.
  static constexpr int crowding = 100;

  vector market;

  [[nodiscard]] vector slopes(vector const&) const { return market; }
  /// Second derivatives by u_j, at most 0.
  [[nodiscard]] vector curvature(vector const& u) const { return vector::Zero(u.size()); }
  /// The larger side of each market's account.
  [[nodiscard]] vector const& size() const { return market; }
  /// A change of u_j over which what firms earn changes in proportion to itself.
  [[nodiscard]] vector unit(vector const& u) const { return vector::Ones(u.size()); }
};

}  // namespace melitz::detail
