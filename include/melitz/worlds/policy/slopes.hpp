// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/worlds/policy/conditions.hpp>
#include <melitz/worlds/policy/equilibrium.hpp>

#include <Eigen/Core>
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
    for (auto* v : {&revenue_, &offer_, &pair_, &consumer_price_, &labor_income_, &demand_, &on_tax_}) {
      v->setZero(n);
    }
  }

  /// J dz, plus what the instruments' direction adds. @param by  none: nullptr
  /// @param flows  where derivatives of flows go, or nullptr
  void forward(policy_system<Real> const& system, conditions const& at, vector const& dz,
               policy_direction<Real> const* by, vector& out, trade_array<Real>* flows = nullptr) {
    auto const& layout = at.layout;
    auto const n = layout.n, count = system.sectors();
    out.resize(layout.size);
    set_costs(system, layout, dz);
    bundle_.setZero();
    services_.setZero();
    entry_.setZero();
    profits_.setZero();
    revenue_.setZero();
    consumer_price_.setZero();
    if (layout.has_inputs()) {
      spending_ = at.by_sector(dz, layout.spending);
    } else {
      spending_.colwise() = dz.segment(layout.income, n);
    }
    for (Eigen::Index s = 0; s < count; ++s) move(system, at, dz, by, s, flows);
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
  void set_costs(policy_system<Real> const& system, policy_layout const& layout, vector const& dz) {
    auto const n = layout.n, count = system.sectors();
    auto const u = dz.segment(layout.wage, n);
    if (!layout.has_inputs()) {
      cost_.colwise() = u;
      if (system.world().labor_share.size() != 0) cost_.array() *= system.world().labor_share.array();
      return;
    }
    Eigen::Map<matrix const> const p(dz.data() + layout.price, n, count);
    for (Eigen::Index i = 0; i < n; ++i) {
      cost_.row(i).noalias() = p.row(i) * system.inputs(i);
      for (Eigen::Index s = 0; s < count; ++s) cost_(i, s) += system.labor_share(i, s) * u[i];
    }
  }

  /// How the taxes of a market move: of ln T, and what the instruments add to ln v.
  [[nodiscard]] bool instruments(policy_system<Real> const& system, policy_direction<Real> const* by, Eigen::Index j,
                                 Eigen::Index s) {
    if (by == nullptr) return false;
    auto const& k = system.numbers(s);
    on_tax_.setZero();
    if (!by->log_import_tax.empty()) on_tax_ += system.column(by->log_import_tax, j, s);
    if (!by->log_export_tax.empty()) on_tax_ += system.column(by->log_export_tax, j, s);
    if (by->log_production_tax.size() != 0) on_tax_ += by->log_production_tax.col(s);
    pair_ -= k.on_tax[j] * on_tax_;
    if (!by->log_iceberg.empty()) pair_ -= k.epsilon * system.column(by->log_iceberg, j, s);
    if (!by->log_fixed_cost.empty()) pair_ -= k.eta[j] * system.column(by->log_fixed_cost, j, s);
    return true;
  }

  void move(policy_system<Real> const& system, conditions const& at, vector const& dz, policy_direction<Real> const* by,
            Eigen::Index s, trade_array<Real>* flows) {
    auto const& k = system.numbers(s);
    auto const& layout = at.layout;
    auto const n = layout.n;
    auto const entry = layout.entry(s);
    offer_.setZero();
    for (Eigen::Index i = 0; entry >= 0 && i < n; ++i)
      offer_[i] = at.is_gone(i, s) ? Real(0) : Real(k.epsilon_psi * dz[entry + i]);
    if (k.alike) offer_ -= k.on_cost[0] * cost_.col(s);
    for (Eigen::Index j = 0; j < n; ++j) {
      Real const total = at.spending(j, s);
      price_(j, s) = 0;
      if (!(total > 0)) {
        if (flows != nullptr) system.column(*flows, j, s).setZero();
        continue;
      }
      auto const flow = system.column(at.flows, j, s);
      pair_ = offer_;
      if (!k.alike) pair_ -= k.on_cost[j] * cost_.col(s);
      bool const taxed = instruments(system, by, j, s);
      Real const mean = flow.dot(pair_) / total, x = spending_(j, s);
      pair_ = flow.array() * (pair_.array() + (x - mean));
      price_(j, s) = -(k.eta[j] * x + mean - k.on_market_wage[j] * dz[layout.wage + j]) / k.epsilon;
      consumer_price_[j] += system.base().final_share(j, s) * price_(j, s);
      if (flows != nullptr) system.column(*flows, j, s) = pair_;
      auto const base = system.tax_base(j, s).array();
      bundle_.col(s).array() += system.bundle_share(j, s).array() * pair_.array();
      if (k.has_entry && !k.by_labor) entry_.col(s).array() += (k.phi[j] * base) * pair_.array();
      if (k.fixed_entry) profits_.col(s).array() += (k.phi[j] * base) * pair_.array();
      if (k.has_services) services_(j, s) = k.services[j] * system.tax_base(j, s).dot(pair_);
      if (system.has_import_tax(j, s)) revenue_[j] += system.import_share(j, s).dot(pair_);
      if (system.has_export_tax(j, s)) revenue_.array() += system.export_share(j, s).array() * pair_.array();
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
    auto const flow = system.column(at.flows, j, s);
    Real const h = k.on_price ? Real(1) : Real(1 / k.markup[j]);
    Real const not_bundle = k.services[j] + (k.fixed_entry ? k.phi[j] : Real(0));
    for (Eigen::Index i = 0; i < layout_size(at); ++i) {
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
  [[nodiscard]] static Eigen::Index layout_size(conditions const& at) { return at.layout.n; }

  void close(policy_system<Real> const& system, conditions const& at, vector const& dz,
             policy_direction<Real> const* by, vector& out) {
    auto const& layout = at.layout;
    auto const n = layout.n, count = system.sectors();
    auto const& base = system.base();
    auto const& world = system.world();
    auto const u = dz.segment(layout.wage, n);
    labor_income_ = at.labor_income.cwiseProduct(u);
    if (layout.has_labor()) labor_income_ += at.labor_income.cwiseProduct(dz.segment(layout.labor, n));
    Real const world_labor = labor_income_.sum() / base.labor_income.sum();
    if (world.labor_share.size() == 0) {
      demand_ = bundle_.rowwise().sum() + services_.rowwise().sum();
    } else {
      demand_ = world.labor_share.cwiseProduct(bundle_).rowwise().sum() + services_.rowwise().sum();
    }
    out.segment(layout.wage, n) = demand_.array() / at.labor_income.array() -
                                  at.labor_demand.array() / at.labor_income.array().square() * labor_income_.array();
    demand_ = labor_income_ + profits_.rowwise().sum() + revenue_;
    if (system.deficits_grow()) demand_ += system.deficit() * world_labor;
    if (by != nullptr && by->deficit.size() != 0) demand_ += by->deficit;
    out.segment(layout.income, n) =
        (demand_.array() - at.available.array() * dz.segment(layout.income, n).array()) / at.income.array();
    Real& numeraire = out[layout.wage + system.numeraire_row()];
    switch (world.numeraire) {
      case policy_numeraire::world_labor_income:
        numeraire = world_labor;
        break;
      case policy_numeraire::wage:
        numeraire = u[world.numeraire_country];
        break;
      case policy_numeraire::mean_price:
        numeraire =
            (base.income.array() * at.consumer_price.array().exp() * consumer_price_.array()).sum() / base.income.sum();
        break;
    }
    if (layout.has_labor()) {
      Real const chi = world.labor_supply_elasticity;
      auto l = out.segment(layout.labor, n);
      l = dz.segment(layout.labor, n) - chi * (u - consumer_price_);
      if (system.cuts_tax()) {
        l.array() -= chi * (revenue_.array() - at.tax_cut.array() * labor_income_.array()) /
                     (at.labor_income.array() * (1 - at.tax_cut.array()));
      }
    }
    for (Eigen::Index s = 0; s < count; ++s) {
      auto const e = layout.entry(s);
      for (Eigen::Index i = 0; e >= 0 && i < n; ++i) {
        Real const dn = dz[e + i];
        out[e + i] = at.on_entrants(i, s) * dn;
        if (at.is_gone(i, s)) continue;
        out[e + i] += at.on_value(i, s) * (entry_(i, s) / at.entry_base(i, s) -
                                           (system.numbers(s).by_labor ? Real(u[i]) : cost_(i, s)) - dn);
      }
    }
    if (!layout.has_inputs()) return;
    for (Eigen::Index j = 0; j < n; ++j) {
      input_.noalias() = system.inputs(j) * bundle_.row(j).transpose();
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

  matrix cost_, bundle_, services_, entry_, profits_, price_, spending_;
  vector revenue_, offer_, pair_, consumer_price_, labor_income_, demand_, on_tax_, input_;
};

}  // namespace melitz::detail
