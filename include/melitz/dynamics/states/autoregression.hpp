// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/dynamics/gaussian_step.hpp>
#include <melitz/numerics/real.hpp>

#include <array>
#include <cmath>
#include <cstddef>

namespace melitz::detail {

/// Log productivity tomorrow: (1 - rho) mean + rho t + sd e, with e standard normal.
template <real Real>
struct autoregression {
  Real persistence, mean, sd;

  [[nodiscard]] gaussian_step<Real> from(Real const& t) const { return {Real(mean + persistence * (t - mean)), sd}; }
  [[nodiscard]] Real long_run_sd() const {
    using std::sqrt;
    return Real(sd / sqrt(Real((1 - persistence) * (1 + persistence))));
  }
  /// Below which states are in all periods to come, but for nothing. Today's is t, and beside a mass of e^log_mass
  /// e^-40 is nothing. Of rho^k d + z sd_k the largest, as if k were no whole number.
  [[nodiscard]] Real reached_from(Real const& t, Real const& log_mass) const {
    using std::sqrt;
    Real const d = t - mean, enough = log_mass + 37;
    if (!(enough > 0)) return -infinity<Real>;
    Real const z = sqrt(Real(2 * enough)), spread = z * long_run_sd();
    if (!(d > 0)) return Real(mean + spread);
    Real const far = sqrt(Real(d * d + spread * spread));
    return Real(mean + (d > persistence * far ? Real(persistence * d + z * sd) : far));
  }
  /// On how wide a panel at and above t Gauss's rule of 20 points integrates what firms expect, or do next. A threshold
  /// is felt k periods ahead of it, where it is blurred by k shocks and further away by 1/rho^k.
  /// @param threshold  above all of them
  [[nodiscard]] Real smooth_over(Real const& t, Real const& threshold) const {
    using std::sqrt;
    Real const above = t - mean;
    Real fade(1), variance(0), width = infinity<Real>;
    for (int k = 0; k < 500 && fade > 0; ++k) {
      variance = sd * sd + persistence * persistence * variance;
      fade *= persistence;
      Real const blur = sqrt(variance);
      if (mean + fade * above - 10 * blur > threshold) continue;
      if (fade > 0) width = 6 * blur / fade;
      break;
    }
    // Whether a firm grows or shrinks is felt where both can be.
    Real const drift = 1 - persistence, next = 6 * sd / drift;
    return above * drift < 9 * sd && next < width ? next : width;
  }
};

/// Expected sizes e^(b t_s) of a firm that never exits, given t_0 = t: c e^(u r - v r^2) with r = rho^s, u = b (t -
/// mean) and c the expectation in the long run.
template <real Real>
class expected_sizes {
 public:
  expected_sizes(autoregression<Real> const& process, Real const& power, Real const& discount)
      : process_(process), power_(power), discount_(discount) {
    using std::exp;
    Real const spread = power * process.long_run_sd();
    spread_ = spread * spread / 2;
    limit_ = exp(Real(power * process.mean + spread_));
    Real fade(1);
    for (std::size_t m = 1; m <= series_.size(); ++m) {
      fade *= process.persistence;
      series_[m - 1] = 1 / (1 - discount * fade);
      inverse_[m - 1] = 1 / Real(m + 1);
    }
  }

  /// c, to which all expectations go.
  [[nodiscard]] Real limit() const { return limit_; }
  /// E[e^(b t_s)|t]. @param fade  rho^s
  [[nodiscard]] Real after(Real const& t, Real const& fade) const {
    using std::exp;
    return Real(exp(Real(power_ * process_.mean + spread_ + exponent(t, fade))));
  }
  /// The sum over s of q^s (E[e^(b t_{s+first})|t] - c): finite also where nothing is discounted.
  [[nodiscard]] Real excess(Real const& t, bool from_tomorrow) const {
    using std::abs, std::expm1;
    Real fade = from_tomorrow ? process_.persistence : Real(1), weight(1), sum(0);
    // Terms one by one while they are large; the rest is a power series in rho^s, whose sums are geometric.
    for (int k = 0; k < 1000000; ++k) {
      Real const u = abs(Real(power_ * (t - process_.mean) * fade));
      if (u <= 2 && spread_ * fade * fade <= 1) break;
      sum += weight * expm1(exponent(t, fade));
      weight *= discount_;
      fade *= process_.persistence;
      if (weight < epsilon<Real>() * epsilon<Real>()) return Real(limit_ * sum);
    }
    Real const u = power_ * (t - process_.mean) * fade, v = 2 * spread_ * fade * fade;
    Real before(1), term = u, rest(0);
    for (std::size_t m = 1; m <= series_.size(); ++m) {  // the coefficients of exp(u r - v r^2/2), by their recursion
      Real const part = term * series_[m - 1];
      rest += part;
      // Two in a row that are nothing: one may be small by chance.
      if (m > 8 && abs(part) + abs(before) <= epsilon<Real>() / 4 * abs(rest)) break;
      Real const next = (u * term - v * before) * inverse_[m - 1];
      before = term;
      term = next;
    }
    sum += weight * rest;
    return Real(limit_ * sum);
  }

 private:
  [[nodiscard]] Real exponent(Real const& t, Real const& fade) const {
    return Real(fade * (power_ * (t - process_.mean) - spread_ * fade));
  }

  autoregression<Real> process_;
  Real power_, discount_, spread_{}, limit_{};
  std::array<Real, 36> series_{};   ///< 1/(1 - q rho^m), m = 1, ...
  std::array<Real, 36> inverse_{};  ///< 1/(m + 1)
};

}  // namespace melitz::detail
