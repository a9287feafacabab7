// SPDX-License-Identifier: BSL-1.0
#include "describe.hpp"

#include <melitz/models/credit.hpp>
#include <melitz/models/liquidity.hpp>

#include <cmath>

namespace melitz_solve {

namespace {

using constrained = melitz::constrained_export_equilibrium<double>;

std::vector<field<constrained>> constrained_fields() {
  using enum section;
  using e = constrained;
  constexpr std::string_view phi = "productivity", producers = "share of producers";
  std::vector<field<e>> const own{
      {{"cutoff", cutoffs, phi, "phi*"}, get<&e::cutoff>},
      {{"unconstrained_export_cutoff", cutoffs, phi, "phi_x"}, get<&e::unconstrained_export_cutoff>},
      {{"export_cutoff", cutoffs, phi}, get<&e::export_cutoff>},
      {{"every_export_cutoff", cutoffs, phi}, get<&e::every_export_cutoff>},
      {{"share_exporting", averages, producers}, get<&e::share_exporting>},
      {{"share_kept_out", averages, producers}, get<&e::share_kept_out>},
      {{"export_intensity", averages, "share of revenue"}, get<&e::export_intensity>},
  };
  std::vector<field<e>> const slope{
      {{"welfare_elasticity_of_iceberg_cost", elasticities, "of welfare to trade cost"},
       get<&e::welfare_elasticity_of_iceberg_cost>},
  };
  return joined(solution_fields<e>(), own, market_fields<e>(), slope);
}

/// Liquidity that all firms have, or that is log-normal around it.
struct some_liquidity {
  using real_type = double;

  melitz::liquidity_economy<double> alike;
  double log_sd;

  void validate() const {
    alike.validate();
    melitz::detail::require(log_sd >= 0 && melitz::detail::is_finite(log_sd), "liquidity", "liquidity_log_sd", log_sd,
                            "be at least 0 and finite");
    if (log_sd > 0) {
      melitz::detail::require(alike.liquidity > 0 && melitz::detail::is_finite(alike.liquidity), "liquidity",
                              "liquidity", alike.liquidity, "be positive and finite where it differs between firms");
    }
  }
  [[nodiscard]] double size_exponent() const { return alike.size_exponent(); }
};

constrained try_solve(some_liquidity const& given, law_tail const& tail) {
  if (given.log_sd == 0) return melitz::try_solve(given.alike, tail);
  melitz::random_liquidity_economy<melitz::lognormal<double>> const random{
      given.alike.trade, {std::log(given.alike.liquidity), given.log_sd}};
  return melitz::try_solve(random, tail);
}

}  // namespace

model liquidity_model() {
  return model_of("liquidity", "Exporters that need liquidity, after Chaney (2016)",
                  joined(with_example(trade_parameters(), "iceberg_cost", 1.1),
                         std::vector<parameter>{
                             {"liquidity", "labor; its median where it differs", "be at least 0", 0.2},
                             {"liquidity_log_sd", "of log-normal liquidity, 0: all alike", "be at least 0", 0},
                         }),
                  constrained_fields(), [](std::span<double const> p) {
                    return some_liquidity{{read_trade(p), p[trade_count]}, p[trade_count + 1]};
                  });
}

model credit_model() {
  return model_of("credit", "Exporters that need outside finance, after Manova (2013)",
                  joined(trade_parameters(),
                         std::vector<parameter>{
                             {"external_share", "of the export fixed cost", "lie in [0, 1]", 0.7},
                             {"collateral_share", "of the entry cost", "lie in [0, 1]", 0.1},
                             {"contract_enforcement", "probability that lenders are paid", "lie in (0, 1]", 0.6},
                         }),
                  constrained_fields(), [](std::span<double const> p) {
                    auto const q = p.subspan(trade_count);
                    return melitz::credit_economy<double>{read_trade(p), q[0], q[1], q[2]};
                  });
}

}  // namespace melitz_solve
