// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/dynamics/industry.hpp>
#include <melitz/dynamics/law_points.hpp>
#include <melitz/dynamics/newton_from_above.hpp>
#include <melitz/dynamics/states/expectations.hpp>
#include <melitz/dynamics/states/flows.hpp>
#include <melitz/dynamics/states/policy.hpp>
#include <melitz/dynamics/states/threshold_search.hpp>
#include <melitz/numerics/larger.hpp>
#include <melitz/tail/tail.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

// Needs Eigen: CMake target melitz::world.

namespace melitz::detail {

/// Industries whose firms' log productivity is an autoregression.
template <productivity_tail Tail>
class industry_states {
 public:
  using Real = typename Tail::real_type;
  using policy_type = state_policy<Real>;
  using expectations = state_expectations<Real>;

  industry_states(industry_economy<Real> const& e, Tail const& tail, industry_options const& how)
      : economy_(e),
        tail_(tail),
        how_(how),
        menu_(e),
        process_{e.persistence, e.shock_mean, e.shock_sd},
        spread_(process_.long_run_sd()),
        points_(tail, [&](Real const& t) { return process_.smooth_over(t, highest_threshold()); }) {
    using std::exp, std::log;
    moment_ = exp(tail.log_moment());
    high_ = high_by_size_ = process_.mean + Real(8.5) * spread_;
    Real const spread = menu_.power * spread_;
    points_.for_each_from(points_.lowest(), {}, [&](Real const& t, Real const& weight, Real const& share) {
      Real const here = process_.reached_from(t, Real(log(weight)));
      if (here > high_) high_ = here;
      Real const sizes = spread * spread_ + process_.reached_from(t, Real(log(share) + spread * spread / 2));
      if (sizes > high_by_size_) high_by_size_ = sizes;
    });
    least_ = process_.mean - Real(8.5) * spread_;
    if (points_.lowest() < least_) least_ = points_.lowest();
  }

  [[nodiscard]] industry_equilibrium<Real> solve() {
    using std::exp, std::log;
    industry_equilibrium<Real> out;
    out.error_estimate = error_estimate_of(tail_);
    // A firm that never exits, at long-run size: where the search begins.
    Real const size = moment_ + economy_.discount() / economy_.impatience() *
                                    exp(Real(menu_.power * (process_.mean + menu_.power * spread_ * spread_ / 2)));
    Real const demand = (economy_.entry_cost + economy_.fixed_cost / economy_.impatience()) / size;
    Real guess = (log(Real(menu_.overhead / demand)) - 1) / menu_.power;
    if (!is_finite(guess)) return failed(out, status::out_of_range);
    if (guess < least_) guess = least_;
    bool too_many = false;
    std::array<cutoff_and_demand, 2> seen;  // the last two
    auto const search = [&](Real const& from, Real const& slope, Real const& accuracy, bool roughly, int budget) {
      auto const value_of = [&](Real const& cutoff) {
        if (!fits(cutoff, high_)) {
          too_many = true;
          return not_a_number<Real>;
        }
        auto const here = at(cutoff, roughly);
        seen = {cutoff_and_demand{cutoff, here.demand}, seen[0]};
        return here.value <= 0 ? Real(-infinity<Real>) : Real(log(Real(here.value / economy_.entry_cost)));
      };
      return decreasing_threshold(value_of, {from, slope}, least_, spread_, accuracy, budget);
    };
    // Most of the way on nodes that are too few to be exact.
    auto root = search(guess, not_a_number<Real>, Real(1e-5), true, how_.max_evaluations);
    out.evaluations = root.evaluations;
    if (too_many) return failed(out, status::not_covered);
    if (int const left = how_.max_evaluations - root.evaluations; left > 0) {
      bool const near = root.converged || root.below;
      seen = {};
      root = search(near ? root.at : guess, root.slope, Real(0), false, left);
      out.evaluations += root.evaluations;
    } else {
      root.converged = root.below = false;
    }
    if (!root.converged && !root.below) {
      return failed(out, out.evaluations < how_.max_evaluations ? status::not_finite : status::iteration_limit);
    }
    out.nobody_exits = root.below;
    out.demand = root.below ? demand_where_all_stay() : demand_at(root.at, seen);
    out.log_cutoff = root.below ? Real(-infinity<Real>) : root.at;
    return finish(out, root.at);
  }

  /// What firms do at an equilibrium's cutoffs, on nodes that end where firms begin to export, and that reach as far as
  /// their sizes count.
  [[nodiscard]] policy_type policy_of(Real const& cutoff, Real const& export_cutoff) const {
    std::vector<Real> breaks;
    if (menu_.open()) breaks.push_back(export_cutoff);
    Real const tilted = process_.mean + menu_.power * spread_ * spread_ + Real(8.5) * spread_;
    // As far as one step takes the largest entrants: by size they may reach further than nodes ever should.
    Real high = process_.from(points_.highest_of_firms()).mean + 9 * process_.sd;
    if (!(high < high_by_size_)) high = high_by_size_;
    if (high < tilted) high = tilted;
    if (high < high_) high = high_;
    if (!fits(cutoff, high)) high = high_;
    policy_type policy(process_, economy_.timing, cutoff, top(cutoff, high), breaks, spacing());
    policy.add_entrants(points_, breaks);
    return policy;
  }
  /// A cutoff that nobody reaches.
  [[nodiscard]] Real least() const { return least_; }
  [[nodiscard]] industry_menu<Real> const& menu() const { return menu_; }

 private:
  struct cutoff_and_demand {
    Real cutoff = not_a_number<Real>, demand = not_a_number<Real>;
  };
  /// At a cutoff: the demand shifter that makes it the best one, and what an entrant is worth then.
  struct evaluation {
    Real demand, value;
  };

  /// Above every threshold of an equilibrium: where a firm exports, or stays, if it is sure to sell no more than one
  /// that never exits. A x_s is a firm's expected profit in period s, at most A (e^spread x_0 + c) if c is what x is
  /// expected to be in the long run; A is at least what makes the sum of these worth the entry cost.
  [[nodiscard]] Real highest_threshold() const {
    using std::exp, std::log;
    Real const spread = menu_.power * spread_, tilt = spread * spread / 2;
    Real const size = exp(Real(tilt + tail_.log_moment())) + exp(Real(menu_.power * process_.mean + tilt));
    Real const log_demand = log(Real(economy_.entry_cost * economy_.impatience() / (size * (1 + menu_.reach))));
    Real out = (log(menu_.overhead) - log_demand) / menu_.power;
    if (menu_.open() && menu_.log_threshold > log(menu_.overhead)) {
      out = (menu_.log_threshold - log_demand) / menu_.power;
    }
    // Before a shock firms decide by where it takes them.
    bool const looks_ahead = economy_.timing == exit_timing::before && process_.persistence > 0 && out > process_.mean;
    return looks_ahead ? Real(process_.mean + (out - process_.mean) / process_.persistence) : out;
  }
  static industry_equilibrium<Real> failed(industry_equilibrium<Real> const& out, status why) {
    industry_equilibrium<Real> none;
    none.reason = why;
    none.evaluations = out.evaluations;
    return none;
  }
  /// Of nodes. @param roughly  errors of 1e-6 do not matter
  [[nodiscard]] Real spacing(bool roughly = false) const {
    return Real(process_.sd / Real((roughly ? 1.8 : 2.8) * how_.refinement));
  }
  [[nodiscard]] Real top(Real const& cutoff, Real const& high) const {
    Real const above = cutoff + 12 * process_.sd;
    return above > high ? above : high;
  }
  /// Whether nodes are not too many to solve for: above the cutoff, and below it, where firms fall.
  [[nodiscard]] bool fits(Real const& cutoff, Real const& high) const {
    Real const fall = cutoff - process_.from(cutoff).mean;
    return top(cutoff, high) - cutoff <= 460 * spacing() && fall <= 460 * spacing();
  }
  /// Entrants in their first period.
  [[nodiscard]] firm_sums<Real> entering(Real const& cutoff, Real const& export_cutoff) const {
    firm_sums<Real> out{Real(1), moment_, Real(0), Real(0)};
    bool const choose = economy_.timing == exit_timing::after;
    if (choose) {
      auto const home = law_level_at(tail_, cutoff);
      out.firms = home.survival;
      out.size = moment_ * home.share;
    }
    if (!(export_cutoff < infinity<Real>)) return out;
    auto const abroad = law_level_at(tail_, choose && export_cutoff < cutoff ? cutoff : export_cutoff);
    out.exporters = abroad.survival;
    out.exported = moment_ * abroad.share;
    return out;
  }
  /// The root in A of profit(A, sums(A)) = target, which is convex in A; sums follow from the export cutoff.
  template <class Sums>
  [[nodiscard]] Real demand_for(Real const& target, expectations& from_now, Sums const& sums) const {
    from_now.set_exports(infinity<Real>);
    auto const home = sums();
    Real const closed = (target + menu_.fixed(home)) / menu_.sold(home);
    if (!menu_.open()) return closed;
    auto const profit = [&](Real const& demand) {
      from_now.set_exports(menu_.log_export_cutoff(demand));
      auto const s = sums();
      return value_and_slope<Real>{Real(menu_.profit(demand, s) - target), menu_.sold(s)};
    };
    auto const root = newton_from_above(profit, closed, 100);
    from_now.set_exports(menu_.log_export_cutoff(root.at));
    return root.converged ? root.at : not_a_number<Real>;
  }
  [[nodiscard]] evaluation at(Real const& cutoff, bool roughly) const {
    policy_type policy(process_, economy_.timing, cutoff, top(cutoff, high_), {}, spacing(roughly));
    policy.add_entrants(points_, {});
    expectations from_now(policy, menu_.power, economy_.discount());
    Real const demand = demand_for(Real(0), from_now, [&] { return from_now.at_cutoff(); });
    auto const expected = from_now.of_entrants(entering(cutoff, menu_.log_export_cutoff(demand)), ever_);
    return {demand, menu_.profit(demand, expected)};
  }
  /// The demand at a cutoff: on a line through two that are nearer to each other and to it than its curvature matters.
  [[nodiscard]] Real demand_at(Real const& cutoff, std::array<cutoff_and_demand, 2> const& seen) const {
    using std::abs;
    Real const apart = seen[0].cutoff - seen[1].cutoff, further = cutoff - seen[0].cutoff, distance = abs(apart);
    bool const near = distance < Real(1e-5) && distance > Real(1e-9) && abs(further) < Real(1e-9);
    if (carries_derivatives<Real> || !near) return at(cutoff, false).demand;
    return Real(seen[0].demand + (seen[0].demand - seen[1].demand) / apart * further);
  }
  [[nodiscard]] Real demand_where_all_stay() const {
    policy_type policy(process_, economy_.timing, least_, top(least_, high_), {}, spacing());
    policy.add_entrants(points_, {});
    expectations from_now(policy, menu_.power, economy_.discount());
    Real last = infinity<Real>;
    auto const expected = [&] { return from_now.of_entrants(entering(least_, last), ever_); };
    // The flow of entrants needs the export cutoff, too: it follows from A.
    from_now.set_exports(infinity<Real>);
    auto const home = expected();
    Real const closed = (economy_.entry_cost + menu_.fixed(home)) / menu_.sold(home);
    if (!menu_.open()) return closed;
    auto const profit = [&](Real const& demand) {
      last = menu_.log_export_cutoff(demand);
      from_now.set_exports(last);
      auto const s = expected();
      return value_and_slope<Real>{Real(menu_.profit(demand, s) - economy_.entry_cost), menu_.sold(s)};
    };
    auto const root = newton_from_above(profit, closed, 100);
    return root.converged ? root.at : not_a_number<Real>;
  }

  /// All numbers.
  [[nodiscard]] industry_equilibrium<Real> finish(industry_equilibrium<Real>& out, Real const& cutoff) {
    using std::abs, std::exp;
    Real const export_cutoff = menu_.log_export_cutoff(out.demand);
    out.export_cutoff =
        exp(menu_.open() && export_cutoff < cutoff && economy_.timing == exit_timing::after && !out.nobody_exits
                ? cutoff
                : export_cutoff);
    if (!(out.demand > 0 && is_finite(out.demand))) return failed(out, status::not_finite);
    policy_type const policy = policy_of(cutoff, export_cutoff);
    out.nodes = static_cast<int>(policy.nodes.size());

    expectations values(policy, menu_.power, economy_.discount());
    values.set_exports(export_cutoff);
    auto const now = entering(cutoff, export_cutoff);
    auto const expected = values.of_entrants(now, ever_);
    out.free_entry_residual = menu_.profit(out.demand, expected) / economy_.entry_cost - 1;
    out.discounted_export_share = menu_.reach * expected.exported / menu_.sold(expected);
    if (out.discounted_export_share < 0) out.discounted_export_share = 0;  // by a rounding
    out.discretization_error =
        discretization(values, out.demand) * expected.firms / (out.demand * menu_.sold(expected));
    if (points_.unresolved() > out.error_estimate) out.error_estimate = points_.unresolved();

    Real const stay = 1 - economy_.death_rate;
    require(stay < 1 || !out.nobody_exits, "industry_dynamics_economy", "death_rate", economy_.death_rate,
            "be positive where no firm ever exits");
    expectations counts(policy, menu_.power, stay);
    counts.set_exports(export_cutoff);
    std::vector<Real> ever;
    auto sums = counts.of_entrants(now, ever);
    if (sums.exported < 0) sums.exported = 0;  // by a rounding
    // A firm that lives for N periods is counted to N roundings.
    Real const counting = epsilon<Real>() * sums.firms, law_noise = 100 * out.error_estimate;
    if (!(counting >= 0 && counting < Real(1e-8))) return failed(out, status::out_of_range);
    if (counting > Real(1e-12) && counting > out.error_estimate) out.error_estimate = counting;
    fill_industry(out, economy_, menu_, sums);
    out.entry_rate = now.firms / sums.firms;

    auto const masses = counts.masses();
    state_flows<Real> const flows{economy_, menu_, policy, masses, out.demand, export_cutoff, moment_};
    auto const at_cutoff = law_level_at(tail_, cutoff);
    auto const staying = flows.staying(at_cutoff), leaving = flows.leaving(now, at_cutoff);
    Real const counted = economy_.timing == exit_timing::after ? staying.firms : Real(1 + stay * staying.firms);
    out.mass_residual = counted / sums.firms - 1;
    if (how_.flows) {
      flows.jobs(out, {now, staying, leaving, sums});
      flows.ages(out, counts.sizes(), now, at_cutoff.survival, sums, how_.ages);
    }
    Real const open = 4096 * epsilon<Real>();
    return checked_industry(out, open > law_noise ? open : law_noise, how_.flows);
  }

  /// By how much a firm's value may be off for each period that it operates: what finer nodes leave open of the
  /// equations for what firms expect. That is at most so much over 1 - gamma, and less for entrants who soon exit.
  [[nodiscard]] Real discretization(expectations const& values, Real const& demand) const {
    using std::abs;
    auto const& coarse = values.policy();
    auto const solved = values.bounded_value(menu_, demand);
    state_nodes<Real> fine;
    auto const& nodes = coarse.nodes.at;
    fine.add(coarse.begin, coarse.end, Real(spacing() * Real(0.61)));  // between the nodes
    typename policy_type::vector between = values.discount() * (coarse.rows(fine.at, coarse.nodes) * solved);
    for (Eigen::Index k = 0; k < fine.size(); ++k) {
      between[k] += values.bounded_source(menu_, demand, fine.at[static_cast<std::size_t>(k)]);
    }
    std::vector<Real> some;
    for (std::size_t k = 0; k < nodes.size(); k += 7) some.push_back(nodes[k]);
    typename policy_type::vector const off =
        coarse.rows(some, fine) * between - coarse.rows(some, coarse.nodes) * solved;
    Real worst(0);
    for (Eigen::Index k = 0; k < off.size(); ++k) worst = larger_or_nan(worst, Real(abs(Real(off[k]))));
    return Real(values.discount() * worst);
  }

  industry_economy<Real> const& economy_;
  Tail const& tail_;
  industry_options const& how_;
  industry_menu<Real> menu_;
  autoregression<Real> process_;
  Real spread_;
  law_points<Tail> points_;
  mutable std::vector<Real> ever_{};  ///< of what entrants expect to sell if they never exit, discounted by gamma
  Real moment_{}, high_{}, high_by_size_{}, least_{};  ///< the two: beyond which nobody is, and no size
};

}  // namespace melitz::detail
