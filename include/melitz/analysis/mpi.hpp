// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <melitz/analysis/equilibria.hpp>
#include <melitz/analysis/mpi_errors.hpp>
#include <melitz/analysis/sweep.hpp>
#include <melitz/error.hpp>

#include <mpi.h>

#include <algorithm>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

// Sweeps over the machines of a cluster. This header and the one on errors are the only ones that need MPI: link
// melitz::mpi, or compile with mpicxx. melitz.hpp leaves them out.

namespace melitz::detail {

/// A number that differs where any of the numbers put into it does, but for a chance of 2^-64.
class fingerprint {
 public:
  void add(std::uint64_t word) { sum_ = std::rotl(sum_ ^ word, 29) * 0x9e3779b97f4a7c15u; }
  void add(double x) { add(std::bit_cast<std::uint64_t>(x)); }
  void add(open_economy<> const& e) {
    for (double const x : {e.domestic.elasticity, e.domestic.fixed_cost, e.domestic.entry_cost, e.domestic.death_rate,
                           e.domestic.labor, e.partners, e.iceberg_cost, e.export_fixed_cost}) {
      add(x);
    }
  }
  [[nodiscard]] std::uint64_t get() const { return sum_; }

 private:
  std::uint64_t sum_ = 0;
};

/// Of what a rank was given, as far as it can be read. Too many to be gathered stay unread: the caller refuses them.
template <class Source>
[[nodiscard]] std::uint64_t fingerprint_of(Source const& source, std::size_t most, sweep_options const& options,
                                           int root) {
  fingerprint out;
  out.add(static_cast<std::uint64_t>(source.size()));
  out.add(static_cast<std::uint64_t>(options.max_evaluations));
  out.add(static_cast<std::uint64_t>(root));
  if constexpr (source_of_values<Source>) {
    out.add(source.economy);
    if (source.size() <= most) {
      for (double const value : source.values) out.add(value);
    }
  } else if (source.size() <= most) {
    for (auto const& economy : source.economies) out.add(economy);
  }
  return out.get();
}

/// Which elements each rank solves: consecutive ones, such that nothing depends on how many ranks there are.
struct rank_parts {
  std::vector<int> begin, count;

  rank_parts(std::size_t elements, std::size_t multiple, int ranks) {
    std::size_t const blocks = (elements + multiple - 1) / multiple, all = static_cast<std::size_t>(ranks);
    auto const begin_of = [&](std::size_t rank) { return std::min(elements, rank * blocks / all * multiple); };
    for (std::size_t rank = 0; rank < all; ++rank) {
      begin.push_back(static_cast<int>(begin_of(rank)));
      count.push_back(static_cast<int>(begin_of(rank + 1) - begin_of(rank)));
    }
  }
};

template <class T>
void gather(MPI_Comm comm, std::vector<T> const& part, std::vector<T>& whole, rank_parts const& cut, int root) {
  static_assert(std::same_as<T, double> ||
                (std::same_as<T, status> && std::same_as<std::underlying_type_t<status>, int>));
  MPI_Datatype const type = std::same_as<T, double> ? MPI_DOUBLE : MPI_INT;
  require_mpi(MPI_Gatherv(part.data(), static_cast<int>(part.size()), type, whole.data(), cut.count.data(),
                          cut.begin.data(), type, root, comm),
              "MPI_Gatherv");
}

/// Every element of a source, each solved by one rank, into a table on the root.
template <class Source, class LawOrTail>
[[nodiscard]] equilibria<> solve_over_ranks(MPI_Comm comm, char const* where, Source const& source,
                                            LawOrTail const& law, sweep_options const& options, int root) {
  constexpr std::size_t most = 0x7fffffff;  // an int, which is what MPI counts with
  int const rank = rank_in(comm), ranks = ranks_of(comm);
  auto const own = fingerprint_of(source, most, options, root);
  auto of_rank_0 = own;
  require_mpi(MPI_Bcast(&of_rank_0, 1, MPI_UINT64_T, 0, comm), "MPI_Bcast");

  equilibria<> part, whole;
  rank_parts cut(0, 1, ranks);
  together(comm, [&] {
    if (own != of_rank_0) {
      throw domain_error(where, "what is to be solved", "another on rank " + std::to_string(rank) + " than on rank 0",
                         "be the same on every rank");
    }
    require(root >= 0 && root < ranks, where, "root", root, "be a rank of the communicator");
    if (source.size() > most) {
      throw domain_error(where, "the number of elements", std::to_string(source.size()),
                         "be at most " + std::to_string(most) + ": solve them in several calls");
    }
    cut = rank_parts(source.size(), part_multiple<Source>, ranks);
    auto const begin = static_cast<std::size_t>(cut.begin[static_cast<std::size_t>(rank)]);
    auto const count = static_cast<std::size_t>(cut.count[static_cast<std::size_t>(rank)]);
    solve_part(source, law, options, begin, begin + count, part);
    if (rank == root) whole.resize(source.size());
  });
  std::vector<std::vector<double> const*> columns;
  part.for_each_column([&](std::vector<double> const& column, auto) { columns.push_back(&column); });
  std::size_t next = 0;
  whole.for_each_column([&](std::vector<double>& column, auto) { gather(comm, *columns[next++], column, cut, root); });
  gather(comm, part.reason, whole.reason, cut, root);
  return whole;
}

}  // namespace melitz::detail

namespace melitz::mpi {

/// melitz::sweep(), each rank of a communicator solving a part of the values. A collective call: every rank makes it,
/// with the same arguments.
///
/// On processors of one kind the result is that of melitz::sweep() to the last bit, however many ranks there are. To
/// that end the parts are whole ranges of 2048 values, so that of few values some ranks get none.
///
/// @param comm  MPI must have been initialised; calls come from the calling thread only, so MPI_THREAD_FUNNELED will do
///              for options.threads other than 1
/// @param root  the rank that gets the table
/// @return on the root the table of all values, in their order; on the others an empty one
/// @throws on every rank if on any: what melitz::sweep() throws on the rank that met the first bad value, rank_error on
///         the others. Also domain_error if economy, values, max_evaluations or root differ from one rank to another
///         (change and law cannot be compared), or if there are more than 2147483647 values
/// Cost: beside the solves, 132 bytes an element to the root. For closed forms that may take as long as the solves: a
///       cluster is for laws by quadrature, above all where the elasticity varies.
/// Example: auto const r = mpi::sweep(MPI_COMM_WORLD, trade, &open_economy<>::iceberg_cost, taus, law);
template <symmetric_economy Economy, class Change, class LawOrTail>
requires detail::law_or_tail<LawOrTail>
[[nodiscard]] equilibria<> sweep(MPI_Comm comm, Economy const& economy, Change const& change,
                                 std::span<double const> values, LawOrTail const& law,
                                 sweep_options const& options = {}, int root = 0) {
  static_assert(std::same_as<typename Economy::real_type, double>, "mpi::sweep: over ranks only doubles are swept");
  equilibria<> out;
  detail::with_swept(economy, change, values, [&](auto const& source) {
    out = detail::solve_over_ranks(comm, "mpi::sweep", source, law, options, root);
  });
  return out;
}

/// melitz::solve_each() over the ranks of a communicator, as mpi::sweep(); the parts are multiples of 64 economies.
///
/// Example: auto const r = mpi::solve_each(MPI_COMM_WORLD, economies, law);  // r.welfare on rank 0
template <class LawOrTail>
requires detail::law_or_tail<LawOrTail>
[[nodiscard]] equilibria<> solve_each(MPI_Comm comm, std::span<open_economy<> const> economies, LawOrTail const& law,
                                      sweep_options const& options = {}, int root = 0) {
  return detail::solve_over_ranks(comm, "mpi::solve_each", detail::given_economies<open_economy<double>>{economies},
                                  law, options, root);
}

}  // namespace melitz::mpi
