// SPDX-License-Identifier: BSL-1.0
// Where Melitz (2003) stands, as slide 5 of the lecture has it: frameworks of firms that differ on the same primitives,
// and what each of them explains: entry and exit, exporters, markups, gains from trade. Needs Eigen.
//
//   lecture_map [--figure]

#include "../common/figure.hpp"

#include <cmath>
#include <cstdio>
#include <melitz/economy/solve.hpp>
#include <melitz/law/lognormal.hpp>
#include <melitz/law/pareto.hpp>
#include <melitz/models/krugman.hpp>
#include <melitz/worlds/bertrand/bertrand.hpp>
#include <string>

namespace {

// [primitives]
constexpr double sigma = 4, theta = 4.25;
constexpr melitz::closed_economy<> home{
    .elasticity = sigma, .fixed_cost = 1, .entry_cost = 2, .death_rate = 0.05, .labor = 1000};
constexpr melitz::open_economy<> trade{.domestic = home, .partners = 2, .iceberg_cost = 1.5, .export_fixed_cost = 1.2};
constexpr melitz::lognormal<> draws{.log_mean = 0, .log_sd = 0.4588314677411235};
constexpr melitz::pareto<> pareto{.scale = 1, .shape = theta};
// [/primitives]

/// What a framework says, as far as it says anything.
struct row {
  std::string framework;
  double exporters, log_markup, share, elasticity, gain;  ///< the elasticity that the formula takes; 0 for none
};

void print(row const& r) {
  std::printf("%-28s  %9.4f  %10.4f  %10.4f", r.framework.c_str(), r.exporters, r.log_markup, r.share);
  if (r.elasticity > 0) {
    std::printf("  %8.5f  %8.5f", r.gain, std::pow(r.share, -1 / r.elasticity));
  } else {
    std::printf("  %8.5f  %8s", r.gain, "-");
  }
  std::printf("  %10.4f\n", -std::log(r.share) / std::log(r.gain));
}

row krugman() {
  melitz::krugman_economy<> const economy{home, 1, trade.partners, trade.iceberg_cost};
  auto const e = melitz::solve(economy);
  return {"Krugman (1980)", 1, std::log(sigma / (sigma - 1)), e.domestic_share, sigma - 1, gains_from_trade(economy)};
}

/// @param name  with the law
template <class Law>
row melitz_under(Law const& law, char const* name) {
  auto const e = melitz::solve(trade, law);
  double const share = 1 - e.export_share;
  return {name,  e.share_exporting,  std::log(sigma / (sigma - 1)),
          share, e.trade_elasticity, e.welfare / melitz::solve(home, law).welfare};
}

// [bertrand]
/// Three countries alike, between which goods move at such a cost that the home share is this one.
melitz::bertrand_economy<> competing_in_prices(double share) {
  double const iceberg_cost = std::pow(2 * share / (1 - share), 1 / theta);
  Eigen::Matrix3d costs = Eigen::Matrix3d::Constant(iceberg_cost);
  costs.diagonal().setOnes();
  return {.elasticity = sigma,
          .shape = theta,
          .labor = Eigen::Vector3d::Constant(1000),
          .technology = Eigen::Vector3d::Ones(),
          .iceberg_cost = costs};
}
// [/bertrand]

row bertrand(double share) {
  auto const e = melitz::try_solve_with_flows(competing_in_prices(share));
  return {"BEJK (2003), Frechet", e.share_exporting[0], e.average_log_markup, e.domestic_share[0], theta,
          e.gains_from_trade()[0]};
}

void print_map() {
  std::puts("The map: three countries alike, sigma 4, tau 1.5 where nothing else is said\n");
  std::puts("                                           log markup  home                formula   elasticity");
  std::puts("framework                     exporters    on average  share         gain   gives     it needs");
  print(krugman());
  print(melitz_under(draws, "Melitz (2003), log-normal"));
  auto const under_pareto = melitz_under(pareto, "Melitz (2003), Pareto");
  print(under_pareto);
  print(bertrand(under_pareto.share));
}

void print_plants() {
  auto const under_pareto = melitz::solve(trade, pareto);
  double const share = 1 - under_pareto.export_share;
  // [plants]
  auto const economy = competing_in_prices(share);
  auto const e = melitz::try_solve_with_flows(economy);
  auto const p = plants(economy, e.share, 0);
  // [/plants]
  std::puts("\nExporters at one theta and one home share         Melitz, Pareto      BEJK");
  auto const line = [](char const* what, double of_melitz, double of_bertrand) {
    std::printf("%-50s  %12.4f  %8.4f\n", what, of_melitz, of_bertrand);
  };
  line("share of producers that export", under_pareto.share_exporting, p.share_exporting);
  double const constant = std::log(sigma / (sigma - 1));
  line("their log markup at home", constant, p.exporter_log_markup.value());
  line("that of the others", constant, p.nonexporter_log_markup.value());
  line("share with the monopoly's markup", 1, p.exporter_capped_share.value());
  line("log revenue per cost, less that of the others", 0, p.exporter_productivity_gap.value());
  // The Pareto law above the cutoff for exporters, and between the two cutoffs for the others.
  double const ratio = std::log(under_pareto.export_cutoff / under_pareto.cutoff), x = under_pareto.share_exporting;
  line("log efficiency, less that of the others", ratio / (1 - x), p.exporter_efficiency_gap.value());
  double const exporters = std::pow(x, 1 - (sigma - 1) / theta);  // their part of home sales
  line("home sales, over those of the others", exporters / (1 - exporters) * (1 - x) / x,
       p.exporter_size_ratio.value());
}

int draw() {
  figure f("lecture_map", figure::picture);
  f.columns("home_share exporters_melitz exporters_bertrand markup_exporters markup_others");
  for (int k = 1; k <= 60; ++k) {
    auto economy = trade;
    economy.iceberg_cost = 1.05 + 0.05 * k;
    auto const e = melitz::solve(economy, pareto);
    double const share = 1 - e.export_share;
    auto const world = competing_in_prices(share);
    auto const p = plants(world, melitz::try_solve_with_flows(world).share, 0);
    if (p.regime != melitz::regime::selection) continue;
    f.row(share, e.share_exporting, p.share_exporting, *p.exporter_log_markup, *p.nonexporter_log_markup);
  }
  f.draw(R"gnuplot(set multiplot layout 1,2 title "What frameworks of firms that differ explain"
set xlabel "domestic share of expenditure"
set ylabel "share of producers that export"
set key right top
plot data using 1:2 with lines ls 1 title "Melitz, Pareto", \
     data using 1:3 with lines ls 2 title "Bernard, Eaton, Jensen, Kortum"
set ylabel "log markup at home"
set key right bottom
plot data using 1:4 with lines ls 1 title "exporters", \
     data using 1:5 with lines ls 2 title "others", \
     log(4/3.) with lines ls 4 title "Melitz"
unset multiplot
)gnuplot");
  return finish_figure(f, "lecture_map");
}

}  // namespace

int main(int count, char** arguments) {
  return run_example(count, arguments, "lecture_map", {print_map, print_plants}, draw);
}
