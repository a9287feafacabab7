// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/worlds/policy/optimal_taxes.hpp>

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

// Needs Eigen: CMake target melitz::policy.

namespace melitz {

/// Import taxes of all countries, as one choice each.
[[nodiscard]] inline std::vector<tax_choice> all_import_taxes(Eigen::Index countries,
                                                              tax_pattern pattern = tax_pattern::all,
                                                              double lower = -std::numeric_limits<double>::infinity(),
                                                              double upper = std::numeric_limits<double>::infinity()) {
  std::vector<tax_choice> out;
  for (Eigen::Index j = 0; j < countries; ++j) {
    out.push_back({.country = j, .pattern = pattern, .lower = lower, .upper = upper});
  }
  return out;
}

/// Countries' shares of income: with these weights nobody gains from handing out income with tariffs.
[[nodiscard]] inline Eigen::VectorXd income_weights(policy_solver<> const& solver) {
  auto const& income = solver.baseline().income;
  return income / income.sum();
}

/// Taxes that give the country that gains least as much as can be: where no bound stands against it, all the same.
struct equal_gains {
  tax_optimum optimum{};          ///< its value is the smallest ln(W_j/threat_j)
  Eigen::VectorXd log_gain{};     ///< ln(W_j/threat_j)
  Eigen::VectorXd multipliers{};  ///< mu >= 0 of sum 1: sum_j mu_j d ln(W_j) = 0 in all taxes
  Eigen::Index undetermined = 0;
  int rounds = 0, gradients = 0;

  [[nodiscard]] explicit operator bool() const noexcept { return static_cast<bool>(optimum); }
};

/// The largest common gain over a threat (Ossa 2014): over Nash taxes, or over the baseline with a threat of ones.
///
/// A smooth minimum is maximised, in which each country's weight becomes what the last maximum says its gain is worth
/// (the exponential method of multipliers, Kort and Bertsekas 1972): the minimum itself comes out, not a neighbour.
/// @param threat  welfare (over that of the baseline) if they do not agree, > 0
[[nodiscard]] inline equal_gains equal_gains_of(policy_solver<>& solver, std::vector<tax_choice> const& choices,
                                                policy_change<> const& others, Eigen::VectorXd const& threat,
                                                optimal_tax_options options = {}) {
  auto const n = solver.world().countries();
  detail::check_size("equal_gains_of", "threat", threat.size(), n);
  for (auto const w : threat) detail::require(w > 0, "equal_gains_of", "threat", w, "be above 0");
  equal_gains out;
  out.multipliers = Eigen::VectorXd::Constant(n, 1.0 / static_cast<double>(n));
  options.starts.resize(1, tax_start::inverse_elasticity);
  bool const second_order = std::exchange(options.search.check_second_order, false);
  auto change = others;
  bool settled = false;
  for (double rho = 10; out.rounds < 60; rho = std::min(300.0, 3 * rho)) {
    auto const goal = smallest_gain(threat, out.multipliers, rho);
    options.search.check_second_order = second_order && settled;
    ++out.rounds;
    auto const found = maximise_taxes(solver, choices, change, goal, options);
    out.optimum = found.best();
    out.undetermined = found.undetermined;
    out.gradients += out.optimum.gradients;
    if (!found) return out;
    change = out.optimum.change;
    options.starts.front() = tax_start::baseline;  // from where the last round ended
    Eigen::VectorXd const weights = goal(solver).weights;
    bool const moved = (weights - out.multipliers).cwiseAbs().maxCoeff() > 1e-10;
    out.multipliers = weights;
    if (settled) break;
    settled = !moved;  // a last round looks at the second order
  }
  if (!settled) out.optimum.reason = search_status::no_progress;
  out.log_gain = solver.log_welfare() - Eigen::VectorXd(threat.array().log());
  out.optimum.value = out.log_gain.minCoeff();
  return out;
}

}  // namespace melitz
