// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/law/laws_by.hpp>
#include <melitz/tail/tail.hpp>

#include <concepts>
#include <type_traits>
#include <vector>

// Calls that do not compile, each with the reason. Instead of listing candidates and what each of them requires, a
// compiler prints the one deleted function that fits, with the type of its parameter `Mistake`. For overload resolution
// and concepts they are as good as absent: an expression that calls them is invalid.

namespace melitz {

/// Why a call does not compile. Only their names matter: compilers print them, as `Mistake`, when they refuse it.
namespace mistake {
struct none;
struct the_economy_comes_first_then_the_law;
struct a_tail_is_asked_for_pass_tail_of_the_law;
struct a_law_is_asked_for_not_its_tail;
struct law_has_no_log_density;
struct law_has_no_log_lower_bound;
struct law_has_no_log_upper_bound;
struct log_density_is_not_const_or_no_number;
struct log_lower_bound_is_not_const_or_no_number;
struct log_upper_bound_is_not_const_or_no_number;
struct law_cannot_be_copied;
struct several_laws_are_by_country_or_by_sector;
struct header_of_its_tail_is_not_included;
}  // namespace mistake

namespace detail {

/// The first part of density_law that is missing. In the order of the concept, whose parts are its conditions.
template <class L>
[[nodiscard]] consteval auto* first_mistake_in() {
  using namespace mistake;
  if constexpr (law_or_tail<L>) {
    return static_cast<none*>(nullptr);
  } else if constexpr (!has_log_density<L>) {
    return static_cast<law_has_no_log_density*>(nullptr);
  } else if constexpr (!has_log_lower_bound<L>) {
    return static_cast<law_has_no_log_lower_bound*>(nullptr);
  } else if constexpr (!has_log_upper_bound<L>) {
    return static_cast<law_has_no_log_upper_bound*>(nullptr);
  } else if constexpr (!log_density_is_const<L>) {
    return static_cast<log_density_is_not_const_or_no_number*>(nullptr);
  } else if constexpr (!log_lower_bound_is_const<L>) {
    return static_cast<log_lower_bound_is_not_const_or_no_number*>(nullptr);
  } else if constexpr (!log_upper_bound_is_const<L>) {
    return static_cast<log_upper_bound_is_not_const_or_no_number*>(nullptr);
  } else if constexpr (!std::copyable<L>) {
    return static_cast<law_cannot_be_copied*>(nullptr);
  } else {
    return static_cast<header_of_its_tail_is_not_included*>(nullptr);
  }
}

template <class L>
struct mistake_in_law : std::remove_pointer<decltype(first_mistake_in<L>())> {};
template <class L>
struct mistake_in_law<by_country<L>> : mistake_in_law<L> {};
template <class L>
struct mistake_in_law<by_sector<L>> : mistake_in_law<L> {};
template <class L>
struct mistake_in_law<by_industry_and_country<L>> : mistake_in_law<L> {};
template <class L>
struct mistake_in_law<std::vector<L>> {
  using type = mistake::several_laws_are_by_country_or_by_sector;
};
template <class L>
using mistake_in = typename mistake_in_law<L>::type;

/// Where a tail is asked for: whether it is a law instead, or what else.
template <class T>
using mistake_for_a_tail =
    std::conditional_t<productivity_law<T>, mistake::a_tail_is_asked_for_pass_tail_of_the_law, mistake_in<T>>;

template <class T>
using mistake_for_a_law =
    std::conditional_t<productivity_tail<T>, mistake::a_law_is_asked_for_not_its_tail, mistake_in<T>>;

/// What is wrong with the arguments of a solve.
template <class Economy, class Law>
using mistake_of = std::conditional_t<law_or_tail<Economy> || has_log_density<Economy>,
                                      mistake::the_economy_comes_first_then_the_law, mistake_in<Law>>;

}  // namespace detail

/// What is no law.
template <class Law, class Mistake = detail::mistake_for_a_law<Law>>
requires(!productivity_law<Law>) void tail_of(Law const& law, law_real_t<Law> const& power) = delete;

/// No economy and its law, or tail.
template <class Economy, class Law, class Mistake = detail::mistake_of<Economy, Law>>
requires(!std::same_as<Mistake, mistake::none> && !requires(Economy const& e, Law const& l) {
  try_solve(e, l);
}) void solve(Economy const&, Law const&, auto const&...) = delete;
template <detail::law_or_tail Law, class Economy, class Mistake = detail::mistake_of<Law, Economy>>
void try_solve(Law const&, Economy const&, auto const&...) = delete;

}  // namespace melitz
