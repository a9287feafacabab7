// SPDX-License-Identifier: BSL-1.0
#pragma once

// Everything at once. Compiles faster if you include only the headers you use, e.g. for an open economy with a
// log-normal law <melitz/economy/solve.hpp> and <melitz/law/lognormal.hpp>. Only what needs more than the library is
// not among them: <melitz/numerics/autodiff.hpp> is for programs that use Boost's automatic differentiation,
// <melitz/analysis/mpi.hpp> for MPI, and <melitz/world.hpp>, all models of different countries, needs Eigen. And
// <melitz/analysis/estimation.hpp>, laws fitted to data, takes some seconds to compile wherever it is included.

#include <melitz/analysis/calibrate.hpp>
#include <melitz/analysis/compare.hpp>
#include <melitz/analysis/equilibria.hpp>
#include <melitz/analysis/sample.hpp>
#include <melitz/analysis/simulation/simulate_firms.hpp>
#include <melitz/analysis/size_moments.hpp>
#include <melitz/analysis/sweep.hpp>
#include <melitz/dynamics/changed_economy.hpp>
#include <melitz/dynamics/learning.hpp>
#include <melitz/dynamics/redraw.hpp>
#include <melitz/dynamics/transition.hpp>
#include <melitz/economy/ces.hpp>
#include <melitz/economy/conditions.hpp>
#include <melitz/economy/equilibrium.hpp>
#include <melitz/economy/primitives.hpp>
#include <melitz/economy/solve.hpp>
#include <melitz/entry/comparative_statics.hpp>
#include <melitz/entry/convex_entry.hpp>
#include <melitz/entry/convex_envelope.hpp>
#include <melitz/entry/free_entry.hpp>
#include <melitz/entry/menu_entry.hpp>
#include <melitz/error.hpp>
#include <melitz/law/bounded_pareto.hpp>
#include <melitz/law/concepts.hpp>
#include <melitz/law/discrete.hpp>
#include <melitz/law/frechet.hpp>
#include <melitz/law/lognormal.hpp>
#include <melitz/law/mixture.hpp>
#include <melitz/law/pareto.hpp>
#include <melitz/law/truncated.hpp>
#include <melitz/law/uniform.hpp>
#include <melitz/law/weibull.hpp>
#include <melitz/menu/average.hpp>
#include <melitz/menu/convex_option.hpp>
#include <melitz/menu/envelope.hpp>
#include <melitz/menu/menu.hpp>
#include <melitz/menu/piecewise_linear.hpp>
#include <melitz/models/acr_formula.hpp>
#include <melitz/models/constrained_exports.hpp>
#include <melitz/models/credit.hpp>
#include <melitz/models/fair_wage.hpp>
#include <melitz/models/homogeneous.hpp>
#include <melitz/models/intermediation.hpp>
#include <melitz/models/krugman.hpp>
#include <melitz/models/liquidity.hpp>
#include <melitz/models/market.hpp>
#include <melitz/models/multinational.hpp>
#include <melitz/models/multiproduct.hpp>
#include <melitz/models/multiproduct_firms.hpp>
#include <melitz/models/screening.hpp>
#include <melitz/models/separable_demand.hpp>
#include <melitz/models/skill_market.hpp>
#include <melitz/models/skill_technology.hpp>
#include <melitz/models/sourcing.hpp>
#include <melitz/models/technology.hpp>
#include <melitz/models/wage_distribution.hpp>
#include <melitz/numerics/gradient.hpp>
#include <melitz/numerics/philox.hpp>
#include <melitz/numerics/to_number.hpp>
#include <melitz/numerics/to_text.hpp>
#include <melitz/tail/any_law.hpp>
#include <melitz/tail/boost.hpp>
#include <melitz/tail/mixture.hpp>
#include <melitz/tail/quadrature.hpp>
#include <melitz/tail/quantile.hpp>
#include <melitz/tail/table.hpp>
#include <melitz/tail/tabulate.hpp>
#include <melitz/tail/tail.hpp>
#include <melitz/tail/truncated.hpp>
#include <melitz/tail/variant.hpp>
#include <melitz/version.hpp>
