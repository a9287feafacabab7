// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/dynamics/industry.hpp>
#include <melitz/law/bounded_pareto.hpp>
#include <melitz/law/discrete.hpp>
#include <melitz/law/lognormal.hpp>
#include <melitz/law/pareto.hpp>
#include <melitz/law/uniform.hpp>
#include <melitz/tail/erased.hpp>

namespace test::industries {

/// Two countries to trade with, and shocks of either kind.
inline melitz::industry_economy<> example(melitz::productivity_shocks shocks) {
  return {.elasticity = 4,
          .fixed_cost = 1,
          .entry_cost = 2,
          .death_rate = 0.05,
          .discount_factor = 0.96,
          .labor = 1000,
          .partners = 2,
          .iceberg_cost = 1.5,
          .export_fixed_cost = 1.2,
          .redraw_probability = 0.2,
          .persistence = 0.9,
          .shock_sd = 0.2,
          .shocks = shocks};
}

/// Any law behind one type, so that models are compiled once; of few families, since each is compiled too.
using law = melitz::erased_law<>;
inline law const draws(melitz::lognormal<>{0, 0.4588314677411235});

}  // namespace test::industries
