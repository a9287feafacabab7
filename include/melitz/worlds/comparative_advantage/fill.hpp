// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/economy/ces.hpp>
#include <melitz/numerics/larger.hpp>
#include <melitz/numerics/real.hpp>
#include <melitz/worlds/comparative_advantage/conditions.hpp>
#include <melitz/worlds/comparative_advantage/equilibrium.hpp>

#include <algorithm>
#include <cmath>

namespace melitz::detail {

/// What one industry and country have at the point where the conditions were evaluated.
template <real Real>
void fill_industry(comparative_advantage_equilibrium<Real>& out, comparative_advantage_economy<Real> const& economy,
                   trading_conditions<Real> const& conditions, int i, int k) {
  using std::exp, std::log1p;
  Real const root = 1 / economy.size_exponent();
  auto const& firm = conditions.firms(i, k);
  Real const entrants = conditions.entrants(i, k);
  out.unit_cost(i, k) = exp(conditions.log_unit_cost(i, k));
  out.demand(i, k) = exp(conditions.point().demand[i][k]);
  out.entry_value(i, k) = conditions.entry_value(i, k);
  out.cutoff(i, k) = exp(firm.log_cutoff);
  out.export_cutoff(i, k) =
      firm.log_export_cutoff < infinity<Real> ? Real(exp(firm.log_export_cutoff)) : infinity<Real>;
  Real produce = firm.producers.survival * firm.producers.scale();
  Real exporting = firm.exporters.survival * firm.exporters.scale();
  if (produce > 1) produce = Real(1);  // by a rounding
  if (exporting > produce) exporting = produce;
  out.probability_of_producing(i, k) = produce;
  out.mass_entrants(i, k) = entrants;
  out.mass_entrants_per_period(i, k) = economy.death_rate * entrants;
  out.mass_producers(i, k) = entrants * produce;
  out.mass_exporters(i, k) = entrants * exporting;
  out.domestic_sales(i, k) = conditions.sales(i, k, k);
  out.exports(i, k) = conditions.sales(i, k, 1 - k);
  out.revenue(i, k) = conditions.revenue(i, k);
  for (int f = 0; f < 2; ++f) {
    auto& workers = f == 0 ? out.skilled_employment : out.unskilled_employment;
    workers(i, k) = economy.factor_share(f, i) * out.revenue(i, k) / exp(conditions.point().wage[f][k]);
  }
  out.share_exporting(i, k) = produce > 0 ? Real(exporting / produce) : not_a_number<Real>;
  out.export_share(i, k) = firm.abroad / (firm.home + firm.abroad);
  out.creative_destruction(i, k) = produce > 0 ? Real(economy.death_rate / produce) : not_a_number<Real>;
  auto const average = [&](tail_point<Real> const& tail, Real const& from) {
    return tail.survival > 0 ? Real(from * exp(Real(root * log1p(Real(tail.excess / tail.survival)))))
                             : not_a_number<Real>;
  };
  out.average_productivity(i, k) = produce > 0 ? Real(average(firm.producers, out.cutoff(i, k))) : out.cutoff(i, k);
  out.average_export_productivity(i, k) = average(firm.exporters, out.export_cutoff(i, k));
}

/// Price indices, from demand, and by how much those of all varieties differ from them.
template <real Real>
void fill_prices(comparative_advantage_equilibrium<Real>& out, comparative_advantage_economy<Real> const& economy,
                 trading_conditions<Real> const& conditions, int i, int n) {
  using std::abs, std::exp, std::log;
  Real const sigma = economy.elasticity, r = economy.size_exponent();
  Real const log_price =
      log_price_index(conditions.point().demand[i][n], Real(economy.spending_share(i) * conditions.income(n)), sigma);
  out.price_index(i, n) = exp(log_price);
  Real prices(0);  // to the power -r, over that of the price index
  for (int k = 0; k < 2; ++k) {
    auto const& firm = conditions.firms(i, k);
    bool const home = k == n;
    auto const& tail = home ? firm.producers : firm.exporters;
    if (!conditions.point().enters[i][k] || !(tail.moment() > 0)) continue;
    Real const charged = log(Real(sigma / r)) + conditions.log_unit_cost(i, k) +
                         (home ? Real(0) : Real(log(economy.iceberg_cost(i, k))));
    Real const from = home ? firm.log_cutoff : firm.log_export_cutoff;
    prices += conditions.entrants(i, k) * tail.moment() * tail.scale() * exp(Real(r * (from - charged + log_price)));
  }
  out.residuals.price_index = larger_or_nan(out.residuals.price_index, Real(abs(Real(log(prices) / r))));
}

/// All that follows from the point where the conditions were evaluated.
/// @param trade  or every country is by itself
template <real Real>
void fill(comparative_advantage_equilibrium<Real>& out, comparative_advantage_economy<Real> const& economy,
          trading_conditions<Real> const& conditions, bool trade) {
  using std::abs, std::exp, std::log;
  set_all(out, 2, Real(0));
  bool specialized = false;
  for (int k = 0; k < 2; ++k) {
    for (int i = 0; i < 2; ++i) {
      fill_industry(out, economy, conditions, i, k);
      fill_prices(out, economy, conditions, i, k);
      specialized = specialized || !conditions.point().enters[i][k];
    }
  }
  out.pattern = !trade ? trade_pattern::autarky : specialized ? trade_pattern::specialized : trade_pattern::diversified;
  auto& left = out.residuals;
  for (int k = 0; k < 2; ++k) {
    out.skilled_wage[k] = exp(conditions.point().wage[0][k]);
    out.unskilled_wage[k] = exp(conditions.point().wage[1][k]);
    out.relative_wage[k] = out.skilled_wage[k] / out.unskilled_wage[k];
    out.income[k] = conditions.income(k);
    Real log_price(0);
    for (int i = 0; i < 2; ++i) {
      out.mass_varieties(i, k) = out.mass_producers(i, k) + out.mass_exporters(i, 1 - k);
      log_price += economy.spending_share(i) * log(out.price_index(i, k));
      Real const value = out.entry_value(i, k) - 1;
      left.free_entry = larger_or_nan(left.free_entry, conditions.point().enters[i][k] ? Real(abs(value)) : value);
      Real const spent = economy.spending_share(i) * out.income[k];
      left.goods =
          larger_or_nan(left.goods, Real(abs(Real((out.domestic_sales(i, k) + out.exports(i, 1 - k)) / spent - 1))));
    }
    for (int f = 0; f < 2; ++f)
      left.factors = larger_or_nan(left.factors, Real(abs(Real(conditions.employment(f, k) - 1))));
    Real const real = exp(Real(-log_price));
    out.real_skilled_wage[k] = out.skilled_wage[k] * real;
    out.real_unskilled_wage[k] = out.unskilled_wage[k] * real;
    out.welfare[k] = out.income[k] * real / (economy.skilled_labor[k] + economy.unskilled_labor[k]);
  }
  if (trade) left.payments = abs(Real(conditions.exports(0) / conditions.exports(1) - 1));
  out.residual = left.largest();
}

}  // namespace melitz::detail
