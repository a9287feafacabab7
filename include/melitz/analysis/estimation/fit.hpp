// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/analysis/estimation/detail/likelihood.hpp>
#include <melitz/analysis/estimation/detail/run_offs.hpp>
#include <melitz/analysis/estimation/detail/starts.hpp>
#include <melitz/analysis/estimation/law_fit.hpp>
#include <melitz/analysis/estimation/sample.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace melitz {

namespace detail {

/// From this many points on a search begins with some of them.
inline constexpr std::size_t enough_points = 1000;

/// Some of many points, evenly taken from their order.
[[nodiscard]] inline size_sample thinned(size_sample const& s) {
  size_sample out;
  std::size_t const n = s.log_size.size(), m = std::min(n, enough_points);
  for (std::size_t k = 0; k < m; ++k) {
    std::size_t const at = (2 * k + 1) * n / (2 * m);
    out.log_size.push_back(s.log_size[at]);
    if (!s.weight.empty()) out.weight.push_back(s.weight[at]);
  }
  out.weights_are = s.weights_are;
  out.log_lower = s.log_lower;
  out.log_upper = s.log_upper;
  fill_sums(out);
  return out;
}

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

template <size_law Law>
[[nodiscard]] auto law_at(std::vector<double> const& working, size_bounds const& bounds) {
  using family_type = family<Law>;
  constexpr std::size_t n = family_type::size;
  return law_in<family_type, curved<n>>(family_type::natural(variables_at<n>(working), bounds), bounds);
}

/// Sum over observations of the squared weight times the outer product of the score.
template <size_law Law>
[[nodiscard]] symmetric_matrix squared_scores(size_sample const& s, std::vector<double> const& working,
                                              size_bounds const& bounds) {
  constexpr std::size_t n = family<Law>::size;
  using number = curved<n>;
  auto const law = law_at<Law>(working, bounds);
  number within(0);
  if (s.truncated_below() || s.truncated_above()) within = log_share_between<number>(law, s.log_lower, s.log_upper);
  symmetric_matrix out(n);
  for (std::size_t k = 0; k < s.count(); ++k) {
    double const count = s.in_classes() ? s.counts[k] : s.weight_of(k);
    if (!(count > 0)) continue;
    number const one = s.in_classes() ? log_share_between<number>(law, s.log_bounds[k], s.log_bounds[k + 1])
                                      : law.log_density(s.log_size[k]);
    double const weight = !s.in_classes() && s.weights_are == weight_kind::sampling ? count * count : count;
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < n; ++j) {
        out(i, j) += weight * (one.slope[i] - within.slope[i]) * (one.slope[j] - within.slope[j]);
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
template <size_law Law>
[[nodiscard]] law_fit describe(size_sample const& s, size_bounds const& bounds, maximum const& end,
                               fit_options const& options) {
  using family_type = family<Law>;
  constexpr std::size_t n = family_type::size;
  law_fit out;
  out.asked = out.law = Law;
  out.reason = end.reason;
  out.names.assign(family_type::names.begin(), family_type::names.end());
  out.parameters.assign(n, not_a_number<double>);
  out.log_lower = bounds.log_lower;
  out.log_upper = bounds.log_upper;
  out.observations = s.total;
  out.effective = s.effective();
  out.iterations = end.iterations;
  if (end.reason != status::converged) return out;
  out.log_likelihood = end.shape.value;
  auto const natural = family_type::natural(variables_at<n>(end.at), bounds);
  symmetric_matrix jacobian(n);
  for (std::size_t i = 0; i < n; ++i) {
    out.parameters[i] = natural[i].value;
    for (std::size_t j = 0; j < n; ++j) jacobian(i, j) = natural[i].slope[j];
  }
  auto const back = inverse_jacobian(jacobian);
  auto const information = between(end.shape.information, back);
  scaled_condition const condition(information);
  out.condition_number = condition.number;
  warn_of_condition(out, condition);
  if (condition.number <= 1e8) {
    out.covariance = inverse_of(information);
    out.is_sandwich = options.sandwich || (s.weights_are == weight_kind::sampling && !s.weight.empty());
    if (out.is_sandwich) {
      out.covariance = between(between(squared_scores<Law>(s, end.at, bounds), back), out.covariance);
    }
  }
  law_in<family_type, double> const law(family_type::natural(array_of<n>(end.at), bounds), bounds);
  out.share_observed = std::exp(log_share_between<double>(law, s.log_lower, s.log_upper));
  if (s.in_classes()) {
    auto& c = out.classes;
    c.deviance = c.largest_share_error = 0;
    c.degrees_of_freedom = static_cast<int>(s.counts.size()) - 1 - static_cast<int>(n);
    double const within = log_share_between<double>(law, s.log_lower, s.log_upper);
    for (std::size_t k = 0; k < s.counts.size(); ++k) {
      double const share = std::exp(log_share_between<double>(law, s.log_bounds[k], s.log_bounds[k + 1]) - within);
      c.expected.push_back(share * s.total);
      c.largest_share_error = std::max(c.largest_share_error, std::abs(share - s.counts[k] / s.total));
      // The sum of all 2 (expected - n) is 0, and makes each term small where n is near what is expected.
      c.deviance += 2 * (c.expected.back() - s.counts[k]);
      if (s.counts[k] > 0) c.deviance += 2 * s.counts[k] * std::log(s.counts[k] / c.expected.back());
    }
  }
  return out;
}

/// Searches from every start for a few steps, from the best to the end.
template <size_law Law>
[[nodiscard]] maximum search(size_sample const& s, size_bounds const& bounds) {
  constexpr std::size_t n = family<Law>::size;
  bool const many = !s.in_classes() && s.log_size.size() > 2 * enough_points;
  size_sample const some = many ? thinned(s) : size_sample{};
  auto const rough = likelihood_of<Law>(many ? some : s, bounds);
  std::vector<maximum> ends;
  for (auto const& start : starts_for<Law>(many ? some : s)) {
    auto const working = family<Law>::working(array_of<n>(start), bounds);
    std::vector<double> const from(working.begin(), working.end());
    if (!std::all_of(from.begin(), from.end(), [](double x) { return is_finite(x); })) continue;
    auto end = maximise(rough, from, 6);
    if (is_finite(end.shape.value)) ends.push_back(std::move(end));
  }
  auto const best_first = [](maximum const& a, maximum const& b) { return a.shape.value > b.shape.value; };
  std::stable_sort(ends.begin(), ends.end(), best_first);
  std::vector<maximum> different;  // of those that already came together, one
  for (auto& end : ends) {
    auto const near = [&](maximum const& other) {
      double apart = 0;
      for (std::size_t k = 0; k < n; ++k) apart = std::max(apart, std::abs(other.at[k] - end.at[k]));
      return apart < 1e-3;
    };
    if (different.size() < 8 && std::none_of(different.begin(), different.end(), near)) {
      different.push_back(std::move(end));
    }
  }
  ends = std::move(different);
  for (auto& end : ends) end = maximise(rough, end.at, 100);
  std::stable_sort(ends.begin(), ends.end(), best_first);
  if (ends.empty()) {
    maximum nowhere;
    nowhere.reason = status::not_finite;
    return nowhere;
  }
  if (!many) return ends.front();
  auto const all = likelihood_of<Law>(s, bounds);
  auto out = maximise(all, ends.front().at, 100);
  for (std::size_t k = 1; k < ends.size(); ++k) {  // another maximum, that may be the highest of all points
    if (ends[k].shape.value > ends.front().shape.value - 3 && ends[k].shape.value < ends.front().shape.value - 1e-6) {
      auto other = maximise(all, ends[k].at, 100);
      if (other.shape.value > out.shape.value) out = std::move(other);
      break;
    }
  }
  return out;
}

/// @throws domain_error where the data cannot tell the law's parameters, whatever they are
inline void require_identified(size_sample const& s, size_law law, std::size_t parameters) {
  if (s.in_classes()) {
    std::size_t filled = 0;
    for (double const c : s.counts) filled += c > 0 ? 1U : 0U;
    if (!(s.counts.size() > parameters && filled > 1)) {
      throw domain_error("fit", "number of classes with firms", std::to_string(filled),
                         "be at least 2, of " + std::to_string(parameters + 1) + " classes, for the law " +
                             std::string(to_string(law)));
    }
  } else {
    require(s.log_size.size() > parameters, "fit", "number of sizes", s.log_size.size(),
            "exceed the number of the law's parameters");
    require(s.log_size.back() > s.log_size.front(), "fit", "largest size", std::exp(s.log_size.back()),
            "exceed the smallest: they are all equal");
  }
}

template <size_law Law>
[[nodiscard]] law_fit fit_law(size_sample const& s, fit_options const& options) {
  require_identified(s, Law, family<Law>::size);
  auto const bounds = bounds_of(s);
  if (!has_support<Law>(bounds)) {
    maximum nowhere;
    nowhere.reason = status::not_covered;
    return describe<Law>(s, bounds, nowhere, options);
  }
  law_fit limit;
  for (auto const other : limits_of(Law)) {
    auto found = fit(other, other == size_law::pareto && can_jump(Law) ? without_lower_bound(s) : s, options);
    if (found && (!limit || found.log_likelihood > limit.log_likelihood)) limit = std::move(found);
  }
  maximum end;
  if (!has_no_maximum<Law>(s, limit)) end = search<Law>(s, bounds);
  bool const curved_down = end.reason == status::converged && inverse_of(end.shape.information).size > 0;
  // What is not curved down chases an observation.
  double const slack = (curved_down && !end.at_a_bound ? 1e-9 : 1e-4) + 1e-12 * std::abs(limit.log_likelihood);
  if (limit && !(end.shape.value > limit.log_likelihood + slack)) {
    limit.asked = Law;
    limit.covariance = {};
    limit.warnings = {"the likelihood of " + std::string(to_string(Law)) +
                      " has no maximum: it is highest in the limit, " + std::string(to_string(limit.law))};
    return limit;
  }
  if (end.at_a_bound || (end.reason == status::converged && !curved_down)) end.reason = status::not_covered;
  return describe<Law>(s, bounds, end, options);
}

}  // namespace detail

/// Estimates a law of firm size by maximum likelihood.
///
/// From the starts of a grid over the numbers that the shape depends on, by Newton's method on exact second
/// derivatives. Untruncated log-normal and spliced laws cost O(1) and O(log n) for each evaluation, others O(n); all
/// O(classes) for data in classes.
/// @throws domain_error where the data cannot tell the law's parameters apart, whatever they are: too few or all equal
/// Accuracy: 1e-9 of a standard error, or what rounding leaves of it.
/// Example: auto const f = melitz::fit(melitz::size_law::lognormal, melitz::points_of(sales, {.lower = 100}));
///   if (f.ran_off()) ...  // the log-normal law has no maximum there, and f.law is Pareto's
[[nodiscard]] inline law_fit fit(size_law law, size_sample const& s, fit_options const& options) {
  return detail::with_law(law, [&]<size_law Law>(detail::law_tag<Law>) { return detail::fit_law<Law>(s, options); });
}

}  // namespace melitz
