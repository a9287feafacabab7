// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "array.hpp"
#include "json_input.hpp"
#include "laws.hpp"

#include <melitz/error.hpp>

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

// The models that can be solved. One more model is one more file in models/ and its line in models.cpp.

namespace melitz_solve {

/// The part of the table that a result is printed in.
enum class section { solution, work, cutoffs, averages, masses, aggregates, labor, elasticities };

/// A number, a yes or no, a word, or several numbers.
using result_value = std::variant<double, bool, std::string_view, array>;

/// What one result is; its value is found at the same place in answer::values.
struct result {
  std::string_view name;  ///< key in JSON, column in CSV
  melitz_solve::section section;
  std::string_view unit{};
  std::string_view symbol{};   ///< in the lecture, or in the model's paper
  std::string_view lecture{};  ///< number of the equation, or the slide
  shape extent = shape::number;
};

struct answer {
  melitz::status reason = melitz::status::not_solved;
  std::vector<result_value> values{};  ///< NaN, unless reason is converged
  std::string_view detail{};           ///< more about the reason, in a word
};

/// How many laws a model draws productivities from.
enum class laws_wanted { none, one, by_country };  ///< by country: one for all, or a list

struct model {
  std::string_view name;
  std::string_view title;
  std::vector<parameter> parameters;
  std::vector<result> results;
  /// @param parameters  values in the order of `parameters`
  /// @param laws        one, or as many as countries, as `laws` says
  /// @throws melitz::domain_error for a parameter, input_error for a law
  std::function<answer(std::vector<array> const& parameters, std::vector<bound_law>& laws)> solve;
  laws_wanted laws = laws_wanted::one;
  std::string_view example_law = R"({"family": "lognormal", "log_mean": 0, "log_sd": 0.8})";

  /// Is anything in it by country?
  [[nodiscard]] bool has_countries() const;
  /// Which parameter says how long paths are in answers; nothing if there are no paths.
  [[nodiscard]] std::optional<std::size_t> periods() const;
};

[[nodiscard]] std::vector<model> const& models();

/// @throws input_error, with a suggestion; also for a model that this program was built without
[[nodiscard]] model const& model_named(json const& name, std::string const& path);

}  // namespace melitz_solve
