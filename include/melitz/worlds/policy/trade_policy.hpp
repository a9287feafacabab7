// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/countries/results.hpp>
#include <melitz/economy/solve_or_throw.hpp>
#include <melitz/error.hpp>
#include <melitz/numerics/members.hpp>
#include <melitz/numerics/real.hpp>
#include <melitz/worlds/policy/autarky_gains.hpp>
#include <melitz/worlds/policy/solver.hpp>
#include <melitz/worlds/policy/trade_policy_economy.hpp>

#include <Eigen/Core>
#include <cstddef>
#include <vector>

// Needs Eigen: CMake target melitz::world.

namespace melitz {

/// Accounts of a world, by country, in the unit of its flows; after a change in the numeraire.
template <real Real = double>
struct trade_policy_accounts {
  using real_type = Real;
  using vector = Eigen::VectorX<Real>;

  vector income{};              ///< I, what consumers spend
  vector labor_income{};        ///< w L
  vector profits{};             ///< where entry is fixed
  vector tax_revenue{};         ///< R
  vector deficit{};             ///< D
  vector exports{}, imports{};  ///< at the border, X/(1 + t)

  static constexpr auto results() {
    using e = trade_policy_accounts;
    using enum part;
    return told::table{
        told::quantity("income", &e::income, aggregates, "money", "I"),
        told::quantity("labor_income", &e::labor_income, aggregates, "money", "w L"),
        told::quantity("profits", &e::profits, aggregates, "money"),
        told::quantity("tax_revenue", &e::tax_revenue, aggregates, "money", "R"),
        told::quantity("deficit", &e::deficit, aggregates, "money", "D"),
        told::quantity("exports", &e::exports, aggregates, "money, at the border"),
        told::quantity("imports", &e::imports, aggregates, "money, at the border"),
    };
  }
};

/// One sector after a change, and shares before it. Vectors are by country, matrices [exporter][importer].
template <real Real = double>
struct trade_policy_sector_equilibrium {
  using real_type = Real;
  using vector = Eigen::VectorX<Real>;
  using matrix = Eigen::MatrixX<Real>;

  vector price_hat{};           ///< of the importer's consumers
  vector entrants_hat{};        ///< 0: all are gone; 1 where entry is fixed or does not matter
  matrix share{}, new_share{};  ///< lambda; 0 where nothing is spent
  matrix new_flows{};           ///< X', taxes in

  static constexpr auto results() {
    using e = trade_policy_sector_equilibrium;
    using enum part;
    return told::table{
        told::quantity("price_hat", &e::price_hat, aggregates, "new over old", "P_s"),
        told::quantity("entrants_hat", &e::entrants_hat, masses, "new over old", "N"),
        told::quantity("share", &e::share, aggregates, "share of the importer's expenditure", "lambda"),
        told::quantity("new_share", &e::new_share, aggregates, "share of the importer's expenditure", "lambda"),
        told::quantity("new_flows", &e::new_flows, aggregates, "money", "X"),
    };
  }
};

/// What a change does to a world: the policy_equilibrium, sector by sector, and the accounts before and after. Check
/// `reason` (or the conversion to bool) first: unless it converged the numbers are NaN.
template <real Real = double>
struct trade_policy_equilibrium {
  using real_type = Real;
  using vector = Eigen::VectorX<Real>;

  status reason = status::not_solved;
  Real residual = detail::not_a_number<Real>;
  int evaluations = 0;
  vector welfare_hat{}, real_wage_hat{}, wage_hat{}, income_hat{}, labor_hat{}, consumer_price_hat{};
  trade_policy_accounts<Real> before{}, after{};
  std::vector<trade_policy_sector_equilibrium<Real>> sectors = std::vector<trade_policy_sector_equilibrium<Real>>(1);

  static constexpr auto results() {
    using e = trade_policy_equilibrium;
    using enum part;
    return told::table{
        told::aside(&e::reason),
        told::quantity("residual", &e::residual, solution, "of the accounts, relative"),
        told::quantity("evaluations", &e::evaluations, work, "of the conditions"),
        told::positive("welfare_hat", &e::welfare_hat, aggregates, "new over old", "W"),
        told::positive("real_wage_hat", &e::real_wage_hat, aggregates, "new over old", "w/P"),
        told::positive("wage_hat", &e::wage_hat, aggregates, "new over old", "w"),
        told::positive("income_hat", &e::income_hat, aggregates, "new over old", "I"),
        told::positive("labor_hat", &e::labor_hat, aggregates, "new over old", "L"),
        told::positive("consumer_price_hat", &e::consumer_price_hat, aggregates, "new over old", "P"),
        told::nested(&e::before),
        told::nested(&e::after, "new_"),
        told::nested(&e::sectors),
    };
  }

  [[nodiscard]] explicit operator bool() const noexcept { return reason == status::converged; }
};

static_assert(detail::tells_every_member<trade_policy_accounts<double>>() &&
              detail::tells_every_member<trade_policy_sector_equilibrium<double>>() &&
              detail::tells_every_member<trade_policy_equilibrium<double>>());

namespace detail {

/// What crosses borders, at their value there.
template <real Real>
void set_trade(trade_policy_accounts<Real>& out, trade_array<Real> const& flows, trade_array<Real> const& import_tax) {
  auto const n = flows.countries();
  out.exports.setZero(n);
  out.imports.setZero(n);
  for (Eigen::Index s = 0; s < flows.sectors(); ++s) {
    for (Eigen::Index j = 0; j < n; ++j) {
      for (Eigen::Index i = 0; i < n; ++i) {
        if (i == j) continue;
        Real const value = flows(i, j, s) / (1 + import_tax(i, j, s));
        out.exports[i] += value;
        out.imports[j] += value;
      }
    }
  }
}

/// Each importer's spending as shares of it.
template <real Real>
[[nodiscard]] Eigen::MatrixX<Real> shares_of(Eigen::MatrixX<Real> flows) {
  for (Eigen::Index j = 0; j < flows.cols(); ++j) {
    Real const all = flows.col(j).sum();
    if (all > 0) flows.col(j) /= all;
  }
  return flows;
}

}  // namespace detail

/// What the change does to the world; see policy_solver.
/// @throws domain_error naming what is out of range
/// @return numbers, or NaN and in `reason` why
template <real Real>
[[nodiscard]] trade_policy_equilibrium<Real> try_solve(trade_policy_economy<Real> const& economy,
                                                       policy_options const& how = {}) {
  economy.validate();
  policy_solver<Real> solver(economy.world(), how);
  auto const& world = solver.world();
  auto const change = economy.change(world);
  trade_policy_equilibrium<Real> out;
  out.reason = solver.solve(change);
  out.evaluations = solver.evaluations();
  out.sectors.resize(economy.sectors.size());
  if (!out) {
    for (auto& s : out.sectors) detail::forget(s, economy.countries());
    detail::forget(out, economy.countries());
    return out;
  }
  auto const e = solver.equilibrium();
  out.residual = e.residual;
  out.welfare_hat = e.welfare_hat;
  out.real_wage_hat = e.real_wage_hat;
  out.wage_hat = e.wage_hat;
  out.income_hat = e.income_hat;
  out.labor_hat = e.labor_hat;
  out.consumer_price_hat = e.consumer_price_hat;
  auto const& base = solver.baseline();
  out.before = {base.income, base.labor_income, base.profits, base.revenue, base.deficit, {}, {}};
  out.after = {e.income, e.labor_income, e.profits, e.revenue, e.deficit, {}, {}};
  detail::set_trade(out.before, world.flows, world.import_tax);
  detail::set_trade(out.after, e.flows, change.import_tax);
  for (std::size_t k = 0; k < out.sectors.size(); ++k) {
    auto const s = static_cast<Eigen::Index>(k);
    auto& sector = out.sectors[k];
    sector.price_hat = e.price_hat.col(s);
    sector.entrants_hat = e.entrants_hat.col(s);
    sector.new_flows = e.flows.sector(s);
    sector.share = detail::shares_of<Real>(world.flows.sector(s));
    sector.new_share = detail::shares_of<Real>(sector.new_flows);
  }
  return out;
}

/// Welfare of each country before the change over that by itself; see gains_over_autarky.
/// @throws domain_error, also where revenue cuts the tax on wages; convergence_error
[[nodiscard]] inline Eigen::VectorXd gains_from_trade(trade_policy_economy<double> const& economy) {
  economy.validate();
  return detail::or_throw(gains_over_autarky(economy.world())).gains;
}

}  // namespace melitz
