// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/catalog/labels.hpp>
#include <melitz/catalog/model.hpp>
#include <melitz/numerics/to_text.hpp>

#include <charconv>
#include <cstddef>
#include <limits>
#include <string>
#include <variant>
#include <vector>

namespace melitz::catalog::detail {

/// Of numbers below what they usually are at least the lowest, and how many others there are.
inline void warn_below(std::vector<std::string>& warnings, std::string const& name, array const& table,
                       told::by_two indices, double least) {
  std::size_t lowest = 0, count = 0;
  for (std::size_t i = 0; i < table.numbers.size(); ++i) {
    if (!(table.numbers[i] < least - 1e-12)) continue;  // rounding apart
    if (count++ == 0 || table.numbers[i] < table.numbers[lowest]) lowest = i;
  }
  if (count == 0) return;
  auto const text = [](double x) { return to_text(x, std::chars_format::general, 6); };
  warnings.push_back(name + label_at(table, indices, lowest) + " is " + text(table.numbers[lowest]) +
                     (count > 1 ? ", the lowest of " + std::to_string(count) + " below " : ", below ") + text(least) +
                     ", which is unusual");
}

/// Countries round which icebergs multiply to less than 1, whatever the units: "icebergs CAN -> USA -> CAN multiply to
/// 0.9". @param place  1, 2, ... of those on the way, 0 of others
[[nodiscard]] inline std::string cycle_in_words(array const& place, double product) {
  std::string round, first;
  for (std::size_t next = 1; next <= place.numbers.size(); ++next) {
    for (std::size_t i = 0; i < place.numbers.size(); ++i) {
      if (place.numbers[i] != static_cast<double>(next)) continue;
      auto const name = label_of(place.row_names, i);
      if (next == 1) first = name;
      round += name + " -> ";
    }
  }
  return "icebergs " + round + first + " multiply to " + to_text(product, std::chars_format::general, 6);
}

/// The same from the parameters that it was solved with: that goods gain on the way, where that is allowed.
inline void add_warnings(std::vector<std::string>& warnings, std::vector<parameter> const& parameters,
                         std::vector<array> const& given) {
  for (std::size_t k = 0; k < given.size() && k < parameters.size(); ++k) {
    auto const& p = parameters[k];
    if (p.name.ends_with("iceberg_cost")) warn_below(warnings, p.name, given[k], p.indices, 1);
  }
}

/// What the user of a solved answer should know, from the answer itself: that a cutoff is below every productivity
/// drawn, an option that no firm picks, a country that nobody enters, a condition or a law that is met to fewer digits
/// than results are usually read to.
[[nodiscard]] inline std::vector<std::string> warnings_of(std::vector<result> const& results,
                                                          std::vector<value> const& values) {
  constexpr double loose = 1e-9;
  double cycle_product = std::numeric_limits<double>::quiet_NaN();
  std::vector<std::string> out;
  for (std::size_t k = 0; k < values.size(); ++k) {
    auto const& r = results[k];
    if (auto const* yes = std::get_if<bool>(&values[k])) {
      if (*yes && r.name.ends_with("every_entrant_produces")) {
        out.push_back(r.name + ": the cutoff is below every productivity that is drawn");
      }
    } else if (auto const* number = std::get_if<double>(&values[k])) {
      if (r.name == "cycle_product") cycle_product = *number;  // told before its countries
      bool const error = r.name.ends_with("residual") || r.name.ends_with("error_estimate");
      if (error && *number > loose) {
        out.push_back(r.name + " is " + to_text(*number, std::chars_format::general, 2) +
                      ": fewer digits are right than usual");
      } else if (r.part == part::cutoffs && *number == std::numeric_limits<double>::infinity()) {
        out.push_back(r.name + " is infinite: no firm gets there");
      }
    } else if (auto const* table = std::get_if<array>(&values[k])) {
      if (r.name == "cycle_place" && cycle_product < 1) out.push_back(cycle_in_words(*table, cycle_product));
      if (r.name == "iceberg_cost") warn_below(out, r.name, *table, r.indices, 1);
      for (std::size_t i = 0; r.name == "mass_entrants" && i < table->numbers.size(); ++i) {
        if (table->numbers[i] == 0)
          out.push_back("mass_entrants" + label_at(*table, r.indices, i) + " is 0: nobody enters");
      }
      for (std::size_t i = 0; r.name == "exporter_productivity_gap" && i < table->numbers.size(); ++i) {
        if (table->numbers[i] != table->numbers[i])
          out.push_back(r.name + label_at(*table, r.indices, i) +
                        " is no number, nor are other comparisons with exporters: all producers export, or none does");
      }
    }
  }
  return out;
}

}  // namespace melitz::catalog::detail
