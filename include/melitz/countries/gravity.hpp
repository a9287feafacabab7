// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/countries/anderson.hpp>
#include <melitz/countries/connected.hpp>
#include <melitz/countries/gravity_lanes.hpp>
#include <melitz/countries/options.hpp>
#include <melitz/countries/results.hpp>
#include <melitz/error.hpp>
#include <melitz/numerics/real.hpp>

#include <Eigen/Core>
#include <Eigen/LU>
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>

namespace melitz {

namespace detail {

template <real Real>
[[nodiscard]] Eigen::VectorX<Real> vector_log(Eigen::VectorX<Real> const& x) {
  return x.array().log();
}

/// How well each market is reached from abroad, relative to its own firms:
/// tau_ij^-on_iceberg (f_ij/f_jj)^-on_fixed, and 0 on the diagonal.
template <real Real>
[[nodiscard]] Eigen::MatrixX<Real> relative_access(Eigen::MatrixX<Real> const& iceberg_cost,
                                                   Eigen::MatrixX<Real> const& fixed_cost, Real const& on_iceberg,
                                                   Real const& on_fixed) {
  auto const n = iceberg_cost.rows();
  Eigen::MatrixX<Real> out(n, n);
  for (Eigen::Index j = 0; j < n; ++j) {
#if MELITZ_HAS_LANES
    if constexpr (std::is_same_v<Real, double>) {
      lanes::barriers(iceberg_cost.col(j).data(), fixed_cost.col(j).data(), out.col(j).data(),
                      static_cast<std::size_t>(n), fixed_cost(j, j), on_iceberg, on_fixed);
      out(j, j) = 0;
      continue;
    }
#endif
    using std::exp, std::log;
    for (Eigen::Index i = 0; i < n; ++i) {
      bool const none = i == j || !is_finite(iceberg_cost(i, j)) || !is_finite(fixed_cost(i, j));
      out(i, j) = none ? Real(0)
                       : Real(exp(Real(-on_iceberg * log(iceberg_cost(i, j)) -
                                       on_fixed * log(Real(fixed_cost(i, j) / fixed_cost(j, j))))));
    }
  }
  return out;
}

/// A world of gravity, at wages w = e^u: country i offers
///   a_i = e^(log_supply_i - on_wage u_i) [R_i/w_i where entry is free]
/// for sale, market j spends X_j and buys the share lambda_ij = A_ij a_i / sum_k A_kj a_k from i, A_jj = 1.
///   X_j = spending_per_wage L_j w_j + spending_per_deficit D_j,     R_i = X_i - sales_per_deficit D_i
/// are spending and sales, deficits in units of w_0.
///
/// Where firms also buy from each other, u_i is not the log wage but ln c_i over labor's share of costs, c_i what a
/// bundle of labor and goods costs. It moves with prices, and so with the total that is for sale in the country:
///   X_j = spending_per_wage L_j e^u_j (sum_k A_kj a_k)^on_total
/// up to a factor that all share. There are no deficits then.
template <real Real>
struct gravity_world {
  using vector = Eigen::VectorX<Real>;
  using matrix = Eigen::MatrixX<Real>;

  matrix access{};  ///< A_ij, 0 on the diagonal
  vector labor{};
  vector deficit{};  ///< empty: none
  vector log_supply{};
  Real on_wage{0};
  Real spending_per_wage{1}, spending_per_deficit{1}, sales_per_deficit{1};
  bool entry_follows_sales = false;
  Real on_total{0};
};

/// What wages mean for the countries.
template <real Real>
struct gravity_point {
  using vector = Eigen::VectorX<Real>;

  vector wage, expenditure, sales;  ///< wage is e^u
  vector supply;                    ///< a, the largest 1
  Real log_scale{};                 ///< ln of what a was divided by
  vector imported;                  ///< sum over k other than j of A_kj a_k
  vector total;                     ///< the same with k = j
  vector exports;                   ///< E_i
  vector exports_due;  ///< what they would be in balance: imports less what deficits let a country not export
  vector step;         ///< of ln w, as far as the balance of the country says
  Real distance{};     ///< greatest of the steps
  Real residual{};     ///< greatest |E - due|/(E + imports)
  bool possible = false;
};

/// lambda: what each market buys from each country, of all that it buys.
template <real Real>
[[nodiscard]] Eigen::MatrixX<Real> shares_of(gravity_world<Real> const& w, gravity_point<Real> const& p) {
  Eigen::MatrixX<Real> out = w.access;
  out.diagonal().setOnes();
  for (Eigen::Index j = 0; j < out.cols(); ++j) out.col(j) = out.col(j).cwiseProduct(p.supply) / p.total[j];
  return out;
}

/// Wages that balance trade.
///
/// The balance of country i is ln(exports/exports due), over its slope in ln w_i: taken of foreign trade alone it keeps
/// its digits, and its pace, where nearly all is sold at home. One Newton step for each country by itself, accelerated
/// after Anderson; the matrix is read once for each.
template <real Real>
class gravity_solver {
 public:
  using vector = Eigen::VectorX<Real>;
  using point = gravity_point<Real>;

  explicit gravity_solver(gravity_world<Real> const& world) : world_(world) {}

  [[nodiscard]] status reason() const { return reason_; }
  [[nodiscard]] int evaluations() const { return evaluations_; }
  [[nodiscard]] point const& solution() const { return best_; }

  /// Solves, without deficits first if they stand in the way.
  void solve(wage_options const& how) {
    auto const n = world_.labor.size();
    left_ = how.max_evaluations;
    if (n > 1 && !all_connected(world_.access)) {
      reason_ = status::disconnected;
      return;
    }
    // Wages of a world without trade costs, where all sell the same share of their supply.
    vector start = world_.log_supply / Real(1 + world_.on_wage);
    if (!world_.entry_follows_sales) start -= vector_log(world_.labor) / Real(1 + world_.on_wage);
    start.array() -= Real(start[0]);
    if (!iterate(start, Real(1)) && world_.deficit.size() != 0) follow_deficits(start);
    if constexpr (carries_derivatives<Real>) {
      if (reason_ == status::converged) differentiate();
    }
    evaluations_ = how.max_evaluations - left_;
  }

 private:
  static constexpr Eigen::Index depth = 10;

  [[nodiscard]] static Real size_of(Real const& x) { return x < 0 ? Real(-x) : x; }

  /// ln x, and below 1/64, where deficits may ask for less than no exports, along its tangent.
  [[nodiscard]] static Real log_above(Real const& x) {
    using std::log;
    Real const least(0.015625);
    return x >= least ? Real(log(x)) : Real(log(least) + (x - least) / least);
  }

  /// @param deficits  how much of them
  void evaluate(vector const& log_wage, Real const& deficits, point& p) const {
    using std::log;
    auto const n = log_wage.size();
    auto const& w = world_;
    p.possible = false;
    p.wage = log_wage.array().exp();
    p.expenditure = w.spending_per_wage * w.labor.cwiseProduct(p.wage);
    p.sales = p.expenditure;
    vector extra = vector::Zero(n);  // what a country need not export
    if (w.deficit.size() != 0) {
      Real const unit = deficits * p.wage[0];
      extra = Real(unit * w.sales_per_deficit) * w.deficit;
      p.expenditure += Real(unit * w.spending_per_deficit) * w.deficit;
      p.sales = p.expenditure - extra;
    }
    if (!(p.expenditure.minCoeff() > 0) || !(p.sales.minCoeff() > 0)) return;
    p.supply = w.log_supply - w.on_wage * log_wage;
    if (w.entry_follows_sales) p.supply += vector(p.sales.array().log()) - log_wage;
    p.log_scale = p.supply.maxCoeff();
    p.supply = (p.supply.array() - p.log_scale).exp();
    p.imported.resize(n);
    p.total.resize(n);
    if (!same(w.on_total, Real(0))) {
      for (Eigen::Index j = 0; j < n; ++j) {
        p.expenditure[j] *= power_of(Real(w.access.col(j).dot(p.supply) + p.supply[j]), w.on_total);
      }
      p.sales = p.expenditure;
      if (!(p.expenditure.minCoeff() > 0)) return;
    }
    p.exports.setZero(n);
    vector weight(n);
    read_access(p, weight);
    p.exports.array() *= p.supply.array();
    vector const imports = weight.cwiseProduct(p.imported);
    p.exports_due = imports - extra;
    p.step.resize(n);
    p.residual = p.distance = Real(0);
    for (Eigen::Index i = 0; i < n; ++i) {
      Real const gap = p.exports[i] - p.exports_due[i], volume = p.exports[i] + imports[i];
      Real const relative = n == 1 ? Real(0) : Real(gap / volume);
      if (!(size_of(relative) <= p.residual)) p.residual = size_of(relative);  // NaN as well
      Real const home = p.supply[i] / p.total[i];
      Real const slope = 1 - w.on_total * w.on_wage * home + w.on_wage * (1 + home);
      p.step[i] = n == 1 ? Real(0) : Real((log(p.exports[i] / volume) - log_above(p.exports_due[i] / volume)) / slope);
      p.distance = std::max(p.distance, size_of(p.step[i]));
    }
    p.possible = p.step.allFinite();
  }

  /// What comes from abroad and in all, what is spent per unit of it, and a part of everybody's exports: one column of
  /// the matrix after the other, each read from memory once.
  void read_access(point& p, vector& weight) const {
    auto const n = p.supply.size();
#if MELITZ_HAS_LANES
    if constexpr (std::is_same_v<Real, double>) {
      lanes::read_columns(world_.access.data(), static_cast<std::size_t>(n), p.supply.data(), p.expenditure.data(),
                          p.imported.data(), p.total.data(), weight.data(), p.exports.data());
      return;
    }
#endif
    for (Eigen::Index j = 0; j < n; ++j) {
      p.imported[j] = world_.access.col(j).dot(p.supply);
      p.total[j] = p.imported[j] + p.supply[j];
      weight[j] = p.expenditure[j] / p.total[j];
      p.exports += weight[j] * world_.access.col(j);
    }
  }

  /// From `start` on. @return whether trade is balanced; best_ is then the solution, else the nearest point to it
  [[nodiscard]] bool iterate(vector const& start, Real const& deficits) {
    auto const n = start.size();
    Real const wanted = 4 * epsilon<Real>(), enough = open_account<Real>() / 2;  // of both sides together
    Real stretch(1.3), reach(30);
    anderson<Real> acceleration(n, std::min(depth, n), stretch);
    vector here = start, best_log_wage = start;
    point now;
    bool any = false;
    int since_best = 0, stale = 0;
    reason_ = status::iteration_limit;
    while (left_-- > 0) {
      evaluate(here, deficits, now);
      if (!any && !now.possible) {
        reason_ = status::not_finite;
        return false;
      }
      if (now.possible && (!any || now.distance < best_.distance)) {
        std::swap(best_, now);
        best_log_wage = here;
        since_best = stale = 0;
        any = true;
        if (best_.residual <= wanted) break;
        here = acceleration.next(here, best_.step, reach);
        reach = std::min(Real(30), Real(Real(1.4) * reach));
        continue;
      }
      ++since_best;
      if (best_.residual <= enough && ++stale >= 3) break;  // the rest is rounding
      if (now.possible && since_best < 6 && now.distance < 8 * best_.distance) {
        here = acceleration.next(here, now.step, reach);
        continue;
      }
      // Astray: back to where it was best, with shorter steps.
      stretch = std::max(Real(stretch / 2), Real(0.3));
      reach = std::max(Real(reach / 4), Real(1));
      acceleration.restart(stretch);
      here = acceleration.next(best_log_wage, best_.step, reach);
      since_best = 0;
    }
    left_ = std::max(left_, 0);
    if (!any || !(best_.residual <= enough)) return false;
    reason_ = status::converged;
    log_wage_ = best_log_wage;
    return true;
  }

  /// Gives the solution the derivatives that numbers carry, whatever the iteration has made of them: those at which the
  /// steps that are left do not move, by one system. The first country's wage stands still, and its balance follows
  /// from those of the others.
  void differentiate() {
    using value = value_t<Real>;
    auto const plain = [](auto const& x) { return x.unaryExpr([](Real const& at) { return Real(at.value); }).eval(); };
    auto const n = log_wage_.size();
    constexpr auto variables = static_cast<Eigen::Index>(std::tuple_size_v<decltype(Real::derivative)>);
    gravity_world<Real> const still{plain(world_.access),
                                    plain(world_.labor),
                                    plain(world_.deficit),
                                    plain(world_.log_supply),
                                    Real(world_.on_wage.value),
                                    Real(world_.spending_per_wage.value),
                                    Real(world_.spending_per_deficit.value),
                                    Real(world_.sales_per_deficit.value),
                                    world_.entry_follows_sales,
                                    Real(world_.on_total.value)};
    gravity_solver const alone(still);
    vector at = plain(log_wage_);
    point p;
    Eigen::MatrixX<value> slopes(n - 1, n - 1), right(n - 1, variables);
    for (Eigen::Index k = 1; k < n; ++k) {
      vector moved = at;
      moved[k] = Real::variable(at[k].value, 0);
      alone.evaluate(moved, Real(1), p);
      for (Eigen::Index i = 1; i < n; ++i) slopes(i - 1, k - 1) = p.step[i].derivative[0];
    }
    evaluate(at, Real(1), p);
    for (Eigen::Index i = 1; i < n; ++i) {
      for (Eigen::Index v = 0; v < variables; ++v) right(i - 1, v) = p.step[i].derivative[static_cast<std::size_t>(v)];
    }
    Eigen::MatrixX<value> const answer = -slopes.partialPivLu().solve(right);
    for (Eigen::Index i = 1; i < n; ++i) {
      for (Eigen::Index v = 0; v < variables; ++v) at[i].derivative[static_cast<std::size_t>(v)] = answer(i - 1, v);
    }
    evaluate(at, Real(1), best_);
    log_wage_ = at;
  }

  void follow_deficits(vector start) {
    if (!iterate(start, Real(0))) return;
    Real done(0), stride(0.25);
    while (done < 1 && left_ > 0 && stride > Real(1e-3)) {
      Real const next = std::min(Real(1), Real(done + stride));
      vector const from = log_wage_;
      if (iterate(from, next)) {
        done = next;
      } else {
        log_wage_ = from;
        stride /= 2;
      }
    }
    if (done < 1) reason_ = left_ > 0 ? status::not_finite : status::iteration_limit;
  }

  gravity_world<Real> const& world_;
  point best_{};
  vector log_wage_{};
  status reason_ = status::not_solved;
  int left_ = 0, evaluations_ = 0;
};

}  // namespace detail
}  // namespace melitz
