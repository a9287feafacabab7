// SPDX-License-Identifier: BSL-1.0
//
// melitz-solve: solves a model that a JSON file describes.

#include "../document/list_models.hpp"
#include "../document/operations.hpp"
#include "../document/read_model.hpp"
#include "../document/settings.hpp"
#include "../document/sweep.hpp"
#include "../document/text.hpp"
#include "../document/write.hpp"
#include "batch.hpp"
#include "command_line.hpp"
#include "output_options.hpp"
#include "policy.hpp"
#include "progress.hpp"
#include "streams.hpp"
#include "write_operations.hpp"
#include "write_table.hpp"

#include <cstdio>
#include <filesystem>
#include <iostream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace melitz::front;

enum exit_status { success = 0, not_solved = 1, bad_input = 2 };

void complain(std::string const& message) { std::cerr << "melitz-solve: " << one_line(message) << '\n'; }

/// Reads files that the model file names, relative to it.
file_reader files_beside(options const& chosen) {
  bool const of_a_file = !chosen.file.empty() && chosen.file != "-";
  return files_in(of_a_file ? std::filesystem::path(chosen.file).parent_path().string() : std::string());
}

/// What a document says, with what the command line says instead.
model_file with_settings(json document, options const& chosen) {
  auto const read = files_beside(chosen);
  auto out = with_tables(std::move(document), read);
  (chosen.calibrate ? set_targets : set_values)(out, chosen.set);
  read_data(out, read);
  return out;
}

/// The files that the answer must not be written over.
std::vector<std::string> inputs_of(options const& chosen, model_file const& file) {
  auto out = file.files;
  out.push_back(chosen.file.empty() ? "-" : chosen.file);
  return out;
}

/// Says why there is no answer, if there is none.
int ended(melitz::status reason, std::string const& what = "") {
  if (reason == melitz::status::converged) return success;
  complain(what + "not solved: " + explanation({.reason = reason}));
  return not_solved;
}

int run_sweep(options const& chosen, model_file file) {
  auto const inputs = inputs_of(chosen, file);
  sweep rows(std::move(file), chosen.sweep, chosen.shown.fields, chosen.shown.numbers_in_rows);
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

/// What there is to say where something was asked for besides the equilibrium: as JSON, which says too that there is
/// nothing, as CSV, or to read.
template <class Json, class Csv, class Table>
void write_asked(options const& chosen, model_file const& file, bool solved, Json const& in_json, Csv const& in_csv,
                 Table const& to_read) {
  if (!solved && !chosen.json) return;
  output_stream out(chosen.output, inputs_of(chosen, file));
  if (chosen.json) {
    write_json(out.stream(), in_json(), chosen.shown.as());
  } else if (chosen.shown.numbers_in_rows) {
    in_csv(out.stream());
  } else {
    to_read(out.stream());
  }
  out.finish();
}

int run_comparison(options const& chosen, model_file const& file) {
  auto changed = file;
  set_values(changed, chosen.compare);
  read_data(changed, files_beside(chosen));
  auto before = read_model(file), after = read_model(changed);
  auto const fields = fields_chosen(before, chosen.shown);
  auto const found = compare(before, after);
  auto const failed = found.failed();
  write_asked(
      chosen, file, failed.empty(), [&] { return json_of(found, before, after, fields); },
      [&](std::ostream& out) { write_long(out, found, before, fields); },
      [&](std::ostream& out) { write_comparison(out, found, before, fields, chosen.compared); });
  if (failed.empty()) return success;
  complain(std::string(failed) + " is not solved: " + explanation(failed == "before" ? found.before : found.after));
  return not_solved;
}

int run_gains(options const& chosen, model_file const& file) {
  auto input = read_model(file);
  auto const found = gains_from_trade(input);
  write_asked(
      chosen, file, found.solved(), [&] { return json_of_gains(found, input); },
      [&](std::ostream& out) { write_csv(out, rows_of_gains(found, input)); },
      [&](std::ostream& out) { write_gains(out, found, input); });
  return ended(found.reason);
}

/// Of many points there are rows, however they are asked for.
template <class Found>
int write_points(options const& chosen, model_file const& file, model_input const& input, Found const& found) {
  auto const in_csv = [&](std::ostream& out) { write_csv(out, rows_of(found)); };
  write_asked(
      chosen, file, found.solved(), [&] { return json_of(found, input); }, in_csv, in_csv);
  return ended(found.reason);
}

int run_curve(options const& chosen, model_file const& file) {
  auto input = read_model(file);
  return write_points(chosen, file, input, curves_at(input, chosen.curve));
}

int run_firms(options const& chosen, model_file const& file) {
  auto input = read_model(file);
  return write_points(chosen, file, input, firms_at(input, chosen.firms));
}

int run_derivatives(options const& chosen, model_file const& file) {
  auto input = read_model(file);
  slopes found;
  {
    progress_bar progress(chosen.by.size(), is_terminal(stream::error));
    found = differentiate(input, chosen.derivatives, chosen.by, chosen.elasticities, [&](std::size_t done) {
      progress.at(done);
      return true;
    });
  }
  write_asked(
      chosen, file, found.solved(), [&] { return json_of(found, input); },
      [&](std::ostream& out) { write_csv(out, rows_of(found)); },
      [&](std::ostream& out) { write_slopes(out, found, input); });
  return ended(found.reason);
}

int run_calibration(options const& chosen, model_file const& file) {
  auto const found = calibrate(file);
  if (!found.solved()) return ended(found.reason);
  output_stream out(chosen.output, inputs_of(chosen, file));
  if (!chosen.equilibrium) {
    write_json(out.stream(), found.values);
    out.finish();
    return success;
  }
  auto input = read_model({found.values});
  auto const answer = solve(input);
  if (chosen.json) {  // both: an answer does not say all that it is of
    std::ostringstream text;
    write_json(text, input, answer, layout::one_line);
    write_json(out.stream(), {{"calibrated", found.values}, {"equilibrium", json::parse(text.str())}});
  } else {
    write_table(out.stream(), input, answer, all_fields(*input.what));
  }
  out.finish();
  return ended(answer.reason);
}

int run_file(options const& chosen, model_file file) {
  if (!chosen.sweep.empty()) return run_sweep(chosen, std::move(file));
  if (!chosen.compare.empty()) return run_comparison(chosen, file);
  if (chosen.gains) return run_gains(chosen, file);
  if (!chosen.curve.empty()) return run_curve(chosen, file);
  if (!chosen.firms.empty()) return run_firms(chosen, file);
  if (!chosen.derivatives.empty()) return run_derivatives(chosen, file);
  return chosen.calibrate ? run_calibration(chosen, file) : run_model(chosen, file);
}

int run(options const& chosen) {
  if (chosen.models || !chosen.example.empty()) {
    if (!chosen.file.empty()) throw input_error(chosen.file + " is not read with --models or --example");
    output_stream out(chosen.output);
    if (chosen.models) (chosen.json ? list_models_in_json : list_models)(out.stream());
    if (!chosen.example.empty()) write_example(out.stream(), model_named(chosen.example, "--example"), chosen.set);
    out.finish();
    return success;
  }
  if (chosen.file.empty() && !chosen.batch) {
    throw input_error("which model? Give a file, or - for standard input; --example open prints one, --help explains");
  }
  input_stream in(chosen.file.empty() ? "-" : chosen.file);
  if (chosen.batch) {
    output_stream out(chosen.output, inputs_of(chosen, {}));
    answer_lines(in, out.stream(), chosen.shown, [&](json const& document) { return with_settings(document, chosen); });
    out.finish();
    in.require_read();
    return success;
  }
  try {
    auto document = parse_json(in.read_all());
    if (is_policy_study(document)) {
#ifdef MELITZ_TRADE
      return run_policy(chosen, std::move(document), files_beside(chosen), complain);
#else
      throw input_error("model is \"policy\", which needs Eigen; this melitz-solve was built without it");
#endif
    }
    if (!chosen.importer.empty()) throw input_error("--importer " + chosen.importer + " is for a study of policy");
    return run_file(chosen, with_settings(std::move(document), chosen));
  } catch (input_error const& e) {
    throw input_error(in.name() + ": " + e.what());
  }
}

}  // namespace

int main(int argc, char** argv) {
  try {
    try {
      auto const chosen = read_command_line(argc, argv);
      return chosen ? run(*chosen) : success;
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
