// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/analysis/equilibria.hpp>
#include <melitz/economy/lanes.hpp>
#include <melitz/economy/primitives.hpp>
#include <melitz/economy/solve.hpp>
#include <melitz/tail/tail.hpp>

#include <algorithm>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <exception>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

#if defined(_OPENMP)
#include <omp.h>
#endif

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

#if MELITZ_HAS_LANES
namespace lanes {
inline namespace MELITZ_LANES_NAMESPACE {

/// What a sweep has to do again from one block of lanes to the next.
struct renewal {
  bool costs, power;
};

MELITZ_LANES_INLINE void put(lane_economies& e, std::size_t lane, open_economy<double> const& o) {
  auto const& d = o.domestic;
  e.given[elasticity][lane] = d.elasticity;
  e.given[fixed_cost][lane] = d.fixed_cost;
  e.given[entry_cost][lane] = d.entry_cost;
  e.given[death_rate][lane] = d.death_rate;
  e.given[labor][lane] = d.labor;
  e.given[partners][lane] = o.partners;
  e.given[iceberg_cost][lane] = o.iceberg_cost;
  e.given[export_fixed_cost][lane] = o.export_fixed_cost;
}

/// Fills the lanes with elements first, first + 1, ...; past `end` with the last one again.
template <class Source>
MELITZ_LANES_INLINE renewal fill(lane_economies& e, Source const& source, std::size_t first, std::size_t end, bool) {
  for (std::size_t k = 0; k < width; ++k) put(e, k, source[std::min(first + k, end - 1)]);
  return {true, true};
}

/// Where a member stands in the list of primitives.
template <class Member>
[[nodiscard]] primitive place_of(Member member) {
  using o = open_economy<double>;
  using d = closed_economy<double>;
  if constexpr (std::is_same_v<Member, double o::*>) {
    return member == &o::partners ? partners : member == &o::iceberg_cost ? iceberg_cost : export_fixed_cost;
  } else {
    return member == &d::elasticity   ? elasticity
           : member == &d::fixed_cost ? fixed_cost
           : member == &d::entry_cost ? entry_cost
           : member == &d::death_rate ? death_rate
                                      : labor;
  }
}

[[nodiscard]] MELITZ_LANES_INLINE pack swept_values(std::span<double const> values, std::size_t first,
                                                    std::size_t end) {
  if (first + width <= end) return load(values.data() + first);
  pack out{};
  for (std::size_t k = 0; k < width; ++k) out[k] = values[std::min(first + k, end - 1)];
  return out;
}

template <class Member>
MELITZ_LANES_INLINE renewal fill(lane_economies& e, swept_economies<double, Member> const& source, std::size_t first,
                                 std::size_t end, bool start) {
  if (start) {
    for (std::size_t k = 0; k < width; ++k) put(e, k, source.economy);
  }
  auto const place = place_of(source.member);
  e.given[place] = swept_values(source.values, first, end);
  return {start || !(place == iceberg_cost || place == entry_cost || place == death_rate),
          start || place == elasticity};
}

/// The last cutoffs of a sweep against the value that is swept, and where a parabola through them says the next lies.
class extrapolation {
 public:
  /// @return false where the values do not advance evenly enough for a guess
  MELITZ_LANES_INLINE bool guess(pack value, pack& t) {
    pack const ahead = value - value_;
    bool const even = known_ >= 3 && all((ahead * gap_ > 0) & (abs(ahead) <= 2 * abs(gap_)));
    // Three blocks in even steps are known when `evenly_` counts two.
    evenly_ = even || known_ < 3 ? evenly_ + 1 : 0;
    ahead_ = ahead;
    per_ahead_ = 1 / ahead;
    per_both_ = 1 / (ahead + gap_);
    if (!even || evenly_ < 3) return false;
    t = t_ + ahead * (slope_ + (ahead + gap_) * bend_);
    return all(abs(t - t_) < 1);
  }
  MELITZ_LANES_INLINE void add(pack value, pack t) {
    pack const slope = (t - t_) * per_ahead_;
    bend_ = (slope - slope_) * per_both_;
    slope_ = slope;
    gap_ = ahead_;
    value_ = value;
    t_ = t;
    if (known_ < 3) ++known_;
  }

 private:
  pack value_{}, t_{}, gap_{}, ahead_{}, per_ahead_{}, per_both_{}, slope_{}, bend_{};
  int known_ = 0, evenly_ = 0;
};

MELITZ_LANES_INLINE void store_some(double* to, pack x, std::size_t count) {
  if (count == width) {
    store(to, x);
  } else {
    for (std::size_t k = 0; k < count; ++k) to[k] = x[k];
  }
}

MELITZ_LANES_INLINE void write(equilibria<double>& out, std::size_t first, std::size_t count, lane_results const& r) {
  auto const put = [&](std::vector<double>& column, pack x)
                       MELITZ_LANES_LAMBDA { store_some(column.data() + first, x, count); };
  put(out.residual, r.residual);
  put(out.log_cutoff, r.log_cutoff);
  put(out.domestic_share, r.domestic_share);
  put(out.cutoff, r.cutoff);
  put(out.export_cutoff, r.export_cutoff);
  put(out.share_exporting, r.share_exporting);
  put(out.average_productivity, r.average_productivity);
  put(out.average_export_productivity, r.average_export_productivity);
  put(out.average_variety_productivity, r.average_variety_productivity);
  put(out.average_profit, r.average_profit);
  put(out.average_revenue, r.average_revenue);
  put(out.mass_producers, r.mass_producers);
  put(out.mass_exporters, r.mass_exporters);
  put(out.mass_varieties, r.mass_varieties);
  put(out.price_index, r.price_index);
  put(out.welfare, r.welfare);
  std::fill_n(out.reason.data() + first, count, status::converged);
}

/// Solves elements begin to end - 1, a register full at a time.
///
/// @param power  the only one that the tail is good for, or NaN where any is
template <class Tail, class Source, class One>
void solve_range(Tail tail, double power, Source const& source, One const& one, std::size_t begin, std::size_t end,
                 equilibria<double>& out) {
  lane_economies economies{};
  extrapolation curve;
  for (std::size_t first = begin; first < end; first += width) {
    std::size_t const count = std::min(width, end - first);
    auto const renew = fill(economies, source, first, end, first == begin);
    economies.prepare(renew.costs);
    if (renew.power) {
      tail.bind(economies.power);
      if (power == power) tail.bound &= economies.power == power;
    }
    lane_entry<Tail> entry(economies, tail);
    bool warm = false;
    pack value{};
    if constexpr (requires { source.values; }) {
      value = swept_values(source.values, first, end);
      warm = curve.guess(value, entry.t);
    }
    if (!warm) entry.t = entry.lower_bound();
    entry.solve(8);
    lane_results const results = entry.results();
    write(out, first, count, results);
    pack t = results.log_cutoff;
    if (!all(results.converged)) [[unlikely]] {
      for (std::size_t k = 0; k < count; ++k) {
        if (results.converged[k]) continue;
        auto const alone = one(first + k);
        out.set(first + k, alone);
        t[k] = alone.log_cutoff;
      }
    }
    if constexpr (requires { source.values; }) curve.add(value, t);
  }
}

}  // namespace MELITZ_LANES_NAMESPACE
}  // namespace lanes
#endif

/// Calls range(begin, end) for consecutive ranges of [0, count), the first one here, the others on several threads if
/// that is asked for, possible and worth it. The partition depends on `count` alone. Of several exceptions the one of
/// the first range is thrown.
template <class Range>
void in_ranges(std::size_t count, std::size_t length, int threads, Range const& range) {
  auto const begin_of = [&](std::size_t k) { return std::min(count, k * length); };
  std::size_t const ranges = (count + length - 1) / length;
#if defined(_OPENMP)
  auto const clock = std::chrono::steady_clock::now();
  range(std::size_t{0}, begin_of(1));
  double const seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - clock).count();
  int const team = threads == 0 ? omp_get_num_procs() : threads;
  if (team > 1 && ranges > 1 && seconds * static_cast<double>(ranges) > 1e-3) {
    std::exception_ptr failure;
    std::size_t failed = ranges;
#pragma omp parallel for schedule(dynamic) num_threads(team)
    for (std::size_t k = 1; k < ranges; ++k) {
      try {
        range(begin_of(k), begin_of(k + 1));
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
  for (; k < ranges; ++k) range(begin_of(k), begin_of(k + 1));
}

template <class T>
inline constexpr bool is_variant = false;
template <class... Ts>
inline constexpr bool is_variant<std::variant<Ts...>> = true;

/// Every element of a source, into `out`.
template <class Source, class LawOrTail, real Real>
void solve_all(Source const& source, LawOrTail const& law, sweep_options const& options, equilibria<Real>& out) {
  require(options.threads >= 0, "sweep_options", "threads", options.threads, "be at least 0");
  require(options.max_evaluations > 0, "sweep_options", "max_evaluations", options.max_evaluations, "be positive");
  std::size_t const count = source.size();
  out.resize(count);
  if (count == 0) return;
  solve_one<Source, LawOrTail> const one(source, law, options);
#if MELITZ_HAS_LANES
  // A small budget must run out where it does for a single solve.
  if (options.max_evaluations >= 32) {
    auto const in_lanes = [&](auto const& family) {
      auto const tail = lanes::lanes_of(family);
      double power = not_a_number<double>;
      if constexpr (productivity_tail<LawOrTail>) power = law.power();
      in_ranges(count, 2048, options.threads, [&](std::size_t begin, std::size_t end) {
        lanes::solve_range(tail, power, source, one, begin, end, out);
      });
    };
    if constexpr (std::is_same_v<Real, double> && lanes::has_lanes<LawOrTail>) return in_lanes(law);
    if constexpr (std::is_same_v<Real, double> && is_variant<LawOrTail>) {
      bool const done = std::visit(
          [&](auto const& family) {
            if constexpr (lanes::has_lanes<std::remove_cvref_t<decltype(family)>>) {
              in_lanes(family);
              return true;
            }
            return false;
          },
          law);
      if (done) return;
    }
  }
#endif
  in_ranges(count, 64, options.threads, [&](std::size_t begin, std::size_t end) {
    for (std::size_t k = begin; k < end; ++k) out.set(k, one(k));
  });
}

}  // namespace detail

/// A closed or an open economy.
template <class E>
concept symmetric_economy =
    std::same_as<E, closed_economy<typename E::real_type>> || std::same_as<E, open_economy<typename E::real_type>>;

/// As sweep(), into an existing table: allocates nothing if that has held as many elements before.
template <symmetric_economy Economy, class Change, class LawOrTail>
requires productivity_law<LawOrTail> || productivity_tail<LawOrTail>
void sweep_into(equilibria<typename Economy::real_type>& out, Economy const& economy, Change const& change,
                std::type_identity_t<std::span<typename Economy::real_type const>> values, LawOrTail const& law,
                sweep_options const& options = {}) {
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
    detail::solve_all(detail::swept_economies<Real, Change>{base, change, values}, law, options, out);
  } else if constexpr (closed) {
    auto const inside = [&](open_economy<Real>& e, Real const& value) { change(e.domestic, value); };
    detail::solve_all(detail::changed_economies<Real, decltype(inside)>{base, inside, values}, law, options, out);
  } else {
    detail::solve_all(detail::changed_economies<Real, Change>{base, change, values}, law, options, out);
  }
}

/// Equilibria of an economy in which one primitive takes each of `values` in turn.
///
/// Every element equals what try_solve gives for that economy by itself, to rounding (see below), whatever the order of
/// the values and the number of threads. Log-normal and Pareto laws are solved several elements at a time, each started
/// from its neighbours where the values advance evenly; all other laws one at a time.
///
/// @param change  a member, as &open_economy<>::iceberg_cost or &closed_economy<>::entry_cost, or a function of
///                (economy&, value) that sets what it likes; it must be callable from several threads if those are used
/// @param law     a productivity law, bound once unless the elasticity changes, or a tail
/// @throws domain_error naming the element and its parameter: "value 17 of the sweep: iceberg_cost is 0.8; it must be
///         at least 1"
/// @return one column per result; a solve that fails has its status there and NaN in every column
/// Accuracy: log cutoffs within 4 eps max(1, |ln cutoff|) of try_solve's.
/// Cost: about 20 ns an element with AVX-512, 130 without any flag (log-normal, one core).
/// Example: auto const r = sweep(trade, &open_economy<>::iceberg_cost, taus, lognormal<>{0, 0.8});  r.welfare[0];
template <symmetric_economy Economy, class Change, class LawOrTail>
requires productivity_law<LawOrTail> || productivity_tail<LawOrTail>
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
requires productivity_law<LawOrTail> || productivity_tail<LawOrTail>
void solve_each_into(equilibria<law_real_t<LawOrTail>>& out,
                     std::type_identity_t<std::span<open_economy<law_real_t<LawOrTail>> const>> economies,
                     LawOrTail const& law, sweep_options const& options = {}) {
  detail::solve_all(detail::given_economies<law_real_t<LawOrTail>>{economies}, law, options, out);
}

/// Equilibria of many open economies under one law; a closed one goes in as as_open(economy). As sweep(), but every
/// element starts on its own.
///
/// @throws domain_error naming the element: "economy 17: iceberg_cost is 0.8; it must be at least 1"
template <class LawOrTail>
requires productivity_law<LawOrTail> || productivity_tail<LawOrTail>
[[nodiscard]] equilibria<law_real_t<LawOrTail>> solve_each(
    std::type_identity_t<std::span<open_economy<law_real_t<LawOrTail>> const>> economies, LawOrTail const& law,
    sweep_options const& options = {}) {
  equilibria<law_real_t<LawOrTail>> out;
  solve_each_into(out, economies, law, options);
  return out;
}

}  // namespace melitz
