// SPDX-License-Identifier: BSL-1.0
#include "text.hpp"

#include "../common/utf8.hpp"

#include <melitz/numerics/to_text.hpp>

#include <algorithm>
#include <charconv>
#include <numeric>
#include <vector>

namespace melitz::front {

namespace {

/// How many letters have to be typed, deleted or changed to make one word of the other.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      std::size_t const above = row[j + 1];
      row[j + 1] = std::min({above + 1, row[j] + 1, diagonal + (a[i] == b[j] ? 0U : 1U)});
      diagonal = above;
    }
  }
  return row.back();
}

/// Lower case without separators, so that "Iceberg-Cost" and "icebergCost" are the same word as "iceberg_cost".
std::string folded(std::string_view name) {
  std::string out;
  for (char const c : name) {
    if (c == '_' || c == '-' || c == ' ' || c == '.') continue;
    out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

}  // namespace

std::string to_text(double value) { return melitz::to_text(value); }

std::string to_text(double value, int digits) { return melitz::to_text(value, std::chars_format::general, digits); }

std::string suggestion(std::string_view name, std::span<std::string_view const> known) {
  std::string const typed = folded(name);
  std::string_view nearest;
  bool tie = false;
  std::size_t least = 2 + typed.size() / 4;  // allow one slip, and one more for every four letters
  for (auto const candidate : known) {
    std::string const word = folded(candidate);
    bool const shortened = typed.size() >= 2 && (word.starts_with(typed) || word.ends_with(typed));
    std::size_t const distance = shortened ? 1 : edit_distance(typed, word);
    if (distance > least || (distance == least && nearest.empty())) continue;
    tie = distance == least;
    least = distance;
    nearest = candidate;
  }
  if (!nearest.empty() && !tie) return "; did you mean \"" + std::string(nearest) + "\"?";
  std::string list;
  for (auto const candidate : known) list += (list.empty() ? "" : ", ") + std::string(candidate);
  return "; it must be one of " + list;
}

std::string one_line(std::string text) {
  text = example::in_utf8(text);
  std::replace_if(
      text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 32 || c == 127; }, ' ');
  return text;
}

std::string csv_field(std::string const& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string out = "\"";
  for (char const c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + '"';
}

}  // namespace melitz::front
