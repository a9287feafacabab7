// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/numerics/real.hpp>

#include <Eigen/Core>

// What the conditions and their slopes do with the numbers of one market, one for each exporter, side by side in
// memory. Few functions of pointers: each expression of Eigen's takes a compiler as long as a page of these.

namespace melitz::detail::column {

template <real Real>
using view = Eigen::Map<Eigen::Array<Real, Eigen::Dynamic, 1>>;
template <real Real>
using const_view = Eigen::Map<Eigen::Array<Real, Eigen::Dynamic, 1> const>;

template <real Real>
[[nodiscard]] Real sum(Real const* a, Eigen::Index n) {
  return const_view<Real>(a, n).sum();
}
/// Sum of products.
template <real Real>
[[nodiscard]] Real dot(Real const* a, Real const* b, Eigen::Index n) {
  return (const_view<Real>(a, n) * const_view<Real>(b, n)).sum();
}
/// The largest in absolute value; NaN if one is.
template <real Real>
[[nodiscard]] Real largest(Real const* a, Eigen::Index n) {
  return n == 0 ? Real(0) : const_view<Real>(a, n).abs().template maxCoeff<Eigen::PropagateNaN>();
}
/// to = a b
template <real Real>
void set_product(Real* to, Real const* a, Real const* b, Eigen::Index n) {
  view<Real>(to, n) = const_view<Real>(a, n) * const_view<Real>(b, n);
}
/// to = to weight
template <real Real>
void scale(Real* to, Real const& weight, Eigen::Index n) {
  view<Real>(to, n) *= weight;
}
/// to += weight a
template <real Real>
void add(Real* to, Real const& weight, Real const* a, Eigen::Index n) {
  view<Real>(to, n) += weight * const_view<Real>(a, n);
}
/// to += weight a b
template <real Real>
void add_product(Real* to, Real const& weight, Real const* a, Real const* b, Eigen::Index n) {
  view<Real>(to, n) += weight * (const_view<Real>(a, n) * const_view<Real>(b, n));
}
/// to = (to + more) a
template <real Real>
void add_and_multiply(Real* to, Real const& more, Real const* a, Eigen::Index n) {
  view<Real>(to, n) = (view<Real>(to, n) + more) * const_view<Real>(a, n);
}
/// to = ln to
template <real Real>
void logarithm(Real* to, Eigen::Index n) {
  view<Real>(to, n) = view<Real>(to, n).log();
}
/// to = e^to over the largest of them. @return ln of that
template <real Real>
Real exponential(Real* to, Eigen::Index n) {
  Real const most = const_view<Real>(to, n).maxCoeff();
  view<Real>(to, n) = (view<Real>(to, n) - most).exp();
  return most;
}

}  // namespace melitz::detail::column
