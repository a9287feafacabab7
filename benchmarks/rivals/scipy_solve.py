#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""The economy as most would solve it in Python: free entry by scipy.optimize.brentq, its integrals by
scipy.integrate.quad, the density written by hand or taken from scipy.stats.

    scipy_solve.py JOB SECONDS      JOB: closed/LAW, open/LAW or sweep/LAW
"""

import math
import sys

import scipy
from scipy import stats
from scipy.integrate import quad
from scipy.optimize import brentq

from rival import CHECKED, DELTA, F, FE, FX, L, N, R, SIGMA, TAU, print_row, swept, time_of


def normal_density(mean, sd):
    scale = 1 / (sd * math.sqrt(2 * math.pi))
    return lambda p: scale / p * math.exp(-((math.log(p) - mean) / sd) ** 2 / 2)


def mixture_density(weights, parts):
    return lambda p: sum(w * g(p) for w, g in zip(weights, parts))


# law: density by hand, density of scipy.stats, where its support begins
LAWS = {
    "pareto": (lambda p: 4.25 * p**-5.25, stats.pareto(4.25).pdf, 1.0),
    "lognormal": (normal_density(0, 0.8), stats.lognorm(0.8).pdf, 0.0),
    "weibull": (lambda p: 1.4 * p**0.4 * math.exp(-(p**1.4)), stats.weibull_min(1.4).pdf, 0.0),
    "frechet": (lambda p: 4.25 * p**-5.25 * math.exp(-(p**-4.25)), stats.invweibull(4.25).pdf, 0.0),
    "mixture": (mixture_density((0.75, 0.25), (normal_density(0, 0.5), normal_density(0.5, 0.75))),
                mixture_density((0.75, 0.25), (stats.lognorm(0.5).pdf, stats.lognorm(0.75, scale=math.exp(0.5)).pdf)),
                0.0),
}
LAWS["density"] = LAWS["lognormal"]


def solve(density, lowest, tau):
    """The results in the order of all contenders; tau infinite for the closed economy."""
    gap = tau * (FX / F) ** (1 / R)  # phi_x* / phi*

    def expected_profit(x):  # J, over the fixed cost
        return quad(lambda p: ((p / x) ** R - 1) * density(p), x, math.inf)[0]

    def free_entry(x):
        profit = F * expected_profit(x)
        if math.isfinite(tau):
            profit += N * FX * expected_profit(gap * x)
        return profit - DELTA * FE

    cutoff = brentq(free_entry, max(lowest, 0.5), 20)

    def survival(x):
        return quad(density, x, math.inf)[0]

    def average(x, s):
        return (quad(lambda p: p**R * density(p), x, math.inf)[0] / s) ** (1 / R)

    producing = survival(cutoff)
    productivity = average(cutoff, producing)
    profit = F * ((productivity / cutoff) ** R - 1)
    revenue = SIGMA * F * (productivity / cutoff) ** R
    if math.isfinite(tau):
        export_cutoff = gap * cutoff
        exporting = survival(export_cutoff)
        share = exporting / producing
        export_productivity = average(export_cutoff, exporting)
        profit += share * N * FX * ((export_productivity / export_cutoff) ** R - 1)
        revenue += share * N * SIGMA * FX * (export_productivity / export_cutoff) ** R
        producers = L / revenue
        exporters = share * producers
        varieties = producers + N * exporters
        all_productivity = ((producers * productivity**R + N * exporters * (export_productivity / tau) ** R)
                            / varieties) ** (1 / R)
    else:
        export_cutoff = share = export_productivity = exporters = math.nan
        producers = varieties = L / revenue
        all_productivity = productivity
    price_index = varieties ** (1 / (1 - SIGMA)) * SIGMA / (SIGMA - 1) / all_productivity
    if not math.isfinite(tau):
        varieties = all_productivity = math.nan
    return (cutoff, export_cutoff, share, productivity, export_productivity, profit, revenue, producers, exporters,
            varieties, all_productivity, price_index, 1 / price_index)


def evaluations(density, lowest, tau):
    count = 0

    def counted(p):
        nonlocal count
        count += 1
        return density(p)

    solve(counted, lowest, tau)
    return count


def main(job, seconds):
    kind, law = job.split("/")
    by_hand, by_stats, lowest = LAWS[law]
    name = f"SciPy {scipy.__version__} brentq + quad"
    if kind == "sweep":  # a hundredth of it: each point is solved by itself and takes as long as any other
        taus = [swept(i) for i in CHECKED]
        time = time_of(lambda: [solve(by_hand, lowest, t) for t in taus], seconds) / len(taus)
        count = sum(evaluations(by_hand, lowest, t) for t in taus) / len(taus)
        print_row(job, name, time, count, taus, [solve(by_hand, lowest, t) for t in taus])
        return
    tau = TAU if kind == "open" else math.inf
    for density, detail in ((by_hand, ""), (by_stats, ", scipy.stats")):
        print_row(job, name + detail, time_of(lambda: solve(density, lowest, tau), seconds),
                  evaluations(density, lowest, tau), [tau], [solve(density, lowest, tau)])


main(sys.argv[1], float(sys.argv[2]))
