// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/law/lognormal.hpp>
#include <melitz/law/pareto.hpp>
#include <melitz/numerics/lane_functions.hpp>

#include <cmath>
#include <cstddef>
#include <numbers>

#if MELITZ_HAS_LANES
namespace melitz::detail::lanes {
inline namespace MELITZ_LANES_NAMESPACE {

/// A tail_point in every lane, unscaled, with two derivatives of the density for steps of third order.
template <class Pack>
struct lane_point {
  using pack = Pack;
  using mask = mask_of<Pack>;

  pack survival;    ///< S
  pack excess;      ///< J
  pack density;     ///< of log productivity
  pack slope;       ///< its first derivative in log productivity
  pack curvature;   ///< its second
  mask vouched;     ///< where these numbers are good; elsewhere the scalar tail must be asked
  pack begin, end;  ///< of log productivity, between which a shift may lead; set by piecewise tails only

  [[nodiscard]] MELITZ_LANES_INLINE pack moment() const { return excess + survival; }

  /// Moves the point by a small step in log productivity: S' = -density, J' = -r (J + S).
  MELITZ_LANES_INLINE void shift(pack const& step, pack const& r) {
    pack const first = r * moment() + density, second = slope - r * first, third = step / 3;
    pack const half = step * 0.5;
    excess -= r * step * (moment() - half * (first + third * second));
    survival -= step * (density + half * (slope + third * curvature));
  }
};

// A lane tail: bind(r) for the power in every lane, then
//   whole(log_x)      E[(phi/x)^r] over the whole law; so often used that at() wants to be given it
//   at(log_x, whole)  the tail there
//   log_moment()      ln E[phi^r];
//   roughness()       how fast the density may bend: a step well below one over this is small
//   piecewise         whether steps must not leave the piece that a point lies in, and bends_in_a_piece: how often the
//                     density may bend within one
//   bound             the lanes whose power suits the law.
// It is a template of the kind of lanes, which `pack` names. lane_numbers(law or tail) is what it is made of, the same
// for a law and its tail, and lanes_of<Pack>(numbers) makes it; the numbers must outlive it.

/// What the log-normal tail is computed from: numbers, or a pack of each where every lane has a law of its own.
template <class Number>
struct lognormal_numbers {
  Number log_mean;
  Number shift;                  ///< log_sd/sqrt(2)
  Number inverse, inverse_rest;  ///< 1/(sqrt(2) log_sd), to more digits than a double has
  Number peak;                   ///< of the density
};

[[nodiscard]] inline lognormal_numbers<double> numbers_of(double log_mean, double log_sd) {
  double const root_two_sd = log_sd * std::numbers::sqrt2, inverse = 1 / root_two_sd;
  return {log_mean, log_sd / std::numbers::sqrt2, inverse, std::fma(-inverse, root_two_sd, 1.0) * inverse,
          inverse * std::numbers::inv_sqrtpi};
}

/// The log-normal tail; as lognormal::tail_type, in double throughout: J keeps its absolute precision relative to J +
/// S, which is what a cutoff needs.
template <class Pack, class Number = double>
class lognormal_lanes {
 public:
  using pack = Pack;
  using mask = mask_of<Pack>;
  static constexpr bool piecewise = false;

  MELITZ_LANES_INLINE explicit lognormal_lanes(lognormal_numbers<Number> const& law) : law_(law) {}

  MELITZ_LANES_INLINE void bind(pack const& r) {
    shift_ = r * law_.shift;
    log_moment_ = r * law_.log_mean + shift_ * shift_;
    bound = r > 0;
  }
  [[nodiscard]] MELITZ_LANES_INLINE pack log_moment() const { return log_moment_; }
  [[nodiscard]] MELITZ_LANES_INLINE double roughness() const { return law_.inverse * std::numbers::sqrt2; }
  [[nodiscard]] MELITZ_LANES_INLINE pack whole(pack const& log_x) const { return exp_of_ordinary(log_whole(log_x)); }
  [[nodiscard]] MELITZ_LANES_INLINE pack log_whole(pack const& log_x) const {
    return shift_ * (shift_ - 2 * standardised(log_x));
  }

  [[nodiscard]] MELITZ_LANES_INLINE lane_point<Pack> at(pack const& log_x, pack const& whole) const {
    pack const y = standardised(log_x), near = y - shift_;
    pack const bell = exp_of_ordinary(larger(-y * y, all_of<pack>(-708)));
    // With the bell taken out both tails are erfcx; left of zero by reflection.
    pack const beyond = 0.5 * bell * erfcx(abs(y)), beyond_near = 0.5 * bell * erfcx(abs(near));
    lane_point<Pack> p;
    p.survival = select(y >= 0, beyond, 1 - beyond);
    p.excess = select(near >= 0, beyond_near, whole - beyond_near) - p.survival;
    p.density = law_.peak * bell;
    pack const z = 2 * law_.inverse * y;
    p.slope = -z * p.density;
    p.curvature = (z * z - 2 * law_.inverse * law_.inverse) * p.density;
    p.vouched = y < 26;  // further out the bell is no longer a normal number
    return p;
  }

  mask bound{};

 private:
  /// (ln x - mean)/(sqrt(2) sd), with the reciprocal to more digits than a double has.
  [[nodiscard]] MELITZ_LANES_INLINE pack standardised(pack const& log_x) const {
    pack const above = log_x - law_.log_mean;
    return above * law_.inverse + above * law_.inverse_rest;
  }

  lognormal_numbers<Number> law_;
  pack shift_{}, log_moment_{};
};

struct pareto_numbers {
  double log_scale, shape;
};

/// The Pareto tail, in two pieces: below its scale the density is zero.
template <class Pack>
class pareto_lanes {
 public:
  using pack = Pack;
  using mask = mask_of<Pack>;
  static constexpr bool piecewise = true;
  static constexpr double bends_in_a_piece = 0;

  MELITZ_LANES_INLINE explicit pareto_lanes(pareto_numbers const& law) : log_scale_(law.log_scale), shape_(law.shape) {}

  MELITZ_LANES_INLINE void bind(pack const& r) {
    bound = r < shape_;
    excess_ = select(bound, r / (shape_ - r), pack{});
    r_ = r;
    log_moment_ = r * log_scale_ + log_of_normal(1 + excess_);
  }
  [[nodiscard]] MELITZ_LANES_INLINE pack log_moment() const { return log_moment_; }
  [[nodiscard]] MELITZ_LANES_INLINE double roughness() const { return 0; }
  [[nodiscard]] MELITZ_LANES_INLINE pack whole(pack const& log_x) const {
    return (1 + excess_) * exp_of_ordinary(r_ * (log_scale_ - log_x));
  }

  [[nodiscard]] MELITZ_LANES_INLINE lane_point<Pack> at(pack const& log_x, pack const& whole) const {
    pack const above = log_x - log_scale_;
    mask const outside = above < 0;
    lane_point<Pack> p;
    p.survival = exp_of_ordinary(-shape_ * select(outside, pack{}, above));
    p.excess = select(outside, whole - 1, excess_ * p.survival);
    p.density = select(outside, pack{}, shape_ * p.survival);
    p.slope = -shape_ * p.density;
    p.curvature = -shape_ * p.slope;
    p.vouched = above < 600 / shape_;
    constexpr double infinity = __builtin_inf();
    p.begin = select(outside, all_of<pack>(-infinity), all_of<pack>(log_scale_));
    p.end = select(outside, all_of<pack>(log_scale_), all_of<pack>(infinity));
    return p;
  }

  mask bound{};

 private:
  double log_scale_, shape_;
  pack r_{}, excess_{}, log_moment_{};
};

template <class Pack>
[[nodiscard]] MELITZ_LANES_INLINE auto lanes_of(lognormal_numbers<double> const& law) {
  return lognormal_lanes<Pack>(law);
}
template <class Pack>
[[nodiscard]] MELITZ_LANES_INLINE auto lanes_of(pareto_numbers const& law) {
  return pareto_lanes<Pack>(law);
}

[[nodiscard]] inline auto lane_numbers(lognormal<double> const& law) { return numbers_of(law.log_mean, law.log_sd); }
[[nodiscard]] inline auto lane_numbers(lognormal<double>::tail_type const& tail) {
  return numbers_of(tail.log_unit().value, tail.own().log_sd());
}
[[nodiscard]] inline pareto_numbers lane_numbers(pareto<double> const& law) {
  return {law.log_lower_bound(), law.shape};
}
[[nodiscard]] inline pareto_numbers lane_numbers(pareto<double>::tail_type const& tail) {
  return {tail.log_lower_bound(), tail.own().shape()};
}

}  // namespace MELITZ_LANES_NAMESPACE
}  // namespace melitz::detail::lanes
#endif
