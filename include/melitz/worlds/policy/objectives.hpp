// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/worlds/policy/equilibrium.hpp>
#include <melitz/worlds/policy/solver.hpp>

#include <Eigen/Core>
#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <utility>

// Needs Eigen: CMake target melitz::policy.

namespace melitz {

/// What somebody wants, at the equilibrium that a solver has found.
struct policy_goal_value {
  double value = std::numeric_limits<double>::quiet_NaN();
  policy_objective<> slopes{};  ///< derivatives of the value with respect to results
  Eigen::VectorXd weights{};  ///< about the derivative with respect to the log of each country's welfare, which scales
                              ///< the search and no more; empty: 1
};

/// A smooth function of results to be maximised, read off a solver that has just solved.
using policy_goal = std::function<policy_goal_value(policy_solver<> const&)>;

namespace detail {

inline void check_country(char const* where, Eigen::Index country, Eigen::Index countries) {
  if (country >= 0 && country < countries) return;
  throw domain_error(where, "country", std::to_string(country),
                     "be one of the " + std::to_string(countries) + " countries, counted from 0");
}

inline void check_size(char const* where, char const* what, Eigen::Index size, Eigen::Index wanted) {
  if (size == wanted) return;
  throw domain_error(where, std::string("size of ") + what, std::to_string(size), "be " + std::to_string(wanted));
}

}  // namespace detail

/// ln of the change of a country's welfare.
[[nodiscard]] inline policy_goal welfare_of(Eigen::Index country) {
  return [country](policy_solver<> const& solver) {
    auto const n = solver.world().countries();
    detail::check_country("welfare_of", country, n);
    policy_goal_value out{.value = solver.log_welfare()[country]};
    out.slopes.log_welfare = Eigen::VectorXd::Unit(n, country);
    return out;
  };
}

/// sum_j weight_j ln(W_j). Weights that are countries' shares of income leave no reason to redistribute; equal ones do.
[[nodiscard]] inline policy_goal weighted_welfare(Eigen::VectorXd weights) {
  return [weights = std::move(weights)](policy_solver<> const& solver) {
    detail::check_size("weighted_welfare", "weights", weights.size(), solver.world().countries());
    policy_goal_value out{.value = weights.dot(solver.log_welfare())};
    out.slopes.log_welfare = weights;
    out.weights = weights;
    return out;
  };
}

/// sum_j ln(W_j - threat_j), Nash's (1950) solution of bargaining; minus infinity where somebody is no better off than
/// with the threat.
/// @param threat  welfare (over that of the baseline) if they do not agree
[[nodiscard]] inline policy_goal nash_bargaining(Eigen::VectorXd threat) {
  return [threat = std::move(threat)](policy_solver<> const& solver) {
    detail::check_size("nash_bargaining", "threat", threat.size(), solver.world().countries());
    policy_goal_value out{.value = 0};
    out.weights.resize(threat.size());
    for (Eigen::Index j = 0; j < threat.size(); ++j) {
      double const welfare = std::exp(solver.log_welfare()[j]);
      if (!(welfare > threat[j])) {
        out.value = -std::numeric_limits<double>::infinity();
        return out;
      }
      out.value += std::log(welfare - threat[j]);
      out.weights[j] = welfare / (welfare - threat[j]);
    }
    out.slopes.log_welfare = out.weights;
    return out;
  };
}

/// -ln(sum_j weight_j e^(-rho gain_j))/rho, with gain_j = ln(W_j/threat_j): a smooth stand-in for the smallest gain.
[[nodiscard]] inline policy_goal smallest_gain(Eigen::VectorXd threat, Eigen::VectorXd weights, double rho) {
  return [threat = std::move(threat), weights = std::move(weights), rho](policy_solver<> const& solver) {
    detail::check_size("smallest_gain", "threat", threat.size(), solver.world().countries());
    detail::check_size("smallest_gain", "weights", weights.size(), solver.world().countries());
    Eigen::ArrayXd const gain = solver.log_welfare().array() - threat.array().log();
    double const least = gain.minCoeff();
    Eigen::ArrayXd const terms = weights.array() * (-rho * (gain - least)).exp();
    policy_goal_value out{.value = least - std::log(terms.sum()) / rho};
    out.weights = (terms / terms.sum()).matrix();
    out.slopes.log_welfare = out.weights;
    return out;
  };
}

/// ln of what a government values, up to a constant: real incomes of its sectors, weighted by how much each of them
/// counts. A sector's income is that of its workers, the profits of its firms, and of taxes and the deficit the share
/// that its workers have in wages. Grossman and Helpman (1994) as in Ossa (2014). Weights of 1 give welfare if there is
/// no deficit, labor is in given supply, and no wages are paid for entry of foreign firms.
/// @param weights  by sector
[[nodiscard]] inline policy_goal government_welfare(Eigen::Index country, Eigen::VectorXd weights) {
  return [country, weights = std::move(weights)](policy_solver<> const& solver) {
    auto const& world = solver.world();
    auto const n = world.countries(), sectors = world.sector_count();
    detail::check_country("government_welfare", country, n);
    detail::check_size("government_welfare", "weights", weights.size(), sectors);
    Eigen::VectorXd labor = solver.bundle().row(country).transpose();
    Eigen::VectorXd share = Eigen::VectorXd::Ones(sectors);
    if (world.labor_share.size() != 0) share = world.labor_share.row(country).transpose();
    labor = labor.cwiseProduct(share);
    Eigen::VectorXd const profits = solver.sector_profits().row(country).transpose();
    double const wages = labor.sum(), given = solver.revenue()[country] + solver.deficit()[country];
    double const mean = weights.dot(labor) / wages;
    double const total = weights.dot(labor + profits) + mean * given;
    policy_goal_value out{.value = std::log(total) - solver.log_consumer_price()[country]};
    auto const zero = Eigen::MatrixXd::Zero(n, sectors);
    out.slopes.bundle = zero;
    out.slopes.sector_profits = zero;
    out.slopes.bundle.row(country) =
        ((weights.array() + given / wages * (weights.array() - mean)) * share.array() / total).transpose();
    out.slopes.sector_profits.row(country) = (weights / total).transpose();
    out.slopes.revenue = mean / total * Eigen::VectorXd::Unit(n, country);
    out.slopes.deficit = mean / total * Eigen::VectorXd::Unit(n, country);
    out.slopes.log_consumer_price = -Eigen::VectorXd::Unit(n, country);
    return out;
  };
}

}  // namespace melitz
