// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "document/models.hpp"

#include <string>

namespace test {

/// What is wrong with numbers that claim to be an equilibrium, in a line; empty if nothing is.
[[nodiscard]] std::string complaint(melitz::front::model const& what, melitz::front::json const& parameters,
                                    melitz::front::answer const& given);

}  // namespace test
