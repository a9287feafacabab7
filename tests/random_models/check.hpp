// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "solve/models.hpp"

#include <string>

namespace test {

/// What is wrong with numbers that claim to be an equilibrium, in a line; empty if nothing is.
[[nodiscard]] std::string complaint(melitz_solve::model const& what, melitz_solve::json const& parameters,
                                    melitz_solve::answer const& given);

}  // namespace test
