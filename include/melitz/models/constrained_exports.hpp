// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/economy/primitives.hpp>
#include <melitz/entry/menu_entry.hpp>
#include <melitz/menu/average.hpp>
#include <melitz/models/market.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

namespace melitz {

/// Equilibrium of an open economy in which a constraint keeps some firms from exporting although it would pay. The
/// export cutoff is where some firms begin to export. Welfare answers to trade costs by the share of exports in what
/// higher demand would bring, in which the profit of firms that it lets in counts too.
template <real Real = double>
struct constrained_export_equilibrium : market_equilibrium<Real> {
  Real every_export_cutoff = detail::not_a_number<Real>;          ///< from which on all firms export
  Real unconstrained_export_cutoff = detail::not_a_number<Real>;  ///< from which on exporting pays
  Real share_kept_out = detail::not_a_number<Real>;  ///< of producers: exporting would pay, but they only sell at home

  static constexpr auto results() {
    using e = constrained_export_equilibrium;
    using enum part;
    return told::table{
        told::base<market_equilibrium<Real>>(),
        told::quantity("every_export_cutoff", &e::every_export_cutoff, cutoffs, "productivity").of_trade(),
        told::quantity("unconstrained_export_cutoff", &e::unconstrained_export_cutoff, cutoffs, "productivity")
            .of_trade(),
        told::quantity("share_kept_out", &e::share_kept_out, averages, "share of producers").of_trade(),
    };
  }
};

static_assert(detail::tells_every_member<constrained_export_equilibrium<double>>());

namespace detail {

/// Serving home, or home and all partners from a least scaled size on. @pre valid
template <real Real>
[[nodiscard]] menu<Real> constrained_export_menu(open_economy<Real> const& trade, Real const& least_size) {
  menu<Real> out{{"home", Real(1), trade.domestic.fixed_cost}};
  add_exports(out, trade, {"export"});
  if (out.size() > 1) out[1].least_size = std::clamp(least_size, Real(0), Real((std::numeric_limits<Real>::max)()));
  return out;
}

/// The scaled size from which on a firm with this menu exports; infinite if none does.
template <real Real>
[[nodiscard]] Real size_of_exporters(menu<Real> const& options) {
  for (auto const& o : hull(options)) {
    if (o.name == "export") return o.threshold;
  }
  return infinity<Real>;
}

/// @param menus                firms by what they can choose from, each menu as above
/// @param last_size            the scaled size from which on all firms export; NaN where all have the same menu
/// @param moves_with_trade_cost  whether least sizes are proportional to tau^(sigma-1); else they do not depend on it
template <productivity_tail Tail>
[[nodiscard]] constrained_export_equilibrium<typename Tail::real_type> solve_constrained_exports(
    open_economy<typename Tail::real_type> const& trade, std::vector<menu_share<typename Tail::real_type>> const& menus,
    typename Tail::real_type const& last_size, bool moves_with_trade_cost, Tail const& tail, solve_options const& how) {
  using Real = typename Tail::real_type;
  using std::exp, std::log;
  auto const& home = trade.domestic;
  auto const pieces = average_of(menus);
  std::vector<chosen_option<Real>> lines;
  for (auto const& p : pieces) lines.push_back(p.line);

  constrained_export_equilibrium<Real> out;
  if (!(home.required_profit() > 0)) return failed_as(out, status::out_of_range);  // the product has underflowed
  out.choices = solve_choices(lines, envelope_of(pieces), tail, home.required_profit(), home.elasticity, how);
  out.reason = out.choices.reason;
  if (!out) return out;

  // The productivity at a scaled size. Where a segment begins at that size it is the segment's cutoff, to the last
  // digit.
  auto const& segments = out.choices.segments;
  auto const cutoff_at = [&](Real const& size) {
    for (auto const& s : segments) {
      if (s.threshold == size) return s.cutoff;
    }
    return is_finite(size) ? Real(exp(Real((log(size) - out.choices.log_demand) / tail.power()))) : size;
  };
  Real const pays_from = size_of_exporters(constrained_export_menu(trade, Real(0)));
  out.unconstrained_export_cutoff = cutoff_at(pays_from);
  Real const above = [&]() -> Real {  // share of entrants for which exporting pays, where no segment begins there
    if (!is_finite(pays_from)) return Real(0);
    return tail.at(Real((log(pays_from) - out.choices.log_demand) / tail.power())).in_levels().survival;
  }();

  firms_by_market<Real> firms;
  auto &producers = firms.producers, &exporters = firms.exporters;
  Real kept_out(0), boundary(0), beyond(0);
  for (std::size_t k = pieces.size(); k-- > 0;) {  // from the top, so that few firms there add up exactly
    auto const& s = segments[k];
    Real const at_home = pieces[k].picking[0];
    Real const exporting = pieces[k].picking.size() > 1 ? pieces[k].picking[1] : Real(0);
    Real const active = at_home + exporting;
    if (active > 0) producers.cutoff = s.cutoff;
    if (exporting > 0) exporters.cutoff = s.cutoff;
    // Of those at home only, the ones for which exporting pays: all beyond that size, some where it lies in between.
    bool const ends_below = k + 1 < pieces.size() && segments[k + 1].threshold <= pays_from;
    Real const wanting = s.threshold >= pays_from ? s.mass
                         : ends_below             ? Real(0)
                                                  : std::clamp(Real(above - beyond), Real(0), s.mass);
    producers.mass += active * s.mass;
    producers.moment += active * s.moment;
    exporters.mass += exporting * s.mass;
    exporters.moment += exporting * s.moment;
    kept_out += at_home * wanting;
    boundary += s.boundary;
    beyond += s.mass;
  }
  Real const freeness = foreign_market<Real>(trade).freeness;
  Real const profit_abroad = out.choices.demand * trade.partners * freeness * exporters.moment;
  firms.domestic_sales = home.elasticity * out.choices.demand * producers.moment;
  firms.exports = home.elasticity * profit_abroad;
  firms.fixed_cost = home.fixed_cost * producers.mass;
  firms.export_fixed_cost = exports_to_all(trade).fixed_cost * exporters.mass;
  firms.trade_elasticity = trade_elasticity_of(
      out.choices, Real(home.elasticity - 1),
      [&](std::size_t k) {
        return pieces[k].picking.size() > 1 ? Real(trade.partners * freeness * pieces[k].picking[1]) : Real(0);
      },
      [&](std::size_t k, Real const& ratio) {  // beyond where it pays a constraint has kept them out
        bool const kept_from_it = segments[k].threshold > pays_from * (1 + 64 * epsilon<Real>());
        return kept_from_it ? Real(moves_with_trade_cost ? 1 : 0) : ratio;
      });
  close_market(out, trade, firms, out.choices.expected_revenue);
  out.every_export_cutoff = last_size == last_size ? cutoff_at(last_size) : out.export_cutoff;
  out.share_kept_out = kept_out / producers.mass;
  out.welfare_elasticity_of_iceberg_cost = -(profit_abroad + (moves_with_trade_cost ? boundary : Real(0))) /
                                           (out.choices.demand * out.choices.expected_profit_slope);
  return if_representable(out);
}

/// The same where all firms have this menu.
template <productivity_tail Tail>
[[nodiscard]] constrained_export_equilibrium<typename Tail::real_type> solve_constrained_exports(
    open_economy<typename Tail::real_type> const& trade, menu<typename Tail::real_type> const& options,
    bool moves_with_trade_cost, Tail const& tail, solve_options const& how) {
  using Real = typename Tail::real_type;
  return solve_constrained_exports(trade, {{Real(1), options}}, not_a_number<Real>, moves_with_trade_cost, tail, how);
}

}  // namespace detail
}  // namespace melitz
