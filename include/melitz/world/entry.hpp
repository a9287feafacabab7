// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/numerics/real.hpp>

#include <Eigen/LU>
#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace melitz {

/// How to solve for entry in several countries at once.
struct world_options {
  bool allow_no_entrants = false;  ///< accept equilibria in which nobody enters in some country; else they are refused
  int max_iterations = 100;        ///< Newton steps, at most
};

namespace detail {

/// What an entrant of one country expects, over the cost of entry, and how that answers to ln A of every market.
template <real Real>
struct entrant_prospects {
  Real profit;
  Eigen::VectorX<Real> by_market;  ///< first derivatives: operating profit earned in each market
  Eigen::MatrixX<Real> curvature;  ///< second derivatives
};

template <real Real>
struct entry_solution {
  status reason = status::not_solved;
  Eigen::VectorX<Real> log_demand{};
  Eigen::VectorX<Real> profit{};    ///< over the cost of entry: 1, or less where nobody enters
  Eigen::VectorX<Real> entrants{};  ///< 0 where entry does not pay
  bool determined = false;          ///< where firms enter; not if entry pays in countries whose firms sell alike
  Real residual = not_a_number<Real>;
  int iterations = 0;

  [[nodiscard]] explicit operator bool() const noexcept { return reason == status::converged; }
};

/// Entry in several countries whose firms sell in all of them: u = ln A and masses of entrants m >= 0 with
///   E_i(u) <= 1, with equality where m_i > 0;   sum_i m_i dE_i/du_j = market_j.
///
/// These are the conditions of a convex program, to maximise sum_j market_j u_j subject to E_i(u) <= 1: E_i is the
/// expectation of a maximum of functions that are convex in u. Hence there is one u, whatever the law. The first try is
/// Newton's method on E_i = 1 for all i, a few steps where all countries have entrants; should it fail, or some m_i be
/// negative, an interior point method on the program says where entry pays, and Newton's method on the conditions
/// finishes.
template <real Real, class Prospects>
class entry_solver {
 public:
  using vector = Eigen::VectorX<Real>;
  using matrix = Eigen::MatrixX<Real>;

  /// @param prospects  of a country's entrants at given A: entrant_prospects
  entry_solver(Prospects const& prospects, vector const& market, int max_iterations)
      : prospects_(prospects), market_(market), left_(max_iterations), budget_(max_iterations) {}

  [[nodiscard]] entry_solution<Real> solve(vector const& start) {
    auto const n = start.size();
    entry_solution<Real> out;
    point here;
    bool found = newton(start, here);
    vector entrants;
    if (found) {
      entrants = here.first.transpose().partialPivLu().solve(market_);
      found = entrants.allFinite() && entrants.minCoeff() >= 0;
    }
    if (!found) found = solve_program(start, here, entrants);
    out.iterations = budget_ - std::max(left_, 0);
    if (!found) {
      out.reason = left_ > 0 && !here.profit.allFinite() ? status::not_finite : status::iteration_limit;
      return out;
    }
    out.reason = status::converged;
    out.log_demand = here.log_demand;
    out.profit = here.profit;
    out.entrants = entrants;
    out.residual = Real(0);
    Eigen::Index pays = n;
    for (Eigen::Index i = 0; i < n; ++i) {
      if (entrants[i] > 0) out.residual = std::max(out.residual, Real(abs_of(here.profit[i] - 1)));
      if (here.profit[i] >= 1 - tolerance()) continue;
      --pays;
      here.first.row(i).setZero();
    }
    Eigen::FullPivLU<matrix> sales(here.first);
    sales.setThreshold(tolerance());
    out.determined = sales.rank() == pays;
    return out;
  }

 private:
  struct point {
    vector log_demand, profit;
    matrix first;                   ///< (country, market)
    std::vector<matrix> curvature;  ///< of each country
  };

  [[nodiscard]] static Real abs_of(Real const& x) { return x < 0 ? Real(-x) : x; }

  [[nodiscard]] point at(vector const& log_demand) const {
    auto const n = log_demand.size();
    point out{log_demand, vector(n), matrix(n, n), {}};
    vector const demand = log_demand.array().exp();
    for (Eigen::Index i = 0; i < n; ++i) {
      auto p = prospects_(i, demand);
      out.profit[i] = p.profit;
      out.first.row(i) = p.by_market.transpose();
      out.curvature.push_back(std::move(p.curvature));
    }
    return out;
  }

  /// Damped Newton on ln E_i = 0, steps of at most 2 in ln A. @return whether the conditions hold
  [[nodiscard]] bool newton(vector const& start, point& here) {
    auto const error = [](point const& p) { return vector(p.profit.array().log()); };
    here = at(start);
    vector gap = error(here);
    while (gap.allFinite() && gap.template lpNorm<Eigen::Infinity>() > 8 * epsilon<Real>() && left_-- > 0) {
      matrix const slopes = here.profit.cwiseInverse().asDiagonal() * here.first;
      vector step = -slopes.partialPivLu().solve(gap);
      if (!step.allFinite()) break;
      if (Real const size = step.template lpNorm<Eigen::Infinity>(); size > 2) step *= 2 / size;
      Real const before = gap.norm();
      bool better = false;
      for (Real length(1); length > Real(0.1) && !better; length /= 2) {  // shorter steps lead nowhere
        point next = at(vector(here.log_demand + length * step));
        vector const left = error(next);
        better = left.allFinite() && left.norm() < (1 - length / 4) * before;
        if (!better) continue;
        here = std::move(next);
        gap = left;
      }
      if (!better) break;
    }
    return gap.allFinite() && gap.template lpNorm<Eigen::Infinity>() <= tolerance();
  }

  /// The equations of the program at (u, m) with m_i (1 - E_i) = barrier, and their derivatives.
  struct equations {
    vector gap;
    matrix slopes;
  };
  [[nodiscard]] equations conditions(point const& p, vector const& entrants, Real const& barrier) const {
    auto const n = entrants.size();
    equations out{vector(2 * n), matrix(2 * n, 2 * n)};
    vector const slack = 1 - p.profit.array();
    out.gap << p.first.transpose() * entrants - market_, vector(entrants.cwiseProduct(slack).array() - barrier);
    matrix hessian = matrix::Zero(n, n);
    for (Eigen::Index i = 0; i < n; ++i) hessian += entrants[i] * p.curvature[static_cast<std::size_t>(i)];
    out.slopes << hessian, p.first.transpose(), matrix(-(entrants.asDiagonal() * p.first)), matrix(slack.asDiagonal());
    return out;
  }

  /// The program from within: first to where it shows who enters, and further if it has not. @return whether it is
  /// solved
  [[nodiscard]] bool solve_program(vector const& start, point& here, vector& entrants) {
    here = at(start);
    while (left_ > 0 && !(here.profit.maxCoeff() < Real(0.9))) {  // until nobody wants to enter
      if (!here.profit.allFinite()) return false;
      here = at(vector(here.log_demand.array() - Real(0.25)));
    }
    entrants = vector::Constant(start.size(), market_.mean());
    for (double const close : {1e-6, 1e-9, 1e-12}) {
      if (!interior_point(Real(close), here, entrants)) return false;
      point found = here;
      vector masses = entrants;
      if (!finish(found, masses)) continue;
      here = std::move(found);
      entrants = masses;
      return true;
    }
    return false;
  }

  /// Follows the program's central path until it is nearly solved. @return whether it got there
  [[nodiscard]] bool interior_point(Real const& close, point& here, vector& entrants) {
    auto const n = entrants.size();
    Real const total = market_.sum();
    while (left_-- > 0) {
      Real const gap = entrants.dot(vector(1 - here.profit.array())) / total;
      Real const barrier = gap * total / static_cast<double>(n) / 10;
      auto const now = conditions(here, entrants, barrier);
      if (gap <= close && now.gap.head(n).norm() <= close * total) return true;
      vector const step = -now.slopes.partialPivLu().solve(now.gap);
      if (!step.allFinite()) return false;
      Real length(1);
      for (Eigen::Index i = 0; i < n; ++i) {
        if (step[n + i] < 0) length = std::min(length, Real(Real(0.99) * entrants[i] / -step[n + i]));
        if (Real const size = abs_of(step[i]); size * length > 2) length = 2 / size;
      }
      bool better = false;
      for (int halvings = 0; halvings < 60 && !better; ++halvings, length /= 2) {
        point next = at(vector(here.log_demand + length * step.head(n)));
        if (!(next.profit.maxCoeff() < 1)) continue;
        vector const more = entrants + length * step.tail(n);
        better = conditions(next, more, barrier).gap.norm() <= (1 - length / 100) * now.gap.norm();
        if (!better) continue;
        here = std::move(next);
        entrants = more;
      }
      if (!better) return false;
    }
    return false;
  }

  /// Newton's method on E_i = 1 where firms enter and m_i = 0 elsewhere; which is which is judged anew at each step, so
  /// that a country at the margin may change sides. @return whether the conditions hold
  [[nodiscard]] bool finish(point& here, vector& entrants) {
    auto const n = entrants.size();
    Real const total = market_.sum();
    for (int k = 0; k < 20 && left_-- > 0; ++k) {
      auto now = conditions(here, entrants, Real(0));
      for (Eigen::Index i = 0; i < n; ++i) {
        now.slopes.row(n + i).setZero();
        if (entrants[i] / total > 1 - here.profit[i]) {
          now.gap[n + i] = here.profit[i] - 1;
          now.slopes.row(n + i).head(n) = here.first.row(i);
        } else {
          now.gap[n + i] = entrants[i] / total;
          now.slopes(n + i, n + i) = 1 / total;
        }
      }
      vector const step = -now.slopes.partialPivLu().solve(now.gap);
      if (!step.allFinite()) return false;
      here = at(vector(here.log_demand + step.head(n)));
      entrants += step.tail(n);
      if (now.gap.head(n).norm() > tolerance() * total || now.gap.tail(n).norm() > tolerance()) continue;
      for (Eigen::Index i = 0; i < n; ++i) {
        if (entrants[i] / total <= 1 - here.profit[i]) entrants[i] = Real(0);
      }
      return here.profit.maxCoeff() <= 1 + tolerance() && entrants.minCoeff() >= 0;
    }
    return false;
  }

  [[nodiscard]] static Real tolerance() { return 4096 * epsilon<Real>(); }

  Prospects const& prospects_;
  vector market_;
  int left_, budget_;
};

/// @param start   ln A to begin with
/// @param market  spending on the sector over (elasticity times entry cost), by country
template <real Real, class Prospects>
[[nodiscard]] entry_solution<Real> solve_entry(Prospects const& prospects, Eigen::VectorX<Real> const& start,
                                               Eigen::VectorX<Real> const& market, world_options const& how) {
  return entry_solver<Real, Prospects>(prospects, market, how.max_iterations).solve(start);
}

}  // namespace detail
}  // namespace melitz
