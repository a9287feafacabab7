// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/catalog/batch.hpp>
#include <melitz/catalog/describe.hpp>
#include <melitz/catalog/lanes.hpp>
#include <melitz/catalog/laws.hpp>
#include <melitz/catalog/list.hpp>

#include <vector>

// Every model and law by name, at run time. Needs Boost alone; models of different countries are in catalog/worlds.hpp.
// Whoever calls this compiles all models: a program can spread them over several files, see models_of.

namespace melitz::catalog {

/// The models that need Boost alone.
/// Example: solve the open economy with its own example's parameters but another iceberg cost:
///   auto const& open = *find(models(), "open");
///   auto given = examples_of(open);
///   given[6] = array_of(1.4);
///   auto const e = open.solve(given, {law_of(lognormal<>{0, 0.8})}, {});
template <class Economies = core_models>
[[nodiscard]] std::vector<model> const& models() {
  static std::vector<model> const table = [] {
    auto out = models_of<Economies, 0, 1>();
    add_lanes_where_there_are(out);
    return out;
  }();
  return table;
}

}  // namespace melitz::catalog
