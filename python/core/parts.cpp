// SPDX-License-Identifier: BSL-1.0
#include "parts.hpp"

#include <pybind11/pybind11.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace melitz::python {

namespace {

namespace py = pybind11;

/// What threads share: who takes which part next, and what went wrong.
class shared_work {
 public:
  shared_work(parts const& how, std::function<void(std::size_t, std::size_t)> const& work) : how_(how), work_(work) {}

  void run() {
    using clock = std::chrono::steady_clock;
    std::size_t length = std::max<std::size_t>(1, how_.least);
    while (!stop_) {
      std::size_t const begin = next_.fetch_add(length);
      if (begin >= how_.count) break;
      std::size_t const end = std::min(how_.count, begin + length);
      auto const since = clock::now();
      try {
        work_(begin, end);
      } catch (...) {
        std::lock_guard const lock(mutex_);
        if (begin < failed_at_) {
          failed_at_ = begin;
          failure_ = std::current_exception();
        }
        stop_ = true;
      }
      done_ += end - begin;
      if (clock::now() - since < std::chrono::milliseconds(10)) length = std::min(2 * length, how_.most);
    }
    std::lock_guard const lock(mutex_);
    --running_;
    ended_.notify_all();
  }

  void start(std::vector<std::thread>& threads, std::size_t team) {
    for (std::size_t k = 0; k < team; ++k) {
      {
        std::lock_guard const lock(mutex_);
        ++running_;
      }
      try {
        threads.emplace_back([this] { run(); });
      } catch (std::system_error const&) {  // no more threads: with those that there are, or with this one
        if (threads.empty()) {
          run();
        } else {
          std::lock_guard const lock(mutex_);
          --running_;
        }
        return;
      }
    }
  }

  /// @return whether all threads have ended
  [[nodiscard]] bool wait_a_moment() {
    std::unique_lock lock(mutex_);
    return ended_.wait_for(lock, std::chrono::milliseconds(50), [this] { return running_ == 0; });
  }

  void stop() { stop_ = true; }
  [[nodiscard]] std::size_t done() const { return done_; }
  [[nodiscard]] std::exception_ptr failure() const { return failure_; }

 private:
  parts how_;
  std::function<void(std::size_t, std::size_t)> const& work_;
  std::atomic<std::size_t> next_{0}, done_{0};
  std::atomic<bool> stop_{false};
  std::mutex mutex_{};
  std::condition_variable ended_{};
  std::size_t running_ = 0;
  std::size_t failed_at_ = static_cast<std::size_t>(-1);
  std::exception_ptr failure_{};
};

}  // namespace

void in_parts(parts const& how, std::function<void(std::size_t, std::size_t)> const& work,
              std::function<void(std::size_t)> const& progress) {
  if (how.count == 0) return;
  std::size_t const cores = std::max(1U, std::thread::hardware_concurrency());
  std::size_t const wanted = how.threads == 0 ? cores : static_cast<std::size_t>(how.threads);
  std::size_t const useful = (how.count - 1) / std::max<std::size_t>(1, how.least) + 1;
  shared_work all(how, work);
  std::exception_ptr interrupted;
  {
    py::gil_scoped_release const released;
    std::vector<std::thread> threads;
    all.start(threads, std::min(wanted, useful));
    while (!all.wait_a_moment()) {
      py::gil_scoped_acquire const acquired;
      try {
        if (PyErr_CheckSignals() != 0) throw py::error_already_set();
        if (progress) progress(all.done());
      } catch (...) {
        if (!interrupted) interrupted = std::current_exception();
        all.stop();
      }
    }
    for (auto& thread : threads) thread.join();
  }
  if (interrupted) std::rethrow_exception(interrupted);
  if (all.failure()) std::rethrow_exception(all.failure());
  if (progress) progress(how.count);
}

}  // namespace melitz::python
