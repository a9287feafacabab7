#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""How long the module takes, in seconds of a processor: one solve, a million economies in one call, and 200,000 solves of
four moments with their Jacobian by four parameters.

    PYTHONPATH=BUILD/python python3 benchmarks/python/run.py [BUILD/python/melitz.python.benchmark]

The program, a CMake target of that name, solves the million in C++, for comparison.
"""

import subprocess
import sys
import time

import numpy as np

import melitz

LAW = melitz.lognormal(log_mean=0, log_sd=0.8)
OPEN = dict(elasticity=4, fixed_cost=1, entry_cost=2, death_rate=0.05, labor=1, partners=3, export_fixed_cost=1.3)
FIELDS = ["cutoff", "export_cutoff", "share_exporting", "welfare"]


def seconds(work, times=5):
    """The shortest of a few runs."""
    out = []
    for _ in range(times):
        begin = time.process_time()
        work()
        out.append(time.process_time() - begin)
    return min(out)


def some_solves():
    for _ in range(10_000):
        melitz.solve("open", LAW, iceberg_cost=1.6, **OPEN)


def main(program=None):
    print(f"one solve: {seconds(some_solves) / 10_000 * 1e6:.1f} us")
    costs = np.linspace(1.1, 3, 1_000_000)
    mine = seconds(lambda: melitz.solve("open", LAW, iceberg_cost=costs, fields=FIELDS, **OPEN))
    print(f"10^6 open economies, four fields: {mine:.3f} s")
    if program:
        theirs = float(subprocess.run([program], capture_output=True, text=True, check=True).stdout)
        print(f"the same in C++: {theirs:.3f} s, ratio {mine / theirs:.2f}")
    if melitz.describe("open").has["derivatives"]:
        sds = np.linspace(0.6, 0.9, 200_000)
        results = ["share_exporting", "exporter_intensity", "probability_of_producing", "average_revenue"]
        by = ["iceberg_cost", "export_fixed_cost", "entry_cost", "distribution.log_sd"]
        mine = seconds(lambda: melitz.derivatives("open", melitz.lognormal(0, sds), results=results, by=by,
                                                  iceberg_cost=1.6, **OPEN), 2)
        print(f"200,000 solves of four moments with their Jacobian by four parameters: {mine:.2f} s")


if __name__ == "__main__":
    main(*sys.argv[1:])
