// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "../document/read_model.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

// Many solves of one model, between arrays of numbers.

namespace melitz::front {

/// What melitz_solve_arrays is asked for; see there.
struct many_solves {
  std::size_t count;
  std::vector<std::string> parameters;
  double const* const* values;  ///< for each parameter, `count` each
  std::vector<std::string> fields;
  double* const* numbers;  ///< for each field, `count` times its size each
  int* statuses;           ///< null if nobody wants them
  int threads;
  std::function<bool(std::size_t done)> progress;  ///< false ends the work; called from the calling thread
};

/// Was every element solved? @throws input_error naming the first element that is a mistake, or what else is one
[[nodiscard]] bool solve_arrays(model_file const& file, many_solves const& wanted);

/// A field of a model, and how many numbers of it one answer has.
struct field_size {
  std::size_t place;  ///< in the model's results
  std::size_t rows, columns;
  [[nodiscard]] std::size_t numbers() const { return rows * columns; }
};

/// @throws input_error for a field that the model does not have
[[nodiscard]] std::vector<field_size> sizes_of(model_input const& input, std::vector<std::string> const& fields);

}  // namespace melitz::front
