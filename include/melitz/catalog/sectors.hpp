// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/catalog/model.hpp>
#include <melitz/error.hpp>
#include <melitz/numerics/members.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <tuple>
#include <type_traits>
#include <variant>
#include <vector>

// Economies of several sectors: a list of records, of which the tables tell the first. An array has a table for each of
// them, one after the other. The others are reached by moving them to the front, one by one.

namespace melitz::catalog::detail {

/// f(list) for every list of records that an economy or an equilibrium has.
template <class Here, class Owner, class F>
void for_each_list(Owner& owner, F const& f) {
  auto const visit = [&](auto const& row) {
    using row_type = std::remove_cvref_t<decltype(row)>;
    if constexpr (melitz::detail::is_nested<row_type>) {
      auto& member = owner.*(row.at);
      using member_type = std::remove_cvref_t<decltype(member)>;
      if constexpr (melitz::detail::is_list<member_type>) {
        f(member);
      } else {
        for_each_list<member_type>(member, f);
      }
    }
  };
  auto const all = [&](auto const&... rows) { (visit(rows), ...); };
  if constexpr (requires { Here::parameters(); }) {
    Here::parameters().apply(all);
  } else {
    Here::results().apply(all);
  }
}

/// The names of what there is once for each sector.
template <class T>
[[nodiscard]] std::vector<std::string> names_by_sector() {
  std::vector<std::string> out;
  T some{};
  for_each_list<T>(some, [&](auto& list) {
    using record = typename std::remove_cvref_t<decltype(list)>::value_type;
    auto const add = [&](auto const& row, auto const&...) { out.emplace_back(row.name); };
    if constexpr (requires { record::parameters(); }) {
      melitz::detail::walk_parameters<record>(
          [](auto& one) -> auto& { return one; }, "", false, nullptr, add);
    } else {
      melitz::detail::for_each_result<record>(add);
    }
  });
  return out;
}
[[nodiscard]] inline bool is_one_of(std::vector<std::string> const& names, std::string const& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// The next sector to the front, the first one to the end.
template <class T>
void rotate_sectors(T& economy) {
  for_each_list<T>(economy, [](auto& list) {
    if (list.size() > 1) std::rotate(list.begin(), list.begin() + 1, list.end());
  });
}

/// How many sectors parameters are for. @throws domain_error where they disagree, or are for one of none
[[nodiscard]] inline std::size_t sectors_in(std::vector<parameter> const& parameters, std::vector<array> const& given) {
  std::size_t out = 1;
  for (std::size_t k = 0; k < parameters.size() && k < given.size(); ++k) {
    std::size_t const here = given[k].layers;
    if (here == 1 || (parameters[k].by_sector && (out == 1 || here == out) && here > 0)) {
      out = std::max(out, here);
    } else {
      throw domain_error("solve", "number of sectors of " + parameters[k].name, std::to_string(here),
                         "be " + (parameters[k].by_sector ? "1, or " + std::to_string(out) + " as of those before it"
                                                          : std::string("1: it is of all")));
    }
  }
  return out;
}

/// Adds one more sector's numbers to those of the sectors before.
inline void append_sector(value& to, value const& next) {
  if (auto const* number = std::get_if<double>(&to)) to = array_of(*number);
  auto* const all = std::get_if<array>(&to);
  if (all == nullptr) return;  // a word or a yes or no: that of the first
  if (auto const* number = std::get_if<double>(&next)) all->numbers.push_back(*number);
  if (auto const* more = std::get_if<array>(&next)) {
    all->numbers.insert(all->numbers.end(), more->numbers.begin(), more->numbers.end());
  }
  ++all->layers;
}

}  // namespace melitz::catalog::detail
