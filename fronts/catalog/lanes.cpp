// SPDX-License-Identifier: BSL-1.0
#include "lanes.hpp"

#include <melitz/catalog/lanes.hpp>

namespace melitz::front {

void add_lanes(std::vector<catalog::model>& models) { catalog::add_lanes_where_there_are(models); }

}  // namespace melitz::front
