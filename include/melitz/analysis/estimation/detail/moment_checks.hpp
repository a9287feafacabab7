// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/analysis/estimation/detail/moment_search.hpp>
#include <melitz/analysis/estimation/detail/singular_values.hpp>
#include <melitz/analysis/estimation/moment_data.hpp>
#include <melitz/error.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace melitz::detail {

inline constexpr char const* fitting_moments = "fit_moments";

/// @throws domain_error naming what is wrong with a parameter
inline void require_sound(moment_parameter const& p, bool must_draw, bool needs_start) {
  auto const refuse = [&](char const* which, double value, std::string const& restriction) {
    reject(fitting_moments, std::string(which) + " of " + p.name, value, restriction);
  };
  bool const is_log = p.scale == moment_scale::log || (p.scale == moment_scale::automatic && p.lower >= 0);
  if (is_log && !(p.lower >= 0)) refuse("lower bound", p.lower, "be at least 0 where it is sought in logs");
  if (p.scale == moment_scale::logit) {
    if (!(p.lower >= 0)) refuse("lower bound", p.lower, "be at least 0 where it is sought in logits");
    if (!(p.upper <= 1)) refuse("upper bound", p.upper, "be at most 1 where it is sought in logits");
  }
  if (!(p.lower < infinity<double>)) refuse("lower bound", p.lower, "be a number or -infinity");
  if (!(p.upper > p.lower)) refuse("upper bound", p.upper, "exceed the lower bound, " + to_text(p.lower));
  moment_coordinate const on_scale(p);
  bool const has_start = !std::isnan(p.start);
  if (has_start && !(p.start >= p.lower && p.start <= p.upper && is_finite(on_scale.of(p.start)))) {
    refuse("start", p.start, "lie between the bounds, and be finite on the scale");
  }
  if (!must_draw && (has_start || !needs_start)) return;
  char const* const finite = "be finite on the scale where starts are drawn or none is given";
  if (!is_finite(on_scale.lower())) refuse("lower bound", p.lower, finite);
  if (!is_finite(on_scale.upper())) refuse("upper bound", p.upper, finite);
}

/// The square matrix of that name.
/// @throws domain_error when it has another size, or is not finite or not symmetric
[[nodiscard]] inline symmetric_matrix matrix_called(char const* name, std::vector<double> const& rows, std::size_t n) {
  if (rows.size() != n * n) {
    throw domain_error(fitting_moments, "size of " + std::string(name), std::to_string(rows.size()),
                       "be the square of the number of moments, " + std::to_string(n * n));
  }
  symmetric_matrix out(n);
  out.entries = rows;
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      auto const entry = std::string(name) + "[" + std::to_string(i) + "][" + std::to_string(j) + "]";
      if (!is_finite(out(i, j))) reject(fitting_moments, entry, out(i, j), "be finite");
      double const unit = std::sqrt(std::abs(out(i, i))) * std::sqrt(std::abs(out(j, j)));
      if (!(std::abs(out(i, j) - out(j, i)) <= 1e-10 * unit)) {
        reject(fitting_moments, entry, out(i, j), "equal its mirror image, " + to_text(out(j, i)));
      }
    }
  }
  return out;
}

/// @throws domain_error naming what is wrong with the data, options or parameters
inline void require_sound(std::span<moment_parameter const> parameters, moment_data const& data,
                          moments_options const& options) {
  auto const count = [](std::size_t n) { return static_cast<double>(n); };
  std::size_t const n = data.values.size();
  require(options.starts >= 0, fitting_moments, "starts", options.starts, "be at least 0");
  require(options.iterations > 0, fitting_moments, "iterations", options.iterations, "be positive");
  bool const any_start =
      std::any_of(parameters.begin(), parameters.end(), [](auto const& p) { return !std::isnan(p.start); });
  for (std::size_t k = 0; k < parameters.size(); ++k) {
    auto const& name = parameters[k].name;
    if (name.empty()) throw domain_error(fitting_moments, "name of a parameter", "empty", "say which it is");
    for (std::size_t j = 0; j < k; ++j) {
      if (parameters[j].name == name) throw domain_error(fitting_moments, "parameter", name, "be there once");
    }
    require_sound(parameters[k], options.starts > 0, any_start || options.starts == 0);
  }
  if (!(n >= parameters.size())) {
    reject(fitting_moments, "number of moments", count(n),
           "be at least that of parameters, " + std::to_string(parameters.size()));
  }
  for (std::size_t k = 0; k < n; ++k) {
    if (!is_finite(data.values[k])) reject(fitting_moments, "moment " + std::to_string(k), data.values[k], "be finite");
  }
  if (!data.names.empty() && data.names.size() != n) {
    reject(fitting_moments, "number of names of moments", count(data.names.size()),
           "be that of moments, " + std::to_string(n));
  }
  require(data.observations > 0 && is_finite(data.observations), fitting_moments, "observations", data.observations,
          "be positive and finite");
  require(data.draws > 0, fitting_moments, "draws", data.draws, "be positive");
  if (options.weighting != moment_weighting::given && !options.weights.empty()) {
    reject(fitting_moments, "number of weights", count(options.weights.size()), "be 0 unless the weighting is given");
  }
}

/// R of which R'R is the matrix of weights.
/// @throws domain_error when they are none
[[nodiscard]] inline column_matrix root_of_weights(symmetric_matrix const& covariance, moments_options const& options) {
  if (options.weighting == moment_weighting::optimal) return root_of(covariance, true);
  symmetric_matrix weights(covariance.size);
  if (options.weighting == moment_weighting::given) {
    weights = matrix_called("weights", options.weights, covariance.size);
  } else {
    for (std::size_t k = 0; k < covariance.size; ++k) weights(k, k) = 1 / covariance(k, k);
  }
  auto root = root_of(weights, false);
  if (root.empty()) throw domain_error(fitting_moments, "weights", "given", "be positive semidefinite");
  return root;
}

}  // namespace melitz::detail
