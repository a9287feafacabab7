// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/catalog/model.hpp>

#include <algorithm>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Reading JSON strictly: what is not understood is an error that names its place in the file.

namespace melitz::front {

using json = nlohmann::ordered_json;  // keeps the order of the file, so that errors come in that order too

/// Something is wrong with what the user gave; what() is one line that names it and says what would be right.
class input_error : public std::runtime_error {
 public:
  explicit input_error(std::string text) : std::runtime_error(whole(std::move(text))) {}

 private:
  /// what() would end at a zero byte.
  [[nodiscard]] static std::string whole(std::string text) {
    std::replace(text.begin(), text.end(), '\0', ' ');
    return text;
  }
};

// The catalog's words for what is read and written here.
using melitz::catalog::parameter;
using shape = melitz::catalog::extent;

/// Parses one JSON document, which may have comments as C++ has them; a number beyond the range of double is "inf".
/// @throws input_error with line and column, also for a key that is given twice
[[nodiscard]] json parse_json(std::string const& text, std::size_t first_line = 1);

/// A value in a message: as it stands in the file, cut short if it is long.
[[nodiscard]] std::string shown(json const& value);

/// "parameters" and "labor" make "parameters.labor".
[[nodiscard]] std::string join(std::string_view path, std::string_view key);

/// @throws input_error unless `value` is an object
void require_object(json const& value, std::string const& path);

/// @throws input_error naming the first key of the object that is not one of `known`
void require_known_keys(json const& object, std::string const& path, std::span<std::string_view const> known);

/// The member `key`. @throws input_error saying what it must be if it is missing
[[nodiscard]] json const& member(json const& object, std::string const& path, std::string_view key,
                                 std::string_view restriction);

/// The value of a string such as "inf", "-Infinity" or "NaN", in any case; nothing for anything else.
[[nodiscard]] std::optional<double> infinity_in_words(json const& value);

/// A number, or a string such as "inf" or "nan"; whether such values are legal is for the library to say.
[[nodiscard]] double read_number(json const& value, std::string const& path);

/// A list of numbers.
[[nodiscard]] std::vector<double> read_numbers(json const& value, std::string const& path);

/// A string that is one of `known`. @throws input_error, with a suggestion
[[nodiscard]] std::string read_word(json const& value, std::string const& path,
                                    std::span<std::string_view const> known);

}  // namespace melitz::front
