// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "array.hpp"
#include "csv.hpp"
#include "json_input.hpp"
#include "laws.hpp"
#include "models.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// A model file: {"model": ..., "distribution": {...}, "parameters": {...}}, "countries", which gives them names, and
// "id", which answers repeat.

namespace melitz::front {

/// CSV files by the parameter that they are the numbers of.
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

/// One model as it was read.
struct model_input {
  model const* what = nullptr;
  std::vector<array> parameters;     ///< in the order of what->parameters
  std::size_t countries = 0;         ///< 0 in a model that has none
  std::size_t periods = 0;           ///< of paths that answers have; 0 in a model that has none
  std::vector<std::string> names{};  ///< of the countries, if they have any
  json distribution{};
  std::vector<law> laws{};
  csv_tables tables{};
  std::optional<json> id{};
};

/// Checks structure, types and sizes; values are checked when the model is solved. @throws input_error
[[nodiscard]] model_input read_model(model_file const& file);

/// The laws of `distribution`, as many as the model wants. @throws input_error
[[nodiscard]] std::vector<law> read_laws(json const& distribution, model const& what, std::size_t countries);

/// Solves it. @throws input_error for a value that is out of range
[[nodiscard]] answer solve(model_input& input);

/// How many countries, industries, ... there are in a model; 1 of none.
[[nodiscard]] std::size_t count_of(model_input const& input, melitz::told::by what);

/// The name of a country, or the number of whatever else.
[[nodiscard]] std::string name_of(model_input const& input, melitz::told::by what, std::size_t k);

/// Of everything that is by these, the places of its numbers: "" for one number, or "[BRA][ARG]" for each.
[[nodiscard]] std::vector<std::string> places_of(model_input const& input, melitz::told::by_two indices);

}  // namespace melitz::front
