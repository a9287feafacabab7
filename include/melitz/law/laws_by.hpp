// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <initializer_list>
#include <vector>

namespace melitz {

// Several laws, with what they are by: the two cannot be mixed up.

/// A law for each country, or one for all: by_country{{pareto<>{1, 4}, pareto<>{1, 5}}}.
template <class Law>
struct by_country {
  std::vector<Law> laws;
};
template <class Law>
by_country(std::vector<Law>) -> by_country<Law>;
template <class Law>
by_country(std::initializer_list<Law>) -> by_country<Law>;
template <class Law>
by_country(std::initializer_list<std::vector<Law>>) -> by_country<Law>;  // by_country{laws}, to clang

/// A law for each sector, or what is by country in each.
template <class Law>
struct by_sector {
  std::vector<Law> laws;
};
template <class Law>
by_sector(std::vector<Law>) -> by_sector<Law>;
template <class Law>
by_sector(std::initializer_list<Law>) -> by_sector<Law>;
template <class Law>
by_sector(std::initializer_list<std::vector<Law>>) -> by_sector<Law>;  // by_sector{laws}, to clang

}  // namespace melitz
