// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/worlds/policy/conditions.hpp>
#include <melitz/worlds/policy/equilibrium.hpp>

#include <Eigen/Core>
#include <cmath>

namespace melitz::detail {

/// Welfare where labor is elastic, W = d I/P + (1 - d) L^(1 + 1/chi) in hats: d is income over what the disutility of
/// labor leaves of it, before the change, when a tax took what the new revenue cuts, the share a of wages.
template <real Real>
struct policy_welfare {
  Real weight, by_tax_cut;        ///< d, and its slope in a
  Real consumed, toiled, change;  ///< the two terms; W

  policy_welfare(policy_system<Real> const& system, policy_conditions<Real> const& at, Eigen::Index i) {
    using std::exp;
    Real const chi = system.world().labor_supply_elasticity, income = system.base().income[i];
    Real const toil = chi / (1 + chi) * system.base().labor_income[i];
    weight = income / (income - (1 - at.tax_cut[i]) * toil);
    Real const real_income = exp(at.log_real_income[i]), labor = exp(Real((1 + 1 / chi) * at.log_labor[i]));
    by_tax_cut = -weight * weight * toil / income * (real_income - labor);
    consumed = weight * real_income;
    toiled = (1 - weight) * labor;
    change = consumed + toiled;
  }
};

/// Derivatives of a function of results and conditions with respect to all unknowns and instruments at once, from its
/// derivatives with respect to them: forward slopes transposed. Reads each pair once.
template <real Real>
class policy_pull {
 public:
  using vector = Eigen::VectorX<Real>;
  using matrix = Eigen::MatrixX<Real>;
  using conditions = policy_conditions<Real>;

  explicit policy_pull(policy_system<Real> const& system) {
    auto const n = system.countries(), count = system.sectors();
    for (auto* m : {&bundle_, &services_, &entry_, &profits_, &price_, &cost_}) m->setZero(n, count);
    for (auto* v : {&revenue_, &consumer_price_, &bracket_, &pair_, &offer_, &by_cost_, &demand_, &per_income_}) {
      v->setZero(n);
    }
  }

  /// @param by_gap  the function's derivatives with respect to the conditions' gaps
  /// @param of      its derivatives with respect to results, or nullptr
  /// @param out     those with respect to unknowns
  /// @param instruments  those with respect to instruments, if asked for; arrays of the right size
  void backward(policy_system<Real> const& system, conditions const& at, vector const& by_gap,
                policy_objective<Real> const* of, vector& out, policy_gradient<Real>* instruments = nullptr) {
    out.setZero(at.layout.size);
    cost_.setZero();
    open(system, at, by_gap, of, out);
    if (instruments != nullptr) instruments->log_production_tax.setZero(system.countries(), system.sectors());
    for (Eigen::Index s = 0; s < system.sectors(); ++s) pass(system, at, by_gap, of, s, out, instruments);
    spread_costs(system, at.layout, out);
  }

 private:
  /// From conditions and results to what they are made of: bundles, services, entry, profits, revenue, prices.
  void open(policy_system<Real> const& system, conditions const& at, vector const& by_gap,
            policy_objective<Real> const* of, vector& out) {
    using std::exp;
    auto const& layout = at.layout;
    auto const n = layout.n, count = system.sectors();
    auto const& base = system.base();
    auto const& world = system.world();
    auto u = out.segment(layout.wage, n);
    auto y = out.segment(layout.income, n);
    demand_ = by_gap.segment(layout.wage, n).cwiseQuotient(at.labor_income);
    Real const numeraire = by_gap[layout.wage + system.numeraire_row()];
    demand_[system.numeraire_row()] = 0;
    per_income_ = by_gap.segment(layout.income, n).cwiseQuotient(at.income);
    y -= per_income_.cwiseProduct(at.available);
    revenue_ = per_income_;
    consumer_price_.setZero();
    // Of labor income, which moves with wages and labor alike.
    offer_ = per_income_ - demand_.cwiseProduct(at.labor_demand).cwiseQuotient(at.labor_income);
    Real by_world(0);  // of the world's labor income
    if (system.deficits_grow()) {
      by_world = per_income_.dot(system.deficit());
      if (of != nullptr && of->deficit.size() != 0) by_world += of->deficit.dot(system.deficit());
    }
    switch (world.numeraire) {
      case policy_numeraire::world_labor_income:
        by_world += numeraire;
        break;
      case policy_numeraire::wage:
        u[world.numeraire_country] += numeraire;
        break;
      case policy_numeraire::mean_price:
        consumer_price_ = numeraire / base.income.sum() * base.income.array() * at.consumer_price.array().exp();
        break;
    }
    offer_.array() += by_world / base.labor_income.sum();
    if (layout.has_labor()) {
      Real const chi = world.labor_supply_elasticity;
      auto const mu = by_gap.segment(layout.labor, n);
      u -= chi * mu;
      out.segment(layout.labor, n) += mu;
      consumer_price_ += chi * mu;
      if (system.cuts_tax()) {
        pair_ = chi * mu.array() / (at.labor_income.array() * (1 - at.tax_cut.array()));
        revenue_ -= pair_;
        offer_ += pair_.cwiseProduct(at.tax_cut);
      }
    }
    if (of != nullptr) add_countries(system, at, *of, out);
    pair_ = offer_.cwiseProduct(at.labor_income);
    u += pair_;
    if (layout.has_labor()) out.segment(layout.labor, n) += pair_;

    for (Eigen::Index s = 0; s < count; ++s) {
      auto const& k = system.numbers(s);
      auto const e = layout.entry(s);
      for (Eigen::Index i = 0; i < n; ++i) {
        Real const gamma = system.labor_share(i, s);
        bundle_(i, s) = gamma * demand_[i];
        services_(i, s) = demand_[i];
        profits_(i, s) = per_income_[i];
        price_(i, s) = base.final_share(i, s) * consumer_price_[i];
        entry_(i, s) = 0;
        if (e < 0) continue;
        Real const mu = at.on_value(i, s) * by_gap[e + i];
        out[e + i] += at.on_entrants(i, s) * by_gap[e + i] - mu;
        if (at.is_gone(i, s)) continue;
        Real const per_base = mu / at.entry_base(i, s);
        if (k.by_labor) {
          u[i] -= mu;
          bundle_(i, s) += gamma * per_base;
          services_(i, s) += per_base;
        } else {
          cost_(i, s) -= mu;
          entry_(i, s) = per_base;
        }
      }
    }
    if (layout.has_inputs()) open_goods(system, at, by_gap, out);
    if (of != nullptr) add_sectors(at, *of, out);
  }

  void open_goods(policy_system<Real> const& system, conditions const& at, vector const& by_gap, vector& out) {
    auto const& layout = at.layout;
    auto const n = layout.n, count = system.sectors();
    input_.resize(count);
    for (Eigen::Index j = 0; j < n; ++j) {
      for (Eigen::Index s = 0; s < count; ++s) {
        auto const place = j + n * s;
        Real const mu = by_gap[layout.spending + place], total = at.spending(j, s);
        input_[s] = 0;
        if (total > 0) {
          input_[s] = mu / total;
          out[layout.income + j] += system.base().final_share(j, s) * at.income[j] * input_[s];
          out[layout.spending + place] -= (at.gaps[layout.spending + place] + 1) * mu;
        } else {
          out[layout.spending + place] += mu;
        }
        out[layout.price + place] += by_gap[layout.price + place];
        price_(j, s) -= by_gap[layout.price + place];
      }
      bundle_.row(j).noalias() += (system.inputs(j).transpose() * input_).transpose();
    }
  }

  /// What an objective says of countries.
  void add_countries(policy_system<Real> const& system, conditions const& at, policy_objective<Real> const& of,
                     vector& out) {
    auto const& layout = at.layout;
    auto const n = layout.n;
    auto const add = [](vector& to, vector const& x) {
      if (x.size() != 0) to += x;
    };
    if (of.log_wage.size() != 0) out.segment(layout.wage, n) += of.log_wage;
    if (of.log_income.size() != 0) out.segment(layout.income, n) += of.log_income;
    if (of.log_labor.size() != 0 && layout.has_labor()) out.segment(layout.labor, n) += of.log_labor;
    add(consumer_price_, of.log_consumer_price);
    add(revenue_, of.revenue);
    for (Eigen::Index i = 0; i < of.log_welfare.size(); ++i) {
      Real const w = of.log_welfare[i];
      if (w == 0) continue;
      Real by_real_income = w;
      if (layout.has_labor()) {
        policy_welfare<Real> const welfare(system, at, i);
        by_real_income = w * welfare.consumed / welfare.change;
        out[layout.labor + i] += w * (1 + 1 / system.world().labor_supply_elasticity) * welfare.toiled / welfare.change;
        if (system.cuts_tax()) {
          Real const per_revenue = w * welfare.by_tax_cut / welfare.change / at.labor_income[i];
          revenue_[i] += per_revenue;
          offer_[i] -= per_revenue * at.tax_cut[i];
        }
      }
      out[layout.income + i] += by_real_income;
      consumer_price_[i] -= by_real_income;
    }
  }
  /// What it says of sectors.
  void add_sectors(conditions const& at, policy_objective<Real> const& of, vector& out) {
    auto const& layout = at.layout;
    auto const n = layout.n;
    auto const add = [](matrix& to, matrix const& x) {
      if (x.size() != 0) to += x;
    };
    add(bundle_, of.bundle);
    add(services_, of.services);
    add(profits_, of.sector_profits);
    add(price_, of.log_price);
    if (of.log_spending.size() != 0) {
      if (layout.has_inputs()) {
        Eigen::Map<matrix>(out.data() + layout.spending, n, price_.cols()) += of.log_spending;
      } else {
        out.segment(layout.income, n) += of.log_spending.rowwise().sum();
      }
    }
    for (Eigen::Index s = 0; of.log_entrants.size() != 0 && s < price_.cols(); ++s) {
      if (layout.entry(s) >= 0) out.segment(layout.entry(s), n) += of.log_entrants.col(s);
    }
  }

  void pass(policy_system<Real> const& system, conditions const& at, vector const&, policy_objective<Real> const* of,
            Eigen::Index s, vector& out, policy_gradient<Real>* instruments) {
    auto const& k = system.numbers(s);
    auto const& layout = at.layout;
    auto const n = layout.n;
    auto const entry = layout.entry(s);
    offer_.setZero();    // of the logs of what exporters offer
    by_cost_.setZero();  // of the logs of bundles' costs, beside
    // Of the base: what is not the bundle's, and whose it is; what is the importer's is added in its turn.
    for (Eigen::Index j = 0; j < n; ++j) {
      Real const total = at.spending(j, s);
      if (!(total > 0)) {
        clear(system, j, s, instruments);
        continue;
      }
      auto const flow = system.column(at.flows, j, s);
      Real const not_bundle = k.services[j] + (k.fixed_entry ? k.phi[j] : Real(0));
      auto const q = bundle_.col(s).array();
      bracket_ = k.services[j] * services_(j, s) - not_bundle * q;
      if (k.has_entry && !k.by_labor) bracket_ += k.phi[j] * entry_.col(s);
      if (k.fixed_entry) bracket_ += k.phi[j] * profits_.col(s);
      pair_ = q * (1 - system.import_share(j, s).array() - system.export_share(j, s).array()) +
              system.tax_base(j, s).array() * bracket_.array();
      if (system.has_import_tax(j, s)) pair_ += system.import_share(j, s) * revenue_[j];
      if (system.has_export_tax(j, s)) pair_.array() += system.export_share(j, s).array() * revenue_.array();
      if (of != nullptr && !of->flows.empty()) pair_ += system.column(of->flows, j, s);
      Real const mean = flow.dot(pair_) / total, per_share = price_(j, s) / (k.epsilon * total);
      pair_ = flow.array() * (pair_.array() - (mean + per_share));
      offer_ += pair_;
      if (!k.alike) by_cost_ -= k.on_cost[j] * pair_;
      Real const on_spending = total * mean - k.eta[j] * price_(j, s) / k.epsilon;
      out[layout.has_inputs() ? layout.spending + j + n * s : layout.income + j] += on_spending;
      out[layout.wage + j] += k.on_market_wage[j] * price_(j, s) / k.epsilon;
      if (instruments != nullptr) pull_instruments(system, at, j, s, *instruments);
    }
    if (k.alike) by_cost_ = -k.on_cost[0] * offer_;
    cost_.col(s) += by_cost_;
    for (Eigen::Index i = 0; entry >= 0 && i < n; ++i) {
      if (!at.is_gone(i, s)) out[entry + i] += k.epsilon_psi * offer_[i];
    }
  }

  static void clear(policy_system<Real> const& system, Eigen::Index j, Eigen::Index s,
                    policy_gradient<Real>* instruments) {
    if (instruments == nullptr) return;
    for (auto* a : {&instruments->log_import_tax, &instruments->log_export_tax, &instruments->log_iceberg,
                    &instruments->log_fixed_cost}) {
      system.column(*a, j, s).setZero();
    }
  }

  /// @pre pair_ is what stands before ln v, bracket_ before the base
  void pull_instruments(policy_system<Real> const& system, conditions const& at, Eigen::Index j, Eigen::Index s,
                        policy_gradient<Real>& out) {
    auto const& k = system.numbers(s);
    auto const flow = system.column(at.flows, j, s);
    auto imports = system.column(out.log_import_tax, j, s), exports = system.column(out.log_export_tax, j, s);
    system.column(out.log_iceberg, j, s) = -k.epsilon * pair_;
    system.column(out.log_fixed_cost, j, s) = -k.eta[j] * pair_;
    Real const h = k.on_price ? Real(1) : Real(1 / k.markup[j]);
    auto const export_share = system.export_share(j, s), base = system.tax_base(j, s);
    for (Eigen::Index i = 0; i < at.layout.n; ++i) {
      Real const per_border = h / (1 + system.now().import_tax(i, j, s));
      Real const per_factory = per_border / system.factor_at_origin(i, j, s);
      Real const q = bundle_(i, s), on_base = k.on_price ? Real(base[i] * bracket_[i]) : Real(0);
      Real const common = -k.on_tax[j] * pair_[i];
      imports[i] = common + flow[i] * ((export_share[i] - per_border) * q - on_base + per_border * revenue_[j] -
                                       export_share[i] * revenue_[i]);
      exports[i] = common + flow[i] * (per_factory * (revenue_[i] - q) - on_base);
    }
    out.log_production_tax.col(s) += exports;
  }

  /// From costs of bundles to wages and prices of inputs.
  void spread_costs(policy_system<Real> const& system, policy_layout const& layout, vector& out) {
    auto const n = layout.n, count = system.sectors();
    for (Eigen::Index s = 0; s < count; ++s) {
      for (Eigen::Index i = 0; i < n; ++i) out[layout.wage + i] += system.labor_share(i, s) * cost_(i, s);
    }
    if (!layout.has_inputs()) return;
    Eigen::Map<matrix> p(out.data() + layout.price, n, count);
    for (Eigen::Index i = 0; i < n; ++i) p.row(i).noalias() += cost_.row(i) * system.inputs(i).transpose();
  }

  matrix bundle_, services_, entry_, profits_, price_, cost_;
  vector revenue_, consumer_price_, bracket_, pair_, offer_, by_cost_, demand_, per_income_, input_;
};

}  // namespace melitz::detail
