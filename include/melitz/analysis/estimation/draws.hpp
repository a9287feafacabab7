// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/analysis/estimation/detail/random_stream.hpp>
#include <melitz/analysis/estimation/fitted_law.hpp>
#include <melitz/analysis/estimation/sample.hpp>
#include <melitz/numerics/philox.hpp>

#include <boost/math/special_functions/gamma.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace melitz::detail {

/// A binomial number by inversion from the mode outwards: exact but for rounding, in about as many steps as there are
/// firms in a standard deviation.
/// @param u  uniform in (0, 1]
[[nodiscard]] inline double binomial_draw(double trials, double p, double u) {
  if (!(p > 0) || !(trials > 0)) return 0;
  if (!(p < 1)) return trials;
  double const mode = std::floor((trials + 1) * p), odds = p / (1 - p);
  double const at_mode = std::exp(
      boost::math::lgamma(trials + 1, math_policy{}) - boost::math::lgamma(mode + 1, math_policy{}) -
      boost::math::lgamma(trials - mode + 1, math_policy{}) + mode * std::log(p) + (trials - mode) * std::log1p(-p));
  double up = mode, down = mode, chance_up = at_mode, chance_down = at_mode, left = u - at_mode;
  while (left > 0) {
    bool const ended_up = up >= trials || chance_up < 1e-18, ended_down = down <= 0 || chance_down < 1e-18;
    if (ended_up && ended_down) break;  // what rounding left
    if (!ended_up) {
      chance_up *= (trials - up) / (up + 1) * odds;
      ++up;
      left -= chance_up;
      if (left <= 0) return up;
    }
    if (!ended_down) {
      chance_down *= down / ((trials - down + 1) * odds);
      --down;
      left -= chance_down;
      if (left <= 0) return down;
    }
  }
  return mode;
}

/// Another sample of the same size, bounds and classes, drawn from a fitted law.
/// @param replication  which
[[nodiscard]] inline size_sample drawn_like(size_sample const& s, law_fit const& fit, std::uint64_t seed,
                                            std::uint32_t replication) {
  philox const random(seed);
  size_sample out;
  out.log_lower = s.log_lower;
  out.log_upper = s.log_upper;
  if (s.in_classes()) {
    out.log_bounds = s.log_bounds;
    out.total = s.total;
    double left = s.total, share_left = s.total;
    for (std::size_t k = 0; k < s.counts.size(); ++k) {  // one class after another, given those before
      double const expected = fit.classes.expected[k];
      bool const last = k + 1 == s.counts.size();
      double const p = std::clamp(expected / share_left, 0.0, 1.0);
      double const u = random.at(k, static_cast<std::uint32_t>(random_stream::counts), replication).uniform(0);
      out.counts.push_back(last ? left : binomial_draw(left, p, u));
      left -= out.counts.back();
      share_left -= expected;
    }
    return out;
  }
  auto const n = static_cast<std::size_t>(std::max(2.0, std::round(s.effective())));
  out.log_size.reserve(n);
  fitted_law const law(fit);
  bool const cut_above = s.truncated_above();
  double const all = s.truncated_below() ? law.log_survival(s.log_lower) : 0.0;
  double const beyond = cut_above ? law.log_survival(s.log_upper) : -infinity<double>;
  double start = s.log_mean;
  for (std::size_t k = 0; k < n; ++k) {
    double const u =
        random.at(k, static_cast<std::uint32_t>(random_stream::samples), replication).uniform(0) * (1 - 0x1p-53);
    double log_above = all + std::log(u),
           log_below = s.truncated_below() ? log_one_less_exp(log_above) : std::log1p(-u);
    if (cut_above) {
      log_above = log_of_sum(double(std::log1p(-u) + beyond), double(std::log(u) + all));
      log_below = log_one_less_exp(log_above);
    }
    start = place_of_share(law, log_above, log_below, start);
    out.log_size.push_back(std::clamp(start, s.log_lower, s.log_upper));
  }
  std::sort(out.log_size.begin(), out.log_size.end());
  fill_sums(out);
  return out;
}

}  // namespace melitz::detail
