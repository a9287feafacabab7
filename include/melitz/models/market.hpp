// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/economy/ces.hpp>
#include <melitz/economy/primitives.hpp>
#include <melitz/economy/solve.hpp>
#include <melitz/entry/menu_entry.hpp>
#include <melitz/models/autarky.hpp>

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <initializer_list>

namespace melitz {

/// What every model of a menu says of its equilibrium. Check `reason` (or the conversion to bool) first: unless it
/// converged the numbers are NaN. A choice that no firm would make, however productive or not, has an infinite cutoff.
/// As in the open economy a cutoff is not clipped to the support of the law.
template <real Real = double>
struct choices_equilibrium {
  using real_type = Real;

  status reason = status::not_solved;
  menu_equilibrium<Real> choices{};                  ///< who does what, and the demand shifter
  Real cutoff = detail::not_a_number<Real>;          ///< phi*, of producing; 0 if nobody exits
  Real mass_entrants = detail::not_a_number<Real>;   ///< alive, whether they produce or not
  Real mass_producers = detail::not_a_number<Real>;  ///< of them, those that do not exit
  Real mass_varieties = detail::not_a_number<Real>;  ///< consumed in a country, from all countries

  static constexpr auto results() {
    using e = choices_equilibrium;
    using enum part;
    return told::table{
        told::aside(&e::reason),
        told::nested(&e::choices),
        told::quantity("cutoff", &e::cutoff, cutoffs, "productivity", "phi*"),
        told::positive("mass_entrants", &e::mass_entrants, masses, "firms, ever active or not"),
        told::positive("mass_producers", &e::mass_producers, masses, "firms"),
        told::positive("mass_varieties", &e::mass_varieties, masses, "varieties consumed"),
    };
  }

  [[nodiscard]] explicit operator bool() const noexcept { return reason == status::converged; }
};

/// The same of a model in which firms may export to countries alike.
template <real Real = double>
struct exporters_equilibrium : choices_equilibrium<Real> {
  Real export_cutoff = detail::not_a_number<Real>;    ///< phi_x, least productivity of an exporter
  Real share_exporting = detail::not_a_number<Real>;  ///< of producers
  Real mass_exporters = detail::not_a_number<Real>;
  Real revenue = detail::not_a_number<Real>;         ///< of all firms
  Real domestic_share = detail::not_a_number<Real>;  ///< of what consumers spend, on varieties of home firms sold there
  Real exports = detail::not_a_number<Real>;         ///< of all firms to all partners
  Real export_share = detail::not_a_number<Real>;    ///< of the revenue of all firms, exports
  /// -d ln exports/d ln tau at given demand, wages and mass of entrants: see trade_elasticity_of(); NaN without
  /// exports.
  Real trade_elasticity = detail::not_a_number<Real>;

  static constexpr auto results() {
    using e = exporters_equilibrium;
    using enum part;
    return told::table{
        told::base<choices_equilibrium<Real>>(),
        told::quantity("export_cutoff", &e::export_cutoff, cutoffs, "productivity", "phi_x").of_trade(),
        told::quantity("share_exporting", &e::share_exporting, averages, "share of producers").of_trade(),
        told::quantity("mass_exporters", &e::mass_exporters, masses, "firms").of_trade(),
        told::positive("revenue", &e::revenue, aggregates, "numeraire"),
        told::quantity("domestic_share", &e::domestic_share, aggregates, "share of spending", "lambda"),
        told::quantity("exports", &e::exports, aggregates, "numeraire").of_trade(),
        told::quantity("export_share", &e::export_share, aggregates, "share of revenue").of_trade(),
        told::quantity("trade_elasticity", &e::trade_elasticity, elasticities, "of exports to trade cost, minus")
            .of_trade(),
    };
  }
};

/// The same where the wage is the numeraire.
template <real Real = double>
struct market_equilibrium : exporters_equilibrium<Real> {
  Real price_index = detail::not_a_number<Real>;  ///< P, from A = L P^(sigma-1) rho^(sigma-1) / sigma
  Real welfare = detail::not_a_number<Real>;      ///< real wage, 1/P
  Real labor_entry = detail::not_a_number<Real>;
  Real labor_fixed = detail::not_a_number<Real>;         ///< all fixed costs but those of exporting
  Real labor_export_fixed = detail::not_a_number<Real>;  ///< of reaching partners by exports
  Real labor_variable = detail::not_a_number<Real>;
  /// d ln W/d ln tau, under every law: minus the export share, unless a model says otherwise.
  Real welfare_elasticity_of_iceberg_cost = detail::not_a_number<Real>;

  static constexpr auto results() {
    using e = market_equilibrium;
    using enum part;
    return told::table{
        told::base<exporters_equilibrium<Real>>(),
        told::positive("price_index", &e::price_index, aggregates, "wages", "P"),
        told::positive("welfare", &e::welfare, aggregates, "real income per worker"),
        told::quantity("labor_entry", &e::labor_entry, labor_uses, "workers"),
        told::quantity("labor_fixed", &e::labor_fixed, labor_uses, "workers"),
        told::quantity("labor_export_fixed", &e::labor_export_fixed, labor_uses, "workers").of_trade(),
        told::quantity("labor_variable", &e::labor_variable, labor_uses, "workers"),
        told::quantity("welfare_elasticity_of_iceberg_cost", &e::welfare_elasticity_of_iceberg_cost, elasticities,
                       "of welfare to trade cost")
            .of_trade(),
    };
  }
};

/// Adds to a menu what it has with exports to all partners too: sales (1 + n tau^(1-sigma)) times as high for n f_x
/// more. Adds nothing where no trade is possible.
/// @param names  of what is added, one for each option of the menu
/// @return the market abroad
/// @pre the economy is valid
template <real Real>
foreign_market<Real> add_exports(menu<Real>& options, open_economy<Real> const& trade,
                                 std::initializer_list<char const*> names) {
  foreign_market<Real> const abroad(trade);
  if (abroad.regime == regime::closed) return abroad;
  Real const markets = 1 + trade.partners * abroad.freeness, cost = trade.partners * trade.export_fixed_cost;
  options.reserve(options.size() + names.size());
  auto from = options.cbegin();
  for (auto const* name : names) {
    auto const& o = *from++;
    options.push_back({name, Real(o.slope * markets), Real(o.fixed_cost + cost), Real(o.revenue_slope * markets)});
  }
  return abroad;
}

/// What an option has of exports.
template <real Real = double>
struct sales_abroad {
  Real share{0};       ///< of the revenue of firms with this option
  Real fixed_cost{0};  ///< of its fixed cost
};

/// Of who exports to all partners: n tau^(1-sigma)/(1 + n tau^(1-sigma)) of revenue for n f_x; nothing without trade.
/// @pre the economy is valid
template <real Real>
[[nodiscard]] sales_abroad<Real> exports_to_all(open_economy<Real> const& trade) {
  foreign_market<Real> const abroad(trade);
  if (abroad.regime == regime::closed) return {};
  Real const markets = trade.partners * abroad.freeness;
  return {Real(markets / (1 + markets)), Real(trade.partners * trade.export_fixed_cost)};
}

/// Firms that some of a menu's options have in common, per entrant.
template <real Real = double>
struct chosen_group {
  Real cutoff = detail::infinity<Real>;  ///< the least productive of them; infinite where no firm would be one
  Real mass{0};                          ///< probability that an entrant is one
  Real moment{0};                        ///< E[phi^r 1{is one}]
  Real revenue{0};                       ///< expected revenue that they earn
};

/// The firms whose option fits a description.
/// @param count  how many options the menu has; exit fits no description
/// @param fits   of an option's position in the menu
/// @pre the solve converged
template <real Real, class Fits>
[[nodiscard]] chosen_group<Real> firms_that(menu_equilibrium<Real> const& choices, std::size_t count,
                                            Fits const& fits) {
  chosen_group<Real> out;
  for (auto const& s : choices.segments) {
    if (s.index >= count || !fits(s.index)) continue;
    out.cutoff = std::min(out.cutoff, s.cutoff);
    out.mass += s.mass;
    out.moment += s.moment;
    out.revenue += s.revenue;
  }
  return out;
}

/// Minus d ln exports/d ln tau at given demand, wages and mass of entrants. To what exporters sell less comes what is
/// lost with firms whose best option is another one now: the cutoff between two options moves by what the dearer one
/// exports more, over what it earns more. (So where all producers export it moves by less than tau.)
///
/// @param own       the same of an exporter with the same option
/// @param exported  of a segment's position: the part of its slope that is earned by exports
/// @param moved     of a segment's position, and of exports over earnings, the d ln cutoff/d ln tau where it begins
/// @return NaN where nobody exports
/// @pre the solve converged
template <real Real, class Exported, class Moved>
[[nodiscard]] Real trade_elasticity_of(menu_equilibrium<Real> const& choices, Real const& own, Exported const& exported,
                                       Moved const& moved) {
  Real sold(0), lost(0), exported_before(0), slope_before(0);
  for (std::size_t k = 0; k < choices.segments.size(); ++k) {
    auto const& s = choices.segments[k];
    Real const here = exported(k), more = here - exported_before;
    sold += here * s.moment;
    if (more != 0 && s.density > 0) lost += more * s.density * moved(k, Real(more / (s.slope - slope_before)));
    exported_before = here;
    slope_before = s.slope;
  }
  return sold > 0 ? Real(own + lost / sold) : detail::not_a_number<Real>;
}

/// Producers and exporters, and what they sell and pay, per entrant.
template <real Real = double>
struct firms_by_market {
  chosen_group<Real> producers{}, exporters{};
  Real domestic_sales{0}, exports{0};
  Real fixed_cost{0};  ///< without that of exporting
  Real export_fixed_cost{0};
  Real trade_elasticity = detail::not_a_number<Real>;
};

/// @param count   how many options the menu has
/// @param own     by how much an exporter's sales abroad fall with tau
/// @param moves   by how much the cutoff of an option that only exports would rise with tau
/// @param abroad  of an option's position in the menu: its sales_abroad
/// @pre the solve converged; revenue is in one proportion to the slope
template <real Real, class Abroad>
[[nodiscard]] firms_by_market<Real> firms_of(menu_equilibrium<Real> const& choices, std::size_t count, Real const& own,
                                             Real const& moves, Abroad const& abroad) {
  firms_by_market<Real> out{firms_that(choices, count, [](std::size_t) { return true; }),
                            firms_that(choices, count, [&](std::size_t k) { return abroad(k).share > 0; })};
  auto const of_segment = [&](segment<Real> const& s) {
    return s.index < count ? sales_abroad<Real>(abroad(s.index)) : sales_abroad<Real>();
  };
  for (auto const& s : choices.segments) {
    auto const there = of_segment(s);
    Real const exported = s.revenue * there.share;
    out.exports += exported;
    out.domestic_sales += s.revenue - exported;
    out.export_fixed_cost += s.mass * there.fixed_cost;
    out.fixed_cost += s.mass * (s.fixed_cost - there.fixed_cost);
  }
  out.trade_elasticity = trade_elasticity_of(
      choices, own,
      [&](std::size_t k) { return Real(of_segment(choices.segments[k]).share * choices.segments[k].slope); },
      [&](std::size_t, Real const& ratio) { return Real(moves * ratio); });
  return out;
}

/// All that an equilibrium says of producers and exporters.
/// @param income    what consumers spend
/// @param spending  of it, what they are expected to spend on an entrant's varieties
/// @param partners  that each exporter serves
template <real Real>
void set_firms(exporters_equilibrium<Real>& out, Real const& income, Real const& spending, Real const& partners,
               firms_by_market<Real> const& firms) {
  auto const& [producers, exporters, domestic_sales, exports, fixed_cost, export_fixed_cost, elasticity] = firms;
  out.cutoff = producers.cutoff;
  out.export_cutoff = exporters.cutoff;
  out.share_exporting = exporters.mass / producers.mass;
  out.mass_entrants = income / spending;
  out.mass_producers = out.mass_entrants * producers.mass;
  out.mass_exporters = out.mass_entrants * exporters.mass;
  out.mass_varieties = out.mass_producers + partners * out.mass_exporters;
  out.revenue = out.mass_entrants * out.choices.expected_revenue;
  out.domestic_share = domestic_sales / spending;
  if (out.domestic_share > 1) out.domestic_share = 1;  // by a rounding
  out.exports = out.mass_entrants * exports;
  out.export_share = exports / out.choices.expected_revenue;
  out.trade_elasticity = elasticity;
}

/// All that the market of symmetric countries makes of a menu: income is spent on it, the wage is the numeraire.
/// @param spending  expected spending on an entrant's varieties, which adds up to income over all entrants: revenue,
///                  unless somebody else earns a part of what consumers pay
/// @pre the solve converged
template <real Real>
void close_market(market_equilibrium<Real>& out, open_economy<Real> const& trade, firms_by_market<Real> const& firms,
                  Real const& spending) {
  using std::exp;
  auto const& home = trade.domestic;
  auto const& choices = out.choices;
  Real const log_price = log_price_index(choices.log_demand, home.labor, home.elasticity);
  Real variable(0);
  for (auto const& s : choices.segments) variable += s.revenue - choices.demand * (s.slope * s.moment);
  set_firms(out, home.labor, spending, trade.partners, firms);
  out.price_index = exp(log_price);
  out.welfare = exp(Real(-log_price));
  out.labor_entry = out.mass_entrants * home.required_profit();
  out.labor_fixed = out.mass_entrants * firms.fixed_cost;
  out.labor_export_fixed = out.mass_entrants * firms.export_fixed_cost;
  out.labor_variable = out.mass_entrants * variable;
  out.welfare_elasticity_of_iceberg_cost = -out.export_share;
}

/// The same where entrants earn all that consumers spend; firms as in firms_of().
template <real Real, class Abroad>
void close_market(market_equilibrium<Real>& out, open_economy<Real> const& trade, std::size_t count,
                  Abroad const& abroad) {
  auto const firms = firms_of(out.choices, count, Real(trade.domestic.elasticity - 1), Real(1), abroad);
  close_market(out, trade, firms, out.choices.expected_revenue);
}

/// A model of this room: primitives that know which power of productivity a firm's size is.
template <class Economy>
concept model_economy = requires(Economy const& economy) {
  typename Economy::real_type;
  economy.validate();
  { economy.size_exponent() } -> std::convertible_to<typename Economy::real_type>;
};

namespace detail {

/// @throws domain_error naming a primitive that is out of range, or unless the tail is bound to the model's power of
///         productivity
template <model_economy Economy, productivity_tail Tail>
void require_size_exponent(Economy const& economy, Tail const& tail) {
  using Real = typename Tail::real_type;
  economy.validate();
  Real const r = economy.size_exponent();
  if (!same(Real(tail.power()), r)) {
    reject("try_solve", "tail.power()", static_cast<double>(tail.power()),
           "equal the model's size exponent, " + to_text(static_cast<double>(r)));
  }
}

/// The options of a model.
/// @throws domain_error naming a primitive that is out of range, or unless the tail is bound to the model's power
template <model_economy Economy, productivity_tail Tail>
[[nodiscard]] auto checked_options(Economy const& economy, Tail const& tail) {
  require_size_exponent(economy, tail);
  return economy.options();
}

/// What a model's firms choose where entry pays. Its primitives are legal, so that a slope, a cost or a required profit
/// beyond the number type is nobody's mistake: out_of_range.
/// @param required_profit  expected profit per entrant that pays for entry
template <productivity_tail Tail>
[[nodiscard]] menu_equilibrium<typename Tail::real_type> try_solve_choices(
    menu<typename Tail::real_type> const& options, Tail const& tail, typename Tail::real_type const& required_profit,
    typename Tail::real_type const& elasticity, solve_options const& how) {
  using Real = typename Tail::real_type;
  bool fits = required_profit > 0 && is_finite(required_profit), any_slope = false;
  for (auto const& o : options) {
    fits = fits && is_finite(o.slope) && is_finite(o.fixed_cost);
    any_slope = any_slope || o.slope > 0;
  }
  if (fits && any_slope) return try_solve_free_entry(options, tail, required_profit, elasticity, how);
  menu_equilibrium<Real> failed;
  failed.reason = status::out_of_range;
  return failed;
}

/// The same as an equilibrium of which nothing else is known yet.
template <class Equilibrium, productivity_tail Tail>
[[nodiscard]] Equilibrium choose(menu<typename Tail::real_type> const& options, Tail const& tail,
                                 typename Tail::real_type const& required_profit,
                                 typename Tail::real_type const& elasticity, solve_options const& how) {
  Equilibrium out;
  out.choices = try_solve_choices(options, tail, required_profit, elasticity, how);
  out.reason = out.choices.reason;
  return out;
}

/// No numbers, and why; what was spent on them is kept.
template <class Equilibrium>
[[nodiscard]] Equilibrium failed_as(Equilibrium const& out, status why) {
  Equilibrium failed;
  failed.reason = failed.choices.reason = why;
  failed.choices.evaluations = out.choices.evaluations;
  return failed;
}

/// The last step of every model: its equilibrium, if the numbers that it always has are positive and finite, or else
/// out_of_range.
template <class Equilibrium>
[[nodiscard]] Equilibrium if_representable(Equilibrium const& out) {
  return representable(out) ? out : failed_as(out, status::out_of_range);
}

}  // namespace detail

/// Solves any model of this room under a law of productivity.
/// @throws domain_error naming a parameter of the economy or of the law that is out of range
/// Example:
///   technology_economy<> const economy{trade, 1.3, 2.5};
///   auto const e = solve(economy, lognormal<>{0, 0.6});  e.upgrade_cutoff; e.share_upgrading;
template <model_economy Economy, productivity_law Law>
requires requires(Economy const& e, tail_of_t<Law> const& tail, solve_options const& how) { try_solve(e, tail, how); }
[[nodiscard]] auto try_solve(Economy const& economy, Law const& law, solve_options const& how = {}) {
  economy.validate();
  return try_solve(economy, detail::tail_for_one_solve(law, economy.size_exponent()), how);
}

/// No law; see tail/mistake.hpp.
template <model_economy Economy, class Law, class Mistake = detail::mistake_of<Economy, Law>>
requires(!std::same_as<Mistake, mistake::none>) void try_solve(Economy const&, Law const&,
                                                               solve_options const& = {}) = delete;

}  // namespace melitz
