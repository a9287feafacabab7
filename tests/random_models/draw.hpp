// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "document/models.hpp"

#include "support/random.hpp"

namespace test {

/// A model file with every number up to 100 times larger or smaller than in the model's example, as far as its
/// restriction can be read, and any law. Some are out of range all the same.
/// @param index  of the draw: every seventh varies little, so that all models have plausible ones too
[[nodiscard]] melitz::front::json random_model(melitz::front::model const& what, int index, uniform_numbers& uniform);

}  // namespace test
