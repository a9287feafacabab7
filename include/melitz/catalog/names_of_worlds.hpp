// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string_view>

namespace melitz::catalog {

/// The names of the models that need Eigen, in the order of world_models, which is held against them: for
/// programs that were built without Eigen, and can say what they lack.
inline constexpr std::string_view names_of_worlds[] = {
    "world",
    "world_with_outside_good",
    "acr",
    "chaney",
    "multinational_world",
    "melitz_ottaviano",
    "comparative_advantage",
    "bertrand",
    "calibrated_world",
    "trade_policy",
    "industry_dynamics",
};

}  // namespace melitz::catalog
