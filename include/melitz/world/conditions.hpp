// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/numerics/real.hpp>
#include <melitz/world/pairs.hpp>

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
  income,    ///< income, as below; far from a solution
  payments,  ///< income less what is spent on goods, over what a country owes; of it little trade keeps its digits
};

/// The equilibrium conditions of a world, each as what it should be over what it is, less 1:
///   free entry     sum_j (V - Q)_ij over w_i f_e,i
///   goods markets  sum_i M_i n_ij V_ij over w_j L_j + D_j, with n V what stays in the exporter's country
///   income         sum_j (M_i (n_ij V - (1-a) Q)_ij + (1-a) M_j Q_ji) over w_i L_i, what the world pays to a country
/// They are stacked in this order; with them labour markets clear. Income less what is spent on goods is the balance of
/// payments: exports, fixed costs that foreign firms pay and deficits, less imports, fixed costs paid abroad and
/// surpluses. It is added up from what crosses borders alone, so that it keeps its digits where that is little. One of
/// the last conditions is redundant, in levels: the largest, beside which the rounding of the others is small. In its
/// place stands u_0 = 0.
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
        received_(vector::Zero(n_)),
        owed_(vector::Zero(n_)) {
    Real const a = pairs_.share();
    for (Eigen::Index i = 0; i < n_; ++i) {
      Real const deficit = pairs.deficit(i);
      entry_[i] = wage_[i] * pairs.required(i);
      budget_[i] += deficit;
      (deficit > 0 ? received_ : owed_)[i] += deficit > 0 ? deficit : Real(-deficit);
    }
    for (Eigen::Index j = 0; j < n_; ++j) {
      for (Eigen::Index i = 0; i < n_; ++i) {
        Real const paid = entrants_[i] * pairs_.income(i, j) * point_.at.variable(i, j);
        profit_[i] += point_.at.profit(i, j);
        sold_[j] += paid;
        if (i == j) continue;
        Real const wages = (1 - a) * entrants_[i] * point_.at.fixed(i, j);
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
  /// What a country owes all others; its budget where it owes nothing.
  [[nodiscard]] vector const& owed() const { return owed_; }
  /// What it receives from them, less that.
  [[nodiscard]] vector missing() const { return received_ - owed_; }
  /// How far that is from balance, relative to the larger side.
  [[nodiscard]] vector imbalances() const { return missing().cwiseQuotient(received_.cwiseMax(owed_)); }

  /// The country whose last condition is left out.
  [[nodiscard]] Eigen::Index spare(last_rows last) const {
    Eigen::Index out = 0;
    (last == last_rows::income ? income_ : owed_).maxCoeff(&out);
    return out;
  }

  /// How far each condition is from holding.
  [[nodiscard]] vector gaps() const {
    vector out(3 * n_);
    vector const surplus = sold_ - budget_;
    out.head(n_) = profit_.cwiseQuotient(entry_).array() - 1;
    out.segment(n_, n_) = surplus.cwiseQuotient(budget_);
    out.tail(n_) = (missing() + surplus).cwiseQuotient(income_);
    return out;
  }

  /// Workers employed over workers, less 1: M_i (w_i f_e,i + sum_j (n_ij - 1) V_ij + a sum_j Q_ij) + (1-a) sum_k M_k
  /// Q_ki over w_i L_i.
  [[nodiscard]] vector labor_gaps() const {
    Real const a = pairs_.share();
    vector out = entrants_.cwiseProduct(entry_);
    for (Eigen::Index j = 0; j < n_; ++j) {
      for (Eigen::Index i = 0; i < n_; ++i) {
        Real const q = point_.at.fixed(i, j);
        out[i] += entrants_[i] * ((pairs_.income(i, j) - 1) * point_.at.variable(i, j) + a * q);
        out[j] += (1 - a) * entrants_[i] * q;
      }
    }
    return out.cwiseQuotient(income_).array() - 1;
  }

  /// Change of a pair's profits with ln F, ln B_j, and the log of what delivery costs, w_i tau.
  [[nodiscard]] pair_change<Real> change(Eigen::Index i, Eigen::Index j, Real const& cost, Real const& demand,
                                         Real const& delivery) const {
    Real const r = pairs_.power(), cutoff = (cost - demand) / r + delivery;
    Real const v = point_.at.variable(i, j), q = point_.at.fixed(i, j), g = point_.at.jump(i, j);
    return {Real(v * (demand - r * delivery) - g * cutoff), Real(q * cost - g * cutoff),
            Real(v * (demand - r * delivery) - q * cost)};
  }

  /// What a change of a pair's profits, of its entrants' log mass, and of n_ij, does to the conditions: calls
  /// add(row, change of that condition), the spare one's among them.
  template <class Add>
  void spread(Eigen::Index i, Eigen::Index j, pair_change<Real> const& d, Real const& mass, Real const& income,
              last_rows last, Add const& add) const {
    Real const a = pairs_.share(), m = entrants_[i], v = point_.at.variable(i, j);
    Real const paid = m * (pairs_.income(i, j) * (d.variable + mass * v) + income * v);
    add(i, Real(d.profit / entry_[i]));
    add(n_ + j, Real(paid / budget_[j]));
    Real const wages = (1 - a) * m * (d.fixed + mass * point_.at.fixed(i, j));
    if (last == last_rows::income) {
      add(2 * n_ + i, Real((paid - wages) / income_[i]));
      add(2 * n_ + j, Real(wages / income_[j]));
    } else if (i != j) {
      add(2 * n_ + i, Real((paid - wages) / owed_[i]));
      add(2 * n_ + j, Real((wages - paid) / owed_[j]));
    }
  }

  /// Derivatives of the conditions in (u, b, m). @param gaps  as the member of this name gives them
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
      Real const spent = gaps[n_ + i] + 1, earned = gaps[2 * n_ + i] + 1;
      out(2 * n_ + i, i) -= last == last_rows::income ? earned : Real((earned - spent) * income_[i] / owed_[i]);
    }
    auto const left_out = 2 * n_ + spare(last);
    out.row(left_out).setZero();
    out(left_out, 0) = Real(1);
    return out;
  }

 private:
  world_pairs<Real> const& pairs_;
  world_point<Real> const& point_;
  Eigen::Index n_;
  vector wage_, entrants_, entry_, income_, budget_;
  vector profit_, sold_, received_, owed_;
};

}  // namespace melitz::detail
