// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <cstdint>

namespace melitz {

/// Random numbers that are a function of their place: what stands at a counter does not depend on what was drawn
/// before, so that the same numbers come out whoever draws them, in whatever order and on however many threads.
///
/// Philox4x32 with ten rounds. J. K. Salmon, M. A. Moraes, R. O. Dror and D. E. Shaw (2011), "Parallel Random Numbers:
/// As Easy as 1, 2, 3", SC'11. Cost: some 5 ns for four words. Example: auto const block =
/// melitz::philox(2026).at(firm);
///   double const u = block.uniform(0);
class philox {
 public:
  using counter = std::array<std::uint32_t, 4>;
  using key = std::array<std::uint32_t, 2>;

  /// Four words of 32 bits: two uniform numbers.
  struct block {
    std::array<std::uint32_t, 4> words;

    /// The k-th of the two, k < 2, in (0, 1]: (x + 1/2) 2^-53 of 53 bits x; the largest of them rounds to 1.
    [[nodiscard]] constexpr double uniform(unsigned k) const {
      std::uint64_t const x = words[2 * k] | (static_cast<std::uint64_t>(words[2 * k + 1]) << 32);
      return (static_cast<double>(x >> 11) + 0.5) * 0x1p-53;
    }
  };

  /// @param seed  any; another one for other numbers
  constexpr explicit philox(std::uint64_t seed) : key_{low(seed), high(seed)} {}

  /// What stands at the place of a firm or a good, of one of several streams, in one of several replications.
  [[nodiscard]] constexpr block at(std::uint64_t place, std::uint32_t stream = 0, std::uint32_t replication = 0) const {
    return {encrypt({low(place), high(place), stream, replication}, key_)};
  }

  /// The bijection itself, whose published test vectors the tests hold it against.
  [[nodiscard]] static constexpr counter encrypt(counter c, key k) {
    for (int round = 0; round < 10; ++round) {
      std::uint64_t const first = std::uint64_t{0xD2511F53} * c[0], second = std::uint64_t{0xCD9E8D57} * c[2];
      c = {high(second) ^ c[1] ^ k[0], low(second), high(first) ^ c[3] ^ k[1], low(first)};
      k = {k[0] + 0x9E3779B9U, k[1] + 0xBB67AE85U};
    }
    return c;
  }

 private:
  [[nodiscard]] static constexpr std::uint32_t low(std::uint64_t x) { return static_cast<std::uint32_t>(x); }
  [[nodiscard]] static constexpr std::uint32_t high(std::uint64_t x) { return static_cast<std::uint32_t>(x >> 32); }

  key key_;
};

}  // namespace melitz
