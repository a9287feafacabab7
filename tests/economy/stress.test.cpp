// SPDX-License-Identifier: BSL-1.0
#include <melitz/economy/solve.hpp>

#include "support/catch.hpp"
#include "support/laws.hpp"

#include <boost/math/special_functions/erf.hpp>
#include <boost/multiprecision/cpp_bin_float.hpp>
#include <cmath>
#include <limits>
#include <random>

namespace test::economy_stress {

using melitz::closed_economy;
using melitz::open_economy;
using test::WithinAbs;
using test::WithinRel;

namespace {

using fifty_digits =
    boost::multiprecision::number<boost::multiprecision::cpp_bin_float<50>, boost::multiprecision::et_off>;
double const eps = std::numeric_limits<double>::epsilon();

/// Random economies over the ranges that the library promises to solve; the same ones on every run and platform,
/// since only the generator's integers are used, not the standard distributions.
class random_economies {
 public:
  explicit random_economies(unsigned seed) : generator_(seed) {}

  double uniform(double a, double b) { return a + (b - a) * (static_cast<double>(generator_() >> 11) * 0x1p-53); }
  double log_uniform(double a, double b) { return std::exp(uniform(std::log(a), std::log(b))); }

  open_economy<> next() {
    open_economy<> e;
    e.domestic = {.elasticity = uniform(1.2, 20),
                  .fixed_cost = log_uniform(1e-6, 1e6),
                  .entry_cost = log_uniform(1e-6, 1e6),
                  .death_rate = log_uniform(1e-4, 1),
                  .labor = log_uniform(1e-2, 1e6)};
    e.partners = std::floor(uniform(0, 101));
    e.iceberg_cost = log_uniform(1, 10);
    e.export_fixed_cost = e.domestic.fixed_cost * std::exp(uniform(-3, 3));
    return e;
  }

  melitz::any_law<> law(double power) {
    double const scale = log_uniform(0.1, 10), location = uniform(-2, 2);
    switch (static_cast<int>(uniform(0, 9))) {
      case 0:
        return melitz::pareto<>{scale, power + log_uniform(0.02, 20)};
      case 1:
        return melitz::lognormal<>{location, log_uniform(0.05, 3)};
      case 2:
        return melitz::frechet<>{scale, power + log_uniform(0.02, 20)};
      case 3:
        return melitz::weibull<>{scale, log_uniform(0.3, 10)};
      case 4:
        return melitz::exponential<>{scale};
      case 5:
        return melitz::uniform<>{scale, scale * (1 + log_uniform(0.01, 100))};
      case 6:
        return melitz::bounded_pareto<>{scale, scale * (1 + log_uniform(0.01, 1000)), log_uniform(0.2, 20)};
      case 7:
        return melitz::discrete<>{{scale, 2 * scale, 3 * scale, 7 * scale}, {0.25, 0.5, 0.125, 0.125}};
      default:
        return melitz::mixture<melitz::family_law<>>{
            {0.75, 0.25}, {melitz::lognormal<>{location, 0.5}, melitz::pareto<>{scale, power + log_uniform(0.5, 20)}}};
    }
  }

 private:
  std::mt19937_64 generator_;
};

}  // namespace

TEST_CASE("tens of thousands of random economies solve, or say why not", "[economy][stress]") {
  random_economies random(20260224);
  int solved = 0, out_of_range = 0, evaluations = 0, most = 0;
  for (int k = 0; k < 40000; ++k) {
    auto const economy = random.next();
    auto const law = random.law(economy.domestic.elasticity - 1);
    auto const e = melitz::try_solve(economy, law);
    if (!e) {
      // The only excuse: some mass or cutoff is beyond a double, deep in a thin tail.
      CAPTURE(k, economy.domestic.elasticity, economy.domestic.fixed_cost, economy.domestic.entry_cost, law.index());
      REQUIRE(e.reason == melitz::status::out_of_range);
      REQUIRE(std::isnan(e.cutoff));
      ++out_of_range;
      continue;
    }
    ++solved;
    evaluations += e.evaluations;
    most = std::max(most, e.evaluations);
    double const labor = economy.domestic.labor;
    bool good =
        std::abs(e.labor_entry + e.labor_fixed + e.labor_export_fixed + e.labor_variable - labor) <= 1e-12 * labor;
    good =
        good && std::abs(e.residual) < 1e-12 && std::abs(e.mass_producers * e.average_revenue - labor) <= 1e-12 * labor;
    good =
        good && e.mass_producers <= e.mass_entrants * (1 + 1e-12) && e.mass_exporters <= e.mass_producers * (1 + 1e-12);
    good = good && e.domestic_share > 0 && e.domestic_share <= 1 && e.share_exporting >= 0 && e.share_exporting <= 1;
    good = good && e.average_productivity >= e.lowest_producing_productivity * (1 - 1e-12);
    good = good && e.average_profit > 0 && e.export_cutoff >= e.cutoff;
    if (!good) {
      CAPTURE(k, economy.domestic.elasticity, economy.domestic.fixed_cost, economy.domestic.entry_cost, law.index(),
              e.residual);
      FAIL_CHECK("an account does not close");
    }
  }
  INFO("solved " << solved << ", out of range " << out_of_range << ", evaluations " << evaluations << ", most "
                 << most);
  CHECK(solved + out_of_range == 40000);
  CHECK(out_of_range == 0);
  CHECK(evaluations < 3.5 * solved);
}

TEST_CASE("costs over 600 orders of magnitude end in numbers or in a name", "[economy][stress][extreme]") {
  random_economies random(3);
  int solved = 0, out_of_range = 0, unsolved = 0;
  for (int k = 0; k < 20000; ++k) {
    auto economy = random.next();
    economy.domestic.fixed_cost = random.log_uniform(1e-300, 1e300);
    economy.domestic.entry_cost = random.log_uniform(1e-300, 1e300);
    economy.domestic.labor = random.log_uniform(1e-250, 1e250);
    economy.iceberg_cost = random.log_uniform(1, 1e200);
    economy.export_fixed_cost = random.log_uniform(1e-300, 1e300);
    auto const law = random.law(economy.domestic.elasticity - 1);
    auto const e = melitz::try_solve(economy, law);
    if (!e) {
      (e.reason == melitz::status::out_of_range ? out_of_range : unsolved)++;
      REQUIRE((std::isnan(e.cutoff) && std::isnan(e.welfare) && std::isnan(e.mass_producers)));
      continue;
    }
    ++solved;
    double const used = e.labor_entry + e.labor_fixed + e.labor_export_fixed + e.labor_variable;
    bool good = std::abs(used / economy.domestic.labor - 1) < 1e-12 && std::abs(e.residual) < 1e-7;
    for (double const x : {e.cutoff, e.welfare, e.price_index, e.mass_entrants, e.mass_producers, e.mass_varieties,
                           e.average_productivity, e.average_revenue, e.average_profit}) {
      good = good && std::isfinite(x) && x > 0;
    }
    if (!good) {
      CAPTURE(k, law.index(), economy.domestic.elasticity, economy.domestic.fixed_cost, economy.domestic.entry_cost);
      FAIL_CHECK("a converged result that does not add up");
    }
  }
  INFO("solved " << solved << ", out of range " << out_of_range << ", unsolved " << unsolved);
  CHECK(solved > 10000);
  CHECK(unsolved < 20);  // one in a thousand
}

TEST_CASE("a market that next to nobody reaches does not hold up the solve", "[economy][regression]") {
  // Under a thin tail the density over survival at the export cutoff is 1e13: rounding of the cutoff itself moves the
  // (nil) mass of exporters, and the last step never becomes small against that.
  melitz::exponential<> const law{4.84811348977588};
  open_economy<> economy{{1.430374752434346, 0.011048907530053179, 0.22413981137112185, 0.00010898151193423096, 1},
                         1,
                         87.48103054904568,
                         468.4042878324871};
  double const closed = melitz::solve(economy.domestic, law).cutoff;
  for (int k = 0; k < 2000; ++k) {
    economy.export_fixed_cost = 1 + 0.4995 * k;
    CAPTURE(economy.export_fixed_cost);
    auto const e = melitz::try_solve(economy, law);
    REQUIRE(e);
    CHECK_THAT(e.cutoff, WithinRel(closed, 1e-14));
    CHECK(e.mass_exporters >= 0);
    CHECK(e.evaluations < 20);
  }
}

TEST_CASE("the same code at 50 digits agrees to the last bits", "[economy][accuracy][fifty-digits]") {
  random_economies random(7);
  auto const check = [&](auto const& narrow, auto const& wide, open_economy<> const& economy) {
    auto const& d = economy.domestic;
    open_economy<fifty_digits> const exact{{d.elasticity, d.fixed_cost, d.entry_cost, d.death_rate, d.labor},
                                           economy.partners,
                                           economy.iceberg_cost,
                                           economy.export_fixed_cost};
    auto const e = melitz::try_solve(economy, narrow);
    auto const want = melitz::try_solve(exact, wide);
    REQUIRE(want);
    REQUIRE(e);
    double const log_cutoff = static_cast<double>(want.log_cutoff);
    CHECK_THAT(e.log_cutoff, WithinAbs(log_cutoff, 4 * eps * std::max(1.0, std::abs(log_cutoff))));
    CHECK(abs(want.residual) < 1e-40);
    CHECK_THAT(e.labor_entry, WithinRel(static_cast<double>(want.labor_entry), 1e-12));
    CHECK_THAT(e.welfare, WithinRel(static_cast<double>(want.welfare), 1e-12));
  };
  for (int k = 0; k < 60; ++k) {
    auto const economy = random.next();
    double const power = economy.domestic.elasticity - 1;
    double const scale = random.log_uniform(0.1, 10), shape = power + random.log_uniform(0.02, 20);
    double const sd = random.log_uniform(0.1, 2), mean = random.uniform(-2, 2);
    CAPTURE(k, power, scale, shape, sd, mean);
    check(melitz::pareto<>{scale, shape}, melitz::pareto<fifty_digits>{scale, shape}, economy);
    check(melitz::lognormal<>{mean, sd}, melitz::lognormal<fifty_digits>{mean, sd}, economy);
    check(melitz::uniform<>{scale, 3 * scale}, melitz::uniform<fifty_digits>{scale, 3 * scale}, economy);
    if (k % 6 == 0) {
      check(melitz::frechet<>{scale, shape}, melitz::frechet<fifty_digits>{scale, shape}, economy);
      check(melitz::weibull<>{scale, 1.5}, melitz::weibull<fifty_digits>{scale, 1.5}, economy);
    }
  }
}

TEST_CASE("other number types", "[economy][types]") {
  auto const solve = [](auto one) {
    using Real = decltype(one);
    closed_economy<Real> const closed{4, 1, 2, Real(0.0625), 1};
    return static_cast<double>(
        melitz::solve(open_economy<Real>{closed, 3, Real(1.5), Real(1.25)}, melitz::lognormal<Real>{0, Real(0.75)})
            .cutoff);
  };
  double const at_double = solve(1.0);
  CHECK_THAT(solve(1.0f), WithinRel(at_double, 1e-6));  // eight roundings of a float
  CHECK_THAT(solve(1.0L), WithinRel(at_double, 1e-15));
  CHECK_THAT(solve(fifty_digits(1)), WithinRel(at_double, 1e-15));
}

}  // namespace test::economy_stress
