// SPDX-License-Identifier: BSL-1.0
#include "models.hpp"

#include "../catalog/compiled.hpp"

#include <melitz/catalog/names_of_worlds.hpp>

#include <algorithm>
#include <utility>

namespace melitz::catalog {

template <>
std::vector<model> models_of<core_models, 0, 1>() {
  return models_of_parts<core_models, MELITZ_CATALOG_PARTS>();
}
template <>
void add_derivatives<core_models, 0, 1>(std::vector<model>& models) {
  add_derivatives_of_parts<core_models, MELITZ_CATALOG_PARTS>(models);
}
#ifdef MELITZ_CATALOG_WORLDS
template <>
std::vector<model> models_of<world_models, 0, 1>() {
  return models_of_parts<world_models, MELITZ_CATALOG_WORLD_PARTS>();
}
template <>
void add_derivatives<world_models, 0, 1>(std::vector<model>& models) {
  add_derivatives_of_parts<world_models, MELITZ_CATALOG_WORLD_PARTS>(models);
}
#endif

}  // namespace melitz::catalog

namespace melitz::front {

std::vector<model> const& models() {
  static std::vector<model> const table = [] {
    namespace catalog = melitz::catalog;
    auto out = catalog::models_of<catalog::core_models, 0, 1>();
    catalog::add_derivatives<catalog::core_models>(out);
#ifdef MELITZ_CATALOG_WORLDS
    for (auto& m : catalog::models_of<catalog::world_models, 0, 1>()) out.push_back(std::move(m));
    catalog::add_derivatives<catalog::world_models>(out);
#endif
    return out;
  }();
  return table;
}

model const& model_named(json const& name, std::string const& path) {
  std::vector<std::string_view> names;
  for (auto const& m : models()) names.push_back(m.name);
  for (auto const world : melitz::catalog::names_of_worlds) {
    if (name != std::string(world) || std::find(names.begin(), names.end(), world) != names.end()) continue;
    throw input_error(path + " is " + shown(name) + ", which needs Eigen; this melitz-solve was built without it");
  }
  return *melitz::catalog::find(models(), read_word(name, path, names));
}

std::string_view word_of(part where) {
  constexpr std::string_view words[] = {"solution", "work",       "cutoffs",    "averages",
                                        "masses",   "aggregates", "labor_uses", "elasticities"};
  return words[static_cast<std::size_t>(where)];
}

}  // namespace melitz::front
