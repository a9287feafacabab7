// SPDX-License-Identifier: BSL-1.0
#include "parts.hpp"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace melitz::front {

namespace {

constexpr std::size_t most_threads = 256;

/// The parts that are left, and what has become of the others. Members are for who holds the lock.
class shared_work {
 public:
  shared_work(std::size_t parts, std::function<std::size_t(std::size_t)> const& part) : parts_(parts), part_(part) {}

  /// Does parts for as long as there are any.
  void work() {
    std::unique_lock held(lock_);
    while (!stopped_ && next_ < parts_) {
      auto const k = next_++;
      held.unlock();
      std::size_t elements = 0;
      std::exception_ptr wrong;
      try {
        elements = part_(k);
      } catch (...) {
        wrong = std::current_exception();
      }
      held.lock();
      if (!wrong) {
        done_ += elements;
      } else {
        if (k < failed_) {
          failed_ = k;
          failure_ = wrong;
        }
        stopped_ = true;
      }
      changed_.notify_one();
    }
    --at_work_;
    changed_.notify_one();
  }

  /// Tells of every change until nobody works any more.
  void tell(std::function<bool(std::size_t)> const& told) {
    std::unique_lock held(lock_);
    for (std::size_t before = 0;;) {
      changed_.wait(held, [&] { return done_ != before || at_work_ == 0; });
      if (done_ == before) return;
      before = done_;
      held.unlock();
      bool const go_on = told(before);
      held.lock();
      if (go_on) continue;
      stopped_ = true;
      changed_.wait(held, [&] { return at_work_ == 0; });
      return;
    }
  }

  void begin() {
    std::lock_guard const held(lock_);
    ++at_work_;
  }
  void did_not_begin() {
    std::lock_guard const held(lock_);
    --at_work_;
  }
  void stop() {
    std::lock_guard const held(lock_);
    stopped_ = true;
  }
  /// @pre nobody works any more
  [[nodiscard]] bool all_begun() const {
    if (failure_) std::rethrow_exception(failure_);
    return next_ == parts_;
  }

 private:
  std::size_t const parts_;
  std::function<std::size_t(std::size_t)> const& part_;
  std::mutex lock_{};
  std::condition_variable changed_{};
  std::size_t next_ = 0, done_ = 0, at_work_ = 0, failed_ = static_cast<std::size_t>(-1);
  bool stopped_ = false;
  std::exception_ptr failure_{};
};

/// Threads that are joined whatever happens.
class team {
 public:
  explicit team(shared_work& work) : work_(work) {}
  team(team const&) = delete;
  team& operator=(team const&) = delete;
  ~team() {
    work_.stop();  // changes nothing where all is done
    for (auto& member : members_) member.join();
  }

  /// False if the system has no more threads.
  [[nodiscard]] bool grow() {
    work_.begin();
    try {
      members_.emplace_back([this] { work_.work(); });
      return true;
    } catch (std::system_error const&) {
      work_.did_not_begin();
      return false;
    } catch (...) {
      work_.did_not_begin();
      throw;
    }
  }
  [[nodiscard]] bool empty() const { return members_.empty(); }

 private:
  shared_work& work_;
  std::vector<std::thread> members_{};
};

[[nodiscard]] bool do_alone(std::size_t parts, std::function<std::size_t(std::size_t)> const& part,
                            std::function<bool(std::size_t)> const& told) {
  std::size_t done = 0;
  for (std::size_t k = 0; k < parts; ++k) {
    done += part(k);
    if (!told(done)) return k + 1 == parts;
  }
  return true;
}

}  // namespace

bool do_parts(std::size_t parts, int threads, std::function<std::size_t(std::size_t)> const& part,
              std::function<bool(std::size_t)> const& told) {
  auto const wanted =
      threads > 0 ? static_cast<std::size_t>(threads) : std::max<std::size_t>(1, std::thread::hardware_concurrency());
  auto const size = std::min({wanted, parts, most_threads});
  if (size <= 1) return do_alone(parts, part, told);
  shared_work work(parts, part);
  {
    team workers(work);
    for (std::size_t k = 0; k < size && workers.grow(); ++k) continue;
    if (workers.empty()) return do_alone(parts, part, told);
    work.tell(told);
  }
  return work.all_begun();
}

}  // namespace melitz::front
