// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/numerics/gauss_legendre.hpp>
#include <melitz/worlds/policy/equilibrium.hpp>
#include <melitz/worlds/policy/objectives.hpp>
#include <melitz/worlds/policy/solver.hpp>

#include <Eigen/Core>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>

// Needs Eigen: CMake target melitz::policy.

namespace melitz {

/// What the change of ln real income (income over consumer price) of each country is made of; the parts sum to it.
struct income_parts {
  using vector = Eigen::VectorXd;
  status reason = status::not_solved;
  vector terms_of_trade{};   ///< prices of exports and imports at the border, without transport
  vector trade_costs{};      ///< iceberg costs of what is bought
  vector fiscal_volume{};    ///< tax revenue by larger volumes: of imports, and of sales
  vector scale{};            ///< more firms
  vector profits{};          ///< sales of firms that earn profits
  vector selection{};        ///< costs of market entry
  vector market_services{};  ///< wages for foreign firms' entry against costs of entry abroad
  vector deficit{};
  vector labor{};
  vector log_real_income{};  ///< of the equilibria at the two ends

  [[nodiscard]] explicit operator bool() const noexcept { return reason == status::converged; }
  [[nodiscard]] vector sum() const {
    return terms_of_trade + trade_costs + fiscal_volume + scale + profits + selection + market_services + deficit +
           labor;
  }
};

namespace detail {

/// Logs of taxes, trade costs and fixed costs, and deficits, all on a straight line from a baseline to a change.
class straight_path {
 public:
  straight_path(policy_change<> const& from, policy_change<> const& to, Eigen::VectorXd const& deficit_before,
                Eigen::VectorXd const& deficit_after)
      : from_(from), deficit_(deficit_before) {
    direction.log_import_tax = to.import_tax;
    direction.log_export_tax = to.export_tax;
    direction.log_production_tax = to.production_tax;
    direction.log_iceberg = to.iceberg_hat;
    direction.log_fixed_cost = to.fixed_cost_hat;
    direction.deficit = deficit_after - deficit_before;
    auto const taxed = [](auto& direction_of, auto const& now, auto const& then) {
      direction_of = (now.array().log1p() - then.array().log1p()).matrix();
    };
    taxed(direction.log_import_tax.values(), to.import_tax.values(), from.import_tax.values());
    taxed(direction.log_export_tax.values(), to.export_tax.values(), from.export_tax.values());
    taxed(direction.log_production_tax, to.production_tax, from.production_tax);
    direction.log_iceberg.values() = to.iceberg_hat.values().array().log().matrix();
    direction.log_fixed_cost.values() = to.fixed_cost_hat.values().array().log().matrix();
  }

  [[nodiscard]] policy_change<> at(double s) const {
    auto out = from_;
    auto const tax = [s](auto& now, auto const& way) {
      now = (now.array().log1p() + s * way.array()).expm1().matrix();
    };
    tax(out.import_tax.values(), direction.log_import_tax.values());
    tax(out.export_tax.values(), direction.log_export_tax.values());
    tax(out.production_tax, direction.log_production_tax);
    out.iceberg_hat.values() = (s * direction.log_iceberg.values().array()).exp().matrix();
    out.fixed_cost_hat.values() = (s * direction.log_fixed_cost.values().array()).exp().matrix();
    out.deficit = deficit_ + s * direction.deficit;
    return out;
  }

  policy_direction<> direction{};

 private:
  policy_change<> from_;
  Eigen::VectorXd deficit_;
};

/// The change with every member given: what it leaves as it is has the baseline's numbers.
inline policy_change<> filled(policy_change<> change, policy_change<> const& unchanged) {
  if (change.import_tax.empty()) change.import_tax = unchanged.import_tax;
  if (change.export_tax.empty()) change.export_tax = unchanged.export_tax;
  if (change.production_tax.size() == 0) change.production_tax = unchanged.production_tax;
  if (change.iceberg_hat.empty()) change.iceberg_hat = unchanged.iceberg_hat;
  if (change.fixed_cost_hat.empty()) change.fixed_cost_hat = unchanged.fixed_cost_hat;
  return change;
}

/// Adds the parts of the derivative of ln real income, times a weight.
inline void add_parts(income_parts& out, policy_world<> const& world, policy_change<> const& at,
                      policy_equilibrium<> const& e, policy_direction<> const& way, policy_response<> const& r,
                      double weight) {
  auto const n = world.countries();
  Eigen::ArrayXd const per = weight / e.income.array();
  for (Eigen::Index s = 0; s < world.sector_count(); ++s) {
    auto const& sector = world.sectors[static_cast<std::size_t>(s)];
    double const psi = sector.has_entry() ? sector.scale_elasticity : 0;
    for (Eigen::Index i = 0; i < n; ++i) {
      double const own_price = r.log_cost(i, s) - psi * r.log_entrants(i, s);
      for (Eigen::Index j = 0; j < n; ++j) {
        double const x = e.flows(i, j, s);
        if (!(x > 0)) continue;
        double const t = at.import_tax(i, j, s), u = (1 + at.export_tax(i, j, s)) * (1 + at.production_tax(i, s));
        double const border = x / (1 + t), net = border / u;
        double const log_u = way.log_export_tax(i, j, s) + way.log_production_tax(i, s);
        double const price = own_price + log_u;
        double const quantity_sold = r.flows(i, j, s) / x - way.log_import_tax(i, j, s) - price;
        double const quantity_bought = quantity_sold - way.log_iceberg(i, j, s);
        if (i != j) {
          out.terms_of_trade[i] += per[i] * border * price;
          out.terms_of_trade[j] -= per[j] * border * price;
        }
        out.trade_costs[j] -= per[j] * border * way.log_iceberg(i, j, s);
        out.fiscal_volume[j] += per[j] * t * border * quantity_bought;
        out.fiscal_volume[i] += per[i] * (border - net) * quantity_sold;
        out.scale[i] += per[i] * psi * net * r.log_entrants(i, s);
        if (sector.entry == entry_rule::fixed) {
          out.profits[i] += per[i] * sector.entry_share(j) * net * quantity_sold;
        }
        double const nu = sector.destination_cost_share[j];
        double const fixed = way.log_fixed_cost(i, j, s) + (1 - nu) * r.log_cost(i, s) + nu * r.log_wage[j];
        out.selection[j] -= per[j] * x * sector.selection[j] / sector.trade_elasticity *
                            (fixed + way.log_import_tax(i, j, s) + log_u - r.log_spending(j, s));
        double const services = nu * sector.market_cost_share(j) * net;
        out.market_services[j] += per[j] * services * r.log_wage[j];
        out.market_services[i] -= per[i] * services * r.log_cost(i, s);
      }
    }
  }
  out.deficit += (per * way.deficit.array()).matrix();
  out.labor += (per * e.labor_income.array() * r.log_labor.array()).matrix();
}

}  // namespace detail

/// Decomposition of the change of real income that is exact: derivatives are split and integrated along the path on
/// which all ln(1 + tax), logs of trade costs and of fixed costs, and deficits move in proportion.
/// @param panels  of twelve nodes each into which the path is cut; one leaves nothing of note but after large shocks
/// @throws domain_error of world and change, where taxes are on production_cost, and where trade of a pair ends: a path
/// to there has no end
/// Example:  auto const parts = melitz::decompose_along_path(world, change);  parts.terms_of_trade[0];
[[nodiscard]] inline income_parts decompose_along_path(policy_world<> const& world, policy_change<> const& change,
                                                       int panels = 1, policy_options const& options = {}) {
  for (Eigen::Index s = 0; s < world.sector_count(); ++s) {
    if (world.sectors[static_cast<std::size_t>(s)].tariff_on != tariff_base::delivered_price) {
      throw domain_error("decompose_along_path", "tariff_on of " + world.sector_name(s), "production_cost",
                         "be delivered_price: the parts are those of taxes on it");
    }
  }
  detail::require(panels > 0 && panels <= 100, "decompose_along_path", "panels", panels, "be from 1 to 100");
  income_parts out;
  policy_solver<> ends(world, options);
  auto const before = ends.unchanged();
  auto const after = detail::filled(change, before);
  for (auto const ratio : after.iceberg_hat.values()) {
    detail::require(ratio < std::numeric_limits<double>::infinity(), "decompose_along_path", "iceberg_hat", ratio,
                    "be finite");
  }
  out.reason = ends.solve(after);
  if (out.reason != status::converged) return out;
  out.log_real_income = ends.log_income() - ends.log_consumer_price();
  auto listed = world;
  listed.closure = policy_closure::list;
  detail::straight_path const path(before, after, ends.baseline().deficit, ends.equilibrium().deficit);
  policy_solver<> solver(listed, options);
  auto const zero = Eigen::VectorXd::Zero(world.countries());
  for (auto* part : {&out.terms_of_trade, &out.trade_costs, &out.fiscal_volume, &out.scale, &out.profits,
                     &out.selection, &out.market_services, &out.deficit, &out.labor}) {
    *part = zero;
  }
  static detail::gauss_legendre<double, 12> const rule;
  for (int panel = 0; panel < panels; ++panel) {
    for (std::size_t k = 0; k < 12; ++k) {
      double const node = k < 6 ? -rule.nodes[5 - k] : rule.nodes[k - 6];
      double const weight = rule.weights[k < 6 ? 5 - k : k - 6];
      auto const at = path.at((panel + (1 + node) / 2) / panels);
      out.reason = solver.solve(at);
      if (out.reason != status::converged) return out;
      detail::add_parts(out, world, at, solver.equilibrium(), path.direction, solver.response(path.direction),
                        weight / (2 * panels));
    }
  }
  return out;
}

/// Whether changes in a first-order formula are ratios less one, or logs. The papers take the former, and their tables
/// cannot be reproduced with the latter.
enum class first_order_changes { percent, log };

/// The parts of a first-order formula, at the baseline. They do not sum to the change of welfare.
struct first_order_parts {
  Eigen::VectorXd terms_of_trade{};
  Eigen::VectorXd volume_of_trade{};  ///< revenue by larger volumes of imports
  Eigen::VectorXd profits{};          ///< of `ossa`; of `caliendo_parro` empty
  Eigen::VectorXd trade_costs{};      ///< what the published formula leaves out: nothing, unless icebergs change
  [[nodiscard]] Eigen::VectorXd sum() const {
    Eigen::VectorXd const both = terms_of_trade + volume_of_trade;
    return profits.size() == 0 ? both : Eigen::VectorXd(both + profits);
  }
};

namespace detail {

/// ln of the change of the cost of the bundle [exporter][sector].
inline Eigen::MatrixXd log_cost_of(policy_world<> const& world, policy_equilibrium<> const& e) {
  Eigen::VectorXd const wage = e.wage_hat.array().log();
  Eigen::MatrixXd out = wage.replicate(1, world.sector_count());
  if (!world.has_inputs()) return out;
  for (Eigen::Index i = 0; i < world.countries(); ++i) {
    Eigen::VectorXd const price = e.price_hat.row(i).transpose().array().log();
    auto const& inputs = world.input_share[static_cast<std::size_t>(i)];
    out.row(i) = wage[i] * world.labor_share.row(i) + (inputs.transpose() * price).transpose();
  }
  return out;
}

/// What is left of a sale after taxes.
inline double kept_of(policy_change<> const& at, Eigen::Index i, Eigen::Index j, Eigen::Index s) {
  return 1 / ((1 + at.import_tax(i, j, s)) * (1 + at.export_tax(i, j, s)) * (1 + at.production_tax(i, s)));
}

inline double change_of(double log_ratio, first_order_changes kind) {
  return kind == first_order_changes::percent ? std::expm1(log_ratio) : log_ratio;
}

}  // namespace detail

/// Caliendo and Parro (2015): terms of trade and volume of trade, summed over partners, at
/// what sellers get before taxes. Wrong for changes of iceberg
/// costs as it is published; `trade_costs` is what is missing, to first order.
/// @param change  complete (as policy_solver::unchanged gives it), of which `e` is the equilibrium
[[nodiscard]] inline first_order_parts caliendo_parro_parts(policy_solver<> const& solver,
                                                            policy_change<> const& change,
                                                            policy_equilibrium<> const& e,
                                                            first_order_changes kind = first_order_changes::percent) {
  auto const& world = solver.world();
  auto const n = world.countries();
  auto const before = solver.unchanged();
  auto const log_cost = detail::log_cost_of(world, e);
  Eigen::VectorXd const zero = Eigen::VectorXd::Zero(n), income = solver.baseline().income;
  first_order_parts out{zero, zero, {}, zero};
  for (Eigen::Index s = 0; s < world.sector_count(); ++s) {
    for (Eigen::Index j = 0; j < n; ++j) {
      for (Eigen::Index i = 0; i < n; ++i) {
        double const x = world.flows(i, j, s);
        if (!(x > 0)) continue;
        double const m = x * detail::kept_of(before, i, j, s);
        out.trade_costs[j] -= m * detail::change_of(std::log(change.iceberg_hat(i, j, s)), kind) / income[j];
        if (i == j) continue;
        double const cost = detail::change_of(log_cost(i, s), kind);
        double const log_imports = std::log(e.flows(i, j, s) * detail::kept_of(change, i, j, s) / m);
        double const t = before.import_tax(i, j, s);
        out.terms_of_trade[i] += m * cost / income[i];
        out.terms_of_trade[j] -= m * cost / income[j];
        out.volume_of_trade[j] += t * m * (detail::change_of(log_imports, kind) - cost) / income[j];
      }
    }
  }
  return out;
}

/// Ossa (2014): terms of trade, profits and volume of trade, with wages for prices.
/// @param change  complete (as policy_solver::unchanged gives it), of which `e` is the equilibrium
[[nodiscard]] inline first_order_parts ossa_parts(policy_solver<> const& solver, policy_change<> const& change,
                                                  policy_equilibrium<> const& e,
                                                  first_order_changes kind = first_order_changes::percent) {
  auto const& world = solver.world();
  auto const n = world.countries();
  auto const before = solver.unchanged();
  auto const& base = solver.baseline();
  Eigen::VectorXd const zero = Eigen::VectorXd::Zero(n);
  first_order_parts out{zero, zero, zero, zero};
  auto const wage = [&](Eigen::Index i) { return detail::change_of(std::log(e.wage_hat[i]), kind); };
  for (Eigen::Index s = 0; s < world.sector_count(); ++s) {
    for (Eigen::Index j = 0; j < n; ++j) {
      for (Eigen::Index i = 0; i < n; ++i) {
        double const x = world.flows(i, j, s);
        if (i == j || !(x > 0)) continue;
        double const t = before.import_tax(i, j, s);
        double const z = x * detail::kept_of(before, i, j, s);
        double const log_imports = std::log(e.flows(i, j, s) * detail::kept_of(change, i, j, s) / z);
        out.terms_of_trade[j] += z * (wage(j) - wage(i)) / base.income[j];
        out.volume_of_trade[j] += t * z * (detail::change_of(log_imports, kind) - wage(i)) / base.income[j];
      }
      double const profits = base.sector_profits(j, s);
      if (profits > 0) {
        double const ratio = std::log(e.sector_profits(j, s) / profits);
        out.profits[j] += profits * (detail::change_of(ratio, kind) - wage(j)) / base.income[j];
      }
    }
  }
  return out;
}

}  // namespace melitz
