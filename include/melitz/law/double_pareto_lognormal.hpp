// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/law/located_tail.hpp>
#include <melitz/law/pareto_lognormal.hpp>
#include <melitz/numerics/log_pair.hpp>
#include <melitz/numerics/members.hpp>

#include <cmath>

namespace melitz {

namespace detail {

/// The tail of a normal draw less an exponential one, for ln phi, where the median of the normal part is the unit.
template <real Real>
class lognormal_less_pareto {
 public:
  using real_type = Real;

  lognormal_less_pareto(Real const& log_sd, Real const& lower_shape, Real const& power)
      : part_(log_sd, lower_shape),
        body_(log_sd, power),
        wide_part_(static_cast<wide>(log_sd), static_cast<wide>(lower_shape)),
        wide_body_(static_cast<wide>(log_sd), static_cast<wide>(power)),
        power_(power),
        always_wide_(power * log_sd < 1 || lower_shape * log_sd < 1) {}

  /// S = S0 - E and J = (k J0 - r S)/(k + r), with S0 and J0 of the normal part and E at the mirrored place. Both are
  /// differences, which lose digits where r or k is small against 1/log_sd, and far out: then in the wider type.
  [[nodiscard]] tail_point<Real> at(Real const& above) const {
    if (!always_wide_ && above < 7 * part_.log_sd()) {
      return part_.with_slopes(difference(body_, part_, power_, above), Real(-above), true);
    }
    auto const p = difference(wide_body_, wide_part_, static_cast<wide>(power_), static_cast<wide>(above));
    return part_.with_slopes({static_cast<Real>(p.log_scale), static_cast<Real>(p.survival),
                              static_cast<Real>(p.excess), static_cast<Real>(p.density)},
                             Real(-above), true);
  }
  [[nodiscard]] exponential_part<Real> const& part() const { return part_; }

 private:
  using wide = wider_t<Real>;

  template <class T>
  [[nodiscard]] static tail_point<T> difference(lognormal_in_own_units<T> const& body, exponential_part<T> const& part,
                                                T const& power, T const& above) {
    using std::exp;
    auto const p = body.at(above);
    auto const e = part.at(T(-above));
    T const amount = e.amount * exp(T(e.log_scale - p.log_scale)), survival = p.survival - amount;
    return {p.log_scale, survival, T((part.rate() * p.excess - power * survival) / (part.rate() + power)),
            T(part.rate() * amount)};
  }

  exponential_part<Real> part_;
  lognormal_in_own_units<Real> body_;
  exponential_part<wide> wide_part_;
  lognormal_in_own_units<wide> wide_body_;
  Real power_;
  bool always_wide_;
};

/// The double Pareto-log-normal tail where the median of its log-normal part is the unit: a mixture of the normal draw
/// plus an exponential one and the normal draw less another.
template <real Real>
class double_pareto_lognormal_in_own_units {
 public:
  using real_type = Real;

  double_pareto_lognormal_in_own_units(Real const& log_sd, Real const& upper_shape, Real const& lower_shape,
                                       Real const& power)
      : above_(log_sd, upper_shape, power),
        below_(log_sd, lower_shape, power),
        share_above_(lower_shape / (upper_shape + lower_shape)),
        share_below_(upper_shape / (upper_shape + lower_shape)) {
    using std::log1p;
    log_moment_ = above_.log_moment() - log1p(Real(power / lower_shape));
  }

  [[nodiscard]] Real power() const { return above_.power(); }
  [[nodiscard]] Real log_lower_bound() const { return -infinity<Real>; }
  [[nodiscard]] Real log_upper_bound() const { return infinity<Real>; }
  [[nodiscard]] Real log_moment() const { return log_moment_; }
  [[nodiscard]] tail_point<Real> at(Real const& above) const {
    return add(scaled(above_.at(above), share_above_), scaled(below_.at(above), share_below_));
  }
  [[nodiscard]] tail_point<wider_t<Real>> at_in_wider_type(wider_t<Real> const& above) const {
    return in_wider_type<double_pareto_lognormal_in_own_units>(above, above_.end().log_sd(), above_.end().rate(),
                                                               below_.part().rate(), power());
  }
  [[nodiscard]] bool smooth_between(Real const&, Real const&) const { return true; }

 private:
  pareto_lognormal_in_own_units<Real> above_;
  lognormal_less_pareto<Real> below_;
  Real share_above_, share_below_, log_moment_{};
};

}  // namespace detail

/// Double Pareto-log-normal law of productivity: ln phi is the sum of a normal draw, of mean log_mean and standard
/// deviation log_sd, and an exponential one of rate upper_shape, less another of rate lower_shape. A Pareto tail above,
/// a power tail below, and a log-normal body in between.
///
/// Restrictions: log_sd, upper_shape, lower_shape > 0; a solve also needs upper_shape > elasticity - 1.
/// Accuracy: closed form, 1e-12: where elasticity - 1 or lower_shape is small against 1/log_sd, of a difference in the
/// wider type. Source: after Reed, Jorgensen (2004).
template <real Real = double>
struct double_pareto_lognormal {
  using real_type = Real;

  Real log_mean = detail::not_a_number<Real>;
  Real log_sd = detail::not_a_number<Real>;
  Real upper_shape = detail::not_a_number<Real>;
  Real lower_shape = detail::not_a_number<Real>;

  static constexpr char const* name = "double_pareto_lognormal";
  static constexpr auto parameters() {
    using l = double_pareto_lognormal;
    return told::table{
        told::parameter("log_mean", &l::log_mean, rule::finite, "of the log-normal part", "log productivity", 0),
        told::parameter("log_sd", &l::log_sd, rule::positive, "of the log-normal part", "log productivity", 0.5),
        told::parameter("upper_shape", &l::upper_shape, rule::positive,
                        "of the upper tail; above the size exponent, elasticity - 1 in the open economy", "", 4.25),
        told::parameter("lower_shape", &l::lower_shape, rule::positive, "of the lower tail", "", 2),
    };
  }

  /// @throws domain_error naming the parameter that is out of range
  void validate() const { detail::check_parameters(*this); }

  [[nodiscard]] Real log_lower_bound() const { return -detail::infinity<Real>; }
  [[nodiscard]] Real log_upper_bound() const { return detail::infinity<Real>; }

  /// Log density of log productivity.
  [[nodiscard]] Real log_density(Real const& log_x) const {
    using std::log;
    Real const above = log_x - log_mean;
    Real const upper = detail::exponential_part<Real>(log_sd, upper_shape).log_at(above),
               lower = detail::exponential_part<Real>(log_sd, lower_shape).log_at(Real(-above));
    return Real(log(Real(upper_shape / (upper_shape + lower_shape) * lower_shape)) + detail::log_of_sum(upper, lower));
  }

  /// E[phi^power] is finite for powers below this.
  [[nodiscard]] Real moments_below() const { return upper_shape; }
  /// To bind the law to where only its survival is wanted.
  [[nodiscard]] Real power_for_survival() const {
    Real const a = 2 / log_sd, b = upper_shape / 2;
    return a < b ? a : b;
  }

  /// Tail for one power; see productivity_tail.
  using tail_type = located_tail<detail::double_pareto_lognormal_in_own_units<Real>>;

  /// @throws domain_error also when upper_shape <= power, since then E[phi^power] diverges
  [[nodiscard]] tail_type tail(Real const& power) const {
    validate();
    if (!(upper_shape > power)) detail::reject_divergent_moment(name, "upper_shape", upper_shape, power);
    return {{log_sd, upper_shape, lower_shape, power}, {log_mean, Real(0)}, log_lower_bound(), log_upper_bound()};
  }
};

}  // namespace melitz
