// SPDX-License-Identifier: BSL-1.0
#include <melitz/tail/table.hpp>

#include <melitz/economy/solve.hpp>
#include <melitz/law/bounded_pareto.hpp>
#include <melitz/law/discrete.hpp>
#include <melitz/law/frechet.hpp>
#include <melitz/law/lognormal.hpp>
#include <melitz/law/mixture.hpp>
#include <melitz/law/pareto.hpp>
#include <melitz/law/uniform.hpp>
#include <melitz/law/weibull.hpp>
#include <melitz/tail/mixture.hpp>
#include <melitz/tail/sampled_lanes.hpp>
#include <melitz/tail/tabulate.hpp>
#include <melitz/tail/truncated.hpp>

#include "support/catch.hpp"
#include "support/laws.hpp"

#include <array>
#include <cmath>
#include <type_traits>

namespace test::tail_table {

using melitz::tabulate;
using melitz::tail_of;
using test::contains;
using test::WithinAbs;
using test::WithinRel;

namespace {

/// A law that counts how often its density is asked for.
template <class Law>
struct counting {
  using real_type = double;
  Law law;
  int* count;
  double log_density(double t) const {
    ++*count;
    return law.log_density(t);
  }
  double log_lower_bound() const { return law.log_lower_bound(); }
  double log_upper_bound() const { return law.log_upper_bound(); }
};

/// Largest relative errors of S and J on a fine grid from `from` to `to`, in and beyond the table.
template <class Table, class Tail>
std::array<double, 2> errors(Table const& table, Tail const& exact, double from, double to) {
  std::array<double, 2> worst{};
  for (int k = 0; k <= 1000; ++k) {
    double const t = from + (to - from) * k / 1000;
    auto const p = table.at(t), q = exact.at(t);
    if (q.excess == 0) {
      CHECK(p.excess == 0);
      continue;
    }
    double const scale = std::exp(p.log_scale - q.log_scale);
    worst[0] = std::max(worst[0], std::abs(p.survival * scale / q.survival - 1));
    worst[1] = std::max(worst[1], std::abs(p.excess * scale / q.excess - 1));
  }
  return worst;
}

#if MELITZ_HAS_LANES
/// A tail that counts how often it is asked.
template <class Tail>
struct counting_tail : Tail {
  int* count;
  counting_tail(Tail tail, int& asked) : Tail(std::move(tail)), count(&asked) {}
  melitz::tail_point<double> at(double t) const {
    ++*count;
    return Tail::at(t);
  }
};
#endif

}  // namespace

TEST_CASE("a table's error estimate covers its error, under every law that has a density", "[tail][table]") {
  auto const covered = [](auto const& law, double power, double from, double to) {
    auto const table = tabulate(law, power);
    auto const [survival, excess] = errors(table, tail_of(law, power), from, to);
    double const estimate = table.error_estimate();
    CAPTURE(power, from, to, survival, excess, estimate);
    CHECK(survival <= estimate + 1e-13);  // rounding of the closed form, where it has some
    CHECK(excess <= estimate + 1e-13);
    CHECK(estimate < 1e-12);
  };
  covered(melitz::lognormal<>{0, 0.8}, 3, -6, 6);
  covered(melitz::lognormal<>{-1, 2}, 3, -12, 12);
  covered(melitz::lognormal<>{0.5, 0.0625}, 3, 0, 1);
  covered(melitz::lognormal<>{0, 0.8}, 0.25, -6, 6);
  covered(melitz::pareto<>{1, 4.25}, 3, -2, 12);
  covered(melitz::pareto<>{2, 3.02}, 3, -2, 12);
  covered(melitz::frechet<>{1, 4.25}, 3, -2, 10);
  covered(melitz::weibull<>{1, 1.4}, 3, -6, 2.5);
  covered(melitz::weibull<>{1, 0.4}, 3, -9, 9);
  covered(melitz::uniform<>{1, 3}, 3, -2, 1.08);
  covered(melitz::uniform<>{0, 3}, 3, -9, 1.08);
  covered(melitz::bounded_pareto<>{0.5, 20, 2}, 3, -2, 2.95);
  covered(melitz::truncated<melitz::lognormal<>>{{0, 0.8}, 0.5, 30}, 3, -2, 3.4);
  covered(melitz::mixture<melitz::lognormal<>>{{0.7, 0.3}, {{0, 0.8}, {1, 0.5}}}, 3, -6, 6);
  covered(melitz::mixture<melitz::lognormal<>>{{0.5, 0.5}, {{-3, 0.1}, {2, 0.1}}}, 3, -4, 2.7);  // far apart
  covered(melitz::mixture<melitz::pareto<>>{{0.5, 0.5}, {{1, 4.25}, {2, 3.5}}}, 3, -2, 9);       // a jump at the second
}

TEST_CASE("a table gives the same equilibrium as the closed form", "[tail][table]") {
  melitz::open_economy<> trade{
      {.elasticity = 4, .fixed_cost = 1, .entry_cost = 2, .death_rate = 0.05, .labor = 1}, 3, 1.6, 1.3};
  auto const same = [&](auto const& law) {
    auto const table = tabulate(law, 3.0);
    for (double const iceberg_cost : {1.0, 1.3, 1.6, 3.0, 9.0}) {
      trade.iceberg_cost = iceberg_cost;
      auto const e = melitz::solve(trade, table), exact = melitz::solve(trade, law);
      CAPTURE(iceberg_cost);
      CHECK(e.regime == exact.regime);
      CHECK_THAT(e.log_cutoff, WithinAbs(exact.log_cutoff, 1e-13));
      CHECK_THAT(e.welfare, WithinRel(exact.welfare, 1e-13));
      CHECK_THAT(e.share_exporting, WithinRel(exact.share_exporting, 1e-12));
      CHECK_THAT(e.domestic_elasticity, WithinRel(exact.domestic_elasticity, 1e-12));
      CHECK(e.evaluations <= exact.evaluations + 1);
    }
  };
  same(melitz::lognormal<>{0, 0.8});
  same(melitz::weibull<>{1, 1.4});
  same(melitz::frechet<>{1, 4.25});
  same(melitz::pareto<>{1, 4.25});
  same(melitz::uniform<>{1, 3});
}

TEST_CASE("a table takes a few hundred evaluations of the density, and a solve none", "[tail][table]") {
  int count = 0;
  auto const tail = tail_of(counting<melitz::lognormal<>>{{0, 0.8}, &count}, 3.0);
  CHECK(count > 200);
  CHECK(count < 700);
  count = 0;
  auto const e = melitz::solve(
      melitz::closed_economy<>{.elasticity = 4, .fixed_cost = 1, .entry_cost = 2, .death_rate = 0.05, .labor = 1},
      tail);
  CHECK(count == 0);
  CHECK_THAT(e.cutoff, WithinRel(4.57404871722183589793, 1e-13));
}

TEST_CASE("a density's tail for one solve is that of its table, made as it is asked for", "[tail][table]") {
  int count = 0;
  auto const covered = [&](auto const& law, double power, double from, double to) {
    auto const tail = melitz::detail::tail_for_one_solve(counting<std::decay_t<decltype(law)>>{law, &count}, power);
    CHECK(tail.panels().empty());  // no polynomials are kept
    auto const exact = tail_of(law, power);
    auto const [survival, excess] = errors(tail, exact, from, to);
    CAPTURE(power, from, to, survival, excess);
    CHECK(survival <= tail.error_estimate() + 1e-13);
    CHECK(excess <= tail.error_estimate() + 1e-13);
    CHECK(tail.error_estimate() < 1e-12);
    CHECK_THAT(tail.log_moment(), WithinRel(exact.log_moment(), 1e-13) || WithinAbs(exact.log_moment(), 1e-13));
    CHECK(tail.smooth_between(from / 4 + to * 3 / 4, from / 4 + to * 3 / 4 + 1e-6));
    CHECK_FALSE(tail.smooth_between(from, to));
  };
  covered(melitz::lognormal<>{0, 0.8}, 3, -6, 6);
  covered(melitz::pareto<>{1, 4.25}, 3, -2, 12);
  covered(melitz::weibull<>{1, 0.4}, 3, -9, 9);
  covered(melitz::uniform<>{1, 3}, 3, -2, 1.08);
  covered(melitz::lognormal<>{0, 0.8}, 0.25, -6, 6);

  count = 0;
  auto const e = melitz::solve(
      melitz::closed_economy<>{.elasticity = 4, .fixed_cost = 1, .entry_cost = 2, .death_rate = 0.05, .labor = 1},
      counting<melitz::lognormal<>>{{0, 0.8}, &count});
  CHECK(count > 200);
  CHECK(count < 700);
  CHECK_THAT(e.cutoff, WithinRel(4.57404871722183589793, 1e-13));
  CHECK(e.error_estimate > 0);
}

TEST_CASE("a table's derivatives are those of its tail", "[tail][table]") {
  auto const table = tabulate(melitz::lognormal<>{0, 0.8}, 3.0);
  auto const exact = tail_of(melitz::lognormal<>{0, 0.8}, 3.0);
  for (double const t : {-1.5, 0.0, 1.1, 2.2, 3.3}) {
    CAPTURE(t);
    auto const p = table.at(t), q = exact.at(t);
    double const scale = std::exp(p.log_scale - q.log_scale);
    // Derivatives of a polynomial that is right to rounding: each loses some two digits.
    CHECK_THAT(p.density * scale, WithinRel(q.density, 1e-10));
    CHECK_THAT(p.density_slope * scale, WithinRel(q.density_slope, 1e-7) || WithinAbs(0, 1e-9));
    CHECK_THAT(p.density_curvature * scale, WithinRel(q.density_curvature, 1e-5));
    CHECK_THAT(p.density_third * scale, WithinRel(q.density_third, 1e-3) || WithinAbs(0, 1e-6));
    CHECK(table.smooth_between(t, t + 1e-5));
  }
  CHECK_FALSE(table.smooth_between(-100, -99));
}

#if MELITZ_HAS_LANES
TEST_CASE("lanes of a tail are that tail wherever they vouch for it", "[tail][lanes]") {
  namespace lanes = melitz::detail::lanes;
  using pack = lanes::pack_of<lanes::register_width>;
  // How many of the points between `from` and `to` are vouched for, and how often the tail was asked.
  auto const agree = [](auto const& tail, double from, double to) {
    int asked = 0, vouched = 0;
    lanes::sampled_pieces pieces(counting_tail<std::decay_t<decltype(tail)>>(tail, asked));
    lanes::sampled_lanes<pack> const in_lanes(pieces);
    for (int k = 0; k <= 200; ++k) {
      pack x{};
      for (std::size_t i = 0; i < pack::width; ++i) x.set(i, from + (to - from) * (k + 0.1 * double(i)) / 221);
      auto const p = in_lanes.at(x, x);
      int const before = asked;
      for (std::size_t i = 0; i < pack::width; ++i) {
        if (!p.vouched[i]) continue;
        auto const q = tail.at(x[i]);
        double const scale = q.scale(), noise = 1e-13 + 1e-15 * std::abs(q.log_scale);
        CAPTURE(x[i]);
        CHECK_THAT(p.survival[i], WithinRel(q.survival * scale, noise));
        CHECK_THAT(p.excess[i], WithinRel(q.excess * scale, noise));
        CHECK_THAT(p.density[i],
                   WithinRel(q.density * scale, 1e-9) || WithinAbs(q.density * scale, 1e-12 * q.survival * scale));
        CHECK(p.begin[i] <= x[i]);
        CHECK(x[i] < p.end[i]);
        if (i == 0) ++vouched;
      }
      asked = before;
    }
    return std::array{vouched, asked};
  };
  // A table brings its polynomials along, each other tail is asked 22 times an interval.
  CHECK(agree(tabulate(melitz::lognormal<>{0, 0.8}, 3.0), -4, 4) == std::array{201, 0});
  CHECK(agree(tail_of(melitz::lognormal<>{0, 0.8}, 3.0), -4, 4) == std::array{201, 8 * 22});
  CHECK(agree(tail_of(melitz::frechet<>{1, 4.25}, 3.0), 1, 4)[0] == 201);
  CHECK(agree(tail_of(melitz::weibull<>{1, 1.4}, 3.0), -3, 1)[0] == 201);
  // Below a table lies no mass, and above all of it nothing is.
  CHECK(agree(tabulate(melitz::uniform<>{1, 3}, 3.0), -2, -0.01)[0] == 201);
  CHECK(agree(tail_of(melitz::uniform<>{1, 3}, 3.0), 1.1, 4)[0] == 201);
  // Between the halves of the dyadic intervals lies an atom, or a kink.
  auto const atom = tail_of(melitz::discrete<>{{1.37}, {}}, 3.0);
  CHECK(agree(atom, -1, 0.3)[0] == 201);
  CHECK(agree(atom, 0.3135, 0.3147)[0] == 0);
  CHECK(agree(tail_of(melitz::pareto<>{1.37, 4.25}, 3.0), 0.3135, 0.316)[0] == 0);
}
#endif

TEST_CASE("laws without a density keep their own tail; bad parameters keep their names", "[tail][table]") {
  auto const data = melitz::discrete<>{{1, 2, 3}, {}};
  static_assert(std::is_same_v<decltype(tabulate(data, 3.0)), decltype(tail_of(data, 3.0))>);
  CHECK_THROWS_WITH(tabulate(melitz::weibull<>{-1, 1}, 3.0), contains("scale is -1"));
  CHECK_THROWS_WITH(tabulate(melitz::pareto<>{1, 2}, 3.0), contains("shape is 2"));
}

}  // namespace test::tail_table
