// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cmath>
#include <melitz/worlds/policy/economy.hpp>

// Worlds of the sizes that papers have, made of formulas; rivals/scipy_policy.py has the same.

namespace benchmarks {

/// A number in [0, 1) for a place.
inline double noise(int i, int j, int s, int stream) {
  double const x = 43758.5453 * std::sin(12.9898 * i + 78.233 * j + 37.719 * s + 4.1 * stream);
  return x - std::floor(x);
}

/// What countries buy of one another, and their tariffs.
inline melitz::policy_world<> policy_flows(int countries, int sectors) {
  melitz::policy_world<> out;
  out.flows = out.import_tax = melitz::trade_array<>(countries, sectors);
  for (int s = 0; s < sectors; ++s) {
    for (int j = 0; j < countries; ++j) {
      for (int i = 0; i < countries; ++i) {
        double const far = i == j ? 0 : 1.5 + 2 * noise(i + j, std::abs(i - j), 0, 1);
        double const sizes = std::exp(3 * noise(i, 0, 0, 2) + 3 * noise(j, 0, 0, 2));
        out.flows(i, j, s) = sizes * std::exp(noise(i, 0, s, 3) - far + 0.5 * noise(i, j, s, 4));
        out.import_tax(i, j, s) = i == j ? 0 : 0.1 * noise(0, j, s, 5);
      }
    }
  }
  return out;
}

inline double policy_elasticity(int s) { return 3 + 5 * noise(0, 0, s, 6); }

/// 7 x 33: entry is fixed, as in Ossa (2014).
inline melitz::policy_world<> fixed_entry_world(int countries, int sectors) {
  auto out = policy_flows(countries, sectors);
  for (int s = 0; s < sectors; ++s) {
    out.sectors.push_back(melitz::policy_sector<>::krugman(policy_elasticity(s), melitz::entry_rule::fixed));
  }
  out.closure = melitz::policy_closure::zero;
  return out;
}

inline melitz::policy_world<> armington_world(int countries, int sectors) {
  auto out = policy_flows(countries, sectors);
  for (int s = 0; s < sectors; ++s) out.sectors.push_back(melitz::policy_sector<>::armington(policy_elasticity(s)));
  out.closure = melitz::policy_closure::zero;
  return out;
}

/// 194 x 1: nests, market entry paid abroad, elastic labor, as in Ignatenko et al. (2025); revenue a lump sum.
inline melitz::policy_world<> one_sector_world(int countries) {
  auto out = policy_flows(countries, 1);
  out.import_tax = {};
  Eigen::VectorXd share = Eigen::VectorXd::Constant(countries, 0.114);
  share[0] = 0.27;
  out.sectors = {melitz::policy_sector<>::nested_melitz_pareto(4.0, 0.1675, share)};
  out.sectors[0].scale_base = melitz::policy_scale_base::labor;
  out.labor_supply_elasticity = 0.5;
  out.closure = melitz::policy_closure::share_of_world_income;
  out.numeraire = melitz::policy_numeraire::mean_price;
  return out;
}

/// 31 x 40 with inputs, as in Caliendo and Parro (2015).
inline melitz::policy_world<> inputs_world(int countries, int sectors) {
  auto out = armington_world(countries, sectors);
  out.labor_share = Eigen::MatrixXd::Constant(countries, sectors, 0.6);
  for (int i = 0; i < countries; ++i) {
    Eigen::MatrixXd g(sectors, sectors);
    for (int s = 0; s < sectors; ++s) {
      for (int k = 0; k < sectors; ++k) g(k, s) = 0.5 + noise(i, k, s, 7);
      g.col(s) *= 0.4 / g.col(s).sum();
    }
    out.input_share.push_back(g);
  }
  return out;
}

}  // namespace benchmarks
