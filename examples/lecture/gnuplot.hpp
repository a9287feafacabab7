// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <utility>

/// One figure in the making: NAME.dat and NAME.gnuplot in the working directory, and the picture gnuplot makes of them.
class figure {
 public:
  enum kind { picture, animation };

  figure(std::string name, kind what) : name_(std::move(name)), data_(name_ + ".dat"), script_(name_ + ".gnuplot") {
    data_.precision(10);
    script_.precision(10);
    script_ << (what == picture ? "set terminal pngcairo size 900,600 enhanced font 'sans,13'\n"
                                : "set terminal gif animate delay 24 loop 0 size 960,520 enhanced font 'sans,12'\n")
            << "set output '" << name_ << (what == picture ? ".png" : ".gif") << "'\ndata = '" << name_ << ".dat'\n"
            << style;
  }

  static bool gnuplot_is_installed() { return std::system("gnuplot --version > /dev/null 2>&1") == 0; }

  void columns(char const* names) { data_ << "# " << names << "\n"; }
  template <class... Numbers>
  void row(Numbers... numbers) {
    ((data_ << numbers << " "), ...) << "\n";
  }
  void next_block() { data_ << "\n\n"; }
  void set(std::string const& variable, double value) { script_ << variable << " = " << value << "\n"; }
  void draw(char const* commands) { script_ << commands; }

  /// Closes both files and has gnuplot run the script. @return whether the files are complete
  bool finish(bool with_gnuplot) {
    bool const written = data_.flush() && script_.flush();
    data_.close();
    script_.close();
    std::printf("  %s\n", name_.c_str());
    if (with_gnuplot && std::system(("gnuplot " + name_ + ".gnuplot").c_str()) != 0) {
      std::fprintf(stderr, "lecture: gnuplot could not draw %s\n", name_.c_str());
    }
    return written;
  }

 private:
  // Colours that colour-blind readers can tell apart.
  static constexpr char const* style = R"gnuplot(set encoding utf8
set border 3 lw 1.2
set tics nomirror out
set key top right samplen 2.5 spacing 1.2
set samples 2
set style line 1 lc rgb "#0072B2" lw 2.5
set style line 2 lc rgb "#D55E00" lw 2.5
set style line 3 lc rgb "#009E73" lw 2.5
set style line 4 lc rgb "#666666" lw 1.2 dt 2
set style line 5 lc rgb "#222222" pt 7 ps 1.1
)gnuplot";

  std::string name_;
  std::ofstream data_, script_;
};
