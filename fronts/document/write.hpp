// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "document.hpp"
#include "fields.hpp"
#include "models.hpp"
#include "read_model.hpp"

#include <cstddef>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

// Answers as JSON, and as rows of CSV: a row for each answer, or for each number.

namespace melitz::front {

enum class layout { one_line, one_key_per_line };

/// One JSON object and a line break: what was solved and by which version, its status, its results, warnings, and its
/// inputs. Numbers read back to the same double.
/// @param fields  the results; all without them
/// @{
void write_json(std::ostream& out, model_input const& input, answer const& given, layout how);
void write_json(std::ostream& out, model_input const& input, answer const& given, layout how,
                std::vector<field> const& fields, not_finite as = not_finite::words);
/// @}

/// The object that answers a model with a mistake: {"id": ..., "status": "domain_error", "error": ...}, in one line.
void write_json_error(std::ostream& out, std::optional<json> const& id, std::string_view message);

/// The model file that was solved: "model", "countries", "distribution", "parameters", also those that were left out.
/// To solve it again gives the same numbers.
[[nodiscard]] json inputs_of(model_input const& input);

/// "0.1.0"
[[nodiscard]] std::string library_version();

/// The columns of a table in CSV: their names, with commas between them, and how many they are.
struct csv_columns {
  std::string names;
  std::size_t count = 0;
};

/// A row for each answer. "welfare,wage[0],wage[1],...,warnings": columns for each number, "wage[BRA]" where countries
/// have names.
/// @{
[[nodiscard]] csv_columns wide_columns(model_input const& input, std::vector<field> const& fields);
/// @pre it is solved
[[nodiscard]] std::string wide_row(answer const& given, std::vector<field> const& fields);
/// @}

/// A row for each number: what it is by, such as country and partner, "name", "value" and "unit". Words have none.
/// @{
[[nodiscard]] csv_columns long_columns(model_input const& input);
/// @pre it is solved
[[nodiscard]] std::vector<std::string> long_rows(model_input const& input, answer const& given,
                                                 std::vector<field> const& fields);
/// @}

/// Why there is no solution: "out_of_range, the answer exists but ...".
[[nodiscard]] std::string explanation(answer const& given);

}  // namespace melitz::front
