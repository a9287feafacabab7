// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/law/concepts.hpp>

#include <cmath>
#include <vector>

namespace melitz {

/// Finite mixture: with probability weights[i] productivity is drawn from components[i].
///
/// Restrictions: as many weights as components, at least one; weights >= 0, summing to one within 1e-9 (they are then
/// scaled to sum to one). Components of different families: make `Law` a std::variant of laws.
/// Accuracy: that of the components. Source: Sager, Timoshenko (2019) fit mixtures to firm-level exports.
template <class Law>
struct mixture {
  using real_type = law_real_t<Law>;

  std::vector<real_type> weights{};
  std::vector<Law> components{};

  /// @throws domain_error naming what is out of range
  void validate() const {
    detail::require(!components.empty(), "mixture", "number of components", components.size(), "be at least 1");
    detail::require(weights.size() == components.size(), "mixture", "number of weights", weights.size(),
                    "equal the number of components");
    detail::require_probabilities("mixture", weights);
  }
};

}  // namespace melitz
