// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/catalog/model.hpp>
#include <melitz/economy/primitives.hpp>
#include <melitz/law/laws_by.hpp>
#include <melitz/numerics/members.hpp>

#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

// From the tables of an economy and its equilibrium to a model of the catalog.

namespace melitz::catalog::detail {

using namespace melitz::detail;

template <class T>
concept vector_of_numbers = vector_or_matrix<T> && T::ColsAtCompileTime == 1;

/// How many numbers a member is.
template <class T>
[[nodiscard]] constexpr extent extent_of() {
  if constexpr (vector_of_numbers<T>) {
    return extent::by_country;
  } else if constexpr (vector_or_matrix<T>) {
    return extent::by_pair;
  } else if constexpr (requires(T const& x) { x.push_back(x.back()); }) {
    return extent::by_period;
  } else {
    return extent::number;
  }
}

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
  for_each_parameter<Economy>([&](auto const& row, auto const& access, std::string_view prefix, bool otherwise) {
    using row_type = std::remove_cvref_t<decltype(row)>;
    using member_type = typename row_type::member_type;
    auto const& begins = access(empty);
    parameter p{.name = std::string(prefix) + row.name, .meaning = row.meaning};
    if constexpr (is_choice<row_type>) {
      p.words = words_of<member_type>();
      p.if_left_out = static_cast<double>(begins);
      p.example = *p.if_left_out;
    } else {
      p.unit = row.unit;
      p.restriction = to_words(row.rule);
      p.may_be_infinite = allows_infinity(row.rule);
      p.extent = extent_of<member_type>();
      p.example = row.example.number;
      if (row.example.list != nullptr) p.example_list = row.example.list;
      if (row.fixed_at_home) p.at_home = row.home;
      if (row.may_be_empty) p.if_left_out = row.none;
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
template <class Member>
void assign(Member& member, array const& from) {
  if constexpr (vector_of_numbers<Member>) {
    auto const size = static_cast<decltype(member.size())>(from.rows);
    member.resize(size);
    for (decltype(member.size()) i = 0; i < size; ++i) member[i] = from(static_cast<std::size_t>(i), 0);
  } else if constexpr (vector_or_matrix<Member>) {
    auto const rows = static_cast<decltype(member.rows())>(from.rows);
    member.resize(rows, rows);
    for (decltype(member.rows()) i = 0; i < rows; ++i) {
      for (decltype(member.rows()) j = 0; j < rows; ++j) {
        member(i, j) = from(static_cast<std::size_t>(i), static_cast<std::size_t>(j));
      }
    }
  } else {
    member = static_cast<Member>(from.numbers[0]);
  }
}

/// The economy with these parameters, not yet checked.
template <class Economy>
[[nodiscard]] Economy economy_of(std::vector<parameter> const& parameters, std::vector<array> const& given) {
  Economy out{};
  std::size_t k = 0;
  for_each_parameter<Economy>([&](auto const&, auto const& access, std::string_view, bool) {
    auto const* from = &given.at(k);
    if (from->numbers.empty() && !parameters[k].as_if_left_out.empty()) {
      for (std::size_t other = 0; other < k; ++other) {
        if (parameters[other].name == parameters[k].as_if_left_out) from = &given.at(other);
      }
    }
    if (!from->numbers.empty()) assign(access(out), *from);
    ++k;
  });
  return out;
}

template <class Equilibrium>
[[nodiscard]] std::vector<result> results_of(bool trade) {
  std::vector<result> out;
  for_each_result<Equilibrium>([&](auto const& row, auto const& access) {
    using value_type = std::remove_cvref_t<decltype(access(std::declval<Equilibrium const&>()))>;
    if (row.trade_only && !trade) return;
    out.push_back({row.name, row.part, row.unit, row.symbol, row.equation, extent_of<value_type>()});
  });
  return out;
}

/// A member of an equilibrium.
/// @param periods  of what is by period
template <class Value>
[[nodiscard]] value value_of(Value const& x, std::size_t periods) {
  if constexpr (std::is_same_v<Value, bool>) {
    return x;
  } else if constexpr (std::is_enum_v<Value>) {
    return to_string(x);
  } else if constexpr (vector_or_matrix<Value>) {
    array out{static_cast<std::size_t>(x.rows()), static_cast<std::size_t>(x.cols()), {}};
    out.numbers.reserve(out.rows * out.columns);
    for (auto i = x.rows() * 0; i < x.rows(); ++i) {
      for (auto j = x.cols() * 0; j < x.cols(); ++j) out.numbers.push_back(static_cast<double>(x(i, j)));
    }
    return out;
  } else if constexpr (extent_of<Value>() == extent::by_period) {
    array out{periods, 1, {}};
    for (std::size_t t = 0; t < periods; ++t) {  // after its end a path stands still
      out.numbers.push_back(x.empty() ? std::numeric_limits<double>::quiet_NaN()
                                      : static_cast<double>(x[t < x.size() ? t : x.size() - 1]));
    }
    return out;
  } else {
    return static_cast<double>(x);
  }
}

/// How a model takes its laws.
template <class Economy>
[[nodiscard]] constexpr laws_wanted laws_of() {
  using law = erased_law<double>;
  if constexpr (requires(Economy const& e, by_country<law> const& l) { try_solve(e, l); }) {
    return laws_wanted::by_country;
  } else if constexpr (requires(Economy const& e, law const& l) { try_solve(e, l); }) {
    return laws_wanted::one;
  } else {
    return laws_wanted::none;
  }
}

template <class Economy>
[[nodiscard]] auto solve(Economy const& economy, std::vector<erased_law<double>> const& laws,
                         solve_options const& how) {
  if constexpr (laws_of<Economy>() == laws_wanted::none) {
    return try_solve(economy);
  } else if constexpr (laws_of<Economy>() == laws_wanted::by_country) {
    return try_solve(economy, by_country<erased_law<double>>{laws});
  } else {
    if constexpr (requires { try_solve(economy, laws[0], how); }) {
      return try_solve(economy, laws.at(0), how);
    } else {
      return try_solve(economy, laws.at(0));
    }
  }
}

/// The model of an economy with a table.
template <told_economy Economy>
[[nodiscard]] model model_of() {
  using equilibrium_type =
      decltype(detail::solve(std::declval<Economy const&>(), std::declval<std::vector<erased_law<double>> const&>(),
                             std::declval<solve_options const&>()));
  model out{.name = Economy::name, .title = Economy::title};
  out.parameters = parameters_of<Economy>();
  constexpr bool trade = !std::is_same_v<Economy, closed_economy<double>>;
  out.results = results_of<equilibrium_type>(trade);
  out.laws = laws_of<Economy>();
  out.solve = [parameters = out.parameters](std::vector<array> const& given,
                                            std::vector<erased_law<double>> const& laws, std::size_t periods,
                                            solve_options const& how) {
    auto const economy = economy_of<Economy>(parameters, given);
    economy.validate();  // before the law, whose power depends on the parameters
    auto const solved = detail::solve(economy, laws, how);
    answer reply{.reason = solved.reason};
    for_each_result<equilibrium_type>([&](auto const& row, auto const& access) {
      if (trade || !row.trade_only) reply.values.push_back(value_of(access(solved), periods));
    });
    if constexpr (requires { solved.obstacle; }) {
      if (solved.reason != status::converged) reply.detail = to_string(solved.obstacle);
    }
    return reply;
  };
  return out;
}

}  // namespace melitz::catalog::detail
