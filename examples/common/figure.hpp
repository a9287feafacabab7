// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <fstream>
#include <initializer_list>
#include <string>
#include <utility>

// What the examples draw with: gnuplot, if it is installed.

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
      std::fprintf(stderr, "gnuplot could not draw %s\n", name_.c_str());
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

/// What the command line of a model's example asks for: `--figure` draws, anything else is a mistake.
/// @return whether to draw
inline bool asks_for_figure(int count, char** arguments, char const* program) {
  if (count == 1) return false;
  if (count == 2 && std::strcmp(arguments[1], "--figure") == 0) return true;
  std::fprintf(stderr, "usage: %s [--figure]\n", program);
  std::exit(2);
}

/// Closes one figure, says so and what is missing. @return the program's exit status
inline int finish_figure(figure& f, char const* program) {
  bool const plot = figure::gnuplot_is_installed();
  std::puts("\nIn this folder, each as .dat, .gnuplot and, with gnuplot, .png:");
  if (!plot) std::fprintf(stderr, "%s: gnuplot is not installed; the data and the script are written\n", program);
  if (f.finish(plot)) return 0;
  std::fprintf(stderr, "%s: the figure's files could not be written\n", program);
  return 1;
}

/// The main function of a model's example: its tables, and with `--figure` its figure. @return the exit status
inline int run_example(int count, char** arguments, char const* program, std::initializer_list<void (*)()> tables,
                       int (*draw)()) try {
  bool const with_figure = asks_for_figure(count, arguments, program);
  for (auto const print : tables) print();
  return with_figure ? draw() : 0;
} catch (std::exception const& e) {
  std::fprintf(stderr, "%s: %s\n", program, e.what());
  return 1;
}
