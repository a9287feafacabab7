// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/analysis/equilibria.hpp>
#include <melitz/analysis/sweep_sources.hpp>
#include <melitz/economy/solve_lanes.hpp>
#include <melitz/numerics/widest_lanes.hpp>
#include <melitz/tail/lanes_of.hpp>
#include <melitz/tail/sampled_lanes.hpp>

#include <algorithm>
#include <cstddef>
#include <span>
#include <type_traits>
#include <vector>

#if MELITZ_HAS_LANES
namespace melitz::detail::lanes {
inline namespace MELITZ_LANES_NAMESPACE {

/// set(place, value) for every primitive of an economy.
template <class Set>
void for_each_primitive(open_economy<double> const& o, Set const& set) {
  auto const& d = o.domestic;
  set(elasticity, d.elasticity);
  set(fixed_cost, d.fixed_cost);
  set(entry_cost, d.entry_cost);
  set(death_rate, d.death_rate);
  set(labor, d.labor);
  set(partners, o.partners);
  set(iceberg_cost, o.iceberg_cost);
  set(export_fixed_cost, o.export_fixed_cost);
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

/// The elements of a source, whatever its type.
struct lane_elements {
  /// Primitive p of the elements first, first + 1, ... goes to out[p * width] and behind it; past the end that of the
  /// last one again.
  reference_to_function<void, std::size_t, std::size_t, double*> read;
  /// Solves one element by itself, into the table. @return its log cutoff
  reference_to_function<double, std::size_t> solve_alone;
  std::span<double const> values{};   ///< that the elements belong to, where there are such
  primitive swept = primitive_count;  ///< where the values themselves are one of the primitives, and the rest is equal
};

/// f(elements) with those up to `end`, of which each can be solved by solve_alone(k).
template <class Source, class Alone, class F>
void with_elements(Source const& source, std::size_t end, Alone const& solve_alone, F const& f) {
  auto const read = [&](std::size_t first, std::size_t width, double* out) {
    for (std::size_t k = 0; k < width; ++k) {
      for_each_primitive(source[std::min(first + k, end - 1)], [&](primitive p, double x) { out[p * width + k] = x; });
    }
  };
  lane_elements elements{.read = decltype(lane_elements::read)(read),
                         .solve_alone = decltype(lane_elements::solve_alone)(solve_alone)};
  if constexpr (source_of_values<Source>) elements.values = source.values;
  if constexpr (requires { source.member; }) elements.swept = place_of(source.member);
  f(elements);
}

/// What a sweep has to do again from one block of lanes to the next.
struct renewal {
  bool costs, power;
};

/// Fills the lanes with elements first, first + 1, ...; past `end` with the last one again.
template <class Pack>
MELITZ_LANES_INLINE renewal fill(lane_economies<Pack>& e, lane_elements const& elements, std::size_t first,
                                 std::size_t end, bool start) {
  primitive const swept = elements.swept;
  if (start || swept == primitive_count) {
    double primitives[primitive_count * Pack::width];
    elements.read(first, Pack::width, primitives);
    for (std::size_t p = 0; p < primitive_count; ++p) e.given[p] = load<Pack>(primitives + p * Pack::width);
    return {true, true};
  }
  e.given[swept] = load_first<Pack>(elements.values.data() + first, end - first);
  return {!(swept == iceberg_cost || swept == entry_cost || swept == death_rate), swept == elasticity};
}

/// The last cutoffs of a sweep against the value that is swept, and where a parabola through them says the next lies.
template <class Pack>
class extrapolation {
  using pack = Pack;

 public:
  /// @return false where the values do not advance evenly enough for a guess
  MELITZ_LANES_INLINE bool guess(pack const& value, pack& t) {
    pack const ahead = value - value_;
    bool const even = known_ >= 3 && all((ahead * gap_ > 0) & (abs(ahead) <= 2 * abs(gap_)));
    // Three blocks in even steps are known when `evenly_` counts two.
    evenly_ = even || known_ < 3 ? evenly_ + 1 : 0;
    ahead_ = ahead;
    pack const both = ahead + gap_, inverse = 1 / (ahead * both);  // of both in one division
    per_ahead_ = both * inverse;
    per_both_ = ahead * inverse;
    if (!even || evenly_ < 3) return false;
    t = t_ + ahead * (slope_ + both * bend_);
    return all(abs(t - t_) < 1);
  }
  MELITZ_LANES_INLINE void add(pack const& value, pack const& t) {
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

/// Into rows first, ..., first + count - 1 of the table, whose statuses are those of success already.
template <class Pack>
MELITZ_LANES_INLINE void write(equilibria<double>& out, std::size_t first, std::size_t count,
                               lane_results<Pack> const& r) {
  auto const put = [&](std::vector<double>& column, Pack const& x)
                       MELITZ_LANES_LAMBDA { store_first(column.data() + first, count, x); };
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
}

/// Solves elements begin to end - 1, two registers full at a time.
///
/// @param power    the only one that the tail is good for, or NaN where any is
/// @param row_zero the element that the first row of `out` is for
template <class Tail>
MELITZ_LANES_INLINE void solve_lanes(Tail& tail, double power, lane_elements const& elements, std::size_t begin,
                                     std::size_t end, equilibria<double>& out, std::size_t row_zero) {
  using pack = typename Tail::pack;
  constexpr std::size_t width = pack::width;
  bool const in_a_row = !elements.values.empty();
  lane_economies<pack> economies{};
  extrapolation<pack> curve;
  for (std::size_t first = begin; first < end; first += width) {
    std::size_t const count = std::min(width, end - first);
    auto const renew = fill(economies, elements, first, end, first == begin);
    economies.prepare(renew.costs);
    if (renew.power) {
      tail.bind(economies.power);
      if (power == power) tail.bound &= economies.power == power;
    }
    if (!any(tail.bound)) {
      for (std::size_t k = first; k < first + count; ++k) elements.solve_alone(k);
      continue;
    }
    lane_entry<Tail> entry(economies, tail);
    bool warm = false;
    pack value{};
    if (in_a_row) {
      value = load_first<pack>(elements.values.data() + first, count);
      warm = curve.guess(value, entry.t);
    }
    if (!warm) entry.t = entry.lower_bound();
    entry.solve(8);
    lane_results<pack> const results = entry.results();
    write(out, first - row_zero, count, results);
    pack t = results.log_cutoff;
    if (!all(results.converged)) [[unlikely]] {
      for (std::size_t k = 0; k < count; ++k) {
        if (!results.converged[k]) t.set(k, elements.solve_alone(first + k));
      }
    }
    if (in_a_row) curve.add(value, t);
  }
}

/// The same as a kernel, for each kind of tail.
/// @tparam Numbers  what lanes of the tail are made of
template <class Numbers>
struct range_of_sweep {
  Numbers& numbers;
  double power;
  lane_elements const& elements;
  std::size_t begin, end;
  equilibria<double>& out;
  std::size_t row_zero;

  template <class Pack>
  MELITZ_LANES_INLINE void operator()() const {
    auto tail = lanes_of<Pack>(numbers);
    solve_lanes(tail, power, elements, begin, end, out, row_zero);
  }
};

/// Elements begin to end - 1 of a source, in the widest lanes. one(k) solves an element by itself.
template <class Numbers, class Source, class One>
void solve_range(Numbers& numbers, double power, Source const& source, One const& one, std::size_t begin,
                 std::size_t end, equilibria<double>& out, std::size_t row_zero) {
  std::fill_n(out.reason.data() + (begin - row_zero), end - begin, status::converged);
  auto const alone = [&](std::size_t k) {
    auto const e = one(k);
    out.set(k - row_zero, e);
    return e.log_cutoff;
  };
  with_elements(source, end, alone, [&](lane_elements const& elements) {
    in_widest(range_of_sweep<Numbers>{numbers, power, elements, begin, end, out, row_zero});
  });
}

}  // namespace MELITZ_LANES_NAMESPACE
}  // namespace melitz::detail::lanes
#endif
