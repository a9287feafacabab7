// SPDX-License-Identifier: BSL-1.0
// Productivity drawn from anything: a density of one's own, a Boost distribution, data, a mixture; and what one reads
// when a law is not one.

#include <boost/math/distributions/inverse_gamma.hpp>
#include <cmath>
#include <cstdio>
#include <limits>
#include <melitz/melitz.hpp>
#include <numbers>
#include <variant>
#include <vector>

namespace {

// [density]
// Log productivity is logistic: phi itself is log-logistic, with a Pareto-like upper tail of index 1/spread.
struct log_logistic {
  double centre;  // median of ln phi
  double spread;

  double log_density(double t) const {  // of t = ln phi
    double const z = std::abs(t - centre) / spread;
    return -z - std::log(spread) - 2 * std::log1p(std::exp(-z));
  }
  double log_lower_bound() const { return -std::numeric_limits<double>::infinity(); }
  double log_upper_bound() const { return std::numeric_limits<double>::infinity(); }
};
static_assert(melitz::productivity_law<log_logistic>);
// [/density]

// [from_productivity]
// A density in phi becomes one in t = ln phi when it is multiplied by phi: in logs, when t is added.
// This one rises linearly from 1 to 3: g(phi) = (phi - 1)/2.
struct triangular {
  double log_density(double t) const { return t + std::log(std::expm1(t) / 2); }
  double log_lower_bound() const { return 0; }
  double log_upper_bound() const { return std::log(3.0); }
};
// [/from_productivity]

// [not_a_density]
struct forgot_the_constant {  // a normal density without its 1/sqrt(2 pi)
  double log_density(double t) const { return -t * t / 2; }
  double log_lower_bound() const { return -std::numeric_limits<double>::infinity(); }
  double log_upper_bound() const { return std::numeric_limits<double>::infinity(); }
};
// [/not_a_density]

melitz::open_economy<> const trade{
    .domestic = {.elasticity = 4, .fixed_cost = 1, .entry_cost = 10, .death_rate = 0.05, .labor = 1000},
    .partners = 3,
    .iceberg_cost = 1.3,
    .export_fixed_cost = 0.8};

// [any_law]
template <melitz::productivity_law Law>
void report(char const* name, Law const& draws) {
  auto const closed = melitz::solve(trade.domestic, draws);
  auto const open = melitz::solve(trade, draws);
  std::printf("%-28s cutoff %8.5f -> %8.5f   exporting %.4f   gain %6.3f %%\n", name, closed.cutoff, open.cutoff,
              open.share_exporting, melitz::compare(closed, open).change("welfare").percent());
}
// [/any_law]

template <class Solve>
void explain(Solve const& solve) {
  try {
    solve();
    std::printf("solved\n");
  } catch (melitz::domain_error const& error) {
    std::printf("%s\n", error.what());
  }
}

}  // namespace

int main() {
  std::printf("laws\n");

  // [report_density]
  report("log-logistic, own density", log_logistic{.centre = 0, .spread = 0.25});
  report("triangular, own density", triangular{});
  // [/report_density]

  // [report_boost]
  report("inverse gamma, from Boost", boost::math::inverse_gamma_distribution<double>(4.5, 4.0));
  // [/report_boost]

  // [report_data]
  std::vector<double> const measured{0.41, 0.66, 0.72, 0.90, 1.02, 1.10, 1.35, 1.71, 2.24, 3.90};
  report("data, equal weights", melitz::discrete<>{.values = measured});
  report("data, own weights", melitz::discrete<>{.values = {0.5, 1, 2, 4}, .weights = {0.4, 0.3, 0.2, 0.1}});
  // [/report_data]

  // [report_mixture]
  melitz::mixture<melitz::lognormal<>> const two_kinds{
      .weights = {0.9, 0.1}, .components = {{.log_mean = 0, .log_sd = 0.4}, {.log_mean = 1, .log_sd = 0.6}}};
  report("mixture of two log-normals", two_kinds);

  using piece = std::variant<melitz::lognormal<>, melitz::pareto<>>;
  melitz::mixture<piece> const body_and_tail{
      .weights = {0.95, 0.05},
      .components = {melitz::lognormal<>{.log_mean = 0, .log_sd = 0.5}, melitz::pareto<>{.scale = 2, .shape = 4.25}}};
  report("log-normal and Pareto", body_and_tail);
  // [/report_mixture]

  // [report_truncated]
  report("log-normal between bounds",
         melitz::truncated<melitz::lognormal<>>{.law = {.log_mean = 0, .log_sd = 0.8}, .lower = 0.5, .upper = 10});
  // [/report_truncated]

  std::printf("\nerror estimates\n");
  // [error_estimate]
  auto const closed_form = melitz::solve(trade, melitz::lognormal<>{.log_mean = 0, .log_sd = 0.8});
  auto const quadrature = melitz::solve(trade, log_logistic{.centre = 0, .spread = 0.25});
  std::printf("log-normal    %g: closed form, only rounding\n", closed_form.error_estimate);
  std::printf("log-logistic  %s 1e-13: quadrature\n", quadrature.error_estimate < 1e-13 ? "below" : "above");
  // [/error_estimate]

  std::printf("\nmistakes\n");
  // [mistakes]
  auto const& economy = trade.domestic;
  explain([&] { (void)melitz::solve(economy, forgot_the_constant{}); });
  explain([&] { (void)melitz::solve(economy, log_logistic{.centre = 0, .spread = 0.5}); });
  explain([&] { (void)melitz::solve(economy, melitz::pareto<>{.scale = 1, .shape = 2.5}); });
  explain([&] { (void)melitz::solve(economy, melitz::lognormal<>{.log_mean = 0}); });
  explain([&] { (void)melitz::solve(economy, melitz::discrete<>{.values = {1, 2, 3}, .weights = {0.5, 0.3, 0.3}}); });
  // [/mistakes]
}
