// SPDX-License-Identifier: BSL-1.0
// Exports or affiliates abroad, after Helpman, Melitz and Yeaple (2004). Three countries alike; a firm serves a foreign
// market by exports, at an iceberg cost, or by an affiliate, at a higher fixed cost. Which of the two sells more, as
// trade costs fall; then in industries whose firms differ more.
//
//   multinational [--figure]

#include "../common/figure.hpp"

#include <cstdio>
#include <melitz/law/lognormal.hpp>
#include <melitz/law/pareto.hpp>
#include <melitz/models/multinational.hpp>

namespace {

// [primitives]
melitz::multinational_economy<> economy(double iceberg_cost) {
  melitz::closed_economy<> const home{
      .elasticity = 4, .fixed_cost = 1, .entry_cost = 20, .death_rate = 0.1, .labor = 100};
  melitz::open_economy<> const trade{
      .domestic = home, .partners = 2, .iceberg_cost = iceberg_cost, .export_fixed_cost = 0.6};
  return {.trade = trade, .affiliate_fixed_cost = 4, .expenditure_share = 0.6};
}
// [/primitives]

void print_trade_costs() {
  melitz::pareto<> const draws{.scale = 0.5, .shape = 4.6};
  std::puts("Cheaper trade, under a Pareto law of shape 4.6\n");
  std::puts("   tau    phi_D    phi_X    phi_I  exporters  multinationals  exports  affiliates'  ratio  welfare");
  for (double const tau : {1.8, 1.7, 1.6, 1.5, 1.4, 1.3, 1.2, 1.1}) {
    // [solve]
    auto const e = melitz::solve(economy(tau), draws);
    // [/solve]
    std::printf("%6.2f  %7.4f  %7.4f  %7.4f  %9.4f  %14.4f  %7.4f  %11.4f  %5.3f  %7.4f\n", tau, e.cutoff,
                e.export_cutoff, e.affiliate_cutoff, e.share_exporting, e.share_multinational, e.export_share,
                e.affiliate_share, e.exports_over_affiliate_sales, e.welfare);
  }
}

void print_dispersion() {
  std::puts("\nIndustries whose firms differ more, at tau = 1.4: exports over affiliates' sales\n");
  std::puts("  Pareto shape   ratio   closed form     log-normal spread   ratio");
  double const shapes[]{6.0, 5.0, 4.5, 4.0, 3.5, 3.2}, spreads[]{0.3, 0.4, 0.5, 0.6, 0.8, 1.0};
  for (int k = 0; k < 6; ++k) {
    // [ratio]
    auto const industry = economy(1.4);
    double const ratio =
        melitz::solve(industry, melitz::pareto<>{.scale = 0.5, .shape = shapes[k]}).exports_over_affiliate_sales;
    double const by_hand = melitz::pareto_exports_over_affiliate_sales(industry, shapes[k]);
    // [/ratio]
    auto const other = melitz::solve(industry, melitz::lognormal<>{.log_mean = 0, .log_sd = spreads[k]});
    std::printf("  %12.1f  %6.4f  %12.4f     %17.1f  %6.4f\n", shapes[k], ratio, by_hand, spreads[k],
                other.exports_over_affiliate_sales);
  }
}

int draw() {
  figure f("multinational", figure::picture);
  f.columns("tau ratio_at_spread_0.4 at_0.5 at_0.7");
  for (int k = 0; k <= 100; ++k) {
    double const tau = 1.8 - 0.006 * k;
    auto const ratio = [&](double spread) {
      auto const e = melitz::solve(economy(tau), melitz::lognormal<>{.log_mean = 0, .log_sd = spread});
      return e.exports_over_affiliate_sales;
    };
    f.row(tau, ratio(0.4), ratio(0.5), ratio(0.7));
  }
  f.draw(R"gnuplot(set title "Where firms differ more, affiliates sell more"
set xlabel "iceberg cost τ"
set ylabel "exports over affiliates' sales"
set xrange [1.8:1.2]
set yrange [0.001:10]
set logscale y
set format y "%g"
set key Left reverse left top
plot data using 1:2 with lines ls 1 title "log-normal, spread 0.4", \
     data using 1:3 with lines ls 2 title "0.5", \
     data using 1:4 with lines ls 3 title "0.7"
)gnuplot");
  return finish_figure(f, "multinational");
}

}  // namespace

int main(int count, char** arguments) {
  return run_example(count, arguments, "multinational", {print_trade_costs, print_dispersion}, draw);
}
