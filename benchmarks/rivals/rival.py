# SPDX-License-Identifier: BSL-1.0
"""What the rivals in Python share: the economy, the points of the sweep, the clock and the form of a row."""

import json
import math
import time

SIGMA, F, FE, DELTA, L = 4.0, 1.0, 2.0, 0.05, 1.0
N, TAU, FX = 3.0, 1.6, 1.3
R = SIGMA - 1

SWEEP_LENGTH = 10_000


def swept(i):
    """Iceberg cost number i of the sweep, in the order of operations that all contenders use."""
    return 1.2 + 1.8 * i / (SWEEP_LENGTH - 1)


# Where the answers of a sweep are checked.
CHECKED = [min(i, SWEEP_LENGTH - 1) for i in range(0, SWEEP_LENGTH + 1, 100)]


def time_of(work, seconds):
    """Nanoseconds of the processor per call: the median of several loops."""
    calls, spent = 1, 0
    while True:  # how many calls take long enough to be timed
        begin = time.process_time_ns()
        for _ in range(calls):
            work()
        spent = time.process_time_ns() - begin
        if spent > seconds * 1e9 / 10:
            break
        calls *= 2
    times = [spent / calls]
    while sum(times) * calls < seconds * 1e9:
        begin = time.process_time_ns()
        for _ in range(calls):
            work()
        times.append((time.process_time_ns() - begin) / calls)
    return sorted(times)[len(times) // 2]


def print_row(job, implementation, nanoseconds, evaluations, iceberg_costs, answers):
    def number(x):
        return float(x) if math.isfinite(x) else None

    print(json.dumps({
        "job": job,
        "implementation": implementation,
        "ns": nanoseconds,
        "evaluations": evaluations,
        "iceberg_costs": [repr(float(t)) for t in iceberg_costs],
        "answers": [[number(x) for x in row] for row in answers],
    }), flush=True)
