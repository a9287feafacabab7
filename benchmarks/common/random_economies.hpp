// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "economy.hpp"

#include <cmath>
#include <random>

namespace benchmarks {

/// Ranges that random economies are drawn from. Costs, ratios and trade costs are drawn evenly in logs.
struct ranges {
  double elasticity_above = 1.2, elasticity_below = 10;
  double log_entry = 0, log_entry_range = 0;  ///< ln(delta f_e / f): middle and half its width
  double log_export_range = 3;                ///< |ln(f_x / f)| at most
  double highest_iceberg_cost = 5;
  int most_partners = 100;
  double lowest_sd = 0.05, highest_sd = 2;           ///< of ln phi, log-normal
  double lowest_margin = 0.05, highest_margin = 3;   ///< shape / (elasticity - 1) - 1, Pareto and Frechet
  double lowest_weibull = 0.5, highest_weibull = 5;  ///< shape, Weibull
};

/// Any economy one may meet: elasticities 1.2 to 10, delta f_e / f 1e-5 to 100, up to 100 partners, f_x / f within e^3.
inline ranges plausible() {
  return {.log_entry = std::log(1e-5 * 1e2) / 2, .log_entry_range = std::log(1e2 / 1e-5) / 2};
}

/// And beyond: delta f_e / f over 16 orders of magnitude, elasticities up to 20, trade costs up to 100.
inline ranges wide() {
  return {.elasticity_above = 1.1,
          .elasticity_below = 20,
          .log_entry = 0,
          .log_entry_range = std::log(1e8),
          .log_export_range = std::log(1e6),
          .highest_iceberg_cost = 100,
          .most_partners = 10'000,
          .lowest_sd = 0.01,
          .highest_sd = 4,
          .lowest_margin = 0.01,
          .highest_margin = 10,
          .lowest_weibull = 0.3,
          .highest_weibull = 20};
}

class random_economies {
 public:
  explicit random_economies(ranges const& within) : within_(within) {}

  melitz::open_economy<> economy() {
    double const f = std::exp(uniform(-3, 3)), delta = std::exp(uniform(std::log(1e-3), 0));
    double const entry = std::exp(within_.log_entry + uniform(-1, 1) * within_.log_entry_range);
    return {.domestic = {.elasticity = uniform(within_.elasticity_above, within_.elasticity_below),
                         .fixed_cost = f,
                         .entry_cost = entry * f / delta,
                         .death_rate = delta,
                         .labor = 1000},
            .partners = std::floor(std::exp(uniform(0, std::log(within_.most_partners + 1)))),
            .iceberg_cost = std::exp(uniform(0, std::log(within_.highest_iceberg_cost))),
            .export_fixed_cost = f * std::exp(uniform(-1, 1) * within_.log_export_range)};
  }

  auto law(lognormal, double) {
    return melitz::lognormal<>{uniform(-1, 1),
                               std::exp(uniform(std::log(within_.lowest_sd), std::log(within_.highest_sd)))};
  }
  auto law(pareto, double power) { return melitz::pareto<>{std::exp(uniform(-1, 1)), fat_tail(power)}; }
  auto law(frechet, double power) { return melitz::frechet<>{std::exp(uniform(-1, 1)), fat_tail(power)}; }
  auto law(weibull, double) {
    return melitz::weibull<>{std::exp(uniform(-1, 1)),
                             std::exp(uniform(std::log(within_.lowest_weibull), std::log(within_.highest_weibull)))};
  }

 private:
  double uniform(double a, double b) { return a + (b - a) * std::uniform_real_distribution<>(0, 1)(generator_); }
  double fat_tail(double power) {
    return power * (1 + std::exp(uniform(std::log(within_.lowest_margin), std::log(within_.highest_margin))));
  }

  ranges within_;
  std::mt19937_64 generator_{20'030'101};  // fixed: the same economies in every run
};

}  // namespace benchmarks
