// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "models.hpp"

#include <string_view>

namespace melitz::front {

/// @throws input_error saying what the parameter is called now, if it had this name before
void require_new_name(model const& what, std::string_view name);

}  // namespace melitz::front
