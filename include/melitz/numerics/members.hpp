// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/numerics/rule.hpp>
#include <melitz/numerics/told.hpp>
#include <melitz/numerics/values_of.hpp>

#include <concepts>
#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

// What is made of the tables of numerics/told.hpp.

namespace melitz {

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
template <class Outer, class Member>
inline constexpr bool is_nested<told::partly_nested_row<Outer, Member>> = true;
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
[[nodiscard]] constexpr std::size_t count_told(told::table<Rows...> const&) {
  return (std::size_t{0} + ... + static_cast<std::size_t>(tells_a_member<Rows>()));
}

/// Is it one of these words, with blanks between?
[[nodiscard]] constexpr bool is_among(std::string_view word, std::string_view words) {
  while (!words.empty()) {
    auto const end = words.find(' ');
    if (words.substr(0, end) == word) return true;
    words.remove_prefix(end == words.npos ? words.size() : end + 1);
  }
  return false;
}

[[nodiscard]] constexpr std::size_t count_words(std::string_view words) {
  std::size_t count = 1;
  for (char const c : words) count += c == ' ';
  return count;
}

/// f(row, access, prefix, otherwise) for every row of a table of parameters, those of nested economies in their place;
/// access(economy) is the member itself, and `otherwise` whether it may be left out for that of another nested one.
template <class Here, class Access, class F>
constexpr void walk_parameters(Access const& access, std::string_view prefix, bool otherwise, char const* costs_unit,
                               F const& f) {
  auto const visit = [&](auto const& row) {
    using row_type = std::remove_cvref_t<decltype(row)>;
    if constexpr (is_aside<row_type>) {
      return;
    } else {
      auto const inside = [ access, at = row.at ](auto& economy) -> auto& { return access(economy).*at; };
      if constexpr (is_nested<row_type>) {
        auto const walk = [&](auto const& visitor) {
          walk_parameters<told_one_t<typename row_type::member_type>>(
              [inside](auto& economy) -> auto& { return told_one(inside(economy)); }, *row.prefix ? row.prefix : prefix,
              otherwise || row.otherwise != nullptr, row.costs_unit != nullptr ? row.costs_unit : costs_unit, visitor);
        };
        if constexpr (requires { row.left_out; }) {
          walk([&](auto const& one, auto const&... rest) {
            if (!is_among(one.name, row.left_out)) f(one, rest...);
          });
        } else {
          walk(f);
        }
      } else {
        auto here = row;
        if constexpr (requires { here.unit; }) {
          if (costs_unit != nullptr && std::string_view(here.unit) == "labor") here.unit = costs_unit;
        }
        f(here, inside, prefix, otherwise);
      }
    }
  };
  Here::parameters().apply([&](auto const&... rows) { (visit(rows), ...); });
}
template <told_economy Economy, class F>
constexpr void for_each_parameter(F const& f) {
  walk_parameters<Economy>(
      [](auto& economy) -> auto& { return economy; }, "", false, nullptr, f);
}

/// Whether what a table leaves out of nested economies is there to be left out.
template <told_economy T>
[[nodiscard]] constexpr bool leaves_out_what_is_there() {
  auto const is_there = [](auto const& row) {
    if constexpr (requires { row.left_out; }) {
      std::size_t found = 0;
      for_each_parameter<told_one_t<typename std::remove_cvref_t<decltype(row)>::member_type>>(
          [&](auto const& one, auto const&...) { found += is_among(one.name, row.left_out); });
      return found == count_words(row.left_out);
    } else {
      return true;
    }
  };
  return T::parameters().apply([&](auto const&... rows) { return (is_there(rows) && ...); });
}

/// Whether every member has a row, for a static assertion beside the table: as many values make one, and no more. What
/// the table leaves out must be there, too.
template <class T>
[[nodiscard]] constexpr bool tells_every_member() {
  constexpr auto told = [] {
    if constexpr (told_economy<T>) {
      static_assert(leaves_out_what_is_there<T>(), "without() names a parameter that the nested economy has not");
      return count_told(T::parameters());
    } else {
      return count_told(T::results());
    }
  }();
  return takes_members<T>(std::make_index_sequence<told>{}) && !takes_members<T>(std::make_index_sequence<told + 1>{});
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

/// The member that a row is about, or what its function returns: std::invoke, without the header of that.
template <class Owner, class At>
[[nodiscard]] constexpr decltype(auto) member_of(Owner& e, At at) {
  if constexpr (std::is_member_function_pointer_v<At>) {
    return (e.*at)();
  } else {
    return (e.*at);
  }
}

template <class Here, class Access>
[[nodiscard]] constexpr auto collect_results(Access const& access) {
  auto const entries = [&](auto const& row) {
    using row_type = std::remove_cvref_t<decltype(row)>;
    if constexpr (base_of_row<row_type>::is) {
      return collect_results<typename base_of_row<row_type>::type>(access);
    } else if constexpr (element_of_row<row_type>::is) {
      return collect_results<typename element_of_row<row_type>::type>([](auto& e) -> auto& { return e; })
          .apply([&](auto const&... one) { return told::table{over_periods(access, row.at, one)...}; });
    } else if constexpr (is_aside<row_type>) {
      return told::table<>{};
    } else {
      auto const inside = [access, at = row.at](auto& e) -> decltype(auto) { return member_of(access(e), at); };
      if constexpr (is_nested<row_type>) {
        auto const placed = [&row](auto entry) {
          if (!*entry.prefix) entry.prefix = row.prefix;
          if (row.placed) {
            entry.row.part = row.part;
            entry.row.unit = row.unit;
          }
          return entry;
        };
        return collect_results<told_one_t<typename row_type::member_type>>([inside](auto& e) -> auto& {
                 return told_one(inside(e));
               })
            .apply([&](auto const&... inner) { return told::table{placed(inner)...}; });
      } else {
        return told::table{result_entry<row_type, std::remove_cv_t<decltype(inside)>>{row, inside, ""}};
      }
    }
  };
  return Here::results().apply([&](auto const&... rows) { return joined(entries(rows)...); });
}

/// Every row of a table of results, those of nested ones in their place: a table of result_entry.
template <told_equilibrium Equilibrium>
inline constexpr auto all_results = collect_results<Equilibrium>([](auto& e) -> auto& { return e; });

/// f(row, access, prefix) for every row of a table of results.
template <told_equilibrium Equilibrium, class F>
constexpr void for_each_result(F const& f) {
  all_results<Equilibrium>.apply(
      [&](auto const&... entries) { (f(entries.row, entries.access, std::string_view(entries.prefix)), ...); });
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

/// f(k) for the index of every row of a table that is a constant, as a constant.
template <auto const& Table, class F>
constexpr void for_each_index(F const& f) {
  [&]<std::size_t... K>(std::index_sequence<K...>) { (f(std::integral_constant<std::size_t, K>{}), ...); }
  (std::make_index_sequence<std::remove_cvref_t<decltype(Table)>::size>{});
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
  constexpr auto const& row = all_parameters<Economy>.template get<K>();
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
  for_each_index<all_parameters<Economy>>([&](auto k) { check_parameter<Economy, k>(economy); });
}

/// Whether a number is positive and finite; every number of a vector or a matrix, and with all their digits.
template <class Value>
[[nodiscard]] bool is_representable(Value const& x) {
  if constexpr (real<Value>) {
    return x > 0 && x <= (std::numeric_limits<Value>::max)();
  } else {
    using number = typename Value::Scalar;
    bool all = true;
    for (auto i = x.size() * 0; i < x.size(); ++i) {
      all = all && x.data()[i] >= (std::numeric_limits<number>::min)() && is_finite(x.data()[i]);
    }
    return all;
  }
}

/// Whether every number that a solved equilibrium always has is positive and finite.
template <told_equilibrium Equilibrium>
[[nodiscard]] bool representable(Equilibrium const& e) {
  bool all = true;
  for_each_index<all_results<Equilibrium>>([&](auto k) {
    constexpr auto const& entry = all_results<Equilibrium>.template get<k>();
    using value_type = std::remove_cvref_t<decltype(entry.access(e))>;
    if constexpr (entry.row.positive && (real<value_type> || vector_or_matrix<value_type>)) {
      all = all && is_representable(entry.access(e));
    }
  });
  return all;
}

}  // namespace detail
}  // namespace melitz
