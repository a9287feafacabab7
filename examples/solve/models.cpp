// SPDX-License-Identifier: BSL-1.0
#include "models.hpp"

#include <melitz/catalog/list.hpp>
#ifdef MELITZ_SOLVE_WORLDS
#include <melitz/catalog/world_list.hpp>
#endif

#include <algorithm>
#include <cstddef>
#include <stdexcept>
#include <tuple>
#include <utility>

namespace melitz_solve {

namespace {

/// All models of a list, which are compiled in as many files as this program is told; see some_models.cpp.
template <class Economies, std::size_t... Part>
void append_all(std::vector<model>& out, std::index_sequence<Part...>) {
  constexpr std::size_t parts = sizeof...(Part);
  std::vector<model> const by_part[] = {melitz::catalog::models_of<Economies, Part, parts>()...};
  for (std::size_t k = 0; k < std::tuple_size_v<Economies>; ++k) out.push_back(by_part[k % parts].at(k / parts));
}

/// Those that need Eigen, built with it or not.
constexpr std::string_view world_names[] = {
    "world", "acr", "chaney", "multinational_world", "melitz_ottaviano", "comparative_advantage"};

}  // namespace

std::vector<model> const& models() {
  static std::vector<model> const table = [] {
    std::vector<model> out;
    append_all<melitz::catalog::core_models>(out, std::make_index_sequence<MELITZ_SOLVE_PARTS>());
#ifdef MELITZ_SOLVE_WORLDS
    append_all<melitz::catalog::world_models>(out, std::make_index_sequence<MELITZ_SOLVE_WORLD_PARTS>());
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

}  // namespace melitz_solve
