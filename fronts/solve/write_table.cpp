// SPDX-License-Identifier: BSL-1.0
#include "write_table.hpp"

#include "../document/text.hpp"
#include "../document/write.hpp"

#include <algorithm>
#include <cmath>
#include <ostream>

namespace melitz::front {

namespace {

[[nodiscard]] std::string_view heading(part s) {
  switch (s) {
    case part::solution:
      return "Solution";
    case part::work:
      return "";  // left to --json and --sweep
    case part::cutoffs:
      return "Cutoffs";
    case part::averages:
      return "Averages and shares";
    case part::masses:
      return "Masses of firms";
    case part::aggregates:
      return "Aggregates";
    case part::labor_uses:
      return "Uses of labour";
    case part::elasticities:
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
[[nodiscard]] std::string shown(result_value const& value, part where) {
  if (auto const* word = std::get_if<std::string_view>(&value)) return std::string(*word);
  if (auto const* yes = std::get_if<bool>(&value)) return *yes ? "yes" : "no";
  double const number = std::get<double>(value);
  if (std::isnan(number)) return "-";
  if (where == part::solution) return std::abs(number) < 1e-12 ? "below 1e-12" : to_text(number, 2);
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
    auto const& r = what.results[k];
    if (r.part == part::labor_uses && r.extent == shape::number) total += std::get<double>(given.values[k]);
  }
  std::vector<line> out;
  for (std::size_t k = 0; k < given.values.size(); ++k) {
    auto const& r = what.results[k];
    if (r.extent != shape::number) continue;
    auto const* number = std::get_if<double>(&given.values[k]);
    std::string unit(r.unit);
    if (r.part == part::labor_uses && number != nullptr) {
      auto const percent = std::round(1000 * *number / total) / 10;
      auto const text = to_text(percent) + (percent == std::floor(percent) ? ".0" : "");
      unit += std::string(text.size() < 6 ? 6 - text.size() : 0, ' ') + text + " %";
    }
    out.push_back({&r, shown(given.values[k], r.part), number != nullptr && r.part != part::solution, unit});
    bool const last_use =
        r.part == part::labor_uses && (k + 1 == given.values.size() || what.results[k + 1].part != part::labor_uses);
    static result const sum{"sum", part::labor_uses, "", "L", ""};
    if (last_use) out.push_back({&sum, to_text(total, 8), true, std::string(r.unit) + " 100.0 %"});
  }
  return out;
}

/// Which of so many rows or columns are shown: all, or the first and the last few with a gap between them.
constexpr std::size_t gap = static_cast<std::size_t>(-1);
[[nodiscard]] std::vector<std::size_t> shown_of(std::size_t count) {
  constexpr std::size_t most = 24, last = 4;
  std::vector<std::size_t> out;
  for (std::size_t k = 0; k < count; ++k) {
    if (count <= most || k < most - last - 1 || k >= count - last) {
      out.push_back(k);
    } else if (out.back() != gap) {
      out.push_back(gap);
    }
  }
  return out;
}

/// Numbers with names of rows and columns.
struct grid {
  std::string corner;
  std::vector<std::string> rows, columns;
  std::vector<std::vector<double>> by_column;
};

/// Letters of a text, not its bytes.
[[nodiscard]] std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

[[nodiscard]] std::string from_right(std::string const& text, std::size_t width) {
  return std::string(width > width_of(text) ? width - width_of(text) : 0, ' ') + text;
}

/// As many columns side by side as a line takes, then the next ones below.
void write_grid(std::ostream& out, grid const& g) {
  constexpr std::size_t line_width = 120;
  auto const rows = shown_of(g.rows.size());
  std::size_t name_width = width_of(g.corner);
  for (auto const& name : g.rows) name_width = std::max(name_width, width_of(name));
  std::vector<std::string> lines;
  auto const flush = [&] {
    for (auto& l : lines) {
      l.erase(l.find_last_not_of(' ') + 1);
      out << l << '\n';
    }
    lines.clear();
  };
  auto const begin = [&] {
    lines.push_back("  " + g.corner + std::string(name_width - width_of(g.corner), ' '));
    for (auto const r : rows) {
      auto const name = r == gap ? std::string("...") : g.rows[r];
      lines.push_back("  " + name + std::string(name_width > width_of(name) ? name_width - width_of(name) : 0, ' '));
    }
  };
  for (auto const c : shown_of(g.columns.size())) {
    std::vector<std::string> column{c == gap ? "..." : g.columns[c]};
    for (auto const r : rows) {
      double const number = c == gap || r == gap ? 0 : g.by_column[c][r];
      column.push_back(c == gap || r == gap ? "..." : std::isnan(number) ? "-" : to_text(number, 8));
    }
    std::size_t point = 0, width = width_of(column[0]);
    for (std::size_t k = 1; k < column.size(); ++k)
      point = std::max(point, std::min(column[k].find_first_of(".e"), column[k].size()));
    for (std::size_t k = 1; k < column.size(); ++k) {
      column[k] = aligned(column[k], column[k] != "..." && column[k] != "-", point);
      width = std::max(width, column[k].size());
    }
    for (std::size_t k = 1; k < column.size(); ++k) column[k].resize(std::max(width_of(column[k]), width), ' ');
    if (!lines.empty() && width_of(lines[0]) + 2 + width > line_width) {
      flush();
      out << '\n';
    }
    if (lines.empty()) begin();
    for (std::size_t k = 0; k < column.size(); ++k) lines[k] += "  " + from_right(column[k], width);
  }
  flush();
}

[[nodiscard]] std::vector<std::string> names_of(model_input const& input, melitz::told::by what) {
  std::vector<std::string> out;
  for (std::size_t k = 0; k < count_of(input, what); ++k) out.push_back(name_of(input, what, k));
  return out;
}

/// Results by country, or by something else, side by side.
void write_columns(std::ostream& out, model_input const& input, answer const& given, melitz::told::by what) {
  grid g{.corner = words_of(what).one, .rows = names_of(input, what), .columns = {}, .by_column = {}};
  for (std::size_t k = 0; k < given.values.size(); ++k) {
    auto const& r = input.what->results[k];
    if (r.indices.rows != what || r.indices.columns != melitz::told::by::none || r.part == part::work) continue;
    g.columns.emplace_back(r.name);
    g.by_column.push_back(std::get<array>(given.values[k]).numbers);
  }
  if (g.columns.empty()) return;
  out << "\nBy " << g.corner << '\n';
  write_grid(out, g);
}

/// Results by two, as by pair of countries, one below the other.
void write_by_two(std::ostream& out, model_input const& input, answer const& given) {
  for (std::size_t k = 0; k < given.values.size(); ++k) {
    auto const& r = input.what->results[k];
    if (r.indices.columns == melitz::told::by::none || r.part == part::work) continue;
    auto const& numbers = std::get<array>(given.values[k]);
    auto const [from, to] = r.indices;
    grid g{.corner = from == to ? "from \\ to" : words_of(from).one + std::string(" \\ ") + words_of(to).one,
           .rows = names_of(input, from),
           .columns = names_of(input, to),
           .by_column = {}};
    for (std::size_t j = 0; j < numbers.columns; ++j) {
      auto& column = g.by_column.emplace_back();
      for (std::size_t i = 0; i < numbers.rows; ++i) column.push_back(numbers(i, j));
    }
    out << '\n' << r.name << (r.unit.empty() ? "" : ", ") << r.unit << '\n';
    write_grid(out, g);
  }
}

/// The value of a parameter, or what stands for it if it is long.
[[nodiscard]] std::string in_short(array const& numbers, parameter const& what) {
  if (!what.words.empty()) return std::string(what.words.at(static_cast<std::size_t>(numbers.numbers[0])));
  if (what.extent == shape::number) return to_text(numbers.numbers[0]);
  double const abroad = numbers.numbers[numbers.columns > 1 ? 1 : 0];
  if (numbers.numbers == everywhere(abroad, what, numbers.rows).numbers) {
    return to_text(abroad) + (what.at_home ? " abroad, " + to_text(*what.at_home) + " at home" : " everywhere");
  }
  if (what.indices.columns != melitz::told::by::none)
    return std::to_string(numbers.rows) + " x " + std::to_string(numbers.columns);
  if (numbers.rows > 8) return '(' + std::to_string(numbers.rows) + " numbers)";
  std::string out;
  for (double const number : numbers.numbers) out.append(out.empty() ? "[" : ", ").append(to_text(number));
  return out + ']';
}

/// The parameters, but for those that are what they would be if left out.
void write_parameters(std::ostream& out, model_input const& input) {
  constexpr std::size_t line_width = 125;
  std::string line;
  for (std::size_t k = 0; k < input.parameters.size(); ++k) {
    auto const& p = input.what->parameters[k];
    auto const& given = input.parameters[k];
    if (given.numbers.empty()) continue;
    if (p.if_left_out && given.numbers == everywhere(*p.if_left_out, p, input.countries).numbers) continue;
    auto const text = std::string(p.name) + ' ' + in_short(given, p);
    if (!line.empty() && line.size() + 2 + text.size() >= line_width) {
      out << line << ",\n";
      line.clear();
    }
    line.append(line.empty() ? "  " : ", ").append(text);
  }
  out << line << '\n';
}

}  // namespace

void write_table(std::ostream& out, model_input const& input, answer const& given) {
  auto const& what = *input.what;
  out << what.title << '\n';
  if (what.laws != laws_wanted::none) out << "  productivity: " << in_words(input.distribution) << '\n';
  write_parameters(out, input);
  if (given.reason != melitz::status::converged) {
    out << "\nNot solved: " << explanation(given) << ".\n";
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
                       std::string_view equation) {
    std::string text = "  " + padded(name, name_width) + "  " + padded(value, value_width) + "  " +
                       padded(unit, unit_width) + "  " + padded(symbol, symbol_width) + "  " + std::string(equation);
    text.erase(text.find_last_not_of(' ') + 1);
    out << text << '\n';
  };
  out << '\n';
  bool const has_equations =
      std::any_of(lines.begin(), lines.end(), [](line const& l) { return !l.what->equation.empty(); });
  row("", "value", "unit", "symbol", has_equations ? "equation" : "");
  auto current = part::work;
  for (auto const& l : lines) {
    if (l.what->part == part::work) continue;
    if (l.what->part != current) {
      current = l.what->part;
      out << (current == part::solution ? "" : "\n") << heading(current) << '\n';
    }
    row(l.what->name, aligned(l.value, l.is_number, before_point), l.unit, l.what->symbol, l.what->equation);
  }
  using enum melitz::told::by;
  for (auto const each : {country, industry, factor, period}) write_columns(out, input, given, each);
  write_by_two(out, input, given);
}

}  // namespace melitz::front
