// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/numerics/real.hpp>
#include <melitz/numerics/taylor.hpp>

#include <array>
#include <cmath>
#include <compare>
#include <concepts>
#include <cstddef>
#include <limits>
#include <numbers>
#include <type_traits>

namespace melitz {

/// A number with its first derivatives with respect to N variables, all at once.
///
/// For Jacobians: Boost's automatic differentiation carries 2^N numbers for the first derivatives with respect to N
/// variables, since it has the mixed ones too; this one carries N + 1. Comparisons are those of values.
/// Example: using number = melitz::gradient<2>;
///   auto const e = melitz::solve(economy, melitz::lognormal<number>{0, number::variable(0.8, 1)});
///   e.welfare.derivative[1];
template <std::size_t N, std::floating_point Real = double>
struct gradient {
  Real value{};
  std::array<Real, N> derivative{};

  constexpr gradient() = default;
  /// A constant.
  template <class T>
  requires std::is_arithmetic_v<T>
  constexpr gradient(T constant) : value(static_cast<Real>(constant)) {}
  /// The same in another precision.
  template <std::floating_point Other>
  requires(!std::same_as<Other, Real>) constexpr explicit gradient(gradient<N, Other> const& x)
      : value(static_cast<Real>(x.value)) {
    for (std::size_t k = 0; k < N; ++k) derivative[k] = static_cast<Real>(x.derivative[k]);
  }
  /// The k-th variable, k < N.
  [[nodiscard]] static constexpr gradient variable(Real at, std::size_t k) {
    gradient out(at);
    out.derivative[k] = 1;
    return out;
  }

  /// The value alone.
  template <class T>
  requires std::is_arithmetic_v<T>
  constexpr explicit operator T() const { return static_cast<T>(value); }

  /// f(x) from f and f' at the value.
  [[nodiscard]] constexpr gradient chain(Real f, Real slope) const {
    gradient out(f);
    for (std::size_t k = 0; k < N; ++k) out.derivative[k] = slope * derivative[k];
    return out;
  }

  constexpr gradient& operator+=(gradient const& y) { return *this = *this + y; }
  constexpr gradient& operator-=(gradient const& y) { return *this = *this - y; }
  constexpr gradient& operator*=(gradient const& y) { return *this = *this * y; }
  constexpr gradient& operator/=(gradient const& y) { return *this = *this / y; }

  friend constexpr gradient operator+(gradient const& x) { return x; }
  friend constexpr gradient operator-(gradient const& x) { return x.chain(-x.value, Real(-1)); }
  friend constexpr gradient operator+(gradient x, gradient const& y) {
    x.value += y.value;
    for (std::size_t k = 0; k < N; ++k) x.derivative[k] += y.derivative[k];
    return x;
  }
  friend constexpr gradient operator-(gradient x, gradient const& y) {
    x.value -= y.value;
    for (std::size_t k = 0; k < N; ++k) x.derivative[k] -= y.derivative[k];
    return x;
  }
  friend constexpr gradient operator*(gradient const& x, gradient const& y) {
    gradient out(x.value * y.value);
    for (std::size_t k = 0; k < N; ++k) out.derivative[k] = x.derivative[k] * y.value + x.value * y.derivative[k];
    return out;
  }
  friend constexpr gradient operator/(gradient const& x, gradient const& y) {
    gradient out(x.value / y.value);
    for (std::size_t k = 0; k < N; ++k) out.derivative[k] = (x.derivative[k] - out.value * y.derivative[k]) / y.value;
    return out;
  }
  // With a constant: nothing is carried along for it.
  friend constexpr gradient operator+(gradient x, Real const& y) {
    x.value += y;
    return x;
  }
  friend constexpr gradient operator+(Real const& x, gradient const& y) { return y + x; }
  friend constexpr gradient operator-(gradient x, Real const& y) {
    x.value -= y;
    return x;
  }
  friend constexpr gradient operator-(Real const& x, gradient const& y) { return y.chain(x - y.value, Real(-1)); }
  friend constexpr gradient operator*(gradient const& x, Real const& y) { return x.chain(x.value * y, y); }
  friend constexpr gradient operator*(Real const& x, gradient const& y) { return y.chain(x * y.value, x); }
  friend constexpr gradient operator/(gradient const& x, Real const& y) { return x.chain(x.value / y, 1 / y); }
  friend constexpr gradient operator/(Real const& x, gradient const& y) {
    return y.chain(x / y.value, -x / y.value / y.value);
  }

  friend constexpr bool operator==(gradient const& x, gradient const& y) { return x.value == y.value; }
  friend constexpr auto operator<=>(gradient const& x, gradient const& y) { return x.value <=> y.value; }

  friend gradient exp(gradient const& x) {
    Real const f = std::exp(x.value);
    return x.chain(f, f);
  }
  friend gradient log(gradient const& x) { return x.chain(std::log(x.value), 1 / x.value); }
  friend gradient sqrt(gradient const& x) {
    Real const f = std::sqrt(x.value);
    return x.chain(f, 1 / (2 * f));
  }
  friend gradient pow(gradient const& x, gradient const& y) { return exp(y * log(x)); }
  friend gradient expm1(gradient const& x) { return x.chain(std::expm1(x.value), std::exp(x.value)); }
  friend gradient log1p(gradient const& x) { return x.chain(std::log1p(x.value), 1 / (1 + x.value)); }
  friend gradient erfc(gradient const& x) {
    return x.chain(std::erfc(x.value), -2 * std::numbers::inv_sqrtpi_v<Real> * std::exp(-x.value * x.value));
  }
  friend gradient abs(gradient const& x) { return x.value < 0 ? -x : x; }
  friend gradient floor(gradient const& x) { return gradient(std::floor(x.value)); }
};

namespace detail {

template <std::size_t N, std::floating_point Real>
struct differentiation<gradient<N, Real>> : functions_by_taylor<gradient<N, Real>, differentiation<gradient<N, Real>>> {
  using value_type = Real;
  static constexpr bool carried = true;
  static constexpr std::size_t order = 1;

  [[nodiscard]] static Real value(gradient<N, Real> const& x) { return x.value; }
  [[nodiscard]] static gradient<N, Real> compose(gradient<N, Real> const& x, taylor_coefficients<Real, 1> const& c) {
    return x.chain(c[0], c[1]);
  }
  [[nodiscard]] static bool same(gradient<N, Real> const& a, gradient<N, Real> const& b) {
    return a.value == b.value && a.derivative == b.derivative;
  }
};

template <std::size_t N, std::floating_point Real>
struct wider<gradient<N, Real>> {
  using type = gradient<N, wider_t<Real>>;
};

}  // namespace detail
}  // namespace melitz

/// Those of the value.
template <std::size_t N, std::floating_point Real>
struct std::numeric_limits<melitz::gradient<N, Real>> : std::numeric_limits<Real> {};
