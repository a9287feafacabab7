// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/countries/gravity.hpp>
#include <melitz/countries/options.hpp>
#include <melitz/countries/results.hpp>
#include <melitz/economy/solve_or_throw.hpp>
#include <melitz/error.hpp>
#include <melitz/models/acr_formula.hpp>
#include <melitz/worlds/bertrand/economy.hpp>
#include <melitz/worlds/bertrand/plants.hpp>
#include <melitz/worlds/bertrand/simulate.hpp>

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <optional>

// Needs Eigen: CMake target melitz::world.

namespace melitz {

/// Equilibrium of a bertrand_economy, by country. Check `reason` (or the conversion to bool) first: unless it converged
/// the numbers are NaN. What is sold between countries, and what plants are like, try_solve_with_flows computes.
template <real Real = double>
struct bertrand_equilibrium {
  using real_type = Real;
  using vector = Eigen::VectorX<Real>;

  status reason = status::not_solved;
  Real residual = detail::not_a_number<Real>;  ///< greatest gap of balanced trade, over exports and imports
  int evaluations = 0;                         ///< readings of the matrix of trade costs
  vector wage{};
  vector revenue{};                   ///< R, of the country's producers in all markets; what it spends as well
  vector profits{};                   ///< of them, which stay at home
  vector income{};                    ///< wages and profits
  vector domestic_share{};            ///< lambda_jj
  vector price_index{};               ///< P
  vector welfare{};                   ///< income/(P L)
  vector autarky_welfare{};           ///< of the country by itself
  vector formula_gains_from_trade{};  ///< lambda_jj^(-1/(beta theta))
  Real average_log_markup = detail::not_a_number<Real>;  ///< over all goods, the same in every market
  Real capped_share = detail::not_a_number<Real>;        ///< of goods with the monopoly's markup
  Real profit_share = detail::not_a_number<Real>;        ///< 1/(1 + theta), of sales

  static constexpr auto results() {
    using e = bertrand_equilibrium;
    using enum part;
    return told::table{
        told::aside(&e::reason),
        told::quantity("residual", &e::residual, solution, "of balanced trade"),
        told::quantity("evaluations", &e::evaluations, work, "of gravity"),
        told::positive("wage", &e::wage, aggregates, "numeraire", "w"),
        told::positive("revenue", &e::revenue, aggregates, "numeraire", "R"),
        told::positive("profits", &e::profits, aggregates, "numeraire"),
        told::positive("income", &e::income, aggregates, "numeraire"),
        told::positive("domestic_share", &e::domestic_share, aggregates, "share of expenditure", "lambda_jj"),
        told::positive("price_index", &e::price_index, aggregates, "numeraire", "P"),
        told::positive("welfare", &e::welfare, aggregates, "real income per worker", "Y/(P L)"),
        told::positive("autarky_welfare", &e::autarky_welfare, aggregates, "real income per worker"),
        told::quantity("gains_from_trade", &e::gains_from_trade, aggregates, "welfare over that in autarky"),
        told::positive("formula_gains_from_trade", &e::formula_gains_from_trade, aggregates,
                       "welfare over that in autarky", "lambda_jj^(-1/(beta theta))"),
        told::quantity("average_log_markup", &e::average_log_markup, averages, "of all goods"),
        told::quantity("capped_share", &e::capped_share, averages, "share of goods"),
        told::quantity("profit_share", &e::profit_share, averages, "share of sales", "1/(1 + theta)"),
    };
  }

  [[nodiscard]] explicit operator bool() const noexcept { return reason == status::converged; }
  /// Welfare over that in autarky.
  [[nodiscard]] vector gains_from_trade() const { return welfare.cwiseQuotient(autarky_welfare); }
};

/// The same with what is sold between countries, and what plants are like: those of a country that sell at home. A
/// comparison of exporters with others is NaN where all export, or none does; `plants` has it as an optional.
template <real Real = double>
struct bertrand_equilibrium_with_flows : bertrand_equilibrium<Real> {
  using real_type = Real;
  using vector = Eigen::VectorX<Real>;
  using matrix = Eigen::MatrixX<Real>;

  matrix sales{};  ///< what consumers and producers of the importer pay
  matrix share{};  ///< lambda; columns sum to 1
  vector share_exporting{};
  vector exporter_log_markup{}, nonexporter_log_markup{};
  vector exporter_productivity_gap{}, exporter_efficiency_gap{};
  vector exporter_size_ratio{}, exporter_cost_share{}, exporter_capped_share{};
  Real error_estimate = detail::not_a_number<Real>;  ///< greatest standard error of share_exporting; 0 where exact

  static constexpr auto results() {
    using e = bertrand_equilibrium_with_flows;
    using enum part;
    return told::table{
        told::base<bertrand_equilibrium<Real>>(),
        told::quantity("sales", &e::sales, aggregates, "numeraire"),
        told::quantity("share", &e::share, aggregates, "share of the importer's expenditure", "lambda"),
        told::quantity("share_exporting", &e::share_exporting, averages, "share of producers"),
        told::quantity("exporter_log_markup", &e::exporter_log_markup, averages, "at home"),
        told::quantity("nonexporter_log_markup", &e::nonexporter_log_markup, averages, "at home"),
        told::quantity("exporter_productivity_gap", &e::exporter_productivity_gap, averages,
                       "log revenue per cost, exporters less others"),
        told::quantity("exporter_efficiency_gap", &e::exporter_efficiency_gap, averages,
                       "log efficiency, exporters less others"),
        told::quantity("exporter_size_ratio", &e::exporter_size_ratio, averages, "home sales, exporters over others"),
        told::quantity("exporter_cost_share", &e::exporter_cost_share, averages, "share of home sales"),
        told::quantity("exporter_capped_share", &e::exporter_capped_share, averages, "share of exporters"),
        told::quantity("error_estimate", &e::error_estimate, solution, "standard error, of share_exporting"),
    };
  }
};

static_assert(detail::tells_every_member<bertrand_equilibrium<double>>() &&
              detail::tells_every_member<bertrand_equilibrium_with_flows<double>>());

namespace detail {

/// The world's wages as a problem of gravity: T_i c_i^-theta is for sale, and w_i c_i^(-1/beta) is a power of prices.
template <real Real>
[[nodiscard]] gravity_world<Real> gravity_of(bertrand_economy<Real> const& e) {
  Eigen::MatrixX<Real> const alike =
      Eigen::MatrixX<Real>::Ones(e.countries(), e.countries());  // there are no fixed costs
  gravity_world<Real> out;
  out.access = relative_access(e.iceberg_cost, alike, e.shape, Real(0));
  out.labor = e.labor;
  out.log_supply = vector_log(e.technology);
  out.on_wage = e.gains_exponent();
  out.on_total = (1 - e.labor_share) / e.gains_exponent();
  return out;
}

/// ln P at a wage of 1, of a country that buys this share at home: it has the bundle's cost in it by the share beta.
template <real Real>
[[nodiscard]] Real log_price(bertrand_economy<Real> const& e, Eigen::Index country, Real const& domestic_share) {
  using std::log;
  return Real(e.markups().log_price_constant() / e.labor_share +
              (log(domestic_share) - log(e.technology[country])) / e.gains_exponent());
}

/// @param shares  left here of a world that converged
template <real Real>
[[nodiscard]] bertrand_equilibrium<Real> solve_bertrand(bertrand_economy<Real> const& economy,
                                                        bertrand_options const& how, Eigen::MatrixX<Real>* shares) {
  using std::exp;
  economy.validate();
  auto const n = economy.countries();
  auto const world = gravity_of(economy);
  gravity_solver<Real> solver(world);
  solver.solve({.max_evaluations = how.max_evaluations});
  bertrand_equilibrium<Real> out;
  out.reason = solver.reason();
  out.evaluations = solver.evaluations();
  auto const failed = [&](status why) {
    out.reason = why;
    forget(out, n);
    return out;
  };
  if (!out) return failed(out.reason);
  auto const& p = solver.solution();
  out.residual = p.residual;
  out.wage = p.expenditure.cwiseQuotient(economy.labor);  // what u is with goods as inputs is no wage
  out.wage /= Real(out.wage[0]);
  Eigen::VectorX<Real> const wages = out.wage.cwiseProduct(economy.labor);
  out.revenue = economy.sales_per_wage() * wages;
  out.profits = economy.profit_share() * out.revenue;
  out.income = economy.income_per_wage() * wages;
  out.domestic_share = p.supply.cwiseQuotient(p.total);
  if (!(out.domestic_share.minCoeff() >= (std::numeric_limits<Real>::min)())) return failed(status::out_of_range);
  out.price_index.resize(n);
  out.autarky_welfare.resize(n);
  out.formula_gains_from_trade.resize(n);
  for (Eigen::Index j = 0; j < n; ++j) {
    out.price_index[j] = out.wage[j] * exp(log_price(economy, j, Real(out.domestic_share[j])));
    out.autarky_welfare[j] = economy.income_per_wage() * exp(Real(-log_price(economy, j, Real(1))));
    out.formula_gains_from_trade[j] =
        melitz::formula_gains_from_trade(Real(out.domestic_share[j]), economy.gains_exponent());
  }
  out.welfare = out.income.cwiseQuotient(out.price_index).cwiseQuotient(economy.labor);
  out.average_log_markup = economy.markups().average_log();
  out.capped_share = economy.markups().capped_share();
  out.profit_share = economy.profit_share();
  if (!representable(out)) return failed(status::out_of_range);
  if (shares != nullptr) *shares = shares_of(world, p);
  return out;
}

/// Writes what the plants of a country are like to their places in the vectors.
template <real Real, class From>
void set_plants(bertrand_equilibrium_with_flows<Real>& to, Eigen::Index i, bertrand_plants<From> const& plants) {
  auto const number = [](std::optional<From> const& x) { return x ? Real(*x) : not_a_number<Real>; };
  to.share_exporting[i] = Real(plants.share_exporting);
  to.exporter_log_markup[i] = number(plants.exporter_log_markup);
  to.nonexporter_log_markup[i] = number(plants.nonexporter_log_markup);
  to.exporter_productivity_gap[i] = number(plants.exporter_productivity_gap);
  to.exporter_efficiency_gap[i] = number(plants.exporter_efficiency_gap);
  to.exporter_size_ratio[i] = number(plants.exporter_size_ratio);
  to.exporter_cost_share[i] = number(plants.exporter_cost_share);
  to.exporter_capped_share[i] = number(plants.exporter_capped_share);
  to.error_estimate = std::max(to.error_estimate, Real(plants.standard_error));
}

}  // namespace detail

/// Solves for wages, from which the rest follows.
///
/// Cost: as that of an acr_economy, of which it is the gravity; twice that where goods are inputs.
/// @throws domain_error naming a primitive that is out of range
/// Accuracy: wages, and what follows from them, to the last digits; trade balances to 4096 eps of what is traded.
/// @return numbers, or NaN and in `reason` why: disconnected where countries do not trade, not even through others;
///         out_of_range where a number leaves the number type
/// Example:
///   bertrand_economy<> const world{.elasticity = 3.79, .shape = 3.6, ...};
///   auto const e = solve(world);
///   e.wage[1];  e.gains_from_trade()[1];
template <real Real>
[[nodiscard]] bertrand_equilibrium<Real> try_solve(bertrand_economy<Real> const& economy,
                                                   bertrand_options const& how = {}) {
  return detail::solve_bertrand(economy, how, static_cast<Eigen::MatrixX<Real>*>(nullptr));
}

/// As try_solve, with what is sold between countries, and the plants of all of them: exact up to
/// bertrand_exact_countries, simulated beyond, in double; there numbers that carry derivatives have none of plants.
/// Cost: see plants, for each country; see simulate.
template <real Real>
[[nodiscard]] bertrand_equilibrium_with_flows<Real> try_solve_with_flows(bertrand_economy<Real> const& economy,
                                                                         bertrand_options const& how = {}) {
  bertrand_equilibrium_with_flows<Real> out;
  static_cast<bertrand_equilibrium<Real>&>(out) = detail::solve_bertrand(economy, how, &out.share);
  auto const n = economy.countries();
  if (!out) {
    detail::forget(out, n);
    return out;
  }
  out.sales = out.share * out.revenue.asDiagonal();
  for (auto* v :
       {&out.share_exporting, &out.exporter_log_markup, &out.nonexporter_log_markup, &out.exporter_productivity_gap,
        &out.exporter_efficiency_gap, &out.exporter_size_ratio, &out.exporter_cost_share, &out.exporter_capped_share}) {
    v->setConstant(n, detail::not_a_number<Real>);
  }
  if (n <= bertrand_exact_countries) {
    out.error_estimate = Real(0);
    for (Eigen::Index i = 0; i < n; ++i) detail::set_plants(out, i, plants(economy, out.share, i));
  } else if constexpr (!detail::carries_derivatives<Real>) {
    out.error_estimate = Real(0);
    auto const number = [](Real const& x) { return static_cast<double>(x); };
    bertrand_economy<double> const same{number(economy.elasticity),
                                        number(economy.shape),
                                        economy.labor.unaryExpr(number),
                                        economy.technology.unaryExpr(number),
                                        economy.iceberg_cost.unaryExpr(number),
                                        number(economy.labor_share)};
    auto const simulated = simulate(same, Eigen::MatrixXd(out.share.unaryExpr(number)), how);
    for (Eigen::Index i = 0; i < n; ++i) detail::set_plants(out, i, plants(simulated, i));
  }
  return out;
}

/// Welfare over that in autarky, by country. @throws domain_error, convergence_error
template <real Real>
[[nodiscard]] Eigen::VectorX<Real> gains_from_trade(bertrand_economy<Real> const& economy,
                                                    bertrand_options const& how = {}) {
  return solve(economy, how).gains_from_trade();
}

}  // namespace melitz
