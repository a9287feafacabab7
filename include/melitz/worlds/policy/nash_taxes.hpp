// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/worlds/policy/optimal_taxes.hpp>

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

// Needs Eigen: CMake target melitz::policy.

namespace melitz {

/// Countries that set taxes, each for itself.
struct nash_player {
  std::vector<tax_choice> choices{};  ///< all of one country
  policy_goal goal{};                 ///< empty: welfare of that country
};

/// How Nash taxes are searched for.
struct nash_options {
  search_options search{};
  tax_start start = tax_start::inverse_elasticity;  ///< taxes that end trade are an equilibrium too: start well below
  int rounds = 30;               ///< at most, of best answers in turn, if all at once does not get there
  double smallest_flow = 1e-11;  ///< as in optimal_tax_options
  policy_options solve{};
};

/// Taxes from which nobody gains by changing his own.
struct nash_taxes {
  search_status reason = search_status::not_solved;
  policy_change<> change{};
  Eigen::VectorXd welfare_hat{};
  double scaled_gradient = std::numeric_limits<double>::infinity();  ///< as in tax_optimum, over all players' taxes
  /// By player: the largest eigenvalue of the scaled Hessian of his objective in his taxes; below 0 at a maximum.
  Eigen::VectorXd largest_curvature{};
  std::vector<binding_tax> binding{};
  Eigen::Index undetermined = 0;
  int equilibria = 0;  ///< solved; each with a gradient for every player
  int rounds = 0;      ///< of best answers in turn: 0 if all at once sufficed
  int second_order_gradients = 0;

  [[nodiscard]] explicit operator bool() const noexcept { return reason == search_status::converged; }
};

namespace detail {

/// Every player's slopes in his own taxes.
class taxed_players {
 public:
  taxed_players(policy_solver<>& solver, std::vector<std::vector<tax_group>> const& groups,
                std::vector<policy_goal> const& goals, policy_change<> others)
      : solver_(solver), groups_(groups), goals_(goals), change_(std::move(others)) {
    for (auto const& own : groups_) size_ += static_cast<Eigen::Index>(own.size());
  }

  first_order_point operator()(Eigen::VectorXd const& x) {
    first_order_point out;
    put(x);
    if (solver_.solve(change_) != status::converged) return out;
    out.solved = true;
    out.value = 0;
    out.gradient.resize(size_);
    out.size.resize(size_);
    out.curvature.resize(size_);
    Eigen::Index at = 0;
    for (std::size_t p = 0; p < groups_.size(); ++p) {
      auto const goal = goals_[p](solver_);
      if (!std::isfinite(goal.value)) return {};
      solver_.gradient(goal.slopes, gradient_);
      for (auto const& group : groups_[p]) {
        double const income = solver_.income()[group.country];
        out.gradient[at] = slope_of(group, gradient_);
        out.size[at] = std::min(group.size, size_of(group, solver_.flows(), income));
        out.curvature[at] = curvature_of(group, solver_.world(), solver_.flows(), income);
        ++at;
      }
    }
    return out;
  }

  void put(Eigen::VectorXd const& x) {
    Eigen::Index at = 0;
    for (auto const& own : groups_) {
      auto const count = static_cast<Eigen::Index>(own.size());
      apply(own, x.segment(at, count), change_);
      at += count;
    }
  }

  [[nodiscard]] policy_change<> const& change() const { return change_; }

 private:
  policy_solver<>& solver_;
  std::vector<std::vector<tax_group>> const& groups_;
  std::vector<policy_goal> const& goals_;
  policy_change<> change_;
  Eigen::Index size_ = 0;
  policy_gradient<> gradient_{};
};

inline void check_players(std::vector<nash_player> const& players, Eigen::Index countries) {
  std::vector<Eigen::Index> seen;
  for (auto const& player : players) {
    if (player.choices.empty()) throw domain_error("nash_taxes_of", "choices", "empty", "name what the player sets");
    for (auto const& choice : player.choices) {
      choice.validate(countries);
      if (choice.country != player.choices.front().country) {
        throw domain_error("nash_taxes_of", "country of a choice", std::to_string(choice.country),
                           "be that of the player's others, " + std::to_string(player.choices.front().country));
      }
    }
    auto const country = player.choices.front().country;
    if (std::find(seen.begin(), seen.end(), country) != seen.end()) {
      throw domain_error("nash_taxes_of", "country", std::to_string(country), "be that of one player only");
    }
    seen.push_back(country);
  }
}

/// Best answers, one player after the other, until taxes move by less than `enough`. @return rounds
inline int answer_in_turn(policy_solver<>& solver, std::vector<std::vector<tax_group>> const& groups,
                          std::vector<policy_goal> const& goals, policy_change<>& change, Eigen::VectorXd& x,
                          nash_options const& options) {
  double const enough = 1e-3;
  auto search = options.search;
  search.check_second_order = false;
  for (int round = 1; round <= options.rounds; ++round) {
    double moved = 0;
    Eigen::Index at = 0;
    for (std::size_t p = 0; p < groups.size(); ++p) {
      auto const count = static_cast<Eigen::Index>(groups[p].size());
      auto const answer = search_taxes(solver, groups[p], change, goals[p], x.segment(at, count), search);
      if (answer.reason != search_status::not_solved) {
        change = answer.change;
        for (Eigen::Index k = 0; k < count; ++k) {
          auto const& group = groups[p][static_cast<std::size_t>(k)];
          double const now = std::log1p(rate_of(change, group.instrument, group.cells.front()));
          moved = std::max(moved, std::sqrt(group.size) * std::abs(now - x[at + k]));
          x[at + k] = now;
        }
      }
      at += count;
    }
    if (moved < enough) return round;
  }
  return options.rounds;
}

}  // namespace detail

/// Nash equilibrium of taxes.
///
/// The first-order conditions of all players are solved at once, by the steps of maximise_taxes; where that does not
/// get there, players answer in turn first. Then each player's second-order condition is looked at.
/// @param solver  stands at the equilibrium afterwards
/// @param others  taxes that nobody chooses
/// @throws domain_error of the players
[[nodiscard]] inline nash_taxes nash_taxes_of(policy_solver<>& solver, std::vector<nash_player> const& players,
                                              policy_change<> const& others, nash_options const& options = {}) {
  detail::check_players(players, solver.world().countries());
  nash_taxes out;
  std::vector<std::vector<detail::tax_group>> groups;
  std::vector<policy_goal> goals;
  std::vector<double> start, lowest, highest;
  for (auto const& player : players) {
    groups.emplace_back();
    goals.push_back(player.goal ? player.goal : welfare_of(player.choices.front().country));
    for (auto const& choice : player.choices) {
      auto more = detail::groups_of(choice, solver, options.smallest_flow, out.undetermined);
      std::move(more.begin(), more.end(), std::back_inserter(groups.back()));
    }
    for (auto const& group : groups.back()) {
      start.push_back(detail::start_of(group, solver, others, options.start));
      lowest.push_back(group.lower);
      highest.push_back(group.upper);
    }
  }
  out.change = others;
  if (start.empty()) {
    out.reason = search_status::undetermined;
    return out;
  }
  auto const n = static_cast<Eigen::Index>(start.size());
  Eigen::VectorXd x = Eigen::Map<Eigen::VectorXd>(start.data(), n);
  Eigen::VectorXd const lower = Eigen::Map<Eigen::VectorXd>(lowest.data(), n);
  Eigen::VectorXd const upper = Eigen::Map<Eigen::VectorXd>(highest.data(), n);
  solver.restart();
  detail::taxed_players all(solver, groups, goals, others);
  auto const at_once = [&] {
    return detail::first_order_search(all, lower, upper, options.search, detail::climbing::of_each_his_own).from(x);
  };
  auto end = at_once();
  out.equilibria = end.evaluations;
  if (end.reason != search_status::converged && options.rounds > 0) {
    solver.restart();
    auto change = others;
    detail::taxed_players(solver, groups, goals, others).put(x);
    out.rounds = detail::answer_in_turn(solver, groups, goals, change, x, options);
    end = at_once();
    out.equilibria += end.evaluations;
  }
  out.reason = end.reason;
  if (end.reason == search_status::not_solved) return out;
  all(end.x);
  out.change = all.change();
  out.scaled_gradient = end.scaled_gradient;
  out.largest_curvature =
      Eigen::VectorXd::Constant(static_cast<Eigen::Index>(players.size()), std::numeric_limits<double>::quiet_NaN());
  Eigen::Index at = 0;
  for (std::size_t p = 0; p < groups.size(); ++p) {
    auto const count = static_cast<Eigen::Index>(groups[p].size());
    detail::first_order_end own;
    own.x = end.x.segment(at, count);
    own.at.gradient = end.at.gradient.segment(at, count);
    own.at.curvature = end.at.curvature.segment(at, count);
    own.binds.assign(end.binds.begin() + at, end.binds.begin() + at + count);
    for (Eigen::Index k = 0; k < count; ++k) {
      auto const& group = groups[p][static_cast<std::size_t>(k)];
      double const slope = own.at.gradient[k];
      if (own.binds[static_cast<std::size_t>(k)]) {
        out.binding.push_back({group.cells.front(), group.instrument, slope > 0, std::abs(slope)});
      }
    }
    if (detail::is_unbounded(groups[p], own)) out.reason = search_status::unbounded;
    if (out.reason == search_status::converged && options.search.check_second_order && count > 0) {
      detail::taxed_objective objective(solver, groups[p], out.change, goals[p]);
      auto const curvature = detail::largest_curvature(objective, own, out.second_order_gradients);
      out.largest_curvature[static_cast<Eigen::Index>(p)] = curvature;
      if (!(curvature < detail::least_curvature)) out.reason = search_status::not_a_maximum;
    }
    at += count;
  }
  solver.solve(out.change);
  out.welfare_hat = solver.log_welfare().array().exp();
  return out;
}

/// Nash equilibrium of all countries' import taxes.
/// Example:  auto const war = melitz::nash_taxes_of(melitz::without_deficits(world), melitz::tax_pattern::all);
/// @throws domain_error of the world, and where there are deficits that stay: see without_deficits
[[nodiscard]] inline nash_taxes nash_taxes_of(policy_world<> const& world, tax_pattern pattern,
                                              nash_options const& options = {}) {
  policy_solver<> solver(world, options.solve);
  detail::require_balance("nash_taxes_of", solver);
  std::vector<nash_player> players;
  for (Eigen::Index j = 0; j < world.countries(); ++j) players.push_back({{{.country = j, .pattern = pattern}}, {}});
  return nash_taxes_of(solver, players, solver.unchanged(), options);
}

}  // namespace melitz
