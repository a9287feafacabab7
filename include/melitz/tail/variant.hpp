// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/numerics/visit_held.hpp>
#include <melitz/tail/tail.hpp>

#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace melitz::detail {

/// Tail of a law whose family is chosen at run time.
template <productivity_tail... Tails>
class variant_tail {
 public:
  using real_type = typename std::variant_alternative_t<0, std::variant<Tails...>>::real_type;
  using in_own_units = variant_tail;

  explicit variant_tail(std::variant<Tails...> tail) : tail_(std::move(tail)) {}

  [[nodiscard]] real_type power() const {
    return detail::visit_held([](auto const& t) { return real_type(t.power()); }, tail_);
  }
  [[nodiscard]] real_type log_lower_bound() const {
    return detail::visit_held([](auto const& t) { return real_type(t.log_lower_bound()); }, tail_);
  }
  [[nodiscard]] real_type log_upper_bound() const {
    return detail::visit_held([](auto const& t) { return real_type(t.log_upper_bound()); }, tail_);
  }
  [[nodiscard]] real_type log_moment() const {
    return detail::visit_held([](auto const& t) { return real_type(t.log_moment()); }, tail_);
  }
  [[nodiscard]] real_type error_estimate() const {
    return detail::visit_held([](auto const& t) { return error_estimate_of(t); }, tail_);
  }
  [[nodiscard]] tail_point<real_type> at(real_type const& log_x) const {
    return detail::visit_held([&](auto const& t) { return t.at(log_x); }, tail_);
  }
  [[nodiscard]] std::vector<real_type> log_kinks() const {
    return detail::visit_held([](auto const& t) { return log_kinks_of(t); }, tail_);
  }
  [[nodiscard]] bool smooth_between(real_type const& a, real_type const& b) const {
    return detail::visit_held([&](auto const& t) { return detail::smooth_between(t, a, b); }, tail_);
  }

  /// The same in the units of its own that the family has; in absolute ones for a family without.
  class own_view {
   public:
    using real_type = variant_tail::real_type;

    explicit own_view(std::variant<Tails...> const& tail) : tail_(&tail) {}
    [[nodiscard]] real_type power() const {
      return visit([](auto const& t) { return real_type(t.power()); });
    }
    [[nodiscard]] real_type log_lower_bound() const {
      return visit([](auto const& t) { return real_type(t.log_lower_bound()); });
    }
    [[nodiscard]] real_type log_upper_bound() const {
      return visit([](auto const& t) { return real_type(t.log_upper_bound()); });
    }
    [[nodiscard]] real_type log_moment() const {
      return visit([](auto const& t) { return real_type(t.log_moment()); });
    }
    [[nodiscard]] tail_point<real_type> at(real_type const& log_x) const {
      return visit([&](auto const& t) { return t.at(log_x); });
    }
    [[nodiscard]] tail_point<wider_t<real_type>> at_in_wider_type(wider_t<real_type> const& log_x) const {
      return visit([&](auto const& t) { return detail::at_in_wider_type(t, log_x); });
    }
    [[nodiscard]] bool smooth_between(real_type const& a, real_type const& b) const {
      return visit([&](auto const& t) { return detail::smooth_between(t, a, b); });
    }

   private:
    template <class F>
    [[nodiscard]] auto visit(F const& f) const {
      return detail::visit_held(
          [&](auto const& t) {
            if constexpr (has_own_units<std::remove_cvref_t<decltype(t)>>) {
              return f(t.own());
            } else {
              return f(t);
            }
          },
          *tail_);
    }
    std::variant<Tails...> const* tail_;
  };
  [[nodiscard]] own_view own() const { return own_view(tail_); }
  [[nodiscard]] with_rest<real_type> log_unit() const {
    return detail::visit_held(
        [](auto const& t) {
          if constexpr (has_own_units<std::remove_cvref_t<decltype(t)>>) {
            return with_rest<real_type>(t.log_unit());
          } else {
            return with_rest<real_type>{};
          }
        },
        tail_);
  }

 private:
  std::variant<Tails...> tail_;
};

/// The variant of the distinct types among Tails: two laws may share a tail type.
template <class Variant, class... Tails>
struct distinct {
  using type = Variant;
};
template <class... Seen, class Next, class... Rest>
struct distinct<std::variant<Seen...>, Next, Rest...>
    : std::conditional_t<(std::is_same_v<Next, Seen> || ...), distinct<std::variant<Seen...>, Rest...>,
                         distinct<std::variant<Seen..., Next>, Rest...>> {};

template <class Variant>
struct variant_tail_for;
template <class... Tails>
struct variant_tail_for<std::variant<Tails...>> {
  using type = variant_tail<Tails...>;
};

/// @throws domain_error of the law that the variant holds
template <productivity_law... Laws>
[[nodiscard]] auto make_tail(tail_of_law, std::variant<Laws...> const& law,
                             law_real_t<std::variant<Laws...>> const& power) {
  using tails = typename distinct<std::variant<>, plain_tail_of_t<Laws>...>::type;
  return typename variant_tail_for<tails>::type(
      detail::visit_held([&](auto const& l) -> tails { return plain_tail_of(l, power); }, law));
}

}  // namespace melitz::detail
