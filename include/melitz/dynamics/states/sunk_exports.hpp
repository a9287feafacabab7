// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/dynamics/industry.hpp>
#include <melitz/dynamics/law_points.hpp>
#include <melitz/dynamics/states/industry_dynamics.hpp>
#include <melitz/dynamics/states/sunk_expectations.hpp>
#include <melitz/dynamics/states/threshold_search.hpp>
#include <melitz/error.hpp>
#include <melitz/tail/tail.hpp>

#include <array>
#include <cmath>
#include <cstddef>

// Needs Eigen: CMake target melitz::world.

namespace melitz {

/// Steady state where exports are dear to begin and cheap to go on with. Check `reason` first: unless it converged
/// every number is NaN.
template <real Real = double>
struct sunk_export_equilibrium {
  status reason = status::not_solved;
  Real free_entry_residual = nan();  ///< value of entry over its cost, minus 1
  int evaluations = 0;               ///< of a policy
  int nodes = 0;

  Real demand = nan();                    ///< A
  Real log_exit_cutoff = nan();           ///< of a firm that did not export last period
  Real log_exporter_exit_cutoff = nan();  ///< of one that did; lower where exports alone are worth staying for
  Real log_start_cutoff = nan();          ///< from which on a firm begins to export
  Real log_stop_cutoff = nan();           ///< below which it ceases

  Real firms_per_entrant = nan();  ///< N, per entrant of a period
  Real size_per_entrant = nan();   ///< X, of phi^(sigma-1)
  Real share_exporting = nan();    ///< of operating firms
  Real start_rate = nan();         ///< of firms that do not export, those who begin next period
  Real stop_rate = nan();          ///< of exporters, those who cease next period; exit included, death not
  Real export_share = nan();       ///< of revenue
  Real mass_entrants_per_period = nan();
  Real mass_producers = nan();
  Real revenue = nan();
  Real price_index = nan();
  Real welfare = nan();  ///< consumption per worker

  [[nodiscard]] explicit operator bool() const noexcept { return reason == status::converged; }

 private:
  [[nodiscard]] static Real nan() { return detail::not_a_number<Real>; }
};

namespace detail {

template <productivity_tail Tail>
class sunk_exports {
 public:
  using Real = typename Tail::real_type;
  using expectations = sunk_expectations<Real>;

  sunk_exports(industry_economy<Real> const& e, Real const& start_cost, Tail const& tail)
      : e_(e),
        tail_(tail),
        menu_(e),
        start_(e.partners * (start_cost - e.export_fixed_cost)),
        process_{e.persistence, e.shock_mean, e.shock_sd},
        points_(tail, [&](Real const& t) { return process_.smooth_over(t, infinity<Real>); }) {
    using std::exp, std::log;
    moment_ = exp(tail.log_moment());
    high_ = process_.mean + Real(8.5) * process_.long_run_sd();
    points_.for_each_from(points_.lowest(), {}, [&](Real const& t, Real const& weight, Real const&) {
      if (Real const here = process_.reached_from(t, Real(log(weight))); here > high_) high_ = here;
    });
  }

  [[nodiscard]] sunk_export_equilibrium<Real> solve(industry_options how) {
    using std::abs, std::log;
    sunk_export_equilibrium<Real> out;
    how.flows = false;
    auto const free = try_solve(e_, tail_, how);  // where beginning costs no more than going on
    out.reason = free.nobody_exits ? status::not_covered : free.reason;
    if (out.reason != status::converged) return out;
    Real const abroad = menu_.log_export_cutoff(free.demand);
    sunk_thresholds<Real> at{{free.log_cutoff, free.log_cutoff}, {abroad, abroad}};
    for (auto& x : at.exports) x = x > free.log_cutoff ? x : free.log_cutoff;

    // Of all policies the best one lets entrants break even at the least demand: each round solves for that of the
    // policy at hand, and improves the policy at it.
    Real last = infinity<Real>;
    out.reason = status::iteration_limit;
    while (out.evaluations < how.max_evaluations) {
      expectations const from_now(process_, menu_.power, e_.discount(), at, top(at), spacing(how));
      ++out.evaluations;
      auto const expected = from_now.of_entrants(points_, tail_, moment_);
      out.demand = (e_.entry_cost + costs(expected)) / menu_.sold(expected);
      out.free_entry_residual = (out.demand * menu_.sold(expected) - costs(expected)) / e_.entry_cost - 1;
      auto const next = improved(from_now, out.demand, at);
      Real moved(0);
      for (std::size_t m = 0; m < 2; ++m) {
        for (Real const& d : {Real(next.exit[m] - at.exit[m]), Real(next.exports[m] - at.exports[m])}) {
          Real const size = abs(d);
          if (!(size <= moved)) moved = size;
        }
      }
      if (!is_finite(moved)) {
        out.reason = status::not_covered;
        break;
      }
      at = next;
      // Half of a small error in thresholds is squared in demand.
      if (moved < Real(1e-13) || (moved < Real(1e-9) && !(moved < last / 2))) return finish(out, at, how);
      last = moved;
    }
    sunk_export_equilibrium<Real> failed;
    failed.reason = out.reason;
    failed.evaluations = out.evaluations;
    return failed;
  }

 private:
  [[nodiscard]] Real spacing(industry_options const& how) const {
    return Real(process_.sd / Real(2.8 * how.refinement));
  }
  [[nodiscard]] Real top(sunk_thresholds<Real> const& at) const {
    Real const least = at.exports[0] + 12 * process_.sd;
    return least > high_ ? least : high_;
  }
  [[nodiscard]] Real costs(sunk_sums<Real> const& s) const { return Real(menu_.fixed(s) + start_ * s.starters); }
  [[nodiscard]] Real value(Real const& demand, sunk_sums<Real> const& s) const {
    return Real(demand * menu_.sold(s) - costs(s));
  }
  /// The thresholds that are best where tomorrow is as it is expected.
  [[nodiscard]] sunk_thresholds<Real> improved(expectations const& from_now, Real const& demand,
                                               sunk_thresholds<Real> const& at) const {
    using std::exp;
    Real const gamma = e_.discount();
    auto const at_home = [&](Real const& t) {
      return Real(demand * exp(Real(menu_.power * t)) - menu_.overhead +
                  gamma * value(demand, from_now.tomorrow(t, 0)));
    };
    auto const by_exports = [&](Real const& t, int m) {
      Real const now =
          menu_.reach * demand * exp(Real(menu_.power * t)) - menu_.export_cost - (m == 0 ? start_ : Real(0));
      return Real(now + gamma * (value(demand, from_now.tomorrow(t, 1)) - value(demand, from_now.tomorrow(t, 0))));
    };
    auto const root = [&](auto const& f, Real const& guess) {
      auto const found =
          decreasing_threshold([&](Real const& t) { return Real(-f(t)); }, guessed_threshold<Real>{guess},
                               Real(guess - 100), Real(process_.sd / 4), Real(0), 80);
      return found.converged ? found.at : not_a_number<Real>;
    };
    sunk_thresholds<Real> out;
    Real const home = root(at_home, at.exit[0]);
    for (int m = 0; m < 2; ++m) {
      auto const which = static_cast<std::size_t>(m);
      auto const gain = [&](Real const& t) { return by_exports(t, m); };
      Real const abroad = root(gain, at.exports[which]);
      out.exit[which] = home;
      out.exports[which] = abroad;
      if (!(abroad < home)) continue;
      // Exports make up for what home loses: whoever stays exports.
      out.exit[which] = out.exports[which] = root([&](Real const& t) { return Real(at_home(t) + gain(t)); }, home);
    }
    return out;
  }

  [[nodiscard]] sunk_export_equilibrium<Real> finish(sunk_export_equilibrium<Real>& out,
                                                     sunk_thresholds<Real> const& at,
                                                     industry_options const& how) const {
    using std::abs;
    Real const stay = 1 - e_.death_rate;
    expectations const counts(process_, menu_.power, stay, at, top(at), spacing(how));
    out.nodes = static_cast<int>(counts.size());
    auto const sums = counts.of_entrants(points_, tail_, moment_);
    auto const totals = close_industry(e_.market, e_.elasticity, e_.entry_cost, e_.labor, out.demand,
                                       industry_sums<Real>{sums.firms, menu_.sold(sums), costs(sums)});
    out.log_exit_cutoff = at.exit[0];
    out.log_exporter_exit_cutoff = at.exit[1];
    out.log_start_cutoff = at.exports[0];
    out.log_stop_cutoff = at.exports[1];
    out.firms_per_entrant = sums.firms;
    out.size_per_entrant = sums.size;
    out.share_exporting = sums.exporters / sums.firms;
    Real const first = law_level_at(tail_, at.exports[0]).survival;
    out.start_rate = (sums.starters - first) / (sums.firms - sums.exporters);
    out.stop_rate = stay - (sums.exporters - sums.starters) / sums.exporters;
    out.export_share = menu_.reach * sums.exported / menu_.sold(sums);
    out.mass_entrants_per_period = totals.mass_entrants_per_period;
    out.mass_producers = totals.mass_entrants_per_period * sums.firms;
    out.revenue = totals.revenue;
    out.price_index = totals.price_index;
    out.welfare = totals.consumption / e_.labor;
    Real const open = 4096 * epsilon<Real>() + 100 * error_estimate_of(tail_), entry = abs(out.free_entry_residual);
    bool const fine = is_finite(out.welfare) && out.welfare > 0 && entry <= open;
    out.reason = fine ? status::converged : status::not_finite;
    return out;
  }

  industry_economy<Real> const& e_;
  Tail const& tail_;
  industry_menu<Real> menu_;
  Real start_;
  autoregression<Real> process_;
  law_points<Tail> points_;
  Real moment_{}, high_{};
};

}  // namespace detail

/// Steady state of an autoregression in which a firm pays start_cost in its first period of exports, per market, and
/// the economy's export_fixed_cost in each that follows without a break: firms wait before they begin, and go on where
/// they would not begin. With the same cost it is the industry of try_solve(economy, law).
///
/// Policy iteration on four thresholds, each round with the least demand at which entrants break even under the policy.
/// @param law  what entrants draw from; entrants have not exported
/// @throws domain_error naming a parameter that is out of range
/// @return numbers, or NaN and in `reason` why
/// Accuracy: 1e-11; cost: some 4 ms.
template <productivity_law Law>
[[nodiscard]] sunk_export_equilibrium<law_real_t<Law>> try_solve_sunk_exports(
    industry_economy<law_real_t<Law>> const& economy, law_real_t<Law> const& start_cost, Law const& law,
    industry_options const& how = {}) {
  using Real = law_real_t<Law>;
  economy.validate();
  detail::require_options(how);
  char const* const where = "try_solve_sunk_exports";
  if (economy.shocks != productivity_shocks::autoregression) {
    throw domain_error(where, "shocks", to_string(economy.shocks), "be an autoregression");
  }
  if (economy.timing != exit_timing::after) {
    throw domain_error(where, "timing", to_string(economy.timing), "be after");
  }
  detail::require(economy.partners >= 1, where, "partners", economy.partners, "be at least 1");
  detail::require(detail::is_finite(economy.iceberg_cost), where, "iceberg_cost", economy.iceberg_cost, "be finite");
  detail::require(detail::is_finite(economy.export_fixed_cost), where, "export_fixed_cost", economy.export_fixed_cost,
                  "be finite");
  detail::require(start_cost >= economy.export_fixed_cost && detail::is_finite(start_cost), where, "start_cost",
                  start_cost, "be finite and at least export_fixed_cost");
  auto const tail = tail_of(law, Real(economy.elasticity - 1));
  return detail::sunk_exports<tail_of_t<Law>>(economy, start_cost, tail).solve(how);
}

}  // namespace melitz
