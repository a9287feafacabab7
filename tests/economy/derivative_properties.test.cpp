// SPDX-License-Identifier: BSL-1.0
#include <melitz/economy/solve.hpp>
#include <melitz/entry/menu_entry.hpp>
#include <melitz/numerics/autodiff.hpp>
#include <melitz/numerics/gradient.hpp>

#include "support/catch.hpp"
#include "support/laws.hpp"
#include "support/told.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

namespace test::economy_derivative_properties {

using test::contains;
using test::WithinAbs;
using test::WithinRel;

namespace {

using one = melitz::gradient<1>;
using twice = boost::math::differentiation::autodiff_fvar<double, 2>;

double const inf = std::numeric_limits<double>::infinity();

template <class Real>
melitz::open_economy<Real> trade() {
  return {.domestic = {.elasticity = 4, .fixed_cost = 1.1, .entry_cost = 2, .death_rate = 0.05, .labor = 1000},
          .partners = 3,
          .iceberg_cost = 1.3,
          .export_fixed_cost = 1.3};
}

/// In closed form, with a cutoff below the support, with atoms, cut below and by quadrature.
template <class Real>
auto some_laws() {
  using melitz::pareto, melitz::lognormal, melitz::weibull, melitz::discrete, melitz::truncated;
  using law = std::variant<pareto<Real>, lognormal<Real>, weibull<Real>, discrete<Real>, truncated<lognormal<Real>>>;
  return std::vector<law>{pareto<Real>{1, 4.25},
                          pareto<Real>{5, 3.1},
                          lognormal<Real>{0, 0.8},
                          lognormal<Real>{0.5, 0.125},
                          weibull<Real>{1, 1.5},
                          discrete<Real>{{1, 2, 3}, {0.5, 0.25, 0.25}},
                          truncated<lognormal<Real>>{{0, 0.8}, 0.5, inf},
                          truncated<lognormal<Real>>{{0, 0.8}, 0.5, 4}};
}

/// A tail that says nothing about its values without derivatives.
template <class Tail>
struct bare_tail {
  using real_type = typename Tail::real_type;
  Tail tail;
  real_type power() const { return tail.power(); }
  real_type log_lower_bound() const { return tail.log_lower_bound(); }
  real_type log_upper_bound() const { return tail.log_upper_bound(); }
  real_type log_moment() const { return tail.log_moment(); }
  melitz::tail_point<real_type> at(real_type const& t) const { return tail.at(t); }
};

/// Compares derivatives under two laws that are the same, one of them by quadrature, with respect to `variable`. The
/// laws are made from the numbers of `parameters`.
template <class Quadrature, class Exact>
void agree(std::vector<double> const& parameters, Quadrature const& by_quadrature, Exact const& exact) {
  for (std::size_t variable = 0; variable < parameters.size() + 2; ++variable) {
    std::vector<twice> p(parameters.begin(), parameters.end());
    auto economy = trade<twice>();
    if (variable < p.size()) {
      p[variable] = boost::math::differentiation::make_fvar<double, 2>(parameters[variable]);
    } else {
      twice& x = variable == p.size() ? economy.domestic.elasticity : economy.iceberg_cost;
      x = boost::math::differentiation::make_fvar<double, 2>(static_cast<double>(x));
    }
    auto const got = melitz::solve(economy, by_quadrature(p)), want = melitz::solve(economy, exact(p));
    double const at = variable < p.size() ? parameters[variable] : 4;
    auto const numbers = test::numbers_of(got);
    auto const wanted = test::numbers_of(want);
    for (std::size_t k = 0; k < wanted.size(); ++k) {
      auto const& [name, exactly] = wanted[k];
      twice const& number = numbers[k].second;
      if (!melitz::detail::is_finite(exactly)) continue;
      CAPTURE(name, variable);
      double const scale = std::abs(static_cast<double>(exactly)) / 100;
      double const first = exactly.derivative(1), second = exactly.derivative(2);
      CHECK_THAT(number.derivative(1), WithinAbs(first, 1e-12 * std::max(std::abs(first), scale / at)));
      // Second derivatives cancel three digits more than first ones.
      CHECK_THAT(number.derivative(2), WithinAbs(second, 1e-9 * std::max(std::abs(second), scale / at / at)));
    }
  }
}

/// As many members as a law may have.
template <class Real>
struct eight {
  Real a, b, c, d;
  std::vector<Real> e;
  std::array<Real, 2> f;
  int g;
  bool h;
};

/// No aggregate: it says itself what it is without derivatives.
template <class Real>
class guarded {
 public:
  explicit guarded(Real x) : x_(x) {}
  guarded<double> values() const { return guarded<double>(static_cast<double>(x_)); }
  Real get() const { return x_; }

 private:
  Real x_;
};

}  // namespace

TEST_CASE("the envelope by derivatives: welfare falls with trade costs by the import share", "[economy][derivatives]") {
  for (double const iceberg_cost : {1.0, 1.3, 2.0}) {
    for (auto const& law : some_laws<one>()) {
      CAPTURE(iceberg_cost, law.index());
      auto economy = trade<one>();
      economy.iceberg_cost = one::variable(iceberg_cost, 0);
      auto const e = melitz::solve(economy, law);
      double const elasticity = e.welfare.derivative[0] * iceberg_cost / e.welfare.value;
      CHECK_THAT(elasticity, WithinAbs(e.domestic_share.value - 1, 1e-13));
      CHECK(e.residual.derivative[0] == 0);
    }
  }
}

TEST_CASE("derivatives by quadrature are those of the closed form", "[economy][derivatives][quadrature]") {
  using melitz::lognormal, melitz::pareto, melitz::bounded_pareto, melitz::truncated;
  using parameters = std::vector<twice> const&;
  agree(
      {0.2, 0.8},
      [](parameters p) {
        return test::density_only<lognormal<twice>>{{p[0], p[1]}};
      },
      [](parameters p) {
        return lognormal<twice>{p[0], p[1]};
      });
  agree(
      {0.9, 20, 4.25},
      [](parameters p) {
        return truncated<pareto<twice>>{{twice(0.1), p[2]}, p[0], p[1]};
      },
      [](parameters p) {
        return bounded_pareto<twice>{p[0], p[1], p[2]};
      });
  // So far up that all of the tail lies within a rounding of ln x.
  lognormal<twice> const law{twice(0), boost::math::differentiation::make_fvar<double, 2>(0.01)};
  auto const by_density = melitz::tail_of(test::density_only<lognormal<twice>>{law}, twice(3));
  auto const exact = melitz::tail_of(law, twice(3));
  for (double const t : {4.0, 100.0, 1e4}) {
    auto const p = by_density.at(twice(t)), q = exact.at(twice(t));
    for (std::size_t order : {1u, 2u}) {
      CAPTURE(t, order);
      CHECK_THAT(twice(p.density / p.survival).derivative(order),
                 WithinRel(twice(q.density / q.survival).derivative(order), 1e-11));
      CHECK_THAT(twice(p.log_scale + log(p.survival)).derivative(order),
                 WithinRel(twice(q.log_scale + log(q.survival)).derivative(order), 1e-13));
    }
  }
}

TEST_CASE("a solve with derivatives has the values of one without", "[economy][derivatives]") {
  auto const plain = some_laws<double>();
  auto const with = some_laws<one>();
  for (std::size_t k = 0; k < plain.size(); ++k) {
    auto const want = melitz::solve(trade<double>(), plain[k]);
    auto const got = melitz::solve(trade<one>(), with[k]);
    CHECK(got.evaluations == want.evaluations);
    CHECK(got.regime == want.regime);
    CHECK(got.every_entrant_produces == want.every_entrant_produces);
    auto const numbers = test::numbers_of(got);
    auto const wanted = test::numbers_of(want);
    for (std::size_t f = 0; f < wanted.size(); ++f) {
      auto const& [name, without] = wanted[f];
      double const value = numbers[f].second.value;
      CAPTURE(plain[k].index(), name);
      if (std::isfinite(without)) {
        CHECK_THAT(value, WithinRel(without, 1e-12) || WithinAbs(without, 1e-14));
      } else {
        CHECK(std::isnan(value) == std::isnan(without));
      }
    }
  }
}

TEST_CASE("derivatives where a law is bound before", "[economy][derivatives]") {
  auto economy = trade<one>();
  economy.domestic.elasticity = one::variable(4, 0);
  melitz::lognormal<one> const draws{0.2, 0.8};
  auto const tail = melitz::tail_of(draws, one(economy.domestic.elasticity - 1));
  auto const want = melitz::solve(economy, draws);
  CHECK(melitz::solve(economy, tail).welfare.derivative == want.welfare.derivative);
  // Tails of other makes are asked for values only, and then once more.
  bare_tail<std::decay_t<decltype(tail)>> const bare{tail};
  CHECK_THAT(melitz::solve(economy, bare).welfare.derivative[0], WithinRel(want.welfare.derivative[0], 1e-12));
  // The right value with the wrong derivative would make every derivative wrong.
  auto const constant = melitz::tail_of(draws, one(3));
  CHECK_THROWS_WITH(melitz::try_solve(economy, constant), contains("tail.power()"));
}

TEST_CASE("failures and mistakes with derivatives", "[economy][derivatives]") {
  auto economy = trade<one>();
  economy.domestic.labor = one::variable(1e-300, 0);
  economy.domestic.elasticity = 1.2;
  auto const failed = melitz::try_solve(economy, melitz::lognormal<one>{0, 0.8});
  CHECK(failed.reason == melitz::status::out_of_range);
  CHECK(std::isnan(failed.welfare.value));
  CHECK(failed.evaluations > 0);

  economy = trade<one>();
  economy.iceberg_cost = one::variable(0.5, 0);
  CHECK_THROWS_WITH(melitz::try_solve(economy, melitz::lognormal<one>{0, 0.8}), contains("iceberg_cost is 0.5"));
  CHECK_THROWS_WITH(melitz::try_solve(trade<one>(), melitz::pareto<one>{1, 2}), contains("shape is 2"));
}

TEST_CASE("derivatives where the cutoff is the top of the support", "[economy][derivatives][corner]") {
  // Entry so cheap that only firms within rounding of the best produce: the cutoff moves with the best alone.
  auto economy = trade<one>();
  economy.domestic.entry_cost = 1e-40;
  auto const e = melitz::solve(economy, melitz::uniform<one>{1, one::variable(3, 0)});
  CHECK_THAT(e.cutoff.value, WithinRel(3.0, 1e-15));
  CHECK_THAT(e.log_cutoff.derivative[0], WithinRel(1.0 / 3, 1e-15));
}

TEST_CASE("derivatives of a menu's demand", "[entry][derivatives]") {
  // d ln E / d ln A is profit_elasticity(), and E is the entry cost.
  melitz::menu<one> const options{{"old", 1, 1}, {"new", 2, 2.5}, {"newest", 3, 6}};
  auto const tail = melitz::tail_of(melitz::lognormal<one>{0, 0.8}, one(3));
  auto const s = melitz::solve_free_entry(options, tail, one::variable(0.1, 0), one(4));
  double const elasticity = s.log_demand.derivative[0] * 0.1;
  CHECK_THAT(elasticity, WithinRel(1 / s.profit_elasticity().value, 1e-13));
  double profit_slope = 0;
  for (auto const& segment : s.segments) profit_slope += segment.mass.derivative[0];
  CHECK_THAT(profit_slope, WithinAbs(0, 1e-14));  // everybody picks something
}

TEST_CASE("laws and economies without their derivatives", "[numerics][derivatives]") {
  using melitz::detail::values_of;
  auto const law = values_of(melitz::mixture<melitz::family_law<one>>{
      {one(0.25), one(0.75)}, {melitz::pareto<one>{1, 4.25}, melitz::discrete<one>{{1, 2}, {}}}});
  static_assert(std::is_same_v<decltype(law), melitz::mixture<melitz::family_law<double>> const>);
  CHECK(law.weights == std::vector{0.25, 0.75});
  CHECK(std::get<melitz::pareto<double>>(law.components[0]).shape == 4.25);
  CHECK(std::get<melitz::discrete<double>>(law.components[1]).values == std::vector{1.0, 2.0});
  auto const economy = values_of(trade<twice>());
  static_assert(std::is_same_v<decltype(economy), melitz::open_economy<double> const>);
  CHECK(economy.domestic.labor == 1000);
  CHECK(economy.export_fixed_cost == 1.3);
  auto const most = values_of(eight<one>{1, 2, 3, 4, {one(5)}, {one(6), one(7)}, 8, true});
  static_assert(std::is_same_v<decltype(most), eight<double> const>);
  CHECK(most.a + most.b + most.c + most.d + most.e[0] + most.f[0] + most.f[1] + most.g == 36);
  CHECK(most.h);
  CHECK(values_of(guarded<one>(one::variable(3, 0))).get() == 3);
}

}  // namespace test::economy_derivative_properties
