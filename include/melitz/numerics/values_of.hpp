// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/numerics/real.hpp>
#include <melitz/numerics/visit_held.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace melitz::detail {

/// A type with every number that carries derivatives replaced by that of its value: lognormal<V> by lognormal<double>,
/// std::vector<pareto<V>> by std::vector<pareto<double>>.
template <class T>
struct value_version {
  using type = value_t<T>;
};
template <template <class...> class Template, class... Arguments>
struct value_version<Template<Arguments...>> {
  using type = Template<typename value_version<Arguments>::type...>;
};
template <class T, std::size_t Size>
struct value_version<std::array<T, Size>> {
  using type = std::array<typename value_version<T>::type, Size>;
};
template <class T>
using value_version_t = typename value_version<T>::type;

/// Turns into whatever a member of an aggregate wants, so that members can be counted.
struct any_member {
  template <class T>
  operator T() const;
};
template <class T, std::size_t... I>
[[nodiscard]] constexpr bool takes_members(std::index_sequence<I...>) {
  return requires { T{(static_cast<void>(I), any_member{})...}; };
}
template <class T, std::size_t Most = 8>
[[nodiscard]] constexpr std::size_t count_members() {
  if constexpr (Most == 0 || takes_members<T>(std::make_index_sequence<Most>{})) {
    return Most;
  } else {
    return count_members<T, Most - 1>();
  }
}

/// A law or an economy without the derivatives of its parameters.
///
/// Works for numbers, vectors, arrays and variants of them, and aggregates of up to eight members that are templates
/// over types. Any other law can have a member values() that returns its value_version.
template <class T>
[[nodiscard]] value_version_t<T> values_of(T const& x) {
  using values = value_version_t<T>;
  if constexpr (carries_derivatives<T>) {
    return differentiation<T>::value(x);
  } else if constexpr (std::same_as<T, values>) {
    return x;
  } else if constexpr (requires {
                         { x.values() } -> std::convertible_to<values>;
                       }) {
    return x.values();
  } else if constexpr (requires(values out) { out.push_back(values_of(*x.begin())); }) {
    values out;
    for (auto const& element : x) out.push_back(values_of(element));
    return out;
  } else if constexpr (requires { std::variant_size<T>::value; }) {
    return detail::visit_held([](auto const& held) { return values(values_of(held)); }, x);
  } else if constexpr (requires(values out) { out[std::tuple_size<values>::value - 1]; }) {
    values out{};
    for (std::size_t k = 0; k < out.size(); ++k) out[k] = values_of(x[k]);
    return out;
  } else {
    static_assert(std::is_aggregate_v<T>, "a law that is no aggregate needs a member values()");
    constexpr std::size_t members = count_members<values>();
    if constexpr (members == 1) {
      auto const& [a] = x;
      return {values_of(a)};
    } else if constexpr (members == 2) {
      auto const& [a, b] = x;
      return {values_of(a), values_of(b)};
    } else if constexpr (members == 3) {
      auto const& [a, b, c] = x;
      return {values_of(a), values_of(b), values_of(c)};
    } else if constexpr (members == 4) {
      auto const& [a, b, c, d] = x;
      return {values_of(a), values_of(b), values_of(c), values_of(d)};
    } else if constexpr (members == 5) {
      auto const& [a, b, c, d, e] = x;
      return {values_of(a), values_of(b), values_of(c), values_of(d), values_of(e)};
    } else if constexpr (members == 6) {
      auto const& [a, b, c, d, e, f] = x;
      return {values_of(a), values_of(b), values_of(c), values_of(d), values_of(e), values_of(f)};
    } else if constexpr (members == 7) {
      auto const& [a, b, c, d, e, f, g] = x;
      return {values_of(a), values_of(b), values_of(c), values_of(d), values_of(e), values_of(f), values_of(g)};
    } else {
      auto const& [a, b, c, d, e, f, g, h] = x;
      return {values_of(a), values_of(b), values_of(c), values_of(d),
              values_of(e), values_of(f), values_of(g), values_of(h)};
    }
  }
}

}  // namespace melitz::detail
