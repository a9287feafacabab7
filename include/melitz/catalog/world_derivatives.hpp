// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/countries/eigen_gradient.hpp>

#include <melitz/catalog/derivatives.hpp>
#include <melitz/catalog/world_list.hpp>

// Derivatives of the models of different countries: add_derivatives<world_models>(models), or of a list of some of
// them. Needs Eigen: CMake target melitz::world.
