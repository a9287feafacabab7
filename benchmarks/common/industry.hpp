// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/dynamics/states/industry_dynamics.hpp>
#include <melitz/law/lognormal.hpp>

#include <Eigen/Core>

namespace benchmarks {

/// Hopenhayn's industry with an autoregression, the case "persistent" of tests/reference/industry_dynamics.json;
/// rivals/numpy_industry.py has the same.
inline melitz::industry_economy<> industry(melitz::productivity_shocks shocks) {
  return {.elasticity = 4,
          .fixed_cost = 1,
          .entry_cost = 2,
          .death_rate = 0.05,
          .discount_factor = 0.96,
          .labor = 1000,
          .partners = 0,
          .iceberg_cost = 1,
          .export_fixed_cost = 1,
          .redraw_probability = 0.2,
          .persistence = 0.9,
          .shock_mean = 0,
          .shock_sd = 0.2,
          .shocks = shocks};
}
inline melitz::lognormal<> entrants_of_industry() { return {0, 0.4588314677411235}; }

/// What is held against the right answers: A, the cutoff, firms per entrant and the rate of entry.
inline Eigen::VectorX<long double> answers_of(melitz::industry_equilibrium<> const& e) {
  Eigen::VectorX<long double> out(4);
  out << e.demand, e.cutoff, e.firms_per_entrant, e.entry_rate;
  return out;
}
/// Of the autoregression: from two independent routes that agree in 15 digits.
inline Eigen::VectorX<long double> truth_of_industry() {
  Eigen::VectorX<long double> out(4);
  out << 0.28217936070472144L, 1.1374819987393159L, 2.2713903051709083L, 0.17145929678706173L;
  return out;
}

}  // namespace benchmarks
