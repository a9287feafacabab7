// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/analysis/estimation/detail/estimable.hpp>
#include <melitz/analysis/estimation/detail/maximise.hpp>
#include <melitz/analysis/estimation/law_fit.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace melitz::detail {

/// The information of the parameters themselves, from that of the search's coordinates.
/// @param jacobian  derivatives of parameters with respect to coordinates
[[nodiscard]] inline symmetric_matrix inverse_jacobian(symmetric_matrix a) {
  std::size_t const n = a.size;
  symmetric_matrix out(n);
  for (std::size_t k = 0; k < n; ++k) out(k, k) = 1;
  for (std::size_t c = 0; c < n; ++c) {  // Gauss and Jordan, with the largest pivot
    std::size_t pivot = c;
    for (std::size_t r = c; r < n; ++r) {
      if (std::abs(a(r, c)) > std::abs(a(pivot, c))) pivot = r;
    }
    for (std::size_t k = 0; k < n; ++k) {
      std::swap(a(c, k), a(pivot, k));
      std::swap(out(c, k), out(pivot, k));
    }
    double const by = a(c, c);
    for (std::size_t k = 0; k < n; ++k) {
      a(c, k) /= by;
      out(c, k) /= by;
    }
    for (std::size_t r = 0; r < n; ++r) {
      if (r == c) continue;
      double const times = a(r, c);
      for (std::size_t k = 0; k < n; ++k) {
        a(r, k) -= times * a(c, k);
        out(r, k) -= times * out(c, k);
      }
    }
  }
  return out;
}

/// Whether the law's standard errors hold, in the names of its parameters.
inline void warn_of_condition(law_fit& fit, scaled_condition const& condition) {
  if (!(condition.number > 1e3)) return;
  std::string which;
  for (std::size_t k = 0; k < condition.weakest.size(); ++k) {
    if (std::abs(condition.weakest[k]) < 0.3) continue;
    which += (which.empty() ? "" : ", ") + std::string(fit.names[k]);
  }
  fit.warnings.push_back("the data hardly tell " + which + " apart: the condition number is " +
                         to_short_text(condition.number) +
                         (condition.number > 1e8 ? ", and there are no standard errors" : ""));
}

/// What is said of a law at the end of a search.
[[nodiscard]] inline law_fit describe(estimable const& law, size_sample const& s, size_bounds const& bounds,
                                      maximum const& end, fit_options const& options) {
  std::size_t const n = law.names.size();
  law_fit out;
  out.asked = out.law = law.law;
  out.reason = end.reason;
  out.names = law.names;
  out.parameters.assign(n, not_a_number<double>);
  out.log_lower = bounds.log_lower;
  out.log_upper = bounds.log_upper;
  out.observations = s.total;
  out.effective = s.effective();
  out.iterations = end.iterations;
  if (end.reason != status::converged) return out;
  out.log_likelihood = end.shape.value;
  symmetric_matrix jacobian;
  out.parameters = law.natural(end.at, bounds, jacobian);
  auto const back = inverse_jacobian(jacobian);
  auto const information = between(end.shape.information, back);
  scaled_condition const condition(information);
  out.condition_number = condition.number;
  warn_of_condition(out, condition);
  if (condition.number <= 1e8) {
    out.covariance = inverse_of(information);
    out.is_sandwich = options.sandwich || (s.weights_are == weight_kind::sampling && !s.weight.empty());
    if (out.is_sandwich) {
      out.covariance = between(between(law.squares_of_scores(s, end.at, bounds), back), out.covariance);
    }
  }
  double const within = law.log_share(out.parameters, bounds, s.log_lower, s.log_upper);
  out.share_observed = std::exp(within);
  if (s.in_classes()) {
    auto& c = out.classes;
    c.deviance = c.largest_share_error = 0;
    c.degrees_of_freedom = static_cast<int>(s.counts.size()) - 1 - static_cast<int>(n);
    for (std::size_t k = 0; k < s.counts.size(); ++k) {
      double const share =
          std::exp(law.log_share(out.parameters, bounds, s.log_bounds[k], s.log_bounds[k + 1]) - within);
      c.expected.push_back(share * s.total);
      c.largest_share_error = std::max(c.largest_share_error, std::abs(share - s.counts[k] / s.total));
      // The sum of all 2 (expected - n) is 0, and makes each term small where n is near what is expected.
      c.deviance += 2 * (c.expected.back() - s.counts[k]);
      if (s.counts[k] > 0) c.deviance += 2 * s.counts[k] * std::log(s.counts[k] / c.expected.back());
    }
  }
  return out;
}

}  // namespace melitz::detail
