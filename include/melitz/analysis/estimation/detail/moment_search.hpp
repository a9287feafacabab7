// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/analysis/estimation/detail/random_stream.hpp>
#include <melitz/analysis/estimation/detail/singular_values.hpp>
#include <melitz/analysis/estimation/moment_data.hpp>
#include <melitz/numerics/philox.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace melitz::detail {

/// Moments of a model at one place, and their slopes by the parameters, by columns: parameters. Without any, why.
struct moments_here {
  std::vector<double> values;
  column_matrix slopes;
  std::string why;
};
using moments_function = std::function<moments_here(std::vector<double> const&)>;

/// A parameter on its scale.
class moment_coordinate {
 public:
  explicit moment_coordinate(moment_parameter const& p) : lower_(p.lower), upper_(p.upper), scale_(p.scale) {
    if (scale_ == moment_scale::automatic) scale_ = lower_ >= 0 ? moment_scale::log : moment_scale::linear;
  }
  [[nodiscard]] double of(double x) const {
    switch (scale_) {
      case moment_scale::log:
        return std::log(x);
      case moment_scale::logit:
        return std::log(x) - std::log1p(-x);
      default:
        return x;
    }
  }
  [[nodiscard]] double lower() const { return of(lower_); }
  [[nodiscard]] double upper() const { return of(upper_); }
  /// The parameter; at a bound that bound itself, not what a logarithm and back make of it.
  [[nodiscard]] double parameter(double u) const {
    if (u <= lower()) return lower_;
    if (u >= upper()) return upper_;
    double const x = scale_ == moment_scale::log     ? std::exp(u)
                     : scale_ == moment_scale::logit ? 1 / (1 + std::exp(-u))
                                                     : u;
    return std::clamp(x, lower_, upper_);
  }
  /// Change of the parameter per change on the scale.
  [[nodiscard]] double slope(double x) const {
    return scale_ == moment_scale::log ? x : scale_ == moment_scale::logit ? x * (1 - x) : 1;
  }
  /// How far one step may go: one in logs and logits, else a quarter of the way between the bounds.
  [[nodiscard]] double longest_step(double u) const {
    if (scale_ != moment_scale::linear) return 1;
    return is_finite(upper_ - lower_) ? (upper_ - lower_) / 4 : std::max(1.0, std::abs(u));
  }

 private:
  double lower_, upper_;
  moment_scale scale_;
};

/// A place of the search: weighted deviations of the model from the data and their slopes by the coordinates.
struct moment_place {
  std::vector<double> at;
  moments_here moments;
  std::vector<double> deviation;
  column_matrix slopes;
  double objective = infinity<double>;
  double rounding = 0;  ///< of the objective

  [[nodiscard]] bool any() const { return is_finite(objective); }
};

/// A step, of coordinates that take part, and by how much it lowers the objective if the model is linear.
struct moment_step {
  std::vector<double> by;
  std::vector<bool> free;
  double gain = 0;
};

/// Where a search ended.
struct moment_end {
  status reason = status::not_finite;
  moment_place place;
  int iterations = 0;
};

/// Gauss and Newton's method between bounds, for e'We with W = root' root.
struct moment_search {
  std::vector<moment_coordinate> coordinates;
  std::vector<double> data;
  column_matrix root;  ///< by rows
  double observations;
  moments_function model;

  [[nodiscard]] std::vector<double> parameters(std::vector<double> const& at) const {
    std::vector<double> out;
    for (std::size_t k = 0; k < at.size(); ++k) out.push_back(coordinates[k].parameter(at[k]));
    return out;
  }

  [[nodiscard]] moment_place look(std::vector<double> at) const {
    moment_place out;
    out.at = std::move(at);
    auto const x = parameters(out.at);
    out.moments = model(x);
    if (out.moments.values.empty()) return out;
    auto e = out.moments.values, size = e;
    for (std::size_t k = 0; k < e.size(); ++k) {
      size[k] = std::abs(e[k]) + std::abs(data[k]);
      e[k] -= data[k];
    }
    out.deviation = product(root, e);
    double noise = 0;
    for (auto const& row : root) {
      double sum = 0;
      for (std::size_t k = 0; k < row.size(); ++k) sum += std::abs(row[k]) * size[k];
      noise += sum * sum;
    }
    noise = 16 * std::numeric_limits<double>::epsilon() * std::sqrt(noise);
    double const objective = inner(out.deviation, out.deviation);
    out.rounding = noise * (2 * std::sqrt(objective) + noise);
    for (std::size_t k = 0; k < x.size(); ++k) {
      out.slopes.push_back(product(root, out.moments.slopes[k]));
      for (auto& s : out.slopes.back()) s *= coordinates[k].slope(x[k]);
    }
    out.objective = objective;
    return out;
  }

  /// Coordinates at a bound that the way down points across do not take part, nor those that the step does.
  [[nodiscard]] moment_step step_from(moment_place const& here) const {
    std::size_t const n = here.at.size();
    moment_step out{std::vector<double>(n, 0.0), std::vector<bool>(n, true), 0};
    auto const leaves = [&](std::size_t k, double direction) {
      return (here.at[k] <= coordinates[k].lower() && direction <= 0) ||
             (here.at[k] >= coordinates[k].upper() && direction >= 0);
    };
    for (std::size_t k = 0; k < n; ++k) out.free[k] = !leaves(k, -inner(here.slopes[k], here.deviation));
    for (std::size_t tries = 0; tries <= n; ++tries) {
      column_matrix columns;
      for (std::size_t k = 0; k < n; ++k) {
        if (out.free[k]) columns.push_back(here.slopes[k]);
      }
      std::fill(out.by.begin(), out.by.end(), 0.0);
      out.gain = 0;
      if (columns.empty()) return out;
      singular_values const s(std::move(columns));
      auto const along = s.coefficients(here.deviation);
      for (std::size_t j = 0; j < s.rank; ++j) {
        out.gain += along[j] * along[j] * s.values[j] * s.values[j];
        for (std::size_t k = 0, place = 0; k < n; ++k) {
          if (out.free[k]) out.by[k] -= along[j] * s.right[j][place++];
        }
      }
      bool all_stay = true;
      for (std::size_t k = 0; k < n; ++k) {
        if (out.free[k] && out.by[k] != 0 && leaves(k, out.by[k])) {
          out.free[k] = false;
          all_stay = false;
          break;
        }
      }
      if (all_stay) return out;
    }
    return out;
  }

  /// A place on the way of a step; a bound where it is rounding away from one.
  [[nodiscard]] moment_place move(moment_place const& here, moment_step const& step, double part) const {
    auto to = here.at;
    for (std::size_t k = 0; k < to.size(); ++k) {
      double const lower = coordinates[k].lower(), upper = coordinates[k].upper();
      double const slack = 4 * std::numeric_limits<double>::epsilon() * (1 + std::abs(to[k]));
      to[k] += part * step.by[k];
      if (to[k] < lower + slack) to[k] = lower;
      if (to[k] > upper - slack) to[k] = upper;
    }
    return look(std::move(to));
  }

  /// @param budget  of steps
  [[nodiscard]] moment_end descend(std::vector<double> start, int budget) const {
    moment_end out;
    out.place = look(std::move(start));
    if (!out.place.any()) return out;
    double last_gain = infinity<double>;
    for (; out.iterations < budget; ++out.iterations) {
      auto const& here = out.place;
      auto const step = step_from(here);
      out.reason = status::converged;
      if (!(observations * step.gain > 1e-28)) return out;
      if (step.gain <= here.rounding) {  // values say nothing any more; steps still shrink
        if (!(step.gain < 0.9 * last_gain)) return out;
        last_gain = step.gain;
        auto next = move(here, step, 1);
        if (!next.any()) return out;
        out.place = std::move(next);
        continue;
      }
      last_gain = infinity<double>;
      double part = 1;
      for (std::size_t k = 0; k < here.at.size(); ++k) {
        if (step.by[k] == 0) continue;
        double const room = (step.by[k] > 0 ? coordinates[k].upper() : coordinates[k].lower()) - here.at[k];
        part = std::min({part, coordinates[k].longest_step(here.at[k]) / std::abs(step.by[k]), room / step.by[k]});
      }
      bool moved = false;
      for (int tries = 0; tries < 40 && !moved; ++tries, part /= 2) {
        auto next = move(here, step, part);
        moved = next.objective <= here.objective - 1e-4 * part * step.gain;
        if (moved) out.place = std::move(next);
      }
      if (!moved) {  // a kink, or rounding hides the way down
        out.reason = observations * step.gain < 1e-16 ? status::converged : status::iteration_limit;
        return out;
      }
    }
    out.reason = status::iteration_limit;
    return out;
  }

  /// The k-th random start between the bounds.
  [[nodiscard]] std::vector<double> start(std::uint64_t seed, std::uint64_t k) const {
    std::vector<double> out;
    for (std::size_t j = 0; j < coordinates.size(); ++j) {
      auto const block =
          philox(seed).at(k, static_cast<std::uint32_t>(random_stream::starts), static_cast<std::uint32_t>(j / 2));
      double const lower = coordinates[j].lower(), upper = coordinates[j].upper();
      out.push_back(lower + block.uniform(static_cast<unsigned>(j % 2)) * (upper - lower));
    }
    return out;
  }

  /// Whether two ends are one: the same value, and no change of the moments on the way from one to the other.
  [[nodiscard]] bool same(moment_place const& best, moment_place const& other) const {
    double const slack = 1e-7 * best.objective + best.rounding + other.rounding + 1e-12 / observations;
    if (!(std::abs(other.objective - best.objective) <= slack)) return false;
    double length = 0;
    std::vector<double> change(best.deviation.size(), 0.0);
    for (std::size_t k = 0; k < best.at.size(); ++k) {
      length += inner(best.slopes[k], best.slopes[k]);
      for (std::size_t i = 0; i < change.size(); ++i) change[i] += best.slopes[k][i] * (other.at[k] - best.at[k]);
    }
    return inner(change, change) <= 1e-12 * length;
  }
};

}  // namespace melitz::detail
