#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Wages of many countries with log-normal productivity with NumPy and SciPy: the same world and the same steps as melitz.

    numpy_world.py JOB SECONDS      JOB: world/COUNTRIES

Newton's method on the logs of free entry and of the goods markets, from autarky. Wages and masses of entrants are
eliminated, so that each step factors a matrix of as many rows as there are countries.
"""

import sys

import numpy as np
import scipy
from scipy.special import erfc

from gravity_world import FE, R, SIGMA, blas, world
from rival import print_row, time_of

LOG_SD = 0.8
EPSILON = 2.0**-52
SHIFT = R * LOG_SD / np.sqrt(2)
PEAK = 1 / (LOG_SD * np.sqrt(2 * np.pi))


def tail(log_c, mean):
    """Survival, moment E[(phi/c)^r 1{phi >= c}] and density of the log."""
    y = (log_c - mean) / (np.sqrt(2) * LOG_SD)
    return erfc(y) / 2, np.exp(SHIFT * (SHIFT - 2 * y)) * erfc(y - SHIFT) / 2, PEAK * np.exp(-y * y)


def autarky(fixed, mean):
    """Log demand of each country by itself, where wages are 1."""
    x = mean.copy()
    for _ in range(50):
        survival, moment, _ = tail(x, mean)
        excess = moment - survival
        step = excess / (R * moment) * np.log(fixed * excess / FE)
        x += step
        if np.abs(step).max() < 1e-14:
            break
    return np.log(fixed) - R * x


class Conditions:
    def __init__(self, labor, tau, fixed, mean):
        self.labor, self.fixed, self.mean = labor, fixed, mean[:, None]
        self.log_costs = np.log(fixed) / R + np.log(tau)

    def __call__(self, u, b):
        """Profits of all pairs, and by how much the conditions fail to hold, in logs."""
        log_c = self.log_costs + (u / R + u)[:, None] - b / R
        survival, moment, density = tail(log_c, self.mean)
        wage = np.exp(u)
        cost = self.fixed * wage[:, None]
        self.variable, self.jump = cost * moment, cost * density
        self.wages = wage * self.labor
        self.required = wage * FE
        self.sold = self.variable.sum(axis=1)
        self.entrants = self.wages / (SIGMA * self.sold)
        entry = (self.variable - cost * survival).sum(axis=1) / self.required
        self.goods = SIGMA * (self.entrants @ self.variable) / self.wages
        self.goods[0] = 1  # redundant; u_0 = 0 stands here
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.log(np.concatenate([entry, self.goods]))

    def step(self, gap):
        """Newton's, on the logs."""
        n = len(self.labor)
        earned, jump = SIGMA * self.variable, SIGMA / R * self.jump
        by_demand = earned + jump
        with_wage = R * earned + SIGMA * jump
        total = earned.sum(axis=1)
        operating = SIGMA * self.sold
        answer = with_wage.sum(axis=1) / total
        shares = self.variable / operating[:, None]
        with_wage = self.entrants[:, None] * ((answer + 1)[:, None] * earned - with_wage)
        with_wage[np.diag_indices(n)] -= self.goods * self.wages
        slopes = with_wage.T @ shares
        slopes -= ((self.entrants / total)[:, None] * earned).T @ by_demand
        slopes[np.diag_indices(n)] += by_demand.T @ self.entrants
        slopes /= self.wages[:, None]
        slopes[0] = shares[0]
        scaled = gap * np.exp(gap)
        entry = self.required * scaled[:n] / operating
        right = -(with_wage.T @ entry) / self.wages - scaled[n:]
        right[0] = -entry[0]
        b = np.linalg.solve(slopes, right)
        u = shares @ b + entry
        u[0] = 0
        return u, b


def newton(labor, tau, fixed, mean):
    u, b = np.zeros_like(labor), autarky(np.diag(fixed), mean)
    conditions = Conditions(labor, tau, fixed, mean)
    gap, moved, n = conditions(u, b), 1.0, len(labor)
    for steps in range(100):
        size = np.abs(gap).max()
        close = size <= 256 * (n + 16) * EPSILON
        if size <= 4 * EPSILON or (close and moved * moved <= EPSILON):
            break
        du, db = conditions.step(gap)
        longest = max(np.abs(du).max(), np.abs(db).max())
        scale = min(1.0, 4 / longest)
        before, length = np.linalg.norm(gap), 1.0
        while length > 1e-4:
            next_gap = conditions(u + length * scale * du, b + length * scale * db)
            if np.isfinite(next_gap).all() and np.linalg.norm(next_gap) < (1 - length * scale / 16) * before:
                break
            length /= 2
        else:
            if close:
                break
            raise RuntimeError("Newton's method is stuck")
        u, b, gap, moved = u + length * scale * du, b + length * scale * db, next_gap, longest * scale * length
    else:
        raise RuntimeError("Newton's method did not converge")
    conditions(u, b)  # those of a step that was refused may stand there
    share = np.diag(SIGMA * conditions.entrants[:, None] * conditions.variable) / conditions.wages
    price = SIGMA / R * (SIGMA * np.exp(b) / conditions.wages)**(1 / R)
    return np.concatenate([np.exp(u), share, np.exp(u) / price]), steps


def main(job, seconds):
    labor, scale, tau, fixed = world(int(job.split("/")[1]))
    problem = labor, np.ascontiguousarray(tau), np.ascontiguousarray(fixed), np.log(scale)
    answers, steps = newton(*problem)
    print_row(job, f"NumPy {np.__version__} with {blas()}, SciPy {scipy.__version__}, the same steps",
              time_of(lambda: newton(*problem), seconds), steps, [], [answers])


main(sys.argv[1], float(sys.argv[2]))
