// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace melitz::detail {

/// An option in messages: "menu option 'export'", or its position in the menu where it has no name.
template <class Options>
[[nodiscard]] std::string option_in_words(std::string_view kind, Options const& options, std::size_t k) {
  auto const& name = options[k].name;
  return std::string(kind) + ' ' + (name.empty() ? std::to_string(k) : '\'' + name + '\'');
}

/// Whether the names, and "exit", are surely different, since their hashes are: much less work than comparing every
/// pair where there are many.
template <class Options>
[[nodiscard]] bool names_surely_differ(Options const& options) {
  std::hash<std::string_view> const hash;
  std::vector<std::size_t> hashes{hash("exit")};
  hashes.reserve(options.size() + 1);
  for (auto const& o : options) {
    if (!o.name.empty()) hashes.push_back(hash(o.name));
  }
  std::sort(hashes.begin(), hashes.end());
  return std::adjacent_find(hashes.begin(), hashes.end()) == hashes.end();
}

/// What firms do goes by an option's name, so that no two may have the same; and exit is in every menu already.
/// @throws domain_error naming the option; any number of them may have no name
template <class Options>
void require_names(std::string_view kind, Options const& options) {
  if (options.size() > 8 && names_surely_differ(options)) return;
  for (std::size_t k = 0; k < options.size(); ++k) {
    auto const& name = options[k].name;
    if (name.empty()) continue;
    bool taken = name == "exit";
    for (std::size_t j = 0; j < k; ++j) taken = taken || options[j].name == name;
    if (taken) {
      throw domain_error(option_in_words(kind, options, k), "name", '\'' + name + '\'',
                         name == "exit" ? "be another; exit, at profit 0, is always in the menu"
                                        : "be of no other option of the menu");
    }
  }
}

}  // namespace melitz::detail
