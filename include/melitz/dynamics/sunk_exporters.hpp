// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/dynamics/newton_path.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace melitz::detail {

/// The conditions of a general-equilibrium path where the export cost is sunk, so that who exports depends on the
/// cutoffs of the past. Beside the unknowns of free_exporters there are the log export cutoff y, and H, the sum of
/// phi^r over all who export.
///
/// A firm at the cutoff compares exporting now with exporting never, or, where the cutoff falls, with exporting in the
/// next period, which would save (1 - beta (1 - delta) Lambda) f_x. With a = exp(-r y), b = B tau^(-r)/f_x and y^ the
/// higher one of y and y', so that min(a, a') = exp(-r y^), both are in
///
///   exporting  a = b + beta (1 - delta) Lambda min(a, a')
///   value      f_e v = f J(x) + n f_x (J(y) - beta (1 - delta) Lambda J(y^)) + beta (1 - delta) Lambda f_e v'
///   exporters  H = (1 - delta) H_before + M_e M(y) + those who begin to export since the cutoff has fallen
///
/// as long as the cutoff, once it rises, never falls again: else a firm at the cutoff would wait for longer than a
/// period. Labour for export costs is n f_x times those who begin to export. M is the moment E[phi^r 1{phi >= exp(y)}].
template <productivity_tail Tail>
struct export_cohorts {
  using Real = typename Tail::real_type;
  static constexpr std::size_t count = 6, exporting = 4, exported = 5;
  using unknowns = std::vector<small_vector<Real, count>>;
  using setting_type = path_setting<Tail>;
  static constexpr auto cutoff = setting_type::cutoff, entrants = setting_type::entrants;
  static constexpr auto utility = setting_type::utility, value = setting_type::value;

  setting_type const& setting;
  small_vector<Real, count> terminal;
  Real unit;  ///< of H

  explicit export_cohorts(setting_type const& s, inheritance<Real> const& start) : setting(s), terminal{} {
    Real const mass = s.after.numbers.mass_entrants, sum = mass * at(s.after.log_export_cutoff).moment;
    unit = std::max(sum, Real(start.mass * start.moment_abroad));
    if (!(unit > 0)) unit = 1;
    terminal = {s.after.log_cutoff,        s.after.log_mass, s.after.log_marginal_utility, Real(1),
                s.after.log_export_cutoff, Real(sum / unit)};
  }

  /// What a log export cutoff means, per entrant.
  struct abroad_point {
    Real survival, moment, excess, density;
    Real scaled_density;  ///< minus the derivative of the moment
    /// Variable profit over export cost of a firm at the cutoff: J + S.
    [[nodiscard]] Real scaled_moment() const { return Real(excess + survival); }
  };
  [[nodiscard]] abroad_point at(Real const& y) const {
    using std::exp;
    auto const p = level_of(setting.market.tail, y);
    Real const scale = p.survival > 0 ? Real(exp(Real(setting.market.power * y))) : Real(0);
    return {p.survival, Real(p.moment() * scale), p.excess, p.density, Real(p.density * scale)};
  }

  /// Those who are free to begin exporting in period t and have not yet: entrants of earlier periods since the change
  /// below last period's cutoff, and those of before below that and the cutoff of before.
  struct waiting_firms {
    bool join;                  ///< whether the cutoff has fallen
    bool old_join, old_waited;  ///< whether it is, or was, below that of before
    Real young, old;            ///< masses
    Real survival, moment;      ///< of those who begin, all in all

    waiting_firms(abroad_point const& now, abroad_point const& last, inheritance<Real> const& start, Real const& y,
                  Real const& last_y, Real const& young_mass, Real const& old_mass)
        : join(y < last_y && y < infinity<Real>),
          old_join(y < start.log_export_cutoff),
          old_waited(last_y < start.log_export_cutoff),
          young(young_mass),
          old(old_mass),
          survival(0),
          moment(0) {
      if (!join) return;
      survival = young * (now.survival - last.survival);
      moment = young * (now.moment - last.moment);
      if (!old_join) return;
      survival += old * (now.survival - (old_waited ? last.survival : start.survival_abroad));
      moment += old * (now.moment - (old_waited ? last.moment : start.moment_abroad));
    }
    [[nodiscard]] Real at_cutoff() const { return join ? Real(young + (old_join ? old : Real(0))) : Real(0); }
    [[nodiscard]] Real at_last_cutoff() const { return join ? Real(young + (old_waited ? old : Real(0))) : Real(0); }
  };

  [[nodiscard]] unknowns guess(inheritance<Real> const& start, std::size_t horizon) const {
    using std::exp, std::log;
    unknowns z(horizon, terminal);
    Real const target = exp(setting.after.log_mass);
    Real mass = start.mass, sum = start.mass * start.moment_abroad / unit;
    for (auto& row : z) {
      mass = target + setting.living * (mass - target);
      sum = terminal[exported] + setting.living * (sum - terminal[exported]);
      row[entrants] = log(mass);
      row[exported] = sum;
    }
    return z;
  }

  /// Fills the Newton system at z. @return the norm of the conditions; infinite where they do not exist
  Real evaluate(unknowns const& z, inheritance<Real> const& start, std::vector<block_row<Real, count>>& rows) const {
    using std::exp, std::log, std::sqrt;
    auto const& market = setting.market;
    auto const& d = setting.economy.after.domestic;
    Real const r = market.power, f = d.fixed_cost, f_e = d.entry_cost, labor = d.labor, living = setting.living;
    Real const f_x = setting.economy.after.export_fixed_cost, sunk_cost = market.partners * f_x;
    rows.assign(z.size(), {});
    Real norm(0), last_mass = start.mass, last_sum = start.mass * start.moment_abroad / unit, last_y = infinity<Real>;
    Real old_mass = start.mass, young_mass(0);
    abroad_point last_abroad{}, next_abroad = at(z[0][exporting]);
    for (std::size_t t = 0; t < z.size(); ++t) {
      auto& row = rows[t];
      auto const& here = z[t];
      auto const& next = t + 1 < z.size() ? z[t + 1] : terminal;
      Real const discounted = setting.discount(z, t), mass = exp(here[entrants]), sum = here[exported];
      if (!is_finite(mass) || !is_finite(discounted)) return infinity<Real>;
      auto const home = level_of(market.tail, here[cutoff]);
      auto const abroad = next_abroad;
      next_abroad = at(next[exporting]);
      bool const falls = next[exporting] <= here[exporting];
      auto const& later_abroad = falls ? abroad : next_abroad;
      Real const log_demand = log(f) - r * here[cutoff];
      Real const by_sum = market.partners * market.freeness * exp(log_demand) * unit;
      Real const profit = mass * f * home.moment() + by_sum * sum;
      Real const profit_slope = -mass * f * (r * home.moment() + home.density) - r * by_sum * sum;
      Real const entry = mass - living * last_mass;
      if (!(profit > 0)) return infinity<Real>;
      young_mass *= living;
      old_mass *= living;
      waiting_firms const begin(abroad, last_abroad, start, here[exporting], last_y, young_mass, old_mass);
      Real const at_cutoff = entry + begin.at_cutoff(), at_last = begin.at_last_cutoff();
      Real const joining = begin.join ? Real(abroad.survival - last_abroad.survival) : Real(0);
      Real const joining_moment = begin.join ? Real(abroad.moment - last_abroad.moment) : Real(0);
      // Entrants of earlier periods since the change: all of last period's but those of before.
      Real const last_by_mass = t > 0 ? Real(living * last_mass) : Real(0);

      Real const next_home = f_e * next[value] - sunk_cost * later_abroad.excess;
      row.right[0] = (f * home.excess + sunk_cost * abroad.excess + discounted * next_home) / f_e - here[value];
      row.diagonal[0][cutoff] = r * f * home.moment() / f_e;
      row.diagonal[0][utility] = discounted * next_home / f_e;
      row.upper[0][utility] = -row.diagonal[0][utility];
      row.diagonal[0][value] = 1;
      row.upper[0][value] = -discounted;
      row.diagonal[0][exporting] = r * sunk_cost * abroad.scaled_moment() / f_e;
      (falls ? row.diagonal : row.upper)[0][exporting] -=
          discounted * r * sunk_cost * later_abroad.scaled_moment() / f_e;

      setting.entry_condition(row, mass, last_mass, here[value]);

      Real const pay = entry * abroad.survival + begin.survival;
      row.right[2] = 1 - (f_e * entry + r * profit + mass * f * home.survival + sunk_cost * pay) / labor;
      row.diagonal[2][cutoff] = (r * profit_slope - mass * f * home.density) / labor;
      row.diagonal[2][entrants] =
          mass * (f_e + r * f * home.moment() + f * home.survival + sunk_cost * abroad.survival) / labor;
      row.lower[2][entrants] =
          (sunk_cost * last_by_mass * joining - living * last_mass * (f_e + sunk_cost * abroad.survival)) / labor;
      row.diagonal[2][exporting] = -sunk_cost * at_cutoff * abroad.density / labor;
      row.lower[2][exporting] = sunk_cost * at_last * last_abroad.density / labor;
      row.diagonal[2][exported] = r * by_sum / labor;

      Real const by_profit = setting.utility_condition(row, profit, log_demand, here[utility]) / profit;
      row.diagonal[3][cutoff] += by_profit * profit_slope;
      row.diagonal[3][entrants] = by_profit * mass * f * home.moment();
      row.diagonal[3][exported] = by_profit * by_sum;

      Real const now = market.freeness * f / f_x * exp(Real(r * (here[exporting] - here[cutoff])));
      Real const later = falls ? discounted : Real(discounted * exp(Real(r * (here[exporting] - next[exporting]))));
      if (!is_finite(Real(now + later)) || !(now + later > 0)) return infinity<Real>;
      Real const share = later / (now + later);
      row.right[4] = -log(Real(now + later));
      row.diagonal[4][exporting] = falls ? Real(r * (1 - share)) : r;
      row.diagonal[4][cutoff] = -r * (1 - share);
      row.diagonal[4][utility] = -share;
      row.upper[4][utility] = share;
      row.upper[4][exporting] = falls ? Real(0) : Real(-r * share);

      row.right[5] = living * last_sum + (entry * abroad.moment + begin.moment) / unit - sum;
      row.diagonal[5][exported] = 1;
      row.lower[5][exported] = -living;
      row.diagonal[5][entrants] = -mass * abroad.moment / unit;
      row.lower[5][entrants] = (living * last_mass * abroad.moment - last_by_mass * joining_moment) / unit;
      row.diagonal[5][exporting] = at_cutoff * abroad.scaled_density / unit;
      row.lower[5][exporting] = -at_last * last_abroad.scaled_density / unit;

      for (Real const& x : row.right) norm += x * x;
      last_mass = mass;
      last_sum = sum;
      last_y = here[exporting];
      last_abroad = abroad;
      young_mass = mass - old_mass;
    }
    return is_finite(norm) ? Real(sqrt(norm)) : infinity<Real>;
  }
};

/// The path in general equilibrium, where the export cost is sunk; as path_of_free_exporters.
template <productivity_tail Tail>
bool path_of_export_cohorts(path_setting<Tail> const& setting, steady_state<typename Tail::real_type> const& before,
                            transition_options const& options, transition_equilibrium<typename Tail::real_type>& out,
                            std::vector<typename Tail::real_type>& profits) {
  using Real = typename Tail::real_type;
  using std::exp, std::min;
  using Path = export_cohorts<Tail>;
  auto const& market = setting.market;
  auto const& d = setting.economy.after.domestic;
  auto const start = setting.from(before.numbers.mass_entrants, before.log_export_cutoff);
  Path const conditions(setting, start);
  auto const z = find_path(conditions, start, options, out.evaluations);
  if (z.empty()) return failed_with(out, status::iteration_limit);

  Real const living = setting.living, sunk_cost = market.partners * setting.economy.after.export_fixed_cost;
  Real const rounding = root_of_epsilon<2, Real>() / 64;
  Real mass = start.mass, old_mass = start.mass, young_mass(0), exporters = before.numbers.mass_exporters;
  Real last_y = infinity<Real>, least = start.log_export_cutoff;
  bool rising = false;
  typename Path::abroad_point last_abroad{};
  for (std::size_t t = 0; t < z.size(); ++t) {
    Real const x = z[t][Path::cutoff], y = z[t][Path::exporting];
    auto const abroad = conditions.at(y);
    Real const next_y = t + 1 < z.size() ? z[t + 1][Path::exporting] : conditions.terminal[Path::exporting];
    Real const later_excess = next_y <= y ? abroad.excess : conditions.at(next_y).excess;
    Real const next_mass = exp(z[t][Path::entrants]), entry = next_mass - living * mass;
    young_mass *= living;
    old_mass *= living;
    typename Path::waiting_firms const begin(abroad, last_abroad, start, y, last_y, young_mass, old_mass);
    least = min(least, y);
    if (!(y > x)) return blocked_by(out, transition_obstacle::every_producer_exports);
    if (least < x) return blocked_by(out, transition_obstacle::exporter_cannot_produce);
    if (rising && y < last_y - rounding && abroad.survival > 0) {
      return blocked_by(out, transition_obstacle::export_cutoff_turns);
    }
    rising = rising || (t > 0 && y > last_y + rounding);

    // All firms as one generation: exporters and their sales are sums over the generations.
    auto firms = market(x, setting.after.log_export_cost);
    firms.log_export_cutoff = y;
    firms.variable -= firms.exported;
    firms.exported =
        market.partners * market.freeness * exp(firms.log_demand) * conditions.unit * z[t][Path::exported] / next_mass;
    firms.variable += firms.exported;
    firms.abroad.survival = (living * exporters + entry * abroad.survival + begin.survival) / next_mass;
    auto numbers = period_numbers(market, firms, old_firms<Real>{}, next_mass, Real(0), mass, exporters);
    if (setting.idle(z, start, t)) numbers.mass_entrants_per_period = numbers.labor_entry = 0;
    Real const discounted = setting.discount(z, t);
    numbers.user_cost = 1 - discounted;
    profits.push_back(d.fixed_cost * firms.home.excess + sunk_cost * (abroad.excess - discounted * later_excess));
    out.path.push_back(numbers);
    exporters = numbers.mass_exporters;
    mass = next_mass;
    young_mass = mass - old_mass;
    last_y = y;
    last_abroad = abroad;
  }
  return true;
}

}  // namespace melitz::detail
