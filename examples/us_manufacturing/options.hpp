// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "gains.hpp"

#include <optional>
#include <span>
#include <stdexcept>
#include <string>

namespace example {

struct options {
  assumptions assumed{};
  std::optional<std::string> data{};  ///< a table of the user's own; "-" is standard input
  std::optional<int> year{};          ///< all years of the table if none is chosen
  std::string output = "us_manufacturing_results";
  bool figures = true;
  bool help = false;
};

/// A command line that makes no sense, in one line.
struct usage_error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

extern char const* const usage;
extern char const* const help;

/// Reads "--name value" and "--name=value". @throws usage_error
[[nodiscard]] options parse_options(std::span<char const* const> arguments);

}  // namespace example
