// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <chrono>
#include <cstddef>

namespace melitz::front {

enum class stream { output, error };

/// Is this stream of the process a terminal that somebody looks at?
[[nodiscard]] bool is_terminal(stream which);

/// A bar on standard error once something takes longer than half a second; gone when it is over.
class progress_bar {
 public:
  progress_bar(std::size_t total, bool show) : total_(total), show_(show) {}
  progress_bar(progress_bar const&) = delete;
  progress_bar& operator=(progress_bar const&) = delete;
  ~progress_bar();

  /// So many are done.
  void at(std::size_t done);

 private:
  using clock = std::chrono::steady_clock;
  std::size_t total_;
  bool show_, drawn_ = false;
  clock::time_point start_ = clock::now(), next_ = start_ + std::chrono::milliseconds(500);
};

}  // namespace melitz::front
