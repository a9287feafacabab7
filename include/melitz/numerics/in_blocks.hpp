// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <system_error>
#include <thread>
#include <vector>

namespace melitz::detail {

/// How many elements a block has: enough that nobody sees what a block costs besides.
inline constexpr std::uint64_t elements_of_block = 4096;

/// How many blocks are kept until they are added up: for memory's sake.
inline constexpr std::size_t blocks_of_wave = 1024;

/// One sum for each of so many blocks from the `first` on. Where the system has no more threads to give, those there
/// are do the work.
template <class Sum, class Add>
void fill_blocks(std::vector<Sum>& sums, std::uint64_t first, std::uint64_t count, std::size_t threads,
                 Add const& add) {
  std::vector<std::exception_ptr> failures(sums.size());
  std::atomic<std::size_t> next{0};
  auto const work = [&] {
    for (std::size_t k = next++; k < sums.size(); k = next++) {
      std::uint64_t const begin = (first + k) * elements_of_block;
      try {
        add(sums[k], begin, std::min(count, begin + elements_of_block));
      } catch (...) {
        failures[k] = std::current_exception();
      }
    }
  };
  std::vector<std::thread> others;
  others.reserve(std::min(threads, sums.size()));
  try {
    for (std::size_t k = 1; k < std::min(threads, sums.size()); ++k) others.emplace_back(work);
  } catch (std::system_error const&) {  // fewer, then
  }
  work();
  for (auto& one : others) one.join();
  for (auto const& failure : failures) {
    if (failure) std::rethrow_exception(failure);
  }
}

/// Sums over [0, count) in blocks, on several threads if that is asked for. The sum is the same to the last bit for any
/// number of threads: blocks do not depend on it, and are added in their order.
/// @param zero     an empty sum; sums have +=
/// @param add      add(sum, begin, end) adds elements; the exception of the first block that throws one comes back
/// @param threads  at most; 0 for as many as there are processors
template <class Sum, class Add>
[[nodiscard]] Sum sum_in_blocks(std::uint64_t count, Sum const& zero, int threads, Add const& add) {
  std::uint64_t const blocks = count / elements_of_block + (count % elements_of_block != 0 ? 1 : 0);
  std::size_t const team = threads > 0 ? static_cast<std::size_t>(threads) : std::thread::hardware_concurrency();
  Sum out = zero;
  for (std::uint64_t first = 0; first < blocks; first += blocks_of_wave) {
    std::vector<Sum> sums(static_cast<std::size_t>(std::min<std::uint64_t>(blocks_of_wave, blocks - first)), zero);
    fill_blocks(sums, first, count, team, add);
    for (auto const& sum : sums) out += sum;
  }
  return out;
}

}  // namespace melitz::detail
