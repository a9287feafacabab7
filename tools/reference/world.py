"""Makes world.json: different countries in general equilibrium, with tariffs, deficits, or an outside good.

What a firm charges is found by setting the derivative of its profit to zero, with the tariff as its kind has it, on the
price that the firm asks or on what the goods cost it. That gives the profit of a unit of demand, what consumers spend
and what the treasury and the workers get of it. Free entry, the goods markets and the labour markets of all countries
(one of them is left out, and checked) are then solved together for wages, demand and entrants, from countries that do
not trade; with an outside good for demand and entrants where somebody enters. Derivatives are differences of solutions.
The changes of `changes` are those of exact hat algebra, from the flows of one equilibrium to the next without any
productivity, and those of levels solved twice must agree with them.
"""

import sys

from mpmath import mp, mpf

import reference_files as files
from distributions import law_of

mp.dps = 40
NAME = "world.json"
ACCURATE = mpf(10)**-25  # what is left over in conditions that were not used


def best_price(sigma, tariff, on):
    """Per unit of demand and at a cost of one: profit, what consumers spend, revenue of the tariff, cost of goods."""
    on_price = on == "delivered_price"

    def paid(price):
        return price * (1 + tariff) if on_price else price

    def profit(price):
        return (price - (1 if on_price else 1 + tariff)) * paid(price)**(-sigma)

    guess = sigma / (sigma - 1) * (1 if on_price else 1 + tariff)  # the root is found whatever the guess
    price = mp.findroot(lambda x: mp.diff(profit, x), (guess * mpf('0.97'), guess * mpf('1.01')))
    sold = paid(price)**(-sigma)
    return profit(price), paid(price) * sold, tariff * (price if on_price else 1) * sold, sold


def newton(conditions, x):
    """Root of as many conditions as unknowns, damped; derivatives by differences."""
    def at(x):
        return mp.matrix(conditions(list(x)))

    x = mp.matrix(x)
    value = at(x)
    step = mpf(10)**(-mp.dps // 2)
    for _ in range(80):
        slopes = mp.matrix(len(x))
        for k in range(len(x)):
            moved = x.copy()
            moved[k] += step
            slopes[:, k] = (at(moved) - value) / step
        change = mp.lu_solve(slopes, -value)
        largest = mp.norm(change, mp.inf)
        change /= max(1, largest)
        for _ in range(12):
            new = at(x + change)
            if mp.norm(new) < mp.norm(value) or largest < mpf(10)**(6 - mp.dps):
                break
            change /= 2
        x, value = x + change, new
        if largest < mpf(10)**(6 - mp.dps):
            return list(x)
    raise ArithmeticError("Newton's method does not converge")


class World:
    def __init__(self, p, drawn):
        self.p, self.laws, self.n = p, drawn, len(p["labor"])
        self.r, self.a = p["elasticity"] - 1, p["source_labor_share"]
        none = [[mpf(0)] * self.n] * self.n
        self.free = best_price(p["elasticity"], mpf(0), "delivered_price")
        prices = {}
        for t in set(t for row in p.get("tariff", none) for t in row):
            prices[t] = best_price(p["elasticity"], t, p.get("tariff_on", "delivered_price"))
        self.prices = [[prices[t] for t in row] for row in p.get("tariff", none)]

    def pairs(self, f):
        return [[f(i, j) for j in range(self.n)] for i in range(self.n)]

    def look(self, log_wage, log_demand):
        """Of each pair: the log cutoff, and profits without and with fixed costs per entrant, at demand X P^(sigma-1)."""
        p = self.p
        self.wage = [mp.exp(u) for u in log_wage]
        self.fixed = self.pairs(lambda i, j: p["fixed_cost"][i][j] * self.wage[i]**self.a * self.wage[j]**(1 - self.a))
        self.log_cutoff = self.pairs(
            lambda i, j: (mp.log(self.fixed[i][j] / self.prices[i][j][0]) - log_demand[j]) / self.r
            + log_wage[i] + mp.log(p["iceberg_cost"][i][j]))
        self.moment = self.pairs(lambda i, j: self.laws[i].scaled_moment(self.log_cutoff[i][j], self.r))
        self.serving = self.pairs(lambda i, j: self.laws[i].survival(self.log_cutoff[i][j]))
        self.profit = [mp.fsum(self.fixed[i][j] * (self.moment[i][j] - self.serving[i][j]) for j in range(self.n))
                       / (self.wage[i] * p["entry_cost"][i]) for i in range(self.n)]

    def total(self, k, i, j):
        """Money of kind k (of best_price) that sales of i in j bring."""
        return self.entrants[i] * self.fixed[i][j] * self.moment[i][j] * self.prices[i][j][k] / self.prices[i][j][0]

    def trade(self, entrants):
        """Sales, revenue, income and labour that go with masses of entrants."""
        p, n = self.p, range(self.n)
        self.entrants = entrants
        self.sales = self.pairs(lambda i, j: self.total(1, i, j))
        self.revenue = [mp.fsum(self.total(2, i, j) for i in n) for j in n]
        if "expenditure_share" in p:
            self.spent = [b * w * size for b, w, size in zip(p["expenditure_share"], self.wage, p["labor"])]
        else:
            self.spent = [w * size + t + d for w, size, t, d in zip(self.wage, p["labor"], self.revenue, p["deficit"])]
        fees = self.pairs(lambda i, j: entrants[i] * self.fixed[i][j] * self.serving[i][j])
        self.employed = [entrants[i] * p["entry_cost"][i] + mp.fsum(
            self.total(3, i, j) + self.a * fees[i][j] + (1 - self.a) * fees[j][i] for j in n) / self.wage[i] for i in n]
        self.goods = [mp.fsum(self.sales[i][j] for i in n) / self.spent[j] - 1 for j in n]

    def alone(self, i):
        """Log of the demand that pays for entry without trade, at a wage of one."""
        def profit(u):
            t = (mp.log(self.p["fixed_cost"][i][i] / self.free[0]) - u) / self.r
            return mp.log(self.p["fixed_cost"][i][i] / self.p["entry_cost"][i]
                          * (self.laws[i].scaled_moment(t, self.r) - self.laws[i].survival(t)))

        return mp.findroot(profit, (mpf(0), mpf(1)), solver="secant", tol=mpf(10)**-8)

    def solve(self, start=None):
        """The unknowns: logs of all wages but the first, of demand, of masses of entrants."""
        p, n = self.p, self.n

        def conditions(x):
            self.look([mpf(0)] + x[:n - 1], x[n - 1:2 * n - 1])
            self.trade([mp.exp(u) for u in x[2 * n - 1:]])
            return [mp.log(v) for v in self.profit] + self.goods[1:] + [m / size - 1 for m, size
                                                                         in zip(self.employed, p["labor"])]

        if start is None:
            with mp.workdps(16):
                start = newton(conditions, [mpf(0)] * (n - 1) + [self.alone(i) for i in range(n)]
                               + [mp.log(p["labor"][i] / (p["elasticity"] * p["entry_cost"][i])) for i in range(n)])
        x = newton(conditions, start)
        conditions(x)
        self.log_demand = x[n - 1:2 * n - 1]
        return x

    def solve_entry(self, hosts):
        """With an outside good: who enters is given, and that nobody else would is checked."""
        n, logs = self.n, [mp.log(w) for w in self.p["wage"]]

        def conditions(x):
            self.look(logs, x[:n])
            entrants = [mpf(0)] * n
            for i, u in zip(hosts, x[n:]):
                entrants[i] = mp.exp(u)
            self.trade(entrants)
            return [mp.log(self.profit[i]) for i in hosts] + self.goods

        with mp.workdps(16):
            start = newton(conditions, [self.alone(i) + mp.log(self.p["wage"][i]) for i in range(n)]
                           + [mp.log(self.p["labor"][i] / (self.p["elasticity"] * self.p["entry_cost"][i]))
                              for i in hosts])
        x = newton(conditions, start)
        conditions(x)
        self.log_demand = x[:n]
        for i in range(n):
            if i not in hosts and not self.profit[i] < 1:
                raise ArithmeticError("entry would pay in a country without entrants")

    def outputs(self):
        p, n = self.p, range(self.n)
        price = [mp.fsum(self.entrants[i] * self.prices[i][j][1] * (self.wage[i] * p["iceberg_cost"][i][j])**(-self.r)
                         * self.moment[i][j] * mp.exp(self.r * self.log_cutoff[i][j])
                         for i in n if self.moment[i][j] > 0)**(-1 / self.r) for j in n]
        left = [abs(mp.exp(u) / (x * q**self.r) - 1) for u, x, q in zip(self.log_demand, self.spent, price)] + self.goods
        if not max(abs(x) for x in left) < ACCURATE:
            raise ArithmeticError("a condition that was left out does not hold")
        out = {"wage": self.wage, "demand": [mp.exp(u) * self.free[0] for u in self.log_demand],
               "mass_entrants": self.entrants, "expenditure": self.spent, "price_index": price,
               "welfare": [x / (q * size) for x, q, size in zip(self.spent, price, p["labor"])],
               "cutoff": [[mp.exp(t) for t in row] for row in self.log_cutoff],
               "mass_sellers": self.pairs(lambda i, j: self.entrants[i] * self.serving[i][j]), "sales": self.sales,
               "share": self.pairs(lambda i, j: self.sales[i][j] / self.spent[j]),
               "trade_elasticity": self.pairs(
                   lambda i, j: self.r + self.laws[i].density(self.log_cutoff[i][j]) / self.moment[i][j]
                   if self.moment[i][j] > 0 else mp.nan)}
        if "tariff" in p:
            out["tariff_revenue"] = self.revenue
        if "expenditure_share" in p:
            out["profit_over_entry_cost"] = self.profit
            out["outside_labor"] = [size - m for size, m in zip(p["labor"], self.employed)]
            out["welfare"] = [w * q**-b for w, q, b in zip(self.wage, price, p["expenditure_share"])]
        return out


def shifted(p, shock, by):
    """Parameters after a change of a log (of one plus a tariff), or of the deficit of a country that the first lends."""
    p = dict(p)
    name, i = shock["of"], shock["i"]
    if name in ("labor", "entry_cost", "deficit"):
        p[name] = list(p[name])
        if name == "deficit":
            p["deficit"][i] += by
            p["deficit"][0] -= by
        else:
            p[name][i] *= mp.exp(by)
    else:
        p[name] = [list(row) for row in p[name]]
        old = p[name][i][shock["j"]]
        p[name][i][shock["j"]] = (1 + old) * mp.exp(by) - 1 if name == "tariff" else old * mp.exp(by)
    return p


DERIVATIVES = ("wage", "mass_entrants", "welfare", "sales", "mass_sellers", "cutoff", "share")


def derivatives(p, drawn, shock, start, step):
    """Central differences of the logs of what `outputs` has."""
    ends = []
    for by in (step, -step):
        world = World(shifted(p, shock, by), drawn)
        world.solve(start)
        ends.append(world.outputs())

    def slope(up, down):
        if isinstance(up, list):
            return [slope(a, b) for a, b in zip(up, down)]
        return (mp.log(up) - mp.log(down)) / (2 * step)

    return {key: slope(ends[0][key], ends[1][key]) for key in DERIVATIVES}


def hat_algebra(p, sales, new):
    """Changes of wages, entrants, prices and welfare under Pareto laws of one shape, from shares and tariffs alone.

    `new`: parameters with other trade costs and tariffs.  Tariffs on the delivered price; fixed costs in labour of the
    source.
    """
    n, sigma, shape = range(len(p["labor"])), p["elasticity"], p["dists"][0]["shape"]
    eta = shape / (sigma - 1) - 1
    spent = [mp.fsum(sales[i][j] for i in n) for j in n]
    share = [[sales[i][j] / spent[j] for j in n] for i in n]
    earned = [mp.fsum(sales[i][j] / (1 + p["tariff"][i][j]) for j in n) for i in n]
    for i in n:
        if not abs(earned[i] - spent[i] + mp.fsum(
                sales[k][i] * p["tariff"][k][i] / (1 + p["tariff"][k][i]) for k in n)) < ACCURATE * spent[i]:
            raise ArithmeticError("trade is not balanced")

    def outcome(x):
        wage = [mpf(1)] + [mp.exp(u) for u in x]
        weight = []
        for i in n:
            row = []
            for j in n:
                tariff = (1 + new["tariff"][i][j]) / (1 + p["tariff"][i][j])
                row.append(share[i][j] * (wage[i] * new["iceberg_cost"][i][j] / p["iceberg_cost"][i][j] * tariff)**-shape
                           * (new["fixed_cost"][i][j] / p["fixed_cost"][i][j] * wage[i] * tariff)**-eta)
            weight.append(row)
        whole = [mp.fsum(weight[i][j] for i in n) for j in n]
        after = [[weight[i][j] / whole[j] for j in n] for i in n]
        kept = [1 - mp.fsum(after[i][j] * new["tariff"][i][j] / (1 + new["tariff"][i][j]) for i in n) for j in n]
        income = [wage[j] * earned[j] / kept[j] for j in n]
        labor = [mp.fsum(after[i][j] * income[j] / (1 + new["tariff"][i][j]) for j in n) / (wage[i] * earned[i]) - 1
                 for i in n]
        price = [((income[j] / spent[j])**eta * whole[j])**(-1 / shape) for j in n]
        return labor, wage, after, income, price

    x = newton(lambda x: outcome(x)[0][1:], [mpf(0)] * (len(n) - 1))
    _, wage, after, income, price = outcome(x)
    return {"wage": wage, "share": after, "price_index": price,
            "welfare": [income[j] / spent[j] / price[j] for j in n]}


def solved(case):
    p, drawn = files.value(case["params"]), [law_of(d) for d in case["params"]["dists"]]
    world = World(p, drawn)
    x = world.solve()
    return p, drawn, world.outputs(), x


def remake(data, comparison):
    found = {}
    for case in data["general"]:
        found[case["name"]] = solved(case)
        for key, value in found[case["name"]][2].items():
            comparison.compare(case["outputs"], key, value, case["name"] + "." + key)
    for case in data["outside_good"]:
        world = World(files.value(case["params"]), [law_of(d) for d in case["params"]["dists"]])
        world.solve_entry([i for i, m in enumerate(files.value(case["outputs"]["mass_entrants"])) if m > 0])
        for key, value in world.outputs().items():
            comparison.compare(case["outputs"], key, value, case["name"] + "." + key)
    for row in data["derivatives"]:
        p, drawn, _, x = found[row["of_case"]]
        shock = row["shock"]
        with mp.workdps(60):
            made = derivatives(p, drawn, shock, x, mpf(10)**-16)
        for key, value in made.items():
            comparison.compare(row, key, value, "%s d%s.%s" % (row["of_case"], shock["of"], key))
    for row in data["changes"]:
        p, _, before, _ = found[row["from_case"]]
        after = found[row["to_case"]][2]
        made = hat_algebra(p, before["sales"], found[row["to_case"]][0])
        for key in ("wage", "price_index", "welfare"):
            if not max(abs(h * b / a - 1) for h, b, a in zip(made[key], before[key], after[key])) < ACCURATE:
                raise ArithmeticError("hat algebra and levels differ in " + key)
        for key, value in made.items():
            comparison.compare(row, key, value, "%s.%s" % (row["to_case"], key))


if __name__ == "__main__":
    sys.exit(files.main(NAME, remake, sys.argv))
