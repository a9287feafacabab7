"""Makes separable_demand.json: additively separable demand with a choke price and Pareto productivity (Arkolakis,
Costinot, Donaldson and Rodriguez-Clare, 2019).

With x a firm's price over the choke price, q = D(x). A firm whose cost is c relative to the choke price sets the price
at which marginal revenue x + D/D' is c. Here everything is integrated over that cost, with the price found from it, and
utility from the utility function of each demand; nothing is integrated by parts.
"""

import sys

from mpmath import mp, mpf

import reference_files as files

mp.dps = 40
NAME = "separable_demand.json"


class Demand:
    """D, the price at a cost, and utility u of a quantity with u'(0) = 1."""

    def __init__(self, name, k):
        self.name, self.k = name, k

    def quantity(self, x):
        return {"linear": lambda: 1 - x, "cara": lambda: -mp.log(x), "pollak": lambda: x**-self.k - 1}[self.name]()

    def price(self, c):
        if self.name == "linear":
            return (1 + c) / 2
        if self.name == "cara":  # x (1 + ln x) = c
            return c / mp.lambertw(mp.e * c) if c else 1 / mp.e
        k = self.k  # x (1 - 1/k) + x^(k+1)/k = c
        if k == 2:  # x^3 + x = 2c
            return mp.findroot(lambda x: x**3 + x - 2 * c, (c + 1) / 2) if c > mpf("1e-3") else self.cubic(2 * c)
        return mp.findroot(lambda x: x * (k - 1) + x**(k + 1) - k * c, min(mpf(1), k * c / (k - 1)))

    @staticmethod
    def cubic(b):
        x = b
        for _ in range(80):
            x = b - x**3
        return x

    def price_slope(self, x, c):
        """dx/dc"""
        if self.name == "linear":
            return mpf(1) / 2
        if self.name == "cara":
            return 1 / (2 + mp.log(x))
        return self.k / ((self.k - 1) + (self.k + 1) * x**self.k)

    def utility(self, q):
        if self.name == "linear":
            return q - q**2 / 2
        if self.name == "cara":
            return -mp.expm1(-q)
        return mp.log(1 + q) if self.k == 1 else ((1 + q)**(1 - 1 / self.k) - 1) / (1 - 1 / self.k)


def constants(name, k, theta):
    d = Demand(name, k)

    def mean(f):
        """theta int_0^1 f(price, cost) c^(theta-1) dc, in z with c = e^-z."""
        def inner(z):
            c = mp.exp(-z)
            return theta * f(d.price(c), c) * mp.exp(-theta * z)
        return mp.quad(inner, [0, 1, 2, 4, 8, 16, 32, 64])
    with mp.workdps(30):
        chi = mean(lambda x, c: x * d.quantity(x))
        profit = mean(lambda x, c: (x - c) * d.quantity(x))
        # markup x/c by productivity 1/c: 1 - d ln x/d ln c
        rho = mean(lambda x, c: x * d.quantity(x) * (1 - c / x * d.price_slope(x, c))) / chi
        omega = mean(lambda x, c: d.utility(d.quantity(x)))
    ratio = 1 - rho / (1 + theta)
    return {"markup_elasticity": rho, "revenue": chi, "utility": omega, "profit_share": profit / chi,
            "welfare_elasticity": -ratio / theta, "relative_welfare_elasticity": ratio}


def equilibrium(p):
    """Wages that clear the markets for labour, by the shares of everybody's spending; utility from the constants."""
    theta, n = p["shape"], len(p["labor"])
    c = constants(p["demand"], None, theta)
    entrants = [l * c["profit_share"] / f for l, f in zip(p["labor"], p["entry_cost"])]

    def shares(w):
        offers = [[entrants[i] * (p["productivity_scale"][i] / (w[i] * p["iceberg_cost"][i][j]))**theta for j in range(n)] for i in range(n)]
        totals = [mp.fsum(offers[i][j] for i in range(n)) for j in range(n)]
        return [[offers[i][j] / totals[j] for j in range(n)] for i in range(n)], totals

    def gap(*rest):
        w = [mpf(1)] + list(rest)
        lam, _ = shares(w)
        return [mp.fsum(lam[i][j] * w[j] * p["labor"][j] for j in range(n)) - w[i] * p["labor"][i] for i in range(1, n)]
    w = [mpf(1)] + list(mp.findroot(gap, [mpf(1)] * (n - 1)))
    lam, totals = shares(w)
    choke = [(w[j] / (c["revenue"] * totals[j]))**(1 / (1 + theta)) for j in range(n)]
    return {"wage": w, "price_cutoff": choke, "utility": [c["utility"] / c["revenue"] * w[j] / choke[j] for j in range(n)],
            "share": lam, "mass_entrants": entrants}


def remake(data, comparison):
    for row in data["integrals"]:
        k = None if row["k"] is None else files.value(row["k"])
        for key, made in constants(row["demand"], k, files.value(row["shape"])).items():
            comparison.compare(row, key, made, "%s %s %s" % (row["demand"], row["k"], key))
    comparison.compare(data["equilibrium"], "outputs", equilibrium(files.value(data["equilibrium"]["params"])),
                       "equilibrium")


if __name__ == "__main__":
    sys.exit(files.main(NAME, remake, sys.argv))
