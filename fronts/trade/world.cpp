// SPDX-License-Identifier: BSL-1.0
#include "world.hpp"

#include "../document/text.hpp"
#include "convert.hpp"
#include "run.hpp"

#include <melitz/worlds/policy/final_shares.hpp>
#include <melitz/worlds/policy/formula_taxes.hpp>

#include <cmath>

namespace melitz::front {

namespace {

using namespace detail;

/// All words of a choice, as to_string has them.
template <class Enum>
[[nodiscard]] std::vector<std::string_view> words_of() {
  std::vector<std::string_view> out;
  for (int k = 0; to_string(static_cast<Enum>(k)) != "unknown"; ++k) out.push_back(to_string(static_cast<Enum>(k)));
  return out;
}
/// One number for all importers, or one for each.
[[nodiscard]] melitz::number_by_importer<> by_importer(std::vector<double> const& x) {
  return x.size() == 1 ? melitz::number_by_importer<>(x.front()) : melitz::number_by_importer<>(vector_of(x));
}

[[nodiscard]] melitz::policy_sector<> sector_of(sector_point const& given, std::size_t countries) {
  using sector = melitz::policy_sector<>;
  auto const entry = named<melitz::entry_rule>(given.entry);
  double const epsilon = given.trade_elasticity;
  sector out{.trade_elasticity = epsilon, .scale_elasticity = given.scale_elasticity};
  out.selection = by_importer(given.selection);
  out.destination_cost_share = by_importer(given.destination_cost_share);
  if (given.kind == "krugman") out = sector::krugman(epsilon);
  if (given.kind == "melitz_pareto") out = sector::melitz_pareto(epsilon, given.elasticity);
  if (given.kind == "nested_melitz_pareto") {
    auto share = given.market_cost_share;
    if (share.size() == 1) share.assign(countries, share.front());
    out = sector::nested_melitz_pareto(epsilon, given.scale_elasticity, vector_of(share));
  } else {
    out.destination_cost_share = by_importer(given.destination_cost_share);
  }
  out.entry = entry;
  out.tariff_on = named<melitz::tariff_base>(given.tariff_on);
  out.scale_base = named<melitz::policy_scale_base>(given.scale_base);
  out.profit_share = given.profit_share;
  return out;
}

[[nodiscard]] melitz::trade_array<> array_of(std::vector<double> const& x, std::size_t countries, std::size_t sectors) {
  melitz::trade_array<> out(at(countries), at(sectors));
  out.values() = vector_of(x);
  return out;
}
/// @throws input_error for sectors of which consumers would buy less than nothing, all of them
void require_final_demand(melitz::policy_world<> const& world, trade_data const& data) {
  auto const gaps = melitz::negative_final_demand(world);
  if (gaps.empty()) return;
  using melitz::detail::to_short_text;
  std::string list;
  for (auto const& g : gaps) {
    list += (list.empty() ? "" : "; ") + world.country_name(g.country) + ", " + world.sector_name(g.sector) + ": " +
            to_short_text(-g.missing()) + ", mended by " + to_short_text(g.missing()) + " more spending or its input " +
            "shares times " + to_short_text(g.factor());
  }
  throw input_error(data.flows_file + ": final demand is negative in " + std::to_string(gaps.size()) + " of " +
                    std::to_string(data.countries.size() * data.sectors.size()) +
                    " countries' sectors, as firms buy more inputs than the country does: " + list);
}

/// @throws input_error where the flows imply another GDP than is given
void require_gdp(melitz::policy_baseline<> const& base, trade_data const& data) {
  if (data.gdp.empty()) return;
  double largest = 0;
  std::size_t where = 0, count = 0;
  for (std::size_t i = 0; i < data.gdp.size(); ++i) {
    double const gap = (base.income[at(i)] - base.deficit[at(i)]) / data.gdp[i] - 1;
    if (std::abs(gap) > data.gdp_tolerance) ++count;
    if (std::abs(gap) <= std::abs(largest)) continue;
    largest = gap;
    where = i;
  }
  if (count == 0) return;
  double const implied = base.income[at(where)] - base.deficit[at(where)];
  throw input_error(data.gdp_file + ": the gdp of " + data.countries[where] + " is " + to_text(data.gdp[where]) +
                    ", and the flows imply " + to_text(implied, 6) + ", which is " + to_text(100 * largest, 3) +
                    " % off" +
                    (count > 1 ? ", the most of " + std::to_string(count) + " countries beyond gdp_tolerance"
                               : ", more than gdp_tolerance") +
                    ", " + to_text(data.gdp_tolerance));
}

}  // namespace

melitz::policy_baseline<> consistent_baseline(melitz::policy_world<> const& world, trade_data const& data) {
  try {
    require_final_demand(world, data);
    auto base = melitz::baseline_of(world);
    require_gdp(base, data);
    return base;
  } catch (melitz::domain_error const& e) {
    throw input_error(data.flows_file + ": " + detail::words_of(e));
  }
}

melitz::policy_world<> world_of(trade_data const& data, std::vector<sector_point> const& sectors,
                                double labor_supply_elasticity) {
  auto const n = data.countries.size(), count = data.sectors.size();
  melitz::policy_world<> out;
  for (auto const& s : sectors) out.sectors.push_back(sector_of(s, n));
  out.flows = array_of(data.flows, n, count);
  if (!data.import_tax.empty()) out.import_tax = array_of(data.import_tax, n, count);
  if (!data.export_tax.empty()) out.export_tax = array_of(data.export_tax, n, count);
  if (!data.production_tax.empty()) out.production_tax = matrix_of(data.production_tax, n, count);
  if (!data.labor_share.empty()) out.labor_share = matrix_of(data.labor_share, n, count);
  for (auto const& shares : data.input_share) out.input_share.push_back(matrix_of(shares, count, count));
  out.labor_supply_elasticity = labor_supply_elasticity;
  out.country_names = data.countries;
  out.sector_names = data.sectors;
  if (data.final_share.empty()) return out;
  try {
    return melitz::with_final_shares(out, matrix_of(data.final_share, n, count));
  } catch (melitz::domain_error const& e) {
    throw input_error("final_shares: " + detail::words_of(e));
  } catch (melitz::convergence_error const&) {
    throw input_error("final_shares: no flows have these shares and the shares of trade in " + data.flows_file);
  }
}

std::vector<std::string_view> words_of_kinds() {
  return {"armington",     "eaton_kortum",        "external_economies", "krugman", "lashkaripour_lugovskyy",
          "melitz_pareto", "nested_melitz_pareto"};
}
std::vector<std::string_view> words_of_entry() { return words_of<melitz::entry_rule>(); }
std::vector<std::string_view> words_of_tariff_bases() { return words_of<melitz::tariff_base>(); }
std::vector<std::string_view> words_of_scale_bases() { return words_of<melitz::policy_scale_base>(); }
std::vector<std::string_view> words_of_closures() { return words_of<melitz::policy_closure>(); }
std::vector<std::string_view> words_of_numeraires() { return words_of<melitz::policy_numeraire>(); }
std::vector<std::string_view> words_of_revenue() { return words_of<melitz::policy_revenue>(); }
std::vector<std::string_view> words_of_patterns() { return words_of<melitz::tax_pattern>(); }
std::vector<std::string_view> words_of_instruments() { return words_of<melitz::policy_instrument>(); }
std::vector<std::string_view> words_of_formulas() { return words_of<melitz::tariff_formula>(); }

}  // namespace melitz::front
