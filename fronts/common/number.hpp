// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/numerics/to_number.hpp>

#include <limits>
#include <optional>
#include <string_view>

// Numbers in text, the same in every locale.

namespace example {

namespace detail {

/// Is a decimal that does not fit a double too large for it, not too small?
[[nodiscard]] constexpr bool is_too_large(std::string_view text) {
  auto const e = text.find_first_of("eE");
  auto const digits = text.substr(0, e);
  auto const first = digits.find_first_of("123456789");
  if (first == std::string_view::npos) return false;
  auto const point = digits.find('.') == std::string_view::npos ? digits.size() : digits.find('.');
  // Only the sign of the decimal exponent is needed, and of that of a number beyond 1e308 or below 1e-308.
  auto exponent = static_cast<double>(point) - static_cast<double>(first);
  double written = 0;
  bool const negative = e != std::string_view::npos && text.substr(e + 1).starts_with('-');
  for (char const c : e == std::string_view::npos ? std::string_view() : text.substr(e + 1)) {
    if (c >= '0' && c <= '9' && written < 1e18) written = 10 * written + (c - '0');
  }
  exponent += negative ? -written : written;
  return exponent > 0;
}

}  // namespace detail

/// The number that all of `text` spells; nothing if it does not spell one. "inf", "infinity" and "nan" do in any case,
/// and a decimal that a double cannot hold is infinity or zero, as it is for any reader of decimals.
[[nodiscard]] inline std::optional<double> to_number(std::string_view text) {
  if (auto const number = melitz::to_number(text)) return number;
  if (!melitz::detail::is_decimal(text)) return std::nullopt;
  double const size = detail::is_too_large(text) ? std::numeric_limits<double>::infinity() : 0;
  return text.starts_with('-') ? -size : size;
}

}  // namespace example
