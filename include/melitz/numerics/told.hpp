// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/numerics/rule.hpp>

#include <array>
#include <cstddef>
#include <utility>
#include <vector>

// What there is to say of the members of an economy and of an equilibrium is said once, in a table beside them:
// Economy::parameters() and Equilibrium::results(), tables of the rows below. Checks, columns of a sweep, comparisons,
// files, manuals and other languages read it there.

namespace melitz {

/// The part of a printed equilibrium that a result stands in.
enum class part { solution, work, cutoffs, averages, masses, aggregates, labor_uses, elasticities };

namespace detail {

template <std::size_t I, class Row>
struct held_row {
  Row row;
};
template <std::size_t I, class Row>
[[nodiscard]] constexpr Row const& row_at(held_row<I, Row> const& held) {
  return held.row;
}

template <class Indices, class... Rows>
struct held_rows;
template <std::size_t... I, class... Rows>
struct held_rows<std::index_sequence<I...>, Rows...> : held_row<I, Rows>... {
  constexpr explicit held_rows(Rows... rows) : held_row<I, Rows>{rows}... {}

  template <class F>
  constexpr decltype(auto) apply(F const& f) const {
    return f(row_at<I>(*this)...);
  }
};

}  // namespace detail

namespace told {

/// Rows of any types in their order: a std::tuple of many takes seconds to compile, for what its constructors accept.
template <class... Rows>
struct table : melitz::detail::held_rows<std::index_sequence_for<Rows...>, Rows...> {
  static constexpr std::size_t size = sizeof...(Rows);

  using melitz::detail::held_rows<std::index_sequence_for<Rows...>, Rows...>::held_rows;

  /// Row number I.
  template <std::size_t I>
  [[nodiscard]] constexpr auto const& get() const {
    return melitz::detail::row_at<I>(*this);
  }
};
template <class... Rows>
table(Rows...) -> table<Rows...>;

}  // namespace told

namespace detail {

/// The rows of all these tables in one.
template <class... Tables>
[[nodiscard]] constexpr auto joined(Tables const&... tables) {
  struct place {
    std::size_t table, row;
  };
  constexpr std::size_t count = (std::size_t{0} + ... + Tables::size);
  constexpr auto places = [] {
    std::array<place, count> out{};
    std::size_t next = 0, table = 0;
    auto const add = [&](std::size_t rows) {
      for (std::size_t row = 0; row < rows; ++row) out[next++] = {table, row};
      ++table;
    };
    (add(Tables::size), ...);
    return out;
  }();
  auto const all = told::table<Tables...>(tables...);
  return [&]<std::size_t... K>(std::index_sequence<K...>) {
    return told::table{all.template get<places[K].table>().template get<places[K].row>()...};
  }
  (std::make_index_sequence<count>{});
}

}  // namespace detail

namespace told {

/// A value that runs: a number, or what a vector or a matrix is in JSON.
struct example {
  double number = 0;
  char const* list = nullptr;

  constexpr example(double x) : number(x) {}
  constexpr example(int x) : number(x) {}  // or a plain 0 could be either
  constexpr example(char const* x) : list(x) {}
};

/// What the numbers of a vector or a matrix are by; an economy has as many as its countries(), industries(), factors().
enum class by { none, country, industry, factor, period };

/// The word for one of them, and for several: {"industry", "industries"}.
struct by_words {
  char const *one, *all;
};
[[nodiscard]] constexpr by_words words_of(by what) noexcept {
  switch (what) {
    case by::country:
      return {"country", "countries"};
    case by::industry:
      return {"industry", "industries"};
    case by::factor:
      return {"factor", "factors"};
    case by::period:
      return {"period", "periods"};
    case by::none:
      break;
  }
  return {"", ""};
}

/// What the rows and the columns of a vector or a matrix are by, where that is not country and country.
struct by_two {
  by rows = by::none, columns = by::none;

  [[nodiscard]] constexpr bool told() const { return rows != by::none; }
};

/// One parameter of an economy: a number, or one for each country or pair of countries that all keep the same rule.
template <class Economy, class Member>
struct parameter_row {
  using member_type = Member;

  char const* name;
  Member Economy::*at;
  melitz::rule rule;
  char const* meaning;  ///< after the name: what it is of, or what it is for
  char const* unit;     ///< empty for a pure number
  told::example example;
  bool fixed_at_home = false;  ///< a matrix: what stands on its diagonal is given
  double home = 0;
  bool may_be_empty = false;  ///< a vector or matrix: it then has the same number everywhere
  double none = 0;            ///< this one
  bool abroad_only = false;   ///< a matrix: what stands on its diagonal is not used
  by_two indices{};           ///< a vector or matrix: what it is by, unless by country or pair of countries

  /// The same, of a matrix that has this number on its diagonal.
  [[nodiscard]] constexpr parameter_row at_home(double number) const {
    auto out = *this;
    out.fixed_at_home = true;
    out.home = number;
    return out;
  }
  /// The same, of a vector or a matrix that may be left empty, which stands for this number everywhere.
  [[nodiscard]] constexpr parameter_row or_none(double number = 0) const {
    auto out = *this;
    out.may_be_empty = true;
    out.none = number;
    return out;
  }
  /// The same, of a matrix whose diagonal is not used.
  [[nodiscard]] constexpr parameter_row abroad() const {
    auto out = *this;
    out.abroad_only = true;
    return out;
  }
  /// The same, of a vector by this, or of a matrix by both: indexed(by::industry, by::factor).
  [[nodiscard]] constexpr parameter_row indexed(by rows, by columns = by::none) const {
    auto out = *this;
    out.indices = {rows, columns};
    return out;
  }
};

/// @param name  as the member is called
template <class Economy, class Member>
[[nodiscard]] constexpr parameter_row<Economy, Member> parameter(char const* name, Member Economy::*at, rule must,
                                                                 char const* meaning, char const* unit, example value) {
  return {name, at, must, meaning, unit, value};
}

/// A choice between a few words: an enum whose to_string gives "unknown" after the last, or a yes or no.
template <class Economy, class Member>
struct choice_row {
  using member_type = Member;

  char const* name;
  Member Economy::*at;
  char const* meaning;
};
template <class Economy, class Member>
[[nodiscard]] constexpr choice_row<Economy, Member> choice(char const* name, Member Economy::*at, char const* meaning) {
  return {name, at, meaning};
}

/// A member that has members of its own, as if they were this one's: of an economy, or of an equilibrium. Of a list of
/// them, as of sectors, the first is told: names, as in a file, are those of one.
template <class Outer, class Member>
struct nested_row {
  using member_type = Member;

  Member Outer::*at;
  char const* prefix;        ///< before each of their names
  Member Outer::*otherwise;  ///< another member, whose values they have where they are left out
  bool placed = false;       ///< results: all in one part, with one unit
  melitz::part part{};
  char const* unit = "";
  char const* costs_unit = nullptr;  ///< parameters: of what else is paid in labor

  /// The same, without some of its parameters: they stay as the member begins.
  /// @param names  with blanks between
  [[nodiscard]] constexpr auto without(char const* names) const;
  /// The same, of costs that are not paid in labor.
  [[nodiscard]] constexpr nested_row paid_in(char const* costs) const {
    auto out = *this;
    out.costs_unit = costs;
    return out;
  }
  /// The same, of results that all stand in this part and have this unit, whatever their own rows say.
  [[nodiscard]] constexpr nested_row in(melitz::part where, char const* all) const {
    auto out = *this;
    out.placed = true;
    out.part = where;
    out.unit = all;
    return out;
  }
};
/// The same, of an economy that has not all of its parameters.
template <class Outer, class Member>
struct partly_nested_row : nested_row<Outer, Member> {
  char const* left_out;
};
template <class Outer, class Member>
constexpr auto nested_row<Outer, Member>::without(char const* names) const {
  return partly_nested_row<Outer, Member>{*this, names};
}
template <class Outer, class Member>
[[nodiscard]] constexpr nested_row<Outer, Member> nested(Member Outer::*at, char const* prefix = "",
                                                         Member Outer::*otherwise = nullptr) {
  return {at, prefix, otherwise};
}

/// A member that no table is about: what a result keeps of its inputs, or has in a form of its own.
template <class Outer, class Member>
struct aside_row {
  Member Outer::*at;
};
template <class Outer, class Member>
[[nodiscard]] constexpr aside_row<Outer, Member> aside(Member Outer::*at) {
  return {at};
}

/// What a number is from period to period: from 0 on, and after its end what it is in the last.
template <class Value>
struct by_period : std::vector<Value> {};

/// A member that is a list by period of what has a table of results of its own: each of these is one by_period.
template <class Outer, class Element>
struct periods_row {
  std::vector<Element> Outer::*at;
};
template <class Outer, class Element>
[[nodiscard]] constexpr periods_row<Outer, Element> periods(std::vector<Element> Outer::*at) {
  return {at};
}

/// The results of a base class.
template <class Base>
struct base_row {};
template <class Base>
[[nodiscard]] constexpr base_row<Base> base() {
  return {};
}

/// One result of a solve: a data member, or a const member function without arguments.
template <class Equilibrium, class Member>
struct quantity_row {
  using member_type = Member;

  char const* name;
  Member Equilibrium::*at;
  melitz::part part;
  char const* unit;
  char const* symbol;    ///< in the lecture, or in the model's paper
  char const* equation;  ///< its number, or the slide
  bool positive;         ///< whenever it was solved: positive and finite, or else the solve is out of range
  bool trade_only = false;
  by_two indices{};  ///< a vector or matrix: what it is by, unless by country or pair of countries

  /// The same, of a vector by this, or of a matrix by both.
  [[nodiscard]] constexpr quantity_row indexed(by rows, by columns = by::none) const {
    auto out = *this;
    out.indices = {rows, columns};
    return out;
  }
  /// The same, of what says nothing of an economy without trade.
  [[nodiscard]] constexpr quantity_row of_trade() const {
    auto out = *this;
    out.trade_only = true;
    return out;
  }
};

/// @param name  as the member is called
template <class Equilibrium, class Member>
[[nodiscard]] constexpr quantity_row<Equilibrium, Member> quantity(char const* name, Member Equilibrium::*at,
                                                                   part where, char const* unit,
                                                                   char const* symbol = "", char const* equation = "") {
  return {name, at, where, unit, symbol, equation, false};
}
/// The same, of what is positive and finite in everything that was solved.
template <class Equilibrium, class Member>
[[nodiscard]] constexpr quantity_row<Equilibrium, Member> positive(char const* name, Member Equilibrium::*at,
                                                                   part where, char const* unit,
                                                                   char const* symbol = "", char const* equation = "") {
  return {name, at, where, unit, symbol, equation, true};
}

}  // namespace told

}  // namespace melitz
