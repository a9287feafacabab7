#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Hopenhayn's industry with an autoregression on a grid, as course codes solve it, with NumPy.

    numpy_industry.py JOB SECONDS      JOB: industry/autoregression

The chain is Tauchen's, entrants draw from the long-run law on the same points; values by iteration until they move by
less than 1e-10, the demand shifter by bisection, masses by a linear system. On grids of 101 and of 1,001 points.
"""

import math
import sys

import numpy as np

from rival import print_row, time_of

B, F, FE, BETA, DELTA, RHO, SD = 3.0, 1.0, 2.0, 0.96, 0.05, 0.9, 0.2
GAMMA, STAY = BETA * (1 - DELTA), 1 - DELTA


def normal_below(x):
    return 0.5 * np.vectorize(math.erfc)(-x / math.sqrt(2))


def grid_of(n):
    spread = SD / math.sqrt(1 - RHO * RHO)
    t = np.linspace(-4 * spread, 4 * spread, n)
    half = (t[1] - t[0]) / 2
    edges = np.concatenate([[-np.inf], t[:-1] + half, [np.inf]])
    moves = np.diff(normal_below((edges[None, :] - RHO * t[:, None]) / SD), axis=1)
    return t, np.diff(normal_below(edges / spread)), moves


def solve(n):
    t, entrants, moves = grid_of(n)
    x = np.exp(B * t)
    value = np.zeros(n)
    low, high = 1e-3, 10.0
    rounds = 0
    while high - low > 1e-9 * low:
        demand = (low + high) / 2
        while True:
            rounds += 1
            last, value = value, np.maximum(0, demand * x - F + GAMMA * moves @ value)
            if np.abs(value - last).max() < 1e-10:
                break
        if entrants @ value > FE:
            high = demand
        else:
            low = demand
    stays = value > 0
    flow = np.eye(n) - STAY * (moves * stays[:, None] * stays[None, :]).T
    masses = np.linalg.solve(flow, entrants * stays)
    firms = masses.sum()
    return [demand, math.exp(t[stays][0]), firms, entrants[stays].sum() / firms], rounds


def main(job, seconds):
    for n in (101, 1001):
        answers, rounds = solve(n)
        print_row(job, f"NumPy {np.__version__}, a grid of {n} points", time_of(lambda n=n: solve(n), seconds), rounds,
                  [], [answers])


main(sys.argv[1], float(sys.argv[2]))
