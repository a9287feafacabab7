// SPDX-License-Identifier: BSL-1.0
// Gravity among thirty countries, after Chaney (2008): how the elasticity of substitution magnifies the intensive
// margin of trade and dampens the extensive one, and what becomes of that when productivity is not Pareto. Needs Eigen.
//
//   chaney [--figure]

#include "../common/figure.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <melitz/law/lognormal.hpp>
#include <melitz/law/pareto.hpp>
#include <melitz/worlds/chaney/chaney.hpp>
#include <melitz/worlds/chaney/elasticities.hpp>
#include <utility>
#include <vector>

namespace {

constexpr melitz::pareto<> power{.scale = 1, .shape = 5};
constexpr melitz::lognormal<> normal{.log_mean = 0, .log_sd = 0.6};

// [primitives]
/// Thirty countries on a disc, of different size and productivity; trade costs grow with distance.
melitz::chaney_economy<> world(double elasticity) {
  int const n = 30;
  Eigen::VectorXd productivity(n), labor(n), x(n), y(n);
  Eigen::MatrixXd iceberg = Eigen::MatrixXd::Ones(n, n), fixed = Eigen::MatrixXd::Ones(n, n);
  for (int i = 0; i < n; ++i) {
    double const angle = 2.399963 * i, radius = std::sqrt((i + 0.5) / n);
    x[i] = radius * std::cos(angle);
    y[i] = radius * std::sin(angle);
    productivity[i] = 1 + 0.3 * std::sin(3.0 * i);
    labor[i] = 100 * std::exp(std::sin(5.0 * i));
    for (int j = 0; j < i; ++j) {
      iceberg(i, j) = iceberg(j, i) = 1.1 + 0.6 * std::hypot(x[i] - x[j], y[i] - y[j]);
      fixed(i, j) = fixed(j, i) = 1.5;
    }
  }
  melitz::chaney_sector<> const goods{
      .elasticity = elasticity, .expenditure_share = 0.3, .iceberg_cost = iceberg, .fixed_cost = fixed};
  return {.outside_productivity = productivity, .labor = labor, .sectors = {goods}};
}
// [/primitives]

/// The pair of countries the iceberg cost between which has this rank among all, from 0 to 1.
std::pair<int, int> pair_at(melitz::chaney_economy<> const& economy, double rank) {
  std::vector<std::pair<double, std::pair<int, int>>> pairs;
  for (int i = 0; i < 30; ++i) {
    for (int j = 0; j < i; ++j) pairs.push_back({economy.sectors[0].iceberg_cost(i, j), {i, j}});
  }
  std::sort(pairs.begin(), pairs.end());
  return pairs[static_cast<std::size_t>(rank * static_cast<double>(pairs.size() - 1))].second;
}

void print_margins() {
  auto const [from, to] = pair_at(world(4), 0.5);
  std::printf("What one percent on the iceberg cost from %d to %d does to exports, in percent; Pareto, shape 5\n\n",
              from, to);
  std::puts("  sigma  in all  who sold before  newcomers  firms  sales per firm  in equilibrium");
  for (double const sigma : {2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0, 5.5}) {
    // [solve]
    auto const economy = world(sigma);
    auto const e = melitz::solve(economy, power);
    auto const effect = melitz::elasticities_by_margin(economy, e, 0, from, to).iceberg_cost;
    // [/solve]
    double const per_firm = std::abs(effect.average_sales) < 1e-12 ? 0 : effect.average_sales;
    std::printf("  %5.1f  %6.3f  %15.3f  %9.3f  %5.2f  %14.3f  %14.3f\n", sigma, effect.flow, effect.intensive,
                effect.extensive, effect.firms, per_firm, effect.in_equilibrium);
  }
}

void print_pairs() {
  auto const economy = world(4);
  // [laws]
  auto const e = melitz::solve(economy, normal);
  auto const& goods = e.sectors[0];
  // [/laws]
  std::puts("\nNear pairs and far ones when productivity is log-normal, sigma = 4\n");
  std::puts("  from  to    tau   cutoff  firms that sell  share of market  in all  who sold before  newcomers");
  for (double const rank : {0.0, 0.25, 0.5, 0.75, 1.0}) {
    auto const [i, j] = pair_at(economy, rank);
    auto const effect = melitz::elasticities_by_margin(economy, e, 0, i, j).iceberg_cost;
    std::printf("  %4d  %2d  %5.3f  %7.4f  %15.4f  %15.5f  %6.3f  %15.3f  %9.3f\n", i, j,
                economy.sectors[0].iceberg_cost(i, j), goods.cutoff(i, j), goods.mass_sellers(i, j), goods.share(i, j),
                effect.flow, effect.intensive, effect.extensive);
  }
  std::printf("\nDividend of a share: %.5f; with the Pareto law of shape 5: %.5f.\n", e.dividend,
              melitz::solve(economy, power).dividend);
}

int draw() {
  auto const economy = world(4);
  auto const e = melitz::solve(economy, normal);
  figure f("chaney", figure::picture);
  f.columns("tau elasticity");
  for (int i = 0; i < 30; ++i) {
    for (int j = 0; j < 30; ++j) {
      if (i != j) f.row(economy.sectors[0].iceberg_cost(i, j), e.sectors[0].trade_elasticity(i, j));
    }
  }
  f.set("intensive", economy.sectors[0].size_exponent());
  f.set("shape", power.shape);
  f.draw(R"gnuplot(set title "The trade elasticity of 870 pairs of countries"
set xlabel "iceberg cost τ"
set ylabel "fall of exports in percent, one percent on τ"
set xrange [1.1:2.4]
set yrange [0:11]
set key Left reverse left top
plot data using 1:2 with points ls 1 pt 7 ps 0.5 title "log-normal: each pair its own", \
     shape with lines ls 2 title "Pareto: the shape, for all pairs", \
     intensive with lines ls 3 title "of that, the intensive margin: σ − 1"
)gnuplot");
  return finish_figure(f, "chaney");
}

}  // namespace

int main(int count, char** arguments) {
  return run_example(count, arguments, "chaney", {print_margins, print_pairs}, draw);
}
