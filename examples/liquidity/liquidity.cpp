// SPDX-License-Identifier: BSL-1.0
// Who has the money to export, after Chaney (2016). Exporting pays from a certain size on, but its fixed cost must be
// at hand: from a firm's own liquidity and its profit at home. First all firms have the same, then it differs between
// firms of one productivity, so that who exports is no longer a matter of productivity alone.
//
//   liquidity [--figure]

#include "../common/figure.hpp"

#include <cmath>
#include <cstdio>
#include <melitz/law/lognormal.hpp>
#include <melitz/models/liquidity.hpp>

namespace {

constexpr melitz::lognormal<> draws{.log_mean = 0, .log_sd = 0.6};

// [primitives]
melitz::open_economy<> const trade{
    .domestic = {.elasticity = 4, .fixed_cost = 1, .entry_cost = 15, .death_rate = 0.1, .labor = 100},
    .partners = 2,
    .iceberg_cost = 1.1,
    .export_fixed_cost = 1};
// [/primitives]

void print_row(double liquidity, melitz::constrained_export_equilibrium<> const& e) {
  std::printf("%9.2f  %7.4f  %7.4f  %9.4f  %8.4f  %7.4f  %8.4f\n", liquidity, e.cutoff, e.export_cutoff,
              e.share_exporting, e.share_kept_out, e.welfare, e.welfare_elasticity_of_iceberg_cost);
}

void print_tables() {
  char const* const header = "liquidity     phi*    phi_x  exporters  kept out  welfare  dlnW/dlntau";
  std::printf("All firms have the same.\n%s\n", header);
  for (double const amount : {0.0, 0.2, 0.4, 0.6, 0.8}) {
    // [solve]
    auto const e = melitz::solve(melitz::liquidity_economy<>{trade, amount}, draws);
    // [/solve]
    print_row(amount, e);
  }
  std::printf("\nHalf of them have more than that, half less: log-normal with a log-sd of 1.\n%s\n", header);
  for (double const median : {0.05, 0.2, 0.4, 0.6, 0.8}) {
    // [random]
    melitz::lognormal<> const amounts{.log_mean = std::log(median), .log_sd = 1};
    auto const e = melitz::solve(melitz::random_liquidity_economy{trade, amounts}, draws);
    // [/random]
    print_row(median, e);
  }
  std::puts("\nphi_x is the least productive exporter; shares are of producers.");
}

/// The share of firms that export, by productivity.
int draw() {
  figure f("liquidity", figure::picture);
  f.columns("size_relative_to_phi* log_sd_0 log_sd_0.5 log_sd_1.5");
  double const median = 0.3, f_x = trade.export_fixed_cost, r = trade.domestic.elasticity - 1;
  double const pays = f_x * std::pow(trade.iceberg_cost, r);
  for (int k = 0; k <= 600; ++k) {
    double const size = 1 + 0.002 * k;  // operating profit at home
    auto const share = [&](double log_sd) {
      double const needed = trade.domestic.fixed_cost + f_x - size;
      if (size < pays) return 0.0;
      if (needed <= 0) return 100.0;
      if (log_sd == 0) return needed <= median ? 100.0 : 0.0;
      return 50 * std::erfc(std::log(needed / median) / (log_sd * std::sqrt(2)));
    };
    f.row(size, share(0), share(0.5), share(1.5));
  }
  f.set("pays", pays);
  f.draw(R"gnuplot(set title "Liquidity blurs the line between exporters and others"
set xlabel "operating profit at home, over the fixed cost f"
set ylabel "percent of firms that export"
set xrange [1:2.2]
set yrange [0:105]
set key Left reverse at graph 0.98, graph 0.35
set arrow 1 from pays,0 to pays,105 nohead ls 4
set label 1 "exporting pays" at pays,50 rotate by 90 center offset -1.2,0
plot data using 1:2 with lines ls 1 title "all have 0.3", \
     data using 1:3 with lines ls 2 title "median 0.3, log-sd 0.5", \
     data using 1:4 with lines ls 3 title "median 0.3, log-sd 1.5"
)gnuplot");
  return finish_figure(f, "liquidity");
}

}  // namespace

int main(int count, char** arguments) { return run_example(count, arguments, "liquidity", {print_tables}, draw); }
