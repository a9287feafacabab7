// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <boost/math/tools/config.hpp>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <limits>

namespace melitz {

/// A number type the library computes with: float, double, long double, Boost.Multiprecision's binary floats, and with
/// numerics/autodiff.hpp those of Boost that carry derivatives.
///
/// Wider than std::floating_point on purpose: the tests run the same code at 50 digits. The functions exp, log,
/// expm1, ... are found by argument-dependent lookup, so a type must bring its own.
template <class T>
concept real = std::numeric_limits<T>::is_specialized && !std::numeric_limits<T>::is_integer && std::copyable<T> &&
               std::totally_ordered<T> && std::constructible_from<T, double>;

namespace detail {

/// What the library asks of a number that carries derivatives along: its value, and functions that need a way of their
/// own to be differentiated. numerics/autodiff.hpp answers for those of Boost; other numbers carry none.
template <class T>
struct differentiation {
  static constexpr bool carried = false;
  using value_type = T;
};

template <class T>
inline constexpr bool carries_derivatives = differentiation<T>::carried;

/// The type of a number's value without its derivatives.
template <class T>
using value_t = typename differentiation<T>::value_type;

template <real Real>
inline const Real not_a_number = std::numeric_limits<Real>::quiet_NaN();

template <real Real>
inline const Real infinity = std::numeric_limits<Real>::infinity();

/// False for NaN and both infinities, for any number type.
template <real Real>
[[nodiscard]] bool is_finite(Real const& x) {
  Real const top = (std::numeric_limits<Real>::max)();
  return x >= -top && x <= top;
}

template <real Real>
struct wider {
  using type = Real;
};
template <>
struct wider<float> {
  using type = double;
};
template <>
struct wider<double> {
#ifdef BOOST_MATH_NO_LONG_DOUBLE_MATH_FUNCTIONS  // laws whose gamma functions are Boost's have no other type there
  using type = double;
#else
  using type = long double;
#endif
};

/// The next wider built-in type, where a difference of nearly equal numbers needs spare digits. Where long double is
/// no wider than double (some compilers), or Boost.Math has no functions of it (FreeBSD, for one), such differences lose
/// up to 1/(elasticity - 1) roundings in a cutoff.
template <real Real>
using wider_t = typename wider<Real>::type;

/// Whether two numbers are equal, also in the derivatives they may carry.
template <real Real>
[[nodiscard]] bool same(Real const& a, Real const& b) {
  if constexpr (carries_derivatives<Real>) {
    return differentiation<Real>::same(a, b);
  } else {
    return a == b;
  }
}

/// x^y for x > 0.
template <real Real>
[[nodiscard]] Real power_of(Real const& x, Real const& y) {
  using std::pow;
  if constexpr (carries_derivatives<Real>) {
    return differentiation<Real>::power(x, y);
  } else {
    return Real(pow(x, y));
  }
}

/// Rounding unit of the type: the spacing of numbers at one.
template <real Real>
[[nodiscard]] Real epsilon() {
  return std::numeric_limits<Real>::epsilon();
}

/// The k-th root of the rounding unit.
template <int K, real Real>
[[nodiscard]] Real root_of_epsilon() {
  using std::pow;
  if constexpr (std::floating_point<Real>) {
    return pow(epsilon<Real>(), Real(1) / K);  // the compiler's own, not a call
  } else {
    static Real const value = pow(epsilon<Real>(), Real(1) / K);
    return value;
  }
}

}  // namespace detail
}  // namespace melitz
