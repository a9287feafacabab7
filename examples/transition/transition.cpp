// SPDX-License-Identifier: BSL-1.0
// A liberalisation that nobody foresaw, and its reversal: the years between two steady states of the open economy.
// Where exporting costs the same every year little happens on the way. Where it is paid for once, new exporters take
// labour from consumption first, and after the reversal old exporters stay on until they die.
//
//   transition [--figure]

#include "../common/figure.hpp"

#include <cstdio>
#include <melitz/dynamics/transition.hpp>
#include <melitz/law/lognormal.hpp>

namespace {

constexpr melitz::lognormal<> draws{.log_mean = 0, .log_sd = 0.8};
constexpr double dear = 1.8, cheap = 1.3;
constexpr auto per_period = melitz::export_cost_kind::per_period, sunk = melitz::export_cost_kind::sunk;

// [primitives]
melitz::open_economy<> economy(double iceberg_cost, melitz::export_cost_kind kind) {
  melitz::closed_economy<> const home{
      .elasticity = 4, .fixed_cost = 1, .entry_cost = 2, .death_rate = 0.1, .labor = 100};
  double const f_x = kind == sunk ? 4 : 0.544;  // 4 once is as good as 0.544 every year, with an interest of 4 %
  return {.domestic = home, .partners = 1, .iceberg_cost = iceberg_cost, .export_fixed_cost = f_x};
}

melitz::transition_economy<> change(double from, double to, melitz::export_cost_kind kind) {
  return {.before = economy(from, kind),
          .after = economy(to, kind),
          .discount_factor = 0.96,
          .curvature = 1,
          .spending = melitz::spending_rule::general_equilibrium,
          .export_cost = kind};
}
// [/primitives]

void print_row(char const* when, melitz::transition_period<> const& p) {
  std::printf("%6s  %6.4f  %6.4f  %8.3f  %8.3f  %9.3f  %7.2f  %8.4f  %11.2f\n", when, p.cutoff, p.export_cutoff,
              p.mass_entrants, p.mass_entrants_per_period, p.mass_exporters, p.exports, p.price_index, p.consumption);
}

void print_path(double from, double to, char const* title) {
  // [solve]
  auto const path = melitz::solve(change(from, to, sunk), draws);
  // [/solve]
  std::printf("%s: from tau = %.1f to %.1f, with a sunk export cost\n\n", title, from, to);
  std::puts("  year     phi   phi_x  entrants  new ones  exporters  exports     price  consumption");
  print_row("before", path.before);
  // [periods]
  for (int const year : {0, 1, 2, 5, 10, 20, 40}) {
    auto const& p = path.at(static_cast<std::size_t>(year));  // the steady state, beyond the path's horizon
    // [/periods]
    char when[8];
    std::snprintf(when, sizeof when, "%d", year);
    print_row(when, p);
  }
  print_row("after", path.after);
  std::printf("\nThe cutoff %s on the way.\n\n", path.cutoff_fell ? "fell" : "never fell");
}

void print_paths() {
  print_path(dear, cheap, "Liberalisation");
  print_path(cheap, dear, "Reversal");
}

double percent(double gain) { return 100 * (gain - 1); }

void print_gains() {
  std::puts("Gains in consumption, percent");
  std::puts("export cost   iceberg cost  with the way there  steady states  in the first year");
  for (auto const kind : {per_period, sunk}) {
    for (bool const back : {false, true}) {
      double const from = back ? cheap : dear, to = back ? dear : cheap;
      // [gains]
      auto const path = melitz::solve(change(from, to, kind), draws);
      double const with_the_way = path.consumption_equivalent_gain, steady_states = path.steady_state_gain;
      // [/gains]
      double const at_once = path.at(0).consumption / path.before.consumption;
      std::printf("%-11s  %5.1f to %.1f  %18.3f  %13.3f  %17.3f\n", kind == sunk ? "sunk" : "per period", from, to,
                  percent(with_the_way), percent(steady_states), percent(at_once));
    }
  }
}

int draw() {
  figure f("transition", figure::picture);
  f.columns("year cutoff_per_period sunk entrants_per_period sunk consumption_per_period sunk; then the reversal's");
  using period = melitz::transition_period<>;
  melitz::transition_equilibrium<> const paths[2][2] = {
      {melitz::solve(change(dear, cheap, per_period), draws), melitz::solve(change(dear, cheap, sunk), draws)},
      {melitz::solve(change(cheap, dear, per_period), draws), melitz::solve(change(cheap, dear, sunk), draws)}};
  for (auto const& both : paths) {
    for (int year = -5; year <= 30; ++year) {
      auto const value = [&](int kind, double period::*what) {
        auto const& path = both[kind];
        auto const& now = year < 0 ? path.before : path.at(static_cast<std::size_t>(year));
        return percent(now.*what / (path.before.*what));
      };
      f.row(year, value(0, &period::cutoff), value(1, &period::cutoff), value(0, &period::mass_entrants_per_period),
            value(1, &period::mass_entrants_per_period), value(0, &period::consumption),
            value(1, &period::consumption));
    }
    f.next_block();
  }
  f.draw(
      R"gnuplot(set multiplot layout 2,3 title "A liberalisation, and its reversal: percent of the steady state before"
set xrange [-5:30]
set xtics 10
set key at graph 1, 0.5 samplen 1.5
set title "cutoff φ*"
plot data index 0 using 1:2 with steps ls 1 title "cost per year", \
     data index 0 using 1:3 with steps ls 2 title "sunk"
unset key
set title "entrants per year"
plot data index 0 using 1:4 with steps ls 1, data index 0 using 1:5 with steps ls 2
set title "consumption"
plot data index 0 using 1:6 with steps ls 1, data index 0 using 1:7 with steps ls 2
set xlabel "year"
set title "cutoff φ*"
plot data index 1 using 1:2 with steps ls 1, data index 1 using 1:3 with steps ls 2
set title "entrants per year"
plot data index 1 using 1:4 with steps ls 1, data index 1 using 1:5 with steps ls 2
set title "consumption"
plot data index 1 using 1:6 with steps ls 1, data index 1 using 1:7 with steps ls 2
unset multiplot
)gnuplot");
  return finish_figure(f, "transition");
}

}  // namespace

int main(int count, char** arguments) {
  return run_example(count, arguments, "transition", {print_paths, print_gains}, draw);
}
