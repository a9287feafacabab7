// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/worlds/policy/column.hpp>
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

/// ln of what bundles cost, [exporter][sector], of unknowns or of a direction of theirs. @param room  for a few numbers
template <real Real>
void set_bundle_costs(policy_system<Real> const& system, policy_layout const& layout, Eigen::VectorX<Real> const& z,
                      Eigen::MatrixX<Real>& out, Eigen::VectorX<Real>& room) {
  auto const n = layout.n, count = out.cols();
  for (Eigen::Index s = 0; s < count; ++s) {
    for (Eigen::Index i = 0; i < n; ++i) out(i, s) = system.labor_share(i, s) * z[layout.wage + i];
  }
  if (!layout.has_inputs()) return;
  room.resize(count);
  for (Eigen::Index i = 0; i < n; ++i) {
    for (Eigen::Index k = 0; k < count; ++k) room[k] = z[layout.price + i + n * k];
    for (Eigen::Index s = 0; s < count; ++s) {
      out(i, s) += column::dot(system.inputs(i).data() + count * s, room.data(), count);
    }
  }
}

/// What a country's firms buy of each sector, of what they spend on bundles.
template <real Real>
void set_input_demand(policy_system<Real> const& system, Eigen::MatrixX<Real> const& bundle, Eigen::Index i,
                      Eigen::VectorX<Real>& out) {
  auto const count = bundle.cols();
  out.setZero(count);
  for (Eigen::Index s = 0; s < count; ++s) {
    column::add(out.data(), bundle(i, s), system.inputs(i).data() + count * s, count);
  }
}

/// All that follows from the unknowns, and by how much the conditions fail.
template <real Real>
struct policy_conditions {
  using vector = Eigen::VectorX<Real>;
  using matrix = Eigen::MatrixX<Real>;

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
    for (auto* m : {&log_cost, &spending, &bundle, &services, &entry_base, &sector_profits, &log_price, &on_value,
                    &on_entrants, &log_scale_, &per_offer_}) {
      m->setZero(n, count);
    }
    for (auto* v : {&revenue, &labor_income, &labor_demand, &income, &available, &deficit, &tax_cut, &consumer_price,
                    &log_real_income, &log_labor, &offer_, &entrants_, &there_, &reached_}) {
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
  /// @return whether all of it is finite
  bool evaluate(policy_system<Real> const& system, vector const& z) {
    using std::exp;
    auto const n = layout.n, count = log_cost.cols();
    auto const& base = system.base();
    set_bundle_costs(system, layout, z, log_cost, by_input_);
    for (auto* m : {&bundle, &services, &entry_base, &sector_profits}) m->setZero();
    revenue.setZero();
    consumer_price.setZero();
    for (Eigen::Index j = 0; j < n; ++j) income[j] = base.income[j] * exp(z[layout.income + j]);
    for (Eigen::Index s = 0; s < count; ++s) {
      for (Eigen::Index j = 0; j < n; ++j) {
        spending(j, s) = layout.has_inputs() ? Real(base.spending(j, s) * exp(z[layout.spending + j + n * s]))
                                             : Real(base.final_share(j, s) * income[j]);
      }
      trade(system, z, s);
    }
    close(system, z);
    return is_finite(column::sum(gaps.data(), gaps.size()));
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
  /// Who sells what of a sector to whom, and what that pays for.
  void trade(policy_system<Real> const& system, vector const& z, Eigen::Index s) {
    using std::log;
    auto const n = layout.n;
    auto const& k = system.numbers(s);
    auto const entry = layout.entry(s);
    bool all_there = true;
    for (Eigen::Index i = 0; i < n; ++i) {
      there_[i] = is_gone(i, s) ? 0 : 1;
      entrants_[i] = entry < 0 || is_gone(i, s) ? Real(0) : Real(k.epsilon_psi * z[entry + i]);
      all_there &= !is_gone(i, s);
    }
    auto const set_offers = [&](Real const& on_cost) {
      for (Eigen::Index i = 0; i < n; ++i) {
        offer_[i] = is_gone(i, s) ? -infinity<Real> : Real(entrants_[i] - on_cost * log_cost(i, s));
      }
      Real const scale = column::exponential(offer_.data(), n);
      if (!all_there) column::set_product(offer_.data(), offer_.data(), there_.data(), n);
      return scale;
    };
    Real scale = k.alike ? set_offers(k.on_cost[0]) : Real(0);
    for (Eigen::Index j = 0; j < n; ++j) {
      auto* const flow = system.column(flows, j, s);
      Real const total = spending(j, s);
      if (!(total > 0)) {
        std::fill(flow, flow + n, Real(0));
        reached_[j] = 1;
        continue;
      }
      if (!k.alike) scale = set_offers(k.on_cost[j]);
      column::set_product(flow, system.reach(j, s), offer_.data(), n);
      Real const reached = column::sum(flow, n);
      column::scale(flow, Real(total / reached), n);
      reached_[j] = reached;
      log_scale_(j, s) = scale;
      per_offer_(j, s) = total / reached;
      auto const* const base = system.tax_base(j, s);
      column::add_product(&bundle(0, s), Real(1), system.bundle_share(j, s), flow, n);
      if (k.has_entry && !k.by_labor) column::add_product(&entry_base(0, s), k.phi[j], base, flow, n);
      if (k.fixed_entry) column::add_product(&sector_profits(0, s), k.phi[j], base, flow, n);
      if (k.has_services) services(j, s) = k.services[j] * column::dot(base, flow, n);
      if (system.has_import_tax(j, s)) revenue[j] += column::dot(system.import_share(j, s), flow, n);
      if (system.has_export_tax(j, s)) {
        column::add_product(revenue.data(), Real(1), system.export_share(j, s), flow, n);
      }
    }
    column::logarithm(reached_.data(), n);  // of all markets together, which is faster than one by one
    for (Eigen::Index j = 0; j < n; ++j) {
      if (!(spending(j, s) > 0)) {
        log_price(j, s) = 0;
        continue;
      }
      Real const x = layout.has_inputs() ? z[layout.spending + j + n * s] : z[layout.income + j];
      Real const log_reached =
          reached_[j] + log_scale_(j, s) + system.log_reach(j, s) - k.on_market_wage[j] * z[layout.wage + j];
      log_price(j, s) = -(k.eta[j] * x + log_reached) / k.epsilon;
      consumer_price[j] += system.base().final_share(j, s) * log_price(j, s);
    }
    if (k.by_labor) {
      for (Eigen::Index i = 0; i < n; ++i) entry_base(i, s) = system.labor_share(i, s) * bundle(i, s) + services(i, s);
    }
  }

  void close(policy_system<Real> const& system, vector const& z) {
    using std::exp, std::log;
    auto const n = layout.n, count = log_cost.cols();
    auto const& base = system.base();
    Real const chi = system.world().labor_supply_elasticity;
    Real before(0), now(0);
    for (Eigen::Index i = 0; i < n; ++i) {
      log_real_income[i] = z[layout.income + i] - consumer_price[i];
      log_labor[i] = layout.has_labor() ? z[layout.labor + i] : Real(0);
      labor_income[i] = base.labor_income[i] * exp(Real(z[layout.wage + i] + log_labor[i]));
      before += base.labor_income[i];
      now += labor_income[i];
    }
    world_labor_income = now / before;
    for (Eigen::Index i = 0; i < n; ++i) {
      deficit[i] = system.deficit()[i] * (system.deficits_grow() ? world_labor_income : Real(1));
      labor_demand[i] = 0;
      available[i] = labor_income[i] + revenue[i] + deficit[i];
      for (Eigen::Index s = 0; s < count; ++s) {
        labor_demand[i] += system.labor_share(i, s) * bundle(i, s) + services(i, s);
        available[i] += sector_profits(i, s);
      }
      gaps[layout.wage + i] = labor_demand[i] / labor_income[i] - 1;
      gaps[layout.income + i] = available[i] / income[i] - 1;
      if (system.cuts_tax()) tax_cut[i] = (revenue[i] - base.revenue[i]) / labor_income[i];
      if (layout.has_labor()) {
        gaps[layout.labor + i] =
            log_labor[i] - chi * (z[layout.wage + i] - consumer_price[i]) + chi * log(Real(1 - tax_cut[i]));
      }
    }
    gaps[layout.wage + system.numeraire_row()] = numeraire_gap(system, z);
    for (Eigen::Index s = 0; s < count; ++s) {
      auto const at = layout.entry(s);
      for (Eigen::Index i = 0; at >= 0 && i < n; ++i) {
        on_value(i, s) = is_gone(i, s) ? 0 : 1;
        on_entrants(i, s) = is_gone(i, s) ? 1 : 0;
        gaps[at + i] = 0;
        if (is_gone(i, s)) continue;
        Real const cost = system.numbers(s).by_labor ? z[layout.wage + i] : log_cost(i, s);
        gaps[at + i] = log(Real(entry_base(i, s) / base.entry_base(i, s))) - cost - z[at + i];
        if (system.numbers(s).at_boundary) complement(i, s, exp(z[at + i]), gaps[at + i]);
      }
    }
    for (Eigen::Index j = 0; layout.has_inputs() && j < n; ++j) {
      set_input_demand(system, bundle, j, by_input_);
      for (Eigen::Index s = 0; s < count; ++s) {
        auto const at = j + n * s;
        gaps[layout.spending + at] =
            spending(j, s) > 0 ? Real((base.final_share(j, s) * income[j] + by_input_[s]) / spending(j, s) - 1)
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

  [[nodiscard]] Real numeraire_gap(policy_system<Real> const& system, vector const& z) const {
    using std::expm1;
    auto const& base = system.base();
    Real spent(0), more(0);
    switch (system.world().numeraire) {
      case policy_numeraire::world_labor_income:
        break;
      case policy_numeraire::wage:
        return z[layout.wage + system.world().numeraire_country];
      case policy_numeraire::mean_price:
        for (Eigen::Index j = 0; j < layout.n; ++j) {
          spent += base.income[j];
          more += base.income[j] * expm1(consumer_price[j]);
        }
        return Real(more / spent);
    }
    return Real(world_labor_income - 1);
  }

  matrix log_scale_, per_offer_;  // of a market: by what offers are scaled; spending over the sum of offers
  vector offer_, entrants_, there_, reached_, by_input_;
};

}  // namespace melitz::detail
