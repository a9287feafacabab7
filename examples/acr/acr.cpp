// SPDX-License-Identifier: BSL-1.0
// Gains from trade in six different countries, by the formula of Arkolakis, Costinot and Rodriguez-Clare (2012) and by
// solving for all prices and wages; then the cases in which the formula is wrong, and by how much. Needs Eigen.
//
//   acr [--figure]

#include "../common/figure.hpp"

#include <cmath>
#include <cstdio>
#include <melitz/economy/solve.hpp>
#include <melitz/law/bounded_pareto.hpp>
#include <melitz/worlds/acr/acr.hpp>

namespace {

constexpr double theta = 4.25, sigma = 4, eta = theta / (sigma - 1) - 1;
constexpr int countries = 6;

// [primitives]
melitz::acr_economy<> world(double distance) {
  Eigen::VectorXd const east{{0, 1, 2.5, 3, 5, 6}}, north{{0, 1.5, 0.5, 2.5, 0, 2}};
  melitz::acr_economy<> out{.elasticity = 4,
                            .shape = 4.25,
                            .labor = Eigen::VectorXd{{300, 120, 60, 40, 200, 15}},
                            .productivity_scale = Eigen::VectorXd{{1, 1.05, 0.9, 1.1, 0.8, 1}},
                            .entry_cost = Eigen::VectorXd::Constant(6, 1.5),
                            .iceberg_cost = Eigen::MatrixXd::Ones(6, 6),
                            .fixed_cost = Eigen::MatrixXd::Constant(6, 6, 1.4)};
  out.fixed_cost.diagonal().setOnes();
  for (int i = 0; i < 6; ++i) {
    for (int j = 0; j < 6; ++j) {
      if (i != j) out.iceberg_cost(i, j) = 1 + distance * (1 + std::hypot(east[i] - east[j], north[i] - north[j]));
    }
  }
  return out;
}
// [/primitives]

double percent(double ratio) { return 100 * (ratio - 1); }

void print_gains() {
  // [solve]
  auto const e = melitz::solve(world(0.2));
  auto const gains = e.gains_from_trade();  // welfare over that of each country by itself
  // [/solve]
  std::puts("                                        gains from trade, percent");
  std::puts("country  workers    wage  domestic share    formula    solved");
  for (int i = 0; i < countries; ++i) {
    std::printf("%7d  %7.0f  %6.4f  %14.4f  %9.4f  %8.4f\n", i, world(0.2).labor[i], e.wage[i], e.domestic_share[i],
                percent(e.formula_gains_from_trade[i]), percent(gains[i]));
  }
  // [flows]
  auto const trade = flows(world(0.2), e);
  // [/flows]
  std::printf("\nOf the firms of country 5 %.1f %% sell at home and %.2f %% in country 0, from productivity %.3f on.\n",
              100 * trade.mass_sellers(5, 5) / e.mass_entrants[5], 100 * trade.mass_sellers(5, 0) / e.mass_entrants[5],
              trade.cutoff(5, 0));
}

/// One shock, as welfare of country 2 sees it, and by what the formula misses it.
template <class Shock>
void print_shock(char const* name, double missed, Shock const& shock) {
  // [change]
  auto shocked = world(0.2);
  shock(shocked);
  auto const before = melitz::solve(world(0.2)), after = melitz::solve(shocked);
  double const solved = after.welfare[2] / before.welfare[2];
  double const formula =
      melitz::formula_gains_from_trade(after.domestic_share[2], 4.25) / before.formula_gains_from_trade[2];
  // [/change]
  std::printf("%-36s  %9.4f  %9.4f  %10.6f  %10.6f\n", name, percent(solved), percent(formula), solved / formula,
              missed);
}

melitz::acr_economy<> with_deficit(melitz::acr_economy<> economy, double deficit) {
  economy.deficit = Eigen::VectorXd::Zero(countries);
  economy.deficit[2] = deficit;
  economy.deficit[0] = -deficit;
  return economy;
}

/// Welfare of country 2 over that without deficits, from the domestic share and what the deficit does.
double with_deficits_accounted(melitz::acr_equilibrium<> const& before, melitz::acr_equilibrium<> const& after) {
  // [replacement]
  auto const& now = after;
  auto const& then = before;
  melitz::country_change<> const change{
      .domestic_share = after.domestic_share[2] / before.domestic_share[2],
      .expenditure_in_wage = now.expenditure[2] / now.wage[2] / (then.expenditure[2] / then.wage[2]),
      .mass_entrants = now.mass_entrants[2] / then.mass_entrants[2]};
  double const exact = melitz::welfare_change(change, 4.0, 4.25);
  // [/replacement]
  return exact;
}

void print_departures() {
  std::puts("\n                                       change of welfare, %   solved over   it should be");
  std::puts("Country 2 after                           solved    formula     formula     off by");
  auto const print = [](char const* name, double missed, auto const& shock) { print_shock(name, missed, shock); };
  print("country 0 grows by half", 1, [](auto& w) { w.labor[0] *= 1.5; });
  print("country 4 is nearer by a fifth", 1, [](auto& w) {
    w.iceberg_cost(4, 2) *= 0.8;
    w.iceberg_cost(2, 4) *= 0.8;
  });
  print("it grows by half", std::pow(1.5, 1 / (sigma - 1)), [](auto& w) { w.labor[2] *= 1.5; });
  print("its firms are a tenth more productive", 1.1, [](auto& w) { w.productivity_scale[2] *= 1.1; });
  print("its market costs a fifth less", std::pow(0.8, -eta / theta), [](auto& w) { w.fixed_cost(2, 2) *= 0.8; });
  print("its entry costs a fifth less", std::pow(0.8, -1 / theta), [](auto& w) { w.entry_cost[2] *= 0.8; });
  auto const before = melitz::solve(world(0.2)), after = melitz::solve(with_deficit(world(0.2), 5));
  double const formula = melitz::formula_gains_from_trade(after.domestic_share[2] / before.domestic_share[2], theta);
  print("it borrows 5 from country 0", with_deficits_accounted(before, after) / formula,
        [](auto& w) { w = with_deficit(w, 5); });

  // Where all entrants of a country by itself would produce; trade has raised the cutoff above the support.
  auto cheap = world(0.1);
  cheap.entry_cost[2] = 2.7;
  auto const e = melitz::solve(cheap);
  double const all = 1.25 / theta * (1 + 2.7), entering = 1.25 / (sigma - 1) * 2.7;
  std::puts("\nGains from trade                          solved    formula     formula     off by");
  std::printf("%-36s  %9.4f  %9.4f  %10.6f  %10.6f\n", "country 2, no selection in autarky",
              percent(e.gains_from_trade()[2]), percent(e.formula_gains_from_trade[2]),
              e.gains_from_trade()[2] / e.formula_gains_from_trade[2],
              std::pow(all, 1 / (sigma - 1)) * std::pow(entering, -1 / theta));

  // Two countries alike, with a law that ends at 2.85 (Melitz, Redding 2015); trade elasticity where it is with trade.
  melitz::bounded_pareto<> const draws{1, 2.85, theta};
  melitz::closed_economy<> const home{
      .elasticity = sigma, .fixed_cost = 1, .entry_cost = 0.5, .death_rate = 1, .labor = 1};
  melitz::open_economy<> const open{home, 1, 1.83, 0.499857272801196};
  auto const traded = melitz::solve(open, draws);
  auto const tail = tail_of(draws, sigma - 1);
  auto const at_home = tail.at(std::log(traded.cutoff)), abroad = tail.at(std::log(traded.export_cutoff));
  double const domestic_share = 1 / (1 + open.export_fixed_cost * abroad.moment() *
                                             std::exp(abroad.log_scale - at_home.log_scale) / at_home.moment());
  double const gains = traded.welfare / melitz::solve(home, draws).welfare;
  double const by_formula =
      melitz::formula_gains_from_trade(domestic_share, sigma - 1 + abroad.density / abroad.moment());
  std::printf("%-36s  %9.4f  %9.4f  %10.6f\n", "countries alike, bounded Pareto law", percent(gains),
              percent(by_formula), gains / by_formula);
}

int draw() {
  figure f("acr", figure::picture);
  f.columns("distance, then domestic share and gains of each country");
  for (int k = 0; k <= 60; ++k) {
    double const distance = 0.06 * std::pow(40, k / 60.0);
    auto const e = melitz::solve(world(distance));
    auto const gains = e.gains_from_trade();
    f.row(distance, e.domestic_share[0], percent(gains[0]), e.domestic_share[2], percent(gains[2]), e.domestic_share[5],
          percent(gains[5]));
  }
  f.next_block();
  f.columns("deficit_of_income solved formula replacement");
  auto const before = melitz::solve(world(0.2));
  for (int k = -20; k <= 20; ++k) {
    double const deficit = 0.4 * k;
    auto const after = melitz::solve(with_deficit(world(0.2), deficit));
    f.row(100 * deficit / (before.wage[2] * world(0.2).labor[2]), percent(after.welfare[2] / before.welfare[2]),
          percent(after.formula_gains_from_trade[2] / before.formula_gains_from_trade[2]),
          percent(with_deficits_accounted(before, after)));
  }
  f.draw(R"gnuplot(set multiplot layout 1,2 title "One formula for the gains from trade, and where it ends"
set xlabel "domestic share of expenditure"
set ylabel "welfare over that in autarky, percent"
set xrange [0:1]
set yrange [0:100]
set samples 100
plot 100*(x**(-1/4.25)-1) with lines ls 4 title "λ^{-1/θ}", \
     data index 0 using 2:3 every 5 with points ls 1 pt 7 title "country 0", \
     data index 0 using 4:5 every 5 with points ls 2 pt 9 title "country 2", \
     data index 0 using 6:7 every 5 with points ls 3 pt 5 title "country 5"
set xlabel "deficit of country 2, percent of its wages"
set ylabel "welfare of country 2 over that without, percent"
set xrange [*:*]
set yrange [*:*]
set key left top Left reverse
plot data index 1 using 1:2 with lines ls 1 title "solved", \
     data index 1 using 1:3 with lines ls 2 title "λ^{-1/θ}", \
     data index 1 using 1:4 every 4 with points ls 5 title "deficit accounted for"
unset multiplot
)gnuplot");
  return finish_figure(f, "acr");
}

}  // namespace

int main(int count, char** arguments) {
  return run_example(count, arguments, "acr", {print_gains, print_departures}, draw);
}
