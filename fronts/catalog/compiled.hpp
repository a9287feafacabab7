// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/catalog/list.hpp>
#include <melitz/catalog/model.hpp>
#ifdef MELITZ_CATALOG_WORLDS
#include <melitz/catalog/world_list.hpp>
#endif

#include <vector>

// Who includes this before anything that calls the catalog's models links those that this folder compiles, with
// their derivatives, and compiles none.

namespace melitz::catalog {

template <>
std::vector<model> models_of<core_models, 0, 1>();
template <>
void add_derivatives<core_models, 0, 1>(std::vector<model>& models);
#ifdef MELITZ_CATALOG_WORLDS
template <>
std::vector<model> models_of<world_models, 0, 1>();
template <>
void add_derivatives<world_models, 0, 1>(std::vector<model>& models);
#endif

}  // namespace melitz::catalog
