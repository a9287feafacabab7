// SPDX-License-Identifier: BSL-1.0
#include "figures.hpp"

#include "figure_scripts.hpp"
#include "text.hpp"

#include <melitz/analysis/sample.hpp>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <iterator>
#include <ostream>
#include <sstream>

namespace example {

namespace {

namespace fs = std::filesystem;

/// A text as strings of gnuplot's, broken into lines that fit below a figure. It may come with the table: between
/// single quotes gnuplot takes all characters as they are but these quotes, which are doubled.
std::string literal(std::string const& text) {
  std::string out = "'";
  std::size_t length = 0;
  std::istringstream words(text);
  for (std::string word; words >> word; length += width_of(word) + 1) {
    if (length > 0 && length + width_of(word) > 138) {
      out += "'.\"\\n\".'";
      length = 0;
    }
    if (length > 0) out += ' ';
    for (char const c : word) out += c == '\'' ? std::string("''") : std::string(1, c);
  }
  return out + "'";
}

void write_script(fs::path const& directory, std::string const& name, std::string const& values, char const* body) {
  write_file(directory / (name + ".gp"), "# Draws " + name + ".svg and, where gnuplot can, " + name +
                                             ".png:  gnuplot " + name + ".gp\n" + script_begins + "name = '" + name +
                                             "'; data = '" + name + ".dat'\n" + values + picture_begins + body +
                                             "  unset output\n}\n");
}

std::string source_of(year_results const& year) {
  return year.source.empty() ? "Data: own table." : "Data: " + year.source;
}

std::string partners_of(assumptions const& a) {
  return a.partners == 1 ? "one partner" : shortest(a.partners) + " partners";
}

/// Slide 28: profit over phi^(sigma-1), where it is a straight line, before and after; and below it the difference.
void write_profits(year_results const& year, assumptions const& a, std::string const& name, fs::path const& directory) {
  auto const& autarky = year.aggregate->pareto->autarky;
  auto const& trade = year.aggregate->pareto->trade;
  double const power = a.elasticity - 1;
  auto const size = [&](double productivity) { return std::pow(productivity, power); };
  double const gaining = size(year.aggregate->pareto->effects.firms.back().lower), right_end = 1.5 * gaining;

  auto const over_size = [&](auto const& profit) {
    return melitz::sample([&](double x) { return profit(std::pow(x, 1 / power)); }, 0.0, right_end, 601);
  };
  auto const before = over_size([&](double phi) { return autarky.domestic_profit_line(phi); });
  auto const home = over_size([&](double phi) { return trade.domestic_profit_line(phi); });
  auto const abroad = over_size([&](double phi) { return trade.export_profit_line(phi); });
  auto const change = over_size([&](double phi) { return trade.profit(phi) - autarky.profit(phi); });

  std::ostringstream out;
  out << "# phi^(elasticity-1)\tautarky\ttrade, home only\ttrade, home and exports\ttrade, the better\tchange after "
         "exit\n";
  double lowest = 0, highest = 0;
  for (std::size_t k = 0; k < before.size(); ++k) {
    lowest = std::min(lowest, change[k].second);
    highest = std::max(highest, change[k].second);
    out << shortest(before[k].first) << '\t' << shortest(before[k].second) << '\t' << shortest(home[k].second) << '\t'
        << shortest(abroad[k].second) << '\t' << shortest(std::max(home[k].second, abroad[k].second)) << '\t'
        << shortest(change[k].second) << '\n';
  }
  write_file(directory / (name + ".dat"), out.str());

  std::ostringstream values;
  auto const cutoffs = {size(autarky.cutoff), size(trade.cutoff), size(trade.export_cutoff), gaining};
  values << "width = 860; height = 740\nA = " << shortest(*cutoffs.begin()) << "; I = " << shortest(cutoffs.begin()[1])
         << "; X = " << shortest(cutoffs.begin()[2]) << "; G = " << shortest(gaining) << "\ncutoffs = '";
  for (double const x : cutoffs) values << shortest(x) << ' ';
  values << "'\nright_end = " << shortest(right_end) << "; autarky_end = " << shortest(before.back().second)
         << "; home_end = " << shortest(home.back().second) << "; trade_end = " << shortest(abroad.back().second)
         << "\nchange_min = " << shortest(lowest) << "; change_max = " << shortest(highest) << "\nheading = "
         << literal("Profits before and after trade: " + year.aggregate->name + ", " + std::to_string(year.year))
         << "\ncaption = "
         << literal("Pareto law of shape " + shortest(a.shape) + ", elasticity of substitution " +
                    shortest(a.elasticity) + ", " + partners_of(a) + "; trade costs at which " +
                    shortest(year.aggregate->seen.share_exporting) + " % of firms export " +
                    shortest(year.aggregate->seen.export_sales_share) +
                    " % of their sales. Dotted: choices that pay less. f: domestic fixed cost. " + source_of(year))
         << '\n';
  write_script(directory, name, values.str(), profits_script);
}

/// Gains by industry under the two laws, sorted.
void write_gains(year_results const& year, assumptions const& a, std::string const& name, fs::path const& directory) {
  std::vector<industry_result> rows;
  std::copy_if(year.industries.begin(), year.industries.end(), std::back_inserter(rows),
               [](auto const& row) { return row.solved(); });
  std::stable_sort(rows.begin(), rows.end(),
                   [](auto const& one, auto const& two) { return one.pareto->gain() < two.pareto->gain(); });

  std::ostringstream out;
  out << "# height\tPareto, percent\tlog-normal, percent\tsuspect\tindustry\n";
  bool suspects = false;
  auto const line = [&](double height, industry_result const& row) {
    bool const suspect = !row.suspect.empty();
    suspects = suspects || suspect;
    auto name_there = row.name;  // in a cell, a tab would end it and a quotation mark start a string
    std::replace(name_there.begin(), name_there.end(), '\t', ' ');
    std::replace(name_there.begin(), name_there.end(), '"', '\'');
    out << shortest(height) << '\t' << shortest(row.pareto->gain()) << '\t' << shortest(row.lognormal->gain()) << '\t'
        << suspect << '\t' << name_there << (suspect ? " *" : "") << '\n';
  };
  bool const aggregate = year.aggregate && year.aggregate->solved();
  if (aggregate) line(-0.5, *year.aggregate);
  for (std::size_t k = 0; k < rows.size(); ++k) line(static_cast<double>(k + 1), rows[k]);
  write_file(directory / (name + ".dat"), out.str());

  std::ostringstream values;
  values << "width = 860; height = " << 220 + 24 * (rows.size() + 1) << "\nrows = " << rows.size()
         << "; lowest = " << (aggregate ? "-0.5" : "1")
         << "\nheading = " << literal("Gains from trade by industry, " + std::to_string(year.year)) << "\ncaption = "
         << literal("Productivity Pareto of shape " + shortest(a.shape) + " or log-normal of log_sd " +
                    shortest(a.log_sd) + ", elasticity of substitution " + shortest(a.elasticity) + ", " +
                    partners_of(a) + ". " + (suspects ? "* Suspect: its number stands apart from all others. " : "") +
                    source_of(year))
         << '\n';
  write_script(directory, name, values.str(), gains_script);
}

}  // namespace

std::vector<std::string> write_figures(year_results const& year, assumptions const& a, fs::path const& directory) {
  std::vector<std::string> names;
  if (year.aggregate && year.aggregate->solved()) {
    names.push_back("profits_" + std::to_string(year.year));
    write_profits(year, a, names.back(), directory);
  }
  bool const any =
      std::any_of(year.industries.begin(), year.industries.end(), [](auto const& row) { return row.solved(); });
  if (any) {
    names.push_back("gains_" + std::to_string(year.year));
    write_gains(year, a, names.back(), directory);
  }
  return names;
}

drawing draw(std::vector<std::string> const& figures, fs::path const& directory) {
  // From inside the directory, so that the commands are made of names chosen here and of nothing that a user typed.
  auto const here = fs::current_path();
  fs::current_path(directory);
  drawing out;
  out.gnuplot_found = std::system("gnuplot --version > gnuplot.log 2>&1") == 0;
  if (out.gnuplot_found) {
    for (auto const& name : figures) {
      for (auto const* kind : {".svg", ".png"}) fs::remove(name + kind);
      bool const drawn = std::system(("gnuplot -d " + name + ".gp > gnuplot.log 2>&1").c_str()) == 0;
      if (!drawn) {
        out.failed.push_back(name + ".gp");
        break;  // the log is this one's
      }
      for (auto const* kind : {".svg", ".png"}) {
        if (fs::exists(name + kind)) out.files.push_back(name + kind);
      }
    }
  }
  if (out.failed.empty()) fs::remove("gnuplot.log");
  fs::current_path(here);
  return out;
}

}  // namespace example
