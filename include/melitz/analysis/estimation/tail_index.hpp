// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/analysis/estimation/goodness.hpp>
#include <melitz/analysis/estimation/sample.hpp>

#include <boost/math/special_functions/erf.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <vector>

namespace melitz {

/// An index of a Pareto tail, with the standard error of independent observations.
struct tail_index {
  double shape = detail::not_a_number<double>;
  double standard_error = detail::not_a_number<double>;
  double unbiased = detail::not_a_number<double>;  ///< of the estimator itself; NaN where that is not known
  double log_threshold = detail::not_a_number<double>;
  std::size_t firms = 0;  ///< that it is made from
};

/// A straight line through logarithms, and how much of their variance is on it.
struct log_line {
  double intercept = detail::not_a_number<double>;
  double slope = detail::not_a_number<double>;
  double r_squared = detail::not_a_number<double>;
};

namespace detail {

/// The least squares line of y on x.
[[nodiscard]] inline log_line line_through(std::vector<double> const& x, std::vector<double> const& y) {
  auto const n = static_cast<double>(x.size());
  exact_sum sum_x, sum_y, xx, xy, yy;
  for (std::size_t k = 0; k < x.size(); ++k) {
    sum_x.add(x[k]);
    sum_y.add(y[k]);
  }
  double const mean_x = sum_x.value() / n, mean_y = sum_y.value() / n;
  for (std::size_t k = 0; k < x.size(); ++k) {
    double const dx = x[k] - mean_x, dy = y[k] - mean_y;
    xx.add(dx * dx);
    xy.add(dx * dy);
    yy.add(dy * dy);
  }
  log_line out;
  out.slope = xy.value() / xx.value();
  out.intercept = mean_y - out.slope * mean_x;
  out.r_squared = out.slope * xy.value() / yy.value();
  return out;
}

/// @throws domain_error where points are all equal
inline void require_spread(size_sample const& s, char const* where) {
  require(s.log_size.back() > s.log_size.front(), where, "largest size", std::exp(s.log_size.back()),
          "exceed the smallest: they are all equal");
}

/// Hill's index of the points from a place in the ascending order on, above a threshold in logs.
[[nodiscard]] inline tail_index hill_from(size_sample const& s, std::size_t first, double log_threshold) {
  exact_sum above;
  for (std::size_t k = first; k < s.log_size.size(); ++k) above.add(s.log_size[k] - log_threshold);
  tail_index out;
  out.firms = s.log_size.size() - first;
  out.log_threshold = log_threshold;
  auto const m = static_cast<double>(out.firms);
  out.shape = m / above.value();
  out.standard_error = out.shape / std::sqrt(m);
  out.unbiased = (m - 1) / above.value();
  return out;
}

}  // namespace detail

/// Hill's estimator, the maximum likelihood of Pareto's law, from all points: above the known truncation or the
/// smallest.
/// @throws domain_error of data in classes or weighted, or all equal
[[nodiscard]] inline tail_index hill(size_sample const& s) {
  detail::require_plain_points(s, "hill");
  detail::require_spread(s, "hill");
  return detail::hill_from(s, 0, s.truncated_below() ? s.log_lower : s.log_size.front());
}

/// The same of the `top` largest, above the next one.
/// @param top  at least 2 and below the number of points
/// @throws domain_error as hill, and when top is out of range
[[nodiscard]] inline tail_index hill(size_sample const& s, std::size_t top) {
  detail::require_plain_points(s, "hill");
  std::size_t const n = s.log_size.size();
  detail::require(top >= 2 && top < n, "hill", "top", top, "be at least 2 and below the number of sizes");
  double const threshold = s.log_size[n - top - 1];
  detail::require(s.log_size.back() > threshold, "hill", "largest size", std::exp(s.log_size.back()),
                  "exceed the threshold");
  return detail::hill_from(s, n - top, threshold);
}

/// The slope of ln(rank - 1/2) on ln size, after Gabaix and Ibragimov, with their standard error shape sqrt(2/n).
/// @throws domain_error as hill
[[nodiscard]] inline tail_index rank_half(size_sample const& s, log_line* line = nullptr) {
  detail::require_plain_points(s, "rank_half");
  detail::require_spread(s, "rank_half");
  std::size_t const n = s.log_size.size();
  std::vector<double> rank(n);
  for (std::size_t k = 0; k < n; ++k) rank[k] = std::log(static_cast<double>(n - k) - 0.5);
  auto const found = detail::line_through(s.log_size, rank);
  if (line != nullptr) *line = found;
  tail_index out;
  out.shape = -found.slope;
  out.standard_error = out.shape * std::sqrt(2 / static_cast<double>(n));
  out.log_threshold = s.log_size.front();
  out.firms = n;
  return out;
}

/// Quantiles of the data on those of the standard exponential law: slope 1/shape, intercept ln of the smallest size.
/// After Head, Mayer and Thoenig, with shares (i - 0.3)/(n + 0.4). Order statistics depend on one another: standard
/// errors of least squares say nothing of these.
/// @throws domain_error as hill
[[nodiscard]] inline log_line qq_pareto(size_sample const& s) {
  detail::require_plain_points(s, "qq_pareto");
  detail::require_spread(s, "qq_pareto");
  auto const n = static_cast<double>(s.log_size.size());
  std::vector<double> quantile;
  for (std::size_t k = 0; k < s.log_size.size(); ++k) {
    quantile.push_back(-std::log((n - static_cast<double>(k) - 0.3) / (n + 0.4)));
  }
  return detail::line_through(quantile, s.log_size);
}

/// The same on those of the standard normal law: slope log_sd, intercept log_mean.
/// @throws domain_error as hill
[[nodiscard]] inline log_line qq_lognormal(size_sample const& s) {
  detail::require_plain_points(s, "qq_lognormal");
  detail::require_spread(s, "qq_lognormal");
  auto const n = static_cast<double>(s.log_size.size());
  std::vector<double> quantile;
  for (std::size_t k = 0; k < s.log_size.size(); ++k) {
    double const share = (static_cast<double>(k) + 0.7) / (n + 0.4);
    quantile.push_back(-std::numbers::sqrt2 * boost::math::erfc_inv(2 * share, detail::math_policy{}));
  }
  return detail::line_through(quantile, s.log_size);
}

}  // namespace melitz
