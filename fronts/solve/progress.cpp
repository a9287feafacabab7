// SPDX-License-Identifier: BSL-1.0
#include "progress.hpp"

#include <cmath>
#include <iostream>
#include <string>

#if __has_include(<unistd.h>)
#include <unistd.h>
#endif

namespace melitz::front {

bool is_terminal(stream which) {
#if __has_include(<unistd.h>)
  return isatty(which == stream::output ? STDOUT_FILENO : STDERR_FILENO) == 1;
#else
  (void)which;
  return false;
#endif
}

void progress_bar::at(std::size_t done) {
  if (!show_) return;
  auto const now = clock::now();
  if (now < next_) return;
  next_ = now + std::chrono::milliseconds(100);
  double const part = static_cast<double>(done) / static_cast<double>(total_);
  double const passed = std::chrono::duration<double>(now - start_).count();
  auto const left = std::lround(passed * (1 - part) / part);
  std::size_t const width = 40;
  std::string bar(static_cast<std::size_t>(part * static_cast<double>(width)), '#');
  bar.resize(width, '.');
  std::cerr << "\r[" << bar << "] " << static_cast<int>(100 * part) << " %, " << done << " of " << total_ << ", "
            << left << " s left\x1b[K" << std::flush;
  drawn_ = true;
}

progress_bar::~progress_bar() {
  if (drawn_) std::cerr << "\r\x1b[K" << std::flush;  // the end of a line, whatever it was, is blank again
}

}  // namespace melitz::front
