// SPDX-License-Identifier: BSL-1.0
//
// The whole catalog, for a page: without derivatives, which would double its size, and without lanes, for which a
// processor in WebAssembly has no registers.

#include "catalog/models.hpp"

#include "catalog/compiled.hpp"

#include <utility>
#include <vector>

namespace melitz::front {

std::vector<catalog::model> const& models() {
  static std::vector<catalog::model> const table = [] {
    auto out = catalog::models_of_parts<catalog::core_models, MELITZ_CATALOG_PARTS>();
#ifdef MELITZ_CATALOG_WORLDS
    for (auto& m : catalog::models_of_parts<catalog::world_models, MELITZ_CATALOG_WORLD_PARTS>()) {
      out.push_back(std::move(m));
    }
#endif
    return out;
  }();
  return table;
}

}  // namespace melitz::front
