// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "json_input.hpp"

#include <melitz/tail/any_law.hpp>

#include <optional>
#include <string>
#include <vector>

// The laws of productivity: from JSON to the library's run-time law, and bound to a power of productivity.

namespace melitz_solve {

using law = melitz::any_law<double>;
using law_tail = melitz::tail_of_t<law>;

/// What a key of a family holds.
enum class key_kind { number, numbers, optional_numbers };

struct family_key {
  parameter what;
  key_kind kind = key_kind::number;
};

/// A family of laws: its keys, and the law that their values make (numbers are lists of one).
struct family {
  std::string_view name;
  std::vector<family_key> keys;
  melitz::family_law<double> (*make)(std::vector<std::vector<double>> const& values);
};

/// Every family except mixtures, which are made of these.
[[nodiscard]] std::vector<family> const& families();

/// Reads a law, a mixture among them. Its structure is checked here; its numbers are when it is bound.
[[nodiscard]] law read_law(json const& value, std::string const& path = "distribution");

/// The law in words: "pareto, scale 1, shape 4.25".
[[nodiscard]] std::string in_words(json const& distribution);

/// A law with its tail, which is computed once for as long as the power stays the same.
class bound_law {
 public:
  /// @param path  where it stands in the file, for messages
  explicit bound_law(law what, std::string path = "distribution") : law_(std::move(what)), path_(std::move(path)) {}

  [[nodiscard]] law const& unbound() const { return law_; }

  /// @throws input_error that names the key, down to the component and the element, whose value is out of range
  [[nodiscard]] law_tail const& tail(double power);

 private:
  law law_;
  std::string path_;
  std::optional<law_tail> tail_;
};

}  // namespace melitz_solve
