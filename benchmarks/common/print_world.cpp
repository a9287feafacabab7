// SPDX-License-Identifier: BSL-1.0
// Prints the right wages, domestic shares and welfare of a world as JSON, for `compare`. With long doubles: fifty
// digits would take minutes.
//   melitz-benchmarks-worlds gravity|world COUNTRIES
//   melitz-benchmarks-worlds comparative_advantage lognormal
//   melitz-benchmarks-worlds industry autoregression
#include "comparative_advantage.hpp"
#include "industry.hpp"
#include "world.hpp"

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>

int main(int argc, char** argv) try {
  std::string const kind = argc == 3 ? argv[1] : "";
  bool const two_by_two = kind == "comparative_advantage" && std::string(argv[2]) == "lognormal";
  bool const industry = kind == "industry" && std::string(argv[2]) == "autoregression";
  if (kind != "gravity" && kind != "world" && !two_by_two && !industry) {
    std::fprintf(stderr,
                 "usage: %s gravity|world COUNTRIES, or %s comparative_advantage lognormal, or %s industry "
                 "autoregression\n",
                 argv[0], argv[0], argv[0]);
    return 2;
  }
  int const n = std::atoi(argv[2]);
  auto const answers = two_by_two        ? benchmarks::answers_of(solve(benchmarks::two_by_two<long double>(),
                                                                        benchmarks::law_of_two_by_two<long double>()))
                       : industry        ? benchmarks::truth_of_industry()
                       : kind == "world" ? benchmarks::lognormal_truth(n)
                                         : benchmarks::answers_of(solve(benchmarks::gravity_world<long double>(n)));
  // As strings: a reader that makes doubles of numbers would round them.
  for (Eigen::Index i = 0; i < answers.size(); ++i) std::printf("%s\"%.21Lg\"", i == 0 ? "[[" : ", ", answers[i]);
  std::puts("]]");
} catch (std::exception const& error) {
  std::fprintf(stderr, "%s: %s\n", argv[0], error.what());
  return 1;
}
