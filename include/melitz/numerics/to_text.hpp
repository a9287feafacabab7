// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <charconv>
#include <clocale>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace melitz {

namespace detail {

/// Whether the standard library writes doubles. LLVM's does from version 14 on, which says so by no macro.
template <class Real>
concept writes_numbers = requires(char* text, Real value) {
  std::to_chars(text, text, value, std::chars_format::general, 6);
};

/// What printf makes of a number, which has the locale's decimal point.
inline std::string printed(double value, std::chars_format format, int precision) {
  char const* const style = format == std::chars_format::fixed        ? "%.*f"
                            : format == std::chars_format::scientific ? "%.*e"
                                                                      : "%.*g";
  std::string text(static_cast<std::size_t>(std::snprintf(nullptr, 0, style, precision, value)), ' ');
  std::snprintf(text.data(), text.size() + 1, style, precision, value);
  return text;
}

/// The same with a point.
inline std::string printed_with_point(double value, std::chars_format format, int precision) {
  std::string text = printed(value, format, precision);
  std::string_view const point = std::localeconv()->decimal_point;
  auto const at = text.find(point);
  if (at != std::string::npos) {
    text[at] = '.';
    text.erase(at + 1, point.size() - 1);
  }
  return text;
}

/// to_text where the standard library does not write doubles: as few digits as read back to the same number, in fixed
/// notation unless the other is shorter. Beside a power of two it may take a digit more than std::to_chars.
inline std::string printed_shortest(double value) {
  // Of a normal number a decimal with fewer digits than 15 is these 15 without the zeros at their end.
  int digits = std::isnormal(value) ? 14 : 0;
  std::string text;
  do {
    text = printed(value, std::chars_format::scientific, digits++);
  } while (digits < 17 && std::strtod(text.c_str(), nullptr) != value);
  auto const e = text.find('e');
  if (e == std::string::npos) return text;  // infinity
  for (auto last = e - 1; digits > 1 && text[last] == '0'; --last) --digits;
  int const exponent = std::atoi(text.c_str() + e + 1);
  int const mantissa = digits + (digits > 1 ? 1 : 0), scientific = mantissa + (std::abs(exponent) < 100 ? 4 : 5);
  int const fixed = exponent < 0 ? digits + 1 - exponent : exponent + 1 < digits ? digits + 1 : exponent + 1;
  if (scientific < fixed) return printed_with_point(value, std::chars_format::scientific, digits - 1);
  int const decimals = digits - 1 - exponent;
  return printed_with_point(value, std::chars_format::fixed, decimals > 0 ? decimals : 0);
}

template <class Real>
std::string to_text_of(Real value) {
  if constexpr (writes_numbers<Real>) {
    char text[32];
    return {text, std::to_chars(text, text + sizeof text, value).ptr};
  } else {
    return printed_shortest(value);
  }
}

template <class Real>
std::string to_text_of(Real value, std::chars_format format, int precision) {
  if constexpr (writes_numbers<Real>) {
    std::string text(330 + static_cast<std::size_t>(precision), ' ');  // the largest double has 309 digits
    text.resize(static_cast<std::size_t>(
        std::to_chars(text.data(), text.data() + text.size(), value, format, precision).ptr - text.data()));
    return text;
  } else {
    return printed_with_point(value, format, precision);
  }
}

}  // namespace detail

/// The shortest decimal that reads back to the same double, the same in every locale; "inf", "-inf" or "nan".
[[nodiscard]] inline std::string to_text(double value) {
  return value == value ? detail::to_text_of(value) : "nan";  // std::to_chars keeps the sign of a NaN
}

/// As printf writes a number with %f, %e or %g (std::chars_format::fixed, scientific, general) and this precision,
/// which is not negative; but the same in every locale.
[[nodiscard]] inline std::string to_text(double value, std::chars_format format, int precision) {
  return value == value ? detail::to_text_of(value, format, precision) : "nan";
}

}  // namespace melitz
