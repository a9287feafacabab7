// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/catalog/model.hpp>

#include <array>
#include <cstddef>
#include <string>
#include <vector>

// Names of countries, industries, ...: parameters bring them along, and answers have them where they are by the same.

namespace melitz::catalog::detail {

/// The names of each of what numbers are by.
using labels_by = std::array<labels, 5>;

[[nodiscard]] inline labels& of(labels_by& all, told::by what) { return all[static_cast<std::size_t>(what)]; }

/// Those that parameters came with. @throws domain_error where two say different things, or there are too few
[[nodiscard]] inline labels_by labels_in(std::vector<parameter> const& parameters, std::vector<array> const& given) {
  labels_by out;
  auto const take = [&](parameter const& p, told::by what, labels const& names, std::size_t count) {
    if (names == nullptr) return;
    auto const& all = told::words_of(what).all;
    if (what == told::by::none || names->size() != count) {
      throw domain_error(
          "solve", "number of names of " + p.name, std::to_string(names->size()),
          what == told::by::none ? "be 0" : "be that of its " + std::string(all) + ", " + std::to_string(count));
    }
    auto& known = of(out, what);
    if (known == nullptr) known = names;
    for (std::size_t k = 0; k < count && known != names; ++k) {
      if ((*known).at(k) == (*names)[k]) continue;
      throw domain_error("solve", "name " + std::to_string(k) + " of " + p.name, (*names)[k],
                         "be " + (*known)[k] + ", as the parameters before it have it");
    }
  };
  for (std::size_t k = 0; k < given.size() && k < parameters.size(); ++k) {
    take(parameters[k], parameters[k].indices.rows, given[k].row_names, given[k].rows);
    take(parameters[k], parameters[k].indices.columns, given[k].column_names, given[k].columns);
  }
  return out;
}

/// "CAN", or "2" where it has no name.
[[nodiscard]] inline std::string label_of(labels const& names, std::size_t k) {
  return names != nullptr && k < names->size() ? (*names)[k] : std::to_string(k);
}

/// The place of the k-th number of an array, row by row: "[CAN][USA]", "[0][2]", "[3]" of a column; of one of several
/// sectors "[1][CAN][USA]".
[[nodiscard]] inline std::string label_at(array const& table, told::by_two indices, std::size_t k) {
  std::size_t const each = table.rows * table.columns, here = k % each;
  std::string out = table.layers > 1 ? '[' + std::to_string(k / each) + ']' : "";
  if (indices.told()) out += '[' + label_of(table.row_names, here / table.columns) + ']';
  if (indices.columns != told::by::none) out += '[' + label_of(table.column_names, here % table.columns) + ']';
  return out;
}

}  // namespace melitz::catalog::detail
