// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/entry/expected_profit.hpp>
#include <melitz/error.hpp>
#include <melitz/menu/envelope.hpp>
#include <melitz/numerics/log_pair.hpp>
#include <melitz/numerics/roots.hpp>
#include <melitz/tail/tail.hpp>

#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

namespace melitz {

/// How hard to try. The default is far more than any solve needs; it bounds the work on a malformed user law.
struct solve_options {
  int max_evaluations = 200;  ///< evaluations of the free-entry condition, at most
};

/// Where free entry holds, whether or not it was found.
template <real Real>
struct free_entry_solution {
  status reason = status::not_solved;
  Real log_cutoff = detail::not_a_number<Real>;      ///< ln of productivity at the envelope's reference kink
  Real residual = detail::not_a_number<Real>;        ///< expected profit over entry cost, minus one
  Real error_estimate = detail::not_a_number<Real>;  ///< relative error of the law's tail; 0 for closed forms
  int evaluations = 0;                               ///< of the free-entry condition, each one tail per kink

  [[nodiscard]] explicit operator bool() const noexcept { return reason == status::converged; }
};

namespace detail {

/// How far below the end of a bounded support the cutoff lies, if that is so little that J has its limit there: with an
/// atom of mass S at the end J = S (e^(r d) - 1), with a density g it is r g d^2 / 2, and S = g d.
///
/// @param near        up to which distance that may be said
/// @param log_target  ln of the J asked for
/// @param at_end      on return the tail at the end; below it, what is asked for
/// @return the distance; NaN where it is larger than `near`
template <productivity_tail Tail>
[[nodiscard]] typename Tail::real_type distance_to_end(Tail const& tail, typename Tail::real_type const& near,
                                                       typename Tail::real_type const& log_target,
                                                       tail_point<typename Tail::real_type>& at_end) {
  using Real = typename Tail::real_type;
  using std::exp, std::log, std::log1p;
  Real const end = tail.log_upper_bound(), r = tail.power();
  auto const below = tail.at(Real(end - near));
  if (!(log_target < below.log_scale + log(below.excess))) return not_a_number<Real>;
  at_end = tail.at(end);
  if (at_end.survival > 0) {
    at_end.excess = exp(Real(log_target - at_end.log_scale));
    return Real(log1p(Real(at_end.excess / at_end.survival)) / r);
  }
  if (!(below.density > 0)) return not_a_number<Real>;
  Real const log_density = below.log_scale + log(below.density);
  Real const log_survival = (log(Real(2 / r)) + log_density + log_target) / 2;
  at_end = {log_survival, Real(1), Real(exp(Real(log_target - log_survival))),
            Real(exp(Real(log_density - log_survival)))};
  return Real(exp(Real(log_survival - log_density)));
}

/// Up to which distance below the end of a support its limit may be the answer.
template <real Real>
[[nodiscard]] Real near_end(Real const& end) {
  using std::abs;
  return Real(64 * epsilon<Real>() * (end == 0 ? Real(1) : Real(abs(end))));
}

/// A solution, and the log cutoff with more digits than a number of its type has, in the tail's units.
template <real Real>
struct located_entry {
  free_entry_solution<Real> solution{};
  with_rest<Real> place{};
  bool at_end = false;  ///< as the limit at the end of a support

  /// @param distance, tail  of the reference kink, see distance_to_end; the others are above the support
  void place_at_end(Real const& end, Real const& distance, tail_point<Real> const& tail,
                    std::span<tail_point<Real>> points) {
    for (auto& p : points) p = {};
    points[0] = tail;
    place.value = end - distance;
    place.rest = (end - place.value) - distance;
    at_end = true;
  }
};

/// try_solve_free_entry in the units in which the tail is given.
///
/// @param log_unit  ln of that unit
template <productivity_tail Tail, class Kinks>
[[nodiscard]] located_entry<typename Tail::real_type> locate_entry(
    envelope<typename Tail::real_type, Kinks> const& menu, Tail const& tail,
    entry_target<typename Tail::real_type> const& target, typename Tail::real_type const& log_unit,
    std::span<tail_point<typename Tail::real_type>> points, solve_options const& options) {
  using Real = typename Tail::real_type;
  using std::abs, std::exp, std::log, std::sqrt;
  // The bracket, with jumps or without, since 0 <= jump S <= weight S. N(t) lies between  mbar e^(-r t) sum of slopes -
  // sum of weights  (any leading set of kinks) and mbar e^(-r t) sum of slopes.
  Real const r = tail.power(), inverse = 1 / r, end = tail.log_upper_bound();
  Real slopes = menu.base_slope / menu.slope, weights(0), tightest(0);
  for (auto const& k : menu.kinks) {
    slopes += k.log_ratio == 0 ? k.weight : Real(k.weight * exp(Real(-k.log_ratio)));
    weights += k.weight;
    Real const bound = slopes / (target.value + weights);
    if (bound > tightest) tightest = bound;
  }
  Real const log_least = tightest > 0 && is_finite(target.value)
                             ? Real(log(tightest))
                             : Real(log(slopes) - (target.log_value > 0 ? target.log_value : Real(log(weights))));
  Real const log_moment = tail.log_moment();
  Real lower = (log_moment + log_least) * inverse;
  Real const log_slopes = slopes < 3 ? Real(slopes - 1) : Real(log(slopes));  // or above it, for less
  Real upper = (log_moment + log_slopes - target.log_value) * inverse;
  bool const bounded = menu.base_slope == 0 && end < upper;
  if (bounded) upper = end;
  located_entry<Real> out;
  if (!is_finite(Real(lower + upper + weights))) {
    out.solution.reason = status::out_of_range;
    return out;
  }
  Real const slack = 8 * epsilon<Real>() * (1 + inverse) * (1 + abs(lower) + abs(upper));  // the bounds are rounded too
  Real guess = lower;
  lower -= slack;
  if (!bounded) upper += slack;
  // Below an end at zero, where one's own units have it, numbers are dense, and the limit is the answer where nothing
  // else is left of it in rounding, down to distances whose square no number holds. Below another end it is the answer
  // as soon as the spacing of numbers shows.
  bool const dense = end == 0;
  Real const near = near_end(end);
  // No firm has more than the end, so that J <= e^(r d) - 1 at a distance d, and profit that is higher is further down.
  if (bounded && options.max_evaluations > 0 && !(menu.kinks[0].jump > 0) && !(target.value > weights * 2 * r * near)) {
    tail_point<Real> at_end;
    Real const distance = distance_to_end(tail, near, target.log_value, at_end);
    if (distance < (std::numeric_limits<Real>::min)()) {
      out.solution.reason = status::out_of_range;  // profit is as small beside that of a firm at the end
      return out;
    }
    if (is_finite(distance)) {
      guess = end - distance;
      if (lower < end - near) lower = end - near;
      bool alone = true;
      for (std::size_t k = 1; k < points.size(); ++k) {
        alone = alone && menu.kinks[k].log_ratio > 2 * r * (dense ? distance : near);
      }
      if (alone && (!dense || distance * (1 + r) <= epsilon<Real>())) {
        out.place_at_end(end, distance, at_end, points);
        out.solution.reason = status::converged;
        out.solution.residual = 0;  // by construction
        out.solution.evaluations = 1;
        return out;
      }
    }
  }
  if (bounded) {
    if (!(guess < end)) guess = end - near;
    if (!(lower < guess)) lower = guess - near;
  }

  log_expected_profit<Tail, Kinks> profit(menu, tail, points);
  auto const gap = [&](Real const& t) {
    auto here = profit(t);
    here.value -= target.log_value;
    return here;
  };
  // The last step is a Taylor shift of the tails instead of another evaluation. A tail that cannot be shifted is
  // evaluated there.
  Real const smallest = sqrt(epsilon<Real>());
  Real shifts_from = not_a_number<Real>;
  auto const accept = [&](Real const& t, local_expansion<Real> const& here, Real const& step) {
    if (profit.can_shift(t, step)) shifts_from = t;
    return shifts_from == t ||
           (abs(step) <= smallest && abs(step) * (profit.steepness() + abs(here.first)) <= smallest);
  };
  auto budget = static_cast<std::uintmax_t>(options.max_evaluations);
  auto const found = decreasing_root(gap, accept, end, guess, lower, upper, budget);
  Real t = found.point, rest(0);
  // With evaluations left, what stopped the search was a value that is no number.
  bool const located = is_finite(Real(found.point + found.step));
  out.solution.reason = located || budget < 5 ? status::iteration_limit : status::not_finite;
  if (located) {
    Real const tolerance = 64 * epsilon<Real>(), rounding = 8 * spacing_at(t, end);
    if (!(abs(found.step) <= rounding)) {
      t += found.step;
      if (shifts_from == found.point) {
        profit.shift(found.step);
        rest = sum_with_rest(found.point, found.step).rest;
      } else {
        profit.evaluate(t);
      }
    }
    profit.settle(t);
    // What is left, down to below the spacing of numbers at t. A small step leaves roundings, and is not looked back
    // upon.
    auto left = profit.gap_to(target);
    for (int k = 0; k < 8; ++k) {
      if (abs(left.step()) <= rounding) {
        profit.nudge(left.step());
        rest += left.step();
        if (abs(left.residual) <= tolerance) break;
      } else {  // the last step went past a kink of the density
        t += left.step();
        rest = 0;
        profit.evaluate(t);
        profit.settle(t);
      }
      left = profit.gap_to(target);
    }
    // A few roundings of N move t; and where the unit and t cancel, or moments and t in what is a multiple of the
    // moment below a law without a lowest productivity, roundings of theirs may outweigh those of the cutoff. There the
    // last look is in the wider type.
    if constexpr (!std::same_as<wider_t<Real>, Real>) {
      bool const lowest = is_finite(Real(tail.log_lower_bound()));
      Real const size = abs(Real(t + log_unit)), of_moment = lowest ? Real(0) : Real(abs(log_moment) * inverse);
      // Not with the kinks of a quadrature: what it leaves open is more.
      bool const few = points.size() < 20;
      if (few && 4 * left.run + abs(t) + of_moment > 3 * (size > 1 ? size : Real(1)) && target.in_range()) {
        auto const last = profit.gap_in_wider_type(t, rest, target);
        if (abs(last.step()) <= rounding) {
          profit.nudge(last.step());
          rest += last.step();
        }
      }
    }
    // Else t has no digits left, and the condition does not hold.
    if (abs(left.residual) <= 4096 * epsilon<Real>()) {
      out.place = {t, rest};
      out.solution.residual = left.residual;
      out.solution.reason = status::converged;
    }
  }
  out.solution.evaluations = profit.evaluations();
  return out;
}

/// The log cutoff in absolute units.
template <productivity_tail Tail>
[[nodiscard]] typename Tail::real_type log_cutoff_at(Tail const& tail,
                                                     with_rest<typename Tail::real_type> const& place) {
  using Real = typename Tail::real_type;
  if constexpr (has_own_units<Tail>) {
    auto const unit = tail.log_unit();
    auto const sum = sum_with_rest(Real(unit.value), place.value);
    return Real(sum.value + (sum.rest + (place.rest + unit.rest)));
  } else {
    return Real(place.value + place.rest);
  }
}

}  // namespace detail
}  // namespace melitz
