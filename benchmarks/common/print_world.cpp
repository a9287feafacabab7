// SPDX-License-Identifier: BSL-1.0
// Prints the right wages, domestic shares and welfare of a world as JSON, for `compare`. With long doubles: fifty
// digits would take minutes.
//   melitz-benchmarks-worlds gravity|world COUNTRIES
#include "world.hpp"

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>

int main(int argc, char** argv) try {
  std::string const kind = argc == 3 ? argv[1] : "";
  if (kind != "gravity" && kind != "world") {
    std::fprintf(stderr, "usage: %s gravity|world COUNTRIES\n", argv[0]);
    return 2;
  }
  int const n = std::atoi(argv[2]);
  auto const answers = kind == "world" ? benchmarks::lognormal_truth(n)
                                       : benchmarks::answers_of(solve(benchmarks::gravity_world<long double>(n)));
  // As strings: a reader that makes doubles of numbers would round them.
  for (Eigen::Index i = 0; i < answers.size(); ++i) std::printf("%s\"%.21Lg\"", i == 0 ? "[[" : ", ", answers[i]);
  std::puts("]]");
} catch (std::exception const& error) {
  std::fprintf(stderr, "%s: %s\n", argv[0], error.what());
  return 1;
}
