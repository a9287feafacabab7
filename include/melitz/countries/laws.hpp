// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/law/laws_by.hpp>

#include <cstddef>
#include <string>
#include <vector>

// Laws by country, one for all or one for each; or by sector, or by both.

namespace melitz::detail {

/// @param what  of which there are that many, in the plural: "countries"
/// @throws domain_error unless there is a law for each of them, or one for all
template <class Law, class Where>
void require_laws(Where const& where, std::vector<Law> const& laws, std::size_t wanted,
                  char const* what = "countries") {
  if (laws.size() == 1 || laws.size() == wanted) return;
  throw domain_error(where, "number of laws", std::to_string(laws.size()),
                     "be 1, or the number of " + std::string(what) + ", " + std::to_string(wanted));
}

/// The law, or the tail, of one of them.
template <class Law>
[[nodiscard]] Law const& law_of(std::vector<Law> const& laws, std::size_t k) {
  return laws[laws.size() == 1 ? 0 : k];
}

/// Those of one country by itself, whatever else they are by.
template <class Laws>
[[nodiscard]] Laws laws_in(Laws const& laws, std::size_t) {
  return laws;
}
template <class Law>
[[nodiscard]] by_country<Law> laws_in(by_country<Law> const& laws, std::size_t country) {
  return {{law_of(laws.laws, country)}};
}
template <class Law>
[[nodiscard]] by_sector<by_country<Law>> laws_in(by_sector<by_country<Law>> laws, std::size_t country) {
  for (auto& own : laws.laws) own = laws_in(own, country);
  return laws;
}

/// @throws domain_error unless there are laws for each industry, or of one for all, and in each a law for each country,
///         or one for all
template <class Law, class Where>
void require_laws(Where const& where, by_industry_and_country<Law> const& given, std::size_t industries,
                  std::size_t countries) {
  require_laws(where, given.laws, industries, "industries");
  for (auto const& own : given.laws) require_laws(where, own, countries);
}

/// The law of one industry in one country.
template <class Law>
[[nodiscard]] Law const& law_of(by_industry_and_country<Law> const& given, std::size_t industry, std::size_t country) {
  return law_of(law_of(given.laws, industry), country);
}

}  // namespace melitz::detail
