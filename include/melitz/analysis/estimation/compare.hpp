// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/analysis/estimation/fit.hpp>
#include <melitz/analysis/estimation/goodness.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <initializer_list>
#include <numbers>
#include <span>
#include <string>
#include <vector>

namespace melitz {

/// Every law fitted to the same data, by Akaike's criterion; those without a maximum of their own, or none at all,
/// last.
/// @throws domain_error where the sample does not allow any of them
[[nodiscard]] inline std::vector<law_fit> fit_all(size_sample const& s, std::span<size_law const> laws = all_size_laws,
                                                  fit_options const& options = {}) {
  std::vector<law_fit> out;
  for (auto const law : laws) out.push_back(fit(law, s, options));
  auto const rank = [](law_fit const& f) { return !f ? 2 : f.ran_off() ? 1 : 0; };
  std::stable_sort(out.begin(), out.end(), [&](law_fit const& a, law_fit const& b) {
    return rank(a) != rank(b) ? rank(a) < rank(b) : bool(a) && a.aic() < b.aic();
  });
  return out;
}

/// Which of two laws is nearer to the data. Q. H. Vuong (1989), Econometrica 57(2).
struct law_comparison {
  double log_likelihood_ratio = detail::not_a_number<double>;  ///< of the first over the second
  double variance = detail::not_a_number<double>;              ///< of an observation's
  double statistic = detail::not_a_number<double>;  ///< standard normal where neither law is a limit of the other
  double statistic_schwarz = detail::not_a_number<double>;  ///< less Schwarz's penalty for parameters
  /// Two-sided. Where one law is a limit of the other, that of the likelihood ratio instead: half of the weight on 0
  /// and half chi-squared with one degree of freedom for one parameter at its end; NaN for more.
  double p = detail::not_a_number<double>;
  std::string refused;  ///< why Vuong's p value was not given: "nested or overlapping"; empty where it was
};

namespace detail {

/// How a law is contained in a larger one: how many parameters of the larger stand at their end, and how many at a
/// place inside; none of either where it is not.
struct containment {
  int at_end = 0, inside = 0;
  explicit operator bool() const { return at_end + inside > 0; }
};

[[nodiscard]] inline containment contained(size_law larger, size_law smaller, bool far_out) {
  using enum size_law;
  if (larger == smaller) return {};
  auto const one_of = [&](std::initializer_list<size_law> laws) {
    return std::find(laws.begin(), laws.end(), larger) != laws.end();
  };
  if (smaller == exponential && one_of({weibull, gamma})) return {0, 1};
  if (smaller == exponential && larger == generalized_gamma) return {0, 2};
  if ((smaller == weibull || smaller == gamma) && larger == generalized_gamma) return {0, 1};
  if (smaller == log_logistic && one_of({singh_maddala, dagum})) return {0, 1};
  for (auto const next : limits_of(larger, far_out)) {
    if (next == smaller) return {1, 0};
    if (auto const further = contained(next, smaller, far_out)) return {further.at_end + 1, further.inside};
  }
  return {};
}

}  // namespace detail

/// Compares two laws fitted to the same points.
///
/// Vuong's statistic is normal only where neither law is a limit of the other: then its p value is refused.
/// @throws domain_error of data in classes; convergence_error where one was not fitted
[[nodiscard]] inline law_comparison vuong(law_fit const& first, law_fit const& second, size_sample const& s) {
  detail::require_points(s, "vuong");
  std::vector<double> gap(s.log_size.size());
  double const sides[] = {1, -1};
  law_fit const* const fits[] = {&first, &second};
  for (int k = 0; k < 2; ++k) {
    fitted_law const law(*fits[k]);
    double const within = detail::log_share_between<double>(law, s.log_lower, s.log_upper);
    for (std::size_t i = 0; i < gap.size(); ++i) gap[i] += sides[k] * (law.log_density(s.log_size[i]) - within);
  }
  detail::exact_sum sum, squares;
  for (std::size_t i = 0; i < gap.size(); ++i) sum.add(s.weight_of(i) * gap[i]);
  law_comparison out;
  out.log_likelihood_ratio = sum.value();
  double const mean = sum.value() / s.total, n = s.effective();
  for (std::size_t i = 0; i < gap.size(); ++i) squares.add(s.weight_of(i) * (gap[i] - mean) * (gap[i] - mean));
  out.variance = squares.value() / s.total;
  double const scale = s.total / n * std::sqrt(n * out.variance);
  out.statistic = out.log_likelihood_ratio / scale;
  double const extra = static_cast<double>(first.parameters.size()) - static_cast<double>(second.parameters.size());
  out.statistic_schwarz = (out.log_likelihood_ratio - extra / 2 * std::log(n)) / scale;
  bool const far_out = s.truncated_below();
  auto const second_in_first = detail::contained(first.law, second.law, far_out);
  auto const nested = second_in_first ? second_in_first : detail::contained(second.law, first.law, far_out);
  if (nested || first.law == second.law) {
    out.refused = "nested or overlapping";
    double const ratio = second_in_first ? out.log_likelihood_ratio : -out.log_likelihood_ratio;
    double const beyond = ratio > 0 ? std::erfc(std::sqrt(ratio)) : 1;  // of chi-squared with one degree of freedom
    if (nested.at_end == 1 && nested.inside == 0) out.p = ratio > 0 ? beyond / 2 : 1;
    if (nested.at_end == 0 && nested.inside == 1) out.p = beyond;
    return out;
  }
  out.p = std::erfc(std::abs(out.statistic) / std::numbers::sqrt2);
  return out;
}

}  // namespace melitz
