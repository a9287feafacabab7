// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "study.hpp"

#include <melitz/worlds/policy/economy.hpp>

#include <vector>

namespace melitz::front {

/// Data and sectors as an economy of the library, with their labels; deficits stay as they are in money, as its
/// defaults have it. With shares of final demand in the data flows are those that fit them (with_final_shares).
/// @throws input_error where there are none
[[nodiscard]] melitz::policy_world<> world_of(trade_data const& data, std::vector<sector_point> const& sectors,
                                              double labor_supply_elasticity = 0);

/// The accounts of a world.
/// @throws input_error for all sectors of which consumers would buy less than nothing, and for another GDP than given
[[nodiscard]] melitz::policy_baseline<> consistent_baseline(melitz::policy_world<> const& world,
                                                            trade_data const& data);

}  // namespace melitz::front
