// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/tail/atoms_lanes.hpp>
#include <melitz/tail/lane_tails.hpp>

#if MELITZ_HAS_LANES
namespace melitz::detail::lanes {
inline namespace MELITZ_LANES_NAMESPACE {

/// Which laws, or tails of them, have lanes.
template <class LawOrTail>
concept has_lanes = requires(LawOrTail const& l) {
  lane_numbers(l);
};

}  // namespace MELITZ_LANES_NAMESPACE
}  // namespace melitz::detail::lanes
#endif
