// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/law/mixture.hpp>
#include <melitz/tail/density_peak.hpp>
#include <melitz/tail/quadrature.hpp>
#include <melitz/tail/tail.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

namespace melitz::detail {

/// A mixture of laws that have densities, by its own: a table then takes no more for many components than for one.
template <density_law Law>
class mixture_density {
 public:
  using real_type = law_real_t<Law>;

  /// @throws domain_error naming a weight or a component's parameter that is out of range
  explicit mixture_density(mixture<Law> const& law) {
    using std::log;
    law.validate();
    real_type total(0);
    for (auto const& w : law.weights) total += w;
    for (std::size_t k = 0; k < law.components.size(); ++k) {
      auto const& component = law.components[k];
      if constexpr (requires { component.validate(); }) component.validate();
      if (law.weights[k] == 0) continue;
      components_.push_back({component, real_type(log(real_type(law.weights[k] / total)))});
      lower_ = std::min<real_type>(lower_, component.log_lower_bound());
      upper_ = std::max<real_type>(upper_, component.log_upper_bound());
      breakpoints_.push_back(density_peak(component).location);
      for (real_type const& bound : {component.log_lower_bound(), component.log_upper_bound()}) {
        if (is_finite(bound)) breakpoints_.push_back(bound);
      }
    }
  }

  [[nodiscard]] real_type log_density(real_type const& t) const {
    using std::exp, std::log;
    real_type largest = -infinity<real_type>, sum(0);
    for (auto const& c : components_) largest = std::max<real_type>(largest, c.law.log_density(t) + c.log_weight);
    if (!is_finite(largest)) return largest;
    for (auto const& c : components_) sum += exp(real_type(c.law.log_density(t) + c.log_weight - largest));
    return real_type(largest + log(sum));
  }
  [[nodiscard]] real_type log_lower_bound() const { return lower_; }
  [[nodiscard]] real_type log_upper_bound() const { return upper_; }
  [[nodiscard]] std::vector<real_type> const& log_breakpoints() const { return breakpoints_; }

 private:
  struct part {
    Law law;
    real_type log_weight;
  };
  std::vector<part> components_;
  real_type lower_ = infinity<real_type>, upper_ = -infinity<real_type>;
  std::vector<real_type> breakpoints_;
};

/// The table of a mixture; see tabulate.
/// @throws domain_error naming a parameter that is out of range, or saying that E[phi^power] diverges
template <density_law Law>
[[nodiscard]] tabulated_tail<law_real_t<Law>> make_table(tail_of_law, mixture<Law> const& law,
                                                         law_real_t<Law> const& power) {
  mixture_density<Law> density(law);
  if constexpr (closed_form_law<Law>) {
    for (auto const& component : law.components) (void)component.tail(power);  // says which moment diverges
  }
  return density_table(std::move(density), power, normalisation::required);
}

}  // namespace melitz::detail
