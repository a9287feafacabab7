// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/catalog/model.hpp>
#include <melitz/economy/solve_or_throw.hpp>
#include <melitz/error.hpp>
#include <melitz/law/laws_by.hpp>
#include <melitz/numerics/members.hpp>
#include <melitz/tail/erased.hpp>

#include <cstddef>
#include <tuple>
#include <vector>

// An economy with its laws, as the catalog solves any of them.

namespace melitz::catalog::detail {

using namespace melitz::detail;

/// An economy, and what a file may say of how to solve it.
template <class Economy>
struct problem {
  using real_type = typename Economy::real_type;
  static constexpr char const* name = Economy::name;

  Economy economy{};
  options_of<Economy> how{};

  static constexpr auto parameters() {
    using e = problem;
    if constexpr (requires { options_of<Economy>::parameters(); }) {
      return std::tuple{told::nested(&e::economy), told::nested(&e::how)};
    } else {
      return std::tuple{told::nested(&e::economy)};
    }
  }
};

/// How a model takes its laws.
template <class Economy>
[[nodiscard]] constexpr laws_wanted laws_of() {
  using law = erased_law<typename Economy::real_type>;
  if constexpr (requires(Economy const& e, by_industry_and_country<law> const& l) { try_solve(e, l); }) {
    return laws_wanted::by_industry_and_country;
  } else if constexpr (requires(Economy const& e, by_country<law> const& l) { try_solve(e, l); }) {
    return laws_wanted::by_country;
  } else if constexpr (requires(Economy const& e, law const& l) { try_solve(e, l); }) {
    return laws_wanted::one;
  } else {
    return laws_wanted::none;
  }
}

/// Laws one after the other, as a model takes them, by industry and country. @throws domain_error
template <class Economy, class Law>
[[nodiscard]] by_industry_and_country<Law> by_both(Economy const& economy, std::vector<Law> const& laws) {
  if (laws.size() == 1) return {{laws}};
  auto const industries = static_cast<std::size_t>(economy.industries());
  auto const countries = static_cast<std::size_t>(economy.countries());
  require(laws.size() == industries * countries, Economy::name, "number of laws", laws.size(),
          "be 1, or the number of industries times that of countries");
  by_industry_and_country<Law> out;
  for (auto first = laws.begin(); first != laws.end(); first += static_cast<std::ptrdiff_t>(countries)) {
    out.laws.emplace_back(first, first + static_cast<std::ptrdiff_t>(countries));
  }
  return out;
}

template <class Economy, class Law>
[[nodiscard]] auto solve(problem<Economy> const& given, std::vector<Law> const& laws, solve_options const& how) {
  auto const& economy = given.economy;
  if constexpr (laws_of<Economy>() == laws_wanted::none) {
    if constexpr (requires { try_solve_with_flows(economy); }) {
      return try_solve_with_flows(economy);
    } else {
      return try_solve(economy);
    }
  } else if constexpr (laws_of<Economy>() == laws_wanted::by_industry_and_country) {
    return try_solve(economy, by_both(economy, laws), given.how);
  } else if constexpr (laws_of<Economy>() == laws_wanted::by_country) {
    return try_solve(economy, by_country<Law>{laws}, given.how);
  } else {
    auto options = given.how;
    if constexpr (!requires { options.parameters(); }) options.max_evaluations = how.max_evaluations;
    return try_solve(economy, laws.at(0), options);
  }
}

}  // namespace melitz::catalog::detail
