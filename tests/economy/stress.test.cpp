// SPDX-License-Identifier: BSL-1.0
#include <melitz/economy/solve.hpp>

#include "support/catch.hpp"
#include "support/laws.hpp"

#include <boost/math/special_functions/erf.hpp>
#include <boost/multiprecision/cpp_bin_float.hpp>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

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
    switch (static_cast<int>(uniform(0, 13))) {
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
      case 8:
        return melitz::spliced_lognormal_pareto<>{location, log_uniform(0.05, 3), power + log_uniform(0.02, 20)};
      case 9:
        return melitz::double_pareto_lognormal<>{location, log_uniform(0.05, 3), power + log_uniform(0.02, 20),
                                                 log_uniform(0.2, 20)};
      case 10: {
        double const steepness = log_uniform(0.5, 20);
        return melitz::singh_maddala<>{scale, steepness, (power + log_uniform(0.02, 20)) / steepness};
      }
      case 11:
        return melitz::generalized_gamma<>{scale, log_uniform(0.1, 20), log_uniform(0.3, 10)};
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
    bool good = std::abs(used / economy.domestic.labor - 1) < 1e-12 && std::abs(e.residual) < 1e-12;
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
  // Wide: elasticities down to 1.2 in logs, productivity over six orders of magnitude of its unit, and for bounded laws
  // widths down to 1e-10 of it. The bound is the README's.
  random_economies random(20261129);
  double worst = 0;
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
    double const error = std::abs(static_cast<double>(fifty_digits(e.log_cutoff) - want.log_cutoff)) /
                         (eps * std::max(1.0, std::abs(log_cutoff)));
    CAPTURE(log_cutoff, economy.domestic.elasticity, narrow.log_lower_bound());
    CHECK(error <= 4);
    worst = std::max(worst, error);
    CHECK(abs(want.residual) < 1e-40);
    CHECK_THAT(e.labor_entry, WithinRel(static_cast<double>(want.labor_entry), 1e-12));
    CHECK_THAT(e.mass_entrants, WithinRel(static_cast<double>(want.mass_entrants), 1e-12));
    CHECK_THAT(e.mass_producers, WithinRel(static_cast<double>(want.mass_producers), 1e-12));
    CHECK_THAT(e.welfare, WithinRel(static_cast<double>(want.welfare), 1e-12));
  };
  using fifty = fifty_digits;
  auto const bounded = [&](double lower, double upper, double shape, open_economy<> const& economy) {
    CAPTURE(lower, upper, shape);
    check(melitz::tail_of(melitz::uniform<>{lower, upper}, economy.domestic.elasticity - 1),
          melitz::tail_of(melitz::uniform<fifty>{lower, upper}, fifty(economy.domestic.elasticity - 1)), economy);
    check(melitz::tail_of(melitz::bounded_pareto<>{lower, upper, shape}, economy.domestic.elasticity - 1),
          melitz::tail_of(melitz::bounded_pareto<fifty>{lower, upper, shape}, fifty(economy.domestic.elasticity - 1)),
          economy);
  };
  for (int k = 0; k < 80; ++k) {
    auto economy = random.next();
    if (k % 2 == 0) economy.domestic.elasticity = 1 + random.log_uniform(0.2, 19);
    double const power = economy.domestic.elasticity - 1;
    double const scale = random.log_uniform(1e-3, 1e3), shape = power + random.log_uniform(0.02, 20);
    double const sd = random.log_uniform(0.1, 2), mean = random.uniform(-5, 5);
    CAPTURE(k, power, scale, shape, sd, mean);
    check(melitz::pareto<>{scale, shape}.tail(power), melitz::pareto<fifty>{scale, shape}.tail(fifty(power)), economy);
    check(melitz::lognormal<>{mean, sd}.tail(power), melitz::lognormal<fifty>{mean, sd}.tail(fifty(power)), economy);
    bounded(scale, scale * (1 + random.log_uniform(1e-10, 1e-2)), random.log_uniform(0.2, 20), economy);
    bounded(scale, scale * (1 + random.log_uniform(0.01, 1000)), random.log_uniform(0.2, 20), economy);
    // One atom is a degenerate law.
    std::vector<double> values{scale}, weights{1};
    check(melitz::discrete<>{values, weights}.tail(power),
          melitz::discrete<fifty>{{values.begin(), values.end()}, {1}}.tail(fifty(power)), economy);
    for (int i = 0; i < 20; ++i) values.push_back(scale * random.log_uniform(1, 100));
    check(melitz::discrete<>{values, {}}.tail(power),
          melitz::discrete<fifty>{{values.begin(), values.end()}, {}}.tail(fifty(power)), economy);
    if (k % 8 == 0) {
      check(melitz::frechet<>{scale, shape}.tail(power), melitz::frechet<fifty>{scale, shape}.tail(fifty(power)),
            economy);
      check(melitz::weibull<>{scale, 1.5}.tail(power), melitz::weibull<fifty>{scale, 1.5}.tail(fifty(power)), economy);
    }
  }
  // Where a unit and a cutoff in other units cancel, or moments weigh, or profit hardly falls with the cutoff: 4 to 10
  // without a last look in the wider type.
  auto const in_both = [&](auto const& narrow, auto const& wide, open_economy<> const& economy) {
    double const power = economy.domestic.elasticity - 1;
    check(narrow.tail(power), wide.tail(fifty(power)), economy);
  };
  in_both(melitz::lognormal<>{3.2644170186259611, 0.13777697431897981},
          melitz::lognormal<fifty>{3.2644170186259611, 0.13777697431897981},
          {{5.6683333733818388, 1.6002959468288582e-05, 91828.39883061609, 0.064693395116212735, 1},
           48,
           1.5789015086556997,
           9.3235959299848765e-07});
  in_both(melitz::weibull<>{0.17217675728620083, 0.5139091494416268},
          melitz::weibull<fifty>{0.17217675728620083, 0.5139091494416268},
          {{1.4442082129985188, 0.76448046738661457, 1.0769546491370918, 0.033900043575884109, 1},
           10,
           4.3525143107465682,
           35.175230813305667});
  in_both(melitz::weibull<>{0.11846492238277399, 0.79906371939217335},
          melitz::weibull<fifty>{0.11846492238277399, 0.79906371939217335},
          {{8.4740238714218226, 0.62115466549918619, 0.026387768831081487, 0.015332642350635504, 1},
           0,
           2.3669995739469192,
           0.16677779405082915});
  INFO("largest error, in units of eps max(1, |ln cutoff|): " << worst);
  CHECK(worst > 0);
}

TEST_CASE("next to the tie of the regimes masses do not depend on the unit", "[economy][accuracy][regression]") {
  // Both cutoffs lie within 1e-7 of the top of the support and 1e-15 of one another: what is between them is 5.6e-9 of
  // the firms. The share of firms that do not export is computed with 50 digits.
  open_economy<> const economy{
      {9.097560997298691, 592588.3700440845, 0.005903598173436401, 0.0001711600604136205, 506.63109971887826},
      17,
      1.0458284025980304,
      412259.8937247062};
  auto const& d = economy.domestic;
  auto const want =
      melitz::solve(open_economy<fifty_digits>{{d.elasticity, d.fixed_cost, d.entry_cost, d.death_rate, d.labor},
                                               economy.partners,
                                               economy.iceberg_cost,
                                               economy.export_fixed_cost},
                    melitz::uniform<fifty_digits>{fifty_digits(1.8676532950536013), fifty_digits(1.9040585961239223)});
  for (double const unit : {1.0, 1024.0, 0x1p-17, 0x1p500}) {
    CAPTURE(unit);
    auto const e = melitz::solve(economy, melitz::uniform<>{1.8676532950536013 * unit, 1.9040585961239223 * unit});
    CHECK(e.regime == want.regime);
    CHECK_THAT(e.share_exporting, WithinAbs(static_cast<double>(want.share_exporting), 1e-12));
    CHECK_THAT(e.mass_exporters, WithinRel(static_cast<double>(want.mass_exporters), 1e-12));
    CHECK_THAT(e.mass_producers, WithinRel(static_cast<double>(want.mass_producers), 1e-12));
  }
}

TEST_CASE("one atom beside a foreign market that starts just above it", "[economy][regression]") {
  // Home alone takes the cutoff to within rounding of the atom; it ended as iteration_limit.
  open_economy<> const economy{
      {15.709664024189527, 704067.86066783883, 2.5227867762241034e-06, 0.017644116716504201, 102057.44397867531},
      44,
      1.0021038841757568,
      682634.66875351372};
  double const value = 472.48118303365089;
  auto const e = melitz::try_solve(economy, melitz::degenerate<>{value});
  REQUIRE(e);
  CHECK(e.probability_of_producing == 1);
  double const labor = e.labor_entry + e.labor_fixed + e.labor_export_fixed + e.labor_variable;
  CHECK_THAT(labor, WithinRel(economy.domestic.labor, 1e-13));
  CHECK_THAT(e.cutoff, WithinRel(value, 1e-14));
  // The same primitives in another unit of productivity.
  CHECK_THAT(melitz::solve(economy, melitz::degenerate<>{value / 512}).mass_exporters,
             WithinRel(e.mass_exporters, 1e-13));
}

TEST_CASE("under a law of narrow support that everybody clears all entrants produce", "[economy][regression]") {
  closed_economy<> const economy{4, 1, 2, 0.05, 1000};
  for (double const width : {1e-3, 1e-6, 1e-9, 1e-12}) {
    CAPTURE(width);
    double const upper = 1000 * (1 + width);
    for (auto const& e : {melitz::solve(economy, melitz::uniform<>{1000, upper}),
                          melitz::solve(economy, melitz::bounded_pareto<>{1000, upper, 4})}) {
      REQUIRE(e.every_entrant_produces);
      CHECK_THAT(e.mass_producers, WithinRel(e.mass_entrants, 4 * eps));
      // Nearly homogeneous firms: pi-bar = delta f_e to the width.
      CHECK_THAT(e.average_profit, WithinRel(0.1, 1e-14));
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
