// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/countries/gravity.hpp>
#include <melitz/countries/results.hpp>
#include <melitz/economy/solve_or_throw.hpp>
#include <melitz/error.hpp>
#include <melitz/models/acr_formula.hpp>
#include <melitz/worlds/acr/economy.hpp>

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

// Needs Eigen: CMake target melitz::world.

namespace melitz {

/// Equilibrium of an acr_economy, by country. Check `reason` (or the conversion to bool) first: unless it converged the
/// numbers are NaN. What is sold between countries, `flows` computes.
template <real Real = double>
struct acr_equilibrium : world_countries<Real> {
  using real_type = Real;
  using vector = Eigen::VectorX<Real>;

  status reason = status::not_solved;
  Real residual = detail::not_a_number<Real>;  ///< greatest gap, over exports and imports
  int evaluations = 0;                         ///< readings of the matrix of trade costs
  vector revenue{};                            ///< R, of the country's firms in all markets
  vector mass_varieties{};                     ///< its own and foreign ones
  vector autarky_welfare{};                    ///< of the country by itself, without deficit
  vector formula_gains_from_trade{};           ///< lambda_jj^(-1/theta): see the function of that name

  static constexpr auto results() {
    using e = acr_equilibrium;
    using enum part;
    return told::table{
        told::aside(&e::reason),
        told::quantity("residual", &e::residual, solution, "of balanced trade"),
        told::quantity("evaluations", &e::evaluations, work, "of gravity"),
        told::base<world_countries<Real>>(),
        told::positive("revenue", &e::revenue, aggregates, "numeraire", "R"),
        told::positive("mass_varieties", &e::mass_varieties, masses, "varieties consumed"),
        told::positive("autarky_welfare", &e::autarky_welfare, aggregates, "real expenditure per worker"),
        told::quantity("gains_from_trade", &e::gains_from_trade, aggregates, "welfare over that in autarky"),
        told::positive("formula_gains_from_trade", &e::formula_gains_from_trade, aggregates,
                       "welfare over that in autarky", "lambda_jj^(-1/theta)"),
    };
  }

  [[nodiscard]] explicit operator bool() const noexcept { return reason == status::converged; }
  /// Welfare over that in autarky. The formula says the same where trade is balanced and autarky has its cutoff inside
  /// the support.
  [[nodiscard]] vector gains_from_trade() const { return this->welfare.cwiseQuotient(autarky_welfare); }
};

/// The same with what is sold between countries.
template <real Real = double>
struct acr_equilibrium_with_flows : acr_equilibrium<Real>, world_flows<Real> {
  using real_type = Real;

  static constexpr auto results() {
    return told::table{told::base<acr_equilibrium<Real>>(), told::base<world_flows<Real>>()};
  }
};

static_assert(detail::tells_every_member<acr_equilibrium<double>>() &&
              detail::tells_every_member<acr_equilibrium_with_flows<double>>());

namespace detail {

/// Welfare in autarky, in closed form, also where every entrant produces.
template <real Real>
[[nodiscard]] Real autarky_welfare(acr_economy<Real> const& e, Eigen::Index j) {
  Real const r = e.size_exponent(), theta = e.shape, labor = e.labor[j], fixed = e.fixed_cost(j, j);
  Real const mean = theta / (theta - r);  // E[(phi/b)^r]
  Real const unit = e.scale_of(j) * r / e.elasticity;
  Real entrants = e.entry == entry_rule::free ? e.profit_share() * labor / e.required_profit(j) : e.mass_entrants[j];
  Real spent = e.spending_per_wage() * labor;
  Real producing = e.fixed_cost_share() * spent / (fixed * entrants);
  if (producing < 1) {  // (c/b)^theta entrants are left, of size mean c^r
    return Real(unit / labor * spent * power_of(Real(entrants * producing * mean), Real(1 / r)) *
                power_of(producing, Real(-1 / theta)));
  }
  if (e.entry == entry_rule::free) {
    entrants = labor / (e.elasticity * (fixed + e.required_profit(j)));
  } else {
    spent = (labor - entrants * fixed) * e.elasticity / r;
  }
  return Real(unit / labor * spent * power_of(Real(entrants * mean), Real(1 / r)));
}

/// The world's wages as a problem of gravity.
template <real Real>
[[nodiscard]] gravity_world<Real> gravity_of(acr_economy<Real> const& e) {
  using std::log;
  auto const n = e.countries();
  gravity_world<Real> out;
  out.access = relative_access(e.iceberg_cost, e.fixed_cost, e.shape, e.fixed_cost_exponent());
  out.labor = e.labor;
  bool const balanced = e.deficit.size() == 0 || e.deficit.cwiseAbs().maxCoeff() == 0;
  if (!balanced) out.deficit = e.deficit;
  out.entry_follows_sales = e.entry == entry_rule::free && !balanced;
  out.log_supply = e.shape * e.log_scales();
  for (Eigen::Index i = 0; i < n; ++i) {
    out.log_supply[i] +=
        log(e.entry == entry_rule::fixed ? e.mass_entrants[i] : Real(e.profit_share() / e.required_profit(i)));
    if (e.entry == entry_rule::free && balanced) out.log_supply[i] += log(e.labor[i]);
  }
  out.on_wage = e.shape + e.source_labor_share * e.fixed_cost_exponent();
  out.spending_per_wage = e.spending_per_wage();
  out.sales_per_deficit = 1 / (1 - e.abroad_share());
  out.spending_per_deficit =
      e.entry == entry_rule::free
          ? Real(1)
          : Real((1 - e.profit_share() - e.abroad_share()) / ((1 - e.profit_share()) * (1 - e.abroad_share())));
  return out;
}

/// Varieties in each market; and that all cutoffs are inside the support. @throws domain_error naming the pair where
/// that fails most
template <real Real>
[[nodiscard]] Eigen::VectorX<Real> varieties_of(acr_economy<Real> const& e, Eigen::MatrixX<Real> const& access,
                                                gravity_point<Real> const& p, Eigen::VectorX<Real> const& entrants) {
  using std::pow;
  using vector = Eigen::VectorX<Real>;
  auto const n = e.countries();
  Real const a = e.source_labor_share;
  vector const wage = p.wage / p.wage[0];
  vector const offer = p.supply.array() / wage.array().pow(a);
  vector const market =
      e.fixed_cost_share() * (p.expenditure / p.wage[0]).array() / p.total.array() / wage.array().pow(Real(1 - a));
  vector const per_entrant = offer.cwiseQuotient(entrants);
  vector out(n), reached(n);
  Real most(0);
  Eigen::Index to = 0;
  for (Eigen::Index j = 0; j < n; ++j) {
    reached = access.col(j).cwiseQuotient(e.fixed_cost.col(j));
    reached[j] = 1 / e.fixed_cost(j, j);
    out[j] = market[j] * reached.dot(offer);
    Real const share = market[j] * reached.cwiseProduct(per_entrant).maxCoeff();
    if (share > most) {
      most = share;
      to = j;
    }
  }
  if (most > 1 + 4096 * epsilon<Real>()) [[unlikely]] {
    reached = access.col(to).cwiseQuotient(e.fixed_cost.col(to));
    reached[to] = 1 / e.fixed_cost(to, to);
    Eigen::Index from = 0;
    reached.cwiseProduct(per_entrant).maxCoeff(&from);
    throw domain_error(
        "acr_economy",
        "cutoff(" + std::to_string(from) + ", " + std::to_string(to) + ") over productivity_scale(" +
            std::to_string(from) + ')',
        to_short_text(static_cast<double>(pow(most, Real(-1 / e.shape)))),
        "be at least 1: where every entrant serves a market trade is not gravity; solve a world_economy");
  }
  return out;
}

}  // namespace detail

/// Solves for wages, from which the rest follows.
///
/// Cost: one reading of the matrix for each of some 15 iterations, and making and checking it, about as much.
/// @throws domain_error naming a primitive that is out of range; a pair of countries whose cutoff is below the support
/// Accuracy: wages, and what follows from them, to the last digits; trade balances to 4096 eps of what is traded.
/// @return numbers, or NaN and in `reason` why: disconnected where countries do not trade, not even through others;
///         not_finite where deficits leave a country with nothing to sell or to spend;
///         out_of_range where a number leaves the number type
/// Example:
///   acr_economy<> const world{.elasticity = 4, .shape = 4.25, ...};
///   auto const e = solve(world);
///   e.wage[1];  e.gains_from_trade()[1];
template <real Real>
[[nodiscard]] acr_equilibrium<Real> try_solve(acr_economy<Real> const& economy, wage_options const& how = {}) {
  economy.validate();
  auto const n = economy.countries();
  auto const world = detail::gravity_of(economy);
  detail::gravity_solver<Real> solver(world);
  solver.solve(how);
  acr_equilibrium<Real> out;
  out.reason = solver.reason();
  out.evaluations = solver.evaluations();
  auto const failed = [&](status why) {
    out.reason = why;
    detail::forget(out, n);
    return out;
  };
  if (!out) return failed(out.reason);
  auto const& p = solver.solution();
  Real const theta = economy.shape, eta = economy.fixed_cost_exponent();
  out.residual = p.residual;
  out.wage = p.wage / p.wage[0];
  out.expenditure = p.expenditure / p.wage[0];
  out.revenue = p.sales / p.wage[0];
  out.mass_entrants.resize(n);
  for (Eigen::Index i = 0; i < n; ++i) {
    out.mass_entrants[i] =
        economy.entry == entry_rule::fixed
            ? economy.mass_entrants[i]
            : Real(economy.profit_share() * out.revenue[i] / (out.wage[i] * economy.required_profit(i)));
  }
  out.domestic_share = p.supply.cwiseQuotient(p.total);
  // What follows divides by these.
  Real const least = std::min(out.mass_entrants.minCoeff(), out.domestic_share.minCoeff());
  if (!(least >= (std::numeric_limits<Real>::min)())) return failed(status::out_of_range);
  out.mass_varieties = detail::varieties_of(economy, world.access, p, out.mass_entrants);
  out.price_index.resize(n);
  out.autarky_welfare.resize(n);
  out.formula_gains_from_trade.resize(n);
  Real const mean = theta / (theta - economy.size_exponent()), markup = economy.elasticity / economy.size_exponent();
  for (Eigen::Index j = 0; j < n; ++j) {
    // Firms at home have the market's price index by the home share: P^-theta = mean markup^-theta X^eta
    // T_jj/lambda_jj.
    Real const cost = economy.elasticity * economy.fixed_cost(j, j) * out.wage[j];
    out.price_index[j] = markup * out.wage[j] / economy.scale_of(j) *
                         detail::power_of(Real(cost / out.expenditure[j]), Real(eta / theta)) *
                         detail::power_of(Real(out.domestic_share[j] / (mean * out.mass_entrants[j])), Real(1 / theta));
    out.autarky_welfare[j] = detail::autarky_welfare(economy, j);
    out.formula_gains_from_trade[j] = melitz::formula_gains_from_trade(out.domestic_share[j], theta);
  }
  out.set_welfare(economy.labor);
  return detail::representable(out) ? out : failed(status::out_of_range);
}

/// What is sold between countries. Four matrices, made at the cost of several solves: only for those who ask.
/// @param equilibrium  of this economy; unless it converged all is NaN
template <real Real>
[[nodiscard]] world_flows<Real> flows(acr_economy<Real> const& economy, acr_equilibrium<Real> const& equilibrium) {
  using std::exp, std::log;
  using vector = Eigen::VectorX<Real>;
  auto const n = economy.countries();
  auto const& c = equilibrium;
  detail::require(c.wage.size() == n, "flows", "number of countries in equilibrium", static_cast<double>(c.wage.size()),
                  "be that of the economy");
  Real const a = economy.source_labor_share, theta = economy.shape, eta = economy.fixed_cost_exponent();
  vector const log_wage = detail::vector_log(c.wage);
  vector supply = detail::vector_log(c.mass_entrants) + theta * economy.log_scales() - Real(theta + a * eta) * log_wage;
  supply = (supply.array() - supply.maxCoeff()).exp();
  world_flows<Real> out;
  out.share = detail::relative_access(economy.iceberg_cost, economy.fixed_cost, theta, eta);
  out.share.diagonal().setOnes();
  out.sales.resize(n, n);
  out.mass_sellers.resize(n, n);
  out.cutoff.resize(n, n);
  for (Eigen::Index j = 0; j < n; ++j) {
    out.share.col(j) = out.share.col(j).cwiseProduct(supply);
    out.share.col(j) /= Real(out.share.col(j).sum());
    out.sales.col(j) = c.expenditure[j] * out.share.col(j);
    for (Eigen::Index i = 0; i < n; ++i) {
      Real const paid = economy.fixed_cost(i, j) * exp(Real(a * log_wage[i] + (1 - a) * log_wage[j]));
      Real const firms = economy.fixed_cost_share() * out.sales(i, j) / paid;
      out.mass_sellers(i, j) = firms;
      Real const reach = firms / c.mass_entrants[i];  // the share of entrants that serve the market
      out.cutoff(i, j) =
          reach == 0 ? detail::infinity<Real> : Real(economy.scale_of(i) * exp(Real(-log(reach) / theta)));
    }
  }
  return out;
}

/// As try_solve, with what is sold between countries.
template <real Real>
[[nodiscard]] acr_equilibrium_with_flows<Real> try_solve_with_flows(acr_economy<Real> const& economy,
                                                                    wage_options const& how = {}) {
  acr_equilibrium_with_flows<Real> out;
  static_cast<acr_equilibrium<Real>&>(out) = try_solve(economy, how);
  static_cast<world_flows<Real>&>(out) = flows(economy, static_cast<acr_equilibrium<Real> const&>(out));
  return out;
}

/// Welfare over that in autarky, by country. @throws domain_error, convergence_error
template <real Real>
[[nodiscard]] Eigen::VectorX<Real> gains_from_trade(acr_economy<Real> const& economy, wage_options const& how = {}) {
  return solve(economy, how).gains_from_trade();
}

}  // namespace melitz
