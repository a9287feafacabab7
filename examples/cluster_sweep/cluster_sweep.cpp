// SPDX-License-Identifier: BSL-1.0

// How much do the gains from trade depend on what nobody knows well? Many economies are drawn from ranges of the
// elasticity and of both trade costs, each is solved with trade and without, and one file lists them all.
//
//   mpirun -n 64 cluster_sweep --points 1000000 --output gains.csv --progress
//
// A law of one's own and an elasticity of its own for each economy are what takes longest to solve, so that a cluster
// is worth while. The file has the same bytes whatever the number of ranks. Put your law and your ranges into the first
// part.

#include <mpi.h>
#include <unistd.h>
#include <CLI/CLI.hpp>
#include <algorithm>
#include <bit>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <limits>
#include <map>
#include <melitz/analysis/mpi.hpp>
#include <melitz/numerics/to_text.hpp>
#include <melitz/tail/quadrature.hpp>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

struct options {
  std::size_t points = 100000, batch = 16384;
  std::uint64_t seed = 1;
  double spread = 0.15, lowest_iceberg_cost = 1.1;
  int max_evaluations = 200;
  bool progress = false;
  std::string output = "cluster_sweep.csv";
};

// Log productivity is logistic: a law given by nothing but its log density.
struct log_logistic {
  double spread;  // 1/spread is the index of the upper tail; it must exceed elasticity - 1

  double log_density(double t) const {
    double const z = std::abs(t) / spread;
    return -z - std::log(spread) - 2 * std::log1p(std::exp(-z));
  }
  double log_lower_bound() const { return -std::numeric_limits<double>::infinity(); }
  double log_upper_bound() const { return std::numeric_limits<double>::infinity(); }
};

// A number in [0, 1) that depends on nothing but its arguments: any rank can draw any economy (SplitMix64).
double uniform(std::uint64_t seed, std::uint64_t economy, std::uint64_t which) {
  std::uint64_t x = (std::rotl(seed, 32) ^ (4 * economy + which)) * 0x9e3779b97f4a7c15u;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return static_cast<double>((x ^ (x >> 31)) >> 11) * 0x1p-53;
}

melitz::open_economy<> draw(std::size_t number, options const& chosen) {
  auto const between = [&](double low, double high, std::uint64_t which) {
    return low + (high - low) * uniform(chosen.seed, number, which);
  };
  return {.domestic =
              {.elasticity = between(2.5, 5, 0), .fixed_cost = 1, .entry_cost = 2, .death_rate = 0.1, .labor = 1000},
          .partners = 1,
          .iceberg_cost = between(chosen.lowest_iceberg_cost, 2, 1),
          .export_fixed_cost = between(0.5, 4, 2)};
}

/// What rank 0 keeps: a row in the file for every economy, and a summary.
class results {
 public:
  explicit results(std::string const& name) : name_(name), file_(name, std::ios::binary) {
    file_ << "economy,elasticity,iceberg_cost,export_fixed_cost,status,share_exporting,domestic_share,welfare,gain\n";
    require_written();
  }

  void add(std::vector<melitz::open_economy<>> const& economies, melitz::equilibria<> const& trade,
           melitz::equilibria<> const& autarky) {
    std::string rows;
    for (std::size_t k = 0; k < economies.size(); ++k) {
      auto const& e = economies[k];
      auto const reason = trade.reason[k] != melitz::status::converged ? trade.reason[k] : autarky.reason[k];
      ++count_[reason];
      rows += std::to_string(number_++);
      for (double const x : {e.domestic.elasticity, e.iceberg_cost, e.export_fixed_cost}) add_cell(rows, x);
      rows += ',' + std::string(melitz::to_string(reason));
      if (reason == melitz::status::converged) {
        gains_.push_back(trade.welfare[k] / autarky.welfare[k] - 1);
        for (double const x : {trade.share_exporting[k], trade.domestic_share[k], trade.welfare[k], gains_.back()}) {
          add_cell(rows, x);
        }
      } else {
        rows += ",,,,";
      }
      rows += '\n';
    }
    file_ << rows << std::flush;
    require_written();
  }

  void print_summary() {
    std::printf("%-20s %zu\n", "economies", number_);
    for (auto const& [reason, count] : count_) {
      std::printf("%-20s %zu\n", std::string(melitz::to_string(reason)).c_str(), count);
    }
    if (!gains_.empty()) {
      std::sort(gains_.begin(), gains_.end());
      auto const part = [&](double p) {
        return 100 * gains_[static_cast<std::size_t>(p * static_cast<double>(gains_.size() - 1))];
      };
      std::printf("%-20s a tenth below %.3f %%, half below %.3f %%, nine tenths below %.3f %%\n", "gain in welfare",
                  part(0.1), part(0.5), part(0.9));
    }
    std::printf("%-20s %s\n", "written to", name_.c_str());
  }

 private:
  static void add_cell(std::string& row, double value) {  // the shortest text that reads back to the same number
    row += ',' + melitz::to_text(value);
  }
  void require_written() const {
    if (!file_) throw std::runtime_error(name_ + " cannot be written");
  }

  std::string name_;
  std::ofstream file_;
  std::size_t number_ = 0;
  std::map<melitz::status, std::size_t> count_;
  std::vector<double> gains_;
};

/// A line on standard error once it takes longer than half a second; blank again at the end.
class progress {
 public:
  explicit progress(bool show) : show_(show) {}
  progress(progress const&) = delete;
  progress& operator=(progress const&) = delete;
  ~progress() {
    if (drawn_) std::fputs("\r\x1b[K", stderr);
  }

  void at(std::size_t done, std::size_t of) {
    double const passed = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    if (!show_ || passed < 0.5) return;
    double const part = static_cast<double>(done) / static_cast<double>(of);
    std::fprintf(stderr, "\r%.0f %% of %zu economies, %.0f s left\x1b[K", 100 * part, of, passed * (1 / part - 1));
    drawn_ = true;
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  bool show_, drawn_ = false;
};

/// What every rank does; `kept` is empty on all but rank 0.
void solve(options const& chosen, std::vector<results>& kept) {
  bool const reports = !kept.empty();
  // mpirun puts a pipe between a rank and the terminal, so that this cannot be seen from here: hence the option.
  progress shown(reports && (chosen.progress || isatty(STDERR_FILENO) == 1));
  log_logistic const law{chosen.spread};
  melitz::sweep_options const how{.max_evaluations = chosen.max_evaluations};
  // In batches there is progress to show, and never more than one in memory.
  for (std::size_t first = 0; first < chosen.points; first += chosen.batch) {
    std::size_t const end = first + std::min(chosen.batch, chosen.points - first);
    try {
      // [batch]
      std::vector<melitz::open_economy<>> open, closed;  // the same on every rank
      for (std::size_t number = first; number < end; ++number) {
        open.push_back(draw(number, chosen));
        closed.push_back(melitz::as_open(open.back().domestic));
      }
      auto const trade = melitz::mpi::solve_each(MPI_COMM_WORLD, open, law, how);
      auto const autarky = melitz::mpi::solve_each(MPI_COMM_WORLD, closed, law, how);
      if (reports) kept[0].add(open, trade, autarky);  // on rank 0, which has the tables
      // [/batch]
    } catch (melitz::domain_error const& e) {  // it counts from the batch's beginning
      throw std::runtime_error("in the batch from economy " + std::to_string(first) + " on, " + e.what());
    }
    shown.at(end, chosen.points);
  }
}

void run(options const& chosen) {
  auto const start = std::chrono::steady_clock::now();
  int rank = 0, ranks = 1;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &ranks);
  std::vector<results> kept;
  if (rank == 0) kept.emplace_back(chosen.output);
  solve(chosen, kept);
  if (rank != 0) return;
  kept[0].print_summary();
  // Not where the results are: this differs from one run to the next.
  double const seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::fprintf(stderr, "cluster_sweep: %d rank%s, %.1f s\n", ranks, ranks == 1 ? "" : "s", seconds);
}

std::string const footer = R"(Run it by mpirun -n RANKS cluster_sweep ...

What becomes of the other ranks when one fails:
  --lowest-iceberg-cost 0.9             an economy that is none, on the rank that is to solve it
  --output /no/such/folder/results.csv  rank 0 alone cannot go on
Either ends the job with the message and status 1. Wrong options end it with status 2.)";

int run_command_line(int argc, char** argv) {
  int rank = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  options chosen;
  CLI::App app("Gains from trade in many random economies, solved by the ranks of a cluster.", "cluster_sweep");
  app.footer(footer);
  app.add_option("--points", chosen.points, "Economies to draw")->capture_default_str();
  app.add_option("--seed", chosen.seed, "Of the draws")->capture_default_str();
  app.add_option("--spread", chosen.spread, "Of log productivity, which is logistic")->capture_default_str();
  app.add_option("--lowest-iceberg-cost", chosen.lowest_iceberg_cost, "Where its range, up to 2, begins")
      ->capture_default_str();
  app.add_option("--max-evaluations", chosen.max_evaluations, "Of the free-entry condition, for each economy")
      ->capture_default_str();
  app.add_option("--batch", chosen.batch, "Economies to solve before they are written and the next ones drawn")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  app.add_flag("--progress", chosen.progress, "Show it although mpirun stands between this and the terminal");
  app.add_option("--output", chosen.output, "The table (CSV)")->capture_default_str()->type_name("FILE");
  try {
    app.parse(argc, argv);
  } catch (CLI::Success const& e) {  // --help
    return rank == 0 ? app.exit(e) : 0;
  } catch (CLI::ParseError const& e) {
    if (rank == 0) std::fprintf(stderr, "cluster_sweep: %s; --help lists the options\n", e.what());
    return 2;
  }
  run(chosen);
  return 0;
}

}  // namespace

// [main]
int main(int argc, char** argv) {
  MPI_Init(&argc, &argv);
  int const status = melitz::mpi::run_or_abort(MPI_COMM_WORLD, [&] { return run_command_line(argc, argv); });
  MPI_Finalize();
  return status;
}
// [/main]
