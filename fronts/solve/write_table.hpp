// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "../document/fields.hpp"
#include "../document/read_model.hpp"

#include <iosfwd>
#include <string>
#include <vector>

namespace melitz::front {

/// An answer as a table to read: its numbers part by part, those by country beside one another, a block for each
/// matrix, and what warnings there are.
/// @param fields  the results that it has
/// @param only    one of its blocks; the whole table without
void write_table(std::ostream& out, model_input const& input, answer const& given, std::vector<field> const& fields,
                 std::string const& only = "");

/// @throws input_error, with a suggestion, for what is no block of the model's table: a part such as "cutoffs",
///         "country", "sector" or whatever else results are by, or a result by two such as "exports"
void require_block(model_input const& input, std::string const& name);

}  // namespace melitz::front
