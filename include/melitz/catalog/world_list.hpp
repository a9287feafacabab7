// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/worlds/acr/acr.hpp>
#include <melitz/worlds/chaney/chaney.hpp>
#include <melitz/worlds/comparative_advantage/comparative_advantage.hpp>
#include <melitz/worlds/melitz/solve_world.hpp>
#include <melitz/worlds/melitz_ottaviano/melitz_ottaviano.hpp>
#include <melitz/worlds/multinational/multinational_world.hpp>

#include <tuple>

// Needs Eigen: CMake target melitz::world.

namespace melitz::catalog {

/// The models of different countries, in the order in which they are listed. One more model is one more line. That of
/// separable demand is no such model: a demand is a function.
using world_models = std::tuple<          //
    world_economy<double>,                //
    acr_economy<double>,                  //
    chaney_economy<double>,               //
    multinational_world_economy<double>,  //
    melitz_ottaviano_economy<double>,     //
    comparative_advantage_economy<double>>;

}  // namespace melitz::catalog
