// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/law/located_tail.hpp>
#include <melitz/law/tail_point.hpp>
#include <melitz/numerics/members.hpp>

#include <cmath>

namespace melitz {

namespace detail {

/// The Pareto tail in units of the lowest productivity.
template <real Real>
class pareto_in_own_units {
 public:
  using real_type = Real;

  pareto_in_own_units(Real const& shape, Real const& power)
      : power_(power), shape_(shape), excess_(power / (shape - power)) {
    using std::log1p;
    log_moment_ = log1p(excess_);
  }

  [[nodiscard]] Real power() const { return power_; }
  [[nodiscard]] Real shape() const { return shape_; }
  [[nodiscard]] Real log_lower_bound() const { return Real(0); }
  [[nodiscard]] Real log_upper_bound() const { return infinity<Real>; }
  [[nodiscard]] Real log_moment() const { return log_moment_; }
  [[nodiscard]] tail_point<Real> at(Real const& above) const {
    if (above < 0) return extend_below(tail_point<Real>{0, 1, excess_, 0}, power_, Real(-above));
    auto const fall = product_with_rest(shape_, above);
    Real const kept = 1 - fall.rest;
    return with_log_density_slopes<Real>({Real(-fall.value), kept, Real(excess_ * kept), Real(shape_ * kept)}, -shape_,
                                         Real(0), Real(0));
  }
  [[nodiscard]] tail_in_logs<Real> in_logs(Real const& above) const {
    Real const mean = 1 / shape_;
    if (above < 0) return {Real(0), Real(1), Real(mean - above), Real(2 * mean * (mean - above) + above * above)};
    return {Real(-shape_ * above), Real(1), mean, Real(2 * mean * mean)};
  }
  [[nodiscard]] tail_point<wider_t<Real>> at_in_wider_type(wider_t<Real> const& above) const {
    return in_wider_type<pareto_in_own_units>(above, shape_, power_);
  }
  [[nodiscard]] bool smooth_between(Real const& a, Real const& b) const { return (a < 0) == (b < 0); }

 private:
  Real power_, shape_, excess_, log_moment_{};
};

}  // namespace detail

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

  static constexpr char const* name = "pareto";
  static constexpr auto parameters() {
    using l = pareto;
    return told::table{
        told::parameter("scale", &l::scale, rule::positive, "the lowest", "productivity", 1),
        told::parameter("shape", &l::shape, rule::positive,
                        "of the tail; above the size exponent, elasticity - 1 in the open economy", "", 4.25),
    };
  }

  /// @throws domain_error naming the parameter that is out of range
  void validate() const { detail::check_parameters(*this); }

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

  /// E[phi^power] is finite for powers below this.
  [[nodiscard]] Real moments_below() const { return shape; }

  /// Tail for one power; see productivity_tail.
  using tail_type = located_tail<detail::pareto_in_own_units<Real>>;

  /// @throws domain_error also when shape <= power, since then E[phi^power] diverges
  [[nodiscard]] tail_type tail(Real const& power) const {
    validate();
    if (!(shape > power)) detail::reject_divergent_moment("pareto", "shape", shape, power);
    auto const unit = detail::log_with_rest(scale);
    return {{shape, power}, unit, unit.value, log_upper_bound()};
  }
};

}  // namespace melitz
