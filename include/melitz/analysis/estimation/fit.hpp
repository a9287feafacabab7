// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/analysis/estimation/detail/describe.hpp>
#include <melitz/analysis/estimation/detail/estimable.hpp>
#include <melitz/analysis/estimation/detail/run_offs.hpp>
#include <melitz/analysis/estimation/law_fit.hpp>
#include <melitz/analysis/estimation/sample.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace melitz {

namespace detail {

/// Of many points a search begins with so many, and of very many goes on with more before it takes all.
inline constexpr std::size_t enough_points = 1000, more_points = 32 * enough_points;

/// Some of many points, evenly taken from their order.
[[nodiscard]] inline size_sample thinned(size_sample const& s, std::size_t points) {
  size_sample out;
  std::size_t const n = s.log_size.size(), m = std::min(n, points);
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

/// Searches from every start for a few steps, from the best to the end.
[[nodiscard]] inline maximum search(estimable const& law, size_sample const& s, size_bounds const& bounds) {
  std::size_t const n = law.names.size();
  bool const many = !s.in_classes() && s.log_size.size() > 2 * enough_points;
  size_sample const some = many ? thinned(s, enough_points) : size_sample{};
  auto const rough = law.likelihood(many ? some : s, bounds);
  std::vector<maximum> ends;
  for (auto const& start : law.starts(many ? some : s)) {
    auto const from = law.working(start, bounds);
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
  if (s.log_size.size() > 2 * more_points) {
    auto const most = thinned(s, more_points);
    auto const nearer = law.likelihood(most, bounds);
    std::vector<maximum> closer;
    for (auto const& end : ends) {
      if (closer.size() == 2 || !(end.shape.value > ends.front().shape.value - 3)) break;  // they are sorted
      auto next = maximise(nearer, end.at, 100);
      if (is_finite(next.shape.value)) closer.push_back(std::move(next));
    }
    std::stable_sort(closer.begin(), closer.end(), best_first);
    if (!closer.empty()) ends = std::move(closer);
  }
  auto const all = law.likelihood(s, bounds);
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

[[nodiscard]] inline law_fit fit_law(estimable const& law, size_sample const& s, fit_options const& options) {
  require_identified(s, law.law, law.names.size());
  auto const bounds = bounds_of(s);
  if (!law.has_support(bounds)) {
    maximum nowhere;
    nowhere.reason = status::not_covered;
    auto out = describe(law, s, bounds, nowhere, options);
    out.warnings = {std::string(to_string(law.law)) + " needs a size that it begins at" +
                    (law.law == size_law::bounded_pareto ? " and one that it ends at: the last class is open" : "")};
    return out;
  }
  law_fit limit;
  for (auto const other : limits_of(law.law, s.truncated_below())) {
    auto found = fit(other, other == size_law::pareto && can_jump(law.law) ? without_lower_bound(s) : s, options);
    if (found && (!limit || found.log_likelihood > limit.log_likelihood)) limit = std::move(found);
  }
  maximum end;
  if (!has_no_maximum(law.law, s, limit)) end = search(law, s, bounds);
  bool const curved_down = end.reason == status::converged && inverse_of(end.shape.information).size > 0;
  // What is not curved down chases an observation.
  double const slack = (curved_down && !end.at_a_bound ? 1e-9 : 1e-4) + 1e-12 * std::abs(limit.log_likelihood);
  if (limit && !(end.shape.value > limit.log_likelihood + slack)) {
    limit.asked = law.law;
    limit.covariance = {};
    limit.warnings = {"the likelihood of " + std::string(to_string(law.law)) +
                      " has no maximum: it is highest in the limit, " + std::string(to_string(limit.law))};
    return limit;
  }
  if (end.at_a_bound || (end.reason == status::converged && !curved_down)) end.reason = status::not_covered;
  auto out = describe(law, s, bounds, end, options);
  if (end.reason == status::not_covered) {
    out.warnings = {"the likelihood of " + std::string(to_string(law.law)) +
                    " has no maximum: it is highest in a limit that is none of the laws"};
  }
  return out;
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
  return detail::fit_law(detail::estimable_law(law), s, options);
}

}  // namespace melitz
