// SPDX-License-Identifier: BSL-1.0
#include "write_table.hpp"

#include "../document/document.hpp"
#include "../document/text.hpp"
#include "../document/write.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <ostream>
#include <sstream>

namespace melitz::front {

namespace {

using melitz::told::by;
using melitz::told::by_two;

[[nodiscard]] std::string_view heading(part s) {
  switch (s) {
    case part::solution:
      return "Solution";
    case part::work:
      return "Work";
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
  std::string name, value;
  bool is_number;
  std::string unit;
};

/// What a field shows where it is one value; nothing of several.
[[nodiscard]] std::optional<result_value> one_value(answer const& given, field const& f) {
  auto const& value = given.values[f.result];
  auto const* numbers = std::get_if<array>(&value);
  if (numbers == nullptr) return value;
  return f.number ? std::optional<result_value>(numbers->numbers.at(*f.number)) : std::nullopt;
}

/// @param fields  in the order of the model
/// @param all     whether no other results are asked for
[[nodiscard]] std::vector<line> lines_of(model const& what, answer const& given, std::vector<field> const& fields,
                                         bool all) {
  double total = 0;  // of the uses of labour, to say what part of it each one is
  for (std::size_t k = 0; k < given.values.size(); ++k) {
    auto const* use = std::get_if<double>(&given.values[k]);
    if (what.results[k].part == part::labor_uses && use != nullptr) total += *use;
  }
  std::vector<line> out;
  for (std::size_t k = 0; k < fields.size(); ++k) {
    auto const& r = what.results[fields[k].result];
    auto const value = one_value(given, fields[k]);
    if (!value) continue;
    auto const* number = std::get_if<double>(&*value);
    bool const is_use = r.part == part::labor_uses && !r.indices.told() && !r.by_sector;
    std::string unit(r.unit);
    if (is_use && number != nullptr) {
      auto const percent = std::round(1000 * *number / total) / 10;
      auto const text = to_text(percent) + (percent == std::floor(percent) ? ".0" : "");
      unit += std::string(text.size() < 6 ? 6 - text.size() : 0, ' ') + text + " %";
    }
    out.push_back({&r, fields[k].name, shown(*value, r.part), number != nullptr && r.part != part::solution, unit});
    bool const last_use =
        is_use && (k + 1 == fields.size() || what.results[fields[k + 1].result].part != part::labor_uses);
    static result const sum{"sum", part::labor_uses, "", "L", ""};
    if (last_use && all) {
      out.push_back({&sum, sum.name, to_text(total, 8), true, std::string(r.unit) + " 100.0 %"});
    }
  }
  return out;
}

/// Which of so many rows are shown: all, but of a path, which may be long, the first and the last with a gap between.
constexpr std::size_t gap = static_cast<std::size_t>(-1);
[[nodiscard]] std::vector<std::size_t> shown_of(std::size_t count, bool is_path) {
  constexpr std::size_t most = 24, last = 4;
  std::vector<std::size_t> out;
  for (std::size_t k = 0; k < count; ++k) {
    if (!is_path || count <= most || k < most - last - 1 || k >= count - last) {
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
  bool is_path = false;
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
  auto const rows = shown_of(g.rows.size(), g.is_path);
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
  for (std::size_t c = 0; c < g.columns.size(); ++c) {
    std::vector<std::string> column{g.columns[c]};
    for (auto const r : rows) {
      double const number = r == gap ? 0 : g.by_column[c][r];
      column.push_back(r == gap ? "..." : std::isnan(number) ? "-" : to_text(number, 8));
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

/// "[1]" of a sector where there are several.
[[nodiscard]] std::string sector_of(array const& numbers, std::size_t h) {
  return numbers.layers > 1 ? '[' + std::to_string(h) + ']' : "";
}

/// Whole results, in several numbers, that are by this and by nothing else; by sector alone if it is none.
[[nodiscard]] std::vector<field> fields_by(by_two indices, model_input const& input, answer const& given,
                                           std::vector<field> const& fields) {
  std::vector<field> out;
  for (auto const& f : fields) {
    auto const& r = input.what->results[f.result];
    bool const same = r.indices.rows == indices.rows && r.indices.columns == indices.columns;
    if (same && !one_value(given, f)) out.push_back(f);
  }
  return out;
}

/// Results by country, or by something else, side by side.
void write_columns(std::ostream& out, model_input const& input, answer const& given, by what,
                   std::vector<field> const& fields) {
  bool const sectors = what == by::none;
  grid g{
      .corner = sectors ? "sector" : words_of(what).one, .rows = names_of(input, what), .columns = {}, .by_column = {}};
  g.is_path = what == by::period;
  if (sectors) g.rows.clear();
  for (std::size_t h = 0; sectors && h < input.sectors; ++h) g.rows.push_back(std::to_string(h));
  for (auto const& f : fields_by({what}, input, given, fields)) {
    auto const& numbers = std::get<array>(given.values[f.result]);
    if (sectors) {
      g.columns.push_back(f.name);
      g.by_column.push_back(numbers.numbers);
      continue;
    }
    for (std::size_t h = 0; h < numbers.layers; ++h) {
      auto const begin = numbers.numbers.begin() + static_cast<std::ptrdiff_t>(h * numbers.rows);
      g.columns.push_back(f.name + sector_of(numbers, h));
      g.by_column.emplace_back(begin, begin + static_cast<std::ptrdiff_t>(numbers.rows));
    }
  }
  if (g.columns.empty()) return;
  out << "\nBy " << g.corner << '\n';
  write_grid(out, g);
}

/// A result by two, as by pair of countries: a block for each sector.
void write_by_two(std::ostream& out, model_input const& input, result const& r, array const& numbers) {
  auto const [from, to] = r.indices;
  for (std::size_t h = 0; h < numbers.layers; ++h) {
    grid g{.corner = from == to ? "from \\ to" : words_of(from).one + std::string(" \\ ") + words_of(to).one,
           .rows = names_of(input, from),
           .columns = names_of(input, to),
           .by_column = {}};
    for (std::size_t j = 0; j < numbers.columns; ++j) {
      auto& column = g.by_column.emplace_back();
      for (std::size_t i = 0; i < numbers.rows; ++i) column.push_back(numbers(h, i, j));
    }
    out << '\n' << r.name << sector_of(numbers, h) << (r.unit.empty() ? "" : ", ") << r.unit << '\n';
    write_grid(out, g);
  }
}

/// A value without quotes.
[[nodiscard]] std::string bare(json const& value) {
  auto out = in_one_line(value);
  std::erase(out, '"');
  return out;
}

/// The value of a parameter, or what stands for it if it is long.
[[nodiscard]] std::string in_short(array const& numbers, parameter const& what) {
  if (!what.indices.told()) return bare(value_of(numbers, what));
  if (numbers.layers > 1) return "in " + std::to_string(numbers.layers) + " sectors";
  double const abroad = numbers.numbers[numbers.columns > 1 ? 1 : 0];
  if (numbers.numbers == everywhere(abroad, what, numbers.rows).numbers) {
    return to_text(abroad) + (what.at_home ? " abroad, " + to_text(*what.at_home) + " at home" : " everywhere");
  }
  if (what.indices.columns != melitz::told::by::none)
    return std::to_string(numbers.rows) + " x " + std::to_string(numbers.columns);
  if (numbers.rows > 8) return '(' + std::to_string(numbers.rows) + " numbers)";
  return bare(to_json(numbers, what.indices));
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

/// The blocks of a table: parts of what is one value, what columns are by, and results by two.
constexpr by beside_one_another[] = {by::country, by::industry, by::factor, by::period, by::none};

[[nodiscard]] std::string block_of(by what) { return what == by::none ? "sector" : words_of(what).one; }

/// In which block a result stands.
[[nodiscard]] std::string block_of(model_input const& input, result const& r) {
  if (r.indices.columns != by::none) return r.name;
  if (r.indices.told()) return block_of(r.indices.rows);
  return r.by_sector && input.sectors > 1 ? block_of(by::none) : std::string(word_of(r.part));
}

/// Numbers and words, part by part.
void write_lines(std::ostream& out, std::vector<line> const& lines) {
  if (lines.empty()) return;
  std::size_t name_width = 0, before_point = 0, value_width = 0, unit_width = 0, symbol_width = 0;
  for (auto const& l : lines) {
    if (l.is_number) before_point = std::max(before_point, std::min(l.value.find_first_of(".e"), l.value.size()));
  }
  for (auto const& l : lines) {
    name_width = std::max(name_width, width_of(l.name));
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
  bool const has_equations =
      std::any_of(lines.begin(), lines.end(), [](line const& l) { return !l.what->equation.empty(); });
  out << '\n';
  row("", "value", "unit", "symbol", has_equations ? "equation" : "");
  part const* current = nullptr;
  for (auto const& l : lines) {
    if (current == nullptr || l.what->part != *current) {
      out << (current == nullptr ? "" : "\n") << heading(l.what->part) << '\n';
      current = &l.what->part;
    }
    row(l.name, aligned(l.value, l.is_number, before_point), l.unit, l.what->symbol, l.what->equation);
  }
}

}  // namespace

void require_block(model_input const& input, std::string const& name) {
  std::vector<std::string> blocks;
  for (auto const& r : input.what->results) {
    auto const block = block_of(input, r);
    if (r.part != part::work && std::find(blocks.begin(), blocks.end(), block) == blocks.end()) blocks.push_back(block);
  }
  if (std::find(blocks.begin(), blocks.end(), name) != blocks.end()) return;
  std::vector<std::string_view> const known(blocks.begin(), blocks.end());
  throw input_error(name + " is no block of the table of " + std::string(input.what->name) + suggestion(name, known));
}

void write_table(std::ostream& out, model_input const& input, answer const& given, std::vector<field> const& fields,
                 std::string const& only) {
  auto const& what = *input.what;
  bool const solved = given.reason == melitz::status::converged;
  if (only.empty() || !solved) {
    out << what.title << '\n';
    if (what.laws != laws_wanted::none) out << "  productivity: " << in_words(input.distribution) << '\n';
    write_parameters(out, input);
  }
  if (!solved) {
    out << "\nNot solved: " << explanation(given) << ".\n";
    return;
  }
  std::ostringstream text;
  auto const wanted = [&](std::string const& block) { return only.empty() || only == block; };
  auto in_order = fields;
  bool const all = fields.size() == what.results.size();
  // How much work it was is for who asks, or reads JSON or rows.
  if (all) std::erase_if(in_order, [&](field const& f) { return what.results[f.result].part == part::work; });
  std::stable_sort(in_order.begin(), in_order.end(), [](auto const& a, auto const& b) { return a.result < b.result; });
  auto lines = lines_of(what, given, in_order, all);
  std::erase_if(lines, [&](line const& l) { return !wanted(std::string(word_of(l.what->part))); });
  write_lines(text, lines);
  for (auto const each : beside_one_another) {
    if (wanted(block_of(each))) write_columns(text, input, given, each, in_order);
  }
  for (auto const& f : in_order) {
    auto const& r = what.results[f.result];
    bool const block = r.indices.columns != by::none && !f.number;
    if (block && wanted(r.name)) write_by_two(text, input, r, std::get<array>(given.values[f.result]));
  }
  if (!given.warnings.empty()) text << "\nWarnings\n";
  for (auto const& warning : given.warnings) text << "  " << warning << '\n';
  auto const table = text.str();
  out << std::string_view(table).substr(!only.empty() && table.starts_with('\n') ? 1 : 0);
}

}  // namespace melitz::front
