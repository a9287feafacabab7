// SPDX-License-Identifier: BSL-1.0
#pragma once

// All models of different countries. They need Eigen: CMake target melitz::world. Each model's own header compiles
// faster.

#include <melitz/world/acr.hpp>
#include <melitz/world/chaney.hpp>
#include <melitz/world/chaney_elasticities.hpp>
#include <melitz/world/derivatives.hpp>
#include <melitz/world/melitz_ottaviano.hpp>
#include <melitz/world/melitz_ottaviano_pareto.hpp>
#include <melitz/world/multinational.hpp>
#include <melitz/world/outside_good.hpp>
#include <melitz/world/separable_demand.hpp>
#include <melitz/world/solve.hpp>
