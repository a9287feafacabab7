// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/law/located_tail.hpp>
#include <melitz/law/lognormal.hpp>
#include <melitz/law/tail_point.hpp>
#include <melitz/numerics/log_pair.hpp>
#include <melitz/numerics/members.hpp>
#include <melitz/numerics/mills.hpp>

#include <cmath>
#include <cstddef>
#include <type_traits>
#include <vector>

namespace melitz {

namespace detail {

/// What a log-normal law becomes where its log density goes on as a straight line, above one place, and below another
/// too where there is a lower shape. Places are in units of the median of the log-normal law.
template <real Real>
struct straightened_lognormal {
  Real log_kappa;        ///< ln of what the log-normal density is multiplied by in between
  Real join;             ///< where the upper line begins: log_sd^2 times its slope
  Real log_upper_share;  ///< ln of the share of draws above it
};

/// @param lower_part  what the lower line adds to 1/kappa, less what it takes away; 0 where there is none
template <real Real>
[[nodiscard]] straightened_lognormal<Real> straighten(Real const& log_sd, Real const& shape,
                                                      Real const& lower_part = Real(0)) {
  using std::exp, std::log;
  Real const c = log_sd * shape, log_density = -c * c / 2 - log_root_two_pi<Real>();
  Real const log_kappa = -log(Real(normal_below(c) + exp(log_density) / c + lower_part));
  return {log_kappa, Real(c * log_sd), Real(log_kappa + log_density - log(c))};
}

/// The tail of such a law above its lower line, where the log-normal's median is the unit.
template <real Real>
class straightened_lognormal_tail {
 public:
  using real_type = Real;

  straightened_lognormal_tail(Real const& log_sd, Real const& shape, Real const& power,
                              Real const& lower_part = Real(0))
      : body_(log_sd, power),
        power_(power),
        shape_(shape),
        log_sd_(log_sd),
        pieces_(straighten(log_sd, shape, lower_part)),
        excess_(power / (shape - power)) {
    using std::exp;
    kappa_ = exp(pieces_.log_kappa);
    // What the line has more than the log-normal law above the join, seen from there; for a small power J is a
    // difference of nearly equal numbers.
    using wide = wider_t<Real>;
    wide const sd = static_cast<wide>(log_sd), c = sd * static_cast<wide>(shape),
               y = sd * (static_cast<wide>(shape) - static_cast<wide>(power));
    wide const more = normal_hazard_at(c).shortfall(c);
    more_above_ = {Real(pieces_.log_kappa - shape * pieces_.join / 2 - log_root_two_pi<Real>()),
                   static_cast<Real>(more), static_cast<Real>(normal_hazard_at(y).shortfall(y) - more), Real(0)};
  }

  [[nodiscard]] Real power() const { return power_; }
  [[nodiscard]] straightened_lognormal<Real> const& pieces() const { return pieces_; }
  [[nodiscard]] Real log_sd() const { return log_sd_; }
  [[nodiscard]] Real shape() const { return shape_; }

  [[nodiscard]] tail_point<Real> at(Real const& above) const {
    Real const below_join = pieces_.join - above;
    if (below_join > 0) {
      return add(scaled(body_.at(above), kappa_), extend_below(more_above_, power_, below_join));
    }
    auto const fall = product_with_rest(shape_, Real(-below_join));
    Real const kept = 1 - fall.rest;
    return with_log_density_slopes<Real>(
        {Real(pieces_.log_upper_share - fall.value), kept, Real(excess_ * kept), Real(shape_ * kept)}, -shape_, Real(0),
        Real(0));
  }

  /// E[phi^r; above the join] over the share above it and e^(r join).
  [[nodiscard]] Real moment_of_line() const { return Real(1 + excess_); }

 private:
  lognormal_in_own_units<Real> body_;
  Real power_, shape_, log_sd_;
  straightened_lognormal<Real> pieces_;
  Real excess_, kappa_{};
  tail_point<Real> more_above_{};
};

/// The spliced tail where the median of its log-normal part is the unit.
template <real Real>
class spliced_in_own_units {
 public:
  using real_type = Real;

  spliced_in_own_units(Real const& log_sd, Real const& shape, Real const& power) : upper_(log_sd, shape, power) {
    using std::log;
    auto const& pieces = upper_.pieces();
    Real const shift = log_sd * power, up_to = log_sd * (shape - power);
    log_moment_ = log_of_sum<Real>(Real(pieces.log_kappa + shift * shift / 2 + log(normal_below(up_to))),
                                   Real(pieces.log_upper_share + power * pieces.join + log(upper_.moment_of_line())));
  }

  [[nodiscard]] Real power() const { return upper_.power(); }
  [[nodiscard]] Real log_lower_bound() const { return -infinity<Real>; }
  [[nodiscard]] Real log_upper_bound() const { return infinity<Real>; }
  [[nodiscard]] Real log_moment() const { return log_moment_; }
  [[nodiscard]] tail_point<Real> at(Real const& above) const { return upper_.at(above); }
  [[nodiscard]] tail_point<wider_t<Real>> at_in_wider_type(wider_t<Real> const& above) const {
    return in_wider_type<spliced_in_own_units>(above, upper_.log_sd(), upper_.shape(), upper_.power());
  }
  [[nodiscard]] bool smooth_between(Real const& a, Real const& b) const {
    return (a < upper_.pieces().join) == (b < upper_.pieces().join);
  }
  /// Where the density has a kink.
  [[nodiscard]] std::vector<Real> log_kinks() const { return {upper_.pieces().join}; }

 private:
  straightened_lognormal_tail<Real> upper_;
  Real log_moment_{};
};

}  // namespace detail

/// Log-normal law of productivity with a Pareto upper tail, joined where density and slope agree: ln phi has a normal
/// density with mean log_mean and standard deviation log_sd up to log_mean + shape log_sd^2, and beyond falls off as
/// e^(-shape ln phi).
///
/// The two conditions at the join leave three free parameters; see spliced_at_join and spliced_by_tail_share for two
/// other choices of them, and continuous_splice and loose_splice (law/splices.hpp) for laws that drop conditions.
/// Restrictions: log_sd > 0, shape > 0; a solve also needs shape > elasticity - 1.
/// Accuracy: closed form, a few roundings. Source: after Nigai (2017).
template <real Real = double>
struct spliced_lognormal_pareto {
  using real_type = Real;

  Real log_mean = detail::not_a_number<Real>;
  Real log_sd = detail::not_a_number<Real>;
  Real shape = detail::not_a_number<Real>;

  static constexpr char const* name = "spliced_lognormal_pareto";
  static constexpr auto parameters() {
    using l = spliced_lognormal_pareto;
    return told::table{
        told::parameter("log_mean", &l::log_mean, rule::finite, "of the log-normal part", "log productivity", 0),
        told::parameter("log_sd", &l::log_sd, rule::positive, "of the log-normal part", "log productivity", 0.6),
        told::parameter("shape", &l::shape, rule::positive,
                        "of the Pareto tail; above the size exponent, elasticity - 1 in the open economy", "", 4.25),
    };
  }

  /// @throws domain_error naming the parameter that is out of range
  void validate() const { detail::check_parameters(*this); }

  [[nodiscard]] Real log_lower_bound() const { return -detail::infinity<Real>; }
  [[nodiscard]] Real log_upper_bound() const { return detail::infinity<Real>; }
  /// Log productivity where the Pareto tail begins.
  [[nodiscard]] Real log_join() const { return Real(log_mean + shape * log_sd * log_sd); }
  /// Share of draws that are in the Pareto tail.
  [[nodiscard]] Real tail_share() const {
    using std::exp;
    return Real(exp(detail::straighten(log_sd, shape).log_upper_share));
  }
  [[nodiscard]] std::vector<Real> log_breakpoints() const { return {log_join()}; }

  /// Log density of log productivity.
  [[nodiscard]] Real log_density(Real const& log_x) const {
    using std::log;
    auto const pieces = detail::straighten(log_sd, shape);
    Real const above = log_x - log_mean, z = above / log_sd;
    if (above < pieces.join) return Real(pieces.log_kappa - z * z / 2 - log(log_sd) - detail::log_root_two_pi<Real>());
    return Real(pieces.log_upper_share + log(shape) - shape * (above - pieces.join));
  }

  /// E[phi^power] is finite for powers below this.
  [[nodiscard]] Real moments_below() const { return shape; }
  /// To bind the law to where only its survival is wanted.
  [[nodiscard]] Real power_for_survival() const {
    Real const a = 2 / log_sd, b = shape / 2;
    return a < b ? a : b;
  }

  /// Tail for one power; see productivity_tail.
  using tail_type = located_tail<detail::spliced_in_own_units<Real>>;

  /// @throws domain_error also when shape <= power, since then E[phi^power] diverges
  [[nodiscard]] tail_type tail(Real const& power) const {
    validate();
    if (!(shape > power)) detail::reject_divergent_moment(name, "shape", shape, power);
    return {{log_sd, shape, power}, {log_mean, Real(0)}, log_lower_bound(), log_upper_bound()};
  }
};

namespace detail {

/// c = shape log_sd at which the Pareto tail of a spliced law has this share: n(c)/(n(c) + c Phi(c)) falls from 1 to 0.
/// In ln c, Newton's method comes from above on a convex function. @pre 0 < share < 1
template <real Real>
[[nodiscard]] Real splice_of_share(Real const& share) {
  using std::abs, std::exp, std::log, std::log1p, std::sqrt;
  using value = value_t<Real>;
  auto const step = [](auto const& log_c, auto const& target) {  // of ln(c Phi(c)/n(c)) = target
    using T = std::remove_cvref_t<decltype(log_c)>;
    T const c = exp(log_c), below = normal_below(c), square = c * c;
    T const slope = 1 + square + c / (below * exp(T(square / 2 + log_root_two_pi<T>())));
    return T((log_c + log(below) + square / 2 + log_root_two_pi<T>() - target) / slope);
  };
  auto const at = static_cast<value>(share);
  value const target = log1p(-at) - log(at);
  value const small = target + 1 - log_root_two_pi<value>();  // above the root where c is small, since Phi > 1/2 > 1/e
  value log_c = target > value(0.5) ? value(log(value(2 * target)) / 2) : small;
  if (small < log_c) log_c = small;
  for (int k = 0; k < 200; ++k) {
    value const by = step(log_c, target);
    log_c -= by;
    if (!(abs(by) > epsilon<value>() * (1 + abs(log_c)))) break;
  }
  if constexpr (carries_derivatives<Real>) {
    Real exact(log_c);
    Real const moving = log1p(Real(-share)) - log(share);
    for (std::size_t k = 0; k < differentiation<Real>::order; ++k) exact -= step(exact, moving);
    return exp(exact);
  } else {
    return exp(log_c);
  }
}

}  // namespace detail

/// The spliced law by the productivity where its Pareto tail begins and the share of draws in it.
/// @param tail_share  in (0, 1)
/// @throws domain_error naming what is out of range
/// Example: the best five per cent of firms are Pareto: spliced_at_join(1.8, 0.05, 4.25).
template <real Real>
[[nodiscard]] spliced_lognormal_pareto<Real> spliced_at_join(Real const& join, Real const& tail_share,
                                                             Real const& shape) {
  using std::log;
  detail::require(rule::positive, "spliced_at_join", "join", join);
  detail::require(rule::inner_share, "spliced_at_join", "tail_share", tail_share);
  detail::require(rule::positive, "spliced_at_join", "shape", shape);
  Real const c = detail::splice_of_share(tail_share), log_sd = c / shape;
  return {Real(log(join) - c * log_sd), log_sd, shape};
}

/// The spliced law by its log-normal part and the share of draws in its Pareto tail.
/// @param tail_share  in (0, 1)
/// @throws domain_error naming what is out of range
template <real Real>
[[nodiscard]] spliced_lognormal_pareto<Real> spliced_by_tail_share(Real const& log_mean, Real const& log_sd,
                                                                   Real const& tail_share) {
  detail::require(rule::finite, "spliced_by_tail_share", "log_mean", log_mean);
  detail::require(rule::positive, "spliced_by_tail_share", "log_sd", log_sd);
  detail::require(rule::inner_share, "spliced_by_tail_share", "tail_share", tail_share);
  return {log_mean, log_sd, Real(detail::splice_of_share(tail_share) / log_sd)};
}

}  // namespace melitz
