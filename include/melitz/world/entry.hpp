// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/numerics/real.hpp>

#include <Eigen/LU>
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace melitz {

/// How to solve for entry in several countries at once.
struct world_options {
  bool allow_no_entrants = false;  ///< accept equilibria in which nobody enters in some country; else they are refused
  int max_iterations = 100;        ///< Newton steps, at most; of each world that is solved on the way
  bool continuation = true;        ///< where wages are not found from autarky, follow them from dearer trade
};

namespace detail {

/// What an entrant of one country expects, over the cost of entry, and how that answers to the unknowns u of the
/// markets.
///
/// @tparam Curvature  a matrix; a vector, its diagonal, where what is earned in one market depends on no other
template <real Real, class Curvature = Eigen::MatrixX<Real>>
struct entrant_prospects {
  using curvature_type = Curvature;

  Real profit;
  Eigen::VectorX<Real> by_market;  ///< first derivatives
  Curvature curvature;             ///< second derivatives
};

/// A separable objective that is linear: sum_j market_j u_j. Others have the same two members.
template <real Real>
struct linear_objective {
  Eigen::VectorX<Real> market;

  [[nodiscard]] Eigen::VectorX<Real> slopes(Eigen::VectorX<Real> const&) const { return market; }
  /// Second derivatives by u_j, at most 0.
  [[nodiscard]] Eigen::VectorX<Real> curvature(Eigen::VectorX<Real> const& u) const {
    return Eigen::VectorX<Real>::Zero(u.size());
  }
};

template <real Real>
struct entry_solution {
  status reason = status::not_solved;
  Eigen::VectorX<Real> u{};         ///< by market: ln A where profit is linear in the demand shifter A
  Eigen::VectorX<Real> profit{};    ///< over the cost of entry: 1, or less where nobody enters
  Eigen::VectorX<Real> entrants{};  ///< times the cost of entry; 0 where entry does not pay
  bool determined = false;          ///< where firms enter; not if entry pays in countries whose firms sell alike
  Real residual = not_a_number<Real>;
  int iterations = 0;

  [[nodiscard]] explicit operator bool() const noexcept { return reason == status::converged; }
};

/// Entry in several countries whose firms sell in all of them: u by market and masses of entrants m >= 0 with
///   E_i(u) <= 1, with equality where m_i > 0;   sum_i m_i dE_i/du_j = W_j'(u_j).
///
/// These are the conditions of a convex program, to maximise sum_j W_j(u_j) subject to E_i(u) <= 1, with W concave and
/// every E_i convex and increasing. Hence there is one u, whatever the law. With demand shifters A, where E is the
/// expectation of a maximum of functions linear in them, u is ln A and W_j linear: its slope is spending.
/// The first try is Newton's method on E_i = 1 for all i, a few steps where all countries have entrants; should it
/// fail, or some m_i be negative, an interior point method on the program says where entry pays, and Newton's method on
/// the conditions finishes. A step solves one system in u and one in m, of N equations each; the first is diagonal
/// where the curvature of all E_i is.
template <real Real, class Prospects, class Objective>
class entry_solver {
 public:
  using vector = Eigen::VectorX<Real>;
  using matrix = Eigen::MatrixX<Real>;

  /// @param prospects  of country i's entrants at given u: entrant_prospects
  /// @param objective  its slopes W_j' and their derivatives, as linear_objective has them
  entry_solver(Prospects const& prospects, Objective const& objective, int max_iterations)
      : prospects_(prospects), objective_(objective), left_(max_iterations), budget_(max_iterations) {}

  [[nodiscard]] entry_solution<Real> solve(vector const& start) {
    auto const n = start.size();
    entry_solution<Real> out;
    point here = at(start);
    total_ = here.slopes.cwiseAbs().sum();
    point const first_try = here;
    bool found = newton(here);
    vector entrants;
    if (found) {
      entrants = here.first.transpose().partialPivLu().solve(here.slopes);
      found = entrants.allFinite() && entrants.minCoeff() >= 0;
    }
    if (!found) {
      here = first_try;
      found = solve_program(here, entrants);
    }
    out.iterations = budget_ - std::max(left_, 0);
    if (!found) {
      out.reason = left_ > 0 && !here.profit.allFinite() ? status::not_finite : status::iteration_limit;
      return out;
    }
    out.reason = status::converged;
    out.u = here.u;
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
  using curvature_type = typename std::invoke_result_t<Prospects const&, Eigen::Index, vector const&>::curvature_type;

  struct point {
    vector u, profit;
    matrix first;                           ///< (country, market)
    std::vector<curvature_type> curvature;  ///< of each country
    vector slopes;                          ///< of the objective
  };

  [[nodiscard]] static Real abs_of(Real const& x) { return x < 0 ? Real(-x) : x; }

  [[nodiscard]] point at(vector const& u) const {
    auto const n = u.size();
    point out{u, vector(n), matrix(n, n), {}, objective_.slopes(u)};
    for (Eigen::Index i = 0; i < n; ++i) {
      auto p = prospects_(i, u);
      out.profit[i] = p.profit;
      out.first.row(i) = p.by_market.transpose();
      out.curvature.push_back(std::move(p.curvature));
    }
    return out;
  }

  /// Damped Newton on ln E_i = 0, steps of at most 2 in u. @return whether the conditions hold
  [[nodiscard]] bool newton(point& here) {
    auto const error = [](point const& p) { return vector(p.profit.array().log()); };
    vector gap = error(here);
    while (gap.allFinite() && gap.template lpNorm<Eigen::Infinity>() > 8 * epsilon<Real>() && left_-- > 0) {
      matrix const slopes = here.profit.cwiseInverse().asDiagonal() * here.first;
      vector step = -slopes.partialPivLu().solve(gap);
      if (!step.allFinite()) break;
      if (Real const size = step.template lpNorm<Eigen::Infinity>(); size > 2) step *= 2 / size;
      Real const before = gap.norm();
      bool better = false;
      for (Real length(1); length > Real(0.1) && !better; length /= 2) {  // shorter steps lead nowhere
        point next = at(vector(here.u + length * step));
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

  /// Equations in (u, m): first those of the markets, sum_i m_i dE_i/du_j = W_j', then one for each country, whose
  /// derivatives by u are `rows` and by m `diagonal`.
  struct equations {
    vector market_gap, country_gap;
    matrix rows;
    vector diagonal;
  };

  [[nodiscard]] vector market_gap(point const& p, vector const& entrants) const {
    return p.first.transpose() * entrants - p.slopes;
  }

  /// m_i s_i = barrier, with slacks s that are to become 1 - E_i and are put in for them.
  [[nodiscard]] equations central(point const& p, vector const& entrants, vector const& slack,
                                  Real const& barrier) const {
    vector const misses = p.profit.array() + slack.array() - 1;
    return {market_gap(p, entrants), vector(entrants.cwiseProduct(slack - misses).array() - barrier),
            matrix(-(entrants.asDiagonal() * p.first)), slack};
  }
  /// How far that is from holding. A slack that misses counts as much as the average country's entrants would make of
  /// it, so that steps do not shrink with the number of countries.
  [[nodiscard]] Real distance(point const& p, vector const& entrants, vector const& slack, Real const& barrier) const {
    using std::sqrt;
    vector const misses = p.profit.array() + slack.array() - 1;
    Real const weight = total_ * total_ / static_cast<double>(misses.size());
    return Real(sqrt(Real(market_gap(p, entrants).squaredNorm() + weight * misses.squaredNorm() +
                          (entrants.cwiseProduct(slack).array() - barrier).matrix().squaredNorm())));
  }

  struct newton_step {
    vector u, entrants;
    [[nodiscard]] bool finite() const { return u.allFinite() && entrants.allFinite(); }
  };

  /// The step of Newton's method: with H the second derivatives by u, du = -H^-1 (gap + dE' dm), put into the rest.
  [[nodiscard]] newton_step step_of(point const& p, vector const& entrants, equations const& e) const {
    curvature_type h = entrants[0] * p.curvature[0];
    for (Eigen::Index i = 1; i < entrants.size(); ++i) h += entrants[i] * p.curvature[static_cast<std::size_t>(i)];
    vector const bend = objective_.curvature(p.u);
    matrix both(entrants.size(), entrants.size() + 1);
    both << p.first.transpose(), e.market_gap;
    if constexpr (curvature_type::IsVectorAtCompileTime) {
      both = vector(h - bend).cwiseInverse().asDiagonal() * both;
    } else {
      h.diagonal() -= bend;
      both = h.partialPivLu().solve(both).eval();
    }
    auto const by_entrants = both.leftCols(entrants.size());
    matrix system = -e.rows * by_entrants;
    system.diagonal() += e.diagonal;
    newton_step out;
    out.entrants = system.partialPivLu().solve(e.rows * both.rightCols(1) - e.country_gap);
    out.u = -both.rightCols(1) - by_entrants * out.entrants;
    return out;
  }

  /// The program from within: first to where it shows who enters, and further if it has not. @return whether it is
  /// solved
  [[nodiscard]] bool solve_program(point& here, vector& entrants) {
    while (left_ > 0 && !(here.profit.maxCoeff() < Real(0.9))) {  // until nobody wants to enter
      if (!here.profit.allFinite()) return false;
      // Newton's method on the profit that is highest, along the diagonal: convex, so it never goes too far.
      Eigen::Index most = 0;
      Real const highest = here.profit.maxCoeff(&most), slope = here.first.row(most).sum();
      if (!(slope > 0)) return false;
      here = at(vector(here.u.array() - (highest - Real(0.8)) / slope));
    }
    entrants = vector::Constant(here.u.size(), Real(here.slopes.cwiseAbs().sum() / here.first.sum()));
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

  /// Follows the program's central path until it is nearly solved. The slacks keep their sign, E_i <= 1 may be broken
  /// on the way: steps that must keep it become short. @return whether it got there
  [[nodiscard]] bool interior_point(Real const& close, point& here, vector& entrants) {
    auto const n = entrants.size();
    vector slack = (1 - here.profit.array()).max(close);
    while (left_-- > 0) {
      Real const gap = entrants.dot(slack) / total_, misses = vector(here.profit.array() + slack.array() - 1).norm();
      Real const off = std::max(Real(market_gap(here, entrants).norm() / total_), misses);
      if (gap <= close && off <= close) return true;
      // The barrier does not run ahead of the conditions, or else steps shrink at the edge of what is positive.
      Real const barrier = std::max(gap, std::min(off, Real(1))) * total_ / static_cast<double>(n) / 10;
      auto const step = step_of(here, entrants, central(here, entrants, slack, barrier));
      if (!step.finite()) return false;
      vector const slack_step = 1 - here.profit.array() - slack.array() - (here.first * step.u).array();
      Real length(1);
      for (Eigen::Index i = 0; i < n; ++i) {
        if (step.entrants[i] < 0) length = std::min(length, Real(Real(0.99) * entrants[i] / -step.entrants[i]));
        if (slack_step[i] < 0) length = std::min(length, Real(Real(0.99) * slack[i] / -slack_step[i]));
        if (Real const change = abs_of(step.u[i]); change * length > 2) length = 2 / change;
      }
      Real const before = distance(here, entrants, slack, barrier);
      bool better = false;
      for (int halvings = 0; halvings < 60 && !better; ++halvings, length /= 2) {
        point next = at(vector(here.u + length * step.u));
        vector const more = entrants + length * step.entrants, spare = slack + length * slack_step;
        better = distance(next, more, spare, barrier) <= (1 - length / 100) * before;
        if (!better) continue;
        here = std::move(next);
        entrants = more;
        slack = spare;
      }
      if (!better) return false;
    }
    return false;
  }

  /// Newton's method on E_i = 1 where firms enter and m_i = 0 elsewhere; which is which is judged anew at each step, so
  /// that a country at the margin may change sides. @return whether the conditions hold
  [[nodiscard]] bool finish(point& here, vector& entrants) {
    auto const n = entrants.size();
    for (int k = 0; k < 20 && left_-- > 0; ++k) {
      equations now{market_gap(here, entrants), vector(n), matrix::Zero(n, n), vector::Zero(n)};
      for (Eigen::Index i = 0; i < n; ++i) {
        if (entrants[i] / total_ > 1 - here.profit[i]) {
          now.country_gap[i] = here.profit[i] - 1;
          now.rows.row(i) = here.first.row(i);
        } else {
          now.country_gap[i] = entrants[i] / total_;
          now.diagonal[i] = 1 / total_;
        }
      }
      auto const step = step_of(here, entrants, now);
      if (!step.finite()) return false;
      here = at(vector(here.u + step.u));
      entrants += step.entrants;
      if (now.market_gap.norm() > tolerance() * total_ || now.country_gap.norm() > tolerance()) continue;
      for (Eigen::Index i = 0; i < n; ++i) {
        if (entrants[i] / total_ <= 1 - here.profit[i]) entrants[i] = Real(0);
      }
      return here.profit.maxCoeff() <= 1 + tolerance() && entrants.minCoeff() >= 0;
    }
    return false;
  }

  [[nodiscard]] static Real tolerance() { return 4096 * epsilon<Real>(); }

  Prospects const& prospects_;
  Objective objective_;
  Real total_{0};  ///< size of the objective's slopes
  int left_, budget_;
};

/// @param prospects  of country i's entrants at given u: entrant_prospects
/// @param start      u to begin with
/// @param objective  W: see entry_solver
template <real Real, class Prospects, class Objective>
[[nodiscard]] entry_solution<Real> solve_entry(Prospects const& prospects, Eigen::VectorX<Real> const& start,
                                               Objective const& objective, world_options const& how) {
  return entry_solver<Real, Prospects, Objective>(prospects, objective, how.max_iterations).solve(start);
}

/// That it is known where firms enter, and that they do so everywhere unless that is not asked for.
/// @param where  in messages
/// @pre the entry is solved  @throws domain_error
template <real Real>
void require_entry(std::string const& where, entry_solution<Real> const& entry, world_options const& how) {
  if (!entry.determined) {
    throw domain_error(
        where, "where firms enter", "undetermined",
        "be determined: in some countries they serve all markets alike and could as well be from another");
  }
  for (Eigen::Index i = 0; i < entry.entrants.size() && !how.allow_no_entrants; ++i) {
    auto const name = "expected profit over entry cost in country " + std::to_string(i);
    require(entry.entrants[i] > 0, where, name.c_str(), entry.profit[i],
            "be 1: nobody enters there, which allow_no_entrants accepts");
  }
}

}  // namespace detail
}  // namespace melitz
