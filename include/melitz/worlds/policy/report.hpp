// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/numerics/told.hpp>
#include <melitz/worlds/policy/autarky_gains.hpp>
#include <melitz/worlds/policy/decomposition.hpp>
#include <melitz/worlds/policy/equilibrium.hpp>
#include <melitz/worlds/policy/solver.hpp>

#include <Eigen/Core>
#include <cmath>
#include <limits>

// Needs Eigen: CMake target melitz::policy.

namespace melitz {

/// What a report on policy says of a world, as it is or after a change: vectors by country, matrices [country][sector].
/// Money is in the unit of the flows, in the numeraire; what has the unit "1 before" is new over old. Trade is valued
/// at the border, X/(1 + t), and is that with others.
struct policy_report {
  using vector = Eigen::VectorXd;
  using matrix = Eigen::MatrixXd;

  vector welfare{}, real_income{}, real_wage{}, wage{}, consumer_price{}, employment{};
  vector terms_of_trade{};  ///< prices of exports over those of imports, at the border and without transport: geometric
                            ///< means with the weights of trade before and after
  vector gains_from_trade{};         ///< welfare over that in autarky; see gains_over_autarky
  vector gains_from_trade_by_acr{};  ///< the same by the one formula
  vector income{}, labor_income{}, profits{}, revenue{}, deficit{}, exports{}, imports{}, balance{};
  vector revenue_share{};          ///< of what consumers spend
  vector tariff_at_old_imports{};  ///< mean rate with the weights of imports before: before substitution
  vector tariff_at_imports{};      ///< the same of imports as they are: after substitution
  matrix price{};                  ///< of consumers
  matrix scale{};                  ///< number of firms that entered; 1 where entry is fixed or does not matter
  matrix spending{}, output{};     ///< output: what firms sell at home and abroad, before taxes
  matrix sector_exports{}, sector_imports{}, sector_profits{};
  matrix production_tax{};
  trade_array<> flow{};   ///< what importers spend, taxes in
  trade_array<> share{};  ///< of the importer's spending on the sector
  trade_array<> tariff{}, export_tax{};

  /// Names and units of all of them.
  static constexpr auto results() {
    using r = policy_report;
    using enum part;
    return told::table{
        told::quantity("welfare", &r::welfare, aggregates, "1 before", "W"),
        told::quantity("real_income", &r::real_income, aggregates, "1 before", "I/P"),
        told::quantity("real_wage", &r::real_wage, aggregates, "1 before", "w/P"),
        told::quantity("wage", &r::wage, aggregates, "1 before", "w"),
        told::quantity("consumer_price", &r::consumer_price, aggregates, "1 before", "P"),
        told::quantity("employment", &r::employment, aggregates, "1 before", "L"),
        told::quantity("terms_of_trade", &r::terms_of_trade, aggregates, "1 before"),
        told::quantity("gains_from_trade", &r::gains_from_trade, aggregates, "of welfare in autarky"),
        told::quantity("gains_from_trade_by_acr", &r::gains_from_trade_by_acr, aggregates, "of welfare in autarky"),
        told::quantity("income", &r::income, aggregates, "as flows", "I"),
        told::quantity("labor_income", &r::labor_income, aggregates, "as flows", "w L"),
        told::quantity("profits", &r::profits, aggregates, "as flows"),
        told::quantity("revenue", &r::revenue, aggregates, "as flows", "R"),
        told::quantity("revenue_share", &r::revenue_share, aggregates, "of income", "R/I"),
        told::quantity("deficit", &r::deficit, aggregates, "as flows", "D"),
        told::quantity("exports", &r::exports, aggregates, "as flows"),
        told::quantity("imports", &r::imports, aggregates, "as flows"),
        told::quantity("balance", &r::balance, aggregates, "as flows"),
        told::quantity("tariff_at_old_imports", &r::tariff_at_old_imports, averages, "ad valorem"),
        told::quantity("tariff_at_imports", &r::tariff_at_imports, averages, "ad valorem"),
        told::quantity("price", &r::price, aggregates, "1 before", "P_s"),
        told::quantity("scale", &r::scale, masses, "1 before", "N"),
        told::quantity("spending", &r::spending, aggregates, "as flows", "X_j"),
        told::quantity("output", &r::output, aggregates, "as flows"),
        told::quantity("sector_exports", &r::sector_exports, aggregates, "as flows"),
        told::quantity("sector_imports", &r::sector_imports, aggregates, "as flows"),
        told::quantity("sector_profits", &r::sector_profits, aggregates, "as flows"),
        told::quantity("production_tax", &r::production_tax, aggregates, "ad valorem", "r"),
        told::quantity("flow", &r::flow, aggregates, "as flows", "X_ij"),
        told::quantity("share", &r::share, aggregates, "of spending", "lambda"),
        told::quantity("tariff", &r::tariff, aggregates, "ad valorem", "t"),
        told::quantity("export_tax", &r::export_tax, aggregates, "ad valorem", "z"),
    };
  }
};

namespace detail {

/// What follows from flows and taxes.
/// @param old_flows, old  before the change
inline void count_trade(policy_report& out, trade_array<> const& flows, policy_change<> const& at,
                        trade_array<> const& old_flows, policy_change<> const& old) {
  auto const n = flows.countries(), sectors = flows.sectors();
  out.flow = out.share = flows;
  out.tariff = at.import_tax;
  out.export_tax = at.export_tax;
  out.production_tax = at.production_tax;
  out.spending.resize(n, sectors);
  for (auto* m : {&out.output, &out.sector_exports, &out.sector_imports}) m->setZero(n, sectors);
  Eigen::ArrayXd paid = Eigen::ArrayXd::Zero(n), paid_at_old = paid, old_imports = paid;
  for (Eigen::Index s = 0; s < sectors; ++s) {
    for (Eigen::Index j = 0; j < n; ++j) {
      out.spending(j, s) = flows.sector(s).col(j).sum();
      if (out.spending(j, s) > 0) out.share.sector(s).col(j) /= out.spending(j, s);
      for (Eigen::Index i = 0; i < n; ++i) {
        double const t = at.import_tax(i, j, s), border = flows(i, j, s) / (1 + t);
        out.output(i, s) += flows(i, j, s) * kept_of(at, i, j, s);
        if (i == j) continue;
        double const before = old_flows(i, j, s) / (1 + old.import_tax(i, j, s));
        out.sector_exports(i, s) += border;
        out.sector_imports(j, s) += border;
        paid[j] += t * border;
        paid_at_old[j] += t * before;
        old_imports[j] += before;
      }
    }
  }
  out.exports = out.sector_exports.rowwise().sum();
  out.imports = out.sector_imports.rowwise().sum();
  out.balance = out.exports - out.imports;
  out.tariff_at_imports = paid / out.imports.array();
  out.tariff_at_old_imports = paid_at_old / old_imports;
  out.revenue_share = out.revenue.array() / out.income.array();
}

/// ln of prices of exports over those of imports.
inline Eigen::VectorXd log_terms_of_trade(policy_solver<> const& solver, policy_change<> const& change,
                                          policy_equilibrium<> const& e, policy_report const& before,
                                          policy_report const& after) {
  auto const& world = solver.world();
  auto const n = world.countries();
  auto const old = solver.unchanged();
  auto const log_cost = log_cost_of(world, e);
  Eigen::VectorXd out = Eigen::VectorXd::Zero(n);
  for (Eigen::Index s = 0; s < world.sector_count(); ++s) {
    auto const& sector = world.sectors[static_cast<std::size_t>(s)];
    for (Eigen::Index i = 0; i < n; ++i) {
      double const entrants = sector.has_entry() ? std::log(e.entrants_hat(i, s)) : 0;
      if (!std::isfinite(entrants)) continue;  // nobody is left to sell
      double const own = log_cost(i, s) - sector.scale_elasticity * entrants;
      double const made = std::log1p(change.production_tax(i, s)) - std::log1p(old.production_tax(i, s));
      for (Eigen::Index j = 0; j < n; ++j) {
        if (i == j) continue;
        double const taxed = std::log1p(change.export_tax(i, j, s)) - std::log1p(old.export_tax(i, j, s));
        double const was = before.flow(i, j, s) / (1 + old.import_tax(i, j, s));
        double const is = after.flow(i, j, s) / (1 + change.import_tax(i, j, s));
        double const price = own + made + taxed;
        out[i] += (was / before.exports[i] + is / after.exports[i]) / 2 * price;
        out[j] -= (was / before.imports[j] + is / after.imports[j]) / 2 * price;
      }
    }
  }
  return out;
}

}  // namespace detail

/// The report of a world as it is. Gains from trade are NaN where gains_over_autarky does not have them.
[[nodiscard]] inline policy_report report_before(policy_solver<> const& solver) {
  auto const& world = solver.world();
  auto const& base = solver.baseline();
  auto const n = world.countries(), sectors = world.sector_count();
  policy_report out;
  for (auto* v : {&out.welfare, &out.real_income, &out.real_wage, &out.wage, &out.consumer_price, &out.employment,
                  &out.terms_of_trade}) {
    v->setOnes(n);
  }
  out.price.setOnes(n, sectors);
  out.scale.setOnes(n, sectors);
  out.income = base.income;
  out.labor_income = base.labor_income;
  out.profits = base.profits;
  out.revenue = base.revenue;
  out.deficit = base.deficit;
  out.sector_profits = base.sector_profits;
  auto const as_it_is = solver.unchanged();
  detail::count_trade(out, world.flows, as_it_is, world.flows, as_it_is);
  out.gains_from_trade.setConstant(n, std::numeric_limits<double>::quiet_NaN());
  out.gains_from_trade_by_acr = out.gains_from_trade;
  if (world.labor_supply_elasticity == 0 || world.revenue == policy_revenue::lump_sum) {
    auto const gains = gains_over_autarky(world);
    out.gains_from_trade = gains.gains;
    out.gains_from_trade_by_acr = gains.acr;
  }
  return out;
}

/// The report of the world after a change. Gains from trade are NaN where production taxes change, on which welfare in
/// autarky depends too; those by the formula are of the world as it is alone.
/// @param solver  has solved the change
/// @param change  complete, as policy_solver::unchanged has it
/// @pre the last solve converged
[[nodiscard]] inline policy_report report_after(policy_solver<> const& solver, policy_change<> const& change,
                                                policy_report const& before) {
  auto const e = solver.equilibrium();
  auto const& world = solver.world();
  policy_report out;
  out.welfare = e.welfare_hat;
  out.real_income = e.income_hat.array() / e.consumer_price_hat.array();
  out.real_wage = e.real_wage_hat;
  out.wage = e.wage_hat;
  out.consumer_price = e.consumer_price_hat;
  out.employment = e.labor_hat;
  out.income = e.income;
  out.labor_income = e.labor_income;
  out.profits = e.profits;
  out.revenue = e.revenue;
  out.deficit = e.deficit;
  out.price = e.price_hat;
  out.scale = e.entrants_hat;
  out.sector_profits = e.sector_profits;
  auto const old = solver.unchanged();
  detail::count_trade(out, e.flows, change, world.flows, old);
  out.terms_of_trade = detail::log_terms_of_trade(solver, change, e, before, out).array().exp();
  out.gains_from_trade = before.gains_from_trade.cwiseProduct(e.welfare_hat);
  out.gains_from_trade_by_acr.setConstant(world.countries(), std::numeric_limits<double>::quiet_NaN());
  if (change.production_tax != old.production_tax) out.gains_from_trade = out.gains_from_trade_by_acr;
  return out;
}

}  // namespace melitz
