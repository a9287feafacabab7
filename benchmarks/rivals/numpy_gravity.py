#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Wages of many countries under Pareto laws of one shape with NumPy: the same world and the same steps as melitz.

    numpy_gravity.py JOB SECONDS      JOB: gravity/COUNTRIES

Twice: the steps of each country by itself, accelerated after Anderson (least squares by numpy.linalg.lstsq), as melitz
does it, and the plain iteration w <- w (demand/supply of labour)^(1.6/(1+elasticity)) that one writes first.
"""

import sys

import numpy as np

from gravity_world import FE, R, SIGMA, blas, world
from rival import print_row, time_of

THETA = 4.25
ETA = THETA / R - 1


def access_of(tau, fixed):
    return np.exp(-(THETA * np.log(tau) + ETA * np.log(fixed / np.diag(fixed))))


def accelerated(tau, fixed, labor, scale, depth=10, stretch=1.3):
    access = access_of(tau, fixed)
    np.fill_diagonal(access, 0)
    on_wage = THETA + ETA
    entrants = labor * R / (SIGMA * THETA * FE)
    log_supply = THETA * np.log(scale) + np.log(entrants)
    u = (log_supply - np.log(labor)) / (1 + on_wage)
    us, gs = [], []
    for k in range(200):
        spending = labor * np.exp(u)
        supply = np.exp(log_supply - on_wage * u)
        imported = supply @ access
        total = imported + supply
        exports = supply * (access @ (spending / total))
        imports = spending * imported / total
        if np.abs(exports - imports).max() <= 4 * 2.0**-52 * (exports + imports).max() or \
                (np.abs(exports - imports) / (exports + imports)).max() <= 1e-15:
            break
        g = np.log(exports / imports) / (1 + on_wage * (1 + supply / total))
        us.append(u)
        gs.append(g)
        us, gs = us[-depth - 1:], gs[-depth - 1:]
        u = u + stretch * g
        if len(us) > 1:
            dg, du = np.diff(np.array(gs), axis=0).T, np.diff(np.array(us), axis=0).T
            weights = np.linalg.lstsq(dg, g, rcond=None)[0]
            u = u - (du + stretch * dg) @ weights
    return finish(u, supply / total, labor, scale, entrants), k + 1


def over_relaxed(tau, fixed, labor, scale, stretch=1.6):
    access = access_of(tau, fixed)
    on_wage = THETA + ETA
    entrants = labor * R / (SIGMA * THETA * FE)
    supply_0 = scale**THETA * entrants
    w = np.ones_like(labor)
    for k in range(1000):
        supply = supply_0 * w**-on_wage
        total = supply @ access
        demand = supply * (access @ (w * labor / total))
        ratio = demand / (w * labor)
        if np.abs(np.log(ratio)).max() < 1e-13:
            break
        w = w * ratio**(stretch / (1 + on_wage))
    return finish(np.log(w), supply / total, labor, scale, entrants), k + 1


def finish(u, share, labor, scale, entrants):
    wage = np.exp(u - u[0])
    spending = wage * labor
    price = SIGMA / R * wage / scale * (SIGMA * wage / spending)**(ETA / THETA) * \
        (share * (THETA - R) / (THETA * entrants))**(1 / THETA)
    return np.concatenate([wage, share, wage / price])


def main(job, seconds):
    labor, scale, tau, fixed = world(int(job.split("/")[1]))
    for name, solve in (("Anderson", accelerated), ("over-relaxed", over_relaxed)):
        answers, iterations = solve(tau, fixed, labor, scale)
        print_row(job, f"NumPy {np.__version__} with {blas()}, {name}",
                  time_of(lambda f=solve: f(tau, fixed, labor, scale), seconds), iterations, [], [answers])


main(sys.argv[1], float(sys.argv[2]))
