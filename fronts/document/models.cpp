// SPDX-License-Identifier: BSL-1.0
#include "models.hpp"

#include <melitz/catalog/names_of_worlds.hpp>

#include <algorithm>

namespace melitz::front {

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
