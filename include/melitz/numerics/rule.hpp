// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/numerics/real.hpp>

#include <cmath>
#include <limits>

namespace melitz {

/// What a number that a user gives must be. NaN, which a number left out is, breaks every rule.
enum class rule {
  finite,
  positive,              ///< and finite
  positive_or_infinite,  ///< infinite where something is not possible: no trade
  at_least_zero,         ///< and finite
  at_least_zero_or_infinite,
  above_one,                 ///< and finite
  at_least_one_or_infinite,  ///< an iceberg cost
  above_minus_one,           ///< and finite; an ad valorem tariff
  rate,                      ///< in (0, 1]
  share,                     ///< in [0, 1]
  share_below_one,           ///< in [0, 1)
  inner_share,               ///< in (0, 1)
  whole,                     ///< a whole number of at least 0
};

namespace detail {

/// A rule as an interval; one that ends with the numbers is open where they must be finite.
struct rule_bounds {
  double least, most;
  bool least_allowed, most_allowed;
  char const* words;  ///< after "it must"
};

[[nodiscard]] constexpr rule_bounds bounds_of(rule r) noexcept {
  constexpr double top = std::numeric_limits<double>::infinity();
  switch (r) {
    case rule::finite:
      return {-top, top, false, false, "be finite"};
    case rule::positive:
      return {0, top, false, false, "be positive and finite"};
    case rule::positive_or_infinite:
      return {0, top, false, true, "be positive"};
    case rule::at_least_zero:
      return {0, top, true, false, "be at least 0 and finite"};
    case rule::at_least_zero_or_infinite:
      return {0, top, true, true, "be at least 0"};
    case rule::above_one:
      return {1, top, false, false, "exceed 1 and be finite"};
    case rule::at_least_one_or_infinite:
      return {1, top, true, true, "be at least 1"};
    case rule::above_minus_one:
      return {-1, top, false, false, "exceed -1 and be finite"};
    case rule::rate:
      return {0, 1, false, true, "lie in (0, 1]"};
    case rule::share:
      return {0, 1, true, true, "lie in [0, 1]"};
    case rule::share_below_one:
      return {0, 1, true, false, "lie in [0, 1)"};
    case rule::inner_share:
      return {0, 1, false, false, "lie in (0, 1)"};
    case rule::whole:
      return {0, top, true, false, "be a whole number of at least 0"};
  }
  return {0, 0, false, false, "be nothing"};
}

}  // namespace detail

/// The rule as an error says it, after "it must": "be positive and finite".
[[nodiscard]] constexpr char const* to_words(rule r) noexcept { return detail::bounds_of(r).words; }

/// Whether infinity keeps the rule: for what is impossible.
[[nodiscard]] constexpr bool allows_infinity(rule r) noexcept {
  auto const b = detail::bounds_of(r);
  return b.most_allowed && b.most > 1;
}

namespace detail {

/// Whether a number lies between bounds. Without branches: matrices are long.
template <class Real>
[[nodiscard]] bool lies_in(rule_bounds const& b, Real const& x) {
  bool const above = x > b.least, least = x == b.least, below = x < b.most, most = x == b.most;
  return (above | (b.least_allowed & least)) & (below | (b.most_allowed & most));
}

template <real Real>
[[nodiscard]] bool keeps(rule_bounds const& b, bool whole, Real const& x) {
  using std::floor;
  return lies_in(b, x) && (!whole || floor(x) == x);
}

}  // namespace detail

/// Whether a number keeps the rule.
template <real Real>
[[nodiscard]] bool holds(rule r, Real const& x) {
  return detail::keeps(detail::bounds_of(r), r == rule::whole, x);
}

namespace detail {

/// @throws domain_error unless the number keeps the rule
template <class Where, real Real>
void require(rule r, Where const& where, char const* parameter, Real const& value) {
  if (!holds(r, value)) [[unlikely]]
    reject(where, parameter, static_cast<double>(value), to_words(r));
}

}  // namespace detail
}  // namespace melitz
