// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "json_input.hpp"
#include "laws.hpp"

#include <melitz/error.hpp>

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

// The models that can be solved. One more model is one more file in models/ and its line in models.cpp.

namespace melitz_solve {

/// The part of the table that a result is printed in.
enum class section { solution, work, cutoffs, averages, masses, aggregates, labor, elasticities };

/// A number, a yes or no, or a word.
using result_value = std::variant<double, bool, std::string_view>;

/// What one result is; its value is found at the same place in answer::values.
struct result {
  std::string_view name;  ///< key in JSON, column in CSV
  melitz_solve::section section;
  std::string_view unit{};
  std::string_view symbol{};   ///< in the lecture, or in the model's paper
  std::string_view lecture{};  ///< number of the equation, or the slide
};

struct answer {
  melitz::status reason = melitz::status::not_solved;
  std::vector<result_value> values{};  ///< NaN, unless reason is converged
};

struct model {
  std::string_view name;
  std::string_view title;
  std::vector<parameter> parameters;
  std::vector<result> results;
  /// @param parameters  values in the order of `parameters`
  /// @throws melitz::domain_error for a parameter, input_error for the law
  std::function<answer(std::span<double const> parameters, bound_law& productivity)> solve;
};

[[nodiscard]] std::vector<model> const& models();

/// @throws input_error, with a suggestion
[[nodiscard]] model const& model_named(json const& name, std::string const& path);

}  // namespace melitz_solve
