// SPDX-License-Identifier: BSL-1.0

// From two published numbers per industry to the gains from trade. The economics is in gains.cpp, in one page; the rest
// reads the table (table), prints it (report), keeps it (csv) and draws it (figures).

#include "csv.hpp"
#include "figures.hpp"
#include "gains.hpp"
#include "options.hpp"
#include "report.hpp"
#include "table.hpp"
#include "text.hpp"

#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <span>
#include <sstream>
#include <string>
#include <vector>

#ifndef MELITZ_EXAMPLE_DATA_DIR
#define MELITZ_EXAMPLE_DATA_DIR "."  // compiled by hand: run it where the table is
#endif

namespace {

using namespace example;

industry_table load(options const& chosen) {
  if (chosen.data == "-") return read_table(std::cin, "standard input");
  std::string const name = "us_manufacturing_exporters.csv";
  auto const path =
      chosen.data ? std::filesystem::path(*chosen.data) : std::filesystem::path(MELITZ_EXAMPLE_DATA_DIR) / name;
  std::ifstream in(path, std::ios::binary);
  if (!in || std::filesystem::is_directory(path)) throw table_error(path.string() + ": cannot be read");
  return read_table(in, chosen.data.value_or(name));
}

std::vector<year_results> analyse_years(industry_table const& table, options const& chosen) {
  std::vector<year_results> out;
  std::string there;
  for (std::size_t k = 0; k < table.years.size(); ++k) {
    there += (k > 0 ? ", " : "") + std::to_string(table.years[k]);
    if (!chosen.year || *chosen.year == table.years[k]) out.push_back(analyse(table, k, chosen.assumed));
  }
  if (out.empty()) throw usage_error("--year is " + std::to_string(*chosen.year) + "; the table has " + there);
  return out;
}

/// Writes the results and says what it wrote. Returns whether everything could be done.
bool write(std::vector<year_results> const& years, options const& chosen) {
  std::filesystem::path const directory = chosen.output;
  std::filesystem::create_directories(directory);
  std::cout << "\nWritten to " << chosen.output << ":\n";
  std::ostringstream table;
  write_csv(table, years, chosen.assumed);
  write_file(directory / "gains.csv", table.str());
  std::cout << "  gains.csv: everything above with all digits, a line per year, industry and law\n";
  if (!chosen.figures) return true;

  std::vector<std::string> figures;
  for (auto const& year : years) {
    for (auto const& name : write_figures(year, chosen.assumed, directory)) figures.push_back(name);
  }
  for (auto const& name : figures)
    std::cout << "  " << name << ".dat, " << name << ".gp: a figure's data and gnuplot script\n";
  std::cout.flush();
  auto const drawn = draw(figures, directory);
  for (auto const& file : drawn.files) std::cout << "  " << file << '\n';
  std::cout.flush();
  if (!drawn.gnuplot_found) {
    std::cerr << "gnuplot is not installed, so the figures are not drawn; all else is done. Once it is (on Debian, the "
                 "package gnuplot-nox), run \"gnuplot NAME.gp\" there.\n";
  }
  for (auto const& script : drawn.failed) {
    std::cerr << "us_manufacturing: gnuplot failed on " << script << "; gnuplot.log beside it says why\n";
  }
  return drawn.failed.empty();
}

int run(std::span<char const* const> arguments) {
  auto const chosen = parse_options(arguments);
  if (chosen.help) {
    std::cout << usage << help;
    return 0;
  }
  // Everything is read and solved before anything is printed.
  auto const table = load(chosen);
  auto const years = analyse_years(table, chosen);

  print_assumptions(std::cout, chosen.assumed);
  for (auto const& note : table.notes) std::cout << note << '\n';
  for (auto const& year : years) print_year(std::cout, year, chosen.assumed);
  return write(years, chosen) && std::cout.flush() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  char const* const self = "us_manufacturing: ";
  try {
    return run(std::span<char const* const>(argv, static_cast<std::size_t>(argc)).subspan(argc > 0 ? 1 : 0));
  } catch (usage_error const& e) {
    std::cerr << self << e.what() << '\n' << usage;
    return 2;
  } catch (table_error const& e) {
    std::cerr << self << e.what() << '\n';
    return 2;
  } catch (melitz::domain_error const& e) {  // an assumption out of range, by the library's own message
    std::cerr << self << e.what() << '\n';
    return 2;
  } catch (std::exception const& e) {
    std::cerr << self << e.what() << '\n';
    return 1;
  }
}
