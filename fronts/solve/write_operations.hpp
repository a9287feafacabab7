// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "../document/operations.hpp"
#include "../document/write.hpp"

#include <iosfwd>
#include <string>
#include <variant>
#include <vector>

// The answers of operations.hpp as tables to read, and as CSV.

namespace melitz::front {

using cell = std::variant<double, std::string>;

/// Rows under the names of columns.
struct rows {
  std::string heading{};  ///< above them, for who reads
  std::vector<std::string> columns{};
  std::vector<std::vector<cell>> cells{};
};

/// To read: numbers with eight digits, by their decimal points; of more columns than a line takes the others below,
/// beside the first one again.
void write_rows(std::ostream& out, rows const& table);
/// As CSV: numbers that read back to the same double.
void write_csv(std::ostream& out, rows const& table);
/// One key on a line; what is short on one.
void write_json(std::ostream& out, json object, not_finite as = not_finite::words);

/// Before, after and the change in percent: what is one number, then a block for each that is several, then the groups
/// of firms. @param changed  what was changed, as it was asked for
void write_comparison(std::ostream& out, comparison const& given, model_input const& input,
                      std::vector<field> const& fields, std::vector<std::string> const& changed);
/// As CSV with a row for each number: what it is by, name, before, after, percent and unit.
void write_long(std::ostream& out, comparison const& given, model_input const& input, std::vector<field> const& fields);

void write_gains(std::ostream& out, answered<array> const& given, model_input const& input);
/// country,gains_from_trade,percent; without the country where there is one.
[[nodiscard]] rows rows_of_gains(answered<array> const& given, model_input const& input);

void write_slopes(std::ostream& out, slopes const& given, model_input const& input);
/// result,parameter,value,derivative and, if asked for, elasticity: a row for each pair.
[[nodiscard]] rows rows_of(slopes const& given);

[[nodiscard]] rows rows_of(answered<std::vector<firm>> const& given);
[[nodiscard]] rows rows_of(answered<std::vector<conditions_at_cutoff>> const& given);

}  // namespace melitz::front
