// SPDX-License-Identifier: BSL-1.0
#include "write.hpp"

#include "text.hpp"

#include <cmath>
#include <ostream>

namespace melitz::front {

namespace {

[[nodiscard]] bool solved(answer const& a) { return a.reason == melitz::status::converged; }

[[nodiscard]] std::string json_string(std::string_view text) {
  return json(std::string(text)).dump(-1, ' ', false, json::error_handler_t::replace);
}

[[nodiscard]] std::string json_number(double number, bool known) {
  if (!known) number = std::nan("");
  return std::isfinite(number) ? to_text(number) : json_string(to_text(number));
}

/// Numbers in a list, or lists of them in one if they are by two.
[[nodiscard]] std::string json_array(array const& numbers, melitz::told::by_two indices, bool known) {
  bool const rows = indices.columns != melitz::told::by::none;
  std::string out = "[";
  for (std::size_t i = 0; i < numbers.rows; ++i) {
    out += i == 0 ? "" : ", ";
    if (rows) out += '[';
    for (std::size_t j = 0; j < numbers.columns; ++j) {
      out.append(j == 0 ? "" : ", ").append(json_number(numbers(i, j), known));
    }
    if (rows) out += ']';
  }
  return out + ']';
}

/// A value in JSON. Of what was not solved, numbers are undefined and a yes or no is unknown.
[[nodiscard]] std::string json_value(result_value const& value, melitz::told::by_two indices, bool known) {
  if (auto const* word = std::get_if<std::string_view>(&value)) return json_string(*word);
  if (auto const* yes = std::get_if<bool>(&value)) return !known ? "null" : *yes ? "true" : "false";
  if (auto const* numbers = std::get_if<array>(&value)) return json_array(*numbers, indices, known);
  return json_number(std::get<double>(value), known);
}

/// Cells of a row, each after a comma.
[[nodiscard]] std::string csv_values(result_value const& value) {
  if (auto const* word = std::get_if<std::string_view>(&value)) return ',' + csv_field(std::string(*word));
  if (auto const* yes = std::get_if<bool>(&value)) return *yes ? ",true" : ",false";
  std::string out;
  if (auto const* numbers = std::get_if<array>(&value)) {
    for (auto const number : numbers->numbers) out.append(",").append(to_text(number));
    return out;
  }
  return ',' + to_text(std::get<double>(value));
}

/// How many cells of a row all results take.
[[nodiscard]] std::size_t count_cells(model_input const& input) {
  std::size_t out = 0;
  for (auto const& r : input.what->results) out += count_of(input, r.indices.rows) * count_of(input, r.indices.columns);
  return out;
}

}  // namespace

void write_json(std::ostream& out, model_input const& input, answer const& given, layout how) {
  std::string_view const gap = how == layout::one_line ? " " : "\n  ";
  std::string text = how == layout::one_line ? "{" : "{\n  ";
  if (input.id) text.append("\"id\": ").append(input.id->dump()).append(",").append(gap);
  if (!input.names.empty()) text.append("\"countries\": ").append(json(input.names).dump()).append(",").append(gap);
  text += "\"status\": " + json_string(melitz::to_string(given.reason));
  for (std::size_t k = 0; k < given.values.size(); ++k) {
    text.append(",").append(gap).append(json_string(input.what->results[k].name)).append(": ");
    text += json_value(given.values[k], input.what->results[k].indices, solved(given));
  }
  out << text << (how == layout::one_line ? "}\n" : "\n}\n");
}

void write_json_error(std::ostream& out, std::optional<json> const& id, std::string_view message) {
  out << '{';
  if (id) out << "\"id\": " << id->dump() << ", ";
  out << "\"status\": \"domain_error\", \"error\": " << json_string(message) << "}\n";
}

std::string csv_header(model_input const& input) {
  std::string out = ",status";
  for (auto const& r : input.what->results) {
    for (auto const& place : places_of(input, r.indices)) out += ',' + csv_field(std::string(r.name) + place);
  }
  return out;
}

std::string csv_cells(model_input const& input, answer const& given) {
  std::string out = ',' + csv_field(std::string(melitz::to_string(given.reason)));
  if (!solved(given)) return out + std::string(count_cells(input), ',');
  for (auto const& value : given.values) out += csv_values(value);
  return out;
}

std::string csv_error_cells(model_input const& input, std::string_view message) {
  return ',' + csv_field("domain_error: " + std::string(message)) + std::string(count_cells(input), ',');
}

namespace {

[[nodiscard]] std::string_view meaning(melitz::status reason) {
  switch (reason) {
    case melitz::status::converged:
      return "solved";
    case melitz::status::not_solved:
      return "nothing has been solved";
    case melitz::status::iteration_limit:
      return "free entry was still not met when the budget of evaluations ran out";
    case melitz::status::not_finite:
      return "free entry could not be evaluated";
    case melitz::status::disconnected:
      return "some countries do not trade with the others, so nothing relates their wages";
    case melitz::status::not_covered:
      return "the equilibrium is none of those that the method finds";
    case melitz::status::out_of_range:
      return "the answer exists but is too large or too small for a double";
  }
  return "unknown reason";
}

}  // namespace

std::string explanation(answer const& given) {
  std::string out(melitz::to_string(given.reason));
  if (!given.detail.empty()) out.append(" (").append(given.detail).append(")");
  return out.append(", ").append(meaning(given.reason));
}

}  // namespace melitz::front
