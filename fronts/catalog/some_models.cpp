// SPDX-License-Identifier: BSL-1.0
//
// Some of the catalog's models and their derivatives: compiled several times, each time for the part of the list that
// it is told. Both in one file, since a derivative's solve needs the solve without one.

#include <melitz/catalog/describe.hpp>
#ifdef MELITZ_CATALOG_SLOPES
#include <melitz/catalog/derivatives.hpp>
#endif
#ifdef MELITZ_CATALOG_WORLD_PART
#ifdef MELITZ_CATALOG_SLOPES
#include <melitz/catalog/world_derivatives.hpp>
#endif
#include <melitz/catalog/world_list.hpp>
#else
#include <melitz/catalog/list.hpp>
#endif

namespace melitz::catalog {

#ifdef MELITZ_CATALOG_SLOPES
namespace detail {

// What all models share: laws_with_slope.cpp has it.
extern template erased_law<slope> law_with_slope<slope>(law_by_name const&, std::span<variable const>);
extern template derivatives derivatives_by<slope>(slope_solver, model const&, std::vector<array> const&,
                                                  std::vector<law_by_name> const&, std::vector<std::string> const&,
                                                  std::vector<std::string> const&);

}  // namespace detail
#endif

#ifdef MELITZ_CATALOG_WORLD_PART
template std::vector<model> models_of<world_models, MELITZ_CATALOG_WORLD_PART, MELITZ_CATALOG_WORLD_PARTS>();
#ifdef MELITZ_CATALOG_SLOPES
template void add_derivatives<world_models, MELITZ_CATALOG_WORLD_PART, MELITZ_CATALOG_WORLD_PARTS>(std::vector<model>&);
#endif
#else
template std::vector<model> models_of<core_models, MELITZ_CATALOG_PART, MELITZ_CATALOG_PARTS>();
#ifdef MELITZ_CATALOG_SLOPES
template void add_derivatives<core_models, MELITZ_CATALOG_PART, MELITZ_CATALOG_PARTS>(std::vector<model>&);
#endif
#endif

}  // namespace melitz::catalog
