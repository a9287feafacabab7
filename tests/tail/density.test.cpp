// SPDX-License-Identifier: BSL-1.0
#include <melitz/tail/density_peak.hpp>

#include <melitz/law/frechet.hpp>
#include <melitz/law/lognormal.hpp>
#include <melitz/law/pareto.hpp>
#include <melitz/law/uniform.hpp>
#include <melitz/law/weibull.hpp>
#include <melitz/tail/density_steep.hpp>
#include <melitz/tail/power_for_survival.hpp>
#include <melitz/tail/quantile.hpp>

#include "support/catch.hpp"

#include <algorithm>
#include <boost/multiprecision/cpp_bin_float.hpp>
#include <cmath>
#include <limits>
#include <variant>
#include <vector>

namespace test::tail_density {

using test::contains;
using test::WithinAbs;
using test::WithinRel;

namespace {

using fifty_digits =
    boost::multiprecision::number<boost::multiprecision::cpp_bin_float<50>, boost::multiprecision::et_off>;
double const inf = std::numeric_limits<double>::infinity();

/// A normal law of log productivity that says where to look for it.
struct hinted : melitz::lognormal<> {
  std::vector<double> points;
  [[nodiscard]] std::vector<double> const& log_breakpoints() const { return points; }
};
struct constant {
  double value;
  [[nodiscard]] double log_density(double) const { return value; }
  [[nodiscard]] double log_lower_bound() const { return -inf; }
  [[nodiscard]] double log_upper_bound() const { return inf; }
};
/// A tail that has no numbers.
struct broken_tail {
  using real_type = double;
  [[nodiscard]] melitz::tail_point<double> at(double) const { return {0, std::nan(""), std::nan(""), 0}; }
  [[nodiscard]] double power() const { return 1; }
  [[nodiscard]] double log_moment() const { return 0; }
  [[nodiscard]] double log_lower_bound() const { return -inf; }
  [[nodiscard]] double log_upper_bound() const { return inf; }
};

}  // namespace

TEST_CASE("the peak of a density, and the distance over which it falls by a factor of about e", "[tail][quadrature]") {
  auto const check = [](auto const& law, double mode) {
    auto const [location, scale] = melitz::detail::density_peak(law);
    CAPTURE(mode, location, scale);
    double const top = law.log_density(location);
    CHECK(std::abs(location - mode) <= 2 * scale);
    CHECK(top >= law.log_density(mode) - 0.1);
    double const fall = top - std::max(law.log_density(location + scale), law.log_density(location - scale));
    CHECK(fall > 0.49);
    CHECK(fall < 2.01);
  };
  for (double const mean : {-300.0, -1.0, 0.0, 0.3, 17.0, 600.0}) {
    for (double const sd : {1e-3, 0.05, 0.8, 20.0}) check(melitz::lognormal<>{mean, sd}, mean);
  }
  for (double const shape : {0.05, 0.4, 3.0, 80.0}) {
    check(melitz::weibull<>{2, shape}, std::log(2.0));
    check(melitz::frechet<>{2, shape}, std::log(2.0));
  }
  // At an end of the support; there the density falls on one side alone.
  auto const start = melitz::detail::density_peak(melitz::pareto<>{3, 4.25});
  CHECK_THAT(start.location, WithinAbs(std::log(3.0), 0.05));
  CHECK_THAT(4.25 * start.scale, WithinRel(1.5, 0.35));
  auto const end = melitz::detail::density_peak(melitz::uniform<>{1, 3});
  CHECK_THAT(end.location, WithinAbs(std::log(3.0), 0.05));
  // Between probes that all see -inf, but for a listed point.
  hinted const far{{0.0371, 1e-9}, {0.0371}};
  CHECK_THAT(melitz::detail::density_peak(far).location, WithinAbs(0.0371, 1e-8));

  CHECK_THROWS_WITH(melitz::detail::density_peak(constant{-inf}), contains("be finite somewhere"));
  CHECK_THROWS_WITH(melitz::detail::density_peak(constant{std::nan("")}), contains("log_density(0) is nan"));
  CHECK_THROWS_WITH(melitz::detail::log_density_of(constant{inf}, 2), contains("log_density(2) is inf"));
}

TEST_CASE("a tail within a rounding of ln x agrees with 50 digits", "[tail][quadrature]") {
  auto const check = [](auto const& law, auto const& exact, double power, double t) {
    CAPTURE(power, t);
    auto const p = melitz::detail::steep_tail(law, t, power, 1.0, inf);
    REQUIRE(p);
    auto const q = exact.tail(fifty_digits(power)).at(fifty_digits(t));
    fifty_digits const log_survival = q.log_scale + log(q.survival);
    // Of S the logarithm keeps its digits, and of the ratios eleven: the slope of a polynomial through rounded values.
    CHECK_THAT(p->log_scale + std::log(p->survival), WithinRel(static_cast<double>(log_survival), 2e-15));
    CHECK_THAT(p->excess / p->survival, WithinRel(static_cast<double>(fifty_digits(q.excess / q.survival)), 1e-11));
    CHECK_THAT(p->density / p->survival, WithinRel(static_cast<double>(fifty_digits(q.density / q.survival)), 1e-11));
  };
  for (double const power : {0.5, 3.0, 50.0}) {
    for (double const t : {1.0, 2.0, 4.0}) {
      check(melitz::weibull<>{1, 8}, melitz::weibull<fifty_digits>{1, 8}, power, t);
    }
    check(melitz::weibull<>{1, 1.5}, melitz::weibull<fifty_digits>{1, 1.5}, power, 8);
    check(melitz::lognormal<>{0, 0.0625}, melitz::lognormal<fifty_digits>{0, 0.0625}, power, 12);
  }
  // Where it is not that steep, or a kink lies too near, this is not the way.
  CHECK_FALSE(melitz::detail::steep_tail(melitz::lognormal<>{0, 0.8}, 1.0, 3.0, 1.0, inf));
  CHECK_FALSE(melitz::detail::steep_tail(melitz::pareto<>{1, 4.25}, 1.0, 3.0, 1.0, inf));
  CHECK_FALSE(melitz::detail::steep_tail(melitz::weibull<>{1, 8}, 2.0, 3.0, 1.0, 1e-7));
  CHECK_FALSE(melitz::detail::steep_tail(constant{-inf}, 0.0, 3.0, 1.0, inf));
}

TEST_CASE("quantiles of closed forms", "[tail][quantile]") {
  auto const at = [](auto const& law, double share) {
    return melitz::log_quantile(melitz::tail_of(law, melitz::detail::power_for_survival(law)), share);
  };
  for (double const share : {1e-300, 1e-12, 0.01, 0.5, 0.9, 0.999}) {
    CAPTURE(share);
    auto const is = [](double t) { return WithinAbs(t, 1e-14 * std::max(1.0, std::abs(t))); };
    CHECK_THAT(at(melitz::pareto<>{2, 4.25}, share), is(std::log(2.0) - std::log(share) / 4.25));
    CHECK_THAT(at(melitz::pareto<>{1, 0.01}, share), is(-std::log(share) / 0.01));
    CHECK_THAT(at(melitz::weibull<>{1, 1.5}, share), is(std::log(-std::log(share)) / 1.5));
    CHECK_THAT(at(melitz::frechet<>{1, 4.25}, share), is(-std::log(-std::log1p(-share)) / 4.25));
    if (share > 1e-9) CHECK_THAT(at(melitz::uniform<>{1, 3}, share), is(std::log(3 - 2 * share)));
  }
  CHECK_THAT(at(melitz::lognormal<>{700, 3}, 0.5), WithinRel(700.0, 1e-15));
  CHECK_THROWS_AS(melitz::log_quantile(broken_tail{}, 0.5), melitz::convergence_error);
  CHECK(melitz::detail::find_log_quantile(broken_tail{}, 0.5).reason == melitz::status::not_finite);
}

TEST_CASE("a power for which every law has a tail", "[tail][quantile]") {
  using melitz::detail::power_for_survival;
  using either = std::variant<melitz::pareto<>, melitz::lognormal<>>;
  CHECK(power_for_survival(melitz::lognormal<>{1, 0.5}) == 4);  // of its own spread, whatever that is
  CHECK(power_for_survival(either{melitz::lognormal<>{1, 0.5}}) == 4);
  CHECK(power_for_survival(either{melitz::pareto<>{1, 2}}) == power_for_survival(melitz::pareto<>{1, 2}));
  // Survivals are those at any other power.
  for (double const sd : {1e-3, 0.8, 60.0}) {
    melitz::lognormal<> const law{0.3, sd};
    for (double const z : {-6.0, -0.5, 0.0, 2.0, 5.0}) {
      auto const p = law.tail(power_for_survival(law)).at(0.3 + z * sd);
      CHECK_THAT(p.survival * p.scale(), WithinRel(std::erfc(z / std::sqrt(2.0)) / 2, 1e-12));
    }
  }
  for (double const shape : {0.002, 0.1, 3.0}) {
    melitz::frechet<> const law{1, shape};
    auto const p = law.tail(power_for_survival(law)).at(2);
    CHECK_THAT(p.survival * p.scale(), WithinRel(-std::expm1(-std::exp(-2 * shape)), 1e-14));
  }
}

}  // namespace test::tail_density
