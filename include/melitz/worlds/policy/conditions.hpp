// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/worlds/policy/system.hpp>

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace melitz::detail {

/// Where the unknowns stand in their vector, all of them logs of hats, and the conditions in theirs: wages, incomes,
/// labor where it is elastic, entrants of each sector that has entry, and with inputs spending and prices
/// [country][sector].
struct policy_layout {
  Eigen::Index n = 0, wage = 0, income = 0, labor = -1, spending = -1, price = -1, size = 0;
  std::vector<Eigen::Index> entrants{};  ///< by sector; -1 where there is no entry

  template <real Real>
  explicit policy_layout(policy_system<Real> const& system) : n(system.countries()), income(n), size(2 * n) {
    if (system.elastic_labor()) labor = take(n);
    for (Eigen::Index s = 0; s < system.sectors(); ++s) {
      entrants.push_back(system.numbers(s).has_entry ? take(n) : -1);
    }
    if (system.has_inputs()) {
      spending = take(n * system.sectors());
      price = take(n * system.sectors());
    }
  }
  [[nodiscard]] bool has_labor() const { return labor >= 0; }
  [[nodiscard]] bool has_inputs() const { return spending >= 0; }
  [[nodiscard]] Eigen::Index entry(Eigen::Index s) const { return entrants[static_cast<std::size_t>(s)]; }

 private:
  Eigen::Index take(Eigen::Index count) {
    auto const at = size;
    size += count;
    return at;
  }
};

/// All that follows from the unknowns, and by how much the conditions fail.
template <real Real>
struct policy_conditions {
  using vector = Eigen::VectorX<Real>;
  using matrix = Eigen::MatrixX<Real>;
  using sectors_map = Eigen::Map<matrix const>;

  policy_layout layout;
  std::vector<unsigned char> gone;  ///< [country + N sector]: has lost all firms, or never had any

  trade_array<Real> flows;  ///< X'
  matrix log_cost, source;  ///< of bundles; what an exporter offers everywhere, up to a factor
  matrix spending;          ///< [importer][sector]
  matrix bundle, services, entry_base, sector_profits, log_price;
  matrix on_value, on_entrants;  ///< slopes of the condition of entry in ln(value over cost), and in ln N beside
  vector revenue, labor_income, labor_demand, income, available, deficit, tax_cut;
  vector consumer_price, log_real_income, log_labor;  ///< logs of hats
  Real world_labor_income{0};                         ///< over that before
  vector gaps;

  explicit policy_conditions(policy_system<Real> const& system) : layout(system) {
    auto const n = system.countries(), count = system.sectors();
    flows = trade_array<Real>(n, count);
    for (auto* m : {&log_cost, &source, &spending, &bundle, &services, &entry_base, &sector_profits, &log_price,
                    &on_value, &on_entrants}) {
      m->setZero(n, count);
    }
    for (auto* v : {&revenue, &labor_income, &labor_demand, &income, &available, &deficit, &tax_cut, &consumer_price,
                    &log_real_income, &log_labor}) {
      v->setZero(n);
    }
    gaps.setZero(layout.size);
    gone.assign(static_cast<std::size_t>(n * count), 0);
    for (Eigen::Index s = 0; s < count; ++s) {
      for (Eigen::Index i = 0; i < n; ++i) is_gone(i, s) = never(system, i, s) ? 1 : 0;
    }
  }

  /// Sectors that have no firms from the beginning.
  [[nodiscard]] static bool never(policy_system<Real> const& system, Eigen::Index i, Eigen::Index s) {
    return system.numbers(s).has_entry && !(system.base().entry_base(i, s) > 0);
  }
  [[nodiscard]] unsigned char& is_gone(Eigen::Index i, Eigen::Index s) {
    return gone[static_cast<std::size_t>(i + layout.n * s)];
  }
  [[nodiscard]] bool is_gone(Eigen::Index i, Eigen::Index s) const {
    return gone[static_cast<std::size_t>(i + layout.n * s)] != 0;
  }
  [[nodiscard]] sectors_map by_sector(vector const& z, Eigen::Index at) const {
    return {z.data() + at, layout.n, log_cost.cols()};
  }
  /// Of their firms' numbers where they are in the market, beside their offer.
  [[nodiscard]] Real share(Eigen::Index i, Eigen::Index j, Eigen::Index s) const {
    return spending(j, s) > 0 ? Real(flows(i, j, s) / spending(j, s)) : Real(0);
  }

  /// @return whether all of it is finite
  bool evaluate(policy_system<Real> const& system, vector const& z) {
    set_costs(system, z);
    auto const n = layout.n, count = log_cost.cols();
    bundle.setZero();
    services.setZero();
    entry_base.setZero();
    sector_profits.setZero();
    revenue.setZero();
    income = system.base().income.array() * z.segment(layout.income, n).array().exp();
    if (layout.has_inputs()) {
      spending = system.base().spending.array() * by_sector(z, layout.spending).array().exp();
    } else {
      spending = income.asDiagonal() * system.base().final_share;
    }
    consumer_price.setZero();
    for (Eigen::Index s = 0; s < count; ++s) trade(system, z, s);
    close(system, z);
    return gaps.allFinite();
  }

  /// What entry would be worth to the first firm, over its cost, where the sector has none. @pre evaluated; at_boundary
  [[nodiscard]] Real entrant_value(policy_system<Real> const& system, Eigen::Index i, Eigen::Index s) const {
    using std::exp;
    auto const& k = system.numbers(s);
    Real value(0);
    for (Eigen::Index j = 0; j < layout.n; ++j) {
      Real const offer = system.reach(j, s)[i] * exp(Real(-k.on_cost[j] * log_cost(i, s) - log_scale_(j, s)));
      if (!(offer > 0)) continue;
      Real const sales = offer * per_offer_(j, s);
      Real share_of_value = k.phi[j] * system.tax_base(j, s)[i];
      if (k.by_labor) share_of_value = system.labor_share(i, s) * system.bundle_share(j, s)[i];
      value += share_of_value * sales;
    }
    if (k.by_labor) value += services(i, s);
    return Real(value / system.base().entry_base(i, s) * exp(-log_cost(i, s)));
  }

 private:
  matrix log_scale_, per_offer_;  // of a market: by what offers are scaled; spending over the sum of offers

  void set_costs(policy_system<Real> const& system, vector const& z) {
    auto const n = layout.n, count = log_cost.cols();
    auto const u = z.segment(layout.wage, n);
    if (!layout.has_inputs()) {
      log_cost.colwise() = u;
      if (system.world().labor_share.size() != 0) log_cost.array() *= system.world().labor_share.array();
      return;
    }
    auto const p = by_sector(z, layout.price);
    for (Eigen::Index i = 0; i < n; ++i) {
      log_cost.row(i).noalias() = p.row(i) * system.inputs(i);
      for (Eigen::Index s = 0; s < count; ++s) log_cost(i, s) += system.labor_share(i, s) * u[i];
    }
  }

  /// Who sells what of a sector to whom, and what that pays for.
  void trade(policy_system<Real> const& system, vector const& z, Eigen::Index s) {
    using std::exp, std::log;
    auto const n = layout.n;
    auto const& k = system.numbers(s);
    if (log_scale_.size() == 0) {
      log_scale_.setZero(n, log_cost.cols());
      per_offer_.setZero(n, log_cost.cols());
      offer_.setZero(n);
      lacking_.setZero(n);
      there_.setOnes(n);
    }
    auto const entry = layout.entry(s);
    bool all_there = true;
    lacking_.setZero();
    there_.setOnes();
    for (Eigen::Index i = 0; entry >= 0 && i < n; ++i) {
      if (is_gone(i, s)) {
        there_[i] = Real(0);
        lacking_[i] = -infinity<Real>;
        all_there = false;
      } else {
        lacking_[i] = k.epsilon_psi * z[entry + i];
      }
    }
    Real scale(0);
    auto a = source.col(s);
    if (k.alike) {
      a = lacking_ - k.on_cost[0] * log_cost.col(s);
      scale = a.maxCoeff();
      a = (a.array() - scale).exp();
      if (!all_there) a.array() *= there_.array();
    }
    for (Eigen::Index j = 0; j < n; ++j) {
      auto flow = system.column(flows, j, s);
      Real const total = spending(j, s);
      if (!(total > 0)) {
        flow.setZero();
        log_price(j, s) = 0;
        continue;
      }
      if (k.alike) {
        flow = system.reach(j, s).cwiseProduct(a);
      } else {
        offer_ = lacking_ - k.on_cost[j] * log_cost.col(s);
        scale = offer_.maxCoeff();
        flow = system.reach(j, s).array() * (offer_.array() - scale).exp();
        if (!all_there) flow.array() *= there_.array();
      }
      Real const reached = flow.sum();
      flow *= total / reached;
      log_scale_(j, s) = scale;
      per_offer_(j, s) = total / reached;
      Real const u = z[layout.wage + j];
      Real const log_reached = log(reached) + scale + system.log_reach(j, s) - k.on_market_wage[j] * u;
      Real const x = layout.has_inputs() ? z[layout.spending + j + n * s] : z[layout.income + j];
      log_price(j, s) = -(k.eta[j] * x + log_reached) / k.epsilon;
      consumer_price[j] += system.base().final_share(j, s) * log_price(j, s);
      bundle.col(s).array() += system.bundle_share(j, s).array() * flow.array();
      if (k.has_entry && !k.by_labor)
        entry_base.col(s).array() += (k.phi[j] * system.tax_base(j, s).array()) * flow.array();
      if (k.fixed_entry) sector_profits.col(s).array() += (k.phi[j] * system.tax_base(j, s).array()) * flow.array();
      if (k.has_services) services(j, s) = k.services[j] * system.tax_base(j, s).dot(flow);
      if (system.has_import_tax(j, s)) revenue[j] += system.import_share(j, s).dot(flow);
      if (system.has_export_tax(j, s)) revenue.array() += system.export_share(j, s).array() * flow.array();
    }
    if (k.by_labor) {
      for (Eigen::Index i = 0; i < n; ++i) entry_base(i, s) = system.labor_share(i, s) * bundle(i, s) + services(i, s);
    }
  }

  void close(policy_system<Real> const& system, vector const& z) {
    using std::exp, std::log;
    auto const n = layout.n, count = log_cost.cols();
    auto const& base = system.base();
    auto const& world = system.world();
    auto const u = z.segment(layout.wage, n);
    labor_income = base.labor_income.array() * u.array().exp();
    log_real_income = z.segment(layout.income, n) - consumer_price;
    if (layout.has_labor()) {
      log_labor = z.segment(layout.labor, n);
      labor_income.array() *= log_labor.array().exp();
    }
    world_labor_income = labor_income.sum() / base.labor_income.sum();
    deficit = system.deficit();
    if (system.deficits_grow()) deficit *= world_labor_income;
    if (world.labor_share.size() == 0) {
      labor_demand = bundle.rowwise().sum() + services.rowwise().sum();
    } else {
      labor_demand = world.labor_share.cwiseProduct(bundle).rowwise().sum() + services.rowwise().sum();
    }
    available = labor_income + sector_profits.rowwise().sum() + revenue + deficit;
    gaps.segment(layout.wage, n) = labor_demand.array() / labor_income.array() - 1;
    gaps.segment(layout.income, n) = available.array() / income.array() - 1;
    if (system.cuts_tax()) tax_cut = (revenue - base.revenue).cwiseQuotient(labor_income);
    gaps[layout.wage + system.numeraire_row()] = numeraire_gap(system, u);
    if (layout.has_labor()) {
      gaps.segment(layout.labor, n) = log_labor.array() - world.labor_supply_elasticity * (u - consumer_price).array() +
                                      world.labor_supply_elasticity * (1 - tax_cut.array()).log();
    }
    for (Eigen::Index s = 0; s < count; ++s) {
      auto const at = layout.entry(s);
      for (Eigen::Index i = 0; at >= 0 && i < n; ++i) {
        on_value(i, s) = is_gone(i, s) ? 0 : 1;
        on_entrants(i, s) = is_gone(i, s) ? 1 : 0;
        gaps[at + i] = 0;
        if (is_gone(i, s)) continue;
        Real const cost = system.numbers(s).by_labor ? Real(u[i]) : log_cost(i, s);
        gaps[at + i] = log(Real(entry_base(i, s) / base.entry_base(i, s))) - cost - z[at + i];
        if (system.numbers(s).at_boundary) complement(i, s, exp(z[at + i]), gaps[at + i]);
      }
    }
    if (!layout.has_inputs()) return;
    for (Eigen::Index j = 0; j < n; ++j) {
      demand_.noalias() = system.inputs(j) * bundle.row(j).transpose();
      for (Eigen::Index s = 0; s < count; ++s) {
        auto const at = j + n * s;
        gaps[layout.spending + at] = spending(j, s) > 0
                                         ? Real((base.final_share(j, s) * income[j] + demand_[s]) / spending(j, s) - 1)
                                         : z[layout.spending + at];
        gaps[layout.price + at] = z[layout.price + at] - log_price(j, s);
      }
    }
  }

  /// Where all firms may vanish, either entry is worth its cost or N is 0 and it is worth no more: the function of
  /// Fischer and Burmeister of N and 1 - value, N + (1 - value) - hypot(N, 1 - value), is 0.
  /// @param gap  ln of value over cost; on return the function
  void complement(Eigen::Index i, Eigen::Index s, Real const& entrants, Real& gap) {
    using std::exp, std::expm1, std::hypot;
    Real const value = exp(gap), loss = -expm1(gap), length = hypot(entrants, loss);
    Real const by_loss = loss > 0 ? Real(entrants * entrants / (length * (length + loss))) : Real(1 - loss / length);
    on_value(i, s) = -by_loss * value;
    on_entrants(i, s) = loss * loss / (length * (length + entrants)) * entrants;
    gap = loss > 0 ? Real(2 * entrants * loss / (entrants + loss + length))
                   : Real(loss - loss * loss / (entrants + length));
  }

  [[nodiscard]] Real numeraire_gap(policy_system<Real> const& system, Eigen::Ref<vector const> const& u) const {
    auto const& base = system.base();
    switch (system.world().numeraire) {
      case policy_numeraire::world_labor_income:
        break;
      case policy_numeraire::wage:
        return u[system.world().numeraire_country];
      case policy_numeraire::mean_price:
        return Real((base.income.array() * (consumer_price.array().exp() - 1)).sum() / base.income.sum());
    }
    return Real(world_labor_income - 1);
  }

  vector offer_, lacking_, there_, demand_;
};

}  // namespace melitz::detail
