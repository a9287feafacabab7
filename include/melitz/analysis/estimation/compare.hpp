// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/analysis/estimation/fit.hpp>
#include <melitz/analysis/estimation/goodness.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
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

/// How many parameters of the larger law reach their end where it becomes the other; 0 where it does not.
[[nodiscard]] inline int parameters_at_the_end(size_law larger, size_law limit) {
  using enum size_law;
  if (larger == exponential || larger == limit) return 0;
  if (limit == exponential) return larger == weibull || larger == singh_maddala ? 1 : 0;
  if (limit == log_logistic) return larger == singh_maddala || larger == dagum ? 1 : 0;
  for (auto const next : limits_of(larger)) {
    if (next == limit) return 1;
    int const further = parameters_at_the_end(next, limit);
    if (further > 0) return 1 + further;
  }
  return 0;
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
  bool const second_is_limit = detail::parameters_at_the_end(first.law, second.law) > 0;
  int const ends = second_is_limit ? detail::parameters_at_the_end(first.law, second.law)
                                   : detail::parameters_at_the_end(second.law, first.law);
  if (ends > 0 || first.law == second.law) {
    out.refused = "nested or overlapping";
    double const ratio = second_is_limit ? out.log_likelihood_ratio : -out.log_likelihood_ratio;
    if (ends == 1) out.p = ratio > 0 ? std::erfc(std::sqrt(ratio)) / 2 : 1;
    return out;
  }
  out.p = std::erfc(std::abs(out.statistic) / std::numbers::sqrt2);
  return out;
}

}  // namespace melitz
