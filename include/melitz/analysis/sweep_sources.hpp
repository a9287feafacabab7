// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/economy/primitives.hpp>
#include <melitz/economy/solve.hpp>
#include <melitz/error.hpp>
#include <melitz/tail/tail.hpp>

#include <cstddef>
#include <optional>
#include <span>
#include <string>

namespace melitz {

/// How to solve many economies. No result depends on `threads`.
struct sweep_options {
  int threads = 1;            ///< 0 is one per core; used when compiled with -fopenmp and the work exceeds about 1 ms
  int max_evaluations = 200;  ///< of the free-entry condition, at most, for each economy
};

namespace detail {

// What is solved: economies by their number, and lanes full of them.

/// Economies given one by one.
template <real Real>
struct given_economies {
  std::span<open_economy<Real> const> economies;
  static constexpr char const* element = "economy ";

  [[nodiscard]] std::size_t size() const { return economies.size(); }
  [[nodiscard]] open_economy<Real> const& operator[](std::size_t k) const { return economies[k]; }
};

/// One economy in which a function changes something to each value in turn.
template <real Real, class Change>
struct changed_economies {
  open_economy<Real> const& economy;
  Change const& change;
  std::span<Real const> values;
  static constexpr char const* element = "value ";

  [[nodiscard]] std::size_t size() const { return values.size(); }
  [[nodiscard]] open_economy<Real> operator[](std::size_t k) const {
    open_economy<Real> out = economy;
    change(out, values[k]);
    return out;
  }
};

/// One economy in which one primitive takes each value in turn.
template <real Real, class Member>
struct swept_economies {
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

/// try_solve with the law bound once for all economies of the same elasticity.
template <class Source, class LawOrTail>
class solve_one {
 public:
  using Real = law_real_t<LawOrTail>;

  solve_one(Source const& source, LawOrTail const& law, sweep_options const& options)
      : source_(source), law_(law), options_{.max_evaluations = options.max_evaluations} {
    if constexpr (!productivity_tail<LawOrTail>) {
      open_economy<Real> const first = source[0];
      naming_element<Source>(0, [&] { first.validate(); });
      tail_.emplace(tail_of(law, Real(first.domestic.elasticity - 1)));
    }
  }

  /// The law bound to the first economy's elasticity.
  [[nodiscard]] auto const& tail() const {
    if constexpr (productivity_tail<LawOrTail>) {
      return law_;
    } else {
      return *tail_;
    }
  }

  [[nodiscard]] equilibrium<Real> operator()(std::size_t k) const {
    return naming_element<Source>(k, [&] {
      open_economy<Real> const economy = source_[k];
      if constexpr (productivity_tail<LawOrTail>) {
        return try_solve(economy, law_, options_);
      } else {
        if (tail_->power() == economy.domestic.elasticity - 1) return try_solve(economy, *tail_, options_);
        return try_solve(economy, law_, options_);
      }
    });
  }

 private:
  template <class L>
  struct bound {
    using type = char;
  };
  template <productivity_law L>
  struct bound<L> {
    using type = tail_of_t<L>;
  };

  Source const& source_;
  LawOrTail const& law_;
  solve_options options_;
  std::optional<typename bound<LawOrTail>::type> tail_;
};

}  // namespace detail
}  // namespace melitz
