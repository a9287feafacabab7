// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/numerics/real.hpp>

#include <boost/math/quadrature/gauss_kronrod.hpp>

#include <array>
#include <cmath>
#include <cstddef>

namespace melitz::detail {

/// One panel's integrals of several functions at once, with an error estimate of each: the difference d of the
/// Kronrod and the Gauss rule, relative to the value, enters as (200 d)^1.5 (QUADPACK's rule of thumb).
template <real Real, std::size_t N>
struct panel_integral {
  std::array<Real, N> value{};
  std::array<Real, N> error{};
};

/// Integrates a vector-valued function over [a, b] with Boost's 31-point Gauss-Kronrod rule, so that quantities which
/// share a density cost one evaluation of it. f(t) returns std::array<Real, N>.
template <std::size_t N, real Real, class F>
[[nodiscard]] panel_integral<Real, N> integrate_panel(F const& f, Real const& a, Real const& b) {
  using kronrod = boost::math::quadrature::gauss_kronrod<Real, 31>;
  using gauss = boost::math::quadrature::gauss<Real, 15>;
  auto const& nodes = kronrod::abscissa();
  auto const& weights = kronrod::weights();
  auto const& gauss_weights = gauss::weights();
  Real const centre = (a + b) / 2, half = (b - a) / 2;

  std::array<Real, N> whole{}, coarse{};
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    auto const add = [&](std::array<Real, N> const& v) {
      for (std::size_t k = 0; k < N; ++k) {
        whole[k] += Real(weights[i]) * v[k];
        if (i % 2 == 0) coarse[k] += Real(gauss_weights[i / 2]) * v[k];  // even nodes are the Gauss nodes
      }
    };
    add(f(Real(centre + half * Real(nodes[i]))));
    if (i > 0) add(f(Real(centre - half * Real(nodes[i]))));
  }
  panel_integral<Real, N> out;
  for (std::size_t k = 0; k < N; ++k) {
    using std::abs, std::sqrt;
    out.value[k] = half * whole[k];
    Real const size = abs(out.value[k]);
    Real const gap = size > 0 ? Real(200 * abs(Real(half * (whole[k] - coarse[k]))) / size) : Real(0);
    out.error[k] = size * (gap < 1 ? Real(gap * sqrt(gap)) : Real(1));
  }
  return out;
}

}  // namespace melitz::detail
