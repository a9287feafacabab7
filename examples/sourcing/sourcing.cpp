// SPDX-License-Identifier: BSL-1.0
// Who buys components and who makes them, at home and in the South, after Antras and Helpman (2004). First across
// sectors, by how much the services of headquarters matter; then in one sector, as the South's wage falls.
//
//   sourcing [--figure]

#include "../common/figure.hpp"

#include <algorithm>
#include <cstdio>
#include <limits>
#include <melitz/law/lognormal.hpp>
#include <melitz/models/sourcing.hpp>
#include <string>

namespace {

constexpr melitz::lognormal<> draws{.log_mean = 0, .log_sd = 1};

// [primitives]
melitz::sourcing_economy<> economy(double headquarter_intensity, double south_wage = 0.5) {
  return {.substitution_parameter = 0.5,
          .sector_substitution_parameter = 0.3,
          .headquarter_intensity = headquarter_intensity,
          .bargaining_share = 0.35,
          .north_recovery_share = 0.06,
          .south_recovery_share = 0.05,
          .north_wage = 1,
          .south_wage = south_wage,
          .north_outsourcing_fixed_cost = 1,
          .north_integration_fixed_cost = 1.35,
          .south_outsourcing_fixed_cost = 1.8,
          .south_integration_fixed_cost = 2.4,
          .entry_cost = 30,
          .death_rate = 0.1};
}
// [/primitives]

void print_shares(melitz::sourcing_forms<> const& share) {
  std::printf("  %9.4f  %9.4f  %9.4f  %9.4f", share.north_outsourcing, share.north_integration, share.south_outsourcing,
              share.south_integration);
}

void print_sectors() {
  std::puts("Shares of active firms, by headquarter intensity");
  std::puts("                                           North      North      South      South");
  std::puts("   eta   beta*  sector                 outsource  integrate  outsource  integrate  cutoff");
  for (double const eta : {0.0, 0.2, 0.4, 0.5, 0.6, 0.65, 0.7, 0.75, 0.8, 0.9, 1.0}) {
    // [solve]
    auto const e = melitz::solve(economy(eta), draws);
    auto const& share = e.share_of_firms;  // of north_outsourcing, north_integration, south_outsourcing, ...
    // [/solve]
    std::printf("%6.2f  %6.4f  %-21s", eta, melitz::optimal_bargaining_share(eta, 0.5),
                std::string(to_string(e.sector)).c_str());
    print_shares(share);
    std::printf("  %6.4f\n", e.cutoff);
  }
}

void print_wages() {
  std::puts("\nShares of active firms at eta = 0.7, by the South's wage");
  std::puts("            North      North      South      South    imported");
  std::puts("   w_S  outsource  integrate  outsource  integrate  components  cutoff  surplus");
  for (double const wage : {1.0, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3}) {
    auto const e = melitz::solve(economy(0.7, wage), draws);
    std::printf("%6.2f", wage);
    print_shares(e.share_of_firms);
    std::printf("  %10.4f  %6.4f  %7.4f\n", e.imported_components, e.cutoff, e.consumer_surplus);
  }
}

void print_welfare() {
  // [welfare]
  auto now = economy(0.7);
  auto const e = melitz::solve(now, draws);
  auto const by = consumer_surplus_elasticities(now, e);
  now.south_outsourcing_fixed_cost = now.south_integration_fixed_cost = std::numeric_limits<double>::infinity();
  auto const alone = melitz::solve(now, draws);  // without the South
  // [/welfare]
  std::printf(
      "\nAt w_S = 0.5 the surplus is %.1f %% higher than without the South. One percent off its wage adds %.2f %%,\n",
      100 * (e.consumer_surplus / alone.consumer_surplus - 1), -by.south_wage);
  std::printf("one percent off the fixed cost of integration %.2f %% in the North and %.2f %% in the South.\n",
              -by.fixed_cost.north_integration, -by.fixed_cost.south_integration);
}

int draw() {
  figure f("sourcing", figure::picture);
  f.columns("eta north_outsourcing and_north_integration and_south_outsourcing");
  double component_up_to = 0, headquarter_from = 1;
  for (int k = 0; k <= 400; ++k) {
    double const eta = 0.0025 * k;
    auto const e = melitz::solve(economy(eta), draws);
    auto const& s = e.share_of_firms;
    double const first = 100 * s.north_outsourcing, second = first + 100 * s.north_integration;
    f.row(eta, first, second, second + 100 * s.south_outsourcing);
    if (e.sector == melitz::sector_type::component_intensive) component_up_to = eta;
    if (e.sector == melitz::sector_type::headquarter_intensive) headquarter_from = std::min(headquarter_from, eta);
  }
  f.set("component", component_up_to);
  f.set("headquarter", headquarter_from);
  f.draw(R"gnuplot(set title "Outsource or integrate, at home or in the South" offset 0,1
set tmargin 4
set xlabel "headquarter intensity η"
set ylabel "percent of active firms"
set xrange [0:1]
set yrange [0:100]
set style fill solid 0.7 noborder
unset key
set arrow from component,0 to component,100 nohead front ls 4
set arrow from headquarter,0 to headquarter,100 nohead front ls 4
set label "component-intensive" at component/2,103.5 center font ",11" tc rgb "#666666"
set label "headquarter-intensive" at (1 + headquarter)/2,103.5 center font ",11" tc rgb "#666666"
set label "outsource\nin the South" at component/2,57 center front
set label "outsource\nin the North" at 0.62,14 center front
set label "integrate\nin the North" at 0.88,50 center front
set label "integrate in the South" at 0.69,93 center front
plot data using 1:4:(100) with filledcurves lc rgb "#CC79A7", \
     data using 1:3:4 with filledcurves lc rgb "#56B4E9", \
     data using 1:2:3 with filledcurves lc rgb "#E69F00", \
     data using 1:(0):2 with filledcurves lc rgb "#009E73"
)gnuplot");
  return finish_figure(f, "sourcing");
}

}  // namespace

int main(int count, char** arguments) {
  return run_example(count, arguments, "sourcing", {print_sectors, print_wages, print_welfare}, draw);
}
