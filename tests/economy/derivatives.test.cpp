// SPDX-License-Identifier: BSL-1.0
#include <melitz/economy/solve.hpp>
#include <melitz/numerics/autodiff.hpp>
#include <melitz/numerics/gradient.hpp>
#include <melitz/tail/any_law.hpp>

#include "support/catch.hpp"
#include "support/told.hpp"

#include <algorithm>
#include <boost/multiprecision/cpp_bin_float.hpp>
#include <cmath>
#include <cstddef>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace test::economy_derivatives {

namespace {

namespace differentiation = boost::math::differentiation;
using fifty_digits =
    boost::multiprecision::number<boost::multiprecision::cpp_bin_float<50>, boost::multiprecision::et_off>;
using number = differentiation::autodiff_fvar<double, 2>;
// All first derivatives at once; no economy below has more parameters.
using gradient = melitz::gradient<12>;

/// Laws in closed form; the exponential law is a Weibull law, and the degenerate one discrete.
template <class Real>
using law = std::variant<melitz::pareto<Real>, melitz::bounded_pareto<Real>, melitz::lognormal<Real>,
                         melitz::frechet<Real>, melitz::weibull<Real>, melitz::uniform<Real>, melitz::discrete<Real>,
                         melitz::mixture<melitz::lognormal<Real>>>;

enum class family { pareto, bounded_pareto, lognormal, frechet, weibull, uniform, discrete, mixture };

/// The law with these parameters, which start at p[0].
template <class Real>
law<Real> law_of(family f, Real const* p) {
  switch (f) {
    case family::pareto:
      return melitz::pareto<Real>{p[0], p[1]};
    case family::bounded_pareto:
      return melitz::bounded_pareto<Real>{p[0], p[1], p[2]};
    case family::lognormal:
      return melitz::lognormal<Real>{p[0], p[1]};
    case family::frechet:
      return melitz::frechet<Real>{p[0], p[1]};
    case family::weibull:
      return melitz::weibull<Real>{p[0], p[1]};
    case family::uniform:
      return melitz::uniform<Real>{p[0], p[1]};
    case family::discrete:
      return melitz::discrete<Real>{{p[0], p[1], p[2]}, {p[3], Real(0.5), Real(0.5 - p[3])}};
    case family::mixture:
      break;
  }
  return melitz::mixture<melitz::lognormal<Real>>{{p[0], Real(1 - p[0])}, {{p[1], p[2]}, {p[3], p[4]}}};
}

/// An economy with its law: seven parameters, of which a closed economy uses five, then those of the law.
struct example {
  family draws;
  melitz::regime regime;
  std::vector<double> parameters;

  template <class Real>
  [[nodiscard]] auto solve(std::vector<Real> const& p) const {
    melitz::closed_economy<Real> const home{p[0], p[1], p[2], p[3], p[4]};
    auto const law = law_of(draws, p.data() + 7);
    if (regime == melitz::regime::closed) return melitz::try_solve(home, law);
    return melitz::try_solve(melitz::open_economy<Real>{home, Real(3), p[5], p[6]}, law);
  }
};

/// The largest error seen, and of what.
struct worst {
  double error = 0;
  std::string where{};

  /// An error counts relative to the derivative or, where that is smaller, to `least`.
  void note(double got, fifty_digits const& want, double least, std::string const& what) {
    double const size = std::max({static_cast<double>(abs(want)), std::abs(least), 1e-300});
    double const off = static_cast<double>(abs(got - want)) / size;
    if (off <= error) return;
    error = off;
    where = what;
  }
};

struct errors {
  worst gradient, first, second;
};

/// How far derivatives of every number of an equilibrium are from differences of solves in fifty digits.
///
/// What changes is one parameter, or two at once for the mixed derivatives, in proportion: p = p_0 (1 + s) with s = 0
/// in double and 1e-15 in fifty digits. A derivative smaller than a hundredth of the value counts as that large: below,
/// it drowns in the rounding of the value.
errors compare(example const& c) {
  std::size_t const count = c.parameters.size();
  fifty_digits const step("1e-15");
  auto const solved = [&](std::vector<std::size_t> const& moved, fifty_digits const& by) {
    std::vector<fifty_digits> parameters(c.parameters.begin(), c.parameters.end());
    for (std::size_t const k : moved) parameters[k] *= 1 + by;
    return c.solve(parameters);
  };
  auto const of_middle = solved({}, 0);
  REQUIRE(of_middle);
  REQUIRE(of_middle.regime == c.regime);
  auto const middle = test::numbers_of(of_middle);
  std::vector<std::remove_const_t<decltype(middle)>> up, down;
  std::vector<gradient> all;
  for (std::size_t i = 0; i < count; ++i) {
    up.push_back(test::numbers_of(solved({i}, step)));
    down.push_back(test::numbers_of(solved({i}, -step)));
    all.push_back(gradient::variable(c.parameters[i], i));
  }
  auto const of_gradient = c.solve(all);
  REQUIRE(of_gradient);
  auto const with_gradient = test::numbers_of(of_gradient);

  errors out;
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t j = i; j < count; ++j) {
      std::vector<number> parameters(c.parameters.begin(), c.parameters.end());
      number const one_plus_s = 1 + differentiation::make_fvar<double, 2>(0);
      parameters[i] *= one_plus_s;
      if (j != i) parameters[j] *= one_plus_s;
      auto const solution = c.solve(parameters);
      REQUIRE(solution);
      auto const e = test::numbers_of(solution);
      auto const both = j == i ? up[i] : test::numbers_of(solved({i, j}, step));
      for (std::size_t k = 0; k < middle.size(); ++k) {
        auto const& [name, exact] = middle[k];
        if (!melitz::detail::is_finite(exact)) continue;  // exports of nobody
        auto const first = [&, k](std::size_t p) {
          return fifty_digits((up[p][k].second - down[p][k].second) / (2 * step));
        };
        auto const second = [&, k, x = exact](std::size_t p) {
          return fifty_digits((up[p][k].second - 2 * x + down[p][k].second) / (step * step));
        };
        fifty_digits const mixed = (both[k].second - up[i][k].second - up[j][k].second + exact) / (step * step);
        double const least = static_cast<double>(exact) / 100;
        std::string const by = name + " by " + std::to_string(i) + " and " + std::to_string(j);
        if (j == i) {
          auto const& g = with_gradient[k].second;
          out.gradient.note(g.derivative[i] * c.parameters[i], first(i), least, by);
          out.first.note(e[k].second.derivative(1), first(i), least, by);
          out.second.note(e[k].second.derivative(2), second(i), least, by);
        } else {
          out.second.note(e[k].second.derivative(2), second(i) + 2 * mixed + second(j), least, by);
        }
      }
    }
  }
  return out;
}

}  // namespace

TEST_CASE("derivatives of every result with respect to every parameter", "[economy][derivatives]") {
  using enum melitz::regime;
  std::vector<std::pair<family, std::vector<double>>> const laws{
      {family::pareto, {0.9, 4.25}},
      {family::bounded_pareto, {0.5, 20, 2}},
      {family::bounded_pareto, {0.5, 20, 3}},  // the power: a quotient of zeros
      {family::lognormal, {0.2, 0.8}},
      {family::lognormal, {0.5, 0.125}},
      {family::lognormal, {-1, 2}},
      {family::frechet, {1.1, 4.25}},
      {family::weibull, {0.9, 1.5}},
      {family::weibull, {0.5, 0.5}},
      {family::weibull, {0.5, 1}},  // a whole number as gamma's first argument: its continued fraction ends
      {family::uniform, {1, 30}},
      {family::discrete, {1, 2, 9, 0.25}},
      {family::mixture, {0.3, 0.2, 0.7, 0.6, 0.2}},
  };
  // Entry costs so low that few produce, and so high that all may.
  std::vector<std::pair<melitz::regime, std::vector<double>>> const economies{
      {closed, {4, 1.1, 2, 0.05, 1000, 2, 2}},           {closed, {4, 1.1, 0.001, 0.05, 1000, 2, 2}},
      {closed, {4, 1.1, 200, 0.05, 1000, 2, 2}},         {selection, {4, 1.1, 2, 0.05, 1000, 1.3, 1.3}},
      {selection, {1.75, 1.1, 30, 0.5, 1000, 1.3, 1.3}}, {all_export, {4, 1.1, 2, 0.05, 1000, 1.2, 0.4}},
  };
  for (auto const& [f, of_law] : laws) {
    for (auto const& [regime, of_economy] : economies) {
      example c{f, regime, of_economy};
      c.parameters.insert(c.parameters.end(), of_law.begin(), of_law.end());
      auto const w = compare(c);
      CAPTURE(static_cast<int>(f), of_law, of_economy, w.gradient.where, w.first.where, w.second.where);
      CHECK(w.gradient.error < 1e-12);
      CHECK(w.first.error < 1e-12);
      CHECK(w.second.error < 1e-9);  // second derivatives cancel three digits more than first ones
    }
  }
}

}  // namespace test::economy_derivatives
