// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "models.hpp"

#include <melitz/error.hpp>

#include <string>
#include <string_view>

// What the files of operations.hpp share.

namespace melitz::front {

/// @param it  what a model may have: "gains from trade"
/// @throws input_error for one that does not, naming those that do
void require_of_model(model const& what, bool (*has)(model const&), std::string_view it);

/// What the library says of a parameter, without the name that it has for the model.
[[nodiscard]] std::string without_place(melitz::domain_error const& e);

}  // namespace melitz::front
