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
        self.n = len(p["w"])
        self.payroll = [w * l for w, l in zip(p["w"], p["L"])]
        self.shifts = {}

    def cost(self, name, h, i, j):
        return self.p[name][h][i][j] * mp.exp(self.shifts.get((name, h, i, j), 0))

    def entrants(self, h, i):
        return self.p["entrants_per_wL"][h] * self.payroll[i]

    def log_cutoff(self, h, i, j, log_price, spent):
        """Where sales are sigma times the fixed cost."""
        sigma = self.p["sigma"][h]
        unit = sigma / (sigma - 1) * self.p["w"][i] * self.cost("tau", h, i, j)
        return mp.log(sigma * self.cost("f", h, i, j) / spent) / (sigma - 1) + mp.log(unit) - log_price

    def sales(self, h, i, j, log_price, spent, log_cutoff=None):
        """Entrants times what they sell at the price that a markup over cost makes, if above the cutoff."""
        p, sigma = self.p, self.p["sigma"][h]
        if log_cutoff is None:
            log_cutoff = self.log_cutoff(h, i, j, log_price, spent)
        unit = sigma / (sigma - 1) * p["w"][i] * self.cost("tau", h, i, j)
        moment = self.laws[h][i].scaled_moment(log_cutoff, sigma - 1) * mp.exp((sigma - 1) * log_cutoff)
        return self.entrants(h, i) * spent * (mp.exp(log_price) / unit)**(sigma - 1) * moment

    def log_price(self, h, j, spent):
        def gap(u):
            return mp.log(mp.fsum(self.sales(h, i, j, u, spent) for i in range(self.n)) / spent)

        return mp.findroot(gap, (mpf(0), mpf(-1) / 10), solver="secant", tol=mpf(10)**-90, maxsteps=200)

    def spent(self, h, j, dividend):
        return self.p["mu"][h] * (1 + dividend) * self.payroll[j]

    def outcome(self, dividend):
        """Log prices, cutoffs, firms and sales of all sectors, and profits of all firms."""
        sectors, profits = [], mpf(0)
        for h in range(len(self.p["mu"])):
            prices = [self.log_price(h, j, self.spent(h, j, dividend)) for j in range(self.n)]
            pairs = [[(i, j, prices[j], self.spent(h, j, dividend)) for j in range(self.n)] for i in range(self.n)]
            cutoffs = [[self.log_cutoff(h, *pair) for pair in row] for row in pairs]
            firms = [[self.entrants(h, i) * self.laws[h][i].survival(c) for c in row] for i, row in enumerate(cutoffs)]
            sales = [[self.sales(h, *pair) for pair in row] for row in pairs]
            profits += mp.fsum(sales[i][j] / self.p["sigma"][h] - firms[i][j] * self.cost("f", h, i, j)
                               for i in range(self.n) for j in range(self.n))
            sectors.append((prices, cutoffs, firms, sales))
        return sectors, profits

    def solve(self):
        wages = mp.fsum(self.payroll)

        def gap(d):
            return d - self.outcome(d)[1] / wages

        d = mp.findroot(gap, (mpf(1) / 10, mpf(9) / 100), solver="secant", tol=mpf(10)**-80)
        return d, self.outcome(d)[0]


def outputs(world, shapes):
    p, n = world.p, world.n
    d, solved = world.solve()
    income = [(1 + d) * x for x in world.payroll]
    sectors = []
    labor, real = list(p["L"]), [(1 + d) * w for w in p["w"]]
    outside = 1 - mp.fsum(p["mu"])
    real = [x * outside**outside for x in real]
    for h, (prices, cutoffs, firms, sales) in enumerate(solved):
        mu, sigma = p["mu"][h], p["sigma"][h]
        made = {"P": [mp.exp(u) for u in prices], "cutoff": [[mp.exp(c) for c in row] for row in cutoffs],
                "n_firms": firms, "X": sales}
        if shapes:
            k = shapes[h]
            made["theta_remoteness"] = [mp.fsum(
                income[i] / mp.fsum(income) * (p["w"][i] * p["tau"][h][i][j])**(-k)
                * p["f"][h][i][j]**(1 - k / (sigma - 1)) for i in range(n))**(-1 / k) for j in range(n)]
        for i in range(n):
            labor[i] -= (sigma - 1) / sigma * mp.fsum(sales[i]) / p["w"][i]
            real[i] *= (mu / mp.exp(prices[i]))**mu
        sectors.append(made)
    out = {"dividend_per_share": d, "Y": income, "world_income": mp.fsum(income), "sectors": sectors,
           "labor_good0": labor, "real_income_per_capita": real}
    if not shapes:
        out.update(sectors[0])
    return out


def elasticities(world, row):
    h, i, j = row["sector"], row["i"], row["j"]
    d, solved = world.solve()
    price, cutoff, spent = solved[h][0][j], solved[h][1][i][j], world.spent(h, j, d)

    def slope(name, flow):
        values = []
        for by in (STEP, -STEP):
            world.shifts = {(name, h, i, j): by}
            values.append(mp.log(flow()))
        world.shifts = {}
        return (values[0] - values[1]) / (2 * STEP)

    made = {"share": solved[h][3][i][j] / spent}
    for name in ("tau", "f"):
        partial = slope(name, lambda: world.sales(h, i, j, price, spent))
        intensive = slope(name, lambda: world.sales(h, i, j, price, spent, cutoff))
        made.update({"partial_" + name: partial, "partial_%s_intensive" % name: intensive,
                     "partial_%s_extensive" % name: partial - intensive,
                     "full_" + name: slope(name, lambda: world.solve()[1][h][3][i][j])})
    made["numeric"] = {key: made[key] for key in ("partial_tau", "partial_f", "full_tau", "full_f")}
    return made


def remake(data, comparison):
    for case in data["cases"]:
        p = files.value(case["params"])
        n = len(p["w"])
        if "dists" in p:
            drawn = [[law_of(d) for d in case["params"]["dists"]]]
        else:
            drawn = [[laws.Pareto(b, k)] * n for b, k in zip(p["scale"], p["gamma"])]
        world = World(p, drawn)
        made = outputs(world, p.get("gamma"))
        for key, value in case["outputs"].items():
            comparison.compare(case["outputs"], key, made[key], case["name"] + "." + key)
        for row in case.get("elasticities", ()):
            where = "%s.elasticities[%d][%d][%d]" % (case["name"], row["sector"], row["i"], row["j"])
            for key, value in elasticities(world, row).items():
                comparison.compare(row, key, value, where + "." + key)


if __name__ == "__main__":
    sys.exit(files.main(NAME, remake, sys.argv))
