// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/error.hpp>
#include <melitz/law/lognormal.hpp>
#include <melitz/law/pareto.hpp>
#include <melitz/law/uniform.hpp>
#include <melitz/law/weibull.hpp>
#include <melitz/tail/quadrature.hpp>
#include <melitz/tail/tail.hpp>

#include <boost/math/distributions/exponential.hpp>
#include <boost/math/distributions/lognormal.hpp>
#include <boost/math/distributions/pareto.hpp>
#include <boost/math/distributions/uniform.hpp>
#include <boost/math/distributions/weibull.hpp>

#include <cmath>
#include <limits>
#include <stdexcept>
#include <utility>
#include <vector>

namespace melitz {

/// A continuous distribution of Boost.Math: it has a density, a quantile and a support.
template <class D>
concept boost_distribution = std::copyable<D> && requires(D const& d, typename D::value_type const& x) {
  typename D::policy_type;
  pdf(d, x);
  quantile(d, x);
  support(d);
};

namespace detail {

/// A Boost distribution as a log density of log productivity.
///
/// Boost gives a density, which underflows where its logarithm would not, and has no bound at zero where that of log
/// productivity has one. Beyond the first and the last productivity with a density that a number holds the log density
/// is continued as a straight line, exact for a power law and irrelevant for a thin tail.
template <boost_distribution Distribution>
class boost_density {
 public:
  using real_type = typename Distribution::value_type;

  /// @throws domain_error when the distribution reaches below zero, has no median, or a density without bound at an end
  ///         of its support other than zero
  explicit boost_density(Distribution distribution) : distribution_(std::move(distribution)) {
    using std::log;
    auto const [lowest, highest] = support(distribution_);
    require(lowest >= 0, "Boost distribution", "lower end of its support", lowest,
            "be at least 0: productivity is positive");
    real_type const top = (std::numeric_limits<real_type>::max)(), least = (std::numeric_limits<real_type>::min)();
    log_lower_ = lowest > least ? real_type(log(lowest)) : -infinity<real_type>;
    log_upper_ = highest < top ? real_type(log(highest)) : infinity<real_type>;
    require(!is_finite(log_lower_) || bounded_towards(lowest, 1), "Boost distribution",
            "density at the lower end of its support", infinity<real_type>, unbounded);
    require(!is_finite(log_upper_) || bounded_towards(highest, -1), "Boost distribution",
            "density at the upper end of its support", infinity<real_type>, unbounded);
    real_type const median = quantile_or_nan(real_type(0.5));
    // One below all numbers is 0 to older versions of Boost, and the least number to later ones.
    require(median > (std::numeric_limits<real_type>::min)() && is_finite(median), "Boost distribution", "median",
            median, "be finite and above the least number that has all its digits");
    centre_ = log(median);
    above_ =
        is_finite(log_upper_) ? line{log_upper_, real_type(0), real_type(0)} : line_beyond(real_type(log(top) - 1));
    below_ =
        is_finite(log_lower_) ? line{log_lower_, real_type(0), real_type(0)} : line_beyond(real_type(log(least) + 1));
  }

  [[nodiscard]] real_type log_lower_bound() const { return log_lower_; }
  [[nodiscard]] real_type log_upper_bound() const { return log_upper_; }
  [[nodiscard]] std::vector<real_type> log_breakpoints() const { return {centre_}; }

  [[nodiscard]] real_type log_density(real_type const& t) const {
    if (t < log_lower_ || t > log_upper_) return -infinity<real_type>;
    return t > above_.from ? above_.at(t) : t < below_.from ? below_.at(t) : direct(t);
  }

 private:
  static constexpr char const* unbounded =
      "be finite; a law whose density has no bound there can be given by its tail, as one of your own";

  struct line {
    real_type from{}, height{}, slope{};
    [[nodiscard]] real_type at(real_type const& t) const { return real_type(height + slope * (t - from)); }
  };

  /// Boost's errors are those of its policy: by default they throw.
  [[nodiscard]] real_type density(real_type const& x) const {
    try {
      return pdf(distribution_, x);
    } catch (std::overflow_error const&) {
      return infinity<real_type>;
    }
  }
  /// Whether the density stays finite towards an end of the support. Boost overflows at the end itself or, from 1.81
  /// on, gives zero there; hence the look at how it grows on the last thousand numbers before.
  [[nodiscard]] bool bounded_towards(real_type const& end, int inwards) const {
    real_type const step = 4 * static_cast<real_type>(inwards) * epsilon<real_type>() * end;
    return density(end) < infinity<real_type> &&
           !(density(real_type(end + step)) > real_type(1.5) * density(real_type(end + 1024 * step)));
  }
  [[nodiscard]] real_type quantile_or_nan(real_type const& share) const {
    try {
      return quantile(distribution_, share);
    } catch (std::runtime_error const&) {  // overflow, no convergence
      return not_a_number<real_type>;
    }
  }
  [[nodiscard]] real_type direct(real_type const& t) const {
    using std::exp, std::log;
    real_type const x = exp(t);
    if (!(x > 0)) return -infinity<real_type>;
    return real_type(t + log(density(x)));
  }
  [[nodiscard]] bool resolved(real_type const& t) const {
    using std::exp;
    real_type const here = density(exp(t));
    return here > real_type(1e-280) && here < real_type(1e280);
  }
  /// The straight line from the last resolved point between the median and `far` on, which lies on either side.
  [[nodiscard]] line line_beyond(real_type const& far) const {
    real_type near = centre_, away = far;
    for (int k = 0; k < 60; ++k) {
      real_type const middle = (near + away) / 2;
      (resolved(middle) ? near : away) = middle;
    }
    real_type const back = near > centre_ ? real_type(near - 1) : real_type(near + 1), height = direct(near);
    return {near, height, real_type((height - direct(back)) / (near - back))};
  }

  Distribution distribution_;
  real_type log_lower_{}, log_upper_{}, centre_{};
  line above_, below_;
};

/// The law of ours that a Boost distribution is, where there is one; otherwise its density.
template <real Real, class Policy>
[[nodiscard]] pareto<Real> as_law(boost::math::pareto_distribution<Real, Policy> const& d) {
  return {d.scale(), d.shape()};
}
template <real Real, class Policy>
[[nodiscard]] lognormal<Real> as_law(boost::math::lognormal_distribution<Real, Policy> const& d) {
  return {d.location(), d.scale()};
}
template <real Real, class Policy>
[[nodiscard]] weibull<Real> as_law(boost::math::weibull_distribution<Real, Policy> const& d) {
  return {d.scale(), d.shape()};
}
template <real Real, class Policy>
[[nodiscard]] exponential<Real> as_law(boost::math::exponential_distribution<Real, Policy> const& d) {
  return {d.lambda()};
}
template <real Real, class Policy>
[[nodiscard]] uniform<Real> as_law(boost::math::uniform_distribution<Real, Policy> const& d) {
  return {d.lower(), d.upper()};
}
template <boost_distribution Distribution>
[[nodiscard]] boost_density<Distribution> as_law(Distribution const& d) {
  return boost_density<Distribution>(d);
}

template <boost_distribution Distribution>
struct law_real<Distribution> {
  using type = typename Distribution::value_type;
};

/// @throws domain_error when the distribution reaches below zero, or E[phi^power] diverges
template <boost_distribution Distribution>
[[nodiscard]] auto make_tail(tail_of_law, Distribution const& distribution,
                             typename Distribution::value_type const& power) {
  return tail_of(as_law(distribution), power);
}

}  // namespace detail
}  // namespace melitz
