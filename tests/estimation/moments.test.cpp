// SPDX-License-Identifier: BSL-1.0
#include <melitz/analysis/estimation/moments_fit.hpp>
#include <melitz/analysis/size_moments.hpp>
#include <melitz/economy/solve.hpp>
#include <melitz/law/lognormal.hpp>

#include "support/catch.hpp"
#include "support/reference.hpp"

#include <cmath>
#include <limits>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace test::moments_of_firms {

namespace {

using melitz::moment_scale;
using melitz::moment_weighting;
using varied = melitz::gradient<4>;
constexpr double inf = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// What the moments of the reference file depend on.
struct primitives {
  varied log_mean = 0, log_sd = 0.6, iceberg_cost = 1.5, fixed_cost = 1, export_fixed_cost = 0.7, entry_cost = 0.8;
};
std::vector<varied> moments_of(primitives const& p) {
  melitz::open_economy<varied> const economy{.domestic = {.elasticity = 4,
                                                          .fixed_cost = p.fixed_cost,
                                                          .entry_cost = p.entry_cost,
                                                          .death_rate = 1,
                                                          .labor = 1},
                                             .partners = 1,
                                             .iceberg_cost = p.iceberg_cost,
                                             .export_fixed_cost = p.export_fixed_cost};
  auto const tail = melitz::tail_of(melitz::lognormal<varied>{p.log_mean, p.log_sd}, varied(3));
  auto const e = melitz::solve(economy, tail);
  using melitz::firm_kind, melitz::firm_size;
  auto const logs = [&](firm_kind who) { return sizes_of(e, tail, firm_size::domestic_sales, who).log_moments(); };
  return {e.share_exporting, sqrt(logs(firm_kind::producers).variance),
          logs(firm_kind::exporters).mean - logs(firm_kind::non_exporters).mean, e.exporter_intensity,
          e.probability_of_producing};
}
std::vector<varied> model(std::span<varied const> x) {
  return moments_of(
      {.log_sd = x[0], .iceberg_cost = x[1], .fixed_cost = 1, .export_fixed_cost = x[2], .entry_cost = x[3]});
}

std::vector<std::string> const parameter_names{"log_sd", "iceberg_cost", "export_fixed_cost", "entry_cost"};
std::vector<std::string> const moment_names{"share_exporting", "sd_log_domestic_sales",
                                            "exporter_premium_log_domestic_sales", "export_share_of_exporters_sales",
                                            "share_producing"};
std::vector<double> rows_of(json const& matrix) {
  std::vector<double> out;
  for (auto const& row : matrix) {
    for (auto const& x : row) out.push_back(number(x));
  }
  return out;
}
melitz::moment_data data_of(json const& file) {
  melitz::moment_data out{moment_names, {}, rows_of(file.at("n_times_covariance_of_moments")), number(file.at("n"))};
  for (auto const& name : moment_names) out.values.push_back(number(file.at("data").at(name)));
  return out;
}
melitz::moments_fit fitted(melitz::moment_data const& data, melitz::moments_options const& options = {},
                           double start = nan) {
  return melitz::fit_moments(
      {{"log_sd", 0.2, 2, start}, {"iceberg_cost", 1.05, 4}, {"export_fixed_cost", 0.3, 3}, {"entry_cost", 0.05, 10}},
      data, model, options);
}

void check_fit(melitz::moments_fit const& got, json const& want) {
  CHECK(got.reason == melitz::status::converged);
  auto const errors = got.standard_errors();
  for (std::size_t k = 0; k < 4; ++k) {
    auto const& name = parameter_names[k];
    CAPTURE(name);
    CHECK_THAT(got.parameter(name), WithinRel(number(want.at("estimate").at(name)), 1e-9));
    if (want.at("se").contains(name)) CHECK_THAT(errors.at(k), WithinRel(number(want.at("se").at(name)), 1e-8));
  }
  CHECK_THAT(got.statistic, WithinRel(number(want.at("J")), 1e-9));
  CHECK(got.degrees_of_freedom == want.at("degrees_of_freedom").get<int>());
  CHECK_THAT(got.p_value, WithinRel(number(want.at("p_value")), 1e-9));
}
/// What is thrown.
template <class Call>
std::string message_of(Call const& call) {
  try {
    (void)call();
  } catch (melitz::domain_error const& e) {
    return e.what();
  }
  return "nothing";
}
/// Two minima: where x is 2, and nearly where it is -2.
struct square {
  double tilt;
  std::vector<melitz::gradient<1>> operator()(std::span<melitz::gradient<1> const> x) const {
    return {x[0] * x[0], tilt * x[0]};
  }
};

}  // namespace

TEST_CASE("moments of an industry are fitted as in sixty digits", "[estimation][moments]") {
  auto const file = reference("firms_gmm");
  auto const data = data_of(file);
  for (auto const& want : file.at("cases")) {
    auto const kind = want.at("weighting").get<std::string>();
    CAPTURE(kind);
    if (kind.find("at most") != std::string::npos) continue;  // below
    auto given = data;
    if (want.contains("n_times_covariance_of_moments")) {
      given.covariance = rows_of(want.at("n_times_covariance_of_moments"));
    }
    melitz::moments_options const options{
        .weighting = kind == "diagonal" ? moment_weighting::diagonal : moment_weighting::optimal, .starts = 5};
    auto const got = fitted(given, options);
    check_fit(got, want);
    CHECK(got.identified());
    CHECK(got.starts == 5);
    REQUIRE(got.minima.size() == 1);  // wherever it starts, unless it has no moments there
    CHECK(got.minima[0].starts + got.without_moments == 5);
    CHECK(got.minima[0].starts >= 2);
    CHECK(got.unfinished == 0);
    CHECK(got.moment_names == moment_names);
    CHECK(got.names == parameter_names);
    if (!want.contains("jacobian")) continue;
    CHECK_THAT(got.objective, WithinRel(number(want.at("objective")), 1e-9));
    for (std::size_t i = 0; i < 5; ++i) {
      CHECK_THAT(got.moments[i], WithinRel(number(want.at("fitted_moments").at(moment_names[i])), 1e-9));
      double const error = std::sqrt(data.covariance[6 * i] / data.observations);
      CHECK_THAT(got.deviations[i], WithinAbs((got.moments[i] - data.values[i]) / error, 1e-12));
      for (std::size_t k = 0; k < 4; ++k) {
        CHECK_THAT(got.jacobian[4 * i + k], WithinAbs(number(want.at("jacobian")[i][k]), 1e-9));
      }
    }
    for (std::size_t i = 0; i < 4; ++i) {
      for (std::size_t k = 0; k < 4; ++k) {
        CHECK_THAT(got.covariance(i, k), WithinAbs(number(want.at("covariance")[i][k]), 1e-11));
      }
    }
    // A function of the parameters, by the delta method.
    varied ratio;
    ratio.derivative = {0, 1, -2, 0};
    double const variance = got.covariance(1, 1) + 4 * got.covariance(2, 2) - 4 * got.covariance(1, 2);
    CHECK_THAT(got.error_of(ratio), WithinRel(std::sqrt(variance), 1e-13));
    CHECK_THROWS_AS(got.error_of(melitz::gradient<3>{}), melitz::domain_error);
    CHECK_THROWS_AS(got.parameter("elasticity"), melitz::domain_error);
    // Moments simulated with ten times as many firms.
    given.draws = 10;
    auto const simulated = fitted(given, options);
    for (std::size_t k = 0; k < 4; ++k) {
      CHECK_THAT(simulated.standard_errors()[k],
                 WithinRel(number(want.at("se_if_simulated_10_times").at(parameter_names[k])), 1e-8));
    }
    CHECK_THAT(simulated.statistic, WithinRel(got.statistic / 1.1, 1e-12));
  }
}

TEST_CASE("weights that are given, and scales, do not change what they should not", "[estimation][moments]") {
  auto const file = reference("firms_gmm");
  auto const data = data_of(file);
  melitz::moments_options options{.weighting = moment_weighting::given, .weights = std::vector<double>(25, 0.0)};
  for (std::size_t k = 0; k < 5; ++k) options.weights[6 * k] = 3 / data.covariance[6 * k];
  auto const got = fitted(data, options);
  check_fit(got, file.at("cases")[1]);
  CHECK_THAT(got.objective, WithinRel(3 * number(file.at("cases")[1].at("objective")), 1e-9));
  auto const near = melitz::fit_moments({{"log_sd", -inf, inf, 0.7, moment_scale::linear},
                                         {"iceberg_cost", 1, inf, 1.4},
                                         {"export_fixed_cost", 0, 1, 0.8, moment_scale::logit},
                                         {"entry_cost", 0, inf, 1}},
                                        data, model);
  check_fit(near, file.at("cases")[0]);
  // A moment without weight: the others are met.
  for (std::size_t k = 0; k < 5; ++k) options.weights[6 * k] = k == 1 ? 0 : 1;
  auto const exact = fitted(data, options);
  CHECK(exact);
  CHECK(exact.objective < 1e-24);
  CHECK_THAT(exact.moments[2], WithinRel(data.values[2], 1e-12));
  CHECK(exact.statistic > 1.8);  // still that of all five
  CHECK(exact.degrees_of_freedom == 1);
  // Two without weight are too many.
  options.weights[0] = 0;
  auto const too_few = fitted(data, options);
  REQUIRE_FALSE(too_few.warnings.empty());
  CHECK_THAT(too_few.warnings.back(), contains("the moments that have weight do not identify"));
  CHECK(too_few.covariance.size == 0);
}

TEST_CASE("a bound that binds is where the estimate lies", "[estimation][moments]") {
  auto const file = reference("firms_gmm");
  auto const data = data_of(file);
  auto const got = melitz::fit_moments({{"log_sd", 0.2, 2, 0.6},
                                        {"iceberg_cost", 1.05, 1.4, 1.2},
                                        {"export_fixed_cost", 0.3, 3, 0.9},
                                        {"entry_cost", 0.05, 10, 1}},
                                       data, model);
  check_fit(got, file.at("cases").back());
  CHECK(got);
  CHECK(got.parameters[1] == 1.4);
  CHECK(got.at_bound == std::vector<bool>{false, true, false, false});
  CHECK(std::isnan(got.standard_errors()[1]));
  REQUIRE(got.warnings.size() == 1);
  CHECK_THAT(got.warnings[0], contains("iceberg_cost is at its bound 1.4"));
  CHECK(got.weakest[1] == 0);
  varied by_bound, by_others;
  by_bound.derivative = {1, 1, 0, 0};
  by_others.derivative = {1, 0, 0, 0};
  CHECK(std::isnan(got.error_of(by_bound)));
  CHECK(got.error_of(by_others) == got.standard_errors()[0]);
  // Nothing is free.
  melitz::moment_data const of_square{{}, {4, 0.2}, {1, 0, 0, 1}, 100};
  auto const held = melitz::fit_moments({{"x", 3, 5}}, of_square, square{0.1});
  CHECK(held);
  CHECK(held.parameters[0] == 3);
  CHECK(held.degrees_of_freedom == 2);
  CHECK_THAT(held.statistic, WithinRel(100 * (25 + 0.01), 1e-14));
  CHECK(std::isnan(held.standard_errors().at(0)));
  // From the bound itself inwards.
  auto const inwards = melitz::fit_moments({{"log_sd", 0.5, 2, 0.5},
                                            {"iceberg_cost", 1.4, 2, 1.4},
                                            {"export_fixed_cost", 0.3, 0.9, 0.9},
                                            {"entry_cost", 0.05, 10, 1}},
                                           data, model);
  check_fit(inwards, file.at("cases")[0]);
}

TEST_CASE("what moments do not identify is told by name", "[estimation][moments]") {
  auto const data = data_of(reference("firms_gmm"));
  // Costs in another unit of labour are the same industry.
  auto const costs = melitz::fit_moments(
      {{"log_sd", 0.2, 2, 0.6},
       {"fixed_cost", 0.1, 10, 1},
       {"export_fixed_cost", 0.1, 10, 0.8},
       {"entry_cost", 0.1, 10, 1}},
      data, [](std::span<varied const> x) {
        return moments_of(
            {.log_sd = x[0], .iceberg_cost = 1.5, .fixed_cost = x[1], .export_fixed_cost = x[2], .entry_cost = x[3]});
      });
  CHECK(costs.reason == melitz::status::converged);
  CHECK_FALSE(costs);
  CHECK_FALSE(costs.identified());
  CHECK(costs.rank == 3);
  CHECK(costs.covariance.size == 0);
  CHECK(costs.standard_errors().empty());
  CHECK(costs.weakest_error == inf);
  CHECK(costs.degrees_of_freedom == 2);
  CHECK(costs.singular_values.at(3) < 1e-13 * costs.singular_values[0]);
  CHECK_THAT(costs.weakest[0], WithinAbs(0, 1e-11));
  for (std::size_t k = 1; k < 4; ++k) CHECK_THAT(costs.weakest[k], WithinAbs(std::sqrt(1 / 3.0), 1e-11));
  REQUIRE(costs.warnings.size() == 1);
  CHECK_THAT(costs.warnings[0], contains("unidentified direction"));
  CHECK_THAT(costs.warnings[0], contains(": 0.58 fixed_cost + 0.58 export_fixed_cost + 0.58 entry_cost"));
  // Nor does the unit of productivity show.
  auto const both = melitz::fit_moments(
      {{"log_mean", -2, 2, 0.1},
       {"fixed_cost", 0.1, 10, 1},
       {"export_fixed_cost", 0.1, 10, 0.8},
       {"entry_cost", 0.1, 10, 1}},
      data, [](std::span<varied const> x) {
        return moments_of(
            {.log_mean = x[0], .iceberg_cost = 1.5, .fixed_cost = x[1], .export_fixed_cost = x[2], .entry_cost = x[3]});
      });
  CHECK(both.rank == 2);
  REQUIRE(both.warnings.size() == 2);
  auto const texts = both.warnings[0] + "\n" + both.warnings[1] + "\n";
  CHECK_THAT(texts, contains(": 1.00 log_mean\n"));
  CHECK_THAT(texts, contains(": 0.58 fixed_cost + 0.58 export_fixed_cost + 0.58 entry_cost\n"));
  // Where everything is, the direction that is least known.
  auto const got = fitted(data);
  double square_of_error = 0, length = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    length += got.weakest[i] * got.weakest[i];
    for (std::size_t k = 0; k < 4; ++k) {
      square_of_error += got.weakest[i] / got.parameters[i] * got.covariance(i, k) * got.weakest[k] / got.parameters[k];
    }
  }
  CHECK_THAT(length, WithinRel(1, 1e-14));
  CHECK_THAT(got.weakest_error, WithinRel(std::sqrt(square_of_error), 1e-11));
  CHECK_THAT(got.weakest_error, WithinRel(1 / std::sqrt(1000) / got.singular_values[3], 1e-13));
}

TEST_CASE("searches walk around places without moments, and count the optima they reach", "[estimation][moments]") {
  auto const data = data_of(reference("firms_gmm"));
  // Where all firms export there is no premium.
  auto const start = [&](int starts) {
    return melitz::fit_moments({{"log_sd", 0.2, 2, 0.6},
                                {"iceberg_cost", 1, 4, 1},
                                {"export_fixed_cost", 0.01, 3, 0.02},
                                {"entry_cost", 0.05, 10, 1}},
                               data, model, {.starts = starts});
  };
  auto const nowhere = start(0);
  CHECK(nowhere.reason == melitz::status::not_finite);
  CHECK_FALSE(nowhere);
  CHECK(nowhere.without_moments == 1);
  CHECK_THAT(nowhere.why, contains("moment 2 "));
  auto const somewhere = start(10);
  CHECK(somewhere);
  CHECK(somewhere.starts == 11);
  CHECK(somewhere.without_moments >= 1);
  CHECK_THAT(somewhere.parameters[1], WithinRel(1.496048055349, 1e-11));
  // Two minima, of 0 and above; what starts above the ridge between them stays there.
  melitz::moment_data const of_square{{}, {4, 0.2}, {1, 0, 0, 1}, 100};
  auto const two = melitz::fit_moments({{"x", -5, 5}}, of_square, square{0.1}, {.starts = 100, .seed = 7});
  CHECK(two);
  CHECK_THAT(two.parameters[0], WithinRel(2, 1e-12));
  int positive = 0;
  for (unsigned k = 0; k < 100; ++k) positive += melitz::philox(7).at(k, 5).uniform(0) > 0.5 ? 1 : 0;
  REQUIRE(two.minima.size() == 2);
  CHECK(two.minima[0].starts == positive);
  CHECK(two.minima[1].starts == 100 - positive);
  CHECK(two.minima[0].objective < 1e-20);
  CHECK_THAT(two.minima[1].parameters[0], WithinRel(-1.9974968672, 1e-9));
  CHECK(two.warnings.empty());
  // Both fit: nothing says which it is.
  auto const equal = melitz::fit_moments({{"x", -5, 5}}, of_square, square{0}, {.starts = 10});
  REQUIRE(equal.minima.size() == 2);
  REQUIRE(equal.warnings.size() == 1);
  CHECK_THAT(equal.warnings[0], contains("another place fits the moments as well"));
  // Nothing changes: no place is better than another.
  auto const flat = melitz::fit_moments({{"x", -5, 5}}, of_square, [](std::span<melitz::gradient<1> const> x) {
    return std::vector<melitz::gradient<1>>{0 * x[0] + 4, 0 * x[0]};
  });
  CHECK(flat.reason == melitz::status::converged);
  CHECK_FALSE(flat);
  CHECK(flat.rank == 0);
  REQUIRE(flat.warnings.size() == 1);
  CHECK_THAT(flat.warnings[0], contains("1.00 x"));
  // A budget that ends.
  auto const early = melitz::fit_moments({{"x", -50, 50, 40}}, of_square, square{0.1}, {.iterations = 2});
  CHECK(early.reason == melitz::status::iteration_limit);
  CHECK(early.unfinished == 1);
  CHECK(early.minima.empty());
  CHECK(std::isnan(early.statistic));
  CHECK(early.covariance.size == 0);
  // As many moments as parameters: nothing is left to test.
  auto const just = melitz::fit_moments(
      {{"x", 0.1, 50}}, {{}, {9}, {1}, 100},
      [](std::span<melitz::gradient<1> const> x) { return std::vector<melitz::gradient<1>>{x[0] * x[0]}; });
  CHECK(just);
  CHECK_THAT(just.parameters[0], WithinRel(3, 1e-15));
  CHECK(just.degrees_of_freedom == 0);
  CHECK(std::isnan(just.p_value));
  CHECK_THAT(just.standard_errors()[0], WithinRel(0.1 / 6, 1e-14));
}

TEST_CASE("what is wrong with a fit of moments is told by name", "[estimation][moments]") {
  melitz::moment_data const good{{}, {4, 0.2}, {1, 0, 0, 1}, 100};
  auto const with = [&](melitz::moment_parameter const& p, melitz::moments_options const& options = {}) {
    return message_of([&] { return melitz::fit_moments({p}, good, square{1}, options); });
  };
  CHECK(with({"x", -5, 5}) == "nothing");
  CHECK_THAT(with({"", -5, 5}), contains("name of a parameter is empty"));
  CHECK_THAT(with({"x", 5, -5}), contains("upper bound of x is -5; it must exceed the lower bound, 5"));
  CHECK_THAT(with({"x", nan, 5}), contains("lower bound of x is nan"));
  CHECK_THAT(with({"x", -5, nan}), contains("upper bound of x is nan"));
  CHECK_THAT(with({"x", -5, 5, 6}), contains("start of x is 6"));
  CHECK_THAT(with({"x", 0, 5, 0}), contains("start of x is 0"));
  CHECK_THAT(with({"x", -inf, 5}), contains("lower bound of x is -inf"));
  CHECK_THAT(with({"x", 0, 5}), contains("lower bound of x is 0; it must be finite on the scale"));
  CHECK_THAT(with({"x", -5, inf, 1}, {.starts = 3}), contains("upper bound of x is inf"));
  CHECK_THAT(with({"x", -1, 1, 0.5, moment_scale::log}), contains("lower bound of x is -1; it must be at least 0"));
  CHECK_THAT(with({"x", 0.1, 2, 0.5, moment_scale::logit}), contains("upper bound of x is 2; it must be at most 1"));
  CHECK_THAT(with({"x", -5, 5}, {.starts = -1}), contains("starts is -1"));
  CHECK_THAT(with({"x", -5, 5}, {.iterations = 0}), contains("iterations is 0"));
  CHECK_THAT(with({"x", -5, 5}, {.weights = {1}}), contains("be 0 unless the weighting is given"));
  melitz::moments_options given{.weighting = moment_weighting::given};
  CHECK_THAT(with({"x", -5, 5}, given), contains("size of weights is 0"));
  given.weights = {1, 2, 2, 1};
  CHECK_THAT(with({"x", -5, 5}, given), contains("weights is given; it must be positive semidefinite"));
  given.weights = {1, 0.5, 0.4, 1};
  CHECK_THAT(with({"x", -5, 5}, given), contains("weights[0][1] is 0.5; it must equal its mirror image, 0.4"));
  auto const of = [](melitz::moment_data const& data) {
    return message_of([&] { return melitz::fit_moments({{"x", -5, 5, 1}}, data, square{1}); });
  };
  CHECK_THAT(of({{}, {}, {}, 100}), contains("number of moments is 0; it must be at least that of parameters, 1"));
  CHECK_THAT(of({{}, {4, nan}, {1, 0, 0, 1}, 100}), contains("moment 1 is nan"));
  CHECK_THAT(of({{"a"}, {4, 1}, {1, 0, 0, 1}, 100}), contains("number of names of moments is 1"));
  CHECK_THAT(of({{}, {4, 1}, {1, 0, 0}, 100}), contains("size of covariance is 3"));
  CHECK_THAT(of({{}, {4, 1}, {1, 0, 0, inf}, 100}), contains("covariance[1][1] is inf"));
  CHECK_THAT(of({{}, {4, 1}, {1, 1, 1, 1}, 100}), contains("covariance is singular or indefinite"));
  CHECK_THAT(of({{}, {4, 1}, {1, 0, 0, -1}, 100}), contains("covariance is singular or indefinite"));
  CHECK_THAT(of({{}, {4, 1}, {1, 0, 0, 1}}), contains("observations is nan"));
  CHECK_THAT(of({{}, {4, 1}, {1, 0, 0, 1}, inf}), contains("observations is inf"));
  CHECK_THAT(of({{}, {4, 1}, {1, 0, 0, 1}, 100, 0}), contains("draws is 0"));
  CHECK_THAT(of({{}, {4, 1, 2}, {1, 0, 0, 0, 1, 0, 0, 0, 1}, 100}), contains("number of moments of the model is 2"));
  CHECK_THAT(message_of([&] {
               return melitz::fit_moments({{"x", -5, 5}, {"x", -5, 5}}, good,
                                          [](std::span<melitz::gradient<2> const> x) {
                                            return std::vector<melitz::gradient<2>>(x.begin(), x.end());
                                          });
             }),
             contains("parameter is x; it must be there once"));
  // What is no matter of the model's domain is the caller's.
  CHECK_THROWS_AS(melitz::fit_moments({{"x", -5, 5}}, good,
                                      [](std::span<melitz::gradient<1> const>) -> std::vector<melitz::gradient<1>> {
                                        throw std::logic_error("mine");
                                      }),
                  std::logic_error);
}

}  // namespace test::moments_of_firms
