// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "../trade/run.hpp"

#include <iosfwd>

namespace melitz::front {

/// What was read of the data, above the answers.
void write_policy_data(std::ostream& out, policy_study const& study);

/// An answer to read: all results by country, before, after and the change in percent, a row for each country.
void write_policy_table(std::ostream& out, scenario_answer const& answer, policy_study const& study);

}  // namespace melitz::front
