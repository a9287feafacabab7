// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/law/concepts.hpp>
#include <melitz/numerics/log_pair.hpp>

#include <concepts>
#include <type_traits>
#include <utility>

namespace melitz::detail {

/// The tail of the same law in the wider type, at a place given in that type: Own<wide>(parameters...).at(place). Dear,
/// for a last look where roundings weigh.
template <template <real> class Own, real Wide, real... Real>
[[nodiscard]] tail_point<Wide> in_wider_type(Wide const& place, Real const&... parameters) {
  return Own<Wide>(static_cast<Wide>(parameters)...).at(place);
}

}  // namespace melitz::detail

namespace melitz {

/// The tail of a law whose unit of productivity is not one, from the tail in units of its own.
///
/// Own units are what a law is simplest in: multiples of its scale, or of the top of its support. A tail seen at
/// log_x loses what rounding takes from ln(scale) and from log_x, which is much where both are large and nearly equal,
/// and everything just below the end of a support. So free entry is solved in own units, see own_units_of.
template <productivity_tail Own>
class located_tail {
 public:
  using real_type = typename Own::real_type;
  using in_own_units = located_tail;  ///< a class derived from this one answers at() in its own way

  /// @param unit          ln of the productivity that is one in units of its own
  /// @param lower, upper  bounds of log productivity, those of `own` moved by the unit
  located_tail(Own own, detail::with_rest<real_type> const& unit, real_type const& lower, real_type const& upper)
      : own_(std::move(own)), unit_(unit), log_lower_(lower), log_upper_(upper) {}

  [[nodiscard]] Own const& own() const { return own_; }
  [[nodiscard]] detail::with_rest<real_type> const& log_unit() const { return unit_; }

  [[nodiscard]] real_type power() const { return own_.power(); }
  [[nodiscard]] real_type log_lower_bound() const { return log_lower_; }
  [[nodiscard]] real_type log_upper_bound() const { return log_upper_; }
  [[nodiscard]] real_type log_moment() const {
    return real_type(own_.power() * unit_.value + (own_.log_moment() + own_.power() * unit_.rest));
  }
  [[nodiscard]] tail_point<real_type> at(real_type const& log_x) const { return own_.at(to_own(log_x)); }
  [[nodiscard]] tail_in_logs<real_type> in_logs(real_type const& log_x) const requires detail::has_log_moments<Own> {
    return own_.in_logs(to_own(log_x));
  }
  [[nodiscard]] bool smooth_between(real_type const& a, real_type const& b) const {
    return own_.smooth_between(to_own(a), to_own(b));
  }

 private:
  /// Bounds are told in rounded logarithms, and are met there.
  [[nodiscard]] real_type to_own(real_type const& log_x) const {
    if constexpr (!detail::carries_derivatives<real_type>) {
      if (log_x == log_lower_) return own_.log_lower_bound();
      if (log_x >= log_upper_) return own_.log_upper_bound();
    }
    return real_type((log_x - unit_.value) - unit_.rest);
  }

  Own own_;
  detail::with_rest<real_type> unit_;
  real_type log_lower_, log_upper_;
};

}  // namespace melitz

namespace melitz::detail {

/// Whether a tail is one of a law in units of its own, own(), moved by log_unit().
template <class Tail>
concept has_own_units = std::same_as<typename Tail::in_own_units, Tail> && requires(Tail const& tail) {
  requires productivity_tail<std::remove_cvref_t<decltype(tail.own())>>;
  { tail.log_unit() } -> std::convertible_to<with_rest<typename Tail::real_type>>;
};

}  // namespace melitz::detail
