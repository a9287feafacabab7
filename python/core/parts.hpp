// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <functional>

namespace melitz::python {

/// How a long piece of work is cut up.
struct parts {
  std::size_t count;
  int threads = 1;          ///< 0: one per core
  std::size_t least = 1;    ///< elements of the first part
  std::size_t most = 1024;  ///< parts grow up to this many while they take less than a hundredth of a second
};

/// Calls work(begin, end) for parts of [0, count) in other threads, without Python's lock. Meanwhile this one listens
/// for Ctrl-C, and tells `progress` how many elements are done, a few times a second.
/// @pre the caller holds Python's lock, and has it back afterwards
/// @throws what work throws, of the lowest part; pybind11's error_already_set of Ctrl-C and of `progress`. Parts that
///         have begun are finished before
void in_parts(parts const& how, std::function<void(std::size_t begin, std::size_t end)> const& work,
              std::function<void(std::size_t done)> const& progress);

}  // namespace melitz::python
