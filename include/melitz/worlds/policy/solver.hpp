// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/countries/connected.hpp>
#include <melitz/economy/solve_or_throw.hpp>
#include <melitz/error.hpp>
#include <melitz/worlds/policy/equilibrium.hpp>
#include <melitz/worlds/policy/newton.hpp>
#include <melitz/worlds/policy/pull.hpp>

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

// Needs Eigen: CMake target melitz::world.

namespace melitz {

/// Solves for the equilibria that follow from many changes of one world: what does not depend on the change is computed
/// once, each solve starts from the last that converged, and derivatives use the factors that the solve has left.
///
/// Not for several threads at once; copies are independent.
/// Example:
///   policy_solver<> solver(world);
///   auto change = solver.unchanged();  change.import_tax(0, 1, 2) = 0.1;
///   if (solver.solve(change) == status::converged) {
///     solver.log_welfare()[1];
///     auto const g = solver.gradient({.log_welfare = Eigen::Vector3d{0, 1, 0}});  g.log_import_tax(0, 1, 2);
///   }
template <real Real = double>
class policy_solver {
 public:
  using real_type = Real;
  using vector = Eigen::VectorX<Real>;
  using matrix = Eigen::MatrixX<Real>;

  /// @throws domain_error of the world and of its accounts (baseline_of)
  explicit policy_solver(policy_world<Real> world, policy_options const& how = {})
      : system_(std::move(world)), newton_(system_), how_(how) {
    remember();
    log_welfare_.setConstant(system_.countries(), detail::not_a_number<Real>);
  }

  [[nodiscard]] policy_world<Real> const& world() const { return system_.world(); }
  [[nodiscard]] policy_baseline<Real> const& baseline() const { return system_.base(); }
  /// The change that changes nothing, with all its members there to be changed.
  [[nodiscard]] policy_change<Real> unchanged() const { return system_.before(); }

  /// From where the last that converged was; where that fails from the world as it is, and where that fails too, along
  /// a path of taxes and costs from there. What a failed solve leaves is not to be read.
  /// @throws domain_error naming what of the change is out of range
  status solve(policy_change<Real> const& change) {
    change.validate(world());
    system_.bind(change);
    int left = how_.max_evaluations;
    reason_ = status::disconnected;
    followed_ = Real(0);
    if (connected()) {
      newton_.go_to(good_, good_gone_);
      reason_ = newton_.solve(system_, left);
      if (reason_ != status::converged && !good_.isZero(0)) {
        newton_.restart(system_);
        reason_ = newton_.solve(system_, left);
      }
      if (reason_ != status::converged && how_.continuation) reason_ = follow(change, left);
    }
    evaluations_ = how_.max_evaluations - left;
    if (reason_ == status::converged) {
      followed_ = Real(1);
      set_welfare();
      remember();
    } else {
      log_welfare_.setConstant(system_.countries(), detail::not_a_number<Real>);
    }
    return reason_;
  }
  /// The next solve starts from the world as it is.
  void restart() {
    newton_.restart(system_);
    remember();
  }

  /// Of the last solve. @{
  [[nodiscard]] status reason() const { return reason_; }
  [[nodiscard]] int evaluations() const { return evaluations_; }
  /// @}
  /// Logs of hats by country, and the new flows: no copies. @pre the last solve converged @{
  [[nodiscard]] vector const& log_welfare() const { return log_welfare_; }
  [[nodiscard]] vector const& log_real_income() const { return newton_.at().log_real_income; }
  [[nodiscard]] vector const& log_consumer_price() const { return newton_.at().consumer_price; }
  [[nodiscard]] auto log_wage() const { return newton_.unknowns().head(system_.countries()); }
  [[nodiscard]] auto log_income() const { return newton_.unknowns().segment(system_.countries(), system_.countries()); }
  [[nodiscard]] trade_array<Real> const& flows() const { return newton_.at().flows; }
  [[nodiscard]] matrix const& spending() const { return newton_.at().spending; }
  /// New income and profits by sector, in the numeraire.
  [[nodiscard]] vector const& income() const { return newton_.at().income; }
  [[nodiscard]] vector const& revenue() const { return newton_.at().revenue; }
  [[nodiscard]] vector const& deficit() const { return newton_.at().deficit; }
  [[nodiscard]] matrix const& bundle() const { return newton_.at().bundle; }
  [[nodiscard]] matrix const& sector_profits() const { return newton_.at().sector_profits; }
  /// @}

  /// All results of the last solve; NaN unless it converged.
  [[nodiscard]] policy_equilibrium<Real> equilibrium() const;

  /// Derivatives of a function of results with respect to all instruments of all pairs and sectors: one transposed
  /// solve, for no more than an evaluation or two. NaN unless the last solve converged.
  /// @throws domain_error naming what of the objective has another size than the world @{
  [[nodiscard]] policy_gradient<Real> gradient(policy_objective<Real> const& objective) {
    policy_gradient<Real> out;
    gradient(objective, out);
    return out;
  }
  void gradient(policy_objective<Real> const& objective, policy_gradient<Real>& out) {
    auto const n = system_.countries(), count = system_.sectors();
    objective.validate(n, count);
    for (auto* a : {&out.log_import_tax, &out.log_export_tax, &out.log_iceberg, &out.log_fixed_cost}) {
      if (a->countries() != n || a->sectors() != count) *a = trade_array<Real>(n, count);
    }
    if (reason_ != status::converged) {
      out.log_production_tax.setConstant(n, count, detail::not_a_number<Real>);
      for (auto* a : {&out.log_import_tax, &out.log_export_tax, &out.log_iceberg, &out.log_fixed_cost}) {
        a->values().setConstant(n * n * count, detail::not_a_number<Real>);
      }
      return;
    }
    auto& factors = newton_.factors(system_);
    auto const& at = newton_.at();
    by_gap_.setZero(at.layout.size);
    auto& pull = factors.pull();
    pull.backward(system_, at, by_gap_, &objective, slope_);
    factors.solve_transposed(system_, at, slope_, by_gap_);
    by_gap_ = -by_gap_;
    pull.backward(system_, at, by_gap_, &objective, slope_, &out);
  }
  /// @}

  /// How results answer where instruments move in a direction; NaN unless the last solve converged.
  /// @throws domain_error naming what of the direction has another size than the world
  [[nodiscard]] policy_response<Real> response(policy_direction<Real> const& direction);

 private:
  [[nodiscard]] bool connected() const {
    auto const n = system_.countries();
    matrix sum = matrix::Zero(n, n);
    for (Eigen::Index s = 0; s < system_.sectors(); ++s) {
      for (Eigen::Index j = 0; j < n; ++j) detail::column::add(&sum(0, j), Real(1), system_.reach(j, s), n);
    }
    return detail::all_connected(sum);
  }
  [[nodiscard]] policy_response<Real> no_response() const {
    auto const n = system_.countries(), count = system_.sectors();
    auto const& none = detail::not_a_number<Real>;
    policy_response<Real> out;
    for (auto* v : {&out.log_wage, &out.log_income, &out.log_labor, &out.log_consumer_price, &out.log_welfare,
                    &out.revenue, &out.profits}) {
      v->setConstant(n, none);
    }
    for (auto* m :
         {&out.log_price, &out.log_entrants, &out.log_spending, &out.log_cost, &out.bundle, &out.sector_profits}) {
      m->setConstant(n, count, none);
    }
    out.flows = trade_array<Real>(n, count, none);
    return out;
  }
  void remember() {
    good_ = newton_.unknowns();
    good_gone_ = newton_.at().gone;
  }
  void set_welfare() {
    using std::log;
    auto const& at = newton_.at();
    log_welfare_ = at.log_real_income;
    for (Eigen::Index i = 0; system_.elastic_labor() && i < log_welfare_.size(); ++i) {
      log_welfare_[i] = log(detail::policy_welfare<Real>(system_, at, i).change);
    }
  }

  /// Follows the solution from the world as it is, in steps that shrink where one fails. Where they become nothing the
  /// path turns back: with scale effects that inputs pass on, there may be no equilibrium beyond, or none near it.
  [[nodiscard]] status follow(policy_change<Real> const& change, int& left) {
    Real reached(0), stride(0.5);
    newton_.restart(system_);
    vector from = newton_.unknowns();
    auto gone = newton_.at().gone;
    while (reached < 1) {
      if (stride < Real(1) / 256) return status::not_covered;
      if (left <= 0) return status::iteration_limit;
      Real const next = std::min(Real(1), Real(reached + stride));
      system_.bind(change, next);
      newton_.go_to(from, gone);
      int budget = std::min(left, 30);
      int const given = budget;
      bool const done = newton_.solve(system_, budget) == status::converged;
      left -= given - budget;
      if (!done) {
        stride /= 2;
        continue;
      }
      reached = followed_ = next;
      stride *= 2;
      from = newton_.unknowns();
      gone = newton_.at().gone;
    }
    return status::converged;
  }

  detail::policy_system<Real> system_;
  detail::policy_newton<Real> newton_;
  policy_options how_;
  vector good_, log_welfare_, by_gap_, slope_;
  std::vector<unsigned char> good_gone_;
  status reason_ = status::not_solved;
  Real followed_{0};
  int evaluations_ = 0;
};

template <real Real>
policy_equilibrium<Real> policy_solver<Real>::equilibrium() const {
  auto const& at = newton_.at();
  auto const& layout = at.layout;
  auto const& z = newton_.unknowns();
  auto const n = layout.n, count = system_.sectors();
  policy_equilibrium<Real> out;
  out.reason = reason_;
  out.evaluations = evaluations_;
  out.followed = followed_;
  auto const vectors = {&out.wage_hat,
                        &out.income_hat,
                        &out.labor_hat,
                        &out.consumer_price_hat,
                        &out.real_wage_hat,
                        &out.welfare_hat,
                        &out.welfare_hat_without_tax_term,
                        &out.labor_income,
                        &out.income,
                        &out.revenue,
                        &out.profits,
                        &out.deficit};
  auto const matrices = {&out.price_hat, &out.entrants_hat, &out.spending, &out.sector_profits};
  if (!out) {
    for (auto* v : vectors) v->setConstant(n, detail::not_a_number<Real>);
    for (auto* m : matrices) m->setConstant(n, count, detail::not_a_number<Real>);
    out.flows = trade_array<Real>(n, count, detail::not_a_number<Real>);
    return out;
  }
  using std::exp;
  for (auto* v : vectors) v->setOnes(n);
  for (auto* m : matrices) m->setOnes(n, count);
  for (Eigen::Index i = 0; i < n; ++i) {
    out.wage_hat[i] = exp(z[layout.wage + i]);
    out.income_hat[i] = exp(z[layout.income + i]);
    out.labor_hat[i] = exp(at.log_labor[i]);
    out.consumer_price_hat[i] = exp(at.consumer_price[i]);
    out.real_wage_hat[i] = exp(Real(z[layout.wage + i] - at.consumer_price[i]));
    out.welfare_hat[i] = out.welfare_hat_without_tax_term[i] = exp(log_welfare_[i]);
    if (system_.elastic_labor()) {
      detail::policy_welfare<Real> const welfare(system_, at, i);
      out.welfare_hat_without_tax_term[i] =
          welfare.weight * exp(at.log_real_income[i]) + (1 - welfare.weight) * out.real_wage_hat[i] * out.labor_hat[i];
    }
    out.profits[i] = 0;
    for (Eigen::Index s = 0; s < count; ++s) {
      out.profits[i] += at.sector_profits(i, s);
      out.price_hat(i, s) = exp(at.log_price(i, s));
      if (layout.entry(s) < 0) continue;
      out.entrants_hat(i, s) = at.is_gone(i, s) ? Real(0) : Real(exp(z[layout.entry(s) + i]));
      if (at.is_gone(i, s) && !at.never(system_, i, s)) out.exits.push_back({i, s, at.entrant_value(system_, i, s)});
    }
  }
  out.flows = at.flows;
  out.labor_income = at.labor_income;
  out.income = at.income;
  out.revenue = at.revenue;
  out.deficit = at.deficit;
  out.spending = at.spending;
  out.sector_profits = at.sector_profits;

  auto const largest = [&](Eigen::Index from, Eigen::Index size) {
    return detail::column::largest(at.gaps.data() + from, size);
  };
  auto& left = out.residuals;
  left.labor = left.entry = left.goods = left.price = Real(0);
  for (Eigen::Index i = 0; i < n; ++i) {
    left.labor = std::max(left.labor, Real(std::abs(at.labor_demand[i] / at.labor_income[i] - 1)));
  }
  left.income = largest(layout.income, n);
  left.numeraire = std::abs(at.gaps[layout.wage + system_.numeraire_row()]);
  for (Eigen::Index s = 0; s < count; ++s) {
    if (layout.entry(s) >= 0) left.entry = std::max(left.entry, largest(layout.entry(s), n));
  }
  if (layout.has_inputs()) {
    left.goods = largest(layout.spending, n * count);
    left.price = largest(layout.price, n * count);
  }
  out.residual = newton_.residual();
  for (Real const& x : {left.labor, left.income, left.entry, left.goods, left.price, left.numeraire}) {
    out.residual = std::max(out.residual, x);
  }
  return out;
}

template <real Real>
policy_response<Real> policy_solver<Real>::response(policy_direction<Real> const& direction) {
  direction.validate(system_.countries(), system_.sectors());
  if (reason_ != status::converged) return no_response();
  auto& factors = newton_.factors(system_);
  auto& slopes = factors.slopes();
  auto const& at = newton_.at();
  auto const& layout = at.layout;
  auto const n = layout.n, count = system_.sectors();
  vector const still = vector::Zero(layout.size);
  vector gap, dz;
  slopes.forward(system_, at, still, &direction, gap);
  factors.solve(system_, at, gap, dz, Real(64 * std::numeric_limits<Real>::epsilon()));
  dz = -dz;
  policy_response<Real> out;
  out.flows = trade_array<Real>(n, count);
  slopes.forward(system_, at, dz, &direction, gap, &out.flows);
  for (auto* v : {&out.log_wage, &out.log_income, &out.log_labor, &out.log_welfare, &out.profits}) v->setZero(n);
  out.log_entrants.setZero(n, count);
  out.log_consumer_price = slopes.consumer_price();
  for (Eigen::Index i = 0; i < n; ++i) {
    out.log_wage[i] = dz[layout.wage + i];
    out.log_income[i] = dz[layout.income + i];
    out.log_welfare[i] = out.log_income[i] - out.log_consumer_price[i];
    for (Eigen::Index s = 0; s < count; ++s) {
      out.profits[i] += slopes.sector_profits()(i, s);
      if (layout.entry(s) >= 0) out.log_entrants(i, s) = dz[layout.entry(s) + i];
    }
    if (!layout.has_labor()) continue;
    out.log_labor[i] = dz[layout.labor + i];
    detail::policy_welfare<Real> const welfare(system_, at, i);
    Real moved = welfare.consumed * out.log_welfare[i] +
                 (1 + 1 / world().labor_supply_elasticity) * welfare.toiled * out.log_labor[i];
    if (system_.cuts_tax()) {
      moved += welfare.by_tax_cut *
               (slopes.revenue()[i] / at.labor_income[i] - at.tax_cut[i] * (out.log_wage[i] + out.log_labor[i]));
    }
    out.log_welfare[i] = moved / welfare.change;
  }
  out.revenue = slopes.revenue();
  out.sector_profits = slopes.sector_profits();
  out.log_price = slopes.log_price();
  out.log_spending = slopes.log_spending();
  out.log_cost = slopes.log_cost();
  out.bundle = slopes.bundle();
  return out;
}

/// What a change does to a world: one equilibrium. Many of them, or derivatives, are a policy_solver's.
/// @throws domain_error naming what of the world, its accounts or the change is out of range
/// @return numbers, or NaN and in `reason` why: iteration_limit, not_finite, disconnected where countries do not trade
///         with one another, or not_covered where no equilibrium is found along the path from the world as it is
/// Example:
///   policy_change<> change;  change.import_tax = trade_array<>(3, 2, 0.0);  change.import_tax(0, 1, 1) = 0.1;
///   auto const e = solve(world, change);  e.welfare_hat[1];  e.flows(0, 1, 1);
template <real Real>
[[nodiscard]] policy_equilibrium<Real> try_solve(policy_world<Real> const& world, policy_change<Real> const& change,
                                                 policy_options const& how = {}) {
  policy_solver<Real> solver(world, how);
  solver.solve(change);
  return solver.equilibrium();
}

}  // namespace melitz
