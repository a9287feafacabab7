// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/entry/free_entry.hpp>
#include <melitz/menu/menu.hpp>
#include <melitz/menu/piecewise_linear.hpp>
#include <melitz/numerics/members.hpp>
#include <melitz/tail/tail.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace melitz {

/// The firms that pick one option of a menu, per entrant.
template <real Real = double>
struct segment {
  std::string option;  ///< its name
  std::size_t index;   ///< its position in the menu; the menu's length for exit
  Real slope;          ///< operating profit per unit of A phi^r
  Real fixed_cost;     ///< in labour
  Real threshold;      ///< scaled size A phi^r from which on it is picked
  Real cutoff;         ///< the same in productivity; latent, 0 for the first
  Real log_cutoff;     ///< ln cutoff
  Real mass;           ///< probability that an entrant picks it
  Real moment;         ///< E[phi^r 1{picks it}]
  Real revenue;        ///< expected revenue, A revenue_slope moment
  Real boundary{0};    ///< dE/dlnA from firms let in where profit jumps, at the threshold; 0 on the envelope
  Real density{0};     ///< -dE[phi^r 1{phi >= x}]/dln x at the cutoff
};

/// A menu at the demand shifter where entry just pays.
///
/// Check `reason` (or the conversion to bool) first: unless it is status::converged every number is NaN and there are
/// no segments.
template <real Real = double>
struct menu_equilibrium {
  using real_type = Real;

  status reason = status::not_solved;
  Real residual = detail::not_a_number<Real>;        ///< expected profit over entry cost, minus one
  Real error_estimate = detail::not_a_number<Real>;  ///< relative error of the law's tail; 0 for closed forms
  int evaluations = 0;                               ///< of the free-entry condition

  Real size_exponent = detail::not_a_number<Real>;          ///< r
  Real demand = detail::not_a_number<Real>;                 ///< A
  Real log_demand = detail::not_a_number<Real>;             ///< ln A
  Real expected_profit = detail::not_a_number<Real>;        ///< E(A), per entrant; equals the entry cost
  Real expected_profit_slope = detail::not_a_number<Real>;  ///< E'(A) = sum of slope * moment, and what jumps add
  Real expected_fixed_cost = detail::not_a_number<Real>;    ///< per entrant
  Real expected_revenue = detail::not_a_number<Real>;       ///< per entrant
  std::vector<segment<Real>> segments{};                    ///< ascending in productivity; exit first if anyone exits

  static constexpr auto results() {
    using e = menu_equilibrium;
    using enum part;
    return told::table{
        told::aside(&e::reason),
        told::quantity("residual", &e::residual, solution, "of free entry"),
        told::quantity("error_estimate", &e::error_estimate, solution, "of the law's tail"),
        told::quantity("evaluations", &e::evaluations, work, "of free entry"),
        told::aside(&e::size_exponent),
        told::quantity("demand", &e::demand, work, "operating profit at size 1", "A"),
        told::aside(&e::log_demand),
        told::aside(&e::expected_profit),
        told::aside(&e::expected_profit_slope),
        told::aside(&e::expected_fixed_cost),
        told::aside(&e::expected_revenue),
        told::aside(&e::segments),
    };
  }

  [[nodiscard]] explicit operator bool() const noexcept { return reason == status::converged; }

  /// d ln E / d ln A; without constraints 1 + expected fixed cost / expected profit, at least 1 when no option pays.
  [[nodiscard]] Real profit_elasticity() const { return Real(demand * expected_profit_slope / expected_profit); }

  /// The segment that a firm of this productivity is in; at a segment's `cutoff` it is that segment (or the steepest of
  /// those whose cutoffs round to the same number). @pre the solve converged
  [[nodiscard]] segment<Real> const& choice(Real const& productivity) const {
    std::size_t k = segments.size();
    while (k > 1 && !(productivity >= segments[k - 1].cutoff)) --k;  // not in logs: log(exp(t)) may round below t
    return segments[k - 1];
  }

  /// Whether a firm of this productivity sells anything. @pre the solve converged
  [[nodiscard]] bool sells(Real const& productivity) const { return choice(productivity).slope > 0; }

  /// Profit of the best option at this productivity. @pre the solve converged
  [[nodiscard]] Real profit(Real const& productivity) const {
    using std::exp, std::log;
    auto const& best = choice(productivity);
    return Real(best.slope * exp(Real(log_demand + size_exponent * log(productivity))) - best.fixed_cost);
  }
};

static_assert(detail::tells_every_member<menu_equilibrium<double>>());

/// Expected profit per entrant and its derivative at a given demand shifter: the two sides of free entry as a curve.
///
/// E(A) = sum_j dF_j J(phi_j) + (base option); E'(A) = sum_j da_j V(phi_j), without boundary terms (envelope theorem)
/// unless a least size binds: then profit jumps by j at phi_j, and E has (dF + j) J + j S, E' a term j phi g/(r A)
/// more.
template <real Real>
struct expected_profit_at {
  Real value;
  Real slope;
};

/// @param demand  A > 0
/// @throws domain_error when demand is not positive and finite
template <productivity_tail Tail>
[[nodiscard]] expected_profit_at<typename Tail::real_type> expected_profit(
    menu<typename Tail::real_type> const& options, Tail const& tail, typename Tail::real_type const& demand) {
  using Real = typename Tail::real_type;
  using std::exp, std::log;
  detail::require(demand > 0 && detail::is_finite(demand), "expected_profit", "demand", demand,
                  "be positive and finite");
  auto const kept = hull(options);
  Real const log_demand = log(demand), r = tail.power();
  Real const base = kept.front().slope * exp(Real(tail.log_moment()));
  Real value = demand * base - kept.front().fixed_cost, slope = base;
  for (std::size_t k = 1; k < kept.size(); ++k) {
    auto const point = tail.at(Real((log(kept[k].threshold) - log_demand) / r));
    Real const scale = point.scale(), jump = kept[k].jump * scale;
    Real const cost = (kept[k].fixed_cost - kept[k - 1].fixed_cost) * scale + jump;
    value += cost * point.excess + jump * point.survival;
    slope += (cost * point.moment() + jump * point.density / r) / demand;
  }
  return {value, slope};
}

namespace detail {

/// @param kept      what firms pick, in ascending order of size
/// @param envelope  of the same
template <productivity_tail Tail>
[[nodiscard]] menu_equilibrium<typename Tail::real_type> solve_choices(
    std::vector<chosen_option<typename Tail::real_type>> const& kept,
    envelope<typename Tail::real_type> const& envelope, Tail const& tail, typename Tail::real_type const& entry_cost,
    typename Tail::real_type const& elasticity, solve_options const& how) {
  using Real = typename Tail::real_type;
  using std::exp, std::log;
  Real const r = tail.power();

  menu_equilibrium<Real> out;
  out.size_exponent = r;
  std::vector<tail_point<Real>> points(envelope.kinks.size());
  Real log_demand, log_cutoff = -detail::infinity<Real>;
  if (points.empty()) {  // one option, which costs nothing: nobody exits and E is linear in A
    detail::require(entry_cost > 0 && detail::is_finite(entry_cost), "free entry", "entry_cost", entry_cost,
                    "be positive and finite");
    Real const to_earn = entry_cost + envelope.base_fixed_cost;
    detail::require(to_earn > 0, "free entry", "entry_cost", entry_cost,
                    "exceed what the cheapest option pays every entrant");
    log_demand = log(Real(to_earn / envelope.base_slope)) - tail.log_moment();
    out.reason = status::converged;
    out.residual = 0;
    out.error_estimate = detail::error_estimate_of(tail);
  } else {
    auto const entry = try_solve_free_entry(envelope, tail, entry_cost, std::span<tail_point<Real>>(points), how);
    out.reason = entry.reason;
    out.evaluations = entry.evaluations;
    if (!entry) return out;
    out.residual = entry.residual;
    out.error_estimate = entry.error_estimate;
    log_cutoff = entry.log_cutoff;
    log_demand = envelope.log_threshold() - r * log_cutoff;
  }
  out.log_demand = log_demand;
  out.demand = exp(log_demand);

  // Survival and moment at every threshold, then differences: what lies between two thresholds.
  Real const all_moment = exp(Real(tail.log_moment()));
  std::vector<Real> survival{Real(1)}, moment{all_moment}, density{Real(0)}, log_cutoffs{-detail::infinity<Real>};
  for (auto* column : {&survival, &moment, &density, &log_cutoffs}) column->reserve(points.size() + 2);
  for (std::size_t k = 0; k < points.size(); ++k) {
    log_cutoffs.push_back(log_cutoff + envelope.kinks[k].log_ratio / r);
    // Firms above a higher threshold are not more, which the rounding of two tails does not know.
    Real const share = points[k].survival * points[k].scale();
    survival.push_back(share < survival.back() ? share : survival.back());
    Real const unit = exp(Real(points[k].log_scale + r * log_cutoffs.back())), size = points[k].moment() * unit;
    density.push_back(points[k].density * unit);
    moment.push_back(size < moment.back() ? size : moment.back());
  }
  survival.push_back(Real(0));
  moment.push_back(Real(0));
  Real slope(0), fixed(0), revenue(0);
  out.segments.reserve(kept.size());
  for (std::size_t k = 0; k < kept.size(); ++k) {
    Real const mass = survival[k] - survival[k + 1], part = moment[k] - moment[k + 1];
    Real const per_size =
        kept[k].revenue_slope == kept[k].revenue_slope ? kept[k].revenue_slope : Real(elasticity * kept[k].slope);
    Real const earned = per_size * (out.demand * part);
    out.segments.push_back({kept[k].name, kept[k].index, kept[k].slope, kept[k].fixed_cost, kept[k].threshold,
                            Real(exp(log_cutoffs[k])), log_cutoffs[k], mass, part, earned, Real(0), density[k]});
    slope += kept[k].slope * part;
    fixed += kept[k].fixed_cost * mass;
    revenue += earned;
  }
  out.expected_profit = entry_cost * (1 + out.residual);
  // Firms that a constraint lets in as demand rises gain at once.
  for (std::size_t k = 0; k < points.size(); ++k) {
    if (!(envelope.kinks[k].jump > 0)) continue;
    Real const firms = points[k].density * points[k].scale();
    Real const boundary = envelope.kinks[k].jump * envelope.fixed_cost * firms / r;
    out.segments[k + 1].boundary = boundary;
    slope += boundary / out.demand;
  }
  out.expected_profit_slope = slope;
  out.expected_fixed_cost = fixed;
  out.expected_revenue = revenue;
  if (!(out.demand > 0) || !detail::is_finite(out.demand) || !detail::is_finite(slope)) {
    menu_equilibrium<Real> failed;
    failed.reason = status::out_of_range;
    failed.evaluations = out.evaluations;
    return failed;
  }
  return out;
}

/// Revenue is elasticity times operating profit only where size is phi^(elasticity - 1). Without an elasticity there is
/// no revenue, nor an error.
/// @throws domain_error where the tail is bound to another power and an option leaves its revenue to that rule
template <real Real>
void require_power_of(std::vector<chosen_option<Real>> const& kept, Real const& power, Real const& elasticity) {
  bool missing = false;
  for (auto const& o : kept) missing = missing || (o.slope > 0 && !(o.revenue_slope == o.revenue_slope));
  Real const gap = power - (elasticity - 1), room = 16 * epsilon<Real>() * (1 + power);
  require(!missing || !(elasticity == elasticity) || (gap <= room && gap >= -room), "free entry", "tail.power()", power,
          "equal elasticity - 1, or every option must name its revenue_slope");
}

}  // namespace detail

/// Solves free entry for a menu: the demand shifter A at which an entrant's expected profit equals the entry cost.
///
/// @param options     what firms choose from; exit is implied
/// @param tail        the law bound to the size exponent, tail_of(law, size_exponent)
/// @param entry_cost  expected profit per entrant that pays for entry, > 0; in a steady state death rate times cost
/// @param elasticity  revenue over operating profit for options that name no revenue_slope; NaN if all of them do, or
///                    if no revenue is wanted
/// @throws domain_error naming the option, or the entry cost, that is out of range, or where the tail's power is not
///         elasticity - 1 although an option names no revenue_slope
/// Example: a technology that costs 2.5 instead of 1 and earns twice as much:
///   auto const s = try_solve_free_entry(menu<>{{"old", 1, 1}, {"new", 2, 2.5}}, tail_of(draws, 3.0), 0.1, 4.0);
template <productivity_tail Tail>
[[nodiscard]] menu_equilibrium<typename Tail::real_type> try_solve_free_entry(
    menu<typename Tail::real_type> const& options, Tail const& tail, typename Tail::real_type const& entry_cost,
    typename Tail::real_type const& elasticity, solve_options const& how = {}) {
  auto const kept = hull(options);
  detail::require_power_of(kept, typename Tail::real_type(tail.power()), elasticity);
  return detail::solve_choices(kept, envelope_of(kept), tail, entry_cost, elasticity, how);
}

/// The same for a profit function of scaled size, such as the sum of menus in several markets. The segments are its
/// linear pieces.
template <productivity_tail Tail>
[[nodiscard]] menu_equilibrium<typename Tail::real_type> try_solve_free_entry(
    convex_piecewise_linear<typename Tail::real_type> const& profit, Tail const& tail,
    typename Tail::real_type const& entry_cost, typename Tail::real_type const& elasticity,
    solve_options const& how = {}) {
  auto const pieces = pieces_of(profit);
  detail::require_power_of(pieces, typename Tail::real_type(tail.power()), elasticity);
  return detail::solve_choices(pieces, envelope_of(profit), tail, entry_cost, elasticity, how);
}

/// As try_solve_free_entry, but a failure is an exception. @throws domain_error, convergence_error
template <productivity_tail Tail, class Choices = menu<typename Tail::real_type>>
[[nodiscard]] auto solve_free_entry(Choices const& choices, Tail const& tail,
                                    typename Tail::real_type const& entry_cost,
                                    typename Tail::real_type const& elasticity, solve_options const& how = {}) {
  auto out = try_solve_free_entry(choices, tail, entry_cost, elasticity, how);
  if (!out) throw convergence_error("melitz::solve_free_entry", out.reason);
  return out;
}

/// No tail; see tail/mistake.hpp.
template <class Choices, class Law, class Mistake = detail::mistake_for_a_tail<Law>>
requires(!productivity_tail<Law>) void try_solve_free_entry(Choices const&, Law const&,
                                                            law_real_t<Law> const& entry_cost,
                                                            law_real_t<Law> const& elasticity,
                                                            solve_options const& = {}) = delete;
template <class Choices, class Law, class Mistake = detail::mistake_for_a_tail<Law>>
requires(!productivity_tail<Law>) void solve_free_entry(Choices const&, Law const&, law_real_t<Law> const& entry_cost,
                                                        law_real_t<Law> const& elasticity,
                                                        solve_options const& = {}) = delete;

}  // namespace melitz
