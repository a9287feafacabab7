// SPDX-License-Identifier: BSL-1.0
#include <melitz/tail/any_law.hpp>

#include "support/catch.hpp"
#include "support/laws.hpp"

#include <algorithm>
#include <cmath>

namespace test::law_semantics {

using test::WithinAbs;
using test::WithinRel;

namespace {

double survival(melitz::tail_point<double> const& p) { return p.survival * std::exp(p.log_scale); }
double excess(melitz::tail_point<double> const& p) { return p.excess * std::exp(p.log_scale); }
double density(melitz::tail_point<double> const& p) { return p.density * std::exp(p.log_scale); }

// Points between which no law of the list has an atom or an end of its support.
constexpr double interior[] = {-3.1, -0.81, -0.2, 0.03, 0.31, 0.77, 1.02, 1.3, 2.1, 3.7};

/// Laws of all families, at edges of theirs too.
auto all_laws() {
  auto out = test::laws();
  for (auto const& more : test::more_laws()) out.push_back(more);
  return out;
}

}  // namespace

TEST_CASE("a tail in levels is its numbers times their scale", "[law]") {
  for (double const log_scale : {0.0, -700.0, -1e4}) {
    melitz::tail_point<double> const p{log_scale, 0.5, 2, 3, 4};
    auto const level = p.in_levels();
    CHECK(level.log_scale == 0);
    CHECK(level.survival == survival(p));
    CHECK(level.excess == excess(p));
    CHECK(level.density == density(p));
  }
}

TEST_CASE("every law keeps the promises of productivity_tail", "[law][property]") {
  for (auto const& [name, law] : all_laws()) {
    for (double const power : {0.25, 1.0, 3.0}) {
      CAPTURE(name, power);
      auto const tail = melitz::tail_of(law, power);
      CHECK(tail.power() == power);

      double before_survival = 1 + 1e-12, before_excess = std::numeric_limits<double>::infinity();
      for (double t = -20; t < 8; t += 0.1) {
        CAPTURE(t);
        auto const p = tail.at(t);
        CHECK(survival(p) >= 0);
        CHECK(excess(p) >= 0);
        CHECK(density(p) >= 0);
        CHECK(survival(p) <= before_survival * (1 + 1e-12));  // both fall in t
        CHECK(excess(p) <= before_excess * (1 + 1e-12));
        before_survival = survival(p);
        before_excess = excess(p);
      }
      for (double const t : {-700.0, -50.0, 0.0, 50.0, 700.0}) {  // total: numbers everywhere
        auto const p = tail.at(t);
        CHECK(std::isfinite(p.log_scale));
        CHECK(std::isfinite(p.survival));
        CHECK(std::isfinite(p.excess));
        CHECK(std::isfinite(p.density));
      }
    }
  }
}

TEST_CASE("excess and survival are integrals of one another", "[law][property]") {
  // dJ/dt = -r (J + S) and dS/dt = -density, here by central differences: a wrong factor in any closed form shows.
  for (auto const& [name, law] : all_laws()) {
    for (double const power : {0.25, 1.0, 3.0}) {
      auto const tail = melitz::tail_of(law, power);
      for (double const t : interior) {
        CAPTURE(name, power, t);
        double const h = 1e-5;  // leaves h^2 times third derivatives, and rounding over h
        auto const p = tail.at(t), up = tail.at(t + h), down = tail.at(t - h);
        double const scale = excess(p) + survival(p);
        CHECK_THAT((excess(up) - excess(down)) / (2 * h), WithinAbs(-power * scale, 1e-7 * (1 + scale)));
        CHECK_THAT((survival(up) - survival(down)) / (2 * h), WithinAbs(-density(p), 2e-5 * (density(p) + 1e-5)));
      }
    }
  }
}

TEST_CASE("the moment of the whole support is the tail's from below", "[law][property]") {
  // x^r (J + S) tends to E[phi^r] as x falls; some lower tails are long.
  auto const long_below = test::more_laws();
  for (auto const& [name, law] : all_laws()) {
    for (double const power : {0.25, 1.0, 3.0}) {
      CAPTURE(name, power);
      auto const tail = melitz::tail_of(law, power);
      double const t = std::any_of(long_below.begin(), long_below.end(),
                                   [&wanted = name](auto const& l) { return l.first == wanted; })
                           ? -240
                           : -60;
      auto const p = tail.at(t);
      CHECK_THAT(p.log_scale + std::log(p.moment()) + power * t, WithinAbs(tail.log_moment(), 2e-14 * (1 - t * power)));
    }
  }
}

TEST_CASE("bounds bound", "[law][property]") {
  for (auto const& [name, law] : all_laws()) {
    CAPTURE(name);
    auto const tail = melitz::tail_of(law, 2.0);
    double const lower = tail.log_lower_bound(), upper = tail.log_upper_bound();
    if (std::isfinite(lower)) {
      double const all = survival(tail.at(lower - 1));
      CHECK_THAT(survival(tail.at(lower)), WithinRel(all, 1e-15));
      CHECK((all == 1 || name == "discrete with failures" || std::abs(all - 1) < 1e-13));
    }
    if (std::isfinite(upper)) {
      CHECK(survival(tail.at(upper + 1e-9)) == 0);
      CHECK(excess(tail.at(upper + 1e-9)) == 0);
    }
  }
}

TEST_CASE("log densities integrate to the survival", "[law][property]") {
  // Each closed form against quadrature of the same law's density, an independent route.
  auto const agree = [](auto const& law, double from) {
    for (double const power : {0.25, 3.0}) {
      auto const exact = melitz::tail_of(law, power);
      auto const numeric = melitz::tail_of(test::density_only<std::decay_t<decltype(law)>>{law}, power);
      CHECK(numeric.error_estimate() < 1e-9);
      CHECK_THAT(numeric.log_moment(), WithinAbs(exact.log_moment(), 1e-13));
      for (double t = from; t < 5; t += 0.317) {
        CAPTURE(power, t);
        auto const p = exact.at(t), q = numeric.at(t);
        if (p.survival == 0) continue;
        double const shift = q.log_scale - p.log_scale;
        // Deep in the tail rounding in t itself moves a log by |ln S| eps.
        double const tolerance = 1e-13 * (1 + std::abs(std::log(p.survival) + p.log_scale) / 20);
        CHECK_THAT(std::log(q.survival / p.survival) + shift, WithinAbs(0, tolerance));
        CHECK_THAT(std::log(q.excess / p.excess) + shift, WithinAbs(0, tolerance));
      }
    }
  };
  agree(melitz::pareto<>{1, 4.25}, -3);
  agree(melitz::pareto<>{1, 3.03125}, -3);
  agree(melitz::lognormal<>{0, 0.8}, -3);
  agree(melitz::lognormal<>{0.5, 0.0625}, -3);
  agree(melitz::lognormal<>{-1, 2}, -3);
  agree(melitz::frechet<>{1, 4.25}, -3);
  agree(melitz::weibull<>{1, 1.5}, -3);
  agree(melitz::weibull<>{0.5, 0.5}, -3);
  agree(melitz::exponential<>{2}, -3);
  agree(melitz::spliced_lognormal_pareto<>{0.125, 0.5, 4.25}, -3);
  agree(melitz::three_piece<>{0, 0.5, 4.25, 1.5}, -3);
  agree(melitz::pareto_lognormal<>{0.25, 0.5, 4.25}, -3);
  agree(melitz::double_pareto_lognormal<>{0, 0.5, 4.25, 2}, -3);
  agree(melitz::singh_maddala<>{1, 3, 1.5}, -3);
  agree(melitz::dagum<>{1, 4.25, 0.75}, -3);
  agree(melitz::generalized_gamma<>{1, 2.5, 1}, -3);
  agree(melitz::uniform<>{1, 3}, -3);
  agree(melitz::uniform<>{0, 100}, -3);
  agree(melitz::bounded_pareto<>{0.5, 20, 2}, -3);
}

TEST_CASE("a Weibull tail stays whole where (x/scale)^shape underflows", "[law][regression]") {
  // There the law is as good as one atom spread out: J = E[phi^r] x^-r - 1, however small (x/scale)^shape is.
  for (double const power : {0.5, 3.0}) {
    auto const tail = melitz::tail_of(melitz::weibull<>{1, 400}, power);
    for (double const t : {-1.7, -1.8, -3.0, -6.0}) {
      CAPTURE(power, t);
      CHECK_THAT(excess(tail.at(t)), WithinRel(std::expm1(std::lgamma(1 + power / 400) - power * t), 1e-13));
    }
  }
}

TEST_CASE("a bounded Pareto law whose shape is half the power, near the top", "[law]") {
  // There every other term of the series for J vanishes. By integration: with k the shape and r = 2k the power,
  // J(x) = x^-r (upper^k - x^k) - (x^-k - upper^-k), over 1 - (lower/upper)^k.
  for (double const x : {7.5, 9.0, 9.75}) {
    auto const p = melitz::bounded_pareto<>{.lower = 1, .upper = 10, .shape = 1.5}.tail(3).at(std::log(x));
    double const top = std::pow(10, 1.5), here = std::pow(x, 1.5);
    double const excess = ((top - here) / (here * here) - (1 / here - 1 / top)) / (1 - 1 / top);
    CHECK_THAT(p.excess * std::exp(p.log_scale), WithinRel(excess, 1e-11));
  }
}

TEST_CASE("in units of its own a law has the same tail", "[law][property]") {
  for (auto const& [name, law] : all_laws()) {
    auto const tail = melitz::tail_of(law, 3.0);
    auto const own = tail.own();
    double const unit = tail.log_unit().value;
    CHECK(own.power() == 3);
    CHECK_THAT(own.log_moment() + 3 * unit, WithinAbs(tail.log_moment(), 1e-14));
    for (double const t : interior) {
      CAPTURE(name, t);
      auto const p = tail.at(t), q = own.at(t - unit);
      // Deep in the tail rounding in t itself moves a log by |ln S| eps.
      double const tolerance = 1e-13 * (1 + std::abs(p.log_scale) / 20);
      CHECK_THAT(survival(q), WithinRel(survival(p), tolerance));
      CHECK_THAT(excess(q), WithinRel(excess(p), tolerance));
      CHECK_THAT(density(q), WithinRel(density(p), tolerance));
      auto const wide = own.at_in_wider_type(static_cast<long double>(t) - static_cast<long double>(unit));
      CHECK_THAT(static_cast<double>(wide.excess * std::exp(wide.log_scale)), WithinRel(excess(p), tolerance));
    }
  }
}

}  // namespace test::law_semantics
