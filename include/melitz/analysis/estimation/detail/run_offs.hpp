// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/analysis/estimation/law_fit.hpp>
#include <melitz/analysis/estimation/laws.hpp>
#include <melitz/analysis/estimation/sample.hpp>

#include <cmath>
#include <cstddef>
#include <vector>

namespace melitz {

[[nodiscard]] law_fit fit(size_law law, size_sample const& s, fit_options const& options = {});

namespace detail {

/// Laws that a law comes near without reaching them: where its likelihood has no maximum, it rises towards one of
/// these.
/// @param far_out  whether only sizes above a truncation are seen: then the law may be so far below that all that is
/// left of
///                 it is the power law of its upper tail
[[nodiscard]] inline std::vector<size_law> limits_of(size_law law, bool far_out) {
  using enum size_law;
  std::vector<size_law> out;
  switch (law) {
    case pareto:
    case bounded_pareto:
    case exponential:
      return {};
    case spliced_lognormal_pareto:
    case pareto_lognormal:
      return {lognormal, pareto};
    case three_piece:
      return {spliced_lognormal_pareto};
    case double_pareto_lognormal:
      return {pareto_lognormal};
    case singh_maddala:
      return {weibull, pareto};
    case dagum:
      out = {frechet};
      break;
    case generalized_gamma:
      out = {lognormal};
      break;
    case lognormal:
    case weibull:
    case frechet:
    case log_logistic:
    case gamma:
      break;
  }
  if (far_out && law != gamma) out.push_back(pareto);
  return out;
}

/// Whether a law can start at a place as abruptly as Pareto's: then its likelihood may rise towards a Pareto law that
/// starts at the smallest of the sizes, wherever they were cut.
[[nodiscard]] inline bool can_jump(size_law law) {
  return law == size_law::pareto_lognormal || law == size_law::singh_maddala;
}
[[nodiscard]] inline size_sample without_lower_bound(size_sample s) {
  if (!s.in_classes()) s.log_lower = -infinity<double>;
  return s;
}

/// E[u^2] of an exponential law of that rate between two places.
[[nodiscard]] inline double exponential_second_moment(double rate, double from, double to) {
  if (to == infinity<double>) return from * from + 2 * from / rate + 2 / (rate * rate);
  double const width = to - from, out_of_it = 1 / std::expm1(rate * width);
  double const first = 1 / rate - width * out_of_it;
  double const second = 2 / (rate * rate) - (width * width + 2 * width / rate) * out_of_it;
  return from * from + 2 * from * first + second;
}

/// How the log-likelihood of a log-normal law above a truncation changes with the curvature of its log density, where
/// that is 0: at Pareto's law. There is a maximum with a positive curvature if and only if this is positive.
/// @param shape  Pareto's, estimated from the same sample
[[nodiscard]] inline double score_of_curvature(size_sample const& s, double shape) {
  double out = s.total * exponential_second_moment(shape, 0, s.log_upper - s.log_lower) / 2;
  if (!s.in_classes()) {
    double const shift = s.log_mean - s.log_lower;
    return out - (s.second_to.back() + s.total * shift * shift) / 2;
  }
  for (std::size_t k = 0; k < s.counts.size(); ++k) {
    if (!(s.counts[k] > 0)) continue;
    out -= s.counts[k] *
           exponential_second_moment(shape, s.log_bounds[k] - s.log_lower, s.log_bounds[k + 1] - s.log_lower) / 2;
  }
  return out;
}

/// Whether it is known without a search that the likelihood has no maximum.
[[nodiscard]] inline bool has_no_maximum(size_law law, size_sample const& s, law_fit const& limit) {
  return law == size_law::lognormal && s.truncated_below() && limit && limit.law == size_law::pareto &&
         !(score_of_curvature(s, limit.parameters[0]) > 0);
}

}  // namespace detail
}  // namespace melitz
