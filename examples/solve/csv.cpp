// SPDX-License-Identifier: BSL-1.0
#include "csv.hpp"

#include "text.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace melitz_solve {

namespace {

using cells = std::vector<std::vector<std::string>>;

[[nodiscard]] std::string at(std::string const& file, std::size_t row) {
  return file + ", row " + std::to_string(row + 1);
}
[[nodiscard]] std::string at(std::string const& file, std::size_t row, std::size_t column) {
  return at(file, row) + ", column " + std::to_string(column + 1);
}

[[nodiscard]] std::string trimmed(std::string const& text) {
  auto const from = text.find_first_not_of(" \t");
  return from == std::string::npos ? "" : text.substr(from, text.find_last_not_of(" \t") - from + 1);
}

[[nodiscard]] bool is_number(std::string const& cell) { return to_number(cell).has_value(); }

/// The fields of a CSV text; those in quotes may hold commas, line breaks and doubled quotes.
[[nodiscard]] cells split(std::string const& text, std::string const& file) {
  cells out;
  std::string field;
  bool quoted = false, row_open = false;
  auto const end_field = [&] {
    if (!row_open) out.emplace_back();
    row_open = true;
    out.back().push_back(trimmed(field));
    field.clear();
  };
  for (std::size_t k = 0; k < text.size(); ++k) {
    char const c = text[k];
    if (quoted) {
      if (c != '"') {
        field += c;
      } else if (k + 1 < text.size() && text[k + 1] == '"') {
        field += text[++k];
      } else {
        quoted = false;
      }
    } else if (c == '"') {
      quoted = true;
    } else if (c == ',') {
      end_field();
    } else if (c == '\n') {
      end_field();
      row_open = false;
    } else if (c != '\r') {
      field += c;
    }
  }
  if (quoted) throw input_error(at(file, out.empty() ? 0 : out.size() - 1) + ": a quote is not closed");
  if (row_open || !field.empty()) end_field();
  while (!out.empty() && out.back().size() == 1 && out.back()[0].empty()) out.pop_back();  // blank lines at the end
  return out;
}

/// The rows of a file, all as long as the first.
[[nodiscard]] cells read_cells(std::string const& file, std::string const& path) {
  if (std::filesystem::is_directory(file))
    throw input_error(path + ": " + file + " is a folder; it must be a CSV file");
  std::ifstream in(file, std::ios::binary);
  if (!in) throw input_error(path + ": cannot open " + file + ": " + std::strerror(errno));
  std::string text{std::istreambuf_iterator<char>(in), {}};
  if (text.starts_with("\xef\xbb\xbf")) text.erase(0, 3);  // as spreadsheets begin a file
  auto out = split(text, file);
  if (out.empty()) throw input_error(path + ": there is nothing in " + file);
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (out[i].size() == out[0].size()) continue;
    throw input_error(at(file, i) + ": its number of columns is " + std::to_string(out[i].size()) + "; it must be " +
                      std::to_string(out[0].size()) + ", as in row 1");
  }
  return out;
}

/// Is all of the first row made of words? What stands in the corner does not count, unless there is nothing else.
[[nodiscard]] bool has_header(cells const& all) {
  auto const& first = all[0];
  return all.size() > 1 && std::none_of(first.begin() + (first.size() > 1 ? 1 : 0), first.end(), is_number);
}

/// The same of the first column.
[[nodiscard]] bool has_names(cells const& all) {
  return all[0].size() > 1 && std::none_of(all.begin() + (all.size() > 1 ? 1 : 0), all.end(),
                                           [](auto const& row) { return is_number(row[0]); });
}

void require_name(std::string const& name, std::string const& place) {
  if (is_number(name)) throw input_error(place + ": the name of a country is " + name + "; it must not be a number");
}

}  // namespace

std::string csv_table::place(std::vector<std::size_t> const& indices) const {
  std::size_t const row = indices.empty() ? 0 : indices[0], column = indices.size() > 1 ? indices[1] : 0;
  return lies ? at(name, first_row, first_column + row) : at(name, first_row + row, first_column + column);
}

std::string csv_table::place_of_name(std::size_t country) const {
  return across ? at(name, 0, first_column + country) : at(name, first_row + country, 0);
}

csv_table read_csv(std::string const& file, std::string const& path, parameter const& what) {
  auto const all = read_cells(file, path);
  bool const header = has_header(all), names = has_names(all);
  csv_table out{.name = file, .numbers = {all.size() - (header ? 1 : 0), all[0].size() - (names ? 1 : 0), {}}};
  out.first_row = header ? 1 : 0;
  out.first_column = names ? 1 : 0;
  auto& [rows, columns, numbers] = out.numbers;
  for (std::size_t i = out.first_row; i < all.size(); ++i) {
    for (std::size_t j = out.first_column; j < all[i].size(); ++j) {
      auto const number = to_number(all[i][j]);
      if (!number) throw input_error(at(file, i, j) + ": \"" + all[i][j] + "\" is not a number");
      numbers.push_back(*number);
    }
  }
  bool const pairs = what.extent == shape::by_pair;
  std::string const shape_is = "; " + path + " must have ";
  if (pairs && rows != columns) {
    throw input_error(file + " is " + std::to_string(rows) + " x " + std::to_string(columns) + shape_is +
                      "a row for each exporter and a column for each importer");
  }
  if (!pairs && rows != 1 && columns != 1) {
    throw input_error(file + " is " + std::to_string(rows) + " x " + std::to_string(columns) + shape_is +
                      "one number for each country, in a row or in a column");
  }
  std::vector<std::string> across, down;
  for (std::size_t j = names ? 1 : 0; header && j < all[0].size(); ++j) {
    across.push_back(all[0][j]);
    require_name(across.back(), at(file, 0, j));
  }
  for (std::size_t i = header ? 1 : 0; names && i < all.size(); ++i) {
    down.push_back(all[i][0]);
    require_name(down.back(), at(file, i, 0));
  }
  if (pairs) {
    for (std::size_t k = 0; header && names && k < rows; ++k) {
      if (down[k] == across[k]) continue;
      throw input_error(at(file, k + 1, 0) + ": mislabelled: the row is of " + down[k] + "; it must be of " +
                        across[k] + ", as column " + std::to_string(k + 2) + " is");
    }
    out.across = header;
    out.countries = header ? across : down;
    return out;
  }
  out.lies = rows == 1 && columns > 1;
  if (rows == 1 && columns == 1) {
    out.countries = names ? down : std::vector<std::string>{};
  } else {
    out.across = out.lies;
    out.countries = out.lies ? across : down;  // the other one, if it is there, is a title
  }
  rows = numbers.size();
  columns = 1;
  return out;
}

}  // namespace melitz_solve
