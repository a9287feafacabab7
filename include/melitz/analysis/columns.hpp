// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/numerics/members.hpp>
#include <melitz/numerics/real.hpp>

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace melitz {

/// Many equilibria of one model, one column per row of its table of results: what sweep() and solve_each() return.
/// Element k of every column belongs to the k-th value or economy.
///
/// A column is asked for by the member (or the function) that the row is about, or by the row's name:
///   auto const r = sweep(economy, &technology_economy<>::cost_ratio, ratios, law);
///   r[&technology_equilibrium<>::welfare][k];  r.column("welfare")[k];
/// It is a std::vector of what the member is: numbers, choices, vectors of countries; of char instead of bool.
///
/// Check reason[k] before using element k: unless it is status::converged every number there is NaN, and vectors are
/// what a failed solve leaves them.
template <told_equilibrium Equilibrium>
class columns {
 public:
  using equilibrium_type = Equilibrium;
  using real_type = typename Equilibrium::real_type;

  std::vector<status> reason;

  [[nodiscard]] std::size_t size() const noexcept { return reason.size(); }

  /// How many have numbers.
  [[nodiscard]] std::size_t converged() const {
    return static_cast<std::size_t>(std::count(reason.begin(), reason.end(), status::converged));
  }

  /// The column of a member or a function of the equilibrium, of a base or a part of it.
  /// @throws domain_error when it is no result, or that of several parts, whose columns have names
  template <class Member, class Owner>
  [[nodiscard]] auto const& operator[](Member Owner::*result) const {
    using value_type = element_t<decltype(detail::member_of(std::declval<Owner const&>(), result))>;
    return find<value_type>("a member", "not one of them", [&](auto const& entry) {
      if constexpr (std::is_same_v<std::remove_cvref_t<decltype(entry.row.at)>, Member Owner::*>) {
        return entry.row.at == result;
      }
      return false;
    });
  }

  /// The column of a result by its name in the table: a number, or what else is asked for:
  /// column<std::vector<double>>("wages"), column<told::by_period<double>>("price_index").
  /// @throws domain_error when there is none
  template <class Value = real_type>
  [[nodiscard]] std::vector<Value> const& column(std::string_view name) const {
    return find<Value>("column", name, [&](auto const& entry) {
      std::string_view const prefix = entry.prefix;
      return name.substr(0, prefix.size()) == prefix && name.substr(prefix.size()) == entry.row.name;
    });
  }

  /// Makes room for `count` elements.
  void resize(std::size_t count) {
    reason.resize(count, status::not_solved);
    for_each_entry([&](auto const&, auto& values) {
      values.resize(count, blank<typename std::remove_cvref_t<decltype(values)>::value_type>());
    });
  }

  /// Writes one equilibrium into element k.
  void set(std::size_t k, Equilibrium const& e) {
    reason[k] = e.reason;
    for_each_entry([&](auto const& entry, auto& values) {
      using row_type = std::remove_cvref_t<decltype(entry.row)>;
      // A failed result has members without numbers in them, of which a function may ask too much.
      if (detail::tells_a_member<row_type>() || e.reason == status::converged) {
        values[k] = entry.access(e);
      } else {
        values[k] = blank<typename std::remove_cvref_t<decltype(values)>::value_type>();
      }
    });
  }

 private:
  /// Elements of a std::vector<bool> could not be written by several threads.
  template <class Value>
  using element_t =
      std::conditional_t<std::is_same_v<std::remove_cvref_t<Value>, bool>, char, std::remove_cvref_t<Value>>;

  /// The only column of this type whose entry fits.
  template <class Value, class Fits>
  [[nodiscard]] std::vector<Value> const& find(char const* what, std::string_view which, Fits const& fits) const {
    std::vector<Value> const* found = nullptr;
    int count = 0;
    for_each_entry([&](auto const& entry, auto const& values) {
      if constexpr (std::is_same_v<std::remove_cvref_t<decltype(values)>, std::vector<Value>>) {
        if (!fits(entry)) return;
        found = &values;
        ++count;
      }
    });
    if (count != 1) throw domain_error("columns", what, which, "be one result of the equilibrium, of this type");
    return *found;
  }

  template <class Value>
  [[nodiscard]] static Value blank() {
    if constexpr (real<Value>) {
      return detail::not_a_number<Value>;
    } else {
      return Value{};
    }
  }

  /// A vector for each row of the table; only its type is used.
  template <class... Entries>
  static auto storage(told::table<Entries...> const&) -> std::tuple<
      std::vector<element_t<decltype(std::declval<Entries>().access(std::declval<Equilibrium const&>()))>>...>;

  template <class Self, class F, std::size_t... I>
  static void each(Self& self, F const& f, std::index_sequence<I...>) {
    (f(detail::all_results<Equilibrium>.template get<I>(), std::get<I>(self.values_)), ...);
  }
  using every = std::make_index_sequence<std::remove_cv_t<decltype(detail::all_results<Equilibrium>)>::size>;
  template <class F>
  void for_each_entry(F const& f) {
    each(*this, f, every{});
  }
  template <class F>
  void for_each_entry(F const& f) const {
    each(*this, f, every{});
  }

  decltype(storage(detail::all_results<Equilibrium>)) values_;
};

}  // namespace melitz
