// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/numerics/real.hpp>
#include <melitz/numerics/taylor.hpp>

#include <boost/math/differentiation/autodiff.hpp>

#include <cstddef>

// Makes the numbers of Boost's automatic differentiation numbers of this library. Include it beside the other headers
// and every result of a solve carries its derivatives with respect to every parameter that is a variable:
//
//   auto const [tau, sd] = boost::math::differentiation::make_ftuple<double, 1, 1>(1.6, 0.8);
//   using number = ...;  // their common type, promote<decltype(tau), decltype(sd)>
//   auto const e = melitz::solve(melitz::open_economy<number>{...}, melitz::lognormal<number>{0, sd});
//   e.welfare.derivative(1, 0);
//
// No other header of the library includes this one: Boost's takes a second to compile.

namespace melitz::detail {

template <class Inner, std::size_t Order>
struct differentiation<boost::math::differentiation::autodiff_v1::detail::fvar<Inner, Order>>
    : functions_by_taylor<boost::math::differentiation::autodiff_v1::detail::fvar<Inner, Order>,
                          differentiation<boost::math::differentiation::autodiff_v1::detail::fvar<Inner, Order>>> {
  using number = boost::math::differentiation::autodiff_v1::detail::fvar<Inner, Order>;
  using value_type = typename number::root_type;
  static constexpr bool carried = true;
  static constexpr std::size_t order = number::order_sum;  ///< of the highest derivative, mixed ones included

  [[nodiscard]] static value_type value(number const& x) { return static_cast<value_type>(x); }

  /// f(x) from the Taylor coefficients of f at the value of x.
  [[nodiscard]] static number compose(number const& x, taylor_coefficients<value_type, order> const& c) {
    return x.apply_coefficients(order, [&c](std::size_t k) { return c[k]; });
  }

  /// Equal in value and in all derivatives.
  [[nodiscard]] static bool same(number const& a, number const& b) {
    for (std::size_t k = 0; k <= Order; ++k) {
      if constexpr (carries_derivatives<Inner>) {
        if (!differentiation<Inner>::same(a[k], b[k])) return false;
      } else {
        if (!(a[k] == b[k])) return false;
      }
    }
    return true;
  }
};

template <class Inner, std::size_t Order>
struct wider<boost::math::differentiation::autodiff_v1::detail::fvar<Inner, Order>> {
  using type = boost::math::differentiation::autodiff_v1::detail::fvar<wider_t<Inner>, Order>;
};

}  // namespace melitz::detail

// What Boost leaves out, and exp, where Boost's fills a table of factorials each time; where argument-dependent lookup
// finds it. The constraint makes these the better match.
namespace boost::math::differentiation {
inline namespace autodiff_v1 {
namespace detail {

template <class Inner, std::size_t Order>
requires melitz::real<fvar<Inner, Order>>
[[nodiscard]] fvar<Inner, Order> exp(fvar<Inner, Order> const& x) {
  return melitz::detail::differentiation<fvar<Inner, Order>>::exp(x);
}

template <class Inner, std::size_t Order>
requires melitz::real<fvar<Inner, Order>>
[[nodiscard]] fvar<Inner, Order> expm1(fvar<Inner, Order> const& x) {
  return melitz::detail::differentiation<fvar<Inner, Order>>::expm1(x);
}

template <class Inner, std::size_t Order>
requires melitz::real<fvar<Inner, Order>>
[[nodiscard]] fvar<Inner, Order> log1p(fvar<Inner, Order> const& x) {
  return melitz::detail::differentiation<fvar<Inner, Order>>::log1p(x);
}

}  // namespace detail
}  // namespace autodiff_v1
}  // namespace boost::math::differentiation
