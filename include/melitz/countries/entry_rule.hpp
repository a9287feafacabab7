// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>

#include <string_view>

namespace melitz {

/// How many draw a productivity in each country.
enum class entry_rule {
  free,   ///< as many as make entry worth its cost, as in Melitz (2003)
  fixed,  ///< a given number, and profits belong to the country's consumers, as in Chaney (2008)
};

/// The rule in words: "free", "fixed".
[[nodiscard]] constexpr std::string_view to_string(entry_rule r) noexcept {
  return detail::word_of(r, {"free", "fixed"});
}

}  // namespace melitz
