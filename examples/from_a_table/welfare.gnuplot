# From answers.csv, what melitz-solve study.json --long writes, the picture welfare.png:
#   gnuplot welfare.gnuplot
set terminal pngcairo size 900,600 enhanced font 'sans,13'
set output 'welfare.png'
set datafile separator ','
set encoding utf8
set border 3 lw 1.2
set tics nomirror out
set style data histograms
set style histogram clustered gap 1
set style fill solid 0.8 noborder
set xtics rotate by -55 scale 0
set xzeroaxis lt -1
set key left bottom Left reverse
set ylabel "change of welfare, percent"
set title "Arland's tariffs in a made-up world"
# Columns of the tidy table: 1 the country, 4 the scenario, 5 the result, 8 its change in percent.
rows(name) = sprintf("< awk -F, '$4 == \"%s\" && $5 == \"welfare\"' answers.csv", name)
plot rows("tariffs") using 8:xtic(1) lc rgb "#0072B2" title "10 points on machines, metals, mining, chemicals", \
     rows("answered") using 8 lc rgb "#D55E00" title "the same in return", \
     rows("war") using 8 lc rgb "#CC79A7" title "all at war", \
     rows("closer") using 8 lc rgb "#009E73" title "Arland and Belmar 5 % closer"
