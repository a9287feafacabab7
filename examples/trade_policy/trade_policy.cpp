// SPDX-License-Identifier: BSL-1.0
// Tariffs in a made-up world of twelve countries and eight sectors: what each country would like best, what becomes of
// it when the others answer, what becomes of all when all do so, and what they could agree on. Needs Eigen.
//
//   trade_policy [--figure | --data]      --data prints the world as a table of flows and tariffs

#include "made_up_world.hpp"

#include "../common/figure.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <melitz/worlds/policy/cooperation.hpp>
#include <melitz/worlds/policy/decomposition.hpp>
#include <melitz/worlds/policy/nash_taxes.hpp>
#include <melitz/worlds/policy/optimal_taxes.hpp>
#include <vector>

namespace {

using namespace made_up;

double percent(double ratio) { return 100 * (ratio - 1); }

double median_tariff(melitz::policy_change<> const& change, int importer) {
  std::vector<double> rates;
  for (int s = 0; s < sectors; ++s) {
    for (int i = 0; i < countries; ++i) {
      if (i != importer) rates.push_back(100 * change.import_tax(i, importer, s));
    }
  }
  std::sort(rates.begin(), rates.end());
  return (rates[(rates.size() - 1) / 2] + rates[rates.size() / 2]) / 2;
}

double mean_of_others(Eigen::VectorXd const& hat, int j) { return percent((hat.sum() - hat[j]) / (countries - 1)); }

/// What the table and the figure show.
struct answers {
  melitz::policy_solver<> solver;
  std::vector<melitz::tax_optimum> best{};
  std::vector<double> retaliated{};
  melitz::nash_taxes war{};
  melitz::equal_gains talks{};
};

answers all_answers() {
  // [optimum]
  auto const world = melitz::without_deficits(made_up_world());
  melitz::policy_solver<> solver(world);
  auto const as_it_is = solver.unchanged();
  // [/optimum]
  answers out{melitz::policy_solver<>(world)};
  for (int j = 0; j < countries; ++j) {
    // [unilateral]
    auto const found = maximise_taxes(solver, {{.country = j}}, as_it_is, melitz::welfare_of(j));
    auto const& best = found.best();  // of five starts, all of which end there
    auto const answered = melitz::reciprocal_retaliation(best.change, j);
    // [/unilateral]
    if (!found || found.optima.size() != 1)
      std::printf("%s: more than one optimum, or none\n", country_names[static_cast<std::size_t>(j)]);
    out.best.push_back(best);
    if (solver.solve(answered) != melitz::status::converged)
      throw std::runtime_error("no equilibrium with retaliation");
    out.retaliated.push_back(percent(std::exp(solver.log_welfare()[j])));
  }
  // [nash]
  auto const war = nash_taxes_of(world, melitz::tax_pattern::all);
  // [/nash]
  // [talks]
  auto const talks = equal_gains_of(solver, melitz::all_import_taxes(countries), as_it_is, war.welfare_hat);
  // [/talks]
  out.war = war;
  out.talks = talks;
  return out;
}

void print_tables() {
  auto const a = all_answers();
  std::puts("Change of welfare, percent, and median tariffs, percent");
  std::puts("                     its best tariffs         the same  all at war        agreed");
  std::puts("country    income   median   own  others   in return  median  welfare  median  welfare");
  for (int j = 0; j < countries; ++j) {
    auto const k = static_cast<std::size_t>(j);
    std::printf("%-9s %7.1f  %7.1f %5.2f %7.2f  %10.2f  %6.1f  %7.2f  %6.1f  %7.2f\n", country_names[k],
                a.solver.baseline().income[j], median_tariff(a.best[k].change, j), percent(a.best[k].welfare_hat[j]),
                mean_of_others(a.best[k].welfare_hat, j), a.retaliated[k], median_tariff(a.war.change, j),
                percent(a.war.welfare_hat[j]), median_tariff(a.talks.optimum.change, j),
                percent(a.talks.optimum.welfare_hat[j]));
  }
  std::printf("\nNash taxes: %s, scaled gradient below 1e-8: %s\n", to_string(a.war.reason).data(),
              a.war.scaled_gradient <= 1e-8 ? "yes" : "no");
  std::printf("Agreed: %s, every country gains %.3f %% over war\n", to_string(a.talks.optimum.reason).data(),
              percent(std::exp(a.talks.log_gain.minCoeff())));

  // [parts]
  auto const world = melitz::without_deficits(made_up_world());
  auto const parts = melitz::decompose_along_path(world, a.best[0].change);
  // [/parts]
  std::puts("\nBest tariffs of Arland: what its real income and that of others is made of, 100 logs");
  std::puts("country    terms of trade  volume of trade  profits   sum  solved");
  for (int j = 0; j < 4; ++j) {
    std::printf("%-9s  %14.3f  %15.3f  %7.3f  %5.3f  %5.3f\n", country_names[static_cast<std::size_t>(j)],
                100 * parts.terms_of_trade[j], 100 * parts.fiscal_volume[j], 100 * parts.profits[j],
                100 * parts.sum()[j], 100 * parts.log_real_income[j]);
  }
}

int draw() {
  auto const a = all_answers();
  figure f("trade_policy", figure::picture);
  f.columns("country own_best war agreed");
  for (int j = 0; j < countries; ++j) {
    f.row(country_names[static_cast<std::size_t>(j)], percent(a.best[static_cast<std::size_t>(j)].welfare_hat[j]),
          percent(a.war.welfare_hat[j]), percent(a.talks.optimum.welfare_hat[j]));
  }
  f.next_block();
  f.columns("importer exporter log10_of_flow");
  auto const& flows = a.solver.world().flows;
  for (int j = 0; j < countries; ++j) {
    for (int i = 0; i < countries; ++i) {
      double sum = 0;
      for (int s = 0; s < sectors; ++s) sum += flows(i, j, s);
      f.row(j, i, std::log10(sum));
    }
  }
  f.draw(R"gnuplot(set multiplot layout 1,2 title "Tariffs among twelve countries"
set style data histograms
set style histogram clustered gap 1
set style fill solid 0.8 noborder
set xtics rotate by -55 scale 0
set ylabel "change of welfare, percent"
set key left bottom Left reverse
set xzeroaxis lt -1
plot data index 0 using 2:xtic(1) lc rgb "#0072B2" title "its own best tariffs", \
     data index 0 using 3 lc rgb "#D55E00" title "all at war", \
     data index 0 using 4 lc rgb "#009E73" title "agreed"
unset key
unset xzeroaxis
set xlabel "importer"
set ylabel "exporter"
set cblabel "flow, log_{10}"
set palette defined (0 "#f7fbff", 0.5 "#6baed6", 1 "#08306b")
set xrange [-0.5:11.5]
set yrange [11.5:-0.5]
set xtics norotate 0,1,11
set ytics 0,1,11
set size square
plot data index 1 using 1:2:3 with image
unset multiplot
)gnuplot");
  return finish_figure(f, "trade_policy");
}

}  // namespace

int main(int count, char** arguments) {
  if (count == 2 && std::strcmp(arguments[1], "--data") == 0) {
    print_made_up_data();
    return 0;
  }
  return run_example(count, arguments, "trade_policy", {print_tables}, draw);
}
