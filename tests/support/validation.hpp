// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "support/catch.hpp"

#include <cmath>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

// docs/validation_table.md lists numbers of others beside ours. The tests that compare them write them, a line of JSON
// each, into the file that the environment names in MELITZ_VALIDATION_ROWS; without it, nowhere. tools/validation makes
// the page of these files.

namespace test {

namespace detail {

/// Opened, and emptied, when the program starts: what a test no longer writes is not there from last time.
struct validation_rows {
  std::ofstream out;
  bool wanted = false;
  validation_rows() {
    char const* const name = std::getenv("MELITZ_VALIDATION_ROWS");
    wanted = name != nullptr && *name != '\0';
    if (wanted) out.open(name);
  }
  void write(nlohmann::json const& row) {
    if (wanted && !(out << row.dump() << std::endl)) {
      throw std::runtime_error("cannot write to the file that MELITZ_VALIDATION_ROWS names");
    }
  }
};
inline validation_rows rows_of_validation;

/// The source, the case, and its parts.
inline std::vector<std::string> validated_now;

inline nlohmann::json row_of_validation() {
  std::string name;
  for (std::size_t k = 1; k < validated_now.size(); ++k) name += (k > 1 ? ", " : "") + validated_now[k];
  return {{"source", validated_now.front()}, {"case", name}};
}

}  // namespace detail

/// Names what is compared while it stands: compare_all, agrees_with and validate write their numbers under this name.
class validates {
 public:
  /// @param source  a key of tools/validation/sources.py; that of a file of tests/reference is the file's name
  /// @param of      which economy, law or firm
  validates(std::string source, std::string of) : depth_(detail::validated_now.size()) {
    if (depth_ > 0) throw std::logic_error("a source of validation stands inside another one");
    detail::validated_now = {std::move(source), std::move(of)};
  }
  /// A part of the case that is named already; none if none is.
  explicit validates(std::string part) : depth_(detail::validated_now.size()) {
    if (depth_ > 0) detail::validated_now.push_back(std::move(part));
  }
  validates(validates const&) = delete;
  validates& operator=(validates const&) = delete;
  ~validates() { detail::validated_now.resize(depth_); }

 private:
  std::size_t depth_;
};

/// Writes a number of somebody else's and ours, if a case is named. It compares nothing: a check stands beside it.
/// @param place  the indices of the quantity: country, exporter and importer, period
/// @param scale  what the difference is relative to; 0: their number. Numbers that are differences themselves, such as
///               logarithms, elasticities and slopes, have no digits of their own: 1, or the size of what they belong
///               to
inline void validate(std::string const& quantity, double ours, double theirs, std::vector<long> const& place = {},
                     double scale = 0) {
  if (detail::validated_now.empty() || !std::isfinite(theirs)) return;
  double const unit = scale > 0 ? scale : theirs == 0 ? 1 : std::abs(theirs);
  auto row = detail::row_of_validation();
  row["quantity"] = quantity;
  row["place"] = place;
  row["theirs"] = theirs;
  row["ours"] = std::isfinite(ours) ? nlohmann::json(ours) : nlohmann::json(nullptr);
  row["difference"] = ours == theirs ? nlohmann::json(0.0) : nlohmann::json(std::abs(ours - theirs) / unit);
  if (scale > 0) row["absolute"] = true;
  detail::rows_of_validation.write(row);
}

/// Checks and writes a number that was printed: ours, rounded to as many decimals, is the same.
/// @param printed  digits and a point, as they stand there
inline void check_printed(std::string const& quantity, double ours, std::string const& printed) {
  auto const point = printed.find('.');
  auto const decimals = point == std::string::npos ? 0 : printed.size() - point - 1;
  CAPTURE(quantity, printed);
  CHECK_THAT(ours, WithinAbs(std::stod(printed), 0.5 * std::pow(10.0, -static_cast<double>(decimals))));
  if (detail::validated_now.empty()) return;
  auto row = detail::row_of_validation();
  row.update({{"quantity", quantity},
              {"place", std::vector<long>()},
              {"theirs", std::stod(printed)},
              {"printed", printed},
              {"ours", ours},
              {"difference", std::abs(ours - std::stod(printed))}});
  detail::rows_of_validation.write(row);
}

/// Says that a source's numbers cannot be compared here, and why: the page says so too.
inline void validation_absent(std::string const& source, std::string const& why) {
  detail::rows_of_validation.write({{"source", source}, {"absent", why}});
}

/// A number in few digits, for the names of cases.
inline std::string in_few_digits(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", value);
  return text;
}

/// Of a row of a reference file: its case, and the family of its law, since some rows differ in that alone.
inline std::string case_and_law(nlohmann::json const& row) {
  return row.at("case").get<std::string>() + ", " + row.at("params").at("distribution").at("type").get<std::string>();
}

}  // namespace test
