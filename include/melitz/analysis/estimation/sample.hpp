// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/numerics/real.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>
#include <span>
#include <string>
#include <vector>

namespace melitz {

/// What a weight says.
enum class weight_kind {
  frequency,  ///< so many firms are of this size: n is the sum of weights
  sampling,   ///< so many firms stand behind the one observed: n is (sum w)^2/sum w^2, and standard errors are a
              ///< sandwich
};

/// What is known of a set of sizes beside the sizes.
struct sample_options {
  double lower = 0;  ///< smaller firms are not observed, whatever their number; in units of size, 0 for no such bound
  double upper = detail::infinity<double>;  ///< nor larger ones
  std::span<double const> weights{};        ///< one for each size, or none
  weight_kind weights_are = weight_kind::frequency;
};

/// Sizes of firms, sales or employment, of which a law is to be estimated: as points, weighted or not, or as numbers of
/// firms in classes; each given that size lies between known bounds. Made by points_of and classes_of.
///
/// Sizes are kept in logarithms, in ascending order.
class size_sample {
 public:
  std::vector<double> log_size;    ///< of points, ascending
  std::vector<double> weight;      ///< of points; empty where all are 1
  std::vector<double> log_bounds;  ///< of classes, ascending, one more than there are classes; the ends may be infinite
  std::vector<double> counts;      ///< of classes
  double log_lower = -detail::infinity<double>;  ///< ln of the known truncation
  double log_upper = detail::infinity<double>;
  weight_kind weights_are = weight_kind::frequency;

  double total = 0;    ///< sum of weights, or of counts
  double squares = 0;  ///< sum of squared weights

  /// Sums over the first k points, k = 0 ... n, about the mean: weights, deviations, squared deviations.
  std::vector<double> weight_to, first_to, second_to;
  double log_mean = 0;  ///< of points, the mean of logs that these are about

  [[nodiscard]] bool in_classes() const { return !counts.empty(); }
  [[nodiscard]] bool truncated_below() const { return log_lower > -detail::infinity<double>; }
  [[nodiscard]] bool truncated_above() const { return log_upper < detail::infinity<double>; }
  /// How many observations, or classes.
  [[nodiscard]] std::size_t count() const { return in_classes() ? counts.size() : log_size.size(); }
  [[nodiscard]] double weight_of(std::size_t k) const { return weight.empty() ? 1.0 : weight[k]; }
  /// Of independent observations: the sum of frequencies, or what sampling weights leave of the number.
  [[nodiscard]] double effective() const {
    return weights_are == weight_kind::sampling && !in_classes() ? total * total / squares : total;
  }
};

namespace detail {

/// Adds without losing what rounding takes.
class exact_sum {
 public:
  void add(double x) {
    double const next = sum_ + x;
    lost_ += std::abs(sum_) >= std::abs(x) ? (sum_ - next) + x : (x - next) + sum_;
    sum_ = next;
  }
  [[nodiscard]] double value() const { return sum_ + lost_; }

 private:
  double sum_ = 0, lost_ = 0;
};

/// The sums that likelihoods are made of.
inline void fill_sums(size_sample& s) {
  std::size_t const n = s.log_size.size();
  exact_sum total, squares, mean;
  for (std::size_t k = 0; k < n; ++k) {
    double const w = s.weight_of(k);
    total.add(w);
    squares.add(w * w);
    mean.add(w * s.log_size[k]);
  }
  s.total = total.value();
  s.squares = squares.value();
  s.log_mean = mean.value() / s.total;
  s.weight_to.assign(1, 0);
  s.first_to.assign(1, 0);
  s.second_to.assign(1, 0);
  for (auto* sums : {&s.weight_to, &s.first_to, &s.second_to}) sums->reserve(n + 1);
  exact_sum weights, first, second;
  for (std::size_t k = 0; k < n; ++k) {
    double const w = s.weight_of(k), d = s.log_size[k] - s.log_mean;
    weights.add(w);
    first.add(w * d);
    second.add(w * d * d);
    s.weight_to.push_back(weights.value());
    s.first_to.push_back(first.value());
    s.second_to.push_back(second.value());
  }
}

/// ln of a bound that may be 0.
[[nodiscard]] inline double log_of_bound(double bound) { return bound > 0 ? std::log(bound) : -infinity<double>; }

}  // namespace detail

/// Sizes of firms one by one.
///
/// @param sizes    positive and finite, in any order and unit; two at least
/// @param options  bounds that the data were cut at, and weights
/// @throws domain_error naming the first size, weight or bound that is out of range
/// Example: auto const firms = melitz::points_of(sales, {.lower = 100});
[[nodiscard]] inline size_sample points_of(std::span<double const> sizes, sample_options const& options = {}) {
  char const* const where = "points_of";
  detail::require(options.lower >= 0 && detail::is_finite(options.lower), where, "lower", options.lower,
                  "be at least 0 and finite");
  detail::require(options.upper > options.lower, where, "upper", options.upper, "exceed lower");
  detail::require(sizes.size() >= 2, where, "number of sizes", sizes.size(), "be at least 2");
  detail::require(options.weights.empty() || options.weights.size() == sizes.size(), where, "number of weights",
                  options.weights.size(), "be that of sizes, or 0");
  size_sample out;
  std::vector<std::size_t> order;
  order.reserve(sizes.size());
  for (std::size_t k = 0; k < sizes.size(); ++k) {
    auto const called = [k](char const* what) { return std::string(what) + "[" + std::to_string(k) + "]"; };
    if (!(sizes[k] > 0 && detail::is_finite(sizes[k]))) {
      detail::reject(where, called("sizes"), sizes[k], "be positive and finite");
    }
    if (!(sizes[k] >= options.lower && sizes[k] <= options.upper)) {
      detail::reject(where, called("sizes"), sizes[k], "lie between lower and upper, which are said to cut the data");
    }
    if (!options.weights.empty()) {
      double const w = options.weights[k];
      if (!(w >= 0 && detail::is_finite(w))) detail::reject(where, called("weights"), w, "be at least 0 and finite");
      if (w == 0) continue;
    }
    order.push_back(k);
  }
  detail::require(order.size() >= 2, where, "number of sizes with a weight", order.size(), "be at least 2");
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return sizes[a] < sizes[b] || (sizes[a] == sizes[b] && a < b); });
  out.log_size.reserve(order.size());
  for (auto const k : order) out.log_size.push_back(std::log(sizes[k]));
  if (!options.weights.empty()) {
    for (auto const k : order) out.weight.push_back(options.weights[k]);
  }
  out.weights_are = options.weights_are;
  out.log_lower = detail::log_of_bound(options.lower);
  out.log_upper = detail::is_finite(options.upper) ? std::log(options.upper) : detail::infinity<double>;
  detail::fill_sums(out);
  detail::require(detail::is_finite(out.total) && detail::is_finite(out.squares), where, "sum of weights", out.total,
                  "be finite, as that of their squares");
  return out;
}

/// Numbers of firms in classes [bounds[k], bounds[k+1]), given that size lies in one of them.
///
/// Where sizes are whole numbers, bounds may be the whole numbers themselves (1, 5, 10, ...: the convention of the
/// references) or lie half a unit lower; estimates differ.
/// @param bounds  ascending, in units of size; the first at least 0, the last may be infinite
/// @param counts  at least 0, one fewer than bounds; not all 0
/// @throws domain_error naming the first bound or count that is out of range
/// Example: melitz::classes_of({{1, 5, 10, inf}}, {{2867751, 991035, 598112}});
[[nodiscard]] inline size_sample classes_of(std::span<double const> bounds, std::span<double const> counts) {
  char const* const where = "classes_of";
  detail::require(counts.size() >= 2, where, "number of classes", counts.size(), "be at least 2");
  detail::require(bounds.size() == counts.size() + 1, where, "number of bounds", bounds.size(),
                  "be one more than that of counts: an open class ends at infinity");
  size_sample out;
  detail::exact_sum total;
  for (std::size_t k = 0; k < bounds.size(); ++k) {
    auto const called = [k](char const* what) { return std::string(what) + "[" + std::to_string(k) + "]"; };
    bool const last = k + 1 == bounds.size();
    if (!(bounds[k] >= 0)) detail::reject(where, called("bounds"), bounds[k], "be at least 0");
    if (!last && !detail::is_finite(bounds[k])) {
      detail::reject(where, called("bounds"), bounds[k], "be finite: only the last class may be open");
    }
    if (k > 0 && !(bounds[k] > bounds[k - 1])) {
      detail::reject(where, called("bounds"), bounds[k], "exceed the bound before it");
    }
    out.log_bounds.push_back(detail::is_finite(bounds[k]) ? detail::log_of_bound(bounds[k]) : detail::infinity<double>);
    if (last) break;
    if (!(counts[k] >= 0 && detail::is_finite(counts[k]))) {
      detail::reject(where, called("counts"), counts[k], "be at least 0 and finite");
    }
    out.counts.push_back(counts[k]);
    total.add(counts[k]);
  }
  out.total = total.value();
  detail::require(out.total > 0 && detail::is_finite(out.total), where, "sum of counts", out.total,
                  "be positive and finite");
  out.log_lower = out.log_bounds.front();
  out.log_upper = out.log_bounds.back();
  return out;
}

}  // namespace melitz
