// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/law/located_tail.hpp>
#include <melitz/law/spliced_lognormal_pareto.hpp>
#include <melitz/numerics/log_pair.hpp>
#include <melitz/numerics/members.hpp>
#include <melitz/numerics/mills.hpp>

#include <cmath>
#include <vector>

namespace melitz {

namespace detail {

/// What a lower line of this slope, in standard deviations, adds to 1/kappa, less the log-normal mass that it replaces.
template <real Real>
[[nodiscard]] Real lower_line_part(Real const& c) {
  using std::exp;
  return Real(exp(Real(-c * c / 2 - log_root_two_pi<Real>())) / c - normal_below(Real(-c)));
}

/// The three-piece tail where the median of its log-normal part is the unit.
template <real Real>
class three_piece_in_own_units {
 public:
  using real_type = Real;

  three_piece_in_own_units(Real const& log_sd, Real const& upper_shape, Real const& lower_shape, Real const& power)
      : upper_(log_sd, upper_shape, power, lower_line_part(Real(log_sd * lower_shape))),
        lower_shape_(lower_shape),
        lower_join_(-lower_shape * log_sd * log_sd) {
    using std::exp, std::log;
    auto const& pieces = upper_.pieces();
    Real const c = log_sd * lower_shape, shift = log_sd * power, up_to = log_sd * (upper_shape - power);
    Real const log_lower_share = pieces.log_kappa - c * c / 2 - log_root_two_pi<Real>() - log(c);
    lower_share_ = exp(log_lower_share);
    at_lower_join_ = upper_.at(lower_join_);
    Real const between = normal_below(up_to) - normal_below(Real(-c - shift));
    log_moment_ = log_of_sum<Real>(
        log_of_sum<Real>(
            Real(pieces.log_kappa + shift * shift / 2 + (between > 0 ? Real(log(between)) : Real(-infinity<Real>))),
            Real(pieces.log_upper_share + power * pieces.join + log(upper_.moment_of_line()))),
        Real(log_lower_share + power * lower_join_ + log(Real(lower_shape / (lower_shape + power)))));
  }

  [[nodiscard]] Real power() const { return upper_.power(); }
  [[nodiscard]] Real log_lower_bound() const { return -infinity<Real>; }
  [[nodiscard]] Real log_upper_bound() const { return infinity<Real>; }
  [[nodiscard]] Real log_moment() const { return log_moment_; }

  [[nodiscard]] tail_point<Real> at(Real const& above) const {
    using std::exp, std::expm1;
    Real const down = lower_join_ - above;
    if (!(down > 0)) return upper_.at(above);
    // Above the join, and in between: w (k (e^(rd) - 1) + r (e^(-kd) - 1))/(k + r).
    Real const rise = power() * down, fall = lower_shape_ * down;
    bool const high = rise > 1;
    Real const shrink = high ? Real(exp(Real(-rise))) : Real(1);
    Real const growth = high ? Real(1 - shrink) : Real(expm1(rise)), lost = -expm1(Real(-fall));
    tail_point<Real> const between{
        high ? rise : Real(0), Real(lower_share_ * lost * shrink),
        Real(lower_share_ * (lower_shape_ * growth - power() * lost * shrink) / (lower_shape_ + power())),
        Real(lower_share_ * lower_shape_ * exp(Real(-fall)) * shrink)};
    auto at_join = at_lower_join_;
    at_join.density = at_join.density_slope = at_join.density_curvature = at_join.density_third = Real(0);
    return add(extend_below(at_join, power(), down),
               with_log_density_slopes<Real>(between, lower_shape_, Real(0), Real(0)));
  }
  [[nodiscard]] tail_point<wider_t<Real>> at_in_wider_type(wider_t<Real> const& above) const {
    return in_wider_type<three_piece_in_own_units>(above, upper_.log_sd(), upper_.shape(), lower_shape_, power());
  }
  [[nodiscard]] bool smooth_between(Real const& a, Real const& b) const {
    Real const& join = upper_.pieces().join;
    return (a < join) == (b < join) && (a < lower_join_) == (b < lower_join_);
  }
  /// Where the density has kinks.
  [[nodiscard]] std::vector<Real> log_kinks() const { return {lower_join_, upper_.pieces().join}; }

 private:
  straightened_lognormal_tail<Real> upper_;
  Real lower_shape_, lower_join_, lower_share_{}, log_moment_{};
  tail_point<Real> at_lower_join_{};
};

}  // namespace detail

/// Log-normal law of productivity with power tails on both sides, joined where density and slope agree: ln phi has a
/// normal density with mean log_mean and standard deviation log_sd from log_mean - lower_shape log_sd^2 to log_mean +
/// upper_shape log_sd^2, beyond falls off as e^(-upper_shape ln phi), and below as e^(lower_shape ln phi).
///
/// Restrictions: log_sd, upper_shape, lower_shape > 0; a solve also needs upper_shape > elasticity - 1.
/// Accuracy: closed form, a few roundings. Source: the density is that of Huber (1964) with two slopes.
template <real Real = double>
struct three_piece {
  using real_type = Real;

  Real log_mean = detail::not_a_number<Real>;
  Real log_sd = detail::not_a_number<Real>;
  Real upper_shape = detail::not_a_number<Real>;
  Real lower_shape = detail::not_a_number<Real>;

  static constexpr char const* name = "three_piece";
  static constexpr auto parameters() {
    using l = three_piece;
    return told::table{
        told::parameter("log_mean", &l::log_mean, rule::finite, "of the log-normal part", "log productivity", 0),
        told::parameter("log_sd", &l::log_sd, rule::positive, "of the log-normal part", "log productivity", 0.6),
        told::parameter("upper_shape", &l::upper_shape, rule::positive,
                        "of the upper tail; above the size exponent, elasticity - 1 in the open economy", "", 4.25),
        told::parameter("lower_shape", &l::lower_shape, rule::positive, "of the lower tail", "", 2),
    };
  }

  /// @throws domain_error naming the parameter that is out of range
  void validate() const { detail::check_parameters(*this); }

  [[nodiscard]] Real log_lower_bound() const { return -detail::infinity<Real>; }
  [[nodiscard]] Real log_upper_bound() const { return detail::infinity<Real>; }
  /// Log productivity where the upper tail begins.
  [[nodiscard]] Real log_upper_join() const { return Real(log_mean + upper_shape * log_sd * log_sd); }
  /// Log productivity where the lower tail ends.
  [[nodiscard]] Real log_lower_join() const { return Real(log_mean - lower_shape * log_sd * log_sd); }
  [[nodiscard]] std::vector<Real> log_breakpoints() const { return {log_lower_join(), log_upper_join()}; }

  /// Log density of log productivity.
  [[nodiscard]] Real log_density(Real const& log_x) const {
    using std::log;
    auto const pieces = detail::straighten(log_sd, upper_shape, detail::lower_line_part(Real(log_sd * lower_shape)));
    Real const above = log_x - log_mean, lower_join = -lower_shape * log_sd * log_sd;
    Real const at_peak = pieces.log_kappa - log(log_sd) - detail::log_root_two_pi<Real>();
    if (above >= pieces.join) return Real(at_peak - upper_shape * (above - pieces.join / 2));
    if (above < lower_join) return Real(at_peak + lower_shape * (above - lower_join / 2));
    Real const z = above / log_sd;
    return Real(at_peak - z * z / 2);
  }

  /// E[phi^power] is finite for powers below this.
  [[nodiscard]] Real moments_below() const { return upper_shape; }
  /// To bind the law to where only its survival is wanted.
  [[nodiscard]] Real power_for_survival() const {
    Real const a = 2 / log_sd, b = upper_shape / 2;
    return a < b ? a : b;
  }

  /// Tail for one power; see productivity_tail.
  using tail_type = located_tail<detail::three_piece_in_own_units<Real>>;

  /// @throws domain_error also when upper_shape <= power, since then E[phi^power] diverges
  [[nodiscard]] tail_type tail(Real const& power) const {
    validate();
    if (!(upper_shape > power)) detail::reject_divergent_moment(name, "upper_shape", upper_shape, power);
    return {{log_sd, upper_shape, lower_shape, power}, {log_mean, Real(0)}, log_lower_bound(), log_upper_bound()};
  }
};

}  // namespace melitz
