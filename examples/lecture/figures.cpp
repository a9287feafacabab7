// SPDX-License-Identifier: BSL-1.0

#include "figures.hpp"

#include "../common/figure.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <melitz/melitz.hpp>
#include <string>
#include <vector>

namespace {

using world = melitz::open_economy<>;
using law = melitz::lognormal<>;
using state = melitz::equilibrium<double>;

void mark_cutoffs(figure& f, state const& before, state const& after) {
  f.set("phi_A", before.cutoff);
  f.set("phi_I", after.cutoff);
  f.set("phi_x", after.export_cutoff);
}

/// The left side of (4) and (9) as a curve, and the entry cost it has to equal.
bool value_of_entry(world const& w, law const& draws, bool plot) {
  auto const before = melitz::solve(w.domestic, draws), after = melitz::solve(w, draws);
  figure f("value_of_entry", figure::picture);
  f.columns("cutoff closed(4) open(9)");
  // [sample]
  auto const closed = melitz::conditions(w.domestic, draws), open = melitz::conditions(w, draws);
  auto const curve = melitz::sample([&](double cutoff) { return closed.value_of_entry(cutoff); }, before.cutoff * 0.75,
                                    after.cutoff * 1.4, 201);
  for (auto const& [cutoff, value] : curve) f.row(cutoff, value, open.value_of_entry(cutoff));
  // [/sample]
  mark_cutoffs(f, before, after);
  f.set("f_e", w.domestic.entry_cost);
  f.draw(R"gnuplot(set title "Free entry: at one cutoff only is entry worth its cost"
set xlabel "zero-profit cutoff φ*"
set ylabel "value of entry, in units of labour"
stats data using 1 nooutput
set xrange [STATS_min:STATS_max]
set yrange [0:2.6*f_e]
set arrow 1 from phi_A,f_e to phi_A,0 nohead ls 4
set arrow 2 from phi_I,f_e to phi_I,0 nohead ls 4
set label 1 "φ@^*_A" at phi_A,0.09*f_e right offset -0.5,0
set label 2 "φ@^*_I" at phi_I,0.09*f_e left offset 0.5,0
set label 3 "f_e" at graph 0.985,first f_e right offset 0,0.7
plot data using 1:2 with lines ls 1 title "autarky, (4)", \
     data using 1:3 with lines ls 2 title "trade, (9)", \
     f_e with lines lc rgb "#222222" lw 1.5 notitle, \
     '+' using (phi_A):(f_e) with points ls 5 notitle, \
     '+' using (phi_I):(f_e) with points ls 5 notitle
)gnuplot");
  return f.finish(plot);
}

/// Average profit by zero profit and by free entry: figures 1 and 2 of Melitz (2003).
bool average_profit(world const& w, law const& draws, bool with_trade, bool plot) {
  auto const before = melitz::solve(w.domestic, draws), after = melitz::solve(w, draws);
  auto const closed = melitz::conditions(w.domestic, draws), open = melitz::conditions(w, draws);
  figure f(with_trade ? "average_profit_trade" : "average_profit_autarky", figure::picture);
  f.columns("cutoff zero_profit_autarky zero_profit_trade free_entry");
  double const from = before.cutoff * 0.4, to = after.cutoff * 1.4;
  for (int k = 0; k <= 200; ++k) {
    double const x = from + (to - from) * k / 200;
    f.row(x, closed.average_profit(x), open.average_profit(x), closed.average_profit_required(x));
  }
  mark_cutoffs(f, before, after);
  f.set("pi_A", before.average_profit);
  f.set("pi_I", after.average_profit);
  f.draw(R"gnuplot(set xlabel "zero-profit cutoff φ*"
set ylabel "average profit of producers"
stats data using 1 nooutput
set xrange [STATS_min:STATS_max]
set yrange [0:2.4*pi_I]
set key at graph 0.8,0.98
set arrow 1 from phi_A,pi_A to phi_A,0 nohead ls 4
set arrow 2 from phi_A,pi_A to graph 0,first pi_A nohead ls 4
set label 1 "φ@^*_A" at phi_A,0.09*pi_I right offset -0.5,0
)gnuplot");
  if (with_trade) {
    f.draw(R"gnuplot(set title "Zero profit and free entry with trade (Melitz 2003, figure 2)"
set arrow 3 from phi_I,pi_I to phi_I,0 nohead ls 4
set arrow 4 from phi_I,pi_I to graph 0,first pi_I nohead ls 4
set label 2 "φ@^*_I" at phi_I,0.09*pi_I left offset 0.5,0
plot data using 1:2 with lines ls 1 dt 3 title "zero profit, autarky", \
     data using 1:3 with lines ls 1 title "zero profit, trade", \
     data using 1:4 with lines ls 2 title "free entry", \
     '+' using (phi_A):(pi_A) with points ls 5 notitle, \
     '+' using (phi_I):(pi_I) with points ls 5 notitle
)gnuplot");
  } else {
    f.draw(R"gnuplot(set title "Zero profit and free entry (Melitz 2003, figure 1)"
plot data using 1:2 with lines ls 1 title "zero profit", \
     data using 1:4 with lines ls 2 title "free entry", \
     '+' using (phi_A):(pi_A) with points ls 5 notitle
)gnuplot");
  }
  return f.finish(plot);
}

/// Profit against size phi^(sigma-1), up to `size`, before and after trade opens.
void profit_rows(figure& f, state const& before, state const& after, double size) {
  f.columns("size line_autarky profit_autarky home_line_trade export_line_trade profit_trade");
  for (int k = 0; k <= 400; ++k) {
    double const x = size * k / 400, phi = std::pow(x, 1 / (before.elasticity() - 1));
    f.row(x, before.domestic_profit_line(phi), before.profit(phi), after.domestic_profit_line(phi),
          after.export_profit_line(phi), after.profit(phi));
  }
}

bool profits_autarky(world const& w, law const& draws, bool plot) {
  auto const before = melitz::solve(w.domestic, draws), after = melitz::solve(w, draws);
  double const size = std::pow(before.cutoff, w.domestic.elasticity - 1);
  figure f("profits_autarky", figure::picture);
  profit_rows(f, before, after, 3 * size);
  f.set("x_A", size);
  f.set("f", w.domestic.fixed_cost);
  f.draw(R"gnuplot(set title "Profits and productivity in autarky (slide 11)"
set xlabel "productivity, on the scale φ^{σ-1}"
set ylabel "profit per period"
set key top left
set border 2
set xzeroaxis lt -1 lw 1.2
set xtics axis ("φ*" x_A)
set ytics ("-f" -f, "0" 0, "f" f)
set yrange [-1.4*f:2.1*f]
plot data using 1:2 with lines ls 1 lw 1.3 dt 2 title "before the choice to exit", \
     data using 1:3 with lines ls 1 lw 3.5 title "profit"
)gnuplot");
  return f.finish(plot);
}

/// Slide 28, with the four groups of slide 29 as bands behind the lines.
bool profits_trade(world const& w, law const& draws, bool plot) {
  auto const before = melitz::solve(w.domestic, draws), after = melitz::solve(w, draws);
  auto const groups = melitz::compare(before, after).firms;
  double const r = w.domestic.elasticity - 1;
  auto const size_of = [&](double phi) { return std::pow(phi, r); };
  double const end = 1.45 * size_of(groups.back().lower);
  double const end_phi = std::pow(end, 1 / r);

  figure f("profits_trade", figure::picture);
  profit_rows(f, before, after, end);
  f.set("x_A", size_of(before.cutoff));
  f.set("x_I", size_of(after.cutoff));
  f.set("x_x", size_of(after.export_cutoff));
  f.set("x_gain", size_of(groups.back().lower));
  f.set("x_end", end);
  f.set("f", w.domestic.fixed_cost);
  f.set("top", 1.08 * std::max(after.profit(end_phi), before.profit(end_phi)));
  f.set("low", -0.26 * std::max(after.profit(end_phi), before.profit(end_phi)));
  f.draw(R"gnuplot(set title "Profits, entry and exit when trade opens (slides 28 and 29)"
set xlabel "productivity, on the scale φ^{σ-1}"
set ylabel "profit per period"
set key top left
set border 2
set xzeroaxis lt -1 lw 1.2
set xrange [0:x_end]
set yrange [low:top]
unset xtics
set label 1 "φ@^*_A" at x_A,0 right offset 0,-0.9
set label 2 "φ@^*_I" at x_I,0 left offset 0.2,-0.9
set label 3 "φ@^*_{Ix}" at x_x,0 center offset 0,-0.9
set ytics ("-f" -f, "0" 0)
set object 1 rectangle from x_A,low to x_I,top fc rgb "#D55E00" fs solid 0.30 noborder behind
set object 2 rectangle from x_I,low to x_x,top fc rgb "#E69F00" fs solid 0.14 noborder behind
set object 3 rectangle from x_x,low to x_gain,top fc rgb "#56B4E9" fs solid 0.16 noborder behind
set object 4 rectangle from x_gain,low to x_end,top fc rgb "#009E73" fs solid 0.16 noborder behind
set label 11 "exit" at x_A,0.82*low right offset -0.3,0
set label 12 "shrink at home" at (x_I+x_x)/2,0.82*low center
set label 13 "export,\nearn less" at (x_x+x_gain)/2,0.72*low center
set label 14 "export,\nearn more" at (x_gain+x_end)/2,0.72*low center
plot data using 1:3 with lines ls 1 title "autarky", \
     data using 1:($4 > 0.6*low ? $4 : NaN) with lines ls 2 lw 1.3 dt 2 title "trade, at home only", \
     data using 1:($5 > 0.6*low ? $5 : NaN) with lines ls 2 lw 1.3 dt 4 title "trade, exporting", \
     data using 1:6 with lines ls 2 lw 3.5 title "trade, the better of the two"
)gnuplot");
  return f.finish(plot);
}

bool trade_costs(world w, law const& draws, bool plot) {
  figure f("trade_costs", figure::picture);
  f.columns("iceberg cutoff export_cutoff gain_percent import_share_percent");
  double const here = w.iceberg_cost;
  // [one_tail]
  auto const tail = melitz::tail_of(draws, w.domestic.elasticity - 1);  // once; it does not depend on trade costs
  auto const before = melitz::solve(w.domestic, tail);
  for (int k = 0; k <= 150; ++k) {
    w.iceberg_cost = 1 + 2 * k / 150.0;
    auto const e = melitz::solve(w, tail);
    f.row(w.iceberg_cost, e.cutoff, e.export_cutoff, 100 * (e.welfare / before.welfare - 1),
          100 * (1 - e.domestic_share));
  }
  // [/one_tail]
  f.set("phi_A", before.cutoff);
  f.set("tau", here);
  f.draw(R"gnuplot(set multiplot layout 1,2
set xlabel "iceberg cost τ"
set xrange [1:3]
set yrange [0:*]
set arrow 1 from tau,graph 0 to tau,graph 0.85 nohead ls 4
set title "Cutoffs"
set ylabel "productivity"
set key bottom right
plot data using 1:3 with lines ls 2 title "exporting, φ@^*_x", \
     data using 1:2 with lines ls 1 title "producing, φ*", \
     phi_A with lines ls 4 lw 2 title "producing in autarky"
set title "Openness and gains"
set ylabel "per cent"
set key top right
plot data using 1:5 with lines ls 1 title "spending on imports", \
     data using 1:4 with lines ls 3 title "welfare over autarky"
unset multiplot
)gnuplot");
  return f.finish(plot);
}

/// Slide 28 and figure 2 in motion, as the iceberg cost falls from 3 to 1: one block of data and one frame for each.
bool opening(world w, law const& draws, bool plot) {
  auto const tail = melitz::tail_of(draws, w.domestic.elasticity - 1);
  auto const before = melitz::solve(w.domestic, tail);
  auto const closed = melitz::conditions(w.domestic, draws);
  double const r = w.domestic.elasticity - 1, end = 15 * std::pow(before.cutoff, r);
  constexpr int frames = 26;
  figure f("opening", figure::animation);
  f.columns("size profit_autarky profit_trade cutoff zero_profit_autarky zero_profit_trade free_entry");
  f.draw("array taus[26]\narray phi_I[26]\narray pi_I[26]\narray phi_x[26]\n");
  double highest = 0, top = 0;
  for (int frame = 0; frame < frames; ++frame) {
    w.iceberg_cost = 3 - 2.0 * frame / (frames - 1);
    auto const after = melitz::solve(w, tail);
    auto const open = melitz::conditions(w, draws);
    for (int k = 0; k <= 160; ++k) {
      double const size = end * k / 160, phi = std::pow(size, 1 / r), x = before.cutoff * (0.6 + 0.9 * k / 160);
      f.row(size, before.profit(phi), after.profit(phi), x, closed.average_profit(x), open.average_profit(x),
            closed.average_profit_required(x));
      top = std::max(top, after.profit(phi));
    }
    f.next_block();
    highest = std::max(highest, after.average_profit);
    std::string index = "[";
    index.append(std::to_string(frame + 1)).append("]");
    f.set("taus" + index, w.iceberg_cost);
    f.set("phi_I" + index, after.cutoff);
    f.set("pi_I" + index, after.average_profit);
    f.set("phi_x" + index, after.export_cutoff);
  }
  f.set("top", top);
  f.set("highest", highest);
  f.set("x_end", end);
  f.set("phi_A", before.cutoff);
  f.set("r", r);
  f.draw(R"gnuplot(do for [k=1:26] {
  set multiplot layout 1,2 title sprintf("iceberg cost τ = %.2f", taus[k])
  set title "Profits (slide 28)"
  set key top left
  set xlabel "φ^{σ-1}"
  set ylabel "profit per period"
  set xrange [0:x_end]
  set yrange [-0.12*top:1.05*top]
  unset xtics
  set xzeroaxis lt -1
  set label 1 "φ@^*_I" at phi_I[k]**r,0 center offset 0,-0.9
  set label 2 (phi_x[k]**r < x_end ? "φ@^*_{Ix}" : "") at (phi_x[k]**r < x_end ? phi_x[k]**r : 0),0 center offset 0,-0.9
  plot data index k-1 using 1:2 with lines ls 1 title "autarky", \
       data index k-1 using 1:3 with lines ls 2 title "trade"
  unset label
  unset xzeroaxis
  set xtics nomirror out
  set title "Zero profit and free entry"
  set xlabel "cutoff φ*"
  set ylabel "average profit"
  set xrange [0.6*phi_A:1.5*phi_A]
  set yrange [0:1.6*highest]
  plot data index k-1 using 4:5 with lines ls 1 lc rgb "#999999" title "zero profit, autarky", \
       data index k-1 using 4:6 with lines ls 1 title "zero profit, trade", \
       data index k-1 using 4:7 with lines ls 2 title "free entry", \
       '+' using (phi_I[k]):(pi_I[k]) with points ls 5 notitle
  unset multiplot
}
)gnuplot");
  return f.finish(plot);
}

}  // namespace

bool draw_figures(std::filesystem::path const& folder, melitz::open_economy<> const& trade,
                  melitz::lognormal<> const& draws) {
  std::filesystem::create_directories(folder);
  std::filesystem::current_path(folder);  // so that gnuplot finds the data beside its script
  bool const plot = figure::gnuplot_is_installed();
  if (!plot) std::fprintf(stderr, "lecture: gnuplot is not installed; the scripts are written, the pictures are not\n");
  std::printf("\nFigures\n");
  bool good = value_of_entry(trade, draws, plot);
  good = average_profit(trade, draws, false, plot) && good;
  good = average_profit(trade, draws, true, plot) && good;
  good = profits_autarky(trade, draws, plot) && good;
  good = profits_trade(trade, draws, plot) && good;
  good = trade_costs(trade, draws, plot) && good;
  good = opening(trade, draws, plot) && good;
  if (!good) std::fprintf(stderr, "lecture: could not write all files to %s\n", folder.string().c_str());
  return good;
}
