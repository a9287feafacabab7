// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/law/tail_point.hpp>

#include <cmath>

namespace melitz {

/// Pareto law of productivity, Pr(phi >= x) = (scale / x)^shape for x >= scale.
///
/// `shape` is k in some papers and theta in others; `scale` is phi_min, in units of productivity.
/// Restrictions: scale > 0, shape > 0; a solve also needs shape > elasticity - 1.
/// Accuracy: closed form, a few roundings. Source: Melitz (2003) leaves the law open; Chaney (2008) uses this one.
template <real Real = double>
struct pareto {
  using real_type = Real;

  Real scale = detail::not_a_number<Real>;
  Real shape = detail::not_a_number<Real>;

  /// @throws domain_error naming the parameter that is out of range
  void validate() const {
    detail::require(scale > 0 && detail::is_finite(scale), "pareto", "scale", scale, "be positive and finite");
    detail::require(shape > 0 && detail::is_finite(shape), "pareto", "shape", shape, "be positive and finite");
  }

  [[nodiscard]] Real log_lower_bound() const {
    using std::log;
    return Real(log(scale));
  }
  [[nodiscard]] Real log_upper_bound() const { return detail::infinity<Real>; }

  /// Log density of log productivity; -inf below the scale.
  [[nodiscard]] Real log_density(Real const& log_x) const {
    using std::log;
    Real const above = log_x - log_lower_bound();
    return above < 0 ? Real(-detail::infinity<Real>) : Real(log(shape) - shape * above);
  }

  /// The index of the power tail; under this law every trade elasticity equals it.
  [[nodiscard]] Real pareto_shape() const { return shape; }

  /// Tail for one power; see productivity_tail.
  class tail_type {
   public:
    using real_type = Real;

    tail_type(pareto const& law, Real const& power)
        : power_(power), shape_(law.shape), log_scale_(law.log_lower_bound()), excess_(power / (law.shape - power)) {
      using std::log1p;
      log_moment_ = power_ * log_scale_ + log1p(excess_);
    }

    [[nodiscard]] Real power() const { return power_; }
    [[nodiscard]] Real log_lower_bound() const { return log_scale_; }
    [[nodiscard]] Real log_upper_bound() const { return detail::infinity<Real>; }
    [[nodiscard]] Real log_moment() const { return log_moment_; }
    [[nodiscard]] tail_point<Real> at(Real const& log_x) const {
      Real const above = log_x - log_scale_;
      if (above < 0) return detail::extend_below<Real>({0, 1, excess_, 0}, Real(-power_ * above));
      return detail::with_log_density_slopes<Real>({Real(-shape_ * above), 1, excess_, shape_}, -shape_, Real(0),
                                                   Real(0));
    }
    [[nodiscard]] bool smooth_between(Real const& a, Real const& b) const {
      return (a < log_scale_) == (b < log_scale_);
    }

   private:
    Real power_, shape_, log_scale_, excess_, log_moment_;
  };

  /// @throws domain_error also when shape <= power, since then E[phi^power] diverges
  [[nodiscard]] tail_type tail(Real const& power) const {
    validate();
    if (!(shape > power)) detail::reject_divergent_moment("pareto", "shape", shape, power);
    return {*this, power};
  }
};

}  // namespace melitz
