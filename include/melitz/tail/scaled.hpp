// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/law/located_tail.hpp>
#include <melitz/law/scaled.hpp>
#include <melitz/numerics/log_pair.hpp>
#include <melitz/tail/tail.hpp>

#include <utility>

namespace melitz::detail {

/// A tail whose unit of productivity is this many log points higher: that of the same law, scaled.
template <productivity_tail Tail>
[[nodiscard]] located_tail<Tail> moved_up(Tail tail, with_rest<typename Tail::real_type> const& by) {
  using real_type = typename Tail::real_type;
  auto const lower = real_type(tail.log_lower_bound() + by.value), upper = real_type(tail.log_upper_bound() + by.value);
  return {std::move(tail), by, lower, upper};
}
/// Of a law that has a unit of its own already, that unit moves: the type stays, and all that is made for it.
template <productivity_tail Own>
[[nodiscard]] located_tail<Own> moved_up(located_tail<Own> const& tail, with_rest<typename Own::real_type> const& by) {
  using real_type = typename Own::real_type;
  auto unit = sum_with_rest(tail.log_unit().value, by.value);
  unit.rest += tail.log_unit().rest + by.rest;
  return {tail.own(), unit, real_type(tail.log_lower_bound() + by.value), real_type(tail.log_upper_bound() + by.value)};
}

/// @throws domain_error naming the scale, or what is out of range of the law
template <productivity_law Law>
[[nodiscard]] auto make_tail(tail_of_law, melitz::scaled<Law> const& law, law_real_t<Law> const& power) {
  law.validate();
  return moved_up(plain_tail_of(law.law, power), log_with_rest(law.scale));
}

}  // namespace melitz::detail
