// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/countries/results.hpp>
#include <melitz/error.hpp>
#include <melitz/numerics/real.hpp>
#include <melitz/worlds/melitz/world_conditions.hpp>

#include <Eigen/LU>
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <utility>

namespace melitz::detail {

/// Newton's method on the conditions of a world, with steps of at most 4 in logs, shortened until the conditions come
/// closer to holding.
///
/// Where all fixed costs are paid at home, labour and free entry give a country's entrants: its wages over what each of
/// them earns for it. And free entry of a country sees no wage but its own. What is left to solve is one equation in
/// the log of demand for each market: the reduced conditions. Otherwise the masses of entrants are unknowns too. Either
/// way payments between countries are added up without what stays at
/// home, so that they keep their digits where they are little.
template <real Real>
class wage_solver {
 public:
  using vector = Eigen::VectorX<Real>;
  using matrix = Eigen::MatrixX<Real>;

  explicit wage_solver(world_pairs<Real> const& pairs)
      : pairs_(pairs), countries_(pairs.countries()), reduced_(pairs.share() == 1) {}

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
        next_.log_wage = point.log_wage + length * step.head(countries_);
        next_.log_demand = point.log_demand + length * step.segment(countries_, countries_);
        next_.log_entrants = point.log_entrants;
        if (!reduced_) next_.log_entrants += length * step.tail(countries_);
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

  /// Gives a solution the derivatives that its numbers carry: one more step, whose values are roundings. The last one
  /// of solve began so far away that its derivatives are those of the point before it.
  void differentiate(world_point<Real>& point) requires(carries_derivatives<Real>) {
    for (std::size_t k = 0; k < differentiation<Real>::order; ++k) {
      factor(point);
      vector const step = step_for(point, target());
      point.log_wage += step.head(countries_);
      point.log_demand += step.segment(countries_, countries_);
      if (!reduced_) point.log_entrants += step.tail(countries_);
      evaluate(point, here_);
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
    auto const others = at.gap.size() - countries_;  // than the last
    bool const payments = here_.last == last_rows::payments;
    vector gap = at.gap;
    if (payments) gap.tail(countries_) = at.off;
    gap[payments || reduced_ ? others + here_.spare : countries_ + here_.spare] = Real(0);
    return gap.norm();
  }

  /// What the conditions are to change by in Newton's method on the logs of their ratios: the ratio times its log,
  /// each.
  [[nodiscard]] vector target() const {
    vector out = here_.gap.array() * here_.gap.array().exp();
    if (reduced_) {  // the markets' rows are over what is owed
      out.tail(countries_).array() *= here_.budget.array() / here_.owed.array();
    } else if (here_.last == last_rows::payments) {
      out.tail(countries_) = here_.missing.cwiseQuotient(here_.owed);
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
    auto const others = out.gap.head(out.gap.size() - countries_);
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
    auto const& operating = point.at.variable;
    vector earned = vector::Zero(countries_), received = vector::Zero(countries_), paid(countries_);
    if (pairs_.uniform_income()) {
      earned = pairs_.economy().elasticity * operating.rowwise().sum();
    } else {
      for (Eigen::Index j = 0; j < countries_; ++j) {
        for (Eigen::Index i = 0; i < countries_; ++i) earned[i] += pairs_.income(i, j) * operating(i, j);
      }
    }
    vector const entrants = wages.cwiseQuotient(earned);
    out.gap.resize(2 * countries_);
    out.gap.head(countries_) = point.at.profit.rowwise().sum();
    out.owed.resize(countries_);
    out.budget = wages;
    for (Eigen::Index i = 0; i < countries_; ++i) out.gap[i] = out.gap[i] / (wage[i] * pairs_.required(i)) - 1;
    for (Eigen::Index j = 0; j < countries_; ++j) {
      for (Eigen::Index i = 0; i < countries_; ++i) paid[i] = entrants[i] * pairs_.income(i, j) * operating(i, j);
      paid[j] = Real(0);
      received += paid;
      out.owed[j] = paid.sum();
    }
    for (Eigen::Index j = 0; j < countries_; ++j) {
      Real const deficit = pairs_.deficit(j);
      out.budget[j] += deficit;
      (deficit > 0 ? received : out.owed)[j] += deficit > 0 ? deficit : Real(-deficit);
    }
    for (Eigen::Index j = 0; j < countries_; ++j) {
      if (!(out.owed[j] > 0)) out.owed[j] = received[j] = out.budget[j];
    }
    out.missing = received - out.owed;
    out.gap.tail(countries_) = -out.missing.cwiseQuotient(out.budget);
    out.off = out.missing.cwiseQuotient(out.owed.cwiseMax(received));
    out.last = last_rows_for(out);
    (out.last == last_rows::labor ? wages : out.owed).maxCoeff(&out.spare);
    point.log_entrants = entrants.array().log();
  }

  /// Prepares step_for at a point that evaluate(point, here_) has seen.
  ///
  /// Of the reduced conditions, free entry gives the change of a country's wage: that of demand in all markets,
  /// weighted by what they are to its firms, and the gap. In the goods markets a country's entrants change as its wages
  /// less what each of them earns. So there is one equation in the change of demand for each market. Slopes are in
  /// logs.
  void factor(world_point<Real> const& point) {
    factored_ = true;
    if (!reduced_) {
      world_conditions<Real> const conditions(pairs_, point);
      matrix slopes = conditions.jacobian(conditions.gaps(), here_.last);
      conditions.fix_numeraire(slopes, here_.last);
      factors_.compute(slopes);
      return;
    }
    Real const power = pairs_.power(), sigma = power + 1;
    auto const& operating = point.at.variable;
    vector const entrants = point.log_entrants.array().exp();
    vector const wages = point.log_wage.array().exp().matrix().cwiseProduct(pairs_.economy().labor);
    matrix const earned = income().cwiseProduct(operating);  // by an entrant of a country in a market, for its country
    matrix const at_cutoff = income().cwiseProduct(point.at.at_cutoff) / power;
    matrix const by_demand = earned + at_cutoff;      // its slope in demand there,
    with_wage_ = power * earned + sigma * at_cutoff;  // and, with less sign, in the country's wage
    vector const total = earned.rowwise().sum(), answer = with_wage_.rowwise().sum().cwiseQuotient(total);
    entry_slope_ = sigma * operating.rowwise().sum();
    weights_ = entry_slope_.cwiseInverse().asDiagonal() * operating;
    // From here on what the goods markets change with wages, transposed.
    with_wage_ = entrants.asDiagonal() * (vector(answer.array() + 1).asDiagonal() * earned - with_wage_);
    matrix slopes(countries_, countries_);
    if (pairs_.uniform_income()) {  // symmetric then, so that one product does for two
      matrix const product = weights_.transpose() * (with_wage_ - (sigma * entrants).asDiagonal() * by_demand);
      slopes = (product + product.transpose()) / 2;
    } else {
      slopes.noalias() = with_wage_.transpose() * weights_;
      slopes.noalias() -= (entrants.cwiseQuotient(total).asDiagonal() * earned).transpose() * by_demand;
    }
    vector const sold = vector(here_.gap.tail(countries_).array().exp()).cwiseProduct(wages);
    slopes -= sold.asDiagonal() * weights_;
    with_wage_.diagonal() -= sold;
    slopes.diagonal() += by_demand.transpose() * entrants;
    slopes = here_.owed.cwiseInverse().asDiagonal() * slopes;
    slopes.row(here_.spare) = weights_.row(0);  // the numeraire's wage stands still
    factors_.compute(slopes);
  }

  /// Newton's step for these gaps. @pre factor
  [[nodiscard]] vector step_for(world_point<Real> const& point, vector const& gap) const {
    vector out(gap.size());
    if (!reduced_) {
      vector right = -gap;
      right[(here_.last == last_rows::labor ? countries_ : 2 * countries_) + here_.spare] = Real(0);  // the numeraire
      out = factors_.solve(right);
      out[0] = Real(0);
      return out;
    }
    vector entry_gap(countries_);
    for (Eigen::Index i = 0; i < countries_; ++i) {
      using std::exp;
      entry_gap[i] = exp(point.log_wage[i]) * pairs_.required(i) * gap[i] / entry_slope_[i];
    }
    vector right = -(with_wage_.transpose() * entry_gap).cwiseQuotient(here_.owed) - gap.tail(countries_);
    right[here_.spare] = -entry_gap[0];
    out.tail(countries_) = factors_.solve(right);
    out.head(countries_) = weights_ * out.tail(countries_) + entry_gap;
    out[0] = Real(0);
    return out;
  }

  [[nodiscard]] matrix const& income() {
    if (income_.size() == 0) {
      income_.resize(countries_, countries_);
      for (Eigen::Index j = 0; j < countries_; ++j) {
        for (Eigen::Index i = 0; i < countries_; ++i) income_(i, j) = pairs_.income(i, j);
      }
    }
    return income_;
  }

  world_pairs<Real> const& pairs_;
  Eigen::Index countries_;
  bool reduced_;
  world_point<Real> next_{};
  misses here_{}, there_{};
  matrix income_{};       ///< of a pair, per unit of operating profit
  matrix with_wage_{};    ///< [country][market]: what the goods market changes with the country's wage
  matrix weights_{};      ///< [country][market]: change of the wage with demand, at free entry
  vector entry_slope_{};  ///< of what an entrant earns, in its country's wage, with less sign
  Eigen::PartialPivLU<matrix> factors_{};
  bool factored_ = false;
};

}  // namespace melitz::detail
