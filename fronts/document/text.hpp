// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "../common/number.hpp"

#include <span>
#include <string>
#include <string_view>

// Numbers and words as text, the same in every locale.

namespace melitz::front {

/// The shortest decimal that reads back to the same double; "inf", "-inf" or "nan".
[[nodiscard]] std::string to_text(double value);

/// `value` with this many significant digits.
[[nodiscard]] std::string to_text(double value, int digits);

using example::to_number;

/// How a message on a name that does not exist ends: `; did you mean "shape"?`, or the names that do exist.
[[nodiscard]] std::string suggestion(std::string_view name, std::span<std::string_view const> known);

/// `text` in UTF-8, without line breaks and other control characters: a message is one line whatever file it quotes.
[[nodiscard]] std::string one_line(std::string text);

/// `text` as one field of a CSV row, in quotes where it needs them.
[[nodiscard]] std::string csv_field(std::string const& text);

}  // namespace melitz::front
