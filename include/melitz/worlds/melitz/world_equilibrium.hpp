// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/countries/results.hpp>
#include <melitz/economy/ces.hpp>
#include <melitz/error.hpp>
#include <melitz/numerics/members.hpp>
#include <melitz/numerics/real.hpp>
#include <melitz/worlds/melitz/world_conditions.hpp>

#include <Eigen/Core>
#include <algorithm>
#include <cmath>

namespace melitz {

/// By how much the accounts of a world are open, relative to their larger sides; the largest over the countries. In
/// what has converged none by more than 4096 eps.
template <real Real = double>
struct world_residuals {
  using real_type = Real;

  Real free_entry = detail::not_a_number<Real>;   ///< expected profit against the cost of entry
  Real goods = detail::not_a_number<Real>;        ///< sales against expenditure, in every market
  Real labor = detail::not_a_number<Real>;        ///< workers employed against workers
  Real payments = detail::not_a_number<Real>;     ///< what a country receives from all others against what it owes them
  Real price_index = detail::not_a_number<Real>;  ///< from the prices of all varieties against that from demand

  static constexpr auto results() {
    using e = world_residuals;
    using enum part;
    return told::table{
        told::quantity("free_entry_residual", &e::free_entry, solution, "of the cost of entry"),
        told::quantity("goods_residual", &e::goods, solution, "of expenditure"),
        told::quantity("labor_residual", &e::labor, solution, "of workers"),
        told::quantity("payments_residual", &e::payments, solution, "of exports or imports, services among them"),
        told::quantity("price_index_residual", &e::price_index, solution, "of the price index"),
    };
  }

  /// Of those that are accounts of the model; NaN if one could not be computed.
  /// @param balanced  whether payments are one, or another good settles them
  [[nodiscard]] Real largest(bool balanced = true) const {
    Real out = free_entry;
    for (Real const& x : {goods, labor, balanced ? payments : free_entry, price_index}) {
      if (out == out && !(x <= out)) out = x;
    }
    return out;
  }
};

/// Equilibrium of a world_economy. Vectors are by country, matrices [exporter][importer]; money is in wages of country
/// 0. Check `reason` (or the conversion to bool) first: unless it converged the numbers are NaN.
template <real Real = double>
struct world_equilibrium : world_countries<Real>, world_markets<Real> {
  using real_type = Real;
  using vector = Eigen::VectorX<Real>;
  using matrix = Eigen::MatrixX<Real>;

  status reason = status::not_solved;
  Real residual = detail::not_a_number<Real>;        ///< the largest of `residuals`
  Real error_estimate = detail::not_a_number<Real>;  ///< of the logs of wages and masses, from rounding
  world_residuals<Real> residuals{};
  int evaluations = 0;  ///< steps, of all worlds tried on the way

  vector demand{};            ///< B_j
  vector revenue{};           ///< of the country's firms, in all markets; tariffs are not theirs
  vector exports{};           ///< of that, abroad
  vector tariff_revenue{};    ///< part of consumers' income
  matrix trade_elasticity{};  ///< r, of each firm, plus that of entry into the market (Leibniz' split at the cutoff);
                              ///< NaN where nobody exports
  // Uses of the country's labour; they sum to L.
  vector labor_entry{};
  vector labor_fixed{};         ///< of serving the home market
  vector labor_export_fixed{};  ///< of serving foreign ones, for its own firms and for those that serve it
  vector labor_variable{};

  static constexpr auto results() {
    using e = world_equilibrium;
    using enum part;
    return told::table{
        told::aside(&e::reason),
        told::quantity("residual", &e::residual, solution, "the largest"),
        told::nested(&e::residuals),
        told::quantity("error_estimate", &e::error_estimate, solution, "of wages and masses, from rounding"),
        told::quantity("evaluations", &e::evaluations, work, "of the conditions"),
        told::base<world_countries<Real>>(),
        told::positive("demand", &e::demand, work, "operating profit with productivity and delivered cost 1", "B"),
        told::quantity("revenue", &e::revenue, aggregates, "numeraire"),
        told::quantity("exports", &e::exports, aggregates, "numeraire"),
        told::quantity("tariff_revenue", &e::tariff_revenue, aggregates, "numeraire"),
        told::quantity("trade_elasticity", &e::trade_elasticity, elasticities, "of sales to iceberg cost, minus"),
        told::quantity("labor_entry", &e::labor_entry, labor_uses, "workers"),
        told::quantity("labor_fixed", &e::labor_fixed, labor_uses, "workers"),
        told::quantity("labor_export_fixed", &e::labor_export_fixed, labor_uses, "workers"),
        told::quantity("labor_variable", &e::labor_variable, labor_uses, "workers"),
        told::base<world_markets<Real>>(),
    };
  }

  [[nodiscard]] explicit operator bool() const noexcept { return reason == status::converged; }
};

static_assert(detail::tells_every_member<world_residuals<double>>() &&
              detail::tells_every_member<world_equilibrium<double>>());

namespace detail {

/// All that follows from wages, demand and masses of entrants. Residuals of conditions are those of all countries.
template <real Real>
void fill(world_equilibrium<Real>& out, world_pairs<Real> const& pairs, world_point<Real> const& point) {
  using std::abs, std::exp, std::log, std::pow;
  auto const n = pairs.countries();
  auto const& e = pairs.economy();
  Real const r = pairs.power(), sigma = e.elasticity;
  world_conditions<Real> const conditions(pairs, point);
  out.wage = conditions.wage();
  out.mass_entrants = conditions.entrants();
  out.demand = point.log_demand.array().exp();
  for (auto* v : {&out.tariff_revenue, &out.revenue, &out.exports, &out.labor_fixed, &out.labor_export_fixed,
                  &out.labor_variable}) {
    v->setZero(n);
  }
  out.labor_entry = out.mass_entrants;
  Eigen::MatrixX<Real> cost, log_cutoff;
  for (auto* m : {&out.cutoff, &out.mass_sellers, &out.sales, &out.share, &out.trade_elasticity, &cost, &log_cutoff}) {
    m->resize(n, n);
  }
  Real const a = pairs.share();
  for (Eigen::Index j = 0; j < n; ++j) {
    out.labor_entry[j] *= pairs.required(j);
    for (Eigen::Index i = 0; i < n; ++i) {
      Real const entrants = out.mass_entrants[i];
      Real const v = point.at.variable(i, j), q = point.at.fixed(i, j);
      cost(i, j) = pairs.cost(i, j, point.log_wage);
      log_cutoff(i, j) = pairs.log_cutoff(i, j, point.log_wage, point.log_demand);
      out.cutoff(i, j) = exp(log_cutoff(i, j));
      out.mass_sellers(i, j) = q > 0 ? Real(entrants * (q / cost(i, j))) : Real(0);
      auto const split = pairs.split(i, j);
      out.sales(i, j) = entrants * (split.income() + split.revenue()) * v;
      out.tariff_revenue[j] += entrants * split.revenue() * v;
      Real const earned = entrants * split.income() * v, paid = entrants * q;
      out.revenue[i] += earned;
      out.labor_variable[i] += (earned - entrants * v) / out.wage[i];
      if (i == j) {
        out.labor_fixed[i] += paid / out.wage[i];
      } else {
        out.exports[i] += earned;
        out.labor_export_fixed[i] += a * paid / out.wage[i];
        out.labor_export_fixed[j] += (1 - a) * paid / out.wage[j];
      }
      out.trade_elasticity(i, j) = v > 0 ? Real(r + point.at.at_cutoff(i, j) / v) : not_a_number<Real>;
    }
  }
  out.expenditure = conditions.income() + out.tariff_revenue;
  if (e.deficit.size() != 0) out.expenditure += e.deficit;
  out.share = out.sales * out.expenditure.cwiseInverse().asDiagonal();
  out.domestic_share = out.share.diagonal();
  auto const gaps = conditions.gaps();
  auto& left = out.residuals;
  left = {gaps.head(n).template lpNorm<Eigen::Infinity>(), gaps.segment(n, n).template lpNorm<Eigen::Infinity>(),
          gaps.tail(n).template lpNorm<Eigen::Infinity>(), conditions.imbalances().template lpNorm<Eigen::Infinity>(),
          Real(0)};
  out.price_index.resize(n);
  Real const log_markup = log(Real(sigma / r));
  for (Eigen::Index j = 0; j < n; ++j) {
    left.goods = std::max(left.goods, Real(abs(out.share.col(j).sum() - 1)));
    Real const log_price = log_price_index(point.log_demand[j], out.expenditure[j], sigma);
    out.price_index[j] = exp(log_price);
    Real prices(0);  // to the power -r, over that of the price index
    for (Eigen::Index i = 0; i < n; ++i) {
      if (!(point.at.variable(i, j) > 0)) continue;
      // E[phi^r] of the sellers, over what they charge to the same power
      Real const charged = log_markup + point.log_wage[i] + log(e.iceberg_cost(i, j)) +
                           (pairs.has_tariffs() ? Real(log(Real(1 + e.tariff(i, j)))) : Real(0));
      prices += out.mass_entrants[i] * (point.at.variable(i, j) / cost(i, j)) *
                exp(Real(r * (log_cutoff(i, j) - charged + log_price)));
    }
    left.price_index = std::max(left.price_index, Real(abs(pow(prices, Real(-1 / r)) - 1)));
  }
  out.residual = left.largest();
  out.set_welfare(e.labor);
}

}  // namespace detail
}  // namespace melitz
