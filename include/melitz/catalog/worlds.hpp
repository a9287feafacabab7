// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/catalog/describe.hpp>
#include <melitz/catalog/laws.hpp>
#include <melitz/catalog/world_list.hpp>

#include <vector>

// The models of different countries by name, at run time. Needs Eigen: CMake target melitz::world. Whoever calls this
// compiles them all: a program can spread them over several files, see models_of.

namespace melitz::catalog {

/// The models of different countries.
template <class Economies = world_models>
[[nodiscard]] std::vector<model> const& models_of_worlds() {
  static std::vector<model> const table = models_of<Economies, 0, 1>();
  return table;
}

}  // namespace melitz::catalog
