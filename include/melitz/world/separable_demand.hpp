// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/numerics/real.hpp>
#include <melitz/world/matrices.hpp>

#include <Eigen/LU>
#include <boost/math/quadrature/tanh_sinh.hpp>

#include <algorithm>
#include <cmath>
#include <concepts>
#include <functional>
#include <string>
#include <utility>

// Needs Eigen: CMake target melitz::world.

namespace melitz {

/// Demand of a consumer with additively separable utility for one variety, q = D(x), where x is its price over the
/// choke price: positive and falling below 1, D(1) = 0. A firm's optimal price rises with its cost if marginal revenue
/// x + D/D' does with x, which is what is required of a demand of one's own.
template <real Real = double>
struct separable_demand {
  using real_type = Real;

  std::string name;
  std::function<Real(Real const&)> value;  ///< D(x), for 0 < x <= 1
  std::function<Real(Real const&)> slope;  ///< D'(x), negative
};

/// D(x) = 1 - x, of quadratic utility.
template <real Real = double>
[[nodiscard]] separable_demand<Real> linear_demand() {
  return {"linear", [](Real const& x) { return Real(1 - x); }, [](Real const&) { return Real(-1); }};
}

/// D(x) = -ln x, of utility with constant absolute risk aversion (Behrens and Murata, 2007).
template <real Real = double>
[[nodiscard]] separable_demand<Real> exponential_utility_demand() {
  return {"exponential utility",
          [](Real const& x) {
            using std::log;
            return Real(-log(x));
          },
          [](Real const& x) { return Real(-1 / x); }};
}

/// D(x) = x^-k - 1, of utility with a lower bound on consumption, after Pollak (1971).
/// @param power  k > 0
template <real Real = double>
[[nodiscard]] separable_demand<Real> pollak_demand(Real const& power) {
  detail::require(power > 0 && detail::is_finite(power), "pollak_demand", "power", power, "be positive and finite");
  return {"Pollak",
          [power](Real const& x) {
            using std::expm1, std::log;
            return Real(expm1(Real(-power * log(x))));
          },
          [power](Real const& x) {
            using std::pow;
            return Real(-power * pow(x, Real(-power - 1)));
          }};
}

/// What such a demand and a Pareto law of productivity make of firms; see separable_demand_constants.
template <real Real = double>
struct separable_demand_summary {
  Real shape;              ///< theta, of the law: the trade elasticity
  Real markup_elasticity;  ///< rho, of markups by productivity, average weighted by sales
  Real revenue;            ///< chi = theta int_1^inf x D(x) v^(-theta-1) dv, x the price, v the productivity
  Real utility;            ///< omega = (1 + theta - rho)/theta chi: the same of utility
  Real profit_share;       ///< 1/(1 + theta), of revenue, whatever the demand

  /// d ln W/d ln lambda, of real income by the share spent on home goods: -(1 - rho/(1 + theta))/theta.
  [[nodiscard]] Real welfare_elasticity() const { return Real(-relative_gain() / shape); }
  /// The same over that of constant markups, -1/theta: below 1 where markups rise with productivity.
  [[nodiscard]] Real relative_gain() const { return Real(1 - markup_elasticity / (1 + shape)); }
};

/// The constants by which variable markups enter gains from trade, after Arkolakis, Costinot, Donaldson and
/// Rodriguez-Clare (2019), for additively separable utility (their beta is 0), no fixed cost of serving a market, and a
/// Pareto law. Marginal revenue is m(x) = x + D/D'; a firm of cost c, relative to the choke price, has m(x) = c, so
/// that
///   chi = -integral m^theta d(x D),   rho = 1 - theta/chi integral D m^theta dx,
/// both over the relative prices x at which marginal revenue is positive.
///
/// @param shape  theta > 0, of the Pareto law
/// @throws domain_error where demand is not as separable_demand requires, or expected revenue is infinite;
///         convergence_error where it is not smooth enough to be integrated
/// Accuracy: 1e-13 where D is smooth.
template <real Real>
[[nodiscard]] separable_demand_summary<Real> separable_demand_constants(separable_demand<Real> const& demand,
                                                                        Real const& shape) {
  using std::exp, std::log, std::pow, std::sqrt;
  auto const where = "separable_demand '" + demand.name + "'";
  detail::require(shape > 0 && detail::is_finite(shape), where, "shape", shape, "be positive and finite");
  detail::require(static_cast<bool>(demand.value) && static_cast<bool>(demand.slope), where, "function", 0.0,
                  "be set, value and slope both");
  auto const at_choke = demand.value(Real(1));
  detail::require(at_choke <= 16 * detail::epsilon<Real>() && at_choke >= -16 * detail::epsilon<Real>(), where,
                  "value(1)", at_choke, "be 0");
  auto const marginal = [&](Real const& x) { return Real(x + demand.value(x) / demand.slope(x)); };
  // The lowest price: that of a firm with no cost, or 0. Far below it demand need not be a number.
  Real low = -log((std::numeric_limits<Real>::max)()) / 4, high(0);
  auto const known = [&](Real const& x) {
    return detail::is_finite(demand.slope(x)) && detail::is_finite(marginal(x));
  };
  while (low < -1 && !known(Real(exp(low)))) low /= 2;
  Real const least = exp(low);
  Real lowest(0);
  if (!(marginal(least) > 0)) {
    while (high - low > detail::epsilon<Real>()) {
      Real const middle = (low + high) / 2;
      if (middle == low || middle == high) break;
      (marginal(Real(exp(middle))) > 0 ? high : low) = middle;
    }
    lowest = exp(high);
  }
  Real before(0);
  for (int k = 1; k <= 64; ++k) {
    Real const x = lowest + (1 - lowest) * Real(k) / 65, here = marginal(x);
    detail::require(demand.value(x) > 0, where, "value at a price below 1", demand.value(x), "be positive");
    detail::require(demand.slope(x) < 0, where, "slope at a price below 1", demand.slope(x), "be negative");
    detail::require(here > before && here < 1, where, "marginal revenue", here, "rise with the price, up to 1");
    before = here;
  }
  if (lowest == 0) {  // revenue goes like a power of the price; what lies below `least` is left out
    auto const log_size = [&](Real const& x) {
      return Real(shape * log(marginal(x)) + 2 * log(x) + log(Real(-demand.slope(x))));
    };
    Real const near = sqrt(least), power = (log_size(near) - log_size(least)) / (log(near) - log(least));
    detail::require(power * log(least) < log(Real(16 * detail::epsilon<Real>())), where, "shape", shape,
                    "be larger: expected revenue is infinite, or so nearly that its integral is not accurate");
  }

  boost::math::quadrature::tanh_sinh<Real> rule;
  Real const width = 1 - lowest, tolerance = detail::root_of_epsilon<4, Real>() * sqrt(detail::epsilon<Real>());
  auto const integral = [&](auto const& f) {
    auto const integrand = [&](Real const&,
                               Real const& from_end) {  // the distance to the nearer end, below 0 at the lower
      Real const price = from_end < 0 ? Real(lowest - width * from_end) : Real(1 - width * from_end);
      if (!(price >= least) || !(price < 1)) return Real(0);
      Real const m = marginal(price), out = m > 0 ? Real(width * pow(m, shape) * f(price)) : Real(0);
      detail::require(detail::is_finite(m) && detail::is_finite(out), where, "value or slope", out,
                      "be finite at every price");
      return out;
    };
    Real error(0);
    Real const out = rule.integrate(integrand, Real(0), Real(1), tolerance, &error);
    if (!(error <= Real(1e-9) * out)) throw convergence_error(where, status::iteration_limit);
    return out;
  };
  Real const revenue = integral([&](Real const& x) { return Real(-demand.value(x) - x * demand.slope(x)); });
  Real const bought = integral([&](Real const& x) { return demand.value(x); });
  Real const rho = 1 - shape * bought / revenue;
  return {shape, rho, revenue, Real((1 + shape - rho) / shape * revenue), Real(1 / (1 + shape))};
}

/// A world of such consumers: one factor, labour, one sector, balanced trade. Countries are counted from 0.
template <real Real = double>
struct separable_demand_world {
  using real_type = Real;

  separable_demand<Real> demand{};
  Real shape = detail::not_a_number<Real>;  ///< theta > 0, of the Pareto law of productivity
  Eigen::VectorX<Real> labor{};             ///< L > 0, by country
  Eigen::VectorX<Real> scale{};             ///< b > 0, least productivity, by country
  Eigen::VectorX<Real> entry_cost{};        ///< f_e > 0, in labour, by country
  Eigen::MatrixX<Real> iceberg_cost{};      ///< tau(from, to) >= 1, 1 at home, finite

  /// @throws domain_error naming the first member that is out of range
  void validate() const {
    char const* const where = "separable_demand_world";
    detail::require(labor.size() > 0, where, "number of countries", 0.0, "be at least 1");
    detail::require_positive_by_country(where, "labor", labor, labor.size());
    detail::require_positive_by_country(where, "scale", scale, labor.size());
    detail::require_positive_by_country(where, "entry_cost", entry_cost, labor.size());
    detail::require_iceberg_costs(where, "iceberg_cost", iceberg_cost, labor.size());
    detail::require_each_pair(
        where, "iceberg_cost", iceberg_cost, [](Real const& t) { return detail::is_finite(t); }, "be finite");
  }
};

/// Its equilibrium; vectors are by country, matrices (from, to). Unless `reason` is converged the numbers are NaN.
template <real Real = double>
struct separable_demand_equilibrium {
  using real_type = Real;
  using vector = Eigen::VectorX<Real>;
  using matrix = Eigen::MatrixX<Real>;

  status reason = status::not_solved;
  Real residual =
      detail::not_a_number<Real>;  ///< ln of what foreigners and natives spend on a country's goods over its income
  int iterations = 0;              ///< steps
  vector wage{};                   ///< that of country 0 is 1
  vector mass_entrants{};          ///< L/((1 + theta) f_e)
  vector choke_price{};            ///< P*
  vector utility{};                ///< omega/chi w/P*
  matrix share{};                  ///< lambda, of the importer's spending; columns sum to 1
  matrix sales{};

  separable_demand_equilibrium() = default;
  separable_demand_equilibrium(status why, Eigen::Index n) : reason(why) {
    for (auto* v : {&wage, &mass_entrants, &choke_price, &utility}) v->setConstant(n, detail::not_a_number<Real>);
    for (auto* m : {&share, &sales}) m->setConstant(n, n, detail::not_a_number<Real>);
  }

  [[nodiscard]] explicit operator bool() const noexcept { return reason == status::converged; }
};

/// Solves for wages: gravity, with elasticity theta,
///   w_i L_i = sum_j lambda_ij w_j L_j,   lambda_ij proportional to N_i b_i^theta (w_i tau_ij)^-theta,
///   P_j^(1+theta) = w_j/(chi sum_i N_i b_i^theta (w_i tau_ij)^-theta),
/// from equal wages: by raising those of countries whose goods are in demand, then by damped Newton in ln w.
///
/// @throws domain_error naming a primitive that is out of range; a pair of countries between which even the least
///         productive firm would sell: gravity is for the case that it does not
/// @return numbers, or NaN and in `reason` why
template <real Real>
[[nodiscard]] separable_demand_equilibrium<Real> try_solve(separable_demand_world<Real> const& world,
                                                           int max_iterations = 100) {
  using std::exp, std::log, std::pow;
  using vector = Eigen::VectorX<Real>;
  using matrix = Eigen::MatrixX<Real>;
  char const* const where = "separable_demand_world";
  world.validate();
  auto const summary = separable_demand_constants(world.demand, world.shape);
  auto const n = world.labor.size();
  Real const theta = world.shape;
  separable_demand_equilibrium<Real> out(status::not_solved, n);
  vector const entrants = world.labor.cwiseQuotient((1 + theta) * world.entry_cost);
  vector access(n);
  for (Eigen::Index i = 0; i < n; ++i) access[i] = log(entrants[i]) + theta * log(world.scale[i]);
  matrix const log_iceberg = world.iceberg_cost.array().log();

  matrix share(n, n);
  vector log_supply(n);  // of sum_i N_i b_i^theta (w_i tau_ij)^-theta
  auto const spend = [&](vector const& log_wage) {
    for (Eigen::Index j = 0; j < n; ++j) {
      vector const offers = access - theta * (log_wage + log_iceberg.col(j));
      Real const most = offers.maxCoeff();
      share.col(j) = (offers.array() - most).exp();
      Real const total = share.col(j).sum();
      share.col(j) /= total;
      log_supply[j] = most + log(total);
    }
    vector const income = log_wage.array().exp() * world.labor.array();
    return vector((share * income).cwiseQuotient(income).array().log());
  };
  vector log_wage = vector::Zero(n), gap = spend(log_wage);
  Real const enough = 64 * detail::epsilon<Real>();
  // Towards the solution from afar: demand for a country's goods falls like w^-theta, its income rises like w.
  while (out.iterations < max_iterations && gap.template lpNorm<Eigen::Infinity>() > Real(0.1)) {
    ++out.iterations;
    log_wage += gap / (1 + theta);
    log_wage.array() -= Real(log_wage[0]);
    gap = spend(log_wage);
  }
  while (out.iterations < max_iterations && !(gap.template lpNorm<Eigen::Infinity>() <= enough)) {
    ++out.iterations;
    if (!gap.allFinite()) break;
    vector const income = log_wage.array().exp() * world.labor.array();
    matrix const sales = share * income.asDiagonal();
    vector const sold = sales.rowwise().sum();
    matrix slopes = sales + theta * sales * share.transpose();
    slopes.diagonal() -= (1 + theta) * sold;
    slopes = sold.cwiseInverse().asDiagonal() * slopes;
    slopes.row(0).setZero();  // one equation follows from the others, and wages are relative
    slopes(0, 0) = 1;
    vector right = -gap;
    right[0] = 0;
    vector step = slopes.partialPivLu().solve(right);
    if (!step.allFinite()) break;
    step[0] = 0;
    if (Real const size = step.template lpNorm<Eigen::Infinity>(); size > 1) step /= size;
    Real const before = gap.tail(n - 1).norm();
    bool better = false;
    vector next, left;
    for (Real length(1); length > Real(1e-3) && !better; length /= 2) {
      next = log_wage + length * step;
      left = spend(next);
      better = left.allFinite() && left.tail(n - 1).norm() < (1 - length / 100) * before;
    }
    if (!better) {
      gap = spend(log_wage);
      break;
    }
    log_wage = next;
    gap = left;
  }
  Real const residual = gap.template lpNorm<Eigen::Infinity>();
  if (!(residual <= 64 * enough)) {
    out.reason = gap.allFinite() ? status::iteration_limit : status::not_finite;
    return out;
  }
  out.reason = status::converged;
  out.residual = residual;
  out.wage = log_wage.array().exp();
  out.mass_entrants = entrants;
  out.share = share;
  out.sales = share * out.wage.cwiseProduct(world.labor).asDiagonal();
  for (Eigen::Index j = 0; j < n; ++j) {
    out.choke_price[j] = exp(Real((log_wage[j] - log(summary.revenue) - log_supply[j]) / (1 + theta)));
    out.utility[j] = summary.utility / summary.revenue * out.wage[j] / out.choke_price[j];
    for (Eigen::Index i = 0; i < n; ++i) {
      Real const highest = out.wage[i] * world.iceberg_cost(i, j) / world.scale[i];
      detail::require(highest >= out.choke_price[j], where,
                      ("highest delivered cost from " + std::to_string(i) + " to " + std::to_string(j)).c_str(),
                      Real(highest / out.choke_price[j]),
                      "be at least 1 relative to the choke price, or the least productive firms sell too");
    }
  }
  return out;
}

/// As try_solve, but a failure is an exception. @throws domain_error, convergence_error
template <real Real>
[[nodiscard]] separable_demand_equilibrium<Real> solve(separable_demand_world<Real> const& world,
                                                       int max_iterations = 100) {
  auto out = try_solve(world, max_iterations);
  if (!out) throw convergence_error("melitz::solve", out.reason);
  return out;
}

}  // namespace melitz
