// SPDX-License-Identifier: BSL-1.0
#include <melitz/tail/erased.hpp>

#include "support/catch.hpp"
#include "support/laws.hpp"

#include <cmath>
#include <limits>
#include <stdexcept>
#include <variant>
#include <vector>

namespace test::tail_erased {

namespace {

/// To the last bit, of numbers or of none.
template <class Real>
bool same(Real const& a, Real const& b) {
  return (a == b && std::signbit(a) == std::signbit(b)) || (std::isnan(a) && std::isnan(b));
}
template <class Real>
bool same(melitz::tail_point<Real> const& a, melitz::tail_point<Real> const& b) {
  return same(a.log_scale, b.log_scale) && same(a.survival, b.survival) && same(a.excess, b.excess) &&
         same(a.density, b.density) && same(a.density_slope, b.density_slope) &&
         same(a.density_curvature, b.density_curvature) && same(a.density_third, b.density_third);
}

/// Places where a tail may be asked: everywhere, at the ends of its support and beside them, and where it has kinks.
template <class Tail>
std::vector<double> places_of(Tail const& tail) {
  std::vector<double> out{-700, -30, 30, 700};
  for (double t = -3; t < 5; t += 0.37) out.push_back(t);
  for (double const t : melitz::detail::log_kinks_of(tail)) {
    for (double const other : {t, std::nextafter(t, -HUGE_VAL), std::nextafter(t, HUGE_VAL)}) out.push_back(other);
  }
  return out;
}

/// In units of its own, or as it is.
template <class Tail>
auto in_own_units(Tail const& tail) {
  if constexpr (melitz::detail::has_own_units<Tail>) {
    return tail.own();
  } else {
    return tail;
  }
}

template <class Tail>
void check_erased(Tail const& tail, melitz::erased_tail<> const& erased) {
  namespace detail = melitz::detail;
  auto const own = in_own_units(tail);
  CHECK(same(erased.power(), double{tail.power()}));
  CHECK(same(erased.log_moment(), tail.log_moment()));
  CHECK(same(erased.log_lower_bound(), tail.log_lower_bound()));
  CHECK(same(erased.log_upper_bound(), tail.log_upper_bound()));
  CHECK(same(erased.error_estimate(), detail::error_estimate_of(tail)));
  CHECK(erased.log_kinks() == detail::log_kinks_of(tail));
  CHECK(same(erased.own().power(), double{own.power()}));
  CHECK(same(erased.own().log_moment(), own.log_moment()));
  CHECK(same(erased.own().log_lower_bound(), own.log_lower_bound()));
  CHECK(same(erased.own().log_upper_bound(), own.log_upper_bound()));
  double unit = 0, rest = 0;
  if constexpr (detail::has_own_units<Tail>) {
    unit = tail.log_unit().value;
    rest = tail.log_unit().rest;
  }
  CHECK(same(erased.log_unit().value, unit));
  CHECK(same(erased.log_unit().rest, rest));
  auto const places = places_of(tail);
  for (double const t : places) {
    CAPTURE(t);
    CHECK(same(erased.at(t), tail.at(t)));
    CHECK(same(erased.own().at(t - unit), own.at(t - unit)));
    auto const wide = static_cast<detail::wider_t<double>>(t) - static_cast<detail::wider_t<double>>(unit);
    CHECK(same(erased.own().at_in_wider_type(wide), detail::at_in_wider_type(own, wide)));
    double const near = t + 1e-3;
    CHECK(erased.smooth_between(t, near) == detail::smooth_between(tail, t, near));
    CHECK(erased.own().smooth_between(t - unit, near - unit) == detail::smooth_between(own, t - unit, near - unit));
  }
}

}  // namespace

TEST_CASE("a tail whose type was erased is the same to the last bit", "[tail][property]") {
  for (auto const& [name, any] : test::laws()) {
    CAPTURE(name);
    // The law of its own family, in a way of its own: what stands behind the virtual call is that family's tail.
    std::visit(
        [](auto const& law) {
          melitz::erased_law<> const erased(law);
          check_erased(melitz::tail_of(law, 3.0), erased.tail(3));
          check_erased(melitz::detail::tail_for_one_solve(law, 3.0), melitz::detail::tail_for_one_solve(erased, 3.0));
          CHECK(same(erased.power_for_survival(), melitz::detail::power_for_survival(law)));
        },
        any);
    // And of any family, as a variant.
    check_erased(melitz::tail_of(any, 3.0), melitz::erased_tail<>(melitz::tail_of(any, 3.0)));
  }
}

TEST_CASE("of an erased law only a Pareto one has a shape, and all have their mistakes", "[tail][failure]") {
  double const nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(melitz::erased_law<>(melitz::pareto<>{1, 4.25}).pareto_shape() == 4.25);
  CHECK(std::isnan(melitz::erased_law<>(melitz::lognormal<>{0, 1}).pareto_shape()));
  CHECK_THROWS_WITH(melitz::erased_law<>(melitz::pareto<>{1, 2.5}).tail(3), test::contains("shape"));
  CHECK_THROWS_WITH(melitz::erased_law<>(melitz::lognormal<>{nan, 1}).tail(3), test::contains("log_mean is nan"));
}

}  // namespace test::tail_erased
