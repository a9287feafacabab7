// SPDX-License-Identifier: BSL-1.0
#include "models.hpp"

#include "../catalog/compiled.hpp"

#include <algorithm>
#include <utility>

namespace melitz::catalog {

template <>
std::vector<model> models_of<core_models, 0, 1>() {
  return models_of_parts<core_models, MELITZ_CATALOG_PARTS>();
}
#ifdef MELITZ_CATALOG_WORLDS
template <>
std::vector<model> models_of<world_models, 0, 1>() {
  return models_of_parts<world_models, MELITZ_CATALOG_WORLD_PARTS>();
}
#endif

}  // namespace melitz::catalog

namespace melitz::front {

namespace {

/// Those that need Eigen, built with it or not.
constexpr std::string_view world_names[] = {
    "world", "acr", "chaney", "multinational_world", "melitz_ottaviano", "comparative_advantage"};

}  // namespace

std::vector<model> const& models() {
  static std::vector<model> const table = [] {
    auto out = melitz::catalog::models_of<melitz::catalog::core_models, 0, 1>();
#ifdef MELITZ_CATALOG_WORLDS
    for (auto& m : melitz::catalog::models_of<melitz::catalog::world_models, 0, 1>()) out.push_back(std::move(m));
#endif
    return out;
  }();
  return table;
}

model const& model_named(json const& name, std::string const& path) {
  std::vector<std::string_view> names;
  for (auto const& m : models()) names.push_back(m.name);
  for (auto const world : world_names) {
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
