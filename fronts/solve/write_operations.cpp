// SPDX-License-Identifier: BSL-1.0
#include "write_operations.hpp"

#include "../document/document.hpp"
#include "../document/text.hpp"
#include "../document/write.hpp"

#include <algorithm>
#include <cmath>
#include <ostream>
#include <utility>

namespace melitz::front {

namespace {

constexpr std::size_t width_of_line = 120;

/// Letters of a text, not its bytes.
[[nodiscard]] std::size_t letters_of(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

[[nodiscard]] std::string filled_to(std::size_t width, std::string text) {
  auto const now = letters_of(text);
  if (now < width) text.append(width - now, ' ');
  return text;
}

[[nodiscard]] std::string to_read(cell const& what) {
  if (auto const* word = std::get_if<std::string>(&what)) return *word;
  double const number = std::get<double>(what);
  return std::isnan(number) ? "-" : to_text(number, 8);
}

/// One column as lines of the same width, the first of which is its name.
[[nodiscard]] std::vector<std::string> lines_of_column(rows const& table, std::size_t column) {
  auto const point_of = [](std::string const& text) { return std::min(text.find_first_of(".e"), text.size()); };
  std::size_t point = 0;
  for (auto const& row : table.cells) {
    if (std::holds_alternative<double>(row[column])) point = std::max(point, point_of(to_read(row[column])));
  }
  std::vector<std::string> out{table.columns[column]};
  for (auto const& row : table.cells) {
    auto text = to_read(row[column]);
    if (std::holds_alternative<double>(row[column])) text.insert(0, point - point_of(text), ' ');
    out.push_back(std::move(text));
  }
  std::size_t width = 0;
  for (auto const& text : out) width = std::max(width, letters_of(text));
  for (auto& text : out) text = filled_to(width, std::move(text));
  return out;
}

/// "+4.921 %", or in words why there is no percentage.
[[nodiscard]] std::string percent_in_words(double before, double after, double percent) {
  if (std::isnan(before) || std::isnan(after)) return std::isnan(before) && std::isnan(after) ? "-" : "undefined";
  if (std::isinf(before) || std::isinf(after)) {
    return std::isinf(before) && std::isinf(after)
               ? "infinite before and after"
               : std::string("infinite ") + (std::isinf(before) ? "before" : "after");
  }
  if (!std::isfinite(percent)) return before == 0 ? "0 before" : "beyond the range of double";
  constexpr double closed = 1e-10;  // in percent: as far as accounts may be open
  if (std::abs(percent) < closed) return "0 %";
  return (percent > 0 ? "+" : "") + to_text(percent, 4) + " %";
}

[[nodiscard]] std::string yes_no_or_word(result_value const& value) {
  if (auto const* yes = std::get_if<bool>(&value)) return *yes ? "yes" : "no";
  return std::string(std::get<std::string_view>(value));
}

[[nodiscard]] bool is_word(result_value const& value) {
  return std::holds_alternative<bool>(value) || std::holds_alternative<std::string_view>(value);
}

/// The numbers of a value that is one or several.
[[nodiscard]] std::vector<double> numbers_in(result_value const& value) {
  if (auto const* several = std::get_if<array>(&value)) return several->numbers;
  return {std::get<double>(value)};
}

void write_title(std::ostream& out, model_input const& input) {
  out << input.what->title << '\n';
  if (input.what->laws != laws_wanted::none) out << "  productivity: " << in_words(input.distribution) << '\n';
}

}  // namespace

void write_rows(std::ostream& out, rows const& table) {
  if (!table.heading.empty()) out << table.heading << '\n';
  std::vector<std::vector<std::string>> columns;
  for (std::size_t c = 0; c < table.columns.size(); ++c) columns.push_back(lines_of_column(table, c));
  std::vector<std::string> lines;
  auto const flush = [&] {
    for (auto& line : lines) {
      line.erase(line.find_last_not_of(' ') + 1);
      out << line << '\n';
    }
    lines.clear();
  };
  for (std::size_t c = 0; c < columns.size(); ++c) {
    if (!lines.empty() && c > 1 && letters_of(lines[0]) + 2 + letters_of(columns[c][0]) > width_of_line) {
      flush();
      out << '\n';
    }
    if (lines.empty()) {
      lines.assign(columns[c].size(), "");
      for (std::size_t k = 0; c > 0 && k < lines.size(); ++k) lines[k] = "  " + columns[0][k];
    }
    for (std::size_t k = 0; k < lines.size(); ++k) lines[k] += "  " + columns[c][k];
  }
  flush();
}

void write_csv(std::ostream& out, rows const& table) {
  for (std::size_t c = 0; c < table.columns.size(); ++c) out << (c == 0 ? "" : ",") << csv_field(table.columns[c]);
  out << '\n';
  for (auto const& row : table.cells) {
    for (std::size_t c = 0; c < row.size(); ++c) {
      auto const* word = std::get_if<std::string>(&row[c]);
      out << (c == 0 ? "" : ",") << (word != nullptr ? csv_field(*word) : to_text(std::get<double>(row[c])));
    }
    out << '\n';
  }
}

void write_long(std::ostream& out, comparison const& given, model_input const& input,
                std::vector<field> const& fields) {
  auto names = long_columns(input).names;
  std::string const value = "value,unit";
  out << names.replace(names.size() - value.size(), value.size(), "before,after,percent,unit") << '\n';
  for (auto const& f : fields) {
    auto const& percent = given.percent[f.result].numbers;
    if (percent.empty()) continue;
    auto const before = numbers_in(given.before.values[f.result]), after = numbers_in(given.after.values[f.result]);
    auto const unit = ',' + csv_field(std::string(input.what->results[f.result].unit));
    std::size_t k = f.number.value_or(0);
    for (auto row : long_rows(input, given.before, {f})) {  // up to the value it stays
      row.resize(row.size() - unit.size());
      out << row << ',' << to_text(after[k]) << ',' << to_text(percent[k]) << unit << '\n';
      ++k;
    }
  }
}

void write_comparison(std::ostream& out, comparison const& given, model_input const& input,
                      std::vector<field> const& fields, std::vector<std::string> const& changed) {
  write_title(out, input);
  std::string list;
  for (auto const& one : changed) list.append(list.empty() ? "" : ", ").append(one);
  out << "  after: " << list << '\n';
  auto const row = [](std::string name, double before, double after, double percent, std::string unit) {
    return std::vector<cell>{std::move(name), before, after, percent_in_words(before, after, percent), std::move(unit)};
  };
  rows numbers{.columns = {"", "before", "after", "change", "unit"}};
  std::vector<rows> blocks;
  for (auto const& f : fields) {
    auto const& r = input.what->results[f.result];
    auto const &before = given.before.values[f.result], &after = given.after.values[f.result];
    std::string const unit(r.unit);
    if (is_word(before)) {
      numbers.cells.push_back({f.name, yes_no_or_word(before), yes_no_or_word(after), "", unit});
      continue;
    }
    auto const& percent = given.percent[f.result].numbers;
    if (percent.empty()) continue;
    auto const from = numbers_in(before), to = numbers_in(after);
    if (f.number || !std::holds_alternative<array>(before)) {
      auto const k = f.number.value_or(0);
      numbers.cells.push_back(row(f.name, from[k], to[k], percent[k], unit));
      continue;
    }
    auto& block = blocks.emplace_back();
    block.heading = '\n' + f.name + (unit.empty() ? "" : ", ") + unit;
    block.columns = {"", "before", "after", "change"};
    auto const places = places_of(input, r);
    for (std::size_t i = 0; i < percent.size(); ++i) {
      block.cells.push_back(row(places.at(i), from[i], to[i], percent[i], ""));
      block.cells.back().pop_back();
    }
  }
  if (!numbers.cells.empty()) {
    out << '\n';
    write_rows(out, numbers);
  }
  for (auto const& block : blocks) write_rows(out, block);
  if (!given.without_firms.empty()) out << "\nNo groups of firms: " << given.without_firms << ".\n";
  for (auto const* side : {&given.before, &given.after}) {
    for (auto const& warning : side->warnings) {
      out << (side == &given.before ? "\nBefore: " : "\nAfter: ") << warning << ".\n";
    }
  }
  if (given.firms.empty()) return;
  rows firms{.heading = "\nFirms by productivity", .columns = {"from", "to", ""}};
  for (auto const& group : given.firms) firms.cells.push_back({group.lower, group.upper, std::string(group.effect)});
  write_rows(out, firms);
}

rows rows_of_gains(answered<array> const& given, model_input const& input) {
  bool const countries = input.what->has_countries() || given.values.numbers.size() > 1;
  rows out{.columns = {"country", "gains_from_trade", "percent"}};
  if (!countries) out.columns.erase(out.columns.begin());
  for (std::size_t k = 0; k < given.values.numbers.size(); ++k) {
    double const ratio = given.values.numbers[k];
    auto& row = out.cells.emplace_back();
    if (countries) row.emplace_back(country_name(k, input.names));
    row.emplace_back(ratio);
    row.emplace_back(100 * (ratio - 1));
  }
  return out;
}

void write_gains(std::ostream& out, answered<array> const& given, model_input const& input) {
  write_title(out, input);
  auto table = rows_of_gains(given, input);
  table.heading = "\nGains from trade: welfare over that in autarky";
  for (auto& row : table.cells)
    row.back() = percent_in_words(1, std::get<double>(row[row.size() - 2]), std::get<double>(row.back()));
  table.columns.back() = "change";
  write_rows(out, table);
}

rows rows_of(slopes const& given) {
  rows out{.columns = {"result", "parameter", "value", "derivative"}};
  bool const in_logs = !given.elasticities.empty();
  if (in_logs) out.columns.emplace_back("elasticity");
  std::size_t const columns = given.parameters.size();
  for (std::size_t k = 0; k < given.table.size(); ++k) {
    out.cells.push_back(
        {given.results[k / columns], given.parameters[k % columns], given.values[k / columns], given.table[k]});
    if (in_logs) out.cells.back().emplace_back(given.elasticities[k]);
  }
  return out;
}

void write_slopes(std::ostream& out, slopes const& given, model_input const& input) {
  write_title(out, input);
  auto const write = [&](std::string heading, std::vector<double> const& numbers, bool with_values) {
    rows table{.heading = std::move(heading), .columns = {"d \\ d"}};
    if (with_values) table.columns.emplace_back("value");
    table.columns.insert(table.columns.end(), given.parameters.begin(), given.parameters.end());
    for (std::size_t r = 0; r < given.results.size(); ++r) {
      auto& row = table.cells.emplace_back();
      row.emplace_back(given.results[r]);
      if (with_values) row.emplace_back(given.values[r]);
      for (std::size_t p = 0; p < given.parameters.size(); ++p) {
        row.emplace_back(numbers[r * given.parameters.size() + p]);
      }
    }
    write_rows(out, table);
  };
  write("\nDerivatives", given.table, true);
  if (!given.elasticities.empty()) write("\nElasticities, d ln \\ d ln", given.elasticities, false);
}

rows rows_of(answered<std::vector<firm>> const& given) {
  rows out{.columns = {"productivity", "choice", "price", "revenue", "profit"}};
  for (auto const& f : given.values) out.cells.push_back({f.productivity, f.choice, f.price, f.revenue, f.profit});
  return out;
}

rows rows_of(answered<std::vector<conditions_at_cutoff>> const& given) {
  rows out{.columns = {"cutoff", "export_cutoff", "value_of_entry", "average_profit", "average_profit_required"}};
  for (auto const& c : given.values) {
    out.cells.push_back({c.cutoff, c.export_cutoff, c.value_of_entry, c.average_profit, c.average_profit_required});
  }
  return out;
}

namespace {

/// Null in the place of numbers that are words.
void without_words(json& value) {
  if (value.is_string() && infinity_in_words(value)) value = nullptr;
  if (!value.is_structured()) return;
  for (auto& member : value) without_words(member);
}

/// Objects, and lists of objects, that are too long for a line have one member on each.
void write_member(std::ostream& out, json const& value, std::size_t indent) {
  auto const whole = in_one_line(value);
  bool const of_objects = value.is_array() && !value.empty() && value.front().is_object();
  bool const apart = value.is_object() || of_objects;
  if (!apart || (indent > 0 && whole.size() + indent <= width_of_line)) {
    out << whole;
    return;
  }
  std::string const margin(indent + 2, ' ');
  std::string_view separator = "\n";
  out << (value.is_object() ? '{' : '[');
  for (auto const& [key, member] : value.items()) {
    out << separator << margin;
    if (value.is_object()) out << in_one_line(json(key)) << ": ";
    write_member(out, member, indent + 2);
    separator = ",\n";
  }
  out << '\n' << std::string(indent, ' ') << (value.is_object() ? '}' : ']');
}

}  // namespace

void write_json(std::ostream& out, json object, not_finite as) {
  for (auto& [key, value] : object.items()) {  // what was read and can be read again stays as it is
    if (as == not_finite::null && key != "id" && key != "inputs") without_words(value);
  }
  write_member(out, object, 0);
  out << '\n';
}

}  // namespace melitz::front
