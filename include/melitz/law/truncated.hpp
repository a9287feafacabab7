// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/law/concepts.hpp>

#include <cmath>

namespace melitz {

/// Any law with a density, conditional on productivity lying in [lower, upper].
///
/// Restrictions: 0 <= lower < upper (upper may be infinite), and some mass in between. A Pareto law between bounds is
/// `bounded_pareto`, in closed form.
/// Accuracy: that of the law where that is in closed form, but for a cutoff so close to the upper bound that most of
/// what lies above it is cut off; there, and for laws known by a density, quadrature, 1e-13. Results carry an estimate.
template <density_law Law>
struct truncated {
  using real_type = law_real_t<Law>;

  Law law{};
  real_type lower = detail::not_a_number<real_type>;
  real_type upper = detail::not_a_number<real_type>;

  /// @throws domain_error naming the bound that is out of range
  void validate() const {
    detail::require(lower >= 0 && detail::is_finite(lower), "truncated", "lower", lower, "be at least 0 and finite");
    detail::require(upper > lower, "truncated", "upper", upper, "exceed lower");
  }

  [[nodiscard]] real_type log_lower_bound() const {
    using std::log;
    real_type const bound = lower > 0 ? real_type(log(lower)) : real_type(-detail::infinity<real_type>);
    real_type const own = law.log_lower_bound();
    return bound > own ? bound : own;
  }
  [[nodiscard]] real_type log_upper_bound() const {
    using std::log;
    real_type const bound = detail::is_finite(upper) ? real_type(log(upper)) : detail::infinity<real_type>;
    real_type const own = law.log_upper_bound();
    return bound < own ? bound : own;
  }
};

}  // namespace melitz
