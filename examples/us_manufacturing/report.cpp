// SPDX-License-Identifier: BSL-1.0
#include "report.hpp"

#include "text.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <limits>
#include <ostream>
#include <utility>

namespace example {

namespace {

/// One column of numbers: its two lines of heading, and what stands in it. Industries without numbers get dashes.
struct column {
  std::string above;  ///< set off to the right, over the first column of a group
  std::string heading;
  std::size_t width;
  std::function<std::string(industry_result const&)> cell;
};

/// A column that needs the solution under one law.
column solved(std::string above, std::string heading, std::optional<outcome> industry_result::*law,
              std::function<std::string(outcome const&)> cell) {
  auto const width = std::max<std::size_t>(7, heading.size() + 2);
  return {std::move(above), std::move(heading), width, [law, cell = std::move(cell)](industry_result const& row) {
            return row.solved() ? cell(*(row.*law)) : std::string("-");
          }};
}

void print_table(std::ostream& out, year_results const& year, std::vector<column> const& columns) {
  std::size_t name = 8;
  for (auto const& row : year.industries) name = std::max(name, width_of(row.name));
  if (year.aggregate) name = std::max(name, width_of(year.aggregate->name));

  std::string above(7 + name, ' '), heading = left("NAICS", 7) + left("Industry", name);
  std::size_t reached = above.size();
  for (auto const& c : columns) {
    if (!c.above.empty()) above = left(above, reached + 2) + c.above;
    reached += c.width;
    heading += right(c.heading, c.width);
  }
  auto const line = [&](industry_result const& row) {
    out << left(row.code, 7) << left(row.name, name);
    for (auto const& c : columns) out << ' ' << right(c.cell(row), c.width - 1);
    out << '\n';
  };
  out << above << '\n' << heading << '\n';
  for (auto const& row : year.industries) line(row);
  if (!year.aggregate) return;
  out << std::string(heading.size(), '-') << '\n';
  line(*year.aggregate);
}

void print_calibration(std::ostream& out, year_results const& year) {
  auto constexpr pareto = &industry_result::pareto, lognormal = &industry_result::lognormal;
  auto const costs = [](outcome const& o) {
    return fixed(o.trade.economy.export_fixed_cost / o.trade.economy.domestic.fixed_cost, 3);
  };
  auto const autarky = [](outcome const& o) { return fixed(o.autarky.cutoff, 3); };
  auto const trade = [](outcome const& o) { return fixed(o.trade.cutoff, 3); };
  auto const exports = [](outcome const& o) { return fixed(o.trade.export_cutoff, 3); };
  print_table(out, year,
              {{"observed", "firms", 7, [](industry_result const& row) { return shortest(row.seen.share_exporting); }},
               {"", "sales", 7, [](industry_result const& row) { return shortest(row.seen.export_sales_share); }},
               solved("", "tau", pareto, [](outcome const& o) { return fixed(o.trade.economy.iceberg_cost, 3); }),
               solved("Pareto: cutoffs in", "f_x/f", pareto, costs),
               solved("", "aut.", pareto, autarky),
               solved("", "trade", pareto, trade),
               solved("", "export", pareto, exports),
               solved("log-normal: cutoffs in", "f_x/f", lognormal, costs),
               solved("", "aut.", lognormal, autarky),
               solved("", "trade", lognormal, trade),
               solved("", "export", lognormal, exports)});
}

void print_gains(std::ostream& out, year_results const& year, assumptions const& a) {
  auto constexpr pareto = &industry_result::pareto, lognormal = &industry_result::lognormal;
  auto const exit = [](outcome const& o) { return fixed(100 * o.effects.share_of_firms_exiting, 2); };
  auto const average = [](outcome const& o) { return with_sign(o.percent_change("average_productivity"), 2); };
  auto const gain = [](outcome const& o) { return fixed(o.gain(), 3); };
  auto const local = [](outcome const& o) { return fixed(in_percent(o.effects.acr_with_local_elasticity), 3); };
  auto const assumed = [&a](outcome const& o) { return fixed(acr_gain(o, a.shape), 3); };
  print_table(
      out, year,
      {solved("Pareto", "exit", pareto, exit), solved("", "phi~", pareto, average), solved("", "gain", pareto, gain),
       solved("", "ACR", pareto, assumed), solved("log-normal", "exit", lognormal, exit),
       solved("", "phi~", lognormal, average), solved("", "gain", lognormal, gain),
       solved("", "ACR local", lognormal, local), solved("", "ACR " + shortest(a.shape), lognormal, assumed)});
}

void print_notes(std::ostream& out, year_results const& year) {
  auto rows = year.industries;
  if (year.aggregate) rows.push_back(*year.aggregate);
  // A line of its own in front of the first note.
  auto note = [&out, first = true](std::string const& text) mutable {
    out << (std::exchange(first, false) ? "\n" : "") << text << ".\n";
  };
  bool const tiny =
      std::all_of(rows.begin(), rows.end(), [](auto const& row) { return row.seen.share_exporting <= 1; });
  if (tiny)
    note("Suspect: nowhere do more than 1 % of the firms export; the table should be in percent, not in fractions");
  for (auto const& row : rows) {
    auto const who = row.code + " " + row.name;
    if (!row.suspect.empty()) note("Suspect: " + who + ": " + row.suspect);
    if (!row.infeasible.empty()) note("Infeasible: " + who + ": " + row.infeasible);
    if (row.solved() && row.pareto->autarky.every_entrant_produces) {
      note("Note: " + who + ": in the Pareto autarky every entrant produces, so gain and ACR differ");
    }
  }
}

/// Slide 29 with numbers: what happens to which firms, and to the aggregates.
void print_slide_29(std::ostream& out, outcome const& pareto, outcome const& lognormal) {
  auto const both = [&](std::string const& label, auto const& cell) {
    out << "  " << left(label, 28) << left(cell(pareto), 34) << cell(lognormal) << '\n';
  };
  both("", [&](outcome const& o) { return &o == &pareto ? "Pareto" : "log-normal"; });
  both("A firm", [](outcome const&) { return "if its productivity is"; });
  using enum melitz::firm_effect;
  for (auto const effect :
       {exits, enters, sells_and_earns_less, sells_more_earns_less, earns_more, sells_less_earns_more}) {
    auto const group = [effect](outcome const& o) {
      auto const& groups = o.effects.firms;
      auto const found = std::find_if(groups.begin(), groups.end(), [&](auto const& g) { return g.effect == effect; });
      if (found == groups.end()) return std::string("-");
      auto const share = o.shares[static_cast<std::size_t>(found - groups.begin())];
      auto const upper = std::isinf(found->upper) ? " or more" : " to " + fixed(found->upper, 4);
      return left(fixed(found->lower, 4) + upper, 16) + " (" + right(fixed(100 * share, 2), 5) + " %)";
    };
    if (group(pareto) == "-" && group(lognormal) == "-") continue;
    both(std::string(to_string(effect)), group);
  }

  out << "  Change, percent\n";
  using named = std::pair<char const*, char const*>;
  for (auto const& [label, aggregate] :
       {named{"zero-profit cutoff phi*", "cutoff"}, named{"average productivity phi~", "average_productivity"},
        named{"average revenue r-bar", "average_revenue"}, named{"average profit pi-bar", "average_profit"},
        named{"firms at home M", "mass_producers"}, named{"varieties consumed M_t", "mass_varieties"},
        named{"real income W", "welfare"}}) {
    auto const change = [name = aggregate](outcome const& o) { return right(with_sign(o.percent_change(name), 3), 8); };
    both(std::string("  ") + label, change);
  }
  // d ln W = d ln M_t/(sigma - 1) + d ln phi~_t: more varieties, and better ones.
  auto const in_logs = [](double log_change) { return right(with_sign(100 * log_change, 3), 8); };
  both("100 d ln W", [&](outcome const& o) { return in_logs(o.effects.log_welfare_change); });
  both("  of it by variety M_t", [&](outcome const& o) { return in_logs(o.effects.from_variety); });
  both("  by productivity phi~_t", [&](outcome const& o) { return in_logs(o.effects.from_productivity); });
}

void print_aggregate(std::ostream& out, year_results const& year, assumptions const& a) {
  auto const& pareto = *year.aggregate->pareto;
  auto const& lognormal = *year.aggregate->lognormal;
  auto const costs = [](outcome const& o) {
    return o.trade.economy.export_fixed_cost / o.trade.economy.domestic.fixed_cost;
  };
  out << year.aggregate->name << ", " << year.year << ", more closely\n"
      << "  tau = " << fixed(pareto.trade.economy.iceberg_cost, 11) << ", f_x/f = " << fixed(costs(pareto), 12)
      << " (Pareto) or " << fixed(costs(lognormal), 12) << " (log-normal).\n\n"
      << "  What opening to trade does to it (slide 29; in brackets, the share of the firms in autarky):\n";
  print_slide_29(out, pareto, lognormal);
  if (pareto.effects.from_variety < 0 || lognormal.effects.from_variety < 0) {
    out << "  The slide has M_t rise \"typically\"; here it does not, and consumers gain all the same.\n";
  }

  out << "\n  Its gain in percent, if another share of the entrants came to produce (assumed above: "
      << shortest(a.share_producing) << "):";
  auto const line = [&](char const* label, auto const& cell) {
    std::string text = left(label, 15);
    for (auto const& v : year.variants) text = left(text, width_of(text) + (10 - width_of(text) % 10)) + cell(v);
    out << "\n  " << text;
  };
  line("share producing", [](share_variant const& v) { return shortest(v.share_producing); });
  line("log-normal", [](share_variant const& v) { return fixed(v.lognormal_gain, 4); });
  line("Pareto", [](share_variant const& v) { return fixed(v.pareto_gain, 4) + (v.support_binds ? "*" : ""); });
  out << '\n';
  for (auto const& v : year.variants) {
    if (v.support_binds) out << "  * in that autarky every entrant produces; but for that it would be the same again\n";
  }
}

}  // namespace

void print_assumptions(std::ostream& out, assumptions const& a) {
  out << "Assumed of every industry: elasticity of substitution " << shortest(a.elasticity)
      << "; productivity Pareto of shape " << shortest(a.shape) << ", or log-normal\nwith log_sd " << shortest(a.log_sd)
      << "; a share " << shortest(a.share_producing)
      << " of the entrants produces in the trade equilibrium; partner countries: " << shortest(a.partners) << ".\n";
}

void print_year(std::ostream& out, year_results const& year, assumptions const& a) {
  out << "\n== " << year.year << " ==\n";
  if (!year.source.empty()) out << year.source << '\n';
  out << "\nThe trade costs and the productivity cutoffs (autarky, trade, export) of an economy that shows what is "
         "observed:\n"
         "firms = percent of firms that export, sales = exports in percent of the sales of those firms\n";
  print_calibration(out, year);
  out << "\nWhat opening to trade does, percent: exit = producers in autarky that exit; phi~ = change of their "
         "average\n"
         "productivity (average_productivity, the lecture's (5)); gain = change of real income, exact; ACR = the same "
         "from\n"
         "the domestic share and a trade elasticity, the Pareto shape "
      << shortest(a.shape) << " or the local one of the trade equilibrium\n";
  print_gains(out, year, a);
  print_notes(out, year);
  if (year.aggregate && year.aggregate->solved()) {
    out << '\n';
    print_aggregate(out, year, a);
  }
}

}  // namespace example
