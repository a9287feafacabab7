// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/countries/results.hpp>
#include <melitz/error.hpp>
#include <melitz/numerics/real.hpp>
#include <melitz/worlds/melitz/world_conditions.hpp>

#include <Eigen/LU>
#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace melitz::detail {

/// Newton's method on the conditions of a world, with steps of at most 4 in logs, shortened until the conditions come
/// closer to holding.
///
/// Where fixed costs are paid at home (a = 1), labour and free entry give M_i = w_i L_i/(sum_j n_ij V_ij) > 0, and free
/// entry of a country sees no wage but its own: what is left to solve is one equation in b for each market. Otherwise
/// the masses of entrants are unknowns too. Either way payments between countries are added up without what stays at
/// home, so that they keep their digits where they are little.
template <real Real>
class wage_solver {
 public:
  using vector = Eigen::VectorX<Real>;
  using matrix = Eigen::MatrixX<Real>;

  explicit wage_solver(world_pairs<Real> const& pairs)
      : pairs_(pairs), n_(pairs.countries()), reduced_(pairs.share() == 1) {}

  /// @param point  where to begin, and what was reached
  /// @param left   Newton steps that may be taken, less those that were
  /// @param patience  times that steps may be halved, all in all
  /// @return converged, where no step brings the conditions closer to holding and all hold to some digits: how many
  ///         they must be, the accounts say
  [[nodiscard]] status solve(world_point<Real>& point, int& left, int patience = std::numeric_limits<int>::max()) {
    evaluate(point, here_);
    Real moved(1), last_size = infinity<Real>;
    for (;;) {
      if (!is_finite(here_.size)) return status::not_finite;
      if (here_.size <= 4 * epsilon<Real>()) return status::converged;
      // The next step is about the square of the last: what is left is rounding, where it is little or does not shrink.
      if (moved * moved <= epsilon<Real>() && close() &&
          (here_.size <= open_account<Real>() / 8 || here_.size > last_size / 2)) {
        return status::converged;
      }
      last_size = here_.size;
      if (left-- <= 0) return close() ? status::converged : status::iteration_limit;
      factor(point);
      vector step = step_for(point, target());  // Newton's on the logs
      if (!step.allFinite()) return close() ? status::converged : status::not_finite;
      Real const longest = step.template lpNorm<Eigen::Infinity>();
      Real const scale = longest > 4 ? Real(4 / longest) : Real(1);
      step *= scale;
      Real const before = norm(here_);
      bool better = false;
      for (Real length(1); length > Real(1e-4) && !better; length /= 2) {
        if (length < 1 && --patience < 0) break;
        next_.log_wage = point.log_wage + length * step.head(n_);
        next_.log_demand = point.log_demand + length * step.segment(n_, n_);
        next_.log_entrants = point.log_entrants;
        if (!reduced_) next_.log_entrants += length * step.tail(n_);
        evaluate(next_, there_);
        better = is_finite(there_.size) && norm(there_) < (1 - length * scale / 16) * before;
        if (!better) continue;
        std::swap(point, next_);
        std::swap(here_, there_);
        moved = longest * scale * length;
      }
      if (!better) return close() ? status::converged : status::iteration_limit;
    }
  }

  /// How far rounding, and what is left of the gaps, may have moved the logs of wages, demand and masses.
  [[nodiscard]] Real error_estimate(world_point<Real> const& point) {
    if (!factored_) factor(point);
    vector rounding = vector::Constant(here_.gap.size(), std::max(Real(2 * epsilon<Real>()), here_.size));
    for (Eigen::Index i = 0; i < rounding.size(); i += 2) rounding[i] = -rounding[i];
    vector const step = step_for(point, rounding);
    return step.allFinite() ? step.template lpNorm<Eigen::Infinity>() : infinity<Real>;
  }

 private:
  /// How far the conditions are from holding at a point.
  struct misses {
    vector gap{};  ///< in logs, in which free entry is nearly linear far away
    vector off{};  ///< what is missing of payments, relative
    vector missing{}, owed{}, budget{};
    last_rows last = last_rows::labor;
    Eigen::Index spare = 0;  ///< whose market, or payments, are left out
    Real size{};             ///< of the largest, with payments among them
  };

  /// Whether rounding may be all that is left.
  [[nodiscard]] bool close() const { return here_.size <= root_of_epsilon<2, Real>(); }

  /// How far all conditions but the spare one are from holding, in the terms that suit here_.
  [[nodiscard]] Real norm(misses const& at) const {
    using std::sqrt;
    auto const others = at.gap.size() - n_;  // than the last
    bool const payments = here_.last == last_rows::payments;
    vector gap = at.gap;
    if (payments) gap.tail(n_) = at.off;
    gap[payments || reduced_ ? others + here_.spare : n_ + here_.spare] = Real(0);
    return gap.norm();
  }

  /// What the conditions are to change by in Newton's method on the logs of ratios q: q ln q each.
  [[nodiscard]] vector target() const {
    vector out = here_.gap.array() * here_.gap.array().exp();
    if (reduced_) {  // the markets' rows are over what is owed
      out.tail(n_).array() *= here_.budget.array() / here_.owed.array();
    } else if (here_.last == last_rows::payments) {
      out.tail(n_) = here_.missing.cwiseQuotient(here_.owed);
    }
    return out;
  }

  /// Close by, where the ratio of payments says how far they are from balance, they stand for labour.
  [[nodiscard]] static last_rows last_rows_for(misses const& at) {
    bool const near =
        at.gap.template lpNorm<Eigen::Infinity>() < Real(0.01) && at.off.template lpNorm<Eigen::Infinity>() < Real(0.1);
    return near ? last_rows::payments : last_rows::labor;
  }

  void evaluate(world_point<Real>& point, misses& out) const {
    using std::log1p;
    pairs_.evaluate(point.log_wage, point.log_demand, point.at);
    if (reduced_) {
      evaluate_reduced(point, out);
    } else {
      world_conditions<Real> const conditions(pairs_, point);
      out.gap = conditions.gaps();
      out.off = conditions.imbalances();
      out.missing = conditions.missing();
      out.owed = conditions.owed();
      out.budget = conditions.budget();
      out.last = last_rows_for(out);
      out.spare = conditions.spare(out.last);
    }
    auto const others = out.gap.head(out.gap.size() - n_);
    vector off = out.off;
    off[out.spare] = Real(0);
    out.size = std::max(others.template lpNorm<Eigen::Infinity>(), off.template lpNorm<Eigen::Infinity>());
    for (Real& gap : out.gap) gap = gap > -1 ? Real(log1p(gap)) : -infinity<Real>;
    if (!out.gap.allFinite() || !out.off.allFinite()) out.size = infinity<Real>;
  }

  /// Masses of entrants, and free entry and goods markets. What is paid less a budget is what a country owes others
  /// less what it receives.
  void evaluate_reduced(world_point<Real>& point, misses& out) const {
    vector const wage = point.log_wage.array().exp();
    vector const wages = wage.cwiseProduct(pairs_.economy().labor);
    auto const& v = point.at.variable;
    vector earned = vector::Zero(n_), received = vector::Zero(n_), paid(n_);
    if (pairs_.uniform_income()) {
      earned = pairs_.economy().elasticity * v.rowwise().sum();
    } else {
      for (Eigen::Index j = 0; j < n_; ++j) {
        for (Eigen::Index i = 0; i < n_; ++i) earned[i] += pairs_.income(i, j) * v(i, j);
      }
    }
    vector const entrants = wages.cwiseQuotient(earned);
    out.gap.resize(2 * n_);
    out.gap.head(n_) = point.at.profit.rowwise().sum();
    out.owed.resize(n_);
    out.budget = wages;
    for (Eigen::Index i = 0; i < n_; ++i) out.gap[i] = out.gap[i] / (wage[i] * pairs_.required(i)) - 1;
    for (Eigen::Index j = 0; j < n_; ++j) {
      for (Eigen::Index i = 0; i < n_; ++i) paid[i] = entrants[i] * pairs_.income(i, j) * v(i, j);
      paid[j] = Real(0);
      received += paid;
      out.owed[j] = paid.sum();
    }
    for (Eigen::Index j = 0; j < n_; ++j) {
      Real const deficit = pairs_.deficit(j);
      out.budget[j] += deficit;
      (deficit > 0 ? received : out.owed)[j] += deficit > 0 ? deficit : Real(-deficit);
    }
    for (Eigen::Index j = 0; j < n_; ++j) {
      if (!(out.owed[j] > 0)) out.owed[j] = received[j] = out.budget[j];
    }
    out.missing = received - out.owed;
    out.gap.tail(n_) = -out.missing.cwiseQuotient(out.budget);
    out.off = out.missing.cwiseQuotient(out.owed.cwiseMax(received));
    out.last = last_rows_for(out);
    (out.last == last_rows::labor ? wages : out.owed).maxCoeff(&out.spare);
    point.log_entrants = entrants.array().log();
  }

  /// Prepares step_for at a point that evaluate(point, here_) has seen.
  ///
  /// Free entry gives du_i = (sum_j V_ij db_j + w_i f_e,i gap_i)/(sigma sum_j V_ij); in the goods markets dM_i/M_i is
  /// that of w_i L_i/N_i, N_i = sum_j n_ij V_ij. So there is one equation in db for each market.
  void factor(world_point<Real> const& point) {
    factored_ = true;
    if (!reduced_) {
      world_conditions<Real> const conditions(pairs_, point);
      matrix slopes = conditions.jacobian(conditions.gaps(), here_.last);
      conditions.fix_numeraire(slopes, here_.last);
      factors_.compute(slopes);
      return;
    }
    Real const r = pairs_.power(), sigma = r + 1;
    auto const& v = point.at.variable;
    matrix const& n = income();
    vector const entrants = point.log_entrants.array().exp();
    vector const wages = point.log_wage.array().exp().matrix().cwiseProduct(pairs_.economy().labor);
    matrix const earned = n.cwiseProduct(v), jump = n.cwiseProduct(point.at.at_cutoff) / r;
    matrix const by_demand = earned + jump;  // dN/db
    with_wage_ = r * earned + sigma * jump;  // -dN/du
    vector const total = earned.rowwise().sum(), answer = with_wage_.rowwise().sum().cwiseQuotient(total);
    operating_ = sigma * v.rowwise().sum();
    shares_ = operating_.cwiseInverse().asDiagonal() * v;  // du/db
    // What the goods markets change with u, here transposed, and with b.
    with_wage_ = entrants.asDiagonal() * (vector(answer.array() + 1).asDiagonal() * earned - with_wage_);
    matrix slopes(n_, n_);
    if (pairs_.uniform_income()) {  // symmetric then, so that one product does for two
      matrix const product = shares_.transpose() * (with_wage_ - (sigma * entrants).asDiagonal() * by_demand);
      slopes = (product + product.transpose()) / 2;
    } else {
      slopes.noalias() = with_wage_.transpose() * shares_;
      slopes.noalias() -= (entrants.cwiseQuotient(total).asDiagonal() * earned).transpose() * by_demand;
    }
    vector const bill =
        vector(here_.gap.tail(n_).array().exp()).cwiseProduct(wages);  // falls with a country's own wage
    slopes -= bill.asDiagonal() * shares_;
    with_wage_.diagonal() -= bill;
    slopes.diagonal() += by_demand.transpose() * entrants;
    slopes = here_.owed.cwiseInverse().asDiagonal() * slopes;
    slopes.row(here_.spare) = shares_.row(0);  // du_0 = 0
    factors_.compute(slopes);
  }

  /// Newton's step for these gaps. @pre factor
  [[nodiscard]] vector step_for(world_point<Real> const& point, vector const& gap) const {
    vector out(gap.size());
    if (!reduced_) {
      vector right = -gap;
      right[(here_.last == last_rows::labor ? n_ : 2 * n_) + here_.spare] = Real(0);  // du_0
      out = factors_.solve(right);
      out[0] = Real(0);
      return out;
    }
    vector entry_gap(n_);
    for (Eigen::Index i = 0; i < n_; ++i) {
      using std::exp;
      entry_gap[i] = exp(point.log_wage[i]) * pairs_.required(i) * gap[i] / operating_[i];
    }
    vector right = -(with_wage_.transpose() * entry_gap).cwiseQuotient(here_.owed) - gap.tail(n_);
    right[here_.spare] = -entry_gap[0];
    out.tail(n_) = factors_.solve(right);
    out.head(n_) = shares_ * out.tail(n_) + entry_gap;
    out[0] = Real(0);
    return out;
  }

  [[nodiscard]] matrix const& income() {
    if (income_.size() == 0) {
      income_.resize(n_, n_);
      for (Eigen::Index j = 0; j < n_; ++j) {
        for (Eigen::Index i = 0; i < n_; ++i) income_(i, j) = pairs_.income(i, j);
      }
    }
    return income_;
  }

  world_pairs<Real> const& pairs_;
  Eigen::Index n_;
  bool reduced_;
  world_point<Real> next_{};
  misses here_{}, there_{};
  matrix income_{}, with_wage_{}, shares_{};
  vector operating_{};
  Eigen::PartialPivLU<matrix> factors_{};
  bool factored_ = false;
};

}  // namespace melitz::detail
