// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/catalog/from_tables.hpp>
#include <melitz/catalog/labels.hpp>
#include <melitz/catalog/model.hpp>
#include <melitz/catalog/operations.hpp>
#include <melitz/catalog/problem.hpp>
#include <melitz/catalog/sectors.hpp>
#include <melitz/catalog/warnings.hpp>
#include <melitz/economy/primitives.hpp>
#include <melitz/numerics/members.hpp>

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

// From the tables of an economy and its equilibrium to a model of the catalog.

namespace melitz::catalog::detail {

/// The values of results, one after the other, of several sectors one by one.
struct value_list {
  std::size_t periods;
  std::vector<bool> const& of_sectors;  ///< by result
  std::vector<value> all{};
  std::size_t sector = 0, next = 0;

  void begin(std::size_t which) {
    sector = which;
    next = 0;
  }
  template <class Value>
  void add(Value const& x) {
    std::size_t const k = next++;
    if (sector == 0) {
      all.push_back(value_of(x, periods));
    } else if (of_sectors[k]) {
      append_sector(all[k], value_of(x, periods));
    }
  }
};

/// The model of an economy with a table.
template <told_economy Economy>
[[nodiscard]] model model_of() {
  using equilibrium_type = equilibrium_of<Economy>;
  model out{.name = Economy::name, .title = Economy::title};
  out.parameters = parameters_of<problem<Economy>>();
  constexpr bool trade = !std::is_same_v<Economy, closed_economy<double>>;
  auto const told = results_of<equilibrium_type>(trade);
  std::vector<bool> of_sectors;
  for (auto const& r : told) of_sectors.push_back(r.by_sector);
  std::vector<std::size_t> order(told.size());  // by part, as they are told within one
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return told[a].part < told[b].part; });
  for (auto const k : order) out.results.push_back(told[k]);
  out.laws = laws_of<Economy>();
  if constexpr (requires { Economy::example_law; }) out.example_law = Economy::example_law;
  if constexpr (requires { Economy::example_change; }) out.example_change = Economy::example_change;
  for (auto const& r : out.results) {
    if (r.extent != extent::by_period || out.periods()) continue;
    out.parameters.push_back({.name = model::periods_name,
                              .meaning = "of the path, in the answer",
                              .restriction = "be a whole number from 1 to 1000000",
                              .example = 40,
                              .if_left_out = 40});
  }
  out.solve = [parameters = out.parameters, results = out.results, order, of_sectors](
                  std::vector<array> const& given, std::vector<erased_law<double>> const& laws,
                  solve_options const& how) {
    std::size_t const periods =
        parameters.back().name == model::periods_name ? periods_in(given.back(), parameters.back()) : 0;
    auto read = checked_problem<Economy>(parameters, given);
    follow_for(periods, read);
    auto solved = detail::solve(read, laws, how);
    std::size_t sectors = 1;
    for_each_list<equilibrium_type>(solved, [&](auto const& list) { sectors = list.size(); });
    value_list values{periods, of_sectors};
    for (std::size_t sector = 0; sector < sectors; ++sector, rotate_sectors(solved)) {
      values.begin(sector);
      for_each_result<equilibrium_type>([&](auto const& row, auto const& access, std::string_view) {
        if (trade || !row.trade_only) values.add(access(solved));
      });
    }
    answer reply{.reason = solved.reason};
    auto names = labels_in(parameters, given);
    for (std::size_t k = 0; k < order.size(); ++k) {
      reply.values.push_back(std::move(values.all[order[k]]));
      if (auto* table = std::get_if<array>(&reply.values[k])) {
        table->row_names = of(names, results[k].indices.rows);
        table->column_names = of(names, results[k].indices.columns);
      }
    }
    if (solved.reason == status::converged) {
      reply.warnings = warnings_of(results, reply.values);
      add_warnings(reply.warnings, parameters, given);
    }
    if constexpr (requires { solved.obstacle; }) {
      if (solved.reason != status::converged) reply.detail = to_string(solved.obstacle);
    }
    return reply;
  };
  add_operations<Economy>(out);
  return out;
}

template <class Economies, std::size_t Part, std::size_t Parts, std::size_t... K>
[[nodiscard]] std::vector<model> models_at(std::index_sequence<K...>) {
  return {model_of<std::tuple_element_t<Part + K * Parts, Economies>>()...};
}

}  // namespace melitz::catalog::detail

namespace melitz::catalog {

template <class Economies, std::size_t Part, std::size_t Parts>
std::vector<model> models_of() {
  constexpr std::size_t all = std::tuple_size_v<Economies>;
  constexpr std::size_t here = Part < all ? (all - Part + Parts - 1) / Parts : 0;
  return detail::models_at<Economies, Part, Parts>(std::make_index_sequence<here>{});
}

}  // namespace melitz::catalog
