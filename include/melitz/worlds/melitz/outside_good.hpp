// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/countries/entry_with_corners.hpp>
#include <melitz/countries/matrices.hpp>
#include <melitz/countries/outside_labor.hpp>
#include <melitz/error.hpp>
#include <melitz/numerics/real.hpp>
#include <melitz/tail/tail.hpp>
#include <melitz/worlds/melitz/world_equilibrium.hpp>

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

// Needs Eigen: CMake target melitz::world.

namespace melitz {

/// A homogeneous good that every country makes from labour alone and that trades freely: its productivity is the wage.
template <real Real = double>
struct outside_good {
  using real_type = Real;

  Eigen::VectorX<Real> wage{};               ///< w_i > 0, in this good, which is the numeraire
  Eigen::VectorX<Real> expenditure_share{};  ///< beta_j in (0, 1), of income, on the differentiated goods

  static constexpr char const* name = "outside_good";
  static constexpr auto parameters() {
    using e = outside_good;
    return told::table{
        told::parameter("wage", &e::wage, rule::positive, "of the outside good, that a worker makes", "outside good",
                        "[1, 0.98, 0.96]"),
        told::parameter("expenditure_share", &e::expenditure_share, rule::inner_share,
                        "of income, on the differentiated goods", "", 0.4),
    };
  }

  [[nodiscard]] Eigen::Index countries() const { return wage.size(); }

  /// @throws domain_error naming the member that is out of range
  void validate(Eigen::Index countries) const {
    detail::require_extent(name, "wage", wage, countries);
    detail::check_parameters(*this);
  }
};

/// Equilibrium of a world_economy with an outside_good. Where nobody enters masses, sales and firms are 0. Welfare is
/// that of all goods, w P^-beta, and uses of labour are those of the differentiated ones.
///
/// Of the residuals, free entry is that of countries with entrants, labour that of the world as a whole, and payments
/// is 0: the outside good settles them. error_estimate is NaN: it is of wages, which are given.
template <real Real = double>
struct outside_good_equilibrium : world_equilibrium<Real> {
  Eigen::VectorX<Real> profit_over_entry_cost{};  ///< 1, or less where nobody enters
  Eigen::VectorX<Real> outside_labor{};           ///< at least 0

  static constexpr auto results() {
    using e = outside_good_equilibrium;
    using enum part;
    return told::table{
        told::base<world_equilibrium<Real>>(),
        told::quantity("profit_over_entry_cost", &e::profit_over_entry_cost, averages, "share of the cost of entry"),
        told::quantity("outside_labor", &e::outside_labor, labor_uses, "workers that make the outside good"),
    };
  }
};

/// A world with an outside good, as a model of its own: what is given of the world is without tariffs and deficits.
template <real Real = double>
struct world_with_outside_good_economy {
  using real_type = Real;
  using options_type = entry_options;

  world_economy<Real> world{};
  outside_good<Real> outside{};

  static constexpr char const* name = "world_with_outside_good";
  static constexpr char const* title =
      "Different countries with wages that an outside good sets, Melitz (2003) as in Melitz and Redding (2014)";
  static constexpr auto parameters() {
    using e = world_with_outside_good_economy;
    return told::table{told::nested(&e::world).without("deficit tariff tariff_on"), told::nested(&e::outside)};
  }

  [[nodiscard]] Eigen::Index countries() const { return world.countries(); }

  /// @throws domain_error naming the first member that is out of range, with row and column
  void validate() const { detail::check_parameters(*this); }
};

static_assert(detail::tells_every_member<outside_good<double>>() &&
              detail::tells_every_member<outside_good_equilibrium<double>>() &&
              detail::tells_every_member<world_with_outside_good_economy<double>>());

namespace detail {

/// What entrants expect at given wages, for entry_solver: all countries at once, kept until the demand changes.
template <real Real>
class entry_at_wages {
 public:
  using vector = Eigen::VectorX<Real>;

  entry_at_wages(world_pairs<Real> const& pairs, vector const& log_wage) : pairs_(pairs), log_wage_(log_wage) {}

  [[nodiscard]] entrant_prospects<Real, vector> operator()(Eigen::Index i, vector const& log_demand) const {
    using std::exp;
    if (last_.size() == 0 || last_ != log_demand) {
      pairs_.evaluate(log_wage_, log_demand, at_);
      last_ = log_demand;
    }
    Real const cost = exp(log_wage_[i]) * pairs_.required(i);
    return {Real(at_.profit.row(i).sum() / cost), vector(at_.variable.row(i).transpose() / cost),
            vector((at_.variable.row(i) + at_.at_cutoff.row(i) / pairs_.power()).transpose() / cost)};
  }

 private:
  world_pairs<Real> const& pairs_;
  vector const& log_wage_;
  mutable vector last_{};
  mutable pair_profits<Real> at_{};
};

}  // namespace detail

/// Entry and trade where an outside good pins wages down: with V_ij and Q_ij what an entrant of i expects to earn and
/// to pay in j,
///   sum_j (V_ij - Q_ij) <= w_i delta f_e,i, with equality where M_i > 0;   sigma sum_i M_i V_ij = beta_j w_j L_j,
/// the conditions of a convex program, whose solution is unique; see docs/models/world.md. Countries that host no
/// entrants come out as such, if `how` allows them.
///
/// @param laws  of productivity: of each country, or one for all
/// @throws domain_error naming a primitive that is out of range; tariffs or deficits, which this has not;
///         a country that nobody enters, unless `how` allows it, or with no workers left for the outside good
/// @return numbers, or NaN and in `reason` why
template <real Real, productivity_law Law>
[[nodiscard]] outside_good_equilibrium<Real> try_solve(world_economy<Real> const& economy,
                                                       outside_good<Real> const& outside, by_country<Law> const& laws,
                                                       entry_options const& how = {}) {
  using std::abs, std::log, std::pow;
  using vector = Eigen::VectorX<Real>;
  char const* const where = "world_economy with an outside_good";
  auto const given = detail::pairs_under(economy, laws);
  auto const n = economy.countries();
  outside.validate(n);
  for (auto const& [name, size] : {std::pair{"tariff", economy.tariff.size()}, {"deficit", economy.deficit.size()}}) {
    if (size != 0) throw domain_error(where, name, "given", "be left empty: the outside good is its own balance");
  }
  vector const income = outside.wage.cwiseProduct(economy.labor);
  auto part = economy;  // spending on the sector alone
  part.deficit = outside.expenditure_share.cwiseProduct(income) - income;
  auto const pairs = given->in(part);

  outside_good_equilibrium<Real> out;
  auto const failed = [&](status why) {
    out.reason = why;
    detail::forget(out, n);
    return out;
  };
  detail::world_point<Real> point{vector(outside.wage.array().log()), {}, {}};
  if (auto const reason = detail::set_autarky(*pairs, point); reason != status::converged) return failed(reason);
  detail::entry_at_wages<Real> const prospects(*pairs, point.log_wage);
  detail::linear_objective<Real> const objective{vector((income + part.deficit) / economy.elasticity)};
  auto const entry = detail::solve_entry<Real>(prospects, point.log_demand, objective, how);
  out.evaluations = entry.evaluations;
  if (!entry) return failed(entry.reason);
  detail::require_entry(where, entry, how);
  out.reason = status::converged;
  out.profit_over_entry_cost = entry.profit;
  point.log_demand = entry.u;
  for (Eigen::Index i = 0; i < n; ++i) {
    point.log_entrants[i] = log(Real(entry.entrants[i] / (outside.wage[i] * pairs->required(i))));
  }
  pairs->evaluate(point.log_wage, point.log_demand, point.at);
  detail::fill(out, *pairs, point);
  out.residuals.free_entry = entry.residual;

  vector const gaps = detail::world_conditions<Real>(*pairs, point).gaps();
  out.outside_labor = -economy.labor.cwiseProduct(gaps.tail(n));
  detail::require_outside_labor(where, out.outside_labor, economy.labor);
  out.residuals.payments = Real(0);
  out.residuals.labor = abs((outside.wage.dot(out.outside_labor) + out.expenditure.sum()) / income.sum() - 1);
  out.residual = out.residuals.largest(false);
  if (!detail::accounts_close({out.residual})) return failed(status::out_of_range);
  for (Eigen::Index i = 0; i < n; ++i) {
    out.welfare[i] = outside.wage[i] * pow(out.price_index[i], Real(-outside.expenditure_share[i]));
  }
  return out;
}

/// The same law in all countries.
template <real Real, productivity_law Law>
[[nodiscard]] outside_good_equilibrium<Real> try_solve(world_economy<Real> const& economy,
                                                       outside_good<Real> const& outside, Law const& law,
                                                       entry_options const& how = {}) {
  return try_solve(economy, outside, by_country<Law>{{law}}, how);
}

/// The same of both in one.
template <real Real, class Laws>
requires requires(world_economy<Real> const& e, outside_good<Real> const& o, Laws const& laws) {
  try_solve(e, o, laws);
}
[[nodiscard]] outside_good_equilibrium<Real> try_solve(world_with_outside_good_economy<Real> const& economy,
                                                       Laws const& laws, entry_options const& how = {}) {
  return try_solve(economy.world, economy.outside, laws, how);
}

/// As try_solve, but a failure is an exception. @throws domain_error, convergence_error
template <real Real, class Laws>
[[nodiscard]] outside_good_equilibrium<Real> solve(world_economy<Real> const& economy,
                                                   outside_good<Real> const& outside, Laws const& laws,
                                                   entry_options const& how = {}) {
  return detail::or_throw(try_solve(economy, outside, laws, how));
}

/// Welfare over that of the same country by itself, by country, which makes its own outside good.
/// @throws domain_error, convergence_error
template <real Real, productivity_law Law>
[[nodiscard]] Eigen::VectorX<Real> gains_from_trade(world_economy<Real> const& economy,
                                                    outside_good<Real> const& outside, by_country<Law> const& laws,
                                                    entry_options const& how = {}) {
  using std::pow;
  auto out = solve(economy, outside, laws, how).welfare;
  auto part = economy;  // in its sector, what is spent there is so many workers' wages
  part.labor = outside.expenditure_share.cwiseProduct(economy.labor);
  auto const pairs = detail::pairs_under(part, laws);
  for (Eigen::Index i = 0; i < out.size(); ++i) {
    Real const price = outside.wage[i] * detail::or_throw(pairs->autarky(i)).price_index;
    out[i] /= outside.wage[i] * pow(price, Real(-outside.expenditure_share[i]));
  }
  return out;
}
/// The same where all countries draw from one law.
template <real Real, productivity_law Law>
[[nodiscard]] Eigen::VectorX<Real> gains_from_trade(world_economy<Real> const& economy,
                                                    outside_good<Real> const& outside, Law const& law,
                                                    entry_options const& how = {}) {
  return gains_from_trade(economy, outside, by_country<Law>{{law}}, how);
}
/// The same of both in one.
template <real Real, class Laws>
requires requires(world_economy<Real> const& e, outside_good<Real> const& o, Laws const& laws) {
  try_solve(e, o, laws);
}
[[nodiscard]] Eigen::VectorX<Real> gains_from_trade(world_with_outside_good_economy<Real> const& economy,
                                                    Laws const& laws, entry_options const& how = {}) {
  return gains_from_trade(economy.world, economy.outside, laws, how);
}

}  // namespace melitz
