// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/numerics/panel_rule.hpp>
#include <melitz/numerics/real.hpp>

#include <array>
#include <cstddef>

namespace melitz::detail {

/// Integrals of N functions over the same panels, each halved until the rule's nodes resolve it, as around an atom.
///
/// What calls it says where panels begin and end, and when one is resolved: by what is left in the last terms of each
/// function's series. The rule is exact to twice as many terms, so that a series resolved to a few thousand roundings
/// is integrated to rounding.
template <real Real, std::size_t N>
struct panel_integrals {
  using value = value_t<Real>;
  using rule_type = panel_rule<value>;

  std::array<Real, N> sums{};
  int halvings_left = 200'000;  ///< in all, in case a function has more noise than its tolerance allows

  /// Adds the integrals from a to b.
  /// @param f         f(t) gives the N functions
  /// @param resolved  resolved(own, unresolved, a, b) of a panel's integrals and what it leaves, unresolved(i) of the
  /// i-th
  template <class F, class Resolved>
  void add(F const& f, Resolved const& resolved, Real const& a, Real const& b, int halvings = 48) {
    auto const& rule = rule_type::get();
    Real const half = (b - a) / 2;
    std::array<Real, N> own{};
    std::array<typename rule_type::values, N> values{};
    for (std::size_t k = 0; k < rule_type::size; ++k) {
      auto const here = f(Real(a + half * (1 + Real(rule.nodes[k]))));
      for (std::size_t i = 0; i < N; ++i) {
        own[i] += half * Real(rule.weights[k]) * here[i];
        values[i][k] = static_cast<value>(here[i]);
      }
    }
    auto const unresolved = [&](std::size_t i) { return value(static_cast<value>(half) * rule.unresolved(values[i])); };
    if (halvings > 0 && halvings_left > 0 && !resolved(own, unresolved, a, b)) {
      --halvings_left;
      Real const middle = a + half;
      add(f, resolved, a, middle, halvings - 1);
      add(f, resolved, middle, b, halvings - 1);
      return;
    }
    for (std::size_t i = 0; i < N; ++i) sums[i] += own[i];
  }

  /// Adds the integrals from a to `end`, which may be infinite, on panels of this length and then, as long as none has
  /// to be halved, each twice as long as the one before; kinks cut them short.
  /// @param kinks  ascending   @param more  more(from, to) says whether to go on after a panel
  template <class F, class Resolved, class Kinks, class More>
  void add_all(F const& f, Resolved const& resolved, Real a, Real const& end, Real length, Kinks const& kinks,
               More const& more) {
    auto kink = kinks.begin();
    while (kink != kinks.end() && !(*kink > a)) ++kink;
    while (a < end) {
      Real b = end - a > length ? Real(a + length) : end;  // infinite after some 1,000 doublings at the latest
      if (!is_finite(b)) break;
      bool const cut = kink != kinks.end() && *kink < b;
      if (cut) b = *kink++;
      int const before = halvings_left;
      add(f, resolved, a, b);
      if (!more(a, b)) break;
      a = b;
      if (!cut && halvings_left == before) length *= 2;
    }
  }
};

}  // namespace melitz::detail
