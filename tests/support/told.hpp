// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/numerics/members.hpp>

#include "support/catch.hpp"
#include "support/reference.hpp"
#include "support/validation.hpp"

#include <cmath>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

// What the tables of an economy and an equilibrium are good for in tests: reading and comparing rows of reference
// files, whose keys are the tables' names.

namespace test {

/// Reads a member of an economy: a number, a list by country, rows by exporter, or the word of a choice.
template <class Real, class Member>
void read_member(Member& member, json const& from) {
  if constexpr (melitz::real<Member>) {
    member = number<Real>(from);
  } else if constexpr (melitz::detail::vector_or_matrix<Member>) {
    constexpr bool pairs = Member::ColsAtCompileTime != 1;
    auto const rows = static_cast<decltype(member.rows())>(from.size());
    member.resize(rows, pairs ? rows : 1);
    for (auto i = rows * 0; i < member.rows(); ++i) {
      for (auto j = rows * 0; j < member.cols(); ++j) {
        auto const& row = from.at(static_cast<std::size_t>(i));
        member(i, j) = number<Real>(pairs ? row.at(static_cast<std::size_t>(j)) : row);
      }
    }
  } else if constexpr (std::is_enum_v<Member>) {
    auto const word = from.get<std::string>();
    int k = 0;
    while (to_string(static_cast<Member>(k)) != word && k < 64) ++k;
    REQUIRE(to_string(static_cast<Member>(k)) == word);
    member = static_cast<Member>(k);
  }
}

/// An economy from a row's parameters; what the row leaves out keeps what the economy begins with, or is as before a
/// change.
template <melitz::told_economy Economy>
[[nodiscard]] Economy economy_from(json const& p) {
  Economy out{};
  melitz::detail::for_each_parameter<Economy>(
      [&](auto const& row, auto const& access, std::string_view prefix, bool otherwise) {
        auto& member = access(out);
        auto key = std::string(prefix) + row.name;
        if (otherwise && !p.contains(key)) key = row.name;
        if (p.contains(key)) read_member<typename Economy::real_type>(member, p.at(key));
      });
  return out;
}

/// The economy of the table's own examples; vectors, matrices and choices stay as the economy begins.
template <melitz::told_economy Economy>
[[nodiscard]] Economy example_of() {
  Economy out{};
  melitz::detail::for_each_parameter<Economy>([&](auto const& row, auto const& access, std::string_view, bool) {
    auto& member = access(out);
    using member_type = std::remove_cvref_t<decltype(member)>;
    if constexpr (melitz::real<member_type>) member = member_type(row.example.number);
  });
  return out;
}

/// Compares a number; NaN and infinities must be the same.
inline void check_number(double value, json const& expected, double relative) {
  double const wanted = number(expected);
  if (std::isfinite(wanted)) {
    if (value != wanted) CHECK_THAT(value, WithinRel(wanted, relative));
  } else {
    CHECK((value == wanted || (std::isnan(value) && std::isnan(wanted))));
  }
}

/// The same of a number that has a name, and a line in what the page of validation is made of.
inline void check_number(std::string const& name, std::vector<long> const& place, double value, json const& expected,
                         double relative) {
  validate(name, value, number(expected), place);
  check_number(value, expected, relative);
}

/// Compares every result of an equilibrium that a row of a reference file has under its name: numbers, lists by
/// country, rows by exporter, and the first periods that the row has of what is by period.
/// @param relative  by how much they may differ
/// @return how many results were compared, so that a test can say how many there must be
template <melitz::told_equilibrium Equilibrium>
int compare_all(json const& row, Equilibrium const& e, double relative) {
  int compared = 0;
  melitz::detail::for_each_result<Equilibrium>([&](auto const& what, auto const& access, std::string_view prefix) {
    using value_type = std::remove_cvref_t<decltype(access(e))>;
    auto const key = std::string(prefix) + what.name;
    if (!row.contains(key)) return;
    CAPTURE(key);
    auto const& expected = row.at(key);
    if constexpr (std::is_floating_point_v<value_type>) {
      check_number(key, {}, access(e), expected, relative);
      ++compared;
    } else if constexpr (std::is_same_v<value_type, int>) {
      CHECK(access(e) == expected.template get<int>());
      ++compared;
    } else if constexpr (std::is_same_v<value_type, melitz::told::by_period<typename Equilibrium::real_type>>) {
      auto const path = access(e);
      for (std::size_t t = 0; t < expected.size(); ++t, ++compared) {
        CAPTURE(t);
        check_number(key, {static_cast<long>(t)}, t < path.size() ? path[t] : path.back(), expected.at(t), relative);
      }
    } else if constexpr (melitz::detail::vector_or_matrix<value_type>) {
      auto const& values = access(e);
      REQUIRE(static_cast<std::size_t>(values.rows()) == expected.size());
      for (auto i = values.rows() * 0; i < values.rows(); ++i) {
        auto const& line = expected.at(static_cast<std::size_t>(i));
        if (line.is_array()) REQUIRE(static_cast<std::size_t>(values.cols()) == line.size());
        for (auto j = values.cols() * 0; j < values.cols(); ++j) {
          CAPTURE(i, j);
          bool const pair = line.is_array();
          auto const place =
              pair ? std::vector{static_cast<long>(i), static_cast<long>(j)} : std::vector{static_cast<long>(i)};
          check_number(key, place, static_cast<double>(values(i, j)),
                       pair ? line.at(static_cast<std::size_t>(j)) : line, relative);
        }
      }
      ++compared;
    }
  });
  return compared;
}

/// Every number of an equilibrium except those that tell how well it was solved, with its name.
template <melitz::told_equilibrium Equilibrium>
[[nodiscard]] auto numbers_of(Equilibrium const& e) {
  using Real = typename Equilibrium::real_type;
  std::vector<std::pair<std::string, Real>> out;
  melitz::detail::for_each_result<Equilibrium>([&](auto const& row, auto const& access, std::string_view prefix) {
    if constexpr (std::is_same_v<std::remove_cvref_t<decltype(access(e))>, Real>) {
      if (row.part != melitz::part::solution) out.emplace_back(std::string(prefix) + row.name, access(e));
    }
  });
  return out;
}

}  // namespace test
