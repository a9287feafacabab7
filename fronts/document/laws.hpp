// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "json_input.hpp"

#include <melitz/tail/erased.hpp>

#include <string>

// The laws of productivity: from JSON to the catalog's.

namespace melitz::front {

using law = melitz::erased_law<double>;

/// Reads a law, a mixture among them. Its structure is checked here; its numbers are when it is bound.
[[nodiscard]] law read_law(json const& value, std::string const& path = "distribution");

/// The law in words: "pareto, scale 1, shape 4.25".
[[nodiscard]] std::string in_words(json const& distribution);

/// Takes the numbers and the word of a law out of lists of one.
void unwrap_law(json& value);

/// Before a law changes its family: takes away what its own has and that of this name has not.
void keep_common_keys(json& value, json const& name);

/// Is this key of a law, of whatever family, a list of numbers: data, which may stand in a file?
[[nodiscard]] bool is_data(json const& value, std::string_view key);

/// The families of laws and what they want, for a listing; mixtures among them.
struct law_family {
  std::string_view name;
  std::vector<parameter> keys;
};
[[nodiscard]] std::vector<law_family> families_for_listing();

}  // namespace melitz::front
