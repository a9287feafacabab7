// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "json_input.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Parameters and results that are one number, one for each country, one for each pair of countries, or one for each
// period; and of what differs between sectors, a list of such.

namespace melitz::front {

using melitz::catalog::array;
using melitz::catalog::array_of;

/// What one number stands for where a parameter wants several: the same for all, but at home what home wants.
[[nodiscard]] array everywhere(double number, parameter const& what, std::size_t countries);

/// An index that stands for all.
inline constexpr std::size_t every_element = static_cast<std::size_t>(-1);

/// Replaces the number (no indices), or the element, by `value` times itself or by `value`; of all, those at home stay
/// where they are none to choose. Of several sectors the first index is that of one.
/// @pre the indices are in range, or every_element
void change(array& numbers, parameter const& what, std::vector<std::size_t> const& indices, double value, bool scales);

/// Is a value a list of what one sector has, one for each? Then its first index is that of a sector.
[[nodiscard]] bool lists_sectors(json const& value, parameter const& what);

/// Is a value text that is no number? In the place of numbers it names a file.
[[nodiscard]] bool names_a_file(json const& value);

/// Reads what `what` wants, for that many countries; with a layer for each sector that the value lists.
/// @throws input_error
[[nodiscard]] array read_array(json const& value, std::string const& path, parameter const& what,
                               std::size_t countries);

/// For how many countries a value is, if it says so: a list is, a number is not.
[[nodiscard]] std::optional<std::size_t> countries_in(json const& value, parameter const& what);

/// "[2]", "[BRA][ARG]": the place of an element, by the names of the countries if there are any.
[[nodiscard]] std::string place_of(std::vector<std::size_t> const& indices, std::vector<std::string> const& countries);

/// The name of a country, or its number.
[[nodiscard]] std::string country_name(std::size_t country, std::vector<std::string> const& countries);

}  // namespace melitz::front
