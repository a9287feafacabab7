// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/economy/ces.hpp>
#include <melitz/economy/solve_or_throw.hpp>
#include <melitz/error.hpp>
#include <melitz/models/autarky.hpp>
#include <melitz/models/skill_market.hpp>
#include <melitz/numerics/members.hpp>
#include <melitz/tail/tail.hpp>

#include <algorithm>
#include <cmath>
#include <string_view>

namespace melitz {

/// Firms that are all alike choose a technology and whether to export, and workers differ in skill: firms come to
/// differ by whom they employ. A worker of skill s makes s^a_Y of an outside good, the numeraire, or s^a_L or s^a_H of
/// a firm's good with its low or its high technology, a_Y < a_L < a_H. Fixed costs are in the firm's own output, and
/// entry is free. Countries are alike. The law is that of workers' skill.
///
/// Yeaple, S. R. (2005), "A Simple Model of Firm Heterogeneity, International Trade, and Wages", Journal of
/// International Economics 65, 1-20.
template <real Real = double>
struct skill_technology_economy {
  using real_type = Real;

  Real elasticity = detail::not_a_number<Real>;                ///< sigma > 1, between varieties
  Real expenditure_share = detail::not_a_number<Real>;         ///< beta in (0, 1)
  Real outside_skill_elasticity = detail::not_a_number<Real>;  ///< a_Y >= 0
  Real low_skill_elasticity = detail::not_a_number<Real>;      ///< a_L > a_Y
  Real high_skill_elasticity = detail::not_a_number<Real>;     ///< a_H > a_L
  Real low_fixed_cost = detail::not_a_number<Real>;            ///< f_L > 0, in the firm's own output
  Real high_fixed_cost = detail::not_a_number<Real>;           ///< f_H > 0, in the firm's own output
  Real labor = detail::not_a_number<Real>;                     ///< M > 0, workers of a country
  Real partners = detail::not_a_number<Real>;                  ///< n >= 0, a whole number of partner countries
  Real iceberg_cost = detail::not_a_number<Real>;              ///< tau >= 1; may be infinite
  Real export_fixed_cost = detail::not_a_number<Real>;         ///< f_x > 0, per partner, in own output; may be infinite
  Real reference_skill{1};                                     ///< of the worker whose wage is among the results

  static constexpr char const* name = "skill_technology";
  static constexpr char const* title = "Technology, exports and workers who differ in skill, Yeaple (2005)";
  static constexpr char const* example_law = R"({"family": "lognormal", "log_mean": 0, "log_sd": 0.7})";
  static constexpr auto parameters() {
    using e = skill_technology_economy;
    return told::table{
        told::parameter("elasticity", &e::elasticity, rule::above_one, "of substitution between varieties", "", 4),
        told::parameter("expenditure_share", &e::expenditure_share, rule::inner_share, "of income, on this sector", "",
                        0.5),
        told::parameter("outside_skill_elasticity", &e::outside_skill_elasticity, rule::at_least_zero,
                        "of a worker's output to skill, in the outside good", "", 0.3),
        told::parameter("low_skill_elasticity", &e::low_skill_elasticity, rule::positive,
                        "the same with the low technology, above outside_skill_elasticity", "", 0.8),
        told::parameter("high_skill_elasticity", &e::high_skill_elasticity, rule::positive,
                        "the same with the high technology, above low_skill_elasticity", "", 1.2),
        told::parameter("low_fixed_cost", &e::low_fixed_cost, rule::positive, "of the low technology", "own output", 1),
        told::parameter("high_fixed_cost", &e::high_fixed_cost, rule::positive, "of the high technology", "own output",
                        4),
        told::parameter("labor", &e::labor, rule::positive, "of the country", "workers", 1000),
        told::parameter("partners", &e::partners, rule::whole, "to trade with", "countries", 1),
        told::parameter("iceberg_cost", &e::iceberg_cost, rule::at_least_one_or_infinite,
                        "units shipped for one to arrive", "", 1.3),
        told::parameter("export_fixed_cost", &e::export_fixed_cost, rule::positive_or_infinite,
                        "of exporting, per market", "own output", 0.7),
        told::parameter("reference_skill", &e::reference_skill, rule::positive, "of a worker whose wage is told",
                        "skill", 2),
    };
  }

  /// @throws domain_error naming the first member that is out of range, or out of order
  void validate() const {
    detail::check_parameters(*this);
    detail::type_name<skill_technology_economy> const where;
    detail::require(low_skill_elasticity > outside_skill_elasticity, where, "low_skill_elasticity",
                    low_skill_elasticity, "exceed outside_skill_elasticity");
    detail::require(high_skill_elasticity > low_skill_elasticity, where, "high_skill_elasticity", high_skill_elasticity,
                    "exceed low_skill_elasticity");
  }
};

/// Where a worker works.
enum class workplace { outside, low, high };

/// The place in words: "outside", "low", "high".
[[nodiscard]] constexpr std::string_view to_string(workplace w) noexcept {
  return detail::word_of(w, {"outside", "low", "high"});
}

namespace detail {

/// What firms do with a technology, before anything is known of wages: they export or not, whichever needs less.
template <real Real>
struct technology_use {
  bool exports = false;
  Real fixed_cost{};  ///< F, of all markets served
  Real log_needed{};  ///< ln of F over the markets served, f or (f + n f_x)/T
};
template <real Real>
struct technology_uses {
  bool trades = false;
  Real freeness{0};  ///< T - 1 = n tau^(1-sigma)
  technology_use<Real> low{}, high{};
  Real log_cost_ratio{};  ///< ln chi: unit cost with the low over that with the high technology, if both are used

  explicit technology_uses(skill_technology_economy<Real> const& e) {
    using std::log, std::log1p;
    trades = e.partners > 0 && is_finite(e.iceberg_cost) && is_finite(e.export_fixed_cost);
    if (trades) freeness = e.partners / power_of(e.iceberg_cost, Real(e.elasticity - 1));
    auto const use = [&](Real const& f) {
      technology_use<Real> out{false, f, Real(log(f))};
      Real const abroad = trades ? Real(e.partners * e.export_fixed_cost) : Real(0);
      if (trades && abroad < f * freeness) {
        out = {true, Real(f + abroad), Real(0)};
        out.log_needed = log(out.fixed_cost) - log1p(freeness);
      }
      return out;
    };
    low = use(e.low_fixed_cost);
    high = use(e.high_fixed_cost);
    // Both or none export: their markets cancel.
    bool const alike = low.exports == high.exports;
    log_cost_ratio =
        (alike ? log_of_ratio(high.fixed_cost, low.fixed_cost) : Real(high.log_needed - low.log_needed)) / e.elasticity;
  }
};

}  // namespace detail

/// Equilibrium of a skill_technology_economy, in units of the outside good. Check `reason` (or the conversion to bool)
/// first: unless it converged the numbers are NaN.
///
/// Wages are those at which a worker of any skill, one that nobody has included, earns the most anywhere. Unit costs
/// are what follows for whoever would use the technology, also where nobody does. Averages over nobody are NaN.
template <real Real = double>
struct skill_technology_equilibrium {
  using real_type = Real;

  status reason = status::not_solved;
  skill_technology_economy<Real> economy{};
  Real log_demand = detail::not_a_number<Real>;  ///< ln of operating profit in a market at unit cost 1
  Real residual = detail::not_a_number<Real>;    ///< of spending on the sector against its sales, over income
  Real error_estimate = detail::not_a_number<Real>;
  int evaluations = 0;
  bool low_technology_exports = false;                       ///< whether firms with the low technology would export
  bool high_technology_exports = false;                      ///< whether firms with the high technology would export
  Real skill_cutoff = detail::not_a_number<Real>;            ///< e^z_1, from which on workers leave the outside good
  Real high_technology_cutoff = detail::not_a_number<Real>;  ///< e^z_2; as the other one where the low one is unused
  Real unit_cost_low = detail::not_a_number<Real>;           ///< C_L
  Real unit_cost_high = detail::not_a_number<Real>;          ///< C_H
  Real share_of_workers_outside = detail::not_a_number<Real>;
  Real share_of_workers_low = detail::not_a_number<Real>;
  Real share_of_workers_high = detail::not_a_number<Real>;
  Real mean_wage_outside = detail::not_a_number<Real>;
  Real mean_wage_low = detail::not_a_number<Real>;
  Real mean_wage_high = detail::not_a_number<Real>;
  Real mean_wage_ratio = detail::not_a_number<Real>;  ///< high over low: others work there after a change
  Real reference_wage = detail::not_a_number<Real>;
  Real reference_real_wage = detail::not_a_number<Real>;
  Real reference_premium = detail::not_a_number<Real>;  ///< over what the same worker would earn in the outside good
  Real revenue_ratio = detail::not_a_number<Real>;      ///< of a firm with the high over one with the low technology
  Real share_exporting = detail::not_a_number<Real>;    ///< of firms
  Real mass_low_technology = detail::not_a_number<Real>;
  Real mass_high_technology = detail::not_a_number<Real>;
  Real mass_producers = detail::not_a_number<Real>;
  Real mass_exporters = detail::not_a_number<Real>;
  Real mass_varieties = detail::not_a_number<Real>;
  Real income = detail::not_a_number<Real>;   ///< I
  Real revenue = detail::not_a_number<Real>;  ///< beta I
  Real exports = detail::not_a_number<Real>;
  Real domestic_share = detail::not_a_number<Real>;  ///< of spending on the sector
  Real price_index = detail::not_a_number<Real>;     ///< P, of the sector
  Real welfare = detail::not_a_number<Real>;         ///< I/(M P^beta)

  static constexpr auto results() {
    using e = skill_technology_equilibrium;
    using enum part;
    constexpr char const *goods = "outside good", *of_workers = "share of workers";
    return told::table{
        told::aside(&e::reason),
        told::aside(&e::economy),
        told::aside(&e::log_demand),
        told::quantity("residual", &e::residual, solution, "of sales against spending"),
        told::quantity("error_estimate", &e::error_estimate, solution, "of the law's tails"),
        told::quantity("evaluations", &e::evaluations, work, "of sales against spending"),
        told::quantity("low_technology_exports", &e::low_technology_exports, cutoffs, ""),
        told::quantity("high_technology_exports", &e::high_technology_exports, cutoffs, ""),
        told::positive("skill_cutoff", &e::skill_cutoff, cutoffs, "skill", "e^z_1"),
        told::positive("high_technology_cutoff", &e::high_technology_cutoff, cutoffs, "skill", "e^z_2"),
        told::positive("unit_cost_low", &e::unit_cost_low, averages, goods, "C_L"),
        told::positive("unit_cost_high", &e::unit_cost_high, averages, goods, "C_H"),
        told::quantity("share_of_workers_outside", &e::share_of_workers_outside, averages, of_workers),
        told::quantity("share_of_workers_low", &e::share_of_workers_low, averages, of_workers),
        told::quantity("share_of_workers_high", &e::share_of_workers_high, averages, of_workers),
        told::quantity("mean_wage_outside", &e::mean_wage_outside, averages, goods),
        told::quantity("mean_wage_low", &e::mean_wage_low, averages, goods),
        told::quantity("mean_wage_high", &e::mean_wage_high, averages, goods),
        told::quantity("mean_wage_ratio", &e::mean_wage_ratio, averages, "high over low technology"),
        told::positive("reference_wage", &e::reference_wage, averages, goods),
        told::positive("reference_real_wage", &e::reference_real_wage, averages, "consumption"),
        told::positive("reference_premium", &e::reference_premium, averages, "over the outside good's wage"),
        told::quantity("revenue_ratio", &e::revenue_ratio, averages, "high over low technology"),
        told::quantity("share_exporting", &e::share_exporting, averages, "share of producers"),
        told::quantity("mass_low_technology", &e::mass_low_technology, masses, "firms"),
        told::quantity("mass_high_technology", &e::mass_high_technology, masses, "firms"),
        told::positive("mass_producers", &e::mass_producers, masses, "firms"),
        told::quantity("mass_exporters", &e::mass_exporters, masses, "firms"),
        told::positive("mass_varieties", &e::mass_varieties, masses, "varieties consumed"),
        told::positive("income", &e::income, aggregates, goods, "I"),
        told::positive("revenue", &e::revenue, aggregates, goods, "beta I"),
        told::quantity("exports", &e::exports, aggregates, goods),
        told::positive("domestic_share", &e::domestic_share, aggregates, "share of spending on the sector"),
        told::positive("price_index", &e::price_index, aggregates, goods, "P"),
        told::positive("welfare", &e::welfare, aggregates, "real income per worker"),
    };
  }

  [[nodiscard]] explicit operator bool() const noexcept { return reason == status::converged; }

  /// Where a worker of this skill works; NaN skills and failed solves: outside.
  [[nodiscard]] workplace place_of(Real const& skill) const {
    if (!(skill >= skill_cutoff)) return workplace::outside;
    return skill < high_technology_cutoff ? workplace::low : workplace::high;
  }
  /// What a worker of this skill earns, in the outside good: max(s^a_Y, C_L s^a_L, C_H s^a_H).
  [[nodiscard]] Real wage(Real const& skill) const {
    if (!*this) return detail::not_a_number<Real>;
    Real const outside = detail::power_of(skill, economy.outside_skill_elasticity);
    switch (place_of(skill)) {
      case workplace::low:
        return Real(unit_cost_low * detail::power_of(skill, economy.low_skill_elasticity));
      case workplace::high:
        return Real(unit_cost_high * detail::power_of(skill, economy.high_skill_elasticity));
      case workplace::outside:
        break;
    }
    return outside;
  }
  /// The same over the price of consumption, w/P^beta: what a change does to workers of one skill.
  [[nodiscard]] Real real_wage(Real const& skill) const {
    return Real(wage(skill) / detail::power_of(price_index, economy.expenditure_share));
  }
  /// The same over what that worker would make in the outside good: the premium at given skill, 1 or more.
  [[nodiscard]] Real premium(Real const& skill) const {
    return Real(wage(skill) / detail::power_of(skill, economy.outside_skill_elasticity));
  }
  /// Profit of a firm with this technology that exports to all partners or to none, over its fixed cost at home: 0 of
  /// those that there are, and never more. @pre technology is low or high
  [[nodiscard]] Real profit(workplace technology, bool exporting) const {
    using std::exp, std::log;
    if (!*this) return detail::not_a_number<Real>;
    detail::technology_uses<Real> const uses(economy);
    if (exporting && !uses.trades) return Real(-detail::infinity<Real>);
    bool const high = technology == workplace::high;
    Real const f = high ? economy.high_fixed_cost : economy.low_fixed_cost;
    // Operating profit D C^(1-sigma) T against C F, per unit of C f.
    Real const earned =
        exp(Real(log_demand - economy.elasticity * log(high ? unit_cost_high : unit_cost_low) - log(f)));
    if (!exporting) return Real(earned - 1);
    return Real(earned * (1 + uses.freeness) - (1 + economy.partners * economy.export_fixed_cost / f));
  }
};

static_assert(detail::tells_every_member<skill_technology_economy<double>>() &&
              detail::tells_every_member<skill_technology_equilibrium<double>>());

namespace detail {

/// All results, from where workers go.
template <real Real>
[[nodiscard]] skill_technology_equilibrium<Real> fill_skill_technology(skill_technology_economy<Real> const& economy,
                                                                       technology_uses<Real> const& uses,
                                                                       skill_allocation<Real> const& at) {
  using std::exp, std::log, std::log1p;
  skill_technology_equilibrium<Real> out;
  Real const sigma = economy.elasticity, beta = economy.expenditure_share;
  Real const outside = economy.outside_skill_elasticity, low = economy.low_skill_elasticity;
  bool const low_used = at.log_cutoff < at.log_high_cutoff;
  Real const log_cost_low = (outside - low) * at.log_cutoff;
  Real const log_cost_high = low_used ? Real(log_cost_low - uses.log_cost_ratio)
                                      : Real((outside - economy.high_skill_elasticity) * at.log_cutoff);
  out.economy = economy;
  out.log_demand =
      low_used ? Real(uses.low.log_needed + sigma * log_cost_low) : Real(uses.high.log_needed + sigma * log_cost_high);
  out.low_technology_exports = uses.low.exports;
  out.high_technology_exports = uses.high.exports;
  out.skill_cutoff = exp(at.log_cutoff);
  out.high_technology_cutoff = exp(low_used ? at.log_high_cutoff : at.log_cutoff);
  out.unit_cost_low = exp(log_cost_low);
  out.unit_cost_high = exp(log_cost_high);

  // Per worker, in units of what all would earn in the outside good.
  Real const unit = exp(at.log_unit), in_low = low_used ? Real(at.sector - at.high) : Real(0);
  Real const income = at.outside + at.sector;
  out.residual = (beta * at.outside - (1 - beta) * at.sector) / income;
  out.income = economy.labor * unit * income;
  out.revenue = beta * out.income;
  out.share_of_workers_outside = 1 - at.share;
  out.share_of_workers_low = at.share - at.share_high;
  out.share_of_workers_high = at.share_high;
  auto const mean = [&](Real const& earned, Real const& share) {
    return share > 0 ? Real(unit * earned / share) : not_a_number<Real>;
  };
  out.mean_wage_outside = mean(at.outside, out.share_of_workers_outside);
  out.mean_wage_low = mean(in_low, out.share_of_workers_low);
  out.mean_wage_high = mean(at.high, out.share_of_workers_high);
  out.mean_wage_ratio = out.mean_wage_high / out.mean_wage_low;

  // All that a firm earns it pays to its workers: C F sigma.
  auto const firms = [&](Real const& earned, technology_use<Real> const& use, Real const& cost) {
    return Real(economy.labor * unit * earned / (sigma * cost * use.fixed_cost));
  };
  out.mass_low_technology = firms(in_low, uses.low, out.unit_cost_low);
  out.mass_high_technology = firms(at.high, uses.high, out.unit_cost_high);
  out.mass_producers = out.mass_low_technology + out.mass_high_technology;
  out.mass_exporters =
      (uses.low.exports ? out.mass_low_technology : Real(0)) + (uses.high.exports ? out.mass_high_technology : Real(0));
  out.share_exporting = out.mass_exporters / out.mass_producers;
  out.mass_varieties = out.mass_producers + economy.partners * out.mass_exporters;
  if (in_low > 0 && at.high > 0) {
    out.revenue_ratio = out.unit_cost_high * uses.high.fixed_cost / (out.unit_cost_low * uses.low.fixed_cost);
  }
  Real const exporting = (uses.low.exports ? in_low : Real(0)) + (uses.high.exports ? at.high : Real(0));
  Real const abroad = uses.freeness / (1 + uses.freeness) * exporting / at.sector;
  out.exports = abroad * out.revenue;
  out.domestic_share = 1 - abroad;
  Real const log_price = log_price_index(out.log_demand, out.revenue, sigma);
  out.price_index = exp(log_price);
  out.welfare = unit * income * exp(Real(-beta * log_price));
  out.reason = status::converged;
  out.reference_wage = out.wage(economy.reference_skill);
  out.reference_real_wage = out.real_wage(economy.reference_skill);
  out.reference_premium = out.premium(economy.reference_skill);
  return out;
}

}  // namespace detail

/// Solves for the skill from which on workers leave the outside good: the one unknown, whose root is bracketed in
/// closed form. Workers of one skill that is an atom of the law are divided where they have to be.
///
/// @param law  of skill, any: see productivity_law. E[s^a_H] must be finite
/// @throws domain_error naming a parameter of the economy or of the law that is out of range
/// @return numbers, or NaN and in `reason` why: iteration_limit, not_finite, out_of_range; not_covered for derivatives
/// by
///         outside_skill_elasticity at 0, or where workers of one skill are divided and the law does not say which
/// Accuracy: 1e-12 relative under laws in closed form. Cost: some ten evaluations of the law's tails.
/// Example:
///   auto const e = solve(economy, lognormal<>{0, 0.7});
///   e.real_wage(1.0); e.premium(2.0);
template <productivity_law Law>
[[nodiscard]] skill_technology_equilibrium<law_real_t<Law>> try_solve(
    skill_technology_economy<law_real_t<Law>> const& economy, Law const& law, solve_options const& how = {}) {
  using Real = law_real_t<Law>;
  economy.validate();
  detail::technology_uses<Real> const uses(economy);
  detail::skill_numbers<Real> const given{
      economy.expenditure_share, economy.outside_skill_elasticity, economy.low_skill_elasticity,
      economy.high_skill_elasticity,
      Real(uses.log_cost_ratio / (economy.high_skill_elasticity - economy.low_skill_elasticity))};
  bool const useless = given.outside == 0;  // skill, in the outside good
  skill_technology_equilibrium<Real> out;
  if (useless && !detail::same(given.outside, Real(0))) {  // what moves it asks for moments of log skill
    out.reason = status::not_covered;
    return out;
  }
  auto const outside = detail::tail_for_one_solve(law, useless ? given.low : given.outside),
             low = detail::tail_for_one_solve(law, given.low), high = detail::tail_for_one_solve(law, given.high);
  auto const found = detail::allocate_skills(given, outside, low, high, how);
  if (found.reason == status::converged) {
    out = detail::fill_skill_technology(economy, uses, found);
    out.error_estimate = (std::max)({Real(detail::error_estimate_of(outside)), Real(detail::error_estimate_of(low)),
                                     Real(detail::error_estimate_of(high))});
    if (!detail::representable(out)) out = {.reason = status::out_of_range};
  } else {
    out.reason = found.reason;
  }
  out.evaluations = found.evaluations;
  return out;
}

}  // namespace melitz
