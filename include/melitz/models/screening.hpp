// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/economy/ces.hpp>
#include <melitz/entry/menu_entry.hpp>
#include <melitz/models/market.hpp>
#include <melitz/models/wage_distribution.hpp>

#include <cmath>
#include <cstddef>

namespace melitz {

/// Screening and bargaining: workers differ in an ability that nobody knows; a firm searches for workers, screens out
/// those below an ability of its choice, and bargains over revenue with those it hires. Larger firms screen more and
/// pay more, exporters more still.
///
/// One sector of two countries alike. Output is phi h^gamma times mean ability, h the workers hired; screening out
/// those below a_c costs c a_c^delta/delta; ability has a Pareto law. Utility is q_0 + Q^zeta/zeta, zeta = 1 -
/// 1/(sector elasticity), and the outside good q_0 is the numeraire. Costs are per period and entry is paid once, as in
/// the paper.
///
/// Helpman, E., O. Itskhoki and S. Redding (2010), "Inequality and Unemployment in a Global Economy", Econometrica 78,
/// 1239-1283.
template <real Real = double>
struct screening_economy {
  using real_type = Real;

  Real elasticity = detail::not_a_number<Real>;  ///< sigma > 1 between varieties; the paper's beta is 1 - 1/sigma
  Real sector_elasticity = detail::not_a_number<Real>;   ///< of demand for the sector, in (1, sigma)
  Real fixed_cost = detail::not_a_number<Real>;          ///< f_d > 0
  Real entry_cost = detail::not_a_number<Real>;          ///< f_e > 0
  Real iceberg_cost = detail::not_a_number<Real>;        ///< tau >= 1; may be infinite, which is autarky
  Real export_fixed_cost = detail::not_a_number<Real>;   ///< f_x > 0; may be infinite, which is autarky
  Real returns_to_labor = detail::not_a_number<Real>;    ///< gamma > 0, below 1/ability_shape
  Real least_ability = detail::not_a_number<Real>;       ///< a_min > 0, the scale of ability's Pareto law
  Real ability_shape = detail::not_a_number<Real>;       ///< k > 1
  Real screening_cost = detail::not_a_number<Real>;      ///< c > 0, so low that every producer screens
  Real screening_exponent = detail::not_a_number<Real>;  ///< delta > ability_shape
  Real search_cost = detail::not_a_number<Real>;         ///< alpha_0 > 0: finding a worker costs alpha_0 x^alpha_1
  Real search_exponent = detail::not_a_number<Real>;     ///< alpha_1 > 0, x being workers found per worker searching
  Real outside_income = detail::not_a_number<Real>;      ///< omega > 0, expected by a worker who leaves the sector

  [[nodiscard]] bool trades() const { return detail::is_finite(iceberg_cost) && detail::is_finite(export_fixed_cost); }

  /// Upsilon = 1 + tau^(1-sigma), revenue in both markets over that at home; 1 without trade.
  [[nodiscard]] Real markets() const {
    return trades() ? Real(1 + 1 / detail::power_of(iceberg_cost, Real(elasticity - 1))) : Real(1);
  }
  /// Gamma = 1 - beta gamma - beta (1 - gamma k)/delta, in (0, 1): (1 + beta gamma) profit over revenue, fixed costs
  /// aside.
  [[nodiscard]] Real profit_exponent() const {
    Real const beta = inverse_markup(elasticity);
    return Real(1 - beta * returns_to_labor - beta * (1 - returns_to_labor * ability_shape) / screening_exponent);
  }
  /// A firm's size is its productivity to this power, beta/Gamma.
  [[nodiscard]] Real size_exponent() const { return Real(inverse_markup(elasticity) / profit_exponent()); }
  /// Elasticity of a firm's wage in its revenue, k/delta.
  [[nodiscard]] Real wage_elasticity() const { return Real(ability_shape / screening_exponent); }

  static constexpr char const* name = "screening";
  static constexpr char const* title = "Screening and bargaining, Helpman, Itskhoki and Redding (2010)";
  static constexpr auto parameters() {
    using e = screening_economy;
    constexpr char const* goods = "outside good";
    return told::table{
        told::parameter("elasticity", &e::elasticity, rule::above_one, "of substitution between varieties", "", 4),
        told::parameter("sector_elasticity", &e::sector_elasticity, rule::above_one,
                        "of demand for the sector, below elasticity", "", 2),
        told::parameter("fixed_cost", &e::fixed_cost, rule::positive, "of producing, per period", goods, 1),
        told::parameter("entry_cost", &e::entry_cost, rule::positive, "paid once to draw a productivity", goods, 0.3),
        told::parameter("iceberg_cost", &e::iceberg_cost, rule::at_least_one_or_infinite,
                        "units shipped for one to arrive", "", 1.4),
        told::parameter("export_fixed_cost", &e::export_fixed_cost, rule::positive_or_infinite,
                        "of exporting, per period", goods, 0.15),
        told::parameter("returns_to_labor", &e::returns_to_labor, rule::positive,
                        "elasticity of output in workers, below 1 / ability_shape", "", 0.3),
        told::parameter("least_ability", &e::least_ability, rule::positive, "scale of ability's Pareto law", "ability",
                        1),
        told::parameter("ability_shape", &e::ability_shape, rule::above_one, "of ability's Pareto law", "", 2),
        told::parameter("screening_cost", &e::screening_cost, rule::positive,
                        "of screening at ability 1, so low that all screen", goods, 0.3),
        told::parameter("screening_exponent", &e::screening_exponent, rule::above_one,
                        "of screening costs in ability, above ability_shape", "", 4),
        told::parameter("search_cost", &e::search_cost, rule::positive,
                        "of finding a worker where all are found, at least outside_income", goods, 1.2),
        told::parameter("search_exponent", &e::search_exponent, rule::positive, "of search costs in tightness", "", 1),
        told::parameter("outside_income", &e::outside_income, rule::positive, "expected outside the sector", goods, 1),
    };
  }

  /// @throws domain_error naming the first member that is out of range
  void validate() const {
    detail::check_parameters(*this);
    char const* const where = "screening_economy";
    detail::require(sector_elasticity < elasticity, where, "sector_elasticity", sector_elasticity,
                    "be less than elasticity");
    detail::require(returns_to_labor * ability_shape < 1, where, "returns_to_labor", returns_to_labor,
                    "be less than 1 / ability_shape, or no firm screens");
    detail::require(screening_exponent > ability_shape, where, "screening_exponent", screening_exponent,
                    "exceed ability_shape");
    detail::require(search_cost >= outside_income, where, "search_cost", search_cost,
                    "be at least outside_income, or more workers are found than search");
    detail::require(log_threshold_at_cutoff() >= 0, where, "screening_cost", screening_cost,
                    "be so low that a firm at the cutoff screens (screening corner)");
  }

  /// The two ways to sell, or the one without trade. @pre valid
  [[nodiscard]] menu<Real> options() const {
    Real const gamma_ = profit_exponent();
    Real const revenue = (1 + inverse_markup(elasticity) * returns_to_labor) / gamma_;
    menu<Real> out{{"domestic", Real(1), fixed_cost, revenue}};
    if (trades()) {
      Real const slope = detail::power_of(markets(), Real((1 - inverse_markup(elasticity)) / gamma_));
      out.push_back({"export", slope, Real(fixed_cost + export_fixed_cost), Real(revenue * slope)});
    }
    return out;
  }

  /// ln of the least ability hired over the least there is, at a firm whose profit before fixed costs is f_d.
  [[nodiscard]] Real log_threshold_at_cutoff() const {
    using std::log;
    Real const spent = inverse_markup(elasticity) * (1 - returns_to_labor * ability_shape) * fixed_cost;
    return Real(log(Real(spent / (profit_exponent() * screening_cost))) / screening_exponent - log(least_ability));
  }
};

/// Equilibrium of a screening_economy, in units of the outside good.
template <real Real = double>
struct screening_equilibrium : exporters_equilibrium<Real> {
  Real tightness = detail::not_a_number<Real>;        ///< x
  Real cost_of_finding = detail::not_a_number<Real>;  ///< b, of finding one worker
  Real hiring_rate = detail::not_a_number<Real>;      ///< H/N, the share that passes the screening
  Real unemployment = detail::not_a_number<Real>;     ///< of workers who choose the sector
  Real mean_wage = detail::not_a_number<Real>;
  Real wage_elasticity = detail::not_a_number<Real>;      ///< of a firm's wage in its revenue, k/delta
  Real log_wage_level = detail::not_a_number<Real>;       ///< ln wage where profit before fixed costs is 1
  Real exporter_premium = detail::not_a_number<Real>;     ///< wage as an exporter over wage as none; 1 without trade
  Real exporter_employment = detail::not_a_number<Real>;  ///< exporters' share of those in work
  Real exporter_wage_bill = detail::not_a_number<Real>;   ///< exporters' share of wages, and of revenue
  Real wage_theil = detail::not_a_number<Real>;
  Real wage_gini = detail::not_a_number<Real>;
  Real sector_labor = detail::not_a_number<Real>;      ///< L, workers who choose the sector
  Real employment = detail::not_a_number<Real>;        ///< H, of them in work
  Real demand_shifter = detail::not_a_number<Real>;    ///< A: a firm that sells y at home earns A y^beta
  Real output = detail::not_a_number<Real>;            ///< Q, the sector's
  Real price_index = detail::not_a_number<Real>;       ///< P = Q^(zeta - 1)
  Real consumer_surplus = detail::not_a_number<Real>;  ///< Q^zeta/zeta - P Q, by which the sector adds to utility

  static constexpr auto results() {
    using e = screening_equilibrium;
    using enum part;
    constexpr char const *goods = "outside good", *index = "index, of those in work";
    return told::table{
        told::base<exporters_equilibrium<Real>>(),
        told::quantity("tightness", &e::tightness, averages, "found per worker searching", "x"),
        told::quantity("cost_of_finding", &e::cost_of_finding, averages, "outside good per worker", "b"),
        told::quantity("hiring_rate", &e::hiring_rate, averages, "share of workers found", "H/N"),
        told::quantity("unemployment", &e::unemployment, averages, "share of workers", "u"),
        told::positive("mean_wage", &e::mean_wage, averages, "outside good, of those in work"),
        told::aside(&e::wage_elasticity),
        told::aside(&e::log_wage_level),
        told::quantity("exporter_premium", &e::exporter_premium, averages, "wage, over a non-exporter's").of_trade(),
        told::quantity("exporter_employment", &e::exporter_employment, averages, "share of those in work").of_trade(),
        told::quantity("exporter_wage_bill", &e::exporter_wage_bill, averages, "share of wages").of_trade(),
        told::quantity("wage_theil", &e::wage_theil, averages, index),
        told::quantity("wage_gini", &e::wage_gini, averages, index),
        told::positive("sector_labor", &e::sector_labor, aggregates, "workers", "L"),
        told::positive("employment", &e::employment, aggregates, "workers", "H"),
        told::positive("demand_shifter", &e::demand_shifter, aggregates, "revenue where output is 1", "A"),
        told::positive("output", &e::output, aggregates, "the sector's", "Q"),
        told::positive("price_index", &e::price_index, aggregates, goods, "P"),
        told::quantity("consumer_surplus", &e::consumer_surplus, aggregates, goods),
    };
  }

  /// What a firm of this productivity pays; 0 if it does not produce, NaN if the solve failed.
  [[nodiscard]] Real wage(Real const& productivity) const {
    using std::exp, std::log;
    if (!*this) return detail::not_a_number<Real>;
    auto const& picks = this->choices;
    if (!picks.sells(productivity)) return Real(0);
    Real const log_profit =
        log(picks.choice(productivity).slope) + picks.log_demand + picks.size_exponent * log(productivity);
    return Real(exp(Real(log_wage_level + wage_elasticity * log_profit)));
  }
};

static_assert(detail::tells_every_member<screening_economy<double>>() &&
              detail::tells_every_member<screening_equilibrium<double>>());

/// Solves free entry E = f_e for the two ways to sell, then search, wages and the sector.
///
/// @param tail  the law bound to economy.size_exponent(); or the law itself
/// @throws domain_error naming a primitive that is out of range
/// @return numbers, or NaN and in `reason` why
/// Accuracy: that of wages_of_employed for wages, employment and unemployment.
template <productivity_tail Tail>
[[nodiscard]] screening_equilibrium<typename Tail::real_type> try_solve(
    screening_economy<typename Tail::real_type> const& economy, Tail const& tail, solve_options const& how = {}) {
  using Real = typename Tail::real_type;
  using std::exp, std::log;
  auto const options = detail::checked_options(economy, tail);
  Real const beta = inverse_markup(economy.elasticity), gamma_k = economy.returns_to_labor * economy.ability_shape;
  auto out =
      detail::choose<screening_equilibrium<Real>>(options, tail, economy.entry_cost, detail::not_a_number<Real>, how);
  if (!out) return out;

  // An exporter earns Upsilon^((1-beta)/Gamma) times as much as if it sold at home only, and the intensity of it
  // abroad.
  Real const intensity = 1 - 1 / economy.markets(), bargain = 1 + beta * economy.returns_to_labor;
  Real const own = (economy.elasticity - 1) * (1 - intensity * (1 - (1 - beta) / economy.profit_exponent()));
  auto const firms = firms_of(out.choices, options.size(), own, Real(1), [&](std::size_t k) {
    return k == 1 ? sales_abroad<Real>{intensity, economy.export_fixed_cost} : sales_abroad<Real>();
  });

  // A worker who searches expects x b, which leaving the sector must also give.
  Real const log_tightness = log(Real(economy.outside_income / economy.search_cost)) / (1 + economy.search_exponent);
  Real const log_b = log(economy.outside_income) - log_tightness;
  out.tightness = exp(log_tightness);
  out.cost_of_finding = exp(log_b);

  // A firm hires the share (a_min/a_c)^k of the workers it finds, and pays them what finding all of them costs.
  Real const share = economy.wage_elasticity();
  auto const wages = wages_of_employed(out.choices, tail, Real(share * tail.power()), share);
  if (wages.reason != status::converged) return detail::failed_as(out, wages.reason);
  out.wage_elasticity = share;
  out.log_wage_level =
      log_b + economy.ability_shape * economy.log_threshold_at_cutoff() - share * log(economy.fixed_cost);
  out.mean_wage = exp(Real(out.log_wage_level + share * out.choices.log_demand + wages.log_mean));
  out.wage_theil = wages.theil;
  out.wage_gini = wages.gini;
  out.hiring_rate = out.cost_of_finding / out.mean_wage;
  out.unemployment = 1 - out.tightness * out.hiring_rate;
  out.exporter_premium = detail::power_of(options.back().slope, share);
  out.exporter_employment = 0;
  for (std::size_t k = 0; k < out.choices.segments.size(); ++k) {
    if (out.choices.segments[k].index == 1) out.exporter_employment += wages.employment[k];
  }
  out.exporter_wage_bill = firms.exporters.revenue / firms.producers.revenue;

  // Revenue, the workers found and the least ability hired at a firm of productivity 1 that sells at home, hence its
  // output y, hence A, since revenue is A y^beta.
  Real const log_revenue = log(Real(bargain / economy.profit_exponent())) + out.choices.log_demand;
  Real const log_found = log(Real(beta * economy.returns_to_labor / bargain)) + log_revenue - log_b;  // n
  Real const log_threshold =
      (log(Real(beta * (1 - gamma_k) / (bargain * economy.screening_cost))) + log_revenue) / economy.screening_exponent;
  Real const log_output = log(Real(economy.ability_shape / (economy.ability_shape - 1))) +
                          gamma_k * log(economy.least_ability) + economy.returns_to_labor * log_found +
                          (1 - gamma_k) * log_threshold;
  Real const log_shifter = log_revenue - beta * log_output;
  Real const zeta = inverse_markup(economy.sector_elasticity), log_sector = -log_shifter / (beta - zeta);
  out.demand_shifter = exp(log_shifter);
  out.output = exp(log_sector);
  out.price_index = exp(Real((zeta - 1) * log_sector));
  set_firms(out, Real(exp(Real(zeta * log_sector))), out.choices.expected_revenue, Real(economy.trades() ? 1 : 0),
            firms);
  out.consumer_surplus = out.revenue * (1 - zeta) / zeta;
  Real const found = beta * economy.returns_to_labor / bargain * out.revenue / out.cost_of_finding;
  out.sector_labor = found / out.tightness;
  out.employment = found * out.hiring_rate;
  return detail::if_representable(out);
}

}  // namespace melitz
