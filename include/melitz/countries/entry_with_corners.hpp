// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/countries/entry_program.hpp>
#include <melitz/countries/options.hpp>
#include <melitz/countries/results.hpp>
#include <melitz/error.hpp>
#include <melitz/numerics/real.hpp>

#include <Eigen/LU>
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace melitz {

namespace detail {

template <real Real>
struct entry_solution {
  status reason = status::not_solved;
  Eigen::VectorX<Real> u{};            ///< by market: ln A where profit is linear in the demand shifter A
  Eigen::VectorX<Real> profit{};       ///< over the cost of entry: 1, or less where nobody enters
  Eigen::VectorX<Real> entrants{};     ///< times the cost of entry; 0 where entry does not pay
  bool determined = false;             ///< where firms enter; not if entry pays in countries whose firms sell alike
  Real residual = not_a_number<Real>;  ///< of all conditions, each over its larger side, the largest
  int evaluations = 0;                 ///< steps

  [[nodiscard]] explicit operator bool() const noexcept { return reason == status::converged; }
};

/// Entry in several countries whose firms sell in all of them: u by market and masses of entrants m >= 0 with
///   E_i(u) <= 1, with equality where m_i > 0;   sum_i m_i dE_i/du_j = W_j'(u_j).
///
/// These are the conditions of a convex program, to maximise sum_j W_j(u_j) subject to E_i(u) <= 1, with W concave and
/// every E_i convex and increasing. Hence there is one u, whatever the law. With demand shifters A, where E is the
/// expectation of a maximum of functions linear in them, u is ln A and W_j linear: its slope is spending.
/// An interior point method solves it from anywhere: Mehrotra's, in (u, m) and slacks s that are to become 1 - E_i, on
/// a path m_i s_i -> 0 that is weighted by how many entrants a country can have, so that small countries are as near
/// the path as large ones. At its end the larger of m_i and s_i says who enters. A step solves one system in u and one
/// in m, of N equations each; the first is diagonal where the curvature of all E_i is.
template <real Real, class Prospects, class Objective>
class entry_solver {
 public:
  using vector = Eigen::VectorX<Real>;
  using matrix = Eigen::MatrixX<Real>;

  /// @param prospects  of country i's entrants at given u: entrant_prospects
  /// @param objective  W: as linear_objective
  entry_solver(Prospects const& prospects, Objective const& objective, int max_evaluations)
      : prospects_(prospects),
        objective_(objective),
        size_(objective.size()),
        left_(max_evaluations),
        budget_(max_evaluations) {}

  [[nodiscard]] entry_solution<Real> solve(vector const& start) {
    entry_solution<Real> out;
    point here = at(start);
    vector entrants = balanced(here);
    bool const found = interior_point(here, entrants);
    out.evaluations = budget_ - std::max(left_, 0);
    if (!found) {
      out.reason = !here.profit.allFinite() ? status::not_finite
                   : left_ > 0              ? status::not_covered
                                            : status::iteration_limit;
      return out;
    }
    out.reason = status::converged;
    out.u = here.u;
    out.profit = here.profit;
    out.entrants = entrants;
    out.residual = residual(here, entrants);
    auto pays = entrants.size();
    for (Eigen::Index i = 0; i < entrants.size(); ++i) {
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
  static constexpr bool diagonal = curvature_type::IsVectorAtCompileTime;

  struct point {
    vector u, profit;
    matrix first;                           ///< (country, market)
    std::vector<curvature_type> curvature;  ///< of each country
    vector slopes;                          ///< of the objective
  };

  [[nodiscard]] point at(vector const& u) const {
    auto const n = u.size();
    point out{u, vector(n), matrix(n, n), {}, objective_.slopes(u)};
    out.curvature.reserve(static_cast<std::size_t>(n));
    for (Eigen::Index i = 0; i < n; ++i) {
      auto p = prospects_(i, u);
      out.profit[i] = p.profit;
      out.first.row(i) = p.by_market.transpose();
      out.curvature.push_back(std::move(p.curvature));
    }
    return out;
  }

  [[nodiscard]] static Real highest(vector const& v) { return v.template lpNorm<Eigen::Infinity>(); }

  /// How far each market's account is open, over its larger side.
  [[nodiscard]] vector market_gap(point const& p, vector const& entrants) const {
    return vector(p.first.transpose() * entrants - p.slopes).cwiseQuotient(size_);
  }

  /// How far the conditions are from holding. @pre no entrants where entry does not pay
  [[nodiscard]] Real residual(point const& p, vector const& entrants) const {
    Real out = highest(market_gap(p, entrants));
    for (Eigen::Index i = 0; i < entrants.size(); ++i) {
      Real const more = p.profit[i] - 1;
      out = std::max({out, more, entrants[i] > 0 ? Real(-more) : Real(0)});
    }
    return out;
  }

  /// How many entrants a country can have: no more than would serve some market alone.
  [[nodiscard]] vector most_entrants(matrix const& first) const {
    vector out = vector::Constant(size_.size(), size_.maxCoeff());
    for (Eigen::Index i = 0; i < out.size(); ++i) {
      Real const share = vector(first.row(i).transpose()).cwiseQuotient(size_).maxCoeff();
      if (share > 0) out[i] = 1 / share;
    }
    return out;
  }

  /// Entrants that serve all markets about as much as they are to be served, whatever E_i: Lucy's and Richardson's
  /// iteration for sum_i m_i dE_i/du_j = size_j. Far from that the first steps would be short.
  [[nodiscard]] vector balanced(point const& p) const {
    matrix const& first = p.first;
    vector const least = most_entrants(first) / (100 * static_cast<double>(size_.size()));
    Real const none = std::numeric_limits<Real>::min();
    vector const all = vector(first.rowwise().sum()).cwiseMax(none);
    vector out = 100 * least;
    for (int k = 0; k < 10; ++k) {
      vector const served = vector(first.transpose() * out).cwiseMax(none);
      out = out.cwiseProduct(vector(first * size_.cwiseQuotient(served))).cwiseQuotient(all);
    }
    return out.cwiseMax(least).cwiseProduct(p.profit.cwiseMin(Real(1)).cwiseMax(Real(1e-6)));
  }

  struct newton_step {
    vector u, entrants;
    [[nodiscard]] bool finite() const { return u.allFinite() && entrants.allFinite(); }
  };

  /// Newton's equations in (u, m), factorised: those of the markets, sum_i m_i dE_i/du_j = W_j', and those of the
  /// countries, whose derivatives by u are -dE_i and by m `of_entrants`. With H the second derivatives by u,
  /// du = -H^-1 (gap + dE' dm), put into the rest.
  class newton_equations {
   public:
    newton_equations(entry_solver const& solver, point const& p, vector const& entrants, vector const& of_entrants)
        : first_(p.first), size_(solver.size_) {
      curvature_type h = entrants[0] * p.curvature[0];
      for (Eigen::Index i = 1; i < entrants.size(); ++i) h += entrants[i] * p.curvature[static_cast<std::size_t>(i)];
      vector const bend = solver.objective_.curvature(p.u);
      if constexpr (diagonal) {
        inverse_ = (h - bend).cwiseInverse();
        by_entrants_ = inverse_.asDiagonal() * p.first.transpose();
      } else {
        h.diagonal() -= bend;
        inverse_.compute(h);
        by_entrants_ = inverse_.solve(p.first.transpose());
      }
      matrix system = first_ * by_entrants_;
      system.diagonal() += of_entrants;
      system_.compute(system);
    }

    /// @param market_gap  over the size of the market
    [[nodiscard]] newton_step solve(vector const& market_gap, vector const& country_gap) const {
      vector by_gap = size_.cwiseProduct(market_gap);
      if constexpr (diagonal) {
        by_gap = inverse_.cwiseProduct(by_gap);
      } else {
        by_gap = inverse_.solve(by_gap).eval();
      }
      newton_step out;
      out.entrants = system_.solve(vector(-country_gap - first_ * by_gap));
      out.u = -by_gap - by_entrants_ * out.entrants;
      return out;
    }

   private:
    std::conditional_t<diagonal, vector, Eigen::PartialPivLU<matrix>> inverse_;
    matrix by_entrants_;
    matrix const& first_;
    vector const& size_;
    Eigen::PartialPivLU<matrix> system_;
  };

  /// How far from the path: a market that is served too much or too little and profits that are too high count by
  /// their logarithms, since that is how they fall.
  [[nodiscard]] static Real distance(vector const& gap, vector const& misses) {
    using std::abs, std::log1p;
    Real out(0);
    for (Eigen::Index i = 0; i < gap.size(); ++i) {
      Real const market = abs(log1p(std::max(gap[i], Real(-0.9999))));
      Real const country = misses[i] > 0 ? Real(log1p(misses[i])) : Real(-misses[i]);
      if (!is_finite(market) || !is_finite(country)) return infinity<Real>;
      out = std::max({out, market, country});
    }
    return out;
  }

  /// The program from anywhere. The slacks keep their sign, E_i <= 1 may be broken on the way. @return whether it is
  /// solved
  [[nodiscard]] bool interior_point(point& here, vector& entrants) {
    auto const n = entrants.size();
    vector slack = (1 - here.profit.array()).max(Real(0.1));
    Real allowed(0), least = infinity<Real>;
    point found;
    vector masses;
    bool blocked = false;  // the last step was very short
    vector weight = most_entrants(here.first);
    for (;;) {
      auto const mean = [&](vector const& m, vector const& s) {
        return Real(m.cwiseProduct(s).cwiseQuotient(weight).mean());
      };
      vector const gap = market_gap(here, entrants), misses = here.profit.array() + slack.array() - 1;
      Real const barrier = mean(entrants, slack), off = distance(gap, misses);
      // The nearer the end, the closer a step may lead to the boundary: the last ones are as good as Newton's.
      Real const rounding = root_of_epsilon<2, Real>(), margin = std::clamp(Real(barrier + off), rounding, Real(0.01));
      if (margin == rounding) {
        vector const entering = (entrants.cwiseQuotient(weight).array() > slack.array()).select(entrants, Real(0));
        Real const open = residual(here, entering);
        bool const last = least <= tolerance();  // one step after the accounts close the rest is rounding
        if (open <= std::min(least, tolerance())) {
          found = here;
          masses = entering;
          least = open;
        }
        if (last) break;
      }
      if (left_-- <= 0) return false;
      newton_equations const equations(*this, here, entrants, slack.cwiseQuotient(entrants));
      auto const toward = [&](vector const& products) {
        return equations.solve(gap, vector(slack - misses - products.cwiseQuotient(entrants)));
      };
      auto const slack_step = [&](newton_step const& step) { return vector(-misses - here.first * step.u); };
      auto const reach = [&](newton_step const& step, vector const& slacks) {
        Real length = infinity<Real>;
        for (Eigen::Index i = 0; i < n; ++i) {
          if (step.entrants[i] < 0) length = std::min(length, Real(entrants[i] / -step.entrants[i]));
          if (slacks[i] < 0) length = std::min(length, Real(slack[i] / -slacks[i]));
        }
        return length;
      };
      // Mehrotra: how far the step without a barrier gets says how large a barrier to aim at, and how it bends.
      vector products = Real(0.7) * barrier * weight;  // back to the middle of the path
      if (!blocked) {
        auto const straight = toward(vector::Zero(n));
        if (!straight.finite()) break;
        vector const slacks = slack_step(straight);
        Real const length = std::min(Real(1), reach(straight, slacks));
        Real const left = mean(entrants + length * straight.entrants, slack + length * slacks) / barrier;
        products = std::max(Real(left * left * left), Real(margin / 100)) * barrier * weight -
                   straight.entrants.cwiseProduct(slacks);
      }
      auto const step = toward(products);
      if (!step.finite()) break;
      vector const slacks = slack_step(step);
      Real length = std::min(Real(1), Real((1 - margin) * reach(step, slacks)));
      if (Real const far = highest(step.u.cwiseQuotient(objective_.unit(here.u))); far * length > 2) length = 2 / far;
      // A step may lead away from the path a little, ever less so: past a kink of what firms earn, short steps get
      // nowhere.
      allowed = Real(0.9) * (allowed > 0 ? allowed : std::min(off, Real(1)));
      bool better = false;
      for (int halvings = 0; halvings < 40; ++halvings, length /= 2) {
        point next = at(vector(here.u + length * step.u));
        vector const most = most_entrants(next.first);
        vector const more = (entrants + length * step.entrants).cwiseMin(Objective::crowding * most);
        vector const spare = slack + length * slacks;
        Real const near = distance(market_gap(next, more), vector(next.profit.array() + spare.array() - 1));
        better = near <= std::max({Real((1 - length / 100) * off), allowed, std::min(mean(more, spare), Real(1))});
        if (!better) continue;
        here = std::move(next);
        entrants = more;
        slack = spare;
        weight = most;
        break;
      }
      if (!better) break;
      blocked = length < Real(0.03) && !blocked;
    }
    if (!(least <= tolerance())) return false;
    here = std::move(found);
    entrants = masses;
    return true;
  }

  [[nodiscard]] static Real tolerance() { return open_account<Real>(); }

  Prospects const& prospects_;
  Objective objective_;
  vector size_;
  int left_, budget_;
};

/// @param prospects  of country i's entrants at given u: entrant_prospects
/// @param start      u to begin with
/// @param objective  W: see entry_solver
template <real Real, class Prospects, class Objective>
[[nodiscard]] entry_solution<Real> solve_entry(Prospects const& prospects, Eigen::VectorX<Real> const& start,
                                               Objective const& objective, entry_options const& how) {
  return entry_solver<Real, Prospects, Objective>(prospects, objective, how.max_evaluations).solve(start);
}

/// That it is known where firms enter, and that they do so everywhere unless that is not asked for.
/// @param where  in messages
/// @pre the entry is solved  @throws domain_error
template <class Where, real Real>
void require_entry(Where const& where, entry_solution<Real> const& entry, entry_options const& how) {
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
