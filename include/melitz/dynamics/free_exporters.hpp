// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/dynamics/newton_path.hpp>

#include <cmath>
#include <cstddef>
#include <vector>

namespace melitz::detail {

/// The conditions of a general-equilibrium path where exporting costs f_x in every period, so that firms choose anew in
/// each. With a prime for the next period:
///
///   value      f_e v = Pi(x) + beta (1 - delta) Lambda f_e v'
///   entry      min(M_e, 1 - v) = 0,  M_e = m - (1 - delta) m_before
///   labour     f_e M_e + m (r V + Q) = L,  with variable profit V and fixed costs Q per entrant
///   utility    mu + gamma ln C + ln P = 0
///
/// Each touches the periods next to it alone: the Jacobian is block-tridiagonal.
template <productivity_tail Tail>
struct free_exporters {
  using Real = typename Tail::real_type;
  static constexpr std::size_t count = 4;
  using unknowns = std::vector<small_vector<Real, count>>;
  using setting_type = path_setting<Tail>;
  static constexpr auto cutoff = setting_type::cutoff, entrants = setting_type::entrants;
  static constexpr auto utility = setting_type::utility, value = setting_type::value;

  setting_type const& setting;
  small_vector<Real, count> terminal;

  explicit free_exporters(setting_type const& s)
      : setting(s), terminal{s.after.log_cutoff, s.after.log_mass, s.after.log_marginal_utility, Real(1)} {}

  /// The new steady state, and entrants as it has them every period.
  [[nodiscard]] unknowns guess(inheritance<Real> const& start, std::size_t horizon) const {
    using std::exp, std::log;
    unknowns z(horizon, terminal);
    Real const target = exp(setting.after.log_mass);
    Real mass = start.mass;
    for (auto& row : z) {
      mass = target + setting.living * (mass - target);
      row[entrants] = log(mass);
    }
    return z;
  }

  /// Fills the Newton system at z. @return the norm of the conditions; infinite where they do not exist
  Real evaluate(unknowns const& z, inheritance<Real> const& start, std::vector<block_row<Real, count>>& rows) const {
    using std::exp, std::sqrt;
    auto const& market = setting.market;
    auto const& d = setting.economy.after.domestic;
    Real const r = market.power, f_e = d.entry_cost, labor = d.labor, living = setting.living;
    rows.assign(z.size(), {});
    Real sum(0), last_mass = start.mass;
    for (std::size_t t = 0; t < z.size(); ++t) {
      auto& row = rows[t];
      Real const& v = z[t][value];
      Real const next_v = t + 1 < z.size() ? z[t + 1][value] : Real(1);
      Real const discounted = setting.discount(z, t), mass = exp(z[t][entrants]);
      if (!is_finite(mass) || !is_finite(discounted)) return infinity<Real>;
      auto const p = market(z[t][cutoff], setting.after.log_export_cost);
      Real const fixed = p.fixed + p.export_cost * p.abroad.survival;
      Real const fixed_slope = p.fixed_slope - p.export_cost * p.abroad.density;
      if (!(p.variable > 0)) return infinity<Real>;

      row.diagonal[0][cutoff] = r * p.variable / f_e;
      row.diagonal[0][utility] = discounted * next_v;
      row.upper[0][utility] = -row.diagonal[0][utility];
      row.diagonal[0][value] = 1;
      row.upper[0][value] = -discounted;
      row.right[0] = p.profit / f_e + discounted * next_v - v;

      setting.entry_condition(row, mass, last_mass, v);

      row.diagonal[2][cutoff] = mass * (r * p.variable_slope + fixed_slope) / labor;
      row.diagonal[2][entrants] = mass * (f_e + r * p.variable + fixed) / labor;
      row.lower[2][entrants] = -f_e * living * last_mass / labor;
      row.right[2] = 1 - (f_e * (mass - living * last_mass) + mass * (r * p.variable + fixed)) / labor;

      Real const by_profit = setting.utility_condition(row, Real(mass * p.variable), p.log_demand, z[t][utility]);
      row.diagonal[3][cutoff] += by_profit * p.variable_slope / p.variable;
      row.diagonal[3][entrants] = by_profit;

      for (Real const& x : row.right) sum += x * x;
      last_mass = mass;
    }
    return is_finite(sum) ? Real(sqrt(sum)) : infinity<Real>;
  }
};

/// The path in general equilibrium, where exporting costs the same in every period.
///
/// @param profits  on return the expected profit of each period of the path
/// @return whether out.path is complete; else out says why not
template <productivity_tail Tail>
bool path_of_free_exporters(path_setting<Tail> const& setting, steady_state<typename Tail::real_type> const& before,
                            transition_options const& options, transition_equilibrium<typename Tail::real_type>& out,
                            std::vector<typename Tail::real_type>& profits) {
  using Real = typename Tail::real_type;
  using std::exp;
  using Path = free_exporters<Tail>;
  Path const conditions(setting);
  auto const start = setting.from(before.numbers.mass_entrants, infinity<Real>);
  auto const z = find_path(conditions, start, options, out.evaluations);
  if (z.empty()) return failed_with(out, status::iteration_limit);

  Real mass = start.mass;
  for (std::size_t t = 0; t < z.size(); ++t) {
    auto const firms = setting.market(z[t][Path::cutoff], setting.after.log_export_cost);
    Real const next_mass = exp(z[t][Path::entrants]);
    auto numbers = period_numbers(setting.market, firms, old_firms<Real>{}, next_mass, Real(0), mass, Real(-1));
    if (setting.idle(z, start, t)) numbers.mass_entrants_per_period = numbers.labor_entry = 0;
    numbers.user_cost = 1 - setting.discount(z, t);
    mass = next_mass;
    profits.push_back(firms.profit);
    out.path.push_back(numbers);
  }
  return true;
}

}  // namespace melitz::detail
