// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/analysis/estimation/draws.hpp>
#include <melitz/analysis/estimation/tail_index.hpp>
#include <melitz/numerics/philox.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace melitz {

/// From where on sizes look most like Pareto's law.
struct tail_cutoff {
  tail_index tail;
  double distance =
      detail::not_a_number<double>;  ///< between the data's shares and the law's, the largest on both sides
  std::size_t scanned = 0;           ///< thresholds that had to be looked at to the end
};

namespace detail {

/// The scan for a threshold, of sizes in ascending logs.
class cutoff_scan {
 public:
  cutoff_scan(std::vector<double> const& log_size, std::size_t fewest) : t_(log_size), above_(log_size.size() + 1) {
    for (std::size_t k = t_.size(); k-- > 0;) above_[k] = above_[k + 1] + (t_[k] - t_.front());
    std::size_t const n = t_.size();
    // A few thresholds first: the nearer they come, the sooner the others are given up.
    std::size_t const last = n - fewest;
    for (std::size_t i = 0; i <= last; i += 61) consider(i);
    for (std::size_t i = 0; i <= last; ++i) {
      if (i % 61 != 0) consider(i);
    }
  }

  [[nodiscard]] bool found() const { return best_ < infinity<double>; }
  [[nodiscard]] std::size_t place() const { return place_; }
  [[nodiscard]] double distance() const { return best_; }
  [[nodiscard]] std::size_t scanned() const { return scanned_; }

 private:
  void consider(std::size_t i) {
    if (i > 0 && t_[i] == t_[i - 1]) return;  // the first of equal ones counts them all
    auto const m = static_cast<double>(t_.size() - i);
    double const sum = above_[i] - m * (t_[i] - t_.front());
    if (!(t_.back() > t_[i])) return;
    double const shape = m / sum;
    auto const off = [&](std::size_t j) {
      double const below = -std::expm1(-shape * (t_[j] - t_[i])), rank = static_cast<double>(j - i);
      return std::max(std::abs(rank / m - below), std::abs((rank + 1) / m - below));
    };
    constexpr std::size_t probes = 32;
    std::size_t const count = t_.size() - i;
    if (count > 4 * probes) {
      for (std::size_t k = 0; k < probes; ++k) {
        if (off(i + (2 * k + 1) * count / (2 * probes)) > best_) return;
      }
    }
    double distance = 0;
    for (std::size_t j = i; j < t_.size(); ++j) {
      distance = std::max(distance, off(j));
      if (distance > best_) return;
    }
    ++scanned_;
    if (distance < best_ || i < place_) {
      best_ = distance;
      place_ = i;
    }
  }

  std::vector<double> const& t_;
  std::vector<double> above_;
  double best_ = infinity<double>;
  std::size_t place_ = 0, scanned_ = 0;
};

}  // namespace detail

/// Looks for the size from which on a Pareto law is nearest to the data, after Clauset, Shalizi and Newman (2009), with
/// a distance that looks at both sides of each step of the data's shares.
///
/// Every size is tried as threshold; the shape is Hill's, the threshold counted. A threshold is given up as soon as one
/// of its distances exceeds the best so far, beginning with 32 of them: what is found is that of the full search.
/// @param fewest  firms that the tail must have, at least 2
/// @throws domain_error of data in classes or weighted, or all equal; when fewest is out of range
[[nodiscard]] inline tail_cutoff find_cutoff(size_sample const& s, std::size_t fewest = 3) {
  detail::require_plain_points(s, "find_cutoff");
  detail::require_spread(s, "find_cutoff");
  detail::require(fewest >= 2 && fewest <= s.log_size.size(), "find_cutoff", "fewest", fewest,
                  "be at least 2 and at most the number of sizes");
  detail::cutoff_scan const scan(s.log_size, fewest);
  if (!scan.found()) throw convergence_error("melitz::find_cutoff", status::not_covered);
  tail_cutoff out;
  out.tail = detail::hill_from(s, scan.place(), s.log_size[scan.place()]);
  out.distance = scan.distance();
  out.scanned = scan.scanned();
  return out;
}

/// How often samples that are Pareto above the threshold, and like the data below it, lie as far from the law that is
/// found for them, threshold included: (1 + those that do)/(1 + replications).
/// @throws as find_cutoff; domain_error when replications is not positive
[[nodiscard]] inline double cutoff_p_value(size_sample const& s, tail_cutoff const& found, std::size_t fewest = 3,
                                           int replications = 200, std::uint64_t seed = 1) {
  detail::require(replications >= 1, "cutoff_p_value", "replications", replications, "be at least 1");
  std::size_t const n = s.log_size.size(), below = n - found.tail.firms;
  philox const random(seed);
  int farther = 0;
  for (int r = 0; r < replications; ++r) {
    std::vector<double> drawn(n);
    for (std::size_t k = 0; k < n; ++k) {
      auto const block =
          random.at(k, static_cast<std::uint32_t>(detail::random_stream::resampling), static_cast<std::uint32_t>(r));
      double const which = block.uniform(0) * static_cast<double>(n), u = block.uniform(1);
      auto const at = std::min(static_cast<std::size_t>(which), n - 1);
      drawn[k] = at < below ? s.log_size[std::min(static_cast<std::size_t>(u * static_cast<double>(below)), below - 1)]
                            : found.tail.log_threshold - std::log(u) / found.tail.shape;
    }
    std::sort(drawn.begin(), drawn.end());
    if (!(drawn.back() > drawn.front())) continue;
    detail::cutoff_scan const scan(drawn, fewest);
    if (scan.found() && scan.distance() >= found.distance) ++farther;
  }
  return (1.0 + farther) / (1.0 + replications);
}

}  // namespace melitz
