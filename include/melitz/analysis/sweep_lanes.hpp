// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/analysis/equilibria.hpp>
#include <melitz/analysis/sweep_sources.hpp>
#include <melitz/economy/solve_lanes.hpp>

#include <algorithm>
#include <cstddef>
#include <span>
#include <type_traits>
#include <vector>

#if MELITZ_HAS_LANES
namespace melitz::detail::lanes {
inline namespace MELITZ_LANES_NAMESPACE {

/// What a sweep has to do again from one block of lanes to the next.
struct renewal {
  bool costs, power;
};

/// set(place, value) for every primitive of an economy.
template <class Set>
MELITZ_LANES_INLINE void for_each_primitive(open_economy<double> const& o, Set const& set) {
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

/// Fills the lanes with elements first, first + 1, ...; past `end` with the last one again.
template <class Source>
MELITZ_LANES_INLINE renewal fill(lane_economies& e, Source const& source, std::size_t first, std::size_t end, bool) {
  for (std::size_t k = 0; k < width; ++k) {
    for_each_primitive(source[std::min(first + k, end - 1)],
                       [&](primitive p, double x) MELITZ_LANES_LAMBDA { e.given[p].set(k, x); });
  }
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
  double padded[width];
  for (std::size_t k = 0; k < width; ++k) padded[k] = values[std::min(first + k, end - 1)];
  return load(padded);
}

template <class Member>
MELITZ_LANES_INLINE renewal fill(lane_economies& e, swept_economies<double, Member> const& source, std::size_t first,
                                 std::size_t end, bool start) {
  if (start) {
    for_each_primitive(source.economy, [&](primitive p, double x) MELITZ_LANES_LAMBDA { e.given[p] = all_of(x); });
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
    pack const both = ahead + gap_, inverse = 1 / (ahead * both);  // of both in one division
    per_ahead_ = both * inverse;
    per_both_ = ahead * inverse;
    if (!even || evenly_ < 3) return false;
    t = t_ + ahead * (slope_ + both * bend_);
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

/// Into rows first, ..., first + count - 1 of the table, whose statuses are those of success already.
MELITZ_LANES_INLINE void write(equilibria<double>& out, std::size_t first, std::size_t count, lane_results const& r) {
  auto const each_column = [&](auto const& put) MELITZ_LANES_LAMBDA {
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
  };
  if (count == width) [[likely]] {
    each_column([&](auto& column, pack x) MELITZ_LANES_LAMBDA { store(column.data() + first, x); });
  } else {
    each_column([&](auto& column, pack x) {
      double rows[width];
      store(rows, x);
      std::copy_n(rows, count, column.data() + first);
    });
  }
}

/// Solves elements begin to end - 1, a register full at a time.
///
/// @param power    the only one that the tail is good for, or NaN where any is
/// @param row_zero the element that the first row of `out` is for
template <class Tail, class Source, class One>
void solve_range(Tail& tail, double power, Source const& source, One const& one, std::size_t begin, std::size_t end,
                 equilibria<double>& out, std::size_t row_zero) {
  std::fill_n(out.reason.data() + (begin - row_zero), end - begin, status::converged);
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
    if (!any(tail.bound)) {
      for (std::size_t k = first; k < std::min(first + width, end); ++k) out.set(k - row_zero, one(k));
      continue;
    }
    lane_entry<Tail> entry(economies, tail);
    bool warm = false;
    pack value{};
    if constexpr (source_of_values<Source>) {
      value = swept_values(source.values, first, end);
      warm = curve.guess(value, entry.t);
    }
    if (!warm) entry.t = entry.lower_bound();
    entry.solve(8);
    lane_results const results = entry.results();
    write(out, first - row_zero, count, results);
    pack t = results.log_cutoff;
    if (!all(results.converged)) [[unlikely]] {
      double solved[width], cutoffs[width];
      store(solved, select(results.converged, all_of(1), pack{}));
      store(cutoffs, t);
      for (std::size_t k = 0; k < count; ++k) {
        if (solved[k] != 0) continue;
        auto const alone = one(first + k);
        out.set(first + k - row_zero, alone);
        cutoffs[k] = alone.log_cutoff;
      }
      t = load(cutoffs);
    }
    if constexpr (source_of_values<Source>) curve.add(value, t);
  }
}

}  // namespace MELITZ_LANES_NAMESPACE
}  // namespace melitz::detail::lanes
#endif
