// SPDX-License-Identifier: BSL-1.0
#include "csv.hpp"

#include "../common/csv.hpp"
#include "../common/utf8.hpp"
#include "text.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace melitz::front {

namespace {

[[nodiscard]] std::string at(std::string const& file, std::size_t row) {
  return file + ", row " + std::to_string(row + 1);
}
[[nodiscard]] std::string at(std::string const& file, std::size_t row, std::size_t column) {
  return at(file, row) + ", column " + std::to_string(column + 1);
}

[[nodiscard]] std::string in_quotes(std::string_view cell) { return '"' + std::string(cell) + '"'; }

/// The fields of a file, row by row.
struct cells {
  std::size_t rows = 0, columns = 0;
  std::vector<std::string_view> fields{};

  [[nodiscard]] std::string_view operator()(std::size_t row, std::size_t column) const {
    return fields[row * columns + column];
  }
};

/// The rows of a file, all as long as the first.
[[nodiscard]] cells read_cells(example::csv_reader& in, std::string const& file, std::string const& path) {
  cells out;
  std::size_t blank = 0;  // rows; those at the end do not count
  while (in.next()) {
    if (in.is_blank()) {
      ++blank;
      continue;
    }
    for (; blank > 0; --blank) {
      if (out.columns != 1) throw input_error(at(file, out.rows) + ": it is empty; the table must have no such rows");
      out.fields.emplace_back();
      ++out.rows;
    }
    auto const fields = in.fields();
    if (out.rows == 0) out.columns = fields.size();
    if (fields.size() != out.columns) {
      throw input_error(at(file, out.rows) + ": its number of columns is " + std::to_string(fields.size()) +
                        "; it must be " + std::to_string(out.columns) + ", as in row 1");
    }
    out.fields.insert(out.fields.end(), fields.begin(), fields.end());
    ++out.rows;
  }
  if (out.rows == 0) throw input_error(path + ": there is nothing in " + file);
  return out;
}

/// What a field can be. "inf" and "nan" may be numbers, or names that somebody should have known better than to give.
enum class kind { empty, digits, unsure, word };

[[nodiscard]] kind kind_of(std::string_view cell) {
  if (cell.empty()) return kind::empty;
  auto const number = to_number(cell);
  return !number ? kind::word : std::isfinite(*number) ? kind::digits : kind::unsure;
}

/// Counts what a row or a column is made of.
class census {
 public:
  void add(std::string_view cell) { ++count_[static_cast<std::size_t>(kind_of(cell))]; }
  /// A single number, and it is no row or column of names.
  [[nodiscard]] bool is_names() const { return of(kind::digits) == 0 && of(kind::word) > 0; }

 private:
  [[nodiscard]] std::size_t of(kind what) const { return count_[static_cast<std::size_t>(what)]; }
  std::size_t count_[4] = {};
};

/// Is the first row one of names or titles? What stands in the corner does not count, unless there is nothing else.
[[nodiscard]] bool has_header(cells const& all) {
  census row;
  for (std::size_t j = all.columns > 1 ? 1 : 0; j < all.columns; ++j) row.add(all(0, j));
  return all.rows > 1 && row.is_names();
}

/// The same of the first column. A single row has none: its first field is a number like the others.
[[nodiscard]] bool has_names(cells const& all, bool header) {
  census column;
  for (std::size_t i = header ? 1 : 0; i < all.rows; ++i) column.add(all(i, 0));
  return all.rows > 1 && all.columns > 1 && column.is_names();
}

/// Could a field be a number gone wrong, such as "l00", "1,5", "12 %" or "NA"? That is no title.
[[nodiscard]] bool may_be_meant_as_number(std::string_view cell) {
  std::string small;
  for (char const c : cell) small += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  for (auto const* missing : {"", "na", "n/a", "#n/a", "n.a.", "null", "none", "missing", "-", "--", ".", "..", "?"}) {
    if (small == missing) return true;
  }
  if (kind_of(cell) != kind::word) return true;
  return small.find_first_of("0123456789") != std::string::npos &&
         small.find_first_not_of("0123456789+-.,;' _%$elo\xC2\xA0") == std::string::npos;
}

[[nodiscard]] input_error no_number(std::string_view cell, std::string const& place) {
  auto const separator = cell.find_first_of(";\t");
  return input_error(place + ": " + in_quotes(cell) + " is not a number" +
                     (separator == std::string_view::npos ? "" : "; commas must stand between columns"));
}

[[nodiscard]] double number_at(cells const& all, std::size_t i, std::size_t j, std::string const& file) {
  auto const number = to_number(all(i, j));
  if (!number) throw no_number(all(i, j), at(file, i, j));
  return *number;
}

void require_name(std::string_view name, std::string const& place) {
  if (auto const wrong = wrong_with_name(name))
    throw input_error(place + ": the name of a country is " + (name.empty() ? "empty" : std::string(name)) + *wrong);
}

/// Every name is one, and is there once. @param place  of each
template <class Place>
void require_names(std::vector<std::string> const& names, Place const& place) {
  std::set<std::string_view> seen;
  for (std::size_t k = 0; k < names.size(); ++k) {
    require_name(names[k], place(k));
    if (!seen.insert(names[k]).second)
      throw input_error(place(k) + ": the name of a country is " + names[k] + ", which is there twice");
  }
}

[[nodiscard]] csv_table table_of(cells const& all, std::string const& file, std::string const& path,
                                 parameter const& what) {
  bool const header = has_header(all), names = has_names(all, header);
  csv_table out{.name = file, .numbers = {all.rows - (header ? 1 : 0), all.columns - (names ? 1 : 0), {}}};
  out.first_row = header ? 1 : 0;
  out.first_column = names ? 1 : 0;
  auto &rows = out.numbers.rows, &columns = out.numbers.columns;
  auto& numbers = out.numbers.numbers;
  numbers.reserve(rows * columns);
  for (std::size_t i = out.first_row; i < all.rows; ++i) {
    for (std::size_t j = out.first_column; j < all.columns; ++j) numbers.push_back(number_at(all, i, j, file));
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
  out.lies = !pairs && rows == 1 && columns > 1;
  bool const titled = header && !pairs && !out.lies;
  for (std::size_t j = out.first_column; titled && j < all.columns; ++j) {
    if (may_be_meant_as_number(all(0, j))) throw no_number(all(0, j), at(file, 0, j));
  }
  std::vector<std::string> across, down;
  for (std::size_t j = out.first_column; header && !titled && j < all.columns; ++j) across.emplace_back(all(0, j));
  for (std::size_t i = out.first_row; names && !out.lies && i < all.rows; ++i) down.emplace_back(all(i, 0));
  require_names(across, [&](std::size_t k) { return at(file, 0, out.first_column + k); });
  require_names(down, [&](std::size_t k) { return at(file, out.first_row + k, 0); });
  for (std::size_t k = 0; !across.empty() && k < down.size(); ++k) {
    if (down[k] == across[k]) continue;
    throw input_error(at(file, k + 1, 0) + ": mislabelled: the row is of " + down[k] + "; it must be of " + across[k] +
                      ", as column " + std::to_string(k + 2) + " is" + in_another_order(down, across));
  }
  out.across = !across.empty();
  out.countries = std::move(out.across ? across : down);
  if (!pairs) {
    rows = numbers.size();
    columns = 1;
  }
  return out;
}

/// Which column of a file is meant. @throws input_error
[[nodiscard]] std::size_t column_meant(cells const& all, std::string const& file, std::string const& path,
                                       std::optional<std::string> const& title) {
  if (!title && all.columns == 1) return 0;
  std::vector<std::string_view> titles(all.fields.begin(),
                                       all.fields.begin() + static_cast<std::ptrdiff_t>(all.columns));
  if (!title) {
    throw input_error(file + " has " + std::to_string(all.columns) + " columns; " + path +
                      R"( must say which one: {"file": "...", "column": "its title"})");
  }
  auto const found = std::find(titles.begin(), titles.end(), *title);
  if (found == titles.end()) {
    throw input_error(at(file, 0) + ": no column has the title " + in_quotes(*title) + suggestion(*title, titles));
  }
  if (std::count(titles.begin(), titles.end(), *title) > 1) {
    throw input_error(at(file, 0) + ": several columns have the title " + in_quotes(*title) +
                      "; it must be there once");
  }
  return static_cast<std::size_t>(found - titles.begin());
}

/// What a reader of a file says, with the name of the file.
template <class F>
[[nodiscard]] csv_table read(std::string_view text, std::string const& file, std::string const& path, F const& f) {
  try {
    example::csv_reader in(text);
    return f(read_cells(in, file, path));
  } catch (example::csv_error const& e) {
    throw input_error(at(file, e.row - 1, e.column - 1) + ": " + e.what());
  }
}

}  // namespace

std::string csv_table::place(std::vector<std::size_t> const& indices) const {
  std::size_t const row = indices.empty() ? 0 : indices[0], column = indices.size() > 1 ? indices[1] : 0;
  return lies ? at(name, first_row, first_column + row) : at(name, first_row + row, first_column + column);
}

std::string csv_table::place_of_name(std::size_t country) const {
  return across ? at(name, 0, first_column + country) : at(name, first_row + country, 0);
}

csv_table read_csv(std::string_view text, std::string const& file, std::string const& path, parameter const& what) {
  return read(text, file, path, [&](cells const& all) { return table_of(all, file, path, what); });
}

csv_table read_column(std::string_view text, std::string const& file, std::string const& path,
                      std::optional<std::string> const& title) {
  return read(text, file, path, [&](cells const& all) {
    std::size_t const column = column_meant(all, file, path, title);
    bool const titled = title || (kind_of(all(0, column)) == kind::word && !may_be_meant_as_number(all(0, column)));
    csv_table out{.name = file, .numbers = {0, 1, {}}};
    out.first_row = titled ? 1 : 0;
    out.first_column = column;
    out.numbers.rows = all.rows - out.first_row;
    out.numbers.numbers.reserve(out.numbers.rows);
    for (std::size_t i = out.first_row; i < all.rows; ++i)
      out.numbers.numbers.push_back(number_at(all, i, column, file));
    if (out.numbers.rows == 0) throw input_error(path + ": there are no numbers in " + file);
    return out;
  });
}

std::string in_another_order(std::vector<std::string> const& names, std::vector<std::string> const& wanted) {
  bool const same = std::is_permutation(names.begin(), names.end(), wanted.begin(), wanted.end());
  return same ? " (they are the same countries in another order)" : "";
}

std::optional<std::string> wrong_with_name(std::string_view name) {
  if (name.empty()) return "; it must have one";
  if (!example::is_utf8(name)) return "; it must be in UTF-8, which is how the file must be saved";
  if (to_number(name)) return "; it must not be a number";
  if (name == "*" || name.find_first_of("[]=\n\r\t") != std::string_view::npos) {
    return "; it must have no [, ], = or line break in it, and not be *";
  }
  return std::nullopt;
}

}  // namespace melitz::front
