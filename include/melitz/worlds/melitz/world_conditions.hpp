// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/numerics/real.hpp>
#include <melitz/worlds/melitz/pairs.hpp>

#include <Eigen/Core>
#include <cmath>
#include <utility>

namespace melitz::detail {

/// Wages w = e^u, demand B = e^b and masses of entrants M = e^m, and what firms make of them.
template <real Real>
struct world_point {
  Eigen::VectorX<Real> log_wage, log_demand, log_entrants;
  pair_profits<Real> at{};
};

/// Demand and entrants of every country by itself, at the point's wages. @return converged, or why there are none
template <real Real>
[[nodiscard]] status set_autarky(world_pairs<Real> const& pairs, world_point<Real>& point) {
  using std::log;
  auto const n = pairs.countries();
  point.log_demand.resize(n);
  point.log_entrants.resize(n);
  for (Eigen::Index i = 0; i < n; ++i) {
    auto const alone = pairs.autarky(i);
    if (!alone) return alone.reason;
    Real const sigma = pairs.economy().elasticity;
    point.log_demand[i] =
        log(pairs.economy().fixed_cost(i, i)) - pairs.power() * alone.log_cutoff + sigma * point.log_wage[i];
    point.log_entrants[i] = log(alone.mass_entrants);
  }
  return status::converged;
}

/// How much each of a pair's profits changes.
template <real Real>
struct pair_change {
  Real variable, fixed, profit;
};

/// What stands in the last rows of the conditions' derivatives.
enum class last_rows {
  labor,     ///< as below; far from a solution
  payments,  ///< what a country receives from all others less what it owes them, over that
};

/// The equilibrium conditions of a world, each as what it should be over what it is, less 1:
///   free entry     sum_j (V - Q)_ij over w_i f_e,i
///   goods markets  sum_i M_i n_ij V_ij over w_j L_j + D_j, with n V what stays in the exporter's country
///   labour         M_i (w_i f_e,i + sum_j (n_ij - 1) V_ij + a sum_j Q_ij) + (1-a) sum_k M_k Q_ki over w_i L_i
/// They are stacked in this order. With them payments between countries balance: exports, fixed costs that foreign
/// firms pay and deficits, with imports, fixed costs paid abroad and surpluses. They are added up from what crosses
/// borders alone, so that they keep their digits where that is little, and stand for labour close to a solution. One
/// condition is redundant, in levels: that of the largest market, or balance, beside which the rounding of the others
/// is small. In its place stands u_0 = 0.
template <real Real>
class world_conditions {
 public:
  using vector = Eigen::VectorX<Real>;
  using matrix = Eigen::MatrixX<Real>;

  world_conditions(world_pairs<Real> const& pairs, world_point<Real> const& point)
      : pairs_(pairs),
        point_(point),
        n_(pairs.countries()),
        wage_(point.log_wage.array().exp()),
        entrants_(point.log_entrants.unaryExpr([](Real const& m) {
          using std::exp;
          return Real(exp(m));  // Eigen's own makes no zero of minus infinity
        })),
        entry_(n_),
        income_(wage_.cwiseProduct(pairs.economy().labor)),
        budget_(income_),
        profit_(vector::Zero(n_)),
        sold_(vector::Zero(n_)),
        employed_(entrants_),
        received_(vector::Zero(n_)),
        owed_(vector::Zero(n_)) {
    Real const a = pairs_.share();
    for (Eigen::Index i = 0; i < n_; ++i) {
      Real const deficit = pairs.deficit(i);
      entry_[i] = wage_[i] * pairs.required(i);
      employed_[i] *= entry_[i];
      budget_[i] += deficit;
      (deficit > 0 ? received_ : owed_)[i] += deficit > 0 ? deficit : Real(-deficit);
    }
    for (Eigen::Index j = 0; j < n_; ++j) {
      for (Eigen::Index i = 0; i < n_; ++i) {
        Real const operating = entrants_[i] * point_.at.variable(i, j), fixed = entrants_[i] * point_.at.fixed(i, j);
        Real const paid = pairs_.income(i, j) * operating, wages = (1 - a) * fixed;
        profit_[i] += point_.at.profit(i, j);
        sold_[j] += paid;
        employed_[i] += (pairs_.income(i, j) - 1) * operating + a * fixed;
        employed_[j] += wages;
        if (i == j) continue;
        received_[i] += paid;
        owed_[j] += paid;
        received_[j] += wages;
        owed_[i] += wages;
      }
    }
    for (Eigen::Index i = 0; i < n_; ++i) {
      if (!(owed_[i] > 0)) owed_[i] = received_[i] = budget_[i];
    }
  }

  [[nodiscard]] vector const& wage() const { return wage_; }
  [[nodiscard]] vector const& entrants() const { return entrants_; }
  [[nodiscard]] vector const& income() const { return income_; }
  /// w_j L_j + D_j.
  [[nodiscard]] vector const& budget() const { return budget_; }
  /// Workers in entry, of all.
  [[nodiscard]] vector entry_shares() const { return entrants_.cwiseProduct(entry_).cwiseQuotient(income_); }
  /// What a country owes all others; its budget where it owes nothing.
  [[nodiscard]] vector const& owed() const { return owed_; }
  /// What it receives from them, less that.
  [[nodiscard]] vector missing() const { return received_ - owed_; }
  /// How far that is from balance, relative to the larger side.
  [[nodiscard]] vector imbalances() const { return missing().cwiseQuotient(received_.cwiseMax(owed_)); }

  /// The country whose goods market, or payments, are left out.
  [[nodiscard]] Eigen::Index spare(last_rows last) const {
    Eigen::Index out = 0;
    (last == last_rows::labor ? income_ : owed_).maxCoeff(&out);
    return out;
  }

  /// How far each condition is from holding.
  [[nodiscard]] vector gaps() const {
    vector out(3 * n_);
    out.head(n_) = profit_.cwiseQuotient(entry_).array() - 1;
    out.segment(n_, n_) = sold_.cwiseQuotient(budget_).array() - 1;
    out.tail(n_) = employed_.cwiseQuotient(income_).array() - 1;
    return out;
  }

  /// Change of a pair's profits with ln F, ln B_j, and the log of what delivery costs, w_i tau.
  [[nodiscard]] pair_change<Real> change(Eigen::Index i, Eigen::Index j, Real const& cost, Real const& demand,
                                         Real const& delivery) const {
    Real const r = pairs_.power(), cutoff = (cost - demand) / r + delivery;
    Real const v = point_.at.variable(i, j), q = point_.at.fixed(i, j), g = point_.at.at_cutoff(i, j);
    return {Real(v * (demand - r * delivery) - g * cutoff), Real(q * cost - g * cutoff),
            Real(v * (demand - r * delivery) - q * cost)};
  }

  /// What a change of a pair's profits, of its entrants' log mass, and of n_ij, does to the conditions: calls
  /// add(row, change of that condition), the spare one's among them.
  template <class Add>
  void spread(Eigen::Index i, Eigen::Index j, pair_change<Real> const& d, Real const& mass, Real const& income,
              last_rows last, Add const& add) const {
    Real const a = pairs_.share(), m = entrants_[i], v = point_.at.variable(i, j);
    Real const operating = m * (d.variable + mass * v), fixed = m * (d.fixed + mass * point_.at.fixed(i, j));
    Real const paid = pairs_.income(i, j) * operating + m * income * v, wages = (1 - a) * fixed;
    add(i, Real(d.profit / entry_[i]));
    add(n_ + j, Real(paid / budget_[j]));
    if (last == last_rows::labor) {
      add(2 * n_ + i, Real((paid - operating + a * fixed) / income_[i]));
      if (a != 1) add(2 * n_ + j, Real(wages / income_[j]));
    } else if (i != j) {
      add(2 * n_ + i, Real((paid - wages) / owed_[i]));
      add(2 * n_ + j, Real((wages - paid) / owed_[j]));
    }
  }

  /// The same the other way round, with payments in the last rows: what a pair's changes are worth, in a number that
  /// weighs the conditions.
  class worth {
   public:
    /// @param weight  of each condition
    worth(world_conditions const& of, vector const& weight)
        : of_(of),
          entry_(weight.head(of.n_).cwiseQuotient(of.entry_)),
          market_(weight.segment(of.n_, of.n_).cwiseQuotient(of.budget_)),
          balance_(weight.tail(of.n_).cwiseQuotient(of.owed_)) {}

    /// Of a change of a pair's profits.
    [[nodiscard]] Real operator()(Eigen::Index i, Eigen::Index j, pair_change<Real> const& d) const {
      Real const abroad = of_.pairs_.income(i, j) * d.variable - (1 - of_.pairs_.share()) * d.fixed;
      return Real(entry_[i] * d.profit +
                  of_.entrants_[i] * (market_[j] * of_.pairs_.income(i, j) * d.variable + transfer(i, j) * abroad));
    }
    /// Of a change of n_ij.
    [[nodiscard]] Real of_income(Eigen::Index i, Eigen::Index j, Real const& change) const {
      return Real((market_[j] + transfer(i, j)) * (of_.entrants_[i] * change * of_.point_.at.variable(i, j)));
    }

   private:
    /// Of what j pays to i; nothing within a country.
    [[nodiscard]] Real transfer(Eigen::Index i, Eigen::Index j) const { return Real(balance_[i] - balance_[j]); }

    world_conditions const& of_;
    vector entry_, market_, balance_;
  };

  /// Derivatives of all conditions in (u, b, m). @param gaps  as the member of this name gives them
  [[nodiscard]] matrix jacobian(vector const& gaps, last_rows last) const {
    Real const a = pairs_.share(), none(0);
    matrix out = matrix::Zero(3 * n_, 3 * n_);
    for (Eigen::Index j = 0; j < n_; ++j) {
      for (Eigen::Index i = 0; i < n_; ++i) {
        auto const into = [&](Eigen::Index column) {
          return [&out, column](Eigen::Index row, Real const& change) { out(row, column) += change; };
        };
        spread(i, j, change(i, j, a, none, Real(1)), none, none, last, into(i));
        if (a != 1) spread(i, j, change(i, j, Real(1 - a), none, none), none, none, last, into(j));
        spread(i, j, change(i, j, none, Real(1), none), none, none, last, into(n_ + j));
        spread(i, j, {none, none, none}, Real(1), none, last, into(2 * n_ + i));
      }
    }
    for (Eigen::Index i = 0; i < n_; ++i) {
      out(i, i) -= gaps[i] + 1;
      out(n_ + i, i) -= (gaps[n_ + i] + 1) * income_[i] / budget_[i];
      if (last == last_rows::payments) continue;
      Real const entry = entrants_[i] * entry_[i] / income_[i];
      out(2 * n_ + i, i) += entry - (gaps[2 * n_ + i] + 1);
      out(2 * n_ + i, 2 * n_ + i) += entry;
    }
    return out;
  }

  /// Puts du_0 = 0 in the place of the condition that is left out.
  void fix_numeraire(matrix& slopes, last_rows last) const {
    auto const row = (last == last_rows::labor ? n_ : 2 * n_) + spare(last);
    slopes.row(row).setZero();
    slopes(row, 0) = Real(1);
  }

 private:
  world_pairs<Real> const& pairs_;
  world_point<Real> const& point_;
  Eigen::Index n_;
  vector wage_, entrants_, entry_, income_, budget_;
  vector profit_, sold_, employed_, received_, owed_;
};

}  // namespace melitz::detail
