// SPDX-License-Identifier: BSL-1.0
#include "models.hpp"

#include <melitz/catalog/lanes.hpp>

#include <vector>

namespace melitz::python {

void add_lanes_to(std::vector<catalog::model>& models) {
  for (auto& m : models) {
    if (m.name == closed_economy<double>::name) catalog::add_lanes<closed_economy<double>>(m);
    if (m.name == open_economy<double>::name) catalog::add_lanes<open_economy<double>>(m);
  }
}

}  // namespace melitz::python
