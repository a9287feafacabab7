// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/law/tail_point.hpp>

#include <concepts>
#include <variant>

namespace melitz {

namespace detail {
template <class L>
struct law_real {
  using type = double;
};
template <class L>
requires requires { typename L::real_type; }
struct law_real<L> {
  using type = typename L::real_type;
};
template <class First, class... Rest>
struct law_real<std::variant<First, Rest...>> : law_real<First> {};
}  // namespace detail

/// Number type of a law: its `real_type`, or double where it names none.
template <class L>
using law_real_t = typename detail::law_real<L>::type;

// The parts of productivity_tail and density_law have names of their own: a compiler that refuses a type prints the
// name of the part that it lacks.

/// What tells a tail from a law: pass tail_of(law, elasticity - 1) where it is asked for.
template <class T>
concept bound_by_tail_of = requires(T const& tail, law_real_t<T> const& t) {
  tail.power();
  tail.at(t);
};
/// log_density(t), which a constant law may or may not allow.
template <class L>
concept has_log_density = requires(L& law, law_real_t<L> const& t) {
  law.log_density(t);
};
/// log_lower_bound(), which a constant law may or may not allow.
template <class L>
concept has_log_lower_bound = requires(L& law) {
  law.log_lower_bound();
};
/// log_upper_bound(), which a constant law may or may not allow.
template <class L>
concept has_log_upper_bound = requires(L& law) {
  law.log_upper_bound();
};
/// log_density(t) is a const member and gives a number.
template <class L>
concept log_density_is_const = requires(L const& law, law_real_t<L> const& t) {
  { law.log_density(t) } -> std::convertible_to<law_real_t<L>>;
};
/// log_lower_bound() is a const member and gives a number.
template <class L>
concept log_lower_bound_is_const = requires(L const& law) {
  { law.log_lower_bound() } -> std::convertible_to<law_real_t<L>>;
};
/// log_upper_bound() is a const member and gives a number.
template <class L>
concept log_upper_bound_is_const = requires(L const& law) {
  { law.log_upper_bound() } -> std::convertible_to<law_real_t<L>>;
};

/// A law bound to a power r = elasticity - 1: all that the models ever evaluate.
///
/// Semantics no compiler can check (tests/law/law_semantics.hpp does): at(t) is total, for every finite t; survival
/// falls from 1 to 0 and excess from infinity to 0; d excess/dt = -r (excess + survival); d survival/dt = -density
/// between atoms; log_moment() = ln E[phi^r] is finite.
///
/// Optional: `smooth_between(a, b)`, whether the density of log productivity has no kink, jump or atom between a and b.
/// With it the tail vouches for the derivatives of the density, and a solve ends with a Taylor step instead of
/// another evaluation. And `in_logs(t)`, moments of log productivity above t in closed form; see tail_in_logs.
template <class T>
concept productivity_tail = bound_by_tail_of<T> && std::copyable<T> &&
    requires(T const& tail, typename T::real_type const& t) {
  { tail.at(t) } -> std::same_as<tail_point<typename T::real_type>>;
  { tail.power() } -> std::convertible_to<typename T::real_type>;
  { tail.log_moment() } -> std::convertible_to<typename T::real_type>;
  { tail.log_lower_bound() } -> std::convertible_to<typename T::real_type>;
  { tail.log_upper_bound() } -> std::convertible_to<typename T::real_type>;
};

namespace detail {
/// in_logs(t), which only some tails have: see tail_in_logs.
template <class T>
concept has_log_moments = requires(T const& tail, law_real_t<T> const& t) {
  { tail.in_logs(t) } -> std::same_as<tail_in_logs<law_real_t<T>>>;
};
}  // namespace detail

/// A law known by a density: the log density of *log* productivity, ln g~(t) with t = ln phi, and the bounds of t.
///
/// This is all a user has to write. Logs, because at elasticity 50 and log-sd 5 the mass of phi^r g sits where phi
/// and g themselves are out of range; log productivity, because in t fat tails are exponentials that quadrature likes.
/// log_density is -inf outside the bounds; bounds may be infinite. Optional members: `real_type`, and
/// `log_breakpoints()`, points where the density has a kink or between separate modes.
template <class L>
concept density_law = has_log_density<L> && has_log_lower_bound<L> && has_log_upper_bound<L> &&
    log_density_is_const<L> && log_lower_bound_is_const<L> && log_upper_bound_is_const<L> && std::copyable<L>;

/// A law that knows its tail itself, in closed form: law.tail(power) returns it, or throws a domain_error when a
/// parameter is out of range or E[phi^power] diverges. Where it may diverge, `moments_below()` says from which power
/// on, so that `truncated` knows where to integrate between its bounds.
template <class L>
concept closed_form_law = std::copyable<L> && requires(L const& law, law_real_t<L> const& power) {
  { law.tail(power) } -> productivity_tail;
};

}  // namespace melitz
