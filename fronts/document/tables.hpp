// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "csv.hpp"
#include "json_input.hpp"

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

// CSV files that a model file names, in the place of numbers by country, by pair of countries, or of a law's data.

namespace melitz::front {

/// CSV files by what they are the numbers of: "labor", "iceberg_cost[1]" of a sector, "distribution.values".
using csv_tables = std::map<std::string, csv_table, std::less<>>;

/// What a file says, with the numbers of CSV files in the place of their names.
struct model_file {
  json content;
  csv_tables tables{};
  std::vector<std::string> files{};  ///< that were read, by the names of tables
};

/// A file as it is called in messages, and what is in it.
struct text_file {
  std::string name, text;
};

/// Reads the file that a document calls `name`. @param path  where it does  @throws input_error
using file_reader = std::function<text_file(std::string const& name, std::string const& path)>;

/// Reads the CSV files that a document names; the countries in them become its own if it names none. Takes numbers and
/// words out of lists of one.
/// @throws input_error also for a file whose countries are not the document's, in the same order
[[nodiscard]] model_file with_tables(json document, file_reader const& read);

/// Reads the CSV files that laws name, for whoever has changed a law since. @throws input_error
void read_data(model_file& file, file_reader const& read);

/// The names of countries, as a document lists them. @throws input_error
[[nodiscard]] std::vector<std::string> read_countries(json const& value);

}  // namespace melitz::front
