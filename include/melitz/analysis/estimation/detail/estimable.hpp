// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/analysis/estimation/detail/likelihood.hpp>
#include <melitz/analysis/estimation/detail/starts.hpp>
#include <melitz/analysis/estimation/laws.hpp>

#include <cmath>
#include <cstddef>
#include <string_view>
#include <vector>

namespace melitz::detail {

/// Whether there is a law of that name at all: Pareto's must begin somewhere, the bounded one must end too.
template <size_law Law>
[[nodiscard]] bool has_support(size_bounds const& b) {
  if constexpr (Law == size_law::pareto) return is_finite(b.log_lower);
  if constexpr (Law == size_law::bounded_pareto) return is_finite(b.log_lower) && is_finite(b.log_upper);
  return true;
}

/// Sum over observations of the squared weight times the outer product of the score.
template <size_law Law>
[[nodiscard]] symmetric_matrix squared_scores(size_sample const& s, std::vector<double> const& working,
                                              size_bounds const& bounds) {
  constexpr std::size_t n = family<Law>::size;
  using number = curved<n>;
  law_in<family<Law>, number> const law(family<Law>::natural(variables_at<n>(working), bounds), bounds);
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

/// What a search asks of a law, without its type: so that a search is compiled once.
struct estimable {
  size_law law;
  std::vector<std::string_view> names;  ///< of parameters
  /// Where the search stands at parameters.
  std::vector<double> (*working)(std::vector<double> const& parameters, size_bounds const& bounds);
  /// And back, with the derivatives of parameters.
  std::vector<double> (*natural)(std::vector<double> const& working, size_bounds const& bounds,
                                 symmetric_matrix& jacobian);
  objective (*likelihood)(size_sample const& s, size_bounds const& bounds);
  symmetric_matrix (*squares_of_scores)(size_sample const& s, std::vector<double> const& working,
                                        size_bounds const& bounds);
  std::vector<std::vector<double>> (*starts)(size_sample const& s);
  double (*log_share)(std::vector<double> const& parameters, size_bounds const& bounds, double from, double to);
  bool (*has_support)(size_bounds const& bounds);
};

[[nodiscard]] inline estimable estimable_law(size_law which) {
  return with_law(which, []<size_law Law>(law_tag<Law>) {
    using family_type = family<Law>;
    constexpr std::size_t n = family_type::size;
    estimable out;
    out.law = Law;
    out.names.assign(family_type::names.begin(), family_type::names.end());
    out.working = [](std::vector<double> const& p, size_bounds const& b) {
      auto const w = family_type::working(array_of<n>(p), b);
      return std::vector<double>(w.begin(), w.end());
    };
    out.natural = [](std::vector<double> const& w, size_bounds const& b, symmetric_matrix& jacobian) {
      auto const p = family_type::natural(variables_at<n>(w), b);
      std::vector<double> values;
      jacobian = symmetric_matrix(n);
      for (std::size_t i = 0; i < n; ++i) {
        values.push_back(p[i].value);
        for (std::size_t j = 0; j < n; ++j) jacobian(i, j) = p[i].slope[j];
      }
      return values;
    };
    out.likelihood = likelihood_of<Law>;
    out.squares_of_scores = squared_scores<Law>;
    out.starts = starts_for<Law>;
    out.log_share = [](std::vector<double> const& p, size_bounds const& b, double from, double to) {
      return log_share_between<double>(law_in<family_type, double>(array_of<n>(p), b), from, to);
    };
    out.has_support = has_support<Law>;
    return out;
  });
}

}  // namespace melitz::detail
