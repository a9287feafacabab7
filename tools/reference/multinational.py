"""Makes multinational.json: exports against affiliates, in countries alike and in different ones.

A country's firms choose, market by market, among nothing, exports and an affiliate. All combinations of these are
listed, with their profit at each size given the demand shifters A; `option_menu.py` says who picks what. The demand
shifters solve expected profit = entry cost in every country that hosts entrants, and supply = spending in every
market, with masses of entrants that are zero in the others.
"""

import itertools
import sys

from mpmath import mp, mpf

import reference_files as files
from distributions import law_of
from option_menu import Menu, Option

mp.dps = 40
NAME = "multinational.json"


def cost(p, name, i, j=None):
    """Of firms from i, in market j if it is one of serving that; the same everywhere unless factors are given."""
    factors = p.get(name + "_factor")
    if factors is None:
        return p[name]
    return p[name] * (factors[i] if j is None else factors[i][j])


class Firms:
    """The firms of country i at given demand shifters: who serves which market how, and what they earn there."""

    def __init__(self, p, law, i, demand):
        self.p, self.i, self.n = p, i, len(demand)
        b = p["elasticity"] - 1
        abroad = [j for j in range(self.n) if j != i]
        home_ways = ("home", None) if p.get("covers") == "home_sales" else ("home",)
        ways, options = {}, []
        for home in home_ways:
            for choice in itertools.product((None, "export", "affiliate"), repeat=len(abroad)):
                slopes, fixed = [mpf(0)] * self.n, mpf(0)
                if home:
                    slopes[i], fixed = demand[i], cost(p, "fixed_cost", i)
                for j, way in zip(abroad, choice):
                    if way:
                        slopes[j] = demand[j] * (p["iceberg_cost"][i][j]**(-b) if way == "export" else 1)
                        fixed += cost(p, "export_fixed_cost" if way == "export" else "affiliate_fixed_cost", i, j)
                if not home and not any(choice):
                    continue
                name = len(options)
                ways[name] = dict(zip(abroad, choice))
                ways[name][i] = home
                options.append(Option(name, mp.fsum(slopes), fixed))
                ways[name]["slopes"] = slopes
        self.menu = Menu(law, b, options)
        self.parts = [(t, m, v, ways.get(o.name, {})) for o, t, (m, v)
                      in zip(self.menu.kept, self.menu.start, self.menu.segments(mpf(1)))]
        self.profit = self.menu.profit(mpf(1))

    def sales(self, j, way):
        return self.p["elasticity"] * mp.fsum(w["slopes"][j] * v for _, _, v, w in self.parts if w.get(j) == way)

    def all_sales(self, j):
        return mp.fsum(self.sales(j, way) for way in ("home", "export", "affiliate"))

    def mass(self, j, way):
        return mp.fsum(m for _, m, _, w in self.parts if w.get(j) == way)

    def active(self):
        return mp.fsum(m for _, m, _, w in self.parts if w)

    def cutoff(self, j=None, way=None):
        """Infinite where no firm would."""
        starts = [t for t, _, _, w in self.parts if (w if j is None else w.get(j) == way)]
        return min(starts)**(1 / (self.p["elasticity"] - 1)) if starts else mp.inf


def solve(p, law, hosts=None):
    """`hosts`: the countries that entrants choose, all by default."""
    n = len(p["labor"])
    hosts = list(range(n)) if hosts is None else hosts
    spending = [p["expenditure_share"] * size for size in p["labor"]]

    def firms(logs):
        demand = [mp.exp(u) for u in logs]
        return [Firms(p, law, i, demand) for i in range(n)]

    def conditions(*x):
        all_firms = firms(x[:n])
        entry = [mp.log(all_firms[i].profit / cost(p, "entry_cost", i)) for i in hosts]
        if len(hosts) == n:
            return entry
        supply = [mp.fsum(m * all_firms[i].all_sales(j) for m, i in zip(x[n:], hosts)) / spending[j] - 1
                  for j in range(n)]
        return entry + supply

    common = dict({k: x for k, x in p.items() if not k.endswith("_factor")}, iceberg_cost=[[mpf(1) if i == j else mp.fsum(mp.fsum(r) for r in p["iceberg_cost"]) / (n * (n - 1)) - mpf(1) / (n - 1)
                           for j in range(n)] for i in range(n)])
    start = mp.findroot(lambda u: mp.log(Firms(common, law, 0, [mp.exp(u)] * n).profit / p["entry_cost"]),
                        (mpf(-2), mpf(1)), solver="anderson", tol=mpf(10)**-8)
    guess = [start] * n
    if len(hosts) < n:
        guess += [mp.fsum(spending) / len(hosts) / (4 * p["elasticity"] * p["entry_cost"])] * len(hosts)
    root = mp.findroot(conditions, guess, tol=mpf(10)**(10 - mp.dps), maxsteps=60) if n > 1 else [start]
    root = [r for r in root]
    all_firms = firms(root[:n])
    if len(hosts) == n:
        supply = mp.matrix(n, n)
        for i in range(n):
            for j in range(n):
                supply[j, i] = all_firms[i].all_sales(j)
        masses = list(mp.lu_solve(supply, mp.matrix(spending)))
    else:
        masses = [mpf(0)] * n
        for m, i in zip(root[n:], hosts):
            masses[i] = m
    return result(p, all_firms, [mp.exp(u) for u in root[:n]], masses)


def result(p, firms, demand, entrants):
    n, b = len(demand), p["elasticity"] - 1
    rho = b / p["elasticity"]

    def pairs(f, diagonal):
        return [[f(i, j) if i != j else diagonal for j in range(n)] for i in range(n)]

    labour = []
    for i in range(n):
        at_home = firms[i].sales(i, "home") + mp.fsum(firms[i].sales(j, "export") for j in range(n) if j != i)
        fixed = cost(p, "fixed_cost", i) * (firms[i].mass(i, "home")) \
            + mp.fsum(cost(p, "export_fixed_cost", i, j) * firms[i].mass(j, "export") for j in range(n) if j != i)
        guests = mp.fsum(entrants[j] * (rho * firms[j].sales(i, "affiliate")
                                        + cost(p, "affiliate_fixed_cost", j, i) * firms[j].mass(i, "affiliate"))
                         for j in range(n) if j != i)
        labour.append(entrants[i] * (cost(p, "entry_cost", i) + fixed + rho * at_home) + guests)
    return {
        "demand": demand,
        "price_index": [(p["elasticity"] * a / (p["expenditure_share"] * size))**(1 / b) / rho
                        for a, size in zip(demand, p["labor"])],
        "mass_entrants": entrants,
        "profit_over_entry_cost": [f.profit / cost(p, "entry_cost", i) for i, f in enumerate(firms)],
        "cutoff": [f.cutoff() for f in firms],
        "home_cutoff": [firms[i].cutoff(i, "home") for i in range(n)],
        "export_cutoff": pairs(lambda i, j: firms[i].cutoff(j, "export"), mp.inf),
        "affiliate_cutoff": pairs(lambda i, j: firms[i].cutoff(j, "affiliate"), mp.inf),
        "domestic_sales": [entrants[i] * firms[i].sales(i, "home") for i in range(n)],
        "exports": pairs(lambda i, j: entrants[i] * firms[i].sales(j, "export"), mpf(0)),
        "affiliate_sales": pairs(lambda i, j: entrants[i] * firms[i].sales(j, "affiliate"), mpf(0)),
        "mass_producers": [entrants[i] * firms[i].active() for i in range(n)],
        "sector_labor": labour,
        "share_exporting": pairs(lambda i, j: firms[i].mass(j, "export") / firms[i].active(), mpf(0)),
        "share_multinational": pairs(lambda i, j: firms[i].mass(j, "affiliate") / firms[i].active(), mpf(0))}


def remake(data, comparison):
    for row in data["cases"]:
        made = solve(files.value(row["params"]), law_of(row["params"]["distribution"]), row.get("hosts"))
        for key, value in made.items():
            comparison.compare(row, key, value, row["case"] + "." + key)
    for row in data["several_sectors"]:
        made = [solve(files.value(p), law_of(p["distribution"])) for p in row["params"]]
        shares = [files.value(p["expenditure_share"]) for p in row["params"]]
        labour = files.value(row["params"][0]["labor"])
        comparison.compare(row, "welfare", [mp.fprod(m["price_index"][i]**-s for m, s in zip(made, shares))
                                              for i in range(len(labour))], "welfare")
        comparison.compare(row, "outside_labor", [size - mp.fsum(m["sector_labor"][i] for m in made)
                                                   for i, size in enumerate(labour)], "outside_labor")


if __name__ == "__main__":
    sys.exit(files.main(NAME, remake, sys.argv))
