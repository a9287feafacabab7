// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/law/concepts.hpp>
#include <melitz/numerics/panel_rule.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <optional>

namespace melitz::detail {

/// The tail at log_x where the density falls so steeply that log productivities one could tell apart are too far apart
/// for quadrature: far out in a thin tail all of it lies within a rounding of ln x.
///
/// The log density itself is smooth on a much longer scale. Its Taylor terms at log_x, from a polynomial through its
/// values over `window`, give S and J as Watson's series: with h = -(ln g)' and g(x + s) = g(x) e^(-hs) sum_n a_n s^n,
///     S = g/h sum_n n! a_n / h^n,   J = g/h sum_n (n! a_n / h^n) ((1 - r/h)^(-n-1) - 1).
///
/// @param window  a first guess of the distance over which the log density is smooth
/// @param room    how far above log_x the next kink lies, or the end of the support
/// @return nothing where the density is not that steep, or the series does not reach the rounding of the type
template <density_law Law>
[[nodiscard]] std::optional<tail_point<law_real_t<Law>>> steep_tail(Law const& law, law_real_t<Law> const& log_x,
                                                                    law_real_t<Law> const& power,
                                                                    value_t<law_real_t<Law>> window,
                                                                    value_t<law_real_t<Law>> const& room) {
  using Real = law_real_t<Law>;
  using Value = value_t<Real>;
  using std::abs, std::expm1, std::log, std::log1p;
  constexpr std::size_t size = panel_rule<Value>::size, terms = 12;
  auto const& rule = panel_rule<Value>::get();
  Real const here = law.log_density(log_x);
  Value const depth = abs(static_cast<Value>(here)), place = abs(static_cast<Value>(log_x));
  if (!is_finite(depth)) return {};

  auto const fall_over = [&](Value const& distance) {
    return Value(static_cast<Value>(here - law.log_density(Real(log_x + distance))) -
                 static_cast<Value>(power) * distance);
  };
  window = std::min<Value>(room, std::max<Value>(window, place * root_of_epsilon<2, Value>()));
  Value fall = fall_over(window);
  Value const enough = 92 - log(epsilon<Value>());  // 128 for a double: less is left above the window than its rounding
  if (!(fall > enough)) return {};
  // The length over which the log density itself changes by as much as it is.
  if (is_finite(fall) && depth > fall) window = std::min<Value>(room, window * (depth / fall));
  for (int halvings = 0; halvings < 60; ++halvings, window /= 2) {
    fall = fall_over(window);
    if (!(fall > enough)) return {};
    if (!is_finite(fall)) continue;

    std::array<Real, size> series{};  // of Legendre
    for (std::size_t k = 0; k < size; ++k) {
      Real const value = law.log_density(Real(log_x + window / 2 * (1 + rule.nodes[k]))) - here;
      for (std::size_t m = 0; m < size; ++m) series[m] += rule.legendre[k][m] * value;
    }
    Value const last = abs(static_cast<Value>(series[size - 3])) + abs(static_cast<Value>(series[size - 2])) +
                       abs(static_cast<Value>(series[size - 1]));
    // The values carry the rounding of the density and that of the place.
    Value const rounding = resolution(Value(depth + fall)) * (1 + place / window);
    if (!(last <= rounding)) continue;
    std::size_t count = size;  // of the terms that are more than that
    while (count > 2 && abs(static_cast<Value>(series[count - 1])) <= rounding / 64) --count;

    // Taylor terms at the window's begin, u = -1: P_m has the i-th (-1)^(m+i) (m+i)! / (2^i i!^2 (m-i)!).
    std::array<Real, terms + 1> taylor{};
    for (std::size_t m = 1; m < count; ++m) {
      Value term = m % 2 == 0 ? 1 : -1;
      for (std::size_t i = 1; i <= terms && i <= m; ++i) {
        term *= -Value((m + i) * (m + 1 - i)) / Value(2 * i * i);
        taylor[i] += term * series[m];
      }
    }
    if (!(taylor[1] < 0)) return {};
    // In units of 1/h. The logarithm's terms become those of the density, n a_n = sum_i i b_i a_(n-i).
    Real const inverse = -1 / taylor[1], slope = 2 / (window * inverse);  // h
    std::array<Real, terms + 1> a{};
    a[0] = 1;
    Real unit = inverse;
    for (std::size_t i = 2; i <= terms; ++i) taylor[i] *= unit *= inverse;
    for (std::size_t n = 2; n <= terms; ++n) {
      for (std::size_t i = 2; i <= n; ++i) a[n] += Value(i) * taylor[i] * a[n - i];
      a[n] /= Value(n);
    }
    Real const lift = -log1p(Real(-power / slope));
    Real survival(0), excess(0);
    Value factorial(1), smallest(0);
    for (std::size_t n = 0; n <= terms; ++n) {
      if (n > 0) factorial *= Value(n);
      Real const term = factorial * a[n];
      survival += term;
      excess += term * expm1(Real(Value(n + 1) * lift));
      if (n + 1 >= terms) smallest += abs(static_cast<Value>(term));
    }
    if (!(smallest <= epsilon<Value>())) return {};
    // On the scale of S, which is much the larger.
    return tail_point<Real>{Real(here + log(Real(survival / slope))), Real(1), Real(excess / survival),
                            Real(slope / survival)};
  }
  return {};
}

}  // namespace melitz::detail
