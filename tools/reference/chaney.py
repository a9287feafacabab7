"""Makes chaney.json: trade among different countries with entrants given and wages set by an outside good.

Nothing here uses the closed forms of a Pareto law but the law itself: the price index of a market is the root of its
definition, whose cutoffs depend on it, and the dividend the root of profits paid out less profits made. Elasticities
are differences: of a flow at given price index and income, with the cutoff held (intensive) or not, and of equilibria.
"""

import sys

from mpmath import mp, mpf

import laws
import reference_files as files
from distributions import law_of

mp.dps = 50
NAME = "chaney.json"
STEP = mpf(10)**-12


class World:
    def __init__(self, p, laws_of_sectors):
        self.p, self.laws = p, laws_of_sectors
        self.sectors, self.wage = p["sectors"], p["outside_productivity"]
        self.n = len(self.wage)
        self.payroll = [w * l for w, l in zip(self.wage, p["labor"])]
        self.shifts = {}

    def cost(self, name, h, i, j):
        return self.sectors[h][name][i][j] * mp.exp(self.shifts.get((name, h, i, j), 0))

    def entrants(self, h, i):
        return self.sectors[h]["entrants_per_labor_income"] * self.payroll[i]

    def log_cutoff(self, h, i, j, log_price, spent):
        """Where sales are sigma times the fixed cost."""
        sigma = self.sectors[h]["elasticity"]
        unit = sigma / (sigma - 1) * self.wage[i] * self.cost("iceberg_cost", h, i, j)
        return mp.log(sigma * self.cost("fixed_cost", h, i, j) / spent) / (sigma - 1) + mp.log(unit) - log_price

    def sales(self, h, i, j, log_price, spent, log_cutoff=None):
        """Entrants times what they sell at the price that a markup over cost makes, if above the cutoff."""
        sigma = self.sectors[h]["elasticity"]
        if log_cutoff is None:
            log_cutoff = self.log_cutoff(h, i, j, log_price, spent)
        unit = sigma / (sigma - 1) * self.wage[i] * self.cost("iceberg_cost", h, i, j)
        moment = self.laws[h][i].scaled_moment(log_cutoff, sigma - 1) * mp.exp((sigma - 1) * log_cutoff)
        return self.entrants(h, i) * spent * (mp.exp(log_price) / unit)**(sigma - 1) * moment

    def log_price(self, h, j, spent):
        def gap(u):
            return mp.log(mp.fsum(self.sales(h, i, j, u, spent) for i in range(self.n)) / spent)

        return mp.findroot(gap, (mpf(0), mpf(-1) / 10), solver="secant", tol=mpf(10)**-90, maxsteps=200)

    def spent(self, h, j, dividend):
        return self.sectors[h]["expenditure_share"] * (1 + dividend) * self.payroll[j]

    def outcome(self, dividend):
        """Log prices, cutoffs, firms and sales of all sectors, and profits of all firms."""
        sectors, profits = [], mpf(0)
        for h in range(len(self.sectors)):
            prices = [self.log_price(h, j, self.spent(h, j, dividend)) for j in range(self.n)]
            pairs = [[(i, j, prices[j], self.spent(h, j, dividend)) for j in range(self.n)] for i in range(self.n)]
            cutoffs = [[self.log_cutoff(h, *pair) for pair in row] for row in pairs]
            firms = [[self.entrants(h, i) * self.laws[h][i].survival(c) for c in row] for i, row in enumerate(cutoffs)]
            sales = [[self.sales(h, *pair) for pair in row] for row in pairs]
            profits += mp.fsum(sales[i][j] / self.sectors[h]["elasticity"] - firms[i][j] * self.cost("fixed_cost", h, i, j)
                               for i in range(self.n) for j in range(self.n))
            sectors.append((prices, cutoffs, firms, sales))
        return sectors, profits

    def solve(self):
        wages = mp.fsum(self.payroll)

        def gap(d):
            return d - self.outcome(d)[1] / wages

        d = mp.findroot(gap, (mpf(1) / 10, mpf(9) / 100), solver="secant", tol=mpf(10)**-80)
        return d, self.outcome(d)[0]


def outputs(world):
    p, n = world.p, world.n
    d, solved = world.solve()
    income = [(1 + d) * x for x in world.payroll]
    sectors = []
    labor, real = list(p["labor"]), [(1 + d) * w for w in world.wage]
    outside = 1 - mp.fsum(s["expenditure_share"] for s in world.sectors)
    real = [x * outside**outside for x in real]
    for h, (prices, cutoffs, firms, sales) in enumerate(solved):
        s = world.sectors[h]
        mu, sigma = s["expenditure_share"], s["elasticity"]
        made = {"price_index": [mp.exp(u) for u in prices], "cutoff": [[mp.exp(c) for c in row] for row in cutoffs],
                "mass_sellers": firms, "sales": sales}
        if "shape" in s:
            k = s["shape"]
            made["remoteness"] = [mp.fsum(
                income[i] / mp.fsum(income) * (world.wage[i] * s["iceberg_cost"][i][j])**(-k)
                * s["fixed_cost"][i][j]**(1 - k / (sigma - 1)) for i in range(n))**(-1 / k) for j in range(n)]
        for i in range(n):
            labor[i] -= (sigma - 1) / sigma * mp.fsum(sales[i]) / world.wage[i]
            real[i] *= (mu / mp.exp(prices[i]))**mu
        sectors.append(made)
    out = {"dividend": d, "income": income, "world_income": mp.fsum(income), "sectors": sectors,
           "outside_labor": labor, "welfare": real}
    if "laws" in p:
        out.update(sectors[0])
    return out


def elasticities(world, row):
    h, i, j = row["sector"], row["i"], row["j"]
    d, solved = world.solve()
    price, cutoff, spent = solved[h][0][j], solved[h][1][i][j], world.spent(h, j, d)

    def slope(member, flow):
        values = []
        for by in (STEP, -STEP):
            world.shifts = {(member, h, i, j): by}
            values.append(mp.log(flow()))
        world.shifts = {}
        return (values[0] - values[1]) / (2 * STEP)

    made = {"share": solved[h][3][i][j] / spent}
    for name, member in (("tau", "iceberg_cost"), ("f", "fixed_cost")):
        partial = slope(member, lambda: world.sales(h, i, j, price, spent))
        intensive = slope(member, lambda: world.sales(h, i, j, price, spent, cutoff))
        made.update({"partial_" + name: partial, "partial_%s_intensive" % name: intensive,
                     "partial_%s_extensive" % name: partial - intensive,
                     "full_" + name: slope(member, lambda: world.solve()[1][h][3][i][j])})
    made["numeric"] = {key: made[key] for key in ("partial_tau", "partial_f", "full_tau", "full_f")}
    return made


def remake(data, comparison):
    for case in data["cases"]:
        p = files.value(case["params"])
        if "laws" in p:
            drawn = [[law_of(d) for d in case["params"]["laws"]]]
        else:
            drawn = [[laws.Pareto(s["scale"], s["shape"])] * len(p["labor"]) for s in p["sectors"]]
        world = World(p, drawn)
        made = outputs(world)
        for key, value in case["outputs"].items():
            comparison.compare(case["outputs"], key, made[key], case["name"] + "." + key)
        for row in case.get("elasticities", ()):
            where = "%s.elasticities[%d][%d][%d]" % (case["name"], row["sector"], row["i"], row["j"])
            for key, value in elasticities(world, row).items():
                comparison.compare(row, key, value, where + "." + key)


if __name__ == "__main__":
    sys.exit(files.main(NAME, remake, sys.argv))
