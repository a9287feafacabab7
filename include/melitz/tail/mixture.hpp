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
  using in_own_units = mixture_tail;

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
    return log_sum_of([](Component const& c) { return real_type(c.log_moment()); });
  }

  [[nodiscard]] real_type error_estimate() const {
    real_type worst(0);
    for (auto const& c : components_) worst = std::max<real_type>(worst, error_estimate_of(c));
    return worst;
  }

  [[nodiscard]] tail_point<real_type> at(real_type const& log_x) const {
    return sum_of([&](Component const& c) { return c.at(log_x); });
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

  /// The same in the units of the component that reaches highest, where components have units of their own.
  class own_view {
   public:
    using real_type = mixture_tail::real_type;

    explicit own_view(mixture_tail const& tail) : tail_(&tail), unit_(tail.log_unit()) {}
    [[nodiscard]] real_type power() const { return tail_->power(); }
    [[nodiscard]] real_type log_lower_bound() const { return real_type(tail_->log_lower_bound() - unit_.value); }
    [[nodiscard]] real_type log_upper_bound() const { return tail_->highest().own().log_upper_bound(); }
    [[nodiscard]] real_type log_moment() const {
      return tail_->log_sum_of(
          [&](Component const& c) { return real_type(c.own().log_moment() + power() * away(c.log_unit()).value); });
    }
    [[nodiscard]] tail_point<real_type> at(real_type const& log_x) const {
      return tail_->sum_of([&](Component const& c) {
        auto const distance = away(c.log_unit());
        auto const place = sum_with_rest(log_x, real_type(-distance.value));
        return nudged(c.own().at(place.value), power(), real_type(place.rest - distance.rest));
      });
    }
    [[nodiscard]] bool smooth_between(real_type const& a, real_type const& b) const {
      return std::all_of(tail_->components_.begin(), tail_->components_.end(), [&](Component const& c) {
        real_type const distance = away(c.log_unit()).value;
        return detail::smooth_between(c.own(), real_type(a - distance), real_type(b - distance));
      });
    }
    [[nodiscard]] tail_point<wider_t<real_type>> at_in_wider_type(wider_t<real_type> const& log_x) const {
      using wide = wider_t<real_type>;
      tail_point<wide> sum;
      for (std::size_t k = 0; k < tail_->weights_.size(); ++k) {
        auto const distance = away(tail_->components_[k].log_unit());
        wide const place = (log_x - static_cast<wide>(distance.value)) - static_cast<wide>(distance.rest);
        sum = add(sum, scaled(detail::at_in_wider_type(tail_->components_[k].own(), place),
                              static_cast<wide>(tail_->weights_[k])));
      }
      return sum;
    }

   private:
    /// ln of a component's unit in units of the mixture.
    [[nodiscard]] with_rest<real_type> away(with_rest<real_type> const& unit) const {
      auto out = sum_with_rest(unit.value, real_type(-unit_.value));
      out.rest += unit.rest - unit_.rest;
      return out;
    }
    mixture_tail const* tail_;
    with_rest<real_type> unit_;
  };
  [[nodiscard]] own_view own() const requires has_own_units<Component> { return own_view(*this); }
  [[nodiscard]] with_rest<real_type> log_unit() const requires has_own_units<Component> { return highest().log_unit(); }

 private:
  [[nodiscard]] Component const& highest() const {
    return *std::max_element(components_.begin(), components_.end(), [](Component const& a, Component const& b) {
      return a.log_upper_bound() < b.log_upper_bound();
    });
  }
  template <class F>
  [[nodiscard]] real_type log_sum_of(F const& log_term) const {
    using std::exp, std::log;
    real_type largest = -infinity<real_type>, sum(0);
    for (auto const& c : components_) largest = std::max<real_type>(largest, log_term(c));
    for (std::size_t k = 0; k < weights_.size(); ++k) {
      sum += weights_[k] * exp(real_type(log_term(components_[k]) - largest));
    }
    return real_type(largest + log(sum));
  }
  template <class F>
  [[nodiscard]] tail_point<real_type> sum_of(F const& part) const {
    tail_point<real_type> sum;
    for (std::size_t k = 0; k < weights_.size(); ++k) sum = add(sum, scaled(part(components_[k]), weights_[k]));
    return sum;
  }

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
