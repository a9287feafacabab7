// SPDX-License-Identifier: BSL-1.0
#include "describe.hpp"

namespace melitz_solve {

std::vector<parameter> with_example(std::vector<parameter> list, std::string_view name, double value) {
  for (auto& p : list) {
    if (p.name == name) p.example = value;
  }
  return list;
}

std::vector<parameter> domestic_parameters() {
  return {
      {"elasticity", "of substitution between varieties", "exceed 1 and be finite", 4},
      {"fixed_cost", "labor per period, of producing", "be positive and finite", 1},
      {"entry_cost", "labor, paid once to draw a productivity", "be positive and finite", 2},
      {"death_rate", "per period", "lie in (0, 1]", 0.05},
      {"labor", "workers", "be positive and finite", 1},
  };
}

melitz::closed_economy<double> read_domestic(std::span<double const> p) {
  return {.elasticity = p[0], .fixed_cost = p[1], .entry_cost = p[2], .death_rate = p[3], .labor = p[4]};
}

std::vector<parameter> trade_parameters() {
  return joined(domestic_parameters(),
                std::vector<parameter>{
                    {"partners", "countries to trade with", "be a whole number of at least 0", 3},
                    {"iceberg_cost", "units shipped for one to arrive", "be at least 1 (\"inf\": no trade)", 1.6},
                    {"export_fixed_cost", "labor per period and market", "be positive (\"inf\": no trade)", 1.3},
                });
}

melitz::open_economy<double> read_trade(std::span<double const> p) {
  return {.domestic = read_domestic(p), .partners = p[5], .iceberg_cost = p[6], .export_fixed_cost = p[7]};
}

}  // namespace melitz_solve
