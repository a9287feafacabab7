// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "array.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Numbers by country, or by pair of countries, from a CSV file: with the names of the countries or without.

namespace melitz::front {

/// A file as it was read, and where in it an element stands.
struct csv_table {
  std::string name;
  array numbers;
  std::vector<std::string> countries{};  ///< as the file names them, if it does
  std::size_t first_row = 0, first_column = 0;
  bool lies = false;    ///< countries go from left to right, in one row
  bool across = false;  ///< so do their names

  /// "costs.csv, row 3, column 1", counted from 1 as spreadsheets do.
  [[nodiscard]] std::string place(std::vector<std::size_t> const& indices) const;
  /// The same of the name of a country.
  [[nodiscard]] std::string place_of_name(std::size_t country) const;
};

/// Reads what `what` wants: a row or a column of numbers, or as many rows as columns. Names of countries stand in a
/// first row, a first column, or both; a column of numbers may have a title above it.
/// @param text  of the file
/// @param path  of the parameter, for messages
/// @throws input_error naming file, row and column
[[nodiscard]] csv_table read_csv(std::string_view text, std::string const& file, std::string const& path,
                                 parameter const& what);

/// One column of numbers: of a file that has no other, with a title above it or without; or the one below a title.
/// @throws input_error naming file, row and column
[[nodiscard]] csv_table read_column(std::string_view text, std::string const& file, std::string const& path,
                                    std::optional<std::string> const& title);

/// How a message on names that differ ends.
[[nodiscard]] std::string in_another_order(std::vector<std::string> const& names,
                                           std::vector<std::string> const& wanted);

/// What the name of a country must be, if this is none.
[[nodiscard]] std::optional<std::string> wrong_with_name(std::string_view name);

}  // namespace melitz::front
