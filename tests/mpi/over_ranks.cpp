// SPDX-License-Identifier: BSL-1.0
// Sweeps over the ranks that run this, against sweeps on one of them. Without Catch2, which knows one process: every
// rank counts what does not hold, and the sum decides.
//
//   over_ranks          the checks
//   over_ranks guarded  rank 1 throws while the others wait for it: must end with status 3
//   over_ranks alone    the same without run_or_abort: hangs, to be seen by hand

#include <melitz/analysis/mpi.hpp>

#include <melitz/law/lognormal.hpp>
#include <melitz/law/pareto.hpp>
#include <melitz/law/weibull.hpp>
#include <melitz/tail/any_law.hpp>
#include <melitz/tail/quadrature.hpp>

#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <string_view>

using melitz::closed_economy;
using melitz::equilibria;
using melitz::lognormal;
using melitz::open_economy;
using melitz::status;

namespace {

MPI_Comm const world = MPI_COMM_WORLD;
int rank = 0, ranks = 1, wrong = 0;

void check(bool holds, char const* what, int line) {
  if (holds) return;
  ++wrong;
  std::fprintf(stderr, "rank %d of %d, line %d: %s\n", rank, ranks, line, what);
}
#define CHECK(condition) check(condition, #condition, __LINE__)

bool contains(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }

/// To the last bit.
bool same(equilibria<> const& a, equilibria<> const& b) {
  bool equal = a.reason == b.reason;
  std::vector<std::vector<double> const*> columns;
  a.for_each_column([&](auto const& column, auto) { columns.push_back(&column); });
  std::size_t next = 0;
  b.for_each_column([&](auto const& column, auto) {
    auto const& other = *columns[next++];
    equal = equal && column.size() == other.size() &&
            (column.empty() || std::memcmp(column.data(), other.data(), column.size() * sizeof(double)) == 0);
  });
  return equal;
}

/// Whether a table is the wanted one on the root and empty elsewhere.
bool arrived(equilibria<> const& table, equilibria<> const& wanted, int root = 0) {
  return rank == root ? same(table, wanted) : table.size() == 0;
}

open_economy<> trade() {
  return {.domestic = {.elasticity = 4, .fixed_cost = 1, .entry_cost = 2, .death_rate = 0.05, .labor = 1},
          .partners = 3,
          .iceberg_cost = 1.6,
          .export_fixed_cost = 1.3};
}

std::vector<double> evenly(double from, double to, std::size_t count) {
  std::vector<double> out;
  for (std::size_t k = 0; k < count; ++k) {
    out.push_back(from + (to - from) * static_cast<double>(k) / static_cast<double>(count));
  }
  return out;
}

std::vector<open_economy<>> some_economies(std::size_t count) {
  std::mt19937 random(7);
  auto const between = [&](double low, double high) {
    return low + (high - low) * (static_cast<double>(random()) * 0x1p-32);
  };
  std::vector<open_economy<>> out;
  for (std::size_t k = 0; k < count; ++k) {
    auto e = trade();
    if (k % 3 == 1) e.domestic.elasticity = between(2, 5);
    e.iceberg_cost = between(1, 3);
    e.export_fixed_cost = between(0.1, 5);
    out.push_back(e);
  }
  return out;
}

/// Log productivity is logistic; what it does when asked is up to the test.
struct own_law {
  bool fails = false;
  double log_density(double t) const {
    if (fails) throw 7;  // no std::exception
    double const z = std::abs(t) / 0.15;
    return -z - std::log(0.15) - 2 * std::log1p(std::exp(-z));
  }
  double log_lower_bound() const { return -std::numeric_limits<double>::infinity(); }
  double log_upper_bound() const { return std::numeric_limits<double>::infinity(); }
};

template <class Economy, class Change, class Law>
void check_sweep(Economy const& economy, Change const& change, std::vector<double> const& values, Law const& law,
                 melitz::sweep_options const& options = {}, int root = 0) {
  CHECK(arrived(melitz::mpi::sweep(world, economy, change, values, law, options, root),
                melitz::sweep(economy, change, values, law, options), root));
}

void sweeps() {
  auto const tau = &open_economy<>::iceberg_cost;
  // Fewer than there are ranks, none at all, and around the ends of ranges.
  for (std::size_t const count : {0u, 1u, 2u, 63u, 64u, 2047u, 2048u, 2049u, 4096u, 10001u}) {
    check_sweep(trade(), tau, evenly(1, 3, count), lognormal<>{0, 0.8});
    check_sweep(trade(), tau, evenly(1, 3, count), melitz::weibull<>{1, 1.5});
  }
  auto const values = evenly(2, 4.5, 9000);
  check_sweep(trade(), tau, values, melitz::pareto<>{1, 4.25}, {}, ranks - 1);
  check_sweep(trade(), tau, values, lognormal<>{0, 0.8}, {.threads = 2});
  check_sweep(trade(), tau, values, own_law{});
  check_sweep(trade(), tau, values, tail_of(lognormal<>{0, 0.8}, 3));
  check_sweep(trade(), tau, values, melitz::any_law<>(lognormal<>{0, 0.8}));
  check_sweep(trade(), &closed_economy<>::elasticity, values, lognormal<>{0, 0.8});
  check_sweep(trade().domestic, &closed_economy<>::entry_cost, values, lognormal<>{0, 0.8});
  auto const both = [](open_economy<>& e, double value) { e.iceberg_cost = e.export_fixed_cost = value; };
  check_sweep(trade(), both, values, lognormal<>{0, 0.8});
}

void batches() {
  for (std::size_t const count : {0u, 1u, 3u, 64u, 65u, 1000u}) {
    auto const economies = some_economies(count);
    auto const check_each = [&](auto const& law) {
      CHECK(arrived(melitz::mpi::solve_each(world, economies, law), melitz::solve_each(economies, law)));
    };
    check_each(lognormal<>{0, 0.8});
    check_each(own_law{});
  }
}

void statuses() {
  auto values = evenly(1, 2, 10000);
  for (std::size_t const k : {5u, 4000u, 9999u}) values[k] = 1e-323;  // times the death rate it is zero
  auto const domestic = trade().domestic;
  auto const entry_cost = &closed_economy<>::entry_cost;
  check_sweep(domestic, entry_cost, values, lognormal<>{0, 0.8});
  check_sweep(domestic, entry_cost, evenly(1, 2, 5000), lognormal<>{0, 0.8}, {.max_evaluations = 1});
  auto const table = melitz::mpi::sweep(world, domestic, entry_cost, values, lognormal<>{0, 0.8});
  if (rank != 0) return;
  CHECK(table.converged() == 9997);
  CHECK(table.reason[5] == status::out_of_range && table.reason[9999] == status::out_of_range);
  CHECK(std::isnan(table.welfare[4000]));
}

/// What f throws on every rank: its own exception on the rank that fails, rank_error on the others.
template <class F>
void check_fails(int failing, std::string_view message, F const& f) {
  std::string text = "nothing";
  int of = -1;
  try {
    f();
  } catch (melitz::mpi::rank_error const& e) {
    text = e.what();
    of = e.rank();
  } catch (melitz::domain_error const& e) {
    text = e.what();
    of = rank;
  } catch (int) {
    text = "an exception without a message";
    of = rank;
  }
  bool const holds = of == failing && contains(text, message);
  if (!holds) std::fprintf(stderr, "rank %d got \"%s\" from rank %d\n", rank, text.c_str(), of);
  CHECK(holds);
}

void failures() {
  auto const over = [](std::span<double const> values, auto const& law, int root = 0) {
    return [=] {
      auto const table = melitz::mpi::sweep(world, trade(), &open_economy<>::iceberg_cost, values, law, {}, root);
      CHECK(table.size() == values.size());
    };
  };
  auto values = evenly(1, 2, 4096 * static_cast<std::size_t>(ranks));
  values.back() = 0.8;
  check_fails(ranks - 1, "value " + std::to_string(values.size() - 1) + " of the sweep: iceberg_cost is 0.8",
              over(values, lognormal<>{0, 0.8}));
  values[17] = 0.7;
  check_fails(0, "value 17 of the sweep: iceberg_cost is 0.7; it must be at least 1",
              over(values, lognormal<>{0, 0.8}));
  auto economies = some_economies(64 * static_cast<std::size_t>(ranks));
  economies.back().partners = 2.5;
  check_fails(ranks - 1, "economy " + std::to_string(economies.size() - 1) + ": partners is 2.5", [&] {
    auto const table = melitz::mpi::solve_each(world, economies, lognormal<>{0, 0.8});
    CHECK(table.size() == 0);
  });

  values = evenly(1, 2, 4096 * static_cast<std::size_t>(ranks));
  check_fails(0, "lognormal: log_sd is -1", over(values, lognormal<>{0, -1}));
  check_fails(ranks - 1, "an exception without a message", over(values, own_law{rank == ranks - 1}));
  check_fails(0, "mpi::sweep: root is -1; it must be a rank", over(values, lognormal<>{0, 0.8}, -1));
  // Never read: there are too many.
  check_fails(0, "the number of elements is 2147483648; it must be at most 2147483647",
              over(std::span(values.data(), std::size_t{1} << 31), lognormal<>{0, 0.8}));
  if (ranks > 1) {
    auto const differ = "what is to be solved is another on rank 1 than on rank 0; it must be the same on every rank";
    auto own = values;
    if (rank == 1) own[5] = std::nextafter(own[5], 2);
    check_fails(1, differ, over(own, lognormal<>{0, 0.8}));
    if (rank == 1) own.pop_back();
    check_fails(1, differ, over(own, lognormal<>{0, 0.8}));
    check_fails(1, differ, over(values, lognormal<>{0, 0.8}, rank == 1 ? 1 : 0));
  }
  // None of this leaves a rank behind the others.
  check_sweep(trade(), &open_economy<>::iceberg_cost, values, lognormal<>{0, 0.8});
}

void parts_of_the_world() {
  MPI_Comm half = MPI_COMM_NULL;
  MPI_Comm_split(world, rank % 2, rank, &half);
  auto const values = evenly(1 + rank % 2, 4, 5000);
  auto const table = melitz::mpi::sweep(half, trade(), &open_economy<>::iceberg_cost, values, lognormal<>{0, 0.8});
  if (rank < 2) {
    CHECK(same(table, melitz::sweep(trade(), &open_economy<>::iceberg_cost, values, lognormal<>{0, 0.8})));
  } else {
    CHECK(table.size() == 0);
  }
  // Errors of MPI itself, where it is told to return them.
  MPI_Comm_set_errhandler(half, MPI_ERRORS_RETURN);
  bool thrown = false;
  try {
    int nothing = 0;
    melitz::detail::require_mpi(MPI_Bcast(&nothing, -1, MPI_INT, 0, half), "MPI_Bcast");
  } catch (std::runtime_error const& e) {
    thrown = contains(e.what(), "MPI_Bcast: ");
  }
  CHECK(thrown);
  MPI_Comm_free(&half);
}

void lose_rank_1() {
  if (rank == 1) throw std::runtime_error("has lost its way");
  MPI_Barrier(world);
}

int run(std::string_view mode) {
  if (mode == "guarded") {
    melitz::mpi::run_or_abort(world, lose_rank_1, 3);
    return 0;
  }
  if (mode == "alone") {
    try {
      lose_rank_1();
    } catch (std::exception const& e) {
      std::fprintf(stderr, "rank %d: %s\n", rank, e.what());
    }
    return 0;
  }
  sweeps();
  batches();
  statuses();
  failures();
  parts_of_the_world();
  CHECK(melitz::mpi::run_or_abort(world, [] { return 5; }) == 5);
  int all = 0;
  MPI_Allreduce(&wrong, &all, 1, MPI_INT, MPI_SUM, world);
  return all == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  int provided = 0;
  MPI_Init_thread(&argc, &argv, MPI_THREAD_FUNNELED, &provided);
  MPI_Comm_rank(world, &rank);
  MPI_Comm_size(world, &ranks);
  int const result = run(argc > 1 ? argv[1] : "");
  MPI_Finalize();
  return result;
}
