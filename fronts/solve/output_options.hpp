// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "../document/fields.hpp"
#include "../document/read_model.hpp"
#include "../document/write.hpp"

#include <CLI/App.hpp>
#include <iosfwd>
#include <string>
#include <vector>

namespace melitz::front {

/// What of an answer is written, and how.
struct output_options {
  std::vector<std::string> fields{};  ///< names of results; all if there are none
  std::string show{};                 ///< a block of the table
  bool numbers_in_rows = false;
  std::string infinities{};  ///< "words", "null", or not said
  [[nodiscard]] not_finite as() const { return infinities == "null" ? not_finite::null : not_finite::words; }
};

/// Adds --fields, --show, --long and --infinities. @param chosen  outlives the application
void add_output_options(CLI::App& app, output_options& chosen);

/// @throws input_error for one that says nothing about the kind of output
void require_fitting(output_options const& chosen, bool as_json, bool batch, bool sweep);

/// The results that are to be written. @throws input_error for one, or a block, that the model does not have
[[nodiscard]] std::vector<field> fields_chosen(model_input const& input, output_options const& chosen);

/// Writes an answer as a table, or its numbers in rows of CSV.
void write_text(std::ostream& out, model_input const& input, answer const& given, std::vector<field> const& fields,
                output_options const& chosen);

}  // namespace melitz::front
