"""Makes multiproduct.json: firms with many products (Bernard, Redding, Schott 2006, 2011), at home and abroad.

Everything by brute force: at every size the best of all options of a product, found by trying each between all pairs of
crossings, then the best of a firm's, and every aggregate is an integral over the density of ability. Elasticities at
given demand, and the slopes of all results, are differences of such integrals and solves.
"""

import sys

from mpmath import mp, mpf

import reference_files as files
from distributions import law_of

mp.dps = 50
NAME = "multiproduct.json"


class Products:
    """What a firm of operating profit Y per lambda^b earns with the best use of every product."""

    def __init__(self, law, b, options):
        self.law, self.b = law, b
        lines = [(mpf(0), mpf(0), 0)] + [(slope, cost, k + 1) for k, (slope, cost) in enumerate(options)]
        crossings = sorted({(c - cost) / (s - slope) for s, c, _ in lines for slope, cost, _ in lines
                            if s > slope and c > cost})
        self.steps, before = [], lines[0]
        for x, to in zip(crossings, crossings[1:] + [2 * crossings[-1]]):
            best = max(lines, key=lambda line: line[0] * (x + to) / 2 - line[1])
            if best != before:
                self.steps.append((x, best[0] - before[0], best[1] - before[1], best[2]))
                before = best

    def at(self, y):
        """Profit, and by option the share of products with at least that one and their Y lambda^b."""
        profit, sold = mpf(0), {}
        for x, slope, cost, k in self.steps:
            u = mp.log(x / y) / self.b
            s, v = self.law.survival(u), x * self.law.scaled_moment(u, self.b)
            profit += slope * v - cost * s
            for option in range(1, k + 1):
                sold.setdefault(option, (s, v, mp.exp(u)))
        return profit, sold

    def bends(self):
        if not mp.isfinite(self.law.lower_end()):
            return []
        return [x * mp.exp(-self.b * self.law.lower_end()) for x, _, _, _ in self.steps]


def root(f, low=mpf(10)**-8, high=mpf(10)**8):
    """Where an increasing function of ln y is zero."""
    return mp.exp(mp.findroot(f, (mp.log(low), mp.log(high)), solver="anderson", tol=mpf(10)**(-2 * mp.dps + 12),
                              maxsteps=300))


class Economy:
    def __init__(self, p, ability, attributes, trade):
        self.p, self.ability, self.attributes, self.trade = p, ability, attributes, trade
        self.b = b = p["elasticity"] - 1
        f, f_x, self.n = p["product_fixed_cost"], p["product_export_fixed_cost"], p["partners"] if trade else 0
        self.freeness = p["iceberg_cost"]**(-b) if trade else 0
        self.fixed = p["fixed_cost"]
        self.home = Products(attributes, b, [(1, f)])
        self.known = {}
        self.y_home = root(lambda u: mp.log(self.home.at(mp.exp(u))[0] / self.fixed))
        self.y_first, self.y_x = self.y_home, mp.inf
        if trade:
            self.more = self.n * p["export_fixed_cost"]
            self.both = Products(attributes, b, [(1, f), (1 + self.n * self.freeness, f + self.n * f_x)])
            gain = lambda y: self.both.at(y)[0] - self.home.at(y)[0]
            self.y_x = root(lambda u: mp.log(gain(mp.exp(u)) / self.more))
            if self.y_x <= self.y_home:
                self.y_x = root(lambda u: mp.log(self.both.at(mp.exp(u))[0] / (self.fixed + self.more)))
                self.y_first = self.y_x

    def firm(self, y):
        """Profit of the best choice of a firm of size y, whether it exports, and what it sells: the largest of all."""
        if y not in self.known:  # the same sizes serve several integrals
            self.known[y] = self.best(y)
        return self.known[y]

    def best(self, y):
        profit, sold, exports = mpf(0), {}, False
        at_home = self.home.at(y)
        if at_home[0] - self.fixed > profit:
            profit, sold = at_home[0] - self.fixed, at_home[1]
        if self.trade:
            away = self.both.at(y)
            if away[0] - self.fixed - self.more > profit:
                profit, sold, exports = away[0] - self.fixed - self.more, away[1], True
        zero = (mpf(0), mpf(0), mp.inf)
        return profit, exports, sold.get(1, zero), sold.get(2, zero) if exports else zero

    def over_firms(self, d, of, least=None):
        """Integral over the density of ln phi from the cutoff on, or from that of exporters."""
        b, least = self.b, self.y_first if least is None else least
        sizes = [least] + [self.y_x] * self.trade + self.home.bends() + (self.both.bends() if self.trade else [])
        ends = sorted(mp.log(y / d) / b for y in sizes if y >= least)
        low = self.ability.lower_end()
        ends += [ends[-1] + step for step in (mpf(1) / 4, mpf(1) / 2, 1, 2, 4, 8, 16, 32, 64)]
        ends = [max(u, low) for u in ends]
        ends = [u for u, v in zip(ends, ends[1:]) if v > u] + [ends[-1]]
        inside = lambda u: d * mp.exp(b * u)
        return mp.quad(lambda u: of(inside(u)) * self.ability.density(u), ends, method="gauss-legendre")

    def solve(self, near=None):
        asked = self.p["death_rate"] * self.p["entry_cost"]
        guess = mp.log(near or self.y_first) - (0 if near else self.ability.log_moment(self.b))
        value = lambda u: mp.log(self.over_firms(mp.exp(u), lambda y: self.firm(y)[0]) / asked)
        return mp.exp(mp.findroot(value, (guess, guess + (mpf(10)**-9 if near else mpf(1) / 2)), solver="secant",
                                  tol=mpf(10)**(-2 * mp.dps + 12)))

    def margins(self, d):
        """Exporters, products per exporter and exports, per entrant and market."""
        survival = lambda y: self.ability.survival(mp.log(y / d) / self.b)
        firms = survival(self.y_x)
        products = self.over_firms(d, lambda y: self.firm(y)[3][0], self.y_x)
        sales = self.p["elasticity"] * self.freeness * self.over_firms(d, lambda y: self.firm(y)[3][1], self.y_x)
        return firms, products, sales

    def phi(self, y, d):
        return (y / d)**(1 / self.b)

    def results(self, d):
        p, b, n = self.p, self.b, self.n
        sigma, labor = p["elasticity"], p["labor"]
        producing = self.ability.survival(mp.log(self.y_first / d) / b)
        home = sigma * self.over_firms(d, lambda y: self.firm(y)[2][1])
        products = self.over_firms(d, lambda y: self.firm(y)[2][0])
        firms, abroad, sales = self.margins(d) if self.trade else (mpf(0), mpf(0), mpf(0))
        revenue = home + n * sales
        entrants = labor / revenue
        price = (sigma * d / (labor * (b / sigma)**b))**(1 / b)
        out = {
            "cutoff": self.phi(self.y_first, d), "export_cutoff": self.phi(self.y_x, d) if self.trade else mp.inf,
            "product_cutoff": self.firm(self.y_first * (1 + mpf(10)**-(mp.dps - 4)))[2][2],
            "probability_of_producing": producing, "share_exporting": firms / producing,
            "products_per_firm": products / producing, "mass_entrants": entrants,
            "mass_producers": entrants * producing, "mass_exporters": entrants * firms,
            "mass_varieties": entrants * (products + n * abroad), "revenue": labor, "exports": entrants * n * sales,
            "export_share": n * sales / revenue, "domestic_share": home / revenue, "price_index": price,
            "welfare": 1 / price,
            "labor_entry": entrants * p["death_rate"] * p["entry_cost"],
            "labor_fixed": entrants * producing * p["fixed_cost"],
            "labor_product_fixed": entrants * products * p["product_fixed_cost"],
            "labor_export_fixed": entrants * n * firms * p["export_fixed_cost"],
            "labor_product_export_fixed": entrants * n * abroad * p["product_export_fixed_cost"],
            "labor_variable": entrants * revenue * b / sigma,
            "welfare_elasticity_of_iceberg_cost": -n * sales / revenue}
        if self.trade:
            out["products_per_exporter"] = abroad / firms
            out["exports_per_product"] = sales / abroad
            out["export_product_cutoff"] = self.firm(self.y_x * (1 + mpf(10)**-(mp.dps - 4)))[3][2]
        return out

    def elasticities(self, d):
        """Minus those of the three margins and of exports to the trade cost, at given demand, but for those that are 0."""
        step = mpf(10)**-(mp.dps // 3)

        def at(sign):
            p = dict(self.p, iceberg_cost=self.p["iceberg_cost"] * mp.exp(sign * step))
            firms, products, sales = Economy(p, self.ability, self.attributes, True).margins(d)
            return [mp.log(x) for x in (firms, products / firms, sales / products, sales)]

        names = ("firms_elasticity", "products_elasticity", "sales_elasticity", "trade_elasticity")
        made = {name: (low - high) / (2 * step) for name, low, high in zip(names, at(-1), at(1))}
        return {name: x for name, x in made.items() if abs(x) > mpf(10)**-20}

    def one(self, phi, d):
        """What one firm does."""
        profit, exports, home, abroad = self.firm(d * phi**self.b)
        sigma = self.p["elasticity"]
        made = {"profit": profit, "products": home[0], "least_attribute": home[2],
                "domestic_revenue": sigma * home[1], "exported_products": abroad[0],
                "least_exported_attribute": abroad[2], "export_revenue": sigma * self.freeness * abroad[1]}
        if home[0]:
            made["average_attribute"] = (home[1] / home[0] / (d * phi**self.b))**(1 / self.b)
        return made


def laws_of(row):
    return law_of(row["params"]["ability"]), law_of(row["params"]["attributes"])


def moved(row, name, step):
    """The parameters and laws of a row where one number is that much larger."""
    p, laws = files.value(row["params"]), {k: dict(row["params"][k]) for k in ("ability", "attributes")}
    law, _, key = name.partition(".")
    if key:
        laws[law][key] = files.Number(mp.nstr(files.value(laws[law][key]) + step, mp.dps))
    else:
        p[name] += step
    return Economy(p, law_of(laws["ability"]), law_of(laws["attributes"]), True)


def make(row):
    p, (ability, attributes) = files.value(row["params"]), laws_of(row)
    out, demand = {}, {}
    for key, trade in (("closed", False), ("open", True)):
        economy = Economy(p, ability, attributes, trade)
        d = demand[key] = economy.solve()
        out[key] = economy.results(d)
        if trade:
            out[key].update(economy.elasticities(d))
        out[key]["firms"] = [economy.one(phi, d) for phi in p["abilities"]]
    out["welfare_gain"] = out["open"]["welfare"] / out["closed"]["welfare"]
    if "slopes" in row:
        step, out["slopes"] = mpf(10)**-(mp.dps // 3), {}
        for name in row["slopes"]:
            sides = []
            for sign in (-1, 1):
                economy = moved(row, name, sign * step)
                sides.append(economy.results(economy.solve(demand["open"])))
            out["slopes"][name] = {k: (sides[1][k] - sides[0][k]) / (2 * step) for k in row["slopes"][name]}
    return out


def remake(data, comparison):
    mp.dps = 30
    for row in data["cases"]:
        for key, made in make(row).items():
            comparison.compare(row, key, made, row["case"] + "." + key)


if __name__ == "__main__":
    sys.exit(files.main(NAME, remake, sys.argv))
