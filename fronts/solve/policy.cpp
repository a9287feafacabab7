// SPDX-License-Identifier: BSL-1.0
#include "policy.hpp"

#include "../document/settings.hpp"
#include "../trade/write.hpp"
#include "progress.hpp"
#include "streams.hpp"
#include "write_operations.hpp"
#include "write_policy.hpp"

#include <memory>

namespace melitz::front {

namespace {

/// @throws input_error for an option that says nothing of a study
void require_a_study(options const& chosen) {
  auto const wrong = [](std::string const& option) {
    throw input_error(option + " is of one model; a study of policy asks its questions itself, in \"scenarios\"");
  };
  if (!chosen.compare.empty()) wrong("--compare");
  if (!chosen.sweep.empty()) wrong("--sweep");
  if (!chosen.curve.empty()) wrong("--curve");
  if (!chosen.firms.empty()) wrong("--firms");
  if (!chosen.derivatives.empty()) wrong("--derivatives");
  if (chosen.gains) wrong("--gains");
  if (chosen.calibrate) wrong("--calibrate");
  if (!chosen.shown.show.empty()) wrong("--show");
}

}  // namespace

int run_policy(options const& chosen, json document, file_reader const& read,
               std::function<void(std::string const&)> const& complain) {
  require_a_study(chosen);
  for (auto const& [name, value] : chosen.set) set_by_path(document, name, value);
  if (!chosen.importer.empty()) document["importer"] = chosen.importer;
  if (!chosen.shown.fields.empty()) document["results"] = chosen.shown.fields;
  json const id = document.contains("id") ? document.at("id") : json();
  auto const study = read_policy_study(std::move(document), read);
  for (auto const& warning : study.data.warnings) complain("warning: " + warning);
  auto inputs = study.data.files;
  inputs.push_back(chosen.file.empty() ? "-" : chosen.file);
  output_stream out(chosen.output, inputs);
  std::size_t done = 0, failed = 0;
  bool const rows_on_terminal = chosen.output.empty() && is_terminal(stream::output) && !chosen.json;
  progress_bar progress(count_answers(study), is_terminal(stream::error) && !rows_on_terminal);
  auto answers = json::array();
  std::unique_ptr<policy_rows> csv;
  bool begun = false;
  answer_all(study, [&](scenario_answer const& answer) {
    if (!answer.solved) ++failed;
    if (chosen.json) {
      answers.push_back(json_of(answer, study));
    } else if (chosen.shown.numbers_in_rows) {
      if (!csv) csv = std::make_unique<policy_rows>(out.stream(), study);
      csv->write(answer);
    } else {
      if (!begun) write_policy_data(out.stream(), study);
      write_policy_table(out.stream(), answer, study);
    }
    begun = true;
    progress.at(++done);
  });
  if (chosen.json) {
    auto whole = json_of(study, id);
    whole["scenarios"] = std::move(answers);
    write_json(out.stream(), std::move(whole), chosen.shown.as());
  }
  out.finish();
  if (failed == 0) return 0;
  complain(std::to_string(failed) + " of " + std::to_string(done) + " questions have no answer; their status says why");
  return 1;
}

}  // namespace melitz::front
