"""Makes melitz_ottaviano.json: linear demand in one to three countries (Melitz and Ottaviano, 2008).

A firm of cost c sells in market h for (c_h + tau c)/2. All an entrant expects is an integral over the density of costs; costs are Pareto (the power law of the paper) or uniform, so the integrals are taken of powers of c, term by term.
Which countries firms enter is found by trying all sets of them: the cutoffs solve expected profit = entry cost in those
that have entrants, demand in every market gives their masses, and of the sets only one has masses that are positive and
no profit from entry elsewhere.
"""

import itertools
import sys

from mpmath import mp, mpf

import reference_files as files

mp.dps = 40
NAME = "melitz_ottaviano.json"


class Costs:
    """A law of costs with density weight * c^power on [low, high]."""

    def __init__(self, spec):
        if spec["type"] == "pareto_cost":
            self.low, self.high, self.power = mpf(0), spec["c_max"], spec["k"] - 1
            self.weight = spec["k"] / spec["c_max"]**spec["k"]
        else:
            self.low, self.high, self.power = spec["a"], spec["b"], mpf(0)
            self.weight = 1 / (spec["b"] - spec["a"])

    def moment(self, x, degree):
        """E[c^degree 1{c <= x}]"""
        top, e = min(x, self.high), self.power + degree + 1
        return mpf(0) if top <= self.low else self.weight * (top**e - self.low**e) / e

    def gaps(self, x):
        """Pr(c <= x) and E[(x - c)^n 1{c <= x}] for n = 1, 2"""
        m = [self.moment(x, d) for d in range(3)]
        return m[0], x * m[0] - m[1], x * x * m[0] - 2 * x * m[1] + m[2]


class World:
    def __init__(self, p):
        self.p, self.n = p, len(p["consumers"])
        self.costs = [Costs(c) for c in p["cost_dists"]]

    def profit(self, l, cutoffs):
        return mp.fsum(self.p["consumers"][h] * self.p["iceberg_cost"][l][h]**2 * self.costs[l].gaps(c / self.p["iceberg_cost"][l][h])[2]
                       for h, c in enumerate(cutoffs)) / (4 * self.p["differentiation"])

    def demand_gap(self, l, h, cutoff):
        tau = self.p["iceberg_cost"][l][h]
        return tau * self.costs[l].gaps(cutoff / tau)[1]

    def solve(self, hosts, start):
        """Cutoffs and entrants where firms enter in `hosts` only."""
        p, k = self.p, len(hosts)

        def equations(*x):
            cutoffs, entrants = x[:self.n], dict(zip(hosts, x[self.n:]))
            entry = [self.profit(l, cutoffs) / p["entry_cost"][l] - 1 for l in hosts]
            demand = [mp.fsum(entrants[l] * self.demand_gap(l, h, cutoffs[h]) for l in hosts)
                      - 2 * p["differentiation"] * (p["choke_price"] - cutoffs[h]) / p["substitution"] for h in range(self.n)]
            return entry + demand
        found = mp.findroot(equations, list(start) + [mpf(50)] * k, tol=mpf(10)**-60, maxsteps=60)
        entrants = [mpf(0)] * self.n
        for l, m in zip(hosts, list(found)[self.n:]):
            entrants[l] = m
        return list(found)[:self.n], entrants

    def equilibrium(self):
        start = [self.p["choke_price"] * mpf("0.35")] * self.n
        for size in range(self.n, 0, -1):
            for hosts in itertools.combinations(range(self.n), size):
                try:
                    cutoffs, entrants = self.solve(hosts, start)
                except (ValueError, ZeroDivisionError):
                    continue
                slack = [1 - self.profit(l, cutoffs) / self.p["entry_cost"][l] for l in range(self.n)]
                if all(m > 0 for l, m in enumerate(entrants) if l in hosts) and min(slack) > -mpf(10)**-25:
                    return hosts, cutoffs, entrants, slack
        raise ValueError("no set of countries")


def market(w, h, cutoff, entrants):
    """What one country has, and sellers and sales there by origin."""
    p = w.p
    sellers, costs, squares, sales = [], mpf(0), mpf(0), []
    for l in range(w.n):
        tau, law = p["iceberg_cost"][l][h], w.costs[l]
        x = cutoff / tau
        m0, m1, m2 = (law.moment(x, d) for d in range(3))
        sellers.append(entrants[l] * m0)
        costs += entrants[l] * tau * m1
        squares += entrants[l] * tau**2 * m2
        sales.append(entrants[l] * p["consumers"][h] / (4 * p["differentiation"]) * (cutoff**2 * m0 - tau**2 * m2))
    n = mp.fsum(sellers)
    cost, variance = costs / n, (squares / n - (costs / n)**2) / 4
    price = (cutoff + cost) / 2
    quantity = n * (cutoff - price) / p["differentiation"]  # per consumer
    spending = mp.fsum(sales) / p["consumers"][h]
    square = n * (variance + (cutoff - price)**2) / p["differentiation"]**2
    return {"price_cutoff": cutoff, "mass_varieties": n, "average_cost": cost, "average_price": price,
            "average_markup": price - cost, "price_variance": variance,
            "consumer_surplus": p["choke_price"] * quantity - p["differentiation"] / 2 * square
            - p["substitution"] / 2 * quantity**2 - spending,
            "expenditure_per_consumer": spending}, sellers, sales


def closed_form(p, k, c_max):
    """Of the closed economy with Pareto costs, as the paper has it."""
    a, g, e, size = p["choke_price"], p["differentiation"], p["substitution"], p["consumers"][0]
    c = (2 * (k + 1) * (k + 2) * g * c_max**k * p["entry_cost"][0] / size)**(1 / (k + 2))
    n = 2 * (k + 1) * g / e * (a - c) / c
    form = {"price_cutoff": c, "mass_varieties": n, "average_cost": k / (k + 1) * c,
            "average_price": (2 * k + 1) / (2 * k + 2) * c, "average_markup": c / (2 * (k + 1)),
            "average_quantity": size / (2 * g) * c / (k + 1), "average_revenue": size / (2 * g) * c**2 / (k + 2),
            "average_profit": p["entry_cost"][0] * (c_max / c)**k,
            "consumer_surplus": (a - c) * (a - (k + 1) / (k + 2) * c) / (2 * e), "mass_entrants": n * (c_max / c)**k}
    return {key: [value] for key, value in form.items()}


def closed_form_two(p, k, c_max):
    """Of two countries with the same technology: cutoffs from freeness of trade, rho = tau^-k."""
    out, r01, r10 = [], p["iceberg_cost"][0][1]**-k, p["iceberg_cost"][1][0]**-k
    for h, r_out in ((0, r01), (1, r10)):
        phi = 2 * (k + 1) * (k + 2) * c_max**k * p["entry_cost"][0]
        out.append((p["differentiation"] * phi * (1 - r_out) / (p["consumers"][h] * (1 - r01 * r10)))**(1 / (k + 2)))
    return {"price_cutoff": out}


def remake(data, comparison):
    for row in data["cases"]:
        p = files.value(row["params"])
        w = World(p)
        hosts, cutoffs, entrants, slack = w.equilibrium()
        both = [market(w, h, cutoffs[h], entrants) for h in range(w.n)]
        outputs = {key: [b[0][key] for b in both] for key in both[0][0]}
        outputs["mass_entrants"] = entrants
        for pair, key in ((1, "mass_sellers"), (2, "sales")):
            outputs[key] = [[both[h][pair][l] for h in range(w.n)] for l in range(w.n)]
        comparison.compare(row, "outputs", outputs, row["name"])
        if row["outputs"]["active"] != list(hosts):
            comparison.failures.append("%s: active" % row["name"])
        for l in range(w.n):
            if l in hosts:  # stored: what rounding left
                if abs(slack[l]) > mpf(10)**-25 or abs(mpf(row["outputs"]["entry_slack"][l].text)) > mpf(10)**-25:
                    comparison.failures.append("%s: entry_slack[%d]" % (row["name"], l))
            else:
                comparison.compare(row["outputs"]["entry_slack"], l, slack[l], row["name"] + ".entry_slack")
        if "closed_form" in row:
            spec = p["cost_dists"][0]
            form = (closed_form if w.n == 1 else closed_form_two)(p, spec["k"], spec["c_max"])
            comparison.compare(row, "closed_form", form, row["name"] + ".closed_form")


if __name__ == "__main__":
    sys.exit(files.main(NAME, remake, sys.argv))
