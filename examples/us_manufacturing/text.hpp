// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/numerics/to_text.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>

// Numbers and columns as text, the same in every locale; and text as files.

namespace example {

/// The shortest decimal that reads back to the same number.
inline std::string shortest(double value) { return melitz::to_text(value); }

/// With so many digits behind the point, if that shows it well; "-" for a number that is not there.
inline std::string fixed(double value, int digits) {
  if (std::isnan(value)) return "-";
  if (std::isinf(value)) return "inf";
  double const magnitude = std::abs(value);
  if (magnitude >= 1e5 || (magnitude < std::pow(10, -digits) && magnitude > 1e-9)) {  // below that it is rounding
    return melitz::to_text(value, std::chars_format::scientific, 1);
  }
  std::string const text = melitz::to_text(value, std::chars_format::fixed, digits);
  bool const zero = text.find_first_not_of("-0.") == std::string::npos;
  return zero && text.front() == '-' ? text.substr(1) : text;
}

/// The same with its sign, for changes.
inline std::string with_sign(double value, int digits) { return (value > 0 ? "+" : "") + fixed(value, digits); }

/// How many columns a UTF-8 text takes: bytes that continue a character take none.
inline std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

inline std::string left(std::string text, std::size_t width) {
  text.append(width - std::min(width, width_of(text)), ' ');
  return text;
}

inline std::string right(std::string text, std::size_t width) {
  text.insert(0, width - std::min(width, width_of(text)), ' ');
  return text;
}

/// @throws std::runtime_error naming a file that cannot be written
inline void write_file(std::filesystem::path const& path, std::string const& text) {
  std::ofstream out(path, std::ios::binary);
  out << text;
  out.close();
  if (!out) throw std::runtime_error(path.string() + ": cannot be written");
}

}  // namespace example
