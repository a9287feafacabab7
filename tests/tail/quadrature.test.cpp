// SPDX-License-Identifier: BSL-1.0
#include <melitz/tail/quadrature.hpp>

#include <melitz/economy/solve.hpp>
#include <melitz/tail/boost.hpp>
#include <melitz/tail/quantile.hpp>
#include <melitz/tail/tabulate.hpp>

#include "support/catch.hpp"
#include "support/laws.hpp"

#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/gamma.hpp>
#include <boost/math/distributions/inverse_gamma.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>
#include <limits>
#include <type_traits>

namespace test::tail_quadrature {

using melitz::tail_of;
using test::contains;
using test::WithinAbs;
using test::WithinRel;

namespace {

double const inf = std::numeric_limits<double>::infinity();

/// A user's law: all that has to be written.
struct users_law {
  double log_density(double t) const { return -t * t / 1.28 - std::log(0.8 * std::sqrt(2 * M_PI)); }
  double log_lower_bound() const { return -inf; }
  double log_upper_bound() const { return inf; }
};

/// Half of the mass is missing.
struct half_a_law : users_law {
  double log_density(double t) const { return users_law::log_density(t) - std::log(2.0); }
};

/// Two modes far apart; the second is found only if the law says where to look.
struct two_modes {
  bool hint;
  double log_density(double t) const {
    auto const bell = [](double x) { return -x * x / 2 / 0.01 - std::log(0.1 * std::sqrt(2 * M_PI)); };
    return melitz::detail::log_sum(bell(t), bell(t - 6)) - std::log(2.0);
  }
  double log_lower_bound() const { return -inf; }
  double log_upper_bound() const { return inf; }
};
struct two_modes_with_hint : two_modes {
  std::vector<double> log_breakpoints() const { return {3.0, 6.0}; }
};

struct reversed : users_law {
  double log_lower_bound() const { return 1; }
  double log_upper_bound() const { return 0; }
};
struct nowhere : users_law {
  double log_density(double) const { return -inf; }
};
/// A power tail with this index.
struct power_tail {
  double index;
  double log_density(double t) const { return t < 0 ? -inf : std::log(index) - index * t; }
  double log_lower_bound() const { return 0; }
  double log_upper_bound() const { return inf; }
};

melitz::open_economy<> trade() {
  return {{.elasticity = 4, .fixed_cost = 1, .entry_cost = 2, .death_rate = 0.05, .labor = 1}, 3, 1.6, 1.3};
}

static_assert(melitz::density_law<users_law> && melitz::productivity_law<users_law>);
struct no_law {};
template <class L>
concept solvable = requires(L const& law) {
  melitz::try_solve(trade(), law);
};
static_assert(solvable<users_law> && solvable<melitz::pareto<>> && !solvable<no_law> && !solvable<int>);

}  // namespace

TEST_CASE("a user's log density and bounds are enough", "[tail][quadrature]") {
  auto const exact = melitz::solve(trade(), melitz::lognormal<>{0, 0.8});
  auto const e = melitz::solve(trade(), users_law{});
  CHECK_THAT(e.cutoff, WithinRel(exact.cutoff, 1e-13));
  CHECK_THAT(e.welfare, WithinRel(exact.welfare, 1e-13));
  CHECK_THAT(e.share_exporting, WithinRel(exact.share_exporting, 1e-12));
  CHECK(e.error_estimate > 0);
  CHECK(e.error_estimate < 1e-11);
  CHECK(exact.error_estimate == 0);
}

TEST_CASE("the error estimate covers the true error", "[tail][quadrature]") {
  auto const covered = [](auto const& law) {
    auto const exact = melitz::solve(trade(), law);
    auto const e = melitz::solve(trade(), test::density_only<std::decay_t<decltype(law)>>{law});
    // Rounding comes on top of what the rule estimates.
    CHECK(std::abs(e.cutoff / exact.cutoff - 1) <= e.error_estimate + 1e-14);
    CHECK_THAT(e.cutoff, WithinRel(exact.cutoff, 1e-13));
  };
  covered(melitz::pareto<>{1, 4.25});
  covered(melitz::pareto<>{1, 3.02});
  covered(melitz::frechet<>{1, 4.25});
  covered(melitz::weibull<>{1, 1.4});
  covered(melitz::weibull<>{1, 0.4});
  covered(melitz::lognormal<>{0, 0.8});
  covered(melitz::lognormal<>{3, 0.05});
  covered(melitz::uniform<>{1, 3});
}

TEST_CASE("laws that are none are refused", "[tail][quadrature][failure]") {
  CHECK_THROWS_WITH(tail_of(half_a_law{}, 3.0),
                    contains("integral of exp(log_density) is 0.") && contains("it must be 1"));
  CHECK_THROWS_WITH(tail_of(two_modes{false}, 3.0), contains("log_breakpoints"));
  CHECK_THROWS_WITH(tail_of(reversed{}, 3.0),
                    contains("log_upper_bound() is 0") && contains("exceed log_lower_bound()"));
  CHECK_THROWS_WITH(tail_of(nowhere{}, 3.0), contains("be finite somewhere"));
  CHECK_THROWS_WITH(tail_of(power_tail{2.9}, 3.0), contains("moment of order 3 (the size exponent) is infinite"));
  CHECK_THROWS_WITH(tail_of(power_tail{3.0}, 3.0), contains("infinite"));
  CHECK_NOTHROW(tail_of(power_tail{3.02}, 3.0));
}

TEST_CASE("breakpoints lead to separate modes", "[tail][quadrature]") {
  auto const tail = tail_of(two_modes_with_hint{{true}}, 2.0);
  using pair = melitz::mixture<melitz::lognormal<>>;
  auto const exact = tail_of(pair{{0.5, 0.5}, {{0, 0.1}, {6, 0.1}}}, 2.0);
  for (double const t : {-1.0, -0.1, 0.1, 3.0, 5.9, 6.2}) {
    auto const p = tail.at(t), q = exact.at(t);
    CHECK_THAT(p.survival * std::exp(p.log_scale), WithinRel(q.survival * std::exp(q.log_scale), 1e-12));
    CHECK_THAT(p.excess * std::exp(p.log_scale), WithinRel(q.excess * std::exp(q.log_scale), 1e-12));
  }
}

TEST_CASE("relative accuracy deep in a thin tail", "[tail][quadrature]") {
  melitz::lognormal<> const law{0, 0.2};
  auto const tail = tail_of(test::density_only<melitz::lognormal<>>{law}, 3.0);
  auto const exact = tail_of(law, 3.0);
  for (double const t : {2.0, 4.0, 6.0, 8.0}) {  // down to survivals of e^-800
    auto const p = tail.at(t), q = exact.at(t);
    CHECK_THAT(std::log(p.survival) + p.log_scale, WithinRel(std::log(q.survival) + q.log_scale, 1e-14));
    CHECK_THAT(std::log(p.excess) + p.log_scale, WithinRel(std::log(q.excess) + q.log_scale, 1e-14));
  }
}

TEST_CASE("Boost distributions pass as they are", "[tail][boost]") {
  namespace bm = boost::math;
  auto const same = [](auto const& boosts, auto const& ours) {
    CHECK(melitz::solve(trade(), boosts).cutoff == melitz::solve(trade(), ours).cutoff);
  };
  same(bm::pareto_distribution<double>(1.0, 4.25), melitz::pareto<>{1, 4.25});
  same(bm::lognormal_distribution<double>(0.5, 0.8), melitz::lognormal<>{0.5, 0.8});
  same(bm::weibull_distribution<double>(1.4, 2.0), melitz::weibull<>{2, 1.4});
  same(bm::exponential_distribution<double>(2.0), melitz::exponential<>{2});
  same(bm::uniform_distribution<double>(1.0, 3.0), melitz::uniform<>{1, 3});

  // By quadrature. A gamma law with shape 1 is exponential; 1/phi^4.25 times ... an inverse gamma has a power tail.
  CHECK_THAT(melitz::solve(trade(), bm::gamma_distribution<double>(1.0, 0.5)).cutoff,
             WithinRel(melitz::solve(trade(), melitz::exponential<>{2}).cutoff, 1e-13));
  CHECK(melitz::solve(trade(), bm::gamma_distribution<double>(2.0, 0.5)).error_estimate > 0);
  // Inverse gamma with shape 3.02 against its tail in closed form: S = P(shape, 1/x), V = Gamma(shape-3)/Gamma(shape)
  // P(shape-3, 1/x).
  auto const fat = tail_of(bm::inverse_gamma_distribution<double>(3.02, 1.0), 3.0);
  for (double const x : {0.2, 1.0, 5.0, 100.0}) {
    auto const p = fat.at(std::log(x));
    double const survival = bm::gamma_p(3.02, 1 / x);
    double const moment = bm::tgamma(3.02 - 3) / bm::tgamma(3.02) * bm::gamma_p(3.02 - 3, 1 / x) * std::pow(x, -3.0);
    CHECK_THAT(p.survival * std::exp(p.log_scale), WithinRel(survival, 1e-12));
    CHECK_THAT(p.moment() * std::exp(p.log_scale), WithinRel(moment, 1e-11));
  }
  CHECK_THROWS_WITH(melitz::try_solve(trade(), bm::inverse_gamma_distribution<double>(2.9, 1.0)), contains("infinite"));
  CHECK_NOTHROW(melitz::solve(trade(), bm::beta_distribution<double>(2.0, 3.0)));
}

TEST_CASE("Boost distributions whose density has no bound", "[tail][boost][failure]") {
  // Gamma: E[phi^r 1{phi >= x}] = Gamma(k + r, x)/Gamma(k). At k = 0.01 half the draws are below 6e-31.
  for (double const shape : {0.01, 0.25}) {
    CAPTURE(shape);
    auto const tail = melitz::tail_of(boost::math::gamma_distribution<double>(shape), 3.0);
    for (double const x : {1e-9, 0.1, 0.7, 3.0}) {
      auto const p = tail.at(std::log(x));
      double const survival = boost::math::gamma_q(shape, x),
                   moment = boost::math::gamma_q(shape + 3, x) * shape * (shape + 1) * (shape + 2) / (x * x * x);
      CHECK_THAT(p.survival * std::exp(p.log_scale), WithinRel(survival, 1e-11));
      CHECK_THAT(p.moment() * std::exp(p.log_scale), WithinRel(moment, 1e-11));
    }
    CHECK(melitz::try_solve(trade(), boost::math::gamma_distribution<double>(shape)));
  }
  // Without bound at one: refused by name. Without bound at zero only: solved.
  CHECK_THROWS_WITH(melitz::try_solve(trade(), boost::math::beta_distribution<double>(0.5, 0.5)),
                    contains("density at the upper end of its support is inf"));
  CHECK_THROWS_WITH(melitz::try_solve(trade(), boost::math::gamma_distribution<double>(1e-4)), contains("median is 0"));
  CHECK(melitz::try_solve(trade(), boost::math::beta_distribution<double>(0.5, 2)));
}

TEST_CASE("truncation", "[tail][truncated]") {
  using melitz::truncated;
  // A Pareto law truncated to an interval is the bounded Pareto law, in closed form.
  auto const cut = tail_of(truncated<melitz::pareto<>>{{1, 2.5}, 2, 10}, 2.0);
  auto const bounded = tail_of(melitz::bounded_pareto<>{2, 10, 2.5}, 2.0);
  for (double const x : {0.5, 2.0, 3.0, 9.0, 9.99}) {
    auto const p = cut.at(std::log(x)), q = bounded.at(std::log(x));
    CHECK_THAT(p.survival * std::exp(p.log_scale), WithinRel(q.survival * std::exp(q.log_scale), 1e-12));
    CHECK_THAT(p.excess * std::exp(p.log_scale), WithinRel(q.excess * std::exp(q.log_scale), 1e-12));
  }
  // A closed form cut from above stays one but for the neighbourhood of the bound; a table of it says the same.
  for (double const upper : {1.5, 6.0, 300.0}) {
    for (double const lower : {0.0, 0.7}) {
      truncated<melitz::weibull<>> const law{{1, 1.4}, lower, upper};
      auto const closed = tail_of(law, 3.0);
      auto const table = melitz::tabulate(law, 3.0);
      CHECK_THAT(closed.log_moment(), WithinAbs(table.log_moment(), 1e-13));
      for (double const share : {1e-9, 0.3, 0.6, 0.9, 0.99, 0.99999}) {
        double const t = std::log(std::max(lower, 1e-3)) * (1 - share) + std::log(std::min(upper, 8.0)) * share;
        auto const p = closed.at(t);
        auto const q = table.at(t);
        CAPTURE(upper, lower, t);
        CHECK_THAT(p.log_scale + std::log(p.survival), WithinAbs(q.log_scale + std::log(q.survival), 3e-13));
        CHECK_THAT(p.log_scale + std::log(p.excess), WithinAbs(q.log_scale + std::log(q.excess), 3e-13));
      }
    }
  }
  // A tail so fat that only the bound makes its moment finite.
  CHECK_THAT(melitz::solve(trade(), truncated<melitz::pareto<>>{{1, 2.5}, 1, 10}).cutoff,
             WithinRel(melitz::solve(trade(), melitz::bounded_pareto<>{1, 10, 2.5}).cutoff, 1e-13));
  CHECK_THAT(melitz::solve(trade(), truncated<melitz::pareto<>>{{1, 4.25}, 1, 50}).cutoff,
             WithinRel(melitz::solve(trade(), melitz::bounded_pareto<>{1, 50, 4.25}).cutoff, 1e-14));
  // Cut from below it is Pareto again, with a higher scale.
  auto const above = tail_of(truncated<melitz::pareto<>>{{1, 4.25}, 2, inf}, 3.0);
  auto const scaled = tail_of(melitz::pareto<>{2, 4.25}, 3.0);
  for (double const t : {-1.0, 0.5, 1.0, 3.0}) {
    auto const p = above.at(t), q = scaled.at(t);
    CHECK_THAT(p.survival * std::exp(p.log_scale), WithinRel(q.survival * std::exp(q.log_scale), 1e-14));
    CHECK_THAT(p.excess * std::exp(p.log_scale), WithinRel(q.excess * std::exp(q.log_scale), 1e-14));
  }
  // Of a density with separate modes both are found, since its breakpoints stay.
  melitz::detail::mixture_density<melitz::lognormal<>> const modes(
      melitz::mixture<melitz::lognormal<>>{{0.5, 0.5}, {{-3, 0.1}, {2, 0.1}}});
  CHECK_THAT(melitz::solve(trade(), truncated<std::decay_t<decltype(modes)>>{modes, 0, 1000}).mass_entrants,
             WithinRel(melitz::solve(trade(), modes).mass_entrants, 1e-12));
  // Bounds that bind nowhere change nothing.
  CHECK_THAT(melitz::solve(trade(), truncated<melitz::lognormal<>>{{0, 0.8}, 0, inf}).cutoff,
             WithinRel(melitz::solve(trade(), melitz::lognormal<>{0, 0.8}).cutoff, 1e-15));
}

TEST_CASE("quantiles invert survival", "[tail][quantile]") {
  for (auto const& [name, law] : test::laws()) {
    auto const tail = tail_of(law, 2.0);
    for (double const share : {0.999999, 0.99, 0.5, 0.1, 1e-3, 1e-9}) {
      CAPTURE(name, share);
      if (test::has_atoms(name)) continue;
      auto const p = tail.at(melitz::log_quantile(tail, share));
      CHECK_THAT(p.survival * std::exp(p.log_scale), WithinRel(share, 1e-12) || WithinAbs(share, 3e-14));
    }
  }
  auto const three = tail_of(melitz::discrete<>{{1, 2, 3}, {0.5, 0.25, 0.25}}, 2.0);
  CHECK_THAT(std::exp(melitz::log_quantile(three, 0.3)), WithinRel(2, 1e-14));  // half reach 2, a quarter reaches 3
  CHECK_THAT(std::exp(melitz::log_quantile(three, 0.25)), WithinRel(3, 1e-14));
  for (double const bad : {0.0, 1.0, -1.0, std::nan("")}) {
    CHECK_THROWS_WITH(melitz::log_quantile(three, bad), contains("survival is"));
  }
}

}  // namespace test::tail_quadrature
