// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "csv.hpp"
#include "number.hpp"

#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

// Sizes of firms in CSV: numbers of firms in classes, or firms one by one.

namespace example {

/// A file of firms that cannot be used. what() begins with the file and the line.
struct firm_file_error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// How such a file is to be read.
struct firm_file_options {
  std::string name = "data";   ///< of the file, for messages
  bool drop_missing = false;   ///< leaves out rows with withheld cells ("D", "NA" or nothing) instead of refusing them
  bool whole_numbers = false;  ///< sizes are whole numbers: bounds move half a unit down, so that 1 to 4 is 0.5 to 4.5
};

/// Numbers of firms in classes.
struct firm_classes {
  std::vector<double> bounds;  ///< ascending, one more than there are classes
  std::vector<double> counts;
  std::size_t dropped = 0;  ///< rows with withheld cells
};

/// Firms one by one.
struct firm_sizes {
  std::vector<double> sizes, weights;  ///< weights empty where no column was asked for
  std::size_t zeros = 0;               ///< firms of size 0, which are left out
  std::size_t dropped = 0;
};

namespace detail {

class firm_table {
 public:
  firm_table(std::string_view text, firm_file_options const& how) : reader_(open(text, how)), how_(how) {
    while (advance()) {
      if (reader_.is_comment() || reader_.is_blank()) continue;
      for (auto const& field : reader_.fields()) header_.emplace_back(field);
      return;
    }
    throw firm_file_error(how_.name + ": it is empty; a first line must name the columns");
  }

  /// @throws firm_file_error where there is no such column, or two
  [[nodiscard]] std::size_t column(std::string_view name) const {
    std::size_t found = header_.size(), times = 0;
    std::string all;
    for (std::size_t k = 0; k < header_.size(); ++k) {
      all += (k > 0 ? ", " : "") + header_[k];
      if (header_[k] != name) continue;
      found = k;
      ++times;
    }
    if (times == 1) return found;
    fail(times == 0 ? "no column is called '" + std::string(name) + "'; there are " + all
                    : "two columns are called '" + std::string(name) + "'");
  }

  /// The next row of data; false at the end. @throws firm_file_error where it has another number of fields
  [[nodiscard]] bool next() {
    while (advance()) {
      if (reader_.is_comment() || reader_.is_blank()) continue;
      if (reader_.fields().size() != header_.size()) {
        fail("there are " + std::to_string(reader_.fields().size()) + " fields under " +
             std::to_string(header_.size()) +
             " columns; numbers must be written without separators of thousands, and with a decimal point");
      }
      return true;
    }
    return false;
  }

  [[nodiscard]] std::string_view text(std::size_t column) const { return reader_.fields()[column]; }
  /// Nothing of a withheld cell that is to be left out.
  /// @throws firm_file_error where it is no number
  [[nodiscard]] std::optional<double> number(std::size_t column) const {
    auto const cell = text(column);
    if (cell.empty() || cell == "D" || cell == "NA") {
      if (how_.drop_missing) return std::nullopt;
      fail(column, cell, cell.empty() ? "is missing" : "is withheld");
    }
    auto const value = to_number(cell);
    if (value && !std::isnan(*value)) return value;
    bool const comma = cell.find(',') != std::string_view::npos;
    fail(column, cell,
         comma ? "is not a number: write a decimal point, and no separators of thousands" : "is not a number");
  }

  [[noreturn]] void fail(std::size_t column, std::string_view cell, std::string const& why) const {
    fail("column '" + header_[column] + "': '" + std::string(cell) + "' " + why);
  }
  [[noreturn]] void fail(std::string const& why) const {
    throw firm_file_error(how_.name + ":" + std::to_string(reader_.line()) + ": " + why);
  }

 private:
  [[nodiscard]] static csv_reader open(std::string_view text, firm_file_options const& how) try {
    return csv_reader(text, '#');
  } catch (csv_error const& error) {
    throw firm_file_error(how.name + ":1: " + error.what());
  }
  [[nodiscard]] bool advance() try { return reader_.next(); } catch (csv_error const& error) {
    throw firm_file_error(how_.name + ":" + std::to_string(error.line) + ": " + error.what());
  }

  csv_reader reader_;
  firm_file_options how_;
  std::vector<std::string> header_;
};

}  // namespace detail

/// Reads classes from the columns lower, upper and count: one row each, ascending, each beginning where the one before
/// it ends; the upper bound of the last may be empty or inf. Other columns are not looked at; lines with # are
/// comments.
/// @throws firm_file_error naming file, line and column
[[nodiscard]] inline firm_classes read_classes(std::string_view text, firm_file_options const& how = {}) {
  detail::firm_table table(text, how);
  std::size_t const lower = table.column("lower"), upper = table.column("upper"), count = table.column("count");
  firm_classes out;
  double const shift = how.whole_numbers ? 0.5 : 0.0;
  bool open = false;
  while (table.next()) {
    auto const from = table.number(lower);
    bool const no_end = table.text(upper).empty();
    auto const to = no_end ? std::optional(std::numeric_limits<double>::infinity()) : table.number(upper);
    auto const firms = table.number(count);
    if (open) table.fail(lower, table.text(lower), "follows an open class, which must be the last");
    if (!from || !to || !firms) {
      ++out.dropped;
      continue;
    }
    if (!(*from >= 0 && *from < std::numeric_limits<double>::infinity())) {
      table.fail(lower, table.text(lower), "must be at least 0 and finite");
    }
    if (!(*to > *from)) table.fail(upper, table.text(upper), "must exceed the lower bound");
    if (!(*firms >= 0 && *firms < std::numeric_limits<double>::infinity())) {
      table.fail(count, table.text(count), "must be at least 0 and finite");
    }
    double const begins = *from > shift ? *from - shift : *from;
    if (out.bounds.empty()) {
      out.bounds.push_back(begins);
    } else if (out.bounds.back() != begins) {
      table.fail(lower, table.text(lower),
                 begins > out.bounds.back() ? "leaves a gap to the class before" : "overlaps the class before");
    }
    out.bounds.push_back(*to - shift);
    out.counts.push_back(*firms);
    open = std::isinf(*to);
  }
  if (out.counts.size() < 2)
    table.fail("there are " + std::to_string(out.counts.size()) + " classes; there must be two at least");
  return out;
}

/// Reads firms one by one, from the column of that name, and their weights from another one.
/// @param weight  may be empty
/// @throws firm_file_error naming file, line and column
[[nodiscard]] inline firm_sizes read_sizes(std::string_view text, std::string_view size, std::string_view weight = "",
                                           firm_file_options const& how = {}) {
  detail::firm_table table(text, how);
  std::size_t const at = table.column(size);
  std::optional<std::size_t> weights;
  if (!weight.empty()) weights = table.column(weight);
  firm_sizes out;
  while (table.next()) {
    auto const value = table.number(at);
    auto const w = weights ? table.number(*weights) : std::optional(1.0);
    if (!value || !w) {
      ++out.dropped;
      continue;
    }
    if (!(*value >= 0 && *value < std::numeric_limits<double>::infinity()))
      table.fail(at, table.text(at), "must be at least 0 and finite");
    if (weights && !(*w >= 0 && *w < std::numeric_limits<double>::infinity())) {
      table.fail(*weights, table.text(*weights), "must be at least 0 and finite");
    }
    if (*value == 0) {
      ++out.zeros;
      continue;
    }
    out.sizes.push_back(*value);
    if (weights) out.weights.push_back(*w);
  }
  return out;
}

}  // namespace example
