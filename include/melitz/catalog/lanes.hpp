// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/analysis/sweep.hpp>
#include <melitz/catalog/describe.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <functional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace melitz::catalog {

namespace detail {

/// The names of the columns of a sweep in lanes, in their order.
[[nodiscard]] inline std::vector<std::string> lane_columns() {
  std::vector<std::string> out;
  using pointer = double equilibrium<double>::*;
  equilibria<double>().for_each_column([&](auto const&, pointer member) {
    for_each_result<equilibrium<double>>([&](auto const& row, auto const&, std::string_view) {
      if constexpr (std::same_as<std::remove_cvref_t<decltype(row.at)>, pointer>) {
        if (row.at == member) out.emplace_back(row.name);
      }
    });
  });
  return out;
}

}  // namespace detail

/// Lets solve_batch solve the closed or the open economy several at a time. Apart from the rest, since it takes longer
/// to compile.
template <symmetric_economy Economy>
void add_lanes(model& what) {
  std::vector<std::size_t> column_of;  // by place in the results; behind the end where there is no column
  auto const names = detail::lane_columns();
  for (auto const& r : what.results) {
    column_of.push_back(static_cast<std::size_t>(std::find(names.begin(), names.end(), r.name) - names.begin()));
  }
  what.has_in_lanes = [column_of, columns = names.size()](std::vector<std::size_t> const& places) {
    return std::all_of(places.begin(), places.end(), [&](auto k) { return column_of[k] < columns; });
  };
  what.solve_in_lanes = [column_of, parameters = what.parameters](
                            std::vector<array> const& given, std::vector<varied> const& moved,
                            std::pair<std::size_t, std::size_t> part, std::vector<erased_law<double>> const& drawn,
                            std::vector<std::size_t> const& places, int threads, solve_options const& how,
                            std::vector<status>& reason, std::vector<std::vector<double>>& columns) {
    auto one = detail::economy_of<Economy>(parameters, given);
    std::vector<double*> members;  // every parameter is a number
    detail::for_each_parameter<Economy>(
        [&](auto const&, auto const& access, std::string_view, bool) { members.push_back(&access(one)); });
    std::vector<open_economy<double>> economies;
    economies.reserve(part.second - part.first);
    for (std::size_t k = part.first; k < part.second; ++k) {
      for (auto const& v : moved) *members[v.parameter] = v.values[k];
      if constexpr (std::same_as<Economy, open_economy<double>>) {
        economies.push_back(one);
      } else {
        economies.push_back(as_open(one));
      }
    }
    for (std::size_t k = 0; k < economies.size(); ++k) {
      try {
        economies[k].validate();
      } catch (domain_error const& e) {
        throw of_element(part.first + k, Economy::name, e);
      }
    }
    auto const solved =
        solve_each(economies, drawn.at(0), sweep_options{.threads = threads, .max_evaluations = how.max_evaluations});
    auto const at = static_cast<std::ptrdiff_t>(part.first);
    std::copy(solved.reason.begin(), solved.reason.end(), reason.begin() + at);
    std::size_t next = 0;
    solved.for_each_column([&](std::vector<double> const& column, auto) {
      for (std::size_t f = 0; f < places.size(); ++f) {
        if (column_of[places[f]] == next) std::copy(column.begin(), column.end(), columns[f].begin() + at);
      }
      ++next;
    });
  };
}

/// The same for all of these that have lanes.
inline void add_lanes_where_there_are(std::vector<model>& models) {
  for (auto& m : models) {
    if (m.name == closed_economy<double>::name) add_lanes<closed_economy<double>>(m);
    if (m.name == open_economy<double>::name) add_lanes<open_economy<double>>(m);
  }
}

}  // namespace melitz::catalog
