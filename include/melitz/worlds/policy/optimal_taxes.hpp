// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/worlds/policy/first_order.hpp>
#include <melitz/worlds/policy/objectives.hpp>
#include <melitz/worlds/policy/resolve_deficits.hpp>
#include <melitz/worlds/policy/tax_choice.hpp>

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string_view>
#include <utility>
#include <vector>

// Needs Eigen: CMake target melitz::policy.

namespace melitz {

/// Where a search for taxes starts.
enum class tax_start {
  baseline,            ///< as they are: means weighted by flows, where several are to be one
  inverse_elasticity,  ///< 1 over the trade elasticity of the sector
  free_trade,          ///< none
  tenth,               ///< 10 %
  high,                ///< 150 %
};

/// In words: "baseline", "inverse_elasticity", "free_trade", "tenth", "high".
[[nodiscard]] constexpr std::string_view to_string(tax_start s) noexcept {
  return detail::word_of(s, {"baseline", "inverse_elasticity", "free_trade", "tenth", "high"});
}

/// How the best taxes are searched for.
struct optimal_tax_options {
  search_options search{};
  std::vector<tax_start> starts{tax_start::inverse_elasticity, tax_start::baseline, tax_start::free_trade,
                                tax_start::tenth, tax_start::high};
  double smallest_flow = 1e-11;  ///< over income: the tax on a smaller one stays as it is, and is counted
  double same = 1e-5;            ///< taxes that differ by less, weighted by their flows, are one optimum
  bool keep_deficits = false;    ///< search a world whose deficits stay: welfare may rise without bound
  policy_options solve{};
};

/// A tax that a bound holds back.
struct binding_tax {
  tax_cell cell{};  ///< the first, if several move together
  policy_instrument instrument = policy_instrument::import_tax;
  bool upper = false;
  double multiplier = 0;  ///< by how much the objective would rise per ln(1 + tax), > 0
};

/// Taxes from which no change of them raises the objective.
struct tax_optimum {
  search_status reason = search_status::not_solved;
  tax_start start = tax_start::baseline;                    ///< the first that led here
  policy_change<> change{};                                 ///< all instruments of all countries
  double value = std::numeric_limits<double>::quiet_NaN();  ///< of the objective
  Eigen::VectorXd welfare_hat{};
  /// Largest |slope of the objective in ln(1 + tax)| over what is taxed, as a share of income: now or at the baseline,
  /// whichever is smaller. Without those that push against a bound.
  double scaled_gradient = std::numeric_limits<double>::infinity();
  /// Largest eigenvalue of the Hessian in ln(1 + tax), scaled so that most are near -1; below -1e-6 at a maximum.
  double largest_curvature = std::numeric_limits<double>::quiet_NaN();
  std::vector<binding_tax> binding{};
  int gradients = 0;               ///< of the search
  int second_order_gradients = 0;  ///< to make sure of the maximum

  [[nodiscard]] explicit operator bool() const noexcept { return reason == search_status::converged; }
};

/// What the searches from all starts have found.
struct optimal_taxes {
  std::vector<tax_optimum>
      optima{};  ///< distinct ones, the best first; if no search converged, the one that came nearest
  std::vector<std::pair<tax_start, search_status>> searches{};
  Eigen::Index undetermined = 0;  ///< taxes on flows too small to matter, left as they were

  [[nodiscard]] explicit operator bool() const noexcept { return !optima.empty() && static_cast<bool>(optima.front()); }
  /// The best. At least one search was made.
  [[nodiscard]] tax_optimum const& best() const { return optima.front(); }
};

namespace detail {

/// One objective as a function of ln(1 + tax) of some groups.
class taxed_objective {
 public:
  taxed_objective(policy_solver<>& solver, std::vector<tax_group> const& groups, policy_change<> others,
                  policy_goal const& goal)
      : solver_(solver), groups_(groups), change_(std::move(others)), goal_(goal) {}

  first_order_point operator()(Eigen::VectorXd const& x) {
    first_order_point out;
    apply(groups_, x, change_);
    if (solver_.solve(change_) != status::converged) return out;
    auto const goal = goal_(solver_);
    out.value = goal.value;
    if (!std::isfinite(goal.value)) return out;
    out.solved = true;
    solver_.gradient(goal.slopes, gradient_);
    auto const n = static_cast<Eigen::Index>(groups_.size());
    out.gradient.resize(n);
    out.size.resize(n);
    out.curvature.resize(n);
    for (Eigen::Index k = 0; k < n; ++k) {
      auto const& group = groups_[static_cast<std::size_t>(k)];
      double const weight = goal.weights.size() == 0 ? 1 : goal.weights[group.country];
      double const income = solver_.income()[group.country];
      out.gradient[k] = slope_of(group, gradient_);
      out.size[k] = std::min(group.size, size_of(group, solver_.flows(), income));
      out.curvature[k] = weight * curvature_of(group, solver_.world(), solver_.flows(), income);
    }
    return out;
  }

  [[nodiscard]] policy_change<> const& change() const { return change_; }

 private:
  policy_solver<>& solver_;
  std::vector<tax_group> const& groups_;
  policy_change<> change_;
  policy_goal const& goal_;
  policy_gradient<> gradient_{};
};

/// ln(1 + tax) of a group at a start.
inline double start_of(tax_group const& group, policy_solver<> const& solver, policy_change<> others, tax_start start) {
  auto const& world = solver.world();
  double sum = 0, weight = 0;
  for (auto const& c : group.cells) {
    double size = 0;
    for_each_flow(group.instrument, c, world.countries(),
                  [&](Eigen::Index i, Eigen::Index j) { size += world.flows(i, j, c.sector); });
    double rate = 0;
    switch (start) {
      case tax_start::baseline:
        rate = rate_of(others, group.instrument, c);
        break;
      case tax_start::inverse_elasticity:
        rate = 1 / world.sectors[static_cast<std::size_t>(c.sector)].trade_elasticity;
        break;
      case tax_start::free_trade:
        rate = 0;
        break;
      case tax_start::tenth:
        rate = 0.1;
        break;
      default:
        rate = 1.5;
    }
    if (group.instrument == policy_instrument::production_tax && start != tax_start::baseline) rate = 0;
    sum += size * std::log1p(rate);
    weight += size;
  }
  return sum / weight;
}

/// Whether the search ran into a limit that nobody has set.
inline bool is_unbounded(std::vector<tax_group> const& groups, first_order_end const& end) {
  for (std::size_t k = 0; k < groups.size(); ++k) {
    auto const at = static_cast<Eigen::Index>(k);
    if (end.binds.size() != groups.size() || !end.binds[k]) continue;
    if (!(end.at.gradient[at] > 0 ? groups[k].bounded_above : groups[k].bounded_below)) return true;
  }
  return false;
}

/// A search from one start, and what there is to say about its end.
inline tax_optimum search_taxes(policy_solver<>& solver, std::vector<tax_group> const& groups,
                                policy_change<> const& others, policy_goal const& goal, Eigen::VectorXd const& start,
                                search_options const& options) {
  taxed_objective objective(solver, groups, others, goal);
  auto const n = static_cast<Eigen::Index>(groups.size());
  Eigen::VectorXd lower(n), upper(n);
  for (Eigen::Index k = 0; k < n; ++k) {
    lower[k] = groups[static_cast<std::size_t>(k)].lower;
    upper[k] = groups[static_cast<std::size_t>(k)].upper;
  }
  auto const end = first_order_search(objective, lower, upper, options, climbing::one_objective).from(start);
  tax_optimum out{.reason = end.reason, .gradients = end.evaluations};
  if (end.reason == search_status::not_solved) return out;
  out.scaled_gradient = end.scaled_gradient;
  if (end.reason == search_status::converged && options.check_second_order) {
    out.largest_curvature = largest_curvature(objective, end, out.second_order_gradients);
    if (!(out.largest_curvature < least_curvature)) out.reason = search_status::not_a_maximum;
  }
  for (std::size_t k = 0; k < groups.size(); ++k) {
    if (!end.binds[k]) continue;
    double const slope = end.at.gradient[static_cast<Eigen::Index>(k)];
    out.binding.push_back({groups[k].cells.front(), groups[k].instrument, slope > 0, std::abs(slope)});
  }
  bool const rises_beyond = end.reason == search_status::no_progress && end.cliff;
  if (rises_beyond || is_unbounded(groups, end)) out.reason = search_status::unbounded;
  objective(end.x);  // the solver shall stand where the taxes are
  out.change = objective.change();
  out.value = end.at.value;
  out.welfare_hat = solver.log_welfare().array().exp();
  return out;
}

/// How far two sets of taxes are apart, in ln(1 + tax) weighted by what is taxed.
inline double distance(std::vector<tax_group> const& groups, policy_change<> a, policy_change<> b) {
  double sum = 0, weight = 0;
  for (auto const& group : groups) {
    auto const& c = group.cells.front();
    double const d = std::log1p(rate_of(a, group.instrument, c)) - std::log1p(rate_of(b, group.instrument, c));
    sum += group.size * d * d;
    weight += group.size;
  }
  return std::sqrt(sum / weight);
}

}  // namespace detail

/// Taxes that maximise an objective, all of `choices` together, with the others as `others` has them.
///
/// From each start a search for where the slopes of the objective vanish that never goes down: the step is that of a
/// diagonal Hessian, corrected by what earlier steps did (see detail::remembered_steps).
/// @param solver  stands at the best optimum afterwards
/// @param others  taxes of those who do not choose; those of `choices` are replaced
/// @throws domain_error of the choices
[[nodiscard]] inline optimal_taxes maximise_taxes(policy_solver<>& solver, std::vector<tax_choice> const& choices,
                                                  policy_change<> const& others, policy_goal const& goal,
                                                  optimal_tax_options const& options = {}) {
  optimal_taxes out;
  std::vector<detail::tax_group> groups;
  for (auto const& choice : choices) {
    auto more = detail::groups_of(choice, solver, options.smallest_flow, out.undetermined);
    std::move(more.begin(), more.end(), std::back_inserter(groups));
  }
  if (groups.empty()) {
    out.optima.push_back({.reason = search_status::undetermined, .change = others});
    return out;
  }
  tax_optimum nearest;
  for (auto const start : options.starts) {
    Eigen::VectorXd x(static_cast<Eigen::Index>(groups.size()));
    for (Eigen::Index k = 0; k < x.size(); ++k) {
      x[k] = detail::start_of(groups[static_cast<std::size_t>(k)], solver, others, start);
    }
    solver.restart();
    auto found = detail::search_taxes(solver, groups, others, goal, x, options.search);
    found.start = start;
    out.searches.emplace_back(start, found.reason);
    bool const ended = found.reason == search_status::converged || found.reason == search_status::unbounded;
    if (!ended) {
      if (found.scaled_gradient < nearest.scaled_gradient || nearest.reason == search_status::not_solved) {
        nearest = std::move(found);
      }
      continue;
    }
    bool const known = std::any_of(out.optima.begin(), out.optima.end(), [&](tax_optimum const& o) {
      return o.reason == found.reason &&
             (o.reason == search_status::unbounded || detail::distance(groups, o.change, found.change) < options.same);
    });
    if (!known) out.optima.push_back(std::move(found));
  }
  if (out.optima.empty()) out.optima.push_back(std::move(nearest));
  std::stable_sort(out.optima.begin(), out.optima.end(),
                   [](tax_optimum const& a, tax_optimum const& b) { return a.value > b.value; });
  if (out.best().reason != search_status::not_solved) solver.solve(out.best().change);
  return out;
}

/// The taxes of one country that serve it best, with all others' as they are.
///
/// A world with deficits is refused: held fixed, they can make welfare rise with tariffs without bound. See
/// without_deficits.
/// @throws domain_error of the world, of the choice, and where there are deficits that stay
/// Example:
///   auto const best = melitz::optimal_taxes_of(melitz::without_deficits(world), {.country = 2});
///   if (best) best.best().change.import_tax(0, 2, 1);
[[nodiscard]] inline optimal_taxes optimal_taxes_of(policy_world<> const& world, tax_choice const& choice,
                                                    optimal_tax_options const& options = {}) {
  policy_solver<> solver(world, options.solve);
  if (!options.keep_deficits) detail::require_balance("optimal_taxes_of", solver);
  return maximise_taxes(solver, {choice}, solver.unchanged(), welfare_of(choice.country), options);
}

/// All other countries answer one country's import taxes with the same on what it sells to them.
/// @param change  with the taxes of `country`
[[nodiscard]] inline policy_change<> reciprocal_retaliation(policy_change<> change, Eigen::Index country) {
  auto& t = change.import_tax;
  detail::check_country("reciprocal_retaliation", country, t.countries());
  for (Eigen::Index s = 0; s < t.sectors(); ++s) {
    for (Eigen::Index j = 0; j < t.countries(); ++j) {
      if (j != country) t(country, j, s) = t(j, country, s);
    }
  }
  return change;
}

}  // namespace melitz
