// SPDX-License-Identifier: BSL-1.0
// Which products firms drop when trade opens, after Bernard, Redding and Schott (2006, 2011). Four countries alike; a
// firm draws an ability and an attribute for each product it could sell, and pays for each that it does. Firm by firm
// the share of products dropped, and what that does to productivity within the firm; then how trade grows along its
// margins as the trade cost falls.
//
//   multiproduct [--figure]

#include "../common/figure.hpp"

#include <cstdio>
#include <melitz/analysis/compare.hpp>
#include <melitz/law/lognormal.hpp>
#include <melitz/models/multiproduct.hpp>

namespace {

// [laws]
melitz::ability_and_attributes const draws{melitz::lognormal<>{.log_mean = 0, .log_sd = 0.6},
                                           melitz::pareto<>{.scale = 1, .shape = 4.5}};
// [/laws]

// [primitives]
melitz::multiproduct_economy<> economy(double iceberg_cost) {
  melitz::closed_economy<> const home{
      .elasticity = 4, .fixed_cost = 1, .entry_cost = 20, .death_rate = 0.1, .labor = 100};
  melitz::open_economy<> const trade{
      .domestic = home, .partners = 3, .iceberg_cost = iceberg_cost, .export_fixed_cost = 0.8};
  return {.trade = trade, .product_fixed_cost = 3, .product_export_fixed_cost = 2.5};
}
// [/primitives]

void print_firms() {
  // [open]
  auto const after = melitz::solve(economy(1.3), draws);
  auto const before = melitz::solve(autarky_of(economy(1.3)), draws);
  std::printf("Opening to trade moves the least firm from ability %.4f to %.4f, and welfare by %.2f %%.\n\n",
              before.cutoff, after.cutoff, compare(before, after).change("welfare").percent());
  // [/open]
  std::puts(
      "ability  products     after   dropped  exported  productivity within, times   best product  at the middle");
  // [firms]
  for (double const phi : {2.0, 2.2, 2.4, 2.6, 2.8, 3.2, 4.0, 6.0}) {
    std::printf("%7.2f  %8.4f  %8.4f  %8.4f  %8.4f  %26.4f  %13.2f  %13.2f\n", phi, before.products(phi),
                after.products(phi), share_of_products_dropped(before, after, phi), after.exported_products(phi),
                within_firm_growth(before, after, phi), after.product_revenue(phi, 0.01 * after.products(phi)),
                after.product_revenue(phi, 0.5 * after.products(phi)));
  }
  // [/firms]
}

void print_margins() {
  std::puts("\n   tau  exporters  their products  sales of one  export share  elasticity = firms + products + sales");
  for (double const tau : {2.0, 1.8, 1.6, 1.4, 1.2}) {
    // [margins]
    auto const e = melitz::solve(economy(tau), draws);
    std::printf("%6.2f  %9.4f  %14.4f  %12.4f  %12.4f  %10.4f = %.4f %+.4f %+.4f\n", tau, e.share_exporting,
                e.products_per_exporter, e.exports_per_product, e.export_share, e.trade_elasticity, e.firms_elasticity,
                e.products_elasticity, e.sales_elasticity);
    // [/margins]
  }
}

int draw() {
  figure f("multiproduct", figure::picture);
  f.columns("ability dropped within");
  auto const after = melitz::solve(economy(1.3), draws), before = melitz::solve(autarky_of(economy(1.3)), draws);
  for (double phi = after.cutoff * 1.000001; phi < 6; phi *= 1.01) {
    f.row(phi, 100 * share_of_products_dropped(before, after, phi), 100 * (within_firm_growth(before, after, phi) - 1));
  }
  f.draw(R"gnuplot(set title "When trade opens, firms drop their worst products"
set xlabel "ability of the firm"
set ylabel "percent"
set yrange [0:*]
plot data using 1:2 with lines ls 1 title "of its products: dropped", \
     data using 1:3 with lines ls 2 title "growth of productivity within the firm"
)gnuplot");
  return finish_figure(f, "multiproduct");
}

}  // namespace

int main(int count, char** arguments) {
  return run_example(count, arguments, "multiproduct", {print_firms, print_margins}, draw);
}
