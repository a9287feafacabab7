// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "array.hpp"
#include "json_input.hpp"
#include "laws.hpp"
#include "models.hpp"
#include "tables.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

// A model file: {"model": ..., "distribution": {...}, "parameters": {...}}, "countries", which gives them names, and
// "id", which answers repeat.

namespace melitz::front {

/// One model as it was read.
struct model_input {
  model const* what = nullptr;
  std::vector<array> parameters;     ///< in the order of what->parameters; none of one that is left out
  std::size_t countries = 0;         ///< 0 in a model that has none
  std::size_t periods = 0;           ///< of paths that answers have; 0 in a model that has none
  std::size_t sectors = 1;           ///< that parameters list
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

/// A parameter as it is used: what the file leaves out is what stands for it; none where nothing does.
[[nodiscard]] array as_used(model_input const& input, std::size_t parameter);

/// How many countries, industries, ... there are in a model; 1 of none.
[[nodiscard]] std::size_t count_of(model_input const& input, melitz::told::by what);

/// The name of a country, or the number of whatever else.
[[nodiscard]] std::string name_of(model_input const& input, melitz::told::by what, std::size_t k);

/// How many numbers a result is.
[[nodiscard]] std::size_t count_of(model_input const& input, result const& what);

/// Of everything that is by these, the places of its numbers: "" for one number, or "[BRA][ARG]" for each.
[[nodiscard]] std::vector<std::string> places_of(model_input const& input, melitz::told::by_two indices);

/// The same of a result: of several sectors "[0][BRA][ARG]".
[[nodiscard]] std::vector<std::string> places_of(model_input const& input, result const& what);

}  // namespace melitz::front
