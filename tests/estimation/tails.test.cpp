// SPDX-License-Identifier: BSL-1.0
#include <melitz/analysis/estimation.hpp>

#include "support/catch.hpp"
#include "support/random.hpp"
#include "support/reference.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace test::size_tails {

namespace {

using melitz::size_law;

std::vector<double> sample_called(json const& file, char const* name) {
  std::vector<double> out;
  for (auto const& x : file.at("samples").at(name).at("x")) out.push_back(number(x));
  return out;
}

/// Every threshold, each to its end.
std::pair<double, std::size_t> best_threshold(std::vector<double> const& t, std::size_t fewest) {
  std::pair<double, std::size_t> out{2, 0};
  for (std::size_t i = 0; i + fewest <= t.size(); ++i) {
    if ((i > 0 && t[i] == t[i - 1]) || t[i] == t.back()) continue;
    double sum = 0, far = 0;
    for (std::size_t j = i; j < t.size(); ++j) sum += t[j] - t[i];
    auto const m = static_cast<double>(t.size() - i);
    for (std::size_t j = i; j < t.size(); ++j) {
      double const below = 1 - std::exp(-m / sum * (t[j] - t[i])), rank = static_cast<double>(j - i);
      far = std::max({far, std::abs(rank / m - below), std::abs((rank + 1) / m - below)});
    }
    if (far < out.first) out = {far, i};
  }
  return out;
}

}  // namespace

TEST_CASE("simple estimators of a tail", "[estimation][tails]") {
  auto const file = reference("firms_estimators");
  auto const sample = melitz::points_of(sample_called(file, "spliced_200"));
  json want;
  for (auto const& row : file.at("cases")) {
    if (row.at("kind") == "QQ, rank-1/2, Hill, cut-off") want = row.at("result");
  }
  auto const normal = qq_lognormal(sample), pareto = qq_pareto(sample);
  CHECK_THAT(normal.intercept, WithinRel(number(want.at("qq_lognormal").at("intercept")), 1e-12));
  CHECK_THAT(normal.slope, WithinRel(number(want.at("qq_lognormal").at("slope")), 1e-12));
  CHECK_THAT(pareto.intercept, WithinRel(number(want.at("qq_pareto").at("intercept")), 1e-12));
  CHECK_THAT(pareto.slope, WithinRel(number(want.at("qq_pareto").at("slope")), 1e-12));
  CHECK_THAT(rank_half(sample).shape, WithinRel(number(want.at("rank_half_shape")), 1e-12));
  CHECK_THAT(rank_half(sample).standard_error, WithinRel(number(want.at("rank_half_se")), 1e-12));
  for (std::size_t const top : {10U, 20U, 50U, 100U}) {
    CHECK_THAT(hill(sample, top).shape, WithinRel(number(want.at("hill_top_k").at(std::to_string(top))), 1e-12));
  }
  auto const cut = find_cutoff(sample);
  auto const& best = want.at("cutoff");
  CHECK_THAT(std::exp(cut.tail.log_threshold), WithinRel(number(best.at("threshold")), 1e-12));
  CHECK_THAT(cut.tail.shape, WithinRel(number(best.at("shape")), 1e-12));
  CHECK_THAT(cut.distance, WithinRel(number(best.at("distance")), 1e-12));
  CHECK(cut.tail.firms == best.at("firms_in_tail").get<std::size_t>());

  // Points at the middle of equal shares lie on the line of rank - 1/2, and on Hill's of a known start nearly.
  std::vector<double> sizes;
  for (int k = 0; k < 20; ++k) sizes.push_back(2 * std::pow((k + 0.5) / 20, -1 / 1.4));
  auto const exact = melitz::points_of(sizes, {.lower = 2});
  melitz::log_line line;
  CHECK_THAT(rank_half(exact, &line).shape, WithinRel(1.4, 1e-13));
  CHECK_THAT(line.r_squared, WithinRel(1.0, 1e-13));
  CHECK_THAT(line.intercept, WithinRel(3.9661383263379144266, 1e-13));
  CHECK_THAT(hill(exact).shape, WithinRel(1.4245369770863442291, 1e-12));
  CHECK_THAT(hill(exact).unbiased, WithinRel(1.3533101282320270177, 1e-12));
  CHECK_THAT(hill(exact).standard_error, WithinRel(0.3185361517227125998, 1e-12));
  CHECK_THAT(hill(exact, 5).shape, WithinRel(1.3623205469191324706, 1e-12));
}

TEST_CASE("giving thresholds up early finds what a full search finds", "[estimation][tails]") {
  uniform_numbers random(11);
  for (int k = 0; k < 12; ++k) {
    std::vector<double> sizes;
    int const n = 20 + 60 * k;
    double const steps = k % 3 == 0 ? 4 : 1e9;  // with many ties, and without
    for (int i = 0; i < n; ++i) {
      double const x = std::pow(random(0, 1), -1 / 1.3) + random(0, 2);
      sizes.push_back(std::ceil(x * steps) / steps);
    }
    auto const sample = melitz::points_of(sizes);
    auto const found = find_cutoff(sample, 5);
    auto const [distance, at] = best_threshold(sample.log_size, 5);
    CAPTURE(k);
    CHECK_THAT(found.distance, WithinRel(distance, 1e-12));
    CHECK(found.tail.firms == sample.log_size.size() - at);
  }
  CHECK_THROWS_AS(find_cutoff(melitz::points_of(std::vector<double>{3, 3, 3, 3})), melitz::domain_error);
  CHECK_THROWS_AS(find_cutoff(melitz::points_of(std::vector<double>{1, 2, 3}), 4), melitz::domain_error);
  // Pareto data are Pareto from their start: far from surprising; uniform data are not.
  std::vector<double> pareto, uniform;
  for (int k = 0; k < 300; ++k) {
    pareto.push_back(std::pow(random(0, 1), -1 / 1.2));
    uniform.push_back(1 + random(0, 1));
  }
  auto const good = melitz::points_of(pareto), bad = melitz::points_of(uniform);
  CHECK(cutoff_p_value(good, find_cutoff(good), 3, 60) > 0.1);
  CHECK(cutoff_p_value(bad, find_cutoff(bad, 100), 100, 60) < 0.1);
}

TEST_CASE("Vuong's comparison refuses laws that are limits of each other", "[estimation][tails]") {
  auto const file = reference("firms_estimators");
  auto const plain = melitz::points_of(sample_called(file, "spliced_200"));
  auto const above = melitz::points_of(sample_called(file, "lognormal_above_8_200"), {.lower = 8});
  int compared = 0;
  for (auto const& row : file.at("cases")) {
    if (row.at("kind") != "Vuong") continue;
    auto const& want = row.at("result");
    auto const first_name = want.at("first").get<std::string>(), second_name = want.at("second").get<std::string>();
    bool const truncated = first_name == "pareto above 8";
    auto const& sample = truncated ? above : plain;
    auto const law = [](std::string const& name) {
      return melitz::size_law_named(name.substr(0, name.find(' '))).value();
    };
    auto const found = vuong(fit(law(first_name), sample), fit(law(second_name), sample), sample);
    CAPTURE(first_name, second_name);
    CHECK_THAT(found.log_likelihood_ratio, WithinRel(number(want.at("log_likelihood_ratio")), 1e-9));
    CHECK_THAT(found.variance, WithinRel(number(want.at("variance")), 1e-9));
    CHECK_THAT(found.statistic, WithinRel(number(want.at("statistic")), 1e-9));
    CHECK(found.refused.empty() == !truncated);
    if (truncated) {
      // Half chi-squared: of twice the ratio, with one degree of freedom.
      CHECK_THAT(found.p, WithinRel(std::erfc(std::sqrt(5.0907033054805)) / 2, 1e-6));
    } else {
      CHECK_THAT(found.p, WithinRel(number(want.at("p_two_sided")), 1e-9));
      CHECK_THAT(found.statistic_schwarz, WithinRel(number(want.at("statistic_schwarz")), 1e-9));
    }
    ++compared;
  }
  CHECK(compared == 4);
  for (auto const law :
       {size_law::spliced_lognormal_pareto, size_law::pareto_lognormal, size_law::double_pareto_lognormal}) {
    for (auto const limit : {size_law::lognormal, size_law::pareto}) {
      CHECK(vuong(fit(law, plain), fit(limit, plain), plain).refused == "nested or overlapping");
    }
  }
  // A tail power of one is a place like any other: all of chi-squared.
  auto const burr = fit(size_law::singh_maddala, plain), logistic = fit(size_law::log_logistic, plain);
  double const ratio = burr.log_likelihood - logistic.log_likelihood;
  for (auto const& found : {vuong(burr, logistic, plain), vuong(logistic, burr, plain)}) {
    CHECK(found.refused == "nested or overlapping");
    CHECK_THAT(found.p, WithinRel(std::erfc(std::sqrt(ratio)), 1e-9));
  }
}

TEST_CASE("distances are judged by samples of the fitted law", "[estimation][tails]") {
  uniform_numbers random(5);
  std::vector<double> sizes;
  for (int k = 0; k < 80; ++k) sizes.push_back(1 + 3 * std::pow(-std::log(random(0, 1)), 1 / 1.7));
  auto const sample = melitz::points_of(sizes, {.lower = 1, .upper = 30});
  auto const good = goodness(fit(size_law::weibull, sample), sample, 60);
  CHECK(good.p_anderson_darling > 0.05);
  CHECK(good.p_kolmogorov_smirnov > 0.05);
  auto const bad = goodness(fit(size_law::pareto, sample), sample, 60);
  CHECK(bad.p_anderson_darling == 1.0 / 61);
  CHECK(bad.p_kolmogorov_smirnov == 1.0 / 61);
  CHECK(bad.replications == 60);
  CHECK(good.replications + good.failed == 60);
  CHECK_THROWS_AS(goodness(fit(size_law::pareto, sample), sample, 0), melitz::domain_error);
  double const bounds[] = {1, 2, 3, 4}, counts[] = {3, 2, 1};
  auto const classes = melitz::classes_of(bounds, counts);
  CHECK_THROWS_AS(distances_from(fit(size_law::pareto, classes), classes), melitz::domain_error);
  CHECK_THROWS_AS(hill(classes), melitz::domain_error);
}

TEST_CASE("numbers of firms in classes are drawn as binomial", "[estimation][tails]") {
  // The inverse of the distribution function, counted off from the mode: each number has its own part of (0, 1).
  for (auto const& [n, p] : {std::pair{12.0, 0.3}, {5.0, 0.97}, {40.0, 0.01}}) {
    std::vector<double> times(static_cast<std::size_t>(n) + 1);
    int const all = 20000;
    for (int k = 0; k < all; ++k) {
      times[static_cast<std::size_t>(melitz::detail::binomial_draw(n, p, (k + 0.5) / all))] += 1.0 / all;
    }
    double chance = std::pow(1 - p, n);
    for (std::size_t k = 0; k < times.size(); ++k) {
      CHECK_THAT(times[k], WithinAbs(chance, 1.01 / all));
      chance *= (n - static_cast<double>(k)) / (static_cast<double>(k) + 1) * p / (1 - p);
    }
  }
  CHECK(melitz::detail::binomial_draw(10, 0, 0.5) == 0);
  CHECK(melitz::detail::binomial_draw(10, 1, 0.5) == 10);
  CHECK(melitz::detail::binomial_draw(1e9, 0.5, 1) >= 0);
}

}  // namespace test::size_tails
