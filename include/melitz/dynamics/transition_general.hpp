// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/dynamics/transition_sector.hpp>
#include <melitz/numerics/block_tridiagonal.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

namespace melitz::detail {

/// The conditions of a general-equilibrium path, period by period, and Newton's method on all of them at once.
///
/// Unknowns of period t: the log cutoff, ln m, the log marginal utility of money mu = -gamma ln C - ln P, and the value
/// of an entrant over the entry cost, v. Conditions, with Lambda = exp(mu' - mu) the price of next period's money but
/// for beta, and F = f_x or (1 - beta (1 - delta) Lambda) f_x where it is sunk:
///
///   value      f_e v = Pi(x, F) + beta (1 - delta) Lambda f_e v'
///   entry      min(M_e, 1 - v) = 0,  M_e = m - (1 - delta) m_before
///   labour     f_e M_e + r x variable profit + overhead + export costs of those who pay = L
///   utility    mu + gamma ln C + ln P = 0
///
/// Each touches the periods next to it alone: the Jacobian is block-tridiagonal. The entry condition's smaller side is
/// the one that Newton's method works on, which makes it an active-set method in periods without entry.
template <productivity_tail Tail>
class general_path {
 public:
  using Real = typename Tail::real_type;
  static constexpr std::size_t cutoff = 0, entrants = 1, utility = 2, value = 3, count = 4;
  using unknowns = std::vector<small_vector<Real, count>>;

  /// Where the path starts from: what is left of the steady state before.
  struct inheritance {
    Real mass, exporters, log_export_cutoff, survival_abroad, moment_abroad;
  };

  general_path(transition_economy<Real> const& t, Tail const& tail, steady_state<Real> const& after)
      : economy_(t),
        after_(after),
        market_(tail, t.after, after.abroad),
        sunk_(t.export_cost == export_cost_kind::sunk && market_.selects()),
        living_(1 - t.after.domestic.death_rate) {
    terminal_ = {after.log_cutoff, after.log_mass, after.log_marginal_utility, Real(1)};
  }

  [[nodiscard]] inheritance from(Real const& mass, Real const& log_export_cutoff) const {
    using std::exp;
    auto const p = level_of(market_.tail, log_export_cutoff);
    return {mass, Real(mass * p.survival), log_export_cutoff, p.survival,
            p.moment() > 0 ? Real(p.moment() * exp(Real(market_.power * log_export_cutoff))) : Real(0)};
  }

  [[nodiscard]] bool sunk() const { return sunk_; }
  [[nodiscard]] period_market<Tail> const& market() const { return market_; }
  [[nodiscard]] small_vector<Real, count> const& terminal() const { return terminal_; }

  /// A guess: the new steady state, and entrants as it has them every period.
  [[nodiscard]] unknowns guess(Real mass, std::size_t horizon) const {
    using std::exp, std::log;
    unknowns z(horizon, terminal_);
    Real const target = exp(after_.log_mass);
    for (auto& row : z) {
      mass = target + living_ * (mass - target);
      row[entrants] = log(mass);
    }
    return z;
  }

  /// Price of a unit of money next period, and with (1 - delta) the discount factor of firms.
  [[nodiscard]] Real discount(unknowns const& z, std::size_t t) const {
    using std::exp;
    auto const& next = t + 1 < z.size() ? z[t + 1] : terminal_;
    return Real(economy_.discount_factor * living_ * exp(Real(next[utility] - z[t][utility])));
  }

  [[nodiscard]] Real log_export_cost(Real const& discounted) const {
    using std::log;
    return sunk_ ? Real(log(economy_.after.export_fixed_cost) + log(Real(1 - discounted))) : after_.log_export_cost;
  }

  [[nodiscard]] period_firms<Real> firms(unknowns const& z, std::size_t t) const {
    return market_(z[t][cutoff], log_export_cost(discount(z, t)));
  }

  /// Newton's method from z. @return whether it converged; z is the path then
  bool solve(unknowns& z, inheritance const& start, int budget, int& iterations) {
    using std::abs;
    Real norm = evaluate(z, start);
    // The last step is quadratic: what is left after it is its square, or rounding.
    Real const small = root_of_epsilon<2, Real>() / 8;
    while (budget-- > 0 && is_finite(norm)) {
      auto step = rows_;
      if (!solve_block_tridiagonal(step)) return false;
      ++iterations;
      Real largest(0);
      for (auto const& row : step) {
        for (Real const& x : row.right) largest = is_finite(x) ? std::max(largest, Real(abs(x))) : infinity<Real>;
      }
      if (!is_finite(largest)) return false;
      Real length = largest > 1 ? Real(1 / largest) : Real(1);
      unknowns next = z;
      bool better = false;
      for (int k = 0; k < 12 && !better; ++k, length /= 2) {
        for (std::size_t t = 0; t < z.size(); ++t) {
          for (std::size_t i = 0; i < count; ++i) next[t][i] = z[t][i] + length * step[t].right[i];
        }
        Real const now = evaluate(next, start);
        better = now < norm * (1 - length / 1000) || (largest <= small && is_finite(now));
        if (better) norm = now;
      }
      if (!better) return false;
      std::swap(z, next);
      if (largest <= small) return true;
    }
    return false;
  }

  /// Whether nobody enters in a period of a solved path.
  [[nodiscard]] bool idle(unknowns const& z, inheritance const& start, std::size_t t) const {
    return entry_flow(z, start, t) < 1 - z[t][value];
  }

 private:
  /// M_e over that of the steady state.
  [[nodiscard]] Real entry_flow(unknowns const& z, inheritance const& start, std::size_t t) const {
    using std::exp;
    Real const last = t > 0 ? Real(exp(z[t - 1][entrants])) : start.mass;
    return Real((exp(z[t][entrants]) - living_ * last) / after_.numbers.mass_entrants_per_period);
  }

  /// Fills rows_ with the Newton system at z. @return the norm of the conditions; infinite where they do not exist
  Real evaluate(unknowns const& z, inheritance const& start) {
    using std::exp, std::log, std::sqrt;
    auto const& d = economy_.after.domestic;
    Real const r = market_.power, gamma = economy_.curvature, f_e = d.entry_cost, labor = d.labor;
    Real const log_sigma = log(d.elasticity), log_rho = log(inverse_markup(d.elasticity));
    Real const flow = after_.numbers.mass_entrants_per_period;
    rows_.assign(z.size(), {});
    Real sum(0), last_mass = start.mass, last_exporters = start.exporters, old_mass = start.mass;
    // Derivatives of last period's exporters, and of its export cost with respect to mu; that of mu' is the opposite.
    Real last_by_cutoff(0), last_by_cost(0), last_by_mass(0), last_growth(0);
    for (std::size_t t = 0; t < z.size(); ++t) {
      auto& row = rows_[t];
      Real const& v = z[t][value];
      Real const next_v = t + 1 < z.size() ? z[t + 1][value] : Real(1);
      Real const discounted = discount(z, t), mass = exp(z[t][entrants]);
      if (!is_finite(mass) || !is_finite(discounted) || (sunk_ && !(discounted < 1))) return infinity<Real>;
      Real const growth = sunk_ ? Real(discounted / (1 - discounted)) : Real(0);
      auto const p = market_(z[t][cutoff], log_export_cost(discounted));
      old_mass *= living_;

      // Exporters of before who would not pay to export now, and what they add to variable profit.
      bool const legacy = sunk_ && p.log_export_cutoff > start.log_export_cutoff;
      Real const more =
          legacy ? Real(market_.partners * market_.freeness * exp(p.log_demand) * start.moment_abroad) : Real(0);
      Real const marginal = p.export_cost * p.abroad.density;
      Real const added = legacy ? Real(more - p.exported) : Real(0);
      Real const added_slope = legacy ? Real(-r * more + r * p.exported + marginal) : Real(0);
      Real const added_by_cost = legacy ? Real(marginal / r) : Real(0);
      Real const profit = mass * p.variable + old_mass * added;
      Real const profit_slope = mass * p.variable_slope + old_mass * added_slope;
      Real const profit_by_cost = mass * p.variable_cost_slope + old_mass * added_by_cost;
      if (!(profit > 0)) return infinity<Real>;

      // value
      row.diagonal[0][cutoff] = r * p.variable / f_e;
      row.diagonal[0][utility] = discounted * next_v;
      row.diagonal[0][value] = 1;
      row.upper[0][value] = -discounted;
      Real const rent = p.export_cost * p.abroad.survival / f_e * growth;
      row.diagonal[0][utility] += rent;
      row.upper[0][utility] = -row.diagonal[0][utility];
      row.right[0] = p.profit / f_e + discounted * next_v - v;

      // entry
      Real const entered = (mass - living_ * last_mass) / flow;
      if (entered < 1 - v) {
        row.diagonal[1][entrants] = mass / flow;
        row.lower[1][entrants] = -living_ * last_mass / flow;
        row.right[1] = -entered;
      } else {
        row.diagonal[1][value] = -1;
        row.right[1] = v - 1;
      }

      // labour
      Real const cost = sunk_ ? Real(market_.partners * economy_.after.export_fixed_cost) : p.export_cost;
      Real const exporting_mass = legacy ? Real(mass - old_mass) : mass;
      Real const exporters =
          exporting_mass * p.abroad.survival + (legacy ? Real(old_mass * start.survival_abroad) : Real(0));
      Real const by_cutoff = -exporting_mass * p.abroad.density, by_cost = by_cutoff / r;
      Real const by_mass = mass * p.abroad.survival;
      Real const paying =
          market_.selects() ? (sunk_ ? Real(exporters - living_ * last_exporters) : exporters) : Real(0);
      Real const used = f_e * (mass - living_ * last_mass) + r * profit + mass * p.fixed + cost * paying;
      row.diagonal[2][cutoff] = (r * profit_slope + mass * p.fixed_slope) / labor;
      row.diagonal[2][entrants] = (f_e + r * p.variable + p.fixed) * mass / labor;
      row.lower[2][entrants] = -f_e * living_ * last_mass / labor;
      if (market_.selects()) {
        row.diagonal[2][cutoff] += cost * by_cutoff / labor;
        row.diagonal[2][entrants] += cost * by_mass / labor;
      }
      if (sunk_) {
        Real const by_growth = (r * profit_by_cost + cost * by_cost) * growth / labor;
        row.diagonal[2][utility] = by_growth;
        row.upper[2][utility] = -by_growth;
        if (t > 0) {
          Real const share = -living_ * cost / labor;
          row.lower[2][cutoff] = share * last_by_cutoff;
          row.lower[2][entrants] += share * last_by_mass;
          row.lower[2][utility] = share * last_by_cost * last_growth;
          row.diagonal[2][utility] -= share * last_by_cost * last_growth;
        }
      }
      row.right[2] = 1 - used / labor;

      // utility: gamma ln R + (1 - gamma) ln P, with ln P = (ln B + ln sigma - ln R)/r - ln rho
      Real const log_revenue = log_sigma + log(profit);
      Real const log_price = (p.log_demand + log_sigma - log_revenue) / r - log_rho;
      Real const by_revenue = gamma - (1 - gamma) / r;
      row.diagonal[3][cutoff] = by_revenue * profit_slope / profit - (1 - gamma);
      row.diagonal[3][entrants] = by_revenue * mass * p.variable / profit;
      row.diagonal[3][utility] = 1 + by_revenue * profit_by_cost / profit * growth;
      row.upper[3][utility] = -by_revenue * profit_by_cost / profit * growth;
      row.right[3] = -(z[t][utility] + gamma * log_revenue + (1 - gamma) * log_price);

      for (Real const& x : row.right) sum += x * x;
      last_mass = mass;
      last_exporters = exporters;
      last_by_cutoff = by_cutoff;
      last_by_cost = by_cost;
      last_by_mass = by_mass;
      last_growth = growth;
    }
    return is_finite(sum) ? Real(sqrt(sum)) : infinity<Real>;
  }

  transition_economy<Real> const& economy_;
  steady_state<Real> const& after_;
  period_market<Tail> market_;
  bool sunk_;
  Real living_;
  small_vector<Real, count> terminal_{};
  std::vector<block_row<Real, count>> rows_;
};

/// The path in general equilibrium, as sector_path.
template <productivity_tail Tail>
bool equilibrium_path(transition_economy<typename Tail::real_type> const& t, Tail const& tail,
                      steady_state<typename Tail::real_type> const& before,
                      steady_state<typename Tail::real_type> const& after, transition_options const& options,
                      transition<typename Tail::real_type>& out, std::vector<typename Tail::real_type>& profits) {
  using Real = typename Tail::real_type;
  using std::abs, std::exp, std::log;
  using Path = general_path<Tail>;
  Path path(t, tail, after);
  Real const living = 1 - t.after.domestic.death_rate, old_mass = before.numbers.mass_entrants;
  Real const old_export = path.sunk() ? before.log_export_cutoff : infinity<Real>;
  auto const start = path.from(old_mass, old_export);

  typename Path::unknowns z;
  Real const settled = 1024 * epsilon<Real>();
  std::size_t horizon = 64;
  for (bool done = false; !done; horizon *= 2) {
    if (horizon > static_cast<std::size_t>(options.max_horizon)) return failed_with(out, status::iteration_limit);
    if (z.empty()) {
      z = path.guess(old_mass, horizon);
    } else {
      z.resize(horizon, path.terminal());
    }
    auto found = z;
    if (!path.solve(found, start, options.max_iterations, out.iterations)) {
      // From no change at all to what was there before, by and by.
      found = path.guess(exp(after.log_mass), horizon);
      Real reached(0), step = Real(1) / 4;
      while (reached < 1) {
        Real const next = reached + step < 1 ? Real(reached + step) : Real(1);
        Real const mass = exp(Real(after.log_mass + next * (log(old_mass) - after.log_mass)));
        Real const abroad = is_finite(old_export) && is_finite(after.log_export_cutoff)
                                ? Real(after.log_export_cutoff + next * (old_export - after.log_export_cutoff))
                                : old_export;
        auto trial = found;
        if (path.solve(trial, path.from(mass, abroad), options.max_iterations, out.iterations)) {
          std::swap(found, trial);
          reached = next;
          step *= 2;
        } else if ((step /= 4) < Real(1) / 4096) {
          return failed_with(out, status::iteration_limit);
        }
      }
    }
    std::swap(z, found);
    done = true;
    for (std::size_t i = 0; i < Path::count; ++i) {
      done = done && abs(Real(z.back()[i] - path.terminal()[i])) <= settled;
    }
  }

  auto const& market = path.market();
  Real mass = old_mass, alive = old_mass;
  Real exporters = t.export_cost == export_cost_kind::sunk ? before.numbers.mass_exporters : Real(-1);
  Real last_export_cutoff = infinity<Real>;
  Real const rounding = root_of_epsilon<2, Real>() / 64;
  for (std::size_t k = 0; k < z.size(); ++k) {
    auto const young = path.firms(z, k);
    alive *= living;
    Real const next_mass = exp(z[k][Path::entrants]);
    bool const legacy = path.sunk() && start.log_export_cutoff < young.log_export_cutoff;
    if (path.sunk()) {
      if (young.log_export_cutoff > last_export_cutoff + rounding) {
        return blocked_by(out, transition_obstacle::export_cutoff_rises);
      }
      if (!(young.log_export_cutoff > young.log_cutoff)) {
        return blocked_by(out, transition_obstacle::every_producer_exports);
      }
      if (legacy && start.log_export_cutoff < young.log_cutoff) {
        return blocked_by(out, transition_obstacle::exporter_cannot_produce);
      }
      last_export_cutoff = young.log_export_cutoff;
    }
    auto const old =
        old_firms_at(market, young, young.log_cutoff, legacy ? start.log_export_cutoff : young.log_export_cutoff);
    auto numbers = period_numbers(market, young, old, next_mass, alive, mass, exporters);
    if (path.idle(z, start, k)) numbers.mass_entrants_per_period = numbers.labor_entry = 0;
    numbers.user_cost = 1 - path.discount(z, k);
    if (!(exporters < 0)) exporters = numbers.mass_exporters;
    mass = next_mass;
    profits.push_back(young.profit);
    out.path.push_back(numbers);
  }
  return true;
}

}  // namespace melitz::detail
