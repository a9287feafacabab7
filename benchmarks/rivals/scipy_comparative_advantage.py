#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Two countries, industries and factors as most would solve them in Python: eleven equations by scipy.optimize.root,
hybr, with the integrals of the firms by scipy.integrate.quad. The economy is that of common/comparative_advantage.hpp.

    scipy_comparative_advantage.py comparative_advantage/lognormal SECONDS
"""

import math
import sys

import numpy as np
import scipy
from scipy.integrate import quad
from scipy.optimize import root

from rival import print_row, time_of

SIGMA, DELTA, F, FX, FE, TAU = 3.8, 0.025, 0.1, 0.1, 2.0, 1.4
MEAN, SD = -1.2, 0.6
R = SIGMA - 1
ALPHA, BETA = (0.5, 0.5), (0.6, 0.4)
SKILLED, UNSKILLED = (1200.0, 1000.0), (900.0, 1200.0)
SCALE = 1 / (SD * math.sqrt(2 * math.pi))
count = 0


def density(p):
    global count
    count += 1
    return SCALE / p * math.exp(-((math.log(p) - MEAN) / SD) ** 2 / 2)


def survival(x):
    return quad(density, x, math.inf, epsrel=1e-11, epsabs=0)[0]


def moment(x):
    return quad(lambda p: p**R * density(p), x, math.inf, epsrel=1e-11, epsabs=0)[0]


def unpack(x):
    wage = [[math.exp(x[0]), math.exp(x[1])], [1.0, math.exp(x[2])]]
    demand, entrants = np.exp(x[3:7]).reshape(2, 2), np.exp(x[7:11]).reshape(2, 2)
    income = [wage[0][k] * SKILLED[k] + wage[1][k] * UNSKILLED[k] for k in range(2)]
    return wage, demand, entrants, income


def firms(wage, demand, i, k):
    cost = wage[0][k] ** BETA[i] * wage[1][k] ** (1 - BETA[i])
    home, away = demand[i, k] * cost**-SIGMA, demand[i, 1 - k] * cost**-SIGMA * TAU**-R
    here, there = (F / home) ** (1 / R), (FX / away) ** (1 / R)
    at_home, abroad = home * moment(here), away * moment(there)
    profit = at_home - F * survival(here) + abroad - FX * survival(there)
    return cost, here, there, at_home, abroad, profit


def gaps(x):
    wage, demand, entrants, income = unpack(x)
    out, sold, revenue = [], np.zeros((2, 2)), np.zeros((2, 2))
    for i in range(2):
        for k in range(2):
            cost, _, _, at_home, abroad, profit = firms(wage, demand, i, k)
            out.append(profit / (DELTA * FE) - 1)
            scale = entrants[i, k] * SIGMA * cost
            sold[i, k] += scale * at_home
            sold[i, 1 - k] += scale * abroad
            revenue[i, k] = scale * (at_home + abroad)
    out += [sold[i, k] / (ALPHA[i] * income[k]) - 1 for i in range(2) for k in range(2)]
    for k in range(2):
        out.append(sum(BETA[i] * revenue[i, k] for i in range(2)) / (wage[0][k] * SKILLED[k]) - 1)
    out.append(sum((1 - BETA[i]) * revenue[i, 1] for i in range(2)) / (wage[1][1] * UNSKILLED[1]) - 1)
    return out


def solve():
    # Wages of one integrated world; demand at which firms that sell at home alone would break even at the 70th
    # percentile, with the entrants that what is spent feeds.
    paid = sum(a * b for a, b in zip(ALPHA, BETA))
    wage = paid / (1 - paid) * sum(UNSKILLED) / sum(SKILLED)
    cutoff = math.exp(MEAN + 0.52 * SD)
    fed = moment(cutoff) / cutoff**R
    start = [math.log(wage), math.log(wage), 0.0]
    costs = [wage**b for b in BETA]
    start += [math.log(F * costs[i]**SIGMA) - R * math.log(cutoff) for i in range(2) for _ in range(2)]
    start += [math.log(ALPHA[i] * (wage * SKILLED[k] + UNSKILLED[k]) / (SIGMA * costs[i] * F * fed))
              for i in range(2) for k in range(2)]
    found = root(gaps, start, method="hybr", options={"xtol": 1e-12})
    if not found.success and max(map(abs, found.fun)) > 1e-9:
        raise RuntimeError(found.message)
    wage, demand, entrants, income = unpack(found.x)
    index = [1.0, 1.0]
    cutoffs = []
    for i in range(2):
        for k in range(2):
            price = SIGMA / R * (SIGMA * demand[i, k] / (ALPHA[i] * income[k])) ** (1 / R)
            index[k] *= price ** ALPHA[i]
            cutoffs.append(firms(wage, demand, i, k)[1])
    welfare = [income[k] / index[k] / (SKILLED[k] + UNSKILLED[k]) for k in range(2)]
    return [*wage[0], wage[1][1], *welfare, *cutoffs, *entrants.ravel()], found.nfev


def main(job, seconds):
    answers, _ = solve()
    global count
    count = 0
    solve()
    densities = count
    print_row(job, f"SciPy {scipy.__version__} hybr + quad", time_of(solve, seconds), densities, [], [answers])


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
