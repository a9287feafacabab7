// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/analysis/estimation/detail/families.hpp>
#include <melitz/analysis/estimation/detail/families_of_normal.hpp>
#include <melitz/analysis/estimation/detail/outline.hpp>
#include <melitz/analysis/estimation/sample.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <string_view>
#include <vector>

// Where searches begin: grids over the numbers that a law's shape depends on, with the location and scale that moments
// give. That of the spliced law also tries joins at quantiles of the data; where data are truncated the likelihood is
// not concave at given shapes, and lower locations are tried too.

namespace melitz::detail {

/// Parameters to begin at, in the law's own terms.
template <size_law Law>
[[nodiscard]] std::vector<std::vector<double>> untruncated_starts(sample_outline const& o) {
  using enum size_law;
  std::vector<std::vector<double>> out;
  double const m = o.mean, sd = o.sd;
  constexpr double logistic_sd = 1.813799364234218, gumbel_sd = 1.2825498301618641, euler = 0.57721566490153286;
  if constexpr (Law == pareto || Law == bounded_pareto) {
    out.push_back({1 / std::max(m - o.log_size.front(), 0.1 * sd)});
  } else if constexpr (Law == exponential) {
    out.push_back({std::exp(-m - euler)});
  } else if constexpr (Law == lognormal) {
    out.push_back({m, sd});
  } else if constexpr (Law == weibull) {
    out.push_back({m + euler * sd / gumbel_sd, gumbel_sd / sd});
  } else if constexpr (Law == frechet) {
    out.push_back({m - euler * sd / gumbel_sd, gumbel_sd / sd});
  } else if constexpr (Law == log_logistic) {
    out.push_back({m, logistic_sd / sd});
  } else if constexpr (Law == singh_maddala || Law == dagum) {
    for (double const g : {0.1, 0.3, 1.0, 3.0, 10.0}) {
      // v has mean psi(1) - psi(g) and variance psi'(1) + psi'(g) under Singh and Maddala's law; Dagum's is its mirror.
      double const variance = boost::math::trigamma(1.0, math_policy{}) + boost::math::trigamma(g, math_policy{});
      double const off = -euler - boost::math::digamma(g, math_policy{});
      double const a = std::sqrt(variance) / sd;
      out.push_back({m - (Law == dagum ? -off : off) / a, a, g});
    }
  } else if constexpr (Law == spliced_lognormal_pareto || Law == three_piece) {
    auto const add = [&](double location, double spread, double shape) {
      if constexpr (Law == three_piece) {
        for (double const c : {0.3, 1.0, 2.0}) out.push_back({location, spread, shape, c / spread});
      } else {
        out.push_back({location, spread, shape});
      }
    };
    for (double const c : {0.05, 0.2, 0.5, 1.0, 1.5, 2.0, 2.5, 3.2}) {
      double const spread = sd / (1 + 0.6 * std::exp(-c));
      add(m - 0.3 * sd * std::exp(-c), spread, c / spread);
    }
    for (double const share : {0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.8, 0.9}) {
      auto const join = o.quantile(share);
      double const shape = 1 / join.mean_above;
      for (double const c : {0.2, 0.5, 1.0, 2.0}) add(join.at - c * c / shape, c / shape, shape);
    }
  } else if constexpr (Law == pareto_lognormal) {
    for (double const share : {0.15, 0.3, 0.45, 0.6, 0.75, 0.85, 0.92, 0.97, 0.99}) {
      out.push_back({m - share * sd, sd * std::sqrt(1 - share * share), 1 / (share * sd)});
    }
  } else if constexpr (Law == gamma || Law == generalized_gamma) {
    for (double const q : {0.1, 0.3, 0.7, 1.0, 1.5, 3.0}) {
      double const shape = 1 / (q * q), power = std::sqrt(boost::math::trigamma(shape, math_policy{})) / sd;
      double const log_scale = m - boost::math::digamma(shape, math_policy{}) / power;
      if constexpr (Law == gamma) {
        out.push_back({m - boost::math::digamma(shape, math_policy{}), shape});
      } else {
        out.push_back({log_scale, shape, power});
      }
    }
  } else {
    static_assert(Law == double_pareto_lognormal);
    for (double const up : {0.1, 0.3, 0.5, 0.7, 0.9}) {
      for (double const down : {0.1, 0.3, 0.5, 0.7, 0.9}) {
        double const left = std::max(1 - up * up - down * down, 0.02);
        out.push_back({m - (up - down) * sd, sd * std::sqrt(left), 1 / (up * sd), 1 / (down * sd)});
      }
    }
  }
  return out;
}

/// The same, with lower locations where small sizes are missing.
template <size_law Law>
[[nodiscard]] std::vector<std::vector<double>> starts_for(size_sample const& s) {
  sample_outline const outline(s);
  auto out = untruncated_starts<Law>(outline);
  if constexpr (family<Law>::size > 1) {
    if (s.truncated_below() || s.truncated_above()) {
      std::size_t const plain = out.size();
      constexpr bool steepness = std::string_view(family<Law>::names[0]) == "log_scale";
      for (double const down : {1.0, 2.5}) {
        double const wider = down == 1.0 ? 1.5 : 2.25;
        for (std::size_t k = 0; k < plain; ++k) {
          auto lower = out[k];
          lower[0] -= down * outline.sd;
          lower[1] *= steepness ? 1 / wider : wider;
          out.push_back(std::move(lower));
        }
      }
    }
  }
  return out;
}

}  // namespace melitz::detail
