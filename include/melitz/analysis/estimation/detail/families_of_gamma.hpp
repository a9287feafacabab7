// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/analysis/estimation/detail/families.hpp>
#include <melitz/numerics/gauss_legendre.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

// The gamma laws. Nothing closed has the derivatives of an incomplete gamma function by its shape, so that shares are
// integrals of the density, derivatives and all.

namespace melitz::detail {

/// y = (size/scale)^power has a gamma law of this shape.
template <class Number>
class gamma_in_logs {
 public:
  gamma_in_logs(Number const& log_scale, Number const& shape, Number const& power)
      : log_scale_(log_scale), shape_(shape), power_(power) {
    using std::log;
    log_peak_ = log(power) - log_gamma(shape);
    // The mode, and a distance in which the density falls to nothing on either side.
    double const a = value_of(shape), c = value_of(power);
    mode_ = value_of(log_scale) + std::log(a) / c;
    width_ = 1 / (c * std::sqrt(a));
  }
  [[nodiscard]] Number log_density(double t) const {
    using std::exp;
    Number const v = power_ * (t - log_scale_);
    return log_peak_ + shape_ * v - exp(v);
  }
  [[nodiscard]] Number log_survival(double t) const {
    return t > mode_ ? log_integral(t, 1) : log_one_less_exp(log_integral(t, -1));
  }
  [[nodiscard]] Number log_cdf(double t) const {
    return t > mode_ ? log_one_less_exp(log_integral(t, 1)) : log_integral(t, -1);
  }

 private:
  /// ln of the share from t outwards, away from the mode: panels that grow until nothing is left. The log density is
  /// concave, so that what a panel is to the one before only falls.
  [[nodiscard]] Number log_integral(double t, double side) const {
    using std::exp, std::log;
    Number const at_edge = log_density(t);
    double const a = value_of(shape_), y = std::exp(value_of(power_) * (t - value_of(log_scale_)));
    // Of the log density; far out its distance of decay is shorter than the law's width, in the lower tail it is 1/(a
    // c).
    double const slope = std::abs(value_of(power_) * (a - y));
    double const panel = 2 / (slope + 1 / width_);
    static gauss_legendre<double, 20> const rule;
    Number sum(0);
    double from = t;
    for (int k = 0; k < 60; ++k) {
      Number here(0);
      for (std::size_t i = 0; i < 20; ++i) {
        double const node = i < 10 ? -rule.nodes[i] : rule.nodes[i - 10], weight = rule.weights[i % 10];
        here += exp(Number(log_density(from + side * panel * (1 + node) / 2) - at_edge)) * (weight * panel / 2);
      }
      sum += here;
      from += side * panel;
      if (!(value_of(here) > 1e-19 * value_of(sum))) break;
    }
    return at_edge + log(sum);
  }

  Number log_scale_, shape_, power_, log_peak_;
  double mode_, width_;
};

/// After Prentice: the search moves the mean and spread of a law that is nearly normal in logs, and Q = 1/sqrt(shape),
/// 0 for the log-normal law.
template <>
struct family<size_law::generalized_gamma> {
  static constexpr std::size_t size = 3;
  static constexpr std::array<char const*, 3> names{"log_scale", "gamma_shape", "power"};

  template <class Number>
  [[nodiscard]] static std::array<Number, 3> natural(std::array<Number, 3> const& w, size_bounds const&) {
    using std::exp;
    Number const power = exp(Number(w[2] - w[1]));
    return {Number(w[0] + 2 * w[2] / power), exp(Number(w[2] * -2)), power};
  }
  [[nodiscard]] static std::array<double, 3> working(std::array<double, 3> const& p, size_bounds const&) {
    double const log_q = -std::log(p[1]) / 2;
    return {p[0] - 2 * log_q / p[2], log_q - std::log(p[2]), log_q};
  }
  static void bound(std::vector<double>& lower, std::vector<double>& upper, size_bounds const& b) {
    lower[1] = std::log(b.spread) - 8;
    upper[1] = std::log(b.spread) + 8;
    lower[2] = std::log(0.02);  // nearer to the log-normal law its terms cancel
    upper[2] = std::log(50);
  }
  template <class Number>
  struct of : gamma_in_logs<Number> {
    of(std::array<Number, 3> const& p, size_bounds const&) : gamma_in_logs<Number>(p[0], p[1], p[2]) {}
  };
};

template <>
struct family<size_law::gamma> : coordinates<width_is::steepness, 2> {
  static constexpr std::array<char const*, 2> names{"log_scale", "gamma_shape"};

  template <class Number>
  [[nodiscard]] static std::array<Number, 2> natural(std::array<Number, 2> const& w, size_bounds const&) {
    using std::exp;
    return {w[0], exp(w[1])};
  }
  [[nodiscard]] static std::array<double, 2> working(std::array<double, 2> const& p, size_bounds const&) {
    return {p[0], std::log(p[1])};
  }
  static void bound(std::vector<double>& lower, std::vector<double>& upper, size_bounds const&) {
    lower[1] = -9;
    upper[1] = 7.5;
  }
  template <class Number>
  struct of : gamma_in_logs<Number> {
    of(std::array<Number, 2> const& p, size_bounds const&) : gamma_in_logs<Number>(p[0], p[1], Number(1)) {}
  };
};

}  // namespace melitz::detail
