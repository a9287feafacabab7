// SPDX-License-Identifier: BSL-1.0
#include <melitz/numerics/autodiff.hpp>
#include <melitz/numerics/gradient.hpp>
#include <melitz/tail/any_law.hpp>
#include <melitz/tail/erased.hpp>
#include <melitz/tail/quantile.hpp>

#include "support/catch.hpp"

#include <cmath>
#include <variant>

namespace test::tail_quantile {

TEST_CASE("a quantile moves with its law and its share, to the second order", "[tail][quantile][derivatives]") {
  using number = boost::math::differentiation::autodiff_fvar<double, 2>;
  auto const variable = [](double x) { return boost::math::differentiation::make_fvar<double, 2>(x); };
  // ln of a Weibull quantile is ln(-ln p)/shape.
  double const p = 0.25, u = -std::log(p), shape = 1.5;
  auto const by_share =
      melitz::log_quantile(melitz::tail_of(melitz::weibull<number>{1, shape}, number(3)), variable(p));
  CHECK_THAT(by_share.derivative(0), WithinRel(std::log(u) / shape, 1e-13));
  CHECK_THAT(by_share.derivative(1), WithinRel(-1 / (shape * u * p), 1e-12));
  CHECK_THAT(by_share.derivative(2), WithinRel((u - 1) / (shape * u * u * p * p), 1e-12));
  auto const by_shape =
      melitz::log_quantile(melitz::tail_of(melitz::weibull<number>{1, variable(shape)}, number(3)), number(p));
  CHECK_THAT(by_shape.derivative(1), WithinRel(-std::log(u) / (shape * shape), 1e-12));
  CHECK_THAT(by_shape.derivative(2), WithinRel(2 * std::log(u) / (shape * shape * shape), 1e-12));
  // Through a tail of some law, which has none without derivatives beside it.
  melitz::erased_law<number> const some(melitz::weibull<number>{1, variable(shape)});
  auto const erased = melitz::log_quantile(some.tail(number(3)), number(p));
  CHECK_THAT(erased.derivative(2), WithinRel(by_shape.derivative(2), 1e-12));
}

TEST_CASE("a quantile that is an atom moves as the atom does", "[tail][quantile][derivatives]") {
  using number = melitz::gradient<2>;
  number const value = number::variable(2, 0), weight = number::variable(0.5, 1);
  auto const three = melitz::tail_of(melitz::discrete<number>{{1, value, 3}, {weight, number(0.75 - weight), 0.25}}, 3);
  for (double const share : {0.26, 0.3, 0.49}) {
    auto const at = melitz::log_quantile(three, number(share));
    CHECK(at.value == std::log(2.0));
    CHECK_THAT(at.derivative[0], WithinRel(0.5, 1e-15));
    CHECK(at.derivative[1] == 0);
  }
  // Half reach 2, and a little more than half do not.
  for (double const share : {0.5, 0.25}) {
    CHECK_THROWS_AS(melitz::log_quantile(three, number(share)), melitz::convergence_error);
  }
  // Among draws that have a density.
  using either = std::variant<melitz::pareto<number>, melitz::degenerate<number>>;
  auto const mixed = melitz::tail_of(
      melitz::mixture<either>{{0.5, 0.5}, {melitz::pareto<number>{1, 4}, melitz::degenerate<number>{value}}}, 3);
  auto const at = melitz::log_quantile(mixed, number(0.3));
  CHECK_THAT(at.value, WithinRel(std::log(2.0), 1e-15));
  CHECK_THAT(at.derivative[0], WithinRel(0.5, 1e-15));
  auto const above = melitz::log_quantile(mixed, number::variable(0.01, 1));  // of the Pareto law alone
  CHECK_THAT(above.value, WithinRel(-std::log(0.02) / 4, 1e-13));
  CHECK_THAT(above.derivative[1], WithinRel(-25.0, 1e-12));
  CHECK(above.derivative[0] == 0);
}

}  // namespace test::tail_quantile
