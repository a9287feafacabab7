// SPDX-License-Identifier: BSL-1.0
#include <melitz/economy/solve.hpp>
#include <melitz/numerics/autodiff.hpp>
#include <melitz/tail/any_law.hpp>

#include "support/catch.hpp"
#include "support/results.hpp"

#include <algorithm>
#include <boost/multiprecision/cpp_bin_float.hpp>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace {

namespace differentiation = boost::math::differentiation;
using fifty_digits =
    boost::multiprecision::number<boost::multiprecision::cpp_bin_float<50>, boost::multiprecision::et_off>;
// One variable to the second order and another to the first: all second derivatives, two parameters at a time.
using number = differentiation::autodiff_fvar<double, 2, 1>;

/// Laws in closed form.
template <class Real>
using law =
    std::variant<melitz::pareto<Real>, melitz::bounded_pareto<Real>, melitz::lognormal<Real>, melitz::frechet<Real>,
                 melitz::weibull<Real>, melitz::exponential<Real>, melitz::uniform<Real>, melitz::discrete<Real>,
                 melitz::degenerate<Real>, melitz::mixture<melitz::lognormal<Real>>>;

enum class family { pareto, bounded_pareto, lognormal, frechet, weibull, exponential, uniform, discrete, degenerate, mixture };

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
    case family::exponential:
      return melitz::exponential<Real>{p[0]};
    case family::uniform:
      return melitz::uniform<Real>{p[0], p[1]};
    case family::discrete:
      return melitz::discrete<Real>{{p[0], p[1], p[2]}, {p[3], Real(0.5), Real(0.5 - p[3])}};
    case family::degenerate:
      return melitz::degenerate<Real>{p[0]};
    case family::mixture:
      break;
  }
  return melitz::mixture<melitz::lognormal<Real>>{{p[0], Real(1 - p[0])}, {{p[1], p[2]}, {p[3], p[4]}}};
}

/// An economy with its law: seven parameters, of which a closed economy uses five, then those of the law.
struct example {
  std::string name;
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

struct worst {
  double first = 0, second = 0;
  std::string first_where, second_where;
};

/// How far derivatives of every number of an equilibrium with respect to every parameter are from differences of solves
/// in fifty digits, whose step is 1e-15 of the parameter.
///
/// An error counts relative to the derivative or, where that is smaller, to a hundredth of value/parameter (of value
/// over both parameters for second derivatives), below which a derivative drowns in the rounding of the value.
worst compare(example const& c) {
  using std::abs;
  std::size_t const count = c.parameters.size();
  fifty_digits const relative_step("1e-15");
  auto const solved = [&](std::vector<std::pair<std::size_t, int>> const& moves) {
    std::vector<fifty_digits> parameters(c.parameters.begin(), c.parameters.end());
    for (auto const& [k, sign] : moves) parameters[k] *= 1 + sign * relative_step;
    return c.solve(parameters);
  };
  auto const middle = solved({});
  REQUIRE(middle);
  REQUIRE(middle.regime == c.regime);
  std::vector<decltype(c.solve(std::vector<fifty_digits>{}))> up, down;
  for (std::size_t k = 0; k < count; ++k) {
    up.push_back(solved({{k, +1}}));
    down.push_back(solved({{k, -1}}));
  }

  worst out;
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t j = 0; j < count; ++j) {
      if (i == j) continue;
      if (i > j && i != 1) continue;  // each pair once, and each first variable at least once
      std::vector<number> parameters(c.parameters.begin(), c.parameters.end());
      parameters[i] = differentiation::make_fvar<double, 2>(c.parameters[i]);
      parameters[j] = differentiation::make_fvar<double, 0, 1>(c.parameters[j]);
      auto const e = c.solve(parameters);
      REQUIRE(e);
      auto const both = solved({{i, 1}, {j, 1}});
      for (std::size_t k = 0; k < test::results<number>.size(); ++k) {
        auto const& [name, field] = test::results<number>[k];
        auto const exact = test::results<fifty_digits>[k].field;
        if (!melitz::detail::is_finite(middle.*exact)) continue;  // exports of nobody
        double const at_i = c.parameters[i], at_j = c.parameters[j];
        double const scale = 1e-2 * static_cast<double>(abs(middle.*exact));
        auto const error = [](double got, fifty_digits const& want, double least) {
          return static_cast<double>(abs(got - want)) / std::max({static_cast<double>(abs(want)), std::abs(least), 1e-300});
        };
        auto const note = [&](double e, double& largest, std::string& where) {
          if (e <= largest) return;
          largest = e;
          where = std::string(name) + " by " + std::to_string(i) + " and " + std::to_string(j);
        };
        fifty_digits const step_i = at_i * relative_step, step_j = at_j * relative_step;
        fifty_digits const first = (up[i].*exact - down[i].*exact) / (2 * step_i);
        fifty_digits const second = (up[i].*exact - 2 * (middle.*exact) + down[i].*exact) / (step_i * step_i);
        fifty_digits const mixed = (both.*exact - up[i].*exact - up[j].*exact + middle.*exact) / (step_i * step_j);
        note(error((e.*field).derivative(1, 0), first, scale / at_i), out.first, out.first_where);
        note(error((e.*field).derivative(2, 0), second, scale / (at_i * at_i)), out.second, out.second_where);
        note(error((e.*field).derivative(1, 1), mixed, scale / (at_i * at_j)), out.second, out.second_where);
      }
    }
  }
  return out;
}

}  // namespace

TEST_CASE("derivatives of every result with respect to every parameter", "[economy][derivatives]") {
  using enum melitz::regime;
  std::vector<double> const economy{4, 1.1, 2, 0.05, 1000, 1.6, 1.3};
  std::vector<std::pair<family, std::vector<double>>> const laws{
      {family::pareto, {0.9, 4.25}},         {family::bounded_pareto, {0.5, 20, 2}},
      {family::lognormal, {0.2, 0.8}},       {family::lognormal, {0.5, 0.0625}},
      {family::frechet, {1.1, 4.25}},        {family::weibull, {0.9, 1.5}},
      {family::exponential, {2}},            {family::uniform, {1, 30}},
      {family::discrete, {1, 2, 9, 0.25}},   {family::degenerate, {1.5}},
      {family::mixture, {0.3, 0.2, 0.7, 0.6, 0.2}},
  };
  for (auto const& [f, parameters] : laws) {
    for (auto const regime : {closed, selection, all_export}) {
      example c{"", f, regime, economy};
      if (regime == all_export) {
        c.parameters[5] = 1.2;
        c.parameters[6] = 0.4;
      }
      c.parameters.insert(c.parameters.end(), parameters.begin(), parameters.end());
      auto const w = compare(c);
      CAPTURE(static_cast<int>(f), static_cast<int>(regime), w.first_where, w.second_where);
      std::printf("%d %d %.1e %.1e  %s  %s\n", static_cast<int>(f), static_cast<int>(regime), w.first, w.second, w.first_where.c_str(), w.second_where.c_str());
      CHECK(w.first < 1e-12);
      CHECK(w.second < 1e-9);
    }
  }
}
