// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/dynamics/industry_closure.hpp>
#include <melitz/dynamics/learning_cohort.hpp>
#include <melitz/dynamics/newton_from_above.hpp>
#include <melitz/economy/primitives.hpp>
#include <melitz/economy/solve_or_throw.hpp>
#include <melitz/entry/free_entry.hpp>
#include <melitz/error.hpp>
#include <melitz/numerics/members.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace melitz {

/// Firms do not know how productive they are, and learn it by producing. Log productivity is normal among entrants, and
/// in each period a firm sees its own with normal noise, after it has set its price or its quantity; it exits when it
/// thinks too little of itself. Firms that stay have good news behind them: with age fewer exit, and those that are
/// there are larger and change less. The death of firms, at any age, is an addition: without it firms that are good
/// never leave, and in a steady state nobody enters.
///
/// Jovanovic, B. (1982), "Selection and the Evolution of Industry", Econometrica 50, 649-670.
template <real Real = double>
struct learning_economy {
  using real_type = Real;

  closed_economy<Real> domestic{};                    ///< delta in (0, 1]; the entry cost buys the first period too
  Real discount_factor = detail::not_a_number<Real>;  ///< beta in (0, 1], per period
  Real prior_mean = detail::not_a_number<Real>;       ///< m_0, of log productivity among entrants
  Real prior_variance = detail::not_a_number<Real>;   ///< v_0 >= 0; 0: all firms are alike
  Real noise_variance = detail::not_a_number<Real>;   ///< v_e >= 0; 0: the first period tells everything
  industry_market market = industry_market::monopolistic_competition;

  static constexpr char const* name = "learning";
  static constexpr char const* title = "Firms that learn how productive they are, Jovanovic (1982)";
  static constexpr auto parameters() {
    using e = learning_economy;
    return told::table{
        told::nested(&e::domestic),
        told::parameter("discount_factor", &e::discount_factor, rule::rate, "per period", "", 0.96),
        told::parameter("prior_mean", &e::prior_mean, rule::finite, "of log productivity among entrants",
                        "log productivity", 0),
        told::parameter("prior_variance", &e::prior_variance, rule::at_least_zero, "of log productivity among entrants",
                        "", 0.25),
        told::parameter("noise_variance", &e::noise_variance, rule::at_least_zero,
                        "of a period's signal of log productivity", "", 0.25),
        told::choice("market", &e::market, "varieties, or one good and firms that take its price"),
    };
  }

  /// @throws domain_error naming the first member that is out of range
  void validate() const { detail::check_parameters(*this); }

  /// gamma = beta (1 - delta): what a firm discounts the next period with.
  [[nodiscard]] Real discount() const { return Real(discount_factor * (1 - domestic.death_rate)); }
  /// 1 - gamma, without the rounding of that.
  [[nodiscard]] Real impatience() const {
    return Real(domestic.death_rate + (1 - discount_factor) * (1 - domestic.death_rate));
  }
};

/// Steady state of a learning_economy. Check `reason` (or the conversion to bool) first: unless it converged the
/// numbers are NaN. Age is the number of periods since entry, and of signals seen; lists begin with age 0 and end where
/// nobody learns any more as far as numbers tell.
template <real Real = double>
struct learning_equilibrium {
  using real_type = Real;

  status reason = status::not_solved;
  Real value_identity = detail::not_a_number<Real>;  ///< value of entry forwards, from what cohorts earn, less its cost
  Real error_estimate = detail::not_a_number<Real>;  ///< of A and of masses, from the horizon; at least value_identity
  int evaluations = 0;                               ///< of the value of entry
  int horizon = 0;                                   ///< age from which on firms learn nothing more
  Real demand = detail::not_a_number<Real>;          ///< A
  Real firms_per_entrant = detail::not_a_number<Real>;  ///< N, alive, over entrants of a period
  Real size_per_entrant = detail::not_a_number<Real>;   ///< X, sum of their expected phi^(sigma-1)
  Real entry_rate = detail::not_a_number<Real>;         ///< 1/N
  Real mass_entrants_per_period = detail::not_a_number<Real>;
  Real mass_producers = detail::not_a_number<Real>;
  Real revenue = detail::not_a_number<Real>;      ///< R; above L by the interest on entry
  Real price_index = detail::not_a_number<Real>;  ///< P, or the price of the one good
  Real consumption = detail::not_a_number<Real>;  ///< R/P
  Real welfare = detail::not_a_number<Real>;      ///< R/(P L)
  Real labor_entry = detail::not_a_number<Real>;
  Real labor_fixed = detail::not_a_number<Real>;
  Real labor_variable = detail::not_a_number<Real>;
  std::vector<Real> exit_threshold_by_age{};   ///< e^z: of whom expects less the firm exits; 0 at age 0
  std::vector<Real> threshold_size_by_age{};   ///< A x/f there: below 1 by the value of learning
  std::vector<Real> exit_hazard_by_age{};      ///< share that will not see the next period, deaths included
  std::vector<Real> survival_by_age{};         ///< share of a cohort
  std::vector<Real> mean_size_by_age{};        ///< expected phi^(sigma-1)
  std::vector<Real> growth_by_age{};           ///< of log size into the next period, of those that stay
  std::vector<Real> growth_variance_by_age{};  ///< of the same
  std::vector<Real> news_variance_by_age{};    ///< the same before anybody exits, (sigma-1)^2 (v_n - v_(n+1))

  static constexpr auto results() {
    using e = learning_equilibrium;
    using enum part;
    constexpr char const *size = "phi^(sigma-1)", *workers = "workers", *squared = "of log size, per period";
    return told::table{
        told::aside(&e::reason),
        told::quantity("value_identity", &e::value_identity, solution, "of the value of entry in two ways, relative"),
        told::quantity("error_estimate", &e::error_estimate, solution, "of demand and masses, from the horizon"),
        told::quantity("evaluations", &e::evaluations, work, "of the value of entry"),
        told::quantity("horizon", &e::horizon, work, "periods until nothing moves"),
        told::positive("demand", &e::demand, aggregates, "operating profit at size 1", "A"),
        told::positive("firms_per_entrant", &e::firms_per_entrant, averages, "firms per entrant of a period", "N"),
        told::positive("size_per_entrant", &e::size_per_entrant, averages, "phi^(sigma-1) per entrant", "X"),
        told::positive("entry_rate", &e::entry_rate, averages, "share of firms, per period"),
        told::positive("mass_entrants_per_period", &e::mass_entrants_per_period, masses, "firms per period", "M_e"),
        told::positive("mass_producers", &e::mass_producers, masses, "firms"),
        told::positive("revenue", &e::revenue, aggregates, "wages", "R"),
        told::positive("price_index", &e::price_index, aggregates, "wages", "P"),
        told::positive("consumption", &e::consumption, aggregates, "units"),
        told::positive("welfare", &e::welfare, aggregates, "real income per worker", "C/L"),
        told::positive("labor_entry", &e::labor_entry, labor_uses, workers, "M_e f_e"),
        told::positive("labor_fixed", &e::labor_fixed, labor_uses, workers),
        told::positive("labor_variable", &e::labor_variable, labor_uses, workers),
        told::quantity("exit_threshold_by_age", &e::exit_threshold_by_age, cutoffs, "productivity", "e^z*"),
        told::quantity("threshold_size_by_age", &e::threshold_size_by_age, cutoffs, "earned over the fixed cost"),
        told::quantity("exit_hazard_by_age", &e::exit_hazard_by_age, averages, "share of firms, per period"),
        told::quantity("survival_by_age", &e::survival_by_age, averages, "share of entrants"),
        told::quantity("mean_size_by_age", &e::mean_size_by_age, averages, size),
        told::quantity("growth_by_age", &e::growth_by_age, averages, squared),
        told::quantity("growth_variance_by_age", &e::growth_variance_by_age, averages, squared),
        told::quantity("news_variance_by_age", &e::news_variance_by_age, averages, squared),
    };
  }

  [[nodiscard]] explicit operator bool() const noexcept { return reason == status::converged; }
};

static_assert(detail::tells_every_member<learning_economy<double>>() &&
              detail::tells_every_member<learning_equilibrium<double>>());

namespace detail {

/// The age at which what is left of the future does not count any more: beta^age, (1 - delta)^age or little to learn.
template <real Real>
[[nodiscard]] std::size_t learning_horizon(learning_economy<Real> const& e) {
  static constexpr double longest = 5000;
  if (e.prior_variance == 0) return 0;
  if (e.noise_variance == 0) return 1;
  auto const until = [](double rate, double small) {  // where it is 1 but for rounding there is no such period
    return rate <= 0 ? 0.0 : rate < 1 ? std::log(small) / std::log(rate) : longest;
  };
  auto const death = static_cast<double>(e.domestic.death_rate), gone = static_cast<double>(e.impatience());
  double const value = until(static_cast<double>(e.discount()), 1e-14 * gone), mass = until(1 - death, 1e-8 * death);
  double const periods = std::ceil((std::max)(value, mass));
  return static_cast<std::size_t>(periods < longest ? periods : longest);
}

/// Results by age.
template <real Real>
void set_learning_ages(learning_equilibrium<Real>& out, learning_economy<Real> const& e,
                       learning_steps<Real> const& steps, std::vector<Real> const& thresholds,
                       learning_ages<Real> const& ages, Real const& log_unit) {
  using std::exp;
  std::size_t const last = steps.horizon();
  Real const b = steps.power, unit = exp(log_unit);
  Real alive(1);
  for (std::size_t n = 0; n <= last; ++n, alive *= steps.survival) {
    // c_n = (sigma - 1)(v_n + v_e)/2
    Real const spread = (steps.left[n] + b * b * e.noise_variance) / (2 * b);
    bool const all = n == 0;
    out.exit_threshold_by_age.push_back(all ? Real(0) : Real(exp(Real((thresholds[n] - log_unit + spread) / b))));
    out.threshold_size_by_age.push_back(all ? Real(0) : Real(exp(thresholds[n])));
    out.exit_hazard_by_age.push_back(n < last ? Real(1 - steps.survival * (ages.mass[n + 1] / ages.mass[n]))
                                              : Real(1 - steps.survival));
    out.survival_by_age.push_back(Real(alive * ages.mass[n]));
    out.mean_size_by_age.push_back(Real(ages.size[n] / ages.mass[n] / unit));
    Real const known = steps.left[n], noise = b * b * e.noise_variance;
    Real const news = n < last    ? Real(steps.sd[n] * steps.sd[n])
                      : known > 0 ? Real(known * known / (noise + known))
                                  : known;
    out.growth_by_age.push_back(n < last ? ages.growth[n] : Real(news / (2 * b)));
    out.growth_variance_by_age.push_back(n < last ? ages.growth_variance[n] : news);
    out.news_variance_by_age.push_back(news);
  }
}

/// As try_solve of a valid economy, at this horizon.
template <real Real>
[[nodiscard]] learning_equilibrium<Real> solve_learning(learning_economy<Real> const& economy, std::size_t horizon,
                                                        solve_options const& how) {
  using std::abs, std::exp, std::log, std::sqrt;
  auto const& home = economy.domestic;
  Real const f = home.fixed_cost, b = home.elasticity - 1, delta = home.death_rate, one(1);
  learning_equilibrium<Real> out;
  auto const failed = [&](status why) {
    learning_equilibrium<Real> none;
    none.reason = why;
    none.evaluations = out.evaluations;
    return none;
  };
  learning_steps<Real> const steps(b, economy.discount(), economy.impatience(), Real(one - delta),
                                   economy.prior_variance, economy.noise_variance, horizon);
  Real const noise = b * b * economy.noise_variance, known = steps.left.back();
  Real const noise_ratio = known > 0 ? Real(known / noise) : Real(0), entry = home.entry_cost / f;
  Real const most = 250;  // exp of it, squared, is a number
  if (!(steps.log_growth(steps.left[0]) < most) || !is_finite(noise) || !is_representable(entry) ||
      !is_finite(steps.patience)) {
    return failed(status::out_of_range);
  }
  Real const beyond = steps.growth_beyond(steps.gamma, noise_ratio, economy.impatience());
  learning_values<Real> const values(steps, beyond);
  auto const net = [&](Real const& earned) -> value_and_slope<Real> {
    auto const v = values.entrant(Real(log(earned)));
    return {Real(v.value - entry), Real(v.slope / earned)};
  };
  Real const above = (entry + steps.patience) / values.entrant_growth();
  auto const found = newton_from_above<Real>(net, above, how.max_evaluations);
  out.evaluations = found.evaluations;
  if (!values.solved() || !found.converged) return failed(status::iteration_limit);

  // l = ln(A x/f) of entrants, whose x is e^(b m_0 - c_0).
  Real const log_entrant = log(found.at);
  Real const log_size = b * economy.prior_mean - (steps.left[0] + noise) / (2 * b);
  Real const log_unit = log_entrant - log_size;
  out.demand = f * exp(log_unit);
  auto const cohort = learning_cohort<Real>(steps, values.thresholds(), log_entrant);
  auto const& ages = cohort.ages();

  // Sums with weights gamma^n give the value of entry again; with (1 - delta)^n they are those alive.
  std::size_t const last = steps.horizon();
  Real value(0), firms(0), sizes(0), discounted(1), alive(1);
  for (std::size_t n = 0; n < last; ++n) {
    value += discounted * (ages.size[n] - ages.mass[n]);
    firms += alive * ages.mass[n];
    sizes += alive * ages.size[n];
    discounted *= steps.gamma;
    alive *= steps.survival;
  }
  value += discounted * (beyond * ages.size[last] - steps.patience * ages.mass[last]);
  firms += alive * ages.mass[last] / delta;
  sizes += alive * ages.size[last] * steps.growth_beyond(steps.survival, noise_ratio, delta);
  out.value_identity = (value - entry) / (entry + 1);
  out.firms_per_entrant = firms;
  out.size_per_entrant = sizes / exp(log_unit);
  out.entry_rate = 1 / firms;
  auto const totals = close_industry(economy.market, home.elasticity, home.entry_cost, home.labor, out.demand,
                                     industry_sums<Real>{firms, out.size_per_entrant, Real(f * firms)});
  out.mass_entrants_per_period = totals.mass_entrants_per_period;
  out.mass_producers = totals.mass_entrants_per_period * firms;
  out.revenue = totals.revenue;
  out.price_index = totals.price_index;
  out.consumption = totals.consumption;
  out.welfare = totals.consumption / home.labor;
  out.labor_entry = totals.labor_entry;
  out.labor_fixed = totals.labor_fixed;
  out.labor_variable = totals.labor_variable;
  out.horizon = static_cast<int>(last);
  set_learning_ages(out, economy, steps, values.thresholds(), ages, log_unit);

  // What is given away at the horizon is less than to know everything in the next period, which for a firm at the
  // threshold is worth patience times as much as an option at the money, and for others lets sizes grow at once. Of
  // masses it is those that exit later, whose share falls like the square of age.
  Real const at_money = steps.gamma * steps.patience * (1 - 2 * normal_above(Real(sqrt(known) / 2)));
  Real const at_once = 1 + steps.gamma * steps.patience * exp(steps.log_growth(known)) - beyond;
  Real const of_value = discounted * (ages.mass[last] * at_money + ages.size[last] * at_once);
  Real const exits = last > 1 ? Real(out.exit_hazard_by_age[last - 1] - delta) : Real(0);
  Real later = exits > 0 ? Real(exits * static_cast<double>(last)) : Real(0);
  if (later > 1) later = 1;
  out.error_estimate = abs(out.value_identity);
  for (Real const& x : {Real(of_value / (entry + 1)), Real(later * alive * ages.mass[last] / (delta * firms))}) {
    if (!(x <= out.error_estimate)) out.error_estimate = x;
  }
  if (!representable(out) || !(abs(out.value_identity) <= 1e-7)) return failed(status::out_of_range);
  if (!(out.error_estimate <= 1e-3)) return failed(status::iteration_limit);
  out.reason = status::converged;
  return out;
}

}  // namespace detail

/// Solves backwards for the values and thresholds of all ages, for the demand shifter A that makes entry worth its
/// cost, and forwards for who is there.
///
/// @throws domain_error naming a primitive that is out of range
/// @return numbers, or NaN and in `reason` why: iteration_limit where the horizon, at most 5000 periods, leaves an
/// error
///         above 1e-3, out_of_range where a number does not fit its type, or the two values of entry differ by more
///         than 1e-7
/// Accuracy: 1e-11 relative, unless error_estimate says otherwise: where deaths are rare and the future is long. Cost:
/// some 0.2 ms for each period of the horizon, which is 400 at beta (1 - delta) = 0.91.
template <real Real>
[[nodiscard]] learning_equilibrium<Real> try_solve(learning_economy<Real> const& economy,
                                                   solve_options const& how = {}) {
  economy.validate();
  return detail::solve_learning(economy, detail::learning_horizon(economy), how);
}

}  // namespace melitz
