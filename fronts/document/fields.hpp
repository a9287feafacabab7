// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "read_model.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Which results an answer shows.

namespace melitz::front {

/// A result, or one number of it.
struct field {
  std::string name;                     ///< as it was asked for: "welfare", "wage[BRA]"
  std::size_t result = 0;               ///< its place in model::results
  std::optional<std::size_t> number{};  ///< its place in array::numbers; of one of several
};

/// All results, in the order of the model.
[[nodiscard]] std::vector<field> all_fields(model const& what);

/// Those of these names, in their order; all if there are none. "status", which every answer shows, may be among them.
/// @throws input_error for what the model does not have, with a suggestion, and for what is asked for twice
[[nodiscard]] std::vector<field> fields_named(model_input const& input, std::vector<std::string> const& names);

/// The names in "welfare,exports[Korea, South][USA]": a comma in brackets is part of a name.
[[nodiscard]] std::vector<std::string> names_in_list(std::string_view text);

}  // namespace melitz::front
