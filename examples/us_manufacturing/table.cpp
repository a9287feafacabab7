// SPDX-License-Identifier: BSL-1.0
#include "table.hpp"

#include "../../fronts/common/csv.hpp"
#include "../../fronts/common/number.hpp"
#include "../../fronts/common/utf8.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <istream>
#include <span>
#include <string_view>
#include <utility>

namespace example {

namespace {

std::string_view trimmed(std::string_view text) {
  auto const first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// Where the reader stands, to be named in messages.
struct position {
  std::string const& file;
  std::size_t line = 0;

  [[noreturn]] void fail(std::string const& what) const {
    throw table_error(file + ", line " + std::to_string(line) + ": " + what);
  }
  [[noreturn]] void fail(std::string const& column, std::string const& what) const {
    throw table_error(file + ", line " + std::to_string(line) + ", column " + column + ": " + what);
  }
};

std::string in_quotes(std::string_view text) { return '"' + std::string(text) + '"'; }

using cells = std::span<std::string_view const>;

/// Which cell holds what.
struct header {
  std::vector<std::string> names;
  std::size_t code, industry;
  std::vector<std::pair<std::size_t, std::size_t>> shares;  ///< per year: share_exporting, export_sales_share

  std::size_t find(std::string const& name, position const& at) const {
    auto const found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) at.fail(name, "there is no such column; the header is the first line of the table");
    return static_cast<std::size_t>(found - names.begin());
  }
};

std::optional<int> parse_year(std::string_view text) {
  int year = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), year);
  if (error != std::errc() || end != text.data() + text.size() || year < 1) return std::nullopt;
  return year;
}

header read_header(std::vector<std::string> names, std::vector<int>& years, position const& at) {
  header out{std::move(names), 0, 0, {}};
  out.code = out.find("naics", at);
  out.industry = out.find("industry", at);
  std::string const exporting = "share_exporting_", sales = "export_sales_share_";
  for (auto const& name : out.names) {
    if (std::count(out.names.begin(), out.names.end(), name) > 1) at.fail(name, "the header has it more than once");
    bool const first = name.starts_with(exporting);
    if (!first && !name.starts_with(sales)) continue;
    auto const suffix = name.substr((first ? exporting : sales).size());
    auto const year = parse_year(suffix);
    if (!year) at.fail(name, in_quotes(suffix) + " is not a year");
    // Each of the two columns asks for the other one.
    std::pair const pair{out.find(exporting + suffix, at), out.find(sales + suffix, at)};
    if (!first) continue;
    years.push_back(*year);
    out.shares.push_back(pair);
  }
  if (years.empty()) at.fail(exporting + "YEAR", "there is no such column for any year");
  return out;
}

double read_percent(cells const& row, header const& columns, std::size_t k, position const& at) {
  std::string const text(row[k]);
  if (text.empty()) at.fail(columns.names[k], "the cell is empty; a percentage from 0 to 100 should be there");
  auto const value = parse_number(text);
  if (!value)
    at.fail(columns.names[k], in_quotes(text) + " is not a number; a percentage from 0 to 100 should be there");
  if (!(*value >= 0 && *value <= 100)) at.fail(columns.names[k], text + " is not a percentage from 0 to 100");
  return *value;
}

void read_comment(std::string_view text, std::vector<std::pair<int, std::string>>& sources,
                  std::vector<std::string>& notes) {
  auto const colon = text.find(':');
  if (colon == std::string_view::npos) return;
  auto const key = trimmed(text.substr(0, colon));
  auto const said = std::string(trimmed(text.substr(colon + 1)));
  if (key == "note") notes.push_back(said);
  if (auto const year = parse_year(key)) sources.emplace_back(*year, said);
}

}  // namespace

std::optional<double> parse_number(std::string_view text) {
  auto const value = to_number(text);
  return value && std::isfinite(*value) ? value : std::nullopt;
}

namespace {

/// Reads all rows. @throws csv_error, table_error
void read_rows(std::string_view text, position& at, industry_table& out,
               std::vector<std::pair<int, std::string>>& sources) {
  std::optional<header> columns;
  csv_reader in(text, '#');
  while (in.next()) {
    at.line = in.line();
    cells const row = in.fields();
    if (in.is_blank()) continue;
    if (in.is_comment()) {
      read_comment(row[0].substr(1), sources, out.notes);
      continue;
    }
    if (!columns) {
      columns = read_header({row.begin(), row.end()}, out.years, at);
      continue;
    }
    if (row.size() != columns->names.size()) {
      at.fail("it has " + std::to_string(row.size()) + " cells, the header " + std::to_string(columns->names.size()));
    }
    industry made{std::string(row[columns->code]), std::string(row[columns->industry]), {}};
    if (made.name.empty()) at.fail("industry", "the cell is empty; a name should be there");
    if (!is_utf8(made.name) || !is_utf8(made.code)) {
      at.fail("industry", in_quotes(in_utf8(made.name)) + " is not in UTF-8, which is how the file must be saved");
    }
    bool const again = std::any_of(out.industries.begin(), out.industries.end(),
                                   [&](industry const& other) { return other.code == made.code; });
    if (again) at.fail("naics", in_quotes(made.code) + " is there already");
    for (auto const& [exporting, sales] : columns->shares) {
      made.by_year.push_back({read_percent(row, *columns, exporting, at), read_percent(row, *columns, sales, at)});
    }
    out.industries.push_back(std::move(made));
  }
}

}  // namespace

industry_table read_table(std::istream& in, std::string const& file) {
  std::string const text = read_text(in);
  if (in.bad()) throw table_error(file + ": cannot be read to its end");
  industry_table out;
  std::vector<std::pair<int, std::string>> sources;
  position at{file};
  try {
    read_rows(text, at, out, sources);
  } catch (csv_error const& e) {
    at.line = e.line;
    at.fail(e.what());
  }
  if (out.industries.empty()) throw table_error(file + ": there are no industries in it");

  for (int const year : out.years) {
    auto const said = std::find_if(sources.begin(), sources.end(), [&](auto const& s) { return s.first == year; });
    out.sources.push_back(said == sources.end() ? std::string() : said->second);
  }
  return out;
}

}  // namespace example
