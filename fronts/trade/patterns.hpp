// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "study.hpp"

#include <cstddef>
#include <string>
#include <vector>

// Reading parts of a study: patterns of labels, and the lines that change taxes and costs.

namespace melitz::front {

/// The labels that a pattern, or one of a list of patterns, matches, in their order.
/// @throws input_error for one that matches none
[[nodiscard]] std::vector<std::size_t> labels_matching(json const& value, std::string const& path,
                                                       label_set const& labels);
/// The one label of this name. @throws input_error
[[nodiscard]] std::size_t label_named(json const& value, std::string const& path, label_set const& labels);

/// Renames the keys of an object that say labour to the library's labor.
void spell_labor(json& object);

/// What a study is read with.
struct study_source {
  trade_data& data;
  label_set& countries;
  label_set& sectors;
  file_reader const& read;
};

/// The numbers of an instrument by pair and sector after all lines: later ones find what earlier ones left.
/// @param before    what they are without lines
/// @param of_taxes  multiply is of 1 + tax, and there are none at home
[[nodiscard]] std::vector<double> changed_pairs(json const& lines, std::string const& path, study_source const& source,
                                                std::vector<double> before, bool of_taxes);
/// The same by country and sector, of taxes.
[[nodiscard]] std::vector<double> changed_places(json const& lines, std::string const& path, study_source const& source,
                                                 std::vector<double> before);

/// Sectors by the rules of "sectors": patterns with numbers and words, of which later ones win.
/// @throws input_error also for a sector whose trade elasticity nothing says
[[nodiscard]] std::vector<sector_point> read_sectors(json const& rules, std::string const& path,
                                                     study_source const& source,
                                                     std::vector<sector_point> const& before);

/// A number for each sector: one for all, by patterns, or a column of a file.
[[nodiscard]] std::vector<double> read_sector_numbers(json const& value, std::string const& path,
                                                      study_source const& source, melitz::rule must);

/// "closure", "numeraire" and "revenue" of an object; what it does not say stays. @throws input_error also for deficits
/// that do not sum to 0
void read_closing(json const& object, std::string const& path, study_source const& source, closing& into);

/// Words, of the library's where it has them, for what stands at `path`.
[[nodiscard]] std::string read_choice(json const& value, std::string const& path,
                                      std::vector<std::string_view> const& known);

}  // namespace melitz::front
