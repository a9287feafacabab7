// SPDX-License-Identifier: BSL-1.0
#include "options.hpp"

#include <array>
#include <cstddef>
#include <string_view>

namespace example {

char const* const usage =
    "usage: us_manufacturing [--data FILE] [--year YEAR] [--partners N] [--elasticity X] [--shape X] [--log-sd X]\n"
    "                        [--share-producing X] [--output DIR] [--no-figures] [--help]\n";

char const* const help = R"(
Gains from trade in US manufacturing: from the share of firms that export and how much of their sales they export, by
industry, to the trade costs that explain both, and from these to what trade does to firms and to real income.

  --data FILE          a table of your own, "-" for standard input: CSV with the columns naics, industry and, for each
                       year, share_exporting_YEAR and export_sales_share_YEAR, both in percent; naics "all" marks the
                       aggregate; lines with # are comments, "# YEAR: ..." says where that year's numbers are from
  --year YEAR          only this year (default: all years of the table)
  --partners N         partner countries, each like home (default 1: the rest of the world)
  --elasticity X       of substitution between varieties (default 4: Melitz and Redding 2015)
  --shape X            of the Pareto law of productivity (default 4.25: Melitz and Redding 2015)
  --log-sd X           of the log-normal law of productivity (default 0.797: Head, Mayer and Thoenig 2014)
  --share-producing X  of entrants, those productive enough to produce when trade is open (default 0.5)
  --output DIR         where the table as CSV, and the figures with their data and scripts, are written
                       (default us_manufacturing_results)
  --no-figures         only the table
  --help               this

Ends with 0; with 1 if something could not be written or drawn; with 2 if the input is wrong.
)";

namespace {

double number(std::string_view name, std::string_view text) {
  if (auto const value = parse_number(text)) return *value;
  throw usage_error(std::string(name) + " is \"" + std::string(text) + "\"; it must be a number");
}

}  // namespace

options parse_options(std::span<char const* const> arguments) {
  options out;
  struct numeric {
    std::string_view name;
    double* value;
  };
  std::array const numbers{numeric{"--partners", &out.assumed.partners},
                           numeric{"--elasticity", &out.assumed.elasticity}, numeric{"--shape", &out.assumed.shape},
                           numeric{"--log-sd", &out.assumed.log_sd},
                           numeric{"--share-producing", &out.assumed.share_producing}};
  for (std::size_t k = 0; k < arguments.size(); ++k) {
    std::string_view const argument = arguments[k];
    auto const equals = argument.find('=');
    auto const name = argument.substr(0, equals);
    if (argument == "--help" || argument == "-h") {
      out.help = true;
      continue;
    }
    if (argument == "--no-figures") {
      out.figures = false;
      continue;
    }
    auto const value = [&]() -> std::string_view {
      if (equals != std::string_view::npos) return argument.substr(equals + 1);
      if (++k == arguments.size()) throw usage_error(std::string(name) + " needs a value");
      return arguments[k];
    };
    bool known = true;
    if (name == "--data") {
      out.data = value();
    } else if (name == "--output") {
      out.output = value();
      if (out.output.empty()) throw usage_error("--output needs the name of a directory");
    } else if (name == "--year") {
      auto const text = value();
      double const year = number(name, text);
      if (!(year >= 1 && year <= 9999) || year != static_cast<int>(year)) {
        throw usage_error("--year is \"" + std::string(text) + "\"; it must be a year of the table");
      }
      out.year = static_cast<int>(year);
    } else {
      known = false;
      for (auto const& option : numbers) {
        if (name != option.name) continue;
        *option.value = number(name, value());
        known = true;
      }
    }
    if (!known) throw usage_error("there is no option " + std::string(argument));
  }
  return out;
}

}  // namespace example
