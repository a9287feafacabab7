// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/worlds/policy/conditions.hpp>

#include <Eigen/Core>
#include <Eigen/LU>
#include <cmath>
#include <cstddef>
#include <vector>

namespace melitz::detail {

/// The conditions' slopes of a world without inputs, factored: entrants are eliminated sector by sector, each of which
/// touches the others through wages and incomes only; what is left has two or three unknowns a country.
///
/// Per sector some products of matrices of all countries, so N^3 S operations in all. (Those are Eigen's; the rest is
/// loops, which a compiler is through with sooner.)
template <real Real>
class policy_elimination {
 public:
  using vector = Eigen::VectorX<Real>;
  using matrix = Eigen::MatrixX<Real>;

  /// @pre system has no inputs
  void factor(policy_system<Real> const& system, policy_conditions<Real> const& at) {
    auto const& layout = at.layout;
    n_ = layout.n;
    size_ = layout.has_labor() ? 3 * n_ : 2 * n_;
    core_.setZero(size_, size_);
    prices_ = layout.has_labor() || system.world().numeraire == policy_numeraire::mean_price;
    price_by_wage_.setZero(n_, n_);
    price_by_income_.setZero(n_);
    set_price_weights(system, at);
    parts_.resize(static_cast<std::size_t>(system.sectors()));
    for (Eigen::Index s = 0; s < system.sectors(); ++s) add_sector(system, at, s);
    close(system, at);
    for (auto const& one : parts_) {
      if (one.on_core.size() != 0) core_.leftCols(2 * n_).noalias() -= one.on_core * one.answer;
    }
    lu_.compute(core_);
  }

  void solve(policy_layout const& layout, vector const& right, vector& out) {
    out = right;
    head_ = right.head(size_);
    for (std::size_t s = 0; s < parts_.size(); ++s) {
      if (layout.entrants[s] < 0) continue;
      tail_ = parts_[s].entry.solve(right.segment(layout.entrants[s], n_));
      out.segment(layout.entrants[s], n_) = tail_;
      head_.noalias() -= parts_[s].on_core * tail_;
    }
    out.head(size_) = lu_.solve(head_);
    head_ = out.head(2 * n_);
    for (std::size_t s = 0; s < parts_.size(); ++s) {
      if (layout.entrants[s] < 0) continue;
      tail_.noalias() = parts_[s].answer * head_;
      out.segment(layout.entrants[s], n_) -= tail_;
    }
  }

  void solve_transposed(policy_layout const& layout, vector const& right, vector& out) {
    out = right;
    for (std::size_t s = 0; s < parts_.size(); ++s) {
      if (layout.entrants[s] < 0) continue;
      tail_ = right.segment(layout.entrants[s], n_);
      head_.noalias() = parts_[s].answer.transpose() * tail_;
      out.head(2 * n_) -= head_;
    }
    head_ = out.head(size_);
    out.head(size_) = lu_.transpose().solve(head_);
    head_ = out.head(size_);
    for (std::size_t s = 0; s < parts_.size(); ++s) {
      if (layout.entrants[s] < 0) continue;
      tail_.noalias() = parts_[s].on_core.transpose() * head_;
      tail_ = right.segment(layout.entrants[s], n_) - tail_;
      out.segment(layout.entrants[s], n_) = parts_[s].entry.transpose().solve(tail_);
    }
  }

 private:
  /// What a sector adds: how its entry answers to wages and incomes, and what its entrants do to the core.
  struct part {
    Eigen::PartialPivLU<matrix> entry;
    matrix answer, on_core;
  };

  /// How a sum over pairs, each exporter's of source and each importer's of destination, moves: by the logs of what
  /// exporters offer, by wages through offers, and by spending.
  struct slope {
    matrix by_offer, by_wage, by_spending;
  };
  void respond(policy_sector_numbers<Real> const& k, matrix const* source, matrix const* destination, slope& out) {
    auto const fill = [&](matrix const& of, matrix& to) {
      to.noalias() = of * share_.transpose();
      for (Eigen::Index j = 0; j < n_; ++j) {
        for (Eigen::Index i = 0; i < n_; ++i) to(i, j) = -to(i, j);
      }
      for (Eigen::Index j = 0; j < n_; ++j) {
        for (Eigen::Index i = 0; i < n_; ++i) to(i, i) += of(i, j);
      }
    };
    if (source != nullptr) {
      fill(*source, out.by_offer);
      out.by_spending = *source;
    } else {
      out.by_offer.setZero(n_, n_);
      out.by_spending.setZero(n_, n_);
    }
    if (k.alike || source == nullptr) {
      out.by_wage = out.by_offer;
      column::scale(out.by_wage.data(), k.on_cost[0], n_ * n_);
    } else {
      weighted_ = *source;
      for (Eigen::Index j = 0; j < n_; ++j) column::scale(&weighted_(0, j), k.on_cost[j], n_);
      fill(weighted_, out.by_wage);
    }
    for (Eigen::Index i = 0; destination != nullptr && i < n_; ++i) {
      Real const all = column::sum(&(*destination)(0, i), n_);
      out.by_spending(i, i) += all;
      for (Eigen::Index k_ = 0; k_ < n_; ++k_) {
        Real const moved = (*destination)(k_, i) - all * share_(k_, i);
        out.by_offer(i, k_) += moved;
        out.by_wage(i, k_) += k.on_cost[i] * moved;
      }
    }
    column::scale(out.by_wage.data(), Real(-1), n_ * n_);
  }

  void add_sector(policy_system<Real> const& system, policy_conditions<Real> const& at, Eigen::Index s) {
    auto const& k = system.numbers(s);
    for (auto* m : {&share_, &labor_, &base_, &services_, &duties_, &earned_}) m->setZero(n_, n_);
    bool imports = false, exports = false;
    for (Eigen::Index j = 0; j < n_; ++j) {
      auto const* const flow = system.column(at.flows, j, s);
      if (at.spending(j, s) > 0) column::add(&share_(0, j), Real(1 / at.spending(j, s)), flow, n_);
      column::set_product(&labor_(0, j), system.bundle_share(j, s), flow, n_);
      column::set_product(&base_(0, j), system.tax_base(j, s), flow, n_);
      if (k.has_services) column::add(&services_(0, j), k.services[j], &base_(0, j), n_);
      column::scale(&base_(0, j), k.phi[j], n_);
      imports |= system.has_import_tax(j, s);
      exports |= system.has_export_tax(j, s);
      if (system.has_import_tax(j, s)) column::set_product(&duties_(0, j), system.import_share(j, s), flow, n_);
      if (system.has_export_tax(j, s)) column::set_product(&earned_(0, j), system.export_share(j, s), flow, n_);
    }
    matrix const* const none = nullptr;
    bool const taxes = imports || exports;
    respond(k, &labor_, k.has_services ? &services_ : none, on_labor_);
    if (system.cuts_tax() && taxes) {
      respond(k, exports ? &earned_ : none, imports ? &duties_ : none, on_revenue_);
    }
    if (k.fixed_entry) column::add(earned_.data(), Real(1), base_.data(), n_ * n_);
    bool const income = taxes || k.fixed_entry;
    if (income) respond(k, exports || k.fixed_entry ? &earned_ : none, imports ? &duties_ : none, on_income_);

    part* const mine = k.has_entry ? &parts_[static_cast<std::size_t>(s)] : nullptr;
    if (mine != nullptr) mine->on_core.setZero(size_, n_);
    Real const chi = system.world().labor_supply_elasticity;
    for (Eigen::Index i = 0; i < n_; ++i) {
      add(at, k, s, i, i, Real(1 / at.labor_income[i]), on_labor_, mine);
      if (income) add(at, k, s, i, n_ + i, Real(1 / at.income[i]), on_income_, mine);
      if (!system.cuts_tax() || !taxes) continue;
      Real const weight = -chi / (at.labor_income[i] * (1 - at.tax_cut[i]));
      add(at, k, s, i, 2 * n_ + i, weight, on_revenue_, mine);
    }
    if (prices_) add_prices(system, at, s, mine);
    if (mine == nullptr) return;
    if (!k.by_labor) respond(k, &base_, none, on_labor_);
    set_entry(at, k, s, on_labor_, *mine);
  }

  /// A country's slope into a row of the core.
  void add(policy_conditions<Real> const& at, policy_sector_numbers<Real> const& k, Eigen::Index s, Eigen::Index i,
           Eigen::Index row, Real const& weight, slope const& x, part* to) {
    for (Eigen::Index j = 0; j < n_; ++j) {
      core_(row, j) += weight * x.by_wage(i, j);
      if (at.spending(j, s) > 0) core_(row, n_ + j) += weight * x.by_spending(i, j);
      if (to != nullptr) to->on_core(row, j) += k.epsilon_psi * weight * x.by_offer(i, j);
    }
  }

  /// Entry of a sector, whose condition is in logs, solved for entrants.
  void set_entry(policy_conditions<Real> const& at, policy_sector_numbers<Real> const& k, Eigen::Index s,
                 slope const& own, part& to) {
    entry_.setZero(n_, n_);
    to.answer.setZero(n_, 2 * n_);
    for (Eigen::Index i = 0; i < n_; ++i) {
      Real const weight = at.on_value(i, s);
      entry_(i, i) = at.on_entrants(i, s);
      if (at.is_gone(i, s)) continue;
      Real const per_base = weight / at.entry_base(i, s);
      for (Eigen::Index j = 0; j < n_; ++j) {
        entry_(i, j) += k.epsilon_psi * per_base * own.by_offer(i, j);
        to.answer(i, j) = per_base * own.by_wage(i, j);
        to.answer(i, n_ + j) = per_base * own.by_spending(i, j);
      }
      entry_(i, i) -= weight;
      to.answer(i, i) -= weight;
    }
    to.entry.compute(entry_);
    wide_ = to.entry.solve(to.answer);
    to.answer.swap(wide_);
  }

  void set_price_weights(policy_system<Real> const& system, policy_conditions<Real> const& at) {
    using std::exp;
    auto const& income = system.base().income;
    price_weight_.setZero(n_);
    Real const all = column::sum(income.data(), n_);
    for (Eigen::Index j = 0; j < n_; ++j) price_weight_[j] = income[j] * exp(at.consumer_price[j]) / all;
    numeraire_by_entrants_.setZero(n_, system.sectors());
  }

  void add_prices(policy_system<Real> const& system, policy_conditions<Real> const& at, Eigen::Index s, part* mine) {
    auto const& k = system.numbers(s);
    Real const chi = system.world().labor_supply_elasticity;
    for (Eigen::Index j = 0; j < n_; ++j) {
      if (!(at.spending(j, s) > 0)) continue;
      Real const weight = -system.base().final_share(j, s) / k.epsilon;
      price_by_wage_(j, j) -= weight * k.on_market_wage[j];
      price_by_income_[j] += weight * k.eta[j];
      for (Eigen::Index i = 0; i < n_; ++i) {
        Real const moved = weight * share_(i, j);
        price_by_wage_(j, i) -= k.on_cost[j] * moved;
        if (mine == nullptr) continue;
        if (at.layout.has_labor()) mine->on_core(2 * n_ + j, i) += chi * k.epsilon_psi * moved;
        numeraire_by_entrants_(i, s) += k.epsilon_psi * price_weight_[j] * moved;
      }
    }
  }

  void close(policy_system<Real> const& system, policy_conditions<Real> const& at) {
    auto const& base = system.base();
    Real const before = column::sum(base.labor_income.data(), n_), chi = system.world().labor_supply_elasticity;
    bool const labor = at.layout.has_labor();
    for (Eigen::Index i = 0; i < n_; ++i) {
      Real const demand = at.labor_demand[i] / at.labor_income[i], pay = at.labor_income[i] / at.income[i];
      core_(i, i) -= demand;
      core_(n_ + i, i) += pay;
      core_(n_ + i, n_ + i) -= at.available[i] / at.income[i];
      if (labor) {
        core_(i, 2 * n_ + i) -= demand;
        core_(n_ + i, 2 * n_ + i) += pay;
        core_(2 * n_ + i, 2 * n_ + i) += 1;
        core_(2 * n_ + i, i) -= chi;
        core_(2 * n_ + i, n_ + i) += chi * price_by_income_[i];
        Real const less = chi * at.tax_cut[i] / (1 - at.tax_cut[i]);
        core_(2 * n_ + i, i) += less;
        core_(2 * n_ + i, 2 * n_ + i) += less;
      }
      for (Eigen::Index j = 0; j < n_; ++j) {
        Real const grown =
            system.deficits_grow() ? Real(system.deficit()[i] / at.income[i] * at.labor_income[j] / before) : Real(0);
        core_(n_ + i, j) += grown;
        if (labor) {
          core_(n_ + i, 2 * n_ + j) += grown;
          core_(2 * n_ + i, j) += chi * price_by_wage_(i, j);
        }
      }
    }
    set_numeraire(system, at, before);
  }

  void set_numeraire(policy_system<Real> const& system, policy_conditions<Real> const& at, Real const& before) {
    auto const row = system.numeraire_row();
    bool const by_price = system.world().numeraire == policy_numeraire::mean_price;
    for (Eigen::Index c = 0; c < size_; ++c) core_(row, c) = 0;
    for (std::size_t s = 0; s < parts_.size(); ++s) {
      for (Eigen::Index i = 0; parts_[s].on_core.size() != 0 && i < n_; ++i) {
        parts_[s].on_core(row, i) = by_price ? numeraire_by_entrants_(i, static_cast<Eigen::Index>(s)) : Real(0);
      }
    }
    if (system.world().numeraire == policy_numeraire::wage) core_(row, system.world().numeraire_country) = 1;
    for (Eigen::Index j = 0; j < n_; ++j) {
      if (system.world().numeraire == policy_numeraire::world_labor_income) {
        core_(row, j) = at.labor_income[j] / before;
        if (at.layout.has_labor()) core_(row, 2 * n_ + j) = core_(row, j);
      }
      if (!by_price) continue;
      core_(row, n_ + j) = price_weight_[j] * price_by_income_[j];
      for (Eigen::Index i = 0; i < n_; ++i) core_(row, j) += price_weight_[i] * price_by_wage_(i, j);
    }
  }

  Eigen::Index n_ = 0, size_ = 0;
  bool prices_ = false;
  std::vector<part> parts_;
  matrix core_, share_, labor_, base_, services_, duties_, earned_, weighted_, entry_, wide_, price_by_wage_;
  matrix numeraire_by_entrants_;
  vector price_by_income_, price_weight_, head_, tail_;
  slope on_labor_, on_income_, on_revenue_;
  Eigen::PartialPivLU<matrix> lu_;
};

}  // namespace melitz::detail
