// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "support/matrices.hpp"
#include "support/policy_worlds.hpp"
#include "support/reference.hpp"

#include <Eigen/Core>
#include <vector>

namespace test {

/// Sectors as the reference files of policy have them.
inline std::vector<policy_sector<>> policy_sectors_of(json const& told) {
  std::vector<policy_sector<>> out;
  Eigen::MatrixXd const eta = matrix_of(told.at("eta")), nu = matrix_of(told.at("destination_cost_share"));
  for (std::size_t s = 0; s < told.at("trade_elasticity").size(); ++s) {
    auto const column = static_cast<Eigen::Index>(s);
    policy_sector<> one{.trade_elasticity = number(told.at("trade_elasticity").at(s)),
                        .scale_elasticity = number(told.at("scale_elasticity").at(s)),
                        .selection = Eigen::VectorXd(eta.col(column)),
                        .destination_cost_share = Eigen::VectorXd(nu.col(column))};
    if (told.at("entry").at(s) == "restricted") one.entry = melitz::entry_rule::fixed;
    if (told.at("tariff_convention").at(s) == "C") one.tariff_on = melitz::tariff_base::production_cost;
    out.push_back(one);
  }
  return out;
}

/// A world of these sectors, with what they buy of one another.
inline policy_world<> policy_world_of(json const& told, trade_array<> const& flows) {
  policy_world<> out{.sectors = policy_sectors_of(told), .flows = flows};
  if (!told.at("labour_share").is_null()) {
    out.labor_share = matrix_of(told.at("labour_share"));
    for (auto const& g : told.at("input_share")) out.input_share.push_back(matrix_of(g));
  }
  out.labor_supply_elasticity = number(told.at("labour_supply_elasticity"));
  return out;
}

}  // namespace test
