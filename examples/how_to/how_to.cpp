// SPDX-License-Identifier: BSL-1.0
// Short answers, one after the other; docs/how-to.md shows them.

#include <boost/multiprecision/cpp_bin_float.hpp>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <melitz/melitz.hpp>
#include <random>
#include <string>
#include <vector>

namespace {

// [economy]
melitz::lognormal<> const draws{.log_mean = 0, .log_sd = 0.8};
melitz::open_economy<> const trade{
    .domestic = {.elasticity = 4, .fixed_cost = 1, .entry_cost = 2, .death_rate = 0.05, .labor = 1000},
    .partners = 3,
    .iceberg_cost = 1.6,
    .export_fixed_cost = 1.3};
// [/economy]

void many_solves() {
  std::printf("many solves\n");
  // [many_solves]
  auto const tail = melitz::tail_of(draws, trade.domestic.elasticity - 1);  // once
  auto economy = trade;
  for (double const iceberg_cost : {1.2, 1.4, 1.6, 1.8}) {
    economy.iceberg_cost = iceberg_cost;
    auto const e = melitz::solve(economy, tail);  // in place of the law
    std::printf("%.1f  cutoff %.5f  domestic share %.4f\n", iceberg_cost, e.cutoff, e.domestic_share);
  }
  // [/many_solves]
}

void sweeps() {
  std::printf("\nsweeps\n");
  // [sweeps]
  std::vector<double> const iceberg_costs{1.2, 1.4, 1.6, 1.8};
  melitz::equilibria<> const many = melitz::sweep(trade, &melitz::open_economy<>::iceberg_cost, iceberg_costs, draws);
  for (std::size_t k = 0; k < many.size(); ++k) {
    if (many.reason[k] != melitz::status::converged) continue;  // its numbers are NaN
    std::printf("%.1f  exporting %.4f  welfare %.5f\n", iceberg_costs[k], many.share_exporting[k], many.welfare[k]);
  }
  std::vector<melitz::open_economy<>> economies(3, trade);  // or a batch of economies that share nothing but the law
  economies[1].domestic.labor = 2000;
  economies[2].export_fixed_cost = 2;
  auto const batch = melitz::solve_each(economies, draws);
  std::printf("welfare %.5f %.5f %.5f\n", batch.welfare[0], batch.welfare[1], batch.welfare[2]);
  // [/sweeps]
}

void calibrate() {
  std::printf("\ncalibrate\n");
  // [calibrate]
  auto const fitted = melitz::calibrate(
      melitz::trade_targets<>{
          .share_exporting = 0.18, .export_sales_share = 0.14, .share_producing = 0.5, .elasticity = 4},
      melitz::pareto<>{.scale = 1, .shape = 4.25});
  std::printf("iceberg cost       %.6f\n", fitted.economy.iceberg_cost);
  std::printf("export fixed cost  %.6f times the fixed cost\n", fitted.economy.export_fixed_cost);
  std::printf("entry cost         %.6f\n", fitted.economy.domestic.entry_cost);
  std::printf("achieved           %.4f exporting, %.4f of their sales\n", fitted.achieved.share_exporting,
              fitted.achieved.exporter_intensity);
  // [/calibrate]

  // [infeasible]
  try {
    auto const none = melitz::calibrate(
        melitz::trade_targets<>{
            .share_exporting = 0.18, .export_sales_share = 0.6, .share_producing = 0.5, .elasticity = 4},
        draws);
    std::printf("iceberg cost       %.6f\n", none.economy.iceberg_cost);
  } catch (melitz::domain_error const& error) {
    std::printf("%s\n", error.what());
  }
  // [/infeasible]
}

void sizes() {
  std::printf("\nsizes\n");
  // [sizes]
  auto const e = melitz::solve(trade, draws);
  auto const sales = melitz::sizes_of(e, draws);  // of producers
  auto const workers = melitz::sizes_of(e, draws, melitz::firm_size::employment, melitz::firm_kind::exporters);
  std::printf("the largest 1 %% sell %.4f of all, the median firm %.4f\n", sales.top_share(0.01),
              std::exp(sales.log_quantile(0.5)));
  std::printf("ln sales has mean %.4f and standard deviation %.4f\n", sales.log_moments().mean,
              std::sqrt(sales.log_moments().variance));
  std::printf("exporters have %.4f workers, and their logs a variance of %.4f\n", workers.mean(),
              workers.log_moments().variance);
  // [/sizes]

  std::printf("\nfrom sales\n");
  // [from_sales]
  // Sales at home of some firms, in any unit. Those of a log-normal law spread (elasticity - 1) times as much.
  std::vector<double> const observed{12, 15, 21, 22, 30, 45, 48, 77, 140, 310};
  std::vector<double> productivity;
  for (double const s : observed)
    productivity.push_back(std::pow(s / observed[0], 1 / (trade.domestic.elasticity - 1)));
  melitz::discrete<> const law{.values = productivity};
  // Who is observed produces: entry costs so much that the smallest lies five per cent above the cutoff.
  auto economy = trade.domestic;
  economy.entry_cost = melitz::tail_of(law, economy.elasticity - 1).at(-0.05).excess / economy.death_rate;
  auto const from_data = melitz::solve(economy, law);
  std::printf("cutoff %.4f, %.1f of these draws produce\n", from_data.cutoff, from_data.probability_of_producing);
  std::printf("the largest sells %.4f times what the smallest does\n",
              from_data.domestic_revenue(productivity.back()) / from_data.domestic_revenue(1));
  // [/from_sales]

  std::printf("\nsampled firms\n");
  // [sample_firms]
  // Producers: a draw of the law given that it produces is where survival is uniform below that at the cutoff.
  auto const tail = melitz::tail_of(draws, trade.domestic.elasticity - 1);
  std::mt19937_64 random(1);
  for (int k = 0; k < 3; ++k) {
    double const uniform = (static_cast<double>(random() >> 11) + 0.5) * 0x1p-53;
    double const phi = std::exp(melitz::log_quantile(tail, uniform * e.probability_of_producing));
    std::printf("productivity %.4f  %-11s  sales %8.4f\n", phi, std::string(to_string(e.choice(phi))).c_str(),
                e.revenue_of(phi));
  }
  // [/sample_firms]
}

void compare() {
  std::printf("\ncompare\n");
  // [compare]
  auto freer = trade;
  freer.iceberg_cost = 1.4;
  auto const effects = melitz::compare(melitz::solve(trade, draws), melitz::solve(freer, draws));
  for (auto const& group : effects.firms) {
    std::printf("%7.4f to %7.4f  %s\n", group.lower, group.upper, std::string(to_string(group.effect)).c_str());
  }
  auto const& exporters = effects.change("mass_exporters");
  std::printf("exporters %.4f -> %.4f (%+.1f %%), welfare %+.2f %%\n", exporters.before, exporters.after,
              exporters.percent(), effects.change("welfare").percent());
  // [/compare]
}

void curves() {
  std::printf("\ncurves\n");
  // [curves]
  auto const entry = melitz::conditions(trade, draws);
  auto const value = [&](double cutoff) { return entry.value_of_entry(cutoff); };
  for (auto const& [cutoff, worth] : melitz::sample(value, 3.0, 7.0, 5)) {
    std::printf("cutoff %.1f: entry is worth %8.4f\n", cutoff, worth);
  }
  // [/curves]
}

void failures() {
  std::printf("\nfailures\n");
  // [mistake]
  auto economy = trade;
  economy.iceberg_cost = 0.8;
  try {
    auto const e = melitz::solve(economy, draws);
    std::printf("welfare %.4f\n", e.welfare);
  } catch (melitz::domain_error const& error) {
    std::printf("%s\n", error.what());
    std::printf("parameter %s, value %s\n", error.parameter().c_str(), error.value().c_str());
  }
  // [/mistake]

  // [status]
  economy = trade;
  economy.domestic.labor = 1e-300;
  economy.domestic.elasticity = 1.2;
  auto const e = melitz::try_solve(economy, draws);
  if (!e) std::printf("%s, cutoff %f\n", std::string(to_string(e.reason)).c_str(), e.cutoff);
  // [/status]

  // [throwing]
  try {
    auto const same = melitz::solve(economy, draws);
    std::printf("welfare %.4f\n", same.welfare);
  } catch (melitz::convergence_error const& error) {
    std::printf("%s\n", error.what());
  }
  // [/throwing]
}

void run_time() {
  std::printf("\nrun time\n");
  // [run_time]
  for (std::string const family : {"pareto", "lognormal"}) {
    melitz::any_law<> law;
    if (family == "pareto") law = melitz::pareto<>{.scale = 1, .shape = 4.25};
    if (family == "lognormal") law = melitz::lognormal<>{.log_mean = 0, .log_sd = 0.8};
    std::printf("%-10s cutoff %.5f\n", family.c_str(), melitz::solve(trade, law).cutoff);
  }
  // [/run_time]
}

void more_digits() {
  std::printf("\nmore digits\n");
  // [more_digits]
  using real = boost::multiprecision::cpp_bin_float_50;
  melitz::closed_economy<real> const economy{
      .elasticity = 4, .fixed_cost = 1, .entry_cost = 2, .death_rate = real(5) / 100, .labor = 1000};
  melitz::lognormal<real> const law{.log_mean = 0, .log_sd = real(8) / 10};
  std::printf("cutoff %s\n", melitz::solve(economy, law).cutoff.str(40).c_str());
  // [/more_digits]
}

void menus() {
  std::printf("\nmenus\n");
  auto const tail = melitz::tail_of(draws, 3.0);
  double const entry_cost = 0.1, elasticity = 4;
  // [two_markets]
  // An overhead of 0.5, then each market only if it pays: home for 0.5, two foreign ones at half and a fifth of demand.
  melitz::convex_piecewise_linear<> const home(melitz::menu<>{{"sell", 1, 0.5}}),
      abroad(melitz::menu<>{{"export", 1, 0.7}, {"plant", 1.5, 3}});
  auto const profit = max(home + abroad.stretched(0.5) + abroad.stretched(0.2) + -0.5, {});
  auto const sum = melitz::solve_free_entry(profit, tail, entry_cost, elasticity);
  std::printf("two markets  demand %.5f, %zu groups of firms\n", sum.demand, sum.segments.size());
  // [/two_markets]
  // [least_size]
  // Exporting would pay from size 1.67 on, but needs a licence that only firms of size 2.5 get.
  melitz::menu<> const options{{"home", 1, 1}, {"both", 1.3, 1.5}};
  auto licensed = options;
  licensed[1].least_size = 2.5;
  auto const free = melitz::solve_free_entry(options, tail, entry_cost, elasticity),
             bound = melitz::solve_free_entry(licensed, tail, entry_cost, elasticity);
  std::printf("a licence    demand %.5f instead of %.5f\n", bound.demand, free.demand);
  // [/least_size]
  // [response]
  // By how much demand moves per unit of each cost and slope, without another solve.
  auto const response = melitz::comparative_statics(licensed, bound);
  std::printf("dA/dF home %.5f, dA/d least size %.5f\n", response.to_fixed_cost[0], response.to_least_size[1]);
  // [/response]
  // [convex]
  // A firm that grows faster than its demand, at a fixed cost of 1.
  melitz::convex_menu<> const growing{
      {"grows",
       1,
       {{"", [](double y) { return std::pow(y, 1.2); }, [](double y) { return 1.2 * std::pow(y, 0.2); },
         [](double y) { return 0.24 * std::pow(y, -0.8); }}}}};
  auto const grown = melitz::try_solve_free_entry(growing, tail, entry_cost);
  std::printf("convex       demand %.5f, cutoff %.5f\n", grown.demand, grown.segments[1].cutoff);
  // [/convex]
}

}  // namespace

int main() {
  many_solves();
  sweeps();
  calibrate();
  sizes();
  compare();
  curves();
  failures();
  run_time();
  more_digits();
  menus();
}
