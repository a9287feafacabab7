// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/numerics/members.hpp>

#include "support/catch.hpp"
#include "support/reference.hpp"

#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

// What the tables of an economy and an equilibrium are good for in tests: reading and comparing rows of reference
// files, whose keys are the tables' names.

namespace test {

/// An economy from a row's parameters; what the row leaves out keeps what the economy begins with, or is as before a
/// change.
template <melitz::told_economy Economy>
[[nodiscard]] Economy economy_from(json const& p) {
  Economy out{};
  melitz::detail::for_each_parameter<Economy>(
      [&](auto const& row, auto const& access, std::string_view prefix, bool otherwise) {
        auto& member = access(out);
        using member_type = std::remove_cvref_t<decltype(member)>;
        auto key = std::string(prefix) + row.name;
        if (otherwise && !p.contains(key)) key = row.name;
        if (!p.contains(key)) return;
        if constexpr (melitz::real<member_type>) {
          member = number<typename Economy::real_type>(p.at(key));
        } else if constexpr (std::is_enum_v<member_type>) {
          int k = 0;
          while (to_string(member_type(k)) != p.at(key).template get<std::string>() &&
                 to_string(member_type(k)) != "unknown") {
            ++k;
          }
          CAPTURE(key);
          REQUIRE(to_string(member_type(k)) != "unknown");
          member = member_type(k);
        }
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

/// Compares one number with that of a reference row.
template <class Real>
void compare_one(json const& row, Real const& value, double relative) {
  double const wanted = number(row), got = static_cast<double>(value);
  if (std::isfinite(wanted)) {
    CHECK_THAT(got, WithinRel(wanted, relative));
  } else {
    CHECK((got == wanted || (std::isnan(got) && std::isnan(wanted))));
  }
}

/// Compares every number of an equilibrium that a row of a reference file has under its name; by period, those of the
/// first periods that the row has.
/// @param relative  by how much they may differ
/// @return how many were compared, so that a test can say how many there must be
template <melitz::told_equilibrium Equilibrium>
int compare_all(json const& row, Equilibrium const& e, double relative) {
  using Real = typename Equilibrium::real_type;
  int compared = 0;
  melitz::detail::for_each_result<Equilibrium>([&](auto const& what, auto const& access, std::string_view prefix) {
    using value_type = std::remove_cvref_t<decltype(access(e))>;
    auto const key = std::string(prefix) + what.name;
    if (!row.contains(key)) return;
    CAPTURE(key);
    if constexpr (std::is_floating_point_v<value_type>) {
      compare_one(row.at(key), access(e), relative);
      ++compared;
    } else if constexpr (std::is_same_v<value_type, melitz::told::by_period<Real>>) {
      auto const path = access(e);
      for (std::size_t t = 0; t < row.at(key).size(); ++t, ++compared) {
        CAPTURE(t);
        compare_one(row.at(key).at(t), t < path.size() ? path[t] : path.back(), relative);
      }
    } else if constexpr (std::is_same_v<value_type, int>) {
      CHECK(access(e) == row.at(key).template get<int>());
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
