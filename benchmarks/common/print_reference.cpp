// SPDX-License-Identifier: BSL-1.0
// Prints the right answers of one job as JSON, for `compare`: one row for each iceberg cost named on the command line
// ("inf": the closed economy), with the results in the order of `result_names`.
//   melitz-benchmarks-reference LAW ICEBERG_COST...
#include "reference.hpp"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <exception>

int main(int argc, char** argv) try {
  if (argc < 3) {
    std::fprintf(stderr, "usage: %s LAW ICEBERG_COST...\n", argv[0]);
    return 2;
  }
  std::printf("[");
  for (int i = 2; i < argc; ++i) {
    auto const answers = benchmarks::reference(argv[1], std::strtod(argv[i], nullptr));
    std::printf("%s[", i > 2 ? ",\n" : "");
    for (std::size_t k = 0; k < answers.size(); ++k) {
      if (k > 0) std::printf(", ");
      // As strings: a reader that makes doubles of numbers would round them.
      std::isnan(answers[k]) ? std::printf("null") : std::printf("\"%.21Lg\"", answers[k]);
    }
    std::printf("]");
  }
  std::printf("]\n");
} catch (std::exception const& error) {
  std::fprintf(stderr, "%s: %s\n", argv[0], error.what());
  return 1;
}
