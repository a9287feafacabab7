// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/numerics/real.hpp>

#include <Eigen/Core>
#include <algorithm>
#include <cmath>

namespace melitz::detail {

/// The generalised minimal residual method, Saad and Schultz (1986), for linear systems whose matrix is known by what
/// it makes of a vector. Keeps its memory.
template <real Real>
class krylov_solver {
 public:
  using vector = Eigen::VectorX<Real>;
  using matrix = Eigen::MatrixX<Real>;

  /// x with A x = right within `tolerance` of right's length.
  /// @param apply      apply(v, out) sets out to A v
  /// @param unscale    a vector by whose elements A's columns are divided: near A's diagonal, say
  /// @param most       of the applications of A
  /// @return how many there were; more than `most` where it did not get there
  template <class Apply>
  [[nodiscard]] int solve(Apply const& apply, vector const& unscale, vector const& right, vector& x, Real tolerance,
                          int most) {
    using std::abs, std::hypot, std::sqrt;
    Eigen::Index const rows = right.size(), room = std::min<Eigen::Index>(rows, 80);
    if (basis_.rows() != rows || basis_.cols() < room + 1) {
      basis_.resize(rows, room + 1);
      triangle_.resize(room + 1, room);
    }
    x.setZero(rows);
    Real const goal = tolerance * right.norm();
    int used = 0;
    residual_ = right;
    while (true) {
      Real const length = residual_.norm();
      if (!(length > goal)) return length == length ? used : most + 1;
      if (used >= most) return most + 1;
      basis_.col(0) = residual_ / length;
      turned_.setZero(room + 1);
      turned_[0] = length;
      cosine_.setZero(room);
      sine_.setZero(room);
      Eigen::Index k = 0;
      for (; k < room && used < most; ++used) {
        direction_ = basis_.col(k).cwiseQuotient(unscale);
        apply(direction_, image_);
        // Twice: once leaves what rounding makes of nearly dependent vectors.
        auto column = triangle_.col(k).head(k + 1);
        column.noalias() = basis_.leftCols(k + 1).transpose() * image_;
        image_.noalias() -= basis_.leftCols(k + 1) * column;
        again_.noalias() = basis_.leftCols(k + 1).transpose() * image_;
        image_.noalias() -= basis_.leftCols(k + 1) * again_;
        column += again_;
        Real const next = image_.norm();
        for (Eigen::Index i = 0; i < k; ++i) turn(triangle_(i, k), triangle_(i + 1, k), cosine_[i], sine_[i]);
        Real const across = hypot(triangle_(k, k), next);
        if (!(across > 0)) return most + 1;
        cosine_[k] = triangle_(k, k) / across;
        sine_[k] = next / across;
        triangle_(k, k) = across;
        turned_[k + 1] = -sine_[k] * turned_[k];
        turned_[k] *= cosine_[k];
        ++k;
        if (abs(turned_[k]) <= goal || !(next > 0)) {
          ++used;
          break;
        }
        basis_.col(k) = image_ / next;
      }
      coefficients_ = triangle_.topLeftCorner(k, k).template triangularView<Eigen::Upper>().solve(turned_.head(k));
      direction_.noalias() = basis_.leftCols(k) * coefficients_;
      direction_ = direction_.cwiseQuotient(unscale);
      x += direction_;
      apply(x, image_);
      residual_ = right - image_;
      if (residual_.norm() > length / 2) return residual_.norm() <= goal ? used : most + 1;  // no headway
    }
  }

 private:
  static void turn(Real& a, Real& b, Real const& c, Real const& s) {
    Real const before = a;
    a = c * before + s * b;
    b = -s * before + c * b;
  }

  matrix basis_, triangle_;
  vector residual_, direction_, image_, again_, turned_, cosine_, sine_, coefficients_;
};

}  // namespace melitz::detail
