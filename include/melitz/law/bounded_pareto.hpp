// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/law/power_interval.hpp>
#include <melitz/numerics/members.hpp>

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

  static constexpr char const* name = "bounded_pareto";
  static constexpr auto parameters() {
    using l = bounded_pareto;
    return told::table{
        told::parameter("lower", &l::lower, rule::positive, "the lowest", "productivity", 1),
        told::parameter("upper", &l::upper, rule::positive, "the highest, above lower", "productivity", 10),
        told::parameter("shape", &l::shape, rule::positive, "of the tail", "", 4.25),
    };
  }

  /// @throws domain_error naming the parameter that is out of range
  void validate() const {
    detail::check_parameters(*this);
    detail::require(upper > lower, "bounded_pareto", "upper", upper, "exceed lower and be finite");
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
