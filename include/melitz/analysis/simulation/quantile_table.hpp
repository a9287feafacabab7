// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/tail/quantile.hpp>
#include <melitz/tail/tail.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

namespace melitz::detail {

/// Quantiles of a law, many of them: a table of ln phi by the logit of the survival share, and Newton's method from
/// there.
///
/// A function of the share alone, so that a draw does not depend on the draws before it. Where the density has a gap or
/// an atom, or Newton's method leaves the cell, by log_quantile.
template <productivity_tail Tail>
class quantile_table {
 public:
  explicit quantile_table(Tail tail) : tail_(std::move(tail)) {
    nodes_.reserve(cells + 1);
    for (std::size_t k = 0; k <= cells; ++k) {
      double const y = furthest * (2 * static_cast<double>(k) / cells - 1);
      double const u = 1 / (1 + std::exp(-y));
      node n{not_a_number<double>, not_a_number<double>};
      if (u > 0 && u < 1) {
        auto const found = find_log_quantile(tail_, u);
        if (found.reason == status::converged) {
          n.log_x = found.log_x;
          auto const p = tail_.at(n.log_x);
          double const density = p.density * p.scale();
          n.slope = density > 0 ? -u * (1 - u) / density : not_a_number<double>;  // dt/dy
        }
      }
      nodes_.push_back(n);
    }
  }

  [[nodiscard]] Tail const& tail() const { return tail_; }

  /// ln of the productivity that a share reaches or exceeds.
  /// @param u  in (0, 1)
  /// @throws convergence_error where there is none
  [[nodiscard]] double operator()(double u) const {
    double const at = (std::log(u / (1 - u)) / furthest + 1) * (cells / 2.0);
    if (at >= 0 && at < static_cast<double>(cells)) {
      auto const k = static_cast<std::size_t>(at);
      double const s = at - static_cast<double>(k), width = 2 * furthest / cells;
      node const &a = nodes_[k], &b = nodes_[k + 1];
      double t =
          a.log_x + s * s * (3 - 2 * s) * (b.log_x - a.log_x) + s * (1 - s) * ((1 - s) * a.slope - s * b.slope) * width;
      double const slack = 1e-9 * (1 + std::abs(a.log_x)), low = b.log_x - slack, high = a.log_x + slack;
      double const log_u = std::log(u);
      for (int step = 0; step < 6 && t >= low && t <= high; ++step) {
        auto const p = tail_.at(t);
        if (!(p.density > 0)) break;
        double const scale = p.scale();
        double const off = u > 0.5 ? (p.survival * scale - u) / (p.density * scale)
                                   : (p.log_scale + std::log(p.survival) - log_u) * p.survival / p.density;
        t += off;
        if (std::abs(off) < 1e-8) return t;  // what is left is its square
      }
    }
    auto const found = find_log_quantile(tail_, u);
    if (found.reason != status::converged) throw convergence_error("melitz::log_quantile", found.reason);
    return found.log_x;
  }

 private:
  struct node {
    double log_x, slope;
  };
  static constexpr std::size_t cells = 1024;
  static constexpr double furthest = 37.5;  // the smallest uniform number is 2^-54

  Tail tail_;
  std::vector<node> nodes_;
};

}  // namespace melitz::detail
