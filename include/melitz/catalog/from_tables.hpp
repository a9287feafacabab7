// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/catalog/model.hpp>
#include <melitz/catalog/problem.hpp>
#include <melitz/catalog/sectors.hpp>
#include <melitz/numerics/members.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

// From the tables of an economy and its equilibrium to parameters and results of the catalog, and from numbers to an
// economy and back.

namespace melitz::catalog::detail {

/// An Eigen vector whose length is known when it runs.
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

// What follows visits every row of every table. What it does there is in functions that do not depend on the row's
// type, so that it is compiled once and not for each of a thousand rows.

/// What a row says of a parameter that is one number or several.
struct number_row {
  char const* name;
  melitz::rule rule;
  char const *meaning, *unit;
  told::example example;
  std::optional<double> home, none;  ///< what stands on the diagonal; what stands everywhere if it is left out
  told::by_two indices;
};
[[nodiscard]] inline parameter parameter_of(number_row const& row, std::optional<double> begins) {
  parameter p{.name = row.name, .meaning = row.meaning};
  p.unit = row.unit;
  p.restriction = to_words(row.rule);
  p.may_be_infinite = allows_infinity(row.rule);
  p.indices = row.indices;
  p.extent = extent_of(p.indices);
  p.example = row.example.number;
  if (row.example.list != nullptr) p.example_list = row.example.list;
  p.at_home = row.home;
  p.if_left_out = row.none ? row.none : begins;
  p.none_if_left_out = row.none && !holds(row.rule, *row.none);
  return p;
}
[[nodiscard]] inline parameter parameter_of(char const* name, char const* meaning, std::vector<std::string_view> words,
                                            double begins) {
  parameter p{.name = name, .meaning = meaning};
  p.words = std::move(words);
  p.example = begins;
  p.if_left_out = begins;
  return p;
}
/// @param otherwise  whether it may be left out for the one of that name without the prefix
inline void add_parameter(std::vector<parameter>& to, parameter p, std::string_view prefix, bool otherwise,
                          std::vector<std::string> const& of_sectors) {
  p.by_sector = is_one_of(of_sectors, p.name);
  if (otherwise) {
    p.if_left_out.reset();
    p.as_if_left_out = p.name;
  }
  p.name.insert(0, prefix);
  to.push_back(std::move(p));
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
    if constexpr (is_choice<row_type>) {
      add_parameter(out, parameter_of(row.name, row.meaning, words_of<member_type>(), static_cast<double>(begins)),
                    prefix, otherwise, of_sectors);
    } else {
      std::optional<double> home, none, alone;
      if (row.fixed_at_home) home = row.home;
      if (row.may_be_empty) none = row.none;
      if constexpr (real<member_type>) {
        if (begins == begins) alone = static_cast<double>(begins);
      }
      add_parameter(out,
                    parameter_of({row.name, row.rule, row.meaning, row.unit, row.example, home, none,
                                  indices_of<member_type>(row.indices)},
                                 alone),
                    prefix, otherwise, of_sectors);
    }
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

/// Numbers that move as one, and the place of the derivatives by them in numbers that carry some.
struct variable {
  place where;
  std::size_t derivative;
};

/// Lets numbers that carry derivatives move with a variable: those at its place. @pre it is one of them
template <class Member>
void vary(Member& member, variable const& moved, std::optional<double> const& at_home) {
  auto const set = [&](auto& number, std::size_t i, std::size_t j) {
    if (moved.where.has(i, j)) number.derivative[moved.derivative] = 1;
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

/// @throws domain_error unless there is for each parameter what it can be: so many numbers, or one of its words
inline void require_given(std::vector<parameter> const& parameters, std::vector<array> const& given,
                          std::string_view where) {
  require(given.size() == parameters.size(), where, "number of parameters", given.size(),
          "be that of the model's parameters");
  for (std::size_t k = 0; k < given.size(); ++k) {
    auto const& p = parameters[k];
    auto const& x = given[k];
    if (x.numbers.empty()) continue;
    if (x.numbers.size() != x.rows * x.columns * x.layers) {
      throw domain_error(where, "count of numbers in " + p.name, std::to_string(x.numbers.size()),
                         "be rows times columns, " + std::to_string(x.rows) + " times " + std::to_string(x.columns) +
                             ", of each sector");
    }
    if (x.columns != 1 && p.indices.columns == told::by::none) {
      throw domain_error(where, "number of columns of " + p.name, std::to_string(x.columns), "be 1");
    }
    if (x.rows != 1 && !p.indices.told()) {
      throw domain_error(where, "number of rows of " + p.name, std::to_string(x.rows), "be 1");
    }
    for (double const word : x.numbers) {
      if (p.words.empty() || (word >= 0 && word < static_cast<double>(p.words.size()) && word == std::floor(word))) {
        continue;
      }
      throw domain_error(where, p.name, to_text(word),
                         "be the place of one of its words, a whole number below " + std::to_string(p.words.size()));
    }
  }
}

/// Reads parameters into the members of an economy, one after the other.
/// @tparam Moves  whether its numbers carry derivatives
template <bool Moves>
class member_reader {
 public:
  /// @param moved  what is variable, no two of them with the same derivative
  member_reader(std::vector<parameter> const& parameters, std::vector<array> const& given,
                std::span<variable const> moved)
      : parameters_(parameters), given_(given), moved_(moved) {}

  /// @param sector  whose numbers are read, where they differ
  void begin(std::size_t sector) {
    sector_ = sector;
    next_ = 0;
  }
  /// @param none  what stands for an empty one, which is left so
  template <class Member>
  void read(Member& member, std::optional<double> const& none) {
    std::size_t const k = next_++;
    bool const moves =
        Moves && std::any_of(moved_.begin(), moved_.end(), [&](auto const& v) { return v.where.which == k; });
    if (none && !moves && all_are(*none, given_[k].numbers)) return;
    std::size_t const from = source_of(k);
    if (!given_[from].numbers.empty()) assign(member, given_[from], sector_);
    if constexpr (Moves) {  // by itself, and with the one whose value it has
      for (auto const& v : moved_) {
        if (v.where.which == from || v.where.which == k) vary(member, v, parameters_[k].at_home);
      }
    }
  }

 private:
  [[nodiscard]] static bool all_are(double none, std::vector<double> const& numbers) {
    return std::all_of(numbers.begin(), numbers.end(), [&](double x) { return x == none; });
  }
  /// Which one is read: itself, or the one whose value it has.
  [[nodiscard]] std::size_t source_of(std::size_t k) const {
    if (!given_[k].numbers.empty() || parameters_[k].as_if_left_out.empty()) return k;
    for (std::size_t other = 0; other < k; ++other) {
      if (parameters_[other].name == parameters_[k].as_if_left_out) return other;
    }
    return k;
  }

  std::vector<parameter> const& parameters_;
  std::vector<array> const& given_;
  std::span<variable const> moved_;
  std::size_t sector_ = 0, next_ = 0;
};

/// The economy with these parameters, not yet checked.
/// @param moved  what is variable, of an economy whose numbers carry derivatives
template <class Economy>
[[nodiscard]] Economy economy_of(std::vector<parameter> const& parameters, std::vector<array> const& given,
                                 std::span<variable const> moved = {}) {
  require_given(parameters, given, Economy::name);
  Economy out{};
  std::size_t const sectors = sectors_in(parameters, given);
  for_each_list<Economy>(out, [&](auto& list) { list.resize(sectors); });
  member_reader<carries_derivatives<typename Economy::real_type>> reader(parameters, given, moved);
  for (std::size_t sector = 0; sector < sectors; ++sector, rotate_sectors(out)) {
    reader.begin(sector);
    for_each_parameter<Economy>([&](auto const& row, auto const& access, std::string_view, bool) {
      std::optional<double> none;
      if constexpr (requires { row.may_be_empty; }) {
        if (row.may_be_empty) none = row.none;
      }
      reader.read(access(out), none);
    });
  }
  return out;
}

inline void add_result(std::vector<result>& to, std::string_view prefix, char const* name, part where, char const* unit,
                       char const* symbol, char const* equation, told::by_two indices,
                       std::vector<std::string> const& of_sectors) {
  to.push_back({std::string(prefix) + name, where, unit, symbol, equation, extent_of(indices), indices,
                is_one_of(of_sectors, name)});
}
template <class Equilibrium>
[[nodiscard]] std::vector<result> results_of(bool trade) {
  std::vector<result> out;
  auto const of_sectors = names_by_sector<Equilibrium>();
  for_each_result<Equilibrium>([&](auto const& row, auto const& access, std::string_view prefix) {
    using value_type = std::remove_cvref_t<decltype(access(std::declval<Equilibrium const&>()))>;
    if (row.trade_only && !trade) return;
    add_result(out, prefix, row.name, row.part, row.unit, row.symbol, row.equation, indices_of<value_type>(row.indices),
               of_sectors);
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

}  // namespace melitz::catalog::detail
