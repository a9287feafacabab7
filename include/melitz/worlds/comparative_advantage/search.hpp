// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/countries/results.hpp>
#include <melitz/error.hpp>
#include <melitz/numerics/real.hpp>
#include <melitz/worlds/comparative_advantage/conditions.hpp>

#include <Eigen/LU>
#include <algorithm>
#include <array>
#include <cmath>

namespace melitz::detail {

/// Finds where the conditions of two countries hold: by Newton's method from where it is led, with all entering; where
/// that fails, or nobody is left in an industry, by following the solution from much congestion to none. Along that
/// path all enter, and it shows whose masses vanish. Newton's method without these finishes, and is done when entry
/// does not pay for them.
template <real Real>
class trading_search {
 public:
  using conditions_type = trading_conditions<Real>;
  using matrix = typename conditions_type::matrix;
  using vector = Eigen::Matrix<Real, conditions_type::size, 1>;

  trading_search(conditions_type& conditions, int max_evaluations)
      : conditions_(conditions), left_(max_evaluations), budget_(max_evaluations) {}

  /// How far a condition is from holding at most where the search has ended, in logs.
  [[nodiscard]] Real residual() const { return largest(conditions_.gaps(Real(0), usual_)); }

  [[nodiscard]] int evaluations() const { return budget_ - std::max(left_, 0); }

  /// Newton's method alone, then after congestion. @param point  where to begin, and what was found; the conditions are
  /// then those there
  [[nodiscard]] bool run(trading_point<Real>& point) {
    usual_ = point.entrants;
    trading_point<Real> here = point;
    bool found = newton(here, Real(0), 20);
    if (!found) {
      here = point;
      found = newton(here, Real(1), 30) && thin_out(here, Real(1));
    }
    if (found) point = here;
    return found;
  }

  /// The same from countries by themselves that begin to trade.
  [[nodiscard]] status run_from_autarky(trading_point<Real>& point) {
    usual_ = point.entrants;
    if (!set_level(point)) return status::disconnected;
    for (double const congestion : {1.0, 10.0}) {
      trading_point<Real> here = point;
      if (!open_slowly(here, Real(congestion)) || !thin_out(here, Real(congestion))) continue;
      point = here;
      return status::converged;
    }
    return left_ > 0 ? status::not_covered : status::iteration_limit;
  }

 private:
  using gaps_type = typename conditions_type::gaps_type;

  [[nodiscard]] static Real largest(gaps_type const& gaps) {
    using std::abs;
    Real out(0);
    for (Real const& gap : gaps) {
      if (!is_finite(gap)) return infinity<Real>;
      out = std::max(out, Real(abs(gap)));
    }
    return out;
  }
  [[nodiscard]] static Real norm(gaps_type const& gaps) {
    using std::sqrt;
    Real out(0);
    for (Real const& gap : gaps) out += gap * gap;
    return is_finite(out) ? Real(sqrt(out)) : infinity<Real>;
  }
  [[nodiscard]] static vector step_for(matrix const& slopes, gaps_type const& gaps) {
    vector right;
    for (int k = 0; k < conditions_type::size; ++k) right[k] = -gaps[static_cast<std::size_t>(k)];
    return slopes.partialPivLu().solve(right);
  }
  [[nodiscard]] static trading_point<Real> moved(trading_point<Real> point, vector const& by, Real const& length) {
    for (int i = 0; i < 2; ++i) {
      for (int k = 0; k < 2; ++k) {
        point.demand[i][k] += length * by[conditions_type::demand_column(i, k)];
        point.entrants[i][k] += length * by[conditions_type::entrants_column(i, k)];
        if (int const column = conditions_type::wage_column(i, k); column >= 0) point.wage[i][k] += length * by[column];
      }
    }
    return point;
  }

  /// Whether Newton's next step leads to rounding.
  [[nodiscard]] static bool close_by(Real const& size) { return size < root_of_epsilon<2, Real>(); }

  [[nodiscard]] gaps_type evaluate(trading_point<Real> const& point, Real const& congestion) {
    --left_;
    conditions_.evaluate(point);
    return conditions_.gaps(congestion, usual_);
  }

  /// Steps of at most 3 in logs, shortened until the conditions come closer to holding.
  /// @return whether they hold up to rounding; the conditions are then those at the point
  [[nodiscard]] bool newton(trading_point<Real>& point, Real const& congestion, int steps) {
    auto gaps = evaluate(point, congestion);
    Real size = norm(gaps);
    if (!is_finite(size)) return false;
    while (size > 2 * epsilon<Real>()) {
      if (steps-- <= 0 || left_ <= 0) break;
      vector const by = step_for(conditions_.jacobian(congestion), gaps);
      Real const longest = by.template lpNorm<Eigen::Infinity>();
      if (!is_finite(longest)) return false;
      Real length = longest > 3 ? Real(3 / longest) : Real(1);
      bool better = false;
      int const shortest = close_by(size) ? 1 : 12;  // there a step that does not help has met rounding
      for (int halvings = 0; halvings < shortest && left_ > 0; ++halvings, length /= 2) {
        auto const next = moved(point, by, length);
        auto const there = evaluate(next, congestion);
        Real const reached = norm(there);
        if (!(reached < (1 - length / 20) * size)) continue;
        bool const last = close_by(size) && reached < 32 * epsilon<Real>();
        point = next;
        gaps = there;
        size = reached;
        if (last) return true;
        better = true;
        break;
      }
      if (!better) {  // back to where the conditions were left
        gaps = evaluate(point, congestion);
        break;
      }
    }
    return largest(gaps) <= open_account<Real>() / 8;
  }

  [[nodiscard]] trading_point<Real> dearer_than(trading_point<Real> point, Real const& by) const {
    for (int f = 0; f < 2; ++f) {
      point.wage[f][1] += by;
      point.demand[f][1] += conditions_.elasticity() * by;
    }
    return point;
  }

  /// Moves all values of country 1 to where the countries' exports are about as much, whatever they buy: a level that
  /// changes nothing in countries by themselves. @return whether both can export at once
  [[nodiscard]] bool set_level(trading_point<Real>& point) {
    trading_point<Real> const start = point;
    auto const sells_more = [&](Real const& by) {  // country 0
      --left_;
      conditions_.evaluate(dearer_than(start, by));
      return conditions_.exports(0) > conditions_.exports(1);
    };
    Real lower(-1), upper(1);
    while (sells_more(lower) && lower > -500) lower *= 2;
    while (!sells_more(upper) && upper < 500) upper *= 2;
    auto const both_sell = [&] { return conditions_.exports(0) > 0 && conditions_.exports(1) > 0; };
    bool found = false;
    while (upper - lower > (found ? Real(0.02) : Real(1e-10))) {  // where both do may be a narrow range
      Real const middle = (lower + upper) / 2;
      (sells_more(middle) ? upper : lower) = middle;
      if (!both_sell()) continue;
      found = true;
      point = dearer_than(start, middle);
    }
    return found;
  }

  /// From hardly any trade, where only payments tell wages of one country from those of the other, to all of it; with
  /// congestion, so that nobody leaves.
  [[nodiscard]] bool open_slowly(trading_point<Real>& here, Real const& congestion) {
    Real reach(-7), step(1);
    conditions_.open(reach);
    bool const found = newton(here, congestion, 60);
    while (found && reach < 0 && left_ > 0) {
      Real const next = std::min(Real(0), Real(reach + step));
      conditions_.open(next);
      trading_point<Real> there = here;
      if (newton(there, congestion, 20)) {
        here = there;
        reach = next;
        step *= 2;
      } else {
        step /= 4;
        if (step < Real(1e-4)) break;
      }
    }
    conditions_.open(Real(0));
    return found && reach == 0;
  }

  /// To less and less congestion, until those who enter are known.
  [[nodiscard]] bool thin_out(trading_point<Real>& here, Real congestion) {
    using std::sqrt;
    Real factor(0.25);
    while (left_ > 0 && congestion > Real(1e-7) && factor < Real(0.98)) {
      if (congestion < Real(0.6)) {
        trading_point<Real> without = here;
        conditions_.evaluate(here);
        if (finish(without)) {
          here = without;
          return true;
        }
      }
      Real const next = congestion * factor;
      trading_point<Real> there = predicted(here, Real(congestion / next));
      if (newton(there, next, 30)) {
        here = there;
        congestion = next;
        factor = std::max(Real(factor * factor), Real(0.1));
      } else {
        factor = sqrt(factor);
      }
    }
    return false;
  }

  /// Whether nobody who stays out could earn the cost of entry.
  [[nodiscard]] bool settled(trading_point<Real> const& point) const {
    for (int i = 0; i < 2; ++i) {
      for (int k = 0; k < 2; ++k) {
        if (!point.enters[i][k] && conditions_.log_entry_value(i, k) > open_account<Real>() / 8) return false;
      }
    }
    return true;
  }

  /// Without those for whom entry pays so little that they are ever fewer.
  [[nodiscard]] bool finish(trading_point<Real>& point) {
    for (int i = 0; i < 2; ++i) {
      if (!(conditions_.revenue(i, 0) > 0 || conditions_.revenue(i, 1) > 0)) return false;
      for (int k = 0; k < 2; ++k) {
        Real const total = conditions_.revenue(i, 0) + conditions_.revenue(i, 1);
        point.enters[i][k] =
            !(point.entrants[i][k] < usual_[i][k] - 4 && conditions_.revenue(i, k) < Real(0.05) * total);
      }
    }
    for (int tries = 0; tries < 4; ++tries) {
      trading_point<Real> trial = point;
      if (!newton(trial, Real(0), 15)) return false;
      if (settled(trial)) {
        point = trial;
        return true;
      }
      for (int i = 0; i < 2; ++i) {
        for (int k = 0; k < 2; ++k) {
          if (!trial.enters[i][k] && conditions_.log_entry_value(i, k) > 0) point.enters[i][k] = true;
        }
      }
    }
    return false;
  }

  /// With so many times less congestion masses are as many times further, in logs, from the usual ones where these are
  /// far.
  [[nodiscard]] trading_point<Real> predicted(trading_point<Real> point, Real const& times) const {
    for (int i = 0; i < 2; ++i) {
      for (int k = 0; k < 2; ++k) {
        Real& entrants = point.entrants[i][k];
        if (entrants < usual_[i][k] - 2) entrants = usual_[i][k] + (entrants - usual_[i][k]) * times;
      }
    }
    return point;
  }

  conditions_type& conditions_;
  two_by_two<Real> usual_{};
  int left_, budget_;
};

}  // namespace melitz::detail
