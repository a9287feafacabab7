// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "json_input.hpp"
#include "laws.hpp"
#include "models.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// A model file: {"model": ..., "distribution": {...}, "parameters": {...}}, and "id", which answers repeat.

namespace melitz_solve {

/// One model as it was read.
struct model_input {
  model const* what = nullptr;
  std::vector<double> parameters;  ///< in the order of what->parameters
  json distribution;
  bound_law productivity;
  std::optional<json> id;
};

/// Checks structure and types; values are checked when the model is solved. @throws input_error
[[nodiscard]] model_input read_model(json const& document);

/// Solves it. @throws input_error for a value that is out of range
[[nodiscard]] answer solve(model_input& input);

/// Gives a number of the document another value: "labor", "parameters.labor", "distribution.components[1].log_sd".
/// A name that the model does not have is found when the document is read. @throws input_error
void set_number(json& document, std::string_view name, double value);

/// A value for set_number, from the command line.
struct assignment {
  std::string name;
  double value = 0;
};

/// Reads NAME=NUMBER. @throws input_error
[[nodiscard]] assignment read_assignment(std::string const& text);

/// Where this parameter stands in the model's list; nothing if it is not one of the model's own.
[[nodiscard]] std::optional<std::size_t> parameter_index(model const& what, std::string_view name);

}  // namespace melitz_solve
