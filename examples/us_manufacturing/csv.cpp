// SPDX-License-Identifier: BSL-1.0
#include "csv.hpp"

#include "text.hpp"

#include <cmath>
#include <ostream>
#include <utility>

namespace example {

void write_csv(std::ostream& out, std::vector<year_results> const& years, assumptions const& a) {
  auto const quoted = [](std::string const& text) {
    std::string inside;
    for (char const c : text) inside += c == '"' ? std::string("\"\"") : std::string(1, c);
    return '"' + inside + '"';
  };
  out << "year,naics,industry,law,share_exporting,export_sales_share,iceberg_cost,export_fixed_cost,entry_cost,"
         "cutoff_autarky,cutoff_trade,export_cutoff,share_exiting,average_productivity_autarky,"
         "average_productivity_trade,domestic_share,trade_elasticity,gain,gain_acr_local,gain_acr_shape,suspect,"
         "infeasible\n";
  for (auto const& year : years) {
    auto rows = year.industries;
    if (year.aggregate) rows.push_back(*year.aggregate);
    for (auto const& row : rows) {
      for (auto const& [law, o] : {std::pair{"pareto", &row.pareto}, std::pair{"lognormal", &row.lognormal}}) {
        out << year.year << ',' << quoted(row.code) << ',' << quoted(row.name) << ',' << law << ','
            << shortest(row.seen.share_exporting / 100) << ',' << shortest(row.seen.export_sales_share / 100);
        if (row.solved()) {
          auto const& [autarky, trade, effects, shares] = **o;
          for (double const x :
               {trade.economy.iceberg_cost, trade.economy.export_fixed_cost, trade.economy.domestic.entry_cost,
                autarky.cutoff, trade.cutoff, trade.export_cutoff, effects.share_of_firms_exiting,
                autarky.average_productivity, trade.average_productivity, trade.domestic_share, trade.trade_elasticity,
                std::expm1(effects.log_welfare_change), std::expm1(effects.acr_with_local_elasticity),
                acr_gain(**o, a.shape) / 100}) {
            out << ',' << shortest(x);
          }
        } else {
          out << std::string(14, ',');
        }
        out << ',' << quoted(row.suspect) << ',' << quoted(row.infeasible) << '\n';
      }
    }
  }
}

}  // namespace example
