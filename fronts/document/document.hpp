// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "array.hpp"
#include "json_input.hpp"
#include "models.hpp"

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

// What a document says before it has been checked, for those who change it or say what is wrong with it.

namespace melitz::front {

/// The model that a document names, if it does.
[[nodiscard]] model const* model_in(json const& document);

/// A parameter of the model, if it has one of this name.
[[nodiscard]] parameter const* parameter_named(model const& what, std::string_view name);

/// What a choice is between: "any_sale or home_sales".
[[nodiscard]] std::string choices_of(parameter const& choice);

/// The word, or the yes or no, at a place of the words of a choice.
[[nodiscard]] json word_at(parameter const& choice, double place);

/// The names of countries; empty if there are none, and so is one that is no text.
[[nodiscard]] std::vector<std::string> names_in(json const& document);

/// How many countries a document is about: as many as have names, or as the first list is long. 0 if nothing says it.
[[nodiscard]] std::size_t count_countries(json const& document, model const& what);

/// What stands for a number that is infinite, or undefined: "inf" and "nan", or null.
enum class not_finite { words, null };

/// Numbers as a document has them; of several sectors a list of those of each.
[[nodiscard]] json to_json(array const& numbers, melitz::told::by_two indices, not_finite as = not_finite::words);

/// The same of a parameter, which may be a choice between words.
[[nodiscard]] json value_of(array const& numbers, parameter const& what);

/// A value with a blank after each comma and colon; numbers read back to the same double, and infinities are words.
[[nodiscard]] std::string in_one_line(json const& value);

/// R and others write a number or a word as a list of one: takes it out of the list wherever a model wants no list.
void unwrap_scalars(json& document);

/// The same of what is by country, where something else says that there are more countries than one.
/// @param lists  parameters that are lists however long they are
void unwrap_numbers_for_all(json& document, std::set<std::string_view> const& lists);

/// The whole number that all of `text` spells.
[[nodiscard]] std::optional<std::size_t> whole_number(std::string_view text);

}  // namespace melitz::front
