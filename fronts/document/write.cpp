// SPDX-License-Identifier: BSL-1.0
#include "write.hpp"

#include "text.hpp"

#include <melitz/version.hpp>

#include <cmath>
#include <ostream>
#include <utility>

namespace melitz::front {

namespace {

using melitz::told::by;

[[nodiscard]] std::string json_string(std::string_view text) { return in_one_line(json(std::string(text))); }

/// A result as JSON. Of what was not solved, numbers are undefined and a yes or no is unknown.
[[nodiscard]] json in_json(answer const& given, field const& what, result const& of, not_finite as) {
  bool const known = given.reason == melitz::status::converged;
  auto const& value = given.values[what.result];
  if (auto const* word = std::get_if<std::string_view>(&value)) return std::string(*word);
  if (auto const* yes = std::get_if<bool>(&value)) return known ? json(*yes) : json();
  auto const* numbers = std::get_if<array>(&value);
  auto const one = [&](double x) { return to_json(melitz::catalog::array_of(known ? x : std::nan("")), {}, as); };
  if (numbers == nullptr) return one(std::get<double>(value));
  if (what.number) return one(known ? numbers->numbers.at(*what.number) : std::nan(""));
  if (known) return to_json(*numbers, of.indices, as);
  auto none = *numbers;
  none.numbers.assign(none.numbers.size(), std::nan(""));
  return to_json(none, of.indices, as);
}

/// Cells of a row, each after a comma.
[[nodiscard]] std::string row_cells(result_value const& value, std::optional<std::size_t> const& number) {
  if (auto const* word = std::get_if<std::string_view>(&value)) return ',' + csv_field(std::string(*word));
  if (auto const* yes = std::get_if<bool>(&value)) return *yes ? ",true" : ",false";
  auto const* numbers = std::get_if<array>(&value);
  if (numbers == nullptr) return ',' + to_text(std::get<double>(value));
  if (number) return ',' + to_text(numbers->numbers.at(*number));
  std::string out;
  for (auto const x : numbers->numbers) out.append(",").append(to_text(x));
  return out;
}

/// What numbers are by in a table that has a row for each.
struct index_column {
  by what;      ///< none of the sector
  bool second;  ///< of what is by two of them

  [[nodiscard]] std::string name() const {
    if (what == by::none) return "sector";
    if (second) return what == by::country ? "partner" : std::string("other_") + words_of(what).one;
    return words_of(what).one;
  }
};
[[nodiscard]] std::vector<index_column> index_columns(model_input const& input) {
  std::vector<index_column> out;
  for (by const what : {by::country, by::industry, by::factor, by::period}) {
    bool one = false, two = false;
    for (auto const& r : input.what->results) {
      bool const rows = r.indices.rows == what, columns = r.indices.columns == what;
      one = one || rows || columns;
      two = two || (rows && columns);
    }
    if (one) out.push_back({what, false});
    if (two) out.push_back({what, true});
  }
  if (input.sectors > 1) out.push_back({by::none, false});
  return out;
}

}  // namespace

std::string library_version() {
  return std::to_string(MELITZ_VERSION_MAJOR) + '.' + std::to_string(MELITZ_VERSION_MINOR) + '.' +
         std::to_string(MELITZ_VERSION_PATCH);
}

json inputs_of(model_input const& input) {
  json out;
  out["model"] = input.what->name;
  if (!input.names.empty()) out["countries"] = input.names;
  if (input.what->laws != laws_wanted::none) out["distribution"] = input.distribution;
  json parameters = json::object();
  for (std::size_t k = 0; k < input.parameters.size(); ++k) {
    auto const used = as_used(input, k);
    auto const& p = input.what->parameters[k];
    if (!used.numbers.empty()) parameters[p.name] = value_of(used, p);
  }
  out["parameters"] = std::move(parameters);
  return out;
}

void write_json(std::ostream& out, model_input const& input, answer const& given, layout how) {
  write_json(out, input, given, how, all_fields(*input.what));
}

void write_json(std::ostream& out, model_input const& input, answer const& given, layout how,
                std::vector<field> const& fields, not_finite as) {
  std::string const gap = how == layout::one_line ? ", " : ",\n  ";
  std::string text;
  auto const add = [&](std::string_view key, std::string const& value) {
    text.append(text.empty() ? "" : gap).append(json_string(key)).append(": ").append(value);
  };
  if (input.id) add("id", input.id->dump());
  add("model", json_string(input.what->name));
  add("version", json_string(library_version()));
  if (!input.names.empty()) add("countries", in_one_line(input.names));
  add("status", json_string(melitz::to_string(given.reason)));
  for (auto const& f : fields) {
    if (f.result < given.values.size()) add(f.name, in_one_line(in_json(given, f, input.what->results[f.result], as)));
  }
  add("warnings", in_one_line(given.warnings));
  add("inputs", in_one_line(inputs_of(input)));
  out << (how == layout::one_line ? '{' + text + "}\n" : "{\n  " + text + "\n}\n");
}

void write_json_error(std::ostream& out, std::optional<json> const& id, std::string_view message) {
  out << '{';
  if (id) out << "\"id\": " << id->dump() << ", ";
  out << "\"status\": \"domain_error\", \"error\": " << json_string(message) << "}\n";
}

csv_columns wide_columns(model_input const& input, std::vector<field> const& fields) {
  csv_columns out;
  auto const add = [&](std::string const& name) {
    out.names.append(out.count++ == 0 ? "" : ",").append(csv_field(name));
  };
  for (auto const& f : fields) {
    auto const& r = input.what->results[f.result];
    if (f.number) {
      add(f.name);
    } else {
      for (auto const& place : places_of(input, r)) add(r.name + place);
    }
  }
  add("warnings");
  return out;
}

std::string wide_row(answer const& given, std::vector<field> const& fields) {
  std::string out, warnings;
  for (auto const& f : fields) out += row_cells(given.values[f.result], f.number);
  for (auto const& warning : given.warnings) warnings.append(warnings.empty() ? "" : "; ").append(warning);
  return (out + ',' + csv_field(warnings)).substr(1);
}

csv_columns long_columns(model_input const& input) {
  auto const by_what = index_columns(input);
  csv_columns out{"", by_what.size() + 3};
  for (auto const& column : by_what) out.names += column.name() + ',';
  out.names += "name,value,unit";
  return out;
}

std::vector<std::string> long_rows(model_input const& input, answer const& given, std::vector<field> const& fields) {
  auto const by_what = index_columns(input);
  std::vector<std::string> out;
  for (auto const& f : fields) {
    auto const& r = input.what->results[f.result];
    auto const* number = std::get_if<double>(&given.values[f.result]);
    auto const* numbers = std::get_if<array>(&given.values[f.result]);
    if (number == nullptr && numbers == nullptr) continue;
    auto const what = csv_field(r.name), unit = csv_field(std::string(r.unit));
    std::size_t const rows = count_of(input, r.indices.rows), columns = count_of(input, r.indices.columns);
    std::size_t const first = f.number.value_or(0),
                      count = numbers == nullptr || f.number ? 1 : numbers->numbers.size();
    for (std::size_t k = first; k < first + count; ++k) {
      std::string row;
      for (auto const& column : by_what) {
        bool const of_row = r.indices.rows == column.what && !column.second;
        bool const of_column = r.indices.columns == column.what && column.second == (r.indices.rows == column.what);
        if (column.what == by::none) {
          if (r.by_sector) row += std::to_string(k / (rows * columns));
        } else if (of_row || of_column) {
          row += csv_field(name_of(input, column.what, of_row ? k / columns % rows : k % columns));
        }
        row += ',';
      }
      row.append(what).append(",").append(to_text(numbers == nullptr ? *number : numbers->numbers.at(k)));
      out.push_back(row.append(",").append(unit));
    }
  }
  return out;
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
