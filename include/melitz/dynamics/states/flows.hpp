// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/dynamics/industry.hpp>
#include <melitz/dynamics/law_points.hpp>
#include <melitz/dynamics/states/job_flows.hpp>
#include <melitz/dynamics/states/policy.hpp>

#include <cmath>
#include <cstddef>

// Needs Eigen: CMake target melitz::world.

namespace melitz::detail {

/// What becomes of firms and their jobs in a steady state.
template <real Real>
struct state_flows {
  using vector = typename state_policy<Real>::vector;

  industry_economy<Real> const& economy;
  industry_menu<Real> const& menu;
  state_policy<Real> const& policy;
  vector const& masses;  ///< of firms at the nodes, beyond their first period, per entrant of a period
  Real demand, export_cutoff, moment;

  /// f(t, firms, size) for all firms that stay.
  template <class F>
  void for_each_firm(F const& f) const {
    using std::exp;
    for (auto const& e : policy.entrants) f(e.at, e.weight, Real(moment * e.share));
    for (Eigen::Index k = 0; k < policy.nodes.size(); ++k) {
      Real const& t = policy.nodes.at[static_cast<std::size_t>(k)];
      f(t, masses[k], Real(masses[k] * exp(Real(menu.power * t))));
    }
  }
  /// Sums over them. @param entrants  the law at the cutoff
  [[nodiscard]] firm_sums<Real> staying(law_level<Real> const& entrants) const {
    using std::exp;
    firm_sums<Real> out{entrants.survival, Real(moment * entrants.share), Real(0), Real(0)};
    for (auto const& e : policy.entrants) {
      if (!(e.at >= export_cutoff)) continue;
      out.exporters += e.weight;
      out.exported += moment * e.share;
    }
    for (Eigen::Index k = 0; k < policy.nodes.size(); ++k) {
      Real const& t = policy.nodes.at[static_cast<std::size_t>(k)];
      Real const size = masses[k] * exp(Real(menu.power * t));
      out.firms += masses[k];
      out.size += size;
      if (!(t >= export_cutoff)) continue;
      out.exporters += masses[k];
      out.exported += size;
    }
    return out;
  }

  /// Sums over firms that operate below the cutoff and have decided to exit: with the timing before.
  /// @param now       entrants in their first period
  /// @param entrants  the law at the cutoff
  [[nodiscard]] firm_sums<Real> leaving(firm_sums<Real> const& now, law_level<Real> const& entrants) const {
    using std::exp;
    firm_sums<Real> out;
    if (policy.timing == exit_timing::after) return out;
    Real const stay = 1 - economy.death_rate;
    out.firms = now.firms - entrants.survival;
    out.size = now.size - moment * entrants.share;
    if (export_cutoff < policy.cutoff) {  // so large that they export, once
      out.exporters = now.exporters - entrants.survival;
      out.exported = now.exported - moment * entrants.share;
    }
    vector const fallen = stay * (policy.falling + policy.falls.transpose() * masses);
    for (Eigen::Index k = 0; k < fallen.size(); ++k) {
      Real const& t = policy.below.at[static_cast<std::size_t>(k)];
      Real const size = fallen[k] * exp(Real(menu.power * t));
      out.firms += fallen[k];
      out.size += size;
      if (!(t >= export_cutoff)) continue;
      out.exporters += fallen[k];
      out.exported += size;
    }
    return out;
  }

  /// Jobs created and destroyed.
  void jobs(industry_equilibrium<Real>& out, counted_firms<Real> const& count) const {
    auto const above = [&](Real const& t, Real const& from) {
      auto const step = policy.process.from(t);
      Real const abroad = from > export_cutoff ? from : export_cutoff;
      firm_sums<Real> s{step.moment_above(Real(0), from), step.moment_above(menu.power, from), Real(0), Real(0)};
      if (!menu.open()) return s;
      s.exporters = step.moment_above(Real(0), abroad);
      s.exported = step.moment_above(menu.power, abroad);
      return s;
    };
    count_jobs(
        out, economy, menu, demand, policy.cutoff, count, [&](auto const& f) { for_each_firm(f); }, above);
  }

  /// What becomes of a cohort.
  /// @param sizes     what they are without exit
  /// @param at_entry  entrants who stay
  template <class Sizes>
  void ages(industry_equilibrium<Real>& out, Sizes const& sizes, firm_sums<Real> const& now, Real const& at_entry,
            firm_sums<Real> const& all, int count) const {
    bool const after = policy.timing == exit_timing::after;
    Real const stay = 1 - economy.death_rate, mean = all.size / all.firms;
    auto const next_size = [&](Real const& t) {
      auto const step = policy.process.from(t);
      return after ? step.moment_above(menu.power, policy.cutoff) : step.moment(menu.power);
    };
    // From each node, by how many steps: the chance to have stayed until now, and the size of those who have. Nodes end
    // where hardly anybody is, of whom sizes may be large: beyond, nobody exits.
    vector alive = vector::Constant(policy.nodes.size(), Real(1)), size_of(alive.size()), beyond(alive.size());
    Real mass = now.firms, size = now.size, survive(1), fade(1);
    Real const nobody = Real(1e-30) * all.firms;
    for (int age = 0; age < count && mass > nobody; ++age) {
      out.share_of_firms_by_age.push_back(mass < all.firms ? Real(mass / all.firms) : Real(1));  // or a rounding more
      out.relative_size_by_age.push_back(size / (mass * mean));
      survive *= stay;
      Real next, next_sizes(0);
      if (age == 0) {
        for (auto const& e : policy.entrants) {
          if (e.weight > 0) next_sizes += e.weight * next_size(e.at);
        }
        for (Eigen::Index k = 0; k < size_of.size(); ++k) {
          size_of[k] = next_size(policy.nodes.at[static_cast<std::size_t>(k)]);
        }
      } else {
        fade *= policy.process.persistence;
        for (auto const& e : policy.entrants) {
          if (e.weight > 0) next_sizes += e.weight * above_nodes(sizes, e.at, fade);
        }
        next_sizes += policy.inflow.dot(size_of);
        for (Eigen::Index k = 0; k < beyond.size(); ++k) {
          beyond[k] = above_nodes(sizes, policy.nodes.at[static_cast<std::size_t>(k)], fade);
        }
        size_of = (policy.moves * size_of + beyond).eval();
      }
      if (!after && age == 0) {  // nobody has seen a shock and exited
        next = survive * at_entry;
      } else {
        next = survive * policy.inflow.dot(alive);
        alive = (policy.moves * alive).eval();
      }
      out.exit_hazard_by_age.push_back(1 - next / mass);
      mass = next;
      size = survive * next_sizes;
    }
  }

 private:
  /// E[e^(b t_s) 1{t_1 above the nodes}|t] of firms that do not exit. @param fade  rho^(s-1)
  template <class Sizes>
  [[nodiscard]] Real above_nodes(Sizes const& sizes, Real const& t, Real const& fade) const {
    auto const step = policy.process.from(t);
    Real const power = menu.power * fade;
    // Nothing, mostly.
    if (policy.end - step.mean > (9 + power * step.sd) * step.sd) return Real(0);
    return Real(sizes.after(Real(0), fade) * step.moment_above(power, policy.end));
  }
};

}  // namespace melitz::detail
