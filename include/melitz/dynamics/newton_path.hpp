// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/dynamics/period_firms.hpp>
#include <melitz/numerics/block_tridiagonal.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

namespace melitz::detail {

/// Marks a transition that the methods do not cover. @return false
template <real Real>
bool blocked_by(transition_equilibrium<Real>& out, transition_obstacle what) {
  out.reason = status::not_covered;
  out.obstacle = what;
  return false;
}

/// Marks a transition as failed. @return false
template <real Real>
bool failed_with(transition_equilibrium<Real>& out, status why) {
  out.reason = why;
  return false;
}

/// What the firms of before leave behind: entrants alive, and exporters whose cost is sunk.
template <real Real>
struct inheritance {
  Real mass, log_export_cutoff, survival_abroad, moment_abroad;
};

/// What the conditions of all paths in general equilibrium share.
///
/// The first four unknowns of a period are the log cutoff x, ln m, the log marginal utility of money
/// mu = -gamma ln C - ln P, and the value of an entrant over the entry cost v.
template <productivity_tail Tail>
struct path_setting {
  using Real = typename Tail::real_type;
  static constexpr std::size_t cutoff = 0, entrants = 1, utility = 2, value = 3;

  transition_economy<Real> const& economy;
  steady_state<Real> const& after;
  period_market<Tail> market;
  bool sunk;
  Real living;  ///< 1 - delta

  path_setting(transition_economy<Real> const& t, Tail const& tail, steady_state<Real> const& new_state)
      : economy(t),
        after(new_state),
        market(tail, t.after, new_state.abroad),
        sunk(t.export_cost == export_cost_kind::sunk && market.selects()),
        living(1 - t.after.domestic.death_rate) {}

  [[nodiscard]] inheritance<Real> from(Real const& mass, Real const& log_export_cutoff) const {
    using std::exp;
    auto const p = level_of(market.tail, log_export_cutoff);
    return {mass, log_export_cutoff, p.survival,
            p.moment() > 0 ? Real(p.moment() * exp(Real(market.power * log_export_cutoff))) : Real(0)};
  }

  /// beta (1 - delta) Lambda: what firms discount the next period with, as Lambda = exp(mu' - mu) consumers do.
  template <class Unknowns>
  [[nodiscard]] Real discount(Unknowns const& z, std::size_t t) const {
    using std::exp;
    Real const& next = t + 1 < z.size() ? z[t + 1][utility] : after.log_marginal_utility;
    return Real(economy.discount_factor * living * exp(Real(next - z[t][utility])));
  }

  /// M_e over that of the new steady state.
  template <class Unknowns>
  [[nodiscard]] Real entry_flow(Unknowns const& z, inheritance<Real> const& start, std::size_t t) const {
    using std::exp;
    Real const last = t > 0 ? Real(exp(z[t - 1][entrants])) : start.mass;
    return Real((exp(z[t][entrants]) - living * last) / after.numbers.mass_entrants_per_period);
  }

  /// Whether nobody enters in a period of a solved path.
  template <class Unknowns>
  [[nodiscard]] bool idle(Unknowns const& z, inheritance<Real> const& start, std::size_t t) const {
    return entry_flow(z, start, t) < 1 - z[t][value];
  }

  /// The entry condition min(M_e, 1 - v) = 0 of a row: its smaller side is the one that Newton's method works on, which
  /// makes it an active-set method in periods without entry.
  template <class Row>
  void entry_condition(Row& row, Real const& mass, Real const& last_mass, Real const& v) const {
    Real const flow = after.numbers.mass_entrants_per_period, entered = (mass - living * last_mass) / flow;
    if (entered < 1 - v) {
      row.diagonal[1][entrants] = mass / flow;
      row.lower[1][entrants] = -living * last_mass / flow;
      row.right[1] = -entered;
    } else {
      row.diagonal[1][value] = -1;
      row.right[1] = v - 1;
    }
  }

  /// gamma ln R + (1 - gamma) ln P + mu = 0, with ln P = (ln B + ln sigma - ln R)/r - ln rho.
  /// @param profit  variable profit of all firms; @return the derivative of the left side with respect to its log
  template <class Row>
  Real utility_condition(Row& row, Real const& profit, Real const& log_demand, Real const& mu) const {
    using std::log;
    Real const sigma = economy.after.domestic.elasticity, gamma = economy.curvature;
    Real const log_revenue = log(Real(sigma * profit));
    Real const log_price = (log_demand + log(sigma) - log_revenue) / market.power - log(inverse_markup(sigma));
    row.diagonal[3][cutoff] = gamma - 1;
    row.diagonal[3][utility] = 1;
    row.right[3] = -(mu + gamma * log_revenue + (1 - gamma) * log_price);
    return Real(gamma - (1 - gamma) / market.power);
  }
};

/// Newton's method on all periods at once.
/// @param conditions  evaluate(z, start, rows) fills the Newton system and returns the norm of the conditions
/// @return whether it converged; z is the path then
template <class Conditions>
bool newton_path(Conditions const& conditions, typename Conditions::unknowns& z,
                 inheritance<typename Conditions::Real> const& start, int budget, int& iterations) {
  using Real = typename Conditions::Real;
  using std::abs;
  std::vector<block_row<Real, Conditions::count>> rows;
  Real norm = conditions.evaluate(z, start, rows);
  // Quadratic convergence makes the step after a small one nothing but rounding, unless the small one crossed a kink.
  int small_steps = 0;
  Real const small = root_of_epsilon<2, Real>() / 8;
  while (budget-- > 0 && is_finite(norm)) {
    auto step = rows;
    if (!solve_block_tridiagonal(step)) return false;
    ++iterations;
    Real largest(0);
    for (auto const& row : step) {
      for (Real const& x : row.right) largest = is_finite(x) ? std::max(largest, Real(abs(x))) : infinity<Real>;
    }
    if (!is_finite(largest)) return false;
    Real length = largest > 1 ? Real(1 / largest) : Real(1);
    auto next = z;
    bool better = false;
    for (int k = 0; k < 12 && !better; ++k, length /= 2) {
      for (std::size_t t = 0; t < z.size(); ++t) {
        for (std::size_t i = 0; i < Conditions::count; ++i) next[t][i] = z[t][i] + length * step[t].right[i];
      }
      Real const now = conditions.evaluate(next, start, rows);
      better = now < norm * (1 - length / 1000) || (largest <= small && is_finite(now));
      if (better) norm = now;
    }
    if (!better) return false;
    std::swap(z, next);
    if (largest <= small && (largest <= 4096 * epsilon<Real>() || ++small_steps == 5)) return true;
  }
  return false;
}

/// The path from what was there before, with a horizon that doubles until the last period is the steady state.
///
/// Where Newton's method fails from the first guess, what is left of before moves there from the new steady state,
/// under which nothing happens, by and by.
/// @return the path; empty where it was not found
template <class Conditions>
[[nodiscard]] typename Conditions::unknowns find_path(Conditions const& conditions,
                                                      inheritance<typename Conditions::Real> const& start,
                                                      transition_options const& options, int& iterations) {
  using Real = typename Conditions::Real;
  using std::abs, std::exp, std::log;
  auto const& s = conditions.setting;
  Real const settled = 1024 * epsilon<Real>();
  typename Conditions::unknowns z;
  for (std::size_t horizon = 64; horizon <= static_cast<std::size_t>(options.max_horizon); horizon *= 2) {
    if (z.empty()) {
      z = conditions.guess(start, horizon);
    } else {
      z.resize(horizon, conditions.terminal);
    }
    auto found = z;
    if (!newton_path(conditions, found, start, options.max_evaluations, iterations)) {
      int const patience = options.max_evaluations < 25 ? options.max_evaluations : 25;
      Real const new_mass = exp(s.after.log_mass), old_export = start.log_export_cutoff;
      bool const exporters_move = is_finite(old_export) && is_finite(s.after.log_export_cutoff);
      found = conditions.guess(s.from(new_mass, exporters_move ? s.after.log_export_cutoff : old_export), horizon);
      Real reached(0), step = Real(1) / 4;
      while (reached < 1) {
        Real const next = reached + step < 1 ? Real(reached + step) : Real(1);
        Real const mass = exp(Real(s.after.log_mass + next * (log(start.mass) - s.after.log_mass)));
        Real const abroad = exporters_move
                                ? Real(s.after.log_export_cutoff + next * (old_export - s.after.log_export_cutoff))
                                : old_export;
        auto trial = found;
        if (newton_path(conditions, trial, next < 1 ? s.from(mass, abroad) : start, patience, iterations)) {
          std::swap(found, trial);
          reached = next;
          step *= 2;
        } else if ((step /= 4) < Real(1) / 64) {
          return {};
        }
      }
    }
    std::swap(z, found);
    bool done = true;
    for (std::size_t i = 0; i < Conditions::count; ++i) {
      done = done && abs(Real(z.back()[i] - conditions.terminal[i])) <= settled;
    }
    if (done) return z;
  }
  return {};
}

}  // namespace melitz::detail
