// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/law/lognormal.hpp>
#include <melitz/law/pareto.hpp>
#include <melitz/numerics/lanes.hpp>

#include <cmath>
#include <numbers>

#if MELITZ_HAS_LANES
namespace melitz::detail::lanes {
inline namespace MELITZ_LANES_NAMESPACE {

/// A tail_point in every lane, unscaled, with two derivatives of the density for steps of third order.
struct lane_point {
  pack survival;    ///< S
  pack excess;      ///< J
  pack density;     ///< of log productivity
  pack slope;       ///< its first derivative in log productivity
  pack curvature;   ///< its second
  mask vouched;     ///< where these numbers are good; elsewhere the scalar tail must be asked
  pack begin, end;  ///< of log productivity, between which a shift may lead; set by piecewise tails only

  [[nodiscard]] MELITZ_LANES_INLINE pack moment() const { return excess + survival; }

  /// Moves the point by a small step in log productivity: S' = -density, J' = -r (J + S).
  MELITZ_LANES_INLINE void shift(pack step, pack r) {
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

/// The log-normal tail; as lognormal::tail_type, in double throughout: J keeps its absolute precision relative to J +
/// S, which is what a cutoff needs.
class lognormal_lanes {
 public:
  static constexpr bool piecewise = false;

  explicit lognormal_lanes(lognormal<double> const& law)
      : log_mean_(law.log_mean),
        log_sd_(law.log_sd),
        inverse_(1 / (law.log_sd * std::numbers::sqrt2)),
        inverse_rest_(std::fma(-inverse_, law.log_sd * std::numbers::sqrt2, 1.0) * inverse_),
        peak_(inverse_ * std::numbers::inv_sqrtpi) {}

  MELITZ_LANES_INLINE void bind(pack r) {
    shift_ = r * (log_sd_ / std::numbers::sqrt2);
    log_moment_ = r * log_mean_ + shift_ * shift_;
    bound = r > 0;
  }
  [[nodiscard]] MELITZ_LANES_INLINE pack log_moment() const { return log_moment_; }
  [[nodiscard]] MELITZ_LANES_INLINE double roughness() const { return 1 / log_sd_; }
  [[nodiscard]] MELITZ_LANES_INLINE pack whole(pack log_x) const {
    return exp_of_ordinary(shift_ * (shift_ - 2 * standardised(log_x)));
  }

  [[nodiscard]] MELITZ_LANES_INLINE lane_point at(pack log_x, pack whole) const {
    pack const y = standardised(log_x), near = y - shift_;
    pack const bell = exp_of_ordinary(larger(-y * y, all_of(-708)));
    // With the bell taken out both tails are erfcx; left of zero by reflection.
    pack const beyond = 0.5 * bell * erfcx(abs(y)), beyond_near = 0.5 * bell * erfcx(abs(near));
    lane_point p;
    p.survival = select(y >= 0, beyond, 1 - beyond);
    p.excess = select(near >= 0, beyond_near, whole - beyond_near) - p.survival;
    p.density = peak_ * bell;
    pack const z = 2 * inverse_ * y;
    p.slope = -z * p.density;
    p.curvature = (z * z - 2 * inverse_ * inverse_) * p.density;
    p.vouched = y < 26;  // further out the bell is no longer a normal number
    return p;
  }

  mask bound{};

 private:
  /// (ln x - mean)/(sqrt(2) sd), with the reciprocal to more digits than a double has.
  [[nodiscard]] MELITZ_LANES_INLINE pack standardised(pack log_x) const {
    pack const above = log_x - log_mean_;
    return above * inverse_ + above * inverse_rest_;
  }

  double log_mean_, log_sd_, inverse_, inverse_rest_, peak_;
  pack shift_{}, log_moment_{};
};

/// The Pareto tail, in two pieces: below its scale the density is zero.
class pareto_lanes {
 public:
  static constexpr bool piecewise = true;
  static constexpr double bends_in_a_piece = 0;

  pareto_lanes(double log_scale, double shape) : log_scale_(log_scale), shape_(shape) {}

  MELITZ_LANES_INLINE void bind(pack r) {
    bound = r < shape_;
    excess_ = select(bound, r / (shape_ - r), pack{});
    r_ = r;
    log_moment_ = r * log_scale_ + log_of_normal(1 + excess_);
  }
  [[nodiscard]] MELITZ_LANES_INLINE pack log_moment() const { return log_moment_; }
  [[nodiscard]] MELITZ_LANES_INLINE double roughness() const { return 0; }
  [[nodiscard]] MELITZ_LANES_INLINE pack whole(pack log_x) const {
    return (1 + excess_) * exp_of_ordinary(r_ * (log_scale_ - log_x));
  }

  [[nodiscard]] MELITZ_LANES_INLINE lane_point at(pack log_x, pack whole) const {
    pack const above = log_x - log_scale_;
    mask const outside = above < 0;
    lane_point p;
    p.survival = exp_of_ordinary(-shape_ * select(outside, pack{}, above));
    p.excess = select(outside, whole - 1, excess_ * p.survival);
    p.density = select(outside, pack{}, shape_ * p.survival);
    p.slope = -shape_ * p.density;
    p.curvature = -shape_ * p.slope;
    p.vouched = above < 600 / shape_;
    constexpr double infinity = __builtin_inf();
    p.begin = select(outside, all_of(-infinity), all_of(log_scale_));
    p.end = select(outside, all_of(log_scale_), all_of(infinity));
    return p;
  }

  mask bound{};

 private:
  double log_scale_, shape_;
  pack r_{}, excess_{}, log_moment_{};
};

}  // namespace MELITZ_LANES_NAMESPACE
}  // namespace melitz::detail::lanes
#endif
