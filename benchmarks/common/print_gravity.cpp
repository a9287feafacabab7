// SPDX-License-Identifier: BSL-1.0
// Prints the right wages, domestic shares and welfare of a world of gravity as JSON, for `compare`. With long doubles:
// fifty digits would take minutes.
//   melitz-benchmarks-gravity COUNTRIES
#include "gravity.hpp"

#include <cstdio>
#include <cstdlib>
#include <exception>

int main(int argc, char** argv) try {
  if (argc != 2) {
    std::fprintf(stderr, "usage: %s COUNTRIES\n", argv[0]);
    return 2;
  }
  auto const answers = benchmarks::answers_of(solve(benchmarks::gravity_world<long double>(std::atoi(argv[1]))));
  // As strings: a reader that makes doubles of numbers would round them.
  for (Eigen::Index i = 0; i < answers.size(); ++i) std::printf("%s\"%.21Lg\"", i == 0 ? "[[" : ", ", answers[i]);
  std::puts("]]");
} catch (std::exception const& error) {
  std::fprintf(stderr, "%s: %s\n", argv[0], error.what());
  return 1;
}
