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

/// So that the law need not be named.
template <class Law>
by_country(std::vector<Law>) -> by_country<Law>;
/// The same of a list of laws.
template <class Law>
by_country(std::initializer_list<Law>) -> by_country<Law>;
/// The same of a vector in braces, which clang takes for a list.
template <class Law>
by_country(std::initializer_list<std::vector<Law>>) -> by_country<Law>;

/// A law for each sector, or what is by country in each.
template <class Law>
struct by_sector {
  std::vector<Law> laws;
};

/// So that the law need not be named.
template <class Law>
by_sector(std::vector<Law>) -> by_sector<Law>;
/// The same of a list of laws.
template <class Law>
by_sector(std::initializer_list<Law>) -> by_sector<Law>;
/// The same of a vector in braces, which clang takes for a list.
template <class Law>
by_sector(std::initializer_list<std::vector<Law>>) -> by_sector<Law>;

/// A law for each industry in each country, [industry][country], or one for all of either: of one row for all
/// industries, of rows of one law for all countries.
template <class Law>
struct by_industry_and_country {
  std::vector<std::vector<Law>> laws;
};

/// So that the law need not be named.
template <class Law>
by_industry_and_country(std::vector<std::vector<Law>>) -> by_industry_and_country<Law>;

/// What firms with many products draw: an ability of their own, and an attribute for each product.
template <class Ability, class Attributes>
struct ability_and_attributes {
  Ability ability;
  Attributes attributes;
};

/// So that the laws need not be named.
template <class Ability, class Attributes>
ability_and_attributes(Ability, Attributes) -> ability_and_attributes<Ability, Attributes>;

}  // namespace melitz
