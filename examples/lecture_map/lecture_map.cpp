// SPDX-License-Identifier: BSL-1.0
// Where Melitz (2003) stands, as slide 5 of the lecture has it: frameworks of firms that differ on the same primitives,
// and what each of them explains: entry and exit, exporters, markups, gains from trade. Needs Eigen.
//
//   lecture_map [--figure]

#include "../common/figure.hpp"

#include <cmath>
#include <cstddef>
#include <cstdio>
#include <melitz/dynamics/learning.hpp>
#include <melitz/dynamics/states/industry_dynamics.hpp>
#include <melitz/economy/solve.hpp>
#include <melitz/law/lognormal.hpp>
#include <melitz/law/pareto.hpp>
#include <melitz/models/krugman.hpp>
#include <melitz/models/skill_technology.hpp>
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

// [industry]
/// The same firms as in Melitz (2003), which now draw anew with probability 0.2, or whose productivity follows an
/// autoregression of which the law of entrants is the long run.
melitz::industry_economy<> industry(melitz::productivity_shocks shocks) {
  return {.elasticity = sigma,
          .fixed_cost = home.fixed_cost,
          .entry_cost = home.entry_cost,
          .death_rate = home.death_rate,
          .discount_factor = 1,
          .labor = home.labor,
          .partners = trade.partners,
          .iceberg_cost = trade.iceberg_cost,
          .export_fixed_cost = trade.export_fixed_cost,
          .redraw_probability = 0.2,
          .persistence = 0.9,
          .shock_sd = 0.2,
          .shocks = shocks};
}
// [/industry]

// [learning]
/// The same law of entrants, who do not know what they have drawn.
melitz::learning_economy<> learning() {
  return {.domestic = home,
          .discount_factor = 1,
          .prior_mean = draws.log_mean,
          .prior_variance = draws.log_sd * draws.log_sd,
          .noise_variance = 0.25};
}
// [/learning]

// [skill]
/// Firms that are all alike, and workers who are not. Technology and fixed costs are of this framework alone.
melitz::skill_technology_economy<> workers(double iceberg_cost) {
  return {.elasticity = sigma,
          .expenditure_share = 0.5,
          .outside_skill_elasticity = 0.3,
          .low_skill_elasticity = 0.8,
          .high_skill_elasticity = 1.2,
          .low_fixed_cost = 1,
          .high_fixed_cost = 4,
          .labor = 1000,
          .partners = 1,
          .iceberg_cost = iceberg_cost,
          .export_fixed_cost = 0.7};
}
constexpr melitz::lognormal<> skills{.log_mean = 0, .log_sd = 0.7};
// [/skill]

constexpr auto redraws = melitz::productivity_shocks::redraws, lasting = melitz::productivity_shocks::autoregression;

melitz::industry_equilibrium<> alone(melitz::industry_economy<> economy) {
  economy.partners = 0;
  return melitz::solve(economy, draws);
}

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

row hopenhayn(melitz::productivity_shocks shocks, char const* name) {
  auto const e = melitz::solve(industry(shocks), draws);
  return {name,
          e.share_exporting,
          std::log(sigma / (sigma - 1)),
          1 - e.export_share,
          0,
          e.welfare / alone(industry(shocks)).welfare};
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

void print_frameworks() {
  std::puts("Framework                     firms differ by              they exit                    hazard by age");
  std::puts("Krugman (1980)                nothing                      at random                    constant");
  std::puts("Melitz (2003)                 a draw at entry              at entry, then at random     constant");
  std::puts("Hopenhayn (1992), redraws     the last of several draws    after a bad draw             constant");
  std::puts("Hopenhayn (1992), AR(1)       shocks that last             after bad shocks             falls");
  std::puts("Jovanovic (1982)              what they know of a draw     on bad news                  falls");
  std::puts("BEJK (2003)                   draws, theirs and rivals'    never: there is no entry     -");
  std::puts("Yeaple (2005)                 whom they employ             never                        -");
}

void print_turnover() {
  std::puts("\nTurnover                       entrants,        exit cutoff        zero profit");
  std::puts("                              of all firms   autarky    trade    from here on  exporters     gain");
  auto const line = [](char const* name, double rate, double before, double after, double zero_profit, double exporters,
                       double gain) {
    std::printf("%-28s  %13.4f  %7.5f  %7.5f  %14.5f  %9.5f  %.5f\n", name, rate, before, after, zero_profit, exporters,
                gain);
  };
  auto const before = melitz::solve(home, draws), after = melitz::solve(trade, draws);
  line("Melitz (2003)", home.death_rate, before.cutoff, after.cutoff, after.cutoff, after.share_exporting,
       after.welfare / before.welfare);
  for (auto const shocks : {redraws, lasting}) {
    auto const closed = alone(industry(shocks)), open = melitz::solve(industry(shocks), draws);
    line(shocks == redraws ? "Hopenhayn (1992), redraws" : "Hopenhayn (1992), AR(1)", open.entry_rate, closed.cutoff,
         open.cutoff, open.zero_profit_cutoff, open.share_exporting, open.welfare / closed.welfare);
  }
  std::printf("%-28s  %13.4f\n", "Jovanovic (1982), autarky", melitz::solve(learning()).entry_rate);
}

/// Of an age, over what all firms have on average.
double relative_size(melitz::learning_equilibrium<> const& e, std::size_t age) {
  return e.mean_size_by_age.at(age) * e.firms_per_entrant / e.size_per_entrant;
}

void print_ages() {
  auto const anew = alone(industry(redraws)), autoregression = alone(industry(lasting));
  auto const learns = melitz::solve(learning());
  std::puts("\nBy age, in autarky      exit hazard                        mean size over that of all firms");
  std::puts("age              redraws    AR(1)  Jovanovic       redraws    AR(1)  Jovanovic");
  for (std::size_t const age : {0U, 1U, 2U, 4U, 8U, 16U}) {
    std::printf("%3zu              %7.4f  %7.4f  %9.4f       %7.4f  %7.4f  %9.4f\n", age,
                anew.exit_hazard_by_age.at(age), autoregression.exit_hazard_by_age.at(age),
                learns.exit_hazard_by_age.at(age), anew.relative_size_by_age.at(age),
                autoregression.relative_size_by_age.at(age), relative_size(learns, age));
  }
}

void print_skills() {
  // [wages]
  auto const before = melitz::solve(workers(1.3), skills), after = melitz::solve(workers(1.15), skills);
  // [/wages]
  std::puts("\nYeaple (2005): trade costs fall from 1.3 to 1.15");
  std::puts("skill    works in       wage over the outside one     real wage");
  std::puts("         before  after    before     after            changes by");
  for (double const log_skill : {0.0, 0.5, 0.8, 1.0, 1.5}) {
    double const skill = std::exp(log_skill);
    std::printf("%5.3f    %-8s%-7s %9.4f %9.4f  %15.2f %%\n", skill,
                std::string(to_string(before.place_of(skill))).c_str(),
                std::string(to_string(after.place_of(skill))).c_str(), before.premium(skill), after.premium(skill),
                100 * (after.real_wage(skill) / before.real_wage(skill) - 1));
  }
  std::printf("Mean wage with the high over that with the low technology: %.4f, then %.4f, since others work there\n",
              before.mean_wage_ratio, after.mean_wage_ratio);
}

void print_map() {
  std::puts("\nThree countries alike, sigma 4, tau 1.5 but for BEJK, where it gives the home share above");
  std::puts("                                           log markup  home                formula   elasticity");
  std::puts("framework                     exporters    on average  share         gain   gives     it needs");
  print(krugman());
  print(melitz_under(draws, "Melitz (2003), log-normal"));
  print(hopenhayn(redraws, "Hopenhayn (1992), redraws"));
  print(hopenhayn(lasting, "Hopenhayn (1992), AR(1)"));
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
  f.columns("age hazard_redraws hazard_ar1 hazard_jovanovic size_redraws size_ar1 size_jovanovic");
  auto const anew = alone(industry(redraws)), autoregression = alone(industry(lasting));
  auto const learns = melitz::solve(learning());
  for (std::size_t age = 0; age < 25; ++age) {
    f.row(age, anew.exit_hazard_by_age.at(age), autoregression.exit_hazard_by_age.at(age),
          learns.exit_hazard_by_age.at(age), anew.relative_size_by_age.at(age),
          autoregression.relative_size_by_age.at(age), relative_size(learns, age));
  }
  f.next_block();
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
  f.next_block();
  f.columns("skill premium_before premium_after");
  auto const before = melitz::solve(workers(1.3), skills), after = melitz::solve(workers(1.15), skills);
  for (int k = 0; k <= 60; ++k) {
    double const skill = 0.5 + 0.075 * k;
    f.row(skill, before.premium(skill), after.premium(skill));
  }
  f.draw(R"gnuplot(set multiplot layout 2,2 title "What frameworks of firms that differ explain"
set key right top
set xlabel "age"
set ylabel "exit hazard"
plot data index 0 using 1:2 with lines ls 1 title "Hopenhayn, redraws", \
     data index 0 using 1:3 with lines ls 2 title "Hopenhayn, AR(1)", \
     data index 0 using 1:4 with lines ls 3 title "Jovanovic"
set key right bottom
set ylabel "size over that of all firms"
plot data index 0 using 1:5 with lines ls 1 title "Hopenhayn, redraws", \
     data index 0 using 1:6 with lines ls 2 title "Hopenhayn, AR(1)", \
     data index 0 using 1:7 with lines ls 3 title "Jovanovic"
set xlabel "domestic share of expenditure"
set ylabel "share of exporters; log markups"
set key right top
set yrange [0:1.2]
plot data index 1 using 1:2 with lines ls 1 title "exporters, Melitz", \
     data index 1 using 1:3 with lines ls 2 title "exporters, BEJK", \
     data index 1 using 1:4 with lines ls 3 title "markup of exporters", \
     data index 1 using 1:5 with lines ls 4 title "of others"
set xlabel "skill"
set ylabel "wage over the outside one"
set key left top Left reverse
set yrange [*:*]
plot data index 2 using 1:2 with lines ls 1 title "Yeaple, trade cost 1.3", \
     data index 2 using 1:3 with lines ls 2 title "1.15"
unset multiplot
)gnuplot");
  return finish_figure(f, "lecture_map");
}

}  // namespace

int main(int count, char** arguments) {
  return run_example(count, arguments, "lecture_map",
                     {print_frameworks, print_map, print_turnover, print_ages, print_plants, print_skills}, draw);
}
