#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""The economy as a user who knows the closed forms and NumPy would solve it: the whole sweep at once, Halley's method
on free entry in logs from the bound that Jensen's inequality gives, special functions of scipy.special.

    numpy_sweep.py JOB SECONDS      JOB: closed/LAW, open/LAW or sweep/LAW

Arrays of this size come from the C library's heap, which by default returns memory to the system after every expression
and fetches it again for the next. With MALLOC_TOP_PAD_ in the environment it keeps it, which few users know: `compare`
runs sweeps both ways.
"""

import math
import os
import sys

import numpy as np
import scipy
from scipy.special import erfc, gamma, gammainc, gammaincc

from rival import CHECKED, DELTA, F, FE, FX, L, N, R, SIGMA, SWEEP_LENGTH, TAU, print_row, swept, time_of


# A law gives ln E[phi^R] and, at t = ln x: the survival S, A = E[(phi/x)^R; phi >= x], and the density of ln phi.
class Pareto:
    shape = 4.25
    log_moment = math.log(shape / (shape - R))

    def at(self, t):
        survival = np.exp(-self.shape * t)  # the cutoff lies above 1 in this economy
        return survival, self.shape / (self.shape - R) * survival, self.shape * survival


class LogNormal:
    def __init__(self, mean=0.0, sd=0.8):
        self.mean, self.sd = mean, sd
        self.log_moment = R * mean + (R * sd) ** 2 / 2

    def at(self, t):
        z = (t - self.mean) * (1 / (self.sd * math.sqrt(2)))
        bell = np.exp(-z * z)
        # e^((R sd)^2/2 - R (t - mean)) erfc(z - R sd / sqrt 2) / 2
        above = np.exp(self.log_moment - R * t) * (0.5 * erfc(z - R * self.sd / math.sqrt(2)))
        return 0.5 * erfc(z), above, bell * (1 / (self.sd * math.sqrt(2 * math.pi)))


class Weibull:
    shape = 1.4
    moment = gamma(1 + R / shape)
    log_moment = math.log(moment)

    def at(self, t):
        y = np.exp(self.shape * t)
        survival = np.exp(-y)
        return (survival, self.moment * np.exp(-R * t) * gammaincc(1 + R / self.shape, y),
                self.shape * y * survival)


class Frechet:
    shape = 4.25
    moment = gamma(1 - R / shape)
    log_moment = math.log(moment)

    def at(self, t):
        y = np.exp(-self.shape * t)
        return (-np.expm1(-y), self.moment * np.exp(-R * t) * gammainc(1 - R / self.shape, y),
                self.shape * y * np.exp(-y))


class Mixture:
    weights = (0.75, 0.25)
    parts = (LogNormal(0, 0.5), LogNormal(0.5, 0.75))
    log_moment = math.log(sum(w * math.exp(p.log_moment) for w, p in zip(weights, parts)))

    def at(self, t):
        points = [p.at(t) for p in self.parts]
        return tuple(sum(w * p[k] for w, p in zip(self.weights, points)) for k in range(3))


LAWS = {"pareto": Pareto, "lognormal": LogNormal, "weibull": Weibull, "frechet": Frechet, "mixture": Mixture}


def solve(law, tau, count=None):
    """The results for an array of iceberg costs (infinite: the closed economy), one row each."""
    open_ = bool(np.isfinite(tau[0]))
    gap = np.log(tau) + math.log(FX / F) / R if open_ else None  # ln(phi_x* / phi*)
    weight = N * FX / F
    needed = math.log(DELTA * FE / F)

    # Jensen: the cutoff if all firms that may serve a set of markets had the same E[phi^R]; any subset is a bound.
    t = (law.log_moment - math.log(DELTA * FE / F + 1)) / R + np.zeros_like(tau)
    if open_:
        t = np.maximum(t, (law.log_moment + np.log1p(weight * np.exp(-R * gap)) -
                           math.log(DELTA * FE / F + 1 + weight)) / R)
    for k in range(20):
        survival, above, density = law.at(t)
        if open_:
            survival_x, above_x, density_x = law.at(t + gap)
            value = above - survival + weight * (above_x - survival_x)
            all_above = above + weight * above_x
            all_density = density + weight * density_x
        else:
            value, all_above, all_density = above - survival, above, density
        first = -R * all_above / value
        second = R * (R * all_above + all_density) / value - first * first
        step = (needed - np.log(value)) / first
        step /= 1 + 0.5 * step * second / first
        t = t + step
        if np.abs(step).max() < 1e-8:
            break
    if count is not None:
        count.append((k + 1) * (2 if open_ else 1))

    # The last step is so small that first-order terms move the tails along with it: no evaluation more.
    survival = survival - density * step
    above = above - (R * above + density) * step
    cutoff = np.exp(t)
    size = above / survival  # (phi~ / phi*)^R
    productivity = cutoff * size ** (1 / R)
    if open_:
        survival_x = survival_x - density_x * step
        above_x = above_x - (R * above_x + density_x) * step
        export_cutoff = cutoff * np.exp(gap)
        share = survival_x / survival
        size_x = above_x / survival_x
        export_productivity = export_cutoff * size_x ** (1 / R)
        profit = F * (size - 1) + share * (N * FX) * (size_x - 1)
        sales = F * size + share * (N * FX) * size_x
        revenue = SIGMA * sales
        producers = L / revenue
        exporters = share * producers
        varieties = producers * (1 + N * share)
        all_productivity = cutoff * (sales / F / (1 + N * share)) ** (1 / R)
    else:
        nothing = np.full_like(tau, np.nan)
        export_cutoff = share = export_productivity = exporters = varieties = nothing
        profit, revenue = F * (size - 1), SIGMA * F * size
        producers = L / revenue
        all_productivity = productivity
    everything = varieties if open_ else producers
    welfare = (SIGMA - 1) / SIGMA * all_productivity * everything ** (1 / R)
    if not open_:
        all_productivity = nothing
    return (cutoff, export_cutoff, share, productivity, export_productivity, profit, revenue, producers, exporters,
            varieties, all_productivity, 1 / welfare, welfare)


def main(job, seconds):
    kind, name = job.split("/")
    law = LAWS[name]()
    if kind == "sweep":
        tau = np.array([swept(i) for i in range(SWEEP_LENGTH)])
        checked = CHECKED
    else:
        tau = np.array([TAU if kind == "open" else math.inf])
        checked = [0]
    count = []
    answers = np.array(solve(law, tau, count)).T
    memory = ", MALLOC_TOP_PAD_ set" if "MALLOC_TOP_PAD_" in os.environ else ""
    print_row(job, f"NumPy {np.__version__} vectorised, closed forms of SciPy {scipy.__version__}{memory}",
              time_of(lambda: solve(law, tau), seconds) / len(tau), count[0], tau[checked], answers[checked])


main(sys.argv[1], float(sys.argv[2]))
