// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/law/located_tail.hpp>
#include <melitz/law/lognormal.hpp>
#include <melitz/law/tail_point.hpp>
#include <melitz/numerics/erfcx.hpp>
#include <melitz/numerics/members.hpp>
#include <melitz/numerics/mills.hpp>

#include <cmath>

namespace melitz {

namespace detail {

/// What an exponential part adds to a normal one: t = nu Z + X, with X exponential of rate k, exceeds x with
/// probability Pr(nu Z >= x) + E(x), and has the density k E. With z = x/nu, E = n(z) m(y) where m is the Mills ratio
/// and y = k nu - z, or e^(k nu (k nu/2 - z)) Pr(Z <= -y), which keep their digits where y > 0 and y < 0.
template <real Real>
class exponential_part {
 public:
  exponential_part(Real const& log_sd, Real const& rate) : log_sd_(log_sd), rate_(rate) {
    using std::sqrt;
    value_t<Real> const root_two = sqrt(value_t<Real>(2));
    root_two_sd_ = log_sd * root_two;
    lift_ = rate * log_sd / root_two;
  }

  [[nodiscard]] Real const& log_sd() const { return log_sd_; }
  [[nodiscard]] Real const& rate() const { return rate_; }

  /// E over e^(log_scale).
  struct part {
    Real log_scale, amount;
  };
  [[nodiscard]] part at(Real const& above) const {
    using std::erfc;
    Real const y = above / root_two_sd_, u = lift_ - y;
    if (u < 0) return {Real(lift_ * (lift_ - 2 * y)), Real(erfc(u) / 2)};
    return {Real(-y * y), Real(erfcx(u) / 2)};
  }
  [[nodiscard]] Real log_at(Real const& above) const {
    using std::log;
    auto const e = at(above);
    return Real(e.log_scale + log(e.amount));
  }

  /// Completes a point whose density is in proportion to E.
  /// @param mirrored  as a function of -above
  [[nodiscard]] tail_point<Real> with_slopes(tail_point<Real> const& point, Real const& above, bool mirrored) const {
    Real const z = above / log_sd_, lift = rate_ * log_sd_, y = lift - z;
    auto const n = normal_hazard_at(y);
    Real const slope = (y > 0 ? Real(n.gap - z) : Real(n.hazard - lift)) / log_sd_, square = log_sd_ * log_sd_;
    Real const third = n.hazard * n.bend / (square * log_sd_);
    return with_log_density_slopes<Real>(point, mirrored ? Real(-slope) : slope, Real(-n.hazard * n.gap / square),
                                         mirrored ? Real(-third) : third);
  }

 private:
  Real log_sd_, rate_, root_two_sd_{}, lift_{};
};

/// The Pareto-log-normal tail where the median of its log-normal part is the unit.
template <real Real>
class pareto_lognormal_in_own_units {
 public:
  using real_type = Real;

  pareto_lognormal_in_own_units(Real const& log_sd, Real const& shape, Real const& power)
      : body_(log_sd, power), end_(log_sd, shape), excess_(power / (shape - power)) {
    using std::log1p;
    log_moment_ = body_.log_moment() + log1p(excess_);
  }

  [[nodiscard]] Real power() const { return body_.power(); }
  [[nodiscard]] Real log_lower_bound() const { return -infinity<Real>; }
  [[nodiscard]] Real log_upper_bound() const { return infinity<Real>; }
  [[nodiscard]] Real log_moment() const { return log_moment_; }
  [[nodiscard]] exponential_part<Real> const& end() const { return end_; }

  /// S = S0 + E and J = J0 + r/(k - r) (J0 + S), with S0 and J0 those of the log-normal part.
  [[nodiscard]] tail_point<Real> at(Real const& above) const {
    auto const p = body_.at(above);
    auto const e = end_.at(above);
    tail_point<Real> const body{p.log_scale, p.survival, Real(p.excess + excess_ * (p.excess + p.survival)), Real(0)};
    tail_point<Real> const end{e.log_scale, e.amount, Real(excess_ * e.amount), Real(end_.rate() * e.amount)};
    return add(body, end_.with_slopes(end, above, false));
  }
  [[nodiscard]] tail_point<wider_t<Real>> at_in_wider_type(wider_t<Real> const& above) const {
    return in_wider_type<pareto_lognormal_in_own_units>(above, end_.log_sd(), end_.rate(), power());
  }
  [[nodiscard]] bool smooth_between(Real const&, Real const&) const { return true; }

 private:
  lognormal_in_own_units<Real> body_;
  exponential_part<Real> end_;
  Real excess_, log_moment_{};
};

}  // namespace detail

/// Pareto-log-normal law of productivity: ln phi is the sum of a normal draw, of mean log_mean and standard deviation
/// log_sd, and an independent exponential one of rate shape. Log-normal below, with a Pareto tail of index shape above.
///
/// Restrictions: log_sd > 0, shape > 0; a solve also needs shape > elasticity - 1.
/// Accuracy: closed form, a few roundings. Source: after Sager, Timoshenko (2019).
template <real Real = double>
struct pareto_lognormal {
  using real_type = Real;

  Real log_mean = detail::not_a_number<Real>;
  Real log_sd = detail::not_a_number<Real>;
  Real shape = detail::not_a_number<Real>;

  static constexpr char const* name = "pareto_lognormal";
  static constexpr auto parameters() {
    using l = pareto_lognormal;
    return told::table{
        told::parameter("log_mean", &l::log_mean, rule::finite, "of the log-normal part", "log productivity", 0),
        told::parameter("log_sd", &l::log_sd, rule::positive, "of the log-normal part", "log productivity", 0.5),
        told::parameter("shape", &l::shape, rule::positive,
                        "of the Pareto part; above the size exponent, elasticity - 1 in the open economy", "", 4.25),
    };
  }

  /// @throws domain_error naming the parameter that is out of range
  void validate() const { detail::check_parameters(*this); }

  [[nodiscard]] Real log_lower_bound() const { return -detail::infinity<Real>; }
  [[nodiscard]] Real log_upper_bound() const { return detail::infinity<Real>; }

  /// Log density of log productivity.
  [[nodiscard]] Real log_density(Real const& log_x) const {
    using std::log;
    return Real(log(shape) + detail::exponential_part<Real>(log_sd, shape).log_at(Real(log_x - log_mean)));
  }

  /// E[phi^power] is finite for powers below this.
  [[nodiscard]] Real moments_below() const { return shape; }
  /// To bind the law to where only its survival is wanted.
  [[nodiscard]] Real power_for_survival() const {
    Real const a = 2 / log_sd, b = shape / 2;
    return a < b ? a : b;
  }

  /// Tail for one power; see productivity_tail.
  using tail_type = located_tail<detail::pareto_lognormal_in_own_units<Real>>;

  /// @throws domain_error also when shape <= power, since then E[phi^power] diverges
  [[nodiscard]] tail_type tail(Real const& power) const {
    validate();
    if (!(shape > power)) detail::reject_divergent_moment(name, "shape", shape, power);
    return {{log_sd, shape, power}, {log_mean, Real(0)}, log_lower_bound(), log_upper_bound()};
  }
};

}  // namespace melitz
