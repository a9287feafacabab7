// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/numerics/rule.hpp>
#include <melitz/numerics/values_of.hpp>

#include <concepts>
#include <cstddef>
#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

// What there is to say of the members of an economy and of an equilibrium is said once, in a table beside them:
// Economy::parameters() and Equilibrium::results(), tuples of the rows below. Checks, columns of a sweep, comparisons,
// files, manuals and other languages read it there.

namespace melitz {

/// The part of a printed equilibrium that a result stands in.
enum class part { solution, work, cutoffs, averages, masses, aggregates, labor_uses, elasticities };

namespace told {

/// A value that runs: a number, or what a vector or a matrix is in JSON.
struct example {
  double number = 0;
  char const* list = nullptr;

  constexpr example(double x) : number(x) {}
  constexpr example(int x) : number(x) {}  // or a plain 0 could be either
  constexpr example(char const* x) : list(x) {}
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

  /// The same, of results that all stand in this part and have this unit, whatever their own rows say.
  [[nodiscard]] constexpr nested_row in(melitz::part where, char const* all) const {
    auto out = *this;
    out.placed = true;
    out.part = where;
    out.unit = all;
    return out;
  }
};
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

/// Primitives of a model with a table of them.
template <class E>
concept told_economy = requires {
  typename E::real_type;
  E::name;
  E::parameters();
};

/// An equilibrium with a table of its results.
template <class E>
concept told_equilibrium = requires {
  typename E::real_type;
  E::results();
};

namespace detail {

template <class Row>
inline constexpr bool is_nested = false;
template <class Outer, class Member>
inline constexpr bool is_nested<told::nested_row<Outer, Member>> = true;
template <class Row>
inline constexpr bool is_aside = false;
template <class Outer, class Member>
inline constexpr bool is_aside<told::aside_row<Outer, Member>> = true;
template <class Row>
struct element_of_row {
  static constexpr bool is = false;
};
template <class Outer, class Element>
struct element_of_row<told::periods_row<Outer, Element>> {
  static constexpr bool is = true;
  using type = Element;
};
template <class Row>
struct base_of_row {
  static constexpr bool is = false;
};
template <class Base>
struct base_of_row<told::base_row<Base>> {
  static constexpr bool is = true;
  using type = Base;
};
template <class Row>
inline constexpr bool is_choice = false;
template <class Economy, class Member>
inline constexpr bool is_choice<told::choice_row<Economy, Member>> = true;

template <class Member>
inline constexpr bool is_list = requires(Member const& m) {
  m.front();
};
/// What a nested row is about.
template <class Member>
[[nodiscard]] constexpr auto& told_one(Member& member) {
  if constexpr (is_list<Member>) {
    return member.front();
  } else {
    return member;
  }
}
template <class Member>
using told_one_t = std::remove_reference_t<decltype(told_one(std::declval<Member&>()))>;

/// Whether a row is about a member of its own, and not about a function.
template <class Row>
[[nodiscard]] constexpr bool tells_a_member() {
  if constexpr (requires { typename Row::member_type; }) {
    return !std::is_function_v<typename Row::member_type>;
  } else {
    return true;
  }
}
template <class... Rows>
[[nodiscard]] constexpr std::size_t count_told(std::tuple<Rows...> const&) {
  return (std::size_t{0} + ... + static_cast<std::size_t>(tells_a_member<Rows>()));
}

/// Whether every member has a row, for a static assertion beside the table.
template <class T>
[[nodiscard]] constexpr bool tells_every_member() {
  if constexpr (told_economy<T>) {
    return count_told(T::parameters()) == count_members<T, 48>();
  } else {
    return count_told(T::results()) == count_members<T, 48>();
  }
}

/// f(row, access, prefix, otherwise) for every row of a table of parameters, those of nested economies in their place;
/// access(economy) is the member itself, and `otherwise` whether it may be left out for that of another nested one.
template <class Here, class Access, class F>
constexpr void walk_parameters(Access const& access, std::string_view prefix, bool otherwise, F const& f) {
  auto const visit = [&](auto const& row) {
    using row_type = std::remove_cvref_t<decltype(row)>;
    if constexpr (is_aside<row_type>) {
      return;
    } else {
      auto const inside = [ access, at = row.at ](auto& economy) -> auto& { return access(economy).*at; };
      if constexpr (is_nested<row_type>) {
        walk_parameters<told_one_t<typename row_type::member_type>>(
            [inside](auto& economy) -> auto& { return told_one(inside(economy)); }, *row.prefix ? row.prefix : prefix,
            otherwise || row.otherwise != nullptr, f);
      } else {
        f(row, inside, prefix, otherwise);
      }
    }
  };
  std::apply([&](auto const&... rows) { (visit(rows), ...); }, Here::parameters());
}
template <told_economy Economy, class F>
constexpr void for_each_parameter(F const& f) {
  walk_parameters<Economy>(
      [](auto& economy) -> auto& { return economy; }, "", false, f);
}

/// A row of a table of results, and the way to its member from the whole equilibrium.
template <class Row, class Access>
struct result_entry {
  Row row;
  Access access;       ///< access(equilibrium) is the member itself, or what the function returns
  char const* prefix;  ///< before the row's name
};

/// An entry of what a list by period has, as one of the list.
template <class Access, class At, class Row, class Inner>
[[nodiscard]] constexpr auto over_periods(Access const& access, At at, result_entry<Row, Inner> const& one) {
  auto const path = [access, at, of = one.access](auto& e) {
    told::by_period<std::remove_cvref_t<decltype(of(*(access(e).*at).data()))>> out;
    for (auto& period : access(e).*at) out.push_back(of(period));
    return out;
  };
  return result_entry<Row, std::remove_cv_t<decltype(path)>>{one.row, path, one.prefix};
}

template <class Here, class Access>
[[nodiscard]] constexpr auto collect_results(Access const& access) {
  auto const entries = [&](auto const& row) {
    using row_type = std::remove_cvref_t<decltype(row)>;
    if constexpr (base_of_row<row_type>::is) {
      return collect_results<typename base_of_row<row_type>::type>(access);
    } else if constexpr (element_of_row<row_type>::is) {
      auto const path = [&](auto const&... one) { return std::tuple{over_periods(access, row.at, one)...}; };
      return std::apply(path,
                        collect_results<typename element_of_row<row_type>::type>([](auto& e) -> auto& { return e; }));
    } else if constexpr (is_aside<row_type>) {
      return std::tuple<>{};
    } else {
      auto const inside = [access, at = row.at](auto& e) -> decltype(auto) { return std::invoke(at, access(e)); };
      if constexpr (is_nested<row_type>) {
        auto const placed = [&row](auto entry) {
          if (!*entry.prefix) entry.prefix = row.prefix;
          if (row.placed) {
            entry.row.part = row.part;
            entry.row.unit = row.unit;
          }
          return entry;
        };
        return std::apply([&](auto const&... inner) { return std::tuple{placed(inner)...}; },
                          collect_results<told_one_t<typename row_type::member_type>>([inside](auto& e) -> auto& {
                            return told_one(inside(e));
                          }));
      } else {
        return std::tuple{result_entry<row_type, std::remove_cv_t<decltype(inside)>>{row, inside, ""}};
      }
    }
  };
  return std::apply([&](auto const&... rows) { return std::tuple_cat(entries(rows)...); }, Here::results());
}

/// Every row of a table of results, those of nested ones in their place: a tuple of result_entry.
template <told_equilibrium Equilibrium>
inline constexpr auto all_results = collect_results<Equilibrium>([](auto& e) -> auto& { return e; });

/// f(row, access, prefix) for every row of a table of results.
template <told_equilibrium Equilibrium, class F>
constexpr void for_each_result(F const& f) {
  std::apply([&](auto const&... entries) { (f(entries.row, entries.access, std::string_view(entries.prefix)), ...); },
             all_results<Equilibrium>);
}

/// The name of a type of primitives in errors: that of its model, and what it is of it; or that of a law. Made only
/// where it is needed.
template <class Economy>
struct type_name {
  operator std::string_view() const {
    static std::string const text = std::string(Economy::name) + (requires { Economy::title; } ? "_economy" : "");
    return text;
  }
};

template <class X>
concept vector_or_matrix = requires(X const& x) {
  x.size();
  x.rows();
  x(0, 0);
};

/// f(number, index) for every number that a value holds: itself, or those of a vector, a matrix or a list of them, with
/// an index like "[0][2]"; none for what is no number of the model, as counts and choices.
template <class Value, class F>
void for_each_number(Value const& value, F const& f, std::string const& index = {}) {
  auto const at = [&](auto k) { return index + '[' + std::to_string(k) + ']'; };
  if constexpr (real<Value>) {
    f(value, index);
  } else if constexpr (vector_or_matrix<Value>) {
    for (decltype(value.rows()) i = 0; i < value.rows(); ++i) {
      for (decltype(value.cols()) j = 0; j < value.cols(); ++j) {
        f(value(i, j), Value::ColsAtCompileTime == 1 ? at(i) : at(i) + '[' + std::to_string(j) + ']');
      }
    }
  } else if constexpr (requires { value[value.size()]; }) {
    for (std::size_t k = 0; k < value.size(); ++k) for_each_number(value[k], f, at(k));
  }
}

/// A table of parameters as a constant, so that what a row says is known where it is compiled.
template <class Economy>
inline constexpr auto all_parameters = Economy::parameters();

/// The own check of a member with a table, which is told how many countries there are if it asks.
template <class Economy, class Member>
void validate_nested(Economy const& economy, Member const& member) {
  if constexpr (is_list<Member>) {
    for (auto const& one : member) validate_nested(economy, one);
  } else if constexpr (requires { member.validate(economy.countries()); }) {
    member.validate(economy.countries());
  } else {
    member.validate();
  }
}

template <class Economy, std::size_t K>
void check_parameter(Economy const& economy) {
  constexpr auto const& row = std::get<K>(all_parameters<Economy>);
  using row_type = std::remove_cvref_t<decltype(row)>;
  if constexpr (is_nested<row_type>) {
    if constexpr (*row.prefix == 0) {
      validate_nested(economy, economy.*(row.at));
    } else {
      try {
        validate_nested(economy, economy.*(row.at));
      } catch (domain_error const& e) {
        throw domain_error(type_name<Economy>{}, row.prefix + e.parameter(), e.value(), e.restriction());
      }
    }
  } else if constexpr (!is_aside<row_type> && !is_choice<row_type>) {
    auto const& value = economy.*(row.at);
    if constexpr (vector_or_matrix<std::remove_cvref_t<decltype(value)>>) {
      check_array(economy, row, value);  // of countries/matrices.hpp, found through the row
    } else {
      constexpr auto bounds = bounds_of(row.rule);
      if (!keeps(bounds, row.rule == rule::whole, value)) [[unlikely]]
        reject(type_name<Economy>{}, row.name, static_cast<double>(value), bounds.words);
    }
  }
}

/// Checks the members that the table of an economy is about, nested ones by their own validate().
/// @throws domain_error naming the first that breaks its rule
template <told_economy Economy>
void check_parameters(Economy const& economy) {
  [&]<std::size_t... K>(std::index_sequence<K...>) { (check_parameter<Economy, K>(economy), ...); }
  (std::make_index_sequence<std::tuple_size_v<std::remove_cv_t<decltype(all_parameters<Economy>)>>>{});
}

/// Whether every number that a solved equilibrium always has is positive and finite; those of a vector or a matrix with
/// all their digits.
template <told_equilibrium Equilibrium>
[[nodiscard]] bool representable(Equilibrium const& e) {
  auto const fits = [&]<std::size_t K>(std::integral_constant<std::size_t, K>) {
    constexpr auto const& entry = std::get<K>(all_results<Equilibrium>);
    if constexpr (entry.row.positive) {
      auto const& x = entry.access(e);
      using value_type = std::remove_cvref_t<decltype(x)>;
      if constexpr (real<value_type>) {
        return x > 0 && x <= (std::numeric_limits<typename Equilibrium::real_type>::max)();
      } else if constexpr (vector_or_matrix<value_type>) {
        using limits = std::numeric_limits<typename value_type::Scalar>;
        for (auto i = x.size() * 0; i < x.size(); ++i) {
          if (!(x.data()[i] >= (limits::min)() && x.data()[i] <= (limits::max)())) return false;
        }
      }
    }
    return true;
  };
  return [&]<std::size_t... K>(std::index_sequence<K...>) {
    return (fits(std::integral_constant<std::size_t, K>{}) && ...);
  }
  (std::make_index_sequence<std::tuple_size_v<std::remove_cv_t<decltype(all_results<Equilibrium>)>>>{});
}

}  // namespace detail
}  // namespace melitz
