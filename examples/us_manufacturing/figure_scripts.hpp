// SPDX-License-Identifier: BSL-1.0
#pragma once

// What the two figures draw, in gnuplot's language. The variables they use are written before them by figures.cpp.

namespace example {

/// Before the first picture: colours, and which kinds of pictures there will be.
inline constexpr char script_begins[] = R"(reset
set encoding utf8
set datafile separator tab
has_png = strstrt(GPVAL_TERMINALS, 'pngcairo') > 0
ink = '#222222'; grey = '#767676'; pale = '#d9d9d9'; blue = '#0b5394'; orange = '#d1600a'; green = '#2e7d4f'
)";

/// Before each picture; width and height are in points of the SVG, and the PNG has twice as many.
inline constexpr char picture_begins[] = R"(do for [kind in (has_png ? 'svg png' : 'svg')] {
  if (kind eq 'svg') {
    set terminal svg size width,height enhanced background rgb 'white' font 'Helvetica,Arial,sans-serif,14'
    large = ',17'; middle = ',12.5'; small = ',11'
  } else {
    set terminal pngcairo size 2*width,2*height enhanced background rgb 'white' font 'Sans,10' fontscale 2 linewidth 2 pointscale 2
    large = ',12.5'; middle = ',9'; small = ',8'
  }
  set output name.'.'.kind
  set label 1 heading at screen 0.02, screen 1 offset 0,-1.6 font large tc rgb ink noenhanced
  set label 2 caption at screen 0.02, screen 46.0/height font small tc rgb grey noenhanced
)";

/// A, I, X, G are the sizes at which firms exit in autarky, exit with trade, export, and gain from trade.
inline constexpr char profits_script[] = R"(  set multiplot
  set border 3 lc rgb grey lw 1
  set tics nomirror out scale 0.5 textcolor rgb ink
  set lmargin at screen 0.09; set rmargin at screen 0.86
  set xrange [0:right_end]
  set for [k=1:4] arrow k from real(word(cutoffs, k)), graph 0 to real(word(cutoffs, k)), graph 1 nohead back lc rgb pale lw 1
  set arrow 5 from 0, 0 to right_end, 0 nohead back lc rgb grey lw 1

  # Above: the profit lines of slide 28, solid where a firm that produces earns them.
  set tmargin at screen 0.91; set bmargin at screen 0.45
  set label 3 '{/:Italic φ}_A' at A, graph 1 right offset -0.3,-0.6 tc rgb grey
  set label 4 '{/:Italic φ}_I' at I, graph 1 left offset 0.3,-0.6 tc rgb blue
  set label 5 '{/:Italic φ}_{Ix}' at X, graph 1 left offset 0.3,-0.6 tc rgb blue
  set label 6 'trade' at right_end, trade_end left offset 0.6,0.4 tc rgb blue
  set label 7 'autarky' at right_end, autarky_end left offset 0.6,-0.5 tc rgb grey
  set label 8 'home only' at right_end, home_end left offset 0.6,-0.5 tc rgb blue
  set yrange [*:*]
  set xtics format ''
  unset xlabel
  set ylabel 'profit per period ({/:Italic f} = 1)' tc rgb ink offset 1,0
  plot data using 1:4 with lines dt 3 lw 1.5 lc rgb blue notitle, \
       data using 1:3 with lines dt 3 lw 1.5 lc rgb blue notitle, \
       data using 1:2 with lines lw 2 lc rgb grey notitle, \
       data using 1:5 with lines lw 2.5 lc rgb blue notitle
  unset for [k=1:8] label k

  # Below: what a firm gains, and so which firms exit, contract, export at a loss of profit, and gain (slide 29).
  set tmargin at screen 0.43; set bmargin at screen 0.18
  set label 3 'exit' at A, graph 0.93 right offset -0.3,0 font middle tc rgb ink
  set label 4 "sell less,\nearn less" at (I + X)/2, graph 0.93 center font middle tc rgb ink
  set label 5 "sell more,\nearn less" at (X + G)/2, graph 0.93 center font middle tc rgb ink
  set label 6 "sell more,\nearn more" at (G + right_end)/2, graph 0.93 center font middle tc rgb ink
  set yrange [1.1*change_min - 0.1*change_max:1.4*change_max - 0.4*change_min]
  set xtics format '%g'
  set xlabel 'firm size, {/:Italic φ}^{ σ−1}  (productivity to the power of the elasticity of substitution less one)' tc rgb ink
  set ylabel 'change of profit' tc rgb ink offset 1,0
  plot data using 1:6:(0) with filledcurves above fs solid 0.25 noborder lc rgb green notitle, \
       data using 1:6:(0) with filledcurves below fs solid 0.25 noborder lc rgb orange notitle, \
       data using 1:6 with lines lw 2 lc rgb ink notitle
  unset multiplot
  unset for [k=1:6] label k
)";

/// Open circles mark suspect numbers; the aggregate lies below the dotted line.
inline constexpr char gains_script[] = R"(  set tmargin at screen 1 - 78.0/height; set bmargin at screen 116.0/height
  set border 1 lc rgb grey lw 1
  set xtics nomirror out scale 0.5 format '%g' textcolor rgb ink
  set ytics scale 0 textcolor rgb ink noenhanced
  set grid xtics lt 1 lw 0.5 lc rgb pale
  set xrange [0:*]
  set yrange [lowest - 0.7:rows + 0.7]
  set xlabel 'gain in real income from opening to trade, percent' tc rgb ink
  set label 3 '● Pareto' at graph 0, graph 1 offset 0.5,0.8 tc rgb blue
  set label 4 '● log-normal' at graph 0, graph 1 offset 11,0.8 tc rgb orange
  if (lowest < 0) { set arrow 1 from graph 0, first 0.25 to graph 1, first 0.25 nohead back lc rgb grey lw 1 dt 3 }
  plot data using 2:1:($3 - $2):(0):ytic(5) with vectors nohead lw 1.5 lc rgb '#bbbbbb' notitle, \
       data using 2:1 with points pt 7 ps 1.2 lc rgb blue notitle, \
       data using 3:1 with points pt 7 ps 1.2 lc rgb orange notitle, \
       data using ($4 == 1 ? $2 : NaN):1 with points pt 7 ps 0.8 lc rgb 'white' notitle, \
       data using ($4 == 1 ? $3 : NaN):1 with points pt 7 ps 0.8 lc rgb 'white' notitle
)";

}  // namespace example
