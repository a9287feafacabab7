// SPDX-License-Identifier: BSL-1.0
// What do sizes of firms say about the gains from trade? Every law that the library can fit to a table of firms by
// size, what each makes of the gains, with an interval, and how much of total size it puts into firms larger than any:
// which law one believes in weighs more than sampling error.
//
//   gains_from_firms [--data FILE] [--figure] [--help]

#include "../../fronts/common/firm_files.hpp"
#include "../common/figure.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <melitz/analysis/estimation.hpp>
#include <string>
#include <vector>

namespace {

struct options {
  std::string data;
  melitz::trade_facts<> facts{.share_exporting = 0.18,
                              .export_sales_share = 0.14,
                              .elasticity = 4,
                              .partners = 1,
                              .share_exporting_error = 0.005,
                              .export_sales_share_error = 0.005};
  melitz::gain_options gains{.largest = 2e6, .replications = 100};
  bool whole_numbers = false, figure = false;
};

struct industry {
  std::string name;
  melitz::size_sample sample;
};

std::string read_file(std::string const& path) {
  if (path == "-") return example::read_text(std::cin);
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("cannot open " + path);
  return example::read_text(in);
}

industry read_industry(std::string const& path, std::string const& name, bool whole_numbers) {
  auto const text = read_file(path);
  // [read]
  auto const table = example::read_classes(text, {.name = path, .whole_numbers = whole_numbers});
  auto const sample = melitz::classes_of(table.bounds, table.counts);
  // [/read]
  return {name, sample};
}

void print_laws(std::vector<melitz::law_fit> const& fits) {
  std::puts("law                           deviance   off by  parameters");
  for (auto const& f : fits) {
    auto const name = std::string(to_string(f.asked));
    if (!f) {
      std::printf("%-24s  %s\n", name.c_str(), f.warnings.empty() ? "no maximum" : f.warnings.front().c_str());
    } else if (f.ran_off()) {
      std::printf("%-24s  no maximum: it becomes %s\n", name.c_str(), std::string(to_string(f.law)).c_str());
    } else {
      std::printf("%-24s  %12.1f  %5.2f %%", name.c_str(), f.classes.deviance, 100 * f.classes.largest_share_error);
      for (std::size_t k = 0; k < f.names.size(); ++k) {
        std::printf("%s %s %.4f", k > 0 ? "," : "", std::string(f.names[k]).c_str(), f.parameters[k]);
      }
      std::puts("");
    }
  }
  std::puts("");
}

void print_gains(std::vector<melitz::law_fit> const& fits, melitz::size_sample const& sample, options const& asked) {
  std::puts(
      "Gains from trade, percent       95 % interval    error: law   facts   per unit   of size   gains if\n"
      "                       gains     delta method                         of sigma    beyond    bounded");
  for (auto const& f : fits) {
    if (!f || f.ran_off()) continue;
    // [gains]
    auto const g = melitz::gains_from(f, sample, asked.facts, asked.gains);
    // [/gains]
    auto const name = std::string(to_string(f.law));
    if (!g.refused.empty()) {
      std::printf("%-24s none: sizes have no mean\n", name.c_str());
      continue;
    }
    std::printf("%-24s %5.3f   %5.3f to %5.3f     %7.4f  %6.3f     %6.3f   %5.1f %%      %5.3f\n", name.c_str(),
                g.trade.gain_percent, g.by_delta.lower, g.by_delta.upper, g.by_delta.error_from_law,
                g.by_delta.error_from_facts, g.per_elasticity, 100 * g.share_beyond, g.bounded.gain_percent);
    if (g.replications > 0) {
      std::printf("%-24s         %5.3f to %5.3f     %7.4f  %6.3f     by %d samples of the law\n", "",
                  g.by_bootstrap.lower, g.by_bootstrap.upper, g.by_bootstrap.error_from_law,
                  g.by_bootstrap.error_from_facts, g.replications);
    }
  }
  std::puts("");
}

// [laws]
using enum melitz::size_law;
constexpr melitz::size_law laws[] = {
    pareto,        bounded_pareto,           lognormal,        weibull,          frechet,
    log_logistic,  spliced_lognormal_pareto, three_piece,      pareto_lognormal, dagum,
    singh_maddala, double_pareto_lognormal,  generalized_gamma};
// [/laws]

void print_industry(industry const& i, options const& asked) {
  // [fit]
  auto const fits = melitz::fit_all(i.sample, laws);
  // [/fit]
  std::printf("%s: %.0f firms of size %g and above, in %zu classes\n\n", i.name.c_str(), i.sample.total,
              std::exp(i.sample.log_lower), i.sample.counts.size());
  print_laws(fits);
  print_gains(fits, i.sample, asked);
}

/// The plot everyone knows: how many firms are larger, against size, both in logs, with the fitted laws.
int draw(std::vector<industry> const& all) {
  figure f("gains_from_firms", figure::picture);
  f.columns("size rank_of_data; then size pareto lognormal pareto_lognormal spliced; a pair of blocks for each table");
  for (auto const& i : all) {
    auto const& s = i.sample;
    double above = s.total;
    for (std::size_t k = 0; k < s.counts.size(); ++k) {
      f.row(std::exp(s.log_bounds[k]), above);
      above -= s.counts[k];
    }
    f.next_block();
    std::vector<melitz::fitted_law> curves;
    std::vector<double> within;
    for (auto const law : {pareto, lognormal, pareto_lognormal, spliced_lognormal_pareto}) {
      curves.emplace_back(melitz::fit(law, s));
      within.push_back(curves.back().log_survival(s.log_lower));
    }
    double const last = s.log_bounds[s.counts.size() - 1] + 4;
    for (int k = 0; k <= 120; ++k) {
      double const t = s.log_lower + (last - s.log_lower) * k / 120;
      auto const rank = [&](std::size_t law) { return s.total * std::exp(curves[law].log_survival(t) - within[law]); };
      f.row(std::exp(t), rank(0), rank(1), rank(2), rank(3));
    }
    f.next_block();
  }
  f.draw(
      "set multiplot layout 1,2\nset logscale xy\nset format '10^{%L}'\nset xlabel 'size'\nset yrange [0.5:*]\n"
      "set ylabel 'firms as large or larger'\n");
  for (std::size_t k = 0; k < all.size(); ++k) {
    auto const data = std::to_string(2 * k), curves = std::to_string(2 * k + 1);
    f.draw(("set title '" + all[k].name + "'\nplot data index " + curves +
            " using 1:2 with lines ls 4 title 'Pareto', \\\n     data index " + curves +
            " using 1:3 with lines ls 3 title 'log-normal', \\\n     data index " + curves +
            " using 1:4 with lines ls 1 title 'Pareto-log-normal', \\\n     data index " + curves +
            " using 1:5 with lines ls 2 title 'spliced', \\\n     data index " + data +
            " using 1:2 with points ls 5 title 'data'\n")
               .c_str());
  }
  f.draw("unset multiplot\n");
  return finish_figure(f, "gains_from_firms");
}

void add_options(CLI::App& program, options& to) {
  program.add_option("--data", to.data,
                     "classes as CSV with the columns lower, upper and count, \"-\" for standard input; "
                     "the last upper bound is empty");
  program.add_flag("--whole-numbers", to.whole_numbers, "sizes are whole numbers: bounds move half a unit down");
  program.add_option("--share-exporting", to.facts.share_exporting, "of producers")->capture_default_str();
  program.add_option("--export-sales-share", to.facts.export_sales_share, "exports over sales of exporters")
      ->capture_default_str();
  program.add_option("--share-exporting-error", to.facts.share_exporting_error, "its standard error")
      ->capture_default_str();
  program.add_option("--export-sales-share-error", to.facts.export_sales_share_error, "its standard error")
      ->capture_default_str();
  program.add_option("--elasticity", to.facts.elasticity, "of substitution")->capture_default_str();
  program.add_option("--partners", to.facts.partners, "to trade with")->capture_default_str();
  program.add_option("--largest", to.gains.largest, "size of the largest firm there is")->capture_default_str();
  program.add_option("--replications", to.gains.replications, "of the bootstrap")->capture_default_str();
  program.add_flag("--figure", to.figure, "draw ranks against sizes");
}

int run(options const& asked) {
  std::vector<industry> all;
  if (asked.data.empty()) {
    std::string const folder = MELITZ_EXAMPLE_DATA_DIR;
    all.push_back(read_industry(folder + "/us_firms_2002.csv", "US firms by employment, 2002", asked.whole_numbers));
    all.push_back(read_industry(folder + "/us_firms_2014.csv", "US firms by employment, 2014", asked.whole_numbers));
  } else {
    all.push_back(read_industry(asked.data, "Your firms", asked.whole_numbers));
  }
  for (auto const& i : all) print_industry(i, asked);
  return asked.figure ? draw(all) : 0;
}

}  // namespace

int main(int count, char** arguments) {
  CLI::App program{"What sizes of firms say about the gains from trade."};
  options asked;
  add_options(program, asked);
  CLI11_PARSE(program, count, arguments);
  try {
    return run(asked);
  } catch (std::exception const& error) {
    std::fprintf(stderr, "gains_from_firms: %s\n", error.what());
    return 2;
  }
}
