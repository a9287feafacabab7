// SPDX-License-Identifier: BSL-1.0
#include <melitz/numerics/in_blocks.hpp>
#include <melitz/numerics/philox.hpp>

#include "support/catch.hpp"

#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <string>

namespace test::philox_numbers {

using melitz::philox;
using melitz::detail::sum_in_blocks;

TEST_CASE("Philox gives the known answers of Random123", "[numerics][philox]") {
  // Of the file kat_vectors: counter, key, result.
  CHECK(philox::encrypt({0, 0, 0, 0}, {0, 0}) == philox::counter{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  constexpr std::uint32_t ones = 0xffffffff;
  CHECK(philox::encrypt({ones, ones, ones, ones}, {ones, ones}) ==
        philox::counter{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  CHECK(philox::encrypt({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
        philox::counter{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
  static_assert(philox(0).at(0).words[0] == 0x6627e8d5);  // also where the compiler computes
}

TEST_CASE("places and seeds of 64 bits, streams and replications are all different counters", "[numerics][philox]") {
  // Words as another program has them, and their uniform number, which above 1/2 lies between two doubles.
  auto const check = [](philox::block const& found, philox::counter const& words, double uniform) {
    CHECK(found.words == words);
    CHECK(std::abs(found.uniform(0) - uniform) <= (uniform < 0.5 ? 0 : 0x1p-53));
  };
  check(philox(0).at(0), {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}, 0.88052019788861429772);
  check(philox(0).at(1), {0xf8e4cca4, 0x5cb200db, 0xb1a574eb, 0x097eff67}, 0.36209111566940349602);
  check(philox(0).at(999'999), {0x7a1c1a2c, 0xeae60ea2, 0x442ed74f, 0xe4b28a49}, 0.91757289377902434557);
  check(philox(0).at(4'294'967'303), {0x5fb3d869, 0x0e2fe67c, 0x89cd8bdb, 0x25420a66}, 0.055418401112276638454);
  check(philox(1).at(1), {0xac08141b, 0xdfc5ccbe, 0x79c07a47, 0xa7f66093}, 0.87411193518713076189);
  CHECK(philox(7).at(5, 3, 2).words == philox::encrypt({5, 0, 3, 2}, {7, 0}));
  CHECK(philox(std::uint64_t{9} << 32).at(5).words == philox::encrypt({5, 0, 0, 0}, {0, 9}));
}

TEST_CASE("uniform numbers are never 0", "[numerics][philox]") {
  CHECK(philox::block{{0, 0, 0, 0}}.uniform(0) == 0x1p-54);
  CHECK(philox::block{{0, 0, ~0U, ~0U}}.uniform(1) == 1);
  double sum = 0, squares = 0;
  for (std::uint64_t k = 0; k < 10'000; ++k) {
    for (unsigned const which : {0U, 1U}) {
      double const u = philox(2026).at(k).uniform(which);
      sum += u;
      squares += u * u;
    }
  }
  CHECK(std::abs(sum / 20'000 - 0.5) < 4 / std::sqrt(12 * 20'000));
  CHECK(std::abs(squares / 20'000 - 1.0 / 3) < 4 * std::sqrt(4.0 / 45 / 20'000));
}

TEST_CASE("sums in blocks are the same on any number of threads", "[numerics][threads]") {
  auto const add = [](double& sum, std::uint64_t begin, std::uint64_t end) {
    for (auto k = begin; k < end; ++k) sum += std::log(philox(1).at(k).uniform(0));
  };
  std::uint64_t const count = 3 * melitz::detail::elements_of_block + 17;
  double const alone = sum_in_blocks(count, 0.0, 1, add);
  for (int const threads : {0, 2, 3, 50}) CHECK(sum_in_blocks(count, 0.0, threads, add) == alone);
  CHECK(std::abs(alone / static_cast<double>(count) + 1) < 4 / std::sqrt(static_cast<double>(count)));
  CHECK(sum_in_blocks(0, 0.0, 3, add) == 0);
  CHECK(sum_in_blocks(1, 0.0, 3, add) == std::log(philox(1).at(0).uniform(0)));
  // More than are kept at a time.
  auto const begins = [](double& sum, std::uint64_t begin, std::uint64_t) {
    sum += 1.0 / (1 + static_cast<double>(begin));
  };
  std::uint64_t const many = 2500 * melitz::detail::elements_of_block;
  double in_order = 0;
  for (std::uint64_t k = 0; k < many; k += melitz::detail::elements_of_block)
    in_order += 1.0 / (1 + static_cast<double>(k));
  for (int const threads : {1, 3}) CHECK(sum_in_blocks(many, 0.0, threads, begins) == in_order);
  // Of several failures that of the first block.
  auto const fail = [](double&, std::uint64_t begin, std::uint64_t) {
    if (begin > 0) throw std::runtime_error("block " + std::to_string(begin / melitz::detail::elements_of_block));
  };
  CHECK_THROWS_WITH(sum_in_blocks(count, 0.0, 3, fail), "block 1");
}

}  // namespace test::philox_numbers
