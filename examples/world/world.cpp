// SPDX-License-Identifier: BSL-1.0
// Ten different countries, four of which form a free trade area: what it does to wages, entry and welfare everywhere,
// on which margins trade grows, and which trade costs matter to a country. Needs Eigen.
//
//   world [--figure]

#include "../common/figure.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <melitz/law/lognormal.hpp>
#include <melitz/worlds/melitz/derivatives.hpp>
#include <melitz/worlds/melitz/solve_world.hpp>
#include <utility>
#include <vector>

namespace {

constexpr int count = 10, members = 4;  // A to D form the area

bool in_area(int i) { return i < members; }
char letter(Eigen::Index i) { return static_cast<char>('A' + i); }

// [primitives]
/// Ten countries on a circle, at angles in degrees; goods travel along it. All tariffs are 8 %. The area abolishes
/// those between its members, and with them a tenth of what is lost on the way.
melitz::world_economy<> world(bool free_trade_area) {
  double const angle[count] = {0, 20, 35, 65, 100, 140, 180, 215, 270, 320};
  Eigen::VectorXd labor(count);
  labor << 300, 120, 60, 30, 200, 80, 500, 45, 150, 25;
  Eigen::MatrixXd iceberg = Eigen::MatrixXd::Ones(count, count), fixed = iceberg;
  Eigen::MatrixXd tariff = Eigen::MatrixXd::Zero(count, count);
  for (int i = 0; i < count; ++i) {
    for (int j = 0; j < count; ++j) {
      if (i == j) continue;
      bool const free = free_trade_area && in_area(i) && in_area(j);
      double const apart = std::abs(angle[i] - angle[j]), distance = std::min(apart, 360 - apart) / 180;
      iceberg(i, j) = 1 + (free ? 0.9 : 1) * (0.25 + 0.6 * distance);
      fixed(i, j) = 1.4 + 0.6 * distance;
      tariff(i, j) = free ? 0 : 0.08;
    }
  }
  return {.elasticity = 4,
          .death_rate = 0.1,
          .labor = labor,
          .entry_cost = Eigen::VectorXd::Constant(count, 12),
          .iceberg_cost = iceberg,
          .fixed_cost = fixed,
          .tariff = tariff};
}

/// Countries differ in how productive firms are, and in how unequal.
melitz::by_country<melitz::lognormal<>> laws() {
  return {{{0.20, 0.70},
           {0.10, 0.65},
           {0.00, 0.75},
           {-0.15, 0.80},
           {0.15, 0.60},
           {-0.10, 0.70},
           {0.05, 0.75},
           {-0.25, 0.85},
           {0.10, 0.55},
           {-0.05, 0.65}}};
}
// [/primitives]

/// In percent, by logs: those of two factors add up to that of their product.
double growth(double before, double after) { return 100 * std::log(after / before); }

struct two_worlds {
  melitz::world_equilibrium<> before, after;
};

two_worlds solved() {
  // [solve]
  auto const before = melitz::solve(world(false), laws());
  auto const after = melitz::solve(world(true), laws());
  // [/solve]
  return {before, after};
}

void print_countries() {
  auto const [before, after] = solved();
  std::puts("A free trade area of A, B, C and D, changes in percent; the numeraire is A's wage\n");
  std::puts("                 before                change");
  std::puts("     workers    wage  home share      wage  entrants  home share  welfare");
  for (int i = 0; i < count; ++i) {
    std::printf("  %c  %7.0f  %6.4f  %10.4f  %8.3f  %8.3f  %10.3f  %7.3f\n", letter(i), world(false).labor[i],
                before.wage[i], before.share(i, i), growth(before.wage[i], after.wage[i]),
                growth(before.mass_entrants[i], after.mass_entrants[i]), growth(before.share(i, i), after.share(i, i)),
                growth(before.welfare[i], after.welfare[i]));
  }
}

void print_margins() {
  auto const [before, after] = solved();
  // [margins]
  Eigen::MatrixXd const firms = (after.mass_sellers.array() / before.mass_sellers.array()).log();
  Eigen::MatrixXd const average = (after.average_sales().array() / before.average_sales().array()).log();
  // [/margins]
  std::puts("\nTrade by kind of pair: how many flows grew, and changes of what consumers pay, in percent\n");
  std::puts("  from     to           grew    least     most     mean  of which: firms  average sales");
  for (bool const from : {true, false}) {
    for (bool const to : {true, false}) {
      double least = 1e9, most = -1e9, sum = 0, sum_firms = 0, sum_average = 0;
      int pairs = 0, grew = 0;
      for (int i = 0; i < count; ++i) {
        for (int j = 0; j < count; ++j) {
          if (i == j || in_area(i) != from || in_area(j) != to) continue;
          double const change = growth(before.sales(i, j), after.sales(i, j));
          least = std::min(least, change);
          most = std::max(most, change);
          sum += change;
          sum_firms += 100 * firms(i, j);
          sum_average += 100 * average(i, j);
          grew += change > 0;
          ++pairs;
        }
      }
      std::printf("  %-7s  %-7s  %2d of %2d  %7.3f  %7.3f  %7.3f  %15.3f  %13.3f\n", from ? "area" : "outside",
                  to ? "area" : "outside", grew, pairs, least, most, sum / pairs, sum_firms / pairs,
                  sum_average / pairs);
    }
  }
}

void print_gradient() {
  Eigen::Index const importer = 3;
  // [gradient]
  auto const d = melitz::derivatives(world(true), laws(), solved().after);
  auto const gradient = d.gradient_of_welfare(importer);  // by every primitive, in one solve
  // [/gradient]
  std::vector<std::pair<Eigen::Index, Eigen::Index>> pairs;
  for (Eigen::Index i = 0; i < count; ++i) {
    for (Eigen::Index j = 0; j < count; ++j) {
      if (i != j) pairs.push_back({i, j});
    }
  }
  std::sort(pairs.begin(), pairs.end(), [&](auto const& x, auto const& y) {
    return std::abs(gradient.iceberg_cost(x.first, x.second)) > std::abs(gradient.iceberg_cost(y.first, y.second));
  });
  std::printf("\nWelfare of %c, in percent, as a cost of a pair rises by one: the five pairs that matter most\n\n",
              letter(importer));
  std::puts("  from  to  iceberg cost  fixed cost  1 + tariff");
  for (auto const& [i, j] : {pairs[0], pairs[1], pairs[2], pairs[3], pairs[4]}) {
    std::printf("  %4c  %2c  %12.5f  %10.5f  %10.5f\n", letter(i), letter(j), gradient.iceberg_cost(i, j),
                gradient.fixed_cost(i, j), gradient.tariff(i, j));
  }
}

int draw() {
  auto const [before, after] = solved();
  figure f("world", figure::picture);
  f.columns("importer exporter percent");
  for (int i = 0; i < count; ++i) {
    for (int j = 0; j < count; ++j) f.row(j, i, growth(before.sales(i, j), after.sales(i, j)));
  }
  f.draw(R"gnuplot(set title "What a free trade area of A, B, C and D does to trade flows (percent, in logs)"
set xlabel "importer"
set ylabel "exporter"
set xtics ("A" 0, "B" 1, "C" 2, "D" 3, "E" 4, "F" 5, "G" 6, "H" 7, "I" 8, "J" 9) scale 0
set ytics ("A" 0, "B" 1, "C" 2, "D" 3, "E" 4, "F" 5, "G" 6, "H" 7, "I" 8, "J" 9) scale 0
set xrange [-0.5:9.5]
set yrange [9.5:-0.5]
set palette defined (-1 "#D55E00", 0 "#FFFFFF", 1 "#56B4E9")
set cbrange [-30:30]
unset border
unset key
plot data using 1:2:3 with image, data using 1:2:(sprintf("%+.1f", $3)) with labels font "sans,10"
)gnuplot");
  return finish_figure(f, "world");
}

}  // namespace

int main(int argument_count, char** arguments) {
  return run_example(argument_count, arguments, "world", {print_countries, print_margins, print_gradient}, draw);
}
