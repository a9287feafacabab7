// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/worlds/policy/conditions.hpp>

#include <Eigen/Core>
#include <Eigen/LU>
#include <cstddef>
#include <vector>

namespace melitz::detail {

/// The conditions' slopes of a world without inputs, factored: entrants are eliminated sector by sector, each of which
/// touches the others through wages and incomes only; what is left has two or three unknowns a country.
///
/// Per sector some products of matrices of all countries, so N^3 S operations in all.
template <real Real>
class policy_elimination {
 public:
  using vector = Eigen::VectorX<Real>;
  using matrix = Eigen::MatrixX<Real>;

  /// @pre system has no inputs
  void factor(policy_system<Real> const& system, policy_conditions<Real> const& at) {
    auto const& layout = at.layout;
    auto const n = layout.n, count = system.sectors();
    size_ = layout.has_labor() ? 3 * n : 2 * n;
    core_.setZero(size_, size_);
    prices_ = layout.has_labor() || system.world().numeraire == policy_numeraire::mean_price;
    price_by_wage_.setZero(n, n);
    price_by_income_.setZero(n);
    parts_.resize(static_cast<std::size_t>(count));
    for (Eigen::Index s = 0; s < count; ++s) add_sector(system, at, s);
    close(system, at);
    lu_.compute(core_);
  }

  void solve(policy_layout const& layout, vector const& right, vector& out) {
    out = right;
    auto core = out.head(size_);
    for (std::size_t s = 0; s < parts_.size(); ++s) {
      if (layout.entrants[s] < 0) continue;
      auto entrants = out.segment(layout.entrants[s], layout.n);
      entrants = parts_[s].entry.solve(entrants).eval();
      core.noalias() -= parts_[s].on_core * entrants;
    }
    core = lu_.solve(core).eval();
    for (std::size_t s = 0; s < parts_.size(); ++s) {
      if (layout.entrants[s] < 0) continue;
      out.segment(layout.entrants[s], layout.n).noalias() -= parts_[s].answer * core.head(2 * layout.n);
    }
  }

  void solve_transposed(policy_layout const& layout, vector const& right, vector& out) {
    out = right;
    auto core = out.head(size_);
    for (std::size_t s = 0; s < parts_.size(); ++s) {
      if (layout.entrants[s] < 0) continue;
      core.head(2 * layout.n).noalias() -= parts_[s].answer.transpose() * out.segment(layout.entrants[s], layout.n);
    }
    core = lu_.transpose().solve(core).eval();
    for (std::size_t s = 0; s < parts_.size(); ++s) {
      if (layout.entrants[s] < 0) continue;
      auto entrants = out.segment(layout.entrants[s], layout.n);
      entrants.noalias() -= parts_[s].on_core.transpose() * core;
      entrants = parts_[s].entry.transpose().solve(entrants).eval();
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
    auto const n = share_.rows();
    auto const fill = [&](matrix& to, bool weighted) {
      if (source == nullptr) {
        to.setZero(n, n);
      } else if (weighted) {
        weighted_.noalias() = *source * k.on_cost.asDiagonal();
        to.noalias() = -weighted_ * share_.transpose();
        to.diagonal() += weighted_.rowwise().sum();
      } else {
        to.noalias() = -(*source) * share_.transpose();
        to.diagonal() += source->rowwise().sum();
      }
      if (destination == nullptr) return;
      for (Eigen::Index i = 0; i < n; ++i) {
        Real const weight = weighted ? k.on_cost[i] : Real(1);
        to.row(i) += weight * (destination->col(i) - destination->col(i).sum() * share_.col(i)).transpose();
      }
    };
    fill(out.by_offer, false);
    if (k.alike) {
      out.by_wage = -k.on_cost[0] * out.by_offer;
    } else {
      fill(out.by_wage, true);
      out.by_wage = -out.by_wage;
    }
    if (source != nullptr) {
      out.by_spending = *source;
    } else {
      out.by_spending.setZero(n, n);
    }
    if (destination != nullptr) out.by_spending.diagonal() += destination->colwise().sum().transpose();
  }

  void add_sector(policy_system<Real> const& system, policy_conditions<Real> const& at, Eigen::Index s) {
    auto const& layout = at.layout;
    auto const& k = system.numbers(s);
    auto const n = layout.n;
    auto const flow = at.flows.sector(s);
    share_.resize(n, n);
    labor_.resize(n, n);
    base_.resize(n, n);
    bool imports = false, exports = false;
    for (Eigen::Index j = 0; j < n; ++j) {
      Real const per_spending = at.spending(j, s) > 0 ? Real(1 / at.spending(j, s)) : Real(0);
      share_.col(j) = flow.col(j) * per_spending;
      labor_.col(j) = flow.col(j).cwiseProduct(system.bundle_share(j, s));
      base_.col(j) = flow.col(j).cwiseProduct(system.tax_base(j, s));
      imports |= system.has_import_tax(j, s);
      exports |= system.has_export_tax(j, s);
    }
    matrix const* none = nullptr;
    if (k.has_services) services_.noalias() = base_ * k.services.asDiagonal();
    if (k.has_entry || k.fixed_entry) base_ = base_ * k.phi.asDiagonal();
    respond(k, &labor_, k.has_services ? &services_ : none, on_labor_);
    if (imports) {
      duties_.resize(n, n);
      for (Eigen::Index j = 0; j < n; ++j) duties_.col(j) = flow.col(j).cwiseProduct(system.import_share(j, s));
    }
    bool const income = imports || exports || k.fixed_entry;
    if (exports || k.fixed_entry) {
      earned_.setZero(n, n);
      for (Eigen::Index j = 0; exports && j < n; ++j) {
        earned_.col(j) = flow.col(j).cwiseProduct(system.export_share(j, s));
      }
      if (system.cuts_tax() && (imports || exports)) {
        respond(k, exports ? &earned_ : none, imports ? &duties_ : none, on_revenue_);
      }
      if (k.fixed_entry) earned_ += base_;
    } else if (system.cuts_tax() && imports) {
      respond(k, none, &duties_, on_revenue_);
    }
    if (income) respond(k, exports || k.fixed_entry ? &earned_ : none, imports ? &duties_ : none, on_income_);

    auto const per_labor = at.labor_income.cwiseInverse().eval(), per_income = at.income.cwiseInverse().eval();
    auto const add = [&](Eigen::Index row, vector const& weight, slope const& x, part* to) {
      core_.block(row, 0, n, n).noalias() += weight.asDiagonal() * x.by_wage;
      for (Eigen::Index j = 0; j < n; ++j) {
        core_.col(n + j).segment(row, n).array() +=
            weight.array() * x.by_spending.col(j).array() * spending_moves(at, j, s);
      }
      if (to != nullptr) to->on_core.middleRows(row, n).noalias() += k.epsilon_psi * (weight.asDiagonal() * x.by_offer);
    };
    part* const mine = k.has_entry ? &parts_[static_cast<std::size_t>(s)] : nullptr;
    if (mine != nullptr) mine->on_core.setZero(size_, n);
    add(0, per_labor, on_labor_, mine);
    if (income) add(n, per_income, on_income_, mine);
    if (system.cuts_tax() && (imports || exports)) {
      vector const weight =
          -system.world().labor_supply_elasticity / (at.labor_income.array() * (1 - at.tax_cut.array()));
      add(2 * n, weight, on_revenue_, mine);
    }
    if (prices_) add_prices(system, at, s, mine);
    if (mine == nullptr) return;

    // Entry, whose condition is in logs.
    slope& own = on_income_;
    if (k.by_labor) {
      own = on_labor_;
    } else {
      respond(k, &base_, none, own);
    }
    vector const per_base = at.entry_base.col(s).cwiseInverse();
    matrix entry = k.epsilon_psi * (per_base.asDiagonal() * own.by_offer);
    mine->answer.resize(n, 2 * n);
    mine->answer.leftCols(n).noalias() = per_base.asDiagonal() * own.by_wage;
    mine->answer.rightCols(n).noalias() = per_base.asDiagonal() * own.by_spending;
    entry.diagonal().array() -= 1;
    mine->answer.leftCols(n).diagonal().array() -= 1;
    for (Eigen::Index i = 0; i < n; ++i) {
      Real const weight = at.on_value(i, s);
      if (at.is_gone(i, s)) {
        entry.row(i).setZero();  // they are NaN, of no sales
        mine->answer.row(i).setZero();
      } else if (weight != 1) {
        entry.row(i) *= weight;
        mine->answer.row(i) *= weight;
      }
      entry(i, i) += at.on_entrants(i, s);
    }
    mine->entry.compute(entry);
    mine->answer = mine->entry.solve(mine->answer).eval();
  }

  /// Without inputs spending moves with income, where there is any.
  [[nodiscard]] static Real spending_moves(policy_conditions<Real> const& at, Eigen::Index j, Eigen::Index s) {
    return Real(at.spending(j, s) > 0 ? 1 : 0);
  }

  void add_prices(policy_system<Real> const& system, policy_conditions<Real> const& at, Eigen::Index s, part* mine) {
    auto const& k = system.numbers(s);
    auto const n = share_.rows();
    auto const& base = system.base();
    Real const chi = system.world().labor_supply_elasticity;
    for (Eigen::Index j = 0; j < n; ++j) {
      if (!(at.spending(j, s) > 0)) continue;
      Real const weight = -base.final_share(j, s) / k.epsilon;
      price_by_wage_.row(j) -= weight * k.on_cost[j] * share_.col(j).transpose();
      price_by_wage_(j, j) -= weight * k.on_market_wage[j];
      price_by_income_[j] += weight * k.eta[j];
      if (mine == nullptr) continue;
      if (at.layout.has_labor()) {
        mine->on_core.row(2 * n + j) += chi * weight * k.epsilon_psi * share_.col(j).transpose();
      }
    }
    if (mine == nullptr) return;
    if (numeraire_by_entrants_.rows() != n) numeraire_by_entrants_.resize(n, system.sectors());
    numeraire_by_entrants_.col(s) =
        -k.epsilon_psi / k.epsilon * (share_ * base.final_share.col(s).cwiseProduct(price_weight(system, at)));
  }
  [[nodiscard]] static vector price_weight(policy_system<Real> const& system, policy_conditions<Real> const& at) {
    auto const& income = system.base().income;
    return income.array() * at.consumer_price.array().exp() / income.sum();
  }

  void close(policy_system<Real> const& system, policy_conditions<Real> const& at) {
    auto const& layout = at.layout;
    auto const n = layout.n;
    auto const& base = system.base();
    vector const pay = at.labor_income / base.labor_income.sum();
    auto labor = core_.topRows(n), income = core_.middleRows(n, n);
    labor.leftCols(n).diagonal() -= at.labor_demand.cwiseQuotient(at.labor_income);
    income.leftCols(n).diagonal() += at.labor_income.cwiseQuotient(at.income);
    income.middleCols(n, n).diagonal() -= at.available.cwiseQuotient(at.income);
    if (system.deficits_grow()) {
      vector const deficit = system.deficit().cwiseQuotient(at.income);
      income.leftCols(n).noalias() += deficit * pay.transpose();
      if (layout.has_labor()) income.rightCols(n).noalias() += deficit * pay.transpose();
    }
    if (layout.has_labor()) {
      Real const chi = system.world().labor_supply_elasticity;
      labor.rightCols(n).diagonal() -= at.labor_demand.cwiseQuotient(at.labor_income);
      income.rightCols(n).diagonal() += at.labor_income.cwiseQuotient(at.income);
      auto supply = core_.bottomRows(n);
      supply.rightCols(n).diagonal().array() += 1;
      supply.leftCols(n).diagonal().array() -= chi;
      supply.leftCols(n) += chi * price_by_wage_;
      supply.middleCols(n, n).diagonal() += chi * price_by_income_;
      if (system.cuts_tax()) {
        vector const less = chi * at.tax_cut.array() / (1 - at.tax_cut.array());
        supply.leftCols(n).diagonal() += less;
        supply.rightCols(n).diagonal() += less;
      }
    }
    set_numeraire(system, at, pay);
    for (auto& one : parts_) {
      if (one.on_core.size() == 0) continue;
      core_.leftCols(2 * n).noalias() -= one.on_core * one.answer;
    }
  }

  void set_numeraire(policy_system<Real> const& system, policy_conditions<Real> const& at, vector const& pay) {
    auto const n = at.layout.n, row = system.numeraire_row();
    core_.row(row).setZero();
    for (auto& one : parts_) {
      if (one.on_core.size() != 0) one.on_core.row(row).setZero();
    }
    switch (system.world().numeraire) {
      case policy_numeraire::world_labor_income:
        core_.row(row).head(n) = pay.transpose();
        if (at.layout.has_labor()) core_.row(row).tail(n) = pay.transpose();
        break;
      case policy_numeraire::wage:
        core_(row, system.world().numeraire_country) = 1;
        break;
      case policy_numeraire::mean_price: {
        vector const weight = price_weight(system, at);
        core_.row(row).head(n).noalias() = weight.transpose() * price_by_wage_;
        core_.row(row).segment(n, n) = weight.cwiseProduct(price_by_income_).transpose();
        for (std::size_t s = 0; s < parts_.size(); ++s) {
          if (parts_[s].on_core.size() == 0) continue;
          parts_[s].on_core.row(row) = numeraire_by_entrants_.col(static_cast<Eigen::Index>(s)).transpose();
        }
        break;
      }
    }
  }

  Eigen::Index size_ = 0;
  bool prices_ = false;
  std::vector<part> parts_;
  matrix core_, share_, labor_, base_, services_, duties_, earned_, weighted_, price_by_wage_;
  matrix numeraire_by_entrants_;
  vector price_by_income_;
  slope on_labor_, on_income_, on_revenue_;
  Eigen::PartialPivLU<matrix> lu_;
};

}  // namespace melitz::detail
