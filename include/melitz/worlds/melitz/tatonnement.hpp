// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/numerics/real.hpp>
#include <melitz/worlds/melitz/world_conditions.hpp>

#include <Eigen/LU>
#include <algorithm>
#include <cmath>
#include <utility>

namespace melitz::detail {

/// From far away to near a solution of a world without deficits: wages rise where the world pays a country more than
/// its income, and masses of entrants where entry pays more than it costs, while all goods markets clear,
///   dm_i/dt = ln(free entry),   sigma du_i/dt = ln(income),
/// in implicit steps that become Newton's as they lengthen. The wage of the country with the largest income stands
/// still: it gets its income if all others do.
///
/// Where laws have thin tails, or countries differ by many orders of magnitude in size, what is sold at given demand
/// changes by as many; with markets cleared it goes about with the masses of those who sell.
template <real Real>
class world_tatonnement {
 public:
  using vector = Eigen::VectorX<Real>;
  using matrix = Eigen::MatrixX<Real>;

  explicit world_tatonnement(world_pairs<Real> const& pairs) : pairs_(pairs), n_(pairs.countries()) {}

  /// @param point  where to begin, and what was reached
  /// @param left   steps that may be tried, less those that were
  /// @return whether the conditions nearly hold
  [[nodiscard]] bool solve(world_point<Real>& point, int& left) const {
    vector gap, next_gap;
    if (!clear_markets(point, gap)) return false;
    Real inertia(1);  // of wages and masses: 1 over the length of the step
    while (left-- > 0 && inertia < Real(1e8)) {
      if (gap.template lpNorm<Eigen::Infinity>() < Real(1e-5)) return true;
      vector const step = step_from(point, gap, inertia);
      Real const longest =
          std::max(step.head(n_).template lpNorm<Eigen::Infinity>(), step.tail(n_).template lpNorm<Eigen::Infinity>());
      if (!(longest <= 3)) {
        inertia = std::max(Real(inertia * std::min(longest, Real(10))), Real(1e-3));
        continue;
      }
      world_point<Real> next{point.log_wage + step.head(n_), point.log_demand + step.segment(n_, n_),
                             point.log_entrants + step.tail(n_)};
      Real const first = next.log_wage[0];
      next.log_wage.array() -= first;  // the numeraire
      next.log_demand.array() -= Real(pairs_.economy().elasticity * first);
      Real const before = gap.norm();
      Real const reached = clear_markets(next, next_gap) ? Real(next_gap.norm()) : infinity<Real>;
      if (!(reached < Real(1.5) * before)) {  // it may rise for a while
        inertia = std::max(Real(8 * inertia), Real(0.01));
        continue;
      }
      inertia *= reached > before ? Real(2)
                 : longest > 1    ? Real(0.7)
                                  : std::clamp(Real(reached / before), Real(0.1), Real(0.5));
      point = std::move(next);
      std::swap(gap, next_gap);
    }
    return false;
  }

 private:
  [[nodiscard]] vector step_from(world_point<Real> const& point, vector const& gap, Real const& inertia) const {
    world_conditions<Real> const conditions(pairs_, point);
    vector const gaps = conditions.gaps(), entry = conditions.entry_shares();
    matrix slopes = conditions.jacobian(gaps, last_rows::labor);
    for (Eigen::Index i = 0; i < n_; ++i) {  // income has labour and free entry in it, see ratios
      slopes.row(2 * n_ + i) += entry[i] * slopes.row(i);
      slopes(2 * n_ + i, 2 * n_ + i) += entry[i] * gaps[i];
    }
    slopes = (ratios(conditions).cwiseInverse().asDiagonal() * slopes).eval();
    for (Eigen::Index i = 0; i < n_; ++i) {
      slopes(i, 2 * n_ + i) -= inertia;
      slopes(2 * n_ + i, i) -= Real(inertia * pairs_.economy().elasticity);
    }
    auto const spare = conditions.spare(last_rows::labor);
    slopes.row(2 * n_ + spare).setZero();
    slopes(2 * n_ + spare, spare) = Real(1);
    return slopes.partialPivLu().solve(-gap);
  }

  /// Finds demand at which what is sold in each market is what is spent there. The log of what is sold rises with that
  /// of demand, at least as fast: that is a bracket.
  /// @param gap  on return, the logs of the ratios  @return whether that was possible
  [[nodiscard]] bool clear_markets(world_point<Real>& point, vector& gap) const {
    using std::abs, std::log;
    vector low = vector::Constant(n_, -infinity<Real>), high = vector::Constant(n_, infinity<Real>);
    vector const entrants = point.log_entrants.array().exp();
    vector const spent = point.log_wage.array().exp() * pairs_.economy().labor.array();
    Real const enough = Real(1e-9);
    Real jump(1);
    for (int k = 0; k < 80; ++k, jump *= 2) {
      pairs_.evaluate(point.log_wage, point.log_demand, point.at);
      bool cleared = true;
      for (Eigen::Index j = 0; j < n_; ++j) {
        Real sold(0), slope(0);
        for (Eigen::Index i = 0; i < n_; ++i) {
          Real const weight = entrants[i] * pairs_.income(i, j), v = point.at.variable(i, j);
          sold += weight * v;
          slope += weight * (v + point.at.at_cutoff(i, j) / pairs_.power());
        }
        Real const excess = sold > 0 ? Real(log(Real(sold / spent[j]))) : -infinity<Real>;
        if (abs(excess) <= enough) continue;
        cleared = false;
        Real& b = point.log_demand[j];
        if (excess > 0) {
          high[j] = b;
          low[j] = std::max(low[j], Real(b - excess));
        } else {
          low[j] = b;
          high[j] = std::min(high[j], Real(b - excess));
        }
        Real const next = b - excess * sold / slope;
        if (next >= low[j] && next <= high[j]) {
          b = next;
        } else if (is_finite(low[j]) && is_finite(high[j])) {
          b = (low[j] + high[j]) / 2;
        } else {
          b += excess > 0 ? Real(-jump) : jump;
        }
      }
      if (!cleared) continue;
      world_conditions<Real> const conditions(pairs_, point);
      gap = ratios(conditions).array().log();
      gap[2 * n_ + conditions.spare(last_rows::labor)] = Real(0);
      return gap.allFinite();
    }
    return false;
  }

  /// Of free entry, goods markets, and income, in which workers in entry count as much as firms earn that pay for them.
  /// Where nobody sells anything they are not 0, whose log is no number.
  [[nodiscard]] vector ratios(world_conditions<Real> const& conditions) const {
    vector out = conditions.gaps();
    out.tail(n_) += conditions.entry_shares().cwiseProduct(out.head(n_));
    return (out.array() + 1).max(Real(1e-8));
  }

  world_pairs<Real> const& pairs_;
  Eigen::Index n_;
};

}  // namespace melitz::detail
