// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/analysis/estimation/detail/symmetric.hpp>
#include <melitz/error.hpp>
#include <melitz/numerics/real.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <utility>
#include <vector>

namespace melitz::detail {

/// A function of a few variables at one place, with its slope and minus its curvature.
struct local_shape {
  double value = -infinity<double>;
  std::vector<double> slope;
  symmetric_matrix information;
};

/// What is to be made largest, with its derivatives and, for trial steps, without.
struct objective {
  std::function<local_shape(std::vector<double> const&)> at;
  std::function<double(std::vector<double> const&)> value_at;
  std::vector<double> lower, upper;  ///< of the variables
};

/// Where a search ended.
struct maximum {
  status reason = status::not_solved;
  std::vector<double> at;
  local_shape shape;
  double decrement = infinity<double>;  ///< slope' information^-1 slope: the squared distance left, in standard errors
  int iterations = 0;
  bool at_a_bound = false;
};

/// Newton's method with Marquardt's damping where the function is not concave or a step does not raise it, between
/// bounds. The last steps are taken for the slope alone: what they add to the value is below its rounding.
/// @param budget  of iterations
[[nodiscard]] inline maximum maximise(objective const& f, std::vector<double> start, int budget) {
  std::size_t const n = start.size();
  for (std::size_t k = 0; k < n; ++k) start[k] = std::clamp(start[k], f.lower[k], f.upper[k]);
  maximum out;
  out.at = std::move(start);
  out.shape = f.at(out.at);
  if (!is_finite(out.shape.value)) {
    out.reason = status::not_finite;
    return out;
  }
  double damping = 0;
  for (; out.iterations < budget; ++out.iterations) {
    // Variables at a bound that the slope points across do not take part.
    std::vector<std::size_t> free;
    for (std::size_t k = 0; k < n; ++k) {
      bool const held =
          (out.at[k] <= f.lower[k] && out.shape.slope[k] <= 0) || (out.at[k] >= f.upper[k] && out.shape.slope[k] >= 0);
      if (!held) free.push_back(k);
    }
    out.at_a_bound = free.size() < n;
    if (free.empty()) {
      out.decrement = 0;
      out.reason = status::converged;
      return out;
    }
    symmetric_matrix here(free.size());
    std::vector<double> slope(free.size());
    for (std::size_t i = 0; i < free.size(); ++i) {
      slope[i] = out.shape.slope[free[i]];
      for (std::size_t j = 0; j < free.size(); ++j) here(i, j) = out.shape.information(free[i], free[j]);
    }
    bool moved = false;
    for (int tries = 0; tries < 40 && !moved; ++tries) {
      auto damped = here;
      for (std::size_t k = 0; k < free.size(); ++k) damped(k, k) += damping * (std::abs(here(k, k)) + 1e-300);
      auto step = slope;
      if (!solve_positive(damped, step, 1)) {
        damping = std::max(1e-3, 4 * damping);
        continue;
      }
      double decrement = 0, longest = 0;
      for (std::size_t k = 0; k < free.size(); ++k) {
        decrement += step[k] * slope[k];
        longest = std::max(longest, std::abs(step[k]));
      }
      double const shrink = longest > 2 ? 2 / longest : 1;
      auto trial = out.at;
      for (std::size_t k = 0; k < free.size(); ++k) {
        trial[free[k]] = std::clamp(trial[free[k]] + shrink * step[k], f.lower[free[k]], f.upper[free[k]]);
      }
      if (damping == 0 && decrement < 1e-6) {
        if (!(decrement < out.decrement / 16) || decrement < 1e-30) {  // nothing but rounding is left
          out.decrement = std::min(out.decrement, decrement);
          out.reason = status::converged;
          return out;
        }
        auto next = f.at(trial);
        if (is_finite(next.value)) {
          out.at = std::move(trial);
          out.shape = std::move(next);
          out.decrement = decrement;
          moved = true;
          break;
        }
      }
      // A step that is damped has failed before, and is tried without derivatives first.
      if (damping == 0 || f.value_at(trial) > out.shape.value) {
        auto next = f.at(trial);
        bool const usable = next.value > out.shape.value && is_finite(next.value) &&
                            std::all_of(next.slope.begin(), next.slope.end(), [](double x) { return is_finite(x); });
        if (usable) {
          out.at = std::move(trial);
          out.shape = std::move(next);
          out.decrement = decrement;
          damping = damping < 1e-3 ? 0 : damping / 10;
          moved = true;
          break;
        }
      }
      damping = damping == 0 ? 1e-3 : damping * 8;
    }
    if (!moved) {  // a kink, or rounding hides the way up
      out.reason = out.decrement < 1e-8 ? status::converged : status::iteration_limit;
      return out;
    }
  }
  out.reason = status::iteration_limit;
  return out;
}

}  // namespace melitz::detail
