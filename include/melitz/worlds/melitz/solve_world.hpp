// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/countries/connected.hpp>
#include <melitz/countries/entry_with_corners.hpp>
#include <melitz/economy/solve_or_throw.hpp>
#include <melitz/error.hpp>
#include <melitz/law/laws_by.hpp>
#include <melitz/tail/tail.hpp>
#include <melitz/worlds/melitz/tatonnement.hpp>
#include <melitz/worlds/melitz/wages.hpp>
#include <melitz/worlds/melitz/world_equilibrium.hpp>

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

// Needs Eigen: CMake target melitz::world.

namespace melitz {

/// Where a search for an equilibrium may begin: near it, as the equilibrium before a change is. By country, in wages of
/// country 0.
template <real Real = double>
struct world_start {
  Eigen::VectorX<Real> wage{}, demand{}, mass_entrants{};

  world_start() = default;
  world_start(Eigen::VectorX<Real> w, Eigen::VectorX<Real> b, Eigen::VectorX<Real> m)
      : wage(std::move(w)), demand(std::move(b)), mass_entrants(std::move(m)) {}
  /// Those of an equilibrium.
  world_start(world_equilibrium<Real> const& at)  // NOLINT: one is where to begin
      : wage(at.wage), demand(at.demand), mass_entrants(at.mass_entrants) {}

  /// @throws domain_error unless there is a positive number for each country
  void validate(Eigen::Index countries) const {
    char const* const where = "world_start";
    auto const check = [&](char const* name, Eigen::VectorX<Real> const& x) {
      detail::require_extent(where, name, x, countries);
      detail::require_each(rule::positive, where, name, x);
    };
    check("wage", wage);
    check("demand", demand);
    check("mass_entrants", mass_entrants);
  }
};

namespace detail {

/// Solves a world from autarky; where that fails, from where a tatonnement leads, or by following the solution from a
/// world in which trade is dearer, or deficits smaller, to the one that is asked for.
template <real Real>
class world_solver {
 public:
  world_solver(world_pairs<Real> const& pairs, world_options const& how)
      : pairs_(pairs), economy_(pairs.economy()), how_(how) {}

  [[nodiscard]] world_equilibrium<Real> solve() {
    world_point<Real> point;
    point.log_wage.setZero(economy_.countries());
    auto reason = set_autarky(pairs_, point);
    if (reason == status::converged) {
      reason = solve_balanced(point);
      if (reason == status::converged && has_deficits()) {
        reason = follow(point, Real(1), [&](Real const& s) {
          auto part = economy_;
          part.deficit *= 1 - s;
          return part;
        });
      }
    }
    return filled(reason, point);
  }

  /// From near it; where that fails, as above.
  [[nodiscard]] world_equilibrium<Real> solve(world_start<Real> const& near) {
    using std::log;
    world_point<Real> point{near.wage.array().log(), near.demand.array().log(), near.mass_entrants.array().log()};
    Real const first = point.log_wage[0];  // the numeraire
    point.log_wage.array() -= first;
    point.log_demand.array() -= Real(economy_.elasticity * first);
    if (newton(pairs_, point, patience_) == status::converged) return filled(status::converged, point);
    return solve();
  }

 private:
  static constexpr int patience_ = 16;  ///< after that many halvings a tatonnement is faster

  /// What follows from a point, or why there is none.
  [[nodiscard]] world_equilibrium<Real> filled(status reason, world_point<Real> const& point) const {
    world_equilibrium<Real> out;
    out.reason = reason;
    out.evaluations = used_;
    if (out) {
      out.error_estimate = error_;
      fill(out, pairs_, point);
      if (economy_.countries() > 1 && (!all_connected(out.sales) || !(error_ < Real(1e-4)))) {
        out.reason = status::disconnected;
      } else if (!representable(out) || !accounts_close({out.residual})) {
        out.reason = status::out_of_range;
      }
    } else if (point.at.variable.size() != 0 && !all_connected(point.at.variable)) {
      out.reason = status::disconnected;
    }
    if (!out) forget(out, economy_.countries());
    return out;
  }

  [[nodiscard]] bool has_deficits() const { return economy_.deficit.size() != 0 && !economy_.deficit.isZero(0); }

  /// Without deficits. @param point  autarky; on return the solution
  [[nodiscard]] status solve_balanced(world_point<Real>& point) {
    if (!has_deficits()) return solve_balanced(pairs_, point);
    auto balanced = economy_;
    balanced.deficit.resize(0);
    return solve_balanced(*pairs_.in(std::move(balanced)), point);
  }
  [[nodiscard]] status solve_balanced(world_pairs<Real> const& pairs, world_point<Real>& point) {
    auto const start = point;
    if (!how_.continuation) return newton(pairs, point);
    if (auto const reason = newton(pairs, point, patience_); reason == status::converged) return reason;
    for (bool const alike : {true, false}) {
      point = start;
      if (alike) set_equal_demand(point);
      if (approach(pairs, point) && newton(pairs, point) == status::converged) return status::converged;
    }
    auto const at = [&](Real const& s) { return with_dearer_trade(pairs.economy(), s); };
    auto reason = status::not_solved;
    for (Real const s : {Real(0), Real(1), Real(2), Real(4), Real(8)}) {
      point = start;
      reason = s == 0 ? newton(pairs, point) : newton(*pairs_.in(at(s)), point);
      if (reason == status::converged) return follow(point, s, at);
    }
    return reason;
  }

  [[nodiscard]] status newton(world_pairs<Real> const& pairs, world_point<Real>& point,
                              int patience = std::numeric_limits<int>::max()) {
    wage_solver<Real> solver(pairs);
    int left = how_.max_evaluations;
    auto const reason = solver.solve(point, left, patience);
    used_ += how_.max_evaluations - std::max(left, 0);
    if constexpr (carries_derivatives<Real>) {
      if (reason == status::converged) solver.differentiate(point);
    }
    if (reason == status::converged) error_ = solver.error_estimate(point);
    return reason;
  }

  /// Wages at which firms of all countries break even in a common market, as they are where trade costs are low.
  void set_equal_demand(world_point<Real>& point) const {
    Real const sigma = economy_.elasticity, first = point.log_demand[0];
    point.log_wage = (first - point.log_demand.array()) / sigma;
    point.log_demand.setConstant(first);
  }

  /// Comes near by tatonnement. @return whether it did
  [[nodiscard]] bool approach(world_pairs<Real> const& pairs, world_point<Real>& point) {
    int const budget = 4 * how_.max_evaluations;
    int left = budget;
    bool const near = world_tatonnement<Real>(pairs).solve(point, left);
    used_ += budget - std::max(left, 0);
    return near;
  }

  /// Iceberg costs e^s times as high abroad, and fixed costs that are as high as at home from s = 1 on.
  [[nodiscard]] static world_economy<Real> with_dearer_trade(world_economy<Real> economy, Real const& s) {
    using std::exp, std::pow;
    auto const n = economy.countries();
    for (Eigen::Index j = 0; j < n; ++j) {
      for (Eigen::Index i = 0; i < n; ++i) {
        if (i == j || !is_finite(economy.fixed_cost(i, j))) continue;
        economy.iceberg_cost(i, j) *= exp(s);
        economy.fixed_cost(i, j) =
            economy.fixed_cost(j, j) *
            pow(Real(economy.fixed_cost(i, j) / economy.fixed_cost(j, j)), Real(s < 1 ? 1 - s : Real(0)));
      }
    }
    return economy;
  }

  /// Solves economy_at(s) down to s = 0, each from the one before, in steps that shrink where one fails.
  /// @pre point solves economy_at(s)
  template <class EconomyAt>
  [[nodiscard]] status follow(world_point<Real>& point, Real s, EconomyAt const& economy_at) {
    Real stride(1);
    for (int worlds = 0; s > 0; ++worlds) {
      if (stride < Real(1) / 512 || worlds == 200) return status::iteration_limit;
      Real const next = std::max(Real(0), Real(s - stride));
      auto trial = point;
      auto const reached = newton(*pairs_.in(economy_at(next)), trial);
      if (reached != status::converged) {
        stride /= 2;
        continue;
      }
      point = std::move(trial);
      s = next;
      stride *= 2;
    }
    return status::converged;
  }

  world_pairs<Real> const& pairs_;
  world_economy<Real> const& economy_;
  world_options how_;
  Real error_ = not_a_number<Real>;
  int used_ = 0;
};

/// Welfare over that of each country by itself. @throws convergence_error
template <real Real>
[[nodiscard]] Eigen::VectorX<Real> over_autarky(world_pairs<Real> const& pairs, Eigen::VectorX<Real> welfare) {
  for (Eigen::Index i = 0; i < welfare.size(); ++i) welfare[i] /= or_throw(pairs.autarky(i)).welfare;
  return welfare;
}

}  // namespace detail

/// Wages, entry and trade of a world in general equilibrium, without throwing on numerical failure: with V_ij what an
/// entrant of i expects to earn in j before fixed costs Q_ij, and n_ij V_ij what of the sales stays in i,
///   free entry     sum_j (V_ij - Q_ij) = w_i delta f_e,i
///   goods markets  sum_i M_i n_ij V_ij = w_j L_j + D_j
///   labour         M_i (w_i delta f_e,i + sum_j (n_ij - 1) V_ij + a sum_j Q_ij) + (1-a) sum_k M_k Q_ki = w_i L_i.
/// Source: Melitz (2003), with many countries as in Melitz and Redding (2014).
///
/// Newton's method from autarky, with analytic derivatives; where it fails, a tatonnement, or a path from a world of
/// dearer trade, comes near first (see docs/models/world.md). Every account closes to 4096 eps of its larger side.
///
/// @param laws  of productivity: of each country, or one for all
/// @throws domain_error naming a primitive that is out of range, with row and column
/// @return numbers, or NaN and in `reason` why: disconnected where relative wages are not determined since countries do
///         not trade, or so little that no digit of their wages is certain
template <real Real, productivity_law Law>
[[nodiscard]] world_equilibrium<Real> try_solve(world_economy<Real> const& economy, by_country<Law> const& laws,
                                                world_options const& how = {}) {
  auto const pairs = detail::pairs_under(economy, laws);
  return detail::world_solver<Real>(*pairs, how).solve();
}

/// The same law in all countries.
/// Example:
///   world_economy<> const world{.elasticity = 4, .labor = Eigen::Vector2d{100, 50}, ...};
///   auto const e = solve(world, lognormal<>{0, 0.7});  e.wage[1]; e.sales(0, 1); e.welfare[0];
template <real Real, productivity_law Law>
[[nodiscard]] world_equilibrium<Real> try_solve(world_economy<Real> const& economy, Law const& law,
                                                world_options const& how = {}) {
  return try_solve(economy, by_country<Law>{{law}}, how);
}

/// As try_solve, from near the equilibrium, where the one before a change often is; where Newton's method fails from
/// there, from autarky.
/// @throws domain_error also for a start without a positive number for each country
template <real Real, productivity_law Law>
[[nodiscard]] world_equilibrium<Real> try_solve(world_economy<Real> const& economy, by_country<Law> const& laws,
                                                world_start<Real> const& near, world_options const& how = {}) {
  auto const pairs = detail::pairs_under(economy, laws);
  near.validate(economy.countries());
  return detail::world_solver<Real>(*pairs, how).solve(near);
}
/// The same, but a failure is an exception.
/// Example:
///   auto const before = solve(world, laws);
///   world.iceberg_cost(0, 1) *= 0.9;
///   auto const after = solve(world, laws, world_start{before});
/// @throws domain_error, convergence_error
template <real Real, productivity_law Law>
[[nodiscard]] world_equilibrium<Real> solve(world_economy<Real> const& economy, by_country<Law> const& laws,
                                            world_start<Real> const& near, world_options const& how = {}) {
  return detail::or_throw(try_solve(economy, laws, near, how));
}

/// Welfare over that of the same country by itself, by country. @throws domain_error, convergence_error
template <real Real, productivity_law Law>
[[nodiscard]] Eigen::VectorX<Real> gains_from_trade(world_economy<Real> const& economy, by_country<Law> const& laws,
                                                    world_options const& how = {}) {
  auto const pairs = detail::pairs_under(economy, laws);
  return detail::over_autarky(*pairs, detail::or_throw(detail::world_solver<Real>(*pairs, how).solve()).welfare);
}
/// The same, of a world that is solved. @param at  an equilibrium of this economy under these laws
template <real Real, productivity_law Law>
[[nodiscard]] Eigen::VectorX<Real> gains_from_trade(world_economy<Real> const& economy, by_country<Law> const& laws,
                                                    world_equilibrium<Real> const& at) {
  auto const pairs = detail::pairs_under(economy, laws);
  detail::require_extent("gains_from_trade", "equilibrium.welfare", at.welfare, economy.countries());
  return detail::over_autarky(*pairs, detail::or_throw(at).welfare);
}
/// The same where all countries draw from one law.
template <real Real, productivity_law Law>
[[nodiscard]] Eigen::VectorX<Real> gains_from_trade(world_economy<Real> const& economy, Law const& law,
                                                    world_options const& how = {}) {
  return gains_from_trade(economy, by_country<Law>{{law}}, how);
}

}  // namespace melitz
