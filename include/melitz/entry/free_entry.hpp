// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/menu/envelope.hpp>
#include <melitz/numerics/roots.hpp>
#include <melitz/tail/tail.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
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

/// ln(a / b) for positive a and b, also where the quotient leaves the range of the type.
template <real Real>
[[nodiscard]] Real log_of_ratio(Real const& a, Real const& b) {
  using std::log;
  Real const ratio = a / b;
  Real const least = (std::numeric_limits<Real>::min)();
  return ratio >= least && is_finite(ratio) ? Real(log(ratio)) : Real(log(a) - log(b));
}

/// Expected profit per draw over the reference kink's fixed cost as a function of t, the log productivity at that
/// kink: N(t) = sum_k weight_k J(t + log_ratio_k / r) + jump_k S(same) plus what the base option earns. In logs, with
/// derivatives.
template <productivity_tail Tail, class Kinks>
class log_expected_profit {
 public:
  using Real = typename Tail::real_type;

  log_expected_profit(envelope<Real, Kinks> const& menu, Tail const& tail, std::span<tail_point<Real>> points)
      : menu_(menu), tail_(tail), points_(points), base_weight_(menu.base_slope / menu.slope) {}

  /// Evaluates at t and leaves the tails at every kink in `points`.
  /// @return ln N and its first four derivatives
  [[nodiscard]] local_expansion<Real> operator()(Real const& t) {
    ++evaluations_;
    Real const r = tail_.power();
    for (std::size_t k = 0; k < points_.size(); ++k) points_[k] = tail_.at(Real(t + menu_.kinks[k].log_ratio / r));
    if (base_weight_ > 0) base_log_scale_ = tail_.log_moment() - r * t;
    return derivatives();
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
      Real const here = t + menu_.kinks[k].log_ratio / r;
      if (!smooth_between(tail_, here, Real(here + step))) return false;
    }
    return true;
  }

  /// Moves the tails by a small step in t with their own Taylor terms.
  void shift(Real const& step) {
    Real const r = tail_.power();
    for (auto& p : points_) {
      auto const moved = shifted(p, r, step);
      // Not where rounding of t alone is a long way for this tail, far out in a thin one.
      if (moved.excess >= 0 && moved.survival >= 0 && moved.density >= 0 &&
          is_finite(Real(moved.excess + moved.survival))) {
        p = moved;
      }
    }
    base_log_scale_ -= r * step;
  }

  /// @return ln N and its first four derivatives, from the tails as they are
  [[nodiscard]] local_expansion<Real> derivatives() const {
    using std::log;
    sums const s = add_up();
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

  /// What is left to the target: by how much N exceeds it, relative to it, and the step in t that would close that.
  struct gap {
    Real residual, step;
  };
  [[nodiscard]] gap gap_to(Real const& target, Real const& log_target) const {
    using std::expm1, std::log;
    sums const s = add_up();
    if (s.value <= 0) return {Real(-1), Real(0)};
    bool const in_levels = s.scale == 0 && target > (std::numeric_limits<Real>::min)() && is_finite(target);
    Real const residual =
        in_levels ? Real((s.value - target) / target) : Real(expm1(Real(s.scale + log(s.value) - log_target)));
    return {residual, Real(residual * (s.value / (tail_.power() * s.moment + s.boundary)))};
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
  /// N over exp(scale), and the same sums over the kinks of the other members of the tails.
  struct sums {
    Real scale, value{0}, moment{0}, density{0}, density_slope{0}, density_curvature{0};
    // Where profit jumps: the density of the firms that are let in as t falls, times what each gains.
    bool jumps = false;
    Real boundary{0}, boundary_slope{0}, boundary_curvature{0}, boundary_third{0};
  };
  [[nodiscard]] sums add_up() const {
    using std::exp;
    sums s{base_weight_ > 0 ? base_log_scale_ : points_[0].log_scale};
    for (auto const& p : points_) {
      if (p.log_scale > s.scale && p.moment() > 0) s.scale = p.log_scale;
    }
    for (std::size_t k = 0; k < points_.size(); ++k) {
      auto const& p = points_[k];
      if (p.moment() == 0) continue;  // above the support; its scale means nothing
      Real const shrink = same(p.log_scale, s.scale) ? Real(1) : Real(exp(Real(p.log_scale - s.scale)));
      if (shrink == 0) continue;  // and its slopes may be out of range
      Real const weight = menu_.kinks[k].weight * shrink;
      s.value += weight * p.excess;
      s.moment += weight * (p.excess + p.survival);
      s.density += weight * p.density;
      s.density_slope += weight * p.density_slope;
      s.density_curvature += weight * p.density_curvature;
      if (menu_.kinks[k].jump > 0) {
        Real const jump = menu_.kinks[k].jump * shrink;
        s.jumps = true;
        s.value += jump * p.survival;
        s.boundary += jump * p.density;
        s.boundary_slope += jump * p.density_slope;
        s.boundary_curvature += jump * p.density_curvature;
        s.boundary_third += jump * p.density_third;
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
  Real base_weight_;
  Real base_log_scale_{0};
  int evaluations_ = 0;
};

/// Free entry where the cutoff lies within rounding of the top of a bounded support, so that ln phi cannot tell it
/// apart from the end while S and J still have digits. There they have a limit: with an atom of mass S at the end, J is
/// what is asked for; with a density g, both follow from the distance d to the end, S = g d and J = r g d^2 / 2.
///
/// @param log_target  ln of the J asked for at the reference kink
/// @return false where this is not the case, or further kinks are within rounding of the end too
template <productivity_tail Tail, class Kinks>
[[nodiscard]] bool solve_at_upper_bound(envelope<typename Tail::real_type, Kinks> const& menu, Tail const& tail,
                                        typename Tail::real_type const& log_target,
                                        std::span<tail_point<typename Tail::real_type>> points) {
  using Real = typename Tail::real_type;
  using std::abs, std::exp, std::log;
  Real const end = tail.log_upper_bound(), r = tail.power();
  if (!is_finite(end) || menu.base_slope != 0 || menu.kinks[0].jump > 0) return false;
  Real const near = 64 * epsilon<Real>() * (1 + abs(end));
  auto const below = tail.at(Real(end - near));
  if (!(log_target < below.log_scale + log(below.excess))) return false;  // the cutoff is further down
  for (std::size_t k = 1; k < points.size(); ++k) {
    if (!(menu.kinks[k].log_ratio / r > 2 * near)) return false;
    points[k] = {};  // above the support
  }
  auto const at_end = tail.at(end);
  auto& p = points[0];
  if (at_end.survival > 0) {
    p = {at_end.log_scale, at_end.survival, Real(exp(Real(log_target - at_end.log_scale))), Real(0)};
    return true;
  }
  if (!(below.density > 0)) return false;
  Real const log_density = below.log_scale + log(below.density);
  Real const log_survival = (log(Real(2 / r)) + log_density + log_target) / 2;
  p = {log_survival, Real(1), Real(exp(Real(log_target - log_survival))), Real(exp(Real(log_density - log_survival)))};
  return is_finite(p.density);
}

}  // namespace detail

/// Solves free entry: expected profit per draw equals the entry cost.
///
/// One equation, E(A) = sum_k dF_k J(phi_k) = f_e (plus jump_k S(phi_k) where profit jumps) with phi_k the productivity
/// at the envelope's k-th kink (the lecture's (4) for one kink, (9) for two). It is solved for t = ln phi of the
/// reference kink, as ln E against t: that is linear for a Pareto law and nearly so for others. The bracket always
/// holds and costs no evaluation: its lower end is the cutoff of homogeneous firms with the same E[phi^r] (Jensen), the
/// upper end ignores fixed costs.
///
/// @param menu        the profit envelope
/// @param tail        the law bound to r = elasticity - 1
/// @param entry_cost  expected profit per draw that makes entry worth while: death rate times sunk cost, > 0
/// @param points      on return the tails at the menu's kinks; as long as menu.kinks
/// @throws domain_error when entry_cost is out of range, or not above what every entrant is paid for nothing
/// @return reason, log cutoff, residual; NaN where it failed
template <productivity_tail Tail, class Kinks>
requires(!detail::carries_derivatives<typename Tail::real_type>)
    [[nodiscard]] free_entry_solution<typename Tail::real_type> try_solve_free_entry(
        envelope<typename Tail::real_type, Kinks> const& menu, Tail const& tail,
        typename Tail::real_type const& entry_cost, std::span<tail_point<typename Tail::real_type>> points,
        solve_options const& options = {}) {
  using Real = typename Tail::real_type;
  using std::abs, std::exp, std::log, std::sqrt;
  detail::require(entry_cost > 0 && detail::is_finite(entry_cost), "free entry", "entry_cost", entry_cost,
                  "be positive and finite");
  Real const to_earn = entry_cost + menu.base_fixed_cost;
  detail::require(to_earn > 0, "free entry", "entry_cost", entry_cost,
                  "exceed what the cheapest option pays every entrant");

  // The bracket, with jumps or without, since 0 <= jump S <= weight S. N(t) lies between  mbar e^(-r t) sum of slopes -
  // sum of weights  (any leading set of kinks) and mbar e^(-r t) sum of slopes.
  Real const r = tail.power();
  Real const log_target = detail::log_of_ratio(to_earn, menu.fixed_cost);
  Real const target = to_earn / menu.fixed_cost;
  Real slopes = menu.base_slope / menu.slope, weights(0), tightest(0);
  for (auto const& k : menu.kinks) {
    slopes += k.log_ratio == 0 ? k.weight : Real(k.weight * exp(Real(-k.log_ratio)));
    weights += k.weight;
    Real const bound = slopes / (target + weights);
    if (bound > tightest) tightest = bound;
  }
  Real const log_least = tightest > 0 && detail::is_finite(target)
                             ? Real(log(tightest))
                             : Real(log(slopes) - (log_target > 0 ? log_target : Real(log(weights))));
  Real lower = (tail.log_moment() + log_least) / r;
  Real upper = (tail.log_moment() + log(slopes) - log_target) / r;
  if (menu.base_slope == 0 && tail.log_upper_bound() < upper) upper = tail.log_upper_bound();
  free_entry_solution<Real> out;
  if (!detail::is_finite(lower) || !detail::is_finite(upper) || !detail::is_finite(weights)) {
    out.reason = status::out_of_range;
    return out;
  }
  if (upper == tail.log_upper_bound() && options.max_evaluations > 0 &&
      detail::solve_at_upper_bound(menu, tail, log_target, points)) {
    out.log_cutoff = upper;
    out.residual = 0;  // by construction
    out.reason = status::converged;
    out.error_estimate = detail::error_estimate_of(tail);
    out.evaluations = 1;
    return out;
  }
  Real const slack = 8 * detail::epsilon<Real>() * (1 + abs(lower) + abs(upper));  // the bounds are rounded too
  lower -= slack;
  if (upper != tail.log_upper_bound()) upper += slack;

  detail::log_expected_profit<Tail, Kinks> profit(menu, tail, points);
  auto const gap = [&](Real const& t) {
    auto here = profit(t);
    here.value -= log_target;
    return here;
  };
  // The last step is a Taylor shift of the tails instead of another evaluation; just below the end of a support it is
  // also more precise than t itself, whose rounding would show in J. A tail that cannot be shifted is evaluated there.
  Real const smallest = sqrt(detail::epsilon<Real>());
  auto const accept = [&](Real const& t, detail::local_expansion<Real> const& here, Real const& step) {
    return profit.can_shift(t, step) || abs(step) * (profit.steepness() + abs(here.first)) <= smallest;
  };
  auto budget = static_cast<std::uintmax_t>(options.max_evaluations);
  auto const found =
      detail::decreasing_root(gap, accept, Real(tail.log_upper_bound()), Real(lower + slack), lower, upper, budget);
  Real t = found.point + found.step;
  // With evaluations left, what stopped the search was a value that is no number.
  out.reason = detail::is_finite(t) || budget < 5 ? status::iteration_limit : status::not_finite;
  if (detail::is_finite(t)) {
    Real const rounding = 2 * detail::epsilon<Real>() * (1 + abs(t));
    if (profit.can_shift(found.point, found.step) || abs(found.step) <= 16 * rounding) {
      profit.shift(found.step);
    } else {
      (void)profit(t);
    }
    auto left = profit.gap_to(target, log_target);
    for (int k = 0; k < 8 && abs(left.residual) > 4 * detail::epsilon<Real>(); ++k) {
      if (!(abs(left.step) <= 4 * rounding)) break;
      profit.shift(left.step);
      t += left.step;
      left = profit.gap_to(target, log_target);
    }
    Real const residual = left.residual;
    if (residual * residual <= detail::epsilon<Real>()) {  // else t has no digits left, the condition does not hold
      out.log_cutoff = t;
      out.residual = residual;
      out.reason = status::converged;
    }
  }
  if (out) out.error_estimate = detail::error_estimate_of(tail);
  out.evaluations = profit.evaluations();
  return out;
}

}  // namespace melitz

#include <melitz/entry/differentiate.hpp>  // the same where numbers carry derivatives
