// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/countries/laws.hpp>
#include <melitz/economy/solve.hpp>
#include <melitz/economy/solve_or_throw.hpp>
#include <melitz/law/laws_by.hpp>
#include <melitz/tail/erased.hpp>
#include <melitz/worlds/comparative_advantage/fill.hpp>
#include <melitz/worlds/comparative_advantage/search.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

// Needs Eigen: CMake target melitz::world.

namespace melitz {

namespace detail {

/// Whether goods of both countries can be shipped, of some industry each.
template <real Real>
[[nodiscard]] bool can_trade(comparative_advantage_economy<Real> const& economy) {
  auto const& tau = economy.iceberg_cost;
  return (is_finite(tau(0, 0)) || is_finite(tau(1, 0))) && (is_finite(tau(0, 1)) || is_finite(tau(1, 1)));
}

/// Wages in a world of one country with these endowments, in those of unskilled workers.
template <real Real>
[[nodiscard]] Real relative_wage_of(comparative_advantage_economy<Real> const& economy, Real const& skilled,
                                    Real const& unskilled) {
  Real paid(0);
  for (int i = 0; i < 2; ++i) paid += economy.spending_share(i) * economy.skill_intensity[i];
  return Real(paid / (1 - paid) * unskilled / skilled);
}

/// Two countries by themselves, at given wages: demand at which entry pays for firms that sell at home alone, and as
/// many entrants as what is spent feeds. Their equilibrium at wages of their own, and where to begin at common ones.
/// @return the status of free entry
template <real Real>
[[nodiscard]] status set_apart(comparative_advantage_economy<Real> const& economy,
                               std::vector<erased_tail<Real>> const& tails, trading_point<Real>& out) {
  using std::exp, std::log;
  Real const sigma = economy.elasticity;
  for (int k = 0; k < 2; ++k) {
    Real income(0);
    for (int f = 0; f < 2; ++f) income += economy.endowment(f, k) * exp(out.wage[f][k]);
    for (int i = 0; i < 2; ++i) {
      closed_economy<Real> const alone{.elasticity = sigma,
                                       .fixed_cost = economy.fixed_cost(i, k),
                                       .entry_cost = economy.entry_cost(i, k),
                                       .death_rate = economy.death_rate,
                                       .labor = Real(1)};
      auto const e = try_solve(alone, tails[static_cast<std::size_t>(2 * i + k)]);
      if (!e) return e.reason;
      Real const beta = economy.skill_intensity[i];
      Real const log_cost = beta * out.wage[0][k] + (1 - beta) * out.wage[1][k];
      out.demand[i][k] = log(alone.fixed_cost) - economy.size_exponent() * e.log_cutoff + sigma * log_cost;
      out.entrants[i][k] = log(e.mass_entrants) + log(Real(economy.spending_share(i) * income)) - log_cost;
    }
  }
  return status::converged;
}

template <real Real>
[[nodiscard]] std::vector<erased_tail<Real>> tails_of(comparative_advantage_economy<Real> const& economy,
                                                      auto const& laws) {
  std::vector<erased_tail<Real>> out;
  for (std::size_t i = 0; i < 2; ++i) {
    for (std::size_t k = 0; k < 2; ++k) out.emplace_back(tail_of(law_of(laws, i, k), economy.size_exponent()));
  }
  return out;
}

/// Wages of a world without borders, the same in both countries.
template <real Real>
void set_integrated_wages(comparative_advantage_economy<Real> const& economy, trading_point<Real>& out) {
  using std::log;
  Real const wage = relative_wage_of(economy, Real(economy.skilled_labor.sum()), Real(economy.unskilled_labor.sum()));
  out.wage = {{{Real(log(wage)), Real(log(wage))}, {Real(0), Real(0)}}};
}

/// Wages of countries by themselves, each in its own unskilled workers'.
template <real Real>
void set_own_wages(comparative_advantage_economy<Real> const& economy, trading_point<Real>& out) {
  using std::log;
  for (int k = 0; k < 2; ++k) {
    out.wage[0][k] = log(relative_wage_of(economy, economy.skilled_labor[k], economy.unskilled_labor[k]));
    out.wage[1][k] = Real(0);
  }
}

/// See equalization_margin of the equilibrium. @pre wages of the point are those of a world without borders
template <real Real>
[[nodiscard]] Real equalization_margin(comparative_advantage_economy<Real> const& economy,
                                       trading_point<Real> const& integrated) {
  using std::exp;
  Real const first = economy.skill_intensity[0], second = economy.skill_intensity[1];
  Real out(1);
  for (int k = 0; k < 2; ++k) {
    Real const skilled = exp(integrated.wage[0][k]) * economy.skilled_labor[k];
    Real const income = skilled + exp(integrated.wage[1][k]) * economy.unskilled_labor[k];
    Real const share = (skilled / income - second) / (first - second);
    for (Real const& part : {share, Real(1 - share)}) {
      if (part < out) out = part;
    }
  }
  return out;
}

/// Whether trade is free, and industries are the same in both countries as far as their unit costs say.
/// @pre demand of the point is that of countries by themselves, at the same wages
template <real Real>
[[nodiscard]] bool without_borders(comparative_advantage_economy<Real> const& economy,
                                   trading_point<Real> const& apart) {
  using std::abs;
  for (int i = 0; i < 2; ++i) {
    for (int k = 0; k < 2; ++k) {
      if (economy.iceberg_cost(i, k) != 1 || economy.export_fixed_cost(i, k) != 0) return false;
    }
    Real const here = apart.demand[i][0];
    if (abs(Real(here - apart.demand[i][1])) > 64 * epsilon<Real>() * (1 + abs(here))) return false;
  }
  return true;
}

/// The reason alone.
template <real Real>
[[nodiscard]] comparative_advantage_equilibrium<Real> forgotten(comparative_advantage_equilibrium<Real> out) {
  out.pattern = trade_pattern::none;
  forget(out, 2);
  return out;
}

/// Where the conditions of countries that trade hold, and how well that is known.
template <real Real>
struct trading_solution {
  status reason = status::not_solved;
  trading_point<Real> point{};
  typename trading_conditions<Real>::matrix inverse{};  ///< of the derivatives of the conditions
  Real condition_number{}, error_estimate{};
  int evaluations = 0;
};

template <real Real>
[[nodiscard]] trading_solution<Real> find_trade(comparative_advantage_economy<Real> const& economy,
                                                std::vector<erased_tail<Real>> const& tails,
                                                comparative_advantage_options const& how) {
  trading_solution<Real> out;
  set_integrated_wages(economy, out.point);
  out.reason = set_apart(economy, tails, out.point);
  if (out.reason != status::converged) return out;
  trading_conditions<Real> conditions(economy, tails);
  trading_search<Real> search(conditions, how.max_evaluations);
  if (!search.run(out.point)) {
    set_own_wages(economy, out.point);
    out.reason = set_apart(economy, tails, out.point);
    if (out.reason == status::converged) out.reason = search.run_from_autarky(out.point);
  }
  out.evaluations = search.evaluations();
  if (out.reason != status::converged) return out;
  auto const slopes = conditions.jacobian(Real(0));
  out.inverse = slopes.inverse();
  auto const row_sum = [](auto const& m) { return Real(m.cwiseAbs().rowwise().sum().maxCoeff()); };
  out.condition_number = row_sum(slopes) * row_sum(out.inverse);
  out.error_estimate = row_sum(out.inverse) * std::max(Real(2 * epsilon<Real>()), search.residual());
  return out;
}

/// With a step of Newton's method a point that solves for values has the derivatives of the solution, by the theorem of
/// implicit functions; with another those of twice the order.
template <real Real>
[[nodiscard]] trading_point<Real> differentiated(trading_conditions<Real>& conditions,
                                                 trading_solution<value_t<Real>> const& at) {
  using rows = trading_conditions<Real>;
  trading_point<Real> out;
  out.enters = at.point.enters;
  for (int i = 0; i < 2; ++i) {
    for (int k = 0; k < 2; ++k) {
      out.demand[i][k] = at.point.demand[i][k];
      out.entrants[i][k] = at.point.entrants[i][k];
      out.wage[i][k] = at.point.wage[i][k];
    }
  }
  if constexpr (carries_derivatives<Real>) {
    for (std::size_t order = 0; order < differentiation<Real>::order; order = 2 * order + 1) {
      conditions.evaluate(out);
      auto const gaps = conditions.gaps(Real(0), {});
      auto const step = [&](int column) {
        Real sum(0);
        for (int k = 0; k < rows::size; ++k) sum += at.inverse(column, k) * gaps[static_cast<std::size_t>(k)];
        return sum;
      };
      for (int i = 0; i < 2; ++i) {
        for (int k = 0; k < 2; ++k) {
          out.demand[i][k] -= step(rows::demand_column(i, k));
          if (out.enters[i][k]) out.entrants[i][k] -= step(rows::entrants_column(i, k));
          if (int const column = rows::wage_column(i, k); column >= 0) out.wage[i][k] -= step(column);
        }
      }
    }
  }
  return out;
}

/// @param solution  of countries that can trade
template <real Real>
[[nodiscard]] comparative_advantage_equilibrium<Real> equilibrium_of(comparative_advantage_economy<Real> const& economy,
                                                                     std::vector<erased_tail<Real>> const& tails,
                                                                     trading_solution<value_t<Real>> const& solution) {
  comparative_advantage_equilibrium<Real> out;
  trading_conditions<Real> conditions(economy, tails);
  trading_point<Real> point;
  bool const trade = can_trade(economy);
  set_integrated_wages(economy, point);
  Real const margin = equalization_margin(economy, point);
  bool equalized = false;
  if (trade) {
    out.evaluations = solution.evaluations;
    out.reason = solution.reason;
    if (!out) return forgotten(out);
    equalized = margin > 0 && set_apart(economy, tails, point) == status::converged && without_borders(economy, point);
    point = differentiated(conditions, solution);
  } else {
    set_own_wages(economy, point);
    out.reason = set_apart(economy, tails, point);
    if (!out) return forgotten(out);
  }
  conditions.evaluate(point);
  fill(out, economy, conditions, trade);
  out.equalization_margin = margin;
  if (equalized) out.pattern = trade_pattern::equalized;
  out.condition_number = trade ? Real(solution.condition_number) : Real(1);
  out.error_estimate = trade ? Real(solution.error_estimate) : out.residual;
  for (auto const& tail : tails) {
    if (out.error_estimate < tail.error_estimate()) out.error_estimate = tail.error_estimate();
  }
  if (!accounts_close({out.residual}) || !representable(out)) out.reason = status::out_of_range;
  return out ? out : forgotten(out);
}

}  // namespace detail

/// Solves for wages, demand and entrants at once (Bernard, Redding and Schott 2007; the page
/// docs/models/comparative_advantage.md has the equations). Values are in wages of unskilled workers of country 0.
///
/// @param laws  of productivity, by industry and country
/// @throws domain_error naming a primitive or a parameter of a law that is out of range
/// @return numbers, or NaN and in `reason` why: disconnected where both countries can ship but nobody is productive
///         enough to; not_covered where the search, or a law with atoms or with a top, leaves conditions open
/// Accuracy: error_estimate; accounts close within 4096 eps, for closed-form laws within a few.
/// Example: two countries, with the paper's law everywhere:
///   comparative_advantage_economy<> const economy{.elasticity = 3.8, .skilled_labor = Eigen::Vector2d(1200, 1000),
///   ...}; auto const e = solve(economy, pareto<>{0.2, 3.4}); e.creative_destruction(0, 1);
template <real Real, productivity_law Law>
[[nodiscard]] comparative_advantage_equilibrium<Real> try_solve(comparative_advantage_economy<Real> const& economy,
                                                                by_industry_and_country<Law> const& laws,
                                                                comparative_advantage_options const& how = {}) {
  economy.validate();
  detail::require_laws(detail::type_name<comparative_advantage_economy<Real>>{}, laws, 2, 2);
  auto const tails = detail::tails_of(economy, laws);
  if (!detail::can_trade(economy)) return detail::equilibrium_of(economy, tails, {});
  if constexpr (detail::carries_derivatives<Real>) {
    auto const values = economy.values();
    auto const found = detail::find_trade(values, detail::tails_of(values, detail::values_of(laws)), how);
    return detail::equilibrium_of(economy, tails, found);
  } else {
    return detail::equilibrium_of(economy, tails, detail::find_trade(economy, tails, how));
  }
}

/// The same law everywhere.
template <real Real, productivity_law Law>
[[nodiscard]] comparative_advantage_equilibrium<Real> try_solve(comparative_advantage_economy<Real> const& economy,
                                                                Law const& law,
                                                                comparative_advantage_options const& how = {}) {
  return try_solve(economy, by_industry_and_country<Law>{{{law}}}, how);
}

}  // namespace melitz
