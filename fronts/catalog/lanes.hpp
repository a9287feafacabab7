// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/catalog/model.hpp>

#include <vector>

namespace melitz::front {

/// Lets those of these models that have it solve several economies at a time. In a file of its own: beside what defines
/// models, the list of all of them would compile each once more.
void add_lanes(std::vector<catalog::model>& models);

}  // namespace melitz::front
