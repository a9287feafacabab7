// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/menu/envelope.hpp>
#include <melitz/numerics/log_pair.hpp>
#include <melitz/numerics/roots.hpp>
#include <melitz/tail/tail.hpp>

#include <cmath>
#include <cstddef>
#include <limits>
#include <span>

namespace melitz::detail {

/// ln(a / b) for positive a and b, also where the quotient leaves the range of the type.
template <real Real>
[[nodiscard]] Real log_of_ratio(Real const& a, Real const& b) {
  using std::log;
  Real const ratio = a / b;
  Real const least = (std::numeric_limits<Real>::min)();
  return ratio >= least && is_finite(ratio) ? Real(log(ratio)) : Real(log(a) - log(b));
}

/// The N that free entry asks for: entry cost over the fixed cost of the reference kink.
template <real Real>
struct entry_target {
  Real value;
  Real rest;  ///< what rounding took from it
  Real log_value;

  [[nodiscard]] bool in_range() const { return value > (std::numeric_limits<Real>::min)() && is_finite(value); }
};

/// @param to_earn, fixed_cost  both positive
template <real Real>
[[nodiscard]] entry_target<Real> entry_target_of(with_rest<Real> const& to_earn, with_rest<Real> const& fixed_cost) {
  Real const ratio = to_earn.value / fixed_cost.value;
  auto const covered = product_with_rest(ratio, fixed_cost.value);
  Real const left = (to_earn.value - covered.value) - covered.rest + (to_earn.rest - ratio * fixed_cost.rest);
  Real const rest = left / fixed_cost.value;
  return {ratio, is_finite(rest) ? rest : Real(0), log_of_ratio(to_earn.value, fixed_cost.value)};
}

/// Expected profit per draw over the reference kink's fixed cost as a function of t, the log productivity at that
/// kink: N(t) = sum_k weight_k J(t + log_ratio_k / r) + jump_k S(same) plus what the base option earns. In logs, with
/// derivatives.
template <productivity_tail Tail, class Kinks>
class log_expected_profit {
 public:
  using Real = typename Tail::real_type;

  log_expected_profit(envelope<Real, Kinks> const& menu, Tail const& tail, std::span<tail_point<Real>> points)
      : menu_(menu),
        tail_(tail),
        points_(points),
        inverse_power_(1 / tail.power()),
        base_weight_(menu.base_slope / menu.slope) {}

  /// Evaluates at t and leaves the tails at every kink in `points`.
  void evaluate(Real const& t) {
    ++evaluations_;
    for (std::size_t k = 0; k < points_.size(); ++k) points_[k] = tail_.at(place_of(t, k));
    if (base_weight_ > 0) base_log_scale_ = tail_.log_moment() - tail_.power() * t;
  }
  /// The same. @return ln N and its first four derivatives
  [[nodiscard]] local_expansion<Real> operator()(Real const& t) {
    evaluate(t);
    return derivatives();
  }

  /// Whether the tails vouch for their derivatives at every kink.
  [[nodiscard]] bool smooth_at(Real const& t) const {
    for (std::size_t k = 0; k < points_.size(); ++k) {
      Real const place = place_of(t, k);
      if (!smooth_between(tail_, place, place)) return false;
    }
    return true;
  }

  /// Whether the tails' own Taylor terms carry them over this step from t with nothing lost but rounding.
  [[nodiscard]] bool can_shift(Real const& t, Real const& step) const {
    using std::abs;
    // The first terms left out: of J about (r step)^6 / 6!, of S about (steepness step)^5 / 5!.
    Real const r = tail_.power(), size = abs(step);
    Real const small = root_of_epsilon<5, Real>(), square = small * small;
    if (!((1 + r) * size <= root_of_epsilon<6, Real>())) return false;
    for (std::size_t k = 0; k < points_.size(); ++k) {
      auto const& p = points_[k];
      Real const size_squared = size * size;
      if (!(p.density * size <= small * p.survival && abs(p.density_slope) * size_squared <= square * p.survival &&
            abs(p.density_curvature) * size_squared * size <= small * square * p.survival &&
            abs(p.density_third) * size_squared * size_squared <= square * square * p.survival)) {
        return false;
      }
      Real const here = place_of(t, k);
      if (!smooth_between(tail_, here, Real(here + step))) return false;
    }
    return true;
  }

  /// Moves the tails by a small step in t with their own Taylor terms.
  void shift(Real const& step) {
    for (auto& p : points_) {
      auto const moved = shifted(p, Real(tail_.power()), step);
      if (moved.density >= 0 && can_be(moved)) p = moved;
    }
    base_log_scale_ -= tail_.power() * step;
  }

  /// @return ln N and its first four derivatives, from the tails as they are
  [[nodiscard]] local_expansion<Real> derivatives() const {
    using std::log;
    sums const s = add_up<true>();
    if (s.value <= 0)
      return {Real(-(std::numeric_limits<Real>::max)() / 4), Real(-1), Real(0), Real(0), Real(0)};  // no mass
    // With M = J + S: J' = -r M and M' = J' - density, so J'' = r B with B = r M + density, and B' = density' - r B,
    // ... All over J; then what they make of the logarithm.
    Real const r = tail_.power(), inverse = 1 / s.value;
    Real const bent = r * (s.moment * inverse) + s.density * inverse, change = s.density_slope * inverse - r * bent;
    Real first = -r * (s.moment * inverse), second = r * bent, third = r * change,
         fourth = r * (s.density_curvature * inverse - r * change);
    if (s.jumps) {
      first -= s.boundary * inverse;
      second -= s.boundary_slope * inverse;
      third -= s.boundary_curvature * inverse;
      fourth -= s.boundary_third * inverse;
    }
    Real const square = first * first;
    return {Real(s.scale + log(s.value)), first, Real(second - square), Real(third - first * (3 * second - 2 * square)),
            Real(fourth - 4 * first * third - 3 * second * second + 6 * square * (2 * second - square))};
  }

  /// Takes the tails to where their kinks are meant to be: what rounding took from t + log_ratio_k / r moves them on.
  void settle(Real const& t) {
    for (std::size_t k = 1; k < points_.size(); ++k) {
      auto const& kink = menu_.kinks[k];
      Real const distance = kink.log_ratio * inverse_power_;
      auto const covered = product_with_rest(distance, Real(tail_.power()));
      Real const left = (kink.log_ratio - covered.value) - covered.rest + kink.log_ratio_rest;
      nudge(points_[k], Real(sum_with_rest(t, distance).rest + left * inverse_power_));
    }
  }
  /// Moves the tails by a step of the size of rounding.
  void nudge(Real const& step) {
    for (auto& p : points_) nudge(p, step);
    base_log_scale_ -= tail_.power() * step;
  }

  /// What is left to the target: by how much N exceeds it, relative to it, and how far t moves per such a change of N.
  struct gap {
    Real residual, run;
    [[nodiscard]] Real step() const { return Real(residual * run); }
  };
  [[nodiscard]] gap gap_to(entry_target<Real> const& target) const {
    using std::exp, std::expm1, std::log;
    sums const s = add_up<false>();
    if (s.value <= 0) return {Real(-1), Real(0)};
    // In levels, whose rounding is one of N, not of ln N.
    Real const level = same(s.scale, Real(0)) ? s.value : Real(s.value * exp(s.scale));
    Real const residual = target.in_range() && is_finite(level)
                              ? Real(((level - target.value) - target.rest) / target.value)
                              : Real(expm1(Real(s.scale + log(s.value) - target.log_value)));
    return {residual, Real(s.value / (tail_.power() * s.moment + s.boundary))};
  }

  /// The same from tails in the wider type, at t + rest: what is left when roundings of a few times one in N or in the
  /// place would show.
  [[nodiscard]] gap gap_in_wider_type(Real const& t, Real const& rest, entry_target<Real> const& target) const {
    using std::exp;
    using wide = wider_t<Real>;
    auto const widened = [](Real const& x) { return static_cast<wide>(x); };
    wide const r = widened(Real(tail_.power())), place = widened(t) + widened(rest);
    wide value(0), slope(0);
    for (std::size_t k = 0; k < points_.size(); ++k) {
      auto const& kink = menu_.kinks[k];
      auto const p =
          at_in_wider_type(tail_, wide(place + (widened(kink.log_ratio) + widened(kink.log_ratio_rest)) / r));
      wide const scale = p.scale(), weight = (widened(kink.weight) + widened(kink.weight_rest)) * scale;
      wide const jump = widened(kink.jump) * scale;
      value += weight * p.excess + jump * p.survival;
      slope += r * weight * p.moment() + jump * p.density;
    }
    if (base_weight_ > 0) {
      wide const base = widened(base_weight_) * exp(wide(widened(Real(tail_.log_moment())) - r * place));
      value += base;
      slope += r * base;
    }
    wide const asked = widened(target.value) + widened(target.rest), excess = value - asked;
    return {static_cast<Real>(excess / asked), static_cast<Real>(asked / slope)};
  }

  /// How fast the tails change with t, relative to themselves: a step well below one over this is a small one.
  [[nodiscard]] Real steepness() const {
    Real steepest = 1 + tail_.power();
    for (auto const& p : points_) {
      if (p.density > steepest * p.survival && p.survival > 0) steepest = p.density / p.survival;
    }
    return steepest;
  }

  [[nodiscard]] int evaluations() const { return evaluations_; }

 private:
  [[nodiscard]] Real place_of(Real const& t, std::size_t k) const {
    return Real(t + menu_.kinks[k].log_ratio * inverse_power_);
  }
  /// Not where rounding of t alone is a long way for a tail, far out in a thin one.
  [[nodiscard]] static bool can_be(tail_point<Real> const& moved) {
    return moved.excess >= 0 && moved.survival >= 0 && moved.moment() <= (std::numeric_limits<Real>::max)();
  }
  void nudge(tail_point<Real>& p, Real const& step) const {
    auto const moved = nudged(p, Real(tail_.power()), step);
    if (!can_be(moved)) return;
    p.survival = moved.survival;
    p.excess = moved.excess;
  }

  /// N over exp(scale), and the same sums over the kinks of the other members of the tails.
  struct sums {
    Real scale, value{0}, moment{0}, density{0}, density_slope{0}, density_curvature{0};
    // Where profit jumps: the density of the firms that are let in as t falls, times what each gains.
    bool jumps = false;
    Real boundary{0}, boundary_slope{0}, boundary_curvature{0}, boundary_third{0};
  };
  /// @tparam Slopes  whether the densities are wanted, without which there is one sum each of J, of J + S and of jumps
  template <bool Slopes>
  [[nodiscard]] sums add_up() const {
    using std::exp;
    sums s{base_weight_ > 0 ? base_log_scale_ : points_[0].log_scale};
    for (auto const& p : points_) {
      if (p.log_scale > s.scale && p.moment() > 0) s.scale = p.log_scale;
    }
    for (std::size_t k = 0; k < points_.size(); ++k) {
      auto const& p = points_[k];
      auto const& kink = menu_.kinks[k];
      Real const moment = p.moment();
      if (moment == 0) continue;  // above the support; its scale means nothing
      Real const shrink = same(p.log_scale, s.scale) ? Real(1) : Real(exp(Real(p.log_scale - s.scale)));
      if (shrink == 0) continue;  // and its slopes may be out of range
      Real const weight = kink.weight * shrink;
      s.value += weight * p.excess;
      s.moment += weight * moment;
      if constexpr (Slopes) {
        s.density += weight * p.density;
        s.density_slope += weight * p.density_slope;
        s.density_curvature += weight * p.density_curvature;
      }
      if (kink.jump > 0) {
        Real const jump = kink.jump * shrink;
        s.jumps = true;
        s.value += jump * p.survival;
        s.boundary += jump * p.density;
        if constexpr (Slopes) {
          s.boundary_slope += jump * p.density_slope;
          s.boundary_curvature += jump * p.density_curvature;
          s.boundary_third += jump * p.density_third;
        }
      }
    }
    if (base_weight_ > 0) {
      Real const base = base_weight_ * exp(Real(base_log_scale_ - s.scale));
      s.value += base;
      s.moment += base;
    }
    return s;
  }

  envelope<Real, Kinks> const& menu_;
  Tail const& tail_;
  std::span<tail_point<Real>> points_;
  Real inverse_power_, base_weight_;
  Real base_log_scale_{0};
  int evaluations_ = 0;
};

}  // namespace melitz::detail
