// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/catalog/names_of_worlds.hpp>
#include <melitz/dynamics/states/industry_dynamics.hpp>
#include <melitz/worlds/acr/acr.hpp>
#include <melitz/worlds/bertrand/bertrand.hpp>
#include <melitz/worlds/chaney/chaney.hpp>
#include <melitz/worlds/comparative_advantage/comparative_advantage.hpp>
#include <melitz/worlds/melitz/calibration/counterfactual.hpp>
#include <melitz/worlds/melitz/outside_good.hpp>
#include <melitz/worlds/melitz/solve_world.hpp>
#include <melitz/worlds/melitz_ottaviano/melitz_ottaviano.hpp>
#include <melitz/worlds/multinational/multinational_world.hpp>
#include <melitz/worlds/policy/trade_policy.hpp>

#include <cstddef>
#include <iterator>
#include <tuple>
#include <type_traits>

// Needs Eigen: CMake target melitz::world.

namespace melitz::catalog {

/// The models that need Eigen, those of different countries first, in the order in which they are listed. One more
/// model is one more line. That of separable demand is no such model: a demand is a function.
using world_models = std::tuple<              //
    world_economy<double>,                    //
    world_with_outside_good_economy<double>,  //
    acr_economy<double>,                      //
    chaney_economy<double>,                   //
    multinational_world_economy<double>,      //
    melitz_ottaviano_economy<double>,         //
    comparative_advantage_economy<double>,    //
    bertrand_economy<double>,                 //
    calibrated_world_economy<double>,         //
    trade_policy_economy<double>,             //
    industry_economy<double>>;

namespace detail {

template <class... Economies>
[[nodiscard]] constexpr bool have_their_names(std::type_identity<std::tuple<Economies...>>) {
  std::size_t k = 0;
  return sizeof...(Economies) == std::size(names_of_worlds) && (... && (names_of_worlds[k++] == Economies::name));
}

}  // namespace detail

static_assert(detail::have_their_names(std::type_identity<world_models>{}),
              "as catalog/names_of_worlds.hpp lists them");

}  // namespace melitz::catalog
