// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/dynamics/learning.hpp>
#include <melitz/dynamics/transition.hpp>
#include <melitz/economy/solve.hpp>
#include <melitz/models/credit.hpp>
#include <melitz/models/fair_wage.hpp>
#include <melitz/models/homogeneous.hpp>
#include <melitz/models/intermediation.hpp>
#include <melitz/models/krugman.hpp>
#include <melitz/models/liquidity.hpp>
#include <melitz/models/multinational.hpp>
#include <melitz/models/multiproduct.hpp>
#include <melitz/models/screening.hpp>
#include <melitz/models/skill_technology.hpp>
#include <melitz/models/sourcing.hpp>
#include <melitz/models/technology.hpp>

#include <tuple>

namespace melitz::catalog {

/// The models that need Boost alone, in the order in which they are listed. One more model is one more line.
using core_models = std::tuple<         //
    closed_economy<double>,             //
    open_economy<double>,               //
    multinational_economy<double>,      //
    sourcing_economy<double>,           //
    technology_economy<double>,         //
    multiproduct_economy<double>,       //
    intermediation_economy<double>,     //
    liquidity_economy<double>,          //
    credit_economy<double>,             //
    homogeneous_economy<double>,        //
    krugman_economy<double>,            //
    krugman_countries_economy<double>,  //
    fair_wage_economy<double>,          //
    screening_economy<double>,          //
    skill_technology_economy<double>,   //
    transition_economy<double>,         //
    learning_economy<double>>;

}  // namespace melitz::catalog
