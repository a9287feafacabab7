// SPDX-License-Identifier: BSL-1.0
//
// melitz-solve: solves a model that a JSON file describes.

#include "../document/json_input.hpp"
#include "../document/list_models.hpp"
#include "../document/read_model.hpp"
#include "../document/settings.hpp"
#include "../document/sweep.hpp"
#include "../document/text.hpp"
#include "../document/write.hpp"
#include "output_options.hpp"
#include "progress.hpp"
#include "streams.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace melitz::front;

enum exit_status { success = 0, not_solved = 1, bad_input = 2 };

/// The command line. The two lists are first read as text, then as what they mean.
struct options {
  std::string file, output, example;
  std::vector<std::string> set, sweep;
  bool json = false, batch = false, models = false;
  std::vector<assignment> assignments;
  std::vector<axis> axes;
  output_options shown;
};

void complain(std::string const& message) { std::cerr << "melitz-solve: " << one_line(message) << '\n'; }

/// What a document says, with what the command line says instead.
model_file with_settings(json document, options const& chosen) {
  bool const of_a_file = !chosen.file.empty() && chosen.file != "-";
  auto const folder = of_a_file ? std::filesystem::path(chosen.file).parent_path().string() : std::string();
  auto const read = files_in(folder);
  auto out = with_tables(std::move(document), read);
  set_values(out, chosen.assignments);
  read_data(out, read);
  return out;
}

/// The files that the answer must not be written over.
std::vector<std::string> inputs_of(options const& chosen, model_file const& file) {
  auto out = file.files;
  out.push_back(chosen.file.empty() ? "-" : chosen.file);
  return out;
}

/// Follows a model that is spread over several lines, as a batch cannot have it, to where it ends.
class spread_model {
 public:
  /// Does this line, which is no model, begin one?
  [[nodiscard]] bool begins(std::string_view line) {
    line = line.substr(0, line.find_last_not_of(" \t\r") + 1);
    open_ = line.ends_with('{') || line.ends_with('[') || line.ends_with(',') ? brackets(line) : 0;
    return open_ > 0;
  }
  /// Does this line go on with it? Those that do are indented, or close it.
  [[nodiscard]] bool goes_on(std::string_view line) {
    if (open_ > 0 && std::string_view(" \t}]").find(line.front()) == std::string_view::npos) open_ = 0;
    if (open_ <= 0) return false;
    open_ += brackets(line);
    return true;
  }

 private:
  /// How many brackets more a line opens than it closes.
  [[nodiscard]] static long brackets(std::string_view line) {
    long out = 0;
    bool in_string = false;
    for (std::size_t k = 0; k < line.size(); ++k) {
      if (line[k] == '"') in_string = !in_string;
      if (in_string && line[k] == '\\') ++k;
      if (in_string) continue;
      if (line[k] == '{' || line[k] == '[') ++out;
      if (line[k] == '}' || line[k] == ']') --out;
    }
    return out;
  }

  long open_ = 0;
};

/// The line of a batch as a document. @throws input_error
json read_line(std::string const& line, std::size_t number, spread_model& spread) {
  try {
    return parse_json(line, number);
  } catch (input_error const&) {
    if (!spread.begins(line)) throw;
    throw input_error(
        "line " + std::to_string(number) +
        ": a model begins here and does not end on the same line; in a batch each must stand on one line, "
        "as jq -c . writes it (the rest of this one is passed over)");
  }
}

int run_batch(options const& chosen, input_stream& in, output_stream& to) {
  std::string line;
  auto& out = to.stream();
  spread_model spread;
  for (std::size_t number = 1; out && std::getline(in.stream(), line); ++number) {
    if (line.find_first_not_of(" \t\r") == std::string::npos || spread.goes_on(line)) continue;
    json document;
    try {
      document = read_line(line, number, spread);
      auto input = read_model(with_settings(document, chosen));
      auto const fields = fields_chosen(input, chosen.shown);
      auto const answer = solve(input);
      write_json(out, input, answer, layout::one_line, fields, chosen.shown.as());
    } catch (std::exception const& e) {  // whatever it is, the one who drives waits for a line
      std::optional<json> id;
      if (document.is_object() && document.contains("id")) id = document.at("id");
      write_json_error(out, id, one_line(words_of(e)));
    }
    out.flush();
  }
  to.finish();
  in.require_read();
  return success;
}

int run_sweep(options const& chosen, model_file file) {
  auto const inputs = inputs_of(chosen, file);
  sweep rows(std::move(file), chosen.axes, chosen.shown.fields, chosen.shown.numbers_in_rows);
  output_stream out(chosen.output, inputs);
  // Rows that scroll by on the same terminal show by themselves how far it is.
  bool const rows_on_terminal = chosen.output.empty() && is_terminal(stream::output);
  progress_bar progress(rows.rows(), is_terminal(stream::error) && !rows_on_terminal);
  auto const [count, solved] = rows.run(out.stream(), [&](std::size_t done) {
    progress.at(done);
    return true;
  });
  out.finish();
  if (solved == count) return success;
  complain(std::to_string(count - solved) + " of " + std::to_string(count) +
           " rows are not solved; their column \"status\" says why");
  return solved > 0 ? success : not_solved;
}

int run_model(options const& chosen, model_file const& file) {
  auto input = read_model(file);
  auto const fields = fields_chosen(input, chosen.shown);
  auto const answer = solve(input);
  output_stream out(chosen.output, inputs_of(chosen, file));
  if (chosen.json) {
    write_json(out.stream(), input, answer, layout::one_key_per_line, fields, chosen.shown.as());
  } else {
    write_text(out.stream(), input, answer, fields, chosen.shown);
  }
  out.finish();
  if (answer.reason == melitz::status::converged) return success;
  complain("not solved: " + explanation(answer));
  return not_solved;
}

int run(options chosen) {
  for (auto const& text : chosen.set) chosen.assignments.push_back(read_assignment(text));
  for (auto const& text : chosen.sweep) chosen.axes.push_back(read_axis(text));
  require_fitting(chosen.shown, chosen.json, chosen.batch, !chosen.axes.empty());
  if (chosen.models || !chosen.example.empty()) {
    if (!chosen.file.empty()) throw input_error(chosen.file + " is not read with --models or --example");
    output_stream out(chosen.output);
    if (chosen.models) (chosen.json ? list_models_in_json : list_models)(out.stream());
    if (!chosen.example.empty()) {
      write_example(out.stream(), model_named(chosen.example, "--example"), chosen.assignments);
    }
    out.finish();
    return success;
  }
  if (chosen.file.empty() && !chosen.batch) {
    throw input_error("which model? Give a file, or - for standard input; --example open prints one, --help explains");
  }
  input_stream in(chosen.file.empty() ? "-" : chosen.file);
  if (chosen.batch) {
    output_stream out(chosen.output, inputs_of(chosen, {}));
    return run_batch(chosen, in, out);
  }
  try {
    auto file = with_settings(parse_json(in.read_all()), chosen);
    return chosen.axes.empty() ? run_model(chosen, file) : run_sweep(chosen, std::move(file));
  } catch (input_error const& e) {
    throw input_error(in.name() + ": " + e.what());
  }
}

std::string const examples = R"(Examples:
  melitz-solve --example open > model.json
  melitz-solve model.json
  melitz-solve model.json --set iceberg_cost=1.4 --set distribution.log_sd=0.6 --json
  melitz-solve model.json --sweep iceberg_cost=1.2:3:200 --output sweep.csv
  melitz-solve --batch < models.jsonl

Exit status: 0 solved, 1 not solved, 2 bad input. The manual page says more: man melitz-solve.)";

int run_command_line(int argc, char** argv) {
  options chosen;
  CLI::App app("Solves trade models with heterogeneous firms: reads a model from a JSON file, prints its equilibrium.",
               "melitz-solve");
  app.footer(examples);
  app.set_version_flag("--version", "melitz-solve " + library_version(), "Print the version and exit");
  app.add_option("model", chosen.file, "Model file (JSON); - is standard input")->type_name("FILE");
  auto* const as_json =
      app.add_flag("--json", chosen.json, "Print one JSON object instead of a table, or of the list of models");
  // Options that may be repeated take one value each time, so that they do not swallow the file.
  app.add_option("--set", chosen.set, "Use another value than the file's; may be repeated")
      ->type_name("NAME=VALUE")
      ->allow_extra_args(false);
  auto* const as_rows = app.add_option("--sweep", chosen.sweep,
                                       "Solve for COUNT values and print a CSV row for each, evenly spaced or, with "
                                       ":log at the end, evenly in logs; given twice, a grid")
                            ->type_name("NAME=FROM:TO:COUNT")
                            ->allow_extra_args(false)
                            ->excludes(as_json);
  app.add_flag("--batch", chosen.batch, "Read one model per line and answer one JSON object per line")
      ->excludes(as_rows);
  app.add_option("--output", chosen.output, "Write to this file instead of standard output")->type_name("FILE");
  app.add_flag("--models", chosen.models,
               "List models and laws with their keys, units and restrictions, with --json all that is known of them");
  app.add_option("--example", chosen.example, "Print a model file that runs")->type_name("MODEL")->excludes(as_rows);

  add_output_options(app, chosen.shown);

  try {
    app.parse(argc, argv);
  } catch (CLI::Success const& e) {  // --help, --version
    (void)app.exit(e);
    output_stream("").finish();
    return success;
  } catch (CLI::ParseError const& e) {
    throw input_error(std::string(e.what()) + "; --help lists the options");
  }
  return run(std::move(chosen));
}

}  // namespace

int main(int argc, char** argv) {
  try {
    try {
      return run_command_line(argc, argv);
    } catch (input_error const& e) {
      complain(e.what());
      return bad_input;
    } catch (std::exception const& e) {
      complain(words_of(e));
      return not_solved;
    }
  } catch (...) {  // the message of an error could not be made either
    std::fprintf(stderr, "melitz-solve: %s\n", no_memory);
    return not_solved;
  }
}
