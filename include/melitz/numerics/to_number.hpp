// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <charconv>
#include <clocale>
#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

namespace melitz {

namespace detail {

/// Whether the standard library reads doubles. LLVM's does not before version 20.
template <class Real>
concept reads_numbers = requires(char const* text, Real& value) {
  std::from_chars(text, text, value);
};

/// How many digits `text` begins with; they are taken from it.
inline std::size_t take_digits(std::string_view& text) {
  std::size_t count = 0;
  while (count < text.size() && text[count] >= '0' && text[count] <= '9') ++count;
  text.remove_prefix(count);
  return count;
}

/// Whether `text` is a decimal number as std::from_chars takes it.
inline bool is_decimal(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  std::size_t digits = take_digits(text);
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    digits += take_digits(text);
  }
  if (digits == 0) return false;
  if (text.starts_with('e') || text.starts_with('E')) {
    text.remove_prefix(1);
    if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
    if (take_digits(text) == 0) return false;
  }
  return text.empty();
}

/// Whether `text` is this word in small or capital letters, with or without a minus.
inline bool is_word(std::string_view text, std::string_view word) {
  if (text.starts_with('-')) text.remove_prefix(1);
  if (text.size() != word.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != word[i] && text[i] != word[i] - 'a' + 'A') return false;
  }
  return true;
}

/// to_number where the standard library does not read doubles: by strtod, which wants the locale's decimal point.
inline std::optional<double> scanned(std::string_view text) {
  bool const decimal = is_decimal(text);
  if (!decimal && !is_word(text, "inf") && !is_word(text, "infinity") && !is_word(text, "nan")) return std::nullopt;
  std::string local;
  for (char const c : text) c == '.' ? local += std::localeconv()->decimal_point : local += c;
  double const value = std::strtod(local.c_str(), nullptr);
  bool const nothing_but_zeros = text.substr(0, text.find_first_of("eE")).find_first_of("123456789") == text.npos;
  if (decimal && (std::isinf(value) || (value == 0 && !nothing_but_zeros))) return std::nullopt;
  return value;
}

template <class Real>
std::optional<Real> to_number_of(std::string_view text) {
  if constexpr (reads_numbers<Real>) {
    Real value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
  } else {
    return scanned(text);
  }
}

}  // namespace detail

/// The number that all of `text` spells, "inf" and "nan" among them, the same in every locale; nothing if it does not
/// spell one, or one that no double comes near.
[[nodiscard]] inline std::optional<double> to_number(std::string_view text) {
  return detail::to_number_of<double>(text);
}

}  // namespace melitz
