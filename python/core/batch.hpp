// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/catalog/model.hpp>

#include <array>
#include <cstddef>
#include <functional>
#include <string>
#include <utility>
#include <vector>

// Many solves of one model in one call: as catalog::solve_batch, with laws that move too, words, and an end by Ctrl-C.

namespace melitz::python {

/// Numbers of a law of a family that take other values in each solve.
struct moved_law {
  std::size_t law;                                                  ///< its place among the laws
  std::size_t family;                                               ///< its place among families()
  std::string path;                                                 ///< "distribution"
  std::vector<catalog::array> given;                                ///< of keys that stay
  std::vector<std::pair<std::size_t, std::vector<double>>> keys{};  ///< and of those that move
};

struct batch_input {
  catalog::model const* what;
  std::vector<catalog::array> given;
  std::vector<catalog::varied> moved;
  std::vector<erased_law<double>> laws;
  std::vector<moved_law> moved_laws{};
  std::size_t count = 1;  ///< how long all that moves is
  int threads = 1;
  int max_evaluations = 200;
  std::function<void(std::size_t)> progress{};
};

/// What the values of one result are.
struct column {
  enum class kind { number, yes_or_no, word } what = kind::number;
  std::vector<std::size_t> shape{};       ///< of one answer; nothing of one number
  std::vector<double> numbers{};          ///< those of one answer after those of the last
  std::vector<std::string_view> words{};  ///< of words, in their place
};

struct batch_output {
  std::vector<status> reason{};
  std::vector<column> columns{};
};

/// @param places  which results, by their places in model::results
/// @throws domain_error as model::solve does, naming the element; see in_parts for what else
[[nodiscard]] batch_output solve_batch(batch_input const& input, std::vector<std::size_t> const& places);

struct derivatives_output {
  std::vector<status> reason{};
  std::vector<double> values{}, table{};  ///< solve by solve: results, and results x parameters
};

/// The same for model::differentiate. @param laws  by name, as many as the model wants
[[nodiscard]] derivatives_output differentiate_batch(batch_input const& input,
                                                     std::vector<catalog::law_by_name> const& laws,
                                                     std::vector<std::string> const& results,
                                                     std::vector<std::string> const& parameters);

/// The shape of what a solve gives, as an array of numbers has it.
[[nodiscard]] std::vector<std::size_t> shape_of(catalog::array const& table, told::by_two indices);

}  // namespace melitz::python
