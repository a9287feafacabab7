// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/catalog/model.hpp>

#include <vector>

namespace melitz::front {

/// All models that this build has, with their derivatives and what they solve several at a time.
[[nodiscard]] std::vector<catalog::model> const& models();

}  // namespace melitz::front
