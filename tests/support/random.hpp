// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <random>

namespace test {

/// Numbers that are the same with every standard library, whose own distributions are not.
class uniform_numbers {
 public:
  explicit uniform_numbers(std::uint64_t seed) : generator_(seed) {}
  [[nodiscard]] double operator()(double low, double high) {
    return low + (high - low) * (static_cast<double>(generator_() >> 11) * 0x1p-53);
  }
  /// One of 0, 1, ... below so many.
  [[nodiscard]] int whole(int below) { return static_cast<int>((*this)(0, below)); }

 private:
  std::mt19937_64 generator_;
};

}  // namespace test
