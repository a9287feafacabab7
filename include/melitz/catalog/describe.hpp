// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/catalog/labels.hpp>
#include <melitz/catalog/model.hpp>
#include <melitz/catalog/problem.hpp>
#include <melitz/catalog/sectors.hpp>
#include <melitz/catalog/warnings.hpp>
#include <melitz/economy/equilibrium.hpp>
#include <melitz/economy/primitives.hpp>
#include <melitz/numerics/members.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

// From the tables of an economy and its equilibrium to a model of the catalog.

namespace melitz::catalog::detail {

template <class T>
concept vector_of_numbers = vector_or_matrix<T> && T::ColsAtCompileTime == 1;

/// What the numbers of a member are by. @param told  where its row says so
template <class T>
[[nodiscard]] constexpr told::by_two indices_of(told::by_two told = {}) {
  using enum told::by;
  if (told.told()) return told;
  if constexpr (vector_of_numbers<T>) return {country};
  if constexpr (vector_or_matrix<T>) return {country, country};
  if constexpr (requires(T & x) { x.push_back(x.back()); }) return {period};
  return {};
}

/// How many numbers a member is.
[[nodiscard]] constexpr extent extent_of(told::by_two indices) {
  using enum told::by;
  bool const one = indices.columns == none;
  if (!indices.told()) return extent::number;
  if (one && indices.rows == country) return extent::by_country;
  if (one && indices.rows == period) return extent::by_period;
  return indices.rows == country && indices.columns == country ? extent::by_pair : extent::by_indices;
}
template <class T>
inline constexpr bool is_by_period = indices_of<T>().rows == told::by::period;

/// The words of an enum, in the order of its values.
template <class Enum>
[[nodiscard]] std::vector<std::string_view> words_of() {
  std::vector<std::string_view> out;
  if constexpr (std::is_same_v<Enum, bool>) {
    out = {"false", "true"};
  } else {
    for (int k = 0; k < 64 && to_string(static_cast<Enum>(k)) != "unknown"; ++k) {
      out.push_back(to_string(static_cast<Enum>(k)));
    }
  }
  return out;
}

template <class Economy>
[[nodiscard]] std::vector<parameter> parameters_of() {
  std::vector<parameter> out;
  Economy const empty{};
  auto const of_sectors = names_by_sector<Economy>();
  for_each_parameter<Economy>([&](auto const& row, auto const& access, std::string_view prefix, bool otherwise) {
    using row_type = std::remove_cvref_t<decltype(row)>;
    using member_type = typename row_type::member_type;
    auto const& begins = access(empty);
    parameter p{.name = std::string(prefix) + row.name, .meaning = row.meaning};
    p.by_sector = is_one_of(of_sectors, row.name);
    if constexpr (is_choice<row_type>) {
      p.words = words_of<member_type>();
      p.if_left_out = static_cast<double>(begins);
      p.example = *p.if_left_out;
    } else {
      p.unit = row.unit;
      p.restriction = to_words(row.rule);
      p.may_be_infinite = allows_infinity(row.rule);
      p.indices = indices_of<member_type>(row.indices);
      p.extent = extent_of(p.indices);
      p.example = row.example.number;
      if (row.example.list != nullptr) p.example_list = row.example.list;
      if (row.fixed_at_home) p.at_home = row.home;
      if (row.may_be_empty) {
        p.if_left_out = row.none;
        p.none_if_left_out = !holds(row.rule, row.none);
      }
      if constexpr (real<member_type>) {
        if (begins == begins) p.if_left_out = static_cast<double>(begins);
      }
    }
    if (otherwise) {
      p.if_left_out.reset();
      p.as_if_left_out = row.name;
    }
    out.push_back(std::move(p));
  });
  return out;
}

/// Writes one parameter's numbers into the member. @pre there are some
/// @param sector  whose they are, where they differ
template <class Member>
void assign(Member& member, array const& from, std::size_t sector) {
  std::size_t const layer = from.layers > 1 ? sector : 0;
  if constexpr (vector_of_numbers<Member>) {
    auto const size = static_cast<decltype(member.size())>(from.rows);
    member.resize(size);
    for (decltype(member.size()) i = 0; i < size; ++i) member[i] = from(layer, static_cast<std::size_t>(i), 0);
  } else if constexpr (vector_or_matrix<Member>) {
    auto const rows = static_cast<decltype(member.rows())>(from.rows);
    auto const columns = static_cast<decltype(member.rows())>(from.columns);
    member.resize(rows, columns);
    for (decltype(member.rows()) i = 0; i < rows; ++i) {
      for (decltype(member.rows()) j = 0; j < columns; ++j) {
        member(i, j) = from(layer, static_cast<std::size_t>(i), static_cast<std::size_t>(j));
      }
    }
  } else {
    member = static_cast<Member>(from.numbers[layer]);
  }
}

/// One number of a parameter or a result; or all of them, but for those at home that are given.
struct place {
  std::size_t which;  ///< among the parameters
  std::optional<std::size_t> row{}, column{};

  [[nodiscard]] bool has(std::size_t i, std::size_t j) const {
    return (!row || *row == i) && (!column || *column == j);
  }
};

/// Makes numbers that carry derivatives variables: those at this place. @pre it is one of them
template <class Member>
void vary(Member& member, place const& moved, std::optional<double> const& at_home) {
  auto const set = [&](auto& number, std::size_t i, std::size_t j) {
    using Real = std::remove_cvref_t<decltype(number)>;
    if (moved.has(i, j)) number = Real::variable(number.value, 0);
  };
  if constexpr (vector_or_matrix<Member>) {
    for (auto i = member.rows() * 0; i < member.rows(); ++i) {
      for (auto j = member.cols() * 0; j < member.cols(); ++j) {
        if (!(at_home && i == j)) set(member(i, j), static_cast<std::size_t>(i), static_cast<std::size_t>(j));
      }
    }
  } else if constexpr (real<Member>) {
    set(member, 0, 0);
  } else if constexpr (is_list<Member>) {
    for (std::size_t i = 0; i < member.size(); ++i) set(member[i], i, 0);
  }
}

/// The economy with these parameters, not yet checked.
/// @param moved  what is a variable, of an economy whose numbers carry derivatives
template <class Economy>
[[nodiscard]] Economy economy_of(std::vector<parameter> const& parameters, std::vector<array> const& given,
                                 place const* moved = nullptr) {
  Economy out{};
  std::size_t const sectors = sectors_in(parameters, given);
  for_each_list<Economy>(out, [&](auto& list) { list.resize(sectors); });
  for (std::size_t sector = 0; sector < sectors; ++sector, rotate_sectors(out)) {
    std::size_t k = 0;
    for_each_parameter<Economy>([&](auto const& row, auto const& access, std::string_view, bool) {
      auto const* from = &given.at(k);
      if constexpr (requires { row.may_be_empty; }) {  // what stands for an empty one is left so
        bool const none =
            std::all_of(from->numbers.begin(), from->numbers.end(), [&](double x) { return x == row.none; });
        if (row.may_be_empty && none) {
          ++k;
          return;
        }
      }
      if (from->numbers.empty() && !parameters[k].as_if_left_out.empty()) {
        for (std::size_t other = 0; other < k; ++other) {
          if (parameters[other].name == parameters[k].as_if_left_out) from = &given.at(other);
        }
      }
      if (!from->numbers.empty()) assign(access(out), *from, sector);
      if constexpr (carries_derivatives<typename Economy::real_type>) {
        if (moved != nullptr && from == &given.at(moved->which)) vary(access(out), *moved, parameters[k].at_home);
      }
      ++k;
    });
  }
  return out;
}

template <class Equilibrium>
[[nodiscard]] std::vector<result> results_of(bool trade) {
  std::vector<result> out;
  auto const of_sectors = names_by_sector<Equilibrium>();
  for_each_result<Equilibrium>([&](auto const& row, auto const& access, std::string_view prefix) {
    using value_type = std::remove_cvref_t<decltype(access(std::declval<Equilibrium const&>()))>;
    if (row.trade_only && !trade) return;
    auto const indices = indices_of<value_type>(row.indices);
    out.push_back({std::string(prefix) + row.name, row.part, row.unit, row.symbol, row.equation, extent_of(indices),
                   indices, is_one_of(of_sectors, row.name)});
  });
  return out;
}

/// How long paths are in an answer. @throws domain_error
[[nodiscard]] inline std::size_t periods_in(array const& given, parameter const& what) {
  double const periods = given.numbers.empty() ? *what.if_left_out : given.numbers[0];
  require(periods >= 1 && periods <= 1e6 && periods == std::floor(periods), "solve", model::periods_name, periods,
          "be a whole number from 1 to 1000000");
  return static_cast<std::size_t>(periods);
}

/// A member of an equilibrium.
/// @param periods  of what is by period
/// @param number   what is wanted of a number
template <class Value, class Number>
[[nodiscard]] value value_of(Value const& x, std::size_t periods, Number const& number) {
  if constexpr (std::is_same_v<Value, bool>) {
    return x;
  } else if constexpr (std::is_enum_v<Value>) {
    return to_string(x);
  } else if constexpr (vector_or_matrix<Value>) {
    array out{static_cast<std::size_t>(x.rows()), static_cast<std::size_t>(x.cols()), {}};
    out.numbers.reserve(out.rows * out.columns);
    for (auto i = x.rows() * 0; i < x.rows(); ++i) {
      for (auto j = x.cols() * 0; j < x.cols(); ++j) out.numbers.push_back(number(x(i, j)));
    }
    return out;
  } else if constexpr (is_by_period<Value>) {
    array out{periods, 1, {}};
    for (std::size_t t = 0; t < periods; ++t) {  // after its end a path stands still
      out.numbers.push_back(x.empty() ? std::numeric_limits<double>::quiet_NaN()
                                      : number(x[t < x.size() ? t : x.size() - 1]));
    }
    return out;
  } else {
    return number(x);
  }
}
template <class Value>
[[nodiscard]] value value_of(Value const& x, std::size_t periods) {
  return value_of(x, periods, [](auto const& number) { return static_cast<double>(number); });
}

/// What a firm does, in the open economy or where firms choose from a menu.
[[nodiscard]] inline firm firm_at(equilibrium<double> const& e, double phi) {
  return {phi, std::string(to_string(e.choice(phi))), e.revenue_of(phi), e.profit(phi)};
}
template <class Equilibrium>
requires requires(Equilibrium const& e) { e.choices.segments; }
[[nodiscard]] firm firm_at(Equilibrium const& e, double phi) {
  auto const& s = e.choices.choice(phi);
  double const size = std::exp(e.choices.size_exponent * std::log(phi));
  double const revenue = s.moment > 0 ? s.revenue / s.moment * size : 0;
  // Where firms differ in what they can choose from, those of one size do several things.
  std::string const choice = !s.option.empty() ? s.option : revenue > 0 ? "several" : "exit";
  return {phi, choice, revenue, e.choices.profit(phi)};
}

/// The model of an economy with a table.
template <told_economy Economy>
[[nodiscard]] model model_of() {
  using equilibrium_type = decltype(detail::solve(std::declval<problem<Economy> const&>(),
                                                  std::declval<std::vector<erased_law<double>> const&>(),
                                                  std::declval<solve_options const&>()));
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
    auto const read = economy_of<problem<Economy>>(parameters, given);
    std::size_t const periods =
        parameters.back().name == model::periods_name ? periods_in(given.back(), parameters.back()) : 0;
    read.economy.validate();  // before the law, whose power depends on the parameters
    auto solved = detail::solve(read, laws, how);
    std::size_t sectors = 1;
    for_each_list<equilibrium_type>(solved, [&](auto const& list) { sectors = list.size(); });
    std::vector<value> values;
    for (std::size_t sector = 0; sector < sectors; ++sector, rotate_sectors(solved)) {
      std::size_t k = 0;
      for_each_result<equilibrium_type>([&](auto const& row, auto const& access, std::string_view) {
        if (!trade && row.trade_only) return;
        if (sector == 0) {
          values.push_back(value_of(access(solved), periods));
        } else if (of_sectors[k]) {
          append_sector(values[k], value_of(access(solved), periods));
        }
        ++k;
      });
    }
    answer reply{.reason = solved.reason};
    auto names = labels_in(parameters, given);
    for (std::size_t k = 0; k < order.size(); ++k) {
      reply.values.push_back(std::move(values[order[k]]));
      if (auto* table = std::get_if<array>(&reply.values[k])) {
        table->row_names = of(names, results[k].indices.rows);
        table->column_names = of(names, results[k].indices.columns);
      }
    }
    if (solved.reason == status::converged) reply.warnings = warnings_of(results, reply.values);
    if constexpr (requires { solved.obstacle; }) {
      if (solved.reason != status::converged) reply.detail = to_string(solved.obstacle);
    }
    return reply;
  };
  if constexpr (requires(equilibrium_type const& e) { firm_at(e, 1.0); }) {
    out.firms = [parameters = out.parameters](std::vector<array> const& given,
                                              std::vector<erased_law<double>> const& laws,
                                              std::vector<double> const& productivities) {
      auto const read = economy_of<problem<Economy>>(parameters, given);
      read.economy.validate();
      auto const solved = or_throw(detail::solve(read, laws, {}));
      std::vector<firm> firms;
      for (double const phi : productivities) {
        require(phi > 0 && is_finite(phi), Economy::name, "productivity", phi, "be positive and finite");
        firms.push_back(firm_at(solved, phi));
      }
      return firms;
    };
  }
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
