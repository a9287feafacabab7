// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/worlds/policy/economy.hpp>

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <limits>

// Needs Eigen: CMake target melitz::policy.

namespace melitz {

/// Gains from trade of each country, and what the formula of Arkolakis, Costinot and Rodriguez-Clare says of them.
struct autarky_gains {
  status reason = status::not_solved;
  Eigen::VectorXd gains{};  ///< welfare over that of the country by itself, at the same production taxes
  Eigen::VectorXd acr{};    ///< prod_s lambda_jjs^(-beta_js/epsilon_s), through inputs if there are any
  [[nodiscard]] explicit operator bool() const noexcept { return reason == status::converged; }
};

namespace detail {

/// One country that has stopped to trade; its wage is the numeraire.
class closed_country {
 public:
  closed_country(policy_world<> const& world, policy_baseline<> const& base, Eigen::Index j)
      : world_(world), base_(base), j_(j), n_(world.sector_count()) {}

  /// ln of the change of welfare. `only_prices`: as if there were neither scale, selection nor taxes. NaN if it does
  /// not settle.
  [[nodiscard]] double log_welfare(bool only_prices) {
    price_ = Eigen::VectorXd::Zero(n_);
    spending_ = base_.spending.row(j_).transpose();
    double const chi = only_prices ? 0 : world_.labor_supply_elasticity;
    for (int round = 0; round < 5000; ++round) {
      Eigen::VectorXd const price = price_, spending = spending_;
      double const labor = std::exp(-chi * consumer_price());
      account(labor);
      for (Eigen::Index s = 0; s < n_; ++s) set_price(s, only_prices);
      double const moved = std::max((price_ - price).cwiseAbs().maxCoeff(),
                                    ((spending_ - spending).cwiseAbs().maxCoeff()) / spending_.maxCoeff());
      if (moved < 4e-16 * static_cast<double>(n_)) break;
      if (!(moved < 1e6)) return std::numeric_limits<double>::quiet_NaN();
      if (round == 4999 && moved > 1e-12) return std::numeric_limits<double>::quiet_NaN();
    }
    double const before = base_.income[j_];
    if (only_prices) return -consumer_price();
    double const real_income = income_ / before * std::exp(-consumer_price());
    if (chi == 0) return std::log(real_income);
    double const d = before / (before - chi / (1 + chi) * base_.labor_income[j_]);
    return std::log(d * real_income + (1 - d) * std::exp(-(1 + chi) * consumer_price()));
  }

 private:
  [[nodiscard]] policy_sector<> const& sector(Eigen::Index s) const {
    return world_.sectors[static_cast<std::size_t>(s)];
  }
  [[nodiscard]] double consumer_price() const { return base_.final_share.row(j_).dot(price_); }
  [[nodiscard]] double labor_share(Eigen::Index s) const {
    return world_.labor_share.size() == 0 ? 1 : world_.labor_share(j_, s);
  }
  [[nodiscard]] double log_cost(Eigen::Index s) const {
    return world_.has_inputs() ? world_.input_share[static_cast<std::size_t>(j_)].col(s).dot(price_) : 0;
  }

  /// Where spending goes, and what is spent next; scaled so that labor earns what it does.
  void account(double labor_hat) {
    bundle_ = services_ = entry_ = Eigen::VectorXd::Zero(n_);
    double profits = 0, revenue = 0;
    for (Eigen::Index s = 0; s < n_; ++s) {
      auto const& at = sector(s);
      double const u = 1 + (world_.production_tax.size() == 0 ? 0 : world_.production_tax(j_, s));
      bool const delivered = at.tariff_on == tariff_base::delivered_price;
      double const taxed = (delivered ? 1 : 1 / at.markup(j_)) * (1 - 1 / u), base = delivered ? 1 / u : 1;
      double const x = spending_[s], kept = at.entry == entry_rule::fixed ? at.entry_share(j_) * base * x : 0;
      services_[s] = at.destination_cost_share[j_] * at.market_cost_share(j_) * base * x;
      bundle_[s] = (1 - taxed) * x - services_[s] - kept;
      entry_[s] = at.entry_share(j_) * base * x;
      profits += kept;
      revenue += taxed * x;
    }
    double wages = services_.sum();
    for (Eigen::Index s = 0; s < n_; ++s) wages += labor_share(s) * bundle_[s];
    double const scale = base_.labor_income[j_] * labor_hat / wages;
    for (auto* all : {&bundle_, &services_, &entry_, &spending_}) *all *= scale;
    income_ = scale * (wages + profits + revenue);
    now_ = spending_;
    spending_ = income_ * base_.final_share.row(j_).transpose();
    if (world_.has_inputs()) spending_ += world_.input_share[static_cast<std::size_t>(j_)] * bundle_;
  }

  void set_price(Eigen::Index s, bool only_prices) {
    auto const& at = sector(s);
    double const cost = log_cost(s);
    double const share = world_.flows(j_, j_, s) / base_.spending(j_, s);
    double attraction = std::log(share) - at.trade_elasticity * cost;
    double spent = 0;
    if (!only_prices) {
      spent = std::log(now_[s] / base_.spending(j_, s));
      attraction -= at.selection[j_] * (1 - at.destination_cost_share[j_]) * cost;
      if (at.has_entry()) {
        bool const by_labor = at.scale_base == policy_scale_base::labor;
        double const worth = by_labor ? labor_share(s) * bundle_[s] + services_[s] : entry_[s];
        double const entrants = std::log(worth / base_.entry_base(j_, s)) - (by_labor ? 0 : cost);
        attraction += at.trade_elasticity * at.scale_elasticity * entrants;
      }
    }
    price_[s] = -((only_prices ? 0 : at.selection[j_]) * spent + attraction) / at.trade_elasticity;
  }

  policy_world<> const& world_;
  policy_baseline<> const& base_;
  Eigen::Index j_, n_;
  double income_ = 0;
  Eigen::VectorXd price_{}, spending_{}, now_{}, bundle_{}, services_{}, entry_{};
};

}  // namespace detail

/// What each country gains from trade as it is in the data, deficit included, over having none: exact at every point of
/// policy_sector, beside the formula that is exact where there is neither scale, selection that differs, nor taxes.
/// @throws domain_error of the world, and where revenue cuts the tax on wages
[[nodiscard]] inline autarky_gains gains_over_autarky(policy_world<> const& world) {
  auto const base = baseline_of(world);
  if (world.labor_supply_elasticity > 0 && world.revenue != policy_revenue::lump_sum) {
    throw domain_error("gains_over_autarky", "revenue", to_string(world.revenue), "be lump_sum");
  }
  autarky_gains out{status::converged, Eigen::VectorXd(world.countries()), Eigen::VectorXd(world.countries())};
  for (Eigen::Index j = 0; j < world.countries(); ++j) {
    detail::closed_country country(world, base, j);
    out.acr[j] = std::exp(-country.log_welfare(true));
    out.gains[j] = std::exp(-country.log_welfare(false));
    if (!(out.gains[j] > 0)) out.reason = status::iteration_limit;
  }
  return out;
}

/// What is in countries' sales, at so much per unit of sales before taxes: carbon, say.
struct sales_content {
  Eigen::VectorXd made{};      ///< by the country whose firms sell
  Eigen::VectorXd consumed{};  ///< by the country that buys
};

/// @param flows      of the world or of one of its equilibria
/// @param change     taxes they are under, complete
/// @param intensity  [country][sector] of who sells, >= 0
[[nodiscard]] inline sales_content content_of_sales(trade_array<> const& flows, policy_change<> const& change,
                                                    Eigen::MatrixXd const& intensity) {
  auto const n = flows.countries();
  if (intensity.rows() != n || intensity.cols() != flows.sectors()) {
    throw domain_error("content_of_sales", "size of intensity",
                       std::to_string(intensity.rows()) + " by " + std::to_string(intensity.cols()),
                       "be " + std::to_string(n) + " by " + std::to_string(flows.sectors()));
  }
  sales_content out{Eigen::VectorXd::Zero(n), Eigen::VectorXd::Zero(n)};
  for (Eigen::Index s = 0; s < flows.sectors(); ++s) {
    for (Eigen::Index j = 0; j < n; ++j) {
      for (Eigen::Index i = 0; i < n; ++i) {
        detail::require(intensity(i, s) >= 0, "content_of_sales", "intensity", intensity(i, s), "be at least 0");
        double const content =
            intensity(i, s) * flows(i, j, s) /
            ((1 + change.import_tax(i, j, s)) * (1 + change.export_tax(i, j, s)) * (1 + change.production_tax(i, s)));
        out.made[i] += content;
        out.consumed[j] += content;
      }
    }
  }
  return out;
}

}  // namespace melitz
