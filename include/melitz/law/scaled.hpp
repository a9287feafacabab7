// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/law/concepts.hpp>
#include <melitz/numerics/rule.hpp>

namespace melitz {

/// Another law in other units: productivity is `scale` times what is drawn from `law`, whatever that law is.
///
/// Restrictions: scale positive and finite. Accuracy: that of the law.
template <class Law>
struct scaled {
  using real_type = law_real_t<Law>;

  Law law{};
  real_type scale = detail::not_a_number<real_type>;

  /// @throws domain_error naming what is out of range
  void validate() const { detail::require(rule::positive, "scaled", "scale", scale); }

  /// As the law has it: no unit changes the index of a power tail.
  [[nodiscard]] real_type pareto_shape() const requires requires(Law const& l) { l.pareto_shape(); }
  { return law.pareto_shape(); }
};

/// So that the law need not be named.
template <class Law, class Scale>
scaled(Law, Scale) -> scaled<Law>;

}  // namespace melitz
