// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <cmath>
#include <cstddef>

namespace melitz::detail {

/// A number with its first and second derivatives with respect to N variables: what Newton's method on a likelihood
/// asks of it, at the price of (N + 1)(N + 2)/2 numbers.
///
/// Not one of the library's numbers (see real): laws and equilibria carry first derivatives by gradient<N>, and those
/// of any order by Boost's. Second derivatives are kept once for each pair, row by row up to the diagonal.
template <std::size_t N>
struct curved {
  static constexpr std::size_t pairs = N * (N + 1) / 2;

  double value = 0;
  std::array<double, N> slope{};
  std::array<double, pairs> curve{};

  constexpr curved() = default;
  /// A constant.
  constexpr curved(double constant) : value(constant) {}
  /// The k-th variable, k < N.
  [[nodiscard]] static constexpr curved variable(double at, std::size_t k) {
    curved out(at);
    out.slope[k] = 1;
    return out;
  }

  /// f(x) from f, f' and f'' at the value.
  [[nodiscard]] constexpr curved chain(double f, double first, double second) const {
    curved out(f);
    std::size_t at = 0;
    for (std::size_t i = 0; i < N; ++i) {
      out.slope[i] = first * slope[i];
      double const bend = second * slope[i];
      for (std::size_t j = 0; j <= i; ++j, ++at) out.curve[at] = first * curve[at] + bend * slope[j];
    }
    return out;
  }

  constexpr curved& operator+=(curved const& y) {
    value += y.value;
    for (std::size_t k = 0; k < N; ++k) slope[k] += y.slope[k];
    for (std::size_t k = 0; k < pairs; ++k) curve[k] += y.curve[k];
    return *this;
  }
  constexpr curved& operator-=(curved const& y) {
    value -= y.value;
    for (std::size_t k = 0; k < N; ++k) slope[k] -= y.slope[k];
    for (std::size_t k = 0; k < pairs; ++k) curve[k] -= y.curve[k];
    return *this;
  }
  constexpr curved& operator*=(double y) {
    value *= y;
    for (auto& s : slope) s *= y;
    for (auto& c : curve) c *= y;
    return *this;
  }

  friend constexpr curved operator-(curved x) { return x *= -1; }
  friend constexpr curved operator+(curved x, curved const& y) { return x += y; }
  friend constexpr curved operator-(curved x, curved const& y) { return x -= y; }
  friend constexpr curved operator*(curved const& x, curved const& y) {
    curved out(x.value * y.value);
    std::size_t at = 0;
    for (std::size_t i = 0; i < N; ++i) {
      out.slope[i] = x.slope[i] * y.value + x.value * y.slope[i];
      for (std::size_t j = 0; j <= i; ++j, ++at) {
        out.curve[at] =
            x.curve[at] * y.value + x.value * y.curve[at] + x.slope[i] * y.slope[j] + x.slope[j] * y.slope[i];
      }
    }
    return out;
  }
  friend constexpr curved operator/(curved const& x, curved const& y) {
    double const r = 1 / y.value;
    return x * y.chain(r, -r * r, 2 * r * r * r);
  }

  // With a constant: nothing is carried along for it.
  friend constexpr curved operator+(curved x, double y) {
    x.value += y;
    return x;
  }
  friend constexpr curved operator+(double x, curved y) { return y + x; }
  friend constexpr curved operator-(curved x, double y) { return x + -y; }
  friend constexpr curved operator-(double x, curved const& y) { return -y + x; }
  friend constexpr curved operator*(curved x, double y) { return x *= y; }
  friend constexpr curved operator*(double x, curved y) { return y *= x; }
  friend constexpr curved operator/(curved x, double y) { return x *= 1 / y; }
  friend constexpr curved operator/(double x, curved const& y) {
    double const r = 1 / y.value;
    return y.chain(x * r, -x * r * r, 2 * x * r * r * r);
  }

  friend curved exp(curved const& x) {
    double const f = std::exp(x.value);
    return x.chain(f, f, f);
  }
  friend curved expm1(curved const& x) {
    double const f = std::exp(x.value);
    return x.chain(std::expm1(x.value), f, f);
  }
  friend curved log(curved const& x) {
    double const r = 1 / x.value;
    return x.chain(std::log(x.value), r, -r * r);
  }
  friend curved log1p(curved const& x) {
    double const r = 1 / (1 + x.value);
    return x.chain(std::log1p(x.value), r, -r * r);
  }
};

/// The value alone, of numbers that carry derivatives and of those that do not.
/// @{
[[nodiscard]] inline constexpr double value_of(double x) { return x; }
template <std::size_t N>
[[nodiscard]] constexpr double value_of(curved<N> const& x) {
  return x.value;
}
/// @}

/// f(x) from f, f' and f'' at the value.
/// @{
[[nodiscard]] inline constexpr double composed(double, double f, double, double) { return f; }
template <std::size_t N>
[[nodiscard]] constexpr curved<N> composed(curved<N> const& x, double f, double first, double second) {
  return x.chain(f, first, second);
}
/// @}

}  // namespace melitz::detail
