// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/countries/laws.hpp>
#include <melitz/error.hpp>
#include <melitz/law/tail_point.hpp>
#include <melitz/numerics/real.hpp>
#include <melitz/numerics/roots.hpp>
#include <melitz/tail/tail.hpp>
#include <melitz/worlds/chaney/sector.hpp>

#include <Eigen/Core>
#include <cmath>
#include <cstdint>
#include <tuple>
#include <utility>
#include <vector>

namespace melitz::detail {

/// The markets of one sector, with entrants given. Firms of country i sell in market j from the log productivity
/// k_ij + x_j on, where k_ij = ln(m w_i tau_ij) + ln(sigma f_ij)/(sigma - 1) is known and x_j, high where demand is
/// low, is not: x_j = -ln P_j - ln E_j/(sigma - 1), with E_j what consumers spend. They spend it on someone,
///   sum_i N_i sigma f_ij (J + S)_i(k_ij + x_j) = E_j,
/// and the left side falls in x_j, at least as fast as exp(-(sigma - 1) x_j).
template <productivity_tail Tail>
class chaney_markets {
 public:
  using Real = typename Tail::real_type;
  using vector = Eigen::VectorX<Real>;
  using matrix = Eigen::MatrixX<Real>;

  /// x_j, and what follows for profits.
  struct root {
    status reason = status::not_solved;
    Real x = not_a_number<Real>;
    Real rest = Real(0);    ///< to be added to x, too small for that
    bool marginal = false;  ///< firms of positive mass stand at a cutoff, and only some of them sell
    Real profits = not_a_number<Real>;
    Real elasticity = not_a_number<Real>;  ///< mean of trade elasticities, by sales: -dln E/dx; infinite if marginal
  };

  /// @param tails  of all countries, or of each
  chaney_markets(chaney_sector<Real> const& sector, vector const& wage, vector const& labor, std::vector<Tail> tails)
      : power_(sector.size_exponent()), fixed_cost_(sector.fixed_cost), tails_(std::move(tails)) {
    using std::log;
    auto const n = wage.size();
    log_cost_.setConstant(n, n, infinity<Real>);
    log_weight_.setConstant(n, n, -infinity<Real>);
    entrants_ = sector.entrants_per_labor_income * wage.cwiseProduct(labor);
    Real const log_markup = log(Real(sector.elasticity / power_));
    for (Eigen::Index i = 0; i < n; ++i) {
      for (Eigen::Index j = 0; j < n; ++j) {
        if (!is_finite(sector.iceberg_cost(i, j)) || !is_finite(sector.fixed_cost(i, j))) continue;
        Real const sales = sector.elasticity * sector.fixed_cost(i, j);
        log_cost_(i, j) = log_markup + log(wage[i]) + log(sector.iceberg_cost(i, j)) + log(sales) / power_;
        log_weight_(i, j) = log(entrants_[i]) + log(sales);
      }
    }
  }

  [[nodiscard]] Tail const& tail(Eigen::Index country) const {
    return law_of(tails_, static_cast<std::size_t>(country));
  }
  [[nodiscard]] bool trades(Eigen::Index i, Eigen::Index j) const { return is_finite(log_cost_(i, j)); }
  [[nodiscard]] Real log_cutoff(Eigen::Index i, Eigen::Index j, Real const& x) const {
    return Real(log_cost_(i, j) + x);
  }

  /// x_j where all laws are Pareto with this shape, everywhere above their scale.
  [[nodiscard]] Real pareto_root(Eigen::Index j, Real const& shape, Real const& log_spending) const {
    using std::exp, std::log;
    Real sum(0), scale = -infinity<Real>;
    for (int pass = 0; pass < 2; ++pass) {
      for (Eigen::Index i = 0; i < entrants_.size(); ++i) {
        if (!trades(i, j)) continue;
        Real const term = log_weight_(i, j) + shape * (tail(i).log_lower_bound() - log_cost_(i, j));
        if (pass == 0 && term > scale) scale = term;
        if (pass == 1) sum += exp(Real(term - scale));
      }
    }
    return Real((scale + log(sum) + log(Real(shape / (shape - power_))) - log_spending) / shape);
  }

  /// Whether nobody who draws the lowest productivity sells anywhere at these x.
  [[nodiscard]] bool cutoffs_in_support(vector const& x) const {
    for (Eigen::Index i = 0; i < x.size(); ++i) {
      for (Eigen::Index j = 0; j < x.size(); ++j) {
        if (trades(i, j) && log_cutoff(i, j, x[j]) < tail(i).log_lower_bound()) return false;
      }
    }
    return true;
  }

  /// @param guess            of x_j; NaN for none
  /// @param max_evaluations  of spending, at most, once there is a bracket
  [[nodiscard]] root solve(Eigen::Index j, Real const& log_spending, Real const& guess, int max_evaluations) const {
    using std::abs;
    root out;
    Real const highest = everybody_sells(j, log_spending), pole = nobody_sells(j);
    if (!is_finite(highest)) return {.reason = status::out_of_range};
    Real const upper = highest < pole ? highest : pole;
    auto const gap = [&](Real const& x) {
      auto here = spending(j, x);
      here.value -= log_spending;
      return here;
    };
    if (pole < highest && gap(Real(pole - slack(j, pole))).value > 0) {  // an atom at the top of the support
      out.marginal = true;
      out.x = pole;
    } else {
      // Both ends no further off than the slope says, and not far out under a thin tail, from where nothing leads back.
      Real start = guess < upper ? guess : upper, from = gap(start).value, top = upper;
      if (pole > upper) top += slack(j, upper);
      for (Real back(0.25); !(from > -50) && is_finite(back); back *= 2) {
        top = start;
        from = gap(start = upper - back).value;
      }
      Real lower = (from < 0 ? Real(start + from / power_) : start) - slack(j, start);
      if (from > 0 && start + from / power_ < top) top = start + from / power_ + slack(j, start);
      Real ahead(0.25);
      for (int k = 0; k < 30 && from > 1 && top - start > ahead; ++k) {
        Real const there = gap(Real(start + ahead)).value;
        if (there > 0) {
          lower = start += ahead;
          from = there;
          ahead *= 2;
        } else {
          top = start + ahead;
          if (there > -50) break;
          ahead /= 4;
        }
      }
      auto budget = static_cast<std::uintmax_t>(max_evaluations);
      auto const never = [](Real const&, local_expansion<Real> const&, Real const&) { return false; };
      auto const found = decreasing_root(gap, never, pole, start, lower, top, budget);
      out.x = found.point;
      out.rest = found.step;
      if constexpr (carries_derivatives<Real>) {  // the last step has the derivatives
        out.x += out.rest;
        out.rest = Real(0);
      }
      if (!is_finite(out.x)) return {.reason = budget < 5 ? status::iteration_limit : status::not_finite};
      auto const here = gap(out.x);
      // Not a root: spending jumps here, as firms of positive mass come in.
      if (!(abs(here.value) <= 64 * (epsilon<Real>() + slack(j, out.x)) * (1 + abs(here.first)))) {
        Real const step = slack(j, out.x);
        if (!(gap(Real(out.x - step)).value > 0 && gap(Real(out.x + step)).value < 0)) return {status::not_finite};
        out.marginal = true;
        out.rest = Real(0);
      }
      out.elasticity = Real(-here.first);
    }
    if (out.marginal) out.elasticity = infinity<Real>;
    out.profits = Real(0);
    for (Eigen::Index i = 0; i < entrants_.size(); ++i) out.profits += profits(i, j, out);
    out.reason = status::converged;
    return out;
  }

  /// Of the firms of i in market j, net of fixed costs. Those at the cutoff make none, however many there are: where
  /// they have positive mass it is evaluated right above them.
  [[nodiscard]] Real profits(Eigen::Index i, Eigen::Index j, root const& at) const {
    using std::exp;
    if (!trades(i, j)) return Real(0);
    auto const p = at.marginal ? tail(i).at(log_cutoff(i, j, Real(at.x + slack(j, at.x)))) : at_cutoff(i, j, at);
    return Real(entrants_[i] * fixed_cost_(i, j) * p.excess * exp(p.log_scale));
  }

  /// Writes market j of the equilibrium: cutoffs, firms, sales, elasticities, fixed costs and profits.
  void write(Eigen::Index j, root const& at, Real const& spent, chaney_sector_equilibrium<Real>& out) const {
    using std::exp;
    auto const n = entrants_.size();
    Real const step = at.marginal ? slack(j, at.x) : Real(0);
    vector less_sales(n), less_firms(n), sales(n), firms(n);
    for (Eigen::Index i = 0; i < n; ++i) {
      std::tie(firms[i], sales[i]) = firms_and_sales(i, j, {.x = Real(at.x - step), .rest = at.rest});
      std::tie(less_firms[i], less_sales[i]) = firms_and_sales(i, j, {.x = Real(at.x + step), .rest = at.rest});
    }
    Real const share = at.marginal ? Real((spent - less_sales.sum()) / (sales.sum() - less_sales.sum())) : Real(1);
    out.marginal_share[j] = share;
    for (Eigen::Index i = 0; i < n; ++i) {
      Real const a = log_cutoff(i, j, at.x);
      out.sales(i, j) = less_sales[i] + share * (sales[i] - less_sales[i]);
      out.mass_sellers(i, j) = less_firms[i] + share * (firms[i] - less_firms[i]);
      bool const anyone = trades(i, j) && !(a > tail(i).log_upper_bound() + step);
      out.cutoff(i, j) = anyone ? Real(exp(a)) : infinity<Real>;
      out.trade_elasticity(i, j) = out.firms_elasticity(i, j) = not_a_number<Real>;
      if (anyone) {
        auto const p = at_cutoff(i, j, at);
        bool const jumps = at.marginal && sales[i] - less_sales[i] > root_of_epsilon<2, Real>() * sales[i];
        out.trade_elasticity(i, j) = jumps ? infinity<Real> : Real(power_ + p.density / p.moment());
        out.firms_elasticity(i, j) = jumps ? infinity<Real> : Real(p.density / p.survival);
        out.fixed_costs[i] += fixed_cost_(i, j) * out.mass_sellers(i, j);
        out.profits[i] += profits(i, j, at);
      }
    }
    out.share.col(j) = out.sales.col(j) / spent;
    using std::log;
    out.price_index[j] = exp(Real(-at.x - log(spent) / power_));
  }

 private:
  /// Log of what is spent in market j, and its derivatives with respect to x.
  [[nodiscard]] local_expansion<Real> spending(Eigen::Index j, Real const& x) const {
    using std::exp, std::log;
    Real const r = power_;
    Real scale = -infinity<Real>, s0(0), s1(0), s2(0), s3(0), s4(0);
    for (Eigen::Index i = 0; i < entrants_.size(); ++i) {
      if (!trades(i, j)) continue;
      auto const p = tail(i).at(log_cutoff(i, j, x));
      Real const m0 = p.moment();
      if (!(m0 > 0)) continue;
      Real const m1 = -r * m0 - p.density, m2 = -r * m1 - p.density_slope, m3 = -r * m2 - p.density_curvature,
                 m4 = -r * m3 - p.density_third;
      Real const own = log_weight_(i, j) + p.log_scale;
      if (own > scale) {
        Real const shrink = exp(Real(scale - own));
        for (Real* s : {&s0, &s1, &s2, &s3, &s4}) *s *= shrink;
        scale = own;
      }
      Real const weight = exp(Real(own - scale));
      s0 += weight * m0;
      s1 += weight * m1;
      s2 += weight * m2;
      s3 += weight * m3;
      s4 += weight * m4;
    }
    if (!(s0 > 0)) {
      Real const none = not_a_number<Real>;
      return {Real(-infinity<Real>), none, none, none, none};
    }
    Real const a = s1 / s0, b = s2 / s0, c = s3 / s0, d = s4 / s0, square = a * a;
    return {Real(scale + log(s0)), a, Real(b - square), Real(c - 3 * a * b + 2 * a * square),
            Real(d - 4 * a * c - 3 * b * b + 12 * square * b - 6 * square * square)};
  }

  /// Near the top of a bounded support everything goes with the distance to it, which x alone does not resolve.
  [[nodiscard]] tail_point<Real> at_cutoff(Eigen::Index i, Eigen::Index j, root const& at) const {
    return shifted(tail(i).at(log_cutoff(i, j, at.x)), power_, at.rest);
  }

  [[nodiscard]] std::pair<Real, Real> firms_and_sales(Eigen::Index i, Eigen::Index j, root const& at) const {
    using std::exp;
    if (!trades(i, j)) return {Real(0), Real(0)};
    auto const p = at_cutoff(i, j, at);
    return {Real(entrants_[i] * p.survival * exp(p.log_scale)),
            Real(p.moment() * exp(Real(p.log_scale + log_weight_(i, j))))};
  }

  /// Where x would be if all entrants sold in the market: no higher than that.
  [[nodiscard]] Real everybody_sells(Eigen::Index j, Real const& log_spending) const {
    using std::exp, std::log;
    Real scale = -infinity<Real>, sum(0);
    for (int pass = 0; pass < 2; ++pass) {
      for (Eigen::Index i = 0; i < entrants_.size(); ++i) {
        if (!trades(i, j)) continue;
        Real const term = log_weight_(i, j) + tail(i).log_moment() - power_ * log_cost_(i, j);
        if (pass == 0 && term > scale) scale = term;
        if (pass == 1) sum += exp(Real(term - scale));
      }
    }
    return Real((scale + log(sum) - log_spending) / power_);
  }

  /// Where x is so high that nobody sells, however productive.
  [[nodiscard]] Real nobody_sells(Eigen::Index j) const {
    Real out = -infinity<Real>;
    for (Eigen::Index i = 0; i < entrants_.size(); ++i) {
      if (!trades(i, j)) continue;
      Real const top = tail(i).log_upper_bound() - log_cost_(i, j);
      if (top > out) out = top;
    }
    return out;
  }

  /// How far x may be off for rounding, times a few.
  [[nodiscard]] Real slack(Eigen::Index j, Real const& x) const {
    using std::abs;
    Real size = abs(x);
    for (Eigen::Index i = 0; i < entrants_.size(); ++i) {
      if (trades(i, j) && abs(log_cost_(i, j)) > size) size = abs(log_cost_(i, j));
    }
    return Real(8 * epsilon<Real>() * (1 + size));
  }

  Real power_;
  matrix fixed_cost_;
  std::vector<Tail> tails_;
  matrix log_cost_, log_weight_;  ///< k; ln(N sigma f)
  vector entrants_;               ///< N
};

}  // namespace melitz::detail
