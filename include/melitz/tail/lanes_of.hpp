// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/law/discrete.hpp>
#include <melitz/law/lognormal.hpp>
#include <melitz/law/pareto.hpp>
#include <melitz/tail/atoms_lanes.hpp>
#include <melitz/tail/lane_tails.hpp>

#if MELITZ_HAS_LANES
namespace melitz::detail::lanes {
inline namespace MELITZ_LANES_NAMESPACE {

// Which laws, or tails of them, have lanes.

[[nodiscard]] inline lognormal_lanes lanes_of(lognormal<double> const& law) { return lognormal_lanes(law); }
[[nodiscard]] inline lognormal_lanes lanes_of(lognormal<double>::tail_type const& tail) {
  return lognormal_lanes({tail.log_unit().value, tail.own().log_sd()});
}
[[nodiscard]] inline pareto_lanes lanes_of(pareto<double> const& law) { return {law.log_lower_bound(), law.shape}; }
[[nodiscard]] inline pareto_lanes lanes_of(pareto<double>::tail_type const& tail) {
  return {tail.log_lower_bound(), tail.own().shape()};
}

[[nodiscard]] inline atoms_lanes lanes_of(atoms_tail<double> const& tail) { return atoms_lanes(tail); }

template <class LawOrTail>
concept has_lanes = requires(LawOrTail const& l) {
  lanes_of(l);
};

}  // namespace MELITZ_LANES_NAMESPACE
}  // namespace melitz::detail::lanes
#endif
