#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Firms with many products by scipy.optimize.brentq and scipy.integrate.quad: what a firm earns from its products, in
closed form or as an integral over the density of attributes too, integrated over the density of abilities.

    scipy_multiproduct.py JOB SECONDS      JOB: multiproduct/pareto or multiproduct/lognormal
"""

import math
import sys

import scipy
from scipy.integrate import quad
from scipy.optimize import brentq

from rival import print_row, time_of

SIGMA, LABOR = 4.0, 100.0
B = SIGMA - 1


class Pareto:
    def __init__(self, shape):
        self.shape, self.ends = shape, [1.0]

    def density(self, x):
        return self.shape * x ** (-self.shape - 1) if x >= 1 else 0.0

    def tail(self, x):
        """Survival, and E[(z/x)^B; z >= x]."""
        moment = self.shape / (self.shape - B)
        return (x**-self.shape, moment * x**-self.shape) if x >= 1 else (1.0, moment * x**-B)


class LogNormal:
    def __init__(self, sd):
        self.sd, self.ends, self.scale = sd, [], 1 / (sd * math.sqrt(2 * math.pi))

    def density(self, x):
        return self.scale / x * math.exp(-((math.log(x) / self.sd) ** 2) / 2)

    def tail(self, x):
        z, s = math.log(x) / (self.sd * math.sqrt(2)), B * self.sd / math.sqrt(2)
        return math.erfc(z) / 2, math.exp(s * s - B * math.log(x)) * math.erfc(z - s) / 2


# Elements: ability, attributes, F, f_e, n, tau, F_x, f, f_x, as in tests/reference/multiproduct.json.
CASES = {"pareto": (Pareto(5.5), Pareto(4.2), 0.1, 0.05, 1, 1.4, 0.08, 0.5, 0.4),
         "lognormal": (LogNormal(0.4), LogNormal(0.5), 0.2, 1.0, 2, 1.5, 0.15, 0.5, 0.4)}


def solve(case, nested, accuracy):
    """The results in the order of all contenders."""
    ability, attributes, firm, entry, n, tau, firm_x, f, f_x = CASES[case]

    def integral(of, begin, stops):
        points = [begin, *sorted(p for p in stops if p > begin)]
        out = sum(quad(of, a, b, epsabs=0, epsrel=accuracy)[0] for a, b in zip(points, points[1:]))
        return out + quad(of, points[-1], math.inf, epsabs=0, epsrel=accuracy)[0]

    def by_quad(x):
        return (integral(attributes.density, x, attributes.ends),
                integral(lambda z: (z / x) ** B * attributes.density(z), x, attributes.ends))

    tail = by_quad if nested else attributes.tail

    def excess(x):
        survival, moment = tail(x)
        return moment - survival

    least, least_x = (brentq(lambda x: cost * excess(x) - fixed, 0.05, 50, xtol=1e-14)
                      for cost, fixed in ((f, firm), (f_x, firm_x)))
    gap = tau * (f_x / f) ** (1 / B) * least / least_x  # phi_x* / phi*
    ends = [least, gap * least_x] if attributes.ends else []  # over phi*: from there on firms sell everything

    def per_entrant(of, cutoff, begin):
        return integral(lambda p: of(p) * ability.density(p), begin * cutoff, [e * cutoff for e in ends])

    def profit(cutoff):
        home = per_entrant(lambda p: f * excess(least * cutoff / p) - firm, cutoff, 1)
        abroad = per_entrant(lambda p: f_x * excess(least_x * gap * cutoff / p) - firm_x, cutoff, gap)
        return home + n * abroad - entry

    cutoff = brentq(profit, 0.5 if case == "lognormal" else 1.0, 4, xtol=1e-14)
    producing, exporting = ability.tail(cutoff)[0], ability.tail(gap * cutoff)[0]
    products = per_entrant(lambda p: tail(least * cutoff / p)[0], cutoff, 1)
    home = per_entrant(lambda p: f * tail(least * cutoff / p)[1], cutoff, 1)
    abroad = n * per_entrant(lambda p: f_x * tail(least_x * gap * cutoff / p)[1], cutoff, gap)
    demand = f / (least * cutoff) ** B
    welfare = (SIGMA / LABOR * demand) ** (-1 / B) * B / SIGMA
    return [cutoff, gap * cutoff, least, least_x, exporting / producing, products / producing,
            LABOR / (SIGMA * (home + abroad)), abroad / (home + abroad), welfare]


def main():
    job, seconds = sys.argv[1], float(sys.argv[2])
    case = job.split("/")[1]
    for nested, accuracy, name in ((False, 1e-11, "closed-form tails"), (True, 1e-10, "nested")):
        def work():
            return solve(case, nested, accuracy)
        print_row(job, f"SciPy {scipy.__version__} brentq + quad, {name}", time_of(work, seconds), None, [1], [work()])


if __name__ == "__main__":
    main()
