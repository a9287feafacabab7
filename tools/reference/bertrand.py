"""Makes bertrand.json: competition in prices among different countries, after Bernard, Eaton, Jensen and Kortum (2003).

Wages and price indices are the roots of the labour markets and of the price indices' definition. Plants from the
probability 1/B that a country sells at home and in all markets of a set, at a home markup of m or more, all integrals
over m by quadrature.
"""

import itertools
import sys

from mpmath import mp, mpf

import reference_files as files

mp.dps = 50
NAME = "bertrand.json"


class World:
    def __init__(self, q):
        self.q, self.n = q, len(q["labor"])
        self.theta, self.sigma, self.beta = q["shape"], q["elasticity"], q["labor_share"]
        self.s = (self.sigma - 1) / self.theta
        self.cap = self.sigma / (self.sigma - 1) if self.sigma > 1 else mp.inf
        self.capped = self.cap**-self.theta if self.sigma > 1 else mpf(0)
        self.distance = [[mp.inf if d == "inf" else d for d in row] for row in q["iceberg_cost"]]
        # (E[P^(1-sigma)] Phi^-s)^(1/(1-sigma)), from the law of the lowest and the second-lowest cost; E ln P at 1.
        moment = mp.gamma(1 - self.s) * (1 - self.s + self.s * self.capped)
        self.constant = moment**(1 / (1 - self.sigma))

    def shares(self, wage, price):
        self.wage = wage
        cost = [w**self.beta * p**(1 - self.beta) for w, p in zip(wage, price)]
        offers = [[self.q["technology"][i] * (cost[i] * self.distance[i][n])**-self.theta for n in range(self.n)]
                  for i in range(self.n)]
        self.phi = [mp.fsum(offers[i][n] for i in range(self.n)) for n in range(self.n)]
        self.share = [[offers[i][n] / self.phi[n] for n in range(self.n)] for i in range(self.n)]

    def gaps(self, *x):
        n, labor = self.n, self.q["labor"]
        wage = [mpf(1)] + [mp.exp(u) for u in x[:n - 1]]
        price = [mp.exp(u) for u in x[n - 1:]]
        self.shares(wage, price)
        out = [mp.fsum(self.share[i][j] * wage[j] * labor[j] for j in range(n)) / (wage[i] * labor[i]) - 1
               for i in range(1, n)]
        return out + [self.constant * self.phi[j]**(-1 / self.theta) / price[j] - 1 for j in range(n)]

    def solve(self):
        # From the prices of each country by itself, lower by what some trade brings.
        start = [mpf(0)] * (self.n - 1)
        start += [mp.log(self.constant) / self.beta - mp.log(t) / (self.beta * self.theta) - mpf(1) / 10
                  for t in self.q["technology"]]
        with mp.workdps(50):
            root = list(mp.findroot(self.gaps, start, tol=mpf(10)**-80, maxsteps=60))
        self.gaps(*root)
        self.price = [mp.exp(u) for u in root[self.n - 1:]]
        return self

    def sums(self, i, markets):
        """Count, log markups, ln t, sales, costs and monopolists of plants that sell at home and in all markets."""
        theta, sigma, s = self.theta, self.sigma, self.s
        rivals = [k for k in range(self.n) if k != i]
        home = [self.share[k][i] / self.share[i][i] for k in rivals]
        most = [max([self.share[k][n] / self.share[i][n] for n in markets], default=mpf(0)) for k in rivals]

        def b(m):
            x = m**theta
            return x + mp.fsum(max(a * x, c) for a, c in zip(home, most))

        kinks = sorted((c / a)**(1 / theta) for a, c in zip(home, most) if a > 0 and 1 < (c / a)**(1 / theta) < self.cap)
        points = [mpf(1)] + kinks + [self.cap]
        first = b(mpf(1))
        count = 1 / first
        return [count, mp.quad(lambda m: 1 / (m * b(m)), points), count * (mp.digamma(1) - mp.log(first)),
                first**(s - 1) - mp.quad(lambda m: (sigma - 1) * m**-sigma * b(m)**(s - 1), points),
                first**(s - 1) - mp.quad(lambda m: sigma * m**(-sigma - 1) * b(m)**(s - 1), points),
                1 / b(self.cap) if self.sigma > 1 else mpf(0)]

    def plants(self, i):
        abroad = [n for n in range(self.n) if n != i and self.share[i][n] > 0]
        every = self.sums(i, [])
        exporters = [mpf(0)] * 6
        for size in range(1, len(abroad) + 1):
            for markets in itertools.combinations(abroad, size):
                here = self.sums(i, markets)
                exporters = [x + (-1)**(size + 1) * y for x, y in zip(exporters, here)]
        others = [x - y for x, y in zip(every, exporters)]
        nobody = abs(others[0]) < mpf(10)**-30
        x = [y / exporters[0] for y in exporters]
        o = [y / others[0] if not nobody else mp.nan for y in others]
        return {"share_exporting": exporters[0] / every[0], "exporter_log_markup": x[1], "nonexporter_log_markup": o[1],
                "exporter_productivity_gap": x[1] - o[1], "exporter_efficiency_gap": (o[2] - x[2]) / self.theta,
                "exporter_size_ratio": x[3] / o[3], "exporter_cost_share": x[4] / x[3], "exporter_capped_share": x[5]}

    def outputs(self):
        n, labor, theta = self.n, self.q["labor"], self.theta
        revenue = [w * l * (1 + theta) / (self.beta * theta) for w, l in zip(self.wage, labor)]
        income = [w * l + r / (1 + theta) for w, l, r in zip(self.wage, labor, revenue)]
        welfare = [y / (p * l) for y, p, l in zip(income, self.price, labor)]
        out = {"wage": self.wage, "revenue": revenue, "profits": [r / (1 + theta) for r in revenue], "income": income,
               "domestic_share": [self.share[j][j] for j in range(n)], "price_index": self.price, "welfare": welfare,
               "gains_from_trade": [w / self.autarky(j) for j, w in enumerate(welfare)],
               "sales": [[self.share[i][j] * revenue[j] for j in range(n)] for i in range(n)], "share": self.share,
               "average_log_markup": mp.quad(lambda m: m**(-theta - 1), [1, self.cap])}
        plants = [self.plants(i) for i in range(n)]
        return out | {key: [p[key] for p in plants] for key in plants[0]}

    def autarky(self, j):
        """Welfare of a country by itself: P = constant w^beta P^(1-beta) T^(-1/theta)."""
        price = (self.constant * self.q["technology"][j]**(-1 / self.theta))**(1 / self.beta)
        return (1 + 1 / (self.beta * self.theta)) / price


def remake(data, comparison):
    for case in data["cases"]:
        mp.dps = 30
        name, world = case["name"], World(files.value(case["params"])).solve()
        comparison.compare(case, "outputs", world.outputs(), name)
        comparison.compare(case, "price_constant", world.constant, name + ".price_constant")
        mean = 1 + mp.quad(lambda m: m**-world.theta, [1, world.cap])
        comparison.compare(case, "average_markup", mean, name + ".average_markup")


if __name__ == "__main__":
    sys.exit(files.main(NAME, remake, sys.argv))
