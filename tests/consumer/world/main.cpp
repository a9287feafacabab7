// SPDX-License-Identifier: BSL-1.0
// A stranger's program with two countries: the model that compiles fastest.
#include <cmath>
#include <cstdio>
#include <melitz/law/pareto.hpp>
#include <melitz/worlds/chaney/chaney.hpp>

int main() {
  melitz::chaney_sector<> const sector{.elasticity = 4,
                                       .expenditure_share = 0.6,
                                       .iceberg_cost = Eigen::Matrix2d{{1, 1.5}, {1.5, 1}},
                                       .fixed_cost = Eigen::Matrix2d{{1, 1.2}, {1.2, 1}}};
  melitz::chaney_economy<> const world{
      .outside_productivity = Eigen::Vector2d{1, 1}, .labor = Eigen::Vector2d{100, 100}, .sectors = {sector}};
  auto const e = melitz::solve(world, melitz::pareto<>{.scale = 1, .shape = 5});
  // Gravity between two countries alike: the other one sells tau^-5 f^-(5/3 - 1) times as much as those at home.
  double const abroad = std::pow(1.5, -5) * std::pow(1.2, -2.0 / 3), share = e.sectors[0].share(0, 1);
  std::printf("share %.12f\n", share);
  return std::abs(share - abroad / (1 + abroad)) < 1e-12 ? 0 : 1;
}
