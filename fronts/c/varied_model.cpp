// SPDX-License-Identifier: BSL-1.0
#include "varied_model.hpp"

#include "../document/array.hpp"
#include "../document/document.hpp"
#include "../document/laws.hpp"
#include "../document/text.hpp"

#include <cmath>
#include <utility>

namespace melitz::front {

namespace {

[[nodiscard]] json in_json(double value) { return std::isfinite(value) ? json(value) : json(to_text(value)); }

/// No number may be moved twice: which of the values it has is anybody's guess.
void require_apart(json const& document, std::vector<std::string> const& names) {
  for (std::size_t k = 0; k < names.size(); ++k) {
    for (std::size_t other = 0; other < k; ++other) {
      if (names[k] == names[other]) throw input_error(names[k] + " varies twice; it must be there once");
      if (!overlap(document, names[other], names[k])) continue;
      throw input_error(names[k] + " varies what " + names[other] + " varies; each must have its own");
    }
  }
}

/// Between the words of a choice there is nothing, and all answers have as many numbers.
void require_numbers(json const& document, std::string const& name) {
  auto const* what = model_in(document);
  auto const* p = what != nullptr ? parameter_meant(*what, name) : nullptr;
  if (p == nullptr) return;
  if (!p->words.empty()) throw input_error(name + " is " + choices_of(*p) + ", and no number; it cannot vary");
  if (p->name == model::periods_name) throw input_error(name + " says how many numbers there are; it cannot vary");
}

/// What is given a value has its first one from the start; what is multiplied keeps its own.
[[nodiscard]] model_file at_first_values(model_file file, std::vector<std::string> const& names,
                                         double const* const* values) {
  require_apart(file.content, names);
  model_file tried = file;  // for the names of what is multiplied
  for (std::size_t k = 0; k < names.size(); ++k) {
    require_numbers(file.content, names[k]);
    set_value(tried, names[k], in_json(values[k][0]));
    if (!names[k].ends_with('*')) set_value(file, names[k], in_json(values[k][0]));
  }
  file.tables = std::move(tried.tables);
  return file;
}

}  // namespace

varied_model::varied_model(model_file file, std::vector<std::string> names, double const* const* values)
    : names_(std::move(names)),
      values_(values),
      file_(at_first_values(std::move(file), names_, values_)),
      input_(read_model(file_)),
      base_(input_.parameters) {
  for (auto const& name : names_) {
    targets_.push_back(target_of(input_, name));
    if (!targets_.back()) {
      if (!name.starts_with("distribution")) {
        throw input_error(name + " cannot vary; it must be a parameter, or a number of the distribution");
      }
      law_moves_ = true;
      continue;
    }
    auto& numbers = base_[targets_.back()->parameter];
    auto const& p = input_.what->parameters[targets_.back()->parameter];
    // What the file leaves out is what stands for it then.
    if (numbers.numbers.empty() && p.if_left_out) numbers = everywhere(*p.if_left_out, p, input_.countries);
  }
}

std::vector<law> varied_model::laws() const {
  if (input_.what->laws == laws_wanted::none) return {};
  return read_laws(file_.content.at("distribution"), *input_.what, input_.countries);
}

model_input& varied_model::at(std::size_t k) {
  for (auto const& moved : targets_) {
    if (moved) input_.parameters[moved->parameter] = base_[moved->parameter];
  }
  for (std::size_t j = 0; j < names_.size(); ++j) {  // several may move elements of one parameter
    if (!targets_[j]) continue;
    auto const& moved = *targets_[j];
    change(input_.parameters[moved.parameter], input_.what->parameters[moved.parameter], moved.indices, values_[j][k],
           moved.scales);
  }
  if (law_moves_) {
    file_.content["distribution"] = input_.distribution;
    for (std::size_t j = 0; j < names_.size(); ++j) {
      if (!targets_[j]) set_value(file_, names_[j], in_json(values_[j][k]));
    }
    input_.laws = laws();
  }
  return input_;
}

std::optional<std::vector<melitz::catalog::varied>> varied_model::as_batch(std::size_t begin, std::size_t end) const {
  std::vector<melitz::catalog::varied> out;
  for (std::size_t j = 0; j < names_.size(); ++j) {
    auto const& moved = targets_[j];
    if (!moved || moved->scales || !moved->indices.empty()) return std::nullopt;
    out.push_back({moved->parameter, std::vector<double>(values_[j] + begin, values_[j] + end)});
  }
  return out;
}

}  // namespace melitz::front
