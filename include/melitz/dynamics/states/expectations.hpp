// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/dynamics/industry.hpp>
#include <melitz/dynamics/law_points.hpp>
#include <melitz/dynamics/states/policy.hpp>

#include <Eigen/LU>
#include <cmath>
#include <cstddef>
#include <vector>

// Needs Eigen: CMake target melitz::world.

namespace melitz::detail {

/// Sums over a firm's periods until it exits, discounted by q: of 1, of x = phi^(sigma-1), and of both in periods of
/// exports. With q = 1 - death rate they are the masses that entrants leave behind, with gamma what values are made of.
///
/// Unknown is what is expected from tomorrow on, a smooth function of today's state. That of x is the sum without exit,
/// which is known, less a bounded part for the solve: nodes need not follow x to where no firm ever is.
template <real Real>
class state_expectations {
 public:
  using policy_type = state_policy<Real>;
  using vector = typename policy_type::vector;
  using matrix = typename policy_type::matrix;

  state_expectations(policy_type const& policy, Real const& power, Real const& discount)
      : policy_(policy), power_(power), discount_(discount), sizes_(policy.process, power, discount) {
    auto const n = policy.nodes.size();
    matrix system = Real(-1) * discount * policy.moves;
    for (Eigen::Index i = 0; i < n; ++i) system(i, i) += Real(1);
    lu_.compute(system);
    lost_.resize(policy.below.size());
    for (Eigen::Index k = 0; k < lost_.size(); ++k) {
      Real const& t = policy.below.at[static_cast<std::size_t>(k)];
      lost_[k] = after() ? sizes_.excess(t, false) : Real(discount * sizes_.excess(t, true));
    }
    vector const falls = policy.falls * lost_;
    matrix sources(n, 2);
    for (Eigen::Index i = 0; i < n; ++i) {
      auto const s = home_source(node(i), falls[i]);
      sources(i, 0) = s.firms;
      sources(i, 1) = s.size;
    }
    sources_ = sources.col(1);
    home_ = lu_.solve(sources);
    abroad_ = home_;
  }

  /// From which state on firms export; needed before anything of exports is asked for.
  void set_exports(Real const& log_export_cutoff) {
    export_cutoff_ = log_export_cutoff;
    open_ = log_export_cutoff < infinity<Real>;
    all_ = after() && !(log_export_cutoff > policy_.cutoff);
    if (!open_ || all_) {
      abroad_ = home_;
      return;
    }
    matrix sources(policy_.nodes.size(), 2);
    for (Eigen::Index i = 0; i < sources.rows(); ++i) {
      auto const step = policy_.process.from(node(i));
      sources(i, 0) = step.moment_above(Real(0), log_export_cutoff);
      sources(i, 1) = sources_[i] - not_exported(step);
    }
    abroad_ = lu_.solve(sources);
  }

  /// What a firm at t expects from tomorrow on.
  [[nodiscard]] firm_sums<Real> tomorrow(Real const& t) const {
    auto const s = home_source(t, policy_.expect_below(t, lost_));
    Real const ever = sizes_.excess(t, true);
    firm_sums<Real> out;
    out.firms = s.firms + discount_ * policy_.expect(t, home_.col(0));
    out.size = ever + s.size + discount_ * policy_.expect(t, home_.col(1));
    if (!open_) return out;
    if (all_) return {out.firms, out.size, out.firms, out.size};
    auto const step = policy_.process.from(t);
    out.exporters = step.moment_above(Real(0), export_cutoff_) + discount_ * policy_.expect(t, abroad_.col(0));
    out.exported = ever + s.size - not_exported(step) + discount_ * policy_.expect(t, abroad_.col(1));
    return out;
  }
  /// The part that is solved for, of A times sizes less fixed costs, at the nodes and in between.
  [[nodiscard]] vector bounded_value(industry_menu<Real> const& menu, Real const& demand) const {
    vector out = demand * home_.col(1) - menu.overhead * home_.col(0);
    if (open_) out += menu.reach * demand * abroad_.col(1) - menu.export_cost * abroad_.col(0);
    return out;
  }
  /// The same of what it is made of, from t to tomorrow.
  [[nodiscard]] Real bounded_source(industry_menu<Real> const& menu, Real const& demand, Real const& t) const {
    auto const s = home_source(t, policy_.expect_below(t, lost_));
    Real out = demand * s.size - menu.overhead * s.firms;
    if (!open_) return out;
    if (all_) return Real(out + menu.reach * demand * s.size - menu.export_cost * s.firms);
    auto const step = policy_.process.from(t);
    return Real(out + menu.reach * demand * (s.size - not_exported(step)) -
                menu.export_cost * step.moment_above(Real(0), export_cutoff_));
  }
  /// What a firm at the cutoff expects, this period included where it has not produced yet.
  [[nodiscard]] firm_sums<Real> at_cutoff() const {
    using std::exp;
    auto out = tomorrow(policy_.cutoff);
    if (!after()) return out;
    Real const x = exp(Real(power_ * policy_.cutoff));
    out = {Real(1 + discount_ * out.firms), Real(x + discount_ * out.size), Real(discount_ * out.exporters),
           Real(discount_ * out.exported)};
    if (open_ && all_) {
      out.exporters += 1;
      out.exported += x;
    }
    return out;
  }
  /// What an entrant expects before it knows its productivity.
  /// @param now    sums over entrants in their first period
  /// @param known  at points of the law: what they expect if they never exit; none at first, and of no other discount
  [[nodiscard]] firm_sums<Real> of_entrants(firm_sums<Real> const& now, std::vector<Real>& known) const {
    firm_sums<Real> later;
    Real ever(0), stay(0), weight(0), not_abroad(0), exporting(0);
    for (auto const& e : policy_.entrants) {
      if (!(e.weight > 0)) continue;
      auto const step = policy_.process.from(e.at);
      weight += e.weight;
      ever += e.weight * excess_of(e, known);
      if (after()) stay += e.weight * step.moment_above(Real(0), policy_.cutoff);
      if (!open_ || all_) continue;
      not_abroad += e.weight * not_exported(step);
      exporting += e.weight * step.moment_above(Real(0), export_cutoff_);
    }
    if (!after()) stay = weight;
    Real const bounded = sizes_.limit() * stay - policy_.falling.dot(lost_);
    later.firms = stay + discount_ * policy_.inflow.dot(home_.col(0));
    later.size = ever + bounded + discount_ * policy_.inflow.dot(home_.col(1));
    if (open_ && all_) {
      later.exporters = later.firms;
      later.exported = later.size;
    } else if (open_) {
      later.exporters = exporting + discount_ * policy_.inflow.dot(abroad_.col(0));
      later.exported = ever + bounded - not_abroad + discount_ * policy_.inflow.dot(abroad_.col(1));
    }
    return {Real(now.firms + discount_ * later.firms), Real(now.size + discount_ * later.size),
            Real(now.exporters + discount_ * later.exporters), Real(now.exported + discount_ * later.exported)};
  }
  /// Firms at the nodes in the steady state, per entrant of a period, those of later ages: by the transposed system.
  [[nodiscard]] vector masses() const {
    vector y = discount_ * policy_.inflow;
    lu_.matrixLU().template triangularView<Eigen::Upper>().transpose().solveInPlace(y);
    lu_.matrixLU().template triangularView<Eigen::UnitLower>().transpose().solveInPlace(y);
    return lu_.permutationP().transpose() * y;
  }

  [[nodiscard]] policy_type const& policy() const { return policy_; }
  [[nodiscard]] expected_sizes<Real> const& sizes() const { return sizes_; }
  [[nodiscard]] Real discount() const { return discount_; }

 private:
  [[nodiscard]] bool after() const { return policy_.timing == exit_timing::after; }
  [[nodiscard]] Real const& node(Eigen::Index i) const { return policy_.nodes.at[static_cast<std::size_t>(i)]; }
  [[nodiscard]] Real excess_of(entrants_at<Real> const& e, std::vector<Real>& known) const {
    if (e.which == no_known_point) return sizes_.excess(e.at, true);
    if (e.which >= known.size()) known.resize(e.which + 1, not_a_number<Real>);
    Real& out = known[e.which];
    if (!(out == out)) out = sizes_.excess(e.at, true);
    return out;
  }
  /// What today's state adds to tomorrow's expectations, of firms and of the bounded part of their size.
  /// @param fallen  what falls below the cutoff
  [[nodiscard]] firm_sums<Real> home_source(Real const& t, Real const& fallen) const {
    Real const stay = after() ? policy_.process.from(t).moment_above(Real(0), policy_.cutoff) : Real(1);
    return {stay, Real(sizes_.limit() * stay - fallen), Real(0), Real(0)};
  }
  /// Size of firms that operate but do not export.
  [[nodiscard]] Real not_exported(gaussian_step<Real> const& step) const {
    Real const all = step.moment_below(power_, export_cutoff_);
    return after() ? Real(all - step.moment_below(power_, policy_.cutoff)) : all;
  }

  policy_type const& policy_;
  Real power_, discount_;
  expected_sizes<Real> sizes_;
  Eigen::PartialPivLU<matrix> lu_;
  vector lost_, sources_;
  matrix home_, abroad_;
  Real export_cutoff_ = infinity<Real>;
  bool open_ = false, all_ = false;
};

}  // namespace melitz::detail
