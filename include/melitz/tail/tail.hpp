// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/law/concepts.hpp>
#include <melitz/law/located_tail.hpp>

#include <type_traits>
#include <utility>
#include <vector>

namespace melitz {

namespace detail {

/// Passed first to make_tail, so that overloads declared in headers included later are found by argument-dependent
/// lookup, also for laws that live in other namespaces.
struct tail_of_law {};

template <class L>
concept has_make_tail = requires(L const& law, law_real_t<L> const& power) {
  { make_tail(tail_of_law{}, law, power) } -> productivity_tail;
};

/// Whether tail_of takes it, as a variable: of a disjunction of concepts compilers do not say what each lacks.
template <class L>
inline constexpr bool has_a_tail = closed_form_law<L> || has_make_tail<L>;

/// Has all that a law by density has.
struct any_members {
  double log_density(double t) const;
  double log_lower_bound() const;
  double log_upper_bound() const;
};

/// What the members of a law are asked of: of those that have a tail anyway, nothing.
template <class L, bool Accepted = has_a_tail<L>>
using members_of = std::conditional_t<Accepted, any_members, L>;

/// False for a density_law where melitz/tail/quadrature.hpp is missing, and likewise mixture.hpp, ...
template <class L, bool Found = has_a_tail<L>>
concept header_of_its_tail_is_included = Found;

}  // namespace detail

/// What productivity may be drawn from: our own laws, mixtures and truncations of them, a std::variant of laws, any
/// Boost.Math distribution on the positive half-line, or a type with a log density and bounds (see density_law).
/// The headers are melitz/law/*.hpp for closed forms and melitz/tail/{quadrature,mixture,truncated,variant,boost}.hpp.
///
/// Written so that a compiler names the member that a type of one's own lacks, or that is not const.
template <class L>
concept productivity_law = density_law<detail::members_of<L>> && detail::header_of_its_tail_is_included<L>;

namespace detail {

/// What may stand where both a law and a tail are taken.
template <class T>
inline constexpr bool is_or_has_a_tail = productivity_tail<T> || has_a_tail<T>;
template <class T>
concept law_or_tail =
    density_law<members_of<T, is_or_has_a_tail<T>>> && header_of_its_tail_is_included<T, is_or_has_a_tail<T>>;

/// As tail_of, without what goes with the derivatives of the law's parameters.
template <productivity_law Law>
[[nodiscard]] auto plain_tail_of(Law const& law, law_real_t<Law> const& power) {
  if constexpr (closed_form_law<Law>) {
    return law.tail(power);
  } else {
    return make_tail(tail_of_law{}, law, power);
  }
}

template <productivity_law Law>
using plain_tail_of_t = decltype(plain_tail_of(std::declval<Law const&>(), std::declval<law_real_t<Law> const&>()));

/// A tail that carries derivatives, beside the same tail without: the cheaper one to solve with.
template <productivity_tail Tail, productivity_tail Values>
class tail_with_values {
 public:
  using real_type = typename Tail::real_type;
  using in_own_units = tail_with_values;

  tail_with_values(Tail tail, Values values) : tail_(std::move(tail)), values_(std::move(values)) {}

  [[nodiscard]] Values const& values() const { return values_; }
  [[nodiscard]] auto own() const requires has_own_units<Tail> && has_own_units<Values> {
    using own_tail = std::remove_cvref_t<decltype(tail_.own())>;
    using own_values = std::remove_cvref_t<decltype(values_.own())>;
    return tail_with_values<own_tail, own_values>(tail_.own(), values_.own());
  }
  [[nodiscard]] auto log_unit() const requires has_own_units<Tail> { return tail_.log_unit(); }
  [[nodiscard]] real_type power() const { return tail_.power(); }
  [[nodiscard]] real_type log_lower_bound() const { return tail_.log_lower_bound(); }
  [[nodiscard]] real_type log_upper_bound() const { return tail_.log_upper_bound(); }
  [[nodiscard]] real_type log_moment() const { return tail_.log_moment(); }
  [[nodiscard]] tail_point<real_type> at(real_type const& log_x) const { return tail_.at(log_x); }
  [[nodiscard]] tail_in_logs<real_type> in_logs(real_type const& log_x) const requires has_log_moments<Tail> {
    return tail_.in_logs(log_x);
  }
  [[nodiscard]] std::vector<real_type> log_kinks() const requires requires(Tail const& tail) { tail.log_kinks(); }
  { return tail_.log_kinks(); }
  [[nodiscard]] real_type error_estimate() const {
    if constexpr (requires { values_.error_estimate(); }) {
      return real_type(values_.error_estimate());
    } else {
      return real_type(0);
    }
  }
  [[nodiscard]] bool smooth_between(real_type const& a, real_type const& b) const {
    if constexpr (requires { tail_.smooth_between(a, b); }) {
      return tail_.smooth_between(a, b);
    } else {
      return false;
    }
  }

 private:
  Tail tail_;
  Values values_;
};

}  // namespace detail

/// The law bound to a power r = elasticity - 1: computes once everything that does not depend on the productivity
/// at which the tail is then evaluated.
///
/// @throws domain_error naming a parameter of the law that is out of range, or saying that E[phi^r] diverges
/// Example: auto const tail = tail_of(pareto<>{.scale = 1, .shape = 4.25}, 3.0);  tail.at(std::log(2.0)).survival;
template <productivity_law Law>
[[nodiscard]] auto tail_of(Law const& law, law_real_t<Law> const& power) {
  using Real = law_real_t<Law>;
  if constexpr (detail::carries_derivatives<Real>) {
    auto values = detail::plain_tail_of(detail::differentiation<Real>::values_of(law),
                                        detail::differentiation<Real>::value(power));  // also checks the parameters
    auto tail = detail::plain_tail_of(law, power);
    return detail::tail_with_values<decltype(tail), decltype(values)>(std::move(tail), std::move(values));
  } else {
    return detail::plain_tail_of(law, power);
  }
}

/// Type of tail_of(law, power).
template <productivity_law Law>
using tail_of_t = decltype(tail_of(std::declval<Law const&>(), std::declval<law_real_t<Law> const&>()));

namespace detail {

/// tail_of(law, power), or what is cheaper where a single solve will follow.
template <productivity_law Law>
[[nodiscard]] auto tail_for_one_solve(Law const& law, law_real_t<Law> const& power) {
  if constexpr (requires { make_tail_for_one_solve(tail_of_law{}, law, power); }) {
    return make_tail_for_one_solve(tail_of_law{}, law, power);
  } else {
    return tail_of(law, power);
  }
}

/// Log productivities at which the density of a tail's law is known to jump: atoms, and the ends of its support.
template <productivity_tail Tail>
[[nodiscard]] std::vector<typename Tail::real_type> log_kinks_of(Tail const& tail) {
  if constexpr (requires { tail.log_kinks(); }) {
    return tail.log_kinks();
  } else {
    std::vector<typename Tail::real_type> out;
    for (typename Tail::real_type const& bound : {tail.log_lower_bound(), tail.log_upper_bound()}) {
      if (is_finite(bound)) out.push_back(bound);
    }
    return out;
  }
}

/// How far the tail's numbers may be off, relative; 0 for closed forms, whose error is rounding.
template <productivity_tail Tail>
[[nodiscard]] typename Tail::real_type error_estimate_of(Tail const& tail) {
  if constexpr (requires { tail.error_estimate(); }) {
    return tail.error_estimate();
  } else {
    return typename Tail::real_type(0);
  }
}

/// Whether the tail vouches for its derivatives between a and b; see productivity_tail.
template <productivity_tail Tail>
[[nodiscard]] bool smooth_between(Tail const& tail, typename Tail::real_type const& a,
                                  typename Tail::real_type const& b) {
  if constexpr (requires { tail.smooth_between(a, b); }) {
    return tail.smooth_between(a, b);
  } else {
    return false;
  }
}

/// The tail in the wider type where it can be had, else widened.
template <productivity_tail Tail, real Wide>
[[nodiscard]] tail_point<Wide> at_in_wider_type(Tail const& tail, Wide const& log_x) {
  if constexpr (requires { tail.at_in_wider_type(log_x); }) {
    return tail.at_in_wider_type(log_x);
  } else {
    using Real = typename Tail::real_type;
    auto const p = nudged(tail.at(static_cast<Real>(log_x)), Real(tail.power()),
                          static_cast<Real>(log_x - static_cast<Wide>(static_cast<Real>(log_x))));
    return {static_cast<Wide>(p.log_scale), static_cast<Wide>(p.survival), static_cast<Wide>(p.excess),
            static_cast<Wide>(p.density)};
  }
}

}  // namespace detail
}  // namespace melitz

#include <melitz/tail/mistake.hpp>  // what the compiler says to calls that are none
