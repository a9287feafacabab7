// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <mpi.h>

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <stdexcept>
#include <string>
#include <thread>

namespace melitz::mpi {

/// What every rank throws from a function of this header when another one has failed in it.
class rank_error : public std::runtime_error {
 public:
  rank_error(int rank, std::string const& message)
      : std::runtime_error("rank " + std::to_string(rank) + " failed: " + message), rank_(rank) {}

  /// The rank that failed, the lowest if several did.
  [[nodiscard]] int rank() const noexcept { return rank_; }

 private:
  int rank_;
};

}  // namespace melitz::mpi

namespace melitz::detail {

/// Only for communicators that return errors; by default MPI ends the job itself.
inline void require_mpi(int code, char const* call) {
  if (code == MPI_SUCCESS) return;
  char text[MPI_MAX_ERROR_STRING] = "";
  int length = 0;
  MPI_Error_string(code, text, &length);
  throw std::runtime_error(std::string(call) + ": " + text);
}

[[nodiscard]] inline int rank_in(MPI_Comm comm) {
  int rank = 0;
  require_mpi(MPI_Comm_rank(comm, &rank), "MPI_Comm_rank");
  return rank;
}

[[nodiscard]] inline int ranks_of(MPI_Comm comm) {
  int ranks = 1;
  require_mpi(MPI_Comm_size(comm, &ranks), "MPI_Comm_size");
  return ranks;
}

/// Calls f on every rank; if it throws on any, all throw: the lowest of those what f threw, the others a rank_error.
template <class F>
void together(MPI_Comm comm, F const& f) {
  std::exception_ptr failure;
  std::string message;
  try {
    f();
  } catch (std::exception const& e) {
    failure = std::current_exception();
    message = e.what();
  } catch (...) {
    failure = std::current_exception();
    message = "an exception without a message";
  }
  int const rank = rank_in(comm), ranks = ranks_of(comm), mine = failure ? rank : ranks;
  int first = ranks;
  require_mpi(MPI_Allreduce(&mine, &first, 1, MPI_INT, MPI_MIN, comm), "MPI_Allreduce");
  if (first == ranks) return;
  int length = static_cast<int>(message.size());
  require_mpi(MPI_Bcast(&length, 1, MPI_INT, first, comm), "MPI_Bcast");
  if (rank == first) {
    require_mpi(MPI_Bcast(message.data(), length, MPI_CHAR, first, comm), "MPI_Bcast");
    std::rethrow_exception(failure);
  }
  message.resize(static_cast<std::size_t>(length));
  require_mpi(MPI_Bcast(message.data(), length, MPI_CHAR, first, comm), "MPI_Bcast");
  throw mpi::rank_error(first, message);
}

[[noreturn]] inline void abort_job(MPI_Comm comm, int exit_status, char const* message) {
  int rank = -1;
  MPI_Comm_rank(comm, &rank);
  std::fprintf(stderr, "rank %d: %s\n", rank, message);
  std::fflush(stderr);
  MPI_Abort(comm, exit_status);
  std::abort();  // MPI_Abort does not return
}

}  // namespace melitz::detail

namespace melitz::mpi {

/// f(), and if it throws, the end of the whole job: "rank 2: " and the message on standard error, then MPI_Abort.
///
/// Around everything between MPI_Init and MPI_Finalize. Without it, a rank that an exception takes out of the program's
/// course leaves the others waiting for it in their next collective call.
///
/// A rank_error waits for a second, so that the rank where it happened speaks first and the others need not repeat it.
///
/// @param exit_status  of the job, other than 0
/// @return what f returns
/// Example: int const status = mpi::run_or_abort(MPI_COMM_WORLD, [&] { return run(argc, argv); });
template <std::invocable F>
decltype(auto) run_or_abort(MPI_Comm comm, F const& f, int exit_status = 1) {
  try {
    return f();
  } catch (rank_error const& e) {
    std::this_thread::sleep_for(std::chrono::seconds(1));
    detail::abort_job(comm, exit_status, e.what());
  } catch (std::exception const& e) {
    detail::abort_job(comm, exit_status, e.what());
  } catch (...) {
    detail::abort_job(comm, exit_status, "an exception without a message");
  }
}

}  // namespace melitz::mpi
