// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/law/power_interval.hpp>
#include <melitz/numerics/members.hpp>

#include <cmath>

namespace melitz {

/// Uniform law of productivity on [lower, upper].
///
/// Restrictions: 0 <= lower < upper < infinity. All moments exist.
template <real Real = double>
struct uniform {
  using real_type = Real;

  Real lower = detail::not_a_number<Real>;
  Real upper = detail::not_a_number<Real>;

  static constexpr char const* name = "uniform";
  static constexpr auto parameters() {
    using l = uniform;
    return told::table{
        told::parameter("lower", &l::lower, rule::at_least_zero, "the lowest", "productivity", 0),
        told::parameter("upper", &l::upper, rule::positive, "the highest, above lower", "productivity", 1),
    };
  }

  /// @throws domain_error naming the parameter that is out of range
  void validate() const {
    detail::check_parameters(*this);
    detail::require(upper > lower, "uniform", "upper", upper, "exceed lower and be finite");
  }

  [[nodiscard]] Real log_lower_bound() const {
    using std::log;
    return lower > 0 ? Real(log(lower)) : Real(-detail::infinity<Real>);
  }
  [[nodiscard]] Real log_upper_bound() const {
    using std::log;
    return Real(log(upper));
  }

  /// Log density of log productivity; -inf outside [lower, upper].
  [[nodiscard]] Real log_density(Real const& log_x) const {
    using std::log;
    if (log_x < log_lower_bound() || log_x > log_upper_bound()) return -detail::infinity<Real>;
    return Real(log_x - log(Real(upper - lower)));
  }

  [[nodiscard]] detail::power_interval_tail<Real> tail(Real const& power) const {
    validate();
    return detail::tail_of_power_interval(lower, upper, Real(-1), power);
  }
};

}  // namespace melitz
