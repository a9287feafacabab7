// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/catalog/model.hpp>
#include <melitz/economy/solve_or_throw.hpp>
#include <melitz/error.hpp>
#include <melitz/law/laws_by.hpp>
#include <melitz/numerics/members.hpp>
#include <melitz/tail/erased.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
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
      return told::table{told::nested(&e::economy), told::nested(&e::how)};
    } else {
      return told::table{told::nested(&e::economy)};
    }
  }
};

/// For as many ages as are wanted, where a model follows its firms; up to as many as it follows them for.
template <class Problem>
void follow_for(std::size_t periods, Problem& problem) {
  if constexpr (requires { problem.how.ages; }) {
    problem.how.ages = static_cast<int>(std::clamp<std::size_t>(periods, 1, problem.how.most_ages));
  }
}

/// How a model takes its laws.
template <class Economy>
[[nodiscard]] constexpr laws_wanted laws_of() {
  using law = erased_law<typename Economy::real_type>;
  if constexpr (requires(Economy const& e, by_industry_and_country<law> const& l) { try_solve(e, l); }) {
    return laws_wanted::by_industry_and_country;
  } else if constexpr (requires(Economy const& e, by_country<law> const& l) { try_solve(e, l); }) {
    return laws_wanted::by_country;
  } else if constexpr (requires(Economy const& e, ability_and_attributes<law, law> const& l) { try_solve(e, l); }) {
    return laws_wanted::ability_and_attributes;
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

/// @param where  who asks
/// @throws domain_error unless a model can take so many laws; those by country it counts itself
inline void require_laws(laws_wanted wanted, std::size_t count, std::string_view where) {
  bool const any_number = wanted == laws_wanted::by_country || wanted == laws_wanted::by_industry_and_country;
  std::size_t const exactly = wanted == laws_wanted::none ? 0 : wanted == laws_wanted::ability_and_attributes ? 2 : 1;
  if (any_number ? count > 0 : count == exactly) return;
  throw domain_error(where, "number of laws", std::to_string(count),
                     any_number ? "be 1, or as many as the model has" : "be " + std::to_string(exactly));
}

/// f(economy, laws as the model takes them, options); without laws f(economy, options).
/// @throws domain_error where there are too many laws or too few
template <class Economy, class Law, class F>
[[nodiscard]] auto call(F const& f, problem<Economy> const& given, std::vector<Law> const& laws,
                        solve_options const& how) {
  constexpr auto wanted = laws_of<Economy>();
  require_laws(wanted, laws.size(), Economy::name);
  auto const& economy = given.economy;
  auto options = given.how;
  // Models of different countries do not count evaluations of free entry.
  if constexpr (!requires { economy.countries(); }) options.max_evaluations = how.max_evaluations;
  if constexpr (wanted == laws_wanted::none) {
    return f(economy, options);
  } else if constexpr (wanted == laws_wanted::by_industry_and_country) {
    return f(economy, by_both(economy, laws), options);
  } else if constexpr (wanted == laws_wanted::by_country) {
    return f(economy, by_country<Law>{laws}, options);
  } else if constexpr (wanted == laws_wanted::ability_and_attributes) {
    return f(economy, ability_and_attributes<Law, Law>{laws[0], laws[1]}, options);
  } else {
    return f(economy, laws[0], options);
  }
}

/// try_solve, with all that there is to say of an equilibrium.
struct try_to_solve {
  template <class... Given>
  [[nodiscard]] auto operator()(Given const&... given) const {
    if constexpr (requires { try_solve_with_flows(given...); }) {
      return try_solve_with_flows(given...);
    } else {
      return try_solve(given...);
    }
  }
};
template <class Economy, class Law>
[[nodiscard]] auto solve(problem<Economy> const& given, std::vector<Law> const& laws, solve_options const& how) {
  return call(try_to_solve{}, given, laws, how);
}

}  // namespace melitz::catalog::detail
