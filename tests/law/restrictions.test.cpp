// SPDX-License-Identifier: BSL-1.0
#include <melitz/tail/any_law.hpp>
#include <melitz/tail/boost.hpp>

#include "support/catch.hpp"

#include <boost/math/distributions/normal.hpp>
#include <limits>

namespace test::law_restrictions {

using test::contains;

namespace {

double const missing = std::numeric_limits<double>::quiet_NaN();
double const inf = std::numeric_limits<double>::infinity();

/// Binding the law must fail, naming the law, the parameter and what would be right.
template <class Law>
void refuses(Law const& law, std::string const& where, std::string const& parameter, std::string const& restriction) {
  CAPTURE(where, parameter);
  CHECK_THROWS_AS(melitz::tail_of(law, 3.0), melitz::domain_error);
  CHECK_THROWS_WITH(melitz::tail_of(law, 3.0),
                    contains(where + ": ") && contains(parameter + " is ") && contains(restriction));
}

}  // namespace

TEST_CASE("laws refuse parameters that are out of range, by name", "[law][failure]") {
  using namespace melitz;
  for (double const bad : {0.0, -1.0, missing, inf}) {
    CAPTURE(bad);
    refuses(pareto<>{bad, 4}, "pareto", "scale", "positive and finite");
    refuses(pareto<>{1, bad}, "pareto", "shape", "positive and finite");
    refuses(frechet<>{bad, 4}, "frechet", "scale", "positive and finite");
    refuses(frechet<>{1, bad}, "frechet", "shape", "positive and finite");
    refuses(weibull<>{bad, 4}, "weibull", "scale", "positive and finite");
    refuses(weibull<>{1, bad}, "weibull", "shape", "positive and finite");
    refuses(exponential<>{bad}, "exponential", "rate", "positive and finite");
    refuses(lognormal<>{0, bad}, "lognormal", "log_sd", "positive and finite");
    refuses(degenerate<>{bad}, "degenerate", "value", "positive and finite");
    refuses(bounded_pareto<>{bad, 10, 2}, "bounded_pareto", "lower", "positive and finite");
    refuses(bounded_pareto<>{1, 10, bad}, "bounded_pareto", "shape", "positive and finite");
    refuses(spliced_lognormal_pareto<>{0, bad, 4}, "spliced_lognormal_pareto", "log_sd", "positive and finite");
    refuses(spliced_lognormal_pareto<>{0, 1, bad}, "spliced_lognormal_pareto", "shape", "positive and finite");
    refuses(three_piece<>{0, 1, 4, bad}, "three_piece", "lower_shape", "positive and finite");
    refuses(pareto_lognormal<>{0, bad, 4}, "pareto_lognormal", "log_sd", "positive and finite");
    refuses(double_pareto_lognormal<>{0, 1, 4, bad}, "double_pareto_lognormal", "lower_shape", "positive and finite");
    refuses(singh_maddala<>{1, 3, bad}, "singh_maddala", "tail_power", "positive and finite");
    refuses(dagum<>{1, 4, bad}, "dagum", "lower_power", "positive and finite");
    refuses(generalized_gamma<>{1, bad, 1}, "generalized_gamma", "gamma_shape", "positive and finite");
    refuses(generalized_gamma<>{1, 1, bad}, "generalized_gamma", "power", "positive and finite");
  }
  for (double const bad : {missing, inf, -inf}) refuses(lognormal<>{bad, 1}, "lognormal", "log_mean", "finite");
  refuses(bounded_pareto<>{1, 1, 2}, "bounded_pareto", "upper", "exceed lower");
  refuses(bounded_pareto<>{2, 1, 2}, "bounded_pareto", "upper", "exceed lower");
  refuses(bounded_pareto<>{1, inf, 2}, "bounded_pareto", "upper", "finite");
  refuses(uniform<>{-1, 1}, "uniform", "lower", "at least 0");
  refuses(uniform<>{2, 1}, "uniform", "upper", "exceed lower");
  refuses(uniform<>{1, 1}, "uniform", "upper", "exceed lower");
  refuses(uniform<>{1, missing}, "uniform", "upper", "positive and finite");
  refuses(truncated<lognormal<>>{{0, 1}, -1, 2}, "truncated", "lower", "at least 0");
  refuses(truncated<lognormal<>>{{0, 1}, 3, 2}, "truncated", "upper", "exceed lower");
  refuses(truncated<lognormal<>>{{0, 0}, 1, 2}, "lognormal", "log_sd", "positive");
}

TEST_CASE("a parameter left out is named", "[law][failure]") {
  refuses(melitz::pareto<>{.scale = 1}, "pareto", "shape", "positive");
  refuses(melitz::lognormal<>{.log_mean = 0}, "lognormal", "log_sd", "positive");
}

TEST_CASE("a diverging moment is refused where the shape decides it", "[law][failure]") {
  for (double const shape : {0.5, 2.9, 3.0}) {
    refuses(melitz::pareto<>{1, shape}, "pareto", "shape", "exceed the size exponent 3");
    refuses(melitz::frechet<>{1, shape}, "frechet", "shape", "exceed the size exponent 3");
    refuses(melitz::spliced_lognormal_pareto<>{0, 1, shape}, "spliced_lognormal_pareto", "shape",
            "exceed the size exponent 3");
    refuses(melitz::three_piece<>{0, 1, shape, 1}, "three_piece", "upper_shape", "exceed the size exponent 3");
    refuses(melitz::pareto_lognormal<>{0, 1, shape}, "pareto_lognormal", "shape", "exceed the size exponent 3");
    refuses(melitz::double_pareto_lognormal<>{0, 1, shape, 1}, "double_pareto_lognormal", "upper_shape",
            "exceed the size exponent 3");
    refuses(melitz::singh_maddala<>{1, 2, shape / 2}, "singh_maddala", "tail_power",
            "exceed 1.5, the size exponent (elasticity - 1 in the open economy) over steepness");
    refuses(melitz::dagum<>{1, shape, 1}, "dagum", "steepness", "exceed the size exponent 3");
  }
  CHECK_NOTHROW(melitz::tail_of(melitz::pareto<>{1, 3.0000001}, 3.0));
}

TEST_CASE("data and weights are checked", "[law][failure]") {
  using namespace melitz;
  refuses(discrete<>{}, "discrete", "number of values", "at least 1");
  refuses(discrete<>{{1, -2}, {}}, "discrete", "values", "at least 0");
  refuses(discrete<>{{1, missing}, {}}, "discrete", "values", "at least 0");
  refuses(discrete<>{{1, inf}, {}}, "discrete", "values", "finite");
  refuses(discrete<>{{0, 0}, {}}, "discrete", "largest value", "positive");
  refuses(discrete<>{{1, 2}, {1}}, "discrete", "number of weights", "number of values");
  refuses(discrete<>{{1, 2}, {0.5, 0.6}}, "discrete", "sum of weights", "1 (within 1e-9)");
  refuses(discrete<>{{1, 2}, {0.5, 0.5 + 2e-9}}, "discrete", "sum of weights", "1 (within 1e-9)");
  refuses(discrete<>{{1, 2}, {-0.5, 1.5}}, "discrete", "weights", "be a probability");
  refuses(discrete<>{{1, 2}, {missing, 1}}, "discrete", "weights", "be a probability");
  CHECK_NOTHROW(tail_of(discrete<>{{1, 2}, {0.5, 0.5 + 5e-10}}, 3.0));

  using mixed = mixture<lognormal<>>;
  refuses(mixed{}, "mixture", "number of components", "at least 1");
  refuses(mixed{{1}, {{0, 1}, {1, 1}}}, "mixture", "number of weights", "number of components");
  refuses(mixed{{0.5, 0.4}, {{0, 1}, {1, 1}}}, "mixture", "sum of weights", "1 (within 1e-9)");
  refuses(mixed{{0.5, 0.5}, {{0, 1}, {1, -1}}}, "lognormal", "log_sd", "positive");
}

TEST_CASE("a Boost distribution that reaches below zero is refused", "[law][boost][failure]") {
  CHECK_THROWS_WITH(melitz::tail_of(boost::math::normal_distribution<double>(5, 1), 3.0),
                    contains("productivity is positive"));
}

}  // namespace test::law_restrictions
