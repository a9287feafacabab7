// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/law/located_tail.hpp>
#include <melitz/law/tail_point.hpp>
#include <melitz/numerics/erfcx.hpp>
#include <melitz/numerics/erfcx_taylor.hpp>
#include <melitz/numerics/members.hpp>

#include <cmath>
#include <numbers>
#include <type_traits>

namespace melitz {

namespace detail {

/// The log-normal tail where median productivity is the unit.
template <real Real>
class lognormal_in_own_units {
 public:
  using real_type = Real;

  lognormal_in_own_units(Real const& log_sd, Real const& power) : power_(power), log_sd_(log_sd) {
    using std::sqrt;
    value_t<Real> const root_two = sqrt(value_t<Real>(2));
    root_two_sd_ = log_sd_ * root_two;
    shift_ = power * log_sd_ / root_two;
    peak_ = 1 / (root_two_sd_ * root_pi<value_t<Real>>());
    bend_ = -1 / (log_sd_ * log_sd_);
  }

  [[nodiscard]] Real power() const { return power_; }
  [[nodiscard]] Real log_sd() const { return log_sd_; }
  [[nodiscard]] Real log_lower_bound() const { return -infinity<Real>; }
  [[nodiscard]] Real log_upper_bound() const { return infinity<Real>; }
  [[nodiscard]] Real log_moment() const { return Real(shift_ * shift_); }

  [[nodiscard]] tail_point<Real> at(Real const& above) const {
    Real const y = above / root_two_sd_;
    // Where the shift is small S and J + S are nearly equal, and their difference wants the spare digits.
    if (shift_ < 1) {
      using wide = wider_t<Real>;
      auto const w = scaled(static_cast<wide>(y), static_cast<wide>(shift_), static_cast<wide>(peak_));
      return with_slopes({static_cast<Real>(w.log_scale), static_cast<Real>(w.survival), static_cast<Real>(w.excess),
                          static_cast<Real>(w.density)},
                         above);
    }
    return with_slopes(scaled(y, shift_, peak_), above);
  }
  /// Repeated integrals of erfc: for positive y from their continued fraction, for others sums of positive terms.
  [[nodiscard]] tail_in_logs<Real> in_logs(Real const& above) const {
    using std::erfc, std::exp;
    Real const y = above / root_two_sd_, unit = log_sd_ * log_sd_;
    if (y > 0) {
      auto const c = taylor_of_erfcx<2>(y);
      return {Real(-y * y), Real(c[0] / 2), Real(-c[1] / 4 * root_two_sd_), Real(c[2] / 2 * unit)};
    }
    Real const zeroth = erfc(y), first = exp(Real(-y * y)) / root_pi<Real>() - y * zeroth;
    return {Real(0), Real(zeroth / 2), Real(first / 2 * root_two_sd_), Real((zeroth / 2 - y * first) * unit)};
  }
  [[nodiscard]] tail_point<wider_t<Real>> at_in_wider_type(wider_t<Real> const& above) const {
    return in_wider_type<lognormal_in_own_units>(above, log_sd_, power_);
  }
  [[nodiscard]] bool smooth_between(Real const&, Real const&) const { return true; }

 private:
  [[nodiscard]] tail_point<Real> with_slopes(tail_point<Real> const& point, Real const& above) const {
    return with_log_density_slopes<Real>(point, Real(bend_ * above), bend_, Real(0));
  }

  /// y = ln x/(sqrt(2) sd), d = r sd/sqrt(2). In these, S = erfc(y)/2 and J + S = e^(d(d-2y)) erfc(y-d)/2.
  template <class T>
  [[nodiscard]] static tail_point<T> scaled(T const& y, T const& d, T const& peak) {
    using std::erfc, std::exp;
    T const near = y - d, growth = d * (d - 2 * y);
    T const square = y * y;
    if (square <= 30 && growth <= 30) {  // far from the ends of the type: no scale is needed
      // J + S = e^growth - e^(-y^2) erfcx(-near)/2 below the peak of phi^r times the density, where near < 0.
      T const bell = exp(T(-square)), half = bell / 2;
      auto const at = detail::erfcx_of_both(near < 0 ? T(-near) : near, y < 0 ? T(-y) : y);
      T const survival = y < 0 ? T(1 - half * at[1]) : T(half * at[1]);
      T const excess = near < 0 ? T(exp(growth) - half * at[0] - survival) : T(half * (at[0] - at[1]));
      return {T(0), survival, excess, T(peak * bell)};
    }
    if (near >= 0) {  // both in the upper tail: scale by exp(-y^2)
      T const at_y = detail::erfcx(y);
      return {T(-y * y), T(at_y / 2), T(detail::erfcx_drop(y, d, at_y) / 2), peak};
    }
    if (growth <= 1 && y <= 0) {
      T const survival = erfc(y) / 2;
      return {T(0), survival, T(exp(growth) * erfc(near) / 2 - survival), T(peak * exp(T(-square)))};
    }
    T const bell = exp(T(-near * near));  // exp(-y^2), scaled
    T const survival = y > 0 ? T(detail::erfcx(y) / 2 * bell) : T(erfc(y) / 2 * exp(T(-growth)));
    return {growth, survival, T(erfc(near) / 2 - survival), T(peak * bell)};
  }

  Real power_, log_sd_, root_two_sd_, shift_, peak_;
  Real bend_;  ///< second derivative of the log density
};

}  // namespace detail

/// Log-normal law of productivity: ln phi is normal with mean log_mean and standard deviation log_sd.
///
/// Restrictions: log_mean finite, log_sd > 0. All moments exist.
/// Accuracy: closed form through the scaled complementary error function; no difference of nearly equal numbers in
/// the type that is returned. Source: Head, Mayer, Thoenig (2014) for its use in trade.
template <real Real = double>
struct lognormal {
  using real_type = Real;

  Real log_mean = detail::not_a_number<Real>;
  Real log_sd = detail::not_a_number<Real>;

  static constexpr char const* name = "lognormal";
  static constexpr auto parameters() {
    using l = lognormal;
    return told::table{
        told::parameter("log_mean", &l::log_mean, rule::finite, "of the logarithm", "log productivity", 0),
        told::parameter("log_sd", &l::log_sd, rule::positive, "of the logarithm", "log productivity", 0.8),
    };
  }

  /// @throws domain_error naming the parameter that is out of range
  void validate() const { detail::check_parameters(*this); }

  [[nodiscard]] Real log_lower_bound() const { return -detail::infinity<Real>; }
  [[nodiscard]] Real log_upper_bound() const { return detail::infinity<Real>; }

  /// Log density of log productivity.
  [[nodiscard]] Real log_density(Real const& log_x) const {
    using std::log, std::sqrt;
    Real const z = (log_x - log_mean) / log_sd;
    return Real(-z * z / 2 - log(Real(log_sd * detail::root_pi<Real>() * sqrt(Real(2)))));
  }

  /// Tail for one power; see productivity_tail.
  using tail_type = located_tail<detail::lognormal_in_own_units<Real>>;

  [[nodiscard]] tail_type tail(Real const& power) const {
    validate();
    return {{log_sd, power}, {log_mean, Real(0)}, log_lower_bound(), log_upper_bound()};
  }
};

}  // namespace melitz
