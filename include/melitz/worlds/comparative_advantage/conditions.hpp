// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/numerics/real.hpp>
#include <melitz/tail/erased.hpp>
#include <melitz/worlds/comparative_advantage/economy.hpp>
#include <melitz/worlds/comparative_advantage/firms.hpp>

#include <Eigen/Core>
#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

namespace melitz::detail {

/// One for each pair of two: [industry][country], or [factor][country].
template <class One>
struct two_by_two {
  One all[2][2]{};

  [[nodiscard]] One* operator[](int row) { return all[row]; }
  [[nodiscard]] One const* operator[](int row) const { return all[row]; }
};

/// The unknowns of two countries, in logs; and who enters at all.
template <real Real>
struct trading_point {
  two_by_two<Real> demand{};    ///< ln D
  two_by_two<Real> entrants{};  ///< ln N; not used where nobody enters
  two_by_two<Real> wage{};      ///< [factor][country]; that of unskilled labor in country 0 is 0
  two_by_two<bool> enters{{{true, true}, {true, true}}};
};

/// The conditions of equilibrium of two countries at a point:
///   free entry     E_ik = delta f_e,ik, or nobody enters
///   goods          sum_k N_ik s_ikn = alpha_i R_n
///   skilled labor  sum_i beta_i R_ik = w_S,k S_k
///   payments       sum_i N_i0 s_i01 = sum_i N_i1 s_i10
/// with sales s of an entrant, R_ik what all in an industry sell, and R_k income. Unskilled labor follows: all a
/// country earns is paid to its factors, and with its payments in balance it earns what it spends. Unlike the fourth
/// market for labor, payments keep their digits where there is little trade.
///
/// All gaps are logs of ratios. With congestion e > 0 free entry becomes ln v = e ln(N/N') with v = E/(delta f_e), or
/// v - 1 = e ln(N/N') where v < 1: all enter, even those who never earn anything, and where entry does not pay ever
/// fewer as e falls to 0. What entrants then lose or earn goes to factors of production.
template <real Real>
class trading_conditions {
 public:
  static constexpr int size = 11;
  using gaps_type = std::array<Real, size>;
  using matrix = Eigen::Matrix<Real, size, size>;
  using tails_type = std::vector<erased_tail<Real>>;

  /// @param tails  by industry and country, [2 i + k]
  trading_conditions(comparative_advantage_economy<Real> const& economy, tails_type const& tails)
      : economy_(economy), tails_(tails) {
    using std::log;
    for (int i = 0; i < 2; ++i) {
      for (int k = 0; k < 2; ++k) {
        Real const f = economy.fixed_cost(i, k), fx = economy.export_fixed_cost(i, k);
        costs_[i][k] = {f, fx, Real(log(f)), fx > 0 ? Real(log(fx)) : Real(-infinity<Real>)};
        Real const tau = economy.iceberg_cost(i, k);
        log_freeness_[i][k] = is_finite(tau) ? Real(-economy.size_exponent() * log(tau)) : Real(-infinity<Real>);
        log_required_[i][k] = log(economy.required_profit(i, k));
      }
      log_share_[i] = log(economy.spending_share(i));
    }
  }

  /// A world where exporters reach this share of the other country's consumers, for as much less of the fixed cost: who
  /// exports stays the same. @param log_share  0 but on the way to a solution
  void open(Real const& log_share) {
    using std::exp;
    log_reach_ = log_share;
    reach_ = exp(log_share);
  }

  /// Must be called first.
  void evaluate(trading_point<Real> const& point) {
    using std::exp, std::log;
    point_ = point;
    Real const sigma = economy_.elasticity;
    for (int k = 0; k < 2; ++k) {
      income_[k] = Real(0);
      for (int f = 0; f < 2; ++f) income_[k] += economy_.endowment(f, k) * exp(point.wage[f][k]);
    }
    for (int i = 0; i < 2; ++i) {
      Real const beta = economy_.skill_intensity[i];
      for (int k = 0; k < 2; ++k) {
        int const n = 1 - k;
        log_cost_[i][k] = beta * point.wage[0][k] + (1 - beta) * point.wage[1][k];
        Real const home = point.demand[i][k] - sigma * log_cost_[i][k];
        Real const abroad = point.demand[i][n] - sigma * log_cost_[i][k] + log_freeness_[i][k] + log_reach_;
        trading_costs<Real> costs = costs_[i][k];
        costs.export_fixed *= reach_;
        costs.log_export_fixed += log_reach_;
        firms_[i][k] = prospects_of(tails_[static_cast<std::size_t>(2 * i + k)], costs, home, abroad);
        entrants_[i][k] = point.enters[i][k] ? Real(exp(point.entrants[i][k])) : Real(0);
        Real const scale = entrants_[i][k] * sigma * exp(log_cost_[i][k]);
        sales_[i][k][k] = scale * firms_[i][k].home;
        sales_[i][k][n] = scale * firms_[i][k].abroad;
      }
    }
  }

  [[nodiscard]] Real elasticity() const { return economy_.elasticity; }
  [[nodiscard]] trading_point<Real> const& point() const { return point_; }
  [[nodiscard]] trading_prospects<Real> const& firms(int i, int k) const { return firms_[i][k]; }
  [[nodiscard]] Real log_unit_cost(int i, int k) const { return log_cost_[i][k]; }
  [[nodiscard]] Real entrants(int i, int k) const { return entrants_[i][k]; }
  [[nodiscard]] Real income(int k) const { return income_[k]; }
  /// Of all firms of industry i in country k, in market n.
  [[nodiscard]] Real sales(int i, int k, int n) const { return sales_[i][k][n]; }
  [[nodiscard]] Real revenue(int i, int k) const { return Real(sales_[i][k][0] + sales_[i][k][1]); }
  [[nodiscard]] Real exports(int k) const { return Real(sales_[0][k][1 - k] + sales_[1][k][1 - k]); }
  /// ln of what an entrant expects over what entry costs.
  [[nodiscard]] Real log_entry_value(int i, int k) const {
    using std::log;
    return Real(log(firms_[i][k].profit) - log_required_[i][k]);
  }
  [[nodiscard]] Real entry_value(int i, int k) const {
    return Real(firms_[i][k].profit / economy_.required_profit(i, k));
  }
  /// What a factor earns in a country over what it would at the wage.
  [[nodiscard]] Real employment(int f, int k) const {
    using std::exp;
    Real paid(0);
    for (int i = 0; i < 2; ++i) paid += economy_.factor_share(f, i) * revenue(i, k);
    return Real(paid / (economy_.endowment(f, k) * exp(point_.wage[f][k])));
  }

  // Where conditions and unknowns stand, in this order: those by industry and country, then the three that close.
  [[nodiscard]] static int entry_row(int i, int k) { return 2 * i + k; }
  [[nodiscard]] static int goods_row(int i, int n) { return 4 + 2 * i + n; }
  [[nodiscard]] static int skilled_row(int k) { return 8 + k; }
  static constexpr int payments_row = 10;
  [[nodiscard]] static int demand_column(int i, int n) { return 2 * i + n; }
  [[nodiscard]] static int entrants_column(int i, int k) { return 4 + 2 * i + k; }
  /// -1 of the numeraire.
  [[nodiscard]] static int wage_column(int f, int k) { return f == 0 ? 8 + k : k == 0 ? -1 : 10; }

  /// @param congestion, usual  e, and ln N'
  [[nodiscard]] gaps_type gaps(Real const& congestion, two_by_two<Real> const& usual) const {
    using std::log;
    gaps_type out{};
    for (int i = 0; i < 2; ++i) {
      for (int k = 0; k < 2; ++k) {
        if (point_.enters[i][k]) {
          Real& entry = out[at(entry_row(i, k))];
          entry = pays_too_little(i, k, congestion) ? Real(entry_value(i, k) - 1) : log_entry_value(i, k);
          if (congestion > 0) entry -= congestion * (point_.entrants[i][k] - usual[i][k]);
        }
        out[at(goods_row(i, k))] = log(Real(sales_[i][0][k] + sales_[i][1][k])) - log_share_[i] - log(income_[k]);
      }
    }
    for (int k = 0; k < 2; ++k) out[at(skilled_row(k))] = log(employment(0, k));
    out[at(payments_row)] = log(Real(exports(0) / exports(1)));
    return out;
  }

  /// Derivatives of the gaps by the unknowns.
  [[nodiscard]] matrix jacobian(Real const& congestion) const {
    using std::exp;
    matrix out = matrix::Zero();
    Real const sigma = economy_.elasticity;
    for (int i = 0; i < 2; ++i) {
      Real const beta = economy_.skill_intensity[i];
      for (int k = 0; k < 2; ++k) {
        int const n = 1 - k;
        auto const& firm = firms_[i][k];
        // f(row, by demand at home, by demand abroad, by the unit cost)
        auto const add = [&](int row, Real const& home, Real const& abroad, Real const& cost, Real const& entrants) {
          out(row, demand_column(i, k)) += home;
          out(row, demand_column(i, n)) += abroad;
          out(row, entrants_column(i, k)) += entrants;
          out(row, wage_column(0, k)) += beta * cost;
          if (int const column = wage_column(1, k); column >= 0) out(row, column) += (1 - beta) * cost;
        };
        int const entry = entry_row(i, k);
        if (point_.enters[i][k]) {
          Real const over = pays_too_little(i, k, congestion) ? economy_.required_profit(i, k) : firm.profit;
          Real const home = firm.home / over, abroad = firm.abroad / over;
          add(entry, home, abroad, Real(-sigma * (home + abroad)), Real(-congestion));
        } else {
          out(entry, entrants_column(i, k)) = Real(1);
          continue;
        }
        Real const scale = entrants_[i][k] * sigma * exp(log_cost_[i][k]);
        // What sales in a market answer, in levels over a total.
        auto const sold = [&](int row, bool at_home, Real const& total) {
          Real const v = at_home ? firm.home : firm.abroad, own = at_home ? firm.at_home : firm.at_abroad;
          Real const to_own = scale * (v + own) / total, to_other = scale * firm.between / total;
          Real const by_entrants = scale * v / total;
          add(row, at_home ? to_own : to_other, at_home ? to_other : to_own,
              Real(by_entrants - sigma * (to_own + to_other)), by_entrants);
        };
        sold(goods_row(i, k), true, Real(sales_[i][0][k] + sales_[i][1][k]));
        sold(goods_row(i, n), false, Real(sales_[i][0][n] + sales_[i][1][n]));
        Real const paid =
            (economy_.skill_intensity[0] * revenue(0, k) + economy_.skill_intensity[1] * revenue(1, k)) / beta;
        sold(skilled_row(k), true, paid);
        sold(skilled_row(k), false, paid);
        sold(payments_row, false, k == 0 ? exports(0) : Real(-exports(1)));
      }
    }
    for (int k = 0; k < 2; ++k) {
      for (int f = 0; f < 2; ++f) {
        int const column = wage_column(f, k);
        if (column < 0) continue;
        Real const of_income = economy_.endowment(f, k) * exp(point_.wage[f][k]) / income_[k];
        for (int i = 0; i < 2; ++i) out(goods_row(i, k), column) -= of_income;
      }
      out(skilled_row(k), wage_column(0, k)) -= Real(1);
    }
    return out;
  }

 private:
  /// With congestion, where entry does not pay: ln v may then be anything down to -infinity.
  [[nodiscard]] bool pays_too_little(int i, int k, Real const& congestion) const {
    return congestion > 0 && firms_[i][k].profit < economy_.required_profit(i, k);
  }
  [[nodiscard]] static std::size_t at(int row) { return static_cast<std::size_t>(row); }

  comparative_advantage_economy<Real> const& economy_;
  tails_type const& tails_;
  two_by_two<trading_costs<Real>> costs_{};
  two_by_two<Real> log_freeness_{}, log_required_{};
  Real log_share_[2]{};
  Real reach_{1}, log_reach_{0};

  trading_point<Real> point_{};
  Real income_[2]{};
  two_by_two<trading_prospects<Real>> firms_{};
  two_by_two<Real> log_cost_{}, entrants_{};
  two_by_two<Real> sales_[2]{};  ///< [industry][country][market]
};

}  // namespace melitz::detail
