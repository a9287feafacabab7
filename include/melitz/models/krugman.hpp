// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/economy/ces.hpp>
#include <melitz/economy/primitives.hpp>
#include <melitz/economy/solve.hpp>
#include <melitz/error.hpp>
#include <melitz/models/autarky.hpp>

#include <boost/math/tools/roots.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

// Homogeneous firms, in closed form as long as countries are alike: Krugman, P. (1980), Scale Economies, Product
// Differentiation, and the Pattern of Trade, American Economic Review 70(5), 950-959.

namespace melitz {

/// Krugman (1980): all firms alike, and no fixed cost of exporting. A country as in `domestic`, trading with n
/// identical ones, or with none unless told.
template <real Real = double>
struct krugman_economy {
  using real_type = Real;

  closed_economy<Real> domestic{};
  Real productivity = detail::not_a_number<Real>;  ///< phi, of every firm
  Real partners{0};                                ///< n
  Real iceberg_cost = detail::infinity<Real>;      ///< tau

  static constexpr char const* name = "krugman";
  static constexpr char const* title = "Homogeneous firms in symmetric countries, Krugman (1980)";
  static constexpr auto parameters() {
    using e = krugman_economy;
    return told::table{
        told::nested(&e::domestic),
        told::parameter("productivity", &e::productivity, rule::positive, "of every firm", "", 1),
        told::parameter("partners", &e::partners, rule::whole, "to trade with", "countries", 3),
        told::parameter("iceberg_cost", &e::iceberg_cost, rule::at_least_one_or_infinite,
                        "units shipped for one to arrive", "", 1.6),
    };
  }

  /// @throws domain_error naming the first member that is out of range
  void validate() const { detail::check_parameters(*this); }
};

/// Equilibrium of a krugman_economy, in closed form: firms, and what they make, do not depend on trade. Check `reason`
/// (or the conversion to bool) first: unless it converged the numbers are NaN.
template <real Real = double>
struct krugman_equilibrium {
  using real_type = Real;

  status reason = status::not_solved;
  Real demand = detail::not_a_number<Real>;            ///< A, operating profit at home of a firm with productivity 1
  Real mass_producers = detail::not_a_number<Real>;    ///< L/(sigma (delta f_e + f))
  Real mass_varieties = detail::not_a_number<Real>;    ///< (1 + n) times as many, with trade
  Real output_per_firm = detail::not_a_number<Real>;   ///< (sigma - 1)(delta f_e + f) phi, what melts included
  Real revenue = detail::not_a_number<Real>;           ///< L
  Real exports = detail::not_a_number<Real>;           ///< of all firms to all partners
  Real price_index = detail::not_a_number<Real>;       ///< P
  Real welfare = detail::not_a_number<Real>;           ///< 1/P
  Real domestic_share = detail::not_a_number<Real>;    ///< 1/(1 + n tau^(1-sigma))
  Real labor_entry = detail::not_a_number<Real>;       ///< M delta f_e
  Real labor_fixed = detail::not_a_number<Real>;       ///< M f
  Real labor_variable = detail::not_a_number<Real>;    ///< the rest of L
  Real trade_elasticity = detail::not_a_number<Real>;  ///< sigma - 1: all firms always export

  static constexpr auto results() {
    using e = krugman_equilibrium;
    using enum part;
    return told::table{
        told::aside(&e::reason),
        told::positive("demand", &e::demand, work, "operating profit at size 1", "A"),
        told::positive("mass_producers", &e::mass_producers, masses, "firms", "M"),
        told::positive("mass_varieties", &e::mass_varieties, masses, "varieties consumed"),
        told::positive("output_per_firm", &e::output_per_firm, averages, "units"),
        told::positive("revenue", &e::revenue, aggregates, "wages", "R"),
        told::quantity("exports", &e::exports, aggregates, "wages").of_trade(),
        told::positive("price_index", &e::price_index, aggregates, "wages", "P"),
        told::positive("welfare", &e::welfare, aggregates, "real income per worker", "1/P"),
        told::positive("domestic_share", &e::domestic_share, aggregates, "share of spending", "lambda"),
        told::positive("labor_entry", &e::labor_entry, labor_uses, "workers"),
        told::positive("labor_fixed", &e::labor_fixed, labor_uses, "workers"),
        told::positive("labor_variable", &e::labor_variable, labor_uses, "workers"),
        told::quantity("trade_elasticity", &e::trade_elasticity, elasticities, "of exports to trade cost, minus")
            .of_trade(),
    };
  }

  [[nodiscard]] explicit operator bool() const noexcept { return reason == status::converged; }
};

/// Krugman's economy, in closed form.
/// @throws domain_error naming a primitive that is out of range
/// @return numbers, or NaN and in `reason` out_of_range
template <real Real>
[[nodiscard]] krugman_equilibrium<Real> try_solve(krugman_economy<Real> const& economy, solve_options const& = {}) {
  economy.validate();
  auto const& home = economy.domestic;
  Real const sigma = home.elasticity, power = sigma - 1, phi = economy.productivity;
  Real const cost = home.required_profit() + home.fixed_cost;
  bool const open = economy.partners > 0 && detail::is_finite(economy.iceberg_cost);
  Real const markets = open ? Real(1 + economy.partners / detail::power_of(economy.iceberg_cost, power)) : Real(1);
  krugman_equilibrium<Real> out{.reason = status::converged};
  out.demand = cost / (detail::power_of(phi, power) * markets);
  out.mass_producers = home.labor / (sigma * cost);
  out.output_per_firm = power * cost * phi;
  out.price_index = price_index(Real(out.mass_producers * markets), phi, sigma);
  out.welfare = 1 / out.price_index;
  out.domestic_share = 1 / markets;
  out.mass_varieties = open ? Real(out.mass_producers * (1 + economy.partners)) : out.mass_producers;
  out.revenue = home.labor;
  out.exports = home.labor * (1 - out.domestic_share);
  out.labor_entry = out.mass_producers * home.required_profit();
  out.labor_fixed = out.mass_producers * home.fixed_cost;
  out.labor_variable = out.mass_producers * power * cost;
  if (open) out.trade_elasticity = power;
  return detail::representable(out) ? out : krugman_equilibrium<Real>{.reason = status::out_of_range};
}

/// Two countries of different size: the same firms in both, and nothing else is traded, so that wages balance trade.
template <real Real = double>
struct krugman_countries_economy {
  using real_type = Real;

  Real elasticity = detail::not_a_number<Real>;     ///< sigma
  Real fixed_cost = detail::not_a_number<Real>;     ///< F = delta f_e + f
  Real productivity = detail::not_a_number<Real>;   ///< phi, of every firm
  Real iceberg_cost = detail::not_a_number<Real>;   ///< tau, finite
  Real labor = detail::not_a_number<Real>;          ///< L_1
  Real foreign_labor = detail::not_a_number<Real>;  ///< L_2

  static constexpr char const* name = "krugman_countries";
  static constexpr char const* title = "Homogeneous firms in two countries of different size, Krugman (1980)";
  static constexpr auto parameters() {
    using e = krugman_countries_economy;
    return told::table{
        told::parameter("elasticity", &e::elasticity, rule::above_one, "of substitution between varieties", "", 4),
        told::parameter("fixed_cost", &e::fixed_cost, rule::positive, "of a firm, per period, with that of entry",
                        "labor", 1),
        told::parameter("productivity", &e::productivity, rule::positive, "of every firm", "", 1),
        told::parameter("iceberg_cost", &e::iceberg_cost, rule::at_least_one_or_infinite,
                        "units shipped for one to arrive, finite", "", 1.4),
        told::parameter("labor", &e::labor, rule::positive, "of the country", "workers", 2),
        told::parameter("foreign_labor", &e::foreign_labor, rule::positive, "of the other country", "workers", 1),
    };
  }

  /// @throws domain_error naming the first member that is out of range
  void validate() const {
    detail::check_parameters(*this);
    detail::require(detail::is_finite(iceberg_cost), detail::type_name<krugman_countries_economy>{}, "iceberg_cost",
                    iceberg_cost, "be finite, or there is no trade to balance");
  }
};

/// One of the two countries; the wage abroad is the numeraire.
template <real Real = double>
struct krugman_country {
  using real_type = Real;

  Real mass_producers = detail::not_a_number<Real>;  ///< L/(sigma F), whatever trade costs
  Real price_index = detail::not_a_number<Real>;
  Real welfare = detail::not_a_number<Real>;

  static constexpr auto results() {
    using e = krugman_country;
    using enum part;
    return told::table{
        told::positive("mass_producers", &e::mass_producers, masses, "firms"),
        told::positive("price_index", &e::price_index, aggregates, "wages abroad", "P"),
        told::positive("welfare", &e::welfare, aggregates, "real income per worker", "w/P"),
    };
  }
};

/// Equilibrium of a krugman_countries_economy. Check `reason` (or the conversion to bool) first: unless it converged
/// the numbers are NaN.
template <real Real = double>
struct krugman_countries_equilibrium {
  using real_type = Real;

  status reason = status::not_solved;
  int evaluations = 0;                     ///< of the balance of trade
  Real wage = detail::not_a_number<Real>;  ///< w_1/w_2; above 1 where country 1 is the larger
  krugman_country<Real> home{}, foreign{};

  static constexpr auto results() {
    using e = krugman_countries_equilibrium;
    using enum part;
    return told::table{
        told::aside(&e::reason),
        told::quantity("evaluations", &e::evaluations, work, "of the balance of trade"),
        told::positive("wage", &e::wage, aggregates, "wages abroad", "w_1/w_2"),
        told::nested(&e::home),
        told::nested(&e::foreign, "foreign_"),
    };
  }

  [[nodiscard]] explicit operator bool() const noexcept { return reason == status::converged; }
};

static_assert(detail::tells_every_member<krugman_economy<double>>() &&
              detail::tells_every_member<krugman_equilibrium<double>>() &&
              detail::tells_every_member<krugman_countries_economy<double>>() &&
              detail::tells_every_member<krugman_country<double>>() &&
              detail::tells_every_member<krugman_countries_equilibrium<double>>());

/// Finds the relative wage that balances trade between two countries.
///
/// With u = ln(w_1/w_2), y = ln(L_1/L_2) + (1 - sigma) u and t = tau^(1-sigma) balance means sigma u = h(y), where
/// h(y) = ln((e^y + t)/(t e^y + 1)) is odd and rises: one root, between 0 and h(ln(L_1/L_2))/sigma.
/// @throws domain_error naming a primitive that is out of range
/// @return numbers, or NaN and in `reason` why
template <real Real>
[[nodiscard]] krugman_countries_equilibrium<Real> try_solve(krugman_countries_economy<Real> const& economy,
                                                            solve_options const& how = {}) {
  using std::abs, std::exp, std::expm1, std::log, std::log1p;
  using value = detail::value_t<Real>;
  economy.validate();
  Real const sigma = economy.elasticity, power = sigma - 1, log_loss = power * log(economy.iceberg_cost);
  Real const freeness = exp(Real(-log_loss)), barrier = -expm1(Real(-log_loss));  // t and 1 - t
  Real const log_size = detail::log_of_ratio(economy.labor, economy.foreign_labor);
  auto const h = [&](Real const& y) {
    Real const other = exp(Real(-abs(y)));
    Real const size = log1p(Real(barrier * -expm1(Real(-abs(y))) / (freeness + other)));
    return y < 0 ? Real(-size) : size;
  };
  // The wage of the larger country; the other way round it is the inverse.
  Real const larger = log_size < 0 ? Real(-log_size) : log_size, limit = h(larger) / sigma;
  auto const excess = [&](Real const& u) { return Real(h(Real(larger - power * u)) - sigma * u); };
  krugman_countries_equilibrium<Real> out;
  Real log_wage(0);
  if (limit != 0) {
    if (!detail::is_finite(limit)) {
      out.reason = status::out_of_range;
      return out;
    }
    auto const gap = [&](value const& u) { return static_cast<value>(excess(Real(u))); };
    boost::math::tools::eps_tolerance<value> close;
    // Beyond the limit, so that rounding cannot hide the change of sign.
    auto const upper = static_cast<value>(Real(2 * limit));
    std::uintmax_t budget = static_cast<std::uintmax_t>((std::max)(how.max_evaluations, 2) - 2);
    auto const found =
        boost::math::tools::toms748_solve(gap, value(0), upper, gap(value(0)), gap(upper), close, budget);
    out.evaluations = static_cast<int>(budget) + 2;
    if (!close(found.first, found.second)) {
      out.reason = status::iteration_limit;
      return out;
    }
    log_wage = Real(value((found.first + found.second) / 2));
  }
  if constexpr (detail::carries_derivatives<Real>) {  // Newton steps from there, whose values are roundings
    for (std::size_t k = 0; k < detail::differentiation<Real>::order; ++k) {
      Real const y = larger - power * log_wage, other = exp(Real(y < 0 ? y : Real(-y)));
      Real const slope = barrier * (1 + freeness) * other / ((1 + freeness * other) * (freeness + other));
      log_wage += excess(log_wage) / (sigma + power * slope);
    }
  }
  if (log_size < 0) log_wage = -log_wage;
  Real const wage = exp(log_wage), cheaper = exp(Real(-power * log_wage));
  Real const phi = economy.productivity, per_worker = 1 / (sigma * economy.fixed_cost);
  auto made = out;
  made.reason = status::converged;
  made.wage = wage;
  made.home.mass_producers = economy.labor * per_worker;
  made.foreign.mass_producers = economy.foreign_labor * per_worker;
  // In an index a firm of country 1 counts w^(1-sigma) times.
  Real const at_home = made.home.mass_producers * cheaper, abroad = made.foreign.mass_producers;
  made.home.price_index = price_index(Real(at_home + abroad * freeness), phi, sigma);
  made.foreign.price_index = price_index(Real(at_home * freeness + abroad), phi, sigma);
  made.home.welfare = wage / made.home.price_index;
  made.foreign.welfare = 1 / made.foreign.price_index;
  if (detail::representable(made)) return made;
  out.reason = status::out_of_range;
  return out;
}

/// Welfare of both countries over that in autarky, home first: firms are as many, and need no partner.
/// @throws domain_error, convergence_error
template <real Real>
[[nodiscard]] std::array<Real, 2> gains_from_trade(krugman_countries_economy<Real> const& economy) {
  auto const e = solve(economy);
  auto const gains = [&](krugman_country<Real> const& c) {
    return Real(c.welfare * price_index(c.mass_producers, economy.productivity, economy.elasticity));
  };
  return {gains(e.home), gains(e.foreign)};
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
  detail::require(rule::share_below_one, where, "freeness", freeness);
  bool const both = relative_demand > freeness && relative_demand * freeness < 1 && detail::is_finite(relative_demand);
  if (!both) {
    detail::reject(where, "relative_demand", static_cast<double>(relative_demand),
                   "lie strictly between freeness, " + detail::to_text(static_cast<double>(freeness)) +
                       ", and its inverse, or all firms are in one country");
  }
  return Real((relative_demand - freeness) / (1 - relative_demand * freeness));
}

}  // namespace melitz
