// SPDX-License-Identifier: BSL-1.0
#include "models.hpp"

#include "compiled.hpp"
#include "lanes.hpp"

#include <utility>

namespace melitz::catalog {

template <>
std::vector<model> models_of<core_models, 0, 1>() {
  return models_of_parts<core_models, MELITZ_CATALOG_PARTS>();
}
template <>
void add_derivatives<core_models, 0, 1>([[maybe_unused]] std::vector<model>& models) {
#ifdef MELITZ_CATALOG_PART_SLOPES
  add_derivatives_of_parts<core_models, MELITZ_CATALOG_PARTS>(models);
#endif
}
#ifdef MELITZ_CATALOG_WORLDS
template <>
std::vector<model> models_of<world_models, 0, 1>() {
  return models_of_parts<world_models, MELITZ_CATALOG_WORLD_PARTS>();
}
template <>
void add_derivatives<world_models, 0, 1>([[maybe_unused]] std::vector<model>& models) {
#ifdef MELITZ_CATALOG_WORLD_PART_SLOPES
  add_derivatives_of_parts<world_models, MELITZ_CATALOG_WORLD_PARTS>(models);
#endif
}
#endif

}  // namespace melitz::catalog

namespace melitz::front {

std::vector<catalog::model> const& models() {
  static std::vector<catalog::model> const table = [] {
    auto out = catalog::models_of<catalog::core_models, 0, 1>();
    catalog::add_derivatives<catalog::core_models>(out);
    add_lanes(out);
#ifdef MELITZ_CATALOG_WORLDS
    for (auto& m : catalog::models_of<catalog::world_models, 0, 1>()) out.push_back(std::move(m));
    catalog::add_derivatives<catalog::world_models>(out);
#endif
    return out;
  }();
  return table;
}

}  // namespace melitz::front
