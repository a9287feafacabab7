// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/analysis/columns.hpp>
#include <melitz/analysis/equilibria.hpp>
#include <melitz/analysis/sweep_lanes.hpp>
#include <melitz/analysis/sweep_sources.hpp>
#include <melitz/economy/primitives.hpp>
#include <melitz/numerics/visit_held.hpp>
#include <melitz/tail/tail.hpp>

#include <algorithm>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <exception>
#include <ranges>
#include <span>
#include <type_traits>
#include <utility>
#include <variant>

#if defined(_OPENMP)
#include <omp.h>
#endif

namespace melitz {

namespace detail {

/// Calls range(begin, end, alone) for consecutive ranges of [0, count), the first one here, the others on several
/// threads if that is asked for, possible and worth it. The partition depends on `count` alone. Of several exceptions
/// the one of the first range is thrown.
template <class Range>
void in_ranges(std::size_t count, std::size_t length, int threads, Range const& range) {
  auto const begin_of = [&](std::size_t k) { return std::min(count, k * length); };
  std::size_t const ranges = (count + length - 1) / length;
#if defined(_OPENMP)
  auto const clock = std::chrono::steady_clock::now();
  range(std::size_t{0}, begin_of(1), true);
  double const seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - clock).count();
  int const team = threads == 0 ? omp_get_num_procs() : threads;
  if (team > 1 && ranges > 1 && seconds * static_cast<double>(ranges) > 1e-3) {
    std::exception_ptr failure;
    std::size_t failed = ranges;
#pragma omp parallel for schedule(dynamic) num_threads(team)
    for (std::size_t k = 1; k < ranges; ++k) {
      try {
        range(begin_of(k), begin_of(k + 1), false);
      } catch (...) {
#pragma omp critical(melitz_sweep)
        if (k < failed) {
          failed = k;
          failure = std::current_exception();
        }
      }
    }
    if (failure) std::rethrow_exception(failure);
    return;
  }
  std::size_t k = 1;
#else
  static_cast<void>(threads);
  std::size_t k = 0;
#endif
  for (; k < ranges; ++k) range(begin_of(k), begin_of(k + 1), true);
}

template <class T>
inline constexpr bool is_variant = false;
template <class... Ts>
inline constexpr bool is_variant<std::variant<Ts...>> = true;

/// A part of a source that begins and ends at multiples of this, or at the end of the source, has the results that it
/// has as part of the whole, to the last bit: whole registers, and where each element starts from its neighbours, whole
/// ranges.
template <class Source>
inline constexpr std::size_t part_multiple = source_of_values<Source> ? 2048 : 64;

inline void check(sweep_options const& options) {
  require(options.threads >= 0, "sweep_options", "threads", options.threads, "be at least 0");
  require(options.max_evaluations > 0, "sweep_options", "max_evaluations", options.max_evaluations, "be positive");
}

/// Elements begin to end - 1 of a source, into the rows of `out` from the first.
template <class Source, class LawOrTail, real Real>
void solve_part(Source const& source, LawOrTail const& law, sweep_options const& options, std::size_t begin,
                std::size_t end, equilibria<Real>& out) {
  check(options);
  std::size_t const count = end - begin;
  out.resize(count);
  if (count == 0) return;
  solve_one const one(source, law, solve_options{.max_evaluations = options.max_evaluations});
#if MELITZ_HAS_LANES
  if constexpr (std::is_same_v<Real, double>) {
    double power = not_a_number<double>;  // any
    if constexpr (productivity_tail<LawOrTail>) power = law.power();
    auto const in_lanes = [&](auto& numbers) {
      in_ranges(count, 2048, options.threads, [&](std::size_t from, std::size_t to, bool alone) {
        auto const solve = [&](auto& own) {
          lanes::solve_range(own, power, source, one, begin + from, begin + to, out, begin);
        };
        if constexpr (std::is_base_of_v<lanes::lane_pieces, std::remove_cvref_t<decltype(numbers)>>) {
          if (!alone) {
            auto own = numbers;  // with what it has learnt in the first range
            return solve(static_cast<lanes::lane_pieces&>(own));
          }
          solve(static_cast<lanes::lane_pieces&>(numbers));
        } else {
          solve(numbers);
        }
      });
    };
    [[maybe_unused]] auto const in_its_lanes = [&]([[maybe_unused]] auto const& one_of_them) {
      constexpr bool it_has = lanes::has_lanes<std::remove_cvref_t<decltype(one_of_them)>>;
      if constexpr (it_has) {
        auto const& numbers = lanes::lane_numbers(one_of_them);
        in_lanes(numbers);
      }
      return it_has;
    };
    if (options.max_evaluations >= 32) {  // a small budget must run out where it does for a single solve
      using tail_type = std::remove_cvref_t<decltype(one.tail())>;
      if constexpr (is_variant<LawOrTail>) {
        if (detail::visit_held(in_its_lanes, law)) return;
      }
      if constexpr (lanes::has_lanes<LawOrTail>) {
        in_its_lanes(law);
        return;
      } else if constexpr (lanes::has_lanes<tail_type>) {
        in_its_lanes(one.tail());
        return;
      } else if (source.size() >= 64) {  // samples of a tail cost about as much as twenty solves
        lanes::sampled_pieces<tail_type> pieces(one.tail());
        in_lanes(pieces);
        return;
      }
    }
  }
#endif
  in_ranges(count, 64, options.threads, [&](std::size_t from, std::size_t to, bool) {
    for (std::size_t k = from; k < to; ++k) out.set(k, one(begin + k));
  });
}

/// Every element of a source, into `out`.
template <class Source, class LawOrTail, real Real>
void solve_all(Source const& source, LawOrTail const& law, sweep_options const& options, equilibria<Real>& out) {
  solve_part(source, law, options, 0, source.size(), out);
}

/// f(source) with what sweep() is asked to solve.
template <class Economy, class Change, class Values, class F>
void with_swept(Economy const& economy, Change const& change, Values const& values, F const& f) {
  using Real = typename Economy::real_type;
  constexpr bool closed = std::is_same_v<Economy, closed_economy<Real>>;
  constexpr bool of_open = std::is_same_v<Change, Real open_economy<Real>::*>;
  constexpr bool of_closed = std::is_same_v<Change, Real closed_economy<Real>::*>;
  static_assert(of_closed || (of_open && !closed) || std::invocable<Change const&, Economy&, Real const&>,
                "sweep: name a member of the economy, or give a function of (economy&, value)");
  open_economy<Real> base;
  if constexpr (closed) {
    base = as_open(economy);
  } else {
    base = economy;
  }
  if constexpr (of_open || of_closed) {
    f(swept_economies<Real, Change>{base, change, values});
  } else if constexpr (closed) {
    auto const inside = [&](open_economy<Real>& e, Real const& value) { change(e.domestic, value); };
    f(changed_economies<open_economy<Real>, decltype(inside)>{base, inside, values});
  } else {
    f(changed_economies<open_economy<Real>, Change>{base, change, values});
  }
}

/// What a model without lanes is solved under, and what it gives.
template <class Economy, class Law, class How>
using columns_of = columns<decltype(solve_as_told(std::declval<Economy const&>(), std::declval<Law const&>(),
                                                  std::declval<How const&>()))>;

/// Every element of a source of economies that have no lanes.
template <class Source, class Law, class How>
[[nodiscard]] auto solve_columns(Source const& source, Law const& law, sweep_options const& options, How const& how) {
  columns_of<typename Source::economy_type, Law, How> out;
  check(options);
  out.resize(source.size());
  if (source.size() == 0) return out;
  solve_one const one(source, law, how);
  in_ranges(source.size(), 8, options.threads, [&](std::size_t from, std::size_t to, bool) {
    for (std::size_t k = from; k < to; ++k) out.set(k, one(k));
  });
  return out;
}

/// f(how) with what try_solve is told: what the caller gave, or the budget where the model takes it like that.
template <class Economy, class Law, class F, class... How>
[[nodiscard]] auto with_options(sweep_options const& options, F const& f, How const&... how) {
  if constexpr (sizeof...(How) == 1) {
    return f(how...);
  } else if constexpr (requires(Economy const& e, Law const& law, solve_options const& o) { try_solve(e, law, o); }) {
    return f(solve_options{.max_evaluations = options.max_evaluations});
  } else {
    require(options.max_evaluations == sweep_options{}.max_evaluations, "sweep_options", "max_evaluations",
            options.max_evaluations, "be left out: this model has options of its own, which go after these");
    return f(no_options{});
  }
}

/// What sweep() of a model without lanes does.
template <class Economy, class Change, class Law, class... How>
[[nodiscard]] auto sweep_columns(Economy const& economy, Change const& change,
                                 std::span<typename Economy::real_type const> values, Law const& law,
                                 sweep_options const& options, How const&... how) {
  using Real = typename Economy::real_type;
  auto const solve = [&](auto const& set) {
    changed_economies<Economy, std::remove_cvref_t<decltype(set)>> const source{economy, set, values};
    return with_options<Economy, Law>(
        options, [&](auto const& told) { return solve_columns(source, law, options, told); }, how...);
  };
  if constexpr (std::is_member_object_pointer_v<Change>) {
    return solve([&]<class Part>(Real Part::*member) {
      static_assert(count_parts<Part, Economy>() == 1,
                    "sweep: name a member of the economy, or of what is nested in it once; or give a function of "
                    "(economy&, value)");
      return [member](Economy& e, Real const& value) { part_of<Part>(e).*member = value; };
    }(change));
  } else {
    static_assert(std::invocable<Change const&, Economy&, Real const&>,
                  "sweep: name a member of the economy, or give a function of (economy&, value)");
    return solve(change);
  }
}

}  // namespace detail

/// A closed or an open economy.
template <class E>
concept symmetric_economy =
    std::same_as<E, closed_economy<typename E::real_type>> || std::same_as<E, open_economy<typename E::real_type>>;

/// Any other economy with a try_solve whose result has a table: under a law, a tail, or laws by country.
template <class E, class Law>
concept economy_under = !symmetric_economy<E> && requires(E const& economy, Law const& law) {
  requires told_equilibrium<decltype(try_solve(economy, law))>;
};

/// One that is solved without a law.
template <class E>
concept economy_without_law = requires(E const& economy) {
  requires told_equilibrium<decltype(try_solve(economy))>;
};

/// As sweep(), into an existing table: allocates nothing if that has held as many elements before.
template <symmetric_economy Economy, class Change, class LawOrTail>
requires detail::law_or_tail<LawOrTail>
void sweep_into(equilibria<typename Economy::real_type>& out, Economy const& economy, Change const& change,
                std::type_identity_t<std::span<typename Economy::real_type const>> values, LawOrTail const& law,
                sweep_options const& options = {}) {
  detail::with_swept(economy, change, values,
                     [&](auto const& source) { detail::solve_all(source, law, options, out); });
}

/// Equilibria of an economy in which one primitive takes each of `values` in turn.
///
/// Every element equals what try_solve gives for that economy by itself, to rounding (see below), whatever the order of
/// the values and the number of threads. Elements are solved several at a time, each started from its neighbours where
/// the values advance evenly: log-normal and Pareto laws by their closed forms, other laws by polynomials through
/// samples of their tail, where there are enough elements to pay for these.
///
/// @param change  a member, as &open_economy<>::iceberg_cost or &closed_economy<>::entry_cost, or a function of
///                (economy&, value) that sets what it likes; it must be callable from several threads if those are used
/// @param law     a productivity law, bound once unless the elasticity changes, or a tail
/// @throws domain_error naming the element and its parameter: "value 17 of the sweep: iceberg_cost is 0.8; it must be
///         at least 1"
/// @return one column per result; a solve that fails has its status there and NaN in every column
/// Accuracy: log cutoffs within 6 eps max(1, |ln cutoff|) max(1, 3/(elasticity - 1)) of try_solve's under log-normal
///   and Pareto laws, 16 instead of 6 under others. Other results within 12 eps, relative, times the larger log cutoff
///   (at least 1) and 1 + domestic_elasticity + trade_elasticity.
/// Cost: about 20 ns an element where the processor has AVX-512, 30 with AVX2, whatever the compiler was told, else 60
///   (log-normal, one core of a Xeon, g++ 12).
/// Example: auto const r = sweep(trade, &open_economy<>::iceberg_cost, taus, lognormal<>{0, 0.8});  r.welfare[0];
template <symmetric_economy Economy, class Change, class LawOrTail>
requires detail::law_or_tail<LawOrTail>
[[nodiscard]] equilibria<typename Economy::real_type> sweep(
    Economy const& economy, Change const& change,
    std::type_identity_t<std::span<typename Economy::real_type const>> values, LawOrTail const& law,
    sweep_options const& options = {}) {
  equilibria<typename Economy::real_type> out;
  sweep_into(out, economy, change, values, law, options);
  return out;
}

/// As solve_each(), into an existing table: allocates nothing if that has held as many elements before.
template <class LawOrTail>
requires detail::law_or_tail<LawOrTail>
void solve_each_into(equilibria<law_real_t<LawOrTail>>& out,
                     std::type_identity_t<std::span<open_economy<law_real_t<LawOrTail>> const>> economies,
                     LawOrTail const& law, sweep_options const& options = {}) {
  detail::solve_all(detail::given_economies<open_economy<law_real_t<LawOrTail>>>{economies}, law, options, out);
}

/// Equilibria of many open economies under one law; a closed one goes in as as_open(economy). As sweep(), but every
/// element starts on its own.
///
/// @throws domain_error naming the element: "economy 17: iceberg_cost is 0.8; it must be at least 1"
template <class LawOrTail>
requires detail::law_or_tail<LawOrTail>
[[nodiscard]] equilibria<law_real_t<LawOrTail>> solve_each(
    std::type_identity_t<std::span<open_economy<law_real_t<LawOrTail>> const>> economies, LawOrTail const& law,
    sweep_options const& options = {}) {
  equilibria<law_real_t<LawOrTail>> out;
  solve_each_into(out, economies, law, options);
  return out;
}

/// The same of any other model: one column per row of its table of results.
///
/// Every element equals what try_solve gives for that economy by itself, to rounding: a law is bound once for all that
/// have the same size exponent. Elements do not start from one another.
///
/// @param change   a member of the economy, or of what is nested in it, as &open_economy<>::iceberg_cost; or a function
///                 of (economy&, value)
/// @param options  max_evaluations is for models that take solve_options; others take their own `how` after these
/// @throws domain_error naming the element and its parameter
/// Example: auto const r = sweep(economy, &technology_economy<>::cost_ratio, ratios, lognormal<>{0, 0.6});
///          r[&technology_equilibrium<>::welfare][0];  r.column("share_upgrading")[0];
template <class Economy, class Change, class Law, class... How>
requires economy_under<Economy, Law> &&(sizeof...(How) <= 1)
    [[nodiscard]] auto sweep(Economy const& economy, Change const& change,
                             std::type_identity_t<std::span<typename Economy::real_type const>> values, Law const& law,
                             sweep_options const& options = {}, How const&... how) {
  return detail::sweep_columns(economy, change, values, law, options, how...);
}

/// The same of a model without a law.
template <economy_without_law Economy, class Change, class... How>
requires(sizeof...(How) <= 1)
    [[nodiscard]] auto sweep(Economy const& economy, Change const& change,
                             std::type_identity_t<std::span<typename Economy::real_type const>> values,
                             sweep_options const& options = {}, How const&... how) {
  return detail::sweep_columns(economy, change, values, detail::no_law{}, options, how...);
}

/// Equilibria of many economies of one model under one law, as that sweep().
/// @param economies  a std::vector, std::array or std::span
template <std::ranges::contiguous_range Economies, class Law, class... How>
requires economy_under<std::ranges::range_value_t<Economies>, Law> &&(sizeof...(How) <= 1)
    [[nodiscard]] auto solve_each(Economies const& economies, Law const& law, sweep_options const& options = {},
                                  How const&... how) {
  using Economy = std::ranges::range_value_t<Economies>;
  detail::given_economies<Economy> const source{economies};
  return detail::with_options<Economy, Law>(
      options, [&](auto const& told) { return detail::solve_columns(source, law, options, told); }, how...);
}

}  // namespace melitz
