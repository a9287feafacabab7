"""Makes acr.json: many countries under Pareto laws of one shape, after Arkolakis, Demidova, Klenow
and Rodriguez-Clare (2008).

Not as gravity: the unknowns are wages, the demand shifter B of each market (a firm of productivity phi earns
B (w tau)^-p phi^p there, p = sigma - 1) and the mass of entrants, the equations free entry, goods and labour markets,
with fixed costs F = f w_i^a w_j^(1-a) and the Pareto law's survival and tail moment at the cutoffs.
"""

import sys

from mpmath import mp, mpf

import reference_files as files

mp.dps = 50
NAME = "acr.json"


class World:
    def __init__(self, q):
        self.q, self.n = q, len(q["labor"])
        self.p, self.theta, self.a = q["elasticity"] - 1, q["shape"], q["source_labor_share"]
        self.fixed = q.get("mass_entrants")
        self.deficit = q.get("deficit") or [mpf(0)] * self.n

    def at(self, x):
        """All that follows from the logs of wages but the first, of demand shifters and of entrants."""
        q, n, p, theta = self.q, self.n, self.p, self.theta
        self.w = [mpf(1)] + [mp.exp(u) for u in x[:n - 1]]
        demand = [mp.exp(b) for b in x[n - 1:2 * n - 1]]
        self.entrants = self.fixed or [mp.exp(m) for m in x[2 * n - 1:]]
        cost = [[q["fixed_cost"][i][j] * self.w[i]**self.a * self.w[j]**(1 - self.a) for j in range(n)]
                for i in range(n)]
        self.cutoff = [[(cost[i][j] / demand[j])**(1 / p) * self.w[i] * q["iceberg_cost"][i][j] for j in range(n)]
                       for i in range(n)]
        survival = [[(q["productivity_scale"][i] / self.cutoff[i][j])**theta for j in range(n)] for i in range(n)]
        self.firms = [[self.entrants[i] * survival[i][j] for j in range(n)] for i in range(n)]
        # E[(phi/c)^p; phi >= c] = theta/(theta - p) S(c), integrated by hand.
        self.operating = [[self.firms[i][j] * cost[i][j] * theta / (theta - p) for j in range(n)] for i in range(n)]
        self.paid = [[self.firms[i][j] * cost[i][j] for j in range(n)] for i in range(n)]
        self.profit = [mp.fsum(self.operating[i]) - mp.fsum(self.paid[i]) for i in range(n)]
        self.spending = [self.w[j] * q["labor"][j] + self.deficit[j] + (self.profit[j] if self.fixed else 0)
                         for j in range(n)]

    def gaps(self, *x):
        self.at(x)
        q, n = self.q, self.n
        out = [q["elasticity"] * mp.fsum(self.operating[i][j] for i in range(n)) / self.spending[j] - 1
               for j in range(n)]
        if not self.fixed:
            out += [self.profit[i] / (self.entrants[i] * self.w[i] * q["entry_cost"][i]) - 1 for i in range(n)]
        for i in range(1, n):
            used = self.p * mp.fsum(self.operating[i]) + self.a * mp.fsum(self.paid[i])
            used += (1 - self.a) * mp.fsum(self.paid[k][i] for k in range(n))
            if not self.fixed:
                used += self.entrants[i] * self.w[i] * q["entry_cost"][i]
            out.append(used / (self.w[i] * q["labor"][i]) - 1)
        return out

    def solve(self):
        q, n, p, theta = self.q, self.n, self.p, self.theta
        entrants = self.fixed or [l * p / (q["elasticity"] * theta * f) for l, f in zip(q["labor"], q["entry_cost"])]
        demand = []
        for j in range(n):  # at wages of one, the demand that sells X = L
            reach = mp.fsum(entrants[i] * (q["productivity_scale"][i] / q["iceberg_cost"][i][j])**theta
                            * q["fixed_cost"][i][j]**(1 - theta / p)
                            for i in range(n))
            demand.append((q["labor"][j] * (theta - p) / (theta * q["elasticity"] * reach))**(p / theta))
        start = [mpf(0)] * (n - 1) + [mp.log(b) for b in demand]
        if not self.fixed:
            start += [mp.log(m) for m in entrants]
        root = mp.findroot(self.gaps, start, tol=mpf(10)**-80, maxsteps=60)
        self.at(list(root))
        if any(c < self.q["productivity_scale"][i] for i, row in enumerate(self.cutoff) for c in row):
            raise ValueError("a cutoff is below the support")
        return self

    def outputs(self):
        q, n, sigma = self.q, self.n, self.q["elasticity"]
        trade = [[sigma * v for v in row] for row in self.operating]
        # The price index over the prices of all varieties sold: P^-p = sum of firms times E[(m w tau/phi)^-p].
        prices = [mp.fsum(self.firms[i][j] * self.theta / (self.theta - self.p) *
                          (sigma / self.p * self.w[i] * q["iceberg_cost"][i][j] / self.cutoff[i][j])**-self.p
                          for i in range(n))**(-1 / self.p) for j in range(n)]
        return {"wage": self.w, "expenditure": self.spending, "revenue": [mp.fsum(row) for row in trade],
                "mass_entrants": self.entrants, "price_index": prices,
                "share": [[trade[i][j] / self.spending[j] for j in range(n)] for i in range(n)], "sales": trade,
                "cutoff": self.cutoff, "mass_sellers": self.firms,
                "mass_varieties": [mp.fsum(self.firms[i][j] for i in range(n)) for j in range(n)],
                "welfare": [self.spending[j] / (prices[j] * q["labor"][j]) for j in range(n)]}


def autarky(q, j):
    """Country j by itself."""
    alone = {k: v for k, v in q.items() if k in ("elasticity", "shape", "source_labor_share")}
    alone |= {k: [q[k][j]] for k in ("labor", "productivity_scale", "entry_cost", "mass_entrants") if q.get(k)}
    alone |= {"iceberg_cost": [[mpf(1)]], "fixed_cost": [[q["fixed_cost"][j][j]]]}
    return World(alone).solve().outputs()["welfare"][0]


def remake(data, comparison):
    for case in data["cases"]:
        name, q = case["name"], files.value(case["params"])
        out = World(q).solve().outputs()
        comparison.compare(case, "outputs", out, name)
        alone = [autarky(q, j) for j in range(len(q["labor"]))]
        comparison.compare(case, "autarky_welfare", alone, name + ".autarky_welfare")
        gains = [w / v for w, v in zip(out["welfare"], alone)]
        comparison.compare(case, "gains_from_trade", gains, name + ".gains_from_trade")
        shares = [out["share"][j][j] for j in range(len(alone))]
        formula = [s**(-1 / q["shape"]) for s in shares]
        comparison.compare(case, "formula_gains_from_trade", formula, name + ".formula_gains_from_trade")
        if "foreign_shock" not in case:
            continue
        shock = case["foreign_shock"]
        after = World(q | files.value(shock["shock"])).solve().outputs()
        comparison.compare(shock, "outputs", after, name + ".foreign_shock")
        for key in ("welfare_hat", "acr_hat"):
            hats = [v / w for v, w in zip(after["welfare"], out["welfare"])] if key == "welfare_hat" else \
                [(after["share"][j][j] / shares[j])**(-1 / q["shape"]) for j in range(len(alone))]
            comparison.compare(shock, key, hats[:len(shock[key])], name + "." + key)


if __name__ == "__main__":
    sys.exit(files.main(NAME, remake, sys.argv))
