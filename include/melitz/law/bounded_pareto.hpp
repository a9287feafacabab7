// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/law/power_interval.hpp>

#include <cmath>

namespace melitz {

/// Pareto law truncated to [lower, upper]: density proportional to phi^(-shape-1) there.
///
/// Restrictions: 0 < lower < upper < infinity, shape > 0. All moments exist, so the shape may lie below
/// elasticity - 1. Source: Helpman, Melitz, Rubinstein (2008) for its use in trade.
template <real Real = double>
struct bounded_pareto {
  using real_type = Real;

  Real lower = detail::not_a_number<Real>;
  Real upper = detail::not_a_number<Real>;
  Real shape = detail::not_a_number<Real>;

  /// @throws domain_error naming the parameter that is out of range
  void validate() const {
    detail::require(lower > 0 && detail::is_finite(lower), "bounded_pareto", "lower", lower, "be positive and finite");
    detail::require(upper > lower && detail::is_finite(upper), "bounded_pareto", "upper", upper,
                    "exceed lower and be finite");
    detail::require(shape > 0 && detail::is_finite(shape), "bounded_pareto", "shape", shape, "be positive and finite");
  }

  [[nodiscard]] Real log_lower_bound() const {
    using std::log;
    return Real(log(lower));
  }
  [[nodiscard]] Real log_upper_bound() const {
    using std::log;
    return Real(log(upper));
  }

  /// Log density of log productivity; -inf outside [lower, upper].
  [[nodiscard]] Real log_density(Real const& log_x) const {
    using std::expm1, std::log;
    Real const above = log_x - log_lower_bound();
    if (above < 0 || log_x > log_upper_bound()) return -detail::infinity<Real>;
    return Real(log(Real(shape / -expm1(Real(shape * (log_lower_bound() - log_upper_bound()))))) - shape * above);
  }

  [[nodiscard]] detail::power_interval_tail<Real> tail(Real const& power) const {
    validate();
    return detail::tail_of_power_interval(lower, upper, shape, power);
  }
};

}  // namespace melitz
