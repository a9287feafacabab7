// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "read_model.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Numbers of a model that the command line gives, by name: "labor", "parameters.labor", "iceberg_cost[BRA][2]",
// "tariff[*][USA]", "distribution.components[1].log_sd". With * after the name, what is there is multiplied.

namespace melitz_solve {

/// Gives a number of the file another value; a parameter that wants several numbers gets the same everywhere, and so
/// does what [*] stands for: every element, but of a matrix whose home markets are none to choose those from abroad.
/// What the file leaves out is what stands for it then.
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
  std::vector<std::size_t> indices{};  ///< every_element among them
  bool scales = false;
};

/// Nothing if the name is not of a parameter. @pre set_number accepts it
[[nodiscard]] std::optional<target> target_of(model_input const& input, std::string_view name);

/// Do two names mean the same number, or is one of them a whole that the other is a part of?
/// @throws input_error for a name that no file can have
[[nodiscard]] bool overlap(json const& document, std::string_view one, std::string_view other);

}  // namespace melitz_solve
