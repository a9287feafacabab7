// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/worlds/policy/conditions.hpp>
#include <melitz/worlds/policy/equilibrium.hpp>

#include <Eigen/Core>
#include <algorithm>
#include <cmath>

namespace melitz::detail {

/// Derivatives of everything at a point along a direction of unknowns and instruments. Reads each pair once.
template <real Real>
class policy_slopes {
 public:
  using vector = Eigen::VectorX<Real>;
  using matrix = Eigen::MatrixX<Real>;
  using conditions = policy_conditions<Real>;

  explicit policy_slopes(policy_system<Real> const& system) {
    auto const n = system.countries(), count = system.sectors();
    for (auto* m : {&cost_, &bundle_, &services_, &entry_, &profits_, &price_, &spending_}) m->setZero(n, count);
    for (auto* v : {&revenue_, &offer_, &pair_, &consumer_price_, &labor_income_, &on_tax_}) v->setZero(n);
  }

  /// J dz, plus what the instruments' direction adds. @param by  none: nullptr
  /// @param flows  where derivatives of flows go, or nullptr
  void forward(policy_system<Real> const& system, conditions const& at, vector const& dz,
               policy_direction<Real> const* by, vector& out, trade_array<Real>* flows = nullptr) {
    auto const& layout = at.layout;
    auto const n = layout.n, count = system.sectors();
    out.resize(layout.size);
    set_bundle_costs(system, layout, dz, cost_, input_);
    for (auto* m : {&bundle_, &services_, &entry_, &profits_}) m->setZero();
    revenue_.setZero();
    consumer_price_.setZero();
    for (Eigen::Index s = 0; s < count; ++s) {
      for (Eigen::Index j = 0; j < n; ++j) {
        spending_(j, s) = dz[layout.has_inputs() ? layout.spending + j + n * s : layout.income + j];
      }
      move(system, at, dz, by, s, flows);
    }
    close(system, at, dz, by, out);
  }

  // What forward has found on the way.
  [[nodiscard]] matrix const& log_cost() const { return cost_; }
  [[nodiscard]] matrix const& bundle() const { return bundle_; }
  [[nodiscard]] matrix const& sector_profits() const { return profits_; }
  [[nodiscard]] matrix const& log_price() const { return price_; }
  [[nodiscard]] matrix const& log_spending() const { return spending_; }
  [[nodiscard]] vector const& revenue() const { return revenue_; }
  [[nodiscard]] vector const& consumer_price() const { return consumer_price_; }

 private:
  /// How the taxes of a market move, of ln T, and what the instruments add to ln v. @return whether there are any
  [[nodiscard]] bool instruments(policy_system<Real> const& system, policy_direction<Real> const* by, Eigen::Index j,
                                 Eigen::Index s) {
    if (by == nullptr) return false;
    auto const n = system.countries();
    auto const& k = system.numbers(s);
    on_tax_.setZero();
    auto const add = [&](Real* to, Real const& weight, trade_array<Real> const& x) {
      if (!x.empty()) column::add(to, weight, system.column(x, j, s), n);
    };
    add(on_tax_.data(), Real(1), by->log_import_tax);
    add(on_tax_.data(), Real(1), by->log_export_tax);
    auto const& production = by->log_production_tax;
    if (production.size() != 0) column::add(on_tax_.data(), Real(1), production.data() + n * s, n);
    column::add(pair_.data(), Real(-k.on_tax[j]), on_tax_.data(), n);
    add(pair_.data(), Real(-k.epsilon), by->log_iceberg);
    add(pair_.data(), Real(-k.eta[j]), by->log_fixed_cost);
    return true;
  }

  void move(policy_system<Real> const& system, conditions const& at, vector const& dz, policy_direction<Real> const* by,
            Eigen::Index s, trade_array<Real>* flows) {
    auto const& k = system.numbers(s);
    auto const& layout = at.layout;
    auto const n = layout.n;
    auto const entry = layout.entry(s);
    for (Eigen::Index i = 0; i < n; ++i) {
      offer_[i] = entry < 0 || at.is_gone(i, s) ? Real(0) : Real(k.epsilon_psi * dz[entry + i]);
    }
    if (k.alike) column::add(offer_.data(), Real(-k.on_cost[0]), &cost_(0, s), n);
    Real* const pair = pair_.data();
    for (Eigen::Index j = 0; j < n; ++j) {
      Real const total = at.spending(j, s);
      price_(j, s) = 0;
      if (!(total > 0)) {
        if (flows != nullptr) std::fill(system.column(*flows, j, s), system.column(*flows, j, s) + n, Real(0));
        continue;
      }
      auto const* const flow = system.column(at.flows, j, s);
      auto const* const base = system.tax_base(j, s);
      std::copy(offer_.data(), offer_.data() + n, pair);
      if (!k.alike) column::add(pair, Real(-k.on_cost[j]), &cost_(0, s), n);
      bool const taxed = instruments(system, by, j, s);
      Real const mean = column::dot(flow, pair, n) / total, x = spending_(j, s);
      column::add_and_multiply(pair, Real(x - mean), flow, n);
      price_(j, s) = -(k.eta[j] * x + mean - k.on_market_wage[j] * dz[layout.wage + j]) / k.epsilon;
      consumer_price_[j] += system.base().final_share(j, s) * price_(j, s);
      if (flows != nullptr) std::copy(pair, pair + n, system.column(*flows, j, s));
      column::add_product(&bundle_(0, s), Real(1), system.bundle_share(j, s), pair, n);
      if (k.has_entry && !k.by_labor) column::add_product(&entry_(0, s), k.phi[j], base, pair, n);
      if (k.fixed_entry) column::add_product(&profits_(0, s), k.phi[j], base, pair, n);
      if (k.has_services) services_(j, s) = k.services[j] * column::dot(base, pair, n);
      if (system.has_import_tax(j, s)) revenue_[j] += column::dot(system.import_share(j, s), pair, n);
      if (system.has_export_tax(j, s)) {
        column::add_product(revenue_.data(), Real(1), system.export_share(j, s), pair, n);
      }
      if (taxed) move_shares(system, at, by, j, s);
    }
    if (k.by_labor) {
      for (Eigen::Index i = 0; i < n; ++i) entry_(i, s) = system.labor_share(i, s) * bundle_(i, s) + services_(i, s);
    }
  }

  /// What moving taxes do to the shares of given flows.
  void move_shares(policy_system<Real> const& system, conditions const& at, policy_direction<Real> const* by,
                   Eigen::Index j, Eigen::Index s) {
    auto const& k = system.numbers(s);
    auto const* const flow = system.column(at.flows, j, s);
    Real const h = k.on_price ? Real(1) : Real(1 / k.markup[j]);
    Real const not_bundle = k.services[j] + (k.fixed_entry ? k.phi[j] : Real(0));
    for (Eigen::Index i = 0; i < at.layout.n; ++i) {
      Real const import = by->log_import_tax.empty() ? Real(0) : by->log_import_tax(i, j, s);
      Real const origin = on_tax_[i] - import;
      Real const per_border = h / (1 + system.now().import_tax(i, j, s));
      Real const per_factory = per_border / system.factor_at_origin(i, j, s);
      Real const imports = per_border * import, exports = per_factory * origin - system.export_share(j, s)[i] * import;
      Real const base = k.on_price ? Real(-system.tax_base(j, s)[i] * on_tax_[i]) : Real(0);
      bundle_(i, s) += flow[i] * (-imports - exports - not_bundle * base);
      if (k.has_entry && !k.by_labor) entry_(i, s) += flow[i] * k.phi[j] * base;
      if (k.fixed_entry) profits_(i, s) += flow[i] * k.phi[j] * base;
      services_(j, s) += flow[i] * k.services[j] * base;
      revenue_[j] += flow[i] * imports;
      revenue_[i] += flow[i] * exports;
    }
  }
  void close(policy_system<Real> const& system, conditions const& at, vector const& dz,
             policy_direction<Real> const* by, vector& out) {
    auto const& layout = at.layout;
    auto const n = layout.n, count = system.sectors();
    auto const& base = system.base();
    auto const& world = system.world();
    Real const chi = world.labor_supply_elasticity;
    Real before(0), more(0);
    for (Eigen::Index i = 0; i < n; ++i) {
      Real const labor = layout.has_labor() ? dz[layout.labor + i] : Real(0);
      labor_income_[i] = at.labor_income[i] * (dz[layout.wage + i] + labor);
      before += base.labor_income[i];
      more += labor_income_[i];
    }
    Real const world_labor = more / before;
    for (Eigen::Index i = 0; i < n; ++i) {
      Real demand(0), available = labor_income_[i] + revenue_[i];
      for (Eigen::Index s = 0; s < count; ++s) {
        demand += system.labor_share(i, s) * bundle_(i, s) + services_(i, s);
        available += profits_(i, s);
      }
      if (system.deficits_grow()) available += system.deficit()[i] * world_labor;
      if (by != nullptr && by->deficit.size() != 0) available += by->deficit[i];
      out[layout.wage + i] = (demand - at.labor_demand[i] / at.labor_income[i] * labor_income_[i]) / at.labor_income[i];
      out[layout.income + i] = (available - at.available[i] * dz[layout.income + i]) / at.income[i];
      if (!layout.has_labor()) continue;
      Real& supply = out[layout.labor + i];
      supply = dz[layout.labor + i] - chi * (dz[layout.wage + i] - consumer_price_[i]);
      if (system.cuts_tax()) {
        supply -= chi * (revenue_[i] - at.tax_cut[i] * labor_income_[i]) / (at.labor_income[i] * (1 - at.tax_cut[i]));
      }
    }
    out[layout.wage + system.numeraire_row()] = numeraire(system, at, dz, world_labor);
    for (Eigen::Index s = 0; s < count; ++s) {
      auto const e = layout.entry(s);
      for (Eigen::Index i = 0; e >= 0 && i < n; ++i) {
        Real const dn = dz[e + i];
        out[e + i] = at.on_entrants(i, s) * dn;
        if (at.is_gone(i, s)) continue;
        out[e + i] += at.on_value(i, s) * (entry_(i, s) / at.entry_base(i, s) -
                                           (system.numbers(s).by_labor ? dz[layout.wage + i] : cost_(i, s)) - dn);
      }
    }
    for (Eigen::Index j = 0; layout.has_inputs() && j < n; ++j) {
      set_input_demand(system, bundle_, j, input_);
      for (Eigen::Index s = 0; s < count; ++s) {
        auto const place = j + n * s;
        Real const dx = dz[layout.spending + place];
        Real const total = at.spending(j, s);
        out[layout.spending + place] =
            total > 0 ? Real((base.final_share(j, s) * at.income[j] * dz[layout.income + j] + input_[s]) / total -
                             (at.gaps[layout.spending + place] + 1) * dx)
                      : dx;
        out[layout.price + place] = dz[layout.price + place] - price_(j, s);
      }
    }
  }

  [[nodiscard]] Real numeraire(policy_system<Real> const& system, conditions const& at, vector const& dz,
                               Real const& world_labor) const {
    using std::exp;
    auto const& income = system.base().income;
    Real spent(0), more(0);
    switch (system.world().numeraire) {
      case policy_numeraire::world_labor_income:
        break;
      case policy_numeraire::wage:
        return dz[at.layout.wage + system.world().numeraire_country];
      case policy_numeraire::mean_price:
        for (Eigen::Index j = 0; j < at.layout.n; ++j) {
          spent += income[j];
          more += income[j] * exp(at.consumer_price[j]) * consumer_price_[j];
        }
        return Real(more / spent);
    }
    return world_labor;
  }

  matrix cost_, bundle_, services_, entry_, profits_, price_, spending_;
  vector revenue_, offer_, pair_, consumer_price_, labor_income_, on_tax_, input_;
};

}  // namespace melitz::detail
