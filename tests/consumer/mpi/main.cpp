// SPDX-License-Identifier: BSL-1.0
// A stranger's program for a cluster; here on one rank, without mpirun.
#include <mpi.h>
#include <cmath>
#include <cstdio>
#include <melitz/analysis/mpi.hpp>
#include <melitz/law/lognormal.hpp>
#include <vector>

int main(int argc, char** argv) {
  MPI_Init(&argc, &argv);
  melitz::closed_economy<> const economy{
      .elasticity = 4, .fixed_cost = 1, .entry_cost = 2, .death_rate = 0.05, .labor = 1};
  std::vector<double> const entry_costs{1, 2, 3};
  bool const right = melitz::mpi::run_or_abort(MPI_COMM_WORLD, [&] {
    auto const table = melitz::mpi::sweep(MPI_COMM_WORLD, economy, &melitz::closed_economy<>::entry_cost, entry_costs,
                                          melitz::lognormal<>{.log_mean = 0, .log_sd = 0.8});
    std::printf("%zu equilibria, cutoff %.12f\n", table.size(), table.cutoff.at(1));
    return std::abs(table.cutoff[1] - 4.5740487172218359) < 1e-12;
  });
  MPI_Finalize();
  return right ? 0 : 1;
}
