// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/dynamics/industry_closure.hpp>
#include <melitz/economy/primitives.hpp>
#include <melitz/error.hpp>
#include <melitz/numerics/larger.hpp>
#include <melitz/numerics/members.hpp>
#include <melitz/numerics/real.hpp>

#include <cstddef>
#include <string_view>
#include <vector>

namespace melitz {

/// How a firm's productivity moves.
enum class productivity_shocks {
  redraws,         ///< with redraw_probability a new draw from the law, else it stays
  autoregression,  ///< log productivity: (1 - persistence) shock_mean + persistence t + shock_sd e, e standard normal
};

/// The shocks in words: "redraws", "autoregression".
[[nodiscard]] constexpr std::string_view to_string(productivity_shocks s) noexcept {
  return detail::word_of(s, {"redraws", "autoregression"});
}

/// When a firm decides whether to exit.
enum class exit_timing {
  after,   ///< it sees its shock, then exits or produces, as entrants in Melitz (2003)
  before,  ///< it produces, then exits or waits for the next shock, as in Hopenhayn (1992); entrants produce once
};

/// The timing in words: "after", "before".
[[nodiscard]] constexpr std::string_view to_string(exit_timing t) noexcept {
  return detail::word_of(t, {"after", "before"});
}

/// How hard to try, and what to tell besides the equilibrium.
struct industry_options {
  int max_evaluations = 200;  ///< of free entry
  int ages = 40;              ///< for how many ages firms are followed, from 1 to most_ages
  bool flows = true;          ///< job creation and destruction, and what is told by age
  double refinement = 1;      ///< nodes are so many times as many, to see that they do not matter

  static constexpr int most_ages = 100000;
};

/// Steady state of an industry in which firms enter, change, and exit when they are no longer worth what they cost:
/// Hopenhayn (1992), with trade between symmetric countries as in Melitz (2003). Plain data, built with designated
/// initialisers. The wage is the numeraire.
///
/// Hopenhayn, H. (1992), "Entry, Exit, and Firm Dynamics in Long Run Equilibrium", Econometrica 60, 1127-1150.
template <real Real = double>
struct industry_economy {
  using real_type = Real;
  using options_type = industry_options;

  Real elasticity = detail::not_a_number<Real>;         ///< sigma > 1; under perfect competition 1/(1 - alpha)
  Real fixed_cost = detail::not_a_number<Real>;         ///< f > 0, per period, in labour
  Real entry_cost = detail::not_a_number<Real>;         ///< f_e > 0, paid once, in labour
  Real death_rate = detail::not_a_number<Real>;         ///< delta in [0, 1], of firms of all sizes, per period
  Real discount_factor = detail::not_a_number<Real>;    ///< beta in (0, 1], per period; 1 with death only
  Real labor = detail::not_a_number<Real>;              ///< L > 0
  Real partners = detail::not_a_number<Real>;           ///< n >= 0
  Real iceberg_cost = detail::not_a_number<Real>;       ///< tau >= 1; may be infinite
  Real export_fixed_cost = detail::not_a_number<Real>;  ///< f_x > 0, per period and market; may be infinite
  Real redraw_probability{0};                           ///< lambda in [0, 1], of a firm, per period; of redraws
  Real persistence{0};                                  ///< rho in [0, 1); of an autoregression, like the next two
  Real shock_mean{0};                                   ///< long-run mean of log productivity
  Real shock_sd{0};                                     ///< s > 0, of a period's shock to log productivity
  productivity_shocks shocks = productivity_shocks::redraws;
  exit_timing timing = exit_timing::after;  ///< redraws: after
  industry_market market = industry_market::monopolistic_competition;

  static constexpr char const* name = "industry_dynamics";
  static constexpr char const* title = "Entry, exit and shocks to firms, Hopenhayn (1992)";
  static constexpr auto parameters() {
    using e = industry_economy;
    return told::table{
        told::parameter("elasticity", &e::elasticity, rule::above_one,
                        "of substitution between varieties; of competitive firms 1/(1 - alpha)", "", 4),
        told::parameter("fixed_cost", &e::fixed_cost, rule::positive, "of producing, per period", "labor", 1),
        told::parameter("entry_cost", &e::entry_cost, rule::positive, "paid once to draw a productivity", "labor", 2),
        told::parameter("death_rate", &e::death_rate, rule::share, "of firms of all sizes, per period", "", 0.05),
        told::parameter("discount_factor", &e::discount_factor, rule::rate, "per period; 1 with deaths only", "", 0.96),
        told::parameter("labor", &e::labor, rule::positive, "of the country", "workers", 1000),
        told::parameter("partners", &e::partners, rule::whole, "to trade with", "countries", 2),
        told::parameter("iceberg_cost", &e::iceberg_cost, rule::at_least_one_or_infinite,
                        "units shipped for one to arrive", "", 1.5),
        told::parameter("export_fixed_cost", &e::export_fixed_cost, rule::positive_or_infinite,
                        "of exporting, per period and market", "labor", 1.2),
        told::parameter("redraw_probability", &e::redraw_probability, rule::share,
                        "that a firm draws anew, per period; of redraws", "", 0.2),
        told::parameter("persistence", &e::persistence, rule::share_below_one,
                        "of log productivity from period to period; of an autoregression", "", 0.9),
        told::parameter("shock_mean", &e::shock_mean, rule::finite, "in the long run; of an autoregression",
                        "log productivity", 0),
        told::parameter("shock_sd", &e::shock_sd, rule::at_least_zero,
                        "of a period's shock; of an autoregression, there positive", "log productivity", 0.2),
        told::choice("shocks", &e::shocks,
                     "to productivity: draws from the law, or an autoregression of its logarithm"),
        told::choice("timing", &e::timing, "of exit: after a shock is seen, or before; redraws have after"),
        told::choice("market", &e::market, "varieties, or one good and firms that take its price"),
    };
  }

  /// @throws domain_error naming the first member that is out of range
  void validate() const {
    validate_costs();
    char const* const where = "industry_dynamics_economy";
    if (shocks == productivity_shocks::redraws) {
      if (timing == exit_timing::before) {
        throw domain_error(where, "timing", to_string(timing), "be after where shocks are redraws");
      }
      detail::require(death_rate > 0 || redraw_probability > 0, where, "death_rate", death_rate,
                      "be positive where redraw_probability is 0, or firms never exit");
    } else {
      detail::require(shock_sd > 0, where, "shock_sd", shock_sd, "be positive where shocks are an autoregression");
    }
  }
  /// The same of all members but those of shocks, for industries whose shocks are something else.
  void validate_costs() const {
    detail::check_parameters(*this);
    detail::require(discount_factor < 1 || death_rate > 0, "industry_dynamics_economy", "discount_factor",
                    discount_factor, "lie below 1 where death_rate is 0, or the future of a firm has no end");
  }

  /// gamma = beta (1 - delta): what a firm that stays discounts the next period with.
  [[nodiscard]] Real discount() const { return Real(discount_factor * (1 - death_rate)); }
  /// 1 - gamma, without the rounding of that: delta where beta is 1.
  [[nodiscard]] Real impatience() const { return Real(death_rate + (1 - discount_factor) * (1 - death_rate)); }
  /// The same costs as those of an open economy. @param overhead  in place of the fixed cost
  [[nodiscard]] open_economy<Real> as_open(Real const& overhead, Real const& death) const {
    return {{elasticity, overhead, entry_cost, death, labor}, partners, iceberg_cost, export_fixed_cost};
  }
};

static_assert(detail::tells_every_member<industry_economy<double>>());

/// Steady state of an industry_economy. Check `reason` (or the conversion to bool) first: unless it converged every
/// number is NaN. Rates are per period, over all operating firms or all their jobs.
template <real Real = double>
struct industry_equilibrium {
  using real_type = Real;

  status reason = status::not_solved;

  // Whether to trust it.
  Real residual = nan();              ///< the largest of the next four
  Real free_entry_residual = nan();   ///< value of entry over its cost, minus 1
  Real labor_residual = nan();        ///< labour used over the endowment, minus 1
  Real mass_residual = nan();         ///< firms counted forwards, from entrants on, over those by what entrants expect
  Real job_residual = nan();          ///< job creation minus destruction, over jobs; NaN where flows are not wanted
  Real discretization_error = nan();  ///< bound of the relative error of A by the nodes; 0 where there are none
  Real error_estimate = nan();        ///< relative error of the law's tail (0 for closed forms), or of counting firms
  int evaluations = 0;                ///< of free entry
  int nodes = 0;                      ///< of log productivity, chosen by the solve; 0 for closed forms

  bool nobody_exits = false;        ///< but by death: the value of staying is positive for every firm
  Real cutoff = nan();              ///< phi*, least productivity at which a firm stays; 0 where nobody exits
  Real log_cutoff = nan();          ///< its logarithm
  Real zero_profit_cutoff = nan();  ///< where this period's profit is 0; above the cutoff by the value of waiting
  Real export_cutoff = nan();       ///< phi_x*; infinite if nobody can export
  Real demand = nan();              ///< A, variable profit at home of a firm with productivity 1

  Real firms_per_entrant = nan();         ///< N, operating, per entrant of a period
  Real size_per_entrant = nan();          ///< X, sum of phi^(sigma-1) over them
  Real share_exporting = nan();           ///< of operating firms
  Real mass_entrants_per_period = nan();  ///< M_e
  Real mass_producers = nan();            ///< operating
  Real mass_exporters = nan();

  Real revenue = nan();                  ///< R; above L by the interest on entry
  Real price_index = nan();              ///< P, or the price of the one good
  Real welfare = nan();                  ///< consumption per worker, R/(P L)
  Real export_share = nan();             ///< of revenue
  Real discounted_export_share = nan();  ///< of what an entrant expects to sell: d ln A/d ln tau over sigma - 1

  Real entry_rate = nan();         ///< operating entrants over operating firms, which is the rate of exit
  Real job_creation_rate = nan();  ///< of entrants, and of firms that grow
  Real job_creation_by_entrants = nan();
  Real job_destruction_rate = nan();     ///< of firms that exit or die, and of those that shrink
  Real job_destruction_by_exit = nan();  ///< death included

  Real labor_entry = nan();
  Real labor_fixed = nan();
  Real labor_export_fixed = nan();
  Real labor_variable = nan();

  told::by_period<Real> exit_hazard_by_age{};    ///< of operating firms, death included; age 0 are entrants
  told::by_period<Real> relative_size_by_age{};  ///< mean phi^(sigma-1) over that of all operating firms
  told::by_period<Real> share_of_firms_by_age{};

  static constexpr auto results() {
    using e = industry_equilibrium;
    using enum part;
    constexpr char const *phi = "productivity", *rate = "of jobs, per period", *workers = "workers";
    return told::table{
        told::aside(&e::reason),
        told::quantity("residual", &e::residual, solution, "the largest, relative"),
        told::quantity("free_entry_residual", &e::free_entry_residual, solution, "of the value of entry, relative"),
        told::quantity("labor_residual", &e::labor_residual, solution, "relative"),
        told::quantity("mass_residual", &e::mass_residual, solution, "of firms counted in two ways, relative"),
        told::quantity("job_residual", &e::job_residual, solution, "creation minus destruction, over jobs"),
        told::quantity("discretization_error", &e::discretization_error, solution, "a bound, relative"),
        told::quantity("error_estimate", &e::error_estimate, solution, "of the law's tail"),
        told::quantity("evaluations", &e::evaluations, work, "of free entry"),
        told::quantity("nodes", &e::nodes, work, "of log productivity"),
        told::quantity("nobody_exits", &e::nobody_exits, solution, "but by death"),
        told::quantity("cutoff", &e::cutoff, cutoffs, phi, "phi*"),
        told::quantity("log_cutoff", &e::log_cutoff, work, "log productivity", "ln phi*"),
        told::positive("zero_profit_cutoff", &e::zero_profit_cutoff, cutoffs, phi),
        told::quantity("export_cutoff", &e::export_cutoff, cutoffs, phi, "phi_x*"),
        told::positive("demand", &e::demand, aggregates, "wages", "A"),
        told::positive("firms_per_entrant", &e::firms_per_entrant, averages, "firms per entrant of a period", "N"),
        told::positive("size_per_entrant", &e::size_per_entrant, averages, "phi^(sigma-1) per entrant", "X"),
        told::quantity("share_exporting", &e::share_exporting, averages, "share of firms"),
        told::positive("mass_entrants_per_period", &e::mass_entrants_per_period, masses, "firms per period", "M_e"),
        told::positive("mass_producers", &e::mass_producers, masses, "firms"),
        told::quantity("mass_exporters", &e::mass_exporters, masses, "firms"),
        told::positive("revenue", &e::revenue, aggregates, "wages", "R"),
        told::positive("price_index", &e::price_index, aggregates, "wages", "P"),
        told::positive("welfare", &e::welfare, aggregates, "real income per worker", "C/L"),
        told::quantity("export_share", &e::export_share, aggregates, "share of revenue"),
        told::quantity("discounted_export_share", &e::discounted_export_share, aggregates,
                       "share of what an entrant expects to sell"),
        told::positive("entry_rate", &e::entry_rate, averages, "share of firms, per period"),
        told::quantity("job_creation_rate", &e::job_creation_rate, averages, rate),
        told::quantity("job_creation_by_entrants", &e::job_creation_by_entrants, averages, rate),
        told::quantity("job_destruction_rate", &e::job_destruction_rate, averages, rate),
        told::quantity("job_destruction_by_exit", &e::job_destruction_by_exit, averages, rate),
        told::quantity("labor_entry", &e::labor_entry, labor_uses, workers, "M_e f_e"),
        told::quantity("labor_fixed", &e::labor_fixed, labor_uses, workers),
        told::quantity("labor_export_fixed", &e::labor_export_fixed, labor_uses, workers),
        told::quantity("labor_variable", &e::labor_variable, labor_uses, workers),
        told::quantity("exit_hazard_by_age", &e::exit_hazard_by_age, averages, "share of firms, per period"),
        told::quantity("relative_size_by_age", &e::relative_size_by_age, averages, "of that of all firms"),
        told::quantity("share_of_firms_by_age", &e::share_of_firms_by_age, averages, "share of firms"),
    };
  }

  [[nodiscard]] explicit operator bool() const noexcept { return reason == status::converged; }

 private:
  [[nodiscard]] static Real nan() { return detail::not_a_number<Real>; }
};

static_assert(detail::tells_every_member<industry_equilibrium<double>>());

namespace detail {

/// @throws domain_error
inline void require_options(industry_options const& how) {
  char const* const where = "industry_options";
  require(how.max_evaluations >= 1, where, "max_evaluations", how.max_evaluations, "be at least 1");
  require(how.ages >= 1 && how.ages <= industry_options::most_ages, where, "ages", how.ages,
          "lie between 1 and 100000");
  require(how.refinement >= 1 && how.refinement <= 16, where, "refinement", how.refinement, "lie between 1 and 16");
}

/// Sums over firms, weighted in one way or another: of stationary masses, or of what an entrant expects.
template <real Real>
struct firm_sums {
  Real firms{0}, size{0}, exporters{0}, exported{0};  ///< of 1, x, and both again over exporters
};

/// Prices of what the sums are of: the menu of serving home and n partners.
template <real Real>
struct industry_menu {
  Real power;             ///< sigma - 1
  Real overhead;          ///< f
  Real reach{0};          ///< n tau^(1-sigma): variable profit abroad over that at home
  Real export_cost{0};    ///< n f_x
  Real log_threshold{0};  ///< ln (tau^(sigma-1) f_x): of A x, from which on exporting pays

  explicit industry_menu(industry_economy<Real> const& e) : power(e.elasticity - 1), overhead(e.fixed_cost) {
    using std::log;
    if (!trades(e)) return;
    reach = e.partners / power_of(e.iceberg_cost, power);
    export_cost = e.partners * e.export_fixed_cost;
    log_threshold = power * log(e.iceberg_cost) + log(e.export_fixed_cost);
  }
  [[nodiscard]] static bool trades(industry_economy<Real> const& e) {
    return e.partners > 0 && is_finite(e.iceberg_cost) && is_finite(e.export_fixed_cost);
  }
  [[nodiscard]] bool open() const { return export_cost > 0; }
  /// ln phi from which on firms export; infinite where nobody can.
  [[nodiscard]] Real log_export_cutoff(Real const& demand) const {
    using std::log;
    return open() ? Real((log_threshold - log(demand)) / power) : infinity<Real>;
  }
  /// Sum of phi^(sigma-1), with what is sold abroad.
  [[nodiscard]] Real sold(firm_sums<Real> const& s) const { return Real(s.size + reach * s.exported); }
  [[nodiscard]] Real fixed(firm_sums<Real> const& s) const {
    return Real(overhead * s.firms + export_cost * s.exporters);
  }
  [[nodiscard]] Real profit(Real const& demand, firm_sums<Real> const& s) const {
    return Real(demand * sold(s) - fixed(s));
  }
};

/// All that masses say of a solved industry; rates, flows and residuals are left to who knows them.
/// @param sums  stationary, per entrant of a period
template <real Real>
void fill_industry(industry_equilibrium<Real>& out, industry_economy<Real> const& e, industry_menu<Real> const& menu,
                   firm_sums<Real> const& sums) {
  using std::exp, std::log;
  auto const totals = close_industry(e.market, e.elasticity, e.entry_cost, e.labor, out.demand,
                                     industry_sums<Real>{sums.firms, menu.sold(sums), menu.fixed(sums)});
  out.cutoff = exp(out.log_cutoff);
  out.zero_profit_cutoff = exp(Real(log(Real(menu.overhead / out.demand)) / menu.power));
  out.firms_per_entrant = sums.firms;
  out.size_per_entrant = sums.size;
  out.share_exporting = sums.exporters / sums.firms;
  if (out.share_exporting > 1) out.share_exporting = 1;  // by a rounding
  out.mass_entrants_per_period = totals.mass_entrants_per_period;
  out.mass_producers = totals.mass_entrants_per_period * sums.firms;
  out.mass_exporters = out.mass_producers * out.share_exporting;
  out.revenue = totals.revenue;
  out.price_index = totals.price_index;
  out.welfare = totals.consumption / e.labor;
  out.export_share = menu.reach * sums.exported / menu.sold(sums);
  out.labor_entry = totals.labor_entry;
  out.labor_export_fixed = totals.mass_entrants_per_period * menu.export_cost * sums.exporters;
  out.labor_fixed = totals.mass_entrants_per_period * menu.overhead * sums.firms;
  out.labor_variable = totals.labor_variable;
  out.labor_residual = (out.labor_entry + out.labor_fixed + out.labor_export_fixed + out.labor_variable) / e.labor - 1;
}

/// The equilibrium if it can be trusted, else no numbers and why.
/// @param open   the largest residual of one that converged
/// @param flows  whether jobs were counted
template <real Real>
[[nodiscard]] industry_equilibrium<Real> checked_industry(industry_equilibrium<Real> out, Real const& open,
                                                          bool flows) {
  using std::abs;
  out.residual = 0;
  std::vector<Real> left{out.free_entry_residual, out.labor_residual, out.mass_residual};
  if (flows) left.push_back(out.job_residual);
  for (Real const& x : left) out.residual = larger_or_nan(out.residual, Real(abs(x)));
  out.reason = !representable(out)       ? status::out_of_range
               : out.residual <= open    ? status::converged
               : is_finite(out.residual) ? status::iteration_limit
                                         : status::not_finite;
  if (out) return out;
  industry_equilibrium<Real> failed;
  failed.reason = out.reason;
  failed.evaluations = out.evaluations;
  return failed;
}

}  // namespace detail
}  // namespace melitz
