// SPDX-License-Identifier: BSL-1.0
#pragma once

// All models of different countries, and of firms whose productivity moves. They need Eigen: CMake target
// melitz::world. Each model's own header compiles faster.

#include <melitz/dynamics/states/industry_dynamics.hpp>
#include <melitz/worlds/acr/acr.hpp>
#include <melitz/worlds/bertrand/bertrand.hpp>
#include <melitz/worlds/chaney/chaney.hpp>
#include <melitz/worlds/chaney/elasticities.hpp>
#include <melitz/worlds/comparative_advantage/job_flows.hpp>
#include <melitz/worlds/melitz/calibration/counterfactual.hpp>
#include <melitz/worlds/melitz/derivatives.hpp>
#include <melitz/worlds/melitz/outside_good.hpp>
#include <melitz/worlds/melitz/solve_world.hpp>
#include <melitz/worlds/melitz_ottaviano/closed_form.hpp>
#include <melitz/worlds/melitz_ottaviano/melitz_ottaviano.hpp>
#include <melitz/worlds/multinational/multinational_world.hpp>
#include <melitz/worlds/policy/solver.hpp>
#include <melitz/worlds/policy/trade_policy.hpp>
#include <melitz/worlds/separable_demand/separable_demand_world.hpp>
