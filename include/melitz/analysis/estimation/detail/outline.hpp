// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/analysis/estimation/sample.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace melitz::detail {

/// A rough picture of a sample: classes count as points at the middle of their logs.
struct sample_outline {
  std::vector<double> log_size, weight;  ///< ascending
  double mean = 0, sd = 0;

  explicit sample_outline(size_sample const& s) {
    if (s.in_classes()) {
      auto const& b = s.log_bounds;
      for (std::size_t k = 0; k < s.counts.size(); ++k) {
        if (!(s.counts[k] > 0)) continue;
        log_size.push_back(!is_finite(b[k]) ? b[k + 1] - 1 : !is_finite(b[k + 1]) ? b[k] + 1 : (b[k] + b[k + 1]) / 2);
        weight.push_back(s.counts[k]);
      }
    } else {
      log_size = s.log_size;
      weight = s.weight.empty() ? std::vector<double>(log_size.size(), 1.0) : s.weight;
    }
    double total = 0;
    for (std::size_t k = 0; k < log_size.size(); ++k) {
      total += weight[k];
      mean += weight[k] * log_size[k];
    }
    mean /= total;
    for (std::size_t k = 0; k < log_size.size(); ++k) {
      sd += weight[k] * (log_size[k] - mean) * (log_size[k] - mean);
    }
    sd = std::max(std::sqrt(sd / total), 1e-3);
    total_ = total;
  }

  /// The smallest log size that a share of the weight is at or below, and how far those above it lie on average.
  struct place {
    double at, mean_above;
  };
  [[nodiscard]] place quantile(double share) const {
    double below = 0;
    for (std::size_t k = 0; k < log_size.size(); ++k) {
      below += weight[k];
      if (below < share * total_) continue;
      double above = 0, sum = 0;
      for (std::size_t j = k; j < log_size.size(); ++j) {
        above += weight[j];
        sum += weight[j] * (log_size[j] - log_size[k]);
      }
      return {log_size[k], std::max(sum / above, 1e-3)};
    }
    return {log_size.back(), sd};
  }

 private:
  double total_ = 0;
};

}  // namespace melitz::detail
