// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/economy/ces.hpp>
#include <melitz/economy/primitives.hpp>
#include <melitz/entry/free_entry.hpp>
#include <melitz/error.hpp>

#include <boost/math/tools/roots.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

// Krugman (1980): homogeneous firms, in closed form as long as countries are alike.

namespace melitz {

/// Krugman (1980): all firms alike, and no fixed cost of exporting. A country as in `domestic`, trading with n
/// identical ones, or with none unless told.
template <real Real = double>
struct krugman_economy {
  using real_type = Real;

  closed_economy<Real> domestic{};
  Real productivity = detail::not_a_number<Real>;  ///< phi > 0, of every firm
  Real partners{0};                                ///< n >= 0, a whole number of partner countries
  Real iceberg_cost = detail::infinity<Real>;      ///< tau >= 1, units shipped for one to arrive; may be infinite

  /// @throws domain_error naming the first member that is out of range
  void validate() const {
    using std::floor;
    domestic.validate();
    char const* const where = "krugman_economy";
    detail::require(productivity > 0 && detail::is_finite(productivity), where, "productivity", productivity,
                    "be positive and finite");
    detail::require(partners >= 0 && detail::is_finite(partners) && floor(partners) == partners, where, "partners",
                    partners, "be a whole number of at least 0");
    detail::require(iceberg_cost >= 1, where, "iceberg_cost", iceberg_cost, "be at least 1");
  }
};

/// Equilibrium of a krugman_economy, in closed form: firms, and what they make, do not depend on trade.
template <real Real = double>
struct krugman_equilibrium {
  using real_type = Real;

  Real demand;            ///< A, operating profit at home of a firm with productivity 1
  Real mass_producers;    ///< L/(sigma (delta f_e + f))
  Real output;            ///< of a firm, what melts on the way included: (sigma - 1)(delta f_e + f) phi
  Real price_index;       ///< P
  Real welfare;           ///< real wage
  Real domestic_share;    ///< share of spending on home varieties, 1/(1 + n tau^(1-sigma))
  Real gains_from_trade;  ///< welfare over that in autarky, domestic_share^(-1/(sigma-1))
};

/// @throws domain_error naming a primitive that is out of range
template <real Real>
[[nodiscard]] krugman_equilibrium<Real> solve(krugman_economy<Real> const& economy) {
  using std::pow;
  economy.validate();
  auto const& home = economy.domestic;
  Real const sigma = home.elasticity, power = sigma - 1, phi = economy.productivity;
  Real const cost = home.required_profit() + home.fixed_cost;
  bool const open = economy.partners > 0 && detail::is_finite(economy.iceberg_cost);
  Real const markets = open ? Real(1 + economy.partners / detail::power_of(economy.iceberg_cost, power)) : Real(1);
  krugman_equilibrium<Real> out;
  out.demand = cost / (detail::power_of(phi, power) * markets);
  out.mass_producers = home.labor / (sigma * cost);
  out.output = power * cost * phi;
  out.price_index = price_index(Real(out.mass_producers * markets), phi, sigma);
  out.welfare = 1 / out.price_index;
  out.domestic_share = 1 / markets;
  out.gains_from_trade = pow(markets, Real(1 / power));
  return out;
}

/// Two countries of different size, after Krugman (1980): the same firms in both, and nothing else is traded, so that
/// wages balance trade.
template <real Real = double>
struct krugman_countries {
  using real_type = Real;

  Real elasticity = detail::not_a_number<Real>;    ///< sigma > 1, of substitution between varieties
  Real fixed_cost = detail::not_a_number<Real>;    ///< F > 0, labour of a firm per period, with entry: delta f_e + f
  Real productivity = detail::not_a_number<Real>;  ///< phi > 0, of every firm
  Real iceberg_cost = detail::not_a_number<Real>;  ///< tau >= 1 and finite, units shipped for one to arrive
  std::array<Real, 2> labor{detail::not_a_number<Real>, detail::not_a_number<Real>};  ///< L_1, L_2 > 0, workers

  /// @throws domain_error naming the first member that is out of range
  void validate() const {
    char const* const where = "krugman_countries";
    auto const positive = [&](char const* name, Real const& value) {
      detail::require(value > 0 && detail::is_finite(value), where, name, value, "be positive and finite");
    };
    detail::require(elasticity > 1 && detail::is_finite(elasticity), where, "elasticity", elasticity,
                    "exceed 1 and be finite");
    positive("fixed_cost", fixed_cost);
    positive("productivity", productivity);
    detail::require(iceberg_cost >= 1 && detail::is_finite(iceberg_cost), where, "iceberg_cost", iceberg_cost,
                    "be at least 1 and finite, or there is no trade to balance");
    positive("labor[0]", labor[0]);
    positive("labor[1]", labor[1]);
  }
};

/// Equilibrium of krugman_countries; the second country's wage is the numeraire. Check `reason` (or the conversion to
/// bool) first: unless it converged the numbers are NaN.
template <real Real = double>
struct krugman_countries_equilibrium {
  using real_type = Real;

  status reason = status::not_solved;
  int evaluations = 0;                               ///< of the balance of trade
  Real relative_wage = detail::not_a_number<Real>;   ///< w_1/w_2; above 1 where country 1 is the larger
  std::array<Real, 2> mass_producers{nan(), nan()};  ///< L_i/(sigma F), whatever trade costs
  std::array<Real, 2> price_index{nan(), nan()};     ///< in wages of country 2
  std::array<Real, 2> welfare{nan(), nan()};         ///< real wage

  [[nodiscard]] explicit operator bool() const noexcept { return reason == status::converged; }

 private:
  [[nodiscard]] static Real nan() { return detail::not_a_number<Real>; }
};

/// Finds the relative wage that balances trade between two countries.
///
/// With u = ln(w_1/w_2), y = ln(L_1/L_2) + (1 - sigma) u and t = tau^(1-sigma) balance means sigma u = h(y), where
/// h(y) = ln((e^y + t)/(t e^y + 1)) is odd and rises: one root, between 0 and h(ln(L_1/L_2))/sigma.
/// @throws domain_error naming a primitive that is out of range
/// @return numbers, or NaN and in `reason` why
template <real Real>
requires(!detail::carries_derivatives<Real>)
    [[nodiscard]] krugman_countries_equilibrium<Real> try_solve(krugman_countries<Real> const& economy,
                                                                solve_options const& how = {}) {
  using std::abs, std::exp, std::expm1, std::log, std::log1p;
  economy.validate();
  Real const sigma = economy.elasticity, power = sigma - 1, log_loss = power * log(economy.iceberg_cost);
  Real const freeness = exp(Real(-log_loss)), barrier = -expm1(Real(-log_loss));  // t and 1 - t
  Real const log_size = detail::log_of_ratio(economy.labor[0], economy.labor[1]);
  auto const h = [&](Real const& y) {
    Real const other = exp(Real(-abs(y)));
    Real const size = log1p(Real(barrier * -expm1(Real(-abs(y))) / (freeness + other)));
    return y < 0 ? Real(-size) : size;
  };
  // The wage of the larger country; the other way round it is the inverse.
  Real const larger = abs(log_size), limit = h(larger) / sigma;
  krugman_countries_equilibrium<Real> out;
  Real log_wage(0);
  if (limit != 0) {
    if (!detail::is_finite(limit)) {
      out.reason = status::out_of_range;
      return out;
    }
    auto const excess = [&](Real const& u) { return Real(h(Real(larger - power * u)) - sigma * u); };
    boost::math::tools::eps_tolerance<Real> close;
    Real const upper = 2 * limit;  // beyond the limit, so that rounding cannot hide the change of sign
    std::uintmax_t budget = static_cast<std::uintmax_t>((std::max)(how.max_evaluations, 2) - 2);
    auto const found =
        boost::math::tools::toms748_solve(excess, Real(0), upper, excess(Real(0)), excess(upper), close, budget);
    out.evaluations = static_cast<int>(budget) + 2;
    if (!close(found.first, found.second)) {
      out.reason = status::iteration_limit;
      return out;
    }
    log_wage = (found.first + found.second) / 2;
  }
  if (log_size < 0) log_wage = -log_wage;
  Real const wage = exp(log_wage), cheaper = exp(Real(-power * log_wage));
  Real const phi = economy.productivity, per_worker = 1 / (sigma * economy.fixed_cost);
  auto made = out;
  made.relative_wage = wage;
  made.mass_producers = {Real(economy.labor[0] * per_worker), Real(economy.labor[1] * per_worker)};
  auto const& firms = made.mass_producers;  // in an index a firm of country 1 counts w^(1-sigma) times
  made.price_index = {price_index(Real(firms[0] * cheaper + firms[1] * freeness), phi, sigma),
                      price_index(Real(firms[0] * cheaper * freeness + firms[1]), phi, sigma)};
  made.welfare = {Real(wage / made.price_index[0]), Real(1 / made.price_index[1])};
  bool sound = wage > 0 && detail::is_finite(wage);
  for (std::size_t k = 0; k < 2; ++k) {
    for (Real const& x : {made.mass_producers[k], made.price_index[k], made.welfare[k]})
      sound = sound && x > 0 && detail::is_finite(x);
  }
  if (sound) out = made;
  out.reason = sound ? status::converged : status::out_of_range;
  return out;
}

/// As try_solve, but a failure is an exception. @throws domain_error, convergence_error
template <real Real>
[[nodiscard]] krugman_countries_equilibrium<Real> solve(krugman_countries<Real> const& economy,
                                                        solve_options const& how = {}) {
  auto out = try_solve(economy, how);
  if (!out) throw convergence_error("melitz::solve", out.reason);
  return out;
}

/// The home-market effect, after Krugman (1980): where a homogeneous good that is freely traded and made in both
/// countries sets wages equal, the firms of one country over those of the other, n_1/n_2. It moves more than one for
/// one with demand.
///
/// @param relative_demand  spending on the differentiated good in country 1 over that in country 2
/// @param freeness         tau^(1-sigma), in [0, 1)
/// @throws domain_error unless freeness < relative_demand < 1/freeness; beyond, one country makes all of it
template <real Real>
[[nodiscard]] Real home_market_effect(Real const& relative_demand, Real const& freeness) {
  char const* const where = "home_market_effect";
  detail::require(freeness >= 0 && freeness < 1, where, "freeness", freeness, "lie in [0, 1)");
  bool const both = relative_demand > freeness && relative_demand * freeness < 1 && detail::is_finite(relative_demand);
  if (!both) {
    detail::reject(where, "relative_demand", static_cast<double>(relative_demand),
                   "lie strictly between freeness, " + detail::to_text(static_cast<double>(freeness)) +
                       ", and its inverse, or all firms are in one country");
  }
  return Real((relative_demand - freeness) / (1 - relative_demand * freeness));
}

}  // namespace melitz
