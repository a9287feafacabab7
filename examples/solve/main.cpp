// SPDX-License-Identifier: BSL-1.0
//
// melitz-solve: solves a model that a JSON file describes.

#include "json_input.hpp"
#include "list_models.hpp"
#include "progress.hpp"
#include "read_model.hpp"
#include "sweep.hpp"
#include "text.hpp"
#include "write.hpp"

#include <melitz/version.hpp>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

namespace {

using namespace melitz_solve;

enum exit_status { success = 0, not_solved = 1, bad_input = 2 };

/// The command line. The two lists are first read as text, then as what they mean.
struct options {
  std::string file, output, example;
  std::vector<std::string> set, sweep;
  bool json = false, batch = false, models = false;
  std::vector<assignment> assignments;
  std::vector<axis> axes;
};

void complain(std::string const& message) { std::cerr << "melitz-solve: " << one_line(message) << '\n'; }

/// The model file, or standard input for "-".
class input_stream {
 public:
  explicit input_stream(std::string const& name) : name_(name == "-" ? "standard input" : name) {
    if (name == "-") return;
    if (std::filesystem::is_directory(name)) throw input_error(name + " is a folder; it must be a model file");
    file_.open(name, std::ios::binary);
    if (!file_) throw input_error("cannot open " + name + ": " + std::strerror(errno));
  }
  [[nodiscard]] std::istream& stream() { return file_.is_open() ? file_ : std::cin; }
  [[nodiscard]] std::string const& name() const { return name_; }

 private:
  std::string name_;
  std::ifstream file_;
};

/// The file of --output, or standard output.
class output_stream {
 public:
  explicit output_stream(std::string const& name) {
    if (name.empty()) return;
    file_.open(name, std::ios::binary);
    if (!file_) throw input_error("cannot write " + name + ": " + std::strerror(errno));
  }
  [[nodiscard]] std::ostream& stream() { return file_.is_open() ? file_ : std::cout; }

 private:
  std::ofstream file_;
};

/// What a document says, with what the command line says instead.
model_file with_settings(json document, options const& chosen) {
  bool const of_a_file = !chosen.file.empty() && chosen.file != "-";
  auto out = with_tables(std::move(document),
                         of_a_file ? std::filesystem::path(chosen.file).parent_path().string() : std::string());
  for (auto const& [name, value] : chosen.assignments) set_number(out, name, value);
  return out;
}

void require_written(std::ostream& out) {
  if (!out.flush()) throw std::runtime_error("the answer could not be written; is the disk full?");
}

int run_batch(options const& chosen, std::istream& in, std::ostream& out) {
  std::string line;
  for (std::size_t number = 1; out && std::getline(in, line); ++number) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    json document;
    try {
      document = parse_json(line, number);
      auto input = read_model(with_settings(document, chosen));
      auto const answer = solve(input);
      write_json(out, input, answer, layout::one_line);
    } catch (std::exception const& e) {  // whatever it is, the one who drives waits for a line
      std::optional<json> id;
      if (document.is_object() && document.contains("id")) id = document.at("id");
      write_json_error(out, id, one_line(e.what()));
    }
    out.flush();
  }
  require_written(out);
  return success;
}

int run_sweep(options const& chosen, model_file file) {
  sweep rows(std::move(file), chosen.axes);
  output_stream out(chosen.output);
  // Rows that scroll by on the same terminal show by themselves how far it is.
  bool const rows_on_terminal = chosen.output.empty() && is_terminal(stream::output);
  auto const [count, solved] = rows.run(out.stream(), is_terminal(stream::error) && !rows_on_terminal);
  require_written(out.stream());
  if (solved == count) return success;
  complain(std::to_string(count - solved) + " of " + std::to_string(count) +
           " rows are not solved; their column \"status\" says why");
  return solved > 0 ? success : not_solved;
}

int run_model(options const& chosen, model_file const& file) {
  auto input = read_model(file);
  auto const answer = solve(input);
  output_stream out(chosen.output);
  if (chosen.json) {
    write_json(out.stream(), input, answer, layout::one_key_per_line);
  } else {
    write_table(out.stream(), input, answer);
  }
  require_written(out.stream());
  if (answer.reason == melitz::status::converged) return success;
  complain("not solved: " + explanation(answer));
  return not_solved;
}

int run(options chosen) {
  for (auto const& text : chosen.set) chosen.assignments.push_back(read_assignment(text));
  for (auto const& text : chosen.sweep) chosen.axes.push_back(read_axis(text));
  if (chosen.models || !chosen.example.empty()) {
    if (chosen.models) list_models(std::cout);
    if (!chosen.example.empty()) write_example(std::cout, model_named(chosen.example, "--example"));
    require_written(std::cout);
    return success;
  }
  if (chosen.file.empty() && !chosen.batch) {
    throw input_error("which model? Give a file, or - for standard input; --example open prints one, --help explains");
  }
  input_stream in(chosen.file.empty() ? "-" : chosen.file);
  if (chosen.batch) {
    output_stream out(chosen.output);
    return run_batch(chosen, in.stream(), out.stream());
  }
  try {
    std::string const text{std::istreambuf_iterator<char>(in.stream()), {}};
    auto file = with_settings(parse_json(text), chosen);
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

std::string version() {
  return "melitz-solve " + std::to_string(MELITZ_VERSION_MAJOR) + '.' + std::to_string(MELITZ_VERSION_MINOR) + '.' +
         std::to_string(MELITZ_VERSION_PATCH);
}

int run_command_line(int argc, char** argv) {
  options chosen;
  CLI::App app("Solves trade models with heterogeneous firms: reads a model from a JSON file, prints its equilibrium.",
               "melitz-solve");
  app.footer(examples);
  app.set_version_flag("--version", version(), "Print the version and exit");
  app.add_option("model", chosen.file, "Model file (JSON); - is standard input")->type_name("FILE");
  auto* const as_json = app.add_flag("--json", chosen.json, "Print one JSON object instead of a table");
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
  app.add_flag("--models", chosen.models, "List models and laws with their keys, units and restrictions");
  app.add_option("--example", chosen.example, "Print a model file that runs")->type_name("MODEL");

  try {
    app.parse(argc, argv);
    return run(std::move(chosen));
  } catch (CLI::Success const& e) {  // --help, --version
    return app.exit(e);
  } catch (CLI::ParseError const& e) {
    complain(std::string(e.what()) + "; --help lists the options");
    return bad_input;
  } catch (input_error const& e) {
    complain(e.what());
    return bad_input;
  } catch (std::exception const& e) {
    complain(e.what());
    return not_solved;
  }
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run_command_line(argc, argv);
  } catch (...) {  // the message of an error could not be made either, as when memory has run out
    std::fputs("melitz-solve: stopped by an error that it could not describe\n", stderr);
    return not_solved;
  }
}
