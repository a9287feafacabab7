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
/// Boost gives a density, which underflows where its logarithm would not. Beyond the last productivity with a density
/// above 1e-280 the log density is continued as a straight line, exact for a power tail and irrelevant for a thin one.
template <boost_distribution Distribution>
class boost_density {
 public:
  using real_type = typename Distribution::value_type;

  /// @throws domain_error when the distribution reaches below zero
  explicit boost_density(Distribution distribution) : distribution_(std::move(distribution)) {
    using std::log;
    auto const [lowest, highest] = support(distribution_);
    require(lowest >= 0, "Boost distribution", "lower end of its support", lowest,
            "be at least 0: productivity is positive");
    real_type const top = (std::numeric_limits<real_type>::max)();
    log_lower_ = lowest > (std::numeric_limits<real_type>::min)() ? real_type(log(lowest)) : -infinity<real_type>;
    log_upper_ = highest < top ? real_type(log(highest)) : infinity<real_type>;
    centre_ = log(quantile(distribution_, real_type(0.5)));
    if (!is_finite(log_upper_)) {
      real_type low = centre_, high = log(top) - 1;  // the last resolved point lies in between
      for (int k = 0; k < 60; ++k) {
        real_type const middle = (low + high) / 2;
        (resolved(middle) ? low : high) = middle;
      }
      last_ = low;
      at_last_ = direct(last_);
      slope_ = (at_last_ - direct(real_type(last_ - 1)));
    } else {
      last_ = log_upper_;
    }
  }

  [[nodiscard]] real_type log_lower_bound() const { return log_lower_; }
  [[nodiscard]] real_type log_upper_bound() const { return log_upper_; }
  [[nodiscard]] std::vector<real_type> log_breakpoints() const { return {centre_}; }

  [[nodiscard]] real_type log_density(real_type const& t) const {
    if (t < log_lower_ || t > log_upper_) return -infinity<real_type>;
    return t <= last_ ? direct(t) : real_type(at_last_ + slope_ * (t - last_));
  }

 private:
  [[nodiscard]] real_type direct(real_type const& t) const {
    using std::exp, std::log;
    real_type const x = exp(t);
    if (!(x > 0)) return -infinity<real_type>;
    return real_type(t + log(real_type(pdf(distribution_, x))));
  }
  [[nodiscard]] bool resolved(real_type const& t) const {
    using std::exp;
    return pdf(distribution_, real_type(exp(t))) > real_type(1e-280) &&
           pdf(distribution_, real_type(exp(t))) < infinity<real_type>;
  }

  Distribution distribution_;
  real_type log_lower_{}, log_upper_{}, centre_{}, last_{}, at_last_{0}, slope_{0};
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
