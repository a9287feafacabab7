// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/analysis/estimation/draws.hpp>
#include <melitz/analysis/estimation/fit.hpp>
#include <melitz/analysis/estimation/fitted_law.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace melitz {

/// How far a sample of points lies from a law.
struct size_distances {
  double kolmogorov_smirnov = detail::not_a_number<double>;  ///< the largest distance of shares below, on both sides
  double anderson_darling = detail::not_a_number<double>;    ///< A^2; NaN of weighted points
};

namespace detail {

/// ln of the shares of a law below and above, given the truncation of a sample.
class shares_within {
 public:
  shares_within(fitted_law const& law, size_sample const& s)
      : law_(law), from_(s.log_lower), to_(s.log_upper), within_(log_share_between<double>(law, from_, to_)) {}
  [[nodiscard]] double log_below(double t) const { return log_share_between<double>(law_, from_, t) - within_; }
  [[nodiscard]] double log_above(double t) const { return log_share_between<double>(law_, t, to_) - within_; }

 private:
  fitted_law const& law_;
  double from_, to_, within_;
};

/// @throws domain_error of data in classes
inline void require_points(size_sample const& s, char const* where) {
  if (s.in_classes()) throw domain_error(where, "sample", "in classes", "be of points");
}
/// @throws domain_error of data in classes, or weighted
inline void require_plain_points(size_sample const& s, char const* where) {
  require_points(s, where);
  if (!s.weight.empty()) throw domain_error(where, "sample", "weighted", "have no weights");
}

}  // namespace detail

/// Distances between the points of a sample and a law fitted to them, given their truncation.
/// @throws domain_error of data in classes; convergence_error where nothing was fitted
[[nodiscard]] inline size_distances distances_from(law_fit const& fit, size_sample const& s) {
  detail::require_points(s, "distances_from");
  fitted_law const law(fit);
  detail::shares_within const shares(law, s);
  size_distances out{0, s.weight.empty() ? 0 : detail::not_a_number<double>};
  std::size_t const n = s.log_size.size();
  detail::exact_sum squares;
  for (std::size_t k = 0; k < n; ++k) {
    double const log_below = shares.log_below(s.log_size[k]), log_above = shares.log_above(s.log_size[k]);
    double const below = std::exp(log_below);
    out.kolmogorov_smirnov = std::max({out.kolmogorov_smirnov, std::abs(s.weight_to[k + 1] / s.total - below),
                                       std::abs(s.weight_to[k] / s.total - below)});
    // ln G of the k-th smallest counts 2k + 1 times, ln S of it as often as ln G of the k-th largest.
    squares.add(static_cast<double>(2 * k + 1) * log_below + static_cast<double>(2 * (n - k) - 1) * log_above);
  }
  auto const count = static_cast<double>(n);
  out.anderson_darling += -count - squares.value() / count;
  return out;
}

/// Whether samples drawn from the law itself lie as far from the laws fitted to them.
struct goodness_of_fit {
  size_distances distance;
  double p_kolmogorov_smirnov = detail::not_a_number<double>;
  double p_anderson_darling = detail::not_a_number<double>;
  int replications = 0;  ///< those that could be fitted
  int failed = 0;        ///< those that could not
};

namespace detail {

/// The law of a fit, estimated from another sample: from the fit's parameters on, and from all starts if that fails.
[[nodiscard]] inline law_fit fitted_again(law_fit const& before, size_sample const& s) {
  law_fit out;
  auto const bounds = bounds_of(s);
  auto const law = estimable_law(before.law);
  if (law.has_support(bounds)) {
    auto const end = maximise(law.likelihood(s, bounds), law.working(before.parameters, bounds), 30);
    if (end.reason == status::converged && !end.at_a_bound) out = describe(law, s, bounds, end, {});
  }
  return out ? out : fit(before.law, s);
}

}  // namespace detail

/// Kolmogorov-Smirnov and Anderson-Darling tests by parametric bootstrap: each replication is drawn from the fitted law
/// within the truncation and has the law estimated anew, without which p values are too large.
/// @param replications  at least 1; p is (1 + those that lie as far)/(1 + replications)
/// @throws as distances_from; domain_error when replications is not positive
[[nodiscard]] inline goodness_of_fit goodness(law_fit const& fit, size_sample const& s, int replications = 200,
                                              std::uint64_t seed = 1) {
  detail::require(replications >= 1, "goodness", "replications", replications, "be at least 1");
  goodness_of_fit out;
  out.distance = distances_from(fit, s);
  int farther = 0, farther_in_tails = 0;
  for (int k = 0; k < replications; ++k) {
    auto const drawn = detail::drawn_like(s, fit, seed, static_cast<std::uint32_t>(k));
    auto const again = detail::fitted_again(fit, drawn);
    if (!again) {
      ++out.failed;
      continue;
    }
    auto const there = distances_from(again, drawn);
    ++out.replications;
    if (there.kolmogorov_smirnov >= out.distance.kolmogorov_smirnov) ++farther;
    if (there.anderson_darling >= out.distance.anderson_darling) ++farther_in_tails;
  }
  if (out.replications > 0) {
    out.p_kolmogorov_smirnov = (1.0 + farther) / (1.0 + out.replications);
    if (s.weight.empty()) out.p_anderson_darling = (1.0 + farther_in_tails) / (1.0 + out.replications);
  }
  return out;
}

}  // namespace melitz
