"""Makes calibrated_world.json: worlds calibrated to data under any laws, and what shocks do to them.

Cutoffs are roots of survival functions, or of what firms earn, found between ends; what consumers pay of a firm's profit
is that of its best price, found by setting the derivative of its profit to zero. Labour and deficits are read off a world
with these firms, account by account. Scales of laws are least squares, or found by trying all paths of countries. The
primitives are then solved as any other world's are, see world.py, and must give the data back; shocks likewise. Under
Pareto laws changes must be those of exact hat algebra, from the data alone.
"""

import itertools
import sys

from mpmath import mp, mpf

import reference_files as files
from distributions import law_of
from world import ACCURATE, World, best_price

mp.dps = 40
NAME = "calibrated_world.json"


class Scaled:
    """A law in other units; nobody is at an infinite productivity."""

    def __init__(self, law, log_scale):
        self.law, self.log_scale = law, log_scale

    def survival(self, t):
        return self.law.survival(t - self.log_scale) if mp.isfinite(t) else mpf(0)

    def scaled_moment(self, t, r):
        return self.law.scaled_moment(t - self.log_scale, r) if mp.isfinite(t) else mpf(0)

    def density(self, t):
        return self.law.density(t - self.log_scale)


def falling_root(f):
    """Root of a function of ln productivity that falls from above zero to below it."""
    low, high, step = mpf(0), mpf(0), mpf(1) / 2
    while f(low) <= 0:
        low, step = low - step, 2 * step
    step = mpf(1) / 2
    while f(high) >= 0:
        high, step = high + step, 2 * step
    return mp.findroot(f, (low, high), solver="anderson", tol=mpf(10)**-70, maxsteps=200, verify=False)


def quantile(law, share):
    return falling_root(lambda t: mp.log(law.survival(t) / share) if law.survival(t) > 0 else mpf(-1000))


def earning(law, r, earned):
    """Where a firm's profit before fixed costs is on average so much per entrant and fixed cost."""
    return falling_root(lambda t: mp.log(law.scaled_moment(t, r) / earned) if law.scaled_moment(t, r) > 0
                        else mpf(-1000))


class Calibration:
    def __init__(self, targets, drawn):
        self.t, self.laws, self.n = targets, drawn, len(targets["sales"])
        self.r, self.a = targets["elasticity"] - 1, targets["source_labor_share"]
        n = range(self.n)
        self.traded = [(i, j) for i in n for j in n if targets["sales"][i][j] > 0]
        self.tariff = targets.get("tariff", [[mpf(0)] * self.n] * self.n)
        made = {t: best_price(targets["elasticity"], t, targets["tariff_on"]) for row in self.tariff for t in row}
        self.prices = [[made[t] for t in row] for row in self.tariff]
        self.cutoff, self.fixed, self.entrants = {}, {}, []
        for i in n:
            self.find_firms(i)
        self.choose_scales()
        self.level()

    def earned(self, i, j):
        """Profits before fixed costs of all firms of i in j, from what consumers pay."""
        profit, paid, _, _ = self.prices[i][j]
        return self.t["sales"][i][j] * profit / paid

    def find_firms(self, i):
        law, markets = self.laws[i], [j for k, j in self.traded if k == i]
        given = self.t.get("fixed_cost")
        if "entry_cost" in self.t:
            def profit(log_entrants):
                out = mpf(0)
                for j in markets:
                    f = given[i][j]
                    t = earning(law, self.r, self.earned(i, j) / f / mp.exp(log_entrants))
                    out += f * (law.scaled_moment(t, self.r) - law.survival(t))
                return mp.log(out / self.t["entry_cost"][i])
            entrants = mp.exp(falling_root(profit))
        else:
            self.cutoff[i, i] = quantile(law, self.t["share_producing"][i])
            entrants = self.earned(i, i) / (given[i][i] if given else 1) / law.scaled_moment(self.cutoff[i, i], self.r)
        for j in markets:
            each = self.earned(i, j) / entrants
            if given:
                self.fixed[i, j] = given[i][j]
                self.cutoff[i, j] = earning(law, self.r, each / given[i][j])
            else:
                self.cutoff[i, j] = quantile(law, self.t["share_producing"][i] * self.t["share_selling"][i][j])
                self.fixed[i, j] = each / law.scaled_moment(self.cutoff[i, j], self.r)
        self.entrants.append(entrants)

    def choose_scales(self):
        """ln tau = length + s_i - s_j; the lengths have tariffs' part of costs in prices."""
        n = range(self.n)
        at_home = [mp.log(self.fixed[j, j] / self.prices[j][j][0]) - self.r * self.cutoff[j, j] for j in n]
        self.length = {(i, j): self.cutoff[i, j] - (mp.log(self.fixed[i, j] / self.prices[i][j][0]) - at_home[j]) / self.r
                       for i, j in self.traded}
        both = [(i, j) for i, j in self.traded if i < j and (j, i) in self.length]
        rows, right = mp.matrix(len(both), self.n - 1), mp.matrix(len(both), 1)
        for k, (i, j) in enumerate(both):
            right[k] = self.length[j, i] - self.length[i, j]
            for country, sign in ((i, 2), (j, -2)):
                if country > 0:
                    rows[k, country - 1] = sign
        normal = rows.T * rows
        self.scale = [mpf(0)] + list(mp.lu_solve(normal, rows.T * right))
        self.rule, self.product = "nearly_symmetric", None
        abroad = [p for p in self.traded if p[0] != p[1]]
        if min(self.length[i, j] + self.scale[i] - self.scale[j] for i, j in abroad) >= 0:
            return
        paths = [p for k in range(2, self.n + 1) for p in itertools.permutations(n, k)]

        def along(path, less=mpf(0)):
            return mp.fsum(self.length.get(p, mp.inf) - less for p in zip(path, path[1:]))

        mean, cycle = min((along(p + p[:1]) / len(p), p) for p in paths if mp.isfinite(along(p + p[:1])))
        if mean < 0:
            self.rule, self.product = "negative_cycle", mp.exp(along(cycle + cycle[:1]))
            return
        self.rule = "largest_slack"
        to = [min([mpf(0)] + [along(p, mean) for p in paths if p[-1] == i]) for i in n]
        onwards = [min([mpf(0)] + [along(p, mean) for p in paths if p[0] == i]) for i in n]
        self.scale = [(to[i] - onwards[i] - to[0] + onwards[0]) / 2 for i in n]

    def level(self):
        n, s = range(self.n), self.scale
        demand = [mp.log(self.fixed[j, j] / self.prices[j][j][0]) - self.r * (self.cutoff[j, j] + s[j]) for j in n]

        def pairs(values, otherwise):
            return [[values.get((i, j), otherwise) for j in n] for i in n]

        self.fixed_cost, self.iceberg = pairs(self.fixed, mp.inf), pairs(
            {(i, j): mp.exp(x + s[i] - s[j]) for (i, j), x in self.length.items()}, mp.inf)
        entry = [mp.fsum(self.fixed[i, j] * (self.laws[i].scaled_moment(self.cutoff[i, j], self.r)
                                             - self.laws[i].survival(self.cutoff[i, j]))
                         for k, j in self.traded if k == i) for i in n]
        self.p = {"elasticity": self.t["elasticity"], "source_labor_share": self.a, "labor": [mpf(1)] * self.n,
                  "entry_cost": entry, "iceberg_cost": self.iceberg, "fixed_cost": pairs(self.fixed, mpf(1)),
                  "deficit": [mpf(0)] * self.n, "tariff": self.tariff, "tariff_on": self.t["tariff_on"]}
        self.drawn = [Scaled(law, x) for law, x in zip(self.laws, s)]
        world = World(self.p, self.drawn)
        world.look([mpf(0)] * self.n, demand)
        world.trade(self.entrants)
        self.p["labor"] = world.employed
        short = [mp.fsum(world.sales[i][j] for i in n) - world.employed[j] - world.revenue[j] for j in n]
        self.p["deficit"] = [d if abs(d) > ACCURATE else mpf(0) for d in short]
        self.x = [mpf(0)] * (self.n - 1) + demand + [mp.log(m) for m in self.entrants]

    def solved(self, p=None):
        world = World(p or self.p, self.drawn)
        world.solve(self.x)
        return world.outputs()

    def autarky(self, i):
        """Log welfare of a country by itself."""
        return -(World(self.p, self.drawn).alone(i) - mp.log(self.p["labor"][i])) / self.r

    def primitives(self):
        return {"labor": self.p["labor"], "entry_cost": self.p["entry_cost"], "deficit": self.p["deficit"],
                "fixed_cost": self.fixed_cost, "iceberg_cost": self.iceberg}


def shocked(p, name):
    """The parameters after one of the file's shocks: all pairs abroad, or tariffs of country 0."""
    out, n = dict(p), range(len(p["labor"]))

    def abroad(key, change):
        out[key] = [[x if i == j else change(x, j) for j, x in enumerate(row)] for i, row in enumerate(p[key])]

    kind, sign, percent = name.split("_")[:3]
    change = (1 if sign == "plus" else -1) * mpf(percent) / 100
    if kind == "tau":
        abroad("iceberg_cost", lambda x, j: x * (1 + change))
    elif kind == "fixed":
        abroad("fixed_cost", lambda x, j: x * (1 + change))
    elif kind == "tariff":
        abroad("tariff", lambda x, j: x + (change if j == 0 else 0))
    else:
        raise ValueError(name)
    return out


def hats(before, shape, p, q):
    """Welfare and flows after a change from flows and tariffs alone, at given new wages: shares and prices must agree."""
    n, eta = range(len(p["labor"])), shape / (p["elasticity"] - 1) - 1
    new = {}
    for i in n:
        for j in n:
            if before["sales"][i][j] > 0:
                tariff = (1 + q["tariff"][i][j]) / (1 + p["tariff"][i][j])
                wage = q["wage"][i]
                new[i, j] = before["share"][i][j] * (
                    wage * q["iceberg_cost"][i][j] / p["iceberg_cost"][i][j] * tariff)**-shape * (
                    q["fixed_cost"][i][j] / p["fixed_cost"][i][j] * wage * tariff)**-eta
    whole = [mp.fsum(new.get((i, j), 0) for i in n) for j in n]
    share = [[new.get((i, j), mpf(0)) / whole[j] for j in n] for i in n]
    price = [((q["expenditure"][j] / before["expenditure"][j])**eta * whole[j])**(-1 / shape) for j in n]
    return share, price


def remake(data, comparison):
    for case in data["cases"]:
        name, targets = case["name"], files.value(case["targets"])
        found = Calibration(targets, [law_of(d) for d in case["dists"]])
        for key, value in found.primitives().items():
            comparison.compare(case["primitives"], key, value, name + "." + key)
        comparison.compare(case, "law_scale", [mp.exp(s) for s in found.scale], name + ".law_scale")
        comparison.compare(case, "rule", found.rule, name + ".rule")
        if found.product is not None:
            comparison.compare(case, "cycle_product", found.product, name + ".cycle_product")
        now = found.solved()
        for row, seen in zip(now["sales"], targets["sales"]):
            if not max(abs(x - y) for x, y in zip(row, seen)) < ACCURATE:
                raise ArithmeticError("the primitives do not show the data")
        log_welfare = [mp.log(x) for x in now["welfare"]]
        for key in case["outputs"]:
            comparison.compare(case["outputs"], key, now[key], name + "." + key)
        if "log_gains" in case:
            gains = [x - found.autarky(i) for i, x in enumerate(log_welfare)]
            comparison.compare(case, "log_gains", gains, name + ".log_gains")
        for row in case["counterfactuals"]:
            p = shocked(found.p, row["shock"])
            then = found.solved(p)
            where = name + "." + row["shock"]
            for key in row["outputs"]:
                comparison.compare(row["outputs"], key, then[key], where + "." + key)
            change = [mp.log(x) - y for x, y in zip(then["welfare"], log_welfare)]
            comparison.compare(row, "log_welfare_change", change, where + ".log_welfare_change")
            if name.startswith("pareto") or name.endswith("pareto"):
                share, price = hats(now, case_shape(case), found.p, {**p, **then})
                for i in range(found.n):
                    if not (abs(price[i] * now["price_index"][i] / then["price_index"][i] - 1) < ACCURATE and
                            max(abs(x - y) for x, y in zip(share[i], then["share"][i])) < ACCURATE):
                        raise ArithmeticError("levels are not those of exact hat algebra")


def case_shape(case):
    return files.value(case["dists"][0]["shape"])


if __name__ == "__main__":
    sys.exit(files.main(NAME, remake, sys.argv, files.dump_in_lines))
