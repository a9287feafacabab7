// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "array.hpp"
#include "csv.hpp"
#include "json_input.hpp"
#include "laws.hpp"
#include "models.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// A model file: {"model": ..., "distribution": {...}, "parameters": {...}}, "countries", which gives them names, and
// "id", which answers repeat.

namespace melitz_solve {

/// CSV files by the parameter that they are the numbers of.
using csv_tables = std::map<std::string, csv_table, std::less<>>;

/// What a file says, with the numbers of CSV files in the place of their names.
struct model_file {
  json content;
  csv_tables tables{};
};

/// Reads the CSV files that a document names; the countries in them become its own if it names none.
/// @param folder  that their names are relative to
/// @throws input_error also for a file whose countries are not the document's, in the same order
[[nodiscard]] model_file with_tables(json document, std::string const& folder);

/// One model as it was read.
struct model_input {
  model const* what = nullptr;
  std::vector<array> parameters;     ///< in the order of what->parameters
  std::size_t countries = 0;         ///< 0 in a model that has none
  std::size_t periods = 0;           ///< of paths that answers have; 0 in a model that has none
  std::vector<std::string> names{};  ///< of the countries, if they have any
  json distribution{};
  std::vector<bound_law> laws{};
  csv_tables tables{};
  std::optional<json> id{};
};

/// Checks structure, types and sizes; values are checked when the model is solved. @throws input_error
[[nodiscard]] model_input read_model(model_file const& file);

/// The laws of `distribution`, as many as the model wants. @throws input_error
[[nodiscard]] std::vector<bound_law> read_laws(json const& distribution, model const& what, std::size_t countries);

/// Solves it. @throws input_error for a value that is out of range
[[nodiscard]] answer solve(model_input& input);

/// Of everything with this shape, the places of its numbers: "" for one number, or "[BRA][ARG]" for each.
[[nodiscard]] std::vector<std::string> places_of(model_input const& input, shape extent);

/// Gives a number of the file another value: "labor", "parameters.labor", "iceberg_cost[BRA][2]",
/// "distribution.components[1].log_sd"; a parameter that wants several numbers gets the same everywhere. With * after
/// the name, multiplies what is there.
/// A name that the model does not have is found when the document is read. @throws input_error
void set_number(model_file& file, std::string_view name, double value);

/// A value for set_number, from the command line.
struct assignment {
  std::string name;
  double value = 0;
};

/// Reads NAME=NUMBER. @throws input_error
[[nodiscard]] assignment read_assignment(std::string const& text);

/// Which of the model's parameters a name for set_number means, and which element of it, if not all.
struct target {
  std::size_t parameter = 0;
  std::vector<std::size_t> indices{};
  bool scales = false;
};

/// Nothing if the name is not of a parameter. @pre set_number accepts it
[[nodiscard]] std::optional<target> target_of(model_input const& input, std::string_view name);

}  // namespace melitz_solve
