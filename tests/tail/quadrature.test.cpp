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
#include <boost/math/special_functions/expint.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>
#include <functional>
#include <limits>
#include <type_traits>
#include <vector>

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

/// Any law: one type for all, since each costs a second to compile.
struct any_density {
  std::function<double(double)> density;
  double lower = -inf, upper = inf;
  std::vector<double> breakpoints{};

  double log_density(double t) const { return density(t); }
  double log_lower_bound() const { return lower; }
  double log_upper_bound() const { return upper; }
  std::vector<double> const& log_breakpoints() const { return breakpoints; }
};
double normal(double t) { return users_law{}.log_density(t); }

/// Weibull laws of scale 1, and Gompertz's with S = exp(1 - e^phi): tails that end within a rounding of ln phi.
any_density weibull_density(double shape) {
  return {[=](double t) { return std::log(shape) + shape * t - std::exp(shape * t); }};
}
any_density gompertz() {
  return {[](double t) { return t + std::exp(t) - std::expm1(std::exp(t)); }};
}
/// As narrow as this, and where.
any_density narrow(double width, double centre) {
  return {[=](double t) {
    double const z = (t - centre) / width;
    return -z * z / 2 - std::log(width * std::sqrt(2 * M_PI));
  }};
}
any_density power_tail_density(double index) {
  return {[=](double t) { return std::log(index) - index * t; }, 0};
}
/// A normal law with an oscillation, another mass, or no number between two points.
any_density comb(double frequency) {
  return {[=](double t) { return normal(t) + std::log1p(0.9 * std::cos(frequency * t)); }};
}
any_density other_mass(double mass) {
  return {[=](double t) { return normal(t) + std::log(mass); }};
}
any_density no_number(double from, double to) {
  return {[=](double t) { return from < t && t < to ? std::nan("") : normal(t); }};
}

/// A closed form of one's own, which knows of a restriction that its density does not.
struct steep_pareto : melitz::pareto<> {
  tail_type tail(double power) const {
    melitz::detail::require(shape > 4, "steep_pareto", "shape", shape, "exceed 4");
    return pareto::tail(power);
  }
};

melitz::open_economy<> trade() {
  return {{.elasticity = 4, .fixed_cost = 1, .entry_cost = 2, .death_rate = 0.05, .labor = 1}, 3, 1.6, 1.3};
}

static_assert(melitz::density_law<users_law> && melitz::productivity_law<users_law>);
struct no_law {};
struct without_upper_bound {
  double log_density(double t) const { return -t; }
  double log_lower_bound() const { return 0; }
};
struct not_const : without_upper_bound {
  double log_upper_bound() { return 1; }
};

/// What does not compile does not compile in a concept either: the answer is no, and not an error.
template <class Economy, class Law>
concept solvable = requires(Economy const& economy, Law const& law) {
  melitz::try_solve(economy, law);
  melitz::solve(economy, law);
};
template <class Law>
concept has_tail = requires(Law const& law) {
  melitz::tail_of(law, 3.0);
};
template <class Tail>
concept has_quantile = requires(Tail const& tail) {
  melitz::log_quantile(tail, 0.5);
};
template <class Economy>
constexpr bool takes_laws =
    solvable<Economy, users_law>&& solvable<Economy, melitz::pareto<>>&&
        solvable<Economy, melitz::tail_of_t<users_law>> &&
    !solvable<Economy, no_law> && !solvable<Economy, int> && !solvable<Economy, without_upper_bound> &&
    !solvable<Economy, not_const> && !solvable<users_law, Economy> &&
    !solvable<melitz::tail_of_t<users_law>, Economy> && !solvable<no_law, Economy> && !solvable<Economy, Economy>;
static_assert(takes_laws<melitz::open_economy<>> && takes_laws<melitz::closed_economy<>>);
static_assert(!solvable<users_law, users_law> && !solvable<int, int>);
static_assert(has_tail<users_law> && !has_tail<not_const> && !has_tail<int> && !has_tail<melitz::tail_of_t<users_law>>);
static_assert(has_quantile<melitz::tail_of_t<users_law>> && !has_quantile<users_law> && !has_quantile<int>);

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

TEST_CASE("a message about a density gives the true reason", "[tail][quadrature][failure]") {
  auto const says = [](any_density const& law, char const* words) {
    CHECK_THROWS_WITH(tail_of(law, 3.0), contains(words));
    CHECK_THROWS_WITH(melitz::try_solve(trade(), law), contains(words));
  };
  for (double const frequency : {1e4, 1e5, 1e7, 1e10}) says(comb(frequency), "have no noise or fast oscillations");
  says(narrow(1e-12, 3), "more width than the rounding of ln(phi)");

  says(other_mass(1 + 1e-8), "integral of exp(log_density) is 1 + 1e-08; it must be 1 (within 1e-9)");
  says(other_mass(1 - 1e-8), "integral of exp(log_density) is 1 - 1e-08; it must be 1 (within 1e-9)");
  says(other_mass(1.01), "integral of exp(log_density) is 1.01; it must be 1 (within 1e-9)");

  says(no_number(-inf, inf), "log_density(0) is nan; it must be a number, or -inf");
  says(no_number(1, inf), "is nan; it must be a number, or -inf");
  says(no_number(-inf, -1), "is nan; it must be a number, or -inf");
  says(any_density{[](double t) { return t > 1 ? inf : normal(t); }}, "is inf; it must be a number, or -inf");
  CHECK_NOTHROW(tail_of(no_number(50, inf), 3.0));  // where no firm is

  says(any_density{normal, std::nan(""), inf}, "log_lower_bound() is nan; it must be a number");
  says(any_density{normal, 0, std::nan("")}, "log_upper_bound() is nan; it must be a number");
  says(any_density{normal, -inf, inf, {std::nan("")}}, "one of log_breakpoints() is nan; it must be a number");
  for (double const nowhere : {inf, -inf}) {
    CHECK(melitz::solve(trade(), any_density{normal, -inf, inf, {nowhere}}).cutoff ==
          melitz::solve(trade(), any_density{normal}).cutoff);
  }

  says(power_tail_density(2.9), "is infinite; it must be finite: the upper tail of log_density is too fat");
  says(power_tail_density(3.00001), "converge sooner: the upper tail of log_density is nearly too fat");
  says(any_density{[](double t) { return std::log(1e-6) + 1e-6 * t; }, -inf, 0},
       "the lower tail of log_density falls too slowly");
}

TEST_CASE("what a density's mass may be off by does not keep a solve from its answer", "[tail][quadrature]") {
  // Every entrant produces, so that J = E[phi^r] / x^r - S: the bounds of the cutoff take S to be one.
  auto cheap = trade();
  cheap.domestic.entry_cost = 2000;
  auto const exact = melitz::solve(cheap, any_density{normal});
  for (double const mass : {1 - 5e-10, 1 + 5e-10}) {
    auto const e = melitz::try_solve(cheap, other_mass(mass));
    REQUIRE(e);
    CHECK_THAT(e.cutoff, WithinRel(exact.cutoff, 1e-13));
    CHECK(e.error_estimate > 4e-10);
  }
}

TEST_CASE("a thin tail under a dear export market", "[tail][quadrature]") {
  auto const dear = [](double elasticity, double export_fixed_cost) {
    return melitz::open_economy<>{
        {.elasticity = elasticity, .fixed_cost = 1, .entry_cost = 1e-4, .death_rate = 1, .labor = 1},
        1,
        2,
        export_fixed_cost};
  };
  for (double const cost : {2.0, 5.0, 10.0, 1e3, 1e6, 1e100, 1e300}) {
    CAPTURE(cost);
    auto const exact = melitz::solve(dear(1.5, cost), melitz::weibull<>{1, 8});
    auto const once = melitz::solve(dear(1.5, cost), weibull_density(8));
    auto const often = melitz::solve(dear(1.5, cost), tail_of(weibull_density(8), 0.5));
    for (auto const& e : {once, often}) {
      CHECK_THAT(e.cutoff, WithinRel(exact.cutoff, 1e-13));
      CHECK_THAT(e.welfare, WithinRel(exact.welfare, 1e-13));
      CHECK_THAT(e.share_exporting, WithinRel(exact.share_exporting, 1e-11) || WithinAbs(0, 1e-300));
    }
  }
  double const alone = melitz::solve(dear(4, inf), gompertz()).cutoff;
  for (double const cost : {1e3, 8e3, 1e9, 1e300}) {
    CHECK_THAT(melitz::solve(dear(4, cost), gompertz()).cutoff, WithinRel(alone, 1e-13));
  }
  // Closed: J = e (e^-x integrals of the exponential kind); at elasticity 2, J(x) = e E1(e^x) / x.
  auto const p = tail_of(gompertz(), 1.0).at(std::log(3.0));
  CHECK_THAT(p.excess * std::exp(p.log_scale),
             WithinRel(std::exp(1.0) * boost::math::expint(1, std::exp(3.0)) / 3, 1e-13));
}

TEST_CASE("where all of the tail lies within a rounding of ln x", "[tail][quadrature]") {
  // The ratios within a tail keep their digits however deep; S itself is as good as its logarithm.
  auto const agree = [](auto const& tail, auto const& exact, double t) {
    CAPTURE(t);
    auto const p = tail.at(t), q = exact.at(t);
    CHECK_THAT(p.log_scale + std::log(p.survival), WithinRel(q.log_scale + std::log(q.survival), 1e-14));
    CHECK_THAT(p.density / p.survival, WithinRel(q.density / q.survival, 1e-10));
    CHECK_THAT(p.excess / p.survival, WithinRel(q.excess / q.survival, 1e-10));
  };
  for (double const t : {0.3, 0.6, 0.8, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 10.0, 20.0}) {
    agree(tail_of(weibull_density(8), 0.5), tail_of(melitz::weibull<>{1, 8}, 0.5), t);
    agree(tail_of(weibull_density(1.4), 3.0), tail_of(melitz::weibull<>{1, 1.4}, 3.0), 4 * t);
    agree(tail_of(narrow(0.01, 0), 3.0), tail_of(melitz::lognormal<>{0, 0.01}, 3.0), t);
  }
  // Past the range of the density's logarithm there is nothing.
  CHECK(tail_of(weibull_density(8), 0.5).at(100).moment() == 0);
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
  // Half the draws are below e^-6931, which no double holds, whatever a version of Boost makes of it.
  CHECK_THROWS_WITH(melitz::try_solve(trade(), boost::math::gamma_distribution<double>(1e-4)),
                    contains("median is ") && contains("above the least number"));
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
  truncated<melitz::frechet<>> const fat{{1, 2.5}, 1, 10};
  CHECK_THAT(melitz::solve(trade(), fat).cutoff,
             WithinRel(melitz::solve(trade(), melitz::tabulate(fat, 3.0)).cutoff, 1e-14));
  // What else a law's own tail refuses is not covered up by its density.
  CHECK_THROWS_WITH(tail_of(truncated<steep_pareto>{{{1, 3.5}}, 1, 10}, 3.0), contains("steep_pareto: shape is 3.5"));
  CHECK_NOTHROW(tail_of(truncated<steep_pareto>{{{1, 4.25}}, 1, 10}, 3.0));
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
