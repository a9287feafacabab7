// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/economy/primitives.hpp>
#include <melitz/economy/solve.hpp>
#include <melitz/error.hpp>
#include <melitz/numerics/members.hpp>
#include <melitz/tail/tail.hpp>

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <tuple>
#include <type_traits>

namespace melitz {

/// How to solve many economies. No result depends on `threads`.
struct sweep_options {
  int threads = 1;            ///< 0 is one per core; used when compiled with -fopenmp and the work exceeds about 1 ms
  int max_evaluations = 200;  ///< of the free-entry condition, at most, for each economy
};

namespace detail {

// What is solved: economies by their number, and lanes full of them.

/// Economies given one by one.
template <class Economy>
struct given_economies {
  using economy_type = Economy;

  std::span<Economy const> economies;
  static constexpr char const* element = "economy ";

  [[nodiscard]] std::size_t size() const { return economies.size(); }
  [[nodiscard]] Economy const& operator[](std::size_t k) const { return economies[k]; }
};

/// One economy in which a function changes something to each value in turn.
template <class Economy, class Change>
struct changed_economies {
  using economy_type = Economy;

  Economy const& economy;
  Change const& change;
  std::span<typename Economy::real_type const> values;
  static constexpr char const* element = "value ";

  [[nodiscard]] std::size_t size() const { return values.size(); }
  [[nodiscard]] Economy operator[](std::size_t k) const {
    Economy out = economy;
    change(out, values[k]);
    return out;
  }
};

/// One economy in which one primitive takes each value in turn.
template <real Real, class Member>
struct swept_economies {
  using economy_type = open_economy<Real>;

  open_economy<Real> const& economy;
  Member member;
  std::span<Real const> values;
  static constexpr char const* element = "value ";

  [[nodiscard]] static Real& of(open_economy<Real>& e, Real open_economy<Real>::*m) { return e.*m; }
  [[nodiscard]] static Real& of(open_economy<Real>& e, Real closed_economy<Real>::*m) { return e.domestic.*m; }

  [[nodiscard]] std::size_t size() const { return values.size(); }
  [[nodiscard]] open_economy<Real> operator[](std::size_t k) const {
    open_economy<Real> out = economy;
    of(out, member) = values[k];
    return out;
  }
};

/// A source whose elements belong to values in a row, so that each can start from its neighbours.
template <class Source>
concept source_of_values = requires(Source const& source) {
  source.values;
};

/// Repeats a domain_error with the element that caused it.
template <class Source, class F>
decltype(auto) naming_element(std::size_t k, F const& f) {
  try {
    return f();
  } catch (domain_error const& e) {
    std::string where = Source::element + std::to_string(k);
    if (where[0] == 'v') where += " of the sweep";
    throw domain_error(where, e.parameter(), e.value(), e.restriction());
  }
}

/// In the place of a law, for models that have none.
struct no_law {};

/// In the place of what try_solve takes to say how, for models that take no solve_options.
struct no_options {};

template <class Economy, class Law, class How>
[[nodiscard]] auto solve_as_told(Economy const& economy, Law const& law, How const& how) {
  if constexpr (!std::is_same_v<Law, no_law>) {
    if constexpr (std::is_same_v<How, no_options>) {
      return try_solve(economy, law);
    } else {
      return try_solve(economy, law, how);
    }
  } else if constexpr (std::is_same_v<How, no_options>) {
    return try_solve(economy);
  } else {
    return try_solve(economy, how);
  }
}

/// The power of productivity that a firm's size is, of those models that bind a law to one.
template <real Real>
[[nodiscard]] Real size_exponent_of(open_economy<Real> const& economy) {
  return Real(economy.domestic.elasticity - 1);
}
template <class Economy>
[[nodiscard]] auto size_exponent_of(Economy const& economy) -> decltype(economy.size_exponent()) {
  return economy.size_exponent();
}

/// A law that can be bound once for all economies of one size exponent.
template <class Law, class Economy, class How>
concept bound_once = productivity_law<Law> &&
    requires(Economy const& economy, tail_of_t<Law> const& tail, How const& how) {
  size_exponent_of(economy);
  try_solve(economy, tail, how);
};

template <class Law>
struct tail_to_keep {
  using type = char;
};
template <productivity_law Law>
struct tail_to_keep<Law> {
  using type = tail_of_t<Law>;
};

/// try_solve of a source's elements, with the law bound once for all economies of the same size exponent.
template <class Source, class Law, class How>
class solve_one {
 public:
  using Economy = typename Source::economy_type;
  static constexpr bool binds = bound_once<Law, Economy, How>;

  solve_one(Source const& source, Law const& law, How const& how) : source_(source), law_(law), how_(how) {
    if constexpr (binds) {
      Economy const first = source[0];
      naming_element<Source>(0, [&] { first.validate(); });
      tail_.emplace(tail_of(law, size_exponent_of(first)));
    }
  }

  /// The law bound to the first economy's size exponent.
  [[nodiscard]] auto const& tail() const {
    if constexpr (binds) {
      return *tail_;
    } else {
      return law_;
    }
  }

  [[nodiscard]] auto operator()(std::size_t k) const {
    return naming_element<Source>(k, [&] {
      Economy const economy = source_[k];
      if constexpr (binds) {
        if (tail_->power() == size_exponent_of(economy)) return solve_as_told(economy, *tail_, how_);
      }
      return solve_as_told(economy, law_, how_);
    });
  }

 private:
  Source const& source_;
  Law const& law_;
  How how_;
  std::optional<typename tail_to_keep<std::conditional_t<binds, Law, no_law>>::type> tail_;
};

/// How many parts of type Part an economy has: itself, or those nested in it.
template <class Part, class Whole>
[[nodiscard]] constexpr std::size_t count_parts() {
  if constexpr (std::is_base_of_v<Part, Whole>) {
    return 1;
  } else if constexpr (told_economy<Whole>) {
    auto const of_row = []<class Row>(Row const&) {
      if constexpr (is_nested<Row>) return count_parts<Part, typename Row::member_type>();
      return std::size_t{0};
    };
    return Whole::parameters().apply([&](auto const&... rows) { return (std::size_t{0} + ... + of_row(rows)); });
  } else {
    return 0;
  }
}

/// The only part of type Part.
template <class Part, class Whole>
[[nodiscard]] Part& part_of(Whole& whole) {
  if constexpr (std::is_base_of_v<Part, Whole>) {
    return whole;
  } else {
    Part* found = nullptr;
    auto const look_in = [&]<class Row>(Row const& row) {
      if constexpr (is_nested<Row>) {
        if constexpr (count_parts<Part, typename Row::member_type>() == 1) found = &part_of<Part>(whole.*(row.at));
      }
    };
    Whole::parameters().apply([&](auto const&... rows) { (look_in(rows), ...); });
    return *found;
  }
}

}  // namespace detail
}  // namespace melitz
