// SPDX-License-Identifier: BSL-1.0
// The same data under three laws of productivity: a made-up table of trade, trade.csv, that a world with Pareto laws
// shows, one with log-normal laws, and one with both, spliced. All show the same flows, the same shares of firms that
// export, and the same elasticity of trade on average. What do they say of the gains from trade? And the exercise of
// Head, Mayer and Thoenig (2014), with two countries alike. Needs Eigen.
//
//   three_laws [--figure]

#include "../common/figure.hpp"

#include <cmath>
#include <cstdio>
#include <fstream>
#include <locale>
#include <melitz/analysis/calibrate.hpp>
#include <melitz/law/lognormal.hpp>
#include <melitz/law/pareto.hpp>
#include <melitz/tail/erased.hpp>
#include <melitz/tail/mixture.hpp>
#include <melitz/tail/truncated.hpp>
#include <melitz/tail/variant.hpp>
#include <melitz/worlds/melitz/calibration/calibrate.hpp>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace {

using laws = melitz::by_country<melitz::erased_law<double>>;

/// What trade.csv says: a line for each pair of countries, with a share that is of entrants at home, those that
/// produce, and of producers abroad, those that sell there.
struct data {
  std::vector<std::string> countries{};
  melitz::world_targets<> seen{.elasticity = 4};

  [[nodiscard]] Eigen::Index place_of(std::string const& name) {
    for (std::size_t k = 0; k < countries.size(); ++k) {
      if (countries[k] == name) return static_cast<Eigen::Index>(k);
    }
    countries.push_back(name);
    return static_cast<Eigen::Index>(countries.size()) - 1;
  }
};

data read_data() {
  struct line {
    Eigen::Index exporter, importer;
    double sales, share, tariff;
  };
  std::string const name = std::string(MELITZ_EXAMPLE_DATA_DIR) + "/trade.csv";
  std::ifstream in(name);
  std::string text;
  data out;
  std::vector<line> lines;
  if (!std::getline(in, text)) throw std::runtime_error("cannot read " + name);
  while (std::getline(in, text)) {
    std::istringstream fields(text);
    fields.imbue(std::locale::classic());
    std::string exporter, importer;
    char comma = 0, other = 0;
    line next{};
    std::getline(fields, exporter, ',');
    std::getline(fields, importer, ',');
    if (!(fields >> next.sales >> comma >> next.share >> other >> next.tariff)) {
      throw std::runtime_error(name + ": cannot read the line " + text);
    }
    next.exporter = out.place_of(exporter);
    next.importer = out.place_of(importer);
    lines.push_back(next);
  }
  // [targets]
  auto const n = static_cast<Eigen::Index>(out.countries.size());
  auto& seen = out.seen;
  seen.sales = seen.tariff = Eigen::MatrixXd::Zero(n, n);
  seen.share_selling = Eigen::MatrixXd::Identity(n, n);
  seen.share_producing = Eigen::VectorXd::Zero(n);
  for (auto const& [i, j, sales, share, tariff] : lines) {
    seen.sales(i, j) = sales;
    seen.tariff(i, j) = tariff;
    (i == j ? seen.share_producing[i] : seen.share_selling(i, j)) = share;
  }
  // [/targets]
  return out;
}

/// The elasticities of all flows between countries, weighted by these.
double mean_elasticity(melitz::world_equilibrium<> const& e) {
  double sum = 0, sales = 0;
  for (Eigen::Index i = 0; i < e.sales.rows(); ++i) {
    for (Eigen::Index j = 0; j < e.sales.cols(); ++j) {
      if (i == j || !(e.sales(i, j) > 0)) continue;
      sum += e.sales(i, j) * e.trade_elasticity(i, j);
      sales += e.sales(i, j);
    }
  }
  return sum / sales;
}

/// A world, as it is seen.
struct world {
  melitz::world_economy<> economy;
  melitz::by_country<melitz::scaled<melitz::erased_law<double>>> laws;
  melitz::world_equilibrium<> now;
};

world world_under(data const& from, melitz::erased_law<double> const& law) {
  // [calibrate]
  auto const found = melitz::calibrate(from.seen, laws{{law}});
  auto const now = melitz::solve(found.economy, found.laws, found.start);
  // [/calibrate]
  return {found.economy, found.laws, now};
}

constexpr double elasticity = 4.6;

/// Log-normal: of those the one whose flows have this elasticity on average.
melitz::erased_law<double> fitted_lognormal(data const& from) {
  double low = 0.3, high = 1.2;  // firms that differ more answer less
  for (int k = 0; k < 50; ++k) {
    double const log_sd = (low + high) / 2;
    auto const now = world_under(from, melitz::erased_law<double>(melitz::lognormal<>{0, log_sd})).now;
    (mean_elasticity(now) > elasticity ? low : high) = log_sd;
  }
  return melitz::erased_law<double>(melitz::lognormal<>{0, (low + high) / 2});
}

// [spliced]
/// Log-normal up to where a tenth of entrants is left, and Pareto from there on, where the two densities meet.
melitz::erased_law<double> spliced() {
  double const log_sd = 0.6, top = 0.1, wanted = top * elasticity * log_sd / (1 - top);
  double low = -4, high = 4;
  for (int k = 0; k < 60; ++k) {
    double const z = (low + high) / 2;
    double const density = std::exp(-z * z / 2) / std::sqrt(2 * std::acos(-1.0)),
                 mass = std::erfc(-z / std::sqrt(2.0)) / 2;
    (density / mass > wanted ? low : high) = z;
  }
  double const join = std::exp(low * log_sd);
  using parts = std::variant<melitz::truncated<melitz::lognormal<>>, melitz::pareto<>>;
  return melitz::erased_law<double>(melitz::mixture<parts>{
      {1 - top, top},
      {melitz::truncated<melitz::lognormal<>>{{0, log_sd}, 0, join}, melitz::pareto<>{join, elasticity}}});
}
// [/spliced]

std::vector<std::pair<char const*, world>> worlds(data const& from) {
  return {{"Pareto", world_under(from, melitz::erased_law<double>(melitz::pareto<>{1, elasticity}))},
          {"log-normal", world_under(from, fitted_lognormal(from))},
          {"spliced", world_under(from, spliced())}};
}

/// Change of welfare, percent, when all trade costs become so many times what they are.
Eigen::VectorXd change(world const& at, double factor) {
  // [counterfactual]
  auto changed = at.economy;
  changed.iceberg_cost *= factor;
  changed.iceberg_cost.diagonal().setOnes();
  auto const then = melitz::solve(changed, at.laws, melitz::world_start<>(at.now));
  // [/counterfactual]
  return 100 * (then.welfare.cwiseQuotient(at.now.welfare).array() - 1);
}

void print_tables() {
  auto const from = read_data();
  auto const all = worlds(from);
  std::puts("                   elasticity of trade");
  std::puts("law           abroad, mean  lowest  highest     at home");
  for (auto const& [name, at] : all) {
    double low = 1e9, high = 0, home_low = 1e9, home_high = 0;
    for (Eigen::Index i = 0; i < at.now.sales.rows(); ++i) {
      for (Eigen::Index j = 0; j < at.now.sales.cols(); ++j) {
        double const x = at.now.trade_elasticity(i, j);
        if (!(at.now.sales(i, j) > 0)) continue;
        double &least = i == j ? home_low : low, &most = i == j ? home_high : high;
        least = std::min(least, x);
        most = std::max(most, x);
      }
    }
    std::printf("%-12s  %12.3f  %6.3f  %7.3f  %5.2f-%4.2f\n", name, mean_elasticity(at.now), low, high, home_low,
                home_high);
  }
  std::puts("\nChange of welfare, percent");
  std::printf("%-26s", "");
  for (auto const& country : from.countries) std::printf("%9s", country.c_str());
  std::puts("");
  for (auto const& [name, at] : all) {
    // [gains]
    Eigen::VectorXd const gains = 100 * (gains_from_trade(at.economy, at.laws, at.now).array() - 1);
    // [/gains]
    for (auto const& [what, numbers] : {std::pair<char const*, Eigen::VectorXd>{"trade, over none", gains},
                                        {"costs of it -10 %", change(at, 0.9)},
                                        {"costs of it -30 %", change(at, 0.7)}}) {
      std::printf("%-11s%-17s", what[0] == 't' ? name : "", what);
      for (double const x : numbers) std::printf("  %7.3f", x);
      std::puts("");
    }
  }
}

/// Two countries alike, of whose producers 18 % export, at an iceberg cost of 1.83, whatever share of entrants
/// produces: Pareto laws do not mind, others do.
void print_exercise() {
  std::puts("\nGains from trade of two countries alike, percent");
  std::puts("of entrants produce    Pareto, 4.25  log-normal, 0.797");
  double const freeness = std::pow(1.83, -3);
  for (double const producing : {0.01, 0.1, 0.5, 0.9, 0.99}) {
    auto const gains = [&](auto const& law) {
      // [symmetric]
      melitz::trade_targets<> const seen{.share_exporting = 0.18,
                                         .export_sales_share = freeness / (1 + freeness),
                                         .share_producing = producing,
                                         .elasticity = 4};
      auto const found = melitz::calibrate(seen, law);
      auto const alone = melitz::solve(found.economy.domestic, law);
      // [/symmetric]
      return 100 * (found.achieved.welfare / alone.welfare - 1);
    };
    std::printf("%18.0f %%  %14.3f  %17.3f\n", 100 * producing, gains(melitz::pareto<>{1, 4.25}),
                gains(melitz::lognormal<>{0, 0.797}));
  }
}

int draw() {
  auto const from = read_data();
  auto const all = worlds(from);
  figure f("three_laws", figure::picture);
  f.columns("change_of_trade_costs_percent pareto lognormal_over_it_percent spliced_over_it_percent");
  for (Eigen::Index const country : {Eigen::Index(0), static_cast<Eigen::Index>(from.countries.size()) - 1}) {
    for (int percent = -40; percent <= 100; percent += 5) {
      if (percent == 0) continue;
      auto const at = [&](std::size_t law) { return change(all[law].second, 1 + percent / 100.0)[country]; };
      f.row(percent, at(0), 100 * (at(1) / at(0) - 1), 100 * (at(2) / at(0) - 1));
    }
    f.next_block();
  }
  f.draw(
      R"gnuplot(set multiplot layout 1,2 title "The same data under three laws: change of welfare, against that under Pareto laws"
set xlabel "change of trade costs, percent"
set ylabel "more than under Pareto laws, percent"
set xzeroaxis lt -1
set key bottom right
set title "Arland, the largest country"
plot data index 0 using 1:3 with lines ls 2 title "log-normal", data index 0 using 1:4 with lines ls 3 title "spliced"
unset key
set title "Fenland, the smallest"
plot data index 1 using 1:3 with lines ls 2, data index 1 using 1:4 with lines ls 3
unset multiplot
)gnuplot");
  return finish_figure(f, "three_laws");
}

}  // namespace

int main(int count, char** arguments) {
  return run_example(count, arguments, "three_laws", {print_tables, print_exercise}, draw);
}
