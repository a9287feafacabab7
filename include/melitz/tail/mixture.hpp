// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/law/mixture.hpp>
#include <melitz/tail/tail.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>
#include <vector>

namespace melitz::detail {

/// Tail of a mixture: the weighted sum of its components' tails.
template <productivity_tail Component>
class mixture_tail {
 public:
  using real_type = typename Component::real_type;

  mixture_tail(std::vector<real_type> weights, std::vector<Component> components)
      : weights_(std::move(weights)), components_(std::move(components)) {}

  [[nodiscard]] real_type power() const { return components_.front().power(); }

  [[nodiscard]] real_type log_lower_bound() const {
    real_type lowest = components_.front().log_lower_bound();
    for (auto const& c : components_) lowest = std::min<real_type>(lowest, c.log_lower_bound());
    return lowest;
  }

  [[nodiscard]] real_type log_upper_bound() const {
    real_type highest = components_.front().log_upper_bound();
    for (auto const& c : components_) highest = std::max<real_type>(highest, c.log_upper_bound());
    return highest;
  }

  [[nodiscard]] real_type log_moment() const {
    using std::exp, std::log;
    real_type largest = -infinity<real_type>, sum(0);
    for (auto const& c : components_) largest = std::max<real_type>(largest, c.log_moment());
    for (std::size_t k = 0; k < weights_.size(); ++k) {
      sum += weights_[k] * exp(real_type(components_[k].log_moment() - largest));
    }
    return real_type(largest + log(sum));
  }

  [[nodiscard]] real_type error_estimate() const {
    real_type worst(0);
    for (auto const& c : components_) worst = std::max<real_type>(worst, error_estimate_of(c));
    return worst;
  }

  [[nodiscard]] tail_point<real_type> at(real_type const& log_x) const {
    tail_point<real_type> sum;
    for (std::size_t k = 0; k < weights_.size(); ++k) {
      auto part = components_[k].at(log_x);
      part.survival *= weights_[k];
      part.excess *= weights_[k];
      part.density *= weights_[k];
      part.density_slope *= weights_[k];
      part.density_curvature *= weights_[k];
      part.density_third *= weights_[k];
      sum = add(sum, part);
    }
    return sum;
  }

  [[nodiscard]] std::vector<real_type> log_kinks() const {
    std::vector<real_type> out;
    for (auto const& c : components_) {
      auto const more = log_kinks_of(c);
      out.insert(out.end(), more.begin(), more.end());
    }
    return out;
  }
  [[nodiscard]] bool smooth_between(real_type const& a, real_type const& b) const {
    return std::all_of(components_.begin(), components_.end(),
                       [&](Component const& c) { return detail::smooth_between(c, a, b); });
  }

 private:
  std::vector<real_type> weights_;
  std::vector<Component> components_;
};

/// @throws domain_error naming a weight or a component's parameter that is out of range
template <productivity_law Law>
[[nodiscard]] auto make_tail(tail_of_law, mixture<Law> const& law, law_real_t<Law> const& power) {
  using real_type = law_real_t<Law>;
  law.validate();
  real_type const total = std::accumulate(law.weights.begin(), law.weights.end(), real_type(0));
  std::vector<real_type> weights;
  std::vector<plain_tail_of_t<Law>> components;
  for (std::size_t k = 0; k < law.components.size(); ++k) {
    auto component = plain_tail_of(law.components[k], power);  // also checks it
    if (law.weights[k] == 0) continue;                         // nobody draws from it: it must not widen the bounds
    weights.push_back(law.weights[k] / total);
    components.push_back(std::move(component));
  }
  return mixture_tail<plain_tail_of_t<Law>>(std::move(weights), std::move(components));
}

}  // namespace melitz::detail
