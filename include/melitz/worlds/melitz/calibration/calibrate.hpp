// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/countries/laws.hpp>
#include <melitz/error.hpp>
#include <melitz/law/laws_by.hpp>
#include <melitz/law/scaled.hpp>
#include <melitz/numerics/falling_root.hpp>
#include <melitz/tail/moment_quantile.hpp>
#include <melitz/tail/power_for_survival.hpp>
#include <melitz/tail/scaled.hpp>
#include <melitz/tail/tail.hpp>
#include <melitz/worlds/melitz/calibration/law_scales.hpp>
#include <melitz/worlds/melitz/calibration/targets.hpp>
#include <melitz/worlds/melitz/solve_world.hpp>

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

// Needs Eigen: CMake target melitz::world.

namespace melitz {

/// A world that shows what was seen, with its laws, and where its equilibrium is.
///
/// Not seen, and chosen: wages are 1, which is the unit of labour; fixed costs at home are as given, or 1, which is the
/// unit of firms; iceberg costs at home are 1, and scales of laws follow a rule, see scale_rule. Counterfactual changes
/// do not depend on these.
template <real Real, class Law>
struct calibrated_world {
  using real_type = Real;

  world_economy<Real> economy{};  ///< no trade is an infinite iceberg cost, and fixed cost; iceberg costs may be below
                                  ///< 1 where `rule` is negative_cycle
  by_country<scaled<Law>> laws{};
  world_start<Real> start{};  ///< the equilibrium, in closed form: solve(economy, laws, start) has all the rest of it
  scale_rule rule = scale_rule::nearly_symmetric;
  iceberg_cycle<Real> cycle{};     ///< of a negative_cycle
  Real error_estimate{0};          ///< of sales at the start, relative: what rounding of cutoffs may do to them
  Eigen::VectorX<Real> gdp_gap{};  ///< wages of all workers over the given gdp, less 1; empty where that is
};

namespace detail {

/// Finds the world behind targets, step by step; see calibrate. @tparam Tail  of laws at scale one
template <productivity_tail Tail>
class world_finder {
 public:
  using Real = typename Tail::real_type;
  using vector = Eigen::VectorX<Real>;
  using matrix = Eigen::MatrixX<Real>;

  /// @param tails  bound to the power of the model, of each country or one for all
  /// @param draws  the same laws, for their quantiles
  world_finder(world_targets<Real> const& seen, std::vector<Tail> const& tails, std::vector<Tail> const& draws)
      : seen_(seen), tails_(tails), draws_(draws), n_(seen.countries()) {
    log_cutoff_ = log_fixed_cost_ = matrix::Constant(n_, n_, infinity<Real>);
    required_ = entrants_ = vector::Zero(n_);
    variable_ = fixed_ = matrix::Zero(n_, n_);
  }

  /// @throws domain_error, convergence_error
  void find_firms() {
    using std::exp, std::log;
    bool const levels = seen_.entry_cost.size() != 0;
    for (Eigen::Index i = 0; i < n_; ++i) {
      if (!levels) log_cutoff_(i, i) = quantile(i, i);
      Real const paid = seen_.sales(i, i) / consumers_pay(i, i);  // M V
      Real const log_entrants =
          levels ? entrants_for(i) : Real(log(paid / home_cost(i)) - log_moment_at(i, log_cutoff_(i, i)));
      for (Eigen::Index j = 0; j < n_; ++j) {
        if (!seen_.trade(i, j)) continue;
        Real const log_variable = log(Real(seen_.sales(i, j) / consumers_pay(i, j))) - log_entrants;
        if (seen_.fixed_cost.size() == 0) {
          if (i != j) log_cutoff_(i, j) = quantile(i, j);
          log_fixed_cost_(i, j) = i == j ? Real(0) : Real(log_variable - log_moment_at(i, log_cutoff_(i, j)));
        } else {
          log_fixed_cost_(i, j) = log(seen_.fixed_cost(i, j));
          if (i != j || levels) log_cutoff_(i, j) = cutoff_for(i, j, log_variable);
        }
        auto const p = tail(i).at(log_cutoff_(i, j));
        Real const cost = exp(log_fixed_cost_(i, j)) * p.scale();
        required_[i] += cost * p.excess;
        fixed_(i, j) = cost * p.survival;
        variable_(i, j) = cost * p.moment();
        check_rounding(i, j, p);
      }
      entrants_[i] = exp(log_entrants);
    }
  }

  /// The world, once its firms are found, and its laws' scales.
  [[nodiscard]] world_economy<Real> economy(vector const& log_scale) const {
    using std::exp;
    Real const a = seen_.source_labor_share;
    world_economy<Real> out{.elasticity = seen_.elasticity, .death_rate = seen_.death_rate};
    out.source_labor_share = a;
    out.tariff = seen_.tariff;
    out.tariff_on = seen_.tariff_on;
    out.entry_cost = seen_.entry_cost.size() != 0 ? seen_.entry_cost : vector(required_ / seen_.death_rate);
    out.fixed_cost = log_fixed_cost_.array().exp();
    out.iceberg_cost = log_icebergs();
    out.labor = required_.cwiseProduct(entrants_);
    out.deficit = vector::Zero(n_);
    for (Eigen::Index j = 0; j < n_; ++j) {
      for (Eigen::Index i = 0; i < n_; ++i) {
        Real const income = seen_.split(i, j).income(), operating = entrants_[i] * variable_(i, j);
        Real const wages = (1 - a) * (entrants_[i] * fixed_(i, j));
        out.labor[i] += (income - 1) * operating + a * (entrants_[i] * fixed_(i, j));
        out.labor[j] += wages;
        if (i == j) {
          out.iceberg_cost(i, i) = Real(1);
          continue;
        }
        // From what crosses borders alone, or little trade would be lost in the rounding of what stays at home.
        out.deficit[j] += income * operating - wages;
        out.deficit[i] -= income * operating - wages;
        out.iceberg_cost(i, j) = exp(Real(out.iceberg_cost(i, j) + log_scale[i] - log_scale[j]));
      }
    }
    return out;
  }

  /// ln tau at scales of one.
  [[nodiscard]] matrix log_icebergs() const {
    using std::log;
    Real const r = power();
    matrix out = log_cutoff_;
    for (Eigen::Index j = 0; j < n_; ++j) {
      for (Eigen::Index i = 0; i < n_; ++i) {
        if (!seen_.trade(i, j)) continue;
        out(i, j) -= log_cutoff_(j, j) + (log_fixed_cost_(i, j) - log_fixed_cost_(j, j)) / r;
        if (seen_.tariff.size() != 0) out(i, j) -= seen_.split(i, j).cost_slope() * log(Real(1 + seen_.tariff(i, j)));
      }
    }
    return out;
  }

  /// By how much, relative, rounding of cutoffs may move sales; the largest.
  [[nodiscard]] Real error_estimate() const { return error_; }

  [[nodiscard]] world_start<Real> start(vector const& log_scale) const {
    vector const log_demand = log_fixed_cost_.diagonal() - power() * (log_scale + log_cutoff_.diagonal());
    return {vector::Ones(n_), log_demand.array().exp(), entrants_};
  }

 private:
  [[nodiscard]] Real power() const { return Real(seen_.elasticity - 1); }
  /// @throws domain_error where sales are lost in rounding
  void check_rounding(Eigen::Index i, Eigen::Index j, tail_point<Real> const& at) {
    Real const error = rounding_at(log_cutoff_(i, j), Real(power() + at.density / at.moment()));
    if (error > root_of_epsilon<2, Real>()) {
      reject(seen_.name, name_of("sales", seen_.sales, i, j), static_cast<double>(seen_.sales(i, j)),
             "be more for so few firms: their cutoff cannot be told from the top of the law");
    }
    error_ = std::max(error_, error);
  }
  [[nodiscard]] Tail const& tail(Eigen::Index i) const { return law_of(tails_, static_cast<std::size_t>(i)); }
  [[nodiscard]] Real consumers_pay(Eigen::Index i, Eigen::Index j) const {
    auto const split = seen_.split(i, j);
    return Real(split.income() + split.revenue());
  }
  [[nodiscard]] Real home_cost(Eigen::Index i) const {
    return seen_.fixed_cost.size() == 0 ? Real(1) : seen_.fixed_cost(i, i);
  }
  [[nodiscard]] Real log_moment_at(Eigen::Index i, Real const& log_cutoff) const {
    using std::log;
    auto const p = tail(i).at(log_cutoff);
    return Real(p.log_scale + log(p.moment()));
  }

  /// Log cutoff that the share of a country's entrants who sell somewhere tells.
  [[nodiscard]] Real quantile(Eigen::Index i, Eigen::Index j) const {
    using std::log;
    bool const home = i == j;
    Real const share = home ? seen_.share_producing[i] : Real(seen_.share_producing[i] * seen_.share_selling(i, j));
    auto const& law = law_of(draws_, static_cast<std::size_t>(i));
    Real const place = log_quantile_near(law, share, home ? Real(law.log_moment() / law.power()) : log_cutoff_(i, i));
    auto const p = law.at(place);
    Real const gap = p.log_scale + log(p.survival) - log(share);
    if (!is_met(falling_root<Real>{status::converged, place, gap}, Real(p.density / p.survival))) {
      reject(seen_.name,
             home ? name_of("share_producing", seen_.share_producing, i, j)
                  : name_of("share_producing times share_selling", seen_.share_selling, i, j),
             static_cast<double>(share),
             "be the share of draws above some productivity: over it the law jumps, to " +
                 to_text(static_cast<double>(share * exp_of(gap))));
    }
    return place;
  }
  [[nodiscard]] static Real exp_of(Real const& x) {
    using std::exp;
    return Real(exp(x));
  }

  /// Log cutoff at which an entrant earns so much in a market before the fixed costs that are given.
  [[nodiscard]] Real cutoff_for(Eigen::Index i, Eigen::Index j, Real const& log_variable) const {
    auto const found = find_log_moment_quantile(tail(i), Real(log_variable - log_fixed_cost_(i, j)));
    if (found.reason != status::converged) throw convergence_error("melitz::calibrate", found.reason);
    if (!is_met(found, found.slope)) {
      reject(seen_.name, name_of("sales", seen_.sales, i, j), static_cast<double>(seen_.sales(i, j)),
             "be what some cutoff brings at this fixed_cost: over it the law jumps");
    }
    return found.place;
  }

  /// ln M at which entry pays what it costs: profits fall with it, and how fast is known.
  [[nodiscard]] Real entrants_for(Eigen::Index i) const {
    using std::exp, std::log;
    Real const required = seen_.death_rate * seen_.entry_cost[i], r = power();
    Real all(0);
    for (Eigen::Index j = 0; j < n_; ++j) all += seen_.sales(i, j) / consumers_pay(i, j);
    auto const look = [&](Real const& log_entrants) -> falling_value<Real> {
      Real profit(0), slope(0);
      for (Eigen::Index j = 0; j < n_; ++j) {
        if (!seen_.trade(i, j)) continue;
        Real const cost = seen_.fixed_cost(i, j);
        Real const sold = log(Real(seen_.sales(i, j) / consumers_pay(i, j) / cost)) - log_entrants;
        auto const found = find_log_moment_quantile(tail(i), sold);
        if (found.reason != status::converged) return {not_a_number<Real>, Real(-1)};
        auto const p = tail(i).at(found.place);
        profit += cost * p.excess * p.scale();
        slope -= exp(sold) * cost * r / (r + p.density / p.moment());
      }
      if (!(profit > 0)) return {-infinity<Real>, Real(-1)};
      return {Real(log(profit / required)), Real(slope / profit)};
    };
    auto const found = find_falling_root(look, Real(log(all / (2 * required))));
    if (found.reason != status::converged) throw convergence_error("melitz::calibrate", found.reason);
    return found.place;
  }

  world_targets<Real> const& seen_;
  std::vector<Tail> const &tails_, &draws_;
  Eigen::Index n_;
  matrix log_cutoff_, log_fixed_cost_;  ///< at scales of one; infinite where there is no trade
  matrix variable_, fixed_;             ///< V and Q
  vector required_, entrants_;          ///< delta f_e, and M
  Real error_{0};
};

}  // namespace detail

/// Finds the world that shows what was seen: primitives, and laws with their scales. There is no equilibrium to solve:
/// with w = 1, what an entrant of i earns in j before fixed costs is V_ij = X_ij / (c_ij M_i), of which consumers pay
/// c_ij for each unit, and
///   cutoffs xi_ij   quantiles S_i^-1(p_i n_ij), or with fixed costs the roots of f_ij (J + S)_i(xi) = V_ij
///   entrants M_i    X_ii / (c_ii f_ii (J + S)_i(xi_ii)), or with entry costs the root of sum_j f_ij J_i = delta f_e,i
///   fixed costs     f_ij = V_ij / (J + S)_i(xi_ij);   cost of entry  delta f_e,i = sum_j f_ij J_i(xi_ij)
///   labour          M_i (delta f_e,i + sum_j (n'_ij - 1) V_ij + a sum_j Q_ij) + (1-a) sum_k M_k Q_ki
///   deficits        D_j = sum_i X_ij - L_j - tariff revenue, from what crosses borders
///   icebergs        ln tau_ij = ln xi_ij - ln xi_jj - (ln f_ij - ln f_jj)/r - ln tariff part + s_i - s_j.
/// Solved again, it has the given sales to rounding. See docs/models/calibrated_world.md.
///
/// Under Pareto laws of one shape whose supports no cutoff leaves, changes from here are those of exact hat algebra,
/// whatever shares or fixed costs are given.
///
/// @param laws  of productivity, of each country or one for all; their scales do not matter
/// @throws domain_error naming a target that is out of range, or that no such world shows, with row and column, or a
///         parameter of a law; convergence_error where a cutoff is not found
/// Cost: one search for a cutoff for each pair that trades; N^2 of them for each step of a search for entrants.
/// Example:
///   world_targets<> seen{.sales = flows, .elasticity = 4};
///   seen.share_producing = ...;  seen.share_selling = ...;
///   auto const found = calibrate(seen, by_country{{lognormal<>{0, 0.7}}});
///   auto const now = solve(found.economy, found.laws, found.start);
template <real Real, productivity_law Law>
[[nodiscard]] calibrated_world<Real, Law> calibrate(world_targets<Real> const& seen, by_country<Law> const& laws) {
  using std::exp;
  seen.validate();
  auto const n = static_cast<std::size_t>(seen.countries());
  detail::require_laws(seen.name, laws.laws, n);
  Real const r = seen.elasticity - 1;
  std::vector<tail_of_t<Law>> tails, draws;  // quantiles need no moment
  for (auto const& law : laws.laws) {
    tails.push_back(tail_of(law, r));
    if (seen.share_producing.size() != 0) draws.push_back(tail_of(law, detail::power_for_survival(law)));
  }
  detail::world_finder<tail_of_t<Law>> found(seen, tails, draws);
  found.find_firms();
  auto scales = detail::scale_chooser<Real>(found.log_icebergs()).choose();
  calibrated_world<Real, Law> out{.economy = found.economy(scales.log_scale)};
  for (std::size_t i = 0; i < n; ++i) {
    out.laws.laws.push_back({detail::law_of(laws.laws, i), Real(exp(scales.log_scale[static_cast<Eigen::Index>(i)]))});
  }
  out.start = found.start(scales.log_scale);
  out.error_estimate = found.error_estimate();
  out.rule = scales.rule;
  out.cycle = std::move(scales.cycle);
  for (Eigen::Index j = 0; j < seen.countries(); ++j) {
    for (Eigen::Index i = 0; i < seen.countries(); ++i) {
      bool const fits = detail::is_finite(out.economy.iceberg_cost(i, j)) && out.economy.iceberg_cost(i, j) > 0 &&
                        detail::is_finite(out.economy.fixed_cost(i, j)) && out.economy.fixed_cost(i, j) > 0;
      if (seen.trade(i, j) && !fits) throw convergence_error("melitz::calibrate", status::out_of_range);
    }
  }
  if (seen.gdp.size() != 0) out.gdp_gap = out.economy.labor.cwiseQuotient(seen.gdp).array() - 1;
  out.economy.validate();
  return out;
}
/// The same where all countries draw from one law.
template <real Real, productivity_law Law>
[[nodiscard]] calibrated_world<Real, Law> calibrate(world_targets<Real> const& seen, Law const& law) {
  return calibrate(seen, by_country<Law>{{law}});
}

}  // namespace melitz
