// SPDX-License-Identifier: BSL-1.0
#include "output_options.hpp"

#include "write_table.hpp"

#include <CLI/Validators.hpp>
#include <ostream>

namespace melitz::front {

void add_output_options(CLI::App& app, output_options& chosen) {
  app.add_option_function<std::string>(
         "--fields", [&chosen](std::string const& text) { chosen.fields = names_in_list(text); },
         "Print only these results, or numbers of theirs: welfare,wage[BRA],exports[0][1]")
      ->type_name("NAME,...");
  app.add_option("--show", chosen.show,
                 "Print only this block of the table: a part such as cutoffs, country, or a matrix such as exports")
      ->type_name("BLOCK");
  app.add_flag("--long", chosen.numbers_in_rows,
               "Print CSV with a row for each number: country, partner, ..., name, value, unit");
  app.add_option("--infinities", chosen.infinities,
                 "What infinite and undefined numbers are in JSON: \"inf\" and \"nan\", or null")
      ->type_name("words|null")
      ->check(CLI::IsMember({"words", "null"}));
}

void require_fitting(output_options const& chosen, bool as_json, bool batch, bool sweep) {
  bool const in_json = as_json || batch;
  if (!chosen.show.empty() && (in_json || sweep || chosen.numbers_in_rows)) {
    throw input_error("--show " + chosen.show +
                      " is of the table, which --json, --batch, --sweep and --long do not print");
  }
  if (!chosen.show.empty() && !chosen.fields.empty()) {
    throw input_error("--show " + chosen.show + " and --fields both say what to print; it must be one of them");
  }
  if (chosen.numbers_in_rows && in_json) throw input_error("--long prints CSV; --json and --batch do not");
  if (!chosen.infinities.empty() && !in_json) {
    throw input_error("--infinities " + chosen.infinities + " is for JSON, which --json or --batch print");
  }
}

std::vector<field> fields_chosen(model_input const& input, output_options const& chosen) {
  if (!chosen.show.empty()) require_block(input, chosen.show);
  return fields_named(input, chosen.fields);
}

void write_text(std::ostream& out, model_input const& input, answer const& given, std::vector<field> const& fields,
                output_options const& chosen) {
  if (!chosen.numbers_in_rows) {
    write_table(out, input, given, fields, chosen.show);
    return;
  }
  out << long_columns(input).names << '\n';
  if (given.reason != melitz::status::converged) return;
  for (auto const& row : long_rows(input, given, fields)) out << row << '\n';
}

}  // namespace melitz::front
