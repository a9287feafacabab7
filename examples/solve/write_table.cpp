// SPDX-License-Identifier: BSL-1.0
#include "text.hpp"
#include "write.hpp"

#include <algorithm>
#include <cmath>
#include <ostream>

namespace melitz_solve {

namespace {

[[nodiscard]] std::string_view heading(section s) {
  switch (s) {
    case section::solution:
      return "Solution";
    case section::work:
      return "";  // left to --json and --sweep
    case section::cutoffs:
      return "Cutoffs";
    case section::averages:
      return "Averages and shares";
    case section::masses:
      return "Masses of firms";
    case section::aggregates:
      return "Aggregates";
    case section::labor:
      return "Uses of labour";
    case section::elasticities:
      return "Elasticities";
  }
  return "";
}

[[nodiscard]] std::string padded(std::string_view text, std::size_t width) {
  std::string out(text);
  out.resize(std::max(width, out.size()), ' ');
  return out;
}

/// A value for the eye: eight digits, and no digits at all of an error that is only rounding.
[[nodiscard]] std::string shown(result_value const& value, section where) {
  if (auto const* word = std::get_if<std::string_view>(&value)) return std::string(*word);
  if (auto const* yes = std::get_if<bool>(&value)) return *yes ? "yes" : "no";
  double const number = std::get<double>(value);
  if (std::isnan(number)) return "-";
  if (where == section::solution) return std::abs(number) < 1e-12 ? "below 1e-12" : to_text(number, 2);
  return to_text(number, 8);
}

/// Numbers under one another by their decimal points; words from the left.
[[nodiscard]] std::string aligned(std::string const& text, bool is_number, std::size_t before_point) {
  if (!is_number) return text;
  auto const point = std::min(text.find_first_of(".e"), text.size());
  return std::string(before_point > point ? before_point - point : 0, ' ') + text;
}

struct line {
  result const* what;
  std::string value;
  bool is_number;
  std::string unit;
};

[[nodiscard]] std::vector<line> lines_of(model const& what, answer const& given) {
  double total = 0;  // of the uses of labour, to say what part of it each one is
  for (std::size_t k = 0; k < given.values.size(); ++k) {
    if (what.results[k].section == section::labor) total += std::get<double>(given.values[k]);
  }
  std::vector<line> out;
  for (std::size_t k = 0; k < given.values.size(); ++k) {
    auto const& r = what.results[k];
    auto const* number = std::get_if<double>(&given.values[k]);
    std::string unit(r.unit);
    if (r.section == section::labor && number != nullptr) {
      auto const percent = std::round(1000 * *number / total) / 10;
      auto const text = to_text(percent) + (percent == std::floor(percent) ? ".0" : "");
      unit += std::string(text.size() < 6 ? 6 - text.size() : 0, ' ') + text + " %";
    }
    out.push_back({&r, shown(given.values[k], r.section), number != nullptr && r.section != section::solution, unit});
    bool const last_use =
        r.section == section::labor && (k + 1 == given.values.size() || what.results[k + 1].section != section::labor);
    static constexpr result sum{"sum", section::labor, "", "L", "slide 16"};
    if (last_use) out.push_back({&sum, to_text(total, 8), true, std::string(r.unit) + " 100.0 %"});
  }
  return out;
}

}  // namespace

void write_table(std::ostream& out, model_input const& input, answer const& given) {
  auto const& what = *input.what;
  out << what.title << "\n  productivity: " << in_words(input.distribution) << '\n';
  for (std::size_t k = 0; k < what.parameters.size(); ++k) {
    out << (k == 0 ? "  " : ", ") << what.parameters[k].name << ' ' << to_text(input.parameters[k]);
  }
  out << '\n';
  if (given.reason != melitz::status::converged) {
    out << "\nNot solved: " << melitz::to_string(given.reason) << ", " << explanation(given.reason) << ".\n";
    return;
  }

  auto const lines = lines_of(what, given);
  std::size_t name_width = 0, before_point = 0, value_width = 0, unit_width = 0, symbol_width = 0;
  for (auto const& l : lines) {
    if (l.is_number) before_point = std::max(before_point, std::min(l.value.find_first_of(".e"), l.value.size()));
  }
  for (auto const& l : lines) {
    name_width = std::max(name_width, l.what->name.size());
    value_width = std::max(value_width, aligned(l.value, l.is_number, before_point).size());
    unit_width = std::max(unit_width, l.unit.size());
    symbol_width = std::max(symbol_width, l.what->symbol.size());
  }
  auto const row = [&](std::string_view name, std::string_view value, std::string_view unit, std::string_view symbol,
                       std::string_view lecture) {
    std::string text = "  " + padded(name, name_width) + "  " + padded(value, value_width) + "  " +
                       padded(unit, unit_width) + "  " + padded(symbol, symbol_width) + "  " + std::string(lecture);
    text.erase(text.find_last_not_of(' ') + 1);
    out << text << '\n';
  };
  out << '\n';
  bool const of_the_lecture =
      std::any_of(lines.begin(), lines.end(), [](line const& l) { return !l.what->lecture.empty(); });
  row("", "value", "unit", "symbol", of_the_lecture ? "lecture" : "");
  auto current = section::work;
  for (auto const& l : lines) {
    if (l.what->section == section::work) continue;
    if (l.what->section != current) {
      current = l.what->section;
      out << (current == section::solution ? "" : "\n") << heading(current) << '\n';
    }
    row(l.what->name, aligned(l.value, l.is_number, before_point), l.unit, l.what->symbol, l.what->lecture);
  }
}

}  // namespace melitz_solve
