// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/worlds/policy/economy.hpp>

#include <Eigen/Core>
#include <cmath>
#include <string>
#include <utility>

// Needs Eigen: CMake target melitz::policy.

namespace melitz {

/// The world in which consumers spend the given shares on sectors, and importers buy each sector from exporters in the
/// shares of `world`: for tables whose flows and shares of inputs do not fit, so that consumers would buy less than
/// nothing (see negative_final_demand). Taxes, deficits and what the world spends in all are those of the data too; how
/// much each country spends on each sector is what follows.
/// @param share  [country][sector] >= 0, rows sum to 1
/// @throws domain_error of the world and of the shares; convergence_error where nothing settles
[[nodiscard]] inline policy_world<> with_final_shares(policy_world<> world, Eigen::MatrixXd const& share) {
  auto const where = "with_final_shares";
  auto const n = world.countries(), sectors = world.sector_count();
  auto accounts = detail::accounts_of_sales(world);
  if (share.rows() != n || share.cols() != sectors) {
    throw domain_error(where, "size of share", std::to_string(share.rows()) + " by " + std::to_string(share.cols()),
                       "be " + std::to_string(n) + " by " + std::to_string(sectors));
  }
  for (Eigen::Index i = 0; i < n; ++i) {
    for (Eigen::Index s = 0; s < sectors; ++s) {
      detail::require(rule::share, where, detail::place_name(world, "share", i, s).c_str(), share(i, s));
    }
    double const sum = share.row(i).sum();
    detail::require(std::abs(sum - 1) <= 1e-9, where, ("sum of shares of " + world.country_name(i)).c_str(), sum,
                    "be 1 (within 1e-9)");
  }
  double const total = accounts.spending.sum();
  Eigen::VectorXd deficit(n);
  for (Eigen::Index j = 0; j < n; ++j) {
    detail::policy_final_demand<double> const demand(world, accounts, j);
    deficit[j] = demand.bought.sum() - accounts.labor_income[j] - accounts.profits[j] - accounts.revenue[j];
  }
  Eigen::MatrixXd spending = accounts.spending;
  for (Eigen::Index s = 0; s < sectors; ++s) {
    for (Eigen::Index j = 0; j < n; ++j) {
      if (spending(j, s) > 0 || share(j, s) == 0) continue;
      detail::reject(where, detail::place_name(world, "share", j, s), share(j, s), "be 0 of what nobody sells there");
    }
  }
  // Accounts are linear in flows, and what leaves one country is spent by another: the spending that is its own source
  // is found by letting money go round.
  constexpr int most_rounds = 20000;
  for (int round = 0; round < most_rounds; ++round) {
    Eigen::MatrixXd next(n, sectors);
    for (Eigen::Index j = 0; j < n; ++j) {
      detail::policy_final_demand<double> const demand(world, accounts, j);
      double const income = accounts.labor_income[j] + accounts.profits[j] + accounts.revenue[j] + deficit[j];
      next.row(j) = income * share.row(j) + demand.inputs.transpose();
    }
    next *= total / next.sum();
    double const moved =
        ((next - spending).cwiseAbs().rowwise().sum().array() / spending.rowwise().sum().array()).maxCoeff();
    for (Eigen::Index s = 0; s < sectors; ++s) {
      for (Eigen::Index j = 0; j < n; ++j) {
        if (spending(j, s) > 0) world.flows.sector(s).col(j) *= next(j, s) / spending(j, s);
      }
    }
    spending = next;
    accounts = detail::accounts_of_sales(world);
    if (!std::isfinite(moved)) break;
    if (moved < 1e-14) return world;
  }
  throw convergence_error(where, status::iteration_limit);
}

}  // namespace melitz
