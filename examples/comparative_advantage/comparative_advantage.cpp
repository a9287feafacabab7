// SPDX-License-Identifier: BSL-1.0
// Trade between countries with different endowments, after Bernard, Redding and Schott (2007): trade costs fall from
// 100 to 20 per cent, jobs come and go in every industry, and even the factor that the theorem of Stolper and Samuelson
// has losing is better off. Needs Eigen.
//
//   comparative_advantage [--figure]

#include "../common/figure.hpp"

#include <cstdio>
#include <melitz/law/lognormal.hpp>
#include <melitz/law/pareto.hpp>
#include <melitz/worlds/comparative_advantage/job_flows.hpp>

namespace {

constexpr melitz::pareto<> power{.scale = 0.2, .shape = 3.4};
constexpr melitz::lognormal<> normal{.log_mean = -1.2, .log_sd = 0.6};

// [primitives]
/// Home has more skilled workers, and industry 0 uses more of them; abroad everything is the other way round.
melitz::comparative_advantage_economy<> economy(double iceberg_cost) {
  using Eigen::Matrix2d, Eigen::Vector2d;
  return {.elasticity = 3.8,
          .death_rate = 0.025,
          .skilled_labor = Vector2d(1200, 1000),
          .unskilled_labor = Vector2d(1000, 1200),
          .expenditure_share = 0.5,
          .skill_intensity = Vector2d(0.6, 0.4),
          .fixed_cost = Matrix2d::Constant(0.1),
          .entry_cost = Matrix2d::Constant(2),
          .export_fixed_cost = Matrix2d::Constant(0.1),
          .iceberg_cost = Matrix2d::Constant(iceberg_cost)};
}
// [/primitives]

/// From no trade at all down to costs of 20 per cent.
constexpr double path[] = {2, 1.8, 1.6, 1.4, 1.2};

void print_path() {
  std::puts("Home, which has more skilled workers, as trade costs fall; industry 0 uses more of them. Pareto\n");
  std::puts(
      "            cutoff        firms that export  entrants per producer  magni-  skilled/   real wage, autarky 100");
  std::puts(
      "   tau     0       1         0       1          0       1           fied    unskilled  skilled  unskilled");
  // [solve]
  auto const apart = melitz::solve(economy(2).autarky(), power);
  for (double const tau : path) {
    auto const e = melitz::solve(economy(tau), power);
    double const magnified = melitz::magnified_comparative_advantage(economy(tau), apart, e);
    // [/solve]
    std::printf("  %4.1f  %.4f  %.4f    %.4f  %.4f     %.4f  %.4f         %.4f  %.4f     %7.2f  %7.2f\n", tau,
                e.cutoff(0, 0), e.cutoff(1, 0), e.share_exporting(0, 0), e.share_exporting(1, 0),
                e.creative_destruction(0, 0), e.creative_destruction(1, 0), magnified, e.relative_wage[0],
                100 * e.real_skilled_wage[0] / apart.real_skilled_wage[0],
                100 * e.real_unskilled_wage[0] / apart.real_unskilled_wage[0]);
  }
  std::printf("\nIn autarky: cutoffs %.4f, entrants per producer %.4f, skilled/unskilled %.4f.\n", apart.cutoff(0, 0),
              apart.creative_destruction(0, 0), apart.relative_wage[0]);
}

template <class Law>
void print_jobs(char const* name, Law const& law) {
  // [jobs]
  auto const before = melitz::solve(economy(2), law), after = melitz::solve(economy(1.2), law);
  auto const flows = melitz::job_flows(economy(2), before, economy(1.2), after, law);
  // [/jobs]
  std::printf("\nJobs at home as costs fall from 100 to 20 per cent, over jobs of the kind in the industry; %s\n\n",
              name);
  std::puts("                        by firm              by cohort");
  std::puts("                    created  destroyed   created  destroyed      net");
  auto const line = [](char const* who, int i, auto const& f, double jobs) {
    std::printf("  industry %d %-9s %5.1f%%    %5.1f%%     %5.1f%%    %5.1f%%    %+5.1f%%\n", i, who,
                100 * f.firm_creation(i, 0) / jobs, 100 * f.firm_destruction(i, 0) / jobs,
                100 * f.cohort_creation(i, 0) / jobs, 100 * f.cohort_destruction(i, 0) / jobs,
                100 * f.net()(i, 0) / jobs);
  };
  for (int i : {0, 1}) {
    line("skilled", i, flows.skilled, before.skilled_employment(i, 0));
    line("unskilled", i, flows.unskilled, before.unskilled_employment(i, 0));
  }
}

void print_specialized() {
  // [specialized]
  auto apart = economy(1.2);
  apart.skilled_labor << 1500, 700;
  apart.unskilled_labor << 700, 1500;
  auto const e = melitz::solve(apart, power);
  // [/specialized]
  std::printf(
      "\nWith endowments of 1500 and 700: %s. Entry into industry 1 at home would return %.3f of its cost,\n"
      "and nobody enters; skilled over unskilled wage %.3f.\n",
      to_string(e.pattern).data(), e.entry_value(1, 0), e.relative_wage[0]);
}

void print_all_jobs() {
  print_jobs("Pareto", power);
  print_jobs("log-normal", normal);
}

int draw() {
  figure f("comparative_advantage", figure::picture);
  f.columns("cost created_0 destroyed_0 created_1 destroyed_1 skilled unskilled");
  auto const apart = melitz::solve(economy(2).autarky(), power), before = melitz::solve(economy(2), power);
  for (int percent = 100; percent >= 20; percent -= 2) {
    double const tau = 1 + percent / 100.0;
    auto const e = melitz::solve(economy(tau), power);
    auto const flows = melitz::job_flows(economy(2), before, economy(tau), e, power);
    auto const share = [&](Eigen::MatrixXd const& skilled, Eigen::MatrixXd const& unskilled, int i) {
      return 100 * (skilled(i, 0) + unskilled(i, 0)) /
             (before.skilled_employment(i, 0) + before.unskilled_employment(i, 0));
    };
    auto const &s = flows.skilled, &u = flows.unskilled;
    f.row(percent, share(s.firm_creation, u.firm_creation, 0), share(s.firm_destruction, u.firm_destruction, 0),
          share(s.firm_creation, u.firm_creation, 1), share(s.firm_destruction, u.firm_destruction, 1),
          100 * e.real_skilled_wage[0] / apart.real_skilled_wage[0],
          100 * e.real_unskilled_wage[0] / apart.real_unskilled_wage[0]);
  }
  f.draw(R"gnuplot(set multiplot layout 1,2
set xlabel "trade costs, percent"
set xrange [100:20]
set key left top Left reverse
set title "Jobs at home since costs were 100 percent"
set ylabel "percent of jobs in the industry"
plot data using 1:2 with lines ls 1 title "created, industry 0", \
     data using 1:3 with lines ls 1 dt 2 title "destroyed, industry 0", \
     data using 1:4 with lines ls 2 title "created, industry 1", \
     data using 1:5 with lines ls 2 dt 2 title "destroyed, industry 1"
set title "Real wages at home"
set ylabel "autarky = 100"
plot data using 1:6 with lines ls 1 title "skilled, abundant", \
     data using 1:7 with lines ls 2 title "unskilled, scarce"
unset multiplot
)gnuplot");
  return finish_figure(f, "comparative_advantage");
}

}  // namespace

int main(int count, char** arguments) {
  return run_example(count, arguments, "comparative_advantage", {print_path, print_all_jobs, print_specialized}, draw);
}
