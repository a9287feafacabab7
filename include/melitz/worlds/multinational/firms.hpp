// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/countries/entry_with_corners.hpp>
#include <melitz/economy/ces.hpp>
#include <melitz/error.hpp>
#include <melitz/menu/menu.hpp>
#include <melitz/models/multinational.hpp>
#include <melitz/numerics/real.hpp>
#include <melitz/tail/tail.hpp>
#include <melitz/worlds/multinational/sector.hpp>

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace melitz {

namespace detail {

/// The firms of a sector by origin. What a firm makes of one market does not depend on the others: only the overhead,
/// where there is one, ties them together, through the least size at which a firm produces at all.
template <productivity_tail Tail>
class multinational_firms {
 public:
  using Real = typename Tail::real_type;
  using vector = Eigen::VectorX<Real>;
  enum class way { home, exports, affiliate };

  /// From the scaled size A_market x on, a firm serves the market this way.
  struct choice {
    Eigen::Index market;
    way how;
    Real from;
    Real slope;  ///< operating profit per unit of A_market x
    Real gain;   ///< by how much that exceeds what it was below
    Real cost;   ///< fixed
  };

  multinational_firms(multinational_sector<Real> const& sector, Tail const& tail)
      : sector_(sector), tail_(tail), countries_(sector.iceberg_cost.rows()) {
    bool const overhead = sector.covers == fixed_cost_covers::any_sale;
    for (Eigen::Index i = 0; i < countries_; ++i) {
      auto& own = choices_.emplace_back();
      for (Eigen::Index j = 0; j < countries_; ++j) {
        if (i == j && overhead) {
          own.push_back({j, way::home, Real(0), Real(1), Real(1), Real(0)});
          continue;
        }
        menu<Real> options;
        if (i == j) {
          options.push_back({"home", Real(1), sector.fixed_cost_of(i)});
        } else {
          Real const freeness = 1 / power_of(sector.iceberg_cost(i, j), sector.size_exponent());
          if (freeness > 0 && is_finite(sector.export_fixed_cost)) {
            options.push_back({"export", freeness, sector.export_fixed_cost_of(i, j)});
          }
          if (is_finite(sector.affiliate_fixed_cost)) {
            options.push_back({"affiliate", Real(1), sector.affiliate_fixed_cost_of(i, j)});
          }
        }
        if (options.empty()) continue;
        auto const kept = hull(options);  // exit first
        for (std::size_t k = 1; k < kept.size(); ++k) {
          way const how = i == j ? way::home : kept[k].name == "export" ? way::exports : way::affiliate;
          own.push_back(
              {j, how, kept[k].threshold, kept[k].slope, Real(kept[k].slope - kept[k - 1].slope), kept[k].fixed_cost});
        }
      }
    }
  }

  [[nodiscard]] Eigen::Index countries() const { return countries_; }
  [[nodiscard]] std::vector<choice> const& choices(Eigen::Index from) const {
    return choices_[static_cast<std::size_t>(from)];
  }

  /// Survival, E[x 1{x >= size}] and the like at a size x = phi^r.
  struct tail_at_size {
    Real survival, moment, excess, density;
  };
  [[nodiscard]] tail_at_size at(Real const& size) const {
    using std::exp, std::log;
    if (!is_finite(size)) return {Real(0), Real(0), Real(0), Real(0)};
    if (size == 0) return {Real(1), Real(exp(tail_.log_moment())), Real(0), Real(0)};
    auto const p = tail_.at(Real(log(size) / tail_.power())).in_levels();
    return {p.survival, Real(size * p.moment()), Real(size * p.excess), Real(size * p.density / tail_.power())};
  }

  /// Size below which the overhead does not pay; 0 without an overhead, infinite where demand is too small for any.
  [[nodiscard]] Real least_size(Eigen::Index from, vector const& demand) const {
    if (sector_.covers == fixed_cost_covers::home_sales) return Real(0);
    if (!(demand.minCoeff() > 0)) return infinity<Real>;
    std::vector<std::pair<Real, Real>> kinks;  // of profit in all markets, and by how much its slope rises there
    for (auto const& c : choices(from)) {
      kinks.emplace_back(Real(c.from / demand[c.market]), Real(c.gain * demand[c.market]));
    }
    std::sort(kinks.begin(), kinks.end());
    Real at(0), profit = -sector_.fixed_cost_of(from), slope(0), least = infinity<Real>;
    for (auto const& [next, gain] : kinks) {
      if (!(next < least)) break;
      profit += slope * (next - at);
      at = next;
      slope += gain;
      least = at - profit / slope;
    }
    return least;
  }

  /// What an entrant of a country expects, over the cost of entry.
  [[nodiscard]] entrant_prospects<Real> prospects(Eigen::Index from, vector const& demand) const {
    Real const least = least_size(from, demand);
    vector at_least = vector::Zero(countries_);  // slopes of the smallest producers
    entrant_prospects<Real> out{Real(0), vector::Zero(countries_), Eigen::MatrixX<Real>::Zero(countries_, countries_)};
    for (auto const& c : choices(from)) {
      Real const size = c.from / demand[c.market], slope = c.gain * demand[c.market];
      if (size <= least) {
        at_least[c.market] += slope;
        continue;
      }
      auto const beyond = at(size);
      out.profit += slope * beyond.excess;
      out.by_market[c.market] += slope * beyond.moment;
      out.curvature(c.market, c.market) += slope * beyond.density;
    }
    if (Real const slope = at_least.sum(); slope > 0) {
      auto const beyond = at(least);
      out.profit += slope * beyond.excess;
      out.by_market += at_least * beyond.moment;
      out.curvature += at_least * at_least.transpose() * (beyond.density / slope);
    }
    out.curvature.diagonal() += out.by_market;
    Real const cost = sector_.required_profit_in(from);
    out.profit /= cost;
    out.by_market /= cost;
    out.curvature /= cost;
    return out;
  }

 private:
  multinational_sector<Real> const& sector_;
  Tail const& tail_;
  Eigen::Index countries_;
  std::vector<std::vector<choice>> choices_;
};

/// All that follows from the demand shifters and the masses of entrants.
template <productivity_tail Tail>
void fill(multinational_sector_equilibrium<typename Tail::real_type>& out,
          multinational_sector<typename Tail::real_type> const& sector,
          Eigen::VectorX<typename Tail::real_type> const& labor, multinational_firms<Tail> const& firms) {
  using Real = typename Tail::real_type;
  using way = typename multinational_firms<Tail>::way;
  using std::exp, std::log, std::max, std::pow;
  Real const sigma = sector.elasticity, root = 1 / sector.size_exponent(), rho = sector.size_exponent() / sigma;
  auto const n = firms.countries();
  for (auto* v : {&out.sector_labor, &out.domestic_sales, &out.mass_varieties}) v->setZero();
  for (auto* m : {&out.share_exporting, &out.share_multinational, &out.exports, &out.affiliate_sales}) m->setZero();
  for (auto* m : {&out.export_cutoff, &out.affiliate_cutoff}) m->setConstant(infinity<Real>);
  out.home_cutoff.setConstant(infinity<Real>);
  for (Eigen::Index i = 0; i < n; ++i) {
    Real const entrants = out.mass_entrants[i], least = firms.least_size(i, out.demand);
    Real smallest = infinity<Real>;  // of who sells anything anywhere
    Real at_least(0);                // what the smallest producers earn per unit of size
    out.price_index[i] =
        exp(log_price_index(Real(log(out.demand[i])), Real(sector.expenditure_share * labor[i]), sigma));
    out.sector_labor[i] += entrants * sector.required_profit_in(i);
    auto const& choices = firms.choices(i);
    for (auto const& c : choices) {
      if (c.from <= least * out.demand[c.market]) at_least += c.gain * out.demand[c.market];
    }
    for (std::size_t k = 0; k < choices.size(); ++k) {
      auto const& c = choices[k];
      bool const last = k + 1 == choices.size() || choices[k + 1].market != c.market;
      Real const from = max(Real(c.from / out.demand[c.market]), least);
      Real const to = last ? infinity<Real> : Real(choices[k + 1].from / out.demand[c.market]);
      if (!(from < to)) continue;
      smallest = std::min(smallest, from);
      auto const begin = firms.at(from);
      auto end = firms.at(to);
      end.survival = std::min(end.survival, begin.survival);  // neither rises with size, but for rounding
      end.moment = std::min(end.moment, begin.moment);
      Real const mass = entrants * (begin.survival - end.survival);
      Real const sales = entrants * (sigma * out.demand[c.market] * c.slope) * (begin.moment - end.moment);
      out.mass_varieties[c.market] += mass;
      Real const cutoff = pow(from, root), work = rho * sales + c.cost * mass;
      switch (c.how) {
        case way::home:
          out.home_cutoff[i] = cutoff;
          out.domestic_sales[i] = sales;
          out.sector_labor[i] += work;
          break;
        case way::exports:
          out.export_cutoff(i, c.market) = cutoff;
          out.share_exporting(i, c.market) = begin.survival - end.survival;  // of entrants so far
          out.exports(i, c.market) = sales;
          if (sales > 0) {
            // By how much the least size of an exporter, and that of a firm with an affiliate, move with tau^r.
            Real const rises = from > least ? Real(1) : Real(c.slope * out.demand[c.market] / at_least);
            Real const falls = last ? Real(0) : Real(c.slope / (1 - c.slope));
            Real const lost = begin.density * rises + end.density * falls;
            out.trade_elasticity(i, c.market) = sector.size_exponent() * (1 + lost / (begin.moment - end.moment));
          }
          out.sector_labor[i] += work;
          break;
        case way::affiliate:
          out.affiliate_cutoff(i, c.market) = cutoff;
          out.share_multinational(i, c.market) = begin.survival - end.survival;
          out.affiliate_sales(i, c.market) = sales;
          out.sector_labor[c.market] += work;
          break;
      }
    }
    Real const active = firms.at(smallest).survival;
    out.cutoff[i] = pow(smallest, root);
    out.mass_producers[i] = entrants * active;
    if (sector.covers == fixed_cost_covers::any_sale)
      out.sector_labor[i] += sector.fixed_cost_of(i) * out.mass_producers[i];
    out.domestic_share[i] = out.domestic_sales[i] / (sector.expenditure_share * labor[i]);
    out.share_exporting.row(i) /= active;
    out.share_multinational.row(i) /= active;
  }
}

/// @param where  in messages
template <productivity_tail Tail>
[[nodiscard]] multinational_sector_equilibrium<typename Tail::real_type> try_solve_sector(
    multinational_sector<typename Tail::real_type> const& sector, Eigen::VectorX<typename Tail::real_type> const& labor,
    Tail const& tail, std::string const& where, entry_options const& how) {
  using std::abs;
  using Real = typename Tail::real_type;
  using vector = Eigen::VectorX<Real>;
  auto const n = labor.size();
  multinational_sector_equilibrium<Real> out;
  forget(out, n);
  auto const common = try_solve(sector.symmetric(labor.mean()), tail);
  if (!common) {
    out.reason = common.reason;
    return out;
  }
  multinational_firms<Tail> const firms(sector, tail);
  auto const prospects = [&](Eigen::Index i, Eigen::VectorX<Real> const& log_demand) {
    return firms.prospects(i, log_demand.array().exp());
  };
  linear_objective<Real> const spending{sector.expenditure_share / (sector.elasticity * sector.required_profit()) *
                                        labor};
  auto const entry =
      solve_entry<Real>(prospects, Eigen::VectorX<Real>::Constant(n, common.choices.log_demand), spending, how);
  out.reason = entry.reason;
  out.evaluations = entry.evaluations;
  if (!out) return out;
  require_entry(where, entry, how);
  out.demand = entry.u.array().exp();
  out.profit_over_entry_cost = entry.profit;
  // The solver counts entrants by what their entry costs.
  for (Eigen::Index i = 0; i < n; ++i) {
    out.mass_entrants[i] = entry.entrants[i] * (sector.required_profit() / sector.required_profit_in(i));
  }
  fill(out, sector, labor, firms);
  // What is bought, and the labour of the world, from what came out.
  vector const budget = sector.expenditure_share * labor;
  vector const bought = out.domestic_sales + (out.exports + out.affiliate_sales).colwise().sum().transpose();
  out.residual = std::max({entry.residual, Real((bought - budget).cwiseQuotient(budget).cwiseAbs().maxCoeff()),
                           Real(abs(out.sector_labor.sum() / budget.sum() - 1))});
  if (!accounts_close({out.residual})) {
    out.reason = status::not_covered;
  } else if (!representable(out)) {
    out.reason = status::out_of_range;
  }
  return out;
}

}  // namespace detail
}  // namespace melitz
