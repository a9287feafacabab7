// SPDX-License-Identifier: BSL-1.0
#include "gains.hpp"

#include "text.hpp"

#include <melitz/tail/tail.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace example {

namespace {

/// The whole calculation for one industry and one law; everything else in this example is reading and printing.
template <melitz::productivity_law Law>
outcome open_to_trade(observation const& seen, assumptions const& a, Law const& law) {
  // Which economy looks like this? The export share of exporters' sales gives the iceberg cost (slide 18), the share of
  // exporters the export fixed cost by (7) and (8), and the share of entrants that produce the entry cost by (9).
  auto const found = melitz::calibrate({.share_exporting = seen.share_exporting / 100,
                                        .export_sales_share = seen.export_sales_share / 100,
                                        .share_producing = a.share_producing,
                                        .elasticity = a.elasticity,
                                        .partners = a.partners},
                                       law);
  // The same country without partners: free entry (4) instead of (9), all primitives as they are.
  auto const autarky = melitz::solve(found.economy.domestic, law);
  outcome out{autarky, found.achieved, melitz::compare(autarky, found.achieved)};

  // compare() gives the groups of firms by their productivities; how many firms that is, the law knows.
  auto const tail = melitz::tail_of(law, a.elasticity - 1);
  auto const survival = [&](double productivity) {
    if (std::isinf(productivity)) return 0.0;
    auto const point = tail.at(std::log(productivity));
    return point.survival * std::exp(point.log_scale);
  };
  for (auto const& group : out.effects.firms) {
    out.shares.push_back((survival(group.lower) - survival(group.upper)) / autarky.probability_of_producing);
  }
  return out;
}

industry_result analyse(industry const& row, observation const& seen, assumptions const& a) {
  industry_result out{row.code, row.name, seen};
  try {
    out.pareto = open_to_trade(seen, a, a.pareto_law());
    out.lognormal = open_to_trade(seen, a, a.lognormal_law());
  } catch (melitz::domain_error const& e) {
    // What this industry shows is its own affair; an assumption out of range concerns all of them.
    if (e.parameter() != "share_exporting" && e.parameter() != "export_sales_share") throw;
    out.infeasible = e.parameter() + " is " + e.value() + "; it must " + e.restriction();
  } catch (melitz::convergence_error const& e) {
    out.infeasible = e.what();
  }
  return out;
}

/// Marks numbers that stand apart from all others, as a dropped digit does: less than half the smallest, or more than
/// twice the largest, of those of all other industries.
void mark_suspects(std::vector<industry_result>& rows, double observation::*field, std::string const& what) {
  if (rows.size() < 5) return;  // too few to say what is usual
  for (auto& row : rows) {
    double lowest = std::numeric_limits<double>::infinity(), highest = 0;
    for (auto const& other : rows) {
      if (&other == &row) continue;
      lowest = std::min(lowest, other.seen.*field);
      highest = std::max(highest, other.seen.*field);
    }
    double const value = row.seen.*field;
    if (2 * value >= lowest && value <= 2 * highest) continue;
    if (!row.suspect.empty()) row.suspect += "; ";
    row.suspect += what + " is " + shortest(value) + " %, " +
                   (2 * value < lowest ? "less than half that of any other industry (at least " + shortest(lowest)
                                       : "more than twice that of any other industry (at most " + shortest(highest)) +
                   " %)";
  }
}

}  // namespace

double in_percent(double log_gain) { return 100 * std::expm1(log_gain); }

double acr_gain(outcome const& o, double trade_elasticity) {
  return in_percent(-std::log(o.trade.domestic_share) / trade_elasticity);
}

year_results analyse(industry_table const& table, std::size_t k, assumptions const& a) {
  year_results out{table.years[k], table.sources[k]};
  for (auto const& row : table.industries) {
    auto result = analyse(row, row.by_year[k], a);
    if (row.code == "all") {
      out.aggregate = std::move(result);
    } else {
      out.industries.push_back(std::move(result));
    }
  }
  mark_suspects(out.industries, &observation::share_exporting, "the share of exporters");
  mark_suspects(out.industries, &observation::export_sales_share, "the export share of sales");

  // Under Pareto the gain does not depend on how many entrants come to produce, as long as some do not; under other
  // laws the thickness of the tail differs from place to place, and it does.
  if (out.aggregate && out.aggregate->solved()) {
    for (double const share : {0.1, 0.5, 0.9}) {
      assumptions other = a;
      other.share_producing = share;
      auto const pareto = open_to_trade(out.aggregate->seen, other, a.pareto_law());
      auto const lognormal = open_to_trade(out.aggregate->seen, other, a.lognormal_law());
      out.variants.push_back({share, pareto.gain(), lognormal.gain(), pareto.autarky.every_entrant_produces});
    }
  }
  return out;
}

}  // namespace example
