// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/numerics/real.hpp>

#include <cmath>
#include <concepts>

namespace melitz::detail {

// What rounding takes from a number of the size of 20 is as much as twenty roundings of one. Where such numbers cancel,
// as the unit of productivity does against a cutoff in other units, what was taken is wanted back.

/// A number and what rounding took from it: their sum is the number meant.
template <real Real>
struct with_rest {
  Real value{0};
  Real rest{0};
};

/// ln x to about half a rounding of one, however large it is, since exp errs by less than that of its own size. Numbers
/// that carry derivatives, or more digits than the built-in types, get no rest. @pre x > 0
template <real Real>
[[nodiscard]] with_rest<Real> log_with_rest(Real const& x) {
  using std::abs, std::exp, std::log;
  with_rest<Real> out{Real(log(x)), Real(0)};
  if constexpr (std::floating_point<Real>) {
    if (abs(out.value) > 2) {  // else rounding takes no more
      Real const rest = (x - exp(out.value)) / x;
      if (abs(rest) <= epsilon<Real>() * abs(out.value)) out.rest = rest;  // not at an end of the type
    }
  }
  return out;
}

/// a b, exactly in double and float, which have a fused product.
template <real Real>
[[nodiscard]] with_rest<Real> product_with_rest(Real const& a, Real const& b) {
  with_rest<Real> out{Real(a * b), Real(0)};
  if constexpr (std::same_as<Real, double> || std::same_as<Real, float>) out.rest = std::fma(a, b, -out.value);
  return out;
}

/// a + b, exactly.
template <real Real>
[[nodiscard]] with_rest<Real> sum_with_rest(Real const& a, Real const& b) {
  with_rest<Real> out{Real(a + b), Real(0)};
  if constexpr (std::floating_point<Real>) {
    Real const of_b = out.value - a;
    out.rest = (a - (out.value - of_b)) + (b - of_b);
  }
  return out;
}

/// A number of the wider type by two of the narrower.
template <real Real>
[[nodiscard]] with_rest<Real> in_two(wider_t<Real> const& x) {
  auto const value = static_cast<Real>(x);
  return {value, static_cast<Real>(wider_t<Real>(x - static_cast<wider_t<Real>>(value)))};
}

/// a/b, exactly to twice the digits in double and float.
template <real Real>
[[nodiscard]] with_rest<Real> quotient_with_rest(Real const& a, Real const& b) {
  with_rest<Real> out{Real(a / b), Real(0)};
  if constexpr (std::same_as<Real, double> || std::same_as<Real, float>) out.rest = std::fma(-out.value, b, a) / b;
  return out;
}

/// c - a b, where both may be large and nearly equal.
template <real Real>
[[nodiscard]] Real less_product(with_rest<Real> const& c, with_rest<Real> const& a, Real const& b) {
  auto const product = product_with_rest(a.value, b);
  return Real((c.value - product.value) + (c.rest - (product.rest + a.rest * b)));
}

/// ln(e^a + e^b).
template <real Real>
[[nodiscard]] Real log_of_sum(Real const& a, Real const& b) {
  using std::exp, std::log1p;
  return a > b ? Real(a + log1p(Real(exp(Real(b - a))))) : Real(b + log1p(Real(exp(Real(a - b)))));
}

}  // namespace melitz::detail
