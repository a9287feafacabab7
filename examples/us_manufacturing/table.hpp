// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <iosfwd>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace example {

/// What a year's census shows of an industry, both in percent.
struct observation {
  double share_exporting;     ///< of firms, those that export
  double export_sales_share;  ///< exports over total sales, among the firms that export
};

struct industry {
  std::string code;  ///< NAICS; "all" is the aggregate of the others
  std::string name;
  std::vector<observation> by_year;  ///< one per year of the table
};

/// A CSV table with columns naics, industry and, for any number of years, share_exporting_YEAR and
/// export_sales_share_YEAR; other columns are ignored. Lines that start with # are comments, of which "# YEAR: ..."
/// names that year's source and "# note: ..." is worth printing.
struct industry_table {
  std::vector<int> years;
  std::vector<std::string> sources;  ///< one per year; empty if the table does not say
  std::vector<std::string> notes;
  std::vector<industry> industries;
};

/// A mistake in a table: file, line and column, what is there and what should be.
struct table_error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Reads a table; `file` is what messages call it. @throws table_error
[[nodiscard]] industry_table read_table(std::istream& in, std::string const& file);

/// A whole text as a finite decimal number, whatever the locale.
[[nodiscard]] std::optional<double> parse_number(std::string_view text);

}  // namespace example
