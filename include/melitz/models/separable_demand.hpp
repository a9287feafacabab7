// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/numerics/panel_integrals.hpp>
#include <melitz/numerics/real.hpp>
#include <melitz/numerics/rule.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <functional>
#include <limits>
#include <string>

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
  detail::require(rule::positive, "pollak_demand", "power", power);
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
  [[nodiscard]] Real welfare_elasticity() const { return Real(-relative_welfare_elasticity() / shape); }
  /// The same over that of constant markups, -1/theta: below 1 where markups rise with productivity.
  [[nodiscard]] Real relative_welfare_elasticity() const { return Real(1 - markup_elasticity / (1 + shape)); }
};

/// The constants by which variable markups enter gains from trade, for additively separable utility (their beta is 0),
/// no fixed cost of serving a market, and a Pareto law.
///
/// Arkolakis, C., Costinot, A., Donaldson, D., Rodriguez-Clare, A. (2019), The Elusive Pro-Competitive Effects of
/// Trade, Review of Economic Studies 86(1), 46-80.
///
/// Marginal revenue is m(x) = x + D/D'; a firm of cost c, relative to the choke price, has m(x) = c, so
/// that
///   chi = -integral m^theta d(x D),   rho = 1 - theta/chi integral D m^theta dx,
/// both over the relative prices x at which marginal revenue is positive.
///
/// @param shape  theta > 0, of the Pareto law
/// @throws domain_error where demand is not as separable_demand requires, or expected revenue is infinite;
///         convergence_error where it has too much noise, or too many kinks, to be integrated
/// Accuracy: 1e-13 where D is smooth but for kinks.
template <real Real>
[[nodiscard]] separable_demand_summary<Real> separable_demand_constants(separable_demand<Real> const& demand,
                                                                        Real const& shape) {
  using std::exp, std::log, std::pow, std::sqrt;
  auto const where = "separable_demand '" + demand.name + "'";
  detail::require(rule::positive, where, "shape", shape);
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
  Real last(0);
  for (int k = 1; k <= 64; ++k) {
    Real const x = lowest + (1 - lowest) * Real(k) / 65, here = marginal(x);
    detail::require(demand.value(x) > 0, where, "value at a price below 1", demand.value(x), "be positive");
    detail::require(demand.slope(x) < 0, where, "slope at a price below 1", demand.slope(x), "be negative");
    detail::require(here > last && here < 1, where, "marginal revenue", here, "rise with the price, up to 1");
    last = here;
  }
  if (lowest == 0) {  // revenue goes like a power of the price; what lies below `least` is left out
    auto const log_size = [&](Real const& x) {
      return Real(shape * log(marginal(x)) + 2 * log(x) + log(Real(-demand.slope(x))));
    };
    Real const near = sqrt(least), power = (log_size(near) - log_size(least)) / (log(near) - log(least));
    detail::require(power * log(least) < log(Real(16 * detail::epsilon<Real>())), where, "shape", shape,
                    "be larger: expected revenue is infinite, or so nearly that its integral is not accurate");
  }

  // Over s, where the price lies e^-s above the lowest, in units of what there is: at both ends powers may be broken,
  // and panels halve towards the one and double towards the other.
  Real const width = 1 - lowest;
  detail::panel_integrals<Real, 2> sum;  // of -m^theta d(x D) and D m^theta dx
  sum.halvings_left = 1000;
  auto const parts = [&](Real const& s) {
    Real const rise = width * exp(Real(-s)), price = lowest + rise;
    if (!(price >= least) || !(price < 1)) return std::array<Real, 2>{};
    Real const q = demand.value(price), falls = demand.slope(price), m = price + q / falls;
    Real const density = m > 0 ? Real(rise * pow(m, shape)) : Real(0);
    std::array<Real, 2> const out{Real(-density * (q + price * falls)), Real(density * q)};
    detail::require(detail::is_finite(out[0]) && detail::is_finite(out[1]), where, "value or slope", out[0],
                    "be finite at every price");
    return out;
  };
  Real const tolerance = (64 + 4 * shape) * detail::epsilon<Real>();  // of which the power makes its part
  auto const resolved = [&](std::array<Real, 2> const& own, auto const& unresolved, auto&&...) {
    return unresolved(0) <= tolerance * (sum.sums[0] + own[0]) && unresolved(1) <= tolerance * (sum.sums[1] + own[1]);
  };
  auto before = sum.sums;
  auto const more = [&](auto&&...) {
    auto const grown = [&](std::size_t i) { return sum.sums[i] > before[i] * (1 + detail::epsilon<Real>()); };
    bool const any = grown(0) || grown(1);
    before = sum.sums;
    return any && sum.halvings_left > 0;
  };
  sum.add_all(parts, resolved, Real(0), Real(-log(least)), Real(1), std::array<Real, 0>{}, more);
  if (sum.halvings_left == 0) throw convergence_error(where, status::iteration_limit);
  auto const [revenue, bought] = sum.sums;
  Real const rho = 1 - shape * bought / revenue;
  return {shape, rho, revenue, Real((1 + shape - rho) / shape * revenue), Real(1 / (1 + shape))};
}

}  // namespace melitz
