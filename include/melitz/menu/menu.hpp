// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/menu/envelope.hpp>
#include <melitz/menu/names.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace melitz {

/// One thing a firm may do: profit A slope phi^r - fixed_cost, where A is the demand shifter and r the size exponent.
template <real Real = double>
struct option {
  std::string name{};                               ///< of no other option, nor "exit"; may be left out
  Real slope = detail::not_a_number<Real>;          ///< >= 0, operating profit per unit of A phi^r
  Real fixed_cost = detail::not_a_number<Real>;     ///< any sign, in labour; a subsidy is negative
  Real revenue_slope = detail::not_a_number<Real>;  ///< revenue per unit of A phi^r; NaN means elasticity * slope
  /// Smallest scaled size Y = A phi^r at which a firm can have it, 0 for no constraint. Where it would pay at less,
  /// profit jumps up there (liquidity that an export cost must be covered by, a lender's condition).
  Real least_size{0};
};

/// What a firm can choose from. Exit, at profit 0, is always in the menu and need not be listed.
template <real Real = double>
using menu = std::vector<option<Real>>;

/// An option that some firms pick, and the scaled size Y = A phi^r from which on they do.
template <real Real = double>
struct chosen_option {
  std::size_t index;  ///< position in the menu, or the menu's length for exit
  std::string name;
  Real slope;
  Real fixed_cost;
  Real revenue_slope;
  Real threshold;  ///< in Y; 0 for the first
  Real jump{0};    ///< by how much profit exceeds the previous option's there: 0 unless a constraint binds
};

namespace detail {

/// The upper envelope of lines. @pre sorted by slope, then by cost
template <real Real>
[[nodiscard]] std::vector<chosen_option<Real>> hull_of_lines(std::vector<chosen_option<Real>> lines) {
  std::vector<chosen_option<Real>> kept;
  kept.reserve(lines.size());
  for (auto& line : lines) {
    if (!kept.empty() && line.slope == kept.back().slope) continue;  // as steep and no cheaper
    // Pop every option that the new one overtakes before it was worth while. Compared by products: no division.
    while (!kept.empty()) {
      Real const cost = line.fixed_cost - kept.back().fixed_cost, gain = line.slope - kept.back().slope;
      bool const useless = kept.size() == 1 ? cost <= 0
                                            : cost * (kept.back().slope - kept[kept.size() - 2].slope) <=
                                                  (kept.back().fixed_cost - kept[kept.size() - 2].fixed_cost) * gain;
      if (!useless) break;
      kept.pop_back();
    }
    line.threshold =
        kept.empty() ? Real(0) : Real((line.fixed_cost - kept.back().fixed_cost) / (line.slope - kept.back().slope));
    kept.push_back(std::move(line));
  }
  return kept;
}

/// The best options by size where some need a least size: between two such sizes the choice is that of a menu without
/// constraints. @pre sorted by slope, then by cost
template <real Real>
[[nodiscard]] std::vector<chosen_option<Real>> constrained_hull(std::vector<chosen_option<Real>> const& lines,
                                                                menu<Real> const& options) {
  auto const least_size = [&](chosen_option<Real> const& o) {
    return o.index < options.size() ? options[o.index].least_size : Real(0);
  };
  std::vector<Real> sizes{Real(0)};
  for (auto const& o : options) sizes.push_back(o.least_size);
  std::sort(sizes.begin(), sizes.end());
  sizes.erase(std::unique(sizes.begin(), sizes.end()), sizes.end());
  std::vector<chosen_option<Real>> out;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    std::vector<chosen_option<Real>> feasible;
    for (auto const& o : lines) {
      if (least_size(o) <= sizes[i]) feasible.push_back(o);
    }
    auto const kept = hull_of_lines(std::move(feasible));
    std::size_t first = kept.size() - 1;  // the best at this size
    while (kept[first].threshold > sizes[i]) --first;
    for (std::size_t k = first; k < kept.size(); ++k) {
      if (i + 1 < sizes.size() && kept[k].threshold >= sizes[i + 1]) break;
      auto next = kept[k];
      if (!out.empty() && next.index == out.back().index) continue;
      if (k == first && !out.empty()) {
        auto const& before = out.back();
        std::string const where =
            next.index < options.size() ? option_in_words("menu option", options, next.index) : next.name;
        require(next.slope > before.slope, where, "slope", next.slope,
                "exceed that of the option it replaces at its least size");
        next.threshold = sizes[i];
        next.jump =
            std::max(Real((next.slope - before.slope) * sizes[i] - (next.fixed_cost - before.fixed_cost)), Real(0));
        require(next.fixed_cost >= before.fixed_cost, where, "fixed_cost", next.fixed_cost,
                "be at least that of the option it replaces at its least size");
      }
      out.push_back(std::move(next));
    }
  }
  return out;
}

/// Says what is wrong with an option: nothing is spent on words where all is well. @throws domain_error
template <real Real>
void reject_option(menu<Real> const& options, std::size_t k) {
  auto const& o = options[k];
  std::string const where = option_in_words("menu option", options, k);
  require(o.slope >= 0 && is_finite(o.slope), where, "slope", o.slope, "be at least 0 and finite");
  require(is_finite(o.fixed_cost), where, "fixed_cost", o.fixed_cost, "be finite");
  require(o.least_size >= 0 && is_finite(o.least_size), where, "least_size", o.least_size, "be at least 0 and finite");
}

}  // namespace detail

/// The options on the upper envelope of the menu, in ascending order of slope and threshold, exit included if any firm
/// exits. It does not depend on the demand shifter nor on the law.
///
/// Options that are dominated, or that tie with a combination of their neighbours, are left out; at a threshold itself
/// the firm picks the steeper option. O(K log K) for K options, times the number of least sizes.
/// @throws domain_error when a name is "exit" or another option's, a slope, a cost or a least size is NaN or infinite,
/// a
///         slope or a least size negative, no slope positive, or an option that becomes feasible is flatter or cheaper
///         than the one it replaces
template <real Real>
[[nodiscard]] std::vector<chosen_option<Real>> hull(menu<Real> const& options) {
  detail::require_names("menu option", options);
  std::vector<chosen_option<Real>> all;
  all.reserve(options.size() + 1);
  bool any_slope = false, constrained = false;
  for (std::size_t k = 0; k < options.size(); ++k) {
    auto const& o = options[k];
    bool const sound = o.slope >= 0 && detail::is_finite(o.slope) && detail::is_finite(o.fixed_cost) &&
                       o.least_size >= 0 && detail::is_finite(o.least_size);
    if (!sound) detail::reject_option(options, k);
    any_slope = any_slope || o.slope > 0;
    constrained = constrained || o.least_size > 0;
    all.push_back({k, o.name, o.slope, o.fixed_cost, o.revenue_slope, Real(0)});
  }
  detail::require(any_slope, "menu", "largest slope", Real(0), "be positive, or no firm ever earns anything");
  auto const flatter = [](auto const& a, auto const& b) {
    return a.slope != b.slope ? a.slope < b.slope : a.fixed_cost < b.fixed_cost;
  };
  if (!std::is_sorted(all.begin(), all.end(), flatter)) std::stable_sort(all.begin(), all.end(), flatter);
  chosen_option<Real> exit{options.size(), "exit", Real(0), Real(0), Real(0), Real(0)};
  auto const place = std::upper_bound(all.begin(), all.end(), exit, flatter);
  all.insert(place, std::move(exit));
  return constrained ? detail::constrained_hull(all, options) : detail::hull_of_lines(std::move(all));
}

/// The envelope of a hull, ready for free entry. @pre the hull comes from hull(): slopes ascend strictly
template <real Real>
[[nodiscard]] envelope<Real> envelope_of(std::vector<chosen_option<Real>> const& hull) {
  using std::log;
  auto const& base = hull.front();
  envelope<Real> out{Real(0), Real(0), base.slope, base.fixed_cost, {}};
  for (std::size_t k = 1; k < hull.size(); ++k) {
    Real const gain = hull[k].slope - hull[k - 1].slope;
    Real const cost = hull[k].fixed_cost - hull[k - 1].fixed_cost + hull[k].jump;  // gain * threshold
    if (k == 1) {
      out.fixed_cost = cost;
      out.slope = gain;
      out.kinks.push_back({Real(1), Real(0), Real(hull[k].jump / cost)});
      continue;
    }
    Real const weight = cost / out.fixed_cost;
    out.kinks.push_back({weight, Real(log(Real(weight * (out.slope / gain)))), Real(hull[k].jump / out.fixed_cost)});
  }
  return out;
}

}  // namespace melitz
