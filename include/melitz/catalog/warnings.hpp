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

/// What the user of a solved answer should know, from the answer itself: that a cutoff is below every productivity
/// drawn, an option that no firm picks, a country that nobody enters, a condition or a law that is met to fewer digits
/// than results are usually read to.
[[nodiscard]] inline std::vector<std::string> warnings_of(std::vector<result> const& results,
                                                          std::vector<value> const& values) {
  constexpr double loose = 1e-9;
  std::vector<std::string> out;
  for (std::size_t k = 0; k < values.size(); ++k) {
    auto const& r = results[k];
    if (auto const* yes = std::get_if<bool>(&values[k])) {
      if (*yes && r.name.ends_with("every_entrant_produces")) {
        out.push_back(r.name + ": the cutoff is below every productivity that is drawn");
      }
    } else if (auto const* number = std::get_if<double>(&values[k])) {
      bool const error = r.name.ends_with("residual") || r.name.ends_with("error_estimate");
      if (error && *number > loose) {
        out.push_back(r.name + " is " + to_text(*number, std::chars_format::general, 2) +
                      ": fewer digits are right than usual");
      } else if (r.part == part::cutoffs && *number == std::numeric_limits<double>::infinity()) {
        out.push_back(r.name + " is infinite: no firm gets there");
      }
    } else if (auto const* table = std::get_if<array>(&values[k])) {
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
