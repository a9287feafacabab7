// SPDX-License-Identifier: BSL-1.0
//
// Some of the catalog's models and their derivatives: compiled several times, each time for the part of the list that
// it is told. Both in one file, since a derivative's solve needs the solve without one.

#include <melitz/catalog/describe.hpp>
#ifdef MELITZ_CATALOG_WORLD_PART
#include <melitz/catalog/world_derivatives.hpp>
#else
#include <melitz/catalog/derivatives.hpp>
#include <melitz/catalog/list.hpp>
#endif

namespace melitz::catalog {

namespace detail {

// What all models share: laws_with_slope.cpp has it.
extern template erased_law<slope> law_with_slope<slope>(law_by_name const&, place const*);
extern template derivatives derivatives_by<slope>(slope_solver, model const&, std::vector<array> const&,
                                                  std::vector<law_by_name> const&, std::vector<std::string> const&,
                                                  std::vector<std::string> const&);

}  // namespace detail

#ifdef MELITZ_CATALOG_WORLD_PART
template std::vector<model> models_of<world_models, MELITZ_CATALOG_WORLD_PART, MELITZ_CATALOG_WORLD_PARTS>();
template void add_derivatives<world_models, MELITZ_CATALOG_WORLD_PART, MELITZ_CATALOG_WORLD_PARTS>(std::vector<model>&);
#else
template std::vector<model> models_of<core_models, MELITZ_CATALOG_PART, MELITZ_CATALOG_PARTS>();
template void add_derivatives<core_models, MELITZ_CATALOG_PART, MELITZ_CATALOG_PARTS>(std::vector<model>&);
#endif

}  // namespace melitz::catalog
