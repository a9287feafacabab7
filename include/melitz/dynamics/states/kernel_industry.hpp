// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/dynamics/industry.hpp>
#include <melitz/dynamics/law_points.hpp>
#include <melitz/dynamics/states/job_flows.hpp>
#include <melitz/dynamics/states/kernel.hpp>
#include <melitz/dynamics/states/kernel_policy.hpp>
#include <melitz/dynamics/states/threshold_search.hpp>
#include <melitz/error.hpp>
#include <melitz/tail/tail.hpp>

#include <Eigen/Core>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

// Needs Eigen: CMake target melitz::world.

namespace melitz {
namespace detail {

/// Industries whose firms' log productivity moves by a user's kernel.
template <productivity_tail Tail>
class kernel_industry {
 public:
  using Real = typename Tail::real_type;
  using policy_type = kernel_policy<Tail>;
  using vector = typename policy_type::vector;
  using matrix = typename policy_type::matrix;

  kernel_industry(industry_economy<Real> const& e, productivity_kernel<Real> const& kernel, Tail const& tail,
                  industry_options const& how)
      : e_(e), tail_(tail), how_(how), menu_(e), kernel_(kernel) {
    using std::exp;
    moment_ = exp(tail.log_moment());
  }

  [[nodiscard]] industry_equilibrium<Real> solve() {
    using std::abs;
    law_points<Tail> const coarse(tail_);
    least_ = coarse.lowest() < kernel_.lowest() ? coarse.lowest() : kernel_.lowest();
    if (!kernel_.resolve(samples(coarse), Real(how_.refinement))) return failed(status::not_covered);
    auto const points = resolved_points();
    std::vector<std::pair<Real, Real>> entering_firms;
    points.for_each_from(points.lowest(), {}, [&](Real const& t, Real const& weight, Real const&) {
      entering_firms.push_back({t, weight});
    });
    if (!kernel_.integrates_to_one(kernel_.all(), entering_firms)) return failed(status::not_covered);

    // Of all policies the best one lets entrants break even at the least demand: each round solves for that of the
    // policy at hand, and improves the policy at it.
    industry_equilibrium<Real> out;
    kernel_thresholds<Real> at{least_, infinity<Real>};
    Real last = infinity<Real>;
    int evaluations = 0;
    while (evaluations < how_.max_evaluations) {
      ++evaluations;
      policy_type const policy(kernel_, points, e_.timing, menu_.power, at);
      auto const later = policy.later(e_.discount());
      auto const expected = policy.of_entrants(entering(at), e_.discount(), later);
      Real const demand = (e_.entry_cost + menu_.fixed(expected)) / menu_.sold(expected);
      auto const next = improved(policy, later, demand);
      if (!(next.stay == next.stay) || !is_finite(demand)) return failed(status::not_covered, evaluations);
      Real moved = abs(Real(next.stay - at.stay));
      if (Real const abroad = menu_.open() ? abs(Real(next.exports - at.exports)) : Real(0); abroad > moved) {
        moved = abroad;
      }
      // Half of a small error in thresholds is squared in demand.
      if (moved < Real(1e-13) || (moved < Real(1e-9) && !(moved < last / 2))) {
        out.evaluations = evaluations;
        out.demand = demand;
        return finish(out, policy, later, expected);
      }
      at = next;
      last = moved;
    }
    return failed(status::iteration_limit, evaluations);
  }

 private:
  [[nodiscard]] static industry_equilibrium<Real> failed(status why, int evaluations = 0) {
    industry_equilibrium<Real> none;
    none.reason = why;
    none.evaluations = evaluations;
    return none;
  }
  /// Where the kernel is tried: over its own range, and that of entrants.
  [[nodiscard]] std::vector<Real> samples(law_points<Tail> const& points) const {
    std::vector<Real> out;
    auto const add = [&](Real const& low, Real const& high, int count) {
      for (int k = 0; k <= count; ++k) out.push_back(Real(low + (high - low) * Real(k) / Real(count)));
    };
    add(kernel_.lowest(), kernel_.highest(), 40);
    add(points.lowest(), points.highest_of_firms(), 16);
    return out;
  }
  /// The law on panels that are narrow enough for what the kernel makes of it.
  [[nodiscard]] law_points<Tail> resolved_points() const {
    using std::abs;
    Real width = 16 * kernel_.spacing();
    auto const nodes = kernel_.all();
    auto const inflow = [&](law_points<Tail> const& points) {
      vector out = vector::Constant(nodes.size(), Real(0));
      points.for_each_from(least_, {}, [&](Real const& t, Real const& weight, Real const&) {
        if (weight > 0) out += weight * kernel_.row(nodes, t);
      });
      return out;
    };
    auto const of_width = [&](Real const& w) { return law_points<Tail>(tail_, [&](Real const&) { return w; }); };
    auto points = of_width(width);
    vector known = inflow(points);
    for (int k = 0; k < 5; ++k) {
      width /= 2;
      auto finer = of_width(width);
      vector const here = inflow(finer);
      if ((here - known).cwiseAbs().sum() < Real(1e-13)) return points;
      points = std::move(finer);
      known = here;
    }
    return points;
  }
  /// Entrants in their first period.
  [[nodiscard]] firm_sums<Real> entering(kernel_thresholds<Real> const& at) const {
    bool const choose = e_.timing == exit_timing::after;
    firm_sums<Real> out{Real(1), moment_, Real(0), Real(0)};
    if (choose) out = above(at.stay, {out.firms, out.size, Real(0), Real(0)});
    if (!menu_.open() || !(at.exports < infinity<Real>)) return out;
    auto const abroad = above(choose && at.exports < at.stay ? at.stay : at.exports, {});
    out.exporters = abroad.firms;
    out.exported = abroad.size;
    return out;
  }
  [[nodiscard]] firm_sums<Real> above(Real const& t, firm_sums<Real> out) const {
    auto const level = law_level_at(tail_, t);
    out.firms = level.survival;
    out.size = moment_ * level.share;
    return out;
  }
  /// What a firm gains from staying at t: with `before` from tomorrow on.
  [[nodiscard]] Real gain(policy_type const& policy, matrix const& later, Real const& demand, Real const& t) const {
    using std::exp;
    Real const tomorrow = menu_.profit(demand, policy.tomorrow(t, e_.discount(), later));
    if (e_.timing == exit_timing::before) return tomorrow;
    Real const size = demand * exp(Real(menu_.power * t)), abroad = menu_.reach * size - menu_.export_cost;
    return Real(size - menu_.overhead + (menu_.open() && abroad > 0 ? abroad : Real(0)) + e_.discount() * tomorrow);
  }
  /// The thresholds that are best where tomorrow is as it is expected.
  [[nodiscard]] kernel_thresholds<Real> improved(policy_type const& policy, matrix const& later,
                                                 Real const& demand) const {
    Real const width = (kernel_.highest() - kernel_.lowest()) / 40;
    auto const found =
        decreasing_threshold([&](Real const& t) { return Real(-gain(policy, later, demand, t)); },
                             guessed_threshold<Real>{policy.thresholds().stay}, least_, width, Real(0), 100);
    Real const stay = found.below ? least_ : found.converged ? found.at : not_a_number<Real>;
    return {stay, menu_.log_export_cutoff(demand)};
  }

  [[nodiscard]] industry_equilibrium<Real> finish(industry_equilibrium<Real>& out, policy_type const& policy,
                                                  matrix const& later, firm_sums<Real> const& expected) const {
    auto const at = policy.thresholds();
    Real const stay = 1 - e_.death_rate;
    out.nobody_exits = !(at.stay > least_);
    require(stay < 1 || !out.nobody_exits, "industry_dynamics_economy", "death_rate", e_.death_rate,
            "be positive where no firm ever exits");
    if (!is_threshold(policy, later, out.demand)) return failed(status::not_covered, out.evaluations);
    out.log_cutoff = out.nobody_exits ? Real(-infinity<Real>) : at.stay;
    fill_export_cutoff(out, at);
    out.nodes = static_cast<int>(policy.nodes().size());
    out.error_estimate = error_estimate_of(tail_);
    out.free_entry_residual = menu_.profit(out.demand, expected) / e_.entry_cost - 1;
    out.discounted_export_share = menu_.reach * expected.exported / menu_.sold(expected);
    out.discretization_error = discretization(policy, later, out.demand) / (out.demand * menu_.sold(expected));

    auto const now = entering(at);
    auto const sums = policy.of_entrants(now, stay, policy.later(stay));
    vector const masses = policy.masses(stay);
    std::vector<std::pair<Real, Real>> firms;
    for (Eigen::Index k = policy.first(); k < masses.size(); ++k) firms.push_back({policy.node(k), masses[k]});
    if (!kernel_.integrates_to_one(policy.nodes(), firms)) return failed(status::not_covered, out.evaluations);
    if (!(sums.firms > 0 && epsilon<Real>() * sums.firms < Real(1e-8))) {
      return failed(status::out_of_range, out.evaluations);
    }
    fill_industry(out, e_, menu_, sums);
    out.entry_rate = now.firms / sums.firms;
    counted_firms<Real> count{now, {}, {}, sums};
    count.staying = above(at.stay, {});
    for (Eigen::Index k = policy.first(); k < masses.size(); ++k) add(count.staying, policy, k, masses[k]);
    if (e_.timing == exit_timing::before) {
      auto const who = above(at.stay, {});
      count.leaving = {Real(now.firms - who.firms), Real(now.size - who.size), Real(0), Real(0)};
      if (menu_.open() && at.exports < at.stay) {
        count.leaving.exporters = now.exporters - who.firms;
        count.leaving.exported = now.exported - who.size;
      }
      for (Eigen::Index k = 0; k < policy.first(); ++k) add(count.leaving, policy, k, masses[k]);
    }
    out.mass_residual = (count.staying.firms + count.leaving.firms) / sums.firms - 1;
    if (how_.flows) {
      flows(out, policy, masses, count);
      ages(out, policy, now, sums);
    }
    Real const noise = 100 * out.error_estimate, open = 4096 * epsilon<Real>();
    return checked_industry(out, open > noise ? open : noise, how_.flows);
  }
  void fill_export_cutoff(industry_equilibrium<Real>& out, kernel_thresholds<Real> const& at) const {
    using std::exp;
    bool const all = e_.timing == exit_timing::after && !out.nobody_exits && at.exports < at.stay;
    out.export_cutoff = exp(all ? at.stay : at.exports);
  }
  static void add(firm_sums<Real>& sums, policy_type const& policy, Eigen::Index k, Real const& mass) {
    sums.firms += mass * policy.now()(k, 0);
    sums.size += mass * policy.now()(k, 1);
    sums.exporters += mass * policy.now()(k, 2);
    sums.exported += mass * policy.now()(k, 3);
  }
  /// Whether to stay is best above the threshold and to exit below it, at all nodes and entrants. A stochastically
  /// monotone kernel never fails here.
  [[nodiscard]] bool is_threshold(policy_type const& policy, matrix const& later, Real const& demand) const {
    Real const slack = Real(1e-9) * menu_.overhead;
    auto const best = [&](Real const& t) {
      Real const more = gain(policy, later, demand, t);
      return t < policy.thresholds().stay ? more <= slack : more >= -slack;
    };
    for (Real const& t : policy.nodes().at) {
      if (!best(t)) return false;
    }
    for (auto const& e : policy.entrants()) {
      if (!best(e.at)) return false;
    }
    return true;
  }
  /// By how much an entrant's value may be off: what finer nodes leave open of the equations for what firms expect, of
  /// every state in which it may be.
  [[nodiscard]] Real discretization(policy_type const& policy, matrix const& later, Real const& demand) const {
    using std::abs;
    auto const& at = policy.thresholds();
    Real const gamma = e_.discount();
    auto const expected = [&](Real const& t) { return menu_.profit(demand, policy.tomorrow(t, gamma, later)); };
    auto const fine = kernel_.all({at.stay, at.exports}, Real(1.6));
    vector value(fine.size());
    for (Eigen::Index k = 0; k < value.size(); ++k) {
      Real const& t = fine.at[static_cast<std::size_t>(k)];
      value[k] = menu_.profit(demand, policy.firm(t));
      if (t >= at.stay) value[k] += gamma * expected(t);
    }
    auto const off = [&](Real const& t) { return Real(abs(Real(kernel_.row(fine, t).dot(value) - expected(t)))); };
    Real sum(0);
    for (auto const& e : policy.entrants()) sum += e.weight * off(e.at);
    vector const masses = policy.masses(gamma);
    for (Eigen::Index k = policy.first(); k < masses.size(); ++k) sum += masses[k] * off(policy.node(k));
    return Real(gamma * sum);
  }

  void flows(industry_equilibrium<Real>& out, policy_type const& policy, vector const& masses,
             counted_firms<Real> const& count) const {
    auto const& at = policy.thresholds();
    auto const each = [&](auto const& f) {
      for (auto const& e : policy.entrants()) f(e.at, e.weight, Real(moment_ * e.share));
      for (Eigen::Index k = policy.first(); k < masses.size(); ++k) {
        f(policy.node(k), masses[k], Real(masses[k] * policy.now()(k, 1)));
      }
    };
    // Panels begin at the firm itself: of those who grow.
    auto const above_from = [&](Real const& t, Real const& from) {
      auto const nodes = kernel_.from(from, {at.stay, at.exports});
      vector const weights = kernel_.row(nodes, t);
      firm_sums<Real> s;
      for (Eigen::Index k = 0; k < weights.size(); ++k) {
        auto const f = policy.firm(nodes.at[static_cast<std::size_t>(k)]);
        s.firms += weights[k] * f.firms;
        s.size += weights[k] * f.size;
        s.exporters += weights[k] * f.exporters;
        s.exported += weights[k] * f.exported;
      }
      return s;
    };
    count_jobs(out, e_, menu_, out.demand, at.stay, count, each, above_from);
  }
  void ages(industry_equilibrium<Real>& out, policy_type const& policy, firm_sums<Real> const& now,
            firm_sums<Real> const& all) const {
    Real const stay = 1 - e_.death_rate, mean = all.size / all.firms;
    Real mass = now.firms, size = now.size;
    vector cohort = stay * policy.inflow();
    Real const nobody = Real(1e-30) * all.firms;
    for (int age = 0; age < how_.ages && mass > nobody; ++age) {
      out.share_of_firms_by_age.push_back(mass < all.firms ? Real(mass / all.firms) : Real(1));
      out.relative_size_by_age.push_back(size / (mass * mean));
      Real const next = cohort.dot(policy.now().col(0));
      out.exit_hazard_by_age.push_back(1 - next / mass);
      size = cohort.dot(policy.now().col(1));
      mass = next;
      cohort = policy.next(cohort, stay);
    }
  }

  industry_economy<Real> const& e_;
  Tail const& tail_;
  industry_options const& how_;
  industry_menu<Real> menu_;
  kernel_nodes<Real> kernel_;
  Real moment_{}, least_{};
};

}  // namespace detail

/// Steady state of an industry whose firms' log productivity moves by a density that its user gives, with either
/// timing. What the economy says of shocks is not used.
///
/// Policy iteration on the two thresholds, each round with the least demand at which entrants break even under the
/// policy; Nystrom's method on as many nodes as the density needs, of which its user sees none.
/// @param law  what entrants draw from
/// @throws domain_error naming a parameter that is out of range; a density that is no number or negative, or whose
///         integral is not 1, with where it is so
/// @return numbers, or NaN and in `reason` why: not_covered where no threshold is best, which takes a kernel that is
///         not stochastically monotone, or where more than some 500 nodes would be needed
/// Accuracy: 1e-11, with a bound in discretization_error; cost: some 10 ms, and 1e5 to 1e6 calls of the density.
template <productivity_law Law>
[[nodiscard]] industry_equilibrium<law_real_t<Law>> try_solve(industry_economy<law_real_t<Law>> const& economy,
                                                              productivity_kernel<law_real_t<Law>> const& kernel,
                                                              Law const& law, industry_options const& how = {}) {
  using Real = law_real_t<Law>;
  economy.validate_costs();
  kernel.validate();
  detail::require_options(how);
  auto const tail = tail_of(law, Real(economy.elasticity - 1));
  return detail::kernel_industry<tail_of_t<Law>>(economy, kernel, tail, how).solve();
}

}  // namespace melitz
