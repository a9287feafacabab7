// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/analysis/estimation/detail/families.hpp>
#include <melitz/analysis/estimation/detail/families_of_gamma.hpp>
#include <melitz/analysis/estimation/detail/families_of_normal.hpp>
#include <melitz/analysis/estimation/detail/maximise.hpp>
#include <melitz/analysis/estimation/detail/outline.hpp>
#include <melitz/analysis/estimation/sample.hpp>
#include <melitz/numerics/curved.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

namespace melitz::detail {

/// ln of the share of a law between two places: a difference on the side that has less.
template <class Number, class Law>
[[nodiscard]] Number log_share_between(Law const& law, double from, double to) {
  bool const all_below = from == -infinity<double>, all_above = to == infinity<double>;
  if (all_below && all_above) return Number(0);
  if (all_below) return law.log_cdf(to);
  if (all_above) return law.log_survival(from);
  auto const above = law.log_survival(from), below = law.log_cdf(to);
  if (value_of(below) < value_of(above)) return log_of_difference(below, law.log_cdf(from));
  return log_of_difference(above, law.log_survival(to));
}

template <class Family, class Number>
using law_in = typename Family::template of<Number>;

/// Log-likelihood of ln sizes, without constants left out and without the sum of ln sizes that their levels would add.
template <class Number, class Law>
[[nodiscard]] Number log_likelihood(Law const& law, size_sample const& s) {
  Number out(0);
  if (s.in_classes()) {
    for (std::size_t k = 0; k < s.counts.size(); ++k) {
      if (s.counts[k] > 0) out += log_share_between<Number>(law, s.log_bounds[k], s.log_bounds[k + 1]) * s.counts[k];
    }
  } else if constexpr (requires { law.log_density_of_all(1.0, 0.0, 0.0); }) {
    out = law.log_density_of_all(s.total, s.log_mean, s.second_to.back());
  } else if constexpr (requires { law.join(); }) {
    auto const at = static_cast<std::size_t>(std::lower_bound(s.log_size.begin(), s.log_size.end(), law.join()) -
                                             s.log_size.begin());
    double const body = s.weight_to[at], tail = s.total - body;
    if (body > 0) {
      double const mean = s.first_to[at] / body;
      out += law.log_density_of_body(body, s.log_mean + mean, std::max(0.0, s.second_to[at] - body * mean * mean));
    }
    if (at < s.log_size.size()) {
      out += law.log_density_of_tail(tail, s.log_mean + (s.first_to.back() - s.first_to[at]) / tail);
    }
  } else {
    for (std::size_t k = 0; k < s.log_size.size(); ++k) {
      Number const one = law.log_density(s.log_size[k]);
      out += s.weight.empty() ? one : Number(one * s.weight[k]);
    }
  }
  if (s.truncated_below() || s.truncated_above()) {
    out -= log_share_between<Number>(law, s.log_lower, s.log_upper) * s.total;
  }
  return out;
}

/// Where the laws of a sample end. Pareto's begins at the truncation, or the smallest size.
[[nodiscard]] inline size_bounds bounds_of(size_sample const& s) {
  size_bounds out;
  out.truncated_below = s.truncated_below();
  out.log_lower = s.truncated_below() || s.in_classes() ? s.log_lower : s.log_size.front();
  out.log_upper = s.truncated_above() || s.in_classes() ? s.log_upper : s.log_size.back();
  out.spread = s.in_classes() ? sample_outline(s).sd : std::max(std::sqrt(s.second_to.back() / s.total), 1e-3);
  return out;
}

template <std::size_t N>
[[nodiscard]] std::array<double, N> array_of(std::vector<double> const& x) {
  std::array<double, N> out{};
  std::copy_n(x.begin(), N, out.begin());
  return out;
}
template <std::size_t N>
[[nodiscard]] std::array<curved<N>, N> variables_at(std::vector<double> const& x) {
  std::array<curved<N>, N> out{};
  for (std::size_t k = 0; k < N; ++k) out[k] = curved<N>::variable(x[k], k);
  return out;
}

template <std::size_t N>
[[nodiscard]] local_shape local_shape_of(curved<N> const& x) {
  local_shape out{x.value, {x.slope.begin(), x.slope.end()}, symmetric_matrix(N)};
  for (std::size_t i = 0, at = 0; i < N; ++i) {
    for (std::size_t j = 0; j <= i; ++j, ++at) out.information(i, j) = out.information(j, i) = -x.curve[at];
  }
  return out;
}

/// The log-likelihood as a function of the search's coordinates.
template <size_law Law>
[[nodiscard]] objective likelihood_of(size_sample const& s, size_bounds const& bounds) {
  using family_type = family<Law>;
  constexpr std::size_t n = family_type::size;
  using number = curved<n>;
  objective out;
  out.at = [&s, bounds](std::vector<double> const& w) {
    law_in<family_type, number> const law(family_type::natural(variables_at<n>(w), bounds), bounds);
    return local_shape_of(log_likelihood<number>(law, s));
  };
  out.value_at = [&s, bounds](std::vector<double> const& w) {
    law_in<family_type, double> const law(family_type::natural(array_of<n>(w), bounds), bounds);
    return log_likelihood<double>(law, s);
  };
  out.lower.assign(n, -infinity<double>);
  out.upper.assign(n, infinity<double>);
  if constexpr (requires { family_type::bound(out.lower, out.upper, bounds); }) {
    family_type::bound(out.lower, out.upper, bounds);
  }
  return out;
}

}  // namespace melitz::detail
