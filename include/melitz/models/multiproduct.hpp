// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/economy/ces.hpp>
#include <melitz/economy/solve_or_throw.hpp>
#include <melitz/entry/convex_entry.hpp>
#include <melitz/law/laws_by.hpp>
#include <melitz/law/pareto.hpp>
#include <melitz/law/power_interval.hpp>
#include <melitz/models/market.hpp>
#include <melitz/models/multiproduct_firms.hpp>

#include <cmath>
#include <concepts>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace melitz {

namespace detail {

/// What a firm sells in some markets together, in units in which the firm's fixed cost and E[lambda^r] are one: a
/// product pays from this operating profit at home on, Y lambda^r, and costs so much there.
template <real Real>
struct products_sold {
  char const* name;
  Real log_threshold, cost;

  /// h(Y) = cost J(l) with l = (threshold/Y)^(1/r) the least attribute sold; h' = cost M(l)/Y; h'' = cost z(l)/(r Y^2),
  /// with z the density of ln lambda.
  [[nodiscard]] convex_part<Real> part(erased_tail<Real> const& attributes) const {
    using std::exp, std::log;
    Real const r = attributes.power(), at_one = log_threshold;
    auto const at = [attributes, r, at_one](Real const& y) { return attributes.at(Real((at_one - log(y)) / r)); };
    Real const c = cost;
    convex_part<Real> out{name,
                          [at, c](Real const& y) {
                            auto const p = at(y);
                            return Real(c * p.excess * p.scale());
                          },
                          [at, c](Real const& y) {
                            auto const p = at(y);
                            return Real(c * p.moment() * p.scale() / y);
                          },
                          [at, c, r](Real const& y) {
                            auto const p = at(y);
                            return p.density > 0 ? Real(c / r * p.density * p.scale() / y / y) : Real(0);
                          },
                          {}};
    for (Real const& kink : attributes.log_kinks()) out.bends.push_back(Real(exp(Real(log_threshold - r * kink))));
    return out;
  }
};

/// What a firm may do: sell at home, or export too. In the units of products_sold.
template <real Real>
struct product_menu {
  product_thresholds<Real> thresholds;
  Real log_unit;                                         ///< ln of the size Y that is one
  std::vector<std::vector<products_sold<Real>>> sold{};  ///< by option
  convex_menu<Real> options{};

  product_menu(multiproduct_economy<Real> const& economy, erased_tail<Real> const& attributes) : thresholds(economy) {
    using std::log;
    auto const& trade = economy.trade;
    Real const firm = trade.domestic.fixed_cost, f = economy.product_fixed_cost;
    log_unit = log(firm) - attributes.log_moment();
    products_sold<Real> const home{"home", Real(thresholds.home - log_unit), Real(f / firm)};
    add("home", Real(1), {home}, attributes);
    if (thresholds.regime == regime::closed) return;
    Real const n = trade.partners, abroad = n * economy.product_export_fixed_cost / firm;
    Real const log_abroad = thresholds.abroad - log_unit, fixed = 1 + n * trade.export_fixed_cost / firm;
    if (thresholds.regime == regime::selection) {
      add("exports", fixed, {home, {"abroad", log_abroad, abroad}}, attributes);
    } else {
      add("exports", fixed, {{"both", log_abroad, Real(home.cost + abroad)}}, attributes);
    }
  }

 private:
  void add(char const* name, Real const& fixed, std::vector<products_sold<Real>> what,
           erased_tail<Real> const& attributes) {
    convex_option<Real> option{name, fixed, {}};
    for (auto const& s : what) option.parts.push_back(s.part(attributes));
    options.push_back(std::move(option));
    sold.push_back(std::move(what));
  }
};

/// @throws domain_error where a share of all product lines has one attribute
template <real Real>
void require_no_atoms(erased_tail<Real> const& attributes) {
  using std::abs;
  for (Real const& kink : attributes.log_kinks()) {
    Real const step = epsilon<Real>() * 1024 * (1 + abs(kink));
    auto const at = attributes.at(kink), above = attributes.at(Real(kink + step));
    Real const atom = at.survival * at.scale() - above.survival * above.scale();
    bool const smooth =
        atom <= Real(1e-9) || atom <= 2 * step * (at.density * at.scale() + above.density * above.scale());
    require(smooth, "multiproduct_economy", "share of products that have one attribute", atom,
            "be 0: attributes are drawn from a law with a density");
  }
}

/// Free entry in closed form, under Pareto laws of ability and of attributes: expected profit is a power of the demand
/// shifter. Between a firm's threshold and the size from which on it sells every product, z(l) is a power of size as S
/// is, and what products curve by is the integral of an exponential; above, nothing curves.
/// @return not solved where the cutoff is below the lowest ability
template <real Real>
[[nodiscard]] convex_menu_equilibrium<Real> solve_pareto_products(product_menu<Real> const& menu,
                                                                  std::vector<chosen_convex_option<Real>> const& kept,
                                                                  pareto<Real> const& ability,
                                                                  pareto<Real> const& attributes, Real const& power,
                                                                  Real const& entry_cost) {
  using std::exp, std::log;
  Real const k = ability.shape / power, z = attributes.shape / power, log_least = log(attributes.scale);
  auto const& options = menu.options;
  Real const log_first = log(kept[1].threshold);
  // With a productivity distribution that begins at the cutoff.
  std::vector<std::vector<curved_part<Real>>> curved;
  Real profit(0);
  for (std::size_t s = 1; s < kept.size(); ++s) {
    Real const t = kept[s].threshold, log_t = log(t), survival = exp(Real(-k * (log_t - log_first)));
    auto const slope = [&](auto const& part) { return part.slope(t); };
    profit += gain_over_parts(options, kept[s - 1].index, kept[s].index, slope) * t * survival / (k - 1);
    curved.emplace_back();
    for (auto const& sold : menu.sold[kept[s].index]) {
      Real const log_all = sold.log_threshold - power * log_least;  // from here on every product
      Real to = log_all;
      if (s + 1 < kept.size()) {
        Real const next = log(kept[s + 1].threshold);
        if (next < to) to = next;
      }
      curved_part<Real> part;
      if (to > log_t) {
        part.survival = sold.cost * z * exp(Real(z * (log_t - log_all))) * survival *
                        exponential_integral_to(Real(z - k), Real(to - log_t));
        part.excess = part.survival / (k - 1);
        part.density = part.survival * ability.shape;
      }
      profit += part.excess;
      curved.back().push_back(part);
    }
  }
  convex_menu_equilibrium<Real> out;
  Real const producing = entry_cost / profit;
  if (!(producing < 1)) return out;
  Real const log_cutoff = log(ability.scale) - log(producing) / ability.shape;
  begin_segments(out, options, kept, Real(log_first - power * log_cutoff), power);
  auto const tail = ability.tail(power);
  for (std::size_t s = 1; s < kept.size(); ++s) {
    auto& segment = out.segments[s];
    segment.tail = tail.at(Real(log_cutoff + (log(kept[s].threshold) - log_first) / power));
    segment.parts = std::move(curved[s - 1]);
    for (auto& part : segment.parts) {
      part.survival *= producing;
      part.excess *= producing;
      part.density *= producing;
    }
  }
  add_up_segments(out, options, Real(0));
  out.reason = status::converged;
  out.expected_profit = out.expected_operating_profit - out.expected_fixed_cost;
  out.residual = out.expected_profit / entry_cost - 1;
  out.error_estimate = 0;
  out.evaluations = 1;
  return out;
}

/// What is sold somewhere by the firms of a segment, per entrant.
template <real Real>
struct sold_by_firms {
  Real products{0}, variable{0};  ///< share of product lines; operating profit

  /// All that firms above a segment's threshold sell, if the segment's parts curve as these do.
  void add(products_sold<Real> const& sold, erased_tail<Real> const& attributes, convex_segment<Real> const& from,
           Real const& sign) {
    using std::log;
    auto const least = attributes.at(Real((sold.log_threshold - log(from.threshold)) / attributes.power()));
    Real const scale = sign * least.scale() * from.tail.scale();
    products += scale * least.survival * from.tail.survival;
    variable += scale * sold.cost * least.moment() * from.tail.moment();
  }
  void add(products_sold<Real> const& sold, curved_part<Real> const& curved) {
    products += curved.survival / sold.cost;
    variable += curved.survival + curved.excess;
  }
};

/// Exports and their three margins, and how these answer to trade costs; see docs/models/multiproduct.md.
/// @param away  of exporters: products, and operating profit of what is sold abroad
template <real Real>
void set_margins(multiproduct_equilibrium<Real>& out, product_menu<Real> const& menu,
                 erased_tail<Real> const& attributes, convex_menu_equilibrium<Real> const& choices,
                 convex_segment<Real> const& exporters, sold_by_firms<Real> const& away) {
  using std::exp, std::log;
  auto const& t = menu.thresholds;
  auto const& sold = menu.sold[1].back();
  Real const n = out.economy.trade.partners, r = attributes.power(), markets = 1 + n * t.freeness;
  auto const least = attributes.at(Real((sold.log_threshold - log(exporters.threshold)) / r));
  bool const all = t.regime == regime::all_export;
  Real const of_sold = all ? Real(n * t.freeness / markets) : Real(1);  // exports in what is sold so
  // d ln of the cutoffs of products and of firms/d ln tau.
  Real const moves_products = of_sold;
  auto const slope = [&](auto const& part) { return part.slope(exporters.threshold); };
  Real const below = &exporters == &choices.segments[1] ? slope_of(menu.options, 1, exporters.threshold)
                                                        : gain_over_parts(menu.options, 0, 1, slope);
  Real const moves_firms = of_sold * sold.cost * least.moment() * least.scale() / (below * exporters.threshold);
  Real const density = exporters.tail.density * exporters.tail.scale();
  Real const inside = moves_products * exporters.parts.back().density / sold.cost;
  Real const fewer = moves_firms * density * least.survival * least.scale() + inside;
  Real const less = moves_firms * density * least.moment() * least.scale() + inside;
  out.firms_elasticity = moves_firms * exporters.tail.density / exporters.tail.survival;
  Real const all_products = fewer / away.products;
  out.trade_elasticity = r + less / (away.variable / (of_sold * sold.cost));
  out.products_elasticity = all_products - out.firms_elasticity;
  out.sales_elasticity = out.trade_elasticity - all_products;
  out.export_product_cutoff = exp(Real((sold.log_threshold - log(exporters.threshold)) / r));
}

/// As try_solve, by tails; and by Pareto laws where both are.
template <real Real>
[[nodiscard]] multiproduct_equilibrium<Real> solve_products(
    multiproduct_economy<Real> const& economy, erased_tail<Real> const& ability, erased_tail<Real> const& attributes,
    solve_options const& how, pareto<Real> const* of_ability = nullptr, pareto<Real> const* of_attributes = nullptr) {
  using std::exp, std::log;
  multiproduct_equilibrium<Real> out;
  auto const failed = [&](status why) {
    multiproduct_equilibrium<Real> none;
    none.reason = why;
    none.evaluations = out.evaluations;
    return none;
  };
  auto const& home = economy.trade.domestic;
  product_menu<Real> const menu(economy, attributes);
  Real const entry_cost = home.required_profit() / home.fixed_cost;
  bool fits = is_representable(entry_cost) && is_finite(menu.log_unit);
  for (std::size_t k = 0; k < menu.options.size(); ++k) {
    fits = fits && is_finite(menu.options[k].fixed_cost);
    for (auto const& s : menu.sold[k]) fits = fits && is_representable(s.cost) && is_finite(s.log_threshold);
  }
  if (!fits) return failed(status::out_of_range);
  auto const kept = hull_of(menu.options);
  if (kept.size() < 2 || (menu.options.size() == 2 && kept.back().index != 1)) return failed(status::out_of_range);

  convex_menu_equilibrium<Real> choices;
  if (of_ability != nullptr) {
    choices = solve_pareto_products(menu, kept, *of_ability, *of_attributes, Real(attributes.power()), entry_cost);
  }
  if (!choices) choices = solve_convex_entry(menu.options, kept, ability, entry_cost, how);
  out.evaluations = choices.evaluations;
  if (!choices) return failed(choices.reason);

  // Per entrant, in units of the firm's fixed cost.
  convex_segment<Real> const& first = choices.segments[1];
  convex_segment<Real> const* const exporters = kept.back().index == 1 ? &choices.segments.back() : nullptr;
  bool const all = menu.thresholds.regime == regime::all_export;
  sold_by_firms<Real> at_home, away;
  if (first.index == 0) {
    auto const& sold = menu.sold[0][0];
    at_home.add(sold, attributes, first, Real(1));
    at_home.add(sold, first.parts[0]);
    // Where home sales of exporters go on as before, they are those of firms above the first cutoff.
    if (exporters != nullptr && all) at_home.add(sold, attributes, *exporters, Real(-1));
  }
  if (exporters != nullptr) {
    auto const& sold = menu.sold[1];
    if (first.index == 1 || all) at_home.add(sold[0], attributes, *exporters, Real(1));
    at_home.add(sold[0], exporters->parts[0]);
    away.add(sold.back(), attributes, *exporters, Real(1));
    away.add(sold.back(), exporters->parts.back());
  }
  Real const n = economy.trade.partners, markets = 1 + n * menu.thresholds.freeness;
  if (all) {
    // One range of products in all markets: what exporters sell, split between them.
    Real const abroad = away.variable * (n * menu.thresholds.freeness / markets);
    at_home.variable -= abroad;
    away.variable = abroad;
  }

  out.economy = economy;
  out.attributes = attributes;
  out.residual = choices.residual;
  out.error_estimate = choices.error_estimate + Real(attributes.error_estimate());
  out.product_regime = menu.thresholds.regime;
  if (exporters != nullptr) out.regime = first.index == 1 ? regime::all_export : regime::selection;
  out.cutoff = first.cutoff;
  out.export_cutoff = exporters != nullptr ? exporters->cutoff : infinity<Real>;
  out.every_entrant_produces = log(out.cutoff) <= ability.log_lower_bound();
  Real const log_threshold = menu.sold[first.index][0].log_threshold, r = attributes.power();
  out.product_cutoff = exp(Real((log_threshold - log(first.threshold)) / r));
  Real producing = first.tail.survival * first.tail.scale();
  if (producing > 1) producing = 1;  // by a rounding
  Real const exporting = exporters != nullptr ? Real(exporters->tail.survival * exporters->tail.scale()) : Real(0);
  Real const variable = at_home.variable + away.variable, f = home.fixed_cost;
  out.log_demand = choices.log_demand + menu.log_unit;
  out.probability_of_producing = producing;
  out.share_exporting = exporting < producing ? Real(exporting / producing) : Real(1);  // to rounding, at a tie
  out.products_per_firm = at_home.products / producing;
  out.mass_entrants = home.labor / (home.elasticity * f * variable);
  out.mass_producers = out.mass_entrants * producing;
  out.mass_exporters = out.mass_entrants * exporting;
  out.mass_varieties = out.mass_entrants * (at_home.products + n * away.products);
  out.revenue = home.labor;
  out.export_share = away.variable / variable;
  out.domestic_share = at_home.variable / variable;
  out.exports = out.revenue * out.export_share;
  Real const log_price = log_price_index(out.log_demand, home.labor, home.elasticity);
  out.price_index = exp(log_price);
  out.welfare = exp(Real(-log_price));
  out.labor_entry = out.mass_entrants * home.required_profit();
  out.labor_fixed = out.mass_producers * f;
  out.labor_product_fixed = out.mass_entrants * at_home.products * economy.product_fixed_cost;
  out.labor_variable = out.mass_entrants * (home.elasticity - 1) * variable * f;
  out.labor_export_fixed = out.labor_product_export_fixed = 0;
  out.welfare_elasticity_of_iceberg_cost = -out.export_share;
  if (exporters != nullptr) {
    out.products_per_exporter = away.products / exporting;
    out.exports_per_product = out.exports / (n * out.mass_entrants * away.products);
    out.labor_export_fixed = n * out.mass_exporters * economy.trade.export_fixed_cost;
    out.labor_product_export_fixed = n * out.mass_entrants * away.products * economy.product_export_fixed_cost;
    set_margins(out, menu, attributes, choices, *exporters, away);
  }
  out.reason = status::converged;
  return representable(out) ? out : failed(status::out_of_range);
}

}  // namespace detail

/// Solves the choice of products and markets: free entry E(A) = delta f_e for a menu of two convex options, to sell at
/// home or to export too, then the market. Closed form under Pareto laws of both, where the cutoff lies in the support.
///
/// @param laws  of ability, and of attributes, which must have a density: ability_and_attributes{law, law}
/// @throws domain_error naming a parameter of the economy or of a law that is out of range, or attributes with atoms
/// @return numbers, or NaN and in `reason` why: out_of_range where a size, a mass or a cutoff is no number of the type
/// Accuracy: 1e-12 relative under closed-form laws, 1e-10 where a law is known by its density alone.
/// Example:
///   auto const e = solve(economy, ability_and_attributes{pareto<>{1, 5}, lognormal<>{0, 0.5}});
///   e.products(2.0); e.welfare;
template <productivity_law Ability, productivity_law Attributes>
requires std::same_as<law_real_t<Ability>, law_real_t<Attributes>>
[[nodiscard]] multiproduct_equilibrium<law_real_t<Ability>> try_solve(
    multiproduct_economy<law_real_t<Ability>> const& economy, ability_and_attributes<Ability, Attributes> const& laws,
    solve_options const& how = {}) {
  using Real = law_real_t<Ability>;
  economy.validate();
  Real const r = economy.trade.domestic.elasticity - 1;
  auto const ability = detail::erased_tail_of(laws.ability, r), attributes = detail::erased_tail_of(laws.attributes, r);
  detail::require_no_atoms(attributes);
  if constexpr (std::same_as<Ability, pareto<Real>> && std::same_as<Attributes, pareto<Real>>) {
    return detail::solve_products(economy, ability, attributes, how, &laws.ability, &laws.attributes);
  } else {
    return detail::solve_products<Real>(economy, ability, attributes, how);
  }
}

}  // namespace melitz
