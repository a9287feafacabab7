// SPDX-License-Identifier: BSL-1.0
//
// Some of the catalog's models: compiled several times, each time for the part of the list that it is told.

#include <melitz/catalog/describe.hpp>
#ifdef MELITZ_CATALOG_WORLD_PART
#include <melitz/catalog/world_list.hpp>
template std::vector<melitz::catalog::model>
melitz::catalog::models_of<melitz::catalog::world_models, MELITZ_CATALOG_WORLD_PART, MELITZ_CATALOG_WORLD_PARTS>();
#else
#include <melitz/catalog/list.hpp>
template std::vector<melitz::catalog::model>
melitz::catalog::models_of<melitz::catalog::core_models, MELITZ_CATALOG_PART, MELITZ_CATALOG_PARTS>();
#endif
