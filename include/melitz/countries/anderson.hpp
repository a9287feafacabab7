// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/numerics/real.hpp>

#include <Eigen/Cholesky>
#include <algorithm>

namespace melitz::detail {

/// Anderson acceleration of the iteration x <- x + g(x), after Anderson (1965): of the steps that the last few points
/// suggest it takes the combination whose g is least, to first order.
///
/// Costs two vector products for each point it remembers, and nothing where g costs a matrix.
template <real Real>
class anderson {
 public:
  using vector = Eigen::VectorX<Real>;
  using matrix = Eigen::MatrixX<Real>;

  /// @param size     of x
  /// @param depth    differences of points it remembers, at most
  /// @param stretch  of g where nothing is remembered
  anderson(Eigen::Index size, Eigen::Index depth, Real stretch)
      : dx_(size, depth), dg_(size, depth), products_(depth, depth), stretch_(std::move(stretch)) {}

  /// What follows x, given g(x).
  /// @param reach  how many times as far as without memory it may go
  [[nodiscard]] vector next(vector const& x, vector const& g, Real const& reach) {
    if (used_ >= 0) remember(x, g);
    used_ = std::max(used_, Eigen::Index{0});
    x_ = x;
    g_ = g;
    vector out = x + stretch_ * g;
    if (used_ == 0) return out;
    // Least squares by the normal equations of columns of length one, which is as many digits as the next step is good
    // for; the ridge drops directions that differ by rounding alone.
    vector const length = products_.topLeftCorner(used_, used_).diagonal().cwiseSqrt();
    matrix normal =
        length.cwiseInverse().asDiagonal() * products_.topLeftCorner(used_, used_) * length.cwiseInverse().asDiagonal();
    normal.diagonal().array() += 8 * epsilon<Real>();
    vector const onto = (dg_.leftCols(used_).transpose() * g).cwiseQuotient(length);
    vector const weights = vector(normal.ldlt().solve(onto)).cwiseQuotient(length);
    if (!weights.allFinite()) return out;
    out.noalias() -= dx_.leftCols(used_) * weights;
    out.noalias() -= dg_.leftCols(used_) * vector(stretch_ * weights);
    Real const far = vector(out - x).template lpNorm<Eigen::Infinity>();
    Real const allowed = reach * stretch_ * g.template lpNorm<Eigen::Infinity>();
    if (far > allowed) out = x + Real(allowed / far) * (out - x);
    return out;
  }

  /// Forgets all points.
  void restart(Real stretch) {
    used_ = -1;
    oldest_ = 0;
    stretch_ = std::move(stretch);
  }

 private:
  void remember(vector const& x, vector const& g) {
    auto const depth = dg_.cols();
    auto const k = oldest_;
    vector const change = g - g_;
    if (!(change.squaredNorm() > 0)) return;  // before anything of the oldest is overwritten
    dg_.col(k) = change;
    dx_.col(k) = x - x_;
    oldest_ = (oldest_ + 1) % depth;
    used_ = std::min(used_ + 1, depth);
    vector const with = dg_.leftCols(used_).transpose() * dg_.col(k);
    products_.col(k).head(used_) = with;
    products_.row(k).head(used_) = with.transpose();
  }

  matrix dx_, dg_, products_;  // products of the columns of dg
  vector x_, g_;
  Real stretch_;
  Eigen::Index used_ = -1, oldest_ = 0;  // -1: not even one point
};

}  // namespace melitz::detail
