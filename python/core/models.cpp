// SPDX-License-Identifier: BSL-1.0
#include "models.hpp"

#include <catalog/compiled.hpp>

#include <utility>

namespace melitz::python {

std::vector<catalog::model> const& models() {
  static std::vector<catalog::model> const table = [] {
    auto out = catalog::models_of_parts<catalog::core_models, MELITZ_CATALOG_PARTS>();
#ifdef MELITZ_CATALOG_WORLDS
    for (auto& m : catalog::models_of_parts<catalog::world_models, MELITZ_CATALOG_WORLD_PARTS>()) {
      out.push_back(std::move(m));
    }
#endif
#if __has_include(<melitz/catalog/operations.hpp>)  // since then what is compiled has derivatives
    catalog::add_derivatives_of_parts<catalog::core_models, MELITZ_CATALOG_PARTS>(out);
#ifdef MELITZ_CATALOG_WORLDS
    catalog::add_derivatives_of_parts<catalog::world_models, MELITZ_CATALOG_WORLD_PARTS>(out);
#endif
#endif
    add_lanes_to(out);
    return out;
  }();
  return table;
}

}  // namespace melitz::python
