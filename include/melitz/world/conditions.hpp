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

/// The equilibrium conditions of a world, each as what it should be over what it is, less 1:
///   free entry     sum_j (V - Q)_ij over w_i f_e,i
///   goods markets  sum_i M_i n_ij V_ij over w_j L_j + D_j, with n V what stays in the exporter's country
///   labour         M_i (w_i f_e,i + sum_j (n_ij - 1) V_ij + a sum_j Q_ij) + (1-a) sum_k M_k Q_ki over w_i L_i
/// They are stacked in this order. One is redundant; in the place of the spare goods market stands u_0 = 0.
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
        budget_(income_) {
    for (Eigen::Index i = 0; i < n_; ++i) {
      entry_[i] = wage_[i] * pairs.required(i);
      budget_[i] += pairs.deficit(i);
    }
  }

  [[nodiscard]] vector const& wage() const { return wage_; }
  [[nodiscard]] vector const& entrants() const { return entrants_; }
  [[nodiscard]] vector const& income() const { return income_; }

  /// How far each condition is from holding; the spare goods market in its own place.
  [[nodiscard]] vector gaps() const {
    Real const a = pairs_.share();
    vector out = vector::Zero(3 * n_);
    for (Eigen::Index j = 0; j < n_; ++j) {
      for (Eigen::Index i = 0; i < n_; ++i) {
        Real const v = point_.at.variable(i, j), q = point_.at.fixed(i, j), n = pairs_.income(i, j);
        out[i] += point_.at.profit(i, j) / entry_[i];
        out[n_ + j] += entrants_[i] * n * v / budget_[j];
        out[2 * n_ + i] += entrants_[i] * ((n - 1) * v + a * q) / income_[i];
        out[2 * n_ + j] += (1 - a) * entrants_[i] * q / income_[j];
      }
    }
    out.tail(n_) += entrants_.cwiseProduct(entry_).cwiseQuotient(income_);
    return out.array() - 1;
  }

  /// Change of a pair's profits with ln F, ln B_j, and the log of what delivery costs, w_i tau.
  [[nodiscard]] pair_change<Real> change(Eigen::Index i, Eigen::Index j, Real const& cost, Real const& demand,
                                         Real const& delivery) const {
    Real const r = pairs_.power(), cutoff = (cost - demand) / r + delivery;
    Real const v = point_.at.variable(i, j), q = point_.at.fixed(i, j), g = point_.at.jump(i, j);
    return {Real(v * (demand - r * delivery) - g * cutoff), Real(q * cost - g * cutoff),
            Real(v * (demand - r * delivery) - q * cost)};
  }

  /// What a change of a pair's profits, and of its entrants' log mass, does to the conditions: calls
  /// add(row, change of that condition).
  template <class Add>
  void spread(Eigen::Index i, Eigen::Index j, pair_change<Real> const& d, Real const& mass, Add const& add) const {
    Real const a = pairs_.share(), n = pairs_.income(i, j), m = entrants_[i];
    Real const v = d.variable + mass * point_.at.variable(i, j), q = d.fixed + mass * point_.at.fixed(i, j);
    add(i, Real(d.profit / entry_[i]));
    if (j != pairs_.spare_market()) add(n_ + j, Real(m * n * v / budget_[j]));
    add(2 * n_ + i, Real(m * ((n - 1) * v + a * q) / income_[i]));
    if (a != 1) add(2 * n_ + j, Real((1 - a) * m * q / income_[j]));
  }

  /// Derivatives of the conditions in (u, b, m). @param gaps  as the member of this name gives them
  [[nodiscard]] matrix jacobian(vector const& gaps) const {
    Real const a = pairs_.share();
    matrix out = matrix::Zero(3 * n_, 3 * n_);
    for (Eigen::Index j = 0; j < n_; ++j) {
      for (Eigen::Index i = 0; i < n_; ++i) {
        auto const into = [&](Eigen::Index column) {
          return [&out, column](Eigen::Index row, Real const& change) { out(row, column) += change; };
        };
        spread(i, j, change(i, j, a, Real(0), Real(1)), Real(0), into(i));
        if (a != 1) spread(i, j, change(i, j, Real(1 - a), Real(0), Real(0)), Real(0), into(j));
        spread(i, j, change(i, j, Real(0), Real(1), Real(0)), Real(0), into(n_ + j));
        spread(i, j, {Real(0), Real(0), Real(0)}, Real(1), into(2 * n_ + i));
      }
    }
    for (Eigen::Index i = 0; i < n_; ++i) {
      Real const entry = entrants_[i] * entry_[i] / income_[i];
      out(i, i) -= gaps[i] + 1;
      if (i != pairs_.spare_market()) out(n_ + i, i) -= (gaps[n_ + i] + 1) * income_[i] / budget_[i];
      out(2 * n_ + i, i) += entry - (gaps[2 * n_ + i] + 1);
      out(2 * n_ + i, 2 * n_ + i) += entry;
    }
    out(n_ + pairs_.spare_market(), 0) = Real(1);
    return out;
  }

 private:
  world_pairs<Real> const& pairs_;
  world_point<Real> const& point_;
  Eigen::Index n_;
  vector wage_, entrants_, entry_, income_, budget_;
};

}  // namespace melitz::detail
