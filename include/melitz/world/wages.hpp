// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/numerics/real.hpp>
#include <melitz/world/conditions.hpp>

#include <Eigen/LU>
#include <algorithm>
#include <cmath>
#include <utility>

namespace melitz::detail {

/// Newton's method on the conditions of a world, with steps of at most 4 in logs, shortened until the conditions come
/// closer to holding.
///
/// Where fixed costs are paid at home (a = 1), labour and free entry give M_i = w_i L_i/(sum_j n_ij V_ij) > 0, and free
/// entry of a country sees no wage but its own: what is left to solve is one equation in b for each market. Otherwise
/// the masses of entrants are unknowns too.
template <real Real>
class wage_solver {
 public:
  using vector = Eigen::VectorX<Real>;
  using matrix = Eigen::MatrixX<Real>;

  explicit wage_solver(world_pairs<Real> const& pairs)
      : pairs_(pairs), n_(pairs.countries()), spare_(pairs.spare_market()), reduced_(pairs.share() == 1) {}

  /// @param point  where to begin, and what was reached
  /// @param left   Newton steps that may be taken, less those that were
  [[nodiscard]] status solve(world_point<Real>& point, int& left) {
    Real size = evaluate(point, gap_), moved(1);
    for (;;) {
      if (!is_finite(size)) return status::not_finite;
      if (size <= 4 * epsilon<Real>()) return status::converged;
      // The next step is about the square of the last.
      if (size <= 64 * epsilon<Real>() && moved * moved <= epsilon<Real>()) return status::converged;
      if (left-- <= 0) return close(size) ? status::converged : status::iteration_limit;
      factor(point);
      vector step = step_for(point, gap_.cwiseProduct(vector(gap_.array().exp())));  // Newton's on the logs
      if (!step.allFinite()) return close(size) ? status::converged : status::not_finite;
      Real const longest = step.template lpNorm<Eigen::Infinity>();
      Real const scale = longest > 4 ? Real(4 / longest) : Real(1);
      step *= scale;
      Real const before = gap_.norm();
      bool better = false;
      for (Real length(1); length > Real(1e-4) && !better; length /= 2) {
        next_.log_wage = point.log_wage + length * step.head(n_);
        next_.log_demand = point.log_demand + length * step.segment(n_, n_);
        next_.log_entrants = point.log_entrants;
        if (!reduced_) next_.log_entrants += length * step.tail(n_);
        Real const reached = evaluate(next_, next_gap_);
        better = is_finite(reached) && next_gap_.norm() < (1 - length * scale / 16) * before;
        if (!better) continue;
        std::swap(point, next_);
        std::swap(gap_, next_gap_);
        size = reached;
        moved = longest * scale * length;
      }
      if (!better) return close(size) ? status::converged : status::iteration_limit;
    }
  }

  /// How far rounding, and what is left of the gaps, may have moved the logs of wages, demand and masses.
  [[nodiscard]] Real error_estimate(world_point<Real> const& point) {
    if (!factored_) factor(point);
    Real const left = std::max(Real(2 * epsilon<Real>()), Real(gap_.template lpNorm<Eigen::Infinity>()));
    vector rounding = vector::Constant(gap_.size(), left);
    for (Eigen::Index i = 0; i < rounding.size(); i += 2) rounding[i] = -rounding[i];
    vector const step = step_for(point, rounding);
    return step.allFinite() ? step.template lpNorm<Eigen::Infinity>() : infinity<Real>;
  }

 private:
  /// Whether rounding may be all that is left.
  [[nodiscard]] bool close(Real const& size) const {
    return size <= (256.0 * static_cast<double>(n_ + 16)) * epsilon<Real>();
  }

  /// @return the largest gap
  [[nodiscard]] Real evaluate(world_point<Real>& point, vector& gap) const {
    pairs_.evaluate(point.log_wage, point.log_demand, point.at);
    if (!reduced_) {
      gap = world_conditions<Real>(pairs_, point).gaps();
      gap[n_ + spare_] = Real(0);  // u_0 = 0 stands here
      return in_logs(gap);
    }
    gap = vector::Zero(2 * n_);
    vector const wage = point.log_wage.array().exp();
    vector earned = vector::Zero(n_);
    auto const& v = point.at.variable;
    if (pairs_.uniform_income()) {
      earned = pairs_.economy().elasticity * v.rowwise().sum();
    } else {
      for (Eigen::Index j = 0; j < n_; ++j) {
        for (Eigen::Index i = 0; i < n_; ++i) earned[i] += pairs_.income(i, j) * v(i, j);
      }
    }
    vector const entrants = wage.cwiseProduct(pairs_.economy().labor).cwiseQuotient(earned);
    gap.head(n_) = point.at.profit.rowwise().sum();
    for (Eigen::Index i = 0; i < n_; ++i) gap[i] /= wage[i] * pairs_.required(i);
    for (Eigen::Index j = 0; j < n_; ++j) {
      Real paid(0);
      for (Eigen::Index i = 0; i < n_; ++i) paid += entrants[i] * pairs_.income(i, j) * v(i, j);
      gap[n_ + j] = paid / (wage[j] * pairs_.economy().labor[j] + pairs_.deficit(j));
    }
    gap.array() -= 1;
    gap[n_ + spare_] = Real(0);  // u_0 = 0 stands here
    point.log_entrants = entrants.array().log();
    return in_logs(gap);
  }

  /// Turns ratios less 1 into logs, in which free entry is nearly linear far away. @return the largest
  [[nodiscard]] static Real in_logs(vector& gap) {
    using std::log1p;
    for (Eigen::Index k = 0; k < gap.size(); ++k) gap[k] = gap[k] > -1 ? Real(log1p(gap[k])) : -infinity<Real>;
    return gap.allFinite() ? gap.template lpNorm<Eigen::Infinity>() : infinity<Real>;
  }

  /// Prepares step_for at a point that evaluate(point, gap_) has seen.
  ///
  /// Free entry gives du_i = (sum_j V_ij db_j + w_i f_e,i gap_i)/(sigma sum_j V_ij); in the goods markets dM_i/M_i is
  /// that of w_i L_i/N_i, N_i = sum_j n_ij V_ij. So there is one equation in db for each market.
  void factor(world_point<Real> const& point) {
    factored_ = true;
    if (!reduced_) {
      world_conditions<Real> const conditions(pairs_, point);
      factors_.compute(conditions.jacobian(conditions.gaps()));
      return;
    }
    Real const r = pairs_.power(), sigma = r + 1;
    auto const& v = point.at.variable;
    matrix const& n = income();
    vector const entrants = point.log_entrants.array().exp();
    vector const wages = point.log_wage.array().exp().matrix().cwiseProduct(pairs_.economy().labor);
    matrix const earned = n.cwiseProduct(v), jump = n.cwiseProduct(point.at.jump) / r;
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
    vector const bill = vector(gap_.tail(n_).array().exp()).cwiseProduct(wages);  // falls with a country's own wage
    slopes -= bill.asDiagonal() * shares_;
    with_wage_.diagonal() -= bill;
    slopes.diagonal() += by_demand.transpose() * entrants;
    budget_ = wages;
    for (Eigen::Index j = 0; j < n_; ++j) budget_[j] += pairs_.deficit(j);
    slopes = budget_.cwiseInverse().asDiagonal() * slopes;
    slopes.row(spare_) = shares_.row(0);  // du_0 = 0
    factors_.compute(slopes);
  }

  /// Newton's step for these gaps. @pre factor
  [[nodiscard]] vector step_for(world_point<Real> const& point, vector const& gap) const {
    if (!reduced_) return -factors_.solve(gap);
    vector entry_gap(n_);
    for (Eigen::Index i = 0; i < n_; ++i) {
      using std::exp;
      entry_gap[i] = exp(point.log_wage[i]) * pairs_.required(i) * gap[i] / operating_[i];
    }
    vector right = -(with_wage_.transpose() * entry_gap).cwiseQuotient(budget_) - gap.tail(n_);
    right[spare_] = -entry_gap[0];
    vector out(2 * n_);
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
  Eigen::Index n_, spare_;
  bool reduced_;
  world_point<Real> next_{};
  vector gap_{}, next_gap_{};
  matrix income_{}, with_wage_{}, shares_{};
  vector operating_{}, budget_{};
  Eigen::PartialPivLU<matrix> factors_{};
  bool factored_ = false;
};

}  // namespace melitz::detail
