// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/worlds/policy/conditions.hpp>
#include <melitz/worlds/policy/equilibrium.hpp>

#include <Eigen/Core>
#include <algorithm>
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
    for (auto* v : {&revenue_, &consumer_price_, &bracket_, &pair_, &offer_, &by_cost_, &per_labor_, &by_labor_income_,
                    &per_income_}) {
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
    for (Eigen::Index s = 0; s < system.sectors(); ++s) pass(system, at, of, s, out, instruments);
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
    Real const chi = world.labor_supply_elasticity;
    Real const numeraire = by_gap[layout.wage + system.numeraire_row()];
    Real before(0), spent(0), by_world(0);  // by_world: of the world's labor income, over that before
    for (Eigen::Index i = 0; i < n; ++i) {
      before += base.labor_income[i];
      spent += base.income[i];
      per_labor_[i] = i == system.numeraire_row() ? Real(0) : Real(by_gap[layout.wage + i] / at.labor_income[i]);
      per_income_[i] = by_gap[layout.income + i] / at.income[i];
      out[layout.income + i] -= per_income_[i] * at.available[i];
      revenue_[i] = per_income_[i];
      by_labor_income_[i] = per_income_[i] - per_labor_[i] * at.labor_demand[i] / at.labor_income[i];
      consumer_price_[i] = 0;
      if (system.deficits_grow()) {
        by_world += per_income_[i] * system.deficit()[i];
        if (of != nullptr && of->deficit.size() != 0) by_world += of->deficit[i] * system.deficit()[i];
      }
    }
    if (world.numeraire == policy_numeraire::world_labor_income) by_world += numeraire;
    if (world.numeraire == policy_numeraire::wage) out[layout.wage + world.numeraire_country] += numeraire;
    for (Eigen::Index i = 0; i < n; ++i) {
      by_labor_income_[i] += by_world / before;
      if (world.numeraire == policy_numeraire::mean_price) {
        consumer_price_[i] = numeraire / spent * base.income[i] * exp(at.consumer_price[i]);
      }
      if (!layout.has_labor()) continue;
      Real const mu = by_gap[layout.labor + i];
      out[layout.wage + i] -= chi * mu;
      out[layout.labor + i] += mu;
      consumer_price_[i] += chi * mu;
      if (!system.cuts_tax()) continue;
      Real const per_revenue = chi * mu / (at.labor_income[i] * (1 - at.tax_cut[i]));
      revenue_[i] -= per_revenue;
      by_labor_income_[i] += per_revenue * at.tax_cut[i];
    }
    if (of != nullptr) add_countries(system, at, *of, out);
    for (Eigen::Index i = 0; i < n; ++i) {  // labor income moves with wages and labor alike
      Real const moved = by_labor_income_[i] * at.labor_income[i];
      out[layout.wage + i] += moved;
      if (layout.has_labor()) out[layout.labor + i] += moved;
    }

    for (Eigen::Index s = 0; s < count; ++s) {
      auto const& k = system.numbers(s);
      auto const e = layout.entry(s);
      for (Eigen::Index i = 0; i < n; ++i) {
        Real const gamma = system.labor_share(i, s);
        bundle_(i, s) = gamma * per_labor_[i];
        services_(i, s) = per_labor_[i];
        profits_(i, s) = per_income_[i];
        price_(i, s) = base.final_share(i, s) * consumer_price_[i];
        entry_(i, s) = 0;
        if (e < 0) continue;
        Real const mu = at.on_value(i, s) * by_gap[e + i];
        out[e + i] += at.on_entrants(i, s) * by_gap[e + i] - mu;
        if (at.is_gone(i, s)) continue;
        Real const per_base = mu / at.entry_base(i, s);
        if (k.by_labor) {
          out[layout.wage + i] -= mu;
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
      for (Eigen::Index s = 0; s < count; ++s) {
        bundle_(j, s) += column::dot(system.inputs(j).data() + count * s, input_.data(), count);
      }
    }
  }

  /// What an objective says of countries.
  void add_countries(policy_system<Real> const& system, conditions const& at, policy_objective<Real> const& of,
                     vector& out) {
    auto const& layout = at.layout;
    auto const n = layout.n;
    auto const add = [n](Real* to, vector const& x) {
      if (x.size() != 0) column::add(to, Real(1), x.data(), n);
    };
    add(out.data() + layout.wage, of.log_wage);
    add(out.data() + layout.income, of.log_income);
    if (layout.has_labor()) add(out.data() + layout.labor, of.log_labor);
    add(consumer_price_.data(), of.log_consumer_price);
    add(revenue_.data(), of.revenue);
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
          by_labor_income_[i] -= per_revenue * at.tax_cut[i];
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
    auto const count = price_.cols();
    auto const add = [&](Real* to, matrix const& x) {
      if (x.size() != 0) column::add(to, Real(1), x.data(), n * count);
    };
    add(bundle_.data(), of.bundle);
    add(services_.data(), of.services);
    add(profits_.data(), of.sector_profits);
    add(price_.data(), of.log_price);
    if (layout.has_inputs()) add(out.data() + layout.spending, of.log_spending);
    for (Eigen::Index s = 0; s < count; ++s) {
      if (!layout.has_inputs() && of.log_spending.size() != 0) {
        column::add(out.data() + layout.income, Real(1), of.log_spending.data() + n * s, n);
      }
      if (layout.entry(s) >= 0 && of.log_entrants.size() != 0) {
        column::add(out.data() + layout.entry(s), Real(1), of.log_entrants.data() + n * s, n);
      }
    }
  }

  void pass(policy_system<Real> const& system, conditions const& at, policy_objective<Real> const* of, Eigen::Index s,
            vector& out, policy_gradient<Real>* instruments) {
    auto const& k = system.numbers(s);
    auto const& layout = at.layout;
    auto const n = layout.n;
    auto const entry = layout.entry(s);
    offer_.setZero();    // of the logs of what exporters offer
    by_cost_.setZero();  // of the logs of bundles' costs, beside
    Real const *const bundle = &bundle_(0, s), *const entries = &entry_(0, s), *const profits = &profits_(0, s);
    Real *const pair = pair_.data(), *const bracket = bracket_.data();
    for (Eigen::Index j = 0; j < n; ++j) {
      Real const total = at.spending(j, s);
      if (!(total > 0)) {
        clear(system, j, s, instruments);
        continue;
      }
      auto const* const flow = system.column(at.flows, j, s);
      // Of the base: what is not the bundle's.
      std::fill(bracket, bracket + n, Real(k.services[j] * services_(j, s)));
      column::add(bracket, Real(-k.services[j] - (k.fixed_entry ? k.phi[j] : Real(0))), bundle, n);
      if (k.has_entry && !k.by_labor) column::add(bracket, k.phi[j], entries, n);
      if (k.fixed_entry) column::add(bracket, k.phi[j], profits, n);
      std::copy(bundle, bundle + n, pair);
      column::add_product(pair, Real(1), system.tax_base(j, s), bracket, n);
      if (system.has_import_tax(j, s)) {
        column::add_product(pair, Real(-1), system.import_share(j, s), bundle, n);
        column::add(pair, revenue_[j], system.import_share(j, s), n);
      }
      if (system.has_export_tax(j, s)) {
        column::add_product(pair, Real(-1), system.export_share(j, s), bundle, n);
        column::add_product(pair, Real(1), system.export_share(j, s), revenue_.data(), n);
      }
      if (of != nullptr && !of->flows.empty()) column::add(pair, Real(1), system.column(of->flows, j, s), n);
      Real const mean = column::dot(flow, pair, n) / total, per_share = price_(j, s) / (k.epsilon * total);
      column::add_and_multiply(pair, Real(-mean - per_share), flow, n);
      column::add(offer_.data(), Real(1), pair, n);
      if (!k.alike) column::add(by_cost_.data(), Real(-k.on_cost[j]), pair, n);
      Real const on_spending = total * mean - k.eta[j] * price_(j, s) / k.epsilon;
      out[layout.has_inputs() ? layout.spending + j + n * s : layout.income + j] += on_spending;
      out[layout.wage + j] += k.on_market_wage[j] * price_(j, s) / k.epsilon;
      if (instruments != nullptr) pull_instruments(system, at, j, s, *instruments);
    }
    if (k.alike) column::add(by_cost_.data(), Real(-k.on_cost[0]), offer_.data(), n);
    column::add(&cost_(0, s), Real(1), by_cost_.data(), n);
    for (Eigen::Index i = 0; entry >= 0 && i < n; ++i) {
      if (!at.is_gone(i, s)) out[entry + i] += k.epsilon_psi * offer_[i];
    }
  }

  static void clear(policy_system<Real> const& system, Eigen::Index j, Eigen::Index s,
                    policy_gradient<Real>* instruments) {
    if (instruments == nullptr) return;
    for (auto* a : {&instruments->log_import_tax, &instruments->log_export_tax, &instruments->log_iceberg,
                    &instruments->log_fixed_cost}) {
      auto* const x = system.column(*a, j, s);
      std::fill(x, x + system.countries(), Real(0));
    }
  }

  /// @pre pair_ is what stands before ln v, bracket_ before the base
  void pull_instruments(policy_system<Real> const& system, conditions const& at, Eigen::Index j, Eigen::Index s,
                        policy_gradient<Real>& out) {
    auto const& k = system.numbers(s);
    auto const* const flow = system.column(at.flows, j, s);
    auto *const imports = system.column(out.log_import_tax, j, s), *const exports =
                                                                       system.column(out.log_export_tax, j, s);
    auto *const icebergs = system.column(out.log_iceberg, j, s), *const fixed = system.column(out.log_fixed_cost, j, s);
    Real const h = k.on_price ? Real(1) : Real(1 / k.markup[j]);
    auto const *const export_share = system.export_share(j, s), *const base = system.tax_base(j, s);
    for (Eigen::Index i = 0; i < at.layout.n; ++i) {
      Real const per_border = h / (1 + system.now().import_tax(i, j, s));
      Real const per_factory = per_border / system.factor_at_origin(i, j, s);
      Real const q = bundle_(i, s), on_base = k.on_price ? Real(base[i] * bracket_[i]) : Real(0);
      Real const common = -k.on_tax[j] * pair_[i];
      icebergs[i] = -k.epsilon * pair_[i];
      fixed[i] = -k.eta[j] * pair_[i];
      imports[i] = common + flow[i] * ((export_share[i] - per_border) * q - on_base + per_border * revenue_[j] -
                                       export_share[i] * revenue_[i]);
      exports[i] = common + flow[i] * (per_factory * (revenue_[i] - q) - on_base);
    }
    column::add(&out.log_production_tax(0, s), Real(1), exports, at.layout.n);
  }

  /// From costs of bundles to wages and prices of inputs.
  void spread_costs(policy_system<Real> const& system, policy_layout const& layout, vector& out) {
    auto const n = layout.n, count = system.sectors();
    for (Eigen::Index s = 0; s < count; ++s) {
      for (Eigen::Index i = 0; i < n; ++i) out[layout.wage + i] += system.labor_share(i, s) * cost_(i, s);
    }
    if (!layout.has_inputs()) return;
    for (Eigen::Index i = 0; i < n; ++i) {
      input_.setZero(count);
      for (Eigen::Index s = 0; s < count; ++s) {
        column::add(input_.data(), cost_(i, s), system.inputs(i).data() + count * s, count);
      }
      for (Eigen::Index k = 0; k < count; ++k) out[layout.price + i + n * k] += input_[k];
    }
  }

  matrix bundle_, services_, entry_, profits_, price_, cost_;
  vector revenue_, consumer_price_, bracket_, pair_, offer_, by_cost_, per_labor_, by_labor_income_, per_income_,
      input_;
};

}  // namespace melitz::detail
