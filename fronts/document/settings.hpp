// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "read_model.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Values of a model that the command line gives, by name: "labor", "parameters.labor", "iceberg_cost[BRA][2]",
// "tariff[*][USA]", "distribution.components[1].log_sd". With * after the name, what is there is multiplied.

namespace melitz::front {

/// Gives a number, a word or a yes or no of the file another value; a parameter that wants several numbers gets the
/// same everywhere, and so does what [*] stands for: every element, but of a matrix whose home markets are none to
/// choose those from abroad. Where sectors are listed the first index is that of one. What the file leaves out is what
/// stands for it then. A name that the model does not have is found when the document is read. @throws input_error
void set_value(model_file& file, std::string_view name, json const& value);

/// A value for set_value, from the command line.
struct assignment {
  std::string name;
  json value{};
};

/// All of these, with families of laws before all else, so that their order does not matter. A law that changes its
/// family keeps what the new one has as well. @throws input_error
void set_values(model_file& file, std::vector<assignment> const& all);

/// The same of a document that is no model of the catalog: `name` is the path to a value as it stands, as in
/// sectors[chem*].trade_elasticity or scenarios[A].import_tax[0].add. An index is a key of an object; of a list it is
/// the number of an element, the "name" that one has, or * for all. What the last step names may be new. @throws
/// input_error
void set_by_path(json& document, std::string_view name, json const& value);

/// Reads NAME=VALUE: a number, true or false, or else a word. @param option  that takes it  @throws input_error
[[nodiscard]] assignment read_assignment(std::string const& text, std::string_view option = "--set");

/// A name and its indices: "wage[BRA]" taken apart.
struct indexed_name {
  std::string_view name;
  std::vector<std::string_view> indices{};
};

/// Nothing if the text is not spelt so.
[[nodiscard]] std::optional<indexed_name> read_indexed_name(std::string_view text);

/// An index by number, by the name of a country, or every_element. @param name  it is part of, for messages
/// @param countries  their names; null of what is by something else
/// @throws input_error for what is none of them
[[nodiscard]] std::size_t read_index(std::string_view index, std::string_view name,
                                     std::vector<std::string> const* countries);

/// The parameter of the model that a name for set_value is of, or of an element of which; null if it is of none.
[[nodiscard]] parameter const* parameter_meant(model const& what, std::string_view name);

/// Which of the model's parameters a name for set_value means, and which element of it, if not all.
struct target {
  std::size_t parameter = 0;
  std::vector<std::size_t> indices{};  ///< every_element among them
  bool scales = false;
};

/// Nothing if the name is not of a parameter. @pre set_value accepts it
[[nodiscard]] std::optional<target> target_of(model_input const& input, std::string_view name);

/// Do two names mean the same number, or is one of them a whole that the other is a part of?
/// @throws input_error for a name that no file can have
[[nodiscard]] bool overlap(json const& document, std::string_view one, std::string_view other);

}  // namespace melitz::front
