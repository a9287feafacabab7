// SPDX-License-Identifier: BSL-1.0
#include <melitz/analysis/size_moments.hpp>
#include <melitz/economy/solve.hpp>
#include <melitz/models/technology.hpp>
#include <melitz/numerics/autodiff.hpp>
#include <melitz/numerics/gradient.hpp>
#include <melitz/tail/any_law.hpp>
#include <melitz/tail/erased.hpp>

#include "support/catch.hpp"
#include "support/laws.hpp"

#include <boost/multiprecision/cpp_bin_float.hpp>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace test::size_moments {

namespace {

using melitz::firm_kind;
using melitz::firm_size;
using melitz::sizes_of;
using fifty_digits =
    boost::multiprecision::number<boost::multiprecision::cpp_bin_float<50>, boost::multiprecision::et_off>;
constexpr double inf = std::numeric_limits<double>::infinity();

template <class Real = double>
melitz::open_economy<Real> trade(Real const& elasticity = Real(4), Real const& iceberg_cost = Real(1.75),
                                 Real const& entry_cost = Real(2)) {
  return {{elasticity, Real(1), entry_cost, Real(0.0625), Real(100)}, Real(3), iceberg_cost, Real(1.25)};
}
template <class Real = double>
melitz::open_economy<Real> free_trade() {
  auto out = trade<Real>();
  out.iceberg_cost = 1;
  out.export_fixed_cost = 0.5;
  return out;
}

/// All that is said of the sizes of some firms.
template <class Distribution>
auto numbers_of(Distribution const& sizes) {
  using Real = typename Distribution::real_type;
  auto const logs = sizes.log_moments();
  return std::vector<Real>{sizes.mass(),
                           sizes.total(),
                           sizes.mean(),
                           logs.mean,
                           logs.variance,
                           sizes.top_share(Real(0.015625)),
                           sizes.top_share(Real(0.5)),
                           sizes.log_quantile(Real(0.015625)),
                           sizes.log_quantile(Real(0.875))};
}

constexpr std::pair<firm_size, firm_kind> all_kinds[] = {
    {firm_size::sales, firm_kind::producers},     {firm_size::sales, firm_kind::exporters},
    {firm_size::sales, firm_kind::non_exporters}, {firm_size::domestic_sales, firm_kind::producers},
    {firm_size::exports, firm_kind::exporters},   {firm_size::employment, firm_kind::producers},
};

template <class Law, class Real = melitz::law_real_t<Law>>
std::vector<Real> all_numbers(melitz::open_economy<Real> const& economy, Law const& law) {
  auto const e = melitz::solve(economy, law);
  std::vector<Real> out;
  for (auto const& [what, who] : all_kinds) {
    auto const sizes = sizes_of(e, law, what, who);
    if (sizes.mass() == 0) continue;
    for (auto const& x : numbers_of(sizes)) out.push_back(x);
  }
  return out;
}

/// Largest distance, relative to the number or, of what is a logarithm and may be near 0, absolute.
double distance(std::vector<double> const& a, std::vector<fifty_digits> const& b) {
  double out = a.size() == b.size() ? 0 : inf;
  for (std::size_t k = 0; k < a.size() && k < b.size(); ++k) {
    auto const want = static_cast<double>(b[k]);
    bool const is_log = k % 9 == 3 || k % 9 >= 7;
    double const off = std::abs(static_cast<double>(a[k] - b[k])) / (is_log ? std::max(1.0, std::abs(want)) : want);
    if (!(off <= out)) {
      out = off;
      INFO(k);
    }
  }
  return out;
}

}  // namespace

TEST_CASE("sizes under a Pareto law have closed forms", "[analysis][sizes]") {
  for (double const shape : {3.0625, 4.25, 12.0}) {
    melitz::pareto<> const law{2, shape};
    auto const e = melitz::solve(trade().domestic, law);
    auto const sizes = sizes_of(e, law);
    double const zeta = shape / 3;  // of sales
    CAPTURE(shape);
    for (double const p : {1e-9, 0.01, 0.5, 0.999}) {
      CHECK_THAT(sizes.top_share(p), WithinRel(std::pow(p, 1 - 1 / zeta), 1e-12));
      CHECK_THAT(sizes.log_quantile(p), WithinAbs(std::log(4.0) - std::log(p) / zeta, 1e-12));
    }
    CHECK_THAT(sizes.log_moments().mean, WithinRel(std::log(4.0) + 1 / zeta, 1e-12));
    CHECK_THAT(sizes.log_moments().variance, WithinRel(1 / (zeta * zeta), 1e-12));
    CHECK_THAT(sizes.mean(), WithinRel(e.average_revenue, 1e-13));
  }
}

TEST_CASE("sizes in closed form, by quadrature and at fifty digits", "[analysis][sizes]") {
  melitz::lognormal<> const law{0.25, 0.75};
  melitz::lognormal<fifty_digits> const exact_law{fifty_digits(0.25), fifty_digits(0.75)};
  for (bool const free : {false, true}) {
    CAPTURE(free);
    auto const economy = free ? free_trade() : trade();
    auto const exact = all_numbers(free ? free_trade<fifty_digits>() : trade<fifty_digits>(), exact_law);
    CHECK(distance(all_numbers(economy, law), exact) < 1e-12);
    // A tail of some law does not know what this one does of logs.
    CHECK(distance(all_numbers(economy, melitz::erased_law<>(law)), exact) < 1e-12);
  }
}

TEST_CASE("sizes under all laws add up to what the equilibrium says", "[analysis][sizes]") {
  for (auto const& [name, any] : test::laws()) {
    melitz::erased_law<> const law(any);
    for (auto const& economy : {trade(), free_trade(), melitz::as_open(trade().domestic)}) {
      auto const e = melitz::solve(economy, law);
      CAPTURE(name, e.regime);
      auto const sales = sizes_of(e, law), domestic = sizes_of(e, law, firm_size::domestic_sales),
                 exports = sizes_of(e, law, firm_size::exports, firm_kind::exporters),
                 workers = sizes_of(e, law, firm_size::employment);
      CHECK_THAT(sales.mass(), WithinRel(e.probability_of_producing, 1e-12));
      CHECK_THAT(sales.total() * e.mass_entrants, WithinRel(e.revenue, 1e-11));
      CHECK_THAT(domestic.mean(), WithinRel(e.average_domestic_revenue, 1e-11));
      CHECK_THAT(exports.total() * e.mass_entrants, WithinRel(e.exports, 1e-11) || WithinAbs(0, 0));
      CHECK_THAT(exports.mass() * e.mass_entrants, WithinRel(e.mass_exporters, 1e-11) || WithinAbs(0, 0));
      CHECK_THAT(workers.total() * e.mass_entrants, WithinRel(e.economy.domestic.labor - e.labor_entry, 1e-11));
      if (test::has_atoms(name)) continue;
      // The largest and the rest, and quantiles against the firms themselves.
      double below = 0;
      for (double const p : {0.001, 0.1, 0.6, 0.95}) {
        double const part = sales.top_share(p), log_size = sales.log_quantile(p);
        CHECK(part >= std::max(below, p * (1 - 1e-13)));
        CHECK(part <= 1);
        below = part;
        double const phi = std::exp(melitz::log_quantile(tail_of(law, 3.0), p * e.probability_of_producing));
        if (std::abs(p - e.share_exporting) < 0.01) continue;  // in the gap there are two answers
        CHECK_THAT(log_size, WithinAbs(std::log(e.revenue_of(phi)), 1e-10));
        double const worker = workers.log_quantile(p);
        CHECK_THAT(worker, WithinAbs(std::log(e.labor_of(phi)), 1e-10));
      }
    }
  }
}

TEST_CASE("variance within and between the groups is that of all", "[analysis][sizes]") {
  for (auto const& [name, any] : test::laws()) {
    if (test::has_atoms(name)) continue;
    melitz::erased_law<> const law(any);
    auto const e = melitz::solve(trade(), law);
    if (!(e.share_exporting > 0) || e.share_exporting == 1) continue;
    CAPTURE(name);
    for (auto const what : {firm_size::sales, firm_size::employment}) {
      auto const all = sizes_of(e, law, what).log_moments();
      auto const some = sizes_of(e, law, what, firm_kind::exporters).log_moments(),
                 rest = sizes_of(e, law, what, firm_kind::non_exporters).log_moments();
      double const x = e.share_exporting, mean = x * some.mean + (1 - x) * rest.mean;
      CHECK_THAT(all.mean, WithinRel(mean, 1e-11));
      CHECK_THAT(all.variance, WithinRel(x * (some.variance + std::pow(some.mean - mean, 2)) +
                                             (1 - x) * (rest.variance + std::pow(rest.mean - mean, 2)),
                                         1e-10));
    }
  }
}

TEST_CASE("derivatives of sizes agree with differences at fifty digits", "[analysis][sizes][derivatives]") {
  std::vector<double> const at{4, 1.75, 2, 0.25, 0.75};  // elasticity, iceberg cost, entry cost, two of the law
  auto const solved = [](auto const& p) {
    using Real = typename std::decay_t<decltype(p)>::value_type;
    return all_numbers(trade<Real>(p[0], p[1], p[2]), melitz::lognormal<Real>{p[3], p[4]});
  };
  using number = melitz::gradient<5>;
  std::vector<number> variables;
  for (std::size_t i = 0; i < at.size(); ++i) variables.push_back(number::variable(at[i], i));
  auto const got = solved(variables);
  auto const plain = solved(at);
  // In one direction, along which each parameter weighs differently: fifty digits take their time.
  std::vector<double> const weights{1, -0.75, 0.5, 1.25, -0.375};
  std::vector<fifty_digits> up(at.begin(), at.end()), down = up;
  fifty_digits const step("1e-15");
  for (std::size_t i = 0; i < at.size(); ++i) {
    up[i] += weights[i] * step;
    down[i] -= weights[i] * step;
  }
  auto const above = solved(up), below = solved(down);
  REQUIRE(above.size() == got.size());
  for (std::size_t k = 0; k < got.size(); ++k) {
    CAPTURE(k);
    double along = 0, size = 0.01 * std::abs(plain[k]);
    for (std::size_t i = 0; i < at.size(); ++i) {
      along += weights[i] * got[k].derivative[i];
      size = std::max(size, std::abs(weights[i] * got[k].derivative[i]));
    }
    CHECK(std::abs(along - static_cast<double>(fifty_digits((above[k] - below[k]) / (2 * step)))) <= 1e-10 * size);
    CHECK(std::abs(got[k].value - plain[k]) <= 1e-13 * std::max(1.0, std::abs(plain[k])));
  }
}

TEST_CASE("second derivatives of sizes, by Boost", "[analysis][sizes][derivatives]") {
  using number = boost::math::differentiation::autodiff_fvar<double, 2>;
  // Under a Pareto law ln of the top share is (1 - 3/shape) ln p.
  auto const shape = boost::math::differentiation::make_fvar<double, 2>(4.25);
  melitz::pareto<number> const law{number(1), shape};
  auto const e = melitz::solve(melitz::as_open(trade<number>().domestic), law);
  auto const share = sizes_of(e, law).top_share(number(0.0625));
  double const log_p = std::log(0.0625), a = 3 / (4.25 * 4.25), b = -2 * a / 4.25;  // d, d2 of 1 - 3/shape
  double const value = std::pow(0.0625, 1 - 3 / 4.25);
  CHECK_THAT(share.derivative(0), WithinRel(value, 1e-12));
  CHECK_THAT(share.derivative(1), WithinRel(value * a * log_p, 1e-11));
  CHECK_THAT(share.derivative(2), WithinRel(value * (b * log_p + std::pow(a * log_p, 2)), 1e-9));
  auto const log_size = sizes_of(e, law).log_quantile(number(0.0625));
  CHECK_THAT(log_size.derivative(1), WithinRel(log_p * a, 1e-11));
  CHECK_THAT(log_size.derivative(2), WithinRel(log_p * b, 1e-9));
  auto const logs = sizes_of(e, law).log_moments();
  CHECK_THAT(logs.variance.derivative(2), WithinRel(6 * 9 / std::pow(4.25, 4), 1e-9));
}

TEST_CASE("sizes of the firms that picked an option", "[analysis][sizes]") {
  melitz::technology_economy<> const economy{trade(), 1.3, 2.5};
  melitz::lognormal<> const law{0, 0.75};
  auto const e = melitz::solve(economy, law);
  auto const all = sizes_of(e.choices, law);
  auto const named = [&](std::string const& part, firm_size what) {
    return sizes_of(e.choices, law, what, [&](auto const& s) { return s.option.find(part) != std::string::npos; });
  };
  CHECK_THAT(all.mass() * e.mass_entrants, WithinRel(e.mass_producers, 1e-12));
  CHECK_THAT(all.total() * e.mass_entrants, WithinRel(e.revenue, 1e-12));
  auto const upgraded = named("new", firm_size::sales);
  CHECK_THAT(upgraded.total() / all.total(), WithinRel(e.upgraded_revenue, 1e-12));
  CHECK_THAT(upgraded.mass() / all.mass(), WithinRel(e.share_upgrading, 1e-12));
  CHECK_THAT(sizes_of(e.choices, law, firm_size::employment).total() * e.mass_entrants,
             WithinRel(e.labor_fixed + e.labor_export_fixed + e.labor_variable, 1e-12));
  auto const exporters = named("export", firm_size::sales);
  CHECK_THAT(exporters.mass() * e.mass_entrants, WithinRel(e.mass_exporters, 1e-12));
  CHECK(named("none", firm_size::sales).mass() == 0);
  CHECK(std::isnan(named("none", firm_size::sales).top_share(0.5)));
  CHECK(std::isnan(named("none", firm_size::sales).log_moments().mean));
  // The open economy is a menu of two.
  melitz::open_economy<> const open = trade();
  auto const direct = melitz::solve(open, law);
  melitz::menu<> options{{"home", 1, 1, 4}};
  melitz::add_exports(options, open, {"export"});
  auto const tail = tail_of(law, 3.0);
  auto const choices = melitz::solve_free_entry(options, tail, open.domestic.required_profit(), 4.0);
  auto const one = numbers_of(sizes_of(direct, tail)), other = numbers_of(sizes_of(choices, tail));
  for (std::size_t k = 0; k < one.size(); ++k) CHECK_THAT(one[k], WithinRel(other[k], 1e-12));
}

TEST_CASE("a menu from which nobody exits", "[analysis][sizes]") {
  // Everybody earns, and the largest pay for more; a log-normal law has no lowest productivity.
  melitz::lognormal<> const law{0.5, 0.25};
  melitz::menu<> const options{{"small", 1, 0}, {"large", 2, 30}};
  auto const tail = tail_of(law, 3.0);
  auto const choices = melitz::solve_free_entry(options, tail, 5.0, 4.0);
  REQUIRE(choices.segments[0].option == "small");
  auto const sizes = sizes_of(choices, tail);
  CHECK_THAT(sizes.mass(), WithinRel(1, 1e-14));
  CHECK_THAT(sizes.total(), WithinRel(choices.expected_revenue, 1e-13));
  auto const alone = melitz::detail::linear_sizes(tail, {{-inf, inf, 1.5}});
  CHECK_THAT(alone.log_moments().mean, WithinRel(1.5 + 3 * 0.5, 1e-12));
  CHECK_THAT(alone.log_moments().variance, WithinRel(9 * 0.0625, 1e-12));
  CHECK_THAT(alone.find_quantile(0.5, 0).log_x, WithinRel(3, 1e-13));
}

TEST_CASE("sizes that fall from one option to the next overlap", "[analysis][sizes]") {
  // phi^3 below 2, half of that from there on: sizes from 4 to 8 are of both.
  melitz::pareto<> const law{1, 4};
  auto const tail = tail_of(law, 3.0);
  double const bound = std::log(2.0), half = -std::log(2.0);
  melitz::size_distribution<std::decay_t<decltype(tail)>> const sizes(tail, {{0, bound, 0}, {bound, inf, half}});
  auto const reach = [](double size) {  // Pr(phi^3 >= size, phi < 2) + Pr(phi^3 >= 2 size, phi >= 2)
    double const small = size < 8 ? std::pow(size, -4.0 / 3) - 0.0625 : 0;
    return small + std::pow(std::max(2 * size, 8.0), -4.0 / 3);
  };
  for (double const share : {0.01, 0.05, 0.1, 0.14, 0.5}) {
    CAPTURE(share);
    double const size = std::exp(sizes.log_quantile(share));
    CHECK_THAT(reach(size), WithinRel(share, 1e-12));
    double const own = 4 * (std::max(std::pow(size, -1.0 / 3), 0.5) - 0.5),
                 later = 2 * std::pow(std::max(2 * size, 8.0), -1.0 / 3);
    CHECK_THAT(sizes.top_share(share) * sizes.total(), WithinRel(own + later, 1e-12));
  }
  CHECK_THAT(sizes.total(), WithinRel(4 * 0.5 + 2 * 0.5, 1e-13));
}

TEST_CASE("sizes of atoms count in part", "[analysis][sizes]") {
  melitz::erased_law<> const law(melitz::discrete<>{{1, 2, 3}, {0.5, 0.25, 0.25}});
  auto const e = melitz::solve(melitz::as_open(trade(4.0, 1.75, 16.0).domestic), law);
  auto const sizes = sizes_of(e, law);
  // Sales are as 8 to 27 where the two better ones produce.
  REQUIRE(e.probability_of_producing == 0.5);
  CHECK_THAT(sizes.top_share(0.5), WithinRel(27.0 / 35, 1e-13));
  CHECK_THAT(sizes.top_share(0.75), WithinRel((27.0 + 4) / 35, 1e-13));
  CHECK_THAT(sizes.top_share(0.125), WithinRel(27.0 / 4 / 35, 1e-13));
  CHECK_THROWS_WITH(sizes.log_moments(), contains("laws without atoms"));
}

TEST_CASE("what cannot be said of sizes is refused by name", "[analysis][sizes]") {
  melitz::lognormal<> const law{0, 0.75};
  auto const e = melitz::solve(trade(), law);
  auto const sizes = sizes_of(e, law);
  for (double const bad : {0.0, 1.0, -0.5, std::nan(""), inf}) {
    CHECK_THROWS_WITH(sizes.top_share(bad), contains("share is"));
    CHECK_THROWS_WITH(sizes.log_quantile(bad), contains("share is"));
  }
  CHECK_THROWS_WITH(sizes_of(e, melitz::lognormal<>{0, 0.8}), contains("the law that it was solved with"));
  CHECK_THROWS_WITH(sizes_of(e, tail_of(law, 2.0)), contains("tail.power() is 2"));
  auto failed = trade();
  failed.domestic.labor = 1e-300;
  failed.domestic.elasticity = 1.2;
  CHECK_THROWS_AS(sizes_of(melitz::try_solve(failed, law), law), melitz::convergence_error);
  auto const tail = tail_of(law, 3.0);
  auto const choices = melitz::solve_free_entry(melitz::menu<>{{"sell", 1, 1}}, tail, 0.1, 4.0);
  CHECK_THROWS_WITH(sizes_of(choices, tail, firm_size::exports), contains("size is exports"));
  CHECK_THROWS_WITH(sizes_of(choices, tail_of(law, 2.0)), contains("tail.power() is 2"));
  CHECK_THROWS_AS(sizes_of(melitz::menu_equilibrium<>{}, tail), melitz::convergence_error);
  using distribution = melitz::size_distribution<std::decay_t<decltype(tail)>>;
  CHECK_THROWS_WITH(distribution(tail, {{0, inf, inf}}), contains("log_factor is inf"));
  CHECK_THROWS_WITH(distribution(tail, {{0, inf, 0, -1}}), contains("fixed is -1"));
  CHECK_THROWS_WITH(distribution(tail, {{1, 0, 0}}), contains("log_upper is 0"));
  CHECK_THROWS_WITH(distribution(tail, {{0, 2, 0}, {1, 3, 0}}), contains("log_lower is 1"));
  CHECK_THROWS_WITH(distribution(tail, {{0, std::nan(""), 0}}), contains("log_upper is nan"));
}

TEST_CASE("what exporters sell, as sales of the largest firms", "[analysis][sizes][derivatives]") {
  using number = melitz::gradient<5>;
  melitz::lognormal<number> const moving{number(0.25), number::variable(0.75, 0)};
  auto const split = melitz::solve(trade<number>(), moving);
  auto const both = sizes_of(split, moving);
  auto const theirs = sizes_of(split, moving, firm_size::sales, firm_kind::exporters);
  auto const part = theirs.total() / both.total(), same = both.top_share(split.share_exporting);
  CHECK_THAT(same.value, WithinRel(part.value, 1e-12));
  CHECK_THAT(same.derivative[0], WithinRel(part.derivative[0], 1e-10));
}

TEST_CASE("sizes deep in a law, and where it is wide or narrow", "[analysis][sizes]") {
  // All produce, from far below the bulk; and only the very best do. Against fifty digits.
  for (double const sd : {0.03125, 4.0}) {
    for (double const entry_cost : {1e-6, 1e9}) {
      melitz::lognormal<> const law{0.25, sd};
      melitz::lognormal<fifty_digits> const exact{fifty_digits(0.25), fifty_digits(sd)};
      auto economy = melitz::as_open(trade(4.0, 1.75, entry_cost).domestic);
      auto const exact_economy =
          melitz::as_open(trade<fifty_digits>(fifty_digits(4), fifty_digits(1.75), fifty_digits(entry_cost)).domestic);
      CAPTURE(sd, entry_cost);
      auto const e = melitz::try_solve(economy, law);
      auto const f = melitz::solve(exact_economy, exact);
      REQUIRE(e);
      auto const got = sizes_of(e, law);
      auto const by_density = sizes_of(e, melitz::erased_law<>(law));
      auto const want = sizes_of(f, exact);
      auto const logs = want.log_moments();
      for (auto const& m : {got.log_moments(), by_density.log_moments()}) {
        CHECK_THAT(m.mean, WithinRel(static_cast<double>(logs.mean), 1e-12));
        CHECK_THAT(m.variance, WithinRel(static_cast<double>(logs.variance), 1e-11));
      }
      CHECK_THAT(got.top_share(0.01), WithinRel(static_cast<double>(want.top_share(fifty_digits(0.01))), 1e-11));
      CHECK(by_density.mass() == got.mass());
    }
  }
}

TEST_CASE("sizes of a group that is hardly there", "[analysis][sizes]") {
  // Those who do not export lie between cutoffs so near one another that sizes are uniform in logs between them, and
  // rounding is all that tells them apart.
  melitz::lognormal<> const law{0, 0.25};
  for (double const width : {1e-3, 3e-5, 1e-6}) {
    CAPTURE(width);
    melitz::open_economy<> const economy{
        .domestic = {.elasticity = 4, .fixed_cost = 1, .entry_cost = 5.6, .death_rate = 1, .labor = 1},
        .partners = 1,
        .iceberg_cost = 1.75,
        .export_fixed_cost = std::exp(width) / std::pow(1.75, 3)};
    auto const e = melitz::solve(economy, law);
    auto const logs = sizes_of(e, law, firm_size::domestic_sales, firm_kind::non_exporters).log_moments();
    CHECK_THAT(logs.mean, WithinAbs(std::log(4.0) + width / 2, width * width + 1e-14));
    CHECK_THAT(std::sqrt(logs.variance), WithinRel(width / std::sqrt(12.0), width + 1e-13 / width));
  }
}

}  // namespace test::size_moments
